/* SPDX-License-Identifier: MIT */
/*
 * A file of authorities that is not there, or is a key or a request by mistake, would be
 * found when the first poll fails; it is looked at while reading the configuration. Only
 * looked at: the carrier's library reads it. Main's thread.
 */
#include "config/ca_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

static bool has_certificate(FILE *f)
{
	bool found = false;
	char *line = NULL;
	size_t size = 0;

	while (!found && getline(&line, &size, f) > 0)
		found = str_starts(str_of(line), STR("-----BEGIN CERTIFICATE-----")) ||
			str_starts(str_of(line),
				   STR("-----BEGIN TRUSTED CERTIFICATE-----"));
	free(line);
	return found;
}

int ca_file_check(const char *path, struct err *err)
{
	FILE *f = fopen(path, "re");
	bool found;

	if (!f)
		return err_set(err, ERR_CONFIG, "%s cannot be read: %s", path,
			       strerror(errno));
	found = has_certificate(f);
	fclose(f);
	if (!found)
		return err_set(err, ERR_CONFIG,
			       "%s holds no certificate; PEM is wanted, beginning with "
			       "-----BEGIN CERTIFICATE-----",
			       path);
	return 0;
}
