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

enum { DB_COLUMNS = 20 };

/* One row; views live until the callback returns. −1 ends the statement with the
 * callback's err. */
typedef int db_row_fn(void *arg, const struct db_value *columns, struct err *err);

struct store_driver {
	const char *name;
	int (*open)(const struct store_settings *settings, void **db, struct err *err);
	void (*close)(void *db); /* NULL is accepted */
	/* One statement of the catalogue; row MAY be NULL. */
	int (*run)(void *db, enum stmt stmt, const struct db_value *args, size_t n,
		   db_row_fn *row, void *arg, struct err *err);
	/* Several statements, for migrations. */
	int (*script)(void *db, const char *sql, struct err *err);
	/* The text value of a one-row, one-column question, for the schema's version. */
	int (*number)(void *db, const char *sql, int64_t *out, struct err *err);
	/* A consistent copy by a handle of its own. */
	int (*backup)(struct str path, struct str to, struct err *err);
};

extern const struct store_driver store_sqlite;

#endif
