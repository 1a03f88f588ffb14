/* SPDX-License-Identifier: MIT */
/*
 * What happens to a ticket. Everything that changes one comes through ticket_do: the life
 * cycle's table says what comes of it; here that is written down (the row, an event that
 * is never changed, the clocks) and told, all in the same transaction.
 */
#include "flow/duty.h"

#include <ctype.h>

#include "store/api.h"

/* ---- counting for metrics ---- */

/* The row of a department that has left the configuration; NULL: no room. */
static struct stats_stray *stray_of(struct stats *s, struct str code)
{
	for (size_t i = 0; i < STATS_STRAYS; i++) {
		struct stats_stray *row = &s->strays[i];

		if (row->code[0] == '\0' && code.n && code.n < sizeof(row->code))
			memcpy(row->code, code.p, code.n);
		if (str_eq(str_of(row->code), code))
			return row;
	}
	return NULL;
}

void ticket_counted(struct engine *e, struct str code, enum ticket_state state,
		    int64_t by)
{
	int department = config_department(e->config, code);
	size_t rest = e->config->n_departments < STATS_DEPARTMENTS
			      ? e->config->n_departments
			      : STATS_DEPARTMENTS;
	size_t d = department < 0 || department >= STATS_DEPARTMENTS ? rest
								     : (size_t)department;

	struct stats_stray *stray =
		department < 0 && code.n && !str_eq(code, e->config->gateway.rest_queue)
			? stray_of(&e->stats, code)
			: NULL;

	if (stray)
		stray->tickets[state] += by;
	else
		e->stats.tickets[d][state] += by;
}

/* ---- clocks ---- */

const struct clock_rules *ticket_rules(const struct engine *e, const struct ticket *t)
{
	int department = config_department(e->config, t->department);

	return department < 0 ? &e->config->clocks
			      : &e->config->departments[department].clocks;
}

void ticket_clocks(struct engine *e, struct ticket *t)
{
	struct due due;

	if (!clocks_next(ticket_rules(e, t), e->config->calendar, &t->life, &t->clocks,
			 e->wall_ms, &due)) {
		t->due_ms = 0;
		return;
	}
	t->due_ms = due.act_ms;
	if (t->due_ms < e->plan.due_ms)
		e->plan.due_ms = t->due_ms;
}

/*
 * When it changed: the wall clock's time, but each change of any ticket is later than all
 * before, also when the clock is put back. So whoever lists what changed misses none, and
 * who has read one state cannot change another.
 */
static int64_t changed_now(struct engine *e)
{
	e->changed_ms = e->wall_ms > e->changed_ms ? e->wall_ms : e->changed_ms + 1;
	return e->changed_ms;
}

/* ---- the deed ---- */

static bool by_office(enum life_event event)
{
	return event == LIFE_ACCEPT || event == LIFE_PROGRESS || event == LIFE_SCHEDULE ||
	       event == LIFE_DONE || event == LIFE_ASK;
}

static void move_department(const struct engine *e, struct ticket *t,
			    const struct deed *deed)
{
	if (t->life.state == TICKET_PERIKSA && deed->act.event != LIFE_OPENED_SENSITIVE)
		t->department = e->config->gateway.rest_queue;
	else if ((deed->act.event == LIFE_ROUTE || deed->act.event == LIFE_TRANSFER) &&
		 deed->department >= 0)
		t->department = e->config->departments[deed->department].code;
}

static void grow(struct engine *e, struct ticket *t, const struct deed *deed,
		 const struct life_step *step)
{
	int64_t promise;

	t->life = step->after;
	t->changed_ms = changed_now(e);
	move_department(e, t, deed);
	if (step->does & LIFE_MUTES)
		t->muted = true;
	if (deed->parent && t->life.state == TICKET_DIGABUNG)
		t->parent_id = deed->parent->id;
	else if (t->life.state != TICKET_DIGABUNG)
		t->parent_id = 0;
	if (deed->act.event == LIFE_UNMERGE)
		t->incident_id = 0; /* its broadcasts are not his matter */
	if (by_office(deed->act.event) && t->first_ms == 0)
		t->first_ms = e->wall_ms;
	if (deed->act.event == LIFE_DONE)
		t->done_ms = e->wall_ms;
	clocks_apply(&t->clocks, step, e->wall_ms);
	promise = clocks_promise(ticket_rules(e, t), e->config->calendar, &t->life,
				 &t->clocks, e->wall_ms);
	if (promise)
		t->answer_due_ms = promise;
	ticket_clocks(e, t);
}

