/* SPDX-License-Identifier: MIT */
/*
 * What a text means: an officer's command, a citizen's, the answer to something that we
 * asked, more of a complaint just made, the same complaint again, or a new one. When in
 * doubt it is a complaint, and a human looks at it.
 */
#include "flow/flow.h"

#include <ctype.h>
#include <stdio.h>

#include "model/language.h"
#include "model/place.h"

enum {
	REASONS_MOST = 1000,
	BARE_MOST = 3, /* bytes: "4" answers nothing when nothing was asked */
};

static const double pair_too_near = 0.85; /* a second department as likely as this … */
static const double pair_unsure = 0.6;	  /* … when the first is no surer than this */

static struct str reasons_text(struct engine *e, const struct routing *r)
{
	struct buf buf = BUF_INIT(1500);
	struct str s;

	for (size_t k = 0; k < r->n_reasons && buf.n < REASONS_MOST; k++) {
		buf_add(&buf, k ? STR(", ") : STR(""));
		buf_add(&buf, r->reasons[k].what);
		buf_add(&buf, STR(" \""));
		buf_add(&buf, r->reasons[k].matched);
		buf_add_char(&buf, '"');
	}
	s = arena_str(e->item, buf_str(&buf));
	buf_free(&buf);
	return s.p ? s : STR("");
}

static struct str opening_note(struct engine *e, const struct heard *h,
			       const struct routing *r)
{
	struct str why = reasons_text(e, r), parts;

	if (!h->incomplete)
		return why;
	parts = arena_printf(e->item, "bagian pesan tidak lengkap; %.*s", STR_ARG(why));
	return parts.p ? parts : why;
}

/* The language of a conversation follows the citizen's texts until he chooses one. */
static void follow_language(struct engine *e, struct heard *h, struct str text)
{
	enum command_language language;

	if (h->person.chosen)
		return;
	language = language_of(e->config->languages, text, e->item, NULL);
	if (language != LANGUAGE_NONE)
		h->person.language = (int)language;
}

/* ---- asking back ---- */

static int ask(struct engine *e, struct heard *h, struct ticket *t, enum life_event event,
	       struct err *err)
{
	const struct deed deed = {
		.act = { .event = event, .who = LIFE_GATEWAY },
		.actor = STR("gateway"),
		.department = -1,
		.heard = h,
		.quiet = true,
	};
	enum life_refusal refusal;

	if (ticket_do(e, t, &deed, &refusal, err))
		return -1;
	return refusal == LIFE_OK
		       ? 0
		       : err_set(err, ERR_BUG, "a new ticket takes no question");
}

static int ask_place(struct engine *e, struct heard *h, struct ticket *t, struct err *err)
{
	if (ask(e, h, t, LIFE_ASK_PLACE, err) ||
	    asking_about(e, &h->person, ASKED_PLACE, t->no, err))
		return -1;
	return say_about(e, h, REPLY_TANYA_LOKASI, t, NULL, err);
}

/* "1 lampu jalan, 2 listrik PLN, 3 lainnya" */
static int ask_choice(struct engine *e, struct heard *h, struct ticket *t,
		      const struct routing *r, struct err *err)
{
	const struct config_department
		*first = &e->config->departments[r->department],
		*second = &e->config->departments[r->alternatives[0].department];
	struct reply reply = { .key = REPLY_TANYA_PILIH, .priority = 1 };
	const struct asking asking = {
		.asked = ASKED_CHOICE,
		.no = t->no,
		.choices = { first->code, second->code, STR("-") },
		.n_choices = 3,
	};

	if (ask(e, h, t, LIFE_ASK_CHOICE, err) || asking_set(e, &h->person, &asking, err))
		return -1;
	reply.ticket_id = t->id;
	ticket_values(e, &h->person, t, reply.key, reply.values);
	reply.values[VALUE_TEKS] =
		arena_printf(e->item, "1 %.*s, 2 %.*s, 3 lainnya",
			     STR_ARG(first->choice.n ? first->choice : first->code),
			     STR_ARG(second->choice.n ? second->choice : second->code));
	return reply_say(e, h, &reply, err);
}

