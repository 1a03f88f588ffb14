/* SPDX-License-Identifier: MIT */
/*
 * What a text means beside what was asked: an own command first, else the readers of
 * context_answers.c; names, times, and what belongs together. Pure.
 */
#include "model/context.h"

#include "model/context_inside.h"

#define SECOND_MS ((int64_t)1000)
#define HOUR_MS	  (3600 * SECOND_MS)
#define DAY_MS	  (24 * HOUR_MS)

enum {
	SHORT_BYTES = 80,  /* longer texts are no bare answers */
	ADDRESS_SHARE = 3, /* one word of so many tells the place */
	CONTINUES_MS = 10 * 60 * 1000,
};

/* ---- names and times ---- */

static const struct {
	const char *name;
	int64_t lasts_ms;
} askings[ASKED_COUNT] = {
	[ASKED_NOTHING] = { "nothing", 0 },
	[ASKED_PLACE] = { "place", 7 * DAY_MS },
	[ASKED_CHOICE] = { "choice", 7 * DAY_MS },
	[ASKED_QUESTION] = { "question", 14 * DAY_MS },
	[ASKED_DONE] = { "done", 21 * DAY_MS },
	[ASKED_RATING] = { "rating", 7 * DAY_MS },
	[ASKED_WHICH] = { "which", DAY_MS },
	[ASKED_SURE] = { "sure", DAY_MS },
	[ASKED_OFFICER_SURE] = { "officer-sure", HOUR_MS },
};

const char *asked_name(enum asked asked)
{
	return askings[asked].name;
}

bool asked_read(struct str name, enum asked *out)
{
	for (int i = 0; i < ASKED_COUNT; i++)
		if (str_eq(name, str_of(askings[i].name))) {
			*out = (enum asked)i;
			return true;
		}
	return false;
}

int64_t asked_lasts_ms(enum asked asked)
{
	return askings[asked].lasts_ms;
}

const char *meaning_name(enum meaning_kind kind)
{
	static const char *const names[MEANING_COUNT] = {
		[MEANING_NEW] = "new",		 [MEANING_COMMAND] = "command",
		[MEANING_PLACE] = "place",	 [MEANING_CHOICE] = "choice",
		[MEANING_WHICH] = "which",	 [MEANING_SURE] = "sure",
		[MEANING_NOT_SURE] = "not-sure", [MEANING_THANKS] = "thanks",
		[MEANING_UNCLEAR] = "unclear",
	};

	return names[kind];
}

bool context_expired(const struct context *context, int64_t now_ms)
{
	int64_t ends = context->expires_ms;

	if (!ends)
		ends = context->asked_ms + asked_lasts_ms(context->asked);
	return context->asked == ASKED_NOTHING || now_ms >= ends;
}

/* ---- shapes ---- */

/*
 * Begins with a word of addresses, one word in three is one or a number, and nothing is
 * said to be broken. "no 15" and "3" are none by themselves.
 */
bool context_address(const struct words *w)
{
	size_t first = words_skip(w, 0, COURTESY), n = 0;

	while (first > 0 && word_is(w, first - 1, ADDRESS))
		first--;
	if (!word_is(w, first, ADDRESS) || words_count(w, first, TROUBLE | NOT_YET))
		return false;
	for (size_t i = first; i < w->n; i++)
		n += w->items[i].digits || word_is(w, i, ADDRESS | COURTESY);
	return w->n - first >= 2 && n * ADDRESS_SHARE >= w->n - first;
}

static struct text_shape shape_of(const struct words *w)
{
	size_t first = words_skip(w, 0, COURTESY);

	return (struct text_shape){
		.address = context_address(w),
		.continues = word_is(w, first, WORD_BIT(WORD_BEGINS)),
		.thanks = w->n > 0 && answer_is_thanks(w),
	};
}

struct text_shape context_shape(struct str text, struct arena *scratch)
{
	const struct words *w = words_cut(text, 1, scratch);

	return w ? shape_of(w) : (struct text_shape){ .address = false };
}

static bool differ(struct str a, struct str b)
{
	return a.n && b.n && !str_eq(a, b);
}

bool context_elsewhere(const struct said *earlier, const struct said *later)
{
	return differ(earlier->kecamatan, later->kecamatan) ||
	       differ(earlier->desa, later->desa) ||
	       place_locals_differ(&earlier->locals, &later->locals);
}

/* Tells a matter, and where: it needs no earlier text to be understood. */
static bool is_whole(const struct said *later)
{
	return later->department >= 0 && later->placed && !later->shape.address;
}

bool context_is_continuation(const struct said *earlier, const struct said *later)
{
	int64_t passed_ms = later->at_ms - earlier->at_ms;

	if (!earlier->complaint || later->command || later->other_kind ||
	    later->shape.thanks || passed_ms < 0 || passed_ms > CONTINUES_MS)
		return false;
	/* An address alone that differs puts the earlier one right. */
	if (is_whole(later) && (later->between || context_elsewhere(earlier, later)))
		return false;
	return later->shape.address || later->shape.continues || later->department < 0 ||
	       earlier->department < 0 || later->department == earlier->department;
}

/* ---- public ---- */

