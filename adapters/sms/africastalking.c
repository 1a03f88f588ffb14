/* SPDX-License-Identifier: MIT */
/*
 * Africa's Talking: poll by lastReceivedId, callbacks for inbound texts and delivery
 * reports, bulk send. The same formats are spoken by the bundled simulator.
 *
 * Polling: ids ascend and reading deletes nothing, so the state is the highest id seen,
 * as a number. The page size is unknown: we ask until a page no longer moves the state.
 * The ids of the callback are of another kind than those of the poll, hence the prefixes.
 * Sending: HTTP 201 says only that the request was read; the verdict stands in the body,
 * a code per recipient. There is no idempotency key. Pure.
 */
#include "sms/common.h"

#include <stdlib.h>

struct settings {
	struct str api_base, username, api_key, sender, short_code, keyword;
	int64_t bulk_mode;
	int64_t enqueue;
};

#define FIELD(field) offsetof(struct settings, field)

static const struct key keys[] = {
	{ .name = "api_base",
	  .type = KEY_URL,
	  .offset = FIELD(api_base),
	  .def = "https://api.africastalking.com",
	  .help = "Address of the service; the sandbox is "
		  "https://api.sandbox.africastalking.com." },
	{ .name = "username",
	  .type = KEY_STR,
	  .offset = FIELD(username),
	  .min = 1,
	  .max = 100,
	  .help = "Name of the application; in the sandbox always \"sandbox\"." },
	{ .name = "api_key",
	  .type = KEY_SECRET,
	  .offset = FIELD(api_key),
	  .help = "API key of the application." },
	{ .name = "sender",
	  .type = KEY_STR,
	  .offset = FIELD(sender),
	  .def = "",
	  .max = 20,
	  .help = "Short code or sender id that replies come from; the provider's "
		  "number when left out." },
	{ .name = "short_code",
	  .type = KEY_STR,
	  .offset = FIELD(short_code),
	  .def = "",
	  .max = 20,
	  .help = "Poll only what came to this short code." },
	{ .name = "keyword",
	  .type = KEY_STR,
	  .offset = FIELD(keyword),
	  .def = "",
	  .max = 40,
	  .help = "Poll only what came in under this keyword of a shared short code." },
	{ .name = "bulk_mode",
	  .type = KEY_INT,
	  .offset = FIELD(bulk_mode),
	  .def = "1",
	  .min = 0,
	  .max = 1,
	  .help = "1: we pay for replies; 0: the citizen does." },
	{ .name = "enqueue",
	  .type = KEY_INT,
	  .offset = FIELD(enqueue),
	  .def = "0",
	  .min = 0,
	  .max = 1,
	  .help = "1: the provider may queue replies and send them a little later." },
	{ .name = NULL },
};

static const struct settings *settings_of(const struct sms_ctx *ctx)
{
	return ctx->settings;
}

static int no_room(struct err *err)
{
	return err_set(err, ERR_LIMIT, "no room in the arena");
}

static int set_headers(const struct sms_ctx *ctx, bool form, struct exchange *out,
		       struct err *err)
{
	struct str_pair *h = ARENA_NEW(ctx->arena, struct str_pair, 3);

	if (!h)
		return no_room(err);
	h[0] = (struct str_pair){ STR("apiKey"), settings_of(ctx)->api_key };
	h[1] = (struct str_pair){ STR("Accept"), STR("application/json") };
	h[2] = (struct str_pair){ STR("Content-Type"),
				  STR("application/x-www-form-urlencoded") };
	out->headers = (struct str_pairs){ h, form ? 3 : 2 };
	return 0;
}

/* ---- poll ---- */

static int fetch(const struct sms_ctx *ctx, struct exchange *out, struct err *err)
{
	const struct settings *s = settings_of(ctx);
	struct exchange e = { .method = HTTP_GET, .reads_json = true };
	struct str_pair query[4] = {
		{ STR("username"), s->username },
		{ STR("lastReceivedId"), ctx->state.n ? ctx->state : STR("0") },
	};
	struct str_pairs pairs = { query, 2 };
	struct str q;

	if (s->short_code.n)
		query[pairs.n++] = (struct str_pair){ STR("shortCode"), s->short_code };
	if (s->keyword.n)
		query[pairs.n++] = (struct str_pair){ STR("keyword"), s->keyword };
	q = form_encode(pairs, ctx->arena);
	e.url = arena_printf(ctx->arena, "%.*s/version1/messaging?%.*s",
			     STR_ARG(s->api_base), STR_ARG(q));
	if (!q.p || !e.url.p)
		return no_room(err);
	if (set_headers(ctx, false, &e, err))
		return -1;
	*out = e;
	return 0;
}

/* An element and what orders it. */
struct entry {
	int64_t id; /* 0: none that is a number */
	size_t at;  /* as the provider had it */
	struct sms_in in;
};

