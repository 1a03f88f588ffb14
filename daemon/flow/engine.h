/* SPDX-License-Identifier: MIT */
/*
 * The engine: the only thread that sees the model, the config and the store. One turn
 * takes everything that has arrived, applies it in one transaction, commits, and only
 * then lets the effects out: requests to providers, answers to callers. Under load the
 * batches grow and one fsync serves hundreds of complaints; when idle, latency is one
 * commit.
 *
 * The world is reached through a struct carrier: httpc and httpd in life, a script in the
 * case tests, which also call engine_turn themselves and set the clock.
 */
#ifndef FLOW_ENGINE_H
#define FLOW_ENGINE_H

#include "config/config.h"
#include "flow/stats.h"
#include "io/httpc.h"
#include "io/httpd.h"
#include "io/mailbox.h"
#include "store/store.h"

/* Kinds of letters in the engine's mailbox. */
enum letter_kind {
	LETTER_FETCHED,	  /* struct outgoing: a poll's answer */
	LETTER_SENT,	  /* struct outgoing: the end of a send */
	LETTER_SETTLED,	  /* struct outgoing: an acknowledgement at the provider */
	LETTER_DELIVERED, /* struct outgoing: the end of a delivery to a department */
	LETTER_WATCHED,	  /* struct outgoing: how things stand at a department */
	LETTER_INBOX,	  /* struct outgoing: an answer of the mail server */
	LETTER_CALLBACK,  /* struct incoming: a provider calls */
	LETTER_ADMIN,	  /* struct incoming: /readyz, /metrics */
	LETTER_CONTROL,	  /* struct incoming: the operator's command */
	LETTER_API,	  /* struct incoming: a department's software */
	LETTER_RELOADED,  /* struct reloaded */
	LETTER_STOP,	  /* struct letter alone: finish what is in hand */
};

struct carrier {
	void *self;
	/* Takes a chain of outgoing ones over; each comes back as a letter. */
	void (*post)(void *self, struct letter *first);
	/* Answers and gives `in` up. */
	void (*answer)(void *self, struct incoming *in, const struct answer *answer);
	/* Sends not yet started come back as NOT_SENT. */
	void (*drain)(void *self);
	/* Somebody asked for a reload: read the files, post LETTER_RELOADED with `asker`.
	 */
	void (*reload)(void *self, struct incoming *asker);
};

/* A new config, or why there is none. Made by main's thread, freed by the engine. */
struct reloaded {
	struct letter letter;
	struct config *config;	/* NULL: refused */
	struct str faults;	/* malloc'ed with the object; shown to the asker */
	struct incoming *asker; /* MAY be NULL (SIGHUP) */
};

struct engine;

/*
 * What the console adds: it answers admin and control requests within the engine's
 * thread. Returns true with *answer filled (from in->arena), false when the answer comes
 * later.
 */
typedef bool (*engine_desk)(struct engine *engine, struct incoming *in,
			    struct answer *answer);

struct engine_settings {
	struct config *config; /* taken over */
	struct store *store;   /* taken over */
	struct carrier carrier;
	struct mailbox *mailbox; /* borrowed */
	engine_desk desk;	 /* MAY be NULL: 404 */
	double (*chance)(void);	 /* [0,1) for jitter; MAY be NULL: 0.5 */
};

/* Recovers what a stop left in hand. All of settings is taken over also on failure. */
int engine_new(const struct engine_settings *settings, struct engine **out,
	       struct err *err) MUST_CHECK;
void engine_free(struct engine *engine);

/* One turn; returns how many letters and due works were handled. */
unsigned engine_turn(struct engine *engine);
/* When the next turn is due without a letter (monotonic); INT64_MAX: never. */
int64_t engine_next_ms(const struct engine *engine);
/* True when a stop was asked for and nothing is in hand any more, or its time is over. */
bool engine_stopped(const struct engine *engine);
/* sysexits.h code: 0, or 74 when the store is lost for good. */
int engine_exit_code(const struct engine *engine);
/* Turns until stopped. The heartbeat (monotonic ms) is written every turn, at least once
 * a second. */
void engine_run(struct engine *engine, _Atomic int64_t *heartbeat_ms);

/* Ends of sends that wait for the store to come back. */
unsigned engine_carried(const struct engine *engine);

/* ---- what an operator does; within the turn that the desk is called in ---- */

/* Declares an event; name, department and place are looked at. */
int engine_incident_start(struct engine *engine, const struct incident *incident,
			  int64_t *id, struct err *err) MUST_CHECK;
int engine_incident_end(struct engine *engine, int64_t id, struct err *err) MUST_CHECK;
/* Words to everybody who reported in it. */
int engine_incident_say(struct engine *engine, int64_t id, struct str words,
			int64_t *told, struct err *err) MUST_CHECK;

