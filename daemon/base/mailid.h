/* SPDX-License-Identifier: MIT */
/*
 * Message-IDs that only we can have made: <ktg.25004176.17.1764000000.MAC@domain>, where
 * MAC is half of an HMAC-SHA-256 over all the rest in hex. Whoever answers a mail hands
 * its id back in In-Reply-To and References; an id that reads well therefore names the
 * ticket and the delivery that was answered, and cannot be guessed from a ticket's
 * number. After a backup is restored numbers are given again; when it was made tells
 * such deliveries apart, to the servers, too, which take a mail of a known id for one
 * that they have. Pure.
 */
#ifndef BASE_MAILID_H
#define BASE_MAILID_H

#include "base/arena.h"
#include "base/err.h"

struct mailid {
	int64_t no; /* of the ticket; 0: about none */
	int64_t delivery_id;
	int64_t made_s; /* when the delivery was, seconds since 1970; −1: an id of before
			   0.1.0 does not say */
};

/* With the angle brackets. -1, *out untouched: no room in the arena, or no domain. */
int mailid_make(struct str key, struct str domain, const struct mailid *id,
		struct arena *arena, struct str *out) MUST_CHECK;
/*
 * text with or without its brackets. False, *out untouched, for all that mailid_make did
 * not make with this key and domain; the time it takes tells nothing of the MAC.
 */
bool mailid_read(struct str key, struct str domain, struct str text,
		 struct mailid *out) MUST_CHECK;
/* Whether it can be of a delivery that was made then. */
bool mailid_fits(const struct mailid *id, int64_t made_ms);

#endif
