/* SPDX-License-Identifier: MIT */
/*
 * A listener: libmicrohttpd's epoll thread, the only file that knows of it. What it calls
 * us for, answers made for it, starting and stopping. How a request is held and what the
 * lock guards stands in httpd_inside.h; deadlines are kept by httpd_sweep.c.
 */
#include "io/httpd_inside.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/clock.h"
#include "io/listen.h"

enum {
	IDLE_S = 30,	  /* silence allowed, also between two requests */
	WRITE_MS = 30000, /* for a client to take its answer */
	LONGEST_TICK_MS = 250,
	SMALL_ANSWER = 16 << 10,
	ANSWERS_BYTES = 64 << 20, /* of all larger ones that are on their way */
};

/* Made once; REFUSE_* close the connection. */
static const struct {
	unsigned status;
	bool closes;
	const char *header, *value; /* one more header */
	struct str text;
} fixed_answers[FIXED_N] = {
	[REFUSE_MALFORMED] = { 400, true, NULL, NULL, STR_INIT("malformed request\n") },
	[REFUSE_METHOD] = { 405, true, "Allow", "GET, POST, PUT, PATCH, DELETE",
			    STR_INIT("method not allowed\n") },
	[REFUSE_LARGE] = { 413, true, NULL, NULL, STR_INIT("body too large\n") },
	[REFUSE_UNKNOWN_METHOD] = { 501, true, NULL, NULL, STR_INIT("unknown method\n") },
	[REFUSE_CLOSING] = { 503, true, "Retry-After", "5", STR_INIT("closing\n") },
	[FIXED_LATE] = { 503, false, "Retry-After", "5", STR_INIT("busy\n") },
	[FIXED_WELL] = { 200, false, "Cache-Control", "no-store", STR_INIT("ok\n") },
	[FIXED_UNWELL] = { 503, false, "Cache-Control", "no-store", STR_INIT("stuck\n") },
	[FIXED_BROKEN] = { 500, false, NULL, NULL, STR_INIT("no answer\n") },
};

/*
 * The state of a request for /healthz. It is answered at the second call like any other,
 * since an answer at the first one makes libmicrohttpd close the connection.
 */
static char health_state;

/* ---- what libmicrohttpd calls, in its thread ---- */

static struct conn *conn_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/* An IPv4 caller of an IPv6 listener is named as IPv4: allow_from says so. */
static void peer_name6(struct conn *c, const struct in6_addr *a)
{
	if (IN6_IS_ADDR_V4MAPPED(a))
		inet_ntop(AF_INET, &a->s6_addr[12], c->peer, sizeof(c->peer));
	else
		inet_ntop(AF_INET6, a, c->peer, sizeof(c->peer));
}

static void peer_name(struct conn *c, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = info ? info->client_addr : NULL;

	if (a && a->sa_family == AF_INET)
		inet_ntop(AF_INET,
			  &((const struct sockaddr_in *)(const void *)a)->sin_addr,
			  c->peer, sizeof(c->peer));
	else if (a && a->sa_family == AF_INET6)
		peer_name6(c, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
	else
		memcpy(c->peer, "unix", sizeof("unix"));
}

static void conn_open(struct httpd *d, struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t n = sizeof(peer);
	struct conn *c = info ? calloc(1, sizeof(*c)) : NULL;

	if (!c)
		return; /* its requests are refused */
	c->fd = info->connect_fd;
	if (d->is_unix)
		getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &peer, &n);
	c->uid = peer.uid;
	peer_name(c, connection);
	atomic_init(&c->deadline_ms, httpd_now_ms() + d->listener.request_ms);
	*context = c;
	conn_in(d, c);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		conn_open(cls, connection, context);
	} else {
		conn_out(cls, *context);
		*context = NULL;
	}
}

/* The request line is there: from here on the request has request_ms. */
static void *on_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct httpd *d = cls;
	struct conn *c = conn_of(connection);
	int64_t by = httpd_now_ms() + d->listener.request_ms;

	if (c) {
		c->nul = false;
		c->target_end = (uintptr_t)uri + strlen(uri);
		if (by < atomic_load(&c->deadline_ms))
			atomic_store(&c->deadline_ms, by);
	}
	return NULL;
}

