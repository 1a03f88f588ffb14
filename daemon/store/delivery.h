/* SPDX-License-Identifier: MIT */
/*
 * Deliveries to departments: what is to be told, by which way, and how it ended. Calls as
 * in store.h: engine's thread, within its transaction; 0, or −1 with *err.
 */
#ifndef STORE_DELIVERY_H
#define STORE_DELIVERY_H

#include "store/store.h"

struct delivery {
	int64_t id, ticket_id;
	struct str department, way; /* code; ways.name */
	struct str target;	    /* address; n 0: the way itself */
	struct str what, event;	    /* new news gone test; life_event_name */
	int64_t event_id;	    /* the history's row; 0: none */
	struct str state;	    /* queued sending done parked dropped */
	bool urgent;
	int attempts;
	int64_t due_ms, created_ms, done_ms;
	struct str external_id, reason;
	int64_t instead_of; /* the parked one that it replaces; 0: none */
	int64_t ack_due_ms; /* 0: nobody is to acknowledge it */
};

int store_delivery_add(struct store *store, const struct delivery *delivery, int64_t *id,
		       struct err *err) MUST_CHECK;
/*
 * Up to `most` that are due, urgent ones first, then the oldest; they are "sending"
 * afterwards. Of a ticket only the first open one by the same way to the same target:
 * what happened first is told first.
 */
int store_delivery_claim(struct store *store, struct str department, struct str way,
			 int64_t now_ms, int most, struct arena *arena,
			 struct delivery **out, size_t *n, struct err *err) MUST_CHECK;
/* When the next queued one is due; INT64_MAX: none waits. */
int store_delivery_next(struct store *store, struct str department, struct str way,
			int64_t *due_ms, struct err *err) MUST_CHECK;
/* Done, parked or dropped. */
int store_delivery_end(struct store *store, int64_t id, const char *state,
		       struct str external_id, struct str reason, int64_t now_ms,
		       struct err *err) MUST_CHECK;
/* Back into the queue. counts: as one attempt more. */
int store_delivery_again(struct store *store, int64_t id, struct str reason,
			 int64_t due_ms, bool counts, struct err *err) MUST_CHECK;
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

#endif
