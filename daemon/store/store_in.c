/* SPDX-License-Identifier: MIT */
/* Persons, inbound messages and their parts. Contract in store.h. */
#include "store/inside.h"

/* ---- persons ---- */

static void person_columns(const struct db_value *c, struct person *p)
{
	p->kind = (int)c[0].i;
	p->stopped = c[1].i != 0;
	p->hour = c[2].i;
	p->hour_replies = c[3].i;
	p->day = c[4].i;
	p->day_replies = c[5].i;
	p->last_in = (struct in_chain){ c[6].i, c[7].i };
	p->last_ticket = c[8].i;
	p->asked = c[9].i != 0;
	p->language = (int)c[10].i;
	p->chosen = c[11].i != 0;
	p->hour_orders = c[12].i;
}

/* Whoever has the same keyed hash is looked at; few have. */
struct person_search {
	struct store *store;
	struct person *person;
};

static int person_found(void *arg, const struct db_value *columns, struct err *err)
{
	struct person_search *search = arg;
	struct str address;

	if (store_unseal_here(search->store, SEALED_ADDRESS, columns[0].i, &columns[14],
			      &address, err))
		return -1;
	if (str_eq(address, search->person->address)) {
		search->person->id = columns[0].i;
		person_columns(columns + 1, search->person);
	}
	return 0;
}

static int person_find(struct store *s, int64_t look, struct person *p, struct err *err)
{
	struct person_search search = { s, p };

	return store_look_find(s, look, person_found, &search, err);
}

static int person_add(struct store *s, struct person *p, int64_t look, int64_t now_ms,
		      struct err *err)
{
	struct db_value address;

	if (store_seal(s, SEALED_ADDRESS, p->address, &address, err))
		return -1;
	return store_run(s, STMT_PERSON_ADD,
			 DB_ARGS(address, DB_I(look), DB_I(p->kind), DB_I(now_ms)),
			 store_take_int, &p->id, err) ||
			       store_look_add(s, look, p->id, err)
		       ? -1
		       : 0;
}

int store_person_find(struct store *s, struct str address, struct person *out,
		      bool *found, struct err *err)
{
	struct person p = { .address = address };

	if (person_find(s, vault_look(s->vault, VAULT_NOW, address), &p, err))
		return -1;
	if (p.id == 0 && s->resealing &&
	    person_find(s, vault_look(s->vault, VAULT_BEFORE, address), &p, err))
		return -1;
	*found = p.id != 0;
	*out = p;
	return 0;
}

int store_person(struct store *s, struct str address, int kind, int64_t now_ms,
		 struct person *out, struct err *err)
{
	int64_t look = vault_look(s->vault, VAULT_NOW, address);
	struct person p;
	bool found;

	if (store_person_find(s, address, &p, &found, err))
		return -1;
	if (!found) {
		p.kind = kind;
		p.fresh = true;
		if (person_add(s, &p, look, now_ms, err))
			return -1;
	}
	*out = p;
	return 0;
}

struct person_into {
	struct store *store;
	struct person *person;
	struct arena *arena;
};

static int person_got(void *arg, const struct db_value *columns, struct err *err)
{
	struct person_into *into = arg;

	person_columns(columns + 1, into->person);
	return store_unseal(into->store, SEALED_ADDRESS, into->person->id, &columns[0],
			    into->arena, &into->person->address, err);
}

int store_person_get(struct store *s, int64_t id, struct arena *arena, struct person *out,
		     struct err *err)
{
	struct person p = { .id = id };
	struct person_into into = { s, &p, arena };

	if (store_run(s, STMT_PERSON_GET, DB_ARGS(DB_I(id)), person_got, &into, err))
		return -1;
	if (!p.address.p)
		return err_set(err, ERR_BUG, "no person %lld", (long long)id);
	*out = p;
	return 0;
}

