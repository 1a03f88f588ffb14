/* SPDX-License-Identifier: MIT */
/* Commands about the departments' ways: what waits there, and what to do with it. */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "ctl/query.h"

/* "40s", "12m", "3h", "2d" */
static struct str age(struct ctl *ctl, double s)
{
	static const struct {
		double most, by;
		char unit;
	} steps[] = {
		{ 100, 1, 's' },
		{ 6000, 60, 'm' },
		{ 172800, 3600, 'h' },
		{ 0, 86400, 'd' },
	};
	size_t i = 0;

	if (s <= 0)
		return STR("-");
	while (steps[i].most > 0 && s >= steps[i].most)
		i++;
	return arena_printf(ctl->arena, "%.0f%c", s / steps[i].by, steps[i].unit);
}

static struct str number(struct ctl *ctl, long long n)
{
	return n ? arena_printf(ctl->arena, "%lld", n) : STR("-");
}

/* "well", "stopped: HTTP 410 …", "failing, again in 4m: …" */
static struct str condition(struct ctl *ctl, const struct json *row)
{
	struct str is = str_at(row, "condition"), why = str_at(row, "trouble");
	long long pause = int_at(row, "paused_for_ms");
	struct str again = pause > 0
				   ? arena_printf(ctl->arena, ", again in %.*s",
						  STR_ARG(age(ctl, (double)pause / 1000)))
				   : STR("");

	return arena_printf(ctl->arena, "%.*s%.*s%s%.*s", STR_ARG(is), STR_ARG(again),
			    why.n ? ": " : "", STR_ARG(why));
}

static void show_ways(struct ctl *ctl, const struct json *list)
{
	static const char *const titles[] = { "DEPARTMENT", "WAY",    "WAITING",
					      "IN FLIGHT",  "PARKED", "OLDEST",
					      "CONDITION" };
	struct table *t = table_new(ctl->arena, 7, titles);

	for (size_t i = 0; t && i < json_count(list); i++) {
		const struct json *row = json_item(list, i);
		struct str cells[] = {
			str_at(row, "department"),
			str_at(row, "way"),
			number(ctl, int_at(row, "waiting")),
			number(ctl, int_at(row, "in_flight")),
			number(ctl, int_at(row, "parked")),
			age(ctl, number_at(row, "oldest_age_s")),
			condition(ctl, row),
		};

		table_add(t, cells);
	}
	if (t)
		table_print(t);
}

static void show_deliveries(struct ctl *ctl, const struct json *list)
{
	static const char *const titles[] = { "DELIVERY", "TICKET",   "WHAT", "WAY",
					      "STATE",	  "ATTEMPTS", "NEXT", "REASON" };
	struct table *t = table_new(ctl->arena, 8, titles);

	for (size_t i = 0; t && i < json_count(list); i++) {
		const struct json *row = json_item(list, i);
		bool waits = str_eq(str_at(row, "state"), STR("queued"));
		struct str cells[] = {
			arena_printf(ctl->arena, "%lld", int_at(row, "id")),
			str_at(row, "no"),
			str_at(row, "what"),
			str_at(row, "to").n ? str_at(row, "to") : str_at(row, "way"),
			str_at(row, "state"),
			number(ctl, int_at(row, "attempts")),
			waits ? short_time(ctl, str_at(row, "due")) : STR("-"),
			str_at(row, "reason"),
		};

		table_add(t, cells);
	}
	if (t)
		table_print(t);
}

