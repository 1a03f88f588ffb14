/* SPDX-License-Identifier: MIT */
/* What mime_read.c does to the words of a mail that is no library's matter. */
#ifndef BASE_MIME_TEXT_H
#define BASE_MIME_TEXT_H

#include "base/arena.h"

/* Charsets whose bytes may look like UTF-8 and are not. */
bool mime_is_masked(struct str charset);
/* At most so many bytes of a text, not cut within a character. */
struct str mime_text_begin(struct str bytes, size_t most);
/* RFC 3676: a line that ends in a blank goes on (delsp: without the blank); quoted ones
 * stay as they are. */
struct str mime_unflow(struct str text, bool delsp, struct arena *arena);

#endif
