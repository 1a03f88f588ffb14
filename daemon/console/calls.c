/* SPDX-License-Identifier: MIT */
/*
 * Metrics of calls over HTTP: the API for departments' software and the Open311 server.
 * Their labels are the templates of paths and classes of statuses: nothing that a caller
 * writes.
 */
#include "console/desk.h"

#include <stdio.h>

/* A server that answers by routes. */
struct served {
	const char *requests, *requests_help, *seconds, *seconds_help;
	bool (*route)(int i, struct desk_route *out);
	int first; /* incoming.route of its first */
};

static const struct served api = {
	.requests = "api_requests_total",
	.requests_help = "Requests to the API by route and class of status.",
	.seconds = "api_request_duration_seconds",
	.seconds_help = "From the whole request to its answer, without waiting for news.",
	.route = api_route,
	.first = ROUTE_API,
};

static const struct served open311 = {
	.requests = "open311_requests_total",
	.requests_help = "Requests to the Open311 server by route and class of status.",
	.seconds = "open311_request_duration_seconds",
	.seconds_help = "From the whole request to its answer.",
	.route = geo_route,
	.first = ROUTE_OPEN311,
};

static void served_metrics(struct buf *b, const struct engine *engine,
			   const struct served *s)
{
	struct desk_route r;
	char labels[120];

	desk_family(b, s->requests, "counter", s->requests_help);
	for (int i = 0; s->route(i, &r); i++)
		for (int k = 0; k < CALL_CLASSES; k++)
			buf_printf(b,
				   "kentongan_%s{method=\"%s\",route=\"%s\","
				   "status=\"%dxx\"} %llu\n",
				   s->requests, r.method, r.route, k + 2,
				   (unsigned long long)engine_calls(engine, s->first + i)
					   ->ends[k]);
	desk_family(b, s->seconds, "histogram", s->seconds_help);
	for (int i = 0; s->route(i, &r); i++) {
		snprintf(labels, sizeof(labels), "method=\"%s\",route=\"%s\"", r.method,
			 r.route);
		desk_histogram(b, s->seconds, labels,
			       &engine_calls(engine, s->first + i)->seconds,
			       stats_seconds_bounds);
	}
}

static void caller_metrics(struct buf *b, const struct engine *engine)
{
	desk_family(b, "api_callers_waiting", "gauge",
		    "Callers who wait for news (long polling).");
	buf_printf(b, "kentongan_api_callers_waiting %zu\n",
		   engine_calls_waiting(engine));
	desk_family(b, "tokens_refused_total", "counter",
		    "Requests whose token or key was not accepted, by reason.");
	for (int k = CALL_HEARD + 1; k < CALL_TOO_MANY; k++) {
		enum call_refusal why = (enum call_refusal)k;

		buf_printf(b, "kentongan_tokens_refused_total{reason=\"%s\"} %llu\n",
			   call_refusal_name(why),
			   (unsigned long long)engine_calls_refused(engine, why));
	}
	desk_family(b, "api_rate_limited_total", "counter",
		    "Requests with a token or key that asked too often.");
	buf_printf(b, "kentongan_api_rate_limited_total %llu\n",
		   (unsigned long long)engine_calls_refused(engine, CALL_TOO_MANY));
}

void desk_call_metrics(struct engine *engine, struct buf *b)
{
	const struct config *c = engine_config(engine);

	if (c->listen.api.n == 0)
		return;
	served_metrics(b, engine, &api);
	caller_metrics(b, engine);
	if (c->open311.serve)
		served_metrics(b, engine, &open311);
}
