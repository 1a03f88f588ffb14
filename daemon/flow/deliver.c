/* SPDX-License-Identifier: MIT */
/*
 * Deliveries leave by their ways. Each way is a queue of its own with its own lane at the
 * carrier, its own pauses and its own window: a dead department delays no other, and no
 * SMS. A row is "sending" before its request leaves, so after a crash we know which may
 * have been taken (deliver_end.c says what becomes of those).
 *
 * What is due is claimed way by way, a few in a turn, so that a long queue does not hold
 * up what citizens wait for; whoever was first this time is last the next. Of a ticket,
 * way and address only the first open one leaves.
 *
 * A way whose other side knows our ids has a window: more is posted than leaves at once,
 * and more than that where it is taken within a second. What waits too long at the
 * carrier would tell of yesterday, with a signature as old.
 *
 * While a way fails, one delivery goes ahead alone; those that have been tried for
 * retry_for are parked without it. Of a way that is stopped, or gone from the
 * configuration, the queue goes on by the next way, some in each turn.
 */
#include "flow/duty.h"

#include "base/log.h"

enum {
	WINDOW_FACTOR =
		32, /* posted for each in flight, so that none waits for a commit */
	WINDOW_QUICK = 512, /* … and at least so many where they are taken at once */
	CLAIM_TURN =
		256, /* of all ways: a few milliseconds before what citizens wait for */
	PAGE = 100,
	GIVE_UP_TURN = 200, /* of all ways: a mail server's death parks what all have */
	ANSWER_ROOM = 64 << 20, /* a ceiling: of a history of thousands of events, too */
	ANSWER_CEILING = 256 << 10,
	MAIL_LANE = (1 << 16) - 1, /* one server takes the mail of all departments */
};

static unsigned window(const struct engine *e, const struct way *w)
{
	const struct config_way *c = way_config(e, w);
	unsigned most = (unsigned)c->in_flight * (way_repeats(c) ? WINDOW_FACTOR : 1);

	if (w->failing)
		return 1;
	return w->quick && most < WINDOW_QUICK ? WINDOW_QUICK : most;
}

/*
 * How much of a window is free before more is claimed. A claim passes over what is under
 * way in the index, and a turn costs a commit: so a large window is filled by halves. One
 * is under way while the other is worked on.
 */
static unsigned room_wanted(const struct engine *e, const struct way *w)
{
	return w->failing || !way_repeats(way_config(e, w)) ? 1 : window(e, w) / 2;
}

static bool has_room(const struct engine *e, const struct way *w)
{
	return w->in_flight + room_wanted(e, w) <= window(e, w);
}

static int64_t to_mono(const struct engine *e, int64_t wall_ms)
{
	return wall_ms == INT64_MAX ? INT64_MAX : wall_ms + e->mono_ms - e->wall_ms;
}

static bool may_claim(const struct engine *e, const struct way *w)
{
	return !w->stopped && !w->compare && w->open > w->in_flight && has_room(e, w);
}

static bool claims_now(const struct engine *e, const struct way *w)
{
	return may_claim(e, w) && w->claim_at_ms <= e->wall_ms &&
	       e->mono_ms >= w->after_ms;
}

bool deliver_expects(const struct engine *e)
{
	bool expects = false;

	for (size_t i = 0; i < e->ways.n; i++) {
		const struct way *w = &e->ways.items[i];

		if (claims_now(e, w))
			return false;
		expects = expects || (w->in_flight > 1 && w->open > w->in_flight &&
				      !has_room(e, w) && way_repeats(way_config(e, w)));
	}
	return expects;
}

/* ---- waking ---- */

static int64_t way_next_ms(const struct engine *e, const struct way *w)
{
	int64_t claim = to_mono(e, w->claim_at_ms), over = INT64_MAX;

	if (w->compare)
		return w->in_flight || e->ways.gone ? INT64_MAX : e->mono_ms;
	if (w->stopped)
		return w->open > w->in_flight ? e->mono_ms : INT64_MAX;
	if (claim < w->after_ms)
		claim = w->after_ms;
	if (!may_claim(e, w))
		claim = INT64_MAX;
	if (w->failing && w->open > w->in_flight)
		over = to_mono(e, w->over_at_ms);
	return claim < over ? claim : over;
}

