/* SPDX-License-Identifier: MIT */
/*
 * JSON over jansson, the only file that knows of it: struct json is never defined, its
 * pointers are json_t pointers under another name. Any thread; a root owns everything
 * below it. Knows nothing of what the documents mean.
 */
#include "base/json.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

/* Macros of jansson that we offer as functions. */
#undef json_is_array
#undef json_is_object
#undef json_is_null

#include "base/utf8.h"

/* A copy of a string in a tree that we build may be repaired up to this size. */
enum { REPAIR_CEILING = 16 << 20 };

static json_t *raw(struct json *node)
{
	return (json_t *)node;
}

/* Jansson's getters want json_t * without const although they change nothing. */
static json_t *look(const struct json *node)
{
	union {
		const struct json *in;
		json_t *out;
	} u = { node };

	return u.out;
}

/* What the node is; -1 for NULL. */
static int type_of(const struct json *node)
{
	return node ? (int)json_typeof(look(node)) : -1;
}

static struct json *wrap(json_t *value)
{
	return (struct json *)value;
}

/* ---- where a parsed document lies ----
 *
 * A page is dozens of small values for each message, which are read once and let go
 * together. So they lie side by side in a few blocks, and are never freed one by one. One
 * such document in each thread; what is parsed beside it is in the heap, as is what we
 * build.
 */

struct block {
	struct block *next;
	size_t size, used; /* of `bytes` */
	alignas(max_align_t) char bytes[];
};

static _Thread_local struct place {
	struct block *blocks;
	json_t *root;
	bool filling; /* json_parse is at it, and whatever is asked for is the document's
		       */
	struct arena *arena; /* json_parse_in is at it: so it is there */
} here;

/* Documents take four to six times their text. */
static void *place_add(size_t n, size_t expected)
{
	size_t size = n + expected;
	struct block *b = size > n ? malloc(sizeof(*b) + size) : NULL;

	if (!b)
		return NULL;
	*b = (struct block){ .next = here.blocks, .size = size, .used = n };
	here.blocks = b;
	return b->bytes;
}

static void *json_alloc(size_t n)
{
	enum { UNIT = alignof(max_align_t), NEXT_BLOCK = 16384 };
	size_t want = (n + UNIT - 1) / UNIT * UNIT;
	struct block *b = here.blocks;

	if (here.arena)
		return arena_room(here.arena, 1, n);
	if (!here.filling)
		return malloc(n);
	if (want < n)
		return NULL;
	if (b->size - b->used < want)
		return place_add(want, NEXT_BLOCK);
	b->used += want;
	return b->bytes + b->used - want;
}

static void json_release(void *p)
{
	if (!here.arena && !here.filling)
		free(p);
}

static void place_empty(void)
{
	while (here.blocks) {
		struct block *b = here.blocks;

		here.blocks = b->next;
		free(b);
	}
	here.root = NULL;
}

static void place_make(void)
{
	json_set_alloc_funcs(json_alloc, json_release);
}

static void places_ready(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, place_make);
}

/* Without memory for it, or while it is in use, the heap does. */
static void place_begin(struct str text)
{
	places_ready();
	here.filling = !here.blocks && text.n <= SIZE_MAX / 16 &&
		       place_add(0, text.n * 6 + 2048) != NULL;
}

static void place_end(json_t *root)
{
	if (!here.filling)
		return;
	here.filling = false;
	here.root = root;
	if (!root)
		place_empty();
}

static json_t *load(struct str text, struct err *err)
{
	/* A NUL in a citizen's text must not cost the page that it came with. */
	const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
	json_error_t e;
	json_t *root = json_loadb(text.p ? text.p : "", text.n, flags, &e);

	if (!root)
		err_set(err, ERR_NEVER, "no valid JSON at line %d, column %d: %s", e.line,
			e.column, e.text);
	return root;
}

struct json *json_parse(struct str text, struct err *err)
{
	json_t *root;

	place_begin(text);
	root = load(text, err);
	place_end(root);
	return wrap(root);
}

const struct json *json_parse_in(struct arena *arena, struct str text, struct err *err)
{
	json_t *root;

	places_ready();
	here.arena = arena;
	root = load(text, err);
	here.arena = NULL;
	return wrap(root);
}

void json_free(struct json *root)
{
	if (root && raw(root) == here.root)
		place_empty();
	else
		json_decref(raw(root));
}

const struct json *json_get(const struct json *node, const char *name)
{
	return wrap(json_object_get(look(node), name));
}

