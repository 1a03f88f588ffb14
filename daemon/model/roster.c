/* SPDX-License-Identifier: MIT */
/* Contract in roster.h. */
#include "model/roster.h"

#include <string.h>

enum { DAYS = 7, DAY_MINUTES = 1440, EVERY_DAY = (1 << DAYS) - 1 };
static const int64_t minute_ms = 60000;

/* ---- reading ---- */

static int weekday_named(struct str name)
{
	static const char *const names[] = { "minggu", "senin", "selasa", "rabu",
					     "kamis",  "jumat", "sabtu" };

	for (int i = 0; i < DAYS; i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return i;
	return -1;
}

/* "senin" or "jumat-minggu", over the end of the week too. */
static bool days_one(struct str s, unsigned *days)
{
	size_t dash = str_find_char(s, '-');
	int from = weekday_named(str_trim(str_slice(s, 0, dash))), to = from;

	if (dash < s.n)
		to = weekday_named(str_trim(str_slice(s, dash + 1, s.n)));
	if (from < 0 || to < 0)
		return false;
	for (int d = from;; d = (d + 1) % DAYS) {
		*days |= 1u << d;
		if (d == to)
			return true;
	}
}

static bool days_read(struct str s, unsigned *days)
{
	*days = 0;
	if (str_eq_nocase(s, STR("tiap hari")) || str_eq_nocase(s, STR("setiap hari"))) {
		*days = EVERY_DAY;
		return true;
	}
	while (s.n) {
		size_t comma = str_find_char(s, ',');

		if (!days_one(str_trim(str_slice(s, 0, comma)), days))
			return false;
		if (comma + 1 == s.n)
			return false; /* another day should follow */
		s = str_slice(s, comma < s.n ? comma + 1 : s.n, s.n);
	}
	return *days != 0;
}

static bool hours_read(struct str s, struct roster_span *out)
{
	size_t dash = str_find_char(s, '-');

	return dash < s.n &&
	       calendar_read_clock(str_trim(str_slice(s, 0, dash)), &out->from) &&
	       calendar_read_clock(str_trim(str_slice(s, dash + 1, s.n)), &out->to);
}

bool roster_read(struct str text, struct roster_span *out, const char **why)
{
	struct roster_span span = { .from = 0, .to = DAY_MINUTES };
	size_t at = 0;

	text = str_trim(text);
	while (at < text.n && (text.p[at] < '0' || text.p[at] > '9'))
		at++;
	if (!days_read(str_trim(str_slice(text, 0, at)), &span.days)) {
		*why = "days are \"senin\", \"senin-jumat\", \"sabtu,minggu\" or \"tiap "
		       "hari\"";
		return false;
	}
	if (at < text.n && !hours_read(str_slice(text, at, text.n), &span)) {
		*why = "hours are \"07.30-16.00\"";
		return false;
	}
	if (span.from == span.to || span.from == DAY_MINUTES) {
		*why = "it begins when it ends; of a whole day the hours are left out";
		return false;
	}
	*out = span;
	return true;
}

/* ---- asking ---- */

/* Sunday 0. */
static int weekday_of(int64_t day_number)
{
	return (int)(((day_number + 4) % DAYS + DAYS) % DAYS);
}

/* The span's turn that begins on that day, as Unix ms; false: it does not. */
static bool turn_of(const struct roster_span *s, const struct calendar *cal, int64_t day,
		    int64_t *from_ms, int64_t *to_ms)
{
	int64_t midnight = calendar_midnight(cal, when_date_of(day));
	int length = s->to - s->from;

	if (!(s->days & 1u << weekday_of(day)))
		return false;
	if (length <= 0)
		length += DAY_MINUTES;
	*from_ms = midnight + s->from * minute_ms;
	*to_ms = *from_ms + length * minute_ms;
	return true;
}

int64_t roster_next(const struct roster_span *spans, size_t n, const struct calendar *cal,
		    int64_t wall_ms)
{
	int64_t today = when_day_number(calendar_date_of(cal, wall_ms)), best = INT64_MAX;

	if (n == 0)
		return wall_ms;
	for (int64_t day = today - 1; day <= today + DAYS && best == INT64_MAX; day++)
		for (size_t i = 0; i < n; i++) {
			int64_t from, to;

			if (!turn_of(&spans[i], cal, day, &from, &to) || to <= wall_ms)
				continue;
			from = from < wall_ms ? wall_ms : from;
			best = from < best ? from : best;
		}
	return best;
}

bool roster_on(const struct roster_span *spans, size_t n, const struct calendar *cal,
	       int64_t wall_ms)
{
	return roster_next(spans, n, cal, wall_ms) == wall_ms;
}
