/* SPDX-License-Identifier: MIT */
/* Open addressing over hashes; equal hashes are taken for equal words. Pure. */
#include "model/dict.h"

bool dict_init(struct dict *d, size_t most, struct arena *arena)
{
	uint32_t size = 16;

	while (size < most * 2)
		size *= 2;
	d->slots = ARENA_NEW(arena, struct dict_slot, size);
	d->mask = size - 1;
	d->n = 0;
	return d->slots != NULL;
}

static uint32_t slot(const struct dict *d, uint64_t key)
{
	uint32_t at = (uint32_t)key & d->mask;

	while (d->slots[at].key && d->slots[at].key != key)
		at = (at + 1) & d->mask;
	return at;
}

int32_t dict_add(struct dict *d, uint64_t key, int32_t value)
{
	uint32_t at;

	if (key == 0)
		key = 1;
	at = slot(d, key);
	if (d->slots[at].key)
		return d->slots[at].value;
	if (d->n == d->mask) /* full: never by the sizes given */
		return value;
	d->n++;
	d->slots[at] = (struct dict_slot){ key, value };
	return value;
}

void dict_set(struct dict *d, uint64_t key, int32_t value)
{
	dict_add(d, key, value);
	d->slots[slot(d, key ? key : 1)].value = value;
}

int32_t dict_get(const struct dict *d, uint64_t key)
{
	uint32_t at;

	if (!d->slots)
		return -1;
	at = slot(d, key ? key : 1);
	return d->slots[at].key ? d->slots[at].value : -1;
}
