/* SPDX-License-Identifier: MIT */
/* Mails from departments and to them. Contract in mail.h. */
#include "store/mail.h"

#include "store/inside.h"

/* ---- coming in ---- */

int store_mail_add(struct store *s, struct str raw, struct str source, int64_t uid,
		   int64_t now_ms, int64_t *id, struct err *err)
{
	struct digest digest = store_digest(s, raw);
	struct db_value sealed, sender;
	int64_t known = 0;

	*id = 0;
	if (store_run(s, STMT_MAIL_KNOWN,
		      DB_ARGS(DB_I(digest.now),
			      DB_I(digest.before ? digest.before : digest.now)),
		      store_take_int, &known, err))
		return -1;
	if (known) /* … under this UID, too: it is to be marked there */
		return uid ? store_run(s, STMT_MAIL_MARK, DB_ARGS(DB_I(uid), DB_I(known)),
				       NULL, NULL, err)
			   : 0;
	return store_seal(s, SEALED_MAIL_RAW, raw, &sealed, err) ||
			       store_seal(s, SEALED_MAIL_SENDER, STR(""), &sender, err) ||
			       store_run(s, STMT_MAIL_ADD,
					 DB_ARGS(DB_I(digest.now), DB_T(source),
						 DB_I(uid), sender, DB_I(now_ms)),
					 store_take_int, id, err) ||
			       store_run(s, STMT_MAIL_RAW_ADD, DB_ARGS(DB_I(*id), sealed),
					 NULL, NULL, err)
		       ? -1
		       : 0;
}

static int number_row(void *arg, const struct db_value *c, struct err *err)
{
	int64_t *n = store_list_add(arg, err);

	if (!n)
		return -1;
	*n = c[0].i;
	return 0;
}

static int numbers(struct store *s, enum stmt stmt, const struct db_value *args, size_t n,
		   struct arena *arena, int64_t **out, size_t *n_out, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(int64_t) };

	if (store_run(s, stmt, args, n, number_row, &l, err))
		return -1;
	*out = l.items;
	*n_out = l.n;
	return 0;
}

int store_mail_pending(struct store *s, int64_t after, int limit, struct arena *arena,
		       int64_t **ids, size_t *n, struct err *err)
{
	return numbers(s, STMT_MAIL_PENDING, DB_ARGS(DB_I(after), DB_I(limit)), arena,
		       ids, n, err);
}

/* What does not open is taken along without words, and told: an operator sees the rest.
 */
static int open_here(struct store_list *l, enum sealed what, int64_t id,
		     const struct db_value *value, struct str *out, struct err *err)
{
	struct err why;

	if (store_unseal(l->store, what, id, value, l->arena, out, &why) == 0)
		return 0;
	if (why.kind != ERR_CONFIG) {
		*err = why;
		return -1;
	}
	*out = STR("");
	store_unreadable_note(l->store, &why);
	return 0;
}

static int mail_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct mail_row *m = store_list_add(l, err);

	if (!m)
		return -1;
	*m = (struct mail_row){
		.id = c[0].i,
		.message_id = arena_str(l->arena, c[1].s),
		.source = arena_str(l->arena, c[2].s),
		.uid = c[3].i,
		.received_ms = c[5].i,
		.state = arena_str(l->arena, c[6].s),
		.kind = arena_str(l->arena, c[7].s),
		.ticket_no = c[8].i,
		.wiped = c[10].i != 0,
	};
	if (!m->kind.p)
		return err_set(err, ERR_LIMIT, "no room for a mail");
	if (open_here(l, SEALED_MAIL_SENDER, m->id, &c[4], &m->sender, err) ||
	    open_here(l, SEALED_MAIL_NOTE, m->id, &c[9], &m->note, err))
		return -1;
	return store_unseal(l->store, SEALED_MAIL_RAW, m->id, &c[11], l->arena, &m->raw,
			    err);
}

static int mails(struct store *s, enum stmt stmt, const struct db_value *args, size_t n,
		 struct arena *arena, struct mail_row **out, size_t *n_out,
		 struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct mail_row) };

	if (store_run(s, stmt, args, n, mail_row, &l, err))
		return -1;
	*out = l.items;
	*n_out = l.n;
	return 0;
}

