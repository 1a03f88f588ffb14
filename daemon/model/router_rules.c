/* SPDX-License-Identifier: MIT */
/*
 * Rules over a whole text: "a + b - c" holds when a and b are in it, wherever, and c is
 * not. A side is a phrase as people write it, or <name>: any phrase of the list of that
 * name. The operator's files hold them all; here they are read once into bits, so that a
 * text is searched once and each rule is a few comparisons. Pure.
 */
#include "model/router_inside.h"

enum { SIDES_MOST = 4096, LISTS_MOST = 128, TERMS_MOST = 6, BITS = 64 };

struct lists {
	uint64_t bits[LISTS_MOST / BITS];
};

/* A side: a phrase by its number, or a list, from SIDES_MOST on. */
struct term {
	int side;
	bool against;
};

struct rules_rule {
	struct rule_found found; /* what the finder is told */
	struct term terms[TERMS_MOST];
	size_t n_terms;
};

struct rules {
	struct phrases *sides;
	struct lists *lists_of; /* by side: the lists it belongs to */
	struct str lists[LISTS_MOST];
	uint64_t hashes[LISTS_MOST]; /* of their names */
	struct rules_rule *rules;
	int *first; /* by rule: the side of its first term, by which most are passed over
		     */
	size_t n, most, n_sides, n_lists;
};

struct rules *rules_new(size_t most, struct arena *arena)
{
	struct rules *r = ARENA_NEW(arena, struct rules, 1);

	if (!r)
		return NULL;
	r->most = most;
	r->sides = phrases_new(SIDES_MOST, arena);
	r->lists_of = ARENA_NEW(arena, struct lists, SIDES_MOST);
	r->rules = ARENA_NEW(arena, struct rules_rule, most + 1);
	r->first = ARENA_NEW(arena, int, most + 1);
	return r->sides && r->lists_of && r->rules && r->first ? r : NULL;
}

/* The number of a phrase; −1: it can never match, or no room. */
static int side_of(struct rules *r, const struct text_rules *text_rules,
		   struct str phrase, struct arena *arena)
{
	int had;

	if (r->n_sides == SIDES_MOST)
		return -1;
	had = phrases_add(r->sides, text_rules, phrase, (int32_t)r->n_sides, arena);
	return had == -1 ? (int)r->n_sides++ : had < 0 ? -1 : had;
}

static int list_number(const struct rules *r, struct str name)
{
	for (size_t i = 0; i < r->n_lists; i++)
		if (str_eq(r->lists[i], name))
			return (int)i;
	return -1;
}

/* Takes the list of this name in; its number, or −1 when there is none, or no room. */
static int list_add(struct rules *r, const struct rules_source *from, struct str name,
		    struct str *bad)
{
	int number = list_number(r, name);
	struct str_list list;

	if (number >= 0)
		return number;
	if (!from->list(from->arg, name, &list) || r->n_lists == LISTS_MOST)
		return -1;
	number = (int)r->n_lists++;
	r->lists[number] = name;
	r->hashes[number] = str_hash(name);
	for (size_t i = 0; i < list.n; i++) {
		int side = side_of(r, from->rules, list.items[i], from->arena);

		if (side < 0)
			*bad = list.items[i];
		else
			r->lists_of[side].bits[number / BITS] |= UINT64_C(1)
								 << (number % BITS);
	}
	return number;
}

static bool term_add(struct rules *r, const struct rules_source *from,
		     struct rules_rule *rule, struct str text, bool against,
		     struct str *bad)
{
	struct term term = { .against = against };
	int number;

	text = str_trim(text);
	if (rule->n_terms == TERMS_MOST)
		return false;
	if (text.n > 2 && text.p[0] == '<' && text.p[text.n - 1] == '>') {
		number = list_add(r, from, str_slice(text, 1, text.n - 1), bad);
		term.side = SIDES_MOST + number;
	} else {
		number = side_of(r, from->rules, text, from->arena);
		term.side = number;
	}
	if (number >= 0)
		rule->terms[rule->n_terms++] = term;
	return number >= 0;
}

/* Where the next side begins: behind "+", or behind " - ". */
static size_t next_sign(struct str text, bool *against)
{
	size_t plus = str_find_char(text, '+'), minus = str_find(text, STR(" - "));

	*against = minus < plus;
	return minus < plus ? minus : plus;
}

int rules_add(struct rules *r, const struct rules_source *from, struct str text,
	      struct rule_found found, struct str *bad)
{
	struct rules_rule rule = { .found = found };
	bool against = false, next;

	*bad = text;
	if (r->n == r->most)
		return -1;
	for (struct str rest = text; rest.n;) {
		struct str fault = STR("");
		size_t end = next_sign(rest, &next);

		if (!term_add(r, from, &rule, str_slice(rest, 0, end), against, &fault)) {
			*bad = str_trim(str_slice(rest, 0, end));
			return -1;
		}
		if (fault.n) {
			*bad = fault;
			return -1;
		}
		if (end >= rest.n)
			break;
		rest = str_slice(rest, end + (next ? 3 : 1), rest.n);
		against = next;
	}
	if (rule.n_terms == 0 || rule.terms[0].against)
		return -1;
	rule.found.text = text;
	r->first[r->n] = rule.terms[0].side;
	r->rules[r->n++] = rule;
	return 0;
}

bool rules_use_list(const struct rules *r, struct str name)
{
	return list_number(r, name) >= 0;
}

bool rules_finish(struct rules *r, struct arena *arena)
{
	return phrases_finish(r->sides, arena);
}

/* What of the rules' sides is in a text. What only tells a place, or has a slip, is no
 * evidence for a rule, but speaks against one. */
