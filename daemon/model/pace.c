/* SPDX-License-Identifier: MIT */
/*
 * Rates and waiting. Pure: time and chance are arguments. Times are monotonic, but two
 * calls may see the same millisecond, and a caller's clock may be set in tests; no call
 * gives tokens for time that was counted before.
 */
#include "model/pace.h"

#include <math.h>

/* Tolerance, or a token of 0.9999… would be waited for a whole millisecond. */
#define HAIR 1e-6

enum { LONGEST_DAYS = 3650 };

static const int64_t longest_ms = LONGEST_DAYS * INT64_C(86400000);

void bucket_init(struct bucket *b, double rate, double burst, int64_t now_ms)
{
	*b = (struct bucket){
		.rate = rate, .burst = burst, .tokens = burst, .at_ms = now_ms
	};
	/* A bucket that cannot hold one token would never give one. */
	if (burst < 1)
		b->burst = b->tokens = 1;
}

static void fill(struct bucket *b, int64_t now_ms)
{
	if (now_ms <= b->at_ms)
		return;
	b->tokens += b->rate * (double)(now_ms - b->at_ms) / 1000;
	if (b->tokens > b->burst)
		b->tokens = b->burst;
	b->at_ms = now_ms;
}

unsigned bucket_take(struct bucket *b, unsigned want, int64_t now_ms)
{
	unsigned have;

	if (b->rate <= 0)
		return want;
	fill(b, now_ms);
	have = b->tokens + HAIR < (double)want ? (unsigned)(b->tokens + HAIR) : want;
	b->tokens -= have;
	return have;
}

void bucket_return(struct bucket *b, unsigned n)
{
	if (b->rate <= 0)
		return;
	b->tokens += n;
	if (b->tokens > b->burst)
		b->tokens = b->burst;
}

int64_t bucket_next_ms(const struct bucket *b, int64_t now_ms)
{
	struct bucket now = *b;
	double wait;

	if (b->rate <= 0)
		return now_ms;
	fill(&now, now_ms);
	/* Half of it, so that bucket_take certainly agrees at the time returned. */
	if (now.tokens >= 1 - HAIR / 2)
		return now_ms;
	wait = ceil((1 - HAIR / 2 - now.tokens) * 1000 / b->rate);
	/* Tokens are counted from at_ms, which is not before now_ms after filling. */
	return now.at_ms + (wait < (double)longest_ms ? (int64_t)wait : longest_ms);
}

int64_t backoff_ms(unsigned tries, int64_t first_ms, int64_t ceiling_ms, double jitter)
{
	int64_t wait = first_ms;

	for (unsigned i = 1; i < tries && wait > 0 && wait < ceiling_ms; i++)
		wait = wait > ceiling_ms / 2 ? ceiling_ms : wait * 2;
	if (wait > ceiling_ms)
		wait = ceiling_ms;
	return wait / 2 + (int64_t)((double)(wait - wait / 2) * jitter);
}

int64_t poll_interval_ms(int64_t every_ms, int64_t idle_ms, unsigned empty_pages,
			 double jitter)
{
	double wait = (double)every_ms;

	for (unsigned i = 0; i < empty_pages && wait > 0 && wait < (double)idle_ms; i++)
		wait *= 1.5;
	if (wait > (double)idle_ms && idle_ms >= every_ms)
		wait = (double)idle_ms;
	return (int64_t)(wait * (0.9 + 0.2 * jitter));
}
