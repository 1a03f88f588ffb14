/* SPDX-License-Identifier: MIT */
/* Names of files as people want to read them, and what stands in them. */
#ifndef CONFIG_PATHS_H
#define CONFIG_PATHS_H

#include "base/arena.h"

/* The same file without "." and ".." and links on the way, where its folder is there; as
 * it was written where it is not. */
struct str path_tidy(struct str path, struct arena *arena);
/* p NULL: it cannot be read (errno says why), or is larger than the ceiling. */
struct str file_read(const char *path, size_t ceiling_bytes, struct arena *arena);

#endif
