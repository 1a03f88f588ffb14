/* SPDX-License-Identifier: MIT */
/*
 * Two tables: spellings of commands (domain section 7), and classes of words, each class
 * one string of words between blanks, which is read word by word. Pure.
 */
#include "model/command_words.h"

enum { STRETCH_LETTERS = 4 };

#define ONE(word_, kind_, fits_)                                                       \
	{                                                                              \
		.word = STR_INIT(word_), .kind = COMMAND_##kind_, .fits = FITS_##fits_ \
	}
#define TWO(word_, second_, kind_, fits_)                             \
	{                                                             \
		.word = STR_INIT(word_), .second = STR_INIT(second_), \
		.kind = COMMAND_##kind_, .fits = FITS_##fits_         \
	}

/* Those of two words come first: the first that fits is taken. */
static const struct spelling spellings[] = {
	TWO("salah", "gabung", BEDA, NUMBER_TEXT),
	TWO("sampai", "mana", CEK, NUMBER),
	TWO("sampe", "mana", CEK, NUMBER),
	TWO("smpe", "mana", CEK, NUMBER),
	TWO("info", "laporan", CEK, NUMBER),
	TWO("tarik", "laporan", CABUT, NUMBER_TEXT),
	TWO("hapus", "data", HAPUS, NUMBER),
	ONE("cek", CEK, NUMBER),
	ONE("chek", CEK, NUMBER),
	ONE("check", CEK, NUMBER),
	ONE("ceck", CEK, NUMBER),
	ONE("cel", CEK, NUMBER),
	ONE("status", CEK, NUMBER),
	ONE("sts", CEK, NUMBER),
	ONE("stts", CEK, NUMBER),
	ONE("setatus", CEK, NUMBER),
	ONE("progres", CEK, NUMBER),
	ONE("balas", BALAS, ADDITION),
	ONE("bls", BALAS, NUMBER_TEXT),
	ONE("tambah", BALAS, NUMBER_TEXT),
	ONE("tambahan", BALAS, NUMBER_TEXT),
	ONE("tmbh", BALAS, NUMBER_TEXT),
	ONE("tl", BALAS, NUMBER_TEXT),
	ONE("jawab", BALAS, NUMBER_TEXT),
	ONE("jwb", BALAS, NUMBER_TEXT),
	ONE("ya", YA, NUMBER),
	ONE("yaa", YA, NUMBER),
	ONE("iya", YA, NUMBER),
	ONE("y", YA, NUMBER),
	ONE("yes", YA, NUMBER),
	ONE("sudah", YA, NUMBER),
	ONE("sdh", YA, NUMBER),
	ONE("udah", YA, NUMBER),
	ONE("udh", YA, NUMBER),
	ONE("beres", YA, NUMBER),
	ONE("ok", YA, NUMBER),
	ONE("oke", YA, NUMBER),
	ONE("selesai", YA, NUMBER),
	ONE("atos", YA, NUMBER),
	ONE("wis", YA, NUMBER),
	ONE("belum", BELUM, NUMBER_TEXT),
	ONE("blm", BELUM, NUMBER_TEXT),
	ONE("blum", BELUM, NUMBER_TEXT),
	ONE("blom", BELUM, NUMBER_TEXT),
	ONE("tidak", BELUM, NUMBER_TEXT),
	ONE("gak", BELUM, NUMBER_TEXT),
	ONE("masih", BELUM, NUMBER_TEXT),
	ONE("msh", BELUM, NUMBER_TEXT),
	ONE("acan", BELUM, NUMBER_TEXT),
	ONE("tacan", BELUM, NUMBER_TEXT),
	ONE("durung", BELUM, NUMBER_TEXT),
	ONE("nilai", NILAI, RATING),
	ONE("rating", NILAI, RATING),
	ONE("bintang", NILAI, RATING),
	ONE("skor", NILAI, RATING),
	ONE("beda", BEDA, NUMBER_TEXT),
	ONE("bukan", BEDA, NUMBER_TEXT),
	ONE("rahasia", RAHASIA, TEXT),
	ONE("anonim", RAHASIA, TEXT),
	ONE("secret", RAHASIA, TEXT),
	ONE("cabut", CABUT, NUMBER_TEXT),
	ONE("batal", CABUT, NUMBER_TEXT),
	ONE("batalkan", CABUT, NUMBER_TEXT),
	ONE("batalin", CABUT, NUMBER_TEXT),
	ONE("tarik", CABUT, NUMBER_TEXT),
	ONE("banding", BANDING, NUMBER_TEXT),
	ONE("keberatan", BANDING, NUMBER_TEXT),
	ONE("protes", BANDING, NUMBER_TEXT),
	ONE("stop", STOP, NUMBER),
	ONE("setop", STOP, NUMBER),
	ONE("berhenti", STOP, NUMBER),
	ONE("brhenti", STOP, NUMBER),
	ONE("brenti", STOP, NUMBER),
	ONE("unreg", STOP, NUMBER),
	ONE("keluar", STOP, NUMBER),
	ONE("mulai", MULAI, NUMBER),
	ONE("reg", MULAI, NUMBER),
	ONE("start", MULAI, NUMBER),
	ONE("lanjut", MULAI, NUMBER),
	ONE("bantuan", BANTUAN, ALONE),
	ONE("bantu", BANTUAN, ALONE),
	ONE("help", BANTUAN, ALONE),
	ONE("cara", BANTUAN, ALONE),
	ONE("caranya", BANTUAN, ALONE),
	ONE("format", BANTUAN, ALONE),
	ONE("formatnya", BANTUAN, ALONE),
	ONE("menu", BANTUAN, ALONE),
	ONE("info", BANTUAN, ALONE),
	ONE("privasi", PRIVASI, ALONE),
	ONE("privacy", PRIVASI, ALONE),
	ONE("data", PRIVASI, ALONE),
	ONE("hapus", HAPUS, NUMBER),
	ONE("delete", HAPUS, NUMBER),
};

