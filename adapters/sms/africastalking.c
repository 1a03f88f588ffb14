/* SPDX-License-Identifier: MIT */
/*
 * Africa's Talking. Polling by lastReceivedId (ascending, not destructive), sending by
 * form with a status code per recipient inside a 201, inbound texts and delivery reports
 * as form posts. Ids of polled and of pushed texts are different namespaces: "poll:55121"
 * and "push:…". The same wire format is spoken by several other providers. Pure: see
 * adapter.h.
 */
#include "adapter.h"

#include <stddef.h>
#include <stdlib.h>

enum { FORM_FIELDS = 32, TEXT_MOST = 16384 };

struct at_settings {
	struct str api_base, username, api_key, sender, short_code, keyword;
	int64_t bulk_mode;
	bool enqueue;
};

#define AT(member) .offset = offsetof(struct at_settings, member)

static const struct key at_keys[] = {
	{ "api_base", KEY_URL, AT(api_base), .def = "https://api.africastalking.com",
	  .help = "Where its API is; the sandbox or a simulator may stand here." },
	{ "username", KEY_STR, AT(username), .min = 1, .max = 100,
	  .help = "The account's name." },
	{ "api_key", KEY_SECRET, AT(api_key), .help = "The account's API key." },
	{ "sender", KEY_STR, AT(sender), .def = "", .min = 0, .max = 24,
	  .help = "Sender id of replies; default: the provider's number." },
	{ "short_code", KEY_STR, AT(short_code), .def = "", .min = 0, .max = 24,
	  .help = "Fetch only texts to this short code." },
	{ "keyword", KEY_STR, AT(keyword), .def = "", .min = 0, .max = 40,
	  .help = "Fetch only texts with this keyword." },
	{ "bulk_mode", KEY_INT, AT(bulk_mode), .def = "1", .min = 0, .max = 1,
	  .help = "1: we pay for replies; 0: the receiver does." },
	{ "enqueue", KEY_BOOL, AT(enqueue), .def = "false",
	  .help = "Let the provider queue many replies." },
	{ 0 },
};

static const struct at_settings *settings_of(const struct sms_ctx *ctx)
{
	return ctx->settings;
}

/* ---- what both directions share ---- */

static int add_headers(const struct sms_ctx *ctx, struct exchange *out, bool form,
		       struct err *err)
{
	struct str_pair *h = ARENA_NEW(ctx->arena, struct str_pair, 3);

	if (!h)
		return err_set(err, ERR_LIMIT, "no room for a request");
	h[0] = (struct str_pair){ STR("apiKey"), settings_of(ctx)->api_key };
	h[1] = (struct str_pair){ STR("Accept"), STR("application/json") };
	h[2] = (struct str_pair){ STR("Content-Type"),
				  STR("application/x-www-form-urlencoded") };
	out->headers = (struct str_pairs){ h, form ? 3 : 2 };
	return 0;
}

/* What a status that is no success means for whoever asked. 0: it is one. */
static int status_error(int status, struct err *err)
{
	if (status == 200 || status == 201)
		return 0;
	if (status == 401 || status == 403)
		return err_set(err, ERR_CONFIG, "answer %d: username or api_key refused",
			       status);
	if (status == 429 || status == 408 || status >= 500)
		return err_set(err, ERR_LATER, "answer %d", status);
	return err_set(err, ERR_NEVER, "answer %d makes no sense here", status);
}

/* ---- polling ---- */

static int fetch(const struct sms_ctx *ctx, struct exchange *out, struct err *err)
{
	const struct at_settings *s = settings_of(ctx);
	struct str_pair fields[4] = {
		{ STR("username"), s->username },
		{ STR("lastReceivedId"), ctx->state.n ? ctx->state : STR("0") },
	};
	size_t n = 2;
	struct str query;

	if (s->short_code.n)
		fields[n++] = (struct str_pair){ STR("shortCode"), s->short_code };
	if (s->keyword.n)
		fields[n++] = (struct str_pair){ STR("keyword"), s->keyword };
	query = form_encode((struct str_pairs){ fields, n }, ctx->arena);
	out->method = HTTP_GET;
	out->url = arena_printf(ctx->arena, "%.*s/version1/messaging?%.*s",
				STR_ARG(s->api_base), STR_ARG(query));
	if (!query.p || !out->url.p)
		return err_set(err, ERR_LIMIT, "no room for a request");
	return add_headers(ctx, out, false, err);
}

