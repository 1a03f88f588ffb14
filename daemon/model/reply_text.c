/* SPDX-License-Identifier: MIT */
/*
 * Wordings. Each is cut once, when it is built, into pieces: literal text and
 * placeholders; composing walks the pieces, so that braces in values are plain text.
 * Pure; everything lives in the caller's arena. Knows neither files nor when a text is
 * said.
 */
#include "model/reply_text.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

enum {
	WORDINGS_MOST = 6,
	PIECES_MOST = 24,
	SINGLE = 160,
	SENTENCE = 300,
	FREE_SHORTEST = 12,
	FILLED_MOST = 65536, /* a list in a mail */
};

struct piece {
	struct str literal; /* n 0: the placeholder */
	enum reply_value value;
};

struct wording {
	struct piece *pieces;
	size_t n;
};

struct reply_texts {
	struct {
		struct wording *wordings;
		size_t n;
	} keys[REPLY_COUNT];
};

/* Words of people, which may be cut. */
static const bool is_free[VALUE_COUNT] = {
	[VALUE_TEKS] = true,
	[VALUE_ALASAN] = true,
	[VALUE_INSTANSI] = true,
};

/* ---- composing ---- */

static struct str value_of(const struct str *values, enum reply_value v)
{
	return values[v].p ? values[v] : STR("-");
}

static struct str fill(const struct wording *w, const struct str *values,
		       struct arena *arena)
{
	struct buf b = BUF_INIT(FILLED_MOST);
	struct str out;

	for (size_t i = 0; i < w->n; i++)
		buf_add(&b, w->pieces[i].literal.n
				    ? w->pieces[i].literal
				    : value_of(values, w->pieces[i].value));
	out = b.failed ? str_from(NULL, 0) : arena_str(arena, buf_str(&b));
	buf_free(&b);
	return out;
}

/* The text shortened to at most `bytes`, at a word's end and whole characters, with "..".
 */
static struct str shorten(struct str text, size_t bytes, struct arena *arena)
{
	size_t end = bytes > 2 ? bytes - 2 : 0, space;

	while (end && end < text.n && ((unsigned char)text.p[end] & 0xc0) == 0x80)
		end--;
	for (space = end; space > end / 2 && text.p[space] != ' '; space--)
		;
	if (space > end / 2)
		end = space;
	return arena_printf(arena, "%.*s..", (int)end, text.p ? text.p : "");
}

/* Free words without what would turn the whole SMS into 70 characters: emoji, mostly. */
static struct str within_alphabet(struct str text, struct arena *arena)
{
	struct buf b = BUF_INIT(text.n + 1);
	size_t at = 0;
	int32_t point;
	struct str out;

	if (!sms_measure(text).ucs2)
		return text;
	while ((point = utf8_next(text, &at)) >= 0)
		if (gsm7_septets(point))
			utf8_add(&b, point);
	out = b.failed ? text : arena_str(arena, str_trim(buf_str(&b)));
	buf_free(&b);
	return out.p ? out : text;
}

/* What must not be left out when it is there, if some wording says it. */
static const bool is_needed[VALUE_COUNT] = {
	[VALUE_TEKS] = true, [VALUE_ALASAN] = true, [VALUE_INSTANSI] = true,
	[VALUE_TGL] = true,  [VALUE_TGL2] = true,   [VALUE_TELP] = true,
	[VALUE_OPD] = true,
};

/* Whether all its values are there; *said counts those of them that are needed. */
static bool complete(const struct wording *w, const struct str *values, unsigned *said)
{
	unsigned counted = 0;

	*said = 0;
	for (size_t i = 0; i < w->n; i++) {
		enum reply_value v = w->pieces[i].value;

		if (w->pieces[i].literal.n)
			continue;
		if (!values[v].p || (is_free[v] && values[v].n == 0))
			return false;
		*said += is_needed[v] && !(counted & 1u << v);
		counted |= 1u << v;
	}
	return true;
}

/* The wordings that may be taken with these values, as bits. */
static unsigned eligible(const struct wording *w, size_t n, const struct str *values)
{
	unsigned bits = 0, most = 0, said;

	for (size_t i = 0; i < n; i++) {
		if (!complete(&w[i], values, &said))
			continue;
		if (!bits || said > most) {
			bits = 0;
			most = said;
		}
		if (said == most)
			bits |= 1u << i;
	}
	return bits ? bits : (1u << n) - 1;
}

