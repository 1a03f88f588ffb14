/* SPDX-License-Identifier: MIT */
/*
 * A ticket with its clocks for the tests: things happen to it at written times, and what
 * rings next is compared with written times. Dates are of a Monday, 4 August 2025, and
 * on.
 */
#ifndef TESTS_CLOCKS_CASE_H
#define TESTS_CLOCKS_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/clocks.h"

enum { WIB = 25200 };

#define DAY_MS INT64_C(86400000)
#define RULES  (&clock_rules_usual)

static struct when_date holidays[] = {
	{ 2025, 8, 18 }, { 2025, 9, 5 }, { 2025, 12, 25 }, { 2026, 1, 1 }
};

static struct calendar_spec spec = {
	.zone_s = WIB,
	.workday = { false, true, true, true, true, true, false },
	.open_minute = 450,
	.close_minute = 960,
	.holidays = holidays,
	.n_holidays = sizeof(holidays) / sizeof(*holidays),
	.day = { [5] = { 450, 990 } },
};

static struct arena *arena;
static struct calendar *cal;

static inline int setup(void **state)
{
	struct err err;

	(void)state;
	arena = arena_new("test", 4 << 20);
	cal = arena ? calendar_build(&spec, arena, &err) : NULL;
	return cal ? 0 : -1;
}

static inline int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static int64_t at(const char *iso)
{
	int64_t ms = -1;

	if (!time_read_iso(str_of(iso), WIB, &ms))
		fail_msg("no time: %s", iso);
	return ms;
}

static inline void same_time(int64_t ms, const char *iso)
{
	if (ms != at(iso))
		fail_msg("%s, not %s", calendar_iso(cal, ms, arena).p, iso);
}

/* ---- a ticket ---- */

struct ticket {
	struct life life;
	struct clock_times times;
};

static bool try(struct ticket *t, struct life_act act)
{
	struct life_step step;

	t->life.window_ms = clocks_window(RULES, cal, t->life.closed_ms);
	if (lifecycle_step(&t->life, &act, &step) != LIFE_OK)
		return false;
	clocks_apply(&t->times, &step, act.at_ms);
	t->life = step.after;
	return true;
}

static inline void happens(struct ticket *t, enum life_event event, enum life_actor who,
			   const char *iso)
{
	if (!try(t, (struct life_act){ .event = event, .who = who, .at_ms = at(iso) }))
		fail_msg("%s is refused in %s", lifecycle_event_name(event),
			 ticket_state_code(t->life.state));
}

static inline void promises(struct ticket *t, enum life_event event, enum life_actor who,
			    const char *iso, struct when_date date)
{
	assert_true(try(t, (struct life_act){ .event = event,
					      .who = who,
					      .at_ms = at(iso),
					      .date_ms = clocks_date(cal, date) }));
}

static inline struct ticket born(enum ticket_kind kind, const char *iso)
{
	struct ticket t = { .life = lifecycle_new(kind, false, false) };

	clocks_open(&t.times, at(iso));
	return t;
}

/* At an office since Monday morning. */
static inline struct ticket routed(enum ticket_kind kind)
{
	struct ticket t = born(kind, "2025-08-04T07:30");

	happens(&t, LIFE_OPENED_ROUTED, LIFE_GATEWAY, "2025-08-04T07:30");
	return t;
}

static struct due next(const struct ticket *t, int64_t now)
{
	struct due due;

	if (!clocks_next(RULES, cal, &t->life, &t->times, now, &due))
		fail_msg("nothing is due in %s", ticket_state_code(t->life.state));
	return due;
}

/* The next thing is this, falls due then, and is done then. */
static inline void expects(const struct ticket *t, const char *now, enum due_kind kind,
			   const char *falls, const char *acts)
{
	struct due due = next(t, at(now));

	if (due.kind != kind)
		fail_msg("%s, not %s", clocks_due_name(due.kind), clocks_due_name(kind));
	same_time(due.at_ms, falls);
	same_time(due.act_ms, acts);
	assert_int_equal(due.act.who, LIFE_GATEWAY);
	assert_true(due.act.at_ms == due.act_ms);
}

static struct due rings(struct ticket *t, int64_t now)
{
	struct due due = next(t, now);
	struct life_act act = due.act;

	assert_true(due.act_ms <= now);
	act.at_ms = now;
	clocks_take(&t->times, &due, now);
	if (!try(t, act))
		fail_msg("%s is refused in %s", lifecycle_event_name(act.event),
			 ticket_state_code(t->life.state));
	return due;
}

static inline struct due rings_at(struct ticket *t, const char *iso)
{
	return rings(t, at(iso));
}

static inline int64_t deadline(const struct ticket *t, enum life_clock clock)
{
	return clocks_deadline(RULES, cal, &t->life, &t->times, clock, 0);
}

#endif
