/* SPDX-License-Identifier: MIT */
/* Randomness, comparison and wiping over libsodium, the only file that knows of it. Any
 * thread after crypto_start; owns nothing. */
#include "base/crypto.h"

#include <sodium.h>

int crypto_start(struct err *err)
{
	if (sodium_init() < 0)
		return err_set(err, ERR_LATER, "libsodium cannot start: no randomness");
	return 0;
}

void crypto_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

uint32_t crypto_random_below(uint32_t below)
{
	return randombytes_uniform(below);
}

bool crypto_equal(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0);
}

void crypto_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

struct str crypto_token(struct arena *arena, size_t n)
{
	unsigned char *bytes = arena_alloc(arena, n, 1);
	char *hex = arena_alloc(arena, n * 2 + 1, 1);

	if (!bytes || !hex)
		return str_from(NULL, 0);
	randombytes_buf(bytes, n);
	sodium_bin2hex(hex, n * 2 + 1, bytes, n);
	sodium_memzero(bytes, n);
	return str_from(hex, n * 2);
}

struct str crypto_pin_hash(struct str pin, struct arena *arena)
{
	char *out = arena_alloc(arena, crypto_pwhash_STRBYTES, 1);

	if (!out || crypto_pwhash_str(out, pin.p, pin.n, crypto_pwhash_OPSLIMIT_MIN,
				      1 << 20))
		return str_from(NULL, 0);
	return str_of(out);
}

bool crypto_pin_right(struct str hash, struct str pin)
{
	char text[crypto_pwhash_STRBYTES] = { 0 };

	if (hash.n == 0 || hash.n >= sizeof(text))
		return false;
	memcpy(text, hash.p, hash.n);
	return crypto_pwhash_str_verify(text, pin.p ? pin.p : "", pin.n) == 0;
}

bool crypto_pin_is_hash(struct str s)
{
	return str_starts(s, STR("$argon2id$")) && s.n < crypto_pwhash_STRBYTES;
}
