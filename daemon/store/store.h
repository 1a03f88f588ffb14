/* SPDX-License-Identifier: MIT */
/*
 * What must survive, as typed calls: the only SQL of the program is behind this header.
 * One thread (the engine; the tool `kentongan backup` on its own handle). Times are Unix
 * milliseconds. Returned views live in the arena given, or until the callback returns.
 *
 * Transactions: store_begin … store_commit bracket one turn of the engine; within it
 * store_mark/store_forget bracket one item (savepoint). After ERR_LATER from any call the
 * transaction is gone: roll back, then store_reopen before the next begin (an I/O error
 * or a full disk leaves the handle in doubt; targets 5.7). Until then every call, looks
 * for operators included, fails with ERR_LATER and touches nothing.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "model/clocks.h"

struct store;

struct store_settings {
	struct str driver; /* "sqlite" */
	struct str path;
	bool fast;	    /* tests and cases only: no fsync */
	struct str version; /* the program's, kept with each migration */
	/* What senders' numbers and all words are sealed with, and the key before that
	 * while values may still be under it: vault_key_check. n 0: there is none. */
	struct str key, old_key;
};

/*
 * Opens, locks (a second instance gets ERR_LATER naming the holder's pid: exit code 75),
 * checks owner and rights, checks the keys, migrates. ERR_CONFIG: newer than the program,
 * another user's, not a database, another program's database, sealed with other keys.
 */
int store_open(const struct store_settings *settings, struct store **out,
	       struct err *err) MUST_CHECK;
/* Its file, as it was opened. */
struct str store_path(const struct store *store);
void store_close(struct store *store); /* NULL is accepted; rolls back what is open */
int store_reopen(struct store *store, struct err *err) MUST_CHECK;
/* A consistent copy of a running store into a new file (0600), checked and synced. Its
 * own handle. */
int store_backup(struct str path, struct str to, struct err *err) MUST_CHECK;
/* 0 while blocks and inodes are above the reserve, else ERR_LATER. */
int store_space(const struct store *store, int64_t reserve_bytes,
		struct err *err) MUST_CHECK;
int store_schema_version(const struct store *store);

int store_begin(struct store *store, struct err *err) MUST_CHECK;
int store_commit(struct store *store, struct err *err) MUST_CHECK;
void store_rollback(struct store *store);
int store_mark(struct store *store, struct err *err) MUST_CHECK;
int store_release(struct store *store, struct err *err) MUST_CHECK; /* the item is good */
int store_forget(struct store *store, struct err *err) MUST_CHECK;  /* back to the mark */

/* ---- keys ----
 *
 * A value that does not open fails the call with ERR_CONFIG and a sentence that names
 * table, row and remedy; the engine's own work (claims, raw answers, parts) goes on
 * without it, and store_unreadable tells.
 */

struct store_keys {
	bool sealed;	    /* there is a key */
	bool old_given;	    /* store.old_key is set */
	bool changing;	    /* values of the key before are still about */
	int64_t left;	    /* rows to go over yet, about */
	int64_t unreadable; /* values that did not open since the start */
};
void store_keys(const struct store *store, struct store_keys *out);
/* What is left for the operator to do after a change that began so; n 0: nothing. */
struct str store_keys_next(const struct store_keys *began);
/* While changing: seals the next rows anew, at most so many. Within a transaction. */
int store_reseal(struct store *store, int most, struct err *err) MUST_CHECK;
/* A sentence about a value that did not open, each once; NULL: none. */
const char *store_unreadable(struct store *store);

/* Keyed digests, to see that something came again. before: under the key before, while
 * such may be about, else 0. */
struct digest {
	int64_t now, before;
};
struct digest store_digest(const struct store *store, struct str s);
/* Of a text, in whatever letters it is written. */
struct digest store_text_digest(const struct store *store, struct str text,
				struct arena *scratch);
