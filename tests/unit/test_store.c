/* SPDX-License-Identifier: MIT */
/*
 * The store on a real file: every call, the doors (locks, owners, versions), savepoints,
 * the n-th call failing for every n, and the plans of what citizens cause.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/inside.h"

enum { HOUR = 3600000, DAY = 24 * HOUR };
static const int64_t now = 1795482000000;

static char folder[64], path[128];
static struct store *store;
static struct arena *arena;
static struct err err;

#define OK(call) good((call), #call, __LINE__)

static void good(int rc, const char *call, int line)
{
	if (rc)
		fail_msg("line %d: %s: %s", line, call, err.text);
}

static void is_text(struct str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static int open_at(const char *where, struct store **out)
{
	const struct store_settings settings = {
		.driver = STR("sqlite"),
		.path = str_of(where),
		.fast = true,
		.version = STR("test"),
	};

	return store_open(&settings, out, &err);
}

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "%s/kentongan-store-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/s.db", folder);
	arena = arena_new("test", 16 << 20);
	return arena ? open_at(path, &store) : -1;
}

static int teardown(void **state)
{
	struct dirent *entry;
	DIR *dir;

	(void)state;
	store_close(store);
	store = NULL;
	arena_free(arena);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir))) {
		char name[400];

		snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
		unlink(name);
	}
	if (dir)
		closedir(dir);
	return rmdir(folder);
}

/* ---- helpers that make rows ---- */

static int64_t person(const char *address)
{
	struct person p;

	OK(store_person(store, str_of(address), 0, now, &p, &err));
	return p.id;
}

static struct message_in text_from(int64_t who, const char *external_id)
{
	return (struct message_in){
		.provider = STR("utama"),
		.external_id = str_of(external_id),
		.person_id = who,
		.recipient = STR("21708"),
		.text = STR("jalan rusak"),
		.digest = 77,
		.sent_ms = now - 1000,
		.received_ms = now,
		.kind = STR("complaint"),
	};
}

static int64_t text_in(int64_t who, const char *external_id)
{
	struct message_in m = text_from(who, external_id);
	int64_t id;

	OK(store_in_add(store, &m, &id, &err));
	return id;
}

static int64_t ticket_of(int64_t who, int64_t message, int64_t no, const char *state)
{
	const struct ticket t = {
		.no = no,
		.person_id = who,
		.message_id = message,
		.state = str_of(state),
		.department = STR("PUPR"),
		.urgent = true,
		.kecamatan = STR("Cikupa"),
		.score = 2.5,
		.opened_ms = now,
		.changed_ms = now,
		.answer_due_ms = now + DAY,
	};
	int64_t id;

	OK(store_ticket_add(store, &t, &id, &err));
	return id;
}

static struct message_out reply_to(int64_t who, int priority, int64_t due_ms)
{
	return (struct message_out){
		.provider = STR("utama"),
		.person_id = who,
		.key = STR("receipt"),
		.text = STR("Terima kasih"),
		.segments = 1,
		.priority = priority,
		.state = STR("queued"),
		.due_ms = due_ms,
		.expires_ms = now + HOUR,
		.created_ms = now,
	};
}

static int64_t reply(int64_t who, int priority, int64_t due_ms)
{
	struct message_out m = reply_to(who, priority, due_ms);
	int64_t id;

	OK(store_out_add(store, &m, &id, &err));
	return id;
}

static struct message_out *claim(int limit, size_t *n)
{
	struct message_out *list;

	OK(store_out_claim(store, STR("utama"), now, limit, arena, &list, n, &err));
	return list;
}

static int64_t ask(const char *sql)
{
	int64_t n = -1;

	OK(store->driver->number(store->db, sql, &n, &err));
	return n;
}

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
	assert_int_equal(store_schema_version(other), 1);
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
						 .version = STR("it's") };

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

/* ---- persons and counts ---- */

static void a_person_is_found_again(void **state)
{
	struct person p, q;

	(void)state;
	OK(store_person(store, STR("+6281200000001"), 2, now, &p, &err));
	assert_true(p.fresh);
	p.stopped = true;
	p.hour = 498745;
	p.hour_replies = 3;
	p.day = 20781;
	p.day_replies = 5;
	OK(store_person_save(store, &p, &err));
	OK(store_person(store, STR("+6281200000001"), 0, now, &q, &err));
	assert_false(q.fresh);
	assert_int_equal(q.id, p.id);
	assert_int_equal(q.kind, 2);
	assert_true(q.stopped);
	assert_int_equal(q.hour_replies, 3);
	OK(store_person_get(store, p.id, arena, &q, &err));
	is_text(q.address, "+6281200000001");
	assert_int_equal(q.hour, 498745);
	assert_int_equal(q.day, 20781);
	assert_int_equal(q.day_replies, 5);
	assert_int_equal(store_person_get(store, 999, arena, &q, &err), -1);
	assert_int_equal(err.kind, ERR_BUG);
}

