/* SPDX-License-Identifier: MIT */
/*
 * Commands from citizens, one function a command, in a table. Which ticket is meant is
 * found here when the number is left out; whether it may be done says the life cycle's
 * table (flow/ticket.c). Each gets one short answer.
 */
#include "flow/flow.h"

enum { LOOK_BACK = 8, ERASE_WITHIN_MS = 3 * 86400000 };

typedef int (*converse_fn)(struct engine *e, struct heard *h, const struct command *c,
			   struct err *err);

static int say_simple(struct engine *e, struct heard *h, enum reply_key key, int64_t no,
		      struct err *err)
{
	struct reply reply = { .key = key, .priority = 2, .ticket_id = h->ticket_id };

	if (no)
		reply.values[VALUE_NO] = arena_printf(e->item, "%lld", (long long)no);
	return reply_say(e, h, &reply, err);
}

int say_about(struct engine *e, struct heard *h, enum reply_key key,
	      const struct ticket *t, const struct command *c, struct err *err)
{
	struct reply reply = { .key = key, .priority = 2, .ticket_id = t->id };

	h->ticket_id = t->id;
	ticket_values(e, &h->person, t, key, reply.values);
	if (c)
		reply.values[VALUE_PERINTAH] = str_of(command_name(c->kind));
	if (t->life.rating)
		reply.values[VALUE_N] = arena_printf(e->item, "%d", t->life.rating);
	return reply_say(e, h, &reply, err);
}

/* ---- whose, and which ---- */

/*
 * The sender's own ticket. *found false when the number is unknown or somebody else's:
 * both are answered alike, or eight digits would tell about strangers' complaints.
 */
static int own_ticket(struct engine *e, struct heard *h, int64_t no, struct ticket *t,
		      bool *found, struct err *err)
{
	struct err why;

	*found = false;
	if (store_ticket_by_no(e->store, no, e->item, t, &why)) {
		if (why.kind == ERR_NEVER)
			return 0;
		*err = why;
		return -1;
	}
	*found = t->person_id == h->person.id;
	return 0;
}

static int not_yours(struct engine *e, struct heard *h, const struct command *c,
		     struct err *err)
{
	if (c->wrong_no)
		return say_simple(e, h, REPLY_NOMOR_SALAH, 0, err);
	return say_simple(e, h, REPLY_BUKAN_MILIK, c->no, err);
}

/* What a command without a number may mean: bits (1u << enum ticket_state). */
static unsigned states_meant(enum command_kind kind)
{
	const unsigned selesai = 1u << TICKET_SELESAI, ditutup = 1u << TICKET_DITUTUP;
	unsigned open = 0;

	switch ((int)kind) {
	case COMMAND_YA:
		return selesai;
	case COMMAND_BELUM:
	case COMMAND_NILAI:
		return selesai | ditutup;
	case COMMAND_BEDA:
		return 1u << TICKET_DIGABUNG;
	case COMMAND_BANDING:
		return selesai | ditutup | 1u << TICKET_DITOLAK;
	default:
		break;
	}
	for (int s = 0; s < TICKET_STATE_COUNT; s++)
		open |= ticket_state_open((enum ticket_state)s) ? 1u << s : 0;
	return open | 1u << TICKET_DIGABUNG;
}

struct candidates {
	struct ticket *list; /* of those, the fitting ones */
	size_t n;
	struct ticket *newest; /* an open one that does not fit; NULL: none */
};

/* Where the matter of a ticket is: what is said of the result of a merged one is said of
 * the one that goes on. */
static int state_of(struct engine *e, const struct ticket *t, enum command_kind kind,
		    enum ticket_state *state, struct err *err)
{
	bool result =
		kind == COMMAND_YA || kind == COMMAND_BELUM || kind == COMMAND_NILAI;
	struct ticket parent;

	*state = t->life.state;
	if (!result || *state != TICKET_DIGABUNG || !t->parent_id)
		return 0;
	if (store_ticket_get(e->store, t->parent_id, e->item, &parent, err))
		return -1;
	*state = parent.life.state;
	return 0;
}

