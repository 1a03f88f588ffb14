/* SPDX-License-Identifier: MIT */
/*
 * Phrases by hashes of their word sequences. Every beginning of a phrase is in the table
 * too, so a search from a word goes on only while something may still come.
 *
 * Slips: for every known word of six letters and more, the word with each one letter
 * taken out is in a table; an unknown word of the text is looked up the same way. Two
 * words that are one slip apart share such a form. Pure.
 */
#include "model/phrases.h"

#include "model/dict.h"

enum {
	SOME = 256,  /* words, to begin with */
	LETTERS = 4, /* forms less a letter of a word, about */
	PHRASE_WORDS = 6,
	SLIP_LETTERS = 6,
	AMBIGUOUS = 1 << 30,
	SCRATCH_BYTES = 256 << 10
};

struct phrases {
	struct dict sequences; /* hash → phrase + 1; 0: a beginning only */
	struct dict words;     /* hash → number of the word */
	struct dict slips;     /* hash of a word less a letter → word, or AMBIGUOUS */
	struct str *texts;
	int32_t *tags;
	struct str *vocabulary;
	size_t n, most, n_words, most_words;
};

static uint64_t chain(uint64_t hash, struct str word)
{
	return (hash * 0x9e3779b97f4a7c15u + 1) ^ str_hash(word);
}

struct phrases *phrases_new(size_t most, struct arena *arena)
{
	struct phrases *p = ARENA_NEW(arena, struct phrases, 1);

	if (!p || !dict_init(&p->sequences, SOME, arena) ||
	    !dict_init(&p->words, SOME, arena))
		return NULL;
	p->texts = ARENA_NEW(arena, struct str, most + 1);
	p->tags = ARENA_NEW(arena, int32_t, most + 1);
	p->vocabulary = ARENA_NEW(arena, struct str, SOME);
	p->most = most;
	p->most_words = SOME;
	return p->texts && p->tags && p->vocabulary ? p : NULL;
}

static bool words_grow(struct phrases *p, struct arena *arena)
{
	struct str *larger = ARENA_NEW(arena, struct str, p->most_words * 2);

	if (!larger)
		return false;
	memcpy(larger, p->vocabulary, p->n_words * sizeof(*larger));
	p->vocabulary = larger;
	p->most_words *= 2;
	return true;
}

static void word_add(struct phrases *p, struct str word, struct arena *arena)
{
	uint64_t hash = str_hash(word);

	if (dict_get(&p->words, hash) >= 0 ||
	    (p->n_words == p->most_words && !words_grow(p, arena)))
		return;
	p->vocabulary[p->n_words] = arena_str(arena, word);
	dict_set(&p->words, hash, (int32_t)p->n_words++);
}

/* t: the words of text. */
static int sequence_add(struct phrases *p, const struct tokens *t, struct str text,
			int32_t tag, struct arena *arena)
{
	uint64_t hash = 0;
	int32_t had;

	if (t->n == 0 || t->n > PHRASE_WORDS || p->n == p->most)
		return -2;
	for (size_t i = 0; i < t->n; i++) {
		hash = chain(hash, t->items[i].word);
		if (i + 1 < t->n)
			dict_add(&p->sequences, hash, 0);
	}
	had = dict_get(&p->sequences, hash);
	if (had > 0)
		return p->tags[had - 1];
	for (size_t i = 0; i < t->n; i++)
		word_add(p, t->items[i].word, arena);
	p->texts[p->n] = text;
	p->tags[p->n] = tag;
	dict_set(&p->sequences, hash, (int32_t)++p->n);
	return -1;
}

int phrases_add(struct phrases *p, const struct text_rules *rules, struct str text,
		int32_t tag, struct arena *arena)
{
	struct arena *scratch = arena_new("phrase", SCRATCH_BYTES);
	struct tokens *t = scratch ? ARENA_NEW(scratch, struct tokens, 1) : NULL;
	int had = -2;

	if (t) {
		text_tokens(rules, text, scratch, t);
		had = sequence_add(p, t, text, tag, arena);
	}
	arena_free(scratch);
	return had;
}

/* Hash of w without its i-th letter. */
static uint64_t less_one(struct str w, size_t i)
{
	return str_hash(str_slice(w, 0, i)) * 31 + str_hash(str_slice(w, i + 1, w.n));
}

static void slip_add(struct dict *d, uint64_t hash, int32_t word)
{
	int32_t had = dict_add(d, hash, word);

	if (had != word)
		dict_set(d, hash, AMBIGUOUS);
}

bool phrases_finish(struct phrases *p, struct arena *arena)
{
	if (!dict_init(&p->slips, p->n_words * LETTERS, arena))
		return false;
	for (size_t i = 0; i < p->n_words; i++) {
		struct str w = p->vocabulary[i];

		for (size_t k = 0; w.n >= SLIP_LETTERS && k < w.n; k++)
			slip_add(&p->slips, less_one(w, k), (int32_t)i);
	}
	return true;
}

