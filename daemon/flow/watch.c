/* SPDX-License-Identifier: MIT */
/*
 * How our tickets stand in departments' own systems, where those can be asked (Open311):
 * every so often a few of a way's open requests, the longest waiting first, in one
 * question. What has changed there since it was seen last is an act of the department,
 * under the same rules as its officers' texts: closed is "done" with its words, other
 * words on an open one are progress.
 *
 * What was seen is a row, so a restart tells nothing twice; a question that cannot be
 * asked moves nothing, and is asked again after the same pause. Where the server had it
 * and did not answer well, each id is asked about by itself, and whichever is to blame
 * waits for its next turn: one that it cannot bear holds up no other. One question of a
 * way at a time.
 */
#include "flow/flow.h"
#include "store/open311.h"

#include "base/log.h"

enum { AGAIN_MS = 1000, FAILED_MOST = 5, MOST = 50, ROOM = 4 << 20, CEILING = 1 << 20 };

/* What a question is about; in its arena. */
struct watch_asked {
	struct watch *watches;
	struct str *ids;
	size_t n;
	bool tokens;
};

int64_t watch_every_ms(const struct engine *e, const struct way *w)
{
	const struct config_way *c = way_config(e, w);

	return c->by == WAY_FORWARDER && c->forwarder->watch
		       ? c->forwarder->watch_every_ms(c->settings)
		       : 0;
}

/* ---- asking ---- */

int watch_begin(struct engine *e, struct way *w, int64_t delivery_id,
		struct str external_id, bool token, struct err *err)
{
	const struct config_way *c = way_config(e, w);
	int64_t due = e->wall_ms + watch_every_ms(e, w);

	if (c->by != WAY_FORWARDER || !c->forwarder->watch || external_id.n == 0)
		return 0;
	if (due < w->watch_at_ms)
		w->watch_at_ms = due;
	return store_watch_add(e->store, delivery_id, way_department(e, w), c->name,
			       external_id, token, due, err);
}

static struct outgoing *question_new(const struct engine *e, const struct way *w)
{
	const struct config_way *c = way_config(e, w);
	struct outgoing *out = outgoing_new(ROOM);

	if (!out)
		return NULL;
	out->letter.kind = LETTER_WATCHED;
	out->lane = w->lane;
	out->lane_width = (unsigned)c->in_flight;
	out->connect_ms = c->connect_ms;
	out->total_ms = c->timeout_ms;
	out->provider = arena_str(out->arena, str_of(w->mark));
	out->ca_file = arena_str(out->arena, c->ca_file);
	return out;
}

static int due_of(struct engine *e, struct way *w, struct arena *arena,
		  struct watch_asked *a, struct err *err)
{
	struct str department = way_department(e, w), name = way_config(e, w)->name;

	a->tokens = true;
	if (store_watches_due(e->store, department, name, true, e->wall_ms, 1, arena,
			      &a->watches, &a->n, err))
		return -1;
	if (a->n)
		return 0;
	a->tokens = false;
	return store_watches_due(e->store, department, name, false, e->wall_ms,
				 w->watch_alone ? 1 : MOST, arena, &a->watches, &a->n,
				 err);
}

static int describe(struct engine *e, struct way *w, struct outgoing *out,
		    struct watch_asked *a, struct err *err)
{
	struct forward_ctx ctx = forward_ctx_of(e, w, out->arena);

	a->ids = ARENA_NEW(out->arena, struct str, a->n + 1);
	if (!a->ids)
		return err_set(err, ERR_LIMIT, "no room for a question");
	for (size_t i = 0; i < a->n; i++)
		a->ids[i] = a->watches[i].external_id;
	if (way_config(e, w)->forwarder->watch(&ctx, a->ids, a->n, a->tokens,
					       &out->exchange, &a->n, err))
		return -1;
	if (!out->exchange.ceiling_bytes)
		out->exchange.ceiling_bytes = CEILING;
	out->told = a;
	return exchange_own(&out->exchange, out->arena, err);
}