enum { SPELLINGS = sizeof(spellings) / sizeof(*spellings) };

static const char *const classes[WORD_CLASS_COUNT] = {
	[WORD_COURTESY] =
		"pak bapak bpk pa bu ibu min admin kak kk bang mas mba mbak om gan bos "
		"dong donk ya yaa yah nih sih deh lah tolong tlg tlong mohon mhn makasih "
		"mksh makasi mkasih trims trm terima kasih ksh terimakasih thanks thx tq "
		"nuhun hatur suwun matur nuwun skrg sekarang aja saja sms smsnya lagi lg "
		"dulu dl the teh punten saya sy sya aku ane gw gue w laporan lapor lap "
		"aduan pengaduan tiket no nomor nomer nmr nya yg yang ini itu mau minta "
		"kirim kabar untuk utk status sts semua ke sudah udah udh sdh beres "
		"selesai pun kok kan berita menerima mulai tdk tidak perlu ass "
		"assalamualaikum siap atos spasi trs terus",
	[WORD_ASKING] =
		"gmn gmna gimana bagaimana bgmn kumaha kepriben kpn kapan iraha mana "
		"status sts stts cek progres kabar kabarnya kabare perkembangan "
		"perkembangannya smpe sampai sampe nasib nasibnya tindaklanjut "
		"tindaklanjutnya lanjutnya kelanjutan kelanjutannya info tau tahu lanjut "
		"lanjutan lanjutannya proses prosesnya diproses ditindaklanjuti "
		"ditangani "
		"dikerjakan direspon respon tanggapan tanggapannya dibalas ditanggapi",
	[WORD_COMPLAINT] =
		"laporan laporannya laporn lporan lap aduan aduannya pengaduan "
		"pengaduannya keluhan keluhannya tiket nomor no nomer laporane laporanna",
	[WORD_FILLER] =
		"kemarin kmrn kmaren minggu lalu bulan kok belum blm ada di dengan dgn "
		"dr "
		"dari tentang soal tanya nanya numpang jadi jd nanti hasil hasilnya "
		"jawaban jawabannya balasan apa apakah apkh gak ga tdk berapa brp punya "
		"abdi kuring kite kula nu hp tadi pagi siang sore malam hari selamat "
		"boleh bisa bs lihat liat tindak",
	[WORD_HELPING] =
		"cara caranya carane carana lapor melapor ngelapor laporan lapornya "
		"pakai pake pakainya pakenya makenya sms smsnya format formatnya ngadu "
		"mengadu apa ap aja saja kumaha gimana gmn gmna bagaimana kirim buat "
		"bikin sih ya pak bu min ini layanan nya isi isinya ngirim ketik ngetik "
		"nulis kalo kalau klo mau perintah perintahnya daftar tolong tlg mohon "
		"yg "
		"bener benar menu help bantuan bantu dong mas mbak kak admin saya sy",
	[WORD_HOW] = "cara caranya carane carana format formatnya perintah perintahnya",
	[WORD_LEAD] = "tolong tlg mohon mhn pak bu ass assalamualaikum min admin punten "
		      "mau sy saya minta ketik kasih beri",
	[WORD_PRAISE] = "bintang mantap bagus baik puas jelek buruk parah ok oke sekali "
			"skali bgt "
			"banget kecewa lambat cepat sangat buat bt untuk utk",
	[WORD_NOT_YET] = "blm belum blum blom durung acan tacan masih msh",
	[WORD_OTHER_NUMBER] = "rp idr nik kk nkk ktp npwp nop nib nip nisn hp wa telp "
			      "tlp telpon telepon "
			      "tlpn hub hubungi sms token idpel pelanggan pel meter kwh "
			      "rek rekening pln "
			      "bri bca bni mandiri dana gopay ovo kode otp pin trx resi",
};

