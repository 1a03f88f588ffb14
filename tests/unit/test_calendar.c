/* SPDX-License-Identifier: MIT */
/* Working days against counting them one by one, office hours, dates and written times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/calendar.h"

enum { WIB = 25200, OPEN = 450, CLOSE = 960 };

static struct when_date holidays[] = {
	{ 2025, 8, 18 },  { 2026, 1, 1 },  { 2025, 12, 25 },
	{ 2025, 12, 26 }, { 2025, 8, 18 },
};

static const struct calendar_spec usual = {
	.zone_s = WIB,
	.workday = { false, true, true, true, true, true, false },
	.open_minute = OPEN,
	.close_minute = CLOSE,
	.holidays = holidays,
	.n_holidays = sizeof(holidays) / sizeof(*holidays),
};

static struct arena *arena;
static struct calendar *cal;

static int setup(void **state)
{
	struct err err;

	(void)state;
	arena = arena_new("test", 1 << 20);
	cal = arena ? calendar_build(&usual, arena, &err) : NULL;
	return cal ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static int64_t at(const char *iso)
{
	int64_t ms = -1;

	assert_true(time_read_iso(str_of(iso), WIB, &ms));
	return ms;
}

static void adds(const char *from, int n, const char *to)
{
	int64_t ms = calendar_add_workdays(cal, at(from), n);

	if (ms != at(to))
		print_message("%s + %d: %s, not %s\n", from, n,
			      calendar_iso(cal, ms, arena).p, to);
	assert_true(ms == at(to));
}

static void working_days(void **state)
{
	(void)state;
	adds("2025-08-04T07:12", 0, "2025-08-04T16:00"); /* a Monday */
	adds("2025-08-04T07:12", 3, "2025-08-07T16:00");
	adds("2025-08-04T15:59:59", 1, "2025-08-05T16:00");
	adds("2025-08-04T16:00", 1, "2025-08-06T16:00"); /* after closing */
	adds("2025-08-08T17:00", 0, "2025-08-11T16:00"); /* Friday evening */
	adds("2025-08-09T10:00", 0, "2025-08-11T16:00"); /* Saturday */
	adds("2025-08-09T23:00", 1, "2025-08-12T16:00");
	adds("2025-08-10T00:00", 1, "2025-08-12T16:00"); /* Sunday */
	adds("2025-08-15T10:00", 1, "2025-08-19T16:00"); /* over a holiday Monday */
	adds("2025-08-18T10:00", 1, "2025-08-20T16:00"); /* on it */
	adds("2025-12-24T10:00", 1, "2025-12-29T16:00"); /* two holidays and a weekend */
	adds("2025-12-31T10:00", 1, "2026-01-02T16:00"); /* over New Year */
	adds("2024-02-28T10:00", 2, "2024-03-01T16:00"); /* leap day */
	adds("2025-02-27T10:00", 2, "2025-03-03T16:00");
	adds("2025-08-04T10:00", -5, "2025-08-04T16:00");
}

/* The same by asking every single day, over six years. */
static void against_counting(void **state)
{
	int64_t day = at("2023-12-28T09:00");

	(void)state;
	for (int i = 0; i < 2200; i++, day += 86400000) {
		int64_t there = day;
		int left = 14;

		while (!calendar_is_workday(cal, calendar_date_of(cal, there)))
			there += 86400000;
		while (left > 0) {
			there += 86400000;
			left -= calendar_is_workday(cal, calendar_date_of(cal, there));
		}
		assert_true(calendar_add_workdays(cal, day, 14) == there + 7 * 3600000);
	}
}

static void one_day_a_week(void **state)
{
	struct calendar_spec spec = { .zone_s = WIB, .close_minute = 60 };
	struct err err;
	struct calendar *c;

	(void)state;
	spec.workday[3] = true;
	c = calendar_build(&spec, arena, &err);
	assert_non_null(c);
	/* 1,000 Wednesdays on. */
	assert_true(calendar_add_workdays(c, at("2025-08-06T00:00"), 1000) ==
		    at("2025-08-06T01:00") + INT64_C(7000) * 86400000);
}

