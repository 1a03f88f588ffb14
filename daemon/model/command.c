/* SPDX-License-Identifier: MIT */
/*
 * Reading commands. The text is cut into words once; a command is its first word (or
 * two), and what follows must fit that spelling (enum fits). Besides, spoken questions
 * ("gmn kabarnya laporan sy no …") are recognised by what they hold: a word that asks, a
 * word for the complaint or a ticket number, and nothing that describes a matter. When in
 * doubt a text is no command: a complaint taken for a command is lost, a command taken
 * for a complaint is seen by a human. Pure.
 */
#include "model/command.h"

#include "model/command_cut.h"

enum { HELP_WORDS_MOST = 10, RATING_BEST = 5, ASKED_ALONE_MOST = 4, NAME_REACH = 4 };

#define COURTESY  WORD_BIT(WORD_COURTESY)
#define COMPLAINT WORD_BIT(WORD_COMPLAINT)
#define UNNEEDED  WORD_BIT(WORD_UNNEEDED)
#define OPINION	  (WORD_BIT(WORD_PRAISE) | WORD_BIT(WORD_BLAME) | WORD_BIT(WORD_COURTESY))
/* All that a wish to be hidden is made of. */
#define SECRECY                                                                    \
	(WORD_BIT(WORD_NAME) | WORD_BIT(WORD_OWN_NAME) | WORD_BIT(WORD_FORBID) |   \
	 WORD_BIT(WORD_REVEAL) | WORD_BIT(WORD_HIDE) | WORD_BIT(WORD_PERSON) |     \
	 WORD_BIT(WORD_UNNEEDED) | WORD_BIT(WORD_LEAD) | WORD_BIT(WORD_COURTESY) | \
	 WORD_BIT(WORD_COMPLAINT))

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
		[COMMAND_HAPUS] = "HAPUS",     [COMMAND_BAHASA] = "BAHASA",
	};

	return names[kind];
}

const char *command_language_code(enum command_language language)
{
	static const char *const codes[LANGUAGE_COUNT] = {
		[LANGUAGE_NONE] = "",	   [LANGUAGE_INDONESIA] = "id",
		[LANGUAGE_SUNDA] = "su",   [LANGUAGE_JAWA] = "jv",
		[LANGUAGE_ENGLISH] = "en",
	};

	return codes[language];
}

const char *command_language_word(enum command_language language)
{
	static const char *const names[LANGUAGE_COUNT] = {
		[LANGUAGE_NONE] = "",		[LANGUAGE_INDONESIA] = "INDONESIA",
		[LANGUAGE_SUNDA] = "SUNDA",	[LANGUAGE_JAWA] = "JAWA",
		[LANGUAGE_ENGLISH] = "INGGRIS",
	};

	return names[language];
}

/* ---- what may follow ---- */

/* "stop tidak perlu sms" is polite, "ya tidak" is something else. */
static uint64_t polite(enum command_kind kind)
{
	return kind == COMMAND_YA || kind == COMMAND_BELUM ? COURTESY
							   : COURTESY | UNNEEDED;
}

/* Past courtesy, and past the command said again ("berhenti sms dong, stop 25…"). */
static size_t skip_courtesy(const struct words *w, size_t i, enum command_kind kind)
{
	for (; i < w->n && !w->items[i].digits; i++) {
		const struct spelling *again;

		if (word_is(w, i, polite(kind)))
			continue;
		again = command_spelling(w->items[i].text, STR(""), false);
		if (!again || again->kind != kind)
			break;
	}
	return i;
}

static void take_number(struct command *c, const struct ticket_number *number)
{
	c->no = number->no;
	c->wrong_no = number->wrong;
}

/* At word i, or behind the courtesy that stands there. */
static bool number_near(const struct words *w, size_t i, struct command *c, size_t *next)
{
	struct ticket_number number;

	if (!words_ticket(w, i, &number) &&
	    !words_ticket(w, skip_courtesy(w, i, c->kind), &number))
		return false;
	take_number(c, &number);
	*next = number.next;
	return true;
}

/* Digits in one go with only blanks, dots or dashes between: the word after them. */
static size_t digits_end(const struct words *w, size_t i)
{
	while (i + 1 < w->n && w->items[i + 1].digits &&
	       w->items[i + 1].begin - w->items[i].end <= 1)
		i++;
	return i + 1;
}

