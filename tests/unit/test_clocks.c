/* SPDX-License-Identifier: MIT */
/*
 * When a ticket's clocks ring: stories of tickets that nobody answers, that wait for the
 * citizen, are transferred, promised, reopened. Late wakes, changed rules and random
 * lives: test_clocks_lives.c.
 */
#include "clocks_case.h"

/* ---- how long ---- */

static void usual_periods(void **state)
{
	static const struct {
		enum ticket_kind kind;
		const char *settle;
	} kinds[] = {
		{ TICKET_KIND_QUESTION, "2025-08-11T16:00" },
		{ TICKET_KIND_WISH, "2025-08-11T16:00" },
		{ TICKET_KIND_ORDINARY, "2025-08-25T16:00" }, /* over 18 August */
		{ TICKET_KIND_INQUIRY, "2025-10-29T16:00" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct ticket t = routed(kinds[i].kind);

		same_time(deadline(&t, LIFE_CLOCK_SETTLE), kinds[i].settle);
		same_time(deadline(&t, LIFE_CLOCK_VERIFY), "2025-08-07T16:00");
		same_time(deadline(&t, LIFE_CLOCK_ANSWER), "2025-08-07T16:00");
		/* 60 calendar days, the last one whole. */
		assert_true(deadline(&t, LIFE_CLOCK_STATUTE) ==
			    at("2025-10-04T00:00") - 1);
		assert_true(deadline(&t, LIFE_CLOCK_REPLY) == 0); /* never began */
	}
}

/* Nobody at the office does anything, ever. */
static void the_ladder(void **state)
{
	static const struct {
		enum due_kind kind;
		const char *falls, *acts;
		enum life_level level;
		const char *reply;
	} rungs[] = {
		/* 75 % of four days of 8.5 hours; of 12 and three Fridays of 9 */
		{ DUE_ANSWER_REMIND, "2025-08-06T16:00", "2025-08-07T07:30", 0, NULL },
		{ DUE_ANSWER, "2025-08-07T16:00", "2025-08-08T07:30", 1, "NAIK" },
		{ DUE_ANSWER_SEKDA, "2025-08-11T16:00", "2025-08-12T07:30", 2, "NAIK" },
		{ DUE_ANSWER_REGENT, "2025-08-14T16:00", "2025-08-15T07:30", 3, "NAIK" },
		{ DUE_SETTLE_REMIND, "2025-08-20T09:45", "2025-08-20T09:45", 3, NULL },
		{ DUE_SETTLE, "2025-08-25T16:00", "2025-08-26T07:30", 3, "NAIK" },
		{ DUE_SETTLE_SEKDA, "2025-08-27T16:00", "2025-08-28T07:30", 3, "NAIK" },
		{ DUE_SETTLE_REGENT, "2025-09-01T16:00", "2025-09-02T07:30", 3, "NAIK" },
		{ DUE_AGAIN, "2025-09-17T16:00", "2025-09-18T07:30", 3, "NAIK" },
		{ DUE_STATUTE_ALARM, "2025-09-23T23:59:59.999", "2025-09-24T07:30", 3,
		  NULL },
		{ DUE_AGAIN, "2025-10-02T16:00", "2025-10-03T07:30", 3, "NAIK" },
		{ DUE_STATUTE, "2025-10-03T23:59:59.999", "2025-10-06T07:30", 3,
		  "OMBUDSMAN" },
		{ DUE_AGAIN, "2025-10-20T16:00", "2025-10-21T07:30", 3, "NAIK" },
		{ DUE_AGAIN, "2025-11-04T16:00", "2025-11-05T07:30", 3, "NAIK" },
	};
	struct ticket t = routed(TICKET_KIND_ORDINARY);

	(void)state;
	for (size_t i = 0; i < sizeof(rungs) / sizeof(*rungs); i++) {
		const char *before = i ? rungs[i - 1].acts : "2025-08-04T07:30";
		struct due due;
		struct life_step step;

		expects(&t, before, rungs[i].kind, rungs[i].falls, rungs[i].acts);
		due = next(&t, at(rungs[i].acts));
		assert_int_equal(due.skips, 0);
		assert_int_equal(lifecycle_step(&t.life, &due.act, &step), LIFE_OK);
		if (rungs[i].reply)
			assert_string_equal(step.reply, rungs[i].reply);
		else
			assert_null(step.reply);
		rings_at(&t, rungs[i].acts);
		assert_int_equal(t.life.level, rungs[i].level);
		assert_int_equal(t.life.state, TICKET_DITERUSKAN);
	}
}

/* At the desk: the day promised, then the limit. */
static void the_desk_has_clocks_too(void **state)
{
	struct ticket t = born(TICKET_KIND_ORDINARY, "2025-08-08T17:00"); /* Friday */

	(void)state;
	happens(&t, LIFE_OPENED_UNCLEAR, LIFE_GATEWAY, "2025-08-08T17:00");
	same_time(clocks_promise(RULES, cal, &t.life, &t.times, at("2025-08-08T17:00")),
		  "2025-08-12T16:00");
	expects(&t, "2025-08-08T17:00", DUE_VERIFY_REMIND, "2025-08-12T16:00",
		"2025-08-13T07:30");
	rings_at(&t, "2025-08-13T07:30");
	expects(&t, "2025-08-13T07:30", DUE_VERIFY, "2025-08-14T16:00",
		"2025-08-15T07:30");
	rings_at(&t, "2025-08-15T07:30");
	assert_int_equal(t.life.level, LIFE_LEVEL_HEAD);
	expects(&t, "2025-08-15T07:30", DUE_VERIFY_SEKDA, "2025-08-19T16:00",
		"2025-08-20T07:30");
	/* Routed at last: the office has its own three days from then. */
	happens(&t, LIFE_ROUTE, LIFE_DESK, "2025-08-19T09:00");
	same_time(deadline(&t, LIFE_CLOCK_ANSWER), "2025-08-22T16:30"); /* Friday */
	expects(&t, "2025-08-19T09:00", DUE_ANSWER_REMIND, "2025-08-22T08:15",
		"2025-08-22T08:15");
}

/* ---- questions ---- */

static void the_office_time_of_a_question_is_given_back(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);

	(void)state;
	/* Asked on Tuesday at 10, answered on Thursday at 11.30: 6 + 8.5 + 4 hours.
	 */
	happens(&t, LIFE_ASK, LIFE_OFFICER, "2025-08-05T10:00");
	assert_int_equal(next(&t, at("2025-08-05T10:00")).kind, DUE_REPLY_REMIND);
	happens(&t, LIFE_ANSWERED, LIFE_CITIZEN, "2025-08-07T11:30");
	same_time(deadline(&t, LIFE_CLOCK_ANSWER), "2025-08-12T08:30");
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-08-28T09:00");
	/* Calendar days are given back as days, the last one whole. */
	same_time(deadline(&t, LIFE_CLOCK_STATUTE), "2025-10-06T23:59:59.999");
	/* The reminder, too: from Wednesday 16.00 on, with Thursday, Friday and 1.5
	 * hours. */
	expects(&t, "2025-08-07T11:30", DUE_ANSWER_REMIND, "2025-08-11T08:30",
		"2025-08-11T08:30");
	/* Once more, over a weekend: only its office time counts. */
	happens(&t, LIFE_ASK, LIFE_OFFICER, "2025-08-08T16:00");
	happens(&t, LIFE_ANSWERED, LIFE_CITIZEN, "2025-08-11T07:00");
	same_time(deadline(&t, LIFE_CLOCK_ANSWER), "2025-08-12T09:00");
	/* A second question while the first waits is the same pause. */
	happens(&t, LIFE_ASK, LIFE_OFFICER, "2025-08-12T08:00");
	happens(&t, LIFE_ASK, LIFE_OFFICER, "2025-08-12T08:30");
	assert_int_equal(t.times.n_pauses, 3);
	happens(&t, LIFE_ANSWERED, LIFE_CITIZEN, "2025-08-12T09:00");
	same_time(deadline(&t, LIFE_CLOCK_ANSWER), "2025-08-12T10:00");
}

