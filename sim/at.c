/* SPDX-License-Identifier: MIT */
/*
 * Africa's Talking as its documents and open clients show it: fetch by lastReceivedId,
 * send by form (201 and a status code per recipient), reports and inbound texts as form
 * posts.
 */
#include "sim.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"

enum { REDELIVER_BACK = 5 };

static const char json_type[] = "application/json";

/* JSON string content; texts are repaired UTF-8 already. */
static void add_escaped(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(b, str_slice(s, from, i));
		buf_printf(b, "\\u%04x", c);
		from = i + 1;
	}
	buf_add(b, str_slice(s, from, s.n));
}

static void add_date(struct buf *b, int64_t wall_ms)
{
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm;
	char text[40];

	gmtime_r(&t, &tm);
	buf_add(b,
		str_from(text, strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm)));
}

static void add_message(struct buf *b, const struct world *w, const struct mo *mo)
{
	buf_printf(b, "{\"linkId\":\"\",\"text\":\"");
	add_escaped(b, mo->text);
	buf_add(b, STR("\",\"to\":\""));
	add_escaped(b, mo->to);
	buf_printf(b, "\",\"id\":%lld,\"date\":\"", (long long)mo->id);
	add_date(b, mo->at_ms);
	buf_add(b, STR("\",\"from\":\""));
	add_escaped(b, w->handsets[mo->handset].number);
	buf_add(b, STR("\"}"));
}

static void page(struct sim *sim, struct buf *b, int64_t after, bool reordered)
{
	struct world *w = &sim->world;
	size_t from = after < w->first_id ? 0 : (size_t)(after - w->first_id + 1);
	size_t to = from, n = 0;

	while (to < w->n_inbox && n < sim->page_size)
		n += !w->inbox[to++].generic;
	buf_add(b, STR("{\"SMSMessageData\":{\"Messages\":["));
	n = 0;
	for (size_t i = from; i < to; i++) {
		const struct mo *mo = &w->inbox[reordered ? to - 1 - (i - from) : i];

		if (mo->generic)
			continue;
		if (n++)
			buf_add_char(b, ',');
		add_message(b, w, mo);
	}
	buf_add(b, STR("]}}"));
	w->counters.polled_messages += n;
}

static bool authorised(struct sim *sim, struct incoming *in, struct str username)
{
	if (sim->key.n &&
	    !str_eq(pairs_get(in->request.headers, STR("apikey")), sim->key))
		return false;
	return sim->username.n == 0 || str_eq(username, sim->username);
}

static bool fetch(struct sim *sim, struct incoming *in)
{
	enum fault fault = fault_draw(&sim->faults, FAULT_POLL);
	struct buf b = BUF_INIT(8 << 20);
	struct str body;
	int64_t after = 0;

	str_to_int(sim_field(in, in->request.query, "lastReceivedId"), &after);
	sim->world.counters.polls++;
	if (fault == FAULT_REDELIVERY && after > REDELIVER_BACK)
		after -= REDELIVER_BACK;
	page(sim, &b, after, fault == FAULT_REORDERED);
	body = arena_str(in->arena, buf_str(&b));
	buf_free(&b);
	if (!sim_play(sim, in, fault, 200, body))
		sim_answer(sim, in, body.p ? 200 : 500, json_type, body);
	return true;
}

/* A report for what was taken, after a moment. */
static void report(struct sim *sim, struct incoming *in, struct str id, struct str to)
{
	struct str_pair fields[] = {
		{ STR("id"), id },
		{ STR("status"), STR("Success") },
		{ STR("phoneNumber"), to },
		{ STR("networkCode"), STR("51010") },
	};

	if (sim->report_url.n)
		sim_post_later(sim, sim->report_url,
			       form_encode((struct str_pairs){ fields, 4 }, in->arena),
			       20);
}

static void recipient(struct sim *sim, struct incoming *in, struct buf *b, struct str to,
		      struct str message, enum fault fault)
{
	struct str id;

