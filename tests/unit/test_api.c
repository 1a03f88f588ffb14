/* SPDX-License-Identifier: MIT */
/* The HTTP API from letter to answer: problems, what is seen, what is done. The tour with
 * real sockets is tests/e2e/api-tour. */
#include "api_tests.h"

#include "store/api.h"
#include "store/retain.h"

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

/* Nor is nothing, where an act should stand. */
static void what_is_no_act_is_no_path(void **state)
{
	static const char *const paths[] = {
		"/api/v1/tickets/26000011//",
		"/api/v1/tickets/26000011/{act}",
		"/api/v1/tickets/26000011/nothing",
		"/api/v1/tickets/26000011/hide/x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		assert_int_equal(post(paths[i], "{}"), 404);
		HAS("urn:kentongan:problem:no_path");
	}
	assert_int_equal(post("/api/v1/tickets//hide", "{}"), 404);
	HAS("urn:kentongan:problem:not_found");
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
		  STR("{}"), json_type);
	desk_send(&desk, HTTP_GET, STR("/api/v1/tickets"), STR(""), STR(""), NULL);
	engine_turn(desk.engine);
	assert_int_equal(desk.status, 200);
	snprintf(query, sizeof(query), "%s", next_page());
	desk_send(&desk, HTTP_POST, STR("/api/v1/tickets/26000011/accept"), STR(""),
		  STR("{}"), json_type);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(a_problem_names_field_rule_and_remedy),
		AT_DESK(what_is_no_act_is_no_path),
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
