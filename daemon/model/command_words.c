/* SPDX-License-Identifier: MIT */
/*
 * Three tables, all in the order of `LC_ALL=C sort`, which the unit test checks:
 * spellings of commands (domain section 7), the vocabulary with its classes, and numbers.
 * Every word of every text is looked up here, so they are searched by halves. Sundanese
 * and Javanese forms wait for a native speaker's check. Pure.
 */
#include "model/command_words.h"

enum { STRETCH_LETTERS = 4, STRETCH_RUN = 3, NY_LETTERS = 3 };

#define LIST(...)           \
	{                   \
		__VA_ARGS__ \
	}

/* word:classes, see enum word_class */
static const char *const vocabulary[] = LIST(
	"aa:c", "abdi:MZcfm", "acan:n", "ada:f", "admin:Lch", "aduan:cl", "aduane:l",
	"aduanna:l", "aduannya:l", "agak:p", "aja:Fch", "akan:f", "akang:c", "aku:MZcm",
	"alamat:Bd", "alamatnya:Bd", "alhamdulillah:Gcpt", "alus:Gp", "amblas:T",
	"ambles:T", "ambruk:T", "anak:U", "ane:MZcm", "anggo:g", "anonimkan:S",
	"antara:d", "ap:h", "apa:fh", "apakah:f", "apik:Gp", "apkh:f", "arah:d", "arep:f",
	"asmo:N", "ass:Lc", "assalamualaikum:Lc", "atos:cy", "atuh:c", "awon:q", "bad:q",
	"bae:c", "bagaimana:Aah", "bagus:Gp", "baik:Gkp", "baiklah:k", "balai:d",
	"balasan:f", "bang:c", "banget:cp", "banjir:T", "bantu:h", "bantuan:h",
	"bapak:Lc", "bau:T", "bca:o", "becek:T", "begal:T", "begini:i", "belakang:d",
	"belom:n", "belum:fn", "benar:h", "bener:hy", "berapa:f", "berdebu:T", "beres:cy",
	"beri:L", "berikutnya:O", "berita:c", "berlubang:T", "bersih:Gp", "betul:y",
	"bgmn:Aa", "bgt:cp", "biji:U", "bikin:h", "bilang:R", "bintang:p", "bisa:fg",
	"bkn:x", "blakang:d", "blkg:d", "blm:fn", "bln:U", "blok:d", "blom:n", "blum:n",
	"bni:o", "bnjir:T", "bnjr:T", "bocor:T", "bocorin:R", "bocorkan:R", "bohong:q",
	"boleh:f", "bolong:T", "boong:q", "bos:c", "bp:c", "bpk:c", "bri:o", "brp:f",
	"bs:fg", "bt:p", "bu:Lch", "buah:U", "buat:hp", "bukan:x", "bulan:Uf", "bupati:h",
	"buruk:q", "byar:T", "caah:T", "caket:d", "cantumkan:R", "cara:Hh", "carana:Hh",
	"carane:Hh", "caranya:Hh", "cek:a", "cekap:p", "cepat:p", "cmn:b", "cukup:p",
	"cuma:b", "cuman:b", "daerah:d", "daftar:h", "dah:cy", "dalan:d", "dana:o",
	"dari:fmp", "data:Nm", "debu:T", "deh:c", "dekat:d", "deket:d", "dengan:f",
	"depan:d", "dereng:n", "desa:d", "deui:c", "dgn:f", "di:df", "dibalas:a",
	"dibocorin:R", "dibocorkan:R", "dibuka:R", "dicantumkan:R", "dicatut:R",
	"diekspos:R", "diexpose:R", "dikasih:R", "dikasihtau:R", "dikerjakan:a",
	"diketahui:R", "diomongin:R", "dipersulit:T", "dipotong:T", "diproses:a",
	"dipublikasikan:R", "dipungut:T", "dirahasiain:S", "dirahasiakan:S",
	"dirahasiake:S", "dirahasiaken:S", "dirahasiakno:S", "direspon:a", "dirhsiakan:S",
	"dirusiahkeun:S", "disambung:B", "disebar:R", "disebarkan:R", "disebat:R",
	"disebatkeun:R", "disebut:R", "disebutin:R", "disebutkan:R", "disebutna:R",
	"ditampilkan:R", "ditangani:a", "ditanggapi:a", "ditindaklanjuti:a", "ditolak:T",
	"ditulis:R", "diumumkan:R", "diungkap:R", "dkt:d", "dl:c", "done:y", "dong:ch",
	"donk:c", "dpn:d", "dr:fmp", "ds:d", "dsn:d", "dugi:a", "dukuh:d", "dulu:c",
	"durung:n", "dus:U", "dusta:q", "dusun:d", "elek:q", "encan:n", "engga:x",
	"enggak:x", "enggeh:k", "enggih:k", "enya:k", "eta:c", "euy:c", "format:Hh",
	"formatnya:Hh", "g:x", "ga:fux", "gak:fux", "gan:c", "gang:d", "ganggu:u",
	"ganti:g", "gausah:Fu", "gelap:T", "genangan:T", "geus:cy", "gg:d", "gimana:Aah",
	"gimna:Aa", "gini:i", "gk:ux", "gmn:Aah", "gmna:Aah", "good:Gp", "gopay:o",
	"goreng:q", "growong:T", "gue:MZcm", "gunakan:g", "gw:MZcm", "hade:Gp", "hai:L",
	"hallo:L", "halo:L", "hanya:b", "harap:r", "hareup:d", "hareupeun:d", "hari:Uf",
	"hasil:f", "hasilnya:f", "hatur:ct", "haturnuhun:ct", "hebat:Gp", "help:h",
	"henteu:x", "hilang:T", "hoax:q", "how:Hh", "hoyong:f", "hp:NQfmo", "hr:U",
	"hub:o", "hubungi:o", "ibu:Lc", "identitas:I", "identitasnya:I", "idpel:o",
	"idr:Qo", "ieu:Mcim", "iki:Mcim", "ilang:T", "info:a", "inggih:ck", "ingin:f",
	"ini:Mchim", "iraha:Aa", "isi:h", "isinya:h", "itu:c", "iya:k", "iyo:k", "jadi:f",
	"jalan:d", "jam:QU", "jangan:Fru", "jangn:F", "jatoh:T", "jatuh:T", "jawaban:f",
	"jawabannya:f", "jd:f", "jebol:T", "jelek:q", "jeneng:N", "jgn:Fru", "jl:d",
	"jln:d", "jm:Q", "jngan:F", "jngn:F", "jos:Gp", "joss:Gp", "jt:U", "juta:U",
	"kabar:ac", "kabare:Aa", "kabarna:Aa", "kabarnya:Aa", "kabeh:u", "kados:h",
	"kaga:x", "kagak:x", "kak:ch", "kakak:c", "kalau:h", "kaler:d", "kali:U",
	"kalo:h", "kamari:Mf", "kami:Zm", "kampung:d", "kan:c", "kang:Lc", "kantor:d",
	"kapan:Aa", "karo:f", "kasih:Lct", "kasihtau:R", "katanya:f", "kcmtn:d",
	"ke:cghm", "kebakaran:T", "kec:d", "kecamatan:d", "kecelakaan:T", "kecewa:q",
	"kecuali:b", "kejeblos:T", "kel:d", "kelanjutan:a", "kelanjutannya:a",
	"keluhan:l", "keluhannya:l", "kelurahan:d", "kemarin:Mf", "keneh:n", "kepada:m",
	"kepiye:Aa", "kepriben:Aah", "keprie:Aa", "keren:Gp", "kerendem:T", "keruh:T",
	"ketahuan:R", "ketik:Lh", "kg:U", "kidul:d", "kieu:i", "kirim:ch", "kita:m",
	"kite:f", "kk:Uco", "klo:h", "km:QUd", "kmaren:Mf", "kmp:d", "kmpng:d", "kmrn:Mf",
	"kode:Qo", "kok:cf", "komp:d", "komplek:d", "kompleks:d", "koreksi:B",
	"korupsi:T", "kotor:T", "kp:d", "kpn:Aa", "ksh:ct", "ktp:o", "ku:cf",
	"kula:MZcfm", "kulo:Zcm", "kulon:d", "kumaha:Aah", "kurang:q", "kuring:MZcfm",
	"kuwi:c", "kwh:o", "lagi:c", "lah:c", "lain:O", "lainnya:O", "lainya:O", "lalu:f",
	"lambat:q", "lancar:y", "langka:T", "lanjut:a", "lanjutan:Ba", "lanjutannya:Ba",
	"lanjutnya:a", "lap:cl", "lapor:ch", "laporan:chl", "laporane:l", "laporanna:l",
	"laporannya:l", "laporn:l", "lapornya:h", "lapuran:l", "layanan:h", "lbg:T",
	"lelet:q", "leres:y", "lg:c", "liar:T", "liat:f", "licin:T", "lihat:f",
	"lingkungan:d", "link:d", "liyane:O", "lobang:T", "lokasi:Bd", "lokasina:Bd",
	"lokasine:Bd", "lokasinya:Bd", "lom:n", "longgar:T", "longsor:T", "lor:d",
	"lporan:l", "lubang:T", "lumayan:p", "m:U", "maaf:L", "macet:T", "mah:c",
	"mahal:T", "makasi:ct", "makasih:ct", "make:g", "makenya:h", "maksud:B",
	"maksude:B", "maksudna:B", "maksudnya:B", "malam:LUf", "maling:T", "mampet:T",
	"mana:a", "mandiri:o", "maneh:c", "mangga:ck", "mantab:Gp", "mantap:Gp",
	"mas:Lch", "masi:n", "masih:n", "masjid:d", "mati:T", "matur:ct", "mau:Lch",
	"mba:Lc", "mbak:Lch", "mboten:Fx", "melapor:h", "meluap:T", "memuaskan:Gp",
	"menerima:c", "mengadu:h", "mengecek:a", "mengecewakan:q", "mengganggu:u",
	"menit:U", "menu:h", "menumpuk:T", "menyala:y", "menyebut:R", "mesjid:d",
	"meter:Uo", "mf:L", "mgg:U", "mggu:U", "mhn:Lcr", "min:Lch", "minggu:Uf",
	"minta:Lcr", "miring:T", "misih:n", "mkasih:ct", "mksh:ct", "mlm:U", "mnt:U",
	"mohon:Lchr", "monggo:ck", "mpun:y", "msh:n", "mti:T", "muhun:k", "mulai:c",
	"mung:f", "mushola:d", "musola:d", "na:c", "nama:N", "namaku:I", "namanya:N",
	"nami:N", "namun:b", "nang:d", "nanging:b", "nanti:f", "nanya:f", "nasib:a",
	"nasibe:a", "nasibnya:a", "nda:x", "ndak:x", "neng:cd", "ngadu:h", "ngan:bf",
	"ngangge:g", "nganggo:g", "ngarep:d", "ngecek:a", "ngeganggu:u", "ngelapor:h",
	"ngene:i", "ngetik:h", "ngga:ux", "nggak:ux", "nggih:ck", "ngirim:h", "nib:o",
	"nih:ci", "nik:o", "nilai:p", "nilaina:p", "nilainya:p", "nile:p", "ning:d",
	"ningali:a", "nip:o", "nisn:o", "njih:ck", "nkk:o", "nm:N", "nmr:cl", "no:Qclm",
	"nomer:NQclm", "nomor:NQclm", "nop:o", "normal:y", "npwp:o", "nu:cf", "nuhun:ct",
	"nulis:h", "numpang:f", "numpuk:T", "nunggak:T", "nuwun:c", "nya:chm", "nyala:y",
	"nyambung:B", "nyangkut:T", "nyebut:R", "nyebutin:R", "nyuwun:Lr", "oh:L",
	"oiya:L", "ojo:Fru", "ok:ckp", "okay:k", "oke:ckp", "okeh:k", "om:c", "ora:ux",
	"orang:Um", "ore:x", "org:Um", "otp:o", "ovo:o", "pa:Lch", "pada:m", "padam:T",
	"paeh:T", "pagi:Lf", "pak:Lch", "pakai:gh", "pakainya:h", "pake:gh", "pakenya:h",
	"palih:d", "parah:q", "parantos:cy", "pareum:T", "pasar:d", "patah:T",
	"patokan:d", "patokannya:Bd", "payah:q", "pecah:T", "pel:o", "pelanggan:o",
	"pelapor:Im", "pengadu:I", "pengaduan:cl", "pengaduannya:l", "pengen:f",
	"pengin:f", "perempatan:d", "perintah:Hh", "perintahnya:Hh", "perkembangan:a",
	"perkembangannya:Aa", "perlu:Fu", "pertelon:d", "pertigaan:d", "perum:d",
	"perumahan:d", "peteng:T", "pin:o", "pinggir:d", "pingsan:T", "pisan:c",
	"piye:Aah", "please:Lc", "pln:o", "pls:Lc", "poek:T", "pojok:d", "pom:d",
	"ponten:p", "pos:d", "posisi:d", "posisinya:Bd", "potong:T", "prapatan:d",
	"pripun:Aah", "priye:Aah", "progres:Aa", "progress:Aa", "proses:a", "prosesnya:a",
	"puas:Gpy", "pukul:Q", "pun:c", "pungli:T", "punten:Lcr", "punya:f", "putus:T",
	"rahasiain:S", "rahasiakan:S", "rahasiaken:S", "rahasiakno:S", "ralat:B",
	"rampung:cy", "rapi:Gp", "rapih:Gp", "rating:p", "rb:U", "rek:o", "rekening:o",
	"resi:o", "respon:a", "retak:T", "revisi:B", "rhsiakan:S", "ribu:U", "rmh:U",
	"rob:T", "roboh:T", "rp:Qo", "rsk:T", "rt:Qd", "rugi:T", "ruksak:T", "rumah:U",
	"runtah:T", "rusak:T", "rusiahkeun:S", "rusk:T", "rw:Qd", "sadaya:u", "sae:Gp",
	"saget:g", "saja:ch", "salam:c", "sambungan:B", "sambungannya:B", "sampah:T",
	"sampai:am", "sampe:am", "samping:d", "sampun:cy", "sanesna:O", "sangat:p",
	"saterasna:O", "saya:LMZchm", "sayang:b", "sayangnya:b", "sblh:d", "sdh:cy",
	"sdn:d", "sebarkan:R", "sebelah:d", "sebelumnya:O", "seberang:d", "sebesar:Q",
	"sebrang:d", "sebut:R", "sebutin:R", "sebutkan:R", "sekali:cp", "sekarang:c",
	"sekitar:d", "selamat:Lf", "selanjutnya:O", "selesai:cy", "semrawut:T", "semua:u",
	"senilai:Q", "setuju:k", "siang:Lf", "siap:ck", "siapa:Zm", "siapapun:Zm",
	"sih:ch", "sing:c", "sini:h", "sip:Gckp", "sisi:d", "skali:p", "skor:p", "skrg:c",
	"slesai:y", "smpe:am", "smph:T", "sms:cho", "smsnya:ch", "soal:f", "sore:Lf",
	"spasi:c", "status:ac", "sts:ac", "stts:a", "sudah:cy", "sumbat:T", "sumuhun:k",
	"suwun:ct", "sy:LMZchm", "sya:MZcm", "syukron:t", "tacan:n", "tadi:Mf", "tahu:am",
	"tahun:QU", "tak:x", "tambahan:B", "tampilkan:R", "tanggal:Q", "tanggapan:a",
	"tanggapannya:a", "tanpa:F", "tanya:f", "tapi:b", "tapine:b", "tau:am", "taun:QU",
	"tdk:fux", "teh:Lc", "tekan:a", "telepon:o", "telp:Qo", "telpon:o",
	"tempatnya:Bd", "tentang:f", "tepatnya:Bd", "terdahulu:O", "terendam:T",
	"tergenang:T", "terima:ct", "terimakasih:ct", "tersumbat:T", "terus:c",
	"terusannya:B", "tetap:n", "teteh:c", "tetep:n", "teu:ux", "tgl:Q", "th:Q",
	"thanks:ct", "the:c", "thn:QU", "thx:ct", "tiasa:g", "tiba:T", "tidak:ux",
	"tiket:cl", "tindak:f", "tindaklanjut:a", "tindaklanjutnya:a", "tipu:q", "tks:t",
	"tlg:Lchr", "tlong:cr", "tlp:Qo", "tlpn:o", "to:h", "token:o", "tolong:Lchr",
	"tong:F", "top:Gp", "tos:cy", "tp:b", "tpi:b", "tq:ct", "trims:ct", "trm:ct",
	"trmksh:t", "trs:c", "trx:o", "tulung:Lr", "tumbang:T", "tuntas:y", "tutup:T",
	"ubah:g", "uda:y", "udah:cy", "ude:y", "udh:cy", "ujung:d", "ulah:F", "ungkap:R",
	"unit:Q", "untuk:cp", "usah:Fu", "use:h", "utk:cp", "uwis:y", "w:c", "wa:Qo",
	"wae:c", "warga:U", "wassalam:c", "wb:Lc", "wes:cy", "wetan:d", "wilayah:d",
	"wingi:Mf", "wis:cy", "wr:Lc", "x:U", "y:k", "ya:chkm", "yaa:ck", "yah:c",
	"yakin:k", "yang:Mc", "yes:ky", "yg:Mch", "yoi:k", "yth:Lc", "yup:k");

