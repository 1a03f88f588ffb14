/* SPDX-License-Identifier: MIT */
/*
 * Writing settings from the key tables as an operator would: every key below its
 * sentence; what was given is set, the rest stands there as a comment with its default.
 * Main's thread.
 */
#ifndef CONFIG_COMPOSE_H
#define CONFIG_COMPOSE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/keys.h"

/* A value by the key's name, inner ones with dots: "poll.auth.secret". Plain words:
 * quotes and escapes are ours to put. Lists may be given as "a,b"; lists and groups also
 * as they stand in a file. */
struct compose_value {
	struct str name, value;
	bool used;
};

/* A secret that was given as it is, and the file of its own that it belongs into. */
struct compose_secret {
	struct str file, content;
};

enum { COMPOSE_SECRETS_MOST = 16 };

struct compose {
	struct arena *arena;
	struct buf *out;
	struct compose_value *given;
	size_t n_given;
	struct str secret_prefix; /* of the names of secrets' files; n 0: none */
	struct compose_secret secrets[COMPOSE_SECRETS_MOST];
	size_t n_secrets;
	/* MUST. Asked for what is needed and was not given; p NULL or n 0: there is none,
	 * which it has told people. */
	struct str (*ask)(void *arg, const struct key *key, const char *name);
	void *arg;
	bool all;    /* defaults are set, not only shown */
	bool failed; /* something needed is missing, or memory */
};

/*
 * The members of a group. prefix: what stands before their names in given values, "" or
 * "poll."; skip: NULL-ended names that are left out, MAY be NULL.
 */
void compose_keys(struct compose *c, const struct key *keys, const char *prefix,
		  unsigned depth, const char *const *skip);
/* "NAME = { … };" of a top group with its sentence. */
void compose_group(struct compose *c, const char *name, const struct key *keys,
		   const char *about);
/* A value as its type is written; a secret that is none's reference is put aside. */
void compose_value_put(struct compose *c, const struct key *key, const char *name,
		       struct str value);
void compose_quoted(struct buf *out, struct str value);
/* NULL: not given. Counts as used. */
struct compose_value *compose_given(struct compose *c, const char *prefix,
				    const char *name);

#endif
