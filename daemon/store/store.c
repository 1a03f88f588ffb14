/* SPDX-License-Identifier: MIT */
/*
 * Opening, locking, transactions, and the one door through which every statement goes
 * (where tests make the n-th call fail). Engine's thread; owns the driver's handle and
 * the lock file.
 */
#include "store/inside.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { INODES_RESERVE = 64 };

static bool made_to_fail(struct store *s)
{
	s->calls++;
	return s->fail_at &&
	       (s->calls == s->fail_at || (s->fail_lasting && s->calls > s->fail_at));
}

/*
 * After LATER the handle does nothing more: the database may have rolled back by itself,
 * and what came next would be committed piece by piece; and a second try at a failed
 * fsync may call a loss a success.
 */
int store_run(struct store *s, enum stmt stmt, const struct db_value *args, size_t n,
	      db_row_fn *row, void *arg, struct err *err)
{
	struct err why = { .kind = ERR_NONE };

	if (s->doubt || !s->db)
		return err_set(err, ERR_LATER, "the store must be opened again first");
	if (made_to_fail(s))
		err_set(&why, ERR_LATER, "store, %s: made to fail by a test",
			stmt_texts[stmt].name);
	else if (s->driver->run(s->db, stmt, args, n, row, arg, &why) == 0)
		return 0;
	s->doubt = why.kind == ERR_LATER;
	if (err)
		*err = why;
	return -1;
}

int store_take_int(void *arg, const struct db_value *columns, struct err *err)
{
	(void)err;
	*(int64_t *)arg = columns[0].i;
	return 0;
}

int store_count_row(void *arg, const struct db_value *columns, struct err *err)
{
	(void)columns;
	(void)err;
	++*(int64_t *)arg;
	return 0;
}

void *store_list_add(struct store_list *l, struct err *err)
{
	if (l->n == l->room) {
		size_t room = l->room ? l->room * 2 : l->first ? l->first : 16;
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

int store_take_id(void *arg, const struct db_value *c, struct err *err)
{
	int64_t *id = store_list_add(arg, err);

	if (!id)
		return -1;
	*id = c[0].i;
	return 0;
}

/* ---- opening ---- */

static int count_reports(struct store *s, struct err *err)
{
	return store_run(s, STMT_REPORT_COUNT, NULL, 0, store_take_int, &s->reports, err);
}

static int open_driver(struct store *s, struct err *err)
{
	const struct store_settings settings = {
		.path = str_of(s->path),
		.fast = s->fast,
		.version = str_of(s->version),
	};

	s->doubt = false;
	return s->driver->open(&settings, &s->db, err);
}

static int take_file(struct store *s, struct err *err)
{
	if (!s->driver->file)
		return 0;
	return store_file_check(s->path, err) ||
			       store_file_lock(s->path, &s->lock_fd, err) ||
			       store_file_make(s->path, err)
		       ? -1
		       : 0;
}

static const struct store_driver *driver_of(struct str name)
{
	static const struct store_driver *const drivers[] = { &store_sqlite };

	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		if (str_eq(name, str_of(drivers[i]->name)))
			return drivers[i];
	return NULL;
}

int store_open(const struct store_settings *settings, struct store **out, struct err *err)
{
	const struct store_driver *driver = driver_of(settings->driver);
	struct store *s;

	if (!driver)
		return err_set(err, ERR_CONFIG, "there is no store \"%.*s\"",
			       STR_ARG(settings->driver));
	s = calloc(1, sizeof(*s));
	if (!s)
		return err_set(err, ERR_LATER, "no memory for the store");
	s->driver = driver;
	s->fast = settings->fast;
	s->lock_fd = -1;
	if (vault_new(settings->key, settings->old_key, &s->vault, err) ||
	    store_looks_new(s, err)) {
		store_close(s);
		return -1;
	}
	s->path = strndup(settings->path.p, settings->path.n);
	s->version = strndup(settings->version.p ? settings->version.p : "",
			     settings->version.n);
	if (!s->path || !s->version)
		err_set(err, ERR_LATER, "no memory for the store");
	else if (take_file(s, err) == 0 && open_driver(s, err) == 0 &&
		 store_migrate(s, err) == 0 && store_keys_take(s, err) == 0 &&
		 count_reports(s, err) == 0 && store_looks_load(s, err) == 0) {
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
	vault_free(s->vault);
	free(s->looks);
	store_rooms_free(s);
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
	/* Opening alone touches no page: a question shows whether the file can be read. A
	 * commit that failed may have been one, so memory is read anew as well. */
	return count_reports(s, err) || store_looks_load(s, err) ? -1 : 0;
}

int store_backup(struct str path, struct str to, struct err *err)
{
	char *from = strndup(path.p, path.n), *into = strndup(to.p, to.n);
	int rc = from && into ? store_sqlite.backup(from, into, err)
			      : err_set(err, ERR_LATER, "no memory for a backup");

	free(from);
	free(into);
	return rc;
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
	s->reports_begun = s->reports;
	s->counts.n = 0;
	s->marks = 0;
	store_looks_begun(s);
	return 0;
}

int store_commit(struct store *s, struct err *err)
{
	if (store_counts_write(s, err) || store_looks_move(s, err) ||
	    store_run(s, STMT_COMMIT, NULL, 0, NULL, NULL, err))
		return -1;
	s->open = false;
	store_looks_committed(s);
	return 0;
}

static void reports_at_least(struct store *s, int64_t n)
{
	if (s->reports < n)
		s->reports = n;
}

/* Past the hook for tests. A failure leaves a handle that must not be used any more. */
void store_rollback(struct store *s)
{
	struct err err;

	if (s->open && s->db &&
	    s->driver->run(s->db, STMT_ROLLBACK, NULL, 0, NULL, NULL, &err))
		s->doubt = true;
	if (s->open) {
		reports_at_least(s, s->reports_begun);
		store_looks_rolled_back(s);
	}
	s->open = false;
}

int store_mark(struct store *s, struct err *err)
{
	assert(s->marks < STORE_MARKS);
	s->reports_marked = s->reports;
	s->counts_marked[s->marks] = s->counts;
	store_looks_marked(s);
	if (store_run(s, STMT_MARK, NULL, 0, NULL, NULL, err))
		return -1;
	s->marks++;
	return 0;
}

int store_release(struct store *s, struct err *err)
{
	assert(s->marks > 0);
	s->marks--;
	return store_run(s, STMT_RELEASE, NULL, 0, NULL, NULL, err);
}

int store_forget(struct store *s, struct err *err)
{
	if (store_run(s, STMT_FORGET, NULL, 0, NULL, NULL, err))
		return -1;
	reports_at_least(s, s->reports_marked);
	s->counts = s->counts_marked[s->marks - 1];
	store_looks_forgotten(s);
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
