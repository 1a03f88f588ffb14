/* SPDX-License-Identifier: MIT */
/* Reads answers by a table of fields; which of both forms it is, the first sign tells,
 * for servers do not always give what was asked for. */
#include "forward/open311_read.h"

#include <stddef.h>

#include "forward/common.h"

#include "base/utf8.h"
#include "base/xml.h"

enum { PLAIN_MOST = 120 };

static const struct field {
	const char *name;
	size_t offset;
	bool id;
} fields[] = {
	{ "service_request_id", offsetof(struct open311_row, service_request_id), true },
	{ "token", offsetof(struct open311_row, token), true },
	{ "status", offsetof(struct open311_row, status), true },
	{ "status_notes", offsetof(struct open311_row, status_notes), false },
	{ "code", offsetof(struct open311_row, code), true },
	{ "description", offsetof(struct open311_row, description), false },
};

enum { FIELDS = sizeof(fields) / sizeof(*fields) };

/* Visible ASCII, as it can stand in an address once encoded. */
static bool is_id(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n <= OPEN311_ID_MOST;
}

static void fill(struct open311_row *row, const struct field *f, struct str value,
		 struct arena *arena)
{
	struct str *to = (struct str *)(void *)((char *)row + f->offset);

	value = str_trim(value);
	if (f->id)
		*to = is_id(value) ? value : STR("");
	else
		*to = str_trim(utf8_clean(forward_cut(value, OPEN311_WORDS_MOST), arena));
	if (!to->p)
		*to = STR("");
}

static int room(struct arena *arena, size_t most, struct open311_row **rows,
		struct err *err)
{
	*rows = ARENA_NEW(arena, struct open311_row, most + 1);
	return *rows ? 0 : err_set(err, ERR_LIMIT, "an answer with too many rows");
}

/* ---- XML ---- */

static size_t children(const struct xml_element *root)
{
	size_t n = 0;

	for (const struct xml_element *x = xml_child(root, NULL);
	     x && n < OPEN311_ROWS_MOST; x = xml_next(x, NULL))
		n++;
	return n;
}

static int xml_rows(struct str body, struct arena *arena, struct open311_row **out,
		    size_t *n, struct err *err)
{
	struct xml *xml = xml_parse(body, err);
	const struct xml_element *x = xml_child(xml_root(xml), NULL);
	size_t most = children(xml_root(xml)), k = 0;
	struct open311_row *rows;

	if (!xml || room(arena, most, &rows, err)) {
		xml_free(xml);
		return -1;
	}
	for (; x && k < most; x = xml_next(x, NULL), k++)
		for (int i = 0; i < FIELDS; i++)
			fill(&rows[k], &fields[i],
			     xml_text(xml_child(x, fields[i].name), arena), arena);
	xml_free(xml);
	*out = rows;
	*n = k;
	return 0;
}

/* ---- JSON ---- */

/* A list; or one that a server has wrapped in an object, as some do. */
static const struct json *list_of(const struct json *root)
{
	static const char *const wraps[] = { "service_requests", "requests", "errors" };

	for (size_t i = 0; i < sizeof(wraps) / sizeof(*wraps); i++)
		if (json_is_array(json_get(root, wraps[i])))
			return json_get(root, wraps[i]);
	return root;
}

static void json_row(const struct json *one, struct arena *arena, struct open311_row *row)
{
	for (int i = 0; i < FIELDS; i++) {
		struct str text = json_text(json_get(one, fields[i].name), arena);

		text = text.p ? arena_str(arena, text) : STR("");
		fill(row, &fields[i], text.p ? text : STR(""), arena);
	}
}

static int json_rows(struct str body, struct arena *arena, struct open311_row **out,
		     size_t *n, struct err *err)
{
	struct json *root = json_parse(body, err);
	const struct json *list = list_of(root);
	size_t most = json_is_array(list) ? json_count(list) : 1;
	struct open311_row *rows;

	most = most < OPEN311_ROWS_MOST ? most : OPEN311_ROWS_MOST;
	if (!root || room(arena, most, &rows, err)) {
		json_free(root);
		return -1;
	}
	for (size_t i = 0; i < most; i++)
		json_row(json_is_array(list) ? json_item(list, i) : list, arena,
			 &rows[i]);
	json_free(root);
	*out = rows;
	*n = most;
	return 0;
}

/* ---- either ---- */

int open311_rows(struct str body, struct arena *arena, struct open311_row **out,
		 size_t *n, struct err *err)
{
	struct str text = str_trim(body);

	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_trim(str_slice(text, 3, text.n));
	if (text.n && text.p[0] == '<')
		return xml_rows(text, arena, out, n, err);
	if (text.n && (text.p[0] == '[' || text.p[0] == '{'))
		return json_rows(text, arena, out, n, err);
	return err_set(err, ERR_NEVER, "an answer that is neither XML nor JSON");
}

struct str open311_words(struct str body, struct arena *arena)
{
	struct open311_row *rows = NULL;
	struct str plain = str_trim(forward_cut(body, PLAIN_MOST));
	struct err err;
	size_t n = 0;

	if (open311_rows(body, arena, &rows, &n, &err) == 0)
		for (size_t i = 0; i < n; i++)
			if (rows[i].description.n)
				return rows[i].description;
	if (plain.n == 0 || strchr("<[{", plain.p[0]))
		return STR("");
	plain = utf8_clean(plain, arena);
	return plain.p ? plain : STR("");
}
