/* SPDX-License-Identifier: MIT */
/*
 * What a forwarder would send, for tests by independent parsers: one line of JSON on
 * stdin a thing to tell (the fields of struct forward by their names), one line on
 * stdout:
 *
 *   { "url": …, "from": …, "to": [ … ], "body": …, "verdicts": … } or { "error": … }
 *
 * "judge": [ [status, "words"], … ] asks what it makes of answers.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/json.h"
#include "forwarder.h"

static struct arena *arena;

static struct str text(const struct json *j, const char *key)
{
	struct str s = json_str(json_get(j, key));

	return s.p ? arena_str(arena, s) : STR("");
}

static int64_t number(const struct json *j, const char *key)
{
	int64_t n = 0;

	return json_int(json_get(j, key), &n) ? n : 0;
}

static bool yes(const struct json *j, const char *key)
{
	bool b = false;

	return json_bool(json_get(j, key), &b) && b;
}

static void read_history(const struct json *list, struct forward *f)
{
	f->history = ARENA_NEW(arena, struct forward_event, json_count(list) + 1);
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *one = json_item(list, i);

		f->history[f->n_history++] =
			(struct forward_event){ number(one, "at_ms"), text(one, "kind"),
						text(one, "actor"), text(one, "words") };
	}
}

static void read_rows(const struct json *list, struct forward *f)
{
	f->rows = ARENA_NEW(arena, struct forward_row, json_count(list) + 1);
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *one = json_item(list, i);

		f->rows[f->n_rows++] = (struct forward_row){
			.no = number(one, "no"),
			.due_ms = number(one, "due_ms"),
			.late = yes(one, "late"),
			.hidden = yes(one, "hidden"),
			.text = text(one, "text"),
			.desa = text(one, "desa"),
			.kecamatan = text(one, "kecamatan"),
			.state = text(one, "state"),
		};
	}
}

static struct forward read_forward(const struct json *j)
{
	struct forward f = {
		.id = text(j, "id"),
		.delivery_id = number(j, "delivery_id"),
		.made_ms = number(j, "made_ms"),
		.to = text(j, "to"),
		.what = (enum forward_what)number(j, "what"),
		.event = text(j, "event"),
		.words = text(j, "words"),
		.attempt = 1,
		.no = number(j, "no"),
		.department = text(j, "department"),
		.department_name = text(j, "department_name"),
		.state = text(j, "state"),
		.kind = text(j, "kind"),
		.urgent = yes(j, "urgent"),
		.hidden = yes(j, "hidden"),
		.text = text(j, "text"),
		.summary = text(j, "summary"),
		.kecamatan = text(j, "kecamatan"),
		.desa = text(j, "desa"),
		.place = text(j, "place"),
		.channel = STR("sms"),
		.opened_ms = number(j, "opened_ms"),
		.answer_due_ms = number(j, "answer_due_ms"),
		.settle_due_ms = number(j, "settle_due_ms"),
		.reporters = (unsigned)number(j, "reporters"),
		.transfers = (int)number(j, "transfers"),
		.thread = text(j, "thread"),
		.last = text(j, "last"),
	};

	read_history(json_get(j, "history"), &f);
	read_rows(json_get(j, "rows"), &f);
	return f;
}

static struct json *verdicts(const struct forwarder *by, const struct forward_ctx *ctx,
			     const struct forward *f, const struct json *asked)
{
	struct json *all = json_new_array();

	for (size_t i = 0; i < json_count(asked); i++) {
		const struct json *one = json_item(asked, i);
		struct str_pair step = { STR("smtp-step"), json_str(json_item(one, 2)) };
		struct response response = { .body = json_str(json_item(one, 1)),
					     .headers = { &step, step.value.p ? 1 : 0 } };
		struct forward_receipt r = { 0 };
		struct json *said = json_new_object();
		int64_t status = 0;
		struct err err;

		if (!json_int(json_item(one, 0), &status))
			continue;
		response.status = (int)status;
		if (by->judge(ctx, f, &response, &r, &err))
			exit(1);
		json_set(said, "verdict", json_new_int(r.verdict));
		json_set(said, "wide", json_new_bool(r.way_wide));
		json_set(said, "wait_ms", json_new_int(r.wait_ms));
		json_set(said, "reason", json_new_str(r.reason));
		json_set(said, "external_id", json_new_str(r.external_id));
		json_add(all, said);
	}
	return all;
}

static void tell(const struct json *j)
{
	static const struct forward_mail mail = {
		.server = STR_INIT("smtp://mail.serangkab.example:587"),
		.user = STR_INIT("aduan"),
		.password = STR_INIT("rahasia"),
		.from = STR_INIT("Pengaduan Kab. Serang <aduan@serangkab.example>"),
		.domain = STR_INIT("serangkab.example"),
		.tag = STR_INIT("SRG"),
		.key = STR_INIT("0123456789abcdef0123456789abcdef"),
	};
	const struct forwarder *by = forwarder_find(STR("email"));
	struct forward f = read_forward(j);
	bool html = !yes(j, "text_alone"); /* the way's one setting */
	const struct forward_ctx ctx = { .settings = &html,
					 .mail = &mail,
					 .arena = arena,
					 .gateway = STR("Kabupaten Serang"),
					 .wall_ms = number(j, "now_ms"),
					 .zone_s = 25200 };
	struct json *out = json_new_object(), *to = json_new_array();
	struct exchange x = { 0 };
	struct buf b = BUF_INIT(16 << 20);
	struct err err;

	if (by->compose(&ctx, &f, &x, &err)) {
		json_set(out, "error", json_new_str(str_of(err.text)));
	} else {
		json_set(out, "url", json_new_str(x.url));
		json_set(out, "from", json_new_str(x.mail_from));
		for (size_t i = 0; i < x.mail_to.n; i++)
			json_add(to, json_new_str(x.mail_to.items[i]));
		json_set(out, "to", json_clone(to));
		json_set(out, "body", json_new_str(x.body));
		json_set(out, "verdicts", verdicts(by, &ctx, &f, json_get(j, "judge")));
	}
	json_free(to);
	json_dump(out, &b);
	printf("%.*s\n", STR_ARG(buf_str(&b)));
	fflush(stdout);
	buf_free(&b);
	json_free(out);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (crypto_start(NULL))
		return 1;
	arena = arena_new("compose", 64 << 20);
	while (arena && (n = getline(&line, &size, stdin)) > 0) {
		struct json *j = json_parse(str_from(line, (size_t)n), NULL);

		if (!j)
			return 1;
		tell(j);
		json_free(j);
		arena_reset(arena);
	}
	free(line);
	arena_free(arena);
	return 0;
}