static struct str raw_of(const struct sms_ctx *ctx, const struct json *node)
{
	struct buf b = BUF_INIT(TEXT_MOST);
	struct str s;

	json_dump(node, &b);
	s = b.failed ? STR("(too large)") : arena_str(ctx->arena, buf_str(&b));
	buf_free(&b);
	return s.p ? s : STR("");
}

/* One element of Messages. *id: its number, 0 when it has none. */
static void message_read(const struct sms_ctx *ctx, const struct json *node,
			 struct sms_in *m, int64_t *id)
{
	struct str from = json_text(json_get(node, "from"), ctx->arena);
	struct str text = json_str(json_get(node, "text"));
	struct str date = json_str(json_get(node, "date"));

	*m = (struct sms_in){ .sender = from,
			      .recipient = json_text(json_get(node, "to"), ctx->arena) };
	*id = 0;
	if (!json_int(json_get(node, "id"), id) || *id <= 0)
		m->bad = STR("no id");
	else
		m->external_id = arena_printf(ctx->arena, "poll:%lld", (long long)*id);
	if (from.n == 0)
		m->bad = STR("no sender");
	if (!text.p)
		m->bad = STR("no text");
	if (!m->recipient.p)
		m->recipient = STR("");
	if (date.n)
		time_read_iso(date, 0, &m->sent_ms);
	m->text = m->bad.n ? raw_of(ctx, node) : arena_str(ctx->arena, text);
	if (!m->sender.p)
		m->sender = STR("");
}

struct numbered {
	int64_t id;
	struct sms_in message;
};

static int by_id(const void *a, const void *b)
{
	int64_t x = ((const struct numbered *)a)->id,
		y = ((const struct numbered *)b)->id;

	return x < y ? -1 : x > y;
}

static int messages_read(const struct sms_ctx *ctx, const struct json *list,
			 struct sms_page *out, struct err *err)
{
	size_t n = json_count(list);
	struct numbered *all = ARENA_NEW(ctx->arena, struct numbered, n + 1);
	struct sms_in *items = ARENA_NEW(ctx->arena, struct sms_in, n + 1);
	int64_t highest = 0;

	str_to_int(ctx->state, &highest);
	if (!all || !items)
		return err_set(err, ERR_LIMIT, "a page of %zu messages is too large", n);
	for (size_t i = 0; i < n; i++) {
		message_read(ctx, json_item(list, i), &all[i].message, &all[i].id);
		if (!all[i].message.text.p)
			return err_set(err, ERR_LIMIT,
				       "a page of %zu messages is too large", n);
		highest = all[i].id > highest ? all[i].id : highest;
	}
	/* A page may come in any order; the oldest is heard first. */
	qsort(all, n, sizeof(*all), by_id);
	for (size_t i = 0; i < n; i++)
		items[i] = all[i].message;
	*out = (struct sms_page){ .items = items, .n = n, .more = n > 0 };
	if (highest > 0)
		out->state = arena_printf(ctx->arena, "%lld", (long long)highest);
	return 0;
}

static int fetched(const struct sms_ctx *ctx, const struct response *r,
		   struct sms_page *out, struct err *err)
{
	const struct json *list;
	struct json *root;
	int result;

	if (r->status == 304) {
		*out = (struct sms_page){ .n = 0 };
		return 0;
	}
	if (status_error(r->status, err))
		return -1;
	root = json_parse(r->body, err);
	if (!root) {
		err->kind = ERR_NEVER;
		return -1;
	}
	list = json_get(json_get(root, "SMSMessageData"), "Messages");
	result = json_is_array(list)
			 ? messages_read(ctx, list, out, err)
			 : err_set(err, ERR_NEVER,
				   "the answer has no SMSMessageData.Messages");
	json_free(root);
	return result;
}

/* ---- callbacks ---- */

static struct str field(struct str_pairs form, const char *name)
{
	struct str s = pairs_get(form, str_of(name));

	return s.p ? s : STR("");
}

static int push_in(const struct sms_ctx *ctx, struct str_pairs form, struct sms_page *out,
		   struct err *err)
{
	struct sms_in *m = ARENA_NEW(ctx->arena, struct sms_in, 1);
	struct str id = field(form, "id"), date = field(form, "date");

