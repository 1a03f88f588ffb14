/* SPDX-License-Identifier: MIT */
/* What a person wants wiped: HAPUS in its steps, all of him at once; and that no byte of
 * it is left in the store's files. */
#include "retain_rows.h"

#include <sqlite3.h>

#include "base/clock.h"

/* ---- HAPUS ---- */

static struct erased erase_once(int64_t at_ms, int most)
{
	struct erased out;

	OK(store_begin(store, &err));
	OK(store_erase_step(store, at_ms, at_ms - DAY, most, &out, &err));
	OK(store_commit(store, &err));
	return out;
}

static void erase_wanted(const struct matter *m, int64_t at_ms)
{
	ticket_set(m->ticket, "erase = 1");
	event_of(m->ticket, "hapus_diminta", "warga", m->loose, "", at_ms);
}

static void hapus_waits_for_the_closing_and_a_day(void **state)
{
	const struct retention ever = kept_for(now + days(12), 0, 0, 0, 0);
	struct matter m = matter_of(NUMBER, 26000011);
	struct erased out;
	struct event *events;
	size_t n;

	(void)state;
	erase_wanted(&m, now);
	assert_int_equal(erase_once(now + days(9), 99).person_id, 0); /* open */
	ticket_close(m.ticket, now + days(10));
	assert_int_equal(erase_once(now + days(11) - 1, 99).person_id, 0);
	out = erase_once(now + days(11), 99);
	assert_int_equal(out.person_id, m.who);
	assert_true(out.over && out.number);
	assert_int_equal(out.kept, 0);
	assert_false(known(NUMBER));
	is_text(text_at(m.opening), "(dihapus)");
	is_text(text_at(m.loose), "(dihapus)");
	OK(store_events(store, m.ticket, arena, &events, &n, &err));
	is_text(events[n - 1].kind, "dihapus");
	is_text(events[n - 1].note, "");
	assert_int_equal(ask("SELECT sum(erase) FROM ticket"), 0);
	assert_int_equal(erase_once(now + days(12), 99).person_id, 0);
	/* What he was told that belongs to no ticket goes with the next pass. */
	assert_int_equal(pass(&ever, 99).texts, 1);
}

static void hapus_of_a_closed_one_waits_a_day_from_the_wish(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);

	(void)state;
	ticket_close(m.ticket, now);
	erase_wanted(&m, now + days(50));
	assert_int_equal(erase_once(now + days(51) - 1, 99).person_id, 0);
	assert_true(erase_once(now + days(51), 99).over);
}

static void hapus_leaves_the_number_to_another_open_ticket(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	int64_t text = text_of(m.who, "e:1", "lain", 0, now + 1);
	int64_t other = ticket_of(m.who, text, 26000012, "diproses");

	(void)state;
	OK(store_in_settle(store, text, STR("complaint"), other, STR(""), &err));
	ticket_close(m.ticket, now);
	erase_wanted(&m, now);
	assert_false(erase_once(now + days(2), 99).number);
	assert_true(known(NUMBER));
	is_text(text_at(m.opening), "(dihapus)");
	is_text(text_at(text), "lain");
}

static void hapus_does_not_shorten_what_a_statute_keeps(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	struct erased out;
	struct event *events;
	size_t n;

	(void)state;
	ticket_set(m.ticket, "sensitive = 1");
	ticket_close(m.ticket, now);
	erase_wanted(&m, now);
	out = erase_once(now + days(2), 99);
	assert_true(out.over && out.number);
	assert_int_equal(out.kept, 1);
	assert_false(known(NUMBER));
	is_text(text_at(m.opening), SECRET_WORDS);
	is_text(text_at(m.loose), "(dihapus)");
	OK(store_events(store, m.ticket, arena, &events, &n, &err));
	assert_true(events[n - 1].note.n > 0);
}

/* His words in another's ticket go, the other's stay; so does what an officer said. */
static void hapus_takes_only_what_is_his(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011),
		      head = matter_of("+6281200000002", 26000012);
	int64_t again =
		text_of(m.who, "f:1", "belum beres " SECRET_WORDS, head.ticket, now + 1);

	(void)state;
	event_of(head.ticket, "not_fixed", "warga", again, SECRET_WORDS, now + 1);
	ticket_set(m.ticket,
		   arena_printf(arena, "parent_id = %lld", (long long)head.ticket).p);
	ticket_close(m.ticket, now);
	erase_wanted(&m, now);
	assert_true(erase_once(now + days(2), 99).over);
	is_text(text_at(again), "(dihapus)");
	is_text(text_at(head.opening), SECRET_WORDS);
	is_text(text_at(head.loose), "terima kasih");
	assert_int_equal(
		ask("SELECT count(*) FROM event WHERE ticket_id = 2 AND wiped = 1"), 1);
	assert_true(known("+6281200000002"));
}

