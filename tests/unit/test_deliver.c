/* SPDX-License-Identifier: MIT */
/* How many deliveries leave at once, when more are claimed, and which share a commit. An
 * engine without sockets; the test is the carrier and ends what it was given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "flow/flow.h"

enum { TURN = 256, WINDOW = 128, QUICK = 512, MANY = 1400 };

static struct engine *engine;
static struct mailbox *mailbox;
static struct err err;
static char folder[64], path[100];
static int64_t now = 1795482000000;
/* Handed to the carrier and not ended yet. */
static struct outgoing *under_way[MANY];
static size_t n_under_way;
/* So many end, one at each look at the clock, while a turn goes on. */
static size_t trickle;

#define OK(call)                                  \
	do {                                      \
		if (call)                         \
			fail_msg("%s", err.text); \
	} while (0)

/* n of them end well, from that one on. */
static void end_from(size_t first, size_t n)
{
	assert_true(first + n <= n_under_way);
	for (size_t i = first; i < first + n; i++) {
		struct outgoing *out = under_way[i];

		out->transport = TRANSPORT_DONE;
		out->response = (struct response){ .status = 204 };
		mailbox_post(mailbox, &out->letter);
	}
	n_under_way -= n;
	memmove(under_way + first, under_way + first + n,
		(n_under_way - first) * sizeof(*under_way));
}

static void end(size_t n)
{
	end_from(0, n);
}

static int64_t wall(void)
{
	return now;
}

static int64_t mono(void)
{
	if (trickle) {
		trickle--;
		end(1);
	}
	return now - 1795481000000;
}

/* ---- the carrier ---- */

static void carrier_post(void *self, struct letter *first)
{
	(void)self;
	for (struct letter *next; first; first = next) {
		next = first->next;
		if (first->kind == LETTER_DELIVERED)
			under_way[n_under_way++] = (struct outgoing *)first;
		else
			outgoing_free((struct outgoing *)first);
	}
}

static void carrier_answer(void *self, struct incoming *in, const struct answer *answer)
{
	(void)self;
	(void)in;
	(void)answer;
}

static void carrier_drain(void *self)
{
	(void)self;
}

static void carrier_reload(void *self, struct incoming *asker)
{
	(void)self;
	(void)asker;
}

/* ---- an engine, and what waits in its store ---- */

static void start(const char *file)
{
	static const struct clock_source clocks = { mono, wall };
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct store_settings store = { .driver = STR("sqlite"),
					.path = str_of(path),
					.version = STR("test"),
					.fast = true };
	struct engine_settings settings = {
		.config = config_load(file, false, &faults),
		.carrier = { NULL, carrier_post, carrier_answer, carrier_drain,
			     carrier_reload },
	};

	if (!settings.config)
		fail_msg("%.*s", STR_ARG(buf_str(&faults.text)));
	buf_free(&faults.text);
	clock_replace(&clocks);
	snprintf(path, sizeof(path), "%s/store", folder);
	store.path = str_of(path);
	mailbox = settings.mailbox = mailbox_new(NULL, NULL);
	OK(store_open(&store, &settings.store, &err));
	OK(engine_new(&settings, &engine, &err));
}

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "%s/kentongan-deliver-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	setenv("CASE_HOOK", "whsec_dWppIGNvYmEgcmFoYXNpYSBrYWl0IHB1cHI=", 1);
	setenv("CASE_KEY", "kunci", 1);
	setenv("CASE_STORE_KEY", "wJ7ptFRY1v0rFzHmmEY7sBkNoCGfXkxhZkFRi0R8QtE=", 1);
	setenv("CASE_STORE_OLD_KEY", "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=", 1);
	return mkdtemp(folder) && !crypto_start(&err) ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const files[] = { "", "-wal", "-shm", ".lock" };

	(void)state;
	end(n_under_way);
	engine_free(engine);
	mailbox_free(mailbox);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/store%s", folder, files[i]);
		unlink(path);
	}
	rmdir(folder);
	clock_replace(NULL);
	trickle = 0;
	return 0;
}

/* A test delivery each: they have no ticket, and do not wait for each other. */
static void queue(const char *department, const char *way, size_t n)
{
	struct delivery d = { .department = str_of(department),
			      .way = str_of(way),
			      .target = STR(""),
			      .what = STR("test"),
			      .event = STR("test"),
			      .state = STR("queued"),
			      .due_ms = now,
			      .created_ms = now };
	int64_t id;

	OK(store_begin(engine->store, &err));
	for (size_t i = 0; i < n; i++)
		OK(store_delivery_add(engine->store, &d, &id, &err));
	OK(store_commit(engine->store, &err));
	ways_doubt(engine); /* they are counted */
}

