/* SPDX-License-Identifier: MIT */
/*
 * What falls due: reminders, missed deadlines, questions without an answer, silence after
 * "Sudah beres?". Tickets stand in the store by the time of their next due thing, so a
 * restart forgets nothing; after a long stop the newest step of each is done and no other
 * (model/clocks.h), a few tickets a turn, so that texts are never kept waiting.
 */
#include "flow/flow.h"

#include "base/log.h"

enum { AT_ONCE = 20, PUT_OFF_MS = 3600000 };

static int due_do(struct engine *e, struct ticket *t, struct err *err)
{
	struct deed deed = { .actor = STR("gateway"), .department = -1 };
	enum life_refusal refusal;
	struct due due;

	clocks_mend(&t->clocks, e->wall_ms);
	if (!clocks_next(ticket_rules(e, t), e->config->calendar, &t->life, &t->clocks,
			 e->wall_ms, &due)) {
		t->due_ms = 0;
		return store_ticket_save(e->store, t, err);
	}
	if (due.act_ms > e->wall_ms) { /* the rules or the calendar have changed */
		t->due_ms = due.act_ms;
		return store_ticket_save(e->store, t, err);
	}
	clocks_take(&t->clocks, &due, e->wall_ms);
	deed.act = due.act;
	deed.note = str_of(clocks_due_name(due.kind));
	deed.deadline_ms = due.deadline_ms;
	if (ticket_do(e, t, &deed, &refusal, err))
		return -1;
	if (refusal == LIFE_OK)
		return 0;
	log_event(LOG_LEVEL_ERROR, "due_refused", LOG_I("no", t->no),
		  LOG_Z("due", clocks_due_name(due.kind)),
		  LOG_Z("why", lifecycle_refusal_name(refusal)));
	ticket_clocks(e, t);
	return store_ticket_save(e->store, t, err);
}

static int due_one(struct engine *e, void *id, struct err *err)
{
	struct ticket t;

	arena_reset(e->item);
	return store_ticket_get(e->store, *(int64_t *)id, e->item, &t, err) ||
			       due_do(e, &t, err)
		       ? -1
		       : 0;
}

/* One that fails by itself is put off and told to a human; the others go on. */
int deadlines_due(struct engine *e, unsigned *works, struct err *err)
{
	int64_t *ids;
	bool failed;
	size_t n;

	if (e->wall_ms < e->plan.due_ms || e->stopping)
		return 0;
	if (store_due_ids(e->store, e->wall_ms, AT_ONCE, e->turn, &ids, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++, ++*works) {
		if (work_spare(e, due_one, &ids[i], "due_failed", &failed, err))
			return -1;
		if (failed &&
		    store_ticket_put_off(e->store, ids[i], e->wall_ms + PUT_OFF_MS, err))
			return -1;
	}
	return store_ticket_due_next(e->store, &e->plan.due_ms, err);
}