static int candidates_of(struct engine *e, struct heard *h, enum command_kind kind,
			 struct candidates *out, struct err *err)
{
	unsigned meant = states_meant(kind);
	enum ticket_state state;
	struct ticket *all;
	size_t n, kept = 0;

	*out = (struct candidates){ 0 };
	if (store_tickets_of(e->store, &h->person, false, 0, LOOK_BACK, e->item, &all, &n,
			     err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (state_of(e, &all[i], kind, &state, err))
			return -1;
		if (!out->newest && ticket_state_open(state)) {
			out->newest = ARENA_NEW(e->item, struct ticket, 1);
			if (!out->newest)
				return err_set(err, ERR_LIMIT, "no room for a ticket");
			*out->newest = all[i];
		}
		if (meant >> state & 1)
			all[kept++] = all[i];
	}
	out->list = all;
	out->n = kept;
	return 0;
}

static struct str numbered(struct engine *e, struct heard *h, const struct ticket *list,
			   size_t n)
{
	struct buf buf = BUF_INIT(400);
	struct str s;

	for (size_t k = 0; k < n; k++)
		buf_printf(&buf, "%s%zu = %lld %.*s", k ? "; " : "", k + 1,
			   (long long)list[k].no,
			   STR_ARG(ticket_status(e, &h->person, &list[k])));
	s = arena_str(e->item, buf_str(&buf));
	buf_free(&buf);
	return s;
}

/* Several tickets could be meant: which? What was said waits for the answer. */
static int ask_which(struct engine *e, struct heard *h, const struct command *c,
		     const struct candidates *all, struct err *err)
{
	struct reply reply = { .key = REPLY_PILIH_NOMOR, .priority = 2 };
	struct asking asking = { .asked = ASKED_WHICH,
				 .command = c->kind,
				 .message_id = h->id };
	size_t n = all->n < CONTEXT_WHICH_MOST ? all->n : CONTEXT_WHICH_MOST;

	for (size_t i = 0; i < n; i++)
		asking.choices[asking.n_choices++] =
			arena_printf(e->item, "%lld", (long long)all->list[i].no);
	reply.values[VALUE_TEKS] = numbered(e, h, all->list, n);
	reply.values[VALUE_PERINTAH] = str_of(command_name(c->kind));
	if (asking_set(e, &h->person, &asking, err))
		return -1;
	return reply_say(e, h, &reply, err);
}

/* ---- doing it ---- */

static enum life_event event_of(enum command_kind kind)
{
	static const enum life_event events[COMMAND_COUNT] = {
		[COMMAND_BALAS] = LIFE_ADDED,	  [COMMAND_YA] = LIFE_CONFIRM,
		[COMMAND_BELUM] = LIFE_NOT_FIXED, [COMMAND_NILAI] = LIFE_RATE,
		[COMMAND_BEDA] = LIFE_UNMERGE,	  [COMMAND_RAHASIA] = LIFE_HIDE,
		[COMMAND_CABUT] = LIFE_WITHDRAW,  [COMMAND_BANDING] = LIFE_APPEAL,
	};

	return events[kind];
}

static int say_refusal(struct engine *e, struct heard *h, struct ticket *t,
		       const struct command *c, enum life_refusal refusal,
		       struct err *err)
{
	struct reply reply = { .key = REPLY_MASIH_JALAN,
			       .priority = 2,
			       .ticket_id = t->id };
	struct ticket parent, *moves = t;

