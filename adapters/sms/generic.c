/* SPDX-License-Identifier: MIT */
/*
 * A provider described by config alone: requests are templates, answers are read by JSON
 * paths, success is a test on status, code or body. generic_keys.c says what may be
 * written, generic_template.c fills templates, generic_digest.c reads what comes back;
 * this file makes the requests. Pure.
 *
 * The three families of polling without deletion come from three settings:
 *   ascending ids  cursor = "highest"            {state} is the highest id seen
 *   a time         cursor = "time", overlap      pages are walked by next and {page}; the
 *                                                cursor moves when the last was seen
 *   a window       cursor = "none", {yesterday}  the same again and again; known ids are
 *                                                dropped by the frame
 * and a newest-first list that is cut at {size} is asked for again, twice as large,
 * before the cursor moves, because what was cut off is the oldest.
 */
#include "sms/generic.h"

enum { REQUEST_CEILING = 1 << 18, MORE_HEADERS = 3 };

static const struct generic *settings_of(const struct sms_ctx *ctx)
{
	return ctx->settings;
}

static int no_room(struct err *err)
{
	return err_set(err, ERR_LIMIT, "no room in the arena");
}

static const struct generic_auth *auth_of(const struct generic *g,
					  const struct generic_ask *a)
{
	return a->auth.kind == AUTH_INHERIT ? &g->auth : &a->auth;
}

static struct template_values values_of(const struct sms_ctx *ctx,
					const struct generic_ask *a)
{
	const struct generic *g = settings_of(ctx);
	const struct generic_auth *auth = auth_of(g, a);

	return (struct template_values){
		.number = ctx->number,
		.user = auth->user_secret.n ? auth->user_secret : auth->user,
		.secret = auth->secret,
		.country_code = g->country_code,
		.wall_ms = ctx->wall_ms,
		.zone_s = ctx->zone_s,
	};
}

/* ---- a request from its description ---- */

/* What a request is made of while it is made. */
struct making {
	const struct sms_ctx *ctx;
	const struct generic_ask *ask;
	const struct generic_auth *auth;
	const struct template_values *values;
	struct buf buf; /* emptied before each use */
};

/* The expanded template, in the arena; p NULL when there is no room. */
static struct str expand(struct making *m, struct str text, enum template_place place)
{
	buf_clear(&m->buf);
	template_expand(text, place, m->values, &m->buf);
	return m->buf.failed ? str_from(NULL, 0)
			     : arena_str(m->ctx->arena, buf_str(&m->buf));
}

/* The pairs with their values filled in; empty ones are left out where that is asked. */
static int expand_pairs(struct making *m, struct str_pairs pairs,
			enum template_place place, size_t spare, struct str_pairs *out,
			struct err *err)
{
	*out = (struct str_pairs){
		.items = ARENA_NEW(m->ctx->arena, struct str_pair, pairs.n + spare),
	};
	if (!out->items)
		return no_room(err);
	for (size_t i = 0; i < pairs.n; i++) {
		struct str value = expand(m, pairs.items[i].value, place);

		if (!value.p)
			return no_room(err);
		if (value.n)
			out->items[out->n++] =
				(struct str_pair){ pairs.items[i].name, value };
	}
	return 0;
}

/* Fields of query or form that say who we are. */
static void add_auth_fields(const struct making *m, enum generic_auth_kind kind,
			    struct str_pairs *pairs)
{
	if ((enum generic_auth_kind)m->auth->kind != kind)
		return;
	if (m->auth->user_name.n)
		pairs->items[pairs->n++] =
			(struct str_pair){ m->auth->user_name, m->values->user };
	pairs->items[pairs->n++] = (struct str_pair){ m->auth->name, m->values->secret };
}

static int make_url(struct making *m, struct exchange *out, struct err *err)
{
	const struct generic *g = settings_of(m->ctx);
	struct str url = expand(m, m->ask->url, TEMPLATE_URL);
	struct str_pairs query;
	char glue = str_find_char(url, '?') < url.n ? '&' : '?';

	if (!url.p || expand_pairs(m, m->ask->query, TEMPLATE_PLAIN, 2, &query, err))
		return no_room(err);
	add_auth_fields(m, AUTH_QUERY, &query);
	buf_clear(&m->buf);
	if (str_starts(url, STR("/")))
		buf_add(&m->buf, g->api_base);
	buf_add(&m->buf, url);
	for (size_t i = 0; i < query.n; i++) {
		buf_add_char(&m->buf, glue);
		buf_add_url(&m->buf, query.items[i].name);
		buf_add_char(&m->buf, '=');
		buf_add_url(&m->buf, query.items[i].value);
		glue = '&';
	}
	out->url = arena_str(m->ctx->arena, buf_str(&m->buf));
	return m->buf.failed || !out->url.p ? no_room(err) : 0;
}

