/* SPDX-License-Identifier: MIT */
/* What a mistyped name was meant to be. Pure; any thread. */
#ifndef CONFIG_NEAR_H
#define CONFIG_NEAR_H

#include "base/keys.h"

/* The name of `keys` that is nearest to `name`, if it is nearer than *best slips; *best
 * becomes its distance. NULL: none is. keys may be NULL. */
const char *near_key(const char *name, const struct key *keys, size_t *best);

#endif
