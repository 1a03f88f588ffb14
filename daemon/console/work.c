/* SPDX-License-Identifier: MIT */
/*
 * The desk's work over the control socket: what falls due, acts on tickets, groups of
 * like tickets, declared events. Whoever asks is named in the histories by his user id.
 */
#include "console/desk.h"

#include "base/clock.h"
#include "base/log.h"

enum { DUE_MOST = 1000 };

static struct str asked(const struct incoming *in, const char *name)
{
	return pairs_get(in->request.query, str_of(name));
}

static struct str who_asks(const struct incoming *in)
{
	struct str name = asked(in, "who");

	return name.n ? str_slice(name, 0, 60)
		      : arena_printf(in->arena, "uid:%lld",
				     (long long)in->request.peer_uid);
}

/* ---- what falls due ---- */

bool desk_due(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o, *list;
	struct ticket *tickets;
	struct str within = asked(in, "within");
	int64_t span = 86400000;
	struct err err;
	size_t n;

	if (within.n && !str_to_ms(within, &span))
		return desk_problem(in, 400, "within is a time like 2d or 12h", answer);
	if (store_tickets_due(engine_store(engine), clock_wall_ms() + span, DUE_MOST,
			      in->arena, &tickets, &n, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < n; i++) {
		struct json *row = desk_ticket_json(engine, in, &tickets[i]);

		json_set(row, "what",
			 json_new_str(str_of(engine_due_name(engine, &tickets[i]))));
		json_add(list, row);
	}
	json_set(o, "due", list);
	return desk_json(in, 200, o, answer);
}

/* ---- acts ---- */

/* Words for the operator who tried; the citizens' are in the file of texts. */
static const char *refused(enum life_refusal refusal)
{
	static const char *const sentences[LIFE_REFUSAL_COUNT] = {
		[LIFE_NEEDS_DATE] = "this needs a date to come: --date 2026-12-01",
		[LIFE_NEEDS_WORD] = "only with the citizen's word: --word",
		[LIFE_NO_PARENT] =
			"the other ticket is closed, merged, the same or not as secret",
		[LIFE_IS_THERE] = "it is there already: --to another department",
		[LIFE_NOT_SECRET] = "it is not confidential",
		[LIFE_NEEDS_REASON] =
			"the citizen is told why, in your words: --text \"…\"",
		[LIFE_UNREACHABLE] =
			"the citizen cannot be asked: he has no phone or wants no SMS",
		[LIFE_TOO_LATE] = "the time for that is over",
	};

	return sentences[refusal];
}

/* Where it is, and what the desk may do there. */
static const char *not_now(struct engine *engine, struct incoming *in, int64_t no)
{
	enum { ROOM = 1000 };
	struct buf b = BUF_INIT(ROOM);
	uint64_t named = 0;
	struct str sentence;
	struct ticket t;
	struct err err;
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);

	if (store_ticket_by_no(engine_store(engine), no, in->arena, &t, &err))
		return "the ticket's state does not allow that";
	buf_printf(&b, "%lld is %s at %.*s and does not allow that; what does:",
		   (long long)t.no, ticket_state_code(t.life.state),
		   STR_ARG(t.department));
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = (uint64_t)1 << rows[i].event;

		if (!(rows[i].from & 1u << t.life.state) ||
		    !(rows[i].who & 1u << LIFE_DESK) || (named & bit))
			continue;
		named |= bit;
		buf_printf(&b, " %s", lifecycle_event_name(rows[i].event));
	}
	sentence = arena_str(in->arena, buf_str(&b));
	buf_free(&b);
	return sentence.p ? sentence.p : "the ticket's state does not allow that";
}