static int rating_at(const struct words *w, size_t i)
{
	int number = words_number(w, i);

	return number <= RATING_BEST && (number == 0 || word_text(w, i).p[0] != '0')
		       ? number
		       : 0;
}

/* What is said besides a rating, if it is more than praise and courtesy. */
static struct str opinion_rest(const struct words *w, size_t i)
{
	return words_opinion(w, i, OPINION) ? STR("") : words_rest(w, i);
}

/* NILAI 25004176 4, NILAI 4 25004176, BINTANG 3 buat no 25004176 */
static bool fits_numbered_rating(const struct words *w, size_t from, size_t first,
				 struct command *c)
{
	struct ticket_number number;
	size_t at = 0;

	/* "4 25004176" is a rating and a number, not one number of nine digits. */
	for (size_t i = first; i < w->n; i++) {
		if (!words_ticket(w, i, &number))
			continue;
		take_number(c, &number);
		for (at = from; at < w->n && !c->rating; at++)
			if (at < i || at >= number.next)
				c->rating = rating_at(w, at);
		if (at < number.next || !c->rating)
			at = number.next;
		c->rest = opinion_rest(w, at);
		if (!c->rating)
			c->rest = words_rest(w, number.next);
		return true;
	}
	return false;
}

static bool fits_rating(const struct words *w, size_t from, struct command *c)
{
	size_t first = from + (rating_at(w, from) > 0);

	if (from >= w->n)
		return false;
	if (fits_numbered_rating(w, from, first, c))
		return true;
	for (size_t i = from; i < w->n; i++) {
		int rating = rating_at(w, i);

		if (rating && !c->rating)
			c->rating = rating;
		else if (!word_is(w, i, OPINION) &&
			 !(i > from && w->items[i].digits && w->items[i - 1].digits))
			return false; /* "4/5" */
	}
	return c->rating != 0 && !w->cut;
}

/* CEK LAIN */
static bool fits_older(const struct words *w, size_t from, struct command *c)
{
	size_t i = words_skip(w, from, COURTESY);

	if (c->kind != COMMAND_CEK || !(word_is(w, i, WORD_BIT(WORD_OLDER)) ||
					str_eq(word_text(w, i), STR("lama"))))
		return false;
	c->older = words_all(w, i + 1, COURTESY);
	return c->older;
}

static bool fits_number(const struct words *w, size_t from, struct command *c)
{
	size_t next;

	if (!number_near(w, from, c, &next))
		return fits_older(w, from, c) ||
		       (skip_courtesy(w, from, c->kind) == w->n && !w->cut);
	if (!words_all(w, next, polite(c->kind)))
		c->rest = words_rest(w, next);
	/*
	 * "cek 25004176 blm ada petugas" still asks; a story behind the number is no
	 * stop.
	 */
	return c->rest.n == 0 || c->kind == COMMAND_CEK || c->kind == COMMAND_YA;
}

static bool fits_number_text(const struct words *w, size_t from, struct command *c)
{
	size_t next;

	if (number_near(w, from, c, &next)) {
		c->rest = words_rest(w, next);
		return true;
	}
	return skip_courtesy(w, from, c->kind) == w->n && !w->cut &&
	       c->kind != COMMAND_BALAS;
}

/* BALAS needs no number when the sender has one ticket, but then something to add. */
static bool fits_addition(const struct words *w, size_t from, struct command *c)
{
	if (fits_number_text(w, from, c))
		return true;
	c->rest = words_rest(w, from);
	return skip_courtesy(w, from, c->kind) < w->n;
}

/* "cabut laporan saya krn sudah beres", but not "cabut laporan palsu kades". */
static bool fits_mine(const struct words *w, size_t from, struct command *c)
{
	size_t reason = words_skip(w, from, WORD_BIT(WORD_MINE));

	if (fits_number_text(w, from, c))
		return true;
	c->rest = words_rest(w, reason);
	return reason > from;
}

/* RAHASIA with a number is about that ticket; else it opens a new one. */
static bool fits_text(const struct words *w, size_t from, struct command *c)
{
	size_t next;

	if (str_eq(word_text(w, from), STR("spasi")))
		from++;
	next = from;
	number_near(w, from, c, &next);
	if (!words_all(w, next, SECRECY))
		c->rest = words_rest(w, next);
	return true;
}

