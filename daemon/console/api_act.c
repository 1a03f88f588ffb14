/* SPDX-License-Identifier: MIT */
/*
 * What a department does with a ticket over the HTTP API. A table says which fields each
 * act has; the rules are those of officers' texts (flow/office.h). An act with an
 * Idempotency-Key is done once, whatever is lost on the way: what was answered is kept in
 * the same transaction. A refused one did nothing, so nothing of it is kept.
 */
#include "console/api.h"

#include "base/crypto.h"
#include "base/log.h"
#include "base/utf8.h"
#include "flow/office.h"
#include "store/api.h"

enum { TEXT_MOST = 4000, OUTSIDE_MOST = 200, KEY_MOST = 255 };

enum field {
	FIELD_TEXT = 1,
	FIELD_DATE = 2,
	FIELD_TO = 4,
	FIELD_OUTSIDE = 8,
	FIELD_PARENT = 16
};

/* Names as in the path, what happens, which scope, which fields. */
static const struct act_kind {
	struct str name;
	enum life_event event;
	enum token_scope scope;
	unsigned fields;
} kinds[] = {
	{ STR_INIT("accept"), LIFE_ACCEPT, TOKEN_ANSWER, FIELD_TEXT | FIELD_DATE },
	{ STR_INIT("progress"), LIFE_PROGRESS, TOKEN_ANSWER, FIELD_TEXT },
	{ STR_INIT("schedule"), LIFE_SCHEDULE, TOKEN_ANSWER, FIELD_TEXT | FIELD_DATE },
	{ STR_INIT("ask"), LIFE_ASK, TOKEN_ANSWER, FIELD_TEXT },
	{ STR_INIT("done"), LIFE_DONE, TOKEN_ANSWER, FIELD_TEXT },
	{ STR_INIT("transfer"), LIFE_TRANSFER, TOKEN_TRANSFER, FIELD_TEXT | FIELD_TO },
	{ STR_INIT("outside"), LIFE_OUTSIDE, TOKEN_TRANSFER, FIELD_TEXT | FIELD_OUTSIDE },
	{ STR_INIT("reject"), LIFE_REJECT_PROPOSED, TOKEN_ANSWER, FIELD_TEXT },
	{ STR_INIT("extend"), LIFE_EXTEND_ASKED, TOKEN_ANSWER, FIELD_TEXT | FIELD_DATE },
	{ STR_INIT("merge"), LIFE_MERGE, TOKEN_ANSWER, FIELD_TEXT | FIELD_PARENT },
	{ STR_INIT("hide"), LIFE_HIDE, TOKEN_ANSWER, FIELD_TEXT },
};

