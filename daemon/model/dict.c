/* SPDX-License-Identifier: MIT */
/* Open addressing over hashes; equal hashes are taken for equal words. Pure. */
#include "model/dict.h"

bool dict_init(struct dict *d, size_t expected, struct arena *arena)
{
	uint32_t size = 16;

	while (size < expected * 2)
		size *= 2;
	*d = (struct dict){
		.slots = ARENA_NEW(arena, struct dict_slot, size),
		.mask = size - 1,
		.arena = arena,
	};
	return d->slots != NULL;
}

static uint32_t slot(const struct dict *d, uint64_t key)
{
	uint32_t at = (uint32_t)key & d->mask;

	while (d->slots[at].key && d->slots[at].key != key)
		at = (at + 1) & d->mask;
	return at;
}

/* Twice as large; as it is when there is no memory. */
static void grow(struct dict *d)
{
	struct dict larger;

	if (!dict_init(&larger, (size_t)d->mask + 1, d->arena))
		return;
	for (uint32_t i = 0; i <= d->mask; i++)
		if (d->slots[i].key)
			larger.slots[slot(&larger, d->slots[i].key)] = d->slots[i];
	larger.n = d->n;
	*d = larger;
}

int32_t dict_add(struct dict *d, uint64_t key, int32_t value)
{
	uint32_t at;

	if (key == 0)
		key = 1;
	at = slot(d, key);
	if (d->slots[at].key)
		return d->slots[at].value;
	if (d->n >= d->mask / 2) {
		grow(d);
		at = slot(d, key);
	}
	if (d->n == d->mask) /* full, and no memory for more */
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
