/* SPDX-License-Identifier: MIT */
/*
 * Plays case files: stories of texts that arrive, time that passes, SMS that must leave.
 *
 *   play CONFIG FILE…          each story once, every expectation checked
 *   play --rows CONFIG FILE…   … and together they take every row of the life cycle
 *   play --sweep CONFIG FILE…  then again with a crash at every step, before every
 * effect, with every call to the store failing once, and every commit that writes
 *
 * In a swept run single expectations may come at other moments; what must hold in each
 * are the promises: the same tickets as in the good run, for each sender at least the
 * same SMS, no SMS twice but those whose first sending was in doubt at the crash; and
 * what truth.c knows.
 *
 *   play --walk SEED WALKS LINES CONFIG    stories that nobody wrote (walk.c)
 *
 * The words of a story stand in words.c and words_life.c. With CASE_SHOW in the
 * environment all SMS of a story are printed, with CASE_LOG the gateway's own log.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/log.h"
#include "hooks.h"
#include "play.h"

enum { REST_MS = 300000, SWEEP_MOST = 40, SWEEP_LONG = 8, LONG_STORY = 32 };

/* What a run left behind, for comparing. */
struct outcome {
	int64_t steps, effects, calls; /* how far a sweep has to go */
	struct stage_commit *commits;  /* which of the calls */
	size_t n_commits;
	unsigned in_doubt;
	size_t tickets;
	size_t n_sms;
	struct stage_sms *sms;
	size_t n_hooks;
	struct stage_hook *hooks;
	char texts[200][200]; /* texts of the tickets, sorted */
};

void fail(struct run *r, const char *format, ...)
{
	int n = snprintf(r->why, sizeof(r->why), "%s:%d: ", r->story->file, r->line + 1);
	va_list args;

	if (n < 0 || (size_t)n >= sizeof(r->why))
		return;
	va_start(args, format);
	vsnprintf(r->why + n, sizeof(r->why) - (size_t)n, format, args);
	va_end(args);
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

void store_fresh(const char *folder)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	char path[400];

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(path, sizeof(path), "%s/case.db%s", folder, ends[i]);
		unlink(path);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void outcome_take(struct run *r, struct outcome *o)
{
	struct arena *arena = arena_new("case", 64 << 20);
	struct ticket *list;

	memset(o->texts, 0, sizeof(o->texts));
	o->tickets = stage_tickets(r->stage, &list, arena);
	for (size_t i = 0; i < o->tickets && i < 200; i++)
		snprintf(o->texts[i], sizeof(o->texts[i]), "%.*s|%s|%.*s",
			 STR_ARG(list[i].department),
			 ticket_state_code(list[i].life.state), STR_ARG(list[i].text));
	qsort(o->texts, o->tickets < 200 ? o->tickets : 200, sizeof(o->texts[0]),
	      by_text);
	o->n_sms = r->stage->n_sms;
	o->sms = r->stage->sms;
	r->stage->sms = NULL;
	o->n_hooks = r->stage->n_hooks;
	o->hooks = r->stage->hooks;
	r->stage->hooks = NULL;
	o->in_doubt = r->stage->in_doubt;
	arena_free(arena);
}

static void truth_look(struct run *r)
{
	struct arena *arena = arena_new("truth", 64 << 20);
	const char *broken = truth_broken(r->stage, arena);

	if (!broken)
		broken = hooks_broken(r->stage, arena);
	if (broken && !r->why[0])
		fail(r, "at the end: %s", broken);
	arena_free(arena);
}

/* Plays the story; what crashes are wanted is set in `stage` by prepare. */
static bool play(const char *config, const char *folder, struct story *story,
		 void (*prepare)(struct stage *, int64_t), int64_t n, struct run *r,
		 struct outcome *o)
{
	struct stage stage = { .steps = 0 };
	char none[] = "";

	*r = (struct run){ .story = story, .checking = prepare == NULL };
	store_fresh(folder);
	stage_first_key(&stage);
	stage_clock(1795482000000, 1000000);
	for (int i = 0; i < story->n; i++)
		if (strncmp(story->lines[i], "now ", 4) == 0)
			line_run(r, story->lines[i]);
	if (stage_open(&stage, folder, config)) {
		fail(r, "%s", "the gateway does not start");
		stage_close(&stage);
		return false;
	}
	r->stage = &stage;
	stage.commits = o->commits;
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
	o->calls = stage_calls(&stage);
	o->n_commits = stage.n_commits;
	stage_wait(&stage, REST_MS);
	truth_look(r);
	if (!r->why[0])
		stolen_look(r, none);
	if (stage.failure && !r->why[0])
		fail(r, "%s", stage.failure);
	outcome_take(r, o);
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
	stage_fail_at(stage, n);
}

static size_t count_of(const struct outcome *o, const struct stage_sms *sms)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n_sms; i++)
		n += strcmp(o->sms[i].to, sms->to) == 0 &&
		     strcmp(o->sms[i].text, sms->text) == 0;
	return n;
}

