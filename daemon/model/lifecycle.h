/* SPDX-License-Identifier: MIT */
/*
 * The life of a complaint (domain section 4) as one table: from which state, what
 * happens, who may do it, on which conditions → which state, what the citizen is told,
 * who else is told, which clock starts. Every flow asks here and nowhere else;
 * `kentongan lifecycle` prints the same table. Pure: the time is given, nothing is kept.
 *
 * A caller loads a struct life from its ticket, says in a struct life_act what happens,
 * and stores life_step.after in the same transaction as the event (`life_step.record`),
 * the replies and the clocks (clocks_apply in model/clocks.h). More than one row may fit
 * a state and an event: the first whose conditions hold is taken.
 */
#ifndef MODEL_LIFECYCLE_H
#define MODEL_LIFECYCLE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/ticket.h"

enum life_event {
	/* a new ticket, which is `baru` until one of these */
	LIFE_OPENED_ROUTED,    /* one clear route */
	LIFE_OPENED_UNCLEAR,   /* no route, or several */
	LIFE_OPENED_SENSITIVE, /* its topic or its sender asks for secrecy */
	LIFE_OPENED_OUTSIDE,   /* a body outside the regency, PLN for one */
	/* the central desk */
	LIFE_ROUTE,	/* gives it to a department (also: to another one) */
	LIFE_RECALL,	/* takes it back to look at it again */
	LIFE_REJECT,	/* TOLAK, decided */
	LIFE_REOPEN,	/* opens what was closed, of its own accord */
	LIFE_EXTEND,	/* grants more time, until a date */
	LIFE_NO_EXTEND, /* does not */
	LIFE_UNHIDE,	/* lifts RAHASIA, with the citizen's word */
	LIFE_ARCHIVE,	/* spam, fraud, advertising, machine loops */
	/* questions and answers */
	LIFE_ASK_PLACE,	 /* TANYA_LOKASI */
	LIFE_ASK_CHOICE, /* TANYA_PILIH */
	LIFE_ASK,	 /* TANYA: an officer's own question */
	LIFE_ANSWERED,	 /* the citizen answers that */
	LIFE_ADDED,	 /* BALAS: something more about it */
	/* officers */
	LIFE_ACCEPT,	      /* TERIMA */
	LIFE_PROGRESS,	      /* PROSES */
	LIFE_SCHEDULE,	      /* JADWAL, with a date */
	LIFE_DONE,	      /* SELESAI: the office's claim */
	LIFE_TRANSFER,	      /* ALIH: not ours */
	LIFE_OUTSIDE,	      /* LUAR: a body outside the regency */
	LIFE_MERGE,	      /* GABUNG: same as its parent */
	LIFE_REJECT_PROPOSED, /* TOLAK by an officer: the desk decides */
	LIFE_EXTEND_ASKED,    /* PERPANJANG: the desk decides */
	LIFE_HIDE,	      /* RAHASIA: by citizen, desk or officer */
	/* the citizen */
	LIFE_CONFIRM,	/* YA */
	LIFE_NOT_FIXED, /* BELUM */
	LIFE_RATE,	/* NILAI: 1 and 2 count as BELUM */
	LIFE_UNMERGE,	/* BEDA */
	LIFE_WITHDRAW,	/* CABUT */
	LIFE_APPEAL,	/* BANDING */
	/* the clock, by enum due_kind of model/clocks.h */
	LIFE_REMIND,	    /* a reminder; nothing moves */
	LIFE_DEADLINE,	    /* missed: one level up (life_act.level) */
	LIFE_STATUTE,	    /* 60 days: the citizen is told of the Ombudsman */
	LIFE_ASK_EXPIRED,   /* no answer to our question */
	LIFE_CLOSE_SILENCE, /* no answer to "Sudah beres?" */
	LIFE_EVENT_COUNT
};

/* "opened_routed" "route" …: also the kind of the ticket's event in the store. */
const char *lifecycle_event_name(enum life_event event);
bool lifecycle_event_read(struct str name, enum life_event *out);

enum life_actor {
	LIFE_CITIZEN,  /* who filed it */
	LIFE_OFFICER,  /* of the department that owns it */
	LIFE_DESK,     /* the central desk; may also do what the owning office may */
	LIFE_GATEWAY,  /* this program: routing, and the clock */
	LIFE_STRANGER, /* another phone, another department */
	LIFE_ACCUSED,  /* of the office complained about, whoever owns it */
	LIFE_ACTOR_COUNT
};

const char *lifecycle_actor_name(enum life_actor who);

/* Clocks that may run on a ticket. How long: model/clocks.h. */
enum life_clock {
	LIFE_CLOCK_VERIFY,  /* the desk chooses a department */
	LIFE_CLOCK_ANSWER,  /* the department's first answer: its own clock */
	LIFE_CLOCK_SETTLE,  /* the citizen's: all done, or the date that was promised */
	LIFE_CLOCK_STATUTE, /* the law's outer limit */
	LIFE_CLOCK_REPLY,   /* the citizen's answer to our question */
	LIFE_CLOCK_CONFIRM, /* silence after `selesai` */
	LIFE_CLOCK_WATCH,   /* asking again at a body outside */
	LIFE_CLOCK_COUNT
};

