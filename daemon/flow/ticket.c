/* SPDX-License-Identifier: MIT */
/*
 * What happens to a ticket. Everything that changes one comes through ticket_do: the life
 * cycle's table says what comes of it; here that is written down (the row, an event that
 * is never changed, the clocks) and told, all in the same transaction.
 */
#include "flow/flow.h"

/* ---- counting for metrics ---- */

void ticket_counted(struct engine *e, struct str code, enum ticket_state state, int by)
{
	int department = config_department(e->config, code);
	size_t rest = e->config->n_departments < STATS_DEPARTMENTS
			      ? e->config->n_departments
			      : STATS_DEPARTMENTS;
	size_t d = department < 0 || department >= STATS_DEPARTMENTS ? rest
								     : (size_t)department;

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
	if (t->due_ms < e->due_ms)
		e->due_ms = t->due_ms;
}

/* ---- what is told ---- */

static struct str date(const struct engine *e, int64_t at_ms)
{
	return at_ms ? calendar_show_date(e->config->calendar, at_ms, e->item)
		     : str_from(NULL, 0);
}

struct str ticket_status(const struct engine *e, const struct person *p,
			 const struct ticket *t)
{
	enum reply_key key = reply_state_key(t->life.state);

	return reply_words(texts_for(e, p, key), key);
}

/* Words that an office gives for whom a ticket is raised to. */
static struct str superior(const struct engine *e, const struct ticket *t)
{
	static const struct str names[LIFE_LEVEL_COUNT] = {
		[LIFE_LEVEL_OFFICER] = STR_INIT("petugas"),
		[LIFE_LEVEL_HEAD] = STR_INIT("kepala dinas"),
		[LIFE_LEVEL_SEKDA] = STR_INIT("Sekretaris Daerah"),
		[LIFE_LEVEL_REGENT] = STR_INIT("daftar Bupati"),
	};

	(void)e;
	return names[t->life.level];
}

/* Working or calendar days of a period that texts name: {n}. */
static int64_t days_named(const struct engine *e, enum reply_key key)
{
	switch ((int)key) {
	case REPLY_SELESAI:
		return e->config->clocks.confirm.n;
	case REPLY_TUTUP:
	case REPLY_SUDAH_DITUTUP:
	case REPLY_LEWAT_BUKA:
		return e->config->clocks.window.n;
	case REPLY_OMBUDSMAN:
		return e->config->clocks.statute.n;
	case REPLY_DICABUT_DIAM:
		return e->config->clocks.reply.n;
	default:
		return 0;
	}
}

void ticket_values(struct engine *e, const struct person *p, const struct ticket *t,
		   enum reply_key key, struct str values[VALUE_COUNT])
{
	const struct clock_rules *rules = ticket_rules(e, t);
	int64_t promise = clocks_promise(rules, e->config->calendar, &t->life, &t->clocks,
					 e->wall_ms),
		n = days_named(e, key);
	int department = config_department(e->config, t->department);
	const struct config_department *d =
		department < 0 ? NULL : &e->config->departments[department];

	values[VALUE_NO] = arena_printf(e->item, "%lld", (long long)t->no);
	values[VALUE_OPD] = t->department;
	values[VALUE_TGL] = date(e, promise ? promise : t->answer_due_ms);
	values[VALUE_STATUS] = p ? ticket_status(e, p, t) : str_from(NULL, 0);
	values[VALUE_ATASAN] = superior(e, t);
	values[VALUE_TELP] = d && d->phone.n ? d->phone : e->config->gateway.emergency;
	if (n)
		values[VALUE_N] = arena_printf(e->item, "%lld", (long long)n);
	if (t->life.closed_ms && (key == REPLY_SUDAH_DITUTUP || key == REPLY_TUTUP))
		values[VALUE_TGL] = date(e, t->life.closed_ms);
}

/* Values that only this step knows. */
static void deed_values(struct engine *e, const struct deed *deed, const struct ticket *t,
			struct str was_department, struct str values[VALUE_COUNT])
{
	if (deed->words.n) {
		values[VALUE_TEKS] = values[VALUE_ALASAN] = mask_numbers(
			deed->words,
			(unsigned)e->config->gateway.number_width + TICKETNO_BESIDE,
			e->item);
	}
	if (deed->outside.n)
		values[VALUE_INSTANSI] = deed->outside;
	if (deed->parent)
		values[VALUE_INDUK] =
			arena_printf(e->item, "%lld", (long long)deed->parent->no);
	if (!str_eq(was_department, t->department)) {
		values[VALUE_OPD] = was_department;
		values[VALUE_OPD2] = t->department;
	}
	if (deed->act.rating)
		values[VALUE_N] = arena_printf(e->item, "%d", deed->act.rating);
	if (deed->act.date_ms)
		values[VALUE_TGL] = date(e, deed->act.date_ms);
}

