/* SPDX-License-Identifier: MIT */
/*
 * kentongan desk: the work of the central desk. Without words its list; on a terminal it
 * then waits for lines like "3r PUPR" (row, letter, argument), so that one works through
 * the list without leaving. With words one act: desk route NO CODE.
 */
#include "ctl/desk.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { FIELDS_MOST = 4 };

/*
 * An act: its name, its letter, where it is asked for, a field that goes along, and the
 * fields that its words fill in turn; a last one with '+' takes all words that are left,
 * one with '?' may be missing.
 */
static const struct verb {
	const char *name;
	char letter;
	const char *path, *field, *value;
	const char *words[FIELDS_MOST];
	const char *about;
} verbs[] = {
	{ "route",
	  'r',
	  "/v1/act",
	  "event",
	  "route",
	  { "no", "to", "text?+" },
	  "NO CODE [REASON]: to this department" },
	{ "ask",
	  'a',
	  "/v1/act",
	  "event",
	  "ask",
	  { "no", "text+" },
	  "NO TEXT: ask its sender" },
	{ "reject",
	  'x',
	  "/v1/act",
	  "event",
	  "reject",
	  { "no", "text+" },
	  "NO TEXT: refuse it; the sender reads why" },
	{ "merge",
	  'm',
	  "/v1/act",
	  "event",
	  "merge",
	  { "no", "parent" },
	  "NO PARENT: the same matter as that one" },
	{ "extend",
	  'e',
	  "/v1/act",
	  "event",
	  "extend",
	  { "no", "date", "text+" },
	  "NO DAY TEXT: more time, until YYYY-MM-DD" },
	{ "refuse",
	  'n',
	  "/v1/act",
	  "event",
	  "no_extend",
	  { "no", "text?+" },
	  "NO [TEXT]: no more time" },
	{ "archive",
	  's',
	  "/v1/act",
	  "event",
	  "archive",
	  { "no", "text?+" },
	  "NO [TEXT]: it is no complaint" },
	{ "apart",
	  'p',
	  "/v1/desk_apart",
	  NULL,
	  NULL,
	  { "no" },
	  "NO: another matter than the group's" },
	{ "retry",
	  'w',
	  "/v1/deliver",
	  "do",
	  "retry",
	  { "id" },
	  "ID: a parked delivery once more by its way" },
	{ "forget", 'f', "/v1/deliver", "do", "drop", { "id" }, "ID: no delivery of it" },
	{ "noted",
	  'g',
	  "/v1/desk_noted",
	  NULL,
	  NULL,
	  { "id" },
	  "ID: a mail needs nothing more" },
	{ "resend",
	  't',
	  "/v1/decide",
	  "do",
	  "resend",
	  { "id" },
	  "ID: send it once more" },
	{ "drop", 'd', "/v1/decide", "do", "drop", { "id" }, "ID: give it up" },
	{ "seen",
	  'o',
	  "/v1/desk_seen",
	  NULL,
	  NULL,
	  { NULL },
	  "all that could not be read was looked at" },
};

enum { VERBS = sizeof(verbs) / sizeof(*verbs) };

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i].name, name) == 0 ||
		    (name[0] == verbs[i].letter && name[1] == '\0'))
			return &verbs[i];
	return NULL;
}

static struct str words_from(struct ctl *ctl, int argc, char **argv)
{
	struct buf b = BUF_INIT(4000);
	struct str s;

	for (int i = 0; i < argc; i++)
		buf_printf(&b, "%s%s", i ? " " : "", argv[i]);
	s = arena_str(ctl->arena, buf_str(&b));
	buf_free(&b);
	return s;
}

/* The words of an act as fields; false: some are missing, or are too many. */
static bool fields_of(struct ctl *ctl, const struct verb *v, int argc, char **argv,
		      struct query *q)
{
	int used = 0;

