/* SPDX-License-Identifier: MIT */
/*
 * Wiring. Threads: the carrier's (httpc), one for each listener (httpd), the engine's;
 * main stays outside and reads config files, because checking two thousand phrases is no
 * work for the thread that takes complaints.
 *
 * Ending, in this order: the engine stops; listeners take no more; the carrier hands back
 * what runs; the engine is freed, which answers who still waits; the listeners go.
 */
#include "gateway.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "console/console.h"
#include "flow/engine.h"

enum {
	LISTENERS = 4,
	HEARTBEAT_LATE_MS = 5000,
	CONTROL_BODY = 11 << 20, /* a mail that is handed over */
	CONTROL_ANSWER = 32 << 20
};

enum listener_tag { LISTEN_CALLBACKS, LISTEN_ADMIN, LISTEN_CONTROL, LISTEN_API };

struct gateway {
	char *file;
	struct mailbox *mailbox;
	struct httpc *httpc;
	struct httpd *httpd[LISTENERS];
	struct engine *engine;
	pthread_t thread;
	bool running;
	int event_fd;
	_Atomic int64_t heartbeat_ms;
	_Atomic bool ended;
	_Atomic(struct incoming *)
		asker; /* a reload asked for through the control socket */
	char addresses[300];
};

/* ---- the engine's carrier ---- */

static void ring(struct gateway *g)
{
	const uint64_t one = 1;

	(void)!write(g->event_fd, &one, sizeof(one));
}

static void carrier_post(void *self, struct letter *first)
{
	httpc_post_all(((struct gateway *)self)->httpc, first);
}

static void carrier_answer(void *self, struct incoming *in, const struct answer *answer)
{
	(void)self;
	httpd_answer(in, answer);
}

static void carrier_drain(void *self)
{
	httpc_drain(((struct gateway *)self)->httpc);
}

static void carrier_reload(void *self, struct incoming *asker)
{
	static const struct answer busy = { .status = 409,
					    .content_type = STR_INIT("text/plain"),
					    .body = STR_INIT("a reload is under way\n") };
	struct gateway *g = self;
	struct incoming *none = NULL;

	if (!atomic_compare_exchange_strong(&g->asker, &none, asker)) {
		httpd_answer(asker, &busy);
		return;
	}
	ring(g);
}

static double chance(void)
{
	return crypto_random_below(1 << 20) / (double)(1 << 20);
}

static void *engine_main(void *arg)
{
	struct gateway *g = arg;

	engine_run(g->engine, &g->heartbeat_ms);
	atomic_store(&g->ended, true);
	ring(g);
	return NULL;
}

static bool healthy(void *arg)
{
	return gateway_silence_ms(arg) < HEARTBEAT_LATE_MS;
}

/* ---- start ---- */

static int start_listener(struct gateway *g, enum listener_tag tag, struct str address,
			  const struct config *c, struct err *err)
{
	static const enum letter_kind kinds[LISTENERS] = {
		[LISTEN_CALLBACKS] = LETTER_CALLBACK,
		[LISTEN_ADMIN] = LETTER_ADMIN,
		[LISTEN_CONTROL] = LETTER_CONTROL,
		[LISTEN_API] = LETTER_API,
	};
	static const char *const names[LISTENERS] = {
		[LISTEN_CALLBACKS] = "callbacks",
		[LISTEN_ADMIN] = "admin",
		[LISTEN_CONTROL] = "control",
		[LISTEN_API] = "api",
	};
	struct httpd_listener listener = {
		.tag = (int)tag,
		.letter_kind = (int)kinds[tag],
		.address = address.p,
		.unix_mode = 0600,
		.body_ceiling_bytes = tag == LISTEN_CONTROL
					      ? CONTROL_BODY
					      : (size_t)c->listen.body_kb * 1024,
		.answer_ceiling_bytes =
			tag == LISTEN_CONTROL || tag == LISTEN_API ? CONTROL_ANSWER : 0,
		.connections = (size_t)c->listen.connections,
		.per_address = tag == LISTEN_CALLBACKS || tag == LISTEN_API
				       ? (size_t)c->listen.per_address
				       : 0,
		.request_ms = c->listen.request_ms,
		.answer_ms = tag == LISTEN_CALLBACKS ? c->listen.answer_ms : 60000,
		.head = tag == LISTEN_API,
		.health = tag == LISTEN_CONTROL ? NULL : healthy,
		.health_arg = g,
	};
	size_t n = strlen(g->addresses);

	if (address.n == 0)
		return 0;
	if (httpd_start(&listener, g->mailbox, &g->httpd[tag], err))
		return err_add(err, "listen.%s", names[tag]);
	snprintf(g->addresses + n, sizeof(g->addresses) - n, "%s%s %s", n ? ", " : "",
		 names[tag], httpd_address(g->httpd[tag]));
	return 0;
}

static int start_listeners(struct gateway *g, const struct config *c, struct err *err)
{
	if (start_listener(g, LISTEN_CONTROL, c->listen.control, c, err) ||
	    start_listener(g, LISTEN_ADMIN, c->listen.admin, c, err) ||
	    start_listener(g, LISTEN_CALLBACKS, c->listen.callbacks, c, err) ||
	    start_listener(g, LISTEN_API, c->listen.api, c, err))
		return -1;
	return 0;
}

static size_t connections_of(const struct config *c)
{
	size_t n = 4;

	for (size_t i = 0; i < c->n_providers; i++)
		n += (size_t)c->providers[i].connections + 4;
	for (size_t d = 0; d < c->n_departments; d++)
		for (size_t i = 0; i < c->departments[d].n_ways; i++)
			n += (size_t)c->departments[d].ways[i].in_flight;
	return n + (size_t)c->mail.connections;
}

