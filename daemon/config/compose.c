/* SPDX-License-Identifier: MIT */
/*
 * The generator behind `kentongan init`. A value of the wrong type is written in quotes,
 * so that the check that follows names the setting instead of a broken line. Knows
 * nothing of files; secrets are put aside for the caller to write.
 */
#include "config/compose.h"

#include "config/secret.h"

static void indent(struct compose *c, unsigned depth)
{
	while (depth--)
		buf_add_char(c->out, '\t');
}

void compose_quoted(struct buf *out, struct str value)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < value.n; i++) {
		char ch = value.p[i];

		if ((unsigned char)ch < ' ') {
			buf_printf(out, "\\x%02x", (unsigned)ch);
			continue;
		}
		if (ch == '"' || ch == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, ch);
	}
	buf_add_char(out, '"');
}

/* ---- what was given ---- */

static bool named(struct str given, const char *prefix, const char *name)
{
	struct str p = str_of(prefix);

	return str_starts(given, p) &&
	       str_eq(str_slice(given, p.n, given.n), str_of(name));
}

struct compose_value *compose_given(struct compose *c, const char *prefix,
				    const char *name)
{
	for (size_t i = 0; i < c->n_given; i++)
		if (named(c->given[i].name, prefix, name)) {
			c->given[i].used = true;
			return &c->given[i];
		}
	return NULL;
}

static bool any_inside(const struct compose *c, const char *prefix)
{
	for (size_t i = 0; i < c->n_given; i++)
		if (str_starts(c->given[i].name, str_of(prefix)))
			return true;
	return false;
}

/* ---- values ---- */

static bool is_number(struct str s, bool fraction)
{
	size_t digits = 0, points = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.')
			points++;
		else if (s.p[i] >= '0' && s.p[i] <= '9')
			digits++;
		else if (i || s.p[i] != '-')
			return false;
	}
	return digits && digits <= 18 && points <= (fraction ? 1U : 0U);
}

static bool is_bool(struct str s)
{
	return str_eq(s, STR("true")) || str_eq(s, STR("false"));
}

static void raw(struct compose *c, struct str value)
{
	buf_add(c->out, value);
}

static void raw_if(struct compose *c, bool good, struct str value)
{
	if (good)
		raw(c, value);
	else
		compose_quoted(c->out, value);
}

static void put_list(struct compose *c, struct str value)
{
	struct str part;
	bool first = true;

	if (value.n && (value.p[0] == '[' || value.p[0] == '(')) {
		raw(c, value);
		return;
	}
	raw(c, STR("["));
	while (value.n && str_split(&value, ',', &part)) {
		raw(c, first ? STR(" ") : STR(", "));
		first = false;
		compose_quoted(c->out, str_trim(part));
	}
	raw(c, STR(" ]"));
}

/* Puts the secret aside for a file of its own and names that. */
static void put_secret(struct compose *c, const char *name, struct str value)
{
	struct compose_secret *s = &c->secrets[c->n_secrets];

	if (value.n == 0 || secret_is_reference(value)) {
		compose_quoted(c->out, value);
		return;
	}
	if (c->n_secrets == COMPOSE_SECRETS_MOST) {
		c->failed = true;
		return;
	}
	s->file = arena_printf(c->arena, "%.*s%s%s", STR_ARG(c->secret_prefix),
			       c->secret_prefix.n ? "." : "", name);
	s->content = value;
	c->n_secrets++;
	raw(c, STR("\"file:"));
	raw(c, s->file);
	raw(c, STR("\""));
}

void compose_value_put(struct compose *c, const struct key *key, const char *name,
		       struct str value)
{
	switch (key->type) {
	case KEY_INT:
		raw_if(c, is_number(value, false), value);
		break;
	case KEY_REAL:
		raw_if(c, is_number(value, true), value);
		break;
	case KEY_BOOL:
		raw_if(c, is_bool(value), value);
		break;
	case KEY_GROUP:
	case KEY_LIST:
	case KEY_MAP:
	case KEY_TEXTS:
		raw_if(c, value.n && (value.p[0] == '{' || value.p[0] == '('), value);
		break;
	case KEY_STR_LIST:
		put_list(c, value);
		break;
	case KEY_SECRET:
		put_secret(c, name, value);
		break;
	case KEY_STR:
	case KEY_URL:
	case KEY_PATH:
	case KEY_MS:
	case KEY_ENUM:
	case KEY_ADDRESS:
		compose_quoted(c->out, value);
		break;
	}
}

