/* SPDX-License-Identifier: MIT */
/* A trap of libconfig 1.5. */
#ifndef CONFIG_NUMBERS_H
#define CONFIG_NUMBERS_H

#include <stdbool.h>

/* Whether that line of the file has a number that an int cannot hold. */
bool number_too_large(const char *file, unsigned line);

#endif
