/* SPDX-License-Identifier: MIT */
/*
 * What is said to citizens, and whether. The guards, in order: never to services and
 * advertisers, never to the third identical text within an hour (two machines talking to
 * each other), only so many per sender and hour and day, only so many a day in all, of
 * which a share is kept for urgent ones. Counts are rows, so a restart forgives nothing.
 *
 * A reply is a row in the same transaction as what it answers. When the provider has room
 * it is written as "sending" and handed over after the commit; otherwise it waits in the
 * queue.
 */
#include "flow/flow.h"

#include "base/log.h"

enum { HOUR_MS = 3600000 };

/* Says nothing, and writes down why. */
static int silent(struct engine *e, struct heard *h, enum silence why)
{
	struct str note =
		arena_printf(e->item, "%.*s%stidak dijawab: %s", STR_ARG(h->note),
			     h->note.n ? "; " : "", silence_name(why));

	e->stats.silences[why]++;
	if (note.p)
		h->note = note;
	return 0;
}

static int guard_same_text(struct engine *e, const struct heard *h, bool *stop,
			   struct err *err)
{
	int most = (int)e->config->guards.same_text, earlier = 0;

	*stop = false;
	if (most <= 0)
		return 0;
	if (store_in_same(e->store, h->earlier, h->digest, e->wall_ms - HOUR_MS, most - 1,
			  &earlier, err))
		return -1;
	*stop = earlier + 1 >= most;
	return 0;
}

static void person_roll(struct engine *e, struct person *person)
{
	int64_t hour = e->wall_ms / HOUR_MS;

	if (person->hour != hour) {
		person->hour = hour;
		person->hour_replies = 0;
	}
	if (person->day != e->day) {
		person->day = e->day;
		person->day_replies = 0;
	}
}

static bool over(int64_t have, int64_t most)
{
	return most > 0 && have >= most;
}

/* Counts one reply of the gateway's day; *stop when the day's share is used up. */
static int guard_total(struct engine *e, bool urgent, bool *stop, struct err *err)
{
	int64_t most = e->config->guards.replies_total_day, now;

	*stop = false;
	if (most <= 0)
		return 0;
	if (!urgent)
		most -= most * e->config->guards.reserve_percent / 100;
	if (store_count_add(e->store, "replies", e->day, 1, &now, err))
		return -1;
	if (now <= most)
		return 0;
	*stop = true;
	return store_count_add(e->store, "replies", e->day, -1, &now, err);
}

/* Who carries the reply: the provider that the text came by, else the first that can
 * send. */
static int sender_for(const struct engine *e, size_t came_by)
{
	if (e->config->providers[came_by].caps & SMS_SEND)
		return (int)came_by;
	for (size_t i = 0; i < e->config->n_providers; i++)
		if (e->config->providers[i].caps & SMS_SEND)
			return (int)i;
	return -1;
}

static int reply_queue(struct engine *e, const struct heard *h, const struct reply *reply,
		       struct err *err)
{
	int i = sender_for(e, h->provider);
	struct sms_size size;
	struct message_out m = {
		.person_id = h->person.id,
		.to = h->person.address,
		.ticket_id = reply->ticket_id,
		.in_id = h->id,
		.key = str_of(reply_key_name(reply->key)),
		.priority = reply->priority,
		.created_ms = e->wall_ms,
		.due_ms = e->wall_ms,
		.state = STR("queued"),
	};

	if (i < 0)
		return 0;
	m.provider = e->config->providers[i].id;
	m.expires_ms = e->wall_ms + e->config->providers[i].reply_ttl_ms;
	m.text = reply_compose(e->config->texts, reply->key, reply->values, e->item,
			       &size);
	if (!m.text.p)
		return err_set(err, ERR_LIMIT, "no room to compose a reply");
	m.ucs2 = size.ucs2;
	m.segments = (int)size.segments;
	e->stats.replies_queued++;
	if (!dispatch_now(e, (size_t)i)) {
		e->providers[i].backlog = true;
		e->providers[i].claim_at_ms = e->wall_ms;
		return store_out_add(e->store, &m, &m.id, err);
	}
	m.state = STR("sending");
	m.attempts = 1;
	if (store_out_add(e->store, &m, &m.id, err))
		return -1;
	return dispatch_post(e, (size_t)i, &m, err);
}

/* The last reply that this sender gets today says so. */
static enum reply_key last_of_day(const struct engine *e, const struct heard *h,
				  const struct reply *reply)
{
	bool last = e->config->guards.replies_day > 0 &&
		    h->person.day_replies + 1 >= e->config->guards.replies_day;

	return last && reply->values[VALUE_NO].n && reply->priority > 0 ? REPLY_BATAS
									: reply->key;
}

int reply_say(struct engine *e, struct heard *h, const struct reply *reply,
	      struct err *err)
{
	struct reply said = *reply;
	bool stop;

	if (h->sender != SENDER_MOBILE)
		return silent(e, h, SILENCE_SENDER);
	if (guard_same_text(e, h, &stop, err))
		return -1;
	if (stop)
		return silent(e, h, SILENCE_SAME_TEXT);
	person_roll(e, &h->person);
	if (over(h->person.hour_replies, e->config->guards.replies_hour))
		return silent(e, h, SILENCE_HOUR);
	if (over(h->person.day_replies, e->config->guards.replies_day))
		return silent(e, h, SILENCE_DAY);
	if (guard_total(e, reply->priority == 0, &stop, err))
		return -1;
	if (stop)
		return silent(e, h, SILENCE_TOTAL);
	said.key = last_of_day(e, h, reply);
	h->person.hour_replies++;
	h->person.day_replies++;
	said.values[VALUE_N] =
		arena_printf(e->item, "%lld", (long long)h->person.day_replies);
	return reply_queue(e, h, &said, err);
}
