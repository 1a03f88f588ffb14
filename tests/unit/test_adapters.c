/* SPDX-License-Identifier: MIT */
/*
 * The adapters, called directly: a settings struct filled by the adapter's own key
 * tables, recorded exchanges from tests/fixtures, and what files cannot say (odd bytes,
 * shortage of memory, every status). Run from the root of the source tree.
 *
 * A fixture file. Its head says whose settings hold, each exchange what is called:
 *
 *   adapter: africastalking               or  example: conf/examples/zenziva.conf
 *   number: 21708
 *   set: username = serang                maps and lists by repeating: poll.query.a = b
 *   === a title
 *   do: fetched                           fetch fetched settle in report send sent
 *   state: 55120                          and id, to, text, ucs2 for send and settle
 *   <<<                                   what comes in: a response or a request
 *   200
 *   content-type: application/json
 *
 *   {"SMSMessageData":…}
 *   >>>                                   what must come of it, as told by tell_…() below
 *   message poll:55121 from …
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapter.h"
#include "config/config.h"
#include "fixture.h"

static void *fresh_settings(const struct sms_adapter *adapter)
{
	void *settings = arena_alloc(arena, 1, adapter->info.settings_size);

	put_defaults(adapter->info.keys, settings);
	return settings;
}

/* ---- examples: the part that an operator copies, in a small whole ---- */

static const char frame_text[] =
	"gateway = { name = \"Uji\"; language = \"id\"; country_code = \"62\"; "
	"timezone = \"Asia/Jakarta\"; };\n"
	"store = { driver = \"sqlite\"; path = \"unused.db\"; };\n"
	"listen = { control = \"\"; callbacks = \"127.0.0.1:0\"; admin = \"\"; };\n"
	"departments = ( { code = \"PUPR\"; name = \"Pekerjaan Umum\"; "
	"keywords = [ \"jalan rusak\" ]; } );\n"
	"@include \"%s%s/%s\"\n"
	"@include \"%s%s/conf/texts/id.conf\"\n"
	"@include \"%s%s/conf/words/id.conf\"\n";

static struct config *example_load(const char *example)
{
	/* Includes are taken from the folder of the file on: up to the root, and down. */
	static const char up[] = "../..";
	char root[2000], folder[] = "/tmp/kentongan-adapters-XXXXXX", file[100];
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *config;
	FILE *f;

	assert_non_null(getcwd(root, sizeof(root)));
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/kentongan.conf", folder);
	f = fopen(file, "w");
	assert_non_null(f);
	fprintf(f, frame_text, up, root, example, up, root, up, root);
	assert_int_equal(fclose(f), 0);
	config = config_load(file, true, &faults);
	unlink(file);
	rmdir(folder);
	if (!config)
		fail_msg("%s is not accepted:\n%s", example, faults.text.p);
	buf_free(&faults.text);
	return config;
}

static void tell_message(const struct sms_in *in)
{
	tell(in->bad.n ? "bad " : "message ",
	     in->external_id.n ? in->external_id : STR("-"));
	if (in->bad.n) {
		tell(" (", in->bad);
		buf_add(&told, STR(")"));
	} else {
		tell(" from ", in->sender);
		if (in->recipient.n)
			tell(" to ", in->recipient);
		if (in->sent_ms)
			buf_printf(&told, " at %lld", (long long)in->sent_ms);
		if (in->concat.total)
			buf_printf(&told, " part %u/%u of %u", in->concat.part,
				   in->concat.total, in->concat.ref);
	}
	tell(": ", in->text);
	buf_add_char(&told, '\n');
}

static void tell_page(const struct sms_page *page)
{
	static const char *const words[] = {
		[SMS_DELIVERY_PENDING] = "pending",
		[SMS_DELIVERY_DONE] = "done",
		[SMS_DELIVERY_FAILED] = "failed",
	};

	for (size_t i = 0; i < page->n; i++)
		tell_message(&page->items[i]);
	for (size_t i = 0; i < page->n_reports; i++) {
		const struct sms_report *r = &page->reports[i];

		tell("report ", r->external_id);
		buf_printf(&told, " %s", words[r->delivery]);
		tell(": ", r->reason);
		buf_add_char(&told, '\n');
	}
	if (page->state.p) {
		tell("state ", page->state);
		buf_add_char(&told, '\n');
	}
	if (page->more)
		buf_add(&told, STR("more\n"));
}

static void tell_receipt(const struct sms_receipt *r)
{
	static const char *const words[] = {
		[SMS_ACCEPTED] = "accepted",
		[SMS_REFUSED] = "refused",
		[SMS_LATER] = "later",
		[SMS_UNKNOWN] = "unknown",
	};

	buf_printf(&told, "%s", words[r->verdict]);
	if (r->provider_wide)
		buf_add(&told, STR(", all of them"));
	if (r->external_id.n)
		tell(" ", r->external_id);
	if (r->reason.n)
		tell(": ", r->reason);
	buf_add_char(&told, '\n');
}

