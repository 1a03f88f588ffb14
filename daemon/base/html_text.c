/* SPDX-License-Identifier: MIT */
/*
 * One pass over the bytes. A tag is looked up in a table that says what it does to the
 * line; whatever is not understood is left out (tags) or kept (text). Pure.
 */
#include "base/html_text.h"

#include "base/utf8.h"

enum {
	QUOTES_MOST = 5,
	TAG_MOST = 8192,
	NAME_MOST = 12,
	ENTITY_MOST = 10,
	LINES_BLANK = 2
};

struct reducer {
	struct str html;
	size_t at;
	struct buf out;
	unsigned newlines; /* at the end of what is written */
	bool space;	   /* one is due before the next word */
	unsigned quotes;   /* blockquotes around us */
	unsigned pre;
};

enum tag_does {
	TAG_BREAK,
	TAG_LINE,
	TAG_BLANK_LINE,
	TAG_CELL,
	TAG_QUOTE,
	TAG_PRE,
	TAG_SKIP
};

static const struct {
	struct str name;
	enum tag_does does;
} tags[] = {
	{ STR_INIT("br"), TAG_BREAK },	    { STR_INIT("div"), TAG_LINE },
	{ STR_INIT("tr"), TAG_LINE },	    { STR_INIT("li"), TAG_LINE },
	{ STR_INIT("dt"), TAG_LINE },	    { STR_INIT("dd"), TAG_LINE },
	{ STR_INIT("table"), TAG_LINE },    { STR_INIT("section"), TAG_LINE },
	{ STR_INIT("p"), TAG_BLANK_LINE },  { STR_INIT("ul"), TAG_BLANK_LINE },
	{ STR_INIT("ol"), TAG_BLANK_LINE }, { STR_INIT("hr"), TAG_BLANK_LINE },
	{ STR_INIT("h1"), TAG_BLANK_LINE }, { STR_INIT("h2"), TAG_BLANK_LINE },
	{ STR_INIT("h3"), TAG_BLANK_LINE }, { STR_INIT("h4"), TAG_BLANK_LINE },
	{ STR_INIT("td"), TAG_CELL },	    { STR_INIT("th"), TAG_CELL },
	{ STR_INIT("pre"), TAG_PRE },	    { STR_INIT("blockquote"), TAG_QUOTE },
	{ STR_INIT("script"), TAG_SKIP },   { STR_INIT("style"), TAG_SKIP },
	{ STR_INIT("head"), TAG_SKIP },	    { STR_INIT("title"), TAG_SKIP },
	{ STR_INIT("template"), TAG_SKIP }, { STR_INIT("noscript"), TAG_SKIP },
};

static const struct {
	struct str name;
	int32_t point;
} entities[] = {
	{ STR_INIT("amp"), '&' },      { STR_INIT("lt"), '<' },
	{ STR_INIT("gt"), '>' },       { STR_INIT("quot"), '"' },
	{ STR_INIT("apos"), '\'' },    { STR_INIT("nbsp"), ' ' },
	{ STR_INIT("ensp"), ' ' },     { STR_INIT("emsp"), ' ' },
	{ STR_INIT("ndash"), 0x2013 }, { STR_INIT("mdash"), 0x2014 },
	{ STR_INIT("minus"), '-' },    { STR_INIT("hellip"), 0x2026 },
	{ STR_INIT("lsquo"), 0x2018 }, { STR_INIT("rsquo"), 0x2019 },
	{ STR_INIT("ldquo"), 0x201c }, { STR_INIT("rdquo"), 0x201d },
	{ STR_INIT("bull"), 0x2022 },  { STR_INIT("middot"), 0xb7 },
	{ STR_INIT("deg"), 0xb0 },     { STR_INIT("copy"), 0xa9 },
	{ STR_INIT("eacute"), 0xe9 },  { STR_INIT("egrave"), 0xe8 },
};

/* ---- writing ---- */

static void newline(struct reducer *r)
{
	r->space = false;
	if (r->newlines >= LINES_BLANK || r->out.n == 0)
		return;
	buf_add_char(&r->out, '\n');
	r->newlines++;
}

static void line_begins(struct reducer *r)
{
	if (r->newlines < 1)
		newline(r);
}

static void put(struct reducer *r, struct str bytes)
{
	if (r->newlines || r->out.n == 0)
		for (unsigned i = 0; i < r->quotes && i < QUOTES_MOST; i++)
			buf_add(&r->out, STR("> "));
	else if (r->space)
		buf_add_char(&r->out, ' ');
	r->newlines = 0;
	r->space = false;
	buf_add(&r->out, bytes);
}

static void put_point(struct reducer *r, int32_t point)
{
	char bytes[4];

	if (point == ' ' || point == '\t' || point == 0xa0) {
		r->space = true;
		return;
	}
	if (point < ' ' || point == 0x200b || point == 0xfeff)
		return;
	put(r, str_from(bytes, utf8_encode(point, bytes)));
}

/* ---- entities ---- */

