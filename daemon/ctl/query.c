/* SPDX-License-Identifier: MIT */
/* Contract in query.h. */
#include "ctl/query.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

struct str str_at(const struct json *node, const char *name)
{
	struct str s = json_str(json_get(node, name));

	return s.p ? s : STR("");
}

long long int_at(const struct json *node, const char *name)
{
	int64_t i = 0;

	json_int(json_get(node, name), &i);
	return i;
}

double number_at(const struct json *node, const char *name)
{
	double d = 0;

	json_number(json_get(node, name), &d);
	return d;
}

bool bool_at(const struct json *node, const char *name)
{
	bool b = false;

	json_bool(json_get(node, name), &b);
	return b;
}

struct str short_time(struct ctl *ctl, struct str iso)
{
	if (iso.n < 16)
		return STR("-");
	return arena_printf(ctl->arena, "%.10s %.5s", iso.p, iso.p + 11);
}

void query_add(struct query *q, const char *name, const char *value)
{
	if (q->n < QUERY_MOST)
		q->pairs[q->n++] = (struct str_pair){ str_of(name), str_of(value) };
}

void query_who(struct query *q)
{
	const char *name = getenv("SUDO_USER");

	if (!name)
		name = getenv("USER");
	if (name)
		query_add(q, "who", name);
}

bool options_read(struct ctl *ctl, const struct option *longs, struct query *q)
{
	int index, c;

	optind = 0;
	while ((c = getopt_long(ctl->argc, ctl->argv, "j", longs, &index)) != -1) {
		if (c == '?')
			return false;
		if (c == 'j')
			ctl->json = true;
		else if (c == 'w')
			query_add(q, longs[index].name, "1");
		else if (c == 'f')
			query_add(q, "filter", longs[index].name);
		else
			query_add(q, longs[index].name, optarg);
	}
	return true;
}

bool options_only(struct ctl *ctl, const struct option *longs, struct query *q)
{
	if (!options_read(ctl, longs, q))
		return false;
	if (optind == ctl->argc)
		return true;
	fprintf(stderr, "%s: unexpected argument '%s'\n", ctl->argv[0],
		ctl->argv[optind]);
	return false;
}

const char *options_word(struct ctl *ctl)
{
	static const struct option longs[] = { { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	struct query none = { .n = 0 };

	if (!options_read(ctl, longs, &none) || ctl->argc - optind != 1)
		return NULL;
	return ctl->argv[optind];
}

struct json *query_ask(struct ctl *ctl, const char *path, struct query *q, int *code)
{
	struct json *root =
		ctl_ask(ctl, false, path, (struct str_pairs){ q->pairs, q->n }, code);

	if (root && ctl->json) {
		ctl_print_json(root);
		json_free(root);
		*code = 0;
		return NULL;
	}
	return root;
}

struct json *query_post(struct ctl *ctl, const char *path, struct query *q, int *code)
{
	struct json *root =
		ctl_ask(ctl, true, path, (struct str_pairs){ q->pairs, q->n }, code);

	if (root && ctl->json) {
		ctl_print_json(root);
		json_free(root);
		*code = 0;
		return NULL;
	}
	return root;
}

void query_show_missing(const struct json *d)
{
	printf("%.*s is not in the configuration and has %lld open ticket%s: kentongan "
	       "queue "
	       "%.*s\n",
	       STR_ARG(str_at(d, "code")), int_at(d, "open"),
	       int_at(d, "open") == 1 ? "" : "s", STR_ARG(str_at(d, "code")));
}
