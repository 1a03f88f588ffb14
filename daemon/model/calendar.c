/* SPDX-License-Identifier: MIT */
/*
 * Working days. Days are numbers from 1970-01-01; holidays are a sorted list of them.
 * Pure.
 */
#include "model/calendar.h"

#include <stdlib.h>

enum { DAY_MS = 86400000, LOOK_AHEAD = 4000 };

struct calendar {
	struct calendar_spec spec;
	int64_t *holidays;
	size_t n;
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return a >= 0 ? a / b : -((-a + b - 1) / b);
}

static int64_t local_day(const struct calendar *c, int64_t wall_ms)
{
	return floor_div(wall_ms + (int64_t)c->spec.zone_s * 1000, DAY_MS);
}

static int64_t day_start_ms(const struct calendar *c, int64_t day)
{
	return day * DAY_MS - (int64_t)c->spec.zone_s * 1000;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

struct calendar *calendar_build(const struct calendar_spec *spec, struct arena *arena,
				struct err *err)
{
	struct calendar *c = ARENA_NEW(arena, struct calendar, 1);
	bool any = false;

	if (c)
		c->holidays = ARENA_NEW(arena, int64_t, spec->n_holidays + 1);
	if (!c || !c->holidays) {
		err_set(err, ERR_LIMIT, "no room for the calendar");
		return NULL;
	}
	c->spec = *spec;
	c->n = spec->n_holidays;
	for (int i = 0; i < 7; i++)
		any |= spec->workday[i];
	if (!any) {
		err_set(err, ERR_CONFIG, "a week without a working day");
		return NULL;
	}
	for (size_t i = 0; i < c->n; i++) {
		if (!when_date_exists(spec->holidays[i])) {
			err_set(err, ERR_CONFIG, "%04d-%02d-%02d is no date",
				spec->holidays[i].year, spec->holidays[i].month,
				spec->holidays[i].day);
			return NULL;
		}
		c->holidays[i] = when_day_number(spec->holidays[i]);
	}
	qsort(c->holidays, c->n, sizeof(*c->holidays), by_number);
	return c;
}

static bool workday(const struct calendar *c, int64_t day)
{
	int64_t weekday = ((day + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */

	return c->spec.workday[weekday] &&
	       (c->n == 0 ||
		!bsearch(&day, c->holidays, c->n, sizeof(*c->holidays), by_number));
}

struct when_date calendar_date_of(const struct calendar *c, int64_t wall_ms)
{
	return when_date_of(local_day(c, wall_ms));
}

int64_t calendar_midnight(const struct calendar *c, struct when_date date)
{
	return day_start_ms(c, when_day_number(date));
}

bool calendar_is_workday(const struct calendar *c, struct when_date date)
{
	return workday(c, when_day_number(date));
}

bool calendar_office_open(const struct calendar *c, int64_t wall_ms)
{
	int64_t day = local_day(c, wall_ms);
	int64_t minute = (wall_ms - day_start_ms(c, day)) / 60000;

	return workday(c, day) && minute >= c->spec.open_minute &&
	       minute < c->spec.close_minute;
}

int64_t calendar_add_workdays(const struct calendar *c, int64_t wall_ms, int n)
{
	int64_t day = local_day(c, wall_ms);
	int64_t minute = (wall_ms - day_start_ms(c, day)) / 60000;
	int left = n;

	if (minute >= c->spec.close_minute)
		day++;
	/* The day of receipt, or the first working day after it, counts as day 0. */
	for (int i = 0; i < LOOK_AHEAD && !workday(c, day); i++)
		day++;
	for (int64_t i = 0; i < LOOK_AHEAD + 8 * (int64_t)n && left > 0; i++)
		if (workday(c, ++day))
			left--;
	return day_start_ms(c, day) + (int64_t)c->spec.close_minute * 60000;
}

bool calendar_read_date(struct str s, struct when_date *out)
{
	struct when_date d;

	if (!when_take_date(&s, &d) || s.n)
		return false;
	*out = d;
	return true;
}

bool calendar_read_clock(struct str s, int *minutes)
{
	int h, m;

	if (!when_take_digits(&s, 2, &h) || !when_take_char(&s, ".:") ||
	    !when_take_digits(&s, 2, &m) || s.n || h > 24 || m > 59 || h * 60 + m > 1440)
		return false;
	*minutes = h * 60 + m;
	return true;
}

struct str calendar_show_date(const struct calendar *c, int64_t wall_ms,
			      struct arena *arena)
{
	struct when_date d = calendar_date_of(c, wall_ms);

	return arena_printf(arena, "%02d/%02d/%02d", d.day, d.month, d.year % 100);
}

struct str calendar_show_time(const struct calendar *c, int64_t wall_ms,
			      struct arena *arena)
{
	struct when_date d = calendar_date_of(c, wall_ms);
	int64_t minute = (wall_ms - calendar_midnight(c, d)) / 60000;

	return arena_printf(arena, "%02d/%02d/%02d %02d.%02d", d.day, d.month,
			    d.year % 100, (int)(minute / 60), (int)(minute % 60));
}

struct str calendar_iso(const struct calendar *c, int64_t wall_ms, struct arena *arena)
{
	struct when_date d = calendar_date_of(c, wall_ms);
	int64_t second = (wall_ms - calendar_midnight(c, d)) / 1000;
	int zone = c->spec.zone_s / 60;

	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", d.year,
			    d.month, d.day, (int)(second / 3600), (int)(second / 60 % 60),
			    (int)(second % 60), zone < 0 ? '-' : '+', abs(zone) / 60,
			    abs(zone) % 60);
}
