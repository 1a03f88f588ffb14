/* SPDX-License-Identifier: MIT */
/*
 * The carrier against a server of raw sockets that does exactly what a script says, and
 * against our own listener where many exchanges must be held open. What counts most:
 * nothing is ever sent twice, and "not sent" is only said when it is true.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "io/httpc.h"
#include "io/httpd.h"

enum { DEADLINE_MS = 10000, REQUEST_BYTES = 512 << 10 };

/* What the server does with the n-th request that it sees, over all connections. */
struct step {
	const char *reply; /* NULL: none */
	bool closes;	   /* after the reply; else it waits for the next request */
};

struct server {
	int fd, stop[2];
	unsigned port;
	pthread_t thread;
	const struct step *steps;
	size_t n_steps;
	atomic_size_t closed;
	/* Read after server_stop only. */
	size_t requests, connections;
	char *last; /* the last request */
	size_t last_n;
	bool in_one_piece; /* the last request came with one recv */
};

/* False when the peer closed or the test is over. */
static bool readable(struct server *s, int fd)
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN },
			       { .fd = s->stop[0], .events = POLLIN } };

	return poll(p, 2, DEADLINE_MS) > 0 && !p[1].revents;
}

static size_t whole_size(const char *p, size_t n)
{
	struct str text = str_from(p, n);
	size_t head = str_find(text, STR("\r\n\r\n")), at;
	int64_t length = 0;

	if (head == n)
		return SIZE_MAX;
	at = str_find(str_from(p, head), STR("Content-Length: "));
	if (at < head) {
		struct str rest = str_slice(text, at + 16, n);

		assert_true(str_to_int(str_slice(rest, 0, str_find_char(rest, '\r')),
				       &length));
	}
	return head + 4 + (size_t)length;
}

static bool read_request(struct server *s, int fd)
{
	unsigned pieces = 0;
	size_t got = 0;

	while (got < whole_size(s->last, got)) {
		ssize_t n = readable(s, fd)
				    ? recv(fd, s->last + got, REQUEST_BYTES - got, 0)
				    : -1;

		if (n <= 0)
			return false;
		got += (size_t)n;
		pieces++;
	}
	s->last_n = got;
	s->in_one_piece = pieces == 1;
	return true;
}

static void serve(struct server *s, int fd)
{
	const struct step *step;

	while (read_request(s, fd)) {
		step = &s->steps[s->requests < s->n_steps ? s->requests : s->n_steps - 1];
		s->requests++;
		if (step->reply)
			send(fd, step->reply, strlen(step->reply), MSG_NOSIGNAL);
		if (step->closes)
			break;
	}
}

static void *server_run(void *arg)
{
	struct server *s = arg;
	int fd;

	while (readable(s, s->fd) && (fd = accept(s->fd, NULL, NULL)) >= 0) {
		s->connections++;
		serve(s, fd);
		close(fd);
		atomic_fetch_add(&s->closed, 1);
	}
	return NULL;
}

static void server_start(struct server *s, const struct step *steps, size_t n)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(a);

	*s = (struct server){ .steps = steps, .n_steps = n };
	s->last = malloc(REQUEST_BYTES);
	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(s->fd, 16), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&a, &size), 0);
	s->port = ntohs(a.sin_port);
	assert_int_equal(pipe(s->stop), 0);
	assert_int_equal(pthread_create(&s->thread, NULL, server_run, s), 0);
}

static void server_stop(struct server *s)
{
	assert_int_equal(write(s->stop[1], "x", 1), 1);
	pthread_join(s->thread, NULL);
	close(s->stop[0]);
	close(s->stop[1]);
	close(s->fd);
}

/* ---- the carrier ---- */

static struct httpc *carrier;
static struct mailbox *results;

static int setup(void **state)
{
	const struct httpc_settings settings = {
		.body_ceiling_bytes = 100000,
		.connect_ms = 2000,
		.total_ms = DEADLINE_MS,
		.connections = 64,
		.user_agent = "test/1",
	};

	(void)state;
	results = mailbox_new(NULL, NULL);
	return httpc_start(&settings, results, &carrier, NULL);
}

static int teardown(void **state)
{
	(void)state;
	if (carrier)
		httpc_stop(carrier);
	carrier = NULL;
	mailbox_free(results);
	return 0;
}

static struct outgoing *make(enum http_method method, const char *url, const char *body)
{
	struct outgoing *out = outgoing_new(1 << 20);

