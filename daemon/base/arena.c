/* SPDX-License-Identifier: MIT */
/* Arenas: a chain of blocks with a bump pointer. Owns its blocks; no locks. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 2048, GROWN_BLOCK = 16384, ALIGNMENT = alignof(max_align_t) };

struct block {
	struct block *next;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	const char *name;
	size_t ceiling, taken;
	struct block *first, *last;
};

static struct block *block_new(size_t size)
{
	struct block *b = malloc(sizeof(*b) + size);

	if (b)
		*b = (struct block){ .size = size };
	return b;
}

struct arena *arena_new(const char *name, size_t ceiling_bytes)
{
	struct arena *a = malloc(sizeof(*a));
	struct block *b = block_new(FIRST_BLOCK);

	if (!a || !b) {
		free(a);
		free(b);
		return NULL;
	}
	*a = (struct arena){
		.name = name, .ceiling = ceiling_bytes, .first = b, .last = b
	};
	return a;
}

static void free_after(struct arena *a)
{
	for (struct block *b = a->first->next, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	a->first->next = NULL;
	a->last = a->first;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_after(a);
	free(a->first);
	free(a);
}

void arena_reset(struct arena *a)
{
	free_after(a);
	a->first->used = 0;
	a->taken = 0;
}

size_t arena_used(const struct arena *a)
{
	return a->taken;
}

const char *arena_name(const struct arena *a)
{
	return a->name;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	struct block *b = a->last;
	size_t want;
	void *p;

	if (size && count > (SIZE_MAX - ALIGNMENT) / size)
		return NULL;
	want = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (want == 0)
		want = ALIGNMENT;
	if (want > a->ceiling || a->taken > a->ceiling - want)
		return NULL;
	if (b->size - b->used < want) {
		b = block_new(want > GROWN_BLOCK ? want : GROWN_BLOCK);
		if (!b)
			return NULL;
		a->last->next = b;
		a->last = b;
	}
	p = b->bytes + b->used;
	b->used += want;
	a->taken += want;
	return memset(p, 0, want);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1, 1);

	if (!p)
		return str_from(NULL, 0);
	if (s.n)
		memcpy(p, s.p, s.n);
	return str_from(p, s.n);
}

struct str arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1, 1);
	if (!p)
		return str_from(NULL, 0);
	vsnprintf(p, (size_t)n + 1, format, args);
	return str_from(p, (size_t)n);
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	struct str s;
	va_list args;

	va_start(args, format);
	s = arena_vprintf(a, format, args);
	va_end(args);
	return s;
}
