/* SPDX-License-Identifier: MIT */
/*
 * Which language a citizen writes, by words that only one of them has: "teu", "atos" are
 * Sundanese, "ora", "wis" Javanese (of Serang too), "yang", "sudah" Indonesian. Careful:
 * undecided unless at least two different marks speak for one language and clearly less
 * for any other, for an answer in the wrong language is worse than one in Indonesian,
 * which everyone reads. One text decides little; flow may ask for two of a kind before it
 * changes anything, and what the citizen chose with BAHASA always wins. Pure.
 */
#ifndef MODEL_LANGUAGE_H
#define MODEL_LANGUAGE_H

#include "base/arena.h"
#include "base/str.h"
#include "model/command.h"

struct language_marks {
	unsigned n[LANGUAGE_COUNT]; /* weight of different marks found for each */
	unsigned words;		    /* words in the text */
};

struct languages; /* their words, to be looked up */

/* From arena; NULL without room. */
struct languages *languages_build(struct arena *arena);
/* text: repaired UTF-8. marks MAY be NULL. LANGUAGE_NONE: not clear. */
enum command_language language_of(const struct languages *languages, struct str text,
				  struct arena *scratch, struct language_marks *marks);
/* For the unit test: no mark stands twice. NULL, or the word. */
const char *language_words_twice(void);

#endif
