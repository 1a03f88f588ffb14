/* SPDX-License-Identifier: MIT */
/*
 * Walking a libconfig tree by key tables. The only file that knows libconfig.h. Main's
 * thread. Only files of the operator are read here: libconfig 1.5 is not made for
 * strangers' input.
 */
#include "config/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"

enum { SECRET_CEILING = 4096, NEAR_SLIPS = 2, NAME_MOST = 40 };

struct schema {
	struct config_t tree;
	struct arena *arena;
	struct buf *faults;
	size_t *n_faults;
	const char *file;
	char *folder; /* of the main file: included names start there */
	bool without_secrets;
};

static const config_setting_t *setting_of(const struct schema_group *group)
{
	return (const config_setting_t *)(const void *)group;
}

static const struct schema_group *group_of(const config_setting_t *setting)
{
	return (const struct schema_group *)(const void *)setting;
}

/* The file that a setting stands in; libconfig keeps included names as they were written.
 */
static const char *source_of(struct schema *s, const config_setting_t *at)
{
	const char *file = config_setting_source_file(at);
	struct str whole;

	if (!file || file[0] == '/' || str_eq(str_of(file), str_of(s->file)))
		return file ? file : s->file;
	whole = arena_printf(s->arena, "%s/%s", s->folder, file);
	return whole.p ? whole.p : file;
}

/* ---- faults ---- */

__attribute__((format(printf, 3, 0))) static void fault_at(struct schema *s,
							   const config_setting_t *at,
							   const char *format,
							   va_list args)
{
	char sentence[600];

	vsnprintf(sentence, sizeof(sentence), format, args);
	buf_printf(s->faults, "%s:%u: %s\n", source_of(s, at),
		   config_setting_source_line(at), sentence);
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

/* ---- the nearest known name ---- */

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein distance (neighbours swapped count once). */
static size_t distance(struct str a, struct str b)
{
	size_t d[NAME_MOST + 1][NAME_MOST + 1];

	if (a.n > NAME_MOST || b.n > NAME_MOST)
		return SIZE_MAX;
	for (size_t i = 0; i <= a.n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= b.n; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a.n; i++)
		for (size_t j = 1; j <= b.n; j++) {
			size_t same = a.p[i - 1] == b.p[j - 1] ? 0 : 1;

			d[i][j] = smaller(smaller(d[i - 1][j], d[i][j - 1]) + 1,
					  d[i - 1][j - 1] + same);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1])
				d[i][j] = smaller(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[a.n][b.n];
}

static const char *nearest(const char *name, const struct key *keys, size_t *best)
{
	const char *found = NULL;

	for (; keys && keys->name; keys++) {
		size_t d = distance(str_of(name), str_of(keys->name));

		if (d < *best) {
			*best = d;
			found = keys->name;
		}
	}
	return found;
}

static bool is_known(const char *name, const struct key *keys)
{
	for (; keys && keys->name; keys++)
		if (str_eq(str_of(name), str_of(keys->name)))
			return true;
	return false;
}

const struct key schema_any[] = { { 0 } };

static void check_names(struct schema *s, const config_setting_t *group,
			const char *where, const struct key *keys, const struct key *more)
{
	if (more == schema_any)
		return;
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *member =
			config_setting_get_elem(group, (unsigned)i);
		const char *name = config_setting_name(member), *near, *near_more;
		size_t best = NEAR_SLIPS + 1;

		if (is_known(name, keys) || is_known(name, more))
			continue;
		near = nearest(name, keys, &best);
		near_more = nearest(name, more, &best);
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

#define BAD(r, ...) fault((r)->s, (r)->at, "%s.%s: " __VA_ARGS__)

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
	BAD(r, "%s is wanted, %s stands there", r->where, r->key->name, wanted,
	    type_word(r->at));
}

static bool in_range(struct reading *r, int64_t n, const char *unit)
{
	if (r->key->min == 0 && r->key->max == 0)
		return true;
	if (n >= r->key->min && n <= r->key->max)
		return true;
	BAD(r, "%lld%s is out of range, %lld to %lld", r->where, r->key->name,
	    (long long)n, unit, (long long)r->key->min, (long long)r->key->max);
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

static void read_url(struct reading *r)
{
	struct str s = take_string(r);

	if (!s.p)
		return;
	if (s.n && !str_starts(s, STR("https://")) && !str_starts(s, STR("http://"))) {
		BAD(r, "'%s' is no http:// or https:// address", r->where, r->key->name,
		    s.p);
		return;
	}
	while (s.n && s.p[s.n - 1] == '/')
		s.n--;
	*(struct str *)(void *)r->to = arena_str(r->s->arena, s);
}

/* Relative names start at the folder of the file that says them. */
static struct str resolve(struct reading *r, struct str name)
{
	struct str from = str_of(source_of(r->s, r->at));
	bool included = !str_eq(from, str_of(r->s->file));

	if (name.n && name.p[0] == '/')
		return name;
	while (from.n && from.p[from.n - 1] != '/')
		from.n--;
	if (included)
		return arena_printf(r->s->arena, "%.*s%.*s", STR_ARG(from),
				    STR_ARG(name));
	return arena_printf(r->s->arena, "%s/%.*s", r->s->folder, STR_ARG(name));
}

static void read_path(struct reading *r)
{
	struct str s = take_string(r);

	if (s.n)
		s = resolve(r, s);
	if (s.p)
		*(struct str *)(void *)r->to = s;
}

static void keep_secret(struct reading *r, struct str content)
{
	while (content.n &&
	       (content.p[content.n - 1] == '\n' || content.p[content.n - 1] == '\r'))
		content.n--;
	if (content.n == 0)
		BAD(r, "the secret is empty", r->where, r->key->name);
	*(struct str *)(void *)r->to = arena_str(r->s->arena, content);
}

static void read_secret_file(struct reading *r, const char *path)
{
	char content[SECRET_CEILING];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st)) {
		BAD(r, "%s: %s", r->where, r->key->name, path, strerror(errno));
	} else if ((st.st_mode & 007) || ((st.st_mode & 070) && st.st_uid != 0)) {
		BAD(r, "%s is readable by others; chmod 600 it", r->where, r->key->name,
		    path);
	} else {
		n = read(fd, content, sizeof(content));
		if (n < 0 || n == (ssize_t)sizeof(content))
			BAD(r, "%s cannot be read, or is no secret of this size",
			    r->where, r->key->name, path);
		else
			keep_secret(r, str_from(content, (size_t)n));
		crypto_wipe(content, sizeof(content));
	}
	if (fd >= 0)
		close(fd);
}

