/* SPDX-License-Identifier: MIT */
/* Rates and waits as properties, under equal times, steps back and long gaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/pace.h"

static void burst_then_rate(void **state)
{
	struct bucket b;

	(void)state;
	bucket_init(&b, 10, 5, 1000);
	assert_int_equal(bucket_take(&b, 3, 1000), 3);
	assert_int_equal(bucket_take(&b, 9, 1000), 2);
	assert_int_equal(bucket_take(&b, 9, 1000), 0);
	assert_int_equal(bucket_next_ms(&b, 1000), 1100);
	assert_int_equal(bucket_take(&b, 9, 1099), 0);
	assert_int_equal(bucket_take(&b, 9, 1100), 1);
	/* A gap saves no more than the burst, however long. */
	assert_int_equal(bucket_take(&b, 100, 1100 + INT64_C(86400000) * 3650), 5);
	bucket_return(&b, 3);
	bucket_return(&b, 300);
	assert_int_equal(bucket_take(&b, 100, b.at_ms), 5);
}

static void no_limit(void **state)
{
	struct bucket b;

	(void)state;
	bucket_init(&b, 0, 0, 7);
	assert_int_equal(bucket_take(&b, 1000, 7), 1000);
	assert_int_equal(bucket_next_ms(&b, 7), 7);
}

static void slower_than_one(void **state)
{
	struct bucket b;

	(void)state;
	bucket_init(&b, 0.1, 0.1, 0); /* six a minute; a burst below one holds one */
	assert_int_equal(bucket_take(&b, 1, 0), 1);
	assert_int_equal(bucket_next_ms(&b, 0), 10000);
	assert_int_equal(bucket_take(&b, 1, 9999), 0);
	assert_int_equal(bucket_take(&b, 1, 10000), 1);
	bucket_init(&b, 1e-300, 1, 0);
	assert_int_equal(bucket_take(&b, 1, 0), 1);
	assert_true(bucket_next_ms(&b, 0) > INT64_C(86400000));
}

/* Whatever the rate: over any time no more than rate · time + burst, no less than that
 * less one, and at bucket_next_ms there is one, and none a millisecond before. */
static void never_too_many(void **state)
{
	static const double rates[] = { 0.03, 0.5, 1, 3, 7.3, 20, 999 };

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		struct bucket b;
		int64_t now = 5000, begin = now;
		uint32_t chance = 1;
		double given = 0, may;

		bucket_init(&b, rates[i], 4, now);
		for (int step = 0; step < 2000; step++) {
			int64_t next = bucket_next_ms(&b, now);
			struct bucket before = b;

			assert_true(next >= now);
			if (next > now)
				assert_int_equal(bucket_take(&before, 1, next - 1), 0);
			before = b;
			assert_int_equal(bucket_take(&before, 1, next), 1);
			chance = chance * 1664525 + 1013904223;
			now = chance >> 31 ? next : now; /* the same millisecond again */
			given += bucket_take(&b, 1 + (chance >> 28) % 3, now);
		}
		may = rates[i] * (double)(now - begin) / 1000 + 4;
		assert_true(given <= may + 0.001);
		assert_true(given >= may - 5);
	}
}

static void clock_steps_back(void **state)
{
	struct bucket b;

	(void)state;
	bucket_init(&b, 1, 1, 100000);
	assert_int_equal(bucket_take(&b, 1, 100000), 1);
	assert_int_equal(bucket_take(&b, 1, 50000), 0);
	assert_int_equal(bucket_next_ms(&b, 50000), 101000);
	assert_int_equal(bucket_take(&b, 1, 100999), 0);
	assert_int_equal(bucket_take(&b, 1, 101000), 1);
}

static void backs_off(void **state)
{
	(void)state;
	assert_int_equal(backoff_ms(1, 1000, 60000, 0), 500);
	assert_in_range(backoff_ms(1, 1000, 60000, 0.999), 990, 1000);
	assert_int_equal(backoff_ms(3, 1000, 60000, 0), 2000);
	assert_int_equal(backoff_ms(UINT32_MAX, 1000, 60000, 0), 30000);
	assert_int_equal(backoff_ms(UINT32_MAX, 0, 60000, 0.5), 0);
	assert_int_equal(backoff_ms(0, 1000, 60000, 0), 500);
	assert_true(backoff_ms(UINT32_MAX, 3, INT64_MAX, 0) == INT64_MAX / 2);
	for (unsigned tries = 1; tries < 20; tries++)
		for (double jitter = 0; jitter < 1; jitter += 0.24) {
			int64_t wait = backoff_ms(tries, 700, 30000, jitter);

			assert_in_range(wait, 350, 30000);
			assert_true(backoff_ms(tries + 1, 700, 30000, jitter) >= wait);
		}
}

static void polls_slower_when_idle(void **state)
{
	(void)state;
	assert_int_equal(poll_interval_ms(2000, 30000, 0, 0.5), 2000);
	assert_int_equal(poll_interval_ms(2000, 30000, 1, 0.5), 3000);
	assert_int_equal(poll_interval_ms(2000, 30000, 2, 0.5), 4500);
	assert_int_equal(poll_interval_ms(2000, 30000, UINT32_MAX, 0.5), 30000);
	assert_int_equal(poll_interval_ms(2000, 30000, 0, 0), 1800);
	assert_in_range(poll_interval_ms(2000, 30000, 0, 0.999), 2190, 2200);
	/* An idle interval below the usual one changes nothing. */
	assert_int_equal(poll_interval_ms(2000, 1000, 9, 0.5), 2000);
	assert_int_equal(poll_interval_ms(0, 1000, UINT32_MAX, 0.5), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(burst_then_rate),
		cmocka_unit_test(no_limit),
		cmocka_unit_test(slower_than_one),
		cmocka_unit_test(never_too_many),
		cmocka_unit_test(clock_steps_back),
		cmocka_unit_test(backs_off),
		cmocka_unit_test(polls_slower_when_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
