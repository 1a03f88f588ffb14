/* SPDX-License-Identifier: MIT */
/*
 * The table of a complaint's life: each line of `steps` is a row of the specification in
 * words; together they must touch every row, and every row must be reachable from each
 * state and by each actor that it names. Then refusals, and the table as shown. The ten
 * rules: test_lifecycle_rules.c; random lives: test_lifecycle_lives.c.
 */
#include "lifecycle_case.h"
#include "model/reply_text.h"

/* "diproses BUKA_LAGI head +settle": state, reply, who else is told, clocks begun. */
static void shown(const struct life_step *step, struct buf *out)
{
	buf_clear(out);
	buf_printf(out, "%s %s %s", ticket_state_code(step->after.state),
		   step->reply ? step->reply : "-", lifecycle_told_name(step->told));
	for (int c = 0; c < LIFE_CLOCK_COUNT; c++)
		if (step->start >> c & 1)
			buf_printf(out, " +%s", lifecycle_clock_name((enum life_clock)c));
	buf_add_char(out, '\0');
}

static void every_row_by_data(void **state)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);
	bool *touched = test_calloc(n, sizeof(*touched));
	struct buf got = BUF_INIT(200);

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct life life;
		struct life_act act;
		struct life_step step;
		enum life_refusal refusal;

		read_case(steps[i].given, &life, &act);
		refusal = lifecycle_step(&life, &act, &step);
		if (refusal != LIFE_OK)
			fail_msg("%s: %s", steps[i].given,
				 lifecycle_refusal_name(refusal));
		shown(&step, &got);
		if (strcmp(got.p, steps[i].then) != 0)
			fail_msg("%s: %s, not %s", steps[i].given, got.p, steps[i].then);
		assert_string_equal(step.record, lifecycle_event_name(act.event));
		touched[step.row - rows] = true;
	}
	for (size_t i = 0; i < n; i++)
		if (!touched[i])
			fail_msg("no line of steps touches row %zu, %s", i,
				 lifecycle_event_name(rows[i].event));
	test_free(touched);
	buf_free(&got);
}

/* ---- every row from each of its states, by each of its actors ---- */

static bool reachable(const struct life_row *row, enum ticket_state from,
		      enum life_actor who)
{
	for (unsigned i = 0; i < COMBINATIONS; i++) {
		struct life life = lifecycle_new(TICKET_KIND_WISH, false, false);
		struct life_act act = { .event = row->event, .who = who };
		struct life_step step;

		combine(i, &life, &act);
		life.state = from;
		if (lifecycle_step(&life, &act, &step) == LIFE_OK && step.row == row)
			return true;
	}
	return false;
}

static void no_row_is_dead(void **state)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (int s = 0; s < STATES; s++)
			for (int who = 0; who < LIFE_ACTOR_COUNT; who++)
				if (rows[i].from >> s & 1 && rows[i].who >> who & 1 &&
				    !reachable(&rows[i], (enum ticket_state)s,
					       (enum life_actor)who))
					fail_msg("row %zu: never from %s by %s", i,
						 ticket_state_code((enum ticket_state)s),
						 lifecycle_actor_name(
							 (enum life_actor)who));
}

static bool known(const char *key, bool officer)
{
	for (int k = 0; k < REPLY_COUNT; k++)
		if (strcmp(reply_key_name((enum reply_key)k), key) == 0)
			return reply_key_officer((enum reply_key)k) == officer;
	return false;
}

static void every_key_is_a_text(void **state)
{
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (rows[i].reply && !known(rows[i].reply, false))
			fail_msg("no text: %s", rows[i].reply);
	for (int r = LIFE_OK + 1; r < LIFE_REFUSAL_COUNT; r++)
		for (int e = 0; e < LIFE_EVENT_COUNT; e++)
			for (int who = 0; who < LIFE_ACTOR_COUNT; who++) {
				const char *key = lifecycle_refusal_key(
					(enum life_refusal)r, (enum life_event)e,
					(enum life_actor)who);

				if (!known(key,
					   who != LIFE_CITIZEN && who != LIFE_STRANGER))
					fail_msg("no text: %s", key);
			}
}

/* ---- refusals ---- */

