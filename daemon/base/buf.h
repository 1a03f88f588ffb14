/* SPDX-License-Identifier: MIT */
/*
 * A byte buffer that grows up to the ceiling given at its birth. A write beyond the
 * ceiling (or without memory) leaves the content as it was and sets `failed`, which stays
 * set, so that a writer may check once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	char *p; /* owned; buf_free */
	size_t n, size, ceiling;
	bool failed;
};

#define BUF_INIT(ceiling_bytes)                    \
	{                                          \
		NULL, 0, 0, (ceiling_bytes), false \
	}

void buf_free(struct buf *buf);
/* Keeps the memory, forgets content and failure. */
void buf_clear(struct buf *buf);
/* n bytes more, for the caller to write at once; NULL: failed. */
char *buf_take(struct buf *buf, size_t n);
void buf_add(struct buf *buf, struct str s);
void buf_add_char(struct buf *buf, char c);
void buf_add_int(struct buf *buf, int64_t n); /* decimal; cheaper than printing */
void buf_printf(struct buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Percent-encodes everything but unreserved characters (RFC 3986 clause 2.3). */
void buf_add_url(struct buf *buf, struct str s);
static inline struct str buf_str(const struct buf *buf)
{
	return str_from(buf->p, buf->n);
}

#endif
