/* SPDX-License-Identifier: MIT */
/*
 * What is told when something has happened to a ticket: the values that texts may name,
 * the answer or news for its sender and for those who share the matter, calls for
 * officers. That it happened is written down already (ticket.c).
 */
#include "flow/flow.h"

/* ---- values ---- */

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

/* The phone of the body outside of that code or name; p NULL: not known. Never that of
 * one of ours, nor the line for danger. */
static struct str phone_outside(const struct engine *e, struct str body)
{
	const struct config_department *d = e->config->departments;

	for (size_t i = 0; i < e->config->n_departments; i++)
		if (d[i].outside && d[i].phone.n &&
		    (str_eq_nocase(d[i].code, body) || str_eq_nocase(d[i].name, body)))
			return d[i].phone;
	return str_from(NULL, 0);
}

void ticket_values(struct engine *e, const struct person *p, const struct ticket *t,
		   enum reply_key key, struct str values[VALUE_COUNT])
{
	/* What has just changed has its promise with it. */
	int64_t promise =
			t->changed_ms > e->changed_before_ms
				? t->answer_due_ms
				: clocks_promise(ticket_rules(e, t), e->config->calendar,
						 &t->life, &t->clocks, e->wall_ms),
		n = days_named(e, key);
	int department = config_department(e->config, t->department);
	const struct config_department *d =
		department < 0 ? NULL : &e->config->departments[department];

	values[VALUE_NO] = arena_int(e->item, STR(""), t->no);
	values[VALUE_OPD] = t->department;
	if (!promise && ticket_state_open(t->life.state))
		promise = t->answer_due_ms;
	values[VALUE_TGL] = date(e, promise);
	values[VALUE_STATUS] = p ? ticket_status(e, p, t) : str_from(NULL, 0);
	values[VALUE_ATASAN] = superior(e, t);
	values[VALUE_TELP] = key == REPLY_LUAR || key == REPLY_ACK_DARURAT_LUAR
				     ? phone_outside(e, t->department)
			     : d && d->phone.n ? d->phone
					       : e->config->gateway.emergency;
	if (n)
		values[VALUE_N] = arena_int(e->item, STR(""), n);
	if (t->life.closed_ms && (key == REPLY_SUDAH_DITUTUP || key == REPLY_TUTUP))
		values[VALUE_TGL] = date(e, t->life.closed_ms);
}

