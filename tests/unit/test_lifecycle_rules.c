/* SPDX-License-Identifier: MIT */
/*
 * What the table of a complaint's life must never do: the ten rules of domain section
 * 4.2, merging, hiding, escalation. Line by line: test_lifecycle.c; random lives:
 * test_lifecycle_lives.c.
 */
#include "lifecycle_case.h"

/* ---- the ten rules of domain section 4.2 ---- */

static struct life_step done(const char *given)
{
	struct life life;
	struct life_act act;
	struct life_step step;

	read_case(given, &life, &act);
	if (lifecycle_step(&life, &act, &step) != LIFE_OK)
		fail_msg("%s is refused", given);
	return step;
}

static bool open_row(const struct life_row *row)
{
	return row->to >= STATES || ticket_state_open((enum ticket_state)row->to);
}

/* Only what is being stored as new says "Laporan diterima, No …", and it always does. */
static void rule_1_the_number_comes_with_the_ticket(void **state)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool ack = rows[i].reply && strncmp(rows[i].reply, "ACK_", 4) == 0;
		bool opens = rows[i].event <= LIFE_OPENED_OUTSIDE;

		if (opens) {
			assert_int_equal(rows[i].from, 1u << TICKET_BARU);
			assert_int_equal(rows[i].who, 1u << LIFE_GATEWAY);
			assert_non_null(rows[i].reply);
		}
		if (ack && !opens)
			assert_true(rows[i].from == 1u << TICKET_BARU ||
				    rows[i].from == 1u << TICKET_ARSIP);
	}
	assert_int_equal(lifecycle_new(TICKET_KIND_WISH, false, false).state,
			 TICKET_BARU);
}

static void rule_2_a_transfer_never_closes(void **state)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (rows[i].event == LIFE_TRANSFER || rows[i].event == LIFE_OUTSIDE ||
		    rows[i].event == LIFE_ROUTE || rows[i].event == LIFE_RECALL ||
		    rows[i].event == LIFE_REJECT_PROPOSED)
			assert_true(open_row(&rows[i]));
}

static void rule_3_a_transfer_keeps_the_citizens_clock(void **state)
{
	const unsigned citizens = 1u << LIFE_CLOCK_SETTLE | 1u << LIFE_CLOCK_STATUTE;
	struct life_step step = done("diteruskan transfer officer");
	struct life_act act = { .event = LIFE_TRANSFER,
				.who = LIFE_OFFICER,
				.at_ms = NOW };
	struct life life;

	(void)state;
	assert_int_equal(step.after.transfers, 1);
	assert_int_equal(step.start, 1u << LIFE_CLOCK_ANSWER);
	assert_int_equal(step.keep & citizens, citizens);
	life = step.after;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
	assert_int_equal(step.after.transfers, 2);
	assert_int_equal(step.after.state, TICKET_DITERUSKAN);
	/* The third time the desk decides, and the citizen is told why. */
	life = step.after;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
	assert_int_equal(step.after.state, TICKET_PERIKSA);
	assert_int_equal(step.after.transfers, 2);
	assert_int_equal(step.told, LIFE_TOLD_DESK);
	assert_string_equal(step.reply, "PINDAH");
	assert_int_equal(step.start, 1u << LIFE_CLOCK_VERIFY);
	assert_int_equal(step.keep & citizens, citizens);
}

static void rule_4_the_accused_does_not_decide(void **state)
{
	struct life life = lifecycle_new(TICKET_KIND_INQUIRY, true, false);

	(void)state;
	for (int s = 0; s < STATES; s++)
		for (int e = 0; e < LIFE_EVENT_COUNT; e++)
			for (unsigned i = 0; i < COMBINATIONS; i += 11) {
				struct life_act act = { .event = (enum life_event)e,
							.who = LIFE_ACCUSED };
				struct life_step step;

				combine(i, &life, &act);
				life.state = (enum ticket_state)s;
				assert_int_equal(lifecycle_step(&life, &act, &step),
						 LIFE_NOT_YOURS);
				assert_false(lifecycle_visible(&life, LIFE_ACCUSED));
				assert_false(lifecycle_visible(&life, LIFE_STRANGER));
				assert_true(lifecycle_visible(&life, LIFE_DESK));
				assert_true(lifecycle_visible(&life, LIFE_CITIZEN));
			}
	/* Nothing sensitive reaches an office or a body outside without the desk, but the
	 * one that the router chose for it: the inspectorate. */
	for (int e = 0; e < LIFE_EVENT_COUNT; e++)
		for (unsigned i = 0; i < COMBINATIONS; i++) {
			struct life_act act = { .event = (enum life_event)e,
						.who = LIFE_GATEWAY };
			struct life_step step;

			combine(i, &life, &act);
			life.sensitive = true;
			life.state = TICKET_BARU;
			if (e != LIFE_OPENED_ROUTED &&
			    lifecycle_step(&life, &act, &step) == LIFE_OK)
				assert_true(step.after.state != TICKET_DITERUSKAN &&
					    step.after.state != TICKET_LUAR);
			act.who = LIFE_OFFICER;
			life.state = TICKET_DIPROSES;
			if (lifecycle_step(&life, &act, &step) == LIFE_OK)
				assert_true(step.after.state != TICKET_DITERUSKAN &&
					    step.after.state != TICKET_LUAR);
		}
}

