/* SPDX-License-Identifier: MIT */
/*
 * Which keys this store is sealed with, and its way from one to the next.
 *
 * Each key has a number and a proof in seal_key, so a wrong key is seen at the door. A
 * key that is new, given together with the one before it, is added there; from then on
 * all is sealed with it, and the rows that were there (their highest ids stand in
 * `reseal`) are gone over in steps. Until that is done a person is looked for under both
 * keys. Where a step stands is committed with what it did, so it may be cut off anywhere.
 * The absence of a key is number 0: a store that gets its first key goes the same way.
 *
 * Engine's thread. Contract in store.h.
 */
#include "store/inside.h"

#include <assert.h>

static const char proof_column[] = "seal_key.proof";
static const struct str proof_text = STR_INIT("kentongan");

enum { PROOF_MOST = 96 };

/* What the store says, the older first; more than two keys there are not. */
struct key_row {
	unsigned number;
	char proof[PROOF_MOST];
	size_t n;
};

struct key_rows {
	struct key_row rows[2];
	size_t n;
};

/* What is to be done at the door. */
struct way {
	unsigned now, before;
	bool add;	 /* `now` is new */
	bool has_before; /* `before` is still about */
};

static int key_row(void *arg, const struct db_value *c, struct err *err)
{
	struct key_rows *found = arg;
	struct key_row *r = &found->rows[found->n];

	if (found->n == 2 || c[1].s.n > sizeof(r->proof) || c[0].i < 0 ||
	    c[0].i > VAULT_NUMBERS)
		return err_set(err, ERR_CONFIG,
			       "the table seal_key was changed; restore a backup");
	r->number = (unsigned)c[0].i;
	r->n = c[1].s.n;
	memcpy(r->proof, c[1].s.p, r->n);
	found->n++;
	return 0;
}

static bool proves(const struct store *s, enum vault_which which, const struct key_row *r)
{
	return vault_proves(s->vault, which, proof_column, str_from(r->proof, r->n));
}

static unsigned number_behind(const struct key_rows *found)
{
	unsigned newest = found->rows[found->n - 1].number;

	return newest == VAULT_NUMBERS ? 1 : newest + 1;
}

/* ---- at the door ---- */

/* The key given is the newest; one before it may still be needed. */
static int way_before(struct store *s, const struct key_rows *found, struct way *way,
		      struct err *err)
{
	const struct key_row *older = &found->rows[0];

	way->now = found->rows[found->n - 1].number;
	if (found->n < 2)
		return 0;
	way->before = older->number;
	way->has_before = true;
	if (older->number == 0 || proves(s, VAULT_BEFORE, older))
		return 0;
	return err_set(err, ERR_CONFIG,
		       "%s: rows are left that are sealed with the key before store.key; "
		       "%s, until `kentongan status` says that it can be removed",
		       s->path,
		       vault_has_key(s->vault, VAULT_BEFORE)
			       ? "store.old_key is not that key: set it to that"
			       : "set store.old_key to that key");
}

/* The key given is not the newest. */
static int way_anew(struct store *s, const struct key_rows *found, struct way *way,
		    struct err *err)
{
	const struct key_row *newest = &found->rows[found->n - 1];
	bool old = proves(s, VAULT_BEFORE, newest);

	if (found->n == 2 && proves(s, VAULT_NOW, &found->rows[0]))
		return err_set(err, ERR_CONFIG,
			       "%s has begun to go over from this store.key to a newer "
			       "one: set store.key to that, and store.old_key to this",
			       s->path);
	if (found->n == 2 && old)
		return err_set(err, ERR_CONFIG,
			       "%s still goes over to the key that is now store.old_key: "
			       "let that end first, with store.key and store.old_key as "
			       "they were",
			       s->path);
	if (newest->number && !old)
		return err_set(err, ERR_CONFIG,
			       "store.key is not the key that %s is sealed with%s",
			       s->path,
			       vault_has_key(s->vault, VAULT_BEFORE)
				       ? ", and store.old_key is not, either"
				       : "; if it is a new one, set store.old_key to the "
					 "key before it");
	*way = (struct way){ number_behind(found), newest->number, true, true };
	return 0;
}

