/* SPDX-License-Identifier: MIT */
/* What holds where nothing is written. */
#ifndef CONFIG_DEFAULTS_H
#define CONFIG_DEFAULTS_H

#include "base/keys.h"

/* Puts the key's default (which must not be NULL, but for groups) into *to, zeroed
 * before. */
void defaults_take(const struct key *key, char *to);

#endif
