/* SPDX-License-Identifier: MIT */
/*
 * What texts mean, with nothing asked and with something: the rows of
 * tests/texts/commands.tsv and commands-context.tsv, every reading compared in full.
 * Besides, which text goes on with which, names, times, and any bytes at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "model/context.h"
#include "model/ticketno.h"
#include "text_rows.h"

enum {
	NO = 25004176,
	WIDTH = 5,
	CHOICES = 3,
	ROWS_LEAST = 300,
	CONTEXT_ROWS_LEAST = 150,
	RANDOM_TEXTS = 20000,
	RANDOM_BYTES = 120,
};

static const int64_t hour_ms = 3600 * (int64_t)1000, now_ms = 1764000000000;

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 1 << 20);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* ---- a reading as the files write it ---- */

static void show_rest(struct buf *out, struct str rest)
{
	if (rest.n)
		buf_printf(out, " | %.*s", STR_ARG(rest));
}

static void show_command(struct buf *out, const struct command *c)
{
	buf_printf(out, "%s", command_name(c->kind));
	if (c->no)
		buf_printf(out, " %lld", (long long)c->no);
	if (c->wrong_no)
		buf_printf(out, " wrong");
	if (c->rating)
		buf_printf(out, " %d", c->rating);
	if (c->older)
		buf_printf(out, " LAIN");
	if (c->language)
		buf_printf(out, " %s", command_language_code(c->language));
	show_rest(out, c->rest);
}

static void show(struct buf *out, const struct meaning *m)
{
	if (m->kind == MEANING_COMMAND) {
		show_command(out, &m->command);
	} else {
		buf_printf(out, "%s", meaning_name(m->kind));
		if (m->command.kind)
			buf_printf(out, " with %s", command_name(m->command.kind));
		if (m->command.no)
			buf_printf(out, " %lld", (long long)m->command.no);
		if (m->choice)
			buf_printf(out, " %u", m->choice);
		show_rest(out, m->command.rest);
	}
	if (m->answers)
		buf_printf(out, " !");
}

/* ---- rows ---- */

static bool context_of(struct str name, struct context *c, bool *looks_new)
{
	*c = (struct context){ .no = NO,
			       .choices = CHOICES,
			       .asked_ms = now_ms - 24 * hour_ms,
			       .expires_ms = now_ms + hour_ms };
	*looks_new = str_ends(name, STR("+new"));
	if (*looks_new)
		name.n -= 4;
	if (str_starts(name, STR("late-"))) {
		name = str_slice(name, 5, name.n);
		c->expires_ms = now_ms;
	}
	if (str_eq(name, STR("-")))
		name = STR("nothing");
	if (str_eq(name, STR("officer")))
		name = STR("officer-sure");
	if (!asked_read(name, &c->asked))
		return false;
	if (c->asked == ASKED_WHICH) {
		c->no = 0;
		c->n_which = 3;
		c->which[0] = NO;
		c->which[1] = 25004100;
		c->which[2] = 25004121;
	}
	return true;
}

static bool row_right(const struct text_row *row)
{
	struct buf got = BUF_INIT(2000);
	struct command read;
	struct meaning meaning;
	struct context context;
	bool looks_new, right = false;

	arena_reset(arena);
	if (row->n == 3 && context_of(row->columns[0], &context, &looks_new)) {
		read = command_read(row->columns[2], WIDTH, arena);
		meaning = context_read(row->columns[2], &read, looks_new, &context,
				       now_ms, WIDTH, arena);
		show(&got, &meaning);
		right = str_eq(buf_str(&got), row->columns[1]);
	}
	if (!right)
		print_message("line %u, %.*s: \"%.*s\" is \"%.*s\", not \"%.*s\"\n",
			      row->line, STR_ARG(row->columns[0]),
			      STR_ARG(row->columns[2]), STR_ARG(buf_str(&got)),
			      STR_ARG(row->columns[1]));
	buf_free(&got);
	return right;
}

static void commands(void **state)
{
	unsigned rows;

	(void)state;
	assert_int_equal(text_rows_each("tests/texts/commands.tsv", &rows, row_right), 0);
	assert_true(rows > ROWS_LEAST);
}

static void answers(void **state)
{
	unsigned rows;

	(void)state;
	assert_int_equal(
		text_rows_each("tests/texts/commands-context.tsv", &rows, row_right), 0);
	assert_true(rows > CONTEXT_ROWS_LEAST);
}

/* ---- what belongs together ---- */

