/* SPDX-License-Identifier: MIT */
/*
 * The carrier: one thread around curl_multi, the only file that knows of libcurl. It owns
 * the handles, the lanes and, while they are under way, the exchanges. It knows nothing
 * of providers and never tries anything twice.
 *
 * libcurl on the other hand does: when a reused connection dies before the first byte of
 * an answer it opens a new one and sends the request again, POST or not, and has no
 * switch against it. It asks a "pre-request" callback before each sending, however. Ours
 * lets the first one pass and refuses the second, so a lost answer stays a lost answer
 * (TRANSPORT_UNKNOWN), and the same count tells for certain what was never sent. Bodies
 * can then be handed over in one piece and leave in one segment with their headers.
 */
#include "io/httpc.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/clock.h"
#include "io/exchange.h"

enum {
	HEAD_CEILING = 64 << 10, /* of an answer's headers */
	KEPT_BUFFER = 256 << 10, /* a handle's buffer larger than this is given back */
	EXPECT_BYTES = 1 << 20,	 /* from here on libcurl would ask before sending */
	IDLE_MS = 10000,
	CONNECTION_AGE_S = 60, /* an idle connection older than this is not trusted */
};

/* A handle, and the exchange that it runs at the moment. */
struct slot {
	struct slot *next, **back; /* in the list of free or of running ones */
	CURL *easy;
	struct outgoing *out;
	size_t lane, ceiling;
	unsigned sendings; /* how often libcurl wanted to send the request */
	bool too_big, in_body;
	bool head_ended; /* libcurl takes a head that breaks off for a whole one */
	bool has_name, has_custom, has_unix,
		has_ca;		   /* strings set in easy by the last exchange */
	char why[CURL_ERROR_SIZE]; /* libcurl's own words */
	struct buf head, body;
};

struct lane {
	uint32_t id;
	size_t running, width;
	struct letter *first, **tail; /* waiting */
};

struct httpc {
	pthread_t thread;
	CURLM *multi;
	struct mailbox *inbox, *results;
	struct httpc_settings settings;
	struct arena *arena; /* of the settings */
	atomic_bool draining, stopping;
	/* The thread's own. */
	struct slot *free, *running;
	struct lane **lanes;
	size_t n_lanes;
	struct letter *done, **done_tail; /* to be posted at the end of the turn */
	bool started;			  /* something new since the last perform */
};

const char *transport_name(enum transport transport)
{
	static const char *const names[] = {
		[TRANSPORT_DONE] = "done",	 [TRANSPORT_NOT_SENT] = "not sent",
		[TRANSPORT_UNKNOWN] = "unknown", [TRANSPORT_TOO_BIG] = "too big",
		[TRANSPORT_BAD] = "bad",
	};

	return names[transport];
}

struct outgoing *outgoing_new(size_t ceiling_bytes)
{
	struct arena *arena = arena_new("outgoing", ceiling_bytes);
	struct outgoing *out = arena ? ARENA_NEW(arena, struct outgoing, 1) : NULL;

	if (!out) {
		arena_free(arena);
		return NULL;
	}
	out->arena = arena;
	return out;
}

void outgoing_free(struct outgoing *out)
{
	if (out)
		arena_free(out->arena);
}

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
	if (part.n > slot->ceiling - slot->body.n)
		slot->too_big = true;
	else
		buf_add(&slot->body, part);
	slot->too_big = slot->too_big || slot->body.failed;
	return slot->too_big ? 0 : part.n;
}

/* ---- slots ---- */

static void list_in(struct slot **list, struct slot *slot)
{
	slot->next = *list;
	slot->back = list;
	if (slot->next)
		slot->next->back = &slot->next;
	*list = slot;
}

static void list_out(struct slot *slot)
{
	*slot->back = slot->next;
	if (slot->next)
		slot->next->back = slot->back;
}

static void slot_free(struct slot *slot)
{
	if (!slot)
		return;
	curl_easy_cleanup(slot->easy);
	buf_free(&slot->head);
	buf_free(&slot->body);
	free(slot);
}

/* What all exchanges have in common, set once for each handle. */
static void slot_set_up(struct slot *slot, const struct httpc_settings *s)
{
	CURL *easy = slot->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* nothing from the environment */
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)CONNECTION_AGE_S);
	curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, s->user_agent);
	if (s->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca_file);
	/* Else a file of authorities that was replaced counts a day later. */
	curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, slot->why);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_sending);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, slot);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);
}

static struct slot *slot_new(struct httpc *h)
{
	struct slot *slot = calloc(1, sizeof(*slot));

