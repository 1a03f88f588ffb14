/* SPDX-License-Identifier: MIT */
/*
 * Everything that the store holds about one person, for his request to see it (UU
 * 27/2022): what he texted, what he was told, his tickets with their histories, what he
 * was asked last, and who has looked him up. Rows that are somebody else's are left out
 * also where they are about his ticket: what an officer was told of it, or texted. What
 * was said to him or about his matter is in the histories.
 */
#include "console/desk.h"

#include "model/msisdn.h"
#include "store/retain.h"

enum { SCRATCH_CEILING = 64 << 20 };

struct export
{
	struct engine *engine;
	struct store *store;
	struct incoming *in;
	const struct person *person;
	struct arena *scratch;
};

static struct json *person_json(struct export *x, int64_t since_ms)
{
	const struct person *p = x->person;
	struct json *o = json_new_object();

	json_set(o, "token", desk_token(x->engine, x->in, p->id));
	json_set(o, "number", json_new_str(p->address));
	json_set(o, "kind",
		 json_new_str(str_of(sender_kind_name((enum sender_kind)p->kind))));
	json_set(o, "language",
		 json_new_str(str_of(
			 command_language_code((enum command_language)p->language))));
	json_set(o, "language_chosen", json_new_bool(p->chosen));
	json_set(o, "stopped", json_new_bool(p->stopped));
	json_set(o, "since", desk_time(x->engine, x->in, since_ms));
	json_set(o, "replies_in_hour", json_new_int(p->hour_replies));
	json_set(o, "orders_in_hour", json_new_int(p->hour_orders));
	json_set(o, "replies_in_day", json_new_int(p->day_replies));
	return o;
}

/* ---- what he texted ---- */

static struct json *text_json(struct export *x, const struct person_text *t)
{
	const struct message_in *m = &t->message;
	struct json *o = json_new_object();

	json_set(o, "id", json_new_int(m->id));
	json_set(o, "provider", json_new_str(m->provider));
	json_set(o, "external_id", json_new_str(m->external_id));
	json_set(o, "to", json_new_str(m->recipient));
	json_set(o, "sent", desk_time(x->engine, x->in, m->sent_ms));
	json_set(o, "received", desk_time(x->engine, x->in, m->received_ms));
	json_set(o, "kind", json_new_str(m->kind));
	json_set(o, "ticket",
		 t->ticket_no ? json_new_str(arena_printf(x->in->arena, "%lld",
							  (long long)t->ticket_no))
			      : json_new_null());
	json_set(o, "note", desk_text(x->in, m->note));
	json_set(o, "text", desk_text(x->in, m->text));
	if (m->raw.n)
		json_set(o, "as_received", json_new_str(m->raw));
	if (m->part_group) {
		json_set(o, "part_of", json_new_int(m->part_group));
		json_set(o, "part", json_new_int(m->part_no));
	}
	return o;
}

static int texts_add(struct export *x, struct json *root, struct err *err)
{
	struct json *list = json_new_array();
	struct person_text *texts;
	size_t n;

	json_set(root, "texts", list);
	if (store_person_texts(x->store, x->person->id, x->scratch, &texts, &n, err))
		return -1;
	for (size_t i = n; i-- > 0;)
		json_add(list, text_json(x, &texts[i]));
	return 0;
}

/* ---- tickets ---- */

/* Of a list of replies, those to him. */
static struct json *told_json(struct export *x, struct message_out *list, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (list[i].person_id == x->person->id)
			list[kept++] = list[i];
	return desk_replies_json(x->engine, x->in, list, kept);
}

static struct json *ticket_json(struct export *x, const struct ticket *t)
{
	struct json *o = desk_ticket_json(x->engine, x->in, t);

	json_set(o, "changed", desk_time(x->engine, x->in, t->changed_ms));
	json_set(o, "closed", desk_time(x->engine, x->in, t->life.closed_ms));
	json_set(o, "first_answer", desk_time(x->engine, x->in, t->first_ms));
	json_set(o, "done", desk_time(x->engine, x->in, t->done_ms));
	json_set(o, "rating", json_new_int(t->life.rating));
	json_set(o, "muted", json_new_bool(t->muted));
	json_set(o, "erase_wanted", json_new_bool(t->erase));
	json_set(o, "office_named", json_new_str(t->accused));
	return o;
}

