/* SPDX-License-Identifier: MIT */
/*
 * Turns. One turn:
 *
 *   take all letters → begin → each under a savepoint → due work → commit → effects
 *
 * What a turn changes in memory (providers, counters) is copied at its beginning and put
 * back when the turn fails, so memory and store never disagree about what happened. When
 * the store fails, ends of sends are carried over to the next turn (they cannot be learnt
 * again), callers get 503 (they will call again), pages are dropped (the cursor did not
 * move) but for those that are given only once; until the store is back nothing new is
 * taken.
 */
#include "flow/duty.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/api.h"

enum { TIDY_EVERY_MS = 5000, GATHER_MS = 5, PAGES_MS = 8 };
/* Answers to requests that may come again. */
enum { KEPT_MS = 86400000 };
/* A change of the store's key: a few milliseconds of work, four times a second. */
enum { RESEAL_EVERY_MS = 250, RESEAL_ROWS = 500 };

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

/* The letters of a turn, in order of arrival. Arrays, which outlive the letters. */
struct batch {
	struct batch *next;
	struct item *items;
	size_t n;
	bool ends_only; /* of sends */
	bool paged;	/* with a page of texts among them */
};

/* ---- items ---- */

/* One letter under a savepoint. −1 only when the turn is over (the store fails). */
static int item_handle(struct engine *e, struct item *item, struct err *err)
{
	size_t effects = e->n_effects;

	if (store_mark(e->store, err))
		return -1;
	if (letter_apply(e, item->letter, item->kind, &item->given, err) == 0) {
		item->given |=
			letter_is_incoming(item->kind); /* its answer is an effect now */
		return store_release(e->store, err);
	}
	if (err->kind == ERR_LATER)
		return -1;
	log_event(LOG_LEVEL_ERROR, "item_failed", LOG_I("kind", item->kind),
		  LOG_Z("why", err->text));
	effects_cut(e, effects);
	ways_doubt(e);
	if (store_forget(e->store, err))
		return -1;
	if (letter_is_incoming(item->kind) && !item->given) {
		answer_busy(e, (struct incoming *)item->letter);
		item->given = true;
	}
	return 0;
}

static bool is_end(int kind)
{
	return kind == LETTER_SENT || kind == LETTER_DELIVERED;
}

/*
 * Ends of sends come in crowds and hardly ever fail: a crowd shares a savepoint. When one
 * of them does fail, all are taken back and each gets its own. *n: how many there are.
 */
static int sends_handle(struct engine *e, struct item *items, size_t *n, size_t most,
			struct err *err)
{
	struct stats *stats = ARENA_NEW(e->turn, struct stats, 1);
	struct way *ways = ways_copy(e, e->turn);
	unsigned gone = e->ways.gone;
	struct provider providers[STATS_PROVIDERS];
	size_t effects = e->n_effects;

	*n = 0;
	while (*n < most && is_end(items[*n].kind))
		++*n;
	if (*n < 2 || !stats || !ways) {
		*n = 1;
		return item_handle(e, &items[0], err);
	}
	*stats = e->stats;
	memcpy(providers, e->providers, sizeof(providers));
	if (store_mark(e->store, err))
		return -1;
	for (size_t i = 0; i < *n; i++) {
		if (letter_apply(e, items[i].letter, items[i].kind, &items[i].given,
				 err) == 0)
			continue;
		if (err->kind == ERR_LATER)
			return -1;
		effects_cut(e, effects);
		e->stats = *stats;
		memcpy(e->providers, providers, sizeof(providers));
		ways_paste(e, ways);
		e->ways.gone = gone;
		*n = 1;
		return store_forget(e->store, err) ? -1 : item_handle(e, &items[0], err);
	}
	return store_release(e->store, err);
}

/* ---- due work ---- */

int work_spare(struct engine *e, int (*work)(struct engine *, void *, struct err *),
	       void *arg, const char *what, bool *failed, struct err *err)
{
	struct stats *stats = ARENA_NEW(e->turn, struct stats, 1);
	struct provider providers[STATS_PROVIDERS];
	size_t effects = e->n_effects;
	struct err why;

	*failed = false;
	if (!stats)
		return err_set(err, ERR_LIMIT, "no room for due work");
	*stats = e->stats;
	memcpy(providers, e->providers, sizeof(providers));
	if (store_mark(e->store, err))
		return -1;
	if (work(e, arg, &why) == 0)
		return store_release(e->store, err);
	if (why.kind == ERR_LATER) {
		*err = why;
		return -1;
	}
	log_event(LOG_LEVEL_ERROR, what, LOG_Z("why", why.text));
	effects_cut(e, effects);
	e->stats = *stats;
	memcpy(e->providers, providers, sizeof(providers));
	ways_doubt(e);
	*failed = true;
	return store_forget(e->store, err);
}

