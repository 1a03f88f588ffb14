/* SPDX-License-Identifier: MIT */
/*
 * What must hold whenever the gateway is at rest, whatever has happened:
 *
 *   an open ticket has a next due thing, no later than the day it promised; a closed one
 *   has no clock; a merged one has a parent that goes on or has ended, never one that is
 *   merged itself; at most LIFE_TRANSFERS_MOST transfers; the life in the store is the
 * one that the table makes of the history; one text has at most one answer; no SMS has a
 *   hole where a value belongs.
 *
 * The store is read beside the engine, with SQL of its own.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "stage.h"

enum { DAY_MS = 86400000 };

/* ---- the history, replayed ---- */

static enum life_actor actor_of(struct str who)
{
	if (str_eq(who, STR("warga")))
		return LIFE_CITIZEN;
	if (str_starts(who, STR("meja:")))
		return LIFE_DESK;
	return str_starts(who, STR("petugas:")) ? LIFE_OFFICER : LIFE_GATEWAY;
}

/* Whether a withdrawal left the ticket open: something happened to it afterwards. */
static bool went_on(const struct ticket *t, const struct event *list, size_t n, size_t i)
{
	enum life_event event;

	while (++i < n)
		if (lifecycle_event_read(list[i].kind, &event))
			return event != LIFE_REOPEN && event != LIFE_HIDE &&
			       event != LIFE_UNHIDE && event != LIFE_ADDED &&
			       event != LIFE_ANSWERED;
	return t->life.state != TICKET_DICABUT;
}

static int rating_of(struct str note)
{
	return note.n && note.p[0] >= '1' && note.p[0] <= '5' ? note.p[0] - '0' : 0;
}

enum { ROWS_MOST = 200 };

static bool rows_taken[ROWS_MOST];

/* A point that is a day: "17/08/25". */
static bool dated(struct str note)
{
	return note.n >= 8 && note.p[2] == '/' && note.p[5] == '/';
}

static bool replay_one(const struct stage *s, const struct ticket *t,
		       const struct event *list, size_t n, size_t i, struct life *life)
{
	const struct config *c = engine_config(s->engine);
	struct life parent = lifecycle_new(t->life.kind, life->sensitive, false);
	struct life_act act = {
		.who = actor_of(list[i].actor),
		.at_ms = list[i].at_ms,
		.date_ms = dated(list[i].note) ? list[i].at_ms + DAY_MS : 0,
		.rating = rating_of(list[i].note),
		.proved = true,
		.word = true,
		.parent = &parent,
	};
	struct life_step step;
	size_t rows;

	if (!lifecycle_event_read(list[i].kind, &act.event))
		return true; /* a note: nothing moved */
	life->window_ms = clocks_window(&c->clocks, c->calendar, life->closed_ms);
	life->followers = (act.event == LIFE_WITHDRAW || act.event == LIFE_ASK_EXPIRED) &&
					  went_on(t, list, n, i)
				  ? 1
				  : 0;
	/* What the sender chose of our two departments is the gateway's act for the desk.
	 */
	if (lifecycle_step(life, &act, &step) != LIFE_OK) {
		act.who = LIFE_DESK;
		if (act.who == actor_of(list[i].actor) ||
		    lifecycle_step(life, &act, &step) != LIFE_OK)
			return false;
	}
	rows_taken[step.row - lifecycle_rows(&rows)] = true;
	*life = step.after;
	return true;
}

/*
 * Rows that the table has and no flow takes: a ticket is opened in the turn in which it
 * is new, and asked about only then; what answers no question is an addition; spam opens
 * no ticket; a sensitive matter of a body outside is the inspectorate's.
 */
static bool is_never(const struct life_row *row)
{
	const unsigned born = 1u << TICKET_BARU, asked = 1u << TICKET_TANYA;

	switch ((int)row->event) {
	case LIFE_ARCHIVE:
	case LIFE_DEADLINE:
		return row->from == born;
	case LIFE_OPENED_OUTSIDE:
		return row->when & LIFE_IF_SENSITIVE;
	case LIFE_ANSWERED:
		return row->from != asked || row->when & LIFE_IF_NEW;
	case LIFE_ADDED:
		return row->from == asked;
	case LIFE_ASK_EXPIRED:
		return row->when == LIFE_IF_MACHINE;
	default:
		return false;
	}
}

unsigned truth_rows_left(void)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);
	unsigned left = 0;

	for (size_t i = 0; i < n; i++) {
		if (rows_taken[i] || is_never(&rows[i]))
			continue;
		left++;
		printf("     no story takes row %zu: %s by", i,
		       lifecycle_event_name(rows[i].event));
		for (int who = 0; who < LIFE_ACTOR_COUNT; who++)
			if (rows[i].who >> who & 1)
				printf(" %s", lifecycle_actor_name((enum life_actor)who));
		printf(" in");
		for (int s = 0; s < TICKET_STATE_COUNT; s++)
			if (rows[i].from >> s & 1)
				printf(" %s", ticket_state_code((enum ticket_state)s));
		printf(" when %x: %s\n", rows[i].when,
		       rows[i].reply ? rows[i].reply : "-");
	}
	return left;
}

static const char *history_look(struct stage *s, const struct ticket *t,
				struct arena *arena)
{
	struct life life = lifecycle_new(t->life.kind, t->life.sensitive, false);
	struct event *list;
	struct err err;
	size_t n;

