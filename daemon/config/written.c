/* SPDX-License-Identifier: MIT */
/*
 * Looks at the text of the files again, token by token: before the tree is read for what
 * is missing between strings, and after libconfig has given up for what it did not say.
 * Main's thread.
 */
#include "config/written.h"

#include <errno.h>
#include <stdio.h>

#include "config/faults.h"
#include "config/lexer.h"

enum { DEPTH = 64, SHOWN = 40 };

/* Cut at a whole character. */
static struct str brief(struct str s)
{
	size_t n = s.n > SHOWN ? SHOWN : s.n;

	while (n < s.n && n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return str_slice(s, 0, n);
}

/* ---- commas ---- */

struct commas {
	struct buf *faults;
	size_t n;
	char open[DEPTH]; /* brackets around */
	unsigned depth;
	struct token before;
};

static void comma_token(void *arg, const char *file, const struct token *t)
{
	struct commas *c = arg;
	char mark = t->kind == TOKEN_MARK ? t->text.p[0] : ' ';
	char sentence[200];

	if (strchr("([{", mark) && c->depth < DEPTH)
		c->open[c->depth++] = mark;
	if (strchr(")]}", mark) && c->depth)
		c->depth--;
	if (t->kind == TOKEN_STRING && c->before.kind == TOKEN_STRING && c->depth &&
	    c->open[c->depth - 1] != '{') {
		snprintf(sentence, sizeof(sentence),
			 "\"%.*s\" and \"%.*s\" have no comma between them",
			 STR_ARG(brief(c->before.text)), STR_ARG(brief(t->text)));
		faults_add(c->faults, file, c->before.line, sentence);
		c->n++;
	}
	c->before = *t;
}

size_t written_commas(const char *file, const char *folder, struct arena *arena,
		      struct buf *faults)
{
	struct commas c = { .faults = faults };
	const struct lexer_walk walk = { .file = file,
					 .folder = folder,
					 .arena = arena,
					 .arg = &c,
					 .token = comma_token };

	lexer_walk(&walk);
	return c.n;
}

/* ---- what libconfig gave up on ---- */

struct name {
	struct name *next;
	struct str text;
	const char *file;
	unsigned line;
};

struct open {
	char mark;
	const char *file;
	unsigned line;
};

struct broken {
	const struct written_trouble *trouble;
	struct arena *arena;
	struct buf *faults;
	size_t n;
	struct name *names[DEPTH]; /* of the groups around, innermost last */
	unsigned depth;
	struct open opens[DEPTH]; /* brackets around */
	unsigned n_opens;
	struct token before;
	const char *before_file, *where; /* as people name them */
	bool syntax;		 /* what is not closed swallows what comes behind it */
	bool reached;		 /* the place where libconfig gave up */
	const char *file_before; /* a part that ends right before it */
	unsigned long_from, long_to; /* lines of the last string over several */
};

static void complain(struct broken *b, const char *file, unsigned line,
		     struct str sentence)
{
	faults_add(b->faults, file, line ? line : 1, sentence.p ? sentence.p : "broken");
	b->n++;
}

static void part_unread(void *arg, const char *file, const struct token *include,
			const char *path)
{
	struct broken *b = arg;

	complain(b, file, include->line,
		 arena_printf(b->arena, "@include \"%.*s\": %s: %s",
			      STR_ARG(include->text), path, strerror(errno)));
}

static void token_ignored(void *arg, const char *file, const struct token *t)
{
	(void)arg, (void)file, (void)t;
}

static void name_seen(struct broken *b, const char *file, const struct token *name)
{
	struct name **list = &b->names[b->depth], *n;

	for (n = *list; n; n = n->next)
		if (str_eq(n->text, name->text)) {
			complain(b, file, name->line,
				 arena_printf(b->arena,
					      "the setting '%.*s' is written twice, "
					      "first at %s:%u",
					      STR_ARG(name->text), n->file, n->line));
			return;
		}
	n = ARENA_NEW(b->arena, struct name, 1);
	if (!n)
		return;
	*n = (struct name){ *list, name->text, file, name->line };
	*list = n;
}

static bool is_mark(const struct token *t, const char *marks)
{
	return t->kind == TOKEN_MARK && strchr(marks, t->text.p[0]);
}

static void bracket_seen(struct broken *b, const char *file, const struct token *t)
{
	if (is_mark(t, "{[(") && b->n_opens < DEPTH)
		b->opens[b->n_opens++] = (struct open){ t->text.p[0], file, t->line };
	if (is_mark(t, "}])") && b->n_opens)
		b->n_opens--;
}

static void broken_token(void *arg, const char *file, const struct token *t)
{
	struct broken *b = arg;
	bool here = str_eq(str_of(file), str_of(b->where));

	if (!b->reached && here && t->line >= b->trouble->line) {
		b->reached = true;
		if (b->before_file && !str_eq(str_of(b->before_file), str_of(file)))
			b->file_before = b->before_file;
	}
	if (!b->reached && t->kind == TOKEN_STRING &&
	    str_find_char(t->text, '\n') < t->text.n) {
		b->long_from = t->line;
		b->long_to = t->line;
		for (size_t i = 0; i < t->text.n; i++)
			b->long_to += t->text.p[i] == '\n';
	}
	bracket_seen(b, file, t);
	if (is_mark(t, "{") && b->depth + 1 < DEPTH)
		b->names[++b->depth] = NULL;
	if (is_mark(t, "}") && b->depth)
		b->depth--;
	if (is_mark(t, "=:") && b->before.kind == TOKEN_WORD &&
	    !(b->reached && b->syntax))
		name_seen(b, b->before_file, &b->before);
	b->before = *t;
	b->before_file = file;
}

/* The file that libconfig names, as people would. */
static const char *where_of(const struct written_trouble *t, struct arena *arena)
{
	const char *slash = strrchr(t->file, '/');

	if (!t->where || t->where[0] == '/' || str_eq(str_of(t->where), str_of(t->file)))
		return t->where ? t->where : t->file;
	return arena_printf(arena, "%.*s%s", slash ? (int)(slash - t->file) + 1 : 0,
			    t->file, t->where)
		.p;
}

static struct str words_of(struct broken *b)
{
	struct str more = STR("");

