/* SPDX-License-Identifier: MIT */
/*
 * Numbers that leave the desk: written every way that people write them, what must stay,
 * and what holds for any text whatever.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "model/mask.h"
#include "model/ticketno.h"

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

static struct str masked(struct str text)
{
	struct str s;

	arena_reset(arena);
	s = arena_str(arena, mask_numbers(text, 8, arena));
	assert_non_null(s.p);
	return s;
}

struct row {
	const char *text, *masked; /* masked NULL: as it was */
};

static void check(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str out = masked(str_of(rows[i].text));
		const char *right = rows[i].masked ? rows[i].masked : rows[i].text;

		if (strcmp(out.p, right) != 0)
			fail_msg("\"%s\" becomes \"%s\"", rows[i].text, out.p);
	}
}

#define CHECK(rows) check((rows), sizeof(rows) / sizeof(*(rows)))

static void hides(void **state)
{
	static const struct row rows[] = {
		{ "nik 3604200105900001 an Udin", "nik 3604********0001 an Udin" },
		{ "3604200105900001,3604200105900002",
		  "3604********0001,3604********0002" },
		{ "hub 081234567890 ya", "hub 0812******90 ya" },
		{ "HP:+6281234567890", "HP:+6281*******90" },
		{ "wa 62 812 3456 7890", "wa 62 81* **** **90" },
		{ "0812-3456-7890", "0812-****-**90" },
		{ "0254 123456 kantor", "02** ****56 kantor" },
		{ "rek bri 1234567890 an sari", "rek bri 12******90 an sari" },
		{ "no rek 123456", "no rek ****56" },
		{ "rekening bca no 1234567", "rekening bca no *****67" },
		{ "hp saya 812345", "hp saya ****45" },
		{ "transfer ke 123456789012345", "transfer ke 1234*********45" },
		{ "kk no3604200105900001", "kk no3604********0001" },
		{ "081234567890an Udin", "0812******90an Udin" },
		{ "hp081234567890", "hp0812******90" },
		{ "id pel 541234567890", "id pel 5412******90" },
		{ "081234567890 081234567891", "0812******90 0812******91" },
	};

	(void)state;
	CHECK(rows);
}

static void hides_what_is_disguised(void **state)
{
	static const struct row rows[] = {
		{ "3 6 0 4 2 0 0 1 0 5 9 0 0 0 0 1", "3 6 0 4 * * * * * * * * 0 0 0 1" },
		{ "3604.2001.0590.0001", "3604.****.****.0001" },
		{ "3604-2001-0590-0001", "3604-****-****-0001" },
		{ "36/04/20/01/05/90/00/01", "36/04/**/**/**/**/00/01" },
		{ "3,6,0,4,2,0,0,1,0,5,9,0,0,0,0,1", "3,6,0,4,*,*,*,*,*,*,*,*,0,0,0,1" },
		{ "3604 - 2001 . 0590\n0001", "3604 - **** . ****\n0001" },
		{ "3_6_0_4_2_0_0_1_0_5_9_0_0_0_0_1", "3_6_0_4_*_*_*_*_*_*_*_*_0_0_0_1" },
		{ "08 12 34 56 78 90", "08 12 ** ** ** 90" },
		{ "08.12.34.56.78.90", "08.12.**.**.**.90" },
		{ "(0812) 3456 7890", "(0812) **** **90" },
		{ "O8l234567890", "O8l2******90" },
		{ "o8 12 34 56 78 9O", "o8 12 ** ** ** 9O" },
		{ "0 8 l 2 3 4 5 6 7 8 9 O", "0 8 l 2 * * * * * * 9 O" },
		{ "0812S4567B90", "0812******90" },
		{ "081x234x567x890", "081x2**x***x*90" },
		{ "nol delapan satu dua tiga empat lima enam tujuh delapan sembilan nol",
		  "nol delapan satu dua * * * * * * sembilan nol" },
		{ "nol 8 satu 2 3456 7890", "nol 8 satu 2 **** **90" },
		{ "hiji dua tilu opat lima genep tujuh dalapan salapan",
		  "hiji dua * * * * * dalapan salapan" },
		/* full-width, Arabic-Indic, Javanese, mathematical, circled */
		{ "０８１２３４５６７８９０", "０８１２******９０" },
		{ "٠٨١٢٣٤٥٦٧٨٩٠", "٠٨١٢******٩٠" },
		{ "꧐꧘꧑꧒꧓꧔꧕꧖꧗꧘꧙꧐", "꧐꧘꧑꧒******꧙꧐" },
		{ "𝟎𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎", "𝟎𝟖𝟏𝟐******𝟗𝟎" },
		{ "⓪⑧①②③④⑤⑥⑦⑧⑨⓪", "⓪⑧①②******⑨⓪" },
		{ "⁰⁸¹²³⁴⁵⁶⁷⁸⁹⁰", "⁰⁸¹²******⁹⁰" },
		/* zero-width space, keycaps, emoji between */
		{ "0812\xe2\x80\x8b"
		  "3456\xe2\x80\x8b"
		  "7890",
		  "0812\xe2\x80\x8b"
		  "****\xe2\x80\x8b"
		  "**90" },
		{ "0812👍3456👍7890", "0812👍****👍**90" },
		{ "tgl 17/08/2025 081234567890", "tgl 17/08/2025 0812******90" },
		{ "rt 03/02 081234567890", "rt 03/02 0812******90" },
		{ "25004176 081234567890", "25004176 0812******90" },
		{ "rp 081234567890", "rp 0812******90" },
		{ "rp 3604200105900001", "rp 3604********0001" },
		{ "081.234.567.800", "081.2**.***.*00" },
		{ "rek 123.456.700", "rek 12*.***.*00" },
		/* of our ticket's shape, but parts of something else */
		{ "25004176 05900001", "2500**** ****0001" },
		{ "25004176 123", "25****** *23" },
		{ "36 04 25004176 12", "36 04 ******** 12" },
		{ "no 25004176.1234", "no 2500****.**34" },
		{ "08:12:34:56:78:90", "08:12:**:**:**:90" },
		{ "08:12-34:56-78:90", "08:12-**:**-**:90" },
	};

	(void)state;
	CHECK(rows);
}

