/* SPDX-License-Identifier: MIT */
/*
 * Composing and checking wordings, and those that come with the program, in four
 * languages: they are read from the copy inside it by a scanner that knows just their
 * shape.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "model/reply_text.h"

enum { KEYS_MOST = REPLY_COUNT + 8, WORDINGS = 8, COMPLAINTS = 200 };

/* What is built in a test: keys with their wordings, and what was complained of. */
struct bench {
	struct arena *arena;
	struct key_text items[KEYS_MOST];
	struct key_texts texts;
	struct str complaints[COMPLAINTS];
	unsigned lines[COMPLAINTS];
	size_t n;
	bool citizens_only;
};

static void note(void *arg, unsigned line, const char *sentence)
{
	struct bench *b = arg;

	assert_in_range(b->n, 0, COMPLAINTS - 1);
	b->lines[b->n] = line;
	b->complaints[b->n++] = arena_str(b->arena, str_of(sentence));
}

/* The least that is right for a key: its placeholders. */
static struct str least(struct arena *arena, enum reply_key key)
{
	struct buf buf = BUF_INIT(500);
	struct str s;

	if (reply_key_words(key))
		return STR("kata");
	buf_add(&buf, STR("Isi"));
	for (int v = 0; v < VALUE_COUNT; v++)
		if (reply_key_must(key) & 1u << v)
			buf_printf(&buf, " {%s}", reply_value_name((enum reply_value)v));
	s = arena_str(arena, buf_str(&buf));
	buf_free(&buf);
	return s;
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

