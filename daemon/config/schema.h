/* SPDX-License-Identifier: MIT */
/*
 * Reading libconfig files by key tables. libconfig 1.5 gives 0 for a string read as a
 * number and accepts unknown names, so every setting is walked, its exact type demanded,
 * and every fault reported with file and line; an unknown name is answered with the
 * nearest known one.
 */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/keys.h"

struct schema;	     /* one read in progress */
struct schema_group; /* a libconfig group, borrowed */
struct secret;

/* As `more` of schema_read: any name may stand there. */
extern const struct key schema_any[];

/* Parses the file and its @include parts. NULL after a fault was reported. */
struct schema *schema_open(const char *file, bool without_secrets, struct arena *arena,
			   struct buf *faults, size_t *n_faults);
/* The main file without its @include parts, as far as one of these is broken. */
struct schema *schema_open_alone(const char *file, struct arena *arena,
				 struct buf *faults, size_t *n_faults);
/* From now on notes go there, and what env: and cred: do not give is one; NULL: that is a
 * fault, and notes are not taken. */
void schema_notes(struct schema *schema, struct buf *notes);
void schema_close(struct schema *schema);
const struct schema_group *schema_root(const struct schema *schema);
/* Fills `out` by keys; defaults where nothing is written. Unknown names are faults unless
 * `more` is given: a second table whose names are allowed here too (and left alone). */
void schema_read(struct schema *schema, const struct schema_group *group,
		 const char *where, const struct key *keys, const struct key *more,
		 void *out);
/* The inner group of that name; NULL when it is not there. */
const struct schema_group *schema_group(const struct schema_group *group,
					const char *name);
/* A string member as it stands; p NULL: there is none. */
struct str schema_string(const struct schema_group *group, const char *name);
/* A string member that names a file, whole; n 0: there is none. */
struct str schema_path(struct schema *schema, const struct schema_group *group,
		       const char *name);
/* The texts of the member group `name`, if it is there. */
void schema_texts(struct schema *schema, const struct schema_group *group,
		  const char *name, struct key_texts *out);
/* For what tables cannot say: the n-th group of list `name`, its line, a fault of one's
 * own. */
size_t schema_list_count(const struct schema_group *group, const char *name);
const struct schema_group *schema_list_item(const struct schema_group *group,
					    const char *name, size_t i);
/* Where something stands, as one number that goes where a line goes; name NULL: the
 * group.
 */
unsigned schema_place(struct schema *schema, const struct schema_group *group,
		      const char *name);
unsigned schema_place_line(unsigned place);
const char *schema_place_file(const struct schema *schema, unsigned place);
/* What was read by KEY_SECRET, newest first; lives in the arena. */
struct secret *schema_secrets(const struct schema *schema);
void schema_fault(struct schema *schema, const struct schema_group *group,
		  const char *name, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* What is no fault, but the operator should know: told by kentongand -t alone. */
void schema_note(struct schema *schema, const struct schema_group *group,
		 const char *name, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* At the i-th element of the list or array `name`. */
void schema_item_fault(struct schema *schema, const struct schema_group *group,
		       const char *name, size_t i, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#endif
