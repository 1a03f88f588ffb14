/* SPDX-License-Identifier: MIT */
/*
 * What is wiped when its time is over, and everything about one person: to be handed to
 * him, or wiped because he wants it. A row stays for the counts; its words become
 * "(dihapus)", a number becomes nothing and is never found again, and `wiped` (person:
 * look = 0) says so, so that nothing is wiped twice. The person's token stays the same.
 * Only what was sent to departments, and their mails whose words are gone, go as rows.
 *
 * Nothing here opens a sealed value but the looks for operators, so a value that does not
 * open stands in the way of none of it. Conventions of store.h; within a transaction
 * only.
 */
#ifndef STORE_RETAIN_H
#define STORE_RETAIN_H

#include "store/store.h"

/* ---- retention ---- */

enum retain_class {
	RETAIN_NUMBER,	 /* whose newest text and last closing are older */
	RETAIN_TEXT,	 /* words of tickets that were closed earlier */
	RETAIN_INQUIRY,	 /* the same of sensitive ones */
	RETAIN_SPAM,	 /* texts that belong to no ticket */
	RETAIN_DELIVERY, /* rows: what went to departments, whom it called, their mails;
			    of a closed ticket or of none, and needed for nothing any more
			  */
	RETAIN_CLASSES
};

struct retention {
	int64_t now_ms;			   /* for questions and locks that expire */
	int64_t before_ms[RETAIN_CLASSES]; /* INT64_MIN: kept for ever */
};

/* How many were wiped. */
struct retained {
	int64_t numbers, texts, questions;
	int64_t rows; /* … removed whole */
};

/*
 * Goes over the next `look` rows at most, and stops earlier when `wipe` were wiped. Where
 * it stands is kept in the store, so a pass goes on after a restart. *over: all was gone
 * over, and the next call begins anew. `done` is added to.
 */
int store_retain_step(struct store *store, const struct retention *retention, int look,
		      int wipe, struct retained *done, bool *over,
		      struct err *err) MUST_CHECK;
/* Where the housekeeping's own clock stands; 0: never set. *under_way: a pass is not over
 * yet. */
int store_retain_clock(struct store *store, int64_t *clock_ms, bool *under_way,
		       struct err *err) MUST_CHECK;
int store_retain_clock_set(struct store *store, int64_t clock_ms,
			   struct err *err) MUST_CHECK;

/* What was overwritten is gone from the file and from the log beside it. Not within a
 * transaction. *done false: somebody reads, it must be tried later. */
int store_scrub(struct store *store, bool *done, struct err *err) MUST_CHECK;

/* ---- wanted by the person ---- */

struct erased {
	int64_t person_id; /* 0: there was nothing to do */
	int64_t tickets;   /* whose words are gone */
	int64_t kept;	   /* inquiries, whose words a statute keeps */
	bool number;	   /* … is gone */
	bool over;	   /* no more steps for it */
};

/*
 * HAPUS: the next step for a closed ticket with `erase`, closed and asked for before that
 * time: its words, the person's texts that belong to no ticket (`most` of his chain at
 * once), and when he has no other ticket open his number; then erase = 0 and an event.
 */
int store_erase_step(struct store *store, int64_t now_ms, int64_t before_ms, int most,
		     struct erased *out, struct err *err) MUST_CHECK;
/* The same for everything of a person, at once; may take long with thousands of texts. */
int store_person_erase(struct store *store, int64_t person_id, int64_t now_ms,
		       struct str actor, struct erased *out, struct err *err) MUST_CHECK;

/* ---- looks at one person ---- */

struct person_ticket {
	int64_t id, no, closed_ms;
	struct str department;
	enum ticket_state state;
	bool open; /* not closed, or merged into one that is not */
	bool inquiry;
};

/* All of them, newest first. */
int store_person_tickets(struct store *store, int64_t person_id, struct arena *arena,
			 struct person_ticket **out, size_t *n,
			 struct err *err) MUST_CHECK;

struct person_text {
	struct message_in message;
	int64_t ticket_no; /* 0: none */
};

/* All that he texted, newest first. */
int store_person_texts(struct store *store, int64_t person_id, struct arena *arena,
		       struct person_text **out, size_t *n, struct err *err) MUST_CHECK;
/* What he was told that belongs to no ticket, oldest first. Reads the whole table. */
int store_person_told(struct store *store, int64_t person_id, struct arena *arena,
		      struct message_out **out, size_t *n, struct err *err) MUST_CHECK;
/* When he was seen first. */
int store_person_since(struct store *store, int64_t person_id, int64_t *since_ms,
		       struct err *err) MUST_CHECK;
/* Who looked at what this names, oldest first. */
int store_audit_about(struct store *store, struct str about, struct arena *arena,
		      struct audit_row **out, size_t *n, struct err *err) MUST_CHECK;

#endif
