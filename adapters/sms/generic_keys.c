/* SPDX-License-Identifier: MIT */
/*
 * What an operator may write for a generic provider, and what the tables cannot say:
 * templates, combinations. Pure.
 */
#include "sms/generic.h"

static const char *const auth_words[] = {
	"inherit", "none", "basic", "bearer", "header", "query", "form", NULL,
};
static const char *const method_words[] = {
	"auto", "GET", "POST", "PUT", "PATCH", "DELETE", NULL,
};
static const char *const time_words[] = {
	"iso", "local", "utc", "unix", "unix_ms", NULL,
};
static const char *const cursor_words[] = {
	"auto", "none", "highest", "last", "time", "path", NULL,
};
static const char *const order_words[] = { "oldest_first", "newest_first", NULL };
static const char *const format_words[] = { "form", "json", "query", NULL };
static const char *const secret_words[] = { "field", "header", NULL };

/* One row each: name, where, default, range or words, help. */
#define ROW(key_name, key_type, where, ...)                                      \
	{                                                                        \
		.name = key_name, .type = key_type, .offset = where, __VA_ARGS__ \
	}
#define TEXT_ROW(key_name, where, words) \
	ROW(key_name, KEY_STR, where, .def = "", .max = 4000, .help = words)
#define LIST_ROW(key_name, where, words) \
	ROW(key_name, KEY_STR_LIST, where, .def = "", .max = 100, .help = words)
#define MAP_ROW(key_name, where, words) \
	ROW(key_name, KEY_MAP, where, .def = "", .help = words)
#define WORD_ROW(key_name, where, list, first, words) \
	ROW(key_name, KEY_ENUM, where, .names = list, .def = first, .help = words)
#define GROUP_ROW(key_name, where, table, words) \
	ROW(key_name, KEY_GROUP, where, .sub = table, .def = "", .help = words)
#define END_ROW              \
	{                    \
		.name = NULL \
	}

#define AUTH(field) offsetof(struct generic_auth, field)

static const struct key auth_keys[] = {
	WORD_ROW("kind", AUTH(kind), auth_words, "inherit",
		 "How we show who we are; \"inherit\" takes the provider's own auth."),
	TEXT_ROW("user", AUTH(user), "User name, where it is no secret."),
	ROW("user_secret", KEY_SECRET, AUTH(user_secret), .def = "",
	    .help = "User name or key that is itself a secret; instead of user."),
	ROW("secret", KEY_SECRET, AUTH(secret), .def = "",
	    .help = "Password, token or key."),
	TEXT_ROW("name", AUTH(name),
		 "Name of the header or field that carries the secret."),
	TEXT_ROW("user_name", AUTH(user_name),
		 "Name of the field that carries the user, for query and form."),
	END_ROW,
};

/* A request that we make, at the start of its group's struct. */
#define ASK(type, field) offsetof(struct type, ask.field)
#define ASK_ROWS(type)                                                                   \
	ROW("url", KEY_STR, ASK(type, url), .min = 1, .max = 4000,                       \
	    .help = "Address, with placeholders; begins with / where api_base is "       \
		    "given."),                                                           \
		WORD_ROW("method", ASK(type, method), method_words, "auto",              \
			 "HTTP method; \"auto\" is GET without a body and POST with."),  \
		MAP_ROW("headers", ASK(type, headers), "More headers."),                 \
		MAP_ROW("query", ASK(type, query),                                       \
			"Fields added to the address; empty ones are left out."),        \
		MAP_ROW("form", ASK(type, form),                                         \
			"Body as form fields; empty ones are left out."),                \
		TEXT_ROW("json", ASK(type, json), "Body as JSON, with placeholders."),   \
		TEXT_ROW("body", ASK(type, body),                                        \
			 "Body as a form that is written out, for names that form does " \
			 "not allow."),                                                  \
		GROUP_ROW("auth", ASK(type, auth), auth_keys,                            \
			  "Who we are, where it differs from the provider's auth.")

