/* SPDX-License-Identifier: MIT */
/*
 * The first look at a text: can there be a number to hide in it at all? Nearly every text
 * has none, and that is seen from its bytes, a tenth of the work of cutting it up. It may
 * only err on the side of more digits: what goes by here is seen by everyone.
 *
 * A run is letters and digits without a gap. Whatever the later passes make of a run with
 * a digit in it, there are no more digits in it than characters; a run of letters alone
 * is one token to them, which is a digit when it says one or looks like some, and ends
 * the row of numbers otherwise. A text with anything beyond ASCII is not judged here.
 * Pure.
 */
#include "model/mask_inside.h"

enum { LOOKS_MOST = 3 };

/* By first letter and length, since every word of every text is looked for. */
bool mask_says_digit(struct str word)
{
	static const struct {
		const char *words;
		unsigned lengths; /* that they have, a bit each */
	} digits['z' - 'a' + 1] = {
		['d' - 'a'] = { "dua dalapan delapan", 1 << 3 | 1 << 7 },
		['e' - 'a'] = { "enam enem eight empat", 1 << 4 | 1 << 5 },
		['f' - 'a'] = { "five four", 1 << 4 },
		['g' - 'a'] = { "genep", 1 << 5 },
		['h' - 'a'] = { "hiji", 1 << 4 },
		['k' - 'a'] = { "kosong", 1 << 6 },
		['l' - 'a'] = { "lima limo loro lapan", 1 << 4 | 1 << 5 },
		['n' - 'a'] = { "nol nine", 1 << 3 | 1 << 4 },
		['o' - 'a'] = { "one opat", 1 << 3 | 1 << 4 },
		['p' - 'a'] = { "pitu papat", 1 << 4 | 1 << 5 },
		['s' - 'a'] = { "six satu siji sanga seven salapan sembilan",
				1 << 3 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 },
		['t' - 'a'] = { "two telu tiga tilu three tujuh",
				1 << 3 | 1 << 4 | 1 << 5 },
		['w' - 'a'] = { "wolu", 1 << 4 },
		['z' - 'a'] = { "zero", 1 << 4 },
	};
	int first = word.n ? word.p[0] | 0x20 : 0;
	struct str left, one;

	if (first < 'a' || first > 'z' || word.n >= MASK_WORD_BYTES ||
	    !(digits[first - 'a'].lengths & (1u << word.n)))
		return false;
	left = str_of(digits[first - 'a'].words);
	while (str_split(&left, ' ', &one))
		if (str_eq_nocase(one, word))
			return true;
	return false;
}

/* "l", "oi": letters that stand for digits beside others. */
static bool looks_like_digits(struct str run)
{
	if (run.n > LOOKS_MOST)
		return false;
	for (size_t i = 0; i < run.n; i++)
		if (!strchr("oOiIlL", run.p[i]))
			return false;
	return true;
}

/* How many digits there are in a run, at most. */
static size_t digits_in(struct str run, bool has_digit)
{
	if (has_digit || looks_like_digits(run))
		return run.n;
	return mask_says_digit(run);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool mask_first_look(struct str text)
{
	size_t row = 0, at = 0, begin, n;
	bool has_digit;

	while (at < text.n) {
		begin = at;
		has_digit = false;
		for (; at < text.n && (is_letter(text.p[at]) || is_digit(text.p[at]));
		     at++)
			has_digit |= is_digit(text.p[at]);
		if (at > begin) {
			n = digits_in(str_slice(text, begin, at), has_digit);
			row = n ? row + n : 0;
		} else if ((unsigned char)text.p[at++] >= 0x80) {
			return true;
		}
		if (row >= MASK_FEWEST)
			return true;
	}
	return false;
}
