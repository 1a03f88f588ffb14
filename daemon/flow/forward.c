/* SPDX-License-Identifier: MIT */
/*
 * What happens to a ticket becomes deliveries to departments, in the transaction that
 * writes it down: one for each of the department's ways whose filter fits, and for each
 * address of a way. A department is told
 *
 *   new    when a ticket comes into its hands
 *   gone   when it leaves them: transferred, recalled, merged, withdrawn, outside
 *   news   what others do to a ticket that it has; its own acts it knows
 *
 * The accused are told nothing, whoever has the ticket. What a way cannot deliver is
 * parked there: the desk hears of it (of each way once an hour) and the next way of the
 * list gets it, unless that one has it already.
 */
#include "flow/flow.h"

#include "base/log.h"

enum { TELL_EVERY_MS = 3600000 };

static const struct {
	const char *code, *words; /* of operators; of officers */
} whys[] = {
	[PARK_REFUSED] = { "refused", "ditolak" },
	[PARK_OVER] = { "given up", "terus gagal" },
	[PARK_FULL] = { "queue full", "antrean penuh" },
	[PARK_STOPPED] = { "way stopped", "jalur ditutup" },
	[PARK_DOUBT] = { "in doubt", "tidak pasti sampai" },
	[PARK_REMOVED] = { "way removed", "jalur dihapus" },
	[PARK_IMPOSSIBLE] = { "cannot be composed", "tidak dapat disusun" },
	[PARK_OPERATOR] = { "parked by the operator", "ditahan petugas" },
};

/* ---- in whose hands ---- */

static bool is_office(enum ticket_state s)
{
	return s == TICKET_DITERUSKAN || s == TICKET_DIPROSES || s == TICKET_DIJADWALKAN;
}

static bool in_hands(const struct ticket *t)
{
	enum ticket_state s = t->life.state;

	if (s == TICKET_TANYA || s == TICKET_SELESAI || s == TICKET_DITUTUP)
		return is_office(t->life.before);
	return is_office(s);
}

bool forward_has(const struct ticket *t, struct str department)
{
	return in_hands(t) && str_eq(t->department, department) &&
	       !str_eq(t->accused, department);
}

/* The department that has it and has ways; −1: none. */
static int holder(const struct engine *e, const struct ticket *t)
{
	int d = t ? config_department(e->config, t->department) : -1;

	return d >= 0 && e->config->departments[d].n_ways && forward_has(t, t->department)
		       ? d
		       : -1;
}

/* ---- what fails goes on ---- */

struct alarm {
	const struct delivery *delivery;
	const struct ticket *ticket;
	enum park_why why;
};

static int desk_hear(struct engine *e, void *arg, struct err *err)
{
	const struct delivery *d = ((struct alarm *)arg)->delivery;
	const struct ticket *t = ((struct alarm *)arg)->ticket;
	enum park_why why = ((struct alarm *)arg)->why;
	struct officer_call call = { .key = REPLY_PET_ANTAR, .desk = true };

	call.values[VALUE_OPD] = d->department;
	call.values[VALUE_INSTANSI] = d->way;
	call.values[VALUE_ALASAN] = str_of(whys[why].words);
	return news_officers(e, t, &call, err);
}

/* Whoever cannot be told (his row does not open) must not keep it from going on; it
 * stands on the desk's list. */
static int desk_hears(struct engine *e, const struct delivery *d, const struct ticket *t,
		      enum park_why why, struct err *err)
{
	struct alarm alarm = { d, t, why };
	bool fresh, failed;

	if (why == PARK_OPERATOR || e->config->n_officers == 0)
		return 0;
	if (store_way_tell(e->store, d->department, d->way, e->wall_ms, TELL_EVERY_MS,
			   &fresh, err))
		return -1;
	if (!fresh)
		return 0;
	return work_spare(e, desk_hear, &alarm, "desk_not_told", &failed, err);
}

/* Whether another way, or address, has it or is about to; a way with nothing of it. */
static bool tried_by(const struct delivery *all, size_t n, struct str way, bool *has)
{
	bool tried = false;

	for (size_t i = 0; i < n; i++) {
		if (!str_eq(all[i].way, way))
			continue;
		tried = true;
		*has = *has || str_eq(all[i].state, STR("queued")) ||
		       str_eq(all[i].state, STR("sending")) ||
		       str_eq(all[i].state, STR("done"));
	}
	return tried;
}

