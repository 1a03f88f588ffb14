/* SPDX-License-Identifier: MIT */
/* Commands: domain section 17, and what looks like a command and is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/command.h"

struct row {
	enum command_kind kind;
	int64_t no;
	int rating;
	const char *text;
};

enum { NO = 25004176 };

static const struct row rows[] = {
	{ COMMAND_CEK, NO, 0, "cek 25004176" },
	{ COMMAND_CEK, NO, 0, "Cek No.2500 4176" },
	{ COMMAND_CEK, NO, 0, "CEK25004176" },
	{ COMMAND_CEK, NO, 0, "cek#25004176 pak" },
	{ COMMAND_CEK, NO, 0, "gmn kabarnya laporan sy no 25004176?" },
	{ COMMAND_CEK, NO, 0, "CEK 25.004.176" },
	{ COMMAND_CEK, NO, 0, "cek status 25004176" },
	{ COMMAND_CEK, NO, 0, "STATUS NOMOR 2500-4176" },
	{ COMMAND_CEK, NO, 0, "tolong cek 25004176" },
	{ COMMAND_CEK, NO, 0, "25004176" },
	{ COMMAND_CEK, NO, 0, "progres 25004176 gimana pak" },
	{ COMMAND_CEK, 0, 0, "CEK" },
	{ COMMAND_CEK, 0, 0, "cek laporan saya" },
	{ COMMAND_CEK, 0, 0, "status laporan saya" },
	{ COMMAND_CEK, 0, 0, "sampai mana laporan saya pak" },
	{ COMMAND_CEK, 0, 0, "gimana laporan saya kemarin" },
	{ COMMAND_NONE, 0, 0, "LAPOR spasi lampu jalan mati kp Cikupa" },
	{ COMMAND_NONE, 0, 0, "LAPOR<spasi>jalan rusak di petir" },
	{ COMMAND_NONE, 0, 0, "lapor#sampah numpuk dpn pasar ciruas" },
	{ COMMAND_NONE, 0, 0, "Lapor" },
	{ COMMAND_NONE, 0, 0, "cek jembatan tirtayasa pak mau ambruk" },
	{ COMMAND_NONE, 0, 0, "Stop pungli di sekolah anak saya" },
	{ COMMAND_NONE, 0, 0, "berhenti dulu proyek galian itu pak debunya parah" },
	{ COMMAND_NONE, 0, 0, "info jalan padarincang longsor" },
	{ COMMAND_NONE, 0, 0, "kk bantu dong" },
	{ COMMAND_NONE, 0, 0, "bantu warga kp baru kebanjiran pak" },
	{ COMMAND_NONE, 0, 0, "selesai dibangun tapi jebol lagi irigasinya" },
	{ COMMAND_NONE, 0, 0, "tidak ada air pdam" },
	{ COMMAND_NONE, 0, 0, "masih banyak sampah di kali" },
	{ COMMAND_NONE, 0, 0, "belum ada penerangan jalan di kp kami" },
	{ COMMAND_NONE, 0, 0, "data dtks saya salah" },
	{ COMMAND_NONE, 0, 0, "keluar masuk truk tanah bikin jalan rusak" },
	{ COMMAND_NONE, 0, 0, "tarik tunai bansos dipotong" },
	{ COMMAND_NONE, 0, 0, "ya ampun jalannya rusak lagi" },
	{ COMMAND_NONE, 0, 0, "sudah 3 bulan ktp belum jadi" },
	{ COMMAND_NONE, 0, 0, "nilai ppdb anak saya tidak keluar" },
	{ COMMAND_NONE, 0, 0, "4" },
	{ COMMAND_NONE, 0, 0, "jalan rusak" },
	{ COMMAND_NONE, 0, 0, "" },
	{ COMMAND_NONE, 0, 0, "   " },
	{ COMMAND_NONE, 0, 0, "hub 081234567890 ya" },
	{ COMMAND_STOP, 0, 0, "STOP" },
	{ COMMAND_STOP, 0, 0, "stop. makasih" },
	{ COMMAND_STOP, 0, 0, "Berhenti" },
	{ COMMAND_STOP, 0, 0, "UNREG LAPOR" },
	{ COMMAND_STOP, NO, 0, "stop 25004176" },
	{ COMMAND_STOP, NO, 0, "STOP No 25004176 ya pak" },
	{ COMMAND_MULAI, 0, 0, "MULAI" },
	{ COMMAND_MULAI, NO, 0, "mulai 25004176" },
	{ COMMAND_BALAS, NO, 0, "balas 25004176 lokasi dpn masjid al ikhlas" },
	{ COMMAND_BALAS, NO, 0, "25004176 rt 03 rw 02" },
	{ COMMAND_BALAS, NO, 0, "TL 25004176 blm ada petugas dtg" },
	{ COMMAND_BALAS, NO, 0, "TAMBAH 25004176 dekat mushola" },
	{ COMMAND_BALAS, NO, 0, "info 25004176 makin parah" },
	{ COMMAND_BELUM, NO, 0, "blm beres pak yg 25004176 masih bolong" },
	{ COMMAND_BELUM, NO, 0, "BELUM 25004176 masih rusak" },
	{ COMMAND_BELUM, 0, 0, "BELUM" },
	{ COMMAND_YA, NO, 0, "YA 25004176" },
	{ COMMAND_YA, 0, 0, "udah pak makasih" },
	{ COMMAND_YA, 0, 0, "atos pa hatur nuhun" },
	{ COMMAND_NILAI, NO, 4, "nilai 25004176 4" },
	{ COMMAND_NILAI, 0, 5, "NILAI 5 bintang mantap" },
	{ COMMAND_RAHASIA, 0, 0, "RAHASIA kepala sekolah minta uang seragam" },
	{ COMMAND_CABUT, NO, 0, "batal 25004176 sdh diperbaiki" },
	{ COMMAND_BANDING, NO, 0, "banding 25004176 tidak adil" },
	{ COMMAND_BANTUAN, 0, 0, "bantuan" },
	{ COMMAND_BANTUAN, 0, 0, "caranya gimana?" },
	{ COMMAND_BANTUAN, 0, 0, "?" },
	{ COMMAND_BANTUAN, 0, 0, "cara lapor gimana pak" },
	{ COMMAND_PRIVASI, 0, 0, "PRIVASI" },
	{ COMMAND_HAPUS, NO, 0, "HAPUS 25004176" },
	{ COMMAND_BEDA, NO, 0, "beda 25004176" },
};

static void reads_rows(void **state)
{
	struct arena *arena = arena_new("test", 1 << 20);
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct command c;

		arena_reset(arena);
		c = command_read(str_of(rows[i].text), 5, arena);
		if (c.kind == rows[i].kind && c.no == rows[i].no && c.rating == rows[i].rating)
			continue;
		printf("\"%s\": %s %lld, not %s %lld\n", rows[i].text, command_name(c.kind),
		       (long long)c.no, command_name(rows[i].kind), (long long)rows[i].no);
		wrong++;
	}
	arena_free(arena);
	assert_int_equal(wrong, 0);
}

static void wrong_digit(void **state)
{
	struct arena *arena = arena_new("test", 1 << 20);
	struct command c = command_read(STR("cek 25004174"), 5, arena);

	(void)state;
	assert_int_equal(c.kind, COMMAND_CEK);
	assert_int_equal(c.no, 0);
	assert_true(c.wrong_no);
	c = command_read(STR("balas 25004176 depan masjid"), 5, arena);
	assert_true(str_eq(c.rest, STR("depan masjid")));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reads_rows),
					    cmocka_unit_test(wrong_digit) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
