/* SPDX-License-Identifier: MIT */
/*
 * From normalised words to marks, from marks to a sketch, from two sketches to a score.
 * Pure; a sketch is a value, everything else lives in the caller's scratch.
 */
#include "model/similar.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "model/similar_words.h"

enum {
	KIND_BITS = 4,
	KIND_MASK = (1 << KIND_BITS) - 1,
	NAME_LETTERS = 3,
	EVIDENCE = 3,
	EVIDENCE_UNKNOWN = 4
};

/* What a stored word is; in its lowest bits. */
enum mark_kind {
	MARK_NAME,	/* unknown words: names, mostly */
	MARK_SPOT,	/* a hamlet, an estate, a school: one of its kind */
	MARK_LANDMARK,	/* a market, a mosque; its name is there besides */
	MARK_DESA,	/* a village's name, said to be one */
	MARK_KECAMATAN, /* a sub-district's */
	MARK_RT,	/* the number of an RT */
	MARK_MATTER,	/* what it is about */
	MARK_SYMPTOM,	/* what is wrong with it */
	MARK_WEAK,	/* what it is about, but in every second complaint */
};

struct mark {
	uint32_t word; /* hash << KIND_BITS | kind */
	size_t token;
};

struct marks {
	struct mark items[TEXT_TOKENS * 2];
	size_t n;
};

/* ---- marks ---- */

static void add(struct marks *m, enum mark_kind kind, uint64_t hash, size_t token)
{
	uint32_t word = (uint32_t)(hash << KIND_BITS) | (uint32_t)kind;

	for (size_t i = 0; i < m->n; i++)
		if (m->items[i].word >> KIND_BITS == word >> KIND_BITS) {
			/* A name that is said to be a place somewhere is one. */
			if ((m->items[i].word & KIND_MASK) == MARK_NAME)
				m->items[i].word = word;
			return;
		}
	if (m->n < sizeof(m->items) / sizeof(*m->items))
		m->items[m->n++] = (struct mark){ word, token };
}

static uint64_t hash_of_two(struct str a, struct str b)
{
	return str_hash(a) * 31 + str_hash(b);
}

/* Numbers without their leading zeros: "03" is "3". */
static struct str number_of(struct str digits)
{
	while (digits.n > 1 && digits.p[0] == '0')
		digits = str_slice(digits, 1, digits.n);
	return digits;
}

struct reading {
	struct arena *scratch;
	const struct tokens *tokens;
	struct marks *marks;
	struct {
		enum similar_kind kind;
		unsigned concept;
	} words[TEXT_TOKENS];
};

static bool is_name(const struct reading *r, size_t i)
{
	return i < r->tokens->n && !r->tokens->items[i].number &&
	       (r->words[i].kind == SIMILAR_NAME || r->words[i].kind == SIMILAR_FIRST) &&
	       r->tokens->items[i].word.n >= NAME_LETTERS;
}

/*
 * A name at i, after a mark of this kind; how many tokens it took. "pasir kupa" is one
 * name, and "kupa" one besides, for who leaves out the first.
 */
static size_t read_name(struct reading *r, size_t i, enum mark_kind kind)
{
	struct str word = r->tokens->items[i].word;

	if (r->words[i].kind == SIMILAR_FIRST && is_name(r, i + 1)) {
		struct str next = r->tokens->items[i + 1].word;
		struct str both = arena_printf(r->scratch, "%.*s%.*s", STR_ARG(word),
					       STR_ARG(next));

		add(r->marks, kind, str_hash(both), i);
		add(r->marks, MARK_NAME, str_hash(next), i + 1);
		return 2;
	}
	add(r->marks, kind, str_hash(word), i);
	return 1;
}

/* "pasar ciruas": which one of the markets; its name counts by itself too. */
static size_t read_landmark(struct reading *r, size_t i)
{
	struct str word = r->tokens->items[i].word;

	if (!is_name(r, i + 1))
		return 1;
	add(r->marks, MARK_LANDMARK, hash_of_two(word, r->tokens->items[i + 1].word), i);
	return 1 + read_name(r, i + 1, MARK_NAME);
}

/* "sdn 2 kramatwatu", "sdn cikeusal 2": the number and the name make it one. */
static size_t read_school(struct reading *r, size_t i)
{
	uint64_t hash = str_hash(r->tokens->items[i].word);
	bool number = false, name = false;

	for (size_t k = i + 1; k <= i + 2 && k < r->tokens->n; k++) {
		struct str word = r->tokens->items[k].word;

		if (r->tokens->items[k].number && !number) {
			hash += str_hash(number_of(word)) * 3;
			number = true;
		} else if (is_name(r, k) && !name) {
			hash += str_hash(word) * 5;
			name = true;
		} else {
			break;
		}
	}
	if (number)
		add(r->marks, MARK_SPOT, hash, i);
	return 1;
}

static size_t read_rt(struct reading *r, size_t i)
{
	if (i + 1 >= r->tokens->n || !r->tokens->items[i + 1].number)
		return 1;
	add(r->marks, MARK_RT,
	    hash_of_two(STR("rt"), number_of(r->tokens->items[i + 1].word)), i);
	return 2;
}

