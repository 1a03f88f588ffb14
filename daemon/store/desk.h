/* SPDX-License-Identifier: MIT */
/*
 * What waits for the central desk, and what it teaches from. Calls as in store.h. Every
 * statement is an index look-up: the desk looks all day, in the engine's thread.
 */
#ifndef STORE_DESK_H
#define STORE_DESK_H

#include "store/store.h"

/* Tickets, by id: those being looked at, urgent ones and what is due first; those for
 * which an office has asked for more time. */
enum desk_tickets { DESK_TICKETS, DESK_WISHES };
int store_desk_tickets(struct store *store, enum desk_tickets which, int limit,
		       struct arena *arena, int64_t **ids, size_t *n,
		       struct err *err) MUST_CHECK;
/* By what a ticket came to the desk; *found false: its history does not say. */
int store_desk_event(struct store *store, int64_t ticket_id, struct arena *arena,
		     struct event *out, bool *found, struct err *err) MUST_CHECK;

/* Tickets that seem to be about the same, proposed and not decided. */
struct desk_group {
	int64_t ticket_id, no, head_no, opened_ms, senders; /* senders: of the group */
	double score;
	bool urgent;
	struct str words;
};
int store_desk_groups(struct store *store, int limit, struct arena *arena,
		      struct desk_group **out, size_t *n, struct err *err) MUST_CHECK;

/* What is no ticket, newest first. */
enum desk_things {
	DESK_PARKED,	 /* deliveries: where the department, how the way */
	DESK_BAD,	 /* inbound elements that could not be read: where the provider */
	DESK_RAW,	 /* whole answers of providers: where the provider, how source */
	DESK_UNANSWERED, /* no officer said that he has it: as PARKED */
	DESK_UNKNOWN, /* sends whose end is unknown: where the provider, how the wording
		       */
	DESK_THINGS
};
struct desk_thing {
	int64_t id, at_ms, no; /* no: the ticket; 0: none */
	struct str where, how, reason;
	bool urgent;
};
/* after: BAD, RAW: only those above this id. */
int store_desk_things(struct store *store, enum desk_things which, int64_t after,
		      int limit, struct arena *arena, struct desk_thing **out, size_t *n,
		      struct err *err) MUST_CHECK;
/* BAD, RAW: the newest above `after`; 0: none. */
int store_desk_newest(struct store *store, enum desk_things which, int64_t after,
		      int64_t *id, struct err *err) MUST_CHECK;
/* A mail was looked at; *found false: none of that id waits. */
int store_desk_mail_done(struct store *store, int64_t id, bool *found,
			 struct err *err) MUST_CHECK;

/* A count of store_count_add, outside of a transaction too. */
int store_count_look(struct store *store, const char *name, int64_t day, int64_t *n,
		     struct err *err) MUST_CHECK;

/* A ticket to try a keyword on. */
struct teach_row {
	int64_t id, no, opened_ms;
	struct str department, state, text;
	bool hidden; /* secret or sensitive */
};
/* The first ticket that was opened since then: its id, or the one after the last. */
int store_teach_first(struct store *store, int64_t since_ms, int64_t *id,
		      struct err *err) MUST_CHECK;
/* From that id on. */
int store_teach_rows(struct store *store, int64_t from, int limit, struct arena *arena,
		     struct teach_row **out, size_t *n, struct err *err) MUST_CHECK;

#endif
