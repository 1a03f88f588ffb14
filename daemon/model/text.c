/* SPDX-License-Identifier: MIT */
/* From text to normalised words. Pure. */
#include "model/text.h"

#include "base/utf8.h"
#include "model/dict.h"

enum { ENDING_WORD = 5, REPEATS = 3, PLACE_REACH = 2, WORD_MOST = 40 };

struct text_rules {
	struct dict abbreviations; /* → index of expansions */
	struct str *expansions;
	struct dict places;
	struct str_list endings;
};

struct text_rules *text_rules_build(const struct text_rules_spec *spec,
				    struct arena *arena, struct str *bad)
{
	struct text_rules *r = ARENA_NEW(arena, struct text_rules, 1);
	size_t n = spec->abbreviations.n;

	if (!r || !dict_init(&r->abbreviations, n, arena) ||
	    !dict_init(&r->places, spec->places.n, arena))
		return NULL;
	r->expansions = ARENA_NEW(arena, struct str, n + 1);
	if (!r->expansions)
		return NULL;
	r->endings = spec->endings;
	for (size_t i = 0; i < n; i++) {
		struct str one = spec->abbreviations.items[i];
		size_t eq = str_find_char(one, '=');

		if (eq == one.n || eq == 0) {
			if (bad)
				*bad = one;
			continue;
		}
		r->expansions[i] = str_slice(one, eq + 1, one.n);
		dict_set(&r->abbreviations, str_hash(str_slice(one, 0, eq)), (int32_t)i);
	}
	for (size_t i = 0; i < spec->places.n; i++)
		dict_set(&r->places, str_hash(spec->places.items[i]), 1);
	return r;
}

/* ---- one word ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters written three times and more stand once; twice at most otherwise. */
static struct str unstretch(struct str w, struct arena *scratch)
{
	char *p;
	size_t n = 0, run;

	for (run = 2; run < w.n; run++)
		if (w.p[run] == w.p[run - 1] && w.p[run] == w.p[run - 2])
			break;
	if (run >= w.n)
		return w;
	p = arena_alloc(scratch, w.n + 1, 1);
	if (!p)
		return w;
	for (size_t i = 0; i < w.n; i += run) {
		for (run = 1; i + run < w.n && w.p[i + run] == w.p[i]; run++)
			;
		p[n++] = w.p[i];
		if (run < REPEATS && run > 1)
			p[n++] = w.p[i];
	}
	return str_from(p, n);
}

/* "lubang2", "numpuk22": the digits say that the word is doubled. */
static struct str undouble(struct str w)
{
	size_t n = w.n;

	while (n > 2 && w.p[n - 1] == '2')
		n--;
	return n < w.n && !is_digit(w.p[n - 1]) ? str_from(w.p, n) : w;
}

static struct str cut_ending(const struct text_rules *r, struct str w)
{
	for (size_t i = 0; i < r->endings.n; i++) {
		struct str ending = r->endings.items[i];

		if (w.n >= ENDING_WORD && w.n >= ending.n + 3 && str_ends(w, ending))
			return str_from(w.p, w.n - ending.n);
	}
	return w;
}

/* ---- the text ---- */

static void add(struct tokens *out, struct str word, struct str seen, size_t begin,
		size_t end)
{
	if (out->n == TEXT_TOKENS || word.n == 0)
		return;
	out->items[out->n++] = (struct token){
		.word = word,
		.seen = seen,
		.begin = begin,
		.end = end,
		.number = is_digit(word.p[0]),
	};
}

/* An abbreviation may stand for several words. */
static void add_expanded(struct tokens *out, struct str words, struct str seen,
			 size_t begin, size_t end)
{
	struct str word;

	while (str_split(&words, ' ', &word))
		add(out, word, seen, begin, end);
}

static void add_word(const struct text_rules *r, struct str w, struct arena *scratch,
		     struct tokens *out, size_t begin, size_t end)
{
	struct str seen = w;
	int32_t i;

	w = undouble(unstretch(str_slice(w, 0, WORD_MOST), scratch));
	i = dict_get(&r->abbreviations, str_hash(w));
	if (i < 0) {
		w = cut_ending(r, w);
		i = dict_get(&r->abbreviations, str_hash(w));
	}
	if (i >= 0)
		add_expanded(out, r->expansions[i], seen, begin, end);
	else
		add(out, w, seen, begin, end);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || is_digit(c) || (unsigned char)c >= 0x80;
}

/* Letters then digits stay together only for a doubling digit: "rt03" is two words. */
static size_t word_end(struct str f, size_t at)
{
	size_t end = at;
	bool digits = is_digit(f.p[at]);

	while (end < f.n && is_word(f.p[end]) && is_digit(f.p[end]) == digits)
		end++;
	if (!digits)
		while (end < f.n && f.p[end] == '2' &&
		       (end + 1 == f.n || f.p[end + 1] == '2' || !is_digit(f.p[end + 1])))
			end++;
	return end;
}

/* Words behind "depan", "dekat" say where, not what. */
static void mark_places(const struct text_rules *r, struct tokens *out)
{
	for (size_t i = 0; i < out->n; i++) {
		if (dict_get(&r->places, str_hash(out->items[i].word)) < 0)
			continue;
		for (size_t k = 1; k <= PLACE_REACH && i + k < out->n; k++)
			out->items[i + k].place = true;
	}
}

void text_tokens(const struct text_rules *r, struct str text, struct arena *scratch,
		 struct tokens *out)
{
	struct str f = utf8_fold(text, scratch);
	bool same = f.n == text.n; /* folding kept the bytes' places, as with ASCII */
	size_t at = 0;

	out->n = 0;
	while (at < f.n && out->n < TEXT_TOKENS) {
		size_t end;

		if (!is_word(f.p[at])) {
			at++;
			continue;
		}
		end = word_end(f, at);
		add_word(r, str_slice(f, at, end), scratch, out, same ? at : 0,
			 same ? end : 0);
		at = end;
	}
	mark_places(r, out);
}