/* A name for a person that tells nobody the number: eight letters and digits that can be
 * read over the telephone (no I, L, O, U). Another one after a change of key. p NULL at
 * the arena's ceiling. */
struct str store_person_token(const struct store *store, int64_t person_id,
			      struct arena *arena);

/* ---- persons: whoever texts ---- */

/* A place in the chain of a person's messages, which goes from the newest back. */
struct in_chain {
	int64_t id, at_ms; /* of the message there; id 0: the end */
};

/*
 * Calls that add to a person change this, and store_person_save writes it once, after all
 * of them.
 */
struct person {
	int64_t id;
	struct str address;	    /* sender_normalise */
	int kind;		    /* enum sender_kind */
	bool stopped;		    /* STOP: wants no news */
	int64_t hour, hour_replies; /* replies in that hour (wall_ms / 3600000) */
	int64_t hour_orders;	    /* … to an officer's commands, counted apart */
	int64_t day, day_replies;   /* replies on that local day number */
	struct in_chain last_in;    /* the newest message */
	int64_t last_ticket;	    /* the newest; 0: none */
	bool asked;		    /* store_asked_get has something */
	int language;		    /* enum command_language; 0: not known yet */
	bool chosen;		    /* … by BAHASA */
	bool fresh;		    /* made by this call */
};

/* Finds or makes. */
int store_person(struct store *store, struct str address, int kind, int64_t now_ms,
		 struct person *out, struct err *err) MUST_CHECK;
/* Only finds. */
int store_person_find(struct store *store, struct str address, struct person *out,
		      bool *found, struct err *err) MUST_CHECK;
/* address "": it was wiped, and nothing can be said to him. */
int store_person_get(struct store *store, int64_t id, struct arena *arena,
		     struct person *out, struct err *err) MUST_CHECK;
/* Writes all but address and kind. */
int store_person_save(struct store *store, const struct person *person,
		      struct err *err) MUST_CHECK;

/*
 * A gateway-wide count by name and day ("replies"), for daily ceilings. Kept in memory
 * from its first use in a transaction, written when that commits. Within a transaction
 * only.
 */
int store_count_add(struct store *store, const char *name, int64_t day, int64_t add,
		    int64_t *now, struct err *err) MUST_CHECK;

/* ---- inbound messages (MO) ---- */

struct message_in {
	int64_t id;
	struct str provider, external_id;
	/* What it was under the key before, where it is a digest; n 0: the same. */
	struct str external_before;
	struct str recipient;
	struct str text;       /* valid UTF-8 */
	struct str raw;	       /* bytes as received when text is not the same, else n 0 */
	int64_t digest;	       /* store_text_digest */
	int64_t digest_before; /* under the key before; 0: none. Not stored */
	int64_t sent_ms, received_ms;
	struct str kind;    /* text_kind_name, or "part", "bad", "blocked" */
	int64_t part_group; /* 0: whole */
	int part_no;
	int64_t ticket_id; /* 0: none */
	struct str note;   /* reasons, or why it is bad */
};

/*
 * *id = 0 when (provider, external_id) is there already: a duplicate, nothing was stored.
 * Else it is the person's newest. person MAY be NULL: nobody is named as the sender.
 */
int store_in_add(struct store *store, const struct message_in *message,
		 struct person *person, int64_t *id, struct err *err) MUST_CHECK;
/* Sets kind, ticket, note after understanding. */
int store_in_settle(struct store *store, int64_t id, struct str kind, int64_t ticket_id,
		    struct str note, struct err *err) MUST_CHECK;
/* What must not be kept is taken out of a message: an officer's PIN. */
int store_in_rewrite(struct store *store, int64_t id, struct str text,
		     struct err *err) MUST_CHECK;
/* How many messages from there back to since_ms have this digest (at most `most` are
 * counted). */
int store_in_same(struct store *store, struct in_chain from, int64_t digest,
		  int64_t since_ms, int most, int *out, struct err *err) MUST_CHECK;
