/* SPDX-License-Identifier: MIT */
/*
 * What falls due: reminders, missed deadlines, questions without an answer, silence after
 * "Sudah beres?". Tickets stand in the store by the time of their next due thing, so a
 * restart forgets nothing; after a long stop the newest step of each is done and no other
 * (model/clocks.h), a few tickets a turn, so that texts are never kept waiting.
 */
#include "flow/flow.h"

#include "base/log.h"

enum { AT_ONCE = 20 };

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

int deadlines_due(struct engine *e, unsigned *works, struct err *err)
{
	struct ticket *list;
	size_t n;

	if (e->wall_ms < e->due_ms || e->stopping)
		return 0;
	arena_reset(e->item);
	if (store_tickets_due(e->store, e->wall_ms, AT_ONCE, e->turn, &list, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		arena_reset(e->item);
		if (due_do(e, &list[i], err))
			return -1;
		++*works;
	}
	return store_ticket_due_next(e->store, &e->due_ms, err);
}
