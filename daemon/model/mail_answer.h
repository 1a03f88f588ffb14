/* SPDX-License-Identifier: MIT */
/*
 * What a department's mail says (domain section 8): the words above our marker and above
 * whatever a mail program quotes; a command in the first line, as an officer would text
 * it, or else a note of progress. What is quoted, signatures, greetings at the begin and
 * courtesies at the end reach no citizen; numbers that tell who somebody is are hidden.
 * Pure.
 */
#ifndef MODEL_MAIL_ANSWER_H
#define MODEL_MAIL_ANSWER_H

#include "base/mime_read.h"
#include "model/officer.h"

/* Of the words that go into the history; a citizen gets what fits one segment of them. */
enum { MAIL_WORDS_MOST = 1200 };

/* Our mails begin with it; `balas` alone would stand in honest sentences. */
#define MAIL_MARKER "balas di atas garis ini"

struct mail_answer {
	struct str written;		/* above all quotes; lines as they are */
	struct str words;		/* … in one line, to be told: masked, at most
					   MAIL_WORDS_MOST bytes; of a command its text */
	struct str body;		/* LUAR: the body outside, masked */
	struct officer_command command; /* kind OFFICER_NONE: a note of progress */
	bool several;			/* there is another command below it */
};

/* text: UTF-8 without controls. no: the ticket that the mail is about. At the arena's
 * ceiling nothing was written. */
void mail_answer_read(struct str text, const struct officer_rules *rules, int64_t no,
		      struct arena *arena, struct mail_answer *out);

/* Who wrote it. */
enum mail_author {
	MAIL_HUMAN,
	MAIL_MACHINE, /* answers by itself: nothing is done, nothing is said to it */
	MAIL_BOUNCE,  /* a report of delivery */
};
enum mail_author mail_author(const struct mime_mail *mail);
/* Whether a mail of ours that explains something may go to its sender. */
bool mail_may_be_told(const struct mime_mail *mail);

/* Tickets' numbers that a subject names: "[SRG-25004176]"; the first right one. 0: none.
 */
int64_t mail_subject_no(struct str subject, unsigned width);

#endif
