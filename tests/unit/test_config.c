/* SPDX-License-Identifier: MIT */
/*
 * Reading the configuration. tests/fixtures/config/bad/NAME.conf must be refused with
 * exactly the lines of NAME.faults (paths from that folder on); good.conf is read field
 * by field. The router, the texts and the adapters are the real ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/crypto.h"
#include "config/config.h"
#include "config/secret.h"

#define FIXTURES "tests/fixtures/config/"

static char top[] = "/tmp/kentongan-config-XXXXXX";

static struct config *load(const char *file, struct config_faults *faults)
{
	*faults = (struct config_faults){ .text = BUF_INIT(1 << 20) };
	return config_load(file, false, faults);
}

static struct config *load_good(const char *file)
{
	struct config_faults faults;
	struct config *c = load(file, &faults);

	if (!c)
		fail_msg("%s is not accepted:\n%.*s", file,
			 STR_ARG(buf_str(&faults.text)));
	buf_free(&faults.text);
	return c;
}

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

/* ---- what is good ---- */

static void test_good(void **state)
{
	struct config *c = load_good(FIXTURES "good.conf");
	const struct config_provider *p = &c->providers[0], *q = &c->providers[1];

	(void)state;
	assert_str(c->gateway.name, "Kabupaten Uji");
	assert_int_equal(c->gateway.number_width, 6);
	assert_str(c->gateway.rest_queue, "UMUM"); /* a default */
	assert_int_equal(c->zone_s, 8 * 3600 + 30 * 60);
	assert_int_equal(c->store.path.p[0], '/');
	assert_true(str_ends(c->store.path, STR("/" FIXTURES "state/uji.db")));
	assert_int_equal(c->store.keep_raw_ms, 2 * 86400000);
	assert_int_equal(c->store.key.n, 64);
	assert_int_equal(c->store.old_key.n, 0);
	assert_str(c->listen.callbacks, "[::1]:0");
	assert_str(c->listen.admin, "");
	assert_int_equal(c->n_providers, 2);
	assert_str(p->path_secret, "jalan-rahasia");
	assert_int_equal(p->poll_every_ms, 250);
	assert_int_equal(p->poll_idle_ms, 5000);
	assert_true(p->send_rate == 30); /* an integer where a fraction may stand */
	assert_true(q->send_rate == 0.5);
	assert_int_equal(p->on_unknown, UNKNOWN_HOLD);
	assert_int_equal(p->allow_from.n, 2);
	assert_true(p->poll && !q->poll);
	assert_true(q->caps & SMS_PUSH);
	assert_false(q->caps & SMS_FETCH);
	assert_ptr_equal(config_provider(c, STR("kedua")), q);
	assert_null(config_provider(c, STR("ketiga")));
	config_free(c);
}

static void test_good_parts(void **state)
{
	struct config *c = load_good(FIXTURES "good.conf");
	const struct config_kecamatan *k = c->places.kecamatan.items;

	(void)state;
	assert_int_equal(c->n_departments, 2);
	assert_int_equal(config_department(c, STR("DLH")), 1);
	assert_int_equal(config_department(c, STR("UMUM")), -1);
	assert_int_equal(c->departments[0].answer_days, -1);
	assert_int_equal(c->departments[0].clocks.answer.n, 3);
	assert_int_equal(c->guards.same_text, 0);
	assert_int_equal(c->guards.block.n, 1);
	assert_int_equal(c->log.format, 3);
	assert_int_equal(c->places.kecamatan.n, 1);
	assert_str(k->name, "Baros");
	assert_str(k->also.items[0], "Baroz");
	assert_str(k->desa.items[0], "Sukacai");
	assert_true(c->texts && c->router && c->calendar);
	config_free(c);
	config_free(NULL);
}

/* "plain" holds for what is on this machine, and only for that. */
static void test_plain_mail(void **state)
{
	struct config *c = load_good(FIXTURES "mail-plain.conf");

	(void)state;
	assert_true(c->mail.plain);
	assert_false(c->mail.inbox_plain);
	config_free(c);
}

