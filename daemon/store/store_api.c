/* SPDX-License-Identifier: MIT */
/* What the API reads, and answered before. Contract in api.h. */
#include "store/api.h"

#include "store/inside.h"

/* ---- lists ---- */

struct scan {
	enum api_scan (*each)(void *arg, const struct api_row *row);
	void *arg;
	struct api_place place;
	int seen;
	enum api_scan over;
};

/* Rows behind the one that filled the list are not looked at: the next page has them. */
static void scan_give(struct scan *scan, const struct api_row *row)
{
	scan->over = scan->each(scan->arg, row);
	if (scan->over == API_SCAN_BEFORE)
		return;
	scan->place = row->place;
	scan->seen++;
}

static int place_row(void *arg, const struct db_value *c, struct err *err)
{
	struct scan *scan = arg;
	const struct api_row row = { .place = { .id = c[0].i, .changed_ms = c[1].i } };

	(void)err;
	if (scan->over == API_SCAN_ON)
		scan_give(scan, &row);
	return 0;
}

static int scan_row(void *arg, const struct db_value *c, struct err *err)
{
	struct scan *scan = arg;
	struct api_row row = {
		.place = { .id = c[0].i, .changed_ms = c[1].i },
		.urgent = c[4].i != 0,
		.sensitive = c[5].i != 0,
		.open = c[10].i == 0,
		.secret = c[11].i != 0,
		.kecamatan = c[6].s,
		.desa = c[7].s,
		.department = c[8].s,
		.accused = c[9].s,
	};

	if (scan->over != API_SCAN_ON)
		return 0;
	if (!ticket_state_read(c[2].s, &row.state) ||
	    !ticket_kind_read(c[3].s, &row.kind))
		return err_set(err, ERR_BUG, "ticket row %lld: state or kind is not ours",
			       (long long)row.place.id);
	scan_give(scan, &row);
	return 0;
}

int store_api_scan(struct store *s, struct str department, bool open, bool places,
		   struct api_place *place, int most,
		   enum api_scan (*each)(void *arg, const struct api_row *row), void *arg,
		   bool *end, struct err *err)
{
	struct scan scan = { .each = each, .arg = arg, .place = *place };
	const struct db_value args[] = { DB_T(department), DB_I(place->changed_ms),
					 DB_I(place->id), DB_I(most) };
	size_t of = department.n ? 0 : 1; /* the first argument */
	static const enum stmt stmts[2][3] = {
		{ STMT_API_ALL, STMT_API_OF, STMT_API_OPEN_OF },
		{ STMT_API_PLACES_ALL, STMT_API_PLACES_OF, STMT_API_PLACES_OPEN_OF },
	};
	enum stmt stmt = stmts[places][department.n == 0 ? 0 : 1 + open];

	if (store_run(s, stmt, args + of, 4 - of, places ? place_row : scan_row, &scan,
		      err))
		return -1;
	*place = scan.place;
	*end = scan.over == API_SCAN_ON && scan.seen < most;
	return 0;
}

/* ---- events ---- */

static int event_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct api_event *e = store_list_add(l, err);

	if (!e)
		return -1;
	*e = (struct api_event){
		.id = c[0].i,
		.at_ms = c[1].i,
		.kind = arena_str(l->arena, c[2].s),
		.actor = arena_str(l->arena, c[3].s),
		.no = c[4].i,
		.department = arena_str(l->arena, c[6].s),
		.accused = arena_str(l->arena, c[7].s),
		.sensitive = c[8].i != 0,
		.changed_ms = c[9].i,
		.ticket_id = c[10].i,
		.left = arena_str(l->arena, c[11].s),
	};
	if (!ticket_state_read(c[5].s, &e->state))
		return err_set(err, ERR_BUG, "ticket %lld: its state is not ours",
			       (long long)e->no);
	return e->left.p ? 0 : err_set(err, ERR_LIMIT, "no room for an event");
}