static int ask(struct engine *e, struct way *w, struct err *err)
{
	struct outgoing *out = question_new(e, w);
	struct watch_asked *a = out ? ARENA_NEW(out->arena, struct watch_asked, 1) : NULL;
	struct err why;

	w->watch_at_ms = e->wall_ms + watch_every_ms(e, w);
	if (!a || effects_reserve(e, 1, &why)) {
		outgoing_free(out);
		return 0;
	}
	if (due_of(e, w, out->arena, a, err)) {
		outgoing_free(out);
		return -1;
	}
	if (a->n == 0) {
		outgoing_free(out);
		return store_watch_next(e->store, way_department(e, w),
					way_config(e, w)->name, &w->watch_at_ms, err);
	}
	w->watch_alone -= w->watch_alone > 0 && !a->tokens;
	if (describe(e, w, out, a, &why)) {
		log_event(LOG_LEVEL_WARNING, "watch_failed", LOG_Z("way", w->mark),
			  LOG_Z("why", why.text));
		outgoing_free(out);
		return 0;
	}
	w->watching = true;
	effect_post(e, out);
	return 0;
}

static bool may_ask(const struct engine *e, const struct way *w)
{
	return !w->watching && !w->stopped && watch_every_ms(e, w) > 0;
}

int watches_due(struct engine *e, struct err *err)
{
	for (size_t i = 0; i < e->ways.n; i++) {
		struct way *w = &e->ways.items[i];

		if (may_ask(e, w) && w->watch_at_ms <= e->wall_ms &&
		    w->after_ms <= e->mono_ms && ask(e, w, err))
			return -1;
	}
	return 0;
}

int64_t watch_next_ms(const struct engine *e)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < e->ways.n; i++) {
		const struct way *w = &e->ways.items[i];
		int64_t at = w->watch_at_ms;

		if (!may_ask(e, w) || at == INT64_MAX)
			continue;
		at += e->mono_ms - e->wall_ms;
		if (at < w->after_ms)
			at = w->after_ms;
		next = at < next ? at : next;
	}
	return next;
}

/* ---- the answer ---- */

static bool seen_before(const struct watch *w, const struct digest *d)
{
	return w->digest && (w->digest == d->now || w->digest == d->before);
}

/* What a change there means here; LIFE_EVENT_COUNT: nothing. */
static enum life_event event_of(const struct watch *was, const struct forward_sight *now,
				bool same_words)
{
	if (now->closed)
		return was->closed ? LIFE_EVENT_COUNT : LIFE_DONE;
	return now->words.n && !same_words ? LIFE_PROGRESS : LIFE_EVENT_COUNT;
}

static int act(struct engine *e, const struct way *w, const struct watch *was,
	       enum life_event event, struct str words, struct err *err)
{
	const struct office_act act = {
		.department = (int)w->department,
		.by = STR("open311"),
		.no = was->ticket_no,
		.event = event,
		.words = words.n ? words : STR("Selesai."),
		.to = -1,
	};
	struct office_result result;

	if (office_act(e, &act, &result, err))
		return -1;
	log_event(LOG_LEVEL_INFO, "watched", LOG_Z("way", w->mark),
		  LOG_I("no", was->ticket_no),
		  LOG_Z("event", lifecycle_event_name(event)),
		  LOG_Z("result", office_refusal_name(result.refusal)));
	return 0;
}

/* Asked about again? Not what is at its end here, or another's now. */
static int goes_on(struct engine *e, const struct way *w, const struct watch *was,
		   bool *out, struct err *err)
{
	struct ticket t;

	if (store_ticket_by_no(e->store, was->ticket_no, e->item, &t, err))
		return -1;
	*out = ticket_state_open(t.life.state) && forward_has(&t, way_department(e, w));
	return 0;
}

static int seen(struct engine *e, struct way *w, const struct watch *was,
		const struct forward_sight *now, struct err *err)
{
	int64_t due = e->wall_ms + watch_every_ms(e, w);
	struct watch is = *was;
	struct digest digest = store_digest(e->store, now ? now->words : STR(""));
	enum life_event event = LIFE_EVENT_COUNT;
	bool more;

	arena_reset(e->item);
	if (now && now->moved_to.n)
		return store_watch_moved(e->store, was->delivery_id, now->moved_to,
					 e->wall_ms, err);
	if (now) {
		event = event_of(was, now, seen_before(was, &digest));
		is.closed = now->closed;
		is.digest = now->words.n ? digest.now : was->digest;
	}
	if (goes_on(e, w, was, &more, err) ||
	    (more && event != LIFE_EVENT_COUNT && act(e, w, was, event, now->words, err)))
		return -1;
	return store_watch_seen(e->store, &is, more ? due : 0, err);
}

