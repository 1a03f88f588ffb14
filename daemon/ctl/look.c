/* SPDX-License-Identifier: MIT */
/* Commands that only look: status, tickets, ticket, queue, messages. */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "ctl/query.h"

/* ---- status ---- */

static void show_provider(const struct json *p)
{
	const struct json *sends = json_get(p, "sends"), *in = json_get(p, "received");
	struct str trouble = str_at(p, "poll_trouble"), send = str_at(p, "send_trouble");
	struct str last = str_at(p, "last_good_poll");

	printf("provider %.*s (%.*s, number %.*s)%s\n", STR_ARG(str_at(p, "id")),
	       STR_ARG(str_at(p, "adapter")), STR_ARG(str_at(p, "number")),
	       bool_at(p, "paused") ? "  PAUSED" : "");
	printf("  last good poll  %.*s",
	       STR_ARG(last.n ? last : STR("never since the start")));
	if (int_at(p, "poll_failures"))
		printf("  (%lld failed since: %.*s)", int_at(p, "poll_failures"),
		       STR_ARG(trouble));
	printf("\n  received        %lld fresh, %lld duplicates, %lld parts, %lld "
	       "unreadable\n",
	       int_at(in, "fresh"), int_at(in, "duplicate"), int_at(in, "part"),
	       int_at(in, "bad"));
	printf("  sends           %lld accepted, %lld refused, %lld put off, %lld not "
	       "sent, "
	       "%lld unknown; %lld in flight\n",
	       int_at(sends, "accepted"), int_at(sends, "refused"),
	       int_at(sends, "later"), int_at(sends, "not_sent"),
	       int_at(sends, "unknown"), int_at(p, "sends_in_flight"));
	if (int_at(p, "callbacks_taken") + int_at(p, "callbacks_refused"))
		printf("  calls           %lld taken, %lld refused%s\n",
		       int_at(p, "callbacks_taken"), int_at(p, "callbacks_refused"),
		       int_at(p, "callbacks_refused")
			       ? " (address, secret or form; the log says why)"
			       : "");
	if (number_at(p, "cost_today") > 0)
		printf("  cost today      %.2f\n", number_at(p, "cost_today"));
	if (int_at(p, "send_failures"))
		printf("  sends paused    for %lld ms: %.*s\n",
		       int_at(p, "send_paused_for_ms"), STR_ARG(send));
	if (json_get(json_get(p, "callbacks"), "in"))
		printf("  callback        %.*s\n",
		       STR_ARG(str_at(json_get(p, "callbacks"), "in")));
	if (json_get(json_get(p, "callbacks"), "report"))
		printf("  reports         %.*s\n",
		       STR_ARG(str_at(json_get(p, "callbacks"), "report")));
}

static void show_inbox(const struct json *inbox)
{
	struct str last = str_at(inbox, "last_good");

	if (!str_at(inbox, "address").n)
		return;
	printf("mailbox %.*s\n  last good look  %.*s", STR_ARG(str_at(inbox, "address")),
	       STR_ARG(last.n ? last : STR("never since the start")));
	if (int_at(inbox, "failures"))
		printf("  (%lld failed since: %.*s)", int_at(inbox, "failures"),
		       STR_ARG(str_at(inbox, "trouble")));
	putchar('\n');
}

static void show_keys(const struct json *keys)
{
	if (!bool_at(keys, "sealed"))
		printf("store NOT SEALED: store.key is not set, whoever gets the "
		       "database "
		       "or a backup can read it\n");
	else if (bool_at(keys, "key_changing"))
		printf("store going over to store.key: about %lld rows left%s\n",
		       int_at(keys, "rows_left"),
		       bool_at(keys, "old_key_given") ? "; keep store.old_key" : "");
	else if (bool_at(keys, "old_key_given"))
		printf("store sealed with store.key alone: store.old_key can be "
		       "removed\n");
	else
		printf("store sealed\n");
	if (int_at(keys, "unreadable"))
		printf("store UNREADABLE: %lld values did not open since the start; the "
		       "log "
		       "names them\n",
		       int_at(keys, "unreadable"));
}

