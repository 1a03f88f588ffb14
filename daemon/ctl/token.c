/* SPDX-License-Identifier: MIT */
/* Tokens of the API: who may use it, for which department, and for what. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "ctl/query.h"

static int token_create(struct ctl *ctl, struct query *q)
{
	struct json *root;
	int code = 1;

	query_who(q);
	root = query_post(ctl, "/v1/token_create", q, &code);
	if (!root)
		return code;
	printf("token %lld for %.*s, scopes %.*s; it is shown this once:\n",
	       int_at(root, "id"), STR_ARG(str_at(root, "name")),
	       STR_ARG(str_at(root, "scopes")));
	printf("%.*s\n", STR_ARG(str_at(root, "token")));
	json_free(root);
	return 0;
}

static int token_list(struct ctl *ctl, struct query *q)
{
	static const char *const titles[] = { "ID",	 "NAME", "DEPARTMENT", "STATE",
					      "EXPIRES", "USED", "SCOPES" };
	struct json *root;
	struct table *t;
	int code = 1;

	root = query_ask(ctl, "/v1/tokens", q, &code);
	if (!root)
		return code;
	t = table_new(ctl->arena, 7, titles);
	for (size_t i = 0; t && i < json_count(json_get(root, "tokens")); i++) {
		const struct json *row = json_item(json_get(root, "tokens"), i);
		struct str department = str_at(row, "department");
		struct str cells[] = {
			arena_printf(ctl->arena, "%lld", int_at(row, "id")),
			str_at(row, "name"),
			department.n ? department : STR("(all)"),
			str_at(row, "state"),
			short_time(ctl, str_at(row, "expires")),
			short_time(ctl, str_at(row, "used")),
			str_at(row, "scopes"),
		};

		table_add(t, cells);
	}
	if (t)
		table_print(t);
	json_free(root);
	return 0;
}

static int token_revoke(struct ctl *ctl, struct query *q, const char *id)
{
	struct json *root;
	int code = 1;

	query_add(q, "id", id);
	query_who(q);
	root = query_post(ctl, "/v1/token_revoke", q, &code);
	if (!root)
		return code;
	printf("token %s is revoked\n", id);
	json_free(root);
	return 0;
}

int ctl_token(struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "department", 1, NULL, 'q' }, { "all", 0, NULL, 'w' },
		{ "scopes", 1, NULL, 'q' },	{ "name", 1, NULL, 'q' },
		{ "expires", 1, NULL, 'q' },	{ "json", 0, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct query q = { .n = 0 };
	char **argv;
	int n;

	if (!options_read(ctl, longs, &q))
		return EX_USAGE;
	argv = ctl->argv + optind;
	n = ctl->argc - optind;
	if (n == 1 && strcmp(argv[0], "create") == 0)
		return token_create(ctl, &q);
	if (n == 1 && strcmp(argv[0], "list") == 0)
		return token_list(ctl, &q);
	if (n == 2 && strcmp(argv[0], "revoke") == 0)
		return token_revoke(ctl, &q, argv[1]);
	return ctl_fail(EX_USAGE,
			"token create --name NAME --department CODE|--all "
			"[--scopes read,answer] [--expires 365d|never] | list | "
			"revoke ID");
}