static int ticket_add(struct export *x, struct json *list, int64_t id, struct err *err)
{
	struct message_out *told;
	struct event *events;
	struct ticket t;
	struct json *o;
	size_t n_told, n_events;

	if (store_ticket_get(x->store, id, x->scratch, &t, err) ||
	    store_events(x->store, id, x->scratch, &events, &n_events, err) ||
	    store_list_out(x->store, id, x->scratch, &told, &n_told, err))
		return -1;
	/* The texts behind the events: his are among the texts, others' are not his. */
	for (size_t i = 0; i < n_events; i++)
		events[i].text = STR("");
	o = ticket_json(x, &t);
	json_set(o, "history", desk_history_json(x->engine, x->in, events, n_events));
	json_set(o, "replies", told_json(x, told, n_told));
	json_add(list, o);
	return 0;
}

static int tickets_add(struct export *x, struct json *root, struct err *err)
{
	struct json *list = json_new_array();
	struct person_ticket *tickets;
	size_t n;

	json_set(root, "tickets", list);
	if (store_person_tickets(x->store, x->person->id, x->scratch, &tickets, &n, err))
		return -1;
	for (size_t i = n; i-- > 0;)
		if (ticket_add(x, list, tickets[i].id, err))
			return -1;
	return 0;
}

/* ---- the rest ---- */

static int told_add(struct export *x, struct json *root, struct err *err)
{
	struct message_out *told;
	size_t n;

	if (store_person_told(x->store, x->person->id, x->scratch, &told, &n, err))
		return -1;
	json_set(root, "replies", told_json(x, told, n));
	return 0;
}

static int asked_add(struct export *x, struct json *root, struct err *err)
{
	struct pin_fault fault;
	struct asked_row row;
	struct json *o;
	bool found;

	if (store_asked_get(x->store, x->person, x->scratch, &row, &found, err) ||
	    store_pin_fault_get(x->store, x->person->id, &fault, err))
		return -1;
	if (found) {
		o = json_new_object();
		json_set(o, "asked", json_new_str(row.asked));
		json_set(o, "ticket", json_new_int(row.no));
		json_set(o, "choices", json_new_str(row.choices));
		json_set(o, "at", desk_time(x->engine, x->in, row.asked_ms));
		json_set(o, "until", desk_time(x->engine, x->in, row.expires_ms));
		json_set(root, "question", o);
	}
	if (fault.n)
		json_set(root, "wrong_pins", json_new_int(fault.n));
	return 0;
}

struct json *desk_audit_json(struct engine *engine, struct incoming *in,
			     const struct audit_row *row)
{
	struct json *o = json_new_object();

	json_set(o, "at", desk_time(engine, in, row->at_ms));
	json_set(o, "who", json_new_str(row->who));
	json_set(o, "what", json_new_str(row->what));
	json_set(o, "about", json_new_str(row->about));
	json_set(o, "reason", desk_text(in, row->reason));
	return o;
}

static int looks_add(struct export *x, struct json *root, struct err *err)
{
	struct str token = store_person_token(x->store, x->person->id, x->scratch);
	struct json *list = json_new_array();
	struct audit_row *rows;
	size_t n;

	json_set(root, "looked_up", list);
	if (store_audit_about(x->store, token, x->scratch, &rows, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		json_add(list, desk_audit_json(x->engine, x->in, &rows[i]));
	return 0;
}

static int all_add(struct export *x, struct json *root, struct err *err)
{
	int64_t since_ms;

	if (store_person_since(x->store, x->person->id, &since_ms, err))
		return -1;
	json_set(root, "person", person_json(x, since_ms));
	return texts_add(x, root, err) || tickets_add(x, root, err) ||
			       told_add(x, root, err) || asked_add(x, root, err) ||
			       looks_add(x, root, err)
		       ? -1
		       : 0;
}

struct json *desk_export(struct engine *engine, struct incoming *in,
			 const struct person *person, struct err *err)
{
	struct export x = { engine, engine_store(engine), in, person,
			    arena_new("export", SCRATCH_CEILING) };
	struct json *root;

	if (!x.scratch) {
		err_set(err, ERR_LIMIT, "no memory for an export");
		return NULL;
	}
	root = json_new_object();
	if (all_add(&x, root, err)) {
		json_free(root);
		root = NULL;
	}
	arena_free(x.scratch);
	return root;
}
