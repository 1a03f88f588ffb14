/* SPDX-License-Identifier: MIT */
/*
 * From a text whose department a human has decided to words that would have told it: the
 * runs of words that no phrase of the lists matched, without filler, names and places.
 * Proposals for a human, never taken by themselves. Pure.
 */
#ifndef MODEL_TEACH_H
#define MODEL_TEACH_H

#include "model/router.h"

enum { TEACH_MOST = 8 };

/*
 * At most TEACH_MOST phrases as they may stand in a list of keywords, the longest first;
 * returns how many. places: names in small letters, beside those that the text itself
 * shows to be places; MAY be empty. text: repaired UTF-8.
 */
size_t teach_candidates(const struct router *router, struct str text,
			struct str_list places, struct arena *arena,
			struct str out[TEACH_MOST]);
/* Whether words may stand in a list: letters, digits, blanks and '+', two letters at
 * least. */
bool teach_fits(struct str words);

#endif
