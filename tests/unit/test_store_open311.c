/* SPDX-License-Identifier: MIT */
/* store/open311: what the public may see of tickets, what comes again, and which requests
 * in departments' systems are asked about next. */
#include "store_rows.h"

#include "store/delivery.h"
#include "store/open311.h"
#include "store/token.h"

static int64_t messages;

static int64_t ticket_at(int64_t no, const char *state, int64_t opened_ms)
{
	char name[24];
	int64_t who, id;

	snprintf(name, sizeof(name), "m%lld", (long long)++messages);
	who = person("+6281298765432");
	id = ticket_of(who, text_in(who, name), no, state);
	if (opened_ms != now) {
		char sql[120];

		snprintf(sql, sizeof(sql),
			 "UPDATE ticket SET opened_at = %lld WHERE id = %lld",
			 (long long)opened_ms, (long long)id);
		OK(store->driver->script(store->db, sql, &err));
	}
	return id;
}

/* Whose key it was. */
static int64_t token_new(void)
{
	const struct token token = { .name = STR("form"),
				     .scopes = TOKEN_FILE,
				     .created_by = STR("test") };
	struct str secret;
	int64_t id;

	OK(store_token_add(store, &token, arena, &id, &secret, &err));
	return id;
}

static void hide(int64_t id, bool secret, bool sensitive, enum ticket_kind kind)
{
	struct ticket t;

	OK(store_ticket_get(store, id, arena, &t, &err));
	t.life.secret = secret;
	t.life.sensitive = sensitive;
	t.life.kind = kind;
	OK(store_ticket_save(store, &t, &err));
}

/* The numbers of a list, as digits: "321". */
static void listed(struct web_filter f, const char *want)
{
	struct ticket *rows;
	size_t n;
	char got[40] = "";

	f.limit = f.limit ? f.limit : 100;
	OK(store_web_list(store, &f, arena, &rows, &n, &err));
	for (size_t i = 0; i < n; i++)
		snprintf(got + i, sizeof(got) - i, "%lld", (long long)rows[i].no);
	assert_string_equal(got, want);
}

static const struct web_filter all = { .all = true,
				       .from_ms = 0,
				       .until_ms = INT64_MAX / 2 };
static const struct web_filter filed = { .from_ms = 0, .until_ms = INT64_MAX / 2 };

static void what_is_shown(void **state)
{
	int64_t ids[6], token;

	(void)state;
	OK(store_begin(store, &err));
	token = token_new();
	for (int i = 0; i < 6; i++)
		ids[i] = ticket_at(i + 1, "diteruskan", now);
	hide(ids[1], true, false, TICKET_KIND_ORDINARY);
	hide(ids[2], false, true, TICKET_KIND_ORDINARY);
	hide(ids[3], false, false, TICKET_KIND_INQUIRY);
	listed(all, "651");
	listed(filed, "");
	for (int i = 0; i < 5; i++)
		OK(store_web_add(store, ids[i], token, 40 + i, now, &err));
	listed(filed, "51");
	store_rollback(store);
}

static void statuses_and_spans(void **state)
{
	static const char *const states[] = { "baru", "diproses", "selesai", "ditutup",
					      "digabung" };
	struct web_filter f = all;

	(void)state;
	OK(store_begin(store, &err));
	for (int i = 0; i < 5; i++)
		ticket_at(i + 1, states[i], now + i * DAY);
	f.status = WEB_OPEN;
	listed(f, "21");
	f.status = WEB_CLOSED;
	listed(f, "543");
	f = all;
	f.from_ms = now + DAY;
	f.until_ms = now + 3 * DAY;
	listed(f, "432");
	f.limit = 2;
	listed(f, "43");
	f = all;
	f.department = STR("DLH");
	listed(f, "");
	store_rollback(store);
	for (int s = 0; s < TICKET_STATE_COUNT; s++)
		assert_int_equal(store_web_closed((enum ticket_state)s),
				 s == TICKET_SELESAI ||
					 !ticket_state_open((enum ticket_state)s));
}

