/* SPDX-License-Identifier: MIT */
/*
 * Answers to a text, and whether there is one. The guards, in order: never to services
 * and advertisers, never to the third identical text within an hour (two machines talking
 * to each other), only so many per sender and hour and day (an officer's commands have a
 * ceiling of their own), only so many a day in all, of
 * which a share is kept for urgent ones. Counts are rows, so a restart forgives nothing.
 *
 * A reply is a row in the same transaction as what it answers.
 */
#include "flow/flow.h"

#include "base/log.h"

enum {
	HOUR_MS = 3600000,
	SAME_ORDER = 20, /* the same command so often within an hour is a machine's */
};

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
	if (h->order && most > 0)
		most = SAME_ORDER;
	else if (most <= 0 || h->expected)
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
		person->hour_replies = person->hour_orders = 0;
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

/* What is spent on one sender. *why SILENCE_COUNT: there is room. */
static void guard_sender(struct engine *e, struct heard *h, enum silence *why)
{
	const struct config_guards *most = &e->config->guards;

	person_roll(e, &h->person);
	*why = SILENCE_COUNT;
	if (h->order)
		*why = over(h->person.hour_orders, most->officer_replies_hour)
			       ? SILENCE_HOUR
			       : SILENCE_COUNT;
	else if (over(h->person.hour_replies, most->replies_hour))
		*why = SILENCE_HOUR;
	else if (over(h->person.day_replies, most->replies_day))
		*why = SILENCE_DAY;
}

static void sender_spend(struct heard *h)
{
	if (h->order) {
		h->person.hour_orders++;
		return;
	}
	h->person.hour_replies++;
	h->person.day_replies++;
}

/* Answers that say no more than that something was taken. */
static bool is_receipt(enum reply_key key)
{
	return key == REPLY_ACK_RUTE || key == REPLY_ACK_PERIKSA ||
	       key == REPLY_ACK_JAM || key == REPLY_ACK_GABUNG ||
	       key == REPLY_TAMBAH_OK || key == REPLY_SAMA_SENDIRI;
}

/* A receipt that is the last reply of the day to this sender says so. */
static enum reply_key last_of_day(const struct engine *e, const struct heard *h,
				  const struct reply *reply)
{
	bool last = e->config->guards.replies_day > 0 && !h->order &&
		    h->person.day_replies + 1 >= e->config->guards.replies_day;

	return last && is_receipt(reply->key) && reply->priority > 0 ? REPLY_BATAS
								     : reply->key;
}

int reply_say(struct engine *e, struct heard *h, const struct reply *reply,
	      struct err *err)
{
	struct saying said = {
		.to = &h->person,
		.provider = (int)h->provider,
		.key = reply->key,
		.ticket_id = reply->ticket_id,
		.in_id = h->id,
		.priority = reply->priority,
	};
	enum silence why;
	bool stop;

	if (h->answered)
		return 0; /* one text, one answer */
	if (h->sender != SENDER_MOBILE)
		return silent(e, h, SILENCE_SENDER);
	if (guard_same_text(e, h, &stop, err))
		return -1;
	if (stop)
		return silent(e, h, SILENCE_SAME_TEXT);
	guard_sender(e, h, &why);
	if (why != SILENCE_COUNT)
		return silent(e, h, why);
	if (say_within_day(e, reply->priority == 0, &stop, err))
		return -1;
	if (stop)
		return silent(e, h, SILENCE_TOTAL);
	said.key = last_of_day(e, h, reply);
	sender_spend(h);
	memcpy(said.values, reply->values, sizeof(said.values));
	if (said.key == REPLY_BATAS)
		said.values[VALUE_N] =
			arena_printf(e->item, "%lld", (long long)h->person.day_replies);
	if (say_queue(e, &said, &why, err))
		return -1;
	h->answered = why == SILENCE_COUNT;
	return h->answered ? 0 : silent(e, h, why);
}