	reply_key_read(
		str_of(lifecycle_refusal_key(refusal, event_of(c->kind), LIFE_CITIZEN)),
		&reply.key);
	h->ticket_id = t->id;
	if (t->life.state == TICKET_DIGABUNG && t->parent_id) {
		if (store_ticket_get(e->store, t->parent_id, e->item, &parent, err))
			return -1;
		moves = refusal == LIFE_MERGED ? t : &parent;
		/* What it hints at cannot be done to one that shares it. */
		if (refusal == LIFE_ARCHIVED || refusal == LIFE_REJECTED ||
		    refusal == LIFE_WITHDRAWN)
			reply.key = REPLY_INDUK_TUTUP;
		reply.values[VALUE_INDUK] =
			arena_printf(e->item, "%lld", (long long)parent.no);
	}
	ticket_values(e, &h->person, moves, reply.key, reply.values);
	reply.values[VALUE_NO] = arena_printf(e->item, "%lld", (long long)t->no);
	if (reply.key == REPLY_NILAI_SUDAH)
		reply.values[VALUE_N] = arena_printf(e->item, "%d", moves->life.rating);
	return reply_say(e, h, &reply, err);
}

/* What was said to a ticket that cannot take it is in its history all the same. */
static int note_down(struct engine *e, struct heard *h, const struct ticket *t,
		     const struct command *c, struct err *err)
{
	const struct event event = {
		.ticket_id = t->id,
		.at_ms = e->wall_ms,
		.kind = STR("tambahan"),
		.actor = STR("warga"),
		.message_id = h->id,
		.note = str_of(command_name(c->kind)),
	};

	h->ticket_id = t->id;
	return store_event_add(e->store, &event, err);
}

static int do_to(struct engine *e, struct heard *h, struct ticket *t,
		 const struct command *c, struct err *err)
{
	const struct deed deed = {
		.act = { .event =
				 c->kind == COMMAND_BALAS && t->life.state == TICKET_TANYA
					 ? LIFE_ANSWERED
					 : event_of(c->kind),
			 .who = LIFE_CITIZEN,
			 .rating = c->rating },
		.actor = STR("warga"),
		.words = str_trim(c->rest),
		.message_id = h->id,
		.department = -1,
		.heard = h,
	};
	enum life_refusal refusal;

	if (ticket_do(e, t, &deed, &refusal, err))
		return -1;
	if (refusal == LIFE_OK)
		return 0;
	if (note_down(e, h, t, c, err))
		return -1;
	return say_refusal(e, h, t, c, refusal, err);
}

/* BANDING and BALAS must say something. */
static bool needs_words(const struct command *c)
{
	return (c->kind == COMMAND_BALAS || c->kind == COMMAND_BANDING) &&
	       str_trim(c->rest).n == 0;
}

static int ask_sure(struct engine *e, struct heard *h, const struct ticket *t,
		    const struct command *c, struct err *err)
{
	const struct asking asking = {
		.asked = ASKED_SURE, .no = t->no, .command = c->kind, .message_id = h->id
	};

	if (asking_set(e, &h->person, &asking, err))
		return -1;
	return say_about(e, h, REPLY_YAKIN, t, c, err);
}

/* More of a ticket that accuses those who have it is a matter of its own. */
static bool is_accusation(struct engine *e, const struct ticket *t,
			  const struct command *c)
{
	struct routing r = { 0 };

	if (c->kind != COMMAND_BALAS)
		return false;
	router_route_plain(e->config->router, c->rest, e->item, &r);
	return ticket_must_not_read(t, &r);
}

static int do_named(struct engine *e, struct heard *h, struct ticket *t,
		    const struct command *c, struct err *err)
{
	if (needs_words(c))
		return say_about(e, h, REPLY_ISI_KOSONG, t, c, err);
	if (is_accusation(e, t, c))
		return text_hear(e, h, c->rest, false, err);
	return do_to(e, h, t, c, err);
}

/* The number was left out. */
static int do_meant(struct engine *e, struct heard *h, const struct command *c,
		    struct err *err)
{
	struct candidates all;

	if (candidates_of(e, h, c->kind, &all, err))
		return -1;
	if (all.n == 1 && c->kind == COMMAND_CABUT)
		return ask_sure(e, h, &all.list[0], c, err);
	if (all.n == 1)
		return do_named(e, h, &all.list[0], c, err);
	if (all.n > 1) {
		/* Nothing said is lost, should no answer come. */
		if (str_trim(c->rest).n && note_down(e, h, &all.list[0], c, err))
			return -1;
		return ask_which(e, h, c, &all, err);
	}
	if (all.newest)
		return do_named(e, h, all.newest, c, err);
	if (str_trim(c->rest).n == 0)
		return say_simple(e, h, REPLY_DAFTAR_KOSONG, 0, err);
	return text_hear(e, h, h->text, false, err);
}

/* Whatever belongs to a ticket: the named one, or the one that must be meant. */
static int on_ticket(struct engine *e, struct heard *h, const struct command *c,
		     struct err *err)
{
	struct ticket t;
	bool found;

