/* SPDX-License-Identifier: MIT */
/*
 * Marks of four languages. Only words that the other three do not have in this spelling
 * are here; what neighbours share ("kudu", "kanggo", "wengi", "dinten") is left out, and
 * what is at home in one but borrowed by the others in Banten ("mah", "pisan") counts
 * half. Native speakers should check the Sundanese and Javanese rows. Pure.
 */
#include "model/language.h"

#include "model/dict.h"

#include "base/utf8.h"

enum {
	FULL = 2,
	HALF = 1,
	WEIGHT_LEAST = 3, /* so that one mark is not enough, nor two half ones */
	LEAD = 2,
	DIFFERENT = 64, /* marks that are remembered */
	WORD_MOST = 24
};

/* clang-format off */
static const struct {
	enum command_language language;
	unsigned weight;
	const char *words;
} marks[] = {
	{ LANGUAGE_INDONESIA, FULL, " yang yg tidak tdk sudah sdh belum blm dengan dgn karena krn karna saya sy kami untuk "
		"utk bagaimana bgmn kenapa nggak ngga enggak gak gk udah udh banget bgt juga jg kalau klo kalo masih msh "
		"jangan jgn adalah akan telah sangat tetapi tapi hanya cuma supaya agar kapan dimana kalian mereka "
		"seperti sering lagi bisa tolong tlg mohon mhn saja aja bikin sekali semua memang harus sampai pernah "
		"tiap setiap apakah adanya kayak gimana gmn kemarin sekarang skrg " },
	{ LANGUAGE_INDONESIA, HALF, " ada ini itu dari dr ga sama oleh minta rumah jalan jln depan dpn dekat banyak orang "
		"warga anak di ke lampu air malam hari bulan minggu baru mau atau dan para trs terus " },

	{ LANGUAGE_SUNDA, FULL, " teu henteu hente moal atos tos parantos geus acan tacan teuacan nuju keur kumaha naha iraha "
		"saha naon abdi abi kuring simkuring anjeun aranjeun ieu eta dieu didieu ditu jeung sareng oge deui wae atuh "
		"euy nuhun mangga tiasa upami upama margi kedah aya seueur loba cai caah runtah pareum imah barudak sakola "
		"jalma leutik hese sesah ruksak isukan enjing kamari ayeuna engke peuting beurang nyuhunkeun geura gancang "
		"diomean ngomean omean dibebenah palih hareup hareupeun tukangeun gigireun caket handap luhur beuki mung "
		"ngan kolot artos murag labuh geuleuh cenah ceuk saurna muhun sumuhun komo matak rieut udur gering ubar "
		"euweuh nyaho sadaya sadayana sababaraha unggal hoyong hayang janten jadina bapa kang wios kitu kieu "
		"kaditu kadieu ulah entong tulungan hapunten bujeng wengina dinten2 saban lami heula tipayun "
		"pamarentah ngadangu sapoe sabulan sataun ceunah pisanan poek becekna malah2 tuluy sapinggang kajeun "
		"rerencangan urang sunda sampurasun kacida awewe lalaki ngeunah mawa meuli nyokot ningali katingali "
		"dipariksa diberesan beresan disabeulah sabeulah lebah " },
	{ LANGUAGE_SUNDA, HALF, " nu ti ka ku mah teh pisan punten lembur budak lamun ngadu teras bari sok pan nya damel " },

	{ LANGUAGE_JAWA, FULL, " ora ore boten mboten ngga2 wis wes sampun durung dereng urung ning neng karo kalih lan utawa "
		"amarga kepriben kepriwe kepripun piye napa sapa sopo endi pundi pira pinten kula kule kulo isun ingsun reang "
		"nyong sira sire sampeyan kuwen kuen iki niki kuwi niku iku kene kono mrene mrono banyu dalan kreteg uwuh "
		"umah griya bocah lare wong tiyang cilik alit akeh kathah sithik apik elek growong keleb mlaku mili metu "
		"mlebu tiba njaluk jaluk nyuwun nuwun suwun matur monggo nggih inggih maning malih bengi esuk wingi saiki "
		"sakniki siki mengko suwe nganti kangge maring saking jare jarene arep ajeng gelem saged iso weruh krungu "
		"deleng dandani didandani ndandani dandan kabehan kabehane pada2 nemen temen kebek kebeke rusake banyune "
		"dalane lurahe lampune uwuhe sekolahe pasare umahe anake bapake kudune mambu bosok peteng petenge ambles "
		"ambleg tugel gotri gawe ngalor ngidul ngetan ngulon lor kidul wetan kulon sabrang priben ngenteni nunggu2 "
		"wayah seprene sewengi sedina rong telung limang patang wolung tulungana dipunten cawis mangkat teka "
		"toli terus2 gah ning2 ngisor nduwur duwur mburi ngarep ngarepe jero sebelae pinggire " },
	{ LANGUAGE_JAWA, HALF, " sing teng tulung kabeh dina ilang kite yen bae gede parek wetane mambune kuh iyo " },

	{ LANGUAGE_ENGLISH, FULL, " the is are was were please there this that not my our your have has been with since "
		"broken street road water days weeks nobody people help from near very every when what why how because "
		"need needs fix repair still night house village school garbage trash flood lights children they we "
		"you thank thanks would should could does did who where which about into many too dark dirty " },
	{ LANGUAGE_ENGLISH, HALF, " of and to in on for it at no it's i'm light lamp report be by " },
};
/* clang-format on */