		w[0] = least(arena, (enum reply_key)k);
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
	struct reply_lint lint = { str_of(opd), digits, b->citizens_only };

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
	complains(b, REPLY_STATUS, "No {no} {teks}", "{status} is missing");
	complains(b, REPLY_PINDAH, "{no} {alasan}", "{opd2} is missing");
	complains(b, REPLY_PET_NAIK, "{no} {teks}", "{opd} is missing");
	complains(b, REPLY_DAFTAR, "Daftar", "{teks} is missing");
	complains(b, REPLY_SALAM, "Halo {nama}", "{nama}");
	complains(b, REPLY_SALAM, "Halo {", "'{'");
	complains(b, REPLY_SALAM, "Halo {no", "'{'");
	complains(b, REPLY_SALAM, "Halo }", "'}'");
	complains(b, REPLY_SALAM, "Halo {}", "{}");
	complains(b, REPLY_SALAM, "Halo \xe2\x80\x94 pak", "7-bit");
	complains(b, REPLY_SALAM, "Halo \xf0\x9f\x99\x8f", "7-bit");
	complains(b, REPLY_SALAM, "", "empty");
	complains(b, REPLY_STATUS_BARU, "diterima {no}", "without placeholders");
	complains(b, REPLY_STATUS_LUAR, "diteruskan ke instansi lainnya", "28 fit");
	complains(b, REPLY_FORMAT_ALIH, "", "empty");
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
	assert_non_null(strstr(b->complaints[0].p, "{perintah}"));
	assert_non_null(strstr(b->complaints[2].p, "SURAT_STATUS is missing"));
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

/* Another language needs no texts for officers, but all the others. */
static void for_citizens_only(void **state)
{
	struct bench *b = *state;
	struct reply_texts *texts;
	struct str none[VALUE_COUNT] = { { NULL, 0 } };
	struct sms_size size = { .segments = 9 };

	b->citizens_only = true;
	b->texts.n = REPLY_PET_BARU;
	texts = build(b, "PUPR", 8);
	assert_non_null(texts);
	assert_true(reply_has(texts, REPLY_SIAR));
	assert_false(reply_has(texts, REPLY_PET_OK));
	assert_int_equal(reply_compose(texts, REPLY_PET_OK, none, b->arena, &size).n, 0);
	assert_int_equal(size.segments, 1);
	assert_int_equal(reply_words(texts, REPLY_FORMAT_ALIH).n, 0);
	b->texts.n--;
	assert_null(build(b, "PUPR", 8));
	assert_non_null(strstr(b->complaints[0].p, "STATUS_ARSIP is missing"));
	for (int k = 0; k < REPLY_COUNT; k++) {
		enum reply_key key = REPLY_COUNT;

		assert_true(
			reply_key_read(str_of(reply_key_name((enum reply_key)k)), &key));
		assert_int_equal(key, k);
		assert_int_equal(reply_key_officer((enum reply_key)k),
				 k >= REPLY_PET_BARU);
	}
}

static void words_by_number(void **state)
{
	struct bench *b = *state;
	struct reply_texts *texts;

	for (int i = 0; i < TICKET_STATE_COUNT; i++)
		assert_true(str_ends(
			str_of(reply_key_name(reply_state_key((enum ticket_state)i))),
			str_of(b->items[REPLY_STATUS_BARU + i].name.p + 6)));
	for (int i = OFFICER_TERIMA; i < OFFICER_COUNT; i++)
		assert_string_equal(
			reply_key_name(reply_format_key((enum officer_kind)i)) + 7,
			officer_name((enum officer_kind)i));
	assert_int_equal(reply_fault_key(OFFICER_WRONG_NUMBER), REPLY_SALAH_NOMOR);
	assert_int_equal(reply_fault_key(OFFICER_NO_DAYS), REPLY_SALAH_TANPA_HARI);
	assert_int_equal(reply_fault_key(OFFICER_NO_PIN), REPLY_SALAH_TANPA_PIN);
	wording(b, REPLY_STATUS_BARU, 0, "diterima");
	texts = build(b, "PUPR", 8);
	assert_string_equal(reply_words(texts, reply_state_key(TICKET_BARU)).p,
			    "diterima");
}

/* A wording without a missing value is taken; people's words are cut, not left out. */
static void what_is_there(void **state)
{
	struct bench *b = *state;
	struct str v[VALUE_COUNT] = { [VALUE_NO] = STR("25004176") };
	struct sms_size size;
	char many[400];

	wording(b, REPLY_SALAM, 0, "{no} {teks} sampai {tgl}.");
	wording(b, REPLY_SALAM, 1, "{no} sampai {tgl}.");
	wording(b, REPLY_SALAM, 2, "{no}: {teks}");
	wording(b, REPLY_SALAM, 3, "{no}");
	assert_string_equal(compose(b, REPLY_SALAM, v, &size).p, "25004176");
	v[VALUE_TEKS] = STR("");
	assert_string_equal(compose(b, REPLY_SALAM, v, &size).p, "25004176");
	v[VALUE_TGL] = STR("17/08/25");
	assert_string_equal(compose(b, REPLY_SALAM, v, &size).p,
			    "25004176 sampai 17/08/25.");
	v[VALUE_TEKS] = STR("lampu");
	assert_string_equal(compose(b, REPLY_SALAM, v, &size).p,
			    "25004176 lampu sampai 17/08/25.");
	v[VALUE_TGL] = str_from(NULL, 0);
	assert_string_equal(compose(b, REPLY_SALAM, v, &size).p, "25004176: lampu");
	memset(many, 'x', sizeof(many));
	v[VALUE_TEKS] = str_from(many, sizeof(many));
	assert_true(str_starts(compose(b, REPLY_SALAM, v, &size), STR("25004176: xxx")));
	assert_int_equal(size.segments, 1);
	/* Nor is a date left out for the sake of length, but a count may be. */
	wording(b, REPLY_SALAM, 0, "{no} ke {n} {teks} sampai {tgl}.");
	wording(b, REPLY_SALAM, 1, "{no} {teks} sampai {tgl}.");
	wording(b, REPLY_SALAM, 2, "{no} {teks}");
	v[VALUE_TGL] = STR("17/08/25");
	v[VALUE_N] = STR("100000000000");
	assert_true(str_ends(compose(b, REPLY_SALAM, v, &size),
			     STR("xxx.. sampai 17/08/25.")));
	v[VALUE_TEKS] = str_from(many, 120);
	assert_true(str_starts(compose(b, REPLY_SALAM, v, &size), STR("25004176 xxx")));
	v[VALUE_TEKS] = str_from(many, sizeof(many));
	/* Two kinds of words, both cut. */
	wording(b, REPLY_SALAM, 0, "{instansi}/{alasan}/{no}");
	b->items[REPLY_SALAM].wordings.n = 1;
	v[VALUE_ALASAN] = v[VALUE_INSTANSI] = v[VALUE_TEKS];
	assert_true(str_ends(compose(b, REPLY_SALAM, v, &size), STR("x../25004176")));
	assert_int_equal(size.segments, 1);
	assert_in_range(size.units, 150, 160);
}

/* A mail is no SMS: of any length, in any letters, and what people wrote is whole. */
static void mails_are_whole(void **state)
{
	struct bench *b = *state;
	struct str v[VALUE_COUNT] = { [VALUE_NO] = STR("25004176") };
	const struct reply_texts *texts;
	char many[5000];

	memset(many, 'x', sizeof(many));
	complains(b, REPLY_SURAT_TOLAK, "{no}: {alasan}", "{teks} is missing");
	complains(b, REPLY_SURAT_TOLAK, "{alasan} {teks}", "{no} is missing");
	complains(b, REPLY_SURAT_CARA, "Ketik {apa}", "{apa}");
	complains(b, REPLY_SURAT_CARA, " ", "empty");
	complains(b, REPLY_SURAT_OPD, "OPD {opd}", "without placeholders");
	wording(b, REPLY_SURAT_CARA, 0, arena_str(b->arena, str_from(many, 4999)).p);
	wording(b, REPLY_SURAT_TOLAK, 0,
		"Surat \xe2\x80\x93 \xe2\x80\x9c{no}\xe2\x80\x9d: {alasan}\n\nKetik: "
		"{teks}");
	wording(b, REPLY_SURAT_TOLAK, 1, "Surat {no}: {alasan}");
	texts = build(b, "DISDUKCAPIL", 8);
	assert_non_null(texts);
	assert_int_equal(reply_letter(texts, REPLY_SURAT_CARA, v, b->arena).n, 4999);
	v[VALUE_ALASAN] = STR("tanggal \xe2\x80\x9citu\xe2\x80\x9d lewat");
	assert_string_equal(reply_letter(texts, REPLY_SURAT_TOLAK, v, b->arena).p,
			    "Surat 25004176: tanggal \xe2\x80\x9citu\xe2\x80\x9d lewat");
	v[VALUE_TEKS] = str_from(many, sizeof(many));
	assert_true(reply_letter(texts, REPLY_SURAT_TOLAK, v, b->arena).n > sizeof(many));
	assert_true(reply_key_officer(REPLY_SURAT_OPD) &&
		    reply_key_mail(REPLY_SURAT_OPD));
	assert_false(reply_key_mail(REPLY_SALAH_OPD));
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

/* The text between the next two quotes of *rest, and of those that follow without a
 * comma; false when `stop` comes first. */
static bool quoted(struct bench *b, struct str *rest, char stop, struct str *out)
{
	size_t open = str_find_char(*rest, '"'), close;
	struct str more;

	if (open >= str_find_char(*rest, stop))
		return false;
	*rest = str_slice(*rest, open + 1, rest->n);
	close = str_find_char(*rest, '"');
	*out = str_slice(*rest, 0, close);
	*rest = str_slice(*rest, close + 1, rest->n);
	if (str_find_char(*rest, '"') < str_find_char(*rest, ',') &&
	    quoted(b, rest, stop, &more))
		*out = arena_printf(b->arena, "%.*s%.*s", STR_ARG(*out), STR_ARG(more));
	return true;
}

/* Reads `NAME = "…";` and `NAME = [ "…", "…" ];`, one key a paragraph. */
static void read_sample(struct bench *b, const char *file)
{
	struct str rest = STR(""), line;
	size_t n = 0;

	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (str_ends(str_of(f->path), str_of(file)))
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
		while (list->n < WORDINGS && quoted(b, &rest, ';', &list->items[list->n]))
			list->n++;
		n++;
	}
	b->texts.n = n;
}

static struct reply_texts *build_sample(struct bench *b, const char *opd, unsigned digits)
{
	struct reply_texts *texts = build(b, opd, digits);

