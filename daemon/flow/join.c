/* SPDX-License-Identifier: MIT */
/*
 * More of a complaint, or the same again: what a text adds to an open ticket of its
 * sender's instead of opening one of its own. The same words about another place are
 * another complaint.
 */
#include "flow/flow.h"

#include "model/place.h"
#include "model/similar.h"

enum { LOOK_BACK = 3 };

int ticket_join(struct engine *e, struct heard *h, struct ticket *t, struct str words,
		bool again, struct err *err)
{
	const struct deed deed = {
		.act = { .event = t->life.state == TICKET_TANYA ? LIFE_ANSWERED
								: LIFE_ADDED,
			 .who = LIFE_CITIZEN },
		.actor = STR("warga"),
		.words = words,
		.message_id = h->id,
		.department = -1,
		.heard = h,
		.quiet = again,
	};
	enum life_refusal refusal;

	if (ticket_do(e, t, &deed, &refusal, err))
		return -1;
	if (refusal != LIFE_OK)
		return err_set(err, ERR_BUG, "an open ticket takes no addition");
	return again ? say_about(e, h, REPLY_SAMA_SENDIRI, t, NULL, err) : 0;
}

struct said said_in(struct engine *e, const struct ticket *t, int64_t at_ms)
{
	return (struct said){
		.at_ms = at_ms,
		.complaint = true,
		.department = config_department(e->config, t->department),
		.kecamatan = t->kecamatan,
		.desa = t->desa,
		.locals = place_locals(t->text, e->item),
	};
}

struct said said_now(struct engine *e, const struct routing *r, struct str text)
{
	return (struct said){
		.at_ms = e->wall_ms,
		.other_kind = r->kind != KIND_COMPLAINT && r->kind != KIND_UNCLEAR,
		.department = r->department,
		.shape = context_shape(text, e->item),
		.kecamatan = r->kecamatan,
		.desa = r->desa,
		.locals = place_locals(text, e->item),
		.placed = r->kecamatan.n || r->desa.n ||
			  place_named(text, &e->config->place_names, e->item),
	};
}

/* *told: the sender's newest message before this one was put into the ticket's history
 * as what it tells; false: it was a command, or about another ticket. */
static int told_last(struct engine *e, const struct heard *h, const struct ticket *t,
		     bool *told, struct err *err)
{
	struct event *events;
	size_t n;

	*told = h->earlier.id == t->message_id;
	if (*told)
		return 0;
	if (store_events(e->store, t->id, e->item, &events, &n, err))
		return -1;
	for (size_t i = 0; i < n && !*told; i++)
		*told = events[i].message_id == h->earlier.id &&
			(i == 0 ||
			 str_eq(events[i].kind,
				str_of(lifecycle_event_name(LIFE_ADDED))) ||
			 str_eq(events[i].kind,
				str_of(lifecycle_event_name(LIFE_ANSWERED))));
	return 0;
}

/* A second text within minutes is most likely the rest of the first. */
static int join_continuation(struct engine *e, struct heard *h, struct ticket *t,
			     const struct routing *r, struct str text, bool *joined,
			     struct err *err)
{
	const struct said earlier = said_in(e, t, h->earlier.at_ms);
	struct said later = said_now(e, r, text);
	bool told;

	if (told_last(e, h, t, &told, err))
		return -1;
	later.between = !told;
	*joined = context_is_continuation(&earlier, &later);
	return *joined ? ticket_join(e, h, t, text, false, err) : 0;
}

/* Danger in what goes on with an ordinary ticket would not be seen there: it opens one.
 */
static bool is_alarm(const struct routing *r, const struct ticket *t)
{
	return r->urgent && !t->urgent;
}

bool ticket_must_not_read(const struct ticket *t, const struct routing *r)
{
	return (r->sensitive || r->suspected) && t->department.n && !t->life.sensitive;
}

/* The same words about another place are another complaint. */
static int join_same(struct engine *e, struct heard *h, struct ticket *list, size_t n,
		     const struct routing *r, struct str text, bool *joined,
		     struct err *err)
{
	const struct text_rules *rules = router_rules(e->config->router);
	const struct said later = said_now(e, r, text);
	struct sketch mine = similar_sketch(rules, text, e->item), its;

	for (size_t i = 0; i < n && !*joined; i++) {
		const struct said earlier = said_in(e, &list[i], list[i].opened_ms);

		if (e->wall_ms - list[i].opened_ms > e->config->conversation.same_ms ||
		    context_elsewhere(&earlier, &later) || is_alarm(r, &list[i]) ||
		    ticket_must_not_read(&list[i], r))
			continue;
		its = similar_sketch(rules, list[i].text, e->item);
		if (!similar_again(&its, &mine))
			continue;
		*joined = true;
		if (ticket_join(e, h, &list[i], text, true, err))
			return -1;
	}
	return 0;
}

/* *joined: it belongs to an open ticket of the sender's, and was added there. */
int ticket_join_own(struct engine *e, struct heard *h, const struct routing *r,
		    struct str text, bool *joined, struct err *err)
{
	struct ticket *list;
	size_t n;

	*joined = false;
	if (h->person.last_ticket == 0)
		return 0;
	if (store_tickets_of(e->store, &h->person, true, 0, LOOK_BACK, e->item, &list, &n,
			     err))
		return -1;
	if (r->kind == KIND_COMPLAINT && join_same(e, h, list, n, r, text, joined, err))
		return -1;
	if (*joined || n == 0 || is_alarm(r, &list[0]) ||
	    ticket_must_not_read(&list[0], r) || list[0].id != h->person.last_ticket ||
	    e->wall_ms - h->earlier.at_ms > e->config->conversation.continue_ms)
		return 0;
	return join_continuation(e, h, &list[0], r, text, joined, err);
}
