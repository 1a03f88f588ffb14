/* SPDX-License-Identifier: MIT */
/*
 * One person, by his number: find, export, erase. For operators whom guards.lookup_by
 * names, and nobody else; each attempt is written to the audit trail in the transaction
 * that answers it, with who, what and why, and whom it was about by his token, so the
 * trail itself names nobody.
 *
 * Who asks is what the system says about the other end of the socket. Only of root is
 * taken what the command says (SUDO_USER): whoever is root could say it otherwise anyway.
 */
#include "console/desk.h"

#include <pwd.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "model/mask.h"
#include "model/msisdn.h"
#include "store/retain.h"

enum { WHO_MOST = 60, REASON_MOST = 300 };

static struct str asked(const struct incoming *in, const char *name)
{
	return pairs_get(in->request.query, str_of(name));
}

/* An attempt while it is judged. */
struct look {
	struct engine *engine;
	struct incoming *in;
	struct answer *answer;
	const struct look_kind *kind;
	bool failed; /* nothing of it may stay in the store */
	struct str who, token;
	struct person person;
	bool found;
};

static bool find_do(struct look *look);
static bool export_do(struct look *look);
static bool erase_do(struct look *look);

static const struct look_kind {
	const char *name, *refused; /* in the audit trail */
	bool (*run)(struct look *look);
} kinds[] = {
	{ "find", "find refused", find_do },
	{ "export", "export refused", export_do },
	{ "erase", "erase refused", erase_do },
};

/* ---- who, whom, why ---- */

struct str desk_login(struct incoming *in)
{
	uid_t uid = (uid_t)in->request.peer_uid;
	struct str said = str_slice(asked(in, "who"), 0, WHO_MOST);
	struct passwd entry, *found = NULL;
	char room[4096];

	if (uid == 0 && said.n)
		return said;
	if (getpwuid_r(uid, &entry, room, sizeof(room), &found) || !found)
		return arena_printf(in->arena, "uid:%lld", (long long)uid);
	return arena_str(in->arena, str_of(found->pw_name));
}

static bool is_named(const struct str_list *names, struct str who)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->items[i], who))
			return true;
	return false;
}

/* Why that may not be; n 0: it may. */
static struct str forbidden(const struct look *look)
{
	const struct str_list *names = &engine_config(look->engine)->guards.lookup_by;

	if (names->n == 0)
		return STR("nobody may look up a person: guards.lookup_by names no "
			   "operator; put logins there, and reload");
	if (!is_named(names, look->who))
		return arena_printf(look->in->arena,
				    "%.*s may not look up a person: guards.lookup_by "
				    "does not name him",
				    STR_ARG(look->who));
	if (str_trim(asked(look->in, "reason")).n == 0)
		return STR("a reason is missing, for the audit trail: --reason TEXT");
	return STR("");
}

static int person_take(struct look *look, struct err *err)
{
	const struct config *c = engine_config(look->engine);
	struct str address;

	look->token = STR("unknown");
	if (sender_normalise(asked(look->in, "number"), c->gateway.country_code,
			     look->in->arena, &address) == SENDER_NONE)
		return 0;
	if (store_person_find(engine_store(look->engine), address, &look->person,
			      &look->found, err))
		return -1;
	if (look->found)
		look->token = store_person_token(engine_store(look->engine),
						 look->person.id, look->in->arena);
	return look->token.p ? 0 : err_set(err, ERR_LIMIT, "no room for a token");
}

/* The reason, without a digit when there is a number in it that could name somebody. */
static struct str reason_of(const struct look *look)
{
	unsigned digits = (unsigned)engine_config(look->engine)->gateway.number_width +
			  TICKETNO_BESIDE;
	struct str said = str_slice(str_trim(asked(look->in, "reason")), 0, REASON_MOST);
	struct str masked = mask_numbers(said, digits, look->in->arena);
	char *p;

	if (str_eq(masked, said))
		return said;
	p = arena_alloc(look->in->arena, masked.n + 1, 1);
	for (size_t i = 0; p && i < masked.n; i++)
		p[i] = masked.p[i] >= '0' && masked.p[i] <= '9' ? '*' : masked.p[i];
	return p ? str_from(p, masked.n) : STR("");
}

static int look_write(const struct look *look, const char *what, struct err *err)
{
	const struct audit_row row = {
		.at_ms = clock_wall_ms(),
		.who = look->who,
		.what = str_of(what),
		.about = look->token,
		.reason = reason_of(look),
	};

	log_event(LOG_LEVEL_NOTICE, "person_look", LOG_S("who", row.who),
		  LOG_S("what", row.what), LOG_S("about", row.about));
	return store_audit_write(engine_store(look->engine), &row, err);
}

static bool fail(struct look *look, const struct err *err)
{
	look->failed = true;
	return desk_problem(look->in, err->kind == ERR_LIMIT ? 507 : 503, err->text,
			    look->answer);
}

