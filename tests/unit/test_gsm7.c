/* SPDX-License-Identifier: MIT */
/* The 7-bit alphabet against its table written out once more, and segments at each edge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "model/gsm7.h"

/* TS 23.038 clause 6.2.1 as text, the escape code's place held by U+FFFF. */
static const char alphabet[] =
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\xef\xbf\xbfÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static const char extension_points[] = "\f^{}\\[~]|€";
static const unsigned char extension_codes[] = { 0x0a, 0x14, 0x28, 0x29, 0x2f,
						 0x3c, 0x3d, 0x3e, 0x40, 0x65 };

static int setup(void **state)
{
	*state = arena_new("test", 1 << 20);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

/* n times a text, then another. */
static struct str many(struct arena *arena, size_t n, const char *what, const char *then)
{
	struct buf b = BUF_INIT(10000);
	struct str s;

	for (size_t i = 0; i < n; i++)
		buf_add(&b, str_of(what));
	buf_add(&b, str_of(then));
	s = arena_str(arena, buf_str(&b));
	buf_free(&b);
	return s;
}

static void check(struct str s, bool ucs2, unsigned units, unsigned segments,
		  unsigned left)
{
	struct sms_size size = sms_measure(s);

	assert_int_equal(size.ucs2, ucs2);
	assert_int_equal(size.units, units);
	assert_int_equal(size.segments, segments);
	assert_int_equal(size.left, left);
}

static void basic_table(void **state)
{
	struct str all = str_of(alphabet), out;
	size_t at = 0;

	for (int code = 0; code < 128; code++) {
		size_t from = at;
		int32_t point = utf8_next(all, &at);
		struct str one = str_slice(all, from, at);
		char septet = (char)code;

		assert_true(point >= 0);
		if (code == 0x1b) {
			assert_int_equal(gsm7_septets(point), 0);
			continue;
		}
		assert_int_equal(gsm7_septets(point), 1);
		assert_true(gsm7_encode(one, *state, &out));
		assert_true(str_eq(out, str_from(&septet, 1)));
		assert_true(str_eq(gsm7_decode(out, *state), one));
	}
	assert_int_equal(utf8_next(all, &at), -1);
}

static void extension_table(void **state)
{
	struct str all = str_of(extension_points), out;
	size_t at = 0;

	for (size_t i = 0; i < sizeof(extension_codes); i++) {
		size_t from = at;
		int32_t point = utf8_next(all, &at);
		struct str one = str_slice(all, from, at);
		char pair[2] = { 0x1b, (char)extension_codes[i] };

		assert_int_equal(gsm7_septets(point), 2);
		assert_true(gsm7_encode(one, *state, &out));
		assert_true(str_eq(out, str_from(pair, 2)));
		assert_true(str_eq(gsm7_decode(out, *state), one));
	}
	assert_int_equal(utf8_next(all, &at), -1);
}

static void nothing_else(void **state)
{
	unsigned one = 0, two = 0;

	(void)state;
	for (int32_t point = 0; point <= 0x10ffff; point++) {
		one += gsm7_septets(point) == 1;
		two += gsm7_septets(point) == 2;
	}
	assert_int_equal(one, 127);
	assert_int_equal(two, 10);
	assert_int_equal(gsm7_septets(0x1b), 0);
	assert_int_equal(gsm7_septets('`'), 0);
	assert_int_equal(gsm7_septets(0xe7), 0); /* ç: only the capital is there */
	assert_int_equal(gsm7_septets(-1), 0);
}

static void odd_septets(void **state)
{
	struct str out;

	assert_true(str_eq(gsm7_decode(STR("a\x1b\x1b"
					   "b"),
				       *state),
			   STR("a b")));
	assert_true(str_eq(gsm7_decode(STR("\x1b"
					   "A"),
				       *state),
			   STR("A")));
	assert_true(str_eq(gsm7_decode(STR("a\x1b"), *state), STR("a ")));
	assert_false(gsm7_encode(STR("a\xf0\x9f\x98\x80"), *state, &out));
	assert_int_equal(out.n, 0);
	assert_true(gsm7_encode(STR(""), *state, &out));
	assert_int_equal(out.n, 0);
}

static void limits_of_septets(void **state)
{
	check(STR(""), false, 0, 1, 160);
	check(many(*state, 159, "a", ""), false, 159, 1, 1);
	check(many(*state, 160, "a", ""), false, 160, 1, 0);
	check(many(*state, 161, "a", ""), false, 161, 2, 145);
	check(many(*state, 306, "a", ""), false, 306, 2, 0);
	check(many(*state, 307, "a", ""), false, 307, 3, 152);
	check(many(*state, 158, "a", "{"), false, 160, 1, 0);
	check(many(*state, 159, "a", "{"), false, 161, 2, 145);
}

/* A pair that would straddle two segments moves on as a whole. */
static void pairs_at_the_edge(void **state)
{
	struct str tail = many(*state, 20, "b", "");

	check(many(*state, 152, "a", many(*state, 1, "{", tail.p).p), false, 174, 2, 131);
	check(many(*state, 151, "a", many(*state, 1, "{", tail.p).p), false, 173, 2, 133);
	/* 153 pairs are 306 septets, but only 76 pairs go into one segment. */
	check(many(*state, 153, "{", ""), false, 306, 3, 151);
	check(many(*state, 80, "{", ""), false, 160, 1, 0);
	check(many(*state, 81, "{", ""), false, 162, 2, 143);
}

static void limits_of_units(void **state)
{
	const char *e = "\xf0\x9f\x98\xad"; /* an emoji is a surrogate pair */

	check(many(*state, 70, "ж", ""), true, 70, 1, 0);
	check(many(*state, 71, "ж", ""), true, 71, 2, 63);
	check(many(*state, 134, "ж", ""), true, 134, 2, 0);
	check(many(*state, 135, "ж", ""), true, 135, 3, 66);
	check(many(*state, 68, "a", e), true, 70, 1, 0);
	check(many(*state, 69, "a", e), true, 71, 2, 63);
	check(many(*state, 66, "a", many(*state, 1, e, "bbbb").p), true, 72, 2, 61);
	/* 33 pairs a segment, one unit lost in each. */
	check(many(*state, 67, e, ""), true, 134, 3, 65);
	check(STR("\xff"), true, 1, 1, 69);
}

static void plain(void **state)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{ "biasa saja", "biasa saja" },
		{ "“ya” ‘tidak’ – — … x", "\"ya\" 'tidak' - - ... x" },
		{ "a\xc2\xa0"
		  "b\tc",
		  "a b c" },
		{ "`x`", "'x'" },
		{ "çÀÁÂ", "cAAA" },
		{ "ŽžŹźŁ", "ZzZzŁ" },
		{ "ŸĀāŐő", "YAaOo" },
		{ "Ḿḿ", "Mm" },
		{ "e\xcc\x81"
		  "E\xcc\x81ж",
		  "eEж" },
		{ "éÉñ", "éÉñ" },
		{ "😭 tolong…", "😭 tolong..." },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str out = gsm7_plain(str_of(rows[i].from), *state);

		if (!str_eq(out, str_of(rows[i].to)))
			print_message("%s: %.*s, not %s\n", rows[i].from, STR_ARG(out),
				      rows[i].to);
		assert_true(str_eq(out, str_of(rows[i].to)));
		assert_true(str_eq(gsm7_plain(out, *state), out));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(basic_table),	     cmocka_unit_test(extension_table),
		cmocka_unit_test(nothing_else),	     cmocka_unit_test(odd_septets),
		cmocka_unit_test(limits_of_septets), cmocka_unit_test(pairs_at_the_edge),
		cmocka_unit_test(limits_of_units),   cmocka_unit_test(plain),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