static void shapes(void **state)
{
	static const struct {
		const char *text;
		bool address, continues, thanks;
	} rows[] = {
		{ "kp cikupa rt 3 rw 1 ds sukamaju", true, false, false },
		{ "lokasinya di depan masjid", true, true, false },
		{ "jl raya petir km 5", true, false, false },
		{ "pak, dpn puskesmas petir", true, false, false },
		{ "Jln. Raya Anyer", true, false, false },
		{ "jalan rusak di kp cikupa", false, false, false },
		{ "di kp kami air mati", false, false, false },
		{ "di sekolah anak saya guru minta uang buku seratus ribu", false, false,
		  false },
		{ "di", false, false, false },
		{ "15", false, false, false },
		{ "maksudnya yang sebelah kiri", false, true, false },
		{ "lanjutan: sudah tiga hari", false, true, false },
		{ "makasih pak", false, false, true },
		{ "ok", false, false, true },
		{ "pak", false, false, false },
		{ "", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct text_shape s = context_shape(str_of(rows[i].text), arena);

		if (s.address != rows[i].address || s.continues != rows[i].continues ||
		    s.thanks != rows[i].thanks)
			fail_msg("\"%s\": address %d, continues %d, thanks %d",
				 rows[i].text, s.address, s.continues, s.thanks);
	}
}

static void continuations(void **state)
{
	const int64_t minutes = 60000;
	const struct text_shape plain = { .address = false },
				address = { .address = true },
				begins = { .continues = true },
				thanks = { .thanks = true };
	const struct said complaint = { .at_ms = now_ms,
					.complaint = true,
					.department = 3,
					.kecamatan = STR_INIT("Padarincang"),
					.desa = STR_INIT("Citasuk") };
	const struct {
		struct said later;
		bool goes_on;
	} rows[] = {
		{ { .at_ms = 5 * minutes, .department = -1, .shape = plain }, true },
		{ { .at_ms = 5 * minutes, .department = 3, .shape = plain }, true },
		{ { .at_ms = 5 * minutes, .department = 4, .shape = plain }, false },
		{ { .at_ms = 5 * minutes, .department = 4, .shape = address }, true },
		{ { .at_ms = 5 * minutes, .department = 4, .shape = begins }, true },
		{ { .at_ms = 10 * minutes, .department = -1, .shape = plain }, true },
		{ { .at_ms = 10 * minutes + 1, .department = -1, .shape = address },
		  false },
		{ { .at_ms = -1, .department = -1, .shape = address }, false },
		{ { .at_ms = minutes, .department = -1, .shape = thanks }, false },
		{ { .at_ms = minutes, .department = -1, .command = true }, false },
		{ { .at_ms = minutes, .department = -1, .other_kind = true }, false },
		{ { .at_ms = minutes, .department = 3, .placed = true }, true },
		{ { .at_ms = minutes, .department = 3, .between = true }, true },
		{ { .at_ms = minutes, .department = 3, .placed = true, .between = true },
		  false },
		{ { .at_ms = minutes, .department = -1, .placed = true, .between = true },
		  true },
		{ { .at_ms = minutes,
		    .department = 3,
		    .placed = true,
		    .kecamatan = STR_INIT("Ciruas") },
		  false },
		{ { .at_ms = minutes,
		    .department = 3,
		    .placed = true,
		    .kecamatan = STR_INIT("Padarincang"),
		    .desa = STR_INIT("Batukuwung") },
		  false },
		{ { .at_ms = minutes,
		    .department = -1,
		    .placed = true,
		    .kecamatan = STR_INIT("Ciruas"),
		    .shape = address },
		  true },
	};
	struct said later, earlier = complaint;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		later = rows[i].later;
		later.at_ms += now_ms;
		if (context_is_continuation(&complaint, &later) != rows[i].goes_on)
			fail_msg("row %zu", i);
	}
	later = rows[2].later;
	later.at_ms += now_ms;
	earlier.department = -1;
	assert_true(context_is_continuation(&earlier, &later));
	earlier.complaint = false;
	assert_false(context_is_continuation(&earlier, &later));
}

/* ---- names, times, edges ---- */

