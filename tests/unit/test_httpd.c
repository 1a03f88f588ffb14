/* SPDX-License-Identifier: MIT */
/*
 * The listener, seen from a raw socket: what it hands over, what it refuses, and that
 * neither slow clients nor late engines hold it. The test itself plays the engine.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "io/httpd.h"

enum { DEADLINE_MS = 10000, BODY_CEILING = 1000, SHORT_MS = 150 };

static struct mailbox *asked;
static struct httpd *listener;
static bool well;

static bool is_well(void *arg)
{
	return *(bool *)arg;
}

static struct httpd_listener usual(void)
{
	return (struct httpd_listener){
		.tag = 3,
		.letter_kind = 17,
		.address = "127.0.0.1:0",
		.body_ceiling_bytes = BODY_CEILING,
		.connections = 100,
		.request_ms = DEADLINE_MS,
		.answer_ms = DEADLINE_MS,
		.health = is_well,
		.health_arg = &well,
	};
}

static void open_listener(const struct httpd_listener *l)
{
	struct err e = { 0 };

	asked = mailbox_new(NULL, NULL);
	assert_int_equal(httpd_start(l, asked, &listener, &e), 0);
}

static void close_listener(void)
{
	httpd_stop(listener);
	assert_int_equal(mailbox_count(asked), 0);
	mailbox_free(asked);
}

static int setup(void **state)
{
	struct httpd_listener l = usual();

	(void)state;
	open_listener(&l);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close_listener();
	return 0;
}

/* ---- a client ---- */

static int client_to(const char *address)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un u = { .sun_family = AF_UNIX };
	struct str path = str_of(address);
	int fd;

	if (address[0] == '/') {
		memcpy(u.sun_path, path.p, path.n);
		fd = socket(AF_UNIX, SOCK_STREAM, 0);
		assert_int_equal(connect(fd, (struct sockaddr *)&u, sizeof(u)), 0);
		return fd;
	}
	a.sin_port = htons((uint16_t)strtoul(strchr(address, ':') + 1, NULL, 10));
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a))) {
		close(fd);
		return -1;
	}
	return fd;
}

static int client(void)
{
	return client_to(httpd_address(listener));
}

static void say_n(int fd, const char *text, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return; /* it has hung up already; hear() shows what it said */
		text += sent;
		n -= (size_t)sent;
	}
}

static void say(int fd, const char *text)
{
	say_n(fd, text, strlen(text));
}

static char heard[64 << 10];
static size_t heard_n;

static bool whole(void)
{
	struct str s = str_from(heard, heard_n);
	size_t head = str_find(s, STR("\r\n\r\n")), at;
	int64_t length = 0;

	if (head == s.n)
		return false;
	at = str_find(s, STR("Content-Length: "));
	if (at == s.n)
		return true;
	s = str_slice(s, at + 16, s.n);
	assert_true(str_to_int(str_slice(s, 0, str_find_char(s, '\r')), &length));
	return heard_n >= head + 4 + (size_t)length;
}

/* One response; its status, 0 when the connection was closed instead. */
static int hear(int fd)
{
	int64_t status = 0;

	heard_n = 0;
	while (!whole()) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n;

		assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
		n = recv(fd, heard + heard_n, sizeof(heard) - 1 - heard_n, 0);
		if (n <= 0)
			return 0;
		heard_n += (size_t)n;
		heard[heard_n] = '\0';
	}
	assert_memory_equal(heard, "HTTP/1.1 ", 9);
	assert_true(str_to_int(str_from(heard + 9, 3), &status));
	return (int)status;
}

static bool hears_end(int fd)
{
	return hear(fd) == 0 && heard_n == 0;
}

/* ---- the engine ---- */

static struct incoming *next_asked(void)
{
	mailbox_wait(asked, clock_mono_ms() + DEADLINE_MS);
	assert_int_equal(mailbox_count(asked), 1);
	return (struct incoming *)mailbox_take(asked);
}

static void answer(struct incoming *in, int status, const char *body)
{
	const struct answer a = { .status = status,
				  .content_type = STR("text/plain"),
				  .body = str_of(body) };

	httpd_answer(in, &a);
}

