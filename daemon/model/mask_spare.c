/* SPDX-License-Identifier: MIT */
/*
 * Numbers that name nobody: prices, dates, times, RT/RW, coordinates, our own tickets.
 * Each shape is read strictly, for what is spared here is seen by everyone. Pure.
 */
#include "model/mask_inside.h"

#include "model/ticketno.h"

enum {
	PRICE_DIGITS = 9,
	VALUE_DIGITS = 9,
	LONG = 9,
	TICKET_MOST = 20,
	GROUPS_MOST = 4,
	BESIDE_MOST = 2
};

static int digit_at(const struct mask *m, size_t i, size_t k)
{
	int d = m->points[m->tokens[i].first + k].digit;

	return d < 0 ? 1 : d; /* a letter that looks like one; good enough for values */
}

int64_t mask_value(const struct mask *m, size_t i)
{
	int64_t v = 0;

	if (m->tokens[i].digits > VALUE_DIGITS || m->tokens[i].spelled)
		return -1;
	for (size_t k = 0; k < m->tokens[i].digits; k++)
		v = v * 10 + digit_at(m, i, k);
	return v;
}

char mask_gap(const struct mask *m, size_t i)
{
	char gap = 0;

	if (i + 1 >= m->n_tokens)
		return 0;
	for (size_t k = m->tokens[i].end; k < m->tokens[i + 1].first; k++) {
		int32_t c = m->points[k].c;

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			gap = gap ? gap : ' ';
		else if (gap && gap != ' ')
			return 'x';
		else
			gap = c < 0x80 ? (char)c : 'x';
	}
	return gap;
}

/* The gap when it is exactly that one character, without blanks; else 0. */
static char tight_gap(const struct mask *m, size_t i)
{
	return i + 1 < m->n_tokens && m->tokens[i + 1].first - m->tokens[i].end == 1
		       ? mask_gap(m, i)
		       : 0;
}

static bool plain_number(const struct mask *m, size_t i)
{
	return i < m->n_tokens && m->tokens[i].number && !m->tokens[i].spelled;
}

/* Numbers [i, i + n) with that one character between each. */
static bool chained(const struct mask *m, size_t i, size_t n, char gap)
{
	for (size_t k = 0; k < n; k++)
		if (!plain_number(m, i + k) || (k + 1 < n && tight_gap(m, i + k) != gap))
			return false;
	return true;
}

/* Nothing of the kind goes on before or behind [i, i + n). */
static bool ends_there(const struct mask *m, size_t i, size_t n)
{
	static const char joints[] = "./-:";
	bool before = i > 0 && m->tokens[i - 1].number && !m->tokens[i - 1].spared &&
		      tight_gap(m, i - 1) && strchr(joints, tight_gap(m, i - 1));
	bool behind = plain_number(m, i + n) && tight_gap(m, i + n - 1) &&
		      strchr(joints, tight_gap(m, i + n - 1));

	return !before && !behind;
}

static void spare(struct mask *m, size_t i, size_t n, bool time)
{
	for (size_t k = i; k < i + n; k++) {
		m->tokens[k].spared = true;
		m->tokens[k].time |= time;
	}
}

/* ---- dates and times ---- */

static bool day_month_year(const struct mask *m, size_t d, size_t mo, size_t y)
{
	int64_t year = mask_value(m, y);

	return m->tokens[d].digits <= 2 && m->tokens[mo].digits <= 2 &&
	       (m->tokens[y].digits == 2 ||
		(m->tokens[y].digits == 4 && year >= 1900 && year < 2100)) &&
	       mask_value(m, d) >= 1 && mask_value(m, d) <= 31 &&
	       mask_value(m, mo) >= 1 && mask_value(m, mo) <= 12;
}

/* 17/08/2025, 17-8-25, 2025-08-17 */
static size_t read_date(const struct mask *m, size_t i)
{
	char gap = tight_gap(m, i);

	if (!gap || !strchr("/-.", gap) || !chained(m, i, 3, gap) || !ends_there(m, i, 3))
		return 0;
	if (day_month_year(m, i, i + 1, i + 2))
		return 3;
	return m->tokens[i].digits == 4 && day_month_year(m, i + 2, i + 1, i) ? 3 : 0;
}

static bool hour_minute(const struct mask *m, size_t i)
{
	return m->tokens[i].digits <= 2 && m->tokens[i + 1].digits == 2 &&
	       mask_value(m, i) <= 24 && mask_value(m, i + 1) <= 59;
}

/* 07.30, 07:30:15, where something says that it is a time. */
static size_t read_time(const struct mask *m, size_t i)
{
	char gap = tight_gap(m, i);
	size_t n = 2;
	bool said;

	if ((gap != '.' && gap != ':') || !chained(m, i, 2, gap) || !hour_minute(m, i))
		return 0;
	if (chained(m, i, 3, gap) && hour_minute(m, i + 1))
		n = 3;
	said = gap == ':' || (i > 0 && m->tokens[i - 1].time) ||
	       (i > 0 && mask_word_is(m, i - 1, "jam pukul pkl jm")) ||
	       mask_word_is(m, i + n, "wib wita wit am pm");
	if (!said)
		return 0;
	/* "07.30-16.00" */
	if (tight_gap(m, i + n - 1) == '-' && chained(m, i + n, 2, gap) &&
	    hour_minute(m, i + n))
		n += 2;
	return ends_there(m, i, n) ? n : 0;
}