	if (!slot)
		return NULL;
	slot->head = (struct buf)BUF_INIT(HEAD_CEILING);
	slot->body = (struct buf)BUF_INIT(SIZE_MAX / 2);
	slot->easy = curl_easy_init();
	if (!slot->easy) {
		free(slot);
		return NULL;
	}
	slot_set_up(slot, &h->settings);
	list_in(&h->free, slot);
	return slot;
}

static void buf_recycle(struct buf *b)
{
	if (b->size > KEPT_BUFFER)
		buf_free(b);
	buf_clear(b);
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

/* User and password; both NULL when the exchange has none and the last one had. */
static int set_name(struct slot *slot, const struct outgoing *out)
{
	const struct exchange *x = &out->exchange;
	struct str user = { NULL, 0 }, password = { NULL, 0 };

	if (!x->user.p && !slot->has_name)
		return 0;
	if (x->user.p) {
		user = arena_str(out->arena, x->user);
		password = arena_str(out->arena, x->password);
		if (!user.p || !password.p)
			return -1;
	}
	curl_easy_setopt(slot->easy, CURLOPT_USERNAME, user.p);
	curl_easy_setopt(slot->easy, CURLOPT_PASSWORD, password.p);
	slot->has_name = x->user.p != NULL;
	return 0;
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

/* The exchange's own authorities take the place of all others, file and folder. */
static int set_ca(struct slot *slot, const struct httpc_settings *s,
		  const struct outgoing *out)
{
	struct str own = { NULL, 0 };
	char *file = NULL, *folder = NULL;

	if (!out->ca_file.n && !slot->has_ca)
		return 0;
	if (out->ca_file.n) {
		own = arena_str(out->arena, out->ca_file);
		if (!own.p)
			return -1;
	} else {
		curl_easy_getinfo(slot->easy, CURLINFO_CAINFO, &file);
		curl_easy_getinfo(slot->easy, CURLINFO_CAPATH, &folder);
	}
	curl_easy_setopt(slot->easy, CURLOPT_CAINFO,
			 own.p ? own.p : (s->ca_file ? s->ca_file : file));
	curl_easy_setopt(slot->easy, CURLOPT_CAPATH, folder);
	slot->has_ca = own.p != NULL;
	return 0;
}

static int64_t or_else(int64_t value, int64_t otherwise)
{
	return value > 0 ? value : otherwise;
}

/* -1: no room in the exchange's arena. */
static int slot_load(struct slot *slot, const struct httpc_settings *s,
		     struct outgoing *out)
{
	const struct exchange *x = &out->exchange;
	struct str url = arena_str(out->arena, x->url);
	struct curl_slist *headers;

	if (!url.p || headers_of(out, &headers) || set_name(slot, out) ||
	    set_unix(slot, out) || set_ca(slot, s, out))
		return -1;
	curl_easy_setopt(slot->easy, CURLOPT_URL, url.p);
	curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, headers);
	set_method(slot, x);
	curl_easy_setopt(slot->easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)or_else(out->connect_ms, s->connect_ms));
	curl_easy_setopt(slot->easy, CURLOPT_TIMEOUT_MS,
			 (long)or_else(out->total_ms, s->total_ms));
	slot->out = out;
	slot->ceiling = x->ceiling_bytes ? x->ceiling_bytes : s->body_ceiling_bytes;
	slot->sendings = 0;
	slot->why[0] = '\0';
	slot->too_big = slot->in_body = slot->head_ended = false;
	buf_recycle(&slot->head);
	buf_recycle(&slot->body);
	return 0;
}

/* ---- from libcurl's result to the answer ---- */

static int read_response(struct slot *slot)
{
	struct outgoing *out = slot->out;
	long status = 0;

	curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
	out->response.status = (int)status;
	out->response.body = arena_str(out->arena, buf_str(&slot->body));
	if (!out->response.body.p)
		return -1;
	return headers_read(buf_str(&slot->head), out->arena, &out->response.headers);
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

static bool is_of_tls(CURLcode code)
{
	return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CACERT_BADFILE ||
	       code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CIPHER;
}

/* Nothing was sent yet, so libcurl's words hold at most the host's name. */
static struct str trouble_of_tls(const struct slot *slot)
{
	static const struct {
		const char *theirs, *ours;
	} words[] = {
		{ "wrong version number", "the server speaks no TLS there" },
		{ "unsupported protocol", "the server offers only TLS older than 1.2" },
		{ "protocol version", "the server offers only TLS older than 1.2" },
	};
	struct str why = str_of(slot->why);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_find(why, str_of(words[i].theirs)) < why.n)
			return arena_printf(slot->out->arena, "TLS: %s (%.*s)",
					    words[i].ours, STR_ARG(why));
	return arena_printf(slot->out->arena, "TLS: %.*s", STR_ARG(why));
}

