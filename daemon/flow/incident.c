/* SPDX-License-Identifier: MIT */
/*
 * Declared events: a flood, a power cut. While one goes on, complaints for its department
 * from its place are merged, at once, into the first of them; their senders keep their
 * own numbers, hear every step, and get what is broadcast. Only an operator declares one,
 * for a wrong merge buries a complaint. The events that go on are few and kept in memory.
 */
#include "flow/flow.h"

#include "base/log.h"

int incidents_load(struct engine *e, struct err *err)
{
	struct incident *list;
	size_t n;

	if (store_incidents(e->store, true, e->turn, &list, &n, err))
		return -1;
	e->plan.n_incidents = n < INCIDENTS_MOST ? n : INCIDENTS_MOST;
	for (size_t i = 0; i < e->plan.n_incidents; i++)
		e->plan.incidents[i] = list[i].id;
	return 0;
}

static bool is_about(const struct incident *i, const struct ticket *t)
{
	return (i->department.n == 0 || str_eq(i->department, t->department)) &&
	       (i->kecamatan.n == 0 || str_eq_nocase(i->kecamatan, t->kecamatan)) &&
	       (i->desa.n == 0 || str_eq_nocase(i->desa, t->desa));
}

int incident_head(struct engine *e, struct ticket *t, struct ticket *head, bool *found,
		  struct err *err)
{
	struct incident *list;
	struct ticket *first;
	size_t n, m;

	*found = false;
	if (e->plan.n_incidents == 0 || t->life.sensitive || t->life.secret)
		return 0;
	if (store_incidents(e->store, true, e->item, &list, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!is_about(&list[i], t))
			continue;
		t->incident_id = list[i].id;
		if (store_tickets_group(e->store, TICKETS_OF_INCIDENT, list[i].id, 0, 1,
					e->item, &first, &m, err))
			return -1;
		*found = m && lifecycle_may_follow(&t->life, &first[0].life);
		if (*found)
			*head = first[0];
		return 0;
	}
	return 0;
}

/* ---- for the operator ---- */

int engine_incident_start(struct engine *e, const struct incident *declared, int64_t *id,
			  struct err *err)
{
	struct incident i = *declared;

	if (e->plan.n_incidents == INCIDENTS_MOST)
		return err_set(err, ERR_LIMIT, "%d events go on already", INCIDENTS_MOST);
	i.started_ms = e->wall_ms;
	if (store_incident_add(e->store, &i, id, err))
		return -1;
	return incidents_load(e, err);
}

int engine_incident_end(struct engine *e, int64_t id, struct err *err)
{
	if (store_incident_end(e->store, id, e->wall_ms, err))
		return -1;
	return incidents_load(e, err);
}

/* *told: it was queued. */
static int tell_one(struct engine *e, const struct ticket *t, struct str words,
		    bool *told, struct err *err)
{
	struct person p;
	struct saying said = {
		.to = &p,
		.provider = provider_index(e, t->provider),
		.key = REPLY_SIAR,
		.ticket_id = t->id,
		.priority = 2,
		/* Into the queue, where receipts go first. */
		.not_before_ms = e->wall_ms + 1,
	};
	enum silence why = SILENCE_COUNT;

	*told = false;
	if (store_person_get(e->store, t->person_id, e->item, &p, err))
		return -1;
	if (p.stopped || t->muted || p.kind != SENDER_MOBILE || p.address.n == 0) {
		e->stats.silences[SILENCE_STOPPED]++;
		return 0;
	}
	said.values[VALUE_TEKS] = words;
	said.values[VALUE_NO] = arena_printf(e->item, "%lld", (long long)t->no);
	if (say_queue(e, &said, &why, err))
		return -1;
	*told = why == SILENCE_COUNT;
	return 0;
}

/* Once to each who has a ticket there, under his newest one there, whatever else he has
 * filed since. */
int engine_incident_say(struct engine *e, int64_t id, struct str words, int64_t *told,
			struct err *err)
{
	enum { PAGE = 200 };
	struct arena *pages = arena_new("broadcast", 64 << 20);
	struct ticket *page;
	int64_t after = 0;
	size_t n = 0;
	int rc = 0;

	*told = 0;
	if (!pages)
		return err_set(err, ERR_LIMIT, "no memory for a broadcast");
	do {
		arena_reset(pages);
		rc = store_tickets_group(e->store, TICKETS_TO_TELL, id, after, PAGE,
					 pages, &page, &n, err);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			bool queued;

			arena_reset(e->item);
			after = page[i].id;
			rc = tell_one(e, &page[i], words, &queued, err);
			*told += rc == 0 && queued;
		}
	} while (rc == 0 && n == PAGE);
	arena_free(pages);
	if (rc == 0)
		log_event(LOG_LEVEL_NOTICE, "broadcast", LOG_I("incident", id),
			  LOG_I("told", *told));
	return rc;
}
