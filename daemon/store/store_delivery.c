/* SPDX-License-Identifier: MIT */
/*
 * Deliveries to departments, from queue to end. Contract in delivery.h.
 *
 * Of one ticket, way and target exactly one open delivery is the head: it alone may be
 * claimed, and whatever its next attempts bring, the others wait behind it. When it ends
 * the oldest of them becomes the head. So a claim looks at heads only, which stand in an
 * index by due time, and costs the same however many wait.
 */
#include "store/delivery.h"

#include "store/inside.h"

static int delivery_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct delivery *d = store_list_add(l, err);

	if (!d)
		return -1;
	*d = (struct delivery){
		.id = c[0].i,
		.ticket_id = c[1].i,
		.department = arena_str(l->arena, c[2].s),
		.way = arena_str(l->arena, c[3].s),
		.target = arena_str(l->arena, c[4].s),
		.what = arena_str(l->arena, c[5].s),
		.event = arena_str(l->arena, c[6].s),
		.event_id = c[7].i,
		.state = arena_str(l->arena, c[8].s),
		.urgent = c[9].i != 0,
		.attempts = (int)c[10].i,
		.due_ms = c[11].i,
		.since_ms = c[12].i,
		.created_ms = c[13].i,
		.done_ms = c[14].i,
		.external_id = arena_str(l->arena, c[15].s),
		.reason = arena_str(l->arena, c[16].s),
		.instead_of = c[17].i,
		.ack_due_ms = c[18].i,
	};
	return d->reason.p ? 0 : err_set(err, ERR_LIMIT, "no room for a delivery");
}

static int rows(struct store *s, enum stmt stmt, const struct db_value *args, size_t n,
		struct arena *arena, struct delivery **out, size_t *n_out,
		struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct delivery) };

	if (store_run(s, stmt, args, n, delivery_row, &l, err))
		return -1;
	*out = l.items;
	*n_out = l.n;
	return 0;
}

int store_delivery_add(struct store *s, const struct delivery *d, int64_t *id,
		       struct err *err)
{
	bool open = str_eq(d->state, STR("queued")) || str_eq(d->state, STR("sending"));

	return store_run(
		s, STMT_DELIVERY_ADD,
		DB_ARGS(DB_ID(d->ticket_id), DB_T(d->department), DB_T(d->way),
			DB_T(d->target), DB_T(d->what), DB_T(d->event), DB_I(d->event_id),
			DB_T(d->state), DB_I(open), DB_I(d->urgent), DB_I(d->due_ms),
			DB_I(d->since_ms ? d->since_ms : d->due_ms), DB_I(d->created_ms),
			DB_I(d->done_ms), DB_T(store_masked(s, d->reason)),
			DB_ID(d->instead_of), DB_I(d->ack_due_ms)),
		store_take_int, id, err);
}

/* One statement for all that DELIVERY_DUE gave: the same rows, which stand in one piece
 * of its index. */
static int claim_all(struct store *s, struct delivery *d, size_t n, struct err *err)
{
	const struct delivery *last = d + n - 1;
	int64_t claimed = 0;

	if (store_run(s, STMT_DELIVERY_CLAIM,
		      DB_ARGS(DB_T(d->department), DB_T(d->way), DB_I(d->urgent),
			      DB_I(d->due_ms), DB_I(last->due_ms), DB_I(last->id)),
		      store_count_row, &claimed, err))
		return -1;
	if (claimed != (int64_t)n)
		return err_set(err, ERR_BUG, "%zu deliveries are due, %lld were claimed",
			       n, (long long)claimed);
	for (size_t i = 0; i < n; i++) {
		d[i].attempts++;
		d[i].state = STR("sending");
	}
	return 0;
}

