/* SPDX-License-Identifier: MIT */
/* The store: deliveries to departments, their order, their ends, ways that are stopped.
 */
#include "store_rows.h"

#include "store/delivery.h"

static int64_t ticket(const char *id)
{
	int64_t who = person("+6281200000001");

	return ticket_of(who, text_in(who, id), 2600000000 + strtoll(id, NULL, 10),
			 "diteruskan");
}

static struct delivery delivery_of(int64_t ticket_id, int64_t due_ms)
{
	return (struct delivery){
		.ticket_id = ticket_id,
		.department = STR("PUPR"),
		.way = STR("email"),
		.target = STR("a@example"),
		.what = STR("new"),
		.event = STR("route"),
		.event_id = 7,
		.state = STR("queued"),
		.due_ms = due_ms,
		.created_ms = now,
	};
}

static int64_t add(const struct delivery *d)
{
	int64_t id;

	OK(store_delivery_add(store, d, &id, &err));
	return id;
}

static int64_t queue(int64_t ticket_id, int64_t due_ms)
{
	const struct delivery d = delivery_of(ticket_id, due_ms);

	return add(&d);
}

static struct delivery *take(int most, size_t *n)
{
	struct delivery *list;

	OK(store_delivery_claim(store, STR("PUPR"), STR("email"), now, most, arena, &list,
				n, &err));
	return list;
}

static void end(int64_t id, const char *state, const char *external_id)
{
	OK(store_delivery_end(store, id, state, str_of(external_id), STR("why"), now,
			      &err));
}

static struct delivery get(int64_t id)
{
	struct delivery d;

	OK(store_delivery_get(store, id, arena, &d, &err));
	return d;
}

static void urgent_ones_then_the_longest_due(void **state)
{
	struct delivery urgent = delivery_of(ticket("1"), now);
	int64_t ids[4], next;
	struct delivery *list;
	size_t n;

	(void)state;
	ids[2] = queue(ticket("2"), now - 5);
	ids[1] = queue(ticket("3"), now - 10);
	ids[3] = queue(ticket("4"), now + 50);
	urgent.urgent = true;
	ids[0] = add(&urgent);
	list = take(10, &n);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list[i].id, ids[i]);
	is_text(list[1].target, "a@example");
	is_text(list[1].state, "sending");
	assert_int_equal(list[1].attempts, 1);
	assert_int_equal(list[1].since_ms, now - 10);
	OK(store_delivery_next(store, STR("PUPR"), STR("email"), &next, &err));
	assert_int_equal(next, now + 50);
	OK(store_delivery_next(store, STR("PUPR"), STR("sms"), &next, &err));
	assert_int_equal(next, INT64_MAX);
}

static void is_waiting(int64_t id, int attempts)
{
	is_text(get(id).state, "queued");
	assert_int_equal(get(id).attempts, attempts);
}

/* However many are due at the same moment, before it or after. */
static void as_many_are_claimed_as_are_given(void **state)
{
	int64_t a = queue(ticket("1"), now - 10), b = queue(ticket("2"), now - 10),
		c = queue(ticket("3"), now - 10), d = queue(ticket("4"), now - 5);
	struct delivery other = delivery_of(ticket("5"), now - 10), *list;
	size_t n;

	(void)state;
	other.way = STR("sms");
	other.id = add(&other);
	list = take(2, &n);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, a);
	assert_int_equal(list[1].id, b);
	is_text(get(b).state, "sending");
	is_waiting(c, 0);
	is_waiting(d, 0);
	OK(store_delivery_again(store, b, STR("later"), now - 10, true, &err));
	list = take(1, &n);
	assert_int_equal(list[0].id, b);
	assert_int_equal(get(b).attempts, 2);
	assert_int_equal(get(a).attempts, 1);
	is_waiting(c, 0);
	list = take(10, &n);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, c);
	assert_int_equal(list[1].id, d);
	assert_int_equal(get(d).attempts, 1);
	assert_int_equal(get(a).attempts, 1);
	is_waiting(other.id, 0);
}

