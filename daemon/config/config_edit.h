/* SPDX-License-Identifier: MIT */
/*
 * A keyword or two more in the file that holds a department's keywords. Everything else
 * in that file, comments too, stays as it is. Any thread.
 */
#ifndef CONFIG_EDIT_H
#define CONFIG_EDIT_H

#include "base/arena.h"
#include "base/err.h"

/* Where a department's list of keywords ends. */
struct edit_place {
	const char *path;  /* the file, to be opened */
	struct str text;   /* what stands in it */
	unsigned line;	   /* of the list's end */
	size_t comma_at;   /* behind the last keyword; 0: there is none */
	size_t word_at;	   /* where the new one goes … */
	struct str indent; /* … on a line of its own, behind these blanks; p NULL: among
			      the others */
};

/* file: the main one. ERR_CONFIG: no such department or list, or it cannot be read. */
int edit_find(const char *file, struct str department, struct arena *arena,
	      struct edit_place *out, struct err *err) MUST_CHECK;
/* The file with the keywords in it; p NULL at the arena's ceiling. */
struct str edit_apply(const struct edit_place *place, struct str_list keywords,
		      struct arena *arena);
/* As they stand there: "a", "b" */
struct str edit_quoted(struct str_list keywords, struct arena *arena);
/* The new text takes the file's place at once, synced, with its owner and rights. */
int edit_write(const char *path, struct str text, struct arena *arena,
	       struct err *err) MUST_CHECK;

#endif