struct str phrases_text(const struct phrases *p, int32_t phrase)
{
	return p->texts[phrase];
}

/* ---- finding ---- */

/* True when the two are at most one slip apart (the shared form alone would allow two).
 */
static bool near(struct str a, struct str b)
{
	size_t i = 0;

	if (a.n > b.n) {
		struct str t = a;

		a = b;
		b = t;
	}
	if (b.n - a.n > 1)
		return false;
	while (i < a.n && a.p[i] == b.p[i])
		i++;
	if (a.n < b.n)
		return str_eq(str_slice(a, i, a.n), str_slice(b, i + 1, b.n));
	if (str_eq(str_slice(a, i + 1, a.n), str_slice(b, i + 1, b.n)))
		return true;
	return i + 1 < a.n && a.p[i] == b.p[i + 1] && a.p[i + 1] == b.p[i] &&
	       str_eq(str_slice(a, i + 2, a.n), str_slice(b, i + 2, b.n));
}

/* The one known word near w; p NULL: none, or several. */
static struct str mend(const struct phrases *p, struct str w)
{
	int32_t found = -1;

	for (size_t i = 0; i <= w.n; i++) {
		/* Letter i taken out of ours; and, past the end, ours with none taken
		 * out. */
		int32_t word = i < w.n ? dict_get(&p->slips, less_one(w, i)) : -1;

		if (word < 0 || word == found)
			continue;
		if (word == AMBIGUOUS)
			return str_from(NULL, 0);
		if (!near(w, p->vocabulary[word]))
			continue;
		if (found >= 0)
			return str_from(NULL, 0);
		found = word;
	}
	return found < 0 ? str_from(NULL, 0) : p->vocabulary[found];
}

struct reading {
	uint64_t hashes[TEXT_TOKENS];
	bool slips[TEXT_TOKENS];
};

static void read_words(const struct phrases *p, const struct tokens *t, struct reading *r)
{
	for (size_t i = 0; i < t->n; i++) {
		struct str w = t->items[i].word, mended;

		r->hashes[i] = str_hash(w);
		r->slips[i] = false;
		if (w.n < SLIP_LETTERS || t->items[i].number ||
		    dict_get(&p->words, r->hashes[i]) >= 0)
			continue;
		mended = mend(p, w);
		if (!mended.p)
			continue;
		r->hashes[i] = str_hash(mended);
		r->slips[i] = true;
	}
}

/* The longest phrase that begins at word i; 0 words: none. */
static struct phrase_hit longest_at(const struct phrases *p, const struct tokens *t,
				    const struct reading *r, size_t i)
{
	struct phrase_hit hit = { .first = i };
	uint64_t hash = 0;
	bool slip = false;

	for (size_t k = 0; k < PHRASE_WORDS && i + k < t->n; k++) {
		int32_t found;

		hash = (hash * 0x9e3779b97f4a7c15u + 1) ^ r->hashes[i + k];
		found = dict_get(&p->sequences, hash);
		if (found < 0)
			break;
		slip |= r->slips[i + k];
		if (found > 0) {
			hit.phrase = found - 1;
			hit.tag = p->tags[found - 1];
			hit.n = k + 1;
			hit.slip = slip;
		}
	}
	hit.place = t->items[i].place;
	return hit;
}

size_t phrases_find(const struct phrases *p, const struct tokens *t,
		    struct phrase_hit hits[PHRASE_HITS])
{
	struct reading r;
	size_t n = 0;

	read_words(p, t, &r);
	for (size_t i = 0; i < t->n && n < PHRASE_HITS;) {
		struct phrase_hit hit = longest_at(p, t, &r, i);

		if (hit.n)
			hits[n++] = hit;
		i += hit.n ? hit.n : 1;
	}
	return n;
}

size_t phrases_find_all(const struct phrases *p, const struct tokens *t,
			struct phrase_hit hits[PHRASE_HITS_ALL])
{
	struct reading r;
	size_t n = 0;

	read_words(p, t, &r);
	for (size_t i = 0; i < t->n; i++) {
		uint64_t hash = 0;
		bool slip = false;

		for (size_t k = 0; k < PHRASE_WORDS && i + k < t->n; k++) {
			int32_t found;

			hash = (hash * 0x9e3779b97f4a7c15u + 1) ^ r.hashes[i + k];
			found = dict_get(&p->sequences, hash);
			if (found < 0)
				break;
			slip |= r.slips[i + k];
			if (found == 0 || n == PHRASE_HITS_ALL)
				continue;
			hits[n] = (struct phrase_hit){
				.tag = p->tags[found - 1],
				.phrase = found - 1,
				.first = i,
				.n = k + 1,
				.slip = slip,
				.place = t->items[i].place,
			};
			n++;
		}
	}
	return n;
}
