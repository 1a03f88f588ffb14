/* SPDX-License-Identifier: MIT */
/*
 * What the Open311 server shows: services, which are the departments that complaints may
 * go to, and requests, which are tickets.
 *
 * A ticket that is secret, or about an office's conduct, does not exist here, whoever
 * asks. Numbers in words are masked. Unless the operator says `show = "all"` only what
 * was filed over Open311 is shown; and of what came by other ways the words only once a
 * department has it, for until then nobody has read them.
 */
#include "console/open311.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "model/mask.h"

enum { KEYWORDS_MOST = 20, WORDS_MOST = 1000, CODES_MOST = 20, IDS_MOST = 1000 };

/* ---- services ---- */

int geo_service_of(const struct geo *g, struct str code)
{
	int department = config_department(g->config, code);

	if (str_eq(code, g->config->gateway.rest_queue))
		return -1;
	return department < 0 || g->config->departments[department].outside ? -2
									    : department;
}

static struct str keywords(const struct geo *g, const struct config_department *d)
{
	struct buf b = BUF_INIT(4000);
	struct str made;

	for (size_t i = 0; i < d->keywords.n && i < KEYWORDS_MOST; i++) {
		if (i)
			buf_add(&b, STR(","));
		for (size_t k = 0; k < d->keywords.items[i].n; k++)
			if (d->keywords.items[i].p[k] != ',')
				buf_add_char(&b, d->keywords.items[i].p[k]);
	}
	made = arena_str(g->arena, buf_str(&b));
	buf_free(&b);
	return made;
}

static void put_service(struct geo_writer *w, struct str code, struct str name,
			struct str about, struct str words, struct str group)
{
	geo_item(w, "service");
	geo_put(w, "service_code", code);
	geo_put(w, "service_name", name);
	geo_put(w, "description", about);
	geo_put_bool(w, "metadata", false);
	geo_put(w, "type", STR("realtime"));
	geo_put(w, "keywords", words);
	geo_put(w, "group", group);
	geo_close(w);
}

bool geo_services(struct geo *g)
{
	struct geo_writer *w = geo_begin(g, "services", false);

	for (size_t i = 0; i < g->config->n_departments; i++) {
		const struct config_department *d = &g->config->departments[i];

		if (!d->outside)
			put_service(w, d->code, d->name.n ? d->name : d->code,
				    d->choice.n ? d->choice : d->name, keywords(g, d),
				    g->config->gateway.name);
	}
	put_service(w, g->config->gateway.rest_queue, STR("Lainnya, atau tidak tahu"),
		    STR("Isi laporan menentukan dinas yang menanganinya."), STR(""),
		    g->config->gateway.name);
	return geo_end(w, g, 200);
}

/* No service asks for more than the standard's own fields. */
bool geo_service(struct geo *g)
{
	struct geo_writer *w;

	if (geo_service_of(g, g->id) == -2)
		return geo_error(g, 404, "service_code provided was not found");
	w = geo_begin(g, "service_definition", true);
	geo_put(w, "service_code", g->id);
	geo_list(w, "attributes");
	geo_close(w);
	return geo_end(w, g, 200);
}

bool geo_discovery(struct geo *g)
{
	const struct config *c = g->config;
	struct str url = c->open311.url.n ? c->open311.url : STR("/open311/v2");
	struct geo_writer *w = geo_begin(g, "discovery", true);

	geo_put(w, "changeset", STR("2026-11-24T00:00:00+00:00"));
	geo_put(w, "contact", c->open311.contact);
	geo_put(w, "key_service", STR("kentongan token create --scopes file"));
	geo_list(w, "endpoints");
	geo_item(w, "endpoint");
	geo_put(w, "specification", STR("http://wiki.open311.org/GeoReport_v2"));
	geo_put(w, "url", url);
	geo_put(w, "changeset", STR("2026-11-24T00:00:00+00:00"));
	geo_put(w, "type", STR("production"));
	geo_list(w, "formats");
	geo_add(w, "format", STR("text/xml"));
	geo_add(w, "format", STR("application/json"));
	geo_close(w);
	geo_close(w);
	geo_close(w);
	return geo_end(w, g, 200);
}

/* ---- a request ---- */

