/* SPDX-License-Identifier: MIT */
/* The HTTP API from letter to answer, and what it is made of: cursors, JSON written
 * straight, problems. The tour with real sockets is tests/e2e/api-tour. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_desk.h"
#include "base/json_text.h"
#include "model/cursor.h"
#include "store/api.h"
#include "store/retain.h"

static struct api_desk desk;
static struct arena *arena;

static const char *const json[] = { "content-type", "application/json", NULL };

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 4 << 20);
	desk_open(&desk);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	desk_close(&desk);
	arena_free(arena);
	return 0;
}

static int get(const char *path, const char *query)
{
	return desk_ask(&desk, HTTP_GET, path, query, "", NULL);
}

static int post(const char *path, const char *body)
{
	return desk_ask(&desk, HTTP_POST, path, "", body, json);
}

#define HAS(text)                                                 \
	do {                                                      \
		if (!strstr(desk.body, text))                     \
			fail_msg("no %s in %s", text, desk.body); \
	} while (0)
#define HAS_NOT(text) assert_null(strstr(desk.body, text))

/* ---- cursors ---- */

static void a_place_comes_back(void **state)
{
	const struct cursor places[] = { { 't', 0, 0 },
					 { 't', 1795482000000, 1 },
					 { 't', INT64_C(0x0fffffffffffffff), 1000000 },
					 { 'e', 77, 0 } };
	struct cursor out;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct str s = cursor_write(places[i], arena);

		assert_true(cursor_read(s, places[i].kind, &out));
		assert_int_equal(out.a, places[i].a);
		assert_int_equal(out.b, places[i].b);
		assert_false(cursor_read(s, 'x', &out));
	}
}

static void a_place_that_was_changed_is_told(void **state)
{
	struct str s = cursor_write((struct cursor){ 't', 1795482000000, 4711 }, arena);
	struct cursor out = { 0 };
	char changed[64];

	(void)state;
	for (size_t i = 0; i < s.n; i++) {
		memcpy(changed, s.p, s.n);
		changed[i] = changed[i] == '0' ? '1' : '0';
		assert_false(cursor_read(str_from(changed, s.n), 't', &out));
		assert_false(cursor_read(str_from(s.p, i), 't', &out));
	}
	memcpy(changed, s.p, s.n);
	changed[s.n] = '0';
	assert_false(cursor_read(str_from(changed, s.n + 1), 't', &out));
	assert_false(cursor_read(STR("t-1.0.0000"), 't', &out));
	assert_int_equal(out.a, 0);
}

/* ---- JSON ---- */

static void what_is_written_is_read_again(void **state)
{
	static const char odd[] = "a\"b\\c\nd\r\t\x01\x1f</script>\xe2\x80\xae \xc3\xa9";
	struct buf buf = BUF_INIT(10000);
	struct json_text to = { &buf, false };
	struct json *root;
	struct err err;
	int64_t n;

	(void)state;
	json_text_open(&to, NULL, '{');
	json_text_open(&to, "list", '[');
	json_text_int(&to, NULL, -5);
	json_text_open(&to, NULL, '{');
	json_text_close(&to, '}');
	json_text_bool(&to, NULL, true);
	json_text_null(&to, NULL);
	json_text_close(&to, ']');
	json_text_z(&to, "odd", odd);
	json_text_str(&to, "bad", STR("x\xff\xc3y"));
	json_text_str(&to, "nul", str_from("a\0b", 3));
	json_text_str(&to, "none", str_from(NULL, 0));
	json_text_close(&to, '}');
	assert_false(buf.failed);
	root = json_parse(buf_str(&buf), &err);
	if (!root)
		fail_msg("%s: %s", err.text, buf.p);
	assert_int_equal(json_count(json_get(root, "list")), 4);
	assert_true(json_int(json_item(json_get(root, "list"), 0), &n) && n == -5);
	assert_string_equal(json_str(json_get(root, "odd")).p, odd);
	assert_string_equal(json_str(json_get(root, "bad")).p,
			    "x\xef\xbf\xbd\xef\xbf\xbdy");
	assert_true(json_is_null(json_get(root, "none")));
	json_free(root);
	buf_free(&buf);
}

