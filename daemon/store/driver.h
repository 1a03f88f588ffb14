/* SPDX-License-Identifier: MIT */
/*
 * A kind of database behind the store. Engine's thread only; calls may block. The store's
 * files know statements by name; a driver prepares them once and keeps them.
 */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/stmt.h"
#include "store/store.h"

enum db_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BLOB };

struct db_value {
	enum db_type type;
	int64_t i;
	double r;
	struct str s;
};

enum { DB_COLUMNS = 48 };

/* One row; views live until the callback returns. −1 ends the statement with the
 * callback's err. */
typedef int db_row_fn(void *arg, const struct db_value *columns, struct err *err);

struct store_driver {
	const char *name;
	bool file; /* the store is a file: checked, made and locked before open */
	/* ERR_CONFIG: not a database, or another program's. */
	int (*open)(const struct store_settings *settings, void **db, struct err *err);
	void (*close)(void *db); /* NULL is accepted */
	/*
	 * One statement of the catalogue, transactions included; row MAY be NULL. After
	 * ERR_LATER the handle is in doubt: it is closed and opened anew, nothing else.
	 */
	int (*run)(void *db, enum stmt stmt, const struct db_value *args, size_t n,
		   db_row_fn *row, void *arg, struct err *err);
	/* Several statements, for migrations. */
	int (*script)(void *db, const char *sql, struct err *err);
	/* The number that a one-row, one-column question has for an answer. */
	int (*number)(void *db, const char *sql, int64_t *out, struct err *err);
	/* How the database would run a statement: a line of text a row. For tests. */
	int (*explain)(void *db, const char *sql, db_row_fn *row, void *arg,
		       struct err *err);
	/*
	 * What was overwritten leaves no copy in the database's files. Not within a
	 * transaction. *done false: somebody else reads, and it must be tried later.
	 */
	int (*scrub)(void *db, bool *done, struct err *err);
	/* A consistent copy by a handle of its own. */
	int (*backup)(const char *path, const char *to, struct err *err);
};

extern const struct store_driver store_sqlite;

#endif
