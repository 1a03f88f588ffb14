/* SPDX-License-Identifier: MIT */
/*
 * Plays case files: stories of texts that arrive, time that passes, SMS that must leave.
 *
 *   play CONFIG FILE…          each story once, every expectation checked
 *   play --sweep CONFIG FILE…  then again with a crash at every step, before every
 * effect, and with every call to the store failing, once and for good
 *
 * In a swept run single expectations may come at other moments; what must hold in each
 * are the promises: the same tickets as in the good run, for each sender at least the
 * same SMS, and no SMS twice but those whose first sending was in doubt at the crash.
 *
 * Lines of a story ('#' starts a comment; {no} is the number in that phone's last
 * receipt):
 *
 *   now ISO-TIME               the clock, before anything else
 *   text PHONE WORDS           a text waits at the provider
 *   long PHONE REF/PART/TOTAL WORDS   one part of a long text, at the generic provider
 *   again N                    the next page repeats the last N messages
 *   wait TIME                  time passes
 *   jump TIME                  the wall clock jumps (may be -1d)
 *   sms PHONE WORDS            an unread SMS to the phone contains these words
 *   silence PHONE              no unread SMS to the phone
 *   ticket DEPARTMENT STATE WORDS   a ticket whose text contains the words
 *   tickets N                  so many tickets in all
 *   fault poll|send KIND N     the next N go wrong
 *   call PATH FORM STATUS      a callback, and what it must be answered
 *   report STATUS              a delivery report for the last SMS
 *   kind KIND WORDS            a message of that kind contains the words
 *   restart                    an orderly end and a new start
 *   rekey                      the same with a new key for the store
 *   spoil SQL                  somebody changes the store
 *   stolen WORD…               none of these stands in the store's files, nor any phone
 *   crash                      kill -9 and a new start
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/log.h"
#include "outcome.h"
#include "store/inside.h"
#include "stage.h"
#include "thief.h"

enum { LINES = 400, LINE = 6000, REST_MS = 300000, SWEEP_MOST = 40 };

struct story {
	const char *file;
	char *lines[LINES];
	int n;
};

struct run {
	struct stage *stage;
	const struct story *story;
	int line;
	bool checking; /* single expectations count */
	char why[600];
};

__attribute__((format(printf, 2, 3))) static void fail(struct run *r, const char *format,
						       ...)
{
	int n = snprintf(r->why, sizeof(r->why), "%s:%d: ", r->story->file, r->line + 1);
	va_list args;

	if (n < 0 || (size_t)n >= sizeof(r->why))
		return;
	va_start(args, format);
	vsnprintf(r->why + n, sizeof(r->why) - (size_t)n, format, args);
	va_end(args);
}

/* Cuts the next word off *s. */
static char *word(char **s)
{
	char *start = *s + strspn(*s, " ");
	char *end = start + strcspn(start, " ");

	*s = *end ? end + 1 : end;
	*end = '\0';
	return start;
}

/* ---- the words of a story ---- */

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

