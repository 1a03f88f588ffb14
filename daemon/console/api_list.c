/* SPDX-License-Identifier: MIT */
/*
 * Lists of tickets over the HTTP API, in the order in which they changed: whoever reads
 * page after page, or comes back with the last cursor, misses none, and sees again what
 * changed meanwhile. A page looks at so many rows at most; when few of them fit the
 * filter it is short, and says that there is more. Whoever comes back is also told the
 * numbers of what has left his department since.
 */
#include "console/api.h"

#include "base/when.h"
#include "store/api.h"

enum {
	LIMIT_DEFAULT = 20,
	LIMIT_MOST = 100,
	STEP = 64,
	LOOK_AT_MOST = 192,
	GONE_MOST = 100,
	SCRATCH_BYTES = 1 << 20
};

struct listing {
	struct api_call *call;
	struct buf body;
	struct json_text to; /* writes it */
	struct api_place place;
	int64_t limit;
	int state, kind, open, urgent; /* −1: any */
	struct str kecamatan, desa;
	int64_t ids[LIMIT_MOST]; /* that fit */
	size_t n;
	int looked;
	int64_t unreadable;
	bool end;
	bool back;	       /* he has read up to `place` */
	struct api_left *gone; /* what left behind it, by the moment */
	size_t n_gone;
	bool many;    /* … until the last of these; the page ends there */
	bool bounded; /* … and has reached it */
};

/* ---- what was asked for ---- */

static bool no_state(struct api_call *call)
{
	struct str all = STR("one of");

	for (int k = 0; k < TICKET_STATE_COUNT; k++)
		all = arena_printf(call->in->arena, "%.*s %s", STR_ARG(all),
				   ticket_state_code((enum ticket_state)k));
	return api_query_fault(call, "state", "state", all.p);
}

static bool kinds_read(struct api_call *call, struct listing *l)
{
	struct str state = api_query(call, "state"), kind = api_query(call, "kind");
	enum ticket_state s;
	enum ticket_kind k;

	l->state = l->kind = -1;
	if (state.p && !ticket_state_read(state, &s))
		return no_state(call);
	if (state.p)
		l->state = (int)s;
	if (kind.p && !ticket_kind_read(kind, &k))
		return api_query_fault(call, "kind", "kind",
				       "one of pertanyaan aspirasi pengaduan pengawasan");
	if (kind.p)
		l->kind = (int)k;
	return true;
}

static bool place_read(struct api_call *call, struct listing *l)
{
	struct str cursor = api_query(call, "cursor"), since = api_query(call, "since");
	struct when_date date;
	struct cursor at;
	int64_t ms = 0;

	if (since.p && calendar_read_date(since, &date))
		ms = calendar_midnight(call->config->calendar, date);
	else if (since.p && (!time_read_iso(since, call->config->zone_s, &ms) || ms < 0))
		return api_query_fault(call, "since", "time",
				       "a time like 2026-11-24T08:30:00+07:00 (+ is %2B "
				       "in a URL), or a date");
	l->back = cursor.p || since.p;
	/* Behind all that changed before. */
	l->place = (struct api_place){ ms ? ms - 1 : 0, ms ? INT64_MAX : 0 };
	if (!cursor.p)
		return true;
	if (!cursor_read(cursor, 't', &at))
		return api_query_fault(call, "cursor", "cursor",
				       "what stood in `next`, unchanged, or nothing");
	l->place = (struct api_place){ at.a, at.b };
	return true;
}

static bool listing_read(struct api_call *call, struct listing *l)
{
	static const char *const names[] = { "limit", "cursor", "since", "state",
					     "open",  "urgent", "kind",	 "kecamatan",
					     "desa",  NULL };

	*l = (struct listing){ .call = call,
			       .limit = LIMIT_DEFAULT,
			       .kecamatan = api_query(call, "kecamatan"),
			       .desa = api_query(call, "desa") };
	return api_query_only(call, names) &&
	       api_query_int(call, "limit", 1, LIMIT_MOST, &l->limit) &&
	       api_query_bool(call, "open", &l->open) &&
	       api_query_bool(call, "urgent", &l->urgent) && kinds_read(call, l) &&
	       place_read(call, l);
}

/* ---- what has left ---- */

static bool is_before(struct api_place a, struct api_place b)
{
	return a.changed_ms < b.changed_ms ||
	       (a.changed_ms == b.changed_ms && a.id < b.id);
}

static int gone_load(struct listing *l, struct err *err)
{
	struct api_call *call = l->call;

	if (!l->back || call->department < 0)
		return 0;
	if (store_left_list(call->store, call->config->departments[call->department].code,
			    l->place, GONE_MOST, call->in->arena, &l->gone, &l->n_gone,
			    err))
		return -1;
	l->many = l->n_gone == GONE_MOST;
	return 0;
}

/* Up to where the page goes; the next page begins behind all of it. */
static void gone_write(struct listing *l)
{
	struct json_text *to = &l->to;

	json_text_open(to, "gone", '[');
	for (size_t i = 0; i < l->n_gone; i++) {
		const struct api_left *g = &l->gone[i];

		if (!l->end && is_before(l->place, g->place))
			break;
		if (is_before(l->place, g->place))
			l->place = g->place;
		if (api_may_see(l->call, g->department, g->accused, g->sensitive))
			continue; /* it is back */
		json_text_open(to, NULL, '{');
		api_no_write(to, g->no);
		json_text_str(to, "at", api_iso(l->call, g->place.changed_ms));
		json_text_close(to, '}');
	}
	json_text_close(to, ']');
}

/* ---- what fits ---- */

