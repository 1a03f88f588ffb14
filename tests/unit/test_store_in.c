/* SPDX-License-Identifier: MIT */
/* The store: persons, counts, inbound texts, their parts, tickets and their history. */
#include "store_rows.h"

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
	p.hour_orders = 4;
	p.day = 20781;
	p.day_replies = 5;
	OK(store_person_save(store, &p, &err));
	OK(store_person(store, STR("+6281200000001"), 0, now, &q, &err));
	assert_false(q.fresh);
	assert_int_equal(q.id, p.id);
	assert_int_equal(q.kind, 2);
	assert_true(q.stopped);
	assert_int_equal(q.hour_replies, 3);
	assert_int_equal(q.hour_orders, 4);
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
	OK(store_begin(store, &err));
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
	OK(store_commit(store, &err));
	assert_int_equal(ask("SELECT n FROM counter WHERE name = 'replies' AND day = 1"),
			 4);
	assert_int_equal(ask("SELECT n FROM counter WHERE day = 2026"), 2);
	OK(store_begin(store, &err));
	OK(store_ticket_next(store, 2026, &n, &err));
	assert_int_equal(n, 3);
	OK(store_commit(store, &err));
}

/* What is forgotten was not counted, in memory as little as in the store. */
static void counts_are_forgotten_with_their_item(void **state)
{
	int64_t n;

	(void)state;
	OK(store_begin(store, &err));
	OK(store_mark(store, &err));
	OK(store_ticket_next(store, 2026, &n, &err));
	OK(store_mark(store, &err));
	OK(store_ticket_next(store, 2026, &n, &err));
	assert_int_equal(n, 2);
	OK(store_forget(store, &err));
	OK(store_ticket_next(store, 2026, &n, &err));
	assert_int_equal(n, 2);
	OK(store_release(store, &err));
	OK(store_commit(store, &err));
	OK(store_begin(store, &err));
	OK(store_ticket_next(store, 2026, &n, &err));
	assert_int_equal(n, 3);
	store_rollback(store);
	OK(store_begin(store, &err));
	OK(store_ticket_next(store, 2026, &n, &err));
	assert_int_equal(n, 3);
	OK(store_commit(store, &err));
}

/* More counters than there is room for in memory. */
static void many_counters_fit(void **state)
{
	int64_t n;

	(void)state;
	OK(store_begin(store, &err));
	for (int round = 1; round <= 3; round++) {
		for (int64_t day = 0; day < 30; day++) {
			OK(store_count_add(store, "replies", day, 1, &n, &err));
			assert_int_equal(n, round);
		}
	}
	OK(store_commit(store, &err));
	assert_int_equal(ask("SELECT sum(n) FROM counter"), 90);
}

/* ---- inbound ---- */

static void a_message_comes_once(void **state)
{
	int64_t who = person("+6281200000001"), id, again;
	struct message_in m = text_from("at:1");
	struct person p = person_of(who);

	(void)state;
	OK(store_in_add(store, &m, &p, &id, &err));
	assert_true(id > 0 && p.last_in.id == id);
	OK(store_in_add(store, &m, &p, &again, &err));
	assert_true(again == 0 && p.last_in.id == id);
	m.provider = STR("cadangan");
	OK(store_in_add(store, &m, &p, &again, &err));
	assert_true(again > id);
	OK(store_person_save(store, &p, &err));
	/* A duplicate leaves the person's chain as it was. */
	assert_int_equal(ask("SELECT last_in FROM person"), again);
}

static void odd_bytes_come_back_as_they_were(void **state)
{
	static const char text[] = "a\0b';--\xf0\x9f\x98\x80";
	struct message_in m = text_from("at:1");
	struct message_row *rows;
	size_t n;

	(void)state;
	m.text = str_from(text, sizeof(text) - 1);
	m.raw = str_from("\xff\x00\xfe", 3);
	in_add(person("+6281200000001"), &m);
	OK(store_list_messages(store, MESSAGES_ALL, 5, arena, &rows, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].text.n, sizeof(text) - 1);
	assert_memory_equal(rows[0].text.p, text, sizeof(text) - 1);
	assert_int_equal(ask("SELECT length(raw) FROM message_in"), stored(3));
}

static void a_message_without_a_sender_is_kept(void **state)
{
	struct message_in m = text_from("at:1");
	struct message_row *rows;
	size_t n;

	(void)state;
	m.kind = STR("bad");
	in_add(0, &m);
	OK(store_list_messages(store, MESSAGES_UNPARSED, 5, arena, &rows, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].person_id, 0);
}

