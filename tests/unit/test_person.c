/* SPDX-License-Identifier: MIT */
/* Looks at one person over the control socket: who may, what the trail keeps of it, and
 * that an export is all of him and nothing of anybody else. */
#include "store_rows.h"

#include <pwd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "console/console.h"
#include "flow/engine.h"
#include "store/retain.h"

#define ANI  "+6281234598765"
#define BUDI "+6281277712345"

static struct engine *engine;
static struct mailbox *mailbox;

/* ---- a gateway that nobody runs ---- */

static void no_post(void *self, struct letter *first)
{
	(void)self;
	(void)first;
}

static void no_answer(void *self, struct incoming *in, const struct answer *answer)
{
	(void)self;
	(void)in;
	(void)answer;
}

static void no_drain(void *self)
{
	(void)self;
}

static void no_reload(void *self, struct incoming *asker)
{
	(void)self;
	(void)asker;
}

/* The stories' configuration, with nobody or somebody else named for looks. */
static struct config *config_with(const char *lookup_by)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 16) };
	struct config *config =
		config_load("tests/cases/conf/kentongan.conf", false, &faults);
	struct str *name = ARENA_NEW(arena, struct str, 1);

	if (!config)
		fail_msg("%.*s", STR_ARG(buf_str(&faults.text)));
	buf_free(&faults.text);
	*name = str_of(lookup_by);
	config->guards.lookup_by = (struct str_list){ name, name->n > 0 };
	return config;
}

static void gateway(const char *lookup_by)
{
	struct engine_settings settings = {
		.config = config_with(lookup_by),
		.store = store,
		.carrier = { NULL, no_post, no_answer, no_drain, no_reload },
		.desk = console_answer,
	};

	mailbox = settings.mailbox = mailbox_new(NULL, NULL);
	OK(engine_new(&settings, &engine, &err));
}

static int person_setup(void **state)
{
	setenv("CASE_KEY", "kunci", 1);
	setenv("CASE_STORE_KEY", "wJ7ptFRY1v0rFzHmmEY7sBkNoCGfXkxhZkFRi0R8QtE=", 1);
	setenv("CASE_STORE_OLD_KEY",
	       "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100", 1);
	setenv("CASE_PATH", "jalan-rahasia", 1);
	return setup(state);
}

static int person_teardown(void **state)
{
	if (engine) {
		store = NULL;
		engine_free(engine);
		mailbox_free(mailbox);
	}
	engine = NULL;
	return teardown(state);
}

/* The engine's turn around it; the answer's JSON. */
static struct json *ask_as(uid_t uid, const char *path_of, int want, const char *form)
{
	struct incoming in = { .arena = arena };
	struct answer answer = { 0 };
	struct json *root;

	in.letter.kind = LETTER_CONTROL;
	in.request.method = strcmp(path_of, "/v1/person") == 0 ? HTTP_POST : HTTP_GET;
	in.request.path = str_of(path_of);
	in.request.peer_uid = uid;
	OK(form_parse(str_of(form), 16, arena, &in.request.query, &err));
	OK(store_begin(store, &err));
	assert_true(console_answer(engine, &in, &answer));
	OK(store_commit(store, &err));
	if (answer.status != want)
		fail_msg("%s: %d, %.*s", form, answer.status, STR_ARG(answer.body));
	root = json_parse(answer.body, &err);
	assert_non_null(root);
	return root;
}

static void look(int want, const char *form)
{
	json_free(ask_as(0, "/v1/person", want, form));
}

/* The newest row of the trail. */
static void trail_says(int64_t rows, const char *who, const char *what, const char *about,
		       const char *reason)
{
	struct audit_row *list;
	size_t n;

	OK(store_audit_list(store, 100, arena, &list, &n, &err));
	assert_int_equal(n, rows);
	is_text(list[0].who, who);
	is_text(list[0].what, what);
	is_text(list[0].about, about);
	is_text(list[0].reason, reason);
}

static const char *token(int64_t who)
{
	return arena_printf(arena, "%.*s", STR_ARG(store_person_token(store, who, arena)))
		.p;
}

/* ---- who may ---- */

static void nobody_may_unless_named(void **state)
{
	int64_t who = person(ANI);
	struct json *answer;

	(void)state;
	gateway("");
	answer = ask_as(0, "/v1/person", 403,
			"do=find&number=081234598765&reason=surat&who=rina");
	assert_non_null(strstr(json_str(json_get(answer, "error")).p,
			       "guards.lookup_by names no operator"));
	json_free(answer);
	trail_says(1, "rina", "find refused", token(who), "surat");
}

