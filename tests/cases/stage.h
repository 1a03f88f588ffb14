/* SPDX-License-Identifier: MIT */
/*
 * A stage for the whole gateway in one process: the real engine, store, adapters and
 * router, with a scripted provider instead of sockets and a clock that moves when told.
 * Every engine turn and every exchange with the provider is a step, so a crash can be
 * played between any two of them, or at any call to the store, or before any effect.
 */
#ifndef CASES_STAGE_H
#define CASES_STAGE_H

#include "flow/engine.h"

enum { STAGE_SMS = 4096, STAGE_INBOX = 1024, STAGE_COMMITS = 400 };

struct stage_sms {
	char to[40], text[800], id[40];
	bool seen;
};

enum { STAGE_HOOKS = 400, STAGE_MOODS = 12 };

/* What a department's software has taken. */
struct stage_hook {
	char name[24], id[40], body[6000];
	bool seen;
};

/* How it answers. */
struct stage_mood {
	char name[24], what[24];
	int left; /* −1: for ever */
};

enum stage_fault {
	STAGE_GOOD,
	STAGE_500,
	STAGE_429,
	STAGE_RETRY_LONG,   /* come again in a thousand years */
	STAGE_RETRY_LONGER, /* … in more than there are milliseconds */
	STAGE_GARBAGE,
	STAGE_REFUSED,
	STAGE_NOT_SENT,
	STAGE_LOST_BEFORE, /* unknown outcome; the provider did not take it */
	STAGE_LOST_AFTER,  /* unknown outcome; the provider took it */
	STAGE_FAULTS
};

/* A commit, and what its turn did. */
struct stage_commit {
	int64_t at_call, turn_calls, rows;
};

struct stage {
	const char *folder, *config_file;
	char store_path[300];

	/* the scripted provider; outlives crashes of the gateway */
	struct {
		char id[24], from[40], text[6000];
		unsigned ref, total, part;
		bool generic, gone;
	} inbox[STAGE_INBOX];
	size_t n_inbox;
	struct stage_sms *sms;
	size_t n_sms;
	unsigned redeliver; /* the next page goes back by so many */
	enum stage_fault poll_fault, send_fault;
	unsigned poll_faults, send_faults; /* how many more */
	enum stage_fault send_ends[8];	   /* before those: how the next sends end */
	size_t n_send_ends;
	struct stage_mails *mails; /* mailbox.h */
	struct stage_hook *hooks;
	size_t n_hooks;
	unsigned hooks_twice;
	struct stage_mood moods[STAGE_MOODS];
	size_t n_moods;
	bool retried; /* an operator has stepped in: order is his */
	unsigned polls;
	size_t page_most;	      /* its pages hold at most so many; 0: any number */
	int64_t poll_delay_ms;	      /* it takes so long to answer a poll */
	bool prompt;		      /* … or not even the turn that asks */
	bool etags;		      /* its pages have marks */
	const char *reload_with_page; /* this file is read when the next page comes */
	bool reload_now, reload_with_send; /* … or when the next send ends */
	bool reload_with_hook;		   /* … or the next delivery */
	bool reload_with_mail;		   /* … or the next fetch of a mail */
	int64_t jump_with_hook;		   /* the clock, then; 0: no */

	/* the gateway on stage */
	struct engine *engine;
	struct mailbox *mailbox;
	struct store *store;	/* the engine's */
	struct letter *pending; /* exchanges that the carrier has */
	int last_answer;	/* status of the last callback */
	char last_body[16384];	/* … and what it said */
	size_t key;		/* of the store: which of the stage's keys */

	/* crashes */
	int64_t steps, crash_at_step, effects, crash_at_effect, crash_at_call;
	int64_t fail_at, calls_before; /* calls to the stores of earlier lives */
	struct stage_commit *commits;  /* if set: filled */
	size_t n_commits;
	int64_t rows_changed;
	bool lasting, crashed, fast_failure;
	bool spoiled;	   /* somebody changed the store: messages may be set aside */
	unsigned in_doubt; /* sends that were taken and whose end was not recorded at a
			      crash */
	unsigned refused_callbacks;
	const char *failure; /* the first thing that went wrong with the stage itself */
};

void stage_clock(int64_t wall_ms, int64_t mono_ms);
int64_t stage_wall_ms(void);
void stage_advance(int64_t ms);
/* Any clock jump: the wall only. */
void stage_jump(int64_t ms);

int stage_open(struct stage *stage, const char *folder, const char *config_file);
void stage_close(struct stage *stage);
/* An orderly end and a new start. */
void stage_restart(struct stage *stage);
/* The same with the next key of the store, the last one as the one before. */
void stage_rekey(struct stage *stage);
/* The first key again, for another store. */
void stage_first_key(struct stage *stage);
/* kill -9 and a new start. */
void stage_crash(struct stage *stage);
/* Steps until nothing is left to do now. */
void stage_settle(struct stage *stage);
/* Lets time pass, doing what falls due. Over days in strides: what is due comes up to
 * half an hour late. */
void stage_wait(struct stage *stage, int64_t ms);
/* Reads reload_with_page now. */
void stage_reload(struct stage *stage);
/* Calls to the store in all lives; and the n-th of this one is made to fail. */
int64_t stage_calls(const struct stage *stage);
void stage_fail_at(struct stage *stage, int64_t n);
void stage_text(struct stage *stage, const char *from, const char *text, bool generic,
		unsigned ref, unsigned total, unsigned part);
/* A callback; returns the HTTP status. */
int stage_call(struct stage *stage, const char *path, const char *form);
/* Somebody asks over the API's listener; returns the HTTP status. */
int stage_web(struct stage *stage, enum http_method method, const char *path,
	      const char *form);
/* The operator's command that only looks: what it says is in last_body. */
int stage_look(struct stage *stage, const char *path, const char *query);
/* The operator's command; returns the HTTP status. */
int stage_control(struct stage *stage, const char *path, const char *form);
/* A mail that the local mail server hands over; returns the HTTP status. */
int stage_mail(struct stage *stage, struct str raw);
size_t stage_tickets(struct stage *stage, struct ticket **out, struct arena *arena);

/* truth.c: what must hold at any time of rest; NULL, or what does not (in arena). */
const char *truth_broken(struct stage *stage, struct arena *arena);
/* Rows of the life cycle that no history of the stories so far took: printed, counted. */
unsigned truth_rows_left(void);
/*
 * Histories are appended to and tickets never vanish. The first call sets the counts and
 * the digest, later ones compare them with what was there then.
 */
const char *truth_shrunk(struct stage *stage, int64_t *events, int64_t *tickets,
			 uint64_t *digest, struct arena *arena);

#endif