static struct meaning as_read(const struct command *read)
{
	return (struct meaning){ .kind = read->kind ? MEANING_COMMAND : MEANING_NEW,
				 .command = *read };
}

/* Nothing was asked, or too long ago. */
static struct meaning read_unasked(struct str text, const struct command *read,
				   struct arena *scratch)
{
	bool bare = read->kind == COMMAND_NONE || (read->kind == COMMAND_YA && !read->no);
	const struct words *w =
		bare && text.n <= SHORT_BYTES ? words_cut(text, 1, scratch) : NULL;

	if (!w || w->n == 0 || read->wrong_no)
		return as_read(read);
	if (answer_is_bare_digit(w))
		return meaning_of(MEANING_UNCLEAR);
	if (answer_is_thanks(w) && !words_count(w, 0, YES) &&
	    !str_eq(word_text(w, 0), STR("ya")))
		return meaning_of(MEANING_THANKS);
	return as_read(read);
}

/* What follows "BALAS 25004176", read as the answer that it is. */
static struct meaning read_rest(const struct reading *r, struct str rest)
{
	struct reading inner = *r;
	struct meaning m;

	inner.text = rest;
	inner.looks_new = false;
	inner.w = words_cut(rest, r->w->width, r->scratch);
	if (!inner.w || inner.w->n == 0)
		return as_read(r->read);
	m = answer_read(&inner);
	if (m.kind == MEANING_NEW)
		return meaning_command(&inner, COMMAND_BALAS, rest, false);
	return m;
}

/* Whether doing this to the ticket in question settles what was asked. */
static bool settles(enum asked asked, const struct command *c)
{
	if (c->kind == COMMAND_CABUT)
		return true;
	if (asked == ASKED_DONE || asked == ASKED_RATING)
		return c->kind == COMMAND_BELUM ||
		       (c->kind == COMMAND_YA && asked == ASKED_DONE) ||
		       (c->kind == COMMAND_NILAI && c->rating);
	return asked == ASKED_QUESTION &&
	       (c->kind == COMMAND_BALAS || c->kind == COMMAND_YA ||
		c->kind == COMMAND_BELUM);
}

static bool asks_sure(const struct context *context)
{
	return context->asked == ASKED_SURE || context->asked == ASKED_OFFICER_SURE;
}

static bool is_which(const struct reading *r)
{
	struct ticket_number number;
	size_t i = 0;

	if (r->context->asked != ASKED_WHICH || !r->read->no)
		return false;
	while (i < r->w->n && !words_ticket(r->w, i, &number) &&
	       word_is(r->w, i, COURTESY))
		i++;
	return words_ticket(r->w, i, &number) &&
	       words_all(r->w, number.next, COURTESY | THANKS);
}

/* A command that names its ticket. */
static struct meaning read_numbered(const struct reading *r)
{
	const struct command *read = r->read;
	bool all = read->rest.n == str_trim(r->text).n;
	struct meaning m = as_read(read);

	if (is_which(r))
		return meaning_which(read->no);
	if (!read->no || read->no != r->context->no)
		return m;
	if (read->kind == COMMAND_BALAS && read->rest.n && !all)
		return read_rest(r, read->rest);
	m.answers = settles(r->context->asked, read);
	return m;
}

/* A command without a number takes that of the ticket in question. */
static struct meaning read_bare(const struct reading *r)
{
	const struct command *read = r->read;
	struct meaning m = as_read(read);

	switch (read->kind) {
	case COMMAND_NONE:
	case COMMAND_YA:
	case COMMAND_BELUM:
		return answer_read(r);
	case COMMAND_BALAS:
		return r->context->no ? read_rest(r, read->rest) : m;
	case COMMAND_RAHASIA:
		if (read->rest.n)
			return m;
		break;
	case COMMAND_NILAI:
		if (r->context->asked != ASKED_DONE && r->context->asked != ASKED_RATING)
			return m;
		break;
	case COMMAND_BEDA:
	case COMMAND_CABUT:
	case COMMAND_BANDING:
		break;
	case COMMAND_CEK:
	case COMMAND_STOP:
	case COMMAND_MULAI:
	case COMMAND_BANTUAN:
	case COMMAND_PRIVASI:
	case COMMAND_HAPUS:
	case COMMAND_BAHASA:
	case COMMAND_COUNT:
		return m;
	}
	m.command.no = r->context->no;
	m.answers = m.command.no && settles(r->context->asked, &m.command);
	return m;
}

struct meaning context_read(struct str text, const struct command *read, bool looks_new,
			    const struct context *context, int64_t now_ms, unsigned width,
			    struct arena *scratch)
{
	struct reading r = { .text = text,
			     .read = read,
			     .context = context,
			     .looks_new = looks_new,
			     .scratch = scratch };

	if (context_expired(context, now_ms))
		return read_unasked(text, read, scratch);
	r.w = words_cut(text, width, scratch);
	if (!r.w || r.w->n == 0)
		return as_read(read);
	if (asks_sure(context) && !read->no && !read->wrong_no) {
		struct meaning m = answer_read(&r);

		if (m.kind == MEANING_SURE || m.kind == MEANING_NOT_SURE ||
		    read->kind == COMMAND_NONE)
			return m;
	}
	return read->no || read->wrong_no ? read_numbered(&r) : read_bare(&r);
}