static size_t on_unescape(void *cls, struct MHD_Connection *connection, char *s)
{
	size_t n = MHD_http_unescape(s);
	struct conn *c;

	(void)cls;
	if (memchr(s, '\0', n) && (c = conn_of(connection)) != NULL)
		c->nul = true;
	return n;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct httpd *d = cls;
	struct inbound *x = *state;
	struct conn *c = conn_of(connection);

	(void)code;
	if (c)
		atomic_store(&c->deadline_ms,
			     httpd_now_ms() + IDLE_S * 1000 + d->listener.request_ms);
	if (!x || *state == &health_state)
		return;
	*state = NULL;
	inbound_written(d, x);
	inbound_unref(x);
}

static enum MHD_Result answer_fixed(struct httpd *d, struct MHD_Connection *connection,
				    enum fixed which)
{
	struct conn *c = conn_of(connection);

	if (c)
		atomic_store(&c->deadline_ms, httpd_now_ms() + WRITE_MS);
	return MHD_queue_response(connection, fixed_answers[which].status,
				  d->fixed[which]);
}

static enum MHD_Result answer_health(struct httpd *d, struct MHD_Connection *connection)
{
	bool well = d->listener.health(d->listener.health_arg);

	return answer_fixed(d, connection, well ? FIXED_WELL : FIXED_UNWELL);
}

/* ---- the head of a request ---- */

static enum MHD_Result see_header(void *arg, enum MHD_ValueKind kind, const char *name,
				  size_t name_n, const char *value, size_t value_n)
{
	(void)kind;
	head_see(arg, str_from(name, name_n), str_from(value, value_n));
	return MHD_YES;
}

static enum MHD_Result begin(struct httpd *d, struct MHD_Connection *connection,
			     const char *url, const char *method_name,
			     const char *version, void **state)
{
	struct framing framing = { .length = -1 };
	struct conn *c = conn_of(connection);
	int method = head_method(method_name);
	struct inbound *x;
	enum fixed fault;

	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, see_header, &framing);
	if (c && head_has_naked_nul(c, version))
		c->nul = true;
	if (head_is_healthz(d, url, method_name) &&
	    framing.lengths + framing.codings == 0 && !framing.odd && c && !c->nul) {
		*state = &health_state;
		return MHD_YES;
	}
	fault = head_fault(d, c, url, method, &framing);
	x = fault == FIXED_N ? inbound_new(d, c, connection) : NULL;
	if (!x)
		return answer_fixed(d, connection,
				    fault == FIXED_N ? REFUSE_CLOSING : fault);
	x->in.request.method = head_method_at(method);
	inbound_expect(x, framing.length);
	*state = x;
	return MHD_YES;
}

/* ---- the whole request ---- */

static enum MHD_Result measure(void *arg, enum MHD_ValueKind kind, const char *name,
			       size_t name_n, const char *value, size_t value_n)
{
	(void)kind, (void)name, (void)value;
	copier_measure(arg, name_n, value_n);
	return MHD_YES;
}

static enum MHD_Result copy(void *arg, enum MHD_ValueKind kind, const char *name,
			    size_t name_n, const char *value, size_t value_n)
{
	(void)kind;
	copier_copy(arg, str_from(name, name_n), str_from(value, value ? value_n : 0));
	return MHD_YES;
}

static int copy_pairs(struct inbound *x, enum MHD_ValueKind kind, struct str_pairs *out)
{
	struct copier c = { .lower = kind == MHD_HEADER_KIND };

	MHD_get_connection_values_n(x->connection, kind, measure, &c);
	if (copier_begin(&c, x->in.arena))
		return -1;
	MHD_get_connection_values_n(x->connection, kind, copy, &c);
	*out = c.pairs;
	return 0;
}

