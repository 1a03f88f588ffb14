/* SPDX-License-Identifier: MIT */
/* Dates of the civil calendar as day numbers from 1970-01-01, and written times. Pure. */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include "base/str.h"

struct when_date {
	int year, month, day; /* month and day from 1 */
};

/* The date must exist. */
int64_t when_day_number(struct when_date date);
struct when_date when_date_of(int64_t day_number);
/* Years 1970 to 9999. */
bool when_date_exists(struct when_date date);
/* Reads "YYYY-MM-DD" off the start of *s, which moves on; false, *s undefined, otherwise.
 */
bool when_take_date(struct str *s, struct when_date *date);
/* Exactly n digits off the start of *s. */
bool when_take_digits(struct str *s, size_t n, int *out);
/* One of the characters in `any` off the start of *s. */
bool when_take_char(struct str *s, const char *any);
/*
 * Unix ms of an ISO 8601 time: "2026-01-15T08:30:05Z", with +07:00 or +0700, with
 * fractions, with a space instead of T, without seconds; without a zone it is taken as
 * zone_s east of UTC. False when it is none.
 */
bool time_read_iso(struct str s, int32_t zone_s, int64_t *wall_ms);
/* "2026-01-15T08:30:05+07:00", of the years 0 to 9999; a view of `to`. */
enum { TIME_ISO_BYTES = 25 };
struct str time_write_iso(int64_t wall_ms, int32_t zone_s, char to[TIME_ISO_BYTES]);

#endif