int store_person_save(struct store *s, const struct person *p, struct err *err)
{
	return store_run(s, STMT_PERSON_SAVE,
			 DB_ARGS(DB_I(p->stopped), DB_I(p->hour), DB_I(p->hour_replies),
				 DB_I(p->day), DB_I(p->day_replies), DB_I(p->last_in.id),
				 DB_I(p->last_in.at_ms), DB_I(p->last_ticket),
				 DB_I(p->asked), DB_I(p->language), DB_I(p->chosen),
				 DB_I(p->hour_orders), DB_I(p->id)),
			 NULL, NULL, err);
}

/* ---- inbound messages ---- */

/* Known by its digest under the key before: that becomes the one under this key, and the
 * message a duplicate. */
static int in_rename(struct store *s, const struct message_in *m, struct err *err)
{
	if (m->external_before.n == 0)
		return 0;
	return store_run(s, STMT_IN_RENAME,
			 DB_ARGS(DB_T(m->external_id), DB_T(m->provider),
				 DB_T(m->external_before)),
			 NULL, NULL, err);
}

static int seal_if_any(struct store *s, enum sealed what, struct str plain,
		       struct db_value *out, struct err *err)
{
	*out = (struct db_value){ .type = DB_NULL };
	return plain.n ? store_seal(s, what, plain, out, err) : 0;
}

int store_in_add(struct store *s, const struct message_in *m, struct person *p,
		 int64_t *id, struct err *err)
{
	static const struct person nobody = { 0 };
	const struct person *who = p ? p : &nobody;
	int64_t made = 0;
	struct db_value text, raw, note;

	if (in_rename(s, m, err) || store_seal(s, SEALED_IN_TEXT, m->text, &text, err) ||
	    seal_if_any(s, SEALED_IN_RAW, m->raw, &raw, err) ||
	    seal_if_any(s, SEALED_IN_NOTE, m->note, &note, err))
		return -1;
	if (store_run(s, STMT_IN_ADD,
		      DB_ARGS(DB_T(m->provider), DB_T(m->external_id), DB_ID(who->id),
			      DB_T(m->recipient), text, raw, DB_I(m->digest),
			      DB_I(m->sent_ms), DB_I(m->received_ms), DB_T(m->kind),
			      DB_ID(m->part_group), DB_I(m->part_no), DB_ID(m->ticket_id),
			      note, DB_I(who->last_in.id), DB_I(who->last_in.at_ms)),
		      store_take_int, &made, err))
		return -1;
	if (made && p)
		p->last_in = (struct in_chain){ made, m->received_ms };
	*id = made;
	return 0;
}

int store_in_rewrite(struct store *s, int64_t id, struct str text, struct err *err)
{
	struct db_value sealed;

	if (store_seal(s, SEALED_IN_TEXT, text, &sealed, err))
		return -1;
	return store_run(s, STMT_IN_REWRITE, DB_ARGS(sealed, DB_I(id)), NULL, NULL, err);
}

int store_in_settle(struct store *s, int64_t id, struct str kind, int64_t ticket_id,
		    struct str note, struct err *err)
{
	struct db_value sealed;

	if (seal_if_any(s, SEALED_IN_NOTE, note, &sealed, err))
		return -1;
	return store_run(s, STMT_IN_SETTLE,
			 DB_ARGS(DB_T(kind), DB_ID(ticket_id), sealed, DB_I(id)), NULL,
			 NULL, err);
}

/*
 * A walk along a person's messages back to `since_ms`. Most walks read nothing: the time
 * of a message stands where its number does. `like` judges a message of the same digest.
 */
struct walk {
	struct in_chain next;
	int64_t digest, digest_before, since_ms;
	bool (*like)(const struct walk *walk, const struct db_value *columns);
	const struct message_in *than;
	int64_t window_ms;
	bool unbroken; /* ends at another digest */
	int found, most;
};

/* Who texts more than this within an hour has other guards before him. */
enum { WALK_MOST = 256 };

static int walk_step(void *arg, const struct db_value *columns, struct err *err)
{
	struct walk *w = arg;
	bool same = columns[2].i == w->digest || columns[2].i == w->digest_before;

	(void)err;
	w->found += same && w->like(w, columns);
	if (same || !w->unbroken)
		w->next = (struct in_chain){ columns[0].i, columns[1].i };
	return 0;
}