/* The sample of the source tree and the one in the program. */
static void test_samples(void **state)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *c = config_load("conf/kentongan.conf", true, &faults);

	(void)state;
	if (!c)
		fail_msg("%.*s", STR_ARG(buf_str(&faults.text)));
	assert_true(c->n_departments >= 20 && c->calendar_file.holidays.n > 20);
	config_free(c);
	c = config_load_sample(&faults);
	assert_non_null(c);
	assert_int_equal(c->n_departments, 20);
	assert_int_equal(c->places.kecamatan.n, 29);
	assert_true(c->understanding.model.n > 0);
	config_free(c);
	buf_free(&faults.text);
}

/* ---- what is bad ---- */

static void replace(struct buf *text, const char *what)
{
	struct buf out = BUF_INIT(1 << 20);
	struct str rest = buf_str(text), needle = str_of(what);

	while (rest.n) {
		size_t at = str_find(rest, needle);

		buf_add(&out, str_slice(rest, 0, at));
		rest = at < rest.n ? str_slice(rest, at + needle.n, rest.n)
				   : str_from(NULL, 0);
	}
	buf_free(text);
	*text = out;
}

static char *content_of(const char *path)
{
	static char text[65536];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		fail_msg("%s: %s", path, strerror(errno));
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static void check_bad(const char *file, const char *here)
{
	struct config_faults faults;
	struct config *c = load(file, &faults);
	char expected[300];
	size_t lines = 0;

	if (c)
		fail_msg("%s is accepted", file);
	snprintf(expected, sizeof(expected), "%.*s.faults",
		 (int)(strlen(file) - strlen(".conf")), file);
	for (size_t i = 0; i < faults.text.n; i++)
		lines += faults.text.p[i] == '\n';
	assert_int_equal(lines, faults.n);
	replace(&faults.text, here);
	replace(&faults.text, FIXTURES "bad/");
	buf_add_char(&faults.text, '\0');
	if (strcmp(faults.text.p, content_of(expected)) != 0)
		fail_msg("%s:\n%s-- is not what %s says", file, faults.text.p, expected);
	buf_free(&faults.text);
}

static void test_bad(void **state)
{
	char cwd[2000], here[2002];
	glob_t files;

	(void)state;
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	snprintf(here, sizeof(here), "%s/", cwd);
	assert_int_equal(glob(FIXTURES "bad/*.conf", 0, NULL, &files), 0);
	assert_true(files.gl_pathc >= 15);
	for (size_t i = 0; i < files.gl_pathc; i++)
		check_bad(files.gl_pathv[i], here);
	globfree(&files);
}

/* Where a list cannot be put is told, and keeps nothing from starting. */
static void test_note(void **state)
{
	struct buf notes = BUF_INIT(1 << 20);
	struct config_faults faults = { .text = BUF_INIT(1 << 20), .notes = &notes };
	struct config *c = config_load(FIXTURES "print.conf", false, &faults);

	(void)state;
	assert_non_null(c);
	assert_int_equal(faults.n, 0);
	buf_add_char(&notes, '\0');
	assert_non_null(strstr(notes.p, "print.conf:5: note: ways.folder: /"));
	assert_non_null(strstr(notes.p, "not/there: No such file or directory; the "
					"daemon's user must be able to write there"));
	assert_null(strchr(strchr(notes.p, '\n') + 1, '\n')); /* one of the two */
	config_free(c);
	buf_free(&notes);
	buf_free(&faults.text);
}

static void test_no_file(void **state)
{
	struct config_faults faults;

	(void)state;
	assert_null(load(FIXTURES "not-there.conf", &faults));
	assert_int_equal(faults.n, 1);
	assert_true(str_starts(buf_str(&faults.text), STR(FIXTURES "not-there.conf:")));
	buf_free(&faults.text);
}

/* Words of the file do not break a fault's line, nor reach a terminal's controls. */
static void test_fault_is_one_line(void **state)
{
	const char *file = write_file("odd.conf", 0600,
				      "gateway = { name = \"a\"; timezone = "
				      "\"x\\n\\x1b[31my\"; };\n");
	struct config_faults faults;

	(void)state;
	assert_null(load(file, &faults));
	assert_int_equal(str_find_char(buf_str(&faults.text), '\x1b'), faults.text.n);
	assert_true(str_find(buf_str(&faults.text), STR("x??[31my")) < faults.text.n);
	buf_free(&faults.text);
}

/* ---- secrets ---- */

/* Every secret of a config is one of those that config_free wipes. */
static void test_secrets_known(void **state)
{
	struct config *c = load_good(FIXTURES "good.conf");
	size_t n = 0;
	bool found = false;

	(void)state;
	for (struct secret *s = c->secrets; s; s = s->next) {
		n++;
		found |= s->p == c->providers[0].path_secret.p;
	}
	assert_int_equal(n, 4);
	assert_true(found);
	config_free(c);
}

static void test_without_secrets(void **state)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *c;

	(void)state;
	assert_int_equal(unsetenv("CONFIG_KEY"), 0);
	c = config_load(FIXTURES "good.conf", true, &faults);
	assert_int_equal(setenv("CONFIG_KEY", "kunci", 1), 0);
	assert_non_null(c);
	assert_null(c->secrets);
	config_free(c);
	buf_free(&faults.text);
}

