/* SPDX-License-Identifier: MIT */
/* A table from 64-bit hashes of words to small numbers, built once, then only asked. */
#ifndef MODEL_DICT_H
#define MODEL_DICT_H

#include "base/arena.h"
#include "base/str.h"

struct dict {
	struct dict_slot {
		uint64_t key; /* 0: free */
		int32_t value;
	} * slots;
	uint32_t mask, n;
	struct arena *arena;
};

/* Room for `expected` entries; more of it in the same arena as more come. False without
 * memory. */
bool dict_init(struct dict *dict, size_t expected, struct arena *arena);
/* Does not replace: the value that is there is returned, or `value` when it was new. */
int32_t dict_add(struct dict *dict, uint64_t key, int32_t value);
void dict_set(struct dict *dict, uint64_t key, int32_t value);
/* −1: not there. Values must not be negative. */
int32_t dict_get(const struct dict *dict, uint64_t key);

#endif
