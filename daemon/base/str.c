/* SPDX-License-Identifier: MIT */
/* String views: comparing, cutting, reading numbers. Any thread; owns nothing. */
#include "base/str.h"

#include <limits.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c)
		return c;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_from(s.p, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       str_eq(str_from(s.p + s.n - suffix.n, suffix.n), suffix);
}

size_t str_find_char(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return at ? (size_t)(at - s.p) : s.n;
}

size_t str_find(struct str s, struct str needle)
{
	if (needle.n == 0)
		return 0;
	for (size_t i = 0; i + needle.n <= s.n; i++)
		if (memcmp(s.p + i, needle.p, needle.n) == 0)
			return i;
	return s.n;
}

struct str str_trim(struct str s)
{
	while (s.n && is_space(s.p[0]))
		s.p++, s.n--;
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	/* NULL + 0 is no pointer in C17. */
	return str_from(from ? s.p + from : s.p, to - from);
}

bool str_split(struct str *rest, char c, struct str *part)
{
	size_t at;

	if (!rest->p)
		return false;
	at = str_find_char(*rest, c);
	*part = str_from(rest->p, at);
	if (at < rest->n)
		*rest = str_from(rest->p + at + 1, rest->n - at - 1);
	else
		*rest = str_from(NULL, 0);
	return true;
}

bool str_to_int(struct str s, int64_t *out)
{
	bool minus = s.n && s.p[0] == '-';
	int64_t v = 0;

	if (s.n == (size_t)minus)
		return false;
	for (size_t i = minus; i < s.n; i++) {
		int d = s.p[i] - '0';

		if (d < 0 || d > 9 || v > (INT64_MAX - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*out = minus ? -v : v;
	return true;
}

struct str str_int(int64_t n, char digits[STR_INT_BYTES])
{
	size_t at = STR_INT_BYTES;
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		digits[--at] = (char)('0' + left % 10);
	while (left /= 10);
	if (n < 0)
		digits[--at] = '-';
	return str_from(digits + at, STR_INT_BYTES - at);
}

bool str_to_ms(struct str s, int64_t *out)
{
	static const struct {
		struct str unit;
		int64_t ms;
	} units[] = {
		{ STR_INIT("ms"), 1 },	     { STR_INIT("s"), 1000 },
		{ STR_INIT("m"), 60000 },    { STR_INIT("h"), 3600000 },
		{ STR_INIT("d"), 86400000 },
	};
	size_t digits = 0;
	int64_t v;

	while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
		digits++;
	if (!str_to_int(str_from(s.p, digits), &v))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (!str_eq(str_slice(s, digits, s.n), units[i].unit))
			continue;
		if (v > INT64_MAX / units[i].ms)
			return false;
		*out = v * units[i].ms;
		return true;
	}
	return false;
}

uint64_t str_hash(struct str s)
{
	uint64_t h = STR_HASH_START;

	for (size_t i = 0; i < s.n; i++)
		h = str_hash_step(h, s.p[i]);
	return str_hash_end(h);
}