/* What the history keeps beside who and when: the point first, then the words. */
static struct str point_of(const struct engine *e, const struct ticket *t,
			   const struct deed *deed, struct str was_department)
{
	if (deed->act.rating)
		return arena_printf(e->item, "%d", deed->act.rating);
	if (deed->parent)
		return arena_printf(e->item, "%lld", (long long)deed->parent->no);
	if (deed->outside.n)
		return deed->outside;
	if (deed->act.date_ms)
		return calendar_show_date(e->config->calendar, deed->act.date_ms,
					  e->item);
	return str_eq(t->department, was_department) ? str_from(NULL, 0) : t->department;
}

static struct str note_of(const struct engine *e, const struct ticket *t,
			  const struct deed *deed, struct str was_department)
{
	struct str words = deed->note.n ? deed->note : deed->words,
		   point = point_of(e, t, deed, was_department);

	if (point.n == 0)
		return words;
	return words.n ? arena_printf(e->item, "%.*s: %.*s", STR_ARG(point),
				      STR_ARG(words))
		       : point;
}

/* What a department's software could see and cannot any more: it is told so, and that
 * is all. */
static int left(struct engine *e, const struct ticket *t, const struct ticket *was,
		struct err *err)
{
	struct str had = was->department;
	int64_t event_id;

	if (config_department(e->config, had) < 0 || str_eq(was->accused, had) ||
	    (str_eq(t->department, had) && !str_eq(t->accused, had)))
		return 0;
	return store_event_last(e->store, t->id, &event_id, err) ||
			       store_left_add(e->store, t->id, event_id, had,
					      t->changed_ms, err)
		       ? -1
		       : 0;
}

static int write_down(struct engine *e, struct ticket *t, const struct deed *deed,
		      const struct life_step *step, const struct ticket *was,
		      struct err *err)
{
	const struct event event = {
		.ticket_id = t->id,
		.at_ms = e->wall_ms,
		.kind = str_of(step->record),
		.actor = deed->actor,
		.message_id = deed->message_id,
		.note = note_of(e, t, deed, was->department),
	};

	callers_news(e);
	if (store_event_add(e->store, &event, err) || left(e, t, was, err))
		return -1;
	return store_ticket_save(e->store, t, err);
}

/* What the tables need and the row has not. */
static int life_fill(struct engine *e, struct ticket *t, struct err *err)
{
	struct ticket *followers;
	size_t n;

	t->life.window_ms =
		clocks_window(ticket_rules(e, t), e->config->calendar, t->life.closed_ms);
	t->life.followers = 0;
	if (t->id == 0)
		return 0;
	if (store_tickets_group(e->store, TICKETS_FOLLOWERS, t->id, 0, 1, e->item,
				&followers, &n, err))
		return -1;
	t->life.followers = (unsigned)n;
	return 0;
}

/* What is said about a merged ticket happens to the one that goes on; *refusal: that one
 * does not take it. The words of a secret one stay with it: the other need not be. */
static int on_parent(struct engine *e, const struct ticket *t, const struct deed *deed,
		     enum life_refusal *refusal, struct err *err)
{
	struct ticket parent;
	struct deed same = *deed;

	same.parent = NULL;
	same.as = t;
	if (t->life.secret || t->life.sensitive) {
		same.words = same.note = STR("(rahasia)");
		same.message_id = 0;
	}
	if (store_ticket_get(e->store, t->parent_id, e->item, &parent, err))
		return -1;
	if (same.act.event == LIFE_ADDED && parent.life.state == TICKET_TANYA)
		same.act.event = LIFE_ANSWERED;
	return ticket_do(e, &parent, &same, refusal, err);
}

/* Those that were merged into a ticket which is merged itself now go along. */
static int followers_move(struct engine *e, const struct ticket *t, struct err *err)
{
	enum { PAGE = 100 };
	struct ticket *page;
	size_t n;

	do {
		if (store_tickets_group(e->store, TICKETS_FOLLOWERS, t->id, 0, PAGE,
					e->item, &page, &n, err))
			return -1;
		for (size_t i = 0; i < n; i++) {
			page[i].parent_id = t->parent_id;
			if (store_ticket_save(e->store, &page[i], err))
				return -1;
		}
	} while (n == PAGE);
	return 0;
}