static bool two_as_likely(const struct routing *r)
{
	return r->n_alternatives > 0 && r->alternatives[0].department >= 0 &&
	       r->score < pair_unsure &&
	       r->alternatives[0].score >= pair_too_near * r->score;
}

/* Opens the ticket, and asks at once when something is missing. */
static int open_and_ask(struct engine *e, struct heard *h, const struct routing *r,
			struct str text, bool secret, struct err *err)
{
	bool asks = e->config->conversation.ask_back && r->kind == KIND_COMPLAINT &&
		    r->department >= 0 && !r->urgent && !r->sensitive && !secret &&
		    !e->config->departments[r->department].outside &&
		    h->sender == SENDER_MOBILE;
	bool choice = asks && two_as_likely(r);
	bool place = asks && !choice && r->kecamatan.n == 0 && r->desa.n == 0 &&
		     e->config->departments[r->department].ask_place &&
		     !place_named(text, &e->config->place_names, e->item);
	struct ticket t;

	if (!choice && !place)
		return ticket_open(e, h, r, secret, err);
	h->answered = true; /* the question is the receipt */
	if (ticket_open(e, h, r, secret, err) ||
	    store_ticket_get(e->store, h->ticket_id, e->item, &t, err))
		return -1;
	h->answered = false;
	return choice ? ask_choice(e, h, &t, r, err) : ask_place(e, h, &t, err);
}

/* ---- texts that are no commands ---- */

static int say(struct engine *e, struct heard *h, enum reply_key key, int department,
	       struct err *err)
{
	struct reply reply = { .key = key, .priority = 2 };

	reply.values[VALUE_OPD] = department < 0
					  ? STR("dinas terkait")
					  : e->config->departments[department].code;
	return reply_say(e, h, &reply, err);
}

/* Digits and signs tell nobody what is wrong: "12345". */
static bool digits_alone(struct str text)
{
	bool digit = false;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c >= 0x80 || isalpha(c))
			return false;
		digit |= isdigit(c) != 0;
	}
	return digit;
}

/* Of a complaint, or of what nobody can make out. */
static int matter_hear(struct engine *e, struct heard *h, struct routing *r,
		       struct str text, bool secret, struct err *err)
{
	bool joined = false;

	if (!secret && ticket_join_own(e, h, r, text, &joined, err))
		return -1;
	if (joined)
		return 0;
	if (r->kind == KIND_COMPLAINT)
		return open_and_ask(e, h, r, text, secret, err);
	if (str_trim(text).n == 0 || digits_alone(text))
		return say(e, h, REPLY_KOSONG, -1, err);
	r->department = -1;
	return ticket_open(e, h, r, secret, err);
}

static int routed_hear(struct engine *e, struct heard *h, struct routing *r,
		       struct str text, bool secret, struct err *err)
{
	e->stats.kinds[r->kind]++;
	h->kind = str_of(text_kind_name(r->kind));
	h->note = opening_note(e, h, r);
	switch (r->kind) {
	case KIND_ROBOT:
	case KIND_SPAM:
		return 0;
	case KIND_GREETING:
		return say(e, h, REPLY_SALAM, -1, err);
	case KIND_THANKS:
		return say(e, h, REPLY_TERIMAKASIH, r->department, err);
	case KIND_COMPLAINT:
	case KIND_COMMAND:
	case KIND_UNCLEAR:
	case KIND_COUNT:
		break;
	}
	follow_language(e, h, text);
	return matter_hear(e, h, r, text, secret, err);
}

int text_hear(struct engine *e, struct heard *h, struct str text, bool secret,
	      struct err *err)
{
	struct routing r = { 0 };

	router_route_plain(e->config->router, text, e->item, &r);
	return routed_hear(e, h, &r, text, secret, err);
}

static int command_hear(struct engine *e, struct heard *h, const struct command *c,
			struct err *err)
{
	if (c->kind == COMMAND_NONE)
		return text_hear(e, h, h->text, false, err);
	if (c->kind == COMMAND_RAHASIA && !c->no && str_trim(c->rest).n)
		return text_hear(e, h, c->rest, true, err);
	e->stats.kinds[KIND_COMMAND]++;
	h->kind = str_of(text_kind_name(KIND_COMMAND));
	h->note = str_of(command_name(c->kind));
	return converse(e, h, c, err);
}

/* ---- answers to what was asked ---- */