static int start_engine(struct gateway *g, struct config *config, struct store *store,
			struct err *err)
{
	const struct engine_settings settings = {
		.config = config,
		.store = store,
		.carrier = { g, carrier_post, carrier_answer, carrier_drain,
			     carrier_reload },
		.mailbox = g->mailbox,
		.desk = console_answer,
		.chance = chance,
	};

	return engine_new(&settings, &g->engine, err);
}

static int store_exit_code(const struct err *err)
{
	return err->kind == ERR_CONFIG	? EX_CONFIG
	       : err->kind == ERR_LATER ? EX_TEMPFAIL
					: EX_IOERR;
}

static int open_store(const struct config *c, struct store **store, int *exit_code,
		      struct err *err)
{
	const struct store_settings settings = {
		.driver = STR("sqlite"),
		.path = c->store.path,
		.version = STR(KENTONGAN_VERSION),
		.key = c->store.key,
		.old_key = c->store.old_key,
	};

	if (store_open(&settings, store, err) == 0)
		return 0;
	*exit_code = store_exit_code(err);
	return -1;
}

static int start_parts(struct gateway *g, struct config *config, int *exit_code,
		       struct err *err)
{
	const struct httpc_settings carrier = {
		.body_ceiling_bytes = 1 << 20,
		.connect_ms = 10000,
		.total_ms = 30000,
		.connections = connections_of(config),
		.user_agent = "kentongan/" KENTONGAN_VERSION,
		.mail = true,
	};
	struct store *store;

	*exit_code = EX_OSERR;
	if (open_store(config, &store, exit_code, err)) {
		config_free(config);
		return -1;
	}
	g->mailbox = mailbox_new(NULL, NULL);
	if (!g->mailbox || httpc_start(&carrier, g->mailbox, &g->httpc, err)) {
		store_close(store);
		config_free(config);
		return g->mailbox ? -1 : err_set(err, ERR_LIMIT, "no memory");
	}
	if (start_engine(g, config, store, err)) {
		*exit_code = store_exit_code(err);
		return -1;
	}
	if (start_listeners(g, config, err)) {
		*exit_code = EX_UNAVAILABLE;
		return -1;
	}
	g->heartbeat_ms = clock_mono_ms();
	if (pthread_create(&g->thread, NULL, engine_main, g))
		return err_set(err, ERR_LIMIT, "cannot start the engine's thread");
	g->running = true;
	return 0;
}

int gateway_start(struct config *config, const char *file, struct gateway **out,
		  int *exit_code, struct err *err)
{
	struct gateway *g = calloc(1, sizeof(*g));

	*exit_code = EX_OSERR;
	sms_adapters_assert();
	if (!g || !(g->file = strdup(file))) {
		free(g);
		config_free(config);
		return err_set(err, ERR_LIMIT, "no memory");
	}
	g->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (g->event_fd < 0) {
		config_free(config);
		err_set(err, ERR_LIMIT, "eventfd: %s", strerror(errno));
	} else if (start_parts(g, config, exit_code, err) == 0) {
		*out = g;
		return 0;
	}
	gateway_finish(g);
	return -1;
}

/* ---- while it runs ---- */

int gateway_fd(const struct gateway *g)
{
	return g->event_fd;
}

const char *gateway_addresses(const struct gateway *g)
{
	return g->addresses;
}

int64_t gateway_silence_ms(const struct gateway *g)
{
	return clock_mono_ms() - atomic_load(&g->heartbeat_ms);
}

void gateway_reload(struct gateway *g)
{
	struct incoming *asker = atomic_exchange(&g->asker, NULL);
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *config = config_load(g->file, false, &faults);
	struct reloaded *r = malloc(sizeof(*r) + faults.text.n + 1);
	static const struct answer busy = { .status = 503 };

	if (!r) {
		if (asker)
			httpd_answer(asker, &busy);
		config_free(config);
	} else {
		*r = (struct reloaded){
			.letter = { .kind = LETTER_RELOADED },
			.config = config,
			.faults = { (const char *)(r + 1), faults.text.n },
			.asker = asker,
		};
		if (faults.text.n)
			memcpy(r + 1, faults.text.p, faults.text.n);
		mailbox_post(g->mailbox, &r->letter);
	}
	buf_free(&faults.text);
}

bool gateway_attend(struct gateway *g)
{
	uint64_t n;

	(void)!read(g->event_fd, &n, sizeof(n));
	if (atomic_load(&g->asker))
		gateway_reload(g);
	return atomic_load(&g->ended);
}

void gateway_stop(struct gateway *g)
{
	static struct letter stop = { .kind = LETTER_STOP };
	static _Atomic bool posted;

	if (!atomic_exchange(&posted, true))
		mailbox_post(g->mailbox, &stop);
}

int gateway_finish(struct gateway *g)
{
	struct incoming *asker;
	int code = 0;

	if (g->running)
		pthread_join(g->thread, NULL);
	if (g->engine)
		code = engine_exit_code(g->engine);
	for (int i = 0; i < LISTENERS; i++)
		if (g->httpd[i])
			httpd_close(g->httpd[i]);
	if (g->httpc)
		httpc_stop(g->httpc);
	asker = atomic_exchange(&g->asker, NULL);
	if (asker)
		httpd_answer(asker, &(struct answer){ .status = 503 });
	engine_free(g->engine);
	for (int i = 0; i < LISTENERS; i++)
		if (g->httpd[i])
			httpd_stop(g->httpd[i]);
	if (g->mailbox)
		mailbox_free(g->mailbox);
	if (g->event_fd >= 0)
		close(g->event_fd);
	free(g->file);
	free(g);
	return code;
}
