/* SPDX-License-Identifier: MIT */
/*
 * A token by which a program shows who it is: "ktg_", 32 random bytes in base64url (RFC
 * 4648 section 5, no padding) and four letters computed from them, so that a typing error
 * is told at once and does not look like a revoked token. What it may do are its scopes.
 * Pure; the randomness is the caller's.
 */
#ifndef MODEL_TOKEN_H
#define MODEL_TOKEN_H

#include "base/arena.h"

enum { TOKEN_RANDOM_BYTES = 32, TOKEN_LENGTH = 4 + 43 + 4 };

enum token_form {
	TOKEN_WELL,
	TOKEN_NONE,	/* not one of ours at all */
	TOKEN_MISTYPED, /* ours, but its last letters do not fit */
};

/* p NULL at the arena's ceiling. */
struct str token_write(const unsigned char *random, struct arena *arena);
enum token_form token_form(struct str token);

enum token_scope {
	TOKEN_READ = 1,	    /* tickets and their histories */
	TOKEN_ANSWER = 2,   /* accept, progress, schedule, ask, done, … */
	TOKEN_TRANSFER = 4, /* to another department, to a body outside */
	TOKEN_FILE = 8,	    /* new complaints, through Open311 */
	TOKEN_SECRET = 16,  /* the words of tickets whose text is hidden */
	TOKEN_DESK = 32,    /* also what only the central desk sees */
};

/* "read answer", words between spaces or commas. False: *odd is a word that is none. */
bool token_scopes_read(struct str words, unsigned *scopes, struct str *odd);
struct str token_scopes_write(unsigned scopes, struct arena *arena);
/* All there are: "read, answer, …". */
const char *token_scopes_all(void);

#endif
