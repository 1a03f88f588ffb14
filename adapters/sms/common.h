/* SPDX-License-Identifier: MIT */
/*
 * What several adapters need: what an HTTP status means where the provider says nothing
 * better, so that one provider's 502 is judged like another's, the answer's JSON, and ids
 * with a prefix. Pure.
 */
#ifndef ADAPTERS_SMS_COMMON_H
#define ADAPTERS_SMS_COMMON_H

#include "adapter.h"

/* 200 to 299. */
bool sms_status_good(int status);
/* Of an answer to fetch that is not good: always -1, with the kind and a sentence;
 * words (may be empty) go into it. */
int sms_status_fetched(int status, struct str words, struct err *err);
/* Of an answer to send that is not good. words (may be empty) go into the reason. */
void sms_status_sent(int status, struct str words, struct arena *arena,
		     struct sms_receipt *out);

/* The answer's JSON: what the carrier has read already, else read now into *own, which
 * the caller releases (json_free) when it is done with either. NULL: none, and why. */
const struct json *sms_json(const struct response *response, struct json **own,
			    struct err *err);

/* prefix and id in one; p NULL when there is no room. The id may hold any byte. */
struct str sms_id_join(struct arena *arena, struct str prefix, struct str id);

#endif
