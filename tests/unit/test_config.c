/* SPDX-License-Identifier: MIT */
/* Configuration files, good and bad: every fault at once, each with its place and its
 * remedy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/config.h"

static char folder[] = "/tmp/kentongan-config-XXXXXX";

static const char good_part[] =
	"gateway = { name = \"Uji\"; };\nstore = { path = \"uji.db\"; };\n"
	"departments = ( { code = \"AA\"; name = \"A\"; keywords = [ \"jalan rusak\" ]; "
	"} "
	");\n"
	"@include \"texts.conf\"\n";
static const char provider[] =
	"providers = ( { id = \"p\"; adapter = \"africastalking\"; username = \"u\";\n"
	"  api_key = \"file:key\"; poll_every = \"250ms\"; send_rate = 30; } );\n";

static char *path_of(const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const char *a, const char *b, mode_t mode)
{
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	fprintf(f, "%s%s", a, b);
	fclose(f);
	assert_int_equal(chmod(path_of(name), mode), 0);
}

static struct config *load(const char *a, const char *b, struct config_faults *faults)
{
	*faults = (struct config_faults){ .text = BUF_INIT(1 << 20) };
	write_file("main.conf", a, b, 0600);
	return config_load(path_of("main.conf"), false, faults);
}

static void expect_fault(struct config_faults *faults, const char *words)
{
	if (str_find(buf_str(&faults->text), str_of(words)) == faults->text.n)
		fail_msg("\"%s\" is not in:\n%s", words,
			 faults->text.p ? faults->text.p : "");
}

static int setup(void **state)
{
	char command[400];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(command, sizeof(command), "cp conf/texts/id.conf %s/texts.conf", folder);
	write_file("key", "rahasia\n", "", 0600);
	return system(command);
}

static int teardown(void **state)
{
	static const char *const names[] = { "main.conf", "texts.conf", "key" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(path_of(names[i]));
	return rmdir(folder);
}

static void good(void **state)
{
	struct config_faults faults;
	struct config *c = load(good_part, provider, &faults);

	(void)state;
	if (!c)
		fail_msg("%s", faults.text.p);
	assert_int_equal(c->n_providers, 1);
	assert_int_equal(c->providers[0].poll_every_ms, 250);
	assert_true(c->providers[0].send_rate > 29.9 && c->providers[0].send_rate < 30.1);
	assert_int_equal(c->providers[0].connections, 4);
	assert_int_equal(c->zone_s, 25200);
	/* A relative path starts at the file's folder. */
	assert_true(str_starts(c->store.path, str_of(folder)));
	config_free(c);
}

static void all_faults_at_once(void **state)
{
	static const char bad[] =
		"providers = ( { id = \"P P\"; adapter = \"africastalking\"; username = "
		"\"u\";\n"
		"  api_key = \"rahasia\"; poll_evry = \"2s\"; send_rate = \"30\"; "
		"connections = 0; } );\n"
		"guards = { replies_hour = \"20\"; block = \"x\"; };\nfoo = 1;\n"
		"calendar = { holidays = [ \"2026-02-30\" ]; workdays = [ \"monday\" ]; "
		"};\n";
	struct config_faults faults;

	(void)state;
	assert_null(load(good_part, bad, &faults));
	expect_fault(&faults,
		     "main.conf:6: providers: unknown setting 'poll_evry'; did you mean "
		     "'poll_every'?");
	expect_fault(&faults,
		     "main.conf:6: providers.api_key: a secret is not written here");
	expect_fault(&faults, "main.conf:6: providers.send_rate: a number is wanted, a "
			      "string in quotes");
	expect_fault(&faults, "providers.connections: 0 is out of range, 1 to 256");
	expect_fault(&faults, "providers.id: small letters");
	expect_fault(&faults, "main.conf:7: guards.replies_hour: a number is wanted");
	expect_fault(&faults, "guards.block: a list");
	expect_fault(&faults, "main.conf:8: configuration: unknown setting 'foo'");
	expect_fault(&faults, "\"2026-02-30\" is no date");
	expect_fault(&faults, "\"monday\" is no weekday");
	assert_true(faults.n >= 10);
	buf_free(&faults.text);
}

static void secrets_are_guarded(void **state)
{
	struct config_faults faults;

	(void)state;
	write_file("key", "rahasia\n", "", 0644);
	assert_null(load(good_part, provider, &faults));
	expect_fault(&faults, "is readable by others; chmod 600 it");
	buf_free(&faults.text);
	write_file("key", "\n", "", 0600);
	assert_null(load(good_part, provider, &faults));
	expect_fault(&faults, "the secret is empty");
	buf_free(&faults.text);
	write_file("key", "rahasia\n", "", 0600);
}

static void missing_and_broken(void **state)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };

	(void)state;
	assert_null(config_load("/nowhere/at/all.conf", false, &faults));
	expect_fault(&faults, "/nowhere/at/all.conf:0:");
	buf_free(&faults.text);
	assert_null(load("gateway = {\n", "", &faults));
	expect_fault(&faults, "main.conf:2: syntax error");
	buf_free(&faults.text);
	assert_null(load("@include \"texts.conf\"\n", "", &faults));
	expect_fault(&faults, "the setting gateway.name is missing");
	expect_fault(&faults, "the setting store.path is missing");
	buf_free(&faults.text);
}

static void the_sample_is_good(void **state)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *c = config_load_sample(&faults);

	(void)state;
	if (!c)
		fail_msg("%s", faults.text.p);
	assert_int_equal(c->n_departments, 20);
	assert_int_equal(c->places.kecamatan.n, 29);
	config_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(all_faults_at_once),
		cmocka_unit_test(secrets_are_guarded),
		cmocka_unit_test(missing_and_broken),
		cmocka_unit_test(the_sample_is_good),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
