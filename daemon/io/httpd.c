/* SPDX-License-Identifier: MIT */
/*
 * A listener: libmicrohttpd's epoll thread, the only file that knows of it, and one
 * sweeper thread for what libmicrohttpd's own time-out, which counts silence only, does
 * not see: requests that come a byte at a time, and answers that do not come.
 *
 * A request (struct inbound) lives in its own arena and is held twice: by the connection
 * until libmicrohttpd is through with it, and by the engine until httpd_answer. So an
 * answer that comes after the 503, or to a client that has left, finds its request still
 * there and does no harm. Arenas are used again.
 *
 * Locks: one per listener, for the lists; never held while calling into libmicrohttpd but
 * for suspending. Who takes a request out of the list of waiting ones, engine or sweeper,
 * is the one to resume its connection; until then libmicrohttpd keeps it.
 */
#include "io/httpd.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "io/listen.h"

enum {
	CONNECTION_BYTES = 32 << 10, /* for one request's line and headers */
	ARENA_EXTRA = 1 << 20,	 /* beyond the body: headers, and what the engine makes */
	INLINE_BODY = 4096,	 /* a body up to this size lives in the arena */
	DISCARD_BYTES = 1 << 20, /* read beyond the ceiling to be able to say 413 */
	SPARE_ARENAS = 128,
	IDLE_S = 30,	  /* silence allowed, also between two requests */
	WRITE_MS = 30000, /* for a client to take its answer */
	LONGEST_TICK_MS = 250,
	STOP_MS = 1000,
};

/* Fixed answers, made once; REFUSE_* close the connection. */
enum fixed {
	REFUSE_MALFORMED,
	REFUSE_METHOD,
	REFUSE_LARGE,
	REFUSE_UNKNOWN_METHOD,
	REFUSE_CLOSING,
	FIXED_LATE,
	FIXED_WELL,
	FIXED_UNWELL,
	FIXED_BROKEN,
	FIXED_N
};

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

/* One client's connection, from accept to close. */
struct conn {
	struct conn *next, **back;
	int fd;
	uint32_t uid;
	bool nul;		     /* a %00, or a naked NUL, in the request line */
	uintptr_t target_end;	     /* where the raw request target ends */
	_Atomic int64_t deadline_ms; /* INT64_MAX: none */
	char peer[INET6_ADDRSTRLEN];
};

enum phase {
	PHASE_READING,
	PHASE_WAITING,	/* at the engine; the connection is suspended */
	PHASE_ANSWERED, /* `response` is there */
	PHASE_EXPIRED,
	PHASE_ABORTED,
};

struct inbound {
	struct incoming in; /* first */
	struct httpd *httpd;
	struct conn *conn;
	struct MHD_Connection *connection;
	atomic_int refs;
	enum phase phase;
	int64_t answer_by_ms;
	struct inbound *next, **back; /* in httpd.waiting, later in httpd.slow */
	struct MHD_Response *response;
	unsigned status;
	/* The body: in the arena when its length is known and small, else in `body`. */
	char *room;
	size_t room_bytes, used, discarded;
	struct buf body;
	/* An answer in pieces. */
	struct str text;
	size_t chunk;
	int64_t every_ms, next_ms;
};

struct httpd {
	struct httpd_listener listener;
	struct mailbox *requests;
	struct arena *arena; /* of the strings */
	struct str bound;
	struct MHD_Daemon *daemon;
	struct MHD_Response *fixed[FIXED_N];
	atomic_bool closing;
	int quiesced_fd; /* the listening socket after httpd_close */
	bool is_unix;
	int64_t tick_ms;
	pthread_t sweeper;
	bool sweeping;

	pthread_mutex_t lock;
	pthread_cond_t changed; /* work for the sweeper, or the last answer written */
	bool stopping;
	struct conn *conns;
	struct inbound *waiting, **waiting_tail, *slow;
	size_t unwritten; /* answered or expired, not yet through */
	struct arena *spare[SPARE_ARENAS];
	size_t n_spare;
};

/*
 * The state of a request for /healthz. It is answered at the second call like any other,
 * since an answer at the first one makes libmicrohttpd close the connection.
 */
static char health_state;

/* The kernel's clock: sockets do not follow a fake. */
static int64_t now_ms(void)
{
	return clock_mono_us() / 1000;
}

/* ---- requests: making, holding, letting go ---- */

