/* SPDX-License-Identifier: MIT */
/*
 * The HTTP API, whole: any path, query, header and body, to an engine with a store in
 * memory's file system. Each is answered exactly once, with JSON where it says so, never
 * with a sender's number, another department's ticket or our own mistake.
 *
 * An input: a letter for method and path, then lines: what stands in the path, the query,
 * a header's value, and the rest is the body.
 */
#include <assert.h>

#include "../unit/api_desk.h"
#include "base/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	enum http_method method;
	const char *path; /* @: what the input says */
} ways[] = {
	{ HTTP_GET, "/api/v1/tickets" },
	{ HTTP_GET, "/api/v1/tickets/@" },
	{ HTTP_GET, "/api/v1/events" },
	{ HTTP_GET, "/api/v1/me" },
	{ HTTP_GET, "@" },
	{ HTTP_POST, "/api/v1/tickets/@" },
	{ HTTP_POST, "/api/v1/tickets/26000011/progress" },
	{ HTTP_POST, "/api/v1/tickets/26000022/schedule" },
	{ HTTP_POST, "/api/v1/tickets/26000022/merge" },
	{ HTTP_POST, "/api/v1/tickets/26000033/transfer" },
	{ HTTP_POST, "/api/v1/tickets/26000011/hide" },
};

enum { WAYS = sizeof(ways) / sizeof(*ways), WAIT_MOST_MS = 60000 };

static struct api_desk desk;

static struct str line(struct str *rest)
{
	struct str s;

	return str_split(rest, '\n', &s) ? s : STR("");
}

static struct str path_of(const char *pattern, struct str word, struct arena *arena)
{
	struct str p = str_of(pattern);
	size_t at = str_find_char(p, '@');

	return arena_printf(arena, "%.*s%.*s", (int)at, p.p, at < p.n ? (int)word.n : 0,
			    word.p);
}

/* What an answer may only have when the request has it, or wrote it into a history. */
static void never(const char *words, const uint8_t *data, size_t size)
{
	static bool written;

	written = written || (desk.status == 200 && strstr(desk.body, "\"act\":"));
	assert(written || !strstr(desk.body, words) ||
	       memmem(data, size, words, strlen(words)));
}

static void judge(const uint8_t *data, size_t size)
{
	struct err err;
	struct json *root;

	assert(desk.status >= 200 && desk.status != 500);
	never("1234567890", data, size);
	never("lampu jalan", data, size);
	if (!strstr(desk.type, "json") || strstr(desk.body, "\"openapi\""))
		return;
	root = json_parse(str_of(desk.body), &err);
	assert(root);
	json_free(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *names[] = { "if-match", "idempotency-key", "if-none-match",
				       "authorization" };
	struct str rest = { (const char *)data + 1, size - 1 }, word, query, value;
	struct arena *arena = arena_new("fuzz", 1 << 20);
	const char *headers[] = { "content-type", "application/json", "", "", NULL };
	int answers;

	assert(arena);
	if (size == 0 || size > 20000) {
		arena_free(arena);
		return 0;
	}
	if (!desk.engine) {
		log_setup(LOG_FORMAT_AUTO, LOG_LEVEL_ERROR);
		desk_open(&desk);
	}
	word = line(&rest);
	query = line(&rest);
	value = line(&rest);
	headers[2] = names[(data[0] / WAYS) % 4];
	headers[3] = arena_str(arena, value).p;
	answers = desk.answers;
	desk_now += 1000;
	desk_send(&desk, ways[data[0] % WAYS].method,
		  path_of(ways[data[0] % WAYS].path, word, arena), query, rest,
		  value.n ? headers : NULL);
	for (int i = 0; i < 3 && desk.answers == answers; i++) {
		engine_turn(desk.engine);
		desk_now += WAIT_MOST_MS;
	}
	assert(desk.answers == answers + 1);
	judge(data, size);
	arena_free(arena);
	return 0;
}