	if (!b->syntax)
		return str_of(b->trouble->words);
	if (b->long_to)
		more = arena_printf(
			b->arena, "; a string goes from line %u to %u, is a \" missing?",
			b->long_from, b->long_to);
	else if (b->n_opens)
		more = arena_printf(b->arena, "; the %c of %s:%u is not closed",
				    b->opens[b->n_opens - 1].mark,
				    b->opens[b->n_opens - 1].file,
				    b->opens[b->n_opens - 1].line);
	else if (b->file_before)
		more = arena_printf(b->arena, ", at the end of %s, too", b->file_before);
	return arena_printf(b->arena,
			    "syntax error; look also at what stands before it%.*s",
			    STR_ARG(more));
}

static struct lexer_walk walk_of(struct broken *b)
{
	return (struct lexer_walk){ .file = b->trouble->file,
				    .folder = b->trouble->folder,
				    .arena = b->arena,
				    .arg = b,
				    .token = broken_token };
}

size_t written_unread(const char *file, const char *folder, struct arena *arena,
		      struct buf *faults)
{
	const struct written_trouble nothing = { .file = file, .folder = folder };
	struct broken b = { .trouble = &nothing, .arena = arena, .faults = faults };
	struct lexer_walk walk = walk_of(&b);

	walk.token = token_ignored;
	walk.unread = part_unread;
	errno = 0;
	if (!lexer_walk(&walk))
		complain(&b, file, 1,
			 errno == EISDIR ? STR("this is a folder; the file in it is "
					       "wanted, as kentongan.conf")
					 : arena_printf(arena, "it cannot be read: %s",
							strerror(errno)));
	return b.n;
}

size_t written_broken(const struct written_trouble *t, struct arena *arena,
		      struct buf *faults)
{
	struct broken b = { .trouble = t,
			    .arena = arena,
			    .faults = faults,
			    .syntax = str_eq(str_of(t->words), STR("syntax error")) };
	const struct lexer_walk walk = walk_of(&b);

	b.where = where_of(t, arena);
	if (!b.where)
		b.where = t->file;
	lexer_walk(&walk);
	if (b.n == 0 || b.syntax)
		complain(&b, b.where, t->line, words_of(&b));
	return b.n;
}