static void do_sms(struct run *r, char *rest)
{
	char *phone = word(&rest);

	stage_settle(r->stage);
	for (size_t i = 0; i < r->stage->n_sms; i++) {
		struct stage_sms *sms = &r->stage->sms[i];

		if (sms->seen || strcmp(sms->to, phone) != 0)
			continue;
		sms->seen = true;
		if (!strstr(sms->text, rest) && r->checking)
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

static void do_fault(struct run *r, char *rest)
{
	static const char *const names[STAGE_FAULTS] = {
		[STAGE_GOOD] = "none",
		[STAGE_500] = "500",
		[STAGE_429] = "429",
		[STAGE_GARBAGE] = "garbage",
		[STAGE_REFUSED] = "refused",
		[STAGE_NOT_SENT] = "not-sent",
		[STAGE_LOST_BEFORE] = "lost-before",
		[STAGE_LOST_AFTER] = "lost-after",
	};
	bool poll = strcmp(word(&rest), "poll") == 0;
	const char *kind = word(&rest);
	unsigned n = (unsigned)strtoul(rest, NULL, 10);

	for (int i = 0; i < STAGE_FAULTS; i++) {
		if (strcmp(kind, names[i]) != 0)
			continue;
		if (poll)
			r->stage->poll_fault = (enum stage_fault)i,
			r->stage->poll_faults = n;
		else
			r->stage->send_fault = (enum stage_fault)i,
			r->stage->send_faults = n;
		return;
	}
	fail(r, "no fault '%s'", kind);
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

static void do_rekey(struct run *r, char *rest)
{
	(void)rest;
	stage_rekey(r->stage);
}

static void do_stolen(struct run *r, char *rest)
{
	char where[500];

	stage_settle(r->stage);
	if (r->checking && thief_visits(r->stage, rest, where, sizeof(where)))
		fail(r, "%s", where);
}

static void do_spoil(struct run *r, char *rest)
{
	struct store *store = r->stage->store;
	struct err err;

	stage_settle(r->stage);
	if (store->driver->script(store->db, rest, &err))
		fail(r, "%s", err.text);
}

static void do_crash(struct run *r, char *rest)
{
	(void)rest;
	stage_settle(r->stage);
	stage_crash(r->stage);
	stage_settle(r->stage);
}

static const struct {
	const char *name;
	void (*run)(struct run *, char *rest);
} words[] = {
	{ "now", do_now },	   { "text", do_text },	      { "long", do_long },
	{ "again", do_again },	   { "wait", do_wait },	      { "jump", do_jump },
	{ "sms", do_sms },	   { "silence", do_silence }, { "ticket", do_ticket },
	{ "tickets", do_tickets }, { "fault", do_fault },     { "call", do_call },
	{ "report", do_report },   { "kind", do_kind },	      { "restart", do_restart },
	{ "crash", do_crash },	   { "rekey", do_rekey },     { "stolen", do_stolen },
	{ "spoil", do_spoil },
};

static void line_run(struct run *r, const char *line)
{
	char copy[LINE], *rest = copy, *name;

	snprintf(copy, sizeof(copy), "%s", line);
	name = word(&rest);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(name, words[i].name) == 0) {
			words[i].run(r, rest);
			return;
		}
	fail(r, "no word '%s'", name);
}

/* ---- runs ---- */

static bool story_read(const char *file, struct story *story)
{
	FILE *f = fopen(file, "re");
	char line[LINE];

	*story = (struct story){ .file = file };
	while (f && story->n < LINES && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		story->lines[story->n++] = strdup(line);
	}
	if (f)
		fclose(f);
	return f != NULL;
}

static void store_remove(const struct stage *stage)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	char path[400];

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(path, sizeof(path), "%s%s", stage->store_path, ends[i]);
		unlink(path);
	}
}

/* Plays the story; what crashes are wanted is set in `stage` by prepare. */
static bool play(const char *config, const char *folder, const struct story *story,
		 void (*prepare)(struct stage *, int64_t), int64_t n, struct run *r,
		 struct outcome *o)
{
	struct stage stage = { .steps = 0 };
	char none[] = "";

	*r = (struct run){ .story = story, .checking = prepare == NULL };
	snprintf(stage.store_path, sizeof(stage.store_path), "%s/case.db", folder);
	store_remove(&stage);
	stage_first_key(&stage);
	stage_clock(1795482000000, 1000000);
	if (story->n && strncmp(story->lines[0], "now ", 4) == 0)
		do_now(r, story->lines[0] + 4);
	if (stage_open(&stage, folder, config)) {
		fail(r, "%s", "the gateway does not start");
		stage_close(&stage);
		return false;
	}
	r->stage = &stage;
	if (prepare)
		prepare(&stage, n);
	for (r->line = 0; r->line < story->n && !r->why[0] && !stage.failure; r->line++) {
		const char *line = story->lines[r->line];

		if (line[0] && line[0] != '#' && strncmp(line, "now ", 4) != 0)
			line_run(r, line);
	}
	stage_settle(&stage);
	o->steps = stage.steps;
	o->effects = stage.effects;
	o->calls = store_calls(stage.store);
	stage_wait(&stage, REST_MS);
	if (!r->why[0])
		do_stolen(r, none);
	if (stage.failure && !r->why[0])
		fail(r, "%s", stage.failure);
	outcome_take(&stage, o);
	stage_close(&stage);
	r->stage = NULL;
	return !r->why[0];
}

