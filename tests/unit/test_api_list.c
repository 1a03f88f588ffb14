/* SPDX-License-Identifier: MIT */
/*
 * Lists of tickets over the HTTP API. They are read in two ways, whole tickets where each
 * fits and one by one where many do not, and say the same as the ticket by itself.
 */
#include "api_tests.h"

static void as_different_as_can_be(void)
{
	set("UPDATE ticket SET state = 'selesai', kind = 'aspirasi', urgent = 1, level = "
	    "2, "
	    "opened_at = 1795400001000, changed_at = 1795400002000, "
	    "answer_due_at = 1795900003000, first_at = 1795400004000, "
	    "done_at = 1795400005000, transfers = 1, reopens = 2, rating = 4, "
	    "kecamatan = 'Cikupa', desa = 'Bojong' WHERE no = 26000011");
	set("UPDATE ticket SET state = 'ditutup', urgent = 1, secret = 1, "
	    "closed_at = 1795400006000, changed_at = 1795400001000 WHERE no = 26000022");
	set("UPDATE message_in SET wiped = 1 WHERE id = (SELECT message_id FROM ticket "
	    "WHERE no = 26000011)");
}

/* The last list has it as it is by itself. */
static void list_has(const char *no)
{
	static char list[sizeof(desk.body)], own[sizeof(desk.body) + 1];
	char path[60], *end;

	snprintf(list, sizeof(list), "%s", desk.body);
	snprintf(path, sizeof(path), "/api/v1/tickets/%s", no);
	assert_int_equal(get(path, ""), 200);
	end = strstr(desk.body, ",\"reporters\"");
	assert_non_null(end);
	snprintf(own, sizeof(own), "%.*s}", (int)(end - desk.body), desk.body);
	if (!strstr(list, own))
		fail_msg("no %s in %s", own, list);
}

static void a_list_says_what_the_ticket_says(void **state)
{
	static const char *const both[] = { "", "urgent=true",
					    "limit=2&since=2026-01-01" };

	(void)state;
	as_different_as_can_be();
	for (size_t i = 0; i < 6; i++) {
		if (i == 3)
			desk_token(&desk, "", TOKEN_READ | TOKEN_DESK);
		assert_int_equal(get("/api/v1/tickets", both[i % 3]), 200);
		list_has("26000011");
		assert_int_equal(get("/api/v1/tickets", both[i % 3]), 200);
		list_has("26000022");
	}
	assert_int_equal(get("/api/v1/tickets", "open=true"), 200);
	list_has("26000011");
	desk_token(&desk, "PUPR", TOKEN_READ | TOKEN_SECRET);
	assert_int_equal(get("/api/v1/tickets", "open=true"), 200);
	HAS_NOT("26000022");
	list_has("26000011");
	assert_int_equal(get("/api/v1/tickets", "state=ditutup"), 200);
	HAS_NOT("26000011");
	list_has("26000022");
}

/* As whoever has it will say it: never written otherwise, or all copies were no good. */
static void a_tag_is_change_and_number(void **state)
{
	static const int64_t moments[] = {
		1, 15, 16, 255, 1795400002000, INT64_MAX >> 1
	};
	char sql[100], tag[60];

	(void)state;
	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++) {
		snprintf(sql, sizeof(sql),
			 "UPDATE ticket SET changed_at = %lld WHERE id = 2",
			 (long long)moments[i]);
		set(sql);
		assert_int_equal(get("/api/v1/tickets/26000022", ""), 200);
		snprintf(tag, sizeof(tag), "\"%llx-2\"", (unsigned long long)moments[i]);
		assert_string_equal(desk.etag, tag);
	}
	set("UPDATE message_in SET wiped = 1");
	assert_int_equal(get("/api/v1/tickets/26000022", ""), 200);
	assert_string_equal(desk.etag, "\"3fffffffffffffff-2-wiped\"");
}

/* By the moment of their change, whether they are closed or not. */
static void open_and_closed_are_one_list(void **state)
{
	const char *first, *second;

	(void)state;
	as_different_as_can_be();
	assert_int_equal(get("/api/v1/tickets", ""), 200);
	first = strstr(desk.body, "26000022");
	second = strstr(desk.body, "26000011");
	assert_true(first && second && first < second);
	HAS("\"more\":false");
	assert_int_equal(get("/api/v1/tickets", "limit=1"), 200);
	HAS("26000022");
	HAS_NOT("26000011");
	HAS("\"more\":true");
}

/* Both ways go on behind a ticket whose words do not open. */
static void what_does_not_open_is_counted(void **state)
{
	static const char *const both[] = { "", "urgent=false" };

	(void)state;
	set("UPDATE message_in SET text = x'c101' WHERE id = (SELECT message_id FROM "
	    "ticket WHERE no = 26000011)");
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(get("/api/v1/tickets", both[i]), 200);
		HAS("\"unreadable\":1");
		HAS("26000022");
		HAS_NOT("26000011");
		HAS("\"more\":false");
	}
	/* Nor is it told to whom it does not concern. */
	set("UPDATE ticket SET accused = 'PUPR' WHERE no = 26000011");
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(get("/api/v1/tickets", both[i]), 200);
		HAS("\"unreadable\":0");
	}
}

/* A store that fails at any of its calls gives no half a list. */
static void a_list_is_whole_or_not_at_all(void **state)
{
	struct store *s = engine_store(desk.engine);
	int failed = 0;

	(void)state;
	for (int64_t n = 1; n < 100; n++) {
		store_fail_after(s, n, false);
		get("/api/v1/tickets", n % 2 ? "" : "urgent=false");
		store_fail_after(s, 0, false);
		if (desk.status == 200)
			break;
		failed++;
		assert_int_equal(desk.status, 503);
		HAS_NOT("\"tickets\"");
		desk_now += 10000; /* the store comes back */
		engine_turn(desk.engine);
	}
	assert_int_equal(desk.status, 200);
	HAS("26000022");
	assert_true(failed > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(a_list_says_what_the_ticket_says),
		AT_DESK(a_tag_is_change_and_number),
		AT_DESK(open_and_closed_are_one_list),
		AT_DESK(what_does_not_open_is_counted),
		AT_DESK(a_list_is_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
