/* SPDX-License-Identifier: MIT */
/*
 * Polling. A provider has at most one poll on its way. After a page that brought
 * something new the next question follows at once, after another one at the interval,
 * after trouble with growing pauses, never before Retry-After.
 *
 * The cursor is committed before it is asked from, but where asking changes nothing at
 * the provider (SMS_AHEAD): there the next page is asked for while this one is worked on.
 * It is taken only if that state was committed in the meantime, else it is asked anew.
 *
 * Read-once providers: the raw answer is stored in one turn and digested in the next, so
 * a crash between the two loses nothing. Others: a page is digested, its rows and the new
 * cursor are committed together, and only then are messages settled at the provider.
 */
#include "flow/flow.h"

#include "base/log.h"

enum {
	SETTLE_LANE = 2,
	POLL_LANE = 0,
	RAW_CEILING = 1 << 20,
	RAW_PAGES = 32,
	KNOWN_PAGES_MOST = 20,
};

static void poll_later(struct engine *e, size_t i, bool empty)
{
	const struct config_provider *c = &e->config->providers[i];
	struct provider *p = &e->providers[i];

	p->empty_pages = empty ? p->empty_pages + 1 : 0;
	p->poll_at_ms = e->mono_ms + poll_interval_ms(c->poll_every_ms, c->poll_idle_ms,
						      p->empty_pages, engine_chance(e));
}

static void poll_failed(struct engine *e, size_t i, const char *why, int64_t at_least_ms)
{
	const struct config_provider *c = &e->config->providers[i];
	struct provider *p = &e->providers[i];
	int64_t wait = backoff_ms(++p->failures, c->backoff_first_ms, c->backoff_most_ms,
				  engine_chance(e));

	if (wait < at_least_ms)
		wait = at_least_ms;
	p->poll_at_ms = e->mono_ms + wait;
	e->stats.providers[i].polls[POLL_FAILED]++;
	provider_trouble(e->words[i].trouble, sizeof(e->words[i].trouble), why);
	/* The first failure, then with every doubling of their number: no flood. */
	if ((p->failures & (p->failures - 1)) == 0)
		log_event(LOG_LEVEL_WARNING, "poll_failed", LOG_S("provider", c->id),
			  LOG_I("in_a_row", p->failures), LOG_I("again_in_ms", wait),
			  LOG_Z("why", why));
}

static void poll_good(struct engine *e, size_t i)
{
	struct provider *p = &e->providers[i];

	if (p->failures)
		log_event(LOG_LEVEL_NOTICE, "poll_back",
			  LOG_S("provider", e->config->providers[i].id),
			  LOG_I("after_failures", p->failures));
	p->failures = 0;
	e->words[i].trouble[0] = '\0';
	e->stats.providers[i].last_good_poll_ms = e->wall_ms;
}

/*
 * Keeps an answer. One that could not be understood is for a human, who needs no more
 * than its beginning, and the same one again only counts. A pending one is the only copy.
 */
static int raw_keep(struct engine *e, size_t i, const char *source,
		    const struct response *response, const char *state, const char *why,
		    int64_t *id, struct err *err)
{
	bool pending = strcmp(state, "pending") == 0;
	const struct raw raw = {
		.provider = e->config->providers[i].id,
		.source = str_of(source),
		.status = response->status,
		.body = str_slice(response->body, 0, pending ? SIZE_MAX : RAW_CEILING),
		.state = str_of(state),
		.why = str_of(why),
		.received_ms = e->wall_ms,
	};

	return store_raw_add(e->store, &raw, id, err);
}

static int settle_one(struct engine *e, size_t i, const struct sms_in *message,
		      struct err *err)
{
	const struct config_provider *c = &e->config->providers[i];
	struct outgoing *out = provider_outgoing(e, i, LETTER_SETTLED, SETTLE_LANE, 2);
	struct sms_ctx ctx;

	if (!out)
		return err_set(err, ERR_LIMIT, "no memory to settle a message");
	ctx = provider_ctx(e, i, out->arena);
	if (c->adapter->settle(&ctx, message, &out->exchange, err) ||
	    provider_described(e, i, out, err)) {
		outgoing_free(out);
		return -1;
	}
	effect_post(e, out);
	return 0;
}

static int settle_page(struct engine *e, size_t i, const struct sms_page *page,
		       struct err *err)
{
	struct err one;

	if (!(e->config->providers[i].caps & SMS_SETTLE))
		return 0;
	if (effects_reserve(e, page->n, err))
		return -1;
	for (size_t k = 0; k < page->n; k++)
		if (settle_one(e, i, &page->items[k], &one))
			log_event(LOG_LEVEL_WARNING, "settle_impossible",
				  LOG_S("provider", e->config->providers[i].id),
				  LOG_Z("why", one.text));
	return 0;
}

/*
 * The next page at once while pages bring something, or the provider promises more: but
 * promises alone are believed a few times only.
 */
