/* SPDX-License-Identifier: MIT */
/* The stage: clock, provider, carrier, crashes. See stage.h. */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "console/console.h"

enum { LONG_WAIT_MS = 3 * 3600000, STRIDE_MS = 30 * 60000, FINE_MS = 10 * 60000 };

static int64_t wall_now, mono_now;

static int64_t fake_mono(void)
{
	return mono_now;
}

static int64_t fake_wall(void)
{
	return wall_now;
}

void stage_clock(int64_t wall_ms, int64_t mono_ms)
{
	static const struct clock_source fake = { fake_mono, fake_wall };

	wall_now = wall_ms;
	mono_now = mono_ms;
	clock_replace(&fake);
}

int64_t stage_wall_ms(void)
{
	return wall_now;
}

void stage_advance(int64_t ms)
{
	wall_now += ms;
	mono_now += ms;
}

void stage_jump(int64_t ms)
{
	wall_now += ms;
}

/* ---- the provider ---- */

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

static void play_poll(struct stage *s, struct outgoing *out)
{
	bool generic =
		str_find(out->exchange.url, STR("/generic/")) < out->exchange.url.n;
	int64_t after =
		number_behind(out->exchange.url, generic ? "after=" : "lastReceivedId=");
	struct json *list = json_new_array(), *root = json_new_object(), *data;

	s->polls++;
	after -= s->redeliver;
	s->redeliver = 0;
	for (size_t i = 0; i < s->n_inbox; i++) {
		int64_t id;

		str_to_int(str_of(s->inbox[i].id), &id);
		if (id > after && s->inbox[i].generic == generic && !s->inbox[i].gone)
			json_add(list,
				 generic ? generic_message(s, i) : at_message(s, i));
	}
	if (generic) {
		json_set(root, "messages", list);
	} else {
		data = json_new_object();
		json_set(data, "Messages", list);
		json_set(root, "SMSMessageData", data);
	}
	respond(out, 200, root);
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
	static struct str_pair retry[] = { { STR_INIT("retry-after"), STR_INIT("7") } };

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
	if (fault == STAGE_NOT_SENT)
		out->transport = TRANSPORT_NOT_SENT;
	if (fault == STAGE_LOST_BEFORE || fault == STAGE_LOST_AFTER)
		out->transport = TRANSPORT_UNKNOWN;
	out->trouble = STR("played trouble");
}

static void play_send(struct stage *s, struct outgoing *out)
{
	enum stage_fault fault = s->send_faults ? s->send_fault : STAGE_GOOD;

	if (s->send_faults)
		s->send_faults--;
	if (fault == STAGE_GOOD || fault == STAGE_LOST_AFTER || fault == STAGE_GARBAGE)
		take_sms(s, out);
	if (fault == STAGE_GOOD || fault == STAGE_REFUSED)
		respond(out, 201, accepted(s, fault == STAGE_REFUSED));
	else
		play_trouble(out, fault);
}

