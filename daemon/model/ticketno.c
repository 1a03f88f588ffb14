/* SPDX-License-Identifier: MIT */
/* Ticket numbers and Damm's check digit. Pure. */
#include "model/ticketno.h"

#include <ctype.h>
#include <stdio.h>

enum { YEAR_DIGITS = 2, MORE_DIGITS = 3, DIGITS_MOST = 17 };

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
	char text[48];
	int n = snprintf(text, sizeof(text), "%02d%0*lld", year % 100, (int)width,
			 (long long)running);
	int64_t no = 0;

	str_to_int(str_from(text, (size_t)n), &no);
	return no * 10 + damm_digit(str_from(text, (size_t)n));
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

/* "no", "no.", "nomor:", "nmr", "#" and blanks before the digits. */
static size_t skip_prefix(struct str s)
{
	static const struct str words[] = { STR_INIT("nomor"), STR_INIT("nomer"),
					    STR_INIT("nmr"),   STR_INIT("nmor"),
					    STR_INIT("tiket"), STR_INIT("no") };
	size_t at = 0;
	bool more = true;

	while (more) {
		more = false;
		while (at < s.n && (s.p[at] == ' ' || s.p[at] == '.' || s.p[at] == ':' ||
				    s.p[at] == '#' || s.p[at] == '-'))
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

size_t ticketno_read(struct str s, unsigned width, int64_t *no, bool *wrong)
{
	char digits[DIGITS_MOST + 1];
	size_t at = skip_prefix(s), n = 0, best_end = 0, last_end = 0, exact_end = 0;
	int64_t best = 0;

	/* Digits with single blanks, dots or dashes between them; the longest right one
	 * wins. */
	while (at < s.n && n < DIGITS_MOST) {
		char c = s.p[at];

		if (isdigit((unsigned char)c)) {
			digits[n++] = c;
			last_end = ++at;
			if (n == YEAR_DIGITS + width + 1)
				exact_end = last_end;
			if (length_fits(n, width) && damm_ok(str_from(digits, n))) {
				bool ends = at == s.n || !isdigit((unsigned char)s.p[at]);

				if (ends && str_to_int(str_from(digits, n), &best))
					best_end = at;
			}
		} else if ((c == ' ' || c == '.' || c == '-' || c == '/') && n &&
			   at + 1 < s.n && isdigit((unsigned char)s.p[at + 1])) {
			at++;
		} else {
			break;
		}
	}
	if (wrong)
		*wrong = false;
	if (best_end) {
		*no = best;
		return best_end;
	}
	if (exact_end && length_fits(n, width)) {
		*no = 0;
		if (wrong)
			*wrong = true;
		return last_end;
	}
	return 0;
}