static struct request request_of(struct str in)
{
	struct request r = { .method = HTTP_POST };
	struct str first = http_take(in, &r.headers, &r.body);
	size_t mark = str_find_char(first, '?');
	struct err err;

	assert_int_equal(form_parse(str_slice(first, mark + 1, first.n), 100, arena,
				    &r.query, &err),
			 0);
	r.path = str_slice(first, 0, mark);
	return r;
}

/* ---- playing one ---- */

struct stage {
	const struct sms_adapter *adapter;
	struct sms_ctx ctx;
};

static struct str value(const struct fixture *f, const char *name)
{
	struct str s = pairs_get(f->head, str_of(name));

	return s.p ? s : STR("");
}

static int play_fetch(struct stage *s, const struct fixture *f, struct err *err)
{
	struct exchange e = { .method = HTTP_GET };

	(void)f;
	if (s->adapter->fetch(&s->ctx, &e, err))
		return -1;
	tell_exchange(&e);
	return 0;
}

/* As the carrier gives it: its JSON is read already. */
static bool read_before;

static struct response answered(const struct fixture *f)
{
	struct response r = response_of(f->in);

	if (read_before)
		r.json = json_parse_in(arena, r.body, NULL);
	return r;
}

static int play_fetched(struct stage *s, const struct fixture *f, struct err *err)
{
	struct response r = answered(f);
	struct sms_page page = { 0 };

	if (s->adapter->fetched(&s->ctx, &r, &page, err))
		return -1;
	tell_page(&page);
	return 0;
}

static int play_settle(struct stage *s, const struct fixture *f, struct err *err)
{
	const struct sms_in in = { .external_id = value(f, "id"),
				   .sender = value(f, "from") };
	struct exchange e = { .method = HTTP_GET };

	if (s->adapter->settle(&s->ctx, &in, &e, err))
		return -1;
	tell_exchange(&e);
	return 0;
}

static int play_pushed(struct stage *s, const struct fixture *f, struct err *err)
{
	struct request r = request_of(f->in);
	struct sms_page page = { 0 };
	struct answer answer = { .status = 0 };

	if (s->adapter->pushed(&s->ctx, value(f, "do"), &r, &page, &answer, err))
		return -1;
	tell_page(&page);
	buf_printf(&told, "answer %d", answer.status);
	if (answer.content_type.p) {
		tell(" ", answer.content_type);
		tell(": ", answer.body);
	}
	buf_add_char(&told, '\n');
	return 0;
}

static int play_send(struct stage *s, const struct fixture *f, struct err *err)
{
	const struct sms_out out = {
		.id = value(f, "id"),
		.to = value(f, "to"),
		.text = value(f, "text"),
		.ucs2 = str_eq(value(f, "ucs2"), STR("true")),
	};
	struct exchange e = { .method = HTTP_GET };

	if (s->adapter->send(&s->ctx, &out, &e, err))
		return -1;
	tell_exchange(&e);
	return 0;
}

static int play_sent(struct stage *s, const struct fixture *f, struct err *err)
{
	struct response r = answered(f);
	struct sms_receipt receipt = { .verdict = SMS_UNKNOWN };

	if (s->adapter->sent(&s->ctx, &r, &receipt, err))
		return -1;
	tell_receipt(&receipt);
	return 0;
}

static const struct {
	const char *word;
	int (*play)(struct stage *, const struct fixture *, struct err *);
} plays[] = {
	{ "fetch", play_fetch }, { "fetched", play_fetched }, { "settle", play_settle },
	{ "in", play_pushed },	 { "report", play_pushed },   { "other", play_pushed },
	{ "send", play_send },	 { "sent", play_sent },
};

/* Plays it and compares; false, with both sides printed, when they differ. */
static bool play(struct stage *s, const struct fixture *f, const char *file)
{
	struct err err = { .kind = ERR_NONE };
	size_t i = 0;

	while (i < sizeof(plays) / sizeof(*plays) &&
	       !str_eq(str_of(plays[i].word), value(f, "do")))
		i++;
	assert_true(i < sizeof(plays) / sizeof(*plays));
	buf_clear(&told);
	s->ctx.state = value(f, "state");
	if (plays[i].play(s, f, &err))
		tell_error(&err);
	if (as_wanted(str_trim(buf_str(&told)), f->want))
		return true;
	print_error("%s: %.*s\n--- wanted\n%.*s\n--- got\n%.*s\n", file,
		    STR_ARG(f->title), STR_ARG(f->want),
		    STR_ARG(str_trim(buf_str(&told))));
	return false;
}

static void stage_set(struct stage *s, const struct str_pairs *head,
		      struct config **config)
{
	struct str example = pairs_get(*head, STR("example"));
	void *settings;
	struct err err;

