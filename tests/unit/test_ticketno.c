/* SPDX-License-Identifier: MIT */
/* Check digits over all slips, and numbers as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>

#include <cmocka.h>

#include "model/ticketno.h"

enum { WIDTH = 5 };

static void known_numbers(void **state)
{
	(void)state;
	assert_int_equal(ticketno_make(2025, 417, WIDTH), 25004176);
	assert_int_equal(ticketno_make(25, 410, WIDTH), 25004100);
	assert_int_equal(damm_digit(STR("572")), 4); /* Damm's own example */
	assert_true(damm_ok(STR("5724")));
	assert_false(damm_ok(STR("57x4")));
	assert_false(damm_ok(STR("0")));
	assert_true(ticketno_ok(25004176, WIDTH));
	assert_false(ticketno_ok(25004176, WIDTH + 1));
	assert_false(ticketno_ok(-25004176, WIDTH));
	assert_false(ticketno_ok(0, WIDTH));
	assert_int_equal(ticketno_make(2025, INT64_MAX, WIDTH), 0);
	/* A year that outgrows its width gets longer numbers. */
	assert_true(ticketno_ok(ticketno_make(2025, 123456, WIDTH), WIDTH));
}

/* Every wrong digit and every swap of neighbours, over many numbers. */
static void every_slip(void **state)
{
	unsigned missed = 0;

	(void)state;
	for (int64_t running = 1; running < 100000; running += 97) {
		char text[TICKETNO_TEXT_BYTES];
		int n = snprintf(text, sizeof(text), "%lld",
				 (long long)ticketno_make(2026, running, WIDTH));

		assert_int_equal(n, 8);
		for (int i = 0; i < n; i++) {
			char right = text[i];

			for (char d = '0'; d <= '9'; d++) {
				text[i] = d;
				missed += damm_ok(str_from(text, 8)) != (d == right);
			}
			text[i] = right;
			if (i + 1 < n && text[i] != text[i + 1]) {
				text[i] = text[i + 1];
				text[i + 1] = right;
				missed += damm_ok(str_from(text, 8));
				text[i + 1] = text[i];
				text[i] = right;
			}
		}
	}
	assert_int_equal(missed, 0);
}

static const struct {
	const char *text;
	int64_t no;
	size_t took;
	bool wrong;
} rows[] = {
	{ "25004176", 25004176, 8, false },
	{ "No.2500 4176", 25004176, 12, false },
	{ "#25004176", 25004176, 9, false },
	{ "nomor 25-004-176 pak", 25004176, 16, false },
	{ "NMR: 25004176", 25004176, 13, false },
	{ "tiket no #25004176", 25004176, 18, false },
	{ "25 00 41 76", 25004176, 11, false },
	{ "25.004.176", 25004176, 10, false },
	{ "25004176pak", 25004176, 8, false },
	{ "25004176 4", 25004176, 8, false },
	{ "25004176 0", 25004176, 8, false },
	{ "25004176 13 rumah", 25004176, 8, false }, /* 2500417613 is right, too */
	{ "25004176 03 rw 02", 25004176, 8, false },
	{ "25004176, 25004100", 25004176, 8, false },
	{ "25004174", 0, 8, true },
	{ "25004174 2 hari", 0, 8, true },
	{ "250041766", 0, 9, true },
	{ "2500417", 0, 0, false },
	{ "25004176250041", 0, 0, false },
	{ "4421 8890 1234 5567 0091", 0, 0, false },
	{ "081234567890", 0, 0, false },
	{ "0254200123", 0, 0, false },
	{ "81234567890", 0, 0, false },
	{ "25-12-2025", 0, 0, false },
	{ "17.08.2025 upacara", 0, 0, false },
	{ "25/12/2025", 0, 0, false },
	{ "25  004176", 0, 0, false },
	{ "nonton 25004176", 0, 0, false },
	{ "no", 0, 0, false },
	{ "", 0, 0, false },
};

static void reads_rows(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t no = 0;
		bool wrong = false;
		size_t took = ticketno_read(str_of(rows[i].text), WIDTH, &no, &wrong);

		if (took == rows[i].took && no == rows[i].no && wrong == rows[i].wrong)
			continue;
		print_message("\"%s\": %zu bytes, %lld, wrong %d\n", rows[i].text, took,
			      (long long)no, wrong);
		bad++;
	}
	assert_int_equal(bad, 0);
}

static void reads_what_it_makes(void **state)
{
	(void)state;
	for (unsigned width = 3; width <= 9; width++)
		for (int64_t running = 1; running < 2000000; running += 9973) {
			char text[TICKETNO_TEXT_BYTES];
			int64_t made = ticketno_make(2031, running, width), no = 0;
			int n = snprintf(text, sizeof(text), "%lld", (long long)made);

			if (!ticketno_ok(made, width))
				continue; /* over three digits more than the width */
			assert_int_equal(ticketno_read(str_from(text, (size_t)n), width,
						       &no, NULL),
					 n);
			assert_int_equal(no, made);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_numbers),
		cmocka_unit_test(every_slip),
		cmocka_unit_test(reads_rows),
		cmocka_unit_test(reads_what_it_makes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