int store_delivery_claim(struct store *s, struct str department, struct str way,
			 int64_t now_ms, int most, struct arena *arena,
			 struct delivery **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct delivery) };

	for (int urgent = 1; urgent >= 0 && l.n < (size_t)most; urgent--) {
		size_t had = l.n;

		if (store_run(s, STMT_DELIVERY_DUE,
			      DB_ARGS(DB_T(department), DB_T(way), DB_I(urgent),
				      DB_I(now_ms), DB_I(most - (int)l.n)),
			      delivery_row, &l, err))
			return -1;
		if (l.n > had &&
		    claim_all(s, (struct delivery *)l.items + had, l.n - had, err))
			return -1;
	}
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_delivery_next(struct store *s, struct str department, struct str way,
			int64_t *due_ms, struct err *err)
{
	int64_t next = INT64_MAX;

	for (int urgent = 0; urgent <= 1; urgent++) {
		int64_t due = INT64_MAX;

		if (store_run(s, STMT_DELIVERY_NEXT,
			      DB_ARGS(DB_T(department), DB_T(way), DB_I(urgent)),
			      store_take_int, &due, err))
			return -1;
		next = due < next ? due : next;
	}
	*due_ms = next;
	return 0;
}

/* What a delivery has in common with those that wait behind it. */
struct line_of {
	bool head, found;
	int64_t ticket_id;
	char department[64], way[64], target[400];
};

static bool keep(char *room, size_t size, struct str s)
{
	if (s.n >= size)
		return false;
	if (s.n)
		memcpy(room, s.p, s.n);
	room[s.n] = '\0';
	return true;
}

static int line_row(void *arg, const struct db_value *c, struct err *err)
{
	struct line_of *line = arg;

	line->found = true;
	line->ticket_id = c[0].type == DB_NULL ? 0 : c[0].i;
	line->head = c[4].i != 0;
	if (!keep(line->department, sizeof(line->department), c[1].s) ||
	    !keep(line->way, sizeof(line->way), c[2].s) ||
	    !keep(line->target, sizeof(line->target), c[3].s))
		return err_set(err, ERR_LIMIT, "a delivery's names are too long");
	return 0;
}

int store_delivery_end(struct store *s, int64_t id, const char *state,
		       struct str external_id, struct str reason, int64_t now_ms,
		       struct err *err)
{
	struct line_of line = { .found = false };

	if (store_run(s, STMT_DELIVERY_KEY, DB_ARGS(DB_I(id)), line_row, &line, err) ||
	    store_run(s, STMT_DELIVERY_END,
		      DB_ARGS(DB_T(str_of(state)), DB_T(external_id),
			      DB_T(store_masked(s, reason)), DB_I(now_ms), DB_I(id)),
		      NULL, NULL, err))
		return -1;
	if (!line.found || !line.head || !line.ticket_id)
		return 0;
	return store_run(s, STMT_DELIVERY_PROMOTE,
			 DB_ARGS(DB_I(line.ticket_id), DB_T(str_of(line.department)),
				 DB_T(str_of(line.way)), DB_T(str_of(line.target))),
			 NULL, NULL, err);
}

int store_delivery_done(struct store *s, const struct delivery *d, struct str external_id,
			int64_t now_ms, bool *was, struct err *err)
{
	int64_t n = 0;

	if (store_run(s, STMT_DELIVERY_DONE,
		      DB_ARGS(DB_T(external_id), DB_I(now_ms), DB_I(d->id)),
		      store_count_row, &n, err))
		return -1;
	*was = n > 0;
	if (!*was || !d->ticket_id)
		return 0;
	return store_run(s, STMT_DELIVERY_PROMOTE,
			 DB_ARGS(DB_I(d->ticket_id), DB_T(d->department), DB_T(d->way),
				 DB_T(d->target)),
			 NULL, NULL, err);
}

int store_delivery_again(struct store *s, int64_t id, struct str reason, int64_t due_ms,
			 bool counts, struct err *err)
{
	return store_run(s, STMT_DELIVERY_AGAIN,
			 DB_ARGS(DB_I(!counts), DB_T(store_masked(s, reason)),
				 DB_I(due_ms), DB_I(id)),
			 NULL, NULL, err);
}

int store_delivery_retry(struct store *s, int64_t id, int64_t now_ms, bool *found,
			 struct err *err)
{
	int64_t n = 0;