static void show_waiting(const struct json *list)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *row = json_item(list, i);

		printf("replies %.*s at %.*s: %lld", STR_ARG(str_at(row, "state")),
		       STR_ARG(str_at(row, "provider")), int_at(row, "count"));
		if (number_at(row, "oldest_age_s") > 0)
			printf(", the oldest for %.0f s\n",
			       number_at(row, "oldest_age_s"));
		else
			puts(", held back until they are due");
	}
}

static void show_departments(struct ctl *ctl, const struct json *list)
{
	static const char *const titles[] = { "DEPARTMENT", "OPEN" };
	struct table *t = table_new(ctl->arena, 2, titles);

	for (size_t i = 0; t && i < json_count(list); i++) {
		const struct json *row = json_item(list, i);
		struct str cells[] = { str_at(row, "code"),
				       arena_printf(ctl->arena, "%lld",
						    int_at(row, "open")) };

		if (!bool_at(row, "missing"))
			table_add(t, cells);
	}
	if (t)
		table_print(t);
	for (size_t i = 0; i < json_count(list); i++)
		if (bool_at(json_item(list, i), "missing"))
			query_show_missing(json_item(list, i));
}

int ctl_status(struct ctl *ctl)
{
	static const struct option longs[] = { { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	struct query q = { .n = 0 };
	const struct json *providers;
	struct json *root;
	int code = EX_USAGE;

	if (!options_only(ctl, longs, &q))
		return EX_USAGE;
	root = query_ask(ctl, "/v1/status", &q, &code);
	if (!root)
		return code;
	printf("%.*s, kentongand %.*s, %s%.*s\n", STR_ARG(str_at(root, "gateway")),
	       STR_ARG(str_at(root, "version")),
	       bool_at(root, "ready") ? "ready" : "NOT READY: ",
	       STR_ARG(str_at(root, "trouble")));
	providers = json_get(root, "providers");
	for (size_t i = 0; i < json_count(providers); i++)
		show_provider(json_item(providers, i));
	show_inbox(json_get(root, "inbox"));
	show_keys(json_get(root, "keys"));
	show_waiting(json_get(root, "replies_waiting"));
	show_departments(ctl, json_get(root, "departments"));
	json_free(root);
	return 0;
}

/* ---- tickets ---- */

void query_show_tickets(struct ctl *ctl, const struct json *list)
{
	static const char *const titles[] = { "NO",	    "OPENED", "ANSWER BY",
					      "DEPARTMENT", "STATE",  "MARK",
					      "TEXT" };
	struct table *t = table_new(ctl->arena, 7, titles);

	for (size_t i = 0; t && i < json_count(list); i++) {
		const struct json *row = json_item(list, i);
		struct str due = str_at(row, "answer_due");
		struct str cells[] = {
			str_at(row, "no"),
			short_time(ctl, str_at(row, "opened")),
			str_slice(due, 0, 10),
			str_at(row, "department"),
			str_at(row, "state"),
			arena_printf(ctl->arena, "%s%s%s",
				     bool_at(row, "urgent") ? "!" : "",
				     bool_at(row, "sensitive") ? "S" : "",
				     bool_at(row, "secret") ? "R" : ""),
			str_at(row, "text"),
		};

		table_add(t, cells);
	}
	if (t)
		table_print(t);
}

static int tickets(struct ctl *ctl, struct query *q)
{
	int code = 1;
	struct json *root = query_ask(ctl, "/v1/tickets", q, &code);

	if (!root)
		return code;
	query_show_tickets(ctl, json_get(root, "tickets"));
	json_free(root);
	return 0;
}

int ctl_tickets(struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "department", 1, NULL, 'q' }, { "state", 1, NULL, 'q' },
		{ "since", 1, NULL, 'q' },	{ "limit", 1, NULL, 'q' },
		{ "json", 0, NULL, 'j' },	{ NULL, 0, NULL, 0 },
	};
	struct query q = { .n = 0 };

	if (!options_only(ctl, longs, &q))
		return EX_USAGE;
	return tickets(ctl, &q);
}

