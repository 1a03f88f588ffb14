/* SPDX-License-Identifier: MIT */
/*
 * What a text means to us who asked its sender something (domain section 7: "a reply is
 * understood in context"). The gateway remembers for each sender what it asked last, with
 * the ticket and the time; here a bare "1", "ya", "blm msh bolong", "4" or "kp cikupa rt
 * 3" becomes the answer to that. An own complete command wins over what was asked, a text
 * that the router calls another complaint stays one, and when in doubt nothing is lost:
 * the text is added to the ticket in question. Pure: no clock, the time is given.
 */
#ifndef MODEL_CONTEXT_H
#define MODEL_CONTEXT_H

#include "model/command.h"
#include "model/place.h"

enum asked {
	ASKED_NOTHING,
	ASKED_PLACE,	    /* TANYA_LOKASI */
	ASKED_CHOICE,	    /* TANYA_PILIH: 1 … choices */
	ASKED_QUESTION,	    /* TANYA_OPD: an officer's question */
	ASKED_DONE,	    /* SELESAI: "Sudah beres?" */
	ASKED_RATING,	    /* NILAI: 1 … 5 */
	ASKED_WHICH,	    /* which of several tickets a command was about */
	ASKED_SURE,	    /* a citizen: really CABUT, HAPUS …? */
	ASKED_OFFICER_SURE, /* an officer: the same, perhaps with the PIN */
	ASKED_COUNT
};

/* "nothing" "place" … for the store and logs. */
const char *asked_name(enum asked asked);
/* False when the name is none. */
bool asked_read(struct str name, enum asked *out);
/* How long an answer is waited for unless the gateway says otherwise. */
int64_t asked_lasts_ms(enum asked asked);

enum { CONTEXT_WHICH_MOST = 3 };

struct context {
	enum asked asked;
	int64_t no;	  /* the ticket it was about; 0: none (ASKED_WHICH) */
	unsigned choices; /* ASKED_CHOICE: how many */
	unsigned n_which; /* ASKED_WHICH: how many of … */
	int64_t which[CONTEXT_WHICH_MOST]; /* … in the order they were named */
	int64_t asked_ms;
	int64_t expires_ms; /* 0: asked_ms + asked_lasts_ms */
};

enum meaning_kind {
	MEANING_NEW,	  /* not about anything asked: as the router says */
	MEANING_COMMAND,  /* do `command`; its number is filled in from the context */
	MEANING_PLACE,	  /* `command.rest` tells the place of ticket `command.no` */
	MEANING_CHOICE,	  /* `choice` for ticket `command.no`; rest: what was said besides
			   */
	MEANING_WHICH,	  /* the ticket asked for is `command.no` */
	MEANING_SURE,	  /* yes; `command.rest`: a PIN, if one was given */
	MEANING_NOT_SURE, /* no */
	MEANING_THANKS,	  /* polite, answers nothing, deserves no ticket */
	/*
	 * With a number in `command`: meant as an answer, but not clear which; add rest
	 * to that ticket and ask once more. Without: a bare number when nothing was
	 * asked.
	 */
	MEANING_UNCLEAR,
	MEANING_COUNT
};

const char *meaning_name(enum meaning_kind kind);

struct meaning {
	enum meaning_kind kind;
	/*
	 * MEANING_COMMAND: what to do. BALAS also stands for the answer to an officer's
	 * question and for whatever was said besides the point about the ticket in
	 * question. Its kind is COMMAND_NONE with the other meanings.
	 */
	struct command command;
	unsigned choice; /* MEANING_CHOICE: 1 … choices */
	bool answers;	 /* what was asked is answered: forget the context */
};

/*
 * text: repaired UTF-8 as received; read: what command_read made of it. looks_new: the
 * router calls the text a complaint for another department than that of the ticket in
 * question (false when it was not asked, or nothing was asked). The command that waits
 * for ASKED_WHICH, ASKED_SURE and ASKED_OFFICER_SURE is remembered by the gateway.
 *
 * With nothing asked (or too long ago) a command without a number comes back as it is:
 * YA, BELUM and NILAI then hold only if the sender has one ticket that waits for them.
 */
struct meaning context_read(struct str text, const struct command *read, bool looks_new,
			    const struct context *context, int64_t now_ms, unsigned width,
			    struct arena *scratch);
bool context_expired(const struct context *context, int64_t now_ms);

/* How a text looks, for those who must decide what belongs together. */
struct text_shape {
	bool address;	/* tells a place and no matter: "kp cikupa rt 3 rw 1" */
	bool continues; /* begins as the rest of something: "lokasinya …", "oh iya …" */
	bool thanks;	/* thanks and politeness only */
};

struct text_shape context_shape(struct str text, struct arena *scratch);

/* One complaint after the other from the same sender. */
struct said {
	int64_t at_ms;
	bool complaint; /* the earlier one: it opened a ticket or was added to one */
	bool command; /* the later one: command_read or context_read made something of it
		       */
	bool other_kind;	    /* thanks, a greeting, advertising: says the router */
	int department;		    /* index, or −1: none was found */
	struct text_shape shape;    /* only of the later one */
	struct str kecamatan, desa; /* n 0: not named, or not surely */
	struct place_locals locals; /* as they stand there, in no list perhaps */
	bool placed;		    /* the later one: it says where at all */
	bool between; /* the later one: he said something else after the earlier one */
};

/* Both name a kecamatan, a desa or a hamlet, and not the same. */
bool context_elsewhere(const struct said *earlier, const struct said *later);

/*
 * Whether the later text goes on with the earlier complaint (domain section 9): it comes
 * within ten minutes, is no command, and is an address, or is for the same department or
 * none. One that names another department is another complaint; so is one that tells a
 * matter in another place, or matter and place after something else was said.
 */
bool context_is_continuation(const struct said *earlier, const struct said *later);

#endif
