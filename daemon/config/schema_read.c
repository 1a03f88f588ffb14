/* SPDX-License-Identifier: MIT */
/*
 * Groups by key tables into plain structs: names that nobody knows, lists, maps, texts,
 * what is missing. Single values are read by schema_values.c. Main's thread.
 */
#include "config/schema_inside.h"

#include "config/defaults.h"
#include "config/near.h"

enum { NEAR_SLIPS = 2 };

const struct key schema_any[] = { { 0 } };

/* ---- names ---- */

static bool is_known(const char *name, const struct key *keys)
{
	for (; keys && keys->name; keys++)
		if (str_eq(str_of(name), str_of(keys->name)))
			return true;
	return false;
}

static void check_names(struct schema *s, const struct node *group, const char *where,
			const struct key *keys, const struct key *more)
{
	for (size_t i = 0; more != schema_any && i < node_count(group); i++) {
		const struct node *member = node_item(group, i);
		const char *name = node_name(member), *near, *near_more;
		size_t best = NEAR_SLIPS + 1;

		if (is_known(name, keys) || is_known(name, more))
			continue;
		near = near_key(name, keys, &best);
		near_more = near_key(name, more, &best);
		near = near_more ? near_more : near;
		if (near)
			schema_say(s, member,
				   "%s: unknown setting '%s'; did you mean '%s'?", where,
				   name, near);
		else
			schema_say(s, member, "%s: unknown setting '%s'", where, name);
	}
}

/* ---- lists and groups ---- */

/* Strings of an array or list; false after a fault. */
static bool take_list(struct reading *r, const struct node *list, struct str_list *out)
{
	size_t n = node_count(list);
	struct str_list l = { .n = n };

	l.items = ARENA_NEW(r->s->arena, struct str, l.n + 1);
	for (size_t i = 0; l.items && i < n; i++) {
		const struct node *item = node_item(list, i);

		if (node_type(item) != NODE_TEXT) {
			schema_say(r->s, item,
				   "%s: strings in quotes are wanted, %s stands there",
				   value_where(r), value_type_word(item));
			return false;
		}
		l.items[i] = arena_str(r->s->arena, str_of(node_text(item)));
	}
	*out = l;
	return l.items != NULL;
}

static void read_str_list(struct reading *r)
{
	enum node_type type = node_type(r->at);
	struct str_list l;

	if (type != NODE_ARRAY && type != NODE_LIST) {
		value_wrong_type(r, "a list [ \"a\", \"b\" ]");
		return;
	}
	if (take_list(r, r->at, &l) && value_in_range(r, (int64_t)l.n, " entries"))
		*(struct str_list *)(void *)r->to = l;
}

static void read_map(struct reading *r)
{
	struct str_pairs map = { .n = 0 };
	size_t n = node_count(r->at);

	if (node_type(r->at) != NODE_GROUP) {
		value_wrong_type(r, "a group { name = \"value\"; }");
		return;
	}
	map.items = ARENA_NEW(r->s->arena, struct str_pair, n + 1);
	for (size_t i = 0; map.items && i < n; i++) {
		const struct node *item = node_item(r->at, i);

		if (node_type(item) != NODE_TEXT) {
			schema_say(r->s, item, "%s.%s: a string in quotes is wanted",
				   value_where(r), node_name(item));
			continue;
		}
		map.items[map.n++] = (struct str_pair){
			arena_str(r->s->arena, str_of(node_name(item))),
			arena_str(r->s->arena, str_of(node_text(item))),
		};
	}
	*(struct str_pairs *)(void *)r->to = map;
}

