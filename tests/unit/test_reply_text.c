/* SPDX-License-Identifier: MIT */
/*
 * Composing and checking wordings, and the Indonesian ones that come with the program:
 * they are read from the copy inside it by a scanner that knows just their shape.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "model/reply_text.h"

enum { KEYS_MOST = REPLY_COUNT + 8, WORDINGS = 8, COMPLAINTS = 64 };

/* What is built in a test: keys with their wordings, and what was complained of. */
struct bench {
	struct arena *arena;
	struct key_text items[KEYS_MOST];
	struct key_texts texts;
	struct str complaints[COMPLAINTS];
	unsigned lines[COMPLAINTS];
	size_t n;
};

static void note(void *arg, unsigned line, const char *sentence)
{
	struct bench *b = arg;

	assert_in_range(b->n, 0, COMPLAINTS - 1);
	b->lines[b->n] = line;
	b->complaints[b->n++] = arena_str(b->arena, str_of(sentence));
}

static int setup(void **state)
{
	struct arena *arena = arena_new("test", 4 << 20);
	struct bench *b = arena ? ARENA_NEW(arena, struct bench, 1) : NULL;

	*state = b;
	if (!b)
		return -1;
	b->arena = arena;
	b->texts.items = b->items;
	/* All keys, each with the least that is right. */
	for (int k = 0; k < REPLY_COUNT; k++) {
		struct str *w = ARENA_NEW(arena, struct str, WORDINGS);

		w[0] = STR("No {no} {status} {teks}");
		b->items[k] = (struct key_text){
			.name = str_of(reply_key_name((enum reply_key)k)),
			.wordings = { w, 1 },
			.line = (unsigned)k + 10,
		};
	}
	b->texts.n = REPLY_COUNT;
	return 0;
}

static int teardown(void **state)
{
	arena_free(((struct bench *)*state)->arena);
	return 0;
}

static void wording(struct bench *b, enum reply_key key, size_t i, const char *text)
{
	b->items[key].wordings.items[i] = str_of(text);
	b->items[key].wordings.n = i + 1;
}

static struct reply_texts *build(struct bench *b, const char *opd, unsigned digits)
{
	struct reply_lint lint = { str_of(opd), digits };

	b->n = 0;
	return reply_texts_build(&b->texts, &lint, note, b, b->arena);
}

static void complains(struct bench *b, enum reply_key key, const char *text,
		      const char *part)
{
	struct str right = b->items[key].wordings.items[0];

	wording(b, key, 0, text);
	assert_null(build(b, "DISDUKCAPIL", 8));
	assert_int_equal(b->n, 1);
	if (!strstr(b->complaints[0].p, part))
		fail_msg("%s: %s", text, b->complaints[0].p);
	assert_non_null(strstr(b->complaints[0].p, reply_key_name(key)));
	assert_int_equal(b->lines[0], b->items[key].line);
	b->items[key].wordings.items[0] = right;
}

static void lint(void **state)
{
	struct bench *b = *state;
	char long_one[200];

	assert_non_null(build(b, "DISDUKCAPIL", 8));
	assert_int_equal(b->n, 0);
	complains(b, REPLY_ACK_RUTE, "Terima kasih", "{no} is missing");
	complains(b, REPLY_STATUS, "No {no}", "{status} is missing");
	complains(b, REPLY_DAFTAR, "Daftar", "{teks} is missing");
	complains(b, REPLY_SALAM, "Halo {nama}", "{nama}");
	complains(b, REPLY_SALAM, "Halo {", "'{'");
	complains(b, REPLY_SALAM, "Halo {no", "'{'");
	complains(b, REPLY_SALAM, "Halo }", "'}'");
	complains(b, REPLY_SALAM, "Halo {}", "{}");
	complains(b, REPLY_SALAM, "Halo \xe2\x80\x94 pak", "7-bit");
	complains(b, REPLY_SALAM, "Halo \xf0\x9f\x99\x8f", "7-bit");
	complains(b, REPLY_SALAM, "", "empty");
	memset(long_one, 'x', sizeof(long_one));
	long_one[161] = '\0';
	complains(b, REPLY_SALAM, long_one, "161 septets");
	long_one[160] = '\0';
	wording(b, REPLY_SALAM, 0, long_one);
	assert_non_null(build(b, "DISDUKCAPIL", 8));
	/* 154 and a number of eight digits are too many, and of six just right. */
	memcpy(long_one + 154, "{no}", 5);
	complains(b, REPLY_SALAM, long_one, "162 septets");
	wording(b, REPLY_SALAM, 0, long_one);
	assert_non_null(build(b, "DISDUKCAPIL", 6));
}

