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
	struct db_value body, digest = { .type = DB_NULL };

	if (!pending)
		digest = DB_I(store_digest(s, r->body).now);
	if (store_seal(s, SEALED_RAW_BODY, r->body, &body, err))
		return -1;
	return store_run(s, STMT_RAW_ADD,
			 DB_ARGS(DB_T(r->provider), DB_T(r->source), DB_I(r->status),
				 body, digest, DB_T(r->state),
				 DB_T(store_masked(s, r->why)), DB_I(r->received_ms)),
			 store_take_int, id, err);
}

int store_raw_settle(struct store *s, int64_t id, const char *state, struct str why,
		     struct err *err)
{
	return store_run(
		s, STMT_RAW_SETTLE,
		DB_ARGS(DB_T(str_of(state)), DB_T(store_masked(s, why)), DB_I(id)), NULL,
		NULL, err);
}

static int raw_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct raw *r = store_list_add(l, err);
	struct err why;

	if (!r)
		return -1;
	*r = (struct raw){
		.id = c[0].i,
		.source = arena_str(l->arena, c[1].s),
		.status = (int)c[2].i,
		.state = STR("pending"),
		.received_ms = c[4].i,
		.times = c[5].i,
	};
	if (store_unseal(l->store, SEALED_RAW_BODY, r->id, &c[3], l->arena, &r->body,
			 &why) == 0)
		return 0;
	r->body = str_from(NULL, 0);
	r->why = arena_str(l->arena, str_of(why.text));
	if (why.kind == ERR_CONFIG && r->why.p) {
		store_unreadable_note(l->store, &why);
		return 0;
	}
	*err = why;
	return -1;
}

int store_raw_pending(struct store *s, struct str provider, struct arena *arena,
		      struct raw **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct raw) };
	struct raw *rows;
	size_t good = 0;

	if (store_run(s, STMT_RAW_PENDING, DB_ARGS(DB_T(provider)), raw_row, &l, err))
		return -1;
	rows = l.items;
	for (size_t i = 0; i < l.n; i++) {
		if (rows[i].body.p) {
			rows[good] = rows[i];
			rows[good++].provider = provider;
		} else if (store_raw_settle(s, rows[i].id, "bad", rows[i].why, err)) {
			return -1;
		}
	}
	*out = rows;
	*n = good;
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

enum { BODY_SHOWN = 2000 };

struct message_rows {
	struct store_list list;
	enum sealed what; /* that the text is */
};

static int message_row(void *arg, const struct db_value *c, struct err *err)
{
	struct message_rows *found = arg;
	struct store_list *l = &found->list;
	struct message_row *m = store_list_add(l, err);
	struct str text;

	if (!m || store_unseal_here(l->store, found->what, c[0].i, &c[5], &text, err))
		return -1;
	if (found->what == SEALED_RAW_BODY)
		text = str_slice(text, 0, BODY_SHOWN);
	m->id = c[0].i;
	m->at_ms = c[1].i;
	m->provider = arena_str(l->arena, c[2].s);
	m->external_id = arena_str(l->arena, c[3].s);
	m->kind = arena_str(l->arena, c[4].s);
	m->text = arena_str(l->arena, text);
	if (found->what != SEALED_IN_TEXT)
		m->note = arena_str(l->arena, c[6].s);
	else if (store_unseal(l->store, SEALED_IN_NOTE, m->id, &c[6], l->arena, &m->note,
			      err))
		return -1;
	m->person_id = c[7].i;
	m->ticket_no = c[8].i;
	return m->text.p && m->note.p
		       ? 0
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
	struct message_rows found = {
		{ s, arena, .size = sizeof(struct message_row) },
		filter == MESSAGES_UNKNOWN ? SEALED_OUT_TEXT : SEALED_IN_TEXT,
	};
	struct store_list *l = &found.list;

	if (store_run(s, stmts[filter], DB_ARGS(DB_I(limit)), message_row, &found, err))
		return -1;
	if (filter == MESSAGES_UNPARSED) {
		found.what = SEALED_RAW_BODY;
		if (store_run(s, STMT_LIST_RAW, DB_ARGS(DB_I(limit)), message_row, &found,
			      err))
			return -1;
		if (l->n)
			qsort(l->items, l->n, l->size, newest_first);
	}
	*out = l->items;
	*n = l->n < (size_t)limit ? l->n : (size_t)limit;
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

struct str store_path(const struct store *s)
{
	return str_of(s->path);
}

struct tally {
	struct store_list list;
	size_t first; /* row of the department in hand */
};

/* Counted here: grouping would sort a million of them, in memory. */
static int tally_row(void *arg, const struct db_value *c, struct err *err)
{
	struct tally *t = arg;
	struct count_row *rows = t->list.items, *r;

	if (t->first < t->list.n && !str_eq(rows[t->first].a, c[0].s))
		t->first = t->list.n;
	for (size_t i = t->first; i < t->list.n; i++)
		if (str_eq(rows[i].b, c[1].s)) {
			rows[i].n++;
			return 0;
		}
	r = store_list_add(&t->list, err);
	if (!r)
		return -1;
	*r = (struct count_row){
		.a = arena_str(t->list.arena, c[0].s),
		.b = arena_str(t->list.arena, c[1].s),
		.n = 1,
	};
	return r->a.p && r->b.p ? 0 : err_set(err, ERR_LIMIT, "no room for a count");
}

int store_count_tickets(struct store *s, struct arena *arena, struct count_row **out,
			size_t *n, struct err *err)
{
	struct tally t = { .list = { .arena = arena, .size = sizeof(struct count_row) } };

	if (store_run(s, STMT_COUNT_OPEN, NULL, 0, tally_row, &t, err))
		return -1;
	t.first = t.list.n;
	if (store_run(s, STMT_COUNT_CLOSED, NULL, 0, tally_row, &t, err))
		return -1;
	*out = t.list.items;
	*n = t.list.n;
	return 0;
}

int store_count_out(struct store *s, struct arena *arena, struct count_row **out,
		    size_t *n, struct err *err)
{
	struct store_list l = { .arena = arena, .size = sizeof(struct count_row) };

	if (store_run(s, STMT_COUNT_OUT, NULL, 0, count_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}
