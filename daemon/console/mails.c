/* SPDX-License-Identifier: MIT */
/*
 * Mails over the control socket: one that the local mail server hands over, the list of
 * those that came, one of them with what was attached.
 */
#include "console/desk.h"

#include "base/mime_read.h"
#include "store/mail.h"

static struct str asked(const struct incoming *in, const char *name)
{
	return pairs_get(in->request.query, str_of(name));
}

/* Answered after the commit, as everything is. */
bool desk_mail_in(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o;
	struct err err;
	int64_t id;

	if (in->request.body.n == 0)
		return desk_problem(in, 400, "the mail is empty", answer);
	if (in->request.body.n > MIME_BYTES_MOST)
		return desk_problem(in, 413, "the mail is larger than 10 MiB", answer);
	if (engine_mail_take(engine, in->request.body, &id, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	json_set(o, "mail", json_new_int(id));
	json_set(o, "known", json_new_bool(id == 0));
	return desk_json(in, 200, o, answer);
}

static struct json *mail_json(struct engine *engine, struct incoming *in,
			      const struct mail_row *m)
{
	struct json *o = json_new_object();

	json_set(o, "id", json_new_int(m->id));
	json_set(o, "received", desk_time(engine, in, m->received_ms));
	json_set(o, "source", json_new_str(m->source));
	json_set(o, "from", desk_text(in, m->sender));
	json_set(o, "message_id", desk_text(in, m->message_id));
	json_set(o, "state", json_new_str(m->state));
	json_set(o, "kind", json_new_str(m->kind));
	if (m->ticket_no)
		json_set(o, "ticket",
			 json_new_str(arena_printf(in->arena, "%lld",
						   (long long)m->ticket_no)));
	json_set(o, "note", desk_text(in, m->note));
	return o;
}

bool desk_mails(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct store *store = engine_store(engine);
	int64_t before = 0, waiting;
	struct mail_row *mails;
	struct json *o, *list;
	struct err err;
	size_t n;
	int limit;

	if (!desk_limit(in, &limit, answer))
		return true;
	if (asked(in, "before").n && !str_to_int(asked(in, "before"), &before))
		return desk_problem(in, 400, "before is a mail's number", answer);
	if (store_mail_list(store, asked(in, "desk").n > 0, before, limit, in->arena,
			    &mails, &n, &err) ||
	    store_mail_waiting(store, &waiting, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < n; i++)
		json_add(list, mail_json(engine, in, &mails[i]));
	json_set(o, "mails", list);
	json_set(o, "for_desk", json_new_int(waiting));
	return desk_json(in, 200, o, answer);
}

static bool bytes(struct str type, struct str body, struct answer *answer)
{
	*answer = (struct answer){ .status = 200, .content_type = type, .body = body };
	return true;
}

/* Nothing was done with the mail, so they are nowhere but in it. Their bytes are made
 * only for who asks for one of them. */
static int attachments_within(struct incoming *in, const struct mail_row *m,
			      struct attachment_row **out, size_t *n, struct err *err)
{
	struct attachment_row *rows;
	struct mime_mail mail;
	struct err why;

	*n = 0;
	if (m->wiped || mime_read(m->raw, asked(in, "attachment").n ? m->raw.n : 0,
				  in->arena, &mail, &why))
		return 0;
	rows = ARENA_NEW(in->arena, struct attachment_row, mail.n_attachments + 1);
	if (!rows)
		return err_set(err, ERR_LIMIT, "no room for attachments");
	for (size_t i = 0; i < mail.n_attachments; i++)
		rows[i] = (struct attachment_row){
			.id = (int64_t)i + 1,
			.name = mail.attachments[i].name,
			.type = mail.attachments[i].type,
			.size = (int64_t)mail.attachments[i].size,
			.kept = true,
			.body = mail.attachments[i].bytes,
		};
	*out = rows;
	*n = mail.n_attachments;
	return 0;
}

static int attachments_of(struct store *store, struct incoming *in,
			  const struct mail_row *m, struct attachment_row **out,
			  size_t *n, struct err *err)
{
	if (store_attachments(store, m->id, in->arena, out, n, err))
		return -1;
	return *n ? 0 : attachments_within(in, m, out, n, err);
}

static bool attachment(struct store *store, struct incoming *in,
		       const struct mail_row *mail, const struct attachment_row *list,
		       size_t n, struct answer *answer)
{
	struct attachment_row a;
	struct err err;
	int64_t id;

	if (!str_to_int(asked(in, "attachment"), &id))
		return desk_problem(in, 400, "attachment is a number", answer);
	for (size_t i = 0; i < n; i++)
		if (list[i].id == id && list[i].body.p)
			return bytes(STR("application/octet-stream"), list[i].body,
				     answer);
	if (store_attachment_get(store, mail->id, id, in->arena, &a, &err))
		return desk_problem(in, err.kind == ERR_NEVER ? 404 : 503, err.text,
				    answer);
	if (!a.kept)
		return desk_problem(in, 404,
				    "it was too large to be kept, or its time is over: "
				    "mail.keep_attachments_kb",
				    answer);
	return bytes(STR("application/octet-stream"), a.body, answer);
}

/* The words that a person wrote, for reading on a terminal. */
static struct str words_of(struct incoming *in, const struct mail_row *m)
{
	struct mime_mail mail;
	struct err err;

	if (m->wiped || mime_read(m->raw, 0, in->arena, &mail, &err))
		return STR("");
	return mail.text;
}

bool desk_mail(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct store *store = engine_store(engine);
	struct attachment_row *list;
	struct json *o, *names;
	struct mail_row mail;
	struct err err;
	int64_t id;
	size_t n;

	if (!str_to_int(asked(in, "id"), &id))
		return desk_problem(in, 400, "which mail?", answer);
	if (store_mail_get(store, id, in->arena, &mail, &err) ||
	    attachments_of(store, in, &mail, &list, &n, &err))
		return desk_problem(in, err.kind == ERR_NEVER ? 404 : 503, err.text,
				    answer);
	if (asked(in, "attachment").n)
		return attachment(store, in, &mail, list, n, answer);
	if (asked(in, "raw").n)
		return bytes(STR("message/rfc822"), mail.raw, answer);
	o = mail_json(engine, in, &mail);
	json_set(o, "text", desk_text(in, words_of(in, &mail)));
	names = json_new_array();
	for (size_t i = 0; i < n; i++) {
		struct json *a = json_new_object();

		json_set(a, "id", json_new_int(list[i].id));
		json_set(a, "name", desk_text(in, list[i].name));
		json_set(a, "type", json_new_str(list[i].type));
		json_set(a, "bytes", json_new_int(list[i].size));
		json_set(a, "kept", json_new_bool(list[i].kept));
		json_add(names, a);
	}
	json_set(o, "attachments", names);
	return desk_json(in, 200, o, answer);
}
