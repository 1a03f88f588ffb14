/* SPDX-License-Identifier: MIT */
/*
 * Which tickets and how many: what was asked for, checked word by word, so that an
 * operator is told what he has mistyped and what there is.
 */
#include "console/desk.h"

#include "base/clock.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MOST = 10000, SENTENCE = 8192 };

static struct str asked(const struct incoming *in, const char *name)
{
	return pairs_get(in->request.query, str_of(name));
}

bool desk_limit(struct incoming *in, int *limit, struct answer *answer)
{
	struct str s = asked(in, "limit");
	int64_t n = LIMIT_DEFAULT;

	if (s.n && (!str_to_int(s, &n) || n < 1 || n > LIMIT_MOST)) {
		desk_problem(in, 400, "--limit is a number from 1 to 10000", answer);
		return false;
	}
	*limit = (int)n;
	return true;
}

/* "2026-11-24", an ISO time, or an age "2h". */
static bool since_of(struct engine *engine, const struct incoming *in, int64_t *since_ms)
{
	const struct config *c = engine_config(engine);
	struct str s = asked(in, "since");
	struct when_date date;
	int64_t age;

	*since_ms = 0;
	if (s.n == 0)
		return true;
	if (str_to_ms(s, &age)) {
		*since_ms = clock_wall_ms() - age;
		return true;
	}
	if (calendar_read_date(s, &date)) {
		*since_ms = calendar_midnight(c->calendar, date);
		return true;
	}
	return time_read_iso(s, c->zone_s, since_ms);
}

/* ---- departments ---- */

static struct str in_capitals(struct str s, struct arena *arena)
{
	char *p = arena_alloc(arena, s.n + 1, 1);

	for (size_t i = 0; p && i < s.n; i++)
		p[i] = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A')
						      : s.p[i];
	return p ? str_from(p, s.n) : s;
}

struct str desk_department(const struct config *c, struct incoming *in, struct str code)
{
	struct str capitals = in_capitals(code, in->arena);

	if (config_department(c, capitals) >= 0 ||
	    str_eq(capitals, c->gateway.rest_queue))
		return capitals;
	return code;
}

static bool is_queue(const struct config *c, struct str code)
{
	return config_department(c, code) >= 0 || str_eq(code, c->gateway.rest_queue);
}

/* Of a department that has left the configuration, say. */
static bool has_tickets(struct engine *engine, struct incoming *in, struct str code)
{
	const struct ticket_filter filter = { .department = code, .limit = 1 };
	struct ticket *tickets;
	struct err err;
	size_t n = 0;

	return store_list_tickets(engine_store(engine), &filter, in->arena, &tickets, &n,
				  &err) ||
	       n > 0;
}

const char *desk_no_department(const struct config *c, struct incoming *in,
			       struct str code)
{
	struct buf b = BUF_INIT(SENTENCE);
	struct str sentence;

	buf_printf(&b, "no department \"%.*s\"; there are %.*s",
		   STR_ARG(str_slice(code, 0, 40)), STR_ARG(c->gateway.rest_queue));
	for (size_t i = 0; i < c->n_departments; i++)
		buf_printf(&b, " %.*s", STR_ARG(c->departments[i].code));
	sentence = arena_str(in->arena, buf_str(&b));
	buf_free(&b);
	return sentence.p ? sentence.p : "no department of that code";
}

static bool department_of(struct engine *engine, struct incoming *in, struct str *code,
			  struct answer *answer)
{
	const struct config *c = engine_config(engine);
	struct str written = asked(in, "department"), capitals;

	*code = desk_department(c, in, written);
	if (written.n == 0 || is_queue(c, *code) || has_tickets(engine, in, *code))
		return true;
	capitals = in_capitals(written, in->arena);
	if (!has_tickets(engine, in, capitals))
		return !desk_problem(in, 404, desk_no_department(c, in, written), answer);
	*code = capitals;
	return true;
}

/* ---- states ---- */

static bool no_state(struct incoming *in, struct answer *answer)
{
	struct buf b = BUF_INIT(SENTENCE);
	struct str sentence;

	buf_add(&b, STR("--state is one of"));
	for (int k = 0; k < TICKET_STATE_COUNT; k++)
		buf_printf(&b, " %s", ticket_state_code((enum ticket_state)k));
	sentence = arena_str(in->arena, buf_str(&b));
	buf_free(&b);
	desk_problem(in, 400, sentence.p ? sentence.p : "no such state", answer);
	return false;
}

bool desk_ticket_filter(struct engine *engine, struct incoming *in,
			struct ticket_filter *filter, struct answer *answer)
{
	enum ticket_state state;

	*filter = (struct ticket_filter){ .state = asked(in, "state"),
					  .open_only = asked(in, "open").n > 0 };
	if (!desk_limit(in, &filter->limit, answer))
		return false;
	if (!since_of(engine, in, &filter->since_ms)) {
		desk_problem(in, 400,
			     "--since is a date (2026-11-24), a time "
			     "(2026-11-24T08:30:00+07:00) or an age (2h, 3d)",
			     answer);
		return false;
	}
	if (filter->state.n && !ticket_state_read(filter->state, &state))
		return no_state(in, answer);
	return department_of(engine, in, &filter->department, answer);
}