/* The one of these wordings that is shortest with these values, free words aside. */
static const struct wording *shortest(const struct wording *w, size_t n, unsigned among,
				      const struct str *values, struct arena *arena)
{
	struct str bare[VALUE_COUNT];
	const struct wording *best = w;
	unsigned least = UINT_MAX;

	for (int v = 0; v < VALUE_COUNT; v++)
		bare[v] = is_free[v] ? STR("") : values[v];
	for (size_t i = 0; i < n; i++) {
		unsigned units = sms_measure(fill(&w[i], bare, arena)).units;

		if (among & 1u << i && units < least) {
			least = units;
			best = &w[i];
		}
	}
	return best;
}

/* Values with their free words cut to so many bytes. */
static void cut_free(const struct str *values, size_t bytes, struct arena *arena,
		     struct str *out)
{
	for (int v = 0; v < VALUE_COUNT; v++)
		out[v] = is_free[v] && values[v].n > bytes
				 ? shorten(values[v], bytes, arena)
				 : values[v];
}

/* Cuts the free words so that the wording fits one segment, as far as that is possible.
 */
static struct str fill_cut(const struct wording *w, const struct str *values,
			   struct arena *arena, struct sms_size *size)
{
	struct str plain[VALUE_COUNT], cut[VALUE_COUNT], out;
	size_t longest = 0, keep;

	for (int v = 0; v < VALUE_COUNT; v++) {
		plain[v] = is_free[v] && values[v].p ? within_alphabet(values[v], arena)
						     : values[v];
		if (is_free[v] && plain[v].n > longest)
			longest = plain[v].n;
	}
	/* A septet is two bytes at most: more cannot stay. */
	keep = longest < 2 * (size_t)SINGLE ? longest : 2 * (size_t)SINGLE;
	cut_free(plain, keep, arena, cut);
	out = fill(w, cut, arena);
	*size = sms_measure(out);
	while (size->segments > 1 && keep > FREE_SHORTEST) {
		/* A byte is two septets at most, and there may be two free values: a
		 * quarter of what is over can always go. */
		size_t over = size->units > SINGLE ? (size->units - SINGLE) / 4 : 0;

		keep -= keep - FREE_SHORTEST > over && over > 1 ? over : 1;
		cut_free(plain, keep, arena, cut);
		out = fill(w, cut, arena);
		*size = sms_measure(out);
	}
	return out;
}

bool reply_has(const struct reply_texts *texts, enum reply_key key)
{
	return texts->keys[key].n > 0;
}

struct str reply_words(const struct reply_texts *texts, enum reply_key key)
{
	const struct wording *w = texts->keys[key].wordings;

	return texts->keys[key].n && w->n ? w->pieces[0].literal : STR("");
}

struct str reply_compose(const struct reply_texts *texts, enum reply_key key,
			 const struct str values[VALUE_COUNT], struct arena *arena,
			 struct sms_size *size)
{
	struct str plain[VALUE_COUNT], out;
	const struct wording *w = texts->keys[key].wordings;
	size_t n = texts->keys[key].n;
	unsigned among;

	*size = sms_measure(STR(""));
	if (n == 0)
		return STR("");
	for (int v = 0; v < VALUE_COUNT; v++)
		plain[v] = values[v].p ? gsm7_plain(utf8_clean(values[v], arena), arena)
				       : values[v];
	among = eligible(w, n, plain);
	for (size_t i = 0; i < n; i++) {
		if (!(among & 1u << i))
			continue;
		out = fill(&w[i], plain, arena);
		*size = sms_measure(out);
		if (out.p && size->segments == 1)
			return out;
	}
	return fill_cut(shortest(w, n, among, plain, arena), plain, arena, size);
}

struct str reply_letter(const struct reply_texts *texts, enum reply_key key,
			const struct str values[VALUE_COUNT], struct arena *arena)
{
	const struct wording *w = texts->keys[key].wordings;
	size_t n = texts->keys[key].n;
	unsigned among;

	if (n == 0)
		return STR("");
	among = eligible(w, n, values);
	while (!(among & 1u))
		among >>= 1, w++;
	return fill(w, values, arena);
}

/* ---- building ---- */

struct builder {
	void (*complain)(void *arg, unsigned line, const char *sentence);
	void *arg;
	const struct reply_lint *lint;
	const struct key_text *text;
	unsigned faults;
};

static void fault(struct builder *b, unsigned line, const char *sentence)
{
	b->faults++;
	b->complain(b->arg, line, sentence);
}

/* A sentence about the text at hand, its name in front. */
__attribute__((format(printf, 2, 3))) static void fault_here(struct builder *b,
							     const char *format, ...)
{
	char sentence[SENTENCE];
	int n = snprintf(sentence, sizeof(sentence), "%.*s: ", STR_ARG(b->text->name));
	va_list args;

	va_start(args, format);
	if (n > 0 && (size_t)n < sizeof(sentence))
		vsnprintf(sentence + n, sizeof(sentence) - (size_t)n, format, args);
	va_end(args);
	fault(b, b->text->line, sentence);
}

