/* SPDX-License-Identifier: MIT */
/*
 * The adapters, called directly: a settings struct filled by the adapter's own key tables,
 * recorded exchanges from tests/fixtures, and what files cannot say (odd bytes, shortage of
 * memory, every status). Run from the root of the source tree.
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

enum { FILE_MOST = 1 << 20, DIRECTIVES = 12 };

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 64 << 20);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* ---- settings ---- */

static const struct key *key_of(const struct key *keys, struct str name)
{
	for (; keys->name; keys++)
		if (str_eq(str_of(keys->name), name))
			return keys;
	fail_msg("no setting %.*s", STR_ARG(name));
	return NULL;
}

static void put_list(struct str_list *list, struct str value)
{
	struct str *items = ARENA_NEW(arena, struct str, list->n + 1);

	for (size_t i = 0; i < list->n; i++)
		items[i] = list->items[i];
	items[list->n] = value;
	*list = (struct str_list){ items, list->n + 1 };
}

static void put_pair(struct str_pairs *map, struct str name, struct str value)
{
	struct str_pair *items = ARENA_NEW(arena, struct str_pair, map->n + 1);

	for (size_t i = 0; i < map->n; i++)
		items[i] = map->items[i];
	items[map->n] = (struct str_pair){ name, value };
	*map = (struct str_pairs){ items, map->n + 1 };
}

static void put_enum(const struct key *key, int *to, struct str value)
{
	for (int i = 0; key->names[i]; i++)
		if (str_eq(str_of(key->names[i]), value)) {
			*to = i;
			return;
		}
	fail_msg("%s: no word %.*s", key->name, STR_ARG(value));
}

static void put_value(const struct key *key, void *to, struct str rest, struct str value)
{
	switch (key->type) {
	case KEY_STR:
	case KEY_URL:
	case KEY_SECRET:
		*(struct str *)to = value;
		break;
	case KEY_INT:
		assert_true(str_to_int(value, to));
		break;
	case KEY_BOOL:
		*(bool *)to = str_eq(value, STR("true"));
		break;
	case KEY_MS:
		assert_true(str_to_ms(value, to));
		break;
	case KEY_ENUM:
		put_enum(key, to, value);
		break;
	case KEY_STR_LIST:
		if (value.n)
			put_list(to, value);
		break;
	case KEY_MAP:
		if (rest.n)
			put_pair(to, rest, value);
		break;
	default:
		fail_msg("%s: a type that no adapter uses", key->name);
	}
}

static void put_defaults(const struct key *keys, char *base)
{
	for (; keys->name; keys++) {
		if (!keys->def)
			continue;
		if (keys->type == KEY_GROUP)
			put_defaults(keys->sub, base + keys->offset);
		else
			put_value(keys, base + keys->offset, STR(""), str_of(keys->def));
	}
}

/* "poll.query.a" = "b" */
static void put(const struct key *keys, void *settings, const char *path,
		const char *value)
{
	struct str rest = str_of(path), name;
	char *base = settings;
	const struct key *key = NULL;

	while (str_split(&rest, '.', &name)) {
		key = key_of(keys, name);
		base += key->offset;
		if (key->type != KEY_GROUP)
			break;
		keys = key->sub;
	}
	put_value(key, base, rest, arena_str(arena, str_of(value)));
}

static void *fresh_settings(const struct sms_adapter *adapter)
{
	void *settings = arena_alloc(arena, 1, adapter->info.settings_size);

	put_defaults(adapter->info.keys, settings);
	return settings;
}


/* ---- examples: the part that an operator copies, in a small whole ---- */

static const char whole[] =
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
	fprintf(f, whole, up, root, example, up, root, up, root);
	assert_int_equal(fclose(f), 0);
	config = config_load(file, true, &faults);
	unlink(file);
	rmdir(folder);
	if (!config)
		fail_msg("%s is not accepted:\n%s", example, faults.text.p);
	buf_free(&faults.text);
	return config;
}

/* ---- telling what an adapter made, one thing a line ---- */

static struct buf told = BUF_INIT(1 << 20);

static void tell_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == 0x7f)
			buf_printf(&told, "\\x%02x", c);
		else
			buf_add_char(&told, (char)c);
	}
}

static void tell(const char *word, struct str s)
{
	buf_printf(&told, "%s", word);
	tell_text(s);
}