/* The same, but only the newest ones with no other text between. */
int store_in_unbroken(struct store *store, struct in_chain from, int64_t digest,
		      int64_t since_ms, int most, int *out, struct err *err) MUST_CHECK;
/* True when the same came since then: same digest, and an external_id that begins with
 * the message's or with its external_before. */
int store_in_repeated(struct store *store, struct in_chain from,
		      const struct message_in *message, int64_t since_ms, bool *out,
		      struct err *err) MUST_CHECK;
/* True when the same content came over another namespace of the same provider (poll ids
 * and push ids differ): same digest, sent_ms within ± window, external_id with another
 * prefix; looked for from there back. */
int store_in_twin(struct store *store, struct in_chain from,
		  const struct message_in *message, int64_t window_ms, bool *out,
		  struct err *err) MUST_CHECK;

/* ---- parts of long texts ---- */

struct part_group {
	int64_t id, person_id, opened_ms, due_ms;
	struct str provider, recipient;
	uint32_t ref;
	unsigned total, have;
	bool whole; /* have == total */
};

struct part {
	int64_t message_id;
	int part_no;
	struct str text;
};

/*
 * The open group for (provider, person, recipient, ref, total) opened since `since_ms` in
 * which part_no is still missing; made with due_ms when there is none.
 */
int store_part_group(struct store *store, struct str provider, int64_t person_id,
		     struct str recipient, uint32_t ref, unsigned total, int part_no,
		     int64_t since_ms, int64_t now_ms, int64_t due_ms,
		     struct part_group *out, struct err *err) MUST_CHECK;
/* Counts one more part; *whole when all are there. */
int store_part_arrived(struct store *store, int64_t group_id, bool *whole,
		       struct err *err) MUST_CHECK;
/* Parts there, by number. */
int store_parts(struct store *store, int64_t group_id, struct arena *arena,
		struct part **parts, size_t *n, struct err *err) MUST_CHECK;
int store_part_close(struct store *store, int64_t group_id, struct err *err) MUST_CHECK;
/* Open groups whose due time has come, oldest first. */
int store_parts_due(struct store *store, int64_t now_ms, int limit, struct arena *arena,
		    struct part_group **groups, size_t *n, struct err *err) MUST_CHECK;
/* When the next is due; INT64_MAX: none. */
int store_parts_next(struct store *store, int64_t *due_ms, struct err *err) MUST_CHECK;

/* ---- tickets and their history ---- */

struct ticket {
	int64_t id, no, person_id, message_id;
	struct str department; /* code; "UMUM" (config) for the rest queue */
	bool urgent;
	bool muted; /* STOP 25004176: its sender wants no news of it */
	struct str kecamatan, desa;
	double score;
	int64_t opened_ms, changed_ms;
	int64_t answer_due_ms; /* the date that the citizen was told last */
	struct life life;      /* state and what belongs to it; followers, window: 0 */
	struct clock_times clocks;
	int64_t due_ms;		   /* the next due thing; 0: none */
	int64_t first_ms, done_ms; /* the office's first answer, its last "done" */
	struct str accused;	   /* code of the office complained about, or n 0 */
	int64_t parent_id;	   /* merged into; 0: none */
	int64_t incident_id;	   /* of a declared event; 0: none */
	bool erase;		   /* HAPUS: once it is closed */
	/* Of the first message; filled by look-ups. */
	struct str text, provider;
	bool wiped; /* its text */
};

/* The next running number of that year, counted in the store. Within a transaction only.
 */
int store_ticket_next(struct store *store, int year, int64_t *running,
		      struct err *err) MUST_CHECK;
/* The person's newest from now on; ticket.person_id is not looked at. */
int store_ticket_add(struct store *store, const struct ticket *ticket,
		     struct person *person, int64_t *id, struct err *err) MUST_CHECK;
/* Writes all that may change after its birth. */
int store_ticket_save(struct store *store, const struct ticket *ticket,
		      struct err *err) MUST_CHECK;