/* Values that only this step knows. */
static void deed_values(struct engine *e, const struct deed *deed, const struct ticket *t,
			enum reply_key key, struct str was_department,
			struct str values[VALUE_COUNT])
{
	if (deed->words.n) {
		values[VALUE_TEKS] = values[VALUE_ALASAN] = mask_numbers(
			deed->words,
			(unsigned)e->config->gateway.number_width + TICKETNO_BESIDE,
			e->item);
	}
	if (deed->outside.n)
		values[VALUE_INSTANSI] = deed->outside;
	if (deed->outside.n && key == REPLY_LUAR)
		values[VALUE_TELP] = phone_outside(e, deed->outside);
	if (deed->parent)
		values[VALUE_INDUK] = arena_int(e->item, STR(""), deed->parent->no);
	if (key == REPLY_PINDAH) {
		values[VALUE_OPD] = was_department;
		values[VALUE_OPD2] = t->department;
	}
	if (deed->act.rating)
		values[VALUE_N] = arena_int(e->item, STR(""), deed->act.rating);
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
	case REPLY_TANYA_LAGI:
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

bool ticket_tell_lacks(const struct deed *deed, const struct life_step *step, bool back)
{
	enum reply_key key;

	if (str_trim(deed->words).n || !step->reply || deed->quiet ||
	    !reply_key_read(str_of(step->reply), &key))
		return false;
	switch ((int)key_of(key, deed)) {
	case REPLY_TOLAK:
	case REPLY_JADWAL:
	case REPLY_TANYA_OPD:
	case REPLY_TANYA_PILIH:
	case REPLY_PERPANJANG:
	case REPLY_SELESAI:
	case REPLY_KABAR:
		return true;
	case REPLY_PINDAH: /* back to who had it: no transfer is told */
		return !back;
	default: /* has wordings that do without */
		return false;
	}
}

/* The answer to who has just texted, under the number of his own ticket. */
static int tell_speaker(struct engine *e, const struct ticket *t, const struct deed *deed,
			const struct news *news, struct err *err)
{
	const struct ticket *own = deed->as ? deed->as : t;
	struct reply reply = {
		.key = news->key,
		.priority = t->urgent ? 0 : 2,
		.ticket_id = own->id,
	};

	memcpy(reply.values, news->values, sizeof(reply.values));
	reply.values[VALUE_NO] = arena_int(e->item, STR(""), own->no);
	if (reply_say(e, deed->heard, &reply, err))
		return -1;
	return news->asks == ASKED_NOTHING
		       ? 0
		       : asking_about(e, &deed->heard->person, news->asks, own->no, err);
}

/* One of several whose matter it is has spoken: the others hear what came of it. */
static int tell_others(struct engine *e, const struct ticket *t, const struct deed *deed,
		       const struct life_step *step, struct err *err)
{
	struct news news = { .key = REPLY_BUKA_LAGI,
			     .but = deed->as ? deed->as : t,
			     .speaker = &deed->heard->person };
	bool closed = step->row->to == TICKET_DITUTUP;

	if ((!deed->as && t->life.followers == 0) ||
	    (!closed && !(step->does & LIFE_REOPENS)))
		return 0;
	if (closed)
		news.key = REPLY_TUTUP;
	ticket_values(e, NULL, t, news.key, news.values);
	return news_citizens(e, t, &news, err);
}

static int tell_citizens(struct engine *e, struct ticket *t, const struct deed *deed,
			 const struct life_step *step, struct str was_department,
			 struct err *err)
{
	bool answers = deed->heard && deed->act.who == LIFE_CITIZEN;
	struct news news = { .speaker = deed->heard ? &deed->heard->person : NULL };

