/* SPDX-License-Identifier: MIT */
/*
 * Figures over a span of time. Tickets are numbered in the order of their birth, so the
 * first of a month is found by halving, not by a scan. Contract in store.h.
 */
#include "store/inside.h"

struct found {
	int64_t id, opened_ms;
};

static int found_row(void *arg, const struct db_value *c, struct err *err)
{
	(void)err;
	*(struct found *)arg = (struct found){ c[0].i, c[1].i };
	return 0;
}

int store_first_since(struct store *s, int64_t since_ms, int64_t *id, struct err *err)
{
	struct found last = { 0, 0 };
	int64_t low = 1, high;

	if (store_run(s, STMT_TICKET_LAST_ID, NULL, 0, found_row, &last, err))
		return -1;
	high = last.id + 1;
	while (low < high) {
		struct found mid = { high, INT64_MAX };
		int64_t at = low + (high - low) / 2;

		if (store_run(s, STMT_TICKET_FROM, DB_ARGS(DB_I(at)), found_row, &mid,
			      err))
			return -1;
		if (mid.opened_ms >= since_ms)
			high = at;
		else
			low = mid.id + 1;
	}
	*id = low;
	return 0;
}

struct reading {
	struct store *store;
	int (*each)(void *arg, const struct report_row *row);
	void *arg;
	int64_t until_ms, last;
	int n;
	bool over;
};

static int report_row(void *arg, const struct db_value *c, struct err *err)
{
	struct reading *r = arg;
	struct report_row row = {
		.department = c[1].s,
		.opened_ms = c[4].i,
		.first_ms = c[5].i,
		.done_ms = c[6].i,
		.closed_ms = c[7].i,
		.reopens = c[9].i,
		.rating = c[10].i,
		.unrouted = c[13].i != 0,
	};

	r->last = c[0].i;
	r->n++;
	if (row.opened_ms >= r->until_ms) {
		r->over = true;
		return 0;
	}
	if (!ticket_state_read(c[2].s, &row.state) ||
	    !ticket_kind_read(c[3].s, &row.kind) || !clocks_read(c[8].s, &row.clocks))
		return err_set(err, ERR_BUG,
			       "ticket %lld: state, kind or clocks are not ours",
			       (long long)r->last);
	if (store_unseal_here(r->store, SEALED_IN_TEXT, c[12].i, &c[11], &row.text, err))
		return -1;
	return r->each(r->arg, &row) ? err_set(err, ERR_LIMIT, "no room for a report")
				     : 0;
}

int store_report(struct store *s, int64_t from_ms, int64_t until_ms,
		 int (*each)(void *arg, const struct report_row *row), void *arg,
		 struct err *err)
{
	enum { PAGE = 1000 };
	struct reading r = { .store = s, .each = each, .arg = arg, .until_ms = until_ms };
	int64_t at;

	if (store_first_since(s, from_ms, &at, err))
		return -1;
	do {
		r.n = 0;
		if (store_run(s, STMT_REPORT_ROWS, DB_ARGS(DB_I(at), DB_I(PAGE)),
			      report_row, &r, err))
			return -1;
		at = r.last + 1;
	} while (r.n == PAGE && !r.over);
	return 0;
}