struct sides_seen {
	uint64_t bits[(SIDES_MOST + LISTS_MOST) / BITS]; /* by the number of the side */
};

struct rules_looked {
	const struct tokens *tokens;
	struct phrase_hit hits[PHRASE_HITS_ALL];
	size_t n;
	struct sides_seen surely, perhaps;
};

static void see(const struct rules *r, int32_t side, struct sides_seen *seen)
{
	seen->bits[side / BITS] |= UINT64_C(1) << (side % BITS);
	for (int i = 0; i < LISTS_MOST / BITS; i++)
		seen->bits[SIDES_MOST / BITS + i] |= r->lists_of[side].bits[i];
}

static bool sure(const struct phrase_hit *hit)
{
	return !hit->place && !hit->slip;
}

const struct rules_looked *rules_look(const struct rules *r, const struct tokens *tokens,
				      struct arena *scratch)
{
	struct rules_looked *l = ARENA_ROOM(scratch, struct rules_looked, 1);

	if (!l)
		return NULL;
	l->tokens = tokens;
	l->surely = l->perhaps = (struct sides_seen){ 0 };
	l->n = phrases_find_all(r->sides, l->tokens, l->hits);
	for (size_t i = 0; i < l->n; i++) {
		see(r, l->hits[i].tag, &l->perhaps);
		if (sure(&l->hits[i]))
			see(r, l->hits[i].tag, &l->surely);
	}
	return l;
}

static bool bit(const uint64_t *bits, int i)
{
	return bits[i / BITS] >> (i % BITS) & 1;
}

static bool has(const struct sides_seen *seen, int side)
{
	return bit(seen->bits, side);
}

static bool holds(const struct rules_rule *rule, const struct rules_looked *l)
{
	for (size_t i = 0; i < rule->n_terms; i++) {
		const struct term *t = &rule->terms[i];

		if (t->against ? has(&l->perhaps, t->side) : !has(&l->surely, t->side))
			return false;
	}
	return true;
}

/* The first words of the text that stand for a side. */
static const struct phrase_hit *hit_of(const struct rules *r,
				       const struct rules_looked *l, int side)
{
	for (size_t i = 0; i < l->n; i++)
		if (sure(&l->hits[i]) &&
		    (side >= SIDES_MOST
			     ? bit(r->lists_of[l->hits[i].tag].bits, side - SIDES_MOST)
			     : l->hits[i].tag == side))
			return &l->hits[i];
	return NULL;
}

/* The words of a hit as written; an abbreviation that stands for several is one. */
static void add_seen(const struct rules_looked *l, const struct phrase_hit *hit,
		     struct buf *b)
{
	const char *before = NULL;

	for (size_t k = 0; k < hit->n; k++) {
		struct str seen = l->tokens->items[hit->first + k].seen;

		if (seen.p == before)
			continue;
		if (before)
			buf_add_char(b, ' ');
		buf_add(b, seen);
		before = seen.p;
	}
}

/* "kades + minta + juta": what in the text made a rule hold. */
static struct str words_seen(const struct rules *r, const struct rules_rule *rule,
			     const struct rules_looked *l, struct arena *scratch)
{
	struct buf b = BUF_INIT(400);
	struct str s;

	for (size_t i = 0; i < rule->n_terms; i++) {
		const struct phrase_hit *hit =
			rule->terms[i].against ? NULL : hit_of(r, l, rule->terms[i].side);

		if (!hit)
			continue;
		if (i)
			buf_add(&b, STR(" + "));
		add_seen(l, hit, &b);
	}
	s = arena_str(scratch, buf_str(&b));
	buf_free(&b);
	return s.p ? s : STR("");
}

/* By name, so that lists may come and go without a new model. */
static uint32_t sign_hash(const struct rules *r, size_t one, size_t other)
{
	uint64_t h = r->hashes[one] * 3;

	if (one != other)
		h += r->hashes[other] * 5;
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdu;
	return (uint32_t)(h ^ h >> 29);
}

size_t rules_signs(const struct rules *r, const struct rules_looked *l,
		   struct feature signs[SIGNS_MOST])
{
	size_t lists[LISTS_SEEN], n_lists = 0, n = 0;

	for (size_t i = 0; l && i < r->n_lists && n_lists < LISTS_SEEN; i++)
		if (has(&l->surely, SIDES_MOST + (int)i))
			lists[n_lists++] = i;
	for (size_t i = 0; i < n_lists; i++)
		for (size_t k = 0; k <= i; k++)
			signs[n++] = (struct feature){
				.hash = sign_hash(r, lists[k], lists[i]),
				.token = (uint16_t)(lists[k] * LISTS_MOST + lists[i]),
			};
	return n;
}

struct str rules_sign_text(const struct rules *r, const struct feature *sign,
			   struct arena *scratch)
{
	struct str one = r->lists[sign->token / LISTS_MOST],
		   other = r->lists[sign->token % LISTS_MOST];

	if (str_eq(one, other))
		return arena_printf(scratch, "<%.*s>", STR_ARG(one));
	return arena_printf(scratch, "<%.*s> + <%.*s>", STR_ARG(one), STR_ARG(other));
}

void rules_find(const struct rules *r, const struct rules_looked *l,
		struct arena *scratch,
		void (*found)(void *arg, const struct rule_found *rule, struct str seen),
		void *arg)
{
	for (size_t i = 0; l && i < r->n; i++)
		if (has(&l->surely, r->first[i]) && holds(&r->rules[i], l))
			found(arg, &r->rules[i].found,
			      words_seen(r, &r->rules[i], l, scratch));
}