/* While it waits the deadline moves with the clock; it never comes. */
static void an_open_question(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);

	(void)state;
	happens(&t, LIFE_ASK, LIFE_OFFICER, "2025-08-07T15:00");
	same_time(clocks_deadline(RULES, cal, &t.life, &t.times, LIFE_CLOCK_ANSWER,
				  at("2025-08-07T15:00")),
		  "2025-08-07T16:00");
	same_time(clocks_deadline(RULES, cal, &t.life, &t.times, LIFE_CLOCK_ANSWER,
				  at("2025-08-08T08:30")),
		  "2025-08-08T09:30");
}

/* Who asks when the time is over has missed it all the same. */
static void asking_too_late_gives_nothing(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);

	(void)state;
	rings_at(&t, "2025-08-08T07:30");
	happens(&t, LIFE_ASK, LIFE_OFFICER, "2025-08-08T08:00");
	happens(&t, LIFE_ANSWERED, LIFE_CITIZEN, "2025-08-11T08:00");
	same_time(deadline(&t, LIFE_CLOCK_ANSWER), "2025-08-07T16:00");
	expects(&t, "2025-08-11T08:00", DUE_ANSWER_SEKDA, "2025-08-11T16:00",
		"2025-08-12T07:30");
}

static void too_many_questions(void **state)
{
	struct ticket t = routed(TICKET_KIND_INQUIRY);
	int64_t before = 0;

	(void)state;
	for (int i = 0; i < CLOCK_PAUSES_MOST + 5; i++) {
		struct life_act ask = { .event = LIFE_ASK,
					.who = LIFE_OFFICER,
					.at_ms = at("2025-08-05T10:00") + i * 60000 };
		struct life_act answer = { .event = LIFE_ANSWERED,
					   .who = LIFE_CITIZEN,
					   .at_ms = ask.at_ms + 30000 };

		assert_true(try(&t, ask));
		assert_true(try(&t, answer));
		if (i == CLOCK_PAUSES_MOST - 1)
			before = deadline(&t, LIFE_CLOCK_SETTLE);
	}
	assert_int_equal(t.times.n_pauses, CLOCK_PAUSES_MOST);
	assert_true(deadline(&t, LIFE_CLOCK_SETTLE) == before);
}

