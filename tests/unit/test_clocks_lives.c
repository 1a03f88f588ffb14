/* SPDX-License-Identifier: MIT */
/*
 * What must hold for a ticket's clocks whatever happens: one ring after a late wake, none
 * lost when the machine's clock jumps or holidays and rules change, the same times after
 * they were written and read; every open ticket has one next due thing, and silence in
 * every state leads somewhere. Stories of single tickets: test_clocks.c.
 */
#include "clocks_case.h"

/* ---- late ---- */

/* The machine was down for three weeks: one step, the newest, with all that it stands
 * for. */
static void late_wake_rings_once(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);
	struct due due = rings_at(&t, "2025-08-29T09:00");
	uint32_t answer = 1u << DUE_ANSWER_REMIND | 1u << DUE_ANSWER |
			  1u << DUE_ANSWER_SEKDA | 1u << DUE_ANSWER_REGENT;

	(void)state;
	assert_int_equal(due.kind, DUE_SETTLE_SEKDA);
	assert_int_equal(due.skips, answer | 1u << DUE_SETTLE_REMIND | 1u << DUE_SETTLE);
	assert_int_equal(due.act.level, LIFE_LEVEL_REGENT); /* the highest among them */
	assert_int_equal(t.life.level, LIFE_LEVEL_REGENT);
	expects(&t, "2025-08-29T09:00", DUE_SETTLE_REGENT, "2025-09-01T16:00",
		"2025-09-02T07:30");
}

/* A missed deadline is not replaced by a later reminder, nor the Ombudsman by a deadline.
 */
static void late_wake_keeps_the_serious(void **state)
{
	struct ticket t = routed(TICKET_KIND_QUESTION);
	struct due due;

	(void)state;
	/* By 8 August: answer missed on the 7th, settle's reminder on the 8th. */
	due = rings_at(&t, "2025-08-08T16:00");
	assert_int_equal(due.kind, DUE_ANSWER);
	assert_int_equal(due.skips, 1u << DUE_ANSWER_REMIND | 1u << DUE_SETTLE_REMIND);
	t = routed(TICKET_KIND_INQUIRY);
	happens(&t, LIFE_ACCEPT, LIFE_OFFICER, "2025-08-04T10:00");
	due = rings_at(&t, "2025-11-20T09:00");
	assert_int_equal(due.kind, DUE_STATUTE);
	assert_int_equal(due.act.event, LIFE_STATUTE);
	assert_int_equal(due.act.level, LIFE_LEVEL_REGENT);
}

static void one_ring_a_day(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);
	int64_t now = at("2025-08-04T07:30"), last = 0;

	(void)state;
	promises(&t, LIFE_SCHEDULE, LIFE_OFFICER, "2025-08-04T08:00",
		 (struct when_date){ 2025, 11, 3 });
	/* The promise is broken long after the law's 60 days: two things on one morning.
	 */
	rings_at(&t, "2025-10-27T07:30");
	for (int i = 0; i < 8; i++) {
		now = next(&t, now).act_ms;
		rings(&t, now);
		assert_true(calendar_end_of_day(cal, last, 0) < now);
		last = now;
	}
	assert_true(t.times.done >> DUE_STATUTE & 1);
}

static void clock_jumps(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);
	struct due due;

	(void)state;
	/* Back, before its own birth: nothing rings, nothing breaks. */
	due = next(&t, at("2024-01-01T00:00"));
	assert_int_equal(due.kind, DUE_ANSWER_REMIND);
	same_time(due.act_ms, "2025-08-07T07:30");
	/* Forward by ten years: one step. Back again: the ladder goes on, none is lost.
	 */
	due = rings_at(&t, "2035-08-06T09:00");
	assert_int_equal(due.kind, DUE_STATUTE);
	due = next(&t, at("2025-08-06T09:00"));
	assert_int_equal(due.kind, DUE_AGAIN);
	assert_true(due.act_ms < at("2025-08-25T00:00"));
	assert_true(due.act_ms > at("2025-08-18T00:00"));
	/* Unless it is mended that comes later every day, and never. */
	clocks_mend(&t.times, at("2025-08-06T09:00"));
	same_time(t.times.last_ms, "2025-08-06T09:00");
	same_time(t.times.told_ms, "2025-08-06T09:00");
	assert_true(next(&t, at("2025-08-12T09:00")).act_ms == due.act_ms);
	clocks_mend(&t.times, at("2025-08-20T09:00"));
	same_time(t.times.told_ms, "2025-08-06T09:00");
}

/* ---- the operator changes things ---- */

