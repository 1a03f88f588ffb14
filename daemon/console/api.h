/* SPDX-License-Identifier: MIT */
/*
 * What the files of the HTTP API share. One call of it: who asks is known and may ask
 * this, his path is taken apart. Everything lives until the answer.
 */
#ifndef CONSOLE_API_H
#define CONSOLE_API_H

#include "base/json_text.h"
#include "console/desk.h"
#include "model/cursor.h"
#include "store/token.h"

enum { API_HEADERS = 12 };

struct api_call {
	struct engine *engine;
	struct incoming *in;
	struct answer *answer;
	struct arena *scratch; /* what a ticket is made from; else in->arena */
	const struct config *config;
	struct store *store;
	struct arena
		*who; /* where the token's words are; gone before the answer is sent */
	struct token token;
	int department; /* the token's, index; −1: all of them */
	struct str no;	/* {no} and {act} of the path; n 0: it has none */
	struct str act;
	int64_t now_ms;	 /* wall, of this turn */
	int64_t gone_no; /* of a ticket that was the caller's; a problem names it */
	struct str_pair headers[API_HEADERS];
	size_t n_headers;
};

/* As desk_fn: true when *call->answer is filled. */
typedef bool api_fn(struct api_call *call);

/* ---- answers (api_answer.c) ---- */

/* A header of the answer; a value with a line break would be refused by the listener. */
void api_header(struct api_call *call, const char *name, struct str value);
/* Takes root over. */
bool api_json(struct api_call *call, int status, struct json *root);
/* Frees what was written; a problem when it did not fit. */
bool api_written(struct api_call *call, struct buf *body);
enum { API_BODY_CEILING = 1 << 20 };
/* A body that is JSON already. */
bool api_body(struct api_call *call, int status, struct str body);
/* No body: 304. */
bool api_bare(struct api_call *call, int status);

/* What is wrong, for people and programs (RFC 9457). */
struct api_fault {
	int status;
	const char *rule;   /* a word that never changes: "needs_text" */
	const char *detail; /* one sentence */
	const char *field;  /* of body or query, or a header; NULL: none */
	const char *remedy; /* what to do; NULL: the sentence says it */
};
bool api_problem(struct api_call *call, const struct api_fault *fault);
/* 503 of a store that fails, 500 of our own mistake. */
bool api_failed(struct api_call *call, const struct err *err);
/* Of the path's number: 404, whether there is none or it is another's; 410 when it was
 * the caller's once. */
bool api_no_ticket(struct api_call *call);

/* ---- what was asked for (api_ask.c); false: answered ---- */

struct str api_query(const struct api_call *call, const char *name);
/* Nothing but these; the list ends with NULL. */
bool api_query_only(struct api_call *call, const char *const *names);
bool api_query_int(struct api_call *call, const char *name, int64_t least, int64_t most,
		   int64_t *out);
/* *out: −1 when it is not there, 0, 1 */
bool api_query_bool(struct api_call *call, const char *name, int *out);
bool api_query_fault(struct api_call *call, const char *name, const char *rule,
		     const char *remedy);
struct str api_request_header(const struct api_call *call, const char *name);

/* ---- tickets (api_ticket.c) ---- */

/* Whether the caller may know of it at all. */
bool api_may_see(const struct api_call *call, struct str department, struct str accused,
		 bool sensitive);
/* Whether its words, and where it is, are not for the caller. */
bool api_is_hidden(const struct api_call *call, bool secret, bool sensitive);
/* Strong: another one after every act on the ticket, and when its words were wiped. p
 * NULL: no room. */
struct str api_etag(const struct api_call *call, int64_t changed_ms, int64_t id,
		    bool wiped);
/* Words as they leave the desk: cleaned, numbers masked. */
struct str api_words(struct api_call *call, struct str words);
struct str api_iso(struct api_call *call, int64_t wall_ms);    /* 0: p NULL */
struct json *api_time(struct api_call *call, int64_t wall_ms); /* 0: null */
struct json *api_no(struct api_call *call, int64_t no);
/* "no" of an object that is open. */
void api_no_write(struct json_text *to, int64_t no);
/* "citizen" "office" "desk" "gateway" */
const char *api_actor(struct str actor);
/* Its fields, into an object that is open. */
void api_ticket_write(struct api_call *call, struct json_text *to,
		      const struct ticket *ticket);
api_fn api_ticket;

/* api_list.c */
api_fn api_tickets;
/* api_events.c */
api_fn api_events;
/* api_act.c */
api_fn api_act;
/* The scope that an act needs; 0: there is no such act. */
unsigned api_act_scope(struct str act);
/* api_who.c */
api_fn api_me, api_departments, api_openapi;

/* api.c: the switchboard; as desk_fn. */
bool api_answer(struct engine *engine, struct incoming *in, struct answer *answer);

#endif