	if (store_run(s, STMT_DELIVERY_RETRY, DB_ARGS(DB_I(now_ms), DB_I(id)),
		      store_count_row, &n, err))
		return -1;
	*found = n > 0;
	return 0;
}

int store_delivery_get(struct store *s, int64_t id, struct arena *arena,
		       struct delivery *out, struct err *err)
{
	struct delivery *d;
	size_t n;

	if (rows(s, STMT_DELIVERY_GET, DB_ARGS(DB_I(id)), arena, &d, &n, err))
		return -1;
	if (n == 0)
		return err_set(err, ERR_NEVER, "there is no delivery %lld",
			       (long long)id);
	*out = *d;
	return 0;
}

int store_delivery_external(struct store *s, struct str external_id, struct arena *arena,
			    struct delivery *out, bool *found, struct err *err)
{
	struct delivery *d;
	size_t n;

	if (rows(s, STMT_DELIVERY_EXTERNAL, DB_ARGS(DB_T(external_id)), arena, &d, &n,
		 err))
		return -1;
	*found = n > 0;
	if (n)
		*out = *d;
	return 0;
}

/* One column of text. */
struct word {
	struct arena *arena;
	struct str s;
};

static int word_row(void *arg, const struct db_value *c, struct err *err)
{
	struct word *w = arg;

	w->s = arena_str(w->arena, c[0].s);
	return w->s.p ? 0 : err_set(err, ERR_LIMIT, "no room for a delivery's id");
}

int store_delivery_thread(struct store *s, int64_t ticket_id, struct str department,
			  struct str way, struct str target, bool first,
			  struct arena *arena, struct str *external_id, struct err *err)
{
	struct word w = { arena, STR_INIT("") };

	if (store_run(s, first ? STMT_DELIVERY_FIRST : STMT_DELIVERY_LAST,
		      DB_ARGS(DB_I(ticket_id), DB_T(department), DB_T(way), DB_T(target)),
		      word_row, &w, err))
		return -1;
	*external_id = w.s;
	return 0;
}

int store_delivery_known(struct store *s, const struct delivery *d, bool *known,
			 struct err *err)
{
	int64_t n = 0;

	if (store_run(s, STMT_DELIVERY_KNOWN,
		      DB_ARGS(DB_I(d->ticket_id), DB_T(d->department), DB_T(d->way),
			      DB_T(d->target), DB_I(d->id)),
		      store_count_row, &n, err))
		return -1;
	*known = n > 0;
	return 0;
}

int store_delivery_siblings(struct store *s, const struct delivery *d,
			    struct arena *arena, struct delivery **out, size_t *n,
			    struct err *err)
{
	return rows(s, STMT_DELIVERY_SIBLINGS,
		    DB_ARGS(DB_I(d->ticket_id), DB_T(d->department), DB_I(d->event_id),
			    DB_T(d->what)),
		    arena, out, n, err);
}

/* ---- lists ---- */

int store_deliveries(struct store *s, enum delivery_list which, struct str department,
		     struct str way, int64_t until_ms, int limit, struct arena *arena,
		     struct delivery **out, size_t *n, struct err *err)
{
	static const enum stmt stmts[] = {
		[DELIVERIES_SENDING] = STMT_DELIVERY_SENDING,
		[DELIVERIES_OPEN] = STMT_DELIVERY_OPEN,
		[DELIVERIES_OLD] = STMT_DELIVERY_OLD,
	};

	return rows(s, stmts[which],
		    DB_ARGS(DB_T(department), DB_T(way), DB_I(until_ms), DB_I(limit)),
		    arena, out, n, err);
}

int store_deliveries_parked(struct store *s, struct str department, int64_t after,
			    int limit, struct arena *arena, struct delivery **out,
			    size_t *n, struct err *err)
{
	return rows(s, STMT_DELIVERY_PARKED,
		    DB_ARGS(DB_T(department), DB_I(after), DB_I(limit)), arena, out, n,
		    err);
}