static const struct {
	const char *given;
	enum life_refusal refusal;
	const char *key;
} refused[] = {
	{ "diproses not_fixed stranger", LIFE_NOT_YOURS, "BUKAN_MILIK" },
	{ "diproses done stranger", LIFE_NOT_YOURS, "BUKAN_MILIK" },
	{ "diproses done citizen", LIFE_NOT_YOURS, "BUKAN_MILIK" },
	{ "selesai confirm officer", LIFE_NOT_YOURS, "PET_BUKAN_MILIK" },
	{ "diproses progress accused sensitive", LIFE_NOT_YOURS, "PET_BUKAN_MILIK" },
	{ "periksa progress officer", LIFE_WAIT_DESK, "PET_STATUS" },
	{ "tanya done officer before=periksa", LIFE_WAIT_DESK, "PET_STATUS" },
	{ "diproses extend officer dated", LIFE_WAIT_DESK, "PET_STATUS" },
	{ "luar done officer", LIFE_WAIT_DESK, "PET_STATUS" },
	{ "tanya accept officer", LIFE_WAIT_CITIZEN, "PET_STATUS" },
	{ "ditutup added citizen", LIFE_CLOSED, "SUDAH_DITUTUP" },
	{ "arsip not_fixed citizen", LIFE_ARCHIVED, "SUDAH_ARSIP" },
	{ "ditutup done officer", LIFE_CLOSED, "PET_STATUS" },
	{ "ditolak not_fixed citizen", LIFE_REJECTED, "SUDAH_DITOLAK" },
	{ "dicabut added citizen window", LIFE_WITHDRAWN, "SUDAH_DICABUT" },
	{ "digabung done officer", LIFE_MERGED, "PET_STATUS" },
	{ "digabung appeal citizen", LIFE_MERGED, "SUDAH_DIGABUNG" },
	{ "ditutup not_fixed citizen", LIFE_TOO_LATE, "LEWAT_BUKA" },
	{ "ditolak appeal citizen", LIFE_TOO_LATE, "LEWAT_BUKA" },
	{ "dicabut answered citizen lapsed", LIFE_TOO_LATE, "LEWAT_BUKA" },
	{ "diproses outside officer", LIFE_NEEDS_PIN, "PET_PIN" },
	{ "diproses outside officer sensitive", LIFE_NEEDS_PIN, "PET_PIN" },
	{ "diproses merge officer", LIFE_NEEDS_PIN, "PET_PIN" },
	{ "diproses merge officer parent", LIFE_NEEDS_PIN, "PET_PIN" },
	{ "diteruskan reject_proposed officer", LIFE_NEEDS_PIN, "PET_PIN" },
	{ "diproses hide officer", LIFE_NEEDS_PIN, "PET_PIN" },
	{ "diproses schedule officer", LIFE_NEEDS_DATE, "PET_FORMAT" },
	{ "diproses schedule officer past", LIFE_NEEDS_DATE, "PET_FORMAT" },
	{ "tanya schedule officer", LIFE_NEEDS_DATE, "PET_FORMAT" },
	{ "diproses unhide desk", LIFE_NEEDS_WORD, "PET_STATUS" },
	{ "selesai rate citizen", LIFE_NEEDS_RATING, "NILAI_FORMAT" },
	{ "selesai rate citizen rating=6", LIFE_NEEDS_RATING, "NILAI_FORMAT" },
	{ "ditutup rate citizen rating=-1", LIFE_NEEDS_RATING, "NILAI_FORMAT" },
	{ "ditutup rate citizen rating=1 window rated", LIFE_RATED, "NILAI_SUDAH" },
	{ "diproses merge officer proved", LIFE_NO_PARENT, "PET_FORMAT" },
	{ "diproses merge desk", LIFE_NO_PARENT, "PET_FORMAT" },
	{ "diproses merge desk parent sensitive", LIFE_NO_PARENT, "PET_FORMAT" },
	{ "diproses confirm citizen", LIFE_NOT_NOW, "BELUM_SELESAI" },
	{ "diteruskan rate citizen rating=4", LIFE_NOT_NOW, "NILAI_BELUM" },
	{ "diproses unmerge citizen", LIFE_NOT_NOW, "BEDA_TIDAK" },
	{ "diproses appeal citizen", LIFE_NOT_NOW, "MASIH_JALAN" },
	{ "selesai done officer", LIFE_NOT_NOW, "PET_STATUS" },
	{ "diproses opened_routed gateway", LIFE_NOT_NOW, "PET_STATUS" },
};

static void refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct life life;
		struct life_act act;
		struct life_step step, before;
		enum life_refusal got;

		read_case(refused[i].given, &life, &act);
		memset(&step, 0x5a, sizeof(step));
		before = step;
		got = lifecycle_step(&life, &act, &step);
		if (got != refused[i].refusal)
			fail_msg("%s: %s", refused[i].given, lifecycle_refusal_name(got));
		assert_memory_equal(&step, &before, sizeof(step));
		assert_string_equal(lifecycle_refusal_key(got, act.event, act.who),
				    refused[i].key);
	}
}

