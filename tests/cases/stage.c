/* SPDX-License-Identifier: MIT */
/* The stage: clock, carrier, crashes. See stage.h. */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "console/console.h"
#include "mailbox.h"
#include "provider.h"
#include "store/inside.h"

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
		((struct outgoing *)l)->started_mono_us = mono_now * 1000;
		if (++s->effects == s->crash_at_effect)
			s->crashed = true;
		if (s->crashed) { /* dead before this request left */
			outgoing_free((struct outgoing *)l);
		} else if (s->prompt && l->kind == LETTER_FETCHED) {
			provider_play(s, (struct outgoing *)l);
			mailbox_post(s->mailbox, l);
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
	snprintf(s->last_body, sizeof(s->last_body), "%.*s", STR_ARG(answer->body));
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
	if (store_open(&store, &settings.store, &err) == 0) {
		if (s->fail_at > s->calls_before)
			store_fail_after(settings.store, s->fail_at - s->calls_before,
					 false);
		if (engine_new(&settings, &s->engine, &err) == 0) {
			s->store = engine_store(s->engine);
			s->rows_changed = 0;
			return 0;
		}
	}
	if (!s->fail_at)
		fprintf(stderr, "stage: %s\n", err.text);
	return -1;
}

/* A start that is made to fail is followed by another. */
static void gateway_again(struct stage *s)
{
	if (gateway_birth(s) == 0)
		return;
	mailbox_free(s->mailbox);
	if (s->fail_at) {
		s->fail_at = 0;
		if (gateway_birth(s) == 0)
			return;
	}
	s->failure = "the gateway does not start again";
}

int64_t stage_calls(const struct stage *s)
{
	return s->calls_before + store_calls(s->store);
}

void stage_fail_at(struct stage *s, int64_t n)
{
	s->fail_at = s->calls_before + n;
	store_fail_after(s->store, n - store_calls(s->store), false);
}

int stage_open(struct stage *s, const char *folder, const char *config_file)
{
	*s = (struct stage){ .folder = folder, .config_file = config_file };
	snprintf(s->store_path, sizeof(s->store_path), "%s/case.db", folder);
	s->sms = calloc(STAGE_SMS, sizeof(*s->sms));
	s->hooks = calloc(STAGE_HOOKS, sizeof(*s->hooks));
	s->mails = mails_new();
	return s->sms && s->hooks && s->mails ? gateway_birth(s) : -1;
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
		if (l->kind == LETTER_RELOADED) {
			config_free(((struct reloaded *)l)->config);
			free(l);
		} else if (l->kind <= LETTER_INBOX) {
			s->in_doubt += l->kind == LETTER_SENT &&
				       out->transport == TRANSPORT_DONE;
			outgoing_free(out);
		} else if (l->kind <= LETTER_API) {
			carrier_answer(s, (struct incoming *)l,
				       &(struct answer){ .status = 0 });
		}
	}
}

static void gateway_death(struct stage *s)
{
	pending_drop(s);
	doubt_count(s);
	s->calls_before = stage_calls(s);
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
	gateway_again(s);
}

void stage_close(struct stage *s)
{
	if (s->engine)
		gateway_death(s);
	free(s->sms);
	mails_free(s->mails);
	free(s->hooks);
}

/* ---- steps ---- */

/*
 * The last call of a turn is its commit. Those that write something are noted, but of
 * turns that do as much as earlier ones (of idle ticks there are thousands) only three.
 */
static void commit_note(struct stage *s, int64_t calls)
{
	struct stage_commit now = { .turn_calls = stage_calls(s) - calls }, *c;
	int64_t rows, alike = 0;
	struct err err;

	if (!s->commits || s->n_commits == STAGE_COMMITS ||
	    s->store->driver->number(s->store->db, "SELECT total_changes()", &rows, &err))
		return;
	now.at_call = stage_calls(s);
	now.rows = rows - s->rows_changed;
	s->rows_changed = rows;
	for (c = s->commits; c < s->commits + s->n_commits; c++)
		alike += c->rows == now.rows && c->turn_calls == now.turn_calls;
	if (now.rows && alike < 3)
		s->commits[s->n_commits++] = now;
}

/* When it is answered (monotonic). */
static int64_t answered_ms(const struct stage *s, const struct letter *l)
{
	int64_t asked_ms = ((const struct outgoing *)l)->started_mono_us / 1000;

	return l->kind == LETTER_FETCHED ? asked_ms + s->poll_delay_ms : asked_ms;
}

/* The first exchange that has an answer by now, taken out. */
static struct letter *answered(struct stage *s)
{
	struct letter **at = &s->pending, *l;

