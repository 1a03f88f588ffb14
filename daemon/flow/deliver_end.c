/* SPDX-License-Identifier: MIT */
/*
 * How deliveries end:
 *
 *   done       the other side has it
 *   refused    never as it is: parked, for a human
 *   later      not taken: again after a pause that doubles, for retry_for; then parked.
 *              When it concerns all that goes there, the way pauses and this one counts
 *              no attempt; but if the server had it, it might be this one alone that it
 *              says so to, so another goes ahead next time
 *   unknown    it may have been taken. A way whose other side knows our id is asked again
 *              with the same one (of mail that is the Message-ID, by which the receiver
 *              drops the second); any other is parked: asking again would double it
 *   disable    the other side wants nothing more: the way is stopped, what waits goes on
 *              by the next
 */
#include "flow/flow.h"

#include <stdio.h>

#include "base/log.h"

enum {
	WAIT_ASKED_MOST_MS = 3600000,
	QUICK_MS = 1000, /* from claim to end, of a way that more may be posted to */
};

struct ending {
	enum delivery_end end;
	struct str external_id, reason;
	bool token;  /* external_id is one */
	bool all;    /* concerns whatever goes there */
	bool behind; /* … says the server, which had it: others are tried before it */
	int64_t wait_ms;
};

/* ---- what the answer means ---- */

static void of_receipt(int64_t retry_most_ms, const struct forward_receipt *r,
		       struct ending *ending)
{
	static const enum delivery_end ends[] = {
		[FORWARD_DONE] = DELIVERY_DONE,
		[FORWARD_REFUSED] = DELIVERY_REFUSED,
		[FORWARD_LATER] = DELIVERY_LATER,
		[FORWARD_UNKNOWN] = DELIVERY_UNKNOWN,
		[FORWARD_DISABLE] = DELIVERY_DISABLED,
	};
	int64_t most =
		retry_most_ms > WAIT_ASKED_MOST_MS ? retry_most_ms : WAIT_ASKED_MOST_MS;

	*ending = (struct ending){
		.end = ends[r->verdict],
		.external_id = r->external_id,
		.reason = r->reason,
		.token = r->token,
		.all = r->way_wide,
		.wait_ms = r->wait_ms < most ? r->wait_ms : most,
	};
}

/* By the forwarder that composed it: a reload may have made another of the way, or have
 * taken it away (w NULL). */
static void of_response(const struct engine *e, const struct way *w, struct outgoing *out,
			struct ending *ending)
{
	const struct told *told = out->told;
	struct forward_ctx ctx = forward_ctx_of(e, w, out->arena);
	struct forward_receipt receipt = { 0 };
	struct err why;

	if (!w || way_config(e, w)->forwarder != told->by)
		ctx.settings = NULL;
	if (told->by->judge(&ctx, &told->forward, &out->response, &receipt, &why) == 0) {
		of_receipt(w ? way_config(e, w)->retry_most_ms : 0, &receipt, ending);
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
	ending->behind = ending->all && out->transport != TRANSPORT_NOT_SENT;
	ending->reason = str_slice(ending->reason, 0, WAY_WORDS - 1);
}

/* ---- what becomes of it ---- */

static bool is_over(const struct engine *e, const struct way *w, const struct delivery *d)
{
	return e->wall_ms - d->since_ms >= way_config(e, w)->retry_for_ms;
}

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* How long this one waits, whatever its way does. */
static int64_t wait_of(const struct engine *e, const struct way *w,
		       const struct delivery *d, const struct ending *ending, bool counts)
{
	const struct config_way *c = way_config(e, w);
	int64_t wait = ending->wait_ms;

	if (counts)
		wait = longer(wait, backoff_ms((unsigned)d->attempts, c->retry_first_ms,
					       c->retry_most_ms, engine_chance(e)));
	if (ending->behind)
		wait = longer(wait,
			      longer(w->after_ms - e->mono_ms, 0) + c->retry_first_ms);
	return wait;
}

/* Back into the queue, due after its own pause; or parked, when its time is over. */
static int again(struct engine *e, struct way *w, const struct delivery *d,
		 const struct ending *ending, bool counts, struct err *err)
{
	int64_t due;

	if (is_over(e, w, d) && !e->stopping)
		return forward_park(e, w, d, PARK_OVER, ending->reason, err);
	due = way_due(e, w, e->wall_ms + wait_of(e, w, d, ending, counts));
	if (!counts && !ending->behind && due > d->due_ms)
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
	bool was;

	way_well(e, w);
	if (store_delivery_done(e->store, d, ending->external_id, e->wall_ms, &was, err))
		return -1;
	if (!was) { /* a report of its failure was faster than the answer */
		log_event(LOG_LEVEL_WARNING, "delivery_ended_before", LOG_I("id", d->id));
		return 0;
	}
	w->open -= w->open > 0;
	way_queued(w, e->wall_ms); /* what waited behind it */
	return watch_begin(e, w, d->id, ending->external_id, ending->token, err);
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

/* Its way left with a reload while it was under way: what was taken is done; what was
 * not, or may have been, goes on by the department's other ways. */
static int stray(struct engine *e, const struct delivery *d, const struct ending *ending,
		 struct err *err)
{
	bool was;

	e->ways.strays = true; /* who waited behind it */
	if (ending->end == DELIVERY_DONE)
		return store_delivery_done(e->store, d, ending->external_id, e->wall_ms,
					   &was, err);
	return forward_park(e, NULL, d, PARK_REMOVED, ending->reason, err);
}

/* As it stands: what has ended otherwise meanwhile (it bounced, before its answer came)
 * stays so. */
static int still_sending(struct engine *e, int64_t id, bool *is, struct err *err)
{
	struct delivery d;

	if (store_delivery_get(e->store, id, e->item, &d, err))
		return -1;
	*is = str_eq(d.state, STR("sending"));
	return 0;
}

/* Of mail, which people see twice after a crash, no more is posted than need be. */
static bool is_quick(const struct engine *e, const struct told *told,
		     const struct ending *ending)
{
	return ending->end == DELIVERY_DONE && told->by->idempotent &&
	       !told->by->has_addresses && e->mono_ms - told->claimed_ms < QUICK_MS;
}

int deliver_ended(struct engine *e, struct outgoing *out, struct err *err)
{
	struct way *w = way_by_mark(e, out->provider);
	const struct told *told = out->told;
	struct delivery d = told->delivery;
	bool its_own = w && w->lane == told->lane, is = true;
	struct ending ending;

	arena_reset(e->item);
	if (its_own)
		w->in_flight -= w->in_flight > 0;
	else
		e->ways.gone -= e->ways.gone > 0;
	d.since_ms += e->plan.jumps_ms - told->jumps_ms;
	d.due_ms += e->plan.jumps_ms - told->jumps_ms;
	ending_of(e, w, out, &ending);
	if (ending.end != DELIVERY_DONE && still_sending(e, d.id, &is, err))
		return -1;
	if (!is)
		return 0;
	if (!w)
		return stray(e, &d, &ending, err);
	w->quick = is_quick(e, told, &ending);
	w->ends[ending.end]++;
	return ended(e, w, &d, &ending, err);
}
