/* SPDX-License-Identifier: MIT */
/*
 * Reading officers' commands. The first word says which; a row of the table says what
 * must follow; one small reader takes what is special to a command (a date, a department,
 * the parent …), and what remains is its text. Pure.
 */
#include "model/officer_inside.h"

#include <string.h>

#include "base/utf8.h"
#include "model/officer_date.h"
#include "model/ticketno.h"

enum {
	PIN_LEAST = 4,
	PIN_MOST = 8,
	MORE_DIGITS = 3, /* as in ticketno.c: a year may outgrow its width */
	YEAR_AND_CHECK = 3,
};

/* Takes what stands before the text. */
typedef void (*take_fn)(struct order *o);

struct row {
	const char *name;
	take_fn take;	 /* MAY be NULL */
	int words;	 /* the text's least; 0: no text is needed */
	bool numberless; /* about no ticket */
	bool needs_pin;
	bool alone; /* without a number: nothing but courtesy may follow */
	bool chat;  /* without a number: text may follow, but no question */
};

/* ---- spellings ---- */

static const struct {
	const char *words;
	enum officer_kind kind;
} spellings[] = {
	{ " terima trima trm trmo terimo diterima accept ", OFFICER_TERIMA },
	{ " proses prs proces process diproses dikerjakan kerjakan ", OFFICER_PROSES },
	{ " jadwal jdwl jdwal jadual jadwalkan dijadwalkan ", OFFICER_JADWAL },
	{ " tanya tny tnya tanyakan nanya ", OFFICER_TANYA },
	{ " selesai slsai selsai slesai sls slse beres rampung done tuntas ",
	  OFFICER_SELESAI },
	{ " alih alihkan dialihkan oper pindah pindahkan teruskan ", OFFICER_ALIH },
	{ " luar ", OFFICER_LUAR },
	{ " gabung gbung gabungkan satukan merge ", OFFICER_GABUNG },
	{ " tolak tlk tolk ditolak ", OFFICER_TOLAK },
	{ " perpanjang prpanjang perpanjangan ppj extend ", OFFICER_PERPANJANG },
	{ " rahasia rahasiakan rhs rhsia ", OFFICER_RAHASIA },
	{ " daftar dftr dftar list tunggakan ", OFFICER_DAFTAR },
	{ " bantuan bantu help menu format ", OFFICER_BANTUAN },
};

enum { SPELLINGS = sizeof(spellings) / sizeof(*spellings) };

bool officer_word_among(const char *all, struct str word, bool slips)
{
	struct str rest = str_of(all), one;

	while (str_split(&rest, ' ', &one)) {
		if (one.n && str_eq(one, word))
			return true;
		if (slips && one.n >= SLIP_LETTERS && word.n + 1 >= SLIP_LETTERS &&
		    word_one_slip(one, word))
			return true;
	}
	return false;
}

/* OFFICER_NONE also when a slip is near to several. */
enum officer_kind officer_kind_of(struct str word, bool slips)
{
	enum officer_kind found = OFFICER_NONE;

	for (size_t i = 0; word.n && i < SPELLINGS; i++) {
		if (!officer_word_among(spellings[i].words, word, slips))
			continue;
		if (found != OFFICER_NONE)
			return OFFICER_NONE;
		found = spellings[i].kind;
	}
	return found;
}

/* ---- numbers ---- */

void order_fault(struct order *o, enum officer_fault what)
{
	o->c.faults |= what;
}

/*
 * The ticket at word i or behind "no", "laporan". A row of digits of the right length is
 * judged by itself, so that what follows it ("25004174 5 hari") cannot repair it.
 */
bool order_ticket_at(const struct order *o, size_t i, struct ticket_number *number)
{
	const struct words *w = o->w;
	size_t digits, shortest = o->rules->width + YEAR_AND_CHECK;
	struct ticket_number n = { .next = 0 };

	i = words_skip(w, i, WORD_BIT(WORD_COMPLAINT));
	if (i >= w->n || !w->items[i].digits)
		return false;
	digits = w->items[i].text.n;
	if (digits < shortest || digits > shortest + MORE_DIGITS)
		return words_ticket(w, i, number);
	n.next = i + 1;
	if (!ticketno_read(w->items[i].text, o->rules->width, &n.no, &n.wrong))
		return false;
	*number = n;
	return true;
}

void order_take_number(struct order *o)
{
	struct ticket_number number;

	o->numbered = order_ticket_at(o, o->next, &number);
	if (!o->numbered)
		return;
	o->c.no = number.no;
	o->c.wrong_no = number.wrong;
	o->next = number.next;
}

