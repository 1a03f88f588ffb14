/* SPDX-License-Identifier: MIT */
/*
 * The GSM 7-bit alphabet (3GPP TS 23.038) as two tables, and segments (TS 23.040) counted
 * character by character, so that what cannot be split leaves a gap at a segment's end.
 * Pure; results live in the caller's arena. Knows nothing of providers or headers.
 */
#include "model/gsm7.h"

#include <limits.h>

#include "base/utf8.h"

enum {
	ESCAPE = 0x1b,
	SINGLE_SEPTETS = 160,
	PART_SEPTETS = 153,
	SINGLE_UNITS = 70,
	PART_UNITS = 67,
};

/* Clause 6.2.1; the place of the escape code holds none. */
static const uint16_t basic[128] = {
	'@',   0xa3,  '$',   0xa5,  0xe8,  0xe9,   0xf9, 0xec,	0xf2,  0xc7,  '\n',
	0xd8,  0xf8,  '\r',  0xc5,  0xe5,  0x394,  '_',	 0x3a6, 0x393, 0x39b, 0x3a9,
	0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, 0xffff, 0xc6, 0xe6,	0xdf,  0xc9,  ' ',
	'!',   '"',   '#',   0xa4,  '%',   '&',	   '\'', '(',	')',   '*',   '+',
	',',   '-',   '.',   '/',   '0',   '1',	   '2',	 '3',	'4',   '5',   '6',
	'7',   '8',   '9',   ':',   ';',   '<',	   '=',	 '>',	'?',   0xa1,  'A',
	'B',   'C',   'D',   'E',   'F',   'G',	   'H',	 'I',	'J',   'K',   'L',
	'M',   'N',   'O',   'P',   'Q',   'R',	   'S',	 'T',	'U',   'V',   'W',
	'X',   'Y',   'Z',   0xc4,  0xd6,  0xd1,   0xdc, 0xa7,	0xbf,  'a',   'b',
	'c',   'd',   'e',   'f',   'g',   'h',	   'i',	 'j',	'k',   'l',   'm',
	'n',   'o',   'p',   'q',   'r',   's',	   't',	 'u',	'v',   'w',   'x',
	'y',   'z',   0xe4,  0xf6,  0xf1,  0xfc,   0xe0,
};

/* Clause 6.2.1.1. */
static const struct {
	unsigned char code;
	uint16_t point;
} extension[] = {
	{ 0x0a, '\f' }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2f, '\\' },
	{ 0x3c, '[' },	{ 0x3d, '~' }, { 0x3e, ']' }, { 0x40, '|' }, { 0x65, 0x20ac },
};

enum { EXTENSIONS = sizeof(extension) / sizeof(*extension) };

static int basic_code(int32_t point)
{
	/* Letters, digits and most signs stand at their ASCII places. */
	if (point >= 0 && point < 128 && basic[point] == point)
		return (int)point;
	for (int i = 0; i < 128; i++)
		if (basic[i] == point && i != ESCAPE)
			return i;
	return -1;
}

static int extension_code(int32_t point)
{
	for (int i = 0; i < EXTENSIONS; i++)
		if (extension[i].point == point)
			return extension[i].code;
	return -1;
}

/* utf8_next, quick for ASCII, which is nearly all that is measured. */
static inline int32_t next_point(struct str text, size_t *at)
{
	if (*at < text.n && (unsigned char)text.p[*at] < 0x80)
		return text.p[(*at)++];
	return utf8_next(text, at);
}

unsigned gsm7_septets(int32_t point)
{
	if (basic_code(point) >= 0)
		return 1;
	return extension_code(point) >= 0 ? 2 : 0;
}

static unsigned ucs2_units(int32_t point)
{
	return point > 0xffff ? 2 : 1;
}

/* Segments when no character of `width` units may be split, and what is left in the last.
 */
static void segments_count(struct str text, bool ucs2, unsigned part,
			   struct sms_size *size)
{
	unsigned used = 0;
	size_t at = 0;
	int32_t point;

	size->segments = 1;
	while ((point = next_point(text, &at)) >= 0) {
		unsigned width = ucs2 ? ucs2_units(point) : gsm7_septets(point);

		if (used + width > part) {
			size->segments++;
			used = 0;
		}
		used += width;
	}
	size->left = part - used;
}

/* How many characters from the beginning on are letters, digits and signs of one septet,
 * one unit and one byte: most texts are nothing else. */
static unsigned plain_run(struct str text)
{
	unsigned n = 0;

	while (n < text.n && n < UINT_MAX && (unsigned char)text.p[n] < 128 &&
	       basic[(unsigned char)text.p[n]] == (unsigned char)text.p[n])
		n++;
	return n;
}

struct sms_size sms_measure(struct str text)
{
	struct sms_size size = { .segments = 1 };
	unsigned septets, units, single;
	size_t at;
	int32_t point;

	at = septets = units = plain_run(text);
	while ((point = next_point(text, &at)) >= 0) {
		unsigned width = gsm7_septets(point);

		size.ucs2 |= width == 0;
		septets += width;
		units += ucs2_units(point);
	}
	size.units = size.ucs2 ? units : septets;
	single = size.ucs2 ? SINGLE_UNITS : SINGLE_SEPTETS;
	if (size.units <= single)
		size.left = single - size.units;
	else
		segments_count(text, size.ucs2, size.ucs2 ? PART_UNITS : PART_SEPTETS,
			       &size);
	return size;
}

