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

#include "base/utf8.h"
#include "model/command_words.h"
#include "model/ticketno.h"

enum { WORDS_MOST = 64, HELP_WORDS_MOST = 10, RATING_BEST = 5 };

struct word {
	struct str text;   /* folded, letters and digits only */
	size_t begin, end; /* in the original */
	bool digits;
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

/* ---- words ---- */

enum glyph { GLYPH_NONE, GLYPH_LETTER, GLYPH_DIGIT };

static enum glyph glyph_of(int32_t point)
{
	if (point >= '0' && point <= '9')
		return GLYPH_DIGIT;
	if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z'))
		return GLYPH_LETTER;
	return point >= 0x80 && utf8_is_letter(point) ? GLYPH_LETTER : GLYPH_NONE;
}

static bool word_add(struct words *w, size_t begin, size_t end, bool digits,
		     struct arena *scratch)
{
	struct str text = utf8_fold(str_slice(w->original, begin, end), scratch);

	if (w->n == WORDS_MOST) {
		w->cut = true;
		return false;
	}
	w->items[w->n++] = (struct word){
		.text = digits ? text : command_word_plain(text, scratch),
		.begin = begin,
		.end = end,
		.digits = digits,
	};
	return true;
}

/* Letters and digits are words of their own, so that "CEK25004176" is two. */
static void words_cut(struct str text, unsigned width, struct arena *scratch,
		      struct words *w)
{
	enum glyph inside = GLYPH_NONE;
	size_t at = 0, begin = 0;

