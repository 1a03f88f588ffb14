/* SPDX-License-Identifier: MIT */
/*
 * The carrier for everything that goes out: one thread around curl_multi. Takes a
 * described exchange, runs it, posts it back with the result. Connection reuse,
 * time-outs, TLS verification and body ceilings live here; retries do not. In particular
 * libcurl's own silent second POST over a dead reused connection is prevented.
 *
 * Exchanges belong to lanes. A lane runs at most `lane_width` exchanges at once and
 * starts the rest in order of posting, each as soon as another ends, without asking
 * anybody.
 */
#ifndef IO_HTTPC_H
#define IO_HTTPC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/http.h"
#include "io/mailbox.h"

enum transport {
	TRANSPORT_DONE,	    /* a whole response is there, of whatever status */
	TRANSPORT_NOT_SENT, /* certainly not processed: no connection, TLS refused,
			       cancelled before start */
	TRANSPORT_UNKNOWN,  /* the request, or part of it, went out; no whole answer came
			     */
	TRANSPORT_TOO_BIG,  /* answer beyond the ceiling; the request was processed or not
			     */
	TRANSPORT_BAD, /* the exchange itself is impossible (URL, header); nothing was
			  sent */
};

const char *transport_name(enum transport transport);

struct outgoing {
	struct letter letter; /* first; kind is set by the engine and left alone */
	struct arena *arena;  /* owned; holds all views below */
	struct exchange exchange;
	uint32_t lane, lane_width;
	int64_t connect_ms, total_ms; /* time limits; 0: default of the carrier */
	struct str ca_file; /* authorities trusted here alone; n 0: the carrier's */

	/* The result. */
	enum transport transport;
	struct response response; /* TRANSPORT_DONE only */
	struct str trouble;	  /* otherwise one sentence, without URL or secret */
	int64_t started_mono_us, ended_mono_us;

	/* The engine's own notes. */
	uint64_t ref;
	struct str provider;
	int attempts;	  /* of a send, this one included */
	bool doubt;	  /* an earlier attempt ended unknown */
	struct str after; /* of a poll that went ahead: the state that it asks from */
	const void *told; /* of a delivery, in the arena */
};

/* The arena is created inside; NULL without memory. */
struct outgoing *outgoing_new(size_t ceiling_bytes);
void outgoing_free(struct outgoing *out); /* NULL is accepted */

struct httpc;

struct httpc_settings {
	size_t body_ceiling_bytes; /* default for answers */
	int64_t connect_ms, total_ms;
	size_t connections; /* kept open in all */
	const char *user_agent;
	const char *ca_file; /* NULL: the system's */
	bool mail;	     /* carries mail as well, in a thread of its own */
};

/* Starts the thread. Results are posted to `results`. */
int httpc_start(const struct httpc_settings *settings, struct mailbox *results,
		struct httpc **out, struct err *err) MUST_CHECK;
/* Any thread. The carrier owns `out` until it comes back as a letter. */
void httpc_post(struct httpc *httpc, struct outgoing *out);
/* A chain of them, in order, with one wake-up. NULL: none. */
void httpc_post_all(struct httpc *httpc, struct letter *first);
/* Any thread. Exchanges not yet started come back as TRANSPORT_NOT_SENT, running ones go
 * on. */
void httpc_drain(struct httpc *httpc);
/* Stops the thread; running exchanges come back as TRANSPORT_UNKNOWN (or NOT_SENT) first.
 */
void httpc_stop(struct httpc *httpc);

#endif
