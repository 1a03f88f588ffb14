/* SPDX-License-Identifier: MIT */
/*
 * Reads what a generic provider says: pages, calls, answers to a send.
 * Everything is copied into the caller's arena before the JSON tree is freed. Pure.
 */
#include "sms/generic.h"
#include "sms/common.h"

enum { FORM_MOST = 200 };

static int no_room(struct err *err)
{
	return err_set(err, ERR_LIMIT, "no room in the arena");
}

static bool listed(struct str_list list, struct str value)
{
	for (size_t i = 0; value.p && i < list.n; i++)
		if (str_eq(list.items[i], value))
			return true;
	return false;
}

/* ---- what is read: a JSON node or a form ---- */

struct source {
	const struct json *node; /* NULL: form */
	struct str_pairs form;
	struct arena *arena;
};

/* The first of the paths "a.b|c" that is there; NULL: none. */
static const struct json *node_at(const struct json *root, struct str paths)
{
	const struct json *node = NULL;
	struct str path;

	while (!node && str_split(&paths, '|', &path))
		node = json_at(root, path);
	return node;
}

static struct str form_at(struct str_pairs form, struct str names)
{
	struct str value = { NULL, 0 }, name;

	while (!value.p && str_split(&names, '|', &name))
		value = pairs_get(form, name);
	return value;
}

/* p NULL: not there, not wanted, or neither text nor number. */
static struct str value_at(const struct source *s, struct str path)
{
	if (path.n == 0)
		return str_from(NULL, 0);
	return s->node ? json_text(node_at(s->node, path), s->arena)
		       : form_at(s->form, path);
}

static bool number_at(const struct source *s, struct str path, int64_t *out)
{
	return str_to_int(str_trim(value_at(s, path)), out);
}

/* Unix time as written, perhaps with a fraction that is left off; 0: none. */
static int64_t unix_ms_of(struct str s, int64_t unit_ms)
{
	const int64_t most_s = INT64_C(253402300800); /* the year 10000 */
	int64_t n;

	s = str_slice(s, 0, str_find_char(s, '.'));
	if (!str_to_int(s, &n) || n <= 0 || n > most_s * (1000 / unit_ms))
		return 0;
	return n * unit_ms;
}

static int64_t time_of(struct str s, int format, int32_t zone_s)
{
	int64_t ms;

	s = str_trim(s);
	if (format == TIME_UNIX)
		return unix_ms_of(s, 1000);
	if (format == TIME_UNIX_MS)
		return unix_ms_of(s, 1);
	return time_read_iso(s, format == TIME_UTC ? 0 : zone_s, &ms) ? ms : 0;
}

/* ---- messages ---- */

static void read_concat(const struct generic_fields *f, const struct source *s,
			struct sms_in *in)
{
	struct str ref = value_at(s, f->part_ref);
	int64_t n, total, part;

	if (ref.n == 0 || !number_at(s, f->part_total, &total) ||
	    !number_at(s, f->part_no, &part))
		return;
	if (total < 2 || total > 255 || part < 1 || part > total)
		return; /* as TS 23.040 clause 9.2.3.24.1 has it: not a part then */
	if (!str_to_int(ref, &n) || n < 0 || n > UINT32_MAX)
		n = (int64_t)(str_hash(ref) & UINT32_MAX);
	in->concat.ref = (uint32_t)n;
	in->concat.total = (unsigned)total;
	in->concat.part = (unsigned)part;
}

/* *missing tells which part is not there; NULL: the message is whole. */
static int read_message(const struct generic_fields *f, const struct source *s,
			int32_t zone_s, struct sms_in *in, const char **missing,
			struct err *err)
{
	struct str id = value_at(s, f->id);

	in->sender = str_trim(value_at(s, f->sender));
	in->recipient = value_at(s, f->recipient);
	in->text = value_at(s, f->text);
	in->sent_ms = time_of(value_at(s, f->time), f->time_format, zone_s);
	read_concat(f, s, in);
	if (id.n) {
		in->external_id = sms_id_join(s->arena, f->id_prefix, id);
		if (!in->external_id.p)
			return no_room(err);
	}
	*missing = in->sender.n == 0 ? "no sender where the path says"
		   : !in->text.p     ? "no text where the path says"
				     : NULL;
	return 0;
}