static void spares(void **state)
{
	static const struct row rows[] = {
		{ "cek 25004176", NULL },
		{ "cek no.2500 4176", NULL },
		{ "CEK25004176", NULL },
		{ "no25004176", NULL },
		{ "laporan 25004176 dan 25004184", NULL },
		{ "25004176 17/08/2025", NULL },
		{ "rating 25004176 5", NULL },
		{ "25004176 13 rumah terendam", NULL },
		{ "harga Rp 1.500.000", NULL },
		{ "Rp1.500.000.000,00 dana desa", NULL },
		{ "Rp. 150000000", NULL },
		{ "rp 1500000000 buat jalan", NULL },
		{ "dipungut 200rb per orang", NULL },
		{ "1.250.000.000 habis", NULL },
		{ "17/08/2025 jam 13.30-15.30", NULL },
		{ "2025-08-17 08:30:15", NULL },
		{ "17.08.2025, 18.08.2025 dan 19-8-25", NULL },
		{ "buka pukul 07.30-16.00 17-08-2025", NULL },
		{ "rt 03/02 rw 05 no 12", NULL },
		{ "RT.003/RW.007 2025 2026", NULL },
		{ "thn 2022 2023 2024 2025", NULL },
		{ "tahun 2022, 2023, 2024", NULL },
		{ "blok 1,2,3,4,5,6,7,8,9,10,11", NULL },
		{ "kantor buka jam 07.30-16.00, 13:00-15:30", NULL },
		{ "lokasi -6.120345, 106.150231", NULL },
		{ "12 rumah 3 rt 45 kk 2 mgg", NULL },
		{ "dua tiga hari, lima enam orang", NULL },
		{ "telp 112 atau 119", NULL },
		{ "A 1234 BC", NULL },
		{ "km 12 sampai 14", NULL },
		{ "wa 5 orang", NULL },
		{ "lo 8 io", NULL },
		{ "", NULL },
		{ "...", NULL },
		{ "جالان rusak", NULL },
	};

	(void)state;
	CHECK(rows);
}

static void tickets_are_ours(void **state)
{
	struct str t = STR("cek 25004176"), other = STR("nomor 2512345679");

	(void)state;
	assert_true(mask_numbers(t, 8, arena).p == t.p);
	/* Of ten digits: only when tickets have ten, and the last is right. */
	assert_false(str_eq(mask_numbers(other, 8, arena), other));
	for (char last = '0'; last <= '9'; last++) {
		char text[] = "nomor 2512345670";

		text[15] = last;
		assert_int_equal(
			str_eq(mask_numbers(str_of(text), 10, arena), str_of(text)),
			damm_ok(str_of(text + 6)));
	}
	/* No tickets at all: eight digits are still few. */
	assert_true(mask_numbers(t, 0, arena).p == t.p);
}