static void what_happened_first_is_told_first(void **state)
{
	int64_t t = ticket("1"), first = queue(t, now), second = queue(t, now - 100),
		third = queue(t, now - 200);
	struct delivery other = delivery_of(t, now);
	struct delivery *list;
	size_t n;

	(void)state;
	list = take(10, &n); /* the others were due before, and wait all the same */
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, first);
	OK(store_delivery_again(store, first, STR("later"), now + 1000, true, &err));
	take(10, &n); /* nor does one that fails let them pass */
	assert_int_equal(n, 0);
	other.target = STR("b@example"); /* another address does not wait */
	other.id = add(&other);
	list = take(10, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, other.id);
	end(first, "parked", "");
	list = take(10, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, second);
	end(third, "dropped", ""); /* from the middle of the line */
	end(second, "done", "");
	take(10, &n);
	assert_int_equal(n, 0);
}

/* A mail that has bounced before its answer came stays parked. */
static void what_has_ended_is_not_done(void **state)
{
	int64_t t = ticket("1"), first = queue(t, now), second = queue(t, now);
	struct delivery *list, d;
	bool was = true;
	size_t n;

	(void)state;
	list = take(10, &n);
	d = list[0];
	end(first, "parked", "");
	OK(store_delivery_done(store, &d, STR("<a@b>"), now, &was, &err));
	assert_false(was);
	is_text(get(first).state, "parked");
	is_text(get(first).external_id, "");
	list = take(10, &n);
	assert_int_equal(list[0].id, second);
	OK(store_delivery_done(store, &list[0], STR("<a@b>"), now, &was, &err));
	assert_true(was);
	is_text(get(second).state, "done");
}

static void one_that_is_tried_anew_waits_for_the_head(void **state)
{
	int64_t t = ticket("1"), old = queue(t, now), head, behind;
	struct delivery *list;
	bool found;
	size_t n;

	(void)state;
	end(old, "parked", "");
	head = queue(t, now);
	behind = queue(t, now);
	OK(store_delivery_retry(store, head, now, &found, &err));
	assert_false(found); /* it is not parked */
	OK(store_delivery_retry(store, old, now, &found, &err));
	assert_true(found);
	list = take(10, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, head);
	end(head, "done", "");
	list = take(10, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, old);
	assert_int_equal(list[0].attempts, 1);
	end(old, "done", "");
	list = take(10, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, behind);
}

static void an_attempt_may_not_count(void **state)
{
	int64_t id = queue(ticket("1"), now);
	size_t n;

	(void)state;
	take(1, &n);
	OK(store_delivery_again(store, id, STR("call +6281234567890"), now, false, &err));
	assert_int_equal(get(id).attempts, 0);
	is_text(get(id).state, "queued");
	assert_true(str_find(get(id).reason, STR("34567890")) == get(id).reason.n);
	take(1, &n);
	assert_int_equal(n, 1);
	assert_int_equal(get(id).attempts, 1);
}

static void a_thread_hangs_on_ids(void **state)
{
	int64_t t = ticket("1"), first = queue(t, now), second = queue(t, now);
	struct delivery found;
	struct str id;
	bool is;

	(void)state;
	OK(store_delivery_thread(store, t, STR("PUPR"), STR("email"), STR("a@example"),
				 true, arena, &id, &err));
	is_text(id, "");
	end(first, "done", "<1@x>");
	end(second, "done", "<2@x>");
	OK(store_delivery_thread(store, t, STR("PUPR"), STR("email"), STR("a@example"),
				 true, arena, &id, &err));
	is_text(id, "<1@x>");
	OK(store_delivery_thread(store, t, STR("PUPR"), STR("email"), STR("a@example"),
				 false, arena, &id, &err));
	is_text(id, "<2@x>");
	OK(store_delivery_external(store, STR("<2@x>"), arena, &found, &is, &err));
	assert_true(is);
	assert_int_equal(found.id, second);
	OK(store_delivery_external(store, STR(""), arena, &found, &is, &err));
	assert_false(is);
}

/* Who never had a chance to hear of a ticket need not hear that it is gone. */
static void known_is_what_was_tried(void **state)
{
	int64_t t = ticket("1"), first = queue(t, now), gone = queue(t, now);
	struct delivery last;
	bool known;
	size_t n;

	(void)state;
	last = get(gone);
	OK(store_delivery_known(store, &last, &known, &err));
	assert_false(known);
	take(1, &n);
	OK(store_delivery_known(store, &last, &known, &err));
	assert_true(known);
	end(first, "dropped", ""); /* it was claimed, and told nothing */
	OK(store_delivery_known(store, &last, &known, &err));
	assert_false(known);
}

