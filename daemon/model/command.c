/* SPDX-License-Identifier: MIT */
/*
 * Reading commands. The text is cut into words once; a command is its first word (or
 * two), and what follows must fit that command's rule:
 *
 *   FITS_NUMBER     a ticket number, or nothing, or only words of courtesy
 *   FITS_NUMBER_TEXT  a ticket number, then anything; without a number nothing may follow
 *   FITS_ALONE      nothing but words of courtesy
 *   FITS_TEXT       anything
 *
 * Besides, spoken questions ("gmn kabarnya laporan sy no …") are recognised by what they
 * hold: a word that asks, a word for the complaint or a ticket number, and nothing that
 * describes a matter. Pure.
 */
#include "model/command.h"

#include "base/utf8.h"
#include "model/ticketno.h"

enum { WORDS_MOST = 64, SLIP_LETTERS = 5 };

enum fits { FITS_NUMBER, FITS_NUMBER_TEXT, FITS_ALONE, FITS_TEXT, FITS_RATING };

struct word {
	struct str text;   /* folded, letters and digits only */
	size_t begin, end; /* in the original */
};

struct words {
	struct word items[WORDS_MOST];
	size_t n;
	struct str original;
	unsigned width;
	bool cut; /* there were more */
};

const char *command_name(enum command_kind kind)
{
	static const char *const names[COMMAND_COUNT] = {
		[COMMAND_NONE] = "NONE",       [COMMAND_CEK] = "CEK",
		[COMMAND_BALAS] = "BALAS",     [COMMAND_YA] = "YA",
		[COMMAND_BELUM] = "BELUM",     [COMMAND_NILAI] = "NILAI",
		[COMMAND_BEDA] = "BEDA",       [COMMAND_RAHASIA] = "RAHASIA",
		[COMMAND_CABUT] = "CABUT",     [COMMAND_BANDING] = "BANDING",
		[COMMAND_STOP] = "STOP",       [COMMAND_MULAI] = "MULAI",
		[COMMAND_BANTUAN] = "BANTUAN", [COMMAND_PRIVASI] = "PRIVASI",
		[COMMAND_HAPUS] = "HAPUS",
	};

	return names[kind];
}

/* A spelling, the command, and what may follow. `whole`: only as the text's only words.
 */
struct spelling {
	const char *word;
	enum command_kind kind;
	enum fits fits;
};

