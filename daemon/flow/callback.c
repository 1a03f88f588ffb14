/* SPDX-License-Identifier: MIT */
/*
 * Providers that call us: POST or GET /PROVIDER/SECRET/WHAT, where WHAT is "in" for
 * messages and "report" for delivery reports. The secret path segment, the list of
 * addresses and the adapter's own check all have to agree. The answer goes out after the
 * commit.
 */
#include "flow/flow.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/log.h"

/* True when peer lies in "ADDRESS" or "ADDRESS/BITS". */
static bool in_network(struct str peer, struct str network, struct arena *arena)
{
	size_t slash = str_find_char(network, '/');
	struct str base = arena_str(arena, str_slice(network, 0, slash));
	struct str who = arena_str(arena, peer);
	unsigned char a[16], b[16];
	int family = str_find_char(network, ':') < network.n ? AF_INET6 : AF_INET;
	int64_t bits = family == AF_INET6 ? 128 : 32;

	if (!base.p || !who.p || inet_pton(family, base.p, a) != 1 ||
	    inet_pton(family, who.p, b) != 1)
		return false;
	if (slash < network.n &&
	    !str_to_int(str_slice(network, slash + 1, network.n), &bits))
		return false;
	for (int64_t k = 0; k < bits; k++)
		if ((a[k / 8] ^ b[k / 8]) & (0x80 >> (k % 8)))
			return false;
	return true;
}

static bool peer_allowed(const struct config_provider *c, const struct incoming *in)
{
	if (c->allow_from.n == 0)
		return true;
	for (size_t k = 0; k < c->allow_from.n; k++)
		if (in_network(in->request.peer, c->allow_from.items[k], in->arena))
			return true;
	return false;
}

/* Splits "/PROVIDER/SECRET/WHAT"; −1 when no provider of that name takes calls. */
static int callback_target(const struct engine *e, struct str path, struct str *secret,
			   struct str *what)
{
	struct str rest = str_slice(path, 1, path.n), id;

	if (!str_split(&rest, '/', &id) || !str_split(&rest, '/', secret) ||
	    !str_split(&rest, '/', what) || rest.p)
		return -1;
	for (size_t i = 0; i < e->config->n_providers; i++)
		if (str_eq(e->config->providers[i].id, id) &&
		    e->config->providers[i].path_secret.n)
			return (int)i;
	return -1;
}

static int refuse(struct engine *e, struct incoming *in, int status, const char *why)
{
	struct answer answer = { .status = status };

	answer.content_type = STR("text/plain; charset=utf-8");
	answer.body = arena_printf(in->arena, "%s\n", why);
	if (!answer.body.p)
		answer.body = STR("refused\n");
	effect_answer(e, in, &answer);
	return 0;
}

/* A call whose meaning the adapter could not find: kept, so that a human can look. */
static int keep_call(struct engine *e, size_t i, const struct incoming *in,
		     struct str what, const char *why, struct err *err)
{
	const struct raw raw = {
		.provider = e->config->providers[i].id,
		.source = what,
		.body = in->request.body,
		.state = STR("bad"),
		.why = str_of(why),
		.received_ms = e->wall_ms,
	};
	int64_t id;

	return store_raw_add(e->store, &raw, &id, err);
}

static int call_refused(struct engine *e, size_t i, struct incoming *in, struct str what,
			const struct err *why, struct err *err)
{
	e->stats.providers[i].callbacks_refused++;
	log_event(LOG_LEVEL_WARNING, "callback_refused",
		  LOG_S("provider", e->config->providers[i].id), LOG_S("what", what),
		  LOG_Z("why", why->text));
	if (why->kind == ERR_CONFIG)
		return refuse(e, in, 403, "forbidden");
	if (why->kind == ERR_LATER || why->kind == ERR_LIMIT)
		return refuse(e, in, 503, "busy, try again");
	if (keep_call(e, i, in, what, why->text, err))
		return -1;
	return refuse(e, in, 400, why->text);
}

static int call_take(struct engine *e, size_t i, struct incoming *in, struct str what,
		     struct err *err)
{
	const struct config_provider *c = &e->config->providers[i];
	struct sms_ctx ctx = provider_ctx(e, i, in->arena);
	struct answer answer = { .status = 200 };
	struct sms_page page = { 0 };
	struct err why = { .kind = ERR_NONE };
	unsigned fresh;

	if (c->adapter->pushed(&ctx, what, &in->request, &page, &answer, &why))
		return call_refused(e, i, in, what, &why, err);
	if (intake_page(e, i, &page, "push", &fresh, err))
		return -1;
	e->stats.providers[i].callbacks++;
	effect_answer(e, in, &answer);
	return 0;
}

int callback_called(struct engine *e, struct incoming *in, struct err *err)
{
	struct str secret, what;
	int i = callback_target(e, in->request.path, &secret, &what);

	if (effects_reserve(e, 1, err))
		return -1;
	if (i < 0)
		return refuse(e, in, 404, "no such callback");
	if (!crypto_equal(secret, e->config->providers[i].path_secret) ||
	    !peer_allowed(&e->config->providers[i], in)) {
		e->stats.providers[i].callbacks_refused++;
		return refuse(e, in, 404, "no such callback");
	}
	if (!(e->config->providers[i].caps & (SMS_PUSH | SMS_REPORT)))
		return refuse(e, in, 404, "no such callback");
	if (e->no_space || e->stopping)
		return refuse(e, in, 503, "busy, try again");
	return call_take(e, (size_t)i, in, what, err);
}
