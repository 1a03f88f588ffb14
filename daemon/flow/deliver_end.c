/* SPDX-License-Identifier: MIT */
/*
 * How deliveries end:
 *
 *   done       the other side has it
 *   refused    never as it is: parked, for a human
 *   later      not taken: again after a pause that doubles, for retry_for; then parked.
 *              When it concerns all that goes there, the way pauses and this one counts
 *              no attempt
 *   unknown    it may have been taken. A way whose other side knows our id is asked again
 *              with the same one (of mail that is the Message-ID, by which the receiver
 *              drops the second); any other is parked: asking again would double it
 *   disable    the other side wants nothing more: the way is stopped, what waits goes on
 *              by the next
 */
#include "flow/flow.h"

#include <stdio.h>

#include "base/log.h"

enum { WAIT_ASKED_MOST_MS = 3600000 };

struct ending {
	enum delivery_end end;
	struct str external_id, reason;
	bool token; /* external_id is one */
	bool all;   /* concerns whatever goes there */
	int64_t wait_ms;
};

/* ---- what the answer means ---- */

static void of_receipt(const struct engine *e, const struct way *w,
		       const struct forward_receipt *r, struct ending *ending)
{
	static const enum delivery_end ends[] = {
		[FORWARD_DONE] = DELIVERY_DONE,
		[FORWARD_REFUSED] = DELIVERY_REFUSED,
		[FORWARD_LATER] = DELIVERY_LATER,
		[FORWARD_UNKNOWN] = DELIVERY_UNKNOWN,
		[FORWARD_DISABLE] = DELIVERY_DISABLED,
	};
	int64_t most = way_config(e, w)->retry_most_ms;

	if (most < WAIT_ASKED_MOST_MS)
		most = WAIT_ASKED_MOST_MS;
	*ending = (struct ending){
		.end = ends[r->verdict],
		.external_id = r->external_id,
		.reason = r->reason,
		.token = r->token,
		.all = r->way_wide,
		.wait_ms = r->wait_ms < most ? r->wait_ms : most,
	};
}

static void of_response(const struct engine *e, const struct way *w, struct outgoing *out,
			struct ending *ending)
{
	struct forward_ctx ctx = forward_ctx_of(e, w, out->arena);
	struct forward_receipt receipt = { 0 };
	struct err why;

	const struct told *told = out->told;

	if (way_config(e, w)->forwarder->judge(&ctx, &told->forward, &out->response,
					       &receipt, &why) == 0) {
		of_receipt(e, w, &receipt, ending);
		return;
	}
	/* Its words make no sense to us: it may have been taken. */
	ending->end = why.kind == ERR_LATER ? DELIVERY_LATER : DELIVERY_UNKNOWN;
	ending->reason = arena_str(out->arena, str_of(why.text));
	ending->all = why.kind == ERR_LATER;
}

static void ending_of(const struct engine *e, const struct way *w, struct outgoing *out,
		      struct ending *ending)
{
	*ending = (struct ending){ .reason = out->trouble };
	switch (out->transport) {
	case TRANSPORT_DONE:
		of_response(e, w, out, ending);
		break;
	case TRANSPORT_NOT_SENT:
		ending->end = DELIVERY_NOT_SENT;
		ending->all = true;
		break;
	case TRANSPORT_BAD:
		ending->end = DELIVERY_REFUSED;
		break;
	case TRANSPORT_UNKNOWN:
	case TRANSPORT_TOO_BIG:
		ending->end = DELIVERY_UNKNOWN;
		ending->all = true; /* a server that does not answer */
		break;
	}
	ending->reason = str_slice(ending->reason, 0, WAY_WORDS - 1);
}

/* ---- what becomes of it ---- */

static bool is_over(const struct engine *e, const struct way *w, const struct delivery *d)
{
	return e->wall_ms - d->since_ms >= way_config(e, w)->retry_for_ms;
}