static void only_the_named_may(void **state)
{
	int64_t who = person(ANI);

	(void)state;
	gateway("rina");
	look(403, "do=export&number=081234598765&reason=iseng&who=budi");
	trail_says(1, "budi", "export refused", token(who), "iseng");
	look(403, "do=erase&number=081234598765&reason=iseng&who=rina2");
	trail_says(2, "rina2", "erase refused", token(who), "iseng");
	look(200, "do=find&number=%2B62+812-3459-8765&reason=surat+12&who=rina");
	trail_says(3, "rina", "find", token(who), "surat 12");
}

/* What the tool says counts only when the system says that it is root. */
static void the_system_says_who_it_is(void **state)
{
	uid_t me = geteuid(), other = me ? me : 65534;
	struct passwd *entry;
	const char *name;

	(void)state;
	gateway("rina");
	json_free(ask_as(0, "/v1/person", 403, "do=find&number=0812345&reason=x"));
	trail_says(1, getpwuid(0)->pw_name, "find refused", "unknown", "x");
	entry = getpwuid(other);
	name = entry ? arena_printf(arena, "%s", entry->pw_name).p
		     : arena_printf(arena, "uid:%u", (unsigned)other).p;
	/* A daemon that is not root answers its own user, too. */
	assert_int_equal(seteuid(other), 0);
	json_free(ask_as(other, "/v1/person", 403,
			 "do=find&number=0812345&reason=x&who=rina"));
	assert_int_equal(seteuid(me), 0);
	trail_says(2, name, "find refused", "unknown", "x");
}

static void strangers_are_not_heard_at_all(void **state)
{
	struct incoming in = { .arena = arena };
	struct answer answer = { 0 };

	(void)state;
	gateway("rina");
	in.letter.kind = LETTER_CONTROL;
	in.request.method = HTTP_POST;
	in.request.path = STR("/v1/person");
	in.request.peer_uid = geteuid() + 12345;
	assert_true(console_answer(engine, &in, &answer));
	assert_int_equal(answer.status, 403);
}

static void a_reason_is_needed_and_names_nobody(void **state)
{
	int64_t who = person(ANI);

	(void)state;
	gateway("rina");
	look(403, "do=find&number=081234598765&who=rina");
	trail_says(1, "rina", "find refused", token(who), "");
	look(200, "do=find&number=081234598765&who=rina&"
		  "reason=minta+sendiri+dari+081234598765");
	trail_says(2, "rina", "find", token(who), "minta sendiri dari ************");
}

static void an_unknown_number_is_in_the_trail_without_it(void **state)
{
	(void)state;
	gateway("rina");
	look(404, "do=find&number=081299999999&reason=surat&who=rina");
	trail_says(1, "rina", "find", "unknown", "surat");
	assert_int_equal(ask("SELECT count(*) FROM person"), 0);
	assert_int_equal(ask("SELECT count(*) FROM audit WHERE who || what || about || "
			     "reason LIKE '%99999%'"),
			 0);
	look(400, "do=dance&number=081299999999&reason=surat&who=rina");
}

/* Nothing is shown that is not written down. */
static void a_look_that_cannot_be_written_down_is_none(void **state)
{
	struct incoming in = { .arena = arena };
	struct answer answer = { 0 };
	int64_t who = person(ANI), calls;

	(void)state;
	text_in(who, "at:1");
	gateway("rina");
	OK(form_parse(STR("do=erase&number=081234598765&reason=x&who=rina"), 16, arena,
		      &in.request.query, &err));
	in.letter.kind = LETTER_CONTROL;
	in.request.method = HTTP_POST;
	in.request.path = STR("/v1/person");
	for (calls = 1;; calls++) {
		OK(store_begin(store, &err));
		store_fail_after(store, calls, false);
		answer = (struct answer){ 0 };
		assert_true(console_answer(engine, &in, &answer));
		store_fail_after(store, 0, false);
		if (answer.status == 200)
			break;
		assert_int_equal(answer.status, 503);
		assert_int_equal(store_commit(store, &err), -1);
		store_rollback(store);
		OK(store_reopen(store, &err));
		assert_int_equal(ask("SELECT count(*) FROM audit"), 0);
		assert_int_equal(ask("SELECT count(*) FROM person WHERE look = 0"), 0);
		assert_int_equal(ask("SELECT sum(wiped) FROM message_in"), 0);
	}
	assert_true(calls > 8);
	OK(store_commit(store, &err));
	trail_says(1, "rina", "erase", token(who), "x");
}

/* ---- what is shown ---- */

