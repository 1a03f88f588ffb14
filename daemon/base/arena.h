/* SPDX-License-Identifier: MIT */
/*
 * Memory for one unit of work (an inbound exchange, an engine item, a config): allocated
 * piece by piece, freed all at once. Each arena has a name and a ceiling; reaching it
 * makes the allocation return NULL, which fails that unit and not the program. One thread
 * at a time; an arena may be handed from thread to thread with the object that lives in
 * it.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>

#include "base/str.h"

struct arena;

/* NULL when there is no memory. name must outlive the arena; ceiling in bytes. */
struct arena *arena_new(const char *name, size_t ceiling_bytes);
/* NULL is accepted. */
void arena_free(struct arena *arena);
/* Forgets all allocations but keeps the first block for the next unit of work. */
void arena_reset(struct arena *arena);
size_t arena_used(const struct arena *arena);
/* Another ceiling, for a part of the work; returns the one before. */
size_t arena_limit(struct arena *arena, size_t ceiling_bytes);
const char *arena_name(const struct arena *arena);

/* Zeroed memory aligned for any type, or NULL at the ceiling. count * size may not wrap.
 */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
#define ARENA_NEW(arena, type, count) \
	((type *)arena_alloc((arena), (count), sizeof(type)))
/* The same, not zeroed: for large tables of which little is used, and written first. */
void *arena_room(struct arena *arena, size_t count, size_t size);
#define ARENA_ROOM(arena, type, count) \
	((type *)arena_room((arena), (count), sizeof(type)))

/*
 * A copy of s, NUL-terminated behind its n bytes. On failure p is NULL and n 0, even for
 * an empty s, so that success shows as p != NULL.
 */
struct str arena_str(struct arena *arena, struct str s);
/* The parts one behind the other, and a number in decimal behind a text, both like
 * arena_str: what is written for each message is not worth a format. */
struct str arena_join(struct arena *arena, const struct str *parts, size_t n);
#define ARENA_JOIN(arena, ...)                                   \
	arena_join((arena), (const struct str[]){ __VA_ARGS__ }, \
		   sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
struct str arena_int(struct arena *arena, struct str before, int64_t number);
struct str arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

#endif
