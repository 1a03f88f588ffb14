/* SPDX-License-Identifier: MIT */
/* Commands of the desk's work: what falls due, acts on tickets, groups, declared events.
 */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "ctl/query.h"

/* Who acts, for the histories: the login name where there is one. */
int ctl_due(struct ctl *ctl)
{
	static const struct option longs[] = { { "within", 1, NULL, 'q' },
					       { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	static const char *const titles[] = { "NO",	    "DUE",   "WHAT",
					      "DEPARTMENT", "STATE", "TEXT" };
	struct query q = { .n = 0 };
	struct table *t;
	struct json *root;
	int code = 1;

	if (!options_only(ctl, longs, &q))
		return EX_USAGE;
	if (optind < ctl->argc)
		return ctl_fail(EX_USAGE, "due takes no '%s': due [--within 2d]",
				ctl->argv[optind]);
	root = query_ask(ctl, "/v1/due", &q, &code);
	if (!root)
		return code;
	t = table_new(ctl->arena, 6, titles);
	for (size_t i = 0; t && i < json_count(json_get(root, "due")); i++) {
		const struct json *row = json_item(json_get(root, "due"), i);
		struct str cells[] = {
			str_at(row, "no"),    short_time(ctl, str_at(row, "due")),
			str_at(row, "what"),  str_at(row, "department"),
			str_at(row, "state"), str_at(row, "text")
		};

		table_add(t, cells);
	}
	if (t)
		table_print(t);
	json_free(root);
	return 0;
}

/* kentongan act NO EVENT [--to DEPT] [--text …] … */
int ctl_act(struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "to", 1, NULL, 'q' },	     { "text", 1, NULL, 'q' },
		{ "parent", 1, NULL, 'q' },  { "date", 1, NULL, 'q' },
		{ "outside", 1, NULL, 'q' }, { "word", 0, NULL, 'w' },
		{ "json", 0, NULL, 'j' },    { NULL, 0, NULL, 0 },
	};
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	if (!options_read(ctl, longs, &q))
		return EX_USAGE;
	if (ctl->argc - optind != 2)
		return ctl_fail(EX_USAGE,
				"act needs a ticket's number and what to do; see "
				"kentongan lifecycle");
	query_add(&q, "no", ctl->argv[optind]);
	query_add(&q, "event", ctl->argv[optind + 1]);
	query_who(&q);
	root = query_post(ctl, "/v1/act", &q, &code);
	if (!root)
		return code;
	printf("%.*s is %.*s at %.*s now\n", STR_ARG(str_at(root, "no")),
	       STR_ARG(str_at(root, "state")), STR_ARG(str_at(root, "department")));
	json_free(root);
	return 0;
}

static int decide(struct ctl *ctl, const char *what, const char *done)
{
	struct query q = { .n = 0 };
	const char *id = options_word(ctl);
	struct json *root;
	int code = 1;

	if (!id)
		return ctl_fail(EX_USAGE,
				"%s needs a message's id, as in messages --unknown",
				what);
	query_add(&q, "id", id);
	query_add(&q, "do", what);
	query_who(&q);
	root = query_post(ctl, "/v1/decide", &q, &code);
	if (!root)
		return code;
	printf("%s %s\n", id, done);
	json_free(root);
	return 0;
}

int ctl_resend(struct ctl *ctl)
{
	return decide(ctl, "resend", "is sent once more");
}

int ctl_drop(struct ctl *ctl)
{
	return decide(ctl, "drop", "is given up");
}

