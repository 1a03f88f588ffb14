/* SPDX-License-Identifier: MIT */
/* Contract in example.h. The text is edited, not made anew: its comments are half of it.
 */
#include "config/example.h"

#include "base/crypto.h"
#include "base/embedded.h"
#include "config/config.h"
#include "config/config_keys.h"
#include "config/lexer.h"
#include "config/secret.h"

enum { TOKEN_BYTES = 16, FILES_MOST = 16, VALUE_CEILING = 65536 };

static const struct str folder = STR_INIT("conf/examples/"), suffix = STR_INIT(".conf");

/* ---- which there are ---- */

static struct str name_of(const struct embedded_file *f)
{
	struct str path = str_of(f->path);

	if (!str_starts(path, folder) || !str_ends(path, suffix))
		return STR("");
	return str_slice(path, folder.n, path.n - suffix.n);
}

struct str example_find(const char *name)
{
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (name[0] && str_eq(name_of(f), str_of(name)))
			return str_from(f->begin, (size_t)(f->end - f->begin));
	return STR("");
}

void example_names(struct buf *out)
{
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (name_of(f).n)
			buf_printf(out, "%s%.*s", out->n ? ", " : "",
				   STR_ARG(name_of(f)));
}

/* ---- where something stands ---- */

enum found { FOUND_NOT, FOUND_GROUP, FOUND };

struct spot {
	size_t from, to; /* of the value; alike where one can be added */
	unsigned depth;	 /* groups around */
};

static bool is_mark(const struct token *t, const char *marks)
{
	return t->kind == TOKEN_MARK && t->text.p[0] && strchr(marks, t->text.p[0]);
}

/* From the value's first token behind its last one and the ; */
static size_t value_end(struct lexer *l, struct token t)
{
	unsigned depth = is_mark(&t, "([{");
	struct lexer after;

	while (depth) {
		t = lexer_next(l);
		if (t.kind == TOKEN_END)
			return t.to;
		depth += is_mark(&t, "([{");
		depth -= is_mark(&t, ")]}");
	}
	after = *l;
	for (struct token n = lexer_next(&after); n.kind == TOKEN_STRING;
	     n = lexer_next(&after)) {
		*l = after; /* strings that belong together */
		t = n;
	}
	after = *l;
	for (struct token n = lexer_next(&after); is_mark(&n, ";,");
	     n = lexer_next(&after))
		*l = after;
	return t.to;
}

/* Members of the group that was just opened. */
static enum found find_in(struct lexer *l, struct str path, struct spot *spot)
{
	size_t dot = str_find_char(path, '.');
	struct str head = str_slice(path, 0, dot);

	for (;;) {
		struct token name = lexer_next(l), value;

		if (name.kind == TOKEN_END)
			return FOUND_NOT;
		if (is_mark(&name, "}")) {
			spot->from = spot->to = name.from;
			return dot == path.n ? FOUND_GROUP : FOUND_NOT;
		}
		lexer_next(l); /* = or : */
		value = lexer_next(l);
		if (dot < path.n && str_eq(name.text, head) && is_mark(&value, "{")) {
			spot->depth++;
			return find_in(l, str_slice(path, dot + 1, path.n), spot);
		}
		spot->from = value.from;
		spot->to = value_end(l, value);
		if (str_eq(name.text, path))
			return FOUND;
	}
}

/* In the first group of providers. */
static enum found find(struct str text, struct str path, struct spot *spot)
{
	struct lexer l = { .text = text };
	struct token t;

	*spot = (struct spot){ .depth = 1 };
	do
		t = lexer_next(&l);
	while (t.kind != TOKEN_END && !is_mark(&t, "{"));
	return find_in(&l, path, spot);
}

bool example_polls(struct str example)
{
	struct spot spot;

	return find(example, STR("poll"), &spot) == FOUND;
}

/* ---- what may be set ---- */

static const struct key *key_in(const struct key *keys, struct str path)
{
	static const struct key text = { .name = "", .type = KEY_STR };
	size_t dot = str_find_char(path, '.');
	struct str rest = str_slice(path, dot + (dot < path.n), path.n);

	for (; keys && keys->name; keys++) {
		if (!str_eq(str_of(keys->name), str_slice(path, 0, dot)))
			continue;
		if (rest.n == 0)
			return keys;
		return keys->type == KEY_MAP ? &text : key_in(keys->sub, rest);
	}
	return NULL;
}

static const struct key *key_of(struct str text, struct str path)
{
	const struct key *key = key_in(config_provider_keys, path);
	const struct sms_adapter *a = NULL;
	struct spot spot;

	if (!key && find(text, STR("adapter"), &spot) == FOUND)
		a = sms_adapter_find(str_slice(text, spot.from + 1, spot.to - 1));
	return a ? key_in(a->info.keys, path) : key;
}

/* ---- editing ---- */

static struct str spliced(struct compose *c, struct str text, size_t from, size_t to,
			  struct str middle)
{
	struct str s = arena_printf(c->arena, "%.*s%.*s%.*s", (int)from, text.p,
				    STR_ARG(middle), (int)(text.n - to), text.p + to);

	c->failed |= !s.p;
	return s.p ? s : text;
}

/* The value as it is written. */
static struct str written(struct compose *c, const struct key *key, struct str name,
			  struct str value)
{
	struct buf buf = BUF_INIT(VALUE_CEILING), *out = c->out;
	struct str s;

	c->out = &buf;
	compose_value_put(c, key, name.p, value);
	c->out = out;
	s = arena_str(c->arena, buf_str(&buf));
	c->failed |= buf.failed || !s.p;
	buf_free(&buf);
	return s;
}