static bool fits_language(const struct words *w, size_t from, struct command *c)
{
	c->language = word_language(word_text(w, from - 1)); /* "english" */
	if (!c->language && from < w->n) {
		c->language = word_language(word_text(w, from));
		from += c->language != LANGUAGE_NONE;
	}
	return words_all(w, from, COURTESY);
}

static bool fits(const struct words *w, const struct spelling *s, size_t from,
		 struct command *c)
{
	switch (s->fits) {
	case FITS_NUMBER:
		return fits_number(w, from, c);
	case FITS_NUMBER_TEXT:
		return fits_number_text(w, from, c);
	case FITS_ADDITION:
		return fits_addition(w, from, c);
	case FITS_MINE:
		return fits_mine(w, from, c);
	case FITS_ALONE:
		return words_all(w, from, COURTESY);
	case FITS_RATING:
		return fits_rating(w, from, c);
	case FITS_LANGUAGE:
		return fits_language(w, from, c);
	case FITS_TEXT:
		return fits_text(w, from, c);
	}
	return false;
}

/* ---- the first word ---- */

static bool has_question(const struct words *w)
{
	return str_find_char(w->original, '?') < w->original.n;
}

/* "bandeng" is a fish. */
static bool slip_forgiven(const struct words *w, size_t first, const struct command *c)
{
	if (c->no || c->wrong_no || c->kind == COMMAND_BAHASA)
		return true;
	return w->n == first + 1 && word_text(w, first).n >= SLIP_LETTERS &&
	       c->kind != COMMAND_BANDING;
}

/* Whether slip_forgiven() could say so, which it seldom does: looking for one is long. */
static bool slip_thinkable(const struct words *w, size_t first)
{
	for (size_t i = first; i < w->n; i++)
		if (w->items[i].digits)
			return true;
	return words_all(w, first + 1, COURTESY) ||
	       word_language(word_text(w, first + 1)) != LANGUAGE_NONE;
}

/* The command of the words from `first` on. */
static bool words_at(const struct words *w, size_t first, struct command *c)
{
	struct str second = word_text(w, first + 1);
	const struct spelling *s = command_spelling(word_text(w, first), second, false);
	struct command found = { .kind = COMMAND_NONE };
	bool slip = !s;

	if (slip && slip_thinkable(w, first))
		s = command_spelling(word_text(w, first), second, true);
	if (!s)
		return false;
	found.kind = s->kind;
	if (!fits(w, s, first + (s->second.n ? 2 : 1), &found))
		return false;
	/* A slip is forgiven only where nothing but the command can be meant. */
	if (slip && !slip_forgiven(w, first, &found))
		return false;
	if (found.kind == COMMAND_YA && has_question(w))
		found.kind = COMMAND_CEK; /* "sudah beres?" */
	*c = found;
	return true;
}

/* ---- the spoken forms ---- */

/* Only asking words, words for the complaint, fillers; perhaps a number. */
static bool asks_status(const struct words *w, struct command *c)
{
	const uint64_t known = COURTESY | WORD_BIT(WORD_FILLER) | WORD_BIT(WORD_ASKING) |
			       WORD_BIT(WORD_COMPLAINT) | WORD_BIT(WORD_OLDER);
	struct command found = { .kind = COMMAND_CEK };
	bool asked = false, named = false, numbered = false, alone = false;
	struct ticket_number number;

	for (size_t i = 0; i < w->n;) {
		if (!numbered && w->items[i].digits && words_ticket(w, i, &number)) {
			take_number(&found, &number);
			numbered = true;
			i = number.next;
			continue;
		}
		if (!word_is(w, i, known))
			return false;
		asked |= word_is(w, i, WORD_BIT(WORD_ASKING));
		named |= word_is(w, i, WORD_BIT(WORD_COMPLAINT));
		alone |= word_is(w, i, WORD_BIT(WORD_ASKING_ALONE));
		found.older |= word_is(w, i, WORD_BIT(WORD_OLDER));
		i++;
	}
	found.older &= !numbered;
	if (alone && w->n <= ASKED_ALONE_MOST &&
	    words_all(w, 0, COURTESY | WORD_BIT(WORD_ASKING_ALONE)) &&
	    !words_count(w, 0, WORD_BIT(WORD_THIS)))
		named = true;
	if (!asked || w->cut || !(named || numbered))
		return false;
	*c = found;
	return true;
}