static struct arena *arena_get(struct httpd *d)
{
	struct arena *arena = NULL;
	size_t extra = d->listener.answer_ceiling_bytes;

	pthread_mutex_lock(&d->lock);
	if (d->n_spare)
		arena = d->spare[--d->n_spare];
	pthread_mutex_unlock(&d->lock);
	if (arena)
		return arena;
	return arena_new("incoming", d->listener.body_ceiling_bytes +
					     (extra ? extra : ARENA_EXTRA));
}

static void arena_put(struct httpd *d, struct arena *arena)
{
	arena_reset(arena);
	pthread_mutex_lock(&d->lock);
	if (d->n_spare < SPARE_ARENAS) {
		d->spare[d->n_spare++] = arena;
		arena = NULL;
	}
	pthread_mutex_unlock(&d->lock);
	arena_free(arena);
}

static void inbound_unref(struct inbound *x)
{
	if (atomic_fetch_sub(&x->refs, 1) > 1)
		return;
	if (x->response)
		MHD_destroy_response(x->response);
	buf_free(&x->body);
	arena_put(x->httpd, x->in.arena); /* x itself lives there */
}

static struct inbound *inbound_new(struct httpd *d, struct conn *conn,
				   struct MHD_Connection *connection)
{
	struct arena *arena = arena_get(d);
	struct inbound *x = arena ? ARENA_NEW(arena, struct inbound, 1) : NULL;

	if (!x) {
		arena_free(arena);
		return NULL;
	}
	x->in.letter.kind = d->listener.letter_kind;
	x->in.listener = d->listener.tag;
	x->in.arena = arena;
	x->httpd = d;
	x->conn = conn;
	x->connection = connection;
	x->body = (struct buf)BUF_INIT(d->listener.body_ceiling_bytes);
	atomic_init(&x->refs, 1);
	return x;
}

/* With the lock. */
static void waiting_in(struct httpd *d, struct inbound *x)
{
	x->next = NULL;
	x->back = d->waiting_tail;
	*d->waiting_tail = x;
	d->waiting_tail = &x->next;
}

/* With the lock; ends the waiting, so only one can do it. */
static void waiting_out(struct httpd *d, struct inbound *x, enum phase phase)
{
	*x->back = x->next;
	if (x->next)
		x->next->back = x->back;
	else
		d->waiting_tail = x->back;
	x->phase = phase;
	d->unwritten++;
}

/* ---- what libmicrohttpd calls, in its thread ---- */

static struct conn *conn_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
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
		inet_ntop(AF_INET6,
			  &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr,
			  c->peer, sizeof(c->peer));
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
	atomic_init(&c->deadline_ms, now_ms() + d->listener.request_ms);
	*context = c;
	pthread_mutex_lock(&d->lock);
	if (!d->conns)
		pthread_cond_broadcast(&d->changed);
	c->next = d->conns;
	c->back = &d->conns;
	if (c->next)
		c->next->back = &c->next;
	d->conns = c;
	pthread_mutex_unlock(&d->lock);
}

/* libmicrohttpd closes the descriptor after this, so the sweeper never sees a stale one.
 */
static void conn_close(struct httpd *d, struct conn *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&d->lock);
	*c->back = c->next;
	if (c->next)
		c->next->back = c->back;
	pthread_mutex_unlock(&d->lock);
	free(c);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		conn_open(cls, connection, context);
	} else {
		conn_close(cls, *context);
		*context = NULL;
	}
}

/* The request line is there: from here on the request has request_ms. */
static void *on_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct httpd *d = cls;
	struct conn *c = conn_of(connection);
	int64_t by = now_ms() + d->listener.request_ms;

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
			     now_ms() + IDLE_S * 1000 + d->listener.request_ms);
	if (!x || *state == &health_state)
		return;
	*state = NULL;
	pthread_mutex_lock(&d->lock);
	if (x->phase != PHASE_READING && --d->unwritten == 0)
		pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->lock);
	inbound_unref(x);
}

static enum MHD_Result answer_fixed(struct httpd *d, struct MHD_Connection *connection,
				    enum fixed which)
{
	struct conn *c = conn_of(connection);

	if (c)
		atomic_store(&c->deadline_ms, now_ms() + WRITE_MS);
	return MHD_queue_response(connection, fixed_answers[which].status,
				  d->fixed[which]);
}

static enum MHD_Result answer_health(struct httpd *d, struct MHD_Connection *connection)
{
	bool well = d->listener.health(d->listener.health_arg);