static void is_text(struct str got, const char *want)
{
	assert_non_null(got.p);
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

/* ---- what is handed over ---- */

static void a_request_comes_over_whole(void **state)
{
	struct str_pair more[] = { { STR_INIT("X-More"), STR_INIT("1") } };
	struct answer a = { .status = 201,
			    .content_type = STR("application/json"),
			    .body = STR("{}"),
			    .headers = { more, 1 } };
	struct incoming *in;
	int fd = client();

	(void)state;
	say(fd, "POST /sms%20in/a?From=%2B62+8&empty&x= HTTP/1.1\r\nHost: h\r\n"
		"X-Signature: AbC\r\nContent-Length: 5\r\n\r\n\x01"
		"a=\xff");
	say_n(fd, "\0", 1);
	in = next_asked();
	assert_int_equal(in->letter.kind, 17);
	assert_int_equal(in->listener, 3);
	assert_int_equal(in->request.method, HTTP_POST);
	is_text(in->request.path, "/sms in/a");
	is_text(pairs_get(in->request.query, STR("From")), "+62 8");
	is_text(pairs_get(in->request.query, STR("empty")), "");
	assert_int_equal(in->request.query.n, 3);
	is_text(pairs_get(in->request.headers, STR("x-signature")), "AbC");
	is_text(in->request.peer, "127.0.0.1");
	assert_int_equal(in->request.body.n, 5);
	assert_memory_equal(in->request.body.p,
			    "\x01"
			    "a=\xff\0",
			    5);
	httpd_answer(in, &a);
	assert_int_equal(hear(fd), 201);
	assert_non_null(strstr(heard, "\r\nX-More: 1\r\n"));
	assert_non_null(strstr(heard, "\r\nContent-Type: application/json\r\n"));
	assert_string_equal(heard + heard_n - 2, "{}");
	close(fd);
}

static void a_connection_serves_many(void **state)
{
	int fd = client();

	(void)state;
	for (int i = 0; i < 50; i++) {
		struct incoming *in;

		say(fd, i % 2 ? "PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked"
				"\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
			      : "DELETE /x HTTP/1.1\r\nHost: h\r\n\r\n");
		in = next_asked();
		is_text(in->request.body, i % 2 ? "abc" : "");
		answer(in, 200, "fine");
		assert_int_equal(hear(fd), 200);
	}
	close(fd);
}

static void bodies_up_to_the_ceiling_pass(void **state)
{
	struct buf text = BUF_INIT(100000);
	struct incoming *in;
	int fd = client();

	(void)state;
	buf_printf(&text, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n",
		   BODY_CEILING);
	for (int i = 0; i < BODY_CEILING; i++)
		buf_add_char(&text, 'b');
	say_n(fd, text.p, text.n);
	in = next_asked();
	assert_int_equal(in->request.body.n, BODY_CEILING);
	answer(in, 200, "");
	assert_int_equal(hear(fd), 200);
	buf_free(&text);
	close(fd);
}

/* ---- what is refused ---- */

#define HEAD(line) line " HTTP/1.1\r\nHost: h\r\n"

static const struct {
	struct str text;
	int status; /* 0: closed without a word is right too */
} odd[] = {
	{ STR_INIT(HEAD("POST /") "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"),
	  400 },
	{ STR_INIT(HEAD("POST /") "Content-Length: 1\r\ncontent-length: 2\r\n\r\na"),
	  400 },
	{ STR_INIT(HEAD("POST /") "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"
				  "\r\n0\r\n\r\n"),
	  400 },
	{ STR_INIT(HEAD("GET /healthz") "Content-Length: 5\r\nTransfer-Encoding: chunked"
					"\r\n\r\n0\r\n\r\n"),
	  400 },
	{ STR_INIT(HEAD("POST /") "Transfer-Encoding: chunked\r\nTransfer-Encoding: "
				  "chunked\r\n\r\n0\r\n\r\n"),
	  400 },
	{ STR_INIT(HEAD("POST /") "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
	  400 },
	/* What a proxy might take for a length, and we would not. */
	{ STR_INIT(HEAD("POST /") "Content-Length : 1\r\n\r\na"), 400 },
	{ STR_INIT(HEAD("POST /") "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"), 400 },
	{ STR_INIT(HEAD("POST /") "Content-Length\x0b: 1\r\n\r\na"), 400 },
	{ STR_INIT(HEAD("POST /") "\"Content-Length\": 1\r\n\r\na"), 400 },
	{ STR_INIT(HEAD("POST /") "Content-Length: -1\r\n\r\n"), 400 },
	{ STR_INIT(HEAD("POST /") "Content-Length: 1x\r\n\r\na"), 400 },
	{ STR_INIT(HEAD("POST /") "Content-Length: 99999999999999999999\r\n\r\n"), 0 },
	{ STR_INIT(HEAD("POST /") "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 0 },
	{ STR_INIT(HEAD("POST /") "Transfer-Encoding: chunked\r\n\r\n"
				  "ffffffffffffffffffff\r\n"),
	  0 },
	{ STR_INIT(HEAD("GET /healthz%00.html") "\r\n"), 400 },
	{ STR_INIT(HEAD("GET /a?b=%00") "\r\n"), 400 },
	{ STR_INIT("GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n"), 0 },
	{ STR_INIT(HEAD("GET http://other/") "\r\n"), 400 },
	{ STR_INIT(HEAD("OPTIONS *") "\r\n"), 405 },
	{ STR_INIT(HEAD("TRACE /") "\r\n"), 405 },
	{ STR_INIT(HEAD("BREW /") "\r\n"), 501 },
	{ STR_INIT(HEAD("get /") "\r\n"), 501 },
	{ STR_INIT(HEAD("POST /") "Content-Length: 1001\r\n\r\n"), 413 },
	{ STR_INIT(HEAD("POST /") "Content-Length: 20000000\r\n\r\nab"), 413 },
	{ STR_INIT("\r\n\r\n\x16\x03\x01\x02 binary\r\n\r\n"), 0 },
};

static void odd_requests_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		int fd = client(), status;

		say_n(fd, odd[i].text.p, odd[i].text.n);
		shutdown(fd, SHUT_WR);
		status = hear(fd);
		if (odd[i].status ? status != odd[i].status
				  : status && (status < 400 || status > 499))
			fail_msg("request %zu gave %d", i, status);
		if (status)
			assert_true(hears_end(fd)); /* nothing behind it is believed */
		close(fd);
	}
	assert_int_equal(mailbox_count(asked), 0);
}

/* What follows a refused head must not be read as a second request. */
static void nothing_is_smuggled(void **state)
{
	int fd = client();

	(void)state;
	say(fd, HEAD("PATCH /") "Content-Length: 40\r\nContent-Length: 0\r\n\r\n" HEAD(
			"DELETE /secret") "\r\n");
	assert_int_equal(hear(fd), 400);
	assert_true(hears_end(fd));
	assert_int_equal(mailbox_count(asked), 0);
	close(fd);
}

static void a_long_chunked_body_is_refused(void **state)
{
	int fd = client();

	(void)state;
	say(fd, HEAD("POST /") "Transfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 20; i++)
		say(fd, "40\r\n0123456789012345678901234567890123456789012345678901234567"
			"890123\r\n");
	say(fd, "0\r\n\r\n");
	assert_int_equal(hear(fd), 413);
	close(fd);
	fd = client();
	say(fd, HEAD("POST /") "Transfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 40000; i++) /* 2.5 MB, without an end */
		say(fd, "40\r\n0123456789012345678901234567890123456789012345678901234567"
			"890123\r\n");
	assert_true(hears_end(fd));
	assert_int_equal(mailbox_count(asked), 0);
	close(fd);
}

static void large_heads_are_refused(void **state)
{
	static const char *const starts[] = { "GET /", "GET / HTTP/1.1\r\nX: ", "" };
	char noise[1001];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		int fd = client(), status;

		memset(noise, 'a', sizeof(noise) - 1);
		noise[sizeof(noise) - 1] = '\0';
		say(fd, starts[i]);
		for (int k = 0; k < 200; k++)
			say(fd, noise);
		status = hear(fd);
		assert_true(status == 0 || (status >= 400 && status < 500));
		close(fd);
	}
	assert_int_equal(mailbox_count(asked), 0);
}

static void health_is_answered_here(void **state)
{
	int fd = client();

	(void)state;
	well = true;
	say(fd, HEAD("GET /healthz") "\r\n");
	assert_int_equal(hear(fd), 200);
	well = false;
	say(fd, HEAD("GET /healthz") "\r\n");
	assert_int_equal(hear(fd), 503);
	assert_int_equal(mailbox_count(asked), 0);
	close(fd);
}

static void one_address_has_so_many(void **state)
{
	struct httpd_listener l = usual();
	int fds[3], fourth;

	(void)state;
	l.per_address = 3;
	well = true;
	open_listener(&l);
	for (int i = 0; i < 3; i++) {
		fds[i] = client();
		say(fds[i], HEAD("GET /healthz") "\r\n");
		assert_int_equal(hear(fds[i]), 200);
	}
	fourth = client();
	say(fourth, HEAD("GET /healthz") "\r\n");
	assert_true(hears_end(fourth));
	close(fourth);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	close_listener();
}

/* ---- time ---- */

/* A byte every few milliseconds: never silent, never done. */
static void dribble(int fd, const char *text)
{
	int64_t begun = clock_mono_ms();
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = strlen(text);

	for (size_t i = 0; poll(&p, 1, 10) == 0; i++) {
		assert_true(clock_mono_ms() - begun < 3000);
		say_n(fd, &text[i < n ? i : n - 1], 1);
	}
	assert_true(hears_end(fd));
	assert_true(clock_mono_ms() - begun >= SHORT_MS - 20);
}

static void slow_requests_are_cut_off(void **state)
{
	struct httpd_listener l = usual();
	int fd;

	(void)state;
	l.request_ms = SHORT_MS;
	open_listener(&l);
	fd = client();
	dribble(fd, "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"); /* request line */
	close(fd);
	fd = client();
	say(fd, HEAD("GET /"));
	dribble(fd, "X-Slow: a"); /* headers */
	close(fd);
	fd = client();
	say(fd, HEAD("POST /") "Content-Length: 900\r\n\r\n");
	dribble(fd, "body");
	close(fd);
	fd = client();
	say(fd, HEAD("POST /") "\r\n"); /* the second request on a connection */
	answer(next_asked(), 200, "ok");
	assert_int_equal(hear(fd), 200);
	say(fd, HEAD("POST /") "Content-Length: 900\r\n\r\n");
	dribble(fd, "body");
	close(fd);
	close_listener();
}

static void late_answers_do_no_harm(void **state)
{
	struct httpd_listener l = usual();
	struct incoming *late;
	int fd;

	(void)state;
	l.answer_ms = SHORT_MS;
	open_listener(&l);
	fd = client();
	for (int i = 0; i < 3; i++) {
		say(fd, HEAD("POST /x") "Content-Length: 3\r\n\r\nabc");
		late = next_asked();
		assert_int_equal(hear(fd), 503);
		assert_non_null(strstr(heard, "\r\nRetry-After: "));
		is_text(late->request.body, "abc"); /* still ours */
		answer(late, 200, "late");
		say(fd, HEAD("POST /y") "\r\n");
		answer(next_asked(), 200, "in time");
		assert_int_equal(hear(fd), 200);
		assert_non_null(strstr(heard, "in time"));
	}
	close(fd);
	close_listener();
}

static void clients_may_vanish(void **state)
{
	struct incoming *in[20];

	(void)state;
	for (int i = 0; i < 20; i++) {
		const struct linger reset = { 1, 0 };
		int fd = client();

		say(fd, HEAD("POST /x") "Content-Length: 3\r\n\r\nabc");
		in[i] = next_asked();
		if (i % 2)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);
	}
	for (int i = 0; i < 20; i++)
		answer(in[i], 200, "too late");
}

/* ---- answers ---- */

static void answers_with_line_breaks_are_500(void **state)
{
	struct str_pair bad[] = { { STR_INIT("X"), STR_INIT("a\r\nSet-Cookie: b") } };
	int fd = client();

	(void)state;
	say(fd, HEAD("GET /") "\r\n");
	httpd_answer(next_asked(),
		     &(struct answer){ .status = 200, .headers = { bad, 1 } });
	assert_int_equal(hear(fd), 500);
	assert_null(strstr(heard, "Set-Cookie"));
	close(fd);
}

static void answers_can_be_withheld_or_slow(void **state)
{
	const struct answer a = { .status = 200,
				  .content_type = STR("text/plain"),
				  .body = STR("0123456789") };
	int64_t begun;
	int fd = client();

	(void)state;
	say(fd, HEAD("GET /") "\r\n");
	httpd_abort(next_asked());
	assert_true(hears_end(fd));
	close(fd);
	fd = client();
	say(fd, HEAD("GET /") "\r\n");
	begun = clock_mono_ms();
	httpd_answer_slowly(next_asked(), &a, 1, 10);
	assert_int_equal(hear(fd), 200);
	assert_true(clock_mono_ms() - begun >= 85);
	assert_string_equal(heard + heard_n - 10, "0123456789");
	say(fd, HEAD("GET /") "\r\n");
	httpd_answer_slowly(next_asked(), &a, 1, 60000); /* the end of the test cuts it */
	close(fd);
}

/* ---- requests that are taken in the listener's thread ---- */

static void *answer_beside(void *in)
{
	answer(in, 200, "beside");
	return NULL;
}

static void take(void *arg, struct incoming *in)
{
	struct str path = in->request.path;
	pthread_t other;

	atomic_fetch_add((atomic_int *)arg, 1);
	if (str_eq(path, STR("/now"))) {
		answer(in, 200, "now");
	} else if (str_eq(path, STR("/beside"))) {
		assert_int_equal(pthread_create(&other, NULL, answer_beside, in), 0);
		pthread_join(other, NULL);
	} else if (str_eq(path, STR("/abort"))) {
		httpd_abort(in);
	} else {
		if (str_eq(path, STR("/slow")))
			usleep(3 * SHORT_MS * 1000); /* past the time for an answer */
		mailbox_post(asked, &in->letter);
	}
}

static void hears(int fd, const char *path, int status, const char *body)
{
	char request[100];

	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path);
	say(fd, request);
	assert_int_equal(hear(fd), status);
	assert_non_null(strstr(heard, body));
}

static void requests_can_be_taken_at_once(void **state)
{
	struct httpd_listener l = usual();
	atomic_int taken = 0;
	int fd, other;

	(void)state;
	l.take = take;
	l.take_arg = &taken;
	l.answer_ms = SHORT_MS;
	open_listener(&l);
	fd = client();
	for (int i = 0; i < 3; i++) {
		hears(fd, "/now", 200, "now");
		hears(fd, "/beside", 200, "beside");
		say(fd, HEAD("POST /kept") "Content-Length: 3\r\n\r\nabc");
		answer(next_asked(), 200, "kept");
		assert_int_equal(hear(fd), 200);
		hears(fd, "/late", 503, "busy");
		answer(next_asked(), 200, "late");
		hears(fd, "/slow", 503, "busy");
		answer(next_asked(), 200, "late");
	}
	other = client();
	say(other, HEAD("GET /abort") "\r\n");
	assert_true(hears_end(other));
	close(other);
	assert_int_equal(taken, 16);
	close(fd);
	close_listener();
}

static void large_answers_arrive(void **state)
{
	struct buf body = BUF_INIT(60000);
	int fd = client();

	(void)state;
	for (int i = 0; i < 6000; i++)
		buf_printf(&body, "%07d\n", i);
	say(fd, HEAD("GET /") "\r\n");
	answer(next_asked(), 200, body.p);
	assert_int_equal(hear(fd), 200);
	assert_memory_equal(heard + heard_n - body.n, body.p, body.n);
	buf_free(&body);
	close(fd);
}

/* Whoever asks for much and does not take it cannot fill the memory: what is on its way
 * has a ceiling, and small answers pass all the time. */
static void answers_that_are_not_taken_have_a_ceiling(void **state)
{
	enum { SIZE = 8 << 20, MANY = 20, ROOM = 8 };
	const int small = 4096;
	char *large = malloc(SIZE + 1);
	int fds[MANY], busy = 0, fd;

	(void)state;
	memset(large, 'x', SIZE);
	large[SIZE] = '\0';
	for (int i = 0; i < MANY; i++) {
		const struct answer a = { .status = 200,
					  .content_type = STR("text/plain"),
					  .body = str_from(large, SIZE) };

		fds[i] = client();
		setsockopt(fds[i], SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
		say(fds[i], HEAD("GET /") "\r\n");
		httpd_answer(next_asked(), &a);
	}
	for (int i = 0; i < MANY; i++) {
		char head[13] = "";

		assert_int_equal(recv(fds[i], head, 12, MSG_WAITALL | MSG_PEEK), 12);
		busy += strcmp(head, "HTTP/1.1 503") == 0;
	}
	assert_int_equal(busy, MANY - ROOM);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	/* They are gone, and there is room again. */
	for (int i = 0; i < 200 && busy; i++) {
		const struct answer a = { .status = 200,
					  .content_type = STR("text/plain"),
					  .body = str_from(large, 40000) };

		fd = client();
		say(fd, HEAD("GET /") "\r\n");
		httpd_answer(next_asked(), &a);
		busy = hear(fd) == 503;
		close(fd);
	}
	assert_int_equal(busy, 0);
	free(large);
}

static void closing_lets_the_last_ones_out(void **state)
{
	char address[64];
	struct incoming *in;
	int64_t begun;
	int busy = client(), idle = client();

	(void)state;
	well = true;
	say(idle, HEAD("GET /healthz") "\r\n");
	assert_int_equal(hear(idle), 200);
	say(busy, HEAD("GET /") "\r\n");
	in = next_asked();
	snprintf(address, sizeof(address), "%s", httpd_address(listener));
	httpd_close(listener);
	assert_int_equal(client_to(address), -1);
	say(idle, HEAD("GET /") "\r\n");
	assert_int_equal(hear(idle), 503);
	begun = clock_mono_ms();
	answer(in, 200, "last");
	httpd_stop(listener);
	assert_true(clock_mono_ms() - begun < 900); /* and no longer than that takes */
	assert_int_equal(hear(busy), 200);
	close(busy);
	close(idle);
	mailbox_free(asked);
	setup(state); /* for teardown */
}

/* ---- addresses ---- */

static void unix_sockets_know_who_asks(void **state)
{
	char folder[] = P_tmpdir "/kentongan-test-XXXXXX", path[64];
	struct httpd_listener l = usual();
	struct httpd *second;
	struct incoming *in;
	struct stat st;
	struct err e;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	l.address = path;
	l.unix_mode = 0620;
	open_listener(&l);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0620);
	assert_int_equal(httpd_start(&l, asked, &second, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	fd = client();
	say(fd, HEAD("GET /") "\r\n");
	in = next_asked();
	is_text(in->request.peer, "unix");
	assert_int_equal(in->request.peer_uid, getuid());
	answer(in, 200, "");
	assert_int_equal(hear(fd), 200);
	close(fd);
	close_listener();
	assert_int_equal(lstat(path, &st), -1);
	assert_int_equal(rmdir(folder), 0);
}

static void stale_sockets_are_replaced_files_are_not(void **state)
{
	char folder[] = P_tmpdir "/kentongan-test-XXXXXX";
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct httpd_listener l = usual();
	struct httpd *none;
	struct err e;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(a.sun_path, sizeof(a.sun_path), "%s/socket", folder);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	close(fd); /* left behind */
	l.address = a.sun_path;
	l.unix_mode = 0600;
	open_listener(&l);
	close_listener();
	fd = open(a.sun_path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	assert_int_equal(httpd_start(&l, NULL, &none, &e), -1);
	assert_int_equal(unlink(a.sun_path), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void wrong_addresses_are_named(void **state)
{
	static const char *const wrong[] = {
		"",	"127.0.0.1",	    "127.0.0.1:", "1.2.3.4:80", "127.0.0.1:http",
		"[::1", "/no/such/folder/s"
	};
	struct httpd_listener l = usual();
	struct httpd *none;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		l.address = wrong[i];
		assert_int_equal(httpd_start(&l, NULL, &none, &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
	}
	l.address = httpd_address(listener); /* in use */
	assert_int_equal(httpd_start(&l, NULL, &none, &e), -1);
	assert_non_null(strstr(e.text, "in use; another program has it"));
	l.address = "192.0.2.1:80"; /* nobody's */
	assert_int_equal(httpd_start(&l, NULL, &none, &e), -1);
	assert_non_null(strstr(e.text, "this machine has no such address"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_request_comes_over_whole),
		TEST(a_connection_serves_many),
		TEST(bodies_up_to_the_ceiling_pass),
		TEST(odd_requests_are_refused),
		TEST(nothing_is_smuggled),
		TEST(a_long_chunked_body_is_refused),
		TEST(large_heads_are_refused),
		TEST(health_is_answered_here),
		cmocka_unit_test(one_address_has_so_many),
		cmocka_unit_test(slow_requests_are_cut_off),
		cmocka_unit_test(late_answers_do_no_harm),
		TEST(clients_may_vanish),
		TEST(answers_with_line_breaks_are_500),
		TEST(answers_can_be_withheld_or_slow),
		cmocka_unit_test(requests_can_be_taken_at_once),
		TEST(large_answers_arrive),
		TEST(answers_that_are_not_taken_have_a_ceiling),
		TEST(closing_lets_the_last_ones_out),
		cmocka_unit_test(unix_sockets_know_who_asks),
		cmocka_unit_test(stale_sockets_are_replaced_files_are_not),
		TEST(wrong_addresses_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
