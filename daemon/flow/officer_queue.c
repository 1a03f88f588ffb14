/* SPDX-License-Identifier: MIT */
/*
 * Which ticket an officer means, and whether it is his: the one that he names, the only
 * one that waits for him, or one of several that he is asked to choose from.
 */
#include "flow/order.h"

enum { LIST_MOST = 5, QUEUE_LOOK = 20 };

int order_say(const struct order *o, enum reply_key key, const struct ticket *t,
	      struct str values[VALUE_COUNT], struct err *err)
{
	struct reply reply = { .key = key, .priority = 2 };

	if (t) {
		reply.ticket_id = o->h->ticket_id = t->id;
		ticket_values(o->e, &o->h->person, t, key, reply.values);
	}
	reply.values[VALUE_PERINTAH] = str_of(officer_name(o->c.kind));
	for (int v = 0; values && v < VALUE_COUNT; v++)
		if (values[v].p)
			reply.values[v] = values[v];
	return reply_say(o->e, o->h, &reply, err);
}

int order_say_number(const struct order *o, enum reply_key key, int64_t no,
		     struct err *err)
{
	struct str values[VALUE_COUNT] = { 0 };

	values[VALUE_NO] = arena_printf(o->e->item, "%lld", (long long)no);
	return order_say(o, key, NULL, values, err);
}

static bool is_ours(const struct order *o, const struct ticket *t)
{
	const struct engine *e = o->e;
	int department = config_department(e->config, t->department);

	if (o->by->desk)
		return true;
	if (o->by->department < 0)
		return o->by->level >= LIFE_LEVEL_SEKDA && !t->life.sensitive;
	if (t->accused.n &&
	    str_eq(t->accused, e->config->departments[o->by->department].code))
		return false;
	return department == o->by->department;
}

int order_find(const struct order *o, int64_t no, struct ticket *t, bool *found,
	       struct err *err)
{
	struct err why;

	*found = false;
	if (store_ticket_by_no(o->e->store, no, o->e->item, t, &why)) {
		if (why.kind == ERR_NEVER)
			return 0;
		*err = why;
		return -1;
	}
	*found = is_ours(o, t);
	return 0;
}

/* What waits for this officer, nearest deadline first. */
static int waiting(const struct order *o, struct ticket **list, size_t *n,
		   struct err *err)
{
	static const enum ticket_state works[] = { TICKET_DITERUSKAN, TICKET_DIPROSES,
						   TICKET_DIJADWALKAN, TICKET_TANYA };
	static const enum ticket_state desks[] = { TICKET_PERIKSA };
	const enum ticket_state *states = o->by->department < 0 ? desks : works;
	size_t n_states = o->by->department < 0 ? 1 : sizeof(works) / sizeof(*works);
	struct str code = o->by->department < 0
				  ? o->e->config->gateway.rest_queue
				  : o->e->config->departments[o->by->department].code;
	struct ticket *all = ARENA_NEW(o->e->item, struct ticket, QUEUE_LOOK * 4), *some;
	size_t k = 0, m;

	if (!all)
		return err_set(err, ERR_LIMIT, "no room for a list");
	for (size_t s = 0; s < n_states; s++) {
		if (store_ticket_queue(o->e->store, code, states[s], QUEUE_LOOK,
				       o->e->item, &some, &m, err))
			return -1;
		for (size_t i = 0; i < m; i++)
			all[k++] = some[i];
	}
	for (size_t i = 1; i < k; i++) /* few: sorted by insertion */
		for (size_t j = i; j && all[j].answer_due_ms < all[j - 1].answer_due_ms;
		     j--) {
			struct ticket t = all[j];

			all[j] = all[j - 1];
			all[j - 1] = t;
		}
	*list = all;
	*n = k;
	return 0;
}

int order_say_list(const struct order *o, struct err *err)
{
	struct str values[VALUE_COUNT] = { 0 };
	struct buf buf = BUF_INIT(400);
	struct ticket *list;
	size_t n = 0;

	if (waiting(o, &list, &n, err))
		return -1;
	if (n == 0)
		return order_say(o, REPLY_PET_DAFTAR_KOSONG, NULL, NULL, err);
	for (size_t i = 0; i < n && i < LIST_MOST; i++) {
		struct str day = calendar_show_date(o->e->config->calendar,
						    list[i].answer_due_ms, o->e->item);

		buf_printf(&buf, "%s%lld %.*s", i ? "; " : "", (long long)list[i].no,
			   STR_ARG(str_slice(day, 0, 5)));
	}
	values[VALUE_TEKS] = arena_str(o->e->item, buf_str(&buf));
	buf_free(&buf);
	if (n > LIST_MOST)
		values[VALUE_SISA] = arena_printf(o->e->item, "%zu", n - LIST_MOST);
	return order_say(o, REPLY_PET_DAFTAR, NULL, values, err);
}

/* No number: the only one that waits, if he says so; else which? */
int order_ask_number(const struct order *o, struct err *err)
{
	struct str values[VALUE_COUNT] = { 0 };
	struct asking asking = { .asked = ASKED_OFFICER_SURE, .message_id = o->text_id };
	struct buf buf = BUF_INIT(200);
	struct ticket *list;
	size_t n = 0;

	if (waiting(o, &list, &n, err))
		return -1;
	if (n == 0)
		return order_say(o, REPLY_PET_DAFTAR_KOSONG, NULL, NULL, err);
	if (n == 1) {
		asking.no = list[0].no;
		return asking_set(o->e, &o->h->person, &asking, err) ||
				       order_say(o, REPLY_PET_YAKIN, &list[0], NULL, err)
			       ? -1
			       : 0;
	}
	asking.asked = ASKED_WHICH;
	for (size_t i = 0; i < n && i < CONTEXT_WHICH_MOST; i++) {
		asking.choices[asking.n_choices++] =
			arena_printf(o->e->item, "%lld", (long long)list[i].no);
		buf_printf(&buf, "%s%zu = %lld", i ? ", " : "", i + 1,
			   (long long)list[i].no);
	}
	values[VALUE_TEKS] = arena_str(o->e->item, buf_str(&buf));
	buf_free(&buf);
	if (asking_set(o->e, &o->h->person, &asking, err))
		return -1;
	return order_say(o, REPLY_PET_PILIH, NULL, values, err);
}