/* "25004176 stop", "25004176 sudah beres", "25004176 belum". */
static bool number_then_command(const struct words *w, size_t next, struct command *c)
{
	struct command behind;

	if (!words_at(w, next, &behind) || behind.no || behind.wrong_no ||
	    behind.kind == COMMAND_BALAS)
		return false;
	c->kind = behind.kind;
	c->rest = behind.rest;
	c->rating = behind.rating;
	return true;
}

/* "25004176 rt 03 rw 02", "info 25004176 makin parah": what the sender adds to it. */
static bool number_first(const struct words *w, struct command *c)
{
	struct command found = { .kind = COMMAND_BALAS };
	bool info = str_eq(w->items[0].text, STR("info"));
	size_t at =
		info ? 1 : words_skip(w, 0, COURTESY | COMPLAINT | WORD_BIT(WORD_MINE));
	struct ticket_number number;

	if (!words_ticket(w, at, &number))
		return false;
	/* behind "yg", "pak" only a right number is one */
	if (number.wrong && at > 0 && !info && !word_is(w, at - 1, COMPLAINT))
		return false;
	take_number(&found, &number);
	if (number_then_command(w, number.next, &found)) {
		*c = found;
		return true;
	}
	if (words_all(w, number.next, COURTESY)) {
		/* The bare number: how does it stand? */
		found.kind = COMMAND_CEK;
		if (words_count(w, number.next, WORD_BIT(WORD_YES)) && !has_question(w))
			found.kind = COMMAND_YA;
	} else {
		found.rest = words_rest(w, number.next);
	}
	*c = found;
	return true;
}

/*
 * A right ticket number somewhere in a text that is no other command: the text belongs
 * there. A wrong one counts for nothing here, nor do digits that say what else they are,
 * nor a part of a longer row of digits.
 */
static bool number_inside(const struct words *w, struct command *c)
{
	struct command found = { .kind = COMMAND_BALAS };
	struct ticket_number number;

	if (word_is(w, 0, WORD_BIT(WORD_NOT_YET)))
		found.kind = COMMAND_BELUM;
	for (size_t i = w->items[0].digits ? digits_end(w, 0) : 1; i < w->n; i++) {
		if (!w->items[i].digits)
			continue;
		if (!word_is(w, i - 1, WORD_BIT(WORD_NOT_TICKET)) &&
		    words_ticket(w, i, &number) && number.no) {
			take_number(&found, &number);
			found.rest = str_trim(w->original);
			*c = found;
			return true;
		}
		i = digits_end(w, i) - 1;
	}
	return false;
}

static bool asks_help(const struct words *w)
{
	bool lapor = false;

	if (w->n > HELP_WORDS_MOST || !words_all(w, 0, WORD_BIT(WORD_HELPING)))
		return false;
	if (words_count(w, 0, WORD_BIT(WORD_HOW)))
		return true;
	for (size_t i = 0; i < w->n; i++)
		lapor |= str_ends(w->items[i].text, STR("lapor"));
	/* "mau lapor gimana pak" */
	return lapor && words_count(w, 0, WORD_BIT(WORD_ASKING));
}

/* A command behind words that lead up to it: "tolong cek 25…", "kasih bintang 3 …". */
static bool behind_lead(const struct words *w, struct command *c)
{
	const uint64_t leads = WORD_BIT(WORD_LEAD) | WORD_BIT(WORD_LANGUAGE);
	struct command found = { .kind = COMMAND_NONE };
	size_t lead = 0;
	bool language = false;

	for (; lead + 1 < w->n && word_is(w, lead, leads); lead++)
		language |= !word_is(w, lead, WORD_BIT(WORD_LEAD));
	if (lead == 0 || !words_at(w, lead, &found))
		return false;
	/* "tolong bantu pak" is a cry, "pak belum" the beginning of a story. */
	if (found.kind == COMMAND_BANTUAN || (language && found.kind != COMMAND_BAHASA))
		return false;
	if (found.kind == COMMAND_BELUM && !found.no && !found.wrong_no)
		return false;
	*c = found;
	return true;
}

/* ---- secrecy ---- */

