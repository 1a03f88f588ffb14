/* SPDX-License-Identifier: MIT */
/*
 * Words of a story about the provider, the configuration and the store:
 *
 *   config FILE                the configuration; else kentongan.conf
 *   page N                     pages hold so many messages at most
 *   prompt                     a poll is answered while the gateway works on
 *   slow TIME                  a poll is answered only after that time
 *   etags                      pages carry a mark, and the same one is not given again
 *   fault poll|send KIND N     the next N go wrong
 *   ends KIND…                 … the next sends, one after the other; "none" is well
 *   polls N                    at most so many polls since the last such line
 *   accepted PROVIDER N        so many sends are counted for it
 *   reload FILE                another configuration comes together with the next page
 *   swap FILE                  … before the end of the next send
 *   count N SQL                what the store says
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "store/inside.h"

static void do_page(struct run *r, char *rest)
{
	r->stage->page_most = strtoul(rest, NULL, 10);
}

static void do_slow(struct run *r, char *rest)
{
	if (!str_to_ms(str_of(rest), &r->stage->poll_delay_ms))
		fail(r, "'%s' is no time", rest);
}

static void do_prompt(struct run *r, char *rest)
{
	(void)rest;
	r->stage->prompt = true;
}

static void do_etags(struct run *r, char *rest)
{
	(void)rest;
	r->stage->etags = true;
}

static void do_polls(struct run *r, char *rest)
{
	unsigned most = (unsigned)strtoul(rest, NULL, 10);

	if (r->checking && r->stage->polls - r->polls_before > most)
		fail(r, "there were %u polls", r->stage->polls - r->polls_before);
	r->polls_before = r->stage->polls;
}

static void do_accepted(struct run *r, char *rest)
{
	struct str id = str_of(word(&rest));
	const struct config *c;
	uint64_t n = 0;

	stage_settle(r->stage); /* perhaps with a crash, and another engine */
	c = engine_config(r->stage->engine);
	for (size_t i = 0; i < c->n_providers; i++)
		if (str_eq(c->providers[i].id, id))
			n = engine_stats(r->stage->engine)
				    ->providers[i]
				    .sends[SEND_ACCEPTED];
	if (r->checking && n != strtoull(rest, NULL, 10))
		fail(r, "%llu are counted", (unsigned long long)n);
}

static void do_reload(struct run *r, char *rest)
{
	static char file[400];
	const char *now = r->stage->config_file, *slash = strrchr(now, '/');

	snprintf(file, sizeof(file), "%.*s%s", slash ? (int)(slash - now) + 1 : 0, now,
		 rest);
	r->stage->reload_with_page = file;
}

static void do_swap(struct run *r, char *rest)
{
	do_reload(r, rest);
	r->stage->reload_with_send = true;
}

/* Seen to before the story begins. */
static void do_config(struct run *r, char *rest)
{
	(void)r;
	(void)rest;
}

static bool fault_read(struct run *r, const char *kind, enum stage_fault *out)
{
	static const char *const names[STAGE_FAULTS] = {
		[STAGE_GOOD] = "none",
		[STAGE_500] = "500",
		[STAGE_429] = "429",
		[STAGE_RETRY_LONG] = "retry-long",
		[STAGE_RETRY_LONGER] = "retry-longer",
		[STAGE_GARBAGE] = "garbage",
		[STAGE_REFUSED] = "refused",
		[STAGE_NOT_SENT] = "not-sent",
		[STAGE_LOST_BEFORE] = "lost-before",
		[STAGE_LOST_AFTER] = "lost-after",
	};

	for (int i = 0; i < STAGE_FAULTS; i++)
		if (strcmp(kind, names[i]) == 0) {
			*out = (enum stage_fault)i;
			return true;
		}
	fail(r, "no fault '%s'", kind);
	return false;
}

static void do_fault(struct run *r, char *rest)
{
	bool poll = strcmp(word(&rest), "poll") == 0;
	const char *kind = word(&rest);
	unsigned n = (unsigned)strtoul(rest, NULL, 10);

	if (poll && fault_read(r, kind, &r->stage->poll_fault))
		r->stage->poll_faults = n;
	else if (!poll && fault_read(r, kind, &r->stage->send_fault))
		r->stage->send_faults = n;
}

static void do_ends(struct run *r, char *rest)
{
	struct stage *s = r->stage;

	while (*rest && s->n_send_ends < 8 &&
	       fault_read(r, word(&rest), &s->send_ends[s->n_send_ends]))
		s->n_send_ends++;
}

/* A number that the store knows. */
static void do_count(struct run *r, char *rest)
{
	long long want = strtoll(word(&rest), NULL, 10);
	struct store *store;
	struct err err;
	int64_t n;

	stage_settle(r->stage); /* perhaps with a crash, and another store */
	store = r->stage->store;
	if (store->driver->number(store->db, rest, &n, &err))
		fail(r, "%s", err.text);
	else if (r->checking && n != want)
		fail(r, "it is %lld", (long long)n);
}

const struct story_word words_of_world[] = {
	{ "config", do_config },
	{ "page", do_page },
	{ "slow", do_slow },
	{ "prompt", do_prompt },
	{ "etags", do_etags },
	{ "polls", do_polls },
	{ "accepted", do_accepted },
	{ "reload", do_reload },
	{ "fault", do_fault },
	{ "ends", do_ends },
	{ "count", do_count },
	{ "swap", do_swap },
	{ NULL, NULL },
};
