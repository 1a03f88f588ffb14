/* SPDX-License-Identifier: MIT */
/* Lists of pieces by size, for each thread. A thread's lists end with it. Contract in
 * pool.h. */
#include "base/pool.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	STEP = 64,  /* sizes are multiples of it */
	SIZES = 16, /* so many of them; above that malloc */
	MOST = 128, /* pieces kept of each */
};

struct piece {
	alignas(max_align_t) size_t size; /* of what follows */
	struct piece *next;		  /* while it is kept */
};

static _Thread_local struct {
	struct piece *first[SIZES];
	unsigned n[SIZES];
	bool known; /* to `ends` */
} kept;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t ends;

static void lists_free(void *unused)
{
	(void)unused;
	for (int i = 0; i < SIZES; i++) {
		while (kept.first[i]) {
			struct piece *p = kept.first[i];

			kept.first[i] = p->next;
			free(p);
		}
		kept.n[i] = MOST; /* what comes after the end is not kept */
	}
}

static void ends_make(void)
{
	if (pthread_key_create(&ends, lists_free))
		abort();
}

/* The thread's end is heard of by whoever has set something. */
static void be_known(void)
{
	pthread_once(&once, ends_make);
	kept.known = pthread_setspecific(ends, &kept) == 0;
}

size_t pool_rounded(size_t n)
{
	return n <= STEP ? STEP : (n + STEP - 1) / STEP * STEP;
}

void *pool_take(size_t n)
{
	size_t size = pool_rounded(n), list = size / STEP - 1;
	struct piece *p;

	if (n > SIZE_MAX / 2)
		return NULL;
	if (list < SIZES && kept.first[list]) {
		p = kept.first[list];
		kept.first[list] = p->next;
		kept.n[list]--;
		return p + 1;
	}
	p = malloc(sizeof(*p) + size);
	if (!p)
		return NULL;
	p->size = size;
	return p + 1;
}

void pool_give(void *memory)
{
	struct piece *p = memory;
	size_t list;

	if (!p)
		return;
	p--;
	list = p->size / STEP - 1;
	if (list >= SIZES || kept.n[list] >= MOST) {
		free(p);
		return;
	}
	if (!kept.known)
		be_known();
	p->next = kept.first[list];
	kept.first[list] = p;
	kept.n[list]++;
}

size_t pool_size(const void *memory)
{
	return memory ? ((const struct piece *)memory - 1)->size : 0;
}

void *pool_resize(void *memory, size_t n)
{
	size_t had = pool_size(memory);
	void *p;

	if (memory && pool_rounded(n) == had)
		return memory;
	p = pool_take(n);
	if (!p)
		return NULL;
	if (memory)
		memcpy(p, memory, had < n ? had : n);
	pool_give(memory);
	return p;
}
