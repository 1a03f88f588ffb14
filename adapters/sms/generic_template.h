/* SPDX-License-Identifier: MIT */
/*
 * Templates of the generic adapter: text with placeholders, {name} or {name:format}. A
 * brace that is not followed by a lower-case letter is an ordinary character, so JSON may
 * be written as it is. Values are encoded for the place where they stand, so that no text
 * of a citizen can leave its place. Pure.
 */
#ifndef ADAPTERS_SMS_GENERIC_TEMPLATE_H
#define ADAPTERS_SMS_GENERIC_TEMPLATE_H

#include "adapter.h"

/* Where the result stands, and so how values are encoded. */
enum template_place {
	TEMPLATE_PLAIN,	 /* not at all: the caller encodes */
	TEMPLATE_URL,	 /* percent-encoding */
	TEMPLATE_JSON,	 /* inside the quotes of a JSON string */
	TEMPLATE_HEADER, /* control characters are left out */
};

/* In which requests a placeholder has a meaning. */
enum template_request {
	TEMPLATE_IN_POLL = 1 << 0,
	TEMPLATE_IN_SEND = 1 << 1,
	TEMPLATE_IN_SETTLE = 1 << 2,
};

struct template_values {
	struct str id, to, text, ucs2, sender, number, state, page, size, user, secret;
	struct str country_code; /* for {to:local} */
	bool state_is_time;	 /* {state} takes formats and shows state_ms */
	int64_t state_ms, wall_ms, since_ms;
	int32_t zone_s;
};

/* Appends; a failure of the buffer shows in out->failed. The template was checked. */
void template_expand(struct str text, enum template_place place,
		     const struct template_values *values, struct buf *out);
/* ERR_CONFIG with a sentence when a placeholder is unknown here or its format is odd. */
int template_check(struct str text, enum template_request request, bool state_is_time,
		   struct err *err);
/* True when {name} or {name:…} occurs. */
bool template_uses(struct str text, struct str name);

#endif
