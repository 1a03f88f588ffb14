/* SPDX-License-Identifier: MIT */
/*
 * What the files of a listener share. Not for anybody else.
 *
 *   httpd.c           libmicrohttpd: its calls into us, answers, starting and stopping
 *   httpd_head.c      what is wrong with a request's line and headers
 *   httpd_request.c   a request's life: arena, body, its copy for the engine
 *   httpd_sweep.c     connections, waiting and slow ones by their deadlines; the sweeper
 *
 * A request (struct inbound) lives in its own arena and is held twice: by the connection
 * until libmicrohttpd is through with it, and by the engine until httpd_answer. So an
 * answer that comes after the 503, or to a client that has left, finds its request still
 * there and does no harm.
 *
 * Locks: one per listener, for the lists; never held while calling into libmicrohttpd but
 * for suspending. Who takes a request out of the list of waiting ones, engine or sweeper,
 * is the one to resume its connection; until then libmicrohttpd keeps it.
 */
#ifndef IO_HTTPD_INSIDE_H
#define IO_HTTPD_INSIDE_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "io/httpd.h"

struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;

enum {
	CONNECTION_BYTES = 32 << 10, /* for one request's line and headers */
	SPARE_ARENAS = 128,
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
	PHASE_WAITING,	/* at the engine */
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
	bool suspended; /* its connection, while it waits */
	int64_t answer_by_ms;
	struct inbound *next, **back; /* in httpd.waiting, later in httpd.slow */
	struct MHD_Response *response;
	unsigned status;
	size_t answer_bytes; /* counted in httpd.answer_bytes */
	bool full;	     /* there was no room for them */
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
	bool letting_out;	/* somebody waits for the latter */
	bool stopping;
	struct conn *conns;
	struct inbound *waiting, **waiting_tail, *slow;
	size_t unwritten;	    /* answered or expired, not yet through */
	atomic_size_t answer_bytes; /* of answers that are not yet through */
	struct arena *spare[SPARE_ARENAS];
	size_t n_spare;
};

/* The kernel's clock: sockets do not follow a fake. */
int64_t httpd_now_ms(void);

/* ---- httpd.c ---- */

/* Without the lock; of a suspended one. */
void inbound_resume(struct inbound *x);
void response_free(struct MHD_Response *response);

/* ---- httpd_head.c ---- */

/* What the headers say of the body's length. */
struct framing {
	unsigned lengths, codings;
	bool odd;
	int64_t length; /* -1: unknown */
};

/* Index of a method, also of one that is refused; -1: unknown. */
int head_method(const char *name);
enum http_method head_method_at(int index);
void head_see(struct framing *framing, struct str name, struct str value);
bool head_has_naked_nul(const struct conn *conn, const char *version);
/* Whether it is the question that the listener itself answers. */
bool head_is_healthz(const struct httpd *d, const char *url, const char *method);
/* What is wrong with the head, or FIXED_N. */
enum fixed head_fault(const struct httpd *d, const struct conn *conn, const char *url,
		      int method, const struct framing *framing);

/* ---- httpd_request.c ---- */

/* Held once. NULL without memory. */
struct inbound *inbound_new(struct httpd *d, struct conn *conn,
			    struct MHD_Connection *connection);
void inbound_unref(struct inbound *x);
/* A body of known length: room for it in the arena when it is small. */
void inbound_expect(struct inbound *x, int64_t length);
/* False when the client is not worth listening to any more. */
bool inbound_take(struct inbound *x, struct str part);
/* Path, peer and body of the request; -1: no room. */
int inbound_fill(struct inbound *x, const char *url) MUST_CHECK;

/* Names and values copied out of libmicrohttpd's memory, which may go before we do: all
 * are measured, then all copied. */
struct copier {
	struct str_pairs pairs;
	size_t room;
	char *p;
	bool lower; /* the names */
};

void copier_measure(struct copier *c, size_t name_n, size_t value_n);
/* Between the two; -1: no room. */
int copier_begin(struct copier *c, struct arena *arena) MUST_CHECK;
void copier_copy(struct copier *c, struct str name, struct str value);

/* ---- httpd_sweep.c ---- */

void conn_in(struct httpd *d, struct conn *c);
/* Frees it. NULL is accepted. */
void conn_out(struct httpd *d, struct conn *c);
/* With the lock. */
void waiting_in(struct httpd *d, struct inbound *x);
/* With the lock; ends the waiting, so only one can do it. */
void waiting_out(struct httpd *d, struct inbound *x, enum phase phase);
/* With the lock; the connection is suspended until next_ms. */
void slow_in(struct httpd *d, struct inbound *x);
/* libmicrohttpd is through with it. */
void inbound_written(struct httpd *d, const struct inbound *x);
int sweep_start(struct httpd *d) MUST_CHECK;
/* Answers that are under way get a moment; whatever still waits is told that we are busy.
 */
void sweep_let_out(struct httpd *d);
void sweep_stop(struct httpd *d);
/* After it: nothing may stay suspended when libmicrohttpd ends. */
void sweep_resume_slow(struct httpd *d);

#endif