enum { VOCABULARY = sizeof(vocabulary) / sizeof(*vocabulary) };

/* Sunda, Jawa, and how order is told, beside Indonesian. */
static const struct {
	const char *words;
	int number;
} numbers[] = {
	{ " satu kesatu pertama hiji siji one ", 1 },
	{ " dua kedua loro kalih two ", 2 },
	{ " tiga ketiga tilu telu three ", 3 },
	{ " empat keempat opat papat four ", 4 },
	{ " lima kelima limo gangsal five ", 5 },
	{ " enam genep enem six ", 6 },
	{ " tujuh pitu seven ", 7 },
	{ " delapan dalapan wolu eight ", 8 },
	{ " sembilan salapan songo nine ", 9 },
	{ " sepuluh sapuluh ten ", 10 },
};

static const struct {
	const char *words;
	enum command_language language;
} languages[] = {
	{ " indonesia indonesian indo nasional id ", LANGUAGE_INDONESIA },
	{ " sunda sundanese sund su ", LANGUAGE_SUNDA },
	{ " jawa jowo jawi javanese jv jaseng ", LANGUAGE_JAWA },
	{ " english inggris inggeris eng en ", LANGUAGE_ENGLISH },
};

/* Whether word stands between blanks in `all`. */
static bool among(const char *all, struct str word)
{
	const char *at = all;

	while (word.n && (at = memmem(at, strlen(at), word.p, word.n))) {
		if (at[-1] == ' ' && at[word.n] == ' ')
			return true;
		at += word.n;
	}
	return false;
}