int64_t deliver_next_ms(const struct engine *e)
{
	int64_t next = INT64_MAX;

	if (e->ways.doubt || e->ways.strays)
		return e->mono_ms;
	for (size_t i = 0; i < e->ways.n; i++) {
		int64_t at = way_next_ms(e, &e->ways.items[i]);

		next = at < next ? at : next;
	}
	return next;
}

/* ---- leaving ---- */

static struct outgoing *outgoing_of(const struct engine *e, const struct way *w)
{
	const struct config_way *c = way_config(e, w);
	const struct forward_mail *mail = &e->config->mail;
	bool mails = c->forwarder->has_addresses;
	struct outgoing *out = outgoing_new(ANSWER_ROOM);

	if (!out)
		return NULL;
	out->letter.kind = LETTER_DELIVERED;
	out->lane = mails ? MAIL_LANE : w->lane;
	out->lane_width = (unsigned)(mails ? mail->connections : c->in_flight);
	out->connect_ms = c->connect_ms;
	out->total_ms = mails ? mail->timeout_ms : c->timeout_ms;
	out->provider = arena_str(out->arena, str_of(w->mark));
	out->ca_file = arena_str(out->arena,
				 c->ca_file.n || !mails ? c->ca_file : mail->ca_file);
	return out;
}

/* −1 with ERR_LATER: the store fails. Anything else: this one cannot be described. */
static int describe(struct engine *e, struct way *w, const struct delivery *d,
		    struct outgoing *out, bool *stale, struct err *err)
{
	struct told *told = ARENA_NEW(out->arena, struct told, 1);
	struct forward_ctx ctx = forward_ctx_of(e, w, out->arena);
	struct forward *f;

	if (!told)
		return err_set(err, ERR_LIMIT, "no room for a delivery");
	f = &told->forward;
	if (forward_tell(e, w, d, out->arena, f, stale, err))
		return -1;
	if (*stale)
		return 0;
	if (way_config(e, w)->forwarder->compose(&ctx, f, &out->exchange, err)) {
		err->kind = ERR_NEVER;
		return -1;
	}
	if (!out->exchange.ceiling_bytes)
		out->exchange.ceiling_bytes = ANSWER_CEILING;
	told->by = way_config(e, w)->forwarder;
	told->lane = w->lane;
	told->jumps_ms = e->plan.jumps_ms;
	told->claimed_ms = e->mono_ms;
	told->delivery = *d;
	told->delivery.department = f->department;
	told->delivery.target = f->to;
	told->delivery.event = f->event;
	told->delivery.what = str_of(forward_what_name(f->what));
	told->delivery.way = arena_str(out->arena, d->way);
	told->delivery.state = STR("sending");
	told->delivery.external_id = told->delivery.reason = STR("");
	out->told = told;
	return exchange_own(&out->exchange, out->arena, err);
}

static const char overtaken[] = "overtaken by what happened since";

static int post(struct engine *e, struct way *w, const struct delivery *d,
		struct err *err)
{
	struct outgoing *out = outgoing_of(e, w);
	bool stale = false;
	struct err why;

	if (!out || effects_reserve(e, 1, &why)) {
		outgoing_free(out);
		return store_delivery_again(e->store, d->id, STR("no memory"),
					    e->wall_ms + 1000, false, err);
	}
	if (describe(e, w, d, out, &stale, &why) || stale) {
		outgoing_free(out);
		if (stale)
			return forward_drop(e, w, d, overtaken, err);
		*err = why;
		return why.kind == ERR_LATER ? -1
					     : forward_park(e, w, d, PARK_IMPOSSIBLE,
							    str_of(why.text), err);
	}
	out->ref = (uint64_t)d->id;
	out->attempts = d->attempts;
	w->in_flight++;
	effect_post(e, out);
	return 0;
}

/* Officers' phones: queued as SMS, here and now; dispatch.c does the rest. */
static int text_officers(struct engine *e, struct way *w, const struct delivery *d,
			 struct err *err)
{
	struct ticket t;
	struct err why;
	bool told;