static int count_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct delivery_count *row = store_list_add(l, err);

	if (!row)
		return -1;
	*row = (struct delivery_count){
		.department = arena_str(l->arena, c[0].s),
		.way = arena_str(l->arena, c[1].s),
		.open = c[2].i,
		.parked = c[3].i,
	};
	return row->way.p ? 0 : err_set(err, ERR_LIMIT, "no room for a count");
}

int store_delivery_counts(struct store *s, struct arena *arena,
			  struct delivery_count **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct delivery_count) };

	if (store_run(s, STMT_DELIVERY_COUNTS, NULL, 0, count_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

static int oldest_row(void *arg, const struct db_value *c, struct err *err)
{
	int64_t *times = arg;

	(void)err;
	times[0] = c[0].i;
	times[1] = c[1].i;
	return 0;
}

int store_delivery_oldest(struct store *s, struct str department, struct str way,
			  int64_t *since_ms, int64_t *created_ms, struct err *err)
{
	int64_t times[2] = { INT64_MAX, INT64_MAX };

	if (store_run(s, STMT_DELIVERY_OLDEST, DB_ARGS(DB_T(department), DB_T(way)),
		      oldest_row, times, err))
		return -1;
	*since_ms = times[0];
	*created_ms = times[1];
	return 0;
}

int store_deliveries_hurry(struct store *s, struct str department, struct str way,
			   int64_t due_ms, struct err *err)
{
	return store_run(s, STMT_DELIVERY_HURRY,
			 DB_ARGS(DB_I(due_ms), DB_T(department), DB_T(way)), NULL, NULL,
			 err);
}

int store_deliveries_move(struct store *s, int64_t by_ms, struct err *err)
{
	return store_run(s, STMT_DELIVERY_MOVE, DB_ARGS(DB_I(by_ms)), NULL, NULL, err);
}

/* ---- ways that are stopped ---- */

int store_way_stop(struct store *s, struct str department, struct str way,
		   struct str reason, int64_t now_ms, struct err *err)
{
	if (reason.n == 0)
		return store_run(s, STMT_WAY_LIFT, DB_ARGS(DB_T(department), DB_T(way)),
				 NULL, NULL, err);
	return store_run(s, STMT_WAY_STOP,
			 DB_ARGS(DB_T(department), DB_T(way),
				 DB_T(store_masked(s, reason)), DB_I(now_ms)),
			 NULL, NULL, err);
}

int store_way_stopped(struct store *s, struct str department, struct str way,
		      struct arena *arena, struct str *reason, struct err *err)
{
	struct word w = { arena, STR_INIT("") };

	if (store_run(s, STMT_WAY_STOPPED, DB_ARGS(DB_T(department), DB_T(way)), word_row,
		      &w, err))
		return -1;
	*reason = w.s;
	return 0;
}

int store_way_tell(struct store *s, struct str department, struct str way, int64_t now_ms,
		   int64_t within_ms, bool *fresh, struct err *err)
{
	int64_t at = INT64_MIN / 2;

	if (store_run(s, STMT_WAY_TOLD, DB_ARGS(DB_T(department), DB_T(way)),
		      store_take_int, &at, err))
		return -1;
	*fresh = at > now_ms || now_ms - at >= within_ms;
	if (!*fresh)
		return 0;
	return store_run(s, STMT_WAY_TELL,
			 DB_ARGS(DB_T(department), DB_T(way), DB_I(now_ms)), NULL, NULL,
			 err);
}

/* ---- what a delivery tells of ---- */

int store_event_last(struct store *s, int64_t ticket_id, int64_t *id, struct err *err)
{
	*id = 0;
	return store_run(s, STMT_EVENT_LAST, DB_ARGS(DB_I(ticket_id)), store_take_int, id,
			 err);
}

int store_followers_count(struct store *s, int64_t ticket_id, int64_t *n, struct err *err)
{
	*n = 0;
	return store_run(s, STMT_FOLLOWERS_COUNT, DB_ARGS(DB_I(ticket_id)),
			 store_take_int, n, err);
}