static void hapus_goes_on_after_a_crash(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	struct erased out = { .over = false };
	int steps;

	(void)state;
	for (int i = 0; i < 40; i++)
		text_of(m.who, arena_printf(arena, "m:%d", i).p, "banyak", 0, now + i);
	ticket_close(m.ticket, now);
	erase_wanted(&m, now);
	for (steps = 0; !out.over && steps < 100; steps++) {
		OK(store_begin(store, &err));
		OK(store_erase_step(store, now + days(2), now + DAY, 3, &out, &err));
		store_rollback(store);
		out = erase_once(now + days(2), 3);
		assert_int_equal(out.person_id, m.who);
		store_close(store);
		store = NULL;
		OK(open_at(path, &store));
	}
	assert_int_equal(steps, 15); /* 43 texts, three at once */
	assert_int_equal(ask("SELECT count(*) FROM message_in WHERE person_id = 2 AND "
			     "wiped = 0"),
			 0);
	assert_int_equal(ask("SELECT count(*) FROM event WHERE kind = 'dihapus'"), 1);
}

static void a_ticket_opened_again_is_let_go(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	struct erased out;

	(void)state;
	ticket_close(m.ticket, now);
	erase_wanted(&m, now);
	assert_false(erase_once(now + days(2), 1).over);
	ticket_set(m.ticket, "state = 'diproses', closed_at = 0");
	out = erase_once(now + days(2), 99);
	assert_int_equal(out.person_id, 0);
	assert_true(known(NUMBER));
	ticket_close(m.ticket, now + days(2));
	assert_true(erase_once(now + days(4), 99).over);
}

static void all_of_a_person_goes_at_once(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011),
		      other = matter_of("+6281200000002", 26000012);
	struct erased out;

	(void)state;
	OK(store_begin(store, &err));
	OK(store_person_erase(store, m.who, now + DAY, STR("meja:rina"), &out, &err));
	OK(store_commit(store, &err));
	assert_int_equal(out.tickets, 1);
	assert_int_equal(out.kept, 0);
	assert_false(known(NUMBER));
	assert_int_equal(ask("SELECT count(*) FROM message_in WHERE person_id = 2 AND "
			     "wiped = 0"),
			 0);
	assert_int_equal(ask("SELECT count(*) FROM message_out WHERE (person_id = 2 OR "
			     "ticket_id = 1) AND wiped = 0"),
			 0);
	is_text(text_at(other.opening), SECRET_WORDS);
	is_text(text_at(other.loose), "terima kasih");
	assert_int_equal(ask("SELECT count(*) FROM event WHERE kind = 'dihapus'"), 1);
}

/* ---- after it ---- */

static void nothing_is_sent_to_nobody(void **state)
{
	int64_t who = person(NUMBER);
	struct erased out;
	size_t n;

	(void)state;
	reply(who, 1, now);
	OK(store_begin(store, &err));
	OK(store_person_erase(store, who, now, STR("meja:rina"), &out, &err));
	OK(store_commit(store, &err));
	claim(5, &n);
	assert_int_equal(n, 0);
	assert_int_equal(ask("SELECT count(*) FROM message_out WHERE state = 'refused' "
			     "AND open = 0"),
			 1);
}

/* A reply that waited for the provider all the while. */
static void what_was_wiped_is_not_sent(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	struct message_out waits = reply_to(m.who, 1, now);
	int64_t id, text = text_of(m.who, "e:1", "lain", 0, now + 1);
	size_t n;

	(void)state;
	ticket_of(m.who, text, 26000012, "diproses"); /* he keeps his number */
	waits.ticket_id = m.ticket;
	OK(store_out_add(store, &waits, &id, &err));
	ticket_close(m.ticket, now);
	erase_wanted(&m, now);
	assert_true(erase_once(now + days(2), 99).over);
	claim(5, &n);
	assert_int_equal(n, 0);
	assert_int_equal(ask("SELECT count(*) FROM message_out WHERE state = 'refused' "
			     "AND open = 0"),
			 1);
}