/* Where the parts of a message stand. */
#define PART(type, field) offsetof(struct type, fields.field)
#define FIELD_ROWS(type, prefix)                                                        \
	TEXT_ROW("list", PART(type, list),                                              \
		 "Path to the list of messages; empty: the whole is the list."),        \
		TEXT_ROW("id", PART(type, id), "Path to the provider's message id."),   \
		ROW("id_prefix", KEY_STR, PART(type, id_prefix), .def = prefix,         \
		    .max = 40,                                                          \
		    .help = "Put before ids; alike in poll and push where the ids are " \
			    "alike."),                                                  \
		ROW("sender", KEY_STR, PART(type, sender), .min = 1, .max = 200,        \
		    .help = "Path to the citizen's number."),                           \
		ROW("text", KEY_STR, PART(type, text), .min = 1, .max = 200,            \
		    .help = "Path to the text."),                                       \
		TEXT_ROW("recipient", PART(type, recipient), "Path to our number."),    \
		TEXT_ROW("time", PART(type, time), "Path to the time of the message."), \
		WORD_ROW("time_format", PART(type, time_format), time_words, "iso",     \
			 "How the time is written; without a zone: iso and local in "   \
			 "ours, utc in UTC."),                                          \
		TEXT_ROW("part_ref", PART(type, part_ref),                              \
			 "Path to the reference that parts of a long text share."),     \
		TEXT_ROW("part_total", PART(type, part_total),                          \
			 "Path to the number of parts."),                               \
		TEXT_ROW("part_no", PART(type, part_no),                                \
			 "Path to the number of this part, from 1.")

#define POLL(field) offsetof(struct generic_poll, field)

static const struct key poll_keys[] = {
	ASK_ROWS(generic_poll),
	FIELD_ROWS(generic_poll, "poll:"),
	TEXT_ROW("empty", POLL(empty), "Path to what says that nothing is there."),
	LIST_ROW("empty_values", POLL(empty_values), "Its values that say so."),
	TEXT_ROW("code", POLL(code), "Path to an error code."),
	LIST_ROW("code_config", POLL(code_config),
		 "Codes for which the operator must act, as a wrong key."),
	LIST_ROW("code_later", POLL(code_later), "Codes that pass by themselves."),
	TEXT_ROW("error", POLL(error), "Path to the words of an error."),
	WORD_ROW("cursor", POLL(cursor), cursor_words, "auto",
		 "What {state} becomes; \"auto\": highest where {state} is used."),
	TEXT_ROW("cursor_path", POLL(cursor_path),
		 "Path to the cursor in the answer, for cursor = \"path\"."),
	TEXT_ROW("first", POLL(first),
		 "What {state} shows at the very first; for cursor = \"time\" the start "
		 "of the window."),
	WORD_ROW("order", POLL(order), order_words, "oldest_first",
		 "Order of messages in a page."),
	TEXT_ROW("next", POLL(next), "Path to the mark of the next page, for {page}."),
	TEXT_ROW("more", POLL(more), "Path to a truth that says whether pages follow."),
	ROW("page_size", KEY_INT, POLL(page_size), .def = "0", .min = 0, .max = 100000,
	    .help = "What {size} shows; a full page is asked for again, twice as large."),
	ROW("page_most", KEY_INT, POLL(page_most), .def = "6400", .min = 1, .max = 100000,
	    .help = "The largest {size} that is asked for."),
	ROW("overlap", KEY_MS, POLL(overlap_ms), .def = "0s", .min = 0, .max = 86400000,
	    .help = "How far {state} lies before the cursor, for cursor = \"time\"."),
	ROW("window", KEY_MS, POLL(window_ms), .def = "1d", .min = 1000,
	    .max = 2678400000, .help = "How far {since} lies before now."),
	END_ROW,
};

#define SEND(field) offsetof(struct generic_send, field)

static const struct key send_keys[] = {
	ASK_ROWS(generic_send),
	LIST_ROW("ok_status", SEND(ok_status),
		 "HTTP statuses that mean taken; any 2xx when left out."),
	LIST_ROW("ok_body", SEND(ok_body),
		 "Beginnings of a plain answer that mean taken."),
	TEXT_ROW("code", SEND(code),
		 "Path to the result; alone: taken when it is there."),
	LIST_ROW("code_ok", SEND(code_ok), "Results that mean taken; \"*\": any other."),
	LIST_ROW("code_refused", SEND(code_refused),
		 "Results that refuse this message for good; \"*\": any other."),
	LIST_ROW("code_later", SEND(code_later),
		 "Results after which it is tried again; \"*\": any other."),
	LIST_ROW("code_wide", SEND(code_wide),
		 "Results that hold all sends up, as no credit or a wrong key; \"*\": "
		 "any other."),
	TEXT_ROW("error", SEND(error), "Path to the words of an error."),
	TEXT_ROW("sent_id", SEND(sent_id),
		 "Path to the id by which delivery reports name the message."),
	END_ROW,
};

static const struct key settle_keys[] = {
	ASK_ROWS(generic_settle),
	END_ROW,
};