const char *lifecycle_clock_name(enum life_clock clock);
/* Bits (1u << enum life_clock) of the clocks that run in a state; 0: none. */
unsigned lifecycle_clocks(enum ticket_state state);
/* What a new ticket starts with, in `baru`. */
enum {
	LIFE_BIRTH_CLOCKS = 1u << LIFE_CLOCK_VERIFY | 1u << LIFE_CLOCK_SETTLE |
			    1u << LIFE_CLOCK_STATUTE
};

/* Who answers for it now. It never falls during a ticket's life. */
enum life_level {
	LIFE_LEVEL_OFFICER, /* the liaison officer */
	LIFE_LEVEL_HEAD,    /* head of the department */
	LIFE_LEVEL_SEKDA,   /* regional secretary */
	LIFE_LEVEL_REGENT,  /* on the regent's list */
	LIFE_LEVEL_COUNT
};

const char *lifecycle_level_name(enum life_level level);

enum { LIFE_TRANSFERS_MOST = 2 };

/* What a ticket is, as far as its life is concerned. All of it is stored but `followers`
 * and `window_ms`. */
struct life {
	enum ticket_state state;
	/*
	 * Where it was when it was asked about, claimed done or merged: never `tanya` or
	 * `selesai`. Stays as it was afterwards.
	 */
	enum ticket_state before;
	enum ticket_kind kind;
	int transfers;		    /* by officers, 0 … LIFE_TRANSFERS_MOST */
	int reopens;		    /* by BELUM, a bad rating, BANDING or the desk */
	enum life_level level;	    /* who answers for it */
	enum life_level done_level; /* rank of who claimed it done; its level, if higher,
				       counts */
	enum life_actor asked_by;   /* the last question's: LIFE_GATEWAY, … */
	enum life_actor closed_by;  /* LIFE_GATEWAY: by silence */
	int64_t closed_ms;	    /* 0: it is open */
	int rating;		    /* NILAI since it was last claimed done; 0: none */
	bool sensitive;		    /* its topic goes past the accused */
	bool secret;		    /* RAHASIA */
	unsigned followers;	    /* tickets merged into it: counted by the caller */
	int64_t window_ms;	    /* until when the citizen may reopen: clocks_window */
};

/* A new ticket: `baru`, all counts 0. */
struct life lifecycle_new(enum ticket_kind kind, bool sensitive, bool secret);

struct life_act {
	enum life_event event;
	enum life_actor who;
	int64_t at_ms;
	int64_t date_ms; /* SCHEDULE, EXTEND, ACCEPT: end of the day promised; 0: none */
	int rating;	 /* RATE: 1 … 5 */
	bool proved;	 /* an officer's PIN was right, or a mail confirmed it */
	bool word;	 /* UNHIDE: the citizen agreed */
	enum life_level level;	   /* DEADLINE: due.level; DONE: rank of who says so */
	const struct life *parent; /* MERGE: the ticket that goes on; NULL: none */
};

enum life_told {
	LIFE_TOLD_NOBODY,
	LIFE_TOLD_OFFICE, /* whoever has it after the step: department, desk, outside body
			   */
	LIFE_TOLD_DESK,	  /* the central desk */
	LIFE_TOLD_HEAD,	  /* whoever answers for it at life.level, and those below */
	LIFE_TOLD_COUNT
};

const char *lifecycle_told_name(enum life_told told);

/* What else a step does: bits. */
enum life_does {
	LIFE_TRANSFERS = 1 << 0, /* counts as a transfer */
	LIFE_REOPENS = 1 << 1,	 /* one level higher than who closed it */
	LIFE_RAISES = 1 << 2,	 /* to life_act.level */
	LIFE_HIDES = 1 << 3,	 /* sender and text are hidden from now on */
	LIFE_SHOWS = 1 << 4,	 /* no longer */
	LIFE_MUTES = 1 << 5, /* its sender wants no more news; it goes on for others */
	LIFE_ON_PARENT = 1 << 6, /* do the same event on the parent, as its citizen */
	LIFE_PROMISES = 1 << 7,	 /* life_act.date_ms is the citizen's deadline now */
};

