/* SPDX-License-Identifier: MIT */
/*
 * News: what people are told without having texted just now. Citizens hear of their own
 * tickets, unless they asked not to, and at night only of danger; so do those whose
 * tickets were merged into one that moves. Officers hear of what waits for them: those of
 * the department, of the central desk, or whoever answers for it at a level.
 */
#include "flow/duty.h"

#include "model/mask.h"

/* ---- citizens ---- */

/* The provider that the ticket's text came by. */
static int provider_of(const struct engine *e, const struct ticket *t)
{
	return provider_index(e, t->provider);
}

/* *told: it was queued. */
static int news_to(struct engine *e, const struct person *p, const struct ticket *t,
		   const struct news *news, bool *told, struct err *err)
{
	struct saying said = {
		.to = p,
		.provider = provider_of(e, t),
		.key = news->key,
		.ticket_id = t->id,
		.priority = t->urgent ? 0 : 2,
	};
	enum silence why = SILENCE_COUNT;
	bool stop = false;

	*told = false;
	if (p->kind != SENDER_MOBILE || p->address.n == 0)
		return 0;
	if (p->stopped || t->muted) {
		e->stats.silences[SILENCE_STOPPED]++;
		return 0;
	}
	if (!t->urgent)
		said.not_before_ms =
			clocks_quiet(&e->config->clocks, e->config->calendar, e->wall_ms);
	if (say_within_day(e, t->urgent, &stop, err))
		return -1;
	memcpy(said.values, news->values, sizeof(said.values));
	said.values[VALUE_NO] = arena_printf(e->item, "%lld", (long long)t->no);
	if (stop)
		why = SILENCE_TOTAL;
	else if (say_queue(e, &said, &why, err))
		return -1;
	*told = why == SILENCE_COUNT;
	if (!*told)
		e->stats.silences[why]++;
	return 0;
}

/*
 * A question that the news asks is remembered, so that a bare answer is understood. Whose
 * text is being heard is saved after it: a copy from the store would be overwritten.
 */
static int news_to_owner(struct engine *e, const struct ticket *t,
			 const struct news *news, struct err *err)
{
	bool speaks = news->speaker && news->speaker->id == t->person_id, told;
	struct person other = { .id = 0 }, *p = speaks ? news->speaker : &other;

	if (news->but && news->but->id == t->id)
		return 0;
	if ((!speaks && store_person_get(e->store, t->person_id, e->item, p, err)) ||
	    news_to(e, p, t, news, &told, err))
		return -1;
	if (news->asks == ASKED_NOTHING || !told)
		return 0;
	if (asking_about(e, p, news->asks, t->no, err))
		return -1;
	return speaks ? 0 : store_person_save(e->store, p, err);
}

int news_citizens(struct engine *e, const struct ticket *t, const struct news *news,
		  struct err *err)
{
	enum { PAGE = 100 };
	struct ticket *page;
	int64_t after = 0;
	size_t n = 0;

	if (news_to_owner(e, t, news, err))
		return -1;
	do {
		if (store_tickets_group(e->store, TICKETS_FOLLOWERS, t->id, after, PAGE,
					e->item, &page, &n, err))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = page[i].id;
			if (page[i].life.state == TICKET_DIGABUNG &&
			    news_to_owner(e, &page[i], news, err))
				return -1;
		}
	} while (n == PAGE);
	return 0;
}

/* ---- officers ---- */

const struct config_officer *officer_of(const struct engine *e, struct str phone)
{
	for (size_t i = 0; i < e->config->n_officers; i++)
		if (str_eq(e->config->officers[i].phone, phone))
			return &e->config->officers[i];
	return NULL;
}

static bool is_meant(const struct engine *e, const struct config_officer *o,
		     const struct ticket *t, const struct officer_call *call)
{
	int department = config_department(e->config, t->department);

	if (call->desk)
		return o->desk;
	if (o->level < call->from || o->level > call->to)
		return false;
	return o->department < 0 ? !o->desk && o->level >= LIFE_LEVEL_SEKDA
				 : o->department == department;
}

static bool is_new(enum reply_key key)
{
	return key == REPLY_PET_BARU || key == REPLY_PET_BARU_RAHASIA ||
	       key == REPLY_PET_BARU_DARURAT || key == REPLY_PET_BARU_MEJA ||
	       key == REPLY_PET_DARURAT_MEJA;
}

/*
 * By his own setting; but where the roster says who hears of a new ticket (duty.c), news
 * says it to no liaison a second time, and whoever was called hears what becomes of it.
 */
static int wants(struct engine *e, const struct config_officer *o, const struct ticket *t,
		 const struct officer_call *call, bool *out, struct err *err)
{
	bool liaison = !call->desk && o->level == LIFE_LEVEL_OFFICER;

	if (is_new(call->key)) {
		*out = (o->news == OFFICER_NEWS_ALL ||
			(o->news == OFFICER_NEWS_URGENT && t->urgent)) &&
		       !(liaison && duty_takes(e, t));
		return 0;
	}
	*out = o->news != OFFICER_NEWS_NONE;
	return *out || !liaison ? 0 : duty_called(e, o, t, out, err);
}

/* What an officer may read of a text in an SMS: nothing of a secret one, and no numbers.
 */
static struct str shown(struct engine *e, const struct ticket *t, struct str words)
{
	if (t->life.secret || t->life.sensitive)
		return STR("(rahasia)");
	return mask_numbers(words,
			    (unsigned)e->config->gateway.number_width + TICKETNO_BESIDE,
			    e->item);
}

int news_officer(struct engine *e, const struct config_officer *o, const struct ticket *t,
		 const struct officer_call *call, int64_t *person, int64_t *told_ms,
		 struct err *err)
{
	struct person p;
	struct saying said = {
		.to = &p,
		.provider = -1,
		.key = call->key,
		.ticket_id = t->id,
		.priority = t->urgent ? 0 : 2,
		.not_before_ms = call->not_before_ms,
	};
	enum silence why;
	uint64_t queued = e->stats.replies_queued;

	if (said.not_before_ms < e->wall_ms)
		said.not_before_ms = e->wall_ms;
	if (!t->urgent) /* officers sleep, too */
		said.not_before_ms = clocks_quiet(&e->config->clocks, e->config->calendar,
						  said.not_before_ms);
	if (store_person(e->store, o->phone, SENDER_MOBILE, e->wall_ms, &p, err))
		return -1;
	*person = p.id;
	memcpy(said.values, call->values, sizeof(said.values));
	said.values[VALUE_NO] = arena_printf(e->item, "%lld", (long long)t->no);
	said.values[VALUE_TEKS] = shown(
		e, t, call->values[VALUE_TEKS].p ? call->values[VALUE_TEKS] : t->text);
	if (!said.values[VALUE_OPD].p)
		said.values[VALUE_OPD] = t->department;
	if (say_queue(e, &said, &why, err))
		return -1;
	*told_ms = e->stats.replies_queued > queued ? said.not_before_ms : 0;
	return 0;
}

int news_officers(struct engine *e, const struct ticket *t,
		  const struct officer_call *call, struct err *err)
{
	for (size_t i = 0; i < e->config->n_officers; i++) {
		const struct config_officer *o = &e->config->officers[i];
		int64_t person, told;
		bool wanted = false;

		if (!is_meant(e, o, t, call))
			continue;
		if (wants(e, o, t, call, &wanted, err) ||
		    (wanted && news_officer(e, o, t, call, &person, &told, err)))
			return -1;
	}
	return 0;
}
