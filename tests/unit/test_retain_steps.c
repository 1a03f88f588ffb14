/* SPDX-License-Identifier: MIT */
/*
 * When the retention's pass goes a step: in quiet moments four times a second; while
 * callers ask one question after the other it waits, but not for ever.
 */
#include "api_tests.h"

enum { ROWS = 40000, STEP_MS = 250, QUIET_MS = 100, PUT_OFF_MS = 2000 };

/* Enough to go over for a while. */
static int many_rows(void **state)
{
	char sql[300];

	api_setup(state);
	snprintf(sql, sizeof(sql),
		 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i "
		 "< %d) "
		 "INSERT INTO event (ticket_id, at, kind, actor, note) "
		 "SELECT 1, 1795482000000, 'diproses', 'gateway', x'' FROM n",
		 ROWS);
	set(sql);
	return 0;
}

/* How many rows the pass has gone over since it was asked for last. */
static int64_t went(void)
{
	static int64_t before;
	struct store *s = engine_store(desk.engine);
	int64_t now = 0, steps;
	struct err err;

	assert_int_equal(
		s->driver->number(s->db,
				  "SELECT coalesce(sum(n), 0) FROM counter WHERE "
				  "name = 'retain' AND day < 2",
				  &now, &err),
		0);
	steps = now - before;
	before = now;
	return steps;
}

static void idle(int64_t ms)
{
	desk_now += ms;
	engine_turn(desk.engine);
}

static void asked(int64_t ms)
{
	desk_now += ms;
	desk_send(&desk, HTTP_GET, STR("/api/v1/tickets"), STR(""), STR(""), NULL);
	engine_turn(desk.engine);
	assert_int_equal(desk.status, 200);
}

static void goes_on_while_nobody_asks(void **state)
{
	(void)state;
	idle(1);
	went();
	for (int i = 0; i < 5; i++) {
		idle(STEP_MS - 1);
		assert_int_equal(went(), 0);
		idle(1);
		assert_true(went() > 0);
	}
}

static void waits_while_callers_ask(void **state)
{
	int64_t at;

	(void)state;
	idle(1);
	went();
	at = desk_now;
	while (desk_now < at + STEP_MS + PUT_OFF_MS - QUIET_MS) {
		asked(QUIET_MS / 2);
		idle(1); /* nothing waits at this moment */
		assert_int_equal(went(), 0);
	}
	/* It has waited long enough. */
	while (desk_now < at + STEP_MS + PUT_OFF_MS)
		asked(QUIET_MS / 2);
	idle(1);
	assert_true(went() > 0);
	/* And when they fall silent it need not. */
	asked(STEP_MS);
	idle(QUIET_MS - 1);
	assert_int_equal(went(), 0);
	idle(1);
	assert_true(went() > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(goes_on_while_nobody_asks, many_rows,
						api_teardown),
		cmocka_unit_test_setup_teardown(waits_while_callers_ask, many_rows,
						api_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