/* Hidden from officers, too, until somebody of the desk has passed it on. */
static void rule_4_secrets_wait_for_the_desk(void **state)
{
	struct life life = lifecycle_new(TICKET_KIND_ORDINARY, false, true);

	(void)state;
	assert_false(lifecycle_visible(&life, LIFE_OFFICER));
	life.state = TICKET_TANYA;
	life.before = TICKET_PERIKSA;
	assert_false(lifecycle_visible(&life, LIFE_OFFICER));
	life.before = TICKET_DITERUSKAN;
	assert_true(lifecycle_visible(&life, LIFE_OFFICER));
	life.state = TICKET_PERIKSA;
	life.secret = false;
	assert_true(lifecycle_visible(&life, LIFE_OFFICER));
}

static void rule_5_done_is_a_claim_and_the_citizen_closes(void **state)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);
	struct life_step step = done("diproses done officer");

	(void)state;
	assert_int_equal(step.after.state, TICKET_SELESAI);
	assert_true(ticket_state_open(step.after.state));
	assert_string_equal(step.reply, "SELESAI");
	for (size_t i = 0; i < n; i++)
		if (rows[i].to == TICKET_DITUTUP) {
			assert_int_equal(rows[i].from, 1u << TICKET_SELESAI);
			assert_true(rows[i].who == 1u << LIFE_CITIZEN ||
				    rows[i].event == LIFE_CLOSE_SILENCE);
		}
	/* "Not fixed" reaches the office, from `selesai` and from `ditutup`. */
	step = done("selesai not_fixed citizen");
	assert_int_equal(step.after.state, TICKET_DIPROSES);
	assert_int_equal(step.told, LIFE_TOLD_HEAD);
	step = done("ditutup not_fixed citizen window");
	assert_int_equal(step.after.state, TICKET_DIPROSES);
	assert_int_equal(step.told, LIFE_TOLD_HEAD);
	assert_true(step.after.closed_ms == 0);
}

static void rule_6_a_bad_rating_is_not_fixed(void **state)
{
	static const char *const from[] = { "selesai", "ditutup" };
	char given[80];

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (int rating = 1; rating <= 5; rating++) {
			struct life_step step, same;

			(void)snprintf(given, sizeof(given),
				       "%s rate citizen window rating=%d", from[i],
				       rating);
			step = done(given);
			(void)snprintf(given, sizeof(given),
				       "%s not_fixed citizen window", from[i]);
			same = done(given);
			assert_int_equal(step.after.rating, rating);
			if (rating > 2) {
				assert_int_equal(step.after.state, TICKET_DITUTUP);
				continue;
			}
			assert_int_equal(step.after.state, same.after.state);
			assert_int_equal(step.after.level, same.after.level);
			assert_int_equal(step.after.reopens, 1);
			assert_int_equal(step.start, same.start);
			assert_int_equal(step.told, same.told);
		}
}

/* Rated once for each time that it was claimed done. */
static void rule_6_rated_anew(void **state)
{
	struct life life = done("selesai rate citizen rating=4").after;
	struct life_act act = {
		.event = LIFE_RATE, .who = LIFE_CITIZEN, .at_ms = NOW, .rating = 1
	};
	struct life_step step;

	(void)state;
	life.window_ms = NOW;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_RATED);
	act.event = LIFE_NOT_FIXED;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
	life = step.after;
	act.event = LIFE_DONE;
	act.who = LIFE_OFFICER;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
	life = step.after;
	assert_int_equal(life.rating, 0);
	act.event = LIFE_RATE;
	act.who = LIFE_CITIZEN;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
	assert_int_equal(step.after.state, TICKET_DIPROSES);
}

