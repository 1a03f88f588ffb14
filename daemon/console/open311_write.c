/* SPDX-License-Identifier: MIT */
/* Answers of the Open311 server, the same calls for XML and JSON: neither is ever pasted
 * together from strings. */
#include "console/open311.h"

#include "base/xml.h"

#include <stdlib.h>

enum { BODY_CEILING = 6 << 20, DEEP = 6 };

struct geo_writer {
	struct xml_writer *xml;
	struct json *at[DEEP]; /* the first is the root; NULL for XML */
	bool list[DEEP];
	int deep;
};

struct geo_writer *geo_begin(struct geo *geo, const char *root, bool one)
{
	struct geo_writer *w = ARENA_NEW(geo->arena, struct geo_writer, 1);

	if (!w)
		return NULL;
	w->list[0] = !one;
	if (geo->format == GEO_XML) {
		w->xml = xml_begin(BODY_CEILING);
		xml_open(w->xml, root);
	} else {
		w->at[0] = one ? json_new_object() : json_new_array();
	}
	return w;
}

static void attach(struct geo_writer *w, const char *name, struct json *value)
{
	if (w->list[w->deep])
		json_add(w->at[w->deep], value);
	else
		json_set(w->at[w->deep], name, value);
}

static void open_one(struct geo_writer *w, const char *name, bool list)
{
	if (!w || w->deep + 1 >= DEEP)
		return;
	if (w->xml) {
		xml_open(w->xml, name);
	} else {
		struct json *value = list ? json_new_array() : json_new_object();

		attach(w, name, value);
		w->at[w->deep + 1] = value;
	}
	w->list[++w->deep] = list;
}

void geo_item(struct geo_writer *w, const char *name)
{
	open_one(w, name, false);
}

void geo_list(struct geo_writer *w, const char *name)
{
	open_one(w, name, true);
}

void geo_close(struct geo_writer *w)
{
	if (!w || w->deep == 0)
		return;
	if (w->xml)
		xml_close(w->xml);
	w->deep--;
}

void geo_put(struct geo_writer *w, const char *name, struct str value)
{
	if (!w)
		return;
	if (w->xml)
		xml_put(w->xml, name, value);
	else
		attach(w, name, value.n ? json_new_str(value) : json_new_null());
}

void geo_add(struct geo_writer *w, const char *name, struct str value)
{
	geo_put(w, name, value);
}

void geo_put_bool(struct geo_writer *w, const char *name, bool value)
{
	if (!w)
		return;
	if (w->xml)
		xml_put(w->xml, name, value ? STR("true") : STR("false"));
	else
		attach(w, name, json_new_bool(value));
}

static struct str json_body(struct json *root, struct arena *arena)
{
	struct buf buf = BUF_INIT(BODY_CEILING);
	struct str body = { NULL, 0 };

	json_dump(root, &buf);
	json_free(root);
	buf_add_char(&buf, '\n');
	if (!buf.failed)
		body = arena_str(arena, buf_str(&buf));
	buf_free(&buf);
	return body;
}

static struct str_pairs headers_of(struct geo *geo)
{
	static const struct str_pair always[] = {
		{ STR_INIT("Access-Control-Allow-Origin"), STR_INIT("*") },
		{ STR_INIT("Cache-Control"), STR_INIT("no-store") },
		{ STR_INIT("X-Content-Type-Options"), STR_INIT("nosniff") },
	};
	enum { ALWAYS = sizeof(always) / sizeof(*always) };
	struct str_pairs all = { ARENA_NEW(geo->in->arena, struct str_pair, ALWAYS + 2),
				 ALWAYS };

	if (!all.items)
		return (struct str_pairs){ NULL, 0 };
	memcpy(all.items, always, sizeof(always));
	if (geo->later_s)
		all.items[all.n++] = (struct str_pair){
			STR("Retry-After"),
			arena_printf(geo->in->arena, "%lld", (long long)geo->later_s),
		};
	if (geo->allow.n)
		all.items[all.n++] = (struct str_pair){ STR("Allow"), geo->allow };
	return all;
}

bool geo_end(struct geo_writer *w, struct geo *geo, int status)
{
	bool xml = geo->format == GEO_XML;
	struct str body = { NULL, 0 };

	if (w)
		body = xml ? xml_end(w->xml, geo->in->arena)
			   : json_body(w->at[0], geo->in->arena);
	*geo->answer = (struct answer){
		.status = body.p ? status : 507,
		.content_type = !body.p ? STR("text/plain; charset=utf-8")
				: xml	? STR("text/xml; charset=utf-8")
					: STR("application/json; charset=utf-8"),
		.body = body.p ? body : STR("the answer is too large\n"),
		.headers = headers_of(geo),
	};
	return true;
}
