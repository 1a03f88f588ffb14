/* SPDX-License-Identifier: MIT */
/*
 * The Open311 server (GeoReport v2): which call, in which form, for whom. Everybody may
 * read what may be shown; who files has a key, a token with the scope `file`. Says only
 * what the store and flow/ say; decides nothing.
 */
#include "console/open311.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"

enum { WORK_CEILING = 48 << 20, FIELDS_MOST = 200 };

struct str geo_asked(const struct geo *g, const char *name)
{
	struct str s = pairs_get(g->form, str_of(name));

	if (!s.p)
		s = pairs_get(g->in->request.query, str_of(name));
	return s.p ? str_trim(s) : STR("");
}

bool geo_error(struct geo *g, int status, const char *format, ...)
{
	struct geo_writer *w = geo_begin(g, "errors", false);
	char code[12], words[400];
	va_list args;

	snprintf(code, sizeof(code), "%d", status);
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	geo_item(w, "error");
	geo_put(w, "code", str_of(code));
	geo_put(w, "description", str_of(words));
	geo_close(w);
	return geo_end(w, g, status);
}

bool geo_failed(struct geo *g, const struct err *err)
{
	if (err->kind != ERR_LATER) {
		log_event(LOG_LEVEL_ERROR, "open311_failed", LOG_Z("why", err->text));
		return geo_error(g, 500, "this could not be done; tell the operator");
	}
	g->later_s = 5;
	return geo_error(g, 503,
			 "the gateway cannot read or write now; ask again in a "
			 "few seconds");
}

/*
 *   what   the first part of the path
 *   id     whether a second follows
 *   post   else GET
 *   route  what it is counted under
 */
static const struct call {
	const char *what;
	bool id, post;
	bool (*answer)(struct geo *geo);
	const char *route;
} calls[] = {
	{ "discovery", false, false, geo_discovery, "/open311/discovery" },
	{ "services", false, false, geo_services, "/open311/v2/services" },
	{ "services", true, false, geo_service, "/open311/v2/services/{code}" },
	{ "requests", false, false, geo_requests, "/open311/v2/requests" },
	{ "requests", false, true, geo_file, "/open311/v2/requests" },
	{ "requests", true, false, geo_request, "/open311/v2/requests/{id}" },
	{ "tokens", true, false, geo_token, "/open311/v2/tokens/{id}" },
};

enum { CALLS = sizeof(calls) / sizeof(*calls) };

static_assert(ROUTE_OPEN311 + CALLS < CALL_ROUTES, "routes of Open311 have no room");

bool geo_route(int i, struct desk_route *out)
{
	if (i < 0 || i > CALLS)
		return false;
	*out = (struct desk_route){ "other", "other" };
	if (i < CALLS)
		*out = (struct desk_route){ calls[i].post ? "POST" : "GET",
					    calls[i].route };
	return true;
}

static bool take_end(struct str *s, struct str end)
{
	if (!str_ends(*s, end))
		return false;
	*s = str_slice(*s, 0, s->n - end.n);
	return true;
}

/* The form is the path's end; without one what is accepted, and XML in the end, which
 * every client of the standard reads. */
static void read_path(struct geo *g, struct str path)
{
	struct str accept = pairs_get(g->in->request.headers, STR("accept"));
	size_t slash;

	g->format = GEO_XML;
	if (take_end(&path, STR(".json")))
		g->format = GEO_JSON;
	else if (!take_end(&path, STR(".xml")) &&
		 str_find(accept, STR("json")) < accept.n &&
		 str_find(accept, STR("xml")) == accept.n)
		g->format = GEO_JSON;
	slash = str_find_char(path, '/');
	g->what = str_slice(path, 0, slash);
	g->id = str_slice(path, slash + 1, path.n);
}

/* A form, or nothing is read from it; false: answered. */
static bool read_form(struct geo *g)
{
	const struct request *r = &g->in->request;
	struct str type = pairs_get(r->headers, STR("content-type"));
	struct err err;

	if (r->method != HTTP_POST)
		return true;
	if (type.n && !str_eq_nocase(str_slice(type, 0, 33),
				     STR("application/x-www-form-urlencoded"))) {
		geo_error(g, 400,
			  "the body must be form-encoded "
			  "(application/x-www-form-urlencoded); give pictures by their "
			  "address in media_url");
		return false;
	}
	if (form_parse(r->body, FIELDS_MOST, g->arena, &g->form, &err)) {
		geo_error(g, 400, "more than %d fields", FIELDS_MOST);
		return false;
	}
	return true;
}

static bool is_ours(struct geo *g)
{
	struct str asked = geo_asked(g, "jurisdiction_id"),
		   ours = g->config->open311.jurisdiction;

	return asked.n == 0 || ours.n == 0 || str_eq_nocase(asked, ours);
}

static bool call_answer(struct geo *g)
{
	static const struct err trouble = { .kind = ERR_LATER };
	bool known = false, posts = false;

	for (size_t i = 0; i < CALLS; i++) {
		const struct call *c = &calls[i];

		if (!str_eq(g->what, str_of(c->what)) || c->id != (g->id.n > 0))
			continue;
		known = true;
		posts |= c->post;
		if ((c->post ? HTTP_POST : HTTP_GET) != g->in->request.method)
			continue;
		g->in->route = ROUTE_OPEN311 + (int)i;
		if (engine_trouble(g->engine))
			return geo_failed(g, &trouble);
		if (!read_form(g))
			return true;
		return is_ours(g) ? c->answer(g)
				  : geo_error(g, 404,
					      "jurisdiction_id provided was not found");
	}
	if (known)
		g->allow = posts ? STR("GET, HEAD, POST") : STR("GET, HEAD");
	return known ? geo_error(g, 405, "another method, please")
		     : geo_error(g, 404,
				 "nothing here; there are /open311/discovery, and "
				 "services, requests, tokens under /open311/v2");
}

bool desk_open311(struct engine *engine, struct incoming *in, struct answer *answer)
{
	const struct str v2 = STR("/open311/v2/"), top = STR("/open311/");
	struct str path = in->request.path;
	struct geo g = {
		.engine = engine,
		.in = in,
		.answer = answer,
		.arena = arena_new("open311", WORK_CEILING),
		.config = engine_config(engine),
	};
	bool answered;

	if (!g.arena || !g.config->open311.serve) {
		arena_free(g.arena);
		*answer = (struct answer){ .status = g.arena ? 404 : 503 };
		return true;
	}
	in->route = ROUTE_OPEN311 + CALLS;
	in->refusal = CALL_HEARD;
	read_path(&g, str_starts(path, v2) ? str_slice(path, v2.n, path.n)
					   : str_slice(path, top.n, path.n));
	/* Only discovery stands above the version, and not below it. */
	if (str_starts(path, v2) == str_eq(g.what, STR("discovery")))
		g.what = STR("?");
	answered = call_answer(&g);
	arena_free(g.arena);
	return answered;
}