static int read_element(const struct generic_fields *f, const struct source *s,
			int32_t zone_s, struct sms_in *in, struct err *err)
{
	struct buf raw = BUF_INIT(1 << 20);
	const char *missing = NULL;

	if (read_message(f, s, zone_s, in, &missing, err))
		return -1;
	if (!missing)
		return 0;
	json_dump(s->node, &raw);
	in->text = arena_str(s->arena, buf_str(&raw));
	in->bad = str_of(missing);
	buf_free(&raw);
	return in->text.p ? 0 : no_room(err);
}

static int read_list(const struct generic_fields *f, const struct sms_ctx *ctx,
		     const struct json *list, struct sms_page *page, struct err *err)
{
	struct source s = { .arena = ctx->arena };
	bool single = json_is_object(list);

	page->n = single ? 1 : json_count(list);
	page->items = ARENA_NEW(ctx->arena, struct sms_in, page->n + 1);
	if (!page->items)
		return no_room(err);
	for (size_t i = 0; i < page->n; i++) {
		s.node = single ? list : json_item(list, i);
		if (read_element(f, &s, ctx->zone_s, &page->items[i], err))
			return -1;
	}
	return 0;
}

static void turn_round(struct sms_in *items, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct sms_in in = items[i];

		items[i] = items[n - 1 - i];
		items[n - 1 - i] = in;
	}
}

/* ---- a page ---- */

/* What the provider says where it gives no list: its own words of trouble, by kind. */
static int page_refused(const struct generic_poll *p, const struct source *s, int status,
			struct err *err)
{
	struct str code = value_at(s, p->code), words = value_at(s, p->error);
	enum err_kind kind = ERR_NONE;

	if (listed(p->code_config, code))
		kind = ERR_CONFIG;
	else if (listed(p->code_later, code))
		kind = ERR_LATER;
	if (kind == ERR_NONE && !sms_status_good(status))
		return sms_status_fetched(status, words, err);
	return err_set(err, kind == ERR_NONE ? ERR_NEVER : kind,
		       "the provider gives no messages%s%.*s%s%.*s",
		       code.n ? "; code " : "", STR_ARG(str_slice(code, 0, 40)),
		       words.n ? ": " : "", STR_ARG(str_slice(words, 0, 150)));
}

static int page_of(const struct sms_ctx *ctx, const struct json *root, int status,
		   const struct generic_state *was, struct sms_page *out, struct err *err)
{
	const struct generic_poll *p = &((const struct generic *)ctx->settings)->poll;
	const struct json *list = p->fields.list.n ? node_at(root, p->fields.list) : root;
	const struct source s = { .node = root, .arena = ctx->arena };
	struct sms_page page = { 0 };
	bool empty = listed(p->empty_values, value_at(&s, p->empty)) ||
		     (sms_status_good(status) && list && json_is_null(list) &&
		      p->fields.list.n);
	bool is_list = json_is_array(list) || (json_is_object(list) && p->fields.list.n);

	if (!empty && (!is_list || !sms_status_good(status)))
		return page_refused(p, &s, status, err);
	if (read_list(&p->fields, ctx, empty ? NULL : list, &page, err))
		return -1;
	if (p->order == NEWEST_FIRST)
		turn_round(page.items, page.n);
	if (generic_move(ctx, root, was, &page, err))
		return -1;
	*out = page;
	return 0;
}

/* The mark of a page grows old: the provider no longer knows it, so we start over. */
static int start_over(const struct sms_ctx *ctx, const struct generic_state *was,
		      struct sms_page *out, struct err *err)
{
	const struct generic_state now = { .at = was->at };
	struct sms_page page = { .state = generic_state_write(&now, ctx->arena) };

	if (!page.state.p)
		return no_room(err);
	*out = page;
	return 0;
}

int generic_page(const struct sms_ctx *ctx, const struct response *response,
		 struct sms_page *out, struct err *err)
{
	struct generic_state was;
	const struct json *root;
	struct json *own;
	struct err why = { .kind = ERR_NEVER };
	int failed;

	if (response->status == 304 || response->status == 204) {
		*out = (struct sms_page){ 0 };
		return 0;
	}
	if (generic_state_read(ctx->state, ctx->arena, &was, err))
		return -1;
	root = sms_json(response, &own, &why);
	if (root)
		failed = page_of(ctx, root, response->status, &was, out, &why);
	else if (sms_status_good(response->status))
		failed = -1;
	else
		failed = sms_status_fetched(response->status, STR(""), &why);
	json_free(own);
	if (!failed)
		return 0;
	if (was.page.n && why.kind == ERR_NEVER && !sms_status_good(response->status))
		return start_over(ctx, &was, out, err);
	if (err)
		*err = why;
	return -1;
}

