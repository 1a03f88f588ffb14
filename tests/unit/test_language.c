/* SPDX-License-Identifier: MIT */
/* Which language is written: single marks, and the labelled texts with their rates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/language.h"

static struct arena *arena, *kept;
static struct languages *languages;

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 1 << 20);
	kept = arena_new("languages", 1 << 20);
	languages = kept ? languages_build(kept) : NULL;
	return arena && languages ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	arena_free(kept);
	return 0;
}

static enum command_language of(const char *text)
{
	arena_reset(arena);
	return language_of(languages, str_of(text), arena, NULL);
}

static void takes_two_marks_and_a_lead(void **state)
{
	struct language_marks marks;

	(void)state;
	assert_int_equal(of("teu acan"), LANGUAGE_SUNDA);
	assert_int_equal(of("teu"), LANGUAGE_NONE);
	assert_int_equal(of("teu teu teu teu"), LANGUAGE_NONE);
	/* Two half marks are one. */
	assert_int_equal(of("nu mah"), LANGUAGE_NONE);
	assert_int_equal(of("ora durung"), LANGUAGE_JAWA);
	assert_int_equal(of("ORA, DURUNG!"), LANGUAGE_JAWA);
	/* As much of one as of the other. */
	assert_int_equal(of("ora durung teu acan"), LANGUAGE_NONE);
	assert_int_equal(of("yang sudah ora durung"), LANGUAGE_NONE);
	assert_int_equal(of("yang sudah"), LANGUAGE_INDONESIA);
	/* Three to two is no lead. */
	assert_int_equal(of("teu mah"), LANGUAGE_SUNDA);
	assert_int_equal(of("teu mah jalan rumah"), LANGUAGE_NONE);
	assert_int_equal(of("dibenerkeun dipasangkeun"), LANGUAGE_SUNDA);
	assert_int_equal(of("keun aken"), LANGUAGE_NONE);
	assert_int_equal(of(""), LANGUAGE_NONE);
	assert_int_equal(of("12345 !!!"), LANGUAGE_NONE);
	assert_int_equal(language_of(languages, STR("teu acan jalan"), arena, &marks),
			 LANGUAGE_SUNDA);
	assert_int_equal(marks.words, 3);
	assert_int_equal(marks.n[LANGUAGE_SUNDA], 4);
	assert_int_equal(marks.n[LANGUAGE_INDONESIA], 1);
}

static void marks_stand_once(void **state)
{
	const char *twice = language_words_twice();

	(void)state;
	if (twice)
		fail_msg("twice: %.20s", twice);
}

/* ---- labelled texts ---- */

struct rates {
	unsigned right, missed, wrong, all;
};

static void show(const char *what, struct str text, enum command_language said)
{
	if (getenv("V"))
		print_message("%s %s: %.*s\n", what, command_language_code(said),
			      STR_ARG(text));
}

/* A text that is none, called Indonesian, does no harm: that is how it is answered. */
static void count(struct rates *r, struct str label, struct str text)
{
	enum command_language said = language_of(languages, text, arena, NULL);
	struct str code = str_of(command_language_code(said));
	bool none = str_eq(label, STR("-"));

	r->all++;
	if (none ? said == LANGUAGE_NONE || said == LANGUAGE_INDONESIA
		 : str_eq(code, label)) {
		r->right++;
	} else if (said == LANGUAGE_NONE) {
		r->missed++;
		show("missed", text, said);
	} else {
		r->wrong++;
		show("wrong", text, said);
	}
}

static struct rates read_texts(const char *path, const char *label, char half)
{
	struct rates r = { 0 };
	FILE *f = fopen(path, "re");
	char line[2000];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		struct str rest = str_trim(str_of(line)), mine, flags;

		if (rest.n == 0 || rest.p[0] == '#')
			continue;
		arena_reset(arena);
		str_split(&rest, '\t', &mine);
		str_split(&rest, '\t', &flags);
		if (str_eq(mine, str_of(label)) && flags.p[0] == half)
			count(&r, mine, rest);
	}
	fclose(f);
	return r;
}

static void labelled(void **state)
{
	static const char *const labels[] = { "id", "su", "jv", "en", "-" };
	unsigned all = 0;

	(void)state;
	for (const char *half = "th"; *half; half++)
		for (size_t i = 0; i < 5; i++) {
			struct rates r =
				read_texts("tests/texts/languages.tsv", labels[i], *half);

			print_message("%s %s: right %u, missed %u, wrong %u of %u\n",
				      *half == 't' ? "tuning  " : "held out", labels[i],
				      r.right, r.missed, r.wrong, r.all);
			assert_int_equal(r.wrong, 0);
			assert_true(r.right * 100 >= r.all * 60);
			all += r.all;
		}
	assert_true(all >= 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_two_marks_and_a_lead),
		cmocka_unit_test(marks_stand_once),
		cmocka_unit_test(labelled),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
