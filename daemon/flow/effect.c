/* SPDX-License-Identifier: MIT */
/*
 * Effects: what a turn wants to happen outside. They are gathered while the transaction
 * is open and let out after its commit, or dropped with it. Owns the requests in them.
 */
#include "flow/flow.h"

#include <stdlib.h>

#include "base/clock.h"

int effects_reserve(struct engine *e, size_t more, struct err *err)
{
	size_t room = e->effects_room ? e->effects_room : 64;
	struct effect *grown;

	while (room < e->n_effects + more)
		room *= 2;
	if (room == e->effects_room)
		return 0;
	grown = realloc(e->effects, room * sizeof(*grown));
	if (!grown)
		return err_set(err, ERR_LIMIT, "no memory for effects");
	e->effects = grown;
	e->effects_room = room;
	return 0;
}

void effect_post(struct engine *e, struct outgoing *out)
{
	e->effects[e->n_effects++] = (struct effect){ .kind = EFFECT_POST, .out = out };
}

void effect_now(struct engine *e, struct outgoing *out)
{
	e->in_hand++;
	out->letter.next = NULL;
	e->carrier.post(e->carrier.self, &out->letter);
}

void effect_answer(struct engine *e, struct incoming *in, const struct answer *answer)
{
	e->effects[e->n_effects++] =
		(struct effect){ .kind = EFFECT_ANSWER, .in = in, .answer = *answer };
}

/* From a page's arrival to its replies' departure. */
static void latency_note(struct engine *e, const struct outgoing *out)
{
	if (e->page_us && out->letter.kind == LETTER_SENT)
		histogram_add(&e->stats.reply_s, stats_seconds_bounds,
			      (double)(clock_mono_us() - e->page_us) / 1e6);
}

/*
 * Answers first, then all requests as one chain: the carrier is woken once. Polls lead
 * it, since the next turn waits for their answers.
 */
void effects_release(struct engine *e)
{
	struct letter *polls = NULL, **polls_tail = &polls;
	struct letter *rest = NULL, **rest_tail = &rest;

	for (size_t i = 0; i < e->n_effects; i++) {
		struct effect *f = &e->effects[i];
		struct letter ***tail = &rest_tail;

		if (f->kind == EFFECT_ANSWER) {
			caller_answer(e, f->in, &f->answer);
			continue;
		}
		if (f->out->letter.kind == LETTER_FETCHED)
			tail = &polls_tail;
		e->in_hand++;
		latency_note(e, f->out);
		f->out->letter.next = NULL;
		**tail = &f->out->letter;
		*tail = &f->out->letter.next;
	}
	*polls_tail = rest;
	e->n_effects = 0;
	if (polls)
		e->carrier.post(e->carrier.self, polls);
}

void answer_busy(struct engine *e, struct incoming *in)
{
	static struct str_pair again[] = { { STR_INIT("Retry-After"), STR_INIT("5") } };
	static const struct answer busy[] = {
		{
			.status = 503,
			.content_type = STR_INIT("text/plain"),
			.body = STR_INIT("busy, try again\n"),
			.headers = { again, 1 },
		},
		{
			.status = 503,
			.content_type = STR_INIT("application/problem+json"),
			.body = STR_INIT(
				"{\"type\":\"urn:kentongan:problem:busy\",\"title\":"
				"\"Try again later\",\"status\":503,\"detail\":"
				"\"busy, try again\"}\n"),
			.headers = { again, 1 },
		},
	};

	caller_answer(e, in, &busy[in->letter.kind == LETTER_API]);
}

/* The turn failed: what it wanted to send never was, callers are told to come back. */
void effects_drop(struct engine *e)
{
	for (size_t i = 0; i < e->n_effects; i++) {
		if (e->effects[i].kind == EFFECT_POST)
			outgoing_free(e->effects[i].out);
		else
			answer_busy(e, e->effects[i].in);
	}
	e->n_effects = 0;
}

/* The provider's place for a send is free again; a poll's is not taken within an item. */
static void post_cut(struct engine *e, struct outgoing *out)
{
	int i = provider_index(e, out->provider);
	struct way *w = way_by_mark(e, out->provider);

	if (out->letter.kind == LETTER_DELIVERED && w && w->in_flight)
		w->in_flight--;
	if (out->letter.kind == LETTER_WATCHED)
		watch_dropped(e, out);
	if (out->letter.kind == LETTER_SENT && i >= 0 && e->providers[i].in_flight)
		e->providers[i].in_flight--;
	outgoing_free(out);
}

void effects_cut(struct engine *e, size_t n)
{
	while (e->n_effects > n)
		if (e->effects[--e->n_effects].kind == EFFECT_POST)
			post_cut(e, e->effects[e->n_effects].out);
}