/* The next way behind w (NULL: the first) that may take it; NULL: there is none, or
 * another has it. */
static int way_after(struct engine *e, const struct way *w, const struct delivery *d,
		     const struct ticket *t, struct way **out, struct err *err)
{
	int department = config_department(e->config, d->department);
	struct delivery *all;
	struct way *ways;
	size_t n_all, n;
	bool has = false;

	*out = NULL;
	ways = department < 0 ? NULL : ways_of(e, (size_t)department, &n);
	if (!ways)
		return 0;
	if (store_delivery_siblings(e->store, d, e->item, &all, &n_all, err))
		return -1;
	tried_by(all, n_all, d->way, &has);
	for (size_t i = w ? w->at + 1 : 0; i < n && !has && !*out; i++)
		if (way_fits(e, &ways[i], t, forward_what_read(d->what)) &&
		    !ways[i].stopped &&
		    !tried_by(all, n_all, way_config(e, &ways[i])->name, &has))
			*out = &ways[i];
	return 0;
}

static int put(struct engine *e, struct way *w, const struct delivery *what,
	       const struct ticket *t, struct err *err);

/* What w did not deliver: the desk hears of it, the next way gets it. */
static int go_on(struct engine *e, struct way *w, const struct delivery *d,
		 const struct ticket *t, enum park_why why, struct err *err)
{
	struct delivery again = *d;
	struct way *next;

	if (way_after(e, w, d, t, &next, err) || desk_hears(e, d, t, why, err))
		return -1;
	log_event(LOG_LEVEL_ERROR, "delivery_parked", LOG_I("delivery", d->id),
		  LOG_S("department", d->department), LOG_S("way", d->way),
		  LOG_I("ticket", t->no), LOG_S("why", d->reason),
		  LOG_S("next_way", next ? way_config(e, next)->name : STR("none")));
	if (!next)
		return 0;
	again.instead_of = d->id;
	return put(e, next, &again, t, err);
}

/* A row that is parked from its birth. */
static int put_parked(struct engine *e, struct way *w, struct delivery *d,
		      const struct ticket *t, enum park_why why, struct err *err)
{
	d->state = STR("parked");
	d->reason = str_of(whys[why].code);
	d->done_ms = e->wall_ms;
	if (store_delivery_add(e->store, d, &d->id, err))
		return -1;
	w->parked++;
	w->ends[DELIVERY_PARKED]++;
	return go_on(e, w, d, t, why, err);
}

/* The i-th address of a way; one without any counts as one. */
static struct str address_of(const struct config_way *c, size_t i)
{
	return c->to.n ? c->to.items[i] : STR("");
}

static size_t addresses(const struct config_way *c)
{
	return c->to.n ? c->to.n : 1;
}

static int put_to(struct engine *e, struct way *w, const struct delivery *what,
		  struct str target, const struct ticket *t, struct err *err)
{
	const struct config_way *c = way_config(e, w);
	struct delivery d = *what;

	d.way = c->name;
	d.target = target;
	d.state = STR("queued");
	d.reason = STR("");
	d.attempts = 0;
	d.created_ms = e->wall_ms;
	d.since_ms = 0;
	d.due_ms = way_due(e, w, e->wall_ms);
	if (w->stopped || w->open >= c->queue_most)
		return put_parked(e, w, &d, t, w->stopped ? PARK_STOPPED : PARK_FULL,
				  err);
	if (store_delivery_add(e->store, &d, &d.id, err))
		return -1;
	w->open++;
	way_queued(w, d.due_ms);
	return 0;
}

/* Into the queue of a way, once for each of its addresses. What would go into a stopped
 * one goes by the next, and is parked only where there is none. */
static int put(struct engine *e, struct way *w, const struct delivery *what,
	       const struct ticket *t, struct err *err)
{
	const struct config_way *c = way_config(e, w);
	struct delivery d = *what;
	struct way *next = NULL;

	d.way = c->name;
	if (w->stopped && way_after(e, w, &d, t, &next, err))
		return -1;
	if (next)
		return put(e, next, &d, t, err);
	for (size_t i = 0; i < addresses(c); i++)
		if (put_to(e, w, &d, address_of(c, i), t, err))
			return -1;
	return 0;
}