/* ---- how long it takes ---- */

static void write_many(FILE *f, int phrases)
{
	/* A word for each syllable of the count: all different, none nearly another. */
	static const char *const words[] = { "bakola", "cinaru", "dumite", "fasepo",
					     "gitumo", "hanelu", "jorisa", "kupade",
					     "lemuti", "masoru" };

	for (int d = 0; d < 20; d++) {
		fprintf(f, "%s{ code = \"D%d\"; name = \"D\"; keywords = [ ",
			d ? ", " : "", d);
		for (int i = d; i < phrases; i += 20)
			fprintf(f, "%s\"%s %s %s %s\"", i >= 20 ? ", " : "",
				words[i / 1000 % 10], words[i / 100 % 10],
				words[i / 10 % 10], words[i % 10]);
		fputs(" ]; }\n", f);
	}
}

static void test_many_phrases(void **state)
{
	char here[2000];
	const char *file = write_file("many.conf", 0600, "");
	FILE *f = fopen(file, "w");
	struct config *c;
	clock_t start;
	double ms;

	(void)state;
	assert_non_null(f);
	assert_non_null(getcwd(here, sizeof(here)));
	fputs("gateway = { name = \"a\"; };\nstore = { path = \"a\"; };\nproviders = ( { "
	      "id = \"a\"; adapter = \"africastalking\"; username = \"a\"; api_key = "
	      "\"env:CONFIG_KEY\"; } );\ndepartments = (",
	      f);
	write_many(f, 2000);
	/* Includes are taken from the file's folder on. */
	fprintf(f, ");\n@include \"../..%s/conf/texts/id.conf\"\n", here);
	assert_int_equal(fclose(f), 0);
	start = clock();
	c = load_good(file);
	ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
	print_message("2,000 phrases are checked in %.1f ms\n", ms);
	assert_true(ms < 1000); /* under a sanitizer too */
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && \
	!defined(__SANITIZE_THREAD__)
	assert_true(ms < 100);
#endif
	config_free(c);
}

static int setup(void **state)
{
	struct err err;

	(void)state;
	if (!mkdtemp(top) || crypto_start(&err))
		return -1;
	setenv("CONFIG_STORE_KEY",
	       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 1);
	return setenv("CONFIG_KEY", "kunci", 1) | setenv("CONFIG_EMPTY", "", 1) |
	       setenv("CONFIG_PATH", "jalan-rahasia", 1) |
	       setenv("CONFIG_SHORT", "pendek", 1);
}

static int teardown(void **state)
{
	static const char *const files[] = { "odd.conf", "many.conf" };
	char path[200];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", top, files[i]);
		unlink(path);
	}
	return rmdir(top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_good_parts),
		cmocka_unit_test(test_plain_mail),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_fault_is_one_line),
		cmocka_unit_test(test_secrets_known),
		cmocka_unit_test(test_without_secrets),
		cmocka_unit_test(test_many_phrases),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
