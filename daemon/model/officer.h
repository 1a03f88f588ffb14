/* SPDX-License-Identifier: MIT */
/*
 * Commands in an officer's text or mail (domain section 8): "SELESAI 25004176 lampu sudah
 * diganti". The first word is the command, misspelt and abbreviated too; the number
 * stands behind it (or before it) and may be left out; what follows must fit. A text that
 * is none is OFFICER_NONE: ask whether it is a complaint. What is missing is told bit by
 * bit in `faults`, so that the answer can say what to type. Pure.
 *
 * A number that is left out is the officer's only open ticket, if there is one; since a
 * chat may look like a command ("tanya dong …"), let the officer confirm then
 * (ASKED_OFFICER_SURE) unless the ticket is known otherwise, from the thread of a mail.
 *
 * The PIN is the last word: 4 to 8 digits between blanks, "pin" before it or not. It is
 * no PIN where
 *   - the digits are the ticket's number or the parent's, which are read first,
 *   - the word before says what else it is: rp, no, tahun, jam, rt, hp …,
 *   - a date or a number of days is read there.
 * Whether it is the right one the caller compares, in constant time. For commands that
 * need no PIN the last word may be one all the same, out of habit: if it is the officer's
 * PIN, use `text`, which is without it, so that no PIN reaches a citizen; else use
 * `text_whole`.
 */
#ifndef MODEL_OFFICER_H
#define MODEL_OFFICER_H

#include "base/arena.h"
#include "base/str.h"
#include "base/when.h"

enum officer_kind {
	OFFICER_NONE,
	OFFICER_TERIMA,
	OFFICER_PROSES,
	OFFICER_JADWAL,
	OFFICER_TANYA,
	OFFICER_SELESAI,
	OFFICER_ALIH,
	OFFICER_LUAR,
	OFFICER_GABUNG,
	OFFICER_TOLAK,
	OFFICER_PERPANJANG,
	OFFICER_RAHASIA,
	OFFICER_DAFTAR,
	OFFICER_BANTUAN,
	OFFICER_COUNT
};

const char *officer_name(enum officer_kind kind);
/*
 * Whatever ends or hides a ticket: LUAR, GABUNG, TOLAK, RAHASIA. Not SELESAI, which is
 * only the office's claim, nor ALIH, which closes nothing.
 */
bool officer_needs_pin(enum officer_kind kind);

/* "ok", "siap pak": he has what he was called for. */
bool officer_is_ready(struct str s);
/* Digits as long as a PIN, and nothing else. */
bool officer_is_pin(struct str s);

/* Bits of `faults`, the most important first. */
enum officer_fault {
	OFFICER_WRONG_NUMBER = 1 << 0, /* its check digit is wrong */
	OFFICER_WRONG_PARENT = 1 << 1, /* the same with GABUNG's second number */
	OFFICER_NO_NUMBER = 1 << 2,    /* left out: no obstacle with one open ticket */
	OFFICER_NO_PARENT = 1 << 3,
	OFFICER_SAME_PARENT = 1 << 4,	 /* both numbers are the same */
	OFFICER_NO_DATE = 1 << 5,	 /* JADWAL: none, or one that does not exist */
	OFFICER_PAST_DATE = 1 << 6,	 /* before `today`; `date` is set all the same */
	OFFICER_NO_DAYS = 1 << 7,	 /* PERPANJANG: none, 0, or more than 365 */
	OFFICER_NO_DEPARTMENT = 1 << 8,	 /* ALIH: nothing that could be one */
	OFFICER_BAD_DEPARTMENT = 1 << 9, /* ALIH: none of the given, or near to several */
	OFFICER_NO_BODY = 1 << 10,	 /* LUAR: which body outside? */
	OFFICER_NO_TEXT = 1 << 11,    /* reason, question, note: required and not there */
	OFFICER_SHORT_TEXT = 1 << 12, /* too few words for a citizen to understand */
	OFFICER_NO_PIN = 1 << 13,     /* needs one (a mail may confirm instead) */
};

enum { OFFICER_FAULTS = 14 };

const char *officer_fault_name(enum officer_fault fault);
/* The most important of the faults that are not in `ignore`; 0: none is left. */
unsigned officer_fault_first(unsigned faults, unsigned ignore);

struct officer_command {
	enum officer_kind kind;
	int64_t no;	       /* 0: none given, or wrong */
	bool wrong_no;	       /* digits of a ticket's length with a wrong check digit */
	int64_t parent;	       /* GABUNG: the ticket that goes on; 0: none */
	struct when_date date; /* JADWAL, and TERIMA perhaps; year 0: none */
	int days;	       /* PERPANJANG: calendar days as said; "seminggu" is 7 */
	int department;	       /* ALIH: index into rules->departments, −1: none */
	struct str said;       /* ALIH: as typed, for the question "which?" */
	struct str body;       /* LUAR: the body outside */
	struct str text, text_whole; /* reason, note, question; views into the text */
	struct str pin;		     /* n 0: none; digits only */
	bool more;		     /* BANTUAN: the second page */
	enum officer_kind about;     /* BANTUAN: this command; OFFICER_NONE: all */
	bool slip;		     /* the command's word had one wrong letter */
	unsigned faults;	     /* of enum officer_fault */
};

struct officer_rules {
	unsigned width;		     /* digits of a ticket's running number */
	struct when_date today;	     /* what "besok" and "12/8" are relative to */
	struct str_list departments; /* codes, for ALIH; a slip is forgiven when unique */
	struct str_list outside;     /* names and codes of bodies outside, for LUAR */
};

/* text: repaired UTF-8. At the scratch's ceiling: OFFICER_NONE. */
struct officer_command officer_read(struct str text, const struct officer_rules *rules,
				    struct arena *scratch);

#endif