static void finding_tells_of_tickets_not_of_words(void **state)
{
	int64_t who = person(ANI);
	struct json *answer;
	const struct json *t;

	(void)state;
	ticket_of(who, text_in(who, "at:1"), 26000011, "diproses");
	gateway("rina");
	answer = ask_as(0, "/v1/person", 200,
			"do=find&number=081234598765&reason=x&who=rina");
	is_text(json_str(json_get(answer, "token")), token(who));
	t = json_item(json_get(answer, "tickets"), 0);
	is_text(json_str(json_get(t, "no")), "26000011");
	is_text(json_str(json_get(t, "state")), "diproses");
	is_text(json_str(json_get(t, "department")), "PUPR");
	assert_null(json_get(t, "text"));
	assert_null(json_get(answer, "number"));
	json_free(answer);
}

static int64_t texted(int64_t who, const char *id, const char *text, int64_t ticket)
{
	struct message_in m = text_from(id);

	m.text = str_of(text);
	m.ticket_id = ticket;
	return in_add(who, &m);
}

static void told(int64_t who, int64_t ticket, const char *text)
{
	struct message_out m = reply_to(who, 1, now);
	int64_t id;

	m.ticket_id = ticket;
	m.text = str_of(text);
	OK(store_out_add(store, &m, &id, &err));
}

static void noted(int64_t ticket, const char *actor, int64_t message, const char *note)
{
	const struct event e = { .ticket_id = ticket,
				 .at_ms = now,
				 .kind = STR("added"),
				 .actor = str_of(actor),
				 .message_id = message,
				 .note = str_of(note) };

	OK(store_event_add(store, &e, &err));
}

/* Each row of a person says whose it is and which: "ani-text-3". */
static int64_t life_of(const char *number, const char *name, int64_t no)
{
	struct person p = person_of(person(number));
	int64_t who = p.id, in, ticket, officer = person("+6281100000001");
	const struct asked_row row = { .asked = STR("place"),
				       .choices = arena_printf(arena, "%s-asked", name),
				       .command = STR(""),
				       .asked_ms = now,
				       .expires_ms = now + DAY };

#define OF(words) arena_printf(arena, "%s-%s", name, words).p
	in = texted(who, OF("1"), OF("opening"), 0);
	ticket = ticket_of(who, in, no, "diproses");
	OK(store_in_settle(store, in, STR("complaint"), ticket, STR(""), &err));
	texted(who, OF("2"), OF("more"), ticket);
	texted(who, OF("3"), OF("loose"), 0);
	for (int i = 0; i < 20; i++)
		texted(who, OF(arena_printf(arena, "many-%d", i).p),
		       OF(arena_printf(arena, "many%dx", i).p), 0);
	noted(ticket, "petugas:PUPR", texted(officer, OF("4"), OF("officers"), ticket),
	      OF("said"));
	noted(ticket, "warga", in, OF("event"));
	noted(ticket, "petugas:PUPR", in, OF("answer"));
	told(who, ticket, OF("receipt"));
	told(who, 0, OF("help"));
	told(officer, ticket, OF("news"));
	p = person_of(who);
	OK(store_asked_set(store, &p, &row, &err));
	OK(store_person_save(store, &p, &err));
	return who;
#undef OF
}

static bool says(struct str body, const char *words)
{
	return str_find(body, str_of(words)) < body.n;
}

static void an_export_is_all_of_him_and_nothing_else(void **state)
{
	static const char *const his[] = { "opening", "more", "loose", "event", "answer",
					   "receipt", "help", "asked", "said" };
	int64_t ani = life_of(ANI, "ani", 26000011);
	struct buf all = BUF_INIT(1 << 20);
	struct json *answer;

	(void)state;
	life_of(BUDI, "budi", 26000012);
	gateway("rina");
	look(403, "do=find&number=081234598765&reason=x&who=tono");
	answer = ask_as(0, "/v1/person", 200,
			"do=export&number=081234598765&reason=x&who=rina");
	json_dump(answer, &all);
	for (size_t i = 0; i < sizeof(his) / sizeof(*his); i++)
		if (!says(buf_str(&all), arena_printf(arena, "ani-%s", his[i]).p))
			fail_msg("%s is missing", his[i]);
	for (int i = 0; i < 20; i++)
		assert_true(says(buf_str(&all), arena_printf(arena, "ani-many%dx", i).p));
	assert_false(says(buf_str(&all), "budi"));
	assert_false(says(buf_str(&all), "77712345"));
	assert_false(says(buf_str(&all), "26000012"));
	assert_false(says(buf_str(&all), "81100000001"));
	assert_false(says(buf_str(&all), "ani-officers"));
	assert_false(says(buf_str(&all), "ani-news"));
	assert_true(says(buf_str(&all), ANI));
	/* Row by row. */
	assert_int_equal(json_count(json_get(answer, "texts")), 23);
	assert_int_equal(json_count(json_get(answer, "tickets")), 1);
	assert_int_equal(json_count(json_get(json_item(json_get(answer, "tickets"), 0),
					     "history")),
			 3);
	assert_int_equal(json_count(json_get(json_item(json_get(answer, "tickets"), 0),
					     "replies")),
			 1);
	assert_int_equal(json_count(json_get(answer, "replies")), 1);
	assert_int_equal(json_count(json_get(answer, "looked_up")), 1);
	trail_says(2, "rina", "export", token(ani), "x");
	json_free(answer);
	buf_free(&all);
}

