/* SPDX-License-Identifier: MIT */
/* Growing byte buffers with a ceiling. No locks; each buf owns its bytes. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Room for `more` bytes and a NUL behind them. */
static bool reserve(struct buf *b, size_t more)
{
	size_t want, size;
	char *p;

	if (b->failed || more > b->ceiling || b->n > b->ceiling - more) {
		b->failed = true;
		return false;
	}
	want = b->n + more + 1;
	if (want <= b->size)
		return true;
	for (size = b->size ? b->size : 256; size < want;)
		size *= 2;
	p = realloc(b->p, size);
	if (!p) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->size = size;
	return true;
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf)BUF_INIT(b->ceiling);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = false;
}

char *buf_take(struct buf *b, size_t n)
{
	if (!reserve(b, n))
		return NULL;
	b->n += n;
	b->p[b->n] = '\0';
	return b->p + b->n - n;
}

void buf_add(struct buf *b, struct str s)
{
	char *p = s.n ? buf_take(b, s.n) : NULL;

	if (p)
		memcpy(p, s.p, s.n);
}

void buf_add_int(struct buf *b, int64_t n)
{
	char digits[STR_INT_BYTES];

	buf_add(b, str_int(n, digits));
}

void buf_add_char(struct buf *b, char c)
{
	buf_add(b, str_from(&c, 1));
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || !reserve(b, (size_t)n))
		return;
	va_start(args, format);
	vsnprintf(b->p + b->n, (size_t)n + 1, format, args);
	va_end(args);
	b->n += (size_t)n;
}

void buf_add_url(struct buf *b, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			     (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' ||
			     c == '~';

		if (plain) {
			buf_add_char(b, (char)c);
		} else {
			char out[3] = { '%', hex[c >> 4], hex[c & 15] };

			buf_add(b, str_from(out, 3));
		}
	}
}
