/* SPDX-License-Identifier: MIT */
/* Contract in json_text.h. */
#include "base/json_text.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

/* RFC 8259 clause 7: what must be escaped. */
static bool is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* Any byte of the eight that is below 0x20, above 0x7f, '"' or '\\'. */
static bool is_odd(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t quote = eight ^ (ones * '"'), slash = eight ^ (ones * '\\');

	return (eight | (eight - ones * 0x20) | ((quote - ones) & ~quote) |
		((slash - ones) & ~slash)) &
	       tops;
}

/* Most of what is said: nothing to escape, nothing to look at as UTF-8. */
static bool is_plain_all(struct str s)
{
	uint64_t eight;
	size_t at = 0;

	for (; s.n - at >= sizeof(eight); at += sizeof(eight)) {
		memcpy(&eight, s.p + at, sizeof(eight));
		if (is_odd(eight))
			return false;
	}
	for (; at < s.n; at++)
		if (!is_plain(s.p[at]) || (unsigned char)s.p[at] >= 0x80)
			return false;
	return true;
}

static void add_escaped(struct buf *out, char c)
{
	if (c == '\n')
		buf_add(out, STR("\\n"));
	else if (c == '"' || c == '\\')
		buf_add(out, str_from((char[]){ '\\', c }, 2));
	else
		buf_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
}

static void add_quoted(struct buf *out, struct str s)
{
	size_t from = 0;

	buf_add_char(out, '"');
	for (size_t at = 0; at < s.n; at++) {
		if (is_plain(s.p[at]))
			continue;
		buf_add(out, str_slice(s, from, at));
		add_escaped(out, s.p[at]);
		from = at + 1;
	}
	buf_add(out, str_slice(s, from, s.n));
	buf_add_char(out, '"');
}

static char *put(char *to, struct str s)
{
	memcpy(to, s.p, s.n);
	return to + s.n;
}

/*
 * What stands before a value, and room for the first n bytes of it; NULL: it does not
 * fit. A name is one of ours and plain.
 */
static char *begin(struct json_text *t, const char *name, size_t n)
{
	struct str called = name ? str_of(name) : STR("");
	bool comma = t->more;
	char *p = buf_take(t->out, (comma ? 1 : 0) + (name ? called.n + 3 : 0) + n);

	t->more = true;
	if (!p)
		return NULL;
	if (comma)
		*p++ = ',';
	if (!name)
		return p;
	*p++ = '"';
	p = put(p, called);
	*p++ = '"';
	*p++ = ':';
	return p;
}

/* A value that is written as it is. */
static void add_value(struct json_text *t, const char *name, struct str value)
{
	char *p = begin(t, name, value.n);

	if (p)
		put(p, value);
}

static void add_plain(struct json_text *t, const char *name, struct str value)
{
	char *p = begin(t, name, value.n + 2);

	if (!p)
		return;
	*p++ = '"';
	p = put(p, value);
	*p = '"';
}

void json_text_open(struct json_text *t, const char *name, char bracket)
{
	add_value(t, name, str_from(&bracket, 1));
	t->more = false;
}

void json_text_close(struct json_text *t, char bracket)
{
	buf_add_char(t->out, bracket);
	t->more = true;
}

/* By the library, which repairs it. */
static void add_odd(struct buf *out, struct str s)
{
	struct json *node = json_new_str(s);

	json_dump(node, out);
	json_free(node);
}

/* What is no valid UTF-8 is for the library. */
static void add_rest(struct json_text *t, const char *name, struct str value)
{
	add_value(t, name, STR(""));
	if (utf8_valid(value))
		add_quoted(t->out, value);
	else
		add_odd(t->out, value);
}

void json_text_str(struct json_text *t, const char *name, struct str value)
{
	if (!value.p)
		json_text_null(t, name);
	else if (is_plain_all(value))
		add_plain(t, name, value);
	else
		add_rest(t, name, value);
}

void json_text_z(struct json_text *t, const char *name, const char *value)
{
	json_text_str(t, name, str_of(value));
}

void json_text_int(struct json_text *t, const char *name, int64_t value)
{
	char digits[STR_INT_BYTES];

	add_value(t, name, str_int(value, digits));
}

void json_text_bool(struct json_text *t, const char *name, bool value)
{
	add_value(t, name, value ? STR("true") : STR("false"));
}

void json_text_null(struct json_text *t, const char *name)
{
	add_value(t, name, STR("null"));
}
