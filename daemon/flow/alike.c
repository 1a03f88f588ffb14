/* SPDX-License-Identifier: MIT */
/*
 * Other people, same matter. In quiet moments each new ticket that names a village is
 * compared with the newest open ones of the same village and department; what is very
 * likely the same is proposed to the desk as a group, with the words that they share. It
 * never merges by itself: a wrong merge buries a complaint.
 */
#include "flow/flow.h"

#include "model/similar.h"

enum { AT_ONCE = 10, NEAR_MOST = 12, AGAIN_MS = 50, IDLE_MS = 5000 };

static int propose(struct engine *e, const struct ticket *t, const struct ticket *like,
		   const struct similar_score *score, struct err *err)
{
	const struct text_rules *rules = router_rules(e->config->router);
	struct alike a = {
		.ticket_id = t->id,
		.head_id = like->id,
		.score = score->all,
		.words = similar_explain(rules, t->text, like->text, e->item),
		.state = STR("proposed"),
	};
	struct alike its;
	bool grouped;

	if (store_alike_get(e->store, like->id, e->item, &its, &grouped, err))
		return -1;
	if (grouped && !str_eq(its.state, STR("refused")))
		a.head_id = its.head_id;
	return store_alike_set(e->store, &a, err);
}

static bool comparable(const struct engine *e, const struct ticket *t,
		       const struct ticket *like)
{
	return like->person_id != t->person_id && ticket_state_open(like->life.state) &&
	       like->life.sensitive == t->life.sensitive && !like->life.secret &&
	       t->opened_ms - like->opened_ms <= e->config->conversation.alike_ms;
}

static int compare(struct engine *e, const struct ticket *t, struct err *err)
{
	const struct text_rules *rules = router_rules(e->config->router);
	struct sketch mine, its;
	struct ticket *near;
	size_t n;

	if (t->desa.n == 0 || t->life.secret || !ticket_state_open(t->life.state))
		return 0;
	if (store_tickets_near(e->store, t, NEAR_MOST, e->item, &near, &n, err))
		return -1;
	mine = similar_sketch(rules, t->text, e->item);
	for (size_t i = n; i-- > 0;) { /* the oldest first: it becomes the head */
		struct similar_score score;

		if (!comparable(e, t, &near[i]))
			continue;
		its = similar_sketch(rules, near[i].text, e->item);
		if (!similar_matter(&mine, &its))
			continue;
		score = similar_score(&mine, &its);
		return propose(e, t, &near[i], &score, err);
	}
	return 0;
}

static int compare_one(struct engine *e, void *id, struct err *err)
{
	struct ticket t;

	arena_reset(e->item);
	return store_ticket_get(e->store, *(int64_t *)id, e->item, &t, err) ||
			       compare(e, &t, err)
		       ? -1
		       : 0;
}

/* Only when nothing else is to be done; how far it is stands in the store. */
int alike_due(struct engine *e, unsigned works, struct err *err)
{
	int64_t *ids, done, now;
	bool failed;
	size_t n;

	if (works || e->mono_ms < e->plan.alike_at_ms || e->stopping)
		return 0;
	if (store_count_add(e->store, "alike", 0, 0, &done, err) ||
	    store_ticket_ids(e->store, done, AT_ONCE, e->turn, &ids, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (work_spare(e, compare_one, &ids[i], "compare_failed", &failed, err))
			return -1;
	e->plan.alike_at_ms = e->mono_ms + (n == AT_ONCE ? AGAIN_MS : IDLE_MS);
	return n ? store_count_add(e->store, "alike", 0, ids[n - 1] - done, &now, err)
		 : 0;
}