static void rule_7_each_reopening_goes_one_level_higher(void **state)
{
	struct life_act claim = { .event = LIFE_DONE, .who = LIFE_OFFICER, .at_ms = NOW };
	struct life_act no = { .event = LIFE_NOT_FIXED,
			       .who = LIFE_CITIZEN,
			       .at_ms = NOW };
	struct life life = done("diteruskan accept officer").after;
	struct life_step step;

	(void)state;
	for (int i = 1; i <= 5; i++) {
		int top = i < LIFE_LEVEL_REGENT ? i : LIFE_LEVEL_REGENT;

		assert_int_equal(lifecycle_step(&life, &claim, &step), LIFE_OK);
		assert_int_equal(step.after.level, life.level);
		life = step.after;
		assert_int_equal(lifecycle_step(&life, &no, &step), LIFE_OK);
		life = step.after;
		assert_int_equal(life.level, top);
		assert_int_equal(life.reopens, i);
	}
	/* Claimed by the head of the department: the regional secretary's. */
	life = done("diteruskan accept officer").after;
	claim.level = LIFE_LEVEL_HEAD;
	assert_int_equal(lifecycle_step(&life, &claim, &step), LIFE_OK);
	life = step.after;
	assert_int_equal(lifecycle_step(&life, &no, &step), LIFE_OK);
	assert_int_equal(step.after.level, LIFE_LEVEL_SEKDA);
	/* Whoever reopens what was closed: the same. */
	assert_int_equal(done("ditolak appeal citizen window").after.level, 1);
	assert_int_equal(done("ditolak reopen desk level=1").after.level, 2);
	assert_int_equal(done("ditutup rate citizen window rating=2").after.level, 1);
}

static void rule_8_only_a_question_stops_the_clock(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct life life;
		struct life_act act;
		struct life_step step = done(steps[i].given);

		read_case(steps[i].given, &life, &act);
		if (step.pause == 0)
			continue;
		assert_int_equal(step.after.state, TICKET_TANYA);
		assert_true(strncmp(step.reply, "TANYA_", 6) == 0);
		assert_int_equal(step.start, 1u << LIFE_CLOCK_REPLY);
		assert_int_equal(step.after.before, life.state);
		assert_int_equal(step.pause, lifecycle_clocks(life.state));
	}
	/* Waiting for one's own budget is a promise with a date, on which its clock ends.
	 */
	assert_int_equal(done("diproses schedule officer dated").date_ms, LATER);
	assert_int_equal(lifecycle_clocks(TICKET_DIJADWALKAN), 1u << LIFE_CLOCK_SETTLE);
	/* Back to where it was, and everything goes on there. */
	for (int s = TICKET_BARU; s <= TICKET_LUAR; s++) {
		struct life life = lifecycle_new(TICKET_KIND_ORDINARY, false, false);
		struct life_act act = { .event = LIFE_ASK,
					.who = LIFE_DESK,
					.at_ms = NOW };
		struct life_step step;

		if (s == TICKET_TANYA)
			continue;
		life.state = (enum ticket_state)s;
		assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
		act.event = LIFE_ANSWERED;
		act.who = LIFE_CITIZEN;
		life = step.after;
		assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
		assert_int_equal(step.after.state, s);
		assert_int_equal(step.resume, lifecycle_clocks((enum ticket_state)s));
		assert_int_equal(step.start, 0);
	}
}

/* No officer ends a ticket; a merge he may undo it, all else the citizen or the desk. */
static void rule_9_nothing_is_deleted(void **state)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);
	unsigned back = 0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (!open_row(&rows[i]) && rows[i].who >> LIFE_OFFICER & 1)
			assert_true(rows[i].to == TICKET_DIGABUNG &&
				    rows[i].when & LIFE_IF_PROVED);
		if (rows[i].to == TICKET_DITOLAK || rows[i].to == TICKET_ARSIP)
			assert_true(rows[i].from <=
				    (1u << TICKET_BARU | 1u << TICKET_PERIKSA));
		if (open_row(&rows[i]) && rows[i].to != LIFE_TO_SAME)
			back |= rows[i].from;
	}
	for (int s = 0; s < STATES; s++)
		if (!(back >> s & 1))
			fail_msg("no way back from %s",
				 ticket_state_code((enum ticket_state)s));
}

