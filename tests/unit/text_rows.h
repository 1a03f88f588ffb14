/* SPDX-License-Identifier: MIT */
/* Tests as data: rows of columns between tabs, '#' begins a comment line. */
#ifndef TESTS_TEXT_ROWS_H
#define TESTS_TEXT_ROWS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

enum { ROW_COLUMNS = 4 };

struct text_row {
	unsigned line;
	struct str columns[ROW_COLUMNS];
	size_t n;
};

/* Calls each(row); the number of rows it called wrong (false). *rows counts all. */
static inline unsigned text_rows_each(const char *path, unsigned *rows,
				      bool (*each)(const struct text_row *row))
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	unsigned bad = 0, at = 0;
	ssize_t n;

	*rows = 0;
	if (!file)
		return 1;
	while ((n = getline(&line, &size, file)) >= 0) {
		struct text_row row = { .line = ++at };
		struct str rest = str_from(line, (size_t)n), column;

		if (rest.n && rest.p[rest.n - 1] == '\n')
			rest.n--;
		if (rest.n == 0 || rest.p[0] == '#')
			continue;
		while (row.n < ROW_COLUMNS && str_split(&rest, '\t', &column))
			row.columns[row.n++] = column;
		++*rows;
		bad += !each(&row);
	}
	free(line);
	fclose(file);
	return bad;
}

#endif