/* The accused does not decide, and never gets it (domain 4.2, rule 4). */
static bool to_accused(const struct engine *e, const struct ticket *t,
		       const struct deed *deed)
{
	/* A transfer of such a one ends at the desk anyway. */
	return deed->act.event == LIFE_ROUTE && deed->department >= 0 && t->accused.n &&
	       str_eq(t->accused, e->config->departments[deed->department].code);
}

/* Where the citizen would be told that it goes from a department to the same one. */
static bool is_there(const struct engine *e, const struct ticket *t,
		     const struct deed *deed)
{
	return deed->act.event == LIFE_ROUTE && deed->department >= 0 &&
	       (t->life.state == TICKET_DITERUSKAN || t->life.state == TICKET_DIPROSES ||
		t->life.state == TICKET_DIJADWALKAN || t->life.state == TICKET_TANYA) &&
	       str_eq(t->department, e->config->departments[deed->department].code);
}

/* From a body outside to the department that had it before. */
static bool goes_back(const struct engine *e, const struct ticket *t,
		      const struct deed *deed)
{
	return deed->act.event == LIFE_ROUTE && deed->department >= 0 &&
	       str_eq(t->department, e->config->departments[deed->department].code);
}

/* What the table does not know of; LIFE_OK: it decides. */
static enum life_refusal refused(const struct engine *e, const struct ticket *t,
				 const struct deed *deed)
{
	if (to_accused(e, t, deed))
		return LIFE_NOT_YOURS;
	if (is_there(e, t, deed))
		return LIFE_IS_THERE;
	return deed->act.event == LIFE_UNHIDE && !t->life.secret ? LIFE_NOT_SECRET
								 : LIFE_OK;
}

int ticket_do(struct engine *e, struct ticket *t, const struct deed *deed,
	      enum life_refusal *refusal, struct err *err)
{
	struct life_act act = deed->act;
	struct life_step step;
	struct str was_department = t->department;
	const struct ticket was = *t;

	act.at_ms = e->wall_ms;
	if (deed->parent)
		act.parent = deed->parent->id == t->id ? &t->life : &deed->parent->life;
	if (life_fill(e, t, err))
		return -1;
	*refusal = refused(e, t, deed);
	if (*refusal == LIFE_OK)
		*refusal = lifecycle_step(&t->life, &act, &step);
	if (*refusal == LIFE_OK && deed->act.who == LIFE_DESK && !deed->heard &&
	    ticket_tell_lacks(deed, &step, goes_back(e, t, deed)))
		*refusal = LIFE_NEEDS_REASON;
	if (*refusal != LIFE_OK)
		return 0;
	if (step.does & LIFE_ON_PARENT &&
	    (on_parent(e, t, deed, refusal, err) || *refusal != LIFE_OK))
		return *refusal == LIFE_OK ? -1 : 0;
	grow(e, t, deed, &step);
	ticket_counted(e, was_department, was.life.state, -1);
	ticket_counted(e, t->department, t->life.state, 1);
	if (write_down(e, t, deed, &step, &was, err) ||
	    (t->life.state == TICKET_DIGABUNG && t->life.followers &&
	     followers_move(e, t, err)))
		return -1;
	if ((deed->act.who == LIFE_OFFICER || deed->act.who == LIFE_DESK) &&
	    duty_answered(e, t, err))
		return -1;
	if (deed->heard)
		deed->heard->ticket_id = t->id;
	return (!(step.does & LIFE_ON_PARENT) &&
		ticket_tell(e, t, deed, &step, was_department, err)) ||
			       ticket_forward(e, t, deed, &was, err)
		       ? -1
		       : 0;
}

int ticket_reachable(struct engine *e, const struct ticket *t, bool *out, struct err *err)
{
	struct person p;

	if (store_person_get(e->store, t->person_id, e->item, &p, err))
		return -1;
	*out = p.kind == SENDER_MOBILE && p.address.n && !p.stopped && !t->muted;
	return 0;
}

/* ---- birth ---- */