	if (!step->reply || !reply_key_read(str_of(step->reply), &news.key) ||
	    deed->quiet)
		return 0;
	news.key = key_of(news.key, deed);
	if (news.key == REPLY_PINDAH && str_eq(was_department, t->department))
		news.key = REPLY_DITERUSKAN; /* back from outside to who had it */
	if (news.key == REPLY_TANYA_INGAT && t->life.followers)
		news.key = REPLY_TANYA_LAGI; /* silence ends nothing there */
	news.asks = asks(news.key);
	ticket_values(e, answers ? &deed->heard->person : NULL, t, news.key, news.values);
	deed_values(e, deed, t, news.key, was_department, news.values);
	if (!answers)
		return news_citizens(e, t, &news, err);
	return tell_speaker(e, t, deed, &news, err) || tell_others(e, t, deed, step, err)
		       ? -1
		       : 0;
}

/* ---- officers ---- */

/* Which news an event is to officers; those that are none say nothing. */
static const struct {
	enum life_event event;
	enum reply_key key;
} calls[] = {
	{ LIFE_OPENED_ROUTED, REPLY_PET_BARU },
	{ LIFE_OPENED_SENSITIVE, REPLY_PET_BARU },
	{ LIFE_OPENED_UNCLEAR, REPLY_PET_BARU },
	{ LIFE_ROUTE, REPLY_PET_BARU },
	{ LIFE_TRANSFER, REPLY_PET_BARU },
	{ LIFE_RECALL, REPLY_PET_BARU },
	{ LIFE_UNMERGE, REPLY_PET_BARU },
	{ LIFE_ASK_EXPIRED, REPLY_PET_BARU },
	{ LIFE_ADDED, REPLY_PET_TAMBAH },
	{ LIFE_ANSWERED, REPLY_PET_TAMBAH },
	{ LIFE_NOT_FIXED, REPLY_PET_KEMBALI },
	{ LIFE_RATE, REPLY_PET_KEMBALI },
	{ LIFE_APPEAL, REPLY_PET_BANDING },
	{ LIFE_REJECT_PROPOSED, REPLY_PET_USULAN },
	{ LIFE_EXTEND_ASKED, REPLY_PET_USULAN },
	{ LIFE_EXTEND, REPLY_PET_PANJANG },
	{ LIFE_NO_EXTEND, REPLY_PET_DITOLAK },
	{ LIFE_WITHDRAW, REPLY_PET_LEPAS },
	{ LIFE_CONFIRM, REPLY_PET_LEPAS },
	{ LIFE_HIDE, REPLY_PET_RAHASIA },
	{ LIFE_MERGE, REPLY_PET_LEPAS },
	{ LIFE_OUTSIDE, REPLY_PET_LEPAS },
	{ LIFE_REMIND, REPLY_PET_INGAT },
	{ LIFE_DEADLINE, REPLY_PET_LEWAT },
	{ LIFE_STATUTE, REPLY_PET_LEWAT },
};

/* How new is told: by what the ticket is. */
static enum reply_key key_of_new(const struct ticket *t)
{
	if (t->life.state == TICKET_PERIKSA)
		return REPLY_PET_BARU_MEJA;
	if (t->life.secret || t->life.sensitive)
		return REPLY_PET_BARU_RAHASIA;
	return t->urgent ? REPLY_PET_BARU_DARURAT : REPLY_PET_BARU;
}

/* False: officers need not be told of it. */
static bool call_key(const struct life_step *step, const struct deed *deed,
		     const struct ticket *t, enum reply_key *key)
{
	enum life_event event = deed->act.event;
	size_t i = 0, n = sizeof(calls) / sizeof(*calls);

	while (i < n && calls[i].event != event)
		i++;
	if (i == n)
		return false;
	*key = calls[i].key;
	switch ((int)event) {
	case LIFE_RATE:
		return step->does & LIFE_REOPENS;
	case LIFE_NOT_FIXED: /* it is being worked on: an addition */
		if (!(step->does & LIFE_REOPENS))
			*key = REPLY_PET_TAMBAH;
		return true;
	case LIFE_MERGE: /* his own doing is answered */
	case LIFE_OUTSIDE:
		return deed->act.who == LIFE_DESK;
	case LIFE_ASK_EXPIRED: /* back at an office that knows it */
		if (t->life.state == TICKET_DICABUT)
			*key = REPLY_PET_LEPAS;
		else if (t->life.state != TICKET_PERIKSA) {
			*key = REPLY_PET_TANPA_JAWAB;
			return t->life.asked_by != LIFE_GATEWAY;
		}
		break;
	default:
		break;
	}
	if (*key == REPLY_PET_BARU)
		*key = key_of_new(t);
	return true;
}

/* Whether the words of the one who caused it are what the call is about. */
static bool carries_words(enum reply_key key)
{
	return key == REPLY_PET_TAMBAH || key == REPLY_PET_KEMBALI ||
	       key == REPLY_PET_BANDING || key == REPLY_PET_USULAN;
}

/* Working days from now to the day of that moment. */
static int days_left(const struct engine *e, int64_t until_ms)
{
	enum { DAYS_MOST = 99 };
	int n = 0;

	until_ms = calendar_end_of_day(e->config->calendar, until_ms, 0);
	while (n < DAYS_MOST &&
	       calendar_add_workdays(e->config->calendar, e->wall_ms, n + 1) <= until_ms)
		n++;
	return n;
}

static void call_values(struct engine *e, const struct ticket *t, const struct deed *deed,
			enum reply_key key, struct str was_department,
			struct str values[VALUE_COUNT])
{
	ticket_values(e, NULL, t, key, values);
	if (key == REPLY_PET_USULAN)
		values[VALUE_OPD] = was_department;
	values[VALUE_STATUS] = str_of(ticket_state_words(t->life.state));
	values[VALUE_SISA] = arena_printf(
		e->item, "%d",
		days_left(e, deed->deadline_ms ? deed->deadline_ms : t->answer_due_ms));
	if (carries_words(key))
		values[VALUE_TEKS] = deed->words.p ? deed->words : STR("");
	if (deed->words.n)
		values[VALUE_ALASAN] = deed->words;
	if (deed->act.event == LIFE_REJECT_PROPOSED)
		values[VALUE_PERINTAH] = STR("TOLAK");
	else if (deed->act.event == LIFE_EXTEND_ASKED ||
		 deed->act.event == LIFE_NO_EXTEND)
		values[VALUE_PERINTAH] = STR("PERPANJANG");
	if (deed->deadline_ms)
		values[VALUE_TGL] = date(e, deed->deadline_ms);
}

/* Those who answer for it above the officer. */
static int call_heads(struct engine *e, const struct ticket *t,
		      const struct officer_call *call, struct err *err)
{
	struct officer_call head = *call;

	head.desk = false;
	if (head.key == REPLY_PET_LEWAT) {
		head.key = REPLY_PET_NAIK;
		head.values[VALUE_TEKS] = t->text;
	}
	head.from = LIFE_LEVEL_HEAD;
	head.to = t->life.level;
	return news_officers(e, t, &head, err);
}

/* The desk has taken it away from a department. */
static int call_losers(struct engine *e, const struct ticket *t, const struct deed *deed,
		       struct str was_department, struct err *err)
{
	struct officer_call call = { .key = REPLY_PET_LEPAS };
	struct ticket there = *t;

