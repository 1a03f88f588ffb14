/* SPDX-License-Identifier: MIT */
/* What retention wipes: each class at its time and not before, once, in steps that a
 * crash may cut anywhere. */
#include "retain_rows.h"

/* ---- classes ---- */

static void words_go_when_the_ticket_was_closed_long_enough(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	struct retention r = kept_for(now + days(31), 0, 30, 0, 0);
	struct ticket t;
	struct event *events;
	struct message_out *out;
	size_t n;

	(void)state;
	assert_int_equal(pass(&r, 7).texts, 0); /* it is open */
	ticket_close(m.ticket, now + days(2));
	assert_int_equal(pass(&r, 7).texts, 0); /* for 29 days */
	r = kept_for(now + days(32) + 1, 0, 30, 0, 0);
	/* 3 texts, 3 events, 2 replies, 1 group */
	assert_int_equal(pass(&r, 7).texts, 9);
	OK(store_ticket_get(store, m.ticket, arena, &t, &err));
	is_text(t.text, "(dihapus)");
	OK(store_events(store, m.ticket, arena, &events, &n, &err));
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++) {
		is_text(events[i].note, "(dihapus)");
		is_text(events[i].text, "(dihapus)");
	}
	OK(store_list_out(store, m.ticket, arena, &out, &n, &err));
	assert_int_equal(n, 2);
	is_text(out[0].text, "(dihapus)");
	is_text(out[1].text, "(dihapus)");
	assert_int_equal(ask("SELECT count(*) FROM alike WHERE wiped = 1"), 1);
	assert_int_equal(ask("SELECT count(*) FROM message_in WHERE wiped = 1 AND "
			     "(raw IS NOT NULL OR digest <> 0 OR note <> '')"),
			 0);
	/* What belongs to no ticket, and the number, are of other classes. */
	is_text(text_at(m.loose), "terima kasih");
	assert_true(known(NUMBER));
}

static void sensitive_ones_are_kept_by_their_own_rule(void **state)
{
	struct matter a = matter_of(NUMBER, 26000011),
		      b = matter_of("+6281200000002", 12);
	struct retention r = kept_for(now + days(50), 0, 30, 40, 0);

	(void)state;
	ticket_close(a.ticket, now + DAY);
	ticket_close(b.ticket, now + DAY);
	ticket_set(a.ticket, "kind = 'pengawasan'");
	ticket_set(b.ticket, "sensitive = 1");
	r.before_ms[RETAIN_INQUIRY] = now;
	assert_int_equal(pass(&r, 50).texts, 0);
	r.before_ms[RETAIN_INQUIRY] = now + days(2);
	r.before_ms[RETAIN_TEXT] = INT64_MIN;
	assert_int_equal(pass(&r, 50).texts, 18);
}

static void what_belongs_to_no_ticket_goes_early(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	struct retention r = kept_for(now + days(10), 0, 0, 0, 10);
	struct message_out *out;
	size_t n;

	(void)state;
	in_add(0, &(struct message_in){ .provider = STR("utama"),
					.external_id = STR("nobody"),
					.recipient = STR("21708"),
					.text = STR("promo"),
					.received_ms = now,
					.kind = STR("bad"),
					.note = STR("") });
	assert_int_equal(pass(&r, 3).texts, 0);
	r = kept_for(now + days(10) + 1, 0, 0, 0, 10);
	assert_int_equal(pass(&r, 3).texts, 3);
	is_text(text_at(m.loose), "(dihapus)");
	is_text(text_at(m.opening), SECRET_WORDS);
	OK(store_person_told(store, m.who, arena, &out, &n, &err));
	assert_int_equal(n, 1);
	is_text(out[0].text, "(dihapus)");
}

static void a_number_goes_when_nothing_is_left_to_say(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	struct retention r = kept_for(now + days(100), 30, 0, 0, 0);
	struct person p = person_of(m.who);
	struct str before = store_person_token(store, m.who, arena);

	(void)state;
	assert_int_equal(pass(&r, 2).numbers, 1); /* the officer, who has no ticket */
	assert_true(known(NUMBER));		  /* his is open */
	ticket_close(m.ticket, now + days(70));
	assert_int_equal(pass(&r, 2).numbers, 0); /* closed for 30 days, not longer */
	r = kept_for(now + days(100) + 1, 30, 0, 0, 0);
	p.last_in.at_ms = now + days(80);
	OK(store_person_save(store, &p, &err));
	assert_int_equal(pass(&r, 2).numbers, 0); /* he texted */
	p.last_in.at_ms = now;
	OK(store_person_save(store, &p, &err));
	reply(m.who, 1, now);
	assert_int_equal(pass(&r, 2).numbers, 0); /* a message waits for him */
	OK(store->driver->script(store->db, "UPDATE message_out SET open = 0", &err));
	assert_int_equal(pass(&r, 2).numbers, 1);
	assert_false(known(NUMBER));
	OK(store_person_get(store, m.who, arena, &p, &err));
	is_text(p.address, "");
	assert_int_equal(p.last_ticket, m.ticket);
	assert_int_equal(p.last_in.id, m.loose);
	assert_int_equal(
		ask("SELECT kind FROM person WHERE look = 0 AND last_ticket > 0"), 0);
	is_text(store_person_token(store, m.who, arena),
		arena_printf(arena, "%.*s", STR_ARG(before)).p);
	/* Who texts again is somebody else. */
	assert_int_not_equal(person(NUMBER), m.who);
}