int store_mail_get(struct store *s, int64_t id, struct arena *arena, struct mail_row *out,
		   struct err *err)
{
	struct mail_row *found;
	size_t n;

	if (mails(s, STMT_MAIL_GET, DB_ARGS(DB_I(id)), arena, &found, &n, err))
		return -1;
	if (n == 0)
		return err_set(err, ERR_NEVER, "there is no mail %lld", (long long)id);
	*out = found[0];
	return 0;
}

int store_mail_name(struct store *s, int64_t id, struct str message_id, struct str sender,
		    int64_t *before, struct err *err)
{
	int64_t look = sender.n ? store_digest(s, sender).now : 0;
	struct db_value sealed;

	*before = 0;
	if (message_id.n && store_run(s, STMT_MAIL_BY_ID, DB_ARGS(DB_T(message_id)),
				      store_take_int, before, err))
		return -1;
	if (*before == id)
		*before = 0;
	return store_seal(s, SEALED_MAIL_SENDER, sender, &sealed, err) ||
			       store_run(s, STMT_MAIL_NAME,
					 DB_ARGS(DB_T(*before ? STR("") : message_id),
						 sealed, DB_I(look), DB_I(id)),
					 NULL, NULL, err)
		       ? -1
		       : 0;
}

int store_mail_settle(struct store *s, int64_t id, const char *state, const char *kind,
		      int64_t ticket_id, struct str note, bool told, struct err *err)
{
	struct db_value sealed = { .type = DB_NULL };

	if (note.n && store_seal(s, SEALED_MAIL_NOTE, note, &sealed, err))
		return -1;
	return store_run(s, STMT_MAIL_SETTLE,
			 DB_ARGS(DB_T(str_of(state)), DB_T(str_of(kind)),
				 DB_ID(ticket_id), sealed, DB_I(told), DB_I(id)),
			 NULL, NULL, err);
}

int store_mail_from(struct store *s, struct str sender, int64_t since_ms,
		    enum mail_which which, int64_t *n, struct err *err)
{
	static const enum stmt stmts[] = {
		[MAILS_ALL] = STMT_MAIL_FROM,
		[MAILS_DONE] = STMT_MAIL_ANSWERED,
		[MAILS_TOLD] = STMT_MAIL_TOLD,
	};

	*n = 0;
	return store_run(s, stmts[which],
			 DB_ARGS(DB_I(store_digest(s, sender).now), DB_I(since_ms)),
			 store_take_int, n, err);
}

int store_mail_list(struct store *s, bool desk, int64_t before, int limit,
		    struct arena *arena, struct mail_row **out, size_t *n,
		    struct err *err)
{
	return mails(s, desk ? STMT_MAIL_LIST_DESK : STMT_MAIL_LIST,
		     DB_ARGS(DB_I(before ? before : INT64_MAX), DB_I(limit)), arena, out,
		     n, err);
}

int store_mails_of(struct store *s, int64_t ticket_id, struct arena *arena,
		   struct mail_row **out, size_t *n, struct err *err)
{
	return mails(s, STMT_MAILS_OF, DB_ARGS(DB_I(ticket_id)), arena, out, n, err);
}

int store_mail_waiting(struct store *s, int64_t *n, struct err *err)
{
	*n = 0;
	return store_run(s, STMT_MAIL_COUNT_DESK, NULL, 0, store_take_int, n, err);
}

/* ---- marks ---- */

int store_mail_unseen(struct store *s, int limit, struct arena *arena, int64_t **uids,
		      size_t *n, struct err *err)
{
	return numbers(s, STMT_MAIL_UNSEEN, DB_ARGS(DB_I(limit)), arena, uids, n, err);
}

int store_mail_seen(struct store *s, int64_t uid, struct err *err)
{
	return uid ? store_run(s, STMT_MAIL_SEEN, DB_ARGS(DB_I(uid)), NULL, NULL, err)
		   : store_run(s, STMT_MAIL_SEEN_ALL, NULL, 0, NULL, NULL, err);
}