static struct when_date decreed[] = { { 2025, 8, 7 }, { 2025, 8, 8 }, { 2025, 8, 11 } };

/* A decree makes days free: what has not rung is later, what has does not ring again. */
static void a_decree_in_mid_year(void **state)
{
	struct calendar_spec more = spec;
	struct ticket t = routed(TICKET_KIND_ORDINARY);
	struct calendar *usual = cal;
	struct err err;

	(void)state;
	rings_at(&t, "2025-08-07T07:30"); /* the reminder */
	more.leave = decreed;
	more.n_leave = sizeof(decreed) / sizeof(*decreed);
	cal = calendar_build(&more, arena, &err);
	assert_non_null(cal);
	same_time(deadline(&t, LIFE_CLOCK_ANSWER), "2025-08-12T16:00");
	expects(&t, "2025-08-07T07:31", DUE_ANSWER, "2025-08-12T16:00",
		"2025-08-13T07:30");
	rings_at(&t, "2025-08-13T07:30");
	cal = usual; /* the decree is withdrawn */
	expects(&t, "2025-08-13T07:31", DUE_ANSWER_SEKDA, "2025-08-11T16:00",
		"2025-08-14T07:30");
}

static void other_rules(void **state)
{
	struct clock_rules rules = clock_rules_usual;
	struct ticket t = routed(TICKET_KIND_ORDINARY);
	struct due due;

	(void)state;
	rules.answer = (struct clock_period){ 2, CLOCK_CALENDAR };
	rules.remind_percent = 50;
	assert_true(clocks_next(&rules, cal, &t.life, &t.times, at("2025-08-04T08:00"),
				&due));
	assert_int_equal(due.kind, DUE_ANSWER_REMIND);
	assert_true(due.at_ms > at("2025-08-05T15:40") &&
		    due.at_ms < at("2025-08-05T15:50"));
	assert_true(clocks_deadline(&rules, cal, &t.life, &t.times, LIFE_CLOCK_ANSWER,
				    0) == at("2025-08-07T00:00") - 1);
}

/* A rung below one that was done does not ring any more, whatever the rules say now. */
static void no_way_down_the_ladder(void **state)
{
	struct clock_rules rules = clock_rules_usual;
	struct ticket t = born(TICKET_KIND_ORDINARY, "2025-08-04T08:00");
	struct due due;

	(void)state;
	rules.verify_promise.n = 9;
	t.times.done = 1u << DUE_VERIFY;
	assert_true(clocks_next(&rules, cal, &t.life, &t.times, at("2025-08-04T08:00"),
				&due));
	assert_int_equal(due.kind, DUE_VERIFY_SEKDA);
	t.times.done |= 1u << DUE_VERIFY_REGENT;
	assert_true(clocks_next(&rules, cal, &t.life, &t.times, at("2025-08-04T08:00"),
				&due));
	assert_int_equal(due.kind, DUE_SETTLE_REMIND);
}

/* A clock without a beginning is as old as the ticket, not as old as Unix. */
static void a_clock_without_a_beginning(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);

	(void)state;
	t.times.started_ms[LIFE_CLOCK_ANSWER] = 0;
	expects(&t, "2025-08-04T08:00", DUE_ANSWER_REMIND, "2025-08-06T16:00",
		"2025-08-07T07:30");
}

static void quiet_hours(void **state)
{
	struct clock_rules rules = clock_rules_usual;

	(void)state;
	same_time(clocks_quiet(RULES, cal, at("2025-08-06T20:59:59")),
		  "2025-08-06T20:59:59");
	same_time(clocks_quiet(RULES, cal, at("2025-08-06T21:00")), "2025-08-07T07:00");
	same_time(clocks_quiet(RULES, cal, at("2025-08-06T23:59:59.999")),
		  "2025-08-07T07:00");
	same_time(clocks_quiet(RULES, cal, at("2025-08-07T00:00")), "2025-08-07T07:00");
	same_time(clocks_quiet(RULES, cal, at("2025-08-07T06:59:59.999")),
		  "2025-08-07T07:00");
	same_time(clocks_quiet(RULES, cal, at("2025-08-07T07:00")), "2025-08-07T07:00");
	same_time(clocks_quiet(RULES, cal, at("2024-02-28T22:00")), "2024-02-29T07:00");
	rules.quiet_from = 720;
	rules.quiet_to = 780; /* at noon only */
	same_time(clocks_quiet(&rules, cal, at("2025-08-06T11:59")), "2025-08-06T11:59");
	same_time(clocks_quiet(&rules, cal, at("2025-08-06T12:00")), "2025-08-06T13:00");
	same_time(clocks_quiet(&rules, cal, at("2025-08-06T13:00")), "2025-08-06T13:00");
	same_time(clocks_quiet(&rules, cal, at("2025-08-06T23:00")), "2025-08-06T23:00");
	rules.quiet_to = 720; /* never */
	same_time(clocks_quiet(&rules, cal, at("2025-08-06T12:00")), "2025-08-06T12:00");
}

