/* SPDX-License-Identifier: MIT */
/*
 * Working days and office time against counting them one by one, over years with leap
 * days, Ramadan, collective leave and a decree in mid-year; dates and written times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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
	arena = arena_new("test", 4 << 20);
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

/* ---- office time ---- */

/* As a regency has it: a longer Friday, Ramadan, a week of collective leave. */
static struct when_date feasts[] = { { 2024, 4, 10 }, { 2024, 4, 11 }, { 2025, 3, 31 },
				     { 2025, 4, 1 },  { 2026, 3, 20 }, { 2026, 1, 1 } };
static struct when_date leave[] = { { 2025, 4, 2 }, { 2025, 4, 3 }, { 2025, 4, 4 },
				    { 2025, 4, 7 }, { 2024, 4, 8 }, { 2024, 4, 9 } };
static struct calendar_range ramadan[] = {
	{ { 2024, 3, 12 }, { 2024, 4, 9 }, { 480, 900 }, { [5] = { 480, 930 } } },
	{ { 2025, 3, 1 }, { 2025, 3, 30 }, { 480, 900 }, { [5] = { 480, 930 } } },
};

static struct calendar_spec regency(int zone_h)
{
	struct calendar_spec spec = usual;

	spec.zone_s = zone_h * 3600;
	spec.holidays = feasts;
	spec.n_holidays = sizeof(feasts) / sizeof(*feasts);
	spec.leave = leave;
	spec.n_leave = sizeof(leave) / sizeof(*leave);
	spec.ranges = ramadan;
	spec.n_ranges = sizeof(ramadan) / sizeof(*ramadan);
	spec.day[5] = (struct calendar_hours){ 450, 990 };
	return spec;
}

static struct calendar *built(const struct calendar_spec *spec)
{
	struct err err;
	struct calendar *c = calendar_build(spec, arena, &err);

	assert_non_null(c);
	return c;
}

static void hours_are(const struct calendar *c, int y, int m, int d, int open, int close)
{
	struct calendar_hours h = calendar_hours_on(c, (struct when_date){ y, m, d });

	assert_int_equal(h.open, open);
	assert_int_equal(h.close, close);
}

static void hours_of_days(void **state)
{
	struct calendar_spec spec = regency(7);
	const struct calendar *c = built(&spec);

	(void)state;
	hours_are(c, 2025, 2, 27, 450, 960); /* Thursday */
	hours_are(c, 2025, 2, 28, 450, 990); /* Friday */
	hours_are(c, 2025, 3, 1, 0, 0);	     /* Saturday in Ramadan */
	hours_are(c, 2025, 3, 3, 480, 900);  /* Monday in Ramadan */
	hours_are(c, 2025, 3, 7, 480, 930);  /* Friday in Ramadan */
	hours_are(c, 2025, 3, 31, 0, 0);     /* Idul Fitri */
	hours_are(c, 2025, 4, 8, 450, 960);
	assert_int_equal(calendar_day_is(c, (struct when_date){ 2025, 4, 1 }),
			 CALENDAR_HOLIDAY);
	assert_int_equal(calendar_day_is(c, (struct when_date){ 2025, 4, 2 }),
			 CALENDAR_LEAVE);
	assert_int_equal(calendar_day_is(c, (struct when_date){ 2025, 4, 5 }),
			 CALENDAR_WEEKEND);
	assert_int_equal(calendar_day_is(c, (struct when_date){ 2025, 4, 8 }),
			 CALENDAR_WORK);
	assert_true(calendar_office_open(c, at("2025-02-28T16:29:59")));
	assert_false(calendar_office_open(c, at("2025-02-27T16:00")));
	assert_false(calendar_office_open(c, at("2025-03-03T07:59:59")));
	assert_false(calendar_office_open(c, at("2025-03-03T15:00")));
	/* The day ends when its office does: after 15.00 is the next day's. */
	assert_true(calendar_add_workdays(c, at("2025-03-03T14:59"), 1) ==
		    at("2025-03-04T15:00"));
	assert_true(calendar_add_workdays(c, at("2025-03-03T15:00"), 1) ==
		    at("2025-03-05T15:00"));
	assert_true(calendar_add_workdays(c, at("2025-02-27T16:10"), 0) ==
		    at("2025-02-28T16:30"));
	/* Over Idul Fitri and its leave: a week and a half without an office. */
	assert_true(calendar_add_workdays(c, at("2025-03-27T10:00"), 1) ==
		    at("2025-03-28T15:30"));
	assert_true(calendar_add_workdays(c, at("2025-03-27T10:00"), 2) ==
		    at("2025-04-08T16:00"));
}

