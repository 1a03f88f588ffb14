/* SPDX-License-Identifier: MIT */
/*
 * When an officer is on duty, by weekday and hour: "senin-jumat 07.30-16.00",
 * "sabtu 08.00-12.00", "jumat-minggu 16.00-07.30" (ends on the next morning), "minggu"
 * (the whole day), "tiap hari 16.00-07.30", "senin,rabu 08.00-12.00". Holidays are days
 * like others: whoever watches over danger does so then, too. Pure.
 */
#ifndef MODEL_ROSTER_H
#define MODEL_ROSTER_H

#include "model/calendar.h"

struct roster_span {
	unsigned days; /* bits, Sunday first: on which it begins */
	int from, to;  /* minutes after midnight; to ≤ from: it ends on the next day */
};

/* False: *why says what is wrong with it. */
bool roster_read(struct str text, struct roster_span *out, const char **why);
/* n 0: always. */
bool roster_on(const struct roster_span *spans, size_t n, const struct calendar *cal,
	       int64_t wall_ms);
/* The same moment when he is on duty, else when his duty begins next. */
int64_t roster_next(const struct roster_span *spans, size_t n, const struct calendar *cal,
		    int64_t wall_ms);

#endif
