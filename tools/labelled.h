/* SPDX-License-Identifier: MIT */
/* Labelled texts: LABEL<TAB>FLAGS<TAB>TEXT, one a line. For train.c and eval.c. */
#ifndef TOOLS_LABELLED_H
#define TOOLS_LABELLED_H

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

struct labelled {
	struct str label, flags, text;
};

struct labelled_set {
	struct labelled *items;
	size_t n, room;
};

/* Adds a file's lines; exits with a message when it cannot be read. Nothing is ever
 * freed. */
static inline void labelled_read(struct labelled_set *set, const char *file)
{
	FILE *f = fopen(file, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!f) {
		perror(file);
		exit(66);
	}
	while ((n = getline(&line, &size, f)) > 0) {
		struct str rest = str_trim(str_from(line, (size_t)n));
		struct labelled l;

		if (!str_split(&rest, '\t', &l.label) ||
		    !str_split(&rest, '\t', &l.flags) || !rest.n)
			continue;
		l.text = rest;
		if (set->n == set->room) {
			set->room = set->room ? set->room * 2 : 1024;
			set->items = realloc(set->items, set->room * sizeof(*set->items));
			if (!set->items)
				abort();
		}
		set->items[set->n++] = l;
		line = NULL; /* kept */
		size = 0;
	}
	fclose(f);
}

#endif