static void later_range_holds(void **state)
{
	struct calendar_range two[] = {
		{ { 2025, 8, 1 }, { 2025, 8, 31 }, { 480, 900 }, { { 0, 0 } } },
		{ { 2025, 8, 5 }, { 2025, 8, 5 }, { 0, 0 }, { [2] = { 0, 600 } } },
	};
	struct calendar_spec spec = usual;
	const struct calendar *c;

	(void)state;
	spec.ranges = two;
	spec.n_ranges = 2;
	c = built(&spec);
	hours_are(c, 2025, 8, 4, 480, 900);
	hours_are(c, 2025, 8, 5, 0, 600); /* from midnight on */
	hours_are(c, 2025, 8, 6, 480, 900);
	hours_are(c, 2025, 9, 1, OPEN, CLOSE);
}

/* The same by asking every single minute. */
static void work_against_minutes(void **state)
{
	static const struct {
		const char *from;
		int days;
	} spans[] = { { "2024-02-26T00:00", 9 },
		      { "2024-03-08T03:10", 12 },
		      { "2024-04-04T09:59", 14 },
		      { "2025-03-27T14:58", 13 },
		      { "2025-12-30T12:00", 5 } };

	(void)state;
	for (int zone = 7; zone <= 9; zone++) {
		struct calendar_spec spec = regency(zone);
		const struct calendar *c = built(&spec);

		for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++) {
			int64_t from = at(spans[i].from), sum = 0, to = from;

			for (int m = 0; m < spans[i].days * 1440; m++, to += 60000) {
				if (m % 97 == 0)
					assert_true(calendar_work_ms(c, from, to) == sum);
				sum += calendar_office_open(c, to) ? 60000 : 0;
			}
			assert_true(calendar_work_ms(c, from, to) == sum);
			assert_true(calendar_work_ms(c, to, from) == 0);
		}
	}
}

/* Adding what lies between leads there, and not a millisecond sooner would do. */
static void adding_is_the_inverse(void **state)
{
	struct calendar_spec spec = regency(7);
	const struct calendar *c = built(&spec);
	uint32_t chance = 7;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		int64_t from, work, there;

		chance = chance * 1664525 + 1013904223;
		from = at("2024-01-01T00:00") + (int64_t)(chance >> 8) * 6000;
		chance = chance * 1664525 + 1013904223;
		work = chance >> 6;
		there = calendar_add_work(c, from, work);
		assert_true(calendar_work_ms(c, from, there) == work);
		if (work)
			assert_true(calendar_work_ms(c, from, there - 1) == work - 1);
	}
	assert_true(calendar_add_work(c, at("2025-08-09T10:00"), -5) ==
		    at("2025-08-09T10:00"));
	/* A full day ends at closing, one minute more on the next morning. */
	assert_true(calendar_add_work(c, at("2025-08-06T07:30"), 510 * 60000) ==
		    at("2025-08-06T16:00"));
	assert_true(calendar_add_work(c, at("2025-08-06T07:30"), 511 * 60000) ==
		    at("2025-08-07T07:31"));
}

static void opens_next(void **state)
{
	struct calendar_spec spec = regency(7);
	const struct calendar *c = built(&spec);

	(void)state;
	assert_true(calendar_next_open(c, at("2025-08-06T12:00")) ==
		    at("2025-08-06T12:00"));
	assert_true(calendar_next_open(c, at("2025-08-06T05:00")) ==
		    at("2025-08-06T07:30"));
	assert_true(calendar_next_open(c, at("2025-08-06T16:00")) ==
		    at("2025-08-07T07:30"));
	assert_true(calendar_next_open(c, at("2025-08-08T16:30")) ==
		    at("2025-08-11T07:30"));
	assert_true(calendar_next_open(c, at("2025-03-28T15:30")) ==
		    at("2025-04-08T07:30"));
	assert_true(calendar_next_open(c, at("2024-03-11T23:00")) ==
		    at("2024-03-12T08:00"));
}

static void ends_of_days(void **state)
{
	(void)state;
	assert_true(calendar_end_of_day(cal, at("2024-02-28T00:00"), 0) ==
		    at("2024-02-29T00:00") - 1);
	assert_true(calendar_end_of_day(cal, at("2024-02-28T23:59"), 30) ==
		    at("2024-03-30T00:00") - 1);
	assert_true(calendar_end_of_day(cal, at("2025-02-28T12:00"), 1) ==
		    at("2025-03-02T00:00") - 1);
	assert_true(calendar_end_of_day(cal, at("2025-08-17T12:00"), -1) + 1 ==
		    at("2025-08-17T00:00"));
}

