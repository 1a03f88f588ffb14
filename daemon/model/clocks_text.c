/* SPDX-License-Identifier: MIT */
/*
 * The times of a ticket as one line: "settle+statute+answer=1754… done=6 pause=1754…-".
 * Clocks that began together stand together, as most do in most tickets; what is 0 or not
 * there is left out. Times are Unix ms, bits decimal. Pure.
 */
#include "model/clocks.h"

static void number(struct buf *out, const char *name, int64_t n)
{
	if (n == 0)
		return;
	if (out->n)
		buf_add_char(out, ' ');
	buf_add(out, str_of(name));
	buf_add_char(out, '=');
	buf_add_int(out, n);
}

/* This clock and the later ones that began with it; nothing when an earlier one told. */
static void started(struct buf *out, const struct clock_times *times, int clock)
{
	int64_t at_ms = times->started_ms[clock];

	for (int c = 0; c < clock; c++)
		if (times->started_ms[c] == at_ms)
			return;
	if (at_ms == 0)
		return;
	if (out->n)
		buf_add_char(out, ' ');
	buf_add(out, str_of(lifecycle_clock_name((enum life_clock)clock)));
	for (int c = clock + 1; c < LIFE_CLOCK_COUNT; c++)
		if (times->started_ms[c] == at_ms) {
			buf_add_char(out, '+');
			buf_add(out, str_of(lifecycle_clock_name((enum life_clock)c)));
		}
	buf_add_char(out, '=');
	buf_add_int(out, at_ms);
}

void clocks_write(const struct clock_times *times, struct buf *out)
{
	for (int c = 0; c < LIFE_CLOCK_COUNT; c++)
		started(out, times, c);
	number(out, "promised", times->promised_ms);
	number(out, "fresh", times->fresh);
	number(out, "done", times->done);
	number(out, "last", times->last_ms);
	number(out, "told", times->told_ms);
	for (size_t i = 0; i < times->n_pauses; i++) {
		number(out, "pause", times->pauses[i].from_ms);
		buf_add_char(out, '-');
		if (times->pauses[i].to_ms)
			buf_add_int(out, times->pauses[i].to_ms);
	}
}

/* A time within the years that dates are written with. */
static bool take_ms(struct str s, int64_t *ms)
{
	return str_to_int(s, ms) && *ms > 0 && *ms < INT64_C(253402300800000);
}

static bool take_pause(struct str value, struct clock_times *times)
{
	struct clock_pause p = { 0, 0 };
	struct str from;

	if (times->n_pauses == CLOCK_PAUSES_MOST ||
	    str_find_char(value, '-') == value.n || !str_split(&value, '-', &from) ||
	    !take_ms(from, &p.from_ms) || (value.n && !take_ms(value, &p.to_ms)) ||
	    (p.to_ms && p.to_ms < p.from_ms))
		return false;
	times->pauses[times->n_pauses++] = p;
	return true;
}

/* "settle+statute"; false: it begins with no clock's name. */
static bool take_started(struct str names, struct str value, struct clock_times *times,
			 bool *good)
{
	bool any = false;
	struct str name;
	int c;

	*good = true;
	while (str_split(&names, '+', &name)) {
		for (c = 0; c < LIFE_CLOCK_COUNT; c++)
			if (str_eq(name,
				   str_of(lifecycle_clock_name((enum life_clock)c))))
				break;
		if (c == LIFE_CLOCK_COUNT || !take_ms(value, &times->started_ms[c])) {
			*good = false;
			return any || c < LIFE_CLOCK_COUNT;
		}
		any = true;
	}
	return any;
}

static bool take(struct str name, struct str value, struct clock_times *times)
{
	int64_t bits;
	bool good;

	if (take_started(name, value, times, &good))
		return good;
	if (str_eq(name, STR("promised")))
		return take_ms(value, &times->promised_ms);
	if (str_eq(name, STR("last")))
		return take_ms(value, &times->last_ms);
	if (str_eq(name, STR("told")))
		return take_ms(value, &times->told_ms);
	if (str_eq(name, STR("pause")))
		return take_pause(value, times);
	if (str_eq(name, STR("fresh"))) {
		times->fresh = true;
		return str_eq(value, STR("1"));
	}
	if (!str_eq(name, STR("done")) || !str_to_int(value, &bits) || bits < 0 ||
	    bits >> DUE_KIND_COUNT)
		return false;
	times->done = (uint32_t)bits;
	return true;
}

bool clocks_read(struct str text, struct clock_times *times)
{
	struct clock_times t = { .n_pauses = 0 };
	struct str word, name;

	if (text.n == 0)
		text.p = NULL;
	while (str_split(&text, ' ', &word)) {
		if (!str_split(&word, '=', &name) || !take(name, word, &t))
			return false;
		if (t.n_pauses > 1 && t.pauses[t.n_pauses - 2].to_ms == 0)
			return false; /* only the last may still go on */
	}
	*times = t;
	return true;
}