int store_api_events(struct store *s, int64_t after, int most, struct arena *arena,
		     struct api_event **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct api_event) };

	if (store_run(s, STMT_API_EVENTS, DB_ARGS(DB_I(after), DB_I(most)), event_row, &l,
		      err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_api_event_last(struct store *s, int64_t *id, struct err *err)
{
	*id = 0;
	return store_run(s, STMT_API_EVENT_LAST, NULL, 0, store_take_int, id, err);
}

int store_left_add(struct store *s, int64_t ticket_id, int64_t event_id,
		   struct str department, int64_t changed_ms, struct err *err)
{
	return store_run(s, STMT_LEFT_ADD,
			 DB_ARGS(DB_I(event_id), DB_I(ticket_id), DB_T(department),
				 DB_I(changed_ms)),
			 NULL, NULL, err);
}

int store_left_is(struct store *s, int64_t ticket_id, struct str department, bool *out,
		  struct err *err)
{
	int64_t n = 0;

	if (store_run(s, STMT_LEFT_IS, DB_ARGS(DB_I(ticket_id), DB_T(department)),
		      store_count_row, &n, err))
		return -1;
	*out = n > 0;
	return 0;
}

static int left_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct api_left *left = store_list_add(l, err);

	if (!left)
		return -1;
	*left = (struct api_left){
		.place = { .id = c[0].i, .changed_ms = c[1].i },
		.no = c[2].i,
		.department = arena_str(l->arena, c[3].s),
		.accused = arena_str(l->arena, c[4].s),
		.sensitive = c[5].i != 0,
	};
	return left->accused.p ? 0 : err_set(err, ERR_LIMIT, "no room for a list");
}

int store_left_list(struct store *s, struct str department, struct api_place after,
		    int most, struct arena *arena, struct api_left **out, size_t *n,
		    struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct api_left) };

	if (store_run(s, STMT_LEFT_OF,
		      DB_ARGS(DB_T(department), DB_I(after.changed_ms), DB_I(after.id),
			      DB_I(most)),
		      left_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_api_history(struct store *s, int64_t ticket_id, int most, struct arena *arena,
		      struct event **out, size_t *n, struct err *err)
{
	struct event *e, swap;

	if (store_events_by(s, STMT_API_HISTORY, DB_ARGS(DB_I(ticket_id), DB_I(most)),
			    arena, out, n, err))
		return -1;
	e = *out;
	for (size_t i = 0; i < *n / 2; i++) {
		swap = e[i];
		e[i] = e[*n - 1 - i];
		e[*n - 1 - i] = swap;
	}
	return 0;
}

int store_api_followers(struct store *s, int64_t ticket_id, int most, int64_t *n,
			struct err *err)
{
	*n = 0;
	return store_run(s, STMT_API_FOLLOWERS, DB_ARGS(DB_I(ticket_id), DB_I(most)),
			 store_count_row, n, err);
}

/* ---- answers that were kept ---- */

struct kept_into {
	struct store *store;
	struct arena *arena;
	struct kept *out;
	bool found;
};

static int kept_row(void *arg, const struct db_value *c, struct err *err)
{
	struct kept_into *into = arg;
	struct kept *k = into->out;

	into->found = true;
	*k = (struct kept){
		.digest = arena_str(into->arena, c[1].s),
		.status = (int)c[2].i,
		.etag = arena_str(into->arena, c[3].s),
	};
	if (!k->etag.p)
		return err_set(err, ERR_LIMIT, "no room for an answer");
	return store_unseal(into->store, SEALED_KEPT_BODY, c[0].i, &c[4], into->arena,
			    &k->body, err);
}

int store_kept_get(struct store *s, int64_t token_id, struct str key, struct arena *arena,
		   struct kept *out, bool *found, struct err *err)
{
	struct kept_into into = { s, arena, out, false };

	if (store_run(s, STMT_KEPT_GET, DB_ARGS(DB_I(token_id), DB_T(key)), kept_row,
		      &into, err))
		return -1;
	*found = into.found;
	return 0;
}

int store_kept_add(struct store *s, int64_t token_id, struct str key,
		   const struct kept *k, struct err *err)
{
	struct db_value body;

	if (store_seal(s, SEALED_KEPT_BODY, k->body, &body, err))
		return -1;
	return store_run(s, STMT_KEPT_ADD,
			 DB_ARGS(DB_I(token_id), DB_T(key), DB_B(k->digest),
				 DB_I(k->status), DB_T(k->etag), DB_I(k->at_ms), body),
			 NULL, NULL, err);
}

int store_kept_move(struct store *s, int64_t by_ms, struct err *err)
{
	return store_run(s, STMT_KEPT_MOVE, DB_ARGS(DB_I(by_ms)), NULL, NULL, err);
}

int store_kept_trim(struct store *s, int64_t before_ms, struct err *err)
{
	return store_run(s, STMT_KEPT_TRIM, DB_ARGS(DB_I(before_ms)), NULL, NULL, err);
}