	*config = NULL;
	if (example.p) {
		*config = example_load(arena_str(arena, example).p);
		s->adapter = (*config)->providers[0].adapter;
		s->ctx.settings = (*config)->providers[0].settings;
		s->ctx.number = (*config)->providers[0].number;
		return;
	}
	s->adapter = sms_adapter_find(pairs_get(*head, STR("adapter")));
	assert_non_null(s->adapter);
	settings = fresh_settings(s->adapter);
	for (size_t i = 0; i < head->n; i++) {
		struct str v = head->items[i].value, n;
		size_t equal = str_find(v, STR(" = "));

		if (!str_eq(head->items[i].name, STR("set")))
			continue;
		n = arena_str(arena, str_slice(v, 0, equal));
		put(s->adapter->info.keys, settings, n.p,
		    arena_str(arena, str_slice(v, equal + 3, v.n)).p);
	}
	if (s->adapter->info.check && s->adapter->info.check(settings, arena, &err))
		fail_msg("settings: %s", err.text);
	s->ctx.settings = settings;
	s->ctx.number = pairs_get(*head, STR("number"));
}

static void play_file(const char *file)
{
	struct str rest = file_read(file);
	struct str_pairs head = { NULL, 0 };
	struct config *config;
	struct fixture f;
	size_t played = 0, bad = 0;
	struct stage s = {
		.ctx = { .arena = arena, .provider = STR_INIT("uji"), .zone_s = 25200 }
	};

	head_take(&rest, &head);
	/* 2026-01-15 17:00:00 in Jakarta, so that days differ from UTC's at night only.
	 */
	assert_true(time_read_iso(STR("2026-01-15T17:00:00+07:00"), 0, &s.ctx.wall_ms));
	stage_set(&s, &head, &config);
	while (exchange_take(&rest, &f)) {
		read_before = false;
		bad += !play(&s, &f, file);
		read_before = true;
		bad += !play(&s, &f, file);
		played++;
	}
	config_free(config);
	assert_true(played > 0);
	assert_int_equal(bad, 0);
}

#define FIXTURE_TEST(name, file)                   \
	static void name(void **state)             \
	{                                          \
		(void)state;                       \
		play_file("tests/fixtures/" file); \
	}

FIXTURE_TEST(africastalking_polls, "africastalking/poll.http")
FIXTURE_TEST(africastalking_takes_calls, "africastalking/callbacks.http")
FIXTURE_TEST(africastalking_sends, "africastalking/send.http")
FIXTURE_TEST(generic_polls_by_id, "generic/poll.http")
FIXTURE_TEST(generic_takes_json_calls, "generic/callbacks.http")
FIXTURE_TEST(generic_takes_plain_calls, "generic/plain.http")
FIXTURE_TEST(generic_sends, "generic/send.http")
FIXTURE_TEST(zenziva_example, "generic/zenziva.http")
FIXTURE_TEST(telerivet_example, "generic/telerivet.http")
FIXTURE_TEST(playsms_example, "generic/playsms.http")
FIXTURE_TEST(kannel_example, "generic/kannel.http")

/* ---- what files cannot say ---- */

static const struct sms_adapter *at;
static const struct sms_adapter *generic;

static struct sms_ctx at_ctx(void)
{
	void *settings;

	at = sms_adapter_find(STR("africastalking"));
	assert_non_null(at);
	settings = fresh_settings(at);
	put(at->info.keys, settings, "username", "serang");
	put(at->info.keys, settings, "api_key", "KEY");
	return (struct sms_ctx){ .settings = settings, .arena = arena };
}

struct setting {
	const char *path, *value;
};

/* Settings from pairs up to a NULL path; the check's result and sentence in *err. */
static void *generic_settings(const struct setting *pairs, int *failed, struct err *err)
{
	void *settings;

	generic = sms_adapter_find(STR("generic"));
	assert_non_null(generic);
	settings = fresh_settings(generic);
	for (; pairs->path; pairs++)
		put(generic->info.keys, settings, pairs->path, pairs->value);
	err->text[0] = '\0';
	*failed = generic->info.check(settings, arena, err);
	return settings;
}

static const struct setting plain_poll[] = {
	{ "poll.url", "http://p.test/in?after={state}" },
	{ "poll.id", "id" },
	{ "poll.sender", "from" },
	{ "poll.text", "text" },
	{ "send.url", "http://p.test/send" },
	{ "send.form.to", "{to}" },
	{ "send.form.text", "{text}" },
	{ NULL, NULL },
};

static struct sms_ctx generic_ctx(const struct setting *pairs)
{
	struct err err;
	int failed;
	void *settings = generic_settings(pairs, &failed, &err);

	if (failed)
		fail_msg("%s", err.text);
	return (struct sms_ctx){ .settings = settings, .arena = arena };
}

