/* SPDX-License-Identifier: MIT */
/*
 * Where persons are found by their keyed hash.
 *
 * A hash falls anywhere, so an index over it has each new person change a page of his
 * own, as much to write as all his rows together. Therefore the newest stand in memory
 * only (the tail), and come into the table person_look many at a time in the order of
 * their hashes, when neighbours share a page. Their hash is in their own row, so nothing
 * is lost with the memory: at the start the tail is read from the persons behind the
 * mark, the last id of whom all are in the table.
 *
 * The tail only says who may be meant; the row of that person decides. What it says may
 * be out of date (a number wiped, a hash under the key before), for then the row does not
 * fit, and the table, which is told of each change at once, has what does.
 *
 * Moving is a part of the commit of each turn: a few rows, and twice as many as have
 * come. They may be cut off anywhere: the mark moves with the last of them, until then
 * they stay in memory, and who is in the table already is not entered twice.
 *
 * For a store that several programs write to, the tail would have to be a table.
 *
 * Engine's thread; the store owns the tail.
 */
#include "store/inside.h"

#include <stdlib.h>

enum {
	LOOK_STEP = 128, /* moved by each commit at least: below a millisecond */
	NONE = 0,	 /* `next` and `heads` count from one */
};

struct store_looks {
	struct look {
		int64_t look, id;
		uint32_t next; /* of the same head */
	} items[STORE_LOOKS];
	uint32_t heads[STORE_LOOKS];
	uint32_t n, begun, marked[STORE_MARKS];
	/* The first `moving` items go over in the order of `order`; `moved` have. */
	uint32_t order[STORE_LOOKS], moving, moved, moved_begun;
};

static uint32_t *head_of(struct store_looks *l, int64_t look)
{
	return &l->heads[(uint64_t)look % STORE_LOOKS];
}

static void tail_add(struct store_looks *l, int64_t look, int64_t id)
{
	uint32_t *head = head_of(l, look);

	l->items[l->n++] = (struct look){ look, id, *head };
	*head = l->n;
}

/* Back to what was there before: the newest of each head comes first. */
static void tail_cut(struct store_looks *l, uint32_t n)
{
	while (l->n > n) {
		const struct look *last = &l->items[--l->n];

		*head_of(l, last->look) = last->next;
	}
}

static void tail_drop_first(struct store_looks *l, uint32_t n)
{
	uint32_t all = l->n;

	memset(l->heads, 0, sizeof(l->heads));
	l->n = 0;
	for (uint32_t i = n; i < all; i++)
		tail_add(l, l->items[i].look, l->items[i].id);
}

/* ---- into the table ---- */

static int by_hash(const void *a, const void *b, void *of)
{
	const struct store_looks *l = of;
	int64_t left = l->items[*(const uint32_t *)a].look,
		right = l->items[*(const uint32_t *)b].look;

	return (left > right) - (left < right);
}

static void move_begin(struct store_looks *l, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		l->order[i] = i;
	qsort_r(l->order, n, sizeof(*l->order), by_hash, l);
	l->moving = n;
	l->moved = 0;
}

static int put(struct store *s, int64_t id, struct err *err)
{
	return store_run(s, STMT_LOOK_ADD, DB_ARGS(DB_I(id)), NULL, NULL, err);
}

static int move_some(struct store *s, uint32_t most, struct err *err)
{
	struct store_looks *l = s->looks;

	for (; most > 0 && l->moved < l->moving; most--, l->moved++)
		if (put(s, l->items[l->order[l->moved]].id, err))
			return -1;
	if (l->moved < l->moving)
		return 0;
	return store_run(s, STMT_LOOK_MARK_SET, DB_ARGS(DB_I(l->items[l->moving - 1].id)),
			 NULL, NULL, err);
}

/* Only who is committed goes over, so that what is taken back was never on its way. */
int store_looks_move(struct store *s, struct err *err)
{
	struct store_looks *l = s->looks;

	if (!l->moving && l->begun >= (s->looks_most ? s->looks_most : STORE_LOOKS / 2))
		move_begin(l, l->begun);
	return l->moving ? move_some(s, LOOK_STEP + 2 * (l->n - l->begun), err) : 0;
}

/* ---- with the transactions ---- */

void store_looks_begun(struct store *s)
{
	s->looks->begun = s->looks->n;
	s->looks->moved_begun = s->looks->moved;
}

void store_looks_committed(struct store *s)
{
	struct store_looks *l = s->looks;

	if (l->moving && l->moved == l->moving) {
		tail_drop_first(l, l->moving);
		l->moving = l->moved = 0;
	}
}

void store_looks_rolled_back(struct store *s)
{
	tail_cut(s->looks, s->looks->begun);
	s->looks->moved = s->looks->moved_begun;
}

void store_looks_marked(struct store *s)
{
	s->looks->marked[s->marks] = s->looks->n;
}

void store_looks_forgotten(struct store *s)
{
	tail_cut(s->looks, s->looks->marked[s->marks - 1]);
}

/* ---- finding, adding, changing ---- */

int store_look_find(struct store *s, int64_t look, db_row_fn *row, void *arg,
		    struct err *err)
{
	const struct store_looks *l = s->looks;

	for (uint32_t i = *head_of(s->looks, look); i != NONE; i = l->items[i - 1].next)
		if (l->items[i - 1].look == look &&
		    store_run(s, STMT_PERSON_CHECK, DB_ARGS(DB_I(l->items[i - 1].id)),
			      row, arg, err))
			return -1;
	return store_run(s, STMT_PERSON_FIND, DB_ARGS(DB_I(look)), row, arg, err);
}

/* Without room, which a turn of tens of thousands would need, he is in the table at once.
 */
int store_look_add(struct store *s, int64_t look, int64_t id, struct err *err)
{
	if (s->looks->n == STORE_LOOKS)
		return put(s, id, err);
	tail_add(s->looks, look, id);
	return 0;
}

int store_look_remove(struct store *s, int64_t person_id, struct err *err)
{
	return store_run(s, STMT_LOOK_REMOVE, DB_ARGS(DB_I(person_id)), NULL, NULL, err);
}

int store_look_renew(struct store *s, int64_t person_id, struct err *err)
{
	return put(s, person_id, err);
}

/* ---- at the start ---- */

static int tail_row(void *arg, const struct db_value *c, struct err *err)
{
	(void)err;
	tail_add(arg, c[1].i, c[0].i);
	return 0;
}

static int tail_read(struct store *s, struct err *err)
{
	struct store_looks *l = s->looks;
	int64_t mark = 0;

	tail_drop_first(l, l->n);
	l->moving = l->moved = 0;
	if (store_run(s, STMT_LOOK_MARK, NULL, 0, store_take_int, &mark, err))
		return -1;
	return store_run(s, STMT_LOOK_TAIL, DB_ARGS(DB_I(mark), DB_I(STORE_LOOKS)),
			 tail_row, l, err);
}

/* More than there is room for, as when rows were put in by other means, go over now. */
int store_looks_load(struct store *s, struct err *err)
{
	while (tail_read(s, err) == 0) {
		if (s->looks->n < STORE_LOOKS)
			return 0;
		if (store_begin(s, err))
			return -1;
		move_begin(s->looks, s->looks->n);
		if (move_some(s, s->looks->n, err) || store_commit(s, err))
			return -1;
	}
	return -1;
}

int store_looks_new(struct store *s, struct err *err)
{
	s->looks = calloc(1, sizeof(*s->looks));
	return s->looks ? 0 : err_set(err, ERR_LATER, "no memory for the store");
}