static int value_named(struct str name)
{
	for (int v = 0; v < VALUE_COUNT; v++)
		if (str_eq(name, str_of(reply_value_name((enum reply_value)v))))
			return v;
	return -1;
}

static bool piece_add(struct builder *b, struct wording *w, struct piece piece)
{
	if (w->n == PIECES_MOST) {
		fault_here(b, "too many placeholders");
		return false;
	}
	w->pieces[w->n++] = piece;
	return true;
}

static void fault_no_value(struct builder *b, struct str name)
{
	struct buf all = BUF_INIT(SENTENCE);

	for (int v = 0; v < VALUE_COUNT; v++)
		buf_printf(&all, " {%s}", reply_value_name((enum reply_value)v));
	fault_here(b, "no placeholder {%.*s}; there are%.*s", STR_ARG(name),
		   STR_ARG(buf_str(&all)));
	buf_free(&all);
}

/* One placeholder at the start of *rest (which begins with its brace). */
static bool placeholder(struct builder *b, struct wording *w, struct str *rest)
{
	size_t end = str_find_char(*rest, '}');
	struct str name = str_slice(*rest, 1, end);
	int v = end < rest->n ? value_named(name) : -1;

	if (end == rest->n) {
		fault_here(b, "a '{' without its '}'");
		return false;
	}
	if (v < 0) {
		fault_no_value(b, name);
		return false;
	}
	*rest = str_slice(*rest, end + 1, rest->n);
	return piece_add(b, w, (struct piece){ .value = (enum reply_value)v });
}

static bool wording_cut(struct builder *b, struct str text, struct wording *w)
{
	while (text.n) {
		size_t open = str_find_char(text, '{');
		struct str literal = str_slice(text, 0, open);

		if (str_find_char(literal, '}') < literal.n) {
			fault_here(b, "a '}' without its '{'");
			return false;
		}
		if (literal.n && !piece_add(b, w, (struct piece){ .literal = literal }))
			return false;
		text = str_slice(text, open, text.n);
		if (text.n && !placeholder(b, w, &text))
			return false;
	}
	return true;
}

/* The wording's pieces, in memory of their own. */
static bool wording_build(struct builder *b, struct str text, struct wording *out,
			  struct arena *arena)
{
	struct piece pieces[PIECES_MOST] = { 0 };
	struct wording draft = { pieces, 0 };

	if (!wording_cut(b, text, &draft))
		return false;
	out->pieces = ARENA_NEW(arena, struct piece, draft.n + 1);
	if (!out->pieces) {
		fault_here(b, "no room");
		return false;
	}
	memcpy(out->pieces, pieces, draft.n * sizeof(*pieces));
	out->n = draft.n;
	return true;
}

static unsigned names_in(const struct wording *w)
{
	unsigned bits = 0;

	for (size_t i = 0; i < w->n; i++)
		if (w->pieces[i].literal.n == 0)
			bits |= 1u << w->pieces[i].value;
	return bits;
}

/* Those of the bits that the table names. */
static unsigned among(const bool table[VALUE_COUNT], unsigned bits)
{
	for (int v = 0; v < VALUE_COUNT; v++)
		if (!table[v])
			bits &= ~(1u << v);
	return bits;
}

static void check_names(struct builder *b, enum reply_key key, const struct wording *w,
			bool first)
{
	unsigned must = reply_key_must(key), missing;

	if (!first)
		must &= ~among(is_free, must);
	missing = must & ~names_in(w);
	for (int v = 0; v < VALUE_COUNT; v++)
		if (missing & 1u << v)
			fault_here(b, "{%s} is missing in a wording",
				   reply_value_name((enum reply_value)v));
}

/* So many characters of free words. */
static struct str words_of(unsigned room, struct arena *arena)
{
	char *p = arena_alloc(arena, room + 1, 1);

	if (p)
		memset(p, 'x', room);
	return str_from(p, p ? room : 0);
}

/* The longest values that may come; of free words what must be left for them. */
static void longest_values(const struct builder *b, enum reply_key key,
			   struct str *values, struct arena *arena)
{
	static const char digits[] = "99999999999999999999";
	unsigned no_digits = b->lint->no_digits;
	int n = no_digits < sizeof(digits) ? (int)no_digits : (int)sizeof(digits) - 1;

