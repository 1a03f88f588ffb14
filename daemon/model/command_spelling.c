/* SPDX-License-Identifier: MIT */
/*
 * How people spell commands (domain section 7), in the order of `LC_ALL=C sort`, which
 * the unit test checks, since it is searched by halves. Sundanese and Javanese forms wait
 * for a native speaker's check. Pure.
 */
#include "model/command_words.h"

#define ONE(word_, kind_, fits_)                                                       \
	{                                                                              \
		.word = STR_INIT(word_), .kind = COMMAND_##kind_, .fits = FITS_##fits_ \
	}
#define TWO(word_, second_, kind_, fits_)                             \
	{                                                             \
		.word = STR_INIT(word_), .second = STR_INIT(second_), \
		.kind = COMMAND_##kind_, .fits = FITS_##fits_         \
	}
static const struct spelling spellings[] = {
	ONE("acan", BELUM, NUMBER_TEXT),
	TWO("aduan", "rahasia", RAHASIA, TEXT),
	TWO("ajukan", "banding", BANDING, NUMBER_TEXT),
	TWO("ajukan", "keberatan", BANDING, NUMBER_TEXT),
	ONE("anonim", RAHASIA, TEXT),
	ONE("anonymous", RAHASIA, TEXT),
	ONE("atos", YA, NUMBER),
	ONE("bahasa", BAHASA, LANGUAGE),
	ONE("balas", BALAS, ADDITION),
	ONE("bales", BALAS, ADDITION),
	ONE("banding", BANDING, NUMBER_TEXT),
	ONE("bantu", BANTUAN, ALONE),
	ONE("bantuan", BANTUAN, ALONE),
	ONE("basa", BAHASA, LANGUAGE),
	ONE("batal", CABUT, NUMBER_TEXT),
	ONE("batalin", CABUT, NUMBER_TEXT),
	TWO("batalin", "laporan", CABUT, MINE),
	ONE("batalkan", CABUT, NUMBER_TEXT),
	TWO("batalkan", "aduan", CABUT, MINE),
	TWO("batalkan", "laporan", CABUT, MINE),
	ONE("batalkeun", CABUT, NUMBER_TEXT),
	ONE("beda", BEDA, NUMBER_TEXT),
	ONE("belom", BELUM, NUMBER_TEXT),
	ONE("belum", BELUM, NUMBER_TEXT),
	ONE("benten", BEDA, NUMBER_TEXT),
	ONE("berenti", STOP, NUMBER),
	ONE("beres", YA, NUMBER),
	ONE("berhenti", STOP, NUMBER),
	ONE("bhs", BAHASA, LANGUAGE),
	ONE("bintang", NILAI, RATING),
	ONE("blm", BELUM, NUMBER_TEXT),
	ONE("blom", BELUM, NUMBER_TEXT),
	ONE("bls", BALAS, NUMBER_TEXT),
	ONE("blum", BELUM, NUMBER_TEXT),
	ONE("boso", BAHASA, LANGUAGE),
	ONE("brenti", STOP, NUMBER),
	ONE("brhenti", STOP, NUMBER),
	ONE("bukan", BEDA, NUMBER_TEXT),
	ONE("busek", HAPUS, NUMBER),
	ONE("cabut", CABUT, NUMBER_TEXT),
	TWO("cabut", "aduan", CABUT, MINE),
	TWO("cabut", "laporan", CABUT, MINE),
	ONE("cancel", CABUT, NUMBER_TEXT),
	ONE("cara", BANTUAN, ALONE),
	ONE("carana", BANTUAN, ALONE),
	ONE("carane", BANTUAN, ALONE),
	ONE("caranya", BANTUAN, ALONE),
	ONE("ceck", CEK, NUMBER),
	ONE("cek", CEK, NUMBER),
	ONE("cel", CEK, NUMBER),
	ONE("check", CEK, NUMBER),
	ONE("chek", CEK, NUMBER),
	ONE("dah", YA, NUMBER),
	ONE("data", PRIVASI, ALONE),
	TWO("data", "pribadi", PRIVASI, ALONE),
	ONE("delete", HAPUS, NUMBER),
	ONE("dereng", BELUM, NUMBER_TEXT),
	ONE("dudu", BEDA, NUMBER_TEXT),
	TWO("dugi", "mana", CEK, NUMBER),
	ONE("durung", BELUM, NUMBER_TEXT),
	ONE("encan", BELUM, NUMBER_TEXT),
	ONE("enggih", YA, NUMBER),
	ONE("english", BAHASA, LANGUAGE),
	ONE("enya", YA, NUMBER),
	ONE("eureun", STOP, NUMBER),
	ONE("format", BANTUAN, ALONE),
	ONE("formatnya", BANTUAN, ALONE),
	ONE("ga", BELUM, NUMBER_TEXT),
	TWO("ga", "jadi", CABUT, NUMBER_TEXT),
	ONE("gak", BELUM, NUMBER_TEXT),
	TWO("gak", "jadi", CABUT, NUMBER_TEXT),
	ONE("geus", YA, NUMBER),
	ONE("gk", BELUM, NUMBER_TEXT),
	ONE("hapus", HAPUS, NUMBER),
	TWO("hapus", "akun", HAPUS, NUMBER),
	TWO("hapus", "data", HAPUS, NUMBER),
	TWO("hapus", "nmr", HAPUS, MINE),
	TWO("hapus", "nomor", HAPUS, MINE),
	ONE("help", BANTUAN, ALONE),
	ONE("henteu", BELUM, NUMBER_TEXT),
	ONE("info", BANTUAN, ALONE),
	TWO("info", "aduan", CEK, NUMBER),
	TWO("info", "laporan", CEK, NUMBER),
	TWO("info", "tambahan", BALAS, ADDITION),
	ONE("inggih", YA, NUMBER),
	ONE("iya", YA, NUMBER),
	TWO("jangan", "kirim", STOP, NUMBER),
	TWO("jangan", "sms", STOP, NUMBER),
	ONE("jawab", BALAS, NUMBER_TEXT),
	ONE("jawaban", BALAS, NUMBER_TEXT),
	TWO("jgn", "kirim", STOP, NUMBER),
	TWO("jgn", "sms", STOP, NUMBER),
	ONE("jwb", BALAS, NUMBER_TEXT),
	ONE("kagak", BELUM, NUMBER_TEXT),
	ONE("keberatan", BANDING, NUMBER_TEXT),
	TWO("kebijakan", "privasi", PRIVASI, ALONE),
	ONE("keluar", STOP, NUMBER),
	ONE("lacak", CEK, NUMBER),
	ONE("language", BAHASA, LANGUAGE),
	ONE("lanjut", MULAI, NUMBER),
	ONE("lanjutkan", MULAI, NUMBER),
	TWO("lapor", "anonim", RAHASIA, TEXT),
	TWO("lapor", "rahasia", RAHASIA, TEXT),
	TWO("laporan", "anonim", RAHASIA, TEXT),
	TWO("laporan", "rahasia", RAHASIA, TEXT),
	ONE("liren", STOP, NUMBER),
	ONE("lom", BELUM, NUMBER_TEXT),
	ONE("mandeg", STOP, NUMBER),
	ONE("masih", BELUM, NUMBER_TEXT),
	ONE("menu", BANTUAN, ALONE),
	ONE("mimiti", MULAI, NUMBER),
	ONE("misih", BELUM, NUMBER_TEXT),
	ONE("miwiti", MULAI, NUMBER),
	ONE("mpun", YA, NUMBER),
	ONE("msh", BELUM, NUMBER_TEXT),
	ONE("muhun", YA, NUMBER),
	ONE("mulai", MULAI, NUMBER),
	TWO("naik", "banding", BANDING, NUMBER_TEXT),
	ONE("ngga", BELUM, NUMBER_TEXT),
	ONE("nggak", BELUM, NUMBER_TEXT),
	ONE("nggih", YA, NUMBER),
	ONE("nilai", NILAI, RATING),
	ONE("nile", NILAI, RATING),
	ONE("njih", YA, NUMBER),
	TWO("ojo", "sms", STOP, NUMBER),
	ONE("ok", YA, NUMBER),
	ONE("okay", YA, NUMBER),
	ONE("oke", YA, NUMBER),
	ONE("okeh", YA, NUMBER),
	ONE("ora", BELUM, NUMBER_TEXT),
	TWO("ora", "sido", CABUT, NUMBER_TEXT),
	ONE("panduan", BANTUAN, ALONE),
	ONE("parantos", YA, NUMBER),
	ONE("pariksa", CEK, NUMBER),
	ONE("parios", CEK, NUMBER),
	ONE("petunjuk", BANTUAN, ALONE),
	ONE("peunteun", NILAI, RATING),
	ONE("ponten", NILAI, RATING),
	ONE("privacy", PRIVASI, ALONE),
	ONE("privasi", PRIVASI, ALONE),
	ONE("progres", CEK, NUMBER),
	ONE("progress", CEK, NUMBER),
	ONE("proses", CEK, NUMBER),
	ONE("protes", BANDING, NUMBER_TEXT),
	ONE("pupus", HAPUS, NUMBER),
	ONE("rahasia", RAHASIA, TEXT),
	ONE("ralat", BALAS, ADDITION),
	ONE("rampung", YA, NUMBER),
	ONE("rate", NILAI, RATING),
	ONE("rating", NILAI, RATING),
	ONE("reg", MULAI, NUMBER),
	ONE("reply", BALAS, NUMBER_TEXT),
	ONE("rusiah", RAHASIA, TEXT),
	TWO("salah", "digabung", BEDA, NUMBER_TEXT),
	TWO("salah", "gabung", BEDA, NUMBER_TEXT),
	TWO("sampai", "mana", CEK, NUMBER),
	TWO("sampe", "mana", CEK, NUMBER),
	ONE("sampun", YA, NUMBER),
	ONE("sanes", BEDA, NUMBER_TEXT),
	ONE("sanggah", BANDING, NUMBER_TEXT),
	ONE("score", NILAI, RATING),
	ONE("sdh", YA, NUMBER),
	ONE("secret", RAHASIA, TEXT),
	ONE("selesai", YA, NUMBER),
	ONE("setatus", CEK, NUMBER),
	ONE("setop", STOP, NUMBER),
	ONE("skor", NILAI, RATING),
	TWO("smpe", "mana", CEK, NUMBER),
	ONE("start", MULAI, NUMBER),
	ONE("status", CEK, NUMBER),
	ONE("stop", STOP, NUMBER),
	ONE("sts", CEK, NUMBER),
	ONE("stts", CEK, NUMBER),
	ONE("sudah", YA, NUMBER),
	ONE("sumuhun", YA, NUMBER),
	ONE("tacan", BELUM, NUMBER_TEXT),
	ONE("tambah", BALAS, NUMBER_TEXT),
	TWO("tambah", "info", BALAS, ADDITION),
	TWO("tambah", "keterangan", BALAS, ADDITION),
	TWO("tambah", "laporan", BALAS, ADDITION),
	ONE("tambahan", BALAS, NUMBER_TEXT),
	TWO("tambahan", "info", BALAS, ADDITION),
	TWO("tambahan", "keterangan", BALAS, ADDITION),
	TWO("tambahan", "laporan", BALAS, ADDITION),
	ONE("tambahi", BALAS, NUMBER_TEXT),
	ONE("tambahin", BALAS, NUMBER_TEXT),
	ONE("tambihan", BALAS, NUMBER_TEXT),
	ONE("tarik", CABUT, NUMBER_TEXT),
	TWO("tarik", "aduan", CABUT, MINE),
	TWO("tarik", "laporan", CABUT, MINE),
	ONE("tdk", BELUM, NUMBER_TEXT),
	TWO("tdk", "jadi", CABUT, NUMBER_TEXT),
	TWO("tekan", "endi", CEK, NUMBER),
	ONE("teu", BELUM, NUMBER_TEXT),
	TWO("teu", "acan", BELUM, NUMBER_TEXT),
	TWO("teu", "janten", CABUT, NUMBER_TEXT),
	ONE("tidak", BELUM, NUMBER_TEXT),
	TWO("tidak", "jadi", CABUT, NUMBER_TEXT),
	ONE("tl", BALAS, NUMBER_TEXT),
	ONE("tmbahan", BALAS, NUMBER_TEXT),
	ONE("tmbh", BALAS, NUMBER_TEXT),
	ONE("tos", YA, NUMBER),
	ONE("tuntas", YA, NUMBER),
	ONE("uda", YA, NUMBER),
	ONE("udah", YA, NUMBER),
	ONE("ude", YA, NUMBER),
	ONE("udh", YA, NUMBER),
	TWO("ulah", "sms", STOP, NUMBER),
	ONE("unreg", STOP, NUMBER),
	ONE("unsubscribe", STOP, NUMBER),
	ONE("uwis", YA, NUMBER),
	ONE("waler", BALAS, NUMBER_TEXT),
	ONE("waleran", BALAS, NUMBER_TEXT),
	ONE("walesan", BALAS, NUMBER_TEXT),
	ONE("wes", YA, NUMBER),
	ONE("wis", YA, NUMBER),
	ONE("y", YA, NUMBER),
	ONE("ya", YA, NUMBER),
	ONE("yaa", YA, NUMBER),
	ONE("yes", YA, NUMBER),
};