/* ---- what has no address any more ---- */

static bool tried_at(const struct delivery *all, size_t n, struct str way,
		     struct str target)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].way, way) && str_eq(all[i].target, target))
			return true;
	return false;
}

/* To those of the way's addresses that have nothing of it; *taken: there are such, or one
 * that has it, or is about to. */
static int readdress(struct engine *e, struct way *w, const struct delivery *d,
		     const struct ticket *t, bool *taken, struct err *err)
{
	const struct config_way *c = way_config(e, w);
	struct delivery again = *d, *all;
	size_t n;

	*taken = false; /* d itself is "sending" */
	if (!way_fits(e, w, t, forward_what_read(d->what)))
		return 0;
	if (store_delivery_siblings(e->store, d, e->item, &all, &n, err))
		return -1;
	again.instead_of = d->id;
	for (size_t i = 0; i < n && !*taken; i++)
		if (all[i].id != d->id)
			tried_by(&all[i], 1, c->name, taken);
	for (size_t i = 0; i < addresses(c); i++) {
		if (tried_at(all, n, c->name, address_of(c, i)))
			continue;
		*taken = true;
		if (put_to(e, w, &again, address_of(c, i), t, err))
			return -1;
	}
	return 0;
}

int forward_drop(struct engine *e, struct way *w, const struct delivery *d,
		 const char *why, struct err *err)
{
	w->open -= w->open > 0;
	w->ends[DELIVERY_DROPPED]++;
	way_queued(w, e->wall_ms); /* what waited behind it */
	return store_delivery_end(e->store, d->id, "dropped", STR(""), str_of(why),
				  e->wall_ms, err);
}

int forward_moved(struct engine *e, struct way *w, const struct delivery *d,
		  struct err *err)
{
	struct ticket t;
	struct err unread;
	bool taken = false;

	if (!d->ticket_id)
		return forward_drop(e, w, d, "its address is gone", err);
	if (store_ticket_get(e->store, d->ticket_id, e->item, &t, &unread) == 0) {
		if (readdress(e, w, d, &t, &taken, err))
			return -1;
	} else if (unread.kind == ERR_LATER) {
		*err = unread;
		return -1;
	}
	return taken ? forward_drop(e, w, d, "its address is gone; another has it", err)
		     : forward_park(e, w, d, PARK_REMOVED, STR(""), err);
}

int forward_park(struct engine *e, struct way *w, const struct delivery *d,
		 enum park_why why, struct str reason, struct err *err)
{
	struct delivery parked = *d;
	struct ticket t;
	struct err unread;

	parked.reason = reason.n ? reason : str_of(whys[why].code);
	if (store_delivery_end(e->store, d->id, "parked", STR(""), parked.reason,
			       e->wall_ms, err))
		return -1;
	if (w) {
		w->open -= w->open > 0;
		w->parked++;
		w->ends[DELIVERY_PARKED]++;
		way_queued(w, e->wall_ms); /* what waited behind it */
	}
	if (!d->ticket_id)
		return 0;
	if (store_ticket_get(e->store, d->ticket_id, e->item, &t, &unread) == 0)
		return go_on(e, w, &parked, &t, why, err);
	log_event(LOG_LEVEL_ERROR, "delivery_parked", LOG_I("delivery", d->id),
		  LOG_S("department", d->department), LOG_S("way", d->way),
		  LOG_Z("ticket_unread", unread.text));
	*err = unread;
	return unread.kind == ERR_LATER ? -1 : 0;
}

/* ---- what happens ---- */

