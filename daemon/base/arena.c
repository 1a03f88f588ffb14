/* SPDX-License-Identifier: MIT */
/* Arenas: a chain of blocks with a bump pointer. Owns its blocks; no locks. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	FIRST_BLOCK = 6144, /* a reply's request and answer */
	GROWN_BLOCK = 16384,
	KEPT_BYTES = 64 << 10,
	ALIGNMENT = alignof(max_align_t)
};

struct block {
	struct block *next;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

/* Its first block is born with it, in the same allocation. */
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
	const size_t head =
		(sizeof(struct arena) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	struct arena *a = malloc(head + sizeof(struct block) + FIRST_BLOCK);
	struct block *b;

	if (!a)
		return NULL;
	b = (struct block *)(void *)((unsigned char *)a + head);
	*b = (struct block){ .size = FIRST_BLOCK };
	*a = (struct arena){
		.name = name, .ceiling = ceiling_bytes, .first = b, .last = b
	};
	return a;
}

static void free_after(struct block *last)
{
	for (struct block *b = last->next, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	last->next = NULL;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_after(a->first);
	free(a);
}

/* Some blocks are kept: an arena that is reset works on the like again and again. */
void arena_reset(struct arena *a)
{
	struct block *last = a->first;

	for (size_t kept = 0; last->next && kept < KEPT_BYTES; last = last->next)
		kept += last->next->size;
	free_after(last);
	a->last = a->first;
	a->first->used = 0;
	a->taken = 0;
}

size_t arena_used(const struct arena *a)
{
	return a->taken;
}

size_t arena_limit(struct arena *a, size_t ceiling_bytes)
{
	size_t before = a->ceiling;

	a->ceiling = ceiling_bytes;
	return before;
}

const char *arena_name(const struct arena *a)
{
	return a->name;
}

/* The block behind the last: one that was kept, or a new one. */
static struct block *block_next(struct arena *a, size_t want)
{
	struct block *b = a->last->next;

	if (!b || b->size < want) {
		b = block_new(want > GROWN_BLOCK ? want : GROWN_BLOCK);
		if (!b)
			return NULL;
		b->next = a->last->next;
		a->last->next = b;
	}
	b->used = 0;
	a->last = b;
	return b;
}

static size_t rounded(size_t n)
{
	return n ? (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
}

/* Not zeroed. */
static void *take(struct arena *a, size_t n)
{
	struct block *b = a->last;
	size_t want = rounded(n);
	void *p;

	if (want > a->ceiling || a->taken > a->ceiling - want)
		return NULL;
	if (b->size - b->used < want && !(b = block_next(a, want)))
		return NULL;
	p = b->bytes + b->used;
	b->used += want;
	a->taken += want;
	return p;
}

void *arena_room(struct arena *a, size_t count, size_t size)
{
	if (size && count > (SIZE_MAX - ALIGNMENT) / size)
		return NULL;
	return take(a, count * size);
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	void *p = arena_room(a, count, size);

	return p ? memset(p, 0, rounded(count * size)) : NULL;
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = s.n < SIZE_MAX - ALIGNMENT ? take(a, s.n + 1) : NULL;

	if (!p)
		return str_from(NULL, 0);
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return str_from(p, s.n);
}

struct str arena_join(struct arena *a, const struct str *parts, size_t n)
{
	size_t all = 0, at = 0;
	char *p;

	for (size_t i = 0; i < n; i++) {
		if (parts[i].n >= SIZE_MAX - ALIGNMENT - all)
			return str_from(NULL, 0);
		all += parts[i].n;
	}
	p = take(a, all + 1);
	if (!p)
		return str_from(NULL, 0);
	for (size_t i = 0; i < n; at += parts[i++].n)
		if (parts[i].n)
			memcpy(p + at, parts[i].p, parts[i].n);
	p[all] = '\0';
	return str_from(p, all);
}

struct str arena_int(struct arena *a, struct str before, int64_t number)
{
	char digits[STR_INT_BYTES];

	return ARENA_JOIN(a, before, str_int(number, digits));
}

/* Most texts fit what is left of the block: printed there, then taken. */
struct str arena_vprintf(struct arena *a, const char *format, va_list args)
{
	struct block *b = a->last;
	size_t room = b->size - b->used;
	va_list again;
	char *p;
	int n;

	va_copy(again, args);
	n = vsnprintf((char *)b->bytes + b->used, room, format, again);
	va_end(again);
	p = n < 0 ? NULL : take(a, (size_t)n + 1);
	if (!p)
		return str_from(NULL, 0);
	if ((size_t)n >= room || a->last != b)
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
