/* SPDX-License-Identifier: MIT */
/* What the API tells a department of a ticket that it no longer has: that it is gone,
 * once in each list and feed, with its number and nothing else; of one that it never had
 * nothing at all. */
#include "api_tests.h"

static char feed[100], list[100]; /* where the department's software stands */

static void next_take(char next[100])
{
	assert_int_equal(desk.status, 200);
	assert_int_equal(
		sscanf(strstr(desk.body, "\"next\":\""), "\"next\":\"%99[^\"]", next), 1);
}

static void events_read(void)
{
	char query[200];

	snprintf(query, sizeof(query), "after=%s", feed);
	get("/api/v1/events", query);
	next_take(feed);
}

static void list_read(const char *filter)
{
	char query[200];

	snprintf(query, sizeof(query), "cursor=%s%s", list, filter);
	get("/api/v1/tickets", query);
	next_take(list);
}

static int setup(void **state)
{
	api_setup(state);
	get("/api/v1/events", "");
	next_take(feed);
	get("/api/v1/tickets", "");
	HAS("\"gone\":[]");
	next_take(list);
	return 0;
}

/* By others: the desk takes it back. */
static void recall(const char *no)
{
	char form[100];

	snprintf(form, sizeof(form), "no=%s&event=recall&text=salah+alamat&who=rina", no);
	assert_int_equal(desk_control(&desk, "/v1/act", form), 200);
}

/* Whatever is said of a ticket that is gone, it is this. */
static void says_the_number_and_no_more(void)
{
	static const char *const never[] = { "mampet", "Padarincang", "Citasuk",
					     "DISHUB", "recall",      "desk",
					     "umum",   "salah",	      "periksa",
					     "etag",   "state" };

	HAS("26000022");
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		HAS_NOT(never[i]);
}

static void what_the_desk_took_back_is_gone(void **state)
{
	(void)state;
	assert_int_equal(get("/api/v1/tickets/26000022", ""), 200);
	recall("26000022");
	assert_int_equal(get("/api/v1/tickets/26000022", ""), 410);
	assert_string_equal(desk.type, "application/problem+json");
	HAS("\"urn:kentongan:problem:gone\"");
	HAS("\"no\":\"26000022\"");
	says_the_number_and_no_more();
	assert_string_equal(desk.etag, "");
	assert_int_equal(desk_ask(&desk, HTTP_POST, "/api/v1/tickets/26000022/accept", "",
				  "{}", json_type),
			 410);
	says_the_number_and_no_more();
	assert_int_equal(get("/api/v1/tickets/26000033", ""), 404);
	HAS_NOT("26000033");
}

static void lists_tell_it_once(void **state)
{
	(void)state;
	recall("26000022");
	list_read("&open=true&urgent=true");
	HAS("\"gone\":[{\"no\":\"26000022\",\"at\":\"");
	says_the_number_and_no_more();
	list_read("");
	HAS("\"gone\":[]");
	get("/api/v1/tickets", "since=2026-11-01");
	HAS("\"gone\":[{\"no\":\"26000022\"");
	get("/api/v1/tickets", "since=2027-01-01");
	HAS("\"gone\":[]");
}

static void events_tell_it_once(void **state)
{
	(void)state;
	recall("26000022");
	assert_int_equal(desk_control(&desk, "/v1/act",
				      "no=26000022&event=route&to=DISHUB&who=rina"),
			 200);
	events_read();
	HAS("\"event\":\"gone\",\"by\":\"gateway\",\"no\":\"26000022\",\"gone\":true}");
	says_the_number_and_no_more();
	assert_null(strstr(strstr(desk.body, "26000022") + 1, "26000022"));
	events_read();
	HAS("\"events\":[]");
}

static void its_own_transfer_it_knows(void **state)
{
	(void)state;
	assert_int_equal(desk_ask(&desk, HTTP_POST, "/api/v1/tickets/26000022/transfer",
				  "", "{\"to\":\"DISHUB\",\"text\":\"lampu\"}",
				  json_type),
			 200);
	events_read();
	HAS("\"event\":\"transfer\",\"by\":\"office\",\"no\":\"26000022\",\"gone\":"
	    "true}");
	assert_int_equal(get("/api/v1/tickets/26000022", ""), 410);
}

static void what_comes_back_is_there(void **state)
{
	(void)state;
	recall("26000022");
	assert_int_equal(desk_control(&desk, "/v1/act",
				      "no=26000022&event=route&to=PUPR&who=rina"),
			 200);
	assert_int_equal(get("/api/v1/tickets/26000022", ""), 200);
	list_read("");
	HAS("\"gone\":[]");
	HAS("\"no\":\"26000022\"");
	recall("26000022");
	list_read("");
	HAS("\"gone\":[{\"no\":\"26000022\"");
}

/* One about the department itself it never saw, whoever gets it. */
static void the_accused_hears_of_nothing(void **state)
{
	(void)state;
	set("UPDATE ticket SET accused = 'PUPR', sensitive = 1 WHERE no = 26000022");
	assert_int_equal(get("/api/v1/tickets/26000022", ""), 404);
	recall("26000022");
	assert_int_equal(get("/api/v1/tickets/26000022", ""), 404);
	list_read("");
	HAS("\"gone\":[]");
	events_read();
	HAS("\"events\":[]");
}

/* A page ends where more has left than it can tell. */
static void many_that_left_come_page_by_page(void **state)
{
	enum { MANY = 250 };
	int pages = 0, told = 0;

	(void)state;
	/* Each as old as its number, and between them changes of others. */
	set("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 250) INSERT INTO ticket_left (event_id, ticket_id, department, "
	    "at) "
	    "SELECT 1000 + i, (SELECT id FROM ticket WHERE no = 26000033), 'PUPR', "
	    "(SELECT changed_at FROM ticket WHERE no = 26000022) + i FROM n");
	set("UPDATE ticket SET changed_at = changed_at + 130 WHERE no = 26000011");
	for (bool more = true; more; pages++) {
		assert_true(pages < 10);
		list_read("");
		more = strstr(desk.body, "\"more\":true") != NULL;
		for (const char *p = desk.body; (p = strstr(p, "\"no\":\"26000033\""));
		     p++)
			told++;
		assert_int_equal(strstr(desk.body, "26000011") != NULL, pages == 1);
	}
	assert_int_equal(told, MANY);
	assert_int_equal(pages, 3);
}

#define AFTER_IT(f) cmocka_unit_test_setup_teardown(f, setup, api_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AFTER_IT(what_the_desk_took_back_is_gone),
		AFTER_IT(lists_tell_it_once),
		AFTER_IT(events_tell_it_once),
		AFTER_IT(its_own_transfer_it_knows),
		AFTER_IT(what_comes_back_is_there),
		AFTER_IT(the_accused_hears_of_nothing),
		AFTER_IT(many_that_left_come_page_by_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
