/* SPDX-License-Identifier: MIT */
/*
 * Commands from officers (model/officer.h reads them): whose ticket, whether the PIN is
 * right, and then the life cycle's table decides as for everybody. Each command gets one
 * answer: done, or what is missing and how it is typed. A text that is no command is
 * never taken for a complaint without asking.
 */
#include "flow/duty.h"

#include "base/crypto.h"

enum { NO_DIGITS_DAYS_MS = 86400000 };

/* What is missing, and how it is typed. */
static int say_fault(const struct order *o, unsigned fault, struct err *err)
{
	struct str values[VALUE_COUNT] = { 0 };

	if (fault == OFFICER_WRONG_NUMBER)
		return order_say(o, REPLY_PET_NOMOR_SALAH, NULL, NULL, err);
	values[VALUE_ALASAN] = reply_words(o->e->config->texts, reply_fault_key(fault));
	values[VALUE_TEKS] =
		reply_words(o->e->config->texts, reply_format_key(o->c.kind));
	return order_say(o, REPLY_PET_FORMAT, NULL, values, err);
}

/* ---- PIN ---- */

enum pin_state { PIN_RIGHT, PIN_NONE, PIN_WRONG };

static int pin_count(const struct order *o, struct pin_fault *fault, struct err *err)
{
	const struct config_conversation *c = &o->e->config->conversation;

	fault->n++;
	if (fault->n >= c->pin_tries)
		*fault = (struct pin_fault){ fault->n, o->e->wall_ms + c->pin_lock_ms };
	return store_pin_fault_set(o->e->store, o->h->person.id, fault, err) ||
			       store_audit_add(o->e->store, o->e->wall_ms, o->by->name,
					       STR("pin_wrong"), o->by->name, err)
		       ? -1
		       : 0;
}

static int pin_wrong(const struct order *o, struct pin_fault *fault, struct err *err)
{
	const struct config_conversation *c = &o->e->config->conversation;
	struct str values[VALUE_COUNT] = { 0 };

	if (pin_count(o, fault, err))
		return -1;
	if (fault->locked_until_ms) {
		values[VALUE_N] = arena_printf(o->e->item, "%lld",
					       (long long)c->pin_lock_ms / 60000);
		return order_say(o, REPLY_PET_PIN_KUNCI, NULL, values, err);
	}
	values[VALUE_SISA] =
		arena_printf(o->e->item, "%lld", (long long)(c->pin_tries - fault->n));
	return order_say(o, REPLY_PET_PIN_SALAH, NULL, values, err);
}

static int say_locked(const struct order *o, const struct pin_fault *fault,
		      struct err *err)
{
	struct str values[VALUE_COUNT] = { 0 };
	int64_t left = (fault->locked_until_ms - o->e->wall_ms + 59999) / 60000;

	values[VALUE_N] = arena_printf(o->e->item, "%lld", (long long)left);
	return order_say(o, REPLY_PET_PIN_KUNCI, NULL, values, err);
}

/* "sudah diaspal 2025": last year, this one or the next. */
static bool is_year(const struct order *o, struct str digits)
{
	struct when_date today = calendar_date_of(o->e->config->calendar, o->e->wall_ms);
	int64_t n;

	return digits.n == 4 && str_to_int(digits, &n) && n >= today.year - 1 &&
	       n <= today.year + 1;
}

/* *state PIN_WRONG: it was answered already. */
static int pin_look(struct order *o, enum pin_state *state, struct err *err)
{
	bool needs = officer_needs_pin(o->c.kind);
	struct pin_fault fault;

	*state = PIN_NONE;
	if (o->c.pin.n == 0)
		return 0;
	if (store_pin_fault_get(o->e->store, o->h->person.id, &fault, err))
		return -1;
	if (fault.locked_until_ms > o->e->wall_ms) {
		o->plain = true;
		*state = needs ? PIN_WRONG : PIN_NONE;
		return needs ? say_locked(o, &fault, err) : 0;
	}
	if (fault.locked_until_ms)
		fault = (struct pin_fault){ 0 }; /* the lock is over: tries begin anew */
	if (crypto_pin_right(o->by->pin, o->c.pin)) {
		*state = PIN_RIGHT;
		o->plain = true;
		fault.n = 0;
		return store_pin_fault_set(o->e->store, o->h->person.id, &fault, err);
	}
	/*
	 * For a command that needs none the digits may be its text, and it is done; but a
	 * right PIN is cut off there, so that whoever guesses would see when he is right.
	 */
	if (!needs)
		return o->by->pin.n && !is_year(o, o->c.pin) ? pin_count(o, &fault, err)
							     : 0;
	*state = PIN_WRONG;
	return pin_wrong(o, &fault, err);
}