static size_t read_place(struct reading *r, size_t i, enum mark_kind kind)
{
	/* "kp sawah" is a name, and it may be rice fields besides: both. */
	if (kind == MARK_SPOT && i + 1 < r->tokens->n &&
	    r->words[i + 1].kind == SIMILAR_MATTER)
		add(r->marks, kind, str_hash(r->tokens->items[i + 1].word), i + 1);
	return is_name(r, i + 1) ? 1 + read_name(r, i + 1, kind) : 1;
}

static size_t read_token(struct reading *r, size_t i)
{
	switch (r->words[i].kind) {
	case SIMILAR_FILLER:
		return 1;
	case SIMILAR_MATTER:
		add(r->marks, MARK_MATTER, 7919 * (uint64_t)r->words[i].concept, i);
		return 1;
	case SIMILAR_SYMPTOM:
		add(r->marks, MARK_SYMPTOM, 7919 * (uint64_t)r->words[i].concept, i);
		return 1;
	case SIMILAR_WEAK:
		add(r->marks, MARK_WEAK, 7919 * (uint64_t)r->words[i].concept, i);
		return 1;
	case SIMILAR_KAMPUNG:
		return read_place(r, i, MARK_SPOT);
	case SIMILAR_DESA:
		return read_place(r, i, MARK_DESA);
	case SIMILAR_KECAMATAN:
		return read_place(r, i, MARK_KECAMATAN);
	case SIMILAR_LANDMARK:
		return read_landmark(r, i);
	case SIMILAR_SCHOOL:
		return read_school(r, i);
	case SIMILAR_RT:
		return read_rt(r, i);
	case SIMILAR_NAME:
	case SIMILAR_FIRST:
		break;
	}
	return is_name(r, i) ? read_name(r, i, MARK_NAME) : 1;
}

static bool read_marks(const struct text_rules *rules, struct str text,
		       struct arena *scratch, struct marks **marks,
		       const struct tokens **tokens)
{
	struct reading *r = ARENA_NEW(scratch, struct reading, 1);
	struct tokens *t = ARENA_NEW(scratch, struct tokens, 1);

	*marks = ARENA_NEW(scratch, struct marks, 1);
	if (!r || !t || !*marks)
		return false;
	text_tokens(rules, text, scratch, t);
	r->scratch = scratch;
	r->tokens = t;
	r->marks = *marks;
	for (size_t i = 0; i < t->n; i++)
		r->words[i].kind = similar_word(t->items[i].word, &r->words[i].concept);
	for (size_t i = 0; i < t->n;)
		i += read_token(r, i);
	*tokens = t;
	return true;
}

/* ---- the sketch ---- */

static int by_word(const void *a, const void *b)
{
	uint32_t x = ((const struct mark *)a)->word, y = ((const struct mark *)b)->word;

	return x < y ? -1 : x > y;
}

/* Another spread of the same hash for each band (splitmix64's end). */
static uint64_t spread(uint64_t x)
{
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ull;
	x = (x ^ x >> 27) * 0x94D049BB133111EBull;
	return x ^ x >> 31;
}

static void make_bands(struct sketch *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (unsigned b = 0; b < SKETCH_BANDS; b++) {
			uint32_t h =
				(uint32_t)spread((uint64_t)(s->words[i] >> KIND_BITS) +
						 ((uint64_t)b + 1) * 0x9E3779B9ull);

			h = h ? h : 1;
			if (s->bands[b] == 0 || h < s->bands[b])
				s->bands[b] = h;
		}
}

static void make_simhash(struct sketch *s)
{
	int votes[64] = { 0 };

	for (size_t i = 0; i < s->n; i++) {
		uint64_t h = spread(s->words[i] >> KIND_BITS);

		for (int b = 0; b < 64; b++)
			votes[b] += h >> b & 1 ? 1 : -1;
	}
	for (int b = 0; b < 64; b++)
		s->simhash |= (uint64_t)(votes[b] > 0) << b;
}

struct sketch similar_sketch(const struct text_rules *rules, struct str text,
			     struct arena *scratch)
{
	struct sketch s = { .n = 0 };
	const struct tokens *tokens;
	struct marks *m;

	if (!read_marks(rules, text, scratch, &m, &tokens))
		return s;
	qsort(m->items, m->n, sizeof(*m->items), by_word);
	for (size_t i = 0; i < m->n && s.n < SKETCH_WORDS; i++)
		s.words[s.n++] = m->items[i].word;
	make_bands(&s);
	make_simhash(&s);
	return s;
}

/* ---- the score ---- */

static double weight(uint32_t word)
{
	return (word & KIND_MASK) == MARK_WEAK ? 0.4 : 1.0;
}

static bool has(const struct sketch *s, uint32_t word)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (s->words[i] >> KIND_BITS == word >> KIND_BITS)
			return true;
	return false;
}

/* Weights of a sketch's words of some kinds, and of those that the other has too. */
struct sum {
	double all, shared;
	unsigned n, n_shared;
};