int word_number(struct str word)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (among(numbers[i].words, word))
			return numbers[i].number;
	return 0;
}

enum command_language word_language(struct str word)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(*languages); i++)
		if (among(languages[i].words, word))
			return languages[i].language;
	return LANGUAGE_NONE;
}

/* ---- the vocabulary ---- */

/* Like strcmp of the word with the entry's part before the colon. */
static int entry_compare(struct str word, const char *entry)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] != entry[i])
			return entry[i] == ':' ? 1 : (unsigned char)word.p[i] - entry[i];
	return entry[word.n] == ':' ? 0 : -1;
}

uint64_t word_classes(struct str word)
{
	size_t low = 0, high = VOCABULARY;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = entry_compare(word, vocabulary[middle]);
		uint64_t classes = 0;

		if (order > 0) {
			low = middle + 1;
			continue;
		}
		if (order < 0) {
			high = middle;
			continue;
		}
		for (const char *c = vocabulary[middle] + word.n + 1; *c >= 'A'; c++)
			classes |= WORD_BIT(*c);
		return classes;
	}
	return 0;
}

/* Letters written three times and more stand once. NULL p without memory. */
static struct str unstretch(struct str s, struct arena *arena)
{
	char *p = arena_alloc(arena, s.n, 1);
	size_t n = 0, run;