/* ---- erasing ---- */

static void an_open_ticket_is_in_the_way(void **state)
{
	int64_t who = life_of(ANI, "ani", 26000011);
	struct json *answer;

	(void)state;
	gateway("rina");
	look(409, "do=erase&number=081234598765&reason=x&who=rina");
	trail_says(1, "rina", "erase refused", token(who), "x");
	assert_int_equal(ask("SELECT sum(wiped) FROM message_in"), 0);
	answer = ask_as(0, "/v1/person", 200,
			"do=erase&number=081234598765&reason=x&who=rina&force=1");
	assert_null(json_get(answer, "kept_because"));
	json_free(answer);
	trail_says(2, "rina", "erase", token(who), "x");
	look(404, "do=find&number=081234598765&reason=x&who=rina");
}

static void what_a_statute_keeps_is_said(void **state)
{
	struct json *answer;
	int64_t kept = 0;

	(void)state;
	life_of(ANI, "ani", 26000011);
	OK(store->driver->script(store->db,
				 "UPDATE ticket SET kind = 'pengawasan', state = "
				 "'ditutup', closed_at = 5",
				 &err));
	gateway("rina");
	answer = ask_as(0, "/v1/person", 200,
			"do=erase&number=081234598765&reason=x&who=rina");
	assert_true(json_int(json_get(answer, "kept"), &kept));
	assert_int_equal(kept, 1);
	assert_non_null(json_get(answer, "kept_because"));
	json_free(answer);
	assert_int_equal(ask("SELECT count(*) FROM person WHERE look = 0"), 1);
}

/* ---- everybody else sees a name that is none ---- */

static void a_ticket_names_its_sender_by_token(void **state)
{
	int64_t who = life_of(ANI, "ani", 26000011);
	struct buf all = BUF_INIT(1 << 20);
	struct json *answer;

	(void)state;
	ticket_of(who, 1, 26000010, "diproses");
	gateway("");
	answer = ask_as(0, "/v1/ticket", 200, "no=26000010");
	is_text(json_str(json_get(answer, "sender")), token(who));
	json_free(answer);
	answer = ask_as(0, "/v1/messages", 200, "");
	json_dump(answer, &all);
	assert_true(says(buf_str(&all), token(who)));
	assert_false(says(buf_str(&all), "8123"));
	json_free(answer);
	buf_free(&all);
}

static void the_trail_can_be_read(void **state)
{
	struct json *answer;
	const struct json *row;

	(void)state;
	person(ANI);
	gateway("rina");
	look(200, "do=find&number=081234598765&reason=surat&who=rina");
	look(403, "do=find&number=081234598765&reason=x&who=tono");
	answer = ask_as(0, "/v1/audit", 200, "limit=1");
	assert_int_equal(json_count(json_get(answer, "audit")), 1);
	row = json_item(json_get(answer, "audit"), 0);
	is_text(json_str(json_get(row, "who")), "tono");
	is_text(json_str(json_get(row, "what")), "find refused");
	is_text(json_str(json_get(row, "reason")), "x");
	json_free(answer);
	json_free(ask_as(0, "/v1/audit", 400, "limit=0"));
}

#define LOOK(f) cmocka_unit_test_setup_teardown(f, person_setup, person_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOOK(nobody_may_unless_named),
		LOOK(only_the_named_may),
		LOOK(the_system_says_who_it_is),
		LOOK(strangers_are_not_heard_at_all),
		LOOK(a_reason_is_needed_and_names_nobody),
		LOOK(an_unknown_number_is_in_the_trail_without_it),
		LOOK(a_look_that_cannot_be_written_down_is_none),
		LOOK(finding_tells_of_tickets_not_of_words),
		LOOK(an_export_is_all_of_him_and_nothing_else),
		LOOK(an_open_ticket_is_in_the_way),
		LOOK(what_a_statute_keeps_is_said),
		LOOK(a_ticket_names_its_sender_by_token),
		LOOK(the_trail_can_be_read),
	};

	log_to_fd(-1);
	return RUN_BOTH(tests);
}
