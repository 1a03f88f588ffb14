/* SPDX-License-Identifier: MIT */
/* Contract in config_edit.h. */
#include "config/config_edit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/lexer.h"
#include "config/paths.h"

enum { FILE_CEILING = 4 << 20, PATH_MOST = 4096 };

/* ---- where ---- */

/* Brackets that are open: departments = ( { keywords = [ … */
enum { IN_LIST = 1, IN_GROUP = 2, IN_KEYWORDS = 3 };

struct search {
	struct str wanted; /* the department's code */
	unsigned depth;	   /* of brackets, within `departments` */
	bool departments, reading;
	struct str name; /* the setting whose value comes */

	/* of the group in hand */
	bool is_it, has_list, mixed;
	const char *file;
	unsigned begin_line, end_line;
	size_t last_to, end_from;

	bool found;
	struct search_result {
		const char *file;
		unsigned begin_line, end_line;
		size_t last_to, end_from;
		bool has_list, mixed;
	} result;
};

static bool is_mark(const struct token *t, char c)
{
	return t->kind == TOKEN_MARK && t->text.n == 1 && t->text.p[0] == c;
}

static void group_begin(struct search *s)
{
	s->is_it = s->has_list = s->mixed = false;
	s->last_to = 0;
}

static void group_end(struct search *s)
{
	if (!s->is_it || s->found)
		return;
	s->found = true;
	s->result = (struct search_result){
		.file = s->file,
		.begin_line = s->begin_line,
		.end_line = s->end_line,
		.last_to = s->last_to,
		.end_from = s->end_from,
		.has_list = s->has_list,
		.mixed = s->mixed,
	};
}

static void opened(struct search *s, const char *file, const struct token *t)
{
	if (s->depth == 0 && !s->departments)
		return;
	s->depth++;
	if (s->depth == IN_GROUP)
		group_begin(s);
	if (s->depth != IN_KEYWORDS || !str_eq(s->name, STR("keywords")))
		return;
	s->reading = s->has_list = true;
	s->file = file;
	s->begin_line = t->line;
	s->last_to = 0;
}

static void closed(struct search *s, const char *file, const struct token *t)
{
	if (s->depth == 0)
		return;
	if (s->reading && s->depth == IN_KEYWORDS) {
		s->reading = false;
		s->mixed = s->mixed || strcmp(file, s->file) != 0;
		s->end_line = t->line;
		s->end_from = t->from;
	}
	if (s->depth == IN_GROUP)
		group_end(s);
	s->depth--;
	if (s->depth == 0)
		s->departments = false;
}

static void take(void *arg, const char *file, const struct token *t)
{
	struct search *s = arg;

	if (is_mark(t, '(') || is_mark(t, '{') || is_mark(t, '[')) {
		opened(s, file, t);
	} else if (is_mark(t, ')') || is_mark(t, '}') || is_mark(t, ']')) {
		closed(s, file, t);
	} else if (t->kind == TOKEN_WORD) {
		s->name = t->text;
		if (s->depth == 0)
			s->departments = str_eq(t->text, STR("departments"));
	} else if (t->kind == TOKEN_STRING && s->reading) {
		s->mixed = s->mixed || strcmp(file, s->file) != 0;
		s->last_to = t->to;
	} else if (t->kind == TOKEN_STRING && s->depth == IN_GROUP &&
		   str_eq(s->name, STR("code"))) {
		s->is_it = str_eq(t->text, s->wanted);
	}
}

static size_t line_begin(struct str text, size_t at)
{
	while (at && text.p[at - 1] != '\n')
		at--;
	return at;
}

static struct str blanks_at(struct str text, size_t from)
{
	size_t to = from;

	while (to < text.n && (text.p[to] == ' ' || text.p[to] == '\t'))
		to++;
	return str_slice(text, from, to);
}

/* A list over several lines whose end stands alone gets a line more. */
static void place_fill(const struct search_result *r, struct edit_place *out)
{
	size_t line = line_begin(out->text, r->end_from);
	struct str before = blanks_at(out->text, line);

	out->line = r->end_line;
	out->comma_at = r->last_to;
	out->word_at = r->end_from;
	out->indent = (struct str){ NULL, 0 };
	if (!r->last_to || r->begin_line == r->end_line || line + before.n != r->end_from)
		return;
	out->word_at = line;
	out->indent = blanks_at(out->text, line_begin(out->text, r->last_to));
}