/* A joint decree in mid-year makes free what was not: what is counted later is later. */
static void decree_in_mid_year(void **state)
{
	struct when_date more[] = { { 2025, 8, 18 }, { 2025, 8, 19 }, { 2025, 8, 20 } };
	struct calendar_spec spec = usual;
	const struct calendar *before = built(&spec), *then;

	(void)state;
	spec.leave = more;
	spec.n_leave = 3; /* the first is a holiday already */
	then = built(&spec);
	assert_true(calendar_add_workdays(before, at("2025-08-15T10:00"), 3) ==
		    at("2025-08-21T16:00"));
	assert_true(calendar_add_workdays(then, at("2025-08-15T10:00"), 3) ==
		    at("2025-08-25T16:00"));
	assert_int_equal(
		calendar_work_ms(before, at("2025-08-18T00:00"), at("2025-08-21T00:00")) /
			60000,
		2 * 510);
	assert_int_equal(
		calendar_work_ms(then, at("2025-08-18T00:00"), at("2025-08-21T00:00")),
		0);
	assert_int_equal(calendar_day_is(then, more[0]), CALENDAR_HOLIDAY);
	assert_int_equal(calendar_day_is(then, more[1]), CALENDAR_LEAVE);
}

/* No daylight saving from Aceh to Papua: the same local clock everywhere. */
static void three_zones(void **state)
{
	(void)state;
	for (int zone = 7; zone <= 9; zone++) {
		struct calendar_spec spec = regency(zone);
		const struct calendar *c = built(&spec);
		int64_t there = at("2025-02-27T00:00") - (zone - 7) * 3600000;
		char offset[20];

		for (int day = 0; day < 800; day++) {
			int64_t noon = there + day * INT64_C(86400000) + 43200000;
			struct str iso =
				calendar_iso(c, calendar_add_workdays(c, noon, 3), arena);

			assert_true(str_find(iso, STR("T16:")) < iso.n ||
				    str_find(iso, STR("T15:")) < iso.n);
			(void)snprintf(offset, sizeof(offset), "+%02d:00", zone);
			assert_true(str_ends(iso, str_of(offset)));
		}
		assert_true(calendar_next_open(c, there) == there + OPEN * 60000);
	}
}

static void refuses_hours(void **state)
{
	struct calendar_range range = {
		{ 2025, 3, 1 }, { 2025, 3, 30 }, { 480, 900 }, { { 0, 0 } }
	};
	struct when_date odd = { 2025, 2, 29 };
	struct calendar_spec spec = usual;
	struct err err;

	(void)state;
	spec.close_minute = spec.open_minute;
	assert_null(calendar_build(&spec, arena, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	spec = usual;
	spec.day[5] = (struct calendar_hours){ 450, 1441 };
	assert_null(calendar_build(&spec, arena, &err));
	spec = usual;
	spec.leave = &odd;
	spec.n_leave = 1;
	assert_null(calendar_build(&spec, arena, &err));
	spec = usual;
	spec.ranges = &range;
	spec.n_ranges = 1;
	assert_non_null(calendar_build(&spec, arena, &err));
	range.last = (struct when_date){ 2025, 2, 28 };
	assert_null(calendar_build(&spec, arena, &err));
	range.last = odd;
	assert_null(calendar_build(&spec, arena, &err));
	range.last = (struct when_date){ 2025, 3, 30 };
	range.hours.close = 480;
	assert_null(calendar_build(&spec, arena, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
}

/* A list that leaves no working day for years must not hang anything. */
static void holidays_only(void **state)
{
	enum { YEARS = 14 };
	struct when_date *all = test_calloc(YEARS * 53, sizeof(*all));
	struct calendar_spec spec = { .zone_s = WIB, .close_minute = 600 };
	const struct calendar *c;
	int64_t day = at("2025-08-06T12:00"); /* a Wednesday */

	(void)state;
	spec.workday[3] = true;
	spec.holidays = all;
	spec.n_holidays = YEARS * 53;
	for (int i = 0; i < YEARS * 53; i++)
		all[i] = calendar_date_of(cal, day + i * INT64_C(7) * 86400000);
	c = built(&spec);
	assert_true(calendar_add_workdays(c, day, 5) > day);
	assert_true(calendar_add_work(c, day, 60000) > day);
	assert_true(calendar_next_open(c, day) > day);
	test_free(all);
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
		cmocka_unit_test(working_days),
		cmocka_unit_test(against_counting),
		cmocka_unit_test(one_day_a_week),
		cmocka_unit_test(refuses),
		cmocka_unit_test(office_hours),
		cmocka_unit_test(shows),
		cmocka_unit_test(reads_dates),
		cmocka_unit_test(iso_variants),
		cmocka_unit_test(every_day),
		cmocka_unit_test(hours_of_days),
		cmocka_unit_test(later_range_holds),
		cmocka_unit_test(work_against_minutes),
		cmocka_unit_test(adding_is_the_inverse),
		cmocka_unit_test(opens_next),
		cmocka_unit_test(ends_of_days),
		cmocka_unit_test(decree_in_mid_year),
		cmocka_unit_test(three_zones),
		cmocka_unit_test(refuses_hours),
		cmocka_unit_test(holidays_only),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
