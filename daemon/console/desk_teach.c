/* SPDX-License-Identifier: MIT */
/*
 * Last month's tickets, for an operator who wants to see what a new keyword would move
 * (daemon/ctl/teach.c does the work, outside the engine's thread). A page at a time,
 * numbers masked, confidential ones left out; each page is a look that the audit trail
 * keeps.
 */
#include "console/desk.h"

#include "base/clock.h"
#include "model/mask.h"
#include "store/desk.h"

enum { PAGE = 1000, DAYS_MOST = 366 };
static const int64_t day_ms = 86400000;

static struct str asked(const struct incoming *in, const char *name)
{
	return pairs_get(in->request.query, str_of(name));
}

static struct json *row_json(struct engine *engine, struct incoming *in,
			     const struct teach_row *t)
{
	unsigned digits =
		(unsigned)engine_config(engine)->gateway.number_width + TICKETNO_BESIDE;
	struct json *o = json_new_object();

	json_set(o, "no", json_new_int(t->no));
	json_set(o, "department", json_new_str(t->department));
	json_set(o, "state", json_new_str(t->state));
	json_set(o, "text", desk_text(in, mask_numbers(t->text, digits, in->arena)));
	return o;
}

static bool note_look(struct engine *engine, struct incoming *in,
		      const struct teach_row *rows, size_t n, struct err *err)
{
	struct audit_row row = {
		.at_ms = clock_wall_ms(),
		.who = asked(in, "who").n
			       ? arena_printf(in->arena, "operator:%.*s",
					      STR_ARG(str_slice(asked(in, "who"), 0, 60)))
			       : arena_printf(in->arena, "uid:%lld",
					      (long long)in->request.peer_uid),
		.what = STR("teach"),
		.about = n ? arena_printf(in->arena, "%lld-%lld", (long long)rows[0].no,
					  (long long)rows[n - 1].no)
			   : STR(""),
		.reason =
			mask_numbers(str_slice(asked(in, "words"), 0, 200), 8, in->arena),
	};

	return store_audit_write(engine_store(engine), &row, err) == 0;
}

/* Where it begins: an id, or so many days ago. */
static int begin_of(struct engine *engine, const struct incoming *in, int64_t *from,
		    struct err *err)
{
	int64_t days = 31;

	if (asked(in, "from").n)
		return str_to_int(asked(in, "from"), from)
			       ? 0
			       : err_set(err, ERR_NEVER, "from is the id of a ticket");
	if (asked(in, "days").n &&
	    (!str_to_int(asked(in, "days"), &days) || days < 1 || days > DAYS_MOST))
		return err_set(err, ERR_NEVER, "days are 1 to %d", DAYS_MOST);
	return store_teach_first(engine_store(engine), clock_wall_ms() - days * day_ms,
				 from, err);
}

bool desk_texts(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o, *list;
	struct teach_row *rows;
	int64_t from = 0, hidden = 0;
	struct err err;
	size_t n;

	if (begin_of(engine, in, &from, &err))
		return desk_problem(in, err.kind == ERR_NEVER ? 400 : 503, err.text,
				    answer);
	if (store_teach_rows(engine_store(engine), from, PAGE, in->arena, &rows, &n,
			     &err) ||
	    !note_look(engine, in, rows, n, &err))
		return desk_problem(in, 503, err.text, answer);
	o = json_new_object();
	list = json_new_array();
	for (size_t i = 0; i < n; i++) {
		if (rows[i].hidden)
			hidden++;
		else if (rows[i].text.n)
			json_add(list, row_json(engine, in, &rows[i]));
	}
	json_set(o, "tickets", list);
	json_set(o, "hidden", json_new_int(hidden));
	json_set(o, "next",
		 n == PAGE ? json_new_int(rows[n - 1].id + 1) : json_new_null());
	return desk_json(in, 200, o, answer);
}