	if (c->wrong_no)
		return not_yours(e, h, c, err);
	if (!c->no)
		return do_meant(e, h, c, err);
	if (own_ticket(e, h, c->no, &t, &found, err))
		return -1;
	if (found)
		return do_named(e, h, &t, c, err);
	/* A number somewhere in a story, and not the sender's: it is a story. */
	return str_eq(c->rest, str_trim(h->text)) ? text_hear(e, h, h->text, false, err)
						  : not_yours(e, h, c, err);
}

/* ---- CEK ---- */

static int on_cek(struct engine *e, struct heard *h, const struct command *c,
		  struct err *err)
{
	struct ticket t;
	bool found;

	if (!c->no && !c->wrong_no)
		return tickets_say(e, h, c->older, err);
	if (c->wrong_no)
		return not_yours(e, h, c, err);
	if (own_ticket(e, h, c->no, &t, &found, err))
		return -1;
	return found ? status_say(e, h, &t, err) : not_yours(e, h, c, err);
}

/* ---- the others ---- */

static int on_bantuan(struct engine *e, struct heard *h, const struct command *c,
		      struct err *err)
{
	(void)c;
	return say_simple(e, h, REPLY_BANTUAN, 0, err);
}

static int on_privasi(struct engine *e, struct heard *h, const struct command *c,
		      struct err *err)
{
	struct reply reply = { .key = REPLY_PRIVASI, .priority = 2 };
	int64_t years = e->config->retention.number_ms / (365 * INT64_C(86400000));

	(void)c;
	reply.values[VALUE_N] =
		arena_printf(e->item, "%lld", (long long)(years ? years : 1));
	if (h->person.last_ticket) {
		struct ticket t;

		if (store_ticket_get(e->store, h->person.last_ticket, e->item, &t, err))
			return -1;
		reply.values[VALUE_NO] = arena_printf(e->item, "%lld", (long long)t.no);
	}
	return reply_say(e, h, &reply, err);
}

/* Only those whose texts are there. */
static int say_languages(struct engine *e, struct heard *h, struct err *err)
{
	struct reply reply = { .key = REPLY_BAHASA_PILIH, .priority = 2 };
	struct buf buf = BUF_INIT(200);

	for (int k = LANGUAGE_INDONESIA; k < LANGUAGE_COUNT; k++)
		if (e->config->texts_in[k])
			buf_printf(&buf, "%sBAHASA %s", buf.n ? ", " : "",
				   command_language_word((enum command_language)k));
	reply.values[VALUE_TEKS] = arena_str(e->item, buf_str(&buf));
	buf_free(&buf);
	return reply_say(e, h, &reply, err);
}

static int on_bahasa(struct engine *e, struct heard *h, const struct command *c,
		     struct err *err)
{
	if (c->language == LANGUAGE_NONE ||
	    (c->language != LANGUAGE_INDONESIA && !e->config->texts_in[c->language]))
		return say_languages(e, h, err);
	h->person.language = (int)c->language;
	h->person.chosen = true;
	return say_simple(e, h, REPLY_BAHASA_OK, 0, err);
}

/* STOP and MULAI, for all news or for one ticket's. */
static int on_stop(struct engine *e, struct heard *h, const struct command *c,
		   struct err *err)
{
	bool stop = c->kind == COMMAND_STOP, found;
	struct ticket t;

	if (c->wrong_no)
		return not_yours(e, h, c, err);
	if (!c->no) {
		h->person.stopped = stop;
		return say_simple(e, h, stop ? REPLY_STOP_OK : REPLY_MULAI_OK, 0, err);
	}
	if (own_ticket(e, h, c->no, &t, &found, err))
		return -1;
	if (!found)
		return not_yours(e, h, c, err);
	t.muted = stop;
	if (store_ticket_save(e->store, &t, err))
		return -1;
	h->ticket_id = t.id;
	return say_simple(e, h, stop ? REPLY_STOP_SATU : REPLY_MULAI_SATU, t.no, err);
}

/* Without a number and without a text: what was complained about last is meant. */
static int on_rahasia(struct engine *e, struct heard *h, const struct command *c,
		      struct err *err)
{
	struct candidates all;