/*
 * name, take, words, numberless, needs_pin, alone, chat. A reason is read by the citizen,
 * so one word is not enough; what was done needs a few.
 */
static const struct row rows[OFFICER_COUNT] = {
	[OFFICER_NONE] = { .name = "NONE" },
	[OFFICER_TERIMA] = { .name = "TERIMA",
			     .take = order_take_perhaps_date,
			     .alone = true },
	[OFFICER_PROSES] = { .name = "PROSES", .words = 1, .chat = true },
	[OFFICER_JADWAL] = { .name = "JADWAL", .take = order_take_date, .words = 2 },
	[OFFICER_TANYA] = { .name = "TANYA", .words = 2, .chat = true },
	[OFFICER_SELESAI] = { .name = "SELESAI", .words = 3, .chat = true },
	[OFFICER_ALIH] = { .name = "ALIH", .take = order_take_department, .words = 2 },
	[OFFICER_LUAR] = { .name = "LUAR",
			   .take = order_take_body,
			   .words = 2,
			   .needs_pin = true },
	[OFFICER_GABUNG] = { .name = "GABUNG",
			     .take = order_take_parent,
			     .needs_pin = true },
	[OFFICER_TOLAK] = { .name = "TOLAK",
			    .words = 2,
			    .needs_pin = true,
			    .chat = true },
	[OFFICER_PERPANJANG] = { .name = "PERPANJANG",
				 .take = order_take_days,
				 .words = 2 },
	[OFFICER_RAHASIA] = { .name = "RAHASIA", .needs_pin = true, .alone = true },
	[OFFICER_DAFTAR] = { .name = "DAFTAR", .numberless = true, .alone = true },
	[OFFICER_BANTUAN] = { .name = "BANTUAN",
			      .take = order_take_topic,
			      .numberless = true,
			      .alone = true },
};

const char *officer_name(enum officer_kind kind)
{
	return rows[kind].name;
}

bool officer_needs_pin(enum officer_kind kind)
{
	return rows[kind].needs_pin;
}

bool officer_is_pin(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n >= PIN_LEAST && s.n <= PIN_MOST;
}

static const char *const fault_names[OFFICER_FAULTS] = {
	"wrong-number", "wrong-parent", "no-number",  "no-parent",     "same-parent",
	"no-date",	"past-date",	"no-days",    "no-department", "bad-department",
	"no-body",	"no-text",	"short-text", "no-pin",
};

const char *officer_fault_name(enum officer_fault what)
{
	for (unsigned i = 0; i < OFFICER_FAULTS; i++)
		if ((unsigned)what == 1u << i)
			return fault_names[i];
	return "";
}

unsigned officer_fault_first(unsigned faults, unsigned ignore)
{
	faults &= ~ignore;
	return faults & (~faults + 1);
}

/* ---- PIN and text ---- */

/* The PIN's word, or w->n. */
static size_t pin_word(const struct order *o)
{
	static const struct str before = STR_INIT(" \t\r\n:=");
	const struct words *w = o->w;
	size_t last = w->n - 1, begin = w->items[last].begin;
	struct str tail = str_slice(w->original, w->items[last].end, w->original.n);

	if (last < o->next || w->cut || !w->items[last].digits ||
	    w->items[last].text.n < PIN_LEAST || w->items[last].text.n > PIN_MOST)
		return w->n;
	if (word_is(w, last - 1, WORD_BIT(WORD_NOT_PIN)) ||
	    str_find_char(before, w->original.p[begin - 1]) == before.n)
		return w->n;
	if (str_trim(tail).n > 1) /* a full stop is no harm */
		return w->n;
	return last;
}

/* Nothing but politeness, the command said again, and a PIN. */
static bool says_nothing(const struct order *o, size_t from)
{
	const uint64_t courtesy = WORD_BIT(WORD_COURTESY) | WORD_BIT(WORD_COMPLAINT);

	for (size_t i = from; i < o->w->n; i++)
		if (!word_is(o->w, i, courtesy) &&
		    officer_kind_of(word_text(o->w, i), false) != o->c.kind &&
		    !(o->c.pin.n && o->w->items[i].digits) &&
		    !str_eq(word_text(o->w, i), STR("pin")))
			return false;
	return !o->w->cut;
}

/* The text up to word `end`, where the PIN stands, or up to its end. */
static struct str text_before(const struct order *o, size_t end)
{
	const struct words *w = o->w;

	if (end >= w->n)
		return words_rest(w, o->next);
	return end > o->next ? str_trim(str_slice(w->original, w->items[o->next].begin,
						  w->items[end].begin))
			     : STR("");
}

