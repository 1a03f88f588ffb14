/* SPDX-License-Identifier: MIT */
/*
 * A department's own Open311 server (GeoReport v2): each ticket is filed there as a
 * request, and how it stands is read back.
 *
 * The protocol has no word for news about a request, none to take one back, and no id of
 * ours by which a repeat is known. So only new tickets are told; what ended unknown is
 * the frame's to decide; and a 400, which stands for "wrong" and at some servers for "I
 * have that already", goes to a human and is never repeated.
 *
 * An SMS has no coordinates: the place goes as an address, from the most specific to the
 * most general. Servers that demand coordinates in spite of the rule get fixed ones.
 */
#include "forward/common.h"
#include "forward/open311_read.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/utf8.h"

enum {
	DESCRIPTION_MOST =
		4000, /* letters, says the standard; of UTF-8 bytes it is less */
	ASKED_AT_ONCE = 50,
	ANSWER_MOST = 1 << 20,
	FIELDS_MOST = 10,
};

enum format { FORMAT_XML, FORMAT_JSON };

struct open311 {
	struct str url, api_key, jurisdiction, service_code, latitude, longitude;
	int format;
	int64_t watch_every_ms;
};

static const char *const formats[] = { "xml", "json", NULL };

#define AT(field) offsetof(struct open311, field)
static const struct key open311_keys[] = {
	{ "url", KEY_URL, .offset = AT(url), .min = 1, .max = 2000,
	  .help = "Its endpoint, \"https://…/open311/v2\"." },
	{ "api_key", KEY_SECRET, .offset = AT(api_key), .def = "", .min = 0, .max = 500,
	  .help = "The key that it gave us." },
	{ "jurisdiction_id", KEY_STR, .offset = AT(jurisdiction), .def = "", .min = 0,
	  .max = 200, .help = "Whom it serves, where it serves several." },
	{ "service_code", KEY_STR, .offset = AT(service_code), .min = 1, .max = 100,
	  .help = "The service, of its list, under which tickets are filed." },
	{ "format", KEY_ENUM, .offset = AT(format), .def = "xml", .names = formats,
	  .help = "Xml, which every server speaks, or json." },
	{ "latitude", KEY_STR, .offset = AT(latitude), .def = "", .min = 0, .max = 20,
	  .help = "With longitude, a fixed place for servers that insist on "
		  "coordinates." },
	{ "longitude", KEY_STR, .offset = AT(longitude), .def = "", .min = 0, .max = 20,
	  .help = "As latitude." },
	{ "watch_every", KEY_MS, .offset = AT(watch_every_ms), .def = "15m", .min = 0,
	  .max = 86400000,
	  .help = "How often it is asked how open requests stand; \"0s\": "
		  "never." },
	{ 0 },
};

/* ---- settings ---- */

/* A decimal number of degrees within ±most. */
static bool is_degrees(struct str s, double most)
{
	char text[24] = { 0 }, *end;
	double value;

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("0123456789.-", s.p[i]))
			return false;
	memcpy(text, s.p, s.n);
	value = strtod(text, &end);
	return *end == '\0' && value >= -most && value <= most;
}

static int check(void *settings, struct arena *arena, struct err *err)
{
	const struct open311 *o = settings;

	(void)arena;
	if (!forward_url_good(o->url) || str_find_char(o->url, '?') < o->url.n)
		return err_set(err, ERR_CONFIG,
			       "url: https://… without a question, or http:// to this "
			       "machine only");
	if ((o->latitude.n || o->longitude.n) &&
	    (!is_degrees(o->latitude, 90) || !is_degrees(o->longitude, 180)))
		return err_set(err, ERR_CONFIG,
			       "latitude, longitude: both or neither, as decimal "
			       "degrees: \"-6.1169\", \"106.1539\"");
	return 0;
}

/* ---- what is told ---- */