	for (size_t i = 0; p && i < s.n; i += run) {
		for (run = 1; i + run < s.n && s.p[i + run] == s.p[i]; run++)
			;
		p[n++] = s.p[i];
		if (run > 1 && run < STRETCH_RUN)
			p[n++] = s.p[i];
	}
	return str_from(p, n);
}

static bool is_stretched(struct str s)
{
	for (size_t i = 2; i < s.n; i++)
		if (s.p[i] == s.p[i - 1] && s.p[i] == s.p[i - 2])
			return true;
	return false;
}

struct str word_plain(struct str s, struct arena *arena)
{
	if (is_stretched(s))
		s = unstretch(s, arena);
	/* "kk" and "ass" are right as they are */
	if (s.n >= STRETCH_LETTERS && s.p[s.n - 1] == s.p[s.n - 2] &&
	    s.p[s.n - 1] >= 'a' && s.p[s.n - 1] <= 'z')
		s.n--;
	if (s.n > NY_LETTERS && str_ends(s, STR("ny")))
		return arena_printf(arena, "%.*sa", STR_ARG(s));
	return s;
}

bool word_one_slip(struct str a, struct str b)
{
	struct str s = a.n < b.n ? a : b, l = a.n < b.n ? b : a;
	size_t i = 0;

	if (l.n - s.n > 1)
		return false;
	while (i < s.n && s.p[i] == l.p[i])
		i++;
	if (s.n != l.n)
		return str_eq(str_slice(s, i, s.n), str_slice(l, i + 1, l.n));
	if (str_eq(str_slice(s, i + 1, s.n), str_slice(l, i + 1, l.n)))
		return true;
	return i + 1 < s.n && s.p[i] == l.p[i + 1] && s.p[i + 1] == l.p[i] &&
	       str_eq(str_slice(s, i + 2, s.n), str_slice(l, i + 2, l.n));
}

bool command_words_sorted(void)
{
	for (size_t i = 1; i < VOCABULARY; i++)
		if (strcmp(vocabulary[i - 1], vocabulary[i]) >= 0)
			return false;
	return true;
}