/* What departments were told: as much of each type as in the good run. */
static bool compare_hooks(const struct outcome *good, const struct outcome *now,
			  char *why, size_t size)
{
	static const char *const types[] = { "ticket.new", "ticket.news", "ticket.gone" };

	for (size_t i = 0; i < good->n_hooks; i++)
		for (size_t k = 0; k < sizeof(types) / sizeof(*types); k++) {
			const char *name = good->hooks[i].name;
			size_t was = hooks_taken(good->hooks, good->n_hooks, name,
						 types[k]),
			       is = hooks_taken(now->hooks, now->n_hooks, name, types[k]);

			if (was == is)
				continue;
			snprintf(why, size, "%s was told %zu %s instead of %zu", name, is,
				 types[k], was);
			return false;
		}
	return true;
}

/* True when the promises held. */
static bool compare(const struct outcome *good, const struct outcome *now, char *why,
		    size_t size)
{
	if (now->tickets != good->tickets ||
	    memcmp(now->texts, good->texts, sizeof(good->texts)) != 0) {
		size_t i = 0;

		while (i < 199 && strcmp(now->texts[i], good->texts[i]) == 0)
			i++;
		snprintf(why, size, "%zu tickets instead of %zu, or others: %.150s",
			 now->tickets, good->tickets, now->texts[i]);
		return false;
	}
	for (size_t i = 0; i < good->n_sms; i++)
		if (count_of(now, &good->sms[i]) < count_of(good, &good->sms[i])) {
			snprintf(why, size, "this SMS never went: %.300s",
				 good->sms[i].text);
			return false;
		}
	if (!compare_hooks(good, now, why, size))
		return false;
	if (now->n_sms > good->n_sms + now->in_doubt) {
		snprintf(why, size, "%zu SMS instead of %zu, %u in doubt", now->n_sms,
			 good->n_sms, now->in_doubt);
		return false;
	}
	return true;
}

/* What is swept, and how the n-th is prepared. */
struct sweep {
	const char *what;
	void (*prepare)(struct stage *, int64_t);
	int64_t most;
	const struct stage_commit *commits; /* NULL: 1 to most */
};