const struct json *json_at(const struct json *node, struct str path)
{
	struct str part;
	int64_t i;

	if (path.n == 0)
		return node;
	while (node && str_split(&path, '.', &part)) {
		if (json_is_object(node))
			node = wrap(json_object_getn(look(node), part.p, part.n));
		else if (json_is_array(node) && str_to_int(part, &i) && i >= 0)
			node = json_item(node, (size_t)i);
		else
			node = NULL;
	}
	return node;
}

bool json_is_array(const struct json *node)
{
	return type_of(node) == JSON_ARRAY;
}

bool json_is_object(const struct json *node)
{
	return type_of(node) == JSON_OBJECT;
}

bool json_is_null(const struct json *node)
{
	return !node || type_of(node) == JSON_NULL;
}

size_t json_count(const struct json *node)
{
	if (json_is_array(node))
		return json_array_size(look(node));
	return json_object_size(look(node));
}

const struct json *json_item(const struct json *node, size_t i)
{
	return wrap(json_array_get(look(node), i));
}

struct str json_str(const struct json *node)
{
	if (type_of(node) != JSON_STRING)
		return str_from(NULL, 0);
	return str_from(json_string_value(look(node)), json_string_length(look(node)));
}

/* The fewest digits that read back as the same number. */
static struct str real_text(double r, struct arena *arena)
{
	char digits[40];

	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, r);
		if (strtod(digits, NULL) == r)
			break;
	}
	return arena_str(arena, str_of(digits));
}

struct str json_text(const struct json *node, struct arena *arena)
{
	switch (type_of(node)) {
	case JSON_STRING:
		return arena_str(arena, json_str(node));
	case JSON_INTEGER:
		return arena_int(arena, STR(""), json_integer_value(look(node)));
	case JSON_REAL:
		return real_text(json_real_value(look(node)), arena);
	case JSON_TRUE:
		return arena_str(arena, STR("true"));
	case JSON_FALSE:
		return arena_str(arena, STR("false"));
	default:
		return str_from(NULL, 0);
	}
}

bool json_number(const struct json *node, double *out)
{
	int type = type_of(node);

	if (type != JSON_INTEGER && type != JSON_REAL)
		return false;
	*out = json_number_value(look(node));
	return true;
}

bool json_int(const struct json *node, int64_t *out)
{
	if (type_of(node) == JSON_INTEGER) {
		*out = json_integer_value(look(node));
		return true;
	}
	return type_of(node) == JSON_STRING && str_to_int(json_str(node), out);
}

bool json_bool(const struct json *node, bool *out)
{
	int type = type_of(node);

	if (type != JSON_TRUE && type != JSON_FALSE)
		return false;
	*out = type == JSON_TRUE;
	return true;
}

struct json *json_new_object(void)
{
	return wrap(json_object());
}

struct json *json_new_array(void)
{
	return wrap(json_array());
}

/* Invalid bytes become U+FFFD one by one. */
static json_t *repaired(struct str s)
{
	struct buf b = BUF_INIT(REPAIR_CEILING);
	json_t *value = NULL;
	size_t at = 0;

	while (at < s.n)
		utf8_add(&b, utf8_next(s, &at));
	if (!b.failed)
		value = json_stringn_nocheck(b.p ? b.p : "", b.n);
	buf_free(&b);
	return value;
}

struct json *json_new_str(struct str s)
{
	json_t *value = json_stringn(s.p ? s.p : "", s.n);

	return wrap(value ? value : repaired(s));
}

struct json *json_new_int(int64_t i)
{
	return wrap(json_integer(i));
}

struct json *json_new_real(double r)
{
	return wrap(json_real(r));
}

struct json *json_new_bool(bool b)
{
	return wrap(json_boolean(b));
}

struct json *json_new_null(void)
{
	return wrap(json_null());
}

struct json *json_clone(const struct json *node)
{
	return wrap(json_deep_copy(look(node)));
}

void json_set(struct json *object, const char *name, struct json *value)
{
	json_object_set_new(raw(object), name, raw(value));
}

void json_add(struct json *array, struct json *value)
{
	json_array_append_new(raw(array), raw(value));
}

static int append(const char *bytes, size_t n, void *arg)
{
	struct buf *out = arg;

	buf_add(out, str_from(bytes, n));
	return out->failed ? -1 : 0;
}

static void dump(const struct json *node, struct buf *out, size_t flags)
{
	if (json_dump_callback(look(node), append, out, flags | JSON_ENCODE_ANY))
		out->failed = true;
}

void json_dump(const struct json *node, struct buf *out)
{
	dump(node, out, JSON_COMPACT | JSON_REAL_PRECISION(12));
}

void json_dump_pretty(const struct json *node, struct buf *out)
{
	dump(node, out, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
}