static bool act_read(struct engine *engine, struct incoming *in, struct desk_act *act,
		     const char **trouble)
{
	const struct config *c = engine_config(engine);
	struct str to = desk_department(c, in, asked(in, "to")), date = asked(in, "date"),
		   parent = asked(in, "parent");
	struct when_date day;

	*act = (struct desk_act){ .department = to.n ? config_department(c, to) : -1,
				  .who = who_asks(in),
				  .words = asked(in, "text"),
				  .outside = asked(in, "outside"),
				  .word = asked(in, "word").n > 0 };
	*trouble = NULL;
	if (!str_to_int(asked(in, "no"), &act->no))
		*trouble = "which ticket?";
	else if (!lifecycle_event_read(asked(in, "event"), &act->event))
		*trouble = "no such act; see kentongan lifecycle";
	else if (to.n && act->department < 0)
		*trouble = desk_no_department(c, in, to);
	else if (act->event == LIFE_ROUTE && act->department < 0)
		*trouble = "to which department? --to CODE";
	else if (act->event == LIFE_OUTSIDE && str_trim(act->outside).n == 0)
		*trouble = "whose matter is it? --outside NAME";
	else if (act->event == LIFE_MERGE && parent.n == 0)
		*trouble = "with which ticket does it go on? --parent NO";
	else if (parent.n && !str_to_int(parent, &act->parent_no))
		*trouble = "--parent is a ticket number";
	else if (date.n && !calendar_read_date(date, &day))
		*trouble = "the day (--date) is YYYY-MM-DD";
	else if (date.n)
		act->date_ms = clocks_date(c->calendar, day);
	return !*trouble;
}

bool desk_act(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct desk_act act;
	enum life_refusal refusal;
	const char *trouble;
	struct ticket t;
	struct err err;

	if (!act_read(engine, in, &act, &trouble))
		return desk_problem(in, 400, trouble, answer);
	if (engine_desk_act(engine, &act, &refusal, &err))
		return desk_problem(in, err.kind == ERR_NEVER ? 404 : 503, err.text,
				    answer);
	if (refusal != LIFE_OK)
		return desk_problem(in, 409,
				    refused(refusal) ? refused(refusal)
						     : not_now(engine, in, act.no),
				    answer);
	log_event(LOG_LEVEL_NOTICE, "desk_act", LOG_I("no", act.no),
		  LOG_Z("event", lifecycle_event_name(act.event)), LOG_S("who", act.who));
	if (store_ticket_by_no(engine_store(engine), act.no, in->arena, &t, &err))
		return desk_problem(in, 503, err.text, answer);
	return desk_json(in, 200, desk_ticket_json(engine, in, &t), answer);
}

/* ---- sends whose end is unknown ---- */

bool desk_decide(struct engine *engine, struct incoming *in, struct answer *answer)
{
	bool resend = str_eq(asked(in, "do"), STR("resend")), found;
	struct json *o;
	struct err err;
	int64_t id;

	if (!str_to_int(asked(in, "id"), &id) ||
	    (!resend && !str_eq(asked(in, "do"), STR("drop"))))
		return desk_problem(in, 400, "which message, and resend or drop?",
				    answer);
	if (engine_decide(engine, id, resend, &found, &err))
		return desk_problem(in, 503, err.text, answer);
	if (!found)
		return desk_problem(in, 404,
				    "no message of that id whose end is unknown; see "
				    "kentongan messages --unknown",
				    answer);
	log_event(LOG_LEVEL_NOTICE, resend ? "unknown_resent" : "unknown_dropped",
		  LOG_I("message", id), LOG_S("who", who_asks(in)));
	o = json_new_object();
	json_set(o, "id", json_new_int(id));
	json_set(o, "done", json_new_str(asked(in, "do")));
	return desk_json(in, 200, o, answer);
}

/* ---- groups ---- */

