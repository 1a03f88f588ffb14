/* SPDX-License-Identifier: MIT */
/*
 * The first look at a text: can there be a number to hide in it at all? Nearly every text
 * has none, and that is seen from its bytes, a tenth of the work of cutting it up. It may
 * only err on the side of more digits: what goes by here is seen by everyone.
 *
 * A run is letters and digits without a gap. Whatever the later passes make of a run with
 * a digit in it, there are no more digits in it than characters; a run of letters alone
 * is one token to them, which is a digit when it says one or looks like some, and ends
 * the row of numbers otherwise. Rows that are hidden only behind a word that announces
 * them stay when there is no such word anywhere. A text with anything beyond ASCII is not
 * judged here. Pure.
 */
#include "model/mask_inside.h"

#include <stdint.h>

enum { LOOKS_MOST = 3 };

/* Words by their first letter, and the lengths that they have, a bit each: every word of
 * every text is looked for. */
struct words {
	const char *words;
	unsigned lengths;
};
enum { LETTERS = 'z' - 'a' + 1 };

bool mask_one_of(struct str word, const char *words)
{
	size_t same;

	for (; word.n && *words; words += same + (words[same] == ' ')) {
		for (same = 0; same < word.n && words[same] == (word.p[same] | 0x20);
		     same++)
			;
		if (same == word.n && (words[same] == ' ' || words[same] == '\0'))
			return true;
		while (words[same] && words[same] != ' ')
			same++;
	}
	return false;
}

static bool is_in(const struct words lists[LETTERS], struct str word)
{
	int first = word.n ? word.p[0] | 0x20 : 0;

	return first >= 'a' && first <= 'z' && word.n < MASK_WORD_BYTES &&
	       (lists[first - 'a'].lengths & (1u << word.n)) &&
	       mask_one_of(word, lists[first - 'a'].words);
}

bool mask_says_digit(struct str word)
{
	static const struct words digits[LETTERS] = {
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

	return is_in(digits, word);
}

bool mask_announces(struct str word)
{
	static const struct words announcing[LETTERS] = {
		['c' - 'a'] = { "call", 1 << 4 },
		['h' - 'a'] = { "hp hape hub hubungi",
				1 << 2 | 1 << 3 | 1 << 4 | 1 << 7 },
		['n' - 'a'] = { "norek nohp nope", 1 << 4 | 1 << 5 },
		['p' - 'a'] = { "phone", 1 << 5 },
		['r' - 'a'] = { "rek rekening rekeningnya reknya",
				1 << 3 | 1 << 6 | 1 << 8 | 1 << 11 },
		['t' - 'a'] = { "tlp tlf telp tlpn telpon telfon telepon",
				1 << 3 | 1 << 4 | 1 << 6 | 1 << 7 },
		['w' - 'a'] = { "wa whatsapp", 1 << 2 | 1 << 8 },
	};

	return is_in(announcing, word);
}

/* ---- rows of digits ---- */

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

/* The run that begins at `at`, n 0: none does. *digits: how many are in it, at most. */
static struct str run_at(struct str text, size_t at, size_t *digits)
{
	struct str run = str_from(text.p + at, 0);
	bool has_digit = false, digit;

	for (; at < text.n; at++) {
		digit = is_digit(text.p[at]);
		if (!digit && !is_letter(text.p[at]))
			break;
		has_digit |= digit;
	}
	run.n = (size_t)(text.p + at - run.p);
	*digits = run.n ? digits_in(run, has_digit) : 0;
	return run;
}

/* The longest row of digits, at most; SIZE_MAX: that is not judged here. */
static size_t longest_row(struct str text)
{
	size_t row = 0, longest = 0, n;

	for (size_t at = 0; at < text.n; at++) {
		struct str run = run_at(text, at, &n);

		at += run.n;
		if (run.n)
			row = n ? row + n : 0;
		longest = row > longest ? row : longest;
		if (at < text.n && (unsigned char)text.p[at] >= 0x80)
			return SIZE_MAX;
	}
	return longest;
}

/* Whether a word, be it glued to digits, announces a number: "hp0812". */
static bool has_announcing(struct str text)
{
	size_t at = 0, begin;

	while (at < text.n) {
		for (begin = at; at < text.n && is_letter(text.p[at]); at++)
			;
		if (at > begin && mask_announces(str_from(text.p + begin, at - begin)))
			return true;
		at += at == begin;
	}
	return false;
}

bool mask_first_look(struct str text)
{
	size_t longest = longest_row(text);

	return longest >= MASK_ROW || (longest >= MASK_FEWEST && has_announcing(text));
}
