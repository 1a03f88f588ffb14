/* SPDX-License-Identifier: MIT */
/* The tables. A row is one notion; its words stand in one string. Pure. */
#include "model/similar_words.h"

struct notion {
	enum similar_kind kind;
	const char *words;
};

/* clang-format off */
static const struct notion notions[] = {
	{ SIMILAR_FILLER, " yang di ke dari ini itu dan atau dengan untuk pada karena kalau juga saja lagi masih sudah "
		"belum tidak bukan ada jadi biar supaya agar oleh para si nya deh dong nih sih kok ko tuh ya iya "
		"oh saya kami kita anda aku mereka dia warga masyarakat orang bapak ibu pak bu bupati camat yth "
		"mas mbak kang teh tolong mohon minta harap bantu bantuannya segera cepat cepet tindak lanjut "
		"ditindak diperbaiki perbaiki perbaikan benerin dibenerin bener perhatian perhatikan "
		"diperhatikan lapor laporan aduan info assalamualaikum ass wr wb selamat pagi siang sore malam "
		"malem terima kasih makasih maaf bagaimana kapan kenapa mana apa siapa berapa sekali banget "
		"parah semua sama sampai terus selalu setiap tiap hari minggu bulan tahun kemarin sekarang tadi "
		"nanti jam lalu gulita seminggu sebulan setahun senin selasa rabu kamis jumat sabtu banyak "
		"sedikit lebih kurang sangat total besar kecil bisa boleh mau akan harus pernah lewat seperti "
		"kayak kaya gara gara2 akibat bahaya takut resah katanya kata padahal tapi cuma hanya doang udah "
		"udh blm pas waktu kali depan dekat samping belakang sebelah pinggir seberang sekitar arah "
		"menuju antara sisi ujung sepanjang sini situ sana daerah wilayah kabupaten serang lokasi alamat "
		"patokan tepatnya atas bawah dalam luar raya butuh susah dah aja anak2 anak nama via lewat2 "
		"deket banyak2 ribu rb jt juta rupiah kali2 dpt dapat dateng datang masuk keluar jalanin kan "
		"lapornya pemerintah dinas petugas oknum sampe sembarangan blok an tulung deui ti ka tos wis wes "
		"kabeh ning ing ora teu aya boga rata dipake dipakai pakai pake makin tambah sore2 penuh2 bikin "
		"buat gak pertigaan perempatan simpang gerbang jalur tikungan " },

	{ SIMILAR_WEAK, " jalan jl jalanan " },
	{ SIMILAR_WEAK, " rumah rmh umah imah " },
	{ SIMILAR_WEAK, " air banyu cai " },
	{ SIMILAR_WEAK, " mobil motor kendaraan kendaraannya " },
	{ SIMILAR_WEAK, " hujan ujan " },
	{ SIMILAR_WEAK, " kantor balai " },
	{ SIMILAR_WEAK, " harga " },

	{ SIMILAR_SYMPTOM, " rusak hancur ancur berlubang lubang lobang amblas ambles ambrol bolong jelek bergelombang "
		"kubangan becek retak lapuk copot jebol roboh ambruk miring putus diaspal aspal cor dicor beton "
		"kendor menjuntai dibeton pengecoran pengaspalan tanah ngelupas ruksak dipeoclok ambrug "
		"patah " },
	{ SIMILAR_MATTER, " lampu pju penerangan lampune " },
	{ SIMILAR_MATTER, " merah traffic light trafic " },
	{ SIMILAR_SYMPTOM, " mati padam gelap nyala menyala pareum ngalir mengalir alir mampus " },
	{ SIMILAR_MATTER, " sampah sampahnya tps runtah buang dibuang membuang pembuangan " },
	{ SIMILAR_SYMPTOM, " numpuk luber berserakan menumpuk tumpuk ditumpuk angkut diangkut ngangkut tumpukan penuh diambil " },
	{ SIMILAR_SYMPTOM, " bau baunya menyengat busuk bauan aroma " },
	{ SIMILAR_MATTER, " banjir kebanjiran terendam rendam genangan tergenang rob kerendam meluap luapan caah " },
	{ SIMILAR_MATTER, " evakuasi perahu karet sepinggang sapinggang selutut sedada perahunya ngungsi pengungsi " },
	{ SIMILAR_MATTER, " pdam ledeng perumda " },
	{ SIMILAR_SYMPTOM, " keruh coklat kaporit butek kuning " },
	{ SIMILAR_SYMPTOM, " bocor rembes kebuang " },
	{ SIMILAR_MATTER, " pipa paralon " },
	{ SIMILAR_SYMPTOM, " tagihan tagihannya rekening bayarannya " },
	{ SIMILAR_MATTER, " listrik pln setrum gardu travo token " },
	{ SIMILAR_MATTER, " tiang tihang " },
	{ SIMILAR_MATTER, " kabel kabelnya " },
	{ SIMILAR_MATTER, " murid siswa kelas sekolah bangku " },
	{ SIMILAR_MATTER, " atap genteng plafon " },
	{ SIMILAR_SYMPTOM, " seragam " },
	{ SIMILAR_MATTER, " guru kepala " },
	{ SIMILAR_MATTER, " pungli bayar uang dipungut pungutan iuran disunat dipotong sunat potong paksa maksa duit sogok "
		"disuruh wajib korupsi suap dipersulit bulanan " },
	{ SIMILAR_MATTER, " ktp blanko rekam " },
	{ SIMILAR_MATTER, " kk keluarga kartu " },
	{ SIMILAR_MATTER, " akta akte kelahiran " },
	{ SIMILAR_MATTER, " jembatan " },
	{ SIMILAR_MATTER, " got saluran selokan drainase gorong " },
	{ SIMILAR_SYMPTOM, " mampet mampat tersumbat buntu " },
	{ SIMILAR_MATTER, " limbah hitam item tercemar pencemaran ikan " },
	{ SIMILAR_MATTER, " sungai " },
	{ SIMILAR_MATTER, " pabrik pltu industri " },
	{ SIMILAR_MATTER, " asap sesak sesek batuk nafas napas " },
	{ SIMILAR_MATTER, " debu batubara bara berdebu polusi " },
	{ SIMILAR_SYMPTOM, " tutup nutup ditutup tutupnya " },
	{ SIMILAR_MATTER, " obat obatnya " },
	{ SIMILAR_SYMPTOM, " jutek judes ramah pelayanan pelayanannya galak " },
	{ SIMILAR_MATTER, " bidan lahiran melahirkan " },
	{ SIMILAR_MATTER, " dbd fogging nyamuk demam " },
	{ SIMILAR_MATTER, " igd rsud pasien ditolak " },
	{ SIMILAR_MATTER, " dokter perawat  " },
	{ SIMILAR_MATTER, " truk truck tronton dump " },
	{ SIMILAR_SYMPTOM, " macet kemacetan ngetem angkot " },
	{ SIMILAR_MATTER, " pohon tumbang dahan " },
	{ SIMILAR_MATTER, " bansos pkh bantuan blt bpnt sembako " },
	{ SIMILAR_MATTER, " pupuk petani subsidi " },
	{ SIMILAR_SYMPTOM, " langka kosong habis abis " },
	{ SIMILAR_MATTER, " irigasi sawah tanggul " },
	{ SIMILAR_MATTER, " hama wereng tikus panen gagal " },
	{ SIMILAR_MATTER, " miras warung remang minuman " },
	{ SIMILAR_MATTER, " razia dirazia " },
	{ SIMILAR_MATTER, " balap balapan balapliar " },
	{ SIMILAR_MATTER, " liar ilegal izin ijin " },
	{ SIMILAR_MATTER, " parkir jukir " },
	{ SIMILAR_MATTER, " dana transparan terbuka musyawarah anggaran " },
	{ SIMILAR_MATTER, " surat pengantar keterangan " },
	{ SIMILAR_MATTER, " gas elpiji melon lpg 3kg " },
	{ SIMILAR_MATTER, " pkl pedagang lapak kaki trotoar pejalan " },
	{ SIMILAR_MATTER, " galian tambang tambangnya pasir2 " },
	{ SIMILAR_MATTER, " sinyal blank spot internet wifi " },
	{ SIMILAR_MATTER, " kandang ternak ayam lalat kambing sapi " },
	{ SIMILAR_SYMPTOM, " longsor longsoran " },
	{ SIMILAR_MATTER, " odgj gila ngamuk " },
	{ SIMILAR_MATTER, " ambulan ambulans ambulance " },
	{ SIMILAR_MATTER, " toilet wc " },
	{ SIMILAR_MATTER, " knalpot brong berisik bising " },
	{ SIMILAR_MATTER, " nelayan perikanan kapal " },
	{ SIMILAR_MATTER, " traktor alsintan poktan bibit benih " },
	{ SIMILAR_MATTER, " kebakaran kebakar terbakar api " },
	{ SIMILAR_MATTER, " pbb pajak sppt " },
	{ SIMILAR_MATTER, " upah gaji phk pesangon loker " },
	{ SIMILAR_MATTER, " reklame baliho spanduk " },
	{ SIMILAR_MATTER, " bpjs kis pbi " },
	{ SIMILAR_MATTER, " disabilitas terlantar " },
	{ SIMILAR_MATTER, " tambak empang " },

	{ SIMILAR_KAMPUNG, " kampung dusun perumahan komplek gang lingkungan perum " },
	{ SIMILAR_DESA, " desa kelurahan " },
	{ SIMILAR_KECAMATAN, " kecamatan " },
	{ SIMILAR_LANDMARK, " lapangan makam kuburan ponpes pesantren hotel tol bendungan pasar masjid mesjid mushola musholla terminal stasiun puskesmas pustu posyandu spbu alun " },
	{ SIMILAR_SCHOOL, " sdn sd smpn smp sman sma mi mts paud " },
	{ SIMILAR_RT, " rt " },
	{ SIMILAR_FIRST, " pasir leuwi bumi taman puri griya graha kebon tanjung karang sindang pondok pulo ranca "
		"rawa lebak muara nurul al bojong " },
};
/* clang-format on */