static void counts_are_per_name_and_day(void **state)
{
	int64_t n;

	(void)state;
	OK(store_count_add(store, "replies", 1, 1, &n, &err));
	assert_int_equal(n, 1);
	OK(store_count_add(store, "replies", 1, 4, &n, &err));
	assert_int_equal(n, 5);
	OK(store_count_add(store, "replies", 1, -1, &n, &err));
	assert_int_equal(n, 4);
	OK(store_count_add(store, "replies", 2, 1, &n, &err));
	assert_int_equal(n, 1);
	OK(store_ticket_next(store, 2026, &n, &err));
	assert_int_equal(n, 1);
	OK(store_ticket_next(store, 2026, &n, &err));
	assert_int_equal(n, 2);
	OK(store_ticket_next(store, 2027, &n, &err));
	assert_int_equal(n, 1);
}

/* ---- inbound ---- */

static void a_message_comes_once(void **state)
{
	int64_t who = person("+6281200000001"), id, again;
	struct message_in m = text_from(who, "at:1");

	(void)state;
	OK(store_in_add(store, &m, &id, &err));
	assert_true(id > 0);
	OK(store_in_add(store, &m, &again, &err));
	assert_int_equal(again, 0);
	m.provider = STR("cadangan");
	OK(store_in_add(store, &m, &again, &err));
	assert_true(again > id);
	/* A duplicate leaves the person's chain as it was. */
	assert_int_equal(ask("SELECT last_in FROM person"), again);
}

static void odd_bytes_come_back_as_they_were(void **state)
{
	static const char text[] = "a\0b';--\xf0\x9f\x98\x80";
	struct message_in m = text_from(person("+6281200000001"), "at:1");
	struct message_row *rows;
	int64_t id;
	size_t n;

	(void)state;
	m.text = str_from(text, sizeof(text) - 1);
	m.raw = str_from("\xff\x00\xfe", 3);
	OK(store_in_add(store, &m, &id, &err));
	OK(store_list_messages(store, MESSAGES_ALL, 5, arena, &rows, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].text.n, sizeof(text) - 1);
	assert_memory_equal(rows[0].text.p, text, sizeof(text) - 1);
	assert_int_equal(ask("SELECT length(raw) FROM message_in"), 3);
}

static void a_message_without_a_sender_is_kept(void **state)
{
	struct message_in m = text_from(0, "at:1");
	struct message_row *rows;
	int64_t id;
	size_t n;

	(void)state;
	m.kind = STR("bad");
	OK(store_in_add(store, &m, &id, &err));
	OK(store_list_messages(store, MESSAGES_UNPARSED, 5, arena, &rows, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].sender.n, 0);
}

static void the_same_text_is_counted(void **state)
{
	int64_t who = person("+6281200000001"), other = person("+6281200000002"), id;
	struct message_in m = text_from(who, "at:0");
	char name[16];
	int n;

	(void)state;
	m.received_ms = now - 2 * HOUR; /* too old */
	OK(store_in_add(store, &m, &id, &err));
	m.received_ms = now;
	for (int i = 1; i <= 8; i++) {
		snprintf(name, sizeof(name), "at:%d", i);
		m.external_id = str_of(name);
		m.digest = i % 2 ? 77 : 78;
		OK(store_in_add(store, &m, &id, &err));
		text_in(other, arena_printf(arena, "b:%d", i).p);
	}
	OK(store_in_same(store, who, 77, now - HOUR, 10, &n, &err));
	assert_int_equal(n, 4);
	OK(store_in_same(store, who, 77, now - HOUR, 2, &n, &err));
	assert_int_equal(n, 2);
	OK(store_in_same(store, who, 77, now - 3 * HOUR, 10, &n, &err));
	assert_int_equal(n, 5);
	OK(store_in_same(store, who, 79, now - HOUR, 10, &n, &err));
	assert_int_equal(n, 0);
	OK(store_in_same(store, 999, 77, now - HOUR, 10, &n, &err));
	assert_int_equal(n, 0);
}

static bool twin_of(struct message_in m, int64_t window_ms)
{
	bool twin;

	OK(store_in_twin(store, &m, window_ms, &twin, &err));
	return twin;
}

