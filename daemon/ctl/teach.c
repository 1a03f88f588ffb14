/* SPDX-License-Identifier: MIT */
/*
 * kentongan desk teach: from a decision of the desk to a keyword. Which words of the
 * ticket would have told it; what the keyword would move among last month's tickets, and
 * where those really ended; and, only when asked for and only after that was shown, into
 * the file. The router is built here, beside the daemon, by the code that the daemon
 * builds it with; the daemon gives the texts, a page at a time.
 */
#include "ctl/desk.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/utf8.h"
#include "config/config.h"
#include "config/config_edit.h"
#include "model/teach.h"

enum {
	KEYWORDS_MOST = 4,
	SCRATCH = 4 << 20,
	ROUTER = 64 << 20,
	SHOWN = 10,
	PAIRS_MOST = 64,
	PAGES = 4000
};

/* ---- what is asked for ---- */

struct lesson {
	struct ctl *ctl;
	struct config *config;
	const char *no, *days;
	struct str words, to; /* n 0: to be found */
	bool write;

	struct str text, at; /* the ticket's words, where it is */
	struct str items[KEYWORDS_MOST];
	struct str_list keywords; /* the words, cut at commas */
	int department;
	struct router *router; /* with the words */
	bool enough;	       /* they would have told this very ticket */
	struct arena *arena;   /* of that */
};

/* Options may stand behind the number when it was typed at the prompt. */
static bool lesson_read(struct lesson *l, int argc, char **argv,
			const struct query *options)
{
	for (size_t i = 0; i < options->n; i++) {
		const struct str_pair *p = &options->pairs[i];

		if (str_eq(p->name, STR("to")))
			l->to = p->value;
		else if (str_eq(p->name, STR("words")))
			l->words = p->value;
		else if (str_eq(p->name, STR("days")))
			l->days = p->value.p;
		else if (str_eq(p->name, STR("write")))
			l->write = true;
	}
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--to") == 0 && i + 1 < argc)
			l->to = str_of(argv[++i]);
		else if (strcmp(argv[i], "--write") == 0)
			l->write = true;
		else if (strcmp(argv[i], "--words") == 0 && i + 1 < argc)
			while (++i < argc)
				l->words = arena_printf(l->ctl->arena, "%.*s%s%s",
							STR_ARG(l->words),
							l->words.n ? " " : "", argv[i]);
		else if (!l->no)
			l->no = argv[i];
		else if (l->to.n == 0)
			l->to = str_of(argv[i]);
		else
			return false;
	}
	return l->no != NULL;
}

static struct config *config_read(struct ctl *ctl, bool quiet)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *config = config_load(ctl->file, true, &faults);

	if (!config && !quiet)
		fwrite(faults.text.p, 1, faults.text.n, stderr);
	buf_free(&faults.text);
	return config;
}

static struct str_list place_names(const struct config *c, struct arena *arena)
{
	const struct config_kecamatan *all = c->places.kecamatan.items;
	struct str_list names = { NULL, 0 };
	size_t n = 0;

	for (size_t i = 0; i < c->places.kecamatan.n; i++)
		n += 1 + all[i].desa.n;
	names.items = ARENA_NEW(arena, struct str, n + 1);
	for (size_t i = 0; names.items && i < c->places.kecamatan.n; i++) {
		names.items[names.n++] = utf8_fold(all[i].name, arena);
		for (size_t k = 0; k < all[i].desa.n; k++)
			names.items[names.n++] = utf8_fold(all[i].desa.items[k], arena);
	}
	return names;
}

/* The ticket's words and its department, from the daemon. */
static int ticket_ask(struct ctl *ctl, const char *no, struct str *text, struct str *at)
{
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	query_add(&q, "no", no);
	root = ctl_ask(ctl, false, "/v1/ticket", (struct str_pairs){ q.pairs, q.n },
		       &code);
	if (!root)
		return code;
	*text = arena_str(ctl->arena, str_at(root, "text"));
	*at = arena_str(ctl->arena, str_at(root, "department"));
	json_free(root);
	return 0;
}

