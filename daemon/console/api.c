/* SPDX-License-Identifier: MIT */
/*
 * The switchboard of the HTTP API (/api/v1/…) for departments' software: who asks, how
 * often he may, which path, whether his token allows it. What may be asked stands in
 * doc/openapi.json, which is served, too. Called by the engine in its thread within a
 * turn's transaction, so everything behind it is a few look-ups.
 */
#include "console/api.h"

#include <assert.h>

static const struct api_path {
	enum http_method method;
	const char *pattern; /* {no}, {act}: one part of the path */
	api_fn *answer;
	unsigned scope; /* 0: any token; of acts see api_act_scope */
	bool open;	/* no token at all */
} paths[] = {
	{ HTTP_GET, "/api/v1/openapi.json", api_openapi, 0, true },
	{ HTTP_GET, "/api/v1/me", api_me, 0, false },
	{ HTTP_GET, "/api/v1/departments", api_departments, 0, false },
	{ HTTP_GET, "/api/v1/tickets", api_tickets, TOKEN_READ, false },
	{ HTTP_GET, "/api/v1/tickets/{no}", api_ticket, TOKEN_READ, false },
	{ HTTP_POST, "/api/v1/tickets/{no}/{act}", api_act, 0, false },
	{ HTTP_GET, "/api/v1/events", api_events, TOKEN_READ, false },
};

enum { PATHS = sizeof(paths) / sizeof(*paths), WHO_BYTES = 64 << 10 };

/* Beside them what is no path, or not in that way. */
static_assert(ROUTE_API + PATHS < ROUTE_OPEN311, "routes of the API have no room");

bool api_route(int i, struct desk_route *out)
{
	bool other = i == PATHS;

	if (i < 0 || i > PATHS)
		return false;
	*out = (struct desk_route){
		.method = other				? "other"
			  : paths[i].method == HTTP_GET ? "GET"
							: "POST",
		.route = other ? "other" : paths[i].pattern,
	};
	return true;
}

/* ---- the path ---- */

/* Whether a part of the path is what the pattern's part wants: an act is one of ours. */
static bool part_fits(struct api_call *call, struct str want, struct str part)
{
	if (str_eq(want, STR("{no}"))) {
		call->no = part;
		return true;
	}
	if (str_eq(want, STR("{act}"))) {
		call->act = part;
		return api_act_scope(part) != 0;
	}
	return str_eq(want, part);
}

static bool path_fits(struct api_call *call, struct str pattern)
{
	struct str path = call->in->request.path, want, part;

	call->no = call->act = STR("");
	while (str_split(&pattern, '/', &want))
		if (!str_split(&path, '/', &part) || !part_fits(call, want, part))
			return false;
	return path.n == 0;
}

static const struct api_path *path_of(struct api_call *call)
{
	for (size_t i = 0; i < PATHS; i++)
		if (path_fits(call, str_of(paths[i].pattern)))
			return &paths[i];
	return NULL;
}

static bool no_path(struct api_call *call)
{
	static const struct api_fault none = { 404, "no_path", "there is no such path",
					       NULL, "see /api/v1/openapi.json" };

	return api_problem(call, &none);
}

static bool wrong_method(struct api_call *call, const struct api_path *path)
{
	static const struct api_fault other = { 405, "method",
						"this path takes another method", NULL,
						"see the header Allow" };

	api_header(call, "Allow",
		   path->method == HTTP_GET ? STR("GET, HEAD") : STR("POST"));
	return api_problem(call, &other);
}

/* ---- who asks ---- */

static bool unknown(struct api_call *call, enum call_refusal why, const char *detail,
		    const char *remedy)
{
	const struct api_fault fault = { 401, call_refusal_name(why), detail,
					 "Authorization", remedy };
	bool bare = why == CALL_NO_TOKEN;

	call->in->refusal = (int)why;
	api_header(call, "WWW-Authenticate",
		   bare ? STR("Bearer realm=\"kentongan\"")
			: arena_printf(call->in->arena,
				       "Bearer realm=\"kentongan\", "
				       "error=\"invalid_token\", "
				       "error_description=\"%s\"",
				       detail));
	api_problem(call, &fault);
	return false;
}

