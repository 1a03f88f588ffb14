/* SPDX-License-Identifier: MIT */
/*
 * JSON written straight into a buffer, in the order in which it is said, for answers that
 * are made thousands of times a second; everything else builds a tree (base/json.h).
 * Commas, quotes and escapes are put here and nowhere else. What does not fit shows in
 * the buffer's `failed`.
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include "base/buf.h"

struct json_text {
	struct buf *out;
	bool more; /* something stands before, in the same object or array */
};

/* name NULL: in an array, or the root. bracket: '{' or '['. */
void json_text_open(struct json_text *text, const char *name, char bracket);
void json_text_close(struct json_text *text, char bracket); /* '}' or ']' */
/* p NULL: null. What is no valid UTF-8 is written with U+FFFD. */
void json_text_str(struct json_text *text, const char *name, struct str value);
void json_text_z(struct json_text *text, const char *name, const char *value);
void json_text_int(struct json_text *text, const char *name, int64_t value);
void json_text_bool(struct json_text *text, const char *name, bool value);
void json_text_null(struct json_text *text, const char *name);

#endif