static void a_change_of_key_brings_nobody_back(void **state)
{
	int64_t who = person(NUMBER);
	struct store_keys keys;
	struct erased out;

	(void)state;
	if (!key)
		skip();
	OK(store_begin(store, &err));
	OK(store_person_erase(store, who, now, STR("meja:rina"), &out, &err));
	OK(store_commit(store, &err));
	store_close(store);
	store = NULL;
	old_key = key;
	key = KEY_2;
	OK(open_at(path, &store));
	do {
		OK(store_begin(store, &err));
		OK(store_reseal(store, 100, &err));
		OK(store_commit(store, &err));
		store_keys(store, &keys);
	} while (keys.changing);
	key = old_key;
	old_key = NULL;
	assert_int_equal(ask("SELECT look FROM person"), 0);
	assert_false(known(""));
	assert_false(known(NUMBER));
}

static void a_name_can_be_read_over_the_telephone(void **state)
{
	struct str a = store_person_token(store, 1, arena),
		   b = store_person_token(store, 2, arena);

	(void)state;
	assert_int_equal(a.n, 8);
	assert_int_equal(b.n, 8);
	assert_false(str_eq(a, b));
	for (size_t i = 0; i < a.n; i++)
		assert_non_null(strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", a.p[i]));
}

/* ---- bytes ---- */

/* Without a key everything stands as it is, and this is the search of a thief. */
static void nothing_is_left_in_the_files(void **state)
{
	static const char *const words[] = { SECRET_WORDS, RAW_WORDS, OFFICE_WORDS,
					     "81234598765" };
	struct matter m = matter_of(NUMBER, 26000011);
	struct erased out;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(in_files(words[i]), !key);
	scrub();
	matter_of("+6281200000002", 26000012);
	OK(store->driver->script(
		store->db,
		"UPDATE message_in SET text = x'00', raw = x'00', note = "
		"x'00' WHERE ticket_id = 2 OR person_id = 3; UPDATE event SET "
		"note = x'00' WHERE ticket_id = 2; UPDATE message_out SET "
		"text = x'00' WHERE ticket_id = 2; UPDATE alike SET words = "
		"x'00' WHERE ticket_id = 2",
		&err));
	OK(store_begin(store, &err));
	OK(store_person_erase(store, m.who, now, STR("meja:rina"), &out, &err));
	OK(store_commit(store, &err));
	/* The log beside the file still has the pages as they were. */
	assert_true(key || in_files(SECRET_WORDS));
	scrub();
	for (size_t i = 0; i < 4; i++)
		if (in_files(words[i]))
			fail_msg("%s is still there", words[i]);
}

static void a_pass_leaves_nothing_either(void **state)
{
	const struct retention r = kept_for(now + days(100), 1, 1, 1, 1);

	(void)state;
	matters_many();
	scrub();
	pass(&r, 4);
	scrub();
	assert_false(in_files(SECRET_WORDS));
	assert_false(in_files(RAW_WORDS));
	assert_false(in_files("8120000010"));
}

static void a_reader_is_not_waited_for(void **state)
{
	int64_t began;
	bool done = true;
	sqlite3 *reader;

	(void)state;
	matters_many();
	assert_int_equal(sqlite3_open(path, &reader), SQLITE_OK);
	assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM person", NULL,
				      NULL, NULL),
			 SQLITE_OK);
	person("+6281200000099");
	began = clock_mono_ms();
	OK(store_scrub(store, &done, &err));
	assert_false(done);
	assert_true(clock_mono_ms() - began < 500);
	sqlite3_close(reader);
	scrub();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hapus_waits_for_the_closing_and_a_day),
		TEST(hapus_of_a_closed_one_waits_a_day_from_the_wish),
		TEST(hapus_leaves_the_number_to_another_open_ticket),
		TEST(hapus_does_not_shorten_what_a_statute_keeps),
		TEST(hapus_takes_only_what_is_his),
		TEST(hapus_goes_on_after_a_crash),
		TEST(a_ticket_opened_again_is_let_go),
		TEST(all_of_a_person_goes_at_once),
		TEST(nothing_is_sent_to_nobody),
		TEST(what_was_wiped_is_not_sent),
		TEST(a_change_of_key_brings_nobody_back),
		TEST(a_name_can_be_read_over_the_telephone),
		TEST(nothing_is_left_in_the_files),
		TEST(a_pass_leaves_nothing_either),
		TEST(a_reader_is_not_waited_for),
	};

	return RUN_BOTH(tests);
}
