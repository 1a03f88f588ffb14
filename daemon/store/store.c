/* SPDX-License-Identifier: MIT */
/*
 * Opening, locking, transactions, and the one door through which every statement goes
 * (where tests make the n-th call fail). Engine's thread; owns the driver's handle and
 * the lock file.
 */
#include "store/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { INODES_RESERVE = 64 };

int store_run(struct store *s, enum stmt stmt, const struct db_value *args, size_t n,
	      db_row_fn *row, void *arg, struct err *err)
{
	s->calls++;
	if (s->fail_at &&
	    (s->calls == s->fail_at || (s->fail_lasting && s->calls > s->fail_at)))
		return err_set(err, ERR_LATER, "store, %s: made to fail by a test",
			       stmt_texts[stmt].name);
	if (!s->db)
		return err_set(err, ERR_LATER, "the store is closed");
	return s->driver->run(s->db, stmt, args, n, row, arg, err);
}

int store_take_int(void *arg, const struct db_value *columns, struct err *err)
{
	(void)err;
	*(int64_t *)arg = columns[0].i;
	return 0;
}

void *store_list_add(struct store_list *l, struct err *err)
{
	if (l->n == l->room) {
		size_t room = l->room ? l->room * 2 : 16;
		void *grown = arena_alloc(l->arena, room, l->size);

		if (!grown) {
			err_set(err, ERR_LIMIT, "more rows than there is room for");
			return NULL;
		}
		if (l->n)
			memcpy(grown, l->items, l->n * l->size);
		l->items = grown;
		l->room = room;
	}
	return (char *)l->items + l->size * l->n++;
}

/* ---- opening ---- */

/* The lock is flock(2) on PATH.lock: it goes with the process, however that ends. */
static int lock(struct store *s, struct err *err)
{
	char name[4096], who[32] = "?";
	int n = snprintf(name, sizeof(name), "%s.lock", s->path);
	ssize_t got;

	if (n < 0 || (size_t)n >= sizeof(name))
		return err_set(err, ERR_CONFIG, "the store's path is too long");
	s->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock_fd < 0)
		return err_set(err, ERR_CONFIG, "%s: %s", name, strerror(errno));
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB)) {
		got = read(s->lock_fd, who, sizeof(who) - 1);
		who[got > 0 ? got : 0] = '\0';
		return err_set(err, ERR_LATER, "%s is in use by process %s", s->path,
			       who);
	}
	n = snprintf(who, sizeof(who), "%d", (int)getpid());
	if (ftruncate(s->lock_fd, 0) || write(s->lock_fd, who, (size_t)n) != n)
		return err_set(err, ERR_LATER, "%s: %s", name, strerror(errno));
	return 0;
}

/* An existing file must be ours and ours alone. */
static int check_rights(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st))
		return errno == ENOENT ? 0
				       : err_set(err, ERR_CONFIG, "%s: %s", path,
						 strerror(errno));
	if (st.st_uid != geteuid())
		return err_set(err, ERR_CONFIG,
			       "%s belongs to user %u; run as that user, or chown it",
			       path, (unsigned)st.st_uid);
	if ((st.st_mode & 077) && chmod(path, 0600))
		return err_set(err, ERR_CONFIG,
			       "%s: readable by others, and chmod fails: %s", path,
			       strerror(errno));
	return 0;
}

static int count_reports(struct store *s, struct err *err)
{
	return store_run(s, STMT_REPORT_COUNT, NULL, 0, store_take_int,
			 &s->reports_waiting, err);
}

static int open_driver(struct store *s, struct err *err)
{
	const struct store_settings settings = {
		.path = str_of(s->path),
		.fast = s->fast,
		.version = str_of(s->version),
	};
	mode_t was = umask(0077);
	int rc = s->driver->open(&settings, &s->db, err);

	umask(was);
	return rc;
}

