/* SPDX-License-Identifier: MIT */
/*
 * What the HTTP API reads of tickets, and what it answered before. Every call is bounded:
 * it looks at so many rows at most and says where it stopped. Calls as in store.h:
 * engine's thread; 0, or −1 with *err.
 */
#ifndef STORE_API_H
#define STORE_API_H

#include "store/store.h"

/* ---- lists, by the moment of the last change ---- */

/* A place in that order. */
struct api_place {
	int64_t changed_ms, id;
};

/* What a filter looks at; no words. Views until the callback returns. */
struct api_row {
	struct api_place place;
	enum ticket_state state;
	enum ticket_kind kind;
	bool urgent, sensitive, secret, open; /* open: not closed for good */
	struct str kecamatan, desa, department, accused;
};

/* Go on; end behind this row; end before it. */
enum api_scan { API_SCAN_ON, API_SCAN_AFTER, API_SCAN_BEFORE };

/* Which rows, and how many are looked at. */
struct api_range {
	struct str department; /* n 0: all of them */
	bool open;	       /* only such, and of a department */
	int most;
};

/*
 * Calls for each row behind *place, the one that changed first first, until a call ends
 * it. *place: the last that was looked at; *end: there are no more.
 */
int store_api_scan(struct store *store, const struct api_range *range,
		   struct api_place *place,
		   enum api_scan (*each)(void *arg, const struct api_row *row), void *arg,
		   bool *end, struct err *err) MUST_CHECK;
/*
 * The same for whole tickets, as far as the API shows them; the rest of them is 0. Each
 * lives until its call returns. text.p NULL: it does not open.
 */
int store_api_tickets(struct store *store, const struct api_range *range,
		      struct api_place *place,
		      enum api_scan (*each)(void *arg, const struct ticket *ticket),
		      void *arg, bool *end, struct err *err) MUST_CHECK;

/* ---- what has happened, by the number of the history's row ---- */

struct api_event {
	int64_t id, at_ms, no, ticket_id, changed_ms;
	struct str kind, actor, department, accused; /* the ticket's, now */
	struct str left; /* the department that lost it by this; n 0: none */
	enum ticket_state state;
	bool sensitive;
};

/* In the arena; *n < most: there are no more yet. */
int store_api_events(struct store *store, int64_t after, int most, struct arena *arena,
		     struct api_event **out, size_t *n, struct err *err) MUST_CHECK;
/* The newest's number; 0: there is none. */
int store_api_event_last(struct store *store, int64_t *id, struct err *err) MUST_CHECK;

/* ---- what a department had ---- */

/* It could see the ticket until that row of the history was written. */
int store_left_add(struct store *store, int64_t ticket_id, int64_t event_id,
		   struct str department, int64_t changed_ms, struct err *err) MUST_CHECK;
/* Whether it ever lost it. */
int store_left_is(struct store *store, int64_t ticket_id, struct str department,
		  bool *out, struct err *err) MUST_CHECK;

struct api_left {
	struct api_place place; /* changed_ms: when it went */
	int64_t no;
	struct str department, accused; /* the ticket's, now: it may be back */
	bool sensitive;
};

/* What a department lost behind that place, what went first first; one ticket as often
 * as it went. */
int store_left_list(struct store *store, struct str department, struct api_place after,
		    int most, struct arena *arena, struct api_left **out, size_t *n,
		    struct err *err) MUST_CHECK;

/* A ticket's newest events, in the order in which they happened. */
int store_api_history(struct store *store, int64_t ticket_id, int most,
		      struct arena *arena, struct event **out, size_t *n,
		      struct err *err) MUST_CHECK;
/* How many were merged into it; counted up to `most`. */
int store_api_followers(struct store *store, int64_t ticket_id, int most, int64_t *n,
			struct err *err) MUST_CHECK;

/* ---- what was answered to a request that may come again ---- */

struct kept {
	struct str digest; /* of the request; CRYPTO_BLAKE_BYTES */
	int status;
	struct str etag, body;
	int64_t at_ms;
};

int store_kept_get(struct store *store, int64_t token_id, struct str key,
		   struct arena *arena, struct kept *out, bool *found,
		   struct err *err) MUST_CHECK;
int store_kept_add(struct store *store, int64_t token_id, struct str key,
		   const struct kept *kept, struct err *err) MUST_CHECK;
/* The wall clock jumped: they are kept as long as before. */
int store_kept_move(struct store *store, int64_t by_ms, struct err *err) MUST_CHECK;
/* Removes what was kept before that; a few at a time. */
int store_kept_trim(struct store *store, int64_t before_ms, struct err *err) MUST_CHECK;

#endif
