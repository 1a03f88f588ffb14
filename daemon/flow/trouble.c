/* SPDX-License-Identifier: MIT */
/*
 * Trouble with the store. When it fails, the turn's changes in memory are put back, and
 * the store is opened again with growing pauses until a write proves it; when the disk
 * is nearly full, nothing new is taken in. Said in the log once a minute, not more.
 */
#include "flow/flow.h"

#include <stdio.h>

#include "base/log.h"

enum {
	SPACE_EVERY_MS = 1000,
	STORE_RETRY_MOST_MS = 5000,
	STORE_GIVE_UP_MS = 120000,
	SAY_EVERY_MS = 60000,
};

static void store_say(struct engine *e, const char *event)
{
	if (e->said_ms && e->mono_ms - e->said_ms < SAY_EVERY_MS)
		return;
	e->said_ms = e->mono_ms ? e->mono_ms : 1;
	log_event(LOG_LEVEL_ERROR, event, LOG_Z("why", e->store_trouble));
}

/*
 * After trouble the store may hold rows as "sending" that no carrier has: a commit whose
 * answer was lost. dispatch compares as soon as nothing of a provider is in flight.
 */
/* Opened again is not enough: on a full disk only writing shows it. */
static int store_prove(struct engine *e, struct err *err)
{
	int64_t n;

	if (store_reopen(e->store, err) || store_begin(e->store, err))
		return -1;
	/* The commit whose answer was lost may have ended or begun something. */
	e->plan.parts_due_ms = e->plan.due_ms = e->plan.duty_due_ms = 0;
	if (store_count_add(e->store, "store_proved", 0, 1, &n, err) == 0 &&
	    incidents_load(e, err) == 0 && store_commit(e->store, err) == 0)
		return 0;
	store_rollback(e->store);
	return -1;
}

void trouble_try_again(struct engine *e)
{
	struct err err;

	if (e->mono_ms < e->store_retry_ms)
		return;
	if (store_prove(e, &err)) {
		e->store_tries++;
		e->store_retry_ms =
			e->mono_ms + backoff_ms(e->store_tries, 100, STORE_RETRY_MOST_MS,
						engine_chance(e));
		snprintf(e->store_trouble, sizeof(e->store_trouble), "%s", err.text);
		store_say(e, "store_lost");
		if (e->mono_ms - e->store_lost_since_ms > STORE_GIVE_UP_MS &&
		    !e->no_space) {
			log_event(LOG_LEVEL_ERROR, "store_given_up",
				  LOG_Z("why", err.text));
			e->exit_code = 74;
			e->stopping = true;
			e->stop_by_ms = e->mono_ms;
		}
		return;
	}
	e->store_lost = false;
	for (size_t i = 0; i < e->config->n_providers; i++)
		e->providers[i].compare = true;
	ways_doubt(e);
	e->mail.out_compare = true;
	memcpy(e->providers_before, e->providers, sizeof(e->providers));
	e->plan_before = e->plan;
	e->mail_before = e->mail;
	ways_keep(e);
	log_event(LOG_LEVEL_NOTICE, "store_back",
		  LOG_I("after_ms", e->mono_ms - e->store_lost_since_ms));
}

void trouble_begin(struct engine *e, const struct err *err)
{
	store_rollback(e->store);
	if (!e->store_lost)
		e->store_lost_since_ms = e->mono_ms;
	if (e->store_retry_ms + 1000 < e->mono_ms)
		e->store_tries = 0;
	e->store_lost = true;
	e->store_tries++;
	e->store_retry_ms =
		e->mono_ms +
		backoff_ms(e->store_tries, 50, STORE_RETRY_MOST_MS, engine_chance(e));
	snprintf(e->store_trouble, sizeof(e->store_trouble), "%s", err->text);
	store_say(e, "turn_failed");
	memcpy(e->providers, e->providers_before, sizeof(e->providers));
	e->stats = e->stats_before;
	e->plan = e->plan_before;
	e->mail = e->mail_before;
	ways_put_back(e);
	e->stats.turns_failed++;
}

void trouble_look_at_space(struct engine *e)
{
	struct err err;
	bool was = e->no_space;

	if (e->mono_ms < e->space_at_ms)
		return;
	e->space_at_ms = e->mono_ms + SPACE_EVERY_MS;
	e->no_space = store_space(e->store, e->config->store.reserve_mb << 20, &err) != 0;
	if (e->no_space) {
		snprintf(e->store_trouble, sizeof(e->store_trouble), "%s", err.text);
		store_say(e, "store_space_low");
	} else if (was) {
		log_event(LOG_LEVEL_NOTICE, "store_space_back", LOG_I("ok", 1));
	}
}