static void a_twin_comes_by_another_namespace(void **state)
{
	int64_t who = person("+6281200000001");
	struct message_in m = text_from(who, "push:9");

	(void)state;
	assert_false(twin_of(m, 2000));
	text_in(who, "poll:1");
	assert_true(twin_of(m, 2000));
	m.sent_ms += 2000;
	assert_true(twin_of(m, 2000));
	m.sent_ms += 1;
	assert_false(twin_of(m, 2000));
	m.sent_ms = 0; /* unknown: nothing to compare */
	assert_false(twin_of(m, 2000));
	m = text_from(who, "poll:2");
	assert_false(twin_of(m, 2000));
	m = text_from(who, "push:9");
	m.digest = 1;
	assert_false(twin_of(m, 2000));
	m = text_from(who, "push:9");
	m.provider = STR("cadangan");
	assert_false(twin_of(m, 2000));
	m = text_from(person("+6281200000002"), "push:9");
	assert_false(twin_of(m, 2000));
}

static void understanding_is_written_down(void **state)
{
	int64_t who = person("+6281200000001"), in = text_in(who, "at:1");
	int64_t ticket = ticket_of(who, in, 26004176, "periksa");
	struct message_row *rows;
	size_t n;

	(void)state;
	OK(store_in_settle(store, in, STR("unclear"), ticket, STR("no word"), &err));
	OK(store_list_messages(store, MESSAGES_UNROUTED, 5, arena, &rows, &n, &err));
	assert_int_equal(n, 1);
	is_text(rows[0].kind, "unclear");
	is_text(rows[0].note, "no word");
	is_text(rows[0].sender, "+6281200000001");
	assert_int_equal(rows[0].ticket_no, 26004176);
}

/* ---- parts ---- */

static int64_t part(int64_t who, int no, const char *text, int64_t at_ms, bool *whole)
{
	struct message_in m = text_from(who, arena_printf(arena, "p:%d:%s", no, text).p);
	struct part_group g;
	int64_t id;

	OK(store_part_group(store, m.provider, who, m.recipient, 7, 3, no, at_ms - HOUR,
			    at_ms, at_ms + HOUR, &g, &err));
	m.kind = STR("part");
	m.text = str_of(text);
	m.part_group = g.id;
	m.part_no = no;
	OK(store_in_add(store, &m, &id, &err));
	OK(store_part_arrived(store, g.id, whole, &err));
	return g.id;
}

static void parts_come_in_any_order(void **state)
{
	static const int orders[][3] = { { 1, 2, 3 }, { 1, 3, 2 }, { 2, 1, 3 },
					 { 2, 3, 1 }, { 3, 1, 2 }, { 3, 2, 1 } };
	struct part *parts;
	bool whole;
	size_t n;

	(void)state;
	for (int64_t k = 0; k < 6; k++) {
		int64_t who = person(arena_printf(arena, "+628120000000%d", (int)k).p);
		int64_t group = 0;

		for (int i = 0; i < 3; i++) {
			char text[8];

			snprintf(text, sizeof(text), "%d-%d", (int)k, orders[k][i]);
			group = part(who, orders[k][i], text, now, &whole);
			assert_int_equal(whole, i == 2);
		}
		OK(store_parts(store, group, arena, &parts, &n, &err));
		assert_int_equal(n, 3);
		for (int i = 0; i < 3; i++) {
			assert_int_equal(parts[i].part_no, i + 1);
			assert_int_equal(parts[i].text.p[2], '1' + i);
		}
		OK(store_part_close(store, group, &err));
	}
}

static void a_reference_is_used_again(void **state)
{
	int64_t who = person("+6281200000001"), first, second, third;
	bool whole;

	(void)state;
	first = part(who, 1, "a", now, &whole);
	assert_int_equal(part(who, 2, "b", now, &whole), first);
	second = part(who, 1, "c", now, &whole); /* part 1 is there: another text */
	assert_int_not_equal(second, first);
	third = part(who, 3, "d", now + 3 * HOUR, &whole); /* those are too old */
	assert_int_not_equal(third, first);
	assert_int_not_equal(third, second);
	assert_int_not_equal(part(person("+6281200000002"), 3, "e", now, &whole), first);
}

