/* SPDX-License-Identifier: MIT */
/*
 * Where the daemon is spoken to, from files that may be full of faults: an operator who
 * mends them needs status, pause and reload all the same. Main's thread.
 */
#include "config/config.h"

#include "config/schema.h"

static struct str control_of(struct schema *s)
{
	const struct schema_group *g = schema_group(schema_root(s), "listen");

	return g ? schema_path(s, g, "control") : STR("");
}

bool config_control(const char *file, struct arena *arena, struct str *control)
{
	struct buf faults = BUF_INIT(1 << 20);
	size_t n = 0;
	struct schema *s = schema_open(file, true, arena, &faults, &n);

	if (!s) /* a part is broken: what the main file says holds as well */
		s = schema_open_alone(file, arena, &faults, &n);
	buf_free(&faults);
	if (!s)
		return false;
	*control = control_of(s);
	schema_close(s);
	return true;
}
