/* SPDX-License-Identifier: MIT */
/*
 * The month's figures: what came in, by the categories of LAPOR!, how long the first
 * answer and the settlement took, what was opened again, how people rated it, and the
 * words of texts that matched nothing when they came (without names of places), from
 * which an operator learns what is missing.
 */
#include "console/desk.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"

enum { WORDS_MOST = 4000, WORDS_SHOWN = 20, WORD_LEAST = 4 };

/* The national system's categories. */
enum lapor { UNVERIFIED, UNANSWERED, IN_WORK, SETTLED, PUT_OFF, ARCHIVED, LAPOR_COUNT };

static const char *const lapor_names[LAPOR_COUNT] = {
	[UNVERIFIED] = "belum_terverifikasi",
	[UNANSWERED] = "terdisposisi_belum_ditindaklanjuti",
	[IN_WORK] = "terdisposisi_sedang_diproses",
	[SETTLED] = "terdisposisi_selesai",
	[PUT_OFF] = "tertunda",
	[ARCHIVED] = "arsip",
};

static const enum lapor lapor_of[TICKET_STATE_COUNT] = {
	[TICKET_BARU] = UNVERIFIED,  [TICKET_PERIKSA] = UNVERIFIED,
	[TICKET_TANYA] = PUT_OFF,    [TICKET_DITERUSKAN] = UNANSWERED,
	[TICKET_DIPROSES] = IN_WORK, [TICKET_DIJADWALKAN] = PUT_OFF,
	[TICKET_LUAR] = IN_WORK,     [TICKET_SELESAI] = SETTLED,
	[TICKET_DITUTUP] = SETTLED,  [TICKET_DIGABUNG] = ARCHIVED,
	[TICKET_DITOLAK] = ARCHIVED, [TICKET_DICABUT] = ARCHIVED,
	[TICKET_ARSIP] = ARCHIVED,
};

struct times { /* hours */
	double *items;
	size_t n, room, in_time;
};

struct figures {
	struct str code;
	int64_t n, states[LAPOR_COUNT], reopened, rated[5], rating_sum;
	struct times first, done;
};

struct word {
	struct str text;
	int64_t n;
};

struct gathering {
	const struct config *config;
	struct arena *arena;
	struct figures *all; /* one for each department, the rest queue, the total */
	size_t n;
	struct word *words;
	size_t n_words;
};

static int times_add(struct times *t, double hours, bool in_time, struct arena *arena)
{
	if (t->n == t->room) {
		size_t room = t->room ? t->room * 2 : 64;
		double *grown = arena_alloc(arena, room, sizeof(*grown));

		if (!grown)
			return -1;
		if (t->n)
			memcpy(grown, t->items, t->n * sizeof(*grown));
		t->items = grown;
		t->room = room;
	}
	t->items[t->n++] = hours;
	t->in_time += in_time;
	return 0;
}

static double hours(int64_t from_ms, int64_t to_ms)
{
	return (double)(to_ms - from_ms) / 3600000;
}

/*
 * By the ticket's own clock, what stood still and what was promised counted in, and the
 * rules of its department. A clock that began anew after that (it was opened again, or
 * handed on) says nothing of it: then the rules count from the opening.
 */
static bool in_time(const struct config *c, const struct report_row *row,
		    enum life_clock clock, int64_t at_ms)
{
	int department = config_department(c, row->department);
	const struct clock_rules *rules =
		department < 0 ? &c->clocks : &c->departments[department].clocks;
	const struct life life = { .state = row->state, .kind = row->kind };
	struct clock_times times = row->clocks;

	if (!times.started_ms[clock] || times.started_ms[clock] > at_ms) {
		times.started_ms[clock] = row->opened_ms;
		times.promised_ms = 0;
		times.fresh = false;
	}
	return at_ms <= clocks_deadline(rules, c->calendar, &life, &times, clock, at_ms);
}