static void lets_nothing_out_without_memory(void **state)
{
	struct arena *small = arena_new("small", 512);
	struct str text = STR("nik saya 3604200105900001 dan hp saya 081234567890, "
			      "tolong dihubungi kalau sudah ada kabar");
	struct str out = mask_numbers(text, 8, small);

	(void)state;
	assert_null(out.p);
	assert_int_equal(out.n, 0);
	arena_free(small);
}

/* ---- whatever the text ---- */

static uint64_t seed = 42;

static unsigned pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

/*
 * The longest row of digits that can be seen: whatever is no letter separates nothing, a
 * star ends a row. Knows ASCII digits only; the generator makes no others.
 */
static size_t longest_row(struct str s)
{
	size_t row = 0, longest = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c >= '0' && c <= '9')
			row++;
		else if (c == '*' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			row = 0;
		longest = row > longest ? row : longest;
	}
	return longest;
}

/* Digits with anything between them that makes no shape which is spared. */
static void no_row_of_nine(void **state)
{
	static const char soup[] = "0123456789012345678901234567890123456789   __+()|#\n";

	(void)state;
	for (int round = 0; round < 100000; round++) {
		char text[80];
		size_t n = 1 + pick(sizeof(text) - 1), row;
		struct str out;

		for (size_t i = 0; i < n; i++)
			text[i] = soup[pick(sizeof(soup) - 1)];
		out = mask_numbers(str_from(text, n), 0, arena);
		assert_int_equal(out.n, n);
		row = longest_row(out);
		if (row >= 9)
			fail_msg("%.*s -> %.*s", (int)n, text, STR_ARG(out));
		arena_reset(arena);
	}
}

static size_t put(char *out, const char *word)
{
	size_t n = strlen(word);

	memcpy(out, word, n);
	return n;
}

/* A number of somebody in the middle of words, written in one of many ways. */
static size_t disguise(char *out, const char *digits)
{
	static const char *const between[] = { "",    " ",  ".",  "-", "/", "_", ", ",
					       " - ", "  ", "\n", ":", "|", "+" };
	static const char *const words[] = { "nol",	"satu",	   "dua",  "tiga",
					     "empat",	"lima",	   "enam", "tujuh",
					     "delapan", "sembilan" };
	const char *gap = between[pick(13)];
	unsigned group = 1 + pick(5), mode = pick(4);
	size_t n = 0;

	for (size_t i = 0; digits[i]; i++) {
		if (i && i % group == 0)
			n += put(out + n, mode == 1 ? " " : gap);
		if (mode == 1 && group == 1)
			n += put(out + n, words[digits[i] - '0']);
		else if (mode == 2 && digits[i] == '0' && i)
			out[n++] = 'O';
		else
			out[n++] = digits[i];
	}
	return n;
}

static void nobody_is_known(void **state)
{
	static const char *const stories[] = {
		"tolong pak ",	     "lapor, rt 03/02 ",
		"tgl 17/08/2025 ",   "harga Rp 5.000 ",
		"anak sy 3 orang. ", "",
		"hubungi bu sari ",  "nik: ",
		"BALAS 25004176 ",
	};

	(void)state;
	for (int round = 0; round < 50000; round++) {
		char digits[17], text[400];
		size_t n, count = pick(2) ? 16 : 11 + pick(3), begin, hidden = 0;
		const char *story = stories[pick(9)];
		struct str out;

		for (size_t i = 0; i < count; i++)
			digits[i] = (char)('0' + pick(10));
		memcpy(digits, count == 16 ? "3604" : "0812", 4);
		digits[count] = '\0';
		begin = strlen(story);
		memcpy(text, story, begin);
		n = begin + disguise(text + begin, digits);
		memcpy(text + n, " makasih", 8);
		out = masked(str_from(text, n + 8));
		assert_true(str_starts(out, str_of(story)));
		assert_true(str_ends(out, STR(" makasih")));
		for (size_t i = 0; i < out.n; i++)
			hidden += out.p[i] == '*';
		if (hidden < (count == 16 ? 8 : 5))
			fail_msg("%.*s -> %s", (int)(n + 8), text, out.p);
	}
}

