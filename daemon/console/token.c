/* SPDX-License-Identifier: MIT */
/*
 * Tokens of the API as the operator makes and revokes them, over the control socket. The
 * secret is in the answer to its making and nowhere else; both acts are in the audit
 * trail.
 */
#include "console/desk.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/token.h"

enum { NAME_MOST = 60, YEAR_DAYS = 365 };

static const int64_t day_ms = 86400000;

static struct str asked(const struct incoming *in, const char *name)
{
	return pairs_get(in->request.query, str_of(name));
}

static struct json *time_or_null(struct engine *engine, struct incoming *in,
				 int64_t at_ms)
{
	return at_ms ? desk_time(engine, in, at_ms) : json_new_null();
}

static const char *state_name(const struct token *t)
{
	static const char *const names[] = {
		[TOKEN_GOOD] = "good",
		[TOKEN_EXPIRED] = "expired",
		[TOKEN_REVOKED] = "revoked",
	};

	return names[token_state(t, clock_wall_ms())];
}

static struct json *token_json(struct engine *engine, struct incoming *in,
			       const struct token *t)
{
	struct json *o = json_new_object();

	json_set(o, "id", json_new_int(t->id));
	json_set(o, "name", json_new_str(t->name));
	json_set(o, "department", json_new_str(t->department));
	json_set(o, "scopes", json_new_str(token_scopes_write(t->scopes, in->arena)));
	json_set(o, "state", json_new_str(str_of(state_name(t))));
	json_set(o, "created", desk_time(engine, in, t->created_ms));
	json_set(o, "created_by", json_new_str(t->created_by));
	json_set(o, "expires", time_or_null(engine, in, t->expires_ms));
	json_set(o, "revoked", time_or_null(engine, in, t->revoked_ms));
	json_set(o, "used", time_or_null(engine, in, t->used_ms));
	return o;
}

static int audit(struct engine *engine, struct incoming *in, const char *what, int64_t id,
		 struct str about, struct err *err)
{
	const struct audit_row row = {
		.at_ms = clock_wall_ms(),
		.who = desk_login(in),
		.what = str_of(what),
		.about = arena_printf(in->arena, "token:%lld", (long long)id),
		.reason = about,
	};

	log_event(LOG_LEVEL_NOTICE, "token", LOG_Z("what", what), LOG_I("id", id),
		  LOG_S("who", row.who));
	return store_audit_write(engine_store(engine), &row, err);
}

/* ---- making one ---- */

/* "365d", "never"; a year when nothing is said. */
static bool expiry_read(struct str s, int64_t now_ms, int64_t *out)
{
	int64_t span = YEAR_DAYS * day_ms;

	if (str_eq(s, STR("never"))) {
		*out = 0;
		return true;
	}
	if (s.n && (!str_to_ms(s, &span) || span <= 0 || span > 100 * YEAR_DAYS * day_ms))
		return false;
	*out = now_ms + span;
	return true;
}

/* NULL: it may be so. */
static const char *scopes_trouble(const struct token *t)
{
	if (t->scopes == 0)
		return "a token without scopes may do nothing: --scopes read,answer";
	if (t->department.n == 0 && t->scopes & (TOKEN_ANSWER | TOKEN_TRANSFER))
		return "who answers or transfers does so for one department: "
		       "--department CODE";
	if (t->department.n && t->scopes & TOKEN_DESK)
		return "the scope desk is for tokens of all departments: --all";
	return NULL;
}

static const char *token_read(struct engine *engine, struct incoming *in, struct token *t)
{
	const struct config *c = engine_config(engine);
	struct str words = asked(in, "scopes"), odd = STR("");

	*t = (struct token){
		.name = str_trim(asked(in, "name")),
		.department = desk_department(c, in, asked(in, "department")),
		.created_ms = clock_wall_ms(),
		.created_by = desk_login(in),
	};
	if (t->name.n == 0 || t->name.n > NAME_MOST)
		return "whose token is it? --name of up to 60 letters";
	if (t->department.n == 0 && asked(in, "all").n == 0)
		return "for which department? --department CODE, or --all";
	if (t->department.n && asked(in, "all").n)
		return "either --department or --all";
	if (t->department.n && config_department(c, t->department) < 0)
		return desk_no_department(c, in, t->department);
	if (!token_scopes_read(words.n ? words : STR("read"), &t->scopes, &odd))
		return arena_printf(in->arena, "no scope '%.*s'; there are %s",
				    STR_ARG(odd), token_scopes_all())
			.p;
	if (!expiry_read(asked(in, "expires"), t->created_ms, &t->expires_ms))
		return "--expires is a time like 90d, or never";
	return scopes_trouble(t);
}

bool desk_token_create(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct token t;
	const char *trouble = token_read(engine, in, &t);
	struct str secret, about;
	struct json *o;
	struct err err;

	if (trouble)
		return desk_problem(in, 400, trouble, answer);
	about = arena_printf(in->arena, "%.*s %.*s %.*s", STR_ARG(t.name),
			     STR_ARG(t.department),
			     STR_ARG(token_scopes_write(t.scopes, in->arena)));
	if (store_token_add(engine_store(engine), &t, in->arena, &t.id, &secret, &err) ||
	    audit(engine, in, "token create", t.id, about, &err))
		return desk_problem(in, 503, err.text, answer);
	o = token_json(engine, in, &t);
	json_set(o, "token", json_new_str(secret));
	return desk_json(in, 200, o, answer);
}

/* ---- seeing and revoking them ---- */

bool desk_tokens(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o, *list;
	struct token *tokens;
	struct err err;
	size_t n;

	if (store_tokens(engine_store(engine), in->arena, &tokens, &n, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < n; i++)
		json_add(list, token_json(engine, in, &tokens[i]));
	json_set(o, "tokens", list);
	return desk_json(in, 200, o, answer);
}

bool desk_token_revoke(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o;
	struct err err;
	bool found;
	int64_t id;

	if (!str_to_int(asked(in, "id"), &id))
		return desk_problem(in, 400, "which token? Its id is in token list",
				    answer);
	if (store_token_revoke(engine_store(engine), id, clock_wall_ms(), &found, &err) ||
	    (found && audit(engine, in, "token revoke", id, STR(""), &err)))
		return desk_problem(in, 503, err.text, answer);
	if (!found)
		return desk_problem(in, 404, "no token of that id that is not revoked",
				    answer);
	o = json_new_object();
	json_set(o, "id", json_new_int(id));
	json_set(o, "revoked", json_new_bool(true));
	return desk_json(in, 200, o, answer);
}