/* Any byte, wherever it stands in a text of any length, is read back. */
static void text_of_any_byte_is_read_back(void **state)
{
	struct buf buf = BUF_INIT(1 << 10);
	char text[20];

	(void)state;
	for (size_t n = 1; n < sizeof(text); n++)
		for (unsigned i = 0; i < 256 * n; i++) {
			struct json_text to = { &buf, false };
			struct json *root;
			struct err err;
			struct str got;

			memset(text, 'a', n);
			text[i % n] = (char)(i / n);
			buf_clear(&buf);
			json_text_open(&to, NULL, '[');
			json_text_str(&to, NULL, str_from(text, n));
			json_text_close(&to, ']');
			root = json_parse(buf_str(&buf), &err);
			assert_non_null(root);
			got = json_str(json_item(root, 0));
			if (i / n < 0x80)
				assert_true(str_eq(got, str_from(text, n)));
			else
				assert_int_equal(got.n, n + 2); /* U+FFFD */
			json_free(root);
		}
	buf_free(&buf);
}

/* ---- problems ---- */

static void a_problem_names_field_rule_and_remedy(void **state)
{
	struct json *root;
	const struct json *one;
	struct err err;

	(void)state;
	assert_int_equal(post("/api/v1/tickets/26000011/schedule",
			      "{\"text\":\"x\",\"date\":\"morgen\"}"),
			 422);
	assert_string_equal(desk.type, "application/problem+json");
	root = json_parse(str_of(desk.body), &err);
	assert_non_null(root);
	one = json_item(json_get(root, "errors"), 0);
	assert_string_equal(json_str(json_get(root, "type")).p,
			    "urn:kentongan:problem:date");
	assert_string_equal(json_str(json_get(one, "field")).p, "date");
	assert_string_equal(json_str(json_get(one, "rule")).p, "date");
	assert_string_equal(json_str(json_get(one, "remedy")).p,
			    "a date like 2026-12-31");
	json_free(root);
	assert_int_equal(post("/api/v1/tickets/26000011/schedule", "{\"txt\":\"x\"}"),
			 422);
	HAS("this act takes text, date");
	assert_int_equal(post("/api/v1/tickets/26000011/schedule",
			      "{\"text\":\"x\",\"date\":\"2026-12-31\",\"to\":\"DLH\"}"),
			 422);
	HAS("this act takes text, date");
}

static void who_is_not_known_is_told_how_to_be(void **state)
{
	(void)state;
	desk.secret[20] = desk.secret[20] == 'x' ? 'y' : 'x';
	assert_int_equal(get("/api/v1/me", ""), 401);
	HAS("token_mistyped");
	assert_non_null(strstr(desk.header, "WWW-Authenticate: Bearer "));
	desk.secret[0] = '\0';
	assert_int_equal(get("/api/v1/me", ""), 401);
	assert_int_equal(get("/api/v1/openapi.json", ""), 200);
	HAS("\"openapi\": \"3.1.0\"");
}

/* ---- what is seen ---- */

static void own_tickets_are_seen_and_no_others(void **state)
{
	(void)state;
	assert_int_equal(get("/api/v1/tickets", ""), 200);
	HAS("\"no\":\"26000011\"");
	HAS("\"no\":\"26000022\"");
	HAS_NOT("26000033");
	HAS("\"more\":false");
	HAS("\"text\":\"jalan rusak hub 0812");
	HAS_NOT("98765432");
	assert_int_equal(get("/api/v1/tickets/26000033", ""), 404);
	assert_int_equal(get("/api/v1/tickets/26000011", ""), 200);
	HAS("\"reporters\":1");
	HAS("\"event\":\"opened_routed\",\"by\":\"gateway\",\"text\":null");
	HAS_NOT("81234567890");
	HAS_NOT("sender");
}

/* Of a confidential one neither words nor place, and the place finds it not: in a hamlet
 * it says who wrote. */
static void a_hidden_ticket_has_no_place(void **state)
{
	(void)state;
	assert_int_equal(get("/api/v1/tickets", "desa=citasuk"), 200);
	HAS("26000022");
	assert_int_equal(post("/api/v1/tickets/26000022/hide", "{}"), 200);
	assert_int_equal(get("/api/v1/tickets/26000022", ""), 200);
	HAS("\"kecamatan\":null,\"desa\":null");
	HAS("\"text\":null");
	HAS_NOT("Citasuk");
	assert_int_equal(get("/api/v1/tickets", ""), 200);
	HAS("26000022");
	assert_int_equal(get("/api/v1/tickets", "desa=citasuk"), 200);
	HAS("26000011");
	HAS_NOT("26000022");
	assert_int_equal(get("/api/v1/tickets", "kecamatan=Padarincang"), 200);
	HAS_NOT("26000022");
}