static void show_history(struct ctl *ctl, const struct json *list)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *e = json_item(list, i);

		printf("%.*s  %.*s (%.*s)", STR_ARG(short_time(ctl, str_at(e, "at"))),
		       STR_ARG(str_at(e, "kind")), STR_ARG(str_at(e, "actor")));
		if (str_at(e, "note").n)
			printf(": %.*s", STR_ARG(str_at(e, "note")));
		if (str_at(e, "text").n)
			printf("\n    > %.*s", STR_ARG(str_at(e, "text")));
		putchar('\n');
	}
}

static void show_replies(struct ctl *ctl, const struct json *list)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *r = json_item(list, i);

		struct str until = str_at(r, "waits_until");

		printf("%.*s  SMS %.*s, %.*s%s%.*s%s%.*s, attempts %lld\n    < %.*s\n",
		       STR_ARG(short_time(ctl, str_at(r, "at"))),
		       STR_ARG(str_at(r, "key")), STR_ARG(str_at(r, "state")),
		       until.n ? ", waits until " : "",
		       STR_ARG(until.n ? short_time(ctl, until) : until),
		       str_at(r, "delivery").n ? ", delivery " : "",
		       STR_ARG(str_at(r, "delivery")), int_at(r, "attempts"),
		       STR_ARG(str_at(r, "text")));
	}
}

int ctl_ticket(struct ctl *ctl)
{
	static const struct option longs[] = { { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	if (!options_read(ctl, longs, &q))
		return EX_USAGE;
	if (ctl->argc - optind != 1)
		return ctl_fail(EX_USAGE, "ticket needs a number");
	query_add(&q, "no", ctl->argv[optind]);
	root = query_ask(ctl, "/v1/ticket", &q, &code);
	if (!root)
		return code;
	printf("No %.*s  %.*s  %.*s%s%s%s\nsender %.*s, opened %.*s",
	       STR_ARG(str_at(root, "no")), STR_ARG(str_at(root, "department")),
	       STR_ARG(str_at(root, "state")), bool_at(root, "urgent") ? "  URGENT" : "",
	       bool_at(root, "sensitive") ? "  SENSITIVE" : "",
	       bool_at(root, "secret") ? "  SECRET" : "", STR_ARG(str_at(root, "sender")),
	       STR_ARG(short_time(ctl, str_at(root, "opened"))));
	if (str_at(root, "answer_due").n)
		printf(", answer due %.*s",
		       STR_ARG(short_time(ctl, str_at(root, "answer_due"))));
	putchar('\n');
	if (str_at(root, "kecamatan").n)
		printf("place: desa %.*s, kecamatan %.*s\n",
		       STR_ARG(str_at(root, "desa")), STR_ARG(str_at(root, "kecamatan")));
	show_history(ctl, json_get(root, "history"));
	show_replies(ctl, json_get(root, "replies"));
	json_free(root);
	return 0;
}

/* ---- messages ---- */

int ctl_messages(struct ctl *ctl)
{
	static const struct option longs[] = {
		{ "unparsed", 0, NULL, 'f' }, { "unrouted", 0, NULL, 'f' },
		{ "unknown", 0, NULL, 'f' },  { "limit", 1, NULL, 'q' },
		{ "json", 0, NULL, 'j' },     { NULL, 0, NULL, 0 },
	};
	static const char *const titles[] = { "ID",   "AT",	"PROVIDER", "SENDER",
					      "KIND", "TICKET", "NOTE",	    "TEXT" };
	struct query q = { .n = 0 };
	const struct json *list;
	struct table *t;
	struct json *root;
	int code = 1;

	if (!options_only(ctl, longs, &q))
		return EX_USAGE;
	root = query_ask(ctl, "/v1/messages", &q, &code);
	if (!root)
		return code;
	t = table_new(ctl->arena, 8, titles);
	list = json_get(root, "messages");
	for (size_t i = 0; t && i < json_count(list); i++) {
		const struct json *m = json_item(list, i);
		struct str cells[] = {
			arena_printf(ctl->arena, "%lld", int_at(m, "id")),
			short_time(ctl, str_at(m, "at")),
			str_at(m, "provider"),
			str_at(m, "sender"),
			str_at(m, "kind"),
			str_at(m, "ticket"),
			str_slice(str_at(m, "note"), 0, 60),
			str_at(m, "text"),
		};

		table_add(t, cells);
	}
	if (t)
		table_print(t);
	json_free(root);
	return 0;
}
