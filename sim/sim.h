/* SPDX-License-Identifier: MIT */
/*
 * The provider simulator: what its files share. Requests are answered in the listener's
 * thread, what is for later is done in main's; each owns everything while it has the
 * lock.
 *
 *   main.c      options, the loop, timers
 *   world.c     handsets, their messages, what was sent and received
 *   at.c        Africa's Talking's wire format
 *   generic.c   a plain JSON dialect with parts, settling, idempotency, read-once
 *   human.c     the handset page and its API
 *   fault.c     what goes wrong, how often
 *   load.c      many complaints at once, and what became of them
 */
#ifndef SIM_H
#define SIM_H

#include <pthread.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/http.h"
#include "base/json.h"
#include "base/str.h"
#include "io/httpc.h"
#include "io/httpd.h"

/* ---- world.c ---- */

struct entry { /* one bubble on a handset's screen */
	struct entry *next;
	bool received;
	int64_t at_ms;	 /* wall */
	struct str text; /* malloc'ed behind the entry */
};

struct handset {
	struct str number; /* "+62812…" */
	struct entry *first, *last;
	uint32_t sent, received;
	int32_t load_index; /* message of a load run, −1: none */
};

struct mo { /* a text from a handset, waiting at the provider */
	int64_t id;
	uint32_t handset;
	struct str to, text;
	int64_t at_ms; /* wall */
	uint32_t ref;
	uint8_t total, part;
	bool generic; /* waits in the generic dialect's inbox, not in Africa's Talking's
		       */
	bool gone;    /* settled, or read once */
};

struct counters {
	uint64_t polls, polled_messages, sends, accepted, same_reply, conflicts, reports,
		reports_failed, pushes, faults, settled;
};

struct world {
	struct handset *handsets;
	uint32_t n_handsets, handsets_room;
	uint32_t *index; /* hash table: handset number + 1, 0: free */
	uint32_t index_size;
	struct mo *inbox; /* ids are consecutive: inbox[i].id == first_id + i */
	size_t n_inbox, inbox_room;
	int64_t first_id;
	struct counters counters;
	uint64_t last_sent_id;
};

/* first_id: of the first text; ids of sent ones follow it, too. */
int world_init(struct world *world, int64_t first_id);
void world_free(struct world *world);
/* Index of the handset with this number, made when new; UINT32_MAX without memory. */
uint32_t world_handset(struct world *world, struct str number);
/* A bubble; false without memory. */
bool world_note(struct world *world, uint32_t handset, bool received, struct str text);
/* Puts a text into the inbox; its id, or 0 without memory. text must outlive the world.
 */
int64_t world_text(struct world *world, uint32_t handset, struct str to, struct str text);
/* As above; the text is copied, a bubble is drawn, parts of `units` characters when > 0.
 */
int64_t world_say(struct world *world, struct str from, struct str to, struct str text,
		  size_t units);

/* ---- fault.c ---- */

enum fault {
	FAULT_NONE,
	FAULT_500,	  /* refused with 500, nothing taken */
	FAULT_429,	  /* with Retry-After: 1 */
	FAULT_TIMEOUT,	  /* never answered; a send was taken */
	FAULT_RESET,	  /* closed without an answer; a send was taken */
	FAULT_TRUNCATED,  /* half the JSON; a send was taken */
	FAULT_GARBAGE,	  /* an HTML page with 200; a send was taken */
	FAULT_TAKEN_500,  /* a send was taken, and answered 500 */
	FAULT_REFUSED,	  /* a send refused for its recipient */
	FAULT_REDELIVERY, /* a poll goes back by some messages */
	FAULT_REORDERED,  /* a page newest first */
	FAULT_DRIP,	  /* an answer byte by byte */
	FAULT_COUNT
};

enum fault_side { FAULT_POLL, FAULT_SEND, FAULT_SIDES };

const char *fault_name(enum fault fault);

struct faults {
	unsigned per_mille[FAULT_SIDES][FAULT_COUNT];
	int64_t down_until_ms; /* monotonic: everything is refused with 503 */
	int64_t hold_ms;       /* every send's answer waits so long */
	uint64_t seed;
};

/* "poll.500=20,send.reset=5,hold=150ms,down=10s": false and *bad at the first thing that
 * is none. */
bool faults_set(struct faults *faults, struct str list, struct str *bad);
enum fault fault_draw(struct faults *faults, enum fault_side side);
uint64_t fault_random(struct faults *faults);

/* ---- load.c ---- */

struct load;

struct load_settings {
	uint32_t count;
	double rate;	  /* a second; 0: all at once */
	uint32_t senders; /* 0: one each */
	int64_t timeout_ms;
	struct str_list texts; /* n 0: built-in */
};

struct load *load_new(struct world *world, const struct load_settings *settings);
void load_free(struct load *load);
/* Messages that are available by now. */
void load_advance(struct load *load, struct world *world);
/* A reply was accepted for this handset. */
void load_replied(struct load *load, const struct handset *handset, struct str text);
bool load_done(const struct load *load);
void load_summary(const struct load *load, const struct world *world, struct buf *out);

/* ---- the simulator ---- */

struct later { /* something to do at a time */
	struct later *next;
	int64_t at_ms;	     /* monotonic */
	struct incoming *in; /* to be answered, or aborted when `abort` */
	struct answer answer;
	bool abort;
	struct outgoing *out; /* or a report, a push to go out */
};

struct sim {
	pthread_mutex_t lock; /* of all below but for the three that carry */
	struct letter nudge; /* wakes main's thread for something new that is for later */
	bool nudged;
	struct world world;
	struct faults faults;
	struct load *load;
	struct mailbox *mailbox;
	struct httpd *httpd;
	struct httpc *httpc;
	struct later *later; /* by time */
	struct str key, username, number;
	struct str report_url, push_url;
	size_t page_size;
	bool read_once;
	uint64_t generic_taken_n;
	uint64_t *generic_taken; /* hashes of ids that the generic dialect took */
	size_t generic_taken_room;
};

/* main.c */
void sim_answer(struct sim *sim, struct incoming *in, int status, const char *type,
		struct str body);
void sim_answer_json(struct sim *sim, struct incoming *in, int status,
		     const struct json *root);
/* After ms; body must live in in->arena. */
void sim_answer_later(struct sim *sim, struct incoming *in, int status, const char *type,
		      struct str body, int64_t ms);
void sim_abort_later(struct sim *sim, struct incoming *in, int64_t ms);
void sim_post_later(struct sim *sim, struct str url, struct str form, int64_t ms);
/*
 * Plays a fault that replaces the answer. `body` is what would have been answered. False
 * when the fault is none of those (the caller answers).
 */
bool sim_play(struct sim *sim, struct incoming *in, enum fault fault, int status,
	      struct str body);
/* A send that the provider has taken. */
void sim_took(struct sim *sim, struct str to, struct str text);
struct str sim_field(struct incoming *in, struct str_pairs fields, const char *name);
/* The form fields of a POST; n 0 when there are none. */
struct str_pairs sim_form(struct incoming *in);

/* at.c, generic.c, human.c: true when the path was theirs. */
bool at_request(struct sim *sim, struct incoming *in);
bool generic_request(struct sim *sim, struct incoming *in);
bool human_request(struct sim *sim, struct incoming *in);
/* at.c: the inbound callback for a text, if one is configured. */
void at_push(struct sim *sim, const struct mo *mo);

extern const char sim_page[], sim_page_end[]; /* page.c */

#endif
