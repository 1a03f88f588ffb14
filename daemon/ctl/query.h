/* SPDX-License-Identifier: MIT */
/* Options that become a question to the daemon, and reading its answer. */
#ifndef CTL_QUERY_H
#define CTL_QUERY_H

#include "ctl/ctl.h"

enum { QUERY_MOST = 10 };

struct query {
	struct str_pair pairs[QUERY_MOST];
	size_t n;
};

struct option;

void query_add(struct query *query, const char *name, const char *value);
/*
 * Options that become fields of the same name: val 'q' with their value, 'w' with "1",
 * 'f' as the field "filter"; 'j' is --json. False after a mistake.
 */
bool options_read(struct ctl *ctl, const struct option *longs, struct query *query);
/* The same for commands that take options only: words beside them are a mistake. */
bool options_only(struct ctl *ctl, const struct option *longs, struct query *query);
/* The one word of a command that takes --json beside it; NULL: it is not one. */
const char *options_word(struct ctl *ctl);
/* NULL: *code says why, or the answer was printed as JSON. */
struct json *query_ask(struct ctl *ctl, const char *path, struct query *query, int *code);
/* The same for what changes something; who asks is named with query_who. */
struct json *query_post(struct ctl *ctl, const char *path, struct query *query,
			int *code);
void query_who(struct query *query);

/* As a table (look.c). */
void query_show_tickets(struct ctl *ctl, const struct json *list);
/* A department with open tickets that is not in the configuration. */
void query_show_missing(const struct json *department);

/* "" and 0 where there is nothing. */
struct str str_at(const struct json *node, const char *name);
long long int_at(const struct json *node, const char *name);
bool bool_at(const struct json *node, const char *name);
double number_at(const struct json *node, const char *name);
/* "2026-11-24T08:30:00+07:00" → "2026-11-24 08:30" */
struct str short_time(struct ctl *ctl, struct str iso);

#endif
