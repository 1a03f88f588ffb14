/* SPDX-License-Identifier: MIT */
/* Answers of the HTTP API: JSON, and what is wrong as problem+json (RFC 9457). */
#include "console/api.h"

#include "base/log.h"
#include "store/api.h"

void api_header(struct api_call *call, const char *name, struct str value)
{
	if (call->n_headers < API_HEADERS && value.p)
		call->headers[call->n_headers++] =
			(struct str_pair){ str_of(name), value };
}

/* The call itself is gone when the answer is sent. */
static struct str_pairs headers_of(const struct api_call *call)
{
	struct str_pairs out = { ARENA_NEW(call->in->arena, struct str_pair,
					   call->n_headers + 1),
				 call->n_headers };

	if (!out.items)
		return (struct str_pairs){ NULL, 0 };
	memcpy(out.items, call->headers, call->n_headers * sizeof(*out.items));
	return out;
}

static bool answered(struct api_call *call, int status, struct str type, struct str body)
{
	*call->answer = (struct answer){
		.status = status,
		.content_type = type,
		.body = body,
		.headers = headers_of(call),
	};
	return true;
}

static struct str text_of(struct api_call *call, struct json *root)
{
	struct buf buf = BUF_INIT(API_BODY_CEILING);
	struct str body;

	json_dump(root, &buf);
	json_free(root);
	buf_add_char(&buf, '\n');
	body = buf.failed ? str_from(NULL, 0) : arena_str(call->in->arena, buf_str(&buf));
	buf_free(&buf);
	return body;
}

bool api_body(struct api_call *call, int status, struct str body)
{
	return answered(call, status, STR("application/json"), body);
}

static bool body_or_fault(struct api_call *call, int status, struct str body)
{
	static const struct api_fault large = { 500, "too_large",
						"the answer is too large", "limit",
						"ask for less" };

	return body.p ? api_body(call, status, body) : api_problem(call, &large);
}

bool api_json(struct api_call *call, int status, struct json *root)
{
	return body_or_fault(call, status, text_of(call, root));
}

bool api_written(struct api_call *call, struct buf *buf)
{
	struct str body;

	buf_add_char(buf, '\n');
	body = buf->failed ? str_from(NULL, 0) : arena_str(call->in->arena, buf_str(buf));
	buf_free(buf);
	return body_or_fault(call, 200, body);
}

bool api_bare(struct api_call *call, int status)
{
	return answered(call, status, str_from(NULL, 0), STR(""));
}

/* ---- what is wrong ---- */

static const char *title_of(int status)
{
	static const struct {
		int status;
		const char *title;
	} titles[] = {
		{ 400, "Bad request" },
		{ 401, "Not signed in" },
		{ 403, "Not allowed" },
		{ 404, "Not found" },
		{ 405, "Method not allowed" },
		{ 409, "Not now" },
		{ 410, "Gone" },
		{ 412, "Changed meanwhile" },
		{ 415, "Not JSON" },
		{ 422, "Not so" },
		{ 429, "Too many requests" },
		{ 500, "Our mistake" },
		{ 503, "Try again later" },
	};

	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Problem";
}

static struct json *fault_list(const struct api_fault *f)
{
	struct json *list = json_new_array(), *one = json_new_object();

	json_set(one, "field", json_new_str(str_of(f->field)));
	json_set(one, "rule", json_new_str(str_of(f->rule)));
	json_set(one, "remedy", json_new_str(str_of(f->remedy ? f->remedy : f->detail)));
	json_add(list, one);
	return list;
}

bool api_problem(struct api_call *call, const struct api_fault *f)
{
	struct json *root = json_new_object();
	struct str body;

	json_set(root, "type",
		 json_new_str(arena_printf(call->in->arena, "urn:kentongan:problem:%s",
					   f->rule)));
	json_set(root, "title", json_new_str(str_of(title_of(f->status))));
	json_set(root, "status", json_new_int(f->status));
	json_set(root, "detail", json_new_str(str_of(f->detail)));
	if (f->remedy)
		json_set(root, "remedy", json_new_str(str_of(f->remedy)));
	if (f->field)
		json_set(root, "errors", fault_list(f));
	if (call->gone_no)
		json_set(root, "no", api_no(call, call->gone_no));
	body = text_of(call, root);
	return answered(call, f->status, STR("application/problem+json"),
			body.p ? body : STR("{}\n"));
}

bool api_failed(struct api_call *call, const struct err *err)
{
	static const struct api_fault
		busy = { 503, "busy", "the gateway cannot read or write its store now",
			 NULL, "ask again in a few seconds" },
		mistake = {
			500, "mistake",
			"this could not be done; the operator finds the reason in the "
			"log",
			NULL, "tell the operator"
		};

	if (err->kind != ERR_LATER) {
		log_event(LOG_LEVEL_ERROR, "api_failed", LOG_Z("why", err->text));
		return api_problem(call, &mistake);
	}
	api_header(call, "Retry-After", STR("5"));
	return api_problem(call, &busy);
}

/* Whether the path's ticket was the caller's once, into call->gone_no. */
static int was_yours(struct api_call *call, struct err *err)
{
	struct ticket t;
	struct err why;
	bool left = false;
	int64_t no;

	if (call->department < 0 || !str_to_int(call->no, &no))
		return 0;
	if (store_ticket_by_no(call->store, no, call->in->arena, &t, &why)) {
		*err = why;
		return why.kind == ERR_NEVER ? 0 : -1;
	}
	if (api_may_see(call, t.department, t.accused, t.life.sensitive))
		return 0;
	if (store_left_is(call->store, t.id,
			  call->config->departments[call->department].code, &left, err))
		return -1;
	call->gone_no = left ? t.no : 0;
	return 0;
}

bool api_no_ticket(struct api_call *call)
{
	static const struct api_fault
		none = { 404, "not_found", "this department has no ticket of that number",
			 NULL, NULL },
		gone = { 410, "gone", "this ticket is not the department's any more",
			 NULL, "nothing more is to be done with it" };
	struct err err;

	if (was_yours(call, &err))
		return api_failed(call, &err);
	return api_problem(call, call->gone_no ? &gone : &none);
}
