/* SPDX-License-Identifier: MIT */
/*
 * What store_retain.c and store_erase.c share: wiping one value or one row, and where
 * such work stands. Calls as in store.h; within a transaction only.
 */
#ifndef STORE_WIPE_H
#define STORE_WIPE_H

#include "store/inside.h"

/* What words become. */
extern const struct str store_wiped_text;

/* ---- where it stands: counters, by name; committed with what was wiped ---- */

int store_place_get(struct store *store, const char *name, int64_t which, int64_t *out,
		    struct err *err) MUST_CHECK;
int store_place_set(struct store *store, const char *name, int64_t which, int64_t to,
		    struct err *err) MUST_CHECK;

/* ---- one row, by its id ---- */

/* By a statement whose parameters are the new words and an id. */
int store_words_wipe(struct store *store, enum stmt stmt, enum sealed what, int64_t id,
		     struct err *err) MUST_CHECK;
int store_in_wipe(struct store *store, int64_t id, struct err *err) MUST_CHECK;
int store_out_wipe(struct store *store, int64_t id, struct err *err) MUST_CHECK;
int store_event_wipe(struct store *store, int64_t id, struct err *err) MUST_CHECK;
int store_alike_wipe(struct store *store, int64_t id, struct err *err) MUST_CHECK;
/* Its words, sender, attachments and what it was answered. */
int store_mail_wipe(struct store *store, int64_t id, struct err *err) MUST_CHECK;
/* His number, and what only makes sense with it. */
int store_person_forget(struct store *store, int64_t id, struct err *err) MUST_CHECK;
/* All words of a ticket. */
int store_ticket_wipe(struct store *store, int64_t id, struct err *err) MUST_CHECK;

/* ---- whether a number is needed ---- */

/* What his tickets say about whether the number is needed. */
struct need {
	int64_t but; /* not this one */
	bool open;
	int64_t closed_ms; /* the last closing */
};

/* A person_ticket_fn that adds a ticket to that struct. */
int store_need_look(void *need, const struct person_ticket *ticket, struct err *err);

#endif