/* False: answered. */
static bool token_known(struct api_call *call, struct str secret)
{
	struct err err;
	bool found;

	if (token_form(secret) == TOKEN_MISTYPED)
		return unknown(call, CALL_MISTYPED, "the token is mistyped or cut",
			       "copy it whole: ktg_ and 47 letters");
	if (token_form(secret) == TOKEN_NONE)
		return unknown(call, CALL_UNKNOWN, "this is no token of this gateway",
			       "a token made with kentongan token create");
	if (store_token_find(call->store, secret, call->who, &call->token, &found, &err))
		return !api_failed(call, &err);
	if (!found)
		return unknown(call, CALL_UNKNOWN, "this token is not known here",
			       "a token made with kentongan token create");
	if (token_state(&call->token, call->now_ms) == TOKEN_REVOKED)
		return unknown(call, CALL_REVOKED, "this token was revoked",
			       "ask the operator for another one");
	if (token_state(&call->token, call->now_ms) == TOKEN_EXPIRED)
		return unknown(call, CALL_EXPIRED, "the time of this token is over",
			       "ask the operator for another one");
	if (!engine_trouble(call->engine) &&
	    store_token_used(call->store, &call->token, call->now_ms, &err))
		return !api_failed(call, &err);
	return true;
}

static bool caller_known(struct api_call *call)
{
	struct str said = api_request_header(call, "authorization");

	if (!said.p)
		return unknown(call, CALL_NO_TOKEN, "a token is needed",
			       "Authorization: Bearer ktg_…");
	if (!str_eq_nocase(str_slice(said, 0, 7), STR("Bearer ")))
		return unknown(call, CALL_NO_TOKEN, "a Bearer token is needed",
			       "Authorization: Bearer ktg_…");
	return token_known(call, str_trim(str_slice(said, 7, said.n)));
}

/* ---- whether he may ---- */

static bool forbidden(struct api_call *call, unsigned scope)
{
	struct str name = token_scopes_write(scope, call->in->arena);
	struct str detail =
		arena_printf(call->in->arena, "this token does not have the scope %.*s",
			     STR_ARG(name));
	const struct api_fault fault = { 403, "scope", detail.p, NULL,
					 "ask the operator for a token with that scope" };

	call->in->refusal = CALL_SCOPE;
	api_header(call, "WWW-Authenticate",
		   arena_printf(call->in->arena,
				"Bearer realm=\"kentongan\", "
				"error=\"insufficient_scope\", scope=\"%.*s\"",
				STR_ARG(name)));
	api_problem(call, &fault);
	return false;
}

static bool department_known(struct api_call *call)
{
	static const struct api_fault gone = {
		403, "department_gone",
		"the department of this token has left the configuration", NULL,
		"ask the operator"
	};

	call->department = -1;
	if (call->token.department.n == 0)
		return true;
	call->department = config_department(call->config, call->token.department);
	if (call->department < 0)
		call->in->refusal = CALL_DEPARTMENT_GONE;
	return call->department >= 0 || !api_problem(call, &gone);
}

/* RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers). */
static bool often_enough(struct api_call *call)
{
	static const struct api_fault many = { 429, "too_many",
					       "too many requests with this token", NULL,
					       "wait as long as Retry-After says" };
	struct call_rate rate;
	bool may;

	if (call->in->wait_until_ms) /* he asked once, and has waited */
		return true;
	may = engine_call_take(call->engine, call->token.id, &rate);
	if (rate.limit) {
		api_header(call, "RateLimit-Policy",
			   arena_printf(call->in->arena, "\"token\";q=%lld;w=%lld",
					(long long)rate.limit, (long long)rate.window_s));
		api_header(call, "RateLimit",
			   arena_printf(call->in->arena, "\"token\";r=%lld;t=%lld",
					(long long)rate.left, (long long)rate.full_s));
	}
	if (may)
		return true;
	call->in->refusal = CALL_TOO_MANY;
	api_header(call, "Retry-After",
		   arena_printf(call->in->arena, "%lld",
				(long long)rate.next_ms / 1000 + 1));
	return !api_problem(call, &many);
}

static bool may_ask(struct api_call *call, const struct api_path *path)
{
	unsigned scope = path->scope ? path->scope : api_act_scope(call->act);

	return caller_known(call) && often_enough(call) && department_known(call) &&
	       ((call->token.scopes & scope) == scope || forbidden(call, scope));
}

static bool answer(struct api_call *call)
{
	const struct api_path *path = path_of(call);

	if (!path)
		return no_path(call);
	if (path->method != call->in->request.method)
		return wrong_method(call, path);
	call->in->route = ROUTE_API + (int)(path - paths);
	if (!path->open && !may_ask(call, path))
		return true;
	return path->answer(call);
}

bool api_answer(struct engine *engine, struct incoming *in, struct answer *to)
{
	static const struct err full = { .kind = ERR_LATER };
	struct api_call call = { .engine = engine,
				 .in = in,
				 .answer = to,
				 .scratch = in->arena,
				 .who = arena_new("caller", WHO_BYTES),
				 .config = engine_config(engine),
				 .store = engine_store(engine),
				 .department = -1,
				 .now_ms = engine_now_ms(engine) };
	bool answered;

	in->route = ROUTE_API + PATHS;
	in->refusal = CALL_HEARD;
	answered = call.who ? answer(&call) : api_failed(&call, &full);
	arena_free(call.who);
	return answered;
}
