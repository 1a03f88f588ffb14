/* SPDX-License-Identifier: MIT */
/*
 * Deciding. In order:
 *
 *   command?  → COMMAND
 *   the report word in front ("LAPOR spasi …") is taken off
 *   evidence: phrases of departments and of kinds, and the trained model, are added up as
 * logits: a phrase counts by its length, less when it tells a place or has a slip, and
 * against a department when it stands in its not_with list sensitive: a phrase of a
 * sensitive department overrides, unless the model is quite sure that nothing of the kind
 * is said; and a fair suspicion of the model is enough, since a complaint must not reach
 * those whom it accuses a kind other than complaint must be clearly the strongest;
 * otherwise the best department, when it is strong enough; otherwise a human (UNCLEAR)
 *
 * The thresholds were chosen by cross-validation over the labelled texts (`make eval`).
 */
#include "model/router.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/classify.h"
#include "model/command.h"
#include "model/router_inside.h"

const char *text_kind_name(enum text_kind kind)
{
	static const char *const names[KIND_COUNT] = {
		[KIND_COMPLAINT] = "complaint", [KIND_COMMAND] = "command",
		[KIND_THANKS] = "thanks",	[KIND_GREETING] = "greeting",
		[KIND_SPAM] = "spam",		[KIND_ROBOT] = "robot",
		[KIND_UNCLEAR] = "unclear",
	};

	return names[kind];
}

/* Evidence weights, in logits. */
static const double phrase_first = 1.6, phrase_more = 0.9, place_share = 0.15,
		    slip_share = 0.75, against = -2.5, cue = 1.6, pair = 2.0;
/* Thresholds, as probabilities. */
static const double kind_sure = 0.5, kind_sure_phrase = 0.8, suspicion = 0.06,
		    sensitive_veto = 0.012;
const double router_department_sure = 0.30, router_others_most = 0.28;

/* The kinds that have classes of their own in the model, and cue lists. */
static const struct {
	const char *class_name, *list;
	enum text_kind kind;
} kinds[KINDS] = {
	{ "GREETING", "greetings", KIND_GREETING },
	{ "THANKS", "thanks", KIND_THANKS },
	{ "SPAM", "spam", KIND_SPAM },
	{ "ROBOT", "robot", KIND_ROBOT },
	{ "UNCLEAR", "unclear", KIND_UNCLEAR },
};

/* ---- deciding ---- */

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
	float *model;  /* logits by class of the model */
	double *score; /* logits, then probabilities, by department and kind */
	bool sensitive_phrase, any_phrase;
};

static void reason(struct routed *t, const char *what, struct str matched,
		   struct str seen, int department, double weight)
{
	if (t->out->n_reasons == REASONS_MOST)
		return;
	t->out->reasons[t->out->n_reasons++] = (struct router_reason){
		.what = str_of(what),
		.matched = matched,
		.seen = seen,
		.department = department,
		.weight = weight,
	};
}

static struct str seen_of(const struct routed *t, const struct phrase_hit *hit)
{
	struct buf b = BUF_INIT(400);
	struct str s;

	for (size_t i = 0; i < hit->n; i++) {
		if (i)
			buf_add_char(&b, ' ');
		buf_add(&b, t->tokens->items[hit->first + i].seen);
	}
	s = arena_str(t->scratch, buf_str(&b));
	buf_free(&b);
	return s.p ? s : STR("");
}

static double hit_weight(const struct phrase_hit *hit)
{
	double w = phrase_first + phrase_more * (double)(hit->n - 1);

	if (hit->place)
		w *= place_share;
	return hit->slip ? w * slip_share : w;
}