static const struct spelling spellings[] = {
	{ "cek", COMMAND_CEK, FITS_NUMBER },
	{ "cekk", COMMAND_CEK, FITS_NUMBER },
	{ "chek", COMMAND_CEK, FITS_NUMBER },
	{ "check", COMMAND_CEK, FITS_NUMBER },
	{ "ceck", COMMAND_CEK, FITS_NUMBER },
	{ "cel", COMMAND_CEK, FITS_NUMBER },
	{ "status", COMMAND_CEK, FITS_NUMBER },
	{ "sts", COMMAND_CEK, FITS_NUMBER },
	{ "progres", COMMAND_CEK, FITS_NUMBER },
	{ "progress", COMMAND_CEK, FITS_NUMBER },
	{ "balas", COMMAND_BALAS, FITS_NUMBER_TEXT },
	{ "bls", COMMAND_BALAS, FITS_NUMBER_TEXT },
	{ "tambah", COMMAND_BALAS, FITS_NUMBER_TEXT },
	{ "tambahan", COMMAND_BALAS, FITS_NUMBER_TEXT },
	{ "tmbh", COMMAND_BALAS, FITS_NUMBER_TEXT },
	{ "tl", COMMAND_BALAS, FITS_NUMBER_TEXT },
	{ "jawab", COMMAND_BALAS, FITS_NUMBER_TEXT },
	{ "jwb", COMMAND_BALAS, FITS_NUMBER_TEXT },
	{ "ya", COMMAND_YA, FITS_NUMBER },
	{ "iya", COMMAND_YA, FITS_NUMBER },
	{ "y", COMMAND_YA, FITS_NUMBER },
	{ "yes", COMMAND_YA, FITS_NUMBER },
	{ "sudah", COMMAND_YA, FITS_NUMBER },
	{ "sdh", COMMAND_YA, FITS_NUMBER },
	{ "udah", COMMAND_YA, FITS_NUMBER },
	{ "udh", COMMAND_YA, FITS_NUMBER },
	{ "beres", COMMAND_YA, FITS_NUMBER },
	{ "ok", COMMAND_YA, FITS_NUMBER },
	{ "oke", COMMAND_YA, FITS_NUMBER },
	{ "selesai", COMMAND_YA, FITS_NUMBER },
	{ "atos", COMMAND_YA, FITS_NUMBER },
	{ "wis", COMMAND_YA, FITS_NUMBER },
	{ "belum", COMMAND_BELUM, FITS_NUMBER_TEXT },
	{ "blm", COMMAND_BELUM, FITS_NUMBER_TEXT },
	{ "blum", COMMAND_BELUM, FITS_NUMBER_TEXT },
	{ "tidak", COMMAND_BELUM, FITS_NUMBER_TEXT },
	{ "gak", COMMAND_BELUM, FITS_NUMBER_TEXT },
	{ "masih", COMMAND_BELUM, FITS_NUMBER_TEXT },
	{ "acan", COMMAND_BELUM, FITS_NUMBER_TEXT },
	{ "tacan", COMMAND_BELUM, FITS_NUMBER_TEXT },
	{ "durung", COMMAND_BELUM, FITS_NUMBER_TEXT },
	{ "nilai", COMMAND_NILAI, FITS_RATING },
	{ "rating", COMMAND_NILAI, FITS_RATING },
	{ "bintang", COMMAND_NILAI, FITS_RATING },
	{ "skor", COMMAND_NILAI, FITS_RATING },
	{ "beda", COMMAND_BEDA, FITS_NUMBER },
	{ "bukan", COMMAND_BEDA, FITS_NUMBER },
	{ "rahasia", COMMAND_RAHASIA, FITS_TEXT },
	{ "anonim", COMMAND_RAHASIA, FITS_TEXT },
	{ "secret", COMMAND_RAHASIA, FITS_TEXT },
	{ "cabut", COMMAND_CABUT, FITS_NUMBER_TEXT },
	{ "batal", COMMAND_CABUT, FITS_NUMBER_TEXT },
	{ "batalkan", COMMAND_CABUT, FITS_NUMBER_TEXT },
	{ "tarik", COMMAND_CABUT, FITS_NUMBER_TEXT },
	{ "banding", COMMAND_BANDING, FITS_NUMBER_TEXT },
	{ "keberatan", COMMAND_BANDING, FITS_NUMBER_TEXT },
	{ "protes", COMMAND_BANDING, FITS_NUMBER_TEXT },
	{ "stop", COMMAND_STOP, FITS_NUMBER },
	{ "setop", COMMAND_STOP, FITS_NUMBER },
	{ "berhenti", COMMAND_STOP, FITS_NUMBER },
	{ "brhenti", COMMAND_STOP, FITS_NUMBER },
	{ "unreg", COMMAND_STOP, FITS_NUMBER },
	{ "keluar", COMMAND_STOP, FITS_NUMBER },
	{ "mulai", COMMAND_MULAI, FITS_NUMBER },
	{ "reg", COMMAND_MULAI, FITS_NUMBER },
	{ "start", COMMAND_MULAI, FITS_NUMBER },
	{ "lanjut", COMMAND_MULAI, FITS_NUMBER },
	{ "bantuan", COMMAND_BANTUAN, FITS_ALONE },
	{ "bantu", COMMAND_BANTUAN, FITS_ALONE },
	{ "help", COMMAND_BANTUAN, FITS_ALONE },
	{ "cara", COMMAND_BANTUAN, FITS_ALONE },
	{ "caranya", COMMAND_BANTUAN, FITS_ALONE },
	{ "format", COMMAND_BANTUAN, FITS_ALONE },
	{ "menu", COMMAND_BANTUAN, FITS_ALONE },
	{ "info", COMMAND_BANTUAN, FITS_ALONE },
	{ "privasi", COMMAND_PRIVASI, FITS_ALONE },
	{ "privacy", COMMAND_PRIVASI, FITS_ALONE },
	{ "data", COMMAND_PRIVASI, FITS_ALONE },
	{ "hapus", COMMAND_HAPUS, FITS_NUMBER },
	{ "delete", COMMAND_HAPUS, FITS_NUMBER },
};

