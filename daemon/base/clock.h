/* SPDX-License-Identifier: MIT */
/*
 * The two clocks, in milliseconds. `mono` never jumps: timers, deadlines, pacing. `wall`
 * is Unix time: what is stored and shown. Tests put a fake in place before threads start.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock_source {
	int64_t (*mono_ms)(void);
	int64_t (*wall_ms)(void);
};

int64_t clock_mono_ms(void);
int64_t clock_wall_ms(void);
/* Microseconds of the monotonic clock, for measuring only. Not faked. */
int64_t clock_mono_us(void);
/* NULL restores the real clocks. Not while other threads run. */
void clock_replace(const struct clock_source *source);

#endif
