/* SPDX-License-Identifier: MIT */
/*
 * The carrier's HTTP: from the described exchange to libcurl's options, and from its
 * result to the answer. In the carrier's thread.
 *
 * libcurl repeats what we want sent once: when a reused connection dies before the first
 * byte of an answer it opens a new one and sends the request again, POST or not, and has
 * no switch against it. It asks a "pre-request" callback before each sending, however.
 * Ours lets the first one pass and refuses the second, so a lost answer stays a lost
 * answer (TRANSPORT_UNKNOWN), and the same count tells for certain what was never sent.
 * Bodies can then be handed over in one piece and leave in one segment with their
 * headers.
 */
#include "io/httpc_inside.h"

#include "base/json.h"
#include "io/exchange.h"

enum {
	EXPECT_BYTES = 1 << 20, /* from here on libcurl would ask before sending */
	JSON_TIMES = 8,		/* what is read takes four to six times its text */
	JSON_LEAST = 16 << 10,
};

/* ---- callbacks of libcurl, in the thread ---- */

static int on_sending(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct slot *slot = arg;

	(void)to, (void)from, (void)to_port, (void)from_port;
	return slot->sendings++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	struct slot *slot = arg;
	struct str line = str_from(p, size * n);

	if (slot->in_body)
		return line.n; /* trailers */
	slot->head_ended = line.n <= 2 && str_trim(line).n == 0;
	if (str_starts(line, STR("HTTP/")))
		buf_clear(&slot->head); /* what came before was interim (1xx) */
	else
		buf_add(&slot->head, line);
	slot->too_big = slot->head.failed;
	return slot->too_big ? 0 : line.n;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct slot *slot = arg;
	struct str part = str_from(p, size * n);

	slot->in_body = true;
	if (slot->out->exchange.status_only)
		part = str_slice(part, 0, slot->ceiling - slot->body.n);
	if (part.n > slot->ceiling - slot->body.n)
		slot->too_big = true;
	else
		buf_add(&slot->body, part);
	slot->too_big = slot->too_big || slot->body.failed;
	return slot->too_big ? 0 : part.n; /* less than came: the rest is not read */
}

static void web_set_up(struct slot *slot, const struct httpc_settings *s)
{
	CURL *easy = slot->easy;

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, s->user_agent);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_sending);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, slot);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);
}

/* ---- from the described exchange to libcurl's options ---- */

/* Puts "name: value" in front of the list; "name;" is how libcurl wants an empty one. */
static struct curl_slist *header_in(struct arena *arena, struct curl_slist *list,
				    struct str name, struct str value)
{
	struct curl_slist *item = ARENA_NEW(arena, struct curl_slist, 1);
	size_t n = name.n + value.n + 3;
	char *p = item ? arena_alloc(arena, n, 1) : NULL;

	if (!p)
		return NULL;
	memcpy(p, name.p, name.n);
	memcpy(p + name.n, value.n ? ": " : ";", value.n ? 2 : 1);
	if (value.n)
		memcpy(p + name.n + 2, value.p, value.n);
	*item = (struct curl_slist){ .data = p, .next = list };
	return item;
}

/* "name:" makes libcurl leave its own header out. */
static struct curl_slist *header_off(struct arena *arena, struct curl_slist *list,
				     char *text)
{
	struct curl_slist *item = ARENA_NEW(arena, struct curl_slist, 1);

	if (item)
		*item = (struct curl_slist){ .data = text, .next = list };
	return item;
}

/* The list lives in the exchange's arena; libcurl only reads it. -1: no room. */
static int headers_of(struct outgoing *out, struct curl_slist **list)
{
	static char no_type[] = "Content-Type:", no_expect[] = "Expect:";
	const struct exchange *x = &out->exchange;
	bool typed = x->body.p == NULL && x->method != HTTP_POST;

	*list = NULL;
	for (size_t i = x->headers.n; i-- > 0;) {
		const struct str_pair *h = &x->headers.items[i];

		*list = header_in(out->arena, *list, h->name, h->value);
		if (!*list)
			return -1;
		typed = typed || str_eq_nocase(h->name, STR("content-type"));
	}
	if (!typed && !(*list = header_off(out->arena, *list, no_type)))
		return -1;
	if (x->body.n >= EXPECT_BYTES &&
	    !(*list = header_off(out->arena, *list, no_expect)))
		return -1;
	return 0;
}

