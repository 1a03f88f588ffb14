/* SPDX-License-Identifier: MIT */
/*
 * Ways of departments at work: their state beside the configuration, found by department
 * and name. A way that fails is paused by itself: one delivery goes ahead to see whether
 * it is free again, with pauses that double from retry_first to retry_most. How many rows
 * wait is counted here and not in the store, where counting would cost with their number;
 * whenever a piece of work is taken back, they are counted anew.
 */
#include "flow/flow.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

enum {
	LANES_FROM = 1 << 16, /* beyond those of providers */
	MANY_FAILURES = 5,    /* in a row: it is the way that suffers */
};

/* ---- finding ---- */

const struct config_way *way_config(const struct engine *e, const struct way *w)
{
	return &e->config->departments[w->department].ways[w->at];
}

struct str way_department(const struct engine *e, const struct way *w)
{
	return e->config->departments[w->department].code;
}

struct way *ways_of(struct engine *e, size_t department, size_t *n)
{
	struct way *first = NULL;

	*n = e->config->departments[department].n_ways;
	for (size_t i = 0; i < e->ways.n && !first; i++)
		if (e->ways.items[i].department == department)
			first = &e->ways.items[i];
	return first;
}

struct way *way_by_mark(struct engine *e, struct str mark)
{
	for (size_t i = 0; i < e->ways.n; i++)
		if (str_eq(str_of(e->ways.items[i].mark), mark))
			return &e->ways.items[i];
	return NULL;
}

struct way *way_find(struct engine *e, struct str department, struct str name)
{
	char mark[WAY_MARK];

	snprintf(mark, sizeof(mark), "%.*s/%.*s", STR_ARG(department), STR_ARG(name));
	return way_by_mark(e, str_of(mark));
}

/* ---- when ---- */

int64_t way_due(const struct engine *e, const struct way *w, int64_t wall_ms)
{
	return way_config(e, w)->hours == WAY_OFFICE_HOURS
		       ? calendar_next_open(e->config->calendar, wall_ms)
		       : wall_ms;
}

void way_queued(struct way *w, int64_t due_ms)
{
	if (due_ms < w->claim_at_ms)
		w->claim_at_ms = due_ms;
}

int way_hurry(struct engine *e, struct way *w, struct err *err)
{
	int64_t due = way_due(e, w, e->wall_ms);

	w->pauses = 0;
	w->after_ms = 0;
	way_queued(w, due);
	return store_deliveries_hurry(e->store, way_department(e, w),
				      way_config(e, w)->name, due, err);
}

/* ---- setting up ---- */

/* A new one, or what one of the same name was in the midst of. */
static int way_init(struct engine *e, size_t department, size_t at, struct way *out,
		    char *words, struct err *err)
{
	const struct config_department *d = &e->config->departments[department];
	struct way *was = way_find(e, d->code, d->ways[at].name);
	struct str stopped;

	*out = was ? *was : (struct way){ .lane = LANES_FROM + e->ways.lanes++ };
	out->department = department;
	out->at = at;
	out->claim_at_ms = e->wall_ms;
	out->over_at_ms = e->wall_ms;
	out->watch_at_ms = e->wall_ms;
	snprintf(out->mark, sizeof(out->mark), "%.*s/%.*s", STR_ARG(d->code),
		 STR_ARG(d->ways[at].name));
	if (was)
		memcpy(words, e->ways.words[was - e->ways.items], WAY_WORDS);
	if (store_way_stopped(e->store, d->code, d->ways[at].name, e->turn, &stopped,
			      err))
		return -1;
	out->stopped = stopped.n != 0;
	if (stopped.n)
		snprintf(words, WAY_WORDS, "%.*s", STR_ARG(stopped));
	return 0;
}

static void ways_drop(struct ways *w)
{
	free(w->items);
	free(w->before);
	free(w->words);
}

static size_t configured(const struct config *c)
{
	size_t n = 0;

	for (size_t d = 0; d < c->n_departments; d++)
		n += c->departments[d].n_ways;
	return n;
}

static void counts_take(struct engine *e, const struct delivery_count *rows, size_t n)
{
	for (size_t i = 0; i < e->ways.n; i++)
		e->ways.items[i].open = e->ways.items[i].parked = 0;
	for (size_t i = 0; i < n; i++) {
		struct way *w = way_find(e, rows[i].department, rows[i].way);

		if (!w) {
			e->ways.strays |= rows[i].open > 0;
			continue;
		}
		w->open += rows[i].open;
		w->parked += rows[i].parked;
		w->claim_at_ms = e->wall_ms;
	}
	e->ways.doubt = false;
}

int ways_count(struct engine *e, struct err *err)
{
	struct delivery_count *rows;
	size_t n;

	if (store_delivery_counts(e->store, e->turn, &rows, &n, err))
		return -1;
	counts_take(e, rows, n);
	return 0;
}

static int fresh_fill(struct engine *e, struct ways *fresh, struct err *err)
{
	size_t n = 0;

	for (size_t d = 0; d < e->config->n_departments; d++)
		for (size_t i = 0; i < e->config->departments[d].n_ways; i++, n++)
			if (way_init(e, d, i, &fresh->items[n], fresh->words[n], err))
				return -1;
	fresh->lanes = e->ways.lanes;
	for (size_t i = 0; i < fresh->n; i++)
		if (fresh->items[i].failing && way_hurry(e, &fresh->items[i], err))
			return -1;
	return 0;
}