/* Nothing in it can be taken for HTML, which the standard forbids. */
static void add_plain(struct buf *to, struct str text)
{
	size_t at = 0;
	int32_t c;

	while ((c = utf8_next(text, &at)) >= 0)
		utf8_add(to, c == '<' ? 0x2039 : c == '>' ? 0x203a : c);
}

/* "20/01/2026", as people here write it. */
static struct str day(const struct forward_ctx *ctx, int64_t wall_ms)
{
	struct when_date d =
		when_date_of((wall_ms / 1000 + ctx->zone_s) / INT64_C(86400));

	return arena_printf(ctx->arena, "%02d/%02d/%04d", d.day, d.month, d.year);
}

static void add_line(struct buf *to, const char *label, struct str value)
{
	if (value.n == 0)
		return;
	buf_printf(to, "%s%s: ", to->n ? "\n" : "", label);
	add_plain(to, value);
}

static struct str description(const struct forward_ctx *ctx, const struct forward *f)
{
	struct buf b = BUF_INIT(64 << 10);
	struct str text = utf8_clean(f->text, ctx->arena), made;

	if (f->hidden)
		buf_add(&b, STR("Pengaduan rahasia. Isinya ada pada meja pengaduan."));
	else
		add_plain(&b,
			  forward_cut(text.p ? text : STR(""), DESCRIPTION_MOST - 1000));
	buf_add_char(&b, '\n');
	add_line(&b, "Nomor", arena_printf(ctx->arena, "%lld", (long long)f->no));
	if (f->urgent)
		add_line(&b, "Mendesak", STR("ya"));
	if (f->answer_due_ms)
		add_line(&b, "Jawaban s.d.", day(ctx, f->answer_due_ms));
	if (f->reporters > 1)
		add_line(&b, "Pelapor", arena_printf(ctx->arena, "%u", f->reporters));
	if (f->reopens)
		add_line(&b, "Dibuka lagi", arena_printf(ctx->arena, "%d", f->reopens));
	made = forward_cut(buf_str(&b), DESCRIPTION_MOST);
	made = b.failed ? str_from(NULL, 0) : arena_str(ctx->arena, made);
	buf_free(&b);
	return made;
}

/* "kp Cibogo RT 03/02, Citasuk, Padarincang, Kabupaten Serang" */
static struct str address(const struct forward_ctx *ctx, const struct forward *f)
{
	const struct str parts[] = { f->hidden ? STR("") : f->place,
				     f->hidden ? STR("") : f->desa, f->kecamatan,
				     ctx->gateway };
	struct buf b = BUF_INIT(2000);
	struct str made;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i].n == 0)
			continue;
		if (b.n)
			buf_add(&b, STR(", "));
		add_plain(&b, forward_cut(parts[i], 400));
	}
	made = arena_str(ctx->arena, buf_str(&b));
	buf_free(&b);
	return made;
}

static struct str url_of(const struct forward_ctx *ctx, const char *what, struct str id,
			 struct str_pairs query)
{
	const struct open311 *o = ctx->settings;
	struct buf b = BUF_INIT(16 << 10);
	struct str form = form_encode(query, ctx->arena), made;

	buf_printf(&b, "%.*s/%s", STR_ARG(o->url), what);
	if (id.n) {
		buf_add_char(&b, '/');
		buf_add_url(&b, id);
	}
	buf_printf(&b, ".%s", formats[o->format]);
	if (form.n)
		buf_printf(&b, "?%.*s", STR_ARG(form));
	made = b.failed ? str_from(NULL, 0) : arena_str(ctx->arena, buf_str(&b));
	buf_free(&b);
	return made;
}

static void put(struct str_pair *to, size_t *n, struct str name, struct str value)
{
	if (value.n)
		to[(*n)++] = (struct str_pair){ name, value };
}