/* ---- money and places ---- */

static bool ends_in_zeros(const struct mask *m, size_t i, size_t zeros)
{
	size_t n = m->tokens[i].digits;

	for (size_t k = 0; k < zeros; k++)
		if (n < zeros || m->points[m->tokens[i].first + n - 1 - k].digit != 0)
			return false;
	return true;
}

/* Rp 1.500.000, rp150000, 1.500.000,00 */
static size_t read_price(const struct mask *m, size_t i)
{
	bool rp = i > 0 && mask_word_is(m, i - 1, "rp idr");
	char gap = tight_gap(m, i);
	size_t n = 1;

	if (!plain_number(m, i) || m->points[m->tokens[i].first].digit <= 0)
		return 0;
	if (m->tokens[i].digits <= 3 && gap && strchr(".,", gap))
		while (chained(m, i, n + 1, gap) && m->tokens[i + n].digits == 3)
			n++;
	if (n == 1)
		return rp && ends_there(m, i, 1) &&
				       (m->tokens[i].digits <= PRICE_DIGITS ||
					ends_in_zeros(m, i, 3))
			       ? 1
			       : 0;
	if (!rp && (n > GROUPS_MOST || !ends_in_zeros(m, i + n - 1, 2) ||
		    (i > 0 && mask_word_is(m, i - 1, "rek rekening norek hp wa telp"))))
		return 0;
	/* ",00" */
	if (plain_number(m, i + n) && m->tokens[i + n].digits == 2 &&
	    ends_in_zeros(m, i + n, 2) && tight_gap(m, i + n - 1) &&
	    strchr(".,", tight_gap(m, i + n - 1)))
		n++;
	return ends_there(m, i, n) ? n : 0;
}

/* RT 03/02 */
static size_t read_rt(const struct mask *m, size_t i)
{
	if (!plain_number(m, i) || m->tokens[i].digits > 3 || i == 0 ||
	    !mask_word_is(m, i - 1, "rt rw rtrw"))
		return 0;
	if (chained(m, i, 2, '/') && m->tokens[i + 1].digits <= 3 && ends_there(m, i, 2))
		return 2;
	return ends_there(m, i, 1) ? 1 : 0;
}

/* -6.120345, 106.150231: within Indonesia. */
static size_t read_coordinates(const struct mask *m, size_t i)
{
	char between;

	if (!chained(m, i, 2, '.') || !chained(m, i + 2, 2, '.'))
		return 0;
	between = mask_gap(m, i + 1);
	if (between != ',' && between != ' ')
		return 0;
	return m->tokens[i].digits <= 2 && mask_value(m, i) <= 11 &&
			       m->tokens[i + 1].digits >= 4 &&
			       m->tokens[i + 2].digits >= 2 &&
			       mask_value(m, i + 2) >= 95 &&
			       mask_value(m, i + 2) <= 141 &&
			       m->tokens[i + 3].digits >= 4 &&
			       (i == 0 || !m->tokens[i - 1].number ||
				m->tokens[i - 1].spared)
		       ? 4
		       : 0;
}

/* ---- tickets ---- */

static bool is_part(const struct token_of *t)
{
	return t->number && !t->spared && t->digits < LONG;
}

/* Digits that stand beside token i, in numbers that it may be a part of. */
static size_t digits_beside(const struct mask *m, size_t i)
{
	size_t n = 0;

	for (size_t k = i + 1; k < m->n_tokens && is_part(&m->tokens[k]); k++)
		n += m->tokens[k].digits;
	for (size_t k = i; k > 0 && is_part(&m->tokens[k - 1]); k--)
		n += m->tokens[k - 1].digits;
	return n;
}

static size_t read_ticket(const struct mask *m, size_t i)
{
	char digits[TICKET_MOST];
	size_t n = m->tokens[i].digits;

	if (!plain_number(m, i) || n != m->ticket_digits || n == 0 || n > sizeof(digits))
		return 0;
	for (size_t k = 0; k < n; k++) {
		int d = m->points[m->tokens[i].first + k].digit;

		if (d < 0)
			return 0;
		digits[k] = (char)('0' + d);
	}
	if (digits[0] < '2' || digits[0] > '4' || !damm_ok(str_from(digits, n)) ||
	    !ends_there(m, i, 1))
		return 0;
	if (i > 0 &&
	    mask_word_is(m, i - 1,
			 "no nomor nmr nomer cek balas tl tiket laporan aduan ya "
			 "belum nilai stop mulai cabut banding beda hapus rahasia"))
		return 1;
	/* "25004176 5" is a rating, "25004176 13 rumah" a story. */
	return digits_beside(m, i) <= BESIDE_MOST;
}

void mask_spare(struct mask *m)
{
	static size_t (*const shapes[])(const struct mask *m, size_t i) = {
		read_coordinates,
		read_price,
		read_rt,
		read_ticket,
	};

	for (size_t i = 0; i < m->n_tokens; i++) {
		size_t n;

		if (!plain_number(m, i) || m->tokens[i].spared)
			continue;
		n = read_date(m, i);
		n = n ? n : read_time(m, i);
		if (n) {
			spare(m, i, n, true);
			continue;
		}
		for (size_t k = 0; k < sizeof(shapes) / sizeof(*shapes) && !n; k++)
			n = shapes[k](m, i);
		spare(m, i, n, false);
	}
}
