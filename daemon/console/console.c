/* SPDX-License-Identifier: MIT */
/* The switchboard of the console: which listener, which path, which function. */
#include "console/api.h"

#include <unistd.h>

#include "base/http.h"

enum { JSON_CEILING = 8 << 20 };

static bool plain(struct answer *answer, int status, struct str text)
{
	*answer = (struct answer){
		.status = status,
		.content_type = STR("text/plain; charset=utf-8"),
		.body = text,
	};
	return true;
}

bool desk_json(struct incoming *in, int status, struct json *root, struct answer *answer)
{
	struct buf buf = BUF_INIT(JSON_CEILING);
	struct str body;

	json_dump(root, &buf);
	json_free(root);
	buf_add_char(&buf, '\n');
	body = buf.failed ? (struct str){ NULL, 0 } : arena_str(in->arena, buf_str(&buf));
	buf_free(&buf);
	if (!body.p)
		return plain(answer, 507,
			     STR("the answer is too large; use --since or --limit\n"));
	*answer = (struct answer){
		.status = status,
		.content_type = STR("application/json"),
		.body = body,
	};
	return true;
}

bool desk_problem(struct incoming *in, int status, const char *sentence,
		  struct answer *answer)
{
	struct json *root = json_new_object();

	json_set(root, "error", json_new_str(str_of(sentence)));
	return desk_json(in, status, root, answer);
}

struct desk_path {
	enum http_method method;
	struct str path;
	desk_fn answer;
	bool acts; /* in a turn's transaction: not while the store is in trouble */
};

static const struct desk_path admin_paths[] = {
	{ HTTP_GET, STR_INIT("/readyz"), desk_ready, false },
	{ HTTP_GET, STR_INIT("/metrics"), desk_metrics, false },
};

static const struct desk_path control_paths[] = {
	{ HTTP_GET, STR_INIT("/v1/status"), desk_status, false },
	{ HTTP_GET, STR_INIT("/v1/tickets"), desk_tickets, false },
	{ HTTP_GET, STR_INIT("/v1/ticket"), desk_ticket, false },
	{ HTTP_GET, STR_INIT("/v1/messages"), desk_messages, false },
	{ HTTP_POST, STR_INIT("/v1/pause"), desk_pause, false },
	{ HTTP_POST, STR_INIT("/v1/resume"), desk_resume, false },
	{ HTTP_POST, STR_INIT("/v1/reload"), desk_reload, false },
	{ HTTP_POST, STR_INIT("/v1/person"), desk_person, true },
	{ HTTP_GET, STR_INIT("/v1/audit"), desk_audit, false },
	{ HTTP_GET, STR_INIT("/v1/report"), desk_report, false },
	{ HTTP_GET, STR_INIT("/v1/due"), desk_due, false },
	{ HTTP_POST, STR_INIT("/v1/act"), desk_act, true },
	{ HTTP_POST, STR_INIT("/v1/decide"), desk_decide, true },
	{ HTTP_GET, STR_INIT("/v1/alike"), desk_alike, false },
	{ HTTP_GET, STR_INIT("/v1/events"), desk_events, false },
	{ HTTP_POST, STR_INIT("/v1/event_start"), desk_event_start, true },
	{ HTTP_POST, STR_INIT("/v1/event_say"), desk_event_say, true },
	{ HTTP_POST, STR_INIT("/v1/event_end"), desk_event_end, true },
	{ HTTP_POST, STR_INIT("/v1/token_create"), desk_token_create, true },
	{ HTTP_GET, STR_INIT("/v1/tokens"), desk_tokens, false },
	{ HTTP_POST, STR_INIT("/v1/token_revoke"), desk_token_revoke, true },
	{ HTTP_POST, STR_INIT("/v1/mail"), desk_mail_in, true },
	{ HTTP_GET, STR_INIT("/v1/mail"), desk_mail, false },
	{ HTTP_GET, STR_INIT("/v1/mails"), desk_mails, false },
	{ HTTP_GET, STR_INIT("/v1/queue"), desk_queue, false },
	{ HTTP_POST, STR_INIT("/v1/deliver"), desk_deliver, true },
	{ HTTP_GET, STR_INIT("/v1/desk"), desk_waiting, false },
	{ HTTP_POST, STR_INIT("/v1/desk_seen"), desk_seen, true },
	{ HTTP_POST, STR_INIT("/v1/desk_noted"), desk_noted, true },
	{ HTTP_POST, STR_INIT("/v1/desk_apart"), desk_apart, true },
	{ HTTP_POST, STR_INIT("/v1/desk_texts"), desk_texts, true },
};

static bool dispatch(const struct desk_path *paths, size_t n, struct engine *engine,
		     struct incoming *in, struct answer *answer)
{
	bool known = false;

	for (size_t i = 0; i < n; i++) {
		if (!str_eq(paths[i].path, in->request.path))
			continue;
		known = true;
		if (paths[i].method != in->request.method)
			continue;
		if (paths[i].acts && engine_trouble(engine))
			return desk_problem(in, 503, engine_trouble(engine), answer);
		return paths[i].answer(engine, in, answer);
	}
	return known ? plain(answer, 405, STR("another method, please\n"))
		     : plain(answer, 404, STR("nothing here\n"));
}

/* The socket's rights keep strangers out; this is the second lock. */
static bool peer_is_operator(const struct incoming *in)
{
	return in->request.peer_uid == 0 || in->request.peer_uid == geteuid();
}

/* What departments' software and the public may ask; by the beginning of the path. */
static const struct {
	struct str prefix;
	desk_fn answer;
} web_paths[] = {
	{ STR_INIT("/api/"), api_answer },
	{ STR_INIT("/open311/"), desk_open311 },
};

static bool web_answer(struct engine *engine, struct incoming *in, struct answer *answer)
{
	for (size_t i = 0; i < sizeof(web_paths) / sizeof(*web_paths); i++)
		if (web_paths[i].answer &&
		    str_starts(in->request.path, web_paths[i].prefix))
			return web_paths[i].answer(engine, in, answer);
	return plain(answer, 404, STR("nothing here\n"));
}

bool console_answer(struct engine *engine, struct incoming *in, struct answer *answer)
{
	if (in->letter.kind == LETTER_API)
		return web_answer(engine, in, answer);
	if (in->letter.kind == LETTER_ADMIN)
		return dispatch(admin_paths, sizeof(admin_paths) / sizeof(*admin_paths),
				engine, in, answer);
	if (!peer_is_operator(in))
		return plain(answer, 403, STR("for root and the daemon's own user\n"));
	return dispatch(control_paths, sizeof(control_paths) / sizeof(*control_paths),
			engine, in, answer);
}
