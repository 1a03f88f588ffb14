/* SPDX-License-Identifier: MIT */
/* Unicode over utf8proc: checking, cleaning, folding. Offsets are bytes. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "base/buf.h"

bool utf8_valid(struct str s);
/* Next code point at *at, which advances; −1 at the end; invalid bytes give U+FFFD one by
 * one. */
int32_t utf8_next(struct str s, size_t *at);
void utf8_add(struct buf *buf, int32_t code_point);
size_t utf8_encode(int32_t code_point, char out[4]);
/* Valid UTF-8: invalid bytes, NUL and surrogates become U+FFFD. The same view when clean.
 */
struct str utf8_repair(struct str s, struct arena *arena);
/* For showing to people: repaired; controls (but \n and \t), bidi and zero-width removed.
 */
struct str utf8_clean(struct str s, struct arena *arena);
/* For matching: NFKC, case-folded, marks stripped where a plain letter remains. */
struct str utf8_fold(struct str s, struct arena *arena);
bool utf8_is_letter(int32_t code_point);
bool utf8_is_digit(int32_t code_point);

#endif
