/* SPDX-License-Identifier: MIT */
/* What the console may see of the engine, and the little that it may do. Engine's thread.
 */
#include "flow/flow.h"

int64_t engine_now_ms(const struct engine *e)
{
	return e->wall_ms;
}

struct store *engine_store(struct engine *e)
{
	return e->store;
}

const struct config *engine_config(const struct engine *e)
{
	return e->config;
}

const struct stats *engine_stats(const struct engine *e)
{
	return &e->stats;
}

int64_t engine_started_ms(const struct engine *e)
{
	return e->started_ms;
}

const char *engine_trouble(const struct engine *e)
{
	if (e->stopping)
		return "stopping";
	return e->store_lost || e->no_space ? e->store_trouble : NULL;
}

void engine_ask_reload(struct engine *e, struct incoming *asker)
{
	e->carrier.reload(e->carrier.self, asker);
}

bool engine_list_may(const struct engine *e)
{
	return e->mono_ms >= e->list_after_ms;
}

void engine_list_took(struct engine *e, int64_t us)
{
	enum { REST = 4 };

	/* The turn's clock stands since before the list was made. */
	e->list_after_ms = e->mono_ms + (REST + 1) * us / 1000;
}

struct provider_view engine_provider(const struct engine *e, size_t i)
{
	const struct provider *p = &e->providers[i];

	return (struct provider_view){
		.config = &e->config->providers[i],
		.paused = p->paused,
		.failures = p->failures,
		.trouble = e->words[i].trouble,
		.next_poll_in_ms =
			p->poll_at_ms > e->mono_ms ? p->poll_at_ms - e->mono_ms : 0,
		.in_flight = p->in_flight,
		.send_failures = p->send_failures,
		.send_trouble = e->words[i].send_trouble,
		.send_pause_ms =
			p->send_after_ms > e->mono_ms ? p->send_after_ms - e->mono_ms : 0,
	};
}

struct inbox_view engine_inbox(const struct engine *e)
{
	const struct mail_work *m = &e->mail;

	return (struct inbox_view){
		.address = e->config->mail.inbox,
		.last_good_ms = m->good_ms,
		.failures = m->failures,
		.trouble = e->inbox_trouble,
		.next_in_ms = m->ask_at_ms > e->mono_ms ? m->ask_at_ms - e->mono_ms : 0,
	};
}

int engine_pause(struct engine *e, size_t i, bool paused, struct err *err)
{
	if (store_pause_set(e->store, e->config->providers[i].id, paused, err))
		return -1;
	e->providers[i].paused = paused;
	e->providers[i].poll_at_ms = e->mono_ms;
	return 0;
}

const char *engine_due_name(const struct engine *e, const struct ticket *t)
{
	struct due due;

	return clocks_next(ticket_rules(e, t), e->config->calendar, &t->life, &t->clocks,
			   e->wall_ms, &due)
		       ? clocks_due_name(due.kind)
		       : "";
}

double engine_cost_today(struct engine *e, struct str provider)
{
	struct str name = provider.n
				  ? arena_printf(e->turn, "cost:%.*s", STR_ARG(provider))
				  : STR("cost");
	int64_t cost = 0;
	struct err err;

	if (!name.p || e->store_lost ||
	    store_count_add(e->store, name.p, e->day, 0, &cost, &err))
		return 0;
	return say_cost_of(cost);
}

int engine_decide(struct engine *e, int64_t id, bool resend, bool *found, struct err *err)
{
	enum { LASTS_MS = 86400000 };

	if (store_out_decide(e->store, id, resend, e->wall_ms, e->wall_ms + LASTS_MS,
			     found, err))
		return -1;
	for (size_t i = 0; *found && resend && i < e->config->n_providers; i++) {
		e->providers[i].backlog = true;
		e->providers[i].claim_at_ms = e->wall_ms;
	}
	return 0;
}