int ctl_alike(struct ctl *ctl)
{
	static const struct option longs[] = { { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	static const char *const titles[] = { "NO", "LIKE", "SENDERS", "SHARED WORDS" };
	struct query q = { .n = 0 };
	struct table *t;
	struct json *root;
	int code = 1;

	if (!options_only(ctl, longs, &q))
		return EX_USAGE;
	if (optind < ctl->argc)
		return ctl_fail(EX_USAGE, "alike takes no '%s'", ctl->argv[optind]);
	root = query_ask(ctl, "/v1/alike", &q, &code);
	if (!root)
		return code;
	t = table_new(ctl->arena, 4, titles);
	for (size_t i = 0; t && i < json_count(json_get(root, "alike")); i++) {
		const struct json *row = json_item(json_get(root, "alike"), i);
		struct str cells[] = {
			arena_printf(ctl->arena, "%lld", int_at(row, "no")),
			arena_printf(ctl->arena, "%lld", int_at(row, "head")),
			arena_printf(ctl->arena, "%lld", int_at(row, "senders")),
			str_at(row, "words"),
		};

		table_add(t, cells);
	}
	if (t)
		table_print(t);
	if (json_count(json_get(root, "alike")))
		puts("merge with: kentongan act NO merge --parent LIKE");
	else
		puts("Nothing seems to be the same.");
	json_free(root);
	return 0;
}

/* ---- declared events ---- */

static int event_list(struct ctl *ctl, struct query *q)
{
	static const char *const titles[] = { "ID",   "NAME",  "DEPARTMENT", "KECAMATAN",
					      "DESA", "SINCE", "OVER" };
	struct table *t;
	struct json *root;
	int code = 1;

	root = query_ask(ctl, "/v1/events", q, &code);
	if (!root)
		return code;
	t = table_new(ctl->arena, 7, titles);
	for (size_t i = 0; t && i < json_count(json_get(root, "events")); i++) {
		const struct json *row = json_item(json_get(root, "events"), i);
		struct str cells[] = {
			arena_printf(ctl->arena, "%lld", int_at(row, "id")),
			str_at(row, "name"),
			str_at(row, "department"),
			str_at(row, "kecamatan"),
			str_at(row, "desa"),
			short_time(ctl, str_at(row, "started")),
			short_time(ctl, str_at(row, "ended")),
		};

		table_add(t, cells);
	}
	if (t)
		table_print(t);
	json_free(root);
	return 0;
}

static int event_start(struct ctl *ctl, struct query *q)
{
	struct json *root;
	int code = 1;

	query_who(q);
	root = query_post(ctl, "/v1/event_start", q, &code);
	if (!root)
		return code;
	printf("event %lld goes on: kentongan event say %lld \"…\", kentongan event end "
	       "%lld\n",
	       int_at(root, "id"), int_at(root, "id"), int_at(root, "id"));
	json_free(root);
	return 0;
}

static int event_say(struct ctl *ctl, struct query *q)
{
	struct json *root;
	int code = 1;

	root = query_post(ctl, "/v1/event_say", q, &code);
	if (!root)
		return code;
	printf("queued for %lld who reported\n", int_at(root, "told"));
	json_free(root);
	return 0;
}

static int event_end(struct ctl *ctl, struct query *q)
{
	struct json *root;
	int code = 1;

	root = query_post(ctl, "/v1/event_end", q, &code);
	if (!root)
		return code;
	puts("over; tickets stay merged");
	json_free(root);
	return 0;
}

int ctl_event(struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "department", 1, NULL, 'q' }, { "kecamatan", 1, NULL, 'q' },
		{ "desa", 1, NULL, 'q' },	{ "all", 0, NULL, 'w' },
		{ "json", 0, NULL, 'j' },	{ NULL, 0, NULL, 0 },
	};
	struct query q = { .n = 0 };
	char **argv;
	int n;

	if (!options_read(ctl, longs, &q))
		return EX_USAGE;
	argv = ctl->argv + optind;
	n = ctl->argc - optind;
	if (n == 1 && strcmp(argv[0], "list") == 0)
		return event_list(ctl, &q);
	if (n == 2 && strcmp(argv[0], "start") == 0) {
		query_add(&q, "name", argv[1]);
		return event_start(ctl, &q);
	}
	if (n == 3 && strcmp(argv[0], "say") == 0) {
		query_add(&q, "id", argv[1]);
		query_add(&q, "text", argv[2]);
		return event_say(ctl, &q);
	}
	if (n == 2 && strcmp(argv[0], "end") == 0) {
		query_add(&q, "id", argv[1]);
		return event_end(ctl, &q);
	}
	return ctl_fail(EX_USAGE,
			"event start NAME [--department CODE] [--kecamatan NAME] "
			"[--desa NAME] | say ID TEXT | end ID | list [--all]");
}
