/* SPDX-License-Identifier: MIT */
/*
 * Letters: what each that reaches the engine leads to. Those from carriers and callers
 * are passed on to the file whose subject they are; a reload and the end are seen to
 * here.
 */
#include "flow/flow.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"

enum { STOP_GRACE_MS = 4000 };

void letter_free(struct letter *letter)
{
	if (letter->kind == LETTER_RELOADED) {
		struct reloaded *r = (struct reloaded *)letter;

		config_free(r->config);
		free(r);
	} else if (letter->kind != LETTER_STOP) {
		outgoing_free((struct outgoing *)letter);
	}
}

bool letter_is_incoming(int kind)
{
	return kind == LETTER_CALLBACK || kind == LETTER_ADMIN ||
	       kind == LETTER_CONTROL || kind == LETTER_API;
}

bool letter_is_outgoing(int kind)
{
	return kind == LETTER_FETCHED || kind == LETTER_SENT || kind == LETTER_SETTLED ||
	       kind == LETTER_DELIVERED || kind == LETTER_WATCHED || kind == LETTER_INBOX;
}

/* What a good reload has not done, or has left behind. */
static struct json *waiting_json(struct str_list waiting)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < waiting.n; i++)
		json_add(list, json_new_str(waiting.items[i]));
	return list;
}

static struct json *strays_json(const struct stats *s)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < STATS_STRAYS; i++) {
		struct json *o;

		if (stats_stray_open(&s->strays[i]) == 0)
			continue;
		o = json_new_object();
		json_set(o, "code", json_new_str(str_of(s->strays[i].code)));
		json_set(o, "open", json_new_int(stats_stray_open(&s->strays[i])));
		json_add(list, o);
	}
	return list;
}

static void log_left(const struct engine *e, struct str_list waiting)
{
	for (size_t i = 0; i < waiting.n; i++)
		log_event(LOG_LEVEL_WARNING, "setting_waits",
			  LOG_S("setting", waiting.items[i]),
			  LOG_Z("for", "the next start"));
	for (size_t i = 0; i < STATS_STRAYS; i++)
		if (stats_stray_open(&e->stats.strays[i]))
			log_event(LOG_LEVEL_WARNING, "department_missing",
				  LOG_Z("code", e->stats.strays[i].code),
				  LOG_I("open_tickets",
					stats_stray_open(&e->stats.strays[i])));
}

static void answer_asker(struct engine *e, struct incoming *asker, struct str faults,
			 struct str_list waiting)
{
	struct json *root = json_new_object();
	struct buf b = BUF_INIT(1 << 20);
	struct answer answer = { .status = faults.n ? 422 : 200,
				 .content_type = STR("application/json") };

	if (faults.n) {
		json_set(root, "error", json_new_str(faults));
	} else {
		json_set(root, "reloaded", json_new_bool(true));
		json_set(root, "waiting", waiting_json(waiting));
		json_set(root, "missing_departments", strays_json(&e->stats));
	}
	json_dump(root, &b);
	json_free(root);
	answer.body = buf_str(&b);
	e->carrier.answer(e->carrier.self, asker, &answer);
	buf_free(&b);
}

/* What is known of the providers, by their place in the config. */
struct known {
	struct provider providers[STATS_PROVIDERS];
	struct provider_words words[STATS_PROVIDERS];
	struct provider_stats stats[STATS_PROVIDERS];
};

static void known_get(const struct engine *e, struct known *k)
{
	memcpy(k->providers, e->providers, sizeof(k->providers));
	memcpy(k->words, e->words, sizeof(k->words));
	memcpy(k->stats, e->stats.providers, sizeof(k->stats));
}

static void known_put(struct engine *e, const struct known *k)
{
	memcpy(e->providers, k->providers, sizeof(k->providers));
	memcpy(e->words, k->words, sizeof(k->words));
	memcpy(e->stats.providers, k->stats, sizeof(k->stats));
}

/* from[i]: where the provider stood that is now i; −1: it is new. */
static void known_move(struct engine *e, const struct known *was, const int *from)
{
	memset(e->stats.providers, 0, sizeof(e->stats.providers));
	for (size_t i = 0; i < e->config->n_providers; i++) {
		struct bucket fresh = e->providers[i].bucket;

		if (from[i] < 0)
			continue;
		e->providers[i] = was->providers[from[i]];
		e->providers[i].bucket = fresh;
		e->providers[i].etag[0] = '\0'; /* perhaps of another URL's page */
		e->words[i] = was->words[from[i]];
		e->stats.providers[i] = was->stats[from[i]];
	}
}

/* Kept where a provider goes whose sends are under way, to know what their answers mean;
 * longer than any of them may take. */
static void config_leave(struct engine *e, struct config *old, const struct known *was)
{
	enum { LEFT_MS = 10 * 60000 };
	bool sends = false;

	for (size_t i = 0; i < old->n_providers && i < STATS_PROVIDERS; i++)
		sends |= was->providers[i].in_flight &&
			 provider_index(e, old->providers[i].id) < 0;
	if (!sends) {
		config_free(old);
		return;
	}
	config_free(e->left);
	e->left = old;
	e->left_until_ms = e->mono_ms + LEFT_MS;
}

