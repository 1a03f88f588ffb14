/* SPDX-License-Identifier: MIT */
/*
 * What a person wrote in a mail, without what the mail program put around it. Lines are
 * looked at from above; the first that a program wrote ends what the person wrote.
 * Programs write in the language that they are set to, wrap what they write, and turn our
 * dashes into others, so lines are compared folded and two in a row. Somebody who writes
 * below the quote in spite of the marker is still understood. Pure.
 */
#include "model/mail_answer.h"
#include "model/mail_inside.h"

#include "base/utf8.h"

enum {
	LINES_MOST = 4000,
	LINE_MOST = 400, /* more of a line says nothing about what it is */
	UNDERSCORES = 10,
	OUTLOOK_LINES = 4,
};

struct lines {
	struct str *items, *folded; /* folded: without quote marks and dashes */
	bool *quoted;
	size_t n;
};

/* ---- lines ---- */

/* Quote marks at the begin are taken off. */
static struct str unquoted(struct str line, bool *quoted)
{
	*quoted = false;
	while (line.n && (line.p[0] == '>' || line.p[0] == ' ' || line.p[0] == '\t' ||
			  line.p[0] == '|')) {
		*quoted |= line.p[0] == '>' || line.p[0] == '|';
		line = str_slice(line, 1, line.n);
	}
	return line;
}

static bool is_dash(int32_t point)
{
	return point == '-' || point == 0xad || point == 0x2212 ||
	       (point >= 0x2010 && point <= 0x2015);
}

struct str mail_line_fold(struct str line, struct arena *arena)
{
	struct str folded = utf8_fold(str_slice(line, 0, LINE_MOST), arena);
	char *to = arena_alloc(arena, folded.n + 1, 1);
	size_t n = 0, at = 0;
	bool space = false;
	int32_t point;

	while (to && (point = utf8_next(folded, &at)) >= 0) {
		if (point <= ' ' || point == 0xa0) {
			space = n > 0;
			continue;
		}
		if (is_dash(point) || point == '*')
			continue;
		if (space)
			to[n++] = ' ';
		space = false;
		if (n + 4 < folded.n + 1)
			n += utf8_encode(point, to + n);
		else if (point < 0x80)
			to[n++] = (char)point;
	}
	return str_from(to, to ? n : 0);
}

static bool lines_cut(struct str text, struct arena *arena, struct lines *out)
{
	struct str rest = str_slice(text, 0, MAIL_WRITTEN_MOST), line;

	out->items = ARENA_NEW(arena, struct str, LINES_MOST);
	out->folded = ARENA_NEW(arena, struct str, LINES_MOST);
	out->quoted = ARENA_NEW(arena, bool, LINES_MOST);
	out->n = 0;
	if (!out->items || !out->folded || !out->quoted)
		return false;
	while (out->n < LINES_MOST && str_split(&rest, '\n', &line)) {
		out->items[out->n] = line;
		out->folded[out->n] =
			mail_line_fold(unquoted(line, &out->quoted[out->n]), arena);
		out->n++;
	}
	return true;
}

/* Line i and the next ones as one, folded. */
static struct str joined(const struct lines *l, size_t i, size_t n, struct arena *arena)
{
	struct str out = l->folded[i];

	for (size_t k = 1; k < n && i + k < l->n; k++)
		out = arena_printf(arena, "%.*s %.*s", STR_ARG(out),
				   STR_ARG(l->folded[i + k]));
	return out;
}

bool mail_begins(struct str s, const char *const *with, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts(s, str_of(with[i])))
			return true;
	return false;
}

static bool ends(struct str s, const char *const *with, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ends(s, str_of(with[i])))
			return true;
	return false;
}

bool mail_contains(struct str s, const char *what)
{
	return str_find(s, str_of(what)) < s.n;
}

#define ENDS(s, table) ends((s), (table), sizeof(table) / sizeof(*(table)))

/* ---- what mail programs write ---- */

static bool is_marker(const struct lines *l, size_t i, struct arena *arena)
{
	return mail_contains(l->folded[i], MAIL_MARKER) ||
	       (i + 1 < l->n && !mail_contains(l->folded[i + 1], MAIL_MARKER) &&
		mail_contains(joined(l, i, 2, arena), MAIL_MARKER));
}

/* "Pada Sen, 4 Agt 2025 pukul 07.12 Pengaduan <aduan@…> menulis:", in so many lines.
 * whole: its begin must be there. */
static bool attributes(const struct lines *l, size_t i, size_t n, bool whole,
		       struct arena *arena)
{
	static const char *const first[] = { "on ", "pada ", "pd ", "tanggal ", "tgl ",
					     "am ", "le ",   "el ", "quoting ", "2" };
	static const char *const last[] = { "wrote:",	 "wrote :",   "menulis:",
					    "menulis :", "tulis:",    "writes:",
					    "schrieb:",	 "berkata:",  "mengirim:",
					    "ecrit :",	 "escribio:", "menuliskan:" };
	struct str s = joined(l, i, n, arena);

