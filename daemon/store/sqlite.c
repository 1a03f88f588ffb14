/* SPDX-License-Identifier: MIT */
/*
 * SQLite: WAL, synchronous=FULL, so that what we told a provider we have seen survives a
 * power cut. Statements are prepared at first use and kept for the life of the handle.
 * The only file that knows sqlite3.h. Engine's thread, but for backup, which has its own
 * handle.
 */
#include "store/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pool.h"

enum { BUSY_MS = 2000 };

/*
 * SQLite builds a table in memory for each RETURNING, which costs as much as the change
 * itself. What it would give is known without in two cases, which are prepared without
 * that ending: the number of a row inserted, and a 1 for each row updated.
 */
enum gives { GIVES_ROWS, GIVES_ID, GIVES_ONES };

/* A statement, prepared at its first use. */
struct ready {
	sqlite3_stmt *q;
	enum gives gives;
};

struct sqlite {
	sqlite3 *db;
	struct ready stmts[STMT_COUNT];
};

/* Trouble that may pass, or that a new handle may cure, is LATER. */
static int fail(sqlite3 *db, int rc, const char *doing, struct err *err)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_NOMEM:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_INTERRUPT:
	case SQLITE_PROTOCOL:
		return err_set(err, ERR_LATER, "store, %s: %s", doing,
			       db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
	case SQLITE_TOOBIG:
		return err_set(err, ERR_LIMIT, "store, %s: %s", doing,
			       sqlite3_errmsg(db));
	default:
		return err_set(err, ERR_BUG, "store, %s: %s", doing, sqlite3_errmsg(db));
	}
}

/* At the door some of it is for the operator to mend. */
static int fail_open(const char *path, sqlite3 *db, int rc, struct err *err)
{
	switch (rc & 0xff) {
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return err_set(err, ERR_CONFIG, "%s: %s", path,
			       db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
	default:
		return fail(db, rc, "opening", err);
	}
}

static void close_db(void *self)
{
	struct sqlite *s = self;

	if (!s)
		return;
	for (int i = 0; i < STMT_COUNT; i++)
		sqlite3_finalize(s->stmts[i].q);
	sqlite3_close(s->db);
	free(s);
}

static int script(void *self, const char *sql, struct err *err)
{
	struct sqlite *s = self;
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : fail(s->db, rc, "script", err);
}

static int number(void *self, const char *sql, int64_t *out, struct err *err)
{
	struct sqlite *s = self;
	sqlite3_stmt *q;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(q);
		if (rc == SQLITE_ROW)
			*out = sqlite3_column_int64(q, 0);
	}
	sqlite3_finalize(q);
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return 0;
	return fail(s->db, rc, "question", err);
}

/* WAL needs shared memory, which some network file systems do not have. */
static int check_journal(struct sqlite *s, const char *path, struct err *err)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(s->db, "PRAGMA journal_mode = WAL", -1, &q, NULL);
	bool wal = false;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		wal = str_eq(str_of((const char *)sqlite3_column_text(q, 0)), STR("wal"));
	sqlite3_finalize(q);
	if (rc != SQLITE_ROW)
		return fail_open(path, s->db, rc, err);
	return wal ? 0
		   : err_set(err, ERR_CONFIG,
			     "%s: no write-ahead log is possible on this file system",
			     path);
}

/* Another program's database is not ours to add tables to. */
static int check_ours(struct sqlite *s, const char *path, struct err *err)
{
	static const char sql[] = "SELECT count(*) > 0 AND sum(name = 'schema_step') = 0 "
				  "FROM sqlite_schema";
	int64_t foreign = 0;

	if (number(s, sql, &foreign, err))
		return -1;
	return foreign ? err_set(err, ERR_CONFIG, "%s is another program's database",
				 path)
		       : 0;
}

static int set_up(struct sqlite *s, const struct store_settings *settings,
		  struct err *err)
{
	static const char common[] =
		"PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
		"PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000;"
		"PRAGMA journal_size_limit = 67108864;"
		/* What was sealed anew or wiped leaves nothing of what it was; see
		 * scrub(). */
		"PRAGMA secure_delete = ON;";