static size_t turn(void)
{
	engine_turn(engine);
	return n_under_way;
}

static uint64_t commits(void)
{
	return engine->stats.commit_s.n;
}

/* ---- tests ---- */

/* A claim for each that ends would cost as much as for a hundred. */
static void a_large_window_is_filled_by_halves(void **state)
{
	(void)state;
	start("tests/cases/conf/ways.conf");
	queue("PUPR", "webhook", MANY);
	assert_int_equal(turn(), WINDOW);
	assert_int_equal(turn(), WINDOW);
	now += 2000; /* it is not quick */
	end(WINDOW / 2 - 1);
	assert_int_equal(turn(), WINDOW / 2 + 1);
	end(1);
	assert_int_equal(turn(), WINDOW);
}

static void more_is_posted_to_who_takes_it_at_once(void **state)
{
	(void)state;
	start("tests/cases/conf/ways.conf");
	queue("PUPR", "webhook", MANY);
	turn();
	now += 900;
	end(1);
	assert_int_equal(turn(), WINDOW - 1 + TURN);
	end(WINDOW - 1 + TURN - (QUICK / 2 + 1));
	assert_int_equal(turn(), QUICK / 2 + 1);
	end(1);
	assert_int_equal(turn(), QUICK);
	now += 1000; /* what is slow gets no more than before */
	end(QUICK / 2);
	assert_int_equal(turn(), QUICK / 2);
	end(QUICK / 2 - WINDOW / 2);
	assert_int_equal(turn(), WINDOW);
}

/* What cannot be sent again is never posted before a connection is free. */
static void what_cannot_be_repeated_leaves_one_by_one(void **state)
{
	(void)state;
	start("tests/cases/conf/open311.conf");
	queue("PUPR", "open311", 20);
	assert_int_equal(turn(), 4);
	end(1);
	assert_int_equal(turn(), 4);
}

/* All are told, whatever the halves leave. */
static void none_is_left_behind(void **state)
{
	size_t told = 0;

	(void)state;
	start("tests/cases/conf/ways.conf");
	queue("PUPR", "webhook", MANY);
	while (turn()) {
		size_t n = n_under_way < 37 ? n_under_way : 37;

		told += n;
		end(n);
	}
	assert_int_equal(told, MANY);
}

static void ends_share_a_commit_while_none_is_claimed(void **state)
{
	uint64_t before;

	(void)state;
	start("tests/cases/conf/ways.conf");
	engine->gathers = true;
	queue("PUPR", "webhook", MANY);
	turn();
	now += 2000;
	before = commits();
	trickle = 10;
	end(1);
	assert_int_equal(turn(), WINDOW - 11);
	assert_int_equal(commits(), before + 1);
}

/* One that never answers keeps no other waiting. */
static void a_way_with_room_is_not_kept_waiting(void **state)
{
	(void)state;
	start("tests/cases/conf/ways.conf");
	engine->gathers = true;
	queue("PUPR", "webhook", MANY);
	turn();
	queue("DISHUB", "webhook", WINDOW + 10);
	assert_int_equal(turn(), 2 * WINDOW);
	now += 2000;
	trickle = 30;
	end_from(WINDOW, WINDOW / 2);
	turn();
	assert_true(trickle > 20);
}

/* The last ones are written down when they come. */
static void the_last_ends_are_not_waited_for(void **state)
{
	(void)state;
	start("tests/cases/conf/ways.conf");
	engine->gathers = true;
	queue("PUPR", "webhook", WINDOW);
	turn();
	now += 2000;
	trickle = 30;
	end(1);
	turn();
	assert_true(trickle > 20);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_large_window_is_filled_by_halves),
		TEST(more_is_posted_to_who_takes_it_at_once),
		TEST(what_cannot_be_repeated_leaves_one_by_one),
		TEST(none_is_left_behind),
		TEST(ends_share_a_commit_while_none_is_claimed),
		TEST(a_way_with_room_is_not_kept_waiting),
		TEST(the_last_ends_are_not_waited_for),
	};

	return cmocka_run_group_tests_name("deliver", tests, NULL, NULL);
}