static const struct forward_sight *sight_of(const struct forward_sight *all, size_t n,
					    struct str id)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].external_id, id))
			return &all[i];
	return NULL;
}

/* One that cannot be done (a value that does not open) must not hold up the others. */
struct sighted {
	struct way *way;
	const struct watch *was;
	const struct forward_sight *now;
};

static int seen_one(struct engine *e, void *arg, struct err *err)
{
	const struct sighted *s = arg;

	return seen(e, s->way, s->was, s->now, err);
}

static int all_seen(struct engine *e, struct way *w, const struct watch_asked *a,
		    const struct forward_sight *all, size_t n, struct err *err)
{
	for (size_t i = 0; i < a->n; i++) {
		struct sighted one = { w, &a->watches[i], sight_of(all, n, a->ids[i]) };
		bool failed;

		if (work_spare(e, seen_one, &one, "watch_failed", &failed, err))
			return -1;
		if (failed && store_watch_seen(e->store, one.was,
					       e->wall_ms + watch_every_ms(e, w), err))
			return -1;
	}
	return 0;
}

/* Several are asked about one by one, at once; one alone when its turn comes again. When
 * several such fail it is the server that suffers: it is asked no faster than always. */
static int not_borne(struct engine *e, struct way *w, const struct watch_asked *a,
		     struct err *err)
{
	if (++w->watch_failed < FAILED_MOST)
		w->watch_at_ms = e->wall_ms + AGAIN_MS;
	if (a->n > 1)
		w->watch_alone = a->n;
	return a->n > 1 ? 0
			: store_watch_seen(e->store, &a->watches[0],
					   e->wall_ms + watch_every_ms(e, w), err);
}

/* Why there is nothing to be read from it; *had: though the server had it, and it
 * concerns no more than what was asked. */
static bool is_unread(const struct engine *e, const struct way *w, struct outgoing *out,
		      struct forward_sight **all, size_t *n, bool *had, struct err *why)
{
	const struct watch_asked *a = out->told;
	struct forward_ctx ctx = forward_ctx_of(e, w, out->arena);

	*had = false;
	if (out->transport != TRANSPORT_DONE) {
		*had = out->transport == TRANSPORT_TOO_BIG;
		err_set(why, ERR_LATER, "%.*s", STR_ARG(out->trouble));
		return true;
	}
	if (way_config(e, w)->forwarder->watched(&ctx, a->ids, a->n, a->tokens,
						 &out->response, all, n, why) == 0)
		return false;
	*had = why->kind != ERR_CONFIG;
	return true;
}

int watch_answered(struct engine *e, struct outgoing *out, struct err *err)
{
	struct way *w = way_by_mark(e, out->provider);
	const struct watch_asked *a = out->told;
	struct forward_sight *all = NULL;
	size_t n = 0;
	struct err why;
	bool had;

	if (!w || !watch_every_ms(e, w))
		return 0;
	w->watching = false;
	if (is_unread(e, w, out, &all, &n, &had, &why)) {
		log_event(LOG_LEVEL_WARNING, "watch_failed", LOG_Z("way", w->mark),
			  LOG_Z("why", why.text));
		w->watches[out->transport == TRANSPORT_DONE ? WATCH_UNREADABLE
							    : WATCH_FAILED]++;
		return had ? not_borne(e, w, a, err) : 0;
	}
	w->watches[WATCH_GOOD]++;
	w->watched_ms = e->wall_ms;
	w->watch_failed = 0;
	w->watch_at_ms = e->wall_ms; /* perhaps more are due */
	return all_seen(e, w, a, all, n, err);
}

void watch_dropped(struct engine *e, const struct outgoing *out)
{
	struct way *w = way_by_mark(e, out->provider);

	if (w)
		w->watching = false;
}
