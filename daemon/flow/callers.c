/* SPDX-License-Identifier: MIT */
/*
 * Programs that ask over the API: how often each may, and those that wait for news. Who
 * waits is a letter that stays in the engine's hands; it is put back among the letters,
 * to be heard once more, when something has happened to a ticket (a few times a second,
 * not more), when its time is over, and at the end. Memory only, of a fixed size.
 */
#include "flow/flow.h"

#include "base/clock.h"

enum { WAKE_EVERY_MS = 200, MINUTE_MS = 60000 };

/* ---- how often ---- */

/* The caller's place; who has not been here for the longest time gives up his. */
static struct caller *caller_of(struct engine *e, int64_t token_id)
{
	struct caller *oldest = &e->callers.known[0];

	for (size_t i = 0; i < CALLERS_MOST; i++) {
		struct caller *c = &e->callers.known[i];

		if (c->token_id == token_id)
			return c;
		if (c->seen_ms < oldest->seen_ms)
			oldest = c;
	}
	oldest->token_id = token_id;
	oldest->bucket.rate = -1;
	return oldest;
}

bool engine_call_take(struct engine *e, int64_t token_id, struct call_rate *out)
{
	int64_t limit = e->config->listen.api_rate;
	double rate = (double)limit * 1000 / MINUTE_MS;
	struct caller *c;
	bool taken;

	*out = (struct call_rate){ .limit = limit, .window_s = MINUTE_MS / 1000 };
	if (limit == 0)
		return true;
	c = caller_of(e, token_id);
	if (c->bucket.rate < rate || c->bucket.rate > rate)
		bucket_init(&c->bucket, rate, (double)limit, e->mono_ms);
	c->seen_ms = e->mono_ms;
	taken = bucket_take(&c->bucket, 1, e->mono_ms) == 1;
	out->left = (int64_t)c->bucket.tokens;
	out->next_ms = bucket_next_ms(&c->bucket, e->mono_ms) - e->mono_ms;
	out->full_s = (int64_t)(((double)limit - c->bucket.tokens) / rate) + 1;
	return taken;
}

/* ---- waiting ---- */

static void put_back(struct engine *e, struct incoming *in)
{
	in->whole_mono_us = clock_mono_us(); /* he chose to wait until now */
	letter_carry(e, &in->letter);
}

/*
 * A program that gave up its connection and came again left a caller behind who waits for
 * nobody: the first of a token makes room for its newest, and no token takes all places.
 */
static void make_room(struct engine *e, int64_t token_id)
{
	struct callers *all = &e->callers;
	size_t first = all->n_waiting, n = 0;

	for (size_t i = all->n_waiting; i-- > 0;)
		if (all->waiting[i].token_id == token_id) {
			first = i;
			n++;
		}
	if (n == 0 || (n < WAITING_EACH && all->n_waiting < WAITING_MOST))
		return;
	all->waiting[first].in->wait_until_ms = e->mono_ms;
	put_back(e, all->waiting[first].in);
	all->n_waiting--;
	memmove(&all->waiting[first], &all->waiting[first + 1],
		(all->n_waiting - first) * sizeof(*all->waiting));
}

bool engine_wait(struct engine *e, struct incoming *in, int64_t token_id, int64_t wait_ms)
{
	struct callers *all = &e->callers;

	if (in->wait_until_ms == 0)
		in->wait_until_ms = e->mono_ms + wait_ms;
	if (e->stopping || in->wait_until_ms <= e->mono_ms)
		return false;
	make_room(e, token_id);
	if (all->n_waiting == WAITING_MOST)
		return false;
	all->waiting[all->n_waiting++] = (struct waiting){ in, token_id };
	return true;
}

void callers_news(struct engine *e)
{
	e->callers.news = true;
}

void callers_doubt(struct engine *e)
{
	for (size_t i = 0; i < e->callers.n_waiting; i++)
		e->callers.waiting[i].in->looked = 0;
}

static bool news_due(const struct engine *e)
{
	return e->callers.news && e->mono_ms >= e->callers.woken_ms + WAKE_EVERY_MS;
}

void callers_wake(struct engine *e, bool all)
{
	struct callers *c = &e->callers;
	size_t stay = 0;

	all = all || e->stopping || news_due(e);
	for (size_t i = 0; i < c->n_waiting; i++)
		if (all || c->waiting[i].in->wait_until_ms <= e->mono_ms)
			put_back(e, c->waiting[i].in);
		else
			c->waiting[stay++] = c->waiting[i];
	c->n_waiting = stay;
	if (all) {
		c->news = false;
		c->woken_ms = e->mono_ms;
	}
}

int64_t callers_next_ms(const struct engine *e)
{
	const struct callers *c = &e->callers;
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < c->n_waiting; i++)
		if (c->waiting[i].in->wait_until_ms < next)
			next = c->waiting[i].in->wait_until_ms;
	if (c->news && c->n_waiting && c->woken_ms + WAKE_EVERY_MS < next)
		next = c->woken_ms + WAKE_EVERY_MS;
	return next;
}

/* ---- counting ---- */

void caller_answer(struct engine *e, struct incoming *in, const struct answer *answer)
{
	int class = answer->status / 100 - 2;

	if (in->route > 0 && in->route < CALL_ROUTES) {
		struct call_stats *s = &e->callers.routes[in->route];

		s->ends[class >= 0 && class < CALL_CLASSES ? class : CALL_CLASSES - 1]++;
		histogram_add(&s->seconds, stats_seconds_bounds,
			      (double)(clock_mono_us() - in->whole_mono_us) / 1e6);
	}
	if (in->refusal > CALL_HEARD && in->refusal < CALL_REFUSALS)
		e->callers.refused[in->refusal]++;
	e->carrier.answer(e->carrier.self, in, answer);
}

const struct call_stats *engine_calls(const struct engine *e, int route)
{
	return &e->callers.routes[route];
}

uint64_t engine_calls_refused(const struct engine *e, enum call_refusal refusal)
{
	return e->callers.refused[refusal];
}

size_t engine_calls_waiting(const struct engine *e)
{
	return e->callers.n_waiting;
}

/* ---- what they do ---- */

struct work {
	const struct office_act *act;
	office_then *then;
	void *arg;
	struct office_result *out;
};

static int act_work(struct engine *e, void *arg, struct err *err)
{
	struct work *w = arg;

	if (office_act(e, w->act, w->out, err))
		return -1;
	return w->out->refusal == OFFICE_OK && w->then ? w->then(w->arg, w->out, err) : 0;
}

int engine_office_act(struct engine *e, const struct office_act *a, office_then *then,
		      void *arg, struct office_result *out, struct err *err)
{
	struct work work = { a, then, arg, out };
	bool failed;

	arena_reset(e->item);
	if (work_spare(e, act_work, &work, "api_act_failed", &failed, err))
		return -1;
	return failed ? err_set(err, ERR_BUG, "this cannot be done; see the log") : 0;
}
