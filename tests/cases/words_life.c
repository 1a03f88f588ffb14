/* SPDX-License-Identifier: MIT */
/*
 * Words of a story about tickets and calendar:
 *
 *   number NAME PHONE          {NAME} is from now on the phone's newest ticket
 *   state NO STATE [DEPARTMENT [LEVEL]]   where it is; "-" for any department
 *   events NO KIND…            its history, from the beginning
 *   history NO KIND WORDS      the last event of that kind says these words
 *   due NO WHAT                what falls due next: clocks_due_name, or "-"
 *   asked PHONE WHAT           what an answer of the phone is waited for: asked_name
 *   view NO KEY VALUE          what the operator's `kentongan ticket` gets begins so; "-"
 *                              for a key that is not there
 *   act STATUS EVENT NO KEY=VALUE… [WORDS]
 *                              the operator's `kentongan act` and its answer
 *   says WORDS                 the answer to the last act or control contains these
 *   look PATH WORDS            the operator looks, and that contains these words
 *   figures MONTH WORDS        the month's report contains these words; !WORDS: not
 *   desk WORDS                 the desk's list contains these words; !WORDS: not
 *   texts WORDS                last month's tickets, for teaching, do; !WORDS: not
 *   declare NAME DEPARTMENT KECAMATAN
 *                              an event, "-" for any place
 *   tell STATUS ID WORDS       the operator's `kentongan event say`
 *   over STATUS ID             … and `kentongan event end`
 *   until ISO-TIME             time passes until then
 *   read PHONE                 what came to that phone need not be looked at
 *   never PHONE WORDS          no SMS that ever came to the phone contains them
 *   once PHONE WORDS           exactly one does
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/msisdn.h"
#include "play.h"
#include "store/inside.h"

static struct arena *scratch(void)
{
	return arena_new("case", 64 << 20);
}

static void say_trouble(struct run *r, const struct err *err)
{
	if (r->checking)
		fail(r, "%s", err->text);
}

/* The phone's newest ticket; returns how many it has. */
static unsigned newest_of(struct run *r, const char *phone, long long *no)
{
	struct arena *arena = scratch();
	struct ticket *list;
	struct person p;
	struct err err;
	int64_t newest = 0;
	unsigned found = 0;
	size_t n = stage_tickets(r->stage, &list, arena);

	*no = 0;
	for (size_t i = 0; i < n; i++) {
		if (store_person_get(r->stage->store, list[i].person_id, arena, &p, &err))
			break;
		if (!str_eq(p.address, str_of(phone)))
			continue;
		found++;
		if (list[i].id > newest) {
			newest = list[i].id;
			*no = list[i].no;
		}
	}
	arena_free(arena);
	return found;
}

/* In a swept run the text may have been held up: it is waited for. */
static void do_number(struct run *r, char *rest)
{
	enum { PATIENCE_S = 120 };
	char *name = word(&rest);
	unsigned *nth = &r->story->nth[r->line];
	long long no;
	size_t i;

	stage_settle(r->stage);
	if (r->checking)
		*nth = newest_of(r, rest, &no);
	for (int s = 0; s < PATIENCE_S && newest_of(r, rest, &no) < *nth; s++)
		stage_wait(r->stage, 1000);
	for (i = 0; i < r->n_names && strcmp(r->names[i].name, name) != 0; i++)
		;
	if (i < NAMES) {
		snprintf(r->names[i].name, sizeof(r->names[i].name), "%s", name);
		r->names[i].no = no;
		r->n_names += i == r->n_names;
	}
	if (no == 0 && r->checking)
		fail(r, "%s has no ticket", rest);
}

static bool find(struct run *r, char **rest, struct arena *arena, struct ticket *t)
{
	char *no = word(rest);
	struct err err;
	int64_t n;

	stage_settle(r->stage);
	if (!str_to_int(str_of(no), &n)) {
		fail(r, "'%s' is no ticket", no);
		return false;
	}
	if (store_ticket_by_no(r->stage->store, n, arena, t, &err)) {
		say_trouble(r, &err);
		return false;
	}
	return true;
}