/* Closed, so that its words may be wiped. */
static void close_ticket(int64_t no)
{
	struct store *s = engine_store(desk.engine);
	struct ticket t;
	struct err err;

	assert_int_equal(store_begin(s, &err), 0);
	assert_int_equal(store_ticket_by_no(s, no, arena, &t, &err), 0);
	t.life.state = TICKET_DITUTUP;
	t.life.closed_ms = desk_now;
	t.due_ms = 0;
	assert_int_equal(store_ticket_save(s, &t, &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
}

static void wipe_person(int64_t id)
{
	struct store *s = engine_store(desk.engine);
	struct erased erased;
	struct err err;

	assert_int_equal(store_begin(s, &err), 0);
	assert_int_equal(
		store_person_erase(s, id, desk_now, STR("meja:uji"), &erased, &err), 0);
	assert_int_equal(store_commit(s, &err), 0);
}

/* A copy of words that were wiped is not told to be good any more. */
static void wiped_words_are_another_state(void **state)
{
	static const char path[] = "/api/v1/tickets/26000022";
	char etag[64];
	const char *match[] = { "if-none-match", etag, NULL };

	(void)state;
	for (int64_t no = 26000011; no <= 26000033; no += 11)
		close_ticket(no);
	assert_int_equal(get(path, ""), 200);
	HAS("got mampet");
	snprintf(etag, sizeof(etag), "%s", desk.etag);
	assert_int_equal(desk_ask(&desk, HTTP_GET, path, "", "", match), 304);
	wipe_person(1);
	assert_int_equal(desk_ask(&desk, HTTP_GET, path, "", "", match), 200);
	HAS_NOT("mampet");
	snprintf(etag, sizeof(etag), "%s", desk.etag);
	assert_int_equal(desk_ask(&desk, HTTP_GET, path, "", "", match), 304);
}

/* Where a list stopped, as `cursor=…`. */
static const char *next_page(void)
{
	static char query[120];
	char next[100];

	assert_int_equal(
		sscanf(strstr(desk.body, "\"next\":\""), "\"next\":\"%99[^\"]", next), 1);
	snprintf(query, sizeof(query), "cursor=%s", next);
	return query;
}

static void pages_follow_each_other(void **state)
{
	char query[200], next[100];

	(void)state;
	assert_int_equal(get("/api/v1/tickets", "limit=1"), 200);
	HAS("26000011");
	HAS("\"more\":true");
	assert_int_equal(
		sscanf(strstr(desk.body, "\"next\":\""), "\"next\":\"%99[^\"]", next), 1);
	snprintf(query, sizeof(query), "limit=1&cursor=%s", next);
	assert_int_equal(get("/api/v1/tickets", query), 200);
	HAS("26000022");
	HAS_NOT("26000011");
}

/* What changes behind a list in the very turn that made it is on the next page, although
 * the clock stands still. */
static void nothing_slips_in_behind_a_page(void **state)
{
	char query[120];

	(void)state;
	desk_now += 2000;
	desk_send(&desk, HTTP_POST, STR("/api/v1/tickets/26000022/accept"), STR(""),
		  STR("{}"), json);
	desk_send(&desk, HTTP_GET, STR("/api/v1/tickets"), STR(""), STR(""), NULL);
	engine_turn(desk.engine);
	assert_int_equal(desk.status, 200);
	snprintf(query, sizeof(query), "%s", next_page());
	desk_send(&desk, HTTP_POST, STR("/api/v1/tickets/26000011/accept"), STR(""),
		  STR("{}"), json);
	desk_send(&desk, HTTP_GET, STR("/api/v1/tickets"), str_of(query), STR(""), NULL);
	engine_turn(desk.engine);
	assert_int_equal(desk.status, 200);
	HAS("26000011");
}

/* What changes after the clock was put back is not behind what was seen before, also not
 * when the daemon was started in between. */
static void a_clock_put_back_hides_no_change(void **state)
{
	char query[120];

	(void)state;
	assert_int_equal(post("/api/v1/tickets/26000011/accept", "{}"), 200);
	assert_int_equal(get("/api/v1/tickets", ""), 200);
	snprintf(query, sizeof(query), "%s", next_page());
	for (int i = 0; i < 2; i++) {
		desk_now -= 3 * 3600000;
		desk_restart(&desk);
		assert_int_equal(post("/api/v1/tickets/26000022/progress",
				      "{\"text\":\"dikerjakan\"}"),
				 200);
		assert_int_equal(get("/api/v1/tickets", query), 200);
		HAS("26000022");
		HAS_NOT("26000011");
		snprintf(query, sizeof(query), "%s", next_page());
		assert_int_equal(get("/api/v1/tickets", query), 200);
		HAS("\"tickets\":[]");
	}
}

/* ---- what is done ---- */

static void two_who_read_the_same_cannot_both_write(void **state)
{
	const char *match[] = { "content-type", "application/json", "if-match", desk.etag,
				NULL };
	char etag[64];

	(void)state;
	assert_int_equal(get("/api/v1/tickets/26000011", ""), 200);
	snprintf(etag, sizeof(etag), "%s", desk.etag);
	match[3] = etag;
	/* Both in one turn: the clock does not move between them. */
	desk_now += 2000;
	desk_send(&desk, HTTP_POST, STR("/api/v1/tickets/26000011/progress"), STR(""),
		  STR("{\"text\":\"satu\"}"), match);
	desk_send(&desk, HTTP_POST, STR("/api/v1/tickets/26000011/progress"), STR(""),
		  STR("{\"text\":\"kedua\"}"), match);
	engine_turn(desk.engine);
	assert_int_equal(desk.status, 412);
	assert_int_equal(get("/api/v1/tickets/26000011", ""), 200);
	HAS("satu");
	HAS_NOT("kedua");
	/* Acts in one millisecond have tags of their own. */
	desk_now -= 2000;
	assert_int_equal(get("/api/v1/tickets/26000011", ""), 200);
	match[2] = "x-none";
	desk_now -= 2000;
	assert_int_equal(desk_ask(&desk, HTTP_POST, "/api/v1/tickets/26000011/progress",
				  "", "{\"text\":\"tiga\"}", match),
			 200);
	snprintf(etag, sizeof(etag), "%s", desk.etag);
	match[2] = "if-match";
	for (int i = 0; i < 2; i++) {
		desk_now -= 2000;
		assert_int_equal(desk_ask(&desk, HTTP_POST,
					  "/api/v1/tickets/26000011/progress", "",
					  "{\"text\":\"empat\"}", match),
				 i == 0 ? 200 : 412);
	}
}

static int64_t kept_rows(void)
{
	struct store *s = engine_store(desk.engine);
	struct kept kept;
	struct err err;
	bool found;

	if (store_kept_get(s, desk.token_id, STR("k1"), arena, &kept, &found, &err))
		fail_msg("%s", err.text);
	return found;
}

static void the_same_key_is_done_once_for_a_day(void **state)
{
	static const char *const once[] = { "content-type", "application/json",
					    "idempotency-key", "k1", NULL };
	static const char path[] = "/api/v1/tickets/26000011/progress";
	struct str first;

	(void)state;
	assert_int_equal(
		desk_ask(&desk, HTTP_POST, path, "", "{\"text\":\"satu\"}", once), 200);
	first = arena_str(arena, str_of(desk.body));
	assert_int_equal(
		desk_ask(&desk, HTTP_POST, path, "", "{\"text\":\"satu\"}", once), 200);
	assert_string_equal(desk.body, first.p);
	assert_non_null(strstr(desk.header, "Idempotency-Replayed: true"));
	assert_int_equal(
		desk_ask(&desk, HTTP_POST, path, "", "{\"text\":\"kedua\"}", once), 422);
	HAS("key_used");
	assert_int_equal(kept_rows(), 1);
	desk_now += 86400000 + 10000;
	engine_turn(desk.engine);
	assert_int_equal(kept_rows(), 0);
}

/* A wall clock that jumps does not make a day of what was a second. */
static void a_key_is_kept_over_a_jump(void **state)
{
	static const char *const once[] = { "content-type", "application/json",
					    "idempotency-key", "k1", NULL };
	static const char path[] = "/api/v1/tickets/26000011/progress";

	(void)state;
	assert_int_equal(
		desk_ask(&desk, HTTP_POST, path, "", "{\"text\":\"satu\"}", once), 200);
	desk_jump = INT64_C(3) * 86400000;
	for (int i = 0; i < 5; i++) {
		desk_now += 6000;
		engine_turn(desk.engine);
	}
	assert_int_equal(
		desk_ask(&desk, HTTP_POST, path, "", "{\"text\":\"satu\"}", once), 200);
	assert_non_null(strstr(desk.header, "Idempotency-Replayed: true"));
}

/* Whatever store call fails, the act and its answer are there together, or neither. */
static void an_act_is_kept_whole_or_not_at_all(void **state)
{
	static const char *const once[] = { "content-type", "application/json",
					    "idempotency-key", "k1", NULL };
	static const char path[] = "/api/v1/tickets/26000011/progress";
	struct store *s = engine_store(desk.engine);
	int failed = 0;

	(void)state;
	for (int64_t n = 1; n < 200; n++) {
		store_fail_after(s, n, false);
		desk_ask(&desk, HTTP_POST, path, "", "{\"text\":\"satu\"}", once);
		store_fail_after(s, 0, false);
		if (desk.status == 200)
			break;
		failed++;
		assert_int_equal(desk.status, 503);
		assert_string_equal(desk.type, "application/problem+json");
		desk_now += 10000; /* the store comes back */
		engine_turn(desk.engine);
		assert_int_equal(get("/api/v1/tickets/26000011", ""), 200);
		HAS_NOT("satu");
		assert_int_equal(kept_rows(), 0);
	}
	assert_int_equal(desk.status, 200);
	assert_true(failed > 5);
	assert_int_equal(kept_rows(), 1);
	assert_int_equal(get("/api/v1/tickets/26000011", ""), 200);
	assert_non_null(strstr(desk.body, "satu"));
	assert_null(strstr(strstr(desk.body, "satu") + 1, "satu"));
}

/* ---- waiting, and how often ---- */

static char place[100];

static void begin_at_the_end(void)
{
	assert_int_equal(get("/api/v1/events", ""), 200);
	assert_int_equal(
		sscanf(strstr(desk.body, "\"next\":\""), "\"next\":\"%99[^\"]", place),
		1);
}

static void who_waits_is_woken(void **state)
{
	char query[200];

	(void)state;
	begin_at_the_end();
	snprintf(query, sizeof(query), "after=%s&wait=30", place);
	assert_int_equal(get("/api/v1/events", query), 0);
	engine_turn(desk.engine);
	assert_int_equal(desk.status, 0);
	assert_int_equal(post("/api/v1/tickets/26000022/accept", "{}"), 200);
	desk_now += 300;
	assert_true(engine_next_ms(desk.engine) <= desk_mono());
	desk.status = 0;
	engine_turn(desk.engine);
	assert_int_equal(desk.status, 200);
	HAS("\"event\":\"accept\",\"by\":\"office\",\"no\":\"26000022\"");
}

static void who_waits_in_vain_is_answered(void **state)
{
	char query[200];

	(void)state;
	begin_at_the_end();
	snprintf(query, sizeof(query), "after=%s&wait=30", place);
	assert_int_equal(get("/api/v1/events", query), 0);
	desk_now += 29000;
	engine_turn(desk.engine);
	assert_int_equal(desk.status, 0);
	desk_now += 1100;
	engine_turn(desk.engine);
	assert_int_equal(desk.status, 200);
	HAS("\"events\":[]");
}

/* However many there are, each is answered exactly once; the end answers the rest. */
static void a_crowd_is_answered(void **state)
{
	enum { CROWD = 100 };
	static struct letter stop = { .kind = LETTER_STOP };
	char query[200];

	(void)state;
	begin_at_the_end();
	snprintf(query, sizeof(query), "after=%s&wait=30", place);
	desk.answers = 0;
	for (int i = 0; i < CROWD; i++)
		get("/api/v1/events", query);
	assert_in_range(desk.answers, CROWD - 64, CROWD - 1);
	mailbox_post(desk.mailbox, &stop);
	engine_turn(desk.engine);
	assert_false(engine_stopped(desk.engine));
	engine_turn(desk.engine);
	assert_int_equal(desk.answers, CROWD);
	assert_int_equal(desk.status, 200);
}

/* As after a backup was put back: whoever waited there would miss all until then. */
static void a_place_that_is_not_there_yet_is_told(void **state)
{
	char query[200];
	struct str s = cursor_write((struct cursor){ 'e', 1000, 0 }, arena);

	(void)state;
	snprintf(query, sizeof(query), "wait=30&after=%.*s", STR_ARG(s));
	assert_int_equal(get("/api/v1/events", query), 400);
	HAS("cursor_ahead");
	HAS("\"field\":\"after\"");
}

/* What a caller saw in a turn that was taken back has not happened: its number is given
 * again, perhaps to what he waits for. */
static void who_saw_what_never_was_sees_what_is(void **state)
{
	struct store *s = engine_store(desk.engine);
	char query[200], mine[TOKEN_LENGTH + 1], other[TOKEN_LENGTH + 1];
	int waited = 0;

	(void)state;
	memcpy(mine, desk.secret, sizeof(mine));
	desk_token(&desk, "DISHUB", TOKEN_READ | TOKEN_ANSWER);
	memcpy(other, desk.secret, sizeof(other));
	for (int64_t n = 1; n < 60; n++) {
		memcpy(desk.secret, mine, sizeof(mine));
		begin_at_the_end();
		snprintf(query, sizeof(query), "after=%s&wait=50", place);
		store_fail_after(s, n, false);
		desk_now += 1000;
		desk.answers = 0;
		memcpy(desk.secret, other, sizeof(other));
		desk_send(&desk, HTTP_POST, STR("/api/v1/tickets/26000033/progress"),
			  STR(""), STR("{\"text\":\"lampu dipesan\"}"), json);
		memcpy(desk.secret, mine, sizeof(mine));
		desk_send(&desk, HTTP_GET, STR("/api/v1/events"), str_of(query), STR(""),
			  NULL);
		engine_turn(desk.engine);
		store_fail_after(s, 0, false);
		desk_now += 10000; /* the store comes back */
		engine_turn(desk.engine);
		if (desk.answers == 2)
			continue;
		waited++;
		assert_int_equal(post("/api/v1/tickets/26000022/progress",
				      "{\"text\":\"got dikeruk\"}"),
				 200);
		desk_now += 300;
		engine_turn(desk.engine);
		assert_int_equal(desk.answers, 3);
		HAS("\"event\":\"progress\",\"by\":\"office\",\"no\":\"26000022\"");
	}
	assert_true(waited > 3);
}

/* One program that leaves its connections behind takes no place from another. */
static void a_token_waits_so_often_only(void **state)
{
	char query[200];

	(void)state;
	begin_at_the_end();
	snprintf(query, sizeof(query), "after=%s&wait=50", place);
	desk.answers = 0;
	for (int i = 0; i < 70; i++) {
		desk_now -= 1990;
		assert_int_equal(get("/api/v1/events", query), 0);
		engine_turn(desk.engine);
	}
	assert_int_equal(desk.answers, 70 - 8);
	desk_token(&desk, "DISHUB", TOKEN_READ | TOKEN_ANSWER);
	desk_now -= 1990;
	assert_int_equal(get("/api/v1/events", query), 0);
	assert_int_equal(desk.answers, 70 - 8);
	desk_now += 51000;
	engine_turn(desk.engine);
	assert_int_equal(desk.answers, 71);
}

/* Into the clock that stands still, without its two seconds. */
static void soon(void)
{
	desk_now += 110;
	engine_turn(desk.engine);
	desk_now += 110;
	engine_turn(desk.engine);
}

/* What goes on elsewhere wakes a caller up to five times a second: his memory does not
 * grow by it. */
static void who_waits_in_a_busy_minute_takes_no_memory(void **state)
{
	enum { TIMES = 200 };
	char query[200], mine[TOKEN_LENGTH + 1];
	struct incoming *waiting;
	size_t used;

	(void)state;
	begin_at_the_end();
	snprintf(query, sizeof(query), "after=%s&wait=50", place);
	assert_int_equal(get("/api/v1/events", query), 0);
	waiting = desk.last;
	used = arena_used(waiting->arena);
	memcpy(mine, desk.secret, sizeof(mine));
	desk_token(&desk, "DISHUB", TOKEN_READ | TOKEN_ANSWER);
	desk.answers = 0;
	for (int i = 0; i < TIMES; i++) {
		desk_send(&desk, HTTP_POST, STR("/api/v1/tickets/26000033/progress"),
			  STR(""), STR("{\"text\":\"lampu dipesan\"}"), json);
		soon();
		assert_int_equal(desk.status, 200);
		assert_int_equal(desk.answers, i + 1);
	}
	assert_in_range(arena_used(waiting->arena), used, used + TIMES * 1000);
	memcpy(desk.secret, mine, sizeof(mine));
	desk_send(&desk, HTTP_POST, STR("/api/v1/tickets/26000022/accept"), STR(""),
		  STR("{}"), json);
	soon();
	assert_int_equal(desk.answers, TIMES + 2);
	HAS("\"event\":\"accept\"");
}

static void a_token_has_its_rate(void **state)
{
	(void)state;
	desk.config->listen.api_rate = 60;
	for (int i = 0; i < 60; i++) {
		desk_now -= 2000; /* desk_ask moves it */
		assert_int_equal(get("/api/v1/me", ""), 200);
	}
	desk_now -= 2000;
	assert_int_equal(get("/api/v1/me", ""), 429);
	assert_non_null(strstr(desk.header, "Retry-After: 2\n"));
	assert_non_null(strstr(desk.header, "RateLimit-Policy: \"token\";q=60;w=60\n"));
	assert_non_null(strstr(desk.header, "RateLimit: \"token\";r=0;t="));
	assert_int_equal(get("/api/v1/me", ""), 200);
	desk.config->listen.api_rate = 0;
	assert_int_equal(get("/api/v1/me", ""), 200);
	assert_null(strstr(desk.header, "RateLimit"));
}

/* Open311, at the same listener: another method is named, a pause has its length. */
static void open311_says_which_and_when(void **state)
{
	char form[200];

	(void)state;
	desk.config->open311.serve = true;
	assert_int_equal(post("/open311/v2/services.json", ""), 405);
	assert_non_null(strstr(desk.header, "Allow: GET, HEAD\n"));
	assert_int_equal(
		desk_ask(&desk, HTTP_PUT, "/open311/v2/requests.json", "", "", NULL),
		405);
	assert_non_null(strstr(desk.header, "Allow: GET, HEAD, POST\n"));
	assert_null(strstr(desk.header, "Retry-After"));
	desk_token(&desk, "PUPR", TOKEN_FILE);
	desk.config->listen.api_rate = 1;
	snprintf(form, sizeof(form),
		 "api_key=%s&service_code=PUPR&address_string=cibogo&description=lubang",
		 desk.secret);
	for (int i = 0; i < 2; i++)
		desk_ask(&desk, HTTP_POST, "/open311/v2/requests.json", "", form, NULL);
	assert_int_equal(desk.status, 429);
	assert_non_null(strstr(desk.header, "Retry-After: 5"));
}

/* ---- what is counted ---- */

#define TICKET "{method=\"GET\",route=\"/api/v1/tickets/{no}\""

static void calls_are_counted_by_route_and_end(void **state)
{
	char query[200];

	(void)state;
	get("/api/v1/tickets/26000011", "");
	get("/api/v1/tickets/26000022", "");
	get("/api/v1/tickets/26000033", "");
	get("/api/v1/none", "");
	post("/api/v1/tickets", "{}");
	post("/api/v1/tickets/26000011/accept", "{\"x\":1}");
	post("/api/v1/tickets/26000022/accept", "{}");
	begin_at_the_end();
	snprintf(query, sizeof(query), "after=%s&wait=30", place);
	get("/api/v1/events", query);
	desk_metrics_read(&desk);
	HAS("kentongan_api_requests_total" TICKET ",status=\"2xx\"} 2\n");
	HAS("kentongan_api_requests_total" TICKET ",status=\"4xx\"} 1\n");
	HAS("kentongan_api_requests_total{method=\"other\",route=\"other\",status="
	    "\"4xx\"} "
	    "2\n");
	HAS("route=\"/api/v1/tickets/{no}/{act}\",status=\"2xx\"} 1\n");
	HAS("route=\"/api/v1/tickets/{no}/{act}\",status=\"4xx\"} 1\n");
	HAS("kentongan_api_request_duration_seconds_count" TICKET "} 3\n");
	HAS("kentongan_api_request_duration_seconds_bucket" TICKET ",le=\"+Inf\"} 3\n");
	HAS("kentongan_api_callers_waiting 1\n");
	HAS_NOT("26000011");
	desk_now += 60000;
	engine_turn(desk.engine);
	desk_metrics_read(&desk);
	HAS("kentongan_api_callers_waiting 0\n");
	HAS("route=\"/api/v1/events\",status=\"2xx\"} 2\n");
}

static void who_is_refused_is_counted_by_reason(void **state)
{
	char good[TOKEN_LENGTH + 1];

	(void)state;
	memcpy(good, desk.secret, sizeof(good));
	desk.config->open311.serve = true;
	desk_ask(&desk, HTTP_POST, "/open311/v2/requests.json", "api_key=x", "", NULL);
	desk_ask(&desk, HTTP_POST, "/open311/v2/requests.json", "", "", NULL);
	desk_ask(&desk, HTTP_GET, "/open311/v2/services.json", "", "", NULL);
	desk.secret[20] = desk.secret[20] == 'x' ? 'y' : 'x';
	get("/api/v1/me", "");
	desk.secret[0] = '\0';
	get("/api/v1/me", "");
	memcpy(desk.secret, good, sizeof(good));
	desk.config->listen.api_rate = 1;
	get("/api/v1/me", "");
	get("/api/v1/me", "");
	desk_metrics_read(&desk);
	HAS("kentongan_tokens_refused_total{reason=\"token_mistyped\"} 1\n");
	HAS("kentongan_tokens_refused_total{reason=\"no_token\"} 1\n");
	HAS("kentongan_tokens_refused_total{reason=\"token_unknown\"} 2\n");
	HAS("kentongan_tokens_refused_total{reason=\"scope\"} 0\n");
	HAS("kentongan_api_rate_limited_total 1\n");
	HAS("kentongan_open311_requests_total{method=\"POST\",route=\"/open311/v2/"
	    "requests\",status=\"4xx\"} 2\n");
	HAS("kentongan_open311_requests_total{method=\"GET\",route=\"/open311/v2/"
	    "services\",status=\"2xx\"} 1\n");
}

/* A client that asks again gets the same complaint, though the clock was set meanwhile.
 */
static void what_is_filed_again_is_the_same_over_a_jump(void **state)
{
	char form[200], no[24] = "", again[24] = "";

	(void)state;
	desk.config->open311.serve = true;
	desk_token(&desk, "PUPR", TOKEN_FILE);
	snprintf(form, sizeof(form),
		 "api_key=%s&service_code=PUPR&address_string=cibogo&description=lubang",
		 desk.secret);
	assert_int_equal(
		desk_ask(&desk, HTTP_POST, "/open311/v2/requests.json", "", form, NULL),
		200);
	assert_int_equal(sscanf(desk.body, "[{\"service_request_id\":\"%23[0-9]", no), 1);
	desk_jump = INT64_C(3) * 86400000;
	assert_int_equal(
		desk_ask(&desk, HTTP_POST, "/open311/v2/requests.json", "", form, NULL),
		200);
	assert_int_equal(sscanf(desk.body, "[{\"service_request_id\":\"%23[0-9]", again),
			 1);
	assert_string_equal(no, again);
}

#define AT_DESK(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(a_place_comes_back),
		AT_DESK(a_place_that_was_changed_is_told),
		AT_DESK(what_is_written_is_read_again),
		cmocka_unit_test(text_of_any_byte_is_read_back),
		AT_DESK(a_problem_names_field_rule_and_remedy),
		AT_DESK(who_is_not_known_is_told_how_to_be),
		AT_DESK(own_tickets_are_seen_and_no_others),
		AT_DESK(a_hidden_ticket_has_no_place),
		AT_DESK(wiped_words_are_another_state),
		AT_DESK(pages_follow_each_other),
		AT_DESK(nothing_slips_in_behind_a_page),
		AT_DESK(a_clock_put_back_hides_no_change),
		AT_DESK(two_who_read_the_same_cannot_both_write),
		AT_DESK(the_same_key_is_done_once_for_a_day),
		AT_DESK(a_key_is_kept_over_a_jump),
		AT_DESK(an_act_is_kept_whole_or_not_at_all),
		AT_DESK(who_waits_is_woken),
		AT_DESK(who_waits_in_vain_is_answered),
		AT_DESK(a_crowd_is_answered),
		AT_DESK(a_place_that_is_not_there_yet_is_told),
		AT_DESK(who_saw_what_never_was_sees_what_is),
		AT_DESK(a_token_waits_so_often_only),
		AT_DESK(who_waits_in_a_busy_minute_takes_no_memory),
		AT_DESK(a_token_has_its_rate),
		AT_DESK(open311_says_which_and_when),
		AT_DESK(calls_are_counted_by_route_and_end),
		AT_DESK(who_is_refused_is_counted_by_reason),
		AT_DESK(what_is_filed_again_is_the_same_over_a_jump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