	for (size_t i = 0; i < FIELDS_MOST && v->words[i]; i++) {
		const char *field = v->words[i];
		size_t n = strcspn(field, "?+");
		bool optional = strchr(field, '?'), rest = strchr(field, '+');
		struct str name = arena_printf(ctl->arena, "%.*s", (int)n, field), value;

		if (used == argc && optional)
			continue;
		if (used == argc)
			return false;
		value = rest ? words_from(ctl, argc - used, argv + used)
			     : str_of(argv[used]);
		if (!name.p || !value.p)
			return false;
		query_add(q, name.p, value.p);
		used = rest ? argc : used + 1;
	}
	return used == argc;
}

static void act_done(const struct verb *v, const struct json *root)
{
	if (str_at(root, "state").n)
		printf("%.*s is %.*s at %.*s now\n", STR_ARG(str_at(root, "no")),
		       STR_ARG(str_at(root, "state")),
		       STR_ARG(str_at(root, "department")));
	else
		printf("done: %s\n", v->name);
}

static int act(struct ctl *ctl, const struct verb *v, int argc, char **argv)
{
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	if (!fields_of(ctl, v, argc, argv, &q))
		return ctl_fail(EX_USAGE, "desk %s %s", v->name, v->about);
	if (v->field)
		query_add(&q, v->field, v->value);
	query_who(&q);
	root = ctl_ask(ctl, true, v->path, (struct str_pairs){ q.pairs, q.n }, &code);
	if (!root)
		return code;
	if (ctl->json)
		ctl_print_json(root);
	else
		act_done(v, root);
	if (!ctl->json && strcmp(v->name, "route") == 0)
		desk_teach_hint(ctl, argv[0], str_at(root, "department"));
	json_free(root);
	return 0;
}

/* ---- line by line ---- */

static void help(void)
{
	puts("ROW LETTER WORDS, as \"3r PUPR\" or \"3 ask di RT berapa\":");
	for (size_t i = 0; i < VERBS; i++)
		printf("  %c  %s %s\n", verbs[i].letter, verbs[i].name, verbs[i].about);
	puts("  v  view NO: with its whole history\n"
	     "  b  read ID: a mail\n"
	     "  k  teach NO --to CODE: what keyword would have done it\n"
	     "Enter: the list again; q: leave. The number of the row is the NO or ID.");
}

enum { LINE_WORDS = 80 };

struct typed {
	size_t row; /* 0: none */
	int argc;   /* the verb and its words */
	char *argv[LINE_WORDS + 2];
};

/* "3r PUPR" → 3, "r", "PUPR". */
static void line_cut(char *line, struct typed *t)
{
	char *p = line + strspn(line, " \t"), *end = p;
	unsigned long row = strtoul(p, &end, 10);

	*t = (struct typed){ .row = p[0] >= '0' && p[0] <= '9' ? row : 0 };
	if (t->row)
		p = end;
	for (char *save = NULL, *w = strtok_r(p, " \t\r\n", &save);
	     w && t->argc < LINE_WORDS; w = strtok_r(NULL, " \t\r\n", &save))
		t->argv[t->argc++] = w;
}

/* The row's number goes before the words; a group's own head is what it is merged into.
 */
static bool row_put(struct ctl *ctl, const struct json *list, struct typed *t)
{
	const struct json *row =
		json_item(json_get(list, "items"), t->row ? t->row - 1 : 0);
	const char *head = arena_str(ctl->arena, str_at(row, "head")).p;
	const char *id = arena_str(ctl->arena, str_at(row, "id")).p;
	const struct verb *v = verb_find(t->argv[0]);

	if (!row || !id || t->argc > LINE_WORDS)
		return false;
	memmove(t->argv + 2, t->argv + 1, (size_t)(t->argc - 1) * sizeof(*t->argv));
	t->argv[1] = (char *)(uintptr_t)id;
	t->argc++;
	if (v && strcmp(v->name, "merge") == 0 && t->argc == 2 && head && *head)
		t->argv[t->argc++] = (char *)(uintptr_t)head;
	return true;
}

static int run(struct ctl *ctl, int argc, char **argv, const struct query *options);