/* ERR_NEVER when there is none. */
int store_ticket_by_no(struct store *store, int64_t no, struct arena *arena,
		       struct ticket *out, struct err *err) MUST_CHECK;
int store_ticket_get(struct store *store, int64_t id, struct arena *arena,
		     struct ticket *out, struct err *err) MUST_CHECK;
/* The person's tickets, newest first, behind the `skip` newest; only open states when
 * `open`. */
int store_tickets_of(struct store *store, const struct person *person, bool open,
		     int skip, int limit, struct arena *arena, struct ticket **out,
		     size_t *n, struct err *err) MUST_CHECK;
/* Those whose due_ms has come, oldest first. */
int store_tickets_due(struct store *store, int64_t now_ms, int limit, struct arena *arena,
		      struct ticket **out, size_t *n, struct err *err) MUST_CHECK;
/* Their ids only, so that one that cannot be read keeps no other from its turn. */
int store_due_ids(struct store *store, int64_t now_ms, int limit, struct arena *arena,
		  int64_t **ids, size_t *n, struct err *err) MUST_CHECK;
/* Those above `after`, by id. */
int store_ticket_ids(struct store *store, int64_t after, int limit, struct arena *arena,
		     int64_t **ids, size_t *n, struct err *err) MUST_CHECK;
/* Not before then: for one that cannot be done now. */
int store_ticket_put_off(struct store *store, int64_t id, int64_t due_ms,
			 struct err *err) MUST_CHECK;
/* INT64_MAX: none. */
int store_ticket_due_next(struct store *store, int64_t *due_ms,
			  struct err *err) MUST_CHECK;
/* The latest ticket.changed_ms of all; 0: there is no ticket. */
int store_ticket_changed_last(struct store *store, int64_t *changed_ms,
			      struct err *err) MUST_CHECK;

/* A page of tickets by id, those above `after`. */
enum ticket_group {
	TICKETS_FOLLOWERS,   /* merged into ticket `of` */
	TICKETS_OF_INCIDENT, /* of the declared event `of` */
	TICKETS_TO_TELL	     /* of those each person's newest */
};
int store_tickets_group(struct store *store, enum ticket_group group, int64_t of,
			int64_t after, int limit, struct arena *arena,
			struct ticket **out, size_t *n, struct err *err) MUST_CHECK;
/* In a department's queue in that (open) state, oldest first; of more than `limit` those
 * where nothing has happened for longest. */
int store_ticket_queue(struct store *store, struct str department,
		       enum ticket_state state, int limit, struct arena *arena,
		       struct ticket **out, size_t *n, struct err *err) MUST_CHECK;
/* Of the same village and department, older than id, newest first. */
int store_tickets_near(struct store *store, const struct ticket *to, int limit,
		       struct arena *arena, struct ticket **out, size_t *n,
		       struct err *err) MUST_CHECK;

/* ---- tickets that seem to be about the same matter ---- */

struct alike {
	int64_t ticket_id, head_id; /* head: the oldest of the group */
	double score;
	struct str words; /* what they share */
	struct str state; /* proposed merged refused */
};

int store_alike_set(struct store *store, const struct alike *alike,
		    struct err *err) MUST_CHECK;
/* *found false: it belongs to no group, or is a head. */
int store_alike_get(struct store *store, int64_t ticket_id, struct arena *arena,
		    struct alike *out, bool *found, struct err *err) MUST_CHECK;
/* How many beside the head. */
int store_alike_count(struct store *store, int64_t head_id, int64_t *n,
		      struct err *err) MUST_CHECK;

/* Proposals that wait for the desk, newest first. */
struct alike_row {
	int64_t no, head_no, senders; /* senders: of the whole group */
	double score;
	struct str words;
};
int store_alike_list(struct store *store, int limit, struct arena *arena,
		     struct alike_row **out, size_t *n, struct err *err) MUST_CHECK;

/* ---- declared events ---- */