	if (c->no || c->wrong_no)
		return on_ticket(e, h, c, err);
	if (candidates_of(e, h, c->kind, &all, err))
		return -1;
	return all.n ? do_to(e, h, &all.list[0], c, err)
		     : say_simple(e, h, REPLY_RAHASIA_ISI, 0, err);
}

/* Personal data: always asked twice, done by the housekeeping once the ticket is closed.
 */
static int erase_wanted(struct engine *e, struct heard *h, struct ticket *t,
			struct err *err)
{
	const struct event event = {
		.ticket_id = t->id,
		.at_ms = e->wall_ms,
		.kind = STR("hapus_diminta"),
		.actor = STR("warga"),
		.message_id = h->id,
		.note = STR(""),
	};
	bool open = ticket_state_open(t->life.state);
	struct reply reply = { .key = open ? REPLY_HAPUS_TUNDA : REPLY_HAPUS_OK,
			       .priority = 2,
			       .ticket_id = t->id };

	t->erase = true;
	h->ticket_id = t->id;
	if (store_event_add(e->store, &event, err) || store_ticket_save(e->store, t, err))
		return -1;
	ticket_values(e, &h->person, t, reply.key, reply.values);
	reply.values[VALUE_TGL] =
		open ? str_from(NULL, 0)
		     : calendar_show_date(e->config->calendar,
					  e->wall_ms + ERASE_WITHIN_MS, e->item);
	return reply_say(e, h, &reply, err);
}

static int on_hapus(struct engine *e, struct heard *h, const struct command *c,
		    struct err *err)
{
	struct ticket t;
	bool found = false;

	if (c->wrong_no)
		return not_yours(e, h, c, err);
	if (c->no && own_ticket(e, h, c->no, &t, &found, err))
		return -1;
	if (c->no && !found)
		return not_yours(e, h, c, err);
	if (!c->no) {
		if (h->person.last_ticket == 0)
			return say_simple(e, h, REPLY_DAFTAR_KOSONG, 0, err);
		if (store_ticket_get(e->store, h->person.last_ticket, e->item, &t, err))
			return -1;
	}
	return ask_sure(e, h, &t, c, err);
}

int converse_sure(struct engine *e, struct heard *h, const struct asking *asking,
		  struct err *err)
{
	const struct command c = { .kind = asking->command,
				   .no = asking->no,
				   .rest = asking->text };
	struct ticket t;
	bool found;

	if (own_ticket(e, h, asking->no, &t, &found, err))
		return -1;
	if (!found)
		return not_yours(e, h, &c, err);
	return c.kind == COMMAND_HAPUS ? erase_wanted(e, h, &t, err)
				       : do_to(e, h, &t, &c, err);
}

static const converse_fn conversations[COMMAND_COUNT] = {
	[COMMAND_CEK] = on_cek,		[COMMAND_BALAS] = on_ticket,
	[COMMAND_YA] = on_ticket,	[COMMAND_BELUM] = on_ticket,
	[COMMAND_NILAI] = on_ticket,	[COMMAND_BEDA] = on_ticket,
	[COMMAND_RAHASIA] = on_rahasia, [COMMAND_CABUT] = on_ticket,
	[COMMAND_BANDING] = on_ticket,	[COMMAND_STOP] = on_stop,
	[COMMAND_MULAI] = on_stop,	[COMMAND_BANTUAN] = on_bantuan,
	[COMMAND_PRIVASI] = on_privasi, [COMMAND_HAPUS] = on_hapus,
	[COMMAND_BAHASA] = on_bahasa,
};

int converse(struct engine *e, struct heard *h, const struct command *c, struct err *err)
{
	return conversations[c->kind](e, h, c, err);
}
