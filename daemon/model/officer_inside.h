/* SPDX-License-Identifier: MIT */
/* What officer.c and officer_take.c share: one text while it is read. */
#ifndef MODEL_OFFICER_INSIDE_H
#define MODEL_OFFICER_INSIDE_H

#include "model/command_cut.h"
#include "model/officer.h"

struct order {
	struct officer_command c;
	const struct words *w;
	const struct officer_rules *rules;
	struct arena *scratch;
	size_t next;	/* the word that is read next */
	bool numbered;	/* a number, right or wrong, was given */
	bool special;	/* what is special to the command was found */
	size_t pin_end; /* where the text without the PIN ends; 0: there is none */
};

/* officer.c */
/* Whether the word is one of those between blanks in `all`; slips: one letter may be
 * wrong. */
bool officer_word_among(const char *all, struct str word, bool slips);
/* OFFICER_NONE also when a slip is near to several. */
enum officer_kind officer_kind_of(struct str word, bool slips);
/* The ticket at word i or behind "no", "laporan". */
bool order_ticket_at(const struct order *o, size_t i, struct ticket_number *number);
/* The ticket that is read next, if there is one. */
void order_take_number(struct order *o);
void order_fault(struct order *o, enum officer_fault what);

/* officer_take.c: what stands before the text and is special to a command. */
void order_take_date(struct order *o);
void order_take_perhaps_date(struct order *o);
void order_take_days(struct order *o);
void order_take_department(struct order *o);
void order_take_body(struct order *o);
void order_take_parent(struct order *o);
void order_take_topic(struct order *o);

#endif