/* Politeness, address, and particles that may stand around a command. */
static const char *const courtesy[] = {
	"pak",
	"bapak",
	"bpk",
	"pa",
	"bu",
	"ibu",
	"min",
	"admin",
	"kak",
	"kk",
	"bang",
	"mas",
	"mba",
	"mbak",
	"om",
	"gan",
	"bos",
	"dong",
	"donk",
	"ya",
	"yah",
	"yaa",
	"nih",
	"sih",
	"deh",
	"lah",
	"tolong",
	"tlg",
	"tlong",
	"mohon",
	"mhn",
	"makasih",
	"mksh",
	"makasi",
	"mkasih",
	"trims",
	"trm",
	"terima",
	"kasih",
	"ksh",
	"terimakasih",
	"thanks",
	"thx",
	"tq",
	"nuhun",
	"hatur",
	"suwun",
	"matur",
	"nuwun",
	"skrg",
	"sekarang",
	"aja",
	"saja",
	"sms",
	"smsnya",
	"lagi",
	"lg",
	"dulu",
	"dl",
	"the",
	"punten",
	"saya",
	"sy",
	"sya",
	"laporan",
	"lapor",
	"lap",
	"aduan",
	"pengaduan",
	"tiket",
	"saya2",
	"no",
	"nomor",
	"nomer",
	"nmr",
	"nya",
	"yg",
	"yang",
	"ini",
	"itu",
	"mau",
	"minta",
	"kirim",
	"kabar",
	"untuk",
	"utk",
	"status",
	"sts",
	"semua",
	"ke",
	"sudah",
	"udah",
	"udh",
	"sdh",
	"beres",
	"selesai",
	"pun",
	"kok",
	"kan",
	"berita",
	"menerima",
	"mulai",
	"tdk",
	"tidak",
	"perlu",
	"bos",
	"assalamualaikum",
	"ass",
	"siap",
	"atos",
};

/* Words that ask how a complaint stands. */
static const char *const asking[] = {
	"gmn",
	"gmna",
	"gimana",
	"bagaimana",
	"bgmn",
	"kumaha",
	"kepriben",
	"kpn",
	"kapan",
	"iraha",
	"mana",
	"status",
	"sts",
	"cek",
	"progres",
	"progress",
	"kabar",
	"kabarnya",
	"kabare",
	"perkembangan",
	"perkembangannya",
	"smpe",
	"sampai",
	"sampe",
	"nasib",
	"nasibnya",
	"tindaklanjut",
	"tindaklanjutnya",
	"kelanjutan",
	"kelanjutannya",
	"info",
	"tau",
	"tahu",
	"lanjut",
	"lanjutan",
	"lanjutannya",
	"proses",
	"prosesnya",
	"diproses",
};

/* Words for the complaint itself. */
static const char *const complaint[] = {
	"laporan", "laporannya", "lapor",     "laporn",	      "lporan",	  "lap",
	"aduan",   "aduannya",	 "pengaduan", "pengaduannya", "keluhan",  "keluhannya",
	"tiket",   "nomor",	 "no",	      "nomer",	      "laporane", "laporanna",
};

/* Small words that carry no matter of their own in such a question. */
static const char *const filler[] = {
	"kemarin", "kmrn",	 "kmaren",  "minggu", "lalu",	"bulan", "kok",
	"belum",   "blm",	 "ada",	    "di",     "dengan", "dgn",	 "dr",
	"dari",	   "tentang",	 "soal",    "sdh",    "sampe",	"tanya", "nanya",
	"numpang", "mau",	 "jadi",    "jd",     "nanti",	"hasil", "hasilnya",
	"jawaban", "jawabannya", "balasan", "apa",    "apakah", "apkh",	 "gak",
	"ga",	   "tdk",	 "ke",	    "berapa", "brp",	"punya", "abdi",
	"kuring",  "kite",	 "kula",    "nu",     "teh",	"sy",	 "hp",
	"proses",  "tolong",	 "tadi",    "pagi",   "siang",	"sore",	 "malam",
	"hari",	   "selamat",	 "boleh",   "bisa",   "bs",	"lihat", "liat",
};

/* "cara lapor gimana", "caranya gimana": how this works. */
static const char *const helping[] = {
	"cara",	     "caranya",	    "carane",  "gimana",  "gmn",   "bagaimana", "lapor",
	"melapor",   "ngelapor",    "laporan", "pakai",	  "pake",  "sms",	"format",
	"formatnya", "ngadu",	    "mengadu", "apa",	  "aja",   "saja",	"kumaha",
	"carana",    "kirim",	    "buat",    "bikin",	  "sih",   "ya",	"pak",
	"bu",	     "min",	    "ini",     "layanan", "nya",   "isi",	"ngirim",
	"ketik",     "ngetik",	    "nulis",   "kalo",	  "kalau", "klo",	"mau",
	"perintah",  "perintahnya", "daftar",  "tolong",  "tlg",   "mohon",	"yg",
	"bener",     "benar",	    "menu",
};

