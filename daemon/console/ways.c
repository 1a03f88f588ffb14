/* SPDX-License-Identifier: MIT */
/*
 * The departments' ways over the control socket: what waits, what is parked, what the
 * operator does with it; and their metrics. Deliveries hold no words, so nothing here
 * shows any.
 */
#include "console/desk.h"

#include "base/clock.h"
#include "base/log.h"
#include "flow/queue.h"

enum { ROWS_MOST = 500 };

static struct str asked(const struct incoming *in, const char *name)
{
	return pairs_get(in->request.query, str_of(name));
}

/* ---- what there is ---- */

static double age_s(int64_t made_ms)
{
	int64_t now = clock_wall_ms();

	return made_ms && now > made_ms ? (double)(now - made_ms) / 1000 : 0;
}

static const char *condition(const struct way_view *v)
{
	if (v->stopped)
		return "stopped";
	return v->failing ? "failing" : "well";
}

static struct json *way_json(struct incoming *in, const struct way_view *v)
{
	struct json *o = json_new_object(), *ends = json_new_object();

	json_set(o, "department", json_new_str(v->department->code));
	json_set(o, "way", json_new_str(v->config->name));
	json_set(o, "by", json_new_str(v->config->by_name));
	json_set(o, "reserve", json_new_bool(v->config->reserve));
	json_set(o, "condition", json_new_str(str_of(condition(v))));
	json_set(o, "waiting", json_new_int(v->queued));
	json_set(o, "in_flight", json_new_int(v->in_flight));
	json_set(o, "parked", json_new_int(v->parked));
	json_set(o, "oldest_age_s", json_new_real(age_s(v->oldest_ms)));
	json_set(o, "failures", json_new_int(v->failures));
	json_set(o, "paused_for_ms", json_new_int(v->paused_for_ms));
	json_set(o, "trouble", desk_text(in, str_of(v->trouble)));
	for (int k = 0; k < DELIVERY_ENDS; k++)
		json_set(ends, delivery_end_name((enum delivery_end)k),
			 json_new_int((int64_t)v->ends[k]));
	json_set(o, "ends", ends);
	return o;
}

static struct json *delivery_json(struct engine *engine, struct incoming *in,
				  const struct delivery *d)
{
	struct json *o = json_new_object();
	struct ticket t;
	struct err err;

	json_set(o, "id", json_new_int(d->id));
	json_set(o, "way", json_new_str(d->way));
	if (d->target.n)
		json_set(o, "to", desk_text(in, d->target));
	if (d->ticket_id && store_ticket_get(engine_store(engine), d->ticket_id,
					     in->arena, &t, &err) == 0)
		json_set(o, "no",
			 json_new_str(arena_printf(in->arena, "%lld", (long long)t.no)));
	json_set(o, "what", json_new_str(d->what));
	json_set(o, "event", json_new_str(d->event));
	json_set(o, "state", json_new_str(d->state));
	json_set(o, "urgent", json_new_bool(d->urgent));
	json_set(o, "attempts", json_new_int(d->attempts));
	json_set(o, "made", desk_time(engine, in, d->created_ms));
	json_set(o, "due", desk_time(engine, in, d->due_ms));
	if (d->done_ms)
		json_set(o, "ended", desk_time(engine, in, d->done_ms));
	json_set(o, "reason", desk_text(in, d->reason));
	if (d->instead_of)
		json_set(o, "instead_of", json_new_int(d->instead_of));
	return o;
}

/* Open ones of a department's ways, then parked ones. −1 with *err. */
static int deliveries_json(struct engine *engine, struct incoming *in, int limit,
			   struct str department, struct json *list, struct err *err)
{
	struct delivery *rows;
	size_t n;

	for (size_t i = 0; i < engine_ways(engine); i++) {
		struct way_view v = engine_way(engine, i);

		if (!str_eq(v.department->code, department))
			continue;
		if (store_deliveries(engine_store(engine), DELIVERIES_OPEN, department,
				     v.config->name, INT64_MAX, limit, in->arena, &rows,
				     &n, err))
			return -1;
		for (size_t k = 0; k < n; k++)
			json_add(list, delivery_json(engine, in, &rows[k]));
	}
	if (store_deliveries_parked(engine_store(engine), department, 0, limit, in->arena,
				    &rows, &n, err))
		return -1;
	for (size_t k = 0; k < n; k++)
		json_add(list, delivery_json(engine, in, &rows[k]));
	return 0;
}

static int tickets_json(struct engine *engine, struct incoming *in,
			const struct ticket_filter *filter, struct json *list,
			struct err *err)
{
	struct ticket *tickets;
	size_t n;

	if (store_list_tickets(engine_store(engine), filter, in->arena, &tickets, &n,
			       err))
		return -1;
	for (size_t i = 0; i < n; i++)
		json_add(list, desk_ticket_json(engine, in, &tickets[i]));
	return 0;
}

