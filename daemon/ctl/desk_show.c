/* SPDX-License-Identifier: MIT */
/*
 * The desk's list for people: a line with what it is and how long it has waited, the
 * words, the reason, what may be done. As wide as the terminal; into a pipe nothing is
 * broken or cut.
 */
#include "ctl/desk.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum { INDENT = 4, LEAST_ROOM = 20 };

static size_t width_of(struct str s)
{
	size_t at = 0, n = 0;

	while (utf8_next(s, &at) >= 0)
		n++;
	return n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

void desk_wrap(struct str words, size_t indent)
{
	size_t width = table_width(), used = 0;

	if (width < indent + LEAST_ROOM)
		width = indent + LEAST_ROOM;
	while ((words = str_trim(words)).n) {
		size_t end = 0, n;
		struct str one;

		while (end < words.n && !is_blank(words.p[end]))
			end++;
		one = str_slice(words, 0, end);
		n = width_of(one);
		if (used && used + 1 + n > width) {
			putchar('\n');
			used = 0;
		}
		printf("%*s%.*s", used ? 1 : (int)indent, "", STR_ARG(one));
		used += used ? 1 + n : indent + n;
		words = str_slice(words, end, words.n);
	}
	putchar('\n');
}

/* "3 d", "5 h", "12 min" */
static struct str age_of(struct ctl *ctl, long long seconds)
{
	if (seconds < 0)
		seconds = 0;
	if (seconds >= 2 * 86400)
		return arena_printf(ctl->arena, "%lld d", seconds / 86400);
	if (seconds >= 2 * 3600)
		return arena_printf(ctl->arena, "%lld h", seconds / 3600);
	return arena_printf(ctl->arena, "%lld min", seconds / 60);
}

static void add(struct buf *b, const char *between, struct str s)
{
	if (s.n)
		buf_printf(b, "%s%.*s", b->n ? between : "", STR_ARG(s));
}

/* "PUPR 46 %, DISHUB 41 %" */
static struct str likely(struct ctl *ctl, const struct json *row)
{
	const struct json *list = json_get(row, "likely");
	struct buf b = BUF_INIT(400);
	struct str s;

	for (size_t i = 0; i < json_count(list) && i < 3; i++) {
		const struct json *o = json_item(list, i);

		add(&b, ", ",
		    arena_printf(ctl->arena, "%.*s %.0f %%",
				 STR_ARG(str_at(o, "department")),
				 number_at(o, "score") * 100));
	}
	s = arena_str(ctl->arena, buf_str(&b));
	buf_free(&b);
	return s.p ? s : STR("");
}

/* What it is, beside its number. */
static struct str subject(struct ctl *ctl, const struct json *row)
{
	const struct json *ticket = json_get(row, "ticket");
	struct buf b = BUF_INIT(800);
	struct str s;

	if (json_is_object(ticket)) {
		add(&b, ", ", str_at(ticket, "department"));
		add(&b, ", ", str_at(ticket, "desa"));
		add(&b, "; ", likely(ctl, row));
	} else if (str_eq(str_at(row, "what"), STR("group"))) {
		buf_printf(&b, "like %.*s, %lld people", STR_ARG(str_at(row, "head")),
			   int_at(row, "senders"));
	} else {
		add(&b, ", ", str_at(row, "where"));
		add(&b, ", ", str_at(row, "how"));
		if (str_at(row, "no").n)
			buf_printf(&b, ", ticket %.*s", STR_ARG(str_at(row, "no")));
	}
	s = arena_str(ctl->arena, buf_str(&b));
	buf_free(&b);
	return s.p ? s : STR("");
}

static void show_head(struct ctl *ctl, const struct json *row, size_t n, bool letters)
{
	struct str due = str_at(row, "due");
	struct buf b = BUF_INIT(2000);

	if (letters)
		buf_printf(&b, "%zu. ", n);
	if (bool_at(row, "urgent"))
		buf_add(&b, STR("URGENT "));
	buf_printf(&b, "%.*s %.*s, %.*s for %.*s", STR_ARG(str_at(row, "what")),
		   STR_ARG(str_at(row, "id")), STR_ARG(str_at(row, "why")),
		   STR_ARG(age_of(ctl, int_at(row, "age_s"))));
	if (due.n)
		buf_printf(&b, ", due %.*s", STR_ARG(short_time(ctl, due)));
	add(&b, ": ", subject(ctl, row));
	desk_wrap(buf_str(&b), 0);
	buf_free(&b);
}

static struct str words_of(const struct json *row)
{
	struct str text = str_at(json_get(row, "ticket"), "text");

	return text.n ? text : str_at(row, "words");
}

/* "kentongan desk route 25004176 CODE" → "route 25004176 CODE" */
static struct str behind_desk(struct str command)
{
	const struct str prefix = STR("kentongan desk ");

	return str_starts(command, prefix) ? str_slice(command, prefix.n, command.n)
					   : command;
}

static void show_commands(const struct json *row)
{
	const struct json *list = json_get(row, "commands");
	struct buf b = BUF_INIT(2000);

	for (size_t i = 0; i < json_count(list); i++)
		add(&b, " | ", behind_desk(json_str(json_item(list, i))));
	if (b.n)
		desk_wrap(buf_str(&b), INDENT);
	buf_free(&b);
}

static void show_row(struct ctl *ctl, const struct json *row, size_t n, bool letters)
{
	struct str words = words_of(row), note = str_at(row, "note"),
		   by = str_at(row, "by");
	bool person = str_starts(by, STR("petugas:")) || str_starts(by, STR("meja:"));

	show_head(ctl, row, n, letters);
	if (words.n)
		desk_wrap(arena_printf(ctl->arena, "\"%.*s\"", STR_ARG(words)), INDENT);
	desk_wrap(arena_printf(ctl->arena, "%.*s%s%.*s%s%s%.*s",
			       STR_ARG(str_at(row, "because")), person ? " (" : "",
			       STR_ARG(person ? by : STR("")), person ? ")" : "",
			       note.n ? ": " : "", STR_ARG(note)),
		  INDENT);
	if (!letters)
		show_commands(row);
}

static void show_more(const struct json *root)
{
	const struct json *more = json_get(root, "more");

	if (json_count(more) == 0)
		return;
	fputs("There are more", stdout);
	for (size_t i = 0; i < json_count(more); i++)
		printf("%s%.*s", i ? ", " : " ", STR_ARG(json_str(json_item(more, i))));
	puts(" than are shown; --limit shows more.");
}

void desk_show(struct ctl *ctl, const struct json *root, bool letters)
{
	const struct json *items = json_get(root, "items");
	size_t n = json_count(items);

	for (size_t i = 0; i < n; i++) {
		if (i)
			putchar('\n');
		show_row(ctl, json_item(items, i), i + 1, letters);
	}
	if (n)
		printf("\n%zu wait%s, %lld urgent.", n, n == 1 ? "s" : "",
		       int_at(root, "urgent"));
	else
		fputs("Nothing waits for the desk.", stdout);
	puts(letters || n == 0 ? "" : " Type these behind \"kentongan desk\".");
	show_more(root);
}