	return answer_fixed(d, connection, well ? FIXED_WELL : FIXED_UNWELL);
}

/* ---- the head of a request ---- */

static const struct {
	const char *name;
	enum http_method method;
	bool refused;
} methods[] = {
	{ "GET", HTTP_GET, false },	  { "POST", HTTP_POST, false },
	{ "PUT", HTTP_PUT, false },	  { "PATCH", HTTP_PATCH, false },
	{ "DELETE", HTTP_DELETE, false }, { "HEAD", HTTP_GET, true },
	{ "OPTIONS", HTTP_GET, true },	  { "TRACE", HTTP_GET, true },
	{ "CONNECT", HTTP_GET, true },
};

/* Index into methods, or -1. */
static int method_find(const char *name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return (int)i;
	return -1;
}

struct framing {
	unsigned lengths, codings;
	bool odd;
	int64_t length; /* -1: unknown */
};

static enum MHD_Result see_header(void *arg, enum MHD_ValueKind kind, const char *name,
				  size_t name_n, const char *value, size_t value_n)
{
	struct framing *f = arg;
	struct str key = str_from(name, name_n);

	(void)kind;
	if (str_eq_nocase(key, STR("content-length"))) {
		f->lengths++;
		if (!str_to_int(str_from(value, value_n), &f->length) || f->length < 0)
			f->odd = true;
	} else if (str_eq_nocase(key, STR("transfer-encoding"))) {
		f->codings++;
		f->odd = f->odd ||
			 !str_eq_nocase(str_from(value, value_n), STR("chunked"));
	}
	return MHD_YES;
}

/*
 * libmicrohttpd ends the target at a naked NUL and finds the version behind the last
 * space. One byte, the space, is all that may lie between them.
 */
static bool has_naked_nul(const struct conn *c, const char *version)
{
	uintptr_t gap = (uintptr_t)version - c->target_end;

	return gap > 1 && gap < CONNECTION_BYTES;
}

static bool is_healthz(const struct httpd *d, const char *url, const char *method)
{
	return d->listener.health && strcmp(url, "/healthz") == 0 &&
	       (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0);
}

/* What is wrong with the head, or FIXED_N. */
static enum fixed fault_of(const struct httpd *d, const struct conn *c, const char *url,
			   int method, const struct framing *f)
{
	if (!c || atomic_load(&d->closing))
		return REFUSE_CLOSING;
	if (method < 0)
		return REFUSE_UNKNOWN_METHOD;
	if (methods[method].refused)
		return REFUSE_METHOD;
	if (url[0] != '/' || c->nul || f->odd || f->codings > 1 ||
	    f->lengths + f->codings > 1)
		return REFUSE_MALFORMED;
	if (f->length > 0 && (uint64_t)f->length > d->listener.body_ceiling_bytes)
		return REFUSE_LARGE;
	return FIXED_N;
}

static enum MHD_Result begin(struct httpd *d, struct MHD_Connection *connection,
			     const char *url, const char *method_name,
			     const char *version, void **state)
{
	struct framing framing = { .length = -1 };
	struct conn *c = conn_of(connection);
	int method = method_find(method_name);
	struct inbound *x;
	enum fixed fault;

	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, see_header, &framing);
	if (c && has_naked_nul(c, version))
		c->nul = true;
	if (is_healthz(d, url, method_name) && framing.lengths + framing.codings == 0 &&
	    c && !c->nul) {
		*state = &health_state;
		return MHD_YES;
	}
	fault = fault_of(d, c, url, method, &framing);
	x = fault == FIXED_N ? inbound_new(d, c, connection) : NULL;
	if (!x)
		return answer_fixed(d, connection,
				    fault == FIXED_N ? REFUSE_CLOSING : fault);
	x->in.request.method = methods[method].method;
	if (framing.length > 0 && framing.length <= INLINE_BODY) {
		x->room = arena_alloc(x->in.arena, (size_t)framing.length + 1, 1);
		x->room_bytes = x->room ? (size_t)framing.length : 0;
	}
	*state = x;
	return MHD_YES;
}

/* ---- body, and the whole request ---- */

/* Beyond the ceiling we read on for a while, so that the client gets to see the 413. */
static enum MHD_Result take_body(struct inbound *x, struct str part)
{
	if (x->room && part.n <= x->room_bytes - x->used) {
		memcpy(x->room + x->used, part.p, part.n);
		x->used += part.n;
		return MHD_YES;
	}
	if (!x->body.failed)
		buf_add(&x->body, part);
	if (x->body.failed)
		x->discarded += part.n;
	return x->discarded > DISCARD_BYTES ? MHD_NO : MHD_YES;
}