/* Writes down what was tried, and says why it does not happen. */
static bool refuse(struct look *look, int status, const char *what, struct str why)
{
	struct str sentence = arena_printf(look->in->arena, "%.*s", STR_ARG(why));
	struct err err;

	if (look_write(look, what, &err))
		return fail(look, &err);
	return desk_problem(look->in, status, sentence.p ? sentence.p : "refused",
			    look->answer);
}

/* The attempt is written down before anything is shown. */
static bool show(struct look *look, struct json *root)
{
	struct err err;

	if (look_write(look, look->kind->name, &err)) {
		json_free(root);
		return fail(look, &err);
	}
	return desk_json(look->in, 200, root, look->answer);
}

/* ---- what is done ---- */

static struct json *ticket_line(struct incoming *in, const struct person_ticket *t)
{
	struct json *o = json_new_object();

	json_set(o, "no",
		 json_new_str(arena_printf(in->arena, "%lld", (long long)t->no)));
	json_set(o, "state", json_new_str(str_of(ticket_state_code(t->state))));
	json_set(o, "department", json_new_str(t->department));
	json_set(o, "open", json_new_bool(t->open));
	return o;
}

static bool find_do(struct look *look)
{
	struct json *o, *list;
	struct person_ticket *tickets;
	struct err err;
	size_t n;

	if (store_person_tickets(engine_store(look->engine), look->person.id,
				 look->in->arena, &tickets, &n, &err))
		return fail(look, &err);
	o = json_new_object();
	list = json_new_array();
	json_set(o, "token", json_new_str(look->token));
	json_set(o, "kind",
		 json_new_str(
			 str_of(sender_kind_name((enum sender_kind)look->person.kind))));
	json_set(o, "language",
		 json_new_str(str_of(command_language_code(
			 (enum command_language)look->person.language))));
	json_set(o, "stopped", json_new_bool(look->person.stopped));
	for (size_t i = 0; i < n; i++)
		json_add(list, ticket_line(look->in, &tickets[i]));
	json_set(o, "tickets", list);
	return show(look, o);
}

static bool export_do(struct look *look)
{
	struct json *root;
	struct err err;

	root = desk_export(look->engine, look->in, &look->person, &err);
	return root ? show(look, root) : fail(look, &err);
}

static int any_open(struct look *look, bool *open, struct err *err)
{
	struct person_ticket *tickets;
	size_t n;

	*open = false;
	if (store_person_tickets(engine_store(look->engine), look->person.id,
				 look->in->arena, &tickets, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		*open |= tickets[i].open;
	return 0;
}

static bool erase_do(struct look *look)
{
	struct erased erased;
	struct json *o;
	struct err err;
	bool open;

	if (any_open(look, &open, &err))
		return fail(look, &err);
	if (open && asked(look->in, "force").n == 0)
		return refuse(look, 409, look->kind->refused,
			      STR("he has a ticket that is open; with --force its words "
				  "go, too, and he can be told nothing more"));
	if (engine_person_erase(look->engine, look->person.id, look->who, &erased, &err))
		return fail(look, &err);
	o = json_new_object();
	json_set(o, "token", json_new_str(look->token));
	json_set(o, "erased", json_new_int(erased.tickets));
	json_set(o, "kept", json_new_int(erased.kept));
	if (erased.kept)
		json_set(o, "kept_because",
			 json_new_str(STR("words of inquiries stay, without his number, "
					  "as long as the archive schedule says "
					  "(retention.inquiry)")));
	return show(look, o);
}

static const struct look_kind *kind_of(struct str name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_eq(name, str_of(kinds[i].name)))
			return &kinds[i];
	return NULL;
}

static bool judge(struct look *look)
{
	struct str why;
	struct err err;

	if (person_take(look, &err))
		return fail(look, &err);
	why = forbidden(look);
	if (why.n)
		return refuse(look, 403, look->kind->refused, why);
	if (!look->found)
		return refuse(look, 404, look->kind->name,
			      STR("nobody of that number is known"));
	return look->kind->run(look);
}

bool desk_person(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct store *store = engine_store(engine);
	struct look look = { .engine = engine,
			     .in = in,
			     .answer = answer,
			     .kind = kind_of(asked(in, "do")),
			     .who = desk_login(in) };
	struct err err;

	if (!look.kind || !look.who.p)
		return desk_problem(in, 400, "find, export or erase?", answer);
	if (store_mark(store, &err))
		return desk_problem(in, 503, err.text, answer);
	judge(&look);
	if (look.failed ? store_forget(store, &err) : store_release(store, &err))
		return desk_problem(in, 503, err.text, answer);
	return true;
}

/* ---- the audit trail ---- */

bool desk_audit(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct audit_row *rows;
	struct json *o, *list;
	struct err err;
	size_t n;
	int limit;

	if (!desk_limit(in, &limit, answer))
		return true;
	if (store_audit_list(engine_store(engine), limit, in->arena, &rows, &n, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < n; i++)
		json_add(list, desk_audit_json(engine, in, &rows[i]));
	json_set(o, "audit", list);
	return desk_json(in, 200, o, answer);
}
