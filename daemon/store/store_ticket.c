/* SPDX-License-Identifier: MIT */
/* Tickets and their history. Contract in store.h. */
#include "store/inside.h"

enum { CLOCKS_CEILING = 2000, COLUMN_BEFORE = 22, COLUMN_LIFE = 23, COLUMN_TEXT = 35 };

int store_ticket_next(struct store *s, int year, int64_t *running, struct err *err)
{
	return store_count_add(s, "ticket", year, 1, running, err);
}

/* ---- to and from rows ---- */

static struct db_value code_of(enum ticket_state state)
{
	return DB_T(str_of(ticket_state_code(state)));
}

int store_ticket_add(struct store *s, const struct ticket *t, struct person *p,
		     int64_t *id, struct err *err)
{
	const struct life *l = &t->life;
	struct buf clocks = BUF_INIT(CLOCKS_CEILING);
	int64_t made = 0;
	int rc;

	clocks_write(&t->clocks, &clocks);
	rc = store_run(
		s, STMT_TICKET_ADD,
		DB_ARGS(DB_I(t->no), DB_I(p->id), DB_I(t->message_id), code_of(l->state),
			DB_T(t->department), DB_T(str_of(ticket_kind_code(l->kind))),
			DB_I(t->urgent), DB_I(l->sensitive), DB_I(l->secret),
			DB_T(t->kecamatan), DB_T(t->desa), DB_R(t->score),
			DB_I(t->opened_ms), DB_I(t->changed_ms), DB_I(t->answer_due_ms),
			DB_T(buf_str(&clocks)), DB_I(t->due_ms), code_of(l->before),
			DB_T(t->accused), DB_ID(t->incident_id), DB_I(p->last_ticket),
			DB_ID(t->parent_id)),
		store_take_int, &made, err);
	buf_free(&clocks);
	if (rc)
		return -1;
	*id = p->last_ticket = made;
	return 0;
}

int store_ticket_save(struct store *s, const struct ticket *t, struct err *err)
{
	const struct life *l = &t->life;
	struct buf clocks = BUF_INIT(CLOCKS_CEILING);
	int rc;

	clocks_write(&t->clocks, &clocks);
	rc = store_run(s, STMT_TICKET_SAVE,
		       DB_ARGS(code_of(l->state), DB_T(t->department),
			       DB_T(str_of(ticket_kind_code(l->kind))), DB_I(t->urgent),
			       DB_I(l->sensitive), DB_I(l->secret), DB_I(t->muted),
			       DB_T(t->kecamatan), DB_T(t->desa), DB_I(t->changed_ms),
			       DB_I(t->answer_due_ms), DB_T(buf_str(&clocks)),
			       DB_I(t->due_ms), code_of(l->before), DB_I(l->transfers),
			       DB_I(l->reopens), DB_I(l->level), DB_I(l->done_level),
			       DB_I(l->asked_by), DB_I(l->closed_by), DB_I(l->closed_ms),
			       DB_I(t->first_ms), DB_I(t->done_ms), DB_I(l->rating),
			       DB_T(t->accused), DB_ID(t->parent_id),
			       DB_ID(t->incident_id), DB_I(t->erase), DB_I(t->id)),
		       NULL, NULL, err);
	buf_free(&clocks);
	return rc;
}

/* A list of tickets, and where the chain of a person's tickets goes on. */
struct tickets {
	struct store_list list;
	int64_t before;
	bool own_work; /* the engine's, which goes on without words that do not open */
};

/* False: a code that is none of ours. */
static bool life_read(const struct db_value *c, struct life *l)
{
	*l = (struct life){
		.transfers = (int)c[3].i,
		.reopens = (int)c[4].i,
		.level = (enum life_level)c[5].i,
		.done_level = (enum life_level)c[6].i,
		.asked_by = (enum life_actor)c[7].i,
		.closed_by = (enum life_actor)c[8].i,
		.closed_ms = c[9].i,
		.sensitive = c[10].i != 0,
		.secret = c[11].i != 0,
	};
	return ticket_state_read(c[0].s, &l->state) &&
	       ticket_state_read(c[1].s, &l->before) &&
	       ticket_kind_read(c[2].s, &l->kind);
}

