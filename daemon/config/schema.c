/* SPDX-License-Identifier: MIT */
/*
 * Walking a libconfig tree by key tables. The only file that knows libconfig.h. Main's
 * thread. Only files of the operator are read here: libconfig 1.5 is not made for
 * strangers' input.
 */
#include "config/schema.h"

#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/defaults.h"
#include "config/faults.h"
#include "config/near.h"
#include "config/numbers.h"
#include "config/paths.h"
#include "config/secret.h"
#include "config/written.h"

enum { NEAR_SLIPS = 2, FILES_MOST = 1024, LINE_BITS = 22 };

const struct key schema_any[] = { { 0 } };

struct schema {
	struct config_t tree;
	struct arena *arena;
	struct buf *faults;
	size_t *n_faults;
	const char *file;
	char *folder; /* of the main file: included names start there */
	bool without_secrets;
	struct buf *notes; /* NULL: none are taken */
	struct secret *secrets;
	const char *files[FILES_MOST]; /* in the order they were met; a place names one */
	unsigned n_files;
};

static const config_setting_t *setting_of(const struct schema_group *group)
{
	return (const config_setting_t *)(const void *)group;
}

static const struct schema_group *group_of(const config_setting_t *setting)
{
	return (const struct schema_group *)(const void *)setting;
}

/* The folder of a file's name as it was written, with the slash; n 0: none. */
static struct str folder_in(const char *file)
{
	const char *slash = strrchr(file, '/');

	return str_from(file, slash ? (size_t)(slash - file) + 1 : 0);
}

/* The included file that a setting stands in, as the main file names it; NULL: in the
 * main file. */
static const char *included(const struct schema *s, const config_setting_t *at)
{
	const char *file = config_setting_source_file(at);

	return file && !str_eq(str_of(file), str_of(s->file)) ? file : NULL;
}

/* The file that a setting stands in, as people would name it from where they are. */
static const char *source_of(struct schema *s, const config_setting_t *at)
{
	const char *file = included(s, at);
	struct str whole;

	if (!file || file[0] == '/')
		return file ? file : s->file;
	whole = arena_printf(s->arena, "%.*s%s", STR_ARG(folder_in(s->file)), file);
	return whole.p ? whole.p : file;
}

/* The whole file has no line of its own. */
static unsigned line_of(const config_setting_t *at)
{
	unsigned line = config_setting_source_line(at);

	return line ? line : 1;
}

/* A file and a line as one number: what carries a line elsewhere can carry it. */
static unsigned place_of(struct schema *s, const config_setting_t *at)
{
	const char *file = source_of(s, at);
	unsigned i = 0, line = line_of(at);

	while (i < s->n_files && !str_eq(str_of(file), str_of(s->files[i])))
		i++;
	if (i == s->n_files && i < FILES_MOST)
		s->files[s->n_files++] = file;
	if (i == FILES_MOST || line >> LINE_BITS)
		return 0;
	return i << LINE_BITS | line;
}

/* ---- faults ---- */

__attribute__((format(printf, 3, 0))) static void fault_at(struct schema *s,
							   const config_setting_t *at,
							   const char *format,
							   va_list args)
{
	char sentence[600];

	vsnprintf(sentence, sizeof(sentence), format, args);
	faults_add(s->faults, source_of(s, at), line_of(at), sentence);
	++*s->n_faults;
}

__attribute__((format(printf, 3, 4))) static void fault(struct schema *s,
							const config_setting_t *at,
							const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_at(s, at, format, args);
	va_end(args);
}

void schema_fault(struct schema *s, const struct schema_group *group, const char *name,
		  const char *format, ...)
{
	const config_setting_t *at = setting_of(group);
	const config_setting_t *member =
		name ? config_setting_get_member(at, name) : NULL;
	va_list args;

	va_start(args, format);
	fault_at(s, member ? member : at, format, args);
	va_end(args);
}

/* ---- names ---- */

static bool is_known(const char *name, const struct key *keys)
{
	for (; keys && keys->name; keys++)
		if (str_eq(str_of(name), str_of(keys->name)))
			return true;
	return false;
}