	assert_non_null(out);
	out->lane_width = 1;
	out->exchange.method = method;
	out->exchange.url = arena_str(out->arena, str_of(url));
	if (body)
		out->exchange.body = arena_str(out->arena, str_of(body));
	return out;
}

static struct outgoing *to(const struct server *s, enum http_method method,
			   const char *body)
{
	struct outgoing *out = make(method, "", body);

	out->exchange.url =
		arena_printf(out->arena, "http://127.0.0.1:%u/a?b=c", s->port);
	return out;
}

static void await_letters(struct mailbox *box, size_t n)
{
	int64_t until = clock_mono_ms() + DEADLINE_MS;

	while (mailbox_count(box) < n) {
		assert_true(clock_mono_ms() < until);
		usleep(200);
	}
}

/* The next n results as a chain. */
static struct outgoing *await(size_t n)
{
	await_letters(results, n);
	return (struct outgoing *)mailbox_take(results);
}

static struct outgoing *run(struct outgoing *out)
{
	httpc_post(carrier, out);
	assert_ptr_equal(await(1), out);
	assert_true(out->ended_mono_us >= out->started_mono_us);
	if (out->transport != TRANSPORT_DONE)
		assert_true(out->trouble.n > 0);
	return out;
}

static enum transport run_and_free(struct outgoing *out)
{
	enum transport t = run(out)->transport;

	outgoing_free(out);
	return t;
}

#define KEPT "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* ---- nothing twice ---- */

/*
 * The server takes the second request on a kept connection whole and closes without a
 * word. libcurl would open a new connection and send it again; the third step would
 * answer, so a second sending would look like a success.
 */
static void never_again(enum http_method method, const char *body)
{
	static const struct step steps[] = { { KEPT, false },
					     { NULL, true },
					     { KEPT, false } };
	struct server s;

	server_start(&s, steps, 3);
	assert_int_equal(run_and_free(to(&s, method, body)), TRANSPORT_DONE);
	assert_int_equal(run_and_free(to(&s, method, body)), TRANSPORT_UNKNOWN);
	server_stop(&s);
	assert_int_equal(s.requests, 2);
	free(s.last);
}

static void a_lost_answer_is_not_asked_for_again(void **state)
{
	char *large = malloc(200001);

	(void)state;
	memset(large, 'x', 200000);
	large[200000] = '\0';
	never_again(HTTP_POST, "a=1");
	never_again(HTTP_POST, "");
	never_again(HTTP_POST, NULL);
	never_again(HTTP_POST, large);
	never_again(HTTP_PUT, "a");
	never_again(HTTP_PATCH, "a");
	never_again(HTTP_DELETE, NULL);
	never_again(HTTP_GET, NULL); /* where reading deletes, a GET counts too */
	free(large);
}

/* A connection that the server closed while it was idle is noticed, not tried. */
static void a_connection_closed_in_time_is_replaced(void **state)
{
	static const struct step steps[] = { { KEPT, true }, { KEPT, true } };
	int64_t until = clock_mono_ms() + DEADLINE_MS;
	struct server s;

	(void)state;
	server_start(&s, steps, 2);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(run_and_free(to(&s, HTTP_POST, "a=1")), TRANSPORT_DONE);
		while (atomic_load(&s.closed) <= (size_t)i) {
			assert_true(clock_mono_ms() < until);
			usleep(200);
		}
	}
	server_stop(&s);
	assert_int_equal(s.requests, 20);
	assert_int_equal(s.connections, 20);
	free(s.last);
}

/* ---- what became of it ---- */

