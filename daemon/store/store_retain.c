/* SPDX-License-Identifier: MIT */
/*
 * The housekeeping's pass over what is kept. It goes over the tables by id, a few rows a
 * step; the counter "retain" says where it stands (day 0: the table, 1: the id) and is
 * committed with what the step wiped, so a crash between two steps loses nothing and
 * repeats nothing. Contract in retain.h.
 */
#include "store/retain.h"

#include "store/wipe.h"

/* ---- where it stands ---- */

enum { RETAIN_TABLE, RETAIN_ID, RETAIN_CLOCK };

int store_retain_clock(struct store *s, int64_t *clock_ms, bool *under_way,
		       struct err *err)
{
	int64_t table, id;

	if (store_place_get(s, "retain", RETAIN_CLOCK, clock_ms, err) ||
	    store_place_get(s, "retain", RETAIN_TABLE, &table, err) ||
	    store_place_get(s, "retain", RETAIN_ID, &id, err))
		return -1;
	*under_way = table > 0 || id > 0;
	return 0;
}

int store_retain_clock_set(struct store *s, int64_t clock_ms, struct err *err)
{
	return store_place_set(s, "retain", RETAIN_CLOCK, clock_ms, err);
}

/* ---- the pass ---- */

/* A row as the pass sees it. */
struct retain_row {
	int64_t id, at_ms, ticket_id, closed_ms;
	bool kept; /* its words are gone already; of whole rows: it is needed yet */
	bool nobody, inquiry; /* nobody: its person's number is gone */
};

enum { ROWS_MOST = 200 };

struct retain_rows {
	struct retain_row rows[ROWS_MOST];
	size_t n;
};

static int retain_row(void *arg, const struct db_value *c, struct err *err)
{
	struct retain_rows *found = arg;

	(void)err;
	found->rows[found->n++] = (struct retain_row){
		.id = c[0].i,
		.kept = c[1].i != 0,
		.at_ms = c[2].i,
		.ticket_id = c[3].i,
		.nobody = c[4].i == 0,
		.closed_ms = c[5].i,
		.inquiry = c[6].i != 0,
	};
	return 0;
}

static bool words_over(const struct retention *r, const struct retain_row *row)
{
	if (row->kept)
		return false;
	if (row->ticket_id == 0)
		return row->nobody || row->at_ms < r->before_ms[RETAIN_SPAM];
	return row->closed_ms > 0 &&
	       row->closed_ms < r->before_ms[row->inquiry ? RETAIN_INQUIRY : RETAIN_TEXT];
}

/* ---- the pass, whole rows ---- */

/* As long as a ticket is open, or the one that it was merged into, all of it may be asked
 * for: what a department knows of it, what an answer belongs to. */
static bool row_over(const struct retention *r, const struct retain_row *row)
{
	int64_t at_ms = row->ticket_id ? row->closed_ms : row->at_ms;

	return !row->kept && at_ms > 0 && at_ms < r->before_ms[RETAIN_DELIVERY];
}

static int all_run(struct store *s, const enum stmt *stmts, size_t n, int64_t id,
		   struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (store_run(s, stmts[i], DB_ARGS(DB_I(id)), NULL, NULL, err))
			return -1;
	return 0;
}

/* What refers to it goes first. */
static int delivery_remove(struct store *s, int64_t id, struct err *err)
{
	static const enum stmt stmts[] = { STMT_REMOVE_DUTY_CALLS, STMT_REMOVE_WATCH,
					   STMT_REMOVE_INSTEAD, STMT_REMOVE_DELIVERY };

	return all_run(s, stmts, sizeof(stmts) / sizeof(*stmts), id, err);
}

static int mail_remove(struct store *s, int64_t id, struct err *err)
{
	static const enum stmt stmts[] = { STMT_REMOVE_MAIL_RAW, STMT_REMOVE_ATTACHMENTS,
					   STMT_REMOVE_MAIL_OUT, STMT_REMOVE_MAIL };

	return all_run(s, stmts, sizeof(stmts) / sizeof(*stmts), id, err);
}

static int left_remove(struct store *s, int64_t id, struct err *err)
{
	static const enum stmt stmts[] = { STMT_REMOVE_LEFT };

	return all_run(s, stmts, 1, id, err);
}

/* ---- the pass, table by table ---- */

/* In the order of a pass; persons come last. */
static const struct {
	enum stmt next;
	bool (*over)(const struct retention *retention, const struct retain_row *row);
	int (*wipe)(struct store *store, int64_t id, struct err *err);
	bool whole; /* the row goes, not only its words */
} tables[] = {
	{ STMT_RETAIN_IN, words_over, store_in_wipe, false },
	{ STMT_RETAIN_OUT, words_over, store_out_wipe, false },
	{ STMT_RETAIN_EVENT, words_over, store_event_wipe, false },
	{ STMT_RETAIN_ALIKE, words_over, store_alike_wipe, false },
	{ STMT_RETAIN_MAIL, words_over, store_mail_wipe, false },
	{ STMT_RETAIN_MAIL_ROW, row_over, mail_remove, true },
	{ STMT_RETAIN_DELIVERY, row_over, delivery_remove, true },
	{ STMT_RETAIN_LEFT, row_over, left_remove, true },
};

enum { TABLES = sizeof(tables) / sizeof(*tables) };

struct pass {
	const struct retention *retention;
	int look, wipe; /* how many more */
	int64_t table, id;
	struct retained *done;
};

