/* SPDX-License-Identifier: MIT */
/*
 * Working days, office hours and dates in the gateway's time zone. Holidays are the
 * operator's list, never a formula. Knows no clock: every function takes the time.
 */
#ifndef MODEL_CALENDAR_H
#define MODEL_CALENDAR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/when.h"

struct calendar_hours {
	int open, close; /* minutes after midnight; 0,0: not said */
};

/* Days with other hours: Ramadan. Where two overlap the later in the list holds. */
struct calendar_range {
	struct when_date first, last;
	struct calendar_hours hours, day[7]; /* as in the spec; 0,0: as usual */
};

struct calendar_spec {
	int32_t zone_s;		       /* offset from UTC, seconds; Asia/Jakarta: 25200 */
	bool workday[7];	       /* Sunday first */
	int open_minute, close_minute; /* office hours, minutes after midnight */
	struct when_date *holidays;    /* any order */
	size_t n_holidays;
	/* What may be left out: */
	struct calendar_hours day[7]; /* of a weekday, Sunday first: Friday is longer */
	struct when_date *leave;      /* cuti bersama: free as holidays, told apart */
	size_t n_leave;
	struct calendar_range *ranges;
	size_t n_ranges;
};

struct calendar;

/*
 * All from arena. ERR_CONFIG for a week without a working day, an impossible date, hours
 * that end before they begin.
 */
struct calendar *calendar_build(const struct calendar_spec *spec, struct arena *arena,
				struct err *err);
struct when_date calendar_date_of(const struct calendar *cal, int64_t wall_ms);
/* 00:00 local of that date as Unix ms. */
int64_t calendar_midnight(const struct calendar *cal, struct when_date date);
bool calendar_is_workday(const struct calendar *cal, struct when_date date);
bool calendar_office_open(const struct calendar *cal, int64_t wall_ms);
/*
 * End of office hours on the n-th working day after the day of wall_ms (n = 0: that day,
 * or the next working day). A text that comes after closing counts as the next working
 * day's.
 */
int64_t calendar_add_workdays(const struct calendar *cal, int64_t wall_ms, int n);

enum calendar_day { CALENDAR_WORK, CALENDAR_WEEKEND, CALENDAR_HOLIDAY, CALENDAR_LEAVE };

/* What a day is; a holiday or leave on a weekend is a weekend. */
enum calendar_day calendar_day_is(const struct calendar *cal, struct when_date date);
/* Office hours of that date; 0,0 when it is no working day. */
struct calendar_hours calendar_hours_on(const struct calendar *cal,
					struct when_date date);
/* The same moment when the office is open, else when it opens next. */
int64_t calendar_next_open(const struct calendar *cal, int64_t wall_ms);
/* Office time between two moments, ms; 0 when they are the wrong way round. */
int64_t calendar_work_ms(const struct calendar *cal, int64_t from_ms, int64_t to_ms);
/* The first moment by which that much office time has passed since wall_ms. */
int64_t calendar_add_work(const struct calendar *cal, int64_t wall_ms, int64_t work_ms);
/* The last millisecond of the n-th day after that of wall_ms (n = 0: that day). */
int64_t calendar_end_of_day(const struct calendar *cal, int64_t wall_ms, int n);
/* "YYYY-MM-DD"; false for anything else or an impossible date. */
bool calendar_read_date(struct str s, struct when_date *out);
/* Minutes of "07.30" or "07:30"; false otherwise. */
bool calendar_read_clock(struct str s, int *minutes);
/* "17/08/25", "17/08/25 07.30" */
struct str calendar_show_date(const struct calendar *cal, int64_t wall_ms,
			      struct arena *arena);
struct str calendar_show_time(const struct calendar *cal, int64_t wall_ms,
			      struct arena *arena);
/* "2026-11-24T08:30:00+07:00" for machines. */
struct str calendar_iso(const struct calendar *cal, int64_t wall_ms, struct arena *arena);

#endif
