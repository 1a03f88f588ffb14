/* SPDX-License-Identifier: MIT */
/*
 * Four passes over a text in which a first look found digits enough: characters (which
 * are digits?), tokens (numbers and words), sparing (tokens that are a price, a date, a
 * ticket …), hiding (what is left and long).
 * A last look hides whatever row of nine digits is still to be seen, so that the promise
 * in the header does not hang on the cleverness before it. Pure; all memory is the
 * caller's.
 */
#include "model/mask.h"

#include "base/utf8.h"
#include "model/mask_inside.h"

/* ---- characters ---- */

/* Value of a decimal digit of any script: its block of ten begins at its zero. */
static int script_digit(int32_t c)
{
	int32_t zero = c;

	if (c >= 0x1D7CE && c <= 0x1D7FF) /* five mathematical alphabets in a row */
		return (int)((c - 0x1D7CE) % 10);
	while (c - zero < 9 && utf8_is_digit(zero - 1))
		zero--;
	return (int)(c - zero);
}

/* Of a character that is not ASCII. */
static int digit_of(int32_t c, struct str bytes, struct arena *arena)
{
	struct str plain;

	if (utf8_is_digit(c))
		return script_digit(c);
	/* Superscripts and digits in circles become plain ones. */
	if (!(c >= 0xB2 && c <= 0xB9) && !(c >= 0x2070 && c <= 0x2089) &&
	    !(c >= 0x2460 && c <= 0x24FF) && !(c >= 0x2776 && c <= 0x2793) &&
	    !(c >= 0x1F100 && c <= 0x1F10C))
		return -1;
	plain = utf8_fold(bytes, arena);
	for (size_t i = 0; i < plain.n; i++)
		if (plain.p[i] >= '0' && plain.p[i] <= '9')
			return plain.p[i] - '0';
	return -1;
}

static bool read_points(struct mask *m, struct arena *arena)
{
	size_t at = 0;
	int32_t c;

	m->points = ARENA_NEW(arena, struct point, m->text.n + 1);
	if (!m->points)
		return false;
	while (at < m->text.n) {
		struct point *p = &m->points[m->n_points++];

		p->begin = at;
		c = (unsigned char)m->text.p[at];
		if (c < 0x80)
			at++;
		else
			c = utf8_next(m->text, &at);
		p->end = at;
		p->c = c;
		if (c < 0x80) {
			p->digit = c >= '0' && c <= '9' ? (int)(c - '0') : -1;
			p->letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
			continue;
		}
		p->digit = digit_of(c, str_slice(m->text, p->begin, at), arena);
		p->letter = p->digit < 0 && utf8_is_letter(c);
	}
	return true;
}

/* ---- tokens ---- */

static bool is_one_of(const char *set, int32_t c)
{
	return c > 0 && c < 0x80 && strchr(set, (int)c);
}

/* Letters that look like a digit; fewer where nothing but a digit stands beside them. */
static bool looks(const struct mask *m, size_t i, bool inside)
{
	return m->points[i].letter &&
	       is_one_of(inside ? "OoIliSsBbZz" : "OoIli", m->points[i].c);
}

static void add_token(struct mask *m, size_t first, size_t end, bool number)
{
	struct token_of *t = &m->tokens[m->n_tokens++];

	*t = (struct token_of){ .first = first, .end = end, .number = number };
	if (number)
		t->digits = end - first;
	t->glued = first > 0 &&
		   (m->points[first - 1].letter || m->points[first - 1].digit >= 0);
}

/* Where the number that begins at `at` ends, in characters without a gap up to `end`. */
static size_t number_end(const struct mask *m, size_t at, size_t end)
{
	size_t look;

	for (;;) {
		while (at < end && m->points[at].digit >= 0)
			at++;
		for (look = at; look < end && looks(m, look, true); look++)
			;
		if (look == at)
			return at;
		if (look < end && m->points[look].digit < 0)
			return at;
		/* At the very end the careful set holds. */
		for (size_t i = at; look == end && i < end; i++)
			if (!looks(m, i, false))
				return at;
		at = look;
	}
}

/* Letters and digits without a gap: "hp0812", "rt03rw02", "O8l2". */
static void cut_glued(struct mask *m, size_t at, size_t end)
{
	size_t begin = at, look;

	while (at < end) {
		for (look = at; at == begin && look < end && looks(m, look, false);
		     look++)
			;
		if (m->points[at].digit >= 0 ||
		    (look > at && look < end && m->points[look].digit >= 0)) {
			look = number_end(m, look > at ? look : at, end);
			add_token(m, at, look, true);
		} else {
			for (look = at; look < end && m->points[look].digit < 0; look++)
				;
			add_token(m, at, look, false);
		}
		at = look;
	}
}

