/* SPDX-License-Identifier: MIT */
/*
 * The operator's words and phrases, found in a text: whole words only, the longest phrase
 * wins, words are used once. A word of six letters and more may have one slip (a letter
 * missing, added, changed, or two swapped) when only one known word is that near.
 */
#ifndef MODEL_PHRASES_H
#define MODEL_PHRASES_H

#include "model/text.h"

struct phrases;

struct phrase_hit {
	int32_t tag;	  /* as given to phrases_add */
	int32_t phrase;	  /* number of the phrase, in order of adding */
	size_t first, n;  /* tokens */
	bool slip, place; /* some word had a slip; it is told as a place */
};

enum { PHRASE_HITS = 32, PHRASE_HITS_ALL = 128 };

/* Room for `most` phrases. NULL without memory. */
struct phrases *phrases_new(size_t most, struct arena *arena);
/* The tag of who has this phrase already (≥ 0), −1 when it was added, −2 when it has no
 * words. */
int phrases_add(struct phrases *phrases, const struct text_rules *rules, struct str text,
		int32_t tag, struct arena *scratch);
/* After all were added: builds the look-up of slips. False without memory. */
bool phrases_finish(struct phrases *phrases, struct arena *arena);
/* The phrase as the operator wrote it. */
struct str phrases_text(const struct phrases *phrases, int32_t phrase);
size_t phrases_find(const struct phrases *phrases, const struct tokens *tokens,
		    struct phrase_hit hits[PHRASE_HITS]);
/* The same, but every phrase that is there, also those inside of longer ones. */
size_t phrases_find_all(const struct phrases *phrases, const struct tokens *tokens,
			struct phrase_hit hits[PHRASE_HITS_ALL]);

#endif
