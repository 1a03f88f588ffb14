/* SPDX-License-Identifier: MIT */
/*
 * A complaint that was filed over HTTP: understood and routed like a text, but that the
 * department may have been chosen. Its person is made for it alone and has a made-up name
 * and no telephone: nothing is said to him, and nothing ties two complaints together.
 * What comes again from the same key is the same complaint.
 *
 * What the words say about conduct goes before what was chosen: the accused must not get
 * a complaint because somebody picked him from a list.
 */
#include "flow/flow.h"
#include "store/open311.h"

#include "base/crypto.h"

enum { NAME_BYTES = 16 };

static int digest_of(struct engine *e, const struct web_filing *f, struct digest *out,
		     struct err *err)
{
	struct str all = arena_printf(e->item, "%lld\n%d\n%.*s", (long long)f->token_id,
				      f->department, STR_ARG(f->text));

	if (!all.p)
		return err_set(err, ERR_LIMIT, "no room for a complaint");
	*out = store_digest(e->store, all);
	return 0;
}

static int person_new(struct engine *e, struct heard *h, struct err *err)
{
	struct str token = crypto_token(e->item, NAME_BYTES),
		   name = token.p ? arena_printf(e->item, "web:%.*s", STR_ARG(token))
				  : token;

	if (!name.p)
		return err_set(err, ERR_LIMIT, "no room for a complaint");
	return store_person(e->store, name, SENDER_WEB, e->wall_ms, &h->person, err);
}

static int message_new(struct engine *e, struct heard *h, const struct digest *digest,
		       struct err *err)
{
	const struct message_in row = {
		.provider = STR(WEB_PROVIDER),
		.external_id = arena_printf(e->item, "%lld:%.*s", (long long)e->wall_ms,
					    STR_ARG(h->person.address)),
		.recipient = STR(""),
		.text = h->text,
		.digest = digest->now,
		.received_ms = e->wall_ms,
		.kind = STR("new"),
		.note = STR(""),
	};

	if (!row.external_id.p)
		return err_set(err, ERR_LIMIT, "no room for a complaint");
	if (store_in_add(e->store, &row, &h->person, &h->id, err))
		return -1;
	return h->id ? 0 : err_set(err, ERR_BUG, "a made-up name came twice");
}

static void route(struct engine *e, const struct web_filing *f, struct routing *r)
{
	*r = (struct routing){ .department = -1 };
	router_route_plain(e->config->router, f->text, e->item, r);
	if (f->department >= 0 && !r->sensitive && !r->suspected) {
		r->department = f->department;
		r->sensitive = e->config->departments[f->department].sensitive;
		r->score = 1;
	} else if (r->kind != KIND_COMPLAINT) {
		r->department = -1; /* a human looks */
	}
	r->kind = KIND_COMPLAINT;
}

static int file(struct engine *e, const struct web_filing *f, const struct digest *digest,
		int64_t *ticket_id, struct err *err)
{
	struct heard h = { .sender = SENDER_WEB, .text = f->text, .answered = true };
	struct routing r;

	if (person_new(e, &h, err) || message_new(e, &h, digest, err))
		return -1;
	route(e, f, &r);
	h.kind = str_of(text_kind_name(KIND_COMPLAINT));
	h.note = arena_printf(e->item, "Open311: %.*s", STR_ARG(f->by));
	/* What is filed so may be seen by everybody: not this. */
	if (ticket_open(e, &h, &r, r.suspected, err) ||
	    store_in_settle(e->store, h.id, h.kind, h.ticket_id, h.note, err) ||
	    store_person_save(e->store, &h.person, err) ||
	    store_web_add(e->store, h.ticket_id, f->token_id, digest->now, e->wall_ms,
			  err))
		return -1;
	e->stats.kinds[KIND_COMPLAINT]++;
	*ticket_id = h.ticket_id;
	return 0;
}

/* A half of it must not stay. */
static int file_whole(struct engine *e, const struct web_filing *f,
		      const struct digest *digest, int64_t *ticket_id, struct err *err)
{
	struct stats *before = ARENA_NEW(e->turn, struct stats, 1);
	size_t effects = e->n_effects;
	struct err why;

	if (!before)
		return err_set(err, ERR_LIMIT, "no room for a complaint");
	*before = e->stats;
	if (store_mark(e->store, err))
		return -1;
	if (file(e, f, digest, ticket_id, err) == 0)
		return store_release(e->store, err);
	if (err->kind == ERR_LATER)
		return -1;
	effects_cut(e, effects);
	e->stats = *before;
	if (store_forget(e->store, &why))
		*err = why;
	return -1;
}

int engine_web_file(struct engine *e, const struct web_filing *f, struct arena *arena,
		    struct ticket *ticket, bool *again, struct err *err)
{
	struct digest digest = { 0 };
	int64_t id = 0;

	arena_reset(e->item);
	if (digest_of(e, f, &digest, err) ||
	    store_web_again(e->store, digest, e->wall_ms - f->again_ms, &id, err))
		return -1;
	*again = id != 0;
	if (!*again && file_whole(e, f, &digest, &id, err))
		return -1;
	return store_ticket_get(e->store, id, arena, ticket, err);
}