	sqlite3_busy_timeout(s->db, BUSY_MS);
	if (check_journal(s, settings->path.p, err) ||
	    check_ours(s, settings->path.p, err) || script(s, common, err))
		return -1;
	return script(s,
		      settings->fast ? "PRAGMA synchronous = OFF"
				     : "PRAGMA synchronous = FULL",
		      err);
}

/* ---- memory: base/pool.h under SQLite's names ---- */

static void *memory_take(int n)
{
	return pool_take((size_t)n);
}

static void *memory_resize(void *p, int n)
{
	return pool_resize(p, (size_t)n);
}

static int memory_size(void *p)
{
	return (int)pool_size(p);
}

static int memory_rounded(int n)
{
	return (int)pool_rounded((size_t)n);
}

static int memory_begin(void *unused)
{
	(void)unused;
	return SQLITE_OK;
}

static void memory_end(void *unused)
{
	(void)unused;
}

/*
 * Each handle stays in one thread at a time, and SQLite need not count its memory: both
 * save a mutex at every turn. Its pieces of memory are those of pool.h. Before the first
 * handle only; later it has no effect.
 */
static void configure(void)
{
	static const sqlite3_mem_methods memory = {
		memory_take,	pool_give,    memory_resize, memory_size,
		memory_rounded, memory_begin, memory_end,    NULL,
	};
	static bool done;

	if (!done) {
		sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
		sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
		sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
	}
	done = true;
}

/* Never makes the file: one that is gone must not come back empty. */
static int open_db(const struct store_settings *settings, void **out, struct err *err)
{
	struct sqlite *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return err_set(err, ERR_LATER, "no memory for the store");
	configure();
	rc = sqlite3_open_v2(settings->path.p, &s->db,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
				     SQLITE_OPEN_EXRESCODE,
			     NULL);
	if (rc != SQLITE_OK)
		fail_open(settings->path.p, s->db, rc, err);
	else if (set_up(s, settings, err) == 0) {
		*out = s;
		return 0;
	}
	close_db(s);
	return -1;
}

/* What SQLite is given of a statement. */
static struct str as_prepared(const char *text, enum gives *gives)
{
	static const struct {
		struct str start, ending;
		enum gives gives;
	} known[] = {
		{ STR_INIT("INSERT "), STR_INIT(" RETURNING id"), GIVES_ID },
		{ STR_INIT("UPDATE "), STR_INIT(" RETURNING 1"), GIVES_ONES },
	};
	struct str sql = str_of(text);

	*gives = GIVES_ROWS;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_starts(sql, known[i].start) && str_ends(sql, known[i].ending) &&
		    str_find(sql, STR("DO UPDATE")) == sql.n) {
			*gives = known[i].gives;
			sql.n -= known[i].ending.n;
			break;
		}
	return sql;
}

static int prepare(struct sqlite *s, enum stmt id, struct err *err)
{
	struct ready *r = &s->stmts[id];
	struct str sql;
	int rc;

	if (r->q)
		return 0;
	sql = as_prepared(stmt_texts[id].sql, &r->gives);
	rc = sqlite3_prepare_v3(s->db, sql.p, (int)sql.n, SQLITE_PREPARE_PERSISTENT,
				&r->q, NULL);
	return rc == SQLITE_OK ? 0 : fail(s->db, rc, stmt_texts[id].name, err);
}

