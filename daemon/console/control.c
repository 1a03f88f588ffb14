/* SPDX-License-Identifier: MIT */
/*
 * What the operator's command asks over the control socket, answered as JSON. Texts of
 * citizens are cleaned of what could steer a terminal, senders are named by their tokens.
 */
#include "console/desk.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "model/mask.h"

static struct str asked(const struct incoming *in, const char *name)
{
	return pairs_get(in->request.query, str_of(name));
}

struct json *desk_text(struct incoming *in, struct str text)
{
	struct str clean = utf8_clean(text, in->arena);

	return json_new_str(clean.p ? clean : STR(""));
}

struct json *desk_token(struct engine *engine, struct incoming *in, int64_t person_id)
{
	return json_new_str(
		person_id ? store_person_token(engine_store(engine), person_id, in->arena)
			  : STR(""));
}

struct json *desk_time(struct engine *engine, struct incoming *in, int64_t wall_ms)
{
	if (wall_ms == 0)
		return json_new_null();
	return json_new_str(
		calendar_iso(engine_config(engine)->calendar, wall_ms, in->arena));
}

/* ---- status ---- */

static struct json *sends_json(const struct provider_stats *s)
{
	struct json *o = json_new_object();

	for (int k = 0; k < SEND_OUTCOMES; k++)
		json_set(o, send_outcome_name((enum send_outcome)k),
			 json_new_int((int64_t)s->sends[k]));
	return o;
}

static struct json *received_json(const struct provider_stats *s)
{
	struct json *o = json_new_object();

	for (int k = 0; k < IN_OUTCOMES; k++)
		json_set(o, in_outcome_name((enum in_outcome)k),
			 json_new_int((int64_t)s->in[k]));
	return o;
}

/* The paths that this provider has to call, with the secret part. */
static struct json *callbacks_json(struct engine *engine, struct incoming *in,
				   const struct config_provider *p)
{
	const struct config *c = engine_config(engine);
	struct json *o = json_new_object();
	struct str base = c->listen.public_url;

	if (p->path_secret.n == 0)
		return o;
	if (p->caps & SMS_PUSH)
		json_set(o, "in",
			 json_new_str(arena_printf(in->arena, "%.*s/%.*s/%.*s/in",
						   STR_ARG(base), STR_ARG(p->id),
						   STR_ARG(p->path_secret))));
	if (p->caps & SMS_REPORT)
		json_set(o, "report",
			 json_new_str(arena_printf(in->arena, "%.*s/%.*s/%.*s/report",
						   STR_ARG(base), STR_ARG(p->id),
						   STR_ARG(p->path_secret))));
	return o;
}

static struct json *provider_json(struct engine *engine, struct incoming *in, size_t i)
{
	struct provider_view v = engine_provider(engine, i);
	const struct provider_stats *s = &engine_stats(engine)->providers[i];
	struct json *o = json_new_object();

	json_set(o, "id", json_new_str(v.config->id));
	json_set(o, "adapter", json_new_str(v.config->adapter_name));
	json_set(o, "number", json_new_str(v.config->number));
	json_set(o, "paused", json_new_bool(v.paused));
	json_set(o, "last_good_poll", desk_time(engine, in, s->last_good_poll_ms));
	json_set(o, "poll_failures", json_new_int(v.failures));
	json_set(o, "poll_trouble", desk_text(in, str_of(v.trouble)));
	json_set(o, "next_poll_in_ms", json_new_int(v.next_poll_in_ms));
	json_set(o, "callbacks_taken", json_new_int((int64_t)s->callbacks));
	json_set(o, "callbacks_refused", json_new_int((int64_t)s->callbacks_refused));
	json_set(o, "received", received_json(s));
	json_set(o, "sends", sends_json(s));
	json_set(o, "sends_in_flight", json_new_int(v.in_flight));
	json_set(o, "send_failures", json_new_int(v.send_failures));
	json_set(o, "send_trouble", desk_text(in, str_of(v.send_trouble)));
	json_set(o, "send_paused_for_ms", json_new_int(v.send_pause_ms));
	json_set(o, "segments", json_new_int((int64_t)s->segments));
	json_set(o, "cost_today", json_new_real(engine_cost_today(engine, v.config->id)));
	json_set(o, "callbacks", callbacks_json(engine, in, v.config));
	return o;
}

static struct json *waiting_json(struct engine *engine, struct incoming *in)
{
	struct json *list = json_new_array();
	int64_t now = clock_wall_ms();
	struct count_row *rows;
	struct err err;
	size_t n;