static int walk(struct store *s, struct walk *w, struct err *err)
{
	for (int i = 0; i < WALK_MOST && w->next.id && w->next.at_ms > w->since_ms &&
			w->found < w->most;
	     i++) {
		int64_t id = w->next.id;

		w->next.id = 0;
		if (store_run(s, STMT_IN_STEP, DB_ARGS(DB_I(id)), walk_step, w, err))
			return -1;
	}
	return 0;
}

static bool any(const struct walk *w, const struct db_value *columns)
{
	(void)w;
	(void)columns;
	return true;
}

int store_in_same(struct store *s, struct in_chain from, int64_t digest, int64_t since_ms,
		  int most, int *out, struct err *err)
{
	struct walk w = { .next = from,
			  .digest = digest,
			  .digest_before = digest,
			  .since_ms = since_ms,
			  .like = any,
			  .most = most };

	if (walk(s, &w, err))
		return -1;
	*out = w.found;
	return 0;
}

int store_in_unbroken(struct store *s, struct in_chain from, int64_t digest,
		      int64_t since_ms, int most, int *out, struct err *err)
{
	struct walk w = { .next = from,
			  .digest = digest,
			  .digest_before = digest,
			  .since_ms = since_ms,
			  .like = any,
			  .unbroken = true,
			  .most = most };

	if (walk(s, &w, err))
		return -1;
	*out = w.found;
	return 0;
}

/* "poll:" of "poll:4711". */
static struct str namespace_of(struct str external_id)
{
	return str_slice(external_id, 0, str_find_char(external_id, ':') + 1);
}

static bool is_twin(const struct walk *w, const struct db_value *c)
{
	int64_t apart_ms = c[3].i - w->than->sent_ms;

	return apart_ms >= -w->window_ms && apart_ms <= w->window_ms &&
	       str_eq(c[4].s, w->than->provider) &&
	       !str_eq(namespace_of(c[5].s), namespace_of(w->than->external_id));
}

int store_in_twin(struct store *s, struct in_chain from, const struct message_in *m,
		  int64_t window_ms, bool *out, struct err *err)
{
	enum { BACK_MS = 3 * 86400000 };
	struct walk w = { .next = from,
			  .digest = m->digest,
			  .digest_before =
				  m->digest_before ? m->digest_before : m->digest,
			  .since_ms = m->received_ms - BACK_MS,
			  .like = is_twin,
			  .than = m,
			  .window_ms = window_ms,
			  .most = 1 };

	if (m->sent_ms && walk(s, &w, err))
		return -1;
	*out = w.found > 0;
	return 0;
}

static bool is_repeat(const struct walk *w, const struct db_value *c)
{
	const struct message_in *m = w->than;

	return str_eq(c[4].s, m->provider) &&
	       (str_starts(c[5].s, m->external_id) ||
		(m->external_before.n && str_starts(c[5].s, m->external_before)));
}

int store_in_repeated(struct store *s, struct in_chain from, const struct message_in *m,
		      int64_t since_ms, bool *out, struct err *err)
{
	struct walk w = { .next = from,
			  .digest = m->digest,
			  .digest_before =
				  m->digest_before ? m->digest_before : m->digest,
			  .since_ms = since_ms,
			  .like = is_repeat,
			  .than = m,
			  .most = 1 };

	if (walk(s, &w, err))
		return -1;
	*out = w.found > 0;
	return 0;
}

/* ---- parts ---- */

static int group_found(void *arg, const struct db_value *columns, struct err *err)
{
	struct part_group *g = arg;

	(void)err;
	g->id = columns[0].i;
	g->opened_ms = columns[1].i;
	g->due_ms = columns[2].i;
	g->have = (unsigned)columns[3].i;
	return 0;
}