static void the_same_text_is_counted(void **state)
{
	int64_t who = person("+6281200000001"), other = person("+6281200000002");
	struct message_in m = text_from("at:0");
	struct in_chain newest;
	char name[16];
	int n;

	(void)state;
	m.received_ms = now - 2 * HOUR; /* too old */
	in_add(who, &m);
	m.received_ms = now;
	for (int i = 1; i <= 8; i++) {
		snprintf(name, sizeof(name), "at:%d", i);
		m.external_id = str_of(name);
		m.digest = i % 2 ? 77 : 78;
		in_add(who, &m);
		text_in(other, arena_printf(arena, "b:%d", i).p);
	}
	newest = person_of(who).last_in;
	OK(store_in_same(store, newest, 77, now - HOUR, 10, &n, &err));
	assert_int_equal(n, 4);
	OK(store_in_same(store, newest, 77, now - HOUR, 2, &n, &err));
	assert_int_equal(n, 2);
	OK(store_in_same(store, newest, 77, now - 3 * HOUR, 10, &n, &err));
	assert_int_equal(n, 5);
	OK(store_in_same(store, newest, 79, now - HOUR, 10, &n, &err));
	assert_int_equal(n, 0);
	OK(store_in_same(store, (struct in_chain){ 0 }, 77, now - HOUR, 10, &n, &err));
	assert_int_equal(n, 0);
}

static bool twin_of(int64_t who, struct message_in m, int64_t window_ms)
{
	bool twin;

	OK(store_in_twin(store, person_of(who).last_in, &m, window_ms, &twin, &err));
	return twin;
}

/* What has nothing but its words is the same for some time only. */
static void words_alone_are_the_same_for_a_while(void **state)
{
	int64_t who = person("+6281200000001");
	struct message_in m = text_from("digest:ab:1000"), like = text_from("digest:ab");
	bool again;

	(void)state;
	m.sent_ms = like.sent_ms = 0;
	assert_true(in_add(who, &m));
	OK(store_in_repeated(store, person_of(who).last_in, &like, now - 1, &again,
			     &err));
	assert_true(again);
	OK(store_in_repeated(store, person_of(who).last_in, &like, now, &again, &err));
	assert_false(again);
	like.external_id = STR("digest:cd");
	OK(store_in_repeated(store, person_of(who).last_in, &like, now - 1, &again,
			     &err));
	assert_false(again);
	like.external_before = STR("digest:ab");
	OK(store_in_repeated(store, person_of(who).last_in, &like, now - 1, &again,
			     &err));
	assert_true(again);
}

static void a_twin_comes_by_another_namespace(void **state)
{
	int64_t who = person("+6281200000001");
	struct message_in m = text_from("push:9");

	(void)state;
	assert_false(twin_of(who, m, 2000));
	text_in(who, "poll:1");
	assert_true(twin_of(who, m, 2000));
	m.sent_ms += 2000;
	assert_true(twin_of(who, m, 2000));
	m.sent_ms += 1;
	assert_false(twin_of(who, m, 2000));
	m.sent_ms = 0; /* unknown: nothing to compare */
	assert_false(twin_of(who, m, 2000));
	m = text_from("poll:2");
	assert_false(twin_of(who, m, 2000));
	m = text_from("push:9");
	m.digest = 1;
	assert_false(twin_of(who, m, 2000));
	m = text_from("push:9");
	m.provider = STR("cadangan");
	assert_false(twin_of(who, m, 2000));
	m = text_from("push:9");
	assert_false(twin_of(person("+6281200000002"), m, 2000));
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
	assert_int_equal(rows[0].person_id, person("+6281200000001"));
	assert_int_equal(rows[0].ticket_no, 26004176);
}

/* ---- parts ---- */

