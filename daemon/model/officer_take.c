/* SPDX-License-Identifier: MIT */
/*
 * What is special to an officer's command and stands before its text: a date, a number of
 * days, a department, a body outside, the parent, a topic. A small reader for each; which
 * command has which stands in officer.c's table. Pure.
 */
#include "model/officer_inside.h"

#include <string.h>

#include "base/utf8.h"
#include "model/officer_date.h"

enum {
	SLIP_CODE_LETTERS = 4, /* departments' codes may have a slip from here on */
	CODE_WORDS = 3,	       /* "DPU PR" */
	BODY_WORDS = 5,	       /* before a comma or colon */
	DAYS_MOST = 365,
};

static void set_date(struct order *o, const struct officer_date *date)
{
	if (!date->exists) {
		order_fault(o, OFFICER_NO_DATE);
		return;
	}
	o->c.date = date->date;
	if (when_day_number(date->date) < when_day_number(o->rules->today))
		order_fault(o, OFFICER_PAST_DATE);
}

/* The date stands first; or somewhere in the reason, which then keeps it. */
void order_take_date(struct order *o)
{
	struct officer_date date;

	if (officer_date_at(o->w, o->next, o->rules->today, &date)) {
		o->special = true;
		o->next = date.next;
		set_date(o, &date);
		return;
	}
	for (size_t i = o->next; i < o->w->n; i++) {
		if (word_is(o->w, i - 1, WORD_BIT(WORD_NOT_PIN))) /* "rt 3/4" */
			continue;
		if (officer_date_at(o->w, i, o->rules->today, &date)) {
			o->special = true;
			set_date(o, &date);
			return;
		}
	}
	order_fault(o, OFFICER_NO_DATE);
}

void order_take_perhaps_date(struct order *o)
{
	struct officer_date date;

	if (!officer_date_at(o->w, o->next, o->rules->today, &date))
		return;
	o->next = date.next;
	set_date(o, &date);
	o->c.faults &= ~(unsigned)OFFICER_NO_DATE;
}

void order_take_days(struct order *o)
{
	size_t at = o->next, next;
	int days = officer_days_at(o->w, at, &next);

	/* "nunggu material 5 hari" */
	while (!days && ++at < o->w->n) {
		days = officer_days_at(o->w, at, &next);
		if (next == at + 1 && o->w->items[at].digits)
			days = 0;
		next = o->next;
	}
	if (days < 1 || days > DAYS_MOST) {
		order_fault(o, OFFICER_NO_DAYS);
		return;
	}
	o->special = true;
	o->c.days = days;
	o->next = next;
}

/* Past "ke", "dengan" and the like. */
static size_t skip_towards(const struct words *w, size_t i)
{
	while (i < w->n &&
	       officer_word_among(
		       " ke kpd kepada dgn dengan sama dan ka induk dinas opd ",
		       w->items[i].text, false))
		i++;
	return i;
}

/* Small letters and digits only. */
static struct str plain_code(struct str code, struct arena *scratch)
{
	struct str folded = utf8_fold(code, scratch);
	char *p = arena_alloc(scratch, folded.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; p && i < folded.n; i++) {
		char c = folded.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    (unsigned char)c >= 0x80)
			p[n++] = c;
	}
	return str_from(p, n);
}

/* −1: none; −2: several by a slip. */
static int department_of(const struct order *o, struct str said, bool slips)
{
	struct str plain = plain_code(said, o->scratch);
	int found = -1;

	for (size_t i = 0; plain.n && i < o->rules->departments.n; i++) {
		struct str code = plain_code(o->rules->departments.items[i], o->scratch);

		if (str_eq(code, plain))
			return (int)i;
		if (slips && code.n >= SLIP_CODE_LETTERS && plain.n + 1 >= code.n &&
		    plain.n <= code.n + 1 && word_one_slip(code, plain))
			found = found == -1 ? (int)i : -2;
	}
	return found;
}