static void hit_count(struct routed *t, const struct phrase_hit *hit)
{
	const struct router *r = t->r;
	struct str matched = phrases_text(r->phrases, hit->phrase),
		   seen = seen_of(t, hit);
	double w = hit_weight(hit);
	int d = hit->tag;

	if (hit->tag >= TAG_KIND) {
		t->score[r->spec.n_departments + (size_t)(hit->tag - TAG_KIND)] += cue;
		reason(t, "kind", matched, seen, -1, cue);
	} else if (hit->tag >= TAG_AGAINST) {
		d = hit->tag - TAG_AGAINST;
		t->score[d] += against;
		reason(t, "negative", matched, seen, d, against);
	} else {
		t->score[d] += w;
		t->any_phrase |= !hit->place;
		t->sensitive_phrase |= r->spec.departments[d].sensitive && !hit->place;
		reason(t,
		       r->spec.departments[d].sensitive ? "sensitive"
		       : hit->place			? "place"
		       : hit->slip			? "slip"
		       : hit->n > 1			? "phrase"
							: "word",
		       matched, seen, d, w);
	}
}

static void to_probabilities(double *score, size_t n)
{
	double most = score[0], sum = 0;

	for (size_t i = 1; i < n; i++)
		most = score[i] > most ? score[i] : most;
	for (size_t i = 0; i < n; i++) {
		score[i] = exp(score[i] - most);
		sum += score[i];
	}
	for (size_t i = 0; i < n; i++)
		score[i] /= sum;
}

static void add_model(struct routed *t)
{
	const struct router *r = t->r;

	if (!r->has_model) { /* without it a complaint is what one expects */
		for (size_t i = r->spec.n_departments; i < r->n_scores; i++)
			t->score[i] += r->absent_logit;
		return;
	}
	t->n_features = classify_features(t->tokens, t->features);
	classify_score(&r->model, t->features, t->n_features, t->model);
	for (size_t i = 0; i < r->n_scores; i++)
		t->score[i] += r->class_of[i] >= 0 ? (double)t->model[r->class_of[i]]
						   : r->absent_logit;
}

/* The words that spoke most for the choice. */
static void explain_model(struct routed *t, size_t choice)
{
	float parts[TEXT_TOKENS];

	if (!t->r->has_model || t->r->class_of[choice] < 0)
		return;
	classify_explain(&t->r->model, t->features, t->n_features,
			 (size_t)t->r->class_of[choice], parts, t->tokens->n);
	for (int k = 0; k < MODEL_REASONS; k++) {
		size_t best = 0;

		for (size_t i = 1; i < t->tokens->n; i++)
			if (parts[i] > parts[best])
				best = i;
		if (t->tokens->n == 0 || parts[best] < 0.3f)
			return;
		reason(t, "model", t->tokens->items[best].word,
		       t->tokens->items[best].seen,
		       choice < t->r->spec.n_departments ? (int)choice : -1,
		       (double)parts[best]);
		parts[best] = 0;
	}
}

static size_t best_of(const double *score, size_t from, size_t to)
{
	size_t best = from;

	for (size_t i = from + 1; i < to; i++)
		if (score[i] > score[best])
			best = i;
	return best;
}

/* The sensitive department to which this must go; −1: none. */
static int sensitive_choice(const struct routed *t, double others)
{
	for (size_t d = 0; d < t->r->spec.n_departments; d++) {
		if (!t->r->spec.departments[d].sensitive)
			continue;
		if (t->score[d] >= suspicion && others < 0.5)
			return (int)d;
		if (t->sensitive_phrase &&
		    (!t->r->has_model || t->score[d] >= sensitive_veto))
			return (int)d;
	}
	return -1;
}

static void alternatives(struct routed *t, int chosen)
{
	struct routing *out = t->out;
	const size_t most = sizeof(out->alternatives) / sizeof(*out->alternatives);

	for (size_t d = 0; d < t->r->spec.n_departments; d++) {
		struct router_candidate c = { (int)d, t->score[d] };
		size_t at = out->n_alternatives;

		if ((int)d == chosen || t->score[d] < 0.02)
			continue;
		while (at && out->alternatives[at - 1].score < c.score)
			at--;
		if (at == most)
			continue;
		if (out->n_alternatives < most)
			out->n_alternatives++;
		for (size_t k = out->n_alternatives - 1; k > at; k--)
			out->alternatives[k] = out->alternatives[k - 1];
		out->alternatives[at] = c;
	}
}

