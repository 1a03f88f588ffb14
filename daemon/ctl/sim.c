/* SPDX-License-Identifier: MIT */
/*
 * kentongan sim: a handset for the terminal. "text" hands an SMS to the simulator and
 * waits for the answer; "read" shows what a number has sent and received.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/clock.h"
#include "ctl/client.h"
#include "ctl/ctl.h"

enum { ANSWER_WAIT_MS = 15000, LOOK_EVERY_MS = 150 };

static const char default_url[] = "http://127.0.0.1:8090";

static struct str sim_url(void)
{
	const char *url = getenv("KENTONGAN_SIM");

	return str_of(url ? url : default_url);
}

static struct json *sim_ask(struct ctl *ctl, enum http_method method, const char *path,
			    struct str_pairs fields, struct err *err)
{
	struct str form = form_encode(fields, ctl->arena);
	struct str url = sim_url();
	struct str_pair type = { STR("Content-Type"),
				 STR("application/x-www-form-urlencoded") };
	struct exchange exchange = { .method = method };
	struct response response;

	if (method == HTTP_GET) {
		exchange.url = arena_printf(ctl->arena, "%.*s%s?%.*s", STR_ARG(url), path,
					    STR_ARG(form));
	} else {
		exchange.url = arena_printf(ctl->arena, "%.*s%s", STR_ARG(url), path);
		exchange.body = form;
		exchange.headers = (struct str_pairs){ &type, 1 };
	}
	if (client_run(&exchange, 5000, ctl->arena, &response, err))
		return NULL;
	if (response.status >= 300) {
		err_set(err, ERR_NEVER, "the simulator answers %d: %.*s", response.status,
			STR_ARG(str_trim(response.body)));
		return NULL;
	}
	return json_parse(response.body, err);
}

/* As the gateway writes it in its answer: "+62812…" of "0812…" and "62812…". */
static const char *international(struct ctl *ctl, const char *number)
{
	struct str n = str_trim(str_of(number));

	if (str_starts(n, STR("0")))
		return arena_printf(ctl->arena, "+62%.*s", STR_ARG(str_slice(n, 1, n.n)))
			.p;
	if (str_starts(n, STR("62")))
		return arena_printf(ctl->arena, "+%.*s", STR_ARG(n)).p;
	return number;
}

static struct json *handset(struct ctl *ctl, const char *number, struct err *err)
{
	struct str_pair field = { STR("number"), str_of(number) };

	return sim_ask(ctl, HTTP_GET, "/sim/handset", (struct str_pairs){ &field, 1 },
		       err);
}

static void show(const struct json *message)
{
	struct str text = json_str(json_get(message, "text"));
	bool received = str_eq(json_str(json_get(message, "direction")), STR("received"));

	printf("%s %.*s\n", received ? "<" : ">", STR_ARG(text));
}

/* Shows what came after the first `known`; how many there are now, or −1. */
static int show_from(struct ctl *ctl, const char *number, size_t known, struct err *err)
{
	struct json *root = handset(ctl, number, err);
	const struct json *list = json_get(root, "messages");
	size_t n = json_count(list);

	if (!root)
		return -1;
	for (size_t i = known; i < n; i++)
		show(json_item(list, i));
	fflush(stdout);
	json_free(root);
	return (int)n;
}

static int text(struct ctl *ctl, const char *number, const char *words)
{
	struct str_pair fields[] = { { STR("from"), str_of(number) },
				     { STR("text"), str_of(words) } };
	int64_t until = clock_mono_ms() + ANSWER_WAIT_MS;
	struct err err;
	struct json *root = handset(ctl, number, &err);
	int before = (int)json_count(json_get(root, "messages")), now = 0;

	json_free(root);
	if (root)
		root = sim_ask(ctl, HTTP_POST, "/sim/text",
			       (struct str_pairs){ fields, 2 }, &err);
	if (!root)
		return ctl_fail(EX_UNAVAILABLE, "%s (set KENTONGAN_SIM to its URL)",
				err.text);
	json_free(root);
	printf("> %s\n", words);
	fflush(stdout);
	/* Ours is one more; the answer the next. */
	while (now >= 0 && now < before + 2 && clock_mono_ms() < until) {
		now = show_from(ctl, number, (size_t)before + 1, &err);
		if (now >= 0 && now < before + 2)
			poll(NULL, 0, LOOK_EVERY_MS);
	}
	return now >= before + 2
		       ? 0
		       : ctl_fail(EX_TEMPFAIL, "no answer came (some texts get none)");
}

static int read_all(struct ctl *ctl, const char *number)
{
	struct err err;
	int n = show_from(ctl, number, 0, &err);

	if (n < 0)
		return ctl_fail(EX_UNAVAILABLE, "%s (set KENTONGAN_SIM to its URL)",
				err.text);
	if (n == 0)
		fprintf(stderr, "%s has sent and received nothing\n", number);
	return 0;
}

int ctl_sim(struct ctl *ctl)
{
	const char *number = ctl->argc > 2 ? international(ctl, ctl->argv[2]) : NULL;

	if (number && ctl->argc == 4 && str_eq(str_of(ctl->argv[1]), STR("text")))
		return text(ctl, number, ctl->argv[3]);
	if (number && ctl->argc == 3 && str_eq(str_of(ctl->argv[1]), STR("read")))
		return read_all(ctl, number);
	return ctl_fail(EX_USAGE, "sim text NUMBER TEXT, or sim read NUMBER");
}
