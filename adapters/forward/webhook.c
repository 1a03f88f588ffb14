/* SPDX-License-Identifier: MIT */
/*
 * A webhook: each thing that a department is to be told is POSTed as JSON to an address
 * of its own software, signed as the Standard Webhooks specification (1.0) says. What the
 * JSON holds is told in kentongan-webhook(7); VERSION there and here grows when something
 * is taken away or changes its meaning.
 *
 * Sending again with the same webhook-id is harmless by that specification, so whatever
 * is no 2xx is sent again until the frame's time for it is over; 410 closes the way.
 */
#include "forward/common.h"

#include <stddef.h>

#include "base/json_text.h"

enum {
	VERSION = 1,
	SECRET_LEAST = 24, /* bytes, as the specification wants */
	SECRET_MOST = 512,
	BODY_WANTED = 20000, /* the specification's advice; old history goes first */
	BODY_MOST = 256 << 10,
};

struct webhook {
	struct str url, secret, old_secret;
	struct str_pairs headers;
};

#define AT(field) offsetof(struct webhook, field)
static const struct key webhook_keys[] = {
	{ "url", KEY_URL, .offset = AT(url), .min = 1, .max = 2000,
	  .help = "Where it is POSTed to; https, or http on this machine." },
	{ "secret", KEY_SECRET, .offset = AT(secret), .min = 1, .max = 1000,
	  .help = "Signs each one: \"whsec_\" and base64, or plain; at least 24 "
		  "bytes." },
	{ "old_secret", KEY_SECRET, .offset = AT(old_secret), .def = "", .min = 0,
	  .max = 1000,
	  .help = "Signs too while the department changes to a new secret." },
	{ "headers", KEY_MAP, .offset = AT(headers), .def = "",
	  .help = "More headers that its server wants." },
	{ 0 },
};

/* ---- settings ---- */

/* The bytes to sign with. */
static bool secret_bytes(struct str secret, struct arena *arena, struct str *out)
{
	const struct str prefix = STR("whsec_");

	if (str_starts(secret, prefix)) {
		if (!crypto_base64_read(str_slice(secret, prefix.n, secret.n), arena,
					out))
			return false;
	} else {
		*out = secret;
	}
	return out->n >= SECRET_LEAST && out->n <= SECRET_MOST;
}

static int check(void *settings, struct arena *arena, struct err *err)
{
	static const char *const ours[] = { "webhook-id",	 "webhook-timestamp",
					    "webhook-signature", "content-type",
					    "content-length",	 "host",
					    "transfer-encoding", NULL };
	struct webhook *w = settings;
	struct str bytes;

	if (!forward_url_good(w->url))
		return err_set(err, ERR_CONFIG,
			       "url: https://…, or http:// to this machine only");
	if (!secret_bytes(w->secret, arena, &bytes))
		return err_set(err, ERR_CONFIG,
			       "secret: whsec_ and base64, or plain, of %d to %d bytes",
			       SECRET_LEAST, SECRET_MOST);
	if (w->old_secret.n && !secret_bytes(w->old_secret, arena, &bytes))
		return err_set(err, ERR_CONFIG,
			       "old_secret: whsec_ and base64, or plain, of %d to %d "
			       "bytes",
			       SECRET_LEAST, SECRET_MOST);
	if (!forward_headers_good(w->headers, ours))
		return err_set(err, ERR_CONFIG,
			       "headers: one line each; those of the signature, the type "
			       "and the length are ours");
	return 0;
}

/* ---- the body ---- */

static const char *type_name(enum forward_what what)
{
	static const char *const names[] = {
		[FORWARD_NEW] = "ticket.new",
		[FORWARD_NEWS] = "ticket.news",
		[FORWARD_GONE] = "ticket.gone",
		[FORWARD_TEST] = "test",
	};

	return names[what];
}

static void put_time(struct json_text *to, const char *name, int64_t wall_ms,
		     const struct forward_ctx *ctx)
{
	char text[TIME_ISO_BYTES];

	if (wall_ms)
		json_text_str(to, name, time_write_iso(wall_ms, ctx->zone_s, text));
}

