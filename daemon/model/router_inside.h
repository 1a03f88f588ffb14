/* SPDX-License-Identifier: MIT */
/* What router.c, router_build.c, router_rules.c, route_show.c and tools/train.c share. */
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
	TAG_AGAINST = 10000,  /* + department: a phrase of its not_with list */
	TAG_KIND = 20000,     /* + kind: a cue */
	TAG_ORDINARY = 30000, /* known, so that it is no slip of another; says nothing */
	REASONS_MOST = 48,
	MODEL_REASONS = 4,
};

/* The kinds that have classes of their own in the model, and lists of cues. */
struct router_kind {
	const char *class_name, *list;
	enum text_kind kind;
};
extern const struct router_kind router_kinds[KINDS];

/* ---- rules over a whole text: router_rules.c ---- */

enum rule_target { RULE_SCORE, RULE_URGENT, RULE_EITHER, RULE_SUSPICION, RULE_NOBODY };

struct rule_found {
	struct str text; /* as in the operator's file */
	enum rule_target target;
	int score;	   /* a department, or n_departments + kind */
	int other;	   /* RULE_EITHER: or that department, if nothing else tells */
	double weight;	   /* what it adds, in logits */
	bool sensitive;	   /* an accusation */
	bool confidential; /* its ticket is delicate, but goes to this department */
	bool doubt;	   /* RULE_SUSPICION: only if the model has some too */
};

/* Where rules are read from. */
struct rules_source {
	const struct text_rules *rules;
	bool (*list)(void *arg, struct str name, struct str_list *out);
	void *arg;
	struct arena *arena;
};

struct rules;

struct rules *rules_new(size_t most, struct arena *arena);
/* "a + b - <list>". −1: something in it can never match, and `bad` says what. */
int rules_add(struct rules *rules, const struct rules_source *from, struct str text,
	      struct rule_found found, struct str *bad);
/* True when some rule names this list. */
bool rules_use_list(const struct rules *rules, struct str name);
bool rules_finish(struct rules *rules, struct arena *arena);
/* What of the rules' words is in a text, from scratch, where the tokens are, too. NULL:
 * no room, which the two below take for nothing. */
struct rules_looked;
const struct rules_looked *rules_look(const struct rules *rules,
				      const struct tokens *tokens, struct arena *scratch);
/* Calls `found` for every rule that holds, in the order of adding; seen: the words of the
 * text that made it hold, from scratch. */
void rules_find(const struct rules *rules, const struct rules_looked *looked,
		struct arena *scratch,
		void (*found)(void *arg, const struct rule_found *rule, struct str seen),
		void *arg);

/* Signs: of which lists of the rules a text has words, alone and two by two. Features for
 * the model's question whether somebody in office is accused: no texts that train are so
 * many that each word meets each other. */
enum { LISTS_SEEN = 24, SIGNS_MOST = LISTS_SEEN * (LISTS_SEEN + 1) / 2 };
size_t rules_signs(const struct rules *rules, const struct rules_looked *looked,
		   struct feature signs[SIGNS_MOST]);
/* "<staff> + <gifts>", from scratch. */
struct str rules_sign_text(const struct rules *rules, const struct feature *sign,
			   struct arena *scratch);

struct router {
	struct router_spec spec;
	struct text_rules *rules;
	struct dict prefixes;
	struct phrases *phrases;
	struct rules *together; /* what words say that stand in one text */
	struct places *places;
	struct classifier model;
	bool has_model;
	size_t n_scores;      /* departments, then kinds */
	int *class_of;	      /* of each score; −1: the model does not know it */
	int accusation_class; /* −1: the model is not asked */
	double absent_logit;  /* what the model says of what it does not know */
};

/* One text being understood. */
struct routed {
	const struct router *r;
	struct arena *scratch;
	struct routing *out;
	struct tokens *tokens;
	struct phrase_hit *hits;
	size_t n_hits;
	struct feature *features;
	size_t n_features;
	struct feature *signs; /* of an accusation */
	size_t n_signs;
	float *model;  /* logits by class of the model */
	double *score; /* logits, then probabilities, by department and kind */
	const struct rule_found *urgent, *confidential; /* the first that holds */
	const struct rule_found *hint, *doubt;		/* that it may be an accusation */
	struct str urgent_seen, hint_seen, doubt_seen;
	bool sensitive_phrase, any_phrase;
	bool accused, no_complaint;	 /* by a rule */
	const struct rule_found *either; /* what must be asked if nothing else tells */
	bool thankful;			 /* some word or rule of thanks */
};

/* router_reasons.c. A reason more, while there is room for it. */
void router_reason(struct routed *t, const char *what, struct str matched,
		   struct str seen, int department, double weight);
/* The words that spoke most for a department or kind, by its place among the scores. */
void router_reasons_model(struct routed *t, size_t choice);
/* The words and the sign that spoke most for an accusation. */
void router_reasons_accusation(struct routed *t, int department);

#endif
