/* SPDX-License-Identifier: MIT */
/* Open311, both ways. Contract in open311.h. */
#include "store/open311.h"

#include "store/inside.h"

/* ---- filed here ---- */

int store_web_add(struct store *s, int64_t ticket_id, int64_t token_id, int64_t digest,
		  int64_t now_ms, struct err *err)
{
	return store_run(
		s, STMT_WEB_ADD,
		DB_ARGS(DB_I(ticket_id), DB_I(token_id), DB_I(digest), DB_I(now_ms)),
		NULL, NULL, err);
}

int store_web_again(struct store *s, struct digest digest, int64_t since_ms,
		    int64_t *ticket_id, struct err *err)
{
	*ticket_id = 0;
	if (store_run(s, STMT_WEB_AGAIN, DB_ARGS(DB_I(digest.now), DB_I(since_ms)),
		      store_take_int, ticket_id, err))
		return -1;
	if (*ticket_id || !digest.before)
		return 0;
	return store_run(s, STMT_WEB_AGAIN, DB_ARGS(DB_I(digest.before), DB_I(since_ms)),
			 store_take_int, ticket_id, err);
}

int store_web_move(struct store *s, int64_t by_ms, int64_t since_ms, struct err *err)
{
	return store_run(s, STMT_WEB_MOVE, DB_ARGS(DB_I(by_ms), DB_I(since_ms)), NULL,
			 NULL, err);
}

int store_web_is(struct store *s, int64_t ticket_id, bool *out, struct err *err)
{
	int64_t found = 0;

	if (store_run(s, STMT_WEB_IS, DB_ARGS(DB_I(ticket_id)), store_take_int, &found,
		      err))
		return -1;
	*out = found != 0;
	return 0;
}

bool store_web_closed(enum ticket_state state)
{
	return state == TICKET_SELESAI || !ticket_state_open(state);
}

static int list_filed(struct store *s, const struct web_filter *f, struct store_list *l,
		      struct err *err)
{
	return store_run(s, STMT_WEB_FILED,
			 DB_ARGS(DB_I(f->from_ms), DB_I(f->until_ms), DB_I(WEB_LOOK_MOST),
				 DB_T(f->department), DB_I(f->status), DB_I(f->limit)),
			 store_take_id, l, err);
}

static int list_all(struct store *s, const struct web_filter *f, struct store_list *l,
		    struct err *err)
{
	int64_t low, high;

	if (store_first_since(s, f->from_ms, &low, err) ||
	    store_first_since(s, f->until_ms + 1, &high, err))
		return -1;
	if (high - low > WEB_LOOK_MOST)
		low = high - WEB_LOOK_MOST;
	return store_run(s, STMT_WEB_ALL,
			 DB_ARGS(DB_I(low), DB_I(high), DB_T(f->department),
				 DB_I(f->status), DB_I(f->limit)),
			 store_take_id, l, err);
}

int store_web_list(struct store *s, const struct web_filter *f, struct arena *arena,
		   struct ticket **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(int64_t) };
	struct ticket *rows;
	int64_t *ids;

	if (f->all ? list_all(s, f, &l, err) : list_filed(s, f, &l, err))
		return -1;
	rows = ARENA_NEW(arena, struct ticket, l.n + 1);
	if (!rows)
		return err_set(err, ERR_LIMIT, "no room for a list of requests");
	ids = l.items;
	for (size_t i = 0; i < l.n; i++)
		if (store_ticket_get(s, ids[i], arena, &rows[i], err))
			return -1;
	*out = rows;
	*n = l.n;
	return 0;
}

/* ---- forwarded from here ---- */

int store_watch_add(struct store *s, int64_t delivery_id, struct str department,
		    struct str way, struct str external_id, bool token, int64_t due_ms,
		    struct err *err)
{
	return store_run(s, STMT_WATCH_ADD,
			 DB_ARGS(DB_I(delivery_id), DB_T(department), DB_T(way),
				 DB_T(external_id), DB_I(token), DB_I(due_ms)),
			 NULL, NULL, err);
}

static int watch_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct watch *w = store_list_add(l, err);

	if (!w)
		return -1;
	*w = (struct watch){
		.delivery_id = c[0].i,
		.external_id = arena_str(l->arena, c[1].s),
		.closed = c[2].i != 0,
		.digest = c[3].i,
		.ticket_no = c[4].i,
	};
	return w->external_id.p ? 0 : err_set(err, ERR_LIMIT, "no room for a request");
}

int store_watches_due(struct store *s, struct str department, struct str way, bool tokens,
		      int64_t now_ms, int most, struct arena *arena, struct watch **out,
		      size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct watch) };

	if (store_run(s, STMT_WATCHES_DUE,
		      DB_ARGS(DB_T(department), DB_T(way), DB_I(tokens), DB_I(now_ms),
			      DB_I(most)),
		      watch_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_watch_next(struct store *s, struct str department, struct str way,
		     int64_t *due_ms, struct err *err)
{
	int64_t next = INT64_MAX;

	for (int token = 0; token <= 1; token++) {
		int64_t due = INT64_MAX;

		if (store_run(s, STMT_WATCH_NEXT,
			      DB_ARGS(DB_T(department), DB_T(way), DB_I(token)),
			      store_take_int, &due, err))
			return -1;
		next = due < next ? due : next;
	}
	*due_ms = next;
	return 0;
}

int store_watch_seen(struct store *s, const struct watch *w, int64_t due_ms,
		     struct err *err)
{
	return store_run(s, STMT_WATCH_SEEN,
			 DB_ARGS(DB_I(w->closed), DB_I(w->digest), DB_I(due_ms),
				 DB_I(w->delivery_id)),
			 NULL, NULL, err);
}

int store_watch_moved(struct store *s, int64_t delivery_id, struct str external_id,
		      int64_t due_ms, struct err *err)
{
	return store_run(s, STMT_WATCH_MOVED,
			 DB_ARGS(DB_T(external_id), DB_I(due_ms), DB_I(delivery_id)),
			 NULL, NULL, err);
}

int store_watches_move(struct store *s, int64_t by_ms, struct err *err)
{
	return store_run(s, STMT_WATCH_MOVE, DB_ARGS(DB_I(by_ms)), NULL, NULL, err);
}
