/* SPDX-License-Identifier: MIT */
/*
 * Replies go out. A row is "sending" in the store before its request leaves, so after a
 * crash we know which sends may have been taken and which never left. A send ends in one
 * of
 *
 *   accepted   the provider has it
 *   refused    for good
 *   queued     not taken; again after a pause (the provider's pause when all sends
 * suffer) unknown    it may have been taken: an idempotent provider is asked again with
 * the same id; others once more (on_unknown = "resend") or never ("hold")
 *
 * The window of sends at the carrier is a few times the number of connections, so that
 * they never wait for a commit; with "hold" it is exactly that number, so that few are in
 * doubt.
 */
#include "flow/duty.h"

#include <stdio.h>

#include "base/log.h"

enum {
	SEND_LANE = 1,
	WINDOW_FACTOR = 32, /* what leaves within a turn, while the next is worked on */
	CLAIM_MOST = 512,
	UNKNOWN_PAUSE_MS = 2000,
	PAUSE_FIRST_MS = 500,
	PAUSE_MOST_MS = 60000,
	LATER_FIRST_MS = 2000,
	LATER_MOST_MS = 600000,
};

static const struct str unknown_mark = STR_INIT("unknown: ");

static unsigned window(const struct engine *e, size_t i)
{
	const struct config_provider *c = &e->config->providers[i];
	bool sure = (c->caps & SMS_IDEMPOTENT) || c->on_unknown == UNKNOWN_RESEND;

	if (e->providers[i].send_failures)
		return 1; /* one goes ahead to see whether the way is free again */
	return (unsigned)c->connections * (sure ? WINDOW_FACTOR : 1);
}

static bool may_send(const struct engine *e, size_t i)
{
	const struct provider *p = &e->providers[i];

	return (e->config->providers[i].caps & SMS_SEND) && !p->paused && !p->compare &&
	       !e->stopping && e->mono_ms >= p->send_after_ms &&
	       p->in_flight < window(e, i);
}

int64_t dispatch_next_ms(const struct engine *e, size_t i)
{
	const struct provider *p = &e->providers[i];
	int64_t at = p->claim_at_ms + e->mono_ms - e->wall_ms;

	if (p->compare) /* at once, or when the last that is in flight has ended */
		return p->in_flight ? INT64_MAX : e->mono_ms;
	if (!(e->config->providers[i].caps & SMS_SEND) || !p->backlog || p->paused ||
	    p->claim_at_ms == INT64_MAX || p->in_flight >= window(e, i))
		return INT64_MAX; /* the end of a send, or the operator, brings the next
				     turn */
	if (at < p->send_after_ms)
		at = p->send_after_ms;
	return at > e->mono_ms ? at : bucket_next_ms(&p->bucket, e->mono_ms);
}

bool dispatch_now(struct engine *e, size_t i)
{
	struct provider *p = &e->providers[i];

	if (p->backlog || !may_send(e, i) || bucket_take(&p->bucket, 1, e->mono_ms) == 0)
		return false;
	return true;
}

static struct str out_id(const struct outgoing *out, int64_t id)
{
	return arena_int(out->arena, STR("ktg-"), id);
}

int dispatch_post(struct engine *e, size_t i, const struct message_out *m,
		  struct err *err)
{
	const struct config_provider *c = &e->config->providers[i];
	struct outgoing *out =
		provider_outgoing(e, i, LETTER_SENT, SEND_LANE, (unsigned)c->connections);
	struct sms_out sms;
	struct sms_ctx ctx;
	struct err why;

	if (!out)
		return err_set(err, ERR_LIMIT, "no memory for a reply");
	sms = (struct sms_out){
		.id = out_id(out, m->id),
		.to = m->to,
		.text = m->text,
		.ucs2 = m->ucs2,
		.segments = (unsigned)m->segments,
	};
	ctx = provider_ctx(e, i, out->arena);
	if (effects_reserve(e, 1, err)) {
		outgoing_free(out);
		return -1;
	}
	if (c->adapter->send(&ctx, &sms, &out->exchange, &why)) {
		outgoing_free(out);
		e->stats.providers[i].sends[SEND_REFUSED]++;
		return store_out_settle(e->store, m->id, "refused", STR(""),
					str_of(why.text), 0, e->wall_ms, err);
	}
	if (provider_described(e, i, out, err)) {
		outgoing_free(out);
		return -1;
	}
	out->ref = (uint64_t)m->id;
	/* How often it was tried, and whether its end was unknown before. */
	out->attempts = m->attempts;
	out->doubt = str_starts(m->reason, unknown_mark);
	e->providers[i].in_flight++;
	effect_post(e, out);
	return 0;
}