static int entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* The element as it came, for a human. */
static int take_bad(const struct json *element, const char *why, struct arena *arena,
		    struct sms_in *in, struct err *err)
{
	struct buf raw = BUF_INIT(1 << 20);

	json_dump(element, &raw);
	in->text = arena_str(arena, buf_str(&raw));
	in->bad = str_of(why);
	buf_free(&raw);
	return in->text.p ? 0 : no_room(err);
}

static int take_id(const struct json *element, struct arena *arena, struct entry *entry,
		   struct err *err)
{
	struct str text = json_text(json_get(element, "id"), arena);
	struct str *id = &entry->in.external_id;

	if (text.n == 0)
		return 0;
	/* "007", 7 and 7.0 are one message. */
	if (str_to_int(text, &entry->id) && entry->id > 0)
		*id = arena_int(arena, STR("poll:"), entry->id);
	else
		*id = sms_id_join(arena, STR("poll:"), text);
	if (entry->id < 0)
		entry->id = 0;
	return id->p ? 0 : no_room(err);
}

static int take_element(const struct json *element, struct arena *arena,
			struct entry *entry, struct err *err)
{
	struct sms_in *in = &entry->in;
	struct str date = json_str(json_get(element, "date"));

	if (take_id(element, arena, entry, err))
		return -1;
	in->sender = json_text(json_get(element, "from"), arena);
	in->recipient = json_text(json_get(element, "to"), arena);
	in->text = json_text(json_get(element, "text"), arena);
	if (!time_read_iso(date, 0, &in->sent_ms))
		in->sent_ms = 0;
	if (!json_is_object(element))
		return take_bad(element, "no JSON object", arena, in, err);
	if (in->sender.n == 0)
		return take_bad(element, "no 'from'", arena, in, err);
	if (!in->text.p)
		return take_bad(element, "no 'text'", arena, in, err);
	return 0;
}

static int page_of(const struct sms_ctx *ctx, const struct entry *entries, size_t n,
		   struct sms_page *out, struct err *err)
{
	struct sms_page page = { .n = n };
	int64_t before = 0, highest = n ? entries[n - 1].id : 0;

	page.items = ARENA_NEW(ctx->arena, struct sms_in, n);
	if (!page.items)
		return no_room(err);
	for (size_t i = 0; i < n; i++)
		page.items[i] = entries[i].in;
	str_to_int(ctx->state, &before);
	if (highest > before) {
		page.state = arena_int(ctx->arena, STR(""), highest);
		if (!page.state.p)
			return no_room(err);
		page.more = true;
	}
	*out = page;
	return 0;
}

static int digest(const struct sms_ctx *ctx, const struct json *root,
		  struct sms_page *out, struct err *err)
{
	const struct json *list = json_at(root, STR("SMSMessageData.Messages"));
	size_t n = json_count(list);
	struct entry *entries;

	if (!json_is_array(list))
		return err_set(err, ERR_NEVER,
			       "the answer has no list SMSMessageData.Messages");
	entries = ARENA_NEW(ctx->arena, struct entry, n);
	if (!entries)
		return no_room(err);
	for (size_t i = 0; i < n; i++) {
		entries[i].at = i;
		if (take_element(json_item(list, i), ctx->arena, &entries[i], err))
			return -1;
	}
	qsort(entries, n, sizeof(*entries), entry_order);
	return page_of(ctx, entries, n, out, err);
}

static int fetched(const struct sms_ctx *ctx, const struct response *response,
		   struct sms_page *out, struct err *err)
{
	const struct json *root;
	struct json *own;
	int failed;

	if (response->status == 304) {
		*out = (struct sms_page){ 0 };
		return 0;
	}
	if (!sms_status_good(response->status))
		return sms_status_fetched(response->status, STR(""), err);
	root = sms_json(response, &own, err);
	if (!root)
		return -1;
	failed = digest(ctx, root, out, err);
	json_free(own);
	return failed;
}

/* ---- callbacks ---- */

static int pushed_message(const struct sms_ctx *ctx, struct str_pairs form,
			  struct sms_page *page, struct err *err)
{
	struct str id = pairs_get(form, STR("id"));
	struct sms_in *in = ARENA_NEW(ctx->arena, struct sms_in, 1);

	if (!in)
		return no_room(err);
	in->sender = pairs_get(form, STR("from"));
	in->recipient = pairs_get(form, STR("to"));
	in->text = pairs_get(form, STR("text"));
	if (in->sender.n == 0 || !in->text.p)
		return err_set(err, ERR_NEVER, "the message has no '%s'",
			       in->sender.n ? "text" : "from");
	if (!time_read_iso(pairs_get(form, STR("date")), 0, &in->sent_ms))
		in->sent_ms = 0;
	if (id.n) {
		in->external_id = sms_id_join(ctx->arena, STR("push:"), id);
		if (!in->external_id.p)
			return no_room(err);
	}
	*page = (struct sms_page){ .items = in, .n = 1 };
	return 0;
}