/* {tgl} is never in the past: a broken promise is followed by the
 * moment when the citizen hears of it next. */
static void dates_to_tell(void **state)
{
	struct ticket t = routed(TICKET_KIND_ORDINARY);

	(void)state;
	same_time(clocks_promise(RULES, cal, &t.life, &t.times, at("2025-08-04T07:30")),
		  "2025-08-07T16:00");
	rings_at(&t, "2025-08-08T07:30");
	same_time(clocks_promise(RULES, cal, &t.life, &t.times, at("2025-08-08T07:30")),
		  "2025-08-12T07:30");
	happens(&t, LIFE_ACCEPT, LIFE_OFFICER, "2025-08-08T08:00");
	same_time(clocks_promise(RULES, cal, &t.life, &t.times, at("2025-08-08T08:00")),
		  "2025-08-25T16:00");
	t.life.state = TICKET_DIGABUNG;
	t.life.closed_ms = at("2025-08-08T08:00");
	assert_true(clocks_promise(RULES, cal, &t.life, &t.times,
				   at("2025-08-08T08:00")) == 0);
	assert_true(clocks_window(RULES, cal, 0) == 0);
}

/* ---- as text ---- */

static bool same_times(const struct clock_times *a, const struct clock_times *b)
{
	if (a->n_pauses != b->n_pauses)
		return false;
	for (size_t i = 0; i < a->n_pauses; i++)
		if (a->pauses[i].from_ms != b->pauses[i].from_ms ||
		    a->pauses[i].to_ms != b->pauses[i].to_ms)
			return false;
	return memcmp(a->started_ms, b->started_ms, sizeof(a->started_ms)) == 0 &&
	       a->promised_ms == b->promised_ms && a->fresh == b->fresh &&
	       a->done == b->done && a->last_ms == b->last_ms;
}

static void check_text(const struct clock_times *times)
{
	struct buf out = BUF_INIT(2000);
	struct clock_times back;

	clocks_write(times, &out);
	assert_false(out.failed);
	if (!clocks_read(buf_str(&out), &back) || !same_times(times, &back))
		fail_msg("%.*s", STR_ARG(buf_str(&out)));
	buf_free(&out);
}

static void as_text(void **state)
{
	static const char *const none[] = {
		"verify",
		"verify=",
		"verify=0",
		"verify=-5",
		"verify=x",
		"hm=1",
		"fresh=2",
		"done=-1",
		"done=9999999999",
		"pause=5",
		"pause=-",
		"pause=9-5",
		"pause=5- pause=7-",
		"verify=1 ",
		" verify=1",
		"verify=1  answer=2",
		"verify=999999999999999999",
	};
	struct clock_times t = { .n_pauses = 0 }, kept;

	(void)state;
	check_text(&t);
	assert_true(clocks_read(STR(""), &t));
	assert_true(clocks_read(STR("verify=1 answer=2 fresh=1 done=6 last=9 pause=3-4 "
				    "pause=5-"),
				&t));
	assert_true(t.started_ms[LIFE_CLOCK_ANSWER] == 2 && t.fresh && t.done == 6);
	assert_true(t.n_pauses == 2 && t.pauses[1].to_ms == 0 && t.pauses[0].to_ms == 4);
	check_text(&t);
	kept = t;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		if (clocks_read(str_of(none[i]), &t))
			fail_msg("\"%s\" is read", none[i]);
		assert_true(same_times(&t, &kept));
	}
}

/* ---- silence, and random lives ---- */

/* An open ticket has one next due thing, and no other has any. */
static struct due check_next(const struct ticket *t, int64_t now)
{
	struct due due;
	bool any = clocks_next(RULES, cal, &t->life, &t->times, now, &due);

	if (any != ticket_state_open(t->life.state))
		fail_msg("%s: due %d", ticket_state_code(t->life.state), any);
	if (!any)
		return (struct due){ .kind = DUE_KIND_COUNT };
	assert_true(due.act_ms >= due.at_ms);
	assert_false(due.skips >> due.kind & 1);
	assert_true(lifecycle_clocks(t->life.state) != 0);
	if (t->life.state == TICKET_TANYA || t->life.state == TICKET_SELESAI)
		assert_true(clocks_quiet(RULES, cal, due.act_ms) == due.act_ms);
	else
		assert_true(calendar_office_open(cal, due.act_ms));
	return due;
}