/* Back into the queue, due after its own pause; or parked, when its time is over. */
static int again(struct engine *e, struct way *w, const struct delivery *d,
		 const struct ending *ending, bool counts, struct err *err)
{
	const struct config_way *c = way_config(e, w);
	int64_t wait = counts ? backoff_ms((unsigned)d->attempts, c->retry_first_ms,
					   c->retry_most_ms, engine_chance(e))
			      : 0;
	int64_t due;

	if (is_over(e, w, d) && !e->stopping)
		return forward_park(e, w, d, PARK_OVER, ending->reason, err);
	due = way_due(e, w,
		      e->wall_ms + (wait > ending->wait_ms ? wait : ending->wait_ms));
	if (!counts && due > d->due_ms)
		due = d->due_ms; /* the way waits; it stays before who came later */
	way_queued(w, due);
	w->over_at_ms = e->wall_ms; /* perhaps another's time is over */
	return store_delivery_again(e->store, d->id, ending->reason, due, counts, err);
}

int deliver_in_doubt(struct engine *e, struct way *w, const struct delivery *d,
		     struct str reason, struct err *err)
{
	struct str words = arena_printf(e->item, "unknown: %.*s", STR_ARG(reason));
	const struct ending ending = { .reason = words.p ? words : STR("unknown") };

	if (!way_repeats(way_config(e, w)))
		return forward_park(e, w, d, PARK_DOUBT, ending.reason, err);
	return again(e, w, d, &ending, true, err);
}

static int disable(struct engine *e, struct way *w, const struct delivery *d,
		   const struct ending *ending, struct err *err)
{
	w->stopped = true;
	snprintf(e->ways.words[w - e->ways.items], WAY_WORDS, "%.*s",
		 STR_ARG(ending->reason));
	log_event(LOG_LEVEL_ERROR, "way_stopped", LOG_Z("way", w->mark),
		  LOG_I("waiting", w->open), LOG_S("why", ending->reason));
	if (store_way_stop(e->store, d->department, d->way,
			   ending->reason.n ? ending->reason : STR("410"), e->wall_ms,
			   err))
		return -1;
	return forward_park(e, w, d, PARK_STOPPED, ending->reason, err);
}

static int done(struct engine *e, struct way *w, const struct delivery *d,
		const struct ending *ending, struct err *err)
{
	way_well(e, w);
	w->open -= w->open > 0;
	way_queued(w, e->wall_ms); /* what waited behind it */
	if (watch_begin(e, w, d->id, ending->external_id, ending->token, err))
		return -1;
	return store_delivery_done(e->store, d, ending->external_id, e->wall_ms, err);
}

static int ended(struct engine *e, struct way *w, const struct delivery *d,
		 const struct ending *ending, struct err *err)
{
	switch ((int)ending->end) {
	case DELIVERY_DONE:
		return done(e, w, d, ending, err);
	case DELIVERY_DISABLED:
		return disable(e, w, d, ending, err);
	case DELIVERY_REFUSED:
		if (ending->all)
			break;
		way_well(e, w);
		return forward_park(e, w, d, PARK_REFUSED, ending->reason, err);
	case DELIVERY_UNKNOWN:
		way_failed(e, w, ending->all, ending->wait_ms, ending->reason);
		return deliver_in_doubt(e, w, d, ending->reason, err);
	default:
		break;
	}
	way_failed(e, w, ending->all, ending->wait_ms, ending->reason);
	return again(e, w, d, ending, !ending->all, err);
}

/* Its way left with a reload: nobody can say how it ended. */
static int stray(struct engine *e, const struct outgoing *out, struct err *err)
{
	struct delivery d;

	if (store_delivery_get(e->store, (int64_t)out->ref, e->item, &d, err))
		return -1;
	if (!str_eq(d.state, STR("sending")))
		return 0; /* it went on by another way meanwhile */
	e->ways.strays = true;
	return store_delivery_again(e->store, d.id, STR("unknown: way removed"),
				    e->wall_ms, true, err);
}

int deliver_ended(struct engine *e, struct outgoing *out, struct err *err)
{
	struct way *w = way_by_mark(e, out->provider);
	const struct told *told = out->told;
	struct ending ending;

	arena_reset(e->item);
	if (!w)
		return stray(e, out, err);
	w->in_flight -= w->in_flight > 0;
	ending_of(e, w, out, &ending);
	w->ends[ending.end]++;
	return ended(e, w, &told->delivery, &ending, err);
}