static void a_question_expires(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);
	struct due due;

	(void)state;
	happens(&t, LIFE_ASK, LIFE_OFFICER, "2025-08-05T22:00");
	/* News for citizens: not at midnight. */
	expects(&t, "2025-08-05T22:00", DUE_REPLY_REMIND, "2025-08-25T23:59:59.999",
		"2025-08-26T07:00");
	same_time(clocks_promise(RULES, cal, &t.life, &t.times, at("2025-08-05T22:00")),
		  "2025-09-04T23:59:59.999");
	due = rings_at(&t, "2025-08-26T07:00");
	assert_int_equal(due.act.event, LIFE_REMIND);
	expects(&t, "2025-08-26T07:00", DUE_REPLY, "2025-09-04T23:59:59.999",
		"2025-09-05T07:00");
	/* Asked again: thirty days again. */
	happens(&t, LIFE_ASK, LIFE_OFFICER, "2025-09-01T10:00");
	expects(&t, "2025-09-01T10:00", DUE_REPLY_REMIND, "2025-09-21T23:59:59.999",
		"2025-09-22T07:00");
	rings_at(&t, "2025-10-03T07:00");
	assert_int_equal(t.life.state, TICKET_DICABUT);
	assert_false(
		clocks_next(RULES, cal, &t.life, &t.times, at("2025-10-03T07:00"), &due));
	/* Answered after all: where it was, with a fresh clock, not overdue at once. */
	happens(&t, LIFE_ADDED, LIFE_CITIZEN, "2025-10-20T09:00");
	assert_int_equal(t.life.state, TICKET_DITERUSKAN);
	same_time(deadline(&t, LIFE_CLOCK_ANSWER), "2025-10-23T16:00");
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-10-27T16:00");
}