	if (!m)
		return err_set(err, ERR_LIMIT, "no room");
	if (field(form, "from").n == 0 || !pairs_get(form, STR("text")).p)
		return err_set(err, ERR_NEVER, "an inbound text needs from and text");
	*m = (struct sms_in){
		.sender = field(form, "from"),
		.recipient = field(form, "to"),
		.text = field(form, "text"),
	};
	if (id.n)
		m->external_id = arena_printf(ctx->arena, "push:%.*s", STR_ARG(id));
	/* "2017-05-03T06:04:45Z" and "2017-05-03 06:04:45" both mean UTC. */
	time_read_iso(date, 0, &m->sent_ms);
	*out = (struct sms_page){ .items = m, .n = 1 };
	return 0;
}

static enum sms_delivery delivery_of(struct str status)
{
	static const struct {
		struct str status;
		enum sms_delivery delivery;
	} table[] = {
		{ STR_INIT("Success"), SMS_DELIVERY_DONE },
		{ STR_INIT("Failed"), SMS_DELIVERY_FAILED },
		{ STR_INIT("Rejected"), SMS_DELIVERY_FAILED },
		{ STR_INIT("Expired"), SMS_DELIVERY_FAILED },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (str_eq_nocase(status, table[i].status))
			return table[i].delivery;
	return SMS_DELIVERY_PENDING; /* Sent, Submitted, Buffered, and whatever is new */
}

static int push_report(const struct sms_ctx *ctx, struct str_pairs form,
		       struct sms_page *out, struct err *err)
{
	struct sms_report *r = ARENA_NEW(ctx->arena, struct sms_report, 1);

	if (!r)
		return err_set(err, ERR_LIMIT, "no room");
	if (field(form, "id").n == 0 || field(form, "status").n == 0)
		return err_set(err, ERR_NEVER, "a delivery report needs id and status");
	*r = (struct sms_report){
		.external_id = field(form, "id"),
		.delivery = delivery_of(field(form, "status")),
		.reason = field(form, "failureReason"),
	};
	*out = (struct sms_page){ .reports = r, .n_reports = 1 };
	return 0;
}

static int pushed(const struct sms_ctx *ctx, struct str what,
		  const struct request *request, struct sms_page *out,
		  struct answer *answer, struct err *err)
{
	struct str_pairs form;

	if (form_parse(request->body, FORM_FIELDS, ctx->arena, &form, err))
		return -1;
	answer->status = 200;
	if (str_eq(what, STR("in")))
		return push_in(ctx, form, out, err);
	if (str_eq(what, STR("report")))
		return push_report(ctx, form, out, err);
	return err_set(err, ERR_NEVER, "callbacks are in and report");
}

/* ---- sending ---- */

static int send_sms(const struct sms_ctx *ctx, const struct sms_out *m,
		    struct exchange *out, struct err *err)
{
	const struct at_settings *s = settings_of(ctx);
	struct str from = s->sender.n ? s->sender : ctx->number;
	struct str_pair fields[6] = {
		{ STR("username"), s->username },
		{ STR("to"), m->to },
		{ STR("message"), m->text },
		{ STR("bulkSMSMode"), s->bulk_mode ? STR("1") : STR("0") },
	};
	size_t n = 4;