static void read_texts(struct reading *r)
{
	struct key_texts texts = { .n = 0 };
	size_t n = node_count(r->at);

	if (node_type(r->at) != NODE_GROUP) {
		value_wrong_type(r, "a group { NAME = \"text\"; }");
		return;
	}
	texts.items = ARENA_NEW(r->s->arena, struct key_text, n + 1);
	for (size_t i = 0; texts.items && i < n; i++) {
		const struct node *item = node_item(r->at, i);
		struct key_text *t = &texts.items[texts.n];
		enum node_type type = node_type(item);

		t->name = arena_str(r->s->arena, str_of(node_name(item)));
		t->line = place_of(r->s, item);
		if (type == NODE_TEXT) {
			t->wordings.items = ARENA_NEW(r->s->arena, struct str, 1);
			if (t->wordings.items)
				t->wordings.items[t->wordings.n++] =
					arena_str(r->s->arena, str_of(node_text(item)));
		} else if (type != NODE_ARRAY && type != NODE_LIST) {
			schema_say(r->s, item,
				   "%s.%s: a string or a list of strings is wanted",
				   value_where(r), t->name.p);
			continue;
		} else if (!take_list(r, item, &t->wordings)) {
			continue;
		}
		texts.n++;
	}
	*(struct key_texts *)(void *)r->to = texts;
}

static void read_group(struct reading *r)
{
	if (node_type(r->at) != NODE_GROUP)
		value_wrong_type(r, "a group in { }");
	else
		schema_read(r->s, group_of(r->at), value_where(r), r->key->sub, NULL,
			    r->to);
}

static void read_list(struct reading *r)
{
	struct key_list l = { .n = 0 };
	size_t n = node_count(r->at);

	if (node_type(r->at) != NODE_LIST) {
		value_wrong_type(r, "a list of groups ( { … }, { … } )");
		return;
	}
	l.items = arena_alloc(r->s->arena, n + 1, r->key->size);
	for (size_t i = 0; l.items && i < n; i++) {
		const struct node *item = node_item(r->at, i);

		if (node_type(item) != NODE_GROUP)
			schema_say(r->s, item, "%s: a group in { } is wanted",
				   value_where(r));
		else
			schema_read(r->s, group_of(item), value_where(r), r->key->sub,
				    NULL, (char *)l.items + r->key->size * l.n++);
	}
	*(struct key_list *)(void *)r->to = l;
}

static void (*const readers[])(struct reading *) = {
	[KEY_STR_LIST] = read_str_list, [KEY_MAP] = read_map,
	[KEY_GROUP] = read_group,	[KEY_LIST] = read_list,
	[KEY_TEXTS] = read_texts,
};

static void read_value(struct reading *r)
{
	enum key_type type = r->key->type;

	if (value_readers[type])
		value_readers[type](r);
	else
		readers[type](r);
}

/* A group that must be there: what it lacks is named. */
static void group_missing(struct schema *s, const struct node *at,
			  const struct key *group)
{
	for (const struct key *k = group->sub; k->name; k++)
		if (!k->def)
			schema_say(s, at, "the setting %s.%s is missing: %s", group->name,
				   k->name, k->help);
}

void schema_read(struct schema *s, const struct schema_group *group, const char *where,
		 const struct key *keys, const struct key *more, void *out)
{
	const struct node *at = node_of(group);

	check_names(s, at, where[0] ? where : "configuration", keys, more);
	for (const struct key *k = keys; k->name; k++) {
		struct reading r = { s, node_member(at, k->name), where, k,
				     (char *)out + k->offset };

		if (k->def || k->type == KEY_GROUP)
			defaults_take(k, r.to);
		if (r.at)
			read_value(&r);
		else if (!k->def && k->type == KEY_GROUP)
			group_missing(s, at, k);
		else if (!k->def)
			schema_say(s, at, "%s: the setting '%s' is missing: %s",
				   where[0] ? where : "configuration", k->name, k->help);
	}
}

void schema_texts(struct schema *s, const struct schema_group *group, const char *name,
		  struct key_texts *out)
{
	const struct key key = { .name = name, .type = KEY_TEXTS };
	struct reading r = { s, node_member(node_of(group), name), "texts", &key,
			     (char *)out };

	if (r.at)
		read_texts(&r);
}
