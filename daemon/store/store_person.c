/* SPDX-License-Identifier: MIT */
/*
 * Everything about one person, along his chains: for an operator who may look, and for
 * what is wiped. Contract in retain.h.
 */
#include "store/inside.h"
#include "store/retain.h"

/* ---- chains ---- */

static int chains_row(void *arg, const struct db_value *c, struct err *err)
{
	(void)err;
	*(struct chains *)arg = (struct chains){ c[0].i, c[1].i, c[2].i };
	return 0;
}

int store_chains(struct store *s, int64_t person_id, struct chains *out, struct err *err)
{
	*out = (struct chains){ 0 };
	return store_run(s, STMT_PERSON_CHAINS, DB_ARGS(DB_I(person_id)), chains_row, out,
			 err);
}

int store_person_since(struct store *s, int64_t person_id, int64_t *since_ms,
		       struct err *err)
{
	struct chains chains;

	if (store_chains(s, person_id, &chains, err))
		return -1;
	*since_ms = chains.since_ms;
	return 0;
}

/* ---- tickets ---- */

struct ticket_step {
	struct person_ticket ticket;
	char department[40];
	int64_t before;
};

static int ticket_step_row(void *arg, const struct db_value *c, struct err *err)
{
	struct ticket_step *step = arg;
	struct person_ticket *t = &step->ticket;
	struct str code = str_slice(c[7].s, 0, sizeof(step->department));
	enum ticket_state head = TICKET_ARSIP;

	memcpy(step->department, code.p, code.n);
	*t = (struct person_ticket){ .id = c[0].i,
				     .no = c[2].i,
				     .closed_ms = c[5].i,
				     .inquiry = c[6].i != 0,
				     .department = str_from(step->department, code.n) };
	if (!ticket_state_read(c[3].s, &t->state) ||
	    (c[4].s.n && !ticket_state_read(c[4].s, &head)))
		return err_set(err, ERR_BUG, "ticket %lld: its state is not ours",
			       (long long)t->no);
	t->open = ticket_state_open(t->state) ||
		  (t->state == TICKET_DIGABUNG && ticket_state_open(head));
	step->before = c[1].i;
	return 0;
}

int store_tickets_walk(struct store *s, int64_t from, person_ticket_fn *each, void *arg,
		       struct err *err)
{
	while (from) {
		struct ticket_step step = { .before = 0 };

		if (store_run(s, STMT_TICKET_CHAIN, DB_ARGS(DB_I(from)), ticket_step_row,
			      &step, err))
			return -1;
		if (step.ticket.id && each(arg, &step.ticket, err))
			return -1;
		from = step.before;
	}
	return 0;
}

static int ticket_keep(void *arg, const struct person_ticket *t, struct err *err)
{
	struct store_list *l = arg;
	struct person_ticket *kept = store_list_add(l, err);

	if (!kept)
		return -1;
	*kept = *t;
	kept->department = arena_str(l->arena, t->department);
	return kept->department.p ? 0 : err_set(err, ERR_LIMIT, "no room for a ticket");
}

int store_person_tickets(struct store *s, int64_t person_id, struct arena *arena,
			 struct person_ticket **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct person_ticket) };
	struct chains chains;

	if (store_chains(s, person_id, &chains, err) ||
	    store_tickets_walk(s, chains.ticket, ticket_keep, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

/* ---- what he texted, and was told ---- */

struct texts {
	struct store_list list;
	int64_t before;
};

static int text_row(void *arg, const struct db_value *c, struct err *err)
{
	struct texts *found = arg;
	struct store_list *l = &found->list;
	struct person_text *t = store_list_add(l, err);

	if (!t)
		return -1;
	found->before = c[1].i;
	t->message = (struct message_in){
		.id = c[0].i,
		.provider = arena_str(l->arena, c[2].s),
		.external_id = arena_str(l->arena, c[3].s),
		.recipient = arena_str(l->arena, c[4].s),
		.sent_ms = c[7].i,
		.received_ms = c[8].i,
		.kind = arena_str(l->arena, c[9].s),
		.part_group = c[10].i,
		.part_no = (int)c[11].i,
	};
	t->ticket_no = c[12].i;
	return store_unseal(l->store, SEALED_IN_TEXT, c[0].i, &c[5], l->arena,
			    &t->message.text, err) ||
			       store_unseal(l->store, SEALED_IN_RAW, c[0].i, &c[6],
					    l->arena, &t->message.raw, err) ||
			       store_unseal(l->store, SEALED_IN_NOTE, c[0].i, &c[13],
					    l->arena, &t->message.note, err)
		       ? -1
		       : 0;
}

int store_person_texts(struct store *s, int64_t person_id, struct arena *arena,
		       struct person_text **out, size_t *n, struct err *err)
{
	struct texts found = { { s, arena, .size = sizeof(struct person_text) }, 0 };
	struct chains chains;

	if (store_chains(s, person_id, &chains, err))
		return -1;
	while (chains.in) {
		found.before = 0;
		if (store_run(s, STMT_IN_WHOLE, DB_ARGS(DB_I(chains.in)), text_row,
			      &found, err))
			return -1;
		chains.in = found.before;
	}
	*out = found.list.items;
	*n = found.list.n;
	return 0;
}