/* ---- which words ---- */

static void show_candidates(const struct str *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%s\"%.*s\"",
		       i ? ", " : "Words that nothing knew: ", STR_ARG(words[i]));
	if (n > 1)
		fputs(" (--words takes another)", stdout);
	if (n)
		putchar('\n');
}

/* "a, b" → two keywords. False: too many, or none that could stand in a list. */
static bool keywords_cut(struct lesson *l, struct str words)
{
	l->keywords = (struct str_list){ l->items, 0 };
	while (words.n) {
		size_t comma = str_find_char(words, ',');
		struct str one = str_trim(str_slice(words, 0, comma));

		if (!teach_fits(one) || l->keywords.n == KEYWORDS_MOST)
			return false;
		l->items[l->keywords.n++] = one;
		words = str_slice(words, comma < words.n ? comma + 1 : words.n, words.n);
	}
	return l->keywords.n > 0;
}

/* Whether the router with those words sends the ticket there; *can: there is one. */
static bool is_enough(struct lesson *l, struct str words, bool *can)
{
	struct arena *arena = arena_new("try", ROUTER);
	const struct router *router = NULL;
	struct routing r = { .department = -1 };
	struct err err;

	if (arena && keywords_cut(l, words))
		router = config_router_with(l->config, l->department, l->keywords, arena,
					    &err);
	if (router)
		router_route_plain(router, l->text, arena, &r);
	arena_free(arena);
	*can = router != NULL;
	return r.department == l->department;
}

/* Two words side by side may stand apart in other texts; p NULL: it has not two. */
static struct str with_pair(const struct lesson *l, struct str phrase)
{
	size_t blank = str_find_char(phrase, ' ');
	struct str rest = str_slice(phrase, blank + 1, phrase.n);

	if (blank == phrase.n || str_find_char(rest, ' ') < rest.n)
		return str_from(NULL, 0);
	return arena_printf(l->ctl->arena, "%.*s, %.*s + %.*s", STR_ARG(phrase),
			    (int)blank, phrase.p, STR_ARG(rest));
}

/* The longest words that tell this ticket; else the longest that can be a keyword. */
static int words_find(struct lesson *l)
{
	struct str found[TEACH_MOST];
	size_t n = teach_candidates(l->config->router, l->text,
				    place_names(l->config, l->ctl->arena), l->ctl->arena,
				    found);
	bool enough = false, can;

	if (!l->ctl->json)
		show_candidates(found, n);
	for (size_t i = 0; i < n && !enough; i++) {
		struct str pair = with_pair(l, found[i]);

		enough = is_enough(l, found[i], &can);
		if (enough || (can && l->words.n == 0))
			l->words = found[i];
		if (!enough && pair.p && is_enough(l, pair, &can)) {
			enough = true;
			l->words = pair;
		}
	}
	return l->words.n ? 0
			  : ctl_fail(1, "its words hold nothing that could be a keyword; "
					"--words \"…\" gives some");
}

static int lesson_prepare(struct lesson *l)
{
	int code = ticket_ask(l->ctl, l->no, &l->text, &l->at);
	struct err err;
	bool can;

	if (code)
		return code;
	l->department = config_department(l->config, l->to.n ? l->to : l->at);
	if (l->department < 0 && l->to.n)
		return ctl_fail(EX_USAGE,
				"no department \"%.*s\"; kentongan status names them",
				STR_ARG(l->to));
	if (l->department < 0)
		return ctl_fail(EX_USAGE,
				"to which department? It is at %.*s; --to CODE names one",
				STR_ARG(l->at));
	l->to = l->config->departments[l->department].code;
	if (l->words.n == 0 && (code = words_find(l)))
		return code;
	l->words = str_trim(utf8_fold(l->words, l->ctl->arena));
	l->enough = is_enough(l, l->words, &can);
	if (!keywords_cut(l, l->words))
		return ctl_fail(EX_USAGE, "a keyword is letters, digits and blanks, and "
					  "commas part several");
	l->router =
		config_router_with(l->config, l->department, l->keywords, l->arena, &err);
	return l->router ? 0
			 : ctl_fail(EX_CONFIG, "\"%.*s\" cannot be a keyword of %.*s: %s",
				    STR_ARG(l->words), STR_ARG(l->to), err.text);
}