/*
 * Providers keep their place by id; a new one starts fresh. The old config goes at once:
 * exchanges under way carry copies of what they need, but for those of a provider that
 * goes. A reload is the first letter of its
 * turn and the only one, so what is known here is what was before the turn: that is put
 * back if its commit fails, for the new config stays.
 */
static int reload_apply(struct engine *e, struct reloaded *r, struct err *err)
{
	struct known *was = r->config ? ARENA_NEW(e->turn, struct known, 1) : NULL;
	struct config *old = e->config;
	int from[STATS_PROVIDERS] = { 0 };

	if (!r->config)
		return 0;
	if (!was)
		return err_set(err, ERR_LIMIT, "no room for a reload");
	known_get(e, was);
	for (size_t i = 0; i < r->config->n_providers && i < STATS_PROVIDERS; i++)
		from[i] = provider_index(e, r->config->providers[i].id);
	e->config = r->config;
	memset(e->openings, 0, sizeof(e->openings)); /* they point into the old one */
	r->config = NULL;
	if (providers_setup(e, err)) {
		r->config = e->config;
		e->config = old;
		e->stats = e->stats_before;
		known_put(e, was);
		return -1;
	}
	known_move(e, was, from);
	memcpy(e->providers_before, e->providers, sizeof(e->providers));
	e->stats_before = e->stats;
	inbox_reloaded(e);
	config_leave(e, old, was);
	return 0;
}

static int reload_handle(struct engine *e, struct reloaded *r, struct err *err)
{
	struct str_list waiting = { .n = 0 };

	if (reload_apply(e, r, err))
		return -1;
	if (r->faults.n) {
		log_event(LOG_LEVEL_ERROR, "reload_refused", LOG_S("faults", r->faults));
	} else {
		waiting = config_fixed_changed(&e->fixed, e->config, e->turn);
		log_event(LOG_LEVEL_NOTICE, "reloaded",
			  LOG_I("providers", e->config->n_providers),
			  LOG_I("departments", e->config->n_departments));
		log_left(e, waiting);
	}
	if (r->asker)
		answer_asker(e, r->asker, r->faults, waiting);
	r->asker = NULL; /* the letter may be carried into another turn */
	return 0;
}

void engine_stop(struct engine *e)
{
	if (e->stopping)
		return;
	e->stopping = true;
	e->stop_by_ms = e->mono_ms + STOP_GRACE_MS;
	log_event(LOG_LEVEL_NOTICE, "stopping", LOG_I("in_hand", e->in_hand));
	e->carrier.drain(e->carrier.self);
	callers_wake(e, true);
}

/* *given: somebody else answers it, perhaps at this very moment. */
static int incoming_handle(struct engine *e, struct incoming *in, bool *given,
			   struct err *err)
{
	struct answer answer = { .status = 404 };

	if (in->letter.kind == LETTER_CALLBACK)
		return callback_called(e, in, err);
	if (effects_reserve(e, 1, err))
		return -1;
	if (!e->desk || e->desk(e, in, &answer))
		effect_answer(e, in, &answer);
	else
		*given = true;
	return 0;
}

static int outgoing_handle(struct engine *e, struct outgoing *out, struct err *err)
{
	int i = provider_index(e, out->provider);

	if (out->letter.kind == LETTER_SENT)
		return dispatch_sent(e, i < 0 ? SIZE_MAX : (size_t)i, out, err);
	if (out->letter.kind == LETTER_DELIVERED)
		return deliver_ended(e, out, err);
	if (out->letter.kind == LETTER_WATCHED)
		return watch_answered(e, out, err);
	if (mail_out_is(out))
		return mail_out_ended(e, out, err);
	if (out->letter.kind == LETTER_INBOX)
		return inbox_answered(e, out, err);
	if (i < 0)
		return 0;
	if (out->letter.kind == LETTER_FETCHED)
		return poll_fetched(e, (size_t)i, out, err);
	if (out->transport != TRANSPORT_DONE || out->response.status >= 300)
		log_event(LOG_LEVEL_WARNING, "settle_failed",
			  LOG_S("provider", out->provider),
			  LOG_Z("transport", transport_name(out->transport)),
			  LOG_I("status", out->response.status));
	return 0;
}

int letter_apply(struct engine *e, struct letter *letter, int kind, bool *given,
		 struct err *err)
{
	if (letter_is_incoming(kind))
		return incoming_handle(e, (struct incoming *)letter, given, err);
	if (letter_is_outgoing(kind))
		return outgoing_handle(e, (struct outgoing *)letter, err);
	if (kind == LETTER_RELOADED)
		return reload_handle(e, (struct reloaded *)letter, err);
	engine_stop(e);
	return 0;
}
