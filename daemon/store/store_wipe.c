/* SPDX-License-Identifier: MIT */
/*
 * What is wiped, one value or one row at a time: for the housekeeping's pass
 * (store_retain.c) and for persons who want it (store_erase.c). Contract in wipe.h.
 */
#include "store/wipe.h"

#include "store/retain.h"

const struct str store_wiped_text = STR_INIT("(dihapus)");

/* ---- where it stands ---- */

int store_place_get(struct store *s, const char *name, int64_t which, int64_t *out,
		    struct err *err)
{
	return store_count_add(s, name, which, 0, out, err);
}

int store_place_set(struct store *s, const char *name, int64_t which, int64_t to,
		    struct err *err)
{
	int64_t is;

	if (store_count_add(s, name, which, 0, &is, err))
		return -1;
	return store_count_add(s, name, which, to - is, &is, err);
}

/* ---- one value ---- */

/* The words of a row, by its id. */
int store_words_wipe(struct store *s, enum stmt stmt, enum sealed what, int64_t id,
		     struct err *err)
{
	struct db_value text;

	return store_seal(s, what, store_wiped_text, &text, err) ||
			       store_run(s, stmt, DB_ARGS(text, DB_I(id)), NULL, NULL,
					 err)
		       ? -1
		       : 0;
}

int store_in_wipe(struct store *s, int64_t id, struct err *err)
{
	return store_words_wipe(s, STMT_WIPE_IN, SEALED_IN_TEXT, id, err);
}

int store_out_wipe(struct store *s, int64_t id, struct err *err)
{
	return store_words_wipe(s, STMT_WIPE_OUT, SEALED_OUT_TEXT, id, err);
}

int store_event_wipe(struct store *s, int64_t id, struct err *err)
{
	return store_words_wipe(s, STMT_WIPE_EVENT, SEALED_EVENT_NOTE, id, err);
}

int store_alike_wipe(struct store *s, int64_t id, struct err *err)
{
	return store_words_wipe(s, STMT_WIPE_ALIKE, SEALED_ALIKE_WORDS, id, err);
}

/* By a mail's id, or by the ticket's. */
static const struct mail_wipes {
	enum stmt raw, attachments, out, mail; /* mail last: it says that they are gone */
} by_mail = { STMT_WIPE_MAIL_RAW, STMT_WIPE_ATTACHMENTS, STMT_WIPE_MAIL_OUT,
	      STMT_WIPE_MAIL },
  by_ticket = { STMT_WIPE_MAIL_RAW_OF, STMT_WIPE_ATTACHMENTS_OF, STMT_WIPE_MAIL_OUT_OF,
		STMT_WIPE_MAIL_OF };

/* A mail's words, sender, attachments and what it was answered. */
static int mail_wipe_by(struct store *s, const struct mail_wipes *by, int64_t id,
			struct err *err)
{
	struct db_value sender, to, subject, text;

	if (store_seal(s, SEALED_MAIL_SENDER, STR(""), &sender, err) ||
	    store_seal(s, SEALED_MAIL_OUT_TO, STR(""), &to, err) ||
	    store_seal(s, SEALED_MAIL_OUT_SUBJECT, store_wiped_text, &subject, err) ||
	    store_seal(s, SEALED_MAIL_OUT_TEXT, store_wiped_text, &text, err))
		return -1;
	return store_words_wipe(s, by->raw, SEALED_MAIL_RAW, id, err) ||
			       store_words_wipe(s, by->attachments,
						SEALED_ATTACHMENT_NAME, id, err) ||
			       store_run(s, by->out, DB_ARGS(to, subject, text, DB_I(id)),
					 NULL, NULL, err) ||
			       store_run(s, by->mail, DB_ARGS(sender, DB_I(id)), NULL,
					 NULL, err)
		       ? -1
		       : 0;
}

int store_mail_wipe(struct store *s, int64_t id, struct err *err)
{
	return mail_wipe_by(s, &by_mail, id, err);
}

/* His number, and what only makes sense with it. */
int store_person_forget(struct store *s, int64_t id, struct err *err)
{
	struct db_value nothing;

	if (store_seal(s, SEALED_ADDRESS, STR(""), &nothing, err) ||
	    store_look_remove(s, id, err) ||
	    store_run(s, STMT_PERSON_FORGET, DB_ARGS(nothing, DB_I(id)), NULL, NULL, err))
		return -1;
	return store_run(s, STMT_ASKED_REMOVE, DB_ARGS(DB_I(id)), NULL, NULL, err) ||
			       store_run(s, STMT_PIN_FAULT_REMOVE, DB_ARGS(DB_I(id)),
					 NULL, NULL, err)
		       ? -1
		       : 0;
}

/* All words of a ticket. */
int store_ticket_wipe(struct store *s, int64_t id, struct err *err)
{
	/* The texts first: they are found by the events. */
	return mail_wipe_by(s, &by_ticket, id, err) ||
			       store_words_wipe(s, STMT_WIPE_IN_OF, SEALED_IN_TEXT, id,
						err) ||
			       store_words_wipe(s, STMT_WIPE_EVENTS_OF, SEALED_EVENT_NOTE,
						id, err) ||
			       store_words_wipe(s, STMT_WIPE_OUTS_OF, SEALED_OUT_TEXT, id,
						err) ||
			       store_alike_wipe(s, id, err) ||
			       store_words_wipe(s, STMT_WIPE_ALIKE_HEAD,
						SEALED_ALIKE_WORDS, id, err)
		       ? -1
		       : 0;
}

/* ---- whether a number is needed ---- */

int store_need_look(void *arg, const struct person_ticket *t, struct err *err)
{
	struct need *need = arg;

	(void)err;
	if (t->id == need->but)
		return 0;
	need->open |= t->open;
	if (t->closed_ms > need->closed_ms)
		need->closed_ms = t->closed_ms;
	return 0;
}
