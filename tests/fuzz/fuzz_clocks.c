/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer: any bytes as a ticket's times from the store. What is read must be the same
 * when written and read again, and whatever state the ticket is in, what is due next is
 * found without trouble: exactly when it is open.
 */
#include <assert.h>
#include <stdlib.h>

#include "model/clocks.h"

enum { WIB = 25200, CEILING = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const struct clock_times *times)
{
	struct buf out = BUF_INIT(4000), again = BUF_INIT(4000);
	struct clock_times same;

	clocks_write(times, &out);
	assert(!out.failed && clocks_read(buf_str(&out), &same));
	clocks_write(&same, &again);
	assert(str_eq(buf_str(&out), buf_str(&again)));
	buf_free(&out);
	buf_free(&again);
}

static void check_due(const struct clock_times *times, struct arena *arena)
{
	const struct calendar_spec spec = { .zone_s = WIB,
					    .workday = { false, true, true, true, true,
							 true, false },
					    .open_minute = 450,
					    .close_minute = 960 };
	struct calendar *cal = calendar_build(&spec, arena, NULL);
	struct due due;

	assert(cal);
	for (int s = 0; s < TICKET_STATE_COUNT; s++) {
		struct life life = { .state = (enum ticket_state)s };
		int64_t now = times->last_ms ? times->last_ms : INT64_C(1754290800000);

		assert(clocks_next(&clock_rules_usual, cal, &life, times, now, &due) ==
		       ticket_state_open(life.state));
		(void)clocks_promise(&clock_rules_usual, cal, &life, times, now);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct clock_times times;
	struct arena *arena = arena_new("fuzz", CEILING);

	if (!arena)
		abort();
	if (clocks_read(str_from((const char *)data, size), &times)) {
		check_again(&times);
		check_due(&times, arena);
	}
	arena_free(arena);
	return 0;
}