static int bind(sqlite3_stmt *q, int at, const struct db_value *v)
{
	switch (v->type) {
	case DB_NULL:
		return sqlite3_bind_null(q, at);
	case DB_INT:
		return sqlite3_bind_int64(q, at, v->i);
	case DB_REAL:
		return sqlite3_bind_double(q, at, v->r);
	case DB_TEXT:
		return sqlite3_bind_text64(q, at, v->s.p ? v->s.p : "", v->s.n,
					   SQLITE_STATIC, SQLITE_UTF8);
	case DB_BLOB:
		return sqlite3_bind_blob64(q, at, v->s.p ? v->s.p : "", v->s.n,
					   SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

/*
 * Each column is asked for once and looked at as a value, which is cheaper than asking
 * for its type, its bytes and their number one by one. Such a value may be read because a
 * handle stays in one thread: see configure().
 */
static void columns_read(sqlite3_stmt *q, struct db_value *columns)
{
	int n = sqlite3_data_count(q);

	for (int i = 0; i < n && i < DB_COLUMNS; i++) {
		struct db_value *c = &columns[i];
		sqlite3_value *v = sqlite3_column_value(q, i);

		*c = (struct db_value){ .type = DB_NULL };
		switch (sqlite3_value_type(v)) {
		case SQLITE_INTEGER:
			c->type = DB_INT;
			c->i = sqlite3_value_int64(v);
			break;
		case SQLITE_FLOAT:
			c->type = DB_REAL;
			c->r = sqlite3_value_double(v);
			break;
		case SQLITE_TEXT:
		case SQLITE_BLOB:
			c->type = DB_TEXT;
			c->s.p = sqlite3_value_blob(v);
			c->s.n = (size_t)sqlite3_value_bytes(v);
			if (!c->s.p)
				c->s.p = "";
			break;
		default:
			break;
		}
	}
}

/* The rows that RETURNING would have given: of an id none when a conflict did nothing. */
static int changes_give(struct sqlite *s, enum gives gives, db_row_fn *row, void *arg,
			struct err *err)
{
	struct db_value value = { .type = DB_INT, .i = 1 };

	if (gives == GIVES_ID)
		value.i = sqlite3_last_insert_rowid(s->db);
	for (int i = row ? sqlite3_changes(s->db) : 0; i > 0; i--)
		if (row(arg, &value, err))
			return -1;
	return 0;
}

static int rows_give(sqlite3_stmt *q, db_row_fn *row, void *arg, int *rc, struct err *err)
{
	struct db_value columns[DB_COLUMNS];

	while ((*rc = sqlite3_step(q)) == SQLITE_ROW) {
		if (!row)
			continue;
		columns_read(q, columns);
		if (row(arg, columns, err))
			return -1;
	}
	return 0;
}

static int run(void *self, enum stmt id, const struct db_value *args, size_t n,
	       db_row_fn *row, void *arg, struct err *err)
{
	struct sqlite *s = self;
	sqlite3_stmt *q;
	int rc = SQLITE_OK, result = 0;

	if (prepare(s, id, err))
		return -1;
	q = s->stmts[id].q;
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		rc = bind(q, (int)i + 1, &args[i]);
	if (rc == SQLITE_OK)
		result = rows_give(q, row, arg, &rc, err);
	if (rc == SQLITE_DONE && s->stmts[id].gives != GIVES_ROWS)
		result = changes_give(s, s->stmts[id].gives, row, arg, err);
	else if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		result = fail(s->db, rc, stmt_texts[id].name, err);
	sqlite3_reset(q);
	return result;
}

static int explain(void *self, const char *sql, db_row_fn *row, void *arg,
		   struct err *err)
{
	struct sqlite *s = self;
	enum gives gives;
	struct str text = as_prepared(sql, &gives);
	char *question = sqlite3_mprintf("EXPLAIN QUERY PLAN %.*s", (int)text.n, text.p);
	struct db_value line = { .type = DB_TEXT };
	sqlite3_stmt *q = NULL;
	int rc, result = 0;

	if (!question)
		return err_set(err, ERR_LATER, "no memory to explain");
	rc = sqlite3_prepare_v2(s->db, question, -1, &q, NULL);
	while (rc == SQLITE_OK && result == 0 && sqlite3_step(q) == SQLITE_ROW) {
		line.s = str_of((const char *)sqlite3_column_text(q, 3));
		result = row(arg, &line, err);
	}
	if (rc != SQLITE_OK)
		result = fail(s->db, rc, "explain", err);
	sqlite3_finalize(q);
	sqlite3_free(question);
	return result;
}

/*
 * secure_delete overwrites in the file; the write-ahead log beside it keeps the pages as
 * they were until it is used anew from its beginning, which on a quiet line may be never.
 * So it is brought home and cut to nothing. The cheaper RESET would leave the bytes where
 * they are until the next writer comes by, and VACUUM writes the whole database twice.
 * Nobody is waited for: a backup that reads may take minutes, and complaints go before.
 */
static int scrub(void *self, bool *done, struct err *err)
{
	struct sqlite *s = self;
	int rc;

	sqlite3_busy_timeout(s->db, 0);
	rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
				       NULL);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	*done = rc == SQLITE_OK;
	if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY)
		return 0;
	return fail(s->db, rc, "scrub", err);
}

/* ---- backup ---- */

static int copy_all(sqlite3 *from, sqlite3 *to, struct err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (!b)
		return fail(to, sqlite3_errcode(to), "backup", err);
	/* All pages in one step: one read transaction, so a busy writer cannot restart
	 * it. */
	rc = sqlite3_backup_step(b, -1);
	sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ? 0 : fail(to, rc, "backup", err);
}

static int check_copy(sqlite3 *db, struct err *err)
{
	sqlite3_stmt *q;
	int rc = sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &q, NULL);
	bool good = rc == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW &&
		    str_eq(str_of((const char *)sqlite3_column_text(q, 0)), STR("ok"));

	sqlite3_finalize(q);
	return good ? 0 : err_set(err, ERR_NEVER, "the copy fails its integrity check");
}