/* The finer state, for status_notes; {} is the department. */
static struct str state_words(const struct geo *g, const struct ticket *t,
			      struct str name)
{
	static const char *const words[TICKET_STATE_COUNT] = {
		[TICKET_BARU] = "Diterima",
		[TICKET_PERIKSA] = "Diperiksa meja pengaduan",
		[TICKET_TANYA] = "Menunggu jawaban pelapor",
		[TICKET_DITERUSKAN] = "Diteruskan ke ",
		[TICKET_DIPROSES] = "Dikerjakan ",
		[TICKET_DIJADWALKAN] = "Dijadwalkan ",
		[TICKET_LUAR] = "Wewenang instansi lain",
		[TICKET_SELESAI] = "Selesai menurut ",
		[TICKET_DITUTUP] = "Selesai",
		[TICKET_DIGABUNG] = "Digabung dengan laporan lain tentang hal yang sama",
		[TICKET_DITOLAK] = "Tidak dapat ditindaklanjuti",
		[TICKET_DICABUT] = "Dicabut pelapor",
		[TICKET_ARSIP] = "Diarsipkan",
	};
	struct str s = str_of(words[t->life.state]);

	return str_ends(s, STR(" "))
		       ? arena_printf(g->arena, "%.*s%.*s", STR_ARG(s), STR_ARG(name))
		       : s;
}

static struct str shown(const struct geo *g, struct str words)
{
	words = mask_numbers(words,
			     (unsigned)g->config->gateway.number_width + TICKETNO_BESIDE,
			     g->arena);
	words = utf8_clean(words, g->arena);
	return words.p ? words : STR("");
}

/* What the citizen was told with it. */
static bool is_said(const struct event *event)
{
	static const enum life_event said[] = { LIFE_ACCEPT, LIFE_PROGRESS, LIFE_SCHEDULE,
						LIFE_DONE,   LIFE_OUTSIDE,  LIFE_REJECT };

	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		if (str_eq(event->kind, str_of(lifecycle_event_name(said[i]))))
			return event->note.n > 0;
	return false;
}

static int notes_of(const struct geo *g, const struct ticket *t, struct str name,
		    struct str *out, struct err *err)
{
	struct str state = state_words(g, t, name);
	struct event *events;
	size_t n;

	if (store_events(engine_store(g->engine), t->id, g->arena, &events, &n, err))
		return -1;
	while (n && !is_said(&events[n - 1]))
		n--;
	*out = state;
	if (n)
		*out = arena_printf(
			g->arena, "%.*s. %.*s", STR_ARG(state),
			STR_ARG(str_slice(shown(g, events[n - 1].note), 0, WORDS_MOST)));
	return 0;
}

static struct str address_of(const struct geo *g, const struct ticket *t)
{
	const struct str parts[] = { t->desa, t->kecamatan, g->config->gateway.name };
	struct buf b = BUF_INIT(1000);
	struct str made;

	for (size_t i = 0; i < 3; i++)
		if (parts[i].n)
			buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_ARG(parts[i]));
	made = arena_str(g->arena, buf_str(&b));
	buf_free(&b);
	return made;
}

/* "-6.1169, 106.1539" of the line that open311_file.c wrote; n 0: none. */
static void place_of(struct str text, struct str *lat, struct str *lon)
{
	const struct str label = STR("\nKoordinat ");
	size_t at = str_find(text, label), end;
	struct str line;

	*lat = *lon = STR("");
	if (at == text.n)
		return;
	line = str_slice(text, at + label.n, text.n);
	line = str_slice(line, 0, str_find_char(line, '\n'));
	end = str_find_char(line, ',');
	if (end == line.n)
		return;
	*lat = str_trim(str_slice(line, 0, end));
	*lon = str_trim(str_slice(line, end + 1, line.n));
}

static void put_time(struct geo_writer *w, const struct geo *g, const char *name,
		     int64_t wall_ms)
{
	geo_put(w, name,
		wall_ms ? calendar_iso(g->config->calendar, wall_ms, g->arena) : STR(""));
}

/* What the desk has or had, also what was asked about, merged or withdrawn from there. */
static bool words_may_show(const struct geo *g, const struct ticket *t)
{
	return str_eq(t->provider, STR(WEB_PROVIDER)) ||
	       (t->life.state != TICKET_BARU &&
		!str_eq(t->department, g->config->gateway.rest_queue));
}