/* Conditions of a row: bits, all must hold. */
enum life_when {
	LIFE_IF_NEW = 1 << 0,	    /* it was `baru` before the question */
	LIFE_IF_OFFICE = 1 << 1,    /* a department has it, or had it before */
	LIFE_IF_MACHINE = 1 << 2,   /* the question was the gateway's own */
	LIFE_IF_TWICE = 1 << 3,	    /* transferred LIFE_TRANSFERS_MOST times already */
	LIFE_IF_SENSITIVE = 1 << 4, /* its topic goes past the accused */
	LIFE_IF_FOLLOWED = 1 << 5,  /* other tickets are merged into it */
	LIFE_IF_LAPSED = 1 << 6,    /* closed because no answer came */
	LIFE_IF_BAD = 1 << 7,	    /* rated 1 or 2 */
	LIFE_IF_RATED = 1 << 8,	    /* rated 1 … 5; else NEEDS_RATING */
	LIFE_IF_UNRATED = 1 << 9,   /* not rated yet; else LIFE_RATED */
	LIFE_IF_WINDOW = 1 << 10,   /* still time to reopen; else TOO_LATE */
	LIFE_IF_PROVED = 1 << 11,   /* an officer proved who he is; else NEEDS_PIN */
	LIFE_IF_DATED = 1 << 12,    /* with a date to come; else NEEDS_DATE */
	LIFE_IF_WORD = 1 << 13,	    /* the citizen agreed; else NEEDS_WORD */
	LIFE_IF_PARENT = 1 << 14,   /* the parent fits; else NO_PARENT */
};

/* Where a row leads, beside the states. */
enum { LIFE_TO_SAME = TICKET_STATE_COUNT, LIFE_TO_BEFORE };

/* A row of the table. */
struct life_row {
	unsigned from; /* bits (1u << enum ticket_state) */
	enum life_event event;
	unsigned who;	     /* bits (1u << enum life_actor) */
	unsigned when;	     /* bits of enum life_when */
	int to;		     /* enum ticket_state, LIFE_TO_SAME, LIFE_TO_BEFORE */
	const char *reply;   /* the citizen is told: a key of the texts; NULL: nothing */
	enum life_told told; /* who else */
	unsigned start;	     /* bits of enum life_clock that start anew there */
	unsigned does;	     /* bits of enum life_does */
};

const struct life_row *lifecycle_rows(size_t *n);

/* Why an act is refused. */
enum life_refusal {
	LIFE_OK,
	LIFE_NOT_YOURS,	   /* also what the accused hear: it is not there for them */
	LIFE_WAIT_DESK,	   /* the central desk decides that */
	LIFE_WAIT_CITIZEN, /* the citizen has been asked and has not answered */
	LIFE_CLOSED,
	LIFE_REJECTED,
	LIFE_WITHDRAWN,
	LIFE_ARCHIVED,
	LIFE_MERGED,   /* it goes on under another number */
	LIFE_TOO_LATE, /* the time to reopen or object is over */
	LIFE_NEEDS_PIN,
	LIFE_NEEDS_DATE,
	LIFE_NEEDS_WORD, /* of the citizen */
	LIFE_NEEDS_RATING,
	LIFE_RATED,	/* already */
	LIFE_NO_PARENT, /* none, closed, merged itself, the same, or not as secret */
	LIFE_NOT_NOW,	/* means nothing in this state */
	/* What is beyond the table: the desk's acts (flow/ticket.c). */
	LIFE_IS_THERE,	   /* that department has it already */
	LIFE_NOT_SECRET,   /* there is nothing to lift */
	LIFE_NEEDS_REASON, /* the citizen's text consists of the desk's words */
	LIFE_UNREACHABLE,  /* the citizen cannot be asked */
	LIFE_REFUSAL_COUNT
};

const char *lifecycle_refusal_name(enum life_refusal refusal);
/* The key of the one sentence that says it to who tried; not for LIFE_OK. */
const char *lifecycle_refusal_key(enum life_refusal refusal, enum life_event event,
				  enum life_actor who);

struct life_step {
	const struct life_row *row;
	struct life after;
	const char *reply;   /* key; NULL: the citizen is told nothing */
	enum life_told told; /* who else */
	const char *record;  /* kind of the ticket's event */
	int64_t date_ms;     /* LIFE_PROMISES: the day, else 0 */
	/* Bits of enum life_clock. A clock that runs before and after is in none but
	 * `keep`. */
	unsigned start;	 /* run from now on, anew */
	unsigned stop;	 /* do not run any more */
	unsigned keep;	 /* go on as before */
	unsigned pause;	 /* stand still while the citizen is asked */
	unsigned resume; /* run again, not anew: later by the time they were paused */
	unsigned does;	 /* bits of enum life_does */
};

/* LIFE_OK and *out, or why not and *out untouched. */
enum life_refusal lifecycle_step(const struct life *now, const struct life_act *act,
				 struct life_step *out) MUST_CHECK;

/*
 * Whether that actor may know of the ticket at all, and read its text. The accused never
 * know of a sensitive one; an officer reads a secret one only after a human of the desk
 * has passed it on.
 */
bool lifecycle_visible(const struct life *life, enum life_actor who);
/* Whether child may be merged into parent: open, not merged itself, as sensitive. */
bool lifecycle_may_follow(const struct life *child, const struct life *parent);

/* Graphviz: states as boxes with the words citizens read, edges coloured by actor. */
void lifecycle_dot(struct buf *out);
/* The table for a terminal, a line for each row. */
void lifecycle_text(struct buf *out);

#endif