static void lists_and_counts(void **state)
{
	int64_t t = ticket("1"), a = queue(t, now - 50), b = queue(t, now - 100),
		c = queue(ticket("2"), now), since, made;
	struct delivery *list, d = delivery_of(t, now);
	struct delivery_count *rows;
	size_t n;

	(void)state;
	d.way = STR("webhook");
	d.state = STR("parked");
	d.instead_of = a;
	d.id = add(&d);
	OK(store_deliveries(store, DELIVERIES_OLD, STR("PUPR"), STR("email"), now - 50,
			    10, arena, &list, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, b);
	assert_int_equal(list[1].id, a);
	OK(store_deliveries_parked(store, STR("PUPR"), 0, 10, arena, &list, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].instead_of, a);
	OK(store_deliveries_parked(store, STR("PUPR"), d.id, 10, arena, &list, &n, &err));
	assert_int_equal(n, 0);
	OK(store_delivery_siblings(store, &d, arena, &list, &n, &err));
	assert_int_equal(n, 3); /* those of ticket t, by both ways */
	OK(store_delivery_oldest(store, STR("PUPR"), STR("email"), &since, &made, &err));
	assert_int_equal(since, now - 100);
	OK(store_delivery_counts(store, arena, &rows, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].open, 3);
	assert_int_equal(rows[1].parked, 1);
	take(1, &n);
	OK(store_deliveries(store, DELIVERIES_SENDING, STR("PUPR"), STR("email"),
			    INT64_MAX, 10, arena, &list, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, a);
	OK(store_deliveries_move(store, HOUR, &err));
	assert_int_equal(get(c).due_ms, now + HOUR);
	assert_int_equal(get(c).since_ms, now + HOUR);
	assert_int_equal(get(d.id).due_ms, now);
}

/* Tests have no ticket, and wait for nobody. */
static void tests_have_no_ticket(void **state)
{
	size_t n;

	(void)state;
	queue(0, now);
	queue(0, now);
	take(10, &n);
	assert_int_equal(n, 2);
	end(1, "done", "");
	end(2, "done", "");
	take(10, &n);
	assert_int_equal(n, 0);
}

static void ways_are_stopped_and_told_of(void **state)
{
	struct str why;
	bool fresh;

	(void)state;
	OK(store_way_stopped(store, STR("PUPR"), STR("email"), arena, &why, &err));
	is_text(why, "");
	OK(store_way_stop(store, STR("PUPR"), STR("email"), STR("410"), now, &err));
	OK(store_way_stop(store, STR("PUPR"), STR("email"), STR("410 again"), now, &err));
	OK(store_way_stopped(store, STR("PUPR"), STR("email"), arena, &why, &err));
	is_text(why, "410 again");
	OK(store_way_stop(store, STR("PUPR"), STR("email"), STR(""), now, &err));
	OK(store_way_stopped(store, STR("PUPR"), STR("email"), arena, &why, &err));
	is_text(why, "");
	OK(store_way_tell(store, STR("PUPR"), STR("email"), now, HOUR, &fresh, &err));
	assert_true(fresh);
	OK(store_way_tell(store, STR("PUPR"), STR("email"), now + HOUR - 1, HOUR, &fresh,
			  &err));
	assert_false(fresh);
	OK(store_way_tell(store, STR("PUPR"), STR("email"), now + HOUR, HOUR, &fresh,
			  &err));
	assert_true(fresh);
	OK(store_way_tell(store, STR("PUPR"), STR("email"), now, HOUR, &fresh, &err));
	assert_true(fresh); /* the clock was set back */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(urgent_ones_then_the_longest_due),
		TEST(as_many_are_claimed_as_are_given),
		TEST(what_happened_first_is_told_first),
		TEST(what_has_ended_is_not_done),
		TEST(one_that_is_tried_anew_waits_for_the_head),
		TEST(an_attempt_may_not_count),
		TEST(a_thread_hangs_on_ids),
		TEST(known_is_what_was_tried),
		TEST(lists_and_counts),
		TEST(tests_have_no_ticket),
		TEST(ways_are_stopped_and_told_of),
	};

	return RUN_BOTH(tests);
}
