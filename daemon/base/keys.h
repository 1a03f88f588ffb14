/* SPDX-License-Identifier: MIT */
/*
 * Key tables: what a group of settings may contain, declared once. config/schema.c reads
 * a configuration file by them into plain structs and reports every fault; `kentongan
 * init`, the samples' check and kentongan.conf(5) are made from the same tables.
 *
 * Columns of struct key:
 *   name    as written in the file
 *   type    what may stand there, and the C type it fills (see enum key_type)
 *   offset  where in the struct
 *   def     default as it would be written in the file, without quotes; NULL: required;
 *           "" for strings, lists and groups: may be left out
 *   min,max range of numbers, of milliseconds, of the length of strings and lists; 0,0:
 * any names   KEY_ENUM: NULL-ended list of words; the value is the index sub KEY_GROUP,
 * KEY_LIST: NULL-name-ended table of the inner group size    KEY_LIST: sizeof the inner
 * struct help    one sentence for the operator, ending in a full stop
 */
#ifndef BASE_KEYS_H
#define BASE_KEYS_H

#include "base/str.h"

enum key_type {
	KEY_STR,      /* struct str */
	KEY_URL,      /* struct str: http:// or https://, no trailing slash kept */
	KEY_PATH,     /* struct str: relative ones resolved against the file's folder */
	KEY_SECRET,   /* struct str: content of "file:PATH", "env:NAME", "cred:NAME";
			 trailing newline cut */
	KEY_INT,      /* int64_t */
	KEY_REAL,     /* double */
	KEY_BOOL,     /* bool: true, false */
	KEY_MS,	      /* int64_t milliseconds: "250ms" "2s" "5m" "3h" "2d" */
	KEY_ENUM,     /* int: index into names */
	KEY_ADDRESS,  /* struct str: "HOST:PORT", "[V6]:PORT"; port 0 lets the kernel
			 choose */
	KEY_STR_LIST, /* struct str_list: [ "a", "b" ] or ( "a", "b" ) */
	KEY_MAP, /* struct str_pairs: group of any names with string values, { a = "x"; }
		  */
	KEY_GROUP, /* the inner struct itself: { … } */
	KEY_LIST,  /* struct key_list: ( { … }, { … } ) */
	KEY_TEXTS, /* struct key_texts: group of any names, each a string or list of
		      strings */
};

struct key_list {
	void *items; /* array of the inner struct */
	size_t n;
};

struct key_text {
	struct str name;
	struct str_list wordings;
	unsigned line;
};

struct key_texts {
	struct key_text *items;
	size_t n;
};

struct key {
	const char *name;
	enum key_type type;
	size_t offset;
	const char *def;
	int64_t min, max;
	const char *const *names;
	const struct key *sub;
	size_t size;
	const char *help;
};

#endif