	for (size_t i = 0; i < b->n; i++)
		print_message("%s\n", b->complaints[i].p);
	return texts;
}

static void read_language(struct bench *b, const char *code)
{
	struct str file = arena_printf(b->arena, "texts/%s.conf", code);

	b->citizens_only = strcmp(code, "id") != 0;
	read_sample(b, file.p);
	assert_int_equal(b->texts.n, b->citizens_only ? REPLY_PET_BARU : REPLY_COUNT);
}

static const char *const languages[] = { "id", "su", "jv", "en" };
enum { LANGUAGES = sizeof(languages) / sizeof(*languages) };

static const struct str usual[VALUE_COUNT] = {
	[VALUE_NO] = STR_INIT("25004176"),
	[VALUE_INDUK] = STR_INIT("25004192"),
	[VALUE_OPD] = STR_INIT("DISDUKCAPIL"),
	[VALUE_OPD2] = STR_INIT("DISPERINDAG"),
	[VALUE_TGL] = STR_INIT("17/08/25"),
	[VALUE_TGL2] = STR_INIT("20/08/25"),
	[VALUE_STATUS] = STR_INIT("diperiksa petugas"),
	[VALUE_TEKS] = STR_INIT("jalan rusak di"),
	[VALUE_ALASAN] = STR_INIT("jalan provinsi"),
	[VALUE_INSTANSI] = STR_INIT("Provinsi Banten"),
	[VALUE_TELP] = STR_INIT("0254-123456"),
	[VALUE_N] = STR_INIT("10"),
	[VALUE_SISA] = STR_INIT("3"),
	[VALUE_ATASAN] = STR_INIT("Sekda"),
	[VALUE_PERINTAH] = STR_INIT("BELUM"),
};

/* Whole, in one segment, and nothing left to fill in. */
static void assert_whole(const struct reply_texts *texts, enum reply_key key,
			 struct arena *arena)
{
	struct sms_size size;
	struct str s = reply_compose(texts, key, usual, arena, &size);

