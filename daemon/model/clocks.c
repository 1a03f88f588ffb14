/* SPDX-License-Identifier: MIT */
/*
 * When a ticket's clocks ring. Each thing that can fall due is a row of one table: on
 * which clock, told to which level, as which event. Its time follows from when the clock
 * began, the rules' period, and the questions during which it stood still. Nothing is
 * kept but what struct clock_times holds, so that other rules or holidays change every
 * deadline that has not rung yet. Pure.
 */
#include "model/clocks.h"

#define DAYS(count)                                  \
	{                                            \
		.n = (count), .days = CLOCK_CALENDAR \
	}
#define WORKDAYS(count)                             \
	{                                           \
		.n = (count), .days = CLOCK_WORKING \
	}

const struct clock_rules clock_rules_usual = {
	.verify_promise = WORKDAYS(1),
	.verify = WORKDAYS(3),
	.answer = WORKDAYS(3),
	.settle = {
		[TICKET_KIND_QUESTION] = WORKDAYS(5),
		[TICKET_KIND_WISH] = WORKDAYS(5),
		[TICKET_KIND_ORDINARY] = WORKDAYS(14),
		[TICKET_KIND_INQUIRY] = WORKDAYS(60),
	},
	.reopened = WORKDAYS(5),
	.remind_percent = 75,
	.sekda = WORKDAYS(2),
	.regent = WORKDAYS(5),
	.again = WORKDAYS(10),
	.statute_alarm = DAYS(50),
	.statute = DAYS(60),
	.reply_remind = DAYS(20),
	.reply = DAYS(30),
	.reply_machine = WORKDAYS(2),
	.confirm = WORKDAYS(10),
	.window = DAYS(30),
	.watch = WORKDAYS(10),
	.quiet_from = 21 * 60,
	.quiet_to = 7 * 60,
};

enum { RUNG_REMIND, RUNG_DEADLINE, RUNG_SEKDA, RUNG_REGENT, RUNG_REPEATED };

/*
 * clock  LIFE_CLOCK_COUNT: none of its own (DUE_AGAIN)
 * rung   which step of that clock's ladder
 * level  who is told at least; a deadline raises the ticket to it
 * event  for lifecycle_step
 * Of what is late at once the most serious is done: a deadline before a reminder, the
 * Ombudsman before a deadline; among equals the newest.
 */