/* A request that the provider makes. */
#define CALL(type, field) offsetof(struct type, call.field)
#define CALL_ROWS(type)                                                                \
	WORD_ROW("format", CALL(type, format), format_words, "form",                   \
		 "How the provider writes its call."),                                 \
		ROW("secret", KEY_SECRET, CALL(type, secret), .def = "",               \
		    .help = "Secret that the provider puts into its calls."),          \
		TEXT_ROW("secret_name", CALL(type, secret_name),                       \
			 "Field or header that carries the secret."),                  \
		WORD_ROW("secret_in", CALL(type, secret_in), secret_words, "field",    \
			 "Where the secret stands."),                                  \
		TEXT_ROW("only", CALL(type, only), "Path to the kind of a call."),     \
		LIST_ROW("only_values", CALL(type, only_values),                       \
			 "Kinds that are taken; others are answered and left alone."), \
		ROW("answer_status", KEY_INT, CALL(type, answer_status), .def = "200", \
		    .min = 200, .max = 299, .help = "HTTP status of our answer."),     \
		TEXT_ROW("answer", CALL(type, answer), "Body of our answer."),         \
		ROW("answer_type", KEY_STR, CALL(type, answer_type),                   \
		    .def = "text/plain", .max = 100,                                   \
		    .help = "Content type of our answer.")

#define PUSH(field) offsetof(struct generic_push, field)

static const struct key push_keys[] = {
	CALL_ROWS(generic_push),
	FIELD_ROWS(generic_push, "push:"),
	END_ROW,
};

#define REPORT(field) offsetof(struct generic_report, field)

static const struct key report_keys[] = {
	CALL_ROWS(generic_report),
	TEXT_ROW("list", REPORT(list),
		 "Path to the list of reports; empty: the whole is one report."),
	ROW("id", KEY_STR, REPORT(id), .min = 1, .max = 200,
	    .help = "Path to the id that sent_id gave."),
	ROW("status", KEY_STR, REPORT(status), .min = 1, .max = 200,
	    .help = "Path to the state of delivery."),
	LIST_ROW("done", REPORT(done), "States that mean delivered."),
	LIST_ROW("failed", REPORT(failed), "States that mean not delivered."),
	TEXT_ROW("reason", REPORT(reason), "Path to why it was not delivered."),
	END_ROW,
};

#define TOP(field) offsetof(struct generic, field)

const struct key generic_keys[] = {
	ROW("api_base", KEY_URL, TOP(api_base), .def = "",
	    .help = "Put before addresses that begin with /."),
	ROW("country_code", KEY_STR, TOP(country_code), .def = "62", .min = 1, .max = 3,
	    .help = "For {to:local}: 62 makes +6281… 081…."),
	GROUP_ROW("auth", TOP(auth), auth_keys, "How we show who we are."),
	ROW("idempotent", KEY_BOOL, TOP(idempotent), .def = "false",
	    .help = "The provider takes a message with the same {id} only once."),
	LIST_ROW("taken_status", TOP(taken_status),
		 "HTTP statuses that say that a message with this {id} was taken "
		 "before."),
	ROW("read_once", KEY_BOOL, TOP(read_once), .def = "false",
	    .help = "The provider gives each message only once."),
	GROUP_ROW("poll", TOP(poll), poll_keys, "How messages are asked for."),
	GROUP_ROW("send", TOP(send), send_keys, "How a message is sent."),
	GROUP_ROW("settle", TOP(settle), settle_keys,
		  "How a message is acknowledged or deleted once it is stored."),
	GROUP_ROW("push", TOP(push), push_keys, "How messages come in by callback."),
	GROUP_ROW("report", TOP(report), report_keys,
		  "How delivery reports come in by callback."),
	END_ROW,
};

/* ---- checking ---- */

static int check_pairs(struct str_pairs pairs, const char *what,
		       enum template_request request, bool time, struct err *err)
{
	for (size_t i = 0; i < pairs.n; i++)
		if (template_check(pairs.items[i].value, request, time, err))
			return err_add(err, "%s.%.*s", what,
				       STR_ARG(pairs.items[i].name));
	return 0;
}

/* With a value in every place the template must be JSON. */
static int check_json(struct str json, struct err *err)
{
	const struct template_values sample = {
		.id = STR_INIT("1"),
		.to = STR_INIT("1"),
		.text = STR_INIT("1"),
		.ucs2 = STR_INIT("1"),
		.sender = STR_INIT("1"),
		.number = STR_INIT("1"),
		.state = STR_INIT("1"),
		.page = STR_INIT("1"),
		.size = STR_INIT("1"),
		.user = STR_INIT("1"),
		.secret = STR_INIT("1"),
	};
	struct buf out = BUF_INIT(1 << 20);
	struct json *root;

	template_expand(json, TEMPLATE_JSON, &sample, &out);
	root = json_parse(buf_str(&out), err);
	buf_free(&out);
	json_free(root);
	return root ? 0 : err_add(err, "json");
}

