/* SPDX-License-Identifier: MIT */
/*
 * Reading answers. One small reader for each thing asked, in a table; all work on the
 * words and their classes (command_words.h). Verdicts are weighed: YA needs a word that
 * says so and nothing that speaks against it; whatever says "still" or "but" is BELUM;
 * what says both is asked again. Pure.
 */
#include "model/context_inside.h"

enum {
	RATING_BEST = 5,
	SHORT_WORDS = 4,
	VERDICT_WORDS = 14, /* a plain yes has no more */
	CHOICE_WORDS = 6,   /* "1 lampu jalan kp cikupa" */
	TAIL_DIGITS = 3,    /* "yg 4176": the end of a number */
	SEVERAL = 1000,	    /* more than any choice */
	PIN_LEAST = 4,
	PIN_MOST = 8,
};

bool answer_is_thanks(const struct words *w)
{
	return words_all(w, 0, COURTESY | THANKS | ACK) &&
	       (words_count(w, 0, THANKS) || word_is(w, 0, ACK));
}

struct meaning meaning_of(enum meaning_kind kind)
{
	return (struct meaning){ .kind = kind };
}

struct meaning meaning_command(const struct reading *r, enum command_kind kind,
			       struct str rest, bool answers)
{
	return (struct meaning){
		.kind = MEANING_COMMAND,
		.command = { .kind = kind, .no = r->context->no, .rest = rest },
		.answers = answers,
	};
}

/* About the ticket in question, whatever it says. */
static struct meaning mean_about(const struct reading *r, enum meaning_kind kind,
				 bool answers)
{
	return (struct meaning){
		.kind = kind,
		.command = { .no = r->context->no, .rest = str_trim(r->text) },
		.answers = answers,
	};
}

static struct meaning add_or_new(const struct reading *r)
{
	return r->looks_new ? meaning_of(MEANING_NEW)
			    : meaning_command(r, COMMAND_BALAS, str_trim(r->text), false);
}

/* A lone number of one or two digits. */
bool answer_is_bare_digit(const struct words *w)
{
	size_t first = words_skip(w, 0, COURTESY);

	return first < w->n && w->items[first].digits && w->items[first].text.n <= 2 &&
	       words_all(w, first + 1, COURTESY | THANKS);
}

static bool is_short(const struct words *w)
{
	return w->n <= SHORT_WORDS && !w->cut;
}

static bool has_question(const struct reading *r)
{
	return str_find_char(r->text, '?') < r->text.n;
}

/* ---- ASKED_PLACE ---- */

static struct meaning read_place(const struct reading *r)
{
	if (context_address(r->w))
		return mean_about(r, MEANING_PLACE, true);
	if (r->looks_new)
		return meaning_of(MEANING_NEW);
	/* "ga tau", "belum", "3": no place, but it answers. */
	if (answer_is_bare_digit(r->w) || (has_question(r) && is_short(r->w)) ||
	    words_all(r->w, 0,
		      COURTESY | NO | NOT_YET | YES | ACK | WORD_BIT(WORD_ASKING)))
		return mean_about(r, MEANING_UNCLEAR, false);
	return mean_about(r, MEANING_PLACE, true);
}

/* ---- ASKED_CHOICE ---- */

static size_t number_word(const struct words *w)
{
	size_t i = words_skip(w, 0, COURTESY | ACK);

	if (str_eq(word_text(w, i), STR("pilih")) ||
	    str_eq(word_text(w, i), STR("pilihan")) ||
	    str_eq(word_text(w, i), STR("angka")))
		i = words_skip(w, i + 1, COURTESY);
	return i;
}

/* The number among the first words; 0: none, or something is counted; or SEVERAL. */
static unsigned single_number(const struct words *w, size_t *at)
{
	unsigned number = 0;

	*at = number_word(w);
	if (*at < w->n && !word_is(w, *at + 1, UNIT))
		number = (unsigned)words_number(w, *at);
	for (size_t i = *at + 1; number && i < w->n && i < *at + 3; i++)
		if (words_number(w, i) &&
		    (str_eq(word_text(w, i - 1), STR("dan")) || w->items[i - 1].digits))
			return SEVERAL;
	return number;
}