static void rule_10_who_does_not_answer_is_no_liar(void **state)
{
	struct life_step step = done("tanya ask_expired gateway");
	struct life_act act = { .event = LIFE_ADDED, .who = LIFE_CITIZEN, .at_ms = NOW };
	struct life life = step.after;

	(void)state;
	/* 30 days without an answer: taken as withdrawn, said so, and still to be had. */
	assert_int_equal(life.state, TICKET_DICABUT);
	assert_string_equal(step.reply, "DICABUT_DIAM");
	life.window_ms = NOW;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
	assert_int_equal(step.after.state, TICKET_DIPROSES);
	/* Withdrawn by himself it is not. */
	life = done("diproses withdraw citizen").after;
	life.window_ms = NOW;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_WITHDRAWN);
	/* A question of the machine's that nobody answers never ends a complaint. */
	for (unsigned i = 0; i < COMBINATIONS; i++) {
		act.event = LIFE_ASK_EXPIRED;
		act.who = LIFE_GATEWAY;
		combine(i, &life, &act);
		life.state = TICKET_TANYA;
		life.asked_by = LIFE_GATEWAY;
		assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
		assert_true(ticket_state_open(step.after.state) &&
			    step.after.state != TICKET_TANYA);
	}
}

/* ---- merging ---- */

static void merging(void **state)
{
	struct life a = lifecycle_new(TICKET_KIND_ORDINARY, false, false), b = a;
	struct life_step step;

	(void)state;
	assert_true(lifecycle_may_follow(&a, &b));
	assert_false(lifecycle_may_follow(&a, &a));
	for (int s = 0; s < STATES; s++) {
		b.state = (enum ticket_state)s;
		assert_int_equal(lifecycle_may_follow(&a, &b), s <= TICKET_SELESAI);
	}
	b.state = TICKET_DIPROSES;
	b.sensitive = true;
	assert_false(lifecycle_may_follow(&a, &b));
	/* A withdrawal does not take the matter from the others who reported it. */
	step = done("diproses withdraw citizen followed");
	assert_int_equal(step.after.state, TICKET_DIPROSES);
	assert_int_equal(step.does, LIFE_MUTES);
	/* What a merged one's sender says about the result is said of the parent. */
	assert_int_equal(done("digabung not_fixed citizen").does, LIFE_ON_PARENT);
	assert_int_equal(done("digabung rate citizen rating=1").does, LIFE_ON_PARENT);
	assert_int_equal(done("digabung rate citizen rating=1").after.rating, 0);
}

static void hiding(void **state)
{
	(void)state;
	assert_true(done("diproses hide citizen").after.secret);
	assert_true(done("diproses hide officer proved").after.secret);
	assert_true(done("diproses hide desk").after.secret);
	assert_false(done("diproses unhide desk word").after.secret);
	assert_false(done("diproses added citizen").after.secret);
}

static void escalation(void **state)
{
	struct life_act act = { .event = LIFE_DEADLINE,
				.who = LIFE_GATEWAY,
				.level = LIFE_LEVEL_HEAD };
	struct life life = lifecycle_new(TICKET_KIND_ORDINARY, false, false);
	struct life_step step;

	(void)state;
	life.state = TICKET_DITERUSKAN;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
	assert_int_equal(step.after.level, LIFE_LEVEL_HEAD);
	/* The second office's own deadline does not bring down what the regent knows. */
	life.level = LIFE_LEVEL_REGENT;
	assert_int_equal(lifecycle_step(&life, &act, &step), LIFE_OK);
	assert_int_equal(step.after.level, LIFE_LEVEL_REGENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_1_the_number_comes_with_the_ticket),
		cmocka_unit_test(rule_2_a_transfer_never_closes),
		cmocka_unit_test(rule_3_a_transfer_keeps_the_citizens_clock),
		cmocka_unit_test(rule_4_the_accused_does_not_decide),
		cmocka_unit_test(rule_4_secrets_wait_for_the_desk),
		cmocka_unit_test(rule_5_done_is_a_claim_and_the_citizen_closes),
		cmocka_unit_test(rule_6_a_bad_rating_is_not_fixed),
		cmocka_unit_test(rule_6_rated_anew),
		cmocka_unit_test(rule_7_each_reopening_goes_one_level_higher),
		cmocka_unit_test(rule_8_only_a_question_stops_the_clock),
		cmocka_unit_test(rule_9_nothing_is_deleted),
		cmocka_unit_test(rule_10_who_does_not_answer_is_no_liar),
		cmocka_unit_test(merging),
		cmocka_unit_test(hiding),
		cmocka_unit_test(escalation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
