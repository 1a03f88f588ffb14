/* SPDX-License-Identifier: MIT */
/* Listening sockets, TCP and Unix, bound as the configuration writes them. */
#ifndef IO_LISTEN_H
#define IO_LISTEN_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * "HOST:PORT", "[V6]:PORT" or a path beginning with '/'. *bound gets the address that the
 * kernel gave, from arena. A Unix socket gets exactly `mode` before the first client can
 * connect; a stale one at its place is removed, one that somebody serves is not.
 */
int listen_open(struct str address, mode_t mode, struct arena *arena, int *fd,
		struct str *bound, struct err *err) MUST_CHECK;

#endif