static int way_find(struct store *s, struct way *way, struct err *err)
{
	struct key_rows found = { .n = 0 };
	bool key = vault_has_key(s->vault, VAULT_NOW);
	const struct key_row *newest;

	*way = (struct way){ .now = key };
	if (store_run(s, STMT_KEYS, NULL, 0, key_row, &found, err))
		return -1;
	if (found.n == 0) {
		way->add = true;
		return 0;
	}
	newest = &found.rows[found.n - 1];
	if (!key)
		return newest->number == 0
			       ? 0
			       : err_set(err, ERR_CONFIG,
					 "%s is sealed, and store.key is not set: it "
					 "cannot be read without its key",
					 s->path);
	return proves(s, VAULT_NOW, newest) ? way_before(s, &found, way, err)
					    : way_anew(s, &found, way, err);
}

int store_keys_check(struct store *s, struct err *err)
{
	struct way way;

	return way_find(s, &way, err);
}

static int key_add(struct store *s, const struct way *way, struct err *err)
{
	char room[PROOF_MOST];
	struct str proof = vault_seal(s->vault, proof_column, proof_text, room);

	if (store_begin(s, err) ||
	    store_run(s, STMT_KEYS_AGE, NULL, 0, NULL, NULL, err) ||
	    store_run(s, STMT_KEY_ADD, DB_ARGS(DB_I((int64_t)way->now), DB_B(proof)),
		      NULL, NULL, err))
		return -1;
	if (way->has_before &&
	    (store_run(s, STMT_RESEAL_END, NULL, 0, NULL, NULL, err) ||
	     store_run(s, STMT_RESEAL_BEGIN, NULL, 0, NULL, NULL, err)))
		return -1;
	return store_commit(s, err);
}

static int left_count(struct store *s, struct err *err);

int store_keys_take(struct store *s, struct err *err)
{
	struct way way;

	if (way_find(s, &way, err))
		return -1;
	vault_number(s->vault, VAULT_NOW, way.now);
	if (way.has_before)
		vault_number(s->vault, VAULT_BEFORE, way.before);
	s->resealing = way.has_before;
	return (way.add && key_add(s, &way, err)) ? -1 : left_count(s, err);
}

void store_keys(const struct store *s, struct store_keys *out)
{
	*out = (struct store_keys){
		.sealed = vault_has_key(s->vault, VAULT_NOW),
		.old_given = vault_has_key(s->vault, VAULT_BEFORE),
		.changing = s->resealing,
		.left = s->reseal_left,
		.unreadable = s->unreadable,
	};
}

/* A store's first key had no key before it. */
struct str store_keys_next(const struct store_keys *began)
{
	return began->old_given ? STR("store.old_key can be removed") : STR("");
}

/* ---- going over ---- */

/* How a table is gone over. The values to write come in the order of `set`: what is
 * sealed, then the keyed hash of the first of it, then the row's id. */
enum hashed { HASHED_NOT, HASHED_LOOK, HASHED_TEXT };

