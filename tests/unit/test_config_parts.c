/* SPDX-License-Identifier: MIT */
/*
 * What reading a configuration is made of: secrets, networks, key tables, the nearest
 * name, numbers that libconfig cuts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "config/config_keys.h"
#include "config/defaults.h"
#include "config/near.h"
#include "config/network.h"
#include "config/numbers.h"
#include "config/secret.h"

static char top[] = "/tmp/kentongan-config-XXXXXX";

#define assert_str(s, z)                                                        \
	do {                                                                    \
		struct str got_ = (s);                                          \
		if (!str_eq(got_, STR(z)))                                      \
			fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(got_), (z)); \
	} while (0)

/* A file below the test's own folder; its whole name. */
static const char *write_file(const char *name, mode_t mode, const char *text)
{
	static char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

/* ---- networks ---- */

static void test_networks(void **state)
{
	static const struct {
		const char *network, *remedy; /* NULL: it is good */
	} rows[] = {
		{ "192.0.2.7", NULL },
		{ "192.0.2.0/24", NULL },
		{ "192.0.2.128/25", NULL },
		{ "192.0.2.7/32", NULL },
		{ "0.0.0.0/0", NULL },
		{ "2001:db8::1", NULL },
		{ "2001:db8:8000::/33", NULL },
		{ "::ffff:192.0.2.7", NULL },
		{ "::/0", NULL },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", NULL },
		{ "", "write \"192.0.2.7\"" },
		{ "192.0.2", "write \"192.0.2.7\"" },
		{ "192.0.2.256", "write \"192.0.2.7\"" },
		{ "192.0.2.*", "write \"192.0.2.7\"" },
		{ "localhost", "names are not looked up" },
		{ "[2001:db8::1]", "write \"192.0.2.7\"" },
		{ "2001:db8::1%eth0", "write \"192.0.2.7\"" },
		{ "192.0.2.7 ", "write \"192.0.2.7\"" },
		{ "/24", "write \"192.0.2.7\"" },
		{ "192.0.2.0/33", "0 to 32" },
		{ "192.0.2.0/", "0 to 32" },
		{ "192.0.2.0/-1", "0 to 32" },
		{ "192.0.2.0/+1", "0 to 32" },
		{ "192.0.2.0/255.255.255.0", "0 to 32" },
		{ "192.0.2.0/24/24", "0 to 32" },
		{ "192.0.2.0/99999999999999999999", "0 to 32" },
		{ "2001:db8::/129", "0 to 128" },
		{ "192.0.2.1/24", "\"192.0.2.1\" or \"192.0.2.0/24\"" },
		{ "192.0.2.128/24", "\"192.0.2.128\" or \"192.0.2.0/24\"" },
		{ "2001:db8::1/64", "\"2001:db8::1\" or \"2001:db8::/64\"" },
		{ "1.2.3.4/0", "\"0.0.0.0/0\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = { .kind = ERR_NONE };
		int failed = network_check(str_of(rows[i].network), &err);

		if ((failed != 0) != (rows[i].remedy != NULL))
			fail_msg("%s: %s", rows[i].network, err.text);
		if (failed && !strstr(err.text, rows[i].remedy))
			fail_msg("%s: no remedy in '%s'", rows[i].network, err.text);
	}
	assert_int_equal(network_check(str_from("1.1.1.1\0", 8), NULL), -1);
	assert_int_equal(network_check(str_from("1.1.1.12", 7), NULL), 0);
}

/* ---- secrets ---- */

static struct arena *arena;
static struct secret *known;

static int read_secret(const char *reference, const char *path, struct str *out)
{
	struct err err = { .kind = ERR_NONE };
	int result = secret_read(str_of(reference), path, arena, &known, out, &err);

	assert_int_equal(result == 0, err.kind == ERR_NONE);
	/* Whatever is wrong, what the file holds is not said. */
	assert_null(strstr(err.text, "rahasia"));
	return result;
}

static void test_secret_rights(void **state)
{
	static const struct {
		mode_t mode;
		bool good, good_of_root;
	} rows[] = {
		{ 0600, true, true },	{ 0400, true, true },	{ 0640, false, true },
		{ 0440, false, true },	{ 0644, false, false }, { 0604, false, false },
		{ 0602, false, false }, { 0660, false, false }, { 0601, false, false },
	};
	struct str s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *path = write_file("key", 0600, "rahasia\r\n");
		bool good = getuid() == 0 ? rows[i].good_of_root : rows[i].good;

		assert_int_equal(chmod(path, rows[i].mode), 0);
		s = str_from(NULL, 0);
		assert_int_equal(read_secret("file:key", path, &s), good ? 0 : -1);
		if (good)
			assert_str(s, "rahasia");
		else
			assert_null(s.p);
		assert_int_equal(unlink(path), 0);
	}
}

static void test_secret_refused(void **state)
{
	char large[5001];
	struct str s = { NULL, 0 };

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	assert_int_equal(read_secret("file:k", write_file("k", 0600, large), &s), -1);
	assert_int_equal(read_secret("file:k", write_file("k", 0600, "\n"), &s), -1);
	assert_int_equal(read_secret("file:k", write_file("k", 0600, "a\nb\n"), &s), -1);
	assert_int_equal(read_secret("file:k", top, &s), -1); /* a folder */
	assert_int_equal(read_secret("file:k", "/dev/zero", &s), -1);
	assert_int_equal(read_secret("rahasia", "", &s), -1);
	assert_int_equal(read_secret("cred:../k", "", &s), -1);
	assert_int_equal(read_secret("env:CONFIG_NOT_THERE", "", &s), -1);
	assert_null(s.p);
}

static void test_secret_credential(void **state)
{
	struct str s = { NULL, 0 };

	(void)state;
	assert_int_equal(read_secret("cred:kunci", "", &s), -1);
	write_file("kunci", 0400, "dari systemd\n");
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", top, 1), 0);
	assert_int_equal(read_secret("cred:kunci", "", &s), 0);
	assert_str(s, "dari systemd");
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

static void test_secrets_wiped(void **state)
{
	struct str a, b;

	(void)state;
	known = NULL;
	assert_int_equal(read_secret("env:CONFIG_KEY", "", &a), 0);
	assert_int_equal(read_secret("env:CONFIG_PATH", "", &b), 0);
	secret_wipe(known);
	for (size_t i = 0; i < a.n; i++)
		assert_int_equal(a.p[i], 0);
	for (size_t i = 0; i < b.n; i++)
		assert_int_equal(b.p[i], 0);
	secret_wipe(NULL);
}

/* ---- tables ---- */

static bool number_good(const struct key *k, int64_t n)
{
	return (k->min == 0 && k->max == 0) || (n >= k->min && n <= k->max);
}

static bool enum_good(const struct key *k)
{
	for (int i = 0; k->names[i]; i++)
		if (str_eq(str_of(k->def), str_of(k->names[i])))
			return true;
	return false;
}

static void check_key(const struct key *k, const char *where)
{
	struct str def = str_of(k->def);
	bool good = true;
	int64_t n;
	char *end;
	double d;

	if (!k->help || !str_of(k->help).n)
		fail_msg("%s.%s has no help", where, k->name);
	if (!k->def)
		return;
	if (k->type == KEY_INT)
		good = str_to_int(def, &n) && number_good(k, n);
	else if (k->type == KEY_MS)
		good = str_to_ms(def, &n) && number_good(k, n);
	else if (k->type == KEY_BOOL)
		good = str_eq(def, STR("true")) || str_eq(def, STR("false"));
	else if (k->type == KEY_ENUM)
		good = enum_good(k);
	else if (k->type == KEY_REAL) {
		d = strtod(k->def, &end);
		good = *end == '\0' && d >= (double)k->min && d <= (double)k->max;
	} else if (k->type == KEY_STR)
		good = def.n == 0 || number_good(k, (int64_t)def.n);
	if (!good)
		fail_msg("%s.%s: the default \"%s\" is not good", where, k->name, k->def);
}

static void check_table(const struct key *keys, const char *where)
{
	for (const struct key *k = keys; k->name; k++) {
		check_key(k, where);
		if (k->sub)
			check_table(k->sub, k->name);
		for (const struct key *o = keys; o != k; o++)
			if (str_eq(str_of(o->name), str_of(k->name)))
				fail_msg("%s.%s stands there twice", where, k->name);
	}
}

static void test_tables(void **state)
{
	(void)state;
	for (const struct config_table *t = config_tables; t->group; t++)
		check_table(t->keys, t->group);
	check_table(config_root_keys, "root");
	for (size_t i = 0; sms_adapters[i]; i++) {
		const struct adapter_info *info = &sms_adapters[i]->info;

		check_table(info->keys, info->name);
		/* One group in the file holds both: a name must mean one thing. */
		for (const struct key *k = info->keys; k->name; k++)
			for (const struct key *f = config_provider_keys; f->name; f++)
				if (str_eq(str_of(k->name), str_of(f->name)))
					fail_msg("%s.%s is the frame's", info->name,
						 k->name);
	}
}

static void test_near(void **state)
{
	static const struct key keys[] = {
		{ .name = "poll_every" }, { .name = "poll_idle" }, { .name = "id" }, { 0 }
	};
	size_t best = 3;
	char longest[100];

	(void)state;
	assert_string_equal(near_key("pol_evrey", keys, &best), "poll_every");
	assert_int_equal(best, 2); /* one left out, two swapped */
	best = 3;
	assert_string_equal(near_key("poll_idel", keys, &best), "poll_idle");
	assert_int_equal(best, 1);
	best = 3;
	assert_null(near_key("something", keys, &best));
	assert_null(near_key("poll", NULL, &best));
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_null(near_key(longest, keys, &best));
}

static void test_large_numbers(void **state)
{
	const char *file = write_file("numbers", 0600,
				      "a = 2147483647;\n"
				      "a = 2147483648;\n"
				      "a = \"99999999999\"; b = 5; # 99999999999\n"
				      "a = -99999999999;\n"
				      "a = 99999999999L;\n"
				      "a99999999999 = 1; c = 3.99999999999;\n"
				      "a = 99999999999999999999999");

	(void)state;
	assert_false(number_too_large(file, 1));
	assert_true(number_too_large(file, 2));
	assert_false(number_too_large(file, 3));
	assert_true(number_too_large(file, 4));
	assert_false(number_too_large(file, 5));
	assert_false(number_too_large(file, 6));
	assert_true(number_too_large(file, 7));
	assert_false(number_too_large(file, 8));
	assert_false(number_too_large("not-there", 1));
}

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 1 << 20);
	if (!arena || !mkdtemp(top))
		return -1;
	unsetenv("CREDENTIALS_DIRECTORY");
	return setenv("CONFIG_KEY", "kunci", 1) |
	       setenv("CONFIG_PATH", "jalan-rahasia", 1);
}

static int teardown(void **state)
{
	static const char *const files[] = { "k", "kunci", "numbers" };
	char path[200];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", top, files[i]);
		unlink(path);
	}
	arena_free(arena);
	return rmdir(top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_secret_rights),
		cmocka_unit_test(test_secret_refused),
		cmocka_unit_test(test_secret_credential),
		cmocka_unit_test(test_secrets_wiped),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_large_numbers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