static void choose(struct routed *t)
{
	const size_t n = t->r->spec.n_departments;
	size_t department = best_of(t->score, 0, n),
	       kind = best_of(t->score, n, n + KINDS);
	double wanted = t->any_phrase ? kind_sure_phrase : kind_sure;
	double others = 0; /* that it is no complaint, of whatever kind */
	int sensitive;
	bool clear_kind =
		t->score[kind] >= wanted && t->score[kind] > t->score[department];

	for (size_t k = n; k < n + KINDS; k++)
		others += t->score[k];
	sensitive = sensitive_choice(t, others);

	t->out->department = -1;
	if (clear_kind && !(sensitive >= 0 && t->sensitive_phrase)) {
		t->out->kind = kinds[kind - n].kind;
		t->out->score = t->score[kind];
		explain_model(t, kind);
	} else if (sensitive >= 0) {
		t->out->kind = KIND_COMPLAINT;
		t->out->department = sensitive;
		t->out->score = t->score[sensitive];
		t->out->sensitive = true;
		if (!t->sensitive_phrase &&
		    ((size_t)sensitive != department ||
		     t->score[department] < router_department_sure))
			reason(t, "suspicion", t->r->spec.departments[sensitive].code,
			       STR(""), sensitive, t->score[sensitive]);
		explain_model(t, (size_t)sensitive);
	} else if (t->score[department] >= router_department_sure &&
		   others <= router_others_most && (t->r->has_model || t->any_phrase)) {
		t->out->kind = KIND_COMPLAINT;
		t->out->department = (int)department;
		t->out->score = t->score[department];
		explain_model(t, department);
	} else {
		t->out->kind = KIND_UNCLEAR;
		t->out->score = t->score[kind];
		t->out->nearest = (struct router_candidate){ (int)department,
							     t->score[department] };
		t->out->others = others;
	}
	if (t->out->kind == KIND_COMPLAINT)
		alternatives(t, t->out->department);
}

/* "LAPOR<spasi>", "LAPOR#", "lapor.": how many words in front only announce a report. */
static size_t prefix_words(const struct router *r, const struct tokens *t)
{
	size_t n = 0;

	while (n < t->n && n < 3 &&
	       dict_get(&r->prefixes, str_hash(t->items[n].word)) >= 0)
		n++;
	return n < t->n ? n : 0;
}

static void drop_prefix(struct routed *t, struct str text)
{
	size_t n = prefix_words(t->r, t->tokens);

	t->out->body = text;
	if (n == 0)
		return;
	if (t->tokens->items[n].end)
		t->out->body = str_slice(text, t->tokens->items[n].begin, text.n);
	memmove(t->tokens->items, t->tokens->items + n,
		(t->tokens->n - n) * sizeof(*t->tokens->items));
	t->tokens->n -= n;
}

/* Calls `found` for every rule whose sides are all in the text. */
static void pairs_find(struct routed *t, const struct pairs *pairs,
		       void (*found)(struct routed *, const struct pair_rule *))
{
	struct phrase_hit hits[PHRASE_HITS];
	uint64_t sides[SIDES_MOST / 64 + 1] = { 0 };
	size_t n = phrases_find(pairs->sides, t->tokens, hits);

	for (size_t i = 0; i < n; i++)
		if (!hits[i].place)
			sides[hits[i].tag / 64] |= UINT64_C(1) << (hits[i].tag % 64);
	for (size_t i = 0; i < pairs->n; i++) {
		const struct pair_rule *u = &pairs->rules[i];
		bool a = sides[u->first / 64] >> (u->first % 64) & 1;
		bool b = u->second < 0 || (sides[u->second / 64] >> (u->second % 64) & 1);

		if (a && b)
			found(t, u);
	}
}

static void urgent_found(struct routed *t, const struct pair_rule *rule)
{
	if (!t->out->urgent)
		reason(t, "urgent", rule->text, rule->text, -1, 0);
	t->out->urgent = true;
}