static void failures_have_their_right_names(void **state)
{
	static const struct {
		struct step step;
		enum transport want;
	} cases[] = {
		{ { NULL, true }, TRANSPORT_UNKNOWN },
		{ { NULL, false }, TRANSPORT_UNKNOWN }, /* time-out */
		{ { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", true },
		  TRANSPORT_UNKNOWN },
		{ { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
		    true },
		  TRANSPORT_UNKNOWN },
		{ { "HTTP/1.1 200 OK\r\nX", true }, TRANSPORT_UNKNOWN },
		{ { "SSH-2.0-x\r\n", true }, TRANSPORT_UNKNOWN },
		{ { "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", true },
		  TRANSPORT_DONE },
		{ { "HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\n"
		    "Content-Length: 0\r\n\r\n",
		    true },
		  TRANSPORT_DONE },
		{ { "HTTP/1.0 200 OK\r\n\r\nto the end", true }, TRANSPORT_DONE },
		{ { "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890", true },
		  TRANSPORT_TOO_BIG },
		{ { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789", true },
		  TRANSPORT_DONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct server s;
		struct outgoing *out;

		server_start(&s, &cases[i].step, 1);
		out = to(&s, HTTP_POST, "a=1");
		out->exchange.ceiling_bytes = 10;
		out->total_ms = 300;
		assert_int_equal(run_and_free(out), cases[i].want);
		server_stop(&s);
		assert_int_equal(s.requests, 1);
		free(s.last);
	}
}

/* Who wants the status alone gets it, whatever the body does. */
static void a_status_is_enough(void **state)
{
	static const struct {
		struct step step;
		enum transport want;
		int status;
		const char *body;
	} cases[] = {
		{ { "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n0123456789xx", false },
		  TRANSPORT_DONE,
		  200,
		  "0123456789" },
		{ { "HTTP/1.1 410 Gone\r\nContent-Length: 99\r\n\r\n0123456789xx", true },
		  TRANSPORT_DONE,
		  410,
		  "0123456789" },
		{ { "HTTP/1.1 202 OK\r\nContent-Length: 10\r\n\r\nabc", true },
		  TRANSPORT_DONE,
		  202,
		  "abc" },
		{ { "HTTP/1.1 204 OK\r\nContent-Length: 10\r\n\r\nabc", false },
		  TRANSPORT_DONE,
		  204,
		  "" },
		{ { "HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
		    false },
		  TRANSPORT_DONE,
		  500,
		  "ab" }, /* it never ends */
		{ { "HTTP/1.1 100 Continue\r\n\r\n", true }, TRANSPORT_UNKNOWN, 0, "" },
		{ { "HTTP/1.1 200 OK\r\nX", true }, TRANSPORT_UNKNOWN, 0, "" },
		{ { NULL, true }, TRANSPORT_UNKNOWN, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct server s;
		struct outgoing *out;

		server_start(&s, &cases[i].step, 1);
		out = to(&s, HTTP_POST, "a=1");
		out->exchange.ceiling_bytes = 10;
		out->exchange.status_only = true;
		out->total_ms = 300;
		assert_int_equal(run(out)->transport, cases[i].want);
		assert_int_equal(out->response.status, cases[i].status);
		assert_true(str_eq(out->response.body, str_of(cases[i].body)));
		outgoing_free(out);
		server_stop(&s);
		assert_int_equal(s.requests, 1);
		free(s.last);
	}
}

/* Where it is asked for, and only what is JSON; the body is there in any case. */
static void json_is_read_on_the_way(void **state)
{
	static const struct step steps[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":7}", false },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":7}", false },
		{ "HTTP/1.1 502 No\r\nContent-Length: 7\r\n\r\n{\"a\":7]", false },
		{ "HTTP/1.1 204 No\r\n\r\n", false },
	};
	static const bool asks[] = { false, true, true, true }, gets[] = { 0, 1, 0, 0 };
	struct server s;

	(void)state;
	server_start(&s, steps, 4);
	for (size_t i = 0; i < 4; i++) {
		struct outgoing *out = to(&s, HTTP_GET, NULL);
		int64_t a = 0;

		out->exchange.reads_json = asks[i];
		run(out);
		assert_int_equal(out->transport, TRANSPORT_DONE);
		assert_int_equal(out->response.body.n, i < 3 ? 7 : 0);
		json_int(json_get(out->response.json, "a"), &a);
		assert_int_equal(a, gets[i] ? 7 : 0);
		assert_int_equal(out->response.json != NULL, gets[i]);
		outgoing_free(out);
	}
	server_stop(&s);
	free(s.last);
}

/* Small elements take much more room than their text: that is left to who needs it, and
 * there is room for him. */
static void json_that_takes_much_room_is_not_read(void **state)
{
	enum { ELEMENTS = 30000 };
	struct buf reply = BUF_INIT(1 << 20);
	struct step step = { NULL, false };
	struct outgoing *out;
	struct server s;

	(void)state;
	buf_printf(&reply, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n[[]",
		   3 * ELEMENTS + 1);
	for (int i = 1; i < ELEMENTS; i++)
		buf_add(&reply, STR(",[]"));
	buf_add(&reply, STR("]"));
	step.reply = reply.p;
	server_start(&s, &step, 1);
	out = to(&s, HTTP_GET, NULL);
	out->exchange.reads_json = true;
	run(out);
	assert_int_equal(out->transport, TRANSPORT_DONE);
	assert_int_equal(out->response.body.n, 3 * ELEMENTS + 1);
	assert_null(out->response.json);
	assert_non_null(arena_alloc(out->arena, 1000, 1));
	outgoing_free(out);
	server_stop(&s);
	free(s.last);
	buf_free(&reply);
}

static void a_head_without_end_is_cut(void **state)
{
	struct step step = { NULL, true };
	struct buf head = BUF_INIT(1 << 20);
	struct server s;

	(void)state;
	buf_add(&head, STR("HTTP/1.1 200 OK\r\n"));
	for (int i = 0; i < 1000; i++)
		buf_printf(&head, "X-%d: %0100d\r\n", i, i);
	buf_add(&head, STR("\r\n"));
	step.reply = head.p;
	server_start(&s, &step, 1);
	assert_int_equal(run_and_free(to(&s, HTTP_GET, NULL)), TRANSPORT_TOO_BIG);
	server_stop(&s);
	free(s.last);
	buf_free(&head);
}

static void what_never_left_is_not_sent(void **state)
{
	static const struct step steps[] = { { KEPT, true } };
	struct server s, gone;
	struct outgoing *out;

	(void)state;
	server_start(&gone, steps, 1);
	server_stop(&gone);
	free(gone.last);
	out = run(to(&gone, HTTP_POST, "a=1"));
	assert_int_equal(out->transport, TRANSPORT_NOT_SENT);
	assert_true(str_find(out->trouble, STR("refused")) < out->trouble.n);
	assert_true(str_find(out->trouble, STR("127.0.0.1")) == out->trouble.n);
	outgoing_free(out);

	server_start(&s, steps, 1);
	out = to(&s, HTTP_POST, "a=1");
	out->exchange.url = arena_printf(out->arena, "https://127.0.0.1:%u/", s.port);
	out->total_ms = 500; /* TLS with one who does not speak it */
	assert_int_equal(run_and_free(out), TRANSPORT_NOT_SENT);
	server_stop(&s);
	assert_int_equal(s.requests, 0);
	free(s.last);
}

static void impossible_exchanges_are_bad(void **state)
{
	static const char *const urls[] = { "",
					    "ftp://127.0.0.1/",
					    "file:///etc/passwd",
					    "127.0.0.1/",
					    "http://127.0.0.1/a b",
					    "http://127.0.0.1/\r\nX: y",
					    "http://127.0.0.1:99999/",
					    "http://" };
	static const struct str_pair headers[] = {
		{ STR_INIT("X"), STR_INIT("a\r\nY: b") },
		{ STR_INIT("X"), STR_INIT("a\0b") },
		{ STR_INIT("X: y"), STR_INIT("a") },
		{ STR_INIT("X\r"), STR_INIT("a") },
		{ STR_INIT(""), STR_INIT("a") },
		{ STR_INIT("Content-Length"), STR_INIT("3") },
		{ STR_INIT("transfer-encoding"), STR_INIT("chunked") },
	};
	struct outgoing *out;

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		assert_int_equal(run_and_free(make(HTTP_GET, urls[i], NULL)),
				 TRANSPORT_BAD);
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		struct str_pair copy = headers[i];

		out = make(HTTP_GET, "http://127.0.0.1:1/", NULL);
		out->exchange.headers = (struct str_pairs){ &copy, 1 };
		assert_int_equal(run_and_free(out), TRANSPORT_BAD);
	}
	out = make(HTTP_GET, "http://127.0.0.1:1/", NULL);
	out->exchange.user = STR("a:b");
	assert_int_equal(run_and_free(out), TRANSPORT_BAD);
	assert_string_equal(transport_name(TRANSPORT_BAD), "bad");
}

/* ---- what is on the wire ---- */

static void the_request_is_what_was_described(void **state)
{
	static const struct step steps[] = { { KEPT, false } };
	struct str_pair headers[] = { { STR_INIT("X-Empty"), STR_INIT("") },
				      { STR_INIT("X-One"), STR_INIT("1") } };
	struct server s;
	struct outgoing *out;
	char want[400];

	(void)state;
	server_start(&s, steps, 1);
	out = to(&s, HTTP_POST, "a=1");
	out->exchange.headers = (struct str_pairs){ headers, 2 };
	out->exchange.user = STR("user");
	out->exchange.password = STR("p:w");
	assert_int_equal(run_and_free(out), TRANSPORT_DONE);
	server_stop(&s);
	snprintf(want, sizeof(want),
		 "POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
		 "Authorization: Basic dXNlcjpwOnc=\r\nUser-Agent: test/1\r\n"
		 "Accept: */*\r\nX-Empty:\r\nX-One: 1\r\nContent-Length: 3\r\n\r\na=1",
		 s.port);
	assert_int_equal(s.last_n, strlen(want));
	assert_memory_equal(s.last, want, s.last_n);
	assert_true(s.in_one_piece);
	free(s.last);
}

/* A handle keeps nothing of the exchange before: method, body, name, headers. */
static void nothing_stays_on_a_handle(void **state)
{
	static const struct step steps[] = { { KEPT, false } };
	struct str_pair header = { STR_INIT("X-One"), STR_INIT("1") };
	struct server s;
	struct outgoing *out;

	(void)state;
	server_start(&s, steps, 1);
	out = to(&s, HTTP_DELETE, "body");
	out->exchange.headers = (struct str_pairs){ &header, 1 };
	out->exchange.user = STR("user");
	assert_int_equal(run_and_free(out), TRANSPORT_DONE);
	assert_int_equal(run_and_free(to(&s, HTTP_GET, NULL)), TRANSPORT_DONE);
	server_stop(&s);
	assert_int_equal(s.connections, 1);
	assert_memory_equal(s.last, "GET /a?b=c HTTP/1.1\r\n", 21);
	assert_int_equal(str_find(str_from(s.last, s.last_n), STR("Authorization")),
			 s.last_n);
	assert_int_equal(str_find(str_from(s.last, s.last_n), STR("X-One")), s.last_n);
	assert_int_equal(str_find(str_from(s.last, s.last_n), STR("Content")), s.last_n);
	free(s.last);
}

static void large_bodies_go_without_asking(void **state)
{
	static const struct step steps[] = { { KEPT, true } };
	struct server s;
	struct outgoing *out;
	char *body = calloc(1, 300001);

	(void)state;
	memset(body, 'y', 300000);
	server_start(&s, steps, 1);
	out = to(&s, HTTP_PUT, body);
	assert_int_equal(run_and_free(out), TRANSPORT_DONE);
	server_stop(&s);
	assert_memory_equal(s.last, "PUT ", 4);
	assert_int_equal(str_find(str_from(s.last, s.last_n), STR("Expect")), s.last_n);
	assert_int_equal(s.last[s.last_n - 1], 'y');
	free(s.last);
	free(body);
}

static void the_final_response_is_read(void **state)
{
	static const struct step steps[] = {
		{ "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
		  "HTTP/1.1 201 Created\r\nX-THING:  a: b \r\nEmpty:\r\n"
		  "Set-Cookie: 1\r\nSet-Cookie: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n",
		  true }
	};
	struct server s;
	struct outgoing *out;

	(void)state;
	server_start(&s, steps, 1);
	out = run(to(&s, HTTP_GET, NULL));
	assert_int_equal(out->transport, TRANSPORT_DONE);
	assert_int_equal(out->response.status, 201);
	assert_true(str_eq(out->response.body, STR("abcde")));
	assert_int_equal(out->response.headers.n, 5);
	assert_true(
		str_eq(pairs_get(out->response.headers, STR("x-thing")), STR("a: b")));
	assert_non_null(pairs_get(out->response.headers, STR("empty")).p);
	assert_null(pairs_get(out->response.headers, STR("x-early")).p);
	assert_null(pairs_get(out->response.headers, STR("x-trailer")).p);
	outgoing_free(out);
	server_stop(&s);
	free(s.last);
}

/* ---- lanes, draining, stopping: our own listener holds the answers back ---- */

static struct mailbox *asked;
static struct httpd *listener;

static void listener_start(const char *address)
{
	struct httpd_listener l = { .address = address,
				    .unix_mode = 0600,
				    .body_ceiling_bytes = 1000,
				    .connections = 100,
				    .request_ms = DEADLINE_MS,
				    .answer_ms = DEADLINE_MS };

	asked = mailbox_new(NULL, NULL);
	assert_int_equal(httpd_start(&l, asked, &listener, NULL), 0);
}

static void listener_stop(void)
{
	httpd_stop(listener);
	mailbox_free(asked);
}

static void ask(uint32_t lane, uint32_t width, int number)
{
	struct outgoing *out = make(HTTP_POST, "", NULL);

	out->exchange.url =
		arena_printf(out->arena, "http://%s/%d", httpd_address(listener), number);
	out->ref = (uint64_t)number;
	out->lane = lane;
	out->lane_width = width;
	httpc_post(carrier, out);
}

static size_t answer_all(size_t least)
{
	struct letter *next;
	size_t n = 0;

	await_letters(asked, least);
	for (struct letter *l = mailbox_take(asked); l; l = next, n++) {
		next = l->next;
		httpd_answer((struct incoming *)l, &(struct answer){ .status = 204 });
	}
	return n;
}

static size_t count_free(struct outgoing *out, enum transport transport)
{
	struct letter *l = &out->letter, *next;
	size_t n = 0;

	for (; l; l = next) {
		next = l->next;
		n += ((struct outgoing *)l)->transport == transport;
		outgoing_free((struct outgoing *)l);
	}
	return n;
}

static void a_lane_runs_its_width(void **state)
{
	size_t wide = 0, n;

	(void)state;
	listener_start("127.0.0.1:0");
	for (int i = 0; i < 40; i++)
		ask(1, 4, i);
	ask(2, 1, 100);
	while (wide < 41) {
		n = answer_all(1);
		assert_true(n <= 5);
		wide += n;
	}
	assert_int_equal(count_free(await(41), TRANSPORT_DONE), 41);
	listener_stop();
}

static void a_lane_keeps_its_order(void **state)
{
	struct outgoing *out;
	struct letter *l, *next;
	uint64_t want = 0;

	(void)state;
	listener_start("127.0.0.1:0");
	for (int i = 0; i < 30; i++)
		ask(7, 1, i);
	for (int i = 0; i < 30; i++)
		assert_int_equal(answer_all(1), 1);
	out = await(30);
	for (l = &out->letter; l; l = next) {
		next = l->next;
		assert_int_equal(((struct outgoing *)l)->ref, want++);
		outgoing_free((struct outgoing *)l);
	}
	assert_int_equal(want, 30);
	listener_stop();
}

static void draining_gives_back_what_waits(void **state)
{
	(void)state;
	listener_start("127.0.0.1:0");
	for (int i = 0; i < 10; i++)
		ask(1, 2, i);
	await_letters(asked, 2);
	httpc_drain(carrier);
	assert_int_equal(count_free(await(8), TRANSPORT_NOT_SENT), 8);
	assert_int_equal(answer_all(2), 2);
	assert_int_equal(count_free(await(2), TRANSPORT_DONE), 2);
	ask(1, 2, 11);
	assert_int_equal(count_free(await(1), TRANSPORT_NOT_SENT), 1);
	listener_stop();
}

static void stopping_leaves_nothing_behind(void **state)
{
	struct outgoing *all;

	(void)state;
	listener_start("127.0.0.1:0");
	for (int i = 0; i < 5; i++)
		ask(1, 2, i);
	await_letters(asked, 2);
	httpc_stop(carrier);
	carrier = NULL;
	assert_int_equal(mailbox_count(results), 5);
	all = (struct outgoing *)mailbox_take(results);
	assert_int_equal(count_free(all, TRANSPORT_UNKNOWN), 2);
	assert_int_equal(answer_all(2), 2);
	listener_stop();
}

static void unix_sockets_are_reached(void **state)
{
	char folder[] = P_tmpdir "/kentongan-test-XXXXXX", path[64];
	struct outgoing *out = make(HTTP_GET, "http://daemon/x", NULL);

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	listener_start(path);
	out->exchange.unix_path = arena_str(out->arena, str_of(path));
	httpc_post(carrier, out);
	answer_all(1);
	assert_ptr_equal(await(1), out);
	assert_int_equal(out->transport, TRANSPORT_DONE);
	assert_int_equal(out->response.status, 204);
	outgoing_free(out);
	listener_stop();
	assert_int_equal(rmdir(folder), 0); /* the socket is gone */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lost_answer_is_not_asked_for_again),
		TEST(a_connection_closed_in_time_is_replaced),
		TEST(failures_have_their_right_names),
		TEST(a_status_is_enough),
		TEST(json_is_read_on_the_way),
		TEST(json_that_takes_much_room_is_not_read),
		TEST(a_head_without_end_is_cut),
		TEST(what_never_left_is_not_sent),
		TEST(impossible_exchanges_are_bad),
		TEST(the_request_is_what_was_described),
		TEST(nothing_stays_on_a_handle),
		TEST(large_bodies_go_without_asking),
		TEST(the_final_response_is_read),
		TEST(a_lane_runs_its_width),
		TEST(a_lane_keeps_its_order),
		TEST(draining_gives_back_what_waits),
		TEST(stopping_leaves_nothing_behind),
		TEST(unix_sockets_are_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