	if (store_count_out(engine_store(engine), in->arena, &rows, &n, &err))
		return list;
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object();

		json_set(o, "provider", json_new_str(rows[i].a));
		json_set(o, "state", json_new_str(rows[i].b));
		json_set(o, "count", json_new_int(rows[i].n));
		json_set(o, "oldest_age_s",
			 json_new_real(now > rows[i].oldest_ms
					       ? (double)(now - rows[i].oldest_ms) / 1000
					       : 0));
		json_add(list, o);
	}
	return list;
}

/* What a removed department has left: nobody works on these. */
static void strays_add(const struct stats *s, struct json *list)
{
	for (size_t i = 0; i < STATS_STRAYS; i++) {
		struct json *o;

		if (stats_stray_open(&s->strays[i]) == 0)
			continue;
		o = json_new_object();
		json_set(o, "code", json_new_str(str_of(s->strays[i].code)));
		json_set(o, "open", json_new_int(stats_stray_open(&s->strays[i])));
		json_set(o, "missing", json_new_bool(true));
		json_add(list, o);
	}
}

static struct json *departments_json(struct engine *engine)
{
	const struct config *c = engine_config(engine);
	const struct stats *s = engine_stats(engine);
	struct json *list = json_new_array();

	for (size_t d = 0; d <= c->n_departments && d <= STATS_DEPARTMENTS; d++) {
		struct json *o = json_new_object(), *states = json_new_object();
		int64_t open = 0;

		for (int k = 0; k < TICKET_STATE_COUNT; k++) {
			if (s->tickets[d][k] == 0)
				continue;
			json_set(states, ticket_state_code((enum ticket_state)k),
				 json_new_int(s->tickets[d][k]));
			if (ticket_state_open((enum ticket_state)k))
				open += s->tickets[d][k];
		}
		json_set(o, "code",
			 json_new_str(d < c->n_departments ? c->departments[d].code
							   : c->gateway.rest_queue));
		json_set(o, "open", json_new_int(open));
		json_set(o, "states", states);
		json_add(list, o);
	}
	strays_add(s, list);
	return list;
}

static struct json *keys_json(struct engine *engine)
{
	struct json *o = json_new_object();
	struct store_keys keys;

	store_keys(engine_store(engine), &keys);
	json_set(o, "sealed", json_new_bool(keys.sealed));
	json_set(o, "key_changing", json_new_bool(keys.changing));
	json_set(o, "rows_left", json_new_int(keys.left));
	json_set(o, "old_key_given", json_new_bool(keys.old_given));
	json_set(o, "unreadable", json_new_int(keys.unreadable));
	return o;
}

static struct json *inbox_json(struct engine *engine, struct incoming *in)
{
	const struct inbox_view v = engine_inbox(engine);
	struct json *o;

	if (v.address.n == 0)
		return json_new_null();
	o = json_new_object();
	json_set(o, "address", json_new_str(v.address));
	json_set(o, "last_good", desk_time(engine, in, v.last_good_ms));
	json_set(o, "failures", json_new_int(v.failures));
	json_set(o, "trouble", desk_text(in, str_of(v.trouble)));
	json_set(o, "next_in_ms", json_new_int(v.next_in_ms));
	return o;
}

bool desk_status(struct engine *engine, struct incoming *in, struct answer *answer)
{
	const struct config *c = engine_config(engine);
	const char *trouble = engine_trouble(engine);
	struct json *o = json_new_object(), *providers = json_new_array();

	json_set(o, "version", json_new_str(STR(KENTONGAN_VERSION)));
	json_set(o, "gateway", json_new_str(c->gateway.name));
	json_set(o, "started", desk_time(engine, in, engine_started_ms(engine)));
	json_set(o, "ready", json_new_bool(trouble == NULL));
	json_set(o, "trouble", desk_text(in, str_of(trouble)));
	json_set(o, "store", json_new_str(store_path(engine_store(engine))));
	json_set(o, "keys", keys_json(engine));
	json_set(o, "schema", json_new_int(store_schema_version(engine_store(engine))));
	for (size_t i = 0; i < c->n_providers; i++)
		json_add(providers, provider_json(engine, in, i));
	json_set(o, "providers", providers);
	json_set(o, "inbox", inbox_json(engine, in));
	json_set(o, "replies_waiting", waiting_json(engine, in));
	json_set(o, "departments", departments_json(engine));
	return desk_json(in, 200, o, answer);
}

/* ---- tickets ---- */

