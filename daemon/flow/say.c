/* SPDX-License-Identifier: MIT */
/*
 * Saying something: words in the language of whom it is said to, a row in the queue, and
 * when there is room at the provider the request itself, to leave after the commit. What
 * it costs is counted here; whether it may be said at all is decided in reply.c (answers
 * to a text) and news.c (everything else).
 */
#include "flow/flow.h"

enum { HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS };

/* Prices have at most four digits behind the point. */
static const double cost_unit = 10000;

/*
 * How old something may get before saying it would mislead. Not listed: the provider's
 * reply_ttl.
 */
static const struct {
	enum reply_key key;
	int64_t ms;
} ages[] = {
	/* "officers are on their way" */
	{ REPLY_PROSES, 12 * HOUR_MS },
	{ REPLY_KABAR, 12 * HOUR_MS },
	{ REPLY_SIAR, 6 * HOUR_MS },
	{ REPLY_PET_BARU_DARURAT, 6 * HOUR_MS },
	{ REPLY_PET_DARURAT_MEJA, 6 * HOUR_MS },
	/* A receipt or a result may go late. */
	{ REPLY_ACK_RUTE, 7 * DAY_MS },
	{ REPLY_ACK_PERIKSA, 7 * DAY_MS },
	{ REPLY_ACK_RAHASIA, 7 * DAY_MS },
	{ REPLY_ACK_GABUNG, 7 * DAY_MS },
	{ REPLY_SELESAI, 7 * DAY_MS },
	{ REPLY_TOLAK, 7 * DAY_MS },
	{ REPLY_TUTUP, 7 * DAY_MS },
};

static int64_t age_most(const struct config_provider *provider, enum reply_key key)
{
	for (size_t i = 0; i < sizeof(ages) / sizeof(*ages); i++)
		if (ages[i].key == key)
			return ages[i].ms;
	return provider->reply_ttl_ms;
}

const struct reply_texts *texts_for(const struct engine *e, const struct person *person,
				    enum reply_key key)
{
	const struct reply_texts *own = NULL;

	if (person->language > 0 && person->language < LANGUAGE_COUNT)
		own = e->config->texts_in[person->language];
	return own && reply_has(own, key) ? own : e->config->texts;
}

int say_provider(const struct engine *e, int first)
{
	if (first >= 0 && (e->config->providers[first].caps & SMS_SEND))
		return first;
	for (size_t i = 0; i < e->config->n_providers; i++)
		if (e->config->providers[i].caps & SMS_SEND)
			return (int)i;
	return -1;
}

/* ---- limits of the gateway's day ---- */

/* Adds to a count of the day; *stop and nothing added when that would be over the share.
 */
static int count_within(struct engine *e, const char *name, int64_t add, int64_t most,
			bool urgent, bool *stop, struct err *err)
{
	int64_t now;

	*stop = false;
	if (most > 0 && !urgent)
		most -= most * e->config->guards.reserve_percent / 100;
	if (store_count_add(e->store, name, e->day, add, &now, err))
		return -1;
	if (most <= 0 || now <= most)
		return 0;
	*stop = true;
	return store_count_add(e->store, name, e->day, -add, &now, err);
}

int say_within_day(struct engine *e, bool urgent, bool *stop, struct err *err)
{
	if (e->config->guards.replies_total_day <= 0) {
		*stop = false;
		return 0;
	}
	return count_within(e, "replies", 1, e->config->guards.replies_total_day, urgent,
			    stop, err);
}

/* What the segments cost, counted for all providers together and for each. */
static int cost_within(struct engine *e, size_t provider, unsigned segments, bool urgent,
		       bool *stop, struct err *err)
{
	double price = e->config->providers[provider].price * segments * cost_unit;
	double most = e->config->guards.cost_day * cost_unit;
	int64_t each;

	*stop = false;
	if (price <= 0)
		return 0;
	if (count_within(e, "cost", (int64_t)price, (int64_t)most, urgent, stop, err) ||
	    *stop)
		return *stop ? 0 : -1;
	return store_count_add(e->store,
			       arena_printf(e->item, "cost:%.*s",
					    STR_ARG(e->config->providers[provider].id))
				       .p,
			       e->day, (int64_t)price, &each, err);
}

double say_cost_of(int64_t counted)
{
	return (double)counted / cost_unit;
}

/* ---- the queue ---- */

static int out_of(struct engine *e, const struct saying *s, size_t i, struct str text,
		  const struct sms_size *size, struct err *err)
{
	struct message_out m = {
		.provider = e->config->providers[i].id,
		.person_id = s->to->id,
		.to = s->to->address,
		.ticket_id = s->ticket_id,
		.in_id = s->in_id,
		.key = str_of(reply_key_name(s->key)),
		.text = text,
		.ucs2 = size->ucs2,
		.segments = (int)size->segments,
		.priority = s->priority,
		.created_ms = e->wall_ms,
		.due_ms = s->not_before_ms > e->wall_ms ? s->not_before_ms : e->wall_ms,
		.state = STR("queued"),
	};

	m.expires_ms = m.due_ms + age_most(&e->config->providers[i], s->key);
	e->stats.replies_queued++;
	if (m.due_ms > e->wall_ms || !dispatch_now(e, i)) {
		struct provider *p = &e->providers[i];

		if (!p->backlog || m.due_ms < p->claim_at_ms)
			p->claim_at_ms = m.due_ms;
		p->backlog = true;
		return store_out_add(e->store, &m, &m.id, err);
	}
	m.state = STR("sending");
	m.attempts = 1;
	if (store_out_add(e->store, &m, &m.id, err))
		return -1;
	return dispatch_post(e, i, &m, err);
}

int say_queue(struct engine *e, const struct saying *s, enum silence *why,
	      struct err *err)
{
	int i = say_provider(e, s->provider);
	struct sms_size size;
	struct str text;
	bool stop;

	*why = SILENCE_COUNT;
	if (i < 0)
		return 0;
	text = reply_compose(texts_for(e, s->to, s->key), s->key, s->values, e->item,
			     &size);
	if (!text.p)
		return err_set(err, ERR_LIMIT, "no room to compose a reply");
	if (cost_within(e, (size_t)i, size.segments, s->priority == 0, &stop, err))
		return -1;
	if (stop) {
		*why = SILENCE_COST;
		return 0;
	}
	e->stats.providers[i].segments += size.segments;
	e->stats.providers[i].cost += e->config->providers[i].price * size.segments;
	return out_of(e, s, (size_t)i, text, &size, err);
}
