/* SPDX-License-Identifier: MIT */
/* SMS to the officers on duty: duty.c, duty_due.c. As flow.h. */
#ifndef FLOW_DUTY_H
#define FLOW_DUTY_H

#include "flow/flow.h"
#include "flow/order.h"
#include "store/duty.h"

/*
 * A department's way `sms`: the short form goes to whoever is on duty, and an answer is
 * waited for. *done false: there is nobody to tell.
 */
int duty_deliver(struct engine *engine, const struct delivery *delivery,
		 const struct ticket *ticket, bool *done, struct err *err) MUST_CHECK;
/* Whether a new ticket goes to its department's officers by such a way: then the roster
 * says who hears of it. */
bool duty_takes(struct engine *engine, const struct ticket *ticket);
/* Whether he was called for it: then he hears what becomes of it. */
int duty_called(struct engine *engine, const struct config_officer *officer,
		const struct ticket *ticket, bool *called, struct err *err) MUST_CHECK;
/* An officer or the desk has done something to it: it is in somebody's hands. */
int duty_answered(struct engine *engine, const struct ticket *ticket,
		  struct err *err) MUST_CHECK;
/*
 * A test of such a way: an SMS that says so to all officers whom it may call first, or to
 * the one of that phone ("" for all). *n: how many; *refusal: NULL, or why not.
 */
int duty_test(struct engine *engine, const struct way *way, struct str phone, int64_t *n,
	      const char **refusal, struct err *err) MUST_CHECK;
/* "ok", "siap": *done when he was called for something. */
int duty_ready(const struct order *order, bool *done, struct err *err) MUST_CHECK;
/* Answers that did not come. */
int duty_due(struct engine *engine, unsigned *works, struct err *err) MUST_CHECK;
/* A message was refused for good, or reported as failed: if it was the call to the last
 * of those who were called, the next is. */
int duty_unheard(struct engine *engine, int64_t message_id, struct err *err) MUST_CHECK;
int duty_start(struct engine *engine, struct err *err) MUST_CHECK;

/* duty.c, for duty_due.c: texts him, writes it down. *told_ms: when he reads it; 0: it
 * could not be said. */
int duty_tell(struct engine *engine, const struct delivery *delivery,
	      const struct ticket *ticket, const struct config_officer *officer,
	      enum reply_key key, int64_t not_before_ms, int64_t *told_ms,
	      struct err *err) MUST_CHECK;
/* Until when an answer to what is read then is waited for; 0: none is. */
int64_t duty_until(struct engine *engine, const struct delivery *delivery,
		   int64_t told_ms);
bool duty_is(const struct engine *engine, const struct config_officer *officer,
	     struct str department, enum life_level level);
int64_t duty_next_ms(const struct engine *engine, const struct config_officer *officer);

#endif
