/* SPDX-License-Identifier: MIT */
/* Addresses and networks as an operator writes them. */
#ifndef CONFIG_NETWORK_H
#define CONFIG_NETWORK_H

#include "base/err.h"
#include "base/str.h"

/* "192.0.2.7", "192.0.2.0/24", "2001:db8::1", "2001:db8::/32" are good; anything else is
 * ERR_CONFIG, and the sentence says what to write. */
int network_check(struct str network, struct err *err) MUST_CHECK;

#endif
