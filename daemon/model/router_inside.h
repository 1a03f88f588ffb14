/* SPDX-License-Identifier: MIT */
/* What router.c and route_show.c share. */
#ifndef MODEL_ROUTER_INSIDE_H
#define MODEL_ROUTER_INSIDE_H

#include "model/classify.h"
#include "model/dict.h"
#include "model/phrases.h"
#include "model/place.h"
#include "model/router.h"
#include "model/text.h"

enum {
	KINDS = 5,
	TAG_AGAINST = 10000, /* + department: a phrase of its not_with list */
	TAG_KIND = 20000,    /* + kind: a cue */
	REASONS_MOST = 48,
	MODEL_REASONS = 4,
	SIDES_MOST = 512,
};

/* "a" or "a + b": both sides must be in the text, wherever. */
struct pair_rule {
	struct str text;
	int first, second; /* numbers of its sides; second −1: one side */
	int department;	   /* −1: urgent */
};

struct pairs {
	struct phrases *sides;
	struct pair_rule *rules;
	size_t n;
	int n_sides;
};

struct router {
	struct router_spec spec;
	struct text_rules *rules;
	struct dict prefixes;
	struct phrases *phrases;
	struct pairs urgent,
		together; /* danger; words that speak for a department together */
	struct places *places;
	struct classifier model;
	bool has_model;
	size_t n_scores;     /* departments, then kinds */
	int *class_of;	     /* of each score; −1: the model does not know it */
	double absent_logit; /* what the model says of what it does not know */
};

#endif