/* The whole command is remembered; a PIN as the next text carries it out. */
static int ask_pin(const struct order *o, const struct ticket *t, struct err *err)
{
	const struct asking asking = { .asked = ASKED_OFFICER_SURE,
				       .no = t->no,
				       .message_id = o->text_id };

	if (asking_set(o->e, &o->h->person, &asking, err))
		return -1;
	return order_say(o, REPLY_PET_PIN, t, NULL, err);
}

/* ---- doing it ---- */

static const enum life_event events[OFFICER_COUNT] = {
	[OFFICER_TERIMA] = LIFE_ACCEPT,		[OFFICER_PROSES] = LIFE_PROGRESS,
	[OFFICER_JADWAL] = LIFE_SCHEDULE,	[OFFICER_TANYA] = LIFE_ASK,
	[OFFICER_SELESAI] = LIFE_DONE,		[OFFICER_ALIH] = LIFE_TRANSFER,
	[OFFICER_LUAR] = LIFE_OUTSIDE,		[OFFICER_GABUNG] = LIFE_MERGE,
	[OFFICER_TOLAK] = LIFE_REJECT_PROPOSED, [OFFICER_PERPANJANG] = LIFE_EXTEND_ASKED,
	[OFFICER_RAHASIA] = LIFE_HIDE,
};

enum life_event officer_event(enum officer_kind kind)
{
	return events[kind];
}

static int64_t date_ms(const struct order *o)
{
	if (o->c.kind == OFFICER_PERPANJANG && o->c.days)
		return clocks_date(
			o->e->config->calendar,
			calendar_date_of(o->e->config->calendar,
					 o->e->wall_ms +
						 (int64_t)o->c.days * NO_DIGITS_DAYS_MS));
	return o->c.date.year ? clocks_date(o->e->config->calendar, o->c.date) : 0;
}

static struct str actor_of(const struct order *o)
{
	if (o->by->desk)
		return arena_printf(o->e->item, "meja:%.*s", STR_ARG(o->by->name));
	return arena_printf(
		o->e->item, "petugas:%.*s",
		STR_ARG(o->by->department < 0
				? o->by->name
				: o->e->config->departments[o->by->department].code));
}

/* What the desk does itself, where an officer proposes. */
static enum life_event event_of(const struct order *o)
{
	if (o->by->desk && o->c.kind == OFFICER_TOLAK)
		return LIFE_REJECT;
	if (o->by->desk && o->c.kind == OFFICER_ALIH)
		return LIFE_ROUTE;
	if (o->by->desk && o->c.kind == OFFICER_PERPANJANG)
		return LIFE_EXTEND;
	return events[o->c.kind];
}

/* A day or a parent that does not do. Of the parent its number and state are told. */
static int say_unfit(const struct order *o, const struct ticket *t,
		     const struct ticket *parent, struct err *err)
{
	unsigned fault = OFFICER_NO_DATE;

	if (parent && parent->id != t->id)
		return order_say(o, REPLY_PET_STATUS, parent, NULL, err);
	if (o->c.kind == OFFICER_GABUNG)
		fault = parent ? OFFICER_SAME_PARENT : OFFICER_NO_PARENT;
	else if (o->c.date.year)
		fault = OFFICER_PAST_DATE;
	else if (o->c.kind == OFFICER_PERPANJANG)
		fault = OFFICER_NO_DAYS;
	return say_fault(o, fault, err);
}

static int say_refused(const struct order *o, struct ticket *t,
		       const struct ticket *parent, enum life_refusal refusal,
		       struct err *err)
{
	const char *name = lifecycle_refusal_key(refusal, event_of(o),
						 o->by->desk ? LIFE_DESK : LIFE_OFFICER);
	enum reply_key key;

	if (refusal == LIFE_NO_PARENT || refusal == LIFE_NEEDS_DATE)
		return say_unfit(o, t, parent, err);
	/* The desk sees all: what it may not do is no matter of whose ticket it is. */
	if (!reply_key_read(str_of(name), &key) ||
	    (o->by->desk && refusal == LIFE_NOT_YOURS))
		key = REPLY_PET_STATUS;
	return order_say(o, key, t, NULL, err);
}

static int say_done(const struct order *o, const struct ticket *t, struct err *err)
{
	struct str values[VALUE_COUNT] = { 0 };

	bool desk = !o->by->desk && t->life.state == TICKET_PERIKSA;

	if (o->c.kind == OFFICER_ALIH && desk &&
	    t->life.transfers >= LIFE_TRANSFERS_MOST) {
		values[VALUE_N] = arena_printf(o->e->item, "%d", t->life.transfers);
		return order_say(o, REPLY_PET_ALIH_BATAS, t, values, err);
	}
	if (desk || (!o->by->desk && o->c.kind == OFFICER_PERPANJANG))
		return order_say(o, REPLY_PET_USUL, t, NULL, err);
	return order_say(o, REPLY_PET_OK, t, NULL, err);
}

