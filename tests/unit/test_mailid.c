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

static const int64_t then = 1764000000;

static struct str made_of(int64_t no, int64_t delivery, int64_t made_s)
{
	const struct mailid id = { no, delivery, made_s };
	struct str text;

	assert_int_equal(mailid_make(key, domain, &id, arena, &text), 0);
	return text;
}

static struct str made(int64_t no, int64_t delivery)
{
	return made_of(no, delivery, then);
}

static bool reads(struct str text)
{
	struct mailid id;

	return mailid_read(key, domain, text, &id);
}

static void is_as_documented(void **state)
{
	struct str id = made(25004176, 17);

	(void)state;
	assert_true(str_starts(id, STR("<ktg.25004176.17.1764000000.")));
	assert_true(str_ends(id, STR("@serangkab.example>")));
	assert_int_equal(id.n,
			 strlen("<ktg.25004176.17.1764000000.@serangkab.example>") + 32);
}

/* RFC 4231, case 2: so that the sealing is the well-known one. */
static void hmac_is_the_standards(void **state)
{
	static const unsigned char want[CRYPTO_HMAC_BYTES] = {
		0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24,
		0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27,
		0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43
	};
	unsigned char got[CRYPTO_HMAC_BYTES];

	(void)state;
	crypto_hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), got);
	assert_memory_equal(got, want, sizeof(want));
}

static void comes_back(void **state)
{
	static const int64_t numbers[] = { 0, 1, 25004176, 999999999999999999 };
	struct mailid id;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < 4; k++) {
			struct str text = made_of(numbers[i], numbers[k], numbers[3 - i]);

			assert_true(mailid_read(key, domain, text, &id));
			assert_int_equal(id.no, numbers[i]);
			assert_int_equal(id.delivery_id, numbers[k]);
			assert_int_equal(id.made_s, numbers[3 - i]);
			text = str_slice(text, 1, text.n - 1);
			assert_true(
				mailid_read(key, STR("SerangKab.Example"), text, &id));
		}
}

/* Numbers are given again when a backup is restored; moments are not. */
static void the_moment_tells_deliveries_apart(void **state)
{
	struct str old = made_of(25004176, 17, -1);
	struct mailid id;

	(void)state;
	assert_false(
		str_eq(made_of(25004176, 17, then), made_of(25004176, 17, then + 1)));
	assert_true(mailid_read(key, domain, made(25004176, 17), &id));
	assert_true(mailid_fits(&id, then * 1000 + 999));
	assert_false(mailid_fits(&id, then * 1000 + 1000));
	assert_false(mailid_fits(&id, then * 1000 - 1));
	/* As they were written before they had it. */
	assert_int_equal(old.n, strlen("<ktg.25004176.17.@serangkab.example>") + 32);
	assert_true(mailid_read(key, domain, old, &id));
	assert_int_equal(id.made_s, -1);
	assert_true(mailid_fits(&id, then * 1000));
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
	/* The MAC of one id in another's; zeros and signs in front; more and fewer parts.
	 */
	static const char *const heads[] = {
		"ktg.25004177.17.1764000000.",	"ktg.25004176.18.1764000000.",
		"ktg.25004176.17.1764000001.",	"ktg.25004176.17.",
		"ktg.025004176.17.1764000000.", "ktg.-25004176.17.1764000000.",
		"ktg.25004176.17.-1.",		"ktg.25004176.17.1764000000.1.",
		"ktg.25004176.17.1764000000..", "ktg.25004176.17..1764000000.",
		"ktg.25004176.17.1764000000",	"ktg.25004176.",
		"ktgx.25004176.17.1764000000.", "",
	};
	const struct mailid one = { 25004176, 17, then };
	struct str id = made(25004176, 17), other, mac;
	struct mailid out = { -7, -7, -7 };

	(void)state;
	assert_int_equal(
		mailid_make(STR("another key, also long"), domain, &one, arena, &other),
		0);
	assert_false(mailid_read(key, domain, other, &out));
	assert_false(mailid_read(key, STR("evil.example"), id, &out));
	mac = str_slice(id, id.n - domain.n - 34, id.n - domain.n - 2);
	assert_true(reads(arena_printf(arena, "ktg.25004176.17.1764000000.%.*s@%.*s",
				       STR_ARG(mac), STR_ARG(domain))));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		assert_false(reads(arena_printf(arena, "%s%.*s@%.*s", heads[i],
						STR_ARG(mac), STR_ARG(domain))));
	assert_false(reads(arena_printf(arena, "<ktg.25004176.17.1764000000.%.*s.@%.*s>",
					STR_ARG(mac), STR_ARG(domain))));
	assert_false(reads(arena_printf(arena, "%.*s %.*s", STR_ARG(id), STR_ARG(id))));
	assert_false(reads(STR("<ktg.25004176.17.1764000000.@serangkab.example>")));
	assert_false(reads(STR("<ktg.25004176.17@serangkab.example>")));
	assert_false(reads(STR("<>")));
	assert_false(reads(STR("")));
	assert_false(reads(str_from(NULL, 0)));
	assert_int_equal(out.no, -7);
	assert_int_equal(out.delivery_id, -7);
	assert_int_equal(out.made_s, -7);
}

static void not_without_a_domain(void **state)
{
	static char long_domain[500];
	const struct mailid one = { 1, 1, 1 };
	struct str id = STR("untouched");

	(void)state;
	memset(long_domain, 'a', sizeof(long_domain));
	assert_int_equal(mailid_make(key, STR(""), &one, arena, &id), -1);
	assert_int_equal(mailid_make(key, str_from(long_domain, sizeof(long_domain)),
				     &one, arena, &id),
			 -1);
	assert_true(str_eq(id, STR("untouched")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_as_documented),
		cmocka_unit_test(hmac_is_the_standards),
		cmocka_unit_test(comes_back),
		cmocka_unit_test(the_moment_tells_deliveries_apart),
		cmocka_unit_test(every_changed_character_is_seen),
		cmocka_unit_test(forged),
		cmocka_unit_test(not_without_a_domain),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
