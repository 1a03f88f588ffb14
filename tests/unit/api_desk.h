/* SPDX-License-Identifier: MIT */
/*
 * The HTTP API without sockets, for its tests and its fuzz target: an engine with the
 * sample configuration, a store of its own in memory's file system, a clock that stands
 * still, three tickets and a token. Each call is a letter in a turn, as in life.
 */
#ifndef API_DESK_H
#define API_DESK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/json.h"
#include "console/console.h"
#include "flow/engine.h"
#include "model/msisdn.h"
#include "store/token.h"

struct api_desk {
	struct engine *engine;
	struct mailbox *mailbox;
	struct config *config; /* the engine's */
	char folder[64], secret[TOKEN_LENGTH + 1];
	int64_t token_id;
	struct incoming *last; /* that was sent */
	/* Of the last answer; status 0: it has not come yet. */
	int status, answers;
	char type[64], etag[64], header[2000], body[1 << 20];
};

static int64_t desk_now = 1795482000000, desk_jump; /* the wall clock's only */
/* Of the store; NULL: it is not sealed. */
static const char *desk_key;

static inline int64_t desk_mono(void)
{
	return desk_now - 1795481000000;
}

static inline int64_t desk_wall(void)
{
	return desk_now + desk_jump;
}

static inline void desk_die(const char *what, const struct err *err)
{
	fprintf(stderr, "%s: %s\n", what, err->text);
	abort();
}

static inline void desk_answered(void *self, struct incoming *in, const struct answer *a)
{
	struct api_desk *d = self;
	size_t used = 0;

	d->answers++;
	d->status = a->status;
	snprintf(d->type, sizeof(d->type), "%.*s", STR_ARG(a->content_type));
	snprintf(d->body, sizeof(d->body), "%.*s", STR_ARG(a->body));
	d->etag[0] = d->header[0] = '\0';
	for (size_t i = 0; i < a->headers.n && used < sizeof(d->header); i++) {
		const struct str_pair *p = &a->headers.items[i];

		used += (size_t)snprintf(d->header + used, sizeof(d->header) - used,
					 "%.*s: %.*s\n", STR_ARG(p->name),
					 STR_ARG(p->value));
		if (str_eq(p->name, STR("ETag")))
			snprintf(d->etag, sizeof(d->etag), "%.*s", STR_ARG(p->value));
	}
	arena_free(in->arena); /* `in` lives there */
}

static inline void desk_post(void *self, struct letter *first)
{
	struct letter *next;

	(void)self;
	for (; first; first = next) {
		next = first->next;
		outgoing_free((struct outgoing *)first);
	}
}

static inline void desk_drain(void *self)
{
	(void)self;
}

static inline void desk_no_reload(void *self, struct incoming *asker)
{
	desk_answered(self, asker, &(struct answer){ .status = 503 });
}

static inline void desk_ticket_add(struct store *s, int64_t no, const char *department,
				   const char *text)
{
	struct person p;
	struct message_in m = { .provider = STR("utama"),
				.external_id = str_of(text),
				.recipient = STR("21708"),
				.text = str_of(text),
				.received_ms = desk_now,
				.kind = STR("complaint") };
	struct ticket t = { .no = no,
			    .department = str_of(department),
			    .kecamatan = STR("Padarincang"),
			    .desa = STR("Citasuk"),
			    .opened_ms = desk_now - 5000,
			    .changed_ms = desk_now - 5000 };
	struct event e = { .at_ms = desk_now - 5000,
			   .kind = STR("opened_routed"),
			   .actor = STR("gateway") };
	struct err err;

	t.life = lifecycle_new(TICKET_KIND_ORDINARY, false, false);
	t.life.state = TICKET_DITERUSKAN;
	if (store_person(s, STR("+6281234567890"), SENDER_MOBILE, desk_now, &p, &err) ||
	    store_in_add(s, &m, &p, &t.message_id, &err) ||
	    store_ticket_add(s, &t, &p, &e.ticket_id, &err) ||
	    store_event_add(s, &e, &err) || store_person_save(s, &p, &err))
		desk_die("ticket", &err);
}

/* The token that is used from now on. */
static inline void desk_token(struct api_desk *d, const char *department, unsigned scopes)
{
	struct store *s = engine_store(d->engine);
	struct arena *arena = arena_new("desk", 1 << 16);
	const struct token t = { .name = STR("uji"),
				 .department = str_of(department),
				 .scopes = scopes,
				 .created_by = STR("test") };
	struct str secret;
	struct err err;

	if (store_begin(s, &err) ||
	    store_token_add(s, &t, arena, &d->token_id, &secret, &err) ||
	    store_commit(s, &err))
		desk_die("token", &err);
	snprintf(d->secret, sizeof(d->secret), "%.*s", STR_ARG(secret));
	arena_free(arena);
}

