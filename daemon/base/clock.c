/* SPDX-License-Identifier: MIT */
/* The clocks, replaceable for tests. */
#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t read_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t real_mono_ms(void)
{
	return read_us(CLOCK_MONOTONIC) / 1000;
}

static int64_t real_wall_ms(void)
{
	return read_us(CLOCK_REALTIME) / 1000;
}

static const struct clock_source real = { real_mono_ms, real_wall_ms };
static const struct clock_source *current = &real;

int64_t clock_mono_ms(void)
{
	return current->mono_ms();
}

int64_t clock_wall_ms(void)
{
	return current->wall_ms();
}

int64_t clock_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

void clock_replace(const struct clock_source *source)
{
	current = source ? source : &real;
}
