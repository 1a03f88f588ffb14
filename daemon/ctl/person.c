/* SPDX-License-Identifier: MIT */
/* One person by his number, and the trail of those who looked. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "ctl/query.h"

static void show_found(struct ctl *ctl, const struct json *root)
{
	static const char *const titles[] = { "NO", "DEPARTMENT", "STATE" };
	const struct json *list = json_get(root, "tickets");
	struct table *t = table_new(ctl->arena, 3, titles);
	struct str language = str_at(root, "language");

	printf("sender %.*s  %.*s%s%.*s%s\n", STR_ARG(str_at(root, "token")),
	       STR_ARG(str_at(root, "kind")), language.n ? "  language " : "",
	       STR_ARG(language), bool_at(root, "stopped") ? "  STOPPED" : "");
	for (size_t i = 0; t && i < json_count(list); i++) {
		const struct json *row = json_item(list, i);
		struct str cells[] = { str_at(row, "no"), str_at(row, "department"),
				       str_at(row, "state") };

		table_add(t, cells);
	}
	if (t)
		table_print(t);
}

static void show_erased(const struct json *root)
{
	printf("%.*s: the number is gone, and the words of %lld tickets\n",
	       STR_ARG(str_at(root, "token")), int_at(root, "erased"));
	if (int_at(root, "kept"))
		printf("%lld kept: %.*s\n", int_at(root, "kept"),
		       STR_ARG(str_at(root, "kept_because")));
}

static bool is_deed(const char *word)
{
	return strcmp(word, "find") == 0 || strcmp(word, "export") == 0 ||
	       strcmp(word, "erase") == 0;
}

/* kentongan person find|export|erase NUMBER --reason TEXT [--force] */
int ctl_person(struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "reason", 1, NULL, 'q' },
		{ "force", 0, NULL, 'w' },
		{ "json", 0, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const char *who = getenv("SUDO_USER"), *deed;
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	if (!options_read(ctl, longs, &q))
		return EX_USAGE;
	if (ctl->argc - optind != 2 || !is_deed(ctl->argv[optind]))
		return ctl_fail(EX_USAGE, "person find|export|erase NUMBER --reason TEXT "
					  "[--force]");
	deed = ctl->argv[optind];
	query_add(&q, "do", deed);
	query_add(&q, "number", ctl->argv[optind + 1]);
	if (who)
		query_add(&q, "who", who);
	root = ctl_ask(ctl, true, "/v1/person", (struct str_pairs){ q.pairs, q.n },
		       &code);
	if (!root)
		return code;
	if (ctl->json || strcmp(deed, "export") == 0)
		ctl_print_json(root);
	else if (strcmp(deed, "find") == 0)
		show_found(ctl, root);
	else
		show_erased(root);
	json_free(root);
	return 0;
}

int ctl_audit(struct ctl *ctl)
{
	static const struct option longs[] = { { "limit", 1, NULL, 'q' },
					       { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	static const char *const titles[] = { "AT", "WHO", "WHAT", "ABOUT", "REASON" };
	struct query q = { .n = 0 };
	const struct json *list;
	struct table *t;
	struct json *root;
	int code = 1;

	if (!options_only(ctl, longs, &q))
		return EX_USAGE;
	root = query_ask(ctl, "/v1/audit", &q, &code);
	if (!root)
		return code;
	t = table_new(ctl->arena, 5, titles);
	list = json_get(root, "audit");
	for (size_t i = 0; t && i < json_count(list); i++) {
		const struct json *row = json_item(list, i);
		struct str cells[] = {
			short_time(ctl, str_at(row, "at")),
			str_at(row, "who"),
			str_at(row, "what"),
			str_at(row, "about"),
			str_at(row, "reason"),
		};

		table_add(t, cells);
	}
	if (t)
		table_print(t);
	json_free(root);
	return 0;
}