struct str command_word_plain(struct str s, struct arena *arena)
{
	char last = s.n ? s.p[s.n - 1] : '\0';
	bool stretched =
		s.n >= STRETCH_LETTERS; /* "kk" and "ass" are right as they are */

	while (stretched && s.n > 1 && last >= 'a' && last <= 'z' && s.p[s.n - 2] == last)
		s.n--;
	if (s.n > 3 && str_ends(s, STR("ny")))
		return arena_printf(arena, "%.*sa", STR_ARG(s));
	return s;
}

bool command_word_is(enum word_class class, struct str word)
{
	const char *all = classes[class], *at = all;

	while (word.n && (at = memmem(at, strlen(at), word.p, word.n))) {
		bool begins = at == all || at[-1] == ' ';
		bool ends = at[word.n] == ' ' || at[word.n] == '\0';

		if (begins && ends)
			return true;
		at++;
	}
	return false;
}

/* One letter missing, added, changed, or two neighbours swapped. */
static bool one_slip(struct str a, struct str b)
{
	size_t i = 0;

	if (a.n > b.n)
		return one_slip(b, a);
	if (b.n - a.n > 1)
		return false;
	while (i < a.n && a.p[i] == b.p[i])
		i++;
	if (a.n != b.n)
		return str_eq(str_slice(a, i, a.n), str_slice(b, i + 1, b.n));
	if (str_eq(str_slice(a, i + 1, a.n), str_slice(b, i + 1, b.n)))
		return true;
	return i + 1 < a.n && a.p[i] == b.p[i + 1] && a.p[i + 1] == b.p[i] &&
	       str_eq(str_slice(a, i + 2, a.n), str_slice(b, i + 2, b.n));
}

const struct spelling *command_spelling(struct str word, struct str next, bool slips)
{
	for (size_t i = 0; i < SPELLINGS; i++) {
		const struct spelling *s = &spellings[i];

		if (str_eq(word, s->word) &&
		    (s->second.n == 0 || str_eq(next, s->second)))
			return s;
	}
	for (size_t i = 0; slips && word.n + 1 >= SLIP_LETTERS && i < SPELLINGS; i++) {
		const struct spelling *s = &spellings[i];

		if (s->second.n == 0 && s->word.n >= SLIP_LETTERS &&
		    one_slip(word, s->word))
			return s;
	}
	return NULL;
}
