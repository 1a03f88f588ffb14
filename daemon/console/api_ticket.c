/* SPDX-License-Identifier: MIT */
/*
 * A ticket as the HTTP API shows it. Never the sender, his number or another of his
 * tickets; words are cleaned, numbers in them masked, and hidden ones only for tokens
 * that may read them.
 */
#include "console/api.h"

#include "base/utf8.h"
#include "model/mask.h"
#include "store/api.h"

enum { HISTORY_MOST = 200, FOLLOWERS_MOST = 1000 };

bool api_may_see(const struct api_call *call, struct str department, struct str accused,
		 bool sensitive)
{
	const struct config *c = call->config;
	struct str code;

	if (call->department >= 0) {
		code = c->departments[call->department].code;
		return str_eq(department, code) && !str_eq(accused, code);
	}
	return call->token.scopes & TOKEN_DESK ||
	       (!sensitive && !str_eq(department, c->gateway.rest_queue));
}

struct str api_etag(const struct api_call *call, int64_t changed_ms, int64_t id)
{
	return arena_printf(call->in->arena, "\"%llx-%llx\"", (long long)changed_ms,
			    (long long)id);
}

struct json *api_words(struct api_call *call, struct str words)
{
	unsigned digits = (unsigned)call->config->gateway.number_width + TICKETNO_BESIDE;
	struct str clean = utf8_clean(words, call->in->arena), masked;

	masked = clean.p ? mask_numbers(clean, digits, call->in->arena) : clean;
	return json_new_str(masked.p ? masked : STR(""));
}

struct json *api_time(struct api_call *call, int64_t wall_ms)
{
	return wall_ms ? desk_time(call->engine, call->in, wall_ms) : json_new_null();
}

struct json *api_no(struct api_call *call, int64_t no)
{
	return json_new_str(arena_printf(call->in->arena, "%lld", (long long)no));
}

const char *api_actor(struct str actor)
{
	if (str_eq(actor, STR("warga")))
		return "citizen";
	if (str_starts(actor, STR("petugas:")))
		return "office";
	return str_starts(actor, STR("meja:")) ? "desk" : "gateway";
}

static bool is_hidden(const struct api_call *call, const struct ticket *t)
{
	return (t->life.secret || t->life.sensitive) &&
	       !(call->token.scopes & TOKEN_SECRET);
}

struct json *api_ticket_json(struct api_call *call, const struct ticket *t)
{
	bool hidden = is_hidden(call, t), open = ticket_state_open(t->life.state);
	struct json *o = json_new_object();

	json_set(o, "no", api_no(call, t->no));
	json_set(o, "state", json_new_str(str_of(ticket_state_code(t->life.state))));
	json_set(o, "open", json_new_bool(open));
	json_set(o, "department", json_new_str(t->department));
	json_set(o, "kind", json_new_str(str_of(ticket_kind_code(t->life.kind))));
	json_set(o, "urgent", json_new_bool(t->urgent));
	json_set(o, "sensitive", json_new_bool(t->life.sensitive));
	json_set(o, "secret", json_new_bool(t->life.secret));
	json_set(o, "level", json_new_str(str_of(lifecycle_level_name(t->life.level))));
	json_set(o, "opened", api_time(call, t->opened_ms));
	json_set(o, "changed", api_time(call, t->changed_ms));
	json_set(o, "answer_due", api_time(call, open ? t->answer_due_ms : 0));
	json_set(o, "first_answered", api_time(call, t->first_ms));
	json_set(o, "done", api_time(call, t->done_ms));
	json_set(o, "closed", api_time(call, t->life.closed_ms));
	json_set(o, "kecamatan", json_new_str(t->kecamatan));
	json_set(o, "desa", json_new_str(t->desa));
	json_set(o, "transfers", json_new_int(t->life.transfers));
	json_set(o, "reopens", json_new_int(t->life.reopens));
	json_set(o, "rating",
		 t->life.rating ? json_new_int(t->life.rating) : json_new_null());
	json_set(o, "text", hidden ? json_new_null() : api_words(call, t->text));
	json_set(o, "etag", json_new_str(api_etag(call, t->changed_ms, t->id)));
	return o;
}

/* ---- its history ---- */

/* What the gateway notes is its own; the words of others than citizen, office and desk
 * there are none. */
static struct json *words_of(struct api_call *call, const struct event *e, bool hidden)
{
	const char *by = api_actor(e->actor);
	struct str words = str_eq(str_of(by), STR("citizen")) ? e->text : e->note;

	if (hidden || words.n == 0 || str_eq(str_of(by), STR("gateway")))
		return json_new_null();
	return api_words(call, words);
}

static struct json *history_json(struct api_call *call, const struct event *events,
				 size_t n, bool hidden)
{
	struct json *list = json_new_array();
	enum life_event event;

	for (size_t i = 0; i < n; i++) {
		struct json *o;

		/* What else is kept there is between the citizen and the gateway. */
		if (!lifecycle_event_read(events[i].kind, &event))
			continue;
		o = json_new_object();
		json_set(o, "at", api_time(call, events[i].at_ms));
		json_set(o, "event", json_new_str(events[i].kind));
		json_set(o, "by", json_new_str(str_of(api_actor(events[i].actor))));
		json_set(o, "text", words_of(call, &events[i], hidden));
		json_add(list, o);
	}
	return list;
}

/* Any of the tags in the header, or "*". */
static bool names_tag(struct str header, struct str etag)
{
	struct str part;

	while (str_split(&header, ',', &part)) {
		part = str_trim(part);
		if (str_starts(part, STR("W/")))
			part = str_slice(part, 2, part.n);
		if (str_eq(part, etag) || str_eq(part, STR("*")))
			return true;
	}
	return false;
}

static bool whole(struct api_call *call, const struct ticket *t)
{
	bool hidden = is_hidden(call, t);
	struct event *events;
	struct json *o;
	struct err err;
	int64_t merged;
	size_t n;

	if (store_api_history(call->store, t->id, HISTORY_MOST, call->in->arena, &events,
			      &n, &err) ||
	    store_api_followers(call->store, t->id, FOLLOWERS_MOST, &merged, &err))
		return api_failed(call, &err);
	o = api_ticket_json(call, t);
	json_set(o, "reporters", json_new_int(merged + 1));
	json_set(o, "history", history_json(call, events, n, hidden));
	return api_json(call, 200, o);
}

bool api_ticket(struct api_call *call)
{
	static const char *const none[] = { NULL };
	struct ticket t;
	struct str etag;
	struct err err;
	int64_t no;

	if (!api_query_only(call, none))
		return true;
	if (!str_to_int(call->no, &no))
		return api_no_ticket(call);
	if (store_ticket_by_no(call->store, no, call->in->arena, &t, &err))
		return err.kind == ERR_NEVER ? api_no_ticket(call)
					     : api_failed(call, &err);
	if (!api_may_see(call, t.department, t.accused, t.life.sensitive))
		return api_no_ticket(call);
	etag = api_etag(call, t.changed_ms, t.id);
	api_header(call, "ETag", etag);
	api_header(call, "Cache-Control", STR("private, no-cache"));
	if (names_tag(api_request_header(call, "if-none-match"), etag))
		return api_bare(call, 304);
	return whole(call, &t);
}
