/* SPDX-License-Identifier: MIT */
/*
 * Turns. One turn:
 *
 *   take all letters → begin → each letter under a savepoint → due work → commit →
 * effects
 *
 * What a turn changes in memory (providers, counters) is copied at its beginning and put
 * back when the turn fails, so memory and store never disagree about what happened. When
 * the store fails, ends of sends are carried over to the next turn (they cannot be learnt
 * again), callers get 503 (they will call again), pages are dropped (the cursor did not
 * move), and the store is reopened with growing pauses; until then nothing new is taken.
 */
#include "flow/flow.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

enum {
	TURN_CEILING = 64 << 20,
	ITEM_CEILING = 4 << 20,
	STOP_GRACE_MS = 4000,
	SPACE_EVERY_MS = 1000,
	TIDY_EVERY_MS = 5000,
	STORE_RETRY_MOST_MS = 5000,
	STORE_GIVE_UP_MS = 120000,
	SAY_EVERY_MS = 60000,
	WAIT_MOST_MS = 500, /* the heartbeat */
	GATHER_MS = 5,
};

/* ---- effects ---- */

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
static void effects_release(struct engine *e)
{
	struct letter *polls = NULL, **polls_tail = &polls;
	struct letter *rest = NULL, **rest_tail = &rest;

	for (size_t i = 0; i < e->n_effects; i++) {
		struct effect *f = &e->effects[i];
		struct letter ***tail = &rest_tail;

		if (f->kind == EFFECT_ANSWER) {
			e->carrier.answer(e->carrier.self, f->in, &f->answer);
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

static void answer_busy(struct engine *e, struct incoming *in)
{
	static struct str_pair again[] = { { STR_INIT("Retry-After"), STR_INIT("5") } };
	const struct answer busy = {
		.status = 503,
		.content_type = STR_INIT("text/plain"),
		.body = STR_INIT("busy, try again\n"),
		.headers = { again, 1 },
	};

	e->carrier.answer(e->carrier.self, in, &busy);
}

/* The turn failed: what it wanted to send never was, callers are told to come back. */
static void effects_drop(struct engine *e)
{
	for (size_t i = 0; i < e->n_effects; i++) {
		if (e->effects[i].kind == EFFECT_POST)
			outgoing_free(e->effects[i].out);
		else
			answer_busy(e, e->effects[i].in);
	}
	e->n_effects = 0;
}

/* Back to `n` effects: those of an item that was forgotten. Answers stay owed by the
 * caller. */
void effects_cut(struct engine *e, size_t n)
{
	while (e->n_effects > n)
		if (e->effects[--e->n_effects].kind == EFFECT_POST)
			outgoing_free(e->effects[e->n_effects].out);
}

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

void provider_trouble(char *words, size_t size, const char *sentence)
{
	snprintf(words, size, "%s", sentence);
}

struct outgoing *provider_outgoing(struct engine *e, size_t i, enum letter_kind kind,
				   uint32_t lane, unsigned width)
{
	const struct config_provider *p = &e->config->providers[i];
	struct outgoing *out = outgoing_new((size_t)p->answer_kb * 1024 + (256 << 10));

	if (!out)
		return NULL;
	out->letter.kind = (int)kind;
	out->lane = (uint32_t)i * 4 + lane;
	out->lane_width = width;
	out->connect_ms = p->connect_ms;
	out->total_ms = p->timeout_ms;
	out->exchange.ceiling_bytes = (size_t)p->answer_kb * 1024;
	out->provider = arena_str(out->arena, p->id);
	return out;
}

/* Index of the provider that an outgoing was for; −1 after a reload removed it. */
static int provider_index(const struct engine *e, struct str id)
{
	for (size_t i = 0; i < e->config->n_providers; i++)
		if (str_eq(e->config->providers[i].id, id))
			return (int)i;
	return -1;
}

/* ---- letters ---- */

static void letter_free(struct letter *letter)
{
	if (letter->kind == LETTER_RELOADED) {
		struct reloaded *r = (struct reloaded *)letter;

		config_free(r->config);
		free(r);
	} else if (letter->kind != LETTER_STOP) {
		outgoing_free((struct outgoing *)letter);
	}
}

static bool is_incoming(int kind)
{
	return kind == LETTER_CALLBACK || kind == LETTER_ADMIN || kind == LETTER_CONTROL;
}

static bool is_outgoing(int kind)
{
	return kind == LETTER_FETCHED || kind == LETTER_SENT || kind == LETTER_SETTLED;
}

static void answer_asker(struct engine *e, struct incoming *asker, struct str faults)
{
	struct json *root = json_new_object();
	struct buf b = BUF_INIT(1 << 20);
	struct answer answer = { .status = faults.n ? 422 : 200,
				 .content_type = STR("application/json") };

	if (faults.n)
		json_set(root, "error", json_new_str(faults));
	else
		json_set(root, "reloaded", json_new_bool(true));
	json_dump(root, &b);
	json_free(root);
	answer.body = buf_str(&b);
	e->carrier.answer(e->carrier.self, asker, &answer);
	buf_free(&b);
}

static int providers_setup(struct engine *e, struct err *err);

/*
 * Providers keep their place by id; a new one starts fresh. The old config goes at once:
 * exchanges under way carry copies of what they need.
 */
static int reload_apply(struct engine *e, struct reloaded *r, struct err *err)
{
	struct provider was[STATS_PROVIDERS];
	struct provider_words words[STATS_PROVIDERS];
	struct config *old = e->config;
	int from[STATS_PROVIDERS] = { 0 };

	if (!r->config)
		return 0;
	memcpy(was, e->providers, sizeof(was));
	memcpy(words, e->words, sizeof(words));
	for (size_t i = 0; i < r->config->n_providers; i++)
		from[i] = provider_index(e, r->config->providers[i].id);
	e->config = r->config;
	r->config = NULL;
	if (providers_setup(e, err)) {
		r->config = e->config;
		e->config = old;
		return -1;
	}
	for (size_t i = 0; i < e->config->n_providers; i++) {
		struct bucket fresh = e->providers[i].bucket;

		if (from[i] < 0)
			continue;
		e->providers[i] = was[from[i]];
		e->providers[i].bucket = fresh;
		e->words[i] = words[from[i]];
	}
	memcpy(e->providers_before, e->providers, sizeof(e->providers));
	config_free(old);
	return 0;
}

static int reload_handle(struct engine *e, struct reloaded *r, struct err *err)
{
	if (reload_apply(e, r, err))
		return -1;
	if (r->faults.n)
		log_event(LOG_LEVEL_ERROR, "reload_refused", LOG_S("faults", r->faults));
	else
		log_event(LOG_LEVEL_NOTICE, "reloaded",
			  LOG_I("providers", e->config->n_providers),
			  LOG_I("departments", e->config->n_departments));
	if (r->asker)
		answer_asker(e, r->asker, r->faults);
	r->asker = NULL; /* the letter may be carried into another turn */
	return 0;
}

static void stop_handle(struct engine *e)
{
	if (e->stopping)
		return;
	e->stopping = true;
	e->stop_by_ms = e->mono_ms + STOP_GRACE_MS;
	log_event(LOG_LEVEL_NOTICE, "stopping", LOG_I("in_hand", e->in_hand));
	e->carrier.drain(e->carrier.self);
}

/* *given: somebody else answers it, perhaps at this very moment. */
static int incoming_handle(struct engine *e, struct incoming *in, bool *given,
			   struct err *err)
{
	struct answer answer = { .status = 404 };

	if (in->letter.kind == LETTER_CALLBACK)
		return callback_called(e, in, err);
	if (effects_reserve(e, 1, err))
		return -1;
	if (!e->desk || e->desk(e, in, &answer))
		effect_answer(e, in, &answer);
	else
		*given = true;
	return 0;
}

static int outgoing_handle(struct engine *e, struct outgoing *out, struct err *err)
{
	int i = provider_index(e, out->provider);

	if (out->letter.kind == LETTER_SENT)
		return dispatch_sent(e, i < 0 ? SIZE_MAX : (size_t)i, out, err);
	if (i < 0)
		return 0;
	if (out->letter.kind == LETTER_FETCHED)
		return poll_fetched(e, (size_t)i, out, err);
	if (out->transport != TRANSPORT_DONE || out->response.status >= 300)
		log_event(LOG_LEVEL_WARNING, "settle_failed",
			  LOG_S("provider", out->provider),
			  LOG_Z("transport", transport_name(out->transport)),
			  LOG_I("status", out->response.status));
	return 0;
}

/*
 * A letter of this turn. Incoming ones may be gone from the moment they are given to
 * whoever answers them, so their kind is noted here, and letters are walked by this array
 * only.
 */
struct item {
	struct letter *letter;
	int kind;
	bool given;
};

static int item_apply(struct engine *e, struct item *item, struct err *err)
{
	if (is_incoming(item->kind))
		return incoming_handle(e, (struct incoming *)item->letter, &item->given,
				       err);
	if (is_outgoing(item->kind))
		return outgoing_handle(e, (struct outgoing *)item->letter, err);
	if (item->kind == LETTER_RELOADED)
		return reload_handle(e, (struct reloaded *)item->letter, err);
	stop_handle(e);
	return 0;
}

/* One letter under a savepoint. −1 only when the turn is over (the store fails). */
static int item_handle(struct engine *e, struct item *item, struct err *err)
{
	size_t effects = e->n_effects;

	if (store_mark(e->store, err))
		return -1;
	if (item_apply(e, item, err) == 0) {
		item->given |= is_incoming(item->kind); /* its answer is an effect now */
		return store_release(e->store, err);
	}
	if (err->kind == ERR_LATER)
		return -1;
	log_event(LOG_LEVEL_ERROR, "item_failed", LOG_I("kind", item->kind),
		  LOG_Z("why", err->text));
	effects_cut(e, effects);
	if (store_forget(e->store, err))
		return -1;
	if (is_incoming(item->kind) && !item->given) {
		answer_busy(e, (struct incoming *)item->letter);
		item->given = true;
	}
	return 0;
}

/*
 * Ends of sends come in crowds and hardly ever fail: a crowd shares a savepoint. When one
 * of them does fail, all are taken back and each gets its own. *n: how many there are.
 */
static int sends_handle(struct engine *e, struct item *items, size_t *n, size_t most,
			struct err *err)
{
	struct stats *stats = ARENA_NEW(e->turn, struct stats, 1);
	struct provider providers[STATS_PROVIDERS];
	size_t effects = e->n_effects;

	*n = 0;
	while (*n < most && items[*n].kind == LETTER_SENT)
		++*n;
	if (*n < 2 || !stats) {
		*n = 1;
		return item_handle(e, &items[0], err);
	}
	*stats = e->stats;
	memcpy(providers, e->providers, sizeof(providers));
	if (store_mark(e->store, err))
		return -1;
	for (size_t i = 0; i < *n; i++) {
		if (item_apply(e, &items[i], err) == 0)
			continue;
		if (err->kind == ERR_LATER)
			return -1;
		e->stats = *stats;
		memcpy(e->providers, providers, sizeof(providers));
		effects_cut(e, effects);
		*n = 1;
		return store_forget(e->store, err) ? -1 : item_handle(e, &items[0], err);
	}
	return store_release(e->store, err);
}

/* ---- due work ---- */

static int due_parts(struct engine *e, unsigned *works, struct err *err)
{
	if (e->wall_ms < e->parts_due_ms)
		return 0;
	if (intake_parts_due(e, works, err))
		return -1;
	return store_parts_next(e->store, &e->parts_due_ms, err);
}

static int due_tidy(struct engine *e, struct err *err)
{
	int expired = 0;

	if (e->mono_ms < e->tidy_at_ms)
		return 0;
	e->tidy_at_ms = e->mono_ms + TIDY_EVERY_MS;
	if (store_out_expire(e->store, e->wall_ms, 500, &expired, err))
		return -1;
	if (expired)
		log_event(LOG_LEVEL_WARNING, "replies_expired", LOG_I("n", expired));
	return store_raw_trim(e->store, e->wall_ms - e->config->store.keep_raw_ms,
			      e->config->store.keep_raw, err);
}

static int due_work(struct engine *e, unsigned *works, struct err *err)
{
	if (due_parts(e, works, err) || due_tidy(e, err))
		return -1;
	if (raws_digest(e, err))
		return -1;
	if (e->stopping)
		return 0;
	return dispatch_due(e, err) || polls_start(e, err) ? -1 : 0;
}

/* ---- trouble with the store ---- */

static void store_say(struct engine *e, const char *event)
{
	if (e->said_ms && e->mono_ms - e->said_ms < SAY_EVERY_MS)
		return;
	e->said_ms = e->mono_ms ? e->mono_ms : 1;
	log_event(LOG_LEVEL_ERROR, event, LOG_Z("why", e->store_trouble));
}

/*
 * After trouble the store may hold rows as "sending" that no carrier has: a commit whose
 * answer was lost. dispatch compares as soon as nothing of a provider is in flight.
 */
/* Opened again is not enough: on a full disk only writing shows it. */
static int store_prove(struct engine *e, struct err *err)
{
	int64_t n;

	if (store_reopen(e->store, err) || store_begin(e->store, err))
		return -1;
	if (store_count_add(e->store, "store_proved", 0, 1, &n, err) == 0 &&
	    store_commit(e->store, err) == 0)
		return 0;
	store_rollback(e->store);
	return -1;
}

static void store_try_again(struct engine *e)
{
	struct err err;

	if (e->mono_ms < e->store_retry_ms)
		return;
	if (store_prove(e, &err)) {
		e->store_tries++;
		e->store_retry_ms =
			e->mono_ms + backoff_ms(e->store_tries, 100, STORE_RETRY_MOST_MS,
						engine_chance(e));
		snprintf(e->store_trouble, sizeof(e->store_trouble), "%s", err.text);
		store_say(e, "store_lost");
		if (e->mono_ms - e->store_lost_since_ms > STORE_GIVE_UP_MS &&
		    !e->no_space) {
			log_event(LOG_LEVEL_ERROR, "store_given_up",
				  LOG_Z("why", err.text));
			e->exit_code = 74;
			e->stopping = true;
			e->stop_by_ms = e->mono_ms;
		}
		return;
	}
	e->store_lost = false;
	for (size_t i = 0; i < e->config->n_providers; i++)
		e->providers[i].compare = true;
	memcpy(e->providers_before, e->providers, sizeof(e->providers));
	log_event(LOG_LEVEL_NOTICE, "store_back",
		  LOG_I("after_ms", e->mono_ms - e->store_lost_since_ms));
}

static void store_failed(struct engine *e, const struct err *err)
{
	store_rollback(e->store);
	if (!e->store_lost)
		e->store_lost_since_ms = e->mono_ms;
	if (e->store_retry_ms + 1000 < e->mono_ms)
		e->store_tries = 0;
	e->store_lost = true;
	e->store_tries++;
	e->store_retry_ms =
		e->mono_ms +
		backoff_ms(e->store_tries, 50, STORE_RETRY_MOST_MS, engine_chance(e));
	snprintf(e->store_trouble, sizeof(e->store_trouble), "%s", err->text);
	store_say(e, "turn_failed");
	memcpy(e->providers, e->providers_before, sizeof(e->providers));
	e->stats = e->stats_before;
	e->stats.turns_failed++;
}

static void space_look(struct engine *e)
{
	struct err err;
	bool was = e->no_space;

	if (e->mono_ms < e->space_at_ms)
		return;
	e->space_at_ms = e->mono_ms + SPACE_EVERY_MS;
	e->no_space = store_space(e->store, e->config->store.reserve_mb << 20, &err) != 0;
	if (e->no_space) {
		snprintf(e->store_trouble, sizeof(e->store_trouble), "%s", err.text);
		store_say(e, "store_space_low");
	} else if (was) {
		log_event(LOG_LEVEL_NOTICE, "store_space_back", LOG_I("ok", 1));
	}
}

/* ---- turns ---- */

/* The letters of a turn, in order of arrival. Arrays, which outlive the letters. */
struct batch {
	struct batch *next;
	struct item *items;
	size_t n;
	bool ends_only; /* of sends */
};

static void carry(struct engine *e, struct letter *letter)
{
	struct letter **tail = &e->carried;

	while (*tail)
		tail = &(*tail)->next;
	letter->next = NULL;
	*tail = letter;
}

/* A page that could not be taken: the provider is asked again soon. */
static void page_drop(struct engine *e, struct outgoing *out)
{
	int i = provider_index(e, out->provider);

	if (i >= 0 && out->letter.kind == LETTER_FETCHED) {
		e->providers[i].polling = false;
		e->providers[i].poll_at_ms = e->mono_ms + 200;
	}
	outgoing_free(out);
}

/* Letters of a turn that cannot be: what can be asked again is dropped, the rest carried.
 */
static void letters_put_off(struct engine *e, struct batch *batches)
{
	for (struct batch *b = batches; b; b = b->next) {
		for (size_t i = 0; i < b->n; i++) {
			struct letter *l = b->items[i].letter;
			int kind = b->items[i].kind;

			if (b->items[i].given)
				continue;
			if (kind == LETTER_SENT || kind == LETTER_RELOADED)
				carry(e, l);
			else if (kind == LETTER_STOP)
				stop_handle(e);
			else if (is_incoming(kind))
				answer_busy(e, (struct incoming *)l);
			else
				page_drop(e, (struct outgoing *)l);
		}
	}
}

static void turn_failed(struct engine *e, struct batch *batches, const struct err *err)
{
	effects_drop(e);
	store_failed(e, err);
	letters_put_off(e, batches);
}

static void letters_done(struct batch *batches)
{
	for (struct batch *b = batches; b; b = b->next)
		for (size_t i = 0; i < b->n; i++)
			if (!is_incoming(b->items[i].kind))
				letter_free(b->items[i].letter);
}

static void turn_begin(struct engine *e)
{
	e->mono_ms = clock_mono_ms();
	e->wall_ms = clock_wall_ms();
	e->day = (e->wall_ms + (int64_t)e->config->zone_s * 1000) / 86400000;
	arena_reset(e->turn);
	memcpy(e->providers_before, e->providers, sizeof(e->providers));
	e->stats_before = e->stats;
}

/* Letters carried over, then those that have arrived; outgoing ones are in hand no more.
 */
static struct letter *letters_collect(struct engine *e, size_t *n)
{
	struct letter *fresh = mailbox_take(e->mailbox), *all = e->carried, **tail = &all;

	for (struct letter *l = fresh; l; l = l->next) {
		if (is_outgoing(l->kind) && e->in_hand)
			e->in_hand--;
		if (l->kind == LETTER_FETCHED && e->page_us == 0)
			e->page_us = ((struct outgoing *)l)->ended_mono_us;
	}
	e->carried = NULL;
	while (*tail)
		tail = &(*tail)->next;
	*tail = fresh;
	*n = 0;
	for (struct letter *l = all; l; l = l->next)
		++*n;
	return all;
}

/* What waits now. NULL without memory: the letters are carried whole. */
static struct batch *batch_collect(struct engine *e)
{
	size_t n, i = 0;
	struct letter *all = letters_collect(e, &n), *next;
	struct batch *batch = ARENA_NEW(e->turn, struct batch, 1);
	struct item *items = ARENA_NEW(e->turn, struct item, n + 1);

	if (!batch || !items) {
		e->carried = all;
		return NULL;
	}
	*batch = (struct batch){ .items = items, .n = n, .ends_only = n > 0 };
	for (struct letter *l = all; l; l = next) {
		next = l->next;
		batch->ends_only = batch->ends_only && l->kind == LETTER_SENT;
		items[i++] = (struct item){ .letter = l, .kind = l->kind };
	}
	return batch;
}

static int batch_apply(struct engine *e, struct batch *batch, unsigned *works,
		       struct err *err)
{
	for (size_t i = 0, done; i < batch->n; i += done) {
		struct item *item = &batch->items[i];

		done = 1;
		if (item->kind == LETTER_SENT
			    ? sends_handle(e, item, &done, batch->n - i, err)
			    : item_handle(e, item, err))
			return -1;
		*works += (unsigned)done;
	}
	return 0;
}

/* A page is on its way that will probably bring complaints: the last one did. */
static bool page_expected(const struct engine *e)
{
	for (size_t i = 0; i < e->config->n_providers; i++)
		if (e->providers[i].polling && e->providers[i].empty_pages == 0)
			return true;
	return false;
}

/*
 * Nobody waits for the end of a send to be written down. While a page is about to come
 * that needs a commit anyway, ends of sends are applied and share that commit: the
 * transaction stays open a moment for what else arrives. NULL: no more.
 */
static struct batch *batch_more(struct engine *e, const struct batch *last)
{
	int64_t until = e->mono_ms + GATHER_MS;

	if (!e->gathers || !last->ends_only || !page_expected(e) ||
	    clock_mono_ms() >= until)
		return NULL;
	mailbox_wait(e->mailbox, until);
	return batch_collect(e);
}

/* Everything that has arrived, in one transaction. *batches: what was taken, also on
 * failure. */
static int turn_apply(struct engine *e, struct batch *first, unsigned *works,
		      struct err *err)
{
	struct batch *batch = first;

	if (store_begin(e->store, err))
		return -1;
	for (; batch; batch = batch->next) {
		if (batch_apply(e, batch, works, err))
			return -1;
		if (!batch->next)
			batch->next = batch_more(e, batch);
	}
	return due_work(e, works, err);
}

static int turn_commit(struct engine *e, unsigned works, struct err *err)
{
	int64_t before_us = clock_mono_us();

	if (store_commit(e->store, err))
		return -1;
	histogram_add(&e->stats.commit_s, stats_seconds_bounds,
		      (double)(clock_mono_us() - before_us) / 1e6);
	histogram_add(&e->stats.batch, stats_batch_bounds, works);
	return 0;
}

unsigned engine_turn(struct engine *e)
{
	struct err err = { .kind = ERR_NONE };
	unsigned works = 0;
	struct batch *batches;

	turn_begin(e);
	space_look(e);
	e->page_us = 0;
	batches = batch_collect(e);
	if (e->store_lost)
		store_try_again(e);
	if (e->store_lost) {
		letters_put_off(e, batches);
		return 0;
	}
	if (turn_apply(e, batches, &works, &err) || turn_commit(e, works, &err)) {
		turn_failed(e, batches, &err);
		return 0;
	}
	e->said_ms = e->no_space ? e->said_ms : 0;
	effects_release(e);
	letters_done(batches);
	return works;
}

int64_t engine_next_ms(const struct engine *e)
{
	int64_t next = e->tidy_at_ms;
	int64_t to_mono = e->mono_ms - e->wall_ms;

	if (e->store_lost)
		return e->store_retry_ms;
	if (e->stopping)
		return e->stop_by_ms;
	if (e->parts_due_ms != INT64_MAX && e->parts_due_ms + to_mono < next)
		next = e->parts_due_ms + to_mono;
	for (size_t i = 0; i < e->config->n_providers; i++) {
		const struct provider *p = &e->providers[i];
		int64_t at = p->poll_at_ms;

		if (p->raw_waiting)
			return e->mono_ms;
		if (!p->polling && at < next && !p->paused && !e->no_space)
			next = at;
		at = dispatch_next_ms(e, i);
		if (at < next)
			next = at;
	}
	return next;
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
	if (store_count_tickets(e->store, e->turn, &rows, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		int d = config_department(e->config, rows[i].a);
		enum ticket_state state;

		if (d < 0 || d >= STATS_DEPARTMENTS)
			d = (int)(e->config->n_departments < STATS_DEPARTMENTS
					  ? e->config->n_departments
					  : STATS_DEPARTMENTS);
		if (ticket_state_read(rows[i].b, &state))
			e->stats.tickets[d][state] += rows[i].n;
	}
	return 0;
}

static int providers_setup(struct engine *e, struct err *err)
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
	return tickets_count(e, err);
}

static int engine_recover(struct engine *e, struct err *err)
{
	turn_begin(e);
	if (store_begin(e->store, err))
		return -1;
	if (providers_setup(e, err) || dispatch_recover(e, err) ||
	    store_parts_next(e->store, &e->parts_due_ms, err)) {
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
	e->store = s->store;
	e->carrier = s->carrier;
	e->mailbox = s->mailbox;
	e->desk = s->desk;
	e->chance = s->chance;
	e->turn = arena_new("turn", TURN_CEILING);
	e->item = arena_new("item", ITEM_CEILING);
	e->started_ms = clock_wall_ms();
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
	struct batch *batch;

	if (!e)
		return;
	if (e->mailbox && e->turn) {
		batch = batch_collect(e);
		for (size_t i = 0; batch && i < batch->n; i++)
			if (is_incoming(batch->items[i].kind))
				answer_busy(e, (struct incoming *)batch->items[i].letter);
			else
				letter_free(batch->items[i].letter);
	}
	effects_drop(e);
	free(e->effects);
	store_close(e->store);
	config_free(e->config);
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
