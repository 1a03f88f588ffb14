/* SPDX-License-Identifier: MIT */
/*
 * What a delivery tells, made from the ticket and its history at the moment when it
 * leaves: a delivery holds no words. Numbers in all words are masked; of a secret or
 * sensitive ticket there are no words and no place; of people there are only roles.
 *
 * A ticket may have moved on since the delivery was queued. What is no longer the
 * department's is not told any more, and that it is gone only to who knew of it.
 */
#include "flow/flow.h"

enum { HISTORY_MOST = 100 };

static const char *const what_names[] = {
	[FORWARD_NEW] = "new",	     [FORWARD_NEWS] = "news", [FORWARD_GONE] = "gone",
	[FORWARD_DIGEST] = "digest", [FORWARD_TEST] = "test",
};

const char *forward_what_name(enum forward_what what)
{
	return what_names[what];
}

enum forward_what forward_what_read(struct str name)
{
	int what = FORWARD_NEW;

	while (what < FORWARD_TEST && !str_eq(str_of(what_names[what]), name))
		what++;
	return (enum forward_what)what;
}

struct forward_ctx forward_ctx_of(const struct engine *e, const struct way *w,
				  struct arena *arena)
{
	return (struct forward_ctx){
		.settings = w ? way_config(e, w)->settings : NULL,
		.mail = &e->config->mail,
		.arena = arena,
		.gateway = e->config->gateway.name,
		.wall_ms = e->wall_ms,
		.zone_s = e->config->zone_s,
	};
}

static struct str masked(const struct engine *e, struct str words, struct arena *arena)
{
	return mask_numbers(words,
			    (unsigned)e->config->gateway.number_width + TICKETNO_BESIDE,
			    arena);
}

/* "petugas:PUPR:ujang@…" → "petugas:PUPR", "meja:rina" → "meja": no person. */
static struct str role_of(struct str actor)
{
	size_t colon = str_find_char(actor, ':');
	struct str rest =
		str_slice(actor, colon < actor.n ? colon + 1 : actor.n, actor.n);

	if (!str_starts(actor, STR("petugas:")))
		return str_slice(actor, 0, colon);
	return str_slice(actor, 0, colon + 1 + str_find_char(rest, ':'));
}

/* *own: the event that the delivery is about. */
static int history(struct engine *e, const struct delivery *d, struct arena *arena,
		   struct forward *f, struct err *err)
{
	struct event *events;
	size_t n, from;

	if (store_events(e->store, d->ticket_id, arena, &events, &n, err))
		return -1;
	from = n > HISTORY_MOST ? n - HISTORY_MOST : 0;
	f->history = ARENA_NEW(arena, struct forward_event, n - from + 1);
	for (size_t i = 0; f->history && i < n; i++) {
		const struct event *v = &events[i];
		bool opened = str_starts(v->kind, STR("opened_"));
		struct str words = STR("");
		enum life_event event;

		if (!lifecycle_event_read(v->kind, &event))
			continue; /* about a person, not about the matter */
		if (!f->hidden && !v->hidden &&
		    (i >= from || opened || v->id == d->event_id))
			words = masked(e, v->note.n || opened ? v->note : v->text, arena);
		if (!words.p)
			return err_set(err, ERR_LIMIT, "no room for a history");
		if (opened && f->summary.n == 0)
			f->summary = words;
		f->place_asked = f->place_asked || event == LIFE_ASK_PLACE;
		if (v->id == d->event_id) {
			f->at_ms = v->at_ms;
			f->words = opened ? STR("") : words;
		}
		if (i < from)
			continue;
		f->history[f->n_history++] =
			(struct forward_event){ v->at_ms, v->kind, role_of(v->actor),
						words };
	}
	return f->history ? 0 : err_set(err, ERR_LIMIT, "no room for a history");
}

static int of_ticket(struct engine *e, const struct ticket *t, const struct delivery *d,
		     struct arena *arena, struct forward *f, struct err *err)
{
	int64_t followers;

