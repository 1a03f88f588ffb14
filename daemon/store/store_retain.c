/* SPDX-License-Identifier: MIT */
/*
 * Wiping. A pass of the housekeeping goes over six tables by id, a few rows a step; the
 * counter "retain" says where it stands (day 0: the table, 1: the id) and is committed
 * with what the step wiped, so a crash between two steps loses nothing and repeats
 * nothing. HAPUS has counters of its own ("hapus": the ticket in hand, and how far along
 * its sender's chain of texts). Contract in retain.h.
 */
#include "store/inside.h"
#include "store/retain.h"

static const struct str wiped_text = STR_INIT("(dihapus)");

/* ---- where it stands ---- */

enum { RETAIN_TABLE, RETAIN_ID, RETAIN_CLOCK };
enum { HAPUS_TICKET, HAPUS_IN };

static int place_get(struct store *s, const char *name, int64_t which, int64_t *out,
		     struct err *err)
{
	return store_count_add(s, name, which, 0, out, err);
}

static int place_set(struct store *s, const char *name, int64_t which, int64_t to,
		     struct err *err)
{
	int64_t is;

	if (store_count_add(s, name, which, 0, &is, err))
		return -1;
	return store_count_add(s, name, which, to - is, &is, err);
}

int store_retain_clock(struct store *s, int64_t *clock_ms, bool *under_way,
		       struct err *err)
{
	int64_t table, id;

	if (place_get(s, "retain", RETAIN_CLOCK, clock_ms, err) ||
	    place_get(s, "retain", RETAIN_TABLE, &table, err) ||
	    place_get(s, "retain", RETAIN_ID, &id, err))
		return -1;
	*under_way = table > 0 || id > 0;
	return 0;
}

int store_retain_clock_set(struct store *s, int64_t clock_ms, struct err *err)
{
	return place_set(s, "retain", RETAIN_CLOCK, clock_ms, err);
}

/* ---- one value ---- */

/* The words of a row, by its id. */
static int words_wipe(struct store *s, enum stmt stmt, enum sealed what, int64_t id,
		      struct err *err)
{
	struct db_value text;

	return store_seal(s, what, wiped_text, &text, err) ||
			       store_run(s, stmt, DB_ARGS(text, DB_I(id)), NULL, NULL,
					 err)
		       ? -1
		       : 0;
}

static int in_wipe(struct store *s, int64_t id, struct err *err)
{
	return words_wipe(s, STMT_WIPE_IN, SEALED_IN_TEXT, id, err);
}

static int out_wipe(struct store *s, int64_t id, struct err *err)
{
	return words_wipe(s, STMT_WIPE_OUT, SEALED_OUT_TEXT, id, err);
}

static int event_wipe(struct store *s, int64_t id, struct err *err)
{
	return words_wipe(s, STMT_WIPE_EVENT, SEALED_EVENT_NOTE, id, err);
}

static int alike_wipe(struct store *s, int64_t id, struct err *err)
{
	return words_wipe(s, STMT_WIPE_ALIKE, SEALED_ALIKE_WORDS, id, err);
}

/* A mail's words, sender, attachments and what it was answered; by its id, or by the
 * ticket's. */
static int mail_wipe_by(struct store *s, enum stmt mail, enum stmt attachments,
			enum stmt out, int64_t id, struct err *err)
{
	struct db_value raw, sender, name, to, subject, text;

	if (store_seal(s, SEALED_MAIL_RAW, wiped_text, &raw, err) ||
	    store_seal(s, SEALED_MAIL_SENDER, STR(""), &sender, err) ||
	    store_seal(s, SEALED_ATTACHMENT_NAME, wiped_text, &name, err) ||
	    store_seal(s, SEALED_MAIL_OUT_TO, STR(""), &to, err) ||
	    store_seal(s, SEALED_MAIL_OUT_SUBJECT, wiped_text, &subject, err) ||
	    store_seal(s, SEALED_MAIL_OUT_TEXT, wiped_text, &text, err))
		return -1;
	return store_run(s, attachments, DB_ARGS(name, DB_I(id)), NULL, NULL, err) ||
			       store_run(s, out, DB_ARGS(to, subject, text, DB_I(id)),
					 NULL, NULL, err) ||
			       store_run(s, mail, DB_ARGS(raw, sender, DB_I(id)), NULL,
					 NULL, err)
		       ? -1
		       : 0;
}