static int ready(struct exchange *x, const struct forward_ctx *ctx, struct err *err)
{
	const struct open311 *o = ctx->settings;
	struct str_pair *headers = ARENA_NEW(ctx->arena, struct str_pair, 2);

	if (!headers || !x->url.p || (x->method == HTTP_POST && !x->body.p))
		return err_set(err, ERR_LIMIT, "no room for an Open311 request");
	headers[0] =
		(struct str_pair){ STR("Accept"), o->format == FORMAT_XML
							  ? STR("text/xml")
							  : STR("application/json") };
	headers[1] = (struct str_pair){ STR("Content-Type"),
					STR("application/x-www-form-urlencoded; "
					    "charset=utf-8") };
	x->headers = (struct str_pairs){ headers, x->method == HTTP_POST ? 2 : 1 };
	x->ceiling_bytes = ANSWER_MOST;
	return 0;
}

static int compose(const struct forward_ctx *ctx, const struct forward *f,
		   struct exchange *out, struct err *err)
{
	const struct open311 *o = ctx->settings;
	struct str_pair fields[FIELDS_MOST];
	struct exchange x = { .method = HTTP_POST };
	size_t n = 0;

	put(fields, &n, STR("jurisdiction_id"), o->jurisdiction);
	if (f->what == FORWARD_TEST) {
		x.method = HTTP_GET;
		x.url = url_of(ctx, "services", STR(""), (struct str_pairs){ fields, n });
	} else if (f->what != FORWARD_NEW) {
		return err_set(err, ERR_NEVER,
			       "Open311 knows new requests only, no news of them");
	} else {
		put(fields, &n, STR("api_key"), o->api_key);
		put(fields, &n, STR("service_code"), o->service_code);
		put(fields, &n, STR("description"), description(ctx, f));
		put(fields, &n, STR("address_string"), address(ctx, f));
		put(fields, &n, STR("lat"), o->latitude);
		put(fields, &n, STR("long"), o->longitude);
		x.url = url_of(ctx, "requests", STR(""), (struct str_pairs){ NULL, 0 });
		x.body = form_encode((struct str_pairs){ fields, n }, ctx->arena);
	}
	if (ready(&x, ctx, err))
		return -1;
	*out = x;
	return 0;
}

/* ---- what comes back ---- */

/* It was taken; under which name? What was taken and cannot be followed is told too. */
static void accepted(const struct forward_ctx *ctx, const struct response *response,
		     struct forward_receipt *out)
{
	struct open311_row *rows;
	struct err err;
	size_t n;

	*out = (struct forward_receipt){ .verdict = FORWARD_UNKNOWN };
	if (open311_rows(response->body, ctx->arena, &rows, &n, &err)) {
		out->reason = utf8_clean(arena_printf(ctx->arena, "HTTP %d with %s",
						      response->status, err.text),
					 ctx->arena);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (rows[i].service_request_id.n == 0 && rows[i].token.n == 0)
			continue;
		out->verdict = FORWARD_DONE;
		out->token = rows[i].service_request_id.n == 0;
		out->external_id =
			out->token ? rows[i].token : rows[i].service_request_id;
		return;
	}
	out->reason =
		arena_printf(ctx->arena, "HTTP %d without service_request_id and token",
			     response->status);
}

static int judge(const struct forward_ctx *ctx, const struct forward *f,
		 const struct response *response, struct forward_receipt *out,
		 struct err *err)
{
	(void)err;
	if (response->status >= 200 && response->status <= 299) {
		if (f->what == FORWARD_TEST)
			*out = (struct forward_receipt){ .verdict = FORWARD_DONE };
		else
			accepted(ctx, response, out);
		return 0;
	}
	forward_status(response, open311_words(response->body, ctx->arena), false, ctx,
		       out);
	if (out->verdict == FORWARD_DISABLE)
		out->verdict = FORWARD_LATER; /* here it is no word of farewell */
	return 0;
}

/* ---- how it stands there ---- */

static int64_t watch_every_ms(const void *settings)
{
	return ((const struct open311 *)settings)->watch_every_ms;
}

/* Of tokens, and of ids that cannot stand in a list, one at a time. */
static size_t asked_of(const struct str *ids, size_t n, bool tokens)
{
	size_t k = 0;

	if (tokens || n < 2)
		return n ? 1 : 0;
	while (k < n && k < ASKED_AT_ONCE && str_find_char(ids[k], ',') == ids[k].n)
		k++;
	return k ? k : 1;
}

