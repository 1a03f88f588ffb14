/* SPDX-License-Identifier: MIT */
/*
 * The forwarders over HTTP, called directly. Fixtures as in test_adapters.c; an exchange
 * says
 *
 *   do: compose        what is told, from the ticket below; fields of it by name:
 *                      what, text, place, hidden …; plain: without history
 *   do: judge          <<< a response
 *   do: watch          ids: R-1 R-2, tokens: true
 *   do: watched        the same, <<< a response
 *
 * Run from the root of the source tree.
 */
#include "fixture.h"

#include "base/crypto.h"
#include "forward/common.h"
#include "forwarder.h"

enum { IDS_MOST = 100 };

/* ---- the ticket ---- */

static struct forward_event events[] = {
	{ 0, STR_INIT("opened_routed"), STR_INIT("gateway"),
	  STR_INIT("phrase \"jalan rusak\"") },
	{ 0, STR_INIT("added"), STR_INIT("warga"), STR_INIT("masih \"rusak\"") },
};

static int64_t time_of(const char *text)
{
	int64_t ms;

	assert_true(time_read_iso(str_of(text), 0, &ms));
	return ms;
}

static struct forward ticket(void)
{
	events[0].at_ms = time_of("2026-01-15T08:30:05+07:00");
	events[1].at_ms = time_of("2026-01-15T09:00:00+07:00");
	return (struct forward){
		.id = STR("ktg-fw-17"),
		.delivery_id = 17,
		.made_ms = time_of("2026-01-15T08:30:06+07:00"),
		.what = FORWARD_NEW,
		.event = STR("opened_routed"),
		.attempt = 1,
		.no = 26000014,
		.department = STR("PUPR"),
		.department_name = STR("Dinas Pekerjaan Umum"),
		.state = STR("diteruskan"),
		.kind = STR("pengaduan"),
		.text = STR("jalan rusak di kp Cibogo, ds Citasuk <b>&\"'"),
		.summary = STR("jalan rusak"),
		.kecamatan = STR("Padarincang"),
		.desa = STR("Citasuk"),
		.place = STR("kp Cibogo RT 03/02"),
		.channel = STR("sms"),
		.opened_ms = events[0].at_ms,
		.answer_due_ms = time_of("2026-01-20T16:00:00+07:00"),
		.settle_due_ms = time_of("2026-02-05T16:00:00+07:00"),
		.reporters = 1,
		.history = events,
		.n_history = 2,
	};
}

static const struct field {
	const char *name;
	size_t offset;
} texts[] = {
	{ "id", offsetof(struct forward, id) },
	{ "text", offsetof(struct forward, text) },
	{ "words", offsetof(struct forward, words) },
	{ "event", offsetof(struct forward, event) },
	{ "place", offsetof(struct forward, place) },
	{ "desa", offsetof(struct forward, desa) },
	{ "kecamatan", offsetof(struct forward, kecamatan) },
	{ "state", offsetof(struct forward, state) },
};

static void change(struct forward *f, struct str name, struct str v)
{
	static const char *const whats[] = { "new", "news", "gone", "digest", "test" };
	int64_t n = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (str_eq(name, str_of(texts[i].name)))
			*(struct str *)(void *)((char *)f + texts[i].offset) = v;
	for (int i = 0; i < 5; i++)
		if (str_eq(name, STR("what")) && str_eq(v, str_of(whats[i])))
			f->what = (enum forward_what)i;
	f->hidden |= str_eq(name, STR("hidden"));
	f->urgent |= str_eq(name, STR("urgent"));
	f->place_asked |= str_eq(name, STR("asked"));
	if (str_eq(name, STR("plain")))
		f->n_history = 0;
	if (str_to_int(v, &n)) {
		if (str_eq(name, STR("reporters")))
			f->reporters = (unsigned)n;
		if (str_eq(name, STR("reopens")))
			f->reopens = (int)n;
		if (str_eq(name, STR("attempt")))
			f->attempt = (int)n;
	}
}

static struct forward forward_of(const struct fixture *f)
{
	struct forward made = ticket();

	for (size_t i = 0; i < f->head.n; i++)
		change(&made, f->head.items[i].name, f->head.items[i].value);
	return made;
}

/* ---- playing ---- */

struct stage {
	const struct forwarder *forwarder;
	struct forward_ctx ctx;
};

static struct str value(const struct fixture *f, const char *name)
{
	struct str s = pairs_get(f->head, str_of(name));