static void lint_of_the_set(void **state)
{
	struct bench *b = *state;
	struct str w[9];

	for (size_t i = 0; i < 9; i++)
		w[i] = STR("{no}");
	b->items[REPLY_COUNT] = b->items[REPLY_SALAM];
	b->items[REPLY_COUNT].name = STR("SALAMM");
	b->texts.n = REPLY_COUNT + 1;
	assert_null(build(b, "PUPR", 8));
	assert_int_equal(b->n, 1);
	assert_non_null(strstr(b->complaints[0].p, "SALAMM"));
	/* All faults are told, not the first alone. */
	b->texts.n = REPLY_COUNT - 2;
	wording(b, REPLY_BATAS, 0, "{x}");
	assert_null(build(b, "PUPR", 8));
	assert_int_equal(b->n, 3);
	assert_non_null(strstr(b->complaints[2].p, "KOSONG is missing"));
	b->texts.n = REPLY_COUNT;
	b->items[REPLY_BATAS].wordings = (struct str_list){ w, 9 };
	assert_null(build(b, "PUPR", 8));
	b->items[REPLY_BATAS].wordings.n = 0;
	assert_null(build(b, "PUPR", 8));
}

static struct str compose(struct bench *b, enum reply_key key, const struct str *values,
			  struct sms_size *size)
{
	const struct reply_texts *texts = build(b, "DISDUKCAPIL", 8);
	struct str s;

	assert_non_null(texts);
	s = reply_compose(texts, key, values, b->arena, size);
	assert_non_null(s.p);
	assert_int_equal(sms_measure(s).units, size->units);
	assert_int_equal(sms_measure(s).segments, size->segments);
	return s;
}

static void fills(void **state)
{
	struct bench *b = *state;
	struct str v[VALUE_COUNT] = { [VALUE_NO] = STR("25004176"),
				      [VALUE_TEKS] = STR(
					      "{no} {} }{ \xe2\x80\x9cya\xe2\x80\x9d") };
	struct sms_size size;

	wording(b, REPLY_SALAM, 0, "{no}: {teks} {opd}{no}");
	assert_string_equal(compose(b, REPLY_SALAM, v, &size).p,
			    "25004176: {no} {} }{ \"ya\" -25004176");
	assert_int_equal(size.segments, 1);
	assert_false(size.ucs2);
	assert_int_equal(size.units, 41); /* six braces count twice */
	v[VALUE_TEKS] = STR("");
	assert_string_equal(compose(b, REPLY_SALAM, v, &size).p, "25004176:  -25004176");
}

/* n times "kata " without the last blank. */
static struct str words(struct bench *b, size_t n)
{
	struct buf buf = BUF_INIT(10000);
	struct str s;

	for (size_t i = 0; i < n; i++)
		buf_add(&buf, i ? STR(" kata") : STR("kata"));
	s = arena_str(b->arena, buf_str(&buf));
	buf_free(&buf);
	return s;
}