int store_open(const struct store_settings *settings, struct store **out, struct err *err)
{
	struct store *s = calloc(1, sizeof(*s));

	if (!s)
		return err_set(err, ERR_LATER, "no memory for the store");
	s->driver = &store_sqlite;
	s->fast = settings->fast;
	s->lock_fd = -1;
	s->path = strndup(settings->path.p, settings->path.n);
	s->version = strndup(settings->version.p ? settings->version.p : "",
			     settings->version.n);
	if (!s->path || !s->version)
		err_set(err, ERR_LATER, "no memory for the store");
	else if (check_rights(s->path, err) == 0 && lock(s, err) == 0 &&
		 open_driver(s, err) == 0 && store_migrate(s, err) == 0 &&
		 count_reports(s, err) == 0) {
		*out = s;
		return 0;
	}
	store_close(s);
	return -1;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	store_rollback(s);
	s->driver->close(s->db);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	free(s->path);
	free(s->version);
	free(s);
}

int store_reopen(struct store *s, struct err *err)
{
	s->driver->close(s->db);
	s->db = NULL;
	s->open = false;
	if (open_driver(s, err))
		return -1;
	/* Opening alone touches no page: a question shows whether the file can be read.
	 */
	return count_reports(s, err);
}

int store_backup(struct str path, struct str to, struct err *err)
{
	return store_sqlite.backup(path, to, err);
}

int store_space(const struct store *s, int64_t reserve_bytes, struct err *err)
{
	struct statvfs v;
	int64_t free_bytes;

	if (reserve_bytes <= 0)
		return 0;
	if (statvfs(s->path, &v))
		return err_set(err, ERR_LATER, "%s: %s", s->path, strerror(errno));
	free_bytes = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
	if (free_bytes < reserve_bytes)
		return err_set(err, ERR_LATER,
			       "only %lld MiB free where the store is, reserve is %lld",
			       (long long)(free_bytes >> 20),
			       (long long)(reserve_bytes >> 20));
	if (v.f_files && v.f_favail < INODES_RESERVE)
		return err_set(err, ERR_LATER, "only %llu inodes free where the store is",
			       (unsigned long long)v.f_favail);
	return 0;
}

int store_schema_version(const struct store *s)
{
	return s->schema;
}

/* ---- transactions ---- */

int store_begin(struct store *s, struct err *err)
{
	if (store_run(s, STMT_BEGIN, NULL, 0, NULL, NULL, err))
		return -1;
	s->open = true;
	return 0;
}

int store_commit(struct store *s, struct err *err)
{
	if (store_run(s, STMT_COMMIT, NULL, 0, NULL, NULL, err))
		return -1;
	s->open = false;
	return 0;
}

void store_rollback(struct store *s)
{
	struct err err;

	/* After some errors SQLite has rolled back by itself: then this has nothing to
	 * do. */
	if (s->open && s->db)
		(void)!s->driver->run(s->db, STMT_ROLLBACK, NULL, 0, NULL, NULL, &err);
	s->open = false;
}

int store_mark(struct store *s, struct err *err)
{
	return store_run(s, STMT_MARK, NULL, 0, NULL, NULL, err);
}

int store_release(struct store *s, struct err *err)
{
	return store_run(s, STMT_RELEASE, NULL, 0, NULL, NULL, err);
}

int store_forget(struct store *s, struct err *err)
{
	if (store_run(s, STMT_FORGET, NULL, 0, NULL, NULL, err))
		return -1;
	return store_release(s, err);
}

/* ---- for tests ---- */

void store_fail_after(struct store *s, int64_t n, bool lasting)
{
	s->fail_at = n ? s->calls + n : 0;
	s->fail_lasting = lasting;
}

int64_t store_calls(const struct store *s)
{
	return s->calls;
}

bool store_catalogue(size_t i, const char **name, const char **sql, bool *citizen)
{
	if (i >= STMT_COUNT)
		return false;
	*name = stmt_texts[i].name;
	*sql = stmt_texts[i].sql;
	*citizen = stmt_texts[i].citizen;
	return true;
}
