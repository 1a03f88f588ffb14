/* SPDX-License-Identifier: MIT */
/*
 * A libconfig file cut into tokens, for what its tree does not show any more: commas that
 * are not there, names that stand twice, what an @include names. Forgiving: it is asked
 * about broken files most of all. Any thread.
 */
#ifndef CONFIG_LEXER_H
#define CONFIG_LEXER_H

#include "base/arena.h"

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,    /* a name, a number, true */
	TOKEN_STRING,  /* without its quotes, escapes as they stand */
	TOKEN_MARK,    /* one of = : ; , ( ) [ ] { }, or what does not belong there */
	TOKEN_INCLUDE, /* the name that stands behind @include */
};

struct token {
	enum token_kind kind;
	struct str text;
	unsigned line;	 /* that it begins in */
	size_t from, to; /* in the text, with quotes */
};

struct lexer {
	struct str text;
	size_t at;
	unsigned line; /* from 1; 0 before the first token */
};

struct token lexer_next(struct lexer *lexer);

/* Everything that a file and its @include parts say, in the order that counts. */
struct lexer_walk {
	const char *file;   /* as people name it */
	const char *folder; /* that included names start from */
	struct arena *arena;
	void *arg;
	void (*token)(void *arg, const char *file, const struct token *token);
	/* MAY be NULL. A part that is not read: errno says why. */
	void (*unread)(void *arg, const char *file, const struct token *include,
		       const char *path);
};

/* False: the main file cannot be read. */
bool lexer_walk(const struct lexer_walk *walk);

#endif