static const struct sealed_table {
	const char *name;
	enum stmt next, set;
	enum sealed what[3];
	size_t n;
	enum hashed hashed;
} tables[] = {
	{ "message_in",
	  STMT_RESEAL_IN,
	  STMT_RESEAL_IN_SET,
	  { SEALED_IN_TEXT, SEALED_IN_RAW, SEALED_IN_NOTE },
	  3,
	  HASHED_TEXT },
	{ "message_out",
	  STMT_RESEAL_OUT,
	  STMT_RESEAL_OUT_SET,
	  { SEALED_OUT_TEXT },
	  1,
	  HASHED_NOT },
	{ "person",
	  STMT_RESEAL_PERSON,
	  STMT_RESEAL_PERSON_SET,
	  { SEALED_ADDRESS },
	  1,
	  HASHED_LOOK },
	{ "event",
	  STMT_RESEAL_EVENT,
	  STMT_RESEAL_EVENT_SET,
	  { SEALED_EVENT_NOTE },
	  1,
	  HASHED_NOT },
	{ "alike",
	  STMT_RESEAL_ALIKE,
	  STMT_RESEAL_ALIKE_SET,
	  { SEALED_ALIKE_WORDS },
	  1,
	  HASHED_NOT },
	{ "raw",
	  STMT_RESEAL_RAW,
	  STMT_RESEAL_RAW_SET,
	  { SEALED_RAW_BODY },
	  1,
	  HASHED_NOT },
	{ "mail_in",
	  STMT_RESEAL_MAIL,
	  STMT_RESEAL_MAIL_SET,
	  { SEALED_MAIL_SENDER, SEALED_MAIL_NOTE },
	  2,
	  HASHED_NOT },
	{ "mail_raw",
	  STMT_RESEAL_MAIL_RAW,
	  STMT_RESEAL_MAIL_RAW_SET,
	  { SEALED_MAIL_RAW },
	  1,
	  HASHED_NOT },
	{ "attachment",
	  STMT_RESEAL_ATTACHMENT,
	  STMT_RESEAL_ATTACHMENT_SET,
	  { SEALED_ATTACHMENT_NAME, SEALED_ATTACHMENT_BODY },
	  2,
	  HASHED_NOT },
	{ "mail_out",
	  STMT_RESEAL_MAIL_OUT,
	  STMT_RESEAL_MAIL_OUT_SET,
	  { SEALED_MAIL_OUT_TO, SEALED_MAIL_OUT_SUBJECT, SEALED_MAIL_OUT_TEXT },
	  3,
	  HASHED_NOT },
	{ "idempotency",
	  STMT_RESEAL_KEPT,
	  STMT_RESEAL_KEPT_SET,
	  { SEALED_KEPT_BODY },
	  1,
	  HASHED_NOT },
};

enum { TABLES = sizeof(tables) / sizeof(*tables), BYTES_MOST = 1 << 20 };

/* How far each table is, in the order of `tables`. */
struct progress {
	bool any;
	int64_t done[TABLES], last[TABLES];
};

static int progress_row(void *arg, const struct db_value *c, struct err *err)
{
	struct progress *p = arg;

	(void)err;
	for (size_t i = 0; i < TABLES; i++)
		if (str_eq(c[0].s, str_of(tables[i].name))) {
			p->done[i] = c[1].i;
			p->last[i] = c[2].i;
			p->any = true;
		}
	return 0;
}

static int progress_get(struct store *s, struct progress *p, struct err *err)
{
	*p = (struct progress){ .any = false };
	if (store_run(s, STMT_RESEAL_GET, NULL, 0, progress_row, p, err))
		return -1;
	s->reseal_left = 0;
	for (size_t i = 0; i < TABLES; i++)
		s->reseal_left += p->last[i] - p->done[i];
	return 0;
}

static int left_count(struct store *s, struct err *err)
{
	struct progress p;

	return s->resealing ? progress_get(s, &p, err) : 0;
}

/* One row on its way from key to key. */
struct crossing {
	struct store *s;
	const struct sealed_table *table;
	struct arena *scratch;
	int64_t id; /* 0: there was none */
	bool changes;
	bool nobody; /* a person whose number was wiped is not found by it */
	struct db_value args[5];
	size_t n, bytes;
};

static int value_cross(struct crossing *x, size_t i, const struct db_value *value,
		       struct err *err)
{
	enum sealed what = x->table->what[i];
	struct digest digest;
	struct str plain;