int edit_find(const char *file, struct str department, struct arena *arena,
	      struct edit_place *out, struct err *err)
{
	const char *slash = strrchr(file, '/');
	struct search s = { .wanted = department };
	const struct lexer_walk walk = {
		.file = file,
		.folder = slash ? arena_printf(arena, "%.*s", (int)(slash - file), file).p
				: ".",
		.arena = arena,
		.arg = &s,
		.token = take,
	};

	if (!lexer_walk(&walk))
		return err_set(err, ERR_CONFIG, "%s: %s", file, strerror(errno));
	if (!s.found)
		return err_set(err, ERR_CONFIG, "%s: there is no department \"%.*s\"",
			       file, STR_ARG(department));
	if (!s.result.has_list)
		return err_set(err, ERR_CONFIG,
			       "%.*s has no list of keywords: write keywords = [ ]; into "
			       "its group first",
			       STR_ARG(department));
	if (s.result.mixed)
		return err_set(err, ERR_CONFIG,
			       "the keywords of %.*s stand in several files: add it by "
			       "hand",
			       STR_ARG(department));
	*out = (struct edit_place){ .path = s.result.file };
	out->text = file_read(out->path, FILE_CEILING, arena);
	if (!out->text.p)
		return err_set(err, ERR_CONFIG, "%s: %s", out->path, strerror(errno));
	place_fill(&s.result, out);
	return 0;
}

/* ---- what ---- */

struct str edit_quoted(struct str_list keywords, struct arena *arena)
{
	struct str s = STR("");

	for (size_t i = 0; i < keywords.n && s.p; i++)
		s = arena_printf(arena, "%.*s%s\"%.*s\"", STR_ARG(s), i ? ", " : "",
				 STR_ARG(keywords.items[i]));
	return s;
}

struct str edit_apply(const struct edit_place *p, struct str_list keywords,
		      struct arena *arena)
{
	struct str text = p->text, new = edit_quoted(keywords, arena),
		   head = str_slice(text, 0, p->comma_at ? p->comma_at : p->word_at),
		   middle = str_slice(text, p->comma_at ? p->comma_at : p->word_at,
				      p->word_at),
		   tail = str_slice(text, p->word_at, text.n);

	if (!new.p)
		return new;
	if (p->indent.p)
		return arena_printf(arena, "%.*s,%.*s%.*s%.*s\n%.*s", STR_ARG(head),
				    STR_ARG(middle), STR_ARG(p->indent), STR_ARG(new),
				    STR_ARG(tail));
	/* Behind the last one, or as the first: what stood before the end stays there. */
	return arena_printf(arena, "%.*s%s%.*s%.*s%.*s", STR_ARG(head),
			    p->comma_at ? ", " : "", STR_ARG(new), STR_ARG(middle),
			    STR_ARG(tail));
}

/* ---- how ---- */

static int write_all(int fd, struct str text)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			text = str_slice(text, (size_t)n, text.n);
	}
	return fsync(fd);
}

/* The name is there after a crash too. */
static int folder_sync(const char *path, struct arena *arena)
{
	const char *slash = strrchr(path, '/');
	const char *folder =
		slash ? arena_printf(arena, "%.*s", (int)(slash - path) + 1, path).p
		      : ".";
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	return rc;
}

int edit_write(const char *path, struct str text, struct arena *arena, struct err *err)
{
	char real[PATH_MOST];
	const char *target = realpath(path, real); /* a link stays one */
	const char *new =
		target ? arena_printf(arena, "%s.new-%ld", target, (long)getpid()).p
		       : NULL;
	struct stat st;
	int fd, rc;

	if (!new || stat(target, &st))
		return err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, ERR_CONFIG, "%s: %s", new, strerror(errno));
	rc = fchmod(fd, st.st_mode & 07777);
	if (rc == 0 && (st.st_uid != geteuid() || st.st_gid != getegid()))
		rc = fchown(fd, st.st_uid, st.st_gid);
	if (rc == 0)
		rc = write_all(fd, text);
	if (close(fd) || rc || rename(new, target)) {
		err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
		unlink(new);
		return -1;
	}
	return folder_sync(target, arena)
		       ? err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno))
		       : 0;
}