/* ---- what it would move ---- */

struct pair {
	struct str from, to; /* codes */
	long long n, right, wrong;
};

struct preview {
	long long tickets, hidden, moved, right, wrong;
	struct pair pairs[PAIRS_MOST];
	size_t n_pairs;
	struct json *shown; /* some of them */
};

static struct str routed(const struct config *c, const struct router *router,
			 struct str text, struct arena *scratch)
{
	struct routing r;

	arena_reset(scratch);
	router_route_plain(router, utf8_repair(text, scratch), scratch, &r);
	return r.department < 0 ? c->gateway.rest_queue
				: c->departments[r.department].code;
}

static void pair_count(struct preview *p, struct str from, struct str to, int verdict)
{
	size_t i = 0;

	while (i < p->n_pairs &&
	       (!str_eq(p->pairs[i].from, from) || !str_eq(p->pairs[i].to, to)))
		i++;
	if (i == PAIRS_MOST)
		return;
	if (i == p->n_pairs)
		p->pairs[p->n_pairs++] = (struct pair){ .from = from, .to = to };
	p->pairs[i].n++;
	p->pairs[i].right += verdict > 0;
	p->pairs[i].wrong += verdict < 0;
}

/* Where it really is says who was right: 1 the new route, −1 not, 0 nobody yet. */
static int verdict_of(const struct config *c, const struct json *row, struct str to)
{
	struct str at = str_at(row, "department");

	if (str_eq(str_at(row, "state"), STR("periksa")) ||
	    str_eq(at, c->gateway.rest_queue))
		return 0;
	return str_eq(at, to) ? 1 : -1;
}

static void try_one(const struct lesson *l, struct preview *p, const struct json *row,
		    struct arena *scratch)
{
	struct str text = str_at(row, "text"),
		   from = routed(l->config, l->config->router, text, scratch),
		   to = routed(l->config, l->router, text, scratch);
	int verdict;

	p->tickets++;
	if (str_eq(from, to))
		return;
	verdict = verdict_of(l->config, row, to);
	p->moved++;
	p->right += verdict > 0;
	p->wrong += verdict < 0;
	pair_count(p, from, to, verdict);
	if (json_count(p->shown) < SHOWN) {
		struct json *o = json_new_object();

		json_set(o, "no", json_new_int(int_at(row, "no")));
		json_set(o, "from", json_new_str(from));
		json_set(o, "to", json_new_str(to));
		json_set(o, "is_at", json_new_str(str_at(row, "department")));
		json_set(o, "state", json_new_str(str_at(row, "state")));
		json_set(o, "text", json_new_str(text));
		json_add(p->shown, o);
	}
}

/* *from: "" at first, then the id of the next page; false in *more at the end. */
static int page_try(const struct lesson *l, struct preview *p, struct str *from,
		    bool *more, struct arena *scratch)
{
	struct query q = { .n = 0 };
	const struct json *list;
	struct json *root;
	int code = 1;

	if (from->n)
		query_add(&q, "from", from->p);
	if (l->days)
		query_add(&q, "days", l->days);
	query_add(&q, "words", arena_str(l->ctl->arena, l->words).p);
	query_who(&q);
	root = ctl_ask(l->ctl, true, "/v1/desk_texts", (struct str_pairs){ q.pairs, q.n },
		       &code);
	if (!root)
		return code;
	list = json_get(root, "tickets");
	for (size_t i = 0; i < json_count(list); i++)
		try_one(l, p, json_item(list, i), scratch);
	p->hidden += int_at(root, "hidden");
	*more = !json_is_null(json_get(root, "next"));
	*from = arena_printf(l->ctl->arena, "%lld", int_at(root, "next"));
	json_free(root);
	return 0;
}