/* Names and values copied out of libmicrohttpd's memory, which may go before we do. */
struct copier {
	struct str_pairs pairs;
	size_t room;
	char *p;
	bool lower;
};

static enum MHD_Result measure(void *arg, enum MHD_ValueKind kind, const char *name,
			       size_t name_n, const char *value, size_t value_n)
{
	struct copier *c = arg;

	(void)kind, (void)name, (void)value;
	c->room += name_n + value_n + 2;
	c->pairs.n++;
	return MHD_YES;
}

static struct str put(struct copier *c, const char *from, size_t n, bool lower)
{
	struct str s = str_from(c->p, n);

	for (size_t i = 0; i < n; i++)
		c->p[i] = lower && from[i] >= 'A' && from[i] <= 'Z' ? (char)(from[i] + 32)
								    : from[i];
	c->p[n] = '\0';
	c->p += n + 1;
	return s;
}

static enum MHD_Result copy(void *arg, enum MHD_ValueKind kind, const char *name,
			    size_t name_n, const char *value, size_t value_n)
{
	struct copier *c = arg;
	struct str_pair *pair = &c->pairs.items[c->pairs.n++];

	(void)kind;
	pair->name = put(c, name, name_n, c->lower);
	pair->value = put(c, value, value ? value_n : 0, false);
	return MHD_YES;
}

static int copy_pairs(struct inbound *x, enum MHD_ValueKind kind, struct str_pairs *out)
{
	struct copier c = { .lower = kind == MHD_HEADER_KIND };

	MHD_get_connection_values_n(x->connection, kind, measure, &c);
	c.pairs.items = ARENA_NEW(x->in.arena, struct str_pair, c.pairs.n);
	c.p = arena_alloc(x->in.arena, c.room, 1);
	if (!c.pairs.items || !c.p)
		return -1;
	c.pairs.n = 0;
	MHD_get_connection_values_n(x->connection, kind, copy, &c);
	*out = c.pairs;
	return 0;
}

static int fill_request(struct inbound *x, const char *url)
{
	struct request *r = &x->in.request;

	r->path = arena_str(x->in.arena, str_of(url));
	r->peer = arena_str(x->in.arena, str_of(x->conn->peer));
	r->peer_uid = x->conn->uid;
	r->body = x->room ? str_from(x->room, x->used) : buf_str(&x->body);
	if (!r->body.p)
		r->body = STR("");
	if (!r->path.p || !r->peer.p)
		return -1;
	if (copy_pairs(x, MHD_GET_ARGUMENT_KIND, &r->query))
		return -1;
	return copy_pairs(x, MHD_HEADER_KIND, &r->headers);
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
	x->answer_by_ms = now_ms() + d->listener.answer_ms;
	pthread_mutex_lock(&d->lock);
	MHD_suspend_connection(x->connection);
	x->phase = PHASE_WAITING;
	waiting_in(d, x);
	pthread_mutex_unlock(&d->lock);
	mailbox_post(d->requests, &x->in.letter);
	return MHD_YES;
}

