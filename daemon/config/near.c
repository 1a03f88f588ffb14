/* SPDX-License-Identifier: MIT */
/*
 * The nearest of some known names, by the slips between them: a letter too much, too few,
 * another, or two swapped.
 */
#include "config/near.h"

enum { NAME_MOST = 40 };

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein distance (neighbours swapped count once). */
static size_t distance(struct str a, struct str b)
{
	size_t d[NAME_MOST + 1][NAME_MOST + 1];

	if (a.n > NAME_MOST || b.n > NAME_MOST)
		return SIZE_MAX;
	for (size_t i = 0; i <= a.n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= b.n; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a.n; i++)
		for (size_t j = 1; j <= b.n; j++) {
			size_t same = a.p[i - 1] == b.p[j - 1] ? 0 : 1;

			d[i][j] = smaller(smaller(d[i - 1][j], d[i][j - 1]) + 1,
					  d[i - 1][j - 1] + same);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1])
				d[i][j] = smaller(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[a.n][b.n];
}

const char *near_key(const char *name, const struct key *keys, size_t *best)
{
	const char *found = NULL;

	for (; keys && keys->name; keys++) {
		size_t d = distance(str_of(name), str_of(keys->name));

		if (d < *best) {
			*best = d;
			found = keys->name;
		}
	}
	return found;
}