static int preview_make(const struct lesson *l, struct preview *p)
{
	struct arena *scratch = arena_new("preview", SCRATCH);
	struct str from = STR("");
	bool more = scratch != NULL;
	int code = scratch ? 0 : ctl_fail(EX_OSERR, "no memory");

	for (int i = 0; code == 0 && more && i < PAGES; i++)
		code = page_try(l, p, &from, &more, scratch);
	arena_free(scratch);
	return code;
}

/* ---- showing it ---- */

static void preview_show(const struct lesson *l, const struct preview *p)
{
	printf("\"%.*s\" -> %.*s, tried on %lld tickets of the last %s days",
	       STR_ARG(l->words), STR_ARG(l->to), p->tickets, l->days ? l->days : "31");
	if (p->hidden)
		printf(" (%lld confidential ones were left out)", p->hidden);
	if (p->moved == 0) {
		puts(": none would be routed otherwise");
		return;
	}
	printf(":\n%lld would be routed otherwise, %lld of them rightly (they ended "
	       "there), "
	       "%lld wrongly, %lld are not decided\n",
	       p->moved, p->right, p->wrong, p->moved - p->right - p->wrong);
	for (size_t i = 0; i < p->n_pairs; i++)
		printf("  %.*s -> %.*s: %lld, %lld right, %lld wrong\n",
		       STR_ARG(p->pairs[i].from), STR_ARG(p->pairs[i].to), p->pairs[i].n,
		       p->pairs[i].right, p->pairs[i].wrong);
	for (size_t i = 0; i < json_count(p->shown); i++) {
		const struct json *o = json_item(p->shown, i);

		desk_wrap(arena_printf(l->ctl->arena,
				       "%lld %.*s -> %.*s, is at %.*s: \"%.*s\"",
				       int_at(o, "no"), STR_ARG(str_at(o, "from")),
				       STR_ARG(str_at(o, "to")),
				       STR_ARG(str_at(o, "is_at")),
				       STR_ARG(str_at(o, "text"))),
			  2);
	}
}

static void preview_json(const struct lesson *l, struct preview *p,
			 const struct edit_place *place, bool written)
{
	struct json *o = json_new_object(), *pairs = json_new_array();

	json_set(o, "words", json_new_str(l->words));
	json_set(o, "department", json_new_str(l->to));
	json_set(o, "file", json_new_str(str_of(place->path)));
	json_set(o, "line", json_new_int(place->line));
	json_set(o, "enough", json_new_bool(l->enough));
	json_set(o, "tickets", json_new_int(p->tickets));
	json_set(o, "hidden", json_new_int(p->hidden));
	json_set(o, "moved", json_new_int(p->moved));
	json_set(o, "right", json_new_int(p->right));
	json_set(o, "wrong", json_new_int(p->wrong));
	for (size_t i = 0; i < p->n_pairs; i++) {
		struct json *pair = json_new_object();

		json_set(pair, "from", json_new_str(p->pairs[i].from));
		json_set(pair, "to", json_new_str(p->pairs[i].to));
		json_set(pair, "n", json_new_int(p->pairs[i].n));
		json_set(pair, "right", json_new_int(p->pairs[i].right));
		json_set(pair, "wrong", json_new_int(p->pairs[i].wrong));
		json_add(pairs, pair);
	}
	json_set(o, "pairs", pairs);
	json_set(o, "examples", json_clone(p->shown));
	json_set(o, "written", json_new_bool(written));
	ctl_print_json(o);
	json_free(o);
}

/* ---- taking it ---- */

