/* SPDX-License-Identifier: MIT */
/*
 * SMS to the officers on duty. A new ticket goes to the liaison who is on duty by the
 * roster; an urgent one to all who are, and at an hour without any to all liaisons. What
 * can wait goes to the next who will be on duty, when he is. It says how to answer
 * ("TERIMA no"); any command on that ticket by an officer or the desk, by whatever way,
 * is an answer, and a bare "ok" or "siap" of whoever was called. What happens when none
 * comes is in duty_due.c.
 */
#include "flow/duty.h"

#include "base/log.h"

/* ---- who ---- */

bool duty_is(const struct engine *e, const struct config_officer *o,
	     struct str department, enum life_level level)
{
	return o->department >= 0 && o->level == level && !o->desk &&
	       str_eq(e->config->departments[o->department].code, department);
}

int64_t duty_next_ms(const struct engine *e, const struct config_officer *o)
{
	return roster_next(o->duty, o->n_duty, e->config->calendar, e->wall_ms);
}

static bool is_on(const struct engine *e, const struct config_officer *o)
{
	return duty_next_ms(e, o) == e->wall_ms;
}

/* Those whom a department has: its liaisons; without any, its head. */
static enum life_level level_of(const struct engine *e, struct str department)
{
	for (size_t i = 0; i < e->config->n_officers; i++)
		if (duty_is(e, &e->config->officers[i], department, LIFE_LEVEL_OFFICER))
			return LIFE_LEVEL_OFFICER;
	return LIFE_LEVEL_HEAD;
}

/* Whose duty is now, or begins first; the first of the list among equals. */
static const struct config_officer *first_on(const struct engine *e,
					     struct str department, enum life_level level)
{
	const struct config_officer *first = NULL;

	for (size_t i = 0; i < e->config->n_officers; i++) {
		const struct config_officer *o = &e->config->officers[i];

		if (duty_is(e, o, department, level) &&
		    (!first || duty_next_ms(e, o) < duty_next_ms(e, first)))
			first = o;
	}
	return first;
}

/* ---- telling ---- */

static const struct config_way_sms *sms_of(struct engine *e, const struct delivery *d)
{
	const struct way *w = way_find(e, d->department, d->way);

	return w && way_config(e, w)->by == WAY_SMS ? way_config(e, w)->settings : NULL;
}

int64_t duty_until(struct engine *e, const struct delivery *d, int64_t told_ms)
{
	const struct config_way_sms *sms = sms_of(e, d);

	return sms && sms->acknowledge_ms ? told_ms + sms->acknowledge_ms : 0;
}

int duty_tell(struct engine *e, const struct delivery *d, const struct ticket *t,
	      const struct config_officer *o, enum reply_key key, int64_t not_before_ms,
	      int64_t *told_ms, struct err *err)
{
	struct officer_call call = { .not_before_ms = not_before_ms };
	int64_t person;

	ticket_call_as(e, t, key, &call);
	if (news_officer(e, o, t, &call, &person, told_ms, err))
		return -1;
	if (*told_ms == 0)
		return 0;
	log_event(LOG_LEVEL_INFO, "duty_called", LOG_I("ticket", t->no),
		  LOG_S("department", d->department),
		  LOG_Z("rank", lifecycle_level_name(o->level)));
	return store_duty_call(e->store, d->id, t->id, person, e->wall_ms,
			       duty_until(e, d, *told_ms) != 0, err);
}

/* All whose duty is now; without any, all. */
static int tell_all(struct engine *e, const struct delivery *d, const struct ticket *t,
		    enum life_level level, int64_t *last_ms, struct err *err)
{
	const struct config_officer *first = first_on(e, d->department, level);
	bool some_on = first && is_on(e, first);

	for (size_t i = 0; i < e->config->n_officers; i++) {
		const struct config_officer *o = &e->config->officers[i];
		int64_t told;

		if (!duty_is(e, o, d->department, level) || (some_on && !is_on(e, o)))
			continue;
		if (duty_tell(e, d, t, o, REPLY_COUNT, 0, &told, err))
			return -1;
		*last_ms = told > *last_ms ? told : *last_ms;
	}
	return 0;
}

static int tell_one(struct engine *e, const struct delivery *d, const struct ticket *t,
		    enum life_level level, int64_t *told_ms, struct err *err)
{
	const struct config_officer *o = first_on(e, d->department, level);

	return o ? duty_tell(e, d, t, o, REPLY_COUNT, duty_next_ms(e, o), told_ms, err)
		 : 0;
}

int duty_deliver(struct engine *e, const struct delivery *d, const struct ticket *t,
		 bool *done, struct err *err)
{
	enum life_level level = level_of(e, d->department);
	int64_t told = 0, until;

	*done = true;
	if (forward_what_read(d->what) != FORWARD_NEW)
		return 0; /* news.c tells whom it concerns */
	if (t->urgent ? tell_all(e, d, t, level, &told, err)
		      : tell_one(e, d, t, level, &told, err))
		return -1;
	*done = told != 0;
	until = told ? duty_until(e, d, told) : 0;
	if (until && until < e->plan.duty_due_ms)
		e->plan.duty_due_ms = until;
	return until ? store_duty_ack(e->store, d->id, until, err) : 0;
}

/* ---- trying it ---- */