	if (deed->act.who != LIFE_DESK || str_eq(was_department, t->department))
		return 0;
	there.department = was_department;
	call_values(e, &there, deed, call.key, was_department, call.values);
	return news_officers(e, &there, &call, err);
}

/* The desk hears of danger at once, wherever the ticket has gone; of a body outside
 * nobody else does. */
static int call_alarm(struct engine *e, const struct ticket *t, const struct deed *deed,
		      struct err *err)
{
	struct officer_call call = { .key = REPLY_PET_DARURAT_MEJA, .desk = true };

	if (!t->urgent || t->life.state == TICKET_PERIKSA ||
	    (deed->act.event != LIFE_OPENED_ROUTED &&
	     deed->act.event != LIFE_OPENED_OUTSIDE))
		return 0;
	call_values(e, t, deed, call.key, t->department, call.values);
	return news_officers(e, t, &call, err);
}

int ticket_call(struct engine *e, const struct ticket *t, const struct deed *deed,
		const struct life_step *step, struct str was_department, struct err *err)
{
	struct officer_call call = { .desk = step->told == LIFE_TOLD_DESK ||
					     t->life.state == TICKET_PERIKSA };

	if (e->config->n_officers == 0 || deed->hush)
		return 0;
	if (call_losers(e, t, deed, was_department, err) || call_alarm(e, t, deed, err))
		return -1;
	if (step->told == LIFE_TOLD_NOBODY || !call_key(step, deed, t, &call.key))
		return 0;
	call_values(e, t, deed, call.key, was_department, call.values);
	if (news_officers(e, t, &call, err))
		return -1;
	if (step->told != LIFE_TOLD_HEAD || t->life.level == LIFE_LEVEL_OFFICER ||
	    call.key == key_of_new(t))
		return 0;
	return call_heads(e, t, &call, err);
}

void ticket_call_as(struct engine *e, const struct ticket *t, enum reply_key key,
		    struct officer_call *call)
{
	const struct deed deed = { .department = -1 };

	call->key = key == REPLY_COUNT ? key_of_new(t) : key;
	call_values(e, t, &deed, call->key, t->department, call->values);
}

int ticket_tell(struct engine *e, struct ticket *t, const struct deed *deed,
		const struct life_step *step, struct str was_department, struct err *err)
{
	return tell_citizens(e, t, deed, step, was_department, err) ||
			       ticket_call(e, t, deed, step, was_department, err)
		       ? -1
		       : 0;
}