/* ---- keys ---- */

/* libconfig's own rule for names. */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		bool letter =
			(ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '*';
		bool later = (ch >= '0' && ch <= '9') || ch == '_' || ch == '-';

		if (!letter && !(i && later))
			return false;
	}
	return s.n > 0;
}

static void put_map(struct compose *c, const char *inside, unsigned depth)
{
	struct str prefix = str_of(inside);

	for (size_t i = 0; i < c->n_given; i++) {
		struct compose_value *v = &c->given[i];
		struct str name = str_slice(v->name, prefix.n, v->name.n);

		if (!str_starts(v->name, prefix) || !is_name(name))
			continue;
		v->used = true;
		indent(c, depth);
		raw(c, name);
		raw(c, STR(" = "));
		compose_quoted(c->out, v->value);
		raw(c, STR(";\n"));
	}
}

/* The default as it would stand there, an open group as { … }. */
static void put_default(struct compose *c, const struct key *key)
{
	switch (key->type) {
	case KEY_GROUP:
	case KEY_MAP:
	case KEY_TEXTS:
		raw(c, STR("{ … }"));
		break;
	case KEY_LIST:
		raw(c, STR("( … )"));
		break;
	case KEY_STR_LIST:
		raw(c, STR("[ ]"));
		break;
	case KEY_INT:
	case KEY_REAL:
	case KEY_BOOL:
		raw(c, str_of(key->def));
		break;
	case KEY_STR:
	case KEY_URL:
	case KEY_PATH:
	case KEY_SECRET:
	case KEY_MS:
	case KEY_ENUM:
	case KEY_ADDRESS:
		compose_quoted(c->out, str_of(key->def));
		break;
	}
}

static void put_inner(struct compose *c, const struct key *key, const char *inside,
		      unsigned depth)
{
	buf_printf(c->out, "%s = {\n", key->name);
	if (key->type == KEY_MAP)
		put_map(c, inside, depth + 1);
	else
		compose_keys(c, key->sub, inside, depth + 1, NULL);
	indent(c, depth);
	raw(c, STR("};\n"));
}

static bool can_open(const struct key *key)
{
	return key->type == KEY_GROUP || key->type == KEY_MAP;
}

static void put_key(struct compose *c, const struct key *key, const char *prefix,
		    unsigned depth)
{
	struct compose_value *given = compose_given(c, prefix, key->name);
	struct str value = given ? given->value : str_from(NULL, 0);
	struct str name = arena_printf(c->arena, "%s%s", prefix, key->name);
	struct str inside = arena_printf(c->arena, "%s%s.", prefix, key->name);

	if (!name.p || !inside.p) {
		c->failed = true;
		return;
	}
	if (!value.p && !key->def) {
		value = c->ask(c->arg, key, name.p);
		if (value.n == 0) {
			c->failed = true;
			return;
		}
	}
	indent(c, depth);
	buf_printf(c->out, "# %s\n", key->help);
	indent(c, depth);
	if (!value.p && can_open(key) && any_inside(c, inside.p)) {
		put_inner(c, key, inside.p, depth);
		return;
	}
	buf_printf(c->out, "%s%s = ", value.p || c->all ? "" : "# ", key->name);
	if (value.p)
		compose_value_put(c, key, name.p, value);
	else
		put_default(c, key);
	raw(c, STR(";\n"));
}

static bool is_in(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (str_eq(str_of(*names), str_of(name)))
			return true;
	return false;
}

void compose_keys(struct compose *c, const struct key *keys, const char *prefix,
		  unsigned depth, const char *const *skip)
{
	for (; keys->name; keys++)
		if (!is_in(skip, keys->name))
			put_key(c, keys, prefix, depth);
	c->failed |= c->out->failed;
}

void compose_group(struct compose *c, const char *name, const struct key *keys,
		   const char *about)
{
	struct str prefix = arena_printf(c->arena, "%s.", name);

	if (!prefix.p) {
		c->failed = true;
		return;
	}
	buf_printf(c->out, "# %s\n%s = {\n", about, name);
	compose_keys(c, keys, prefix.p, 1, NULL);
	raw(c, STR("};\n\n"));
}
