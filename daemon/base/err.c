/* SPDX-License-Identifier: MIT */
/* Errors as values. Any thread; owns nothing. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *err_kind_name(enum err_kind kind)
{
	static const char *const names[] = {
		[ERR_NONE] = "none",	 [ERR_LATER] = "later", [ERR_NEVER] = "never",
		[ERR_CONFIG] = "config", [ERR_LIMIT] = "limit", [ERR_BUG] = "bug",
	};

	return names[kind];
}

int err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	va_list args;

	if (!err)
		return -1;
	err->kind = kind;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return -1;
}

int err_add(struct err *err, const char *format, ...)
{
	char was[sizeof(err->text)];
	va_list args;
	int n;

	if (!err)
		return -1;
	memcpy(was, err->text, sizeof(was));
	va_start(args, format);
	n = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof(err->text) &&
	    snprintf(err->text + n, sizeof(err->text) - (size_t)n, ": %s", was) < 0)
		err->text[n] = '\0';
	return -1;
}