static int ticket_number(struct engine *e, int64_t *no, struct err *err)
{
	struct when_date today = calendar_date_of(e->config->calendar, e->wall_ms);
	int64_t running;

	if (store_ticket_next(e->store, today.year, &running, err))
		return -1;
	*no = ticketno_make(today.year, running,
			    (unsigned)e->config->gateway.number_width);
	return 0;
}

/* Whether the word stands in the text by itself, in letters of any size. */
static bool names(struct str text, struct str name)
{
	for (size_t i = 0; name.n && i + name.n <= text.n; i++) {
		size_t end = i + name.n;

		if (str_eq_nocase(str_slice(text, i, end), name) &&
		    (i == 0 || !isalnum((unsigned char)text.p[i - 1])) &&
		    (end == text.n || !isalnum((unsigned char)text.p[end])))
			return true;
	}
	return false;
}

/*
 * The office that a sensitive text complains about, which must not see it: the one that
 * it names, else the one whose matter it tells.
 */
static struct str accused_of(const struct engine *e, struct str text,
			     const struct routing *r)
{
	const struct config_department *d = e->config->departments;
	double most = 0;
	int accused = -1;

	if (!r || !r->sensitive)
		return STR("");
	for (size_t i = 0; i < e->config->n_departments; i++)
		if (!d[i].sensitive && names(text, d[i].code))
			return d[i].code;
	for (size_t i = 0; i < r->n_reasons; i++) {
		int of = r->reasons[i].department;

		if (of >= 0 && of != r->department && !d[of].sensitive &&
		    r->reasons[i].weight > most) {
			most = r->reasons[i].weight;
			accused = of;
		}
	}
	return accused < 0 ? STR("") : d[accused].code;
}

static enum ticket_kind kind_of(const struct routing *r)
{
	return r && r->sensitive ? TICKET_KIND_INQUIRY : TICKET_KIND_ORDINARY;
}

/* Which wording confirms it: what the table says, but for danger and closed offices. */
static enum reply_key receipt_key(const struct engine *e, const struct ticket *t,
				  enum reply_key key)
{
	if (key == REPLY_ACK_GABUNG)
		return key;
	if (t->urgent) /* nobody has it from us whose matter it is */
		return t->life.state == TICKET_LUAR ? REPLY_ACK_DARURAT_LUAR
						    : REPLY_ACK_DARURAT;
	if (t->life.secret || t->life.sensitive)
		return REPLY_ACK_RAHASIA;
	if (key == REPLY_ACK_PERIKSA &&
	    !calendar_office_open(e->config->calendar, e->wall_ms))
		return REPLY_ACK_JAM;
	return key;
}

static void opening_find(struct engine *e, struct ticket *t)
{
	const struct clock_rules *rules = ticket_rules(e, t);
	int64_t minute = e->wall_ms / 60000;
	size_t department = (size_t)config_department(e->config, t->department) + 1;
	size_t at = (department * 7 + (size_t)t->life.state +
		     (size_t)t->life.kind * TICKET_STATE_COUNT) %
		    OPENINGS;
	struct opening *o = &e->openings[at];

	if (o->minute != minute || o->rules != rules || o->state != t->life.state ||
	    o->kind != t->life.kind) {
		ticket_clocks(e, t);
		*o = (struct opening){
			.minute = minute,
			.rules = rules,
			.state = t->life.state,
			.kind = t->life.kind,
			.due_ms = t->due_ms,
			.promise_ms = clocks_promise(rules, e->config->calendar, &t->life,
						     &t->clocks, e->wall_ms),
		};
	}
	t->due_ms = o->due_ms;
	t->answer_due_ms = o->promise_ms;
	if (t->due_ms && t->due_ms < e->plan.due_ms)
		e->plan.due_ms = t->due_ms;
}

static void opened(struct engine *e, struct ticket *t, const struct life_step *step)
{
	t->life = step->after;
	clocks_open(&t->clocks, e->wall_ms);
	clocks_apply(&t->clocks, step, e->wall_ms);
	opening_find(e, t);
}

static enum life_event opening_event(const struct engine *e, const struct ticket *t,
				     int department)
{
	if (department < 0)
		return t->life.secret ? LIFE_OPENED_SENSITIVE : LIFE_OPENED_UNCLEAR;
	return e->config->departments[department].outside ? LIFE_OPENED_OUTSIDE
							  : LIFE_OPENED_ROUTED;
}