/* Any act whatever in any state gives a step or one reason, and a key that says it. */
static void always_an_answer(void **state)
{
	(void)state;
	for (int s = 0; s < STATES; s++)
		for (int e = 0; e < LIFE_EVENT_COUNT; e++)
			for (int who = 0; who < LIFE_ACTOR_COUNT; who++)
				for (unsigned i = 0; i < COMBINATIONS; i += 37) {
					struct life life = {
						.state = (enum ticket_state)s
					};
					struct life_act act = {
						.event = (enum life_event)e,
						.who = (enum life_actor)who
					};
					struct life_step step;
					enum life_refusal r;

					combine(i, &life, &act);
					r = lifecycle_step(&life, &act, &step);
					assert_in_range(r, 0, LIFE_REFUSAL_COUNT - 1);
					if (r != LIFE_OK)
						assert_non_null(lifecycle_refusal_key(
							r, act.event, act.who));
					else
						assert_true(who != LIFE_STRANGER &&
							    who != LIFE_ACCUSED);
				}
}

/* ---- the table shown ---- */

static size_t count(struct str text, const char *needle)
{
	size_t n = 0, at;

	while ((at = str_find(text, str_of(needle))) < text.n) {
		text = str_slice(text, at + 1, text.n);
		n++;
	}
	return n;
}

static bool holds(const struct buf *b, const char *needle)
{
	return str_find(buf_str(b), str_of(needle)) < b->n;
}

static void as_graphviz(void **state)
{
	struct buf out = BUF_INIT(1 << 16);

	(void)state;
	lifecycle_dot(&out);
	assert_false(out.failed);
	assert_true(str_starts(buf_str(&out), STR("digraph kentongan {\n")));
	assert_true(str_ends(buf_str(&out), STR("}\n")));
	assert_int_equal(count(buf_str(&out), "{"), count(buf_str(&out), "}"));
	assert_int_equal(count(buf_str(&out), "\"") % 2, 0);
	for (int s = 0; s < STATES; s++) {
		char node[60];

		(void)snprintf(node, sizeof(node), "\t%s [label=<<b>",
			       ticket_state_code((enum ticket_state)s));
		assert_int_equal(count(buf_str(&out), node), 1);
		assert_true(holds(&out, ticket_state_words((enum ticket_state)s)));
		(void)snprintf(node, sizeof(node), "\t%s -> ",
			       ticket_state_code((enum ticket_state)s));
		assert_true(holds(&out, node));
	}
	assert_true(holds(&out, "\tselesai -> ditutup [color=\"#1b7837\""));
	assert_true(holds(&out, "tanya -> asal"));
	assert_true(holds(&out, "petugas pengaduan"));
	buf_free(&out);
}

static void as_text(void **state)
{
	size_t n;
	struct buf out = BUF_INIT(1 << 16), small = BUF_INIT(500);

	(void)state;
	lifecycle_rows(&n);
	lifecycle_text(&out);
	assert_false(out.failed);
	/* a head, the rows, a blank line, six sets, the states */
	assert_int_equal(count(buf_str(&out), "\n"), 1 + n + 1 + 6 + STATES);
	assert_int_equal(count(buf_str(&out), " \n"), 0);
	assert_true(holds(&out, "BUKA_LAGI"));
	assert_true(holds(&out, "one level up"));
	lifecycle_text(&small); /* a full buffer is told, not overrun */
	assert_true(small.failed);
	buf_free(&out);
	buf_free(&small);
}

static void names(void **state)
{
	enum life_event event;
	enum ticket_kind kind;

	(void)state;
	for (int e = 0; e < LIFE_EVENT_COUNT; e++) {
		assert_true(lifecycle_event_read(
			str_of(lifecycle_event_name((enum life_event)e)), &event));
		assert_int_equal(event, e);
	}
	assert_false(lifecycle_event_read(STR("opened"), &event));
	for (int k = 0; k < TICKET_KIND_COUNT; k++) {
		assert_true(ticket_kind_read(
			str_of(ticket_kind_code((enum ticket_kind)k)), &kind));
		assert_int_equal(kind, k);
		assert_non_null(ticket_kind_words((enum ticket_kind)k));
	}
	assert_false(ticket_kind_read(STR(""), &kind));
	for (int l = 0; l < LIFE_LEVEL_COUNT; l++)
		assert_non_null(lifecycle_level_name((enum life_level)l));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_by_data),
		cmocka_unit_test(no_row_is_dead),
		cmocka_unit_test(every_key_is_a_text),
		cmocka_unit_test(refusals),
		cmocka_unit_test(always_an_answer),
		cmocka_unit_test(as_graphviz),
		cmocka_unit_test(as_text),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