/* Rows of one table; *end: there are no more behind them. */
static int rows_pass(struct store *s, struct pass *p, bool *end, struct err *err)
{
	struct retain_rows found = { .n = 0 };
	int most = p->look < ROWS_MOST ? p->look : ROWS_MOST;

	if (store_run(s, tables[p->table].next, DB_ARGS(DB_I(p->id), DB_I(most)),
		      retain_row, &found, err))
		return -1;
	*end = found.n < (size_t)most;
	for (size_t i = 0; i < found.n; i++) {
		if (p->wipe == 0) {
			*end = false;
			return 0;
		}
		p->look--;
		p->id = found.rows[i].id;
		if (!tables[p->table].over(p->retention, &found.rows[i]))
			continue;
		if (tables[p->table].wipe(s, p->id, err))
			return -1;
		p->wipe--;
		if (tables[p->table].whole)
			p->done->rows++;
		else
			p->done->texts++;
	}
	return 0;
}

/* ---- the pass, persons ---- */

struct person_rows {
	struct {
		int64_t id, newest_ms, last_ticket, asked_until_ms, locked_until_ms;
		bool nobody;
	} rows[ROWS_MOST];
	size_t n;
};

static int person_row(void *arg, const struct db_value *c, struct err *err)
{
	struct person_rows *found = arg;
	size_t i = found->n++;

	(void)err;
	found->rows[i].id = c[0].i;
	found->rows[i].nobody = c[1].i == 0;
	found->rows[i].newest_ms = c[2].i;
	found->rows[i].last_ticket = c[3].i;
	found->rows[i].asked_until_ms = c[4].i;
	found->rows[i].locked_until_ms = c[5].i;
	return 0;
}

/* What expired by itself: a question, the lock after wrong PINs. */
static int expired_remove(struct store *s, struct pass *p, int64_t id, int64_t until_ms,
			  enum stmt remove, struct err *err)
{
	if (until_ms == 0 || until_ms > p->retention->now_ms)
		return 0;
	if (store_run(s, remove, DB_ARGS(DB_I(id)), NULL, NULL, err))
		return -1;
	p->done->questions++;
	return remove == STMT_ASKED_REMOVE ? store_run(s, STMT_PERSON_UNASK,
						       DB_ARGS(DB_I(id)), NULL, NULL, err)
					   : 0;
}

/* A message may yet be on its way to somebody who never texts, an officer. */
static int number_over(struct store *s, struct pass *p, int64_t id, int64_t last_ticket,
		       struct err *err)
{
	int64_t before_ms = p->retention->before_ms[RETAIN_NUMBER], waits = 0;
	struct need need = { .but = 0 };

	if (store_tickets_walk(s, last_ticket, store_need_look, &need, err))
		return -1;
	if (need.open || need.closed_ms >= before_ms)
		return 0;
	if (store_run(s, STMT_PERSON_WAITED, DB_ARGS(DB_I(id)), store_take_int, &waits,
		      err))
		return -1;
	if (waits)
		return 0;
	p->wipe--;
	p->done->numbers++;
	return store_person_forget(s, id, err);
}

static int persons_pass(struct store *s, struct pass *p, bool *end, struct err *err)
{
	struct person_rows found = { .n = 0 };
	int most = p->look < ROWS_MOST ? p->look : ROWS_MOST;

	if (store_run(s, STMT_RETAIN_PERSON, DB_ARGS(DB_I(p->id), DB_I(most)), person_row,
		      &found, err))
		return -1;
	*end = found.n < (size_t)most;
	for (size_t i = 0; i < found.n; i++) {
		if (p->wipe == 0) {
			*end = false;
			return 0;
		}
		p->look--;
		p->id = found.rows[i].id;
		if (expired_remove(s, p, p->id, found.rows[i].asked_until_ms,
				   STMT_ASKED_REMOVE, err) ||
		    expired_remove(s, p, p->id, found.rows[i].locked_until_ms,
				   STMT_PIN_FAULT_REMOVE, err))
			return -1;
		if (!found.rows[i].nobody &&
		    found.rows[i].newest_ms < p->retention->before_ms[RETAIN_NUMBER] &&
		    number_over(s, p, p->id, found.rows[i].last_ticket, err))
			return -1;
	}
	return 0;
}

int store_retain_step(struct store *s, const struct retention *r, int look, int wipe,
		      struct retained *done, bool *over, struct err *err)
{
	struct pass p = { .retention = r, .look = look, .wipe = wipe, .done = done };

	*over = false;
	if (store_place_get(s, "retain", RETAIN_TABLE, &p.table, err) ||
	    store_place_get(s, "retain", RETAIN_ID, &p.id, err))
		return -1;
	while (p.look > 0 && p.wipe > 0 && !*over) {
		bool end;

		if (p.table < TABLES ? rows_pass(s, &p, &end, err)
				     : persons_pass(s, &p, &end, err))
			return -1;
		if (!end)
			continue;
		p.id = 0;
		*over = p.table == TABLES;
		p.table = *over ? 0 : p.table + 1;
	}
	return store_place_set(s, "retain", RETAIN_TABLE, p.table, err) ||
			       store_place_set(s, "retain", RETAIN_ID, p.id, err)
		       ? -1
		       : 0;
}

/* ---- what was overwritten ---- */

int store_scrub(struct store *s, bool *done, struct err *err)
{
	struct err why = { .kind = ERR_NONE };

	*done = false;
	if (s->doubt || !s->db || s->open)
		return err_set(err, ERR_LATER, "the store is not at rest");
	if (s->driver->scrub(s->db, done, &why) == 0)
		return 0;
	s->doubt = why.kind == ERR_LATER;
	*err = why;
	return -1;
}
