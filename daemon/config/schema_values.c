/* SPDX-License-Identifier: MIT */
/*
 * Single values: the exact type is demanded, the range checked, and what is wrong said at
 * its own line. Main's thread.
 */
#include "config/schema_inside.h"

#include <stdio.h>

#include "config/faults.h"
#include "config/numbers.h"
#include "config/paths.h"
#include "config/secret.h"

const char *value_where(struct reading *r)
{
	struct str w =
		r->where[0] ? arena_printf(r->s->arena, "%s.%s", r->where, r->key->name)
			    : arena_str(r->s->arena, str_of(r->key->name));

	return w.p ? w.p : r->key->name;
}

const char *value_type_word(const struct node *at)
{
	switch (node_type(at)) {
	case NODE_INT:
	case NODE_INT64:
		return "a number";
	case NODE_REAL:
		return "a number with a fraction";
	case NODE_TEXT:
		return "a string in quotes";
	case NODE_BOOL:
		return "true or false";
	case NODE_ARRAY:
	case NODE_LIST:
		return "a list";
	case NODE_GROUP:
		return "a group in { }";
	case NODE_NONE:
		break;
	}
	return "nothing";
}

void value_wrong_type(struct reading *r, const char *wanted)
{
	BAD(r, "%s is wanted, %s stands there", value_where(r), wanted,
	    value_type_word(r->at));
}

bool value_in_range(struct reading *r, int64_t n, const char *unit)
{
	if (r->key->min == 0 && r->key->max == 0)
		return true;
	if (n >= r->key->min && n <= r->key->max)
		return true;
	BAD(r, "%lld%s is out of range, %lld to %lld", value_where(r), (long long)n, unit,
	    (long long)r->key->min, (long long)r->key->max);
	return false;
}

/* A string, kept in the arena; p NULL after a fault. */
static struct str take_string(struct reading *r)
{
	const char *z = node_text(r->at);
	struct str s = { NULL, 0 };

	if (node_type(r->at) != NODE_TEXT)
		value_wrong_type(r, "a string in quotes");
	else
		s = arena_str(r->s->arena, str_of(z));
	return s;
}

static void read_str(struct reading *r)
{
	struct str s = take_string(r);

	if (s.p && value_in_range(r, (int64_t)s.n, " bytes"))
		*(struct str *)(void *)r->to = s;
}

/* http:// or https://, then a host, and nothing that ends a URL. */
static bool is_url(struct str s)
{
	struct str rest = str_slice(s, str_find(s, STR("://")) + 3, s.n);

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ')
			return false;
	return (str_starts(s, STR("https://")) || str_starts(s, STR("http://"))) &&
	       rest.n && rest.p[0] != '/' && rest.p[0] != ':';
}

static void read_url(struct reading *r)
{
	struct str s = take_string(r);

	if (!s.p)
		return;
	if (s.n && !is_url(s)) {
		BAD(r, "'%s' is no http:// or https:// address", value_where(r), s.p);
		return;
	}
	while (s.n && s.p[s.n - 1] == '/')
		s.n--;
	*(struct str *)(void *)r->to = arena_str(r->s->arena, s);
}

/* Relative names start at the folder of the file that says them. */
static struct str resolve(struct reading *r, struct str name)
{
	const char *file = place_included(r->s, r->at);
	struct str inner = file ? place_folder_in(file) : str_from(NULL, 0);

	if (name.n && name.p[0] == '/')
		return name;
	if (inner.n && inner.p[0] == '/')
		return arena_printf(r->s->arena, "%.*s%.*s", STR_ARG(inner),
				    STR_ARG(name));
	return arena_printf(r->s->arena, "%s/%.*s%.*s", r->s->folder, STR_ARG(inner),
			    STR_ARG(name));
}

static void read_path(struct reading *r)
{
	struct str s = take_string(r);

	if (s.n)
		s = path_tidy(resolve(r, s), r->s->arena);
	if (s.p)
		*(struct str *)(void *)r->to = s;
}

struct str schema_path(struct schema *s, const struct schema_group *group,
		       const char *name)
{
	struct reading r = { .s = s, .at = node_member(node_of(group), name) };
	struct str written = schema_string(group, name);

	return written.n ? path_tidy(resolve(&r, written), s->arena) : STR("");
}

static void secret_missing(struct reading *r, const struct err *err)
{
	char sentence[600];

	/* Nothing is said of what it holds. */
	*(struct str *)(void *)r->to = secret_unseen;
	if (err->kind != ERR_LATER || !r->s->notes) {
		BAD(r, "%s", value_where(r), err->text);
		return;
	}
	snprintf(sentence, sizeof(sentence), "note: %s: %s; not checked", value_where(r),
		 err->text);
	faults_add(r->s->notes, place_file(r->s, r->at), place_line(r->at), sentence);
}