static struct meaning read_choice(const struct reading *r)
{
	size_t at;
	unsigned number = single_number(r->w, &at);
	struct meaning m;

	if (number && number <= r->context->choices && number != SEVERAL &&
	    (!r->looks_new || r->w->n - at <= CHOICE_WORDS)) {
		m = mean_about(r, MEANING_CHOICE, true);
		m.choice = number;
		m.command.rest = words_all(r->w, at + 1, COURTESY | THANKS)
					 ? STR("")
					 : words_rest(r->w, at + 1);
		return m;
	}
	if (answer_is_bare_digit(r->w) || (number && !r->looks_new))
		return mean_about(r, MEANING_UNCLEAR, false);
	return add_or_new(r);
}

/* ---- ASKED_QUESTION ---- */

static struct meaning read_question(const struct reading *r)
{
	if (r->looks_new && !context_address(r->w))
		return meaning_of(MEANING_NEW);
	return meaning_command(r, COMMAND_BALAS, str_trim(r->text), true);
}

/* ---- ASKED_DONE ---- */

/*
 * The word behind a verdict that stands apart: "belum pak, masih bolong", "BELUM masih
 * bolong"; 0: "belum diperbaiki" would turn into its opposite without its first word.
 */
static size_t behind_not_yet(const struct words *w)
{
	static const struct str marks = STR_INIT(",.;:!-");
	size_t first = words_skip(w, 0, COURTESY | ACK);
	size_t second = words_skip(w, first + 1, COURTESY), end;

	if (!word_is(w, first, NOT_YET | NO) || second >= w->n)
		return 0;
	end = w->items[second - 1].end;
	return word_is(w, second, NOT_YET) ||
			       str_find_char(marks, w->original.p[end]) < marks.n
		       ? second
		       : 0;
}

/* "belum beres", "msh bolong": a verdict and what is wrong, nothing else. */
static bool says_not_yet(const struct words *w)
{
	size_t first = words_skip(w, 0, ACK);

	first = words_count(w, 0, YES) ? first : words_skip(w, first, COURTESY);
	return word_is(w, first, NOT_YET | NO) &&
	       (behind_not_yet(w) ||
		words_all(w, first + 1, COURTESY | YES | TROUBLE | NOT_YET | NO));
}

/* "udah blm pak": asks us. */
static bool asks_back(const struct reading *r)
{
	size_t yes = 0, not_yet = 0;

	while (yes < r->w->n && !word_is(r->w, yes, YES))
		yes++;
	while (not_yet < r->w->n && !word_is(r->w, not_yet, NOT_YET))
		not_yet++;
	return has_question(r) || (yes < not_yet && not_yet < r->w->n &&
				   words_all(r->w, 0, COURTESY | YES | NOT_YET));
}

static struct meaning mean_not_yet(const struct reading *r)
{
	size_t reason = behind_not_yet(r->w);
	struct str rest = reason ? words_rest(r->w, reason) : str_trim(r->text);

	if (words_all(r->w, 0, COURTESY | NOT_YET | NO | YES | THANKS))
		rest = STR("");
	return meaning_command(r, COMMAND_BELUM, rest, true);
}

static bool says_yes(const struct words *w)
{
	size_t first = words_skip(w, 0, COURTESY);
	bool yes =
		words_count(w, 0, YES) || word_is(w, 0, ACK) || word_is(w, first, ACK) ||
		(words_all(w, 0, COURTESY | THANKS | PRAISE) && words_count(w, 0, GOOD));

	return yes && w->n <= VERDICT_WORDS &&
	       !words_count(w, 0, NO | NOT_YET | BUT | TROUBLE | BLAME);
}

static struct meaning read_done(const struct reading *r)
{
	size_t first = words_skip(r->w, 0, COURTESY | ACK);
	bool yes = words_count(r->w, 0, YES) > 0;

