/* SPDX-License-Identifier: MIT */
/*
 * The scripted mail server: a folder read over IMAP, and what is handed over by SMTP. It
 * outlives crashes of the gateway.
 */
#ifndef CASES_MAILBOX_H
#define CASES_MAILBOX_H

#include "stage.h"

enum { STAGE_MAILS = 200, STAGE_SENT = 400 };

struct stage_mail {
	char *raw;
	size_t n;
	unsigned uid;
	int64_t at_ms; /* in: when it came, INTERNALDATE */
	bool seen;
	bool other;  /* in the other account's folder */
	bool looked; /* sent: by the story */
	char to[100];
	char id[200]; /* sent: Message-ID */
};

struct stage_mails {
	struct stage_mail in[STAGE_MAILS], sent[STAGE_SENT];
	size_t n_in, n_sent;
	unsigned validity, next_uid, made;
	unsigned down; /* so many exchanges fail */
	char smtp[24]; /* how the next `smtp_left` mails end; −1: all */
	int smtp_left;
	unsigned keeps; /* this one is listed and never given */
	char *last;	/* the last that was made, for coming again */
};

struct stage_mails *mails_new(void);
void mails_free(struct stage_mails *mails);
/* True: it was an exchange of mail. */
bool mail_play(struct stage *stage, struct outgoing *out);

/* Of one mail from the folder. */
bool mail_is_fetch(const struct outgoing *out);

#endif