/* Of what others do to its ticket, what a department hears. */
static bool is_news(const struct deed *deed, const struct ticket *t)
{
	static const enum life_event news[] = {
		LIFE_ADDED,    LIFE_ANSWERED, LIFE_NOT_FIXED,	  LIFE_RATE,
		LIFE_CONFIRM,  LIFE_EXTEND,   LIFE_NO_EXTEND,	  LIFE_REMIND,
		LIFE_DEADLINE, LIFE_STATUTE,  LIFE_HIDE,	  LIFE_UNHIDE,
		LIFE_ACCEPT,   LIFE_PROGRESS, LIFE_SCHEDULE,	  LIFE_DONE,
		LIFE_ASK,      LIFE_REOPEN,   LIFE_CLOSE_SILENCE,
	};

	if (deed->act.who == LIFE_OFFICER || deed->hush)
		return false;
	if (deed->act.event ==
	    LIFE_ASK_EXPIRED) /* its own question: its time runs again */
		return t->life.asked_by != LIFE_GATEWAY;
	if (deed->act.event == LIFE_REMIND && t->life.state == TICKET_TANYA)
		return false; /* the citizen was reminded */
	for (size_t i = 0; i < sizeof(news) / sizeof(*news); i++)
		if (news[i] == deed->act.event)
			return true;
	return false;
}

/* A ticket that was done and is not: for a way that has no words for news a new one. */
static enum forward_what what_by(const struct engine *e, const struct way *w,
				 enum forward_what what, const struct ticket *was,
				 const struct ticket *t)
{
	const struct config_way *c = way_config(e, w);
	bool back = what == FORWARD_NEWS && was && is_office(t->life.state) &&
		    !is_office(was->life.state) && was->life.state != TICKET_TANYA;

	return c->by == WAY_FORWARDER && c->forwarder->new_only && back ? FORWARD_NEW
									: what;
}

/* Whether a way in reserve, or one of its addresses, was told of the ticket: then it
 * hears that it is gone, too. By a stopped way before it that may be queued already. */
static int knows(struct engine *e, const struct way *w, const struct delivery *d,
		 bool *known, struct err *err)
{
	const struct config_way *c = way_config(e, w);
	struct delivery now = *d, *all;
	size_t n;

	*known = false;
	now.way = c->name;
	now.id = INT64_MAX;
	if (store_delivery_siblings(e->store, d, e->item, &all, &n, err))
		return -1;
	for (size_t i = 0; i < addresses(c) && !*known; i++) {
		now.target = address_of(c, i);
		if (!tried_at(all, n, c->name, now.target) &&
		    store_delivery_known(e->store, &now, known, err))
			return -1;
	}
	return 0;
}

static int tell_department(struct engine *e, int department, enum forward_what what,
			   const struct ticket *t, const struct deed *deed,
			   const struct ticket *was, struct err *err)
{
	struct delivery d = {
		.ticket_id = t->id,
		.department = e->config->departments[department].code,
		.event = str_of(lifecycle_event_name(deed->act.event)),
		.urgent = t->urgent,
	};
	size_t n;
	struct way *ways = ways_of(e, (size_t)department, &n);

	if (store_event_last(e->store, t->id, &d.event_id, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct config_way *c = way_config(e, &ways[i]);
		enum forward_what told = what_by(e, &ways[i], what, was, t);
		bool reserve = c->reserve;

		d.what = str_of(forward_what_name(told));
		if (reserve && told == FORWARD_GONE) {
			if (knows(e, &ways[i], &d, &reserve, err))
				return -1;
			reserve = !reserve;
		}
		/* What becomes of it officers hear of by news.c. */
		if (reserve || (c->by == WAY_SMS && told != FORWARD_NEW) ||
		    !way_fits(e, &ways[i], t, told) ||
		    (c->hours == WAY_OUTSIDE_HOURS &&
		     calendar_office_open(e->config->calendar, e->wall_ms)))
			continue;
		if (put(e, &ways[i], &d, t, err))
			return -1;
	}
	return 0;
}

int ticket_forward(struct engine *e, const struct ticket *t, const struct deed *deed,
		   const struct ticket *was, struct err *err)
{
	int had = holder(e, was), has = holder(e, t);

	if (had >= 0 && had != has &&
	    tell_department(e, had, FORWARD_GONE, t, deed, was, err))
		return -1;
	if (has < 0)
		return 0;
	if (had != has)
		return tell_department(e, has, FORWARD_NEW, t, deed, was, err);
	return is_news(deed, t) ? tell_department(e, has, FORWARD_NEWS, t, deed, was, err)
				: 0;
}
