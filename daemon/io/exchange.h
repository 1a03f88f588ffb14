/* SPDX-License-Identifier: MIT */
/* What the carrier checks before an exchange and reads after it. */
#ifndef IO_EXCHANGE_H
#define IO_EXCHANGE_H

#include "base/http.h"

/*
 * One sentence, without anything of the exchange in it, when it cannot be carried: no
 * absolute URL of http(s), smtp(s) or imap(s), a line break or NUL where none may be, a
 * header that the carrier itself writes. NULL when it can.
 */
const char *exchange_fault(const struct exchange *exchange);
bool exchange_is_mail(const struct exchange *exchange); /* SMTP or IMAP, by its URL */
bool exchange_is_smtp(const struct exchange *exchange);
/* The folder that an IMAP URL names, decoded; p NULL: no room. */
struct str exchange_folder(const struct exchange *exchange, struct arena *arena);
/*
 * Header lines (without the status line) as pairs with names in lower case, from arena.
 * Lines without a colon are passed over. -1 at the arena's ceiling.
 */
int headers_read(struct str lines, struct arena *arena, struct str_pairs *out) MUST_CHECK;

#endif
