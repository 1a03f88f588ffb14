/* SPDX-License-Identifier: MIT */
/* "t19ab8c3d4.2f.1b2c": kind, both numbers in hex, a check. Contract in cursor.h. */
#include "model/cursor.h"

#include <stdio.h>

enum { LONGEST = 48, HEX_MOST = 15 };

static size_t text_of(struct cursor c, char out[LONGEST])
{
	int n = snprintf(out, LONGEST, "%c%llx.%llx.", c.kind, (long long)c.a,
			 (long long)c.b);

	n += snprintf(out + n, LONGEST - (size_t)n, "%04x",
		      (unsigned)(str_hash(str_from(out, (size_t)n)) & 0xffff));
	return (size_t)n;
}

struct str cursor_write(struct cursor c, struct arena *arena)
{
	char text[LONGEST];

	return arena_str(arena, str_from(text, text_of(c, text)));
}

static bool hex_read(struct str s, int64_t *out)
{
	uint64_t n = 0;

	if (s.n == 0 || s.n > HEX_MOST)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		n = n << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	*out = (int64_t)n;
	return true;
}

bool cursor_read(struct str s, char kind, struct cursor *out)
{
	struct cursor c = { .kind = kind };
	struct str rest = str_slice(s, 1, s.n), a, b;
	char text[LONGEST];

	if (s.n == 0 || s.n >= LONGEST || s.p[0] != kind || !str_split(&rest, '.', &a) ||
	    !str_split(&rest, '.', &b) || !hex_read(a, &c.a) || !hex_read(b, &c.b))
		return false;
	/* One way to write a place, the check included. */
	if (!str_eq(s, str_from(text, text_of(c, text))))
		return false;
	*out = c;
	return true;
}