	if (fault == FAULT_REFUSED) {
		buf_add(b, STR("{\"statusCode\":403,\"number\":\""));
		add_escaped(b, to);
		buf_add(b, STR("\",\"status\":\"InvalidPhoneNumber\",\"cost\":\"0\","
			       "\"messageId\":\"None\"}"));
		return;
	}
	id = arena_printf(in->arena, "ATXid_%llu",
			  (unsigned long long)++sim->world.last_sent_id);
	buf_add(b, STR("{\"statusCode\":101,\"number\":\""));
	add_escaped(b, to);
	buf_add(b, STR("\",\"status\":\"Success\",\"cost\":\"IDR "
		       "180.0000\",\"messageId\":\""));
	buf_add(b, id);
	buf_add(b, STR("\"}"));
	sim_took(sim, to, message);
	report(sim, in, id, to);
}

static bool taken_nothing(enum fault fault)
{
	return fault == FAULT_500 || fault == FAULT_429;
}

static bool send(struct sim *sim, struct incoming *in, struct str_pairs form)
{
	enum fault fault = fault_draw(&sim->faults, FAULT_SEND);
	struct str all = sim_field(in, form, "to"), to, body;
	struct str message = sim_field(in, form, "message");
	struct buf b = BUF_INIT(1 << 20);
	bool first = true;

	sim->world.counters.sends++;
	if (all.n == 0 || message.n == 0) {
		sim_answer(sim, in, 400, "text/plain",
			   STR("to and message are needed\n"));
		return true;
	}
	buf_add(&b, STR("{\"SMSMessageData\":{\"Message\":\"Sent\",\"Recipients\":["));
	while (!taken_nothing(fault) && str_split(&all, ',', &to)) {
		if (!first)
			buf_add_char(&b, ',');
		first = false;
		recipient(sim, in, &b, to, message, fault);
	}
	buf_add(&b, STR("]}}"));
	body = arena_str(in->arena, buf_str(&b));
	buf_free(&b);
	if (!sim_play(sim, in, fault, 201, body))
		sim_answer_later(sim, in, 201, json_type, body, sim->faults.hold_ms);
	return true;
}

bool at_request(struct sim *sim, struct incoming *in)
{
	bool post = in->request.method == HTTP_POST;
	struct str_pairs form;

	if (!str_eq(in->request.path, STR("/version1/messaging")))
		return false;
	form = post ? sim_form(in) : in->request.query;
	if (!authorised(sim, in, sim_field(in, form, "username"))) {
		sim_answer(sim, in, 401, "text/plain",
			   STR("The supplied authentication is invalid\n"));
		return true;
	}
	return post ? send(sim, in, form) : fetch(sim, in);
}

void at_push(struct sim *sim, const struct mo *mo)
{
	struct arena *arena = arena_new("push", 65536);
	char id[64], date[40];
	time_t t = (time_t)(mo->at_ms / 1000);
	struct tm tm;
	struct str_pair fields[6];

	if (!arena || sim->push_url.n == 0) {
		arena_free(arena);
		return;
	}
	gmtime_r(&t, &tm);
	snprintf(id, sizeof(id), "8b1d0c5e-6d0f-4f6e-9d1a-%012lld", (long long)mo->id);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	fields[0] = (struct str_pair){ STR("id"), str_of(id) };
	fields[1] =
		(struct str_pair){ STR("from"), sim->world.handsets[mo->handset].number };
	fields[2] = (struct str_pair){ STR("to"), mo->to };
	fields[3] = (struct str_pair){ STR("text"), mo->text };
	fields[4] = (struct str_pair){ STR("date"), str_of(date) };
	fields[5] = (struct str_pair){ STR("linkId"), STR("") };
	sim->world.counters.pushes++;
	sim_post_later(sim, sim->push_url,
		       form_encode((struct str_pairs){ fields, 6 }, arena), 0);
	arena_free(arena);
}