	return s.p ? s : STR("");
}

static size_t ids_of(const struct fixture *f, struct str *ids)
{
	struct str rest = value(f, "ids");
	size_t n = 0;

	while (n < IDS_MOST && str_split(&rest, ' ', &ids[n]))
		n++;
	return n;
}

static int play_compose(struct stage *s, const struct fixture *f, struct err *err)
{
	struct forward forward = forward_of(f);
	struct exchange e = { .method = HTTP_GET };

	if (s->forwarder->compose(&s->ctx, &forward, &e, err))
		return -1;
	tell_exchange(&e);
	return 0;
}

static int play_judge(struct stage *s, const struct fixture *f, struct err *err)
{
	static const char *const words[] = { "done", "refused", "later", "unknown",
					     "disable" };
	struct forward forward = forward_of(f);
	struct response r = response_of(f->in);
	struct forward_receipt out = { 0 };

	if (s->forwarder->judge(&s->ctx, &forward, &r, &out, err))
		return -1;
	buf_printf(&told, "%s", words[out.verdict]);
	if (out.way_wide)
		buf_add(&told, STR(", all of it"));
	if (out.external_id.n)
		tell(out.token ? " token " : " ", out.external_id);
	if (out.wait_ms)
		buf_printf(&told, " wait %lld", (long long)out.wait_ms);
	if (out.reason.n)
		tell(": ", out.reason);
	buf_add_char(&told, '\n');
	return 0;
}

static int play_watch(struct stage *s, const struct fixture *f, struct err *err)
{
	struct str ids[IDS_MOST];
	size_t n = ids_of(f, ids), asked = 0;
	struct exchange e = { .method = HTTP_GET };

	if (s->forwarder->watch(&s->ctx, ids, n, value(f, "tokens").n > 0, &e, &asked,
				err))
		return -1;
	tell_exchange(&e);
	buf_printf(&told, "about %zu\n", asked);
	return 0;
}

static int play_watched(struct stage *s, const struct fixture *f, struct err *err)
{
	struct str ids[IDS_MOST];
	size_t n = ids_of(f, ids), n_out = 0;
	struct response r = response_of(f->in);
	struct forward_sight *out = NULL;

	if (s->forwarder->watched(&s->ctx, ids, n, value(f, "tokens").n > 0, &r, &out,
				  &n_out, err))
		return -1;
	for (size_t i = 0; i < n_out; i++) {
		tell("", out[i].external_id);
		if (out[i].moved_to.n)
			tell(" is ", out[i].moved_to);
		else
			buf_add(&told, out[i].closed ? STR(" closed") : STR(" open"));
		if (out[i].words.n)
			tell(": ", out[i].words);
		buf_add_char(&told, '\n');
	}
	return 0;
}

static const struct {
	const char *word;
	int (*play)(struct stage *, const struct fixture *, struct err *);
} plays[] = {
	{ "compose", play_compose },
	{ "judge", play_judge },
	{ "watch", play_watch },
	{ "watched", play_watched },
};

static bool play(struct stage *s, const struct fixture *f, const char *file)
{
	struct err err = { .kind = ERR_NONE };
	size_t i = 0;

	while (i < sizeof(plays) / sizeof(*plays) &&
	       !str_eq(str_of(plays[i].word), value(f, "do")))
		i++;
	assert_true(i < sizeof(plays) / sizeof(*plays));
	buf_clear(&told);
	if (plays[i].play(s, f, &err))
		tell_error(&err);
	if (as_wanted(str_trim(buf_str(&told)), f->want))
		return true;
	print_error("%s: %.*s\n--- wanted\n%.*s\n--- got\n%.*s\n", file,
		    STR_ARG(f->title), STR_ARG(f->want),
		    STR_ARG(str_trim(buf_str(&told))));
	return false;
}

static void *settings_of(const struct forwarder *forwarder, const struct str_pairs *head)
{
	void *settings = arena_alloc(arena, 1, forwarder->info.settings_size);

	put_defaults(forwarder->info.keys, settings);
	for (size_t i = 0; i < head->n; i++) {
		struct str v = head->items[i].value, n;
		size_t equal = str_find(v, STR(" = "));

		if (!str_eq(head->items[i].name, STR("set")))
			continue;
		n = arena_str(arena, str_slice(v, 0, equal));
		put(forwarder->info.keys, settings, n.p,
		    arena_str(arena, str_slice(v, equal + 3, v.n)).p);
	}
	return settings;
}