/* libcurl's general sentence for the code (without URL), with the system's for errno. */
static struct str trouble_of(struct slot *slot, CURLcode code)
{
	struct arena *arena = slot->out->arena;
	const char *what = curl_easy_strerror(code);
	long number = 0;

	if (slot->too_big)
		return STR("the answer is larger than its ceiling");
	if (slot->sendings > 1)
		return STR("the connection closed before an answer came");
	if (is_of_tls(code) && slot->why[0] && slot->sendings == 0)
		return trouble_of_tls(slot);
	curl_easy_getinfo(slot->easy, CURLINFO_OS_ERRNO, &number);
	if (number && code != CURLE_OPERATION_TIMEDOUT)
		return arena_printf(arena, "%s (%s)", what, strerrordesc_np((int)number));
	return str_of(what);
}

static void give_back(struct httpc *h, struct outgoing *out)
{
	out->ended_mono_us = clock_mono_us();
	out->letter.next = NULL;
	*h->done_tail = &out->letter;
	h->done_tail = &out->letter.next;
}

static void refuse(struct httpc *h, struct outgoing *out, enum transport transport,
		   const char *why)
{
	out->transport = transport;
	out->trouble = str_of(why);
	give_back(h, out);
}

/* ---- lanes ---- */

/* Index of the lane, made when it is new; -1 without memory. */
static int lane_of(struct httpc *h, uint32_t id, size_t *index)
{
	struct lane **grown, *lane;

	for (size_t i = 0; i < h->n_lanes; i++) {
		if (h->lanes[i]->id == id) {
			*index = i;
			return 0;
		}
	}
	lane = calloc(1, sizeof(*lane));
	grown = lane ? realloc(h->lanes, (h->n_lanes + 1) * sizeof(*grown)) : NULL;
	if (!grown) {
		free(lane);
		return -1;
	}
	lane->id = id;
	lane->tail = &lane->first;
	h->lanes = grown;
	h->lanes[h->n_lanes] = lane;
	*index = h->n_lanes++;
	return 0;
}

static struct outgoing *lane_take(struct lane *lane)
{
	struct letter *first = lane->first;

	if (first && !(lane->first = first->next))
		lane->tail = &lane->first;
	return (struct outgoing *)first;
}

static void start(struct httpc *h, size_t lane, struct outgoing *out)
{
	const char *fault = exchange_fault(&out->exchange);
	struct slot *slot;

	out->started_mono_us = clock_mono_us();
	if (fault) {
		refuse(h, out, TRANSPORT_BAD, fault);
		return;
	}
	slot = h->free ? h->free : slot_new(h);
	if (!slot || slot_load(slot, &h->settings, out)) {
		refuse(h, out, TRANSPORT_NOT_SENT, "no memory for the exchange");
		return;
	}
	if (curl_multi_add_handle(h->multi, slot->easy)) {
		refuse(h, out, TRANSPORT_NOT_SENT, "the carrier cannot start it");
		return;
	}
	list_out(slot);
	list_in(&h->running, slot);
	slot->lane = lane;
	h->lanes[lane]->running++;
	h->started = true;
}

static void lane_go_on(struct httpc *h, size_t i)
{
	struct lane *lane = h->lanes[i];

	while (lane->first && lane->running < lane->width)
		start(h, i, lane_take(lane));
}

/* All that waits comes back unsent. */
static void lanes_clear(struct httpc *h, const char *why)
{
	struct outgoing *out;

	for (size_t i = 0; i < h->n_lanes; i++)
		while ((out = lane_take(h->lanes[i])) != NULL)
			refuse(h, out, TRANSPORT_NOT_SENT, why);
}

static void enqueue(struct httpc *h, struct outgoing *out)
{
	struct lane *lane;
	size_t i;

	if (lane_of(h, out->lane, &i)) {
		refuse(h, out, TRANSPORT_NOT_SENT, "no memory for the exchange");
		return;
	}
	lane = h->lanes[i];
	lane->width = out->lane_width ? out->lane_width : 1;
	out->letter.next = NULL;
	*lane->tail = &out->letter;
	lane->tail = &out->letter.next;
	lane_go_on(h, i);
}

/* ---- the thread ---- */

static void take_in(struct httpc *h)
{
	struct letter *next;

	for (struct letter *l = mailbox_take(h->inbox); l; l = next) {
		next = l->next;
		if (atomic_load(&h->draining))
			refuse(h, (struct outgoing *)l, TRANSPORT_NOT_SENT,
			       "cancelled before it started");
		else
			enqueue(h, (struct outgoing *)l);
	}
	if (atomic_load(&h->draining))
		lanes_clear(h, "cancelled before it started");
}

