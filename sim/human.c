/* SPDX-License-Identifier: MIT */
/* For people: the page with the handsets, its API, and the knobs for faults. */
#include "sim.h"

#include "base/utf8.h"

enum { NUMBER_MOST = 40, TEXT_MOST = 8192, PART_UNITS = 153 };

static bool page(struct sim *sim, struct incoming *in)
{
	/* The two ends of one embedded file. */
	/* cppcheck-suppress comparePointers */
	size_t n = (size_t)(sim_page_end - sim_page);

	sim_answer(sim, in, 200, "text/html; charset=utf-8", str_from(sim_page, n));
	return true;
}

static bool say(struct sim *sim, struct incoming *in, size_t units)
{
	struct str_pairs form = sim_form(in);
	struct str from = str_trim(sim_field(in, form, "from")),
		   to = sim_field(in, form, "to");
	struct str text = utf8_repair(sim_field(in, form, "text"), in->arena);
	struct json *root;
	int64_t id;

	if (from.n == 0 || from.n > NUMBER_MOST || text.n > TEXT_MOST) {
		sim_answer(sim, in, 400, "text/plain", STR("from and text, please\n"));
		return true;
	}
	id = world_say(&sim->world, from, to.n ? to : sim->number, text, units);
	if (id)
		at_push(sim, &sim->world.inbox[sim->world.n_inbox - 1]);
	root = json_new_object();
	json_set(root, "id", json_new_int(id));
	sim_answer_json(sim, in, id ? 200 : 507, root);
	return true;
}

static bool handset(struct sim *sim, struct incoming *in)
{
	struct json *root = json_new_object(), *list = json_new_array();
	uint32_t h =
		world_handset(&sim->world, sim_field(in, in->request.query, "number"));

	for (const struct entry *e = h == UINT32_MAX ? NULL
						     : sim->world.handsets[h].first;
	     e; e = e->next) {
		struct json *o = json_new_object();

		json_set(o, "direction",
			 json_new_str(e->received ? STR("received") : STR("sent")));
		json_set(o, "text", json_new_str(e->text));
		json_set(o, "at", json_new_int(e->at_ms));
		json_add(list, o);
	}
	json_set(root, "messages", list);
	sim_answer_json(sim, in, 200, root);
	return true;
}

static bool handsets(struct sim *sim, struct incoming *in)
{
	struct json *root = json_new_object(), *list = json_new_array();

	for (uint32_t i = 0; i < sim->world.n_handsets && i < 200; i++) {
		const struct handset *h = &sim->world.handsets[i];
		struct json *o;

		if (!h->first)
			continue;
		o = json_new_object();
		json_set(o, "number", json_new_str(h->number));
		json_set(o, "sent", json_new_int(h->sent));
		json_set(o, "received", json_new_int(h->received));
		json_add(list, o);
	}
	json_set(root, "handsets", list);
	json_set(root, "number", json_new_str(sim->number));
	sim_answer_json(sim, in, 200, root);
	return true;
}

static bool stats(struct sim *sim, struct incoming *in)
{
	const struct counters *c = &sim->world.counters;
	const struct {
		const char *name;
		uint64_t n;
	} rows[] = {
		{ "polls", c->polls },
		{ "polled_messages", c->polled_messages },
		{ "sends", c->sends },
		{ "accepted", c->accepted },
		{ "same_reply", c->same_reply },
		{ "conflicts", c->conflicts },
		{ "reports", c->reports },
		{ "reports_failed", c->reports_failed },
		{ "pushes", c->pushes },
		{ "settled", c->settled },
		{ "faults", c->faults },
		{ "inbox", sim->world.n_inbox },
	};
	struct json *root = json_new_object();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		json_set(root, rows[i].name, json_new_int((int64_t)rows[i].n));
	sim_answer_json(sim, in, 200, root);
	return true;
}

static bool faults(struct sim *sim, struct incoming *in)
{
	struct str bad, list = sim_field(in, sim_form(in), "set");

	if (!faults_set(&sim->faults, list, &bad))
		sim_answer(
			sim, in, 400, "text/plain",
			arena_printf(in->arena, "no such fault: %.*s\n", STR_ARG(bad)));
	else
		sim_answer(sim, in, 200, "text/plain", STR("set\n"));
	return true;
}

bool human_request(struct sim *sim, struct incoming *in)
{
	bool get = in->request.method == HTTP_GET;
	struct str path = in->request.path;

	if (get && str_eq(path, STR("/")))
		return page(sim, in);
	if (get && str_eq(path, STR("/sim/handset")))
		return handset(sim, in);
	if (get && str_eq(path, STR("/sim/handsets")))
		return handsets(sim, in);
	if (get && str_eq(path, STR("/sim/stats")))
		return stats(sim, in);
	if (!get && str_eq(path, STR("/sim/text")))
		return say(sim, in, 0);
	if (!get && str_eq(path, STR("/sim/long")))
		return say(sim, in, PART_UNITS);
	if (!get && str_eq(path, STR("/sim/faults")))
		return faults(sim, in);
	return false;
}
