/* SPDX-License-Identifier: MIT */
/*
 * Working days and office hours. Days are numbers from 1970-01-01; free days are a sorted
 * list of them. Pure.
 */
#include "model/calendar.h"

#include <stdlib.h>

enum { DAY_MS = 86400000, MINUTE_MS = 60000, LOOK_AHEAD = 4000, DAY_MINUTES = 1440 };

struct range {
	int64_t first, last;
	struct calendar_hours day[7]; /* all of them said */
};

struct calendar {
	struct calendar_spec spec;
	struct calendar_hours day[7]; /* all of them said */
	int64_t *holidays, *leave;
	struct range *ranges;
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

/* A list of dates as sorted day numbers; NULL with *err when one does not exist. */
static int64_t *days_build(const struct when_date *dates, size_t n, struct arena *arena,
			   struct err *err)
{
	int64_t *days = ARENA_NEW(arena, int64_t, n + 1);

	if (!days) {
		err_set(err, ERR_LIMIT, "no room for the calendar");
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (!when_date_exists(dates[i])) {
			err_set(err, ERR_CONFIG, "%04d-%02d-%02d is no date",
				dates[i].year, dates[i].month, dates[i].day);
			return NULL;
		}
		days[i] = when_day_number(dates[i]);
	}
	qsort(days, n, sizeof(*days), by_number);
	return days;
}

static bool said(struct calendar_hours h)
{
	return h.open || h.close;
}

/* Seven days' hours: those of the day, else those of all days, else as usual. */
static int hours_build(const bool workday[7], struct calendar_hours out[7],
		       const struct calendar_hours day[7], struct calendar_hours all,
		       const struct calendar_hours usual[7], struct err *err)
{
	for (int i = 0; i < 7; i++) {
		out[i] = said(day[i]) ? day[i] : said(all) || !usual ? all : usual[i];
		if (workday[i] && (out[i].open < 0 || out[i].close > DAY_MINUTES ||
				   out[i].open >= out[i].close))
			return err_set(err, ERR_CONFIG,
				       "office hours from minute %d to minute %d",
				       out[i].open, out[i].close);
	}
	return 0;
}

static int ranges_build(struct calendar *c, struct arena *arena, struct err *err)
{
	c->ranges = ARENA_NEW(arena, struct range, c->spec.n_ranges + 1);
	if (!c->ranges)
		return err_set(err, ERR_LIMIT, "no room for the calendar");
	for (size_t i = 0; i < c->spec.n_ranges; i++) {
		const struct calendar_range *from = &c->spec.ranges[i];
		struct range *to = &c->ranges[i];

		if (!when_date_exists(from->first) || !when_date_exists(from->last))
			return err_set(err, ERR_CONFIG,
				       "other office hours from a date that is none");
		to->first = when_day_number(from->first);
		to->last = when_day_number(from->last);
		if (to->first > to->last)
			return err_set(err, ERR_CONFIG,
				       "other office hours that end before they begin");
		if (hours_build(c->spec.workday, to->day, from->day, from->hours, c->day,
				err))
			return -1;
	}
	return 0;
}

struct calendar *calendar_build(const struct calendar_spec *spec, struct arena *arena,
				struct err *err)
{
	struct calendar *c = ARENA_NEW(arena, struct calendar, 1);
	struct calendar_hours all = { spec->open_minute, spec->close_minute };
	bool any = false;