	values[VALUE_NO] = arena_printf(arena, "%.*s", n, digits);
	values[VALUE_INDUK] = values[VALUE_NO];
	values[VALUE_OPD] = values[VALUE_OPD2] = b->lint->longest_opd;
	values[VALUE_TGL] = values[VALUE_TGL2] = STR("30/12/99");
	values[VALUE_STATUS] = words_of(reply_key_room(REPLY_STATUS_BARU), arena);
	values[VALUE_TELP] = STR("0254-123456");
	values[VALUE_N] = values[VALUE_SISA] = STR("100");
	values[VALUE_ATASAN] = STR("Sekretaris Daerah");
	values[VALUE_PERINTAH] = STR("PERPANJANG");
	for (int v = 0; v < VALUE_COUNT; v++)
		if (is_free[v])
			values[v] = words_of(reply_key_room(key), arena);
}

/* The shortest of those wordings that say what w[first] says, as far as that may not be
 * left out, must fit. */
static void check_length(struct builder *b, enum reply_key key, const struct wording *w,
			 size_t n, struct arena *arena)
{
	struct str values[VALUE_COUNT];

	longest_values(b, key, values, arena);
	for (size_t first = 0; first < n; first++) {
		unsigned bits = among(is_needed, names_in(&w[first]));
		unsigned least = UINT_MAX;
		bool done = false;

		for (size_t i = 0; i < n; i++) {
			unsigned units = sms_measure(fill(&w[i], values, arena)).units;

			if (among(is_needed, names_in(&w[i])) != bits)
				continue;
			done |= i < first;
			least = units < least ? units : least;
		}
		if (!done && least > SINGLE)
			fault_here(b,
				   "the shortest wording needs %u septets with the "
				   "longest values, 160 fit",
				   least);
	}
}

/* Words for a message: one wording, nothing to fill in, and short. */
static void check_words(struct builder *b, enum reply_key key, const struct wording *w,
			size_t n)
{
	unsigned most = reply_key_room(key), units;

	if (n != 1 || w->n != 1 || w->pieces[0].literal.n == 0) {
		fault_here(b, "one wording without placeholders, please");
		return;
	}
	units = sms_measure(w->pieces[0].literal).units;
	if (units > most)
		fault_here(b, "%u septets, %u fit", units, most);
}

static void build_key(struct builder *b, enum reply_key key, struct reply_texts *out,
		      struct arena *arena)
{
	size_t n = b->text->wordings.n;
	unsigned before = b->faults;

	if (n == 0 || n > WORDINGS_MOST) {
		fault_here(b, "one to six wordings, please");
		return;
	}
	out->keys[key].wordings = ARENA_NEW(arena, struct wording, n);
	if (!out->keys[key].wordings) {
		fault_here(b, "no room");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct wording *w = &out->keys[key].wordings[i];

		if (!wording_build(b, b->text->wordings.items[i], w, arena))
			return;
		check_names(b, key, w, i == 0);
		if (str_trim(b->text->wordings.items[i]).n == 0)
			fault_here(b, "an empty wording");
		if (!reply_key_mail(key) && sms_measure(b->text->wordings.items[i]).ucs2)
			fault_here(b, "a character outside the GSM 7-bit alphabet "
				      "(typographic quote, long dash, emoji?) would make "
				      "every SMS of it 70 characters short");
	}
	out->keys[key].n = n;
	if (b->faults > before)
		return;
	if (reply_key_words(key))
		check_words(b, key, out->keys[key].wordings, n);
	else if (!reply_key_mail(key))
		check_length(b, key, out->keys[key].wordings, n, arena);
}

struct reply_texts *reply_texts_build(const struct key_texts *texts,
				      const struct reply_lint *lint,
				      void (*complain)(void *arg, unsigned line,
						       const char *sentence),
				      void *arg, struct arena *arena)
{
	struct reply_texts *out = ARENA_NEW(arena, struct reply_texts, 1);
	struct builder b = { .complain = complain, .arg = arg, .lint = lint };
	unsigned last = 0;

	if (!out)
		return NULL;
	for (size_t i = 0; i < texts->n; i++) {
		enum reply_key key;

		b.text = &texts->items[i];
		last = b.text->line;
		if (reply_key_read(texts->items[i].name, &key))
			build_key(&b, key, out, arena);
		else
			fault_here(&b, "no text of this name is ever said");
	}
	for (int k = 0; k < REPLY_COUNT; k++)
		if (!out->keys[k].wordings &&
		    !(lint->citizens_only && reply_key_officer((enum reply_key)k))) {
			char sentence[SENTENCE];

			snprintf(sentence, sizeof(sentence),
				 "the text %s is missing; the sample's texts have it",
				 reply_key_name((enum reply_key)k));
			fault(&b, last, sentence);
		}
	return b.faults ? NULL : out;
}
