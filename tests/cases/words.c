/* SPDX-License-Identifier: MIT */
/*
 * Words of a story. Lines ('#' starts a comment; {no} is the number in that phone's last
 * receipt; @name is a phone of the table in lines.c; {a} a number that `number` named):
 *
 *   now ISO-TIME               the clock, before anything else
 *   text PHONE WORDS           a text waits at the provider
 *   long PHONE REF/PART/TOTAL WORDS   one part of a long text, at the generic provider
 *   padded PHONE REF/PART/TOTAL BYTES WORDS   … padded to so many bytes
 *   crowd N BYTES WORDS        N people text at the generic provider, so long texts
 *   again N                    the next page repeats the last N messages
 *   wait TIME                  time passes; over hours in strides of half an hour
 *   jump TIME                  the wall clock jumps (may be -1d)
 *   sms PHONE WORDS            an unread SMS to the phone contains these words; several
 *                              pieces with " | " between
 *   silence PHONE              no unread SMS to the phone
 *   ticket DEPARTMENT STATE WORDS   a ticket whose text contains the words
 *   tickets N                  so many tickets in all
 *   call PATH FORM STATUS      a callback, and what it must be answered
 *   report STATUS              a delivery report for the last SMS
 *   kind KIND WORDS            a message of that kind contains the words
 *   restart                    an orderly end and a new start
 *   crash                      kill -9 and a new start
 *   rekey                      an orderly end and a new start with a new store key
 *   spoil SQL                  somebody changes the store
 *   stolen WORD…               none of these stands in the store's files, nor any phone
 *   die N                      kill -9 at the N-th step from now, and a new start
 *   break N                    the N-th call to the store from now fails
 *
 * and those of words_life.c, words_world.c, words_privacy.c, words_web.c, geo.c and
 * hooks.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "store/inside.h"
#include "thief.h"

char *word(char **s)
{
	char *start = *s + strspn(*s, " ");
	char *end = start + strcspn(start, " ");

	*s = *end ? end + 1 : end;
	*end = '\0';
	return start;
}

static void do_now(struct run *r, char *rest)
{
	int64_t ms;

	if (time_read_iso(str_of(rest), 0, &ms))
		stage_clock(ms, 1000000);
	else
		fail(r, "'%s' is no time", rest);
}

/* "{no}" becomes the number in the phone's last SMS that has one. */
static void fill_number(struct run *r, const char *phone, const char *words, char *out,
			size_t size)
{
	const char *at = strstr(words, "{no}");
	char no[24] = "";

	for (size_t i = 0; i < r->stage->n_sms; i++) {
		const char *found = strstr(r->stage->sms[i].text, "No ");

		if (!found)
			found = strstr(r->stage->sms[i].text, "Laporan ");
		if (strcmp(r->stage->sms[i].to, phone) == 0 && found) {
			found += strcspn(found, "0123456789");
			if (strspn(found, "0123456789") >= 8)
				snprintf(no, sizeof(no), "%.*s",
					 (int)strspn(found, "0123456789"), found);
		}
	}
	if (at)
		snprintf(out, size, "%.*s%s%s", (int)(at - words), words, no, at + 4);
	else
		snprintf(out, size, "%s", words);
}

static void do_text(struct run *r, char *rest)
{
	char *phone = word(&rest), words[LINE];

	stage_settle(r->stage);
	fill_number(r, phone, rest, words, sizeof(words));
	stage_text(r->stage, phone, words, false, 0, 0, 0);
}

static void do_long(struct run *r, char *rest)
{
	char *phone = word(&rest), *place = word(&rest);
	unsigned ref, part, total;

	if (sscanf(place, "%u/%u/%u", &ref, &part, &total) != 3)
		fail(r, "'%s' is no REF/PART/TOTAL", place);
	else
		stage_text(r->stage, phone, rest, true, ref, total, part);
}

/* Words and as many x as it takes; false when it does not go. */
static bool pad(struct run *r, const char *words, size_t bytes, char out[LINE])
{
	size_t n = strlen(words);

	if (bytes >= LINE || n + 1 > bytes) {
		fail(r, "%s", "such a text does not fit");
		return false;
	}
	memset(out, 'x', bytes);
	out[bytes] = '\0';
	memcpy(out, words, n);
	out[n] = ' ';
	return true;
}