static int fill_request(struct inbound *x, const char *url)
{
	struct request *r = &x->in.request;

	if (inbound_fill(x, url))
		return -1;
	if (copy_pairs(x, MHD_GET_ARGUMENT_KIND, &r->query))
		return -1;
	return copy_pairs(x, MHD_HEADER_KIND, &r->headers);
}

static enum MHD_Result deliver(struct inbound *x)
{
	if (x->phase == PHASE_ABORTED)
		return MHD_NO;
	if (x->phase == PHASE_EXPIRED || x->full)
		return answer_fixed(x->httpd, x->connection, FIXED_LATE);
	if (!x->response)
		return answer_fixed(x->httpd, x->connection, FIXED_BROKEN);
	atomic_store(&x->conn->deadline_ms,
		     x->every_ms ? INT64_MAX : httpd_now_ms() + WRITE_MS);
	return MHD_queue_response(x->connection, x->status, x->response);
}

/* With the lock. */
static void suspend(struct inbound *x)
{
	MHD_suspend_connection(x->connection);
	x->suspended = true;
}

/* It may be answered, here or by another thread, before its connection is suspended. */
static enum MHD_Result take_here(struct inbound *x)
{
	struct httpd *d = x->httpd;
	bool waits;

	d->listener.take(d->listener.take_arg, &x->in);
	pthread_mutex_lock(&d->lock);
	waits = x->phase == PHASE_WAITING;
	if (waits)
		suspend(x);
	pthread_mutex_unlock(&d->lock);
	return waits ? MHD_YES : deliver(x);
}

static enum MHD_Result hand_over(struct inbound *x, const char *url)
{
	struct httpd *d = x->httpd;

	if (x->body.failed)
		return answer_fixed(d, x->connection, REFUSE_LARGE);
	if (fill_request(x, url))
		return answer_fixed(d, x->connection, REFUSE_LARGE);
	if (atomic_load(&d->closing))
		return answer_fixed(d, x->connection, REFUSE_CLOSING);
	atomic_store(&x->conn->deadline_ms, INT64_MAX);
	atomic_fetch_add(&x->refs, 1);
	x->answer_by_ms = httpd_now_ms() + d->listener.answer_ms;
	x->in.whole_mono_us = clock_mono_us();
	pthread_mutex_lock(&d->lock);
	if (!d->listener.take)
		suspend(x);
	x->phase = PHASE_WAITING;
	waiting_in(d, x);
	pthread_mutex_unlock(&d->lock);
	if (d->listener.take)
		return take_here(x);
	mailbox_post(d->requests, &x->in.letter);
	return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
				  const char *url, const char *method,
				  const char *version, const char *upload,
				  size_t *upload_n, void **state)
{
	struct inbound *x = *state;
	struct str part;

	if (!x)
		return begin(cls, connection, url, method, version, state);
	if (*state == &health_state)
		return answer_health(cls, connection);
	if (*upload_n) {
		part = str_from(upload, *upload_n);
		*upload_n = 0;
		return inbound_take(x, part) ? MHD_YES : MHD_NO;
	}
	return x->phase == PHASE_READING ? hand_over(x, url) : deliver(x);
}

/* ---- answers, from the engine's thread ---- */

static int add_header(struct MHD_Response *response, struct arena *arena, struct str name,
		      struct str value)
{
	name = arena_str(arena, name);
	value = arena_str(arena, value);
	if (!name.p || !value.p)
		return -1;
	/* Refuses line breaks in either. */
	return MHD_add_response_header(response, name.p, value.p) == MHD_YES ? 0 : -1;
}

static struct MHD_Response *dress(struct MHD_Response *response, struct arena *arena,
				  const struct answer *a)
{
	int failed = 0;

	if (!response)
		return NULL;
	if (a->content_type.p)
		failed |=
			add_header(response, arena, STR("Content-Type"), a->content_type);
	for (size_t i = 0; i < a->headers.n; i++)
		failed |= add_header(response, arena, a->headers.items[i].name,
				     a->headers.items[i].value);
	if (!failed)
		return response;
	MHD_destroy_response(response);
	return NULL;
}