int dispatch_expired(struct engine *e, const int64_t *ids, size_t n, struct err *err)
{
	if (n)
		log_event(LOG_LEVEL_WARNING, "replies_expired", LOG_I("n", n));
	e->stats.replies_expired += n;
	for (size_t i = 0; i < n; i++)
		if (duty_unheard(e, ids[i], err))
			return -1;
	return 0;
}

/* What has ended instead of leaving, as the store says. */
static int claimed_ended(struct engine *e, const struct message_out *m, struct err *err)
{
	return str_eq(m->state, STR("expired")) ? dispatch_expired(e, &m->id, 1, err)
						: duty_unheard(e, m->id, err);
}

static int claim(struct engine *e, size_t i, struct err *err)
{
	struct provider *p = &e->providers[i];
	unsigned room = window(e, i) - p->in_flight, want, posted = 0;
	struct message_out *rows;
	size_t n;

	want = bucket_take(&p->bucket, room < CLAIM_MOST ? room : CLAIM_MOST, e->mono_ms);
	if (want == 0)
		return 0;
	if (store_out_claim(e->store, e->config->providers[i].id, e->wall_ms, (int)want,
			    e->turn, &rows, &n, err))
		return -1;
	for (size_t k = 0; k < n; k++) {
		bool leaves = str_eq(rows[k].state, STR("sending"));

		if (leaves ? dispatch_post(e, i, &rows[k], err)
			   : claimed_ended(e, &rows[k], err))
			return -1;
		posted += leaves;
	}
	bucket_return(&p->bucket, want - posted);
	if (n == want)
		return 0;
	if (store_out_next(e->store, e->config->providers[i].id, &p->claim_at_ms, err))
		return -1;
	p->backlog = p->claim_at_ms != INT64_MAX;
	return 0;
}

/* After trouble with the store, when nothing of this provider is in flight any more. */
static int compare(struct engine *e, size_t i, struct err *err)
{
	const struct config_provider *c = &e->config->providers[i];
	enum out_doubt doubt = c->caps & SMS_IDEMPOTENT		 ? OUT_SAME_ID
			       : c->on_unknown == UNKNOWN_RESEND ? OUT_ONCE_MORE
								 : OUT_HOLD;
	int n;

	if (store_out_recover(e->store, c->id, doubt, (int)c->attempts, e->wall_ms, &n,
			      err))
		return -1;
	if (n)
		log_event(LOG_LEVEL_WARNING, "sends_in_doubt", LOG_S("provider", c->id),
			  LOG_I("n", n),
			  LOG_Z("then", doubt == OUT_HOLD ? "held" : "sent again"));
	e->stats.providers[i].sends[SEND_UNKNOWN] += (uint64_t)n;
	e->providers[i].compare = false;
	e->providers[i].backlog = true;
	e->providers[i].claim_at_ms = e->wall_ms;
	return 0;
}

int dispatch_due(struct engine *e, struct err *err)
{
	if (e->left && !e->carried && e->mono_ms >= e->left_until_ms) {
		config_free(e->left);
		e->left = NULL;
	}
	for (size_t i = 0; i < e->config->n_providers; i++) {
		struct provider *p = &e->providers[i];

		if (p->compare && p->in_flight == 0 && !e->carried && compare(e, i, err))
			return -1;
		if (!p->backlog || p->claim_at_ms > e->wall_ms || !may_send(e, i))
			continue;
		if (claim(e, i, err))
			return -1;
	}
	return 0;
}