	while (*at && answered_ms(s, *at) > mono_now)
		at = &(*at)->next;
	l = *at;
	if (l) {
		*at = l->next;
		l->next = NULL;
	}
	return l;
}

static bool step(struct stage *s)
{
	struct letter *l;
	int64_t calls;

	if (++s->steps == s->crash_at_step)
		s->crashed = true;
	if (s->crashed)
		return false;
	l = answered(s);
	if (l) {
		provider_play(s, (struct outgoing *)l);
		if ((s->reload_with_send && l->kind == LETTER_SENT) ||
		    (s->reload_with_hook && l->kind == LETTER_DELIVERED) ||
		    (s->reload_with_mail && mail_is_fetch((struct outgoing *)l)))
			stage_reload(s); /* before its end */
		if (l->kind == LETTER_DELIVERED && s->jump_with_hook) {
			stage_jump(s->jump_with_hook);
			s->jump_with_hook = 0;
		}
		mailbox_post(s->mailbox, l);
		if (s->reload_now) /* behind the page, in the same turn */
			stage_reload(s);
		return true;
	}
	if (mailbox_count(s->mailbox) == 0 && engine_next_ms(s->engine) > mono_now)
		return false;
	calls = stage_calls(s);
	engine_turn(s->engine);
	commit_note(s, calls);
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

/* When something happens by itself (monotonic). */
static int64_t next_ms(const struct stage *s)
{
	int64_t next = engine_next_ms(s->engine);

	for (const struct letter *l = s->pending; l; l = l->next)
		if (answered_ms(s, l) < next)
			next = answered_ms(s, l);
	return next;
}

void stage_wait(struct stage *s, int64_t ms)
{
	int64_t until = mono_now + ms;
	bool strides = ms >= LONG_WAIT_MS;

	stage_settle(s);
	while (s->engine && !s->failure && mono_now < until) {
		int64_t next = next_ms(s);
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
	gateway_again(s);
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

void stage_reload(struct stage *s)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct reloaded *r = calloc(1, sizeof(*r));

	r->letter.kind = LETTER_RELOADED;
	r->config = config_load(s->reload_with_page, false, &faults);
	if (!r->config) {
		fprintf(stderr, "%.*s", STR_ARG(buf_str(&faults.text)));
		s->failure = "a configuration that cannot be";
	}
	buf_free(&faults.text);
	s->config_file = s->reload_with_page;
	s->reload_with_page = NULL;
	s->reload_now = s->reload_with_send = s->reload_with_hook = s->reload_with_mail =
		false;
	mailbox_post(s->mailbox, &r->letter);
}

static int asked(struct stage *s, enum letter_kind kind, enum http_method method,
		 const char *path, const char *form)
{
	struct incoming *in = calloc(1, sizeof(*in));
	struct err err;

	in->arena = arena_new("call", 1 << 20);
	in->letter.kind = (int)kind;
	in->request.method = method;
	in->request.path = arena_str(in->arena, str_of(path));
	in->request.body = arena_str(in->arena, str_of(form));
	in->request.peer = STR("127.0.0.1");
	if ((kind == LETTER_CONTROL || method == HTTP_GET) &&
	    form_parse(in->request.body, 32, in->arena, &in->request.query, &err))
		s->failure = "a form that is none";
	s->last_answer = 0;
	mailbox_post(s->mailbox, &in->letter);
	stage_settle(s);
	return s->last_answer;
}

int stage_call(struct stage *s, const char *path, const char *form)
{
	return asked(s, LETTER_CALLBACK, HTTP_POST, path, form);
}

int stage_web(struct stage *s, enum http_method method, const char *path,
	      const char *form)
{
	return asked(s, LETTER_API, method, path, form);
}

int stage_control(struct stage *s, const char *path, const char *form)
{
	return asked(s, LETTER_CONTROL, HTTP_POST, path, form);
}

int stage_mail(struct stage *s, struct str raw)
{
	struct incoming *in = calloc(1, sizeof(*in));

	in->arena = arena_new("mail", 4 << 20);
	in->letter.kind = LETTER_CONTROL;
	in->request.method = HTTP_POST;
	in->request.path = STR("/v1/mail");
	in->request.body = arena_str(in->arena, raw);
	in->request.peer = STR("unix");
	s->last_answer = 0;
	mailbox_post(s->mailbox, &in->letter);
	stage_settle(s);
	return s->last_answer;
}

int stage_look(struct stage *s, const char *path, const char *query)
{
	return asked(s, LETTER_CONTROL, HTTP_GET, path, query);
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