static struct str set_one(struct compose *c, struct str text, struct compose_value *v)
{
	static const char tabs[] = "\t\t\t\t\t\t\t\t";
	const struct key *key = key_of(text, v->name);
	size_t last = v->name.n;
	struct spot spot;
	struct str value;
	enum found found = find(text, v->name, &spot);

	if (!key || found == FOUND_NOT)
		return text;
	v->used = true;
	value = written(c, key, v->name, v->value);
	if (found == FOUND)
		return spliced(c, text, spot.from, spot.to, value);
	while (last && v->name.p[last - 1] != '.')
		last--;
	value = arena_printf(c->arena, "\t%s = %.*s;\n%.*s", v->name.p + last,
			     STR_ARG(value), (int)(spot.depth < 8 ? spot.depth : 8),
			     tabs);
	return spliced(c, text, spot.from, spot.to, value);
}

/* ---- secrets ---- */

/* The n-th file that the text names, each once. */
static struct str file_named(struct str text, size_t n)
{
	struct lexer l = { .text = text };
	struct str seen[FILES_MOST];
	size_t n_seen = 0;

	for (struct token t = lexer_next(&l); t.kind != TOKEN_END; t = lexer_next(&l)) {
		bool known = t.kind != TOKEN_STRING || !str_starts(t.text, STR("file:"));

		for (size_t i = 0; i < n_seen && !known; i++)
			known = str_eq(seen[i], t.text);
		if (known)
			continue;
		if (n_seen == n)
			return str_slice(t.text, STR("file:").n, t.text.n);
		if (n_seen < FILES_MOST)
			seen[n_seen++] = t.text;
	}
	return STR("");
}

static struct str secret_of(struct compose *c, struct str file, struct str short_name)
{
	const struct key key = {
		.name = short_name.p,
		.type = KEY_SECRET,
		.help = arena_printf(c->arena,
				     "as the provider gave it; goes into the file %.*s",
				     STR_ARG(file))
				.p,
	};
	struct compose_value *given = compose_given(c, "", short_name.p);

	if (given)
		return given->value;
	if (str_eq(short_name, STR("path")))
		return crypto_token(c->arena, TOKEN_BYTES);
	return key.help ? c->ask(c->arg, &key, short_name.p) : STR("");
}

/* Addresses of ours that the provider is told in each send: "/SECRET/" in a string. */
static struct str address_put(struct compose *c, struct str text, struct str secret)
{
	const struct str mark = STR("/SECRET/");
	struct lexer l = { .text = text };

	if (str_eq(secret, STR("SECRET")))
		return text;
	for (struct token t = lexer_next(&l); t.kind != TOKEN_END; t = lexer_next(&l)) {
		size_t at = str_find(t.text, mark);

		if (t.kind != TOKEN_STRING || at == t.text.n)
			continue;
		at += t.from + 1; /* the quote */
		text = spliced(c, text, at + 1, at + mark.n - 1, secret);
		l = (struct lexer){ .text = text };
	}
	return text;
}

/* "zenziva.passkey" is given and asked for as passkey. */
static struct str secret_put(struct compose *c, struct str text, struct str file)
{
	struct str short_name = arena_str(
		c->arena, str_slice(file, str_find_char(file, '.') + 1, file.n));
	struct str quoted = arena_printf(c->arena, "\"file:%.*s\"", STR_ARG(file));
	struct str value = secret_of(c, file, short_name);

	if (value.n == 0 || !quoted.p || c->n_secrets == COMPOSE_SECRETS_MOST) {
		c->failed = true;
		return text;
	}
	if (!secret_is_reference(value)) {
		c->secrets[c->n_secrets++] =
			(struct compose_secret){ arena_str(c->arena, file), value };
		return str_eq(short_name, STR("path")) ? address_put(c, text, value)
						       : text;
	}
	value = arena_printf(c->arena, "\"%.*s\"", STR_ARG(value));
	for (size_t at; (at = str_find(text, quoted)) < text.n && !c->failed;)
		text = spliced(c, text, at, at + quoted.n, value);
	return text;
}

static bool put_aside(const struct compose *c, struct str file)
{
	for (size_t i = 0; i < c->n_secrets; i++)
		if (str_eq(c->secrets[i].file, file))
			return true;
	return false;
}

static struct str secrets_put(struct compose *c, struct str text)
{
	for (size_t n = 0; n < FILES_MOST;) {
		struct str file = file_named(text, n), before = text;

		if (file.n == 0)
			break;
		if (!put_aside(c, file))
			text = secret_put(c, text, file);
		if (str_eq(before, text)) /* else it is not named any more */
			n++;
	}
	return text;
}

/* ---- the whole ---- */

/* Without the words of the head that tell how to copy it. */
static struct str without_copying(struct compose *c, struct str text)
{
	size_t from = str_find(text, STR("# Copy this part")), to;

	if (from == text.n)
		return text;
	to = from + str_find(str_slice(text, from, text.n), STR("\n#\n")) + 3;
	if (to > str_find(text, STR("providers = (")))
		return text;
	return spliced(c, text, from, to, STR(""));
}

void compose_example(struct compose *c, struct str example)
{
	struct str text = without_copying(c, example);
	struct spot spot;

	if (find(text, STR("id"), &spot) == FOUND)
		c->secret_prefix = str_slice(text, spot.from + 1, spot.to - 1);
	text = secrets_put(c, text);
	for (size_t i = 0; i < c->n_given; i++)
		if (!c->given[i].used)
			text = set_one(c, text, &c->given[i]);
	buf_add(c->out, text);
	buf_add_char(c->out, '\n');
}