static int due_parts(struct engine *e, unsigned *works, struct err *err)
{
	if (e->wall_ms < e->plan.parts_due_ms)
		return 0;
	if (intake_parts_due(e, works, err))
		return -1;
	return store_parts_next(e->store, &e->plan.parts_due_ms, err);
}

static void key_changed(struct str next)
{
	const struct log_field fields[] = { LOG_S("next", next) };

	log_fields(LOG_LEVEL_NOTICE, "store_key_changed", fields, next.n > 0);
}

/* The change of the store's key goes on, and what does not open is told. */
static int due_reseal(struct engine *e, struct err *err)
{
	struct store_keys was, is;
	const char *why;

	store_keys(e->store, &was);
	if (store_reseal(e->store, RESEAL_ROWS, err))
		return -1;
	store_keys(e->store, &is);
	if (is.changing)
		e->tidy_at_ms = e->mono_ms + RESEAL_EVERY_MS;
	else if (was.changing)
		key_changed(store_keys_next(&was));
	why = store_unreadable(e->store);
	if (why)
		log_event(LOG_LEVEL_ERROR, "value_unreadable", LOG_Z("why", why));
	return 0;
}

static int due_tidy(struct engine *e, struct err *err)
{
	int64_t *expired;
	size_t n;

	if (e->mono_ms < e->tidy_at_ms)
		return 0;
	e->tidy_at_ms = e->mono_ms + TIDY_EVERY_MS;
	if (store_out_expire(e->store, e->wall_ms, 500, e->turn, &expired, &n, err) ||
	    dispatch_expired(e, expired, n, err))
		return -1;
	if (store_kept_trim(e->store, e->wall_ms - KEPT_MS, err))
		return -1;
	if (store_raw_trim(e->store, e->wall_ms - e->config->store.keep_raw_ms,
			   e->config->store.keep_raw, err))
		return -1;
	return due_reseal(e, err);
}

static int due_work(struct engine *e, unsigned *works, struct err *err)
{
	if (due_parts(e, works, err) || due_tidy(e, err))
		return -1;
	if (raws_digest(e, err))
		return -1;
	if (e->stopping)
		return 0;
	return deadlines_due(e, works, err) || duty_due(e, works, err) ||
			       alike_due(e, *works, err) || retain_due(e, *works, err) ||
			       dispatch_due(e, err) || daily_due(e, err) ||
			       mails_understand(e, works, err) || deliver_due(e, err) ||
			       watches_due(e, err) || inbox_due(e, err) ||
			       mail_out_due(e, err) || polls_start(e, err)
		       ? -1
		       : 0;
}
/* ---- turns ---- */

void letter_carry(struct engine *e, struct letter *letter)
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
		e->words[i].ahead = e->words[i].ahead && !out->after.p;
	}
	if (out->letter.kind == LETTER_WATCHED)
		watch_dropped(e, out);
	if (out->letter.kind == LETTER_INBOX)
		inbox_dropped(e); /* ends of mails are carried */
	outgoing_free(out);
}

/*
 * What an operator asks is answered without the store, too: then most of all he wants to
 * know what is wrong. What needs the store says itself that it fails.
 */
static void answer_operator(struct engine *e, struct incoming *in)
{
	struct answer answer = { .status = 404 };

	if (!e->desk)
		answer_busy(e, in);
	else if (e->desk(e, in, &answer))
		caller_answer(e, in, &answer);
}

/* A read-once provider never says it again. It is not asked meanwhile: `polling` stays.
 */
static bool only_copy(const struct engine *e, const struct outgoing *out)
{
	int i = provider_index(e, out->provider);

	return out->letter.kind == LETTER_FETCHED && i >= 0 &&
	       (e->config->providers[i].caps & SMS_READ_ONCE);
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
			if (kind == LETTER_SENT || kind == LETTER_DELIVERED ||
			    kind == LETTER_RELOADED ||
			    (kind == LETTER_INBOX && mail_out_is((struct outgoing *)l)))
				letter_carry(e, l);
			else if (kind == LETTER_STOP)
				engine_stop(e);
			else if (kind == LETTER_ADMIN || kind == LETTER_CONTROL ||
				 kind == LETTER_API)
				answer_operator(e, (struct incoming *)l);
			else if (letter_is_incoming(kind))
				answer_busy(e, (struct incoming *)l);
			else if (only_copy(e, (struct outgoing *)l))
				letter_carry(e, l);
			else
				page_drop(e, (struct outgoing *)l);
		}
	}
}

static void turn_failed(struct engine *e, struct batch *batches, const struct err *err)
{
	effects_drop(e);
	callers_doubt(e);
	trouble_begin(e, err);
	letters_put_off(e, batches);
}

static void letters_done(struct batch *batches)
{
	for (struct batch *b = batches; b; b = b->next)
		for (size_t i = 0; i < b->n; i++)
			if (!letter_is_incoming(b->items[i].kind))
				letter_free(b->items[i].letter);
}