	x->bytes += value->s.n;
	x->args[i] = *value;
	if (value->type == DB_NULL)
		return 0;
	if (store_unseal_here(x->s, what, x->id, value, &plain, err) ||
	    store_seal(x->s, what, plain, &x->args[i], err))
		return -1;
	if (i == 0 && x->table->hashed == HASHED_LOOK)
		x->args[x->n++] =
			DB_I(x->nobody ? 0 : vault_look(x->s->vault, VAULT_NOW, plain));
	if (i == 0 && x->table->hashed == HASHED_TEXT) {
		digest = store_text_digest(x->s, plain, x->scratch);
		x->args[x->n++] = DB_I(digest.now);
	}
	return 0;
}

/* A value that does not open stays as it is: no key will open it. */
static int row_cross(void *arg, const struct db_value *c, struct err *err)
{
	struct crossing *x = arg;
	struct err why;

	x->id = c[0].i;
	x->n = x->table->n;
	x->nobody = x->table->hashed == HASHED_LOOK && c[2].i == 0;
	if (vault_is_now(x->s->vault, c[1].s))
		return 0;
	for (size_t i = 0; i < x->table->n; i++) {
		if (value_cross(x, i, &c[i + 1], &why) == 0)
			continue;
		if (why.kind != ERR_CONFIG) {
			*err = why;
			return -1;
		}
		store_unreadable_note(x->s, &why);
		return 0;
	}
	x->args[x->n++] = DB_I(x->id);
	x->changes = true;
	return 0;
}

static int row_set(struct crossing *x, struct err *err)
{
	bool looked_for = x->table->hashed == HASHED_LOOK;

	if (looked_for && store_look_remove(x->s, x->id, err))
		return -1;
	if (store_run(x->s, x->table->set, x->args, x->n, NULL, NULL, err))
		return -1;
	return looked_for ? store_look_renew(x->s, x->id, err) : 0;
}

/* Rows of one table, from *done on. */
static int table_cross(struct store *s, size_t t, int most, int64_t *done, int64_t last,
		       struct arena *scratch, struct err *err)
{
	struct crossing x = { .s = s, .table = &tables[t], .scratch = scratch };

	while (most-- > 0 && *done < last && x.bytes < BYTES_MOST) {
		arena_reset(scratch);
		x.id = 0;
		x.changes = false;
		if (store_run(s, tables[t].next, DB_ARGS(DB_I(*done), DB_I(last)),
			      row_cross, &x, err))
			return -1;
		if (x.changes && row_set(&x, err))
			return -1;
		*done = x.id ? x.id : last;
	}
	return 0;
}

static int cross_some(struct store *s, struct progress *p, int most, struct err *err)
{
	struct arena *scratch = arena_new("reseal", 1 << 20);
	size_t t = 0;
	int rc;

	if (!scratch)
		return err_set(err, ERR_LIMIT, "no memory to seal rows anew");
	while (t < TABLES - 1 && p->done[t] >= p->last[t])
		t++;
	s->reseal_left += p->done[t];
	rc = table_cross(s, t, most, &p->done[t], p->last[t], scratch, err);
	s->reseal_left -= p->done[t];
	arena_free(scratch);
	return rc ? -1
		  : store_run(s, STMT_RESEAL_SET,
			      DB_ARGS(DB_I(p->done[t]), DB_T(str_of(tables[t].name))),
			      NULL, NULL, err);
}

int store_reseal(struct store *s, int most, struct err *err)
{
	struct progress p;

	if (!s->resealing)
		return 0;
	assert(s->open);
	if (progress_get(s, &p, err))
		return -1;
	if (s->reseal_left > 0)
		return cross_some(s, &p, most, err);
	/* Only what was committed counts: seen gone in the next step. */
	if (!p.any) {
		s->resealing = false;
		return 0;
	}
	return store_run(s, STMT_KEYS_DROP, NULL, 0, NULL, NULL, err) ||
			       store_run(s, STMT_RESEAL_END, NULL, 0, NULL, NULL, err)
		       ? -1
		       : 0;
}
