/* SPDX-License-Identifier: MIT */
/* What operators see of the departments' ways, and what they do with deliveries. */
#include "flow/duty.h"
#include "flow/queue.h"

#include "base/log.h"

enum { PARKED_MOST = 1000, PAGES_MOST = 20 };

size_t engine_ways(const struct engine *e)
{
	return e->ways.n;
}

struct way_view engine_way(struct engine *e, size_t i)
{
	const struct way *w = &e->ways.items[i];
	int64_t since, made = INT64_MAX;
	struct err err;

	if (w->open == 0 || e->store_lost ||
	    store_delivery_oldest(e->store, way_department(e, w), way_config(e, w)->name,
				  &since, &made, &err))
		made = INT64_MAX;
	return (struct way_view){
		.department = &e->config->departments[w->department],
		.config = way_config(e, w),
		.stopped = w->stopped,
		.failing = w->failing,
		.queued = w->open > w->in_flight ? w->open - w->in_flight : 0,
		.parked = w->parked,
		.in_flight = w->in_flight,
		.failures = w->in_a_row,
		.paused_for_ms = w->after_ms > e->mono_ms ? w->after_ms - e->mono_ms : 0,
		.oldest_ms = made == INT64_MAX ? 0 : made,
		.trouble = e->ways.words[i],
		.ends = w->ends,
		.watches = watch_every_ms(e, w) > 0,
		.watched_ms = w->watched_ms,
		.watch_ends = w->watches,
	};
}

/* ---- deliveries ---- */

static int retry(struct engine *e, struct way *w, const struct delivery *d,
		 struct err *err)
{
	bool found;

	if (store_delivery_retry(e->store, d->id, e->wall_ms, &found, err))
		return -1;
	if (found) {
		w->parked -= w->parked > 0;
		w->open++;
		way_queued(w, e->wall_ms);
	}
	return 0;
}

static int drop(struct engine *e, struct way *w, const struct delivery *d,
		struct err *err)
{
	bool parked = str_eq(d->state, STR("parked"));

	if (w) {
		int64_t *count = parked ? &w->parked : &w->open;

		*count -= *count > 0;
		w->ends[DELIVERY_DROPPED]++;
		way_queued(w, e->wall_ms); /* what waited behind it */
	}
	return store_delivery_end(e->store, d->id, "dropped", STR(""),
				  STR("dropped by an operator"), e->wall_ms, err);
}

static const char *unfit(const struct way *w, const struct delivery *d,
			 enum queue_act act)
{
	bool parked = str_eq(d->state, STR("parked")),
	     queued = str_eq(d->state, STR("queued"));

	if (str_eq(d->state, STR("sending")))
		return "it is on its way just now; try again in a moment";
	if (!w && act != QUEUE_DROP)
		return "its way is not in the configuration any more";
	if (act == QUEUE_RETRY && w && w->stopped)
		return "its way is stopped: kentongan deliver resume DEPT WAY";
	if (act == QUEUE_RETRY && !parked)
		return "it is not parked";
	if (act == QUEUE_PARK && !queued)
		return "it does not wait";
	return parked || queued ? NULL : "it has ended";
}

int engine_delivery_act(struct engine *e, int64_t id, enum queue_act act,
			const char **refusal, struct err *err)
{
	struct delivery d;
	struct way *w;

	arena_reset(e->item);
	if (store_delivery_get(e->store, id, e->item, &d, err))
		return -1;
	w = way_find(e, d.department, d.way);
	*refusal = unfit(w, &d, act);
	if (*refusal)
		return 0;
	if (act == QUEUE_RETRY)
		return retry(e, w, &d, err);
	return act == QUEUE_DROP ? drop(e, w, &d, err)
				 : forward_park(e, w, &d, PARK_OPERATOR, STR(""), err);
}

