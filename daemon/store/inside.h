/* SPDX-License-Identifier: MIT */
/* What the files of store/ share. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "base/vault.h"
#include "store/driver.h"

enum { STORE_MARKS = 4 };

/* Counters that this transaction has used; see counts.c. */
struct counts {
	struct count {
		char name[48]; /* "print:CODE/way" is the longest */
		int64_t day, n;
		bool changed;
	} items[8];
	size_t n;
};

/* What is sealed; names and tables are in seal.c. */
enum sealed {
	SEALED_ADDRESS,
	SEALED_IN_TEXT,
	SEALED_IN_RAW,
	SEALED_IN_NOTE,
	SEALED_OUT_TEXT,
	SEALED_RAW_BODY,
	SEALED_ALIKE_WORDS,
	SEALED_EVENT_NOTE,
	SEALED_MAIL_RAW,
	SEALED_MAIL_SENDER,
	SEALED_MAIL_NOTE,
	SEALED_ATTACHMENT_NAME,
	SEALED_ATTACHMENT_BODY,
	SEALED_MAIL_OUT_TO,
	SEALED_MAIL_OUT_SUBJECT,
	SEALED_MAIL_OUT_TEXT,
	SEALED_KEPT_BODY,
	SEALED_COUNT
};

/* Memory that is used again and again. */
struct room {
	char *p;
	size_t size;
};

struct store {
	const struct store_driver *driver;
	void *db;
	char *path;
	bool fast;
	char *version;
	int lock_fd, schema;
	bool open;  /* a transaction is open */
	bool doubt; /* a call failed with LATER: nothing runs before store_reopen */
	/*
	 * How many early reports there may be, never too low: it is not lowered when one
	 * is taken, and a roll-back restores what it was (begun, marked).
	 */
	int64_t reports, reports_begun, reports_marked;
	struct counts counts, counts_marked[STORE_MARKS]; /* by depth of marks */
	unsigned marks;

	struct store_looks *looks;
	uint32_t looks_most; /* look.c: for tests; 0: as it is */

	struct vault *vault;
	struct room sealed[SEALED_COUNT], opened; /* of the call in progress */
	bool resealing; /* values of the key before may be about; keys.c */
	int64_t reseal_left, unreadable;
	char unreadable_why[400]; /* of the last */
	bool unreadable_told;

	int64_t calls, fail_at;
	bool fail_lasting;
};

#define DB_I(x) ((struct db_value){ .type = DB_INT, .i = (x) })
#define DB_R(x) ((struct db_value){ .type = DB_REAL, .r = (x) })
#define DB_T(x) ((struct db_value){ .type = DB_TEXT, .s = (x) })
#define DB_B(x) ((struct db_value){ .type = DB_BLOB, .s = (x) })
/* NULL where there is nothing. */
#define DB_ID(x)    ((x) ? DB_I(x) : (struct db_value){ .type = DB_NULL })
#define DB_MAYBE(x) ((x).n ? DB_T(x) : (struct db_value){ .type = DB_NULL })

#define DB_ARGS(...)                                               \
	(const struct db_value[]){ __VA_ARGS__ },                  \
		sizeof((const struct db_value[]){ __VA_ARGS__ }) / \
			sizeof(struct db_value)

int store_run(struct store *store, enum stmt stmt, const struct db_value *args, size_t n,
	      db_row_fn *row, void *arg, struct err *err) MUST_CHECK;
/* A row callback that keeps the first column as a number in *(int64_t *)arg. */
int store_take_int(void *arg, const struct db_value *columns, struct err *err);
/* A row callback that counts rows in *(int64_t *)arg. */
int store_count_row(void *arg, const struct db_value *columns, struct err *err);
/* A list that grows row by row in an arena. */
struct store_list {
	struct store *store;
	struct arena *arena;
	void *items;
	size_t n, room, size;
	size_t first; /* room at the beginning; 0: some */
};
/* A row callback that adds the first column, an id, to a list of int64_t. */
int store_take_id(void *arg, const struct db_value *columns, struct err *err);
/* Room for one more item, zeroed; NULL at the arena's ceiling (err filled). */
void *store_list_add(struct store_list *list, struct err *err);