/* The place that was asked for goes into the ticket, and to whoever has it. */
static int place_hear(struct engine *e, struct heard *h, const struct command *c,
		      struct err *err)
{
	struct routing r = { 0 };
	struct ticket t;

	if (store_ticket_by_no(e->store, c->no, e->item, &t, err))
		return -1;
	router_route_plain(e->config->router, c->rest, e->item, &r);
	if (r.kecamatan.n)
		t.kecamatan = r.kecamatan;
	if (r.desa.n)
		t.desa = r.desa;
	return ticket_join(e, h, &t, c->rest, false, err);
}

/* What was said besides the point is the ticket's; the office need not read "1". */
static int choice_note(struct engine *e, struct heard *h, struct ticket *t,
		       struct str besides, struct err *err)
{
	const struct deed deed = {
		.act = { .event = LIFE_ANSWERED, .who = LIFE_CITIZEN },
		.actor = STR("warga"),
		.words = besides.n ? besides : h->text,
		.message_id = h->id,
		.department = -1,
		.heard = h,
		.quiet = true,
		.hush = besides.n == 0,
	};
	enum life_refusal refusal;

	return ticket_do(e, t, &deed, &refusal, err);
}

/* The department that was chosen gets it; "lainnya" goes to the desk. */
static int choice_hear(struct engine *e, struct heard *h, const struct asking *asking,
		       unsigned choice, struct str besides, struct err *err)
{
	int department =
		choice >= 1 && choice <= asking->n_choices
			? config_department(e->config, asking->choices[choice - 1])
			: -1;
	struct deed deed = {
		.act = { .event = department < 0 ? LIFE_RECALL : LIFE_ROUTE,
			 .who = LIFE_DESK },
		.actor = STR("gateway"),
		.note = STR("pilihan pelapor"),
		.message_id = h->id,
		.department = department,
		.heard = h,
		.quiet = true,
	};
	enum life_refusal refusal;
	struct ticket t;

	if (store_ticket_by_no(e->store, asking->no, e->item, &t, err) ||
	    choice_note(e, h, &t, besides, err))
		return -1;
	if ((department < 0 ||
	     !str_eq(t.department, e->config->departments[department].code)) &&
	    ticket_do(e, &t, &deed, &refusal, err))
		return -1;
	return say_about(e, h,
			 t.life.state == TICKET_PERIKSA ? REPLY_ACK_PERIKSA
							: REPLY_DITERUSKAN,
			 &t, NULL, err);
}

/* The command that waited gets the number that was chosen. */
static int which_hear(struct engine *e, struct heard *h, const struct asking *asking,
		      int64_t no, struct err *err)
{
	struct command c = command_read(
		asking->text, (unsigned)e->config->gateway.number_width, e->item);

	if (c.kind != asking->command)
		c = (struct command){ .kind = asking->command, .rest = asking->text };
	c.no = no;
	return command_hear(e, h, &c, err);
}

static int unclear_hear(struct engine *e, struct heard *h, const struct meaning *m,
			struct err *err)
{
	struct ticket t;

	if (m->command.no == 0)
		return say(e, h, REPLY_KOSONG, -1, err);
	if (store_ticket_by_no(e->store, m->command.no, e->item, &t, err))
		return -1;
	return ticket_state_open(t.life.state)
		       ? ticket_join(e, h, &t, h->text, false, err)
		       : text_hear(e, h, h->text, false, err);
}

static int meaning_hear(struct engine *e, struct heard *h, const struct meaning *m,
			const struct asking *asking, const struct command *read,
			struct err *err)
{
	if (m->answers && store_asked_remove(e->store, &h->person, err))
		return -1;
	h->expected = m->answers;
	h->kind = str_of(text_kind_name(KIND_COMMAND));
	h->note = str_of(meaning_name(m->kind));
	switch (m->kind) {
	case MEANING_PLACE:
		return place_hear(e, h, &m->command, err);
	case MEANING_CHOICE:
		return choice_hear(e, h, asking, m->choice, m->command.rest, err);
	case MEANING_WHICH:
		return which_hear(e, h, asking, m->command.no, err);
	case MEANING_SURE:
		return converse_sure(e, h, asking, err);
	case MEANING_NOT_SURE: {
		struct reply reply = { .key = REPLY_BATAL_OK, .priority = 2 };

		reply.values[VALUE_NO] =
			arena_printf(e->item, "%lld", (long long)asking->no);
		return reply_say(e, h, &reply, err);
	}
	case MEANING_THANKS:
		return say(e, h, REPLY_TERIMAKASIH, -1, err);
	case MEANING_UNCLEAR:
		return unclear_hear(e, h, m, err);
	case MEANING_COMMAND:
		return command_hear(e, h, &m->command, err);
	case MEANING_NEW:
	case MEANING_COUNT:
		break;
	}
	return command_hear(e, h, read, err);
}

