/* SPDX-License-Identifier: MIT */
/*
 * What departments write, as real mail programs send it: each file of tests/fixtures/mail
 * with what must come of it; who wrote it; numbers in subjects.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "mail_files.h"
#include "model/mail_answer.h"

static struct arena *arena;

static struct str codes[] = { STR_INIT("PUPR"), STR_INIT("DISHUB") };
static struct str bodies[] = { STR_INIT("PLN") };

static const struct officer_rules rules = {
	.width = 5,
	.today = { 2025, 8, 4 },
	.departments = { codes, 2 },
	.outside = { bodies, 1 },
};

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 4 * MIME_ARENA_BYTES);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static const struct {
	const char *file;
	enum officer_kind kind;
	const char *words;
} answers[] = {
	{ "roundcube", OFFICER_SELESAI,
	  "lubang di kp Cibogo sudah ditambal dengan aspal panas oleh tim pemeliharaan "
	  "hari ini" },
	{ "roundcube-below", OFFICER_NONE,
	  "Sudah kami survei, perbaikan menunggu material." },
	{ "outlook", OFFICER_NONE,
	  "Sudah dijadwalkan tim kami, mohon warga bersabar – material datang Kamis." },
	{ "outlook-block", OFFICER_TERIMA, "" },
	{ "outlook-original", OFFICER_TOLAK, "jalan itu sudah diaspal bulan lalu" },
	{ "gmail", OFFICER_JADWAL, "aspal baru datang tanggal itu" },
	{ "gmail-english", OFFICER_TANYA, "di RT berapa lubangnya?" },
	{ "gmail-short", OFFICER_ALIH, "rambu bukan kewenangan kami" },
	{ "android", OFFICER_NONE,
	  "Tim sudah di lokasi, hubungi pak Udin 0812-****-**90 bila perlu." },
	{ "iphone", OFFICER_SELESAI, "lampu jalan sudah kami ganti tadi pagi" },
	{ "marker-dashes", OFFICER_NONE, "Sudah kami cek ke lapangan." },
	{ "marker-wrapped", OFFICER_NONE, "Sudah kami cek ke lapangan lagi." },
	{ "html-only", OFFICER_SELESAI, "lampu & tiang di jalan raya sudah diganti" },
	{ "html-alternative-blank", OFFICER_TERIMA, "" },
	{ "charset-missing", OFFICER_NONE, "Sudah ditambal – cek “Kp. Cibogo”." },
	{ "charset-wrong", OFFICER_NONE,
	  "Perbaikan désa Citasuk sudah selesai 80 % — sisanya besok." },
	{ "charset-unknown", OFFICER_NONE, "Café di ujung jalan sudah dibongkar." },
	{ "charset-utf16", OFFICER_TERIMA, "" },
	{ "attachment", OFFICER_SELESAI, "lubang sudah ditambal, foto terlampir" },
	{ "plain-note", OFFICER_NONE,
	  "Menindaklanjuti laporan tersebut, tim kami sudah survei lokasi. Perbaikan "
	  "menunggu anggaran perubahan." },
	{ "thanks", OFFICER_NONE,
	  "Terima kasih atas laporannya, akan kami cek besok pagi." },
	{ "luar", OFFICER_LUAR, "tiang itu milik PLN rayon Serang" },
	{ "empty", OFFICER_NONE, "" },
	{ "daftar", OFFICER_DAFTAR, "" },
	{ "alih-kosong", OFFICER_ALIH, "" },
	{ "story-not-quote", OFFICER_NONE,
	  "Pada tanggal 4 Agustus kami sudah cek. Dari hasil survei: saluran "
	  "tersumbat." },
};

static void files_say_what_was_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		struct mail_answer got;
		struct mime_mail mail;
		struct err err;

		arena_reset(arena);
		if (mime_read(mail_file(answers[i].file, arena), MIME_BYTES_MOST, arena,
			      &mail, &err))
			fail_msg("%s: %s", answers[i].file, err.text);
		mail_answer_read(mail.text, &rules, 25004176, arena, &got);
		if (got.command.kind != answers[i].kind ||
		    !str_eq(got.words, str_of(answers[i].words)))
			fail_msg("%s: %s \"%.*s\", not %s \"%s\"\nof \"%.*s\"",
				 answers[i].file, officer_name(got.command.kind),
				 STR_ARG(got.words), officer_name(answers[i].kind),
				 answers[i].words, STR_ARG(mail.text));
		assert_int_equal(mail_author(&mail), MAIL_HUMAN);
		assert_true(mail_may_be_told(&mail));
	}
}

static void the_rest_of_a_command(void **state)
{
	struct mail_answer got;

	(void)state;
	arena_reset(arena);
	mail_answer_read(STR("GABUNG 25004184\nsama dengan ini\n"), &rules, 25004176,
			 arena, &got);
	assert_int_equal(got.command.kind, OFFICER_GABUNG);
	mail_answer_read(STR("LUAR PLN: tiangnya\n"), &rules, 25004176, arena, &got);
	assert_true(str_eq(got.body, STR("PLN")));
	/* A sentence that begins like a command, without its capitals. */
	mail_answer_read(STR("Luar kota tim kami hari ini, besok baru bisa.\n"), &rules,
			 25004176, arena, &got);
	assert_true(
		str_eq(got.words, STR("Luar kota tim kami hari ini, besok baru bisa.")) ||
		got.command.kind == OFFICER_LUAR);
}