static void put_text(struct json_text *to, const char *name, struct str s)
{
	if (s.n)
		json_text_str(to, name, s);
}

static void put_place(struct json_text *to, const struct forward *f)
{
	json_text_open(to, "place", '{');
	put_text(to, "district", f->kecamatan);
	if (!f->hidden) {
		put_text(to, "village", f->desa);
		put_text(to, "text", f->place);
	}
	json_text_bool(to, "asked", f->place_asked);
	json_text_close(to, '}');
}

static void put_history(struct json_text *to, const struct forward_ctx *ctx,
			const struct forward *f, size_t from)
{
	json_text_open(to, "history", '[');
	for (size_t i = from; i < f->n_history; i++) {
		const struct forward_event *h = &f->history[i];

		json_text_open(to, NULL, '{');
		put_time(to, "at", h->at_ms, ctx);
		json_text_str(to, "event", h->kind);
		put_text(to, "actor", h->actor);
		if (!f->hidden)
			put_text(to, "words", h->words);
		json_text_close(to, '}');
	}
	json_text_close(to, ']');
}

/* What a department needs on one screen; not of a ticket that is no longer its own. */
static void put_ticket(struct json_text *to, const struct forward_ctx *ctx,
		       const struct forward *f, size_t from)
{
	json_text_str(to, "state", f->state);
	json_text_str(to, "kind", f->kind);
	json_text_bool(to, "urgent", f->urgent);
	json_text_bool(to, "hidden", f->hidden);
	if (!f->hidden) {
		put_text(to, "text", f->text);
		put_text(to, "summary", f->summary);
	}
	put_place(to, f);
	put_text(to, "channel", f->channel);
	put_time(to, "opened_at", f->opened_ms, ctx);
	put_time(to, "answer_due", f->answer_due_ms, ctx);
	put_time(to, "settle_due", f->settle_due_ms, ctx);
	json_text_int(to, "reporters", f->reporters);
	json_text_int(to, "transfers", f->transfers);
	json_text_int(to, "reopens", f->reopens);
	put_history(to, ctx, f, from);
	json_text_int(to, "history_left_out", (int64_t)from);
}

static void put_data(struct json_text *to, const struct forward_ctx *ctx,
		     const struct forward *f, size_t from)
{
	json_text_open(to, "data", '{');
	if (f->no && f->what != FORWARD_TEST)
		json_text_str(to, "number",
			      arena_printf(ctx->arena, "%lld", (long long)f->no));
	json_text_open(to, "department", '{');
	json_text_str(to, "code", f->department);
	put_text(to, "name", f->department_name);
	json_text_close(to, '}');
	put_text(to, "event", f->event);
	if (!f->hidden && f->what != FORWARD_GONE)
		put_text(to, "words", f->words);
	if (f->what == FORWARD_NEW || f->what == FORWARD_NEWS)
		put_ticket(to, ctx, f, from);
	json_text_close(to, '}');
}

/* The same at every attempt while the ticket is the same: so no clock but the event's. */
static int64_t happened_ms(const struct forward_ctx *ctx, const struct forward *f)
{
	if (f->at_ms)
		return f->at_ms;
	if (f->n_history)
		return f->history[f->n_history - 1].at_ms;
	return f->opened_ms ? f->opened_ms : ctx->wall_ms;
}

static void write_body(const struct forward_ctx *ctx, const struct forward *f,
		       size_t from, struct buf *out)
{
	struct json_text to = { out, false };

	buf_clear(out);
	json_text_open(&to, NULL, '{');
	json_text_z(&to, "type", type_name(f->what));
	json_text_int(&to, "version", VERSION);
	put_time(&to, "timestamp", happened_ms(ctx, f), ctx);
	put_text(&to, "gateway", ctx->gateway);
	put_data(&to, ctx, f, from);
	json_text_close(&to, '}');
}

/* The oldest history is left out when the whole would be too large. */
static struct str body(const struct forward_ctx *ctx, const struct forward *f)
{
	struct buf out = BUF_INIT(BODY_MOST);
	struct str made = { NULL, 0 };
	size_t from = 0;

