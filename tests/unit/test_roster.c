/* SPDX-License-Identifier: MIT */
/* Duty rosters: what may be written, who is on duty at the borders of days and weeks; and
 * what an officer says who has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/officer.h"
#include "model/roster.h"

enum { WIB = 25200, SPANS = 4 };

static struct arena *arena;
static struct calendar *cal;

static int setup(void **state)
{
	const struct calendar_spec usual = {
		.zone_s = WIB,
		.workday = { false, true, true, true, true, true, false },
		.open_minute = 450,
		.close_minute = 960,
	};
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

static struct roster_span span_of(const char *text)
{
	struct roster_span s;
	const char *why = "";

	if (!roster_read(str_of(text), &s, &why))
		fail_msg("%s: %s", text, why);
	return s;
}

/* 2026-11-23 is a Monday. */
static void is_on(const char *text, const char *iso, bool want)
{
	struct roster_span s = span_of(text);

	if (roster_on(&s, 1, cal, at(iso)) != want)
		fail_msg("%s at %s: not %s", text, iso, want ? "on" : "off");
}

static void hours_and_days(void **state)
{
	(void)state;
	is_on("senin-jumat 07.30-16.00", "2026-11-23T07:29:59", false);
	is_on("senin-jumat 07.30-16.00", "2026-11-23T07:30:00", true);
	is_on("senin-jumat 07.30-16.00", "2026-11-27T15:59:59", true);
	is_on("senin-jumat 07.30-16.00", "2026-11-27T16:00:00", false);
	is_on("senin-jumat 07.30-16.00", "2026-11-28T09:00:00", false);
	is_on("Sabtu,Minggu 08:00-12:00", "2026-11-29T09:00:00", true);
	is_on("Sabtu,Minggu 08:00-12:00", "2026-11-30T09:00:00", false);
	is_on("minggu", "2026-11-29T00:00:00", true);
	is_on("minggu", "2026-11-29T23:59:59", true);
	is_on("minggu", "2026-11-30T00:00:00", false);
	is_on("tiap hari 00.00-24.00", "2026-11-25T23:59:59", true);
}

static void over_midnight(void **state)
{
	(void)state;
	is_on("jumat-minggu 19.00-07.00", "2026-11-27T18:59:59", false);
	is_on("jumat-minggu 19.00-07.00", "2026-11-27T19:00:00", true);
	is_on("jumat-minggu 19.00-07.00", "2026-11-30T06:59:59", true); /* Sunday's */
	is_on("jumat-minggu 19.00-07.00", "2026-11-30T07:00:00", false);
	is_on("jumat-minggu 19.00-07.00", "2026-11-30T20:00:00", false);
	is_on("jumat-senin 16.00-24.00", "2026-11-30T20:00:00", true); /* over the week */
	is_on("jumat-senin 16.00-24.00", "2026-12-01T00:00:00", false);
}

static void who_is_next(void **state)
{
	const struct roster_span s[] = { span_of("senin-jumat 07.30-16.00"),
					 span_of("sabtu 08.00-12.00") };

	(void)state;
	assert_int_equal(roster_next(s, 2, cal, at("2026-11-27T10:00:00")),
			 at("2026-11-27T10:00:00"));
	assert_int_equal(roster_next(s, 2, cal, at("2026-11-27T16:00:00")),
			 at("2026-11-28T08:00:00"));
	assert_int_equal(roster_next(s, 2, cal, at("2026-11-28T12:00:00")),
			 at("2026-11-30T07:30:00"));
	assert_int_equal(roster_next(s + 1, 1, cal, at("2026-11-28T12:00:00")),
			 at("2026-12-05T08:00:00"));
	assert_int_equal(roster_next(NULL, 0, cal, at("2026-11-28T03:00:00")),
			 at("2026-11-28T03:00:00"));
}

static void what_is_none(void **state)
{
	static const char *const bad[] = { "",
					   "08.00-12.00",
					   "senen 08.00-12.00",
					   "senin-",
					   "senin, 08.00-12.00",
					   "senin 08.00",
					   "senin 8-12",
					   "senin 08.00-25.00",
					   "senin 08.00-08.00",
					   "senin 24.00-06.00",
					   "senin 08.00-12.00 sabtu" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct roster_span s = { .days = 77 };
		const char *why = NULL;

		if (roster_read(str_of(bad[i]), &s, &why))
			fail_msg("'%s' was read", bad[i]);
		assert_non_null(why);
		assert_int_equal(s.days, 77);
	}
}

static void what_means_ready(void **state)
{
	static const char *const yes[] = { "ok",      "OK.",
					   "siap",    "Siap pak!",
					   "siap 86", "oke, segera meluncur",
					   "baik bu", "siap ndan",
					   "diterima" };
	static const char *const no[] = { "",
					  "pak",
					  "siap jalan rusak di kp cibogo",
					  "ok tapi besok",
					  "tidak",
					  "86 orang kebanjiran",
					  "siap siap siap siap siap",
					  "ok\xc3\xa9",
					  "okay2" };

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (!officer_is_ready(str_of(yes[i])))
			fail_msg("'%s' is one", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (officer_is_ready(str_of(no[i])))
			fail_msg("'%s' is none", no[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_and_days),   cmocka_unit_test(over_midnight),
		cmocka_unit_test(who_is_next),	    cmocka_unit_test(what_is_none),
		cmocka_unit_test(what_means_ready),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
