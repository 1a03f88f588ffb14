/* SPDX-License-Identifier: MIT */
/* The store's keys: wrong ones at the door, values that were changed, numbers with the
 * same hash. */
#include "store_sealed.h"

/* ---- the door ---- */

static void a_wrong_key_is_refused_and_nothing_written(void **state)
{
	struct stat before, after;

	(void)state;
	complaint(number(1), 1);
	store_close(store);
	store = NULL;
	assert_int_equal(stat(path, &before), 0);
	refused_with(KEY_2, NULL, "store.key is not the key that");
	refused_with(KEY_2, NULL, "store.old_key");
	refused_with(KEY_2, KEY_3, "store.old_key is not, either");
	refused_with(NULL, NULL, "store.key is not set");
	refused_with("kunci", NULL, "64 hex digits");
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, before.st_size);
	assert_memory_equal(&after.st_mtim, &before.st_mtim, sizeof(after.st_mtim));
	reopen_with(KEY_1, NULL);
	all_is_well(1);
	/* An old key that nothing needs does no harm. */
	reopen_with(KEY_1, KEY_3);
	all_is_well(1);
	assert_false(keys_now().changing);
	assert_true(keys_now().old_given);
}

static void a_store_of_another_kind_is_told_apart(void **state)
{
	struct store_keys began;

	(void)state;
	assert_false(keys_now().sealed);
	reopen_with(NULL, NULL);
	assert_false(keys_now().changing);
	reopen_with(KEY_1, NULL); /* its first key */
	assert_true(keys_now().sealed);
	began = keys_now();
	assert_true(began.changing);
	assert_int_equal(store_keys_next(&began).n, 0);
	began.old_given = true;
	assert_true(str_eq(store_keys_next(&began), STR("store.old_key can be removed")));
}

/* ---- changed values ---- */

#define UNREADABLE(call, name, id_words)                    \
	do {                                                \
		assert_int_equal(call, -1);                 \
		assert_int_equal(err.kind, ERR_CONFIG);     \
		if (!strstr(err.text, name " " id_words) || \
		    !strstr(err.text, "restore a backup"))  \
			fail_msg("%s", err.text);           \
	} while (0)

static void what_does_not_open_is_named(void **state)
{
	struct message_row *rows;
	struct message_out *out;
	struct event *events;
	struct person p;
	struct ticket t;
	size_t n;

	(void)state;
	complaint(number(1), 1);
	complaint(number(2), 2);
	script("UPDATE message_in SET text = (SELECT text FROM message_out WHERE id = 1) "
	       "WHERE id = 1");
	UNREADABLE(store_ticket_by_no(store, 101, arena, &t, &err), "message_in", "1:");
	UNREADABLE(store_list_messages(store, MESSAGES_ALL, 9, arena, &rows, &n, &err),
		   "message_in", "1:");
	script("UPDATE person SET address = X'00' WHERE id = 2");
	UNREADABLE(store_person_get(store, 2, arena, &p, &err), "person", "2:");
	UNREADABLE(store_person(store, str_of(number(2)), 0, now, &p, &err), "person",
		   "2:");
	UNREADABLE(store_list_out(store, 2, arena, &out, &n, &err), "person", "2:");
	script("UPDATE event SET note = CAST('plain words' AS BLOB) WHERE id = 2");
	UNREADABLE(store_events(store, 2, arena, &events, &n, &err), "event", "2:");
	assert_non_null(strstr(err.text, "not sealed"));
	script("UPDATE raw SET body = CAST(substr(body, 1, 20) AS BLOB) WHERE id = 1");
	UNREADABLE(
		store_list_messages(store, MESSAGES_UNPARSED, 9, arena, &rows, &n, &err),
		"raw", "1:");
	script("UPDATE raw SET body = CAST(X'C109' || zeroblob(60) AS BLOB) WHERE id = "
	       "1");
	assert_int_equal(
		store_list_messages(store, MESSAGES_UNPARSED, 9, arena, &rows, &n, &err),
		-1);
	assert_non_null(strstr(err.text, "key number 9"));
	assert_null(store_unreadable(store)); /* who asks is told at once */
}