/* What the machine asked by itself must not keep a complaint from people. */
static void a_machines_question_is_short(void **state)
{
	struct ticket t = born(TICKET_KIND_ORDINARY, "2025-08-04T12:00");

	(void)state;
	happens(&t, LIFE_ASK_PLACE, LIFE_GATEWAY, "2025-08-04T12:00");
	expects(&t, "2025-08-04T12:00", DUE_REPLY, "2025-08-06T16:00",
		"2025-08-06T16:00");
	rings_at(&t, "2025-08-06T16:00");
	assert_int_equal(t.life.state, TICKET_PERIKSA);
	assert_int_equal(next(&t, at("2025-08-06T16:00")).kind, DUE_VERIFY_REMIND);
}

/* ---- transfers, promises, reopening ---- */

static void a_transfer_moves_only_the_offices_clock(void **state)
{
	struct ticket t = routed(TICKET_KIND_QUESTION);

	(void)state;
	rings_at(&t, "2025-08-08T07:30");
	happens(&t, LIFE_TRANSFER, LIFE_OFFICER, "2025-08-08T10:00");
	same_time(deadline(&t, LIFE_CLOCK_ANSWER), "2025-08-13T16:00");
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-08-11T16:00");
	/* The citizen's own deadline comes first now, and rings at the new office. */
	expects(&t, "2025-08-11T10:00", DUE_SETTLE_REMIND, "2025-08-08T12:07:30",
		"2025-08-11T07:30");
	rings_at(&t, "2025-08-11T07:30");
	expects(&t, "2025-08-11T10:00", DUE_SETTLE, "2025-08-11T16:00",
		"2025-08-12T07:30");
	assert_int_equal(t.life.level, LIFE_LEVEL_HEAD); /* it does not fall */
}

static void a_promise_is_a_deadline(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);
	struct due due;

	(void)state;
	promises(&t, LIFE_SCHEDULE, LIFE_OFFICER, "2025-08-06T10:00",
		 (struct when_date){ 2025, 12, 1 });
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-12-01T23:59:59.999");
	same_time(clocks_promise(RULES, cal, &t.life, &t.times, at("2025-08-06T10:00")),
		  "2025-12-01T23:59:59.999");
	/* No 60 days: it was decided, and he was told. */
	due = next(&t, at("2025-10-04T00:00"));
	assert_int_equal(due.kind, DUE_SETTLE_REMIND);
	rings(&t, due.act_ms);
	expects(&t, "2025-11-20T00:00", DUE_SETTLE, "2025-12-01T23:59:59.999",
		"2025-12-02T07:30");
	rings_at(&t, "2025-12-02T07:30");
	assert_int_equal(t.life.state, TICKET_DIPROSES);
	assert_int_equal(t.life.level, LIFE_LEVEL_HEAD);
	/* Work begins before the day: the promise stands. */
	t = routed(TICKET_KIND_ORDINARY);
	promises(&t, LIFE_SCHEDULE, LIFE_OFFICER, "2025-08-06T10:00",
		 (struct when_date){ 2025, 9, 1 });
	happens(&t, LIFE_PROGRESS, LIFE_OFFICER, "2025-08-20T10:00");
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-09-01T23:59:59.999");
	/* A question does not move it. */
	happens(&t, LIFE_ASK, LIFE_OFFICER, "2025-08-21T10:00");
	happens(&t, LIFE_ANSWERED, LIFE_CITIZEN, "2025-08-25T10:00");
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-09-01T23:59:59.999");
}

static void an_extension(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);

	(void)state;
	happens(&t, LIFE_ACCEPT, LIFE_OFFICER, "2025-08-04T10:00");
	rings_at(&t, "2025-08-26T07:30"); /* the deadline is missed */
	promises(&t, LIFE_EXTEND, LIFE_DESK, "2025-08-26T10:00",
		 (struct when_date){ 2025, 9, 10 });
	assert_int_equal(t.life.state, TICKET_DIPROSES);
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-09-10T23:59:59.999");
	assert_int_equal(next(&t, at("2025-08-27T10:00")).kind, DUE_SETTLE_REMIND);
	/* The law's outer limit stays where it was. */
	same_time(deadline(&t, LIFE_CLOCK_STATUTE), "2025-10-03T23:59:59.999");
}