/* An act of the central desk on a ticket. */
struct desk_act {
	int64_t no;
	enum life_event event;
	struct str who;	    /* name, for the history */
	struct str words;   /* reason, question, note */
	struct str outside; /* OUTSIDE: which body */
	int department;	    /* ROUTE; −1: none */
	int64_t parent_no;  /* MERGE; 0: none */
	int64_t date_ms;    /* SCHEDULE, EXTEND; 0: none */
	bool word;	    /* UNHIDE: the citizen agreed */
};
/* LIFE_OK, or why not. ERR_NEVER: no such ticket. */
int engine_desk_act(struct engine *engine, const struct desk_act *act,
		    enum life_refusal *refusal, struct err *err) MUST_CHECK;

/*
 * Lists that anybody may ask for, without a key, get a fifth of this thread's time at
 * most: after one that took so long the next has to wait four times as long.
 */
bool engine_list_may(const struct engine *engine);
void engine_list_took(struct engine *engine, int64_t us);

/* What a ticket's provider is then; none of the configuration can have that id. */
#define WEB_PROVIDER "@web"
/* A complaint that somebody files over HTTP, for a person who has no telephone here. */
struct web_filing {
	int64_t token_id; /* whose key it was */
	struct str by;	  /* … its name, for the history */
	int department;	  /* the one that was chosen; −1: its words decide */
	struct str text;  /* repaired, not empty */
	int64_t again_ms; /* the same within this time is the same complaint */
};
/* *ticket as it is then, from arena; *again: it was there already. Taken back whole when
 * it fails. */
int engine_web_file(struct engine *engine, const struct web_filing *filing,
		    struct arena *arena, struct ticket *ticket, bool *again,
		    struct err *err) MUST_CHECK;

/* One whose end is unknown: sent once more, or given up. */
int engine_decide(struct engine *engine, int64_t message_id, bool resend, bool *found,
		  struct err *err) MUST_CHECK;

/* A mail that the local mail server hands over; *id 0: it is there already. */
int engine_mail_take(struct engine *engine, struct str raw, int64_t *id,
		     struct err *err) MUST_CHECK;

struct erased;
/* Wipes everything of a person that no statute keeps (store/retain.h). */
int engine_person_erase(struct engine *engine, int64_t person_id, struct str who,
			struct erased *out, struct err *err) MUST_CHECK;

/* What messages have cost on this day; provider n 0: all. Within a turn. */
double engine_cost_today(struct engine *engine, struct str provider);
/* What falls due next of it: "answer_remind"; "" for nothing. */
const char *engine_due_name(const struct engine *engine, const struct ticket *ticket);

/* ---- programs that ask over the API ---- */

struct call_rate {
	int64_t limit, window_s; /* requests in so many seconds; limit 0: any number */
	int64_t left, next_ms;	 /* how many yet; when there is one more */
	int64_t full_s;		 /* … and all of them */
};
/* One request of that token; false: too many. */
bool engine_call_take(struct engine *engine, int64_t token_id, struct call_rate *out);
/*
 * The caller waits for news: he comes to the desk once more when there may be some, when
 * so much time is over since he began to, or at the end. So many of one token wait, for
 * one more the first of them is answered. False: he cannot (any more) and is to be
 * answered now.
 */
bool engine_wait(struct engine *engine, struct incoming *in, int64_t token_id,
		 int64_t wait_ms);

/* What was answered to them, by route (incoming.route, below CALL_ROUTES) and refusal
 * (incoming.refusal). */
const struct call_stats *engine_calls(const struct engine *engine, int route);
uint64_t engine_calls_refused(const struct engine *engine, enum call_refusal refusal);
size_t engine_calls_waiting(const struct engine *engine);

/* For the console. */
int64_t engine_now_ms(const struct engine *engine); /* wall, of this turn */
struct store *engine_store(struct engine *engine);
const struct config *engine_config(const struct engine *engine);
const struct stats *engine_stats(const struct engine *engine);
int64_t engine_started_ms(const struct engine *engine); /* wall */
/* NULL when work is taken; else one sentence: store, space, stopping. */
const char *engine_trouble(const struct engine *engine);
void engine_ask_reload(struct engine *engine, struct incoming *asker);

struct provider_view {
	const struct config_provider *config;
	bool paused;
	unsigned failures;   /* polls that failed in a row */
	const char *trouble; /* the last one's reason; "" when the last was good */
	int64_t next_poll_in_ms;
	unsigned in_flight, send_failures;
	const char *send_trouble;
	int64_t send_pause_ms; /* sends wait so long yet */
};
struct provider_view engine_provider(const struct engine *engine, size_t i);
struct inbox_view {
	struct str address;   /* n 0: there is no mailbox */
	int64_t last_good_ms; /* wall; 0: never since the start */
	unsigned failures;    /* in a row */
	const char *trouble;  /* the last one's reason; "" when all is well */
	int64_t next_in_ms;
};
struct inbox_view engine_inbox(const struct engine *engine);
/* Persisted; takes effect with this turn. */
int engine_pause(struct engine *engine, size_t provider, bool paused,
		 struct err *err) MUST_CHECK;

#endif