/* ---- calls ---- */

static int check_secret(const struct generic_call *c, const struct request *request,
			const struct source *s, struct err *err)
{
	struct str got = { NULL, 0 };

	if (c->secret_name.n == 0)
		return 0;
	if (c->secret_in == SECRET_IN_FIELD)
		got = value_at(s, c->secret_name);
	for (size_t i = 0; c->secret_in == SECRET_IN_HEADER && i < request->headers.n;
	     i++)
		if (str_eq_nocase(request->headers.items[i].name, c->secret_name))
			got = request->headers.items[i].value;
	if (got.p && c->secret.n && crypto_equal(got, c->secret))
		return 0;
	return err_set(err, ERR_CONFIG, "the call does not carry our secret");
}

static int call_message(const struct generic_fields *f, const struct sms_ctx *ctx,
			const struct source *s, struct sms_page *page, struct err *err)
{
	const struct json *list = s->node && f->list.n ? node_at(s->node, f->list) : NULL;
	const char *missing = NULL;

	if (json_is_array(list) || json_is_object(list))
		return read_list(f, ctx, list, page, err);
	if (json_is_array(s->node))
		return read_list(f, ctx, s->node, page, err);
	page->items = ARENA_NEW(ctx->arena, struct sms_in, 1);
	if (!page->items)
		return no_room(err);
	if (read_message(f, s, ctx->zone_s, page->items, &missing, err))
		return -1;
	page->n = 1;
	return missing ? err_set(err, ERR_NEVER, "%s", missing) : 0;
}

static bool read_report(const struct generic_report *r, const struct source *s,
			struct sms_report *out)
{
	struct str status = value_at(s, r->status), reason = value_at(s, r->reason);

	out->external_id = value_at(s, r->id);
	out->delivery = listed(r->done, status)	    ? SMS_DELIVERY_DONE
			: listed(r->failed, status) ? SMS_DELIVERY_FAILED
						    : SMS_DELIVERY_PENDING;
	out->reason = reason.n ? reason : status;
	return out->external_id.n && status.n;
}

/* Reports of a list that make no sense are passed over, unless none makes any. */
static int call_report(const struct generic_report *r, const struct sms_ctx *ctx,
		       const struct source *s, struct sms_page *page, struct err *err)
{
	const struct json *list =
		s->node && r->list.n ? node_at(s->node, r->list) : s->node;
	bool many = json_is_array(list);
	size_t n = many ? json_count(list) : 1;
	struct source one = *s;

	page->reports = ARENA_NEW(ctx->arena, struct sms_report, n);
	if (!page->reports)
		return no_room(err);
	for (size_t i = 0; i < n; i++) {
		one.node = many ? json_item(list, i) : list;
		if (read_report(r, &one, &page->reports[page->n_reports]))
			page->n_reports++;
	}
	if (n && page->n_reports == 0)
		return err_set(err, ERR_NEVER, "no id or status where the path says");
	return 0;
}

static int call_digest(const struct sms_ctx *ctx, bool report,
		       const struct request *request, const struct source *s,
		       struct sms_page *out, struct err *err)
{
	const struct generic *g = ctx->settings;
	const struct generic_call *c = report ? &g->report.call : &g->push.call;
	struct sms_page page = { 0 };

	if (check_secret(c, request, s, err))
		return -1;
	if (c->only.n == 0 || listed(c->only_values, value_at(s, c->only)))
		if (report ? call_report(&g->report, ctx, s, &page, err)
			   : call_message(&g->push.fields, ctx, s, &page, err))
			return -1;
	*out = page;
	return 0;
}

static void call_answer(const struct generic_call *c, struct answer *answer)
{
	*answer = (struct answer){ .status = (int)c->answer_status };
	if (c->answer.n) {
		answer->content_type = c->answer_type;
		answer->body = c->answer;
	}
}

int generic_call(const struct sms_ctx *ctx, bool report, const struct request *request,
		 struct sms_page *out, struct answer *answer, struct err *err)
{
	const struct generic *g = ctx->settings;
	const struct generic_call *c = report ? &g->report.call : &g->push.call;
	struct source s = { .form = request->query, .arena = ctx->arena };
	struct json *root = NULL;
	int failed;

