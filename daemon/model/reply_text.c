/* SPDX-License-Identifier: MIT */
/*
 * Wordings. Each is cut once, when it is built, into pieces: literal text and
 * placeholders; composing walks the pieces, so that braces in values are plain text.
 * Pure; everything lives in the caller's arena. Knows neither files nor when a text is
 * said.
 */
#include "model/reply_text.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

enum {
	WORDINGS_MOST = 6,
	PIECES_MOST = 24,
	SINGLE = 160,
	SENTENCE = 300,
	FREE_SHORTEST = 12
};

struct piece {
	struct str literal; /* n 0: the placeholder */
	enum reply_value value;
};

struct wording {
	struct piece pieces[PIECES_MOST];
	size_t n;
};

struct reply_texts {
	struct {
		struct wording *wordings;
		size_t n;
	} keys[REPLY_COUNT];
};

/* Name of a key, and the placeholders that it must name (bits of enum reply_value). */
static const struct {
	const char *name;
	unsigned must;
} keys[REPLY_COUNT] = {
	[REPLY_ACK_RUTE] = { "ACK_RUTE", 1 << VALUE_NO },
	[REPLY_ACK_PERIKSA] = { "ACK_PERIKSA", 1 << VALUE_NO },
	[REPLY_ACK_JAM] = { "ACK_JAM", 1 << VALUE_NO },
	[REPLY_ACK_RAHASIA] = { "ACK_RAHASIA", 1 << VALUE_NO },
	[REPLY_ACK_DARURAT] = { "ACK_DARURAT", 1 << VALUE_NO },
	[REPLY_TAMBAH_OK] = { "TAMBAH_OK", 1 << VALUE_NO },
	[REPLY_STATUS] = { "STATUS", 1 << VALUE_NO | 1 << VALUE_STATUS },
	[REPLY_DAFTAR] = { "DAFTAR", 1 << VALUE_TEKS },
	[REPLY_DAFTAR_KOSONG] = { "DAFTAR_KOSONG", 0 },
	[REPLY_BUKAN_MILIK] = { "BUKAN_MILIK", 1 << VALUE_NO },
	[REPLY_NOMOR_SALAH] = { "NOMOR_SALAH", 0 },
	[REPLY_BANTUAN] = { "BANTUAN", 0 },
	[REPLY_STOP_OK] = { "STOP_OK", 0 },
	[REPLY_STOP_SATU] = { "STOP_SATU", 1 << VALUE_NO },
	[REPLY_MULAI_OK] = { "MULAI_OK", 0 },
	[REPLY_MULAI_SATU] = { "MULAI_SATU", 1 << VALUE_NO },
	[REPLY_BATAS] = { "BATAS", 1 << VALUE_NO },
	[REPLY_TERIMAKASIH] = { "TERIMAKASIH", 0 },
	[REPLY_SALAM] = { "SALAM", 0 },
	[REPLY_KOSONG] = { "KOSONG", 0 },
};

static const char *const values_names[VALUE_COUNT] = {
	[VALUE_NO] = "no",     [VALUE_OPD] = "opd",	  [VALUE_TGL] = "tgl",
	[VALUE_TGL2] = "tgl2", [VALUE_STATUS] = "status", [VALUE_TEKS] = "teks",
	[VALUE_TELP] = "telp", [VALUE_N] = "n",
};

const char *reply_key_name(enum reply_key key)
{
	return keys[key].name;
}

const char *reply_value_name(enum reply_value value)
{
	return values_names[value];
}

/* ---- composing ---- */

static struct str value_of(const struct str *values, enum reply_value v)
{
	return values[v].p ? values[v] : STR("-");
}

static struct str fill(const struct wording *w, const struct str *values,
		       struct arena *arena)
{
	struct buf b = BUF_INIT(4096);
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

/* The wording that is shortest with these values, free words aside. */
static const struct wording *shortest(const struct wording *w, size_t n,
				      const struct str *values, struct arena *arena)
{
	struct str bare[VALUE_COUNT];
	const struct wording *best = w;
	unsigned least = 0;

	memcpy(bare, values, sizeof(bare));
	bare[VALUE_TEKS] = STR("");
	for (size_t i = 0; i < n; i++) {
		unsigned units = sms_measure(fill(&w[i], bare, arena)).units;

		if (i == 0 || units < least) {
			least = units;
			best = &w[i];
		}
	}
	return best;
}

/* Cuts the free words so that the wording fits one segment, as far as that is possible.
 */
static struct str fill_cut(const struct wording *w, const struct str *values,
			   struct arena *arena, struct sms_size *size)
{
	struct str cut[VALUE_COUNT], out, free_words;
	size_t keep = 2 * (size_t)SINGLE;

