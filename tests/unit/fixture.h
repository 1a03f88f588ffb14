/* SPDX-License-Identifier: MIT */
/*
 * What the tests of adapters share: settings filled by their own key tables, fixture
 * files read, what came of a call told one thing a line. The form of a fixture file
 * stands at the head of test_adapters.c; what is called and how it is told is each test's
 * own.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "adapter.h"

enum { FILE_MOST = 1 << 20 };

static struct arena *arena;

static inline int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 64 << 20);
	return arena ? 0 : -1;
}

static inline int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* ---- settings ---- */

static inline const struct key *key_of(const struct key *keys, struct str name)
{
	while (keys->name && !str_eq(str_of(keys->name), name))
		keys++;
	if (!keys->name)
		fail_msg("no setting %.*s", STR_ARG(name));
	return keys;
}

static inline void put_list(struct str_list *list, struct str value)
{
	struct str *items = ARENA_NEW(arena, struct str, list->n + 1);

	for (size_t i = 0; i < list->n; i++)
		items[i] = list->items[i];
	items[list->n] = value;
	*list = (struct str_list){ items, list->n + 1 };
}

static inline void put_pair(struct str_pairs *map, struct str name, struct str value)
{
	struct str_pair *items = ARENA_NEW(arena, struct str_pair, map->n + 1);

	for (size_t i = 0; i < map->n; i++)
		items[i] = map->items[i];
	items[map->n] = (struct str_pair){ name, value };
	*map = (struct str_pairs){ items, map->n + 1 };
}

static inline void put_enum(const struct key *key, int *to, struct str value)
{
	for (int i = 0; key->names[i]; i++)
		if (str_eq(str_of(key->names[i]), value)) {
			*to = i;
			return;
		}
	fail_msg("%s: no word %.*s", key->name, STR_ARG(value));
}

static inline void put_value(const struct key *key, void *to, struct str rest,
			     struct str value)
{
	switch (key->type) {
	case KEY_STR:
	case KEY_URL:
	case KEY_SECRET:
		*(struct str *)to = value;
		break;
	case KEY_INT:
		assert_true(str_to_int(value, to));
		break;
	case KEY_BOOL:
		*(bool *)to = str_eq(value, STR("true"));
		break;
	case KEY_MS:
		assert_true(str_to_ms(value, to));
		break;
	case KEY_ENUM:
		put_enum(key, to, value);
		break;
	case KEY_STR_LIST:
		if (value.n)
			put_list(to, value);
		break;
	case KEY_MAP:
		if (rest.n)
			put_pair(to, rest, value);
		break;
	case KEY_PATH:
	case KEY_REAL:
	case KEY_ADDRESS:
	case KEY_GROUP:
	case KEY_LIST:
	case KEY_TEXTS:
		fail_msg("%s: a type that no adapter uses", key->name);
	}
}

static inline void put_defaults(const struct key *keys, char *base)
{
	for (; keys->name; keys++) {
		if (!keys->def)
			continue;
		if (keys->type == KEY_GROUP)
			put_defaults(keys->sub, base + keys->offset);
		else
			put_value(keys, base + keys->offset, STR(""), str_of(keys->def));
	}
}

/* "poll.query.a" = "b" */
static inline void put(const struct key *keys, void *settings, const char *path,
		       const char *value)
{
	struct str rest = str_of(path), name;
	char *base = settings;
	const struct key *key = keys;

	while (str_split(&rest, '.', &name)) {
		key = key_of(keys, name);
		base += key->offset;
		if (key->type != KEY_GROUP)
			break;
		keys = key->sub;
	}
	put_value(key, base, rest, arena_str(arena, str_of(value)));
}

/* ---- telling what an adapter made, one thing a line ---- */

static struct buf told = BUF_INIT(1 << 20);

static inline void tell_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == 0x7f)
			buf_printf(&told, "\\x%02x", c);
		else
			buf_add_char(&told, (char)c);
	}
}

static inline void tell(const char *word, struct str s)
{
	buf_printf(&told, "%s", word);
	tell_text(s);
}

