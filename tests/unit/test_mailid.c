/* SPDX-License-Identifier: MIT */
/* Message-IDs: what we made is read, and nothing else is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/crypto.h"
#include "base/mailid.h"

static const struct str key = STR_INIT("0123456789abcdef0123456789abcdef");
static const struct str domain = STR_INIT("serangkab.example");
static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 1 << 20);
	return arena && !crypto_start(NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct str made(int64_t no, int64_t delivery)
{
	struct str id;

	assert_int_equal(mailid_make(key, domain, no, delivery, arena, &id), 0);
	return id;
}

static bool reads(struct str id)
{
	int64_t no, delivery;

	return mailid_read(key, domain, id, &no, &delivery);
}

static void is_as_documented(void **state)
{
	struct str id = made(25004176, 17);

	(void)state;
	assert_true(str_starts(id, STR("<ktg.25004176.17.")));
	assert_true(str_ends(id, STR("@serangkab.example>")));
	assert_int_equal(id.n, strlen("<ktg.25004176.17.@serangkab.example>") + 32);
}

static void comes_back(void **state)
{
	static const int64_t numbers[] = { 0, 1, 25004176, 999999999999999999 };
	int64_t no, delivery;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < 4; k++) {
			struct str id = made(numbers[i], numbers[k]);

			assert_true(mailid_read(key, domain, id, &no, &delivery));
			assert_int_equal(no, numbers[i]);
			assert_int_equal(delivery, numbers[k]);
			id = str_slice(id, 1, id.n - 1);
			assert_true(mailid_read(key, STR("SerangKab.Example"), id, &no,
						&delivery));
		}
}

static void every_changed_character_is_seen(void **state)
{
	struct str id = made(25004176, 17);

	(void)state;
	for (size_t i = 0; i < id.n; i++) {
		struct str copy = arena_str(arena, id);
		char *p = (char *)(uintptr_t)copy.p;

		p[i] = p[i] == '1' ? '2' : '1';
		assert_false(reads(copy));
		assert_false(reads(str_slice(id, 0, i)));
	}
}

static void forged(void **state)
{
	struct str id = made(25004176, 17), other, mac;
	int64_t no = -1, delivery = -1;

	(void)state;
	assert_int_equal(mailid_make(STR("another key, also long"), domain, 25004176, 17,
				     arena, &other),
			 0);
	assert_false(mailid_read(key, domain, other, &no, &delivery));
	assert_false(mailid_read(key, STR("evil.example"), id, &no, &delivery));
	mac = str_slice(id, 17, 17 + 32);
	/* The MAC of one ticket in another's id; zeros in front; two ids; nothing. */
	assert_false(reads(arena_printf(arena, "<ktg.25004177.17.%.*s@serangkab.example>",
					STR_ARG(mac))));
	assert_false(reads(arena_printf(
		arena, "<ktg.025004176.17.%.*s@serangkab.example>", STR_ARG(mac))));
	assert_false(reads(arena_printf(
		arena, "<ktg.25004176.17.%.*s.@serangkab.example>", STR_ARG(mac))));
	assert_false(reads(arena_printf(
		arena, "<ktg.-25004176.17.%.*s@serangkab.example>", STR_ARG(mac))));
	assert_false(reads(arena_printf(arena, "%.*s %.*s", STR_ARG(id), STR_ARG(id))));
	assert_false(reads(STR("<ktg.25004176.17.@serangkab.example>")));
	assert_false(reads(STR("<ktg.25004176.17@serangkab.example>")));
	assert_false(reads(STR("<>")));
	assert_false(reads(STR("")));
	assert_false(reads(str_from(NULL, 0)));
	assert_int_equal(no, -1);
	assert_int_equal(delivery, -1);
}

static void not_without_a_domain(void **state)
{
	static char long_domain[500];
	struct str id = STR("untouched");

	(void)state;
	memset(long_domain, 'a', sizeof(long_domain));
	assert_int_equal(mailid_make(key, STR(""), 1, 1, arena, &id), -1);
	assert_int_equal(mailid_make(key, str_from(long_domain, sizeof(long_domain)), 1,
				     1, arena, &id),
			 -1);
	assert_true(str_eq(id, STR("untouched")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_as_documented),
		cmocka_unit_test(comes_back),
		cmocka_unit_test(every_changed_character_is_seen),
		cmocka_unit_test(forged),
		cmocka_unit_test(not_without_a_domain),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
