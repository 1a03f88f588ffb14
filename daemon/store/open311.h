/* SPDX-License-Identifier: MIT */
/*
 * Open311, both ways: what was filed here over it, what may be shown of tickets, and how
 * our tickets stood in departments' own systems when we last looked. Calls as in store.h:
 * engine's thread, within its transaction; 0, or −1 with *err.
 */
#ifndef STORE_OPEN311_H
#define STORE_OPEN311_H

#include "store/store.h"

/* ---- filed here ---- */

/* digest: of what was filed, with who filed it. */
int store_web_add(struct store *store, int64_t ticket_id, int64_t token_id,
		  int64_t digest, int64_t now_ms, struct err *err) MUST_CHECK;
/* *ticket_id: of the same that was filed since then; 0: none. */
int store_web_again(struct store *store, struct digest digest, int64_t since_ms,
		    int64_t *ticket_id, struct err *err) MUST_CHECK;
/* The wall clock jumped: what was filed since then may come again as long as before. */
int store_web_move(struct store *store, int64_t by_ms, int64_t since_ms,
		   struct err *err) MUST_CHECK;
/* Whether it came in that way. */
int store_web_is(struct store *store, int64_t ticket_id, bool *out,
		 struct err *err) MUST_CHECK;

enum web_status { WEB_ANY, WEB_OPEN, WEB_CLOSED };

/* Done by the word of the office, or at its end. */
bool store_web_closed(enum ticket_state state);

struct web_filter {
	bool all;	       /* also what came in by other ways */
	struct str department; /* n 0: any */
	enum web_status status;
	int64_t from_ms, until_ms; /* opened then, both ends included */
	int limit;
};

/* Newest first; neither secret ones nor those about an office's conduct. Looks at so many
 * of a span at most, the newest of it. */
enum { WEB_LOOK_MOST = 20000 };
int store_web_list(struct store *store, const struct web_filter *filter,
		   struct arena *arena, struct ticket **out, size_t *n,
		   struct err *err) MUST_CHECK;

/* ---- forwarded from here ---- */

struct watch {
	int64_t delivery_id, ticket_no;
	struct str external_id;
	bool closed;	/* when it was seen last */
	int64_t digest; /* of what was said then; 0: nothing */
};

/* From now on it is asked how this delivery's request stands. */
int store_watch_add(struct store *store, int64_t delivery_id, struct str department,
		    struct str way, struct str external_id, bool token, int64_t due_ms,
		    struct err *err) MUST_CHECK;
/* Those of a way that are due, the longest waiting first. */
int store_watches_due(struct store *store, struct str department, struct str way,
		      bool tokens, int64_t now_ms, int most, struct arena *arena,
		      struct watch **out, size_t *n, struct err *err) MUST_CHECK;
/* INT64_MAX: none. */
int store_watch_next(struct store *store, struct str department, struct str way,
		     int64_t *due_ms, struct err *err) MUST_CHECK;
/* What was seen; due_ms 0: it is not asked about any more. */
int store_watch_seen(struct store *store, const struct watch *watch, int64_t due_ms,
		     struct err *err) MUST_CHECK;
/* The clock has jumped. */
int store_watches_move(struct store *store, int64_t by_ms, struct err *err) MUST_CHECK;
/* A token has become a request. */
int store_watch_moved(struct store *store, int64_t delivery_id, struct str external_id,
		      int64_t due_ms, struct err *err) MUST_CHECK;

#endif
