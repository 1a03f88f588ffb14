/* SPDX-License-Identifier: MIT */
/*
 * The scripted provider: what it lists, takes and refuses. Its paths say how it behaves:
 * /generic/ lists what is after a number until it is settled, /once/ never lists a text
 * twice, anything else is the first provider. See stage.h.
 */
#include "provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "geo.h"
#include "hooks.h"
#include "mailbox.h"

static bool asks(const struct outgoing *out, const char *piece)
{
	return str_find(out->exchange.url, str_of(piece)) < out->exchange.url.n;
}

static struct str field(struct outgoing *out, const char *name)
{
	struct str_pairs form = { NULL, 0 };
	struct err err;

	if (form_parse(out->exchange.body, 32, out->arena, &form, &err))
		return STR("");
	return pairs_get(form, str_of(name));
}

static void respond(struct outgoing *out, int status, struct json *root)
{
	struct buf b = BUF_INIT(4 << 20);

	json_dump(root, &b);
	json_free(root);
	out->transport = TRANSPORT_DONE;
	out->response.status = status;
	out->response.body = arena_str(out->arena, buf_str(&b));
	buf_free(&b);
}

static struct json *at_message(struct stage *s, size_t i)
{
	struct json *o = json_new_object();
	int64_t id;

	str_to_int(str_of(s->inbox[i].id), &id);
	json_set(o, "id", json_new_int(id));
	json_set(o, "from", json_new_str(str_of(s->inbox[i].from)));
	json_set(o, "to", json_new_str(STR("21708")));
	json_set(o, "text", json_new_str(str_of(s->inbox[i].text)));
	json_set(o, "date", json_new_str(STR("2026-11-24T01:00:00Z")));
	return o;
}

static struct json *generic_message(struct stage *s, size_t i)
{
	struct json *o = at_message(s, i);

	if (s->inbox[i].total) {
		json_set(o, "ref", json_new_int(s->inbox[i].ref));
		json_set(o, "total", json_new_int(s->inbox[i].total));
		json_set(o, "part", json_new_int(s->inbox[i].part));
	}
	return o;
}

static int64_t number_behind(struct str url, const char *name)
{
	size_t at = str_find(url, str_of(name));
	int64_t n = 0;
	size_t end;

	if (at == url.n)
		return 0;
	at += strlen(name);
	for (end = at; end < url.n && url.p[end] >= '0' && url.p[end] <= '9'; end++)
		;
	str_to_int(str_slice(url, at, end), &n);
	return n;
}

/* The same page again is not given again to whoever shows its mark. */
static void etag_add(struct outgoing *out)
{
	struct str_pair *h = ARENA_NEW(out->arena, struct str_pair, 1);

	h->name = STR("etag");
	h->value = arena_printf(out->arena, "\"%llx\"",
				(unsigned long long)(str_hash(out->response.body) ^
						     str_hash(out->exchange.url)));
	out->response.headers = (struct str_pairs){ h, 1 };
	if (!str_eq(pairs_get(out->exchange.headers, STR("If-None-Match")), h->value))
		return;
	out->response.status = 304;
	out->response.body = STR("");
}

static struct json *listed(struct stage *s, bool generic, bool once, int64_t after)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < s->n_inbox; i++) {
		int64_t id;

		str_to_int(str_of(s->inbox[i].id), &id);
		if (id <= after || s->inbox[i].generic != generic || s->inbox[i].gone)
			continue;
		if (s->page_most && json_count(list) == s->page_most)
			break;
		json_add(list, generic ? generic_message(s, i) : at_message(s, i));
		s->inbox[i].gone = once;
	}
	return list;
}

static void play_poll(struct stage *s, struct outgoing *out)
{
	bool once = asks(out, "/once/"), generic = once || asks(out, "/generic/");
	int64_t after =
		number_behind(out->exchange.url, generic ? "after=" : "lastReceivedId=");
	struct json *root = json_new_object(), *data;
	struct json *list;

	s->polls++;
	after -= s->redeliver;
	s->redeliver = 0;
	list = listed(s, generic, once, after);
	s->reload_now = s->reload_with_page && !s->reload_with_send &&
			!s->reload_with_hook && !s->reload_with_mail && json_count(list);
	if (generic) {
		json_set(root, "messages", list);
		json_set(root, "mark", json_new_int(s->polls));
	} else {
		data = json_new_object();
		json_set(data, "Messages", list);
		json_set(root, "SMSMessageData", data);
	}
	respond(out, 200, root);
	if (s->etags)
		etag_add(out);
}

static void play_settle(struct stage *s, struct outgoing *out)
{
	int64_t id = number_behind(out->exchange.url, "/inbox/");

	for (size_t i = 0; i < s->n_inbox; i++)
		if (s->inbox[i].generic && strtoll(s->inbox[i].id, NULL, 10) == id)
			s->inbox[i].gone = true;
	out->transport = TRANSPORT_DONE;
	out->response.status = 204;
}