static void groups_become_due(void **state)
{
	int64_t who = person("+6281200000001"), group, due;
	struct part_group *list;
	bool whole;
	size_t n;

	(void)state;
	OK(store_parts_next(store, &due, &err));
	assert_int_equal(due, INT64_MAX);
	group = part(who, 1, "a", now, &whole);
	part(who, 1, "b", now + 5, &whole);
	OK(store_parts_next(store, &due, &err));
	assert_int_equal(due, now + HOUR);
	OK(store_parts_due(store, now + HOUR - 1, 10, arena, &list, &n, &err));
	assert_int_equal(n, 0);
	OK(store_parts_due(store, now + 2 * HOUR, 1, arena, &list, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, group);
	is_text(list[0].provider, "utama");
	is_text(list[0].recipient, "21708");
	assert_int_equal(list[0].person_id, who);
	assert_int_equal(list[0].ref, 7);
	assert_int_equal(list[0].total, 3);
	assert_int_equal(list[0].have, 1);
	OK(store_part_close(store, group, &err));
	OK(store_parts_due(store, now + 2 * HOUR, 10, arena, &list, &n, &err));
	assert_int_equal(n, 1);
	assert_int_not_equal(list[0].id, group);
}

/* ---- tickets ---- */

static void a_ticket_is_found_by_number(void **state)
{
	int64_t who = person("+6281200000001"), in = text_in(who, "at:1");
	int64_t id = ticket_of(who, in, 26004176, "baru");
	struct ticket t;

	(void)state;
	OK(store_ticket_by_no(store, 26004176, arena, &t, &err));
	assert_int_equal(t.id, id);
	assert_int_equal(t.person_id, who);
	assert_int_equal(t.message_id, in);
	is_text(t.state, "baru");
	is_text(t.department, "PUPR");
	is_text(t.kecamatan, "Cikupa");
	is_text(t.desa, "");
	is_text(t.text, "jalan rusak");
	assert_true(t.urgent && !t.sensitive && !t.secret);
	assert_true(t.score > 2.4 && t.score < 2.6);
	assert_int_equal(t.answer_due_ms, now + DAY);
	OK(store_ticket_touch(store, id, now + 5, &err));
	OK(store_ticket_mute(store, id, true, &err));
	OK(store_ticket_by_no(store, 26004176, arena, &t, &err));
	assert_int_equal(t.changed_ms, now + 5);
	assert_int_equal(ask("SELECT muted FROM ticket"), 1);
	assert_int_equal(store_ticket_by_no(store, 1, arena, &t, &err), -1);
	assert_int_equal(err.kind, ERR_NEVER);
}

static void a_persons_tickets_newest_first(void **state)
{
	int64_t who = person("+6281200000001"), other = person("+6281200000002");
	struct ticket *list;
	size_t n;

	(void)state;
	OK(store_tickets_of(store, who, false, 5, arena, &list, &n, &err));
	assert_int_equal(n, 0);
	for (int i = 1; i <= 6; i++) {
		int64_t in = text_in(who, arena_printf(arena, "at:%d", i).p);

		ticket_of(who, in, i, i == 5 ? "ditutup" : i == 3 ? "arsip" : "baru");
		ticket_of(other, in, 100 + i, "baru");
	}
	OK(store_tickets_of(store, who, false, 4, arena, &list, &n, &err));
	assert_int_equal(n, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(list[i].no, 6 - i);
	OK(store_tickets_of(store, who, true, 3, arena, &list, &n, &err));
	assert_int_equal(n, 3);
	assert_int_equal(list[0].no, 6);
	assert_int_equal(list[1].no, 4);
	assert_int_equal(list[2].no, 2);
}

static void history_is_in_order(void **state)
{
	int64_t who = person("+6281200000001"), in = text_in(who, "at:1");
	int64_t id = ticket_of(who, in, 1, "baru");
	const struct event opened = { .ticket_id = id,
				      .at_ms = now,
				      .kind = STR("dibuka"),
				      .actor = STR("gateway"),
				      .message_id = in,
				      .note = STR("why") };
	const struct event seen = { .ticket_id = id,
				    .at_ms = now + 1,
				    .kind = STR("diproses"),
				    .actor = STR("operator:ani") };
	struct event *list;
	size_t n;

	(void)state;
	OK(store_event_add(store, &opened, &err));
	OK(store_event_add(store, &seen, &err));
	OK(store_events(store, id, arena, &list, &n, &err));
	assert_int_equal(n, 2);
	is_text(list[0].kind, "dibuka");
	is_text(list[0].text, "jalan rusak");
	is_text(list[0].note, "why");
	assert_int_equal(list[0].message_id, in);
	is_text(list[1].actor, "operator:ani");
	is_text(list[1].text, "");
	assert_int_equal(list[1].at_ms, now + 1);
}

/* ---- outbound ---- */

static void urgent_ones_are_claimed_first(void **state)
{
	int64_t who = person("+6281200000001"), ids[6], due;
	struct message_out *list;
	size_t n;

	(void)state;
	ids[4] = reply(who, 2, now - 100);
	ids[2] = reply(who, 1, now - 10);
	ids[1] = reply(who, 1, now - 20);
	ids[0] = reply(who, 0, now);
	ids[3] = reply(who, 1, now - 10);
	ids[5] = reply(who, 0, now + 50);
	OK(store_out_next(store, STR("utama"), &due, &err));
	assert_int_equal(due, now - 100);
	list = claim(3, &n);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(list[i].id, ids[i]);
	is_text(list[0].state, "sending");
	is_text(list[0].to, "+6281200000001");
	is_text(list[0].text, "Terima kasih");
	assert_int_equal(list[0].attempts, 1);
	list = claim(10, &n);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, ids[3]);
	assert_int_equal(list[1].id, ids[4]);
	OK(store_out_next(store, STR("utama"), &due, &err));
	assert_int_equal(due, now + 50);
	OK(store_out_next(store, STR("cadangan"), &due, &err));
	assert_int_equal(due, INT64_MAX);
}

static void a_reply_may_be_born_sending(void **state)
{
	struct message_out m = reply_to(person("+6281200000001"), 1, now), *list;
	int64_t id;
	size_t n;
	int back;

	(void)state;
	m.state = STR("sending");
	m.attempts = 1;
	OK(store_out_add(store, &m, &id, &err));
	claim(10, &n);
	assert_int_equal(n, 0);
	OK(store_out_recover(store, STR("utama"), true, 5, now, &back, &err));
	assert_int_equal(back, 1);
	list = claim(10, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].attempts, 2);
}