enum { SPELLINGS = sizeof(spellings) / sizeof(*spellings) };

/* The first spelling that does not come before the word. */
static size_t spelling_first(struct str word)
{
	size_t low = 0, high = SPELLINGS;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (str_cmp(spellings[middle].word, word) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* One slip leaves the first or the second letter, or shifts one of them by one. */
static bool begins_alike(struct str a, struct str b)
{
	return a.p[0] == b.p[0] || a.p[1] == b.p[1] || a.p[0] == b.p[1] ||
	       a.p[1] == b.p[0];
}

static const struct spelling *spelling_slip(struct str word)
{
	const struct spelling *found = NULL;

	for (size_t i = 0; i < SPELLINGS; i++) {
		const struct spelling *s = &spellings[i];

		if (s->second.n || s->word.n < SLIP_LETTERS || word.n + 1 < s->word.n ||
		    word.n > s->word.n + 1 || !begins_alike(word, s->word) ||
		    !word_one_slip(word, s->word))
			continue;
		if (found && found->kind != s->kind)
			return NULL;
		found = s;
	}
	return found;
}

const struct spelling *command_spelling(struct str word, struct str next, bool slips)
{
	const struct spelling *alone = NULL;

	for (size_t i = spelling_first(word);
	     i < SPELLINGS && str_eq(spellings[i].word, word); i++) {
		if (spellings[i].second.n == 0)
			alone = &spellings[i];
		else if (str_eq(spellings[i].second, next))
			return &spellings[i];
	}
	if (alone || !slips || word.n + 1 < SLIP_LETTERS)
		return alone;
	return spelling_slip(word);
}

bool command_spellings_sorted(void)
{
	for (size_t i = 1; i < SPELLINGS; i++) {
		const struct spelling *a = &spellings[i - 1], *b = &spellings[i];
		int order = str_cmp(a->word, b->word);

		if (order > 0 || (order == 0 && str_cmp(a->second, b->second) >= 0))
			return false;
	}
	return true;
}
