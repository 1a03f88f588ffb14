/* SPDX-License-Identifier: MIT */
/*
 * Once on every working day: the digest by mail and the list on paper of what is open at
 * a department. A counter in the store says which day is done, in the transaction that
 * queues the digest, or after the list's file stands in its place: after a crash nothing
 * is queued twice, and a file is only written over by itself. What was missed (the
 * gateway stood still at that hour) is made up for on the same day.
 */
#include "flow/flow.h"

#include <stdlib.h>

enum { LOOK_MS = 3600000, AGAIN_MS = 600000, ROWS_OF_STATE = 1000 };

struct job {
	size_t department;
	const struct config_way *way; /* NULL: the digest */
	struct str at, name;	      /* "07.00"; of its counter */
};

/* ---- what stands in them ---- */

static int row_of(struct engine *e, const struct ticket *t, struct arena *arena,
		  struct forward_row *row)
{
	const struct clock_rules *rules = ticket_rules(e, t);
	bool hidden = t->life.secret || t->life.sensitive;
	unsigned width = (unsigned)e->config->gateway.number_width + TICKETNO_BESIDE;
	int64_t answer = clocks_deadline(rules, e->config->calendar, &t->life, &t->clocks,
					 LIFE_CLOCK_ANSWER, e->wall_ms);
	int64_t settle = clocks_deadline(rules, e->config->calendar, &t->life, &t->clocks,
					 LIFE_CLOCK_SETTLE, e->wall_ms);

	*row = (struct forward_row){
		.no = t->no,
		.opened_ms = t->opened_ms,
		.due_ms = answer ? answer : settle,
		.answer = answer != 0,
		.urgent = t->urgent,
		.hidden = hidden,
		.text = hidden ? STR("") : mask_numbers(t->text, width, arena),
		.kecamatan = hidden ? STR("") : t->kecamatan,
		.desa = hidden ? STR("") : t->desa,
		.state = str_of(ticket_state_code(t->life.state)),
	};
	row->late = row->due_ms && row->due_ms < e->wall_ms;
	return row->text.p ? 0 : -1;
}

static int by_deadline(const void *a, const void *b)
{
	const struct forward_row *x = a, *y = b;
	int64_t dx = x->due_ms ? x->due_ms : INT64_MAX,
		dy = y->due_ms ? y->due_ms : INT64_MAX;

	if (dx != dy)
		return dx < dy ? -1 : 1;
	return x->no < y->no ? -1 : x->no > y->no;
}

int daily_rows(struct engine *e, size_t department, struct arena *arena,
	       struct forward_row **out, size_t *n, bool *more, struct err *err)
{
	static const enum ticket_state states[] = { TICKET_DITERUSKAN, TICKET_DIPROSES,
						    TICKET_DIJADWALKAN, TICKET_TANYA };
	enum { STATES = sizeof(states) / sizeof(*states) };
	struct str code = e->config->departments[department].code;
	struct forward_row *rows =
		ARENA_NEW(arena, struct forward_row, STATES * ROWS_OF_STATE);
	size_t k = 0, m;

	*more = false;
	for (size_t s = 0; rows && s < STATES; s++) {
		struct ticket *list;

		if (store_ticket_queue(e->store, code, states[s], ROWS_OF_STATE, arena,
				       &list, &m, err))
			return -1;
		*more = *more || m == ROWS_OF_STATE;
		for (size_t i = 0; i < m; i++)
			if (forward_has(&list[i], code) &&
			    row_of(e, &list[i], arena, &rows[k++]))
				return err_set(err, ERR_LIMIT, "no room for a list");
	}
	if (!rows)
		return err_set(err, ERR_LIMIT, "no room for a list");
	qsort(rows, k, sizeof(*rows), by_deadline);
	*out = rows;
	*n = k;
	return 0;
}

/* ---- the digest ---- */

/* The department's first way by mail that is not stopped; NULL: none. */
static struct way *mail_way(struct engine *e, size_t department)
{
	size_t n;
	struct way *ways = ways_of(e, department, &n);

