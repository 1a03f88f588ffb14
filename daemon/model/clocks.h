/* SPDX-License-Identifier: MIT */
/*
 * Which deadline of a ticket rings when (domain section 5). What runs in a state says
 * model/lifecycle.h; here is how long, from when, and what happens at 75 %, at the
 * deadline and after it. A ticket has at any time ONE next due thing: store its time,
 * wake then, ask again, do it.
 *
 *	clocks_open(&times, now)                 when the ticket is made
 *	clocks_apply(&times, &step, now)         after every lifecycle_step
 *	clocks_next(…, now, &due)                when to wake; due.act_ms
 *	clocks_take(&times, &due, now)           when due.act_ms has come and it is done
 *
 * After a late wake (the machine was down, the clock jumped) clocks_next gives the newest
 * step only and names those it replaces; and no ticket rings twice on one day. Pure.
 */
#ifndef MODEL_CLOCKS_H
#define MODEL_CLOCKS_H

#include "model/calendar.h"
#include "model/lifecycle.h"

enum clock_days {
	CLOCK_WORKING, /* working days: ends with office hours of the last one */
	CLOCK_CALENDAR /* calendar days: ends with the last one, at midnight */
};

struct clock_period {
	int n;
	enum clock_days days;
};

/* How long; configuration, per department if need be. */
struct clock_rules {
	struct clock_period verify_promise; /* what the citizen is told; desk reminded */
	struct clock_period verify;	    /* the limit */
	struct clock_period answer;
	struct clock_period settle[TICKET_KIND_COUNT];
	struct clock_period reopened; /* fresh and short, instead of settle */
	int remind_percent;	      /* of the time gone: the officer is reminded */
	struct clock_period sekda;    /* after the deadline */
	struct clock_period regent;   /* after the deadline */
	struct clock_period again;    /* after that: again and again, until it is done */
	struct clock_period statute_alarm, statute;
	struct clock_period reply_remind, reply; /* an officer's or the desk's question */
	struct clock_period reply_machine; /* the gateway's own: then a human looks */
	struct clock_period confirm;
	struct clock_period window; /* after closing the citizen may reopen */
	struct clock_period watch;  /* asking again at a body outside */
	int quiet_from, quiet_to;   /* minutes after midnight; equal: never quiet */
};

/* Domain section 5, column "default". */
extern const struct clock_rules clock_rules_usual;

enum { CLOCK_PAUSES_MOST = 16 };

struct clock_pause {
	int64_t from_ms, to_ms; /* to_ms 0: still going on */
};

/* The times of a ticket; stored, as columns or as the text of clocks_write. */
struct clock_times {
	int64_t started_ms[LIFE_CLOCK_COUNT]; /* the last time each began; 0: never */
	int64_t promised_ms;		      /* JADWAL, PERPANJANG; 0: none */
	bool fresh; /* SETTLE began again: `reopened` holds, if nothing was promised */
	/* Questions to the citizen. The 17th and later ones pause nothing. */
	struct clock_pause pauses[CLOCK_PAUSES_MOST];
	size_t n_pauses;
	uint32_t done;	 /* bits (1u << enum due_kind) since the clock began */
	int64_t last_ms; /* when something was last done; 0: never */
	int64_t told_ms; /* … of which the citizen heard */
};

/* A new ticket's: LIFE_BIRTH_CLOCKS start. */
void clocks_open(struct clock_times *times, int64_t now_ms);
/* After a clock that was wrong: nothing was done later than now, else what follows from
 * it would come later every day. */
void clocks_mend(struct clock_times *times, int64_t now_ms);
/* What a step means for them. */
void clocks_apply(struct clock_times *times, const struct life_step *step,
		  int64_t now_ms);

/*
 * What can fall due, for each clock in the order of its ladder. *_REMIND goes to whoever
 * works on it, a deadline to the level above and to the citizen (NAIK).
 */
enum due_kind {
	DUE_VERIFY_REMIND, /* the day promised to the citizen is over */
	DUE_VERIFY,
	DUE_VERIFY_SEKDA,
	DUE_VERIFY_REGENT,
	DUE_ANSWER_REMIND,
	DUE_ANSWER,
	DUE_ANSWER_SEKDA,
	DUE_ANSWER_REGENT,
	DUE_SETTLE_REMIND,
	DUE_SETTLE,
	DUE_SETTLE_SEKDA,
	DUE_SETTLE_REGENT,
	DUE_AGAIN, /* still open: the top of the ladder again, and the citizen hears so */
	DUE_STATUTE_ALARM,
	DUE_STATUTE, /* the citizen is told of the Ombudsman */
	DUE_REPLY_REMIND,
	DUE_REPLY, /* the question has expired */
	DUE_CONFIRM,
	DUE_WATCH,
	DUE_KIND_COUNT
};

const char *clocks_due_name(enum due_kind kind); /* "answer_remind" */

struct due {
	enum due_kind kind;
	int64_t at_ms;	/* when it falls due */
	int64_t act_ms; /* when to do it: in office hours, or not in the quiet ones */
	int64_t deadline_ms; /* the one it is about, near or missed; 0: about none */
	uint32_t skips; /* bits of enum due_kind: older steps that this one replaces */
	struct life_act act; /* for lifecycle_step; .at_ms is act_ms: set it to now */
};

/*
 * The ticket's next due thing. If act_ms ≤ now_ms it is to be done now: then it is the
 * newest of all that should have been, with the highest level among them. False when
 * nothing runs: exactly in the closed states. Bounded work: some thousand days at most.
 */
bool clocks_next(const struct clock_rules *rules, const struct calendar *cal,
		 const struct life *life, const struct clock_times *times, int64_t now_ms,
		 struct due *due) MUST_CHECK;
/* It was done (before clocks_apply of its step). */
void clocks_take(struct clock_times *times, const struct due *due, int64_t now_ms);

/* When a clock's time is over, pauses counted in; 0: it never began. */
int64_t clocks_deadline(const struct clock_rules *rules, const struct calendar *cal,
			const struct life *life, const struct clock_times *times,
			enum life_clock clock, int64_t now_ms);
/*
 * The date that belongs into {tgl} of what is told in this state: the next thing that is
 * promised to the citizen, or that he must do; 0: none.
 */
int64_t clocks_promise(const struct clock_rules *rules, const struct calendar *cal,
		       const struct life *life, const struct clock_times *times,
		       int64_t now_ms);
/* For life.window_ms: until when a ticket closed then may be reopened; 0: never closed.
 */
int64_t clocks_window(const struct clock_rules *rules, const struct calendar *cal,
		      int64_t closed_ms);
/* The end of a day promised ("17/08/25"), for life_act.date_ms. */
int64_t clocks_date(const struct calendar *cal, struct when_date date);

/* When news to a citizen may go out: not in quiet hours. Danger and receipts do not ask.
 */
int64_t clocks_quiet(const struct clock_rules *rules, const struct calendar *cal,
		     int64_t wall_ms);

/*
 * One line of text for a column of the store, and back; false (and *times untouched) when
 * it is none.
 */
void clocks_write(const struct clock_times *times, struct buf *out);
bool clocks_read(struct str text, struct clock_times *times);

#endif