enum { NOTIONS = sizeof(notions) / sizeof(*notions), WORD_MOST = 24 };

static bool stands_in(const char *words, struct str word)
{
	char wanted[WORD_MOST + 3];

	if (word.n == 0 || word.n > WORD_MOST)
		return false;
	wanted[0] = ' ';
	memcpy(wanted + 1, word.p, word.n);
	memcpy(wanted + 1 + word.n, " ", 2);
	return strstr(words, wanted) != NULL;
}

enum similar_kind similar_word(struct str word, unsigned *concept)
{
	*concept = 0;
	for (unsigned i = 0; i < NOTIONS; i++)
		if (stands_in(notions[i].words, word)) {
			if (notions[i].kind == SIMILAR_MATTER ||
			    notions[i].kind == SIMILAR_SYMPTOM ||
			    notions[i].kind == SIMILAR_WEAK)
			*concept = i;
			return notions[i].kind;
		}
	return SIMILAR_NAME;
}

const char *similar_words_twice(void)
{
	for (unsigned i = 0; i < NOTIONS; i++) {
		struct str rest = str_of(notions[i].words), word;
		unsigned concept;

		while (str_split(&rest, ' ', &word)) {
			const char *again = word.n ? word.p + word.n : NULL;
			enum similar_kind first = similar_word(word, &concept);

			if (word.n == 0)
				continue;
			if (first != notions[i].kind || (concept && concept != i) ||
			    stands_in(again, word))
				return word.p;
		}
	}
	return NULL;
}
