/* SPDX-License-Identifier: MIT */
/* Tokens of the API. Contract in token.h. */
#include "store/token.h"

#include "base/crypto.h"
#include "store/inside.h"

enum { HOUR_MS = 3600000 };

enum token_state token_state(const struct token *t, int64_t now_ms)
{
	if (t->revoked_ms)
		return TOKEN_REVOKED;
	return t->expires_ms && t->expires_ms <= now_ms ? TOKEN_EXPIRED : TOKEN_GOOD;
}

int store_token_add(struct store *s, const struct token *t, struct arena *arena,
		    int64_t *id, struct str *secret, struct err *err)
{
	unsigned char random[TOKEN_RANDOM_BYTES], hash[CRYPTO_BLAKE_BYTES];
	struct str made, scopes = token_scopes_write(t->scopes, arena);

	crypto_random(random, sizeof(random));
	made = token_write(random, arena);
	crypto_wipe(random, sizeof(random));
	if (!made.p || !scopes.p)
		return err_set(err, ERR_LIMIT, "no room for a token");
	crypto_blake(made, hash);
	if (store_run(s, STMT_TOKEN_ADD,
		      DB_ARGS(DB_B(str_from((const char *)hash, sizeof(hash))),
			      DB_T(t->name), DB_T(t->department), DB_T(scopes),
			      DB_I(t->created_ms), DB_T(t->created_by),
			      DB_I(t->expires_ms)),
		      store_take_int, id, err))
		return -1;
	*secret = made;
	return 0;
}

static int token_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct token *t = store_list_add(l, err);
	struct str odd;

	if (!t)
		return -1;
	*t = (struct token){
		.id = c[0].i,
		.name = arena_str(l->arena, c[1].s),
		.department = arena_str(l->arena, c[2].s),
		.created_ms = c[4].i,
		.created_by = arena_str(l->arena, c[5].s),
		.expires_ms = c[6].i,
		.revoked_ms = c[7].i,
		.used_ms = c[8].i,
	};
	/* What a later version may have written is no scope here. */
	if (!token_scopes_read(c[3].s, &t->scopes, &odd))
		t->scopes = 0;
	return t->created_by.p ? 0 : err_set(err, ERR_LIMIT, "no room for a token");
}

int store_token_find(struct store *s, struct str secret, struct arena *arena,
		     struct token *out, bool *found, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct token) };
	unsigned char hash[CRYPTO_BLAKE_BYTES];

	*found = false;
	crypto_blake(secret, hash);
	if (store_run(s, STMT_TOKEN_FIND,
		      DB_ARGS(DB_B(str_from((const char *)hash, sizeof(hash)))),
		      token_row, &l, err))
		return -1;
	if (l.n == 0)
		return 0;
	*out = *(struct token *)l.items;
	*found = true;
	return 0;
}

int store_token_used(struct store *s, const struct token *t, int64_t now_ms,
		     struct err *err)
{
	int64_t hour_ms = now_ms - now_ms % HOUR_MS;

	if (t->used_ms >= hour_ms)
		return 0;
	return store_run(s, STMT_TOKEN_USED, DB_ARGS(DB_I(hour_ms), DB_I(t->id)), NULL,
			 NULL, err);
}

int store_token_revoke(struct store *s, int64_t id, int64_t now_ms, bool *found,
		       struct err *err)
{
	int64_t revoked = 0;

	if (store_run(s, STMT_TOKEN_REVOKE, DB_ARGS(DB_I(now_ms), DB_I(id)),
		      store_take_int, &revoked, err))
		return -1;
	*found = revoked != 0;
	return 0;
}

int store_tokens(struct store *s, struct arena *arena, struct token **out, size_t *n,
		 struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct token) };

	if (store_run(s, STMT_TOKENS, NULL, 0, token_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}