/* What is asked by saying that. */
static enum asked asks(enum reply_key key)
{
	switch ((int)key) {
	case REPLY_TANYA_LOKASI:
		return ASKED_PLACE;
	case REPLY_TANYA_OPD:
	case REPLY_TANYA_INGAT:
		return ASKED_QUESTION;
	case REPLY_SELESAI:
		return ASKED_DONE;
	case REPLY_NILAI:
		return ASKED_RATING;
	default:
		return ASKED_NOTHING;
	}
}

/* The words of a progress note depend on whether it names a day. */
static enum reply_key key_of(enum reply_key key, const struct deed *deed)
{
	if (key == REPLY_PROSES && deed->act.date_ms == 0)
		return REPLY_KABAR;
	return key;
}

static int tell_citizen(struct engine *e, struct ticket *t, const struct deed *deed,
			const struct life_step *step, struct str was_department,
			struct err *err)
{
	struct news news = { 0 };
	struct reply reply = { .priority = t->urgent ? 0 : 2, .ticket_id = t->id };
	bool answers = deed->heard && deed->act.who == LIFE_CITIZEN;

	if (!step->reply || !reply_key_read(str_of(step->reply), &news.key) ||
	    deed->quiet)
		return 0;
	news.key = key_of(news.key, deed);
	news.asks = asks(news.key);
	ticket_values(e, answers ? &deed->heard->person : NULL, t, news.key, news.values);
	deed_values(e, deed, t, was_department, news.values);
	if (!answers)
		return news_citizens(e, t, &news, err);
	reply.key = news.key;
	memcpy(reply.values, news.values, sizeof(reply.values));
	if (reply_say(e, deed->heard, &reply, err))
		return -1;
	return news.asks == ASKED_NOTHING
		       ? 0
		       : asking_about(e, &deed->heard->person, news.asks, t->no, err);
}

/* Which news an event is to officers; those that are none say nothing. */
static const struct {
	enum life_event event;
	enum reply_key key;
} calls[] = {
	{ LIFE_OPENED_ROUTED, REPLY_PET_BARU },
	{ LIFE_OPENED_SENSITIVE, REPLY_PET_BARU_RAHASIA },
	{ LIFE_OPENED_UNCLEAR, REPLY_PET_BARU },
	{ LIFE_ROUTE, REPLY_PET_BARU },
	{ LIFE_TRANSFER, REPLY_PET_BARU },
	{ LIFE_ADDED, REPLY_PET_TAMBAH },
	{ LIFE_ANSWERED, REPLY_PET_TAMBAH },
	{ LIFE_NOT_FIXED, REPLY_PET_KEMBALI },
	{ LIFE_RATE, REPLY_PET_KEMBALI },
	{ LIFE_APPEAL, REPLY_PET_BANDING },
	{ LIFE_WITHDRAW, REPLY_PET_LEPAS },
	{ LIFE_CONFIRM, REPLY_PET_LEPAS },
	{ LIFE_RECALL, REPLY_PET_LEPAS },
	{ LIFE_EXTEND, REPLY_PET_PANJANG },
	{ LIFE_REMIND, REPLY_PET_INGAT },
	{ LIFE_DEADLINE, REPLY_PET_LEWAT },
	{ LIFE_STATUTE, REPLY_PET_LEWAT },
};

static bool call_key(const struct life_step *step, enum life_event event,
		     const struct ticket *t, enum reply_key *key)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (calls[i].event == event) {
			*key = calls[i].key;
			if (event == LIFE_RATE && !(step->does & LIFE_REOPENS))
				return false;
			if (*key == REPLY_PET_BARU &&
			    (t->life.secret || t->life.sensitive))
				*key = REPLY_PET_BARU_RAHASIA;
			else if (*key == REPLY_PET_BARU && t->urgent)
				*key = REPLY_PET_BARU_DARURAT;
			return true;
		}
	return false;
}