/*
 * The copy leaves the write-ahead mode that came with the pages, so that it is one file
 * and nothing beside it.
 */
static int check_and_close(sqlite3 *to, struct err *err)
{
	int rc = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return fail(to, rc, "backup", err);
	return check_copy(to, err);
}

static int backup_into(const char *path, const char *part, struct err *err)
{
	sqlite3 *from = NULL, *to = NULL;
	int result = -1, rc;

	rc = sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_EXRESCODE,
			     NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_open_v2(part, &to,
				     SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc != SQLITE_OK) {
		fail(to ? to : from, rc, "backup", err);
	} else {
		sqlite3_busy_timeout(from, BUSY_MS * 5);
		result = copy_all(from, to, err);
		if (result == 0)
			result = check_and_close(to, err);
	}
	sqlite3_close(from);
	sqlite3_close(to);
	return result;
}

static int sync_path(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (rc)
		err_set(err, ERR_LATER, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return rc;
}

static int sync_folder(const char *of, struct err *err)
{
	const char *slash = strrchr(of, '/');
	char folder[4096];

	snprintf(folder, sizeof(folder), "%.*s",
		 slash && slash > of ? (int)(slash - of) : 1, slash ? of : ".");
	return sync_path(folder, err);
}

/* The name appears only with a whole copy behind it, and never over another file. */
static int put_in_place(const char *part, const char *to, struct err *err)
{
	if (sync_path(part, err))
		return -1;
	if (renameat2(AT_FDCWD, part, AT_FDCWD, to, RENAME_NOREPLACE) &&
	    (errno != EINVAL || link(part, to) || unlink(part)))
		return err_set(err, ERR_NEVER, "%s: %s", to, strerror(errno));
	return sync_folder(to, err);
}

static int backup(const char *path, const char *to, struct err *err)
{
	char part[4096];
	int n = snprintf(part, sizeof(part), "%s.part", to), fd;

	if (n < 0 || (size_t)n >= sizeof(part))
		return err_set(err, ERR_NEVER, "the name is too long");
	if (access(to, F_OK) == 0)
		return err_set(err, ERR_NEVER, "%s exists already", to);
	fd = open(part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, ERR_NEVER, "%s: %s", part, strerror(errno));
	close(fd);
	if (backup_into(path, part, err) == 0 && put_in_place(part, to, err) == 0)
		return 0;
	unlink(part);
	return -1;
}

const struct store_driver store_sqlite = {
	.name = "sqlite",
	.file = true,
	.open = open_db,
	.close = close_db,
	.run = run,
	.script = script,
	.number = number,
	.explain = explain,
	.scrub = scrub,
	.backup = backup,
};
