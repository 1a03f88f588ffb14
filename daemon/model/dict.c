/* SPDX-License-Identifier: MIT */
/* Open addressing over hashes; equal hashes are taken for equal words. Pure. */
#include "model/dict.h"

bool dict_init(struct dict *d, size_t most, struct arena *arena)
{
	uint32_t size = 16;

	while (size < most * 2)
		size *= 2;
	d->keys = ARENA_NEW(arena, uint64_t, size);
	d->values = ARENA_NEW(arena, int32_t, size);
	d->mask = size - 1;
	d->n = 0;
	return d->keys && d->values;
}

static uint32_t slot(const struct dict *d, uint64_t key)
{
	uint32_t at = (uint32_t)key & d->mask;

	while (d->keys[at] && d->keys[at] != key)
		at = (at + 1) & d->mask;
	return at;
}

int32_t dict_add(struct dict *d, uint64_t key, int32_t value)
{
	uint32_t at;

	if (key == 0)
		key = 1;
	at = slot(d, key);
	if (d->keys[at])
		return d->values[at];
	if (d->n == d->mask) /* full: never by the sizes given */
		return value;
	d->n++;
	d->keys[at] = key;
	d->values[at] = value;
	return value;
}

void dict_set(struct dict *d, uint64_t key, int32_t value)
{
	dict_add(d, key, value);
	d->values[slot(d, key ? key : 1)] = value;
}

int32_t dict_get(const struct dict *d, uint64_t key)
{
	uint32_t at;

	if (!d->keys)
		return -1;
	at = slot(d, key ? key : 1);
	return d->keys[at] ? d->values[at] : -1;
}