static void finish(struct httpc *h, struct slot *slot, CURLcode code)
{
	struct outgoing *out = slot->out;

	assert(out);
	curl_multi_remove_handle(h->multi, slot->easy);
	if (code == CURLE_OK && !slot->head_ended)
		code = CURLE_GOT_NOTHING;
	if (code == CURLE_OK && read_response(slot) == 0) {
		out->transport = TRANSPORT_DONE;
	} else {
		slot->too_big = slot->too_big || code == CURLE_OK;
		out->response = (struct response){ 0 };
		out->transport = transport_of(slot, code);
		out->trouble = trouble_of(slot, code);
	}
	list_out(slot);
	list_in(&h->free, slot);
	slot->out = NULL;
	h->lanes[slot->lane]->running--;
	give_back(h, out);
}

static void collect(struct httpc *h)
{
	struct slot *slot;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &slot);
		finish(h, slot, code);
		lane_go_on(h, slot->lane);
	}
}

static void post_done(struct httpc *h)
{
	struct letter *done = h->done;

	h->done = NULL;
	h->done_tail = &h->done;
	mailbox_post_all(h->results, done);
}

static void *run(void *arg)
{
	struct httpc *h = arg;
	int running;

	while (!atomic_load(&h->stopping)) {
		h->started = false;
		take_in(h);
		curl_multi_perform(h->multi, &running);
		collect(h);
		post_done(h);
		if (!h->started)
			curl_multi_poll(h->multi, NULL, 0, IDLE_MS, NULL);
	}
	atomic_store(&h->draining, true);
	take_in(h);
	while (h->running)
		finish(h, h->running, CURLE_ABORTED_BY_CALLBACK);
	post_done(h);
	return NULL;
}

static void ring(void *arg)
{
	curl_multi_wakeup(arg);
}

static void release(struct httpc *h)
{
	for (struct slot *slot = h->free, *next; slot; slot = next) {
		next = slot->next;
		slot_free(slot);
	}
	for (size_t i = 0; i < h->n_lanes; i++)
		free(h->lanes[i]);
	free(h->lanes);
	mailbox_free(h->inbox);
	curl_multi_cleanup(h->multi);
	arena_free(h->arena);
	free(h);
}

static void start_curl(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* The caller's strings need not outlive the call. */
static int settings_copy(struct httpc *h, const struct httpc_settings *from)
{
	h->arena = arena_new("httpc", 16384);
	if (!h->arena)
		return -1;
	h->settings = *from;
	h->settings.user_agent = arena_str(h->arena, str_of(from->user_agent)).p;
	if (!from->ca_file)
		return h->settings.user_agent ? 0 : -1;
	h->settings.ca_file = arena_str(h->arena, str_of(from->ca_file)).p;
	return h->settings.user_agent && h->settings.ca_file ? 0 : -1;
}

static int thread_start(struct httpc *h)
{
	sigset_t all, was;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	failed = pthread_create(&h->thread, NULL, run, h);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	if (!failed)
		pthread_setname_np(h->thread, "httpc");
	return failed ? -1 : 0;
}

int httpc_start(const struct httpc_settings *settings, struct mailbox *results,
		struct httpc **out, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct httpc *h = calloc(1, sizeof(*h));

	if (!h)
		return err_set(err, ERR_LATER, "no memory for the carrier");
	pthread_once(&once, start_curl);
	h->done_tail = &h->done;
	h->results = results;
	h->multi = curl_multi_init();
	h->inbox = h->multi ? mailbox_new(ring, h->multi) : NULL;
	if (!h->inbox || settings_copy(h, settings)) {
		release(h);
		return err_set(err, ERR_LATER, "no memory for the carrier");
	}
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)settings->connections);
	if (thread_start(h)) {
		release(h);
		return err_set(err, ERR_LATER, "the carrier's thread cannot start");
	}
	*out = h;
	return 0;
}

void httpc_post(struct httpc *httpc, struct outgoing *out)
{
	mailbox_post(httpc->inbox, &out->letter);
}

void httpc_post_all(struct httpc *httpc, struct letter *first)
{
	mailbox_post_all(httpc->inbox, first);
}

void httpc_drain(struct httpc *httpc)
{
	atomic_store(&httpc->draining, true);
	curl_multi_wakeup(httpc->multi);
}

void httpc_stop(struct httpc *httpc)
{
	atomic_store(&httpc->stopping, true);
	curl_multi_wakeup(httpc->multi);
	pthread_join(httpc->thread, NULL);
	release(httpc);
}