/* A word of these classes within reach of word i, before or behind it. */
static bool near(const struct words *w, size_t i, uint64_t bits)
{
	for (size_t k = i > NAME_REACH ? i - NAME_REACH : 0; k <= i + NAME_REACH; k++)
		if (k != i && word_is(w, k, bits))
			return true;
	return false;
}

/* The sender's name: "nama saya", "identitas", not "nama penerima bansos". */
static bool near_own_name(const struct words *w, size_t i)
{
	return near(w, i, WORD_BIT(WORD_OWN_NAME)) ||
	       (near(w, i, WORD_BIT(WORD_NAME)) &&
		near(w, i, WORD_BIT(WORD_SENDER) | WORD_BIT(WORD_REQUEST)));
}

/* "laporan saya ini dirahasiakan", not "laporan keuangan desa dirahasiakan". */
static bool own_complaint_before(const struct words *w, size_t i)
{
	while (i > 0 && word_is(w, i - 1, WORD_BIT(WORD_PERSON) | COURTESY)) {
		if (word_is(w, i - 1, WORD_BIT(WORD_COMPLAINT)))
			return true;
		i--;
	}
	return i > 0 && word_is(w, i - 1, WORD_BIT(WORD_COMPLAINT));
}

/* "jgn disebut" at word i, of a name near by, or of whom: "jgn bilang dari saya" */
static bool forbids(const struct words *w, size_t i)
{
	size_t reveal = words_skip(w, i + 1, WORD_BIT(WORD_PERSON));
	size_t whom = words_skip(w, reveal, WORD_BIT(WORD_REVEAL));

	if (whom == reveal && str_eq(word_text(w, reveal), STR("kasih")) &&
	    str_starts(word_text(w, reveal + 1), STR("ta"))) /* "jgn kasih tau" */
		whom = reveal + 2;
	if (whom == reveal || !word_is(w, i, WORD_BIT(WORD_FORBID)))
		return false;
	if (str_eq(word_text(w, whom), STR("dari")) ||
	    str_eq(word_text(w, whom), STR("dr")) ||
	    str_eq(word_text(w, whom), STR("ke")))
		whom++;
	return near_own_name(w, i) || word_is(w, whom, WORD_BIT(WORD_SENDER)) ||
	       words_all(w, i, SECRECY);
}

/* "nama sy jgn disebut", "identitas pelapor dirahasiakan ya" */
static bool wants_secrecy(const struct words *w)
{
	for (size_t i = 0; i < w->n; i++) {
		if (forbids(w, i))
			return true;
		if (word_is(w, i, WORD_BIT(WORD_HIDE)) &&
		    (near_own_name(w, i) || own_complaint_before(w, i) ||
		     words_all(w, 0, SECRECY)))
			return true;
	}
	return false;
}

static void read_secret(const struct words *w, struct command *c)
{
	struct command found = { .kind = COMMAND_RAHASIA };
	bool alone = !w->cut;
	struct ticket_number number;

	for (size_t i = 0; i < w->n;) {
		if (!found.no && w->items[i].digits && words_ticket(w, i, &number) &&
		    number.no) {
			take_number(&found, &number);
			i = number.next;
			continue;
		}
		alone &= word_is(w, i, SECRECY);
		i++;
	}
	if (!alone)
		found.rest = str_trim(w->original);
	*c = found;
}

static void read_words(const struct words *w, struct command *c)
{
	bool secret = wants_secrecy(w);

	if (words_at(w, 0, c) && !(secret && c->kind == COMMAND_BALAS && !c->no))
		return;
	if (secret) {
		read_secret(w, c);
	} else if (asks_help(w)) {
		c->kind = COMMAND_BANTUAN;
	} else if (!asks_status(w, c) && !number_first(w, c)) {
		/* The command of "tolong stop 25004176" says more than its number. */
		if (!behind_lead(w, c))
			number_inside(w, c);
	}
}

struct command command_read(struct str text, unsigned width, struct arena *scratch)
{
	struct command c = { .kind = COMMAND_NONE };
	struct words *w;

	if (str_eq(str_trim(text), STR("?"))) {
		c.kind = COMMAND_BANTUAN;
		return c;
	}
	w = words_cut(text, width, scratch);
	if (w && w->n)
		read_words(w, &c);
	return c;
}