static int test_one(struct engine *e, const struct way *w, const struct config_officer *o,
		    const char **refusal, struct err *err)
{
	struct person p;
	struct saying said = {
		.to = &p, .provider = -1, .key = REPLY_PET_UJI, .priority = 1
	};
	enum silence why = SILENCE_TOTAL;
	bool stop;

	said.values[VALUE_OPD] = way_department(e, w);
	said.values[VALUE_INSTANSI] = way_config(e, w)->name;
	if (store_person(e->store, o->phone, SENDER_MOBILE, e->wall_ms, &p, err) ||
	    say_within_day(e, false, &stop, err) ||
	    (!stop && say_queue(e, &said, &why, err)))
		return -1;
	*refusal =
		why == SILENCE_COUNT ? NULL : "the day's share of SMS is used up: guards";
	return 0;
}

int duty_test(struct engine *e, const struct way *w, struct str phone, int64_t *n,
	      const char **refusal, struct err *err)
{
	enum life_level level = level_of(e, way_department(e, w));

	*n = 0;
	*refusal = say_provider(e, -1) < 0 ? "no provider can send" : NULL;
	for (size_t i = 0; i < e->config->n_officers && !*refusal; i++) {
		const struct config_officer *o = &e->config->officers[i];

		if (phone.n ? !str_eq(o->phone, phone)
			    : !duty_is(e, o, way_department(e, w), level))
			continue;
		if (test_one(e, w, o, refusal, err))
			return -1;
		*n += !*refusal;
	}
	if (*n == 0 && !*refusal)
		*refusal = phone.n ? "no officer has that number: officers.conf"
				   : "the department has no officer: officers.conf";
	return 0;
}

bool duty_takes(struct engine *e, const struct ticket *t)
{
	int department = config_department(e->config, t->department);
	const struct way *ways;
	size_t n = 0;

	if (department < 0 || !e->config->departments[department].n_ways)
		return false;
	ways = ways_of(e, (size_t)department, &n);
	for (size_t i = 0; ways && i < n; i++) {
		const struct config_way *c = way_config(e, &ways[i]);

		if (c->by == WAY_SMS && !c->reserve && !ways[i].stopped &&
		    way_fits(e, &ways[i], t, FORWARD_NEW) &&
		    (c->hours != WAY_OUTSIDE_HOURS ||
		     !calendar_office_open(e->config->calendar, e->wall_ms)))
			return true;
	}
	return false;
}

int duty_called(struct engine *e, const struct config_officer *o, const struct ticket *t,
		bool *called, struct err *err)
{
	struct person p;

	*called = false;
	if (store_person_find(e->store, o->phone, &p, called, err))
		return -1;
	return *called ? store_duty_called(e->store, t->id, p.id, called, err) : 0;
}

/* ---- answers ---- */

int duty_answered(struct engine *e, const struct ticket *t, struct err *err)
{
	return store_duty_answered(e->store, t->id, err);
}

enum { LISTED_MOST = 20, NAMED_MOST = 4 };

/* Each ticket once, its own department's only. */
static int waiting_of(const struct order *o, struct ticket *out, size_t *n,
		      struct err *err)
{
	int64_t *ids, last = 0;
	size_t n_ids;

	*n = 0;
	if (store_duty_waiting(o->e->store, o->h->person.id, LISTED_MOST, o->e->item,
			       &ids, &n_ids, err))
		return -1;
	for (size_t i = 0; i < n_ids && *n < NAMED_MOST; i++) {
		bool there = ids[i] == last;

		for (size_t k = 0; k < *n; k++)
			there = there || out[k].id == ids[i];
		last = ids[i];
		if (there)
			continue;
		if (store_ticket_get(o->e->store, ids[i], o->e->item, &out[*n], err))
			return -1;
		*n += o->by->department >= 0 &&
		      forward_has(&out[*n],
				  o->e->config->departments[o->by->department].code);
	}
	return 0;
}

/* "25004176, 25004184" */
static struct str numbers_of(const struct order *o, const struct ticket *t, size_t n)
{
	struct str s = STR("");

	for (size_t i = 0; i < n && s.p; i++)
		s = arena_printf(o->e->item, "%.*s%s%lld", STR_ARG(s), i ? ", " : "",
				 (long long)t[i].no);
	return s;
}

static int note_ready(const struct order *o, const struct ticket *t, struct err *err)
{
	const struct event event = {
		.ticket_id = t->id,
		.at_ms = o->e->wall_ms,
		.kind = STR("siap"),
		.actor = arena_printf(o->e->item, "petugas:%.*s", STR_ARG(t->department)),
		.message_id = o->h->id,
		.note = STR(""),
	};

	o->h->ticket_id = t->id;
	return store_event_add(o->e->store, &event, err) || duty_answered(o->e, t, err)
		       ? -1
		       : 0;
}

int duty_ready(const struct order *o, bool *done, struct err *err)
{
	struct str values[VALUE_COUNT] = { 0 };
	struct ticket t[NAMED_MOST + 1];
	size_t n;

	*done = false;
	if (!officer_is_ready(o->h->text))
		return 0;
	if (waiting_of(o, t, &n, err))
		return -1;
	if (n == 0)
		return 0;
	*done = true;
	o->h->kind = str_of(text_kind_name(KIND_COMMAND));
	o->h->note = STR("siap");
	o->h->expected = o->h->order = true;
	if (n == 1)
		return note_ready(o, &t[0], err) ||
				       order_say(o, REPLY_PET_SIAP, &t[0], NULL, err)
			       ? -1
			       : 0;
	values[VALUE_TEKS] = numbers_of(o, t, n);
	return order_say(o, REPLY_PET_SIAP_MANA, &t[0], values, err);
}
