/* SPDX-License-Identifier: MIT */
/*
 * Message-IDs that only we can have made: <ktg.25004176.17.MAC@domain>, where MAC is half
 * of an HMAC-SHA-256 over all the rest in hex. Whoever answers a mail hands its id back
 * in In-Reply-To and References; an id that reads well therefore names the ticket and the
 * delivery that was answered, and cannot be guessed from a ticket's number. Pure.
 */
#ifndef BASE_MAILID_H
#define BASE_MAILID_H

#include "base/arena.h"
#include "base/err.h"

/*
 * With the angle brackets. no ≥ 0 (0: about no ticket), delivery_id ≥ 0. -1, *out
 * untouched: no room in the arena, or no domain.
 */
int mailid_make(struct str key, struct str domain, int64_t no, int64_t delivery_id,
		struct arena *arena, struct str *out) MUST_CHECK;
/*
 * id with or without its brackets. False, outputs untouched, for all that mailid_make did
 * not make with this key and domain; the time it takes tells nothing of the MAC.
 */
bool mailid_read(struct str key, struct str domain, struct str id, int64_t *no,
		 int64_t *delivery_id) MUST_CHECK;

#endif
