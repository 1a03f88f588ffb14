/* SPDX-License-Identifier: MIT */
/* Rates and waiting. Pure. */
#include "model/pace.h"

void bucket_init(struct bucket *b, double rate, double burst, int64_t now_ms)
{
	*b = (struct bucket){
		.rate = rate, .burst = burst, .tokens = burst, .at_ms = now_ms
	};
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
	/* A hair of tolerance, or a token of 0.9999… would be waited for a whole
	 * millisecond. */
	have = (unsigned)(b->tokens + 1e-6);
	if (have > want)
		have = want;
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
	double missing;

	if (b->rate <= 0)
		return now_ms;
	fill(&now, now_ms);
	missing = 1 - now.tokens;
	return missing <= 1e-6 ? now_ms
			       : now_ms + 1 + (int64_t)(missing * 1000 / b->rate);
}

int64_t backoff_ms(unsigned tries, int64_t first_ms, int64_t ceiling_ms, double jitter)
{
	int64_t wait = first_ms;

	for (unsigned i = 1; i < tries && wait < ceiling_ms; i++)
		wait *= 2;
	if (wait > ceiling_ms)
		wait = ceiling_ms;
	return wait / 2 + (int64_t)((double)(wait - wait / 2) * jitter);
}

int64_t poll_interval_ms(int64_t every_ms, int64_t idle_ms, unsigned empty_pages,
			 double jitter)
{
	double wait = (double)every_ms;

	for (unsigned i = 1; i < empty_pages && wait < (double)idle_ms; i++)
		wait *= 1.5;
	if (wait > (double)idle_ms && idle_ms >= every_ms)
		wait = (double)idle_ms;
	return (int64_t)(wait * (0.9 + 0.2 * jitter));
}
