/* SPDX-License-Identifier: MIT */
/*
 * When no officer says that he has it: the next of the roster is texted, then the head of
 * the department, then the central desk, each after way.acknowledge. The time stands in
 * the store, so a restart forgets nothing; each wake does one step, a few deliveries a
 * turn. When the SMS itself is refused for good (his number is none any more), nobody is
 * waited for: the next is called at once, also where no answer is asked for. Whoever has
 * it by then, or whose ticket it is no longer, ends it.
 */
#include "base/log.h"
#include "flow/duty.h"

enum { AT_ONCE = 20, PUT_OFF_MS = 3600000, DAY_MS = 86400000 };

struct silence_of { /* a delivery that nobody has answered */
	const struct delivery *d;
	const struct ticket *t;
	int64_t *called; /* persons */
	size_t n_called;
};

static int was_called(struct engine *e, const struct silence_of *s,
		      const struct config_officer *o, bool *called, struct err *err)
{
	struct person p;

	*called = false;
	if (store_person_find(e->store, o->phone, &p, called, err))
		return -1;
	if (!*called)
		return 0;
	*called = false;
	for (size_t i = 0; i < s->n_called; i++)
		*called = *called || s->called[i] == p.id;
	return 0;
}

/* Of that rank, the one not called yet whose duty is now or begins first. */
static int next_of(struct engine *e, const struct silence_of *s, enum life_level level,
		   const struct config_officer **out, struct err *err)
{
	*out = NULL;
	for (size_t i = 0; i < e->config->n_officers; i++) {
		const struct config_officer *o = &e->config->officers[i];
		bool called;

		if (!duty_is(e, o, s->d->department, level))
			continue;
		if (was_called(e, s, o, &called, err))
			return -1;
		if (!called && (!*out || duty_next_ms(e, o) < duty_next_ms(e, *out)))
			*out = o;
	}
	return 0;
}

static int silent(struct engine *e, const struct silence_of *s, struct err *err)
{
	struct officer_call call = { .desk = true };

	ticket_call_as(e, s->t, REPLY_PET_PIKET_MEJA, &call);
	log_event(LOG_LEVEL_WARNING, "duty_silent", LOG_I("ticket", s->t->no),
		  LOG_S("department", s->d->department));
	return news_officers(e, s->t, &call, err) ||
			       store_duty_ack(e->store, s->d->id, DUTY_SILENT, err)
		       ? -1
		       : 0;
}

/*
 * The next liaison: of an urgent ticket now, on duty or not. What can wait waits for his
 * duty, but a day at most; else the head hears of it.
 */
static int next_step(struct engine *e, const struct silence_of *s, struct err *err)
{
	const struct config_officer *o;
	enum reply_key key = REPLY_PET_PIKET_LANJUT;
	int64_t at = 0, told = 0;

	if (next_of(e, s, LIFE_LEVEL_OFFICER, &o, err))
		return -1;
	if (o && !s->t->urgent)
		at = duty_next_ms(e, o);
	if (!o || at > e->wall_ms + DAY_MS) {
		key = REPLY_PET_PIKET_KEPALA;
		at = 0;
		if (next_of(e, s, LIFE_LEVEL_HEAD, &o, err))
			return -1;
	}
	if (!o)
		return silent(e, s, err);
	if (duty_tell(e, s->d, s->t, o, key, at, &told, err))
		return -1;
	return told ? store_duty_ack(e->store, s->d->id, duty_until(e, s->d, told), err)
		    : silent(e, s, err);
}

/* Nobody needs to answer any more. */
static bool is_over(const struct delivery *d, const struct ticket *t)
{
	enum ticket_state s = t->life.state;

	return !forward_has(t, d->department) || s == TICKET_SELESAI ||
	       s == TICKET_DITUTUP;
}

/* unheard: whether or not an answer was waited for. */
static int step_of(struct engine *e, int64_t id, bool unheard, struct err *err)
{
	struct silence_of s = { .called = NULL };
	struct delivery d;
	struct ticket t;

	arena_reset(e->item);
	if (store_delivery_get(e->store, id, e->item, &d, err) ||
	    store_ticket_get(e->store, d.ticket_id, e->item, &t, err))
		return -1;
	if (is_over(&d, &t) || (!unheard && duty_until(e, &d, e->wall_ms) == 0))
		return store_duty_answered(e->store, t.id, err);
	s.d = &d;
	s.t = &t;
	if (store_duty_calls(e->store, d.id, e->item, &s.called, &s.n_called, err))
		return -1;
	return next_step(e, &s, err);
}

static int due_one(struct engine *e, void *id, struct err *err)
{
	return step_of(e, *(int64_t *)id, false, err);
}

static int unheard_one(struct engine *e, void *id, struct err *err)
{
	return step_of(e, *(int64_t *)id, true, err);
}

int duty_unheard(struct engine *e, int64_t message_id, struct err *err)
{
	int64_t id;
	bool failed;

	if (store_duty_unheard(e->store, message_id, &id, err))
		return -1;
	if (!id)
		return 0;
	if (work_spare(e, unheard_one, &id, "duty_failed", &failed, err))
		return -1;
	e->plan.duty_due_ms = 0; /* perhaps another waits now */
	return 0;
}

int duty_start(struct engine *e, struct err *err)
{
	return store_duty_next(e->store, &e->plan.duty_due_ms, err);
}

int duty_due(struct engine *e, unsigned *works, struct err *err)
{
	int64_t *ids;
	bool failed;
	size_t n;

	if (e->wall_ms < e->plan.duty_due_ms || e->stopping)
		return 0;
	if (store_duty_due(e->store, e->wall_ms, AT_ONCE, e->turn, &ids, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++, ++*works) {
		if (work_spare(e, due_one, &ids[i], "duty_failed", &failed, err))
			return -1;
		if (failed &&
		    store_duty_ack(e->store, ids[i], e->wall_ms + PUT_OFF_MS, err))
			return -1;
	}
	return store_duty_next(e->store, &e->plan.duty_due_ms, err);
}
