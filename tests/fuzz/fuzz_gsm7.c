/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer: any bytes as text and as septets. Sizes must agree with the encoding and be
 * monotonic, plain text must stay plain, and what is encoded must come back.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "model/gsm7.h"

enum { CEILING = 4 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_size(struct str text)
{
	struct sms_size size = sms_measure(text);
	unsigned single = size.ucs2 ? 70 : 160, part = size.ucs2 ? 67 : 153;

	assert(size.segments >= 1);
	assert((size.segments == 1) == (size.units <= single));
	if (size.segments == 1) {
		assert(size.left == single - size.units);
		return;
	}
	assert(size.left < part);
	/* A segment loses one unit at most, to what may not be split. */
	assert(size.segments * part >= size.units + size.left);
	assert((size.segments - 1) * (part - 1) + part - size.left <= size.units);
}

static void check_encoding(struct str text, struct arena *arena)
{
	struct sms_size size = sms_measure(text);
	struct str septets, back;
	bool fits = gsm7_encode(text, arena, &septets);

	assert(fits == !size.ucs2);
	if (!fits)
		return;
	assert(septets.n == size.units);
	back = gsm7_decode(septets, arena);
	assert(back.p && str_eq(back, text));
}

static void check_plain(struct str text, struct arena *arena)
{
	struct str plain = gsm7_plain(text, arena);

	assert(utf8_valid(plain));
	assert(str_eq(gsm7_plain(plain, arena), plain));
	if (!sms_measure(text).ucs2)
		assert(str_eq(plain, text));
	check_size(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new("fuzz", CEILING);
	struct str raw = str_from((const char *)data, size), text, decoded;

	if (!arena)
		abort();
	check_size(raw);
	text = utf8_repair(raw, arena);
	decoded = gsm7_decode(raw, arena);
	assert(!decoded.p || utf8_valid(decoded));
	if (text.p && size < 20000) {
		check_size(text);
		check_encoding(text, arena);
		check_plain(text, arena);
	}
	arena_free(arena);
	return 0;
}
