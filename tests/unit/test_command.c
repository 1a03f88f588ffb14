/* SPDX-License-Identifier: MIT */
/* Commands: domain section 17, how else people put them, and what only looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "model/command_words.h"

enum { NO = 25004176, WIDTH = 5 };

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

static struct command reads(const char *text)
{
	arena_reset(arena);
	return command_read(str_of(text), WIDTH, arena);
}

/* Texts that are all this command, with this number. */
static void all_are(enum command_kind kind, int64_t no, const char *const *texts,
		    size_t n)
{
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		struct command c = reads(texts[i]);

		if (c.kind == kind && c.no == no && !c.wrong_no)
			continue;
		print_message("\"%s\": %s %lld, not %s %lld\n", texts[i],
			      command_name(c.kind), (long long)c.no, command_name(kind),
			      (long long)no);
		bad++;
	}
	assert_int_equal(bad, 0);
}

#define ALL_ARE(kind, no, ...)                                                   \
	do {                                                                     \
		static const char *const texts_[] = { __VA_ARGS__ };             \
		all_are((kind), (no), texts_, sizeof(texts_) / sizeof(*texts_)); \
	} while (0)

static void cek(void **state)
{
	(void)state;
	ALL_ARE(COMMAND_CEK, NO, "cek 25004176", "Cek No.2500 4176", "CEK25004176",
		"cek#25004176 pak", "gmn kabarnya laporan sy no 25004176?",
		"CEK 25.004.176", "cek status 25004176", "STATUS NOMOR 2500-4176",
		"tolong cek 25004176", "25004176", "no 25004176", "#25004176",
		"25004176 pak", "progres 25004176 gimana pak",
		"cek\xc2\xa0"
		"25004176",
		"cek 25004176 \xf0\x9f\x99\x8f", "CEK<spasi>25004176",
		"cek spasi 25004176", "cekkk 25004176", "check 25004176", "sts 25004176",
		"setatus 25004176", "prgres 25004176", "statsu 25004176",
		"ass. cek no 25004176 dong min", "no 25004176 gimana pak?",
		"25004176 sampai mana ya", "info 25004176", "sampe mana no 25004176",
		"kapan 25004176 ditindaklanjuti",
		"laporan saya 25004176 sdh diproses blm",
		"kumaha laporan abdi no 25004176", "cek nmr: 25004176", "cek,25004176",
		"cek 25004176 rt 03 gimana", "CEK\n25004176");
	ALL_ARE(COMMAND_CEK, 0, "CEK", "cek.", "Cek pak", "cek laporan saya",
		"status laporan saya", "sampai mana laporan saya pak",
		"gimana laporan saya kemarin", "cek status",
		"mau tanya laporan sy kmrn gmn", "cek laporan aku",
		"kapan laporan saya diproses", "info laporan saya dong",
		"kabar laporan saya gmn min");
}

static void additions(void **state)
{
	(void)state;
	ALL_ARE(COMMAND_BALAS, NO, "balas 25004176 lokasi dpn masjid al ikhlas",
		"25004176 rt 03 rw 02", "TL 25004176 blm ada petugas dtg",
		"TAMBAH 25004176 dekat mushola", "info 25004176 makin parah",
		"jawab 25004176 sebelah pom bensin", "bls no 25004176 ds sukamaju",
		"balsa 25004176 dpn sdn 2", "No. 25004176 lokasinya kp cikupa",
		"25004176 13 rumah terendam", "25004176, lampunya 3 biji",
		"lampu yg saya lapor di no 25004176 mati lagi",
		"utk laporan 25004176 lokasinya dpn sdn");
	ALL_ARE(COMMAND_BALAS, 0, "balas lokasinya di depan masjid");
	ALL_ARE(COMMAND_BELUM, NO, "blm beres pak yg 25004176 masih bolong",
		"BELUM 25004176 masih rusak", "belum 25004176", "durung 25004176",
		"acan 25004176 pa", "masih 25004176 gelap", "gak 25004176 sama aja",
		"blom 25004176 apa apa");
	ALL_ARE(COMMAND_BELUM, 0, "BELUM", "blm pak", "belum beres pak", "durung",
		"tacan");
}