static void play(struct stage *s, struct outgoing *out)
{
	out->started_mono_us = out->ended_mono_us = clock_mono_us();
	if (out->letter.kind == LETTER_SENT) {
		play_send(s, out);
	} else if (out->letter.kind == LETTER_SETTLED) {
		play_settle(s, out);
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

/* ---- the carrier ---- */

static void carrier_post(void *self, struct letter *first)
{
	struct stage *s = self;
	struct letter **tail = &s->pending, *next;

	while (*tail)
		tail = &(*tail)->next;
	for (struct letter *l = first; l; l = next) {
		next = l->next;
		l->next = NULL;
		if (++s->effects == s->crash_at_effect)
			s->crashed = true;
		if (s->crashed) { /* dead before this request left */
			outgoing_free((struct outgoing *)l);
		} else {
			*tail = l;
			tail = &l->next;
		}
	}
}

static void carrier_answer(void *self, struct incoming *in, const struct answer *answer)
{
	struct stage *s = self;

	if (++s->effects == s->crash_at_effect)
		s->crashed = true;
	s->last_answer = s->crashed ? 0 : answer->status;
	arena_free(in->arena);
	free(in);
}

static void carrier_drain(void *self)
{
	struct stage *s = self;
	struct letter *next;

	for (struct letter *l = s->pending; l; l = next) {
		next = l->next;
		((struct outgoing *)l)->transport = TRANSPORT_NOT_SENT;
		mailbox_post(s->mailbox, l);
	}
	s->pending = NULL;
}

static void carrier_reload(void *self, struct incoming *asker)
{
	carrier_answer(self, asker, &(struct answer){ .status = 503 });
}

/* ---- births and deaths ---- */

static int gateway_birth(struct stage *s)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct engine_settings settings = {
		.config = config_load(s->config_file, false, &faults),
		.carrier = { s, carrier_post, carrier_answer, carrier_drain,
			     carrier_reload },
		.desk = console_answer,
	};
	struct store_settings store = {
		.driver = STR("sqlite"),
		.path = str_of(s->store_path),
		.fast = true,
		.version = STR("case"),
	};
	struct err err;

	if (!settings.config) {
		fprintf(stderr, "%.*s", STR_ARG(buf_str(&faults.text)));
		buf_free(&faults.text);
		return -1;
	}
	buf_free(&faults.text);
	store.key = settings.config->store.key;
	store.old_key = settings.config->store.old_key;
	s->mailbox = settings.mailbox = mailbox_new(NULL, NULL);
	if (store_open(&store, &settings.store, &err) ||
	    engine_new(&settings, &s->engine, &err)) {
		fprintf(stderr, "stage: %s\n", err.text);
		return -1;
	}
	s->store = engine_store(s->engine);
	return 0;
}

int stage_open(struct stage *s, const char *folder, const char *config_file)
{
	*s = (struct stage){ .folder = folder, .config_file = config_file };
	snprintf(s->store_path, sizeof(s->store_path), "%s/case.db", folder);
	s->sms = calloc(STAGE_SMS, sizeof(*s->sms));
	return s->sms ? gateway_birth(s) : -1;
}

static void pending_drop(struct stage *s)
{
	struct letter *next;

	for (struct letter *l = s->pending; l; l = next) {
		next = l->next;
		outgoing_free((struct outgoing *)l);
	}
	s->pending = NULL;
}

/* A send that the provider took, whose letter the gateway never recorded. */
static void doubt_count(struct stage *s)
{
	struct letter *all = mailbox_take(s->mailbox), *next;

	for (struct letter *l = all; l; l = next) {
		struct outgoing *out = (struct outgoing *)l;

		next = l->next;
		if (l->kind <= LETTER_SETTLED) {
			s->in_doubt += l->kind == LETTER_SENT &&
				       out->transport == TRANSPORT_DONE;
			outgoing_free(out);
		} else if (l->kind <= LETTER_CONTROL) {
			carrier_answer(s, (struct incoming *)l,
				       &(struct answer){ .status = 0 });
		}
	}
}

static void gateway_death(struct stage *s)
{
	pending_drop(s);
	doubt_count(s);
	engine_free(s->engine);
	mailbox_free(s->mailbox);
	s->engine = NULL;
}

void stage_crash(struct stage *s)
{
	s->in_doubt += engine_carried(s->engine);
	gateway_death(s);
	s->crash_at_step = s->crash_at_effect = s->crash_at_call = 0;
	s->crashed = false;
	if (gateway_birth(s))
		s->failure = "the gateway does not start again";
}

void stage_close(struct stage *s)
{
	if (s->engine)
		gateway_death(s);
	free(s->sms);
}

/* ---- steps ---- */

static bool step(struct stage *s)
{
	struct letter *l = s->pending;

	if (++s->steps == s->crash_at_step)
		s->crashed = true;
	if (s->crashed)
		return false;
	if (l) {
		s->pending = l->next;
		l->next = NULL;
		play(s, (struct outgoing *)l);
		mailbox_post(s->mailbox, l);
		return true;
	}
	if (mailbox_count(s->mailbox) == 0 && engine_next_ms(s->engine) > mono_now)
		return false;
	engine_turn(s->engine);
	return true;
}

void stage_settle(struct stage *s)
{
	for (int i = 0; i < 20000; i++) {
		if (!s->engine)
			return;
		if (step(s))
			continue;
		if (!s->crashed)
			return;
		stage_crash(s);
	}
	s->failure = "the gateway never comes to rest";
}

void stage_wait(struct stage *s, int64_t ms)
{
	int64_t until = mono_now + ms;
	bool strides = ms >= LONG_WAIT_MS;

	stage_settle(s);
	while (s->engine && !s->failure && mono_now < until) {
		int64_t next = engine_next_ms(s->engine);
		int64_t stride = until - FINE_MS < mono_now + STRIDE_MS
					 ? until - FINE_MS
					 : mono_now + STRIDE_MS;

		if (next <= mono_now)
			next = mono_now + 1;
		if (strides && next < stride)
			next = stride;
		stage_advance((next < until ? next : until) - mono_now);
		stage_settle(s);
	}
}

void stage_restart(struct stage *s)
{
	static struct letter stop;

	stage_settle(s);
	stop = (struct letter){ .kind = LETTER_STOP };
	mailbox_post(s->mailbox, &stop);
	for (int i = 0; i < 1000 && !engine_stopped(s->engine); i++) {
		engine_turn(s->engine);
		if (s->pending)
			step(s);
	}
	gateway_death(s);
	if (gateway_birth(s))
		s->failure = "the gateway does not start again";
	stage_settle(s);
}

static void key_set(size_t key)
{
	static const char *const keys[] = {
		"1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100",
		"wJ7ptFRY1v0rFzHmmEY7sBkNoCGfXkxhZkFRi0R8QtE=",
		"5b0c6ea1c1f3d94422a0b6d1b70e2f9a8d3c4b5a69788796a5b4c3d2e1f00f1e",
		"tb4Y6nNnokUjxwqO3y9rF5ComDJ3XqYfORDWKnqSv2A=",
	};
	size_t most = sizeof(keys) / sizeof(*keys) - 2;

	key = key < most ? key : most;
	setenv("CASE_STORE_KEY", keys[key + 1], 1);
	setenv("CASE_STORE_OLD_KEY", keys[key], 1);
}

void stage_first_key(struct stage *s)
{
	s->key = 0;
	key_set(0);
}

void stage_rekey(struct stage *s)
{
	key_set(++s->key);
	stage_restart(s);
}

static int asked(struct stage *s, enum letter_kind kind, const char *path,
		 const char *form)
{
	struct incoming *in = calloc(1, sizeof(*in));
	struct err err;

	in->arena = arena_new("call", 1 << 20);
	in->letter.kind = kind;
	in->request.method = HTTP_POST;
	in->request.path = arena_str(in->arena, str_of(path));
	in->request.body = arena_str(in->arena, str_of(form));
	in->request.peer = STR("127.0.0.1");
	if (kind == LETTER_CONTROL &&
	    form_parse(in->request.body, 32, in->arena, &in->request.query, &err))
		s->failure = "a form that is none";
	s->last_answer = 0;
	mailbox_post(s->mailbox, &in->letter);
	stage_settle(s);
	return s->last_answer;
}

int stage_call(struct stage *s, const char *path, const char *form)
{
	return asked(s, LETTER_CALLBACK, path, form);
}

int stage_control(struct stage *s, const char *path, const char *form)
{
	return asked(s, LETTER_CONTROL, path, form);
}

size_t stage_tickets(struct stage *s, struct ticket **out, struct arena *arena)
{
	const struct ticket_filter filter = { .limit = 1000 };
	struct err err;
	size_t n = 0;

	if (store_list_tickets(s->store, &filter, arena, out, &n, &err))
		return 0;
	return n;
}