	f->no = t->no;
	f->state = str_of(ticket_state_code(t->life.state));
	f->kind = str_of(ticket_kind_code(t->life.kind));
	f->urgent = t->urgent;
	f->hidden = t->life.secret || t->life.sensitive;
	f->text = f->hidden ? STR("") : masked(e, t->text, arena);
	f->place = place_words(f->text, arena);
	f->kecamatan = f->hidden ? STR("") : t->kecamatan;
	f->desa = f->hidden ? STR("") : t->desa;
	f->channel = str_eq(t->provider, STR(WEB_PROVIDER)) ? STR("web") : STR("sms");
	f->opened_ms = t->opened_ms;
	f->answer_due_ms =
		clocks_deadline(ticket_rules(e, t), e->config->calendar, &t->life,
				&t->clocks, LIFE_CLOCK_ANSWER, e->wall_ms);
	f->settle_due_ms =
		clocks_deadline(ticket_rules(e, t), e->config->calendar, &t->life,
				&t->clocks, LIFE_CLOCK_SETTLE, e->wall_ms);
	f->transfers = t->life.transfers;
	f->reopens = t->life.reopens;
	if (!f->text.p)
		return err_set(err, ERR_LIMIT, "no room for a ticket's words");
	if (history(e, d, arena, f, err) ||
	    store_followers_count(e->store, t->id, &followers, err))
		return -1;
	f->reporters = 1 + (unsigned)followers;
	return 0;
}

/* Whether whom it goes to, or went to at first, knew of the ticket. */
static int is_known(struct engine *e, const struct delivery *d, bool *known,
		    struct err *err)
{
	struct delivery at = *d;
	int64_t first = 0;

	for (int i = 0; i < 8; i++) {
		if (store_delivery_known(e->store, &at, known, err))
			return -1;
		first = at.instead_of;
		if (*known || !first)
			return 0;
		if (store_delivery_get(e->store, first, e->item, &at, err))
			return -1;
	}
	return 0;
}

/* Not its own any more, or the end of what it never heard of. */
static int is_stale(struct engine *e, const struct delivery *d, const struct ticket *t,
		    bool *stale, struct err *err)
{
	bool gone = forward_what_read(d->what) == FORWARD_GONE;
	bool has = forward_has(t, d->department), known = true;

	if (gone && !has && is_known(e, d, &known, err))
		return -1;
	*stale = gone ? has || !known : !has;
	return 0;
}

/* For those whose other side makes threads, or is asked for its own id again. */
static int threads(struct engine *e, const struct way *w, const struct delivery *d,
		   struct arena *arena, struct forward *f, struct err *err)
{
	const struct forwarder *by = way_config(e, w)->forwarder;

	if (by->idempotent && !by->has_addresses)
		return 0; /* knows things by our id */
	return store_delivery_thread(e->store, d->ticket_id, d->department, d->way,
				     d->target, true, arena, &f->thread, err) ||
			       (f->thread.n &&
				store_delivery_thread(e->store, d->ticket_id,
						      d->department, d->way, d->target,
						      false, arena, &f->last, err))
		       ? -1
		       : 0;
}

/* What is open now; of another day than it was made for it tells nothing any more. */
static int digest(struct engine *e, const struct way *w, const struct delivery *d,
		  struct arena *arena, struct forward *f, bool *stale, struct err *err)
{
	const struct calendar *cal = e->config->calendar;
	struct when_date made = calendar_date_of(cal, d->created_ms),
			 now = calendar_date_of(cal, e->wall_ms);

	if (daily_rows(e, w->department, arena, &f->rows, &f->n_rows, &f->more_rows, err))
		return -1;
	*stale = when_day_number(made) != when_day_number(now) || f->n_rows == 0;
	return 0;
}

int forward_tell(struct engine *e, const struct way *w, const struct delivery *d,
		 struct arena *arena, struct forward *f, bool *stale, struct err *err)
{
	const struct config_department *department =
		&e->config->departments[w->department];
	struct ticket t;

	*stale = false;
	*f = (struct forward){
		/* After a backup is restored numbers are given again; times are not. */
		.id = arena_printf(arena, "ktg-fw-%lld-%llx", (long long)d->id,
				   (unsigned long long)d->created_ms / 1000),
		.delivery_id = d->id,
		.made_ms = d->created_ms,
		.to = arena_str(arena, d->target),
		.what = forward_what_read(d->what),
		.event = arena_str(arena, d->event),
		.attempt = d->attempts,
		.department = arena_str(arena, department->code),
		.department_name = arena_str(arena, department->name),
		.at_ms = d->created_ms,
	};
	if (!f->department_name.p)
		return err_set(err, ERR_LIMIT, "no room for a delivery");
	if (f->what == FORWARD_DIGEST)
		return digest(e, w, d, arena, f, stale, err);
	if (!d->ticket_id)
		return 0;
	if (store_ticket_get(e->store, d->ticket_id, arena, &t, err) ||
	    is_stale(e, d, &t, stale, err))
		return -1;
	if (*stale)
		return 0;
	if (of_ticket(e, &t, d, arena, f, err) || threads(e, w, d, arena, f, err))
		return -1;
	if (f->what ==
	    FORWARD_GONE) { /* what is not its own any more, it need not read */
		f->text = f->place = f->kecamatan = f->desa = STR("");
		f->n_history = 0;
	}
	return 0;
}
