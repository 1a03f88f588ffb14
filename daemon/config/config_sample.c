/* SPDX-License-Identifier: MIT */
/*
 * The sample configuration inside the program, for those who have none yet: unpacked into
 * a folder of its own, read like any other, removed again. Main's thread.
 */
#include "config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embedded.h"

/* Writes one embedded file below folder, making the folders on the way. */
static bool unpack(const char *folder, const struct embedded_file *f)
{
	char path[4096];
	FILE *out;
	bool good;
	int n = snprintf(path, sizeof(path), "%s/%s", folder, f->path);

	if (n < 0 || (size_t)n >= sizeof(path))
		return false;
	for (char *p = path + strlen(folder) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
	out = fopen(path, "wxe");
	good = out && fwrite(f->begin, 1, (size_t)(f->end - f->begin), out) ==
			      (size_t)(f->end - f->begin);
	return out && fclose(out) == 0 && good;
}

static void unpacked_remove(const char *folder)
{
	static const char *const folders[] = { "conf/texts", "conf/words", "conf", "" };
	char path[4096];

	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		snprintf(path, sizeof(path), "%s/%s", folder, f->path);
		unlink(path);
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, folders[i]);
		rmdir(path);
	}
}

struct config *config_load_sample(struct config_faults *faults)
{
	char folder[] = "/tmp/kentongan-sample-XXXXXX", path[64];
	struct config *c = NULL;
	bool good = mkdtemp(folder) != NULL;

	for (const struct embedded_file *f = embedded_files; good && f->path; f++)
		if (str_starts(str_of(f->path), STR("conf/")) &&
		    !str_starts(str_of(f->path), STR("conf/examples/")))
			good = unpack(folder, f);
	snprintf(path, sizeof(path), "%s/conf/kentongan.conf", folder);
	if (good)
		c = config_load(path, true, faults);
	else
		buf_printf(&faults->text, "/tmp: the sample cannot be unpacked: %s\n",
			   strerror(errno));
	unpacked_remove(folder);
	return c;
}
