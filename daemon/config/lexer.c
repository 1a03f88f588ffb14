/* SPDX-License-Identifier: MIT */
/* Contract in lexer.h. The rules are those of libconfig 1.5's scanner. */
#include "config/lexer.h"

#include <errno.h>

#include "config/paths.h"

enum { FILE_CEILING = 4 << 20, DEPTH_MOST = 10 };

static char peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.n ? l->text.p[l->at + ahead] : '\0';
}

static void step(struct lexer *l, size_t n)
{
	for (; n && l->at < l->text.n; n--)
		l->line += l->text.p[l->at++] == '\n';
}

static void skip_until(struct lexer *l, struct str end)
{
	struct str rest = str_slice(l->text, l->at, l->text.n);

	step(l, str_find(rest, end));
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Blanks and comments. */
static void skip(struct lexer *l)
{
	while (l->at < l->text.n) {
		if (is_space(peek(l, 0))) {
			step(l, 1);
		} else if (peek(l, 0) == '#' ||
			   (peek(l, 0) == '/' && peek(l, 1) == '/')) {
			skip_until(l, STR("\n"));
		} else if (peek(l, 0) == '/' && peek(l, 1) == '*') {
			skip_until(l, STR("*/"));
			step(l, 2);
		} else {
			return;
		}
	}
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == '.' ||
	       c == '*';
}

static struct str quoted(struct lexer *l)
{
	size_t from = l->at + 1;

	for (step(l, 1); l->at < l->text.n && peek(l, 0) != '"'; step(l, 1))
		if (peek(l, 0) == '\\')
			step(l, 1);
	step(l, 1);
	return str_slice(l->text, from, l->at - (l->at > from ? 1 : 0));
}

struct token lexer_next(struct lexer *l)
{
	struct token t = { .kind = TOKEN_END };

	l->line += l->line == 0;
	skip(l);
	t.from = l->at;
	t.line = l->line;
	if (l->at >= l->text.n) {
		t.to = l->at;
		return t;
	}
	if (str_starts(str_slice(l->text, l->at, l->text.n), STR("@include"))) {
		t.kind = TOKEN_INCLUDE;
		step(l, STR("@include").n);
		skip(l);
		t.text = peek(l, 0) == '"' ? quoted(l) : STR("");
	} else if (peek(l, 0) == '"') {
		t.kind = TOKEN_STRING;
		t.text = quoted(l);
	} else if (is_word(peek(l, 0))) {
		t.kind = TOKEN_WORD;
		while (is_word(peek(l, 0)))
			step(l, 1);
		t.text = str_slice(l->text, t.from, l->at);
	} else {
		t.kind = TOKEN_MARK;
		step(l, 1);
		t.text = str_slice(l->text, t.from, l->at);
	}
	t.to = l->at;
	return t;
}

/* ---- a file with its parts ---- */

/* As the main file's name was written, so that people can open it from where they are. */
static const char *shown(const struct lexer_walk *w, struct str name)
{
	const char *slash = strrchr(w->file, '/');

	return arena_printf(w->arena, "%.*s%.*s", slash ? (int)(slash - w->file) + 1 : 0,
			    w->file, STR_ARG(name))
		.p;
}

static bool walk_file(const struct lexer_walk *w, const char *path, const char *file,
		      unsigned depth);

static void walk_part(const struct lexer_walk *w, const char *file,
		      const struct token *include, unsigned depth)
{
	const char *path =
		arena_printf(w->arena, "%s/%.*s", w->folder, STR_ARG(include->text)).p;
	const char *name = shown(w, include->text);

	errno = ELOOP;
	if (path && name && depth < DEPTH_MOST && walk_file(w, path, name, depth + 1))
		return;
	if (w->unread)
		w->unread(w->arg, file, include, path ? path : "");
}

static bool walk_file(const struct lexer_walk *w, const char *path, const char *file,
		      unsigned depth)
{
	struct lexer l = { .text = file_read(path, FILE_CEILING, w->arena) };

	if (!l.text.p)
		return false;
	for (;;) {
		struct token t = lexer_next(&l);

		if (t.kind == TOKEN_END)
			return true;
		if (t.kind == TOKEN_INCLUDE)
			walk_part(w, file, &t, depth);
		else
			w->token(w->arg, file, &t);
	}
}

bool lexer_walk(const struct lexer_walk *w)
{
	return walk_file(w, w->file, w->file, 0);
}
