/* SPDX-License-Identifier: MIT */
/*
 * The vocabulary of what people text to us: how they spell commands, and which words may
 * stand around them without meaning anything, or say yes, or tell a place. Words are
 * compared in plain lower case, as command_cut.h cuts them. Pure; owns nothing.
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
	FITS_MINE,	  /* the same as NUMBER_TEXT; or "saya", "kemarin" and anything */
	FITS_RATING,	  /* a ticket number and 1-5 in any order; or 1-5 and praise */
	FITS_ALONE,	  /* courtesy only */
	FITS_LANGUAGE,	  /* the name of a language, and courtesy */
	FITS_TEXT,	  /* anything */
};

/*
 * A class is a letter, and a word's classes are written behind it in the vocabulary:
 * "pak:Lch" is courtesy, may lead up to a command, and may stand in a question how this
 * service is used.
 */
enum word_class {
	/* around commands */
	WORD_COURTESY = 'c', /* politeness, address, particles */
	WORD_UNNEEDED =
		'u', /* "no need", "all": courtesy around STOP, not around YA and BELUM */
	WORD_LEAD = 'L',       /* may stand before a command */
	WORD_LANGUAGE = 'g',   /* may stand before BAHASA */
	WORD_MINE = 'M',       /* says whose or which complaint */
	WORD_OLDER = 'O',      /* the other ones: CEK LAIN */
	WORD_NOT_TICKET = 'o', /* the digits behind it are no ticket's: NIK, Rp, HP */
	WORD_NOT_PIN = 'Q',    /* nor a PIN: "tahun 2025" */
	/* spoken questions */
	WORD_ASKING = 'a',	 /* asks how a complaint stands */
	WORD_ASKING_ALONE = 'A', /* and needs not name it */
	WORD_THIS = 'i',	 /* with these it is a sigh: "gimana ini" */
	WORD_COMPLAINT = 'l',	 /* names the complaint itself */
	WORD_FILLER = 'f',	 /* carries no matter of its own in such a question */
	WORD_HELPING = 'h',	 /* may stand in a question how this service is used */
	WORD_HOW = 'H',		 /* makes it that question */
	/* "nama saya jangan disebut" */
	WORD_NAME = 'N',     /* what is to be hidden, if it is the sender's */
	WORD_OWN_NAME = 'I', /* and this is always the sender's */
	WORD_REQUEST = 'r',
	WORD_FORBID = 'F', /* do not … */
	WORD_REVEAL = 'R', /* … tell */
	WORD_HIDE = 'S',   /* hide */
	WORD_SENDER = 'Z', /* me, or anyone */
	WORD_PERSON = 'm', /* whose, to whom, and what else stands in such a request */
	/* verdicts */
	WORD_YES = 'y',	    /* it is settled */
	WORD_ACK = 'k',	    /* yes, all right */
	WORD_NO = 'x',	    /* not */
	WORD_NOT_YET = 'n', /* not yet, still */
	WORD_BUT = 'b',
	WORD_THANKS = 't',
	WORD_PRAISE = 'p', /* goes with a rating; good by itself */
	WORD_GOOD = 'G',   /* praise that needs no rating */
	WORD_BLAME = 'q',  /* goes with a rating; bad by itself */
	/* matters and places */
	WORD_TROUBLE = 'T', /* what complaints are about */
	WORD_ADDRESS = 'd', /* parts of addresses, and words that tell where */
	WORD_BEGINS = 'B',  /* begins what belongs to an earlier text */
	WORD_UNIT = 'U',    /* a digit before it counts something */
};

#define WORD_BIT(class) (1ull << ((class) - 'A'))

/* The classes of a plain word as bits; 0: unknown. */
uint64_t word_classes(struct str word);
/* 1 … 10 of "satu", "kedua", "opat", "five"; 0: none. */
int word_number(struct str word);
enum command_language word_language(struct str word);
/* "carany" as "caranya", "stoppp" as "stop": folded text in, a view or arena out. */
struct str word_plain(struct str folded, struct arena *arena);
/* One letter missing, added, changed, or two neighbours swapped. */
bool word_one_slip(struct str a, struct str b);

struct spelling {
	struct str word, second; /* second n 0: one word is enough */
	enum command_kind kind;
	enum fits fits;
};

/*
 * The spelling that begins with this word (and goes on with next, n 0: nothing), or NULL.
 * slips: one slip is forgiven in commands of SLIP_LETTERS and more, if all that are so
 * near are the same command.
 */
const struct spelling *command_spelling(struct str word, struct str next, bool slips);

/* For the unit test: both tables are searched by halves. */
bool command_words_sorted(void);
bool command_spellings_sorted(void);

#endif
