/* SPDX-License-Identifier: MIT */
/*
 * Asking over HTTP with the daemon's own carrier: it is started for one exchange and
 * stopped again. The tool has no event loop of its own.
 */
#include "ctl/client.h"

#include "base/clock.h"
#include "io/httpc.h"

enum { ANSWER_CEILING = 16 << 20 };

static int response_copy(const struct response *from, struct arena *arena,
			 struct response *to, struct err *err)
{
	struct response copy = { .status = from->status };

	copy.body = arena_str(arena, from->body);
	if (!copy.body.p)
		return err_set(err, ERR_LIMIT, "the answer is too large");
	*to = copy;
	return 0;
}

static struct outgoing *outgoing_of(const struct exchange *exchange, int64_t total_ms)
{
	struct outgoing *out = outgoing_new(ANSWER_CEILING + 65536);

	if (!out)
		return NULL;
	out->exchange = *exchange; /* its views outlive this call */
	out->exchange.ceiling_bytes = ANSWER_CEILING;
	out->lane_width = 1;
	out->connect_ms = 3000;
	out->total_ms = total_ms;
	return out;
}

static int judge(const struct outgoing *done, struct arena *arena,
		 struct response *response, struct err *err)
{
	if (!done)
		return err_set(err, ERR_LATER, "no answer");
	if (done->transport != TRANSPORT_DONE)
		return err_set(err, ERR_LATER, "%.*s", STR_ARG(done->trouble));
	return response_copy(&done->response, arena, response, err);
}

int client_run(const struct exchange *exchange, int64_t total_ms, struct arena *arena,
	       struct response *response, struct err *err)
{
	const struct httpc_settings settings = {
		.body_ceiling_bytes = ANSWER_CEILING,
		.connect_ms = 3000,
		.total_ms = total_ms,
		.connections = 1,
		.user_agent = "kentongan/" KENTONGAN_VERSION,
	};
	struct mailbox *box = mailbox_new(NULL, NULL);
	struct outgoing *out = outgoing_of(exchange, total_ms), *done;
	struct httpc *httpc;
	int result;

	if (!box || !out || httpc_start(&settings, box, &httpc, err)) {
		outgoing_free(out);
		if (box)
			mailbox_free(box);
		return box && out ? -1 : err_set(err, ERR_LIMIT, "no memory");
	}
	httpc_post(httpc, out);
	mailbox_wait(box, clock_mono_ms() + total_ms + 1000);
	httpc_stop(httpc);
	done = (struct outgoing *)mailbox_take(box);
	result = judge(done, arena, response, err);
	outgoing_free(done);
	mailbox_free(box);
	return result;
}

static struct str problem_of(const struct json *root, const struct response *response)
{
	struct str s = json_str(json_get(root, "error"));

	return s.n ? s : str_trim(response->body);
}

struct json *client_ask(struct str socket, enum http_method method, const char *path,
			struct str_pairs query, struct arena *arena, int *status,
			struct str *problem)
{
	struct str form = form_encode(query, arena);
	struct exchange exchange = {
		.method = method,
		.url = arena_printf(arena, "http://kentongand%s?%.*s", path,
				    STR_ARG(form)),
		.unix_path = socket,
	};
	struct response response = { 0 };
	struct json *root;
	struct err why;

	*status = 0;
	if (client_run(&exchange, 65000, arena, &response, &why)) {
		*problem = arena_printf(arena, "the daemon does not answer on %.*s: %s",
					STR_ARG(socket), why.text);
		return NULL;
	}
	*status = response.status;
	root = json_parse(response.body, &why);
	if (response.status < 300 && root)
		return root;
	*problem = arena_str(arena, str_trim(problem_of(root, &response)));
	json_free(root);
	return NULL;
}
