/* SPDX-License-Identifier: MIT */
/*
 * Lives of complaints: no state without a way out, by people and by the clock, and
 * hundreds of thousands of random events that must leave every invariant standing.
 */
#include "lifecycle_case.h"

/* ---- no state without a way out ---- */

/* States that rows of `who` lead to from `from`, in as many steps as it takes. */
static unsigned reach(enum ticket_state from, unsigned who)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);
	unsigned seen = 1u << from, before = 0;

	while (seen != before) {
		before = seen;
		for (size_t i = 0; i < n; i++)
			if (rows[i].who & who && rows[i].from & seen &&
			    rows[i].to < STATES)
				seen |= 1u << rows[i].to;
	}
	return seen;
}

static void every_state_has_a_way_out(void **state)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);
	unsigned any = 1u << LIFE_CITIZEN | 1u << LIFE_OFFICER | 1u << LIFE_DESK |
		       1u << LIFE_GATEWAY;

	(void)state;
	for (int s = 0; s < STATES; s++) {
		bool moves = false, clock = false;

		if (!ticket_state_open((enum ticket_state)s)) {
			assert_int_equal(lifecycle_clocks((enum ticket_state)s), 0);
			continue;
		}
		assert_true(lifecycle_clocks((enum ticket_state)s) != 0);
		for (size_t i = 0; i < n; i++) {
			if (!(rows[i].from >> s & 1) || rows[i].to == LIFE_TO_SAME)
				continue;
			moves |= rows[i].to != s;
		}
		/* The clock: to another state, or to a higher level. */
		for (size_t i = 0; i < n; i++)
			clock |= rows[i].from >> s & 1 &&
				 rows[i].event >= LIFE_DEADLINE &&
				 (rows[i].does & LIFE_RAISES ||
				  (rows[i].to != s && rows[i].to != LIFE_TO_SAME));
		if (!moves || !clock)
			fail_msg("no way out of %s",
				 ticket_state_code((enum ticket_state)s));
		/* Everything can come to a good end, and the citizen can always end it.
		 */
		assert_true(reach((enum ticket_state)s, any) >> TICKET_DITUTUP & 1);
		assert_true(reach((enum ticket_state)s, 1u << LIFE_CITIZEN) >>
				    TICKET_DICABUT &
			    1);
	}
	/* Each clock that runs in a state begins, or began, on every way into it. */
	for (size_t i = 0; i < n; i++)
		for (int s = 0; s < STATES; s++) {
			unsigned there, fed;

			if (!(rows[i].from >> s & 1) || rows[i].to >= STATES)
				continue;
			there = lifecycle_clocks((enum ticket_state)rows[i].to);
			fed = rows[i].start | LIFE_BIRTH_CLOCKS |
			      lifecycle_clocks((enum ticket_state)s);
			assert_int_equal(there & ~fed, 0);
		}
}

/* ---- random lives ---- */

static uint32_t chance;

static unsigned roll(unsigned sides)
{
	chance = chance * 1664525 + 1013904223;
	return (chance >> 8) % sides;
}

static void random_act(struct life *life, struct life_act *act, int64_t now)
{
	*act = (struct life_act){
		.event = (enum life_event)roll(LIFE_EVENT_COUNT),
		.who = (enum life_actor)roll(LIFE_ACTOR_COUNT),
		.at_ms = now,
		.date_ms = roll(2) ? now + 5 : 0,
		.rating = (int)roll(7),
		.proved = roll(4) > 0,
		.word = roll(2),
		.level = (enum life_level)roll(LIFE_LEVEL_COUNT),
		.parent = roll(2) ? &parent : NULL,
	};
	life->window_ms = roll(2) ? now : now - 1;
	life->followers = roll(3) == 0;
	parent.state = (enum ticket_state)roll(STATES);
	parent.sensitive = life->sensitive;
}