static const char *state_of(int64_t id, struct message_out *out)
{
	struct message_out *list;
	size_t n;

	OK(store_list_out(store, 1, arena, &list, &n, &err));
	for (size_t i = 0; i < n; i++)
		if (list[i].id == id) {
			*out = list[i];
			return arena_str(arena, list[i].state).p;
		}
	return "?";
}

/* A reply that belongs to ticket 1, for state_of. */
static int64_t ticket_reply(int64_t who)
{
	struct message_out m = reply_to(who, 1, now);
	int64_t id;

	if (ask("SELECT count(*) FROM ticket") == 0)
		ticket_of(who, text_in(who, "at:t"), 26004176, "baru");
	m.ticket_id = 1;
	OK(store_out_add(store, &m, &id, &err));
	return id;
}

static void a_send_ends_in_one_of_five_ways(void **state)
{
	static const char *const ends[] = { "accepted", "refused", "unknown", "expired",
					    "queued" };
	int64_t who = person("+6281200000001");
	struct message_out m;
	struct count_row *counts;
	size_t n;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		int64_t id = ticket_reply(who);

		claim(10, &n);
		assert_int_equal(n, 1);
		OK(store_out_settle(store, id, ends[i], i == 0 ? STR("X1") : STR(""),
				    STR("because"), now + 9, now + 3, &err));
		assert_string_equal(state_of(id, &m), ends[i]);
		is_text(m.reason, "because");
		is_text(m.external_id, i == 0 ? "X1" : "");
		assert_int_equal(m.done_ms, i == 4 ? 0 : now + 3);
		assert_int_equal(m.due_ms, now + 9);
	}
	OK(store_count_out(store, arena, &counts, &n, &err));
	assert_int_equal(n, 2); /* queued and unknown are not at their end */
	assert_int_equal(counts[0].n, 1);
	is_text(counts[0].a, "utama");
	is_text(counts[0].b, "queued");
	assert_int_equal(counts[0].oldest_ms, now);
	is_text(counts[1].b, "unknown");
}

