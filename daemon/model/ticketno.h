/* SPDX-License-Identifier: MIT */
/*
 * Ticket numbers: two digits of the year, a running number of at least `width` digits,
 * one Damm check digit; 25004176 is running number 417 of 2025 with width 5. Damm's
 * quasigroup of order 10 catches every single wrong digit and every swap of neighbours
 * (H. M. Damm, 2004).
 */
#ifndef MODEL_TICKETNO_H
#define MODEL_TICKETNO_H

#include "base/str.h"

enum { TICKETNO_TEXT_BYTES = 20 };
/* Digits besides those of the running number: two of the year, one to check. */
enum { TICKETNO_BESIDE = 3 };

unsigned damm_digit(struct str digits);
/* True when digits (only digits, at least 2) ends in its own check digit. */
bool damm_ok(struct str digits);
/* year: full (2025) or two digits; running ≥ 1. 0 when it has too many digits. */
int64_t ticketno_make(int year, int64_t running, unsigned width);
/* True for a number that ticketno_make can have made with this width (or more digits). */
bool ticketno_ok(int64_t no, unsigned width);
/*
 * The number at the start of s as people write it: "25004176" "No.2500 4176" "#25004176"
 * "nomor 25-004-176". Returns how many bytes it took, 0 when no number of this width with
 * a right check digit stands there. *wrong (MAY be NULL) is set when digits of the right
 * length stand there but the check digit is wrong; the bytes are then returned with *no =
 * 0.
 */
size_t ticketno_read(struct str s, unsigned width, int64_t *no, bool *wrong);

#endif
