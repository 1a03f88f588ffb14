/* SPDX-License-Identifier: MIT */
/*
 * The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 clauses 6.2.1
 * and 6.2.1.1), and how many segments a text takes (TS 23.040 clause 9.2.3.24.1, 8-bit
 * reference: 160/153 septets, 70/67 UCS-2 units; no escape pair or surrogate pair is
 * split).
 */
#ifndef MODEL_GSM7_H
#define MODEL_GSM7_H

#include "base/arena.h"
#include "base/str.h"

struct sms_size {
	bool ucs2;	   /* at least one character is outside the 7-bit alphabet */
	unsigned units;	   /* septets, or UCS-2 units */
	unsigned segments; /* 1 for an empty text */
	unsigned left;	   /* units free in the last segment */
};

/* Septets of one code point: 1, 2 (extension table), or 0 when it is not in the alphabet.
 */
unsigned gsm7_septets(int32_t code_point);
struct sms_size sms_measure(struct str utf8);
/*
 * Replaces what has a plain look-alike in the 7-bit alphabet (typographic quotes, dashes,
 * ellipsis, no-break space, backtick, accented capitals…); everything else stays.
 */
struct str gsm7_plain(struct str utf8, struct arena *arena);
/* Septet values, one a byte (escape pairs as two), for adapters that need them. n 0 in
 * *out and false when the text does not fit the alphabet. */
bool gsm7_encode(struct str utf8, struct arena *arena, struct str *out);
struct str gsm7_decode(struct str septets, struct arena *arena);

#endif