static int mailbox_got(void *arg, const struct db_value *c, struct err *err)
{
	(void)err;
	*(struct mailbox_row *)arg = (struct mailbox_row){ c[0].i, c[1].i };
	return 0;
}

int store_mailbox_get(struct store *s, struct str name, struct mailbox_row *out,
		      struct err *err)
{
	*out = (struct mailbox_row){ 0 };
	return store_run(s, STMT_MAILBOX_GET, DB_ARGS(DB_T(name)), mailbox_got, out, err);
}

int store_mailbox_set(struct store *s, struct str name, const struct mailbox_row *m,
		      int64_t now_ms, struct err *err)
{
	return store_run(
		s, STMT_MAILBOX_SET,
		DB_ARGS(DB_T(name), DB_I(m->validity), DB_I(m->uid), DB_I(now_ms)), NULL,
		NULL, err);
}

/* ---- attachments ---- */

int store_attachment_add(struct store *s, int64_t mail_id, const struct attachment_row *a,
			 struct err *err)
{
	struct db_value name, body = { .type = DB_NULL };

	if (store_seal(s, SEALED_ATTACHMENT_NAME, a->name, &name, err) ||
	    (a->body.p && store_seal(s, SEALED_ATTACHMENT_BODY, a->body, &body, err)))
		return -1;
	return store_run(s, STMT_ATTACHMENT_ADD,
			 DB_ARGS(DB_I(mail_id), name, DB_T(a->type), DB_I(a->size), body),
			 NULL, NULL, err);
}

static int attachment_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct attachment_row *a = store_list_add(l, err);

	if (!a)
		return -1;
	*a = (struct attachment_row){
		.id = c[0].i,
		.type = arena_str(l->arena, c[2].s),
		.size = c[3].i,
		.kept = c[4].i != 0,
	};
	if (!a->type.p)
		return err_set(err, ERR_LIMIT, "no room for an attachment");
	return open_here(l, SEALED_ATTACHMENT_NAME, a->id, &c[1], &a->name, err) ||
			       store_unseal(l->store, SEALED_ATTACHMENT_BODY, a->id,
					    &c[5], l->arena, &a->body, err)
		       ? -1
		       : 0;
}

int store_attachments(struct store *s, int64_t mail_id, struct arena *arena,
		      struct attachment_row **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct attachment_row) };

	if (store_run(s, STMT_ATTACHMENTS, DB_ARGS(DB_I(mail_id)), attachment_row, &l,
		      err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_attachment_get(struct store *s, int64_t mail_id, int64_t id,
			 struct arena *arena, struct attachment_row *out, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct attachment_row) };

	if (store_run(s, STMT_ATTACHMENT_GET, DB_ARGS(DB_I(mail_id), DB_I(id)),
		      attachment_row, &l, err))
		return -1;
	if (l.n == 0)
		return err_set(err, ERR_NEVER, "mail %lld has no attachment %lld",
			       (long long)mail_id, (long long)id);
	*out = *(struct attachment_row *)l.items;
	return 0;
}

/* ---- going out ---- */

int store_mail_out_add(struct store *s, const struct mail_out *m, int64_t now_ms,
		       struct err *err)
{
	struct db_value to, subject, text;

	return store_seal(s, SEALED_MAIL_OUT_TO, m->to, &to, err) ||
			       store_seal(s, SEALED_MAIL_OUT_SUBJECT, m->subject,
					  &subject, err) ||
			       store_seal(s, SEALED_MAIL_OUT_TEXT, m->text, &text, err) ||
			       store_run(s, STMT_MAIL_OUT_ADD,
					 DB_ARGS(DB_I(m->mail_id), to, subject, text,
						 DB_I(now_ms)),
					 NULL, NULL, err)
		       ? -1
		       : 0;
}

