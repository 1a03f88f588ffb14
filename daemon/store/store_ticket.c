/* SPDX-License-Identifier: MIT */
/* Tickets and their history. Contract in store.h. */
#include "store/inside.h"

int store_ticket_next(struct store *s, int year, int64_t *running, struct err *err)
{
	return store_count_add(s, "ticket", year, 1, running, err);
}

int store_ticket_add(struct store *s, const struct ticket *t, struct person *p,
		     int64_t *id, struct err *err)
{
	int64_t made = 0;

	if (store_run(s, STMT_TICKET_ADD,
		      DB_ARGS(DB_I(t->no), DB_I(p->id), DB_I(t->message_id),
			      DB_T(t->state), DB_T(t->department), DB_I(t->urgent),
			      DB_I(t->sensitive), DB_I(t->secret), DB_T(t->kecamatan),
			      DB_T(t->desa), DB_R(t->score), DB_I(t->opened_ms),
			      DB_I(t->changed_ms), DB_I(t->answer_due_ms),
			      DB_I(p->last_ticket)),
		      store_take_int, &made, err))
		return -1;
	*id = p->last_ticket = made;
	return 0;
}

/* A list of tickets, and where the chain of a person's tickets goes on. */
struct tickets {
	struct store_list list;
	int64_t before;
};

static int ticket_row(void *arg, const struct db_value *c, struct err *err)
{
	struct tickets *found = arg;
	struct store_list *l = &found->list;
	struct ticket *t = store_list_add(l, err);

	if (!t)
		return -1;
	found->before = c[15].i;
	*t = (struct ticket){
		.id = c[0].i,
		.no = c[1].i,
		.person_id = c[2].i,
		.message_id = c[3].i,
		.state = arena_str(l->arena, c[4].s),
		.department = arena_str(l->arena, c[5].s),
		.urgent = c[6].i != 0,
		.sensitive = c[7].i != 0,
		.secret = c[8].i != 0,
		.kecamatan = arena_str(l->arena, c[9].s),
		.desa = arena_str(l->arena, c[10].s),
		.score = c[11].r,
		.opened_ms = c[12].i,
		.changed_ms = c[13].i,
		.answer_due_ms = c[14].i,
	};
	if (!t->desa.p)
		return err_set(err, ERR_LIMIT, "no room for a ticket");
	return store_unseal(l->store, SEALED_IN_TEXT, t->message_id, &c[16], l->arena,
			    &t->text, err);
}

static int tickets(struct store *s, enum stmt stmt, const struct db_value *args,
		   size_t n_args, struct arena *arena, struct ticket **out, size_t *n,
		   struct err *err)
{
	struct tickets found = { { s, arena, .size = sizeof(struct ticket) }, 0 };

	if (store_run(s, stmt, args, n_args, ticket_row, &found, err))
		return -1;
	*out = found.list.items;
	*n = found.list.n;
	return 0;
}

int store_ticket_by_no(struct store *s, int64_t no, struct arena *arena,
		       struct ticket *out, struct err *err)
{
	struct ticket *found;
	size_t n;

	if (tickets(s, STMT_TICKET_BY_NO, DB_ARGS(DB_I(no)), arena, &found, &n, err))
		return -1;
	if (n == 0)
		return err_set(err, ERR_NEVER, "no ticket %lld", (long long)no);
	*out = found[0];
	return 0;
}

/* As TICKET_CLOSED in the catalogue. */
static bool is_closed(struct str state)
{
	static const struct str closed[] = { STR_INIT("ditutup"), STR_INIT("digabung"),
					     STR_INIT("ditolak"), STR_INIT("dicabut"),
					     STR_INIT("arsip") };

	for (size_t i = 0; i < sizeof(closed) / sizeof(*closed); i++)
		if (str_eq(state, closed[i]))
			return true;
	return false;
}

int store_tickets_of(struct store *s, const struct person *p, bool open, int limit,
		     struct arena *arena, struct ticket **out, size_t *n, struct err *err)
{
	enum { WALK_MOST = 1000 };
	struct tickets found = { { s, arena, .size = sizeof(struct ticket) }, 0 };
	int64_t next = p->last_ticket;

	for (int i = 0; next && i < WALK_MOST && found.list.n < (size_t)limit; i++) {
		size_t had = found.list.n;
		struct ticket *list;

		found.before = 0;
		if (store_run(s, STMT_TICKET_STEP, DB_ARGS(DB_I(next)), ticket_row,
			      &found, err))
			return -1;
		next = found.before;
		list = found.list.items;
		if (open && found.list.n > had && is_closed(list[had].state))
			found.list.n = had;
	}
	*out = found.list.items;
	*n = found.list.n;
	return 0;
}

int store_list_tickets(struct store *s, const struct ticket_filter *f,
		       struct arena *arena, struct ticket **out, size_t *n,
		       struct err *err)
{
	return tickets(s, STMT_LIST_TICKETS,
		       DB_ARGS(DB_T(f->department), DB_T(f->state), DB_I(f->since_ms),
			       DB_I(f->open_only), DB_I(f->limit)),
		       arena, out, n, err);
}

int store_ticket_touch(struct store *s, int64_t id, int64_t now_ms, struct err *err)
{
	return store_run(s, STMT_TICKET_TOUCH, DB_ARGS(DB_I(now_ms), DB_I(id)), NULL,
			 NULL, err);
}

int store_ticket_mute(struct store *s, int64_t id, bool muted, struct err *err)
{
	return store_run(s, STMT_TICKET_MUTE, DB_ARGS(DB_I(muted), DB_I(id)), NULL, NULL,
			 err);
}

/* ---- history ---- */

int store_event_add(struct store *s, const struct event *e, struct err *err)
{
	return store_run(s, STMT_EVENT_ADD,
			 DB_ARGS(DB_I(e->ticket_id), DB_I(e->at_ms), DB_T(e->kind),
				 DB_T(e->actor), DB_ID(e->message_id), DB_T(e->note)),
			 NULL, NULL, err);
}

static int event_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct event *e = store_list_add(l, err);

	if (!e)
		return -1;
	*e = (struct event){
		.id = c[0].i,
		.ticket_id = c[1].i,
		.at_ms = c[2].i,
		.kind = arena_str(l->arena, c[3].s),
		.actor = arena_str(l->arena, c[4].s),
		.message_id = c[5].i,
		.note = arena_str(l->arena, c[6].s),
	};
	if (!e->note.p)
		return err_set(err, ERR_LIMIT, "no room for an event");
	return store_unseal(l->store, SEALED_IN_TEXT, e->message_id, &c[7], l->arena,
			    &e->text, err);
}

int store_events(struct store *s, int64_t ticket_id, struct arena *arena,
		 struct event **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct event) };

	if (store_run(s, STMT_EVENTS, DB_ARGS(DB_I(ticket_id)), event_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}