static void take_text(struct order *o)
{
	const struct words *w = o->w;
	const struct row *row = &rows[o->c.kind];
	size_t pin = pin_word(o), end = pin, words = 0;

	if (pin < w->n) {
		o->c.pin = str_slice(w->original, w->items[pin].begin, w->items[pin].end);
		end -= pin > o->next && str_eq(word_text(w, pin - 1), STR("pin"));
	}
	for (size_t i = o->next; i < end; i++)
		words += !w->items[i].digits;
	o->c.text_whole = words_rest(w, o->next);
	o->c.text = text_before(o, end);
	if (row->words == 0 && says_nothing(o, o->next)) {
		o->c.text = STR("");
		if (pin == w->n)
			o->c.text_whole = STR("");
	}
	if (row->words && words == 0)
		order_fault(o, OFFICER_NO_TEXT);
	else if (words < (size_t)row->words)
		order_fault(o, OFFICER_SHORT_TEXT);
	if (row->needs_pin && !o->c.pin.n)
		order_fault(o, OFFICER_NO_PIN);
}

/* ---- the whole ---- */

/* "terima kasih infonya", "luar biasa": words that begin like commands. */
static bool is_idiom(const struct words *w, size_t i)
{
	static const struct {
		const char *first, *second;
	} idioms[] = {
		{ " terima trima trm ", " kasih ksh ksih kasi kash kasihh " },
		{ " luar ", " biasa " },
		{ " tanya ", " dong donk pak bu min mas mba mbak kang nih ya " },
		{ " terima ", " beres " },
	};

	for (size_t k = 0; k < sizeof(idioms) / sizeof(*idioms); k++)
		if (officer_word_among(idioms[k].first, word_text(w, i), false) &&
		    officer_word_among(idioms[k].second, word_text(w, i + 1), false))
			return true;
	return false;
}

/* Without a number a text must be nothing but the command. */
static bool fits_numberless(const struct order *o, size_t after)
{
	const struct row *row = &rows[o->c.kind];

	if (says_nothing(o, after))
		return true;
	/* "ditolak di rumah sakit" tells a story */
	if (o->c.slip || str_starts(word_text(o->w, after - 1), STR("di")))
		return false;
	if (row->alone && o->special)
		return says_nothing(o, o->next);
	if (row->alone)
		return o->c.date.year != 0 && !o->c.text.n;
	if (row->chat)
		return o->c.kind == OFFICER_TANYA ||
		       str_find_char(o->w->original, '?') == o->w->original.n;
	return o->special && (o->c.kind != OFFICER_LUAR || o->c.pin.n);
}

/* The command at word i, where a number may stand before it. */
static bool order_read(struct order *o, size_t i, bool slips)
{
	const struct row *row;
	size_t after;

	o->c.kind = officer_kind_of(word_text(o->w, i), false);
	if (o->c.kind == OFFICER_NONE && slips) {
		o->c.kind = officer_kind_of(word_text(o->w, i), true);
		o->c.slip = o->c.kind != OFFICER_NONE;
	}
	if (o->c.kind == OFFICER_NONE || is_idiom(o->w, i))
		return false;
	row = &rows[o->c.kind];
	o->next = after = i + 1;
	if (!o->numbered)
		order_take_number(o);
	if (row->take)
		row->take(o);
	take_text(o);
	if (o->c.wrong_no)
		order_fault(o, OFFICER_WRONG_NUMBER);
	else if (!o->c.no && !row->numberless)
		order_fault(o, OFFICER_NO_NUMBER);
	if (row->numberless && o->numbered)
		return false;
	return o->numbered || fits_numberless(o, after);
}

struct officer_command officer_read(struct str text, const struct officer_rules *rules,
				    struct arena *scratch)
{
	const struct officer_command none = { .kind = OFFICER_NONE, .department = -1 };
	struct order o = { .c = none, .rules = rules, .scratch = scratch }, first;
	size_t i = 0;

	if (str_eq(str_trim(text), STR("?"))) {
		o.c.kind = OFFICER_BANTUAN;
		return o.c;
	}
	o.w = words_cut(text, rules->width, scratch);
	if (!o.w || o.w->n == 0)
		return none;
	first = o;
	if (order_read(&o, 0, true))
		return o.c;
	/* "25004176 selesai lampu sudah diganti" */
	o = first;
	order_take_number(&o);
	if (o.numbered)
		return order_read(&o, o.next, false) ? o.c : none;
	/* "pak, selesai 25004176 …": politeness first, but then with a number */
	while (word_is(o.w, i, WORD_BIT(WORD_LEAD) | WORD_BIT(WORD_COURTESY))) {
		o = first;
		if (order_read(&o, ++i, false) && o.numbered)
			return o.c;
	}
	return none;
}
