/* SPDX-License-Identifier: MIT */
/* Between mail_cut.c and mail_answer.c: lines of a mail, and how they are compared. */
#ifndef MODEL_MAIL_INSIDE_H
#define MODEL_MAIL_INSIDE_H

#include "base/arena.h"
#include "base/str.h"

enum { MAIL_WRITTEN_MOST = 32 * 1024 };

/* What a person wrote, lines as they are: above all quotes, or below them when there is
 * nothing above. n 0: nothing, or no memory. */
struct str mail_written(struct str text, struct arena *arena);
/* For comparing: small letters, one blank between words, no dashes, stars. */
struct str mail_line_fold(struct str line, struct arena *arena);
bool mail_begins(struct str s, const char *const *with, size_t n);
bool mail_contains(struct str s, const char *what);

#define BEGINS(s, table) mail_begins((s), (table), sizeof(table) / sizeof(*(table)))

#endif
