/* SPDX-License-Identifier: MIT */
/*
 * Officers who were called for a delivery, and until when one of them is to answer. Calls
 * as in store.h: engine's thread, within its transaction.
 */
#ifndef STORE_DUTY_H
#define STORE_DUTY_H

#include "store/store.h"

/* delivery.ack_due_at: nobody answered, the desk has it. */
enum { DUTY_SILENT = -1 };

/* He was texted. waits: he is to answer. */
int store_duty_call(struct store *store, int64_t delivery_id, int64_t ticket_id,
		    int64_t person_id, int64_t now_ms, bool waits,
		    struct err *err) MUST_CHECK;
/* Whom a delivery went to so far. */
int store_duty_calls(struct store *store, int64_t delivery_id, struct arena *arena,
		     int64_t **persons, size_t *n, struct err *err) MUST_CHECK;
/* Whether he was ever called for that ticket. */
int store_duty_called(struct store *store, int64_t ticket_id, int64_t person_id,
		      bool *called, struct err *err) MUST_CHECK;
/* Tickets for which he was called and nobody has answered, the longest first; one may
 * stand there twice. */
int store_duty_waiting(struct store *store, int64_t person_id, int limit,
		       struct arena *arena, int64_t **tickets, size_t *n,
		       struct err *err) MUST_CHECK;
/*
 * The delivery that none of those who were called for it has got: each SMS of theirs
 * about its ticket, this one too, was refused for good or reported as failed. 0: there is
 * none, or the ticket is in somebody's hands.
 */
int store_duty_unheard(struct store *store, int64_t message_id, int64_t *delivery_id,
		       struct err *err) MUST_CHECK;
/* Somebody has the ticket: nothing of it waits for an answer any more. */
int store_duty_answered(struct store *store, int64_t ticket_id,
			struct err *err) MUST_CHECK;
/* Until when; 0: no answer is waited for; DUTY_SILENT. */
int store_duty_ack(struct store *store, int64_t delivery_id, int64_t due_ms,
		   struct err *err) MUST_CHECK;
/* Deliveries whose time is over, the longest first. */
int store_duty_due(struct store *store, int64_t now_ms, int limit, struct arena *arena,
		   int64_t **deliveries, size_t *n, struct err *err) MUST_CHECK;
/* INT64_MAX: none waits. */
int store_duty_next(struct store *store, int64_t *due_ms, struct err *err) MUST_CHECK;
/* The clock has jumped. */
int store_duty_move(struct store *store, int64_t by_ms, struct err *err) MUST_CHECK;

#endif