	if (from.n)
		fields[n++] = (struct str_pair){ STR("from"), from };
	if (s->enqueue)
		fields[n++] = (struct str_pair){ STR("enqueue"), STR("1") };
	out->method = HTTP_POST;
	out->url =
		arena_printf(ctx->arena, "%.*s/version1/messaging", STR_ARG(s->api_base));
	out->body = form_encode((struct str_pairs){ fields, n }, ctx->arena);
	if (!out->url.p || !out->body.p)
		return err_set(err, ERR_LIMIT, "no room for a reply");
	return add_headers(ctx, out, true, err);
}

/* Status codes of a recipient; what is not listed was not taken and is refused. */
static const struct {
	int64_t code;
	enum sms_verdict verdict;
	bool provider_wide;
} recipient_codes[] = {
	{ 100, SMS_ACCEPTED, false }, /* Processed */
	{ 101, SMS_ACCEPTED, false }, /* Sent */
	{ 102, SMS_ACCEPTED, false }, /* Queued */
	{ 401, SMS_LATER, false },    /* RiskHold */
	{ 402, SMS_LATER, true }, /* InvalidSenderId: all would fail until it is mended */
	{ 403, SMS_REFUSED, false }, /* InvalidPhoneNumber */
	{ 404, SMS_REFUSED, false }, /* UnsupportedNumberType */
	{ 405, SMS_LATER, true },    /* InsufficientBalance */
	{ 406, SMS_REFUSED, false }, /* UserInBlacklist */
	{ 407, SMS_LATER, false },   /* CouldNotRoute */
	{ 409, SMS_REFUSED, false }, /* DoNotDisturbRejection */
	{ 500, SMS_LATER, false },   /* InternalServerError */
	{ 501, SMS_LATER, false },   /* GatewayError */
	{ 502, SMS_LATER, false },   /* RejectedByGateway */
};

static void judge_recipient(const struct sms_ctx *ctx, const struct json *node,
			    struct sms_receipt *out)
{
	struct str status = json_str(json_get(node, "status"));
	struct str id = json_text(json_get(node, "messageId"), ctx->arena);
	int64_t code = 0;
	bool known = false;

	*out = (struct sms_receipt){ .verdict = SMS_REFUSED };
	json_int(json_get(node, "statusCode"), &code);
	for (size_t i = 0; i < sizeof(recipient_codes) / sizeof(*recipient_codes); i++)
		if (recipient_codes[i].code == code) {
			out->verdict = recipient_codes[i].verdict;
			out->provider_wide = recipient_codes[i].provider_wide;
			known = true;
		}
	if (!known && str_eq(status, STR("Success")))
		out->verdict = SMS_ACCEPTED;
	if (out->verdict == SMS_ACCEPTED) {
		if (id.n && !str_eq(id, STR("None")))
			out->external_id = id;
		return;
	}
	out->reason =
		arena_printf(ctx->arena, "%lld %.*s", (long long)code, STR_ARG(status));
}

static int judge_body(const struct sms_ctx *ctx, struct str body, struct sms_receipt *out)
{
	struct err ignored;
	struct json *root = json_parse(body, &ignored);
	const struct json *data = json_get(root, "SMSMessageData");
	const struct json *list = json_get(data, "Recipients");
	struct str message = json_str(json_get(data, "Message"));

	if (json_count(list) > 0) {
		judge_recipient(ctx, json_item(list, 0), out);
	} else if (json_is_array(list)) {
		/* No recipient, a word instead: "InvalidSenderId", "InsufficientBalance".
		 */
		*out = (struct sms_receipt){ .verdict = SMS_LATER,
					     .provider_wide = true };
		out->reason =
			arena_str(ctx->arena, message.n ? message : STR("no recipient"));
	} else {
		*out = (struct sms_receipt){ .verdict = SMS_UNKNOWN,
					     .reason =
						     STR("an answer that says nothing") };
	}
	json_free(root);
	return 0;
}

static int sent(const struct sms_ctx *ctx, const struct response *r,
		struct sms_receipt *out, struct err *err)
{
	(void)err;
	if (r->status == 200 || r->status == 201)
		return judge_body(ctx, r->body, out);
	*out = (struct sms_receipt){ .verdict = SMS_LATER, .provider_wide = true };
	out->reason = arena_printf(ctx->arena, "answer %d", r->status);
	if (r->status == 401 || r->status == 403) {
		out->reason = STR("username or api_key refused");
	} else if (r->status == 502 || r->status == 504) {
		/* Said by something in front of it: the text may have been taken. */
		out->verdict = SMS_UNKNOWN;
		out->provider_wide = false;
	} else if (r->status == 400) {
		out->verdict = SMS_REFUSED;
		out->provider_wide = false;
	}
	return 0;
}

const struct sms_adapter sms_africastalking = {
	.info = {
		.name = "africastalking",
		.about = "Africa's Talking, polled or called back.",
		.keys = at_keys,
		.settings_size = sizeof(struct at_settings),
	},
	.caps = SMS_FETCH | SMS_PUSH | SMS_SEND | SMS_REPORT,
	.fetch = fetch,
	.fetched = fetched,
	.pushed = pushed,
	.send = send_sms,
	.sent = sent,
};
