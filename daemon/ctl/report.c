/* SPDX-License-Identifier: MIT */
/* kentongan report: the month's figures for people, as CSV, or as JSON. */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "ctl/query.h"

static struct str hours_at(struct ctl *ctl, const struct json *times, const char *name)
{
	return int_at(times, "n")
		       ? arena_printf(ctl->arena, "%.1f", number_at(times, name))
		       : STR("-");
}

static struct str share(struct ctl *ctl, const struct json *times)
{
	return int_at(times, "n") ? arena_printf(ctl->arena, "%.0f%%",
						 number_at(times, "in_time") * 100)
				  : STR("-");
}

enum { COLUMNS = 12 };

static const char *const titles[COLUMNS] = {
	"DEPARTMENT", "COMPLAINTS", "UNVERIFIED", "UNANSWERED", "IN WORK",  "SETTLED",
	"ANSWER h",   "p90",	    "IN TIME",	  "SETTLED h",	"REOPENED", "RATING",
};

static void row_of(struct ctl *ctl, const struct json *d, struct str cells[COLUMNS])
{
	const struct json *l = json_get(d, "lapor"), *first = json_get(d, "first_answer"),
			  *done = json_get(d, "settlement");
	double mean = number_at(d, "rating_mean");
	long long counts[] = { int_at(d, "complaints"), int_at(l, "belum_terverifikasi"),
			       int_at(l, "terdisposisi_belum_ditindaklanjuti"),
			       int_at(l, "terdisposisi_sedang_diproses"),
			       int_at(l, "terdisposisi_selesai") };

	cells[0] = str_at(d, "department");
	for (int i = 0; i < 5; i++)
		cells[i + 1] = arena_printf(ctl->arena, "%lld", counts[i]);
	cells[6] = hours_at(ctl, first, "median_h");
	cells[7] = hours_at(ctl, first, "p90_h");
	cells[8] = share(ctl, first);
	cells[9] = hours_at(ctl, done, "median_h");
	cells[10] = arena_printf(ctl->arena, "%lld", int_at(d, "reopened"));
	cells[11] = mean > 0 ? arena_printf(ctl->arena, "%.1f", mean) : STR("-");
}

/* A spreadsheet must not take a cell for a formula. */
static void csv_cell(struct str s, bool last)
{
	bool formula = s.n > 1 && (s.p[0] == '=' || s.p[0] == '+' || s.p[0] == '@');

	putchar('"');
	if (formula)
		putchar('\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			putchar('"');
		putchar(s.p[i]);
	}
	fputs(last ? "\"\r\n" : "\",", stdout);
}

static void show_csv(struct ctl *ctl, const struct json *list)
{
	struct str cells[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		csv_cell(str_of(titles[i]), i == COLUMNS - 1);
	for (size_t k = 0; k < json_count(list); k++) {
		row_of(ctl, json_item(list, k), cells);
		for (int i = 0; i < COLUMNS; i++)
			csv_cell(cells[i], i == COLUMNS - 1);
	}
}

static void show_table(struct ctl *ctl, const struct json *root)
{
	const struct json *list = json_get(root, "departments"),
			  *words = json_get(root, "unmatched_words");
	struct table *t = table_new(ctl->arena, COLUMNS, titles);
	struct str cells[COLUMNS];

	for (size_t k = 0; t && k < json_count(list); k++) {
		if (int_at(json_item(list, k), "complaints") == 0)
			continue;
		row_of(ctl, json_item(list, k), cells);
		table_add(t, cells);
	}
	if (t)
		table_print(t);
	if (json_count(words))
		printf("\nwords that matched nothing:");
	for (size_t k = 0; k < json_count(words); k++)
		printf(" %.*s (%lld)", STR_ARG(str_at(json_item(words, k), "word")),
		       int_at(json_item(words, k), "n"));
	putchar('\n');
}

int ctl_report(struct ctl *ctl)
{
	static const struct option longs[] = { { "month", 1, NULL, 'q' },
					       { "csv", 0, NULL, 'w' },
					       { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	struct query q = { .n = 0 };
	bool csv = false;
	struct json *root;
	int code = 1;

	if (!options_only(ctl, longs, &q))
		return EX_USAGE;
	for (size_t i = 0; i < q.n; i++)
		csv = csv || str_eq(q.pairs[i].name, STR("csv"));
	root = query_ask(ctl, "/v1/report", &q, &code);
	if (!root)
		return code;
	if (csv)
		show_csv(ctl, json_get(root, "departments"));
	else
		show_table(ctl, root);
	json_free(root);
	return 0;
}