/* The end of what is padded is seen by its last word. */
static void do_padded(struct run *r, char *rest)
{
	char *phone = word(&rest), *place = word(&rest), words[LINE], line[LINE + 80];
	size_t bytes = strtoul(word(&rest), NULL, 10);
	const char *last = strrchr(rest, ' ');

	if (!pad(r, rest, bytes, words))
		return;
	if (last)
		memcpy(words + bytes - strlen(last), last, strlen(last));
	snprintf(line, sizeof(line), "%s %s %s", phone, place, words);
	do_long(r, line);
}

static void do_crowd(struct run *r, char *rest)
{
	unsigned n = (unsigned)strtoul(word(&rest), NULL, 10);
	size_t bytes = strtoul(word(&rest), NULL, 10);
	char words[LINE], phone[40];

	if (!pad(r, rest, bytes, words))
		return;
	for (unsigned i = 0; i < n; i++) {
		snprintf(phone, sizeof(phone), "+62813%08u", i);
		stage_text(r->stage, phone, words, true, 0, 0, 0);
	}
}

static void do_again(struct run *r, char *rest)
{
	r->stage->redeliver = (unsigned)strtoul(rest, NULL, 10);
}

static void do_wait(struct run *r, char *rest)
{
	int64_t ms;

	if (!str_to_ms(str_of(rest), &ms))
		fail(r, "'%s' is no time", rest);
	else
		stage_wait(r->stage, ms);
}

static void do_jump(struct run *r, char *rest)
{
	int64_t ms;
	bool back = rest[0] == '-';

	if (!str_to_ms(str_of(rest + back), &ms))
		fail(r, "'%s' is no time", rest);
	else
		stage_jump(back ? -ms : ms);
}

/* "one | other": both are in it. */
static bool says_all(const char *text, const char *pieces)
{
	char piece[LINE];
	const char *end;

	for (; pieces; pieces = end ? end + 3 : NULL) {
		end = strstr(pieces, " | ");
		snprintf(piece, sizeof(piece), "%.*s",
			 (int)(end ? (size_t)(end - pieces) : strlen(pieces)), pieces);
		if (!strstr(text, piece))
			return false;
	}
	return true;
}

static void do_sms(struct run *r, char *rest)
{
	char *phone = word(&rest);

	stage_settle(r->stage);
	for (size_t i = 0; i < r->stage->n_sms; i++) {
		struct stage_sms *sms = &r->stage->sms[i];

		if (sms->seen || strcmp(sms->to, phone) != 0)
			continue;
		sms->seen = true;
		if (!says_all(sms->text, rest) && r->checking)
			fail(r, "the SMS says: %s", sms->text);
		return;
	}
	if (r->checking)
		fail(r, "no SMS came to %s", phone);
}

static void do_silence(struct run *r, char *rest)
{
	stage_settle(r->stage);
	for (size_t i = 0; i < r->stage->n_sms && r->checking; i++)
		if (!r->stage->sms[i].seen && strcmp(r->stage->sms[i].to, rest) == 0)
			fail(r, "an SMS came: %s", r->stage->sms[i].text);
}

static void do_ticket(struct run *r, char *rest)
{
	char *department = word(&rest), *state = word(&rest);
	struct arena *arena = arena_new("case", 64 << 20);
	struct ticket *list;
	size_t n;

	stage_settle(r->stage);
	n = stage_tickets(r->stage, &list, arena);
	for (size_t i = 0; i < n; i++) {
		if (str_find(list[i].text, str_of(rest)) == list[i].text.n)
			continue;
		if (str_eq(list[i].department, str_of(department)) &&
		    strcmp(ticket_state_code(list[i].life.state), state) == 0)
			goto done;
		if (r->checking)
			fail(r, "it is at %s",
			     arena_printf(arena, "%.*s, %.*s",
					  STR_ARG(list[i].department),
					  STR_ARG(str_of(
						  ticket_state_code(list[i].life.state))))
				     .p);
		goto done;
	}
	if (r->checking)
		fail(r, "no ticket says '%s'", rest);
done:
	arena_free(arena);
}

static void do_tickets(struct run *r, char *rest)
{
	struct arena *arena = arena_new("case", 64 << 20);
	struct ticket *list;
	char text[40];
	size_t n;

	stage_settle(r->stage);
	n = stage_tickets(r->stage, &list, arena);
	snprintf(text, sizeof(text), "%zu", n);
	if (r->checking && strtoul(rest, NULL, 10) != n)
		fail(r, "there are %s tickets", text);
	arena_free(arena);
}

/*
 * A provider calls again until it gets its 2xx, as real ones do; so a crash between the
 * commit and the answer leads to a second call.
 */
