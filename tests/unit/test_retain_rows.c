/* SPDX-License-Identifier: MIT */
/* Rows that retention removes: deliveries and mails of tickets that were closed long ago;
 * and none that is needed yet. */
#include "retain_rows.h"
#include "store_sealed.h"

#include "store/api.h"
#include "store/delivery.h"
#include "store/duty.h"
#include "store/mail.h"
#include "store/open311.h"

enum { KEPT_DAYS = 30 };

static struct retention rows_kept(int64_t at_ms)
{
	struct retention r = { .now_ms = at_ms };

	for (int k = 0; k < RETAIN_CLASSES; k++)
		r.before_ms[k] = INT64_MIN;
	r.before_ms[RETAIN_DELIVERY] = at_ms - days(KEPT_DAYS);
	return r;
}

static int64_t rows_gone(int64_t at_ms, int look)
{
	const struct retention r = rows_kept(at_ms);
	struct retained done = pass(&r, look);

	assert_int_equal(done.texts + done.numbers, 0);
	assert_int_equal(ask("PRAGMA foreign_key_check"), -1);
	return done.rows;
}

/* ---- deliveries ---- */

static int64_t delivered(int64_t ticket, int64_t instead_of)
{
	const struct delivery d = {
		.ticket_id = ticket,
		.department = STR("PUPR"),
		.way = STR("email"),
		.target = STR("a@example"),
		.what = ticket ? STR("new") : STR("test"),
		.event = STR("route"),
		.state = STR("queued"),
		.due_ms = now,
		.created_ms = now,
		.instead_of = instead_of,
	};
	int64_t id;

	OK(store_delivery_add(store, &d, &id, &err));
	OK(store_delivery_end(store, id, "done", STR("<m@x>"), STR(""), now, &err));
	return id;
}

static void set(int64_t id, const char *how)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "UPDATE delivery SET %s WHERE id = %lld", how,
		 (long long)id);
	OK(store->driver->script(store->db, sql, &err));
}

static bool is_there(int64_t id)
{
	char sql[100];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM delivery WHERE id = %lld",
		 (long long)id);
	return ask(sql) == 1;
}

static void a_delivery_goes_with_all_that_hangs_on_it(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	int64_t id = delivered(m.ticket, 0), newest = delivered(m.ticket, 0);
	const struct watch seen = { .delivery_id = id };

	(void)state;
	OK(store_duty_call(store, id, m.ticket, m.who, now, true, &err));
	OK(store_watch_add(store, id, STR("PUPR"), STR("email"), STR("7"), false, now,
			   &err));
	assert_int_equal(rows_gone(now + days(900), 50), 0); /* the ticket is open */
	ticket_close(m.ticket, now + DAY);
	assert_int_equal(rows_gone(now + days(900), 50), 0); /* it is asked about */
	OK(store_watch_seen(store, &seen, 0, &err));
	assert_int_equal(rows_gone(now + days(KEPT_DAYS + 1), 50), 0); /* to the day */
	assert_int_equal(rows_gone(now + days(KEPT_DAYS + 1) + 1, 50), 1);
	assert_false(is_there(id));
	assert_int_equal(ask("SELECT (SELECT count(*) FROM duty_call) + "
			     "(SELECT count(*) FROM watch)"),
			 0);
	/* Else the next one would have its number, and its id at the other side. */
	assert_true(is_there(newest));
	assert_true(delivered(m.ticket, 0) > newest);
}

static void what_is_not_settled_stays(void **state)
{
	static const char *const needed[] = { "state = 'parked'", "open = 1",
					      "state = 'sending', open = 1, head = 1",
					      "ack_due_at = -1", "ack_due_at = 5" };
	enum { N = sizeof(needed) / sizeof(*needed) };
	struct matter m = matter_of(NUMBER, 26000011);
	int64_t ids[N];

	(void)state;
	for (size_t i = 0; i < N; i++)
		set(ids[i] = delivered(m.ticket, 0), needed[i]);
	delivered(m.ticket, 0);
	ticket_close(m.ticket, now + DAY);
	assert_int_equal(rows_gone(now + days(900), 50), 0);
	for (size_t i = 0; i < N; i++) {
		assert_true(is_there(ids[i]));
		set(ids[i], "state = 'done', open = 0, head = 0, ack_due_at = 0");
	}
	assert_int_equal(rows_gone(now + days(900), 50), N);
}

/* An answer in its thread is the other one's matter. */
static void a_merged_one_lasts_as_long_as_the_other(void **state)
{
	struct matter a = matter_of(NUMBER, 26000011),
		      b = matter_of("+6281200000002", 26000012);

	(void)state;
	delivered(a.ticket, 0);
	delivered(0, 0); /* the newest, and a test */
	ticket_set(a.ticket,
		   arena_printf(arena,
				"state = 'digabung', closed_at = %lld, parent_id = %lld",
				(long long)now, (long long)b.ticket)
			   .p);
	assert_int_equal(rows_gone(now + days(900), 50), 0);
	ticket_close(b.ticket, now + days(100));
	assert_int_equal(rows_gone(now + days(100 + KEPT_DAYS), 50), 0);
	assert_int_equal(rows_gone(now + days(100 + KEPT_DAYS) + 1, 50), 1);
}

static void one_that_another_stands_for_goes_first(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	int64_t first = delivered(m.ticket, 0), second = delivered(m.ticket, first);

	(void)state;
	delivered(0, 0);
	ticket_close(m.ticket, now + DAY);
	assert_int_equal(rows_gone(now + days(900), 1), 2);
	assert_false(is_there(first) || is_there(second));
}

