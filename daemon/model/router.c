/* SPDX-License-Identifier: MIT */
/*
 * Deciding. In order:
 *
 *   command?  → COMMAND
 *   the report word in front ("LAPOR spasi …") is taken off
 *   evidence, added up as logits: phrases of departments and of kinds (by their length,
 *     less when they tell a place or have a slip, against a department when in its
 *     not_with list), rules over the whole text, and the trained model
 *   a kind other than complaint, when it is clearly the strongest
 *   sensitive: a rule or a phrase of the sensitive department overrides all others (a
 *     phrase unless the model is quite sure that nothing of the kind is said), and a fair
 *     suspicion of the model is enough, since a complaint must not reach those whom it
 *     accuses
 *   the best department, when there is a matter in the text, and nothing in it hints at
 *     an accusation: no rule, and not the model's second question, asked without the
 *     phrases, which tell whose matter it is and not whether somebody there is accused
 *   otherwise a human (UNCLEAR)
 *
 * The thresholds were chosen by cross-validation over the texts that train; `make eval`
 * judges by others. router_build.c builds, router_rules.c knows the rules,
 * router_reasons.c says why.
 */
#include "model/router.h"

#include <math.h>
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
		    slip_share = 0.75, against = -2.5, cue = 1.6;
/* Thresholds, as probabilities. */
static const double kind_sure = 0.5, kind_sure_phrase = 0.85, department_sure = 0.30,
		    others_most = 0.35, bare_sure = 0.25, bare_others = 0.15,
		    suspicion = 0.25, suspicion_others = 0.25, sensitive_veto = 0.012,
		    accuses_surely = 0.9, accuses_likely = 0.5, accuses_little = 0.2,
		    accuses_hint = 0.01, even = 0.5;
/* In logits: what a word that the rules doubt adds to an accusation, how much of what
 * speaks for the department speaks against one, and how much is enough. */
static const double doubted = 1, department_share = 0.5, doubt_enough = -0.8;

