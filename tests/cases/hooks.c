/* SPDX-License-Identifier: MIT */
/*
 * The scripted software of departments, and words of a story about it:
 *
 *   hook NAME WHAT [N]         how it answers the next N deliveries (1): a status, or
 *                              not-sent, lost-before, lost-after, wait (429 and "come
 *                              again in 600 s"); N "ever": from now on; "well": 204
 *   told NAME WORDS            the oldest delivery that it took and the story has not
 *                              looked at contains these words; pieces with " | " between;
 *                              !WORDS: not
 *   untold NAME                there is none
 *   queue WAY OPEN PARKED      so many rows of "DEPT/WAY" are open, and parked
 *   reload_now FILE            another configuration, at once
 *   reload_amid FILE           … before the end of the next delivery
 *   jump_amid TIME             the wall clock jumps before the end of the next delivery
 *   control STATUS PATH FORM   the operator asks
 */
#include "hooks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "play.h"
#include "store/delivery.h"

static struct str name_of(const struct outgoing *out)
{
	struct str url = out->exchange.url;
	size_t n = url.n;

	while (n && url.p[n - 1] != '/')
		n--;
	return str_slice(url, n, url.n);
}

/* Two deliveries of one id are one. */
static void take(struct stage *s, struct outgoing *out)
{
	struct str id = pairs_get(out->exchange.headers, STR("webhook-id"));
	struct stage_hook *h = &s->hooks[s->n_hooks];

	for (size_t i = 0; i < s->n_hooks; i++)
		if (str_eq(str_of(s->hooks[i].id), id)) {
			s->hooks_twice++;
			return;
		}
	if (s->n_hooks == STAGE_HOOKS) {
		s->failure = "too many deliveries for the stage";
		return;
	}
	s->n_hooks++;
	snprintf(h->name, sizeof(h->name), "%.*s", STR_ARG(name_of(out)));
	snprintf(h->id, sizeof(h->id), "%.*s", STR_ARG(id));
	snprintf(h->body, sizeof(h->body), "%.*s", STR_ARG(out->exchange.body));
}

static struct stage_mood *mood_of(struct stage *s, struct str name)
{
	for (size_t i = 0; i < s->n_moods; i++)
		if (str_eq(str_of(s->moods[i].name), name))
			return &s->moods[i];
	return NULL;
}

static void answer(struct outgoing *out, const char *what)
{
	static struct str_pair again[] = { { STR_INIT("retry-after"), STR_INIT("600") } };

	out->trouble = STR("played trouble");
	out->transport = TRANSPORT_UNKNOWN;
	if (strcmp(what, "not-sent") == 0)
		out->transport = TRANSPORT_NOT_SENT;
	if (strncmp(what, "lost", 4) == 0 || strcmp(what, "not-sent") == 0)
		return;
	out->transport = TRANSPORT_DONE;
	out->response.body = STR("");
	out->response.status = strcmp(what, "well") == 0   ? 204
			       : strcmp(what, "wait") == 0 ? 429
							   : (int)strtol(what, NULL, 10);
	if (strcmp(what, "wait") == 0)
		out->response.headers = (struct str_pairs){ again, 1 };
}

void hook_play(struct stage *s, struct outgoing *out)
{
	struct stage_mood *mood = mood_of(s, name_of(out));
	const char *only = mood ? strchr(mood->what, ':') : NULL;
	struct str body = out->exchange.body;
	char what[24] = "well";

	if (mood && mood->left && (!only || str_find(body, str_of(only + 1)) < body.n)) {
		snprintf(what, sizeof(what), "%.*s", (int)strcspn(mood->what, ":"),
			 mood->what);
		mood->left -= mood->left > 0;
	}
	answer(out, what);
	if (strcmp(what, "lost-after") == 0 ||
	    (out->transport == TRANSPORT_DONE && out->response.status / 100 == 2))
		take(s, out);
}

size_t hooks_taken(const struct stage_hook *hooks, size_t n, const char *name,
		   const char *type)
{
	char wanted[80];
	size_t taken = 0;

	snprintf(wanted, sizeof(wanted), "\"type\":\"%s\"", type);
	for (size_t i = 0; i < n; i++)
		taken += strcmp(hooks[i].name, name) == 0 &&
			 strstr(hooks[i].body, wanted) != NULL;
	return taken;
}

static long long number_in(const char *body)
{
	const char *at = strstr(body, "\"number\":\"");

	return at ? strtoll(at + 10, NULL, 10) : 0;
}

static long long id_of(const struct stage_hook *h)
{
	return strtoll(h->id + strcspn(h->id, "0123456789"), NULL, 10);
}

const char *hooks_broken(const struct stage *s, struct arena *arena)
{
	for (size_t i = 0; i < s->n_hooks && !s->retried; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(s->hooks[i].name, s->hooks[k].name) == 0 &&
			    number_in(s->hooks[i].body) == number_in(s->hooks[k].body) &&
			    id_of(&s->hooks[i]) < id_of(&s->hooks[k]))
				return arena_printf(arena,
						    "%s was told %s before %s of %lld",
						    s->hooks[i].name, s->hooks[k].id,
						    s->hooks[i].id,
						    number_in(s->hooks[i].body))
					.p;
	return NULL;
}

