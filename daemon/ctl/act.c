/* SPDX-License-Identifier: MIT */
/* Commands that make the daemon do something; and the backup, which reads the store
 * itself. */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/err.h"
#include "ctl/query.h"
#include "store/store.h"

static void show_reloaded(const struct json *root)
{
	const struct json *waiting = json_get(root, "waiting"),
			  *missing = json_get(root, "missing_departments");

	puts("reloaded");
	for (size_t i = 0; i < json_count(waiting); i++)
		printf("%s%.*s",
		       i ? ", " : "changed, but holding only from the next start on: ",
		       STR_ARG(json_str(json_item(waiting, i))));
	if (json_count(waiting))
		putchar('\n');
	for (size_t i = 0; i < json_count(missing); i++)
		query_show_missing(json_item(missing, i));
}

int ctl_reload(struct ctl *ctl)
{
	static const struct option longs[] = { { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	struct query none = { .n = 0 };
	int code = 1;
	struct json *root;

	if (!options_only(ctl, longs, &none))
		return EX_USAGE;
	root = ctl_ask(ctl, true, "/v1/reload", (struct str_pairs){ NULL, 0 }, &code);
	if (!root)
		return code;
	if (ctl->json)
		ctl_print_json(root);
	else
		show_reloaded(root);
	json_free(root);
	return 0;
}

static int pause_or_resume(struct ctl *ctl, const char *path, const char *done)
{
	struct str_pair provider = { STR("provider"), { NULL, 0 } };
	const char *id = options_word(ctl);
	struct json *root;
	int code = 1;

	if (!id)
		return ctl_fail(EX_USAGE, "which provider? Its id, as in status");
	provider.value = str_of(id);
	root = ctl_ask(ctl, true, path, (struct str_pairs){ &provider, 1 }, &code);
	if (!root)
		return code;
	if (ctl->json)
		ctl_print_json(root);
	else
		printf("%s %s\n", id, done);
	json_free(root);
	return 0;
}

int ctl_pause(struct ctl *ctl)
{
	return pause_or_resume(ctl, "/v1/pause", "is paused: no polls, no sends");
}

int ctl_resume(struct ctl *ctl)
{
	return pause_or_resume(ctl, "/v1/resume", "works again");
}

/*
 * The copy is made by this process on a handle of its own: the daemon goes on meanwhile.
 * Only the path of the store is asked for, so that a moved configuration cannot mislead.
 */
int ctl_backup(struct ctl *ctl)
{
	const char *to = options_word(ctl);
	struct str path;
	struct json *root;
	struct err err;
	int code = 1;

	if (!to)
		return ctl_fail(EX_USAGE, "backup needs a file to write");
	root = ctl_ask(ctl, false, "/v1/status", (struct str_pairs){ NULL, 0 }, &code);
	if (!root)
		return code;
	path = arena_str(ctl->arena, json_str(json_get(root, "store")));
	json_free(root);
	if (store_backup(path, str_of(to), &err))
		return ctl_fail(EX_IOERR, "%s", err.text);
	if (ctl->json)
		printf("{\"backup\":\"ok\"}\n");
	else
		printf("%s: a checked copy of %.*s\n", to, STR_ARG(path));
	return 0;
}