/* "DISHUB", "ke dishb", "DPU PR"; then perhaps the number that did not stand first. */
void order_take_department(struct order *o)
{
	const struct words *w = o->w;
	size_t i = skip_towards(w, o->next), n;

	if (i >= w->n) {
		order_fault(o, OFFICER_NO_DEPARTMENT);
		return;
	}
	for (n = CODE_WORDS; n >= 1; n--) {
		if (i + n > w->n)
			continue;
		o->c.said = str_slice(w->original, w->items[i].begin,
				      w->items[i + n - 1].end);
		o->c.department = department_of(o, o->c.said, n == 1);
		if (o->c.department >= 0)
			break;
	}
	o->special = o->c.department >= 0;
	if (!o->special) {
		order_fault(o, OFFICER_BAD_DEPARTMENT);
		o->c.department = -1;
		n = 1;
	}
	o->next = i + n;
	if (!o->numbered)
		order_take_number(o);
}

/* How many words from i on end before one of these signs; 0: none near by. */
static size_t words_before(const struct words *w, size_t i, const char *signs)
{
	for (size_t k = 1; k <= BODY_WORDS && i + k <= w->n; k++) {
		size_t end = w->items[i + k - 1].end;

		if (end < w->original.n && strchr(signs, w->original.p[end]))
			return k;
	}
	return 0;
}

/* How many words from i on are the name of a known body, the longest one; 0: none. */
static size_t body_named(const struct order *o, size_t i)
{
	const struct words *w = o->w;

	for (size_t n = BODY_WORDS; n >= 1; n--) {
		struct str said;

		if (i + n > w->n)
			continue;
		said = plain_code(str_slice(w->original, w->items[i].begin,
					    w->items[i + n - 1].end),
				  o->scratch);
		for (size_t k = 0; said.n && k < o->rules->outside.n; k++)
			if (str_eq(plain_code(o->rules->outside.items[k], o->scratch),
				   said))
				return n;
	}
	return 0;
}

/* A bracket that opens in the name closes there: "PT PLN (Persero)". */
static size_t body_end(const struct words *w, size_t begin, size_t end)
{
	struct str name = str_slice(w->original, begin, end);

	return end < w->original.n && w->original.p[end] == ')' &&
			       str_find_char(name, '(') < name.n
		       ? end + 1
		       : end;
}

/* Up to a colon near by; else the name of a known body; else up to a comma; else a word,
 * or two where the first says what it is. */
void order_take_body(struct order *o)
{
	const struct words *w = o->w;
	size_t i = skip_towards(w, o->next), n = 1, ends;

	while (i < w->n && officer_word_among(" kewenangan wewenang milik urusan ranah ",
					      w->items[i].text, false))
		i++;

	if (i >= w->n) {
		order_fault(o, OFFICER_NO_BODY);
		return;
	}
	if (officer_word_among(
		    " pt cv dinas kementerian kementrian kemen balai polres polsek polda "
		    "kodim "
		    "koramil kantor bank bpjs pemprov provinsi kab kabupaten kota badan "
		    "satker "
		    "dirjen perum kereta ",
		    w->items[i].text, false))
		n = 2;
	ends = words_before(w, i, ":");
	if (!ends)
		ends = body_named(o, i);
	if (!ends)
		ends = words_before(w, i, ",;");
	if (ends)
		n = ends;
	if (i + n > w->n)
		n = w->n - i;
	o->c.body = str_slice(w->original, w->items[i].begin,
			      body_end(w, w->items[i].begin, w->items[i + n - 1].end));
	o->special = true;
	o->next = i + n;
}

void order_take_parent(struct order *o)
{
	struct ticket_number number;

	if (!o->numbered || !order_ticket_at(o, skip_towards(o->w, o->next), &number)) {
		order_fault(o, OFFICER_NO_PARENT);
		return;
	}
	o->special = true;
	o->c.parent = number.no;
	o->next = number.next;
	if (number.wrong)
		order_fault(o, OFFICER_WRONG_PARENT);
	else if (number.no == o->c.no)
		order_fault(o, OFFICER_SAME_PARENT);
}

/* "bantuan lagi", "format tolak" */
void order_take_topic(struct order *o)
{
	struct str word = word_text(o->w, o->next);

	o->c.more = officer_word_among(" lagi lanjut lainnya berikutnya ", word, false);
	o->c.about = o->c.more ? OFFICER_NONE : officer_kind_of(word, false);
	o->special = o->c.more || o->c.about != OFFICER_NONE;
	o->next += o->special;
}