static unsigned in_flight_of(const struct ways *w)
{
	unsigned n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += w->items[i].in_flight;
	return n;
}

int ways_setup(struct engine *e, struct err *err)
{
	struct ways fresh = { .n = configured(e->config) };
	struct delivery_count *rows;
	size_t n;

	if (store_delivery_counts(e->store, e->turn, &rows, &n, err))
		return -1;
	fresh.items = calloc(fresh.n + 1, sizeof(*fresh.items));
	fresh.before = calloc(fresh.n + 1, sizeof(*fresh.before));
	fresh.words = calloc(fresh.n + 1, sizeof(*fresh.words));
	if (!fresh.items || !fresh.before || !fresh.words) {
		ways_drop(&fresh);
		return err_set(err, ERR_LIMIT, "no memory for the departments' ways");
	}
	if (fresh_fill(e, &fresh, err)) {
		ways_drop(&fresh);
		return -1;
	}
	fresh.gone = e->ways.gone + in_flight_of(&e->ways) - in_flight_of(&fresh);
	ways_drop(&e->ways);
	e->ways = fresh;
	counts_take(e, rows, n);
	ways_keep(e);
	e->plan.daily_ms = 0; /* others may be asked for now */
	return 0;
}

void ways_free(struct engine *e)
{
	ways_drop(&e->ways);
	e->ways = (struct ways){ .n = 0 };
}

void ways_keep(struct engine *e)
{
	e->ways.doubt_before = e->ways.doubt;
	e->ways.gone_before = e->ways.gone;
	if (e->ways.n)
		memcpy(e->ways.before, e->ways.items, e->ways.n * sizeof(struct way));
}

void ways_put_back(struct engine *e)
{
	e->ways.doubt = e->ways.doubt_before;
	e->ways.gone = e->ways.gone_before;
	if (e->ways.n)
		memcpy(e->ways.items, e->ways.before, e->ways.n * sizeof(struct way));
}

struct way *ways_copy(const struct engine *e, struct arena *arena)
{
	struct way *copy = ARENA_NEW(arena, struct way, e->ways.n + 1);

	if (copy && e->ways.n)
		memcpy(copy, e->ways.items, e->ways.n * sizeof(*copy));
	return copy;
}

void ways_paste(struct engine *e, const struct way *copy)
{
	if (e->ways.n)
		memcpy(e->ways.items, copy, e->ways.n * sizeof(*copy));
}

void ways_doubt(struct engine *e)
{
	e->ways.doubt = e->ways.n > 0;
	for (size_t i = 0; i < e->ways.n; i++)
		e->ways.items[i].compare = true;
}

/* ---- what goes through ---- */

bool way_fits(const struct engine *e, const struct way *w, const struct ticket *t,
	      enum forward_what what)
{
	const struct config_way *c = way_config(e, w);
	struct str kind = str_of(ticket_kind_code(t->life.kind));
	bool fits = c->kinds.n == 0;

	for (size_t i = 0; i < c->kinds.n; i++)
		fits = fits || str_eq(c->kinds.items[i], kind);
	if (c->by == WAY_FORWARDER && c->forwarder->new_only && what != FORWARD_NEW)
		return false;
	return fits && c->by != WAY_PRINT && (t->urgent || !c->urgent_only) &&
	       (c->news || what != FORWARD_NEWS);
}

bool way_repeats(const struct config_way *c)
{
	/* Mail again has the same Message-ID. */
	return c->by == WAY_SMS ||
	       (c->by == WAY_FORWARDER &&
		(c->forwarder->idempotent || c->forwarder->has_addresses));
}

bool way_reaches(const struct engine *e, const struct way *w, struct str target)
{
	const struct config_way *c = way_config(e, w);

	for (size_t i = 0; i < c->to.n; i++)
		if (str_eq(c->to.items[i], target))
			return true;
	return c->by != WAY_PRINT && c->to.n == 0 && target.n == 0;
}

/* ---- failing ---- */

void way_failed(struct engine *e, struct way *w, bool all, int64_t wait_ms,
		struct str why)
{
	const struct config_way *c = way_config(e, w);
	bool before = w->failing && e->mono_ms < w->after_ms;
	int64_t wait = 0;

	if (e->stopping)
		return;
	w->in_a_row++;
	if (!w->failing && !all && w->in_a_row < MANY_FAILURES)
		return;
	w->failing = true;
	if (!before)
		wait = backoff_ms(++w->pauses, c->retry_first_ms, c->retry_most_ms,
				  engine_chance(e));
	if (wait < wait_ms)
		wait = wait_ms;
	if (w->after_ms < e->mono_ms + wait)
		w->after_ms = e->mono_ms + wait;
	snprintf(e->ways.words[w - e->ways.items], WAY_WORDS, "%.*s", STR_ARG(why));
	if (!before && (w->pauses & (w->pauses - 1)) == 0)
		log_event(LOG_LEVEL_WARNING, "way_paused", LOG_Z("way", w->mark),
			  LOG_I("in_a_row", w->in_a_row), LOG_I("for_ms", wait),
			  LOG_I("waiting", w->open), LOG_S("why", why));
}

void way_well(struct engine *e, struct way *w)
{
	if (w->failing)
		log_event(LOG_LEVEL_NOTICE, "way_back", LOG_Z("way", w->mark),
			  LOG_I("after_failures", w->in_a_row));
	w->failing = false;
	w->in_a_row = w->pauses = 0;
	w->after_ms = 0;
	if (!w->stopped)
		e->ways.words[w - e->ways.items][0] = '\0';
}
