/* SPDX-License-Identifier: MIT */
/*
 * What can fail returns 0 or -1 and fills a struct err: a kind that the caller can act on
 * and one sentence for people. Context is put in front on the way up. Outputs are not
 * touched on failure.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_kind {
	ERR_NONE,
	ERR_LATER,  /* the same call may succeed later: network, busy store, full disk */
	ERR_NEVER,  /* it will not: refused, malformed, not found */
	ERR_CONFIG, /* the operator must change something */
	ERR_LIMIT,  /* a ceiling was reached: size, memory, count */
	ERR_BUG,    /* our own mistake */
};

struct err {
	enum err_kind kind;
	char text[400]; /* always NUL-terminated; longer sentences are cut */
};

#define MUST_CHECK __attribute__((warn_unused_result))

const char *err_kind_name(enum err_kind kind);
/* Fills *err (which may be NULL) and returns -1, so that callers write return err_set(…).
 */
int err_set(struct err *err, enum err_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts "context: " in front of the sentence; returns -1. */
int err_add(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
