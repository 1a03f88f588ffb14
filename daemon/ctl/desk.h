/* SPDX-License-Identifier: MIT */
/* What the files of `kentongan desk` share. */
#ifndef CTL_DESK_H
#define CTL_DESK_H

#include "ctl/query.h"

/* desk_show.c: the list for a terminal. `letters`: rows are numbered, and what may be
 * done is a letter; else it is what one types. */
void desk_show(struct ctl *ctl, const struct json *root, bool letters);
/* Words within the terminal's width, each line behind so many blanks. */
void desk_wrap(struct str words, size_t indent);

/* teach.c */
/* kentongan desk teach NO …; argv[0] is the number. */
int desk_teach(struct ctl *ctl, int argc, char **argv, const struct query *options);
/* After a ticket was routed: which keyword would have done it. Says nothing when the
 * configuration cannot be read here. */
void desk_teach_hint(struct ctl *ctl, const char *no, struct str to);

#endif