	*w = (struct words){ .original = text, .width = width };
	while (at <= text.n) {
		size_t here = at;
		int32_t point = utf8_next(text, &at);
		enum glyph glyph = point < 0 ? GLYPH_NONE : glyph_of(point);

		if (glyph != inside) {
			if (inside != GLYPH_NONE &&
			    !word_add(w, begin, here, inside == GLYPH_DIGIT, scratch))
				return;
			begin = here;
			inside = glyph;
		}
		if (point < 0)
			return;
	}
}

static bool is_a(const struct words *w, size_t i, enum word_class class)
{
	return i < w->n && !w->items[i].digits &&
	       command_word_is(class, w->items[i].text);
}

static void words_drop(struct words *w, size_t n)
{
	memmove(w->items, w->items + n, (w->n - n) * sizeof(*w->items));
	w->n -= n;
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
		if (!is_a(w, i, WORD_COURTESY))
			return false;
	return !w->cut;
}

/* Past courtesy, and past the command said again ("berhenti sms dong, stop 25…"). */
static size_t skip_courtesy(const struct words *w, size_t i, enum command_kind kind)
{
	for (; i < w->n && !w->items[i].digits; i++) {
		const struct spelling *again =
			command_spelling(w->items[i].text, STR(""), false);

		if (!is_a(w, i, WORD_COURTESY) && !(again && again->kind == kind))
			break;
	}
	return i;
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

/* At word i, or behind the courtesy that stands there. */
static bool number_near(const struct words *w, size_t i, struct command *c, size_t *next)
{
	return number_at(w, i, c, next) ||
	       number_at(w, skip_courtesy(w, i, c->kind), c, next);
}

/* Digits in one go with only blanks, dots or dashes between: the word after them. */
static size_t digits_end(const struct words *w, size_t i)
{
	while (i + 1 < w->n && w->items[i + 1].digits &&
	       w->items[i + 1].begin - w->items[i].end <= 1)
		i++;
	return i + 1;
}

/* ---- the first word ---- */

static int rating_of(const struct words *w, size_t i)
{
	const struct word *word = &w->items[i];
	int digit = i < w->n && word->text.n == 1 ? word->text.p[0] - '0' : 0;

	return digit >= 1 && digit <= RATING_BEST ? digit : 0;
}

/* The first rating from word i on that is not within [from, to). */
static int rating_outside(const struct words *w, size_t i, size_t from, size_t to)
{
	for (; i < w->n; i++)
		if ((i < from || i >= to) && rating_of(w, i))
			return rating_of(w, i);
	return 0;
}

/* NILAI 25004176 4, NILAI 4 25004176, BINTANG 3 buat no 25004176, NILAI 5 mantap */
static bool fits_rating(const struct words *w, size_t from, struct command *c)
{
	size_t next, first = from + (rating_of(w, from) > 0);

	/* "4 25004176" is a rating and a number, not one number of nine digits. */
	for (size_t i = first; i < w->n; i++)
		if (number_at(w, i, c, &next)) {
			c->rating = rating_outside(w, from, i, next);
			return c->rating != 0 || next == w->n;
		}
	if (first == from && number_at(w, from, c, &next))
		return false;
	c->rating = rating_of(w, from);
	for (size_t i = first; i < w->n; i++)
		if (!is_a(w, i, WORD_PRAISE) && !is_a(w, i, WORD_COURTESY))
			return false;
	return c->rating != 0 && !w->cut;
}

static bool fits_number(const struct words *w, size_t from, struct command *c)
{
	size_t next;

	if (!number_near(w, from, c, &next))
		return skip_courtesy(w, from, c->kind) == w->n && !w->cut;
	if (!all_courtesy(w, next))
		c->rest = rest_from(w, next);
	/* "cek 25004176 blm ada petugas" still asks; a story behind the number is no
	 * stop.
	 */
	return c->rest.n == 0 || c->kind == COMMAND_CEK || c->kind == COMMAND_YA;
}

static bool fits_number_text(const struct words *w, size_t from, struct command *c)
{
	size_t next;

	if (number_near(w, from, c, &next)) {
		c->rest = rest_from(w, next);
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
	c->rest = rest_from(w, from);
	return skip_courtesy(w, from, c->kind) < w->n;
}

/* RAHASIA with a number alone is about that ticket; else it opens a new one. */
static bool fits_text(const struct words *w, size_t from, struct command *c)
{
	struct command numbered = *c;
	size_t next;

	if (from < w->n && str_eq(w->items[from].text, STR("spasi")))
		from++;
	c->rest = rest_from(w, from);
	if (number_near(w, from, &numbered, &next) && all_courtesy(w, next))
		*c = (struct command){ .kind = c->kind,
				       .no = numbered.no,
				       .wrong_no = numbered.wrong_no };
	return true;
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
	case FITS_ALONE:
		return all_courtesy(w, from);
	case FITS_RATING:
		return from < w->n && fits_rating(w, from, c);
	case FITS_TEXT:
		return fits_text(w, from, c);
	}
	return false;
}

static bool first_words(const struct words *w, struct command *c)
{
	struct str second = w->n > 1 ? w->items[1].text : STR("");
	const struct spelling *s = command_spelling(w->items[0].text, second, false);
	struct command found = { .kind = COMMAND_NONE };
	bool slip = !s;

	if (slip)
		s = command_spelling(w->items[0].text, second, true);
	if (!s)
		return false;
	found.kind = s->kind;
	if (!fits(w, s, s->second.n ? 2 : 1, &found))
		return false;
	/* A slip is forgiven only where nothing but the command can be meant. */
	if (slip && !found.no && !found.wrong_no &&
	    (w->n > 1 || w->items[0].text.n < SLIP_LETTERS))
		return false;
	*c = found;
	return true;
}

/* ---- the spoken forms ---- */

/* Only asking words, words for the complaint, fillers; perhaps a number. */
static bool asks_status(const struct words *w, struct command *c)
{
	struct command found = { .kind = COMMAND_CEK };
	bool asked = false, named = false, numbered = false;
	size_t next;

	for (size_t i = 0; i < w->n;) {
		if (!numbered && w->items[i].digits && number_at(w, i, &found, &next)) {
			numbered = true;
			i = next;
			continue;
		}
		if (is_a(w, i, WORD_ASKING))
			asked = true;
		else if (is_a(w, i, WORD_COMPLAINT))
			named = true;
		else if (!is_a(w, i, WORD_COURTESY) && !is_a(w, i, WORD_FILLER))
			return false;
		i++;
	}
	if (!asked || w->cut || !(named || numbered))
		return false;
	*c = found;
	return true;
}

/* "25004176 rt 03 rw 02", "info 25004176 makin parah": what the sender adds to it. */
static bool number_first(const struct words *w, struct command *c)
{
	struct command found = { .kind = COMMAND_BALAS };
	size_t next, at = str_eq(w->items[0].text, STR("info"));

	if (!number_at(w, at, &found, &next))
		return false;
	found.rest = rest_from(w, next);
	if (all_courtesy(w, next)) {
		found.kind = COMMAND_CEK; /* the bare number: how does it stand? */
		found.rest = STR("");
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
	size_t next;

	if (is_a(w, 0, WORD_NOT_YET))
		found.kind = COMMAND_BELUM;
	for (size_t i = 1; i < w->n; i++) {
		if (!w->items[i].digits)
			continue;
		if (!is_a(w, i - 1, WORD_OTHER_NUMBER) &&
		    number_at(w, i, &found, &next) && found.no) {
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
	bool how = false, lapor = false, unsure = false;

	if (w->n > HELP_WORDS_MOST)
		return false;
	for (size_t i = 0; i < w->n; i++) {
		if (!is_a(w, i, WORD_HELPING))
			return false;
		how |= is_a(w, i, WORD_HOW);
		lapor |= str_ends(w->items[i].text, STR("lapor"));
		unsure |= is_a(w, i, WORD_ASKING);
	}
	return how || (lapor && unsure); /* "mau lapor gimana pak" */
}

/* A command behind words that lead up to it: "tolong cek 25…", "kasih bintang 3 …". */
static bool behind_lead(struct words *w, struct command *c)
{
	struct command found = { .kind = COMMAND_NONE };
	size_t lead = 0;

	while (lead + 1 < w->n && is_a(w, lead, WORD_LEAD))
		lead++;
	if (lead == 0)
		return false;
	words_drop(w, lead);
	/* "tolong bantu pak" is a cry, "pak belum" the beginning of a story. */
	if (!first_words(w, &found) || found.kind == COMMAND_BANTUAN ||
	    (found.kind == COMMAND_BELUM && !found.no && !found.wrong_no))
		return false;
	*c = found;
	return true;
}

static struct command command_of(enum command_kind kind)
{
	return (struct command){ .kind = kind, .rest = STR("") };
}

struct command command_read(struct str text, unsigned width, struct arena *scratch)
{
	struct command c = command_of(COMMAND_NONE);
	struct words *w = ARENA_NEW(scratch, struct words, 1);

	if (!w)
		return c;
	if (str_eq(str_trim(text), STR("?")))
		return command_of(COMMAND_BANTUAN);
	words_cut(text, width, scratch, w);
	if (w->n == 0 || first_words(w, &c))
		return c;
	if (asks_help(w))
		return command_of(COMMAND_BANTUAN);
	if (asks_status(w, &c) || number_first(w, &c))
		return c;
	if (number_inside(w, &c)) {
		struct command led = c;

		/* The command of "tolong stop 25004176" says more than its number. */
		return behind_lead(w, &led) ? led : c;
	}
	behind_lead(w, &c);
	return c;
}