static const struct due_row {
	const char *name;
	enum life_clock clock;
	int rung;
	enum life_level level;
	enum life_event event;
	int serious;
} dues[DUE_KIND_COUNT] = {
	[DUE_VERIFY_REMIND] = { "verify_remind", LIFE_CLOCK_VERIFY, RUNG_REMIND,
				LIFE_LEVEL_OFFICER, LIFE_REMIND, 0 },
	[DUE_VERIFY] = { "verify", LIFE_CLOCK_VERIFY, RUNG_DEADLINE, LIFE_LEVEL_HEAD,
			 LIFE_DEADLINE, 1 },
	[DUE_VERIFY_SEKDA] = { "verify_sekda", LIFE_CLOCK_VERIFY, RUNG_SEKDA,
			       LIFE_LEVEL_SEKDA, LIFE_DEADLINE, 1 },
	[DUE_VERIFY_REGENT] = { "verify_regent", LIFE_CLOCK_VERIFY, RUNG_REGENT,
				LIFE_LEVEL_REGENT, LIFE_DEADLINE, 1 },
	[DUE_ANSWER_REMIND] = { "answer_remind", LIFE_CLOCK_ANSWER, RUNG_REMIND,
				LIFE_LEVEL_OFFICER, LIFE_REMIND, 0 },
	[DUE_ANSWER] = { "answer", LIFE_CLOCK_ANSWER, RUNG_DEADLINE, LIFE_LEVEL_HEAD,
			 LIFE_DEADLINE, 1 },
	[DUE_ANSWER_SEKDA] = { "answer_sekda", LIFE_CLOCK_ANSWER, RUNG_SEKDA,
			       LIFE_LEVEL_SEKDA, LIFE_DEADLINE, 1 },
	[DUE_ANSWER_REGENT] = { "answer_regent", LIFE_CLOCK_ANSWER, RUNG_REGENT,
				LIFE_LEVEL_REGENT, LIFE_DEADLINE, 1 },
	[DUE_SETTLE_REMIND] = { "settle_remind", LIFE_CLOCK_SETTLE, RUNG_REMIND,
				LIFE_LEVEL_OFFICER, LIFE_REMIND, 0 },
	[DUE_SETTLE] = { "settle", LIFE_CLOCK_SETTLE, RUNG_DEADLINE, LIFE_LEVEL_HEAD,
			 LIFE_DEADLINE, 1 },
	[DUE_SETTLE_SEKDA] = { "settle_sekda", LIFE_CLOCK_SETTLE, RUNG_SEKDA,
			       LIFE_LEVEL_SEKDA, LIFE_DEADLINE, 1 },
	[DUE_SETTLE_REGENT] = { "settle_regent", LIFE_CLOCK_SETTLE, RUNG_REGENT,
				LIFE_LEVEL_REGENT, LIFE_DEADLINE, 1 },
	[DUE_AGAIN] = { "again", LIFE_CLOCK_COUNT, RUNG_REPEATED, LIFE_LEVEL_REGENT,
			LIFE_DEADLINE, 1 },
	[DUE_STATUTE_ALARM] = { "statute_alarm", LIFE_CLOCK_STATUTE, RUNG_REMIND,
				LIFE_LEVEL_HEAD, LIFE_REMIND, 0 },
	[DUE_STATUTE] = { "statute", LIFE_CLOCK_STATUTE, RUNG_DEADLINE, LIFE_LEVEL_REGENT,
			  LIFE_STATUTE, 2 },
	[DUE_REPLY_REMIND] = { "reply_remind", LIFE_CLOCK_REPLY, RUNG_REMIND,
			       LIFE_LEVEL_OFFICER, LIFE_REMIND, 0 },
	[DUE_REPLY] = { "reply", LIFE_CLOCK_REPLY, RUNG_DEADLINE, LIFE_LEVEL_OFFICER,
			LIFE_ASK_EXPIRED, 1 },
	[DUE_CONFIRM] = { "confirm", LIFE_CLOCK_CONFIRM, RUNG_DEADLINE,
			  LIFE_LEVEL_OFFICER, LIFE_CLOSE_SILENCE, 1 },
	[DUE_WATCH] = { "watch", LIFE_CLOCK_WATCH, RUNG_REPEATED, LIFE_LEVEL_OFFICER,
			LIFE_REMIND, 0 },
};

const char *clocks_due_name(enum due_kind kind)
{
	return dues[kind].name;
}

/* ---- keeping times ---- */

static uint32_t bits_of(enum life_clock clock)
{
	uint32_t bits = 0;

	for (int k = 0; k < DUE_KIND_COUNT; k++)
		if (dues[k].clock == clock)
			bits |= UINT32_C(1) << k;
	return bits;
}

void clocks_open(struct clock_times *times, int64_t now_ms)
{
	*times = (struct clock_times){ .n_pauses = 0 };
	for (int c = 0; c < LIFE_CLOCK_COUNT; c++)
		if (LIFE_BIRTH_CLOCKS >> c & 1)
			times->started_ms[c] = now_ms;
}

/* Asked once more in `tanya`: the same pause goes on. */
static void keep_pauses(struct clock_times *times, bool asked, int64_t now_ms)
{
	struct clock_pause *last =
		times->n_pauses ? &times->pauses[times->n_pauses - 1] : NULL;
	bool paused = last && last->to_ms == 0;

	if (paused && !asked)
		last->to_ms = now_ms > last->from_ms ? now_ms : last->from_ms;
	if (!paused && asked && times->n_pauses < CLOCK_PAUSES_MOST)
		times->pauses[times->n_pauses++] =
			(struct clock_pause){ .from_ms = now_ms };
}

