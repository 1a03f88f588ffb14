/* SPDX-License-Identifier: MIT */
/*
 * Who may use the API: tokens, found by a hash, the only thing that is kept of them. What
 * was answered to a request that may come again. Calls as in store.h: engine's thread,
 * within its transaction; 0, or −1 with *err.
 */
#ifndef STORE_TOKEN_H
#define STORE_TOKEN_H

#include "model/token.h"
#include "store/store.h"

struct token {
	int64_t id;
	struct str name;       /* for people: "SIPJALAN" */
	struct str department; /* code; n 0: all of them */
	unsigned scopes;       /* enum token_scope */
	int64_t created_ms;
	struct str created_by;
	int64_t expires_ms, revoked_ms, used_ms; /* 0: never; used: to the hour */
};

enum token_state { TOKEN_GOOD, TOKEN_EXPIRED, TOKEN_REVOKED };

enum token_state token_state(const struct token *token, int64_t now_ms);

/* A new one; *secret is the token itself, to be shown once. */
int store_token_add(struct store *store, const struct token *token, struct arena *arena,
		    int64_t *id, struct str *secret, struct err *err) MUST_CHECK;
/* The one whose secret this is, in whatever state. What is compared are hashes in an
 * index, so the time it takes tells nothing about the secret. */
int store_token_find(struct store *store, struct str secret, struct arena *arena,
		     struct token *out, bool *found, struct err *err) MUST_CHECK;
/* Notes that it is used, once an hour. */
int store_token_used(struct store *store, const struct token *token, int64_t now_ms,
		     struct err *err) MUST_CHECK;
/* *found false: there is none, or it is revoked already. */
int store_token_revoke(struct store *store, int64_t id, int64_t now_ms, bool *found,
		       struct err *err) MUST_CHECK;
/* The newest first, at most 500. */
int store_tokens(struct store *store, struct arena *arena, struct token **out, size_t *n,
		 struct err *err) MUST_CHECK;

#endif