static void the_registry_holds(void **state)
{
	(void)state;
	sms_adapters_assert();
	assert_null(sms_adapter_find(STR("")));
	assert_null(sms_adapter_find(STR("africastalkin")));
	for (size_t i = 0; sms_adapters[i]; i++) {
		const struct adapter_info *info = &sms_adapters[i]->info;

		assert_ptr_equal(sms_adapter_find(str_of(info->name)), sms_adapters[i]);
		for (const struct key *k = info->keys; k->name; k++)
			assert_true(str_ends(str_of(k->help), STR(".")));
	}
}

/* Of every status a verdict, and a success of fetch only where it can be one. */
static void every_status_has_a_meaning(void **state)
{
	struct sms_ctx ctxs[] = { at_ctx(), generic_ctx(plain_poll) };
	const struct sms_adapter *adapters[] = { at, generic };

	(void)state;
	for (int i = 0; i < 2; i++)
		for (int status = 100; status < 600; status++) {
			struct response r = { .status = status, .body = STR("x") };
			struct sms_page page = { 0 };
			struct sms_receipt receipt;
			struct err err = { .kind = ERR_NONE };
			bool empty = status == 304 || (i == 1 && status == 204);
			int failed = adapters[i]->fetched(&ctxs[i], &r, &page, &err);

			assert_int_equal(failed, empty ? 0 : -1);
			assert_true(empty ||
				    (err.kind != ERR_NONE && err.text[0] != '\0'));
			assert_null(page.items);
			assert_int_equal(adapters[i]->sent(&ctxs[i], &r, &receipt, &err),
					 0);
			/* Only a 2xx may be a yes, and only where config asks no more. */
			assert_true(receipt.verdict != SMS_ACCEPTED ||
				    (i == 1 && status / 100 == 2));
			assert_true(receipt.verdict == SMS_ACCEPTED || receipt.reason.n);
		}
}

static const char at_page[] =
	"{\"SMSMessageData\":{\"Messages\":["
	"{\"id\":2,\"from\":\"+62811\",\"to\":\"21708\",\"text\":\"satu\","
	"\"date\":\"2026-01-15T08:30:05Z\"},{\"id\":3,\"text\":\"dua\"}]}}";
static const char plain_page[] =
	"[{\"id\":2,\"from\":\"+62811\",\"text\":\"satu\"},{\"id\":3,\"text\":\"dua\"}]";
static const char at_answer[] = "{\"SMSMessageData\":{\"Recipients\":[{\"statusCode\":"
				"101,\"messageId\":\"A\"}]}}";

/* With any shortage of memory a call fails as a whole, or says all that it would say. */
static void shortage_never_gives_half_a_page(void **state)
{
	struct sms_ctx ctxs[] = { at_ctx(), generic_ctx(plain_poll) };
	const struct sms_adapter *adapters[] = { at, generic };
	const char *bodies[] = { at_page, plain_page };

	(void)state;
	for (int i = 0; i < 2; i++) {
		bool whole = false;

		for (size_t ceiling = 16; ceiling < 4096; ceiling += 16) {
			struct arena *small = arena_new("small", ceiling);
			struct sms_ctx ctx = ctxs[i];
			struct response r = { .status = 200, .body = str_of(bodies[i]) };
			struct sms_page page = { 0 };
			struct err err = { .kind = ERR_NONE };

			ctx.arena = small;
			if (adapters[i]->fetched(&ctx, &r, &page, &err)) {
				assert_false(whole);
				assert_int_equal(err.kind, ERR_LIMIT);
				assert_null(page.items);
			} else {
				whole = true;
				assert_int_equal(page.n, 2);
				assert_true(str_eq(page.items[0].text, STR("satu")));
				assert_int_equal(page.items[0].bad.n, 0);
				assert_true(page.items[1].bad.n > 0);
				assert_non_null(page.state.p);
			}
			arena_free(small);
		}
		assert_true(whole);
	}
}

static void shortage_never_makes_half_a_request(void **state)
{
	struct sms_ctx ctxs[] = { at_ctx(), generic_ctx(plain_poll) };
	const struct sms_adapter *adapters[] = { at, generic };
	const struct sms_out sms = { .id = STR("ktg-1"),
				     .to = STR("+62811"),
				     .text = STR("Tiket 1") };

	(void)state;
	for (int i = 0; i < 2; i++)
		for (size_t ceiling = 16; ceiling < 2048; ceiling += 16) {
			struct arena *small = arena_new("small", ceiling);
			struct sms_ctx ctx = ctxs[i];
			struct exchange e = { .ceiling_bytes = 77 };
			struct err err = { .kind = ERR_NONE };

			ctx.arena = small;
			if (adapters[i]->send(&ctx, &sms, &e, &err)) {
				assert_int_equal(err.kind, ERR_LIMIT);
				assert_int_equal(e.ceiling_bytes, 77);
			} else {
				assert_true(str_find(e.body, STR("Tiket+1")) < e.body.n);
				assert_true(e.url.n > 0 && e.headers.n >= 2);
			}
			arena_reset(small);
			if (adapters[i]->fetch(&ctx, &e, &err))
				assert_int_equal(err.kind, ERR_LIMIT);
			else
				assert_true(e.url.n > 0);
			arena_free(small);
		}
}

