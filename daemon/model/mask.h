/* SPDX-License-Identifier: MIT */
/*
 * Numbers that tell who somebody is, hidden in a text that leaves the desk (domain
 * section 10): identity cards (NIK, KK), telephones, accounts. "3604200105900001" becomes
 * "3604********0001", "0812 3456 7890" becomes "0812 **** **90". Digits are found with
 * whatever stands between them, in other scripts, as letters that look like them ("O8l2")
 * and as words ("nol delapan satu dua"). Prices, dates, lists, years, RT/RW, coordinates
 * and our own ticket numbers stay.
 *
 * What it promises: of nine digits and more in a row, whatever separates them, at most
 * eight are seen in a row afterwards, but for what is named above. Six and more behind
 * "rek", "hp", "wa" and the like are hidden too. In doubt it hides.
 *
 * The log has its own and simpler rule (base/log.h, log_mask), which also serves to show
 * one telephone number. Pure.
 */
#ifndef MODEL_MASK_H
#define MODEL_MASK_H

#include "base/arena.h"
#include "base/str.h"

/*
 * text: repaired UTF-8. ticket_digits: how many digits a ticket number has, its check
 * digit included; such a number with a right check digit stays. 0: none does. The same
 * view when there is nothing to hide; p NULL, n 0 at the arena's ceiling, so that a
 * failure lets nothing out.
 */
struct str mask_numbers(struct str text, unsigned ticket_digits, struct arena *arena);

#endif
