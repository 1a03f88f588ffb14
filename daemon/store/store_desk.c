/* SPDX-License-Identifier: MIT */
/* The central desk's list. Contract in desk.h. */
#include "store/desk.h"
#include "store/inside.h"

static int id_row(void *arg, const struct db_value *c, struct err *err)
{
	int64_t *id = store_list_add(arg, err);

	if (!id)
		return -1;
	*id = c[0].i;
	return 0;
}

int store_desk_tickets(struct store *s, enum desk_tickets which, int limit,
		       struct arena *arena, int64_t **ids, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(int64_t) };

	if (store_run(s, which == DESK_WISHES ? STMT_DESK_WISHES : STMT_DESK_TICKETS,
		      DB_ARGS(DB_I(limit)), id_row, &l, err))
		return -1;
	*ids = l.items;
	*n = l.n;
	return 0;
}

struct event_into {
	struct store *store;
	struct arena *arena;
	struct event *out;
	bool found;
};

static int event_row(void *arg, const struct db_value *c, struct err *err)
{
	struct event_into *into = arg;

	*into->out = (struct event){
		.id = c[0].i,
		.at_ms = c[1].i,
		.kind = arena_str(into->arena, c[2].s),
		.actor = arena_str(into->arena, c[3].s),
	};
	into->found = true;
	return store_unseal(into->store, SEALED_EVENT_NOTE, c[0].i, &c[4], into->arena,
			    &into->out->note, err);
}

int store_desk_event(struct store *s, int64_t ticket_id, struct arena *arena,
		     struct event *out, bool *found, struct err *err)
{
	struct event_into into = { s, arena, out, false };

	if (store_run(s, STMT_DESK_EVENT, DB_ARGS(DB_I(ticket_id)), event_row, &into,
		      err))
		return -1;
	*found = into.found;
	return 0;
}

/* ---- groups ---- */

static int group_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct desk_group *g = store_list_add(l, err);

	if (!g)
		return -1;
	*g = (struct desk_group){
		.ticket_id = c[0].i,
		.no = c[1].i,
		.head_no = c[2].i,
		.score = c[3].r,
		.opened_ms = c[5].i,
		.urgent = c[6].i != 0,
		.senders = c[7].i,
	};
	return store_unseal(l->store, SEALED_ALIKE_WORDS, c[0].i, &c[4], l->arena,
			    &g->words, err);
}

int store_desk_groups(struct store *s, int limit, struct arena *arena,
		      struct desk_group **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct desk_group) };

	if (store_run(s, STMT_DESK_GROUPS, DB_ARGS(DB_I(limit)), group_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

/* ---- what is no ticket ---- */

static const struct {
	enum stmt stmt;
	bool after; /* takes an id first */
} things[DESK_THINGS] = {
	[DESK_PARKED] = { STMT_DESK_PARKED, false },
	[DESK_BAD] = { STMT_DESK_BAD, true },
	[DESK_RAW] = { STMT_DESK_RAW, true },
	[DESK_UNANSWERED] = { STMT_DESK_UNANSWERED, false },
	[DESK_UNKNOWN] = { STMT_DESK_UNKNOWN, false },
};

static int thing_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct desk_thing *t = store_list_add(l, err);

	if (!t)
		return -1;
	*t = (struct desk_thing){
		.id = c[0].i,
		.at_ms = c[1].i,
		.where = arena_str(l->arena, c[2].s),
		.how = arena_str(l->arena, c[3].s),
		.reason = arena_str(l->arena, c[4].s),
		.no = c[5].i,
		.urgent = c[6].i != 0,
	};
	return t->reason.p ? 0 : err_set(err, ERR_LIMIT, "no room for the desk's list");
}

int store_desk_things(struct store *s, enum desk_things which, int64_t after, int limit,
		      struct arena *arena, struct desk_thing **out, size_t *n,
		      struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct desk_thing) };
	const struct db_value both[] = { DB_I(after), DB_I(limit) };
	size_t skip = things[which].after ? 0 : 1;

	if (store_run(s, things[which].stmt, both + skip, 2 - skip, thing_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_desk_newest(struct store *s, enum desk_things which, int64_t after, int64_t *id,
		      struct err *err)
{
	*id = 0;
	return store_run(s, which == DESK_RAW ? STMT_DESK_LAST_RAW : STMT_DESK_LAST_BAD,
			 DB_ARGS(DB_I(after)), store_take_int, id, err);
}

int store_desk_mail_done(struct store *s, int64_t id, bool *found, struct err *err)
{
	int64_t done = 0;

	if (store_run(s, STMT_DESK_MAIL_DONE, DB_ARGS(DB_I(id)), store_take_int, &done,
		      err))
		return -1;
	*found = done != 0;
	return 0;
}

int store_count_look(struct store *s, const char *name, int64_t day, int64_t *n,
		     struct err *err)
{
	*n = 0;
	return store_run(s, STMT_COUNT_LOOK, DB_ARGS(DB_T(str_of(name)), DB_I(day)),
			 store_take_int, n, err);
}

/* ---- what is taught from ---- */

static int teach_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct teach_row *t = store_list_add(l, err);

	if (!t)
		return -1;
	*t = (struct teach_row){
		.id = c[0].i,
		.no = c[1].i,
		.opened_ms = c[2].i,
		.department = arena_str(l->arena, c[3].s),
		.state = arena_str(l->arena, c[4].s),
		.hidden = c[5].i != 0,
	};
	if (!t->state.p)
		return err_set(err, ERR_LIMIT, "no room for last month's tickets");
	return store_unseal(l->store, SEALED_IN_TEXT, c[7].i, &c[6], l->arena, &t->text,
			    err);
}

int store_teach_first(struct store *s, int64_t since_ms, int64_t *id, struct err *err)
{
	return store_first_since(s, since_ms, id, err);
}

int store_teach_rows(struct store *s, int64_t from, int limit, struct arena *arena,
		     struct teach_row **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct teach_row) };

	if (store_run(s, STMT_TEACH_ROWS, DB_ARGS(DB_I(from), DB_I(limit)), teach_row, &l,
		      err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}
