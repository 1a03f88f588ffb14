/* SPDX-License-Identifier: MIT */
/* The few primitives we need, over libsodium and libcrypto. Call crypto_start once before
 * any other. */
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

enum {
	CRYPTO_KEY_BYTES = 32,
	CRYPTO_NONCE_BYTES = 24,
	CRYPTO_RANDOM_BYTES = 16, /* of the nonce; a counter follows */
	CRYPTO_TAG_BYTES = 16,
	CRYPTO_HASH_KEY_BYTES = 16,
	CRYPTO_HMAC_BYTES = 32
};

/* A key as 64 hex digits or as base64 (either alphabet, with or without padding); false
 * when it is neither, or not of 32 bytes. */
bool crypto_key_read(struct str text, unsigned char *key);
/* The id-th key that comes of a master key, for a use named by 8 letters. Who knows
 * one of them cannot tell the others. */
void crypto_subkey(const unsigned char *master, const char *context, unsigned id,
		   unsigned char *out);
/*
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha §2). What depends on the key and the first
 * 16 bytes of the nonce is made once for all boxes that share them: crypto_half. A nonce
 * is used once only. `with` is not sealed and must be the same when the box is opened.
 * box: plain.n + CRYPTO_TAG_BYTES.
 */
void crypto_half(const unsigned char *key, const unsigned char *random,
		 unsigned char *half);
void crypto_seal(struct str plain, struct str with, const unsigned char *nonce,
		 const unsigned char *half, unsigned char *box);
/* plain: box.n − CRYPTO_TAG_BYTES; box.n is at least that. False when anything was
 * changed. */
bool crypto_open(struct str box, struct str with, const unsigned char *nonce,
		 const unsigned char *key, unsigned char *plain);
/* HMAC-SHA256 (RFC 2104) of the parts one after the other: 32 bytes, into out. */
enum { CRYPTO_MAC_BYTES = 32 };
void crypto_hmac(struct str key, const struct str *parts, size_t n, unsigned char *out);
/* Base64 (RFC 4648 clause 4) with padding; p NULL: no room. */
struct str crypto_base64(struct str bytes, struct arena *arena);
/* The bytes, padding may be left out; false: that is none, or no room. */
bool crypto_base64_read(struct str text, struct arena *arena, struct str *bytes);
/* BLAKE2b, 256 bits, without a key: for what is random itself. */
enum { CRYPTO_BLAKE_BYTES = 32 };
void crypto_blake(struct str s, unsigned char *out);
/* SipHash-2-4. */
uint64_t crypto_keyed_hash(struct str s, const unsigned char *key);
/* HMAC-SHA-256 (RFC 2104), a key of any length. out: CRYPTO_HMAC_BYTES. */
void crypto_hmac_sha256(struct str key, struct str s, unsigned char *out);

/*
 * A PIN as it may stand in a file: argon2id with a random salt, about as costly as a
 * commit. n 0: no room, or no memory for it.
 */
struct str crypto_pin_hash(struct str pin, struct arena *arena);
bool crypto_pin_right(struct str hash, struct str pin);
bool crypto_pin_is_hash(struct str s);

#endif