	write_body(ctx, f, from, &out);
	while ((out.failed || out.n > BODY_WANTED) && from < f->n_history) {
		from += (f->n_history - from + 1) / 2;
		write_body(ctx, f, from, &out);
	}
	if (!out.failed)
		made = arena_str(ctx->arena, buf_str(&out));
	buf_free(&out);
	return made;
}

/* ---- signing ---- */

/* "v1,BASE64" of "ID.SECONDS.BODY"; n 0: no room. */
static struct str sign(struct arena *arena, struct str secret, struct str id,
		       struct str seconds, struct str text)
{
	const struct str parts[] = { id, STR("."), seconds, STR("."), text };
	unsigned char mac[CRYPTO_MAC_BYTES];
	struct str key, code;

	if (!secret_bytes(secret, arena, &key))
		return str_from(NULL, 0);
	crypto_hmac(key, parts, sizeof(parts) / sizeof(*parts), mac);
	code = crypto_base64(str_from((const char *)mac, sizeof(mac)), arena);
	return code.p ? arena_printf(arena, "v1,%.*s", STR_ARG(code)) : code;
}

static struct str signatures(const struct forward_ctx *ctx, struct str id,
			     struct str seconds, struct str text)
{
	const struct webhook *w = ctx->settings;
	struct str first = sign(ctx->arena, w->secret, id, seconds, text), second;

	if (!first.p || w->old_secret.n == 0)
		return first;
	second = sign(ctx->arena, w->old_secret, id, seconds, text);
	return second.p ? arena_printf(ctx->arena, "%.*s %.*s", STR_ARG(first),
				       STR_ARG(second))
			: second;
}

static int compose(const struct forward_ctx *ctx, const struct forward *f,
		   struct exchange *out, struct err *err)
{
	const struct webhook *w = ctx->settings;
	struct str seconds =
		arena_printf(ctx->arena, "%lld", (long long)(ctx->wall_ms / 1000));
	struct str text = body(ctx, f), signature = { NULL, 0 };
	struct str_pair *headers =
		ARENA_NEW(ctx->arena, struct str_pair, w->headers.n + 4);
	size_t n = 0;

	if (f->what == FORWARD_DIGEST)
		return err_set(err, ERR_NEVER, "a webhook tells no digests");
	if (seconds.p && text.p)
		signature = signatures(ctx, f->id, seconds, text);
	if (!signature.p || !headers)
		return err_set(err, ERR_LIMIT, "no room for a webhook");
	headers[n++] = (struct str_pair){ STR("Content-Type"), STR("application/json") };
	headers[n++] = (struct str_pair){ STR("webhook-id"), f->id };
	headers[n++] = (struct str_pair){ STR("webhook-timestamp"), seconds };
	headers[n++] = (struct str_pair){ STR("webhook-signature"), signature };
	for (size_t i = 0; i < w->headers.n; i++)
		headers[n++] = w->headers.items[i];
	*out = (struct exchange){
		.method = HTTP_POST,
		.url = w->url,
		.headers = { headers, n },
		.body = text,
		.ceiling_bytes = 4 << 10,
		.status_only = true,
	};
	return 0;
}

/* Only a 2xx is a yes; 410 is for good; whatever else may become a yes. */
static int judge(const struct forward_ctx *ctx, const struct forward *f,
		 const struct response *response, struct forward_receipt *out,
		 struct err *err)
{
	(void)f;
	(void)err;
	if (response->status >= 200 && response->status <= 299) {
		*out = (struct forward_receipt){ .verdict = FORWARD_DONE };
		return 0;
	}
	forward_status(response, STR(""), true, ctx, out);
	if (out->verdict == FORWARD_REFUSED)
		out->verdict = FORWARD_LATER;
	return 0;
}

const struct forwarder forward_webhook = {
	.info = {
		.name = "webhook",
		.about = "JSON to a department's own software, signed (Standard Webhooks).",
		.keys = webhook_keys,
		.settings_size = sizeof(struct webhook),
		.check = check,
	},
	.idempotent = true,
	.compose = compose,
	.judge = judge,
};
