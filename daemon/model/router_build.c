/* SPDX-License-Identifier: MIT */
/*
 * Building a router from the operator's files: rules of words, phrases, rules over whole
 * texts, places, the model. Every fault is told with its line before giving up. Once, at
 * start and at reload; by whoever reads the configuration. Knows no texts.
 */
#include "model/router.h"

#include <stdarg.h>
#include <stdio.h>

#include "model/router_inside.h"

/* What a rule adds, in logits: a department's "a + b", and a line of the list "rules". */
static const double pair = 2.0, together = 3.0;

/* The kinds that have classes of their own in the model, and cue lists. */
const struct router_kind router_kinds[KINDS] = {
	{ "GREETING", "greetings", KIND_GREETING },
	{ "THANKS", "thanks", KIND_THANKS },
	{ "SPAM", "spam", KIND_SPAM },
	{ "ROBOT", "robot", KIND_ROBOT },
	{ "UNCLEAR", "unclear", KIND_UNCLEAR },
};

struct building {
	struct router *r;
	struct arena *arena;
	void (*complain)(void *arg, unsigned line, const char *sentence);
	void *arg;
	unsigned faults;
};

__attribute__((format(printf, 3, 4))) static void complain(struct building *b,
							   unsigned line,
							   const char *format, ...)
{
	char sentence[300];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	b->faults++;
	b->complain(b->arg, line, sentence);
}

static const char *const known_lists[] = { "abbreviations",
					   "endings",
					   "prefixes",
					   "place_words",
					   "place_marks",
					   "place_marks_desa",
					   "place_marks_kecamatan",
					   "ordinary",
					   "urgent",
					   "rules",
					   "greetings",
					   "thanks",
					   "spam",
					   "robot",
					   "unclear",
					   NULL };

static struct str_list list_of(const struct router_spec *spec, const char *name,
			       unsigned *line)
{
	for (size_t i = 0; i < spec->words.n; i++)
		if (str_eq(spec->words.items[i].name, str_of(name))) {
			*line = spec->words.items[i].line;
			return spec->words.items[i].wordings;
		}
	*line = 0;
	return (struct str_list){ NULL, 0 };
}

static void check_lists(struct building *b)
{
	const struct key_texts *words = &b->r->spec.words;

	for (size_t i = 0; i < words->n; i++) {
		bool known = false;

		for (int k = 0; known_lists[k]; k++)
			known |= str_eq(words->items[i].name, str_of(known_lists[k]));
		known |= rules_use_list(b->r->together, words->items[i].name);
		if (!known)
			complain(b, words->items[i].line,
				 "words.%.*s: no list of this name is used",
				 STR_ARG(words->items[i].name));
	}
}

static bool build_words(struct building *b)
{
	const struct router_spec *spec = &b->r->spec;
	struct text_rules_spec rules;
	struct str bad = { NULL, 0 };
	unsigned line, abbreviations;
	struct str_list prefixes;

	rules.endings = list_of(spec, "endings", &line);
	rules.places = list_of(spec, "place_words", &line);
	rules.abbreviations = list_of(spec, "abbreviations", &abbreviations);
	b->r->rules = text_rules_build(&rules, b->arena, &bad);
	if (bad.p)
		complain(b, abbreviations,
			 "words.abbreviations: \"%.*s\" is no \"short=long\"",
			 STR_ARG(bad));
	prefixes = list_of(spec, "prefixes", &line);
	if (!dict_init(&b->r->prefixes, prefixes.n, b->arena))
		return false;
	for (size_t i = 0; i < prefixes.n; i++)
		dict_set(&b->r->prefixes, str_hash(prefixes.items[i]), 1);
	return b->r->rules != NULL;
}

static void add_phrase(struct building *b, unsigned line, const char *where,
		       struct str text, int tag)
{
	int had = phrases_add(b->r->phrases, b->r->rules, text, tag, b->arena);
	const struct router_spec *spec = &b->r->spec;

	if (had == -2)
		complain(b, line,
			 "%s: \"%.*s\" can never match: one to six words, please", where,
			 STR_ARG(text));
	else if (had >= 0 && had != tag && had < TAG_AGAINST && tag < TAG_AGAINST)
		complain(b, line, "%s: \"%.*s\" belongs to %.*s already", where,
			 STR_ARG(text), STR_ARG(spec->departments[had].code));
	else if (had >= 0 && had != tag)
		complain(b, line, "%s: \"%.*s\" stands in another list already", where,
			 STR_ARG(text));
}

static bool is_pair(struct str text)
{
	return str_find_char(text, '+') < text.n;
}