/* Any bytes at all: the result is text again, and masking twice changes little. */
static void any_text(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[120];
		size_t n = pick(sizeof(text));
		struct str clean, out;

		for (size_t i = 0; i < n; i++)
			text[i] = (char)(pick(3) ? "0123456789 .lOo"[pick(15)]
						 : (char)pick(256));
		clean = utf8_repair(str_from(text, n), arena);
		out = mask_numbers(clean, 8, arena);
		assert_true(out.p || clean.n == 0);
		assert_true(utf8_valid(out));
		arena_reset(arena);
	}
}

/*
 * Most texts are let by at the first look, which judges ASCII only. With an é behind it a
 * text is looked at whole: what comes of it must be the same.
 */
static void the_first_look_lets_nothing_by(void **state)
{
	static const char *const pieces[] = {
		"0",	  "8",	      "08",    "812",	   "3456",     "20397",	 "satu",
		"Tiga",	  "NOL",      "enem",  "sembilan", "salapan",  "zero",	 "seven",
		"sevenx", "O",	      "l",     "lo",	   "oio",      "oioi",	 "S5",
		"8Z",	  "2B",	      "B",     "3a4b5",	   "no520397", "520397", "hp",
		"Rek",	  "rekening", "jalan", "l2",	   "telp",     "hub",	 "wa",
		"Rp",	  "2026",     "17/08", "07.30",	   "x",
	};
	static const char *const gaps[] = { " ", "", "-", ".", " ", "\n", "", ", ", "/" };
	size_t shown = 0;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		char text[200];
		struct str once, whole;
		size_t n = 0;

		for (unsigned left = 1 + pick(9); left > 0; left--) {
			n += put(text + n, pieces[pick(40)]);
			n += put(text + n, gaps[pick(9)]);
		}
		once = mask_numbers(str_from(text, n), 8, arena);
		shown += once.p == text;
		memcpy(text + n, " \u00e9", 3);
		whole = mask_numbers(str_from(text, n + 3), 8, arena);
		if (!str_eq(once, str_slice(whole, 0, whole.n - 3)))
			fail_msg("%.*s -> %.*s", (int)n, text, STR_ARG(once));
		arena_reset(arena);
	}
	assert_true(shown > 50000);
}

/* Each of them, however it is written, nine times in a row. */
static void words_that_say_digits_are_hidden(void **state)
{
	static const char *const words[] = {
		"nol",	 "kosong", "satu",    "dua",	 "tiga",     "empat", "lima",
		"enam",	 "tujuh",  "delapan", "lapan",	 "sembilan", "hiji",  "tilu",
		"opat",	 "genep",  "dalapan", "salapan", "siji",     "loro",  "telu",
		"papat", "limo",   "enem",    "pitu",	 "wolu",     "sanga", "zero",
		"one",	 "two",	   "three",   "four",	 "five",     "six",   "seven",
		"eight", "nine",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		char text[120] = "";
		struct str out;
		size_t n = 0;

		for (int k = 0; k < 9; k++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s ",
					      words[i]);
		text[0] = (char)(text[0] - 32); /* "Satu satu …" */
		out = mask_numbers(str_of(text), 8, arena);
		if (str_find_char(out, '*') == out.n)
			fail_msg("%s is let out", words[i]);
		arena_reset(arena);
	}
}

/* Each of them, and none that only begins or ends like one. */
static void words_that_announce_a_number(void **state)
{
	static const char *const words[] = {
		"rek",	"rekening", "norek", "rekeningnya", "reknya",	"hp",
		"hape", "nohp",	    "nope",  "wa",	    "whatsapp", "telp",
		"tlp",	"telpon",   "tlpn",  "telepon",	    "telfon",	"tlf",
		"hub",	"hubungi",  "call",  "phone",
	};
	char text[80];

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct str out;

		snprintf(text, sizeof(text), "%s saya 812345", words[i]);
		text[0] = (char)(text[0] - 32);
		out = masked(str_of(text));
		assert_true(str_ends(out, STR(" ****45")));
		snprintf(text, sizeof(text), "x%s %sx saya 812345", words[i], words[i]);
		assert_true(str_eq(masked(str_of(text)), str_of(text)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hides),
		cmocka_unit_test(hides_what_is_disguised),
		cmocka_unit_test(spares),
		cmocka_unit_test(tickets_are_ours),
		cmocka_unit_test(lets_nothing_out_without_memory),
		cmocka_unit_test(no_row_of_nine),
		cmocka_unit_test(nobody_is_known),
		cmocka_unit_test(any_text),
		cmocka_unit_test(the_first_look_lets_nothing_by),
		cmocka_unit_test(words_that_say_digits_are_hidden),
		cmocka_unit_test(words_that_announce_a_number),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
