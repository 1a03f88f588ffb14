/* SPDX-License-Identifier: MIT */
/*
 * What words mean for the likeness of complaints: filler, the matter (words for the same
 * thing share a number), marks of places. Words are those of model/text.h: abbreviations
 * written out, endings cut. Pure tables.
 */
#ifndef MODEL_SIMILAR_WORDS_H
#define MODEL_SIMILAR_WORDS_H

#include "base/str.h"

enum similar_kind {
	SIMILAR_NAME,	   /* anything unknown: names, mostly */
	SIMILAR_FILLER,	   /* says nothing */
	SIMILAR_MATTER,	   /* what it is about: lamp, waste, a clinic */
	SIMILAR_SYMPTOM,   /* what is wrong with it: dead, broken, leaks */
	SIMILAR_WEAK,	   /* what it is about, but in every second complaint: a road */
	SIMILAR_KAMPUNG,   /* the next word names a hamlet, an estate … */
	SIMILAR_DESA,	   /* … a village */
	SIMILAR_KECAMATAN, /* … a sub-district */
	SIMILAR_LANDMARK,  /* … which one of several: market, mosque */
	SIMILAR_SCHOOL,	   /* the same with a number: "sdn 2" */
	SIMILAR_RT,	   /* a number follows */
	SIMILAR_FIRST,	   /* first half of many names: "pasir", "bumi" */
};

/* *concept: which matter, else 0. */
enum similar_kind similar_word(struct str word, unsigned *concept);
/* For the unit test: no word stands twice. NULL, or the word. */
const char *similar_words_twice(void);

#endif
