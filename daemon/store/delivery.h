/* SPDX-License-Identifier: MIT */
/*
 * Deliveries to departments: what is to be told, by which way, and how it ended. Calls as
 * in store.h: engine's thread, within its transaction; 0, or −1 with *err.
 */
#ifndef STORE_DELIVERY_H
#define STORE_DELIVERY_H

#include "store/store.h"

struct delivery {
	int64_t id, ticket_id;	    /* ticket 0: a test */
	struct str department, way; /* code; ways.name */
	struct str target;	    /* address; n 0: the way itself */
	struct str what, event;	    /* new news gone digest test; lifecycle_event_name */
	int64_t event_id;	    /* the history's row; 0: none */
	struct str state;	    /* queued sending done parked dropped */
	bool urgent;
	int attempts;
	int64_t due_ms, created_ms, done_ms;
	int64_t since_ms; /* when it first might leave: it is tried for so long */
	struct str external_id, reason;
	int64_t instead_of; /* the parked one that it replaces; 0: none */
	int64_t ack_due_ms; /* 0: nobody is to acknowledge it */
};

/*
 * Queued, or ended at once (state parked). since 0: due_ms. Of a ticket only the first
 * open one by the same way to the same target leaves; the rest wait for its end: what
 * happened first is told first.
 */
int store_delivery_add(struct store *store, const struct delivery *delivery, int64_t *id,
		       struct err *err) MUST_CHECK;
/* Up to `most` that are due, urgent ones first, then the longest due; they are "sending"
 * afterwards, and this attempt is counted. */
int store_delivery_claim(struct store *store, struct str department, struct str way,
			 int64_t now_ms, int most, struct arena *arena,
			 struct delivery **out, size_t *n, struct err *err) MUST_CHECK;
/* When the next queued one is due; INT64_MAX: none waits. */
int store_delivery_next(struct store *store, struct str department, struct str way,
			int64_t *due_ms, struct err *err) MUST_CHECK;
/* Done, parked or dropped; the next of its ticket may leave. */
int store_delivery_end(struct store *store, int64_t id, const char *state,
		       struct str external_id, struct str reason, int64_t now_ms,
		       struct err *err) MUST_CHECK;
/* The same as done, of one that this turn or an earlier one claimed. *was false: it has
 * ended otherwise, and nothing is changed. */
int store_delivery_done(struct store *store, const struct delivery *delivery,
			struct str external_id, int64_t now_ms, bool *was,
			struct err *err) MUST_CHECK;
/* Back into the queue. counts: as one attempt more. */
int store_delivery_again(struct store *store, int64_t id, struct str reason,
			 int64_t due_ms, bool counts, struct err *err) MUST_CHECK;
/* A parked one is queued anew; *found false: it is not parked. */
int store_delivery_retry(struct store *store, int64_t id, int64_t now_ms, bool *found,
			 struct err *err) MUST_CHECK;
/* What waits longer there is due then. */
int store_deliveries_hurry(struct store *store, struct str department, struct str way,
			   int64_t due_ms, struct err *err) MUST_CHECK;
/* ERR_NEVER: there is none. */
int store_delivery_get(struct store *store, int64_t id, struct arena *arena,
		       struct delivery *out, struct err *err) MUST_CHECK;
/* The newest that was accepted under this id at the other side. */
int store_delivery_external(struct store *store, struct str external_id,
			    struct arena *arena, struct delivery *out, bool *found,
			    struct err *err) MUST_CHECK;
/* The first (or the last) delivery of a ticket by a way to a target that has an external
 * id: what a thread hangs on. */
int store_delivery_thread(struct store *store, int64_t ticket_id, struct str department,
			  struct str way, struct str target, bool first,
			  struct arena *arena, struct str *external_id,
			  struct err *err) MUST_CHECK;
/* Whether anything of the ticket before this one has been tried by its way to its target:
 * then they may know of it. */
int store_delivery_known(struct store *store, const struct delivery *delivery,
			 bool *known, struct err *err) MUST_CHECK;
/* All of one event of a ticket to a department, by whatever way. */
int store_delivery_siblings(struct store *store, const struct delivery *delivery,
			    struct arena *arena, struct delivery **out, size_t *n,
			    struct err *err) MUST_CHECK;

/* ---- lists; which of them, by department and way ---- */

enum delivery_list {
	DELIVERIES_SENDING, /* in no order */
	DELIVERIES_OPEN,    /* queued or sending, the longest tried first */
	DELIVERIES_OLD,	    /* queued ones that are tried since `until` or longer */
};
int store_deliveries(struct store *store, enum delivery_list which, struct str department,
		     struct str way, int64_t until_ms, int limit, struct arena *arena,
		     struct delivery **out, size_t *n, struct err *err) MUST_CHECK;
/* Parked ones of a department above id `after`, by id. */
int store_deliveries_parked(struct store *store, struct str department, int64_t after,
			    int limit, struct arena *arena, struct delivery **out,
			    size_t *n, struct err *err) MUST_CHECK;

/* Numbers of a way, for starts. */
struct delivery_count {
	struct str department, way;
	int64_t open, parked;
};
int store_delivery_counts(struct store *store, struct arena *arena,
			  struct delivery_count **out, size_t *n,
			  struct err *err) MUST_CHECK;
/* Of the open one that is tried for the longest: since when, and when it was made;
 * INT64_MAX: none is open. */
int store_delivery_oldest(struct store *store, struct str department, struct str way,
			  int64_t *since_ms, int64_t *created_ms,
			  struct err *err) MUST_CHECK;
/* The clock has jumped. */
int store_deliveries_move(struct store *store, int64_t by_ms, struct err *err) MUST_CHECK;

/* ---- ways that are stopped ---- */

/* reason n 0: it goes on. */
int store_way_stop(struct store *store, struct str department, struct str way,
		   struct str reason, int64_t now_ms, struct err *err) MUST_CHECK;
/* reason n 0: it is not stopped. */
int store_way_stopped(struct store *store, struct str department, struct str way,
		      struct arena *arena, struct str *reason,
		      struct err *err) MUST_CHECK;

/* Notes that the desk is told of trouble with a way, now; *fresh false: it was less than
 * `within` ago. */
int store_way_tell(struct store *store, struct str department, struct str way,
		   int64_t now_ms, int64_t within_ms, bool *fresh,
		   struct err *err) MUST_CHECK;

/* ---- what a delivery tells of ---- */

/* The newest row of a ticket's history; 0: none. */
int store_event_last(struct store *store, int64_t ticket_id, int64_t *id,
		     struct err *err) MUST_CHECK;
/* How many tickets are merged into it. */
int store_followers_count(struct store *store, int64_t ticket_id, int64_t *n,
			  struct err *err) MUST_CHECK;

#endif
