/* SPDX-License-Identifier: MIT */
/* From one key of the store to the next, while it is used, cut off at every step. */
#include "store_sealed.h"

static void a_store_goes_over(void **state)
{
	enum { N = 20 };
	int64_t look;

	(void)state;
	fill(N);
	assert_int_equal(not_under(1), 0);
	look = ask("SELECT look FROM person WHERE id = 1");
	reopen_with(KEY_2, KEY_1);
	assert_true(keys_now().changing);
	assert_int_equal(keys_now().left, 7 * N);
	all_is_well(N); /* before the first step */
	/* New rows are born under the new key. */
	complaint(number(N + 1), N + 1);
	assert_int_equal(ask("SELECT count(*) FROM person WHERE substr(address, 2, 1) = "
			     "X'02'"),
			 1);
	for (int i = 0; i < 10; i++) {
		int64_t left = keys_now().left;

		OK(step(3));
		assert_true(keys_now().left < left && keys_now().left >= left - 3);
		all_is_well(N + 1);
	}
	assert_int_equal(ask("SELECT count(*) FROM person"), N + 1); /* nobody twice */
	go_over();
	all_is_well(N + 1);
	assert_int_equal(not_under(2), 0);
	assert_int_not_equal(ask("SELECT look FROM person WHERE id = 1"), look);
	assert_int_equal(ask("SELECT count(*) FROM seal_key"), 1);
	/* The old key is needed no more, and opens nothing. */
	store_close(store);
	store = NULL;
	refused_with(KEY_1, NULL, "is not the key");
	reopen_with(KEY_2, NULL);
	all_is_well(N + 1);
	/* And on to a third. */
	reopen_with(KEY_3, KEY_2);
	go_over();
	assert_int_equal(not_under(3), 0);
	all_is_well(N + 1);
}

static void an_unfinished_way_needs_both_keys(void **state)
{
	(void)state;
	fill(5);
	reopen_with(KEY_2, KEY_1);
	OK(step(3));
	store_close(store);
	store = NULL;
	refused_with(KEY_2, NULL, "set store.old_key to that key");
	refused_with(KEY_2, KEY_3, "store.old_key is not that key");
	refused_with(KEY_1, NULL, "has begun to go over");
	refused_with(KEY_1, KEY_2, "has begun to go over");
	refused_with(KEY_3, KEY_2, "let that end first");
	refused_with(KEY_3, KEY_1, "is not the key");
	refused_with(NULL, NULL, "store.key is not set");
	reopen_with(KEY_2, KEY_1);
	assert_true(keys_now().changing);
	go_over();
	all_is_well(5);
}

static bool file_has(const char *words)
{
	static char bytes[4 << 20];
	FILE *f = fopen(path, "re");
	size_t n;

	assert_non_null(f);
	n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	assert_true(n > 4096 && n < sizeof(bytes));
	return memmem(bytes, n, words, strlen(words)) != NULL;
}

/* The first key of a store that had none. */
static void what_was_bare_is_sealed(void **state)
{
	(void)state;
	fill(8);
	assert_int_equal(
		ask("SELECT count(*) FROM person WHERE address = CAST('+6281200000001' "
		    "AS BLOB)"),
		1);
	reopen_with(KEY_1, NULL);
	assert_true(keys_now().changing && keys_now().sealed);
	all_is_well(8);
	OK(step(5));
	reopen_with(KEY_1, NULL);
	all_is_well(8);
	go_over();
	all_is_well(8);
	assert_int_equal(not_under(1), 0);
	reopen_with(KEY_1, NULL);
	all_is_well(8);
	/* Nothing is left of it, not even where rows were. */
	store_close(store);
	store = NULL;
	assert_false(file_has("628120000"));
	assert_false(file_has("jalan"));
	assert_true(file_has("diteruskan"));
	OK(open_at(path, &store));
	/* Now a plain value is somebody else's. */
	script("UPDATE person SET address = CAST('+6281200000001' AS BLOB) WHERE id = 1");
	assert_int_equal(store_person_get(store, 1, arena, &(struct person){ 0 }, &err),
			 -1);
}