void clocks_mend(struct clock_times *times, int64_t now_ms)
{
	if (times->last_ms > now_ms)
		times->last_ms = now_ms;
	if (times->told_ms > now_ms)
		times->told_ms = now_ms;
}

void clocks_apply(struct clock_times *times, const struct life_step *step, int64_t now_ms)
{
	clocks_mend(times, now_ms);
	for (int c = 0; c < LIFE_CLOCK_COUNT; c++)
		if (step->start >> c & 1) {
			times->started_ms[c] = now_ms;
			times->done &= ~bits_of((enum life_clock)c);
		}
	if (step->start >> LIFE_CLOCK_SETTLE & 1) {
		times->promised_ms = step->date_ms;
		times->fresh = true;
	}
	keep_pauses(times, step->after.state == TICKET_TANYA, now_ms);
}

void clocks_take(struct clock_times *times, const struct due *due, int64_t now_ms)
{
	times->done |= due->skips;
	if (dues[due->kind].rung != RUNG_REPEATED)
		times->done |= UINT32_C(1) << due->kind;
	times->last_ms = now_ms;
	if (dues[due->kind].event != LIFE_REMIND)
		times->told_ms = now_ms;
}

/* ---- when ---- */

/* What all of the following look at. */
struct view {
	const struct clock_rules *rules;
	const struct calendar *cal;
	const struct life *life;
	const struct clock_times *times;
	int64_t now_ms;
};

static int64_t end_of(const struct view *v, int64_t from_ms, struct clock_period period)
{
	return period.days == CLOCK_WORKING
		       ? calendar_add_workdays(v->cal, from_ms, period.n)
		       : calendar_end_of_day(v->cal, from_ms, period.n);
}

/* As end_of, from a deadline on: its day is day 0, whatever the hour. */
static int64_t after(const struct view *v, int64_t deadline_ms,
		     struct clock_period period)
{
	return end_of(v, calendar_end_of_day(v->cal, deadline_ms, -1) + 1, period);
}

/* A ticket whose clock has no beginning is from another time: the oldest it can be. */
static int64_t began(const struct view *v, enum life_clock clock)
{
	int64_t ms = v->times->started_ms[clock];

	return ms ? ms : v->times->started_ms[LIFE_CLOCK_STATUTE];
}

/*
 * Later by the time that the citizen was asked: office time for working days. A question
 * that was asked when the time was already over changes nothing any more.
 */
static int64_t shifted(const struct view *v, int64_t began_ms, int64_t at_ms,
		       enum clock_days days)
{
	for (size_t i = 0; i < v->times->n_pauses; i++) {
		struct clock_pause p = v->times->pauses[i];
		int64_t from = p.from_ms > began_ms ? p.from_ms : began_ms;
		int64_t to = p.to_ms ? p.to_ms : v->now_ms;

		if (to <= from || from >= at_ms)
			continue;
		if (days == CLOCK_WORKING)
			at_ms = calendar_add_work(v->cal, at_ms,
						  calendar_work_ms(v->cal, from, to));
		else
			at_ms = calendar_end_of_day(v->cal, at_ms + to - from, 0);
	}
	return at_ms;
}

static struct clock_period period_of(const struct view *v, enum life_clock clock)
{
	const struct clock_rules *r = v->rules;

