/* SPDX-License-Identifier: MIT */
/* The Open311 server from letter to answer; the rest of it is in the stories. */
#include "api_tests.h"

#include "store/driver.h"
#include "store/inside.h"

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

static const char *const asked[] = { "/open311/v2/requests.json",
				     "/open311/v2/requests/26000011.json",
				     "/open311/v2/tokens/26000011.json" };
enum { ASKED = sizeof(asked) / sizeof(*asked) };

static void serve_all(void)
{
	desk.config->open311.serve = true;
	desk.config->open311.show = OPEN311_ALL;
}

/* What fails here is told to nobody outside: no path, no sentence of the store's. */
static void a_store_that_fails_is_not_for_everybody(void **state)
{
	struct store *s = engine_store(desk.engine);
	int told = 0;

	(void)state;
	serve_all();
	for (size_t i = 0; i < ASKED; i++)
		for (int64_t n = 1; n < 20; n++) {
			store_fail_after(s, n, false);
			get(asked[i], "");
			get(asked[i], ""); /* while it is in trouble */
			told += desk.status == 503 && strstr(desk.body, "a few seconds");
			HAS_NOT("store");
			HAS_NOT("fail");
			store_fail_after(s, 0, false);
			desk_now += 10000; /* the store comes back */
			engine_turn(desk.engine);
		}
	assert_true(told > 5);
}

static void a_row_that_does_not_open_is_not_for_everybody(void **state)
{
	struct store *s = engine_store(desk.engine);
	struct err err;

	(void)state;
	serve_all();
	assert_int_equal(
		s->driver->script(s->db, "UPDATE ticket SET state = 'odd'", &err), 0);
	for (size_t i = 0; i < ASKED; i++) {
		get(asked[i], "");
		assert_int_equal(desk.status, 500);
		HAS("tell the operator");
		HAS_NOT("row");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(open311_says_which_and_when),
		AT_DESK(what_is_filed_again_is_the_same_over_a_jump),
		AT_DESK(a_store_that_fails_is_not_for_everybody),
		AT_DESK(a_row_that_does_not_open_is_not_for_everybody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