/* What may lead out of a closed state. */
static bool may_leave(enum ticket_state state, const struct life *life,
		      const struct life_act *act)
{
	bool in_time = act->at_ms <= life->window_ms;

	if (act->event == LIFE_REOPEN)
		return act->who == LIFE_DESK && state != TICKET_DIGABUNG;
	if (state == TICKET_DITUTUP)
		return in_time &&
		       (act->event == LIFE_NOT_FIXED || act->event == LIFE_APPEAL ||
			(act->event == LIFE_RATE && act->rating <= 2));
	if (state == TICKET_DITOLAK)
		return in_time && act->event == LIFE_APPEAL;
	if (state == TICKET_DICABUT)
		return in_time && life->closed_by == LIFE_GATEWAY &&
		       (act->event == LIFE_ANSWERED || act->event == LIFE_ADDED);
	return state == TICKET_DIGABUNG &&
	       (act->event == LIFE_UNMERGE || act->event == LIFE_WITHDRAW);
}

static void check_clocks(const struct life *was, const struct life_step *step)
{
	unsigned now = lifecycle_clocks(step->after.state);
	unsigned before = lifecycle_clocks(was->state);

	assert_int_equal(step->start | step->keep | step->resume, now);
	assert_int_equal(step->start & (step->keep | step->resume), 0);
	assert_int_equal(step->keep & step->resume, 0);
	assert_int_equal((step->stop | step->pause) & now, 0);
	assert_int_equal(step->stop | step->pause | (before & now), before);
	assert_int_equal(step->keep & ~before, 0);
	assert_true(step->pause == 0 || step->after.state == TICKET_TANYA);
	assert_int_equal(ticket_state_open(step->after.state), now != 0);
}

static void check_step(const struct life *was, const struct life_act *act,
		       const struct life_step *step)
{
	const struct life *is = &step->after;

	check_clocks(was, step);
	assert_in_range(is->transfers, was->transfers, LIFE_TRANSFERS_MOST);
	assert_in_range(is->level, was->level, LIFE_LEVEL_REGENT);
	assert_in_range(is->reopens - was->reopens, 0, 1);
	if (is->reopens > was->reopens)
		assert_true(is->level > was->level || is->level == LIFE_LEVEL_REGENT);
	else if (is->level > was->level)
		assert_int_equal(act->who, LIFE_GATEWAY);
	assert_true(is->before < TICKET_SELESAI && is->before != TICKET_TANYA);
	assert_int_equal(is->closed_ms != 0, !ticket_state_open(is->state));
	if (!ticket_state_open(was->state) && is->state != was->state &&
	    !may_leave(was->state, was, act))
		fail_msg("%s left by %s", ticket_state_code(was->state),
			 lifecycle_event_name(act->event));
	if (ticket_state_open(was->state) && !ticket_state_open(is->state))
		assert_true(act->who != LIFE_OFFICER || is->state == TICKET_DIGABUNG);
	assert_int_equal(is->sensitive, was->sensitive);
	assert_int_equal(is->kind, was->kind);
	if (is->secret != was->secret)
		assert_true(act->event == LIFE_HIDE ||
			    (act->event == LIFE_UNHIDE && act->word));
	if (act->event == LIFE_SCHEDULE || act->event == LIFE_EXTEND)
		assert_true(step->date_ms > act->at_ms);
}

static void random_lives(void **state)
{
	unsigned visited = 0, moved = 0;

	(void)state;
	for (unsigned seed = 1; seed <= 400; seed++) {
		struct life life;

		chance = seed;
		life = lifecycle_new((enum ticket_kind)roll(TICKET_KIND_COUNT),
				     roll(4) == 0, roll(4) == 0);
		for (int64_t now = 1; now <= 2000; now++) {
			struct life_act act;
			struct life_step step;

			random_act(&life, &act, now);
			if (lifecycle_step(&life, &act, &step) != LIFE_OK)
				continue;
			check_step(&life, &act, &step);
			moved += step.after.state != life.state;
			life = step.after;
			visited |= 1u << life.state;
		}
	}
	assert_int_equal(visited, (1u << STATES) - 1);
	assert_true(moved > 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_a_way_out),
		cmocka_unit_test(random_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