/* Sets the body and tells its content type; p NULL: no body. */
static int make_body(struct making *m, struct exchange *out, struct str *type,
		     struct err *err)
{
	const struct generic_ask *a = m->ask;
	struct str_pairs form;

	*type = STR("application/x-www-form-urlencoded");
	if (a->json.n) {
		*type = STR("application/json");
		out->body = expand(m, a->json, TEMPLATE_JSON);
	} else if (a->body.n) {
		out->body = expand(m, a->body, TEMPLATE_URL);
	} else if (a->form.n || m->auth->kind == AUTH_FORM) {
		if (expand_pairs(m, a->form, TEMPLATE_PLAIN, 2, &form, err))
			return -1;
		add_auth_fields(m, AUTH_FORM, &form);
		out->body = form_encode(form, m->ctx->arena);
	} else {
		*type = str_from(NULL, 0);
		return 0;
	}
	return out->body.p ? 0 : no_room(err);
}

static void add_header(struct str_pairs *headers, struct str name, struct str value)
{
	for (size_t i = 0; i < headers->n; i++)
		if (str_eq_nocase(headers->items[i].name, name))
			return; /* the operator has said it */
	headers->items[headers->n++] = (struct str_pair){ name, value };
}

static int make_headers(struct making *m, struct str type, struct exchange *out,
			struct err *err)
{
	struct str bearer;

	if (expand_pairs(m, m->ask->headers, TEMPLATE_HEADER, MORE_HEADERS, &out->headers,
			 err))
		return -1;
	add_header(&out->headers, STR("Accept"), STR("application/json"));
	if (type.p)
		add_header(&out->headers, STR("Content-Type"), type);
	if (m->auth->kind == AUTH_HEADER)
		add_header(&out->headers, m->auth->name, m->values->secret);
	if (m->auth->kind == AUTH_BEARER) {
		bearer = arena_printf(m->ctx->arena, "Bearer %.*s",
				      STR_ARG(m->values->secret));
		if (!bearer.p)
			return no_room(err);
		add_header(&out->headers, STR("Authorization"), bearer);
	}
	return 0;
}

static int make(const struct sms_ctx *ctx, const struct generic_ask *ask,
		const struct template_values *values, struct exchange *out,
		struct err *err)
{
	struct making m = {
		.ctx = ctx,
		.ask = ask,
		.auth = auth_of(settings_of(ctx), ask),
		.values = values,
		.buf = BUF_INIT(REQUEST_CEILING),
	};
	struct exchange e = { .method = HTTP_GET, .reads_json = true };
	struct str type;
	int failed = make_url(&m, &e, err) || make_body(&m, &e, &type, err) ||
		     make_headers(&m, type, &e, err);

	buf_free(&m.buf);
	if (failed)
		return -1;
	if (ask->method >= METHOD_FIRST)
		e.method = (enum http_method)(ask->method - METHOD_FIRST);
	else if (e.body.p)
		e.method = HTTP_POST;
	if (m.auth->kind == AUTH_BASIC) {
		e.user = values->user;
		e.password = values->secret;
	}
	*out = e;
	return 0;
}

/* ---- the contract's functions ---- */

/* {state} as time: the cursor less the overlap; the window's start at the very first. */
static int64_t state_ms(const struct generic_poll *p, struct str at,
			const struct template_values *v)
{
	int64_t ms;

	return str_to_int(at, &ms) ? ms - p->overlap_ms : v->since_ms;
}

static int fetch(const struct sms_ctx *ctx, struct exchange *out, struct err *err)
{
	const struct generic_poll *p = &settings_of(ctx)->poll;
	struct template_values v = values_of(ctx, &p->ask);
	struct generic_state state;
	struct buf first = BUF_INIT(4096);
	int64_t size;

	if (generic_state_read(ctx->state, ctx->arena, &state, err))
		return -1;
	size = state.size ? state.size : p->page_size;
	v.since_ms = ctx->wall_ms - p->window_ms;
	v.size = arena_printf(ctx->arena, "%lld", (long long)size);
	v.page = state.page;
	v.state = state.at;
	v.state_is_time = p->cursor == CURSOR_TIME;
	v.state_ms = state_ms(p, state.at, &v);
	if (state.at.n == 0) {
		template_expand(p->first, TEMPLATE_PLAIN, &v, &first);
		v.state = arena_str(ctx->arena, buf_str(&first));
		buf_free(&first);
	}
	if (!v.size.p || (state.at.n == 0 && !v.state.p))
		return no_room(err);
	return make(ctx, &p->ask, &v, out, err);
}