static bool read_tokens(struct mask *m, struct arena *arena)
{
	size_t at = 0, end;

	m->tokens = ARENA_NEW(arena, struct token_of, m->n_points + 1);
	if (!m->tokens)
		return false;
	while (at < m->n_points) {
		for (end = at; end < m->n_points &&
			       (m->points[end].letter || m->points[end].digit >= 0);
		     end++)
			;
		if (end > at)
			cut_glued(m, at, end);
		at = end > at ? end : at + 1;
	}
	return true;
}

/* The word in small letters; 0: it is none that any list has. */
static size_t word_of(const struct mask *m, size_t i, char word[MASK_WORD_BYTES])
{
	size_t n = 0;

	if (i >= m->n_tokens || m->tokens[i].number)
		return 0;
	for (size_t k = m->tokens[i].first; k < m->tokens[i].end; k++) {
		int32_t c = m->points[k].c;

		if (c >= 0x80 || n == MASK_WORD_BYTES)
			return 0;
		word[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	return n;
}

bool mask_word_is(const struct mask *m, size_t i, const char *words)
{
	char word[MASK_WORD_BYTES];

	return mask_one_of(str_from(word, word_of(m, i, word)), words);
}

static bool says_digit(const struct mask *m, size_t i)
{
	char word[MASK_WORD_BYTES];

	return mask_says_digit(str_from(word, word_of(m, i, word)));
}

static bool is_number(const struct mask *m, size_t i)
{
	return i < m->n_tokens && m->tokens[i].number;
}

/* Words that say a digit, and letters that stand for one among digits: "O 8 l 2". */
static void read_spelled(struct mask *m)
{
	static const char letters[] = "o oo ooo l ll i ii lo ol oi io";

	for (size_t i = 0; i < m->n_tokens; i++)
		if (!m->tokens[i].glued && says_digit(m, i)) {
			m->tokens[i].number = m->tokens[i].spelled = true;
			m->tokens[i].digits = 1;
		}
	for (size_t i = 0; i < m->n_tokens; i++)
		if (!m->tokens[i].glued && (is_number(m, i - 1) || is_number(m, i + 1)) &&
		    mask_word_is(m, i, letters)) {
			m->tokens[i].number = true;
			m->tokens[i].digits = m->tokens[i].end - m->tokens[i].first;
		}
}

/* Whatever is spared or announced, too few digits to hide. */
static bool few_digits(const struct mask *m)
{
	size_t total = 0;

	for (size_t i = 0; i < m->n_tokens; i++)
		total += m->tokens[i].number ? m->tokens[i].digits : 0;
	return total < MASK_FEWEST;
}

/* A single letter with digits on both sides separates them no more than a dash does. */
static bool is_thin(const struct mask *m, size_t i)
{
	const struct token_of *t = &m->tokens[i];

	return !t->number && t->end - t->first == 1 && t->glued && i > 0 &&
	       is_number(m, i - 1) && is_number(m, i + 1) && m->tokens[i + 1].glued;
}

static void drop_thin(struct mask *m)
{
	size_t n = 0;

	/* What is thin is seen from the tokens behind it, which are not moved yet, and
	 * from the one before, which a kept token equals. */
	for (size_t i = 0; i < m->n_tokens; i++)
		m->tokens[i].thin = is_thin(m, i);
	for (size_t i = 0; i < m->n_tokens; i++)
		if (!m->tokens[i].thin)
			m->tokens[n++] = m->tokens[i];
	m->n_tokens = n;
}

/* ---- hiding ---- */

/* Digits of tokens [from, to) but for the first `front` and the last `back`. */
static void hide(struct mask *m, size_t from, size_t to, size_t front, size_t back)
{
	size_t total = 0, at = 0;

	for (size_t i = from; i < to; i++)
		total += m->tokens[i].digits;
	for (size_t i = from; i < to; i++) {
		struct token_of *t = &m->tokens[i];

		for (size_t k = 0; k < t->digits; k++, at++)
			if (at >= front && at + back < total)
				m->points[t->first + k].hidden = true;
	}
	m->any = true;
}

static void hide_number(struct mask *m, size_t from, size_t to)
{
	size_t total = 0;

	for (size_t i = from; i < to; i++)
		total += m->tokens[i].digits;
	if (total >= 16) /* NIK, KK: the region, and the running number */
		hide(m, from, to, 4, 4);
	else if (total >= 12)
		hide(m, from, to, 4, 2);
	else if (total >= MASK_ROW)
		hide(m, from, to, 2, 2);
	else
		hide(m, from, to, 0, 2);
}

/* "no rek bri 123456": what announces a number that is hidden even when short. */
static bool is_announced(const struct mask *m, size_t first)
{
	static const char between[] =
		"no nomor nmr nmer nomer norek nomer2 an atas nama bri bca bni bsi btn "
		"bjb "
		"mandiri dana ovo gopay saya sy aku pak bu nya di ke bank";
	char word[MASK_WORD_BYTES];
	size_t i = first;

	while (i > 0 && first - i < 4 && mask_word_is(m, i - 1, between))
		i--;
	for (size_t k = i > 0 ? i - 1 : 0; k < first; k++)
		if (mask_announces(str_from(word, word_of(m, k, word))))
			return true;
	return false;
}

/* Years one after the other, or a list: "1,2,3,5". */
static bool is_list(const struct mask *m, size_t from, size_t to)
{
	bool years = true, steps = to - from >= 3;

	for (size_t i = from; i < to; i++) {
		int64_t value = mask_value(m, i);
		int64_t before = i > from ? mask_value(m, i - 1) : value - 1;

		years &= m->tokens[i].digits == 4 && value >= 1950 && value < 2100;
		steps &= m->tokens[i].digits <= 2 && value > before &&
			 value - before <= 3 && !m->tokens[i].spelled &&
			 (i == from || mask_gap(m, i - 1) == ',');
	}
	return years || steps;
}

/* Numbers [from, to) that no single one of is long. */
static void hide_short_ones(struct mask *m, size_t from, size_t to)
{
	size_t total = 0;

	for (size_t i = from; i < to; i++)
		total += m->tokens[i].digits;
	if (total >= MASK_ROW ? !is_list(m, from, to)
			      : total >= MASK_FEWEST && is_announced(m, from))
		hide_number(m, from, to);
	else if (total >= MASK_ROW)
		for (size_t i = from; i < to; i++)
			m->tokens[i].spared = true;
}

/* Numbers [from, to) with nothing spared among them. */
static void hide_stretch(struct mask *m, size_t from, size_t to)
{
	size_t begin = from;

	for (size_t i = from; i < to; i++) {
		if (m->tokens[i].digits < MASK_ROW)
			continue;
		hide_short_ones(m, begin, i);
		hide_number(m, i, i + 1);
		begin = i + 1;
	}
	hide_short_ones(m, begin, to);
}

static void hide_all(struct mask *m)
{
	size_t end;

	for (size_t i = 0; i<m->n_tokens; i = end> i ? end : i + 1) {
		for (end = i; is_number(m, end) && !m->tokens[end].spared; end++)
			;
		if (end > i)
			hide_stretch(m, i, end);
	}
}

/* ---- the last look ---- */

struct seen {
	size_t points[MASK_ROW];
	size_t n;
};

/* One more digit that can be seen; the ninth in a row hides them all and itself. */
static void see(struct mask *m, struct seen *seen, size_t point)
{
	if (m->points[point].hidden) {
		seen->n = 0;
		return;
	}
	seen->points[seen->n++] = point;
	if (seen->n < MASK_ROW)
		return;
	for (size_t i = 0; i < seen->n; i++)
		m->points[seen->points[i]].hidden = true;
	m->any = true;
	seen->n = 0;
}

static void last_look(struct mask *m)
{
	struct seen seen = { .n = 0 };

	for (size_t i = 0; i < m->n_tokens; i++) {
		const struct token_of *t = &m->tokens[i];

		if (!t->number || t->spared) {
			seen.n = 0;
			continue;
		}
		for (size_t k = 0; k < t->digits; k++)
			see(m, &seen, t->first + k);
	}
}

/* A digit that is hidden becomes a star, a word that says one too. */
static struct str write_out(const struct mask *m, struct arena *arena)
{
	char *p = arena_alloc(arena, m->text.n + 1, 1);
	size_t n = 0, token = 0;

	if (!p)
		return str_from(NULL, 0);
	for (size_t i = 0; i < m->n_points; i++) {
		const struct point *c = &m->points[i];

		if (!c->hidden) {
			memcpy(p + n, m->text.p + c->begin, c->end - c->begin);
			n += c->end - c->begin;
			continue;
		}
		p[n++] = '*';
		while (m->tokens[token].end <= i)
			token++;
		if (m->tokens[token].spelled)
			i = m->tokens[token].end - 1;
	}
	return str_from(p, n);
}

struct str mask_numbers(struct str text, unsigned ticket_digits, struct arena *arena)
{
	struct mask m = { .text = text, .ticket_digits = ticket_digits };

	if (!mask_first_look(text))
		return text;
	if (!read_points(&m, arena) || !read_tokens(&m, arena))
		return str_from(NULL, 0);
	read_spelled(&m);
	if (few_digits(&m))
		return text;
	drop_thin(&m);
	mask_spare(&m);
	hide_all(&m);
	last_look(&m);
	return m.any ? write_out(&m, arena) : text;
}
