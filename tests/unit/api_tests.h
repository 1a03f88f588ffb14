/* SPDX-License-Identifier: MIT */
/* What the tests of the HTTP API share: a desk with its store, asked and looked at. */
#ifndef TESTS_API_TESTS_H
#define TESTS_API_TESTS_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_desk.h"
#include "store/inside.h"

static const char *const json_type[] = { "content-type", "application/json", NULL };

static struct api_desk desk;
static struct arena *arena;

static inline int api_setup(void **state)
{
	(void)state;
	arena = arena_new("test", 4 << 20);
	desk_open(&desk);
	return 0;
}

static inline int api_teardown(void **state)
{
	(void)state;
	desk_close(&desk);
	arena_free(arena);
	return 0;
}

static inline int get(const char *path, const char *query)
{
	return desk_ask(&desk, HTTP_GET, path, query, "", NULL);
}

static inline int post(const char *path, const char *body)
{
	return desk_ask(&desk, HTTP_POST, path, "", body, json_type);
}

/* What happened otherwise. */
static inline void set(const char *sql)
{
	struct store *s = engine_store(desk.engine);
	struct err err;

	if (s->driver->script(s->db, sql, &err))
		fail_msg("%s", err.text);
}

#define HAS(text)                                                 \
	do {                                                      \
		if (!strstr(desk.body, text))                     \
			fail_msg("no %s in %s", text, desk.body); \
	} while (0)
#define HAS_NOT(text) assert_null(strstr(desk.body, text))
#define AT_DESK(f)    cmocka_unit_test_setup_teardown(f, api_setup, api_teardown)

#endif
