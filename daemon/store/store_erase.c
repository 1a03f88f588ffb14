/* SPDX-License-Identifier: MIT */
/*
 * What a person wants erased: HAPUS, step by step, and everything of his at once. HAPUS
 * has counters of its own ("hapus": the ticket in hand, and how far along its sender's
 * chain of texts). Contract in retain.h.
 */
#include "store/retain.h"

#include "store/wipe.h"

enum { HAPUS_TICKET, HAPUS_IN };

/* A text of his, at its place in his chain. */
struct text_step {
	int64_t id, before, ticket_id, owner;
	bool inquiry, wiped, official; /* official: said as an officer */
};

static int text_step_row(void *arg, const struct db_value *c, struct err *err)
{
	(void)err;
	*(struct text_step *)arg = (struct text_step){
		.id = c[0].i,
		.before = c[1].i,
		.ticket_id = c[2].i,
		.owner = c[3].i,
		.inquiry = c[4].i != 0,
		.wiped = c[5].i != 0,
		.official = c[6].i != 0,
	};
	return 0;
}

/* Which of a person's texts are meant. */
struct texts_meant {
	int64_t person_id;
	bool all;		   /* whatever ticket they belong to */
	int64_t ticket_id, beside; /* else these, and those that belong to none */
};

/*
 * In his own tickets all that he said is his. In others' (a ticket was merged into one,
 * he is an officer) what he said as an officer is the office's.
 */
static bool is_meant(const struct texts_meant *m, const struct text_step *t)
{
	bool others = t->ticket_id && t->owner != m->person_id;

	if (t->wiped || t->inquiry || (others && t->official))
		return false;
	return m->all || t->ticket_id == 0 || t->ticket_id == m->ticket_id ||
	       t->ticket_id == m->beside;
}

static int text_wipe(struct store *s, const struct texts_meant *m,
		     const struct text_step *t, struct err *err)
{
	struct db_value note;

	if (!is_meant(m, t))
		return 0;
	if (store_in_wipe(s, t->id, err))
		return -1;
	if (t->ticket_id == 0)
		return 0;
	return store_seal(s, SEALED_EVENT_NOTE, store_wiped_text, &note, err) ||
			       store_run(s, STMT_WIPE_EVENTS_BY,
					 DB_ARGS(note, DB_I(t->ticket_id), DB_I(t->id)),
					 NULL, NULL, err)
		       ? -1
		       : 0;
}

/* So many of his texts from *at back; *at 0: the end. */
static int texts_wipe(struct store *s, const struct texts_meant *m, int most, int64_t *at,
		      struct err *err)
{
	for (; *at && most > 0; most--) {
		struct text_step t = { .id = 0 };

		if (store_run(s, STMT_IN_CHAIN, DB_ARGS(DB_I(*at)), text_step_row, &t,
			      err))
			return -1;
		*at = t.before;
		if (t.id && text_wipe(s, m, &t, err))
			return -1;
	}
	return 0;
}

/* What the history says of it. */
static int erased_add(struct store *s, int64_t ticket_id, int64_t now_ms,
		      struct str actor, bool kept, struct err *err)
{
	const struct event event = {
		.ticket_id = ticket_id,
		.at_ms = now_ms,
		.kind = STR("dihapus"),
		.actor = actor,
		.note = kept ? STR("isi disimpan menurut aturan arsip pengawasan")
			     : STR(""),
	};

	return store_event_add(s, &event, err) ||
			       store_run(s, STMT_ERASE_DONE, DB_ARGS(DB_I(ticket_id)),
					 NULL, NULL, err)
		       ? -1
		       : 0;
}

struct wish {
	int64_t ticket_id, person_id, parent_id;
	bool inquiry;
};

static int wish_row(void *arg, const struct db_value *c, struct err *err)
{
	(void)err;
	*(struct wish *)arg = (struct wish){ c[0].i, c[1].i, c[2].i, c[3].i != 0 };
	return 0;
}

/* The one in hand, unless it was opened again; else the next: its words go first. */
static int wish_take(struct store *s, int64_t before_ms, struct wish *wish, int64_t *at,
		     struct err *err)
{
	struct chains chains;
	int64_t ticket_id;