int ctl_queue(struct ctl *ctl)
{
	static const struct option longs[] = { { "limit", 1, NULL, 'q' },
					       { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	if (!options_read(ctl, longs, &q))
		return EX_USAGE;
	if (ctl->argc - optind > 1)
		return ctl_fail(EX_USAGE, "queue takes one department's code");
	if (optind < ctl->argc)
		query_add(&q, "department", ctl->argv[optind]);
	root = query_ask(ctl, "/v1/queue", &q, &code);
	if (!root)
		return code;
	if (json_count(json_get(root, "ways")))
		show_ways(ctl, json_get(root, "ways"));
	else if (optind >= ctl->argc)
		puts("no department has ways: departments.ways in the configuration");
	if (json_count(json_get(root, "deliveries")))
		show_deliveries(ctl, json_get(root, "deliveries"));
	if (optind < ctl->argc)
		query_show_tickets(ctl, json_get(root, "tickets"));
	json_free(root);
	return 0;
}

/* ---- deliver ---- */

static int usage(void)
{
	return ctl_fail(EX_USAGE,
			"deliver retry|park|drop NO, as in `queue DEPT`; deliver "
			"retry|drop --all-parked DEPT; deliver test|resume DEPT "
			"WAY; deliver test DEPT WAY --to PHONE (by SMS)");
}

static bool is(const char *word, const char *name)
{
	return str_eq(str_of(word), str_of(name));
}

/* False: that is no way to say it. */
static bool deliver_read(struct ctl *ctl, struct query *q)
{
	int n = ctl->argc - optind;
	char **argv = ctl->argv + optind;
	bool to = q->n > 0 && str_eq(q->pairs[0].name, STR("to")), all = q->n > 0;

	if (n < 1 || (to && !is(argv[0], "test")))
		return false;
	query_add(q, "do", argv[0]);
	if (is(argv[0], "test") || is(argv[0], "resume")) {
		if (n != 3 || (all && !to))
			return false;
		query_add(q, "department", argv[1]);
		query_add(q, "way", argv[2]);
		return true;
	}
	if (!is(argv[0], "retry") && !is(argv[0], "park") && !is(argv[0], "drop"))
		return false;
	if (!all && n == 2)
		query_add(q, "id", argv[1]);
	return all ? n == 1 : n == 2;
}

/* What was done, in words. */
static void show_done(const struct json *root, struct query *q)
{
	static const char *const words[][3] = {
		{ "retry", "is tried again", "are tried again" },
		{ "park", "goes on by the next way, or waits for you", "" },
		{ "drop", "is given up", "are given up" },
	};
	struct str did = str_at(root, "did");
	long long n = int_at(root, "n");
	struct str department = pairs_get((struct str_pairs){ q->pairs, q->n },
					  STR("department")),
		   way = pairs_get((struct str_pairs){ q->pairs, q->n }, STR("way")),
		   id = pairs_get((struct str_pairs){ q->pairs, q->n }, STR("id"));

	if (str_eq(did, STR("test")))
		printf("a test is on its way to %.*s by %.*s; `kentongan queue %.*s` "
		       "shows it until it is there\n",
		       STR_ARG(department), STR_ARG(way), STR_ARG(department));
	else if (str_eq(did, STR("resume")))
		printf("%.*s of %.*s goes on at once\n", STR_ARG(way),
		       STR_ARG(department));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!str_eq(did, str_of(words[i][0])))
			continue;
		else if (id.n)
			printf("delivery %.*s %s\n", STR_ARG(id), words[i][1]);
		else
			printf("%lld %s\n", n, n == 1 ? words[i][1] : words[i][2]);
}

int ctl_deliver(struct ctl *ctl)
{
	static const struct option longs[] = { { "all-parked", 1, NULL, 'q' },
					       { "to", 1, NULL, 'q' },
					       { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	struct query q = { .n = 0 };
	struct json *root;
	int code = 1;

	if (!options_read(ctl, longs, &q))
		return EX_USAGE;
	if (!deliver_read(ctl, &q))
		return usage();
	root = ctl_ask(ctl, true, "/v1/deliver", (struct str_pairs){ q.pairs, q.n },
		       &code);
	if (!root)
		return code;
	if (ctl->json)
		ctl_print_json(root);
	else
		show_done(root, &q);
	json_free(root);
	return 0;
}