/* The engine's own work goes on: what does not open is put aside and told. */
static void claims_go_on_without_what_does_not_open(void **state)
{
	int64_t bad_text, bad_number, good;
	struct message_out *list;
	const char *why;
	size_t n;

	(void)state;
	bad_text = reply(person(number(1)), 0, now - 9);
	bad_number = reply(person(number(2)), 0, now - 8);
	good = reply(person(number(3)), 0, now - 7);
	script("UPDATE message_out SET text = X'C101' WHERE id = 1;"
	       "UPDATE person SET address = X'00' WHERE id = 2");
	list = claim(9, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].id, good);
	assert_int_equal(ask("SELECT count(*) FROM message_out WHERE state = 'refused' "
			     "AND reason LIKE '%does%' AND open = 0"),
			 1);
	assert_int_equal(ask("SELECT min(id) FROM message_out WHERE state = 'refused'"),
			 bad_text);
	assert_int_equal(ask("SELECT max(id) FROM message_out WHERE state = 'refused'"),
			 bad_number);
	assert_int_equal(keys_now().unreadable, 2);
	why = store_unreadable(store);
	assert_non_null(why);
	assert_non_null(strstr(why, "person 2"));
	assert_null(store_unreadable(store));
}

static void raws_and_parts_go_on_too(void **state)
{
	struct message_in m = text_from("p:1");
	struct part_group g;
	struct part *parts;
	struct raw *raws;
	size_t n;

	(void)state;
	complaint(number(1), 2);
	complaint(number(1), 4);
	script("UPDATE raw SET body = X'C1' WHERE id = 1");
	OK(store_raw_pending(store, STR("utama"), arena, &raws, &n, &err));
	assert_int_equal(n, 1);
	is_text(raws[0].body, "<html>4");
	assert_int_equal(ask("SELECT count(*) FROM raw WHERE state = 'bad' AND why LIKE "
			     "'raw 1:%'"),
			 1);
	OK(store_part_group(store, m.provider, 1, m.recipient, 7, 2, 1, 0, now, now, &g,
			    &err));
	m.part_group = g.id;
	m.part_no = 1;
	in_add(1, &m);
	m.external_id = STR("p:2");
	m.part_no = 2;
	in_add(1, &m);
	script("UPDATE message_in SET text = X'C1' WHERE part_no = 1");
	OK(store_parts(store, g.id, arena, &parts, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(parts[0].part_no, 2);
	assert_int_equal(keys_now().unreadable, 2);
}

/* ---- numbers with the same hash ---- */

static void a_collision_is_two_persons(void **state)
{
	int64_t a = person(number(1)), b, c;
	struct person p;

	(void)state;
	/* As if the hash of number 2 were that of number 1. */
	b = person(number(2));
	script("UPDATE person SET look = (SELECT look FROM person WHERE id = 1)");
	OK(store_reopen(store, &err));
	assert_int_equal(person(number(1)), a);
	c = person(number(2)); /* its own hash finds nobody now */
	assert_int_not_equal(c, b);
	script("DELETE FROM person WHERE id = 3;"
	       "UPDATE person SET look = 77");
	/* Both under one hash, found from either side. */
	for (int i = 1; i <= 2; i++) {
		char sql[120];

		snprintf(sql, sizeof(sql), "UPDATE person SET look = %lld",
			 (long long)vault_look(store->vault, VAULT_NOW,
					       str_of(number(i))));
		script(sql);
		OK(store_reopen(store, &err));
		OK(store_person(store, str_of(number(i)), 0, now, &p, &err));
		assert_false(p.fresh);
		assert_int_equal(p.id, i);
	}
	assert_int_equal(ask("SELECT count(*) FROM person"), 2);
}

static void reasons_lose_long_numbers(void **state)
{
	struct message_out *list;
	size_t n;

	(void)state;
	complaint(number(1), 1);
	claim(9, &n);
	OK(store_out_settle(store, 1, "refused", STR(""),
			    STR("HTTP 400: +6281200000001 is barred"), 0, now, &err));
	OK(store_list_out(store, 1, arena, &list, &n, &err));
	assert_true(str_find(list[0].reason, STR("81200000001")) == list[0].reason.n);
	assert_true(str_find(list[0].reason, STR("is barred")) < list[0].reason.n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEALED(a_wrong_key_is_refused_and_nothing_written),
		BARE(a_store_of_another_kind_is_told_apart),
		SEALED(what_does_not_open_is_named),
		SEALED(claims_go_on_without_what_does_not_open),
		SEALED(raws_and_parts_go_on_too),
		SEALED(a_collision_is_two_persons),
		BARE(a_collision_is_two_persons),
		SEALED(reasons_lose_long_numbers),
	};

	if (crypto_start(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