/* Nobody says anything for three years; only the clock goes on. */
static void silence(struct ticket t, int64_t now)
{
	int64_t last = 0, end = now + 1100 * DAY_MS;
	enum ticket_state first = t.life.state;
	unsigned rang = 0;

	for (;;) {
		struct due due = check_next(&t, now);

		if (due.kind == DUE_KIND_COUNT)
			break;
		now = due.act_ms > now ? due.act_ms : now;
		if (now > end)
			break;
		rings(&t, now);
		assert_true(last == 0 || calendar_end_of_day(cal, last, 0) < now);
		last = now;
		rang++;
	}
	if (rang == 0)
		fail_msg("silence in %s: never rang", ticket_state_code(first));
	/* What waited for the citizen is closed; all else is as high as it can get. */
	if (ticket_state_open(t.life.state)) {
		assert_int_equal(t.life.level, LIFE_LEVEL_REGENT);
		assert_true(t.times.done >> DUE_STATUTE & 1);
		assert_true(rang > 20 && rang < 200);
	}
}

static uint32_t chance;

static unsigned roll(unsigned sides)
{
	chance = chance * 1664525 + 1013904223;
	return (chance >> 8) % sides;
}

static void random_lives(void **state)
{
	unsigned silent = 0;

	(void)state;
	for (unsigned seed = 1; seed <= 150; seed++) {
		struct ticket t = { .life = lifecycle_new(seed % TICKET_KIND_COUNT, false,
							  false) };
		int64_t now = at("2024-02-26T07:00");
		struct life parent = lifecycle_new(TICKET_KIND_WISH, false, false);

		chance = seed;
		clocks_open(&t.times, now);
		for (int i = 0; i < 120; i++) {
			struct due due = check_next(&t, now);

			check_text(&t.times);
			now += roll(5 * 86400) * INT64_C(1000);
			if (due.kind != DUE_KIND_COUNT && due.act_ms <= now) {
				now = roll(3) ? due.act_ms : now;
				rings(&t, now);
				continue;
			}
			(void)try(&t, (struct life_act){
					      .event = (enum life_event)roll(LIFE_REMIND),
					      .who = (enum life_actor)roll(4),
					      .at_ms = now,
					      .date_ms = now + roll(90) * DAY_MS,
					      .rating = (int)roll(6),
					      .proved = true,
					      .parent = roll(4) ? NULL : &parent });
			if (roll(12) == 0 && ticket_state_open(t.life.state)) {
				silence(t, now);
				silent++;
			}
		}
	}
	assert_true(silent > 200);
}

static void silence_everywhere(void **state)
{
	(void)state;
	for (int s = 0; s < TICKET_STATE_COUNT; s++)
		for (int before = 0; before < TICKET_STATE_COUNT; before++)
			for (int asked = 0; asked < 2; asked++) {
				struct ticket t = routed(TICKET_KIND_ORDINARY);

				if (!ticket_state_open((enum ticket_state)s) ||
				    before > TICKET_LUAR || before == TICKET_TANYA)
					continue;
				for (int c = 0; c < LIFE_CLOCK_COUNT; c++)
					t.times.started_ms[c] = at("2025-08-04T07:30");
				t.life.state = (enum ticket_state)s;
				t.life.before = (enum ticket_state)before;
				t.life.asked_by = asked ? LIFE_GATEWAY : LIFE_OFFICER;
				silence(t, at("2025-08-04T07:30"));
				/* A ticket from another time, of which nothing is known.
				 */
				memset(&t.times, 0, sizeof(t.times));
				silence(t, at("2025-08-04T07:30"));
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_wake_rings_once),
		cmocka_unit_test(late_wake_keeps_the_serious),
		cmocka_unit_test(one_ring_a_day),
		cmocka_unit_test(clock_jumps),
		cmocka_unit_test(a_decree_in_mid_year),
		cmocka_unit_test(other_rules),
		cmocka_unit_test(no_way_down_the_ladder),
		cmocka_unit_test(a_clock_without_a_beginning),
		cmocka_unit_test(quiet_hours),
		cmocka_unit_test(dates_to_tell),
		cmocka_unit_test(as_text),
		cmocka_unit_test(random_lives),
		cmocka_unit_test(silence_everywhere),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