static void tell_message(const struct sms_in *in)
{
	tell(in->bad.n ? "bad " : "message ", in->external_id.n ? in->external_id :
								  STR("-"));
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

static void tell_exchange(const struct exchange *e)
{
	buf_printf(&told, "%s ", http_method_name(e->method));
	tell("", e->url);
	for (size_t i = 0; i < e->headers.n; i++) {
		tell("\n", e->headers.items[i].name);
		tell(": ", e->headers.items[i].value);
	}
	if (e->user.p) {
		tell("\n(basic ", e->user);
		tell(":", e->password);
		buf_add_char(&told, ')');
	}
	if (e->body.p)
		tell("\n\n", e->body);
	buf_add_char(&told, '\n');
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

static void tell_error(const struct err *err)
{
	buf_printf(&told, "error %s: %s\n", err_kind_name(err->kind), err->text);
}

/* ---- reading a fixture ---- */

struct fixture {
	struct str_pairs head; /* name: value */
	struct str title, in, want;
};

static struct str file_read(const char *name)
{
	FILE *f = fopen(name, "r");
	char *p = arena_alloc(arena, FILE_MOST, 1);
	size_t n;

	if (!f)
		fail_msg("%s cannot be opened; run from the root of the sources", name);
	n = fread(p, 1, FILE_MOST, f);
	assert_true(n < FILE_MOST);
	fclose(f);
	return str_from(p, n);
}

/* A line off *rest, which moves on. */
static bool line_take(struct str *rest, struct str *line)
{
	return rest->n > 0 && str_split(rest, '\n', line);
}

/* Lines up to the one that starts with `until`, or to the end; *rest moves on to it. */
static struct str block_take(struct str *rest, struct str until)
{
	struct str block = *rest, line, before = *rest;

	while (line_take(rest, &line)) {
		if (str_starts(line, until)) {
			*rest = before;
			return str_from(block.p, (size_t)(line.p - block.p));
		}
		before = *rest;
	}
	return block;
}

static void head_take(struct str *rest, struct str until, struct str_pairs *head)
{
	struct str block = block_take(rest, until), line;

	while (line_take(&block, &line)) {
		size_t colon = str_find_char(line, ':');

		if (line.n == 0 || line.p[0] == '#')
			continue;
		put_pair(head, str_trim(str_slice(line, 0, colon)),
			 str_trim(str_slice(line, colon + 1, line.n)));
	}
}

static bool exchange_take(struct str *rest, struct fixture *f)
{
	struct str line;

	*f = (struct fixture){ .title = STR("") };
	if (!line_take(rest, &line) || !str_starts(line, STR("=== ")))
		return false;
	f->title = str_slice(line, 4, line.n);
	if (str_find(str_slice(*rest, 0, str_find(*rest, STR("\n=== "))),
		     STR("\n<<<\n")) <
	    str_find(*rest, STR("\n=== "))) {
		head_take(rest, STR("<<<"), &f->head);
		line_take(rest, &line);
		f->in = block_take(rest, STR(">>>"));
	} else {
		head_take(rest, STR(">>>"), &f->head);
	}
	assert_true(line_take(rest, &line));
	f->want = str_trim(block_take(rest, STR("===")));
	return true;
}

/* First line, headers, and the body without the file's last newline. */
static struct str http_take(struct str text, struct str_pairs *headers, struct str *body)
{
	struct str first, line;

	assert_true(line_take(&text, &first));
	while (line_take(&text, &line) && line.n) {
		size_t colon = str_find_char(line, ':');

		put_pair(headers, str_slice(line, 0, colon),
			 str_trim(str_slice(line, colon + 1, line.n)));
	}
	*body = str_slice(text, 0, text.n ? text.n - 1 : 0);
	return first;
}

static struct response response_of(struct str in)
{
	struct response r = { .status = 0 };
	int64_t status;

	assert_true(str_to_int(http_take(in, &r.headers, &r.body), &status));
	r.status = (int)status;
	return r;
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

static int play_fetched(struct stage *s, const struct fixture *f, struct err *err)
{
	struct response r = response_of(f->in);
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
	struct response r = response_of(f->in);
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
	if (str_eq(str_trim(buf_str(&told)), f->want))
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
	struct stage s = { .ctx = { .arena = arena,
				    .provider = STR_INIT("uji"),
				    .zone_s = 25200 } };

	head_take(&rest, STR("==="), &head);
	/* 2026-01-15 17:00:00 in Jakarta, so that days differ from UTC's at night only. */
	assert_true(time_read_iso(STR("2026-01-15T17:00:00+07:00"), 0, &s.ctx.wall_ms));
	stage_set(&s, &head, &config);
	while (exchange_take(&rest, &f)) {
		bad += !play(&s, &f, file);
		played++;
	}
	config_free(config);
	assert_true(played > 0);
	assert_int_equal(bad, 0);
}

#define FIXTURE_TEST(name, file)         \
	static void name(void **state)   \
	{                                \
		(void)state;             \
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
