/* SPDX-License-Identifier: MIT */
/*
 * What happens to tickets, in the order in which it was written down: each once, none
 * left out, whatever the clock does. With `wait` the answer comes when there is something
 * to tell (long polling). A look goes over so many rows at most and says where it
 * stopped, also when none of them was the caller's. Who waits is woken often: he looks on
 * from where he stopped, and what he looks at is gone afterwards. That a ticket has left
 * the department is told once, with its number and nothing else.
 */
#include "console/api.h"

#include "store/api.h"

enum {
	EVENTS_MOST = 100,
	STEP = 128,
	STEPS_MOST = 4,
	WAIT_MOST_S = 50,
	SCRATCH_BYTES = 1 << 20
};

struct feed {
	struct api_call *call;
	struct json *list;
	int64_t after;
	size_t n;
	bool end;
};

/* One of its own officers, or its software, has given the ticket away. */
static bool gave_away(const struct api_call *call, const struct api_event *e)
{
	struct str mine, rest;

	if (call->department < 0 || !str_eq(e->kind, STR("transfer")))
		return false;
	mine = arena_printf(call->scratch, "petugas:%.*s",
			    STR_ARG(call->config->departments[call->department].code));
	rest = str_slice(e->actor, mine.n, e->actor.n);
	return mine.p && str_starts(e->actor, mine) && (rest.n == 0 || rest.p[0] == ':');
}

static bool lost(const struct api_call *call, const struct api_event *e)
{
	return call->department >= 0 &&
	       str_eq(e->left, call->config->departments[call->department].code);
}

/* How others took it away, and who, is not told: it may be because of whom it accuses. */
static struct json *event_json(struct api_call *call, const struct api_event *e,
			       bool gone)
{
	struct json *o = json_new_object();
	bool hush = gone && !gave_away(call, e);

	json_set(o, "id", json_new_int(e->id));
	json_set(o, "at", api_time(call, e->at_ms));
	json_set(o, "event", json_new_str(hush ? STR("gone") : e->kind));
	json_set(o, "by",
		 json_new_str(hush ? STR("gateway") : str_of(api_actor(e->actor))));
	json_set(o, "no", api_no(call, e->no));
	json_set(o, "gone", json_new_bool(gone));
	if (gone)
		return o;
	json_set(o, "state", json_new_str(str_of(ticket_state_code(e->state))));
	json_set(o, "department", json_new_str(e->department));
	json_set(o, "etag",
		 json_new_str(api_etag(call, e->changed_ms, e->ticket_id, false)));
	return o;
}

static void tell(struct feed *f, const struct api_event *e)
{
	bool mine = api_may_see(f->call, e->department, e->accused, e->sensitive);
	bool gone = !mine && lost(f->call, e);
	enum life_event event;

	f->after = e->id;
	if ((!mine && !gone) || !lifecycle_event_read(e->kind, &event))
		return;
	json_add(f->list, event_json(f->call, e, gone));
	f->n++;
}

static int look(struct feed *f, struct err *err)
{
	for (int step = 0; step < STEPS_MOST && !f->end && f->n < EVENTS_MOST; step++) {
		struct api_event *events;
		size_t n, i;

		if (store_api_events(f->call->store, f->after, STEP, f->call->scratch,
				     &events, &n, err))
			return -1;
		for (i = 0; i < n && f->n < EVENTS_MOST; i++)
			tell(f, &events[i]);
		f->end = i == n && n < STEP;
	}
	return 0;
}

static bool answer(struct feed *f)
{
	struct json *root = json_new_object();
	struct cursor next = { 'e', f->after, 0 };

	json_set(root, "events", f->list);
	json_set(root, "next", json_new_str(cursor_write(next, f->call->in->arena)));
	json_set(root, "more", json_new_bool(!f->end));
	api_header(f->call, "Cache-Control", STR("no-store"));
	return api_json(f->call, 200, root);
}

/* Without a place: from now on. */
static int begin(struct api_call *call, struct feed *f, struct err *err)
{
	struct str after = api_query(call, "after");
	struct cursor at = { .a = 0 };

	if (after.p && cursor_read(after, 'e', &at)) {
		f->after = at.a > call->in->looked ? at.a : call->in->looked;
		return 0;
	}
	f->end = true;
	return store_api_event_last(call->store, &f->after, err);
}

/* A place that there is not yet is of another history: a backup was restored. *there
 * false: answered; to wait there would be to miss all that comes before. */
static int look_for_place(struct feed *f, bool *there, struct err *err)
{
	int64_t last;

	*there = true;
	if (store_api_event_last(f->call->store, &last, err))
		return -1;
	if (f->after > last)
		*there = api_query_fault(f->call, "after", "cursor_ahead",
					 "begin again without it: the gateway's history "
					 "is shorter than that");
	return 0;
}

/* False: he waits. */
static bool feed(struct feed *f, int64_t wait_s)
{
	struct api_call *call = f->call;
	struct err err;
	bool there;

	if (begin(call, f, &err) || look_for_place(f, &there, &err))
		return api_failed(call, &err);
	if (!there)
		return true;
	f->list = json_new_array();
	if (!f->end && look(f, &err)) {
		json_free(f->list);
		return api_failed(call, &err);
	}
	/* Where nothing is asked after, the place to begin at is the answer. */
	if (f->n || !f->end || !api_query(call, "after").p || wait_s == 0)
		return answer(f);
	call->in->looked = f->after;
	if (!engine_wait(call->engine, call->in, call->token.id, wait_s * 1000))
		return answer(f);
	json_free(f->list);
	return false;
}

bool api_events(struct api_call *call)
{
	static const char *const names[] = { "after", "wait", NULL };
	static const struct err full = { .kind = ERR_LATER };
	struct feed f = { .call = call };
	struct cursor at;
	int64_t wait_s = 0;
	bool answered;

	if (!api_query_only(call, names) ||
	    !api_query_int(call, "wait", 0, WAIT_MOST_S, &wait_s))
		return true;
	if (api_query(call, "after").p &&
	    !cursor_read(api_query(call, "after"), 'e', &at))
		return !api_query_fault(call, "after", "cursor",
					"what stood in `next`, unchanged, or nothing");
	call->scratch = arena_new("events", SCRATCH_BYTES);
	if (!call->scratch)
		return api_failed(call, &full);
	answered = feed(&f, wait_s);
	arena_free(call->scratch);
	return answered;
}
