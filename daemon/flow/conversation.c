/* SPDX-License-Identifier: MIT */
/*
 * Commands from citizens. One function a command, in a table; what a command cannot do
 * yet (confirming, rating, objecting) is written into the ticket's history for the
 * officers, so that nothing said is lost.
 */
#include "flow/flow.h"

#include <stdio.h>

#include "base/log.h"

enum { LIST_MOST = 3 };

typedef int (*converse_fn)(struct engine *e, struct heard *h, const struct command *c,
			   struct err *err);

static struct str number_text(struct engine *e, int64_t no)
{
	return arena_printf(e->item, "%lld", (long long)no);
}

static int say_simple(struct engine *e, struct heard *h, enum reply_key key, int64_t no,
		      struct err *err)
{
	struct reply reply = { .key = key, .priority = 2, .ticket_id = h->ticket_id };

	if (no)
		reply.values[VALUE_NO] = number_text(e, no);
	return reply_say(e, h, &reply, err);
}

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

static struct str state_words(const struct engine *e, const struct ticket *t)
{
	enum ticket_state state;

	(void)e;
	return ticket_state_read(t->state, &state) ? str_of(ticket_state_words(state))
						   : t->state;
}

static int say_status(struct engine *e, struct heard *h, const struct ticket *t,
		      struct err *err)
{
	struct reply reply = { .key = REPLY_STATUS, .priority = 2, .ticket_id = t->id };

	reply.values[VALUE_NO] = number_text(e, t->no);
	reply.values[VALUE_TGL] =
		calendar_show_date(e->config->calendar, t->opened_ms, e->item);
	reply.values[VALUE_TGL2] =
		calendar_show_date(e->config->calendar, t->answer_due_ms, e->item);
	reply.values[VALUE_STATUS] = state_words(e, t);
	reply.values[VALUE_OPD] = t->department;
	/* The matter, for the phone that filed it only. */
	reply.values[VALUE_TEKS] = t->text;
	h->ticket_id = t->id;
	return reply_say(e, h, &reply, err);
}

static int say_list(struct engine *e, struct heard *h, struct err *err)
{
	struct reply reply = { .key = REPLY_DAFTAR, .priority = 2 };
	struct buf buf = BUF_INIT(400);
	struct ticket *list;
	size_t n;

	if (store_tickets_of(e->store, &h->person, true, LIST_MOST, e->item, &list, &n,
			     err))
		return -1;
	if (n == 0)
		return say_simple(e, h, REPLY_DAFTAR_KOSONG, 0, err);
	if (n == 1)
		return say_status(e, h, &list[0], err);
	for (size_t k = 0; k < n; k++)
		buf_printf(&buf, "%s%lld %.*s", k ? "; " : "", (long long)list[k].no,
			   STR_ARG(state_words(e, &list[k])));
	reply.values[VALUE_TEKS] = arena_str(e->item, buf_str(&buf));
	buf_free(&buf);
	return reply_say(e, h, &reply, err);
}

static int on_cek(struct engine *e, struct heard *h, const struct command *c,
		  struct err *err)
{
	struct ticket t;
	bool found;

	if (!c->no && !c->wrong_no)
		return say_list(e, h, err);
	if (c->wrong_no)
		return not_yours(e, h, c, err);
	if (own_ticket(e, h, c->no, &t, &found, err))
		return -1;
	return found ? say_status(e, h, &t, err) : not_yours(e, h, c, err);
}

/* What was said goes into the ticket's history; said is the event's kind. */
static int add_to(struct engine *e, struct heard *h, const struct ticket *t,
		  struct str said, struct err *err)
{
	struct event event = {
		.ticket_id = t->id,
		.at_ms = e->wall_ms,
		.kind = said,
		.actor = STR("warga"),
		.message_id = h->id,
	};
	struct reply reply = { .key = REPLY_TAMBAH_OK,
			       .priority = 2,
			       .ticket_id = t->id };

	if (store_event_add(e->store, &event, err) ||
	    store_ticket_touch(e->store, t->id, e->wall_ms, err))
		return -1;
	h->ticket_id = t->id;
	reply.values[VALUE_NO] = number_text(e, t->no);
	reply.values[VALUE_OPD] = t->department;
	return reply_say(e, h, &reply, err);
}

/*
 * Whatever belongs to a ticket: the named one, or the sender's only open one. With none,
 * and something said, it is a complaint like any other and a human looks at it.
 */
static int on_addition(struct engine *e, struct heard *h, const struct command *c,
		       struct err *err)
{
	struct str said = c->kind == COMMAND_BALAS ? STR("tambahan")
						   : str_of(command_name(c->kind));
	struct ticket t, *list;
	bool found;
	size_t n;

	if (c->wrong_no)
		return not_yours(e, h, c, err);
	if (c->no) {
		if (own_ticket(e, h, c->no, &t, &found, err))
			return -1;
		if (found)
			return add_to(e, h, &t, said, err);
		/* A number somewhere in a story, and not the sender's: it is a story. */
		return str_eq(c->rest, str_trim(h->text))
			       ? text_hear(e, h, h->text, false, err)
			       : not_yours(e, h, c, err);
	}
	if (store_tickets_of(e->store, &h->person, true, 2, e->item, &list, &n, err))
		return -1;
	if (n == 1)
		return add_to(e, h, &list[0], said, err);
	if (n == 0 && str_trim(c->rest).n == 0)
		return say_simple(e, h, REPLY_KOSONG, 0, err);
	return n ? say_list(e, h, err) : ticket_open(e, h, NULL, false, err);
}

static int on_bantuan(struct engine *e, struct heard *h, const struct command *c,
		      struct err *err)
{
	(void)c;
	return say_simple(e, h, REPLY_BANTUAN, 0, err);
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
	if (store_ticket_mute(e->store, t.id, stop, err))
		return -1;
	h->ticket_id = t.id;
	return say_simple(e, h, stop ? REPLY_STOP_SATU : REPLY_MULAI_SATU, t.no, err);
}

static const converse_fn conversations[COMMAND_COUNT] = {
	[COMMAND_CEK] = on_cek,		 [COMMAND_BALAS] = on_addition,
	[COMMAND_YA] = on_addition,	 [COMMAND_BELUM] = on_addition,
	[COMMAND_NILAI] = on_addition,	 [COMMAND_BEDA] = on_addition,
	[COMMAND_RAHASIA] = on_addition, /* without a text of its own */
	[COMMAND_CABUT] = on_addition,	 [COMMAND_BANDING] = on_addition,
	[COMMAND_STOP] = on_stop,	 [COMMAND_MULAI] = on_stop,
	[COMMAND_BANTUAN] = on_bantuan,	 [COMMAND_PRIVASI] = on_bantuan,
	[COMMAND_HAPUS] = on_addition,
};

int converse(struct engine *e, struct heard *h, const struct command *c, struct err *err)
{
	return conversations[c->kind](e, h, c, err);
}
