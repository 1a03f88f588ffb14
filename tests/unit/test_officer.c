/* SPDX-License-Identifier: MIT */
/*
 * Officers' commands: the rows of tests/texts/officers.tsv, every reading compared in
 * full; dates around the turn of the year; and any bytes at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "model/officer.h"
#include "model/officer_date.h"
#include "model/ticketno.h"
#include "text_rows.h"

enum { WIDTH = 5, ROWS_LEAST = 120, RANDOM_TEXTS = 20000, RANDOM_BYTES = 120 };

static struct arena *arena;

static struct str codes[] = { STR_INIT("PUPR"),	     STR_INIT("DISHUB"),
			      STR_INIT("DLH"),	     STR_INIT("DINSOS"),
			      STR_INIT("DINKES"),    STR_INIT("DISDUKCAPIL"),
			      STR_INIT("DISDIKBUD"), STR_INIT("DPMPTSP"),
			      STR_INIT("BPBD"),	     STR_INIT("DPU-CK") };

static struct str bodies[] = { STR_INIT("BBPJN"), STR_INIT("Balai Jalan Nasional"),
			       STR_INIT("PLN"), STR_INIT("PT PLN (Persero)") };

static const struct officer_rules rules = {
	.width = WIDTH,
	.today = { 2026, 11, 24 },
	.departments = { codes, sizeof(codes) / sizeof(*codes) },
	.outside = { bodies, sizeof(bodies) / sizeof(*bodies) },
};

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 1 << 20);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* ---- a reading as the file writes it ---- */

static void show_said(struct buf *out, const char *name, struct str value)
{
	if (value.n)
		buf_printf(out, " %s=%.*s", name, STR_ARG(value));
}

static void show(struct buf *out, const struct officer_command *c)
{
	buf_printf(out, "%s", officer_name(c->kind));
	if (c->no)
		buf_printf(out, " %lld", (long long)c->no);
	if (c->wrong_no)
		buf_printf(out, " wrong");
	if (c->slip)
		buf_printf(out, " slip");
	if (c->parent)
		buf_printf(out, " parent=%lld", (long long)c->parent);
	if (c->date.year)
		buf_printf(out, " date=%04d-%02d-%02d", c->date.year, c->date.month,
			   c->date.day);
	if (c->days)
		buf_printf(out, " days=%d", c->days);
	if (c->department >= 0)
		show_said(out, "opd", codes[c->department]);
	show_said(out, "said", c->said);
	show_said(out, "body", c->body);
	show_said(out, "pin", c->pin);
	for (unsigned left = c->faults, one; left; left &= ~one) {
		one = officer_fault_first(left, 0);
		buf_printf(out, " -%s", officer_fault_name((enum officer_fault)one));
	}
	if (c->text.n)
		buf_printf(out, " | %.*s", STR_ARG(c->text));
	if (!str_eq(c->text, c->text_whole))
		buf_printf(out, " || %.*s", STR_ARG(c->text_whole));
}

static bool row_right(const struct text_row *row)
{
	struct buf got = BUF_INIT(2000);
	struct officer_command c;
	bool right;

	arena_reset(arena);
	c = officer_read(row->columns[1], &rules, arena);
	show(&got, &c);
	right = row->n == 2 && str_eq(buf_str(&got), row->columns[0]);
	if (!right)
		print_message("line %u: \"%.*s\"\n   is  \"%.*s\"\n   not \"%.*s\"\n",
			      row->line, STR_ARG(row->columns[1]), STR_ARG(buf_str(&got)),
			      STR_ARG(row->columns[0]));
	buf_free(&got);
	return right;
}

static void commands(void **state)
{
	unsigned rows;

	(void)state;
	assert_int_equal(text_rows_each("tests/texts/officers.tsv", &rows, row_right), 0);
	assert_true(rows > ROWS_LEAST);
}

/* ---- the tables ---- */

static void pins(void **state)
{
	(void)state;
	for (int i = 0; i < OFFICER_COUNT; i++) {
		bool ends = i == OFFICER_LUAR || i == OFFICER_GABUNG ||
			    i == OFFICER_TOLAK || i == OFFICER_RAHASIA;

		assert_non_null(officer_name((enum officer_kind)i));
		assert_int_equal(officer_needs_pin((enum officer_kind)i), ends);
	}
}

