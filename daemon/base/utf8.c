/* SPDX-License-Identifier: MIT */
/*
 * Unicode, over utf8proc, the only file that knows of it: bytes to code points and back,
 * repair, cleaning for people, folding for comparison. Any thread; owns nothing, results
 * live in the caller's arena. ASCII, which is nearly all that passes, takes short ways.
 */
#include "base/utf8.h"

#include <utf8proc.h>

enum { REPLACEMENT = 0xFFFD };

static bool is_ascii(struct str s)
{
	unsigned char all = 0;

	for (size_t i = 0; i < s.n; i++)
		all |= (unsigned char)s.p[i];
	return all < 0x80;
}

static bool has_nul(struct str s)
{
	return s.n && memchr(s.p, '\0', s.n);
}

int32_t utf8_next(struct str s, size_t *at)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s.p + *at;
	utf8proc_int32_t c = 0;
	utf8proc_ssize_t n;

	if (*at >= s.n)
		return -1;
	if (*p < 0x80) {
		++*at;
		return *p;
	}
	n = utf8proc_iterate(p, (utf8proc_ssize_t)(s.n - *at), &c);
	if (n <= 0 || c < 0) {
		++*at;
		return REPLACEMENT;
	}
	*at += (size_t)n;
	return c;
}

/* utf8_next, with *bad set when what it gave stands for an invalid byte. */
static int32_t next_checked(struct str s, size_t *at, bool *bad)
{
	size_t from = *at;
	int32_t c = utf8_next(s, at);

	*bad = c == REPLACEMENT && *at - from == 1;
	return c;
}

bool utf8_valid(struct str s)
{
	bool bad = false;

	for (size_t at = 0; at < s.n && !bad;)
		next_checked(s, &at, &bad);
	return !bad;
}

size_t utf8_encode(int32_t c, char out[4])
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t n;

	if (!utf8proc_codepoint_valid(c))
		c = REPLACEMENT;
	n = utf8proc_encode_char(c, bytes);
	memcpy(out, bytes, (size_t)n);
	return (size_t)n;
}

void utf8_add(struct buf *buf, int32_t c)
{
	char bytes[4];

	buf_add(buf, str_from(bytes, utf8_encode(c, bytes)));
}

struct str utf8_repair(struct str s, struct arena *arena)
{
	size_t n = 0;
	char *p;

	if (utf8_valid(s) && !has_nul(s))
		return s;
	/* One bad byte becomes the three of U+FFFD. */
	p = s.n > SIZE_MAX / 3 ? NULL : arena_alloc(arena, s.n * 3 + 1, 1);
	if (!p)
		return str_from(NULL, 0);
	for (size_t at = 0; at < s.n;) {
		int32_t c = utf8_next(s, &at);

		n += utf8_encode(c ? c : REPLACEMENT, p + n);
	}
	return str_from(p, n);
}

/* Arabic and Syriac number marks: of category Cf, yet they have ink. */
static bool is_visible_format(int32_t c)
{
	return (c >= 0x600 && c <= 0x605) || c == 0x6DD || c == 0x70F || c == 0x890 ||
	       c == 0x891 || c == 0x8E2 || c == 0x110BD || c == 0x110CD;
}

static bool is_shown(int32_t c)
{
	utf8proc_category_t k;

	if (c < 0x80)
		return (c >= ' ' && c != 0x7F) || c == '\n' || c == '\t';
	k = utf8proc_category(c);
	if (k == UTF8PROC_CATEGORY_CF)
		return is_visible_format(c);
	return k != UTF8PROC_CATEGORY_CC && k != UTF8PROC_CATEGORY_ZL &&
	       k != UTF8PROC_CATEGORY_ZP;
}

static bool all_shown(struct str s)
{
	bool bad = false;

	for (size_t at = 0; at < s.n && !bad;) {
		if (s.p[at] >= ' ' && s.p[at] < 0x7F)
			at++;
		else if (!is_shown(next_checked(s, &at, &bad)))
			return false;
	}
	return !bad;
}

struct str utf8_clean(struct str s, struct arena *arena)
{
	size_t n = 0;
	char *p;

	if (all_shown(s))
		return s;
	s = utf8_repair(s, arena);
	p = s.p ? arena_alloc(arena, s.n + 1, 1) : NULL;
	if (!p)
		return str_from(NULL, 0);
	for (size_t at = 0; at < s.n;) {
		int32_t c = utf8_next(s, &at);

		if (is_shown(c))
			n += utf8_encode(c, p + n);
	}
	return str_from(p, n);
}

static struct str fold_ascii(struct str s, struct arena *arena)
{
	char *p = arena_alloc(arena, s.n + 1, 1);

	if (!p)
		return str_from(NULL, 0);
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
	return str_from(p, s.n);
}

static bool is_mark(int32_t c)
{
	utf8proc_category_t k = c < 0x80 ? UTF8PROC_CATEGORY_CN : utf8proc_category(c);

	return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME;
}

/*
 * Drops marks behind a-z: "é" is written "e" by whoever has no such key. Elsewhere
 * (Aksara Jawa, Arabic) marks are vowels and stay.
 */
static utf8proc_ssize_t strip_marks(utf8proc_int32_t *c, utf8proc_ssize_t n)
{
	utf8proc_ssize_t kept = 0;
	bool latin = false;

	for (utf8proc_ssize_t i = 0; i < n; i++) {
		if (is_mark(c[i])) {
			if (latin)
				continue;
		} else {
			latin = c[i] >= 'a' && c[i] <= 'z';
		}
		c[kept++] = c[i];
	}
	return kept;
}

struct str utf8_fold(struct str s, struct arena *arena)
{
	const utf8proc_option_t how = UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
				      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	utf8proc_int32_t *c;
	utf8proc_ssize_t n;
	size_t used = 0;
	char *p;

	if (is_ascii(s) && !has_nul(s))
		return fold_ascii(s, arena);
	s = utf8_repair(s, arena);
	if (!s.p || s.n > INT32_MAX)
		return str_from(NULL, 0);
	n = utf8proc_decompose((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, NULL,
			       0, how);
	c = n < 0 ? NULL : arena_alloc(arena, (size_t)n + 1, sizeof(*c));
	if (!c)
		return str_from(NULL, 0);
	n = utf8proc_decompose((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, c, n,
			       how);
	if (n < 0)
		return str_from(NULL, 0);
	n = utf8proc_normalize_utf32(c, strip_marks(c, n),
				     UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	p = n < 0 ? NULL : arena_alloc(arena, (size_t)n + 1, 4);
	if (!p)
		return str_from(NULL, 0);
	for (utf8proc_ssize_t i = 0; i < n; i++)
		used += utf8_encode(c[i], p + used);
	return str_from(p, used);
}

bool utf8_is_letter(int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);

	return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

bool utf8_is_digit(int32_t c)
{
	return utf8proc_category(c) == UTF8PROC_CATEGORY_ND;
}