static void set_method(struct slot *slot, const struct exchange *x)
{
	bool posts = x->body.p != NULL || x->method == HTTP_POST;
	bool custom = x->method != (posts ? HTTP_POST : HTTP_GET);

	if (posts) {
		curl_easy_setopt(slot->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)x->body.n);
		curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDS,
				 x->body.n ? x->body.p : "");
	} else {
		curl_easy_setopt(slot->easy, CURLOPT_HTTPGET, 1L);
	}
	if (custom || slot->has_custom)
		curl_easy_setopt(slot->easy, CURLOPT_CUSTOMREQUEST,
				 custom ? http_method_name(x->method) : NULL);
	slot->has_custom = custom;
}

static int set_unix(struct slot *slot, const struct outgoing *out)
{
	struct str path = { NULL, 0 };

	if (!out->exchange.unix_path.p && !slot->has_unix)
		return 0;
	if (out->exchange.unix_path.p) {
		path = arena_str(out->arena, out->exchange.unix_path);
		if (!path.p)
			return -1;
	}
	curl_easy_setopt(slot->easy, CURLOPT_UNIX_SOCKET_PATH, path.p);
	slot->has_unix = path.p != NULL;
	return 0;
}

static int web_load(struct slot *slot, const struct httpc_settings *s)
{
	struct outgoing *out = slot->out;
	struct str url = arena_str(out->arena, out->exchange.url);
	struct curl_slist *headers;

	if (!url.p || headers_of(out, &headers) || slot_set_name(slot) ||
	    set_unix(slot, out) || slot_set_ca(slot, s))
		return -1;
	curl_easy_setopt(slot->easy, CURLOPT_URL, url.p);
	curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, headers);
	set_method(slot, &out->exchange);
	slot_set_times(slot, s);
	return 0;
}

/* ---- from libcurl's result to the answer ---- */

/* What is odd enough to take more room must not leave the adapter none. */
static void read_json(struct outgoing *out)
{
	struct str body = out->response.body;
	size_t most = arena_used(out->arena) + JSON_TIMES * body.n + JSON_LEAST;
	size_t ceiling = arena_limit(out->arena, most);

	if (most > ceiling)
		arena_limit(out->arena, ceiling);
	out->response.json = json_parse_in(out->arena, body, NULL);
	arena_limit(out->arena, ceiling);
}

static int read_response(struct slot *slot)
{
	struct outgoing *out = slot->out;
	long status = 0;

	curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
	out->response.status = (int)status;
	out->response.body = arena_str(out->arena, buf_str(&slot->body));
	if (!out->response.body.p ||
	    headers_read(buf_str(&slot->head), out->arena, &out->response.headers))
		return -1;
	if (out->exchange.reads_json)
		read_json(out);
	return 0;
}

static enum transport transport_of(const struct slot *slot, CURLcode code)
{
	if (slot->too_big)
		return TRANSPORT_TOO_BIG;
	if (slot->sendings > 0)
		return TRANSPORT_UNKNOWN;
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return TRANSPORT_BAD;
	return TRANSPORT_NOT_SENT;
}

/* The final status came whole, and the rest of the answer does not matter. */
static bool is_enough(const struct slot *slot)
{
	long status = 0;

	curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
	return slot->out->exchange.status_only && slot->head_ended && !slot->too_big &&
	       slot->sendings == 1 && status >= 200;
}

static bool web_end(struct slot *slot, CURLcode code)
{
	struct outgoing *out = slot->out;

	if (is_enough(slot))
		code = CURLE_OK;
	if (code == CURLE_OK && !slot->head_ended)
		code = CURLE_GOT_NOTHING;
	if (code == CURLE_OK && read_response(slot) == 0) {
		out->transport = TRANSPORT_DONE;
		return false;
	}
	slot->too_big = slot->too_big || code == CURLE_OK;
	out->response = (struct response){ 0 };
	out->transport = transport_of(slot, code);
	out->trouble = slot_trouble(slot, code);
	return false;
}

const struct protocol protocol_web = {
	.thread = "httpc",
	.set_up = web_set_up,
	.load = web_load,
	.end = web_end,
};