static void do_state(struct run *r, char *rest)
{
	struct arena *arena = scratch();
	struct ticket t;

	if (find(r, &rest, arena, &t) && r->checking) {
		const char *state = word(&rest), *department = word(&rest),
			   *level = word(&rest);

		if (strcmp(ticket_state_code(t.life.state), state) != 0 ||
		    (department[0] && strcmp(department, "-") != 0 &&
		     !str_eq(t.department, str_of(department))) ||
		    (level[0] && strcmp(lifecycle_level_name(t.life.level), level) != 0))
			fail(r, "it is %s at %.*s, level %s",
			     ticket_state_code(t.life.state), STR_ARG(t.department),
			     lifecycle_level_name(t.life.level));
	}
	arena_free(arena);
}

static void do_events(struct run *r, char *rest)
{
	struct arena *arena = scratch();
	struct event *list;
	struct ticket t;
	struct err err;
	char all[LINE] = "";
	size_t n, used = 0;

	if (find(r, &rest, arena, &t)) {
		if (store_events(r->stage->store, t.id, arena, &list, &n, &err))
			say_trouble(r, &err);
		else
			for (size_t i = 0; i < n && used < sizeof(all); i++)
				used += (size_t)snprintf(all + used, sizeof(all) - used,
							 "%s%.*s", i ? " " : "",
							 STR_ARG(list[i].kind));
		if (r->checking && strcmp(all, rest) != 0)
			fail(r, "it went through %.400s", all);
	}
	arena_free(arena);
}

static void do_history(struct run *r, char *rest)
{
	struct arena *arena = scratch();
	struct event *list, *last = NULL;
	struct ticket t;
	struct err err;
	size_t n = 0;
	char *kind;

	if (find(r, &rest, arena, &t) && r->checking) {
		kind = word(&rest);
		if (store_events(r->stage->store, t.id, arena, &list, &n, &err))
			say_trouble(r, &err);
		for (size_t i = 0; i < n; i++)
			if (str_eq(list[i].kind, str_of(kind)))
				last = &list[i];
		if (!last)
			fail(r, "no such event");
		else if (str_find(last->note, str_of(rest)) == last->note.n && rest[0])
			fail(r, "it says: %.*s", STR_ARG(last->note));
	}
	arena_free(arena);
}

static void do_due(struct run *r, char *rest)
{
	struct arena *arena = scratch();
	struct ticket t;

	if (find(r, &rest, arena, &t) && r->checking) {
		const char *what = engine_due_name(r->stage->engine, &t);

		if (strcmp(what[0] ? what : "-", rest) != 0)
			fail(r, "next is '%s'", what);
	}
	arena_free(arena);
}

static void do_asked(struct run *r, char *rest)
{
	char *phone = word(&rest);
	struct arena *arena = scratch();
	struct asked_row row = { .asked = STR("nothing") };
	struct person p;
	struct err err;
	bool found = false;

	stage_settle(r->stage);
	if (store_person(r->stage->store, str_of(phone), SENDER_MOBILE, stage_wall_ms(),
			 &p, &err) ||
	    (p.asked && store_asked_get(r->stage->store, &p, arena, &row, &found, &err)))
		say_trouble(r, &err);
	if (found && row.expires_ms <= stage_wall_ms())
		row.asked = STR("nothing");
	if (r->checking && !str_eq(row.asked, str_of(rest)))
		fail(r, "asked is: %.*s", STR_ARG(row.asked));
	arena_free(arena);
}

/* "to=DISHUB date=2026-12-01 some words" → a form. */
static void form_add(char *form, size_t size, const char *key, const char *value)
{
	size_t n = strlen(form);

	snprintf(form + n, size - n, "%s%s=", n ? "&" : "", key);
	for (; *value && (n = strlen(form)) + 2 < size; value++) {
		form[n] = *value == ' ' ? '+' : *value;
		form[n + 1] = '\0';
	}
}

static size_t history_of(struct run *r, int64_t no)
{
	struct arena *arena = scratch();
	struct event *list;
	struct ticket t;
	struct err err;
	size_t n = 0;

	if (store_ticket_by_no(r->stage->store, no, arena, &t, &err) ||
	    store_events(r->stage->store, t.id, arena, &list, &n, &err))
		n = 0;
	arena_free(arena);
	return n;
}

