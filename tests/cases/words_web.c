/* SPDX-License-Identifier: MIT */
/*
 * Words of a story about Open311:
 *
 *   key SCOPES [DEPARTMENT]    the operator makes a key; used from now on; "none": no key
 *   file STATUS name=value… WORDS   a complaint in these words; again until it is
 *                              answered, as a client does
 *   filed NAME                 {NAME} is the number that it was answered
 *   web STATUS PATH WORDS      what a GET of that path answers has these words in it, or
 *                              with "!" before them has not; several pieces with " | "
 *   web_again N PIECE          … that last answer has this piece so often
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"

enum { PATIENCE = 60 };

static char key[100];

static void field_add(struct buf *form, const char *name, const char *value)
{
	if (form->n)
		buf_add_char(form, '&');
	buf_printf(form, "%s=", name);
	buf_add_url(form, str_of(value));
}

/* The string behind "name":" in the last answer; false: none. */
static bool said(const struct run *r, const char *name, char *out, size_t size)
{
	char look[60];
	const char *at;

	snprintf(look, sizeof(look), "\"%s\":\"", name);
	at = strstr(r->stage->last_body, look);
	if (!at)
		return false;
	at += strlen(look);
	snprintf(out, size, "%.*s", (int)strcspn(at, "\""), at);
	return true;
}

static void do_key(struct run *r, char *rest)
{
	struct buf form = BUF_INIT(LINE);
	char *scopes = word(&rest);
	int got = 0;

	key[0] = '\0';
	if (strcmp(scopes, "none") == 0)
		return;
	field_add(&form, "name", "FORM");
	field_add(&form, "who", "rina");
	field_add(&form, "scopes", scopes);
	field_add(&form, *rest ? "department" : "all", *rest ? rest : "1");
	buf_add_char(&form, '\0');
	for (int i = 0; i < PATIENCE && got != 200; i++) {
		got = stage_control(r->stage, "/v1/token_create", form.p);
		if (got != 200)
			stage_wait(r->stage, 1000);
	}
	if (!said(r, "token", key, sizeof(key)))
		fail(r, "no key: %d %.200s", got, r->stage->last_body);
	buf_free(&form);
}

static void do_file(struct run *r, char *rest)
{
	struct buf form = BUF_INIT(64 << 10);
	int want = 0, got = 0;
	char *value;

	if (sscanf(word(&rest), "%d", &want) != 1)
		fail(r, "file STATUS …");
	if (key[0])
		field_add(&form, "api_key", key);
	while (rest[strcspn(rest, "= ")] == '=') {
		char *name = word(&rest);

		value = strchr(name, '=');
		*value = '\0';
		field_add(&form, name, value + 1);
	}
	field_add(&form, "description", rest);
	buf_add_char(&form, '\0');
	for (int i = 0; i < PATIENCE && (got == 0 || got == 503); i++) {
		got = stage_web(r->stage, HTTP_POST, "/open311/v2/requests.json", form.p);
		if (got == 0 || got == 503)
			stage_wait(r->stage, 1000);
	}
	buf_free(&form);
	if (got != want && r->checking)
		fail(r, "answered %d: %.300s", got, r->stage->last_body);
}

static void do_filed(struct run *r, char *rest)
{
	char no[24];
	size_t i = 0;

	if (!said(r, "service_request_id", no, sizeof(no))) {
		fail(r, "no request: %.300s", r->stage->last_body);
		return;
	}
	while (i < r->n_names && strcmp(r->names[i].name, rest) != 0)
		i++;
	if (i == NAMES)
		return;
	snprintf(r->names[i].name, sizeof(r->names[i].name), "%s", rest);
	r->names[i].no = strtoll(no, NULL, 10);
	r->n_names += i == r->n_names;
}

static void do_web(struct run *r, char *rest)
{
	char *status = word(&rest), *path = word(&rest), *query = strchr(path, '?');
	int want = (int)strtol(status, NULL, 10), got = 0;
	bool not = *rest == '!';
	const char *end;

	if (query)
		*query++ = '\0';
	stage_settle(r->stage);
	for (int i = 0; i < PATIENCE && (got == 0 || got == 503 || got == 429); i++) {
		got = stage_web(r->stage, HTTP_GET, path, query ? query : "");
		if (got == 0 || got == 503 || got == 429)
			stage_wait(r->stage, 1000);
	}
	if (!r->checking)
		return;
	if (got != want)
		fail(r, "answered %d: %.300s", got, r->stage->last_body);
	for (const char *piece = rest + not ; piece && *piece;
	     piece = end ? end + 3 : NULL) {
		char look[LINE];

		end = strstr(piece, " | ");
		snprintf(look, sizeof(look), "%.*s",
			 (int)(end ? (size_t)(end - piece) : strlen(piece)), piece);
		if ((strstr(r->stage->last_body, look) != NULL) == not )
			fail(r, "it says: %.400s", r->stage->last_body);
	}
}

static void do_web_again(struct run *r, char *rest)
{
	long want = strtol(word(&rest), NULL, 10), n = 0;

	for (const char *at = r->stage->last_body; (at = strstr(at, rest)) != NULL; at++)
		n++;
	if (r->checking && n != want)
		fail(r, "%ld times: %.400s", n, r->stage->last_body);
}

const struct story_word words_of_web[] = {
	{ "key", do_key }, { "file", do_file },		  { "filed", do_filed },
	{ "web", do_web }, { "web_again", do_web_again }, { NULL, NULL },
};