static int opened_tell(struct engine *e, struct ticket *t, struct heard *h,
		       const struct life_step *step, const struct ticket *head,
		       enum life_event event, struct err *err)
{
	struct reply reply = { .priority = t->urgent ? 0 : 1, .ticket_id = t->id };
	const struct deed deed = { .act = { .event = event, .who = LIFE_GATEWAY } };

	t->text = h->text;
	if (step->reply && reply_key_read(str_of(step->reply), &reply.key)) {
		reply.key = receipt_key(e, t, reply.key);
		ticket_values(e, &h->person, t, reply.key, reply.values);
		reply.values[VALUE_INSTANSI] = t->department;
		if (head)
			reply.values[VALUE_INDUK] =
				arena_printf(e->item, "%lld", (long long)head->no);
		if (reply_say(e, h, &reply, err))
			return -1;
	}
	return ticket_call(e, t, &deed, step, t->department, err) ||
			       ticket_forward(e, t, &deed, NULL, err)
		       ? -1
		       : 0;
}

int ticket_open(struct engine *e, struct heard *h, const struct routing *r, bool secret,
		struct err *err)
{
	int department = r ? r->department : -1;
	struct ticket t = {
		.message_id = h->words_of ? h->words_of : h->id,
		.urgent = r && r->urgent,
		.score = r ? r->score : 0,
		.opened_ms = e->wall_ms,
		.changed_ms = changed_now(e),
		.kecamatan = r ? r->kecamatan : STR(""),
		.desa = r ? r->desa : STR(""),
		.accused = accused_of(e, h->text, r),
		.provider = h->sender == SENDER_WEB
				    ? STR(WEB_PROVIDER)
				    : e->config->providers[h->provider].id,
	};
	struct event event = { .at_ms = e->wall_ms,
			       .message_id = h->id,
			       .actor = STR("gateway"),
			       .note = h->note };
	struct life_act act = { .who = LIFE_GATEWAY, .at_ms = e->wall_ms };
	struct life_step step;
	struct ticket head;
	bool merges;

	if (secret && !(r && r->sensitive))
		department = -1; /* a human reads it first for what betrays the writer */
	t.department = department < 0 ? e->config->gateway.rest_queue
				      : e->config->departments[department].code;
	t.life = lifecycle_new(kind_of(r), r && r->sensitive, secret);
	act.event = opening_event(e, &t, department);
	if (incident_head(e, &t, &head, &merges, err))
		return -1;
	if (merges) {
		act.event = LIFE_MERGE;
		act.parent = &head.life;
		t.parent_id = head.id;
	}
	if (lifecycle_step(&t.life, &act, &step) != LIFE_OK)
		return err_set(err, ERR_BUG, "a ticket that may not be opened");
	opened(e, &t, &step);
	if (ticket_number(e, &t.no, err) ||
	    store_ticket_add(e->store, &t, &h->person, &t.id, err))
		return -1;
	event.ticket_id = h->ticket_id = t.id;
	event.kind = str_of(step.record);
	if (store_event_add(e->store, &event, err))
		return -1;
	callers_news(e);
	ticket_counted(e, t.department, t.life.state, 1);
	return opened_tell(e, &t, h, &step, merges ? &head : NULL, act.event, err);
}

/* ---- for the desk ---- */

int engine_desk_act(struct engine *e, const struct desk_act *a,
		    enum life_refusal *refusal, struct err *err)
{
	struct deed deed = {
		.act = { .event = a->event,
			 .who = LIFE_DESK,
			 .date_ms = a->date_ms,
			 .proved = true,
			 .word = a->word },
		.words = a->words,
		.outside = a->outside,
		.department = a->department,
	};
	struct ticket t, parent;
	bool reachable = true;

	arena_reset(e->item);
	deed.actor = arena_printf(e->item, "meja:%.*s", STR_ARG(a->who));
	if (store_ticket_by_no(e->store, a->no, e->item, &t, err) ||
	    (a->event == LIFE_ASK && ticket_reachable(e, &t, &reachable, err)))
		return -1;
	if (!reachable) {
		*refusal = LIFE_UNREACHABLE;
		return 0;
	}
	if (a->parent_no) {
		if (store_ticket_by_no(e->store, a->parent_no, e->item, &parent, err))
			return -1;
		deed.parent = &parent;
	}
	return ticket_do(e, &t, &deed, refusal, err);
}
