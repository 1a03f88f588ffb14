/* SPDX-License-Identifier: MIT */
/*
 * Jumps of the wall clock. What waits stands in the store with wall times, for it has to
 * survive a start. When the wall clock jumps against the monotonic one (it was set, or
 * the machine slept), whatever still waits is moved by as much, so that no reply is out
 * of date or late by it, and no long text given up. Dates that people were told stay.
 *
 * A commit whose answer was lost may have moved them already: how far all jumps went
 * together is counted in the store, and compared.
 */
#include "base/log.h"
#include "flow/duty.h"
#include "store/api.h"
#include "store/open311.h"

enum {
	JUMP_LEAST_MS = 10000
}; /* less is the clock's being put right, and hurts nobody */

static const char counter[] = "clock_jumps";

int jump_start(struct engine *e, struct err *err)
{
	e->plan.ahead_ms = e->wall_ms - e->mono_ms;
	return store_count_add(e->store, counter, 0, 0, &e->plan.jumps_ms, err);
}

static void move_memory(struct engine *e, int64_t by_ms)
{
	if (e->plan.parts_due_ms != INT64_MAX)
		e->plan.parts_due_ms += by_ms;
	e->plan.daily_ms = 0;
	if (e->plan.duty_due_ms != INT64_MAX)
		e->plan.duty_due_ms += by_ms;
	if (e->mail.out_due_ms != INT64_MAX)
		e->mail.out_due_ms += by_ms;
	for (size_t i = 0; i < e->config->n_providers; i++)
		if (e->providers[i].claim_at_ms != INT64_MAX)
			e->providers[i].claim_at_ms += by_ms;
	for (size_t i = 0; i < e->ways.n; i++) {
		struct way *w = &e->ways.items[i];

		w->claim_at_ms += w->claim_at_ms != INT64_MAX ? by_ms : 0;
		w->watch_at_ms += w->watch_at_ms != INT64_MAX ? by_ms : 0;
		w->over_at_ms += w->over_at_ms != INT64_MAX ? by_ms : 0;
	}
}

int jump_look(struct engine *e, struct err *err)
{
	int64_t ahead = e->wall_ms - e->mono_ms, by = ahead - e->plan.ahead_ms;
	int64_t there, left;

	e->plan.ahead_ms = ahead;
	if (by < JUMP_LEAST_MS && by > -JUMP_LEAST_MS)
		return 0;
	if (store_count_add(e->store, counter, 0, 0, &there, err))
		return -1;
	left = by - (there - e->plan.jumps_ms);
	if (left && (store_waiting_move(e->store, left, err) ||
		     store_deliveries_move(e->store, left, err) ||
		     store_duty_move(e->store, left, err) ||
		     store_watches_move(e->store, left, err) ||
		     store_mails_move(e->store, left, err) ||
		     store_kept_move(e->store, left, err) ||
		     store_web_move(e->store, left,
				    e->wall_ms - by - e->config->open311.again_ms, err) ||
		     store_count_add(e->store, counter, 0, left, &there, err)))
		return -1;
	e->plan.jumps_ms = there;
	move_memory(e, by);
	log_event(LOG_LEVEL_NOTICE, "clock_jumped", LOG_I("by_ms", by));
	return 0;
}