	switch (clock) {
	case LIFE_CLOCK_VERIFY:
		return r->verify;
	case LIFE_CLOCK_ANSWER:
		return r->answer;
	case LIFE_CLOCK_SETTLE:
		return v->times->fresh ? r->reopened : r->settle[v->life->kind];
	case LIFE_CLOCK_STATUTE:
		return r->statute;
	case LIFE_CLOCK_REPLY:
		return v->life->asked_by == LIFE_GATEWAY ? r->reply_machine : r->reply;
	case LIFE_CLOCK_CONFIRM:
		return r->confirm;
	case LIFE_CLOCK_WATCH:
	case LIFE_CLOCK_COUNT:
		break;
	}
	return r->watch;
}

/* More time that is given before the first answer is time for that as well. */
static bool promised(const struct view *v, enum life_clock clock)
{
	const int64_t *started = v->times->started_ms;

	if (!v->times->promised_ms)
		return false;
	return clock == LIFE_CLOCK_SETTLE ||
	       (clock == LIFE_CLOCK_ANSWER && started[LIFE_CLOCK_ANSWER] &&
		started[LIFE_CLOCK_SETTLE] > started[LIFE_CLOCK_ANSWER]);
}

/* Clocks that stand still while the citizen is asked. */
static bool pausable(enum life_clock clock)
{
	return clock <= LIFE_CLOCK_STATUTE;
}

static int64_t ends(const struct view *v, enum life_clock clock,
		    struct clock_period period)
{
	int64_t from = began(v, clock), at = end_of(v, from, period);

	if (promised(v, clock))
		return v->times->promised_ms;
	return pausable(clock) ? shifted(v, from, at, period.days) : at;
}

/* When so many percent of the time are gone: of the office time for working days. */
static int64_t part_gone(const struct view *v, enum life_clock clock)
{
	struct clock_period period = period_of(v, clock);
	int64_t from = began(v, clock), at;

	if (promised(v, clock))
		period.days = CLOCK_WORKING;
	at = promised(v, clock) ? v->times->promised_ms : end_of(v, from, period);
	if (period.days == CLOCK_WORKING)
		at = calendar_add_work(v->cal, from,
				       calendar_work_ms(v->cal, from, at) *
					       v->rules->remind_percent / 100);
	else
		at = from + (at - from) / 100 * v->rules->remind_percent;
	return promised(v, clock) ? at : shifted(v, from, at, period.days);
}

static int64_t reminder(const struct view *v, enum life_clock clock)
{
	if (clock == LIFE_CLOCK_VERIFY)
		return ends(v, clock, v->rules->verify_promise);
	if (clock == LIFE_CLOCK_STATUTE)
		return ends(v, clock, v->rules->statute_alarm);
	if (clock == LIFE_CLOCK_REPLY)
		return ends(v, clock, v->rules->reply_remind);
	return part_gone(v, clock);
}

/* The last time, or since the clock began when there was none. */
static int64_t since(const struct view *v, int64_t last_ms, int64_t began_ms)
{
	/* A last time in the future is from a clock that was wrong. */
	if (last_ms > v->now_ms)
		last_ms = v->now_ms;
	return last_ms > began_ms ? last_ms : began_ms;
}

static int64_t falls_due(const struct view *v, enum due_kind kind)
{
	enum life_clock clock = dues[kind].clock;

	if (kind == DUE_AGAIN)
		return end_of(v, since(v, v->times->told_ms, began(v, LIFE_CLOCK_SETTLE)),
			      v->rules->again);
	if (kind == DUE_WATCH)
		return end_of(v, since(v, v->times->last_ms, began(v, clock)),
			      v->rules->watch);
	if (dues[kind].rung == RUNG_REMIND)
		return reminder(v, clock);
	if (dues[kind].rung == RUNG_SEKDA)
		return after(v, ends(v, clock, period_of(v, clock)), v->rules->sekda);
	if (dues[kind].rung == RUNG_REGENT)
		return after(v, ends(v, clock, period_of(v, clock)), v->rules->regent);
	return ends(v, clock, period_of(v, clock));
}

/*
 * When it is done: office matters in office hours, a citizen's not in the quiet hours;
 * and nothing on a day on which this ticket has rung already.
 */