/* seal.c */
/* A value as it is stored, until the next of that kind is made. */
int store_seal(struct store *store, enum sealed what, struct str plain,
	       struct db_value *out, struct err *err) MUST_CHECK;
/* A stored value as it was, in the arena; NULL gives "". id: its row, for the error. */
int store_unseal(struct store *store, enum sealed what, int64_t id,
		 const struct db_value *value, struct arena *arena, struct str *out,
		 struct err *err) MUST_CHECK;
/* The same until the next call. */
int store_unseal_here(struct store *store, enum sealed what, int64_t id,
		      const struct db_value *value, struct str *out,
		      struct err *err) MUST_CHECK;
/* For engine's own work, which a value that does not open must not stop: to be told by
 * store_unreadable. */
void store_unreadable_note(struct store *store, const struct err *why);
/* What a provider says of a send may name the number: masked, until the next call. */
struct str store_masked(struct store *store, struct str words);
void store_rooms_free(struct store *store);

/* keys.c */
/* Whether the keys given are those of this store; writes nothing. */
int store_keys_check(struct store *store, struct err *err) MUST_CHECK;
/* The same, and writes down a key that is new. */
int store_keys_take(struct store *store, struct err *err) MUST_CHECK;

/* store_ticket.c */
/* Events of a statement with the columns of STMT_EVENTS. */
int store_events_by(struct store *store, enum stmt stmt, const struct db_value *args,
		    size_t n_args, struct arena *arena, struct event **out, size_t *n,
		    struct err *err) MUST_CHECK;

/* store_person.c */
/* Where a person's chains begin: the newest. */
struct chains {
	int64_t in, ticket, since_ms; /* since: he was seen first */
};
struct person_ticket;
typedef int person_ticket_fn(void *arg, const struct person_ticket *ticket,
			     struct err *err);
/* All 0: there is no such person. */
int store_chains(struct store *store, int64_t person_id, struct chains *out,
		 struct err *err) MUST_CHECK;
/* Calls for each ticket from that one back; it lives until then. */
int store_tickets_walk(struct store *store, int64_t from, person_ticket_fn *each,
		       void *arg, struct err *err) MUST_CHECK;

/* store_report.c */
/* The first ticket that is not older; one behind the last when there is none. */
int store_first_since(struct store *store, int64_t since_ms, int64_t *id,
		      struct err *err) MUST_CHECK;

/* look.c: who may have a keyed hash */
enum { STORE_LOOKS = 1 << 16 }; /* persons that it keeps in memory, at most */
/* Calls for each person who may be meant, as PERSON_FIND gives the row; some twice. */
int store_look_find(struct store *store, int64_t look, db_row_fn *row, void *arg,
		    struct err *err) MUST_CHECK;
/* A person just written. */
int store_look_add(struct store *store, int64_t look, int64_t person_id,
		   struct err *err) MUST_CHECK;
/* Before the hash in his row changes, and after. */
int store_look_remove(struct store *store, int64_t person_id, struct err *err) MUST_CHECK;
int store_look_renew(struct store *store, int64_t person_id, struct err *err) MUST_CHECK;
int store_looks_new(struct store *store, struct err *err) MUST_CHECK;
/* At the start, and whenever the store may not be what memory says. */
int store_looks_load(struct store *store, struct err *err) MUST_CHECK;
/* Before a commit, and what goes with the transactions. */
int store_looks_move(struct store *store, struct err *err) MUST_CHECK;
void store_looks_begun(struct store *store);
void store_looks_committed(struct store *store);
void store_looks_rolled_back(struct store *store);
void store_looks_marked(struct store *store);
void store_looks_forgotten(struct store *store);

/* counts.c */
int store_counts_write(struct store *store, struct err *err) MUST_CHECK;

/* file.c: a store that is a file */
/* Its folder and, when it is there, the file must be ours, and not for others to write.
 */
int store_file_check(const char *path, struct err *err) MUST_CHECK;
/* *fd holds the lock until it is closed; ERR_LATER names the process that has it. */
int store_file_lock(const char *path, int *fd, struct err *err) MUST_CHECK;
/* An empty file, 0600, when there is none. */
int store_file_make(const char *path, struct err *err) MUST_CHECK;

/* migrate.c */
int store_migrate(struct store *store, struct err *err) MUST_CHECK;

#endif