static void the_same_again(void **state)
{
	int64_t id, found;
	bool is;

	(void)state;
	OK(store_begin(store, &err));
	id = ticket_at(1, "diteruskan", now);
	OK(store_web_is(store, id, &is, &err));
	assert_false(is);
	OK(store_web_add(store, id, token_new(), 77, now, &err));
	OK(store_web_is(store, id, &is, &err));
	assert_true(is);
	OK(store_web_again(store, (struct digest){ 77, 0 }, now, &found, &err));
	assert_int_equal(found, id);
	OK(store_web_again(store, (struct digest){ 77, 0 }, now + 1, &found, &err));
	assert_int_equal(found, 0);
	OK(store_web_again(store, (struct digest){ 5, 77 }, now, &found, &err));
	assert_int_equal(found, id);
	OK(store_web_again(store, (struct digest){ 5, 0 }, now, &found, &err));
	assert_int_equal(found, 0);
	store_rollback(store);
}

static int64_t delivery_at(int64_t ticket)
{
	const struct delivery d = {
		.ticket_id = ticket,
		.department = STR("PUPR"),
		.way = STR("open311"),
		.target = STR(""),
		.what = STR("new"),
		.event = STR("opened_routed"),
		.state = STR("queued"),
		.due_ms = now,
		.created_ms = now,
		.external_id = STR(""),
		.reason = STR(""),
	};
	int64_t id;

	OK(store_delivery_add(store, &d, &id, &err));
	return id;
}

static void what_is_watched(void **state)
{
	const struct str pupr = STR("PUPR"), way = STR("open311");
	struct watch *w, seen;
	int64_t ids[3], next;
	size_t n;

	(void)state;
	OK(store_begin(store, &err));
	OK(store_watch_next(store, pupr, way, &next, &err));
	assert_true(next == INT64_MAX);
	for (int i = 0; i < 3; i++) {
		char name[8];

		snprintf(name, sizeof(name), "r%d", i);
		ids[i] = delivery_at(ticket_at(i + 1, "diteruskan", now));
		OK(store_watch_add(store, ids[i], pupr, way, str_of(name), i == 2,
				   now + (3 - i) * HOUR, &err));
	}
	OK(store_watch_next(store, pupr, way, &next, &err));
	assert_true(next == now + HOUR);
	/* The longest waiting first; tokens apart; not before their time. */
	OK(store_watches_due(store, pupr, way, false, now + 3 * HOUR, 9, arena, &w, &n,
			     &err));
	assert_int_equal(n, 2);
	is_text(w[0].external_id, "r1");
	assert_int_equal(w[0].ticket_no, 2);
	OK(store_watches_due(store, pupr, way, false, now + 2 * HOUR, 9, arena, &w, &n,
			     &err));
	assert_int_equal(n, 1);
	OK(store_watches_due(store, pupr, way, true, now + HOUR, 9, arena, &w, &n, &err));
	assert_int_equal(n, 1);
	/* A token becomes a request; one that is over is not asked about any more. */
	OK(store_watch_moved(store, ids[2], STR("r9"), now, &err));
	OK(store_watches_due(store, pupr, way, false, now, 9, arena, &w, &n, &err));
	assert_int_equal(n, 1);
	is_text(w[0].external_id, "r9");
	seen = w[0];
	seen.closed = true;
	seen.digest = 42;
	OK(store_watch_seen(store, &seen, now, &err));
	OK(store_watches_due(store, pupr, way, false, now, 9, arena, &w, &n, &err));
	assert_true(n == 1 && w[0].closed && w[0].digest == 42);
	OK(store_watch_seen(store, &seen, 0, &err));
	OK(store_watches_move(store, -5 * HOUR, &err));
	OK(store_watches_due(store, pupr, way, false, now, 9, arena, &w, &n, &err));
	assert_int_equal(n, 2);
	store_rollback(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_shown),
		TEST(statuses_and_spans),
		TEST(the_same_again),
		TEST(what_is_watched),
	};

	return RUN_BOTH(tests);
}
