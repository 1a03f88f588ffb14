/* SPDX-License-Identifier: MIT */
/*
 * JSON (RFC 8259) read and built, over jansson. Reading is strict: UTF-8, duplicate names
 * refused, depth and size limited by the library and the caller. Nodes returned by
 * look-ups are borrowed from their root. Look-ups accept NULL and answer "not there", so
 * that paths may be walked without checks.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct json; /* in truth a json_t of jansson */

/* The root, to be released with json_free by the same thread; NULL and *err (ERR_NEVER)
 * otherwise. */
struct json *json_parse(struct str text, struct err *err);
void json_free(struct json *root); /* NULL is accepted */
/* The same, in the arena and with it: never released, and any thread that has the arena
 * may read it. NULL also when there is no room. */
const struct json *json_parse_in(struct arena *arena, struct str text, struct err *err);

/* Child by name; by path "a.b.0.c" (numbers index arrays; "" is the node itself). */
const struct json *json_get(const struct json *node, const char *name);
const struct json *json_at(const struct json *node, struct str path);
bool json_is_array(const struct json *node);
bool json_is_object(const struct json *node);
bool json_is_null(const struct json *node); /* also when NULL */
size_t json_count(const struct json *node); /* elements of an array or object, else 0 */
const struct json *json_item(const struct json *node, size_t i);
/* The string itself, without copying: lives as long as the root. p NULL: no string. */
struct str json_str(const struct json *node);
/* A string, number or boolean as text; numbers as written in shortest form. p NULL:
 * neither. */
struct str json_text(const struct json *node, struct arena *arena);
/* Integer, or a string that is wholly one. */
bool json_int(const struct json *node, int64_t *out);
/* Whole numbers too. */
bool json_number(const struct json *node, double *out);
bool json_bool(const struct json *node, bool *out);

/* Building. Setters take over `value` (also on failure); a NULL value or failure is
 * ignored and shows in json_dump. Strings that are no valid UTF-8 are stored with U+FFFD.
 */
struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_str(struct str s);
struct json *json_new_int(int64_t i);
struct json *json_new_real(double r);
struct json *json_new_bool(bool b);
struct json *json_new_null(void);
/* A deep copy. (json_copy is a name of jansson's own.) */
struct json *json_clone(const struct json *node);
void json_set(struct json *object, const char *name, struct json *value);
void json_add(struct json *array, struct json *value);
/* Compact, names in insertion order. Appends to out. */
void json_dump(const struct json *node, struct buf *out);
void json_dump_pretty(const struct json *node, struct buf *out);

#endif
