/* SPDX-License-Identifier: MIT */
/* One sender however written, and who is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/msisdn.h"

static const struct {
	const char *raw;
	enum sender_kind kind;
	const char *address;
} rows[] = {
	{ "081234567890", SENDER_MOBILE, "+6281234567890" },
	{ "6281234567890", SENDER_MOBILE, "+6281234567890" },
	{ "+62 812-3456-7890", SENDER_MOBILE, "+6281234567890" },
	{ "+62.812.3456.7890", SENDER_MOBILE, "+6281234567890" },
	{ "(0812) 3456 7890", SENDER_MOBILE, "+6281234567890" },
	{ "(+62) 81234567890", SENDER_MOBILE, "+6281234567890" },
	{ "006281234567890", SENDER_MOBILE, "+6281234567890" },
	{ "81234567890", SENDER_MOBILE, "+6281234567890" },
	{ "  081234567890\n", SENDER_MOBILE, "+6281234567890" },
	{ "\xe2\x80\xaa+6281234567890\xe2\x80\xac", SENDER_MOBILE, "+6281234567890" },
	{ "+254711000111", SENDER_MOBILE, "+254711000111" },
	{ "254711000111", SENDER_MOBILE, "+254711000111" },
	{ "+819012345678", SENDER_MOBILE, "+819012345678" },
	{ "+123456789012345", SENDER_MOBILE, "+123456789012345" },
	{ "+1234567890123456", SENDER_NAME, "+1234567890123456" },
	{ "1708", SENDER_SHORT, "1708" },
	{ "112", SENDER_SHORT, "112" },
	{ "+1234567", SENDER_SHORT, "1234567" },
	{ "0012345", SENDER_SHORT, "0012345" },
	{ "00123456", SENDER_SHORT, "00123456" },
	{ "TELKOMSEL", SENDER_NAME, "TELKOMSEL" },
	{ "3-HotSpot", SENDER_NAME, "3-HotSpot" },
	{ "08123456789x", SENDER_NAME, "08123456789x" },
	{ "0812+345678", SENDER_NAME, "0812+345678" },
	{ "", SENDER_NONE, "" },
	{ "   ", SENDER_NONE, "" },
	{ "+", SENDER_NONE, "+" },
	{ "--", SENDER_NONE, "--" },
	{ "0000000000", SENDER_NONE, "0000000000" },
	{ "+0812345678", SENDER_NONE, "+0812345678" },
};

static void reads_rows(void **state)
{
	struct arena *arena = arena_new("test", 1 << 16);
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str address;
		enum sender_kind kind =
			sender_normalise(str_of(rows[i].raw), STR("62"), arena, &address);

		if (kind == rows[i].kind && str_eq(address, str_of(rows[i].address)))
			continue;
		print_message("\"%s\": %s %.*s\n", rows[i].raw, sender_kind_name(kind),
			      STR_ARG(address));
		wrong++;
	}
	arena_free(arena);
	assert_int_equal(wrong, 0);
}

static void stays_as_it_is(void **state)
{
	struct arena *arena = arena_new("test", 1 << 16);
	struct str once, twice;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (rows[i].kind != SENDER_MOBILE)
			continue;
		sender_normalise(str_of(rows[i].raw), STR("62"), arena, &once);
		assert_int_equal(sender_normalise(once, STR("62"), arena, &twice),
				 SENDER_MOBILE);
		assert_true(str_eq(once, twice));
	}
	arena_free(arena);
}

static void long_names(void **state)
{
	struct arena *arena = arena_new("test", 1 << 16);
	struct str name =
		STR("x\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3"
		    "\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9");
	struct str address;

	(void)state;
	assert_int_equal(sender_normalise(name, STR("62"), arena, &address), SENDER_NAME);
	assert_int_equal(address.n, 39); /* not 40: that would halve an é */
	assert_int_equal(sender_normalise(STR("11111111111111111111111111111111111111111"
					      "11111111111111111111111111111"),
					  STR("62"), arena, &address),
			 SENDER_NAME);
	assert_int_equal(address.n, 40);
	arena_free(arena);
}

/* Without memory nobody is taken for somebody. */
static void no_memory(void **state)
{
	struct arena *arena = arena_new("test", 1);
	struct str address = STR("untouched");

	(void)state;
	assert_int_not_equal(
		sender_normalise(STR("081234567890"), STR("62"), arena, &address),
		SENDER_MOBILE);
	assert_int_equal(address.n, 0);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rows),
		cmocka_unit_test(stays_as_it_is),
		cmocka_unit_test(long_names),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