static void poll_next(struct engine *e, size_t i, const struct sms_page *page,
		      unsigned fresh)
{
	struct provider *p = &e->providers[i];

	p->known_pages = fresh ? 0 : p->known_pages + 1;
	if (page->n && (fresh || (page->more && p->known_pages < KNOWN_PAGES_MOST))) {
		p->empty_pages = 0;
		p->poll_at_ms = e->mono_ms;
		return;
	}
	p->known_pages = 0;
	poll_later(e, i, fresh == 0);
}

/* A poll from ctx.state of its arena; NULL, and nothing left to free, otherwise. */
static struct outgoing *poll_new(struct engine *e, size_t i, struct str state,
				 struct err *err)
{
	struct outgoing *out = provider_outgoing(e, i, LETTER_FETCHED, POLL_LANE, 1);
	struct sms_ctx ctx;

	if (!out) {
		err_set(err, ERR_LIMIT, "no memory for a poll");
		return NULL;
	}
	ctx = provider_ctx(e, i, out->arena);
	ctx.state = state;
	if (e->config->providers[i].adapter->fetch(&ctx, &out->exchange, err)) {
		outgoing_free(out);
		return NULL;
	}
	return out;
}

/* While pages bring something new, and this one does as far as its state tells. */
static bool may_go_ahead(const struct engine *e, size_t i, const struct sms_page *page)
{
	const struct config_provider *c = &e->config->providers[i];
	const struct provider *p = &e->providers[i];

	return c->caps & SMS_AHEAD && c->poll && page->n >= CROWD &&
	       p->known_pages == 0 && !p->paused && !e->no_space && !e->stopping;
}

/* What fails here is asked later in the ordinary way, and fails or not. */
static void poll_ahead(struct engine *e, size_t i, struct str state)
{
	struct err err;
	struct outgoing *out = poll_new(e, i, state, &err);

	if (!out)
		return;
	out->after = arena_str(out->arena, state);
	if (!out->after.p || provider_described(e, i, out, &err)) {
		outgoing_free(out);
		return;
	}
	e->words[i].ahead = e->providers[i].polling = true;
	effect_now(e, out);
}

/* Rows, cursor and settling of a digested page; decides when to ask again. */
static int page_apply(struct engine *e, size_t i, struct str was,
		      const struct sms_page *page, struct err *err)
{
	bool moved = page->state.p && !str_eq(page->state, was);
	unsigned fresh = 0;

	if (moved && may_go_ahead(e, i, page))
		poll_ahead(e, i, page->state);
	if (intake_page(e, i, page, "poll", &fresh, err))
		return -1;
	if (moved && store_cursor_set(e->store, e->config->providers[i].id, page->state,
				      e->wall_ms, err))
		return -1;
	if (settle_page(e, i, page, err))
		return -1;
	e->stats.providers[i].polls[page->n ? POLL_MESSAGES : POLL_EMPTY]++;
	e->fresh += fresh;
	poll_next(e, i, page, fresh);
	return 0;
}

static int page_read(struct engine *e, size_t i, const struct response *response,
		     struct str state, struct arena *arena, struct sms_page *page,
		     struct err *why)
{
	struct sms_ctx ctx = provider_ctx(e, i, arena);

	ctx.state = state;
	return e->config->providers[i].adapter->fetched(&ctx, response, page, why);
}

static int page_refused(struct engine *e, size_t i, const struct response *response,
			const struct err *why, struct err *err)
{
	int64_t wait = provider_wait_ms(e, i, response), id;
	const struct config_provider *c = &e->config->providers[i];

	poll_failed(e, i, why->text,
		    why->kind == ERR_CONFIG ? c->backoff_most_ms / 4 : wait);
	if (wait > 0 && e->providers[i].poll_at_ms < e->mono_ms + wait)
		e->providers[i].poll_at_ms = e->mono_ms + wait;
	if (why->kind != ERR_NEVER)
		return 0;
	e->stats.providers[i].polls[POLL_UNREADABLE]++;
	return raw_keep(e, i, "poll", response, "bad", why->text, &id, err);
}

static void etag_note(struct engine *e, size_t i, const struct response *response)
{
	struct str etag = pairs_get(response->headers, STR("etag"));
	char *to = e->providers[i].etag;

	if (response->status != 200)
		return;
	to[0] = '\0';
	if (etag.n && etag.n < sizeof(e->providers[i].etag)) {
		memcpy(to, etag.p, etag.n);
		to[etag.n] = '\0';
	}
}

int poll_fetched(struct engine *e, size_t i, struct outgoing *out, struct err *err)
{
	struct sms_page page = { 0 };
	struct err why = { .kind = ERR_NONE };
	struct str was;
	int64_t id;

	e->providers[i].polling = false;
	if (store_cursor_get(e->store, e->config->providers[i].id, out->arena, &was, err))
		return -1;
	if (out->after.p) {
		e->words[i].ahead = false;
		if (!str_eq(out->after, was)) /* that page was not taken */
			return 0;
	}
	/* Whatever becomes of this page, even if it fails as a whole. */
	e->providers[i].poll_at_ms = e->mono_ms + e->config->providers[i].poll_every_ms;
	if (out->transport != TRANSPORT_DONE) {
		poll_failed(e, i,
			    out->trouble.n ? out->trouble.p
					   : transport_name(out->transport),
			    0);
		return 0;
	}
	if ((e->config->providers[i].caps & SMS_READ_ONCE) &&
	    out->response.status == 200 && out->response.body.n) {
		e->providers[i].raw_waiting = true;
		return raw_keep(e, i, "poll", &out->response, "pending", "", &id, err);
	}
	if (page_read(e, i, &out->response, was, out->arena, &page, &why))
		return page_refused(e, i, &out->response, &why, err);
	poll_good(e, i);
	if (page_apply(e, i, was, &page, err))
		return -1;
	etag_note(e, i, &out->response);
	return 0;
}

