/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer: any bytes as a provider's time. What is read must be a moment of the years
 * that dates may have, and be the same when written and read again.
 */
#include <assert.h>
#include <stdlib.h>

#include "model/calendar.h"

enum { WIB = 25200, CEILING = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(int64_t ms, struct arena *arena)
{
	const struct calendar_spec spec = { .zone_s = WIB,
					    .workday = { true },
					    .close_minute = 960 };
	struct err err;
	struct calendar *cal = calendar_build(&spec, arena, &err);
	struct str written;
	int64_t same = -1;

	assert(cal);
	written = calendar_iso(cal, ms, arena);
	/* At both ends a zone may carry the moment out of the years that are read. */
	if (when_date_exists(calendar_date_of(cal, ms))) {
		assert(time_read_iso(written, 0, &same));
		assert(same == ms - ms % 1000 || ms < 0);
		assert(calendar_add_workdays(cal, ms, 3) > ms);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int64_t most = INT64_C(253402387200000); /* 9999-12-31, and a day */
	struct str text = str_from((const char *)data, size);
	struct arena *arena = arena_new("fuzz", CEILING);
	struct when_date date = { 0, 0, 0 };
	int64_t here = -1, utc = -1;
	bool read = time_read_iso(text, WIB, &here);
	int minutes = -1;

	if (!arena)
		abort();
	assert(time_read_iso(text, 0, &utc) == read);
	if (read) {
		assert(here >= -INT64_C(86400000) && here <= most);
		/* With a zone of its own the default does not matter. */
		assert(here == utc || utc - here == WIB * INT64_C(1000));
		check_again(here, arena);
	}
	if (calendar_read_date(text, &date))
		assert(when_date_exists(date) && text.n == 10);
	if (calendar_read_clock(text, &minutes))
		assert(minutes >= 0 && minutes <= 1440);
	arena_free(arena);
	return 0;
}