	if (c->format == FORMAT_JSON) {
		s.node = root = json_parse(request->body, err);
		if (!root)
			return -1;
	} else if (c->format == FORMAT_FORM &&
		   form_parse(request->body, FORM_MOST, ctx->arena, &s.form, err)) {
		return err_set(err, ERR_NEVER, "no form that we can read");
	}
	failed = call_digest(ctx, report, request, &s, out, err);
	json_free(root);
	if (failed)
		return -1;
	call_answer(c, answer);
	return 0;
}

/* ---- verdicts ---- */

static bool status_listed(struct str_list list, int status)
{
	int64_t n;

	for (size_t i = 0; i < list.n; i++)
		if (str_to_int(list.items[i], &n) && n == status)
			return true;
	return false;
}

/* A row's word "*" stands for every code that no other list names. */
static bool judge_by_code(const struct generic_send *p, struct str code,
			  struct sms_receipt *out)
{
	const struct {
		struct str_list codes;
		enum sms_verdict verdict;
		bool wide;
	} rows[] = {
		{ p->code_ok, SMS_ACCEPTED, false },
		{ p->code_wide, SMS_LATER, true },
		{ p->code_refused, SMS_REFUSED, false },
		{ p->code_later, SMS_LATER, false },
	};
	const size_t n = sizeof(rows) / sizeof(*rows);

	for (size_t i = 0; code.p && i < 2 * n; i++) {
		if (i < n ? !listed(rows[i].codes, code)
			  : !listed(rows[i - n].codes, STR("*")))
			continue;
		out->verdict = rows[i % n].verdict;
		out->provider_wide = rows[i % n].wide;
		return true;
	}
	return false;
}

static bool body_begins(struct str body, struct str_list beginnings)
{
	body = str_trim(body);
	for (size_t i = 0; i < beginnings.n; i++)
		if (str_starts(body, beginnings.items[i]))
			return true;
	return false;
}

static struct str reason_of(struct arena *arena, const char *about, struct str code,
			    struct str words)
{
	struct str reason =
		arena_printf(arena, "%s%s%.*s%s%.*s", about, code.n ? "; code " : "",
			     STR_ARG(str_slice(code, 0, 40)), words.n ? ": " : "",
			     STR_ARG(str_slice(words, 0, 200)));

	return reason.p ? reason : str_of(about);
}

/* An answer with a good status: is it the yes that config describes? */
static enum sms_verdict judge_good(const struct generic_send *p, struct str body,
				   struct str code, const char **why)
{
	if (p->ok_body.n && !body_begins(body, p->ok_body)) {
		*why = "the answer does not begin as it should";
		return SMS_UNKNOWN;
	}
	if (p->code.n && !code.p) {
		*why = "the answer has no code where the path says";
		return SMS_UNKNOWN;
	}
	if (p->code.n && p->code_ok.n) {
		*why = "the answer has a code that no list names";
		return SMS_UNKNOWN;
	}
	return SMS_ACCEPTED;
}

static void judge(const struct generic *g, const struct source *s,
		  const struct response *response, struct sms_receipt *out)
{
	const struct generic_send *p = &g->send;
	struct str code = value_at(s, p->code), words = value_at(s, p->error);
	bool good = p->ok_status.n ? status_listed(p->ok_status, response->status)
				   : sms_status_good(response->status);
	bool taken = status_listed(g->taken_status, response->status);
	const char *why = "the provider does not take it";

	if (taken) {
		out->verdict = SMS_ACCEPTED;
	} else if (judge_by_code(p, code, out) &&
		   (good || out->verdict != SMS_ACCEPTED)) {
		out->reason = reason_of(s->arena, why, code, words);
	} else if (good) {
		out->verdict = judge_good(p, response->body, code, &why);
		out->reason = reason_of(s->arena, why, code, words);
	} else if (sms_status_good(response->status)) {
		out->verdict = SMS_UNKNOWN;
		out->reason = STR("a status that ok_status does not name");
	} else {
		sms_status_sent(response->status, words, s->arena, out);
	}
	if (out->verdict == SMS_ACCEPTED) {
		out->reason = str_from(NULL, 0);
		out->external_id = value_at(s, p->sent_id);
	}
}

void generic_judge(const struct sms_ctx *ctx, const struct response *response,
		   struct sms_receipt *out)
{
	const struct generic *g = ctx->settings;
	struct json *own;
	const struct json *root = sms_json(response, &own, NULL);
	const struct source s = { .node = root, .arena = ctx->arena };
	struct sms_receipt receipt = { .verdict = SMS_UNKNOWN };

	judge(g, &s, response, &receipt);
	json_free(own);
	*out = receipt;
}