static inline void tell_exchange(const struct exchange *e)
{
	buf_printf(&told, "%s ", http_method_name(e->method));
	tell("", e->url);
	for (size_t i = 0; i < e->headers.n; i++) {
		tell("\n", e->headers.items[i].name);
		tell(": ", e->headers.items[i].value);
	}
	if (e->user.p) {
		tell("\n(basic ", e->user);
		tell(":", e->password);
		buf_add_char(&told, ')');
	}
	if (e->body.p)
		tell("\n\n", e->body);
	buf_add_char(&told, '\n');
}

static inline void tell_error(const struct err *err)
{
	buf_printf(&told, "error %s: %s\n", err_kind_name(err->kind), err->text);
}

/* ---- reading a fixture ---- */

struct fixture {
	struct str_pairs head; /* name: value */
	struct str title, in, want;
};

static inline struct str file_read(const char *name)
{
	FILE *f = fopen(name, "r");
	char *p = arena_alloc(arena, FILE_MOST, 1);
	size_t n;

	if (!f)
		fail_msg("%s cannot be opened; run from the root of the sources", name);
	n = fread(p, 1, FILE_MOST, f);
	assert_true(n < FILE_MOST);
	fclose(f);
	return str_from(p, n);
}

/* A line off *rest, which moves on. */
static inline bool line_take(struct str *rest, struct str *line)
{
	return rest->n > 0 && str_split(rest, '\n', line);
}

static inline bool is_marker(struct str line)
{
	return str_starts(line, STR("===")) || str_starts(line, STR("<<<")) ||
	       str_starts(line, STR(">>>"));
}

/* Lines up to a marker, or to the end; *rest moves on to it. */
static inline struct str block_take(struct str *rest)
{
	struct str block = *rest, line, before = *rest;

	while (line_take(rest, &line)) {
		if (is_marker(line)) {
			*rest = before;
			return str_from(block.p, (size_t)(line.p - block.p));
		}
		before = *rest;
	}
	return block;
}

static inline void head_take(struct str *rest, struct str_pairs *head)
{
	struct str block = block_take(rest), line;

	while (line_take(&block, &line)) {
		size_t colon = str_find_char(line, ':');

		if (line.n == 0 || line.p[0] == '#')
			continue;
		put_pair(head, str_trim(str_slice(line, 0, colon)),
			 str_trim(str_slice(line, colon + 1, line.n)));
	}
}

static inline bool exchange_take(struct str *rest, struct fixture *f)
{
	struct str line;

	*f = (struct fixture){ .title = STR("") };
	if (!line_take(rest, &line))
		return false;
	f->title = str_slice(line, 4, line.n);
	head_take(rest, &f->head);
	assert_true(line_take(rest, &line));
	if (str_starts(line, STR("<<<"))) {
		f->in = block_take(rest);
		assert_true(line_take(rest, &line));
	}
	assert_true(str_starts(line, STR(">>>")));
	f->want = str_trim(block_take(rest));
	return true;
}

/* First line, headers, and the body without the file's last newline. */
static inline struct str http_take(struct str text, struct str_pairs *headers,
				   struct str *body)
{
	struct str first, line;

	assert_true(line_take(&text, &first));
	while (line_take(&text, &line) && line.n) {
		size_t colon = str_find_char(line, ':');

		put_pair(headers, str_slice(line, 0, colon),
			 str_trim(str_slice(line, colon + 1, line.n)));
	}
	*body = str_slice(text, 0, text.n ? text.n - 1 : 0);
	return first;
}

static inline struct response response_of(struct str in)
{
	struct response r = { .status = 0 };
	int64_t status;

	assert_true(str_to_int(http_take(in, &r.headers, &r.body), &status));
	r.status = (int)status;
	return r;
}

/* "…" at the end of what is wanted stands for the words of a library. */
static inline bool as_wanted(struct str got, struct str want)
{
	if (str_ends(want, STR("…")))
		return str_starts(got, str_slice(want, 0, want.n - strlen("…")));
	return str_eq(got, want);
}

#endif
