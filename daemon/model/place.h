/* SPDX-License-Identifier: MIT */
/*
 * Which kecamatan and desa a text names. A name counts behind a word that announces a
 * place
 * ("kp", "ds", "di"), a false friend ("Petir" is also lightning) only behind one that
 * leaves no doubt ("ds", "kec"), and both when two levels agree. A desa name that several
 * kecamatan have gives the kecamatan only when the text does. A kecamatan that is named
 * wins over a desa that it has not. Nothing is guessed.
 */
#ifndef MODEL_PLACE_H
#define MODEL_PLACE_H

#include "model/router.h"
#include "model/text.h"

struct places;

/* The words that announce a place: any, and the sure ones for each level. */
struct place_words {
	struct str_list any, desa, kecamatan;
};

struct places *places_build(const struct router_spec *spec,
			    const struct place_words *words,
			    const struct text_rules *rules, struct arena *arena);
/* n 0: not named, or not surely. */
void places_find(const struct places *places, const struct tokens *tokens,
		 struct str *kecamatan, struct str *desa);

/* Whether the text says where at all: by words that may stand for any place, or by one of
 * these names (small letters). */
bool place_named(struct str text, const struct str_list *names, struct arena *scratch);

/* ---- places that no list has ---- */

enum place_local { PLACE_HAMLET, PLACE_VILLAGE, PLACE_ESTATE, PLACE_LOCALS };

/* First words of the names behind "kp", "ds", "perum" and the like; n 0: none. */
struct place_locals {
	struct str names[PLACE_LOCALS];
};

struct place_locals place_locals(struct str text, struct arena *scratch);
/* The hamlet or estate with RT and RW as the text says them, for people: "kp cibogo RT
 * 3/2"; n 0: it says none, or at the arena's ceiling. */
struct str place_words(struct str text, struct arena *arena);
/* Both name a place of the same level, and not the same, slips forgiven. */
bool place_locals_differ(const struct place_locals *a, const struct place_locals *b);

#endif