static void who_waits_for_another_ticket_keeps_his_number(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011),
		      head = matter_of("+6281200000002", 12);
	struct retention r = kept_for(now + days(100), 30, 0, 0, 0);

	(void)state;
	ticket_close(m.ticket, now);
	ticket_set(m.ticket, arena_printf(arena, "state = 'digabung', parent_id = %lld",
					  (long long)head.ticket)
				     .p);
	pass(&r, 9);
	assert_true(known(NUMBER));
	ticket_close(head.ticket, now);
	pass(&r, 9);
	assert_false(known(NUMBER));
}

static void for_ever_is_for_ever(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	const struct retention r = kept_for(now + days(100000), 0, 0, 0, 0);
	struct retained done;

	(void)state;
	ticket_close(m.ticket, now);
	done = pass(&r, 20);
	assert_int_equal(done.texts + done.numbers, 0);
	assert_int_equal(wiped_words(), 0);
}

static void what_expired_by_itself_goes(void **state)
{
	struct person p = person_of(person(NUMBER));
	const struct asked_row row = { .asked = STR("place"),
				       .choices = STR(""),
				       .command = STR(""),
				       .asked_ms = now,
				       .expires_ms = now + DAY };
	struct retention r = kept_for(now + DAY - 1, 0, 0, 0, 0);

	(void)state;
	OK(store_asked_set(store, &p, &row, &err));
	OK(store_person_save(store, &p, &err));
	OK(store_pin_fault_set(store, p.id, &(struct pin_fault){ 5, now + DAY }, &err));
	OK(store_pin_fault_set(store, person("+6281200000002"),
			       &(struct pin_fault){ 2, 0 }, &err));
	assert_int_equal(pass(&r, 9).questions, 0);
	r.now_ms = now + DAY;
	assert_int_equal(pass(&r, 9).questions, 2);
	assert_int_equal(ask("SELECT count(*) FROM asked"), 0);
	assert_int_equal(ask("SELECT sum(asked) FROM person"), 0);
	/* Tries that locked nobody out have no end. */
	assert_int_equal(ask("SELECT n FROM pin_fault"), 2);
}

/* ---- steps ---- */

/* A wiped row is not written again: sealed anew it would have other bytes. */
static void nothing_is_wiped_twice(void **state)
{
	const struct retention r = kept_for(now + days(100), 1, 1, 1, 1);
	struct retained done;
	int64_t sum;
	static const char bytes[] =
		"SELECT sum(unicode(substr(hex(text), 60))) * 3 + sum(id * length(text)) "
		"+ "
		"(SELECT count(DISTINCT text) FROM message_in) FROM message_in";

	(void)state;
	matters_many();
	done = pass(&r, 10);
	assert_int_equal(done.texts, 7 * (4 + 3 + 3 + 1));
	assert_int_equal(done.numbers, 8);
	sum = ask(bytes);
	done = pass(&r, 10);
	assert_int_equal(done.texts + done.numbers, 0);
	assert_int_equal(ask(bytes), sum);
}

static void a_crash_between_steps_loses_and_repeats_nothing(void **state)
{
	const struct retention r = kept_for(now + days(100), 1, 1, 1, 1);
	struct retained done = { 0 };
	bool over = false;

	(void)state;
	matters_many();
	for (int i = 0; i < FOREVER_STEPS && !over; i++) {
		struct retained lost = { 0 };

		/* A step that is never committed … */
		OK(store_begin(store, &err));
		OK(store_retain_step(store, &r, 3, 3, &lost, &over, &err));
		store_rollback(store);
		OK(store_begin(store, &err));
		OK(store_retain_step(store, &r, 3, 3, &done, &over, &err));
		OK(store_commit(store, &err));
		/* … and a death after one that was. */
		store_close(store);
		store = NULL;
		OK(open_at(path, &store));
	}
	assert_true(over);
	assert_int_equal(done.texts, 7 * (4 + 3 + 3 + 1));
	assert_int_equal(done.numbers, 8);
	assert_int_equal(ask("SELECT count(*) FROM person WHERE look <> 0"), 0);
}

static void every_call_of_a_step_may_fail(void **state)
{
	const struct retention r = kept_for(now + days(100), 1, 1, 1, 1);
	struct retained done = { 0 };
	bool over = false;
	int n;

	(void)state;
	matters_many();
	for (n = 1; !over && n < FOREVER_STEPS; n++) {
		int64_t before = wiped_words();

		store_fail_after(store, n, false);
		if (store_begin(store, &err) == 0 &&
		    store_retain_step(store, &r, 1000, 1000, &done, &over, &err) == 0 &&
		    store_commit(store, &err) == 0)
			break;
		over = false;
		store_rollback(store);
		store_fail_after(store, 0, false);
		OK(store_reopen(store, &err));
		assert_int_equal(wiped_words(), before);
	}
	store_fail_after(store, 0, false);
	assert_true(over && n > 50);
	assert_int_equal(wiped_words(), 7 * (4 + 3 + 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_go_when_the_ticket_was_closed_long_enough),
		TEST(sensitive_ones_are_kept_by_their_own_rule),
		TEST(what_belongs_to_no_ticket_goes_early),
		TEST(a_number_goes_when_nothing_is_left_to_say),
		TEST(who_waits_for_another_ticket_keeps_his_number),
		TEST(for_ever_is_for_ever),
		TEST(what_expired_by_itself_goes),
		TEST(nothing_is_wiped_twice),
		TEST(a_crash_between_steps_loses_and_repeats_nothing),
		TEST(every_call_of_a_step_may_fail),
	};

	return RUN_BOTH(tests);
}