/* One stored answer of a read-once provider. */
struct raw_work {
	size_t provider;
	const struct raw *raw;
	struct arena *arena;
};

static int raw_digest(struct engine *e, void *arg, struct err *err)
{
	const struct raw_work *work = arg;
	const struct raw *raw = work->raw;
	size_t i = work->provider;
	const struct response response = { .status = raw->status, .body = raw->body };
	struct sms_page page = { 0 };
	struct err why = { .kind = ERR_NONE };
	struct str was;

	if (store_cursor_get(e->store, e->config->providers[i].id, work->arena, &was,
			     err))
		return -1;
	if (page_read(e, i, &response, was, work->arena, &page, &why)) {
		e->stats.providers[i].polls[POLL_UNREADABLE]++;
		poll_failed(e, i, why.text, 0);
		return store_raw_settle(e->store, raw->id, "bad", str_of(why.text), err);
	}
	poll_good(e, i);
	if (page_apply(e, i, was, &page, err))
		return -1;
	return store_raw_settle(e->store, raw->id, "done", STR(""), err);
}

/* Those of one provider; what cannot be taken is left to a human, whole. */
static int raws_of(struct engine *e, size_t i, struct arena *arena, struct err *err)
{
	struct raw *raws;
	size_t n;

	if (store_raw_pending(e->store, e->config->providers[i].id, arena, &raws, &n,
			      err))
		return -1;
	for (size_t k = 0; k < n; k++) {
		struct raw_work work = { i, &raws[k], arena };
		bool failed;

		if (work_spare(e, raw_digest, &work, "page_failed", &failed, err) ||
		    (failed &&
		     store_raw_settle(e->store, raws[k].id, "bad",
				      STR("could not be taken; see the log"), err)))
			return -1;
	}
	return 0;
}

int raws_digest(struct engine *e, struct err *err)
{
	for (size_t i = 0; i < e->config->n_providers; i++) {
		size_t most = (size_t)e->config->providers[i].answer_kb * 1024;
		struct arena *arena;
		int rc;

		/* What was stored in this very turn is for the next: committed first. */
		if (!e->providers_before[i].raw_waiting)
			continue;
		arena = arena_new("raw", most * RAW_PAGES + (1 << 20));
		if (!arena)
			return err_set(err, ERR_LATER, "no memory for a stored page");
		rc = raws_of(e, i, arena, err);
		arena_free(arena);
		if (rc)
			return -1;
		e->providers[i].raw_waiting = false;
	}
	return 0;
}

static int poll_start(struct engine *e, size_t i, struct err *err)
{
	const struct config_provider *c = &e->config->providers[i];
	struct str_pair *headers;
	struct outgoing *out;
	struct str state;
	struct err why;

	if (effects_reserve(e, 1, err) ||
	    store_cursor_get(e->store, c->id, e->turn, &state, err))
		return -1;
	out = poll_new(e, i, state, &why);
	if (!out && why.kind == ERR_LIMIT) {
		*err = why;
		return -1;
	}
	if (!out) {
		poll_failed(e, i, why.text, c->backoff_most_ms / 4);
		return 0;
	}
	headers = ARENA_NEW(out->arena, struct str_pair, out->exchange.headers.n + 1);
	if (e->providers[i].etag[0] && headers) {
		for (size_t k = 0; k < out->exchange.headers.n; k++)
			headers[k] = out->exchange.headers.items[k];
		headers[out->exchange.headers.n] = (struct str_pair){
			STR("If-None-Match"),
			arena_str(out->arena, str_of(e->providers[i].etag)),
		};
		out->exchange.headers.items = headers;
		out->exchange.headers.n++;
	}
	if (provider_described(e, i, out, err)) {
		outgoing_free(out);
		return -1;
	}
	e->providers[i].polling = true;
	effect_post(e, out);
	return 0;
}

bool poll_on_its_way(const struct engine *e, size_t i)
{
	return e->providers[i].polling || e->words[i].ahead;
}

int polls_start(struct engine *e, struct err *err)
{
	if (e->no_space)
		return 0;
	for (size_t i = 0; i < e->config->n_providers; i++) {
		const struct config_provider *c = &e->config->providers[i];
		struct provider *p = &e->providers[i];

		if (!c->poll || !(c->caps & SMS_FETCH) || p->paused ||
		    poll_on_its_way(e, i) || p->raw_waiting || e->mono_ms < p->poll_at_ms)
			continue;
		if (poll_start(e, i, err))
			return -1;
	}
	return 0;
}
