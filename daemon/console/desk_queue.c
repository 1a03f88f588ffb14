/* SPDX-License-Identifier: MIT */
/*
 * The central desk's list: whatever waits for it, as one list with the reason of each,
 * its age, its deadline and what may be done. Tickets being looked at, offices that ask
 * for more time, groups that were proposed, deliveries that were parked, mails that
 * matched nothing, messages that could not be read, sends whose end is unknown. Index
 * look-ups only, so many of each kind.
 */
#include "console/desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/desk.h"
#include "store/mail.h"

enum { EACH_MOST = 500, SCRATCH = 1 << 20 };

/* How near the next best must be to the best, of its score, to be worth a question. */
static const double near_best = 0.6;

/* A row of the list, and what it is sorted by. */
struct item {
	struct json *row;
	int64_t since_ms, due_ms;
	bool urgent;
};

struct list {
	struct engine *engine;
	struct incoming *in;
	struct arena *scratch; /* of one ticket */
	struct item *items;
	size_t n, room;
	int limit;
	int64_t now_ms;
	struct json *more; /* kinds of which there are more than are shown */
};

/* ---- reasons ---- */

enum why {
	WHY_UNROUTED,
	WHY_AMBIGUOUS,
	WHY_SENSITIVE,
	WHY_SECRET,
	WHY_THRICE,
	WHY_HANDED_ON,
	WHY_OUTSIDE,
	WHY_REJECTION,
	WHY_EXTENSION,
	WHY_APPEAL,
	WHY_REOPENED,
	WHY_RECALLED,
	WHY_SEPARATED,
	WHY_UNANSWERED,
	WHY_ALIKE,
	WHY_PARKED,
	WHY_SILENT,
	WHY_MAIL,
	WHY_UNREADABLE,
	WHY_UNKNOWN,
	WHY_COUNT
};

/*
 * Name; a sentence for people; what may be done: verbs of `kentongan desk` with their
 * arguments behind the number, ids or codes the operator puts in.
 */
static const struct {
	const char *name, *sentence, *verbs[6];
} whys[WHY_COUNT] = {
	[WHY_UNROUTED] = { "unrouted",
			   "no department was found in its words",
			   { "route %s CODE", "ask %s TEXT", "reject %s TEXT",
			     "merge %s PARENT", "archive %s TEXT",
			     "teach %s --to CODE" } },
	[WHY_AMBIGUOUS] = { "ambiguous",
			    "two departments or more are likely",
			    { "route %s CODE", "ask %s TEXT", "reject %s TEXT",
			      "merge %s PARENT", "teach %s --to CODE" } },
	[WHY_SENSITIVE] = { "sensitive",
			    "it may be about an office or an official: read "
			    "it for clues to its sender before it is passed on",
			    { "route %s CODE", "ask %s TEXT", "reject %s TEXT" } },
	[WHY_SECRET] = { "secret",
			 "its sender asked for secrecy: read it before it is "
			 "passed on",
			 { "route %s CODE", "ask %s TEXT", "reject %s TEXT" } },
	[WHY_THRICE] = { "transferred",
			 "handed on three times, you decide whose it is",
			 { "route %s CODE", "ask %s TEXT", "reject %s TEXT",
			   "merge %s PARENT", "teach %s --to CODE" } },
	[WHY_HANDED_ON] = { "handed_on",
			    "an office says that it is not theirs",
			    { "route %s CODE", "ask %s TEXT", "reject %s TEXT" } },
	[WHY_OUTSIDE] = { "outside",
			  "it was passed to a body outside and is not settled",
			  { "route %s CODE", "ask %s TEXT", "reject %s TEXT" } },
	[WHY_REJECTION] = { "rejection",
			    "an office proposes to reject it",
			    { "reject %s TEXT", "route %s CODE", "ask %s TEXT" } },
	[WHY_EXTENSION] = { "extension",
			    "an office asks for more time",
			    { "extend %s DAY TEXT", "refuse %s TEXT" } },
	[WHY_APPEAL] = { "appeal",
			 "its sender objects to how it ended",
			 { "route %s CODE", "ask %s TEXT", "reject %s TEXT" } },
	[WHY_REOPENED] = { "reopened",
			   "its sender says that it is not settled",
			   { "route %s CODE", "ask %s TEXT", "reject %s TEXT" } },
	[WHY_RECALLED] = { "recalled",
			   "the desk took it back",
			   { "route %s CODE", "ask %s TEXT", "reject %s TEXT",
			     "merge %s PARENT" } },
	[WHY_SEPARATED] = { "separated",
			    "it was merged and is a matter of its own",
			    { "route %s CODE", "ask %s TEXT", "merge %s PARENT" } },
	[WHY_UNANSWERED] = { "unanswered",
			     "its sender did not say what we asked",
			     { "route %s CODE", "ask %s TEXT", "reject %s TEXT",
			       "teach %s --to CODE" } },
	[WHY_ALIKE] = { "alike",
			"it seems to be the same matter as another one",
			{ "merge %s PARENT", "apart %s" } },
	[WHY_PARKED] = { "parked",
			 "a department could not be reached by this way",
			 { "retry %s", "forget %s" } },
	[WHY_SILENT] = { "silent",
			 "none of its officers, nor its head, said that he has it: "
			 "telephone",
			 { "route %s CODE", "view %s" } },
	[WHY_MAIL] = { "mail",
		       "a mail that belongs to no ticket",
		       { "read %s", "noted %s" } },
	[WHY_UNREADABLE] = { "unreadable",
			     "a provider said what could not be read",
			     { "seen" } },
	[WHY_UNKNOWN] = { "unknown",
			  "it may or may not have been sent",
			  { "resend %s", "drop %s" } },
};