static int tell_officers(struct engine *e, struct ticket *t, const struct deed *deed,
			 const struct life_step *step, struct err *err)
{
	struct officer_call call = { .desk = step->told == LIFE_TOLD_DESK ||
					     t->life.state == TICKET_PERIKSA };
	struct officer_call head;

	if (e->config->n_officers == 0 || step->told == LIFE_TOLD_NOBODY ||
	    !call_key(step, deed->act.event, t, &call.key))
		return 0;
	ticket_values(e, NULL, t, call.key, call.values);
	call.values[VALUE_TEKS] = deed->words;
	call.values[VALUE_STATUS] = str_of(ticket_state_words(t->life.state));
	if (news_officers(e, t, &call, err))
		return -1;
	if (step->told != LIFE_TOLD_HEAD || t->life.level == LIFE_LEVEL_OFFICER)
		return 0;
	head = call;
	head.desk = false;
	head.key = call.key == REPLY_PET_LEWAT ? REPLY_PET_NAIK : call.key;
	head.from = LIFE_LEVEL_HEAD;
	head.to = t->life.level;
	return news_officers(e, t, &head, err);
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
	t->changed_ms = e->wall_ms;
	move_department(e, t, deed);
	if (step->does & LIFE_MUTES)
		t->muted = true;
	if (deed->parent && t->life.state == TICKET_DIGABUNG)
		t->parent_id = deed->parent->id;
	else if (t->life.state != TICKET_DIGABUNG)
		t->parent_id = 0;
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

static int write_down(struct engine *e, struct ticket *t, const struct deed *deed,
		      const struct life_step *step, struct err *err)
{
	const struct event event = {
		.ticket_id = t->id,
		.at_ms = e->wall_ms,
		.kind = str_of(step->record),
		.actor = deed->actor,
		.message_id = deed->message_id,
		.note = deed->note.n ? deed->note : deed->words,
	};

	if (store_event_add(e->store, &event, err))
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

static int on_parent(struct engine *e, const struct ticket *t, const struct deed *deed,
		     struct err *err)
{
	struct ticket parent;
	struct deed same = *deed;
	enum life_refusal refusal;

	same.parent = NULL;
	if (store_ticket_get(e->store, t->parent_id, e->item, &parent, err))
		return -1;
	return ticket_do(e, &parent, &same, &refusal, err);
}

int ticket_do(struct engine *e, struct ticket *t, const struct deed *deed,
	      enum life_refusal *refusal, struct err *err)
{
	struct life_act act = deed->act;
	struct life_step step;
	struct str was_department = t->department;
	enum ticket_state was = t->life.state;

	act.at_ms = e->wall_ms;
	if (deed->parent)
		act.parent = &deed->parent->life;
	if (life_fill(e, t, err))
		return -1;
	*refusal = lifecycle_step(&t->life, &act, &step);
	if (*refusal != LIFE_OK)
		return 0;
	grow(e, t, deed, &step);
	ticket_counted(e, was_department, was, -1);
	ticket_counted(e, t->department, t->life.state, 1);
	if (write_down(e, t, deed, &step, err))
		return -1;
	if (deed->heard)
		deed->heard->ticket_id = t->id;
	if ((step.does & LIFE_ON_PARENT) && t->parent_id)
		return on_parent(e, t, deed, err);
	return tell_citizen(e, t, deed, &step, was_department, err) ||
			       tell_officers(e, t, deed, &step, err)
		       ? -1
		       : 0;
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

/* The offices named by a sensitive text must not see it. */
static struct str accused_of(const struct engine *e, const struct routing *r)
{
	if (!r || !r->sensitive)
		return STR("");
	for (size_t i = 0; i < r->n_alternatives; i++)
		if (r->alternatives[i].department >= 0 &&
		    r->alternatives[i].department != r->department)
			return e->config->departments[r->alternatives[i].department].code;
	return STR("");
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
	if (t->urgent)
		return REPLY_ACK_DARURAT;
	if (t->life.secret || t->life.sensitive)
		return REPLY_ACK_RAHASIA;
	if (key == REPLY_ACK_PERIKSA &&
	    !calendar_office_open(e->config->calendar, e->wall_ms))
		return REPLY_ACK_JAM;
	return key;
}

static void opening(struct engine *e, struct ticket *t, const struct life_step *step)
{
	t->life = step->after;
	clocks_open(&t->clocks, e->wall_ms);
	clocks_apply(&t->clocks, step, e->wall_ms);
	t->answer_due_ms = clocks_promise(ticket_rules(e, t), e->config->calendar,
					  &t->life, &t->clocks, e->wall_ms);
	ticket_clocks(e, t);
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
	const struct deed deed = { .act.event = event, .words = h->text };

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
	return tell_officers(e, t, &deed, step, err);
}

int ticket_open(struct engine *e, struct heard *h, const struct routing *r, bool secret,
		struct err *err)
{
	int department = r ? r->department : -1;
	struct ticket t = {
		.message_id = h->id,
		.urgent = r && r->urgent,
		.score = r ? r->score : 0,
		.opened_ms = e->wall_ms,
		.changed_ms = e->wall_ms,
		.kecamatan = r ? r->kecamatan : STR(""),
		.desa = r ? r->desa : STR(""),
		.accused = accused_of(e, r),
		.provider = e->config->providers[h->provider].id,
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
	opening(e, &t, &step);
	if (ticket_number(e, &t.no, err) ||
	    store_ticket_add(e->store, &t, &h->person, &t.id, err))
		return -1;
	event.ticket_id = h->ticket_id = t.id;
	event.kind = str_of(step.record);
	if (store_event_add(e->store, &event, err))
		return -1;
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

	arena_reset(e->item);
	deed.actor = arena_printf(e->item, "meja:%.*s", STR_ARG(a->who));
	if (store_ticket_by_no(e->store, a->no, e->item, &t, err))
		return -1;
	if (a->parent_no) {
		if (store_ticket_by_no(e->store, a->parent_no, e->item, &parent, err))
			return -1;
		deed.parent = &parent;
	}
	return ticket_do(e, &t, &deed, refusal, err);
}
