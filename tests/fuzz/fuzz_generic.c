/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer: any bytes as what a provider says that is described by config, as the state
 * that was kept, as a citizen's text in a request, and as a template of the operator. The
 * first byte says which, the second chooses settings and status.
 */
#include <assert.h>
#include <stdlib.h>

#include "sms/generic.h"

enum { CEILING = 16 << 20, SETTINGS = 4 };

#define ALL_BUT_POLL                                                                 \
	.country_code = STR_INIT("62"),                                              \
	.send = { .ask = { .url = STR_INIT("http://p.test/{id}?t={text}"),           \
			   .json = STR_INIT("{\"to\":\"{to}\",\"m\":\"{text}\"}") }, \
		  .code = STR_INIT("code|error.code"),                               \
		  .error = STR_INIT("error"),                                        \
		  .sent_id = STR_INIT("id"),                                         \
		  .code_ok = { ok_words, 1 },                                        \
		  .code_refused = { refused_words, 1 },                              \
		  .code_later = { any_words, 1 } },                                  \
	.push = { .call = { .format = FORMAT_JSON, .answer_status = 200 },           \
		  .fields = { PARTS, .id_prefix = STR_INIT("push:") } },             \
	.report = { .call = { .format = FORMAT_FORM, .answer_status = 200 },         \
		    .id = STR_INIT("id"),                                            \
		    .status = STR_INIT("text"),                                      \
		    .done = { ok_words, 1 } }

#define PARTS                                                                       \
	.list = STR_INIT("data"), .id = STR_INIT("id"), .sender = STR_INIT("from"), \
	.text = STR_INIT("text|body"), .recipient = STR_INIT("to"),                 \
	.time = STR_INIT("time"), .part_ref = STR_INIT("ref"),                      \
	.part_total = STR_INIT("total"), .part_no = STR_INIT("part")

static struct str ok_words[] = { STR_INIT("0") }, refused_words[] = { STR_INIT("13") },
		  any_words[] = { STR_INIT("*") }, empty_words[] = { STR_INIT("501") };

static struct generic settings[SETTINGS] = {
	{ .poll = { .ask = { .url = STR_INIT("http://p.test/?a={state}") },
		    .fields = { PARTS, .id_prefix = STR_INIT("poll:") } },
	  ALL_BUT_POLL },
	{ .poll = { .ask = { .url = STR_INIT("http://p.test/?a={state:iso}&p={page}") },
		    .fields = { PARTS, .time_format = TIME_UNIX },
		    .cursor = CURSOR_TIME,
		    .overlap_ms = 10000,
		    .window_ms = 86400000,
		    .next = STR_INIT("next"),
		    .more = STR_INIT("more") },
	  ALL_BUT_POLL },
	{ .poll = { .ask = { .url = STR_INIT("http://p.test/?a={state}&c={size}") },
		    .fields = { PARTS },
		    .order = NEWEST_FIRST,
		    .first = STR_INIT("0"),
		    .empty = STR_INIT("error"),
		    .empty_values = { empty_words, 1 },
		    .page_size = 2,
		    .page_most = 8 },
	  ALL_BUT_POLL },
	{ .poll = { .ask = { .url = STR_INIT("http://p.test/?a={state}") },
		    .fields = { PARTS, .time_format = TIME_UNIX_MS },
		    .cursor = CURSOR_PATH,
		    .cursor_path = STR_INIT("next") },
	  ALL_BUT_POLL },
};

static const struct sms_adapter *generic;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err err;

	(void)argc;
	(void)argv;
	generic = sms_adapter_find(STR("generic"));
	for (size_t i = 0; i < SETTINGS; i++)
		assert(generic_check(&settings[i], NULL, &err) == 0);
	return 0;
}

/* Every byte is there to be read (a sanitizer watches). */
static void touch(struct str s)
{
	volatile unsigned char sum = 0;

	assert(s.p || s.n == 0);
	for (size_t i = 0; i < s.n; i++)
		sum = (unsigned char)(sum + (unsigned char)s.p[i]);
}

static void check_error(const struct err *err, const struct sms_page *page)
{
	assert(err->kind == ERR_LATER || err->kind == ERR_NEVER ||
	       err->kind == ERR_CONFIG || err->kind == ERR_LIMIT);
	assert(err->text[0] != '\0');
	assert(!page->items && !page->reports && !page->state.p);
}

static void check_message(const struct sms_in *in)
{
	touch(in->external_id);
	touch(in->sender);
	touch(in->recipient);
	touch(in->text);
	touch(in->bad);
	assert(in->text.p);
	assert(in->bad.n || in->sender.n);
	assert(in->sent_ms >= 0);
	if (in->concat.total)
		assert(in->concat.total >= 2 && in->concat.total <= 255 &&
		       in->concat.part >= 1 && in->concat.part <= in->concat.total);
}

static void check_url(struct str url)
{
	assert(str_starts(url, STR("http://p.test/")));
	for (size_t i = 0; i < url.n; i++)
		assert(url.p[i] > 0x20 && url.p[i] < 0x7f);
}

