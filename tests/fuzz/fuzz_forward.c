/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer: any bytes as what a department's system answers to a webhook, to an Open311
 * request, and to the question how requests stand; and as words that we write as XML. The
 * first byte says which, the second chooses the status.
 */
#include <assert.h>

#include "base/utf8.h"
#include "base/xml.h"
#include "forwarder.h"

enum { CEILING = 32 << 20, SETTINGS = 1024 };

static unsigned char settings[SETTINGS];
static const struct forwarder *webhook, *open311;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	webhook = forwarder_find(STR("webhook"));
	open311 = forwarder_find(STR("open311"));
	assert(webhook && open311 && open311->info.settings_size <= SETTINGS &&
	       webhook->info.settings_size <= SETTINGS);
	return 0;
}

/* Every byte is there to be read (a sanitizer watches), and is what may be shown. */
static void touch(struct str s)
{
	assert(s.p || s.n == 0);
	assert(utf8_valid(s));
}

static void judged(const struct forwarder *f, const struct forward_ctx *ctx,
		   const struct response *r, enum forward_what what)
{
	const struct forward forward = { .what = what };
	struct forward_receipt out = { 0 };
	struct err err;

	assert(f->judge(ctx, &forward, r, &out, &err) == 0);
	touch(out.external_id);
	touch(out.reason);
	assert(out.wait_ms >= 0 && out.external_id.n <= 100);
	if (out.verdict == FORWARD_DONE)
		assert(r->status / 100 == 2);
	else
		assert(out.reason.n && out.external_id.n == 0);
	/* What was refused is never repeated, so it must be their word, not our guess. */
	if (out.verdict == FORWARD_REFUSED)
		assert(f == open311 && r->status / 100 == 4);
}

static void watched(const struct forward_ctx *ctx, const struct response *r, bool tokens)
{
	const struct str ids[] = { STR("7"), STR("638344") };
	struct forward_sight *out = NULL;
	size_t n = 0;
	struct err err;

	if (open311->watched(ctx, ids, tokens ? 1 : 2, tokens, r, &out, &n, &err)) {
		assert(err.text[0] && n == 0);
		return;
	}
	assert(n <= (tokens ? 1 : 2) * 1u);
	for (size_t i = 0; i < n; i++) {
		assert(str_eq(out[i].external_id, ids[0]) ||
		       str_eq(out[i].external_id, ids[1]));
		touch(out[i].words);
		touch(out[i].moved_to);
		assert(out[i].moved_to.n <= 100 && (tokens || out[i].moved_to.n == 0));
	}
}

/* What is written comes back as it was, whatever it is made of. */
static void written(struct str text, struct arena *arena)
{
	struct xml_writer *w = xml_begin(CEILING);
	struct str made;
	struct xml *xml;
	struct err err;

	xml_open(w, "a");
	xml_put(w, "b", text);
	made = xml_end(w, arena);
	if (!made.p || made.n > XML_BYTES_MOST)
		return;
	xml = xml_parse(made, &err);
	assert(xml && xml_child(xml_root(xml), "b"));
	assert(!xml_next(xml_child(xml_root(xml), "b"), NULL));
	touch(xml_text(xml_child(xml_root(xml), "b"), arena));
	xml_free(xml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 201, 400, 403, 404, 410, 429, 504 };
	struct arena *arena = arena_new("fuzz", CEILING);
	const struct forward_ctx ctx = { .settings = settings, .arena = arena };
	struct response r = { .status = 200 };

	if (size >= 2) {
		r.status = data[1] & 0x80 ? statuses[data[1] % 8] : 200;
		r.body = str_from((const char *)data + 2, size - 2);
		if (data[0] % 5 == 0)
			judged(webhook, &ctx, &r, FORWARD_NEW);
		else if (data[0] % 5 == 1)
			judged(open311, &ctx, &r, FORWARD_NEW);
		else if (data[0] % 5 == 2)
			written(r.body, arena);
		else
			watched(&ctx, &r, data[0] % 5 == 4);
	}
	arena_free(arena);
	return 0;
}
