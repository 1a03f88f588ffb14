/* SPDX-License-Identifier: MIT */
/* What the files of store/ share. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "store/driver.h"

enum { STORE_MARKS = 4 };

/* Counters that this transaction has used; see counts.c. */
struct counts {
	struct count {
		char name[40];
		int64_t day, n;
		bool changed;
	} items[8];
	size_t n;
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
	struct arena *arena;
	void *items;
	size_t n, room, size;
};
/* Room for one more item, zeroed; NULL at the arena's ceiling (err filled). */
void *store_list_add(struct store_list *list, struct err *err);

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