	memcpy(cut, values, sizeof(cut));
	free_words = within_alphabet(values[VALUE_TEKS], arena);
	/* A septet is two bytes at most: more cannot stay. */
	if (keep > free_words.n)
		keep = free_words.n;
	cut[VALUE_TEKS] =
		keep < free_words.n ? shorten(free_words, keep, arena) : free_words;
	out = fill(w, cut, arena);
	*size = sms_measure(out);
	while (size->segments > 1 && keep > FREE_SHORTEST) {
		/* A byte is two septets at most: half of what is over can always go. */
		size_t over = size->units > SINGLE ? (size->units - SINGLE) / 2 : 0;

		keep -= keep - FREE_SHORTEST > over && over > 1 ? over : 1;
		cut[VALUE_TEKS] = shorten(free_words, keep, arena);
		out = fill(w, cut, arena);
		*size = sms_measure(out);
	}
	return out;
}

struct str reply_compose(const struct reply_texts *texts, enum reply_key key,
			 const struct str values[VALUE_COUNT], struct arena *arena,
			 struct sms_size *size)
{
	struct str plain[VALUE_COUNT], out = STR("");
	size_t n = texts->keys[key].n;

	for (int v = 0; v < VALUE_COUNT; v++)
		plain[v] = values[v].p ? gsm7_plain(utf8_clean(values[v], arena), arena)
				       : values[v];
	for (size_t i = 0; i < n; i++) {
		out = fill(&texts->keys[key].wordings[i], plain, arena);
		*size = sms_measure(out);
		if (out.p && size->segments == 1)
			return out;
	}
	return n ? fill_cut(shortest(texts->keys[key].wordings, n, plain, arena), plain,
			    arena, size)
		 : out;
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
		if (str_eq(name, str_of(values_names[v])))
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
		fault_here(b,
			   "no placeholder {%.*s}; there are {no} {opd} {tgl} {tgl2} "
			   "{status} {teks} {telp} {n}",
			   STR_ARG(name));
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

static unsigned names_in(const struct wording *w)
{
	unsigned bits = 0;

	for (size_t i = 0; i < w->n; i++)
		if (w->pieces[i].literal.n == 0)
			bits |= 1u << w->pieces[i].value;
	return bits;
}

static void check_names(struct builder *b, enum reply_key key, const struct wording *w)
{
	unsigned missing = keys[key].must & ~names_in(w);

	for (int v = 0; v < VALUE_COUNT; v++)
		if (missing & 1u << v)
			fault_here(b, "{%s} is missing in a wording", values_names[v]);
}

/* The longest values that may come, but for free words, which are cut to fit. */
static void longest_values(const struct reply_lint *lint, struct str *values,
			   struct arena *arena)
{
	static const char digits[] = "99999999999999999999";
	int n = lint->no_digits < sizeof(digits) ? (int)lint->no_digits
						 : (int)sizeof(digits) - 1;

	values[VALUE_NO] = arena_printf(arena, "%.*s", n, digits);
	values[VALUE_OPD] = lint->longest_opd;
	values[VALUE_TGL] = values[VALUE_TGL2] = STR("30/12/99");
	values[VALUE_STATUS] = STR("diteruskan ke instansi luar");
	values[VALUE_TEKS] = STR("kata kata ..");
	values[VALUE_TELP] = STR("0254-123456");
	values[VALUE_N] = STR("100");
}

static void check_length(struct builder *b, const struct wording *w, size_t n,
			 struct arena *arena)
{
	struct str values[VALUE_COUNT];
	struct sms_size size;

	longest_values(b->lint, values, arena);
	size = sms_measure(fill(shortest(w, n, values, arena), values, arena));
	if (size.segments > 1)
		fault_here(b,
			   "the shortest wording needs %u septets with the longest "
			   "values, 160 fit",
			   size.units);
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

		if (!wording_cut(b, b->text->wordings.items[i], w))
			return;
		check_names(b, key, w);
		if (str_trim(b->text->wordings.items[i]).n == 0)
			fault_here(b, "an empty wording");
		if (sms_measure(b->text->wordings.items[i]).ucs2)
			fault_here(b, "a character outside the GSM 7-bit alphabet "
				      "(typographic quote, long dash, emoji?) would make "
				      "every SMS of it 70 characters short");
	}
	out->keys[key].n = n;
	if (b->faults == before)
		check_length(b, out->keys[key].wordings, n, arena);
}

static int key_named(struct str name)
{
	for (int k = 0; k < REPLY_COUNT; k++)
		if (str_eq(name, str_of(keys[k].name)))
			return k;
	return -1;
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
		int key = key_named(texts->items[i].name);

		b.text = &texts->items[i];
		last = b.text->line;
		if (key < 0)
			fault_here(&b, "no text of this name is ever said");
		else
			build_key(&b, (enum reply_key)key, out, arena);
	}
	for (int k = 0; k < REPLY_COUNT; k++)
		if (!out->keys[k].wordings) {
			char sentence[SENTENCE];

			snprintf(sentence, sizeof(sentence), "the text %s is missing",
				 keys[k].name);
			fault(&b, last, sentence);
		}
	return b.faults ? NULL : out;
}