static void together_found(struct routed *t, const struct pair_rule *rule)
{
	t->score[rule->department] += pair;
	t->any_phrase = true;
	reason(t, "pair", rule->text, rule->text, rule->department, pair);
}

static bool routed_init(struct routed *t, const struct router *r, struct arena *scratch,
			struct routing *out)
{
	*t = (struct routed){ .r = r, .scratch = scratch, .out = out };
	*out = (struct routing){ .kind = KIND_UNCLEAR, .department = -1 };
	out->kecamatan = out->desa = STR("");
	out->reasons = ARENA_NEW(scratch, struct router_reason, REASONS_MOST);
	t->tokens = ARENA_NEW(scratch, struct tokens, 1);
	t->hits = ARENA_NEW(scratch, struct phrase_hit, PHRASE_HITS);
	t->features =
		ARENA_NEW(scratch, struct feature, r->has_model ? FEATURES_MOST : 1);
	t->model = ARENA_NEW(scratch, float, CLASSES_MOST);
	t->score = ARENA_NEW(scratch, double, r->n_scores);
	return out->reasons && t->tokens && t->hits && t->features && t->model &&
	       t->score;
}

void router_route_plain(const struct router *r, struct str text, struct arena *scratch,
			struct routing *out)
{
	struct routed t;

	if (!routed_init(&t, r, scratch, out))
		return;
	out->body = text;
	text_tokens(r->rules, text, scratch, t.tokens);
	drop_prefix(&t, text);
	if (t.tokens->n == 0)
		return;
	t.n_hits = phrases_find(r->phrases, t.tokens, t.hits);
	for (size_t i = 0; i < t.n_hits; i++)
		hit_count(&t, &t.hits[i]);
	pairs_find(&t, &r->together, together_found);
	add_model(&t);
	to_probabilities(t.score, r->n_scores);
	choose(&t);
	if (out->kind == KIND_COMPLAINT || out->kind == KIND_UNCLEAR) {
		pairs_find(&t, &r->urgent, urgent_found);
		places_find(r->places, t.tokens, &out->kecamatan, &out->desa);
	}
}

void router_route(const struct router *r, struct str text, struct arena *scratch,
		  struct routing *out)
{
	enum command_kind command =
		command_read(text, r->spec.number_width, scratch).kind;
	struct routed t;

	if (command == COMMAND_NONE || command == COMMAND_RAHASIA) {
		router_route_plain(r, text, scratch, out);
		return;
	}
	if (!routed_init(&t, r, scratch, out))
		return;
	out->body = text;
	out->kind = KIND_COMMAND;
	out->score = 1;
	reason(&t, "kind", str_of(command_name(command)), STR(""), -1, 0);
}

const struct text_rules *router_rules(const struct router *r)
{
	return r->rules;
}

/* ---- building ---- */

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
					   "urgent",
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
		if (!known)
			complain(b, words->items[i].line,
				 "words.%.*s: no list of this name is used",
				 STR_ARG(words->items[i].name));
	}
}

static bool build_rules(struct building *b)
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

static size_t words_in(struct str_list list)
{
	size_t n = list.n;

	for (size_t i = 0; i < list.n; i++)
		for (size_t k = 0; k < list.items[i].n; k++)
			n += list.items[i].p[k] == ' ' || list.items[i].p[k] == '-';
	return n * 2; /* an abbreviation may stand for two */
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
	struct str_list lists[KINDS];
	unsigned lines[KINDS];
	size_t phrases = 0, words = 0;

	for (size_t d = 0; d < spec->n_departments; d++) {
		phrases +=
			spec->departments[d].keywords.n + spec->departments[d].not_with.n;
		words += words_in(spec->departments[d].keywords) +
			 words_in(spec->departments[d].not_with);
	}
	for (int k = 0; k < KINDS; k++) {
		lists[k] = list_of(spec, kinds[k].list, &lines[k]);
		phrases += lists[k].n;
		words += words_in(lists[k]);
	}
	b->r->phrases = phrases_new(phrases, words, b->arena);
	if (!b->r->phrases)
		return false;
	for (size_t d = 0; d < spec->n_departments; d++)
		add_department(b, d);
	for (int k = 0; k < KINDS; k++)
		for (size_t i = 0; i < lists[k].n; i++)
			add_phrase(b, lines[k], kinds[k].list, lists[k].items[i],
				   TAG_KIND + k);
	return phrases_finish(b->r->phrases, b->arena);
}