/* Of all departments their ways; of one also what waits there: deliveries, tickets. */
bool desk_queue(struct engine *engine, struct incoming *in, struct answer *answer)
{
	struct json *o, *ways, *deliveries, *tickets;
	struct ticket_filter filter;
	struct err err;

	if (!desk_ticket_filter(engine, in, &filter, answer))
		return true;
	filter.open_only = true;
	o = json_new_object();
	ways = json_new_array();
	for (size_t i = 0; i < engine_ways(engine); i++) {
		struct way_view v = engine_way(engine, i);

		if (filter.department.n == 0 ||
		    str_eq(v.department->code, filter.department))
			json_add(ways, way_json(in, &v));
	}
	json_set(o, "ways", ways);
	if (filter.department.n == 0)
		return desk_json(in, 200, o, answer);
	deliveries = json_new_array();
	tickets = json_new_array();
	json_set(o, "deliveries", deliveries);
	json_set(o, "tickets", tickets);
	if (deliveries_json(engine, in,
			    filter.limit < ROWS_MOST ? filter.limit : ROWS_MOST,
			    filter.department, deliveries, &err) ||
	    tickets_json(engine, in, &filter, tickets, &err)) {
		json_free(o);
		return desk_problem(in, 503, err.text, answer);
	}
	return desk_json(in, 200, o, answer);
}

/* ---- what is done ---- */

static bool did(struct incoming *in, const char *what, int64_t n, struct answer *answer)
{
	struct json *o = json_new_object();

	log_event(LOG_LEVEL_NOTICE, "delivery_act", LOG_Z("did", what),
		  LOG_S("id", asked(in, "id")), LOG_S("all", asked(in, "all-parked")),
		  LOG_S("department", asked(in, "department")),
		  LOG_S("way", asked(in, "way")), LOG_I("by_uid", in->request.peer_uid));
	json_set(o, "did", json_new_str(str_of(what)));
	json_set(o, "n", json_new_int(n));
	return desk_json(in, 200, o, answer);
}

static bool act_on(struct engine *engine, struct incoming *in, enum queue_act act,
		   const char *name, struct answer *answer)
{
	struct str all =
		desk_department(engine_config(engine), in, asked(in, "all-parked"));
	const char *refusal = NULL;
	struct err err;
	int64_t id, n = 1;

	if (all.n && act == QUEUE_PARK)
		return desk_problem(in, 400, "one by one, please: park NO", answer);
	if (all.n) {
		if (engine_parked_act(engine, all, act, &n, &err))
			return desk_problem(in, 503, err.text, answer);
		/* One that has left the configuration may have some. */
		if (n == 0 && config_department(engine_config(engine), all) < 0)
			return desk_problem(
				in, 404,
				desk_no_department(engine_config(engine), in, all),
				answer);
		return did(in, name, n, answer);
	}
	if (!str_to_int(asked(in, "id"), &id))
		return desk_problem(in, 400, "which one? its number is in `queue DEPT`",
				    answer);
	if (engine_delivery_act(engine, id, act, &refusal, &err))
		return desk_problem(in, err.kind == ERR_NEVER ? 404 : 503, err.text,
				    answer);
	return refusal ? desk_problem(in, 409, refusal, answer)
		       : did(in, name, n, answer);
}

/* NULL: that department has that way. */
static const char *no_way(struct engine *engine, struct incoming *in,
			  struct str department, struct str way)
{
	enum { ROOM = 2000 };
	const struct config *c = engine_config(engine);
	struct buf b = BUF_INIT(ROOM);
	bool found = false, some = false;
	struct str sentence;

	if (config_department(c, department) < 0)
		return desk_no_department(c, in, department);
	buf_printf(&b, "%.*s has no way \"%.*s\"; its ways are", STR_ARG(department),
		   STR_ARG(str_slice(way, 0, 40)));
	for (size_t i = 0; i < engine_ways(engine); i++) {
		struct way_view v = engine_way(engine, i);

		if (!str_eq(v.department->code, department))
			continue;
		found = found || str_eq(v.config->name, way);
		some = true;
		buf_printf(&b, " %.*s", STR_ARG(v.config->name));
	}
	sentence = arena_str(in->arena, buf_str(&b));
	buf_free(&b);
	if (found)
		return NULL;
	return some && sentence.p
		       ? sentence.p
		       : "this department has no ways: departments.ways in the "
			 "configuration";
}

