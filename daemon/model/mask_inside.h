/* SPDX-License-Identifier: MIT */
/*
 * A text as mask.c cuts it, for mask_spare.c, which says what numbers may stay; and what
 * mask_first.c says before it is cut.
 */
#ifndef MODEL_MASK_INSIDE_H
#define MODEL_MASK_INSIDE_H

#include "base/str.h"

enum {
	MASK_ROW = 9,	 /* digits in a row that are hidden */
	MASK_FEWEST = 6, /* … behind "rek", "hp"; fewer are not */
	MASK_WORD_BYTES = 16
};

struct point {
	size_t begin, end; /* bytes */
	int32_t c;
	int digit;   /* 0–9, or −1 */
	bool letter; /* looks like a digit at times: see the token */
	bool hidden;
};

struct token_of {
	size_t first, end; /* points */
	size_t digits;	   /* a number's; the first points are its digits */
	bool number;
	bool spelled; /* a word that says one digit */
	bool glued;   /* a letter or a digit stands right before it */
	bool thin;    /* a single letter inside a number */
	bool spared;  /* stays as it is, and ends a row of digits */
	bool time;    /* spared as a date or a time */
};

struct mask {
	struct str text;
	unsigned ticket_digits;
	struct point *points;
	struct token_of *tokens;
	size_t n_points, n_tokens;
	bool any; /* something is hidden */
};

/* Whether token i is one of the words, which stand in a string with blanks between. */
bool mask_word_is(const struct mask *m, size_t i, const char *words);
/* Of a number of at most 9 digits; −1 otherwise. */
int64_t mask_value(const struct mask *m, size_t i);
/*
 * What stands between token i and the next: the one character that is not a blank; ' '
 * when there are only blanks; 'x' for anything else; 0 for nothing or at the end.
 */
char mask_gap(const struct mask *m, size_t i);
void mask_spare(struct mask *m);
/* Whether a word of letters, small or not, is one of those in a string with blanks. */
bool mask_one_of(struct str word, const char *words);
/* Whether a word says one digit, in whatever letters: "Tiga". */
bool mask_says_digit(struct str word);
/* Whether behind that word a short number is somebody's: "rek", "hp". */
bool mask_announces(struct str word);
/* Whether there may be something to hide. */
bool mask_first_look(struct str text);

#endif
