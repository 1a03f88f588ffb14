/* SPDX-License-Identifier: MIT */
/*
 * Schema steps: embedded files NNNN.sqlite.sql, each applied once in a transaction
 * together with its number in the table `schema_step`. A store with a higher number than
 * the program knows is refused: its meaning is not ours to guess.
 */
#include "store/inside.h"

#include <stdio.h>

#include "base/embedded.h"

static const char folder[] = "daemon/store/schema/";

/* The number of a step for this driver; 0: another file. */
static int step_number(const struct store *s, const char *path)
{
	struct str name = str_of(path), dot = STR("."), number;
	char end[32];
	int64_t n;

	snprintf(end, sizeof(end), ".%s.sql", s->driver->name);
	if (!str_starts(name, str_of(folder)) || !str_ends(name, str_of(end)))
		return 0;
	name = str_slice(name, sizeof(folder) - 1, name.n);
	number = str_slice(name, 0, str_find(name, dot));
	return str_to_int(number, &n) ? (int)n : 0;
}

static int step_apply(struct store *s, int n, const struct embedded_file *file,
		      struct err *err)
{
	char note[200];

	snprintf(note, sizeof(note),
		 "INSERT INTO schema_step (n, version) VALUES (%d, '%.40s')", n,
		 str_find_char(str_of(s->version), '\'') == strlen(s->version)
			 ? s->version
			 : "?");
	/* A NUL follows the embedded text. */
	if (s->driver->script(s->db, "BEGIN IMMEDIATE", err) ||
	    s->driver->script(s->db, file->begin, err) ||
	    s->driver->script(s->db, note, err) ||
	    s->driver->script(s->db, "COMMIT", err))
		return err_add(err, "schema step %d", n);
	return 0;
}

int store_migrate(struct store *s, struct err *err)
{
	int64_t have = 0;
	int newest = 0;

	if (s->driver->script(
		    s->db,
		    "CREATE TABLE IF NOT EXISTS schema_step (n INTEGER PRIMARY KEY, "
		    "version TEXT NOT NULL)",
		    err) ||
	    s->driver->number(s->db, "SELECT max(n) FROM schema_step", &have, err))
		return -1;
	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		int n = step_number(s, f->path);

		newest = n > newest ? n : newest;
	}
	if (have > newest)
		return err_set(
			err, ERR_CONFIG,
			"%s has schema %lld, newer than this program's %d: use the newer "
			"program, or restore a backup made before the upgrade",
			s->path, (long long)have, newest);
	/* Who has the wrong key changes nothing. */
	if (have > 0 && store_keys_check(s, err))
		return -1;
	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		int n = step_number(s, f->path);

		if (n > have && step_apply(s, n, f, err))
			return -1;
	}
	s->schema = newest;
	return 0;
}