	if (answer_is_bare_digit(r->w) || asks_back(r))
		return r->looks_new ? meaning_of(MEANING_NEW)
				    : mean_about(r, MEANING_UNCLEAR, false);
	if (says_not_yet(r->w))
		return mean_not_yet(r);
	if (says_yes(r->w))
		return meaning_command(r, COMMAND_YA, STR(""), true);
	if (r->looks_new)
		return meaning_of(MEANING_NEW);
	if (words_count(r->w, 0, NOT_YET) || words_count(r->w, 0, BUT) ||
	    (word_is(r->w, first, NO | BLAME) && !yes))
		return mean_not_yet(r);
	if (yes || words_count(r->w, 0, NO | BLAME))
		return mean_about(r, MEANING_UNCLEAR, false);
	return add_or_new(r);
}

/* ---- ASKED_RATING ---- */

/* The words of NILAI's own question. */
static int rating_in_words(const struct words *w)
{
	size_t i = words_skip(w, 0, COURTESY);

	if (str_eq(word_text(w, i), STR("buruk")) && words_all(w, i + 1, COURTESY))
		return 1;
	if (str_eq(word_text(w, i), STR("baik")) &&
	    str_eq(word_text(w, i + 1), STR("sekali")) && words_all(w, i + 2, COURTESY))
		return RATING_BEST;
	return 0;
}

static struct meaning mean_rating(const struct reading *r, int rating, size_t next)
{
	const uint64_t opinion = COURTESY | PRAISE | BLAME | THANKS;
	struct meaning m = meaning_command(r, COMMAND_NILAI, STR(""), true);

	m.command.rating = rating;
	if (!words_opinion(r->w, next, opinion))
		m.command.rest = words_rest(r->w, next);
	return m;
}

static struct meaning read_rating(const struct reading *r)
{
	const uint64_t opinion = COURTESY | PRAISE | BLAME | THANKS | ACK | YES;
	size_t at = words_skip(r->w, 0, opinion);
	int rating = words_number(r->w, at);
	bool counts = word_is(r->w, at + 1, UNIT);

	if (rating_in_words(r->w))
		return mean_rating(r, rating_in_words(r->w), r->w->n);
	if (rating && rating <= RATING_BEST && !counts &&
	    !words_count(r->w, at, TROUBLE | NOT_YET) &&
	    (!r->looks_new || words_all(r->w, at + 1, opinion)))
		return mean_rating(r, rating, at + 1);
	if (r->looks_new)
		return meaning_of(MEANING_NEW);
	if (words_count(r->w, 0, NOT_YET) && !has_question(r))
		return mean_not_yet(r);
	if (answer_is_bare_digit(r->w) || (rating && !counts) ||
	    words_all(r->w, 0, opinion))
		return mean_about(r, MEANING_UNCLEAR, false);
	return add_or_new(r);
}

/* ---- ASKED_WHICH ---- */

/* "yg 4176": which of the numbers ends so; CONTEXT_WHICH_MOST: none, or several. */
static unsigned ends_with(const struct context *context, struct str digits)
{
	unsigned found = CONTEXT_WHICH_MOST;
	int64_t tail, scale = 1;

	if (digits.n < TAIL_DIGITS || !str_to_int(digits, &tail))
		return found;
	for (size_t i = 0; i < digits.n && scale < INT64_MAX / 10; i++)
		scale *= 10;
	for (unsigned i = 0; i < context->n_which && i < CONTEXT_WHICH_MOST; i++) {
		if (context->which[i] % scale != tail)
			continue;
		if (found < CONTEXT_WHICH_MOST)
			return CONTEXT_WHICH_MOST;
		found = i;
	}
	return found;
}

struct meaning meaning_which(int64_t no)
{
	return (struct meaning){ .kind = MEANING_WHICH,
				 .command = { .no = no },
				 .answers = true };
}

static struct meaning read_which(const struct reading *r)
{
	const struct context *c = r->context;
	unsigned number,
		n = c->n_which < CONTEXT_WHICH_MOST ? c->n_which : CONTEXT_WHICH_MOST;
	size_t at;

	number = single_number(r->w, &at);
	if (number && number <= n && words_all(r->w, at + 1, COURTESY | THANKS))
		return meaning_which(c->which[number - 1]);
	if (str_eq(word_text(r->w, at), STR("terakhir")) && n)
		return meaning_which(c->which[n - 1]);
	if (at < r->w->n && r->w->items[at].digits) {
		number = ends_with(c, r->w->items[at].text);
		if (number < n)
			return meaning_which(c->which[number]);
	}
	return r->looks_new ? meaning_of(MEANING_NEW)
			    : mean_about(r, MEANING_UNCLEAR, false);
}