static void takes_what_fits(void **state)
{
	struct bench *b = *state;
	struct str v[VALUE_COUNT] = {
		[VALUE_NO] = STR("25004176"), [VALUE_OPD] = STR("PUPR")
	};
	struct sms_size size;

	wording(b, REPLY_SALAM, 0, "A very full wording {no} {teks}");
	wording(b, REPLY_SALAM, 1, "Less {no} {teks}");
	wording(b, REPLY_SALAM, 2, "{no} {teks}");
	v[VALUE_TEKS] = words(b, 26);
	assert_true(str_starts(compose(b, REPLY_SALAM, v, &size), STR("A very")));
	v[VALUE_TEKS] = words(b, 28);
	assert_true(str_starts(compose(b, REPLY_SALAM, v, &size), STR("Less")));
	v[VALUE_TEKS] = words(b, 30);
	assert_true(str_starts(compose(b, REPLY_SALAM, v, &size), STR("2500")));
	assert_int_equal(size.segments, 1);
	assert_int_equal(size.units, 158);
	/* The order is the operator's, but what is cut is the shortest. */
	wording(b, REPLY_SALAM, 2, "A longer last one {no} {teks}");
	v[VALUE_TEKS] = words(b, 60);
	assert_true(str_starts(compose(b, REPLY_SALAM, v, &size), STR("Less")));
}

static void cuts_free_words_only(void **state)
{
	struct bench *b = *state;
	struct str v[VALUE_COUNT] = { [VALUE_NO] = STR("25004176") }, s;
	struct sms_size size;

	wording(b, REPLY_SALAM, 0, "{no} {teks} {no}");
	for (size_t n = 20; n < 400; n += 7) {
		v[VALUE_TEKS] = words(b, n);
		s = compose(b, REPLY_SALAM, v, &size);
		assert_int_equal(size.segments, 1);
		assert_true(str_starts(s, STR("25004176 kata ")));
		assert_true(str_ends(s, n > 28 ? STR(" kata.. 25004176")
					       : STR(" kata 25004176")));
		if (n > 28)
			assert_in_range(size.units, 150, 160);
	}
	/* One endless word is cut between characters. */
	s = words(b, 400);
	for (size_t i = 0; i < s.n; i += 2)
		memcpy((char *)(uintptr_t)(s.p + i), "\xc3\xa9", i + 2 <= s.n ? 2 : 1);
	v[VALUE_TEKS] = str_slice(s, 0, s.n / 2 * 2);
	s = compose(b, REPLY_SALAM, v, &size);
	assert_true(utf8_valid(s));
	assert_int_equal(size.segments, 1);
	/* Extension characters count twice. */
	wording(b, REPLY_SALAM, 0, "{teks}");
	v[VALUE_TEKS] =
		STR("[[[[[[[[[[ [[[[[[[[[[ [[[[[[[[[[ [[[[[[[[[[ [[[[[[[[[[ [[[[[[[[[[ "
		    "[[[[[[[[[[ [[[[[[[[[[ [[[[[[[[[[ [[[[[[[[[[");
	s = compose(b, REPLY_SALAM, v, &size);
	assert_int_equal(size.segments, 1);
	assert_in_range(size.units, 140, 160);
	/* A number or a name is not cut, however long. */
	wording(b, REPLY_SALAM, 0, "{opd}");
	v[VALUE_OPD] = words(b, 40);
	s = compose(b, REPLY_SALAM, v, &size);
	assert_true(str_eq(s, v[VALUE_OPD]));
	assert_int_equal(size.segments, 2);
}

static void emoji(void **state)
{
	struct bench *b = *state;
	struct str v[VALUE_COUNT] = {
		[VALUE_NO] = STR("25004176"), [VALUE_TEKS] = STR("bau \xf0\x9f\x98\xad")
	};
	struct sms_size size;

	/* Where there is room they stay; where they would cost an SMS they go. */
	wording(b, REPLY_SALAM, 0, "{no} {teks}");
	assert_string_equal(compose(b, REPLY_SALAM, v, &size).p,
			    "25004176 bau \xf0\x9f\x98\xad");
	wording(b, REPLY_SALAM, 0,
		"Petugas kami sudah mencatat semua yang Anda tulis dalam laporan: "
		"{teks}");
	assert_string_equal(compose(b, REPLY_SALAM, v, &size).p,
			    "Petugas kami sudah mencatat semua yang Anda tulis dalam "
			    "laporan: bau");
	assert_int_equal(size.segments, 1);
}

