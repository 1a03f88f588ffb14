/* SPDX-License-Identifier: MIT */
/* Dates and spans of days; one small reader for each way to say it, tried in turn. Pure.
 */
#include "model/officer_date.h"

enum {
	WEEK = 7,
	MONTH_DAYS = 30,
	HALF_YEAR_DAYS = 182,
	MONTHS = 12,
	CENTURY = 2000,
	DAYS_MOST = 9999,
	MONDAY = 1, /* day number 0, 1970-01-01, was a Thursday */
	EPOCH_WEEKDAY = 4,
};

/* Between blanks; the index is the number. */
static const char *const months[MONTHS + 1] = {
	"",
	" januari jan ",
	" februari feb pebruari peb ",
	" maret mar mrt ",
	" april apr ",
	" mei ",
	" juni jun ",
	" juli jul ",
	" agustus agt agu ags agst aug ",
	" september sep sept ",
	" oktober okt oct ",
	" november nov nop nopember ",
	" desember des dec ",
};

/* Sunday first, as in the calendar. */
static const char *const weekdays[WEEK] = {
	" ahad ",	   " senin sen ",	" selasa sel ",
	" rabu rab rebo ", " kamis kam kemis ", " jumat jum jumaat ",
	" sabtu sab ",
};

static bool among(const char *all, struct str word)
{
	const char *at = word.n ? memmem(all, strlen(all), word.p, word.n) : NULL;

	while (at && !(at[-1] == ' ' && at[word.n] == ' '))
		at = memmem(at + 1, strlen(at + 1), word.p, word.n);
	return at != NULL;
}

static bool word_among(const struct words *w, size_t i, const char *all)
{
	return i < w->n && !w->items[i].digits && among(all, w->items[i].text);
}

static int month_at(const struct words *w, size_t i)
{
	for (int month = 1; month <= MONTHS; month++)
		if (word_among(w, i, months[month]))
			return month;
	return 0;
}

/* The value of a word of 1 to `most` digits, −1: it is none. */
static int digits_at(const struct words *w, size_t i, size_t most)
{
	int64_t value;

	if (i >= w->n || !w->items[i].digits || w->items[i].text.n > most ||
	    !str_to_int(w->items[i].text, &value))
		return -1;
	return (int)value;
}

/* Whether word i follows the one before it with a slash, dash or dot between. */
static bool joined(const struct words *w, size_t i)
{
	size_t gap;

	if (i == 0 || i >= w->n)
		return false;
	gap = w->items[i - 1].end;
	return w->items[i].begin == gap + 1 &&
	       (w->original.p[gap] == '/' || w->original.p[gap] == '-' ||
		w->original.p[gap] == '.');
}

static int last_day(int year, int month)
{
	struct when_date date = { year, month, 31 };

	while (!when_date_exists(date) && date.day > 28)
		date.day--;
	return date.day;
}

static struct when_date days_later(struct when_date date, int64_t days)
{
	return when_date_of(when_day_number(date) + days);
}

static struct when_date month_end(struct when_date date, int months_later)
{
	int month = date.month - 1 + months_later;
	struct when_date end = { date.year + month / MONTHS, month % MONTHS + 1, 0 };

	end.day = last_day(end.year, end.month);
	return end;
}

/* 0 for Sunday. */
static int weekday_of(struct when_date date)
{
	return (int)((when_day_number(date) + EPOCH_WEEKDAY) % WEEK);
}

static bool found(struct officer_date *out, struct when_date date, size_t next)
{
	*out = (struct officer_date){ date, when_date_exists(date), next };
	return true;
}

/* Day and month with a year (0: none is said). */
static bool found_in_year(struct officer_date *out, struct when_date date,
			  struct when_date today, size_t next)
{
	bool said = date.year != 0;

	if (said && date.year < 100)
		date.year += CENTURY;
	if (!said)
		date.year = today.year;
	found(out, date, next);
	if (!said && out->exists &&
	    when_day_number(today) - when_day_number(date) > HALF_YEAR_DAYS)
		date.year++;
	return found(out, date, next);
}