/* By what a ticket came to the desk. */
static const struct {
	const char *event;
	enum why why;
} events[] = {
	{ "opened_unclear", WHY_UNROUTED }, { "opened_sensitive", WHY_SENSITIVE },
	{ "opened_outside", WHY_OUTSIDE },  { "transfer", WHY_HANDED_ON },
	{ "outside", WHY_OUTSIDE },	    { "reject_proposed", WHY_REJECTION },
	{ "extend_asked", WHY_EXTENSION },  { "recall", WHY_RECALLED },
	{ "reopen", WHY_REOPENED },	    { "rate", WHY_REOPENED },
	{ "not_fixed", WHY_REOPENED },	    { "appeal", WHY_APPEAL },
	{ "unmerge", WHY_SEPARATED },	    { "ask_expired", WHY_UNANSWERED },
};

static bool is_ambiguous(const struct routing *r)
{
	const struct router_candidate *a = r->alternatives;

	if (r->n_alternatives == 0)
		return false;
	return r->even || a[0].score >= near_best * (r->department < 0 ? r->nearest.score
								       : r->score);
}

static enum why why_of(const struct ticket *t, const struct event *came,
		       const struct routing *routing)
{
	enum why why = WHY_UNROUTED;

	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (str_eq(came->kind, str_of(events[i].event)))
			why = events[i].why;
	if (why == WHY_UNROUTED && routing->suspected)
		return WHY_SENSITIVE;
	if (why == WHY_UNROUTED && is_ambiguous(routing))
		return WHY_AMBIGUOUS;
	if (why == WHY_HANDED_ON && t->life.transfers >= LIFE_TRANSFERS_MOST)
		return WHY_THRICE;
	if ((why == WHY_OUTSIDE || why == WHY_HANDED_ON) && t->life.sensitive)
		return WHY_SENSITIVE;
	return why == WHY_SENSITIVE && !t->life.sensitive && !routing->suspected
		       ? WHY_SECRET
		       : why;
}

/* ---- rows ---- */

static struct json *likely_json(const struct config *c, const struct ticket *t,
				const struct routing *r)
{
	struct router_candidate all[6];
	struct json *list = json_new_array();
	size_t n = 0;

	if (r->department >= 0)
		all[n++] = (struct router_candidate){ r->department, r->score };
	else if (r->nearest.score > 0)
		all[n++] = r->nearest;
	for (size_t i = 0; i < r->n_alternatives && n < 6; i++)
		if (n == 0 || r->alternatives[i].department != all[0].department)
			all[n++] = r->alternatives[i];
	for (size_t i = 0; i < n; i++) {
		struct str code = c->departments[all[i].department].code;
		struct json *o;

		if (str_eq(code, t->accused))
			continue;
		o = json_new_object();
		json_set(o, "department", json_new_str(code));
		json_set(o, "score",
			 json_new_real((double)(int64_t)(all[i].score * 1000 + 0.5) /
				       1000));
		json_add(list, o);
	}
	return list;
}

/* What to type; `one` stands where the number belongs. */
static struct json *commands_json(const struct list *l, enum why why, struct str one)
{
	struct json *list = json_new_array();
	const size_t most = sizeof(whys->verbs) / sizeof(*whys->verbs);

