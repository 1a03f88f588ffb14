/* SPDX-License-Identifier: MIT */
/*
 * Commands in a citizen's text (domain section 7). Only the first word can be a command,
 * and only if the rest fits: "stop. makasih" is one, "stop pungli di sekolah" is a
 * complaint. The spoken forms ("gmn kabarnya laporan sy no 25004176") are read too. All
 * thirteen commands are recognised here; flow decides which it serves.
 */
#ifndef MODEL_COMMAND_H
#define MODEL_COMMAND_H

#include "base/arena.h"
#include "base/str.h"

enum command_kind {
	COMMAND_NONE, /* not a command: route it */
	COMMAND_CEK,
	COMMAND_BALAS,
	COMMAND_YA,
	COMMAND_BELUM,
	COMMAND_NILAI,
	COMMAND_BEDA,
	COMMAND_RAHASIA, /* a new complaint in `rest`, whose sender is to be hidden */
	COMMAND_CABUT,
	COMMAND_BANDING,
	COMMAND_STOP,
	COMMAND_MULAI,
	COMMAND_BANTUAN,
	COMMAND_PRIVASI,
	COMMAND_HAPUS,
	COMMAND_COUNT
};

const char *command_name(enum command_kind kind);

struct command {
	enum command_kind kind;
	int64_t no;	 /* ticket number with a right check digit; 0: none given */
	bool wrong_no;	 /* digits of a ticket number's length with a wrong check digit */
	struct str rest; /* what follows: a view into the text; n 0: nothing */
	int rating;	 /* NILAI: 1–5, else 0 */
};

/* text: repaired UTF-8 as received. width: digits of the running number. */
struct command command_read(struct str text, unsigned width, struct arena *scratch);

#endif