static void tests_and_digests_go_by_their_own_day(void **state)
{
	int64_t id = delivered(0, 0);

	(void)state;
	delivered(0, 0);
	assert_int_equal(rows_gone(now + days(KEPT_DAYS), 50), 0);
	assert_int_equal(rows_gone(now + days(KEPT_DAYS) + 1, 50), 1);
	assert_false(is_there(id));
}

static void a_step_is_small(void **state)
{
	const struct retention r = rows_kept(now + days(900));
	struct retained done = { 0 };
	bool over;

	(void)state;
	for (int i = 0; i < 30; i++)
		delivered(0, 0);
	OK(store_begin(store, &err));
	OK(store_retain_step(store, &r, 1000, 5, &done, &over, &err));
	OK(store_commit(store, &err));
	assert_int_equal(done.rows, 5);
	assert_false(over);
	assert_int_equal(pass(&r, 7).rows, 24);
}

static void a_departure_is_known_as_long(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	bool left;

	(void)state;
	OK(store_left_add(store, m.ticket, 1, STR("PUPR"), now, &err));
	assert_int_equal(rows_gone(now + days(900), 50), 0);
	ticket_close(m.ticket, now + DAY);
	assert_int_equal(rows_gone(now + days(KEPT_DAYS + 1), 50), 0);
	OK(store_left_is(store, m.ticket, STR("PUPR"), &left, &err));
	assert_true(left);
	assert_int_equal(rows_gone(now + days(KEPT_DAYS + 1) + 1, 50), 1);
	OK(store_left_is(store, m.ticket, STR("PUPR"), &left, &err));
	assert_false(left);
}

/* ---- mails ---- */

static int64_t mailed(const char *words, int64_t ticket, const char *mail_state)
{
	const struct attachment_row file = { .name = STR("foto.jpg"),
					     .type = STR("image/jpeg") };
	struct mail_out out = { .to = STR("a@b"), .text = STR("x") };
	int64_t id;

	OK(store_mail_add(store, str_of(words), STR("inbox"), 0, now, &id, &err));
	OK(store_attachment_add(store, id, &file, &err));
	out.mail_id = id;
	OK(store_mail_out_add(store, &out, now, &err));
	OK(store_mail_settle(store, id, mail_state, "answer", ticket, STR(""), false,
			     &err));
	return id;
}

static void mail_set(int64_t id, const char *table, const char *how)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "UPDATE %s SET %s WHERE %s = %lld", table, how,
		 strcmp(table, "mail_in") == 0 ? "id" : "mail_id", (long long)id);
	OK(store->driver->script(store->db, sql, &err));
}

static int64_t mails(void)
{
	return ask("SELECT count(*) FROM mail_in");
}

static void a_mail_goes_when_its_words_have_gone(void **state)
{
	struct matter m = matter_of(NUMBER, 26000011);
	int64_t id = mailed("From: x\n\nsatu", m.ticket, "done"), again;

	(void)state;
	mailed("From: x\n\ndua", 0, "ignored");
	ticket_close(m.ticket, now + DAY);
	mail_set(id, "mail_out", "state = 'done'");
	assert_int_equal(rows_gone(now + days(900), 50), 0);
	mail_set(id, "mail_in", "wiped = 1");
	assert_int_equal(rows_gone(now + days(KEPT_DAYS + 1), 50), 0);
	/* Until then the same is known, though nothing of it is left. */
	OK(store_mail_add(store, STR("From: x\n\nsatu"), STR("inbox"), 0, now, &again,
			  &err));
	assert_int_equal(again, 0);
	assert_int_equal(rows_gone(now + days(KEPT_DAYS + 1) + 1, 50), 1);
	assert_int_equal(mails(), 1);
	assert_int_equal(ask("SELECT count(*) FROM attachment"), 1);
	assert_int_equal(ask("SELECT count(*) FROM mail_out"), 1);
}

static void a_mail_that_waits_stays(void **state)
{
	static const struct {
		const char *table, *waits, *over;
	} needed[] = {
		{ "mail_in", "state = 'pending'", "state = 'done'" },
		{ "mail_in", "state = 'desk'", "state = 'done'" },
		{ "mail_in", "uid = 9", "uid = 0" },
		{ "mail_out", "state = 'queued'", "state = 'done'" },
		{ "mail_out", "state = 'sending'", "state = 'parked'" },
	};
	int64_t id = mailed("From: x\n\nsatu", 0, "done");

	(void)state;
	mailed("From: x\n\ndua", 0, "done");
	mail_set(id, "mail_in", "wiped = 1");
	mail_set(id, "mail_out", "state = 'done'");
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		mail_set(id, needed[i].table, needed[i].waits);
		assert_int_equal(rows_gone(now + days(900), 50), 0);
		mail_set(id, needed[i].table, needed[i].over);
	}
	assert_int_equal(rows_gone(now + days(900), 50), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEALED(a_delivery_goes_with_all_that_hangs_on_it),
		SEALED(what_is_not_settled_stays),
		SEALED(a_merged_one_lasts_as_long_as_the_other),
		SEALED(one_that_another_stands_for_goes_first),
		SEALED(tests_and_digests_go_by_their_own_day),
		SEALED(a_step_is_small),
		SEALED(a_departure_is_known_as_long),
		SEALED(a_mail_goes_when_its_words_have_gone),
		SEALED(a_mail_that_waits_stays),
	};

	if (crypto_start(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