static struct sum sum_up(const struct sketch *s, const struct sketch *other,
			 unsigned kinds)
{
	struct sum sum = { 0 };

	for (uint32_t i = 0; i < s->n; i++) {
		if (!(kinds & 1u << (s->words[i] & KIND_MASK)))
			continue;
		sum.all += weight(s->words[i]);
		sum.n++;
		if (has(other, s->words[i])) {
			sum.shared += weight(s->words[i]);
			sum.n_shared++;
		}
	}
	return sum;
}

enum {
	TOPICS = 1 << MARK_MATTER | 1 << MARK_WEAK,
	MATTERS = TOPICS | 1 << MARK_SYMPTOM,
	SPOTS = 1 << MARK_SPOT | 1 << MARK_LANDMARK,
	PLACES = 1 << MARK_NAME | SPOTS | 1 << MARK_DESA,
	NAMES = PLACES | 1 << MARK_KECAMATAN | 1 << MARK_RT,
	EVERYTHING = MATTERS | NAMES
};

/* Shared weight against the geometric mean of both: 1 for the same, little when one is
 * long. */
static double cosine(const struct sketch *a, const struct sketch *b, unsigned kinds)
{
	struct sum x = sum_up(a, b, kinds), y = sum_up(b, a, kinds);
	double both = sqrt(x.all * y.all);

	return both > 0 ? (x.shared < y.shared ? x.shared : y.shared) / both : 0;
}

/* Both say which one it is, and none of what one says is in the other. */
static bool contradict(const struct sketch *a, const struct sketch *b, unsigned kind)
{
	struct sum x = sum_up(a, b, 1u << kind), y = sum_up(b, a, 1u << kind);

	return x.n && y.n && !x.n_shared && !y.n_shared;
}

/*
 * One names a spot that the other has not, and the other names something else that the
 * first has not: "pju babakan sukamaju" and "pju kp cikupa sukamaju".
 */
static bool other_spot(const struct sketch *a, const struct sketch *b)
{
	struct sum spots = sum_up(a, b, SPOTS);
	struct sum names = sum_up(b, a, SPOTS | 1u << MARK_NAME);

	return spots.n && !spots.n_shared && names.n > names.n_shared;
}

struct similar_score similar_score(const struct sketch *a, const struct sketch *b)
{
	struct similar_score s = {
		.matter = cosine(a, b, MATTERS),
		.place = cosine(a, b, PLACES),
		.all = cosine(a, b, EVERYTHING),
	};

	for (unsigned kind = MARK_SPOT; kind <= MARK_RT; kind++)
		s.conflict |= contradict(a, b, kind);
	s.conflict |= other_spot(a, b) || other_spot(b, a);
	return s;
}

/* Shared words of these kinds, as either marks them. */
static unsigned shared(const struct sketch *a, const struct sketch *b, unsigned kinds)
{
	unsigned x = sum_up(a, b, kinds).n_shared, y = sum_up(b, a, kinds).n_shared;

	return x > y ? x : y;
}

/* About the same thing: a road alone is no topic, a broken road is. */
static bool one_topic(const struct sketch *a, const struct sketch *b)
{
	return shared(a, b, 1u << MARK_MATTER) ||
	       (shared(a, b, TOPICS) && shared(a, b, 1u << MARK_SYMPTOM));
}

bool similar_again(const struct sketch *a, const struct sketch *b)
{
	struct similar_score s = similar_score(a, b);

	return s.all >= SIMILAR_AGAIN && !s.conflict && !contradict(a, b, MARK_SYMPTOM) &&
	       sum_up(a, b, MATTERS).n_shared > 0;
}

/*
 * A known topic, a place, and at least three words for it; or so many words that we know
 * nothing of that they need no topic: "orang gila bawa golok di kp cidahu".
 */
bool similar_matter(const struct sketch *a, const struct sketch *b)
{
	struct similar_score s = similar_score(a, b);
	unsigned names =
		shared(a, b, 1u << MARK_NAME | 1u << MARK_SPOT | 1u << MARK_DESA);
	bool place = s.place >= SIMILAR_PLACE || shared(a, b, SPOTS);

	if (s.conflict || contradict(a, b, MARK_SYMPTOM) || names == 0)
		return false;
	if (s.matter >= SIMILAR_MATTERS && place && one_topic(a, b))
		return names + shared(a, b, MATTERS) >= EVIDENCE;
	return s.place >= SIMILAR_PLACE && names >= EVIDENCE_UNKNOWN;
}

struct str similar_explain(const struct text_rules *rules, struct str a, struct str b,
			   struct arena *arena)
{
	struct sketch other = similar_sketch(rules, b, arena);
	struct buf buf = BUF_INIT(1000);
	const struct tokens *tokens;
	struct marks *m;
	struct str out;

	if (!read_marks(rules, a, arena, &m, &tokens))
		return STR("");
	for (size_t i = 0; i < m->n; i++) {
		if (!has(&other, m->items[i].word))
			continue;
		buf_add(&buf, buf.n ? STR(", ") : STR(""));
		buf_add(&buf, tokens->items[m->items[i].token].seen);
	}
	out = buf.failed ? STR("") : arena_str(arena, buf_str(&buf));
	buf_free(&buf);
	return out;
}