	for (size_t i = 0; ways && i < n; i++) {
		const struct config_way *c = way_config(e, &ways[i]);

		if (c->by == WAY_FORWARDER && c->forwarder->has_addresses &&
		    !ways[i].stopped)
			return &ways[i];
	}
	return NULL;
}

static int digest_queue(struct engine *e, size_t department, struct err *err)
{
	struct way *w = mail_way(e, department);
	const struct config_way *c = w ? way_config(e, w) : NULL;

	for (size_t i = 0; c && i < c->to.n && w->open < c->queue_most; i++) {
		struct delivery d = {
			.department = way_department(e, w),
			.way = c->name,
			.target = c->to.items[i],
			.what = str_of(forward_what_name(FORWARD_DIGEST)),
			.event = STR(""),
			.state = STR("queued"),
			.reason = STR(""),
			.due_ms = e->wall_ms,
			.created_ms = e->wall_ms,
		};

		if (store_delivery_add(e->store, &d, &d.id, err))
			return -1;
		w->open++;
		way_queued(w, d.due_ms);
	}
	return 0;
}

/* ---- when ---- */

static int job_do(struct engine *e, void *arg, struct err *err)
{
	const struct job *job = arg;
	int64_t done;

	arena_reset(e->item);
	if (job->way ? daily_print(e, job->department, job->way, err)
		     : digest_queue(e, job->department, err))
		return -1;
	return store_count_add(e->store, job->name.p, e->day, 1, &done, err);
}

/* *next: when it is to be looked at again. */
static int job_due(struct engine *e, struct job *job, int64_t *next, struct err *err)
{
	const struct calendar *cal = e->config->calendar;
	struct when_date today = calendar_date_of(cal, e->wall_ms);
	int minutes;
	int64_t at, done;
	bool failed = false;

	if (!job->name.p || !calendar_read_clock(job->at, &minutes) ||
	    !calendar_is_workday(cal, today))
		return 0;
	at = calendar_midnight(cal, today) + minutes * INT64_C(60000);
	if (e->wall_ms < at) {
		*next = at < *next ? at : *next;
		return 0;
	}
	if (store_count_add(e->store, job->name.p, e->day, 0, &done, err))
		return -1;
	if (done)
		return 0;
	if (work_spare(e, job_do, job, job->way ? "print_failed" : "digest_failed",
		       &failed, err))
		return -1;
	if (failed && *next > e->wall_ms + AGAIN_MS)
		*next = e->wall_ms + AGAIN_MS;
	return 0;
}

static int department_due(struct engine *e, size_t i, int64_t *next, bool *any,
			  struct err *err)
{
	const struct config_department *d = &e->config->departments[i];
	struct job job = { .department = i, .at = d->digest_at };

	job.name = arena_printf(e->turn, "digest:%.*s", STR_ARG(d->code));
	*any = *any || d->digest_at.n;
	if (d->digest_at.n && job_due(e, &job, next, err))
		return -1;
	for (size_t k = 0; k < d->n_ways; k++) {
		const struct config_way_print *p = d->ways[k].settings;

		if (d->ways[k].by != WAY_PRINT)
			continue;
		*any = true;
		job.way = &d->ways[k];
		job.at = p->at;
		job.name = arena_printf(e->turn, "print:%.*s/%.*s", STR_ARG(d->code),
					STR_ARG(d->ways[k].name));
		if (job_due(e, &job, next, err))
			return -1;
	}
	return 0;
}

int daily_due(struct engine *e, struct err *err)
{
	int64_t next = e->wall_ms + LOOK_MS;
	bool any = false;

	if (e->stopping || e->wall_ms < e->plan.daily_ms)
		return 0;
	for (size_t i = 0; i < e->config->n_departments; i++)
		if (department_due(e, i, &next, &any, err))
			return -1;
	e->plan.daily_ms = any ? next : INT64_MAX;
	return 0;
}