static int figures_add(struct gathering *g, struct figures *f,
		       const struct report_row *row)
{
	f->n++;
	f->states[lapor_of[row->state]]++;
	f->reopened += row->reopens > 0;
	if (row->rating >= 1 && row->rating <= 5) {
		f->rated[row->rating - 1]++;
		f->rating_sum += row->rating;
	}
	if (row->first_ms &&
	    times_add(&f->first, hours(row->opened_ms, row->first_ms),
		      in_time(g->config, row, LIFE_CLOCK_ANSWER, row->first_ms),
		      g->arena))
		return -1;
	if (row->done_ms &&
	    times_add(&f->done, hours(row->opened_ms, row->done_ms),
		      in_time(g->config, row, LIFE_CLOCK_SETTLE, row->done_ms), g->arena))
		return -1;
	return 0;
}

/* ---- words that matched nothing ---- */

static void word_add(struct gathering *g, struct str word)
{
	for (size_t i = 0; i < g->n_words; i++)
		if (str_eq(g->words[i].text, word)) {
			g->words[i].n++;
			return;
		}
	if (g->n_words < WORDS_MOST)
		g->words[g->n_words++] = (struct word){ arena_str(g->arena, word), 1 };
}

/* One of the words of a kecamatan's or desa's name. */
static bool in_name(struct str name, struct str word, struct arena *arena)
{
	struct str rest = utf8_fold(name, arena), one;

	while (str_split(&rest, ' ', &one))
		if (str_eq(one, word))
			return true;
	return false;
}

static bool in_names(struct str_list names, struct str word, struct arena *arena)
{
	for (size_t i = 0; i < names.n; i++)
		if (in_name(names.items[i], word, arena))
			return true;
	return false;
}

static bool is_place(const struct config *c, struct str word, struct arena *scratch)
{
	const struct config_kecamatan *all = c->places.kecamatan.items;

	for (size_t i = 0; i < c->places.kecamatan.n; i++)
		if (in_name(all[i].name, word, scratch) ||
		    in_names(all[i].also, word, scratch) ||
		    in_names(all[i].desa, word, scratch))
			return true;
	return false;
}

static void words_add(struct gathering *g, struct str text)
{
	struct str s = utf8_fold(text, g->arena);

	for (size_t i = 0, from = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] >= 'a' && s.p[i] <= 'z')
			continue;
		if (i - from >= WORD_LEAST)
			word_add(g, str_slice(s, from, i));
		from = i + 1;
	}
}

static int by_count(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	return (x->n < y->n) - (x->n > y->n);
}

static int gather(void *arg, const struct report_row *row)
{
	struct gathering *g = arg;
	int department = config_department(g->config, row->department);
	size_t i = department < 0 ? g->config->n_departments : (size_t)department;

	if (row->unrouted)
		words_add(g, row->text);
	return figures_add(g, &g->all[i], row) || figures_add(g, &g->all[g->n - 1], row)
		       ? -1
		       : 0;
}

/* ---- as JSON ---- */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct json *times_json(struct times *t)
{
	struct json *o = json_new_object();

	json_set(o, "n", json_new_int((int64_t)t->n));
	if (t->n == 0)
		return o;
	qsort(t->items, t->n, sizeof(*t->items), by_size);
	json_set(o, "median_h", json_new_real(t->items[(t->n - 1) / 2]));
	json_set(o, "p90_h", json_new_real(t->items[(t->n * 9 - 1) / 10]));
	json_set(o, "in_time", json_new_real((double)t->in_time / (double)t->n));
	return o;
}

static struct json *figures_json(struct figures *f)
{
	struct json *o = json_new_object(), *states = json_new_object(),
		    *rated = json_new_array();
	int64_t n_rated = 0;