static void do_call(struct run *r, char *rest)
{
	char *path = word(&rest), *form = word(&rest), text[40];
	int want = (int)strtol(rest, NULL, 10), got = 0;

	for (int i = 0; i < 20 && got != want; i++) {
		got = stage_call(r->stage, path, strcmp(form, "-") == 0 ? "" : form);
		if (got != want && (got == 0 || got == 503))
			stage_wait(r->stage, 1000);
		else
			break;
	}
	snprintf(text, sizeof(text), "%d", got);
	if (got != want && r->checking)
		fail(r, "answered %s", text);
}

static void do_report(struct run *r, char *rest)
{
	char line[200];

	stage_settle(r->stage);
	if (r->stage->n_sms == 0)
		return;
	snprintf(line, sizeof(line), "/utama/jalan-rahasia/report id=%s&status=%s 200",
		 r->stage->sms[r->stage->n_sms - 1].id, rest);
	do_call(r, line);
}

static void do_kind(struct run *r, char *rest)
{
	char *kind = word(&rest);
	struct arena *arena = arena_new("case", 64 << 20);
	struct message_row *rows;
	struct err err;
	size_t n, i;

	stage_settle(r->stage);
	if (store_list_messages(r->stage->store, MESSAGES_ALL, 500, arena, &rows, &n,
				&err))
		n = 0;
	for (i = 0; i < n; i++)
		if (str_eq(rows[i].kind, str_of(kind)) &&
		    str_find(rows[i].text, str_of(rest)) < rows[i].text.n)
			break;
	if (i == n && r->checking && !(rest[0] == '\0' && n))
		fail(r, "no such message: %s", rest);
	arena_free(arena);
}

static void do_restart(struct run *r, char *rest)
{
	(void)rest;
	stage_restart(r->stage);
}

static void do_crash(struct run *r, char *rest)
{
	(void)rest;
	stage_settle(r->stage);
	stage_crash(r->stage);
	stage_settle(r->stage);
}

static void do_rekey(struct run *r, char *rest)
{
	(void)rest;
	stage_rekey(r->stage);
}

static void do_stolen(struct run *r, char *rest)
{
	stolen_look(r, rest);
}

static void do_spoil(struct run *r, char *rest)
{
	struct store *store;
	struct err err;

	stage_settle(r->stage); /* perhaps with a crash, and another store */
	store = r->stage->store;
	r->stage->spoiled = true;
	if (store->driver->script(store->db, rest, &err))
		fail(r, "%s", err.text);
}

void stolen_look(struct run *r, char *words)
{
	char where[500];

	stage_settle(r->stage);
	if (r->checking && thief_visits(r->stage, words, where, sizeof(where)))
		fail(r, "%s", where);
}

static void do_die(struct run *r, char *rest)
{
	r->stage->crash_at_step = r->stage->steps + strtol(rest, NULL, 10);
}

static void do_break(struct run *r, char *rest)
{
	store_fail_after(r->stage->store, strtol(rest, NULL, 10), false);
}

static const struct story_word words[] = {
	{ "now", do_now },	 { "text", do_text },
	{ "long", do_long },	 { "again", do_again },
	{ "wait", do_wait },	 { "jump", do_jump },
	{ "sms", do_sms },	 { "silence", do_silence },
	{ "ticket", do_ticket }, { "tickets", do_tickets },
	{ "call", do_call },	 { "report", do_report },
	{ "kind", do_kind },	 { "restart", do_restart },
	{ "crash", do_crash },	 { "die", do_die },
	{ "break", do_break },	 { "rekey", do_rekey },
	{ "stolen", do_stolen }, { "spoil", do_spoil },
	{ "crowd", do_crowd },	 { "padded", do_padded },
	{ NULL, NULL },
};

static bool run_among(const struct story_word *list, struct run *r, const char *name,
		      char *rest)
{
	for (; list->name; list++)
		if (strcmp(name, list->name) == 0) {
			list->run(r, rest);
			return true;
		}
	return false;
}

void line_run(struct run *r, const char *line)
{
	static const struct story_word *const books[] = {
		words,		words_of_life, words_of_world, words_of_privacy,
		words_of_hooks, words_of_web,  words_of_geo,   words_of_mail,
	};
	static char filled[LINE];
	char *rest = filled, *name;

	line_fill(r, line, filled);
	name = word(&rest);
	for (size_t i = 0; i < sizeof(books) / sizeof(*books); i++)
		if (run_among(books[i], r, name, rest))
			return;
	fail(r, "no word '%s'", name);
}
