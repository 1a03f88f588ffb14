/* SPDX-License-Identifier: MIT */
/* The engine's birth, its thread, its end, and what the other files of flow/ need of it.
 */
#include "flow/duty.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"

enum {
	TURN_CEILING = 64 << 20,
	ITEM_CEILING = 64 << 20, /* a broadcast to thousands */
	WAIT_MOST_MS = 500,	 /* the heartbeat */
	DIGESTED = 16,		 /* the carrier reads it, and the adapter what was read */
	WAIT_ASKED_MOST_MS = 3600000,
};

/* ---- small services for the other files ---- */

double engine_chance(const struct engine *e)
{
	return e->chance ? e->chance() : 0.5;
}

struct sms_ctx provider_ctx(const struct engine *e, size_t i, struct arena *arena)
{
	const struct config_provider *p = &e->config->providers[i];

	return (struct sms_ctx){
		.settings = p->settings,
		.arena = arena,
		.provider = p->id,
		.number = p->number,
		.state = STR(""),
		.wall_ms = e->wall_ms,
		.zone_s = e->config->zone_s,
	};
}

/* A slip of three zeros, or of a century, must not silence a provider until a restart. */
int64_t provider_wait_ms(struct engine *e, size_t i, const struct response *response)
{
	const struct config_provider *c = &e->config->providers[i];
	int64_t most = c->backoff_most_ms > WAIT_ASKED_MOST_MS ? c->backoff_most_ms
							       : WAIT_ASKED_MOST_MS;
	int64_t asked = http_retry_after_ms(response, e->wall_ms);

	if (asked <= most)
		return asked;
	if (e->mono_ms >= e->providers[i].wait_said_ms) {
		e->providers[i].wait_said_ms = e->mono_ms + most;
		log_event(LOG_LEVEL_WARNING, "retry_after_cut", LOG_S("provider", c->id),
			  LOG_I("asked_ms", asked), LOG_I("waits_ms", most));
	}
	return most;
}

void provider_trouble(char *words, size_t size, const char *sentence)
{
	snprintf(words, size, "%s", sentence);
}

struct outgoing *provider_outgoing(struct engine *e, size_t i, enum letter_kind kind,
				   uint32_t lane, unsigned width)
{
	const struct config_provider *p = &e->config->providers[i];
	/* The answer, and what an adapter makes of it: many small elements are larger. */
	size_t room = (size_t)p->answer_kb * 1024 * DIGESTED + (256 << 10);
	struct outgoing *out = outgoing_new(room);

	if (!out)
		return NULL;
	out->letter.kind = (int)kind;
	out->lane = (uint32_t)i * 4 + lane;
	out->lane_width = width;
	out->connect_ms = p->connect_ms;
	out->total_ms = p->timeout_ms;
	out->provider = arena_str(out->arena, p->id);
	out->ca_file = arena_str(out->arena, p->ca_file);
	return out;
}

int provider_described(struct engine *e, size_t i, struct outgoing *out, struct err *err)
{
	out->exchange.ceiling_bytes = (size_t)e->config->providers[i].answer_kb * 1024;
	return exchange_own(&out->exchange, out->arena, err);
}

int provider_index(const struct engine *e, struct str id)
{
	for (size_t i = 0; i < e->config->n_providers; i++)
		if (str_eq(e->config->providers[i].id, id))
			return (int)i;
	return -1;
}
/* ---- the thread ---- */

int64_t engine_next_ms(const struct engine *e)
{
	int64_t next = e->tidy_at_ms;
	int64_t to_mono = e->mono_ms - e->wall_ms, waited = callers_next_ms(e);

	if (e->store_lost)
		return e->store_retry_ms;
	if (e->carried)
		return e->mono_ms;
	if (e->stopping)
		return e->stop_by_ms;
	if (waited < next)
		next = waited;
	if (e->plan.passing && e->plan.retain_at_ms < next)
		next = e->plan.retain_at_ms;
	if (e->plan.parts_due_ms != INT64_MAX && e->plan.parts_due_ms + to_mono < next)
		next = e->plan.parts_due_ms + to_mono;
	if (e->plan.due_ms != INT64_MAX && e->plan.due_ms + to_mono < next)
		next = e->plan.due_ms + to_mono;
	if (e->plan.daily_ms != INT64_MAX && e->plan.daily_ms + to_mono < next)
		next = e->plan.daily_ms + to_mono;
	if (e->plan.duty_due_ms != INT64_MAX && e->plan.duty_due_ms + to_mono < next)
		next = e->plan.duty_due_ms + to_mono;
	for (size_t i = 0; i < e->config->n_providers; i++) {
		const struct provider *p = &e->providers[i];
		int64_t at = p->poll_at_ms;

		if (p->raw_waiting)
			return e->mono_ms;
		if (!poll_on_its_way(e, i) && at < next && !p->paused && !e->no_space)
			next = at;
		at = dispatch_next_ms(e, i);
		if (at < next)
			next = at;
	}
	if (e->mail.waiting && !e->no_space)
		return e->mono_ms;
	if (mail_out_next_ms(e) < next)
		next = mail_out_next_ms(e);
	if (inbox_next_ms(e) < next)
		next = inbox_next_ms(e);
	if (watch_next_ms(e) < next)
		next = watch_next_ms(e);
	return deliver_next_ms(e) < next ? deliver_next_ms(e) : next;
}