	for (size_t i = 0; i < most && whys[why].verbs[i]; i++) {
		struct str verb = str_of(whys[why].verbs[i]);
		size_t at = str_find(verb, STR("%s"));
		struct str rest = str_slice(verb, at < verb.n ? at + 2 : verb.n, verb.n);

		json_add(list,
			 json_new_str(arena_printf(
				 l->in->arena, "kentongan desk %.*s%.*s%.*s", (int)at,
				 verb.p, STR_ARG(at < verb.n ? one : STR("")),
				 STR_ARG(rest))));
	}
	return list;
}

static struct json *row_begin(const struct list *l, enum why why, const char *what,
			      struct str one, int64_t since_ms)
{
	struct json *o = json_new_object();

	json_set(o, "why", json_new_str(str_of(whys[why].name)));
	json_set(o, "because", json_new_str(str_of(whys[why].sentence)));
	json_set(o, "what", json_new_str(str_of(what)));
	json_set(o, "id", json_new_str(one));
	json_set(o, "since", desk_time(l->engine, l->in, since_ms));
	json_set(o, "age_s", json_new_int((l->now_ms - since_ms) / 1000));
	json_set(o, "commands", commands_json(l, why, one));
	return o;
}

static bool list_add(struct list *l, const struct item *item)
{
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 64;
		struct item *items = realloc(l->items, room * sizeof(*items));

		if (!items) {
			json_free(item->row);
			return false;
		}
		l->items = items;
		l->room = room;
	}
	l->items[l->n++] = *item;
	return true;
}

static struct str number(const struct list *l, int64_t n)
{
	return arena_printf(l->in->arena, "%lld", (long long)n);
}

static struct json *no_json(const struct list *l, int64_t no)
{
	return no ? json_new_str(number(l, no)) : json_new_null();
}

/* A history says where a ticket went with a step; here all went to the desk. */
static struct str note_of(const struct config *c, struct str note)
{
	struct str queue = c->gateway.rest_queue;

	if (!str_starts(note, queue))
		return note;
	if (note.n == queue.n)
		return STR("");
	return str_starts(str_slice(note, queue.n, note.n), STR(": "))
		       ? str_slice(note, queue.n + 2, note.n)
		       : note;
}

/* A ticket that cannot be opened keeps none of the others from the list. */
static int ticket_add(struct list *l, int64_t id, struct err *err)
{
	struct store *store = engine_store(l->engine);
	const struct config *c = engine_config(l->engine);
	struct event came = { .kind = STR(""), .actor = STR("") };
	struct routing routing = { .department = -1 };
	struct item item;
	struct ticket t;
	enum why why;
	bool found;

	arena_reset(l->scratch);
	if (store_ticket_get(store, id, l->scratch, &t, err) ||
	    store_desk_event(store, id, l->scratch, &came, &found, err)) {
		if (err->kind == ERR_LATER)
			return -1;
		log_event(LOG_LEVEL_ERROR, "desk_row_failed", LOG_Z("why", err->text));
		return 0;
	}
	if (t.text.n)
		router_route_plain(c->router, t.text, l->scratch, &routing);
	why = why_of(&t, &came, &routing);
	item = (struct item){ .since_ms = found ? came.at_ms : t.opened_ms,
			      .due_ms = t.answer_due_ms,
			      .urgent = t.urgent };
	item.row = row_begin(l, why, "ticket", number(l, t.no), item.since_ms);
	json_set(item.row, "due", desk_time(l->engine, l->in, item.due_ms));
	json_set(item.row, "by", json_new_str(came.actor));
	json_set(item.row, "note", desk_text(l->in, note_of(c, came.note)));
	json_set(item.row, "likely", likely_json(c, &t, &routing));
	json_set(item.row, "ticket", desk_ticket_json(l->engine, l->in, &t));
	return list_add(l, &item) ? 0 : err_set(err, ERR_LIMIT, "no room for the list");
}

static void more(struct list *l, const char *kind, size_t *n)
{
	if (*n <= (size_t)l->limit)
		return;
	*n = (size_t)l->limit;
	json_add(l->more, json_new_str(str_of(kind)));
}

static int tickets_add(struct list *l, enum desk_tickets which, const char *kind,
		       struct err *err)
{
	int64_t *ids;
	size_t n;

	if (store_desk_tickets(engine_store(l->engine), which, l->limit + 1, l->in->arena,
			       &ids, &n, err))
		return -1;
	more(l, kind, &n);
	for (size_t i = 0; i < n; i++)
		if (ticket_add(l, ids[i], err))
			return -1;
	return 0;
}

/* Its parent is known. */
static struct json *group_commands(const struct list *l, const struct desk_group *g)
{
	struct json *list = json_new_array();

	json_add(list,
		 json_new_str(arena_printf(l->in->arena, "kentongan desk merge %lld %lld",
					   (long long)g->no, (long long)g->head_no)));
	json_add(list,
		 json_new_str(arena_printf(l->in->arena, "kentongan desk apart %lld",
					   (long long)g->no)));
	return list;
}

