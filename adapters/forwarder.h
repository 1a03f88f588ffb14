/* SPDX-License-Identifier: MIT */
/*
 * The contract of a way by which tickets reach a department: mail, webhook, Open311. As
 * adapter.h: a forwarder is pure, it turns (settings, what is to be told) into a
 * described exchange and a response into a verdict. Queue, order, retries, pauses, the
 * time-out whose end is unknown: all that is the frame's (flow/deliver.c).
 *
 * Nothing in struct forward names a person: numbers in words are masked, and of a secret
 * ticket there are no words at all.
 */
#ifndef ADAPTERS_FORWARDER_H
#define ADAPTERS_FORWARDER_H

#include "adapter.h"

/* How mail leaves and comes back, for the whole gateway; filled by the group `mail`. */
struct forward_mail {
	struct str server; /* smtp://HOST:PORT or smtps://HOST:PORT; n 0: no mail */
	struct str user, password;
	struct str from;   /* "Pengaduan Kab. Serang <aduan@serangkab.example>" */
	struct str domain; /* of our Message-IDs */
	struct str tag;	   /* in subjects: "[SRG-25004176]" */
	struct str key;	   /* signs our Message-IDs */
	struct str ca_file;
	bool plain;	     /* without TLS: allowed on loopback only */
	int64_t connections; /* to the server, at most */
	int64_t timeout_ms;

	struct str inbox; /* imaps://HOST:PORT/FOLDER or imap:// (STARTTLS); n 0: none */
	struct str inbox_user, inbox_password;
	int64_t inbox_every_ms;
	int64_t keep_attachments_kb; /* of one mail; more is listed, not stored */
};

enum forward_what {
	FORWARD_NEW,	/* the department gets the ticket (again, or from another one) */
	FORWARD_NEWS,	/* something has happened to a ticket that it has */
	FORWARD_GONE,	/* the ticket is no longer the department's */
	FORWARD_DIGEST, /* what is open, once a day; by mail only */
	FORWARD_TEST,	/* an operator tries the way */
};

struct forward_event {
	int64_t at_ms;
	struct str kind, actor, words; /* masked */
};

/* A line of the digest, and of the list of the day. */
struct forward_row {
	int64_t no, opened_ms, due_ms; /* due_ms 0: none runs */
	bool answer;		       /* due is the first answer, not the end */
	bool late, urgent, hidden;
	struct str text, kecamatan, desa, state; /* text: masked; n 0 when hidden */
};

/* One thing to tell. Views live in the arena of the exchange. */
struct forward {
	struct str id; /* ours, the same at every attempt: "ktg-fw-17-69240c5b" */
	int64_t delivery_id, made_ms; /* what it is made of */
	struct str to; /* the address, of ways that have several; n 0: the way itself */
	enum forward_what what;
	struct str event; /* life_event_name of what happened: "opened_routed" */
	int64_t at_ms;	  /* when; 0: not known */
	struct str words; /* … and what was said with it; masked */
	int attempt;	  /* counts from 1 */

	int64_t no;
	struct str department, department_name;
	struct str state, kind; /* ticket_state_code, ticket_kind_code */
	bool urgent, hidden;	/* hidden: secret or sensitive: neutral, without words */
	struct str text;	/* the citizen's own, masked; n 0 when hidden */
	struct str summary;	/* a few words for a subject, from the router's matches */
	struct str kecamatan, desa,
		place;	    /* place: as the text says it; each may be n 0 */
	bool place_asked;   /* it was asked for, not in the first text */
	struct str channel; /* "sms" */
	int64_t opened_ms, answer_due_ms, settle_due_ms; /* 0: none */
	unsigned reporters; /* citizens, the first included */
	int transfers, reopens;
	struct forward_event *history; /* oldest first */
	size_t n_history;

	struct forward_row *rows; /* FORWARD_DIGEST: nearest deadline first */
	size_t n_rows;
	bool more_rows; /* than are here */

	struct str thread; /* external id of the first delivery of this ticket by this way
			      to this address; n 0: this is the first */
	struct str last;   /* … of the last one before this */
};

struct forward_ctx {
	const void *settings; /* the way's own struct, as its keys fill it */
	const struct forward_mail *mail;
	struct arena *arena;
	struct str gateway; /* "Kabupaten Serang" */
	int64_t wall_ms;
	int32_t zone_s;
};

enum forward_verdict {
	FORWARD_DONE,	 /* it has it */
	FORWARD_REFUSED, /* never as it is: a human looks (parked) */
	FORWARD_LATER,	 /* not taken, the same may succeed later */
	FORWARD_UNKNOWN, /* it may or may not have been taken */
	FORWARD_DISABLE, /* the way is closed for good (410): nothing more is sent there
			  */
};

struct forward_receipt {
	enum forward_verdict verdict;
	struct str external_id; /* Message-ID, service_request_id; n 0: none */
	struct str reason;
	bool way_wide;	 /* LATER, REFUSED: concerns all that goes there (login, limit) */
	bool token;	 /* open311: external_id is a token, to be asked about later */
	int64_t wait_ms; /* what the other side asked for; 0: nothing */
};

/* How things stand with one of ours in the department's own system. */
struct forward_sight {
	struct str external_id; /* as struct forward_receipt had it */
	struct str moved_to;	/* a token became this id; n 0: no token, or not yet */
	bool closed;
	struct str words; /* what it says to the citizen; n 0: nothing */
};

struct forwarder {
	struct adapter_info info; /* name as written in ways.by */
	bool idempotent;	  /* sending again with the same forward.id is harmless */
	bool new_only;	    /* FORWARD_NEW and FORWARD_TEST only: it has no words for
			       the rest */
	bool has_addresses; /* one delivery for each of ways.to */
	int (*compose)(const struct forward_ctx *ctx, const struct forward *forward,
		       struct exchange *out, struct err *err);
	/* Judges any response, whatever its status. ctx->settings are NULL when the way
	 * has changed, or gone, since it was composed. */
	int (*judge)(const struct forward_ctx *ctx, const struct forward *forward,
		     const struct response *response, struct forward_receipt *out,
		     struct err *err);

	/*
	 * MAY be NULL, all three together: for systems that are asked how things stand.
	 * watch_every_ms: how often; 0: never. watch describes the question about up to n
	 * external ids (all tokens, or none) and says in *asked how many of them, from
	 * the first, it is about. watched digests any answer to it.
	 */
	int64_t (*watch_every_ms)(const void *settings);
	int (*watch)(const struct forward_ctx *ctx, const struct str *ids, size_t n,
		     bool tokens, struct exchange *out, size_t *asked, struct err *err);
	int (*watched)(const struct forward_ctx *ctx, const struct str *ids, size_t n,
		       bool tokens, const struct response *response,
		       struct forward_sight **out, size_t *n_out, struct err *err);
};

/* registry.c: NULL-ended; and by name, NULL when unknown. */
extern const struct forwarder *const forwarders[];
const struct forwarder *forwarder_find(struct str name);

#endif