static void long_words_end_at_a_word(void **state)
{
	struct buf b = BUF_INIT(100000);
	struct mail_answer got;

	(void)state;
	arena_reset(arena);
	for (int i = 0; i < 2000; i++)
		buf_add(&b, STR("pekerjaan\xc3\xa9 "));
	mail_answer_read(buf_str(&b), &rules, 25004176, arena, &got);
	buf_free(&b);
	assert_true(got.words.n <= MAIL_WORDS_MOST + 4);
	assert_true(str_ends(got.words, STR("pekerjaan\xc3\xa9 ...")));
}

static void machines_are_known(void **state)
{
	static const struct {
		const char *file;
		enum mail_author author;
	} rows[] = {
		{ "vacation", MAIL_MACHINE },	  { "vacation-outlook", MAIL_MACHINE },
		{ "null-path", MAIL_MACHINE },	  { "dsn-failed", MAIL_BOUNCE },
		{ "dsn-delayed", MAIL_BOUNCE },	  { "roundcube", MAIL_HUMAN },
		{ "read-receipt", MAIL_MACHINE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mime_mail mail;
		struct err err;

		arena_reset(arena);
		assert_int_equal(mime_read(mail_file(rows[i].file, arena),
					   MIME_BYTES_MOST, arena, &mail, &err),
				 0);
		if (mail_author(&mail) != rows[i].author)
			fail_msg("%s: %d", rows[i].file, mail_author(&mail));
		assert_int_equal(mail_may_be_told(&mail), rows[i].author == MAIL_HUMAN);
	}
}

static void numbers_in_subjects(void **state)
{
	(void)state;
	assert_int_equal(mail_subject_no(STR("Re: [SRG-25004176] PUPR: jalan"), 5),
			 25004176);
	assert_int_equal(mail_subject_no(STR("Bls: 25004175 salah, 25004176 benar"), 5),
			 25004176);
	assert_int_equal(mail_subject_no(STR("telp 081234567890, 17/08/25"), 5), 0);
	assert_int_equal(mail_subject_no(STR(""), 5), 0);
}

/* A mail is written in sentences: what will be done is not done, and a question to one's
 * own people is none to the citizen. */
static void a_sentence_is_no_command(void **state)
{
	static const struct {
		const char *text;
		enum officer_kind kind;
	} rows[] = {
		{ "selesai minggu depan", OFFICER_NONE },
		{ "Selesai dalam 3 hari kerja, mohon bersabar.", OFFICER_NONE },
		{ "SELESAI besok pagi insya Allah", OFFICER_NONE },
		{ "Selesai akan kami kabari", OFFICER_NONE },
		{ "Selesai paling lambat 30 November", OFFICER_NONE },
		{ "25004176 selesai akhir bulan ini", OFFICER_NONE },
		{ "tanya dulu ke tim lapangan", OFFICER_NONE },
		{ "tolak ukur belum ada di kami", OFFICER_NONE },
		{ "selesai minggu lalu oleh tim kami", OFFICER_SELESAI },
		{ "Selesai dalam dua hari, kemarin sore dicek", OFFICER_SELESAI },
		{ "selesai tadi pagi", OFFICER_SELESAI },
		{ "Selesai. Besok kami cek lagi.", OFFICER_SELESAI },
		{ "SELESAI\nbesok kami cek lagi", OFFICER_SELESAI },
		{ "TANYA: dulu di RT berapa?", OFFICER_TANYA },
		{ "TOLAK bukan jalan kabupaten", OFFICER_TOLAK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mail_answer out;

		mail_answer_read(str_of(rows[i].text), &rules, 25004176, arena, &out);
		if (out.command.kind != rows[i].kind)
			fail_msg("%s", rows[i].text);
		if (rows[i].kind == OFFICER_NONE)
			assert_true(str_starts(str_of(rows[i].text),
					       str_slice(out.words, 0, 8)));
	}
}

/* Of two commands one would be done and the other be words of it: neither is. */
static void two_commands_are_seen(void **state)
{
	static const struct {
		const char *text;
		bool several;
	} rows[] = {
		{ "SELESAI 25004176 sudah ditambal\nSELESAI 25004184 lampu diganti",
		  true },
		{ "SELESAI 25004176 ditambal\n\n25004184 SELESAI lampu diganti", true },
		{ "TERIMA\nSELESAI sudah ditambal", true },
		{ "TERIMA\n\nTERIMA KASIH\nRina", false },
		{ "SELESAI\nlubang sudah ditambal\nselesai pukul 10", false },
		{ "ALIH DISHUB\nrambu bukan kewenangan kami", false },
		{ "JADWAL 17 agustus\naspal datang", false },
		{ "Sudah kami cek.\nSELESAI minggu depan", false },
		{ "SELESAI sudah\n> TERIMA 25004176\n> SELESAI 25004184 x", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mail_answer out;

		mail_answer_read(str_of(rows[i].text), &rules, 25004176, arena, &out);
		if (out.several != rows[i].several)
			fail_msg("%s", rows[i].text);
	}
}

/* Whoever says what he has to say in the line of his greeting has said it. */
static void a_greeting_hides_no_words(void **state)
{
	static const struct {
		const char *text, *words;
	} said[] = {
		{ "Pak jalan sudah ditambal", "Pak jalan sudah ditambal" },
		{ "Bu lampu sudah kami ganti\nTerima kasih",
		  "Bu lampu sudah kami ganti" },
		{ "Halo, lubang ditutup tadi pagi\n\nSalam",
		  "Halo, lubang ditutup tadi pagi" },
		{ "Assalamualaikum, menunggu material\nTerima kasih",
		  "Assalamualaikum, menunggu material" },
		{ "Selamat pagi lampu jalan menyala\nTerima kasih.",
		  "Selamat pagi lampu jalan menyala" },
		{ "Yth. Bapak/Ibu Admin Pengaduan\nSelamat pagi,\nsudah ditambal\nSalam",
		  "sudah ditambal" },
		{ "Kepada Yth. Admin, di tempat\nSelamat pagi, Bapak/Ibu\nsudah ditambal",
		  "sudah ditambal" },
		{ "Selamat pagi\nPak Admin,\nlampu sudah menyala",
		  "lampu sudah menyala" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		struct mail_answer out;

		mail_answer_read(str_of(said[i].text), &rules, 25004176, arena, &out);
		assert_string_equal(arena_str(arena, out.words).p, said[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_say_what_was_written),
		cmocka_unit_test(a_greeting_hides_no_words),
		cmocka_unit_test(a_sentence_is_no_command),
		cmocka_unit_test(two_commands_are_seen),
		cmocka_unit_test(the_rest_of_a_command),
		cmocka_unit_test(long_words_end_at_a_word),
		cmocka_unit_test(machines_are_known),
		cmocka_unit_test(numbers_in_subjects),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