/* *good false: it was answered. An own ticket is not handed on to oneself, and a body
 * outside is LUAR's. */
static int target_look(const struct order *o, const struct ticket *t, bool *good,
		       struct err *err)
{
	const struct config *c = o->e->config;
	struct str values[VALUE_COUNT] = { 0 };
	bool outside = o->c.department >= 0 && c->departments[o->c.department].outside;

	*good = o->c.kind != OFFICER_ALIH || o->c.department < 0 ||
		(!outside &&
		 !str_eq(t->department, c->departments[o->c.department].code));
	if (*good)
		return 0;
	values[VALUE_ALASAN] = reply_words(c->texts, REPLY_SALAH_OPD);
	values[VALUE_TEKS] = reply_words(
		c->texts, reply_format_key(outside ? OFFICER_LUAR : OFFICER_ALIH));
	return order_say(o, REPLY_PET_FORMAT, t, values, err);
}

/* Whoever wants no SMS cannot be asked, and a clock must not stand still for a question
 * that nobody has read. */
static int sender_look(const struct order *o, const struct ticket *t, bool *good,
		       struct err *err)
{
	*good = true;
	if (o->c.kind != OFFICER_TANYA)
		return 0;
	if (ticket_reachable(o->e, t, good, err))
		return -1;
	return *good ? 0 : order_say(o, REPLY_PET_BERHENTI, t, NULL, err);
}

static int carry_out(const struct order *o, struct ticket *t, bool proved,
		     struct err *err)
{
	struct deed deed = {
		.act = { .event = event_of(o),
			 .who = o->by->desk ? LIFE_DESK : LIFE_OFFICER,
			 .date_ms = date_ms(o),
			 .proved = proved,
			 .level = o->by->level },
		.actor = actor_of(o),
		.words = o->plain ? o->c.text : o->c.text_whole,
		.message_id = o->h->id,
		.department = o->c.department,
		.outside = o->c.body,
		.heard = o->h,
	};
	enum life_refusal refusal;
	struct ticket parent;
	bool found = true, good;

	if (target_look(o, t, &good, err) || (good && sender_look(o, t, &good, err)))
		return -1;
	if (!good)
		return 0;

	if (o->c.parent && order_find(o, o->c.parent, &parent, &found, err))
		return -1;
	if (!found)
		return order_say_number(o, REPLY_PET_BUKAN_MILIK, o->c.parent, err);
	deed.parent = o->c.parent ? &parent : NULL;
	if (ticket_do(o->e, t, &deed, &refusal, err))
		return -1;
	if (refusal == LIFE_NEEDS_PIN)
		return ask_pin(o, t, err);
	return refusal == LIFE_OK ? say_done(o, t, err)
				  : say_refused(o, t, deed.parent, refusal, err);
}

/* With its number known. */
static int order_named(struct order *o, int64_t no, struct err *err)
{
	enum pin_state pin;
	struct ticket t;
	bool found;

	if (order_find(o, no, &t, &found, err))
		return -1;
	if (!found)
		return order_say_number(o, REPLY_PET_BUKAN_MILIK, no, err);
	if (pin_look(o, &pin, err))
		return -1;
	if (pin == PIN_WRONG)
		return 0;
	if (officer_needs_pin(o->c.kind) && pin == PIN_NONE)
		return ask_pin(o, &t, err);
	return carry_out(o, &t, pin == PIN_RIGHT, err);
}

static int say_help(const struct order *o, struct err *err)
{
	struct str values[VALUE_COUNT] = { 0 };

	if (o->c.more)
		return order_say(o, REPLY_PET_BANTUAN_LAGI, NULL, NULL, err);
	if (o->c.about == OFFICER_NONE)
		return order_say(o, REPLY_PET_BANTUAN, NULL, NULL, err);
	values[VALUE_TEKS] =
		reply_words(o->e->config->texts, reply_format_key(o->c.about));
	return order_say(o, REPLY_PET_BANTUAN_SATU, NULL, values, err);
}

static int order_hear(struct order *o, int64_t no, struct err *err)
{
	unsigned ignore = OFFICER_NO_PIN | (no ? OFFICER_NO_NUMBER : 0);
	unsigned fault = officer_fault_first(o->c.faults, ignore);

	o->h->kind = str_of(text_kind_name(KIND_COMMAND));
	o->h->note = str_of(officer_name(o->c.kind));
	o->h->expected = true;
	o->h->order = !fault || fault == OFFICER_NO_NUMBER;
	if (o->c.kind == OFFICER_DAFTAR)
		return order_say_list(o, err);
	if (o->c.kind == OFFICER_BANTUAN)
		return say_help(o, err);
	if (fault == OFFICER_NO_NUMBER)
		return order_ask_number(o, err);
	if (fault)
		return say_fault(o, fault, err);
	return order_named(o, o->c.no ? o->c.no : no, err);
}