enum { ROWS = sizeof(marks) / sizeof(*marks) };

struct languages {
	struct dict words; /* hash → row of marks */
};

struct languages *languages_build(struct arena *arena)
{
	struct languages *l = ARENA_NEW(arena, struct languages, 1);
	struct str rest, word;
	size_t n = 0;

	for (int i = 0; i < ROWS; i++)
		for (const char *p = marks[i].words; *p; p++)
			n += *p == ' ';
	if (!l || !dict_init(&l->words, n, arena))
		return NULL;
	for (int i = ROWS; i-- > 0;) /* the first row that has it holds */
		for (rest = str_of(marks[i].words); str_split(&rest, ' ', &word);)
			if (word.n)
				dict_set(&l->words, str_hash(word), i);
	return l;
}

/* Endings that one language has: "dibenerkeun", "didandosaken". */
static const struct {
	enum command_language language;
	struct str ending;
} endings[] = {
	{ LANGUAGE_SUNDA, STR_INIT("keun") },
	{ LANGUAGE_SUNDA, STR_INIT("eun") },
	{ LANGUAGE_JAWA, STR_INIT("aken") },
};

static enum command_language language_of_word(const struct languages *l, struct str word,
					      unsigned *weight)
{
	int32_t row = dict_get(&l->words, str_hash(word));

	if (row >= 0) {
		*weight = marks[row].weight;
		return marks[row].language;
	}
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (word.n >= endings[i].ending.n + 3 &&
		    str_ends(word, endings[i].ending)) {
			*weight = FULL;
			return endings[i].language;
		}
	return LANGUAGE_NONE;
}

/* ---- counting ---- */

struct count {
	const struct languages *languages;
	struct language_marks marks;
	uint64_t seen[DIFFERENT];
	size_t n_seen;
};

static bool is_new(struct count *c, struct str word)
{
	uint64_t hash = str_hash(word);

	for (size_t i = 0; i < c->n_seen; i++)
		if (c->seen[i] == hash)
			return false;
	if (c->n_seen == DIFFERENT)
		return false;
	c->seen[c->n_seen++] = hash;
	return true;
}

static void count_word(struct count *c, struct str word)
{
	enum command_language language;
	unsigned weight = 0;

	c->marks.words++;
	language = language_of_word(c->languages, word, &weight);
	if (language == LANGUAGE_NONE || !is_new(c, word))
		return;
	c->marks.n[language] += weight;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || c == '\'' || (unsigned char)c >= 0x80;
}

static void count_words(struct count *c, struct str folded)
{
	size_t at = 0, end;

	while (at < folded.n) {
		for (end = at; end < folded.n && is_letter(folded.p[end]); end++)
			;
		if (end > at)
			count_word(c, str_slice(folded, at, end));
		at = end > at ? end : at + 1;
	}
}

/* Ahead of every other by LEAD and by half as much again. */
static bool leads(const struct count *c, int language)
{
	for (int i = LANGUAGE_NONE + 1; i < LANGUAGE_COUNT; i++)
		if (i != language && (c->marks.n[language] < c->marks.n[i] + LEAD ||
				      c->marks.n[language] * 2 < c->marks.n[i] * 3))
			return false;
	return true;
}

enum command_language language_of(const struct languages *languages, struct str text,
				  struct arena *scratch, struct language_marks *out)
{
	struct count c = { .languages = languages };
	enum command_language found = LANGUAGE_NONE;

	count_words(&c, utf8_fold(text, scratch));
	for (int i = LANGUAGE_NONE + 1; i < LANGUAGE_COUNT; i++)
		if (c.marks.n[i] >= WEIGHT_LEAST && leads(&c, i))
			found = (enum command_language)i;
	if (out)
		*out = c.marks;
	return found;
}

/* Of a word that stands twice the second place. */
static const char *stands_before(struct str word)
{
	struct str rest, w;

	for (int i = 0; i < ROWS; i++)
		for (rest = str_of(marks[i].words); str_split(&rest, ' ', &w);) {
			if (w.p == word.p)
				return NULL;
			if (str_eq(w, word))
				return word.p;
		}
	return NULL;
}

const char *language_words_twice(void)
{
	struct str rest, word;

	for (int i = 0; i < ROWS; i++)
		for (rest = str_of(marks[i].words); str_split(&rest, ' ', &word);)
			if (word.n && stands_before(word))
				return word.p;
	return NULL;
}