static void read_secret(struct reading *r)
{
	struct str s = take_string(r),
		   rest = str_slice(s, str_find_char(s, ':') + 1, s.n);
	const char *path = str_starts(s, STR("file:")) ? resolve(r, rest).p : NULL;
	struct err err;

	if (!s.p)
		return;
	if (r->s->without_secrets && secret_is_reference(s))
		*(struct str *)(void *)r->to = secret_unseen;
	else if (secret_read(s, path ? path : "", r->s->arena, &r->s->secrets,
			     (struct str *)(void *)r->to, &err))
		secret_missing(r, &err);
}

static void read_int(struct reading *r)
{
	enum node_type type = node_type(r->at);
	int64_t n;

	if (type != NODE_INT && type != NODE_INT64) {
		value_wrong_type(r, "a number");
		return;
	}
	if (type == NODE_INT &&
	    number_too_large(place_file(r->s, r->at), place_line(r->at))) {
		BAD(r, "the number is too large", value_where(r));
		return;
	}
	n = type == NODE_INT ? node_int(r->at) : node_int64(r->at);
	if (value_in_range(r, n, ""))
		*(int64_t *)(void *)r->to = n;
}

static void read_real(struct reading *r)
{
	enum node_type type = node_type(r->at);
	double d;

	if (type == NODE_INT)
		d = node_int(r->at);
	else if (type == NODE_INT64)
		d = (double)node_int64(r->at);
	else if (type == NODE_REAL)
		d = node_real(r->at);
	else {
		value_wrong_type(r, "a number");
		return;
	}
	if ((r->key->min || r->key->max) &&
	    !(d >= (double)r->key->min && d <= (double)r->key->max))
		BAD(r, "%g is out of range, %lld to %lld", value_where(r), d,
		    (long long)r->key->min, (long long)r->key->max);
	else
		*(double *)(void *)r->to = d;
}

static void read_bool(struct reading *r)
{
	if (node_type(r->at) != NODE_BOOL)
		value_wrong_type(r, "true or false");
	else
		*(bool *)(void *)r->to = node_bool(r->at);
}

static void read_ms(struct reading *r)
{
	struct str s;
	int64_t ms;

	if (node_type(r->at) != NODE_TEXT) {
		value_wrong_type(r,
				 "a time like \"250ms\", \"2s\", \"5m\", \"3h\", \"2d\"");
		return;
	}
	s = take_string(r);
	if (!s.p || !str_to_ms(s, &ms))
		BAD(r,
		    "'%s' is no time; write \"250ms\", \"2s\", \"5m\", \"3h\" or \"2d\"",
		    value_where(r), s.p ? s.p : "");
	else if (value_in_range(r, ms, " ms"))
		*(int64_t *)(void *)r->to = ms;
}

static void read_enum(struct reading *r)
{
	struct str s = take_string(r);
	struct buf all = BUF_INIT(1000);

	if (!s.p)
		return;
	for (int i = 0; r->key->names[i]; i++) {
		if (str_eq(s, str_of(r->key->names[i]))) {
			*(int *)(void *)r->to = i;
			buf_free(&all);
			return;
		}
		buf_printf(&all, "%s\"%s\"", i ? ", " : "", r->key->names[i]);
	}
	BAD(r, "\"%s\" is none of %s", value_where(r), s.p, all.p);
	buf_free(&all);
}

static void read_address(struct reading *r)
{
	struct str s = take_string(r);
	size_t colon = s.n;
	int64_t port;

	if (!s.p)
		return;
	while (colon && s.p[colon - 1] != ':')
		colon--;
	if (s.n && (colon < 2 || !str_to_int(str_slice(s, colon, s.n), &port) ||
		    port < 0 || port > 65535)) {
		BAD(r, "'%s' is no address; write \"127.0.0.1:8080\" or \"[::1]:8080\"",
		    value_where(r), s.p);
		return;
	}
	*(struct str *)(void *)r->to = s;
}

void (*const value_readers[])(struct reading *) = {
	[KEY_STR] = read_str,	      [KEY_URL] = read_url,  [KEY_PATH] = read_path,
	[KEY_SECRET] = read_secret,   [KEY_INT] = read_int,  [KEY_REAL] = read_real,
	[KEY_BOOL] = read_bool,	      [KEY_MS] = read_ms,    [KEY_ENUM] = read_enum,
	[KEY_ADDRESS] = read_address, [KEY_STR_LIST] = NULL, [KEY_MAP] = NULL,
	[KEY_GROUP] = NULL,	      [KEY_LIST] = NULL,     [KEY_TEXTS] = NULL,
};
