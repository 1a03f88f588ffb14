/* SPDX-License-Identifier: MIT */
/*
 * Wordings. Each is cut once, when it is built, into pieces: literal text and
 * placeholders; composing walks the pieces. Pure.
 */
#include "model/reply_text.h"

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
	out = arena_str(arena, buf_str(&b));
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

/* Cuts the free words so that the wording fits one segment, as far as that is possible.
 */
static struct str fill_cut(const struct wording *w, const struct str *values,
			   struct arena *arena, struct sms_size *size)
{
	struct str cut[VALUE_COUNT], out = fill(w, values, arena);

	memcpy(cut, values, sizeof(cut));
	*size = sms_measure(out);
	for (size_t keep = cut[VALUE_TEKS].n;
	     size->segments > 1 && keep > FREE_SHORTEST;) {
		keep -= keep > 40 ? 8 : 3;
		cut[VALUE_TEKS] = shorten(values[VALUE_TEKS], keep, arena);
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
	return n ? fill_cut(&texts->keys[key].wordings[n - 1], plain, arena, size) : out;
}

/* ---- building ---- */

struct builder {
	void (*complain)(void *arg, unsigned line, const char *sentence);
	void *arg;
	const struct reply_lint *lint;
	const struct key_text *text;
	unsigned faults;
};

static void fault(struct builder *b, unsigned line, const char *format,
		  const char *detail)
{
	char sentence[SENTENCE];

	snprintf(sentence, sizeof(sentence), format, detail);
	b->faults++;
	b->complain(b->arg, line, sentence);
}

static void fault_here(struct builder *b, const char *format, const char *detail)
{
	char sentence[SENTENCE];
	int n = snprintf(sentence, sizeof(sentence), "%.*s: ", STR_ARG(b->text->name));

	if (n > 0 && (size_t)n < sizeof(sentence))
		snprintf(sentence + n, sizeof(sentence) - (size_t)n, format, detail);
	b->faults++;
	b->complain(b->arg, b->text->line, sentence);
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
		fault_here(b, "%s", "too many placeholders");
		return false;
	}
	w->pieces[w->n++] = piece;
	return true;
}

/* One placeholder at the start of *rest (which begins with its brace). */
static bool placeholder(struct builder *b, struct wording *w, struct str *rest,
			struct arena *arena)
{
	size_t end = str_find_char(*rest, '}');
	struct str name = str_slice(*rest, 1, end);
	int v = end < rest->n ? value_named(name) : -1;

	if (end == rest->n) {
		fault_here(b, "%s", "a '{' without its '}'");
		return false;
	}
	if (v < 0) {
		fault_here(
			b,
			"no placeholder {%s}; there are {no} {opd} {tgl} {tgl2} {status} "
			"{teks} {telp} {n}",
			arena_printf(arena, "%.*s", STR_ARG(name)).p);
		return false;
	}
	*rest = str_slice(*rest, end + 1, rest->n);
	return piece_add(b, w, (struct piece){ .value = (enum reply_value)v });
}

static bool wording_cut(struct builder *b, struct str text, struct wording *w,
			struct arena *arena)
{
	while (text.n) {
		size_t open = str_find_char(text, '{');
		struct str literal = str_slice(text, 0, open);

		if (str_find_char(literal, '}') < literal.n) {
			fault_here(b, "%s", "a '}' without its '{'");
			return false;
		}
		if (literal.n && !piece_add(b, w, (struct piece){ .literal = literal }))
			return false;
		text = str_slice(text, open, text.n);
		if (text.n && !placeholder(b, w, &text, arena))
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

static void check_length(struct builder *b, const struct wording *shortest,
			 struct arena *arena)
{
	struct str values[VALUE_COUNT];
	struct sms_size size;
	char number[24];

	longest_values(b->lint, values, arena);
	size = sms_measure(fill(shortest, values, arena));
	snprintf(number, sizeof(number), "%u", size.units);
	if (size.ucs2)
		fault_here(
			b, "%s",
			"a character outside the GSM 7-bit alphabet (typographic quote, "
			"long dash, emoji?) would make every SMS of it 70 characters "
			"short");
	else if (size.segments > 1)
		fault_here(b,
			   "the shortest wording needs %s septets with the longest "
			   "values, 160 fit",
			   number);
}

static void build_key(struct builder *b, enum reply_key key, struct reply_texts *out,
		      struct arena *arena)
{
	size_t n = b->text->wordings.n;
	unsigned before = b->faults;

	if (n == 0 || n > WORDINGS_MOST) {
		fault_here(b, "%s", "one to six wordings, please");
		return;
	}
	out->keys[key].wordings = ARENA_NEW(arena, struct wording, n);
	if (!out->keys[key].wordings) {
		fault_here(b, "%s", "no room");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct wording *w = &out->keys[key].wordings[i];

		if (!wording_cut(b, b->text->wordings.items[i], w, arena))
			return;
		check_names(b, key, w);
		if (sms_measure(b->text->wordings.items[i]).ucs2 && i + 1 < n)
			fault_here(b, "%s", "a character outside the GSM 7-bit alphabet");
	}
	out->keys[key].n = n;
	if (b->faults == before)
		check_length(b, &out->keys[key].wordings[n - 1], arena);
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
			fault_here(&b, "%s", "no text of this name is ever said");
		else
			build_key(&b, (enum reply_key)key, out, arena);
	}
	for (int k = 0; k < REPLY_COUNT; k++)
		if (!out->keys[k].wordings)
			fault(&b, last, "the text %s is missing", keys[k].name);
	return b.faults ? NULL : out;
}
