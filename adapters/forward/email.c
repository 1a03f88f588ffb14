/* SPDX-License-Identifier: MIT */
/*
 * E-mail: what a department needs of a ticket on one screen, as text and as plain HTML
 * (email_write.c), one mail and one SMTP transaction for each address, so that of several
 * recipients each has its own end.
 *
 * The Message-ID is signed and the same at every attempt, so a mail that arrives twice is
 * one to the receiver, and an answer names ticket and delivery. Mails about a ticket hang
 * on its first one by In-Reply-To and References.
 */
#include "forward/email.h"

#include <stddef.h>

#include "base/mailid.h"
#include "base/mime_write.h"

enum {
	GREYLIST_MS = 300000,	 /* what servers that try us usually want */
	FULL_MS = 1800000,	 /* a mailbox or disk that is full stays so for a while */
	ANSWER_BYTES = 16 << 10, /* of a server's words */
	REASON_MOST = 150,
};

static const struct key email_keys[] = {
	{ "html", KEY_BOOL, .offset = offsetof(struct email, html), .def = "true",
	  .help = "email: as HTML beside the text; false: text alone." },
	{ 0 },
};

/* ---- identity ---- */

static int message_id(const struct forward_ctx *ctx, const struct forward *f,
		      struct str *out, struct err *err)
{
	const struct mailid id = { f->no, f->delivery_id, f->made_ms / 1000 };

	if (mailid_make(ctx->mail->key, ctx->mail->domain, &id, ctx->arena, out))
		return err_set(err, ERR_LIMIT, "no room for a Message-ID");
	return 0;
}

/* The first of the thread, and the one before this. */
static struct str_list references(const struct forward *f, struct arena *arena)
{
	struct str_list list = { ARENA_NEW(arena, struct str, 2), 0 };

	if (list.items && f->thread.n)
		list.items[list.n++] = f->thread;
	if (list.items && f->last.n && !str_eq(f->last, f->thread))
		list.items[list.n++] = f->last;
	return list;
}

/* ---- the exchange ---- */

/* The server, and the name that we greet with, when the URL does not say one. */
static struct str url_of(const struct forward_ctx *ctx)
{
	struct str server = ctx->mail->server;
	size_t host = str_find(server, STR("://")) + 3;
	bool named =
		str_find_char(str_slice(server, host, server.n), '/') + host < server.n;

	return named ? server
		     : arena_printf(ctx->arena, "%.*s/%.*s", STR_ARG(server),
				    STR_ARG(ctx->mail->domain));
}

static int put_exchange(const struct forward_ctx *ctx, const struct forward *f,
			struct str body, struct exchange *out, struct err *err)
{
	struct str *to = ARENA_NEW(ctx->arena, struct str, 1);
	struct exchange x = { .method = HTTP_POST, .url = url_of(ctx), .body = body };

	if (!to || !x.url.p)
		return err_set(err, ERR_LIMIT, "no room for a mail");
	*to = f->to;
	x.mail_to = (struct str_list){ to, 1 };
	x.mail_from = mime_address(ctx->mail->from);
	x.mail_plain = ctx->mail->plain;
	x.ceiling_bytes = ANSWER_BYTES;
	if (ctx->mail->user.n) {
		x.user = ctx->mail->user;
		x.password = ctx->mail->password;
	}
	*out = x;
	return 0;
}

static struct str list_id(const struct forward_ctx *ctx)
{
	return arena_printf(ctx->arena, "Pengaduan %.*s <pengaduan.%.*s>",
			    STR_ARG(ctx->gateway), STR_ARG(ctx->mail->domain));
}

static int compose(const struct forward_ctx *ctx, const struct forward *f,
		   struct exchange *out, struct err *err)
{
	const struct email *settings = ctx->settings;
	struct mime_out mail = {
		.from = ctx->mail->from,
		.to = f->to,
		.date_ms = ctx->wall_ms,
		.zone_s = ctx->zone_s,
		.in_reply_to = f->last.n ? f->last : f->thread,
		.references = references(f, ctx->arena),
		.auto_submitted = STR("auto-generated"),
		.list_id = list_id(ctx),
	};
	struct str body;

	if (message_id(ctx, f, &mail.message_id, err))
		return -1;
	if (email_write(ctx, f, settings->html, &mail) || !mail.list_id.p)
		return err_set(err, ERR_LIMIT, "no room for a mail's words");
	if (mime_write(&mail, ctx->arena, &body, err))
		return err_add(err, "mail");
	return put_exchange(ctx, f, body, out, err);
}

/* ---- what the server said ---- */

/*
 * The first row whose range holds the reply, and whose enhanced code (RFC 3463) begins
 * the server's words, decides. wide: it concerns all mail. wait: 0 is the queue's own
 * pause.
 */