static int mail_wipe(struct store *s, int64_t id, struct err *err)
{
	return mail_wipe_by(s, STMT_WIPE_MAIL, STMT_WIPE_ATTACHMENTS, STMT_WIPE_MAIL_OUT,
			    id, err);
}

/* His number, and what only makes sense with it. */
static int person_forget(struct store *s, int64_t id, struct err *err)
{
	struct db_value nothing;

	if (store_seal(s, SEALED_ADDRESS, STR(""), &nothing, err) ||
	    store_look_remove(s, id, err) ||
	    store_run(s, STMT_PERSON_FORGET, DB_ARGS(nothing, DB_I(id)), NULL, NULL, err))
		return -1;
	return store_run(s, STMT_ASKED_REMOVE, DB_ARGS(DB_I(id)), NULL, NULL, err) ||
			       store_run(s, STMT_PIN_FAULT_REMOVE, DB_ARGS(DB_I(id)),
					 NULL, NULL, err)
		       ? -1
		       : 0;
}

/* All words of a ticket. */
static int ticket_wipe(struct store *s, int64_t id, struct err *err)
{
	/* The texts first: they are found by the events. */
	return mail_wipe_by(s, STMT_WIPE_MAIL_OF, STMT_WIPE_ATTACHMENTS_OF,
			    STMT_WIPE_MAIL_OUT_OF, id, err) ||
			       words_wipe(s, STMT_WIPE_IN_OF, SEALED_IN_TEXT, id, err) ||
			       words_wipe(s, STMT_WIPE_EVENTS_OF, SEALED_EVENT_NOTE, id,
					  err) ||
			       words_wipe(s, STMT_WIPE_OUTS_OF, SEALED_OUT_TEXT, id,
					  err) ||
			       alike_wipe(s, id, err) ||
			       words_wipe(s, STMT_WIPE_ALIKE_HEAD, SEALED_ALIKE_WORDS, id,
					  err)
		       ? -1
		       : 0;
}

/* ---- whether a number is needed ---- */

/* What his tickets say about whether the number is needed. */
struct need {
	int64_t but; /* not this one */
	bool open;
	int64_t closed_ms; /* the last closing */
};

static int need_look(void *arg, const struct person_ticket *t, struct err *err)
{
	struct need *need = arg;

	(void)err;
	if (t->id == need->but)
		return 0;
	need->open |= t->open;
	if (t->closed_ms > need->closed_ms)
		need->closed_ms = t->closed_ms;
	return 0;
}

/* ---- the pass ---- */

/* A row as the pass sees it. */
struct retain_row {
	int64_t id, at_ms, ticket_id, closed_ms;
	bool wiped, nobody, inquiry; /* nobody: its person's number is gone */
};

enum { ROWS_MOST = 200 };

struct retain_rows {
	struct retain_row rows[ROWS_MOST];
	size_t n;
};

static int retain_row(void *arg, const struct db_value *c, struct err *err)
{
	struct retain_rows *found = arg;

	(void)err;
	found->rows[found->n++] = (struct retain_row){
		.id = c[0].i,
		.wiped = c[1].i != 0,
		.at_ms = c[2].i,
		.ticket_id = c[3].i,
		.nobody = c[4].i == 0,
		.closed_ms = c[5].i,
		.inquiry = c[6].i != 0,
	};
	return 0;
}

static bool is_over(const struct retention *r, const struct retain_row *row)
{
	if (row->wiped)
		return false;
	if (row->ticket_id == 0)
		return row->nobody || row->at_ms < r->before_ms[RETAIN_SPAM];
	return row->closed_ms > 0 &&
	       row->closed_ms < r->before_ms[row->inquiry ? RETAIN_INQUIRY : RETAIN_TEXT];
}

/* The tables with words, in the order of a pass; persons come last. */
static const struct {
	enum stmt next;
	int (*wipe)(struct store *store, int64_t id, struct err *err);
} tables[] = {
	{ STMT_RETAIN_IN, in_wipe },	   { STMT_RETAIN_OUT, out_wipe },
	{ STMT_RETAIN_EVENT, event_wipe }, { STMT_RETAIN_ALIKE, alike_wipe },
	{ STMT_RETAIN_MAIL, mail_wipe },
};

