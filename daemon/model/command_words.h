/* SPDX-License-Identifier: MIT */
/*
 * The vocabulary of commands: how people spell them, and which words may stand around
 * them without meaning anything. Words are compared in plain lower case, as
 * command_word_plain writes them. Only command.c includes this. Pure; owns nothing.
 */
#ifndef MODEL_COMMAND_WORDS_H
#define MODEL_COMMAND_WORDS_H

#include "model/command.h"

/* Commands of so many letters and more may be typed with one slip. */
enum { SLIP_LETTERS = 5 };

/* What may follow the word of a command. */
enum fits {
	FITS_NUMBER,	  /* a ticket number and courtesy; or courtesy alone */
	FITS_NUMBER_TEXT, /* a ticket number and anything; or courtesy alone */
	FITS_ADDITION,	  /* a ticket number and anything; without one, something */
	FITS_RATING,	  /* a ticket number and 1-5 in any order; or 1-5 and praise */
	FITS_ALONE,	  /* courtesy only */
	FITS_TEXT,	  /* anything */
};

enum word_class {
	WORD_COURTESY,	   /* politeness, address, particles around a command */
	WORD_ASKING,	   /* asks how a complaint stands */
	WORD_COMPLAINT,	   /* names the complaint itself */
	WORD_FILLER,	   /* carries no matter of its own in such a question */
	WORD_HELPING,	   /* may stand in a question how this service is used */
	WORD_HOW,	   /* makes it that question */
	WORD_LEAD,	   /* may stand before a command */
	WORD_PRAISE,	   /* goes with a rating */
	WORD_NOT_YET,	   /* says that a matter is not settled */
	WORD_OTHER_NUMBER, /* the digits behind it are no ticket's: NIK, Rp, HP */
	WORD_CLASS_COUNT
};

struct spelling {
	struct str word, second; /* second n 0: one word is enough */
	enum command_kind kind;
	enum fits fits;
};

/* "carany" as "caranya", "stoppp" as "stop": folded text in, a view or arena out. */
struct str command_word_plain(struct str folded, struct arena *arena);
bool command_word_is(enum word_class class, struct str word);
/*
 * The spelling that begins with this word (and goes on with next, n 0: nothing), or NULL.
 * slips: one wrong, missing, added or swapped letter is forgiven in commands of
 * SLIP_LETTERS and more.
 */
const struct spelling *command_spelling(struct str word, struct str next, bool slips);

#endif
