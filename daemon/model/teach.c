/* SPDX-License-Identifier: MIT */
/* Contract in teach.h. */
#include "model/teach.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/similar_words.h"
#include "model/text.h"

enum { PHRASE_WORDS = 3, WORD_LEAST = 4, SCRATCH = 1 << 20 };

/* Behind these a person is named. */
static const char *const titles[] = { "pak", "bapak", "bpk",  "bu",    "ibu",	"nama",
				      "an",  "sdr",   "haji", "hj",    "abah",	"kang",
				      "teh", "mas",   "mbak", "ustad", "kades", "lurah" };
/* Behind these an unknown word is where it is. */
static const char *const towards[] = { "di", "ke", "dari", "dekat", "depan", "arah" };

static bool among(struct str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(word, str_of(list[i])))
			return true;
	return false;
}

#define AMONG(word, list) among(word, list, sizeof(list) / sizeof(*(list)))

static bool has_word(struct str words, struct str word)
{
	size_t at = 0;

	while (at < words.n) {
		size_t end = at;

		while (end < words.n && words.p[end] != ' ')
			end++;
		if (str_eq(str_slice(words, at, end), word))
			return true;
		at = end + 1;
	}
	return false;
}

/* A phrase of the lists has it: what the model or a place says does not count. */
static bool is_matched(const struct routing *r, const struct token *t)
{
	for (size_t i = 0; i < r->n_reasons; i++) {
		const struct router_reason *why = &r->reasons[i];

		if (str_eq(why->what, STR("model")) ||
		    str_eq(why->what, STR("suspicion")) ||
		    str_eq(why->what, STR("hint")) || str_eq(why->what, STR("place")))
			continue;
		if (has_word(why->seen, t->seen) || has_word(why->matched, t->word))
			return true;
	}
	return false;
}

static bool is_place(struct str_list places, const struct token *t)
{
	for (size_t i = 0; i < places.n; i++)
		if (has_word(places.items[i], t->word) ||
		    has_word(places.items[i], t->seen))
			return true;
	return false;
}

static bool leads_to_name(enum similar_kind kind)
{
	return kind == SIMILAR_KAMPUNG || kind == SIMILAR_DESA ||
	       kind == SIMILAR_KECAMATAN || kind == SIMILAR_LANDMARK ||
	       kind == SIMILAR_SCHOOL || kind == SIMILAR_RT || kind == SIMILAR_FIRST;
}

/* Whether token i may be part of a keyword. */
static bool is_content(const struct tokens *tokens, size_t i, const struct routing *r,
		       struct str_list places)
{
	const struct token *t = &tokens->items[i];
	const struct token *before = i ? &tokens->items[i - 1] : NULL;
	unsigned concept;
	enum similar_kind kind = similar_word(t->word, &concept);
	bool unknown = kind == SIMILAR_NAME;

	if (t->number || t->place || t->word.n < 2 || kind == SIMILAR_FILLER ||
	    leads_to_name(kind) || is_matched(r, t) || is_place(places, t) ||
	    has_word(r->desa, t->word) || has_word(r->kecamatan, t->word) ||
	    AMONG(t->word, titles) || !teach_fits(t->word))
		return false;
	if (!before || !unknown)
		return true;
	return !AMONG(before->word, titles) && !AMONG(before->word, towards) &&
	       !before->place && !leads_to_name(similar_word(before->word, &concept));
}

struct found {
	struct str words;
	size_t n; /* words */
};

static int longest_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	if (x->words.n != y->words.n)
		return x->words.n < y->words.n ? 1 : -1;
	return x->words.p < y->words.p ? -1 : x->words.p > y->words.p;
}

static struct str joined(const struct tokens *tokens, size_t from, size_t to,
			 struct arena *arena)
{
	struct str s = STR("");

	for (size_t i = from; i < to && s.p; i++)
		s = arena_printf(arena, "%.*s%s%.*s", STR_ARG(s), i > from ? " " : "",
				 STR_ARG(tokens->items[i].word));
	return s;
}

static bool is_new(const struct found *all, size_t n, struct str words)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].words, words))
			return false;
	return true;
}

/* A new thought: no keyword goes over it. */
static bool is_cut(struct str text, const struct token *before, const struct token *t)
{
	for (size_t i = before->end; i < t->begin && i < text.n; i++)
		if (strchr(".,;:!?\n/()", text.p[i]))
			return true;
	return false;
}

static void add(struct found *out, size_t *n, const struct tokens *tokens, size_t from,
		size_t to, struct arena *arena)
{
	struct str words = joined(tokens, from, to, arena);

	if (*n < TEXT_TOKENS && words.p && (to - from > 1 || words.n >= WORD_LEAST) &&
	    is_new(out, *n, words))
		out[(*n)++] = (struct found){ words, to - from };
}

/* Runs of content words, cut to what a keyword may have, and the pairs within them: what
 * is said in fewer words fits more texts. A lone word must be long. */
static size_t runs(struct str text, const struct tokens *tokens, const bool *content,
		   struct arena *arena, struct found *out)
{
	size_t n = 0, i = 0;

	while (i < tokens->n) {
		size_t to = i;

		while (to < tokens->n && content[to] && to - i < PHRASE_WORDS &&
		       (to == i ||
			!is_cut(text, &tokens->items[to - 1], &tokens->items[to])))
			to++;
		if (to == i) {
			i++;
			continue;
		}
		add(out, &n, tokens, i, to, arena);
		for (size_t k = i; to - i > 2 && k + 2 <= to; k++)
			add(out, &n, tokens, k, k + 2, arena);
		i = to;
	}
	return n;
}

size_t teach_candidates(const struct router *router, struct str text,
			struct str_list places, struct arena *arena,
			struct str out[TEACH_MOST])
{
	struct arena *scratch = arena_new("teach", SCRATCH);
	struct found found[TEXT_TOKENS];
	bool content[TEXT_TOKENS];
	struct tokens tokens = { .n = 0 };
	struct routing routing;
	size_t n;

	if (!scratch)
		return 0;
	router_route_plain(router, text, scratch, &routing);
	text_tokens(router_rules(router), text, scratch, &tokens);
	for (size_t i = 0; i < tokens.n; i++)
		content[i] = is_content(&tokens, i, &routing, places);
	n = runs(text, &tokens, content, arena, found);
	arena_free(scratch);
	qsort(found, n, sizeof(*found), longest_first);
	if (n > TEACH_MOST)
		n = TEACH_MOST;
	for (size_t i = 0; i < n; i++)
		out[i] = found[i].words;
	return n;
}

bool teach_fits(struct str words)
{
	size_t at = 0, letters = 0;
	int32_t c;

	while ((c = utf8_next(words, &at)) >= 0) {
		bool letter = utf8_is_letter(c);

		if (!letter && !utf8_is_digit(c) && c != ' ' && c != '+')
			return false;
		letters += letter;
	}
	return letters >= 2 && words.n <= 60;
}