static enum MHD_Result deliver(struct inbound *x)
{
	if (x->phase == PHASE_ABORTED)
		return MHD_NO;
	if (x->phase == PHASE_EXPIRED)
		return answer_fixed(x->httpd, x->connection, FIXED_LATE);
	if (!x->response)
		return answer_fixed(x->httpd, x->connection, FIXED_BROKEN);
	atomic_store(&x->conn->deadline_ms,
		     x->every_ms ? INT64_MAX : now_ms() + WRITE_MS);
	return MHD_queue_response(x->connection, x->status, x->response);
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
		return take_body(x, part);
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

/* Ends the engine's part: resumes the connection unless the deadline did already. */
static void settle(struct inbound *x, enum phase phase)
{
	struct httpd *d = x->httpd;
	bool in_time;

	pthread_mutex_lock(&d->lock);
	in_time = x->phase == PHASE_WAITING;
	if (in_time)
		waiting_out(d, x, phase);
	pthread_mutex_unlock(&d->lock);
	if (in_time)
		MHD_resume_connection(x->connection);
	inbound_unref(x);
}

void httpd_answer(struct incoming *in, const struct answer *answer)
{
	struct inbound *x = (struct inbound *)in;

	x->status = (unsigned)answer->status;
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
	if (!stopping && now_ms() < x->next_ms) {
		MHD_suspend_connection(x->connection);
		x->next = d->slow;
		d->slow = x;
		pthread_cond_broadcast(&d->changed);
		pthread_mutex_unlock(&d->lock);
		return 0;
	}
	pthread_mutex_unlock(&d->lock);
	if (stopping)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	x->next_ms = now_ms() + x->every_ms;
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

/* ---- the sweeper ---- */

/* With the lock; gives it up meanwhile. */
static void resume_all(struct httpd *d, struct inbound *list)
{
	struct inbound *next;

	pthread_mutex_unlock(&d->lock);
	for (; list; list = next) {
		next = list->next;
		MHD_resume_connection(list->connection);
	}
	pthread_mutex_lock(&d->lock);
}

/* Requests wait in the order of their deadlines. */
static struct inbound *take_expired(struct httpd *d, int64_t now)
{
	struct inbound *expired = NULL, *x;

	while ((x = d->waiting) != NULL && x->answer_by_ms <= now) {
		waiting_out(d, x, PHASE_EXPIRED);
		x->next = expired;
		expired = x;
	}
	return expired;
}

static struct inbound *take_due(struct httpd *d, int64_t now, int64_t *wake)
{
	struct inbound *due = NULL, **at = &d->slow, *x;

	while ((x = *at) != NULL) {
		if (x->next_ms > now) {
			*wake = x->next_ms < *wake ? x->next_ms : *wake;
			at = &x->next;
			continue;
		}
		*at = x->next;
		x->next = due;
		due = x;
	}
	return due;
}

/* libmicrohttpd sees the end of the stream and closes. */
static void shut_overdue(struct httpd *d, int64_t now)
{
	for (struct conn *c = d->conns; c; c = c->next) {
		if (atomic_load(&c->deadline_ms) > now)
			continue;
		atomic_store(&c->deadline_ms, INT64_MAX);
		shutdown(c->fd, SHUT_RDWR);
	}
}

static void wait_changed(struct httpd *d, int64_t until_ms)
{
	struct timespec t = { .tv_sec = (time_t)(until_ms / 1000),
			      .tv_nsec = (long)(until_ms % 1000) * 1000000 };

	pthread_cond_timedwait(&d->changed, &d->lock, &t);
}

static void *sweep(void *arg)
{
	struct httpd *d = arg;

	pthread_mutex_lock(&d->lock);
	while (!d->stopping) {
		int64_t now = now_ms(), wake = now + d->tick_ms;
		struct inbound *expired = take_expired(d, now);
		struct inbound *due = take_due(d, now, &wake);

		shut_overdue(d, now);
		if (expired)
			resume_all(d, expired);
		if (due)
			resume_all(d, due);
		if (d->stopping || expired || due)
			continue;
		if (d->conns)
			wait_changed(d, wake);
		else
			pthread_cond_wait(&d->changed, &d->lock);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
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
	d->sweeping = pthread_create(&d->sweeper, NULL, sweep, d) == 0;
	if (d->sweeping)
		d->daemon = start_daemon(d, fd);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	return d->daemon ? 0 : -1;
}

static void stop_sweeper(struct httpd *d)
{
	if (!d->sweeping)
		return;
	pthread_mutex_lock(&d->lock);
	d->stopping = true;
	pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->sweeper, NULL);
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
		stop_sweeper(d);
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

/* Answers that are under way get a moment; whatever still waits is told that we are busy.
 */
static void let_out(struct httpd *d)
{
	int64_t until = now_ms() + STOP_MS;
	struct inbound *expired;

	pthread_mutex_lock(&d->lock);
	expired = take_expired(d, INT64_MAX);
	if (expired)
		resume_all(d, expired);
	while (d->unwritten && now_ms() < until)
		wait_changed(d, until);
	pthread_mutex_unlock(&d->lock);
}

void httpd_stop(struct httpd *d)
{
	httpd_close(d);
	let_out(d);
	stop_sweeper(d);
	pthread_mutex_lock(&d->lock);
	resume_all(d, d->slow);
	d->slow = NULL;
	pthread_mutex_unlock(&d->lock);
	MHD_stop_daemon(d->daemon);
	if (d->quiesced_fd != MHD_INVALID_SOCKET)
		close(d->quiesced_fd);
	release(d);
}