/* "12/8" "12-08-25" "12.8.2025" "2025-08-12" */
static bool numeric_at(const struct words *w, size_t i, struct when_date today,
		       struct officer_date *out)
{
	struct when_date date = { 0, 0, 0 };
	int first = digits_at(w, i, 4), second = digits_at(w, i + 1, 2),
	    third = joined(w, i + 2) ? digits_at(w, i + 2, 4) : -1;
	size_t next = i + 2 + (third >= 0);

	if (first < 0 || second < 0 || !joined(w, i + 1))
		return false;
	if (w->items[i].text.n == 4) {
		date = (struct when_date){ first, second, third };
		return third >= 0 && found(out, date, next);
	}
	date = (struct when_date){ third < 0 ? 0 : third, second, first };
	return found_in_year(out, date, today, next);
}

/* A year behind a month's name: four digits, or two of this or next year. */
static int year_at(const struct words *w, size_t i, struct when_date today)
{
	int year = digits_at(w, i, 4);

	if (year < 0)
		return 0;
	if (w->items[i].text.n == 4)
		return year >= CENTURY - 100 && year < CENTURY + 200 ? year : 0;
	return w->items[i].text.n == 2 && year >= today.year % 100 &&
			       year <= today.year % 100 + 1
		       ? year
		       : 0;
}

/* "12 agustus", "12 agt 2025"; "agustus" alone is its last day. */
static bool named_at(const struct words *w, size_t i, struct when_date today,
		     struct officer_date *out)
{
	int day = digits_at(w, i, 2);
	size_t at = i + (day >= 0);
	int month = month_at(w, at), year = year_at(w, at + 1, today);
	size_t next = at + 1 + (year != 0);

	if (!month)
		return false;
	if (day >= 0)
		return found_in_year(out, (struct when_date){ year, month, day }, today,
				     next);
	if (year && year < 100)
		year += CENTURY;
	if (!year)
		year = today.year + (month < today.month);
	return found(out, (struct when_date){ year, month, last_day(year, month) }, next);
}

/* "tgl 12": the next twelfth. */
static bool day_at(const struct words *w, size_t i, struct when_date today,
		   struct officer_date *out)
{
	struct when_date date = { today.year, today.month, digits_at(w, i, 2) };

	if (date.day < 0)
		return false;
	if (date.day < today.day) {
		date.year += date.month == MONTHS;
		date.month = date.month % MONTHS + 1;
	}
	return found(out, date, i + 1);
}

/* "senin", "jum'at ini": the next one; "senin depan": that of the next week. */
static bool weekday_at(const struct words *w, size_t i, struct when_date today,
		       struct officer_date *out)
{
	int day = 0, now = weekday_of(today), ahead;
	bool sunday = word_among(w, i, " minggu ");
	size_t next = i + 1;

	while (day < WEEK && !word_among(w, i, weekdays[day]))
		day++;
	if (sunday)
		day = 0;
	if (day == WEEK)
		return false;
	if (word_among(w, i, " jum ") && word_among(w, next, " at "))
		next++;
	ahead = (day - now + WEEK) % WEEK;
	if (ahead == 0)
		ahead = WEEK;
	if (word_among(w, next, " depan dpn ngajeng ngarep ")) {
		/* "minggu depan" is next week; weeks begin on Monday */
		if (sunday)
			ahead = WEEK;
		else
			ahead = WEEK - (now + WEEK - MONDAY) % WEEK +
				(day + WEEK - MONDAY) % WEEK;
		next++;
	} else if (word_among(w, next, " ini ")) {
		next++;
	}
	return found(out, days_later(today, ahead), next);
}

/* The month a part of which is meant: "bulan ini", "bulan depan", "januari 2027". */
static bool month_of(const struct words *w, size_t i, struct when_date today,
		     struct officer_date *out)
{
	bool word = word_among(w, i, " bulan bln ");
	bool later = word_among(w, i + 1, " depan dpn ");

	i += word;
	if (named_at(w, i, today, out))
		return true;
	if (!word)
		return false;
	return found(out, month_end(today, later),
		     i + (later || word_among(w, i, " ini ")));
}

