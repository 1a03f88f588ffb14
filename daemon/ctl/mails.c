/* SPDX-License-Identifier: MIT */
/*
 * Mails: `mail-in` is what the local mail server pipes a message into, `mails` and `mail`
 * look at those that came.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/mime_read.h"
#include "base/utf8.h"
#include "ctl/query.h"

/* ---- mail-in ---- */

static bool stdin_read(struct buf *b)
{
	char part[65536];
	size_t n;

	while ((n = fread(part, 1, sizeof(part), stdin)) > 0)
		buf_add(b, str_from(part, n));
	return !ferror(stdin);
}

/* The sender's mail server brings it back to him; anything else is tried again. */
static int never(const struct response *response)
{
	return response->status == 400 || response->status == 413;
}

/* kentongan mail-in < message */
int ctl_mail_in(struct ctl *ctl)
{
	struct buf b = BUF_INIT(MIME_BYTES_MOST + 1);
	struct response response;
	int code;

	if (ctl->argc > 1)
		return ctl_fail(EX_USAGE, "mail-in reads the mail from its input");
	if (!stdin_read(&b)) {
		buf_free(&b);
		return ctl_fail(EX_TEMPFAIL, "cannot read the mail: %s", strerror(errno));
	}
	if (b.failed || b.n == 0) {
		code = ctl_fail(EX_DATAERR, "the mail is %s",
				b.n ? "larger than 10 MiB" : "empty");
		buf_free(&b);
		return code;
	}
	code = ctl_exchange(ctl, HTTP_POST, "/v1/mail", buf_str(&b), &response);
	buf_free(&b);
	if (code)
		return EX_TEMPFAIL;
	if (response.status == 200)
		return 0;
	return ctl_fail(never(&response) ? EX_DATAERR : EX_TEMPFAIL, "%.*s",
			STR_ARG(str_trim(response.body)));
}

/* ---- looking ---- */

static void show_list(struct ctl *ctl, const struct json *root)
{
	static const char *const titles[] = { "MAIL", "RECEIVED", "FROM", "STATE",
					      "KIND", "TICKET",	  "NOTE" };
	const struct json *list = json_get(root, "mails");
	struct table *t = table_new(ctl->arena, 7, titles);

	for (size_t i = 0; t && i < json_count(list); i++) {
		const struct json *m = json_item(list, i);
		struct str cells[] = {
			arena_printf(ctl->arena, "%lld", int_at(m, "id")),
			short_time(ctl, str_at(m, "received")),
			str_at(m, "from"),
			str_at(m, "state"),
			str_at(m, "kind"),
			str_at(m, "ticket"),
			str_at(m, "note"),
		};

		table_add(t, cells);
	}
	if (t && json_count(list))
		table_print(t);
	if (int_at(root, "for_desk"))
		printf("%lld wait for the desk: kentongan mails --desk\n",
		       int_at(root, "for_desk"));
}

/* kentongan mails [--desk] [--limit N] */
int ctl_mails(struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "desk", 0, NULL, 'w' },   { "limit", 1, NULL, 'q' },
		{ "before", 1, NULL, 'q' }, { "json", 0, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	if (!options_only(ctl, longs, &q))
		return EX_USAGE;
	root = query_ask(ctl, "/v1/mails", &q, &code);
	if (!root)
		return code;
	show_list(ctl, root);
	json_free(root);
	return 0;
}

static void show_mail(struct ctl *ctl, const struct json *m)
{
	const struct json *list = json_get(m, "attachments");

	printf("mail %lld of %.*s, by %.*s, from %.*s\n%.*s: %.*s", int_at(m, "id"),
	       STR_ARG(short_time(ctl, str_at(m, "received"))),
	       STR_ARG(str_at(m, "source")), STR_ARG(str_at(m, "from")),
	       STR_ARG(str_at(m, "state")), STR_ARG(str_at(m, "kind")));
	if (str_at(m, "note").n)
		printf(" (%.*s)", STR_ARG(str_at(m, "note")));
	if (str_at(m, "ticket").n)
		printf("  ticket %.*s", STR_ARG(str_at(m, "ticket")));
	putchar('\n');
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *a = json_item(list, i);

		printf("attachment %lld  %.*s  %.*s  %lld bytes%s\n", int_at(a, "id"),
		       STR_ARG(str_at(a, "name")), STR_ARG(str_at(a, "type")),
		       int_at(a, "bytes"), bool_at(a, "kept") ? "" : "  not kept");
	}
	if (str_at(m, "text").n)
		printf("\n%.*s\n", STR_ARG(str_trim(str_at(m, "text"))));
}

/* Bytes as they are, to a new file or to the output; a terminal would obey some. */
static int save(struct ctl *ctl, const char *path, const char *file)
{
	struct response response;
	int code = ctl_exchange(ctl, HTTP_GET, path, str_from(NULL, 0), &response);
	FILE *to = stdout;
	bool good;

	if (code)
		return code;
	if (response.status != 200)
		return ctl_fail(response.status == 404 ? 1 : EX_UNAVAILABLE, "%.*s",
				STR_ARG(str_trim(response.body)));
	if (!file && isatty(STDOUT_FILENO))
		response.body = utf8_clean(response.body, ctl->arena);
	if (!response.body.p)
		return ctl_fail(EX_OSERR, "no memory");
	if (file && !(to = fopen(file, "wxe")))
		return ctl_fail(EX_CANTCREAT, "%s: %s", file, strerror(errno));
	good = fwrite(response.body.p, 1, response.body.n, to) == response.body.n;
	if (file)
		good = fclose(to) == 0 && good;
	return good ? 0
		    : ctl_fail(EX_IOERR, "%s: %s", file ? file : "output",
			       strerror(errno));
}

static int one_mail(struct ctl *ctl, const char *id)
{
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	query_add(&q, "id", id);
	root = query_ask(ctl, "/v1/mail", &q, &code);
	if (!root)
		return code;
	show_mail(ctl, root);
	json_free(root);
	return 0;
}

/* kentongan mail NO [--raw | --attachment N FILE] */
int ctl_mail(struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "raw", 0, NULL, 'r' },
		{ "attachment", 1, NULL, 'a' },
		{ "json", 0, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const char *attachment = NULL, *id;
	bool raw = false;
	int64_t no, part;
	int c, words;

	optind = 0;
	while ((c = getopt_long(ctl->argc, ctl->argv, "j", longs, NULL)) != -1) {
		raw |= c == 'r';
		ctl->json |= c == 'j';
		attachment = c == 'a' ? optarg : attachment;
		if (c == '?')
			return EX_USAGE;
	}
	words = ctl->argc - optind;
	id = words ? ctl->argv[optind] : "";
	if (words != 1 + (attachment != NULL) || !str_to_int(str_of(id), &no))
		return ctl_fail(EX_USAGE, "mail NO [--raw | --attachment N FILE]");
	if (attachment && !str_to_int(str_of(attachment), &part))
		return ctl_fail(EX_USAGE, "--attachment is a number of the list");
	if (attachment)
		return save(ctl,
			    arena_printf(ctl->arena, "/v1/mail?id=%lld&attachment=%lld",
					 (long long)no, (long long)part)
				    .p,
			    ctl->argv[optind + 1]);
	if (raw)
		return save(
			ctl,
			arena_printf(ctl->arena, "/v1/mail?id=%lld&raw=1", (long long)no)
				.p,
			NULL);
	return one_mail(ctl, id);
}