static void names_and_times(void **state)
{
	struct context c = { .asked = ASKED_NOTHING };
	enum asked back;

	(void)state;
	assert_true(context_expired(&c, 0));
	for (int i = 0; i < ASKED_COUNT; i++) {
		c = (struct context){ .asked = (enum asked)i, .asked_ms = now_ms };
		assert_true(asked_read(str_of(asked_name(c.asked)), &back));
		assert_int_equal(back, c.asked);
		if (i == ASKED_NOTHING)
			continue;
		assert_false(context_expired(&c, now_ms + asked_lasts_ms(c.asked) - 1));
		assert_true(context_expired(&c, now_ms + asked_lasts_ms(c.asked)));
		c.expires_ms = now_ms + 5;
		assert_false(context_expired(&c, now_ms + 4));
		assert_true(context_expired(&c, now_ms + 5));
	}
	assert_false(asked_read(STR("nobody"), &back));
}

/* At the scratch's ceiling a text stays what command_read made of it. */
static void no_memory(void **state)
{
	struct arena *none = arena_new("none", 1);
	struct context context = { .asked = ASKED_DONE, .no = NO, .asked_ms = now_ms };
	struct command read = { .kind = COMMAND_YA };
	struct meaning m;

	(void)state;
	m = context_read(STR("ya"), &read, false, &context, now_ms, WIDTH, none);
	assert_int_equal(m.kind, MEANING_COMMAND);
	assert_false(m.answers);
	read.kind = COMMAND_NONE;
	m = context_read(STR("4"), &read, false, &context, now_ms, WIDTH, none);
	assert_int_equal(m.kind, MEANING_NEW);
	assert_false(context_shape(STR("kp baru rt 3"), none).address);
	arena_free(none);
}

static uint64_t chance(void)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

/* Random bytes, and random words of those that mean something. */
static struct str random_text(char bytes[RANDOM_BYTES])
{
	static const char *const words[] = {
		"ya ",	    "25004176", "25004174 ", "2500 4176", "belum ", "4 ",
		"nilai ",   "nama sy ", "jgn ",	     "disebut ",  "kp ",    "rt3 ",
		"tapi ",    "1 ",	"no ",	     "\xc3\xa9",  "? ",	    "makasih ",
		"rahasia ", "laporan ", "lain ",     "cek ",	  "balas ", "bahasa ",
		"sunda ",   "batal ",	"yg ",	     "4/5 ",	  "dan ",   "4821",
	};
	size_t n = 0, most = chance() % RANDOM_BYTES;
	bool bytes_only = chance() % 3 == 0;

	while (n < most) {
		const char *word = words[chance() % (sizeof(words) / sizeof(*words))];
		size_t length = strlen(word);

		if (bytes_only) {
			bytes[n++] = (char)chance();
		} else if (n + length <= most) {
			memcpy(bytes + n, word, length);
			n += length;
		} else {
			break;
		}
	}
	return str_from(bytes, n);
}

static void check_meaning(const struct meaning *m, struct str text)
{
	const struct command *c = &m->command;

	assert_true(m->kind < MEANING_COUNT && c->kind < COMMAND_COUNT);
	assert_true((m->kind == MEANING_COMMAND) == (c->kind != COMMAND_NONE));
	assert_true(c->rating >= 0 && c->rating <= 5);
	assert_true(m->choice <= CHOICES);
	assert_true((m->kind == MEANING_CHOICE) == (m->choice > 0));
	assert_true(c->no == 0 || ticketno_ok(c->no, WIDTH));
	assert_false(c->no && c->wrong_no);
	if (m->kind == MEANING_WHICH)
		assert_true(c->no);
	if (c->rest.n)
		assert_true(c->rest.p >= text.p &&
			    c->rest.p + c->rest.n <= text.p + text.n);
}

static void any_bytes(void **state)
{
	char bytes[RANDOM_BYTES];

	(void)state;
	for (int i = 0; i < RANDOM_TEXTS; i++) {
		struct context context;
		struct command read;
		struct meaning m;
		struct str text;
		bool ignored;

		arena_reset(arena);
		text = utf8_repair(random_text(bytes), arena);
		read = command_read(text, WIDTH, arena);
		context_of(STR("which"), &context, &ignored);
		context.asked = (enum asked)(chance() % ASKED_COUNT);
		if (chance() % 4)
			context.no = NO;
		context.n_which = (unsigned)(chance() % 4);
		m = context_read(text, &read, chance() % 2, &context, now_ms, WIDTH,
				 arena);
		check_meaning(&m, text);
		context_shape(text, arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands),	   cmocka_unit_test(answers),
		cmocka_unit_test(shapes),	   cmocka_unit_test(continuations),
		cmocka_unit_test(names_and_times), cmocka_unit_test(no_memory),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