static int check_auth(const struct generic_auth *a, struct err *err)
{
	bool named =
		a->kind == AUTH_HEADER || a->kind == AUTH_QUERY || a->kind == AUTH_FORM;

	if (named && a->name.n == 0)
		return err_set(err, ERR_CONFIG,
			       "auth.name is missing: the name of the header or field");
	if (a->kind >= AUTH_BEARER && a->secret.n == 0)
		return err_set(err, ERR_CONFIG, "auth.secret is missing");
	if (a->kind == AUTH_BASIC && a->user.n == 0 && a->user_secret.n == 0)
		return err_set(err, ERR_CONFIG, "auth.user is missing");
	return 0;
}

static int check_url(const struct generic *g, struct str url, struct err *err)
{
	struct str rest;
	size_t slashes;

	if (str_starts(url, STR("/"))) {
		if (g->api_base.n == 0)
			return err_set(err, ERR_CONFIG,
				       "url begins with /, but there is no api_base");
		return 0;
	}
	if (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://")))
		return err_set(err, ERR_CONFIG,
			       "url is neither http:// nor https:// nor begins with /");
	slashes = str_find(url, STR("://")) + 3;
	rest = str_slice(url, slashes, url.n);
	rest = str_slice(rest, 0, str_find_char(rest, '/'));
	if (rest.n == 0 || str_find_char(rest, '{') < rest.n)
		return err_set(err, ERR_CONFIG,
			       "url has no host, or a placeholder in its host");
	return 0;
}

static int check_ask(const struct generic *g, const struct generic_ask *a,
		     enum template_request request, bool time, struct err *err)
{
	if (check_url(g, a->url, err) || check_auth(&a->auth, err))
		return -1;
	if (template_check(a->url, request, time, err))
		return err_add(err, "url");
	if (template_check(a->json, request, time, err))
		return err_add(err, "json");
	if (template_check(a->body, request, time, err))
		return err_add(err, "body");
	if (check_pairs(a->headers, "headers", request, time, err) ||
	    check_pairs(a->query, "query", request, time, err) ||
	    check_pairs(a->form, "form", request, time, err))
		return -1;
	if ((a->form.n > 0) + (a->json.n > 0) + (a->body.n > 0) > 1)
		return err_set(err, ERR_CONFIG, "only one of form, json and body");
	return a->json.n ? check_json(a->json, err) : 0;
}

static bool pairs_use(struct str_pairs pairs, struct str name)
{
	for (size_t i = 0; i < pairs.n; i++)
		if (template_uses(pairs.items[i].value, name))
			return true;
	return false;
}

static bool ask_uses(const struct generic_ask *a, struct str name)
{
	return template_uses(a->url, name) || template_uses(a->json, name) ||
	       template_uses(a->body, name) || pairs_use(a->headers, name) ||
	       pairs_use(a->query, name) || pairs_use(a->form, name);
}

static int check_cursor(struct generic_poll *p, struct err *err)
{
	bool used = ask_uses(&p->ask, STR("state"));
	bool by_id = p->cursor == CURSOR_HIGHEST || p->cursor == CURSOR_LAST;

	if (p->cursor == CURSOR_AUTO) {
		p->cursor = used ? CURSOR_HIGHEST : CURSOR_NONE;
		by_id = used;
	}
	if (p->cursor == CURSOR_NONE && used)
		return err_set(err, ERR_CONFIG, "{state} is used, but cursor is none");
	if (p->cursor != CURSOR_NONE && !used)
		return err_set(err, ERR_CONFIG,
			       "a cursor is kept, but {state} is nowhere used");
	if (by_id && p->fields.id.n == 0)
		return err_set(err, ERR_CONFIG,
			       "the cursor is made of ids: id is "
			       "missing");
	if (p->cursor == CURSOR_TIME && p->fields.time.n == 0)
		return err_set(err, ERR_CONFIG,
			       "the cursor is made of times: time is "
			       "missing");
	if ((p->cursor == CURSOR_PATH) != (p->cursor_path.n > 0))
		return err_set(err, ERR_CONFIG,
			       "cursor = \"path\" and cursor_path go together");
	return 0;
}

static int check_paging(const struct generic_poll *p, struct err *err)
{
	if ((p->next.n > 0) != ask_uses(&p->ask, STR("page")))
		return err_set(err, ERR_CONFIG, "next and {page} go together");
	if (p->more.n && !p->next.n)
		return err_set(err, ERR_CONFIG, "more needs next");
	if ((p->page_size > 0) != ask_uses(&p->ask, STR("size")))
		return err_set(err, ERR_CONFIG, "page_size and {size} go together");
	if (p->page_size > p->page_most)
		return err_set(err, ERR_CONFIG, "page_size is greater than page_most");
	if ((p->empty.n > 0) != (p->empty_values.n > 0))
		return err_set(err, ERR_CONFIG, "empty and empty_values go together");
	if (p->overlap_ms && p->cursor != CURSOR_TIME)
		return err_set(err, ERR_CONFIG, "overlap needs cursor = \"time\"");
	return 0;
}

static int check_poll(struct generic *g, struct err *err)
{
	struct generic_poll *p = &g->poll;
	bool time = p->cursor == CURSOR_TIME;

	if (check_ask(g, &p->ask, TEMPLATE_IN_POLL, time, err) || check_cursor(p, err) ||
	    check_paging(p, err))
		return err_add(err, "poll");
	if (template_check(p->first, TEMPLATE_IN_POLL, false, err))
		return err_add(err, "poll.first");
	if (template_uses(p->first, STR("state")))
		return err_set(err, ERR_CONFIG, "poll.first: {state} in itself");
	return 0;
}

static int check_statuses(struct str_list list, const char *what, struct err *err)
{
	for (size_t i = 0; i < list.n; i++) {
		int64_t status;

		if (!str_to_int(list.items[i], &status) || status < 100 || status > 599)
			return err_set(err, ERR_CONFIG, "%s: '%.*s' is no HTTP status",
				       what, STR_ARG(str_slice(list.items[i], 0, 40)));
	}
	return 0;
}

static int check_send(const struct generic *g, struct err *err)
{
	const struct generic_send *s = &g->send;
	bool judged =
		s->code_ok.n || s->code_refused.n || s->code_later.n || s->code_wide.n;

	if (check_ask(g, &s->ask, TEMPLATE_IN_SEND, false, err) ||
	    check_statuses(s->ok_status, "ok_status", err))
		return err_add(err, "send");
	if (judged && s->code.n == 0)
		return err_set(err, ERR_CONFIG, "send: code_… are given, but no code");
	if (!ask_uses(&s->ask, STR("to")) || !ask_uses(&s->ask, STR("text")))
		return err_set(err, ERR_CONFIG,
			       "send: {to} and {text} must stand somewhere");
	if (g->idempotent && !ask_uses(&s->ask, STR("id")))
		return err_set(err, ERR_CONFIG,
			       "idempotent = true, but {id} is nowhere sent");
	return 0;
}

static int check_settle(const struct generic *g, struct err *err)
{
	if (check_ask(g, &g->settle.ask, TEMPLATE_IN_SETTLE, false, err))
		return err_add(err, "settle");
	if (g->poll.ask.url.n == 0 || g->poll.fields.id.n == 0)
		return err_set(err, ERR_CONFIG, "settle needs poll.id");
	return 0;
}

static int check_call(const struct generic_call *c, const char *group, struct err *err)
{
	if ((c->secret.n > 0) != (c->secret_name.n > 0))
		return err_set(err, ERR_CONFIG, "%s: secret and secret_name go together",
			       group);
	if ((c->only.n > 0) != (c->only_values.n > 0))
		return err_set(err, ERR_CONFIG, "%s: only and only_values go together",
			       group);
	return 0;
}

int generic_check(void *settings, struct arena *arena, struct err *err)
{
	struct generic *g = settings;
	bool polls = g->poll.ask.url.n, sends = g->send.ask.url.n;

	(void)arena;
	if (!polls && !sends && g->push.fields.sender.n == 0)
		return err_set(err, ERR_CONFIG,
			       "at least one of poll, push and send is "
			       "needed");
	if (check_auth(&g->auth, err) ||
	    check_statuses(g->taken_status, "taken_status", err))
		return -1;
	if (g->taken_status.n && !g->idempotent)
		return err_set(err, ERR_CONFIG, "taken_status needs idempotent = true");
	if (g->read_once && !polls)
		return err_set(err, ERR_CONFIG, "read_once needs poll");
	if ((polls && check_poll(g, err)) || (sends && check_send(g, err)) ||
	    (g->settle.ask.url.n && check_settle(g, err)))
		return -1;
	if (check_call(&g->push.call, "push", err) ||
	    check_call(&g->report.call, "report", err))
		return -1;
	if (polls && !g->read_once && g->poll.fields.id.n == 0 &&
	    g->poll.fields.time.n == 0)
		return err_set(err, ERR_CONFIG,
			       "poll: without id and time, the same words of the same "
			       "sender would be one message for ever");
	return 0;
}