/* With any state there is a request, or an error that says why not. */
static void fetch(const struct sms_ctx *ctx)
{
	struct exchange e = { .method = HTTP_GET };
	struct err err = { .kind = ERR_NONE };

	if (generic->fetch(ctx, &e, &err))
		assert(err.kind == ERR_LIMIT);
	else
		check_url(e.url);
}

static void fetched(struct sms_ctx *ctx, const struct response *r)
{
	struct sms_page page = { 0 };
	struct err err = { .kind = ERR_NONE };

	if (generic->fetched(ctx, r, &page, &err)) {
		check_error(&err, &page);
		return;
	}
	for (size_t i = 0; i < page.n; i++)
		check_message(&page.items[i]);
	touch(page.state);
	/* To ask at once without having moved would never end. */
	if (page.more)
		assert(page.state.p && !str_eq(page.state, ctx->state));
	if (page.state.p) {
		assert(str_starts(page.state, STR("at=")));
		ctx->state = page.state;
		fetch(ctx);
	}
}

static void pushed(const struct sms_ctx *ctx, struct str what, struct str body)
{
	const struct request request = { .method = HTTP_POST, .body = body };
	struct sms_page page = { 0 };
	struct answer answer = { .status = 0 };
	struct err err = { .kind = ERR_NONE };

	if (generic->pushed(ctx, what, &request, &page, &answer, &err)) {
		check_error(&err, &page);
		return;
	}
	assert(answer.status == 200 && !page.state.p && !page.more);
	for (size_t i = 0; i < page.n; i++)
		check_message(&page.items[i]);
	for (size_t i = 0; i < page.n_reports; i++) {
		assert(page.reports[i].external_id.n);
		touch(page.reports[i].external_id);
		touch(page.reports[i].reason);
	}
}

static void sent(const struct sms_ctx *ctx, const struct response *r)
{
	struct sms_receipt receipt = { 0 };
	struct err err;

	assert(generic->sent(ctx, r, &receipt, &err) == 0);
	touch(receipt.external_id);
	touch(receipt.reason);
	if (receipt.verdict == SMS_ACCEPTED)
		assert(r->status / 100 == 2 && !receipt.provider_wide);
	else
		assert(receipt.external_id.n == 0 && receipt.reason.n);
}

/* Whatever a citizen or a reply says, the request stays what its template is. */
static void send(const struct sms_ctx *ctx, struct str text)
{
	const struct sms_out sms = { .id = text, .to = text, .text = text };
	struct exchange e = { .method = HTTP_GET };
	struct err err = { .kind = ERR_NONE };
	struct json *root;

	if (generic->send(ctx, &sms, &e, &err)) {
		assert(err.kind == ERR_LIMIT);
		return;
	}
	check_url(e.url);
	root = json_parse(e.body, &err);
	assert(root && json_is_object(root) && json_count(root) == 2);
	json_free(root);
}

/* A template that passed the check can be filled, everywhere. */
static void template(struct str text)
{
	static const struct template_values values = {
		.id = STR_INIT("1"),
		.to = STR_INIT("+62811"),
		.text = STR_INIT("\"x\r\n"),
		.state = STR_INIT("s"),
		.wall_ms = 1768440605000,
		.zone_s = 25200,
	};
	struct err err;

	for (unsigned bit = TEMPLATE_IN_POLL; bit <= TEMPLATE_IN_SETTLE; bit *= 2) {
		if (template_check(text, (enum template_request)bit, bit == 1, &err)) {
			assert(err.kind == ERR_CONFIG && err.text[0] != '\0');
			continue;
		}
		for (int place = TEMPLATE_PLAIN; place <= TEMPLATE_HEADER; place++) {
			struct buf out = BUF_INIT(1 << 20);

			template_expand(text, (enum template_place)place, &values, &out);
			touch(buf_str(&out));
			buf_free(&out);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 204, 304, 400, 401, 429, 500, 502 };
	static const char *const states[] = { "", "at=3", "at=3&page=b&next=9",
					      "at=3&size=4" };
	struct arena *arena = arena_new("fuzz", CEILING);
	struct sms_ctx ctx = { .arena = arena,
			       .wall_ms = 1768440605000,
			       .zone_s = 25200 };
	struct response r = { .status = 200 };

	if (size >= 2) {
		ctx.settings = &settings[data[1] % SETTINGS];
		ctx.state = str_of(states[data[1] / 4 % 4]);
		r.status = data[1] & 0x80 ? statuses[data[1] / 16 % 8] : 200;
		r.body = str_from((const char *)data + 2, size - 2);
		switch (data[0] % 8) {
		case 0:
			sent(&ctx, &r);
			break;
		case 1:
			send(&ctx, r.body);
			break;
		case 2:
			pushed(&ctx, STR("in"), r.body);
			break;
		case 3:
			pushed(&ctx, STR("report"), r.body);
			break;
		case 4:
			template(r.body);
			break;
		case 5:
			ctx.state = r.body;
			fetch(&ctx);
			break;
		default:
			fetched(&ctx, &r);
			break;
		}
	}
	arena_free(arena);
	return 0;
}
