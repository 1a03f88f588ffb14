/* SPDX-License-Identifier: MIT */
/*
 * What an office does with a ticket by mail, API or its own system. office_act is for
 * the engine's own files; who asks from outside, a department's software, comes through
 * engine_office_act.
 */
#ifndef FLOW_OFFICE_H
#define FLOW_OFFICE_H

#include "flow/engine.h"

enum office_refusal {
	OFFICE_OK,
	OFFICE_NOT_YOURS, /* there is none, or another's: answered alike */
	OFFICE_CHANGED,
	OFFICE_NO_SUCH_ACT,
	OFFICE_NEEDS_WORDS,
	OFFICE_NEEDS_DATE,
	OFFICE_DATE_OVER,
	OFFICE_NEEDS_DEPARTMENT,
	OFFICE_IS_OUTSIDE,
	OFFICE_IS_YOURS,
	OFFICE_NEEDS_BODY,
	OFFICE_NEEDS_PARENT,
	OFFICE_UNREACHABLE,
	OFFICE_NOT_NOW, /* office_result.life says why */
	OFFICE_REFUSAL_COUNT
};

/* What a department does by mail, API or its own system. */
struct office_act {
	int department; /* whose hand it is; index */
	struct str by;	/* "mail", "api:NAME", "open311", for the history */
	int64_t no;
	enum life_event event; /* ACCEPT PROGRESS SCHEDULE ASK DONE TRANSFER OUTSIDE MERGE
				  REJECT_PROPOSED EXTEND_ASKED HIDE */
	struct str words, outside;
	int64_t date_ms, parent_no;
	int to;		       /* TRANSFER: index; −1: none */
	bool proved;	       /* as good as a PIN: signed thread, token with the scope */
	int64_t if_changed_ms; /* only if ticket.changed_ms is still that; 0: whatever */
};

struct office_result {
	enum office_refusal refusal;
	enum life_refusal life; /* OFFICE_NOT_NOW */
	struct ticket ticket;	/* afterwards; in the item's arena; unless NOT_YOURS */
};

int office_act(struct engine *engine, const struct office_act *act,
	       struct office_result *out, struct err *err) MUST_CHECK;
const char *office_refusal_name(enum office_refusal refusal);
/* One sentence for integrators. */
const char *office_refusal_words(enum office_refusal refusal);

/* Within the act's transaction, when it was done; −1 takes it back. */
typedef int office_then(void *arg, const struct office_result *result, struct err *err);
/*
 * The act and what belongs to it, or neither. then MAY be NULL; out->ticket's views last
 * until the engine's next work. −1: nothing was done.
 */
int engine_office_act(struct engine *engine, const struct office_act *act,
		      office_then *then, void *arg, struct office_result *out,
		      struct err *err) MUST_CHECK;

#endif