/* A short answer never turns into a yes, nor a cut page into a page. */
static void what_is_cut_off_is_not_believed(void **state)
{
	struct sms_ctx ctx = at_ctx();

	(void)state;
	for (size_t n = 0; n < sizeof(at_page) - 1; n++) {
		struct response r = { .status = 200, .body = str_from(at_page, n) };
		struct sms_page page = { 0 };
		struct err err;

		assert_int_equal(at->fetched(&ctx, &r, &page, &err), -1);
		assert_int_equal(err.kind, ERR_NEVER);
	}
	for (size_t n = 0; n < sizeof(at_answer) - 1; n++) {
		struct response r = { .status = 201, .body = str_from(at_answer, n) };
		struct sms_receipt receipt;
		struct err err;

		assert_int_equal(at->sent(&ctx, &r, &receipt, &err), 0);
		assert_int_equal(receipt.verdict, SMS_UNKNOWN);
	}
}

/* What the carrier has read is not read again. */
static void what_was_read_is_taken(void **state)
{
	static const char page[] = "{\"SMSMessageData\":{\"Messages\":[{\"id\":7,"
				   "\"from\":\"+628\",\"text\":\"a\"}]}}";
	struct sms_ctx ctx = at_ctx();
	struct response r = { .status = 200,
			      .body = STR("no JSON"),
			      .json = json_parse_in(arena, str_of(page), NULL) };
	struct sms_page got = { 0 };
	struct sms_receipt receipt;
	struct err err;

	(void)state;
	assert_int_equal(at->fetched(&ctx, &r, &got, &err), 0);
	assert_int_equal(got.n, 1);
	r.json = json_parse_in(arena, str_of(at_answer), NULL);
	assert_int_equal(at->sent(&ctx, &r, &receipt, &err), 0);
	assert_int_equal(receipt.verdict, SMS_ACCEPTED);
}

static void odd_bytes_are_refused_or_kept(void **state)
{
	static const struct str bodies[] = {
		STR_INIT("\xff\xfe{\0}\0"),
		STR_INIT("{\"SMSMessageData\":{\"Messages\":[{\"id\":1,\"from\":\"a\","
			 "\"text\":\"\xff\"}]}}"),
		STR_INIT("{\"SMSMessageData\":{\"Messages\":[],\"Messages\":[]}}"),
		STR_INIT("{\"SMSMessageData\":{\"Messages\":[{\"id\":1e99}]}} x"),
		STR_INIT("\0"),
	};
	struct sms_ctx ctx = at_ctx();

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		struct response r = { .status = 200, .body = bodies[i] };
		struct sms_page page = { 0 };
		struct err err;

		assert_int_equal(at->fetched(&ctx, &r, &page, &err), -1);
		assert_int_equal(err.kind, ERR_NEVER);
		/* No place for an error is no reason to fall. */
		assert_int_equal(at->fetched(&ctx, &r, &page, NULL), -1);
	}
}

static void a_very_deep_or_long_page_ends_well(void **state)
{
	struct sms_ctx ctx = generic_ctx(plain_poll);
	struct buf b = BUF_INIT(4 << 20);
	struct response r = { .status = 200 };
	struct sms_page page = { 0 };
	struct err err;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_add_char(&b, '[');
	r.body = buf_str(&b);
	assert_int_equal(generic->fetched(&ctx, &r, &page, &err), -1);
	assert_int_equal(err.kind, ERR_NEVER);
	buf_clear(&b);
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "%s{\"id\":%d,\"from\":\"+62%d\",\"text\":\"x\"}",
			   i ? "," : "[", i + 1, i);
	buf_add_char(&b, ']');
	r.body = buf_str(&b);
	assert_int_equal(generic->fetched(&ctx, &r, &page, &err), 0);
	assert_int_equal(page.n, 20000);
	assert_true(str_eq(page.state, STR("at=20000")));
	buf_free(&b);
}

static void a_callback_with_too_many_fields_is_refused(void **state)
{
	struct sms_ctx ctx = at_ctx();
	struct buf b = BUF_INIT(1 << 16);
	struct request r = { .method = HTTP_POST };
	struct sms_page page = { 0 };
	struct answer answer;
	struct err err;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "a%d=1&", i);
	buf_add(&b, STR("from=%2B62&text=x"));
	r.body = buf_str(&b);
	assert_int_equal(at->pushed(&ctx, STR("in"), &r, &page, &answer, &err), -1);
	assert_int_equal(err.kind, ERR_NEVER);
	buf_free(&b);
}