static const struct row {
	int from, to;
	const char *code;
	enum forward_verdict verdict;
	bool wide;
	int64_t wait_ms;
	const char *words;
} rows[] = {
	{ 200, 299, "", FORWARD_DONE, false, 0, "has it" },
	{ 421, 421, "", FORWARD_LATER, true, 0, "is busy" },
	{ 450, 451, "4.2.2", FORWARD_LATER, false, FULL_MS, "says the mailbox is full" },
	{ 450, 451, "", FORWARD_LATER, false, GREYLIST_MS, "wants it again later" },
	{ 452, 452, "4.3", FORWARD_LATER, true, FULL_MS, "has no room" },
	{ 452, 452, "4.2", FORWARD_LATER, false, FULL_MS, "says the mailbox is full" },
	{ 454, 454, "", FORWARD_LATER, true, 0, "cannot log us in now" },
	{ 400, 499, "", FORWARD_LATER, false, 0, "wants it again later" },
	{ 500, 500, "", FORWARD_LATER, true, 0, "does not understand us" },
	{ 502, 503, "", FORWARD_LATER, true, 0, "does not understand us" },
	{ 521, 521, "", FORWARD_LATER, true, 0, "takes no mail" },
	{ 530, 530, "", FORWARD_LATER, true, 0, "wants a login; see mail.user" },
	{ 534, 535, "", FORWARD_LATER, true, 0, "refuses our login" },
	{ 538, 538, "", FORWARD_LATER, true, 0, "refuses our login" },
	{ 522, 522, "", FORWARD_LATER, false, FULL_MS, "says the mailbox is full" },
	{ 552, 552, "5.3.4", FORWARD_REFUSED, false, 0, "says it is too large" },
	{ 552, 552, "5.2.3", FORWARD_REFUSED, false, 0, "says it is too large" },
	{ 552, 552, "", FORWARD_LATER, false, FULL_MS, "says the mailbox is full" },
	{ 550, 554, "5.2.2", FORWARD_LATER, false, FULL_MS, "says the mailbox is full" },
	{ 500, 599, "", FORWARD_REFUSED, false, 0, "refuses it" },
	{ 0, 0, "", FORWARD_UNKNOWN, false, 0, "gives an odd reply" },
};

/* What is said to us before a recipient was named concerns all our mail. */
static const struct {
	const char *step;
	struct row row;
} early[] = {
	{ "login", { 500, 599, "", FORWARD_LATER, true, 0, "does not let us in" } },
	{ "sender",
	  { 500, 599, "", FORWARD_LATER, true, 0, "refuses our sender; see mail.from" } },
};

/* Whom and what we are was refused, not this mail; but for its size (RFC 1870). */
static const struct row *row_of(const struct response *response, struct str words)
{
	struct str step = pairs_get(response->headers, STR("smtp-step"));
	const struct row *row = rows;

	while (row->to && (response->status < row->from || response->status > row->to ||
			   !str_starts(words, str_of(row->code))))
		row++;
	for (size_t i = 0; i < sizeof(early) / sizeof(*early); i++)
		if (row->verdict == FORWARD_REFUSED && response->status != 552 &&
		    str_eq(step, str_of(early[i].step)))
			return &early[i].row;
	return row;
}

/* "4.7.1 Greylisted" of "450 4.7.1 Greylisted": the last line says it, as the first. */
static struct str words_of(const struct response *response)
{
	struct str rest = response->body, line;

	if (!str_split(&rest, '\n', &line))
		return STR("");
	return str_slice(str_trim(str_slice(line, 4, line.n)), 0, REASON_MOST);
}

static int judge(const struct forward_ctx *ctx, const struct forward *f,
		 const struct response *response, struct forward_receipt *out,
		 struct err *err)
{
	struct str words = words_of(response), id, reason;
	const struct row *row = row_of(response, words);

	if (message_id(ctx, f, &id, err))
		return -1;
	reason = arena_printf(ctx->arena, "SMTP %d: the server %s: %.*s",
			      response->status, row->words, STR_ARG(words));
	*out = (struct forward_receipt){
		.verdict = row->verdict,
		.external_id = row->verdict == FORWARD_DONE ? id : STR(""),
		.reason = reason.p ? reason : STR("SMTP"),
		.way_wide = row->wide,
		.wait_ms = row->wait_ms,
	};
	return 0;
}

const struct forwarder forward_email = {
	.info = { .name = "email",
		  .about = "A mail to each address, in a thread of its own for each "
			   "ticket; "
			   "it is answered by replying.",
		  .keys = email_keys,
		  .settings_size = sizeof(struct email) },
	.has_addresses = true,
	.compose = compose,
	.judge = judge,
};