bool desk_deliver(struct engine *engine, struct incoming *in, struct answer *answer)
{
	static const struct {
		struct str name;
		enum queue_act act;
	} acts[] = {
		{ STR_INIT("retry"), QUEUE_RETRY },
		{ STR_INIT("park"), QUEUE_PARK },
		{ STR_INIT("drop"), QUEUE_DROP },
	};
	struct str what = asked(in, "do"), way = asked(in, "way"),
		   department = desk_department(engine_config(engine), in,
						asked(in, "department"));
	bool test = str_eq(what, STR("test"));
	const char *refusal;
	struct err err;
	int64_t n = 1;

	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		if (str_eq(what, acts[i].name))
			return act_on(engine, in, acts[i].act, acts[i].name.p, answer);
	if (!test && !str_eq(what, STR("resume")))
		return desk_problem(in, 400, "retry, park, drop, test or resume", answer);
	refusal = no_way(engine, in, department, way);
	if (refusal)
		return desk_problem(in, 404, refusal, answer);
	if (test ? engine_way_test(engine, department, way, asked(in, "to"), &n, &refusal,
				   &err)
		 : engine_way_resume(engine, department, way, &refusal, &err))
		return desk_problem(in, 503, err.text, answer);
	return refusal ? desk_problem(in, 404, refusal, answer)
		       : did(in, test ? "test" : "resume", n, answer);
}

/* ---- metrics ---- */

static double queued_of(const struct way_view *v)
{
	return (double)v->queued;
}

static double in_flight_of(const struct way_view *v)
{
	return v->in_flight;
}

static double parked_of(const struct way_view *v)
{
	return (double)v->parked;
}

static double oldest_of(const struct way_view *v)
{
	return age_s(v->oldest_ms);
}

static double failing_of(const struct way_view *v)
{
	return v->failing;
}

static double stopped_of(const struct way_view *v)
{
	return v->stopped;
}

/* Labels: codes and names of the configuration, which takes no quotes in codes. */
static void labels(struct buf *b, const char *name, const struct way_view *v)
{
	buf_printf(b, "kentongan_%s{department=\"", name);
	desk_label(b, v->department->code);
	buf_add(b, STR("\",way=\""));
	desk_label(b, v->config->name);
}

/* Of ways whose other side is asked how things stand. */
static void watch_metrics(struct buf *b, const struct way_view *views, size_t n)
{
	desk_family(b, "watch_polls_total", "counter",
		    "Questions how requests stand in a department's own system, by how "
		    "they ended.");
	for (size_t i = 0; i < n; i++)
		for (int k = 0; views[i].watches && k < WATCH_ENDS; k++) {
			labels(b, "watch_polls_total", &views[i]);
			buf_printf(b, "\",outcome=\"%s\"} %llu\n",
				   watch_end_name((enum watch_end)k),
				   (unsigned long long)views[i].watch_ends[k]);
		}
	desk_family(b, "watch_last_good_timestamp_seconds", "gauge",
		    "When the last good answer to one came, Unix time; 0: not since the "
		    "start.");
	for (size_t i = 0; i < n; i++)
		if (views[i].watches) {
			labels(b, "watch_last_good_timestamp_seconds", &views[i]);
			buf_printf(b, "\"} %.17g\n", (double)views[i].watched_ms / 1000);
		}
}

void desk_way_metrics(struct engine *engine, struct incoming *in, struct buf *b)
{
	static const struct {
		const char *name, *help;
		double (*of)(const struct way_view *);
	} gauges[] = {
		{ "deliveries_waiting", "Deliveries that wait to leave.", queued_of },
		{ "deliveries_in_flight",
		  "Deliveries handed to the carrier, end not yet known.", in_flight_of },
		{ "deliveries_parked", "Deliveries that wait for a human.", parked_of },
		{ "deliveries_oldest_seconds",
		  "Age of the oldest one that is not delivered.", oldest_of },
		{ "way_failing", "1 while the way is paused by failures.", failing_of },
		{ "way_stopped", "1 while the way is stopped for good.", stopped_of },
	};
	size_t n = engine_ways(engine);
	struct way_view *views = ARENA_NEW(in->arena, struct way_view, n + 1);

	for (size_t i = 0; views && i < n; i++)
		views[i] = engine_way(engine, i);
	for (size_t g = 0; views && g < sizeof(gauges) / sizeof(*gauges); g++) {
		desk_family(b, gauges[g].name, "gauge", gauges[g].help);
		for (size_t i = 0; i < n; i++) {
			labels(b, gauges[g].name, &views[i]);
			buf_printf(b, "\"} %.17g\n", gauges[g].of(&views[i]));
		}
	}
	desk_family(b, "deliveries_total", "counter",
		    "Attempts by how they ended, and deliveries parked or dropped.");
	for (size_t i = 0; views && i < n; i++)
		for (int k = 0; k < DELIVERY_ENDS; k++) {
			labels(b, "deliveries_total", &views[i]);
			buf_printf(b, "\",end=\"%s\"} %llu\n",
				   delivery_end_name((enum delivery_end)k),
				   (unsigned long long)views[i].ends[k]);
		}
	if (views)
		watch_metrics(b, views, n);
}