/* A closed ticket owes nothing, nor one that waits for its citizen or another body. */
static bool answer_owed(const struct ticket *t)
{
	const unsigned ours = 1u << LIFE_CLOCK_VERIFY | 1u << LIFE_CLOCK_ANSWER |
			      1u << LIFE_CLOCK_SETTLE;

	return t->answer_due_ms && (lifecycle_clocks(t->life.state) & ours);
}

struct json *desk_ticket_json(struct engine *engine, struct incoming *in,
			      const struct ticket *t)
{
	struct json *o = json_new_object();

	json_set(o, "no",
		 json_new_str(arena_printf(in->arena, "%lld", (long long)t->no)));
	json_set(o, "sender", desk_token(engine, in, t->person_id));
	json_set(o, "state", json_new_str(str_of(ticket_state_code(t->life.state))));
	json_set(o, "kind", json_new_str(str_of(ticket_kind_code(t->life.kind))));
	json_set(o, "department", json_new_str(t->department));
	json_set(o, "urgent", json_new_bool(t->urgent));
	json_set(o, "sensitive", json_new_bool(t->life.sensitive));
	json_set(o, "secret", json_new_bool(t->life.secret));
	json_set(o, "level", json_new_str(str_of(lifecycle_level_name(t->life.level))));
	if (t->life.rating)
		json_set(o, "rating", json_new_int(t->life.rating));
	if (t->due_ms)
		json_set(o, "due", desk_time(engine, in, t->due_ms));
	json_set(o, "kecamatan", json_new_str(t->kecamatan));
	json_set(o, "desa", json_new_str(t->desa));
	json_set(o, "opened", desk_time(engine, in, t->opened_ms));
	if (answer_owed(t))
		json_set(o, "answer_due", desk_time(engine, in, t->answer_due_ms));
	json_set(o, "text", desk_text(in, t->text));
	return o;
}

bool desk_tickets(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct ticket_filter filter;
	struct json *o, *list;
	struct ticket *tickets;
	struct err err;
	size_t n;

	if (!desk_ticket_filter(engine, in, &filter, answer))
		return true;
	if (store_list_tickets(engine_store(engine), &filter, in->arena, &tickets, &n,
			       &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < n; i++)
		json_add(list, desk_ticket_json(engine, in, &tickets[i]));
	json_set(o, "tickets", list);
	return desk_json(in, 200, o, answer);
}

struct json *desk_history_json(struct engine *engine, struct incoming *in,
			       const struct event *events, size_t n)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object();

		json_set(o, "at", desk_time(engine, in, events[i].at_ms));
		json_set(o, "kind", json_new_str(events[i].kind));
		json_set(o, "actor", json_new_str(events[i].actor));
		json_set(o, "note", desk_text(in, events[i].note));
		json_set(o, "text", desk_text(in, events[i].text));
		json_add(list, o);
	}
	return list;
}

/* Until when a queued one is held back: quiet hours, a failed send; 0: it is not. */
static int64_t held_until(const struct engine *engine, const struct message_out *m)
{
	return str_eq(m->state, STR("queued")) && m->due_ms > engine_now_ms(engine)
		       ? m->due_ms
		       : 0;
}

struct json *desk_replies_json(struct engine *engine, struct incoming *in,
			       const struct message_out *out, size_t n)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object();

		json_set(o, "at", desk_time(engine, in, out[i].created_ms));
		json_set(o, "key", json_new_str(out[i].key));
		json_set(o, "text", desk_text(in, out[i].text));
		json_set(o, "segments", json_new_int(out[i].segments));
		json_set(o, "provider", json_new_str(out[i].provider));
		json_set(o, "state", json_new_str(out[i].state));
		json_set(o, "attempts", json_new_int(out[i].attempts));
		json_set(o, "waits_until",
			 desk_time(engine, in, held_until(engine, &out[i])));
		json_set(o, "ended", desk_time(engine, in, out[i].done_ms));
		json_set(o, "delivery", json_new_str(out[i].report));
		json_set(o, "reason", desk_text(in, out[i].reason));
		json_add(list, o);
	}
	return list;
}

bool desk_ticket(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct store *store = engine_store(engine);
	struct message_out *out;
	struct event *events;
	struct ticket ticket;
	struct json *o;
	struct err err;
	size_t n_events, n_out;
	int64_t no;

	if (!str_to_int(asked(in, "no"), &no) ||
	    !ticketno_ok(no, (unsigned)engine_config(engine)->gateway.number_width))
		return desk_problem(in, 404,
				    "this is no ticket number: its check digit is wrong",
				    answer);
	if (store_ticket_by_no(store, no, in->arena, &ticket, &err))
		return desk_problem(in, err.kind == ERR_NEVER ? 404 : 503, err.text,
				    answer);
	if (store_events(store, ticket.id, in->arena, &events, &n_events, &err) ||
	    store_list_out(store, ticket.id, in->arena, &out, &n_out, &err))
		return desk_problem(in, 503, err.text, answer);
	o = desk_ticket_json(engine, in, &ticket);
	json_set(o, "history", desk_history_json(engine, in, events, n_events));
	json_set(o, "replies", desk_replies_json(engine, in, out, n_out));
	return desk_json(in, 200, o, answer);
}

