/* SPDX-License-Identifier: MIT */
/*
 * What forwarders over HTTP need: where their server may be, what a status means where
 * the other side says nothing better. Pure.
 */
#ifndef ADAPTERS_FORWARD_COMMON_H
#define ADAPTERS_FORWARD_COMMON_H

#include "forwarder.h"

/* https, or http to this very machine; without a user in it. */
bool forward_url_good(struct str url);
/* No empty name, nothing that ends a line, none of the names in `ours` (lower case,
 * NULL-ended). */
bool forward_headers_good(struct str_pairs headers, const char *const *ours);
/* At most so many bytes of it, not within a letter. */
struct str forward_cut(struct str s, size_t most);
/*
 * Judges by the status alone. Whether the other side has it after a 502 or 504 is not
 * known; `idempotent` ones are sent again. words (may be empty) go into the reason.
 */
void forward_status(const struct response *response, struct str words, bool idempotent,
		    const struct forward_ctx *ctx, struct forward_receipt *out);

#endif
