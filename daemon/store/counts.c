/* SPDX-License-Identifier: MIT */
/*
 * Numbers that count up: tickets of a year, replies of a day. A thousand complaints in a
 * transaction would change the same row a thousand times; so it is taken at the first use
 * (which locks it, where several nodes share a database), counted in memory, and written
 * before the commit. Marks keep copies, so that forgetting an item forgets its counts.
 * Contract in store.h.
 */
#include "store/inside.h"

#include <assert.h>

static int count_write(struct store *s, struct count *c, struct err *err)
{
	if (!c->changed)
		return 0;
	c->changed = false;
	return store_run(s, STMT_COUNT_SET,
			 DB_ARGS(DB_I(c->n), DB_T(str_of(c->name)), DB_I(c->day)), NULL,
			 NULL, err);
}

int store_counts_write(struct store *s, struct err *err)
{
	for (size_t i = 0; i < s->counts.n; i++)
		if (count_write(s, &s->counts.items[i], err))
			return -1;
	return 0;
}

static struct count *count_find(struct counts *counts, const char *name, int64_t day)
{
	for (size_t i = 0; i < counts->n; i++)
		if (counts->items[i].day == day &&
		    strcmp(counts->items[i].name, name) == 0)
			return &counts->items[i];
	return NULL;
}

/* Room for one more; what was there is written and forgotten. */
static int make_room(struct store *s, struct err *err)
{
	if (s->counts.n < sizeof(s->counts.items) / sizeof(*s->counts.items))
		return 0;
	if (store_counts_write(s, err))
		return -1;
	s->counts.n = 0;
	return 0;
}

static int count_take(struct store *s, const char *name, int64_t day, struct count **out,
		      struct err *err)
{
	struct count *c = count_find(&s->counts, name, day);
	int64_t n = 0;

	if (!c) {
		assert(strlen(name) < sizeof(c->name));
		if (make_room(s, err) ||
		    store_run(s, STMT_COUNT_TAKE, DB_ARGS(DB_T(str_of(name)), DB_I(day)),
			      store_take_int, &n, err))
			return -1;
		c = &s->counts.items[s->counts.n++];
		*c = (struct count){ .day = day, .n = n };
		memcpy(c->name, name, strlen(name) + 1);
	}
	*out = c;
	return 0;
}

int store_count_add(struct store *s, const char *name, int64_t day, int64_t add,
		    int64_t *now, struct err *err)
{
	struct count *c;

	assert(s->open);
	if (count_take(s, name, day, &c, err))
		return -1;
	c->n += add;
	c->changed = c->changed || add != 0;
	*now = c->n;
	return 0;
}