static int64_t acts(const struct view *v, enum due_kind kind, int64_t at_ms)
{
	enum life_clock clock = dues[kind].clock;
	int64_t last = v->times->last_ms;

	if (last && last <= v->now_ms) {
		int64_t morrow = calendar_end_of_day(v->cal, last, 0) + 1;

		at_ms = at_ms > morrow ? at_ms : morrow;
	}
	if (clock == LIFE_CLOCK_REPLY || clock == LIFE_CLOCK_CONFIRM)
		return clocks_quiet(v->rules, v->cal, at_ms);
	return calendar_next_open(v->cal, at_ms);
}

/* ---- what is next ---- */

/*
 * A rung is behind us when it or a higher one of its ladder was done. What ends the state
 * is never behind us while the state stands: it is tried again on another day.
 */
static bool is_done(const struct view *v, enum due_kind kind)
{
	uint32_t up = bits_of(dues[kind].clock) & ~((UINT32_C(1) << kind) - 1);

	if (dues[kind].event == LIFE_ASK_EXPIRED ||
	    dues[kind].event == LIFE_CLOSE_SILENCE)
		return false;
	return dues[kind].rung != RUNG_REPEATED && v->times->done & up;
}

static bool runs(const struct view *v, enum due_kind kind)
{
	unsigned now = lifecycle_clocks(v->life->state);
	bool office = false, ladder = false;

	if (kind != DUE_AGAIN)
		return now >> dues[kind].clock & 1 && !is_done(v, kind);
	/* Again and again when the ladders of all that run in an office are climbed. */
	for (int k = 0; k < DUE_AGAIN; k++)
		if (now >> dues[k].clock & 1) {
			office = true;
			ladder |= !is_done(v, (enum due_kind)k);
		}
	return office && !ladder;
}

struct found {
	bool runs, late;
	int64_t at_ms, act_ms;
};

/* Of two late things the more serious, else the newer; of two to come the nearer. */
static bool comes_first(const struct found found[], int a, int b)
{
	if (found[a].late != found[b].late)
		return found[a].late;
	if (!found[a].late)
		return found[a].act_ms < found[b].act_ms;
	if (dues[a].serious != dues[b].serious)
		return dues[a].serious > dues[b].serious;
	return found[a].at_ms >= found[b].at_ms;
}

/* The deadline that a step of a ladder is about. */
static int64_t about(const struct view *v, enum due_kind kind)
{
	enum life_clock clock = kind == DUE_AGAIN ? LIFE_CLOCK_SETTLE : dues[kind].clock;

	return kind == DUE_WATCH ? 0 : ends(v, clock, period_of(v, clock));
}

/* The next thing of which the citizen hears; 0: none. */
static int64_t next_told(const struct view *v)
{
	int64_t next = 0;

	for (int k = 0; k < DUE_KIND_COUNT; k++) {
		int64_t at;

		if (dues[k].event == LIFE_REMIND || !runs(v, (enum due_kind)k))
			continue;
		at = acts(v, (enum due_kind)k, falls_due(v, (enum due_kind)k));
		if (at > v->now_ms && (!next || at < next))
			next = at;
	}
	return next;
}

bool clocks_next(const struct clock_rules *rules, const struct calendar *cal,
		 const struct life *life, const struct clock_times *times, int64_t now_ms,
		 struct due *due)
{
	const struct view v = { rules, cal, life, times, now_ms };
	struct found found[DUE_KIND_COUNT];
	enum life_level level;
	uint32_t skips = 0;
	int best = -1;