static void check_names(struct schema *s, const config_setting_t *group,
			const char *where, const struct key *keys, const struct key *more)
{
	for (int i = 0; more != schema_any && i < config_setting_length(group); i++) {
		const config_setting_t *member =
			config_setting_get_elem(group, (unsigned)i);
		const char *name = config_setting_name(member), *near, *near_more;
		size_t best = NEAR_SLIPS + 1;

		if (is_known(name, keys) || is_known(name, more))
			continue;
		near = near_key(name, keys, &best);
		near_more = near_key(name, more, &best);
		near = near_more ? near_more : near;
		if (near)
			fault(s, member, "%s: unknown setting '%s'; did you mean '%s'?",
			      where, name, near);
		else
			fault(s, member, "%s: unknown setting '%s'", where, name);
	}
}

/* ---- values ---- */

struct reading {
	struct schema *s;
	const config_setting_t *at; /* the setting; the group where it is missing */
	const char *where;
	const struct key *key;
	char *to;
};

static const char *where_of(struct reading *r)
{
	struct str w =
		r->where[0] ? arena_printf(r->s->arena, "%s.%s", r->where, r->key->name)
			    : arena_str(r->s->arena, str_of(r->key->name));

	return w.p ? w.p : r->key->name;
}

#define BAD(r, ...) fault((r)->s, (r)->at, "%s: " __VA_ARGS__)

static const char *type_word(const config_setting_t *at)
{
	switch (config_setting_type(at)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return "a number";
	case CONFIG_TYPE_FLOAT:
		return "a number with a fraction";
	case CONFIG_TYPE_STRING:
		return "a string in quotes";
	case CONFIG_TYPE_BOOL:
		return "true or false";
	case CONFIG_TYPE_ARRAY:
	case CONFIG_TYPE_LIST:
		return "a list";
	case CONFIG_TYPE_GROUP:
		return "a group in { }";
	default:
		return "nothing";
	}
}

static void wrong_type(struct reading *r, const char *wanted)
{
	BAD(r, "%s is wanted, %s stands there", where_of(r), wanted, type_word(r->at));
}

static bool in_range(struct reading *r, int64_t n, const char *unit)
{
	if (r->key->min == 0 && r->key->max == 0)
		return true;
	if (n >= r->key->min && n <= r->key->max)
		return true;
	BAD(r, "%lld%s is out of range, %lld to %lld", where_of(r), (long long)n, unit,
	    (long long)r->key->min, (long long)r->key->max);
	return false;
}

/* A string, kept in the arena; p NULL after a fault. */
static struct str take_string(struct reading *r)
{
	const char *z = config_setting_get_string(r->at);
	struct str s = { NULL, 0 };

	if (config_setting_type(r->at) != CONFIG_TYPE_STRING)
		wrong_type(r, "a string in quotes");
	else
		s = arena_str(r->s->arena, str_of(z));
	return s;
}

static void read_str(struct reading *r)
{
	struct str s = take_string(r);

	if (s.p && in_range(r, (int64_t)s.n, " bytes"))
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
		BAD(r, "'%s' is no http:// or https:// address", where_of(r), s.p);
		return;
	}
	while (s.n && s.p[s.n - 1] == '/')
		s.n--;
	*(struct str *)(void *)r->to = arena_str(r->s->arena, s);
}

/* Relative names start at the folder of the file that says them. */
static struct str resolve(struct reading *r, struct str name)
{
	const char *file = included(r->s, r->at);
	struct str inner = file ? folder_in(file) : str_from(NULL, 0);

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

static void secret_missing(struct reading *r, const struct err *err)
{
	char sentence[600];

	if (err->kind != ERR_LATER || !r->s->notes) {
		BAD(r, "%s", where_of(r), err->text);
		return;
	}
	*(struct str *)(void *)r->to = secret_unseen;
	snprintf(sentence, sizeof(sentence), "note: %s: %s; not checked", where_of(r),
		 err->text);
	faults_add(r->s->notes, source_of(r->s, r->at), line_of(r->at), sentence);
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
	int type = config_setting_type(r->at);
	int64_t n;

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
		wrong_type(r, "a number");
		return;
	}
	if (type == CONFIG_TYPE_INT &&
	    number_too_large(source_of(r->s, r->at), line_of(r->at))) {
		BAD(r, "the number is too large", where_of(r));
		return;
	}
	n = type == CONFIG_TYPE_INT ? config_setting_get_int(r->at)
				    : config_setting_get_int64(r->at);
	if (in_range(r, n, ""))
		*(int64_t *)(void *)r->to = n;
}