/* Ids that differ behind a NUL are two messages. */
static void ids_are_taken_whole(void **state)
{
	static const char body[] =
		"{\"SMSMessageData\":{\"Messages\":["
		"{\"id\":\"a\\u0000b\",\"from\":\"+62811\",\"text\":\"x\"},"
		"{\"id\":\"a\\u0000c\",\"from\":\"+62811\",\"text\":\"x\"}]}}";
	struct response r = { .status = 200, .body = str_of(body) };
	struct sms_ctx ctx = at_ctx();
	struct sms_page page = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(at->fetched(&ctx, &r, &page, &err), 0);
	assert_int_equal(page.n, 2);
	assert_true(str_eq(page.items[0].external_id, STR("poll:a\0b")));
	assert_true(str_eq(page.items[1].external_id, STR("poll:a\0c")));
}

/* The last resort of the newest-first trap: a human is told, once for each cursor. */
static void a_list_that_stays_full_is_shown(void **state)
{
	static const struct setting pairs[] = {
		{ "poll.url", "http://p.test/in?last={state}&c={size}" },
		{ "poll.id", "id" },
		{ "poll.sender", "from" },
		{ "poll.text", "text" },
		{ "poll.order", "newest_first" },
		{ "poll.page_size", "1" },
		{ "poll.page_most", "2" },
		{ NULL, NULL },
	};
	struct sms_ctx ctx = generic_ctx(pairs);
	struct response r = { .status = 200, .body = str_of(plain_page) };
	struct sms_page page = { 0 };
	struct err err;

	(void)state;
	ctx.state = STR("at=1");
	assert_int_equal(generic->fetched(&ctx, &r, &page, &err), 0);
	assert_true(str_eq(page.state, STR("at=1&size=2")));
	assert_true(page.more);
	assert_int_equal(page.n, 2);
	ctx.state = STR("at=1&size=2");
	assert_int_equal(generic->fetched(&ctx, &r, &page, &err), 0);
	assert_null(page.state.p);
	assert_false(page.more);
	assert_int_equal(page.n, 3);
	assert_true(page.items[2].bad.n > 0);
	assert_true(str_eq(page.items[2].external_id, STR("cut:1")));
	/* It is nothing that the provider could be told about. */
	assert_int_equal(generic->caps_of(ctx.settings) & SMS_SETTLE, 0);
}

static void no_text_leaves_its_place(void **state)
{
	static const struct setting pairs[] = {
		{ "send.url", "http://p.test/{id}/x?t={text}" },
		{ "send.json", "{\"to\":\"{to}\",\"m\":\"{text}\",\"n\":{\"o\":{}}}" },
		{ "send.headers.X-Text", "{text}" },
		{ NULL, NULL },
	};
	const struct sms_out sms = {
		.id = STR("../../a?b#c"),
		.to = STR("+62\",\"x\":\""),
		.text = STR("\"}\r\nX-Evil: 1\r\n\r\n{to}&a=b\xff\0%00"),
	};
	struct sms_ctx ctx = generic_ctx(pairs);
	struct exchange e;
	struct json *root;
	struct err err;

	(void)state;
	assert_int_equal(generic->send(&ctx, &sms, &e, &err), 0);
	assert_true(str_eq(e.url, STR("http://p.test/..%2F..%2Fa%3Fb%23c/x?t=%22%7D%0D%0A"
				      "X-Evil%3A%201%0D%0A%0D%0A%7Bto%7D%26a%3Db%FF%00"
				      "%2500")));
	for (size_t i = 0; i < e.headers.n; i++)
		for (size_t k = 0; k < e.headers.items[i].value.n; k++)
			assert_true((unsigned char)e.headers.items[i].value.p[k] >= 0x20);
	root = json_parse(e.body, &err);
	assert_non_null(root);
	assert_int_equal(json_count(root), 3);
	assert_true(str_eq(json_str(json_get(root, "to")), sms.to));
	assert_true(str_starts(json_str(json_get(root, "m")),
			       STR("\"}\r\nX-Evil: 1\r\n\r\n{to}&a=b\xef\xbf\xbd")));
	json_free(root);
}

static void times_are_written_as_asked(void **state)
{
	static const struct setting pairs[] = {
		{ "poll.url", "http://p.test/" },
		{ "poll.query.a", "{now} {now:unix_ms} {now:iso}" },
		{ "poll.query.b", "{today} {yesterday:dd/mm/yyyy} {tomorrow:yymmdd}" },
		{ "poll.query.c", "{since:yyyy-mm-dd HH:MM:SS}" },
		{ "poll.window", "2h" },
		{ "poll.id", "i" },
		{ "poll.sender", "s" },
		{ "poll.text", "t" },
		{ NULL, NULL },
	};
	struct sms_ctx ctx = generic_ctx(pairs);
	struct exchange e;
	struct err err;

	(void)state;
	/* 2026-03-01 00:30 in Jakarta, still February in UTC. */
	assert_true(time_read_iso(STR("2026-03-01T00:30:00+07:00"), 0, &ctx.wall_ms));
	ctx.zone_s = 25200;
	assert_int_equal(generic->fetch(&ctx, &e, &err), 0);
	assert_true(str_eq(e.url, STR("http://p.test/?a=1772299800%201772299800000%20"
				      "2026-03-01T00%3A30%3A00%2B07%3A00"
				      "&b=2026-03-01%2028%2F02%2F2026%20260302"
				      "&c=2026-02-28%2022%3A30%3A00")));
	ctx.zone_s = -12600;
	assert_int_equal(generic->fetch(&ctx, &e, &err), 0);
	assert_true(str_find(e.url, STR("T14%3A00%3A00-03%3A30")) < e.url.n);
}

