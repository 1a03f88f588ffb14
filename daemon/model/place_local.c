/* SPDX-License-Identifier: MIT */
/*
 * Names of hamlets, villages and estates as they stand in a text, whether or not they are
 * in any list: enough to see that two texts tell of two places. Pure.
 */
#include "model/place.h"

#include <string.h>

#include "base/utf8.h"
#include "model/command_words.h"

enum { NAME_LETTERS = 3, SLIP_FROM = 5, NUMBER_MOST = 3 };

/* Which level of place a name behind that word is of. "desa" by itself is too often no
 * place ("kantor desa tutup"): counts behind "di". */
static const struct {
	const char *word;
	enum place_local level;
	bool behind_di;
} signs[] = {
	{ "kp", PLACE_HAMLET, false },	    { "kpg", PLACE_HAMLET, false },
	{ "kmp", PLACE_HAMLET, false },	    { "kmpng", PLACE_HAMLET, false },
	{ "kampung", PLACE_HAMLET, false }, { "lembur", PLACE_HAMLET, false },
	{ "dusun", PLACE_HAMLET, false },   { "dsn", PLACE_HAMLET, false },
	{ "ds", PLACE_VILLAGE, false },	    { "desa", PLACE_VILLAGE, true },
	{ "perum", PLACE_ESTATE, false },   { "perumahan", PLACE_ESTATE, false },
	{ "komplek", PLACE_ESTATE, false },
};

/* "di kampung kami": no name. */
static const char *const no_names[] = {
	"abdi",	   "dan",  "dekat", "deket",  "dkt",	"gelap", "ini",	  "itu",
	"kami",	   "kite", "kita",  "kuring", "orang",	"rumah", "saya",  "sana",
	"sebelah", "sini", "situ",  "sudah",  "tengah", "udah",	 "warga", "yang",
};

static bool among(struct str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(word, str_of(list[i])))
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* The next word from *at on; n 0: none. */
static struct str word_next(struct str s, size_t *at)
{
	size_t from;

	while (*at < s.n && !is_letter(s.p[*at]))
		++*at;
	for (from = *at; *at < s.n && is_letter(s.p[*at]);)
		++*at;
	return str_slice(s, from, *at);
}

static int sign_of(struct str word, struct str before)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (str_eq(word, str_of(signs[i].word)) &&
		    (!signs[i].behind_di || str_eq(before, STR("di"))))
			return (int)signs[i].level;
	return -1;
}

static bool is_name(struct str word)
{
	return word.n >= NAME_LETTERS && (word.p[0] < '0' || word.p[0] > '9') &&
	       sign_of(word, STR("di")) < 0 &&
	       !among(word, no_names, sizeof(no_names) / sizeof(*no_names));
}

struct place_locals place_locals(struct str text, struct arena *scratch)
{
	struct str s = utf8_fold(text, scratch), before = STR(""), word;
	struct place_locals found = { 0 };

	for (size_t at = 0; (word = word_next(s, &at)).n; before = word) {
		int level = sign_of(word, before);
		size_t ahead = at;
		struct str name = word_next(s, &ahead);

		if (level >= 0 && found.names[level].n == 0 && is_name(name))
			found.names[level] = name;
	}
	return found;
}

/* ---- for people ---- */

/* "rt", "3" or "rt3"; *at moves behind it. n 0: no such number. */
static struct str number_behind(struct str s, const char *sign, struct str word,
				size_t *at)
{
	size_t n = strlen(sign);
	struct str number = word.n > n ? str_slice(word, n, word.n) : word_next(s, at);

	if (number.n == 0 || number.n > NUMBER_MOST)
		return str_from(NULL, 0);
	for (size_t i = 0; i < number.n; i++)
		if (number.p[i] < '0' || number.p[i] > '9')
			return str_from(NULL, 0);
	return number;
}

/* " RT 3/2" from "rt 3 rw 2", "rt03/02"; "" when there is none. */
static struct str neighbours_of(struct str s, struct arena *arena)
{
	struct str word, rt, rw;

	for (size_t at = 0; (word = word_next(s, &at)).n;) {
		size_t ahead = at, slash;

		if (!str_starts(word, STR("rt")))
			continue;
		rt = number_behind(s, "rt", word, &ahead);
		if (rt.n == 0)
			continue;
		slash = ahead;
		word = word_next(s, &ahead);
		if (str_starts(word, STR("rw")))
			rw = number_behind(s, "rw", word, &ahead);
		else
			rw = slash < s.n && s.p[slash] == '/'
				     ? number_behind(s, "", word, &ahead)
				     : str_from(NULL, 0);
		return arena_printf(arena, " RT %.*s%s%.*s", STR_ARG(rt), rw.n ? "/" : "",
				    STR_ARG(rw));
	}
	return STR("");
}

struct str place_words(struct str text, struct arena *arena)
{
	struct str s = utf8_fold(text, arena), rt = neighbours_of(s, arena), word;

	for (size_t at = 0; (word = word_next(s, &at)).n;) {
		int level = sign_of(word, STR(""));
		size_t ahead = at;
		struct str name = word_next(s, &ahead);

		if ((level == PLACE_HAMLET || level == PLACE_ESTATE) && is_name(name))
			return arena_printf(arena, "%.*s %.*s%.*s", STR_ARG(word),
					    STR_ARG(name), STR_ARG(rt));
	}
	return str_trim(rt);
}

/* ---- two texts ---- */

static bool same_name(struct str a, struct str b)
{
	return str_eq(a, b) ||
	       (a.n >= SLIP_FROM && b.n >= SLIP_FROM && word_one_slip(a, b));
}

bool place_locals_differ(const struct place_locals *a, const struct place_locals *b)
{
	for (int i = 0; i < PLACE_LOCALS; i++)
		if (a->names[i].n && b->names[i].n &&
		    !same_name(a->names[i], b->names[i]))
			return true;
	return false;
}