bool engine_stopped(const struct engine *e)
{
	return e->stopping &&
	       ((e->in_hand == 0 && !e->carried) || e->mono_ms >= e->stop_by_ms);
}

int engine_exit_code(const struct engine *e)
{
	return e->exit_code;
}

void engine_run(struct engine *e, _Atomic int64_t *heartbeat_ms)
{
	e->gathers = true;
	while (!engine_stopped(e)) {
		int64_t now = clock_mono_ms(), until = engine_next_ms(e);

		*heartbeat_ms = now;
		if (until > now + WAIT_MOST_MS)
			until = now + WAIT_MOST_MS;
		mailbox_wait(e->mailbox, until);
		engine_turn(e);
	}
}
/* ---- birth and death ---- */

static int tickets_count(struct engine *e, struct err *err)
{
	struct count_row *rows;
	size_t n;

	memset(e->stats.tickets, 0, sizeof(e->stats.tickets));
	memset(e->stats.strays, 0, sizeof(e->stats.strays));
	if (store_count_tickets(e->store, e->turn, &rows, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		enum ticket_state state;

		if (ticket_state_read(rows[i].b, &state))
			ticket_counted(e, rows[i].a, state, rows[i].n);
	}
	return 0;
}

int providers_setup(struct engine *e, struct err *err)
{
	memset(e->providers, 0, sizeof(e->providers));
	memset(e->words, 0, sizeof(e->words));
	if (e->config->n_providers > STATS_PROVIDERS)
		return err_set(err, ERR_CONFIG, "more than %d providers",
			       STATS_PROVIDERS);
	for (size_t i = 0; i < e->config->n_providers; i++) {
		const struct config_provider *c = &e->config->providers[i];
		struct provider *p = &e->providers[i];
		double burst = c->send_rate < 1 ? 1 : c->send_rate;

		p->poll_at_ms = e->mono_ms;
		p->raw_waiting = (c->caps & SMS_READ_ONCE) != 0;
		p->backlog = true;
		bucket_init(&p->bucket, c->send_rate, burst, e->mono_ms);
		if (store_pause_get(e->store, c->id, &p->paused, err))
			return -1;
	}
	return tickets_count(e, err) || ways_setup(e, err) ? -1 : 0;
}

static int engine_recover(struct engine *e, struct err *err)
{
	turn_begin(e);
	if (store_begin(e->store, err))
		return -1;
	if (jump_start(e, err) || providers_setup(e, err) || dispatch_recover(e, err) ||
	    deliver_recover(e, err) || mail_start(e, err) || duty_start(e, err) ||
	    store_parts_next(e->store, &e->plan.parts_due_ms, err) ||
	    store_ticket_due_next(e->store, &e->plan.due_ms, err) ||
	    store_ticket_changed_last(e->store, &e->changed_ms, err) ||
	    incidents_load(e, err)) {
		store_rollback(e->store);
		return -1;
	}
	return store_commit(e->store, err);
}

int engine_new(const struct engine_settings *s, struct engine **out, struct err *err)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (!e) {
		config_free(s->config);
		store_close(s->store);
		return err_set(err, ERR_LIMIT, "no memory for the engine");
	}
	e->config = s->config;
	config_fixed_take(e->config, &e->fixed);
	e->store = s->store;
	e->carrier = s->carrier;
	e->mailbox = s->mailbox;
	e->desk = s->desk;
	e->chance = s->chance;
	e->turn = arena_new("turn", TURN_CEILING);
	e->item = arena_new("item", ITEM_CEILING);
	e->started_ms = clock_wall_ms();
	e->scrub = true; /* the one before may not have come to it */
	if (!e->turn || !e->item) {
		engine_free(e);
		return err_set(err, ERR_LIMIT, "no memory for the engine");
	}
	if (engine_recover(e, err)) {
		engine_free(e);
		return -1;
	}
	*out = e;
	return 0;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	callers_wake(e, true);
	if (e->mailbox && e->turn)
		turn_letters_drop(e);
	effects_drop(e);
	free(e->effects);
	ways_free(e);
	store_close(e->store);
	config_free(e->config);
	config_free(e->left);
	arena_free(e->turn);
	arena_free(e->item);
	free(e);
}

unsigned engine_carried(const struct engine *e)
{
	unsigned n = 0;

	for (const struct letter *l = e->carried; l; l = l->next)
		n += l->kind == LETTER_SENT;
	return n;
}