static void read_credential(struct reading *r, struct str name)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	struct str path;

	if (!folder) {
		BAD(r,
		    "cred:%.*s is wanted, but CREDENTIALS_DIRECTORY is not set "
		    "(LoadCredential=)",
		    r->where, r->key->name, STR_ARG(name));
		return;
	}
	path = arena_printf(r->s->arena, "%s/%.*s", folder, STR_ARG(name));
	if (path.p)
		read_secret_file(r, path.p);
}

static void read_secret(struct reading *r)
{
	struct str s = take_string(r),
		   rest = str_slice(s, str_find_char(s, ':') + 1, s.n);
	const char *value;

	if (!s.p)
		return;
	if (!str_starts(s, STR("file:")) && !str_starts(s, STR("env:")) &&
	    !str_starts(s, STR("cred:"))) {
		BAD(r,
		    "a secret is not written here: put it into a file (mode 0600) and "
		    "say "
		    "\"file:NAME\", or use \"env:NAME\" or \"cred:NAME\"",
		    r->where, r->key->name);
		return;
	}
	if (r->s->without_secrets) {
		*(struct str *)(void *)r->to = STR("?");
	} else if (str_starts(s, STR("file:"))) {
		read_secret_file(r, resolve(r, rest).p);
	} else if (str_starts(s, STR("cred:"))) {
		read_credential(r, rest);
	} else {
		value = getenv(rest.p);
		if (!value)
			BAD(r, "the environment has no %s", r->where, r->key->name,
			    rest.p);
		else
			keep_secret(r, str_of(value));
	}
}

