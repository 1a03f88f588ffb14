/* SPDX-License-Identifier: MIT */
/*
 * Answers of departments by mail, for the files of flow/.
 *
 *   inbox.c         the mailbox is read over IMAP
 *   mail_in.c       a mail is stored, and in the next turn understood: by rule
 *   mail_answer_do.c  … what a department wrote is done
 *   mail_bounce.c   … a report of delivery
 *   mail_say.c      mails of ours that explain something
 *   mail_out.c      … leave
 *
 * Functions as in flow.h.
 */
#ifndef FLOW_MAIL_H
#define FLOW_MAIL_H

#include "base/mailid.h"
#include "flow/engine.h"
#include "model/mail_answer.h"
#include "store/mail.h"

enum inbox_step { INBOX_SEARCH, INBOX_FETCH, INBOX_MARK };

enum { INBOX_UIDS = 64 };

/* Copied before each turn, put back when the turn fails. */
struct mail_work {
	bool waiting;	    /* mails are stored that nobody has looked at */
	int64_t fresh;	    /* the first that was stored in this turn; 0: none */
	int64_t out_due_ms; /* wall: the next of ours that is to leave */
	unsigned out_flying;
	bool out_compare; /* the store was in trouble: "sending" may be nobody's */

	uint64_t mailbox;  /* which one is asked: a hash of its name */
	bool asking;	   /* an exchange with the mailbox is under way */
	int64_t ask_at_ms; /* monotonic: the next */
	unsigned failures;
	int64_t good_ms;   /* wall: the last good answer; 0: none since the start */
	int64_t stuck_uid; /* could not be fetched, so many times in a row */
	unsigned stuck;
	enum inbox_step step;
	int64_t validity;	  /* of the search whose finds wait */
	int64_t uids[INBOX_UIDS]; /* to be fetched, in order */
	size_t n_uids, next_uid;
	int64_t uidnext; /* of the folder at the last search; −1: it says none */
	bool marks;	 /* there may be some to be marked as seen */
};

/* A mail while it is being understood. */
struct mail_heard {
	int64_t id; /* mail_in */
	struct arena *arena;
	size_t bytes; /* as it came */
	bool before;  /* it lay in the mailbox before we looked into it */
	struct mime_mail mime;
	struct ticket ticket; /* that it is about */
	int department;	      /* whose hand it is; −1: none */
	bool proved; /* it answers a mail of ours, and comes from whom it went to */
	/* Results, for store_mail_settle. */
	enum mail_kind kind;
	int64_t ticket_id;
	struct str note;
	bool told;
};

/* mail_in.c */
#define MAIL_BEFORE "before"
/* Stored, to be understood in a later turn; source: "inbox", "pipe" or MAIL_BEFORE. *id
 * 0: it is there already. */
int mail_take(struct engine *engine, struct str raw, struct str source, int64_t uid,
	      int64_t *id, struct err *err) MUST_CHECK;
int mails_understand(struct engine *engine, unsigned *works, struct err *err) MUST_CHECK;
/* A mail of ours by its id: false for any that we did not sign. */
bool mail_is_ours(const struct engine *engine, struct str text, struct mailid *id);
int mail_start(struct engine *engine, struct err *err) MUST_CHECK;

/* mail_out.c */
/* In Message-IDs: beside deliveries' ids, which count from 1. */
#define MAIL_OUT_IDS (INT64_C(1) << 40)
int mail_out_due(struct engine *engine, struct err *err) MUST_CHECK;
bool mail_out_is(const struct outgoing *out);
int mail_out_ended(struct engine *engine, struct outgoing *out,
		   struct err *err) MUST_CHECK;
int64_t mail_out_next_ms(const struct engine *engine);

/* inbox.c */
int inbox_due(struct engine *engine, struct err *err) MUST_CHECK;
int inbox_answered(struct engine *engine, struct outgoing *out,
		   struct err *err) MUST_CHECK;
void inbox_dropped(struct engine *engine);
/* A reload: it is asked at once. */
void inbox_reloaded(struct engine *engine);
int64_t inbox_next_ms(const struct engine *engine);

/* mail_answer_do.c */
int mail_answer_do(struct engine *engine, struct mail_heard *heard,
		   struct err *err) MUST_CHECK;

/* mail_bounce.c */
int mail_bounce(struct engine *engine, struct mail_heard *heard,
		struct err *err) MUST_CHECK;

/* An address answers: it does not bounce (any more). */
int mail_well(struct engine *engine, struct str address, struct err *err) MUST_CHECK;

/* mail_say.c */
/* The mail was about nothing that we know. At most one to a sender in a day. */
int mail_explain(struct engine *engine, struct mail_heard *heard,
		 struct err *err) MUST_CHECK;
/* What was wanted could not be done. how: how it is typed; n 0: the general way. */
int mail_refuse(struct engine *engine, struct mail_heard *heard, struct str why,
		struct str how, struct err *err) MUST_CHECK;
/* BANTUAN, DAFTAR; words in front of how to answer. */
int mail_help(struct engine *engine, struct mail_heard *heard, struct str words,
	      struct err *err) MUST_CHECK;

#endif
