/* SPDX-License-Identifier: MIT */
/*
 * What providers said that must not be lost (cursors, raw answers, pauses), and what
 * operators look at. Contract in store.h.
 */
#include "store/inside.h"

#include <stdlib.h>

struct text_into {
	struct arena *arena;
	struct str text;
};

static int text_row(void *arg, const struct db_value *columns, struct err *err)
{
	struct text_into *into = arg;

	into->text = arena_str(into->arena, columns[0].s);
	return into->text.p ? 0 : err_set(err, ERR_LIMIT, "no room for a text");
}

int store_cursor_get(struct store *s, struct str provider, struct arena *arena,
		     struct str *state, struct err *err)
{
	struct text_into into = { arena, STR("") };

	if (store_run(s, STMT_CURSOR_GET, DB_ARGS(DB_T(provider)), text_row, &into, err))
		return -1;
	*state = into.text;
	return 0;
}

int store_cursor_set(struct store *s, struct str provider, struct str state,
		     int64_t now_ms, struct err *err)
{
	return store_run(s, STMT_CURSOR_SET,
			 DB_ARGS(DB_T(provider), DB_T(state), DB_I(now_ms)), NULL, NULL,
			 err);
}

/* ---- raw answers ---- */

int store_raw_add(struct store *s, const struct raw *r, int64_t *id, struct err *err)
{
	bool pending = str_eq(r->state, STR("pending"));
	/* Pending ones are all kept, even when they are alike: each may be the only copy.
	 */
	struct db_value digest = { .type = DB_NULL };

	if (!pending)
		digest = DB_I((int64_t)str_hash(r->body));
	return store_run(s, STMT_RAW_ADD,
			 DB_ARGS(DB_T(r->provider), DB_T(r->source), DB_I(r->status),
				 DB_B(r->body), digest, DB_T(r->state), DB_T(r->why),
				 DB_I(r->received_ms)),
			 store_take_int, id, err);
}

int store_raw_settle(struct store *s, int64_t id, const char *state, struct str why,
		     struct err *err)
{
	return store_run(s, STMT_RAW_SETTLE,
			 DB_ARGS(DB_T(str_of(state)), DB_T(why), DB_I(id)), NULL, NULL,
			 err);
}

static int raw_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct raw *r = store_list_add(l, err);

	if (!r)
		return -1;
	*r = (struct raw){
		.id = c[0].i,
		.source = arena_str(l->arena, c[1].s),
		.status = (int)c[2].i,
		.body = arena_str(l->arena, c[3].s),
		.state = STR("pending"),
		.received_ms = c[4].i,
		.times = c[5].i,
	};
	return r->body.p ? 0 : err_set(err, ERR_LIMIT, "no room for a raw answer");
}

int store_raw_pending(struct store *s, struct str provider, struct arena *arena,
		      struct raw **out, size_t *n, struct err *err)
{
	struct store_list l = { .arena = arena, .size = sizeof(struct raw) };

	if (store_run(s, STMT_RAW_PENDING, DB_ARGS(DB_T(provider)), raw_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	for (size_t i = 0; i < l.n; i++)
		(*out)[i].provider = provider;
	return 0;
}

int store_raw_trim(struct store *s, int64_t before_ms, int64_t keep, struct err *err)
{
	if (store_run(s, STMT_RAW_TRIM_OLD, DB_ARGS(DB_I(before_ms)), NULL, NULL, err))
		return -1;
	return store_run(s, STMT_RAW_TRIM_MANY, DB_ARGS(DB_I(keep)), NULL, NULL, err);
}

/* ---- pauses ---- */

int store_pause_set(struct store *s, struct str provider, bool paused, struct err *err)
{
	return store_run(s, paused ? STMT_PAUSE_ADD : STMT_PAUSE_REMOVE,
			 DB_ARGS(DB_T(provider)), NULL, NULL, err);
}

int store_pause_get(struct store *s, struct str provider, bool *paused, struct err *err)
{
	int64_t found = 0;

	if (store_run(s, STMT_PAUSE_GET, DB_ARGS(DB_T(provider)), store_take_int, &found,
		      err))
		return -1;
	*paused = found != 0;
	return 0;
}

/* ---- lists for operators ---- */

static int message_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct message_row *m = store_list_add(l, err);

	if (!m)
		return -1;
	*m = (struct message_row){
		.id = c[0].i,
		.at_ms = c[1].i,
		.provider = arena_str(l->arena, c[2].s),
		.external_id = arena_str(l->arena, c[3].s),
		.sender = arena_str(l->arena, c[4].s),
		.kind = arena_str(l->arena, c[5].s),
		.text = arena_str(l->arena, c[6].s),
		.note = arena_str(l->arena, c[7].s),
		.ticket_no = c[8].i,
	};
	return m->note.p ? 0
			 : err_set(err, ERR_LIMIT, "no room for a message; use --limit");
}

static int newest_first(const void *a, const void *b)
{
	const struct message_row *x = a, *y = b;

	return (x->at_ms < y->at_ms) - (x->at_ms > y->at_ms);
}

int store_list_messages(struct store *s, enum message_filter filter, int limit,
			struct arena *arena, struct message_row **out, size_t *n,
			struct err *err)
{
	static const enum stmt stmts[] = {
		[MESSAGES_ALL] = STMT_LIST_ALL,
		[MESSAGES_UNPARSED] = STMT_LIST_BAD,
		[MESSAGES_UNROUTED] = STMT_LIST_UNROUTED,
		[MESSAGES_UNKNOWN] = STMT_LIST_UNKNOWN,
	};
	struct store_list l = { .arena = arena, .size = sizeof(struct message_row) };

	if (store_run(s, stmts[filter], DB_ARGS(DB_I(limit)), message_row, &l, err))
		return -1;
	if (filter == MESSAGES_UNPARSED) {
		if (store_run(s, STMT_LIST_RAW, DB_ARGS(DB_I(limit)), message_row, &l,
			      err))
			return -1;
		if (l.n)
			qsort(l.items, l.n, l.size, newest_first);
	}
	*out = l.items;
	*n = l.n < (size_t)limit ? l.n : (size_t)limit;
	return 0;
}

static int count_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct count_row *r = store_list_add(l, err);

	if (!r)
		return -1;
	*r = (struct count_row){
		.a = arena_str(l->arena, c[0].s),
		.b = arena_str(l->arena, c[1].s),
		.n = c[2].i,
		.oldest_ms = c[3].i,
	};
	return r->b.p ? 0 : err_set(err, ERR_LIMIT, "no room for a count");
}

static int counts(struct store *s, enum stmt stmt, struct arena *arena,
		  struct count_row **out, size_t *n, struct err *err)
{
	struct store_list l = { .arena = arena, .size = sizeof(struct count_row) };

	if (store_run(s, stmt, NULL, 0, count_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_count_tickets(struct store *s, struct arena *arena, struct count_row **out,
			size_t *n, struct err *err)
{
	return counts(s, STMT_COUNT_TICKETS, arena, out, n, err);
}

int store_count_out(struct store *s, struct arena *arena, struct count_row **out,
		    size_t *n, struct err *err)
{
	return counts(s, STMT_COUNT_OUT, arena, out, n, err);
}
