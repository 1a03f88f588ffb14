/* SPDX-License-Identifier: MIT */
/*
 * Teaching: which words of a text are proposed, that the router with one of them routes
 * as the preview says, and that the file with it reads as before but for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "config/config.h"
#include "config/config_edit.h"
#include "config/paths.h"
#include "model/teach.h"

static struct arena *arena;
static struct config *config;
static char folder[64];
static struct err err;

static int setup(void **state)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };

	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/kentongan-teach-XXXXXX");
	arena = arena_new("test", 64 << 20);
	if (crypto_start(&err) || !arena || !mkdtemp(folder))
		return -1;
	config = config_load("conf/kentongan.conf", true, &faults);
	if (!config)
		fprintf(stderr, "%.*s", STR_ARG(buf_str(&faults.text)));
	buf_free(&faults.text);
	return config ? 0 : -1;
}

static int teardown(void **state)
{
	char command[100];

	(void)state;
	config_free(config);
	arena_free(arena);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

/* ---- candidates ---- */

static void proposes(const char *text, const char *want)
{
	struct str places[] = { STR("citasuk"), STR("padarincang") }, out[TEACH_MOST];
	size_t n = teach_candidates(config->router, str_of(text),
				    (struct str_list){ places, 2 }, arena, out);
	char all[400] = "";

	for (size_t i = 0; i < n; i++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%.*s",
			 i ? ", " : "", STR_ARG(out[i]));
	if (strcmp(all, want) != 0)
		fail_msg("'%s' proposes: %s", text, all);
}

static void words_that_nothing_matched(void **state)
{
	(void)state;
	proposes("ada monyet liar masuk kampung", "monyet liar");
	/* Neither what a phrase has, nor filler, nor numbers. */
	proposes("tolong pak jalan rusak parah di rt 03", "");
	/* Neither places, nor what follows "desa", "kp", nor people. */
	proposes("monyet masuk desa citasuk kp cibogo", "monyet");
	proposes("lapor pak Suherman, monyet di Ciruas ganggu", "monyet, ganggu");
	proposes("monyet citasuk padarincang", "monyet");
	/* The longest first, each once. */
	proposes("sumur bor macet sumur bor, kincir", "sumur bor, kincir");
	proposes("", "");
}

static void what_a_keyword_may_be(void **state)
{
	(void)state;
	assert_true(teach_fits(STR("monyet liar")));
	assert_true(teach_fits(STR("jalan + amblas")));
	assert_false(teach_fits(STR("a\"; code = \"X")));
	assert_false(teach_fits(STR("a\\b")));
	assert_false(teach_fits(STR("a\nb")));
	assert_false(teach_fits(STR("12")));
	assert_false(teach_fits(STR("")));
}

/* ---- the router with it ---- */

static struct str_list one(const char *word)
{
	static struct str item;

	item = str_of(word);
	return (struct str_list){ &item, 1 };
}

static void is_routed(const struct router *router, const char *text, const char *want)
{
	struct routing r;
	struct str got;

	router_route_plain(router, str_of(text), arena, &r);
	got = r.department < 0 ? STR("-") : config->departments[r.department].code;
	if (!str_eq(got, str_of(want)))
		fail_msg("'%s' goes to %.*s", text, STR_ARG(got));
}

static void the_router_with_it(void **state)
{
	struct str both[] = { STR("kincir angin"), STR("kincir + angin") };
	int dlh = config_department(config, STR("DLH"));
	const struct router *with = config_router_with(
		config, dlh, (struct str_list){ both, 2 }, arena, &err);

	(void)state;
	assert_non_null(with);
	is_routed(with, "kincir angin berderit", "DLH");
	is_routed(config->router, "kincir angin berderit", "-");
	is_routed(with, "jalan rusak parah", "PUPR");
	/* As kentongand -t says. */
	assert_null(config_router_with(config, dlh, one("jalan rusak"), arena, &err));
	assert_non_null(strstr(err.text, "belongs to PUPR already"));
}

/* ---- the file with it ---- */

static const char *put(const char *name, const char *text)
{
	const char *path = arena_printf(arena, "%s/%s", folder, name).p;
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return path;
}