bool desk_alike(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct alike_row *rows;
	struct json *o, *list;
	struct err err;
	size_t n;

	if (store_alike_list(engine_store(engine), 200, in->arena, &rows, &n, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < n; i++) {
		struct json *row = json_new_object();

		json_set(row, "no", json_new_int(rows[i].no));
		json_set(row, "head", json_new_int(rows[i].head_no));
		json_set(row, "score", json_new_real(rows[i].score));
		json_set(row, "words", json_new_str(rows[i].words));
		json_set(row, "senders", json_new_int(rows[i].senders));
		json_add(list, row);
	}
	json_set(o, "alike", list);
	return desk_json(in, 200, o, answer);
}

/* ---- declared events ---- */

static struct json *incident_json(struct engine *engine, struct incoming *in,
				  const struct incident *i)
{
	const struct calendar *cal = engine_config(engine)->calendar;
	struct json *o = json_new_object();

	json_set(o, "id", json_new_int(i->id));
	json_set(o, "name", json_new_str(i->name));
	json_set(o, "department", json_new_str(i->department));
	json_set(o, "kecamatan", json_new_str(i->kecamatan));
	json_set(o, "desa", json_new_str(i->desa));
	json_set(o, "started", json_new_str(calendar_iso(cal, i->started_ms, in->arena)));
	json_set(o, "ended",
		 i->ended_ms ? json_new_str(calendar_iso(cal, i->ended_ms, in->arena))
			     : json_new_null());
	return o;
}

bool desk_events(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o, *list;
	struct incident *rows;
	struct err err;
	size_t n;

	if (store_incidents(engine_store(engine), asked(in, "all").n == 0, in->arena,
			    &rows, &n, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < n; i++)
		json_add(list, incident_json(engine, in, &rows[i]));
	json_set(o, "events", list);
	return desk_json(in, 200, o, answer);
}

/* The kecamatan as places.conf spells it; false: unknown. */
static bool kecamatan_known(const struct config *c, struct str *name)
{
	const struct config_kecamatan *list = c->places.kecamatan.items;

	for (size_t i = 0; i < c->places.kecamatan.n; i++)
		if (str_eq_nocase(list[i].name, *name)) {
			*name = list[i].name;
			return true;
		}
	return name->n == 0;
}

bool desk_event_start(struct engine *engine, struct incoming *in, struct answer *answer)
{
	const struct config *c = engine_config(engine);
	struct incident i = {
		.name = str_trim(asked(in, "name")),
		.department = desk_department(c, in, asked(in, "department")),
		.kecamatan = asked(in, "kecamatan"),
		.desa = asked(in, "desa"),
	};
	struct err err;

	if (i.name.n == 0 || i.name.n > 60)
		return desk_problem(in, 400, "an event needs a name of up to 60 letters",
				    answer);
	if (i.department.n && config_department(c, i.department) < 0)
		return desk_problem(in, 400, desk_no_department(c, in, i.department),
				    answer);
	if (!kecamatan_known(c, &i.kecamatan))
		return desk_problem(in, 400, "no kecamatan of that name in places.conf",
				    answer);
	if (i.department.n + i.kecamatan.n + i.desa.n == 0)
		return desk_problem(in, 400,
				    "an event without department and place would take "
				    "everything: --department, --kecamatan or --desa",
				    answer);
	if (engine_incident_start(engine, &i, &i.id, &err))
		return desk_problem(in, err.kind == ERR_LIMIT ? 409 : 503, err.text,
				    answer);
	i.started_ms = clock_wall_ms();
	log_event(LOG_LEVEL_NOTICE, "event_declared", LOG_I("id", i.id),
		  LOG_S("name", i.name), LOG_S("who", who_asks(in)));
	return desk_json(in, 200, incident_json(engine, in, &i), answer);
}

/* False: answered, for there is no such event or it is over. */
static bool event_goes_on(struct engine *engine, struct incoming *in, int64_t id,
			  struct answer *answer)
{
	struct incident i;
	struct err err;
	bool found;

	if (store_incident_get(engine_store(engine), id, in->arena, &i, &found, &err))
		desk_problem(in, 503, err.text, answer);
	else if (!found)
		desk_problem(in, 404, "no event of that id; see kentongan event list",
			     answer);
	else if (i.ended_ms)
		desk_problem(in, 409, "that event is over already", answer);
	else
		return true;
	return false;
}

bool desk_event_say(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct str words = str_trim(asked(in, "text"));
	struct json *o;
	int64_t id, told;
	struct err err;

	if (!str_to_int(asked(in, "id"), &id) || words.n == 0)
		return desk_problem(in, 400, "which event, and what is to be said?",
				    answer);
	if (sms_measure(words).segments > 1)
		return desk_problem(in, 400, "longer than one SMS", answer);
	if (!event_goes_on(engine, in, id, answer))
		return true;
	if (engine_incident_say(engine, id, words, &told, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	json_set(o, "id", json_new_int(id));
	json_set(o, "told", json_new_int(told));
	return desk_json(in, 200, o, answer);
}

bool desk_event_end(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o;
	struct err err;
	int64_t id;

	if (!str_to_int(asked(in, "id"), &id))
		return desk_problem(in, 400, "which event?", answer);
	if (!event_goes_on(engine, in, id, answer))
		return true;
	if (engine_incident_end(engine, id, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	json_set(o, "id", json_new_int(id));
	json_set(o, "ended", json_new_bool(true));
	return desk_json(in, 200, o, answer);
}