/* A page of them, from behind *after, which moves on; *left: there may be more. */
static int parked_page(struct engine *e, struct str department, enum queue_act act,
		       int64_t *after, int64_t *n, bool *left, struct err *err)
{
	struct delivery *rows;
	size_t n_rows;

	if (store_deliveries_parked(e->store, department, *after, PARKED_MOST, e->turn,
				    &rows, &n_rows, err))
		return -1;
	*left = n_rows == PARKED_MOST;
	for (size_t i = 0; i < n_rows; i++) {
		struct way *w = way_find(e, rows[i].department, rows[i].way);

		*after = rows[i].id;
		if (unfit(w, &rows[i], act))
			continue;
		if (act == QUEUE_RETRY ? retry(e, w, &rows[i], err)
				       : drop(e, w, &rows[i], err))
			return -1;
		++*n;
	}
	return 0;
}

/* At most a page's worth is done at once; what does not fit it is passed over. */
int engine_parked_act(struct engine *e, struct str department, enum queue_act act,
		      int64_t *n, struct err *err)
{
	int64_t after = 0;
	bool left = true;

	*n = 0;
	for (int page = 0; page < PAGES_MOST && left && *n < PARKED_MOST; page++)
		if (parked_page(e, department, act, &after, n, &left, err))
			return -1;
	return 0;
}

/* ---- ways ---- */

static int test_add(struct engine *e, struct way *w, struct str target, struct err *err)
{
	struct delivery d = {
		.department = way_department(e, w),
		.way = way_config(e, w)->name,
		.target = target,
		.what = str_of(forward_what_name(FORWARD_TEST)),
		.event = STR(""),
		.state = STR("queued"),
		.urgent = true,
		.reason = STR(""),
		.due_ms = e->wall_ms,
		.created_ms = e->wall_ms,
	};

	w->open++;
	way_queued(w, e->wall_ms);
	return store_delivery_add(e->store, &d, &d.id, err);
}

/* As the configuration has it; p NULL: it is no telephone. */
static struct str phone_of(struct engine *e, struct str written)
{
	struct str phone;

	return sender_normalise(written, e->config->gateway.country_code, e->item,
				&phone) == SENDER_MOBILE
		       ? phone
		       : str_from(NULL, 0);
}

int engine_way_test(struct engine *e, struct str department, struct str way,
		    struct str phone, int64_t *n, const char **refusal, struct err *err)
{
	struct way *w = way_find(e, department, way);
	const struct config_way *c;

	*n = 0;
	*refusal = "there is no such way";
	if (!w)
		return 0;
	c = way_config(e, w);
	*refusal = c->by == WAY_PRINT ? "only mail, software and SMS can be tested"
		   : w->stopped	      ? "it is stopped: kentongan deliver resume"
		   : w->open >= c->queue_most	 ? "its queue is full"
		   : phone.n && c->by != WAY_SMS ? "--to is for ways by SMS"
						 : NULL;
	if (*refusal)
		return 0;
	arena_reset(e->item);
	if (c->by == WAY_SMS) {
		struct str to = phone.n ? phone_of(e, phone) : STR("");

		*refusal = to.p ? NULL : "that is no mobile number";
		return to.p ? duty_test(e, w, to, n, refusal, err) : 0;
	}
	for (size_t i = 0; i < c->to.n; i++, ++*n)
		if (test_add(e, w, c->to.items[i], err))
			return -1;
	if (c->to.n)
		return 0;
	*n = 1;
	return test_add(e, w, STR(""), err);
}

int engine_way_resume(struct engine *e, struct str department, struct str way,
		      const char **refusal, struct err *err)
{
	struct way *w = way_find(e, department, way);

	*refusal = w ? NULL : "there is no such way";
	if (!w)
		return 0;
	if (store_way_stop(e->store, department, way, STR(""), e->wall_ms, err))
		return -1;
	w->stopped = w->failing = false;
	w->in_a_row = 0;
	e->ways.words[w - e->ways.items][0] = '\0';
	return way_hurry(e, w, err);
}