struct incident {
	int64_t id, started_ms, ended_ms;	      /* ended 0: goes on */
	struct str name, department, kecamatan, desa; /* n 0: any */
};

int store_incident_add(struct store *store, const struct incident *incident, int64_t *id,
		       struct err *err) MUST_CHECK;
int store_incident_end(struct store *store, int64_t id, int64_t now_ms,
		       struct err *err) MUST_CHECK;
/* Newest first, at most 200. */
int store_incident_get(struct store *store, int64_t id, struct arena *arena,
		       struct incident *out, bool *found, struct err *err) MUST_CHECK;
int store_incidents(struct store *store, bool going_on, struct arena *arena,
		    struct incident **out, size_t *n, struct err *err) MUST_CHECK;

/* ---- conversation ---- */

/* What somebody was asked last, and what is done when the answer comes. */
struct asked_row {
	struct str asked; /* asked_name */
	int64_t no;	  /* ticket; 0: none */
	struct str choices;
	struct str command;
	int64_t message_id; /* of the text that is to be done; 0: none */
	struct str text;    /* of that message; filled by the look-up */
	int64_t asked_ms, expires_ms;
};

/* Also sets or clears person->asked, for store_person_save. */
int store_asked_set(struct store *store, struct person *person,
		    const struct asked_row *row, struct err *err) MUST_CHECK;
/* Only to be asked when person->asked; *found false: nothing. */
int store_asked_get(struct store *store, const struct person *person, struct arena *arena,
		    struct asked_row *out, bool *found, struct err *err) MUST_CHECK;
int store_asked_remove(struct store *store, struct person *person,
		       struct err *err) MUST_CHECK;

struct pin_fault {
	int64_t n, locked_until_ms; /* 0: not locked */
};

int store_pin_fault_get(struct store *store, int64_t person_id, struct pin_fault *out,
			struct err *err) MUST_CHECK;
/* n 0 forgets. */
int store_pin_fault_set(struct store *store, int64_t person_id,
			const struct pin_fault *fault, struct err *err) MUST_CHECK;

struct audit_row {
	int64_t id, at_ms;
	struct str who, what, about;
	struct str reason; /* given by whoever looked */
};
/* Append-only. */
int store_audit_write(struct store *store, const struct audit_row *row,
		      struct err *err) MUST_CHECK;
/* The same without a reason. */
int store_audit_add(struct store *store, int64_t now_ms, struct str who, struct str what,
		    struct str about, struct err *err) MUST_CHECK;
/* Newest first. */
int store_audit_list(struct store *store, int limit, struct arena *arena,
		     struct audit_row **out, size_t *n, struct err *err) MUST_CHECK;

/* ---- history ---- */

struct event {
	int64_t id, ticket_id, at_ms;
	struct str kind;    /* "dibuka", "tambahan", "balasan", … */
	struct str actor;   /* "warga", "gateway", "operator:NAME" */
	int64_t message_id; /* inbound message that caused it; 0: none */
	struct str note;
	struct str text; /* of that message; filled by look-ups */
	bool hidden; /* … which is of another ticket, merged into this, and secret */
};

/* Append-only. */
int store_event_add(struct store *store, const struct event *event,
		    struct err *err) MUST_CHECK;
int store_events(struct store *store, int64_t ticket_id, struct arena *arena,
		 struct event **out, size_t *n, struct err *err) MUST_CHECK;

/* ---- outbound messages (MT) ---- */

/*
 *   queued → sending → accepted | refused | unknown
 *   sending → queued (later, or certainly not sent) ; queued → expired ; unknown → queued
 * (asked again)
 */
struct message_out {
	int64_t id;
	struct str provider;
	int64_t person_id, ticket_id, in_id; /* 0: none */
	struct str to;	/* the person's address; filled by look-ups */
	struct str key; /* reply_key_name */
	struct str text;
	bool ucs2;
	int segments;
	int priority; /* 0 urgent, 1 receipts, 2 the rest */
	struct str state;
	int attempts;
	int64_t due_ms, expires_ms, created_ms, done_ms;
	struct str external_id, reason, report;
	bool wiped; /* retain.h: there is nothing left to send */
};

