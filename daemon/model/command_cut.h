/* SPDX-License-Identifier: MIT */
/*
 * A text cut into words for reading commands, each with its classes, and the ticket
 * numbers in it. Letters and digits are words of their own: "CEK25004176" is two. Used by
 * command.c, context.c and officer.c. Pure; views into the text and the given arena.
 */
#ifndef MODEL_COMMAND_CUT_H
#define MODEL_COMMAND_CUT_H

#include "model/command_words.h"

enum { WORDS_MOST = 64 };

struct word {
	struct str text;   /* folded and plain; letters or digits only */
	size_t begin, end; /* in the original */
	uint64_t classes;  /* 0 for digits and unknown words */
	bool digits;
};

struct words {
	size_t n;
	struct str original;
	unsigned width; /* of ticket numbers */
	bool cut;	/* there were more than WORDS_MOST */
	struct word items[WORDS_MOST];
};

/* NULL without memory. text: repaired UTF-8. */
struct words *words_cut(struct str text, unsigned width, struct arena *scratch);

static inline bool word_is(const struct words *w, size_t i, uint64_t bits)
{
	return i < w->n && (w->items[i].classes & bits);
}

static inline struct str word_text(const struct words *w, size_t i)
{
	return i < w->n ? w->items[i].text : STR("");
}

/* Whether all words from `from` on are of these classes; true when there are none. */
bool words_all(const struct words *w, size_t from, uint64_t bits);
/* The same, but digits may stand between: "4/5", "4 dari 5 bintang". */
bool words_opinion(const struct words *w, size_t from, uint64_t bits);
/* How many of the words from `from` on are. */
size_t words_count(const struct words *w, size_t from, uint64_t bits);
/* The first word from i on that is not. */
size_t words_skip(const struct words *w, size_t i, uint64_t bits);
void words_drop(struct words *w, size_t n);
/* The original from word i to its end, trimmed. */
struct str words_rest(const struct words *w, size_t i);
/* A digit or its word, 0: neither, or above 10. */
int words_number(const struct words *w, size_t i);

struct ticket_number {
	int64_t no;  /* 0: wrong */
	bool wrong;  /* its check digit */
	size_t next; /* the word after it */
};

/* The number at word i, perhaps behind "no". False when there is none. */
bool words_ticket(const struct words *w, size_t i, struct ticket_number *number);

#endif