	if (!c) {
		err_set(err, ERR_LIMIT, "no room for the calendar");
		return NULL;
	}
	c->spec = *spec;
	for (int i = 0; i < 7; i++)
		any |= spec->workday[i];
	if (!any) {
		err_set(err, ERR_CONFIG, "a week without a working day");
		return NULL;
	}
	c->holidays = days_build(spec->holidays, spec->n_holidays, arena, err);
	c->leave =
		c->holidays ? days_build(spec->leave, spec->n_leave, arena, err) : NULL;
	if (!c->leave || hours_build(spec->workday, c->day, spec->day, all, NULL, err) ||
	    ranges_build(c, arena, err))
		return NULL;
	return c;
}

static int weekday(int64_t day)
{
	return (int)(((day + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

static bool listed(int64_t day, const int64_t *days, size_t n)
{
	return n && bsearch(&day, days, n, sizeof(*days), by_number);
}

static enum calendar_day day_is(const struct calendar *c, int64_t day)
{
	if (!c->spec.workday[weekday(day)])
		return CALENDAR_WEEKEND;
	if (listed(day, c->holidays, c->spec.n_holidays))
		return CALENDAR_HOLIDAY;
	return listed(day, c->leave, c->spec.n_leave) ? CALENDAR_LEAVE : CALENDAR_WORK;
}

static bool workday(const struct calendar *c, int64_t day)
{
	return day_is(c, day) == CALENDAR_WORK;
}

/* Hours as they would be if it were a working day. */
static struct calendar_hours hours(const struct calendar *c, int64_t day)
{
	for (size_t i = c->spec.n_ranges; i-- > 0;)
		if (day >= c->ranges[i].first && day <= c->ranges[i].last)
			return c->ranges[i].day[weekday(day)];
	return c->day[weekday(day)];
}

static int64_t opens_ms(const struct calendar *c, int64_t day)
{
	return day_start_ms(c, day) + (int64_t)hours(c, day).open * MINUTE_MS;
}

static int64_t closes_ms(const struct calendar *c, int64_t day)
{
	return day_start_ms(c, day) + (int64_t)hours(c, day).close * MINUTE_MS;
}

/* That day or the first working day after it; in a calendar of holidays only, some day.
 */
static int64_t working(const struct calendar *c, int64_t day)
{
	for (int i = 0; i < LOOK_AHEAD && !workday(c, day); i++)
		day++;
	return day;
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

enum calendar_day calendar_day_is(const struct calendar *c, struct when_date date)
{
	return day_is(c, when_day_number(date));
}

struct calendar_hours calendar_hours_on(const struct calendar *c, struct when_date date)
{
	int64_t day = when_day_number(date);

	return workday(c, day) ? hours(c, day) : (struct calendar_hours){ 0, 0 };
}

bool calendar_office_open(const struct calendar *c, int64_t wall_ms)
{
	int64_t day = local_day(c, wall_ms);

	return workday(c, day) && wall_ms >= opens_ms(c, day) &&
	       wall_ms < closes_ms(c, day);
}

int64_t calendar_next_open(const struct calendar *c, int64_t wall_ms)
{
	int64_t day = local_day(c, wall_ms), first;

	if (calendar_office_open(c, wall_ms))
		return wall_ms;
	first = working(c, wall_ms >= closes_ms(c, day) ? day + 1 : day);
	return opens_ms(c, first);
}

int64_t calendar_add_workdays(const struct calendar *c, int64_t wall_ms, int n)
{
	int64_t day = local_day(c, wall_ms);
	int left = n;

	if (wall_ms >= closes_ms(c, day))
		day++;
	/* The day of receipt, or the first working day after it, counts as day 0. */
	day = working(c, day);
	for (int64_t i = 0; i < LOOK_AHEAD + 8 * (int64_t)n && left > 0; i++)
		if (workday(c, ++day))
			left--;
	return closes_ms(c, day);
}

/* Office time of that day between two moments. */
static int64_t work_on(const struct calendar *c, int64_t day, int64_t from, int64_t to)
{
	int64_t open = opens_ms(c, day), close = closes_ms(c, day);

	from = from > open ? from : open;
	to = to < close ? to : close;
	return workday(c, day) && to > from ? to - from : 0;
}

int64_t calendar_work_ms(const struct calendar *c, int64_t from_ms, int64_t to_ms)
{
	int64_t last = local_day(c, to_ms), sum = 0;

	for (int64_t day = local_day(c, from_ms); day <= last; day++)
		sum += work_on(c, day, from_ms, to_ms);
	return sum;
}

int64_t calendar_add_work(const struct calendar *c, int64_t wall_ms, int64_t work_ms)
{
	int64_t day = local_day(c, wall_ms), left = work_ms;

	if (left <= 0)
		return wall_ms;
	for (;; day++) {
		int64_t open, today;

		day = working(c, day);
		if (!workday(c, day)) /* holidays for years */
			return wall_ms + left;
		open = opens_ms(c, day);
		today = work_on(c, day, wall_ms, closes_ms(c, day));
		if (today >= left)
			return (wall_ms > open ? wall_ms : open) + left;
		left -= today;
	}
}

int64_t calendar_end_of_day(const struct calendar *c, int64_t wall_ms, int n)
{
	return day_start_ms(c, local_day(c, wall_ms) + n + 1) - 1;
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

	const int parts[] = { d.day, d.month, d.year % 100 };
	char text[8] = "00/00/00";

	for (int i = 0; i < 3; i++) {
		text[3 * i] = (char)('0' + parts[i] / 10);
		text[3 * i + 1] = (char)('0' + parts[i] % 10);
	}
	return arena_str(arena, str_from(text, sizeof(text)));
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
	char text[TIME_ISO_BYTES];

	return arena_str(arena, time_write_iso(wall_ms, c->spec.zone_s, text));
}
