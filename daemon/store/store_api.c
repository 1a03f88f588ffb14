/* SPDX-License-Identifier: MIT */
/* What the API reads, and answered before. Contract in api.h. */
#include "store/api.h"

#include "store/inside.h"

/* ---- lists ---- */

struct scan {
	struct store *store;
	enum api_scan (*row)(void *arg, const struct api_row *row);
	enum api_scan (*ticket)(void *arg, const struct ticket *ticket);
	void *arg;
	struct api_place place;
	int seen;
	enum api_scan over;
};

/* Rows behind the one that filled the list are not looked at: the next page has them. */
static void scan_went(struct scan *scan, enum api_scan over, struct api_place place)
{
	scan->over = over;
	if (over == API_SCAN_BEFORE)
		return;
	scan->place = place;
	scan->seen++;
}

static int not_ours(int64_t id, struct err *err)
{
	return err_set(err, ERR_BUG, "ticket row %lld: state or kind is not ours",
		       (long long)id);
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
		return not_ours(row.place.id, err);
	scan_went(scan, scan->row(scan->arg, &row), row.place);
	return 0;
}

static void ticket_read(const struct db_value *c, struct ticket *t)
{
	*t = (struct ticket){
		.id = c[0].i,
		.changed_ms = c[1].i,
		.no = c[2].i,
		.department = c[5].s,
		.accused = c[6].s,
		.kecamatan = c[7].s,
		.desa = c[8].s,
		.urgent = c[9].i != 0,
		.life = { .sensitive = c[10].i != 0,
			  .secret = c[11].i != 0,
			  .level = (enum life_level)c[12].i,
			  .closed_ms = c[17].i,
			  .transfers = (int)c[18].i,
			  .reopens = (int)c[19].i,
			  .rating = (int)c[20].i },
		.opened_ms = c[13].i,
		.answer_due_ms = c[14].i,
		.first_ms = c[15].i,
		.done_ms = c[16].i,
		.message_id = c[21].i,
		.wiped = c[23].i != 0,
	};
}

static int ticket_row(void *arg, const struct db_value *c, struct err *err)
{
	struct scan *scan = arg;
	struct ticket t;
	struct err why;

	if (scan->over != API_SCAN_ON)
		return 0;
	ticket_read(c, &t);
	if (!ticket_state_read(c[3].s, &t.life.state) ||
	    !ticket_kind_read(c[4].s, &t.life.kind))
		return not_ours(t.id, err);
	if (store_unseal_here(scan->store, SEALED_IN_TEXT, t.message_id, &c[22], &t.text,
			      &why)) {
		if (why.kind != ERR_CONFIG) {
			*err = why;
			return -1;
		}
		t.text = str_from(NULL, 0);
	}
	scan_went(scan, scan->ticket(scan->arg, &t),
		  (struct api_place){ t.changed_ms, t.id });
	return 0;
}

/* stmts: of all departments, of one, what is open of one. */
static int scan_go(struct scan *scan, const enum stmt stmts[3],
		   const struct api_range *range, struct api_place *place, bool *end,
		   struct err *err)
{
	const struct db_value args[] = { DB_T(range->department), DB_I(place->changed_ms),
					 DB_I(place->id), DB_I(range->most) };
	size_t of = range->department.n ? 0 : 1; /* the first argument */
	enum stmt stmt = stmts[of ? 0 : 1 + range->open];

	scan->place = *place;
	if (store_run(scan->store, stmt, args + of, 4 - of,
		      scan->row ? scan_row : ticket_row, scan, err))
		return -1;
	*place = scan->place;
	*end = scan->over == API_SCAN_ON && scan->seen < range->most;
	return 0;
}

int store_api_scan(struct store *s, const struct api_range *range,
		   struct api_place *place,
		   enum api_scan (*each)(void *arg, const struct api_row *row), void *arg,
		   bool *end, struct err *err)
{
	static const enum stmt stmts[] = { STMT_API_ALL, STMT_API_OF, STMT_API_OPEN_OF };
	struct scan scan = { .store = s, .row = each, .arg = arg };

	return scan_go(&scan, stmts, range, place, end, err);
}

int store_api_tickets(struct store *s, const struct api_range *range,
		      struct api_place *place,
		      enum api_scan (*each)(void *arg, const struct ticket *ticket),
		      void *arg, bool *end, struct err *err)
{
	static const enum stmt stmts[] = { STMT_API_TICKETS_ALL, STMT_API_TICKETS_OF,
					   STMT_API_TICKETS_OPEN_OF };
	struct scan scan = { .store = s, .ticket = each, .arg = arg };

	return scan_go(&scan, stmts, range, place, end, err);
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