enum { TABLES = sizeof(tables) / sizeof(*tables) };

struct pass {
	const struct retention *retention;
	int look, wipe; /* how many more */
	int64_t table, id;
	struct retained *done;
};

/* Rows of one table; *end: there are no more behind them. */
static int words_pass(struct store *s, struct pass *p, bool *end, struct err *err)
{
	struct retain_rows found = { .n = 0 };
	int most = p->look < ROWS_MOST ? p->look : ROWS_MOST;

	if (store_run(s, tables[p->table].next, DB_ARGS(DB_I(p->id), DB_I(most)),
		      retain_row, &found, err))
		return -1;
	*end = found.n < (size_t)most;
	for (size_t i = 0; i < found.n; i++) {
		if (p->wipe == 0) {
			*end = false;
			return 0;
		}
		p->look--;
		p->id = found.rows[i].id;
		if (!is_over(p->retention, &found.rows[i]))
			continue;
		if (tables[p->table].wipe(s, p->id, err))
			return -1;
		p->wipe--;
		p->done->texts++;
	}
	return 0;
}

/* ---- the pass, persons ---- */

struct person_rows {
	struct {
		int64_t id, newest_ms, last_ticket, asked_until_ms, locked_until_ms;
		bool nobody;
	} rows[ROWS_MOST];
	size_t n;
};

static int person_row(void *arg, const struct db_value *c, struct err *err)
{
	struct person_rows *found = arg;
	size_t i = found->n++;

	(void)err;
	found->rows[i].id = c[0].i;
	found->rows[i].nobody = c[1].i == 0;
	found->rows[i].newest_ms = c[2].i;
	found->rows[i].last_ticket = c[3].i;
	found->rows[i].asked_until_ms = c[4].i;
	found->rows[i].locked_until_ms = c[5].i;
	return 0;
}

/* What expired by itself: a question, the lock after wrong PINs. */
static int expired_remove(struct store *s, struct pass *p, int64_t id, int64_t until_ms,
			  enum stmt remove, struct err *err)
{
	if (until_ms == 0 || until_ms > p->retention->now_ms)
		return 0;
	if (store_run(s, remove, DB_ARGS(DB_I(id)), NULL, NULL, err))
		return -1;
	p->done->questions++;
	return remove == STMT_ASKED_REMOVE ? store_run(s, STMT_PERSON_UNASK,
						       DB_ARGS(DB_I(id)), NULL, NULL, err)
					   : 0;
}

/* A message may yet be on its way to somebody who never texts, an officer. */
static int number_over(struct store *s, struct pass *p, int64_t id, int64_t last_ticket,
		       struct err *err)
{
	int64_t before_ms = p->retention->before_ms[RETAIN_NUMBER], waits = 0;
	struct need need = { .but = 0 };

	if (store_tickets_walk(s, last_ticket, need_look, &need, err))
		return -1;
	if (need.open || need.closed_ms >= before_ms)
		return 0;
	if (store_run(s, STMT_PERSON_WAITED, DB_ARGS(DB_I(id)), store_take_int, &waits,
		      err))
		return -1;
	if (waits)
		return 0;
	p->wipe--;
	p->done->numbers++;
	return person_forget(s, id, err);
}

static int persons_pass(struct store *s, struct pass *p, bool *end, struct err *err)
{
	struct person_rows found = { .n = 0 };
	int most = p->look < ROWS_MOST ? p->look : ROWS_MOST;

	if (store_run(s, STMT_RETAIN_PERSON, DB_ARGS(DB_I(p->id), DB_I(most)), person_row,
		      &found, err))
		return -1;
	*end = found.n < (size_t)most;
	for (size_t i = 0; i < found.n; i++) {
		if (p->wipe == 0) {
			*end = false;
			return 0;
		}
		p->look--;
		p->id = found.rows[i].id;
		if (expired_remove(s, p, p->id, found.rows[i].asked_until_ms,
				   STMT_ASKED_REMOVE, err) ||
		    expired_remove(s, p, p->id, found.rows[i].locked_until_ms,
				   STMT_PIN_FAULT_REMOVE, err))
			return -1;
		if (!found.rows[i].nobody &&
		    found.rows[i].newest_ms < p->retention->before_ms[RETAIN_NUMBER] &&
		    number_over(s, p, p->id, found.rows[i].last_ticket, err))
			return -1;
	}
	return 0;
}