static unsigned sweep_one(const char *config, const char *folder, struct story *story,
			  const struct outcome *good, const struct sweep *sweep)
{
	unsigned failed = 0;
	/* Every point of a short story; of a long one so many, evenly spread, and the
	 * last. SWEEP_POINTS=N: so many of each, also of the commits. */
	const char *given = getenv("SWEEP_POINTS");
	int64_t points = given && *given	 ? strtol(given, NULL, 10)
			 : story->n > LONG_STORY ? SWEEP_LONG
						 : SWEEP_MOST,
		stride = sweep->commits && !(given && *given)
				 ? 1
				 : sweep->most / (points > 0 ? points : 1) + 1,
		n = sweep->most > 0 ? 1 : 0;

	while (n && failed <= 5) {
		struct outcome now = { .sms = NULL };
		int64_t point = sweep->commits ? sweep->commits[n - 1].at_call : n;
		char why[600];
		struct run r;
		bool ran = play(config, folder, story, sweep->prepare, point, &r, &now);

		if (!ran || !compare(good, &now, why, sizeof(why))) {
			printf("FAIL %s, %s %lld: %s\n", story->file, sweep->what,
			       (long long)point, ran ? why : r.why);
			failed++;
		}
		free(now.sms);
		free(now.hooks);
		if (n == sweep->most)
			break;
		n = n + stride < sweep->most ? n + stride : sweep->most;
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

/* "config NAME" in a story is the file of that name beside the usual one. */
static void config_of(const struct story *story, const char *usual, char *out,
		      size_t size)
{
	const char *slash = strrchr(usual, '/');
	int folder = slash ? (int)(slash - usual) + 1 : 0;

	snprintf(out, size, "%s", usual);
	for (int i = 0; i < story->n; i++)
		if (strncmp(story->lines[i], "config ", 7) == 0)
			snprintf(out, size, "%.*s%s", folder, usual, story->lines[i] + 7);
}

static unsigned story_sweep(const char *config, const char *folder, struct story *story,
			    const struct outcome *good)
{
	const struct sweep sweeps[] = {
		{ "crash at step", crash_step, good->steps, NULL },
		{ "crash before effect", crash_effect, good->effects, NULL },
		{ "store call fails", fail_once, good->calls, NULL },
		{ "commit fails", fail_once, (int64_t)good->n_commits, good->commits },
	};
	unsigned bad = 0;

	/* What is on its way when it crashes is lost where it is told only once. */
	for (size_t i = story_says(story, "# no crashes") ? 2 : 0; i < 4; i++)
		bad += sweep_one(config, folder, story, good, &sweeps[i]);
	return bad;
}

static bool story_play(const char *usual, const char *folder, const char *file,
		       bool sweep)
{
	static struct stage_commit commits[STAGE_COMMITS];
	struct outcome good = { .commits = sweep ? commits : NULL };
	struct story story;
	unsigned bad = 0;
	struct run r = { .why = "cannot be read" };
	char config[400] = "";

	if (story_read(file, &story))
		config_of(&story, usual, config, sizeof(config));
	if (!config[0] || !play(config, folder, &story, NULL, 0, &r, &good)) {
		printf("FAIL %s\n", r.why);
		bad = 1;
	} else if (sweep && !story_says(&story, "# no sweep")) {
		bad = story_sweep(config, folder, &story, &good);
	}
	for (size_t k = 0; getenv("CASE_SHOW") && good.sms && k < good.n_sms; k++)
		printf("     %s %s\n", good.sms[k].to, good.sms[k].text);
	free(good.sms);
	free(good.hooks);
	for (int k = 0; k < story.n; k++)
		free(story.lines[k]);
	return bad == 0;
}

static void stories(const char *config, const char *folder, char **files, int n,
		    bool sweep, unsigned *passed, unsigned *failed)
{
	for (int i = 0; i < n; i++) {
		bool good = story_play(config, folder, files[i], sweep);

		printf("%s %s\n", good ? "ok  " : "FAIL", files[i]);
		*passed += good;
		*failed += !good;
	}
}

int main(int argc, char **argv)
{
	bool sweep = argc > 1 && strcmp(argv[1], "--sweep") == 0;
	bool rows = argc > 1 && strcmp(argv[1], "--rows") == 0;
	bool walking = argc == 6 && strcmp(argv[1], "--walk") == 0;
	char folder[] = "/tmp/kentongan-case-XXXXXX";
	unsigned passed = 0, failed = 0, n;
	struct err err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 3 + (sweep || rows) || !mkdtemp(folder) || crypto_start(&err)) {
		fputs("Usage: play [--sweep|--rows] CONFIG FILE…\n"
		      "       play --walk SEED WALKS LINES CONFIG\n",
		      stderr);
		return 64;
	}
	setenv("CASE_KEY", "kunci", 1);
	setenv("CASE_STORE_KEY", "wJ7ptFRY1v0rFzHmmEY7sBkNoCGfXkxhZkFRi0R8QtE=", 1);
	setenv("CASE_PATH", "jalan-rahasia", 1);
	setenv("CASE_MAIL", "kunci surat yang panjang", 1);
	setenv("CASE_HOOK", "whsec_dWppIGNvYmEgcmFoYXNpYSBrYWl0IHB1cHI=", 1);
	log_setup(LOG_FORMAT_PLAIN, LOG_LEVEL_ERROR);
	if (!getenv("CASE_LOG"))
		log_to_fd(-1);
	if (walking) {
		n = (unsigned)strtoul(argv[3], NULL, 10);
		failed = walks(argv[5], folder, (unsigned)strtoul(argv[2], NULL, 10), n,
			       (int)strtol(argv[4], NULL, 10));
		passed = n - failed;
	} else {
		int first = 1 + (sweep || rows);

		stories(argv[first], folder, argv + first + 1, argc - first - 1, sweep,
			&passed, &failed);
		failed += rows && truth_rows_left();
	}
	store_fresh(folder);
	rmdir(folder);
	printf("%s: %u passed, %u failed\n", walking ? "walks" : "cases", passed, failed);
	return failed ? 1 : 0;
}