/* ---- faults of a config ---- */

struct fault_case {
	struct setting added[5];
	const char *sentence; /* part of it */
};

static const struct fault_case fault_cases[] = {
	{ { { "poll.url", "ftp://x/" } }, "poll: url is neither" },
	{ { { "poll.url", "/in?after={state}" } }, "there is no api_base" },
	{ { { "poll.url", "http://{state}/" } }, "placeholder in its host" },
	{ { { "poll.url", "http:///{state}" } }, "no host" },
	{ { { "poll.url", "http://p.test/{text}" } },
	  "poll: url: there is no {text} here; there are {state} {page}" },
	{ { { "poll.url", "http://p.test/{state:iso}" } }, "{state} takes no format" },
	{ { { "poll.query.a", "{today:yyyy.QQ}" } },
	  "poll: query.a: {today:yyyy.QQ}: a time is" },
	{ { { "poll.headers.X", "{nmuber}" } }, "headers.X: there is no {nmuber} here" },
	{ { { "poll.cursor", "none" } }, "{state} is used, but cursor is none" },
	{ { { "poll.url", "http://p.test/" }, { "poll.cursor", "last" } },
	  "{state} is nowhere used" },
	{ { { "poll.id", "" } }, "id is missing" },
	{ { { "poll.cursor", "time" } }, "time is missing" },
	{ { { "poll.cursor", "path" } }, "cursor_path go together" },
	{ { { "poll.cursor_path", "x" } }, "cursor_path go together" },
	{ { { "poll.next", "x" } }, "next and {page} go together" },
	{ { { "poll.query.p", "{page}" } }, "next and {page} go together" },
	{ { { "poll.more", "x" } }, "more needs next" },
	{ { { "poll.page_size", "5" } }, "page_size and {size} go together" },
	{ { { "poll.query.c", "{size}" },
	    { "poll.page_size", "9" },
	    { "poll.page_most", "8" } },
	  "greater than page_most" },
	{ { { "poll.empty", "x" } }, "empty and empty_values" },
	{ { { "poll.overlap", "5s" } }, "overlap needs cursor" },
	{ { { "poll.first", "{state}" } }, "poll.first: {state} in itself" },
	{ { { "send.json", "{\"t\":\"{text}\"" }, { "send.form", "" } },
	  "only one of form, json and body" },
	{ { { "send.body", "t={text}" } }, "only one of form, json and body" },
	{ { { "send.form.x", "{to:national}" } }, "a number is \"digits\" or \"local\"" },
	{ { { "send.code_ok", "1" } }, "but no code" },
	{ { { "send.ok_status", "2xx" } }, "send: ok_status: '2xx' is no HTTP status" },
	{ { { "taken_status", "409" } }, "needs idempotent" },
	{ { { "taken_status", "9" }, { "idempotent", "true" } },
	  "'9' is no HTTP status" },
	{ { { "idempotent", "true" } }, "{id} is nowhere sent" },
	{ { { "settle.url", "http://p.test/{id}" },
	    { "poll.id", "" },
	    { "poll.url", "http://p.test/" } },
	  "settle needs poll.id" },
	{ { { "settle.url", "http://p.test/{to}" } }, "settle: url: there is no {to}" },
	{ { { "auth.kind", "bearer" } }, "auth.secret is missing" },
	{ { { "auth.kind", "header" }, { "auth.secret", "x" } }, "auth.name is missing" },
	{ { { "send.auth.kind", "basic" } }, "send: auth.user is missing" },
	{ { { "push.sender", "a" }, { "push.text", "b" }, { "push.secret", "x" } },
	  "push: secret and secret_name" },
	{ { { "report.only", "x" } }, "report: only and only_values" },
};