static int put_request(struct geo_writer *w, const struct geo *g, const struct ticket *t,
		       struct err *err)
{
	int department = config_department(g->config, t->department);
	struct str name = department < 0 ? STR("meja pengaduan")
					 : g->config->departments[department].name,
		   notes, lat = STR(""), lon = STR("");

	if (notes_of(g, t, name, &notes, err))
		return -1;
	if (words_may_show(g, t))
		place_of(t->text, &lat, &lon);
	geo_item(w, "request");
	geo_put(w, "service_request_id",
		arena_printf(g->arena, "%lld", (long long)t->no));
	geo_put(w, "status",
		store_web_closed(t->life.state) ? STR("closed") : STR("open"));
	geo_put(w, "status_notes", notes);
	geo_put(w, "service_name", name);
	geo_put(w, "service_code", t->department);
	geo_put(w, "description", words_may_show(g, t) ? shown(g, t->text) : STR(""));
	geo_put(w, "agency_responsible", name);
	geo_put(w, "service_notice", STR(""));
	put_time(w, g, "requested_datetime", t->opened_ms);
	put_time(w, g, "updated_datetime", t->changed_ms);
	put_time(w, g, "expected_datetime", t->answer_due_ms);
	geo_put(w, "address", address_of(g, t));
	geo_put(w, "address_id", STR(""));
	geo_put(w, "zipcode", STR(""));
	geo_put(w, "lat", lat);
	geo_put(w, "long", lon);
	geo_put(w, "media_url", STR(""));
	geo_close(w);
	return 0;
}

/* *found false: there is none, or none for the public; nobody can tell which. */
static int find(const struct geo *g, struct str id, struct ticket *t, bool *found,
		struct err *err)
{
	struct store *store = engine_store(g->engine);
	int64_t no;
	struct err why;

	*found = false;
	if (!str_to_int(id, &no))
		return 0;
	if (store_ticket_by_no(store, no, g->arena, t, &why)) {
		*err = why;
		return why.kind == ERR_NEVER ? 0 : -1;
	}
	if (t->life.secret || t->life.sensitive || t->life.kind == TICKET_KIND_INQUIRY)
		return 0;
	*found = true;
	return g->config->open311.show == OPEN311_ALL
		       ? 0
		       : store_web_is(store, t->id, found, err);
}

static bool broken(struct geo *g, struct geo_writer *w, const struct err *err)
{
	geo_end(w, g, 200); /* releases it */
	return geo_failed(g, err);
}

bool geo_request(struct geo *g)
{
	struct geo_writer *w;
	struct ticket t;
	struct err err;
	bool found;

	if (find(g, g->id, &t, &found, &err))
		return geo_failed(g, &err);
	if (!found)
		return geo_error(g, 404, "service_request_id provided was not found");
	w = geo_begin(g, "service_requests", false);
	return put_request(w, g, &t, &err) ? broken(g, w, &err) : geo_end(w, g, 200);
}

/* Ids are given at once, so a token is never needed; whoever asks with an id gets it. */
bool geo_token(struct geo *g)
{
	struct geo_writer *w;
	struct ticket t;
	struct err err;
	bool found;

	if (find(g, g->id, &t, &found, &err))
		return geo_failed(g, &err);
	if (!found)
		return geo_error(g, 404, "token provided was not found");
	w = geo_begin(g, "service_requests", false);
	geo_item(w, "request");
	geo_put(w, "service_request_id", g->id);
	geo_put(w, "token", g->id);
	geo_close(w);
	return geo_end(w, g, 200);
}

/* ---- lists ---- */

/* Whether it stands in the list before; the list is as long as a line of a request. */
static bool is_named(struct str before, struct str one)
{
	struct str part;

	while (str_split(&before, ',', &part))
		if (str_eq(str_trim(part), one))
			return true;
	return false;
}

static bool list_by_id(struct geo *g, struct str ids)
{
	struct geo_writer *w = geo_begin(g, "service_requests", false);
	struct str all = ids, id;
	struct err err;

	for (int i = 0; i < IDS_MOST && str_split(&ids, ',', &id); i++) {
		struct ticket t;
		bool found;

		if (is_named(str_slice(all, 0, (size_t)(id.p - all.p)), str_trim(id)))
			continue;
		if (find(g, str_trim(id), &t, &found, &err) ||
		    (found && put_request(w, g, &t, &err)))
			return broken(g, w, &err);
	}
	return geo_end(w, g, 200);
}