int store_retain_step(struct store *s, const struct retention *r, int look, int wipe,
		      struct retained *done, bool *over, struct err *err)
{
	struct pass p = { .retention = r, .look = look, .wipe = wipe, .done = done };

	*over = false;
	if (place_get(s, "retain", RETAIN_TABLE, &p.table, err) ||
	    place_get(s, "retain", RETAIN_ID, &p.id, err))
		return -1;
	while (p.look > 0 && p.wipe > 0 && !*over) {
		bool end;

		if (p.table < TABLES ? words_pass(s, &p, &end, err)
				     : persons_pass(s, &p, &end, err))
			return -1;
		if (!end)
			continue;
		p.id = 0;
		*over = p.table == TABLES;
		p.table = *over ? 0 : p.table + 1;
	}
	return place_set(s, "retain", RETAIN_TABLE, p.table, err) ||
			       place_set(s, "retain", RETAIN_ID, p.id, err)
		       ? -1
		       : 0;
}

/* ---- wanted by the person ---- */

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
	if (in_wipe(s, t->id, err))
		return -1;
	if (t->ticket_id == 0)
		return 0;
	return store_seal(s, SEALED_EVENT_NOTE, wiped_text, &note, err) ||
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
	if (place_get(s, "hapus", HAPUS_TICKET, &ticket_id, err) ||
	    place_get(s, "hapus", HAPUS_IN, at, err))
		return -1;
	if (ticket_id &&
	    store_run(s, STMT_ERASE_GET, DB_ARGS(DB_I(ticket_id)), wish_row, wish, err))
		return -1;
	if (wish->ticket_id)
		return 0;
	if (store_run(s, STMT_ERASE_NEXT, DB_ARGS(DB_I(before_ms)), wish_row, wish, err))
		return -1;
	if (wish->ticket_id == 0)
		return ticket_id ? place_set(s, "hapus", HAPUS_TICKET, 0, err) : 0;
	if ((!wish->inquiry && ticket_wipe(s, wish->ticket_id, err)) ||
	    store_chains(s, wish->person_id, &chains, err))
		return -1;
	*at = chains.in;
	return place_set(s, "hapus", HAPUS_TICKET, wish->ticket_id, err);
}

/* The number goes when no other ticket of his is open; then it is done. */
static int wish_end(struct store *s, const struct wish *wish, int64_t now_ms,
		    struct erased *out, struct err *err)
{
	struct need need = { .but = wish->ticket_id };
	struct chains chains;

	if (store_chains(s, wish->person_id, &chains, err) ||
	    store_tickets_walk(s, chains.ticket, need_look, &need, err))
		return -1;
	out->number = !need.open;
	out->over = true;
	out->kept = wish->inquiry;
	out->tickets = !wish->inquiry;
	if (out->number && person_forget(s, wish->person_id, err))
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
	    place_set(s, "hapus", HAPUS_IN, at, err))
		return -1;
	if (at)
		return 0;
	return place_set(s, "hapus", HAPUS_TICKET, 0, err) ||
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

	if (!t->inquiry && ticket_wipe(x->store, t->id, err))
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
	return words_wipe(s, STMT_WIPE_OUT_LOOSE, SEALED_OUT_TEXT, person_id, err) ||
			       person_forget(s, person_id, err)
		       ? -1
		       : 0;
}

/* ---- what was overwritten ---- */

int store_scrub(struct store *s, bool *done, struct err *err)
{
	struct err why = { .kind = ERR_NONE };

	*done = false;
	if (s->doubt || !s->db || s->open)
		return err_set(err, ERR_LATER, "the store is not at rest");
	if (s->driver->scrub(s->db, done, &why) == 0)
		return 0;
	s->doubt = why.kind == ERR_LATER;
	*err = why;
	return -1;
}
