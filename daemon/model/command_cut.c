/* SPDX-License-Identifier: MIT */
/*
 * Cutting. Nearly all texts are ASCII: they are folded in one go, and words are views
 * into that. In others each word is folded by itself, since folding moves its bytes.
 * Pure.
 */
#include "model/command_cut.h"

#include "base/utf8.h"
#include "model/ticketno.h"

enum glyph { GLYPH_NONE, GLYPH_LETTER, GLYPH_DIGIT };

static enum glyph glyph_of(int32_t point)
{
	if (point >= '0' && point <= '9')
		return GLYPH_DIGIT;
	if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z'))
		return GLYPH_LETTER;
	return point >= 0x80 && utf8_is_letter(point) ? GLYPH_LETTER : GLYPH_NONE;
}

static bool is_ascii(struct str s)
{
	unsigned char all = 0;

	for (size_t i = 0; i < s.n; i++)
		all |= (unsigned char)s.p[i];
	return all < 0x80;
}

struct cutting {
	struct words *words;
	struct str folded; /* the whole text; n 0: word by word */
	struct arena *scratch;
};

static bool word_add(struct cutting *c, size_t begin, size_t end, bool digits)
{
	struct words *w = c->words;
	struct word *word;

	if (w->n == WORDS_MOST) {
		w->cut = true;
		return false;
	}
	word = &w->items[w->n++];
	*word = (struct word){ .begin = begin, .end = end, .digits = digits };
	word->text = c->folded.n
			     ? str_slice(c->folded, begin, end)
			     : utf8_fold(str_slice(w->original, begin, end), c->scratch);
	if (!digits) {
		word->text = word_plain(word->text, c->scratch);
		word->classes = word_classes(word->text);
	}
	return true;
}

struct words *words_cut(struct str text, unsigned width, struct arena *scratch)
{
	struct cutting c = { .words = ARENA_ROOM(scratch, struct words, 1),
			     .scratch = scratch };
	enum glyph inside = GLYPH_NONE;
	size_t at = 0, begin = 0;

	if (!c.words)
		return NULL;
	c.words->n = 0;
	c.words->cut = false;
	c.words->original = text;
	c.words->width = width;
	if (is_ascii(text))
		c.folded = utf8_fold(text, scratch);
	while (at <= text.n) {
		size_t here = at;
		int32_t point = utf8_next(text, &at);
		enum glyph glyph = point < 0 ? GLYPH_NONE : glyph_of(point);

		if (glyph != inside) {
			if (inside != GLYPH_NONE &&
			    !word_add(&c, begin, here, inside == GLYPH_DIGIT))
				break;
			begin = here;
			inside = glyph;
		}
		if (point < 0)
			break;
	}
	return c.words;
}

bool words_all(const struct words *w, size_t from, uint64_t bits)
{
	return words_skip(w, from, bits) >= w->n && !w->cut;
}

bool words_opinion(const struct words *w, size_t from, uint64_t bits)
{
	for (size_t i = from; i < w->n; i++)
		if (!w->items[i].digits && !word_is(w, i, bits))
			return false;
	return !w->cut;
}

size_t words_count(const struct words *w, size_t from, uint64_t bits)
{
	size_t n = 0;

	for (size_t i = from; i < w->n; i++)
		n += word_is(w, i, bits);
	return n;
}

size_t words_skip(const struct words *w, size_t i, uint64_t bits)
{
	while (word_is(w, i, bits))
		i++;
	return i;
}

void words_drop(struct words *w, size_t n)
{
	memmove(w->items, w->items + n, (w->n - n) * sizeof(*w->items));
	w->n -= n;
}

struct str words_rest(const struct words *w, size_t i)
{
	return i < w->n ? str_trim(str_slice(w->original, w->items[i].begin,
					     w->original.n))
			: STR("");
}

int words_number(const struct words *w, size_t i)
{
	int64_t number = 0;

	if (i >= w->n)
		return 0;
	if (!w->items[i].digits)
		return word_number(w->items[i].text);
	return str_to_int(w->items[i].text, &number) && number >= 1 && number <= 10
		       ? (int)number
		       : 0;
}

bool words_ticket(const struct words *w, size_t i, struct ticket_number *number)
{
	struct ticket_number found = { .next = i };
	size_t took;

	if (i >= w->n)
		return false;
	took = ticketno_read(str_slice(w->original, w->items[i].begin, w->original.n),
			     w->width, &found.no, &found.wrong);
	if (took == 0)
		return false;
	took += w->items[i].begin;
	while (found.next < w->n && w->items[found.next].begin < took)
		found.next++;
	*number = found;
	return true;
}