/* ---- ASKED_SURE, ASKED_OFFICER_SURE ---- */

/* 4 to 8 digits at the end. */
static struct str pin_of(const struct words *w)
{
	const struct word *last = w->n ? &w->items[w->n - 1] : NULL;

	return last && last->digits && last->text.n >= PIN_LEAST &&
			       last->text.n <= PIN_MOST
		       ? str_slice(w->original, last->begin, last->end)
		       : STR("");
}

static bool says_no(const struct words *w)
{
	size_t first = words_skip(w, 0, COURTESY);

	return word_is(w, first, NO | NOT_YET | WORD_BIT(WORD_FORBID)) ||
	       str_starts(word_text(w, first), STR("batal")) ||
	       str_starts(word_text(w, first), STR("cancel"));
}

static bool says_sure(const struct words *w, bool pin)
{
	size_t n = w->n - pin;

	for (size_t i = 0; i < n; i++)
		if (!word_is(w, i, COURTESY | ACK | YES | THANKS) &&
		    !(i > 0 && command_spelling(word_text(w, i), STR(""), false)) &&
		    !str_starts(word_text(w, i), STR("lanjut")) &&
		    !(pin && str_eq(word_text(w, i), STR("pin"))))
			return false;
	return words_count(w, 0, ACK | YES) > 0 ||
	       str_starts(word_text(w, 0), STR("lanjut")) || (pin && n <= 1);
}

static struct meaning read_sure(const struct reading *r)
{
	struct meaning m = mean_about(r, MEANING_SURE, true);
	struct str pin = r->context->asked == ASKED_OFFICER_SURE ? pin_of(r->w) : STR("");

	m.command.rest = pin;
	if (!r->w->cut && !has_question(r) && says_sure(r->w, pin.n > 0))
		return m;
	m.command.rest = STR("");
	m.kind = MEANING_NOT_SURE;
	if (says_no(r->w) && (!r->looks_new || is_short(r->w)))
		return m;
	if (is_short(r->w) && !r->looks_new)
		return mean_about(r, MEANING_UNCLEAR, false);
	return meaning_of(MEANING_NEW);
}

typedef struct meaning (*answer_fn)(const struct reading *r);

static const answer_fn answers[ASKED_COUNT] = {
	[ASKED_PLACE] = read_place,	  [ASKED_CHOICE] = read_choice,
	[ASKED_QUESTION] = read_question, [ASKED_DONE] = read_done,
	[ASKED_RATING] = read_rating,	  [ASKED_WHICH] = read_which,
	[ASKED_SURE] = read_sure,	  [ASKED_OFFICER_SURE] = read_sure,
};

/* Where "ok", "ya" and the like are an answer. */
static bool may_agree(const struct reading *r)
{
	switch (r->context->asked) {
	case ASKED_DONE:
	case ASKED_QUESTION:
	case ASKED_SURE:
	case ASKED_OFFICER_SURE:
		return true;
	case ASKED_RATING:
		return rating_in_words(r->w) != 0; /* "baik sekali" */
	case ASKED_NOTHING:
	case ASKED_PLACE:
	case ASKED_CHOICE:
	case ASKED_WHICH:
	case ASKED_COUNT:
		break;
	}
	return false;
}

struct meaning answer_read(const struct reading *r)
{
	bool only = words_all(r->w, 0, COURTESY | THANKS);

	if (only && words_count(r->w, 0, THANKS) &&
	    !words_count(r->w, 0, YES | ACK | GOOD))
		return meaning_of(MEANING_THANKS);
	if (answer_is_thanks(r->w) && !may_agree(r) && !words_count(r->w, 0, YES))
		return meaning_of(MEANING_THANKS);
	const answer_fn read =
		r->context->asked < ASKED_COUNT ? answers[r->context->asked] : NULL;

	return read ? read(r) : meaning_of(MEANING_NEW);
}
