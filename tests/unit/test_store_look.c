/* SPDX-License-Identifier: MIT */
/*
 * Finding persons: the newest from memory, the others in the table, and nobody lost or
 * made twice on the way from one to the other, wherever it is cut off.
 */
#include "store_sealed.h"

#include "store/retain.h"

enum { FEW = 300 }; /* so many wait before they go over; a commit moves 128 of them */

static int few(void **state)
{
	if (without_key(state))
		return -1;
	store->looks_most = FEW;
	return 0;
}

static int sealed_few(void **state)
{
	if (with_key(state))
		return -1;
	store->looks_most = FEW;
	return 0;
}

/* As a new process would find it. */
static void start_again(void)
{
	store_close(store);
	store = NULL;
	OK(open_at(path, &store));
	store->looks_most = FEW;
}

static void turn(int from, int to)
{
	OK(store_begin(store, &err));
	for (int i = from; i <= to; i++)
		person(number(i));
	OK(store_commit(store, &err));
	arena_reset(arena);
}

/* Each of them is known under his number, and there is nobody else. */
static void all_known(int n)
{
	struct person p;
	bool found;

	for (int i = 1; i <= n; i++) {
		OK(store_person_find(store, str_of(number(i)), &p, &found, &err));
		if (!found || p.id != i)
			fail_msg("number %d: person %lld", i,
				 found ? (long long)p.id : 0);
	}
	assert_int_equal(ask("SELECT count(*) FROM person"), n);
	arena_reset(arena);
}

static int64_t in_table(void)
{
	return ask("SELECT count(*) FROM person_look");
}

static int64_t mark(void)
{
	return ask("SELECT n FROM counter WHERE name = 'look'");
}

static void the_newest_wait_in_memory(void **state)
{
	(void)state;
	turn(1, FEW);
	turn(FEW + 1, FEW);
	assert_int_equal(in_table(), 128); /* the first turn's were not committed yet */
	all_known(FEW);
	turn(FEW + 1, FEW + 10);
	assert_int_equal(in_table(), 128 + 148);
	assert_int_equal(mark(), 0);
	turn(1, 0);
	assert_int_equal(in_table(), FEW);
	assert_int_equal(mark(), FEW);
	all_known(FEW + 10);
	start_again();
	all_known(FEW + 10);
	/* Nobody but who is there, with the hash of his row. */
	assert_int_equal(ask("SELECT count(*) FROM person_look l JOIN person p "
			     "ON p.id = l.person_id AND p.look = l.look"),
			 FEW);
	assert_int_equal(ask("SELECT count(*) FROM person_look"), FEW);
}

/* A start between any two steps, and turns that go on from there. */
static void it_may_be_cut_off_anywhere(void **state)
{
	int n = 0;

	(void)state;
	for (int i = 0; i < 40; i++) {
		turn(n + 1, n + 50);
		n += 50;
		if (i % 3 == 0)
			start_again();
		all_known(n);
		turn(1, n); /* they write again */
		all_known(n);
	}
	assert_true(mark() >= n - FEW - 200);
}

/* Each call of each turn fails once, as when the disk is full. */
static void a_turn_that_fails_is_taken_back(void **state)
{
	int n = FEW;

	(void)state;
	turn(1, n);
	for (int at = 1; at < 170; at += at < 8 ? 1 : 7) {
		int rc = 0;

		store_fail_after(store, at, false);
		rc = store_begin(store, &err);
		for (int i = n + 1; rc == 0 && i <= n + 2; i++) {
			struct person p;

			rc = store_person(store, str_of(number(i)), 0, now, &p, &err);
		}
		if (rc || store_commit(store, &err)) {
			store_rollback(store);
			store_fail_after(store, 0, false);
			OK(store_reopen(store, &err));
		} else {
			n += 2;
		}
		store_fail_after(store, 0, false);
		all_known(n);
	}
	assert_true(n > FEW);
	turn(1, n);
	all_known(n);
}

/* The engine takes a turn back without opening the store anew. */
static void who_was_taken_back_is_made_again(void **state)
{
	(void)state;
	turn(1, FEW - 1);
	OK(store_begin(store, &err));
	assert_int_equal(person(number(FEW)), FEW);
	store_rollback(store);
	/* Somebody else has his id now. */
	turn(FEW + 1, FEW + 1);
	assert_int_equal(person(number(FEW + 1)), FEW);
	assert_int_equal(person(number(FEW)), FEW + 1);

	OK(store_begin(store, &err));
	OK(store_mark(store, &err));
	assert_int_equal(person(number(FEW + 2)), FEW + 2);
	OK(store_forget(store, &err));
	assert_int_equal(person(number(FEW + 3)), FEW + 2);
	OK(store_commit(store, &err));
	assert_int_equal(person(number(FEW + 3)), FEW + 2);
	assert_int_equal(person(number(FEW + 2)), FEW + 3);
	for (int i = 0; i < 4; i++)
		turn(1, FEW - 1);
	assert_true(mark() > 0);
	assert_int_equal(person(number(FEW + 3)), FEW + 2);
	assert_int_equal(person(number(FEW)), FEW + 1);
	assert_int_equal(ask("SELECT count(*) FROM person"), FEW + 3);
}

