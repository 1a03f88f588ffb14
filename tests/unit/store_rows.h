/* SPDX-License-Identifier: MIT */
/* What the tests of the store share: a store of their own in memory's file system, and
 * rows. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/inside.h"

enum { HOUR = 3600000, DAY = 24 * HOUR };
static const int64_t now = 1795482000000;

/* The suite runs with a key and without. */
#define KEY_1 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_2 "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8="
#define KEY_3 "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
static const char *key, *old_key;

static char folder[64], path[128];
static struct store *store;
static struct arena *arena;
static struct err err;

#define OK(call) good((call), #call, __LINE__)

static inline void good(int rc, const char *call, int line)
{
	if (rc)
		fail_msg("line %d: %s: %s", line, call, err.text);
}

static inline void is_text(struct str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static inline int open_at(const char *where, struct store **out)
{
	const struct store_settings settings = {
		.driver = STR("sqlite"),
		.path = str_of(where),
		.fast = true,
		.version = STR("test"),
		.key = str_of(key),
		.old_key = str_of(old_key),
	};

	return store_open(&settings, out, &err);
}

static inline int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "%s/kentongan-store-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/s.db", folder);
	arena = arena_new("test", 16 << 20);
	return arena ? open_at(path, &store) : -1;
}

static inline int teardown(void **state)
{
	struct dirent *entry;
	DIR *dir;

	(void)state;
	store_close(store);
	store = NULL;
	arena_free(arena);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir))) {
		char name[400];

		snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
		unlink(name);
	}
	if (dir)
		closedir(dir);
	return rmdir(folder);
}

/* ---- helpers that make rows ---- */

static inline int64_t person(const char *address)
{
	struct person p;

	OK(store_person(store, str_of(address), 0, now, &p, &err));
	return p.id;
}

static inline struct person person_of(int64_t id)
{
	struct person p = { 0 };

	if (id)
		OK(store_person_get(store, id, arena, &p, &err));
	return p;
}

static inline struct message_in text_from(const char *external_id)
{
	return (struct message_in){
		.provider = STR("utama"),
		.external_id = str_of(external_id),
		.recipient = STR("21708"),
		.text = STR("jalan rusak"),
		.digest = 77,
		.sent_ms = now - 1000,
		.received_ms = now,
		.kind = STR("complaint"),
	};
}

/* 0: it was there already. who 0: nobody. */
static inline int64_t in_add(int64_t who, const struct message_in *m)
{
	struct person p = person_of(who);
	int64_t id;

	OK(store_in_add(store, m, who ? &p : NULL, &id, &err));
	if (who && id)
		OK(store_person_save(store, &p, &err));
	return id;
}

static inline int64_t text_in(int64_t who, const char *external_id)
{
	const struct message_in m = text_from(external_id);

	return in_add(who, &m);
}

static inline int64_t ticket_of(int64_t who, int64_t message, int64_t no,
				const char *state)
{
	struct person p = person_of(who);
	struct ticket t = {
		.no = no,
		.message_id = message,
		.department = STR("PUPR"),
		.urgent = true,
		.kecamatan = STR("Cikupa"),
		.score = 2.5,
		.opened_ms = now,
		.changed_ms = now,
		.answer_due_ms = now + DAY,
	};
	int64_t id;

	assert_true(ticket_state_read(str_of(state), &t.life.state));
	OK(store_ticket_add(store, &t, &p, &id, &err));
	OK(store_person_save(store, &p, &err));
	return id;
}

static inline struct message_out reply_to(int64_t who, int priority, int64_t due_ms)
{
	return (struct message_out){
		.provider = STR("utama"),
		.person_id = who,
		.key = STR("receipt"),
		.text = STR("Terima kasih"),
		.segments = 1,
		.priority = priority,
		.state = STR("queued"),
		.due_ms = due_ms,
		.expires_ms = now + HOUR,
		.created_ms = now,
	};
}

static inline int64_t reply(int64_t who, int priority, int64_t due_ms)
{
	struct message_out m = reply_to(who, priority, due_ms);
	int64_t id;

	OK(store_out_add(store, &m, &id, &err));
	return id;
}

/* Those that leave. */
static inline struct message_out *claim(int limit, size_t *n)
{
	struct message_out *list;
	size_t all;

	OK(store_out_claim(store, STR("utama"), now, limit, arena, &list, &all, &err));
	*n = 0;
	for (size_t i = 0; i < all; i++)
		if (str_eq(list[i].state, STR("sending")))
			list[(*n)++] = list[i];
	return list;
}

static inline int64_t ask(const char *sql)
{
	int64_t n = -1;

	OK(store->driver->number(store->db, sql, &n, &err));
	return n;
}

/* How many bytes a value of n has when it is stored. */
static inline int64_t stored(int64_t n)
{
	return n + (key ? VAULT_OVERHEAD : 0);
}

#define RUN_BOTH(tests)                                                                  \
	(crypto_start(&err) || cmocka_run_group_tests_name("bare", tests, NULL, NULL) || \
	 (key = KEY_1, cmocka_run_group_tests_name("sealed", tests, NULL, NULL)))

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