static int ticket_row(void *arg, const struct db_value *c, struct err *err)
{
	struct tickets *found = arg;
	struct store_list *l = &found->list;
	struct ticket *t = store_list_add(l, err);
	struct err why;

	if (!t)
		return -1;
	found->before = c[COLUMN_BEFORE].i;
	*t = (struct ticket){
		.id = c[0].i,
		.no = c[1].i,
		.person_id = c[2].i,
		.message_id = c[3].i,
		.department = arena_str(l->arena, c[4].s),
		.urgent = c[5].i != 0,
		.muted = c[6].i != 0,
		.kecamatan = arena_str(l->arena, c[7].s),
		.desa = arena_str(l->arena, c[8].s),
		.score = c[9].r,
		.opened_ms = c[10].i,
		.changed_ms = c[11].i,
		.answer_due_ms = c[12].i,
		.due_ms = c[14].i,
		.first_ms = c[15].i,
		.done_ms = c[16].i,
		.accused = arena_str(l->arena, c[18].s),
		.parent_id = c[19].i,
		.incident_id = c[20].i,
		.erase = c[21].i != 0,
		.provider = arena_str(l->arena, c[COLUMN_TEXT + 1].s),
		.wiped = c[COLUMN_TEXT + 2].i != 0,
	};
	if (!life_read(c + COLUMN_LIFE, &t->life) || !clocks_read(c[13].s, &t->clocks))
		return err_set(err, ERR_BUG,
			       "ticket %lld: state, kind or clocks are not ours",
			       (long long)t->no);
	t->life.rating = (int)c[17].i;
	if (!t->provider.p)
		return err_set(err, ERR_LIMIT, "no room for a ticket");
	if (store_unseal(l->store, SEALED_IN_TEXT, t->message_id, &c[COLUMN_TEXT],
			 l->arena, &t->text, &why) == 0)
		return 0;
	if (found->own_work && why.kind == ERR_CONFIG) {
		store_unreadable_note(l->store, &why);
		t->text = STR("");
		return 0;
	}
	*err = why;
	return -1;
}

/* ---- look-ups ---- */

static int tickets_into(struct tickets found, struct store *s, enum stmt stmt,
			const struct db_value *args, size_t n_args, struct ticket **out,
			size_t *n, struct err *err)
{

	if (store_run(s, stmt, args, n_args, ticket_row, &found, err))
		return -1;
	*out = found.list.items;
	*n = found.list.n;
	return 0;
}

static int tickets(struct store *s, enum stmt stmt, const struct db_value *args,
		   size_t n_args, struct arena *arena, struct ticket **out, size_t *n,
		   struct err *err)
{
	const struct tickets none = { { s, arena, .size = sizeof(struct ticket) },
				      0,
				      false };

	return tickets_into(none, s, stmt, args, n_args, out, n, err);
}

/* For the engine's own work. */
static int tickets_at_work(struct store *s, enum stmt stmt, const struct db_value *args,
			   size_t n_args, struct arena *arena, struct ticket **out,
			   size_t *n, struct err *err)
{
	const struct tickets none = { { s, arena, .size = sizeof(struct ticket) },
				      0,
				      true };

	return tickets_into(none, s, stmt, args, n_args, out, n, err);
}

static int ticket_one(struct store *s, enum stmt stmt, int64_t key, struct arena *arena,
		      struct ticket *out, struct err *err)
{
	const struct tickets none = {
		{ s, arena, .size = sizeof(struct ticket), .first = 1 }, 0, false
	};
	struct ticket *found;
	size_t n;

	if (tickets_into(none, s, stmt, DB_ARGS(DB_I(key)), &found, &n, err))
		return -1;
	if (n == 0)
		return err_set(err, ERR_NEVER, "no ticket %lld", (long long)key);
	*out = found[0];
	return 0;
}

int store_ticket_by_no(struct store *s, int64_t no, struct arena *arena,
		       struct ticket *out, struct err *err)
{
	return ticket_one(s, STMT_TICKET_BY_NO, no, arena, out, err);
}

int store_ticket_get(struct store *s, int64_t id, struct arena *arena, struct ticket *out,
		     struct err *err)
{
	return ticket_one(s, STMT_TICKET_STEP, id, arena, out, err);
}

int store_tickets_of(struct store *s, const struct person *p, bool open, int skip,
		     int limit, struct arena *arena, struct ticket **out, size_t *n,
		     struct err *err)
{
	enum { WALK_MOST = 1000 };
	struct tickets found = { { s, arena, .size = sizeof(struct ticket) }, 0, false };
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
		if (found.list.n > had && open &&
		    !ticket_state_open(list[had].life.state))
			found.list.n = had;
		else if (found.list.n > had && skip-- > 0)
			found.list.n = had;
	}
	*out = found.list.items;
	*n = found.list.n;
	return 0;
}

int store_tickets_due(struct store *s, int64_t now_ms, int limit, struct arena *arena,
		      struct ticket **out, size_t *n, struct err *err)
{
	return tickets_at_work(s, STMT_TICKETS_DUE, DB_ARGS(DB_I(now_ms), DB_I(limit)),
			       arena, out, n, err);
}