static struct forward_ctx ctx_of(const void *settings)
{
	static const struct forward_mail mail;

	return (struct forward_ctx){
		.settings = settings,
		.mail = &mail,
		.arena = arena,
		.gateway = STR("Kabupaten Serang"),
		.wall_ms = time_of("2026-01-15T10:00:00+07:00"),
		.zone_s = 25200,
	};
}

static void play_file(const char *file)
{
	struct str rest = file_read(file);
	struct str_pairs head = { NULL, 0 };
	struct fixture f;
	struct stage s;
	struct err err;
	size_t played = 0, bad = 0;
	void *settings;

	head_take(&rest, &head);
	s.forwarder = forwarder_find(pairs_get(head, STR("adapter")));
	assert_non_null(s.forwarder);
	settings = settings_of(s.forwarder, &head);
	if (s.forwarder->info.check(settings, arena, &err))
		fail_msg("settings: %s", err.text);
	s.ctx = ctx_of(settings);
	while (exchange_take(&rest, &f)) {
		bad += !play(&s, &f, file);
		played++;
	}
	assert_true(played > 0);
	assert_int_equal(bad, 0);
}

#define FIXTURE_TEST(name, file)                   \
	static void name(void **state)             \
	{                                          \
		(void)state;                       \
		play_file("tests/fixtures/" file); \
	}

FIXTURE_TEST(webhook_tells, "webhook/tells.http")
FIXTURE_TEST(webhook_rotates, "webhook/rotates.http")
FIXTURE_TEST(open311_files, "open311/files.http")
FIXTURE_TEST(open311_files_in_json, "open311/json.http")
FIXTURE_TEST(open311_watches, "open311/watches.http")

/* ---- what files cannot say ---- */

static void the_registry_holds(void **state)
{
	(void)state;
	assert_null(forwarder_find(STR("webhoo")));
	for (size_t i = 0; forwarders[i]; i++) {
		const struct forwarder *f = forwarders[i];

		assert_ptr_equal(forwarder_find(str_of(f->info.name)), f);
		assert_true(f->compose && f->judge);
		assert_true(!f->watch == !f->watched && !f->watch == !f->watch_every_ms);
		for (const struct key *k = f->info.keys; k->name; k++)
			assert_true(str_ends(str_of(k->help), STR(".")));
	}
}

