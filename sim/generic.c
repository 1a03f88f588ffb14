/* SPDX-License-Identifier: MIT */
/*
 * A plain JSON dialect, for what Africa's Talking does not have: parts of long texts, an
 * acknowledgement for each message, a message id of the sender's that makes sending twice
 * harmless, and an inbox that gives each message once.
 *
 *   GET    /generic/inbox?after=ID   { "messages": [ … ], "next": ID }
 *   DELETE /generic/inbox/ID
 *   POST   /generic/send             { "id", "to", "text" } → 200 { "id" } | 409
 */
#include "sim.h"

#include <stdlib.h>

static struct json *message_json(const struct world *w, const struct mo *mo)
{
	struct json *o = json_new_object();

	json_set(o, "id", json_new_int(mo->id));
	json_set(o, "from", json_new_str(w->handsets[mo->handset].number));
	json_set(o, "to", json_new_str(mo->to));
	json_set(o, "text", json_new_str(mo->text));
	json_set(o, "time", json_new_int(mo->at_ms / 1000));
	if (mo->total) {
		json_set(o, "ref", json_new_int(mo->ref));
		json_set(o, "total", json_new_int(mo->total));
		json_set(o, "part", json_new_int(mo->part));
	}
	return o;
}

static bool inbox(struct sim *sim, struct incoming *in)
{
	struct world *w = &sim->world;
	enum fault fault = fault_draw(&sim->faults, FAULT_POLL);
	struct json *root = json_new_object(), *list = json_new_array();
	struct buf b = BUF_INIT(8 << 20);
	int64_t after = 0, last;
	size_t n = 0;
	struct str body;

	str_to_int(sim_field(in, in->request.query, "after"), &after);
	last = after;
	w->counters.polls++;
	for (size_t i = after < w->first_id ? 0 : (size_t)(after - w->first_id + 1);
	     i < w->n_inbox && n < sim->page_size; i++) {
		if (w->inbox[i].gone || !w->inbox[i].generic)
			continue;
		json_add(list, message_json(w, &w->inbox[i]));
		last = w->inbox[i].id;
		n++;
		/* Once read, never again: whoever loses this answer has lost the message.
		 */
		w->inbox[i].gone = sim->read_once && fault == FAULT_NONE;
	}
	json_set(root, "messages", list);
	json_set(root, "next", json_new_int(last));
	json_dump(root, &b);
	json_free(root);
	body = arena_str(in->arena, buf_str(&b));
	buf_free(&b);
	if (!sim_play(sim, in, fault, 200, body))
		sim_answer(sim, in, 200, "application/json", body);
	return true;
}

static bool settle(struct sim *sim, struct incoming *in, struct str id)
{
	struct world *w = &sim->world;
	int64_t n;

	if (!str_to_int(id, &n) || n < w->first_id ||
	    n >= w->first_id + (int64_t)w->n_inbox) {
		sim_answer(sim, in, 404, "text/plain", STR("no such message\n"));
		return true;
	}
	w->inbox[n - w->first_id].gone = true;
	w->counters.settled++;
	sim_answer(sim, in, 204, "text/plain", STR(""));
	return true;
}

/* True when this id was taken before; remembers it otherwise. */
static bool taken_before(struct sim *sim, struct str id)
{
	uint64_t hash = str_hash(id), *grown;

	for (uint64_t i = 0; i < sim->generic_taken_n; i++)
		if (sim->generic_taken[i] == hash)
			return true;
	if (sim->generic_taken_n == sim->generic_taken_room) {
		sim->generic_taken_room =
			sim->generic_taken_room ? sim->generic_taken_room * 2 : 256;
		grown = realloc(sim->generic_taken,
				sim->generic_taken_room * sizeof(*grown));
		if (!grown)
			return false;
		sim->generic_taken = grown;
	}
	sim->generic_taken[sim->generic_taken_n++] = hash;
	return false;
}

static bool send(struct sim *sim, struct incoming *in)
{
	enum fault fault = fault_draw(&sim->faults, FAULT_SEND);
	struct err err;
	struct json *root = json_parse(in->request.body, &err);
	struct str id = json_str(json_get(root, "id")),
		   to = json_str(json_get(root, "to"));
	struct str text = json_str(json_get(root, "text")), body;

	sim->world.counters.sends++;
	if (!id.n || !to.n || !text.n) {
		json_free(root);
		sim_answer(sim, in, 400, "application/json",
			   STR("{\"error\":\"id, to, text\"}"));
		return true;
	}
	body = arena_printf(in->arena, "{\"id\":\"%.*s\"}", STR_ARG(id));
	if (fault != FAULT_500 && fault != FAULT_429) {
		if (taken_before(sim, id)) {
			json_free(root);
			sim->world.counters.conflicts++;
			sim_answer(sim, in, 409, "application/json",
				   STR("{\"error\":\"known\"}"));
			return true;
		}
		sim_took(sim, to, text);
	}
	json_free(root);
	if (!sim_play(sim, in, fault, 200, body))
		sim_answer_later(sim, in, 200, "application/json", body,
				 sim->faults.hold_ms);
	return true;
}

bool generic_request(struct sim *sim, struct incoming *in)
{
	struct str path = in->request.path, box = STR("/generic/inbox/");

	if (str_eq(path, STR("/generic/inbox")) && in->request.method == HTTP_GET)
		return inbox(sim, in);
	if (str_starts(path, box) && in->request.method == HTTP_DELETE)
		return settle(sim, in, str_slice(path, box.n, path.n));
	if (str_eq(path, STR("/generic/send")) && in->request.method == HTTP_POST)
		return send(sim, in);
	return false;
}
