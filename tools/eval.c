/* SPDX-License-Identifier: MIT */
/*
 * How well texts are understood: accuracy per department, the confusion table, and the
 * figures that matter most.
 *
 *   eval [-v] CONFIG FILE.tsv…      -v: every text that went wrong
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "config/config.h"
#include "labelled.h"

enum { NAMES = 32 };

static struct str names[NAMES];
static int n_names;
static unsigned table[NAMES][NAMES];

static int name_of(struct str name)
{
	for (int i = 0; i < n_names; i++)
		if (str_eq(names[i], name))
			return i;
	names[n_names] = name;
	return n_names < NAMES - 1 ? n_names++ : n_names;
}

static struct str kind_label(enum text_kind kind)
{
	static const struct str labels[KIND_COUNT] = {
		[KIND_COMPLAINT] = STR_INIT("?"),
		[KIND_COMMAND] = STR_INIT("COMMAND"),
		[KIND_THANKS] = STR_INIT("THANKS"),
		[KIND_GREETING] = STR_INIT("GREETING"),
		[KIND_SPAM] = STR_INIT("SPAM"),
		[KIND_ROBOT] = STR_INIT("ROBOT"),
		[KIND_UNCLEAR] = STR_INIT("UNCLEAR"),
	};

	return labels[kind];
}

struct figures {
	unsigned texts, complaints, right, dismissed, unclear, commands;
	unsigned others, ticketed, other_right;
	unsigned accusations, to_accused, false_accusations, suspected;
	unsigned confidential, confidential_found;
	unsigned urgent, urgent_found, urgent_false;
};

static void count(struct figures *f, const struct config *config,
		  const struct labelled *l, const struct routing *r)
{
	bool complaint = config_department(config, l->label) >= 0;
	bool urgent = str_find_char(l->flags, 'u') < l->flags.n,
	     sensitive = str_find_char(l->flags, 's') < l->flags.n;
	struct str got = r->department >= 0 ? config->departments[r->department].code
					    : kind_label(r->kind);

	table[name_of(l->label)][name_of(got)]++;
	f->texts++;
	if (complaint) {
		f->complaints++;
		f->right += str_eq(got, l->label);
		f->dismissed += r->kind != KIND_COMPLAINT && r->kind != KIND_UNCLEAR &&
				r->kind != KIND_COMMAND;
		f->unclear += r->kind == KIND_UNCLEAR;
		f->commands += r->kind == KIND_COMMAND;
		f->urgent += urgent;
		f->urgent_found += urgent && r->urgent;
		f->urgent_false += !urgent && r->urgent;
		if (str_eq(l->label, STR("INSPEKTORAT"))) {
			f->accusations++;
			f->to_accused += r->department >= 0 && !str_eq(got, l->label);
		} else {
			f->false_accusations += r->sensitive && !sensitive;
			f->suspected += r->suspected;
			f->confidential += sensitive;
			f->confidential_found += sensitive && r->sensitive;
		}
	} else {
		f->others++;
		f->ticketed += r->department >= 0;
		f->other_right += str_eq(got, l->label);
	}
}

static double percent(unsigned part, unsigned whole)
{
	return whole ? 100.0 * part / whole : 0;
}

static void print_table(void)
{
	printf("%-12s %5s %6s   goes instead to\n", "label", "texts", "right");
	for (int i = 0; i < n_names; i++) {
		unsigned all = 0;

		for (int k = 0; k < n_names; k++)
			all += table[i][k];
		if (all == 0)
			continue;
		printf("%-12.*s %5u %5.1f%%  ", STR_ARG(names[i]), all,
		       percent(table[i][i], all));
		for (int k = 0; k < n_names; k++)
			if (k != i && table[i][k])
				printf(" %.*s %u", STR_ARG(names[k]), table[i][k]);
		putchar('\n');
	}
}

static void print_figures(const struct figures *f, double us)
{
	printf("\ncomplaints to the right department   %u of %u = %.1f %%   (target "
	       "90)\n",
	       f->right, f->complaints, percent(f->right, f->complaints));
	printf("complaints left to a human           %.1f %%\n",
	       percent(f->unclear, f->complaints));
	printf("complaints taken for commands        %.1f %%\n",
	       percent(f->commands, f->complaints));
	printf("complaints dismissed                 %.1f %%   (target under 2)\n",
	       percent(f->dismissed, f->complaints));
	printf("others ticketed to a department      %.1f %%   (target under 5)\n",
	       percent(f->ticketed, f->others));
	printf("others recognised                    %.1f %%\n",
	       percent(f->other_right, f->others));
	printf("accusations to another department    %u of %u   (target 0)\n",
	       f->to_accused, f->accusations);
	printf("others taken for accusations         %u\n", f->false_accusations);
	printf("others to a human on suspicion       %u of %u = %.1f %%   (target under "
	       "1)\n",
	       f->suspected, f->complaints - f->accusations,
	       percent(f->suspected, f->complaints - f->accusations));
	printf("confidential ones kept so            %u of %u\n", f->confidential_found,
	       f->confidential);
	printf("urgent found                         %u of %u, %u false\n",
	       f->urgent_found, f->urgent, f->urgent_false);
	printf("time a text                          %.1f us   (target 20)\n", us);
}

int main(int argc, char **argv)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct arena *arena = arena_new("eval", 16 << 20);
	bool verbose = argc > 1 && str_eq(str_of(argv[1]), STR("-v"));
	struct labelled_set set = { .n = 0 };
	struct figures f = { 0 };
	struct config *config;
	int64_t spent_us = 0;

	argv += verbose;
	argc -= verbose;
	config = argc > 2 ? config_load(argv[1], true, &faults) : NULL;
	if (!config || !arena) {
		fwrite(faults.text.p, 1, faults.text.n, stderr);
		fputs("Usage: eval [-v] CONFIG FILE.tsv...\n", stderr);
		return 64;
	}
	for (int i = 2; i < argc; i++)
		labelled_read(&set, argv[i]);
	for (size_t i = 0; i < set.n; i++) {
		struct routing r;
		int64_t from = clock_mono_us();

		arena_reset(arena);
		router_route(config->router, utf8_repair(set.items[i].text, arena), arena,
			     &r);
		spent_us += clock_mono_us() - from;
		if (r.even) { /* asked, not given */
			r.kind = KIND_UNCLEAR;
			r.department = -1;
		}
		count(&f, config, &set.items[i], &r);
		if (verbose &&
		    !str_eq(set.items[i].label,
			    r.department >= 0 ? config->departments[r.department].code
					      : kind_label(r.kind)))
			printf("%.*s → %.*s %.2f: %.*s\n", STR_ARG(set.items[i].label),
			       STR_ARG(r.department >= 0
					       ? config->departments[r.department].code
					       : kind_label(r.kind)),
			       r.score, STR_ARG(set.items[i].text));
	}
	print_table();
	print_figures(&f, set.n ? (double)spent_us / (double)set.n : 0);
	return 0;
}
