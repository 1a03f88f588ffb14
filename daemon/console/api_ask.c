/* SPDX-License-Identifier: MIT */
/* What was asked for over the HTTP API: fields of the query, checked one by one. */
#include "console/api.h"

#include <stdio.h>

struct str api_query(const struct api_call *call, const char *name)
{
	return pairs_get(call->in->request.query, str_of(name));
}

struct str api_request_header(const struct api_call *call, const char *name)
{
	return pairs_get(call->in->request.headers, str_of(name));
}

bool api_query_fault(struct api_call *call, const char *name, const char *rule,
		     const char *remedy)
{
	const struct api_fault fault = {
		.status = 400,
		.rule = rule,
		.detail = "a field of the query is not as it must be",
		.field = name,
		.remedy = remedy,
	};

	api_problem(call, &fault);
	return false;
}

bool api_query_only(struct api_call *call, const char *const *names)
{
	const struct str_pairs *query = &call->in->request.query;
	const char *const *known;
	struct str odd;

	for (size_t i = 0; i < query->n; i++) {
		for (known = names; *known; known++)
			if (str_eq(query->items[i].name, str_of(*known)))
				break;
		if (*known)
			continue;
		odd = arena_printf(call->in->arena, "%.40s", query->items[i].name.p);
		return api_query_fault(call, odd.p ? odd.p : "", "unknown_field",
				       "leave it out; the fields there are stand in "
				       "/api/v1/openapi.json");
	}
	return true;
}

bool api_query_int(struct api_call *call, const char *name, int64_t least, int64_t most,
		   int64_t *out)
{
	struct str s = api_query(call, name), remedy;

	if (!s.p || (str_to_int(s, out) && *out >= least && *out <= most))
		return true;
	remedy = arena_printf(call->in->arena, "a whole number from %lld to %lld",
			      (long long)least, (long long)most);
	return api_query_fault(call, name, "number", remedy.p);
}

bool api_query_bool(struct api_call *call, const char *name, int *out)
{
	struct str s = api_query(call, name);

	*out = !s.p ? -1 : str_eq(s, STR("true"));
	if (!s.p || *out == 1 || str_eq(s, STR("false")))
		return true;
	return api_query_fault(call, name, "truth", "true or false");
}
