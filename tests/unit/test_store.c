/* SPDX-License-Identifier: MIT */
/* The store on a real file: its doors (locks, owners, versions), savepoints, crashes, the
 * n-th call failing for every n, the plans of what citizens cause, backups. */
#include "store_rows.h"

#include <signal.h>

/* ---- the doors ---- */

static void a_new_store_is_private(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	mode_t was = umask(0);
	struct store *other;
	char where[160], name[200];
	struct stat st;

	(void)state;
	snprintf(where, sizeof(where), "%s/other.db", folder);
	OK(open_at(where, &other));
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(name, sizeof(name), "%s%s", where, ends[i]);
		assert_int_equal(stat(name, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	umask(was);
	assert_int_equal(store_schema_version(other), 7);
	store_close(other);
	store_close(NULL);
}

static void what_others_may_read_is_closed(void **state)
{
	struct stat st;

	(void)state;
	store_close(store);
	store = NULL;
	assert_int_equal(chmod(path, 0644), 0);
	OK(open_at(path, &store));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void another_users_file_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	store_close(store);
	store = NULL;
	assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
	assert_int_equal(open_at(path, &store), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "12345"));
}

static void an_open_folder_is_refused(void **state)
{
	struct store *other;
	char where[160];

	(void)state;
	snprintf(where, sizeof(where), "%s/x.db", folder);
	assert_int_equal(chmod(folder, 0777), 0);
	assert_int_equal(open_at(where, &other), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(chmod(folder, 0700), 0);
	assert_int_equal(open_at("/nowhere/at/all.db", &other), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
}

/* What root would make there the daemon could not open. */
static void a_folder_of_another_is_refused_to_root(void **state)
{
	struct store *other;
	char where[160];

	(void)state;
	if (geteuid() != 0)
		skip();
	snprintf(where, sizeof(where), "%s/x.db", folder);
	assert_int_equal(chown(folder, 65534, (gid_t)-1), 0);
	assert_int_equal(open_at(where, &other), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(access(where, F_OK), -1);
	assert_int_equal(chown(folder, 0, (gid_t)-1), 0);
}

static void a_second_instance_is_refused(void **state)
{
	struct store *second;
	char pid[32];

	(void)state;
	assert_int_equal(open_at(path, &second), -1);
	assert_int_equal(err.kind, ERR_LATER);
	snprintf(pid, sizeof(pid), "process %d", (int)getpid());
	assert_non_null(strstr(err.text, pid));
	/* The first is unharmed. */
	assert_true(person("+6281200000001") > 0);
}

static void a_newer_store_is_refused(void **state)
{
	(void)state;
	OK(store->driver->script(store->db,
				 "INSERT INTO schema_step (n, version) VALUES (99, '9')",
				 &err));
	store_close(store);
	store = NULL;
	assert_int_equal(open_at(path, &store), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "schema 99"));
}

static void write_file(const char *where, const char *bytes)
{
	FILE *f = fopen(where, "w");

	assert_non_null(f);
	fputs(bytes, f);
	fclose(f);
}

static void what_is_no_store_is_refused(void **state)
{
	struct store *other;
	char where[160];

	(void)state;
	snprintf(where, sizeof(where), "%s/text.db", folder);
	write_file(where, "this is a letter and not a database at all, and long enough "
			  "to have a header of a hundred bytes if it were one");
	assert_int_equal(open_at(where, &other), -1);
	assert_int_equal(err.kind, ERR_CONFIG);

	OK(store->driver->script(store->db, "DROP TABLE schema_step", &err));
	store_close(store);
	store = NULL;
	assert_int_equal(open_at(path, &store), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "another program"));
}

static void a_missing_folder_is_told_with_its_remedy(void **state)
{
	struct store *other;
	char where[160];

	(void)state;
	snprintf(where, sizeof(where), "%s/nowhere/uji.db", folder);
	assert_int_equal(open_at(where, &other), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "/nowhere: No such file"));
	assert_non_null(strstr(err.text, "make it for the daemon's user"));
}

static void an_unknown_driver_is_refused(void **state)
{
	const struct store_settings settings = { .driver = STR("punchcards"),
						 .path = str_of(path) };
	struct store *other;

	(void)state;
	assert_int_equal(store_open(&settings, &other, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
}

static void what_is_committed_is_there_after_reopening(void **state)
{
	int64_t id, last;

	(void)state;
	OK(store_begin(store, &err));
	id = person("+6281200000001");
	OK(store_commit(store, &err));
	OK(store_begin(store, &err));
	last = person("+6281200000002");
	OK(store_reopen(store, &err));
	assert_int_equal(person("+6281200000001"), id);
	store_close(store);
	store = NULL;
	OK(open_at(path, &store));
	assert_int_equal(person("+6281200000001"), id);
	assert_int_equal(person("+6281200000003"), last); /* the other one never was */
}

static void a_store_that_is_gone_does_not_come_back_empty(void **state)
{
	(void)state;
	assert_int_equal(unlink(path), 0);
	assert_int_equal(store_reopen(store, &err), -1);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(store_begin(store, &err), -1);
	assert_int_equal(err.kind, ERR_LATER);
}

static void durability_is_on_unless_asked_otherwise(void **state)
{
	const struct store_settings settings = { .driver = STR("sqlite"),
						 .path = str_of(path),
						 .version = STR("it's"),
						 .key = str_of(key) };

	(void)state;
	assert_int_equal(ask("PRAGMA synchronous"), 0);
	assert_int_equal(ask("PRAGMA foreign_keys"), 1);
	store_close(store);
	store = NULL;
	OK(store_open(&settings, &store, &err));
	assert_int_equal(ask("PRAGMA synchronous"), 2);
	OK(store_reopen(store, &err));
	assert_int_equal(ask("PRAGMA synchronous"), 2);
}

static void space_is_measured(void **state)
{
	(void)state;
	OK(store_space(store, 0, &err));
	OK(store_space(store, 1, &err));
	assert_int_equal(store_space(store, INT64_MAX, &err), -1);
	assert_int_equal(err.kind, ERR_LATER);
}

/* ---- transactions ---- */

static void a_forgotten_item_leaves_nothing(void **state)
{
	(void)state;
	OK(store_begin(store, &err));
	OK(store_mark(store, &err));
	text_in(person("+6281200000001"), "at:1");
	OK(store_release(store, &err));
	for (int i = 0; i < 3; i++) {
		int64_t who, n;

		OK(store_mark(store, &err));
		who = person("+6281200000002");
		ticket_of(who, text_in(who, "at:2"), 5, "baru");
		OK(store_ticket_next(store, 2026, &n, &err));
		assert_int_equal(n, 1);
		OK(store_forget(store, &err));
	}
	OK(store_mark(store, &err));
	text_in(person("+6281200000001"), "at:3");
	OK(store_release(store, &err));
	OK(store_commit(store, &err));
	assert_int_equal(ask("SELECT count(*) FROM person"), 1);
	assert_int_equal(ask("SELECT count(*) FROM message_in"), 2);
	assert_int_equal(ask("SELECT count(*) FROM ticket"), 0);
	/* The chain has no hole. */
	assert_int_equal(ask("SELECT before FROM message_in ORDER BY id DESC LIMIT 1"),
			 1);
}

/* However often somebody tries while the store is in doubt. */
static void a_mark_that_fails_is_none(void **state)
{
	(void)state;
	store_fail_after(store, 1, false);
	for (int i = 0; i < 3 * STORE_MARKS; i++)
		assert_int_equal(store_mark(store, &err), -1);
	assert_int_equal(err.kind, ERR_LATER);
	OK(store_reopen(store, &err));
	OK(store_begin(store, &err));
	for (int i = 0; i < STORE_MARKS; i++)
		OK(store_mark(store, &err));
	OK(store_commit(store, &err));
}

static void a_roll_back_leaves_nothing(void **state)
{
	(void)state;
	OK(store_begin(store, &err));
	person("+6281200000001");
	store_rollback(store);
	store_rollback(store); /* nothing is open: nothing happens */
	OK(store_begin(store, &err));
	OK(store_commit(store, &err));
	assert_int_equal(ask("SELECT count(*) FROM person"), 0);
}

static void a_bug_in_one_item_spares_the_others(void **state)
{
	struct message_out m = reply_to(4711, 1, now); /* no such person */
	int64_t id;

	(void)state;
	OK(store_begin(store, &err));
	person("+6281200000001");
	OK(store_mark(store, &err));
	person("+6281200000002");
	assert_int_equal(store_out_add(store, &m, &id, &err), -1);
	assert_int_equal(err.kind, ERR_BUG);
	OK(store_forget(store, &err));
	OK(store_commit(store, &err));
	assert_int_equal(ask("SELECT count(*) FROM person"), 1);
}

/* What a crash leaves: a child dies between mark and commit, killed, with nothing closed.
 */
static void a_crash_leaves_what_was_committed(void **state)
{
	int status = 0;
	pid_t child;

	(void)state;
	store_close(store);
	store = NULL;
	child = fork();
	if (child == 0) {
		struct person p;

		if (open_at(path, &store) || store_begin(store, &err) ||
		    store_person(store, STR("+6281200000001"), 0, now, &p, &err) ||
		    store_commit(store, &err) || store_begin(store, &err) ||
		    store_mark(store, &err) ||
		    store_person(store, STR("+6281200000002"), 0, now, &p, &err) ||
		    store_release(store, &err))
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	OK(open_at(path, &store));
	assert_int_equal(ask("SELECT count(*) FROM person"), 1);
}

/* ---- the n-th call fails ---- */

/* One complaint as the engine takes it, with its reply and the end of that. */
static int scenario(int k)
{
	struct str name = arena_printf(arena, "at:%d", k);
	struct person p;
	struct message_in m = text_from(name.p);
	struct ticket t = { .life.state = TICKET_DITERUSKAN, .department = STR("PUPR") };
	struct event e = { .kind = STR("diteruskan"), .actor = STR("gateway") };
	struct message_out reply_row = reply_to(0, 1, now), *claimed;
	struct in_chain earlier;
	int64_t in, replies, id;
	int64_t reported;
	int same;
	size_t n;

	if (store_begin(store, &err) || store_mark(store, &err) ||
	    store_person(store, STR("+6281200000001"), 0, now, &p, &err))
		return -1;
	reply_row.person_id = p.id;
	earlier = p.last_in;
	if (store_in_add(store, &m, &p, &in, &err))
		return -1;
	assert_true(in > 0);
	if (store_in_same(store, earlier, 77, now - HOUR, 9, &same, &err) ||
	    store_ticket_next(store, 2026, &t.no, &err))
		return -1;
	t.message_id = e.message_id = reply_row.in_id = in;
	if (store_ticket_add(store, &t, &p, &e.ticket_id, &err) ||
	    store_event_add(store, &e, &err) ||
	    store_count_add(store, "replies", 1, 1, &replies, &err) ||
	    store_person_save(store, &p, &err))
		return -1;
	reply_row.ticket_id = e.ticket_id;
	if (store_out_add(store, &reply_row, &id, &err) ||
	    store_in_settle(store, in, STR("complaint"), e.ticket_id, STR(""), &err) ||
	    store_cursor_set(store, STR("utama"), m.external_id, now, &err) ||
	    store_out_claim(store, STR("utama"), now, 5, arena, &claimed, &n, &err) ||
	    store_out_report(store, STR("utama"), m.external_id, STR("delivered"),
			     STR(""), now, &reported, &err) ||
	    store_out_settle(store, id, "accepted", m.external_id, STR(""), now, now,
			     &err) ||
	    store_release(store, &err))
		return -1;
	return store_commit(store, &err);
}

static int64_t rows_all(void)
{
	return ask("SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM "
		   "message_in) + (SELECT count(*) FROM ticket) + (SELECT count(*) FROM "
		   "event) + (SELECT count(*) FROM message_out) + (SELECT count(*) FROM "
		   "counter) + (SELECT count(*) FROM poll_cursor) + (SELECT count(*) "
		   "FROM report_waiting) + (SELECT coalesce(sum(n), 0) FROM counter)");
}

static void fail_each_call(bool lasting)
{
	int64_t calls = store_calls(store), before;
	int n;

	assert_int_equal(scenario(0), 0);
	calls = store_calls(store) - calls;
	assert_true(calls > 20);
	for (n = 1;; n++) {
		before = rows_all();
		store_fail_after(store, n, lasting);
		if (scenario(n) == 0)
			break;
		assert_int_equal(err.kind, ERR_LATER);
		/* The handle stays closed to everything until it is opened again. */
		assert_int_equal(store_commit(store, &err), -1);
		assert_int_equal(err.kind, ERR_LATER);
		store_rollback(store);
		assert_int_equal(store_begin(store, &err), -1);
		if (lasting)
			assert_int_equal(store_reopen(store, &err), -1);
		store_fail_after(store, 0, false);
		OK(store_reopen(store, &err));
		assert_int_equal(rows_all(), before);
	}
	assert_true(n > calls - 4); /* the first scenario also made rows that last */
	store_fail_after(store, 0, false);
	assert_int_equal(ask("SELECT count(*) FROM ticket"), 2);
	assert_int_equal(ask("SELECT count(*) FROM message_out WHERE report = "
			     "'delivered'"),
			 2);
	assert_int_equal(ask("PRAGMA foreign_key_check"), -1);
}

static void the_nth_call_fails_once(void **state)
{
	(void)state;
	fail_each_call(false);
}

static void all_calls_fail_from_the_nth(void **state)
{
	(void)state;
	fail_each_call(true);
}

/* ---- plans ---- */

struct plan {
	const char *name;
	bool bad, by_token;
	char why[200];
};

/* Tables that do not grow with traffic may be read whole; no citizen's statement does. */
static int plan_line(void *arg, const struct db_value *columns, struct err *e)
{
	struct plan *p = arg;
	struct str line = columns[0].s;

	(void)e;
	p->by_token = p->by_token || str_find(line, STR("token=?")) < line.n;
	if (str_starts(line, STR("SCAN")) ||
	    str_find(line, STR("TEMP B-TREE")) < line.n ||
	    str_find(line, STR("AUTOMATIC")) < line.n) {
		p->bad = true;
		snprintf(p->why, sizeof(p->why), "%.*s", STR_ARG(line));
	}
	return 0;
}

static struct plan plan_of(const char *name, const char *sql)
{
	struct plan p = { .name = name };

	OK(store->driver->explain(store->db, sql, plan_line, &p, &err));
	return p;
}

static void what_citizens_cause_is_a_look_up(void **state)
{
	const char *name, *sql;
	size_t citizens = 0;
	bool citizen;

	(void)state;
	for (size_t i = 0; store_catalogue(i, &name, &sql, &citizen); i++) {
		struct plan p;

		assert_non_null(name);
		assert_non_null(sql);
		if (!citizen)
			continue;
		p = plan_of(name, sql);
		if (p.bad)
			fail_msg("%s: %s", name, p.why);
		/* Tokens are asked about first, and mostly there are none. */
		if (str_starts(str_of(name), STR("WATCH")) &&
		    str_find(str_of(sql), STR("token = $3 AND")) < strlen(sql))
			assert_true(p.by_token);
		citizens++;
	}
	assert_true(citizens > 35);
}

static void a_scan_would_be_seen(void **state)
{
	(void)state;
	assert_true(plan_of("scan", "SELECT id FROM message_in WHERE text = $1").bad);
	assert_true(plan_of("sort", "SELECT id FROM message_out WHERE provider = $1 AND "
				    "state = 'queued' AND open = 1 ORDER BY text")
			    .bad);
	assert_false(plan_of("find", "SELECT id FROM ticket WHERE no = $1").bad);
	/* The same as OUT_NEXT without its open = 1. */
	assert_true(plan_of("next", "SELECT due_at FROM message_out WHERE provider = $1 "
				    "AND state = 'queued' ORDER BY due_at")
			    .bad);
	OK(store->driver->script(store->db, "DROP INDEX message_out_open", &err));
	assert_true(plan_of("next", stmt_texts[STMT_OUT_NEXT].sql).bad);
	/* Without it each delivery that is removed would have SQLite read all of them. */
	OK(store->driver->script(store->db, "DROP INDEX delivery_instead", &err));
	assert_true(plan_of("instead", stmt_texts[STMT_REMOVE_INSTEAD].sql).bad);
}

/* SQLite numbers $1, $2, … by first appearance. */
static void parameters_are_numbered_in_order(void **state)
{
	const char *name, *sql;
	bool citizen;

	(void)state;
	for (size_t i = 0; store_catalogue(i, &name, &sql, &citizen); i++) {
		long highest = 0;

		for (const char *p = sql; (p = strchr(p, '$')); p++) {
			long n = strtol(p + 1, NULL, 10);

			if (n > highest + 1 || n < 1)
				fail_msg("%s: $%ld comes after $%ld", name, n, highest);
			highest = n > highest ? n : highest;
		}
		assert_true(strstr(sql, "??") == NULL && strchr(sql, '?') == NULL);
	}
}

/* ---- backup ---- */

static void a_backup_is_a_whole_store(void **state)
{
	char to[160], part_name[200];
	struct store *copy;
	struct person p;
	struct stat st;

	(void)state;
	person("+6281200000001");
	OK(store_begin(store, &err));
	person("+6281200000002"); /* not committed: not in the copy */
	snprintf(to, sizeof(to), "%s/copy.db", folder);
	OK(store_backup(str_of(path), str_of(to), &err));
	OK(store_commit(store, &err));
	assert_int_equal(stat(to, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	snprintf(part_name, sizeof(part_name), "%s.part", to);
	assert_int_not_equal(access(part_name, F_OK), 0);
	snprintf(part_name, sizeof(part_name), "%s.part-wal", to);
	assert_int_not_equal(access(part_name, F_OK), 0);
	assert_int_equal(store_backup(str_of(path), str_of(to), &err), -1);
	assert_int_equal(err.kind, ERR_NEVER);
	OK(open_at(to, &copy));
	OK(store_person(copy, STR("+6281200000001"), 0, now, &p, &err));
	assert_false(p.fresh);
	OK(store_person(copy, STR("+6281200000002"), 0, now, &p, &err));
	assert_true(p.fresh);
	store_close(copy);
}

static void a_backup_that_fails_leaves_nothing(void **state)
{
	char from[160], to[160], part_name[200];

	(void)state;
	snprintf(from, sizeof(from), "%s/none.db", folder);
	snprintf(to, sizeof(to), "%s/copy.db", folder);
	snprintf(part_name, sizeof(part_name), "%s.part", to);
	assert_int_equal(store_backup(str_of(from), str_of(to), &err), -1);
	assert_int_not_equal(access(to, F_OK), 0);
	assert_int_not_equal(access(part_name, F_OK), 0);
	assert_int_not_equal(access(from, F_OK), 0);
	assert_int_equal(store_backup(str_of(path), STR("/nowhere/copy.db"), &err), -1);
	assert_int_equal(err.kind, ERR_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_store_is_private),
		TEST(what_others_may_read_is_closed),
		TEST(another_users_file_is_refused),
		TEST(an_open_folder_is_refused),
		TEST(a_folder_of_another_is_refused_to_root),
		TEST(a_second_instance_is_refused),
		TEST(a_newer_store_is_refused),
		TEST(what_is_no_store_is_refused),
		TEST(a_missing_folder_is_told_with_its_remedy),
		TEST(an_unknown_driver_is_refused),
		TEST(what_is_committed_is_there_after_reopening),
		TEST(a_store_that_is_gone_does_not_come_back_empty),
		TEST(durability_is_on_unless_asked_otherwise),
		TEST(space_is_measured),
		TEST(a_forgotten_item_leaves_nothing),
		TEST(a_mark_that_fails_is_none),
		TEST(a_roll_back_leaves_nothing),
		TEST(a_bug_in_one_item_spares_the_others),
		TEST(a_crash_leaves_what_was_committed),
		TEST(the_nth_call_fails_once),
		TEST(all_calls_fail_from_the_nth),
		TEST(what_citizens_cause_is_a_look_up),
		TEST(a_scan_would_be_seen),
		TEST(parameters_are_numbered_in_order),
		TEST(a_backup_is_a_whole_store),
		TEST(a_backup_that_fails_leaves_nothing),
	};

	return RUN_BOTH(tests);
}