static int fetched(const struct sms_ctx *ctx, const struct response *response,
		   struct sms_page *out, struct err *err)
{
	return generic_page(ctx, response, out, err);
}

static int settle(const struct sms_ctx *ctx, const struct sms_in *message,
		  struct exchange *out, struct err *err)
{
	const struct generic *g = settings_of(ctx);
	struct template_values v = values_of(ctx, &g->settle.ask);
	struct str prefix = g->poll.fields.id_prefix;

	if (message->external_id.n <= prefix.n ||
	    !str_starts(message->external_id, prefix))
		return err_set(err, ERR_NEVER, "the message has no id to settle it by");
	v.id = str_slice(message->external_id, prefix.n, message->external_id.n);
	v.sender = message->sender;
	return make(ctx, &g->settle.ask, &v, out, err);
}

static int pushed(const struct sms_ctx *ctx, struct str what,
		  const struct request *request, struct sms_page *out,
		  struct answer *answer, struct err *err)
{
	const struct generic *g = settings_of(ctx);
	bool report = str_eq(what, STR("report"));

	if ((report && g->report.status.n) ||
	    (str_eq(what, STR("in")) && g->push.fields.sender.n))
		return generic_call(ctx, report, request, out, answer, err);
	return err_set(err, ERR_NEVER, "no callback of the name '%.*s'",
		       STR_ARG(str_slice(what, 0, 40)));
}

static int send(const struct sms_ctx *ctx, const struct sms_out *message,
		struct exchange *out, struct err *err)
{
	const struct generic *g = settings_of(ctx);
	struct template_values v = values_of(ctx, &g->send.ask);

	v.id = message->id;
	v.to = message->to;
	v.text = message->text;
	v.ucs2 = message->ucs2 ? STR("1") : STR("0");
	return make(ctx, &g->send.ask, &v, out, err);
}

static int sent(const struct sms_ctx *ctx, const struct response *response,
		struct sms_receipt *out, struct err *err)
{
	(void)err;
	generic_judge(ctx, response, out);
	return 0;
}

/* Pages whose messages are known in part are normal: windows, overlaps, newest first. */
static bool overlaps(const struct generic_poll *p)
{
	return p->order == NEWEST_FIRST || p->cursor == CURSOR_NONE ||
	       p->cursor == CURSOR_TIME;
}

static unsigned caps_of(const void *settings)
{
	const struct generic *g = settings;
	unsigned caps = 0;

	if (g->poll.ask.url.n) {
		caps |= SMS_FETCH;
		caps |= g->settle.ask.url.n ? (unsigned)SMS_SETTLE : 0;
		caps |= g->read_once ? (unsigned)SMS_READ_ONCE : 0;
		caps |= overlaps(&g->poll) ? (unsigned)SMS_NEWEST_FIRST : 0;
	}
	if (g->send.ask.url.n)
		caps |= SMS_SEND | (g->idempotent ? (unsigned)SMS_IDEMPOTENT : 0);
	if (g->push.fields.sender.n)
		caps |= SMS_PUSH;
	if (g->report.status.n)
		caps |= SMS_REPORT;
	return caps;
}

extern const struct sms_adapter sms_generic;
const struct sms_adapter sms_generic = {
	.info = {
		.name = "generic",
		.about = "Any provider with HTTP and JSON or forms, described by config "
			 "alone.",
		.keys = generic_keys,
		.settings_size = sizeof(struct generic),
		.check = generic_check,
	},
	.caps = SMS_FETCH | SMS_PUSH | SMS_SEND | SMS_REPORT | SMS_SETTLE | SMS_READ_ONCE |
		SMS_NEWEST_FIRST | SMS_IDEMPOTENT,
	.caps_of = caps_of,
	.fetch = fetch,
	.fetched = fetched,
	.settle = settle,
	.pushed = pushed,
	.send = send,
	.sent = sent,
};
