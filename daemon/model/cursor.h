/* SPDX-License-Identifier: MIT */
/*
 * A place in a list as clients hold it: opaque to them, checked when it comes back, so
 * that a place which was cut or mixed up is told and does not quietly skip something. It
 * gives no rights: what may be seen is decided anew each time. Pure.
 */
#ifndef MODEL_CURSOR_H
#define MODEL_CURSOR_H

#include "base/arena.h"

struct cursor {
	char kind;    /* of the list: 't', 'e' */
	int64_t a, b; /* not negative */
};

/* p NULL at the arena's ceiling. */
struct str cursor_write(struct cursor cursor, struct arena *arena);
/* False: it is none of that kind; *out is untouched. */
bool cursor_read(struct str s, char kind, struct cursor *out);

#endif
