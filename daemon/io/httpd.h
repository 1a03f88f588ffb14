/* SPDX-License-Identifier: MIT */
/*
 * The listeners: libmicrohttpd in its own epoll thread(s). Collects a bounded request,
 * posts it to the engine, suspends the connection, answers when the engine says so or,
 * with 503, when the request's deadline passes. It decides nothing but this: what is
 * malformed (repeated Content-Length, Content-Length with Transfer-Encoding, NUL in the
 * decoded path, too large, too slow, too many from one address) is refused here; and GET
 * /healthz on a listener with `health` is answered here.
 */
#ifndef IO_HTTPD_H
#define IO_HTTPD_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/http.h"
#include "io/mailbox.h"

/* What httpd.c keeps with it lies behind the struct. */
struct incoming {
	struct letter letter; /* first; kind is the listener's letter_kind */
	struct arena *arena;
	struct request request;
	int listener;	       /* its tag */
	int64_t whole_mono_us; /* when all of it was there */
	int64_t wait_until_ms; /* the engine's own: it waits there for news; 0: not */
	int64_t looked;	       /* … and so far it has looked in vain */
	int route, refusal;    /* the engine's own, for counting: which call; why not */
};

struct httpd;

struct httpd_listener {
	int tag; /* comes back in incoming.listener */
	int letter_kind;
	const char
		*address; /* "HOST:PORT" or a path beginning with '/' for a Unix socket */
	mode_t unix_mode; /* rights of the Unix socket */
	size_t body_ceiling_bytes;
	size_t answer_ceiling_bytes; /* for what is made to answer it; 0: 1 MiB */
	size_t connections;	     /* at most */
	size_t per_address;	     /* connections of one address; 0: no limit */
	int64_t request_ms; /* from the first byte to the whole request, absolute */
	bool head;	    /* HEAD is taken as GET; else it is refused */
	int64_t answer_ms;  /* from the whole request to the engine's answer */
	/* MAY be NULL. Answers GET /healthz: true 200, false 503. Called in the
	 * listener's thread. */
	bool (*health)(void *arg);
	void *health_arg;
	/* MAY be NULL: requests are posted. Else it gets them in the listener's thread,
	 * and answers there or later; for the simulator. */
	void (*take)(void *arg, struct incoming *in);
	void *take_arg;
};

/* requests: NULL if the listener takes them. */
int httpd_start(const struct httpd_listener *listener, struct mailbox *requests,
		struct httpd **out, struct err *err) MUST_CHECK;
/* The bound address, with the port that the kernel chose: "127.0.0.1:40123". */
const char *httpd_address(const struct httpd *httpd);
/*
 * Any thread; the engine's, as a rule. Copies the answer, gives the request up: `in` may
 * not be used afterwards. Every incoming must be answered exactly once, also when it
 * comes too late to matter. While 64 MiB of large answers wait for their clients, more
 * become 503.
 */
void httpd_answer(struct incoming *in, const struct answer *answer);
/* Closes the connection without an answer; for the simulator. */
void httpd_abort(struct incoming *in);
/* Answers `chunk` bytes at a time, one every `every_ms`; for the simulator. */
void httpd_answer_slowly(struct incoming *in, const struct answer *answer, size_t chunk,
			 int64_t every_ms);
/* No new requests; those at the engine may still be answered until httpd_stop. */
void httpd_close(struct httpd *httpd);
/* Waits for open answers to be written, at most a second, and frees. Every incoming must
 * have been answered. */
void httpd_stop(struct httpd *httpd);

#endif