/* The vector of the Standard Webhooks specification's own tests. */
static void the_published_vector(void **state)
{
	const struct str parts[] = { STR("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330."),
				     STR("{\"test\": 2432232314}") };
	unsigned char mac[CRYPTO_MAC_BYTES];
	struct str key;

	(void)state;
	assert_true(
		crypto_base64_read(STR("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), arena, &key));
	crypto_hmac(key, parts, 2, mac);
	assert_true(str_eq(crypto_base64(str_from((char *)mac, sizeof(mac)), arena),
			   STR("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")));
	assert_false(crypto_base64_read(STR("a*b="), arena, &key));
}

static const struct forwarder *webhook;

static struct forward_ctx webhook_ctx(void)
{
	static struct str_pair pairs[] = {
		{ STR_INIT("set"), STR_INIT("url = https://pupr.test/in") },
		{ STR_INIT("set"), STR_INIT("secret = 0123456789abcdef01234567") },
	};
	const struct str_pairs head = { pairs, 2 };

	webhook = forwarder_find(STR("webhook"));
	return ctx_of(settings_of(webhook, &head));
}

/* Only 2xx is a yes, 410 is for good, nothing else ends it. */
static void webhook_statuses(void **state)
{
	struct forward_ctx ctx = webhook_ctx();
	struct forward f = ticket();

	(void)state;
	assert_true(webhook->idempotent);
	for (int status = 100; status < 600; status++) {
		const struct response r = { .status = status };
		struct forward_receipt out;
		struct err err;

		assert_int_equal(webhook->judge(&ctx, &f, &r, &out, &err), 0);
		assert_int_equal(out.verdict, status / 100 == 2 ? FORWARD_DONE
					      : status == 410	? FORWARD_DISABLE
								: FORWARD_LATER);
		assert_true(out.verdict == FORWARD_DONE || out.reason.n);
	}
}

/* The same id and body at every attempt, whatever the hour; another signature. */
static void webhook_again(void **state)
{
	struct forward_ctx ctx = webhook_ctx();
	struct forward f = ticket();
	struct exchange first, again;
	struct err err;

	(void)state;
	assert_int_equal(webhook->compose(&ctx, &f, &first, &err), 0);
	ctx.wall_ms += 3600000;
	f.attempt = 2;
	assert_int_equal(webhook->compose(&ctx, &f, &again, &err), 0);
	assert_true(str_eq(first.body, again.body));
	assert_true(str_eq(pairs_get(first.headers, STR("webhook-id")),
			   pairs_get(again.headers, STR("webhook-id"))));
	assert_false(str_eq(pairs_get(first.headers, STR("webhook-signature")),
			    pairs_get(again.headers, STR("webhook-signature"))));
}

/* A long history: the oldest is left out, and the whole stays below 20 kB. */
static void webhook_long_history(void **state)
{
	static struct forward_event many[2000];
	struct forward_ctx ctx = webhook_ctx();
	struct forward f = ticket();
	struct json *root;
	struct exchange e;
	int64_t left = 0;
	struct err err;

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		many[i] = (struct forward_event){ (int64_t)i + 1, STR("added"),
						  STR("warga"), STR("masih rusak") };
	f.history = many;
	f.n_history = 2000;
	assert_int_equal(webhook->compose(&ctx, &f, &e, &err), 0);
	assert_in_range(e.body.n, 5000, 20000);
	root = json_parse(e.body, &err);
	assert_non_null(root);
	assert_true(json_int(json_at(root, STR("data.history_left_out")), &left));
	assert_int_equal(left + (int64_t)json_count(json_at(root, STR("data.history"))),
			 2000);
	json_free(root);
}

struct wrong {
	const char *set[4];
	const char *says; /* NULL: it is good */
};

static void check_all(const char *name, const struct wrong *rows, size_t n)
{
	const struct forwarder *f = forwarder_find(str_of(name));

	for (size_t i = 0; i < n; i++) {
		struct str_pair pairs[4];
		struct str_pairs head = { pairs, 0 };
		struct err err = { .text = "" };
		int failed;

		for (size_t k = 0; k < 4 && rows[i].set[k]; k++)
			pairs[head.n++] =
				(struct str_pair){ STR("set"), str_of(rows[i].set[k]) };
		failed = f->info.check(settings_of(f, &head), arena, &err);
		assert_int_equal(failed, rows[i].says ? -1 : 0);
		if (rows[i].says && !str_starts(str_of(err.text), str_of(rows[i].says)))
			fail_msg("row %zu: %s", i, err.text);
	}
}

#define GOOD "secret = 0123456789abcdef01234567"

static void webhook_settings(void **state)
{
	static const struct wrong rows[] = {
		{ { "url = https://a.test/x", GOOD }, NULL },
		{ { "url = http://127.0.0.1:8080/x", GOOD }, NULL },
		{ { "url = http://[::1]:8080/x", GOOD }, NULL },
		{ { "url = http://localhost/x", GOOD }, NULL },
		{ { "url = http://a.test/x", GOOD }, "url" },
		{ { "url = http://127.a.test/x", GOOD }, "url" },
		{ { "url = http://localhost.a.test/x", GOOD }, "url" },
		{ { "url = http://127.0.0.1@a.test/x", GOOD }, "url" },
		{ { "url = https://u:p@a.test/x", GOOD }, "url" },
		{ { "url = https:///x", GOOD }, "url" },
		{ { "url = https://a.test", "secret = short" }, "secret" },
		{ { "url = https://a.test", "secret = whsec_MDEyMzQ1Njc4OWFi" },
		  "secret" },
		{ { "url = https://a.test",
		    "secret = whsec_!!EyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3" },
		  "secret" },
		{ { "url = https://a.test",
		    "secret = whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3" },
		  NULL },
		{ { "url = https://a.test", GOOD, "old_secret = x" }, "old_secret" },
		{ { "url = https://a.test", GOOD, "headers.X-Kunci = abc" }, NULL },
		{ { "url = https://a.test", GOOD, "headers.Webhook-Id = 1" }, "headers" },
		{ { "url = https://a.test", GOOD, "headers.X = a\r\nY: b" }, "headers" },
	};

	(void)state;
	check_all("webhook", rows, sizeof(rows) / sizeof(*rows));
}

static void open311_settings(void **state)
{
	static const struct wrong rows[] = {
		{ { "url = https://a.test/v2" }, NULL },
		{ { "url = https://a.test/v2?x=1" }, "url" },
		{ { "url = http://a.test/v2" }, "url" },
		{ { "url = https://a.test", "latitude = -6.1" }, "latitude" },
		{ { "url = https://a.test", "latitude = -6.1", "longitude = 106.1" },
		  NULL },
		{ { "url = https://a.test", "latitude = -96.1", "longitude = 106" },
		  "latitude" },
		{ { "url = https://a.test", "latitude = 6,1", "longitude = 106" },
		  "latitude" },
		{ { "url = https://a.test", "latitude = 1-", "longitude = 106" },
		  "latitude" },
	};

	(void)state;
	check_all("open311", rows, sizeof(rows) / sizeof(*rows));
}

/* What a citizen writes never breaks the request, and 4,000 are never passed. */
static void open311_long_text(void **state)
{
	static struct str_pair pairs[] = {
		{ STR_INIT("set"), STR_INIT("url = https://a.test/v2") },
		{ STR_INIT("set"), STR_INIT("service_code = 1") },
	};
	const struct forwarder *open311 = forwarder_find(STR("open311"));
	struct forward_ctx ctx =
		ctx_of(settings_of(open311, &(struct str_pairs){ pairs, 2 }));
	struct forward f = ticket();
	char *text = arena_alloc(arena, 9000, 1);
	struct str_pairs form;
	struct exchange e;
	struct err err;
	struct str said;

	(void)state;
	for (size_t i = 0; i < 9000; i += 3)
		memcpy(text + i, "\xe2\x82\xac", 3);
	f.text = str_from(text, 9000);
	assert_int_equal(open311->compose(&ctx, &f, &e, &err), 0);
	assert_int_equal(form_parse(e.body, 20, arena, &form, &err), 0);
	said = pairs_get(form, STR("description"));
	assert_in_range(said.n, 2900, 4000);
	assert_true(str_find(said, STR("Nomor: 26000014")) < said.n);
	assert_true(str_find(said, STR("\xef\xbf\xbd")) == said.n);
}

/* *made counts the wholes. */
static void short_of_memory_at(const struct forwarder *forwarder, size_t ceiling,
			       int *made)
{
	const struct response r = { .status = 200,
				    .body = STR("[{\"service_request_id\":\"7\"}]") };
	const struct str_pairs none = { NULL, 0 };
	struct forward f = ticket();
	struct arena *small = arena_new("small", ceiling);
	struct forward_ctx ctx = forwarder == webhook
					 ? webhook_ctx()
					 : ctx_of(settings_of(forwarder, &none));
	struct forward_receipt out = { 0 };
	struct exchange e = { .method = HTTP_GET };
	struct err err;

	ctx.arena = small;
	if (forwarder->compose(&ctx, &f, &e, &err) == 0) {
		assert_true(e.url.p != NULL);
		++*made;
	}
	assert_int_equal(forwarder->judge(&ctx, &f, &r, &out, &err), 0);
	arena_free(small);
}

/* At every ceiling of the arena: an error or a whole, never a half. Mail is tried by the
 * end-to-end test of what is composed. */
static void short_of_memory(void **state)
{
	int made = 0;

	(void)state;
	for (size_t i = 0; forwarders[i]; i++)
		for (size_t ceiling = 100; ceiling < 40000; ceiling += 371)
			if (!forwarders[i]->has_addresses)
				short_of_memory_at(forwarders[i], ceiling, &made);
	assert_true(made > 20);
}

static void times(void **state)
{
	char to[TIME_ISO_BYTES];

	(void)state;
	assert_true(
		str_eq(time_write_iso(0, 25200, to), STR("1970-01-01T07:00:00+07:00")));
	assert_true(str_eq(time_write_iso(-1000, -12600, to),
			   STR("1969-12-31T20:29:59-03:30")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(webhook_tells),
		cmocka_unit_test(webhook_rotates),
		cmocka_unit_test(open311_files),
		cmocka_unit_test(open311_files_in_json),
		cmocka_unit_test(open311_watches),
		cmocka_unit_test(the_registry_holds),
		cmocka_unit_test(the_published_vector),
		cmocka_unit_test(webhook_statuses),
		cmocka_unit_test(webhook_again),
		cmocka_unit_test(webhook_long_history),
		cmocka_unit_test(webhook_settings),
		cmocka_unit_test(open311_settings),
		cmocka_unit_test(open311_long_text),
		cmocka_unit_test(short_of_memory),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