/* ---- deciding ---- */

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

	if (hit->tag == TAG_ORDINARY)
		return;
	if (hit->tag >= TAG_KIND) {
		t->thankful |= router_kinds[hit->tag - TAG_KIND].kind == KIND_THANKS;
		t->score[r->spec.n_departments + (size_t)(hit->tag - TAG_KIND)] += cue;
		router_reason(t, "kind", matched, seen, -1, cue);
	} else if (hit->tag >= TAG_AGAINST) {
		d = hit->tag - TAG_AGAINST;
		t->score[d] += against;
		router_reason(t, "negative", matched, seen, d, against);
	} else {
		t->score[d] += w;
		t->any_phrase |= !hit->place;
		t->sensitive_phrase |= r->spec.departments[d].sensitive && !hit->place;
		router_reason(t,
			      r->spec.departments[d].sensitive ? "sensitive"
			      : hit->place		       ? "place"
			      : hit->slip		       ? "slip"
			      : hit->n > 1		       ? "phrase"
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

static void add_model(struct routed *t, const struct rules_looked *looked)
{
	const struct router *r = t->r;

	if (!r->has_model) { /* without it a complaint is what one expects */
		for (size_t i = r->spec.n_departments; i < r->n_scores; i++)
			t->score[i] += r->absent_logit;
		return;
	}
	t->n_features = classify_features(t->tokens, t->features);
	classify_score(&r->model, t->features, t->n_features, t->model);
	if (r->accusation_class >= 0) {
		t->n_signs = rules_signs(r->together, looked, t->signs);
		t->model[r->accusation_class] += classify_score_one(
			&r->model, t->signs, t->n_signs, (size_t)r->accusation_class);
	}
	for (size_t i = 0; i < r->n_scores; i++)
		t->score[i] += r->class_of[i] >= 0 ? (double)t->model[r->class_of[i]]
						   : r->absent_logit;
}

static size_t best_of(const double *score, size_t from, size_t to)
{
	size_t best = from;

	for (size_t i = from + 1; i < to; i++)
		if (score[i] > score[best])
			best = i;
	return best;
}

/* How surely the model says that somebody in office is accused: a question by itself,
 * besides whose matter it is. */
static double accuses(const struct routed *t)
{
	int class = t->r->accusation_class;

	return class < 0 ? 0 : 1 / (1 + exp(-(double)t->model[class]));
}

/* The sensitive department to which this must go; −1: none. */
static int sensitive_choice(const struct routed *t, double others)
{
	if (t->confidential)
		return -1;
	for (size_t d = 0; d < t->r->spec.n_departments; d++) {
		if (!t->r->spec.departments[d].sensitive)
			continue;
		if (t->score[d] >= suspicion && others < suspicion_others &&
		    (t->r->accusation_class < 0 || accuses(t) >= accuses_little))
			return (int)d;
		if (t->hint && accuses(t) >= accuses_surely)
			return (int)d;
		if (t->sensitive_phrase &&
		    (!t->r->has_model || t->accused || t->score[d] >= sensitive_veto))
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

/* A department is given only to what has a matter: a phrase of some department is in the
 * text, or the model is surer that it is a complaint than it must be otherwise; and no
 * rule speaks against it. Leaves what was wanted in *out, for whoever asks why not. */
static bool has_matter(struct routed *t, size_t department, double others)
{
	struct routing *out = t->out;

	out->nearest = (struct router_candidate){ (int)department, t->score[department] };
	out->others = others;
	out->wanted = t->any_phrase ? department_sure : bare_sure;
	out->others_most = t->any_phrase ? others_most : bare_others;
	if (t->no_complaint || (!t->r->has_model && !t->any_phrase))
		return false;
	return t->urgent ||
	       (t->score[department] >= out->wanted && others <= out->others_most);
}

/* Whether it is surely no complaint, but this. Who says that something is done gives no
 * thanks yet: that needs a word of thanks, or more certainty. */
static bool clear_kind(const struct routed *t, size_t kind, size_t department)
{
	bool thanks = router_kinds[kind - t->r->spec.n_departments].kind == KIND_THANKS;
	double wanted =
		t->any_phrase || (thanks && !t->thankful) ? kind_sure_phrase : kind_sure;

	return t->score[kind] >= wanted && t->score[kind] > t->score[department];
}

static void chosen_department(struct routed *t, size_t department)
{
	t->out->kind = KIND_COMPLAINT;
	t->out->department = (int)department;
	t->out->score = t->score[department];
	t->out->sensitive =
		t->r->spec.departments[department].sensitive ||
		(t->confidential && t->confidential->score == (int)department);
	router_reasons_model(t, department);
	alternatives(t, (int)department);
}

/* Two departments as likely as each other. */
static void chosen_either(struct routed *t)
{
	t->out->kind = KIND_COMPLAINT;
	t->out->department = t->either->score;
	t->out->score = even;
	t->out->alternatives[0] = (struct router_candidate){ t->either->other, even };
	t->out->n_alternatives = 1;
	t->out->even = true;
	router_reason(t, "either", t->either->text, STR(""), -1, 0);
}

static int sensitive_one(const struct router_spec *spec)
{
	for (size_t d = 0; d < spec->n_departments; d++)
		if (spec->departments[d].sensitive)
			return (int)d;
	return -1;
}

static double logit(double p)
{
	const double least = 1e-4;

	p = fmin(fmax(p, least), 1 - least);
	return log(p / (1 - p));
}

/* The surer the department, the surer must the doubt be: a text that nobody would have
 * read rightly anyway costs little to read. What no department gets may well be the rest
 * of the text before, and is kept from that one only by what is sure. */
static bool doubts(const struct routed *t, size_t department, bool matter)
{
	if (t->r->accusation_class < 0)
		return false;
	if (!matter)
		return accuses(t) >= accuses_surely;
	return logit(accuses(t)) + (t->doubt ? doubted : 0) -
		       department_share * logit(t->score[department]) >=
	       doubt_enough;
}

/*
 * Something hints at an accusation, but not surely enough for those who look into it:
 * then neither may the department have it that the other words lead to. Danger to life
 * does not wait for a human to read, and what is kept confidential is.
 */
static bool suspects(struct routed *t, size_t department, bool matter)
{
	const struct router_spec *spec = &t->r->spec;
	int sensitive = sensitive_one(spec);
	double alone;

	if (t->urgent || t->confidential || spec->departments[department].sensitive)
		return false;
	alone = accuses(t);
	if (t->hint && (alone >= accuses_hint || t->r->accusation_class < 0))
		router_reason(t, "hint", t->hint->text, t->hint_seen, -1, 0);
	else if (!doubts(t, department, matter))
		return false;
	else if (t->doubt)
		router_reason(t, "hint", t->doubt->text, t->doubt_seen, -1, 0);
	router_reasons_accusation(t, sensitive);
	if (sensitive >= 0 && (!t->hint || alone >= accuses_likely))
		router_reason(t, "suspicion", spec->departments[sensitive].code, STR(""),
			      sensitive, alone);
	if (sensitive >= 0)
		t->out->nearest = (struct router_candidate){ sensitive, alone };
	return true;
}

static void choose(struct routed *t)
{
	const size_t n = t->r->spec.n_departments;
	size_t department = best_of(t->score, 0, n),
	       kind = best_of(t->score, n, n + KINDS);
	double others = 0; /* that it is no complaint, of whatever kind */
	bool clear = clear_kind(t, kind, department), matter;
	int sensitive;

	for (size_t k = n; k < n + KINDS; k++)
		others += t->score[k];
	sensitive = sensitive_choice(t, others);
	matter = has_matter(t, department, others);
	t->out->department = -1;
	if (clear && !(sensitive >= 0 && t->sensitive_phrase)) {
		t->out->kind = router_kinds[kind - n].kind;
		t->out->score = t->score[kind];
		router_reasons_model(t, kind);
	} else if (sensitive >= 0 &&
		   (!t->no_complaint || (t->sensitive_phrase && !clear))) {
		if (!t->sensitive_phrase && ((size_t)sensitive != department ||
					     t->score[department] < department_sure)) {
			if (t->hint)
				router_reason(t, "hint", t->hint->text, t->hint_seen, -1,
					      0);
			router_reason(t, "suspicion",
				      t->r->spec.departments[sensitive].code, STR(""),
				      sensitive, t->score[sensitive]);
		}
		chosen_department(t, (size_t)sensitive);
		t->out->score = fmax(t->out->score, accuses(t));
	} else if (suspects(t, department, matter)) {
		t->out->suspected = true;
		t->out->score = t->score[kind];
		alternatives(t, -1);
	} else if (sensitive < 0 && matter) {
		chosen_department(t, department);
	} else {
		t->out->score = t->score[kind];
	}
	if (t->either && t->out->kind == KIND_UNCLEAR && !t->out->suspected)
		chosen_either(t);
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

/* The first that hints, and the first that only doubts. */
static void hint_count(struct routed *t, const struct rule_found *rule, struct str seen)
{
	const struct rule_found **which = rule->doubt ? &t->doubt : &t->hint;

	if (*which)
		return;
	*which = rule;
	*(rule->doubt ? &t->doubt_seen : &t->hint_seen) = seen;
}

/* A rule holds: what it says is added up; an alarm waits for what kind of text it is. */
static void rule_holds(void *arg, const struct rule_found *rule, struct str seen)
{
	struct routed *t = arg;
	const struct router *r = t->r;
	bool department = rule->score < (int)r->spec.n_departments;

	if (rule->target == RULE_NOBODY)
		return;
	if (rule->target == RULE_EITHER) {
		t->either = rule;
		return;
	}
	if (rule->target == RULE_SUSPICION) {
		hint_count(t, rule, seen);
		return;
	}
	if (rule->target == RULE_URGENT) {
		if (!t->urgent)
			t->urgent_seen = seen;
		t->urgent = t->urgent ? t->urgent : rule;
		return;
	}
	t->score[rule->score] += rule->weight;
	t->any_phrase |= department;
	t->no_complaint |= !department;
	t->thankful |= !department &&
		       router_kinds[rule->score - (int)r->spec.n_departments].kind ==
			       KIND_THANKS;
	t->sensitive_phrase |= rule->sensitive;
	t->accused |= rule->sensitive;
	if (rule->confidential && !t->confidential)
		t->confidential = rule;
	router_reason(t,
		      rule->sensitive ? "sensitive"
		      : department    ? "pair"
				      : "kind",
		      rule->text, seen, department ? rule->score : -1, rule->weight);
}

static void alarm_if_urgent(struct routed *t)
{
	if (!t->urgent)
		return;
	t->out->urgent = true;
	router_reason(t, "urgent", t->urgent->text, t->urgent_seen, -1, 0);
}

static bool routed_init(struct routed *t, const struct router *r, struct arena *scratch,
			struct routing *out)
{
	*t = (struct routed){ .r = r, .scratch = scratch, .out = out };
	*out = (struct routing){ .kind = KIND_UNCLEAR, .department = -1 };
	out->kecamatan = out->desa = STR("");
	out->reasons = ARENA_ROOM(scratch, struct router_reason, REASONS_MOST);
	t->tokens = ARENA_ROOM(scratch, struct tokens, 1);
	t->hits = ARENA_ROOM(scratch, struct phrase_hit, PHRASE_HITS);
	t->features =
		ARENA_ROOM(scratch, struct feature, r->has_model ? FEATURES_MOST : 1);
	t->signs = ARENA_ROOM(scratch, struct feature, r->has_model ? SIGNS_MOST : 1);
	t->model = ARENA_NEW(scratch, float, CLASSES_MOST);
	t->score = ARENA_NEW(scratch, double, r->n_scores);
	return out->reasons && t->tokens && t->hits && t->features && t->signs &&
	       t->model && t->score;
}

void router_route_plain(const struct router *r, struct str text, struct arena *scratch,
			struct routing *out)
{
	const struct rules_looked *looked;
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
	looked = rules_look(r->together, t.tokens, scratch);
	rules_find(r->together, looked, scratch, rule_holds, &t);
	add_model(&t, looked);
	to_probabilities(t.score, r->n_scores);
	choose(&t);
	if (out->kind == KIND_COMPLAINT || out->kind == KIND_UNCLEAR) {
		alarm_if_urgent(&t);
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
	router_reason(&t, "kind", str_of(command_name(command)), STR(""), -1, 0);
}

const struct text_rules *router_rules(const struct router *r)
{
	return r->rules;
}