/* Looks of other commands: `kentongan ticket`, `kentongan mail`. */
static const struct {
	const char *name, *letter, *command;
	ctl_fn *look;
} looks[] = {
	{ "view", "v", "kentongan ticket", ctl_ticket },
	{ "read", "b", "kentongan mail", ctl_mail },
};

/* False: it is none of them. */
static bool look(struct ctl *ctl, int argc, char **argv, int *code)
{
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
		char *words[] = { (char *)(uintptr_t)looks[i].command,
				  argc > 1 ? argv[1] : NULL, NULL };
		struct ctl one = *ctl;

		if (strcmp(argv[0], looks[i].name) != 0 &&
		    strcmp(argv[0], looks[i].letter) != 0)
			continue;
		one.argc = argc > 1 ? 2 : 1;
		one.argv = words;
		*code = looks[i].look(&one);
		return true;
	}
	return false;
}

/* False: leave. */
static bool line_do(struct ctl *ctl, const struct json *list, char *line, bool *again)
{
	static const struct query none = { .n = 0 };
	struct typed t;

	*again = false;
	line_cut(line, &t);
	if (t.argc == 0) {
		*again = t.row == 0;
		if (t.row)
			help();
		return true;
	}
	if (strcmp(t.argv[0], "q") == 0)
		return false;
	if (strcmp(t.argv[0], "?") == 0 || strcmp(t.argv[0], "help") == 0) {
		help();
		return true;
	}
	if (t.row && !row_put(ctl, list, &t)) {
		printf("there is no row %zu\n", t.row);
		return true;
	}
	if (run(ctl, t.argc, t.argv, &none) == EX_USAGE)
		puts("? shows what may be typed");
	return true;
}

static struct json *list_ask(struct ctl *ctl, const struct query *options, int *code)
{
	struct query q = *options;

	return ctl_ask(ctl, false, "/v1/desk", (struct str_pairs){ q.pairs, q.n }, code);
}

/* Lines until "q" or the end of the input. */
static int work(struct ctl *ctl, const struct query *options)
{
	struct json *list = NULL;
	char *line = NULL;
	size_t size = 0;
	bool again = true, on = true;
	int code = 0;

	while (on) {
		if (again) {
			json_free(list);
			list = list_ask(ctl, options, &code);
			if (!list)
				break;
			desk_show(ctl, list, true);
			puts("ROW LETTER WORDS; ? for help, q to leave");
		}
		fputs("desk> ", stdout);
		fflush(stdout);
		if (getline(&line, &size, stdin) < 0) {
			putchar('\n');
			break;
		}
		on = line_do(ctl, list, line, &again);
	}
	json_free(list);
	free(line);
	return code;
}

/* ---- the command ---- */

static int run(struct ctl *ctl, int argc, char **argv, const struct query *options)
{
	const struct verb *v = verb_find(argv[0]);
	int code;

	if (look(ctl, argc, argv, &code))
		return code;
	if (strcmp(argv[0], "teach") == 0 || strcmp(argv[0], "k") == 0)
		return desk_teach(ctl, argc - 1, argv + 1, options);
	if (!v)
		return ctl_fail(EX_USAGE, "desk has no '%s'; see kentongan desk --help",
				argv[0]);
	return act(ctl, v, argc - 1, argv + 1);
}

int ctl_desk(struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "limit", 1, NULL, 'q' }, { "to", 1, NULL, 'q' },
		{ "words", 1, NULL, 'q' }, { "days", 1, NULL, 'q' },
		{ "write", 0, NULL, 'w' }, { "json", 0, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	if (!options_read(ctl, longs, &q))
		return EX_USAGE;
	if (optind < ctl->argc)
		return run(ctl, ctl->argc - optind, ctl->argv + optind, &q);
	if (!ctl->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return work(ctl, &q);
	root = list_ask(ctl, &q, &code);
	if (!root)
		return code;
	if (ctl->json)
		ctl_print_json(root);
	else
		desk_show(ctl, root, false);
	json_free(root);
	return 0;
}
