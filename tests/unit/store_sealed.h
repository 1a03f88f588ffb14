/* SPDX-License-Identifier: MIT */
/* What the tests of the store's keys share: rows with all that is sealed in them, keys
 * that come and go. */
#ifndef STORE_SEALED_H
#define STORE_SEALED_H

#include "store_rows.h"

#include "store/api.h"
#include "store/token.h"

#include <signal.h>

static inline void reopen_with(const char *now_key, const char *before_key)
{
	store_close(store);
	store = NULL;
	key = now_key;
	old_key = before_key;
	OK(open_at(path, &store));
}

static inline void refused_with(const char *now_key, const char *before_key,
				const char *words)
{
	struct store *other;

	key = now_key;
	old_key = before_key;
	assert_int_equal(open_at(path, &other), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	if (!strstr(err.text, words))
		fail_msg("no \"%s\" in: %s", words, err.text);
}

static inline void script(const char *sql)
{
	OK(store->driver->script(store->db, sql, &err));
}

/* The program that asked; made at its first use. */
static inline int64_t the_token(void)
{
	const struct token t = { .name = STR("uji"), .created_by = STR("root") };
	int64_t id = ask("SELECT coalesce(max(id), 0) FROM token");
	struct str secret;

	if (id == 0)
		OK(store_token_add(store, &t, arena, &id, &secret, &err));
	return id;
}

/* One complaint with all that is sealed in it. */
static inline int64_t complaint(const char *address, int k)
{
	int64_t who = person(address), in;
	struct message_in m = text_from(arena_printf(arena, "at:%d", k).p);
	struct message_out out = reply_to(who, 1, now);
	struct event event = { .at_ms = now,
			       .kind = STR("diteruskan"),
			       .actor = STR("gateway"),
			       .note = STR("jalan \"rusak\"") };
	struct alike alike = { .head_id = 1,
			       .words = STR("rusak"),
			       .state = STR("proposed") };
	struct raw raw = { .provider = STR("utama"),
			   .source = STR("poll"),
			   .body = arena_printf(arena, "<html>%d", k),
			   .state = k % 2 ? STR("bad") : STR("pending"),
			   .received_ms = now };
	const struct kept kept = { .digest = STR("digest"),
				   .status = 200,
				   .etag = STR("\"1-1\""),
				   .body = STR("{\"no\":\"25\"}"),
				   .at_ms = now };
	int64_t id;

	m.raw = STR("\xff\xc1 odd");
	m.note = event.note;
	m.digest = store_text_digest(store, m.text, arena).now;
	in = in_add(who, &m);
	out.ticket_id = alike.ticket_id = event.ticket_id =
		ticket_of(who, in, 100 + k, "baru");
	OK(store_out_add(store, &out, &id, &err));
	OK(store_event_add(store, &event, &err));
	OK(store_alike_set(store, &alike, &err));
	OK(store_raw_add(store, &raw, &id, &err));
	OK(store_kept_add(store, the_token(), arena_printf(arena, "k%d", k), &kept,
			  &err));
	return who;
}

/* All of them can be read, and are found by number. */
static inline void all_is_well(int n)
{
	struct message_row *rows;
	struct message_out *out;
	struct event *events;
	struct alike alike;
	struct ticket t;
	struct kept kept;
	bool found;
	size_t count;

	for (int k = 1; k <= n; k++) {
		struct person p;

		OK(store_ticket_by_no(store, 100 + k, arena, &t, &err));
		is_text(t.text, "jalan rusak");
		OK(store_person_get(store, t.person_id, arena, &p, &err));
		assert_int_equal(person(p.address.p), t.person_id);
		OK(store_events(store, t.id, arena, &events, &count, &err));
		is_text(events[0].note, "jalan \"rusak\"");
		OK(store_list_out(store, t.id, arena, &out, &count, &err));
		is_text(out[0].text, "Terima kasih");
		assert_true(str_eq(out[0].to, p.address));
		OK(store_kept_get(store, the_token(), arena_printf(arena, "k%d", k),
				  arena, &kept, &found, &err));
		assert_true(found);
		is_text(kept.body, "{\"no\":\"25\"}");
		OK(store_alike_get(store, t.id, arena, &alike, &found, &err));
		is_text(alike.words, "rusak");
	}
	OK(store_list_messages(store, MESSAGES_ALL, 999, arena, &rows, &count, &err));
	assert_int_equal(count, n);
	is_text(rows[0].note, "jalan \"rusak\"");
	OK(store_list_messages(store, MESSAGES_UNPARSED, 999, arena, &rows, &count,
			       &err));
	assert_int_equal(count, (n + 1) / 2);
	assert_true(str_starts(rows[0].text, STR("<html>")));
}

static inline const char *number(int i)
{
	return arena_printf(arena, "+62812000%05d", i).p;
}

static inline struct store_keys keys_now(void)
{
	struct store_keys keys;

	store_keys(store, &keys);
	return keys;
}

static inline int step(int most)
{
	return store_begin(store, &err) || store_reseal(store, most, &err) ||
			       store_commit(store, &err)
		       ? -1
		       : 0;
}

static inline void go_over(void)
{
	for (int i = 0; i < 1000 && keys_now().changing; i++)
		OK(step(7));
	assert_false(keys_now().changing);
	assert_int_equal(keys_now().left, 0);
}

/* How many values are not sealed with key `n`; 0: that are sealed. */
static inline int64_t not_under(int n)
{
	char sql[800];

	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM (SELECT address AS v FROM person UNION ALL SELECT "
		 "text FROM message_in UNION ALL SELECT raw FROM message_in UNION ALL "
		 "SELECT note FROM message_in UNION ALL SELECT text FROM message_out "
		 "UNION ALL SELECT note FROM event UNION ALL SELECT words FROM alike "
		 "UNION ALL SELECT body FROM raw UNION ALL SELECT body FROM idempotency) "
		 "WHERE v IS NOT NULL AND (substr(v, 1, 2) = X'C1%02X') = 0",
		 (unsigned)n);
	return ask(sql);
}

static inline int without_key(void **state)
{
	key = old_key = NULL;
	return setup(state);
}

static inline int with_key(void **state)
{
	key = KEY_1;
	old_key = NULL;
	return setup(state);
}

static inline void fill(int n)
{
	OK(store_begin(store, &err));
	for (int k = 1; k <= n; k++)
		complaint(number(k), k);
	OK(store_commit(store, &err));
}

#define BARE(f)	  cmocka_unit_test_setup_teardown(f, without_key, teardown)
#define SEALED(f) cmocka_unit_test_setup_teardown(f, with_key, teardown)

#endif