static size_t number_of(struct run *r, const char *sql)
{
	struct store *store = r->stage->store;
	struct err err;
	int64_t n;

	return store->driver->number(store->db, sql, &n, &err) ? 0 : (size_t)n;
}

/* What an operator looks at to see whether it was done: a ticket's history, or the events
 * and what was broadcast. */
static size_t deeds_of(struct run *r, int64_t no)
{
	if (no)
		return history_of(r, no);
	return number_of(r, "SELECT (SELECT count(*) FROM incident) + "
			    "(SELECT count(*) FROM incident WHERE ended_at > 0) + "
			    "(SELECT count(*) FROM message_out WHERE key = 'SIAR')");
}

/* An operator whose command broke off looks whether it was done before he says it again.
 */
static void ask_control(struct run *r, const char *path, const char *form, int64_t no,
			int want)
{
	enum { PATIENCE = 60 };
	size_t before;
	int got = 0;

	stage_settle(r->stage);
	before = deeds_of(r, no);
	for (int i = 0; i < PATIENCE && (got == 0 || got == 503); i++) {
		got = stage_control(r->stage, path, form);
		if (got == 0 && deeds_of(r, no) > before)
			got = want;
		if (got == 0 || got == 503)
			stage_wait(r->stage, 1000);
	}
	if (got != want && r->checking)
		fail(r, "answered %d", got);
}

static void do_act(struct run *r, char *rest)
{
	int want = 0;
	int64_t number = 0;
	char form[LINE] = "", *no;

	if (sscanf(word(&rest), "%d", &want) != 1)
		fail(r, "act STATUS EVENT NO …");
	form_add(form, sizeof(form), "event", word(&rest));
	no = word(&rest);
	form_add(form, sizeof(form), "no", no);
	str_to_int(str_of(no), &number);
	form_add(form, sizeof(form), "who", "rina");
	while (strchr(rest, '=')) {
		char *key = word(&rest), *value = strchr(key, '=');

		if (!value)
			break;
		*value = '\0';
		form_add(form, sizeof(form), key, value + 1);
	}
	form_add(form, sizeof(form), "text", rest);
	ask_control(r, "/v1/act", form, number, want);
}

static void do_says(struct run *r, char *rest)
{
	if (r->checking && !strstr(r->stage->last_body, rest))
		fail(r, "it says: %.300s", r->stage->last_body);
}

static void do_look(struct run *r, char *rest)
{
	const char *path = word(&rest);
	int got = 0;

	for (int i = 0; i < 3 && (got == 0 || got == 503); i++)
		got = stage_look(r->stage, path, "");
	if (got != 200 && r->checking)
		fail(r, "answered %d", got);
	do_says(r, rest);
}

static void do_view(struct run *r, char *rest)
{
	char form[LINE] = "", name[80], *key;
	const char *at = NULL;
	int got = 0;

	form_add(form, sizeof(form), "no", word(&rest));
	key = word(&rest);
	snprintf(name, sizeof(name), "\"%s\":\"", key);
	for (int i = 0; i < 3 && (got == 0 || got == 503); i++)
		got = stage_look(r->stage, "/v1/ticket", form);
	if (!r->checking)
		return;
	if (got == 200)
		at = strstr(r->stage->last_body, name);
	if (got != 200)
		fail(r, "answered %d", got);
	else if (strcmp(rest, "-") == 0
			 ? at != NULL
			 : !at || strncmp(at + strlen(name), rest, strlen(rest)) != 0)
		fail(r, "it says %.40s", at ? at : "nothing of it");
}

/* "figures 2026-11 WORDS", "figures 2026-11 !WORDS": what the month's report says. */
static void do_figures(struct run *r, char *rest)
{
	char query[32];
	bool has;
	int got = 0;

	snprintf(query, sizeof(query), "month=%s", word(&rest));
	stage_settle(r->stage);
	for (int i = 0; i < 60 && got != 200; i++) {
		got = stage_look(r->stage, "/v1/report", query);
		if (got != 200)
			stage_wait(r->stage, 1000);
	}
	has = strstr(r->stage->last_body, rest + (*rest == '!')) != NULL;
	if (r->checking && has == (*rest == '!'))
		fail(r, "the report says: %s", r->stage->last_body);
}