static void confirmations(void **state)
{
	(void)state;
	ALL_ARE(COMMAND_YA, NO, "YA 25004176", "iya 25004176 pak", "sdh 25004176",
		"beres 25004176 makasih", "selesai 25004176", "wis 25004176 suwun",
		"atos 25004176", "Y 25004176", "slesai 25004176",
		"ya 25004176 udah bagus");
	ALL_ARE(COMMAND_YA, 0, "ya", "YA", "Iya pak", "udah pak makasih",
		"atos pa hatur nuhun", "sdh beres", "ok", "oke makasih", "yaaa",
		"sudah selesai pak terima kasih");
	ALL_ARE(COMMAND_NILAI, NO, "nilai 25004176 4", "NILAI 4 25004176",
		"nilai no 2500 4176 5", "rating 25004176 1", "skor 2 no 25004176",
		"bintang 3 buat no 25004176", "kasih bintang 3 bt 25004176",
		"nilai 25004176", "nlai 25004176 5");
	ALL_ARE(COMMAND_NILAI, 0, "NILAI 5 bintang mantap", "nilai 1", "bintang 5 pak",
		"rating 2 kecewa banget");
	assert_int_equal(reads("nilai 25004176 4").rating, 4);
	assert_int_equal(reads("NILAI 3 25004176").rating, 3);
	assert_int_equal(reads("NILAI 5 bintang mantap").rating, 5);
	assert_int_equal(reads("nilai 25 00 4 176 2").rating, 2);
	assert_int_equal(reads("nilai 25004176").rating, 0);
	assert_int_equal(reads("cek 25004176 3").rating, 0);
}

static void the_others(void **state)
{
	(void)state;
	ALL_ARE(COMMAND_STOP, 0, "STOP", "stop. makasih", "Berhenti", "UNREG LAPOR",
		"unreg", "stopp", "stop sms", "berhenti kirim sms ya", "stop aja pak",
		"keluar", "tolong stop smsnya", "brenti sms", "berhnti",
		"STOP \xf0\x9f\x99\x8f");
	ALL_ARE(COMMAND_STOP, NO, "stop 25004176", "STOP No 25004176 ya pak",
		"tolong stop 25004176", "berhenti sms dong, stop 25004176",
		"brehenti 25004176");
	ALL_ARE(COMMAND_MULAI, 0, "MULAI", "mulai lagi", "REG LAPOR", "start", "lanjut");
	ALL_ARE(COMMAND_MULAI, NO, "mulai 25004176", "reg 25004176",
		"lanjut no 25004176");
	ALL_ARE(COMMAND_CABUT, NO, "batal 25004176 sdh diperbaiki", "cabut 25004176",
		"batalkan laporan 25004176", "tarik laporan no 25004176",
		"batalin 25004176 salah lokasi");
	ALL_ARE(COMMAND_CABUT, 0, "cabut laporan saya", "batal pak");
	ALL_ARE(COMMAND_BANDING, NO, "banding 25004176 tidak adil", "protes 25004176",
		"keberatan no 25004176 alasannya salah");
	ALL_ARE(COMMAND_BEDA, NO, "beda 25004176", "bukan 25004176 itu jalan lain",
		"salah gabung 25004176");
	ALL_ARE(COMMAND_RAHASIA, 0, "RAHASIA kepala sekolah minta uang seragam",
		"anonim kades potong blt", "rahasia");
	ALL_ARE(COMMAND_RAHASIA, NO, "rahasia 25004176", "RAHASIA no 25004176 pak");
	ALL_ARE(COMMAND_BANTUAN, 0, "bantuan", "BANTUAN pak", "help", "caranya gimana?",
		"?", " ? ", "cara lapor gimana pak", "format", "menu", "info",
		"info dong", "formatnya apa", "carany gmn",
		"mau lapor gimana caranya min", "kalo mau lapor gimana pak", "bantuann");
	ALL_ARE(COMMAND_PRIVASI, 0, "PRIVASI", "privacy", "data saya");
	ALL_ARE(COMMAND_HAPUS, NO, "HAPUS 25004176", "hapus data saya 25004176",
		"delete 25004176");
	ALL_ARE(COMMAND_HAPUS, 0, "hapus data saya");
}