static const struct act_kind *kind_of(struct str name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_eq(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

unsigned api_act_scope(struct str act)
{
	const struct act_kind *kind = kind_of(act);

	return kind ? (unsigned)kind->scope : 0;
}

/* ---- the body ---- */

static bool field_fault(struct api_call *call, const char *field, const char *rule,
			const char *remedy)
{
	const struct api_fault fault = {
		.status = 422,
		.rule = rule,
		.detail = "a field of the body is not as it must be",
		.field = field,
		.remedy = remedy,
	};

	api_problem(call, &fault);
	return false;
}

/* Its reader for each field; a reader answers when it does not like what it reads. */
struct reading {
	struct api_call *call;
	struct office_act *act;
};

static bool words_read(struct reading *r, const char *field, const struct json *value,
		       size_t most, struct str *out)
{
	struct str s = json_str(value);

	if (!s.p)
		return field_fault(r->call, field, "text", "a string");
	if (s.n > most)
		return field_fault(r->call, field, "too_long",
				   "shorter, please: the citizen gets one SMS");
	/* Clean text is no copy, and this one goes with the JSON around it. */
	*out = utf8_clean(arena_str(r->call->in->arena, s), r->call->in->arena);
	return out->p || field_fault(r->call, field, "too_long", "shorter, please");
}

static bool text_read(struct reading *r, const struct json *value)
{
	return words_read(r, "text", value, TEXT_MOST, &r->act->words);
}

static bool outside_read(struct reading *r, const struct json *value)
{
	return words_read(r, "outside", value, OUTSIDE_MOST, &r->act->outside);
}

static bool date_read(struct reading *r, const struct json *value)
{
	struct str s = json_str(value);
	struct when_date day;

	if (!s.p || !calendar_read_date(s, &day))
		return field_fault(r->call, "date", "date", "a date like 2026-12-31");
	r->act->date_ms = clocks_date(r->call->config->calendar, day);
	return true;
}

static bool to_read(struct reading *r, const struct json *value)
{
	struct str s = json_str(value);
	const struct config *c = r->call->config;

	if (s.p)
		r->act->to = config_department(c, desk_department(c, r->call->in, s));
	return r->act->to >= 0 ||
	       field_fault(r->call, "to", "department",
			   "the code of a department, as in /api/v1/departments");
}

static bool parent_read(struct reading *r, const struct json *value)
{
	return (json_int(value, &r->act->parent_no) && r->act->parent_no > 0) ||
	       field_fault(r->call, "parent", "ticket_no", "a ticket's number");
}

static const struct {
	enum field field;
	const char *name;
	bool (*read)(struct reading *r, const struct json *value);
} fields[] = {
	{ FIELD_TEXT, "text", text_read },
	{ FIELD_DATE, "date", date_read },
	{ FIELD_TO, "to", to_read },
	{ FIELD_OUTSIDE, "outside", outside_read },
	{ FIELD_PARENT, "parent", parent_read },
};

enum { FIELDS = sizeof(fields) / sizeof(*fields) };

static const char *fields_of(struct reading *r, const struct act_kind *kind)
{
	enum { ROOM = 200 };
	struct buf b = BUF_INIT(ROOM);
	struct str all;

	for (size_t i = 0; i < FIELDS; i++)
		if (kind->fields & (unsigned)fields[i].field)
			buf_printf(&b, "%s%s", b.n ? ", " : "this act takes ",
				   fields[i].name);
	all = arena_str(r->call->in->arena, buf_str(&b));
	buf_free(&b);
	return all.n ? all.p : "this act takes no fields";
}

static bool fields_read(struct reading *r, const struct act_kind *kind,
			const struct json *root)
{
	size_t known = 0;

	for (size_t i = 0; i < FIELDS; i++) {
		const struct json *value = json_get(root, fields[i].name);

		if (!value)
			continue;
		known++;
		if (!(kind->fields & (unsigned)fields[i].field))
			return field_fault(r->call, fields[i].name, "unknown_field",
					   fields_of(r, kind));
		if (!fields[i].read(r, value))
			return false;
	}
	return known == json_count(root) ||
	       field_fault(r->call, "", "unknown_field", fields_of(r, kind));
}

static bool body_read(struct api_call *call, const struct act_kind *kind,
		      struct office_act *act)
{
	static const struct api_fault type = { 415, "json", "the body must be JSON",
					       "Content-Type",
					       "Content-Type: application/json" };
	struct reading r = { call, act };
	struct str body = str_trim(call->in->request.body),
		   said = api_request_header(call, "content-type");
	struct json *root;
	struct err err;
	bool good;

	if (body.n == 0)
		return true;
	if (!str_eq_nocase(str_trim(str_slice(said, 0, str_find_char(said, ';'))),
			   STR("application/json")))
		return !api_problem(call, &type);
	root = json_parse(body, &err);
	good = root && json_is_object(root)
		       ? fields_read(&r, kind, root)
		       : field_fault(call, "", "json", "one JSON object");
	json_free(root);
	return good;
}

/* ---- conditions ---- */

static bool hex_read(struct str s, int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		*out = *out << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return s.n > 0 && s.n < 16;
}

/* What our ETag says of the last change; −1, which none is, for somebody else's. */
static int64_t if_match(const struct api_call *call)
{
	struct str s = str_trim(api_request_header(call, "if-match")), head;
	int64_t changed_ms;

	if (!s.p || str_eq(s, STR("*")))
		return 0;
	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return -1;
	s = str_slice(s, 1, s.n - 1);
	head = str_slice(s, 0, str_find_char(s, '-'));
	return hex_read(head, &changed_ms) && changed_ms ? changed_ms : -1;
}

/* ---- once only ---- */

struct deed {
	struct api_call *call;
	const struct act_kind *kind;
	struct str key; /* n 0: none */
	char digest[CRYPTO_BLAKE_BYTES];
	struct str body, etag; /* of the answer */
};

static int digest_make(struct deed *d, struct err *err)
{
	const struct request *r = &d->call->in->request;
	struct str match = api_request_header(d->call, "if-match");
	struct str all = arena_printf(d->call->in->arena, "%s %.*s\n%.*s\n%.*s",
				      http_method_name(r->method), STR_ARG(r->path),
				      STR_ARG(match), STR_ARG(r->body));

	if (!all.p)
		return err_set(err, ERR_LIMIT, "no room for a digest");
	crypto_blake(all, (unsigned char *)d->digest);
	return 0;
}

/* False: answered. A string of the structured fields (RFC 8941) or the bare key. */
static bool key_read(struct deed *d)
{
	static const struct api_fault odd = {
		400, "idempotency_key", "the key is not as it must be", "Idempotency-Key",
		"1 to 255 visible letters, new for every act"
	};
	struct str s = str_trim(api_request_header(d->call, "idempotency-key"));

	if (!s.p)
		return true;
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = str_slice(s, 1, s.n - 1);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return !api_problem(d->call, &odd);
	if (s.n == 0 || s.n > KEY_MOST)
		return !api_problem(d->call, &odd);
	d->key = s;
	return true;
}

/* False: answered, as it was then, or that the key is taken. */
static bool is_new(struct deed *d)
{
	static const struct api_fault used = {
		422, "key_used", "this key was used for another request",
		"Idempotency-Key",
		"a new key for a new act; the same request for the same key"
	};
	struct api_call *call = d->call;
	struct kept kept;
	struct err err;
	bool found = false;

	if (d->key.n == 0)
		return true;
	if (digest_make(d, &err) || store_kept_get(call->store, call->token.id, d->key,
						   call->in->arena, &kept, &found, &err))
		return !api_failed(call, &err);
	if (!found)
		return true;
	if (!crypto_equal(kept.digest, str_from(d->digest, sizeof(d->digest))))
		return !api_problem(call, &used);
	api_header(call, "ETag", kept.etag);
	api_header(call, "Idempotency-Replayed", STR("true"));
	return !api_body(call, kept.status, kept.body);
}

/* What is answered; no words of persons, for it may be kept. */
static int answer_make(struct deed *d, const struct ticket *t, struct err *err)
{
	struct api_call *call = d->call;
	struct json *o = json_new_object();
	struct buf buf = BUF_INIT(4096);

	d->etag = api_etag(call, t->changed_ms, t->id, t->wiped);
	json_set(o, "no", api_no(call, t->no));
	json_set(o, "act", json_new_str(d->kind->name));
	json_set(o, "state", json_new_str(str_of(ticket_state_code(t->life.state))));
	json_set(o, "department", json_new_str(t->department));
	json_set(o, "changed", api_time(call, t->changed_ms));
	json_set(o, "etag", json_new_str(d->etag));
	json_dump(o, &buf);
	json_free(o);
	d->body = arena_str(call->in->arena, buf_str(&buf));
	buf_free(&buf);
	return d->body.p && d->etag.p ? 0 : err_set(err, ERR_LIMIT, "no room to answer");
}

static int keep(void *arg, const struct office_result *result, struct err *err)
{
	struct deed *d = arg;
	struct kept kept = { .digest = { d->digest, sizeof(d->digest) },
			     .status = 200,
			     .at_ms = d->call->now_ms };

	if (answer_make(d, &result->ticket, err))
		return -1;
	if (d->key.n == 0)
		return 0;
	kept.etag = d->etag;
	kept.body = d->body;
	return store_kept_add(d->call->store, d->call->token.id, d->key, &kept, err);
}

/* ---- the act ---- */

static bool refused(struct api_call *call, enum office_refusal refusal)
{
	static const struct {
		int status;
		const char *field;
	} ways[OFFICE_REFUSAL_COUNT] = {
		[OFFICE_CHANGED] = { 412, "If-Match" },
		[OFFICE_NEEDS_WORDS] = { 422, "text" },
		[OFFICE_NEEDS_DATE] = { 422, "date" },
		[OFFICE_DATE_OVER] = { 422, "date" },
		[OFFICE_NEEDS_DEPARTMENT] = { 422, "to" },
		[OFFICE_IS_OUTSIDE] = { 422, "to" },
		[OFFICE_IS_YOURS] = { 422, "to" },
		[OFFICE_NEEDS_BODY] = { 422, "outside" },
		[OFFICE_NEEDS_PARENT] = { 422, "parent" },
		[OFFICE_UNREACHABLE] = { 409, NULL },
		[OFFICE_NOT_NOW] = { 409, NULL },
	};
	const struct api_fault fault = {
		.status = ways[refusal].status,
		.rule = office_refusal_name(refusal),
		.detail = office_refusal_words(refusal),
		.field = ways[refusal].field,
	};

	if (refusal == OFFICE_NOT_YOURS || fault.status == 0)
		return api_no_ticket(call);
	return api_problem(call, &fault);
}

static bool act_do(struct deed *d, struct office_act *act)
{
	struct api_call *call = d->call;
	struct office_result result;
	struct err err;

	if (engine_office_act(call->engine, act, keep, d, &result, &err))
		return api_failed(call, &err);
	if (result.refusal != OFFICE_OK)
		return refused(call, result.refusal);
	log_event(LOG_LEVEL_NOTICE, "api_act", LOG_I("no", act->no),
		  LOG_Z("event", lifecycle_event_name(act->event)),
		  LOG_I("token", call->token.id));
	api_header(call, "ETag", d->etag);
	return api_body(call, 200, d->body);
}

bool api_act(struct api_call *call)
{
	static const char *const none[] = { NULL };
	static const struct api_fault whose = {
		403, "no_department", "this token is of no department, so it cannot act",
		NULL, "a token made with --department"
	};
	struct deed d = { .call = call, .kind = kind_of(call->act) };
	struct office_act act = { .department = call->department,
				  .to = -1,
				  .words = STR(""),
				  .outside = STR(""),
				  .proved = true };
	struct err busy = { .kind = ERR_LATER };

	if (call->department < 0)
		return api_problem(call, &whose);
	if (engine_trouble(call->engine))
		return api_failed(call, &busy);
	if (!api_query_only(call, none) || !key_read(&d) || !is_new(&d) ||
	    !body_read(call, d.kind, &act))
		return true;
	if (!str_to_int(call->no, &act.no))
		return api_no_ticket(call);
	act.event = d.kind->event;
	act.by = arena_printf(call->in->arena, "api:%.*s", STR_ARG(call->token.name));
	act.if_changed_ms = if_match(call);
	return act_do(&d, &act);
}