	if (store_ticket_get(e->store, d->ticket_id, e->item, &t, &why)) {
		*err = why;
		return why.kind == ERR_LATER ? -1
					     : forward_park(e, w, d, PARK_IMPOSSIBLE,
							    str_of(why.text), err);
	}
	if (!forward_has(&t, d->department))
		return forward_drop(e, w, d, overtaken, err);
	if (duty_deliver(e, d, &t, &told, err))
		return -1;
	if (!told)
		return forward_park(e, w, d, PARK_REFUSED,
				    STR("no officer is to be told of it"), err);
	w->open -= w->open > 0;
	w->ends[DELIVERY_DONE]++;
	return store_delivery_end(e->store, d->id, "done", STR(""), STR(""), e->wall_ms,
				  err);
}

struct texting {
	struct way *way;
	const struct delivery *delivery;
};

static int texting_do(struct engine *e, void *arg, struct err *err)
{
	const struct texting *t = arg;

	return text_officers(e, t->way, t->delivery, err);
}

/* An officer's row that does not open must not hold up everything else. */
static int text(struct engine *e, struct way *w, const struct delivery *d,
		struct err *err)
{
	struct texting t = { w, d };
	bool failed;

	if (work_spare(e, texting_do, &t, "delivery_failed", &failed, err))
		return -1;
	return failed ? forward_park(e, w, d, PARK_IMPOSSIBLE, STR(""), err) : 0;
}

static int leave(struct engine *e, struct way *w, const struct delivery *d,
		 struct err *err)
{
	arena_reset(e->item);
	if (!way_reaches(e, w, d->target))
		return forward_moved(e, w, d, err);
	return way_config(e, w)->by == WAY_SMS ? text(e, w, d, err) : post(e, w, d, err);
}

static int claim(struct engine *e, struct way *w, unsigned most, unsigned *taken,
		 struct err *err)
{
	unsigned room = window(e, w) - w->in_flight, want = room < most ? room : most;
	struct delivery *rows;
	size_t n;

	if (store_delivery_claim(e->store, way_department(e, w), way_config(e, w)->name,
				 e->wall_ms, (int)want, e->turn, &rows, &n, err))
		return -1;
	*taken += (unsigned)n;
	for (size_t i = 0; i < n; i++)
		if (leave(e, w, &rows[i], err))
			return -1;
	if (n == want)
		return 0;
	return store_delivery_next(e->store, way_department(e, w), way_config(e, w)->name,
				   &w->claim_at_ms, err);
}

static int claims(struct engine *e, struct err *err)
{
	struct ways *all = &e->ways;
	unsigned taken = 0;

	for (size_t i = 0; i < all->n && taken < CLAIM_TURN; i++) {
		struct way *w = &all->items[(all->first + i) % all->n];

		if (!claims_now(e, w))
			continue;
		if (claim(e, w, CLAIM_TURN - taken, &taken, err))
			return -1;
	}
	all->first = all->n ? (all->first + 1) % all->n : 0;
	return 0;
}

/* ---- what is given up ---- */

static int page_of(unsigned left)
{
	return left < PAGE ? (int)left : PAGE;
}

/* While the way fails: those that have been tried for long enough. *left: how many may
 * be in this turn. */
static int give_up(struct engine *e, struct way *w, unsigned *left, struct err *err)
{
	const struct config_way *c = way_config(e, w);
	int most = page_of(*left);
	struct delivery *rows;
	int64_t since, made;
	size_t n;

	if (!w->failing || w->over_at_ms > e->wall_ms || w->compare || !most)
		return 0;
	if (store_deliveries(e->store, DELIVERIES_OLD, way_department(e, w), c->name,
			     e->wall_ms - c->retry_for_ms, most, e->turn, &rows, &n, err))
		return -1;
	*left -= (unsigned)n;
	for (size_t i = 0; i < n; i++) {
		arena_reset(e->item);
		if (forward_park(e, w, &rows[i], PARK_OVER, rows[i].reason, err))
			return -1;
	}
	if (store_delivery_oldest(e->store, way_department(e, w), c->name, &since, &made,
				  err))
		return -1;
	w->over_at_ms = since == INT64_MAX ? INT64_MAX : since + c->retry_for_ms;
	if (w->over_at_ms <= e->wall_ms && n < (size_t)most)
		w->over_at_ms = e->wall_ms + 1000; /* it is in flight, or just ended */
	return 0;
}