static inline void desk_fill(struct api_desk *d)
{
	struct store *s = engine_store(d->engine);
	struct err err;

	if (store_begin(s, &err))
		desk_die("begin", &err);
	desk_ticket_add(s, 26000011, "PUPR", "jalan rusak hub 081298765432");
	desk_ticket_add(s, 26000022, "PUPR", "got mampet");
	desk_ticket_add(s, 26000033, "DISHUB", "lampu jalan mati");
	if (store_commit(s, &err))
		desk_die("commit", &err);
	desk_token(d, "PUPR", TOKEN_READ | TOKEN_ANSWER | TOKEN_TRANSFER);
}

/* An engine on the store that is in the folder, with the sample's configuration. */
static inline void desk_start(struct api_desk *d)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct engine_settings settings = {
		.config = config_load_sample(&faults),
		.carrier = { d, desk_post, desk_answered, desk_drain, desk_no_reload },
		.desk = console_answer,
	};
	struct store_settings store = { .driver = STR("sqlite"), .fast = true };
	char path[100];
	struct err err;

	if (!settings.config)
		abort();
	buf_free(&faults.text);
	snprintf(path, sizeof(path), "%s/store", d->folder);
	store.path = str_of(path);
	store.version = STR("test");
	store.key = str_of(desk_key);
	d->config = settings.config;
	d->config->listen.api_rate = 0;
	d->config->listen.api = STR("127.0.0.1:0"); /* nothing listens here */
	d->mailbox = settings.mailbox = mailbox_new(NULL, NULL);
	if (store_open(&store, &settings.store, &err) ||
	    engine_new(&settings, &d->engine, &err))
		desk_die("engine", &err);
}

static inline void desk_open(struct api_desk *d)
{
	static const struct clock_source still = { desk_mono, desk_wall };
	struct err err;

	desk_jump = 0;
	clock_replace(&still);
	memset(d, 0, sizeof(*d));
	snprintf(d->folder, sizeof(d->folder), "%s/kentongan-api-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!mkdtemp(d->folder) || crypto_start(&err))
		abort();
	desk_start(d);
	desk_fill(d);
}

static inline void desk_restart(struct api_desk *d)
{
	engine_free(d->engine);
	mailbox_free(d->mailbox);
	desk_start(d);
}

static inline void desk_close(struct api_desk *d)
{
	static const char *const files[] = { "", "-wal", "-shm", ".lock" };
	char path[100];

	engine_free(d->engine);
	mailbox_free(d->mailbox);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/store%s", d->folder, files[i]);
		unlink(path);
	}
	rmdir(d->folder);
	clock_replace(NULL);
}

static inline void desk_post_as(struct api_desk *d, enum letter_kind kind,
				enum http_method method, struct str path,
				struct str query, struct str body,
				const char *const *headers)
{
	struct arena *arena = arena_new("incoming", 4 << 20);
	struct incoming *in = ARENA_NEW(arena, struct incoming, 1);
	struct str_pair *pairs = ARENA_NEW(arena, struct str_pair, 12);
	struct err err;

	in->letter.kind = kind;
	in->request.peer_uid = geteuid();
	in->whole_mono_us = clock_mono_us();
	in->arena = arena;
	in->request.method = method;
	in->request.path = arena_str(arena, path);
	in->request.body = arena_str(arena, body);
	if (form_parse(arena_str(arena, query), 32, arena, &in->request.query, &err))
		in->request.query.n = 0;
	pairs[0].name = STR("authorization");
	pairs[0].value = arena_printf(arena, "Bearer %s", d->secret);
	in->request.headers = (struct str_pairs){ pairs, 1 };
	for (; headers && headers[0]; headers += 2)
		pairs[in->request.headers.n++] = (struct str_pair){
			str_of(headers[0]),
			arena_str(arena, str_of(headers[1])),
		};
	d->status = 0;
	d->last = in;
	mailbox_post(d->mailbox, &in->letter);
}

/* A request, not yet heard. Headers: name, value, …, NULL; "" as a token: none. */
static inline void desk_send(struct api_desk *d, enum http_method method, struct str path,
			     struct str query, struct str body,
			     const char *const *headers)
{
	desk_post_as(d, LETTER_API, method, path, query, body, headers);
}

/* What Prometheus reads, into body. */
static inline void desk_metrics_read(struct api_desk *d)
{
	desk_post_as(d, LETTER_ADMIN, HTTP_GET, STR("/metrics"), STR(""), STR(""), NULL);
	engine_turn(d->engine);
	if (d->status != 200)
		abort();
}

/* What the operator's command asks: the answer's status. */
static inline int desk_control(struct api_desk *d, const char *path, const char *form)
{
	desk_now += 2000;
	desk_post_as(d, LETTER_CONTROL, HTTP_POST, str_of(path), str_of(form), STR(""),
		     NULL);
	engine_turn(d->engine);
	return d->status;
}

/* Its answer's status. */
static inline int desk_ask(struct api_desk *d, enum http_method method, const char *path,
			   const char *query, const char *body,
			   const char *const *headers)
{
	desk_now += 2000;
	desk_send(d, method, str_of(path), str_of(query), str_of(body), headers);
	engine_turn(d->engine);
	return d->status;
}

#endif