static struct MHD_Response *response_of(const struct answer *a, struct arena *arena)
{
	union {
		const char *in;
		void *out;
	} body = { a->body.p };
	size_t n = a->content_type.p ? a->body.n : 0;

	return dress(MHD_create_response_from_buffer(n, n ? body.out : NULL,
						     MHD_RESPMEM_MUST_COPY),
		     arena, a);
}

void response_free(struct MHD_Response *response)
{
	MHD_destroy_response(response);
}

void inbound_resume(struct inbound *x)
{
	MHD_resume_connection(x->connection);
}

/* Ends the engine's part: resumes the connection unless the deadline did already. */
static void settle(struct inbound *x, enum phase phase)
{
	struct httpd *d = x->httpd;
	bool resumes = false;

	pthread_mutex_lock(&d->lock);
	if (x->phase == PHASE_WAITING) {
		resumes = x->suspended;
		waiting_out(d, x, phase);
	}
	pthread_mutex_unlock(&d->lock);
	if (resumes)
		inbound_resume(x);
	inbound_unref(x);
}

/* Clients that ask for much and do not take it must not fill the memory. */
static bool has_room(struct inbound *x, size_t bytes)
{
	struct httpd *d = x->httpd;

	if (bytes <= SMALL_ANSWER)
		return true;
	if (atomic_fetch_add(&d->answer_bytes, bytes) + bytes > ANSWERS_BYTES) {
		atomic_fetch_sub(&d->answer_bytes, bytes);
		return false;
	}
	x->answer_bytes = bytes;
	return true;
}

void httpd_answer(struct incoming *in, const struct answer *answer)
{
	struct inbound *x = (struct inbound *)in;

	x->status = (unsigned)answer->status;
	x->full = !has_room(x, answer->body.n);
	if (!x->full)
		x->response = response_of(answer, in->arena);
	settle(x, PHASE_ANSWERED);
}

void httpd_abort(struct incoming *in)
{
	settle((struct inbound *)in, PHASE_ABORTED);
}

/* In libmicrohttpd's thread: the next piece when it is due, else sleep until it is. */
static ssize_t read_slowly(void *cls, uint64_t pos, char *to, size_t most)
{
	struct inbound *x = cls;
	struct httpd *d = x->httpd;
	struct str part;
	bool stopping;

	pthread_mutex_lock(&d->lock);
	stopping = d->stopping;
	if (!stopping && httpd_now_ms() < x->next_ms) {
		MHD_suspend_connection(x->connection);
		slow_in(d, x);
		pthread_mutex_unlock(&d->lock);
		return 0;
	}
	pthread_mutex_unlock(&d->lock);
	if (stopping)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	x->next_ms = httpd_now_ms() + x->every_ms;
	part = str_slice(x->text, (size_t)pos, (size_t)pos + x->chunk);
	if (part.n > most)
		part.n = most;
	memcpy(to, part.p, part.n);
	return (ssize_t)part.n;
}

void httpd_answer_slowly(struct incoming *in, const struct answer *answer, size_t chunk,
			 int64_t every_ms)
{
	struct inbound *x = (struct inbound *)in;

	x->status = (unsigned)answer->status;
	x->text = arena_str(in->arena, answer->body);
	x->chunk = chunk ? chunk : 1;
	x->every_ms = every_ms > 0 ? every_ms : 1;
	if (x->text.p)
		x->response = dress(MHD_create_response_from_callback(
					    x->text.n, x->chunk, read_slowly, x, NULL),
				    in->arena, answer);
	settle(x, PHASE_ANSWERED);
}

/* ---- start and stop ---- */

static int make_fixed(struct httpd *d)
{
	for (size_t i = 0; i < FIXED_N; i++) {
		const struct answer a = { .content_type =
						  STR("text/plain; charset=utf-8"),
					  .body = fixed_answers[i].text };
		struct MHD_Response *r = response_of(&a, d->arena);

		if (!r)
			return -1;
		d->fixed[i] = r;
		if (fixed_answers[i].closes)
			MHD_add_response_header(r, "Connection", "close");
		if (fixed_answers[i].header)
			MHD_add_response_header(r, fixed_answers[i].header,
						fixed_answers[i].value);
	}
	return 0;
}