int store_out_add(struct store *store, const struct message_out *message, int64_t *id,
		  struct err *err) MUST_CHECK;
/* Queued and due for this provider, by priority, then due time; marks them sending,
 * attempts + 1. Those among them that are out of date, or cannot be read any more, end
 * instead: their state says "expired" or "refused". */
int store_out_claim(struct store *store, struct str provider, int64_t now_ms, int limit,
		    struct arena *arena, struct message_out **out, size_t *n,
		    struct err *err) MUST_CHECK;
/* Next due time of a queued one for this provider; INT64_MAX: none. */
int store_out_next(struct store *store, struct str provider, int64_t *due_ms,
		   struct err *err) MUST_CHECK;
/* The end of an attempt. state: accepted refused unknown expired queued; due_ms for
 * queued. */
int store_out_settle(struct store *store, int64_t id, const char *state,
		     struct str external_id, struct str reason, int64_t due_ms,
		     int64_t now_ms, struct err *err) MUST_CHECK;
/* One that was not taken goes back into the queue. counts false: the attempt told nothing
 * about this message (it never left, or the provider took none at all). */
int store_out_again(struct store *store, int64_t id, struct str reason, int64_t due_ms,
		    bool counts, struct err *err) MUST_CHECK;
/* Queued ones whose expires_ms has passed become expired: their ids. */
int store_out_expire(struct store *store, int64_t now_ms, int limit, struct arena *arena,
		     int64_t **ids, size_t *n, struct err *err) MUST_CHECK;
/* A human decides about one whose end is unknown; *found false: it is not (any more). */
int store_out_decide(struct store *store, int64_t id, bool resend, int64_t now_ms,
		     int64_t expires_ms, bool *found, struct err *err) MUST_CHECK;
/* What becomes of those whose end is not known. */
enum out_doubt {
	OUT_HOLD,      /* unknown, for a human */
	OUT_ONCE_MORE, /* queued, unless it was in doubt before (reason "unknown: …") */
	OUT_SAME_ID    /* queued: the provider takes it once */
};
/* After a start: all that were sending. Those that were tried `most_attempts` times are
 * held. */
int store_out_recover(struct store *store, struct str provider, enum out_doubt doubt,
		      int most_attempts, int64_t now_ms, int *n,
		      struct err *err) MUST_CHECK;
/* The clock has jumped: all that waits (replies, groups of parts) is moved by as much. */
int store_waiting_move(struct store *store, int64_t by_ms, struct err *err) MUST_CHECK;
/* Providers that have some which are sending. */
int store_out_senders(struct store *store, struct arena *arena, struct str **out,
		      size_t *n, struct err *err) MUST_CHECK;
/* Delivery report; *message 0 when no accepted message has this id (yet): it is kept
 * and applied when the id turns up in store_out_settle. */
int store_out_report(struct store *store, struct str provider, struct str external_id,
		     struct str report, struct str reason, int64_t now_ms,
		     int64_t *message, struct err *err) MUST_CHECK;

/* ---- what providers said that we must not lose ---- */

/* A poller's state text ("" at first). */
int store_cursor_get(struct store *store, struct str provider, struct arena *arena,
		     struct str *state, struct err *err) MUST_CHECK;
int store_cursor_set(struct store *store, struct str provider, struct str state,
		     int64_t now_ms, struct err *err) MUST_CHECK;

struct raw {
	int64_t id;
	struct str provider, source; /* "poll", "in", "report" */
	int status;
	struct str body;
	struct str state; /* pending bad done */
	struct str why;
	int64_t received_ms, times; /* times: how often the same body came */
};

/* Keeps an answer. The same body from the same provider and source in the same state only
 * counts. */
