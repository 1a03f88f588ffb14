/* SPDX-License-Identifier: MIT */
/*
 * A ticket as the HTTP API shows it. Never the sender, his number or another of his
 * tickets; words are cleaned, numbers in them masked. Words of hidden ones, and the
 * place, which in a hamlet says who wrote, are only for tokens that may read them.
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

static char *put_hex(char *to, int64_t n)
{
	int bits = 0;

	while (bits < 60 && (uint64_t)n >> bits > 15)
		bits += 4;
	for (; bits >= 0; bits -= 4)
		*to++ = "0123456789abcdef"[(uint64_t)n >> bits & 15];
	return to;
}

/* Written by hand: each ticket of a list has one. */
struct str api_etag(const struct api_call *call, int64_t changed_ms, int64_t id,
		    bool wiped)
{
	static const char tail[] = "-wiped";
	char tag[2 * 16 + sizeof(tail) + 2], *p = tag;

	*p++ = '"';
	p = put_hex(p, changed_ms);
	*p++ = '-';
	p = put_hex(p, id);
	if (wiped) {
		memcpy(p, tail, sizeof(tail) - 1);
		p += sizeof(tail) - 1;
	}
	*p++ = '"';
	return arena_str(call->scratch, str_from(tag, (size_t)(p - tag)));
}

struct str api_words(struct api_call *call, struct str words)
{
	unsigned digits = (unsigned)call->config->gateway.number_width + TICKETNO_BESIDE;
	struct str clean = utf8_clean(words, call->scratch);

	return clean.p ? mask_numbers(clean, digits, call->scratch) : STR("");
}

struct str api_iso(struct api_call *call, int64_t wall_ms)
{
	return wall_ms ? calendar_iso(call->config->calendar, wall_ms, call->scratch)
		       : str_from(NULL, 0);
}

struct json *api_time(struct api_call *call, int64_t wall_ms)
{
	return wall_ms ? json_new_str(api_iso(call, wall_ms)) : json_new_null();
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

bool api_is_hidden(const struct api_call *call, bool secret, bool sensitive)
{
	return (secret || sensitive) && !(call->token.scopes & TOKEN_SECRET);
}

static bool is_hidden(const struct api_call *call, const struct ticket *t)
{
	return api_is_hidden(call, t->life.secret, t->life.sensitive);
}

void api_no_write(struct json_text *to, int64_t no)
{
	char digits[STR_INT_BYTES];

	json_text_str(to, "no", str_int(no, digits));
}

static void times_write(struct api_call *call, struct json_text *to,
			const struct ticket *t)
{
	int64_t due_ms = ticket_state_open(t->life.state) ? t->answer_due_ms : 0;

	json_text_str(to, "opened", api_iso(call, t->opened_ms));
	json_text_str(to, "changed", api_iso(call, t->changed_ms));
	json_text_str(to, "answer_due", api_iso(call, due_ms));
	json_text_str(to, "first_answered", api_iso(call, t->first_ms));
	json_text_str(to, "done", api_iso(call, t->done_ms));
	json_text_str(to, "closed", api_iso(call, t->life.closed_ms));
}

static const struct str nothing = { NULL, 0 };

void api_ticket_write(struct api_call *call, struct json_text *to, const struct ticket *t)
{
	bool hidden = is_hidden(call, t);

	api_no_write(to, t->no);
	json_text_z(to, "state", ticket_state_code(t->life.state));
	json_text_bool(to, "open", ticket_state_open(t->life.state));
	json_text_str(to, "department", t->department);
	json_text_z(to, "kind", ticket_kind_code(t->life.kind));
	json_text_bool(to, "urgent", t->urgent);
	json_text_bool(to, "sensitive", t->life.sensitive);
	json_text_bool(to, "secret", t->life.secret);
	json_text_z(to, "level", lifecycle_level_name(t->life.level));
	times_write(call, to, t);
	json_text_str(to, "kecamatan", hidden ? nothing : t->kecamatan);
	json_text_str(to, "desa", hidden ? nothing : t->desa);
	json_text_int(to, "transfers", t->life.transfers);
	json_text_int(to, "reopens", t->life.reopens);
	if (t->life.rating)
		json_text_int(to, "rating", t->life.rating);
	else
		json_text_null(to, "rating");
	json_text_str(to, "text", hidden ? nothing : api_words(call, t->text));
	json_text_str(to, "etag", api_etag(call, t->changed_ms, t->id, t->wiped));
}

/* ---- its history ---- */

/* What the gateway notes is its own; the words of others than citizen, office and desk
 * there are none. p NULL: nothing, or not for the caller. */
static struct str words_of(struct api_call *call, const struct event *e, bool hidden)
{
	struct str by = str_of(api_actor(e->actor));
	struct str words = str_eq(by, STR("citizen")) ? e->text : e->note;

	hidden = hidden || (e->hidden && !(call->token.scopes & TOKEN_SECRET));
	if (hidden || words.n == 0 || str_eq(by, STR("gateway")))
		return str_from(NULL, 0);
	return api_words(call, words);
}

static void history_write(struct api_call *call, struct json_text *to,
			  const struct event *events, size_t n, bool hidden)
{
	enum life_event event;

	json_text_open(to, "history", '[');
	for (size_t i = 0; i < n; i++) {
		/* What else is kept there is between the citizen and the gateway. */
		if (!lifecycle_event_read(events[i].kind, &event))
			continue;
		json_text_open(to, NULL, '{');
		json_text_str(to, "at", api_iso(call, events[i].at_ms));
		json_text_str(to, "event", events[i].kind);
		json_text_z(to, "by", api_actor(events[i].actor));
		json_text_str(to, "text", words_of(call, &events[i], hidden));
		json_text_close(to, '}');
	}
	json_text_close(to, ']');
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
	struct buf buf = BUF_INIT(API_BODY_CEILING);
	struct json_text to = { &buf, false };
	struct event *events;
	struct err err;
	int64_t merged;
	size_t n;

	if (store_api_history(call->store, t->id, HISTORY_MOST, call->in->arena, &events,
			      &n, &err) ||
	    store_api_followers(call->store, t->id, FOLLOWERS_MOST, &merged, &err))
		return api_failed(call, &err);
	json_text_open(&to, NULL, '{');
	api_ticket_write(call, &to, t);
	json_text_int(&to, "reporters", merged + 1);
	history_write(call, &to, events, n, hidden);
	json_text_close(&to, '}');
	return api_written(call, &buf);
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
	etag = api_etag(call, t.changed_ms, t.id, t.wiped);
	api_header(call, "ETag", etag);
	api_header(call, "Cache-Control", STR("private, no-cache"));
	if (names_tag(api_request_header(call, "if-none-match"), etag))
		return api_bare(call, 304);
	return whole(call, &t);
}
