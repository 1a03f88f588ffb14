/* SPDX-License-Identifier: MIT */
/*
 * What the engine counts. Plain numbers, engine's thread only; a turn that is rolled back
 * restores the copy made at its beginning. The console renders them.
 */
#ifndef FLOW_STATS_H
#define FLOW_STATS_H

#include <stdint.h>

#include "model/router.h"
#include "model/ticket.h"

enum {
	STATS_BUCKETS = 18,
	STATS_PROVIDERS = 16,
	STATS_DEPARTMENTS = 64,
	STATS_STRAYS = 16,
	STATS_CODE = 16
};

struct histogram {
	uint64_t counts[STATS_BUCKETS + 1]; /* the last: above all bounds */
	double sum;
	uint64_t n;
};

enum in_outcome { IN_FRESH, IN_DUPLICATE, IN_PART, IN_BAD, IN_BLOCKED, IN_OUTCOMES };
enum poll_outcome {
	POLL_MESSAGES,
	POLL_EMPTY,
	POLL_FAILED,
	POLL_UNREADABLE,
	POLL_OUTCOMES
};
enum send_outcome {
	SEND_ACCEPTED,
	SEND_REFUSED,
	SEND_LATER,
	SEND_NOT_SENT,
	SEND_UNKNOWN,
	SEND_EXPIRED,
	SEND_OUTCOMES
};
enum report_outcome {
	REPORT_PENDING,
	REPORT_DELIVERED,
	REPORT_FAILED,
	REPORT_STRAY,
	REPORT_OUTCOMES
};
enum silence {
	SILENCE_SENDER,
	SILENCE_SAME_TEXT,
	SILENCE_HOUR,
	SILENCE_DAY,
	SILENCE_TOTAL,
	SILENCE_BLOCKED,
	SILENCE_COST,	 /* the day's money is spent */
	SILENCE_STOPPED, /* news to somebody who wants none */
	SILENCE_COUNT
};

/* How an attempt to deliver to a department ended, or the delivery. */
enum delivery_end {
	DELIVERY_DONE,
	DELIVERY_REFUSED,
	DELIVERY_LATER,
	DELIVERY_NOT_SENT,
	DELIVERY_UNKNOWN,
	DELIVERY_DISABLED, /* the other side wants nothing more */
	DELIVERY_PARKED,
	DELIVERY_DROPPED,
	DELIVERY_ENDS
};

/* How a question ended how our requests stand in a department's own system. */
enum watch_end { WATCH_GOOD, WATCH_FAILED, WATCH_UNREADABLE, WATCH_ENDS };

const char *watch_end_name(enum watch_end end);
const char *delivery_end_name(enum delivery_end end);
const char *in_outcome_name(enum in_outcome outcome);
const char *poll_outcome_name(enum poll_outcome outcome);
const char *send_outcome_name(enum send_outcome outcome);
const char *report_outcome_name(enum report_outcome outcome);
const char *silence_name(enum silence silence);

/* What became of a mail; the kinds of mail_in.kind, and of the metric. */
enum mail_kind {
	MAIL_ANSWER,   /* done */
	MAIL_HELP,     /* BANTUAN, DAFTAR: told */
	MAIL_REFUSED,  /* could not be done: told why */
	MAIL_LOST,     /* about no ticket that can be made out */
	MAIL_STRANGER, /* its sender is of no department, or of another */
	MAIL_FLOOD,    /* too many from one sender */
	MAIL_UNREADABLE,
	MAIL_AUTOMATIC, /* a machine's: nothing is done */
	MAIL_BOUNCED,	/* a delivery of ours failed */
	MAIL_DELAYED,	/* … may yet arrive, or did */
	MAIL_LOOP,	/* our own */
	MAIL_DUPLICATE,
	MAIL_KINDS
};

const char *mail_kind_name(enum mail_kind kind);

struct provider_stats {
	uint64_t in[IN_OUTCOMES], polls[POLL_OUTCOMES], sends[SEND_OUTCOMES],
		reports[REPORT_OUTCOMES], callbacks, callbacks_refused, segments;
	double cost;		   /* in the currency of its price */
	int64_t last_good_poll_ms; /* wall; 0: never */
};

/* Tickets of a department that is not in the configuration any more. */
struct stats_stray {
	char code[STATS_CODE]; /* "": empty */
	int64_t tickets[TICKET_STATE_COUNT];
};

struct stats {
	struct provider_stats providers[STATS_PROVIDERS]; /* by index in the config */
	uint64_t kinds[KIND_COUNT];
	/* Tickets now, by department's index (the rest queue: n_departments) and state.
	 */
	int64_t tickets[STATS_DEPARTMENTS + 1][TICKET_STATE_COUNT];
	struct stats_stray strays[STATS_STRAYS]; /* those without room: rest queue */
	uint64_t silences[SILENCE_COUNT];
	uint64_t mails[MAIL_KINDS];
	uint64_t replies_queued, replies_expired, turns_failed;
	struct histogram commit_s, batch; /* seconds a commit took; items in a turn */
	struct histogram
		reply_s; /* seconds from a poll's answer to the reply handed over */
};

/* ---- calls over HTTP: counted when they are answered, so never taken back ---- */

enum { CALL_ROUTES = 24, CALL_CLASSES = 4 }; /* 2xx to 5xx */

/* Why a caller was not heard, whatever he asked for. */
enum call_refusal {
	CALL_HEARD,
	CALL_NO_TOKEN,
	CALL_MISTYPED,
	CALL_UNKNOWN,
	CALL_REVOKED,
	CALL_EXPIRED,
	CALL_SCOPE,
	CALL_DEPARTMENT_GONE,
	CALL_TOO_MANY, /* asked too often */
	CALL_REFUSALS
};

/* As the API names it: "token_unknown". */
const char *call_refusal_name(enum call_refusal refusal);

struct call_stats {
	uint64_t ends[CALL_CLASSES];
	struct histogram seconds; /* whole request to answer, without waiting for news */
};

/* Upper bounds of the buckets, STATS_BUCKETS of them. */
extern const double stats_seconds_bounds[STATS_BUCKETS];
extern const double stats_batch_bounds[STATS_BUCKETS];

/* How many of them are open. */
int64_t stats_stray_open(const struct stats_stray *stray);
void histogram_add(struct histogram *histogram, const double *bounds, double value);

#endif