/* The queue of a stopped way. */
static int clear(struct engine *e, struct way *w, unsigned *left, struct err *err)
{
	int most = page_of(*left);
	struct delivery *rows;
	size_t n;

	if (!w->stopped || w->open <= w->in_flight || w->compare || !most)
		return 0;
	if (store_deliveries(e->store, DELIVERIES_OLD, way_department(e, w),
			     way_config(e, w)->name, INT64_MAX, most, e->turn, &rows, &n,
			     err))
		return -1;
	*left -= (unsigned)n;
	for (size_t i = 0; i < n; i++) {
		arena_reset(e->item);
		if (forward_park(e, w, &rows[i], PARK_STOPPED, STR(""), err))
			return -1;
	}
	if (n == 0) /* counted wrong */
		ways_doubt(e);
	return 0;
}

/* A page of one that has left. While exchanges of such are under way, theirs end by
 * letter. */
static int strays_of(struct engine *e, const struct delivery_count *way, size_t *n,
		     struct err *err)
{
	enum delivery_list which = e->ways.gone ? DELIVERIES_OLD : DELIVERIES_OPEN;
	struct delivery *rows;

	if (store_deliveries(e->store, which, way->department, way->way, INT64_MAX, PAGE,
			     e->turn, &rows, n, err))
		return -1;
	if (*n)
		log_event(LOG_LEVEL_WARNING, "way_missing",
			  LOG_S("department", way->department), LOG_S("way", way->way),
			  LOG_I("deliveries", way->open));
	for (size_t i = 0; i < *n; i++) {
		arena_reset(e->item);
		if (forward_park(e, NULL, &rows[i], PARK_REMOVED, STR(""), err))
			return -1;
	}
	return 0;
}

/* Open ones of ways that have left the configuration, or of whose department it is
 * silent: a page in a turn. */
static int strays(struct engine *e, struct err *err)
{
	struct delivery_count *ways;
	size_t n_ways, n = 0;

	if (!e->ways.strays)
		return 0;
	if (store_delivery_counts(e->store, e->turn, &ways, &n_ways, err))
		return -1;
	for (size_t i = 0; i < n_ways && n == 0; i++)
		if (ways[i].open && !way_find(e, ways[i].department, ways[i].way) &&
		    strays_of(e, &ways[i], &n, err))
			return -1;
	e->ways.strays = n > 0;
	return 0;
}

/* ---- after a stop, or trouble with the store ---- */

static int compare(struct engine *e, struct way *w, struct err *err)
{
	struct delivery *rows;
	size_t n;

	if (!w->compare || w->in_flight || e->ways.gone || e->carried)
		return 0;
	if (store_deliveries(e->store, DELIVERIES_SENDING, way_department(e, w),
			     way_config(e, w)->name, INT64_MAX, PAGE, e->turn, &rows, &n,
			     err))
		return -1;
	if (n)
		log_event(LOG_LEVEL_WARNING, "deliveries_in_doubt", LOG_Z("way", w->mark),
			  LOG_I("n", n));
	for (size_t i = 0; i < n; i++) {
		arena_reset(e->item);
		w->ends[DELIVERY_UNKNOWN]++;
		if (deliver_in_doubt(e, w, &rows[i], STR("stopped while it was sent"),
				     err))
			return -1;
	}
	w->compare = n == PAGE;
	w->claim_at_ms = e->wall_ms;
	return 0;
}

int deliver_recover(struct engine *e, struct err *err)
{
	for (size_t i = 0; i < e->ways.n; i++)
		e->ways.items[i].compare = true;
	e->ways.strays = true;
	(void)err;
	return 0;
}

int deliver_due(struct engine *e, struct err *err)
{
	unsigned left = GIVE_UP_TURN;

	if (e->ways.doubt && ways_count(e, err))
		return -1;
	if (strays(e, err))
		return -1;
	for (size_t i = 0; i < e->ways.n; i++) {
		struct way *w = &e->ways.items[(e->ways.first + i) % e->ways.n];

		if (compare(e, w, err) || clear(e, w, &left, err) ||
		    give_up(e, w, &left, err))
			return -1;
	}
	return claims(e, err);
}