static enum sms_delivery delivery_of(struct str status)
{
	static const struct {
		struct str word;
		enum sms_delivery delivery;
	} words[] = {
		{ STR_INIT("Success"), SMS_DELIVERY_DONE },
		{ STR_INIT("Failed"), SMS_DELIVERY_FAILED },
		{ STR_INIT("Rejected"), SMS_DELIVERY_FAILED },
		{ STR_INIT("Expired"), SMS_DELIVERY_FAILED },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(status, words[i].word))
			return words[i].delivery;
	return SMS_DELIVERY_PENDING; /* Sent, Submitted, Buffered, and what may come */
}

static int pushed_report(const struct sms_ctx *ctx, struct str_pairs form,
			 struct sms_page *page, struct err *err)
{
	struct str status = pairs_get(form, STR("status"));
	struct str reason = pairs_get(form, STR("failureReason"));
	struct sms_report *report = ARENA_NEW(ctx->arena, struct sms_report, 1);

	if (!report)
		return no_room(err);
	report->external_id = pairs_get(form, STR("id"));
	if (report->external_id.n == 0 || status.n == 0)
		return err_set(err, ERR_NEVER, "the report has no '%s'",
			       status.n ? "id" : "status");
	report->delivery = delivery_of(status);
	report->reason = reason.n ? reason : status;
	*page = (struct sms_page){ .reports = report, .n_reports = 1 };
	return 0;
}

static int pushed(const struct sms_ctx *ctx, struct str what,
		  const struct request *request, struct sms_page *out,
		  struct answer *answer, struct err *err)
{
	static const struct {
		struct str what;
		int (*take)(const struct sms_ctx *, struct str_pairs, struct sms_page *,
			    struct err *);
	} takers[] = {
		{ STR_INIT("in"), pushed_message },
		{ STR_INIT("report"), pushed_report },
	};
	struct str_pairs form;

	for (size_t i = 0; i < sizeof(takers) / sizeof(*takers); i++) {
		if (!str_eq(what, takers[i].what))
			continue;
		if (form_parse(request->body, 64, ctx->arena, &form, err)) {
			/* Too many fields are the caller's mistake, not our shortage. */
			return err_set(err, ERR_NEVER, "no form that we can read");
		}
		if (takers[i].take(ctx, form, out, err))
			return -1;
		*answer = (struct answer){ .status = 200 };
		return 0;
	}
	return err_set(err, ERR_NEVER, "no callback of the name '%.*s'",
		       STR_ARG(str_slice(what, 0, 40)));
}

/* ---- send ---- */

static int send(const struct sms_ctx *ctx, const struct sms_out *message,
		struct exchange *out, struct err *err)
{
	const struct settings *s = settings_of(ctx);
	struct exchange e = { .method = HTTP_POST, .reads_json = true };
	struct str from = s->sender.n ? s->sender : ctx->number;
	struct str_pair form[6] = {
		{ STR("username"), s->username },
		{ STR("to"), message->to },
		{ STR("message"), message->text },
		{ STR("bulkSMSMode"), s->bulk_mode ? STR("1") : STR("0") },
		{ STR("enqueue"), s->enqueue ? STR("1") : STR("0") },
	};
	struct str_pairs pairs = { form, 5 };

	if (from.n)
		form[pairs.n++] = (struct str_pair){ STR("from"), from };
	e.body = form_encode(pairs, ctx->arena);
	e.url = ARENA_JOIN(ctx->arena, s->api_base, STR("/version1/messaging"));
	if (!e.body.p || !e.url.p)
		return no_room(err);
	if (set_headers(ctx, true, &e, err))
		return -1;
	*out = e;
	return 0;
}

/*
 * Codes per recipient. Those that concern the account or the sender id hold all sends up
 * until the operator has seen to it; the replies wait meanwhile. Those that concern the
 * citizen's number are final.
 */