static void crash_step(struct stage *stage, int64_t n)
{
	stage->crash_at_step = n;
}

static void crash_effect(struct stage *stage, int64_t n)
{
	stage->crash_at_effect = n;
}

static void fail_once(struct stage *stage, int64_t n)
{
	store_fail_after(stage->store, n, false);
}

static unsigned sweep_one(const char *config, const char *folder,
			  const struct story *story, const struct outcome *good,
			  const char *what, int64_t most,
			  void (*prepare)(struct stage *, int64_t))
{
	unsigned failed = 0;

	/* Every point of a short story; of a long one so many, evenly spread. */
	int64_t stride = most / SWEEP_MOST + 1;

	for (int64_t n = 1; n <= most; n += stride) {
		struct outcome now;
		char why[600];
		struct run r;
		bool ran = play(config, folder, story, prepare, n, &r, &now);

		if (!ran || !outcome_holds(good, &now, why, sizeof(why))) {
			printf("FAIL %s, %s %lld: %s\n", story->file, what, (long long)n,
			       ran ? why : r.why);
			failed++;
		}
		free(now.sms);
		if (failed > 5)
			break;
	}
	return failed;
}

static bool story_says(const struct story *story, const char *beginning)
{
	for (int i = 0; i < story->n; i++)
		if (strncmp(story->lines[i], beginning, strlen(beginning)) == 0)
			return true;
	return false;
}

static bool story_play(const char *config, const char *folder, const char *file,
		       bool sweep)
{
	struct outcome good = { .sms = NULL };
	struct story story;
	unsigned bad = 0;
	struct run r = { .why = "cannot be read" };

	if (!story_read(file, &story) ||
	    !play(config, folder, &story, NULL, 0, &r, &good)) {
		printf("FAIL %s\n", r.why);
		bad = 1;
	} else if (sweep && !story_says(&story, "# no sweep")) {
		bad += sweep_one(config, folder, &story, &good, "crash at step",
				 good.steps, crash_step);
		bad += sweep_one(config, folder, &story, &good, "crash before effect",
				 good.effects, crash_effect);
		bad += sweep_one(config, folder, &story, &good, "store call fails",
				 good.calls, fail_once);
	}
	free(good.sms);
	for (int k = 0; k < story.n; k++)
		free(story.lines[k]);
	return bad == 0;
}

int main(int argc, char **argv)
{
	bool sweep = argc > 1 && strcmp(argv[1], "--sweep") == 0;
	int first = sweep ? 2 : 1;
	char folder[] = "/tmp/kentongan-case-XXXXXX";
	unsigned passed = 0, failed = 0;
	struct err err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < first + 2 || !mkdtemp(folder) || crypto_start(&err)) {
		fputs("Usage: play [--sweep] CONFIG FILE…\n", stderr);
		return 64;
	}
	setenv("CASE_KEY", "kunci", 1);
	setenv("CASE_PATH", "jalan-rahasia", 1);
	log_setup(LOG_FORMAT_PLAIN, LOG_LEVEL_ERROR);
	if (!getenv("CASE_LOG"))
		log_to_fd(-1);
	for (int i = first + 1; i < argc; i++) {
		bool good = story_play(argv[first], folder, argv[i], sweep);

		printf("%s %s\n", good ? "ok  " : "FAIL", argv[i]);
		passed += good;
		failed += !good;
	}
	rmdir(folder);
	printf("cases: %u passed, %u failed\n", passed, failed);
	return failed ? 1 : 0;
}
