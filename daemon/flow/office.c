/* SPDX-License-Identifier: MIT */
/*
 * What an office does with a ticket by other ways than an officer's SMS: an answered
 * mail, a call of the API, the status of its own system. The same rules as for texts, one
 * door: whose ticket it is, what an act needs, whether the citizen can be asked; then the
 * life cycle's table decides.
 */
#include "flow/flow.h"

/* An office's ticket; not one that complains about it, for that there is none. */
static bool is_its(const struct engine *e, const struct ticket *t, int department)
{
	struct str code = e->config->departments[department].code;

	return str_eq(t->department, code) && !str_eq(t->accused, code);
}

static enum office_refusal missing(const struct engine *e, const struct office_act *a,
				   const struct ticket *t)
{
	const struct config_department *to =
		a->to < 0 ? NULL : &e->config->departments[a->to];
	bool wordless = str_trim(a->words).n == 0;

	switch ((int)a->event) {
	case LIFE_TRANSFER:
		if (!to)
			return OFFICE_NEEDS_DEPARTMENT;
		if (to->outside)
			return OFFICE_IS_OUTSIDE;
		if (str_eq(t->department, to->code))
			return OFFICE_IS_YOURS;
		return wordless ? OFFICE_NEEDS_WORDS : OFFICE_OK;
	case LIFE_OUTSIDE:
		if (str_trim(a->outside).n == 0)
			return OFFICE_NEEDS_BODY;
		return wordless ? OFFICE_NEEDS_WORDS : OFFICE_OK;
	case LIFE_SCHEDULE:
	case LIFE_EXTEND_ASKED:
		if (!a->date_ms)
			return OFFICE_NEEDS_DATE;
		if (a->date_ms <= e->wall_ms)
			return OFFICE_DATE_OVER;
		return wordless ? OFFICE_NEEDS_WORDS : OFFICE_OK;
	case LIFE_PROGRESS:
	case LIFE_ASK:
	case LIFE_DONE:
	case LIFE_REJECT_PROPOSED:
		return wordless ? OFFICE_NEEDS_WORDS : OFFICE_OK;
	case LIFE_MERGE:
		return a->parent_no ? OFFICE_OK : OFFICE_NEEDS_PARENT;
	case LIFE_ACCEPT:
	case LIFE_HIDE:
		return a->date_ms && a->date_ms <= e->wall_ms ? OFFICE_DATE_OVER
							      : OFFICE_OK;
	default:
		return OFFICE_NO_SUCH_ACT;
	}
}

/* ERR_NEVER is no error here: *found false. */
static int find(struct engine *e, int64_t no, int department, struct ticket *t,
		bool *found, struct err *err)
{
	struct err why;

	*found = false;
	if (store_ticket_by_no(e->store, no, e->item, t, &why)) {
		if (why.kind == ERR_NEVER)
			return 0;
		*err = why;
		return -1;
	}
	*found = department < 0 || is_its(e, t, department);
	return 0;
}

static enum office_refusal of_life(enum life_refusal refusal)
{
	switch ((int)refusal) {
	case LIFE_OK:
		return OFFICE_OK;
	case LIFE_NEEDS_DATE:
		return OFFICE_NEEDS_DATE;
	case LIFE_NEEDS_REASON:
		return OFFICE_NEEDS_WORDS;
	case LIFE_NO_PARENT:
		return OFFICE_NEEDS_PARENT;
	case LIFE_NOT_YOURS:
		return OFFICE_NOT_YOURS;
	default:
		return OFFICE_NOT_NOW;
	}
}

int office_act(struct engine *e, const struct office_act *a, struct office_result *out,
	       struct err *err)
{
	struct deed deed = {
		.act = { .event = a->event,
			 .who = LIFE_OFFICER,
			 .date_ms = a->date_ms,
			 .proved = a->proved },
		.words = a->words,
		.outside = a->outside,
		.department = a->to,
	};
	struct ticket parent;
	bool found, reachable = true;

	*out = (struct office_result){ .refusal = OFFICE_NOT_YOURS };
	if (find(e, a->no, a->department, &out->ticket, &found, err))
		return -1;
	if (!found)
		return 0;
	if (a->if_changed_ms && a->if_changed_ms != out->ticket.changed_ms) {
		out->refusal = OFFICE_CHANGED;
		return 0;
	}
	out->refusal = missing(e, a, &out->ticket);
	if (out->refusal != OFFICE_OK)
		return 0;
	if (a->event == LIFE_ASK && ticket_reachable(e, &out->ticket, &reachable, err))
		return -1;
	if (a->parent_no) {
		if (find(e, a->parent_no, a->department, &parent, &found, err))
			return -1;
		deed.parent = &parent;
	}
	if (!reachable || !found) {
		out->refusal = reachable ? OFFICE_NEEDS_PARENT : OFFICE_UNREACHABLE;
		return 0;
	}
	deed.actor = arena_printf(e->item, "petugas:%.*s:%.*s",
				  STR_ARG(e->config->departments[a->department].code),
				  STR_ARG(a->by));
	if (ticket_do(e, &out->ticket, &deed, &out->life, err))
		return -1;
	out->refusal = of_life(out->life);
	return 0;
}

const char *office_refusal_name(enum office_refusal refusal)
{
	static const char *const names[OFFICE_REFUSAL_COUNT] = {
		[OFFICE_OK] = "ok",
		[OFFICE_NOT_YOURS] = "not_found",
		[OFFICE_CHANGED] = "changed",
		[OFFICE_NO_SUCH_ACT] = "no_such_act",
		[OFFICE_NEEDS_WORDS] = "needs_text",
		[OFFICE_NEEDS_DATE] = "needs_date",
		[OFFICE_DATE_OVER] = "date_over",
		[OFFICE_NEEDS_DEPARTMENT] = "needs_department",
		[OFFICE_IS_OUTSIDE] = "is_outside",
		[OFFICE_IS_YOURS] = "is_yours",
		[OFFICE_NEEDS_BODY] = "needs_body",
		[OFFICE_NEEDS_PARENT] = "needs_parent",
		[OFFICE_UNREACHABLE] = "unreachable",
		[OFFICE_NOT_NOW] = "not_now",
	};

	return names[refusal];
}

/* For operators and integrators; an officer who mails or texts has a text of his own. */
const char *office_refusal_words(enum office_refusal refusal)
{
	static const char *const words[OFFICE_REFUSAL_COUNT] = {
		[OFFICE_OK] = "done",
		[OFFICE_NOT_YOURS] = "this department has no ticket of that number",
		[OFFICE_CHANGED] = "the ticket has changed meanwhile; read it again",
		[OFFICE_NO_SUCH_ACT] = "an office cannot do that",
		[OFFICE_NEEDS_WORDS] = "text is needed: the citizen reads it",
		[OFFICE_NEEDS_DATE] = "a date is needed",
		[OFFICE_DATE_OVER] = "the date is over; give one to come",
		[OFFICE_NEEDS_DEPARTMENT] = "to which department?",
		[OFFICE_IS_OUTSIDE] = "that is a body outside; use the act `outside`",
		[OFFICE_IS_YOURS] = "that department has it already",
		[OFFICE_NEEDS_BODY] = "whose matter is it? name the body outside",
		[OFFICE_NEEDS_PARENT] = "which ticket goes on? an open one of yours",
		[OFFICE_UNREACHABLE] = "the citizen wants no SMS and cannot be asked",
		[OFFICE_NOT_NOW] = "the ticket's state does not allow that",
	};

	return words[refusal];
}