/* Killed between any two steps, and in the middle of one. */
static void it_may_be_cut_off_anywhere(void **state)
{
	enum { N = 6 };

	(void)state;
	fill(N);
	store_close(store);
	store = NULL;
	key = KEY_2;
	old_key = KEY_1;
	for (int steps = 0; steps < 60; steps++) {
		pid_t child = fork();
		int status;

		if (child == 0) {
			struct store_keys keys;

			if (open_at(path, &store) || step(1) ||
			    store_begin(store, &err) || store_reseal(store, 2, &err))
				_exit(1);
			store_keys(store, &keys);
			if (!keys.changing)
				_exit(0);
			kill(getpid(), SIGKILL); /* the second step is lost */
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WIFEXITED(status)) {
			assert_int_equal(WEXITSTATUS(status), 0);
			break;
		}
		OK(open_at(path, &store));
		all_is_well(N);
		store_close(store);
		store = NULL;
	}
	reopen_with(KEY_2, KEY_1);
	assert_false(keys_now().changing);
	all_is_well(N);
	assert_int_equal(not_under(2), 0);
}

static void a_step_that_fails_is_taken_back(void **state)
{
	(void)state;
	fill(4);
	reopen_with(KEY_2, KEY_1);
	for (int n = 1; keys_now().changing; n++) {
		store_fail_after(store, n % 14 + 1, false);
		if (step(2)) {
			assert_int_equal(err.kind, ERR_LATER);
			store_rollback(store);
			store_fail_after(store, 0, false);
			OK(store_reopen(store, &err));
		}
		store_fail_after(store, 0, false);
		all_is_well(4);
	}
	assert_int_equal(not_under(2), 0);
}

static void what_does_not_open_is_no_bar(void **state)
{
	(void)state;
	fill(5);
	script("UPDATE message_in SET text = CAST(X'C101' || zeroblob(50) AS BLOB) WHERE "
	       "id = 3");
	reopen_with(KEY_2, KEY_1);
	go_over();
	assert_int_equal(keys_now().unreadable, 1);
	assert_non_null(strstr(store_unreadable(store), "message_in 3"));
	assert_int_equal(not_under(2), 3); /* its text, raw and note */
	reopen_with(KEY_2, NULL);
	assert_int_equal(person(number(1)), 1);
}

/* Where a provider gives no ids, a digest stands for one; it comes again after the key
 * has changed. */
static void a_digest_is_known_under_the_next_key(void **state)
{
	struct digest was = store_digest(store, STR("+62812\nhalo")), is;
	struct message_in m = text_from("?");
	int64_t who = person(number(1)), id;
	bool twin;

	(void)state;
	assert_int_equal(was.before, 0);
	m.external_id =
		arena_printf(arena, "digest:%016llx", (unsigned long long)was.now);
	m.digest = store_text_digest(store, m.text, arena).now;
	assert_true(in_add(who, &m) > 0);
	reopen_with(KEY_2, key);
	is = store_digest(store, STR("+62812\nhalo"));
	assert_int_not_equal(is.now, was.now);
	assert_int_equal(is.before, was.now);
	/* The same text by another way: a twin, before the row is gone over and after. */
	m.external_id = STR("push:9");
	for (int i = 0; i < 2; i++) {
		struct digest text = store_text_digest(store, m.text, arena);

		m.digest = text.now;
		m.digest_before = text.before;
		OK(store_in_twin(store, person_of(who).last_in, &m, 2000, &twin, &err));
		assert_true(twin);
		go_over();
	}
	m.digest_before = 0;
	OK(store_in_twin(store, person_of(who).last_in, &m, 2000, &twin, &err));
	assert_true(twin);
	m.external_id = arena_printf(arena, "digest:%016llx", (unsigned long long)is.now);
	m.external_before =
		arena_printf(arena, "digest:%016llx", (unsigned long long)is.before);
	assert_int_equal(in_add(who, &m), 0);
	/* From now on by its new one. */
	m.external_before = STR("");
	assert_int_equal(in_add(who, &m), 0);
	m.external_id =
		arena_printf(arena, "digest:%016llx", (unsigned long long)was.now);
	id = in_add(who, &m);
	assert_true(id > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEALED(a_store_goes_over),
		SEALED(an_unfinished_way_needs_both_keys),
		BARE(what_was_bare_is_sealed),
		SEALED(it_may_be_cut_off_anywhere),
		SEALED(a_step_that_fails_is_taken_back),
		SEALED(what_does_not_open_is_no_bar),
		SEALED(a_digest_is_known_under_the_next_key),
		BARE(a_digest_is_known_under_the_next_key),
	};

	if (crypto_start(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