/* What went over in a turn that was taken back goes over again. */
static void a_step_that_is_taken_back_comes_again(void **state)
{
	(void)state;
	turn(1, FEW);
	OK(store_begin(store, &err));
	OK(store_looks_move(store, &err));
	assert_int_equal(in_table(), 128);
	store_rollback(store);
	assert_int_equal(in_table(), 0);
	for (int i = 0; i < 3; i++)
		turn(1, 1);
	assert_int_equal(in_table(), FEW);
	assert_int_equal(mark(), FEW);
	all_known(FEW);
}

/* A commit that reached the disk although it was reported as failed. */
static void who_was_written_after_all_is_not_made_twice(void **state)
{
	(void)state;
	turn(1, 5);
	script("INSERT INTO person (address, look, kind, created_at) "
	       "SELECT address, look, kind, created_at FROM person WHERE id = 5;"
	       "DELETE FROM person WHERE id = 5");
	OK(store_reopen(store, &err));
	assert_int_equal(person(number(5)), 6);
}

static void a_change_of_key_meets_all_of_them(void **state)
{
	int n = FEW + 50;

	(void)state;
	turn(1, FEW);
	turn(FEW + 1, n);
	assert_true(in_table() > 0 && mark() == 0); /* some here, some there, some both */
	key = KEY_2;
	old_key = KEY_1;
	start_again();
	assert_true(keys_now().changing);
	all_known(n);
	for (int i = 0; keys_now().changing; i++) {
		OK(step(40));
		all_known(n);
		if (i % 3 == 1) {
			start_again();
			all_known(n);
		}
		turn(n + 1, n + 20);
		n += 20;
		all_known(n);
	}
	turn(1, n);
	for (int i = 0; i < 9; i++)
		turn(1, 1);
	all_known(n);
	start_again();
	all_known(n);
	/* Nothing is left under the hashes before. */
	assert_int_equal(
		ask("SELECT count(*) FROM person_look l WHERE NOT EXISTS (SELECT 1 "
		    "FROM person p WHERE p.id = l.person_id AND p.look = l.look)"),
		0);
}

/* Wiped while he waits, while he goes over, and when he is in the table. */
static void who_is_forgotten_is_not_found(void **state)
{
	struct person p;
	struct erased erased;
	bool found;

	(void)state;
	turn(1, FEW);
	turn(FEW + 1, FEW + 1);
	for (int i = 1; i <= FEW; i += 3) {
		OK(store_begin(store, &err));
		OK(store_person_erase(store, i, now, STR("operator:rina"), &erased,
				      &err));
		OK(store_commit(store, &err));
		OK(store_person_find(store, str_of(number(i)), &p, &found, &err));
		assert_false(found);
	}
	assert_int_equal(mark(), FEW);
	assert_int_equal(ask("SELECT count(*) FROM person_look WHERE person_id % 3 = 1 "
			     "AND person_id <= 300"),
			 0);
	start_again();
	OK(store_person_find(store, STR("+6281200000001"), &p, &found, &err));
	assert_false(found);
	/* He writes again: a new person. */
	assert_int_equal(person(number(1)), FEW + 2);
	assert_int_equal(person(number(2)), 2);
}

/* Rows that came by other means, more than there is room for. */
static void any_number_may_wait_at_the_start(void **state)
{
	enum { MANY = STORE_LOOKS + 1000 };
	char sql[400];

	(void)state;
	turn(1, 3);
	snprintf(sql, sizeof(sql),
		 "WITH RECURSIVE c (i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM c "
		 "WHERE i < %d) INSERT INTO person (id, address, look, kind, created_at) "
		 "SELECT i, x'00', i, 0, 0 FROM c",
		 MANY);
	script(sql);
	start_again();
	assert_int_equal(mark(), STORE_LOOKS);
	assert_int_equal(in_table(), STORE_LOOKS);
	assert_int_equal(person(number(2)), 2);
	assert_int_equal(person(number(4)), MANY + 1);
}

int main(void)
{
#define BOTH(f)                                            \
	cmocka_unit_test_setup_teardown(f, few, teardown), \
		cmocka_unit_test_setup_teardown(f, sealed_few, teardown)
	const struct CMUnitTest tests[] = {
		BOTH(the_newest_wait_in_memory),
		BOTH(it_may_be_cut_off_anywhere),
		BOTH(a_turn_that_fails_is_taken_back),
		BOTH(who_was_taken_back_is_made_again),
		BOTH(a_step_that_is_taken_back_comes_again),
		BOTH(who_was_written_after_all_is_not_made_twice),
		cmocka_unit_test_setup_teardown(a_change_of_key_meets_all_of_them,
						sealed_few, teardown),
		BOTH(who_is_forgotten_is_not_found),
		BOTH(any_number_may_wait_at_the_start),
	};

	if (crypto_start(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