	if (store_events(s->store, t->id, arena, &list, &n, &err))
		return "the history cannot be read";
	if (n == 0)
		return "a ticket without a history";
	for (size_t i = 0; i < n; i++)
		if (!replay_one(s, t, list, n, i, &life))
			return arena_printf(arena, "%.*s does not follow from %s",
					    STR_ARG(list[i].kind),
					    ticket_state_code(life.state))
				.p;
	if (life.state != t->life.state)
		return arena_printf(arena, "the history leads to %s",
				    ticket_state_code(life.state))
			.p;
	if (life.before != t->life.before || life.transfers != t->life.transfers ||
	    life.reopens != t->life.reopens || life.rating != t->life.rating)
		return "the history leads to another life";
	return NULL;
}

/* ---- one ticket ---- */

static const char *parent_look(struct stage *s, const struct ticket *t,
			       struct arena *arena)
{
	struct ticket parent;
	struct err err;

	if (!t->parent_id ||
	    store_ticket_get(s->store, t->parent_id, arena, &parent, &err))
		return "merged into nothing";
	return parent.life.state == TICKET_DIGABUNG ? "merged into what is merged itself"
						    : NULL;
}

static const char *ticket_look(struct stage *s, const struct ticket *t,
			       struct arena *arena)
{
	const struct config *c = engine_config(s->engine);
	bool open = ticket_state_open(t->life.state);
	int64_t now = stage_wall_ms(), promise = t->answer_due_ms;

	if (t->life.state == TICKET_BARU)
		return "still new";
	if (t->life.state == TICKET_DIGABUNG && parent_look(s, t, arena))
		return parent_look(s, t, arena);
	if (t->life.transfers > LIFE_TRANSFERS_MOST)
		return "transferred too often";
	if (!open && t->due_ms)
		return "closed, and a clock runs";
	if (open && !t->due_ms)
		return "open, and nothing will ever happen";
	if (open && promise) {
		promise = calendar_end_of_day(c->calendar, promise > now ? promise : now,
					      0);
		if (t->due_ms > calendar_next_open(c->calendar, promise + 1))
			return "nothing happens by the day it promised";
	}
	return history_look(s, t, arena);
}

/* ---- SMS ---- */

/* A value that was not there is written as "-". */
static const char *holes_look(struct stage *s, struct arena *arena)
{
	static const char *const holes[] = { " - ", " -.", " -,", " -;", ": -", "(-)" };

	for (size_t i = 0; i < s->n_sms; i++)
		for (size_t k = 0; k < sizeof(holes) / sizeof(*holes); k++)
			if (strstr(s->sms[i].text, holes[k]))
				return arena_printf(arena, "a value is missing: %s",
						    s->sms[i].text)
					.p;
	return NULL;
}

/* The first row's two numbers; false: there is none, or no store. */
static bool ask(struct stage *s, const char *sql, int64_t arg, int64_t out[2])
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	bool row = sqlite3_open_v2(s->store_path, &db, SQLITE_OPEN_READONLY, NULL) == 0 &&
		   sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == 0 &&
		   (sqlite3_bind_int64(stmt, 1, arg), sqlite3_step(stmt) == SQLITE_ROW);

	for (int i = 0; row && i < 2; i++)
		out[i] = sqlite3_column_int64(stmt, i);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return row;
}

static const char *messages_look(struct stage *s, struct arena *arena)
{
	int64_t found[2];

	if (ask(s,
		"SELECT in_id, count(*) FROM message_out WHERE in_id > 0 "
		"GROUP BY in_id HAVING count(*) > 1",
		0, found))
		return arena_printf(arena, "%lld answers to message %lld",
				    (long long)found[1], (long long)found[0])
			.p;
	if (ask(s,
		"SELECT id, 0 FROM message_in WHERE kind = 'new' OR (kind = 'complaint' "
		"AND coalesce(ticket_id, 0) = 0)",
		0, found))
		return arena_printf(arena, "message %lld is lost", (long long)found[0]).p;
	if (!s->spoiled &&
	    ask(s, "SELECT id, 0 FROM raw WHERE state = 'bad' AND source = 'message'", 0,
		found))
		return "a message was set aside";
	return NULL;
}

const char *truth_shrunk(struct stage *s, int64_t *events, int64_t *tickets,
			 uint64_t *digest, struct arena *arena)
{
	static const char sums[] =
		"SELECT sum(id % 9973 * (at % 99991 + length(note) + length(kind) * 31 + "
		"ticket_id * 7 + unicode(kind))), 0 FROM event WHERE id <= ?1";
	int64_t now[2] = { 0, 0 }, sum[2] = { 0, 0 };

	ask(s,
	    "SELECT (SELECT coalesce(max(id), 0) FROM event), "
	    "(SELECT count(*) FROM ticket)",
	    0, now);
	ask(s, sums, *events, sum);
	if (now[0] < *events || now[1] < *tickets || (uint64_t)sum[0] != *digest)
		return arena_printf(arena, "a history was changed, or a ticket is gone")
			.p;
	*events = now[0];
	*tickets = now[1];
	ask(s, sums, *events, sum);
	*digest = (uint64_t)sum[0];
	return NULL;
}

const char *truth_broken(struct stage *s, struct arena *arena)
{
	const char *broken = holes_look(s, arena);
	struct ticket *list;
	size_t n = stage_tickets(s, &list, arena);

	if (!broken)
		broken = messages_look(s, arena);
	for (size_t i = 0; i < n && !broken; i++) {
		broken = ticket_look(s, &list[i], arena);
		if (broken)
			broken = arena_printf(arena, "ticket %lld (%s): %s",
					      (long long)list[i].no,
					      ticket_state_code(list[i].life.state),
					      broken)
					 .p;
	}
	return broken;
}