static int mail_out_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct mail_out *m = store_list_add(l, err);

	if (!m)
		return -1;
	*m = (struct mail_out){
		.id = c[0].i,
		.mail_id = c[1].i,
		.attempts = (int)c[5].i,
		.created_ms = c[6].i,
		.ticket_no = c[8].i,
		.in_reply_to = arena_str(l->arena, c[7].s),
	};
	if (!m->in_reply_to.p)
		return err_set(err, ERR_LIMIT, "no room for a mail");
	return open_here(l, SEALED_MAIL_OUT_TO, m->id, &c[2], &m->to, err) ||
			       open_here(l, SEALED_MAIL_OUT_SUBJECT, m->id, &c[3],
					 &m->subject, err) ||
			       open_here(l, SEALED_MAIL_OUT_TEXT, m->id, &c[4], &m->text,
					 err)
		       ? -1
		       : 0;
}

struct mail_went {
	struct str to;
	int64_t made_ms;
};

static int mail_out_to(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct mail_went *went = store_list_add(l, err);

	if (!went)
		return -1;
	went->made_ms = c[2].i;
	return open_here(l, SEALED_MAIL_SENDER, c[0].i, &c[1], &went->to, err);
}

int store_mail_out_to(struct store *s, int64_t id, struct arena *arena, struct str *out,
		      int64_t *made_ms, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct mail_went) };
	const struct mail_went nobody = { STR_INIT(""), 0 }, *went = &nobody;

	if (store_run(s, STMT_MAIL_OUT_TO, DB_ARGS(DB_I(id)), mail_out_to, &l, err))
		return -1;
	if (l.n)
		went = l.items;
	*out = went->to;
	*made_ms = went->made_ms;
	return 0;
}

int store_mail_out_claim(struct store *s, int64_t now_ms, int most, struct arena *arena,
			 struct mail_out **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct mail_out) };
	struct mail_out *m;

	if (store_run(s, STMT_MAIL_OUT_DUE, DB_ARGS(DB_I(now_ms), DB_I(most)),
		      mail_out_row, &l, err))
		return -1;
	m = l.items;
	for (size_t i = 0; i < l.n; i++) {
		if (store_run(s, STMT_MAIL_OUT_CLAIM, DB_ARGS(DB_I(m[i].id)), NULL, NULL,
			      err))
			return -1;
		m[i].attempts++;
	}
	*out = m;
	*n = l.n;
	return 0;
}

/* What has left, or never will, need not be kept. */
static int forget(struct store *s, int64_t id, struct err *err)
{
	struct db_value to, subject, text;

	return store_seal(s, SEALED_MAIL_OUT_TO, STR(""), &to, err) ||
			       store_seal(s, SEALED_MAIL_OUT_SUBJECT, STR(""), &subject,
					  err) ||
			       store_seal(s, SEALED_MAIL_OUT_TEXT, STR(""), &text, err) ||
			       store_run(s, STMT_MAIL_OUT_FORGET,
					 DB_ARGS(to, subject, text, DB_I(id)), NULL, NULL,
					 err)
		       ? -1
		       : 0;
}

int store_mail_out_end(struct store *s, int64_t id, const char *state, struct str reason,
		       int64_t due_ms, struct err *err)
{
	if (strcmp(state, "queued") != 0 && forget(s, id, err))
		return -1;
	return store_run(s, STMT_MAIL_OUT_END,
			 DB_ARGS(DB_T(str_of(state)), DB_T(store_masked(s, reason)),
				 DB_I(due_ms), DB_I(id)),
			 NULL, NULL, err);
}

int store_mail_out_next(struct store *s, int64_t *due_ms, struct err *err)
{
	*due_ms = INT64_MAX;
	return store_run(s, STMT_MAIL_OUT_NEXT, NULL, 0, store_take_int, due_ms, err);
}

int store_mails_move(struct store *s, int64_t by_ms, struct err *err)
{
	return store_run(s, STMT_MAIL_OUT_MOVE, DB_ARGS(DB_I(by_ms)), NULL, NULL, err);
}

int store_mail_out_recover(struct store *s, struct err *err)
{
	return store_run(s, STMT_MAIL_OUT_RECOVER, NULL, 0, NULL, NULL, err);
}
