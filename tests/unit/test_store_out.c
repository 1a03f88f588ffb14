/* SPDX-License-Identifier: MIT */
/* The store: outbound texts, delivery reports, what providers said, lists for operators.
 */
#include "store_rows.h"

/* ---- outbound ---- */

static int64_t *expire(int64_t at_ms, int limit, size_t *n)
{
	int64_t *ids;

	OK(store_begin(store, &err));
	OK(store_out_expire(store, at_ms, limit, arena, &ids, n, &err));
	OK(store_commit(store, &err));
	return ids;
}

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
	OK(store_out_recover(store, STR("utama"), OUT_ONCE_MORE, 5, now, &back, &err));
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

static int64_t waits_since(void)
{
	struct count_row *counts;
	size_t n;

	OK(store_count_out(store, arena, &counts, &n, &err));
	assert_int_equal(n, 1);
	return counts[0].oldest_ms;
}

/* Or every night would look like a provider that takes nothing. */
static void what_is_held_back_waits_from_its_time_on(void **state)
{
	struct message_out m = reply_to(person("+6281200000001"), 2, now), *list;
	int64_t id;
	size_t n;

	(void)state;
	m.created_ms = now - 36000000;
	OK(store_out_add(store, &m, &id, &err));
	assert_int_equal(waits_since(), now);
	list = claim(10, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, id);
	assert_int_equal(waits_since(), now); /* sending */
	OK(store_out_settle(store, id, "queued", STR(""), STR("busy"), now + 60000, 0,
			    &err));
	assert_int_equal(waits_since(), m.created_ms); /* and not from then on */
}

static void replies_expire(void **state)
{
	int64_t who = person("+6281200000001"), id = ticket_reply(who), due;
	struct message_out m;
	size_t claimed, n;
	int64_t second = ticket_reply(who);

	(void)state;
	expire(now + HOUR - 1, 10, &n);
	assert_int_equal(n, 0);
	assert_int_equal(expire(now + HOUR, 1, &n)[0], id);
	assert_int_equal(n, 1);
	assert_int_equal(expire(now + HOUR, 10, &n)[0], second);
	assert_int_equal(n, 1);
	assert_string_equal(state_of(id, &m), "expired");
	claim(10, &claimed);
	assert_int_equal(claimed, 0);
	OK(store_out_next(store, STR("utama"), &due, &err));
	assert_int_equal(due, INT64_MAX);
}

/* Whatever waits is moved with the clock; what is at its end is not. */
static void what_waits_moves_with_the_clock(void **state)
{
	int64_t who = person("+6281200000001"), id = ticket_reply(who),
		done = ticket_reply(who);
	struct part_group group;
	struct message_out m;
	int64_t due;

	(void)state;
	OK(store_out_settle(store, done, "refused", STR(""), STR(""), 0, now, &err));
	OK(store_part_group(store, STR("utama"), who, STR("21708"), 9, 2, 1, now, now,
			    now + HOUR, &group, &err));
	OK(store_waiting_move(store, DAY, &err));
	state_of(id, &m);
	assert_int_equal(m.due_ms, now + DAY);
	assert_int_equal(m.expires_ms, now + DAY + HOUR);
	state_of(done, &m);
	assert_int_equal(m.expires_ms, now + HOUR);
	OK(store_parts_next(store, &due, &err));
	assert_int_equal(due, now + DAY + HOUR);
	OK(store_waiting_move(store, -DAY, &err));
	state_of(id, &m);
	assert_int_equal(m.due_ms, now);
}

/* However many wait to be tidied away, none of them is sent. */
static void what_is_out_of_date_is_not_claimed(void **state)
{
	int64_t who = person("+6281200000001"), old = ticket_reply(who), due;
	struct message_out fresh = reply_to(who, 1, now), m, *list;
	int64_t id;
	size_t n;

	(void)state;
	fresh.expires_ms = now + 2 * HOUR;
	OK(store_out_add(store, &fresh, &id, &err));
	OK(store_out_claim(store, STR("utama"), now + HOUR, 10, arena, &list, &n, &err));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		is_text(list[i].state, list[i].id == id ? "sending" : "expired");
	assert_string_equal(state_of(old, &m), "expired");
	assert_int_equal(m.done_ms, now + HOUR);
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
	OK(store_out_recover(store, STR("cadangan"), OUT_SAME_ID, 2, now, &back, &err));
	assert_int_equal(back, 0);
	OK(store_out_recover(store, STR("utama"), OUT_ONCE_MORE, 2, now, &back, &err));
	assert_int_equal(back, 2);
	assert_string_equal(state_of(fresh, &m), "queued");
	assert_string_equal(state_of(tired, &m), "unknown");
	claim(10, &n);
	OK(store_out_recover(store, STR("utama"), OUT_HOLD, 9, now, &back, &err));
	assert_int_equal(back, 1);
	assert_string_equal(state_of(fresh, &m), "unknown");
	assert_non_null(m.reason.p);
}

