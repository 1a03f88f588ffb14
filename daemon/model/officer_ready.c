/* SPDX-License-Identifier: MIT */
/*
 * "ok", "siap pak", "86": what an officer answers to a call and means that he has it.
 * Short texts of such words only, so that no report is taken for one. Contract in
 * officer.h.
 */
#include "model/officer.h"

enum { WORDS_MOST = 4 };

/* One of the first makes it an answer; the second may stand beside. */
static const char *const ready[] = { "ok",	   "oke",	 "okay", "okey",
				     "okeh",	   "siap",	 "sip",	 "86",
				     "diterima",   "laksanakan", "baik", "ya",
				     "laksanakan", "monitor" };
static const char *const beside[] = { "pak",  "bu",	"bapak",    "ibu",	"min",
				      "kami", "segera", "meluncur", "komandan", "ndan" };

static bool among(struct str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(word, str_of(list[i])))
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool officer_is_ready(struct str text)
{
	size_t at = 0, words = 0, good = 0;

	while (at < text.n) {
		size_t end = at;
		struct str word;

		while (end < text.n && is_letter(text.p[end]))
			end++;
		if (end == at) { /* blanks and signs; anything else is no such word */
			if ((unsigned char)text.p[at++] >= 0x80)
				return false;
			continue;
		}
		word = str_slice(text, at, end);
		at = end;
		words++;
		if (among(word, ready, sizeof(ready) / sizeof(*ready)))
			good++;
		else if (!among(word, beside, sizeof(beside) / sizeof(*beside)))
			return false;
	}
	return good && words <= WORDS_MOST;
}