/* "awal januari": the 10th; "pertengahan": the 20th; "minggu ke 2 desember": the 14th. */
static bool part_at(const struct words *w, size_t i, struct when_date today,
		    struct officer_date *out)
{
	static const struct {
		const char *words;
		int day; /* 0: the last */
	} parts[] = {
		{ " awal awl ", 10 },
		{ " pertengahan tengah ", 20 },
		{ " akhir akir ", 0 },
	};
	int week = 0, day = -1;

	for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++)
		if (word_among(w, i, parts[k].words))
			day = parts[k].day;
	if (word_among(w, i, " minggu mgg ")) {
		i += word_among(w, i + 1, " ke ");
		week = words_number(w, ++i);
		day = week >= 1 && week <= 5 ? week * WEEK : -1;
	}
	if (day < 0 || !month_of(w, i + 1, today, out))
		return false;
	if (day > 0 && day < out->date.day)
		out->date.day = day;
	return true;
}

/* "besok", "lusa", "hari ini", "akhir bulan", "bulan depan", "akhir tahun" */
static bool spoken_at(const struct words *w, size_t i, struct when_date today,
		      struct officer_date *out)
{
	if (word_among(w, i, " besok bsk besuk sesuk isuk isukan enjing enjang "))
		return found(out, days_later(today, 1), i + 1);
	if (word_among(w, i, " lusa pageto "))
		return found(out, days_later(today, 2), i + 1);
	if (word_among(w, i, " hari hr ") && word_among(w, i + 1, " ini "))
		return found(out, today, i + 2);
	if (word_among(w, i, " bulan bln ") && word_among(w, i + 1, " depan dpn "))
		return found(out, month_end(today, 1), i + 2);
	if (word_among(w, i, " akhir ") && word_among(w, i + 1, " tahun thn taun "))
		return found(out, (struct when_date){ today.year, MONTHS, 31 }, i + 2);
	return part_at(w, i, today, out);
}

int officer_days_at(const struct words *w, size_t i, size_t *next)
{
	int number = digits_at(w, i, 4);

	*next = i + 1;
	if (word_among(w, i, " sehari "))
		return 1;
	if (word_among(w, i, " seminggu saminggu seminngu "))
		return WEEK;
	if (word_among(w, i, " sebulan sabulan "))
		return MONTH_DAYS;
	if (number < 0)
		number = words_number(w, i);
	if (number <= 0 || number > DAYS_MOST)
		return 0;
	++*next;
	if (word_among(w, i + 1, " hari hr hri h dinten poe dina "))
		*next += word_among(w, *next, " kerja ");
	else if (word_among(w, i + 1, " minggu mgg mggu "))
		number *= WEEK;
	else if (word_among(w, i + 1, " bulan bln "))
		number *= MONTH_DAYS;
	else
		--*next;
	return number;
}

/* "3 hari lagi", "seminggu lagi", "2 minggu ke depan" */
static bool span_at(const struct words *w, size_t i, struct when_date today,
		    struct officer_date *out)
{
	size_t next;
	int days = officer_days_at(w, i, &next);

	if (!days)
		return false;
	if (word_among(w, next, " lagi lg kedepan "))
		next++;
	else if (word_among(w, next, " ke ") && word_among(w, next + 1, " depan "))
		next += 2;
	else if (i == 0 || !word_among(w, i - 1, " dalam dlm "))
		return false;
	return found(out, days_later(today, days), next);
}

bool officer_date_at(const struct words *w, size_t i, struct when_date today,
		     struct officer_date *out)
{
	bool tgl = false;

	if (spoken_at(w, i, today, out))
		return true;
	while (word_among(w, i, " tgl tanggal pada pd hari hr dalam dlm bulan bln ")) {
		tgl |= word_among(w, i, " tgl tanggal ");
		i++;
	}
	return spoken_at(w, i, today, out) || numeric_at(w, i, today, out) ||
	       named_at(w, i, today, out) || span_at(w, i, today, out) ||
	       weekday_at(w, i, today, out) || (tgl && day_at(w, i, today, out));
}