void turn_begin(struct engine *e)
{
	e->mono_ms = clock_mono_ms();
	e->wall_ms = clock_wall_ms();
	e->day = (e->wall_ms + (int64_t)e->config->zone_s * 1000) / 86400000;
	arena_reset(e->turn);
	memcpy(e->providers_before, e->providers, sizeof(e->providers));
	e->stats_before = e->stats;
	e->plan_before = e->plan;
	e->mail_before = e->mail;
	e->changed_before_ms = e->changed_ms;
	ways_keep(e);
}

/* From there on they wait for the next turn. */
static void letters_cut(struct engine *e, struct letter **at)
{
	e->carried = *at;
	*at = NULL;
}

/*
 * A reload comes in a turn of its own: it changes what "before this turn" means, so that
 * nothing else of the turn must be there to be put back.
 */
static void reload_alone(struct engine *e, struct letter **all, bool first)
{
	struct letter **at = all;

	if (first && *at && (*at)->kind == LETTER_RELOADED) {
		letters_cut(e, &(*at)->next);
		return;
	}
	while (*at && (*at)->kind != LETTER_RELOADED)
		at = &(*at)->next;
	if (*at)
		letters_cut(e, at);
}

/* Letters carried over, then those that have arrived; outgoing ones are in hand no more.
 */
static struct letter *letters_collect(struct engine *e, bool first, size_t *n)
{
	struct letter *fresh = mailbox_take(e->mailbox), *all = e->carried, **tail = &all;

	for (struct letter *l = fresh; l; l = l->next) {
		if (letter_is_outgoing(l->kind) && e->in_hand)
			e->in_hand--;
		if (l->kind == LETTER_FETCHED && e->page_us == 0)
			e->page_us = ((struct outgoing *)l)->ended_mono_us;
	}
	e->carried = NULL;
	while (*tail)
		tail = &(*tail)->next;
	*tail = fresh;
	reload_alone(e, &all, first);
	*n = 0;
	for (struct letter *l = all; l; l = l->next)
		++*n;
	return all;
}

/* What waits now, first of its turn or later. NULL without memory: the letters are
 * carried whole. */
static struct batch *batch_collect(struct engine *e, bool first)
{
	size_t n, i = 0;
	struct letter *all = letters_collect(e, first, &n), *next, **tail = &all;
	struct batch *batch = ARENA_NEW(e->turn, struct batch, 1);
	struct item *items = ARENA_NEW(e->turn, struct item, n + 1);

	if (!batch || !items) {
		while (*tail)
			tail = &(*tail)->next;
		*tail = e->carried;
		e->carried = all;
		return NULL;
	}
	*batch = (struct batch){ .items = items, .n = n, .ends_only = n > 0 };
	for (struct letter *l = all; l; l = next) {
		next = l->next;
		batch->ends_only = batch->ends_only && l->kind == LETTER_SENT;
		batch->paged = batch->paged || l->kind == LETTER_FETCHED;
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
		if (is_end(item->kind) ? sends_handle(e, item, &done, batch->n - i, err)
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
 * transaction stays open a moment for what else arrives. A page that came while another
 * was worked on shares its commit, too, if several wait for that and it is not old yet: a
 * commit costs as much as forty complaints, and writes the pages of an index once. NULL:
 * no more.
 */
static struct batch *batch_more(struct engine *e, const struct batch *last)
{
	int64_t age = clock_mono_ms() - e->mono_ms;

	if (last->paged)
		return e->fresh >= CROWD && age < PAGES_MS && mailbox_count(e->mailbox)
			       ? batch_collect(e, false)
			       : NULL;
	if (!e->gathers || !last->ends_only || !page_expected(e) || age >= GATHER_MS)
		return NULL;
	mailbox_wait(e->mailbox, e->mono_ms + GATHER_MS);
	return batch_collect(e, false);
}

/* Everything that has arrived, in one transaction. *batches: what was taken, also on
 * failure. */
static int turn_apply(struct engine *e, struct batch *first, unsigned *works,
		      struct err *err)
{
	struct batch *batch = first;

	if (store_begin(e->store, err) || jump_look(e, err))
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
	trouble_look_at_space(e);
	callers_wake(e, false);
	e->page_us = 0;
	e->fresh = 0;
	batches = batch_collect(e, true);
	if (e->store_lost)
		trouble_try_again(e);
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
	retain_scrub(e, works);
	return works;
}

void turn_letters_drop(struct engine *e)
{
	struct batch *batch;

	while ((batch = batch_collect(e, true)) && batch->n)
		for (size_t i = 0; i < batch->n; i++)
			if (letter_is_incoming(batch->items[i].kind))
				answer_busy(e, (struct incoming *)batch->items[i].letter);
			else
				letter_free(batch->items[i].letter);
}