static struct str joined(const struct str *ids, size_t n, struct arena *arena)
{
	struct buf b = BUF_INIT(8 << 10);
	struct str made;

	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_add_char(&b, ',');
		buf_add(&b, ids[i]);
	}
	made = b.failed ? str_from(NULL, 0) : arena_str(arena, buf_str(&b));
	buf_free(&b);
	return made;
}

static int watch(const struct forward_ctx *ctx, const struct str *ids, size_t n,
		 bool tokens, struct exchange *out, size_t *asked, struct err *err)
{
	const struct open311 *o = ctx->settings;
	struct str_pair query[FIELDS_MOST];
	struct exchange x = { .method = HTTP_GET };
	size_t of = asked_of(ids, n, tokens), k = 0;

	put(query, &k, STR("jurisdiction_id"), o->jurisdiction);
	if (of > 1)
		put(query, &k, STR("service_request_id"), joined(ids, of, ctx->arena));
	x.url = url_of(ctx, tokens ? "tokens" : "requests", of == 1 ? ids[0] : STR(""),
		       (struct str_pairs){ query, k });
	if (ready(&x, ctx, err))
		return -1;
	*out = x;
	*asked = of;
	return 0;
}

static const struct str *asked_about(const struct str *ids, size_t n, struct str id)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(ids[i], id))
			return &ids[i];
	return NULL;
}

/* Only about those that were asked for, however much comes. */
static size_t sights(const struct str *ids, size_t n, bool tokens,
		     const struct open311_row *rows, size_t n_rows,
		     struct forward_sight *out)
{
	size_t k = 0;

	for (size_t i = 0; i < n_rows && k < n; i++) {
		const struct open311_row *r = &rows[i];
		bool known = str_eq_nocase(r->status, STR("closed")) ||
			     str_eq_nocase(r->status, STR("open"));

		if (tokens) {
			if (r->service_request_id.n &&
			    (r->token.n == 0 || str_eq(r->token, ids[0])))
				out[k++] = (struct forward_sight){
					.external_id = ids[0],
					.moved_to = r->service_request_id,
				};
		} else if (known && asked_about(ids, n, r->service_request_id)) {
			out[k++] = (struct forward_sight){
				.external_id = r->service_request_id,
				.closed = str_eq_nocase(r->status, STR("closed")),
				.words = r->status_notes,
			};
		}
	}
	return k;
}

static int watched(const struct forward_ctx *ctx, const struct str *ids, size_t n,
		   bool tokens, const struct response *response,
		   struct forward_sight **out, size_t *n_out, struct err *err)
{
	struct open311_row *rows = NULL;
	struct forward_receipt why;
	struct forward_sight *made = ARENA_NEW(ctx->arena, struct forward_sight, n + 1);
	size_t n_rows = 0;

	if (!made)
		return err_set(err, ERR_LIMIT, "no room for an answer");
	if (response->status != 200 && response->status != 404) {
		forward_status(response, open311_words(response->body, ctx->arena), true,
			       ctx, &why);
		return err_set(err, why.way_wide ? ERR_CONFIG : ERR_LATER, "%.*s",
			       STR_ARG(why.reason));
	}
	if (response->status == 200 &&
	    open311_rows(response->body, ctx->arena, &rows, &n_rows, err))
		return -1;
	*n_out = sights(ids, n, tokens, rows, n_rows, made);
	*out = made;
	return 0;
}

const struct forwarder forward_open311 = {
	.info = {
		.name = "open311",
		.about = "A department's own Open311 server (GeoReport v2).",
		.keys = open311_keys,
		.settings_size = sizeof(struct open311),
		.check = check,
	},
	.new_only = true,
	.compose = compose,
	.judge = judge,
	.watch_every_ms = watch_every_ms,
	.watch = watch,
	.watched = watched,
};