static void read_int(struct reading *r)
{
	int type = config_setting_type(r->at);
	int64_t n;

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
		wrong_type(r, "a number");
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
	if (in_range(r, (int64_t)d, ""))
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
		    r->where, r->key->name, s.p ? s.p : "");
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
	BAD(r, "\"%s\" is none of %s", r->where, r->key->name, s.p, all.p);
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
		    r->where, r->key->name, s.p);
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
			      "%s.%s: strings in quotes are wanted, %s stands there",
			      r->where, r->key->name, type_word(item));
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
			fault(r->s, item, "%s.%s.%s: a string in quotes is wanted",
			      r->where, r->key->name, config_setting_name(item));
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
		t->line = config_setting_source_line(item);
		if (type == CONFIG_TYPE_STRING) {
			t->wordings.items = ARENA_NEW(r->s->arena, struct str, 1);
			if (t->wordings.items)
				t->wordings.items[t->wordings.n++] = arena_str(
					r->s->arena,
					str_of(config_setting_get_string(item)));
		} else if (type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST) {
			fault(r->s, item,
			      "%s.%s.%s: a string or a list of strings is wanted",
			      r->where, r->key->name, t->name.p);
			continue;
		} else if (!take_list(r, item, &t->wordings)) {
			continue;
		}
		texts.n++;
	}
	*(struct key_texts *)(void *)r->to = texts;
}

static const char *where_of(struct reading *r)
{
	struct str w =
		r->where[0] ? arena_printf(r->s->arena, "%s.%s", r->where, r->key->name)
			    : arena_str(r->s->arena, str_of(r->key->name));

	return w.p ? w.p : r->key->name;
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

/* Defaults are written in tables as in files; they are ours, so a wrong one is a bug. */
static void take_default(struct schema *s, const struct key *key, char *to)
{
	struct str def = str_of(key->def);
	int64_t n = 0;

	switch (key->type) {
	case KEY_STR:
	case KEY_URL:
	case KEY_PATH:
	case KEY_SECRET:
	case KEY_ADDRESS:
		*(struct str *)(void *)to = def;
		break;
	case KEY_INT:
		str_to_int(def, (int64_t *)(void *)to);
		break;
	case KEY_REAL:
		*(double *)(void *)to = strtod(key->def, NULL);
		break;
	case KEY_BOOL:
		*(bool *)(void *)to = str_eq(def, STR("true"));
		break;
	case KEY_MS:
		if (str_to_ms(def, &n))
			*(int64_t *)(void *)to = n;
		break;
	case KEY_ENUM:
		for (int i = 0; key->names[i]; i++)
			if (str_eq(def, str_of(key->names[i])))
				*(int *)(void *)to = i;
		break;
	case KEY_GROUP:
		for (const struct key *k = key->sub; k->name; k++)
			if (k->def)
				take_default(s, k, to + k->offset);
		break;
	case KEY_STR_LIST:
	case KEY_MAP:
	case KEY_LIST:
	case KEY_TEXTS:
		break; /* zeroed: empty */
	}
}

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
			take_default(s, k, r.to);
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

struct schema *schema_open(const char *file, bool without_secrets, struct arena *arena,
			   struct buf *faults, size_t *n_faults)
{
	struct schema *s = calloc(1, sizeof(*s));
	char *folder = folder_of(file);
	const char *where;

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
	config_init(&s->tree);
	config_set_include_dir(&s->tree, folder);
	if (config_read_file(&s->tree, file) == CONFIG_TRUE)
		return s;
	where = config_error_file(&s->tree) ? config_error_file(&s->tree) : file;
	if (config_error_type(&s->tree) == CONFIG_ERR_FILE_IO)
		buf_printf(faults,
			   "%s:%d: cannot be read, or includes a file that cannot: %s\n",
			   where, config_error_line(&s->tree), strerror(errno));
	else
		buf_printf(faults, "%s:%d: %s\n", where, config_error_line(&s->tree),
			   config_error_text(&s->tree));
	++*n_faults;
	schema_close(s);
	return NULL;
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

unsigned schema_line(const struct schema_group *group, const char *name)
{
	const config_setting_t *at = setting_of(group);
	const config_setting_t *member =
		name ? config_setting_get_member(at, name) : NULL;

	return config_setting_source_line(member ? member : at);
}

const char *schema_file(struct schema *s, const struct schema_group *group)
{
	return source_of(s, setting_of(group));
}
