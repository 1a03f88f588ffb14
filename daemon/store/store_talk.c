/* SPDX-License-Identifier: MIT */
/*
 * What belongs to the conversation: what somebody was asked, officers' wrong PINs, who
 * looked at whom, declared events, groups of tickets that seem alike. Contract in
 * store.h.
 */
#include "store/inside.h"
#include "store/retain.h"

/* ---- what was asked ---- */

int store_asked_set(struct store *s, struct person *p, const struct asked_row *row,
		    struct err *err)
{
	p->asked = true;
	return store_run(s, STMT_ASKED_SET,
			 DB_ARGS(DB_I(p->id), DB_T(row->asked), DB_I(row->no),
				 DB_T(row->choices), DB_T(row->command),
				 DB_I(row->message_id), DB_I(row->asked_ms),
				 DB_I(row->expires_ms)),
			 NULL, NULL, err);
}

int store_asked_remove(struct store *s, struct person *p, struct err *err)
{
	if (!p->asked)
		return 0;
	p->asked = false;
	return store_run(s, STMT_ASKED_REMOVE, DB_ARGS(DB_I(p->id)), NULL, NULL, err);
}

struct asked_into {
	struct store *store;
	struct asked_row *row;
	struct arena *arena;
	bool found;
};

static int asked_got(void *arg, const struct db_value *c, struct err *err)
{
	struct asked_into *into = arg;

	*into->row = (struct asked_row){
		.asked = arena_str(into->arena, c[0].s),
		.no = c[1].i,
		.choices = arena_str(into->arena, c[2].s),
		.command = arena_str(into->arena, c[3].s),
		.message_id = c[4].i,
		.asked_ms = c[5].i,
		.expires_ms = c[6].i,
	};
	into->found = true;
	if (!into->row->command.p)
		return err_set(err, ERR_LIMIT, "no room for a question");
	return store_unseal(into->store, SEALED_IN_TEXT, c[4].i, &c[7], into->arena,
			    &into->row->text, err);
}

int store_asked_get(struct store *s, const struct person *p, struct arena *arena,
		    struct asked_row *out, bool *found, struct err *err)
{
	struct asked_into into = { s, out, arena, false };

	*found = false;
	if (!p->asked)
		return 0;
	if (store_run(s, STMT_ASKED_GET, DB_ARGS(DB_I(p->id)), asked_got, &into, err))
		return -1;
	*found = into.found;
	return 0;
}

/* ---- PINs ---- */

static int fault_got(void *arg, const struct db_value *c, struct err *err)
{
	(void)err;
	*(struct pin_fault *)arg = (struct pin_fault){ c[0].i, c[1].i };
	return 0;
}

int store_pin_fault_get(struct store *s, int64_t person_id, struct pin_fault *out,
			struct err *err)
{
	*out = (struct pin_fault){ 0 };
	return store_run(s, STMT_PIN_FAULT_GET, DB_ARGS(DB_I(person_id)), fault_got, out,
			 err);
}

int store_pin_fault_set(struct store *s, int64_t person_id, const struct pin_fault *fault,
			struct err *err)
{
	if (fault->n == 0)
		return store_run(s, STMT_PIN_FAULT_REMOVE, DB_ARGS(DB_I(person_id)), NULL,
				 NULL, err);
	return store_run(
		s, STMT_PIN_FAULT_SET,
		DB_ARGS(DB_I(person_id), DB_I(fault->n), DB_I(fault->locked_until_ms)),
		NULL, NULL, err);
}

/* ---- the audit trail ---- */

int store_audit_write(struct store *s, const struct audit_row *row, struct err *err)
{
	return store_run(s, STMT_AUDIT_ADD,
			 DB_ARGS(DB_I(row->at_ms), DB_T(row->who), DB_T(row->what),
				 DB_T(row->about), DB_T(row->reason)),
			 NULL, NULL, err);
}

int store_audit_add(struct store *s, int64_t now_ms, struct str who, struct str what,
		    struct str about, struct err *err)
{
	return store_audit_write(s,
				 &(struct audit_row){ .at_ms = now_ms,
						      .who = who,
						      .what = what,
						      .about = about,
						      .reason = STR("") },
				 err);
}

static int audit_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct audit_row *row = store_list_add(l, err);

	if (!row)
		return -1;
	*row = (struct audit_row){
		.id = c[0].i,
		.at_ms = c[1].i,
		.who = arena_str(l->arena, c[2].s),
		.what = arena_str(l->arena, c[3].s),
		.about = arena_str(l->arena, c[4].s),
		.reason = arena_str(l->arena, c[5].s),
	};
	return row->reason.p ? 0 : err_set(err, ERR_LIMIT, "no room for the audit trail");
}

static int audit_rows(struct store *s, enum stmt stmt, struct db_value arg,
		      struct arena *arena, struct audit_row **out, size_t *n,
		      struct err *err)
{
	struct store_list l = { .arena = arena, .size = sizeof(struct audit_row) };