static void read_real(struct reading *r)
{
	int type = config_setting_type(r->at);
	double d;

	if (type == CONFIG_TYPE_INT)
		d = config_setting_get_int(r->at);
	else if (type == CONFIG_TYPE_INT64)
		d = (double)config_setting_get_int64(r->at);
	else if (type == CONFIG_TYPE_FLOAT)
		d = config_setting_get_float(r->at);
	else {
		wrong_type(r, "a number");
		return;
	}
	if ((r->key->min || r->key->max) &&
	    !(d >= (double)r->key->min && d <= (double)r->key->max))
		BAD(r, "%g is out of range, %lld to %lld", where_of(r), d,
		    (long long)r->key->min, (long long)r->key->max);
	else
		*(double *)(void *)r->to = d;
}

static void read_bool(struct reading *r)
{
	if (config_setting_type(r->at) != CONFIG_TYPE_BOOL)
		wrong_type(r, "true or false");
	else
		*(bool *)(void *)r->to = config_setting_get_bool(r->at) != 0;
}

static void read_ms(struct reading *r)
{
	struct str s;
	int64_t ms;

	if (config_setting_type(r->at) != CONFIG_TYPE_STRING) {
		wrong_type(r, "a time like \"250ms\", \"2s\", \"5m\", \"3h\", \"2d\"");
		return;
	}
	s = take_string(r);
	if (!s.p || !str_to_ms(s, &ms))
		BAD(r,
		    "'%s' is no time; write \"250ms\", \"2s\", \"5m\", \"3h\" or \"2d\"",
		    where_of(r), s.p ? s.p : "");
	else if (in_range(r, ms, " ms"))
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
	BAD(r, "\"%s\" is none of %s", where_of(r), s.p, all.p);
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
		    where_of(r), s.p);
		return;
	}
	*(struct str *)(void *)r->to = s;
}

/* Strings of an array or list; false after a fault. */
static bool take_list(struct reading *r, const config_setting_t *list,
		      struct str_list *out)
{
	int n = config_setting_length(list);
	struct str_list l = { .n = (size_t)n };

	l.items = ARENA_NEW(r->s->arena, struct str, l.n + 1);
	for (int i = 0; l.items && i < n; i++) {
		const config_setting_t *item = config_setting_get_elem(list, (unsigned)i);

		if (config_setting_type(item) != CONFIG_TYPE_STRING) {
			fault(r->s, item,
			      "%s: strings in quotes are wanted, %s stands there",
			      where_of(r), type_word(item));
			return false;
		}
		l.items[i] =
			arena_str(r->s->arena, str_of(config_setting_get_string(item)));
	}
	*out = l;
	return l.items != NULL;
}

static void read_str_list(struct reading *r)
{
	int type = config_setting_type(r->at);
	struct str_list l;

	if (type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST) {
		wrong_type(r, "a list [ \"a\", \"b\" ]");
		return;
	}
	if (take_list(r, r->at, &l) && in_range(r, (int64_t)l.n, " entries"))
		*(struct str_list *)(void *)r->to = l;
}

static void read_map(struct reading *r)
{
	struct str_pairs map = { .n = 0 };
	int n = config_setting_length(r->at);

	if (config_setting_type(r->at) != CONFIG_TYPE_GROUP) {
		wrong_type(r, "a group { name = \"value\"; }");
		return;
	}
	map.items = ARENA_NEW(r->s->arena, struct str_pair, (size_t)n + 1);
	for (int i = 0; map.items && i < n; i++) {
		const config_setting_t *item =
			config_setting_get_elem(r->at, (unsigned)i);

		if (config_setting_type(item) != CONFIG_TYPE_STRING) {
			fault(r->s, item, "%s.%s: a string in quotes is wanted",
			      where_of(r), config_setting_name(item));
			continue;
		}
		map.items[map.n++] = (struct str_pair){
			arena_str(r->s->arena, str_of(config_setting_name(item))),
			arena_str(r->s->arena, str_of(config_setting_get_string(item))),
		};
	}
	*(struct str_pairs *)(void *)r->to = map;
}

