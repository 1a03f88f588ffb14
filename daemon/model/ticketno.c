/* SPDX-License-Identifier: MIT */
/* Ticket numbers and Damm's check digit. Pure. */
#include "model/ticketno.h"

#include <stdio.h>

enum { YEAR_DIGITS = 2, MORE_DIGITS = 3, DIGITS_MOST = 17, ROW_MOST = 24 };

/*
 * A weakly totally anti-symmetric quasigroup of order 10, from Damm's thesis. Row:
 * interim digit; column: next digit. The diagonal is zero, so a number with its check
 * digit gives 0.
 */
static const unsigned char quasigroup[10][10] = {
	{ 0, 3, 1, 7, 5, 9, 8, 6, 4, 2 }, { 7, 0, 9, 2, 1, 5, 4, 8, 6, 3 },
	{ 4, 2, 0, 6, 8, 7, 1, 3, 5, 9 }, { 1, 7, 5, 0, 9, 8, 3, 4, 2, 6 },
	{ 6, 1, 2, 3, 0, 4, 5, 9, 7, 8 }, { 3, 6, 7, 4, 2, 0, 9, 5, 8, 1 },
	{ 5, 8, 6, 9, 7, 2, 0, 1, 3, 4 }, { 8, 9, 4, 5, 3, 6, 2, 0, 1, 7 },
	{ 9, 4, 3, 8, 6, 1, 7, 2, 0, 5 }, { 2, 5, 8, 1, 4, 3, 6, 7, 9, 0 },
};

unsigned damm_digit(struct str digits)
{
	unsigned interim = 0;

	for (size_t i = 0; i < digits.n; i++)
		interim = quasigroup[interim][(unsigned)(digits.p[i] - '0') % 10];
	return interim;
}

bool damm_ok(struct str digits)
{
	for (size_t i = 0; i < digits.n; i++)
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
	return digits.n >= 2 && damm_digit(digits) == 0;
}

int64_t ticketno_make(int year, int64_t running, unsigned width)
{
	char digits[STR_INT_BYTES], text[DIGITS_MOST];
	struct str tail = str_int(running, digits);
	size_t zeros = tail.n < width ? width - tail.n : 0,
	       n = YEAR_DIGITS + zeros + tail.n;
	int64_t no = 0;

	if (n > DIGITS_MOST || year < 0)
		return 0;
	text[0] = (char)('0' + year % 100 / 10);
	text[1] = (char)('0' + year % 10);
	memset(text + YEAR_DIGITS, '0', zeros);
	memcpy(text + YEAR_DIGITS + zeros, tail.p, tail.n);
	if (!str_to_int(str_from(text, n), &no))
		return 0;
	return no * 10 + damm_digit(str_from(text, n));
}

/* A number has the configured digits; a few more when a year outgrew them. */
static bool length_fits(size_t digits, unsigned width)
{
	return digits >= YEAR_DIGITS + width + 1 &&
	       digits <= YEAR_DIGITS + width + 1 + MORE_DIGITS;
}

bool ticketno_ok(int64_t no, unsigned width)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%lld", (long long)no);

	return no > 0 && length_fits((size_t)n, width) &&
	       damm_ok(str_from(text, (size_t)n));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "no", "no.", "nomor:", "nmr", "#" and blanks before the digits. */
static size_t skip_prefix(struct str s)
{
	static const struct str words[] = { STR_INIT("nomor"), STR_INIT("nomer"),
					    STR_INIT("nmr"),   STR_INIT("nmor"),
					    STR_INIT("tiket"), STR_INIT("no") };
	static const struct str between = STR_INIT(" .,:;#=-(\t\r\n");
	size_t at = 0;
	bool more = true;

	while (more) {
		more = false;
		while (at < s.n && str_find_char(between, s.p[at]) < between.n)
			at++;
		for (size_t i = 0; i < sizeof(words) / sizeof(*words) && !more; i++) {
			struct str here = str_slice(s, at, at + words[i].n);

			if (str_eq_nocase(here, words[i])) {
				at += words[i].n;
				more = true;
			}
		}
	}
	return at;
}

/* A row of digits with single blanks, dots or dashes between its groups. */
struct row {
	char digits[ROW_MOST];
	size_t n;
	size_t begin, end;     /* in the text */
	size_t ends[ROW_MOST]; /* where the text goes on behind digit i */
	bool group[ROW_MOST];  /* digit i ends a group */
	bool dashed;	       /* nothing but dots and dashes between */
};

static void row_read(struct str s, size_t at, struct row *row)
{
	*row = (struct row){ .begin = at, .dashed = true };
	while (at < s.n && row->n < ROW_MOST) {
		char c = s.p[at];

		if (is_digit(c)) {
			row->digits[row->n] = c;
			row->ends[row->n] = ++at;
			row->group[row->n] = at == s.n || !is_digit(s.p[at]);
			row->n++;
		} else if (row->n && at + 1 < s.n && is_digit(s.p[at + 1]) &&
			   (c == ' ' || c == '.' || c == '-')) {
			row->dashed &= c != ' ';
			at++;
		} else {
			break;
		}
	}
}

/* "25-12-2025", "25.12.2025": a day, however right its last digit may be. */
static bool row_is_date(const struct row *row)
{
	int month = row->n == 8 ? (row->digits[2] - '0') * 10 + row->digits[3] - '0' : 0;

	return month >= 1 && month <= 12 && row->dashed && row->group[1] &&
	       row->group[3] && !row->group[0] && !row->group[2] && !row->group[4] &&
	       !row->group[5] && !row->group[6] &&
	       (memcmp(row->digits + 4, "19", 2) == 0 ||
		memcmp(row->digits + 4, "20", 2) == 0);
}

/*
 * A number of ours begins with its year; what begins with another digit (a telephone's 0
 * or 8, a NIK's 3604 is longer anyway) is not a slip in one.
 */
static bool row_may_be_slip(const struct row *row)
{
	return row->digits[0] >= '2' && row->digits[0] <= '4';
}

size_t ticketno_read(struct str s, unsigned width, int64_t *no, bool *wrong)
{
	struct row row;
	size_t slip = 0;

	if (wrong)
		*wrong = false;
	row_read(s, skip_prefix(s), &row);
	if (row.n == 0 || row_is_date(&row))
		return 0;
	/* The shortest that is right and ends a group: "25004176 13 rumah" holds
	 * 25004176. */
	for (size_t n = 1; n <= row.n; n++) {
		struct str digits = str_from(row.digits, n);

		if (!row.group[n - 1] || !length_fits(n, width))
			continue;
		if (row.digits[0] != '0' && damm_ok(digits) && str_to_int(digits, no))
			return row.ends[n - 1];
		if (!slip)
			slip = row.ends[n - 1];
	}
	/* A longer row is something else: an account, a token, a telephone. */
	if (!slip || !row_may_be_slip(&row) || !length_fits(row.n, width))
		return 0;
	*no = 0;
	if (wrong)
		*wrong = true;
	return slip;
}
