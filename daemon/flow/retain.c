/* SPDX-License-Identifier: MIT */
/*
 * Housekeeping of personal data: what has been kept long enough is wiped, once a day, a
 * few hundred rows at a time, when nothing else is to be done; what citizens want erased
 * (HAPUS) is wiped a day after it could be, whatever else goes on, which leaves two days
 * of the three that they are promised. What is wiped, and where it stands, is in
 * store/retain.h.
 *
 * That nothing waits is not enough: between two questions of callers who ask as soon as
 * they are answered nothing does, and a step with its commit holds up all of them. So a
 * step waits for a quiet moment, but not for ever.
 *
 * A wrong clock must not wipe years of complaints: a pass's idea of the time moves at
 * most thirty days from one pass to the next. Being late costs nothing that cannot be
 * made up for.
 */
#include "flow/flow.h"

#include "base/log.h"
#include "store/retain.h"

enum { HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS };

enum {
	LOOK = 1000, /* rows a step */
	WIPE = 100,
	STEP_MS = 250,
	QUIET_MS = 100,		/* since anything else was done */
	PUT_OFF_MS = 2000,	/* … but not for longer than that */
	PASS_MS = 20 * HOUR_MS, /* from one pass to the next */
	LOOK_AGAIN_MS = 60000,
	ERASE_STEP_MS = 250,
	ERASE_IDLE_MS = 5000,
	ERASE_TEXTS = 200,
	/* His answer has left by then, and a last word may come. */
	ERASE_AFTER_MS = DAY_MS,
	SCRUB_EVERY_MS = 60000,
};

static const int64_t stride_most_ms = 30 * INT64_C(86400000);

/* ---- HAPUS ---- */

static int erase_step(struct engine *e, void *arg, struct err *err)
{
	struct erased erased;

	(void)arg;
	if (store_erase_step(e->store, e->wall_ms, e->wall_ms - ERASE_AFTER_MS,
			     ERASE_TEXTS, &erased, err))
		return -1;
	e->plan.erase_at_ms =
		e->mono_ms + (erased.person_id ? ERASE_STEP_MS : ERASE_IDLE_MS);
	e->scrub |= erased.person_id != 0;
	if (erased.over)
		log_event(LOG_LEVEL_INFO, "erased", LOG_I("tickets", erased.tickets),
			  LOG_I("kept", erased.kept), LOG_I("number", erased.number));
	return 0;
}

/* ---- the day's pass ---- */

static int64_t before(int64_t clock_ms, int64_t period_ms)
{
	return period_ms ? clock_ms - period_ms : INT64_MIN;
}

static int pass_step(struct engine *e, int64_t clock_ms, struct err *err)
{
	const struct config_retention *c = &e->config->retention;
	const struct retention retention = {
		.now_ms = e->wall_ms,
		.before_ms = { [RETAIN_NUMBER] = before(clock_ms, c->number_ms),
			       [RETAIN_TEXT] = before(clock_ms, c->text_ms),
			       [RETAIN_INQUIRY] = before(clock_ms, c->inquiry_ms),
			       [RETAIN_SPAM] = before(clock_ms, c->spam_ms),
			       [RETAIN_DELIVERY] = before(clock_ms, c->delivery_ms) },
	};
	struct retained done = { 0 };
	bool over;

	if (store_retain_step(e->store, &retention, LOOK, WIPE, &done, &over, err))
		return -1;
	e->plan.passing = !over;
	e->scrub |= done.numbers + done.texts > 0;
	if (done.numbers + done.texts + done.rows)
		log_event(LOG_LEVEL_INFO, "retention", LOG_I("numbers", done.numbers),
			  LOG_I("texts", done.texts), LOG_I("rows", done.rows));
	return 0;
}

/* *clock_ms 0: it is not yet time for the next. */
static int pass_begin(struct engine *e, int64_t *clock_ms, struct err *err)
{
	int64_t was = *clock_ms;

	*clock_ms = 0;
	if (e->mono_ms < e->plan.pass_at_ms || (was && e->wall_ms < was + PASS_MS))
		return 0;
	*clock_ms = was && e->wall_ms > was + stride_most_ms ? was + stride_most_ms
							     : e->wall_ms;
	e->plan.pass_at_ms = e->mono_ms + PASS_MS;
	return store_retain_clock_set(e->store, *clock_ms, err);
}

static void pass_next(struct engine *e, int64_t in_ms)
{
	e->plan.retain_at_ms = e->mono_ms + in_ms;
	e->plan.retain_by_ms = e->plan.retain_at_ms + PUT_OFF_MS;
}

/* Something else is to be done. */
static void pass_put_off(struct engine *e)
{
	int64_t at = e->mono_ms + QUIET_MS;

	if (at > e->plan.retain_by_ms)
		at = e->plan.retain_by_ms;
	if (at > e->plan.retain_at_ms)
		e->plan.retain_at_ms = at;
}

static int pass_go(struct engine *e, void *arg, struct err *err)
{
	int64_t clock_ms;
	bool under_way;

	(void)arg;
	if (store_retain_clock(e->store, &clock_ms, &under_way, err) ||
	    (!under_way && pass_begin(e, &clock_ms, err)))
		return -1;
	pass_next(e, clock_ms ? STEP_MS : LOOK_AGAIN_MS);
	return clock_ms ? pass_step(e, clock_ms, err) : 0;
}

int retain_due(struct engine *e, unsigned works, struct err *err)
{
	bool failed = false;

	if (e->stopping)
		return 0;
	if (e->mono_ms >= e->plan.erase_at_ms &&
	    work_spare(e, erase_step, NULL, "erase_failed", &failed, err))
		return -1;
	if (failed)
		e->plan.erase_at_ms = e->mono_ms + LOOK_AGAIN_MS;
	if (works)
		pass_put_off(e);
	if (works || e->mono_ms < e->plan.retain_at_ms)
		return 0;
	if (work_spare(e, pass_go, NULL, "retention_failed", &failed, err))
		return -1;
	if (failed) {
		pass_next(e, LOOK_AGAIN_MS);
		e->plan.pass_at_ms = 0; /* one that began just now did not */
	}
	return 0;
}

/* ---- what was overwritten ---- */

void retain_scrub(struct engine *e, unsigned works)
{
	struct err err;
	bool done;

	if (!e->scrub || e->stopping ||
	    (!e->scrub_now && (works || e->mono_ms < e->scrub_at_ms)))
		return;
	e->scrub_at_ms = e->mono_ms + SCRUB_EVERY_MS;
	e->scrub_now = false;
	/* A store that is in doubt now says so in the next turn. */
	if (store_scrub(e->store, &done, &err))
		log_event(LOG_LEVEL_WARNING, "scrub_failed", LOG_Z("why", err.text));
	e->scrub = !done;
}

/* ---- for an operator ---- */

int engine_person_erase(struct engine *e, int64_t person_id, struct str who,
			struct erased *out, struct err *err)
{
	struct str actor = arena_printf(e->turn, "meja:%.*s", STR_ARG(who));

	if (!actor.p)
		return err_set(err, ERR_LIMIT, "no room for a name");
	e->scrub = e->scrub_now = true;
	return store_person_erase(e->store, person_id, e->wall_ms, actor, out, err);
}