/* The text between the next two quotes of *rest; false when `stop` comes first. */
static bool quoted(struct str *rest, char stop, struct str *out)
{
	size_t open = str_find_char(*rest, '"'), close;

	if (open >= str_find_char(*rest, stop))
		return false;
	*rest = str_slice(*rest, open + 1, rest->n);
	close = str_find_char(*rest, '"');
	*out = str_slice(*rest, 0, close);
	*rest = str_slice(*rest, close + 1, rest->n);
	return true;
}

/* Reads `NAME = "…";` and `NAME = [ "…", "…" ];`, one key a paragraph. */
static void read_sample(struct bench *b)
{
	struct str rest = STR(""), line;
	size_t n = 0;

	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (str_ends(str_of(f->path), STR("texts/id.conf")))
			rest = str_from(f->begin, (size_t)(f->end - f->begin));
	assert_true(rest.n > 0);
	while (rest.n) {
		struct str_list *list = &b->items[n].wordings;
		size_t equals = str_find_char(rest, '=');

		line = str_slice(rest, 0, str_find_char(rest, '\n'));
		if (line.n == 0 || line.p[0] < 'A' || line.p[0] > 'Z') {
			rest = str_slice(rest, line.n + 1, rest.n);
			continue;
		}
		assert_in_range(n, 0, KEYS_MOST - 1);
		b->items[n].name = str_trim(str_slice(line, 0, equals));
		list->items = ARENA_NEW(b->arena, struct str, WORDINGS);
		list->n = 0;
		rest = str_slice(rest, equals, rest.n);
		while (list->n < WORDINGS && quoted(&rest, ';', &list->items[list->n]))
			list->n++;
		n++;
	}
	b->texts.n = n;
}

static void the_sample(void **state)
{
	struct bench *b = *state;
	struct str v[VALUE_COUNT] = {
		[VALUE_NO] = STR("25004176"),
		[VALUE_OPD] = STR("DISDUKCAPIL"),
		[VALUE_TGL] = STR("17/08/25"),
		[VALUE_TGL2] = STR("20/08/25"),
		[VALUE_STATUS] = STR("diteruskan ke instansi luar"),
		[VALUE_TEKS] = STR("jalan rusak di"),
		[VALUE_TELP] = STR("0254-123456"),
		[VALUE_N] = STR("10"),
	};
	struct reply_texts *texts;
	struct sms_size size;

	read_sample(b);
	assert_int_equal(b->texts.n, REPLY_COUNT);
	/* The shortest wordings for the longest code and a number of ten digits. */
	texts = build(b, "ABCDEFGHIJKL", 10);
	for (size_t i = 0; i < b->n; i++)
		print_message("%s\n", b->complaints[i].p);
	assert_non_null(texts);
	/* The fullest ones as things usually are. */
	for (size_t i = 0; i < b->texts.n; i++)
		b->items[i].wordings.n = 1;
	texts = build(b, "DISDUKCAPIL", 8);
	assert_non_null(texts);
	for (int k = 0; k < REPLY_COUNT; k++) {
		struct str s =
			reply_compose(texts, (enum reply_key)k, v, b->arena, &size);

		assert_int_equal(size.segments, 1);
		assert_false(size.ucs2);
		assert_true(str_find(s, STR("{")) == s.n);
		assert_true(str_find(s, STR("..")) == s.n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lint, setup, teardown),
		cmocka_unit_test_setup_teardown(lint_of_the_set, setup, teardown),
		cmocka_unit_test_setup_teardown(fills, setup, teardown),
		cmocka_unit_test_setup_teardown(takes_what_fits, setup, teardown),
		cmocka_unit_test_setup_teardown(cuts_free_words_only, setup, teardown),
		cmocka_unit_test_setup_teardown(emoji, setup, teardown),
		cmocka_unit_test_setup_teardown(the_sample, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
