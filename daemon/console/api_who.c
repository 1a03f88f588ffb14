/* SPDX-License-Identifier: MIT */
/* Who asks over the HTTP API, which departments there are, and what may be asked. */
#include "console/api.h"

#include "base/embedded.h"

static const char *const no_fields[] = { NULL };

static struct json *scopes_json(const struct api_call *call)
{
	struct str rest = token_scopes_write(call->token.scopes, call->in->arena), word;
	struct json *list = json_new_array();

	while (str_split(&rest, ' ', &word))
		json_add(list, json_new_str(word));
	return list;
}

bool api_me(struct api_call *call)
{
	struct json *o = json_new_object();

	if (!api_query_only(call, no_fields)) {
		json_free(o);
		return true;
	}
	json_set(o, "name", json_new_str(call->token.name));
	json_set(o, "department",
		 call->department < 0 ? json_new_null()
				      : json_new_str(call->token.department));
	json_set(o, "scopes", scopes_json(call));
	json_set(o, "expires", api_time(call, call->token.expires_ms));
	json_set(o, "gateway", json_new_str(call->config->gateway.name));
	json_set(o, "version", json_new_str(STR(KENTONGAN_VERSION)));
	json_set(o, "now", api_time(call, call->now_ms));
	api_header(call, "Cache-Control", STR("no-store"));
	return api_json(call, 200, o);
}

bool api_departments(struct api_call *call)
{
	struct json *o, *list;

	if (!api_query_only(call, no_fields))
		return true;
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < call->config->n_departments; i++) {
		const struct config_department *d = &call->config->departments[i];
		struct json *row = json_new_object();

		json_set(row, "code", json_new_str(d->code));
		json_set(row, "name", json_new_str(d->name));
		json_set(row, "outside", json_new_bool(d->outside));
		json_add(list, row);
	}
	json_set(o, "departments", list);
	return api_json(call, 200, o);
}

bool api_openapi(struct api_call *call)
{
	static const char path[] = "doc/openapi.json";
	static const struct api_fault none = { 404, "not_found", "it is not here", NULL,
					       NULL };

	if (!api_query_only(call, no_fields))
		return true;
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (strcmp(f->path, path) == 0)
			return api_body(call, 200,
					str_from(f->begin, (size_t)(f->end - f->begin)));
	return api_problem(call, &none);
}