	json_set(o, "department", json_new_str(f->code));
	json_set(o, "complaints", json_new_int(f->n));
	for (int k = 0; k < LAPOR_COUNT; k++)
		json_set(states, lapor_names[k], json_new_int(f->states[k]));
	json_set(o, "lapor", states);
	json_set(o, "first_answer", times_json(&f->first));
	json_set(o, "settlement", times_json(&f->done));
	json_set(o, "reopened", json_new_int(f->reopened));
	for (int k = 0; k < 5; k++) {
		json_add(rated, json_new_int(f->rated[k]));
		n_rated += f->rated[k];
	}
	json_set(o, "ratings", rated);
	json_set(o, "rating_mean",
		 n_rated ? json_new_real((double)f->rating_sum / (double)n_rated)
			 : json_new_null());
	return o;
}

static struct json *words_json(struct gathering *g)
{
	struct json *list = json_new_array();
	struct arena *scratch = arena_new("places", 4 << 20);
	size_t shown = 0;

	qsort(g->words, g->n_words, sizeof(*g->words), by_count);
	for (size_t i = 0; scratch && i < g->n_words && shown < WORDS_SHOWN; i++) {
		struct json *o;

		arena_reset(scratch);
		if (is_place(g->config, g->words[i].text, scratch))
			continue;
		shown++;
		o = json_new_object();
		json_set(o, "word", json_new_str(g->words[i].text));
		json_set(o, "n", json_new_int(g->words[i].n));
		json_add(list, o);
	}
	arena_free(scratch);
	return list;
}

static bool gathering_new(struct gathering *g, const struct config *c,
			  struct arena *arena)
{
	*g = (struct gathering){ .config = c, .arena = arena, .n = c->n_departments + 2 };
	g->all = ARENA_NEW(arena, struct figures, g->n);
	g->words = ARENA_NEW(arena, struct word, WORDS_MOST);
	if (!g->all || !g->words)
		return false;
	for (size_t i = 0; i < c->n_departments; i++)
		g->all[i].code = c->departments[i].code;
	g->all[g->n - 2].code = c->gateway.rest_queue;
	g->all[g->n - 1].code = STR("SEMUA");
	return true;
}

/* "2026-11": its first moment and that of the next. Without: the month that goes on. */
static bool month_read(const struct config *c, struct str s, int64_t *from_ms,
		       int64_t *until_ms)
{
	struct when_date first = calendar_date_of(c->calendar, clock_wall_ms());
	int64_t year, month;

	if (s.n) {
		if (s.n != 7 || s.p[4] != '-' || !str_to_int(str_slice(s, 0, 4), &year) ||
		    !str_to_int(str_slice(s, 5, 7), &month) || month < 1 || month > 12 ||
		    year < 2000 || year > 2200)
			return false;
		first.year = (int)year;
		first.month = (int)month;
	}
	first.day = 1;
	*from_ms = calendar_midnight(c->calendar, first);
	first.year += first.month == 12;
	first.month = first.month % 12 + 1;
	*until_ms = calendar_midnight(c->calendar, first);
	return true;
}

bool desk_report(struct engine *engine, struct incoming *in, struct answer *answer)
{
	const struct config *c = engine_config(engine);
	struct arena *arena = arena_new("report", 256 << 20);
	int64_t from_ms, until_ms;
	struct gathering g;
	struct json *o, *list;
	struct err err;

	if (!month_read(c, pairs_get(in->request.query, STR("month")), &from_ms,
			&until_ms)) {
		arena_free(arena);
		return desk_problem(in, 400, "month is YYYY-MM", answer);
	}
	if (!arena || !gathering_new(&g, c, arena) ||
	    store_report(engine_store(engine), from_ms, until_ms, gather, &g, &err)) {
		arena_free(arena);
		return desk_problem(in, 503, "the report has no room, or the store fails",
				    answer);
	}
	o = json_new_object();
	list = json_new_array();
	json_set(o, "from", json_new_str(calendar_iso(c->calendar, from_ms, in->arena)));
	json_set(o, "until",
		 json_new_str(calendar_iso(c->calendar, until_ms, in->arena)));
	for (size_t i = 0; i < g.n; i++)
		json_add(list, figures_json(&g.all[i]));
	json_set(o, "departments", list);
	json_set(o, "unmatched_words", words_json(&g));
	arena_free(arena);
	return desk_json(in, 200, o, answer);
}