	if (size.segments != 1 || size.ucs2 || str_find(s, STR("{")) < s.n ||
	    str_find(s, STR("..")) < s.n || str_find(s, STR("  ")) < s.n)
		fail_msg("%s: %s", reply_key_name(key), s.p);
}

static void the_samples(void **state)
{
	struct bench *b = *state;

	for (size_t l = 0; l < LANGUAGES; l++) {
		struct reply_texts *texts;

		print_message("%s\n", languages[l]);
		read_language(b, languages[l]);
		/* The shortest wordings for a long code and a number of ten digits. */
		assert_non_null(build_sample(b, "ABCDEFGHIJKLM", 10));
		/* The fullest ones as things usually are. */
		for (size_t i = 0; i < b->texts.n; i++)
			b->items[i].wordings.n = 1;
		texts = build_sample(b, "DISDUKCAPIL", 8);
		assert_non_null(texts);
		for (size_t k = 0; k < b->texts.n; k++)
			if (!reply_key_words((enum reply_key)k) &&
			    !reply_key_mail((enum reply_key)k))
				assert_whole(texts, (enum reply_key)k, b->arena);
	}
}

/* What citizens are told to type is what command.c reads, in every language. */
static void the_samples_say_commands(void **state)
{
	static const struct {
		enum reply_key key;
		const char *type;
	} rows[] = {
		{ REPLY_SELESAI, "YA {no}" },
		{ REPLY_SELESAI, "BELUM {no}" },
		{ REPLY_TANYA_OPD, "BALAS {no}" },
		{ REPLY_NILAI, "NILAI {no}" },
		{ REPLY_GABUNG, "BEDA {no}" },
		{ REPLY_TOLAK, "BANDING {no}" },
		{ REPLY_TUTUP, "BELUM {no}" },
		{ REPLY_STOP_SATU, "MULAI {no}" },
		{ REPLY_STOP_OK, "MULAI" },
		{ REPLY_PRIVASI, "HAPUS" },
		{ REPLY_BAHASA_OK, "BAHASA" },
		{ REPLY_SALAM, "BANTUAN" },
		{ REPLY_DAFTAR_LAIN, "CEK LAIN" },
		{ REPLY_BANTUAN, "RAHASIA" },
		{ REPLY_YAKIN, "YA" },
		{ REPLY_ACK_RUTE, "CEK {no}" },
	};
	struct bench *b = *state;

	for (size_t l = 0; l < LANGUAGES; l++) {
		read_language(b, languages[l]);
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			struct str name = str_of(reply_key_name(rows[i].key)), w;
			size_t at = 0;

			while (!str_eq(b->items[at].name, name))
				at++;
			w = b->items[at].wordings.items[0];
			if (str_find(w, str_of(rows[i].type)) == w.n)
				fail_msg("%s %.*s", languages[l], STR_ARG(w));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lint, setup, teardown),
		cmocka_unit_test_setup_teardown(lint_of_the_set, setup, teardown),
		cmocka_unit_test_setup_teardown(for_citizens_only, setup, teardown),
		cmocka_unit_test_setup_teardown(words_by_number, setup, teardown),
		cmocka_unit_test_setup_teardown(fills, setup, teardown),
		cmocka_unit_test_setup_teardown(mails_are_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(takes_what_fits, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_there, setup, teardown),
		cmocka_unit_test_setup_teardown(cuts_free_words_only, setup, teardown),
		cmocka_unit_test_setup_teardown(emoji, setup, teardown),
		cmocka_unit_test_setup_teardown(the_samples, setup, teardown),
		cmocka_unit_test_setup_teardown(the_samples_say_commands, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