static int groups_add(struct list *l, struct err *err)
{
	struct desk_group *groups;
	size_t n;

	if (store_desk_groups(engine_store(l->engine), l->limit + 1, l->in->arena,
			      &groups, &n, err))
		return -1;
	more(l, "groups", &n);
	for (size_t i = 0; i < n; i++) {
		const struct desk_group *g = &groups[i];
		struct item item = { .since_ms = g->opened_ms, .urgent = g->urgent };

		item.row =
			row_begin(l, WHY_ALIKE, "group", number(l, g->no), g->opened_ms);
		json_set(item.row, "head", no_json(l, g->head_no));
		json_set(item.row, "commands", group_commands(l, g));
		json_set(item.row, "senders", json_new_int(g->senders));
		json_set(item.row, "words", desk_text(l->in, g->words));
		if (!list_add(l, &item))
			return err_set(err, ERR_LIMIT, "no room for the list");
	}
	return 0;
}

/* ---- what is no ticket ---- */

static const struct {
	const char *kind, *what;
	enum why why;
	const char *seen; /* the counter that holds what was looked at */
} things[DESK_THINGS] = {
	[DESK_PARKED] = { "deliveries", "delivery", WHY_PARKED, NULL },
	[DESK_BAD] = { "messages", "message", WHY_UNREADABLE, "desk_bad" },
	[DESK_RAW] = { "answers", "answer", WHY_UNREADABLE, "desk_raw" },
	[DESK_UNANSWERED] = { "silences", "ticket", WHY_SILENT, NULL },
	[DESK_UNKNOWN] = { "sends", "send", WHY_UNKNOWN, NULL },
};

static int things_add(struct list *l, enum desk_things which, struct err *err)
{
	struct desk_thing *found;
	int64_t after = 0;
	size_t n;

	if (things[which].seen &&
	    store_count_look(engine_store(l->engine), things[which].seen, 0, &after, err))
		return -1;
	if (store_desk_things(engine_store(l->engine), which, after, l->limit + 1,
			      l->in->arena, &found, &n, err))
		return -1;
	more(l, things[which].kind, &n);
	for (size_t i = 0; i < n; i++) {
		const struct desk_thing *t = &found[i];
		struct item item = { .since_ms = t->at_ms, .urgent = t->urgent };

		item.row = row_begin(l, things[which].why, things[which].what,
				     number(l, which == DESK_UNANSWERED ? t->no : t->id),
				     t->at_ms);
		json_set(item.row, "where", json_new_str(t->where));
		json_set(item.row, "how", json_new_str(t->how));
		json_set(item.row, "note", desk_text(l->in, t->reason));
		json_set(item.row, "no", no_json(l, t->no));
		if (!list_add(l, &item))
			return err_set(err, ERR_LIMIT, "no room for the list");
	}
	return 0;
}

static int mails_add(struct list *l, struct err *err)
{
	struct mail_row *mails;
	size_t n;

	if (store_mail_list(engine_store(l->engine), true, 0, l->limit + 1, l->in->arena,
			    &mails, &n, err))
		return -1;
	more(l, "mails", &n);
	for (size_t i = 0; i < n; i++) {
		const struct mail_row *m = &mails[i];
		struct item item = { .since_ms = m->received_ms };

		item.row =
			row_begin(l, WHY_MAIL, "mail", number(l, m->id), m->received_ms);
		json_set(item.row, "where", json_new_str(m->source));
		json_set(item.row, "how", json_new_str(m->kind));
		json_set(item.row, "note", desk_text(l->in, m->note));
		json_set(item.row, "no", no_json(l, m->ticket_no));
		if (!list_add(l, &item))
			return err_set(err, ERR_LIMIT, "no room for the list");
	}
	return 0;
}

/* ---- the list ---- */

/* Urgent ones first, then what falls due first, then the oldest. */
static int first_first(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int64_t due_x = x->due_ms ? x->due_ms : INT64_MAX,
		due_y = y->due_ms ? y->due_ms : INT64_MAX;

	if (x->urgent != y->urgent)
		return x->urgent ? -1 : 1;
	if (due_x != due_y)
		return due_x < due_y ? -1 : 1;
	return (x->since_ms > y->since_ms) - (x->since_ms < y->since_ms);
}

static int collect(struct list *l, struct err *err)
{
	if (tickets_add(l, DESK_TICKETS, "tickets", err) ||
	    tickets_add(l, DESK_WISHES, "extensions", err) || groups_add(l, err) ||
	    mails_add(l, err))
		return -1;
	for (int k = 0; k < DESK_THINGS; k++)
		if (things_add(l, (enum desk_things)k, err))
			return -1;
	return 0;
}

