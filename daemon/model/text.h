/* SPDX-License-Identifier: MIT */
/*
 * A citizen's text as normalised words. What people write is brought near to one
 * spelling: folded, stretched letters shortened (parahhh), doubling digits dropped
 * (lubang2), known abbreviations replaced (jln → jalan), a few endings cut (-nya, -lah).
 * The same is done to the operator's phrases, so that both meet.
 */
#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include "base/arena.h"
#include "base/str.h"

enum { TEXT_TOKENS = 96 };

struct token {
	struct str word;   /* normalised */
	struct str seen;   /* as written, folded */
	size_t begin, end; /* bytes in the original; unset for the later words of an
			      abbreviation */
	bool number;	   /* digits only */
	bool place;	   /* stands where a place is told: "depan …" */
};

struct tokens {
	struct token items[TEXT_TOKENS];
	size_t n;
};

/* Spellings that are replaced, and words that tell a place; built once. */
struct text_rules;

struct text_rules_spec {
	struct str_list abbreviations; /* "jln=jalan", "dmn=di mana" */
	struct str_list endings;       /* "nya", "lah" */
	struct str_list places;	       /* "depan", "dekat" */
};

/* A list entry without '=' goes to `bad` (MAY be NULL) and is left out. NULL without
 * room. */
struct text_rules *text_rules_build(const struct text_rules_spec *spec,
				    struct arena *arena, struct str *bad);
/* text: valid UTF-8. At most TEXT_TOKENS words, the rest is not looked at. */
void text_tokens(const struct text_rules *rules, struct str text, struct arena *scratch,
		 struct tokens *out);

#endif