/* Whoever may not see where it is cannot find it by that either. */
static bool is_there(const struct listing *l, const struct api_row *r)
{
	if (!l->kecamatan.p && !l->desa.p)
		return true;
	return !api_is_hidden(l->call, r->secret, r->sensitive) &&
	       (!l->kecamatan.p || str_eq_nocase(l->kecamatan, r->kecamatan)) &&
	       (!l->desa.p || str_eq_nocase(l->desa, r->desa));
}

static bool fits(const struct listing *l, const struct api_row *r)
{
	return (l->state < 0 || l->state == (int)r->state) &&
	       (l->kind < 0 || l->kind == (int)r->kind) &&
	       (l->open < 0 || l->open == (int)ticket_state_open(r->state)) &&
	       (l->urgent < 0 || l->urgent == (int)r->urgent) && is_there(l, r) &&
	       api_may_see(l->call, r->department, r->accused, r->sensitive);
}

/* Whether the page ends before that place. */
static bool is_bound(struct listing *l, struct api_place place)
{
	l->bounded = l->many && is_before(l->gone[l->n_gone - 1].place, place);
	return l->bounded;
}

static enum api_scan look_at(void *arg, const struct api_row *r)
{
	struct listing *l = arg;

	if (is_bound(l, r->place))
		return API_SCAN_BEFORE;
	if (fits(l, r))
		l->ids[l->n++] = r->place.id;
	l->looked++;
	return l->n < (size_t)l->limit && l->looked < LOOK_AT_MOST ? API_SCAN_ON
								   : API_SCAN_AFTER;
}

/* ---- the page ---- */

static void show(struct listing *l, const struct ticket *t)
{
	if (!api_may_see(l->call, t->department, t->accused, t->life.sensitive))
		return;
	if (!t->text.p) {
		l->unreadable++;
		return;
	}
	json_text_open(&l->to, NULL, '{');
	api_ticket_write(l->call, &l->to, t);
	json_text_close(&l->to, '}');
}

/* One ticket after the other is made in the same memory. */
static int load_and_show(struct listing *l, int64_t id, struct err *err)
{
	struct ticket t;

	arena_reset(l->call->scratch);
	if (store_ticket_get(l->call->store, id, l->call->scratch, &t, err) == 0)
		show(l, &t);
	else if (err->kind == ERR_CONFIG) /* it cannot be read; the others can */
		l->unreadable++;
	else
		return -1;
	return 0;
}

/* Many are looked at for each that fits. */
static int picked_write(struct listing *l, struct api_range *range, struct err *err)
{
	range->most = STEP;
	while (!l->end && !l->bounded && l->n < (size_t)l->limit &&
	       l->looked < LOOK_AT_MOST)
		if (store_api_scan(l->call->store, range, &l->place, look_at, l, &l->end,
				   err))
			return -1;
	for (size_t i = 0; i < l->n; i++)
		if (load_and_show(l, l->ids[i], err))
			return -1;
	return 0;
}

static enum api_scan show_next(void *arg, const struct ticket *t)
{
	struct listing *l = arg;

	if (is_bound(l, (struct api_place){ t->changed_ms, t->id }))
		return API_SCAN_BEFORE;
	arena_reset(l->call->scratch);
	show(l, t);
	return API_SCAN_ON;
}

/* Each that is looked at fits. */
static int all_write(struct listing *l, struct api_range *range, struct err *err)
{
	range->most = (int)l->limit;
	return store_api_tickets(l->call->store, range, &l->place, show_next, l, &l->end,
				 err);
}

/* What is open in a department has an index of its own. */
static bool is_picky(const struct listing *l, bool by_open)
{
	return l->state >= 0 || l->kind >= 0 || l->urgent >= 0 || l->kecamatan.p ||
	       l->desa.p || (l->open >= 0 && !by_open);
}

static int tickets_write(struct listing *l, struct err *err)
{
	const struct api_call *call = l->call;
	struct api_range range = { .department = STR("") };

	if (call->department >= 0) {
		range.department = call->config->departments[call->department].code;
		range.open =
			l->open == 1 ||
			(l->state >= 0 && ticket_state_open((enum ticket_state)l->state));
	}
	json_text_open(&l->to, "tickets", '[');
	if (is_picky(l, range.open) ? picked_write(l, &range, err)
				    : all_write(l, &range, err))
		return -1;
	json_text_close(&l->to, ']');
	json_text_int(&l->to, "unreadable", l->unreadable);
	if (l->many && (l->end || l->bounded)) {
		l->place = l->gone[l->n_gone - 1].place;
		l->end = false;
	}
	return 0;
}

static bool page(struct listing *l)
{
	struct api_call *call = l->call;
	struct cursor next = { .kind = 't' };
	struct err err;

	l->body = (struct buf)BUF_INIT(API_BODY_CEILING);
	l->to = (struct json_text){ &l->body, false };
	json_text_open(&l->to, NULL, '{');
	if (gone_load(l, &err) || tickets_write(l, &err)) {
		buf_free(&l->body);
		return api_failed(call, &err);
	}
	gone_write(l);
	next.a = l->place.changed_ms;
	next.b = l->place.id;
	json_text_str(&l->to, "next", cursor_write(next, call->in->arena));
	json_text_bool(&l->to, "more", !l->end);
	json_text_close(&l->to, '}');
	api_header(call, "Cache-Control", STR("no-store"));
	return api_written(call, &l->body);
}

bool api_tickets(struct api_call *call)
{
	static const struct err full = { .kind = ERR_LATER };
	struct listing l;
	bool answered;

	if (!listing_read(call, &l))
		return true;
	call->scratch = arena_new("ticket", SCRATCH_BYTES);
	if (!call->scratch)
		return api_failed(call, &full);
	answered = page(&l);
	arena_free(call->scratch);
	return answered;
}
