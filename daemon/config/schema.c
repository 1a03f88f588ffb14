/* SPDX-License-Identifier: MIT */
/*
 * The operator's files through libconfig, as a tree of settings. The only file that knows
 * libconfig.h. Main's thread. Only files of the operator are read here: libconfig 1.5 is
 * not made for strangers' input.
 */
#include "config/schema_inside.h"

#include <libconfig.h>
#include <stdlib.h>

#include "config/paths.h"
#include "config/written.h"

/* ---- settings ---- */

static const config_setting_t *setting_of(const struct node *node)
{
	return (const config_setting_t *)(const void *)node;
}

static const struct node *node_from(const config_setting_t *setting)
{
	return (const struct node *)(const void *)setting;
}

enum node_type node_type(const struct node *node)
{
	switch (config_setting_type(setting_of(node))) {
	case CONFIG_TYPE_INT:
		return NODE_INT;
	case CONFIG_TYPE_INT64:
		return NODE_INT64;
	case CONFIG_TYPE_FLOAT:
		return NODE_REAL;
	case CONFIG_TYPE_STRING:
		return NODE_TEXT;
	case CONFIG_TYPE_BOOL:
		return NODE_BOOL;
	case CONFIG_TYPE_ARRAY:
		return NODE_ARRAY;
	case CONFIG_TYPE_LIST:
		return NODE_LIST;
	case CONFIG_TYPE_GROUP:
		return NODE_GROUP;
	default:
		return NODE_NONE;
	}
}

const char *node_name(const struct node *node)
{
	return config_setting_name(setting_of(node));
}

const char *node_file(const struct node *node)
{
	return config_setting_source_file(setting_of(node));
}

unsigned node_line(const struct node *node)
{
	return config_setting_source_line(setting_of(node));
}

const char *node_text(const struct node *node)
{
	return config_setting_get_string(setting_of(node));
}

int node_int(const struct node *node)
{
	return config_setting_get_int(setting_of(node));
}

int64_t node_int64(const struct node *node)
{
	return config_setting_get_int64(setting_of(node));
}

double node_real(const struct node *node)
{
	return config_setting_get_float(setting_of(node));
}

bool node_bool(const struct node *node)
{
	return config_setting_get_bool(setting_of(node)) != 0;
}

size_t node_count(const struct node *node)
{
	return (size_t)config_setting_length(setting_of(node));
}

const struct node *node_item(const struct node *node, size_t i)
{
	return node_from(config_setting_get_elem(setting_of(node), (unsigned)i));
}

const struct node *node_member(const struct node *node, const char *name)
{
	return node_from(config_setting_get_member(setting_of(node), name));
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
	struct config_t *tree = calloc(1, sizeof(*tree));
	char *folder = folder_of(file);

	if (!s || !tree || !folder) {
		free(s);
		free(tree);
		free(folder);
		return NULL;
	}
	*s = (struct schema){ .tree = tree,
			      .arena = arena,
			      .faults = faults,
			      .n_faults = n_faults,
			      .file = file,
			      .folder = folder,
			      .without_secrets = without_secrets };
	s->files[s->n_files++] = file;
	config_init(tree);
	config_set_include_dir(tree, folder);
	return s;
}

void schema_notes(struct schema *s, struct buf *notes)
{
	s->notes = notes;
}

static void say_broken(struct schema *s)
{
	const struct written_trouble trouble = {
		.file = s->file,
		.folder = s->folder,
		.where = config_error_file(s->tree),
		.line = (unsigned)config_error_line(s->tree),
		.words = config_error_text(s->tree),
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
	if (unread == 0 && config_read_file(s->tree, file) == CONFIG_TRUE) {
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
		if (config_read_string(s->tree, p) == CONFIG_TRUE)
			return s;
		say_broken(s);
	}
	schema_close(s);
	return NULL;
}

void schema_close(struct schema *s)
{
	if (!s)
		return;
	config_destroy(s->tree);
	free(s->tree);
	free(s->folder);
	free(s);
}

const struct schema_group *schema_root(const struct schema *s)
{
	return group_of(node_from(config_root_setting(s->tree)));
}

const struct schema_group *schema_group(const struct schema_group *group,
					const char *name)
{
	return group_of(node_member(node_of(group), name));
}

struct str schema_string(const struct schema_group *group, const char *name)
{
	const char *z = NULL;

	config_setting_lookup_string(setting_of(node_of(group)), name, &z);
	return str_of(z);
}

size_t schema_list_count(const struct schema_group *group, const char *name)
{
	const struct node *list = node_member(node_of(group), name);

	return list && node_type(list) == NODE_LIST ? node_count(list) : 0;
}

const struct schema_group *schema_list_item(const struct schema_group *group,
					    const char *name, size_t i)
{
	const struct node *list = node_member(node_of(group), name);
	const struct node *item = node_item(list, i);

	return item && node_type(item) == NODE_GROUP ? group_of(item) : NULL;
}

struct secret *schema_secrets(const struct schema *s)
{
	return s->secrets;
}
