/* SPDX-License-Identifier: MIT */
/*
 * How near two complaints are (domain section 9). A text becomes a sketch: hashes of its
 * content words, without politeness and filler, abbreviations written out, other words
 * for the same thing made one ("pju", "lampu jalan"), each marked as matter, as a name of
 * a place or as an RT/RW. Two sketches are compared word by word with weights; places
 * that contradict each other (another kampung, another RT) keep complaints apart however
 * equal the rest is, for a wrong merge buries a complaint and a missed one costs an
 * officer a minute.
 *
 * Two questions are answered:
 *   similar_again  the same person says it again: nearly the same words
 *   similar_matter another person says the same: same matter and at least one place that
 *                  both name. To be proposed to a human; the caller has seen to it that
 *                  department, village and week are the same.
 *
 * A sketch holds integers only and can be stored, or made again from the text (about
 * twenty microseconds). Bands serve to find candidates by an index instead of a scan:
 * texts that are alike share at least one band with high probability, others seldom do.
 * Pure.
 */
#ifndef MODEL_SIMILAR_H
#define MODEL_SIMILAR_H

#include "model/text.h"

enum { SKETCH_WORDS = 32, SKETCH_BANDS = 4 };

/* Bounds of the two questions; chosen on half of tests/texts/groups.tsv. */
#define SIMILAR_AGAIN	0.72
#define SIMILAR_MATTERS 0.45
#define SIMILAR_PLACE	0.45

struct sketch {
	/*
	 * Words, ascending: 28 bits of hash and 4 of kind. The first SKETCH_WORDS of a
	 * longer text in the order of their hashes, so that two long texts keep the same
	 * ones.
	 */
	uint32_t words[SKETCH_WORDS];
	uint32_t n;
	uint32_t bands[SKETCH_BANDS]; /* min-hashes of the matter; 0: no matter at all */
	uint64_t simhash; /* of all words: Hamming distance tells near-identity */
};

/* What two texts have in common, 0 to 1. */
struct similar_score {
	double matter; /* weighted words about what is wrong */
	double place;  /* named places; 0 when one names none */
	double all;    /* all words together */
	bool conflict; /* they name different places on the same level */
};

/*
 * rules: those that the router reads texts by (abbreviations, endings), or the same built
 * again. text: repaired UTF-8. At the scratch's ceiling the sketch is empty, and an empty
 * sketch is like nothing.
 */
struct sketch similar_sketch(const struct text_rules *rules, struct str text,
			     struct arena *scratch);
struct similar_score similar_score(const struct sketch *a, const struct sketch *b);
/* The same person's texts: the later only repeats the earlier. */
bool similar_again(const struct sketch *a, const struct sketch *b);
/* Different persons' texts: very likely the same matter at the same place. */
bool similar_matter(const struct sketch *a, const struct sketch *b);
/*
 * The shared words as the first text writes them, for the officer who decides: "lampu,
 * mati, cikupa". n 0: none.
 */
struct str similar_explain(const struct text_rules *rules, struct str a, struct str b,
			   struct arena *arena);

#endif