static int ids(struct store *s, enum stmt stmt, int64_t than, int limit,
	       struct arena *arena, int64_t **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(int64_t) };

	if (store_run(s, stmt, DB_ARGS(DB_I(than), DB_I(limit)), store_take_id, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_due_ids(struct store *s, int64_t now_ms, int limit, struct arena *arena,
		  int64_t **out, size_t *n, struct err *err)
{
	return ids(s, STMT_DUE_IDS, now_ms, limit, arena, out, n, err);
}

int store_ticket_ids(struct store *s, int64_t after, int limit, struct arena *arena,
		     int64_t **out, size_t *n, struct err *err)
{
	return ids(s, STMT_TICKET_IDS, after, limit, arena, out, n, err);
}

int store_ticket_put_off(struct store *s, int64_t id, int64_t due_ms, struct err *err)
{
	return store_run(s, STMT_TICKET_PUT_OFF, DB_ARGS(DB_I(due_ms), DB_I(id)), NULL,
			 NULL, err);
}

int store_ticket_due_next(struct store *s, int64_t *due_ms, struct err *err)
{
	int64_t next = INT64_MAX;

	if (store_run(s, STMT_TICKET_DUE_NEXT, NULL, 0, store_take_int, &next, err))
		return -1;
	*due_ms = next;
	return 0;
}

int store_ticket_changed_last(struct store *s, int64_t *changed_ms, struct err *err)
{
	*changed_ms = 0;
	return store_run(s, STMT_TICKET_CHANGED_LAST, NULL, 0, store_take_int, changed_ms,
			 err);
}

int store_tickets_group(struct store *s, enum ticket_group group, int64_t of,
			int64_t after, int limit, struct arena *arena,
			struct ticket **out, size_t *n, struct err *err)
{
	static const enum stmt stmts[] = {
		[TICKETS_FOLLOWERS] = STMT_TICKET_FOLLOWERS,
		[TICKETS_OF_INCIDENT] = STMT_TICKETS_OF_INCIDENT,
		[TICKETS_TO_TELL] = STMT_TICKETS_TO_TELL,
	};

	return tickets_at_work(s, stmts[group],
			       DB_ARGS(DB_I(of), DB_I(after), DB_I(limit)), arena, out, n,
			       err);
}

int store_ticket_queue(struct store *s, struct str department, enum ticket_state state,
		       int limit, struct arena *arena, struct ticket **out, size_t *n,
		       struct err *err)
{
	return tickets(s, STMT_TICKET_QUEUE,
		       DB_ARGS(DB_T(department), code_of(state), DB_I(limit)), arena, out,
		       n, err);
}

int store_tickets_near(struct store *s, const struct ticket *to, int limit,
		       struct arena *arena, struct ticket **out, size_t *n,
		       struct err *err)
{
	return tickets_at_work(s, STMT_TICKETS_NEAR,
			       DB_ARGS(DB_T(to->kecamatan), DB_T(to->desa),
				       DB_T(to->department), DB_I(to->id), DB_I(limit)),
			       arena, out, n, err);
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

/* ---- history ---- */

int store_event_add(struct store *s, const struct event *e, struct err *err)
{
	struct db_value note;

	if (store_seal(s, SEALED_EVENT_NOTE, e->note, &note, err))
		return -1;
	return store_run(s, STMT_EVENT_ADD,
			 DB_ARGS(DB_I(e->ticket_id), DB_I(e->at_ms), DB_T(e->kind),
				 DB_T(e->actor), DB_ID(e->message_id), note),
			 NULL, NULL, err);
}

/* A list of events, and which of them need the text behind them. */
struct events {
	struct store_list list;
	bool words_only; /* those that have no other words */
};

static bool wants_text(const struct events *l, const struct event *e)
{
	return !l->words_only || (e->note.n == 0 && !str_starts(e->kind, STR("opened_")));
}

static int event_row(void *arg, const struct db_value *c, struct err *err)
{
	struct events *events = arg;
	struct store_list *l = &events->list;
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
		.hidden = c[8].type == DB_INT && c[8].i,
	};
	if (!e->actor.p)
		return err_set(err, ERR_LIMIT, "no room for an event");
	if (store_unseal(l->store, SEALED_EVENT_NOTE, e->id, &c[6], l->arena, &e->note,
			 err))
		return -1;
	if (!wants_text(events, e)) {
		e->text = STR("");
		return 0;
	}
	return store_unseal(l->store, SEALED_IN_TEXT, e->message_id, &c[7], l->arena,
			    &e->text, err);
}

static int events_into(struct events l, enum stmt stmt, const struct db_value *args,
		       size_t n_args, struct event **out, size_t *n, struct err *err)
{
	if (store_run(l.list.store, stmt, args, n_args, event_row, &l, err))
		return -1;
	*out = l.list.items;
	*n = l.list.n;
	return 0;
}

int store_events_by(struct store *s, enum stmt stmt, const struct db_value *args,
		    size_t n_args, struct arena *arena, struct event **out, size_t *n,
		    struct err *err)
{
	const struct events none = { { s, arena, .size = sizeof(struct event) }, false };

	return events_into(none, stmt, args, n_args, out, n, err);
}

int store_events(struct store *s, int64_t ticket_id, struct arena *arena,
		 struct event **out, size_t *n, struct err *err)
{
	return store_events_by(s, STMT_EVENTS, DB_ARGS(DB_I(ticket_id)), arena, out, n,
			       err);
}

int store_events_words(struct store *s, int64_t ticket_id, struct arena *arena,
		       struct event **out, size_t *n, struct err *err)
{
	const struct events none = { { s, arena, .size = sizeof(struct event) }, true };

	return events_into(none, STMT_EVENTS, DB_ARGS(DB_I(ticket_id)), out, n, err);
}