#define IN(list, word) in_list((list), sizeof(list) / sizeof(*(list)), (word))

static bool in_list(const char *const *list, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(word, str_of(list[i])))
			return true;
	return false;
}

/* ---- words ---- */

static bool is_word_byte(unsigned char c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* Letters and digits are words of their own, so that "CEK25004176" is two. */
static bool same_class(unsigned char a, unsigned char b)
{
	bool digit_a = a >= '0' && a <= '9', digit_b = b >= '0' && b <= '9';

	return digit_a == digit_b;
}

static void words_cut(struct str text, unsigned width, struct arena *scratch,
		      struct words *w)
{
	size_t at = 0;

	w->n = 0;
	w->cut = false;
	w->original = text;
	w->width = width;
	while (at < text.n) {
		size_t from;

		while (at < text.n && !is_word_byte((unsigned char)text.p[at]))
			at++;
		if (at == text.n)
			return;
		from = at;
		while (at < text.n && is_word_byte((unsigned char)text.p[at]) &&
		       same_class((unsigned char)text.p[at], (unsigned char)text.p[from]))
			at++;
		if (w->n == WORDS_MOST) {
			w->cut = true;
			return;
		}
		w->items[w->n++] = (struct word){
			.text = utf8_fold(str_slice(text, from, at), scratch),
			.begin = from,
			.end = at,
		};
	}
}

static bool is_number_word(const struct word *w)
{
	return w->text.n && w->text.p[0] >= '0' && w->text.p[0] <= '9';
}

/* ---- ticket numbers ---- */

/*
 * The number that stands at word i (perhaps behind "no"); *next is the word after it.
 * False when there is none, and then *c is untouched.
 */
static bool number_at(const struct words *w, size_t i, struct command *c, size_t *next)
{
	struct str rest;
	int64_t no = 0;
	bool wrong;
	size_t took;

	if (i >= w->n)
		return false;
	rest = str_slice(w->original, w->items[i].begin, w->original.n);
	took = ticketno_read(rest, w->width, &no, &wrong);
	if (took == 0)
		return false;
	c->no = no;
	c->wrong_no = wrong;
	took += w->items[i].begin;
	while (i < w->n && w->items[i].begin < took)
		i++;
	*next = i;
	return true;
}

static struct str rest_from(const struct words *w, size_t i)
{
	return i < w->n ? str_trim(str_slice(w->original, w->items[i].begin,
					     w->original.n))
			: STR("");
}

static bool all_courtesy(const struct words *w, size_t from)
{
	for (size_t i = from; i < w->n; i++)
		if (!IN(courtesy, w->items[i].text))
			return false;
	return !w->cut;
}

/* ---- the first word ---- */

/* One letter missing, added, changed or two swapped. */
static bool one_slip(struct str a, struct str b)
{
	size_t i = 0;

	if (a.n > b.n) {
		struct str t = a;

		a = b;
		b = t;
	}
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

static const struct spelling *spelling_of(struct str word, bool slips)
{
	for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++)
		if (str_eq(word, str_of(spellings[i].word)))
			return &spellings[i];
	for (size_t i = 0; slips && i < sizeof(spellings) / sizeof(*spellings); i++)
		if (word.n >= SLIP_LETTERS && strlen(spellings[i].word) >= SLIP_LETTERS &&
		    one_slip(word, str_of(spellings[i].word)))
			return &spellings[i];
	return NULL;
}

/* Words between a command and its number: "cek status laporan no 25…", "cek dong pak
 * 25…". */
static size_t skip_courtesy(const struct words *w, size_t i)
{
	while (i < w->n && IN(courtesy, w->items[i].text) &&
	       !is_number_word(&w->items[i]))
		i++;
	return i;
}

static int rating_in(const struct words *w, size_t from)
{
	for (size_t i = from; i < w->n; i++)
		if (w->items[i].text.n == 1 && w->items[i].text.p[0] >= '1' &&
		    w->items[i].text.p[0] <= '5')
			return w->items[i].text.p[0] - '0';
	return 0;
}

/* NILAI 25004176 4, NILAI 4 25004176, NILAI 5 bintang mantap */
static bool fits_rating(const struct words *w, struct command *c)
{
	size_t next = 1;

	c->rating = rating_in(w, 1);
	for (size_t i = 1; i < w->n; i++)
		if (number_at(w, i, c, &next)) {
			c->rating = c->rating ? c->rating : rating_in(w, next);
			return c->rating != 0 || next == w->n;
		}
	return c->rating != 0 && w->n <= 6 && is_number_word(&w->items[1]);
}

static bool fits_number(const struct words *w, size_t from, struct command *c)
{
	size_t at = skip_courtesy(w, from), next;

	if (at == w->n)
		return !w->cut;
	if (!number_at(w, at, c, &next) && !number_at(w, from, c, &next))
		return false;
	if (!all_courtesy(w, next))
		c->rest = rest_from(w, next);
	/* "cek 25004176 blm ada petugas" still asks; a long story behind the number is no
	 * stop. */
	return c->rest.n == 0 || c->kind == COMMAND_CEK || c->kind == COMMAND_YA;
}

static bool fits_number_text(const struct words *w, size_t from, struct command *c)
{
	size_t at = skip_courtesy(w, from), next;

	if (number_at(w, from, c, &next) || number_at(w, at, c, &next)) {
		c->rest = rest_from(w, next);
		return true;
	}
	/* BALAS needs no number when the sender has one ticket; the others stand alone.
	 */
	if (c->kind == COMMAND_BALAS && from == 1 && w->n > 1 &&
	    !str_eq(w->items[0].text, STR("tl")) &&
	    str_eq(w->items[0].text, STR("balas"))) {
		c->rest = rest_from(w, 1);
		return true;
	}
	return at == w->n && !w->cut && c->kind != COMMAND_BALAS;
}

static bool fits(const struct words *w, const struct spelling *s, size_t from,
		 struct command *c)
{
	switch (s->fits) {
	case FITS_NUMBER:
		return fits_number(w, from, c);
	case FITS_NUMBER_TEXT:
		return fits_number_text(w, from, c);
	case FITS_ALONE:
		return all_courtesy(w, from);
	case FITS_RATING:
		return w->n > from && fits_rating(w, c);
	case FITS_TEXT:
		c->rest = rest_from(w, from);
		return true;
	}
	return false;
}

/* "lapor cek 25…" and "tolong cek 25…" begin politely. */
static size_t skip_lead(const struct words *w)
{
	static const char *const leads[] = {
		"tolong",	   "tlg",  "mohon", "mhn",    "pak", "bu", "ass",
		"assalamualaikum", "min",  "admin", "punten", "mau", "sy", "saya",
		"minta",	   "ketik"
	};
	size_t i = 0;

	while (i + 1 < w->n && IN(leads, w->items[i].text))
		i++;
	return i;
}

static bool first_word(const struct words *w, struct command *c)
{
	const struct spelling *s = spelling_of(w->items[0].text, false);
	struct command found = { .kind = COMMAND_NONE };
	bool slip = false;

	if (!s) {
		s = spelling_of(w->items[0].text, true);
		slip = true;
	}
	if (!s)
		return false;
	found.kind = s->kind;
	/* "UNREG LAPOR" names its service. */
	if (!fits(w, s, 1, &found))
		return false;
	if (slip && !(found.no || found.wrong_no || w->n == 1))
		return false;
	*c = found;
	return true;
}

/* ---- the spoken forms ---- */

/* A number first, then words: what the sender adds to it. */
static bool number_first(const struct words *w, struct command *c)
{
	struct command found = { .kind = COMMAND_BALAS };
	size_t next;

	if (!number_at(w, 0, &found, &next))
		return false;
	found.rest = rest_from(w, next);
	if (next == w->n)
		found.kind = COMMAND_CEK; /* the bare number: how does it stand? */
	*c = found;
	return true;
}

/* Only asking words, words for the complaint, fillers; perhaps a number. */
static bool asks_status(const struct words *w, struct command *c)
{
	struct command found = { .kind = COMMAND_CEK };
	bool asked = false, named = false, numbered = false;
	size_t i = 0, next;

	while (i < w->n) {
		struct str t = w->items[i].text;

		if (!numbered && is_number_word(&w->items[i]) &&
		    number_at(w, i, &found, &next)) {
			numbered = true;
			i = next;
			continue;
		}
		if (IN(asking, t))
			asked = true;
		else if (IN(complaint, t))
			named = true;
		else if (!IN(courtesy, t) && !IN(filler, t))
			return false;
		i++;
	}
	if (!asked || w->cut || !(named || numbered) || (!numbered && w->n < 2))
		return false;
	*c = found;
	return true;
}

/* A right ticket number somewhere in a text that is no other command: it belongs there.
 */
static bool number_inside(const struct words *w, struct command *c)
{
	static const char *const not_yet[] = { "blm",  "belum", "blum", "durung",
					       "acan", "tacan", "masih" };
	struct command found = { .kind = COMMAND_BALAS };
	bool unfinished = IN(not_yet, w->items[0].text);
	size_t next;

	for (size_t i = 1; i < w->n; i++) {
		if (!is_number_word(&w->items[i]) || !number_at(w, i, &found, &next) ||
		    found.wrong_no)
			continue;
		if (unfinished)
			found.kind = COMMAND_BELUM;
		found.rest = str_trim(w->original);
		*c = found;
		return true;
	}
	return false;
}

static bool asks_help(const struct words *w)
{
	bool how = false;

	if (w->n == 0 || w->n > 10)
		return false;
	for (size_t i = 0; i < w->n; i++) {
		if (!IN(helping, w->items[i].text))
			return false;
		how |= str_starts(w->items[i].text, STR("cara")) ||
		       str_starts(w->items[i].text, STR("format")) ||
		       str_starts(w->items[i].text, STR("perintah"));
	}
	return how;
}

/* "sampai mana laporan saya", "salah gabung 25…" */
static bool two_words(const struct words *w, struct command *c)
{
	static const struct {
		const char *first, *second;
		struct spelling as;
	} pairs[] = {
		{ "salah", "gabung", { "", COMMAND_BEDA, FITS_NUMBER } },
		{ "sampai", "mana", { "", COMMAND_CEK, FITS_NUMBER } },
		{ "sampe", "mana", { "", COMMAND_CEK, FITS_NUMBER } },
		{ "smpe", "mana", { "", COMMAND_CEK, FITS_NUMBER } },
		{ "stop", "sms", { "", COMMAND_STOP, FITS_NUMBER } },
		{ "info", "laporan", { "", COMMAND_CEK, FITS_NUMBER } },
		{ "tarik", "laporan", { "", COMMAND_CABUT, FITS_NUMBER_TEXT } },
		{ "hapus", "data", { "", COMMAND_HAPUS, FITS_NUMBER } },
	};

	for (size_t i = 0; w->n >= 2 && i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct command found = { .kind = pairs[i].as.kind };

		if (str_eq(w->items[0].text, str_of(pairs[i].first)) &&
		    str_eq(w->items[1].text, str_of(pairs[i].second)) &&
		    fits(w, &pairs[i].as, 2, &found)) {
			*c = found;
			return true;
		}
	}
	return false;
}

/* "25004176" behind INFO, "TL": with a number they add; without one they are words. */
static bool info_number(const struct words *w, struct command *c)
{
	struct command found = { .kind = COMMAND_BALAS };
	size_t next;

	if (!str_eq(w->items[0].text, STR("info")) || !number_at(w, 1, &found, &next))
		return false;
	found.rest = rest_from(w, next);
	*c = found;
	return true;
}

static void words_drop(struct words *w, size_t n)
{
	memmove(w->items, w->items + n, (w->n - n) * sizeof(*w->items));
	w->n -= n;
}

struct command command_read(struct str text, unsigned width, struct arena *scratch)
{
	struct command c = { .kind = COMMAND_NONE };
	struct words *w = ARENA_NEW(scratch, struct words, 1);
	size_t lead;

	if (!w)
		return c;
	if (str_eq(str_trim(text), STR("?"))) {
		c.kind = COMMAND_BANTUAN;
		return c;
	}
	words_cut(text, width, scratch, w);
	if (w->n == 0)
		return c;
	if (info_number(w, &c) || two_words(w, &c) || first_word(w, &c) ||
	    number_first(w, &c))
		return c;
	lead = skip_lead(w);
	if (asks_help(w)) {
		c.kind = COMMAND_BANTUAN;
		return c;
	}
	if (asks_status(w, &c) || number_inside(w, &c))
		return c;
	if (lead) {
		words_drop(w, lead);
		if (two_words(w, &c) || first_word(w, &c))
			return c.kind == COMMAND_BELUM || c.kind == COMMAND_BANTUAN
				       ? (struct command){ .kind = COMMAND_NONE }
				       : c;
	}
	return c;
}
