/* SPDX-License-Identifier: MIT */
/*
 * The Open311 server, whole: any path, query and form, to an engine with a store in
 * memory's file system. Each is answered once, with a list that can be read back in the
 * form that was asked for; never with a number, a secret, or our own mistake.
 *
 * An input: a letter for the call, then lines: what stands in the path, the query; the
 * rest is the form, with the key and what is needed put before it for most.
 */
#include <assert.h>

#include "../unit/api_desk.h"
#include "base/log.h"
#include "base/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	enum http_method method;
	const char *before, *after; /* of the path; the input stands between */
	bool form;		    /* key and place are put before the input's form */
} calls[] = {
	{ HTTP_POST, "/open311/v2/requests.xml", "", true },
	{ HTTP_POST, "/open311/v2/requests.json", "", true },
	{ HTTP_POST, "/open311/v2/requests.json", "", false },
	{ HTTP_GET, "/open311/v2/requests.xml", "", false },
	{ HTTP_GET, "/open311/v2/requests.json", "", false },
	{ HTTP_GET, "/open311/v2/requests/", ".xml", false },
	{ HTTP_GET, "/open311/v2/services/", ".json", false },
	{ HTTP_GET, "/open311/v2/tokens/", ".json", false },
	{ HTTP_GET, "/open311/", "", false },
};

enum { CALLS = sizeof(calls) / sizeof(*calls) };

static struct api_desk desk;
static char key[TOKEN_LENGTH + 1];

static void start(void)
{
	const struct token token = { .name = STR("form"),
				     .scopes = TOKEN_FILE,
				     .created_by = STR("test") };
	struct arena *arena = arena_new("fuzz", 1 << 16);
	struct store *store;
	struct str secret;
	struct err err;
	int64_t id;

	log_setup(LOG_FORMAT_AUTO, LOG_LEVEL_ERROR);
	desk_open(&desk);
	desk.config->open311.serve = true;
	desk.config->open311.show = OPEN311_ALL;
	store = engine_store(desk.engine);
	assert(store_begin(store, &err) == 0);
	assert(store_token_add(store, &token, arena, &id, &secret, &err) == 0);
	assert(store_commit(store, &err) == 0);
	snprintf(key, sizeof(key), "%.*s", STR_ARG(secret));
	arena_free(arena);
}

static struct str line(struct str *rest)
{
	struct str s;

	return str_split(rest, '\n', &s) ? s : STR("");
}

static void judge(void)
{
	struct err err;

	assert(desk.status >= 200 && desk.status < 500);
	assert(!strstr(desk.body, "81234567890") && !strstr(desk.body, "81298765432"));
	assert(!strstr(desk.body, key));
	if (strstr(desk.type, "json")) {
		struct json *root = json_parse(str_of(desk.body), &err);

		assert(root);
		json_free(root);
	} else {
		struct xml *root = xml_parse(str_of(desk.body), &err);

		assert(root);
		xml_free(root);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new("fuzz", 1 << 20);
	struct str rest, word, query;
	size_t k;
	int answers;

	assert(arena);
	if (!desk.engine)
		start();
	if (size == 0 || size > 20000) {
		arena_free(arena);
		return 0;
	}
	k = data[0] % CALLS;
	rest = str_from((const char *)data + 1, size - 1);
	word = line(&rest);
	query = line(&rest);
	if (calls[k].form)
		rest = arena_printf(arena,
				    "api_key=%s&service_code=%s&lat=-6&long=106&%.*s",
				    key, data[0] & 0x80 ? "PUPR" : "UMUM", STR_ARG(rest));
	answers = desk.answers;
	desk_now += 1000;
	desk_send(&desk, calls[k].method,
		  arena_printf(arena, "%s%.*s%s", calls[k].before,
			       calls[k].method == HTTP_GET ? (int)word.n : 0, word.p,
			       calls[k].after),
		  query, rest, NULL);
	engine_turn(desk.engine);
	assert(desk.answers == answers + 1);
	judge();
	arena_free(arena);
	return 0;
}
