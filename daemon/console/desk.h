/* SPDX-License-Identifier: MIT */
/* What the files of console/ share. */
#ifndef CONSOLE_DESK_H
#define CONSOLE_DESK_H

#include "base/json.h"
#include "model/ticketno.h"
#include "console/console.h"

/* As engine_desk: true when *answer is filled, false when it comes later. */
typedef bool (*desk_fn)(struct engine *engine, struct incoming *in,
			struct answer *answer);

/* Takes root over. */
bool desk_json(struct incoming *in, int status, struct json *root, struct answer *answer);
bool desk_problem(struct incoming *in, int status, const char *sentence,
		  struct answer *answer);

/* admin.c */
bool desk_ready(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_metrics(struct engine *engine, struct incoming *in, struct answer *answer);

/* … and for others who add to them: HELP and TYPE of a family, a label's value, the rows
 * of a histogram with these labels ("" or `a="b",c="d"`) */
void desk_family(struct buf *b, const char *name, const char *type, const char *help);
void desk_label(struct buf *b, struct str value);
void desk_histogram(struct buf *b, const char *name, const char *labels,
		    const struct histogram *histogram, const double *bounds);
/* calls.c */
void desk_call_metrics(struct engine *engine, struct buf *b);
/* What calls are counted under: incoming.route is one of these and an index. */
enum { ROUTE_API = 1, ROUTE_OPEN311 = 12 };
struct desk_route {
	const char *method, *route; /* the path's template */
};
/* False: there are no more. The last is "other": what is no route. */
bool api_route(int i, struct desk_route *out);
bool geo_route(int i, struct desk_route *out);

/* ways.c */
bool desk_queue(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_deliver(struct engine *engine, struct incoming *in, struct answer *answer);
void desk_way_metrics(struct engine *engine, struct incoming *in, struct buf *b);

/* filter.c: what was asked for. False: *answer says which part of it is wrong. */
bool desk_limit(struct incoming *in, int *limit, struct answer *answer);
bool desk_ticket_filter(struct engine *engine, struct incoming *in,
			struct ticket_filter *filter, struct answer *answer);
/* A department's code as the configuration spells it, from one in any letters; as it was
 * written where there is none. */
struct str desk_department(const struct config *config, struct incoming *in,
			   struct str code);
/* "no department "PUPRR"; there are …" */
const char *desk_no_department(const struct config *config, struct incoming *in,
			       struct str code);

/* control.c */
struct json *desk_text(struct incoming *in, struct str text); /* cleaned */
struct json *desk_time(struct engine *engine, struct incoming *in, int64_t wall_ms);
/* Who a person is to everybody else; "" for 0. */
struct json *desk_token(struct engine *engine, struct incoming *in, int64_t person_id);
struct json *desk_history_json(struct engine *engine, struct incoming *in,
			       const struct event *events, size_t n);
struct json *desk_replies_json(struct engine *engine, struct incoming *in,
			       const struct message_out *out, size_t n);
/* A ticket as the operator sees it. */
struct json *desk_ticket_json(struct engine *engine, struct incoming *in,
			      const struct ticket *ticket);
bool desk_status(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_tickets(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_ticket(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_messages(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_pause(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_resume(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_reload(struct engine *engine, struct incoming *in, struct answer *answer);

/* person.c */
/* Who asks over the control socket, as the system knows him. */
struct str desk_login(struct incoming *in);
bool desk_person(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_audit(struct engine *engine, struct incoming *in, struct answer *answer);

/* export.c */
struct json *desk_audit_json(struct engine *engine, struct incoming *in,
			     const struct audit_row *row);
/* Everything that the store holds about a person; NULL with *err. */
struct json *desk_export(struct engine *engine, struct incoming *in,
			 const struct person *person, struct err *err);

/* token.c */
bool desk_token_create(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_tokens(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_token_revoke(struct engine *engine, struct incoming *in, struct answer *answer);

/* report.c */
bool desk_report(struct engine *engine, struct incoming *in, struct answer *answer);

/* work.c */
bool desk_due(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_decide(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_act(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_alike(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_events(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_event_start(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_event_say(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_event_end(struct engine *engine, struct incoming *in, struct answer *answer);

/* open311.c */
bool desk_open311(struct engine *engine, struct incoming *in, struct answer *answer);

/* mails.c */
bool desk_mail_in(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_mails(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_mail(struct engine *engine, struct incoming *in, struct answer *answer);

/* desk_queue.c, desk_teach.c: the central desk's list, and what it teaches from */
bool desk_waiting(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_seen(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_noted(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_apart(struct engine *engine, struct incoming *in, struct answer *answer);
bool desk_texts(struct engine *engine, struct incoming *in, struct answer *answer);

#endif
