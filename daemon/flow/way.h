/* SPDX-License-Identifier: MIT */
/*
 * Ways of departments at work, for the files of flow/. A way is a queue of its own: what
 * it does, and what it suffers, concerns no other.
 *
 *   way.c           ways at work: set up, found, paused, stopped, counted
 *   forward.c       what happened to a ticket becomes deliveries; what failed goes on
 *   forward_tell.c  what a delivery tells, made from ticket and history
 *   daily.c         the digest and the list of the day: when, and what stands in them
 *   daily_print.c   … the list as a file
 *   deliver.c       deliveries leave by their ways; their ends are written down
 *   deliver_end.c   … which ends there are
 *   deliver_act.c   what the operator does with them
 *   watch.c         how what was delivered stands in the department's own system
 *
 * Functions as in flow.h.
 */
#ifndef FLOW_WAY_H
#define FLOW_WAY_H

#include "flow/engine.h"
#include "store/delivery.h"

enum { WAY_WORDS = 200, WAY_MARK = 48 };

/* Copied before each turn, put back when the turn fails. */
struct way {
	char mark[WAY_MARK];   /* "CODE/name", as exchanges carry it */
	size_t department, at; /* its place in the config */
	uint32_t lane;	       /* of the carrier; its own for good */
	bool stopped;	       /* way_stop: nothing is put into it */
	bool compare;	       /* "sending" rows may be nobody's */
	bool quick;	       /* the last one was taken soon after it was claimed */
	int64_t open, parked;  /* rows in the store; open ones in flight included */
	unsigned in_flight;    /* handed to the carrier */
	unsigned in_a_row;     /* attempts that failed since the last good one */
	unsigned pauses;       /* … and pauses that came of it: they double */
	bool failing;	       /* … so many, or such, that one goes ahead alone */
	int64_t after_ms;      /* monotonic: paused until then */
	int64_t claim_at_ms;   /* wall: the next queued one is due; INT64_MAX: none */
	int64_t over_at_ms;    /* wall: the longest tried is given up */
	bool watching;	       /* a question how things stand is on its way */
	size_t watch_alone;    /* so many are asked about one by one */
	unsigned watch_failed; /* questions in a row */
	int64_t watch_at_ms;   /* wall: the next one; INT64_MAX: none */
	int64_t watched_ms;    /* wall: the last one that was answered well; 0: none */
	uint64_t watches[WATCH_ENDS];
	uint64_t ends[DELIVERY_ENDS];
};

struct ways {
	struct way *items, *before; /* in the order of the config */
	char (*words)[WAY_WORDS];   /* the last trouble of each; never put back */
	size_t n, first;	    /* first: whose turn it is to claim */
	uint32_t lanes;		    /* given so far */
	unsigned gone, gone_before; /* in flight of ways that left the config */
	bool strays;		  /* the store may have open ones of ways that are gone */
	bool doubt, doubt_before; /* the counts may be wrong */
};

/* What an exchange carries beside its request (outgoing.told): for its end. */
struct told {
	struct forward forward;
	struct delivery delivery;
	const struct forwarder *by; /* its way may be another one meanwhile */
	uint32_t lane;		    /* of the way that it left by */
	int64_t jumps_ms;   /* plan.jumps_ms then: its times move with the clock */
	int64_t claimed_ms; /* monotonic */
};

/* Why a delivery was parked. */
enum park_why {
	PARK_REFUSED,
	PARK_OVER, /* tried for long enough */
	PARK_FULL,
	PARK_STOPPED,
	PARK_DOUBT, /* it may have been taken, and asking again would double it */
	PARK_REMOVED,
	PARK_IMPOSSIBLE, /* it cannot be described */
	PARK_OPERATOR,
};

struct engine;
struct ticket;
struct deed;

/* way.c */
/* Those of the config, at the start and after a reload; the last that can fail there. */
int ways_setup(struct engine *engine, struct err *err) MUST_CHECK;
void ways_free(struct engine *engine);
void ways_keep(struct engine *engine);
void ways_put_back(struct engine *engine);
/* The same for a part of a turn. NULL without room. */
struct way *ways_copy(const struct engine *engine, struct arena *arena);
void ways_paste(struct engine *engine, const struct way *copy);
/* Something was taken back: rows are counted anew, and "sending" ones compared. */
void ways_doubt(struct engine *engine);
int ways_count(struct engine *engine, struct err *err) MUST_CHECK;
/* NULL: there is none of that name (any more). */
struct way *way_find(struct engine *engine, struct str department, struct str name);
/* The same by its mark. */
struct way *way_by_mark(struct engine *engine, struct str mark);
/* The first of a department's; they stand one after the other. NULL: it has none. */
struct way *ways_of(struct engine *engine, size_t department, size_t *n);
const struct config_way *way_config(const struct engine *engine, const struct way *way);
struct str way_department(const struct engine *engine, const struct way *way);
/* Whether its filter lets such a ticket through. */
bool way_fits(const struct engine *engine, const struct way *way,
	      const struct ticket *ticket, enum forward_what what);