/* "#8211" "#x2013"; −1: none. */
static int32_t number_of(struct str s)
{
	static const struct str digits = STR_INIT("0123456789abcdef");
	bool hex = s.n > 1 && (s.p[1] == 'x' || s.p[1] == 'X');
	int32_t n = 0;

	for (size_t i = hex ? 2 : 1; i < s.n; i++) {
		char c = s.p[i] >= 'A' && s.p[i] <= 'F' ? (char)(s.p[i] + 32) : s.p[i];
		size_t digit = str_find_char(digits, c);

		if (digit >= (hex ? 16 : 10))
			return -1;
		n = n * (hex ? 16 : 10) + (int32_t)digit;
		if (n > 0x10ffff)
			return -1;
	}
	return s.n > (hex ? 2 : 1) && !(n >= 0xd800 && n < 0xe000) ? n : -1;
}

/* At '&'. */
static void entity(struct reducer *r)
{
	struct str rest = str_slice(r->html, r->at + 1, r->at + 1 + ENTITY_MOST);
	size_t end = str_find_char(rest, ';');
	struct str name = str_slice(rest, 0, end);
	int32_t point = -1;

	if (end < rest.n && end > 0)
		point = name.p[0] == '#' ? number_of(name) : -1;
	for (size_t i = 0;
	     point < 0 && end < rest.n && i < sizeof(entities) / sizeof(*entities); i++)
		if (str_eq(entities[i].name, name))
			point = entities[i].point;
	if (point < 0) {
		put(r, STR("&"));
		r->at++;
		return;
	}
	put_point(r, point);
	r->at += end + 2;
}

/* ---- tags ---- */

/* Past what ends a comment, or "</script". */
static void skip_past(struct reducer *r, struct str end)
{
	while (r->at + end.n <= r->html.n &&
	       !str_eq_nocase(str_slice(r->html, r->at, r->at + end.n), end))
		r->at++;
	r->at = r->at + end.n <= r->html.n ? r->at + end.n : r->html.n;
}

static void skip_element(struct reducer *r, struct str name)
{
	char end[NAME_MOST + 2] = "</";

	memcpy(end + 2, name.p, name.n);
	skip_past(r, str_from(end, name.n + 2));
	skip_past(r, STR(">"));
}

static void tag_do(struct reducer *r, size_t which, bool closes)
{
	switch (tags[which].does) {
	case TAG_BREAK:
		newline(r);
		return;
	case TAG_LINE:
		line_begins(r);
		return;
	case TAG_BLANK_LINE:
		line_begins(r);
		newline(r);
		return;
	case TAG_CELL:
		r->space = true;
		return;
	case TAG_PRE:
		line_begins(r);
		r->pre = !closes;
		return;
	case TAG_QUOTE:
		line_begins(r);
		if (!closes)
			r->quotes++;
		else if (r->quotes)
			r->quotes--;
		return;
	case TAG_SKIP:
		if (!closes)
			skip_element(r, tags[which].name);
		return;
	}
}

/* Past its '>', quoted attributes minded; a quote that does not end is none. */
static void tag_pass(struct reducer *r)
{
	struct str rest = str_slice(r->html, r->at, r->at + TAG_MOST);
	char quote = '\0';

	for (size_t i = 0; i < rest.n; i++) {
		char c = rest.p[i];

		if (quote) {
			quote = c == quote ? '\0' : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '>') {
			r->at += i + 1;
			return;
		}
	}
	r->at += str_find_char(rest, '>');
	r->at += r->at < r->html.n;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* At '<'. */
static void tag(struct reducer *r)
{
	struct str rest = str_slice(r->html, r->at + 1, r->html.n), name;
	bool closes = rest.n && rest.p[0] == '/';
	size_t n = closes;

	if (str_starts(rest, STR("!--"))) {
		skip_past(r, STR("-->"));
		return;
	}
	while (n < rest.n && (is_letter(rest.p[n]) ||
			      (rest.p[n] >= '0' && n > closes && rest.p[n] <= '9')))
		n++;
	name = str_slice(rest, closes, n);
	if (name.n == 0 && !closes && !str_starts(rest, STR("!")) &&
	    !str_starts(rest, STR("?"))) {
		put(r, STR("<"));
		r->at++;
		return;
	}
	tag_pass(r);
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (str_eq_nocase(tags[i].name, name)) {
			tag_do(r, i, closes);
			return;
		}
}

struct str html_text(struct str html, struct arena *arena)
{
	struct reducer r = { .html = html,
			     .out = BUF_INIT(html.n * (2 * QUOTES_MOST + 1) + 16) };
	struct str out;

	while (r.at < html.n) {
		char c = html.p[r.at];

		if (c == '<') {
			tag(&r);
		} else if (c == '&') {
			entity(&r);
		} else if (c == '\n' && r.pre) {
			newline(&r);
			r.at++;
		} else if (c == '\n' || c == '\r') {
			r.space = true;
			r.at++;
		} else {
			put_point(&r, utf8_next(html, &r.at));
		}
	}
	out = r.out.failed ? str_from(NULL, 0)
			   : arena_str(arena, str_trim(buf_str(&r.out)));
	buf_free(&r.out);
	return out;
}
