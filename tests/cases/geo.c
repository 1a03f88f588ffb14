/* SPDX-License-Identifier: MIT */
/*
 * The scripted Open311 server, and words of a story about it. It gives its requests the
 * numbers 501, 502, … and knows nothing of ours.
 *
 *   geo HOW [N]                how it answers the next N requests (1): good, token (an id
 *                              comes when asked), duplicate, latlong (both 400), down
 *                              (503), lost (taken, and no answer comes)
 *   geo_says ID open|closed WORDS   how one of its requests stands from now on
 *   geo_bad ID                 a question that names it ("t501": a token) is answered 400
 *   geo_has ID WORDS           what was filed as ID contains these words; "!": not
 *   geo_count N                so many were filed
 */
#include "geo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"

enum { REQUESTS = 60, FIRST = 501 };

/* Of this run; a story begins with "geo none". */
static struct {
	char how[12];
	int left;
	struct {
		char text[2000], words[400];
		bool closed;
	} requests[REQUESTS];
	int n;
	char bad[12]; /* a question that names this id, or token, is answered 400 */
} geo;

static void respond(struct outgoing *out, int status, const char *body)
{
	out->transport = TRANSPORT_DONE;
	out->response = (struct response){ .status = status,
					   .body = arena_str(out->arena, str_of(body)) };
}

static void file(struct outgoing *out)
{
	char body[300];
	const char *how = geo.left ? geo.how : "good";
	bool token = strcmp(how, "token") == 0, lost = strcmp(how, "lost") == 0;

	geo.left -= geo.left > 0;
	if (strcmp(how, "down") == 0) {
		respond(out, 503, "");
	} else if (strcmp(how, "duplicate") == 0 || strcmp(how, "latlong") == 0) {
		snprintf(body, sizeof(body),
			 "<errors><error><code>400</code><description>%s</description>"
			 "</error></errors>",
			 how);
		respond(out, 400, body);
	} else if (geo.n < REQUESTS) {
		snprintf(geo.requests[geo.n].text, sizeof(geo.requests[0].text), "%.*s",
			 STR_ARG(out->exchange.body));
		snprintf(body, sizeof(body),
			 "<service_requests><request><%s>%s%d</%s></request>"
			 "</service_requests>",
			 token ? "token" : "service_request_id", token ? "t" : "",
			 FIRST + geo.n++, token ? "token" : "service_request_id");
		respond(out, 200, body);
		if (lost)
			out->transport = TRANSPORT_UNKNOWN;
	}
}

static void tell_one(struct buf *b, long id)
{
	long i = id - FIRST;

	if (i < 0 || i >= geo.n)
		return;
	buf_printf(b,
		   "<request><service_request_id>%ld</service_request_id>"
		   "<status>%s</status><status_notes>%s</status_notes></request>",
		   id, geo.requests[i].closed ? "closed" : "open", geo.requests[i].words);
}

static void answer(struct outgoing *out, struct str url)
{
	struct buf b = BUF_INIT(64 << 10);
	size_t one = str_find(url, STR("/requests/")),
	       list = str_find(url, STR("service_request_id=")),
	       token = str_find(url, STR("/tokens/t"));

	if (geo.bad[0] && str_find(url, str_of(geo.bad)) < url.n) {
		respond(out, 400, "");
		return;
	}
	buf_add(&b, STR("<service_requests>"));
	if (token < url.n) {
		long id = strtol(url.p + token + 9, NULL, 10);

		buf_printf(&b,
			   "<request><token>t%ld</token><service_request_id>%ld"
			   "</service_request_id></request>",
			   id, id);
	} else if (one < url.n) {
		tell_one(&b, strtol(url.p + one + 10, NULL, 10));
	} else if (list < url.n) {
		const char *at = url.p + list + 18;

		while (at[0] == '=' || at[0] == '%') {
			char *end;
			long id = strtol(at + (at[0] == '=' ? 1 : 3), &end, 10);

			tell_one(&b, id);
			at = end;
		}
	}
	buf_add(&b, STR("</service_requests>"));
	buf_add_char(&b, '\0');
	respond(out, 200, b.p);
	buf_free(&b);
}

bool geo_play(struct stage *s, struct outgoing *out)
{
	struct str url = out->exchange.url;

	if (!str_starts(url, STR("https://geo.test/v2/")))
		return false;
	out->trouble = STR("played trouble");
	url = arena_str(out->arena, url);
	if (out->exchange.method == HTTP_POST)
		file(out);
	else
		answer(out, url);
	(void)s;
	return true;
}

/* ---- words ---- */

static void do_geo(struct run *r, char *rest)
{
	const char *how = word(&rest);

	stage_settle(r->stage);
	if (strcmp(how, "none") == 0) {
		memset(&geo, 0, sizeof(geo));
		return;
	}
	snprintf(geo.how, sizeof(geo.how), "%s", how);
	geo.left = *rest ? (int)strtol(rest, NULL, 10) : 1;
}

static void do_geo_bad(struct run *r, char *rest)
{
	stage_settle(r->stage);
	snprintf(geo.bad, sizeof(geo.bad), "%s", rest);
}

static long index_of(struct run *r, const char *id)
{
	long i = strtol(id, NULL, 10) - FIRST;

	if (i >= 0 && i < geo.n)
		return i;
	if (r->checking)
		fail(r, "nothing was filed as %s", id);
	return -1;
}

static void do_geo_says(struct run *r, char *rest)
{
	long i;

	stage_settle(r->stage);
	i = index_of(r, word(&rest));
	if (i < 0)
		return;
	geo.requests[i].closed = strcmp(word(&rest), "closed") == 0;
	snprintf(geo.requests[i].words, sizeof(geo.requests[i].words), "%s", rest);
}

static void do_geo_has(struct run *r, char *rest)
{
	struct arena *arena = arena_new("case", 1 << 20);
	bool not ;
	struct str_pairs form;
	struct err err;
	long i;

	stage_settle(r->stage);
	i = index_of(r, word(&rest));
	not = *rest == '!';
	if (i >= 0 && r->checking &&
	    form_parse(str_of(geo.requests[i].text), 20, arena, &form, &err) == 0) {
		char all[4000];

		snprintf(all, sizeof(all), "%.*s\n%.*s",
			 STR_ARG(pairs_get(form, STR("description"))),
			 STR_ARG(pairs_get(form, STR("address_string"))));
		if ((strstr(all, rest + not ) != NULL) == not )
			fail(r, "it has: %s", all);
	}
	arena_free(arena);
}

static void do_geo_count(struct run *r, char *rest)
{
	stage_settle(r->stage);
	if (r->checking && geo.n != (int)strtol(rest, NULL, 10))
		fail(r, "%d were filed", geo.n);
}

const struct story_word words_of_geo[] = {
	{ "geo", do_geo },
	{ "geo_says", do_geo_says },
	{ "geo_bad", do_geo_bad },
	{ "geo_has", do_geo_has },
	{ "geo_count", do_geo_count },
	{ NULL, NULL },
};
