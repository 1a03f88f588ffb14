/* SPDX-License-Identifier: MIT */
/*
 * What CEK is answered with: one ticket, or a page of the sender's list. Open ones stand
 * first there, each kind from the newest on; CEK gives the first page, each CEK LAIN that
 * follows it the next. Which page that is says the row of equal texts before it.
 */
#include "flow/flow.h"

enum {
	PAGE = 3,
	LISTED_MOST = 60, /* tickets of one sender; a list on a phone has an end */
	PAGES_MOST = LISTED_MOST / PAGE,
	HOUR_MS = 3600000,
};

int status_say(struct engine *e, struct heard *h, const struct ticket *t, struct err *err)
{
	struct reply reply = { .key = REPLY_STATUS, .priority = 2, .ticket_id = t->id };

	ticket_values(e, &h->person, t, reply.key, reply.values);
	reply.values[VALUE_TGL2] = ticket_state_open(t->life.state)
					   ? reply.values[VALUE_TGL]
					   : str_from(NULL, 0);
	reply.values[VALUE_TGL] =
		calendar_show_date(e->config->calendar, t->opened_ms, e->item);
	/* The matter, for the phone that filed it only. */
	reply.values[VALUE_TEKS] = t->text;
	h->ticket_id = t->id;
	return reply_say(e, h, &reply, err);
}

/* After CEK LAIN: whoever has open ones was told of them all. */
static int say_none(struct engine *e, struct heard *h, bool told, struct err *err)
{
	const struct reply reply = { .key = told ? REPLY_DAFTAR_HABIS
						 : REPLY_DAFTAR_KOSONG,
				     .priority = 2,
				     .ticket_id = h->ticket_id };

	return reply_say(e, h, &reply, err);
}

/* The open ones before the others; returns how many are open. */
static size_t open_first(struct engine *e, struct ticket *list, size_t n)
{
	struct ticket *closed = ARENA_NEW(e->item, struct ticket, n + 1);
	size_t open = 0, rest = 0;

	for (size_t i = 0; closed && i < n; i++)
		if (ticket_state_open(list[i].life.state))
			list[open++] = list[i];
		else
			closed[rest++] = list[i];
	if (rest)
		memcpy(&list[open], closed, rest * sizeof(*closed));
	return open;
}

static int say_page(struct engine *e, struct heard *h, const struct ticket *list,
		    size_t n, struct err *err)
{
	struct reply reply = { .key = REPLY_DAFTAR, .priority = 2 };
	struct buf buf = BUF_INIT(400);
	size_t shown = n < PAGE ? n : PAGE;

	for (size_t k = 0; k < shown; k++)
		buf_printf(&buf, "%s%lld %.*s", k ? "; " : "", (long long)list[k].no,
			   STR_ARG(ticket_status(e, &h->person, &list[k])));
	reply.values[VALUE_TEKS] = arena_str(e->item, buf_str(&buf));
	buf_free(&buf);
	if (n > shown) {
		reply.key = REPLY_DAFTAR_LAIN;
		reply.values[VALUE_SISA] = arena_printf(e->item, "%zu", n - shown);
	}
	return reply_say(e, h, &reply, err);
}

/* The open ones only: "Masih ada 2 lagi" counts those. */
static int say_first(struct engine *e, struct heard *h, const struct ticket *list,
		     size_t open, struct err *err)
{
	if (open == 0)
		return say_none(e, h, false, err);
	return open == 1 ? status_say(e, h, &list[0], err)
			 : say_page(e, h, list, open, err);
}

int tickets_say(struct engine *e, struct heard *h, bool older, struct err *err)
{
	struct ticket *list;
	size_t n, open, skip;
	int pages = 0;

	if (store_tickets_of(e->store, &h->person, false, 0, LISTED_MOST, e->item, &list,
			     &n, err))
		return -1;
	open = open_first(e, list, n);
	if (!older)
		return say_first(e, h, list, open, err);
	if (store_in_unbroken(e->store, h->earlier, h->digest, e->wall_ms - HOUR_MS,
			      PAGES_MOST, &pages, err))
		return -1;
	skip = (open < PAGE ? open : PAGE) + (size_t)pages * PAGE;
	/* Up to its end and once more: no machine asks for a list for ever. */
	h->expected = skip < n + PAGE;
	if (skip >= n)
		return say_none(e, h, open > 0 || pages > 0, err);
	return n - skip == 1 ? status_say(e, h, &list[skip], err)
			     : say_page(e, h, list + skip, n - skip, err);
}