	*wish = (struct wish){ 0 };
	if (store_place_get(s, "hapus", HAPUS_TICKET, &ticket_id, err) ||
	    store_place_get(s, "hapus", HAPUS_IN, at, err))
		return -1;
	if (ticket_id &&
	    store_run(s, STMT_ERASE_GET, DB_ARGS(DB_I(ticket_id)), wish_row, wish, err))
		return -1;
	if (wish->ticket_id)
		return 0;
	if (store_run(s, STMT_ERASE_NEXT, DB_ARGS(DB_I(before_ms)), wish_row, wish, err))
		return -1;
	if (wish->ticket_id == 0)
		return ticket_id ? store_place_set(s, "hapus", HAPUS_TICKET, 0, err) : 0;
	if ((!wish->inquiry && store_ticket_wipe(s, wish->ticket_id, err)) ||
	    store_chains(s, wish->person_id, &chains, err))
		return -1;
	*at = chains.in;
	return store_place_set(s, "hapus", HAPUS_TICKET, wish->ticket_id, err);
}

/* The number goes when no other ticket of his is open; then it is done. */
static int wish_end(struct store *s, const struct wish *wish, int64_t now_ms,
		    struct erased *out, struct err *err)
{
	struct need need = { .but = wish->ticket_id };
	struct chains chains;

	if (store_chains(s, wish->person_id, &chains, err) ||
	    store_tickets_walk(s, chains.ticket, store_need_look, &need, err))
		return -1;
	out->number = !need.open;
	out->over = true;
	out->kept = wish->inquiry;
	out->tickets = !wish->inquiry;
	if (out->number && store_person_forget(s, wish->person_id, err))
		return -1;
	return erased_add(s, wish->ticket_id, now_ms, STR("gateway"), wish->inquiry, err);
}

int store_erase_step(struct store *s, int64_t now_ms, int64_t before_ms, int most,
		     struct erased *out, struct err *err)
{
	struct texts_meant meant = { .all = false };
	struct wish wish;
	int64_t at;

	*out = (struct erased){ 0 };
	if (wish_take(s, before_ms, &wish, &at, err))
		return -1;
	if (wish.ticket_id == 0)
		return 0;
	out->person_id = meant.person_id = wish.person_id;
	meant.ticket_id = wish.ticket_id;
	meant.beside = wish.parent_id;
	if (texts_wipe(s, &meant, most, &at, err) ||
	    store_place_set(s, "hapus", HAPUS_IN, at, err))
		return -1;
	if (at)
		return 0;
	return store_place_set(s, "hapus", HAPUS_TICKET, 0, err) ||
			       wish_end(s, &wish, now_ms, out, err)
		       ? -1
		       : 0;
}

struct erasing {
	struct store *store;
	int64_t now_ms;
	struct str actor;
	struct erased *out;
};

static int ticket_erase(void *arg, const struct person_ticket *t, struct err *err)
{
	struct erasing *x = arg;

	if (!t->inquiry && store_ticket_wipe(x->store, t->id, err))
		return -1;
	x->out->kept += t->inquiry;
	x->out->tickets += !t->inquiry;
	return erased_add(x->store, t->id, x->now_ms, x->actor, t->inquiry, err);
}

int store_person_erase(struct store *s, int64_t person_id, int64_t now_ms,
		       struct str actor, struct erased *out, struct err *err)
{
	const struct texts_meant all = { .person_id = person_id, .all = true };
	struct erasing x = { s, now_ms, actor, out };
	struct chains chains;

	*out = (struct erased){ .person_id = person_id, .number = true, .over = true };
	if (store_chains(s, person_id, &chains, err) ||
	    store_tickets_walk(s, chains.ticket, ticket_erase, &x, err) ||
	    texts_wipe(s, &all, INT32_MAX, &chains.in, err))
		return -1;
	return store_words_wipe(s, STMT_WIPE_OUT_LOOSE, SEALED_OUT_TEXT, person_id,
				err) ||
			       store_person_forget(s, person_id, err)
		       ? -1
		       : 0;
}