/*
 * Whether it tells of another matter than the ticket in question, or of the same one
 * elsewhere. An officer may have asked for anything, a place among that: there only what
 * is sure counts, and of places the kecamatan; and of a ticket that nobody could make out
 * any matter is an answer.
 */
static bool is_other(struct engine *e, struct heard *h, const struct asking *asking,
		     const struct ticket *t, const struct routing *r)
{
	const struct said earlier = said_in(e, t, t->opened_ms),
			  later = said_now(e, r, h->text);
	bool matter = earlier.department != r->department;

	switch ((int)asking->asked) {
	case ASKED_PLACE:
		return matter;
	case ASKED_QUESTION:
		return r->score >= pair_unsure &&
		       ((matter && earlier.department >= 0) ||
			(earlier.kecamatan.n && later.kecamatan.n &&
			 !str_eq(earlier.kecamatan, later.kecamatan)));
	default:
		return matter || context_elsewhere(&earlier, &later);
	}
}

/*
 * What the router thinks of a text while an answer is waited for. *other: it is another
 * complaint than the ticket in question, or may accuse those who have that one. *choice:
 * it names the matter of one of the choices, and nothing else.
 */
static int glance(struct engine *e, struct heard *h, const struct asking *asking,
		  bool *other, unsigned *choice, struct err *err)
{
	struct routing r = { 0 };
	struct ticket t;

	*other = false;
	*choice = 0;
	router_route_plain(e->config->router, h->text, e->item, &r);
	*other = r.suspected; /* the ticket in question may be the accused's */
	if (r.kind != KIND_COMPLAINT || r.department < 0)
		return 0;
	*other = true;
	if (asking->no == 0)
		return 0;
	if (store_ticket_by_no(e->store, asking->no, e->item, &t, err))
		return -1;
	*other = is_other(e, h, asking, &t, &r);
	for (unsigned i = 0; asking->asked == ASKED_CHOICE && i < asking->n_choices; i++)
		if (config_department(e->config, asking->choices[i]) == r.department &&
		    r.kecamatan.n == 0 && r.desa.n == 0 &&
		    !place_named(h->text, &e->config->place_names, e->item))
			*choice = i + 1;
	return 0;
}

int understand_citizen(struct engine *e, struct heard *h, struct err *err)
{
	unsigned width = (unsigned)e->config->gateway.number_width, choice = 0;
	struct command read = command_read(h->text, width, e->item);
	struct asking asking = { .asked = ASKED_NOTHING };
	struct context context;
	struct meaning meaning;
	bool found = false, other = false;

	if (h->person.asked && asking_get(e, &h->person, &asking, &found, err))
		return -1;
	if (!found && str_trim(h->text).n > BARE_MOST)
		return command_hear(e, h, &read, err);
	context = asking_context(&asking);
	if (found && read.kind == COMMAND_NONE &&
	    glance(e, h, &asking, &other, &choice, err))
		return -1;
	meaning =
		context_read(h->text, &read, other, &context, e->wall_ms, width, e->item);
	if (choice && meaning.kind != MEANING_CHOICE)
		meaning = (struct meaning){ .kind = MEANING_CHOICE,
					    .command = { .rest = h->text },
					    .choice = choice,
					    .answers = true };
	return meaning_hear(e, h, &meaning, &asking, &read, err);
}

int understand(struct engine *e, struct heard *h, struct err *err)
{
	const struct config_officer *officer =
		e->config->n_officers ? officer_of(e, h->person.address) : NULL;

	return officer ? officer_hear(e, h, officer, err) : understand_citizen(e, h, err);
}
