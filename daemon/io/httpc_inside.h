/* SPDX-License-Identifier: MIT */
/*
 * What the carrier's files share: a slot, and what differs between the protocols that it
 * carries. Only the thread touches any of it. httpc.c knows threads and lanes,
 * httpc_slot.c what every exchange needs, httpc_web.c HTTP, httpc_mail.c SMTP and IMAP;
 * none else includes this.
 */
#ifndef IO_HTTPC_INSIDE_H
#define IO_HTTPC_INSIDE_H

#include <curl/curl.h>

#include "base/buf.h"
#include "io/httpc.h"

enum {
	HEAD_CEILING = 64 << 10, /* of an answer's headers */
	KEPT_BUFFER = 256 << 10, /* a handle's buffer larger than this is given back */
};

/* A handle, and the exchange that it runs at the moment. */
struct slot {
	struct slot *next, **back; /* in the list of free or of running ones */
	CURL *easy;
	struct outgoing *out; /* set before load */
	size_t lane, ceiling;
	unsigned sendings; /* how often libcurl wanted to send the request */
	bool too_big, in_body;
	bool head_ended; /* libcurl takes a head that breaks off for a whole one */
	bool has_name, has_custom, has_unix,
		has_ca;		   /* strings set in easy by the last exchange */
	char why[CURL_ERROR_SIZE]; /* libcurl's own words */
	struct buf head, body;

	/* Mail. */
	struct sockets *sockets; /* the carrier's */
	size_t given;		 /* of the message, to libcurl */
	unsigned replies;	 /* SMTP: since MAIL, its own included */
	int run;		 /* IMAP: 1 opens the folder, 2 asks */
	int port;		 /* ours, of the first run's connection */
	bool moved;		 /* the second run would have been on another one */
	int64_t validity, uidnext;
};

/* What one kind of exchange needs. */
struct protocol {
	const char *thread; /* its name */
	/* Options that hold for the handle's whole life. */
	void (*set_up)(struct slot *slot, const struct httpc_settings *settings);
	/* Options of slot->out. -1: no room in its arena. */
	int (*load)(struct slot *slot, const struct httpc_settings *settings);
	/* Fills the result of slot->out; true: instead it goes on with what is loaded. */
	bool (*end)(struct slot *slot, CURLcode code);
};

extern const struct protocol protocol_web, protocol_mail;

/* httpc_slot.c */
struct slot *slot_new(const struct httpc_settings *settings,
		      const struct protocol *protocol); /* NULL: no memory */
void slot_reset(struct slot *slot, const struct httpc_settings *settings,
		const struct protocol *protocol); /* as new */
void slot_free(struct slot *slot);		  /* NULL is accepted */
/* Forgets the exchange before. */
void slot_begin(struct slot *slot, struct outgoing *out,
		const struct httpc_settings *settings);
void slot_set_times(struct slot *slot, const struct httpc_settings *settings);
/* User and password, own authorities; -1: no room in the exchange's arena. */
int slot_set_name(struct slot *slot);
int slot_set_ca(struct slot *slot, const struct httpc_settings *settings);
/* One sentence on what went wrong, without URL or secret. */
struct str slot_trouble(struct slot *slot, CURLcode code);

/* httpc_mail.c: the open connections. Any thread. */
struct sockets *sockets_new(void);	    /* NULL: no memory */
void sockets_free(struct sockets *sockets); /* NULL is accepted */
/* Nobody waits any longer for what a server may say. */
void sockets_hang_up(struct sockets *sockets);

#endif