static int64_t part(int64_t who, int no, const char *text, int64_t at_ms, bool *whole)
{
	struct message_in m = text_from(arena_printf(arena, "p:%d:%s", no, text).p);
	struct part_group g;

	OK(store_part_group(store, m.provider, who, m.recipient, 7, 3, no, at_ms - HOUR,
			    at_ms, at_ms + HOUR, &g, &err));
	m.kind = STR("part");
	m.text = str_of(text);
	m.part_group = g.id;
	m.part_no = no;
	in_add(who, &m);
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
	assert_int_equal(t.life.state, TICKET_BARU);
	is_text(t.department, "PUPR");
	is_text(t.kecamatan, "Cikupa");
	is_text(t.desa, "");
	is_text(t.text, "jalan rusak");
	assert_true(t.urgent && !t.life.sensitive && !t.life.secret);
	assert_true(t.score > 2.4 && t.score < 2.6);
	assert_int_equal(t.answer_due_ms, now + DAY);
	t.changed_ms = now + 5;
	t.muted = true;
	t.life.state = TICKET_SELESAI;
	t.life.before = TICKET_DIPROSES;
	t.life.level = LIFE_LEVEL_SEKDA;
	t.life.rating = 4;
	t.due_ms = now + HOUR;
	OK(store_ticket_save(store, &t, &err));
	OK(store_ticket_by_no(store, 26004176, arena, &t, &err));
	assert_int_equal(t.changed_ms, now + 5);
	assert_int_equal(t.life.state, TICKET_SELESAI);
	assert_int_equal(t.life.before, TICKET_DIPROSES);
	assert_int_equal(t.life.level, LIFE_LEVEL_SEKDA);
	assert_int_equal(t.life.rating, 4);
	assert_int_equal(t.due_ms, now + HOUR);
	assert_int_equal(ask("SELECT muted FROM ticket"), 1);
	assert_int_equal(store_ticket_by_no(store, 1, arena, &t, &err), -1);
	assert_int_equal(err.kind, ERR_NEVER);
}

static int tickets_of(int64_t who, bool open, int limit, struct arena *room,
		      struct ticket **list, size_t *n, struct err *why)
{
	struct person p = person_of(who);

	return store_tickets_of(store, &p, open, 0, limit, room, list, n, why);
}

static void a_persons_tickets_newest_first(void **state)
{
	int64_t who = person("+6281200000001"), other = person("+6281200000002");
	struct ticket *list;
	size_t n;

	(void)state;
	OK(tickets_of(who, false, 5, arena, &list, &n, &err));
	assert_int_equal(n, 0);
	for (int i = 1; i <= 6; i++) {
		int64_t in = text_in(who, arena_printf(arena, "at:%d", i).p);

		ticket_of(who, in, i, i == 5 ? "ditutup" : i == 3 ? "arsip" : "baru");
		ticket_of(other, in, 100 + i, "baru");
	}
	OK(tickets_of(who, false, 4, arena, &list, &n, &err));
	assert_int_equal(n, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(list[i].no, 6 - i);
	OK(tickets_of(who, true, 3, arena, &list, &n, &err));
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

/* The text behind an event, where nothing else says what it was about. */
static void a_history_in_words_opens_no_text_for_nothing(void **state)
{
	int64_t who = person("+6281200000001"), in = text_in(who, "at:1");
	struct event e = { .ticket_id = ticket_of(who, in, 1, "baru"),
			   .at_ms = now,
			   .actor = STR("warga"),
			   .message_id = in };
	struct event *list;
	size_t n;

	(void)state;
	e.kind = STR("opened_routed");
	OK(store_event_add(store, &e, &err));
	e.kind = STR("added");
	OK(store_event_add(store, &e, &err));
	e.note = STR("why");
	OK(store_event_add(store, &e, &err));
	OK(store_events_words(store, e.ticket_id, arena, &list, &n, &err));
	assert_int_equal(n, 3);
	is_text(list[0].text, "");
	is_text(list[1].text, "jalan rusak");
	is_text(list[1].note, "");
	is_text(list[2].text, "");
	is_text(list[2].note, "why");
	assert_int_equal(list[2].message_id, in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_person_is_found_again),
		TEST(counts_are_per_name_and_day),
		TEST(counts_are_forgotten_with_their_item),
		TEST(many_counters_fit),
		TEST(a_message_comes_once),
		TEST(odd_bytes_come_back_as_they_were),
		TEST(a_message_without_a_sender_is_kept),
		TEST(the_same_text_is_counted),
		TEST(words_alone_are_the_same_for_a_while),
		TEST(a_twin_comes_by_another_namespace),
		TEST(understanding_is_written_down),
		TEST(parts_come_in_any_order),
		TEST(a_reference_is_used_again),
		TEST(groups_become_due),
		TEST(a_ticket_is_found_by_number),
		TEST(a_persons_tickets_newest_first),
		TEST(history_is_in_order),
		TEST(a_history_in_words_opens_no_text_for_nothing),
	};

	return RUN_BOTH(tests);
}