/* What looks nearly the same in the alphabet; NULL: nothing does. */
static const char *look_alike(int32_t point)
{
	static const struct {
		int32_t point;
		const char *text;
	} table[] = {
		{ 0x2018, "'" },  { 0x2019, "'" },  { 0x201a, "'" },   { 0x201b, "'" },
		{ 0x201c, "\"" }, { 0x201d, "\"" }, { 0x201e, "\"" },  { 0x2032, "'" },
		{ 0x2033, "\"" }, { 0x00ab, "\"" }, { 0x00bb, "\"" },  { 0x2010, "-" },
		{ 0x2011, "-" },  { 0x2012, "-" },  { 0x2013, "-" },   { 0x2014, "-" },
		{ 0x2015, "-" },  { 0x2212, "-" },  { 0x2026, "..." }, { 0x00a0, " " },
		{ 0x2002, " " },  { 0x2003, " " },  { 0x2009, " " },   { 0x202f, " " },
		{ 0x2022, "*" },  { 0x00b7, "." },  { 0x0060, "'" },   { 0x00b4, "'" },
		{ 0x00d7, "x" },  { 0x2044, "/" },  { '\t', " " },     { 0xfeff, "" },
		{ 0x200b, "" },	  { 0x00ad, "" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].point == point)
			return table[i].text;
	return NULL;
}

/*
 * Capitals among the accented Latin letters: Latin-1 has them in a row, the later blocks
 * in pairs, of which two stretches begin with an odd number.
 */
static bool is_upper(int32_t point)
{
	if (point < 0x100)
		return point <= 0xde;
	if ((point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17e))
		return point % 2 != 0;
	return point % 2 == 0 && point != 0x138;
}

/* An accented letter that the alphabet lacks becomes its plain letter. */
static bool add_plain_letter(struct buf *b, int32_t point, struct arena *arena)
{
	char bytes[4];
	struct str one = str_from(bytes, utf8_encode(point, bytes)), folded;
	bool latin =
		(point >= 0xc0 && point <= 0x17f) || (point >= 0x1e00 && point <= 0x1eff);

	folded = latin ? utf8_fold(one, arena) : str_from(NULL, 0);
	if (folded.n != 1 || folded.p[0] < 'a' || folded.p[0] > 'z')
		return false;
	buf_add_char(b, is_upper(point) ? (char)(folded.p[0] - 32) : folded.p[0]);
	return true;
}

/* An accent typed behind its letter ("e" and U+0301). */
static bool is_loose_accent(const struct buf *b, int32_t point)
{
	char last = b->n ? b->p[b->n - 1] : '\0';

	return point >= 0x300 && point <= 0x36f &&
	       ((last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z'));
}

struct str gsm7_plain(struct str text, struct arena *arena)
{
	struct buf b = BUF_INIT(text.n * 3 + 16);
	size_t at = 0;
	int32_t point;
	struct str out;

	if (!sms_measure(text).ucs2)
		return text;
	while ((point = utf8_next(text, &at)) >= 0) {
		const char *like = gsm7_septets(point) ? NULL : look_alike(point);

		if (like)
			buf_add(&b, str_of(like));
		else if (is_loose_accent(&b, point))
			continue;
		else if (gsm7_septets(point) || !add_plain_letter(&b, point, arena))
			utf8_add(&b, point);
	}
	out = b.failed ? text : arena_str(arena, buf_str(&b));
	buf_free(&b);
	return out.p ? out : text;
}

bool gsm7_encode(struct str text, struct arena *arena, struct str *out)
{
	char *p = arena_alloc(arena, text.n * 2 + 1, 1);
	size_t at = 0, n = 0;
	int32_t point;

	*out = str_from(NULL, 0);
	while (p && (point = utf8_next(text, &at)) >= 0) {
		int code = basic_code(point);

		if (code < 0) {
			code = extension_code(point);
			if (code < 0)
				return false;
			p[n++] = ESCAPE;
		}
		p[n++] = (char)code;
	}
	*out = str_from(p, n);
	return p != NULL;
}

struct str gsm7_decode(struct str septets, struct arena *arena)
{
	struct buf b = BUF_INIT(septets.n * 4 + 16);
	struct str out;

	for (size_t i = 0; i < septets.n; i++) {
		unsigned char c = (unsigned char)septets.p[i] & 0x7f;
		int32_t point = basic[c];

		if (c == ESCAPE && i + 1 < septets.n) {
			/* Unknown codes show the basic character; a second escape is a
			 * space. */
			c = (unsigned char)septets.p[++i] & 0x7f;
			point = c == ESCAPE ? ' ' : basic[c];
			for (int k = 0; k < EXTENSIONS; k++)
				if (extension[k].code == c)
					point = extension[k].point;
		} else if (c == ESCAPE) {
			point = ' ';
		}
		utf8_add(&b, point);
	}
	out = b.failed ? str_from(NULL, 0) : arena_str(arena, buf_str(&b));
	buf_free(&b);
	return out;
}