/* ---- messages ---- */

static bool filter_of(struct str name, enum message_filter *filter)
{
	static const struct {
		struct str name;
		enum message_filter filter;
	} names[] = {
		{ STR_INIT(""), MESSAGES_ALL },
		{ STR_INIT("unparsed"), MESSAGES_UNPARSED },
		{ STR_INIT("unrouted"), MESSAGES_UNROUTED },
		{ STR_INIT("unknown"), MESSAGES_UNKNOWN },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq(name, names[i].name)) {
			*filter = names[i].filter;
			return true;
		}
	return false;
}

/* What could not be read may hold anything, numbers of senders most likely. */
static struct json *body_json(struct engine *engine, struct incoming *in,
			      const struct message_row *row, struct str text)
{
	unsigned digits =
		(unsigned)engine_config(engine)->gateway.number_width + TICKETNO_BESIDE;

	if (str_eq(row->kind, STR("raw")) || str_eq(row->kind, STR("bad")))
		text = mask_numbers(text, digits, in->arena);
	return desk_text(in, text);
}

static struct json *message_json(struct engine *engine, struct incoming *in,
				 const struct message_row *row)
{
	struct json *o = json_new_object();

	json_set(o, "id", json_new_int(row->id));
	json_set(o, "at", desk_time(engine, in, row->at_ms));
	json_set(o, "provider", json_new_str(row->provider));
	json_set(o, "external_id", json_new_str(row->external_id));
	json_set(o, "sender", desk_token(engine, in, row->person_id));
	json_set(o, "kind", json_new_str(row->kind));
	json_set(o, "text", body_json(engine, in, row, row->text));
	json_set(o, "note", body_json(engine, in, row, row->note));
	json_set(o, "ticket",
		 row->ticket_no ? json_new_str(arena_printf(in->arena, "%lld",
							    (long long)row->ticket_no))
				: json_new_null());
	return o;
}

bool desk_messages(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o, *list;
	struct message_row *rows;
	enum message_filter filter;
	struct err err;
	size_t n;
	int limit;

	if (!filter_of(asked(in, "filter"), &filter))
		return desk_problem(in, 400, "filter is unparsed, unrouted or unknown",
				    answer);
	if (!desk_limit(in, &limit, answer))
		return true;
	if (store_list_messages(engine_store(engine), filter, limit, in->arena, &rows, &n,
				&err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < n; i++)
		json_add(list, message_json(engine, in, &rows[i]));
	json_set(o, "messages", list);
	return desk_json(in, 200, o, answer);
}

/* ---- doing ---- */

static bool pause_or_resume(struct engine *engine, struct incoming *in, bool paused,
			    struct answer *answer)
{
	const struct config *c = engine_config(engine);
	struct str id = asked(in, "provider");
	struct json *o;
	struct err err;

	for (size_t i = 0; i < c->n_providers; i++) {
		if (!str_eq(c->providers[i].id, id))
			continue;
		if (engine_pause(engine, i, paused, &err))
			return desk_problem(in, 503, err.text, answer);
		log_event(LOG_LEVEL_NOTICE,
			  paused ? "provider_paused" : "provider_resumed",
			  LOG_S("provider", id), LOG_I("by_uid", in->request.peer_uid));
		o = json_new_object();
		json_set(o, "provider", json_new_str(id));
		json_set(o, "paused", json_new_bool(paused));
		return desk_json(in, 200, o, answer);
	}
	return desk_problem(in, 404, "no provider of that id", answer);
}

bool desk_pause(struct engine *engine, struct incoming *in, struct answer *answer)
{
	return pause_or_resume(engine, in, true, answer);
}

bool desk_resume(struct engine *engine, struct incoming *in, struct answer *answer)
{
	return pause_or_resume(engine, in, false, answer);
}

bool desk_reload(struct engine *engine, struct incoming *in, struct answer *answer)
{
	(void)answer;
	log_event(LOG_LEVEL_NOTICE, "reload_asked",
		  LOG_I("by_uid", in->request.peer_uid));
	engine_ask_reload(engine, in);
	return false;
}