/* Sent once more after a doubt, not again after a second. */
static void a_doubt_is_resolved_once(void **state)
{
	int64_t who = person("+6281200000001"), id = ticket_reply(who);
	struct message_out m;
	size_t n;
	int back;

	(void)state;
	claim(10, &n);
	OK(store_out_recover(store, STR("utama"), OUT_ONCE_MORE, 9, now, &back, &err));
	assert_string_equal(state_of(id, &m), "queued");
	claim(10, &n);
	OK(store_out_recover(store, STR("utama"), OUT_SAME_ID, 9, now, &back, &err));
	assert_string_equal(state_of(id, &m), "queued");
	claim(10, &n);
	OK(store_out_recover(store, STR("utama"), OUT_ONCE_MORE, 9, now, &back, &err));
	assert_string_equal(state_of(id, &m), "unknown");
}

static void an_attempt_may_not_count(void **state)
{
	int64_t who = person("+6281200000001"), id = ticket_reply(who);
	struct message_out m;
	size_t n;

	(void)state;
	claim(10, &n);
	OK(store_out_again(store, id, STR("no way"), now - 1, false, &err));
	assert_string_equal(state_of(id, &m), "queued");
	assert_int_equal(m.attempts, 0);
	assert_int_equal(m.due_ms, now - 1);
	is_text(m.reason, "no way");
	claim(10, &n);
	assert_int_equal(n, 1);
	OK(store_out_again(store, id, STR("busy"), now, true, &err));
	state_of(id, &m);
	assert_int_equal(m.attempts, 1);
}

/* ---- delivery reports ---- */

static bool report(const char *id, const char *what, const char *why)
{
	int64_t message;

	OK(store_out_report(store, STR("utama"), str_of(id), str_of(what), str_of(why),
			    now, &message, &err));
	return message != 0;
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
	int64_t *ids;
	size_t n;

	(void)state;
	assert_false(report("X1", "delivered", ""));
	OK(store_begin(store, &err));
	OK(store_mark(store, &err));
	OK(store_out_expire(store, now + 2 * DAY, 10, arena, &ids, &n, &err));
	OK(store_forget(store, &err));
	OK(store_commit(store, &err));
	accepted(id, "X1"); /* the trim was taken back: the report still counts */
	state_of(id, &m);
	is_text(m.report, "delivered");
	assert_false(report("X2", "delivered", ""));
	expire(now + 2 * DAY, 10, &n);
	assert_int_equal(ask("SELECT count(*) FROM report_waiting"), 0);
}

static void waiting_for_reports_ends(void **state)
{
	int64_t who = person("+6281200000001");
	size_t n;

	(void)state;
	OK(store_begin(store, &err));
	for (int i = 0; i < 5002; i++)
		accepted(reply(who, 1, now), arena_printf(arena, "X%d", i).p);
	OK(store_commit(store, &err));
	expire(now + DAY, 10, &n);
	assert_int_equal(ask("SELECT sum(awaits) FROM message_out"), 5002);
	expire(now + 4 * (int64_t)DAY, 10, &n);
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
	assert_int_equal(ask("SELECT count(*) FROM raw WHERE body = X'6239'"), !key);
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
	OK(store->driver->script(
		store->db, "UPDATE ticket SET closed_at = 9 WHERE state = 'ditutup'",
		&err));
	OK(store_count_tickets(store, arena, &counts, &n, &err));
	assert_int_equal(n, 2);
	is_text(counts[0].a, "PUPR");
	is_text(counts[0].b, "baru");
	assert_int_equal(counts[0].n, 2);
	is_text(counts[1].b, "ditutup");
	assert_int_equal(counts[1].n, 1);
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
	assert_int_equal(rows[0].person_id, person("+6281200000001"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(urgent_ones_are_claimed_first),
		TEST(a_reply_may_be_born_sending),
		TEST(a_send_ends_in_one_of_five_ways),
		TEST(what_is_held_back_waits_from_its_time_on),
		TEST(replies_expire),
		TEST(what_waits_moves_with_the_clock),
		TEST(what_is_out_of_date_is_not_claimed),
		TEST(what_was_sending_at_the_end_is_looked_at),
		TEST(a_doubt_is_resolved_once),
		TEST(an_attempt_may_not_count),
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
	};

	return RUN_BOTH(tests);
}