static void a_reopened_one_is_not_overdue_at_once(void **state)
{
	struct ticket t = routed(TICKET_KIND_QUESTION);

	(void)state;
	happens(&t, LIFE_DONE, LIFE_OFFICER, "2025-08-27T10:00");
	expects(&t, "2025-08-27T10:00", DUE_CONFIRM, "2025-09-11T16:00",
		"2025-09-11T16:00");
	happens(&t, LIFE_NOT_FIXED, LIFE_CITIZEN, "2025-08-28T20:00");
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-09-08T16:00");
	same_time(clocks_promise(RULES, cal, &t.life, &t.times, at("2025-08-28T20:00")),
		  "2025-09-08T16:00");
	assert_true(next(&t, at("2025-08-28T20:00")).act_ms > at("2025-09-02T00:00"));
	/* And what was promised before is forgotten. */
	promises(&t, LIFE_SCHEDULE, LIFE_OFFICER, "2025-08-29T10:00",
		 (struct when_date){ 2025, 12, 1 });
	happens(&t, LIFE_DONE, LIFE_OFFICER, "2025-09-01T10:00");
	happens(&t, LIFE_NOT_FIXED, LIFE_CITIZEN, "2025-09-02T10:00");
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-09-10T16:00");
}

static void silence_after_done(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);

	(void)state;
	happens(&t, LIFE_DONE, LIFE_OFFICER, "2025-08-06T10:00");
	same_time(clocks_promise(RULES, cal, &t.life, &t.times, at("2025-08-06T10:00")),
		  "2025-08-21T16:00");
	rings_at(&t, "2025-08-21T16:00");
	assert_int_equal(t.life.state, TICKET_DITUTUP);
	assert_int_equal(t.life.closed_by, LIFE_GATEWAY);
	same_time(clocks_promise(RULES, cal, &t.life, &t.times, at("2025-08-22T10:00")),
		  "2025-09-20T23:59:59.999");
	/* The last evening of the thirty days; the minute after it is too late. */
	{
		struct ticket late = t;

		assert_false(try(&late, (struct life_act){ .event = LIFE_NOT_FIXED,
							   .who = LIFE_CITIZEN,
							   .at_ms = at("2025-09-21T00:00"
								       "") }));
	}
	happens(&t, LIFE_NOT_FIXED, LIFE_CITIZEN, "2025-09-20T23:59");
	assert_int_equal(t.life.state, TICKET_DIPROSES);
}

static void outside(void **state)
{
	struct ticket t = born(TICKET_KIND_ORDINARY, "2025-08-04T09:00");

	(void)state;
	happens(&t, LIFE_OPENED_OUTSIDE, LIFE_GATEWAY, "2025-08-04T09:00");
	expects(&t, "2025-08-04T09:00", DUE_WATCH, "2025-08-19T16:00",
		"2025-08-20T07:30");
	rings_at(&t, "2025-08-20T07:30");
	expects(&t, "2025-08-20T07:30", DUE_WATCH, "2025-09-03T16:00",
		"2025-09-04T07:30");
	rings_at(&t, "2025-09-04T07:30");
	assert_int_equal(t.life.state, TICKET_LUAR);
	rings_at(&t, "2025-10-06T07:30"); /* 60 days: it comes back to people */
	assert_int_equal(t.life.state, TICKET_PERIKSA);
	same_time(deadline(&t, LIFE_CLOCK_VERIFY), "2025-10-09T16:00");
	same_time(deadline(&t, LIFE_CLOCK_SETTLE), "2025-10-13T16:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_periods),
		cmocka_unit_test(the_ladder),
		cmocka_unit_test(the_desk_has_clocks_too),
		cmocka_unit_test(the_office_time_of_a_question_is_given_back),
		cmocka_unit_test(an_open_question),
		cmocka_unit_test(asking_too_late_gives_nothing),
		cmocka_unit_test(too_many_questions),
		cmocka_unit_test(a_question_expires),
		cmocka_unit_test(a_machines_question_is_short),
		cmocka_unit_test(a_transfer_moves_only_the_offices_clock),
		cmocka_unit_test(a_promise_is_a_deadline),
		cmocka_unit_test(an_extension),
		cmocka_unit_test(a_reopened_one_is_not_overdue_at_once),
		cmocka_unit_test(silence_after_done),
		cmocka_unit_test(outside),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
