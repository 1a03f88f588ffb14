/* SPDX-License-Identifier: MIT */
/*
 * Commands in a citizen's text (domain section 7). Only the first word can be a command,
 * and only if the rest fits: "stop. makasih" is one, "stop pungli di sekolah" is a
 * complaint. The spoken forms ("gmn kabarnya laporan sy no 25004176", "nama sy jgn
 * disebut") are read too, misspelt, Sundanese and Javanese ones as well. All commands are
 * recognised here; flow decides which it serves. What a bare "ya" or "4" answers is not
 * known here: model/context.h says it, from the command read and what was asked.
 */
#ifndef MODEL_COMMAND_H
#define MODEL_COMMAND_H

#include "base/arena.h"
#include "base/str.h"

enum command_kind {
	COMMAND_NONE, /* not a command, or LAPOR…, which announces a complaint: route it
		       */
	COMMAND_CEK,
	COMMAND_BALAS,
	COMMAND_YA,
	COMMAND_BELUM,
	COMMAND_NILAI,
	COMMAND_BEDA,
	COMMAND_RAHASIA, /* hides its sender: see `rest` */
	COMMAND_CABUT,
	COMMAND_BANDING,
	COMMAND_STOP,
	COMMAND_MULAI,
	COMMAND_BANTUAN,
	COMMAND_PRIVASI,
	COMMAND_HAPUS,
	COMMAND_BAHASA,
	COMMAND_COUNT
};

const char *command_name(enum command_kind kind);

enum command_language {
	LANGUAGE_NONE,
	LANGUAGE_INDONESIA,
	LANGUAGE_SUNDA,
	LANGUAGE_JAWA,
	LANGUAGE_ENGLISH,
	LANGUAGE_COUNT
};

/* ISO 639-1: "id" "su" "jv" "en"; "" for none. */
const char *command_language_code(enum command_language language);
/* How it is asked for behind BAHASA: "SUNDA". */
const char *command_language_word(enum command_language language);

struct command {
	enum command_kind kind;
	int64_t no;    /* ticket number with a right check digit; 0: none given */
	bool wrong_no; /* digits of a ticket number's length with a wrong check digit */
	/*
	 * What follows: a view into the text; n 0: nothing. Of BELUM and BALAS that were
	 * read from a number in the middle of a story it is the whole story. Of RAHASIA
	 * it is a new complaint whose sender is to be hidden, or with a number what is
	 * said besides about that ticket; empty: hide what was complained about before.
	 */
	struct str rest;
	int rating;			/* NILAI: 1–5, else 0 */
	bool older;			/* CEK LAIN: the list's next ones */
	enum command_language language; /* BAHASA: LANGUAGE_NONE when not said which */
};

/* text: repaired UTF-8 as received. width: digits of the running number. */
struct command command_read(struct str text, unsigned width, struct arena *scratch);

#endif