/* What is a complaint, or nothing, and must not be taken for a command. */
static void not_commands(void **state)
{
	(void)state;
	ALL_ARE(COMMAND_NONE, 0, "LAPOR spasi lampu jalan mati kp Cikupa",
		"LAPOR<spasi>jalan rusak di petir",
		"lapor#sampah numpuk dpn pasar ciruas", "Lapor",
		"cek jembatan tirtayasa pak mau ambruk",
		"Stop pungli di sekolah anak saya",
		"berhenti dulu proyek galian itu pak debunya parah",
		"info jalan padarincang longsor", "kk bantu dong", "tolong dong pak",
		"bantu warga kp baru kebanjiran pak", "tolong bantu pak",
		"selesai dibangun tapi jebol lagi irigasinya", "tidak ada air pdam",
		"masih banyak sampah di kali", "belum ada penerangan jalan di kp kami",
		"data dtks saya salah", "keluar masuk truk tanah bikin jalan rusak",
		"tarik tunai bansos dipotong", "ya ampun jalannya rusak lagi",
		"sudah 3 bulan ktp belum jadi", "nilai ppdb anak saya tidak keluar",
		"nilai 4 siswa diubah guru", "bintang 5 hotel karaoke buka sampai pagi",
		"hapus tato gratis kapan", "hapus pungutan di smpn 2",
		"mulai tadi malam listrik padam", "lanjut bangun drainase yg mangkrak",
		"start jam 7 antrian puskesmas",
		"bukan jalan desa tapi jalan kabupaten rusak",
		"beda harga gas 3 kg tiap warung",
		"batal terus jadwal vaksin di puskesmas",
		"cabut izin pabrik itu bau limbahnya", "protes warga soal galian c",
		"keberatan bayar pbb dobel", "banding harga pupuk di kios mahal",
		"format kk baru beda nik nya salah", "menu makan pasien rsud basi",
		"cara urus kk hilang gimana pak", "cara bikin ktp",
		"caranya bayar pbb gimana", "bantuan pkh tetangga saya dicabut",
		"bantuan banjir belum sampai ke citasuk",
		"status tanah desa dijual kades", "status bpjs saya nonaktif",
		"progres jalan cinangka mandek", "tambah lampu di jalan lingkar",
		"tambahan modal umkm kapan cair", "jawab dong bupati jalan rusak",
		"ok pak jalan di petir berlubang", "udah 2 minggu sampah ga diangkut",
		"blm dapet blt dari desa", "gak ada dokter di puskesmas",
		"stop kontak di kelas sdn nyetrum", "stok pupuk habis di kios",
		"reguler bus sekolah ga ada", "setopan lampu merah cikande mati",
		"chek dam jebol", "sampai mana jalan ini dibangun? sudah rusak", "balas",
		"balas dong pak", "P", "p", "4", "5", "1 2 3", "jalan rusak", "", "   ",
		"...", "??", "\xf0\x9f\x98\xad", "assalamualaikum", "terima kasih pak",
		"hub 081234567890 ya", "telp saya 0254 200 123 air mati",
		"081234567890 nipu warga", "dana desa 25.000.000 raib",
		"25-12-2025 ada longsor",
		"Token PLN 4421 8890 1234 5567 0091 KWH 32,4 trx sukses",
		"nik 25004176 ga kebaca di bank", "Rp 25004176 dipotong kades",
		"3604251200410001 nik saya salah", "brehenti proyek galian",
		"bantun kami pak jalan rusak", "masihh banyak lubang di ciruas",
		"jalan 25004174 rusak");
}

