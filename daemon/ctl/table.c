/* SPDX-License-Identifier: MIT */
/*
 * Aligned columns. The last column takes what the terminal leaves, be it little, and is
 * cut with "…" there; into a pipe nothing is cut. Bad code points never reach here: the
 * daemon cleans texts.
 */
#include "ctl/ctl.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"

enum { COLUMNS_MOST = 12, GAP = 2, LEAST = 4 };

struct row {
	struct row *next;
	struct str cells[COLUMNS_MOST];
};

struct table {
	struct arena *arena;
	size_t columns, widths[COLUMNS_MOST];
	struct row *first, *last;
};

static size_t width_of(struct str s)
{
	size_t at = 0, n = 0;

	while (utf8_next(s, &at) >= 0)
		n++;
	return n;
}

/* Newlines would break the columns. */
static struct str one_line(struct arena *arena, struct str s)
{
	struct str copy = arena_str(arena, s);
	char *p = arena_alloc(arena, s.n + 1, 1);

	if (!copy.p || !p)
		return STR("");
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] == '\n' || s.p[i] == '\t' || s.p[i] == '\r' ? ' ' : s.p[i];
	return str_from(p, s.n);
}

void table_add(struct table *t, const struct str *cells)
{
	struct row *row = ARENA_NEW(t->arena, struct row, 1);

	if (!row)
		return;
	for (size_t i = 0; i < t->columns; i++) {
		size_t w;

		row->cells[i] = one_line(t->arena, cells[i]);
		w = width_of(row->cells[i]);
		if (w > t->widths[i])
			t->widths[i] = w;
	}
	*(t->last ? &t->last->next : &t->first) = row;
	t->last = row;
}

struct table *table_new(struct arena *arena, size_t columns, const char *const *titles)
{
	struct table *t = ARENA_NEW(arena, struct table, 1);
	struct str cells[COLUMNS_MOST];

	if (!t || columns > COLUMNS_MOST)
		return NULL;
	*t = (struct table){ .arena = arena, .columns = columns };
	for (size_t i = 0; i < columns; i++)
		cells[i] = str_of(titles[i]);
	table_add(t, cells);
	return t;
}

size_t table_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ||
	    !size.ws_col)
		return SIZE_MAX;
	return size.ws_col;
}

static void print_cut(struct str s, size_t room)
{
	size_t at = 0, n = 0, cut = 0;

	while (utf8_next(s, &at) >= 0 && ++n < room)
		cut = at;
	if (n < room || width_of(s) <= room)
		printf("%.*s\n", STR_ARG(s));
	else
		printf("%.*s…\n", (int)cut, s.p);
}

void table_print(const struct table *t)
{
	size_t room = table_width(), used = 0;

	for (size_t i = 0; i + 1 < t->columns; i++)
		used += t->widths[i] + GAP;
	room = room > used + LEAST ? room - used : LEAST;
	if (table_width() == SIZE_MAX)
		room = SIZE_MAX;
	for (const struct row *r = t->first; r; r = r->next) {
		for (size_t i = 0; i + 1 < t->columns; i++)
			printf("%.*s%*s", STR_ARG(r->cells[i]),
			       (int)(t->widths[i] + GAP - width_of(r->cells[i])), "");
		print_cut(r->cells[t->columns - 1], room);
	}
}
