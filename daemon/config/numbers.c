/* SPDX-License-Identifier: MIT */
/*
 * libconfig 1.5 cuts a number without an L behind it to 32 bits and tells nobody, so that
 * 4294967296 is 0; only the file still knows. Main's thread.
 */
#include "config/numbers.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_';
}

/* Numbers in quotes, in names and in comments do not count. */
static bool has_large(const char *c)
{
	bool quoted = false;

	for (char before = ' '; *c && (quoted || *c != '#'); before = *c++) {
		const char *start = c;
		int64_t n;

		if (*c == '"' && before != '\\')
			quoted = !quoted;
		if (quoted || !is_digit(*c) || is_word(before) || before == '.')
			continue;
		while (is_digit(c[1]))
			c++;
		if (is_word(c[1]) || c[1] == '.')
			continue;
		if (!str_to_int(str_from(start, (size_t)(c + 1 - start)), &n) ||
		    n > INT32_MAX)
			return true;
	}
	return false;
}

bool number_too_large(const char *file, unsigned line)
{
	FILE *f = fopen(file, "re");
	char *text = NULL;
	size_t size = 0;
	bool large = false;

	while (f && line && getline(&text, &size, f) > 0)
		if (--line == 0)
			large = has_large(text);
	free(text);
	if (f)
		fclose(f);
	return large;
}
