/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer: any bytes as what Africa's Talking says: pages, callbacks, answers to a
 * send. The first byte says which, the second chooses status and state; the rest is the
 * body.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapter.h"

enum { CEILING = 16 << 20 };

/* As the key table of the adapter lays it out; asked for by name, so that it may change.
 */
static unsigned char settings[1024];
static const struct sms_adapter *at;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct str text = STR("http://provider.test");

	(void)argc;
	(void)argv;
	at = sms_adapter_find(STR("africastalking"));
	assert(at && at->info.settings_size <= sizeof(settings));
	for (const struct key *k = at->info.keys; k->name; k++)
		if (k->type == KEY_STR || k->type == KEY_URL || k->type == KEY_SECRET)
			memcpy(settings + k->offset, &text, sizeof(text));
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

static void check_message(const struct sms_in *in, const char *prefix)
{
	touch(in->external_id);
	touch(in->sender);
	touch(in->recipient);
	touch(in->text);
	touch(in->bad);
	assert(in->text.p);
	assert(in->bad.n || in->sender.n);
	assert(in->external_id.n == 0 || str_starts(in->external_id, str_of(prefix)));
	assert(in->sent_ms >= 0);
}

static int64_t number_of(const struct sms_in *in)
{
	int64_t n;

	return str_to_int(str_slice(in->external_id, 5, in->external_id.n), &n) && n > 0
		       ? n
		       : 0;
}

static void check_fetch(const struct sms_ctx *ctx)
{
	struct exchange e;
	struct err err;

	assert(at->fetch(ctx, &e, &err) == 0);
	assert(str_starts(e.url, STR("http://provider.test/version1/messaging?")));
	for (size_t i = 0; i < e.url.n; i++)
		assert(e.url.p[i] > 0x20 && e.url.p[i] < 0x7f);
}

static void fetched(struct sms_ctx *ctx, const struct response *r)
{
	struct sms_page page = { 0 }, again = { 0 };
	struct err err = { .kind = ERR_NONE };
	int64_t before = 0, after = 0;

	check_fetch(ctx);
	if (at->fetched(ctx, r, &page, &err)) {
		check_error(&err, &page);
		return;
	}
	for (size_t i = 0; i < page.n; i++) {
		check_message(&page.items[i], "poll:");
		assert(i == 0 ||
		       number_of(&page.items[i - 1]) <= number_of(&page.items[i]));
	}
	assert(page.more == (page.state.p != NULL));
	if (!page.state.p)
		return;
	str_to_int(ctx->state, &before);
	assert(str_to_int(page.state, &after) && after > before && page.n > 0);
	/* The same page again moves nothing: there is no endless loop. */
	ctx->state = page.state;
	check_fetch(ctx);
	assert(at->fetched(ctx, r, &again, &err) == 0);
	assert(again.n == page.n && !again.state.p && !again.more);
}

static void pushed(const struct sms_ctx *ctx, struct str what, struct str body)
{
	const struct request request = { .method = HTTP_POST, .body = body };
	struct sms_page page = { 0 };
	struct answer answer = { .status = 0 };
	struct err err = { .kind = ERR_NONE };

	if (at->pushed(ctx, what, &request, &page, &answer, &err)) {
		check_error(&err, &page);
		assert(answer.status == 0);
		return;
	}
	assert(answer.status == 200 && page.n + page.n_reports == 1);
	assert(!page.state.p && !page.more);
	for (size_t i = 0; i < page.n; i++) {
		check_message(&page.items[i], "push:");
		assert(!page.items[i].bad.n);
	}
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

	assert(at->sent(ctx, r, &receipt, &err) == 0);
	touch(receipt.external_id);
	touch(receipt.reason);
	if (receipt.verdict == SMS_ACCEPTED)
		assert(r->status / 100 == 2 && !receipt.provider_wide);
	else
		assert(receipt.external_id.n == 0 && receipt.reason.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 201, 304, 400, 401, 429, 500, 502 };
	static const char *const states[] = { "", "0", "7", "9223372036854775806" };
	struct arena *arena = arena_new("fuzz", CEILING);
	struct sms_ctx ctx = { .settings = settings, .arena = arena };
	struct response r = { .status = 200 };

	if (size >= 2) {
		/* Mostly good statuses: bodies of others are not read. */
		r.status = data[1] & 0x80 ? statuses[data[1] % 8] : 201;
		r.body = str_from((const char *)data + 2, size - 2);
		ctx.state = str_of(states[data[1] / 8 % 4]);
		if (data[0] % 4 == 0)
			fetched(&ctx, &r);
		else if (data[0] % 4 == 1)
			sent(&ctx, &r);
		else
			pushed(&ctx, data[0] % 4 == 2 ? STR("in") : STR("report"),
			       r.body);
	}
	arena_free(arena);
	return 0;
}