static const struct judgement {
	int64_t code;
	struct str word;
	enum sms_verdict verdict;
	bool wide;
} judgements[] = {
	{ 100, STR_INIT("Processed"), SMS_ACCEPTED, false },
	{ 101, STR_INIT("Sent"), SMS_ACCEPTED, false },
	{ 102, STR_INIT("Queued"), SMS_ACCEPTED, false },
	{ 401, STR_INIT("RiskHold"), SMS_LATER, true },
	{ 402, STR_INIT("InvalidSenderId"), SMS_LATER, true },
	{ 403, STR_INIT("InvalidPhoneNumber"), SMS_REFUSED, false },
	{ 404, STR_INIT("UnsupportedNumberType"), SMS_REFUSED, false },
	{ 405, STR_INIT("InsufficientBalance"), SMS_LATER, true },
	{ 406, STR_INIT("UserInBlacklist"), SMS_REFUSED, false },
	{ 407, STR_INIT("CouldNotRoute"), SMS_LATER, false },
	{ 409, STR_INIT("DoNotDisturbRejection"), SMS_REFUSED, false },
	{ 500, STR_INIT("InternalServerError"), SMS_LATER, false },
	{ 501, STR_INIT("GatewayError"), SMS_LATER, false },
	{ 502, STR_INIT("RejectedByGateway"), SMS_LATER, false },
	{ -1, STR_INIT("Success"), SMS_ACCEPTED, false },
};

static const struct judgement *judgement_of(const int64_t *code, struct str word)
{
	for (size_t i = 0; i < sizeof(judgements) / sizeof(*judgements); i++) {
		const struct judgement *j = &judgements[i];

		if (code ? *code > 0 && *code == j->code : str_eq_nocase(word, j->word))
			return j;
	}
	return NULL;
}

static struct str reason_of(const struct sms_ctx *ctx, const char *about, struct str word)
{
	struct str reason = arena_printf(ctx->arena, "%s%.*s", about,
					 STR_ARG(str_slice(word, 0, 200)));

	return reason.p ? reason : STR("no room for the reason");
}

static void judge_recipient(const struct sms_ctx *ctx, const struct json *recipient,
			    struct sms_receipt *out)
{
	struct str word = json_text(json_get(recipient, "status"), ctx->arena);
	struct str id = json_text(json_get(recipient, "messageId"), ctx->arena);
	const struct json *code_node = json_get(recipient, "statusCode");
	int64_t code;
	const struct judgement *j =
		json_int(code_node, &code) ? judgement_of(&code, word) : NULL;

	if (!j)
		j = judgement_of(NULL, word);
	if (!j) {
		out->verdict = SMS_UNKNOWN;
		out->reason = reason_of(ctx, "a status that is not known: ", word);
		return;
	}
	out->verdict = j->verdict;
	out->provider_wide = j->wide;
	if (j->verdict != SMS_ACCEPTED)
		out->reason = word.n ? word : j->word;
	else if (!str_eq(id, STR("None")))
		out->external_id = id;
}

/* Nobody was tried: the sentence beside the empty list says why. */
static void judge_nobody(const struct sms_ctx *ctx, struct str message,
			 struct sms_receipt *out)
{
	const struct judgement *j = judgement_of(NULL, str_trim(message));

	out->verdict = SMS_LATER;
	if (j && j->verdict != SMS_ACCEPTED) {
		out->verdict = j->verdict;
		out->provider_wide = j->wide;
	}
	out->reason = reason_of(ctx, "no recipient was taken: ", message);
}

static void judge(const struct sms_ctx *ctx, const struct json *root,
		  struct sms_receipt *out)
{
	const struct json *data = json_get(root, "SMSMessageData");
	const struct json *recipients = json_get(data, "Recipients");
	struct str message = json_text(json_get(data, "Message"), ctx->arena);

	if (json_count(recipients) && json_is_array(recipients)) {
		judge_recipient(ctx, json_item(recipients, 0), out);
	} else if (json_is_array(recipients) || (json_is_object(data) && message.n)) {
		judge_nobody(ctx, message, out);
	} else {
		out->verdict = SMS_UNKNOWN;
		out->reason = STR("the answer has no SMSMessageData.Recipients");
	}
}

static int sent(const struct sms_ctx *ctx, const struct response *response,
		struct sms_receipt *out, struct err *err)
{
	struct sms_receipt receipt = { .verdict = SMS_UNKNOWN };
	const struct json *root;
	struct json *own;

	(void)err;
	if (!sms_status_good(response->status)) {
		sms_status_sent(response->status, STR(""), ctx->arena, out);
		return 0;
	}
	root = sms_json(response, &own, NULL);
	if (root)
		judge(ctx, root, &receipt);
	else
		receipt.reason = STR("the answer is no JSON");
	json_free(own);
	*out = receipt;
	return 0;
}

extern const struct sms_adapter sms_africastalking;
const struct sms_adapter sms_africastalking = {
	.info = {
		.name = "africastalking",
		.about = "Africa's Talking: polls, takes callbacks, sends, takes delivery "
			 "reports.",
		.keys = keys,
		.settings_size = sizeof(struct settings),
	},
	.caps = SMS_FETCH | SMS_AHEAD | SMS_PUSH | SMS_SEND | SMS_REPORT,
	.fetch = fetch,
	.fetched = fetched,
	.pushed = pushed,
	.send = send,
	.sent = sent,
};
