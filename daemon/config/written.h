/* SPDX-License-Identifier: MIT */
/* What only the text of the files shows, and libconfig keeps to itself. */
#ifndef CONFIG_WRITTEN_H
#define CONFIG_WRITTEN_H

#include "base/arena.h"
#include "base/buf.h"

/* Strings of a list with nothing between them, which libconfig joins to one; each is a
 * fault. How many there were. */
size_t written_commas(const char *file, const char *folder, struct arena *arena,
		      struct buf *faults);

/* Files that cannot be read, or are folders; each is a fault. To be asked first:
 * libconfig ends the process over a folder. */
size_t written_unread(const char *file, const char *folder, struct arena *arena,
		      struct buf *faults);

/* Where libconfig gave up, and in which words. */
struct written_trouble {
	const char *file;   /* the main file */
	const char *folder; /* of it, absolute */
	const char *where;  /* the file that it gave up in, as it names it; NULL: main */
	unsigned line;
	const char *words;
};

/* One fault or more in words that help. */
size_t written_broken(const struct written_trouble *trouble, struct arena *arena,
		      struct buf *faults);

#endif
