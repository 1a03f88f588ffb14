/* SPDX-License-Identifier: MIT */
/*
 * Whether a text says where at all. Not which place: a crew can start from "depan pasar",
 * and asking somebody who has said it is rude.
 */
#include "model/place.h"

#include "base/utf8.h"

/* Words that a place follows, or that are one. */
static const char *const signs[] = {
	"alun",	      "arah",	 "balaidesa", "belakang",   "blk",	 "blok",
	"blkng",      "depan",	 "deket",     "dekat",	    "desa",	 "dkt",
	"dpan",	      "dpn",	 "ds",	      "dsn",	    "dusun",	 "gang",
	"gg",	      "hareup",	 "jembatan",  "kampung",    "kampus",	 "kantor",
	"kawasan",    "kec",	 "kecamatan", "kel",	    "kelurahan", "kmp",
	"kmpng",      "komplek", "kp",	      "kpg",	    "lapangan",	 "lembur",
	"lingkungan", "masjid",	 "mesjid",    "mts",	    "musholla",	 "mushola",
	"ngarep",     "pabrik",	 "pasar",     "perempatan", "pertigaan", "perum",
	"perumahan",  "pkm",	 "pondok",    "pos",	    "puskesmas", "rsud",
	"rsdp",	      "rt",	 "rw",	      "samping",    "sblh",	 "sd",
	"sdn",	      "sebelah", "sekitar",   "seberang",   "sekolah",	 "simpang",
	"sma",	      "smk",	 "smp",	      "smpn",	    "stasiun",	 "terminal",
	"tol",	      "wilayah",
};

static bool is_among(struct str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (*list[i] == *word.p && str_eq(word, str_of(list[i])))
			return true;
	return false;
}

static bool is_sign(struct str word)
{
	if (is_among(word, signs, sizeof(signs) / sizeof(*signs)))
		return true;
	/* rt03, rw.5 */
	return word.n > 2 && word.p[0] == 'r' && (word.p[1] == 't' || word.p[1] == 'w') &&
	       word.p[2] >= '0' && word.p[2] <= '9';
}

/* What "di …" may be followed by without telling where. */
static const char *const anywhere[] = {
	"sini",	   "situ",   "sana",   "rumah",	 "rmh",	     "jalan",	"jln",
	"jl",	   "kali",   "sungai", "got",	 "selokan",  "sawah",	"saya",
	"sy",	   "kami",   "mana",   "dalam",	 "luar",     "atas",	"bawah",
	"pinggir", "tengah", "lokasi", "tempat", "situs",    "tepi",	"wc",
	"air",	   "kamar",  "hp",     "sms",	 "bank",     "bulan",	"tahun",
	"malam",   "pagi",   "siang",  "aspal",	 "perbaiki", "benerin", "tutup",
	"buang",   "bakar",  "potong", "minta",	 "suruh",    "tolak",	"angkut",
	"cor",	   "tambal", "bangun", "ganti",	 "pasang",   "tunggu",
};

/* "di petir" */
static bool is_somewhere(struct str before, struct str word)
{
	if (!str_eq(before, STR("di")) && !str_eq(before, STR("daerah")))
		return false;
	return word.n >= 4 &&
	       !is_among(word, anywhere, sizeof(anywhere) / sizeof(*anywhere));
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* "lebak wangi" may be two words: looked for as it stands, between word ends. */
static bool has_name(struct str text, struct str name)
{
	for (size_t from = 0, at; from < text.n; from = at + 1) {
		at = from + str_find(str_slice(text, from, text.n), name);
		if (at >= text.n)
			return false;
		if ((at == 0 || !is_letter(text.p[at - 1])) &&
		    (at + name.n == text.n || !is_letter(text.p[at + name.n])))
			return true;
	}
	return false;
}

bool place_named(struct str text, const struct str_list *names, struct arena *scratch)
{
	struct str s = utf8_fold(text, scratch), before = STR(""), word;

	for (size_t i = 0; i < s.n;) {
		size_t from = i;

		while (i < s.n && is_letter(s.p[i]))
			i++;
		word = str_slice(s, from, i);
		if (word.n && (is_sign(word) || is_somewhere(before, word)))
			return true;
		if (word.n)
			before = word;
		i += i == from;
	}
	for (size_t i = 0; i < names->n; i++)
		if (has_name(s, names->items[i]))
			return true;
	return false;
}
