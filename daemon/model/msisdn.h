/* SPDX-License-Identifier: MIT */
/*
 * Who a message is from, as one identity however it is written: 0812…, 62812…, +62 812-…,
 * 0062812… are the same person. E.164 allows 15 digits.
 */
#ifndef MODEL_MSISDN_H
#define MODEL_MSISDN_H

#include "base/arena.h"
#include "base/str.h"

enum sender_kind {
	SENDER_MOBILE, /* an ordinary number; may be answered */
	SENDER_SHORT,  /* fewer than 8 digits: a service; never answered */
	SENDER_NAME,   /* letters: an advertiser or operator; never answered */
	SENDER_NONE,   /* nothing usable */
	SENDER_WEB,    /* filed over HTTP, under a made-up name; has no telephone */
};

const char *sender_kind_name(enum sender_kind kind);
/*
 * address: "+6281234567890" for SENDER_MOBILE, otherwise the trimmed original (at most 40
 * bytes). country_code: digits without plus ("62"); a leading 0 is replaced by it.
 */
enum sender_kind sender_normalise(struct str raw, struct str country_code,
				  struct arena *arena, struct str *address);

#endif
