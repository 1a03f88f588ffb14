/* SPDX-License-Identifier: MIT */
/* The few primitives we need, over libsodium. Call crypto_start once before any other. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include "base/arena.h"
#include "base/err.h"

int crypto_start(struct err *err) MUST_CHECK;
void crypto_random(void *out, size_t n);
/* [0, below) without bias. */
uint32_t crypto_random_below(uint32_t below);
/* Equal content, in time that depends only on the lengths. */
bool crypto_equal(struct str a, struct str b);
void crypto_wipe(void *p, size_t n);
/* n random bytes as 2n lower-case hex digits. */
struct str crypto_token(struct arena *arena, size_t n);

/*
 * A PIN as it may stand in a file: argon2id with a random salt, about as costly as a
 * commit. n 0: no room, or no memory for it.
 */
struct str crypto_pin_hash(struct str pin, struct arena *arena);
bool crypto_pin_right(struct str hash, struct str pin);
bool crypto_pin_is_hash(struct str s);

#endif