static void take_sms(struct stage *s, struct outgoing *out)
{
	struct stage_sms *sms = &s->sms[s->n_sms];

	if (s->n_sms == STAGE_SMS)
		return;
	snprintf(sms->to, sizeof(sms->to), "%.*s", STR_ARG(field(out, "to")));
	snprintf(sms->text, sizeof(sms->text), "%.*s", STR_ARG(field(out, "message")));
	snprintf(sms->id, sizeof(sms->id), "ATX%zu", s->n_sms);
	s->n_sms++;
}

static struct json *accepted(struct stage *s, bool refused)
{
	struct json *r = json_new_object(), *list = json_new_array(),
		    *data = json_new_object(), *root = json_new_object();

	json_set(r, "statusCode", json_new_int(refused ? 403 : 101));
	json_set(r, "status",
		 json_new_str(refused ? STR("InvalidPhoneNumber") : STR("Success")));
	json_set(r, "messageId",
		 json_new_str(refused ? STR("None") : str_of(s->sms[s->n_sms - 1].id)));
	json_add(list, r);
	json_set(data, "Recipients", list);
	json_set(root, "SMSMessageData", data);
	return root;
}

static void play_trouble(struct outgoing *out, enum stage_fault fault)
{
	static struct str_pair retry[] = {
		{ STR_INIT("retry-after"), STR_INIT("7") },
		{ STR_INIT("retry-after"), STR_INIT("31536000000") },
		{ STR_INIT("retry-after"), STR_INIT("9223372036854775") },
	};

	out->transport = TRANSPORT_DONE;
	out->response.body = STR("<html>It works! Call +6281399887766</html>");
	if (fault == STAGE_500)
		out->response.status = 500;
	if (fault == STAGE_GARBAGE)
		out->response.status = 200;
	if (fault == STAGE_429) {
		out->response.status = 429;
		out->response.headers = (struct str_pairs){ retry, 1 };
	}
	if (fault == STAGE_RETRY_LONG || fault == STAGE_RETRY_LONGER) {
		out->response.status = 503;
		out->response.headers =
			(struct str_pairs){ &retry[1 + (fault == STAGE_RETRY_LONGER)],
					    1 };
	}
	if (fault == STAGE_NOT_SENT)
		out->transport = TRANSPORT_NOT_SENT;
	if (fault == STAGE_LOST_BEFORE || fault == STAGE_LOST_AFTER)
		out->transport = TRANSPORT_UNKNOWN;
	out->trouble = STR("played trouble");
}

static void play_send(struct stage *s, struct outgoing *out)
{
	enum stage_fault fault = s->send_faults ? s->send_fault : STAGE_GOOD;

	if (s->n_send_ends) {
		fault = s->send_ends[0];
		memmove(s->send_ends, s->send_ends + 1,
			sizeof(s->send_ends) - sizeof(fault));
		s->n_send_ends--;
	} else if (s->send_faults) {
		s->send_faults--;
	}
	if (fault == STAGE_GOOD || fault == STAGE_LOST_AFTER || fault == STAGE_GARBAGE)
		take_sms(s, out);
	if (fault == STAGE_GOOD || fault == STAGE_REFUSED)
		respond(out, 201, accepted(s, fault == STAGE_REFUSED));
	else
		play_trouble(out, fault);
}

void provider_play(struct stage *s, struct outgoing *out)
{
	if (!out->exchange.ceiling_bytes)
		s->failure = "an exchange without a ceiling";
	out->started_mono_us = out->ended_mono_us = clock_mono_us();
	if (mail_play(s, out))
		return;
	if (out->letter.kind == LETTER_SENT) {
		play_send(s, out);
	} else if (out->letter.kind == LETTER_SETTLED) {
		play_settle(s, out);
	} else if (geo_play(s, out)) {
		return;
	} else if (out->letter.kind == LETTER_DELIVERED) {
		hook_play(s, out);
	} else if (s->poll_faults) {
		s->poll_faults--;
		play_trouble(out, s->poll_fault);
	} else {
		play_poll(s, out);
	}
}

void stage_text(struct stage *s, const char *from, const char *text, bool generic,
		unsigned ref, unsigned total, unsigned part)
{
	size_t i = s->n_inbox;

	if (i == STAGE_INBOX)
		return;
	s->n_inbox++;
	snprintf(s->inbox[i].id, sizeof(s->inbox[i].id), "%zu", 1001 + i);
	snprintf(s->inbox[i].from, sizeof(s->inbox[i].from), "%s", from);
	snprintf(s->inbox[i].text, sizeof(s->inbox[i].text), "%s", text);
	s->inbox[i].generic = generic;
	s->inbox[i].ref = ref;
	s->inbox[i].total = total;
	s->inbox[i].part = part;
}
