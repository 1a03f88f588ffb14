/* SPDX-License-Identifier: MIT */
/* Mails as files, for the tests that read them: tests/fixtures/mail/NAME.eml. */
#ifndef TESTS_MAIL_FILES_H
#define TESTS_MAIL_FILES_H

#include <stdio.h>

#include "base/mime_read.h"

static struct str mail_file(const char *name, struct arena *arena)
{
	char path[200];
	char *p = arena_alloc(arena, MIME_BYTES_MOST, 1);
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "tests/fixtures/mail/%s.eml", name);
	f = fopen(path, "rb");
	if (!f || !p) {
		print_error("cannot read %s\n", path);
		fail();
		return STR("");
	}
	n = fread(p, 1, MIME_BYTES_MOST, f);
	fclose(f);
	return str_from(p, n);
}

#endif