static void says(struct run *r, const char *words)
{
	bool has = strstr(r->stage->last_body, words + (*words == '!')) != NULL;

	if (r->checking && has == (*words == '!'))
		fail(r, "it says: %s", r->stage->last_body);
}

static void do_desk(struct run *r, char *rest)
{
	int got = 0;

	stage_settle(r->stage);
	for (int i = 0; i < 60 && got != 200; i++) {
		got = stage_look(r->stage, "/v1/desk", "");
		if (got != 200)
			stage_wait(r->stage, 1000);
	}
	says(r, rest);
}

static void do_texts(struct run *r, char *rest)
{
	int got = 0;

	stage_settle(r->stage);
	for (int i = 0; i < 60 && got != 200; i++) {
		got = stage_control(r->stage, "/v1/desk_texts", "who=rina");
		if (got != 200)
			stage_wait(r->stage, 1000);
	}
	says(r, rest);
}

static void do_declare(struct run *r, char *rest)
{
	char form[LINE] = "", *place;

	form_add(form, sizeof(form), "name", word(&rest));
	form_add(form, sizeof(form), "department", word(&rest));
	place = word(&rest);
	form_add(form, sizeof(form), "kecamatan", strcmp(place, "-") == 0 ? "" : place);
	ask_control(r, "/v1/event_start", form, 0, 200);
}

static void do_tell(struct run *r, char *rest)
{
	char form[LINE] = "", *status = word(&rest);

	form_add(form, sizeof(form), "id", word(&rest));
	form_add(form, sizeof(form), "text", rest);
	ask_control(r, "/v1/event_say", form, 0, (int)strtol(status, NULL, 10));
}

static void do_over(struct run *r, char *rest)
{
	char form[LINE] = "", *status = word(&rest);

	form_add(form, sizeof(form), "id", rest);
	ask_control(r, "/v1/event_end", form, 0, (int)strtol(status, NULL, 10));
}

static void do_until(struct run *r, char *rest)
{
	int64_t ms;

	if (!time_read_iso(str_of(rest), 0, &ms))
		fail(r, "'%s' is no time", rest);
	else if (ms > stage_wall_ms())
		stage_wait(r->stage, ms - stage_wall_ms());
}

static void do_read(struct run *r, char *rest)
{
	stage_settle(r->stage);
	for (size_t i = 0; i < r->stage->n_sms; i++)
		if (strcmp(r->stage->sms[i].to, rest) == 0)
			r->stage->sms[i].seen = true;
}

static unsigned count(struct run *r, const char *phone, const char *words)
{
	unsigned n = 0;

	stage_settle(r->stage);
	for (size_t i = 0; i < r->stage->n_sms; i++)
		n += strcmp(r->stage->sms[i].to, phone) == 0 &&
		     strstr(r->stage->sms[i].text, words) != NULL;
	return n;
}

static void do_never(struct run *r, char *rest)
{
	char *phone = word(&rest);

	if (count(r, phone, rest) && r->checking)
		fail(r, "an SMS to %s says so", phone);
}

static void do_once(struct run *r, char *rest)
{
	char *phone = word(&rest);
	unsigned n = count(r, phone, rest);

	if (n != 1 && r->checking)
		fail(r, "%u SMS to %s say so", n, phone);
}

const struct story_word words_of_life[] = {
	{ "number", do_number },   { "state", do_state }, { "events", do_events },
	{ "history", do_history }, { "due", do_due },	  { "asked", do_asked },
	{ "act", do_act },	   { "says", do_says },	  { "look", do_look },
	{ "desk", do_desk },	   { "texts", do_texts }, { "declare", do_declare },
	{ "tell", do_tell },	   { "over", do_over },	  { "figures", do_figures },
	{ "view", do_view },	   { "until", do_until }, { "read", do_read },
	{ "never", do_never },	   { "once", do_once },	  { NULL, NULL },
};