/* ---- words ---- */

static void do_hook(struct run *r, char *rest)
{
	const char *name = word(&rest), *what = word(&rest);
	struct stage *s = r->stage;
	struct stage_mood *mood = mood_of(s, str_of(name));

	if (!mood && s->n_moods < STAGE_MOODS) {
		mood = &s->moods[s->n_moods++];
		snprintf(mood->name, sizeof(mood->name), "%s", name);
	}
	if (!mood)
		return;
	snprintf(mood->what, sizeof(mood->what), "%s", what);
	mood->left = strcmp(rest, "ever") == 0 ? -1
		     : *rest		       ? (int)strtol(rest, NULL, 10)
					       : 1;
}

static bool says(const char *body, const char *pieces)
{
	char piece[LINE];
	const char *end;

	for (; pieces; pieces = end ? end + 3 : NULL) {
		bool not = pieces[0] == '!';

		end = strstr(pieces, " | ");
		snprintf(piece, sizeof(piece), "%.*s",
			 (int)(end ? (size_t)(end - pieces) : strlen(pieces)), pieces);
		if ((strstr(body, piece + not ) != NULL) == not )
			return false;
	}
	return true;
}

static struct stage_hook *unseen(struct stage *s, const char *name)
{
	for (size_t i = 0; i < s->n_hooks; i++)
		if (!s->hooks[i].seen && strcmp(s->hooks[i].name, name) == 0)
			return &s->hooks[i];
	return NULL;
}

static void do_told(struct run *r, char *rest)
{
	const char *name = word(&rest);
	struct stage_hook *h;

	stage_settle(r->stage);
	h = unseen(r->stage, name);
	if (h)
		h->seen = true;
	if (!r->checking)
		return;
	if (!h)
		fail(r, "%s was told nothing", name);
	else if (!says(h->body, rest))
		fail(r, "%s was told: %.400s", name, h->body);
}

static void do_untold(struct run *r, char *rest)
{
	const struct stage_hook *h;

	stage_settle(r->stage);
	h = unseen(r->stage, rest);
	if (h && r->checking)
		fail(r, "%s was told: %.400s", rest, h->body);
}

static void do_queue(struct run *r, char *rest)
{
	struct str mark = str_of(word(&rest));
	long long open = strtoll(word(&rest), NULL, 10), parked = strtoll(rest, NULL, 10);
	struct arena *arena = arena_new("case", 1 << 20);
	struct delivery_count *rows;
	long long is_open = 0, is_parked = 0;
	struct err err;
	size_t n;

	stage_settle(r->stage);
	if (store_delivery_counts(r->stage->store, arena, &rows, &n, &err))
		n = 0;
	for (size_t i = 0; i < n; i++)
		if (str_eq(mark,
			   arena_printf(arena, "%.*s/%.*s", STR_ARG(rows[i].department),
					STR_ARG(rows[i].way)))) {
			is_open += rows[i].open;
			is_parked += rows[i].parked;
		}
	if (r->checking && (is_open != open || is_parked != parked))
		fail(r, "%lld are open, %lld parked", is_open, is_parked);
	arena_free(arena);
}

static void next_config(struct run *r, const char *name)
{
	static char file[400];
	const char *now = r->stage->config_file, *slash = strrchr(now, '/');
	char next[400]; /* what is there now may stand in `file` */

	snprintf(next, sizeof(next), "%.*s%s", slash ? (int)(slash - now) + 1 : 0, now,
		 name);
	memcpy(file, next, sizeof(file));
	r->stage->reload_with_page = file;
}

static void do_reload_amid(struct run *r, char *rest)
{
	next_config(r, rest);
	r->stage->reload_with_hook = true;
}

static void do_jump_amid(struct run *r, char *rest)
{
	if (!str_to_ms(str_of(rest), &r->stage->jump_with_hook))
		fail(r, "'%s' is no time", rest);
}

static void do_reload_now(struct run *r, char *rest)
{
	stage_settle(r->stage);
	next_config(r, rest);
	stage_reload(r->stage);
	stage_settle(r->stage);
}

/* An operator whose command fails gives it again. */
static void do_control(struct run *r, char *rest)
{
	int want = (int)strtol(word(&rest), NULL, 10), got = 0;
	const char *path = word(&rest);

	stage_settle(r->stage);
	r->stage->retried = true;
	for (int i = 0; i < 20 && got != want; i++) {
		got = stage_control(r->stage, path, rest);
		if (got != 0 && got != 503)
			break;
		stage_wait(r->stage, 1000);
	}
	if (got != want && r->checking)
		fail(r, "answered %d: %.200s", got, r->stage->last_body);
}

const struct story_word words_of_hooks[] = {
	{ "hook", do_hook },
	{ "told", do_told },
	{ "untold", do_untold },
	{ "queue", do_queue },
	{ "reload_now", do_reload_now },
	{ "reload_amid", do_reload_amid },
	{ "jump_amid", do_jump_amid },
	{ "control", do_control },
	{ NULL, NULL },
};
