/* SPDX-License-Identifier: MIT */
/*
 * Mails that came, what was attached to them, what we answered by mail, how far mailboxes
 * were read. Calls as in store.h: engine's thread, within its transaction.
 */
#ifndef STORE_MAIL_H
#define STORE_MAIL_H

#include "store/store.h"

struct mail_row {
	int64_t id;
	struct str message_id; /* n 0: not looked at yet, or none */
	struct str source;     /* inbox pipe before */
	int64_t uid;
	struct str sender; /* address; n 0: not looked at yet, or wiped */
	int64_t received_ms;
	struct str state;  /* pending done desk ignored */
	struct str kind;   /* flow/mail_in.c's table */
	int64_t ticket_no; /* 0: none */
	struct str note;
	bool wiped;
	struct str raw; /* store_mail_get only */
};

/* *id 0: the same bytes are there already. */
int store_mail_add(struct store *store, struct str raw, struct str source, int64_t uid,
		   int64_t now_ms, int64_t *id, struct err *err) MUST_CHECK;
/* Ids of those not looked at yet, above `after`. */
int store_mail_pending(struct store *store, int64_t after, int limit, struct arena *arena,
		       int64_t **ids, size_t *n, struct err *err) MUST_CHECK;
/* ERR_NEVER: there is none. */
int store_mail_get(struct store *store, int64_t id, struct arena *arena,
		   struct mail_row *out, struct err *err) MUST_CHECK;
/* Its Message-ID and sender are known now. *before: a mail of that Message-ID that came
 * earlier; 0: none. Then nothing but the sender is written. */
int store_mail_name(struct store *store, int64_t id, struct str message_id,
		    struct str sender, int64_t *before, struct err *err) MUST_CHECK;
/* told: a mail of ours goes to its sender for it. */
int store_mail_settle(struct store *store, int64_t id, const char *state,
		      const char *kind, int64_t ticket_id, struct str note, bool told,
		      struct err *err) MUST_CHECK;
/* How many came from this sender since then; of them those that were an answer and done,
 * those that we answered. */
enum mail_which { MAILS_ALL, MAILS_DONE, MAILS_TOLD };
int store_mail_from(struct store *store, struct str sender, int64_t since_ms,
		    enum mail_which which, int64_t *n, struct err *err) MUST_CHECK;

/* Newest first, those below id `before` (0: from the newest). */
int store_mail_list(struct store *store, bool desk, int64_t before, int limit,
		    struct arena *arena, struct mail_row **out, size_t *n,
		    struct err *err) MUST_CHECK;
/* Of one ticket, oldest first. */
int store_mails_of(struct store *store, int64_t ticket_id, struct arena *arena,
		   struct mail_row **out, size_t *n, struct err *err) MUST_CHECK;
/* How many wait for the desk. */
int store_mail_waiting(struct store *store, int64_t *n, struct err *err) MUST_CHECK;

/* ---- marks at the mail server ---- */

/* UIDs of committed mails that are not marked there yet. */
int store_mail_unseen(struct store *store, int limit, struct arena *arena, int64_t **uids,
		      size_t *n, struct err *err) MUST_CHECK;
/* uid 0: all; the mailbox numbers its mails anew. */
int store_mail_seen(struct store *store, int64_t uid, struct err *err) MUST_CHECK;

struct mailbox_row {
	int64_t validity, uid; /* 0, 0: never read */
};

int store_mailbox_get(struct store *store, struct str name, struct mailbox_row *out,
		      struct err *err) MUST_CHECK;
int store_mailbox_set(struct store *store, struct str name,
		      const struct mailbox_row *mailbox, int64_t now_ms,
		      struct err *err) MUST_CHECK;

/* ---- attachments ---- */

struct attachment_row {
	int64_t id;
	struct str name, type;
	int64_t size;
	bool kept;	 /* its bytes are there */
	struct str body; /* store_attachment_get only */
};

/* body p NULL: it is listed only. */
int store_attachment_add(struct store *store, int64_t mail_id,
			 const struct attachment_row *attachment,
			 struct err *err) MUST_CHECK;
int store_attachments(struct store *store, int64_t mail_id, struct arena *arena,
		      struct attachment_row **out, size_t *n, struct err *err) MUST_CHECK;
/* ERR_NEVER: there is none. */
int store_attachment_get(struct store *store, int64_t mail_id, int64_t id,
			 struct arena *arena, struct attachment_row *out,
			 struct err *err) MUST_CHECK;

/* ---- mails of ours that explain something ---- */

struct mail_out {
	int64_t id, mail_id;
	struct str to, subject, text;
	int attempts;
	int64_t created_ms;
	struct str in_reply_to; /* Message-ID; n 0: it had none */
	int64_t ticket_no;	/* 0: none */
};

int store_mail_out_add(struct store *store, const struct mail_out *mail, int64_t now_ms,
		       struct err *err) MUST_CHECK;
/* To whom it went: whoever sent the mail that it answers. n 0: nobody, or it was wiped.
 * And when it was made. */
int store_mail_out_to(struct store *store, int64_t id, struct arena *arena,
		      struct str *out, int64_t *made_ms, struct err *err) MUST_CHECK;
/* Those that are due are "sending" afterwards. */
int store_mail_out_claim(struct store *store, int64_t now_ms, int most,
			 struct arena *arena, struct mail_out **out, size_t *n,
			 struct err *err) MUST_CHECK;
/* done, parked (its words are forgotten), or queued again until due_ms. */
int store_mail_out_end(struct store *store, int64_t id, const char *state,
		       struct str reason, int64_t due_ms, struct err *err) MUST_CHECK;
/* INT64_MAX: none waits. */
int store_mail_out_next(struct store *store, int64_t *due_ms, struct err *err) MUST_CHECK;
/* The wall clock jumped: those that wait do so as long as before. */
int store_mails_move(struct store *store, int64_t by_ms, struct err *err) MUST_CHECK;
/* A start: those that were on their way are sent again. */
int store_mail_out_recover(struct store *store, struct err *err) MUST_CHECK;

#endif
