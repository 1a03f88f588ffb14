/* SPDX-License-Identifier: MIT */
/*
 * What the files of the reader share. Not for anybody else.
 *
 *   schema.c          libconfig: opening, closing, settings as nodes
 *   schema_place.c    where a setting stands, and faults that say so
 *   schema_values.c   single values: strings, numbers, times, addresses, secrets
 *   schema_read.c     groups by key tables: names, lists, texts, what is missing
 */
#ifndef CONFIG_SCHEMA_INSIDE_H
#define CONFIG_SCHEMA_INSIDE_H

#include <stdarg.h>

#include "config/schema.h"

enum { FILES_MOST = 1024 };

struct config_t;
struct node; /* a setting of any type, libconfig's, borrowed */

struct schema {
	struct config_t *tree;
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

/* A group is a setting, too. */
static inline const struct node *node_of(const struct schema_group *group)
{
	return (const struct node *)(const void *)group;
}

static inline const struct schema_group *group_of(const struct node *node)
{
	return (const struct schema_group *)(const void *)node;
}

/* ---- schema.c ---- */

enum node_type {
	NODE_NONE,
	NODE_INT,   /* without an L behind it; libconfig has cut it to 32 bits */
	NODE_INT64, /* with one */
	NODE_REAL,
	NODE_TEXT,
	NODE_BOOL,
	NODE_ARRAY, /* [ … ] */
	NODE_LIST,  /* ( … ) */
	NODE_GROUP, /* { … } */
};

enum node_type node_type(const struct node *node);
const char *node_name(const struct node *node);
/* The file as the main one names it; NULL: that one. */
const char *node_file(const struct node *node);
unsigned node_line(const struct node *node); /* 0: of the whole file */
/* NULL, 0, false where the type is another. */
const char *node_text(const struct node *node);
int node_int(const struct node *node);
int64_t node_int64(const struct node *node);
double node_real(const struct node *node);
bool node_bool(const struct node *node);
/* Members of groups, elements of arrays and lists. NULL: not there. */
size_t node_count(const struct node *node);
const struct node *node_item(const struct node *node, size_t i);
const struct node *node_member(const struct node *node, const char *name);

/* ---- schema_place.c ---- */

/* The folder of a file's name as it was written, with the slash; n 0: none. */
struct str place_folder_in(const char *file);
/* The included file that a setting stands in, as the main file names it; NULL: in the
 * main file. */
const char *place_included(const struct schema *s, const struct node *at);
/* File and line, as people would name them from where they are. */
const char *place_file(struct schema *s, const struct node *at);
unsigned place_line(const struct node *at);
/* Both as one number: what carries a line elsewhere can carry it. */
unsigned place_of(struct schema *s, const struct node *at);
void schema_say(struct schema *s, const struct node *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- schema_values.c ---- */

/* A value that is about to be read. */
struct reading {
	struct schema *s;
	const struct node *at; /* the setting; the group where it is missing */
	const char *where;
	const struct key *key;
	char *to;
};

/* A fault at the value: "where: sentence"; the first argument is where it stands. */
#define BAD(r, ...) schema_say((r)->s, (r)->at, "%s: " __VA_ARGS__)

const char *value_where(struct reading *r);
const char *value_type_word(const struct node *at);
void value_wrong_type(struct reading *r, const char *wanted);
bool value_in_range(struct reading *r, int64_t n, const char *unit);
/* By enum key_type; NULL: a list or group, read by schema_read.c. */
extern void (*const value_readers[])(struct reading *r);

#endif