static void wrong_digits(void **state)
{
	static const struct {
		const char *text;
		enum command_kind kind;
	} rows[] = {
		{ "cek 25004174", COMMAND_CEK },
		{ "25004174", COMMAND_CEK },
		{ "CEK25004174 pak", COMMAND_CEK },
		{ "gmn laporan sy no 25004174", COMMAND_CEK },
		{ "balas 25004174 dpn masjid", COMMAND_BALAS },
		{ "stop 25004174", COMMAND_STOP },
		{ "ya 25004174", COMMAND_YA },
		{ "nilai 25004174 4", COMMAND_NILAI },
		{ "cek 250041766", COMMAND_CEK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct command c = reads(rows[i].text);

		if (c.kind != rows[i].kind || c.no || !c.wrong_no)
			fail_msg("%s: %s %lld %d", rows[i].text, command_name(c.kind),
				 (long long)c.no, c.wrong_no);
	}
}

static void rests(void **state)
{
	static const char *const rows[][2] = {
		{ "balas 25004176 depan masjid", "depan masjid" },
		{ "BALAS no.2500 4176:  depan, Masjid ", "depan, Masjid" },
		{ "25004176 rt 03 rw 02", "rt 03 rw 02" },
		{ "25004176 13 rumah terendam", "13 rumah terendam" },
		{ "belum 25004176 masih bolong", "masih bolong" },
		{ "RAHASIA: kepala sekolah minta uang", "kepala sekolah minta uang" },
		{ "RAHASIA<spasi>kades potong blt", "kades potong blt" },
		{ "rahasia 25004176", "" },
		{ "balas lokasinya di depan masjid", "lokasinya di depan masjid" },
		{ "lampu di no 25004176 mati lagi", "lampu di no 25004176 mati lagi" },
		{ "stop 25004176 ya pak", "" },
		{ "cek 25004176", "" },
		{ "CEK", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct command c = reads(rows[i][0]);

		if (!str_eq(c.rest, str_of(rows[i][1])))
			fail_msg("%s: \"%.*s\"", rows[i][0], STR_ARG(c.rest));
	}
}

/* Other widths, long texts, no memory. */
static void edges(void **state)
{
	struct buf b = BUF_INIT(100000);
	struct arena *none = arena_new("none", 1);

	(void)state;
	assert_int_equal(command_read(STR("cek 254179"), 3, arena).wrong_no, true);
	assert_int_equal(command_read(STR("STOP"), WIDTH, none).kind, COMMAND_NONE);
	arena_free(none);
	buf_add(&b, STR("stop "));
	for (int i = 0; i < 5000; i++)
		buf_add(&b, STR("pak "));
	assert_int_equal(command_read(buf_str(&b), WIDTH, arena).kind, COMMAND_NONE);
	buf_clear(&b);
	for (int i = 0; i < 20000; i++)
		buf_add(&b, STR("2500"));
	assert_int_equal(command_read(buf_str(&b), WIDTH, arena).kind, COMMAND_NONE);
	buf_free(&b);
}

/* The tables are searched by halves, and names are asked for by index. */
static void tables(void **state)
{
	(void)state;
	assert_true(command_words_sorted());
	assert_true(command_spellings_sorted());
	for (int i = 0; i < COMMAND_COUNT; i++)
		assert_non_null(command_name((enum command_kind)i));
	for (int i = 0; i < LANGUAGE_COUNT; i++)
		assert_int_equal(
			str_of(command_language_code((enum command_language)i)).n,
			i == LANGUAGE_NONE ? 0 : 2);
	assert_true(word_one_slip(STR("stop"), STR("stp")));
	assert_true(word_one_slip(STR("stop"), STR("sotp")));
	assert_true(word_one_slip(STR("stop"), STR("atop")));
	assert_false(word_one_slip(STR("stop"), STR("sp")));
	assert_false(word_one_slip(STR("stop"), STR("otsp")));
	assert_int_equal(word_number(STR("opat")), 4);
	assert_int_equal(word_number(STR("pat")), 0);
	assert_int_equal(word_classes(STR("zzz")), 0);
	assert_int_equal(word_classes(STR("")), 0);
	assert_true(word_classes(STR("aa")) && word_classes(STR("yup")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cek),		 cmocka_unit_test(additions),
		cmocka_unit_test(confirmations), cmocka_unit_test(the_others),
		cmocka_unit_test(not_commands),	 cmocka_unit_test(wrong_digits),
		cmocka_unit_test(rests),	 cmocka_unit_test(edges),
		cmocka_unit_test(tables),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