int store_part_group(struct store *s, struct str provider, int64_t person_id,
		     struct str recipient, uint32_t ref, unsigned total, int part_no,
		     int64_t since_ms, int64_t now_ms, int64_t due_ms,
		     struct part_group *out, struct err *err)
{
	struct part_group g = { .person_id = person_id,
				.provider = provider,
				.recipient = recipient,
				.ref = ref,
				.total = total };

	if (store_run(s, STMT_PART_FIND,
		      DB_ARGS(DB_I(person_id), DB_I(ref), DB_T(provider), DB_T(recipient),
			      DB_I(total), DB_I(since_ms), DB_I(part_no)),
		      group_found, &g, err))
		return -1;
	if (g.id == 0) {
		g.opened_ms = now_ms;
		g.due_ms = due_ms;
		if (store_run(s, STMT_PART_ADD,
			      DB_ARGS(DB_T(provider), DB_I(person_id), DB_T(recipient),
				      DB_I(ref), DB_I(total), DB_I(now_ms), DB_I(due_ms)),
			      store_take_int, &g.id, err))
			return -1;
	}
	*out = g;
	return 0;
}

static int part_counted(void *arg, const struct db_value *columns, struct err *err)
{
	(void)err;
	*(bool *)arg = columns[0].i >= columns[1].i;
	return 0;
}

int store_part_arrived(struct store *s, int64_t group_id, bool *whole, struct err *err)
{
	return store_run(s, STMT_PART_ARRIVED, DB_ARGS(DB_I(group_id)), part_counted,
			 whole, err);
}

static int part_row(void *arg, const struct db_value *columns, struct err *err)
{
	struct store_list *l = arg;
	struct part *p = store_list_add(l, err);
	struct err why;

	if (!p)
		return -1;
	p->message_id = columns[0].i;
	p->part_no = (int)columns[1].i;
	if (store_unseal(l->store, SEALED_IN_TEXT, p->message_id, &columns[2], l->arena,
			 &p->text, &why) == 0)
		return 0;
	if (why.kind != ERR_CONFIG) {
		*err = why;
		return -1;
	}
	store_unreadable_note(l->store, &why); /* as one that never came */
	l->n--;
	return 0;
}

int store_parts(struct store *s, int64_t group_id, struct arena *arena,
		struct part **parts, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct part) };

	if (store_run(s, STMT_PARTS, DB_ARGS(DB_I(group_id)), part_row, &l, err))
		return -1;
	*parts = l.items;
	*n = l.n;
	return 0;
}

int store_part_close(struct store *s, int64_t group_id, struct err *err)
{
	return store_run(s, STMT_PART_CLOSE, DB_ARGS(DB_I(group_id)), NULL, NULL, err);
}

static int group_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct part_group *g = store_list_add(l, err);

	if (!g)
		return -1;
	*g = (struct part_group){
		.id = c[0].i,
		.provider = arena_str(l->arena, c[1].s),
		.person_id = c[2].i,
		.recipient = arena_str(l->arena, c[3].s),
		.ref = (uint32_t)c[4].i,
		.total = (unsigned)c[5].i,
		.have = (unsigned)c[6].i,
		.opened_ms = c[7].i,
		.due_ms = c[8].i,
	};
	return g->recipient.p ? 0
			      : err_set(err, ERR_LIMIT, "no room for a group of parts");
}

int store_parts_due(struct store *s, int64_t now_ms, int limit, struct arena *arena,
		    struct part_group **groups, size_t *n, struct err *err)
{
	struct store_list l = { .arena = arena, .size = sizeof(struct part_group) };

	if (store_run(s, STMT_PARTS_DUE, DB_ARGS(DB_I(now_ms), DB_I(limit)), group_row,
		      &l, err))
		return -1;
	*groups = l.items;
	*n = l.n;
	return 0;
}

int store_parts_next(struct store *s, int64_t *due_ms, struct err *err)
{
	int64_t next = INT64_MAX;

	if (store_run(s, STMT_PARTS_NEXT, NULL, 0, store_take_int, &next, err))
		return -1;
	*due_ms = next;
	return 0;
}