static void faults(void **state)
{
	(void)state;
	assert_int_equal(officer_fault_first(0, 0), 0);
	assert_int_equal(officer_fault_first(OFFICER_NO_PIN | OFFICER_NO_NUMBER, 0),
			 OFFICER_NO_NUMBER);
	assert_int_equal(officer_fault_first(OFFICER_NO_PIN | OFFICER_NO_NUMBER,
					     OFFICER_NO_NUMBER),
			 OFFICER_NO_PIN);
	assert_int_equal(officer_fault_first(OFFICER_NO_PIN, OFFICER_NO_PIN), 0);
	for (unsigned i = 0; i < OFFICER_FAULTS; i++)
		assert_true(officer_fault_name((enum officer_fault)(1u << i))[0]);
}

/* ---- dates ---- */

static void dates(void **state)
{
	static const struct {
		struct when_date today;
		const char *text;
		struct when_date date; /* year 0: none, or not one that exists */
	} rows[] = {
		{ { 2026, 12, 31 }, "besok", { 2027, 1, 1 } },
		{ { 2026, 12, 31 }, "lusa", { 2027, 1, 2 } },
		{ { 2026, 12, 31 }, "tgl 5", { 2027, 1, 5 } },
		{ { 2026, 12, 31 }, "bulan depan", { 2027, 1, 31 } },
		{ { 2026, 12, 31 }, "akhir bulan", { 2026, 12, 31 } },
		{ { 2026, 12, 31 }, "akhir tahun", { 2026, 12, 31 } },
		{ { 2028, 1, 31 }, "bulan depan", { 2028, 2, 29 } },
		{ { 2026, 12, 31 }, "3/1", { 2027, 1, 3 } },
		{ { 2027, 1, 3 }, "31/12", { 2027, 12, 31 } },
		{ { 2026, 11, 24 }, "24/11", { 2026, 11, 24 } },
		{ { 2026, 11, 24 }, "29/2/28", { 2028, 2, 29 } },
		{ { 2026, 11, 24 }, "29/2/27", { 0, 0, 0 } },
		{ { 2026, 11, 24 }, "0/5", { 0, 0, 0 } },
		{ { 2026, 11, 24 }, "5/13", { 0, 0, 0 } },
		{ { 2026, 11, 24 }, "12 agt", { 2026, 8, 12 } },
		{ { 2026, 11, 24 }, "12 mei", { 2027, 5, 12 } },
		{ { 2026, 11, 24 }, "mei", { 2027, 5, 31 } },
		{ { 2026, 11, 24 }, "awal januari", { 2027, 1, 10 } },
		{ { 2026, 11, 24 }, "pertengahan bulan depan", { 2026, 12, 20 } },
		{ { 2026, 11, 24 }, "akhir maret 2027", { 2027, 3, 31 } },
		{ { 2026, 11, 24 }, "minggu ke 2 desember", { 2026, 12, 14 } },
		{ { 2026, 11, 24 }, "minggu kedua desember", { 2026, 12, 14 } },
		{ { 2027, 1, 24 }, "minggu ke 5 februari", { 2027, 2, 28 } },
		{ { 2026, 11, 24 }, "akhir bulan depan", { 2026, 12, 31 } },
		{ { 2026, 11, 24 }, "minggu ke", { 2026, 11, 29 } },
		{ { 2026, 11, 24 }, "awal", { 0, 0, 0 } },
		{ { 2026, 11, 24 }, "12", { 0, 0, 0 } },
		{ { 2026, 11, 24 }, "3 hari", { 0, 0, 0 } },
		{ { 2026, 11, 24 }, "dalam 3 hari", { 2026, 11, 27 } },
		/* Sunday: the week that ends today, the next begins tomorrow */
		{ { 2026, 11, 29 }, "senin", { 2026, 11, 30 } },
		{ { 2026, 11, 29 }, "senin depan", { 2026, 11, 30 } },
		{ { 2026, 11, 29 }, "minggu", { 2026, 12, 6 } },
		/* Monday */
		{ { 2026, 11, 23 }, "senin", { 2026, 11, 30 } },
		{ { 2026, 11, 23 }, "senin depan", { 2026, 11, 30 } },
		{ { 2026, 11, 23 }, "rabu", { 2026, 11, 25 } },
		{ { 2026, 11, 23 }, "rabu depan", { 2026, 12, 2 } },
		{ { 2026, 11, 23 }, "rumah", { 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct officer_date got = { .exists = false };
		const struct when_date *want = &rows[i].date, *d = &got.date;
		bool found;

		arena_reset(arena);
		found = officer_date_at(words_cut(str_of(rows[i].text), WIDTH, arena), 0,
					rows[i].today, &got) &&
			got.exists;
		if (found != (want->year != 0) ||
		    (found && (d->year != want->year || d->month != want->month ||
			       d->day != want->day)))
			fail_msg("\"%s\" after %d-%d-%d: %d %d-%d-%d", rows[i].text,
				 rows[i].today.year, rows[i].today.month,
				 rows[i].today.day, found, d->year, d->month, d->day);
	}
}

/* ---- edges ---- */

static void no_memory(void **state)
{
	struct arena *none = arena_new("none", 1);

	(void)state;
	assert_int_equal(officer_read(STR("TERIMA 25004176"), &rules, none).kind,
			 OFFICER_NONE);
	arena_free(none);
	arena_reset(arena);
	assert_int_equal(officer_read(STR(""), &rules, arena).kind, OFFICER_NONE);
}

static void departments_near_to_several(void **state)
{
	struct str near[] = { STR_INIT("DINKES"), STR_INIT("DINKOS") };
	struct officer_rules several = { .width = WIDTH,
					 .today = { 2026, 11, 24 },
					 .departments = { near, 2 } };
	struct officer_command c;

	(void)state;
	c = officer_read(STR("ALIH 25004176 dinks soal obat habis"), &several, arena);
	assert_int_equal(c.department, -1);
	assert_int_equal(c.faults, OFFICER_BAD_DEPARTMENT);
	c = officer_read(STR("ALIH 25004176 dinkos soal obat habis"), &several, arena);
	assert_int_equal(c.department, 1);
	several.departments.n = 0;
	c = officer_read(STR("ALIH 25004176 dinkos soal obat habis"), &several, arena);
	assert_int_equal(c.faults, OFFICER_BAD_DEPARTMENT);
}

static uint64_t chance(void)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

static struct str random_text(char bytes[RANDOM_BYTES])
{
	static const char *const words[] = {
		"terima ",  "selesai ",	    "jadwal ",	"alih ",     "luar ",
		"gabung ",  "tolak ",	    "ppj ",	"25004176 ", "25004174",
		"2500 4",   "12/8",	    "31-2-25 ", "senin ",    "depan ",
		"5 hari ",  "dlh ",	    "PT ",	"4821",	     " 4821 ",
		"pin ",	    "\xc3\xa9",	    ", ",	"ke ",	     "no ",
		"rahasia ", "akhir bulan ", "9999 ",	": ",	     "99/99/9999 ",
	};
	size_t n = 0, most = chance() % RANDOM_BYTES;
	bool bytes_only = chance() % 3 == 0;

	while (n < most) {
		const char *word = words[chance() % (sizeof(words) / sizeof(*words))];
		size_t length = strlen(word);

		if (bytes_only) {
			bytes[n++] = (char)chance();
		} else if (n + length <= most) {
			memcpy(bytes + n, word, length);
			n += length;
		} else {
			break;
		}
	}
	return str_from(bytes, n);
}

static void inside(struct str part, struct str text)
{
	if (part.n)
		assert_true(part.p >= text.p && part.p + part.n <= text.p + text.n);
}

static void any_bytes(void **state)
{
	char bytes[RANDOM_BYTES];

	(void)state;
	for (int i = 0; i < RANDOM_TEXTS; i++) {
		struct officer_command c;
		struct str text;

		arena_reset(arena);
		text = utf8_repair(random_text(bytes), arena);
		c = officer_read(text, &rules, arena);
		assert_true(c.kind < OFFICER_COUNT);
		assert_true(c.no == 0 || ticketno_ok(c.no, WIDTH));
		assert_true(c.parent == 0 || ticketno_ok(c.parent, WIDTH));
		assert_false(c.no && c.wrong_no);
		assert_true(c.department >= -1 &&
			    c.department < (int)rules.departments.n);
		assert_true(c.date.year == 0 || when_date_exists(c.date));
		assert_true(c.days >= 0 && c.days <= 365);
		assert_true(c.pin.n == 0 || (c.pin.n >= 4 && c.pin.n <= 8));
		assert_int_equal(c.faults >> OFFICER_FAULTS, 0);
		if (c.kind == OFFICER_NONE)
			assert_true(!c.no && !c.faults && !c.text.n && !c.pin.n);
		inside(c.text, text);
		inside(c.text_whole, text);
		inside(c.pin, text);
		inside(c.body, text);
		inside(c.said, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands),
		cmocka_unit_test(pins),
		cmocka_unit_test(faults),
		cmocka_unit_test(dates),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(departments_near_to_several),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