/* An ISO time with its zone, or a day. False: it is neither. */
static bool read_time(const struct geo *g, const char *name, bool end, int64_t *ms)
{
	struct str s = geo_asked(g, name);
	struct when_date day;

	if (s.n == 0)
		return true;
	if (time_read_iso(s, g->config->zone_s, ms))
		return true;
	if (!calendar_read_date(s, &day))
		return false;
	*ms = calendar_midnight(g->config->calendar, day) + (end ? GEO_DAY_MS - 1 : 0);
	return true;
}

/* The standard's 90 days: those from the start, those up to the end, or up to now. */
static bool read_span(struct geo *g, struct web_filter *f)
{
	const int64_t most = GEO_DAYS_MOST * GEO_DAY_MS, none = INT64_MIN;
	int64_t from = none, until = none, now = clock_wall_ms();

	if (!read_time(g, "start_date", false, &from) ||
	    !read_time(g, "end_date", true, &until))
		return false;
	if (until == none)
		until = from != none && from < now - most ? from + most : now;
	if (from == none || from < until - most)
		from = until - most;
	f->from_ms = from;
	f->until_ms = until;
	return true;
}

static bool read_status(struct geo *g, struct web_filter *f)
{
	struct str rest = geo_asked(g, "status"), one;
	bool open = false, closed = false;

	while (rest.n && str_split(&rest, ',', &one)) {
		one = str_trim(one);
		if (str_eq_nocase(one, STR("open")))
			open = true;
		else if (str_eq_nocase(one, STR("closed")))
			closed = true;
		else
			return false;
	}
	f->status = open == closed ? WEB_ANY : open ? WEB_OPEN : WEB_CLOSED;
	return true;
}

static int newer(const void *a, const void *b)
{
	const struct ticket *x = a, *y = b;

	return (x->id < y->id) - (x->id > y->id);
}

/* Of each service that was named, all together newest first. */
static int list_of(struct geo *g, struct web_filter *f, struct ticket *out, size_t *n,
		   struct err *err)
{
	const struct str all = geo_asked(g, "service_code");
	struct str codes = all, code;
	struct ticket *rows;
	size_t k = 0, total = 0;

	for (int i = 0; i < CODES_MOST; i++) {
		if (i && !str_split(&codes, ',', &code))
			break;
		if (i == 0 && !str_split(&codes, ',', &code))
			code = STR("");
		if (i &&
		    is_named(str_slice(all, 0, (size_t)(code.p - all.p)), str_trim(code)))
			continue;
		f->department = str_trim(code);
		if (store_web_list(engine_store(g->engine), f, g->arena, &rows, &k, err))
			return -1;
		for (size_t r = 0; r < k; r++)
			out[total++] = rows[r];
	}
	qsort(out, total, sizeof(*out), newer);
	*n = total < GEO_LIST_MOST ? total : GEO_LIST_MOST;
	return 0;
}

static bool list_answer(struct geo *g)
{
	struct web_filter f = { .all = g->config->open311.show == OPEN311_ALL,
				.limit = GEO_LIST_MOST };
	struct str ids = geo_asked(g, "service_request_id");
	struct ticket *rows =
		ARENA_NEW(g->arena, struct ticket, (size_t)CODES_MOST * GEO_LIST_MOST);
	struct geo_writer *w;
	struct err err;
	size_t n = 0;

	if (ids.n)
		return list_by_id(g, ids);
	if (!read_span(g, &f))
		return geo_error(g, 400,
				 "start_date, end_date: ISO 8601 with a zone, as "
				 "2026-11-24T08:30:00+07:00");
	if (!read_status(g, &f))
		return geo_error(g, 400, "status is open, closed or both");
	if (!rows)
		return geo_error(g, 503, "no memory for a list");
	if (list_of(g, &f, rows, &n, &err))
		return geo_failed(g, &err);
	w = geo_begin(g, "service_requests", false);
	for (size_t i = 0; i < n; i++)
		if (put_request(w, g, &rows[i], &err))
			return broken(g, w, &err);
	return geo_end(w, g, 200);
}

bool geo_requests(struct geo *g)
{
	int64_t began_us = clock_mono_us();

	if (!engine_list_may(g->engine)) {
		g->later_s = 1;
		return geo_error(g, 429, "too many lists at once; come again");
	}
	list_answer(g);
	engine_list_took(g->engine, clock_mono_us() - began_us);
	return true;
}