	if (s.n == 0)
		return false;
	if (ENDS(s, last))
		return BEGINS(s, first) || (!whole && n == 1 && mail_contains(s, "@"));
	/* "2025-08-04 07.12 GMT+07.00 Pengaduan <aduan@…>:" */
	return str_ends(s, STR(":")) && mail_contains(s, "<") && mail_contains(s, "@") &&
	       s.p[0] >= '0' && s.p[0] <= '9';
}

/* It may be wrapped; then no line of it is empty, and none below is one by itself. */
static bool is_attribution(const struct lines *l, size_t i, struct arena *arena)
{
	for (size_t n = 1; n <= 3 && i + n <= l->n && l->folded[i + n - 1].n; n++) {
		bool below = false;

		for (size_t k = 1; k < n; k++)
			below |= attributes(l, i + k, n - k, true, arena);
		if (attributes(l, i, n, false, arena))
			return !below;
	}
	return false;
}

static bool is_rule(const struct lines *l, size_t i)
{
	static const char *const such[] = {
		"original message",	   "pesan asli",	   "pesan asal",
		"forwarded message",	   "pesan terusan",	   "pesan diteruskan",
		"pesan yang diteruskan",   "original appointment", "mulai pesan terusan",
		"begin forwarded message", "awal pesan terusan"
	};
	struct str raw = str_trim(l->items[i]), s = l->folded[i];
	size_t n = 0;

	while (n < raw.n && raw.p[n] == '_')
		n++;
	if (n >= UNDERSCORES && n == raw.n)
		return true;
	if (!BEGINS(s, such))
		return false;
	/* Dashes around it, or nothing else on the line. */
	return raw.n > s.n + 3 || ENDS(s, such) || str_ends(s, STR(":"));
}

/* "Dari: …" with "Dikirim: …", "Kepada: …" below: Outlook's. */
static bool is_head(const struct lines *l, size_t i)
{
	static const char *const first[] = { "from:", "dari:", "from :", "dari :",
					     "von:" };
	static const char *const next[] = {
		"sent:",     "date:",	 "to:",	    "subject:", "dikirim:",  "tanggal:",
		"kepada:",   "perihal:", "subjek:", "ke:",	"dikirim :", "kepada :",
		"terkirim:", "hal:",	 "cc:",	    "date :"
	};

	if (!BEGINS(l->folded[i], first))
		return false;
	for (size_t k = 1; k <= OUTLOOK_LINES && i + k < l->n; k++)
		if (BEGINS(l->folded[i + k], next))
			return true;
	return false;
}

static bool is_signature(const struct lines *l, size_t i)
{
	static const char *const such[] = {
		"sent from my ",
		"dikirim dari iphone",
		"dikirim dari ponsel",
		"dikirim dari outlook",
		"dikirim dari yahoo",
		"dikirim dari samsung",
		"dikirim dari perangkat",
		"dikirim menggunakan ",
		"dikirim dari android",
		"dikirim dari ipad",
		"dapatkan outlook untuk",
		"get outlook for ",
		"sent from yahoo",
		"sent from outlook",
		"sent from samsung",
		"dikirim dari xiaomi",
		"dikirim dari email untuk",
		"sent from mail for",
		"dikirim dari mail",
		"dikirim dari gmail",
		"dikirim dari hp",
	};
	struct str raw = l->items[i];

	if (raw.n && raw.p[raw.n - 1] == '\r')
		raw.n--;
	return str_eq(raw, STR("-- ")) || str_eq(raw, STR("--")) ||
	       BEGINS(l->folded[i], such);
}

static bool is_end(const struct lines *l, size_t i, struct arena *arena)
{
	return l->quoted[i] || is_marker(l, i, arena) || is_rule(l, i) || is_head(l, i) ||
	       is_signature(l, i) || is_attribution(l, i, arena);
}

/* ---- what a person wrote ---- */

/* From line `from` up to what a program wrote; n 0: nothing. *end: where that is. */
static struct str written_from(const struct lines *l, size_t from, size_t *end,
			       struct arena *arena)
{
	size_t i = from;
	struct buf b = BUF_INIT(MAIL_WRITTEN_MOST + LINES_MOST);
	struct str out;

	for (; i < l->n && !is_end(l, i, arena); i++) {
		buf_add(&b, l->items[i]);
		buf_add_char(&b, '\n');
	}
	*end = i;
	out = arena_str(arena, str_trim(buf_str(&b)));
	buf_free(&b);
	return out.p ? out : STR("");
}

/* Whoever answers below: behind the last quoted line. */
static struct str written_below(const struct lines *l, size_t from, struct arena *arena)
{
	size_t last = l->n, end;

	for (size_t i = from; i < l->n; i++)
		if (l->quoted[i])
			last = i;
	return last < l->n ? written_from(l, last + 1, &end, arena) : STR("");
}

struct str mail_written(struct str text, struct arena *arena)
{
	struct lines l;
	struct str above;
	size_t end;

	if (!lines_cut(text, arena, &l))
		return STR("");
	above = written_from(&l, 0, &end, arena);
	return above.n ? above : written_below(&l, end, arena);
}