/* The number of one side of an entry. */
static int pair_side(struct building *b, struct pairs *pairs, struct str side)
{
	int had = phrases_add(pairs->sides, b->r->rules, str_trim(side), pairs->n_sides,
			      b->arena);

	return had == -1 ? pairs->n_sides++ : had;
}

static void pair_add(struct building *b, struct pairs *pairs, unsigned line,
		     struct str text, int department)
{
	size_t plus = str_find_char(text, '+');
	struct pair_rule rule = { .text = text, .second = -1, .department = department };

	if (pairs->n_sides + 2 > SIDES_MOST) {
		complain(b, line, "more than %d words in entries with '+'", SIDES_MOST);
		return;
	}
	rule.first = pair_side(b, pairs, str_slice(text, 0, plus));
	if (plus < text.n)
		rule.second = pair_side(b, pairs, str_slice(text, plus + 1, text.n));
	if (rule.first < 0 || (plus < text.n && rule.second < 0))
		complain(b, line, "\"%.*s\" can never match", STR_ARG(text));
	else
		pairs->rules[pairs->n++] = rule;
}

static bool pairs_init(struct building *b, struct pairs *pairs, size_t entries,
		       size_t words)
{
	pairs->sides = phrases_new(entries * 2, words + entries * 2, b->arena);
	pairs->rules = ARENA_NEW(b->arena, struct pair_rule, entries + 1);
	return pairs->sides && pairs->rules;
}

static bool build_pairs(struct building *b)
{
	const struct router_spec *spec = &b->r->spec;
	unsigned line;
	struct str_list urgent = list_of(spec, "urgent", &line);
	size_t entries = 0, words = 0;

	if (!pairs_init(b, &b->r->urgent, urgent.n, words_in(urgent)))
		return false;
	for (size_t i = 0; i < urgent.n; i++)
		pair_add(b, &b->r->urgent, line, urgent.items[i], -1);
	for (size_t d = 0; d < spec->n_departments; d++) {
		entries += spec->departments[d].keywords.n;
		words += words_in(spec->departments[d].keywords);
	}
	if (!pairs_init(b, &b->r->together, entries, words))
		return false;
	for (size_t d = 0; d < spec->n_departments; d++)
		for (size_t i = 0; i < spec->departments[d].keywords.n; i++)
			if (is_pair(spec->departments[d].keywords.items[i]))
				pair_add(b, &b->r->together, spec->departments[d].line,
					 spec->departments[d].keywords.items[i], (int)d);
	return phrases_finish(b->r->urgent.sides, b->arena) &&
	       phrases_finish(b->r->together.sides, b->arena);
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
	if (r->spec.model.n == 0)
		return true;
	if (classifier_read(r->spec.model, &r->model, &err)) {
		complain(b, 0, "understanding.model: %s", err.text);
		return true;
	}
	r->has_model = true;
	for (size_t d = 0; d < r->spec.n_departments; d++)
		r->class_of[d] = class_named(&r->model, r->spec.departments[d].code);
	for (size_t k = 0; k < KINDS; k++)
		r->class_of[r->spec.n_departments + k] =
			class_named(&r->model, str_of(kinds[k].class_name));
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
	check_lists(&b);
	if (!build_rules(&b) || !build_phrases(&b) || !build_pairs(&b) ||
	    !build_places(&b) || !build_model(&b))
		return NULL;
	return b.faults ? NULL : r;
}