static struct MHD_Daemon *start_daemon(struct httpd *d, int fd)
{
	const struct httpd_listener *l = &d->listener;
	const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;

	return MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, d, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)l->connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)l->per_address,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, d, MHD_OPTION_NOTIFY_CONNECTION, on_connection, d,
		MHD_OPTION_URI_LOG_CALLBACK, on_uri, d, MHD_OPTION_UNESCAPE_CALLBACK,
		on_unescape, d, MHD_OPTION_END);
}

static int64_t tick_of(const struct httpd_listener *l)
{
	int64_t shortest = l->answer_ms < l->request_ms ? l->answer_ms : l->request_ms;

	shortest /= 4;
	if (shortest < 5)
		return 5;
	return shortest < LONGEST_TICK_MS ? shortest : LONGEST_TICK_MS;
}

static void release(struct httpd *d)
{
	for (size_t i = 0; i < FIXED_N; i++)
		if (d->fixed[i])
			MHD_destroy_response(d->fixed[i]);
	while (d->n_spare)
		arena_free(d->spare[--d->n_spare]);
	pthread_cond_destroy(&d->changed);
	pthread_mutex_destroy(&d->lock);
	arena_free(d->arena);
	free(d);
}

static struct httpd *httpd_new(const struct httpd_listener *l, struct mailbox *requests)
{
	struct httpd *d = calloc(1, sizeof(*d));
	pthread_condattr_t attr;

	if (!d)
		return NULL;
	pthread_mutex_init(&d->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&d->changed, &attr);
	pthread_condattr_destroy(&attr);
	d->listener = *l;
	d->requests = requests;
	d->waiting_tail = &d->waiting;
	d->is_unix = l->address[0] == '/';
	d->tick_ms = tick_of(l);
	d->arena = arena_new("httpd", 65536);
	if (d->arena && make_fixed(d) == 0)
		return d;
	release(d);
	return NULL;
}

/* Both threads, with all signals left to the main one. */
static int start_threads(struct httpd *d, int fd)
{
	sigset_t all, was;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	if (sweep_start(d) == 0)
		d->daemon = start_daemon(d, fd);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	return d->daemon ? 0 : -1;
}

int httpd_start(const struct httpd_listener *listener, struct mailbox *requests,
		struct httpd **out, struct err *err)
{
	struct httpd *d = httpd_new(listener, requests);
	int fd;

	if (!d)
		return err_set(err, ERR_LATER, "no memory for a listener");
	if (listen_open(str_of(listener->address), listener->unix_mode, d->arena, &fd,
			&d->bound, err)) {
		release(d);
		return -1;
	}
	if (start_threads(d, fd)) {
		sweep_stop(d);
		close(fd);
		release(d);
		return err_set(err, ERR_LATER, "the listener's threads cannot start");
	}
	*out = d;
	return 0;
}

const char *httpd_address(const struct httpd *httpd)
{
	return httpd->bound.p;
}

void httpd_close(struct httpd *d)
{
	if (atomic_exchange(&d->closing, true))
		return;
	/* Ours again, but libmicrohttpd's thread may touch it once more: closed at the
	 * end. */
	d->quiesced_fd = MHD_quiesce_daemon(d->daemon);
	if (d->quiesced_fd != MHD_INVALID_SOCKET)
		shutdown(d->quiesced_fd, SHUT_RDWR);
	if (d->is_unix)
		unlink(d->bound.p);
}

void httpd_stop(struct httpd *d)
{
	httpd_close(d);
	sweep_let_out(d);
	sweep_stop(d);
	sweep_resume_slow(d);
	MHD_stop_daemon(d->daemon);
	if (d->quiesced_fd != MHD_INVALID_SOCKET)
		close(d->quiesced_fd);
	release(d);
}