int store_raw_add(struct store *store, const struct raw *raw, int64_t *id,
		  struct err *err) MUST_CHECK;
int store_raw_settle(struct store *store, int64_t id, const char *state, struct str why,
		     struct err *err) MUST_CHECK;
/* Pending ones (read-once answers stored and not yet digested). */
int store_raw_pending(struct store *store, struct str provider, struct arena *arena,
		      struct raw **out, size_t *n, struct err *err) MUST_CHECK;
/* Removes done and old ones beyond `keep` rows; small steps. */
int store_raw_trim(struct store *store, int64_t before_ms, int64_t keep,
		   struct err *err) MUST_CHECK;

/* Providers stopped by the operator. */
int store_pause_set(struct store *store, struct str provider, bool paused,
		    struct err *err) MUST_CHECK;
int store_pause_get(struct store *store, struct str provider, bool *paused,
		    struct err *err) MUST_CHECK;

/* ---- what operators look at (may scan; never caused by a citizen) ---- */

struct ticket_filter {
	struct str department, state; /* n 0: any */
	int64_t since_ms;
	bool open_only;
	int limit;
};

int store_list_tickets(struct store *store, const struct ticket_filter *filter,
		       struct arena *arena, struct ticket **out, size_t *n,
		       struct err *err) MUST_CHECK;

struct message_row { /* one line of `kentongan messages` */
	int64_t id, at_ms;
	struct str provider, external_id, kind, text, note;
	int64_t ticket_no, person_id; /* 0: none */
};

enum message_filter {
	MESSAGES_ALL,
	MESSAGES_UNPARSED,
	MESSAGES_UNROUTED,
	MESSAGES_UNKNOWN
};

/* UNPARSED: bad elements and raw answers; UNROUTED: inbound that went to the rest queue
 * or stayed unclear; UNKNOWN: outbound with unknown outcome. Newest first. */
int store_list_messages(struct store *store, enum message_filter filter, int limit,
			struct arena *arena, struct message_row **out, size_t *n,
			struct err *err) MUST_CHECK;
/* Outbound of one ticket, oldest first. */
int store_list_out(struct store *store, int64_t ticket_id, struct arena *arena,
		   struct message_out **out, size_t *n, struct err *err) MUST_CHECK;

struct count_row {
	struct str a, b;      /* department and state, or provider and state */
	int64_t n, oldest_ms; /* of replies: since when it could go; also to come */
};

/* All there are, by department and state, without oldest_ms: reads an index from end to
 * end. */
int store_count_tickets(struct store *store, struct arena *arena, struct count_row **out,
			size_t *n, struct err *err) MUST_CHECK;
/* Outbound not at their end (queued, sending, unknown) by provider and state. */
int store_count_out(struct store *store, struct arena *arena, struct count_row **out,
		    size_t *n, struct err *err) MUST_CHECK;

/* A ticket as reports count it; views until the callback returns. */
struct report_row {
	struct str department, text;
	enum ticket_state state;
	enum ticket_kind kind;
	int64_t opened_ms, first_ms, done_ms, closed_ms, reopens, rating;
	struct clock_times clocks;
	bool unrouted; /* when it was opened, its words told nothing of a department */
};

/* All tickets opened in that span, oldest first. A callback that does not return 0 ends
 * it with ERR_LIMIT. */
int store_report(struct store *store, int64_t from_ms, int64_t until_ms,
		 int (*each)(void *arg, const struct report_row *row), void *arg,
		 struct err *err) MUST_CHECK;

/* ---- for tests ---- */

/* The n-th driver call from now fails (1: the next) with ERR_LATER; 0: never. `lasting`:
 * all later too. */
void store_fail_after(struct store *store, int64_t n, bool lasting);
int64_t store_calls(const struct store *store);
/* Every statement of the catalogue that a citizen's message can cause: name, SQL. false
 * at the end. */
bool store_catalogue(size_t i, const char **name, const char **sql, bool *citizen);

#endif