static int reload_ask(struct ctl *ctl)
{
	struct json *root;
	int code = 1;

	root = ctl_ask(ctl, true, "/v1/reload", (struct str_pairs){ NULL, 0 }, &code);
	if (!root)
		return code;
	json_free(root);
	return 0;
}

/* A file that the daemon would refuse is put back as it was. */
static int take(const struct lesson *l, const struct edit_place *place)
{
	struct str text = edit_apply(place, l->keywords, l->ctl->arena);
	struct config *config;
	struct err err;

	if (!text.p)
		return ctl_fail(EX_OSERR, "no memory");
	if (edit_write(place->path, text, l->ctl->arena, &err))
		return ctl_fail(EX_NOPERM, "%s", err.text);
	config = config_read(l->ctl, false);
	if (!config) {
		if (edit_write(place->path, place->text, l->ctl->arena, &err))
			return ctl_fail(EX_NOPERM, "%s: put it right by hand", err.text);
		return ctl_fail(EX_CONFIG, "%s is as it was before", place->path);
	}
	config_free(config);
	return reload_ask(l->ctl);
}

static void show_line(const struct lesson *l, const struct edit_place *place)
{
	if (!l->enough)
		printf("It is not enough for %s itself: other words of it, or more of "
		       "them\n",
		       l->no);
	printf("The line, among the keywords of %.*s, %s:%u:\n\t%.*s\n", STR_ARG(l->to),
	       place->path, place->line,
	       STR_ARG(edit_quoted(l->keywords, l->ctl->arena)));
	if (!l->write)
		printf("It is taken with: kentongan desk teach %s --to %.*s --words "
		       "\"%.*s\" --write\n",
		       l->no, STR_ARG(l->to), STR_ARG(l->words));
}

static int lesson_give(struct lesson *l)
{
	struct preview p = { .shown = json_new_array() };
	struct edit_place place;
	struct err err;
	int code = lesson_prepare(l);

	if (code == 0 && edit_find(l->ctl->file, l->to, l->ctl->arena, &place, &err))
		code = ctl_fail(EX_CONFIG, "%s", err.text);
	if (code == 0)
		code = preview_make(l, &p);
	if (code == 0 && !l->ctl->json) {
		preview_show(l, &p);
		show_line(l, &place);
		fflush(stdout);
	}
	if (code == 0 && l->write)
		code = take(l, &place);
	if (code == 0 && l->ctl->json)
		preview_json(l, &p, &place, l->write);
	else if (code == 0 && l->write)
		puts("written, and the daemon has read it");
	json_free(p.shown);
	return code;
}

int desk_teach(struct ctl *ctl, int argc, char **argv, const struct query *options)
{
	struct lesson l = { .ctl = ctl, .words = STR(""), .to = STR("") };
	int code;

	if (!lesson_read(&l, argc, argv, options))
		return ctl_fail(EX_USAGE,
				"desk teach NO [--to CODE] [--words WORDS] [--days N] "
				"[--write]");
	l.config = config_read(ctl, false);
	if (!l.config)
		return EX_CONFIG;
	l.arena = arena_new("taught", ROUTER);
	code = l.arena ? lesson_give(&l) : ctl_fail(EX_OSERR, "no memory");
	arena_free(l.arena);
	config_free(l.config);
	return code;
}

void desk_teach_hint(struct ctl *ctl, const char *no, struct str to)
{
	struct config *config = config_read(ctl, true);
	struct str found[TEACH_MOST] = { 0 }, text = { 0 }, at;
	size_t n;

	if (!config)
		return;
	if (config_department(config, to) >= 0 && ticket_ask(ctl, no, &text, &at) == 0) {
		n = teach_candidates(config->router, text,
				     place_names(config, ctl->arena), ctl->arena, found);
		if (n)
			printf("\"%.*s\" -> %.*s would have told it; see what that "
			       "changes: "
			       "kentongan desk teach %s --to %.*s\n",
			       STR_ARG(found[0]), STR_ARG(to), no, STR_ARG(to));
	}
	config_free(config);
}
