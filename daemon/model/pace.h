/* SPDX-License-Identifier: MIT */
/* Rates and waiting: a token bucket, back-off with jitter, an adaptive interval. Pure. */
#ifndef MODEL_PACE_H
#define MODEL_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Tokens come at rate per second and are saved up to burst. rate 0: no limit. */
struct bucket {
	double rate, burst, tokens;
	int64_t at_ms; /* monotonic */
};

void bucket_init(struct bucket *bucket, double rate, double burst, int64_t now_ms);
/* How many of `want` may go now; they are taken. */
unsigned bucket_take(struct bucket *bucket, unsigned want, int64_t now_ms);
/* Gives back what was taken and not used. */
void bucket_return(struct bucket *bucket, unsigned n);
/* When the next token is there (now_ms if there is one). */
int64_t bucket_next_ms(const struct bucket *bucket, int64_t now_ms);

/*
 * Wait before try number `tries` (from 1): first · 2^(tries−1), at most ceiling, of which
 * the upper half is scaled by jitter in [0,1).
 */
int64_t backoff_ms(unsigned tries, int64_t first_ms, int64_t ceiling_ms, double jitter);

/*
 * The poll interval: as configured after a page with messages, growing by half after each
 * empty one up to `idle_ms`; ± 10 % by jitter in [0,1).
 */
int64_t poll_interval_ms(int64_t every_ms, int64_t idle_ms, unsigned empty_pages,
			 double jitter);

#endif