static void adds(const char *before, const char *department, const char *after)
{
	const char *main = put("main.conf", "a = 1;\n@include \"d.conf\"\n");
	const char *path = put("d.conf", before);
	struct edit_place place;
	struct str text;

	if (edit_find(main, str_of(department), arena, &place, &err))
		fail_msg("%s", err.text);
	text = edit_apply(&place, one("baru"), arena);
	assert_int_equal(edit_write(place.path, text, arena, &err), 0);
	text = file_read(path, 1 << 20, arena);
	if (!str_eq(text, str_of(after)))
		fail_msg("it reads:\n%.*s", STR_ARG(text));
}

static void into_the_list(void **state)
{
	(void)state;
	adds("departments = ( { code = \"A\"; keywords = [ \"x\", \"y\" ]; } );", "A",
	     "departments = ( { code = \"A\"; keywords = [ \"x\", \"y\", \"baru\" ]; } "
	     ");");
	adds("departments = ( { code = \"A\"; keywords = []; } );", "A",
	     "departments = ( { code = \"A\"; keywords = [\"baru\"]; } );");
	/* Comments stay where they are; the code may come last. */
	adds("# keywords = [ \"no\" ]\ndepartments = (\n"
	     "\t{ keywords = [ # c1\n\t\t\"x\", \"]\" # c2\n\t\t# c3\n\t]; code = "
	     "\"A\"; },\n"
	     "\t{ code = \"B\"; keywords = [ \"z\" ]; }\n);\n",
	     "A",
	     "# keywords = [ \"no\" ]\ndepartments = (\n"
	     "\t{ keywords = [ # c1\n\t\t\"x\", \"]\", # c2\n\t\t# "
	     "c3\n\t\t\"baru\"\n\t]; "
	     "code = \"A\"; },\n"
	     "\t{ code = \"B\"; keywords = [ \"z\" ]; }\n);\n");
	/* Other lists of the group, and groups within it, are none of it. */
	adds("departments = ( { code = \"A\"; not_with = [ \"q\" ]; ways = ( { code = "
	     "\"B\"; to = [ \"w\" ]; } ); keywords = [ \"x\" ]; } );",
	     "A",
	     "departments = ( { code = \"A\"; not_with = [ \"q\" ]; ways = ( { code = "
	     "\"B\"; to = [ \"w\" ]; } ); keywords = [ \"x\", \"baru\" ]; } );");
}

static void what_cannot_be_found(void **state)
{
	const char *main = put("main.conf", "@include \"d.conf\"\n");
	struct edit_place place;

	(void)state;
	put("d.conf", "departments = ( { code = \"A\"; }, { code = \"C\"; keywords = [\n"
		      "@include \"e.conf\"\n]; } );");
	put("e.conf", "\"x\"");
	assert_int_equal(edit_find(main, STR("B"), arena, &place, &err), -1);
	assert_non_null(strstr(err.text, "no department \"B\""));
	assert_int_equal(edit_find(main, STR("A"), arena, &place, &err), -1);
	assert_non_null(strstr(err.text, "no list of keywords"));
	assert_int_equal(edit_find(main, STR("C"), arena, &place, &err), -1);
	assert_non_null(strstr(err.text, "several files"));
}

static void rights_and_links_stay(void **state)
{
	const char *path = put("d.conf", "x"), *link;
	struct stat st;

	(void)state;
	link = arena_printf(arena, "%s/link.conf", folder).p;
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(symlink("d.conf", link), 0);
	assert_int_equal(edit_write(link, STR("y"), arena, &err), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(edit_write("/tmp/kentongan-none/x", STR("y"), arena, &err), -1);
}

/* The sample's own file: one line more, and it loads. */
static void the_sample_takes_one(void **state)
{
	struct edit_place place;
	struct str after;

	(void)state;
	assert_int_equal(
		edit_find("conf/kentongan.conf", STR("PUPR"), arena, &place, &err), 0);
	after = edit_apply(&place, one("baru"), arena);
	assert_true(str_find(after, STR("\n\t\t\t\"baru\"\n")) < after.n);
	assert_int_equal(after.n, place.text.n + strlen(",\t\t\t\"baru\"\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_that_nothing_matched),
		cmocka_unit_test(what_a_keyword_may_be),
		cmocka_unit_test(the_router_with_it),
		cmocka_unit_test(into_the_list),
		cmocka_unit_test(what_cannot_be_found),
		cmocka_unit_test(rights_and_links_stay),
		cmocka_unit_test(the_sample_takes_one),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