static void add_department(struct building *b, size_t d)
{
	const struct router_department *dep = &b->r->spec.departments[d];
	char where[80];

	snprintf(where, sizeof(where), "departments.%.*s.keywords", STR_ARG(dep->code));
	for (size_t i = 0; i < dep->keywords.n; i++)
		if (!is_pair(dep->keywords.items[i]))
			add_phrase(b, dep->line, where, dep->keywords.items[i], (int)d);
	snprintf(where, sizeof(where), "departments.%.*s.not_with", STR_ARG(dep->code));
	for (size_t i = 0; i < dep->not_with.n; i++)
		add_phrase(b, dep->line, where, dep->not_with.items[i],
			   TAG_AGAINST + (int)d);
}

static bool build_phrases(struct building *b)
{
	const struct router_spec *spec = &b->r->spec;
	unsigned lines[KINDS], line;
	struct str_list lists[KINDS], ordinary = list_of(spec, "ordinary", &line);
	size_t phrases = ordinary.n;

	for (size_t d = 0; d < spec->n_departments; d++)
		phrases +=
			spec->departments[d].keywords.n + spec->departments[d].not_with.n;
	for (int k = 0; k < KINDS; k++) {
		lists[k] = list_of(spec, router_kinds[k].list, &lines[k]);
		phrases += lists[k].n;
	}
	b->r->phrases = phrases_new(phrases, b->arena);
	if (!b->r->phrases)
		return false;
	for (size_t d = 0; d < spec->n_departments; d++)
		add_department(b, d);
	for (int k = 0; k < KINDS; k++)
		for (size_t i = 0; i < lists[k].n; i++)
			add_phrase(b, lines[k], router_kinds[k].list, lists[k].items[i],
				   TAG_KIND + k);
	for (size_t i = 0; i < ordinary.n; i++)
		add_phrase(b, line, "ordinary", ordinary.items[i], TAG_ORDINARY);
	return phrases_finish(b->r->phrases, b->arena);
}

static bool list_for_rules(void *arg, struct str name, struct str_list *out)
{
	const struct key_texts *words = &((struct building *)arg)->r->spec.words;

	for (size_t i = 0; i < words->n; i++)
		if (str_eq(words->items[i].name, name)) {
			*out = words->items[i].wordings;
			return true;
		}
	return false;
}

static void add_rule(struct building *b, unsigned line, struct str text,
		     struct rule_found found)
{
	struct rules_source from = { b->r->rules, list_for_rules, b, b->arena };
	struct str bad;

	if (rules_add(b->r->together, &from, text, found, &bad))
		complain(b, line, "\"%.*s\" can never match: \"%.*s\"", STR_ARG(text),
			 STR_ARG(bad));
}

/* The first sensitive department; −1: none. */
static int sensitive_one(const struct router_spec *spec)
{
	for (size_t d = 0; d < spec->n_departments; d++)
		if (spec->departments[d].sensitive)
			return (int)d;
	return -1;
}

static bool cut_end(struct str *text, struct str end)
{
	if (!str_ends(*text, end))
		return false;
	*text = str_trim(str_slice(*text, 0, text->n - end.n));
	return true;
}

static int department_of(const struct router_spec *spec, struct str code)
{
	for (size_t d = 0; d < spec->n_departments; d++)
		if (str_eq(spec->departments[d].code, code))
			return (int)d;
	return -1;
}

/* "DISHUB or PLN". With one of them only there is nothing to choose. */
static struct rule_found either_target(const struct router_spec *spec, struct str one,
				       struct str other)
{
	struct rule_found found = { .target = RULE_EITHER,
				    .score = department_of(spec, one),
				    .other = department_of(spec, other) };

	if (found.score < 0 || found.other < 0)
		found.target = RULE_NOBODY;
	return found;
}

/* "DISHUB confidential", "THANKS", "accusation", "suspicion" → what holds then. A
 * department that is not configured has rules for nobody; an accusation goes to a human
 * when there is no office that takes them. */
static struct rule_found rule_target(const struct router_spec *spec, struct str name)
{
	struct rule_found found = { .weight = together };
	size_t or = str_find(name, STR(" or "));