static void refuses(void **state)
{
	struct when_date odd = { 2025, 2, 29 };
	struct calendar_spec none = usual, wrong = usual;
	struct err err;

	(void)state;
	memset(none.workday, 0, sizeof(none.workday));
	assert_null(calendar_build(&none, arena, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	wrong.holidays = &odd;
	wrong.n_holidays = 1;
	assert_null(calendar_build(&wrong, arena, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "2025-02-29"));
}

static void office_hours(void **state)
{
	(void)state;
	assert_false(calendar_office_open(cal, at("2025-08-04T07:29:59")));
	assert_true(calendar_office_open(cal, at("2025-08-04T07:30")));
	assert_true(calendar_office_open(cal, at("2025-08-04T15:59:59")));
	assert_false(calendar_office_open(cal, at("2025-08-04T16:00")));
	assert_false(calendar_office_open(cal, at("2025-08-09T10:00")));
	assert_false(calendar_office_open(cal, at("2025-08-18T10:00")));
}

static void shows(void **state)
{
	int64_t ms = at("2025-08-17T07:30:05");

	(void)state;
	assert_string_equal(calendar_show_date(cal, ms, arena).p, "17/08/25");
	assert_string_equal(calendar_show_time(cal, ms, arena).p, "17/08/25 07.30");
	assert_string_equal(calendar_iso(cal, ms, arena).p, "2025-08-17T07:30:05+07:00");
	/* The evening before in UTC is the day after here. */
	ms = at("2025-08-16T17:00:00Z");
	assert_string_equal(calendar_show_time(cal, ms, arena).p, "17/08/25 00.00");
	assert_string_equal(calendar_show_time(cal, ms - 1, arena).p, "16/08/25 23.59");
	assert_true(calendar_midnight(cal, (struct when_date){ 2025, 8, 17 }) == ms);
	assert_true(calendar_midnight(cal, calendar_date_of(cal, ms - 1)) ==
		    ms - 86400000);
}

static void reads_dates(void **state)
{
	struct when_date d = { 1, 1, 1 };
	int m = -1;

	(void)state;
	assert_true(calendar_read_date(STR("2024-02-29"), &d));
	assert_int_equal(d.day, 29);
	assert_false(calendar_read_date(STR("2025-02-29"), &d));
	assert_false(calendar_read_date(STR("2100-02-29"), &d));
	assert_true(calendar_read_date(STR("2000-02-29"), &d));
	assert_false(calendar_read_date(STR("2025-13-01"), &d));
	assert_false(calendar_read_date(STR("2025-00-01"), &d));
	assert_false(calendar_read_date(STR("2025-01-32"), &d));
	assert_false(calendar_read_date(STR("2025-1-2"), &d));
	assert_false(calendar_read_date(STR("2025-01-02 "), &d));
	assert_false(calendar_read_date(STR("17/08/2025"), &d));
	assert_false(calendar_read_date(STR(""), &d));
	assert_int_equal(d.year, 2000); /* untouched by what failed */
	assert_true(calendar_read_clock(STR("07.30"), &m));
	assert_int_equal(m, 450);
	assert_true(calendar_read_clock(STR("16:00"), &m));
	assert_int_equal(m, 960);
	assert_true(calendar_read_clock(STR("24.00"), &m));
	assert_false(calendar_read_clock(STR("24.01"), &m));
	assert_false(calendar_read_clock(STR("7.30"), &m));
	assert_false(calendar_read_clock(STR("07.60"), &m));
	assert_false(calendar_read_clock(STR("07-30"), &m));
	assert_false(calendar_read_clock(STR("-7.30"), &m));
	assert_false(calendar_read_clock(STR(""), &m));
	assert_int_equal(m, 1440);
}

/* All one moment, as the providers write it. 1768440605 is 2026-01-15 01:30:05 UTC. */
static void iso_variants(void **state)
{
	static const char *const same[] = {
		"2026-01-15T01:30:05Z",		 "2026-01-15T08:30:05+07:00",
		"2026-01-15T08:30:05.000+07:00", "2026-01-15T01:30:05.000+0000",
		"2026-01-15T01:30:05.000Z",	 "2026-01-15T01:30:05,000Z",
		"2026-01-15 08:30:05",		 "2026-01-15t01:30:05z",
		"2026-01-14T20:30:05-0500",	 "2026-01-15T08:30:05+07",
		"2026-01-15 01:30:05+00:00",	 "2026-01-15T08:30:05",
	};
	static const char *const none[] = {
		"",
		"2026-01-15",
		"2026-01-15T",
		"2026-01-15T24:00:00Z",
		"2026-01-15T08:60:00Z",
		"2026-01-15T08:30:61Z",
		"2026-02-30T08:30:05Z",
		"2026-01-15T08:30:05Zz",
		"2026-01-15T08:30:05+07:0",
		"2026-01-15T08:30:05+7:00",
		"2026-01-15T08:30:05+16:00",
		"2026-01-15T08:30:05 UTC",
		"2026-01-15T8:30:05Z",
		"15/01/2026 08:30:05",
		"1969-12-31T23:59:59Z",
		"2026-01-15T08:-1:05Z",
		"Fri, 24 May 2019 17:44:50 +0000",
	};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		ms = -1;
		if (!time_read_iso(str_of(same[i]), WIB, &ms) ||
		    ms != INT64_C(1768440605000))
			fail_msg("%s: %lld", same[i], (long long)ms);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		ms = -1;
		if (time_read_iso(str_of(none[i]), WIB, &ms) || ms != -1)
			fail_msg("%s is read as %lld", none[i], (long long)ms);
	}
	assert_true(time_read_iso(STR("2026-01-15T01:30:05.1239Z"), 0, &ms));
	assert_true(ms == INT64_C(1768440605123));
	assert_true(time_read_iso(STR("2026-01-15 08:30"), WIB, &ms));
	assert_true(ms == INT64_C(1768440600000));
	assert_true(time_read_iso(STR("2016-12-31T23:59:60Z"), 0, &ms)); /* leap second */
	assert_true(ms == INT64_C(1483228800000));
}

/* Writing and reading again, through every day of 130 years. */
static void every_day(void **state)
{
	struct when_date before = { 1969, 12, 31 };

	(void)state;
	for (int64_t day = 0; day < 47482; day++) {
		struct when_date d = when_date_of(day);

		assert_true(when_date_exists(d));
		assert_int_equal(when_day_number(d), day);
		assert_true(d.day == before.day + 1 || d.day == 1);
		before = d;
	}
	assert_int_equal(before.year, 2099);
	assert_int_equal(before.month, 12);
	assert_int_equal(before.day, 31);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(working_days),	  cmocka_unit_test(against_counting),
		cmocka_unit_test(one_day_a_week), cmocka_unit_test(refuses),
		cmocka_unit_test(office_hours),	  cmocka_unit_test(shows),
		cmocka_unit_test(reads_dates),	  cmocka_unit_test(iso_variants),
		cmocka_unit_test(every_day),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