/* ---- answers to what we asked ---- */

static struct officer_command command_of(const struct engine *e, struct str text)
{
	const struct officer_rules rules = {
		.width = (unsigned)e->config->gateway.number_width,
		.today = calendar_date_of(e->config->calendar, e->wall_ms),
		.departments = e->config->department_codes,
		.outside = e->config->outside_names,
	};

	return officer_read(text, &rules, e->item);
}

/* "Ini laporan warga?" yes: heard as if it came now, but it is that message. */
static int complaint_hear(const struct order *o, const struct asking *asking,
			  struct err *err)
{
	struct heard *h = o->h;

	h->words_of = asking->message_id;
	if (text_hear(o->e, h, asking->text, false, err))
		return -1;
	return h->ticket_id == 0 ? 0
				 : store_in_settle(o->e->store, h->words_of, h->kind,
						   h->ticket_id, h->note, err);
}

/* The command that waited, with the number or the PIN that came. */
static int waited(struct order *o, const struct asking *asking, const struct meaning *m,
		  struct err *err)
{
	int64_t no = m->kind == MEANING_WHICH ? m->command.no : asking->no;
	struct str pin = str_trim(m->command.rest);

	if (store_asked_remove(o->e->store, &o->h->person, err))
		return -1;
	o->h->text = asking->text;
	o->text_id = asking->message_id;
	o->c = command_of(o->e, asking->text);
	if (o->c.kind == OFFICER_NONE)
		return complaint_hear(o, asking, err);
	if (pin.n)
		o->c.pin = pin;
	return order_hear(o, no, err);
}

/* *done: it was the answer to our question. */
static int answer_hear(struct order *o, bool *done, struct err *err)
{
	struct engine *e = o->e;
	unsigned width = (unsigned)e->config->gateway.number_width;
	struct command read;
	struct asking asking;
	struct context context;
	struct meaning m;
	bool found;

	*done = false;
	if (!o->h->person.asked)
		return 0;
	if (asking_get(e, &o->h->person, &asking, &found, err))
		return -1;
	if (!found || (asking.asked != ASKED_OFFICER_SURE && asking.asked != ASKED_WHICH))
		return 0;
	*done = true;
	if (asking.asked == ASKED_OFFICER_SURE && officer_is_pin(str_trim(o->h->text))) {
		m = (struct meaning){ .kind = MEANING_SURE,
				      .command.rest = str_trim(o->h->text) };
		return waited(o, &asking, &m, err);
	}
	read = command_read(o->h->text, width, e->item);
	context = asking_context(&asking);
	m = context_read(o->h->text, &read, false, &context, e->wall_ms, width, e->item);
	if (m.kind == MEANING_SURE || m.kind == MEANING_WHICH)
		return waited(o, &asking, &m, err);
	if (m.kind == MEANING_NOT_SURE) {
		if (store_asked_remove(e->store, &o->h->person, err))
			return -1;
		return order_say_number(o, REPLY_PET_BATAL, asking.no, err);
	}
	*done = false;
	return 0;
}

/* Chat, or a complaint of his own: he is asked, nothing is lost meanwhile. */
static int ask_complaint(const struct order *o, struct err *err)
{
	/* The ticket's words are those of the message that is kept here. */
	const struct asking asking = {
		.asked = ASKED_OFFICER_SURE,
		.message_id = o->h->id,
	};

	o->h->kind = str_of(text_kind_name(KIND_UNCLEAR));
	o->h->note = STR("petugas");
	if (asking_set(o->e, &o->h->person, &asking, err))
		return -1;
	return order_say(o, REPLY_PET_TANYA_ADUAN, NULL, NULL, err);
}

int officer_hear(struct engine *e, struct heard *h, const struct config_officer *by,
		 struct err *err)
{
	struct order o = { .e = e, .h = h, .by = by, .text_id = h->id };
	struct str hidden;
	bool done;

	o.c = command_of(e, h->text);
	if (pins_hide(e, h, by, &o.c, &hidden, err))
		return -1;
	if (o.c.kind != OFFICER_NONE)
		return order_hear(&o, 0, err);
	if (answer_hear(&o, &done, err) || (!done && duty_ready(&o, &done, err)))
		return -1;
	if (done)
		return 0;
	h->text = hidden;
	/* His own complaints, like any citizen's. */
	if (command_read(h->text, (unsigned)e->config->gateway.number_width, e->item)
		    .kind != COMMAND_NONE)
		return understand_citizen(e, h, err);
	return ask_complaint(&o, err);
}