static struct json *list_json(struct list *l)
{
	struct json *o = json_new_object(), *items = json_new_array();
	int64_t urgent = 0;

	if (l->n)
		qsort(l->items, l->n, sizeof(*l->items), first_first);
	for (size_t i = 0; i < l->n; i++) {
		json_set(l->items[i].row, "urgent", json_new_bool(l->items[i].urgent));
		json_add(items, l->items[i].row);
		urgent += l->items[i].urgent;
	}
	json_set(o, "at", desk_time(l->engine, l->in, l->now_ms));
	json_set(o, "count", json_new_int((int64_t)l->n));
	json_set(o, "urgent", json_new_int(urgent));
	json_set(o, "more", l->more);
	json_set(o, "items", items);
	return o;
}

bool desk_waiting(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct list l = { .engine = engine, .in = in, .now_ms = clock_wall_ms() };
	struct json *root = NULL;
	struct err err;

	if (!desk_limit(in, &l.limit, answer))
		return true;
	if (l.limit > EACH_MOST)
		l.limit = EACH_MOST;
	l.scratch = arena_new("desk", SCRATCH);
	l.more = json_new_array();
	if (!l.scratch)
		err_set(&err, ERR_LIMIT, "no memory for the desk's list");
	else if (collect(&l, &err) == 0)
		root = list_json(&l);
	if (!root) {
		for (size_t i = 0; i < l.n; i++)
			json_free(l.items[i].row);
		json_free(l.more);
	}
	free(l.items);
	arena_free(l.scratch);
	return root ? desk_json(in, 200, root, answer)
		    : desk_problem(in, 503, err.text, answer);
}

/* ---- what is dismissed ---- */

/* All that could not be read so far has been looked at. */
bool desk_seen(struct engine *engine, struct incoming *in, struct answer *answer)
{
	static const enum desk_things kinds[] = { DESK_BAD, DESK_RAW };
	struct store *store = engine_store(engine);
	struct json *o;
	struct err err;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *counter = things[kinds[i]].seen;
		int64_t seen, newest;

		if (store_count_add(store, counter, 0, 0, &seen, &err) ||
		    store_desk_newest(store, kinds[i], seen, &newest, &err) ||
		    (newest > seen &&
		     store_count_add(store, counter, 0, newest - seen, &seen, &err)))
			return desk_problem(in, 503, err.text, answer);
	}
	o = json_new_object();
	json_set(o, "done", json_new_str(STR("seen")));
	return desk_json(in, 200, o, answer);
}

/* A mail needs nothing more. */
bool desk_noted(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o;
	struct err err;
	int64_t id;
	bool found;

	if (!str_to_int(pairs_get(in->request.query, STR("id")), &id))
		return desk_problem(in, 400, "which mail?", answer);
	if (store_desk_mail_done(engine_store(engine), id, &found, &err))
		return desk_problem(in, 503, err.text, answer);
	if (!found)
		return desk_problem(in, 404, "no mail of that id waits for the desk",
				    answer);
	log_event(LOG_LEVEL_NOTICE, "desk_noted", LOG_I("mail", id));
	o = json_new_object();
	json_set(o, "done", json_new_str(STR("noted")));
	return desk_json(in, 200, o, answer);
}

/* Not the same matter after all. */
bool desk_apart(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct store *store = engine_store(engine);
	struct alike alike;
	struct ticket t;
	struct json *o;
	struct err err;
	bool found;
	int64_t no;

	if (!str_to_int(pairs_get(in->request.query, STR("no")), &no))
		return desk_problem(in, 400, "which ticket?", answer);
	if (store_ticket_by_no(store, no, in->arena, &t, &err))
		return desk_problem(in, err.kind == ERR_NEVER ? 404 : 503, err.text,
				    answer);
	if (store_alike_get(store, t.id, in->arena, &alike, &found, &err))
		return desk_problem(in, 503, err.text, answer);
	if (!found || !str_eq(alike.state, STR("proposed")))
		return desk_problem(in, 409, "it is proposed for no group", answer);
	alike.ticket_id = t.id;
	alike.state = STR("refused");
	if (store_alike_set(store, &alike, &err))
		return desk_problem(in, 503, err.text, answer);
	log_event(LOG_LEVEL_NOTICE, "desk_apart", LOG_I("no", no));
	o = json_new_object();
	json_set(o, "done", json_new_str(STR("apart")));
	return desk_json(in, 200, o, answer);
}