/* Sends of a provider that has left the configuration: nobody can say how they ended. */
static int hold_strays(struct engine *e, struct err *err)
{
	struct str *senders;
	size_t n;
	int held;

	if (store_out_senders(e->store, e->turn, &senders, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (provider_index(e, senders[i]) >= 0)
			continue;
		if (store_out_recover(e->store, senders[i], OUT_HOLD, 0, e->wall_ms,
				      &held, err))
			return -1;
		log_event(LOG_LEVEL_WARNING, "sends_in_doubt",
			  LOG_S("provider", senders[i]), LOG_I("n", held),
			  LOG_Z("then", "held: it is not configured any more"));
	}
	return 0;
}

int dispatch_recover(struct engine *e, struct err *err)
{
	for (size_t i = 0; i < e->config->n_providers; i++)
		if (compare(e, i, err))
			return -1;
	return hold_strays(e, err);
}

/* ---- the end of a send ---- */

struct ending {
	enum send_outcome outcome;
	struct str external_id, reason;
	bool provider_wide;
	int64_t wait_ms; /* what the provider asked for */
};

static void ending_of_response(const struct sms_adapter *adapter,
			       const struct sms_ctx *ctx, struct outgoing *out,
			       struct ending *ending)
{
	static const enum send_outcome outcomes[] = {
		[SMS_ACCEPTED] = SEND_ACCEPTED,
		[SMS_REFUSED] = SEND_REFUSED,
		[SMS_LATER] = SEND_LATER,
		[SMS_UNKNOWN] = SEND_UNKNOWN,
	};
	struct sms_receipt receipt = { 0 };
	struct err why;

	if (adapter->sent(ctx, &out->response, &receipt, &why)) {
		/* Its words make no sense to us: the text may have been taken. */
		ending->outcome = why.kind == ERR_LATER ? SEND_LATER : SEND_UNKNOWN;
		ending->reason = arena_str(out->arena, str_of(why.text));
		ending->provider_wide = why.kind == ERR_LATER;
	} else {
		ending->outcome = outcomes[receipt.verdict];
		ending->external_id = receipt.external_id;
		ending->reason = receipt.reason;
		ending->provider_wide = receipt.provider_wide;
	}
}

static void ending_of(const struct sms_adapter *adapter, const struct sms_ctx *ctx,
		      struct outgoing *out, struct ending *ending)
{
	*ending = (struct ending){ .reason = out->trouble };
	switch (out->transport) {
	case TRANSPORT_DONE:
		ending_of_response(adapter, ctx, out, ending);
		return;
	case TRANSPORT_NOT_SENT:
		ending->outcome = SEND_NOT_SENT;
		ending->provider_wide = true;
		return;
	case TRANSPORT_BAD:
		ending->outcome = SEND_REFUSED;
		return;
	case TRANSPORT_UNKNOWN:
	case TRANSPORT_TOO_BIG:
		ending->outcome = SEND_UNKNOWN;
		return;
	}
}

/* Pauses all sends of the provider, longer with every failure in a row. */
static void provider_pause(struct engine *e, size_t i, const struct ending *ending)
{
	struct provider *p = &e->providers[i];
	int64_t wait;

	if (e->stopping)
		return;
	wait = backoff_ms(++p->send_failures, PAUSE_FIRST_MS, PAUSE_MOST_MS,
			  engine_chance(e));
	if (wait < ending->wait_ms)
		wait = ending->wait_ms;
	if (p->send_after_ms < e->mono_ms + wait)
		p->send_after_ms = e->mono_ms + wait;
	snprintf(e->words[i].send_trouble, sizeof(e->words[i].send_trouble), "%.*s",
		 STR_ARG(ending->reason));
	if ((p->send_failures & (p->send_failures - 1)) == 0)
		log_event(LOG_LEVEL_WARNING, "send_paused",
			  LOG_S("provider", e->config->providers[i].id),
			  LOG_I("in_a_row", p->send_failures), LOG_I("for_ms", wait),
			  LOG_S("why", ending->reason));
}

static void provider_well(struct engine *e, size_t i)
{
	struct provider *p = &e->providers[i];

	if (p->send_failures)
		log_event(LOG_LEVEL_NOTICE, "send_back",
			  LOG_S("provider", e->config->providers[i].id),
			  LOG_I("after_failures", p->send_failures));
	p->send_failures = 0;
	p->send_after_ms = 0;
	e->words[i].send_trouble[0] = '\0';
}

/* Puts the row back into the queue, due after wait_ms; as one attempt more if it counts.
 */
static int again(struct engine *e, size_t i, const struct outgoing *out,
		 struct str reason, int64_t wait_ms, bool counts, struct err *err)
{
	struct provider *p = &e->providers[i];
	int64_t due = e->wall_ms + wait_ms;

	p->claim_at_ms = p->backlog && p->claim_at_ms < due ? p->claim_at_ms : due;
	p->backlog = true;
	return store_out_again(e->store, (int64_t)out->ref, reason, due, counts, err);
}

/* With the mark that tells later attempts, and a start, that it may have been taken. */
static struct str in_doubt(struct outgoing *out, struct str reason)
{
	struct str marked = arena_printf(out->arena, "%.*s%.*s", STR_ARG(unknown_mark),
					 STR_ARG(reason));

	return marked.p ? marked : unknown_mark;
}

static int end_unknown(struct engine *e, size_t i, struct outgoing *out,
		       const struct ending *ending, struct err *err)
{
	const struct config_provider *c = &e->config->providers[i];
	bool same_id = (c->caps & SMS_IDEMPOTENT) && out->attempts < c->attempts;
	bool once_more = c->on_unknown == UNKNOWN_RESEND && !out->doubt;
	struct str reason = in_doubt(out, ending->reason);

	if (same_id || once_more)
		return again(e, i, out, reason, UNKNOWN_PAUSE_MS, true, err);
	log_event(LOG_LEVEL_WARNING, "send_unknown", LOG_S("provider", c->id),
		  LOG_I("message", out->ref), LOG_S("why", ending->reason));
	return store_out_settle(e->store, (int64_t)out->ref, "unknown", STR(""), reason,
				0, e->wall_ms, err);
}

/* For good; who was to hear by it may be an officer on duty. */
static int refused(struct engine *e, const struct outgoing *out, struct str reason,
		   struct err *err)
{
	int64_t id = (int64_t)out->ref;

	return store_out_settle(e->store, id, "refused", STR(""), reason, 0, e->wall_ms,
				err) ||
			       duty_unheard(e, id, err)
		       ? -1
		       : 0;
}

/*
 * While the provider takes nothing at all, a reply waits for as long as it is not out of
 * date: only what was said about itself counts as an attempt.
 */
static int end_later(struct engine *e, size_t i, struct outgoing *out,
		     const struct ending *ending, struct err *err)
{
	struct str reason = out->doubt ? in_doubt(out, ending->reason) : ending->reason;
	int64_t wait = backoff_ms((unsigned)out->attempts, LATER_FIRST_MS, LATER_MOST_MS,
				  engine_chance(e));

	if (ending->provider_wide) {
		provider_pause(e, i, ending);
		return again(e, i, out, reason, 0, false, err);
	}
	if (out->attempts >= e->config->providers[i].attempts)
		return refused(e, out, reason, err);
	return again(e, i, out, reason, wait > ending->wait_ms ? wait : ending->wait_ms,
		     true, err);
}

/*
 * Its provider left with a reload: what it answers is known by the configuration before.
 * Nothing can be sent by it again, so what it has not taken is a human's to decide.
 */
static int stray_sent(struct engine *e, struct outgoing *out, struct err *err)
{
	const struct config_provider *c =
		e->left ? config_provider(e->left, out->provider) : NULL;
	struct ending ending = { .outcome = SEND_UNKNOWN, .reason = STR("") };
	struct sms_ctx ctx;
	struct str why;

	if (c) {
		ctx = (struct sms_ctx){ .settings = c->settings,
					.arena = out->arena,
					.provider = c->id,
					.number = c->number,
					.state = STR(""),
					.wall_ms = e->wall_ms,
					.zone_s = e->left->zone_s };
		ending_of(c->adapter, &ctx, out, &ending);
	}
	if (ending.outcome == SEND_ACCEPTED)
		return store_out_settle(e->store, (int64_t)out->ref, "accepted",
					ending.external_id, STR(""), 0, e->wall_ms, err);
	why = arena_printf(out->arena, "provider removed; %s: %.*s",
			   ending.outcome == SEND_UNKNOWN ? "perhaps sent" : "not sent",
			   STR_ARG(ending.reason));
	return store_out_settle(e->store, (int64_t)out->ref, "unknown", STR(""),
				why.p ? why : STR("provider removed"), 0, e->wall_ms,
				err);
}

int dispatch_sent(struct engine *e, size_t i, struct outgoing *out, struct err *err)
{
	struct ending ending;
	struct sms_ctx ctx;

	if (i == SIZE_MAX)
		return stray_sent(e, out, err);
	if (e->providers[i].in_flight)
		e->providers[i].in_flight--;
	ctx = provider_ctx(e, i, out->arena);
	ending_of(e->config->providers[i].adapter, &ctx, out, &ending);
	if (out->transport == TRANSPORT_DONE)
		ending.wait_ms = provider_wait_ms(e, i, &out->response);
	e->stats.providers[i].sends[ending.outcome]++;
	switch (ending.outcome) {
	case SEND_ACCEPTED:
		provider_well(e, i);
		/* Who names no id in his answer reports by the one that we gave. */
		if (ending.external_id.n == 0 &&
		    (e->config->providers[i].caps & SMS_REPORT))
			ending.external_id = out_id(out, (int64_t)out->ref);
		return store_out_settle(e->store, (int64_t)out->ref, "accepted",
					ending.external_id, STR(""), 0, e->wall_ms, err);
	case SEND_REFUSED:
		if (ending.provider_wide)
			return end_later(e, i, out, &ending, err);
		provider_well(e, i);
		log_event(LOG_LEVEL_WARNING, "send_refused",
			  LOG_S("provider", e->config->providers[i].id),
			  LOG_I("message", out->ref), LOG_S("why", ending.reason));
		return refused(e, out, ending.reason, err);
	case SEND_LATER:
	case SEND_NOT_SENT:
		return end_later(e, i, out, &ending, err);
	case SEND_UNKNOWN:
		return end_unknown(e, i, out, &ending, err);
	case SEND_EXPIRED:
	case SEND_OUTCOMES:
		break;
	}
	return err_set(err, ERR_BUG, "a send that ended in no known way");
}