	if (str_eq(name, STR("suspicion")) || str_eq(name, STR("doubt")))
		return (struct rule_found){ .target = RULE_SUSPICION,
					    .doubt = str_eq(name, STR("doubt")) };
	if (or < name.n)
		return either_target(spec, str_slice(name, 0, or),
				     str_slice(name, or +4, name.n));
	found.confidential = cut_end(&name, STR(" confidential"));
	found.sensitive = str_eq(name, STR("accusation"));
	found.score = found.sensitive ? sensitive_one(spec) : department_of(spec, name);
	for (size_t k = 0; k < KINDS; k++)
		if (str_eq(str_of(router_kinds[k].class_name), name))
			found.score = (int)(spec->n_departments + k);
	found.target = found.score >= 0	 ? RULE_SCORE
		       : found.sensitive ? RULE_SUSPICION
					 : RULE_NOBODY;
	return found;
}

/* "a + <list> - b = TARGET". */
static void add_targeted_rule(struct building *b, unsigned line, struct str text)
{
	size_t is = str_find(text, STR(" = "));

	if (is == text.n)
		complain(b, line, "rules: \"%.*s\" has no \" = TARGET\"", STR_ARG(text));
	else
		add_rule(b, line, str_trim(str_slice(text, 0, is)),
			 rule_target(&b->r->spec,
				     str_trim(str_slice(text, is + 3, text.n))));
}

static void add_pairs(struct building *b)
{
	const struct router_spec *spec = &b->r->spec;

	for (size_t d = 0; d < spec->n_departments; d++) {
		const struct router_department *dep = &spec->departments[d];
		struct rule_found found = { .score = (int)d,
					    .weight = pair,
					    .sensitive = dep->sensitive };

		for (size_t i = 0; i < dep->keywords.n; i++)
			if (is_pair(dep->keywords.items[i]))
				add_rule(b, dep->line, dep->keywords.items[i], found);
	}
}

static bool build_rules(struct building *b)
{
	const struct router_spec *spec = &b->r->spec;
	unsigned line;
	struct str_list list = list_of(spec, "rules", &line);
	size_t most = list.n;

	for (size_t d = 0; d < spec->n_departments; d++)
		most += spec->departments[d].keywords.n;
	list = list_of(spec, "urgent", &line);
	b->r->together = rules_new(most + list.n, b->arena);
	if (!b->r->together)
		return false;
	for (size_t i = 0; i < list.n; i++)
		add_rule(b, line, list.items[i],
			 (struct rule_found){ .target = RULE_URGENT });
	add_pairs(b);
	list = list_of(spec, "rules", &line);
	for (size_t i = 0; i < list.n; i++)
		add_targeted_rule(b, line, list.items[i]);
	return rules_finish(b->r->together, b->arena);
}

static bool build_places(struct building *b)
{
	struct place_words words;
	unsigned line;

	words.any = list_of(&b->r->spec, "place_marks", &line);
	words.desa = list_of(&b->r->spec, "place_marks_desa", &line);
	words.kecamatan = list_of(&b->r->spec, "place_marks_kecamatan", &line);
	b->r->places = places_build(&b->r->spec, &words, b->r->rules, b->arena);
	return b->r->places != NULL;
}

static int class_named(const struct classifier *c, struct str name)
{
	for (size_t i = 0; i < c->n_classes; i++)
		if (str_eq(c->classes[i], name))
			return (int)i;
	return -1;
}

static bool build_model(struct building *b)
{
	struct router *r = b->r;
	struct err err;

	r->n_scores = r->spec.n_departments + KINDS;
	r->class_of = ARENA_NEW(b->arena, int, r->n_scores);
	if (!r->class_of)
		return false;
	r->absent_logit = -2;
	r->accusation_class = -1;
	if (r->spec.model.n == 0)
		return true;
	if (classifier_read(r->spec.model, &r->model, &err)) {
		complain(b, 0, "understanding.model: %s", err.text);
		return true;
	}
	r->has_model = true;
	r->accusation_class = class_named(&r->model, STR(CLASS_ACCUSATION));
	for (size_t d = 0; d < r->spec.n_departments; d++)
		r->class_of[d] = class_named(&r->model, r->spec.departments[d].code);
	for (size_t k = 0; k < KINDS; k++)
		r->class_of[r->spec.n_departments + k] =
			class_named(&r->model, str_of(router_kinds[k].class_name));
	return true;
}

struct router *router_build(const struct router_spec *spec,
			    void (*complain_to)(void *arg, unsigned line,
						const char *sentence),
			    void *arg, struct arena *arena)
{
	struct router *r = ARENA_NEW(arena, struct router, 1);
	struct building b = { r, arena, complain_to, arg, 0 };

	if (!r)
		return NULL;
	r->spec = *spec;
	if (!build_words(&b) || !build_phrases(&b) || !build_rules(&b) ||
	    !build_places(&b) || !build_model(&b))
		return NULL;
	check_lists(&b);
	return b.faults ? NULL : r;
}
