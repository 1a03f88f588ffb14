/* SPDX-License-Identifier: MIT */
/*
 * Words of a story about personal data:
 *
 *   person STATUS WHO find|export|erase PHONE [REASON]   `kentongan person` as that login
 *   trail N WHO WHAT           so many rows in the audit trail, and what the newest says
 *   known PHONE                the store knows whose number that is
 *   unknown PHONE              it does not
 *   wiped NO                   no words of that ticket are left
 *   kept NO WORDS              its first text says so yet
 */
#include <stdio.h>
#include <string.h>

#include "play.h"
#include "store/retain.h"

static struct arena *scratch(void)
{
	return arena_new("case", 64 << 20);
}

static void field_add(char *form, size_t size, const char *name, const char *value)
{
	size_t n = strlen(form);

	snprintf(form + n, size - n, "%s%s=", n ? "&" : "", name);
	for (; *value && (n = strlen(form)) + 4 < size; value++)
		snprintf(form + n, size - n,
			 *value == '+'	 ? "%%2B"
			 : *value == ' ' ? "+"
					 : "%c",
			 *value);
}

static void do_person(struct run *r, char *rest)
{
	char form[LINE] = "", *deed;
	int want = 0, got = 0;

	if (sscanf(word(&rest), "%d", &want) != 1)
		fail(r, "person STATUS WHO …");
	field_add(form, sizeof(form), "who", word(&rest));
	deed = word(&rest);
	if (strcmp(deed, "erase!") == 0)
		field_add(form, sizeof(form), "force", "1");
	field_add(form, sizeof(form), "do", strcmp(deed, "erase!") == 0 ? "erase" : deed);
	field_add(form, sizeof(form), "number", word(&rest));
	field_add(form, sizeof(form), "reason", rest);
	for (int i = 0; i < 3 && (got == 0 || got == 503); i++)
		got = stage_control(r->stage, "/v1/person", form);
	if (got != want && r->checking)
		fail(r, "answered %d", got);
}

static void do_trail(struct run *r, char *rest)
{
	struct arena *arena = scratch();
	struct audit_row *rows;
	unsigned want = 0;
	struct err err;
	size_t n;
	char *who;

	stage_settle(r->stage);
	if (sscanf(word(&rest), "%u", &want) != 1) {
		fail(r, "trail N WHO WHAT");
	} else if (store_audit_list(r->stage->store, 1000, arena, &rows, &n, &err)) {
		if (r->checking)
			fail(r, "%s", err.text);
	} else if (r->checking) {
		who = word(&rest);
		if (n != want)
			fail(r, "%zu rows are in the trail", n);
		else if (n && (!str_eq(rows[0].who, str_of(who)) ||
			       !str_eq(rows[0].what, str_of(rest))))
			fail(r, "it says %.*s: %.*s", STR_ARG(rows[0].who),
			     STR_ARG(rows[0].what));
	}
	arena_free(arena);
}

static bool is_known(struct run *r, const char *phone)
{
	struct person p;
	struct err err;
	bool found;

	stage_settle(r->stage);
	if (store_person_find(r->stage->store, str_of(phone), &p, &found, &err)) {
		if (r->checking)
			fail(r, "%s", err.text);
		return false;
	}
	return found;
}

static void do_known(struct run *r, char *rest)
{
	if (!is_known(r, rest) && r->checking)
		fail(r, "nobody has that number");
}

static void do_unknown(struct run *r, char *rest)
{
	if (is_known(r, rest) && r->checking)
		fail(r, "that number is known");
}

static bool find(struct run *r, char *no, struct arena *arena, struct ticket *t)
{
	struct err err;
	int64_t n;

	stage_settle(r->stage);
	if (str_to_int(str_of(no), &n) &&
	    store_ticket_by_no(r->stage->store, n, arena, t, &err) == 0)
		return true;
	if (r->checking)
		fail(r, "no ticket %s", no);
	return false;
}

static const struct str gone = STR_INIT("(dihapus)");

/* What is left of it; p NULL: nothing. */
static struct str words_left(struct run *r, const struct ticket *t, struct arena *arena)
{
	struct message_out *out;
	struct event *events;
	struct err err;
	size_t n;

	if (!str_eq(t->text, gone))
		return t->text;
	if (store_events(r->stage->store, t->id, arena, &events, &n, &err))
		return str_of("its history cannot be read");
	for (size_t i = 0; i < n; i++) {
		if (str_eq(events[i].kind, STR("dihapus")))
			continue;
		if (!str_eq(events[i].note, gone))
			return events[i].note;
		if (events[i].message_id && !str_eq(events[i].text, gone))
			return events[i].text;
	}
	if (store_list_out(r->stage->store, t->id, arena, &out, &n, &err))
		return str_of("its replies cannot be read");
	for (size_t i = 0; i < n; i++)
		if (!str_eq(out[i].text, gone))
			return out[i].text;
	return str_from(NULL, 0);
}

static void do_wiped(struct run *r, char *rest)
{
	struct arena *arena = scratch();
	struct ticket t;
	struct str left;

	if (find(r, rest, arena, &t) && r->checking) {
		left = words_left(r, &t, arena);
		if (left.p)
			fail(r, "this is left: %.*s", STR_ARG(left));
	}
	arena_free(arena);
}

static void do_kept(struct run *r, char *rest)
{
	struct arena *arena = scratch();
	struct ticket t;
	char *no = word(&rest);

	if (find(r, no, arena, &t) && r->checking &&
	    str_find(t.text, str_of(rest)) == t.text.n)
		fail(r, "it says %.*s", STR_ARG(t.text));
	arena_free(arena);
}

const struct story_word words_of_privacy[] = {
	{ "person", do_person }, { "trail", do_trail },
	{ "known", do_known },	 { "unknown", do_unknown },
	{ "wiped", do_wiped },	 { "kept", do_kept },
	{ NULL, NULL },
};