	for (int k = 0; k < DUE_KIND_COUNT; k++) {
		found[k] = (struct found){ .runs = runs(&v, (enum due_kind)k) };
		if (!found[k].runs)
			continue;
		found[k].at_ms = falls_due(&v, (enum due_kind)k);
		found[k].act_ms = acts(&v, (enum due_kind)k, found[k].at_ms);
		found[k].late = found[k].act_ms <= now_ms;
		if (best < 0 || comes_first(found, k, best))
			best = k;
	}
	if (best < 0)
		return false;
	level = dues[best].level;
	for (int k = 0; k < DUE_KIND_COUNT; k++)
		if (k != best && found[k].runs && found[k].late) {
			skips |= UINT32_C(1) << k;
			level = dues[k].level > level ? dues[k].level : level;
		}
	*due = (struct due){
		.kind = (enum due_kind)best,
		.at_ms = found[best].at_ms,
		.act_ms = found[best].act_ms,
		.deadline_ms = about(&v, (enum due_kind)best),
		.skips = skips,
		.act = { .event = dues[best].event,
			 .who = LIFE_GATEWAY,
			 .at_ms = found[best].act_ms,
			 .level = level },
	};
	return true;
}

/* ---- dates to tell ---- */

int64_t clocks_deadline(const struct clock_rules *rules, const struct calendar *cal,
			const struct life *life, const struct clock_times *times,
			enum life_clock clock, int64_t now_ms)
{
	const struct view v = { rules, cal, life, times, now_ms };

	if (!times->started_ms[clock])
		return 0;
	return ends(&v, clock, period_of(&v, clock));
}

int64_t clocks_promise(const struct clock_rules *rules, const struct calendar *cal,
		       const struct life *life, const struct clock_times *times,
		       int64_t now_ms)
{
	/* The clock whose end is told, and as of which period; none in the other states.
	 */
	static const struct {
		bool tell;
		enum due_kind kind;
	} told[TICKET_STATE_COUNT] = {
		[TICKET_BARU] = { true, DUE_VERIFY_REMIND },
		[TICKET_PERIKSA] = { true, DUE_VERIFY_REMIND },
		[TICKET_TANYA] = { true, DUE_REPLY },
		[TICKET_DITERUSKAN] = { true, DUE_ANSWER },
		[TICKET_DIPROSES] = { true, DUE_SETTLE },
		[TICKET_DIJADWALKAN] = { true, DUE_SETTLE },
		[TICKET_LUAR] = { true, DUE_WATCH },
		[TICKET_SELESAI] = { true, DUE_CONFIRM },
	};
	const struct view v = { rules, cal, life, times, now_ms };
	int64_t at, next;

	if (!told[life->state].tell)
		return life->state == TICKET_DIGABUNG || life->state == TICKET_ARSIP
			       ? 0
			       : clocks_window(rules, cal, life->closed_ms);
	at = falls_due(&v, told[life->state].kind);
	if (at > now_ms && !is_done(&v, told[life->state].kind))
		return at;
	/* Broken already (perhaps before the clock fell back): when he hears of it next.
	 */
	next = next_told(&v);
	return next ? next : at;
}

int64_t clocks_window(const struct clock_rules *rules, const struct calendar *cal,
		      int64_t closed_ms)
{
	const struct view v = { .rules = rules, .cal = cal };

	return closed_ms ? end_of(&v, closed_ms, rules->window) : 0;
}

int64_t clocks_date(const struct calendar *cal, struct when_date date)
{
	return calendar_end_of_day(cal, calendar_midnight(cal, date), 0);
}

int64_t clocks_quiet(const struct clock_rules *rules, const struct calendar *cal,
		     int64_t wall_ms)
{
	int64_t midnight = calendar_end_of_day(cal, wall_ms, -1) + 1;
	int64_t minute = (wall_ms - midnight) / 60000;
	int from = rules->quiet_from, to = rules->quiet_to;
	bool over_midnight = from > to;

	if (from == to || (over_midnight ? minute < from && minute >= to
					 : minute < from || minute >= to))
		return wall_ms;
	if (over_midnight && minute >= from)
		midnight = calendar_end_of_day(cal, wall_ms, 0) + 1;
	return midnight + (int64_t)to * 60000;
}