	if (store_run(s, stmt, &arg, 1, audit_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_audit_list(struct store *s, int limit, struct arena *arena,
		     struct audit_row **out, size_t *n, struct err *err)
{
	return audit_rows(s, STMT_AUDIT_LIST, DB_I(limit), arena, out, n, err);
}

int store_audit_about(struct store *s, struct str about, struct arena *arena,
		      struct audit_row **out, size_t *n, struct err *err)
{
	return audit_rows(s, STMT_AUDIT_ABOUT, DB_T(about), arena, out, n, err);
}

/* ---- declared events ---- */

int store_incident_add(struct store *s, const struct incident *i, int64_t *id,
		       struct err *err)
{
	return store_run(s, STMT_INCIDENT_ADD,
			 DB_ARGS(DB_T(i->name), DB_T(i->department), DB_T(i->kecamatan),
				 DB_T(i->desa), DB_I(i->started_ms)),
			 store_take_int, id, err);
}

int store_incident_end(struct store *s, int64_t id, int64_t now_ms, struct err *err)
{
	return store_run(s, STMT_INCIDENT_END, DB_ARGS(DB_I(now_ms), DB_I(id)), NULL,
			 NULL, err);
}

static int incident_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct incident *i = store_list_add(l, err);

	if (!i)
		return -1;
	*i = (struct incident){
		.id = c[0].i,
		.name = arena_str(l->arena, c[1].s),
		.department = arena_str(l->arena, c[2].s),
		.kecamatan = arena_str(l->arena, c[3].s),
		.desa = arena_str(l->arena, c[4].s),
		.started_ms = c[5].i,
		.ended_ms = c[6].i,
	};
	return i->desa.p ? 0 : err_set(err, ERR_LIMIT, "no room for a declared event");
}

int store_incidents(struct store *s, bool going_on, struct arena *arena,
		    struct incident **out, size_t *n, struct err *err)
{
	struct store_list l = { .arena = arena, .size = sizeof(struct incident) };

	if (store_run(s, STMT_INCIDENTS, DB_ARGS(DB_I(going_on)), incident_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_incident_get(struct store *s, int64_t id, struct arena *arena,
		       struct incident *out, bool *found, struct err *err)
{
	struct store_list l = { .arena = arena, .size = sizeof(struct incident) };

	if (store_run(s, STMT_INCIDENT_GET, DB_ARGS(DB_I(id)), incident_row, &l, err))
		return -1;
	*found = l.n > 0;
	if (*found)
		*out = *(struct incident *)l.items;
	return 0;
}

/* ---- groups ---- */

int store_alike_set(struct store *s, const struct alike *a, struct err *err)
{
	struct db_value shared;

	if (store_seal(s, SEALED_ALIKE_WORDS, a->words, &shared, err))
		return -1;
	return store_run(s, STMT_ALIKE_SET,
			 DB_ARGS(DB_I(a->ticket_id), DB_I(a->head_id), DB_R(a->score),
				 shared, DB_T(a->state)),
			 NULL, NULL, err);
}

struct alike_into {
	struct store *store;
	struct alike *alike;
	struct arena *arena;
	bool found;
};

static int alike_got(void *arg, const struct db_value *c, struct err *err)
{
	struct alike_into *into = arg;
	struct err why;

	into->alike->head_id = c[0].i;
	into->alike->score = c[1].r;
	into->alike->state = arena_str(into->arena, c[3].s);
	into->found = true;
	if (!into->alike->state.p)
		return err_set(err, ERR_LIMIT, "no room for a group");
	if (store_unseal(into->store, SEALED_ALIKE_WORDS, into->alike->ticket_id, &c[2],
			 into->arena, &into->alike->words, &why) == 0)
		return 0;
	if (why.kind != ERR_CONFIG) {
		*err = why;
		return -1;
	}
	into->alike->words = STR(""); /* engine's own work */
	store_unreadable_note(into->store, &why);
	return 0;
}

int store_alike_get(struct store *s, int64_t ticket_id, struct arena *arena,
		    struct alike *out, bool *found, struct err *err)
{
	struct alike_into into = { s, out, arena, false };

	*out = (struct alike){ .ticket_id = ticket_id };
	if (store_run(s, STMT_ALIKE_GET, DB_ARGS(DB_I(ticket_id)), alike_got, &into, err))
		return -1;
	*found = into.found;
	return 0;
}

int store_alike_count(struct store *s, int64_t head_id, int64_t *n, struct err *err)
{
	*n = 0;
	return store_run(s, STMT_ALIKE_COUNT, DB_ARGS(DB_I(head_id)), store_take_int, n,
			 err);
}

static int alike_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct alike_row *row = store_list_add(l, err);

	if (!row)
		return -1;
	*row = (struct alike_row){
		.no = c[0].i,
		.head_no = c[1].i,
		.senders = c[2].i,
		.score = c[3].r,
	};
	return store_unseal(l->store, SEALED_ALIKE_WORDS, c[5].i, &c[4], l->arena,
			    &row->words, err);
}

int store_alike_list(struct store *s, int limit, struct arena *arena,
		     struct alike_row **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct alike_row) };

	if (store_run(s, STMT_ALIKE_LIST, DB_ARGS(DB_I(limit)), alike_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}
