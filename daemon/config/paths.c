/* SPDX-License-Identifier: MIT */
/* Names of files as people want to read them, and what stands in them. Any thread. */
#include "config/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

struct str path_tidy(struct str path, struct arena *arena)
{
	struct str kept = arena_str(arena, path), base;
	const char *slash = kept.p ? strrchr(kept.p, '/') : NULL;
	char *folder;

	if (!slash || slash == kept.p)
		return kept;
	folder = realpath(arena_printf(arena, "%.*s", (int)(slash - kept.p), kept.p).p,
			  NULL);
	base = str_of(slash + 1);
	if (folder && !str_eq(base, STR(".")) && !str_eq(base, STR("..")))
		kept = arena_printf(arena, "%s/%.*s", folder[1] ? folder : "",
				    STR_ARG(base));
	free(folder);
	return kept;
}

struct str file_read(const char *path, size_t ceiling, struct arena *arena)
{
	FILE *f = fopen(path, "re");
	struct buf b = BUF_INIT(ceiling);
	struct str s = { NULL, 0 };
	char block[65536];
	size_t n;

	if (!f)
		return s;
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&b, str_from(block, n));
	if (b.failed)
		errno = EFBIG;
	else if (!ferror(f))
		s = arena_str(arena, buf_str(&b));
	fclose(f);
	buf_free(&b);
	return s;
}
