/* SPDX-License-Identifier: MIT */
/* Programs that ask the HTTP API: who waits for news, how often each may, what is
 * counted of it. */
#include "api_tests.h"

#include "model/cursor.h"

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
			  STR(""), STR("{\"text\":\"lampu dipesan\"}"), json_type);
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
			  STR(""), STR("{\"text\":\"lampu dipesan\"}"), json_type);
		soon();
		assert_int_equal(desk.status, 200);
		assert_int_equal(desk.answers, i + 1);
	}
	assert_in_range(arena_used(waiting->arena), used, used + TIMES * 1000);
	memcpy(desk.secret, mine, sizeof(mine));
	desk_send(&desk, HTTP_POST, STR("/api/v1/tickets/26000022/accept"), STR(""),
		  STR("{}"), json_type);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(who_waits_is_woken),
		AT_DESK(who_waits_in_vain_is_answered),
		AT_DESK(a_crowd_is_answered),
		AT_DESK(a_place_that_is_not_there_yet_is_told),
		AT_DESK(who_saw_what_never_was_sees_what_is),
		AT_DESK(a_token_waits_so_often_only),
		AT_DESK(who_waits_in_a_busy_minute_takes_no_memory),
		AT_DESK(a_token_has_its_rate),
		AT_DESK(calls_are_counted_by_route_and_end),
		AT_DESK(who_is_refused_is_counted_by_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