static void replies_expire(void **state)
{
	int64_t who = person("+6281200000001"), id = ticket_reply(who), due;
	struct message_out m;
	size_t claimed;
	int n;

	(void)state;
	ticket_reply(who);
	OK(store_out_expire(store, now + HOUR - 1, 10, &n, &err));
	assert_int_equal(n, 0);
	OK(store_out_expire(store, now + HOUR, 1, &n, &err));
	assert_int_equal(n, 1);
	OK(store_out_expire(store, now + HOUR, 10, &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(state_of(id, &m), "expired");
	claim(10, &claimed);
	assert_int_equal(claimed, 0);
	OK(store_out_next(store, STR("utama"), &due, &err));
	assert_int_equal(due, INT64_MAX);
}

static void what_was_sending_at_the_end_is_looked_at(void **state)
{
	int64_t who = person("+6281200000001"), fresh = ticket_reply(who), tired;
	struct message_out m;
	size_t n;
	int back;

	(void)state;
	claim(10, &n);
	tired = ticket_reply(who);
	claim(10, &n);
	OK(store_out_settle(store, tired, "queued", STR(""), STR(""), now, now, &err));
	claim(10, &n);
	OK(store_out_recover(store, STR("cadangan"), true, 2, now, &back, &err));
	assert_int_equal(back, 0);
	OK(store_out_recover(store, STR("utama"), true, 2, now, &back, &err));
	assert_int_equal(back, 2);
	assert_string_equal(state_of(fresh, &m), "queued");
	assert_string_equal(state_of(tired, &m), "unknown");
	claim(10, &n);
	OK(store_out_recover(store, STR("utama"), false, 9, now, &back, &err));
	assert_int_equal(back, 1);
	assert_string_equal(state_of(fresh, &m), "unknown");
	assert_non_null(m.reason.p);
}

/* ---- delivery reports ---- */

static bool report(const char *id, const char *what, const char *why)
{
	bool found;

	OK(store_out_report(store, STR("utama"), str_of(id), str_of(what), str_of(why),
			    now, &found, &err));
	return found;
}

static void accepted(int64_t id, const char *external_id)
{
	OK(store_out_settle(store, id, "accepted", str_of(external_id), STR(""), now, now,
			    &err));
}

static void a_report_finds_its_message(void **state)
{
	int64_t id = ticket_reply(person("+6281200000001"));
	struct message_out m;

	(void)state;
	accepted(id, "X1");
	assert_true(report("X1", "pending", ""));
	state_of(id, &m);
	is_text(m.report, "pending");
	assert_true(report("X1", "failed", "absent"));
	state_of(id, &m);
	is_text(m.report, "failed");
	is_text(m.reason, "absent");
}

static void an_early_report_waits(void **state)
{
	int64_t who = person("+6281200000001"), id = ticket_reply(who);
	int64_t other = ticket_reply(who);
	struct message_out m;

	(void)state;
	assert_false(report("X1", "delivered", "ok"));
	assert_false(report("X1", "pending", "")); /* says nothing new */
	OK(store_reopen(store, &err));
	accepted(other, "X2");
	accepted(id, "X1");
	state_of(id, &m);
	is_text(m.report, "delivered");
	state_of(other, &m);
	is_text(m.report, "");
	assert_int_equal(ask("SELECT count(*) FROM report_waiting"), 0);
}

static void a_forgotten_settle_leaves_the_report(void **state)
{
	int64_t id = ticket_reply(person("+6281200000001"));
	struct message_out m;

	(void)state;
	assert_false(report("X1", "delivered", ""));
	OK(store_begin(store, &err));
	OK(store_mark(store, &err));
	accepted(id, "X1");
	OK(store_forget(store, &err));
	OK(store_commit(store, &err));
	accepted(id, "X1");
	state_of(id, &m);
	is_text(m.report, "delivered");
}

static void early_reports_do_not_wait_for_ever(void **state)
{
	int64_t id = ticket_reply(person("+6281200000001"));
	struct message_out m;
	int n;

	(void)state;
	assert_false(report("X1", "delivered", ""));
	OK(store_begin(store, &err));
	OK(store_mark(store, &err));
	OK(store_out_expire(store, now + 2 * DAY, 10, &n, &err));
	OK(store_forget(store, &err));
	OK(store_commit(store, &err));
	accepted(id, "X1"); /* the trim was taken back: the report still counts */
	state_of(id, &m);
	is_text(m.report, "delivered");
	assert_false(report("X2", "delivered", ""));
	OK(store_out_expire(store, now + 2 * DAY, 10, &n, &err));
	assert_int_equal(ask("SELECT count(*) FROM report_waiting"), 0);
}

static void waiting_for_reports_ends(void **state)
{
	int64_t who = person("+6281200000001");
	int n;

	(void)state;
	OK(store_begin(store, &err));
	for (int i = 0; i < 5002; i++)
		accepted(reply(who, 1, now), arena_printf(arena, "X%d", i).p);
	OK(store_commit(store, &err));
	OK(store_out_expire(store, now + DAY, 10, &n, &err));
	assert_int_equal(ask("SELECT sum(awaits) FROM message_out"), 5002);
	OK(store_out_expire(store, now + 4 * (int64_t)DAY, 10, &n, &err));
	assert_int_equal(ask("SELECT sum(awaits) FROM message_out"), 2);
	assert_false(report("X1", "delivered", ""));
	assert_true(report("X5001", "delivered", ""));
}

/* ---- what providers said ---- */

static void a_cursor_is_kept(void **state)
{
	struct str was;

	(void)state;
	OK(store_cursor_get(store, STR("utama"), arena, &was, &err));
	is_text(was, "");
	OK(store_cursor_set(store, STR("utama"), STR("17"), now, &err));
	OK(store_cursor_set(store, STR("utama"), STR("18"), now, &err));
	OK(store_cursor_get(store, STR("utama"), arena, &was, &err));
	is_text(was, "18");
}

static int64_t raw(const char *body, const char *what, int64_t at_ms)
{
	const struct raw r = { .provider = STR("utama"),
			       .source = STR("poll"),
			       .status = 200,
			       .body = str_of(body),
			       .state = str_of(what),
			       .why = STR("odd"),
			       .received_ms = at_ms };
	int64_t id;

	OK(store_raw_add(store, &r, &id, &err));
	return id;
}

static void the_same_trouble_only_counts(void **state)
{
	struct message_row *rows;
	struct raw *list;
	int64_t first = raw("<html>", "bad", now), p;
	size_t n;

	(void)state;
	assert_int_equal(raw("<html>", "bad", now + 1), first);
	assert_int_not_equal(raw("<htm>", "bad", now + 2), first);
	p = raw("<html>", "pending", now + 3);
	assert_int_not_equal(p, first);
	assert_int_not_equal(raw("<html>", "pending", now + 3), p);
	OK(store_raw_pending(store, STR("utama"), arena, &list, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, p);
	is_text(list[0].body, "<html>");
	is_text(list[0].provider, "utama");
	is_text(list[0].source, "poll");
	assert_int_equal(list[0].status, 200);
	OK(store_raw_settle(store, p, "bad", STR("still odd"), &err));
	OK(store_raw_pending(store, STR("utama"), arena, &list, &n, &err));
	assert_int_equal(n, 1);
	OK(store_list_messages(store, MESSAGES_UNPARSED, 10, arena, &rows, &n, &err));
	assert_int_equal(n, 3);
	is_text(rows[0].note, "still odd"); /* newest first */
	is_text(rows[1].text, "<htm>");
	is_text(rows[2].text, "<html>");
	assert_int_equal(ask("SELECT times FROM raw ORDER BY id LIMIT 1"), 2);
}

static void old_trouble_is_trimmed(void **state)
{
	(void)state;
	raw("old", "bad", now - DAY);
	for (int i = 0; i < 10; i++)
		raw(arena_printf(arena, "b%d", i).p, "bad", now);
	raw("waits", "pending", now - DAY);
	OK(store_raw_settle(store, raw("done", "pending", now), "done", STR(""), &err));
	OK(store_raw_trim(store, now - HOUR, 100, &err));
	assert_int_equal(ask("SELECT count(*) FROM raw"), 11);
	OK(store_raw_trim(store, now - HOUR, 4, &err));
	assert_int_equal(ask("SELECT count(*) FROM raw WHERE state = 'bad'"), 4);
	assert_int_equal(ask("SELECT count(*) FROM raw WHERE body = X'6239'"), 1);
	assert_int_equal(ask("SELECT count(*) FROM raw WHERE state = 'pending'"), 1);
}

static void pauses_are_kept(void **state)
{
	bool paused;

	(void)state;
	OK(store_pause_get(store, STR("utama"), &paused, &err));
	assert_false(paused);
	OK(store_pause_set(store, STR("utama"), true, &err));
	OK(store_pause_set(store, STR("utama"), true, &err));
	OK(store_pause_get(store, STR("utama"), &paused, &err));
	assert_true(paused);
	OK(store_pause_set(store, STR("utama"), false, &err));
	OK(store_pause_get(store, STR("utama"), &paused, &err));
	assert_false(paused);
}

/* ---- lists ---- */

static void tickets_are_filtered(void **state)
{
	int64_t who = person("+6281200000001");
	struct ticket_filter f = { .limit = 10 };
	struct count_row *counts;
	struct ticket *list;
	size_t n;

	(void)state;
	ticket_of(who, text_in(who, "at:1"), 1, "baru");
	ticket_of(who, text_in(who, "at:2"), 2, "ditutup");
	ticket_of(who, text_in(who, "at:3"), 3, "baru");
	OK(store_list_tickets(store, &f, arena, &list, &n, &err));
	assert_int_equal(n, 3);
	assert_int_equal(list[0].no, 3);
	f.open_only = true;
	OK(store_list_tickets(store, &f, arena, &list, &n, &err));
	assert_int_equal(n, 2);
	f = (struct ticket_filter){ .state = STR("ditutup"), .limit = 10 };
	OK(store_list_tickets(store, &f, arena, &list, &n, &err));
	assert_int_equal(n, 1);
	f = (struct ticket_filter){ .department = STR("DLH"), .limit = 10 };
	OK(store_list_tickets(store, &f, arena, &list, &n, &err));
	assert_int_equal(n, 0);
	f = (struct ticket_filter){ .since_ms = now + 1, .limit = 10 };
	OK(store_list_tickets(store, &f, arena, &list, &n, &err));
	assert_int_equal(n, 0);
	f = (struct ticket_filter){ .limit = 1 };
	OK(store_list_tickets(store, &f, arena, &list, &n, &err));
	assert_int_equal(n, 1);
	OK(store_count_tickets(store, arena, &counts, &n, &err));
	assert_int_equal(n, 2);
	is_text(counts[0].a, "PUPR");
	is_text(counts[0].b, "baru");
	assert_int_equal(counts[0].n, 2);
	assert_int_equal(counts[0].oldest_ms, now);
}

static void unknown_sends_are_listed(void **state)
{
	int64_t id = ticket_reply(person("+6281200000001"));
	struct message_row *rows;
	size_t n;

	(void)state;
	OK(store_out_settle(store, id, "unknown", STR(""), STR("time-out"), now, now,
			    &err));
	OK(store_list_messages(store, MESSAGES_UNKNOWN, 5, arena, &rows, &n, &err));
	assert_int_equal(n, 1);
	is_text(rows[0].note, "time-out");
	is_text(rows[0].sender, "+6281200000001");
	assert_int_equal(rows[0].ticket_no, 26004176);
	OK(store_list_messages(store, MESSAGES_ALL, 0, arena, &rows, &n, &err));
	assert_int_equal(n, 0);
}

static void a_list_has_a_ceiling(void **state)
{
	struct arena *small = arena_new("small", 2000);
	struct message_row *rows;
	int64_t who = person("+6281200000001");
	size_t n;

	(void)state;
	OK(store_begin(store, &err));
	for (int i = 0; i < 50; i++)
		text_in(who, arena_printf(arena, "at:%d", i).p);
	assert_int_equal(
		store_list_messages(store, MESSAGES_ALL, 99, small, &rows, &n, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	OK(store_commit(store, &err)); /* the transaction is none the worse */
	assert_int_equal(ask("SELECT count(*) FROM message_in"), 50);
	arena_free(small);
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

/* What a crash leaves: a child dies between mark and commit, without closing anything. */
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
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	OK(open_at(path, &store));
	assert_int_equal(ask("SELECT count(*) FROM person"), 1);
}

/* ---- the n-th call fails ---- */

/* One complaint as the engine takes it, with its reply and the end of that. */
static int scenario(int k)
{
	struct str name = arena_printf(arena, "at:%d", k);
	struct person p;
	struct message_in m = text_from(0, name.p);
	struct ticket t = { .state = STR("diteruskan"), .department = STR("PUPR") };
	struct event e = { .kind = t.state, .actor = STR("gateway") };
	struct message_out reply_row = reply_to(0, 1, now), *claimed;
	int64_t in, replies, id;
	bool found;
	int same;
	size_t n;

	if (store_begin(store, &err) || store_mark(store, &err) ||
	    store_person(store, STR("+6281200000001"), 0, now, &p, &err))
		return -1;
	m.person_id = t.person_id = reply_row.person_id = p.id;
	if (store_in_add(store, &m, &in, &err))
		return -1;
	assert_true(in > 0);
	if (store_in_same(store, p.id, 77, now - HOUR, 9, &same, &err) ||
	    store_ticket_next(store, 2026, &t.no, &err))
		return -1;
	t.message_id = e.message_id = reply_row.in_id = in;
	if (store_ticket_add(store, &t, &e.ticket_id, &err) ||
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
			     STR(""), now, &found, &err) ||
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
	bool bad;
	char why[200];
};

/* Tables that do not grow with traffic may be read whole; no citizen's statement does. */
static int plan_line(void *arg, const struct db_value *columns, struct err *e)
{
	struct plan *p = arg;
	struct str line = columns[0].s;

	(void)e;
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
		citizens++;
	}
	assert_true(citizens > 40);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_store_is_private),
		TEST(what_others_may_read_is_closed),
		TEST(another_users_file_is_refused),
		TEST(an_open_folder_is_refused),
		TEST(a_second_instance_is_refused),
		TEST(a_newer_store_is_refused),
		TEST(what_is_no_store_is_refused),
		TEST(an_unknown_driver_is_refused),
		TEST(what_is_committed_is_there_after_reopening),
		TEST(a_store_that_is_gone_does_not_come_back_empty),
		TEST(durability_is_on_unless_asked_otherwise),
		TEST(space_is_measured),
		TEST(a_person_is_found_again),
		TEST(counts_are_per_name_and_day),
		TEST(a_message_comes_once),
		TEST(odd_bytes_come_back_as_they_were),
		TEST(a_message_without_a_sender_is_kept),
		TEST(the_same_text_is_counted),
		TEST(a_twin_comes_by_another_namespace),
		TEST(understanding_is_written_down),
		TEST(parts_come_in_any_order),
		TEST(a_reference_is_used_again),
		TEST(groups_become_due),
		TEST(a_ticket_is_found_by_number),
		TEST(a_persons_tickets_newest_first),
		TEST(history_is_in_order),
		TEST(urgent_ones_are_claimed_first),
		TEST(a_reply_may_be_born_sending),
		TEST(a_send_ends_in_one_of_five_ways),
		TEST(replies_expire),
		TEST(what_was_sending_at_the_end_is_looked_at),
		TEST(a_report_finds_its_message),
		TEST(an_early_report_waits),
		TEST(a_forgotten_settle_leaves_the_report),
		TEST(early_reports_do_not_wait_for_ever),
		TEST(waiting_for_reports_ends),
		TEST(a_cursor_is_kept),
		TEST(the_same_trouble_only_counts),
		TEST(old_trouble_is_trimmed),
		TEST(pauses_are_kept),
		TEST(tickets_are_filtered),
		TEST(unknown_sends_are_listed),
		TEST(a_list_has_a_ceiling),
		TEST(a_forgotten_item_leaves_nothing),
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

	return cmocka_run_group_tests(tests, NULL, NULL);
}
