/* SPDX-License-Identifier: MIT */
/* The civil calendar (proleptic Gregorian) by arithmetic, and ISO 8601. Pure. */
#include "base/when.h"

#include <stdlib.h>

enum { DAY_MS = 86400000 };

int64_t when_day_number(struct when_date d)
{
	/* Years run from March, so that the leap day is a year's last. */
	int64_t y = d.month <= 2 ? d.year - 1 : d.year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct when_date when_date_of(int64_t day)
{
	int64_t z = day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t mp = (5 * of_year + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct when_date){
		.year = (int)(year + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(of_year - (153 * mp + 2) / 5 + 1),
	};
}

bool when_date_exists(struct when_date d)
{
	struct when_date same;

	if (d.year < 1970 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1 ||
	    d.day > 31)
		return false;
	same = when_date_of(when_day_number(d));
	return same.month == d.month && same.day == d.day;
}

bool when_take_digits(struct str *s, size_t n, int *out)
{
	int64_t v;

	if (s->n < n || s->p[0] == '-' || !str_to_int(str_slice(*s, 0, n), &v))
		return false;
	*s = str_slice(*s, n, s->n);
	*out = (int)v;
	return true;
}

bool when_take_char(struct str *s, const char *any)
{
	if (s->n == 0 || s->p[0] == '\0' || !strchr(any, s->p[0]))
		return false;
	*s = str_slice(*s, 1, s->n);
	return true;
}

bool when_take_date(struct str *s, struct when_date *d)
{
	return when_take_digits(s, 4, &d->year) && when_take_char(s, "-") &&
	       when_take_digits(s, 2, &d->month) && when_take_char(s, "-") &&
	       when_take_digits(s, 2, &d->day) && when_date_exists(*d);
}

/* Milliseconds of ".123" and the like; digits beyond the third only pass by. */
static int64_t take_fraction(struct str *s)
{
	int64_t ms = 0, weight = 100;

	if (!when_take_char(s, ".,"))
		return 0;
	while (s->n && s->p[0] >= '0' && s->p[0] <= '9') {
		ms += (s->p[0] - '0') * weight;
		weight /= 10;
		*s = str_slice(*s, 1, s->n);
	}
	return ms;
}

static bool take_zone(struct str *s, int32_t *zone_s)
{
	int h, m = 0;
	bool west;

	if (s->n == 0)
		return true;
	if (when_take_char(s, "Zz")) {
		*zone_s = 0;
		return s->n == 0;
	}
	west = s->p[0] == '-';
	if (!when_take_char(s, "+-") || !when_take_digits(s, 2, &h))
		return false;
	when_take_char(s, ":");
	if (s->n && !when_take_digits(s, 2, &m))
		return false;
	if (s->n || h > 15 || m > 59)
		return false;
	*zone_s = (h * 3600 + m * 60) * (west ? -1 : 1);
	return true;
}

bool time_read_iso(struct str s, int32_t zone_s, int64_t *wall_ms)
{
	struct when_date date;
	int h, m, sec = 0;
	int64_t ms = 0;

	if (!when_take_date(&s, &date) || !when_take_char(&s, "T t") ||
	    !when_take_digits(&s, 2, &h) || !when_take_char(&s, ":") ||
	    !when_take_digits(&s, 2, &m))
		return false;
	if (when_take_char(&s, ":") && !when_take_digits(&s, 2, &sec))
		return false;
	ms = take_fraction(&s);
	if (!take_zone(&s, &zone_s) || h > 23 || m > 59 || sec > 60)
		return false;
	*wall_ms = when_day_number(date) * DAY_MS +
		   (h * 3600 + m * 60 + sec) * INT64_C(1000) + ms -
		   (int64_t)zone_s * 1000;
	return true;
}

static char *two_digits(char *p, int n)
{
	*p++ = (char)('0' + n / 10 % 10);
	*p++ = (char)('0' + n % 10);
	return p;
}

/* Written by hand: a list of tickets has hundreds of times. */
struct str time_write_iso(int64_t wall_ms, int32_t zone_s, char to[TIME_ISO_BYTES])
{
	int64_t local_ms = wall_ms + (int64_t)zone_s * 1000;
	int64_t day = (local_ms - (local_ms < 0 ? DAY_MS - 1 : 0)) / DAY_MS;
	int second = (int)((local_ms - day * DAY_MS) / 1000), zone = abs(zone_s) / 60;
	struct when_date d = when_date_of(day);
	const int parts[] = { d.year % 100,	d.month,     d.day,	second / 3600,
			      second / 60 % 60, second % 60, zone / 60, zone % 60 };
	const char behind[] = { '-', '-', 'T', ':', ':', zone_s < 0 ? '-' : '+', ':' };
	enum { PARTS = sizeof(parts) / sizeof(*parts) };
	char *p = two_digits(to, d.year / 100);

	for (size_t i = 0; i < PARTS; i++) {
		p = two_digits(p, parts[i]);
		if (i + 1 < PARTS)
			*p++ = behind[i];
	}
	return str_from(to, TIME_ISO_BYTES);
}