static void read_texts(struct reading *r)
{
	struct key_texts texts = { .n = 0 };
	int n = config_setting_length(r->at);

	if (config_setting_type(r->at) != CONFIG_TYPE_GROUP) {
		wrong_type(r, "a group { NAME = \"text\"; }");
		return;
	}
	texts.items = ARENA_NEW(r->s->arena, struct key_text, (size_t)n + 1);
	for (int i = 0; texts.items && i < n; i++) {
		const config_setting_t *item =
			config_setting_get_elem(r->at, (unsigned)i);
		struct key_text *t = &texts.items[texts.n];
		int type = config_setting_type(item);

		t->name = arena_str(r->s->arena, str_of(config_setting_name(item)));
		t->line = place_of(r->s, item);
		if (type == CONFIG_TYPE_STRING) {
			t->wordings.items = ARENA_NEW(r->s->arena, struct str, 1);
			if (t->wordings.items)
				t->wordings.items[t->wordings.n++] = arena_str(
					r->s->arena,
					str_of(config_setting_get_string(item)));
		} else if (type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST) {
			fault(r->s, item,
			      "%s.%s: a string or a list of strings is wanted",
			      where_of(r), t->name.p);
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
	if (config_setting_type(r->at) != CONFIG_TYPE_GROUP)
		wrong_type(r, "a group in { }");
	else
		schema_read(r->s, group_of(r->at), where_of(r), r->key->sub, NULL, r->to);
}

static void read_list(struct reading *r)
{
	struct key_list l = { .n = 0 };
	int n = config_setting_length(r->at);

	if (config_setting_type(r->at) != CONFIG_TYPE_LIST) {
		wrong_type(r, "a list of groups ( { … }, { … } )");
		return;
	}
	l.items = arena_alloc(r->s->arena, (size_t)n + 1, r->key->size);
	for (int i = 0; l.items && i < n; i++) {
		const config_setting_t *item =
			config_setting_get_elem(r->at, (unsigned)i);

		if (config_setting_type(item) != CONFIG_TYPE_GROUP)
			fault(r->s, item, "%s: a group in { } is wanted", where_of(r));
		else
			schema_read(r->s, group_of(item), where_of(r), r->key->sub, NULL,
				    (char *)l.items + r->key->size * l.n++);
	}
	*(struct key_list *)(void *)r->to = l;
}

static void (*const readers[])(struct reading *) = {
	[KEY_STR] = read_str,		[KEY_URL] = read_url,
	[KEY_PATH] = read_path,		[KEY_SECRET] = read_secret,
	[KEY_INT] = read_int,		[KEY_REAL] = read_real,
	[KEY_BOOL] = read_bool,		[KEY_MS] = read_ms,
	[KEY_ENUM] = read_enum,		[KEY_ADDRESS] = read_address,
	[KEY_STR_LIST] = read_str_list, [KEY_MAP] = read_map,
	[KEY_GROUP] = read_group,	[KEY_LIST] = read_list,
	[KEY_TEXTS] = read_texts,
};

/* A group that must be there: what it lacks is named. */
static void group_missing(struct schema *s, const config_setting_t *at,
			  const struct key *group)
{
	for (const struct key *k = group->sub; k->name; k++)
		if (!k->def)
			fault(s, at, "the setting %s.%s is missing: %s", group->name,
			      k->name, k->help);
}

void schema_read(struct schema *s, const struct schema_group *group, const char *where,
		 const struct key *keys, const struct key *more, void *out)
{
	const config_setting_t *at = setting_of(group);

	check_names(s, at, where[0] ? where : "configuration", keys, more);
	for (const struct key *k = keys; k->name; k++) {
		struct reading r = { s, config_setting_get_member(at, k->name), where, k,
				     (char *)out + k->offset };

		if (k->def || k->type == KEY_GROUP)
			defaults_take(k, r.to);
		if (r.at)
			readers[k->type](&r);
		else if (!k->def && k->type == KEY_GROUP)
			group_missing(s, at, k);
		else if (!k->def)
			fault(s, at, "%s: the setting '%s' is missing: %s",
			      where[0] ? where : "configuration", k->name, k->help);
	}
}

/* ---- opening ---- */

/* Absolute, so that names in the file mean the same wherever the daemon is started. */
static char *folder_of(const char *file)
{
	const char *slash = strrchr(file, '/');
	char *given = slash ? strndup(file, (size_t)(slash - file) + 1) : strdup(".");
	char *whole = given ? realpath(given, NULL) : NULL;

	if (whole) {
		free(given);
		return whole;
	}
	return given; /* not there: opening the file will say so */
}

static struct schema *schema_new(const char *file, bool without_secrets,
				 struct arena *arena, struct buf *faults,
				 size_t *n_faults)
{
	struct schema *s = calloc(1, sizeof(*s));
	char *folder = folder_of(file);

	if (!s || !folder) {
		free(s);
		free(folder);
		return NULL;
	}
	*s = (struct schema){ .arena = arena,
			      .faults = faults,
			      .n_faults = n_faults,
			      .file = file,
			      .folder = folder,
			      .without_secrets = without_secrets };
	s->files[s->n_files++] = file;
	config_init(&s->tree);
	config_set_include_dir(&s->tree, folder);
	return s;
}

static void say_broken(struct schema *s)
{
	const struct written_trouble trouble = {
		.file = s->file,
		.folder = s->folder,
		.where = config_error_file(&s->tree),
		.line = (unsigned)config_error_line(&s->tree),
		.words = config_error_text(&s->tree),
	};

	*s->n_faults += written_broken(&trouble, s->arena, s->faults);
}

struct schema *schema_open(const char *file, bool without_secrets, struct arena *arena,
			   struct buf *faults, size_t *n_faults)
{
	struct schema *s = schema_new(file, without_secrets, arena, faults, n_faults);

	size_t unread;

	if (!s)
		return NULL;
	unread = written_unread(file, s->folder, arena, faults);
	*n_faults += unread;
	if (unread == 0 && config_read_file(&s->tree, file) == CONFIG_TRUE) {
		*n_faults += written_commas(file, s->folder, arena, faults);
		return s;
	}
	if (unread == 0)
		say_broken(s);
	schema_close(s);
	return NULL;
}

struct schema *schema_open_alone(const char *file, struct arena *arena,
				 struct buf *faults, size_t *n_faults)
{
	struct schema *s = schema_new(file, true, arena, faults, n_faults);
	struct str text = file_read(file, 4 << 20, arena);
	char *p = arena_alloc(arena, text.n + 1, 1);

	if (s && text.p && p) {
		memcpy(p, text.p, text.n);
		for (char *at = p; (at = strstr(at, "@include")); at++)
			*at = '#'; /* a comment */
		if (config_read_string(&s->tree, p) == CONFIG_TRUE)
			return s;
		say_broken(s);
	}
	schema_close(s);
	return NULL;
}

void schema_notes(struct schema *s, struct buf *notes)
{
	s->notes = notes;
}

void schema_close(struct schema *s)
{
	if (!s)
		return;
	config_destroy(&s->tree);
	free(s->folder);
	free(s);
}

const struct schema_group *schema_root(const struct schema *s)
{
	return group_of(config_root_setting(&s->tree));
}

const struct schema_group *schema_group(const struct schema_group *group,
					const char *name)
{
	return group_of(config_setting_get_member(setting_of(group), name));
}

struct str schema_string(const struct schema_group *group, const char *name)
{
	const char *z = NULL;

	config_setting_lookup_string(setting_of(group), name, &z);
	return str_of(z);
}

struct str schema_path(struct schema *s, const struct schema_group *group,
		       const char *name)
{
	struct reading r = { .s = s,
			     .at = config_setting_get_member(setting_of(group), name) };
	struct str written = schema_string(group, name);

	return written.n ? path_tidy(resolve(&r, written), s->arena) : STR("");
}

void schema_texts(struct schema *s, const struct schema_group *group, const char *name,
		  struct key_texts *out)
{
	const struct key key = { .name = name, .type = KEY_TEXTS };
	struct reading r = { s, config_setting_get_member(setting_of(group), name),
			     "texts", &key, (char *)out };

	if (r.at)
		read_texts(&r);
}

size_t schema_list_count(const struct schema_group *group, const char *name)
{
	const config_setting_t *list = config_setting_get_member(setting_of(group), name);

	return list && config_setting_type(list) == CONFIG_TYPE_LIST
		       ? (size_t)config_setting_length(list)
		       : 0;
}

const struct schema_group *schema_list_item(const struct schema_group *group,
					    const char *name, size_t i)
{
	const config_setting_t *list = config_setting_get_member(setting_of(group), name);
	const config_setting_t *item = config_setting_get_elem(list, (unsigned)i);

	return item && config_setting_type(item) == CONFIG_TYPE_GROUP ? group_of(item)
								      : NULL;
}

unsigned schema_place(struct schema *s, const struct schema_group *group,
		      const char *name)
{
	const config_setting_t *at = setting_of(group);
	const config_setting_t *member =
		name ? config_setting_get_member(at, name) : NULL;

	return place_of(s, member ? member : at);
}

unsigned schema_place_line(unsigned place)
{
	return place & ((1U << LINE_BITS) - 1);
}

const char *schema_place_file(const struct schema *s, unsigned place)
{
	return place >> LINE_BITS < s->n_files ? s->files[place >> LINE_BITS] : s->file;
}

struct secret *schema_secrets(const struct schema *s)
{
	return s->secrets;
}
