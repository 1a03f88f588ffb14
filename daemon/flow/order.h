/* SPDX-License-Identifier: MIT */
/* What officer.c and officer_queue.c share: one command of an officer in hand. */
#ifndef FLOW_ORDER_H
#define FLOW_ORDER_H

#include "flow/flow.h"
#include "model/officer.h"

struct order {
	struct engine *e;
	struct heard *h;
	const struct config_officer *by;
	struct officer_command c;
	int64_t text_id; /* the inbound message that it was read from */
	bool plain;	 /* the last word is, or may be, his PIN: no citizen reads it */
};

/* One answer to him; t MAY be NULL, values too: those that are there replace the
 * ticket's. */
int order_say(const struct order *order, enum reply_key key, const struct ticket *t,
	      struct str values[VALUE_COUNT], struct err *err) MUST_CHECK;
int order_say_number(const struct order *order, enum reply_key key, int64_t no,
		     struct err *err) MUST_CHECK;
/* *found false: there is none of that number, or it is not his; both are answered alike.
 */
int order_find(const struct order *order, int64_t no, struct ticket *t, bool *found,
	       struct err *err) MUST_CHECK;
/* DAFTAR. */
int order_say_list(const struct order *order, struct err *err) MUST_CHECK;
/* He named no ticket. */
int order_ask_number(const struct order *order, struct err *err) MUST_CHECK;

#endif