/* Not before its hours. */
int64_t way_due(const struct engine *engine, const struct way *way, int64_t wall_ms);
/* Whether what may have been taken is sent again: the other side knows it by its id. */
bool way_repeats(const struct config_way *config);
/* Whether it (still) goes to that address; '' of ways that have none. */
bool way_reaches(const struct engine *engine, const struct way *way, struct str target);
/* An attempt failed; all: it concerns whatever goes there. What left before the pause
 * began lengthens it no more. */
void way_failed(struct engine *engine, struct way *way, bool all, int64_t wait_ms,
		struct str why);
void way_well(struct engine *engine, struct way *way);
/* Somebody has put something right there, perhaps: one goes at once, no pause counts. */
int way_hurry(struct engine *engine, struct way *way, struct err *err) MUST_CHECK;
/* A queued delivery may be due then (wall). */
void way_queued(struct way *way, int64_t due_ms);

/* watch.c */
/* How often the other side is asked how things stand; 0: never. */
int64_t watch_every_ms(const struct engine *engine, const struct way *way);

/* forward.c */
/* What has just been written into the ticket's history is told to whom it concerns.
 * was: of the ticket before it; NULL: it was opened. */
int ticket_forward(struct engine *engine, const struct ticket *ticket,
		   const struct deed *deed, const struct ticket *was,
		   struct err *err) MUST_CHECK;
/* Whether it is in the department's hands, and may be: the accused never get it. */
bool forward_has(const struct ticket *ticket, struct str department);
/* Ends an open one as parked: the desk is told, the next way takes it. way NULL: it is
 * gone. */
int forward_park(struct engine *engine, struct way *way, const struct delivery *delivery,
		 enum park_why why, struct str reason, struct err *err) MUST_CHECK;
/* Its way has that address no more, or is of another kind now: it goes to the way's own
 * addresses, else by the next. */
int forward_moved(struct engine *engine, struct way *way, const struct delivery *delivery,
		  struct err *err) MUST_CHECK;
/* Ends one that told nothing any more. */
int forward_drop(struct engine *engine, struct way *way, const struct delivery *delivery,
		 const char *why, struct err *err) MUST_CHECK;

/* forward_tell.c */
/* *stale: there is nothing (any more) that it should tell. All of out from arena. */
int forward_tell(struct engine *engine, const struct way *way,
		 const struct delivery *delivery, struct arena *arena,
		 struct forward *out, bool *stale, struct err *err) MUST_CHECK;
struct forward_ctx forward_ctx_of(const struct engine *engine, const struct way *way,
				  struct arena *arena);
const char *forward_what_name(enum forward_what what);
/* FORWARD_TEST when it is no name. */
enum forward_what forward_what_read(struct str name);

/* daily.c */
int daily_due(struct engine *engine, struct err *err) MUST_CHECK;
/* The department's open tickets, nearest deadline first, from arena. */
int daily_rows(struct engine *engine, size_t department, struct arena *arena,
	       struct forward_row **out, size_t *n, bool *more,
	       struct err *err) MUST_CHECK;
/* daily_print.c */
int daily_print(struct engine *engine, size_t department, const struct config_way *way,
		struct err *err) MUST_CHECK;

/* deliver.c */
int deliver_due(struct engine *engine, struct err *err) MUST_CHECK;
/* Monotonic; INT64_MAX: not by time. */
int64_t deliver_next_ms(const struct engine *engine);
/* Ends of deliveries will come, and no way can claim more before they do. */
bool deliver_expects(const struct engine *engine);
int deliver_recover(struct engine *engine, struct err *err) MUST_CHECK;

/* deliver_end.c */
int deliver_ended(struct engine *engine, struct outgoing *out,
		  struct err *err) MUST_CHECK;
/* The end of one that may have been taken. */
int deliver_in_doubt(struct engine *engine, struct way *way,
		     const struct delivery *delivery, struct str reason,
		     struct err *err) MUST_CHECK;

/* watch.c */
/* A delivery was taken under that id: how it stands is asked from now on. */
int watch_begin(struct engine *engine, struct way *way, int64_t delivery_id,
		struct str external_id, bool token, struct err *err) MUST_CHECK;
int watches_due(struct engine *engine, struct err *err) MUST_CHECK;
/* Monotonic; INT64_MAX: not by time. */
int64_t watch_next_ms(const struct engine *engine);
int watch_answered(struct engine *engine, struct outgoing *out,
		   struct err *err) MUST_CHECK;
/* A question, or its answer, is given up. */
void watch_dropped(struct engine *engine, const struct outgoing *out);

#endif