static void faults_are_said_clearly(void **state)
{
	enum { ADDED = 5, PLAIN = sizeof(plain_poll) / sizeof(*plain_poll) - 1 };
	struct setting pairs[PLAIN + ADDED + 1];
	struct err err;
	int failed;

	(void)state;
	generic_settings(plain_poll, &failed, &err);
	assert_int_equal(failed, 0);
	for (size_t i = 0; i < sizeof(fault_cases) / sizeof(*fault_cases); i++) {
		const struct fault_case *c = &fault_cases[i];
		size_t n = PLAIN;

		memcpy(pairs, plain_poll, sizeof(plain_poll));
		for (size_t k = 0; k < ADDED && c->added[k].path; k++)
			pairs[n++] = c->added[k];
		pairs[n] = (struct setting){ NULL, NULL };
		generic_settings(pairs, &failed, &err);
		if (!failed || !strstr(err.text, c->sentence))
			fail_msg("%s = %s: wanted '%s', got '%s'", c->added[0].path,
				 c->added[0].value, c->sentence, err.text);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
}

static void faults_of_a_config_with_nothing_else(void **state)
{
	static const struct setting nothing[] = { { NULL, NULL } };
	static const struct setting no_json[] = {
		{ "send.url", "http://p.test/" },
		{ "send.json", "{\"t\":\"{text}\",\"to\":{to}" },
		{ NULL, NULL },
	};
	static const struct setting no_text[] = {
		{ "send.url", "http://p.test/" },
		{ "send.form.to", "{to}" },
		{ NULL, NULL },
	};
	static const struct setting no_poll[] = {
		{ "send.url", "http://p.test/{to}/{text}" },
		{ "read_once", "true" },
		{ NULL, NULL },
	};
	struct err err;
	int failed;

	(void)state;
	generic_settings(nothing, &failed, &err);
	assert_non_null(strstr(err.text, "at least one of"));
	generic_settings(no_json, &failed, &err);
	assert_non_null(strstr(err.text, "send: json: no valid JSON"));
	generic_settings(no_text, &failed, &err);
	assert_non_null(strstr(err.text, "{to} and {text} must stand"));
	generic_settings(no_poll, &failed, &err);
	assert_non_null(strstr(err.text, "read_once needs poll"));
}

static void capabilities_follow_the_config(void **state)
{
	static const struct setting all[] = {
		{ "poll.url", "http://p.test/{yesterday}" },
		{ "poll.id", "id" },
		{ "poll.sender", "a" },
		{ "poll.text", "b" },
		{ "settle.url", "http://p.test/{id}" },
		{ "send.url", "http://p.test/{id}/{to}/{text}" },
		{ "push.sender", "a" },
		{ "push.text", "b" },
		{ "report.id", "a" },
		{ "report.status", "b" },
		{ "idempotent", "true" },
		{ "read_once", "true" },
		{ NULL, NULL },
	};
	static const struct setting pushes[] = {
		{ "push.sender", "a" },
		{ "push.text", "b" },
		{ NULL, NULL },
	};
	struct sms_ctx ctx = generic_ctx(all);

	(void)state;
	assert_int_equal(generic->caps_of(ctx.settings), generic->caps);
	ctx = generic_ctx(pushes);
	assert_int_equal(generic->caps_of(ctx.settings), SMS_PUSH);
	ctx = generic_ctx(plain_poll);
	assert_int_equal(generic->caps_of(ctx.settings), SMS_FETCH | SMS_SEND);
}

static void examples_are_accepted(void **state)
{
	static const struct {
		const char *file;
		unsigned caps;
	} examples[] = {
		{ "conf/examples/africastalking.conf",
		  SMS_FETCH | SMS_AHEAD | SMS_PUSH | SMS_SEND | SMS_REPORT },
		{ "conf/examples/zenziva.conf", SMS_FETCH | SMS_SEND | SMS_NEWEST_FIRST },
		{ "conf/examples/telerivet.conf",
		  SMS_FETCH | SMS_SEND | SMS_PUSH | SMS_REPORT | SMS_NEWEST_FIRST },
		{ "conf/examples/playsms.conf", SMS_FETCH | SMS_SEND | SMS_NEWEST_FIRST },
		{ "conf/examples/kannel.conf", SMS_PUSH | SMS_SEND | SMS_REPORT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		struct config *config = example_load(examples[i].file);

		assert_int_equal(config->n_providers, 1);
		assert_int_equal(config->providers[0].caps, examples[i].caps);
		config_free(config);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_registry_holds),
		TEST(africastalking_polls),
		TEST(africastalking_takes_calls),
		TEST(africastalking_sends),
		TEST(generic_polls_by_id),
		TEST(generic_takes_json_calls),
		TEST(generic_takes_plain_calls),
		TEST(generic_sends),
		TEST(examples_are_accepted),
		TEST(zenziva_example),
		TEST(telerivet_example),
		TEST(playsms_example),
		TEST(kannel_example),
		TEST(every_status_has_a_meaning),
		TEST(shortage_never_gives_half_a_page),
		TEST(shortage_never_makes_half_a_request),
		TEST(what_is_cut_off_is_not_believed),
		TEST(what_was_read_is_taken),
		TEST(odd_bytes_are_refused_or_kept),
		TEST(a_very_deep_or_long_page_ends_well),
		TEST(a_callback_with_too_many_fields_is_refused),
		TEST(ids_are_taken_whole),
		TEST(a_list_that_stays_full_is_shown),
		TEST(no_text_leaves_its_place),
		TEST(times_are_written_as_asked),
		TEST(faults_are_said_clearly),
		TEST(faults_of_a_config_with_nothing_else),
		TEST(capabilities_follow_the_config),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&told);
	return failed;
}
