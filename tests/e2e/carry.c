/* SPDX-License-Identifier: MIT */
/*
 * Runs exchanges of mail through the carrier, for tests against real servers: one line of
 * JSON on stdin an exchange, one line on stdout its end, in the same order.
 *
 *   { "url": …, "user": …, "password": …, "ca": …, "plain": false, "from": …,
 *     "to": [ … ], "body": …, "imap": …, "timeout_ms": …, "ceiling": … }
 *   { "transport": "done", "status": 250, "body": …, "trouble": …, "uidvalidity": …,
 *     "uidnext": …, "ms": … }
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "io/httpc.h"

static struct str text_of(const struct json *j, const char *key, struct arena *arena)
{
	struct str s = json_str(json_get(j, key));

	return s.p ? arena_str(arena, s) : s;
}

static int64_t number_of(const struct json *j, const char *key)
{
	int64_t n = 0;

	return json_int(json_get(j, key), &n) ? n : 0;
}

static struct outgoing *read_exchange(const struct json *j, int64_t width)
{
	struct outgoing *out = outgoing_new(64 << 20);
	struct exchange *x = &out->exchange;
	const struct json *to = json_get(j, "to");

	x->url = text_of(j, "url", out->arena);
	x->user = text_of(j, "user", out->arena);
	x->password = text_of(j, "password", out->arena);
	x->mail_from = text_of(j, "from", out->arena);
	x->body = text_of(j, "body", out->arena);
	x->imap = text_of(j, "imap", out->arena);
	x->ceiling_bytes = (size_t)number_of(j, "ceiling");
	json_bool(json_get(j, "plain"), &x->mail_plain);
	x->mail_to.items = ARENA_NEW(out->arena, struct str, json_count(to) + 1);
	for (size_t i = 0; i < json_count(to); i++)
		x->mail_to.items[x->mail_to.n++] =
			arena_str(out->arena, json_str(json_item(to, i)));
	out->ca_file = text_of(j, "ca", out->arena);
	out->total_ms = number_of(j, "timeout_ms");
	out->lane_width = (uint32_t)width;
	return out;
}

static void print_end(const struct outgoing *out)
{
	struct json *j = json_new_object();
	struct buf b = BUF_INIT(64 << 20);
	struct str_pairs headers = out->response.headers;

	json_set(j, "transport", json_new_str(str_of(transport_name(out->transport))));
	json_set(j, "status", json_new_int(out->response.status));
	json_set(j, "body", json_new_str(out->response.body));
	json_set(j, "trouble", json_new_str(out->trouble));
	for (size_t i = 0; i < headers.n; i++) {
		struct str name = arena_str(out->arena, headers.items[i].name);

		json_set(j, name.p, json_new_str(headers.items[i].value));
	}
	json_set(j, "ms",
		 json_new_int((out->ended_mono_us - out->started_mono_us) / 1000));
	json_dump(j, &b);
	printf("%.*s\n", STR_ARG(buf_str(&b)));
	fflush(stdout);
	buf_free(&b);
	json_free(j);
}

/* One after the other; the next is read when the last one's end is printed. */
int main(void)
{
	const struct httpc_settings settings = { .body_ceiling_bytes = 1 << 20,
						 .connect_ms = 5000,
						 .total_ms = 20000,
						 .connections = 8,
						 .user_agent = "carry/1",
						 .mail = true };
	struct mailbox *results = mailbox_new(NULL, NULL);
	struct httpc *httpc;
	struct err err;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (httpc_start(&settings, results, &httpc, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	while ((n = getline(&line, &size, stdin)) > 0) {
		struct json *j = json_parse(str_from(line, (size_t)n), &err);
		struct outgoing *out;

		if (!j) {
			fprintf(stderr, "%s\n", err.text);
			return 1;
		}
		httpc_post(httpc, read_exchange(j, 1));
		json_free(j);
		mailbox_wait(results, -1);
		out = (struct outgoing *)mailbox_take(results);
		print_end(out);
		outgoing_free(out);
	}
	free(line);
	httpc_stop(httpc);
	mailbox_free(results);
	return 0;
}
