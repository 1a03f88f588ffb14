/* SPDX-License-Identifier: MIT */
/*
 * Randomness, comparison, wiping, sealing and keyed hashes over libsodium, HMAC over
 * libcrypto: the only file that knows of either. Any thread after crypto_start; owns a
 * blank to make codes from.
 */
#include "base/crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <sodium.h>

/*
 * HMAC-SHA256 without a key yet, copied for each code: to look the algorithm up costs
 * libcrypto a millisecond. Not changed after crypto_start, so that all threads may copy
 * it. NULL: libcrypto has none, and libsodium does it.
 */
static EVP_MAC_CTX *hmac_blank;

static void hmac_start(void)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
					      OSSL_MAC_PARAM_DIGEST, digest, 0),
				      OSSL_PARAM_construct_end() };
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	hmac_blank = mac ? EVP_MAC_CTX_new(mac) : NULL;
	EVP_MAC_free(mac);
	if (hmac_blank && !EVP_MAC_CTX_set_params(hmac_blank, params)) {
		EVP_MAC_CTX_free(hmac_blank);
		hmac_blank = NULL;
	}
}

int crypto_start(struct err *err)
{
	if (sodium_init() < 0)
		return err_set(err, ERR_LATER, "libsodium cannot start: no randomness");
	if (!hmac_blank)
		hmac_start();
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

/* ---- keys, boxes, keyed hashes ---- */

_Static_assert(CRYPTO_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
		       CRYPTO_KEY_BYTES == crypto_kdf_KEYBYTES,
	       "one size of keys");
_Static_assert(CRYPTO_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES &&
		       CRYPTO_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES &&
		       CRYPTO_HASH_KEY_BYTES == crypto_shorthash_KEYBYTES,
	       "as libsodium has them");
_Static_assert(CRYPTO_HMAC_BYTES == crypto_auth_hmacsha256_BYTES, "of SHA-256");

bool crypto_key_read(struct str text, unsigned char *key)
{
	static const int variants[] = { sodium_base64_VARIANT_ORIGINAL,
					sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
					sodium_base64_VARIANT_URLSAFE,
					sodium_base64_VARIANT_URLSAFE_NO_PADDING };
	size_t n = 0;

	if (text.n == 2 * CRYPTO_KEY_BYTES)
		return sodium_hex2bin(key, CRYPTO_KEY_BYTES, text.p, text.n, NULL, &n,
				      NULL) == 0 &&
		       n == CRYPTO_KEY_BYTES;
	for (size_t i = 0; text.n && i < sizeof(variants) / sizeof(*variants); i++)
		if (sodium_base642bin(key, CRYPTO_KEY_BYTES, text.p, text.n, NULL, &n,
				      NULL, variants[i]) == 0 &&
		    n == CRYPTO_KEY_BYTES)
			return true;
	return false;
}

void crypto_subkey(const unsigned char *master, const char *context, unsigned id,
		   unsigned char *out)
{
	crypto_kdf_derive_from_key(out, CRYPTO_KEY_BYTES, id, context, master);
}

_Static_assert(CRYPTO_RANDOM_BYTES == crypto_core_hchacha20_INPUTBYTES &&
		       CRYPTO_RANDOM_BYTES + sizeof(uint64_t) == CRYPTO_NONCE_BYTES,
	       "a nonce is random bytes and a counter");

void crypto_half(const unsigned char *key, const unsigned char *random,
		 unsigned char *half)
{
	crypto_core_hchacha20(half, random, key, NULL);
}

void crypto_seal(struct str plain, struct str with, const unsigned char *nonce,
		 const unsigned char *half, unsigned char *box)
{
	unsigned char rest[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = { 0 };

	memcpy(rest + 4, nonce + CRYPTO_RANDOM_BYTES, sizeof(uint64_t));
	crypto_aead_chacha20poly1305_ietf_encrypt(
		box, NULL, (const unsigned char *)plain.p, plain.n,
		(const unsigned char *)with.p, with.n, NULL, rest, half);
}

bool crypto_open(struct str box, struct str with, const unsigned char *nonce,
		 const unsigned char *key, unsigned char *plain)
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt(
		       plain, NULL, NULL, (const unsigned char *)box.p, box.n,
		       (const unsigned char *)with.p, with.n, nonce, key) == 0;
}

_Static_assert(CRYPTO_MAC_BYTES == crypto_auth_hmacsha256_BYTES, "one size of codes");

/* False: it has no memory, or will not take such a key. Freeing wipes the key. */
static bool hmac_by_libcrypto(struct str key, const struct str *parts, size_t n,
			      unsigned char *out)
{
	EVP_MAC_CTX *c = hmac_blank ? EVP_MAC_CTX_dup(hmac_blank) : NULL;
	bool good = c && EVP_MAC_init(c, (const unsigned char *)key.p, key.n, NULL);
	size_t made;

	for (size_t i = 0; good && i < n; i++)
		good = EVP_MAC_update(c, (const unsigned char *)parts[i].p, parts[i].n);
	good = good && EVP_MAC_final(c, out, &made, CRYPTO_MAC_BYTES);
	EVP_MAC_CTX_free(c);
	return good;
}

static void hmac_by_libsodium(struct str key, const struct str *parts, size_t n,
			      unsigned char *out)
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p, key.n);
	for (size_t i = 0; i < n; i++)
		crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i].p,
					      parts[i].n);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}

/*
 * libcrypto has the processor's own instructions for SHA-256, libsodium has not: 1.3 us
 * instead of 3.7 for a webhook's 900 bytes. What the one cannot do, the other can.
 */
void crypto_hmac(struct str key, const struct str *parts, size_t n, unsigned char *out)
{
	if (!hmac_by_libcrypto(key, parts, n, out))
		hmac_by_libsodium(key, parts, n, out);
}

void crypto_hmac_sha256(struct str key, struct str s, unsigned char *out)
{
	crypto_hmac(key, &s, 1, out);
}

struct str crypto_base64(struct str bytes, struct arena *arena)
{
	size_t room = sodium_base64_encoded_len(bytes.n, sodium_base64_VARIANT_ORIGINAL);
	char *out = arena_alloc(arena, room, 1);

	if (!out)
		return str_from(NULL, 0);
	sodium_bin2base64(out, room, (const unsigned char *)bytes.p, bytes.n,
			  sodium_base64_VARIANT_ORIGINAL);
	return str_of(out);
}

bool crypto_base64_read(struct str text, struct arena *arena, struct str *bytes)
{
	static const int variants[] = { sodium_base64_VARIANT_ORIGINAL,
					sodium_base64_VARIANT_ORIGINAL_NO_PADDING };
	size_t room = text.n / 4 * 3 + 3, n = 0;
	unsigned char *out = arena_alloc(arena, room, 1);

	for (size_t i = 0; out && i < sizeof(variants) / sizeof(*variants); i++)
		if (sodium_base642bin(out, room, text.p, text.n, NULL, &n, NULL,
				      variants[i]) == 0) {
			*bytes = str_from((const char *)out, n);
			return true;
		}
	return false;
}

void crypto_blake(struct str s, unsigned char *out)
{
	crypto_generichash(out, CRYPTO_BLAKE_BYTES, (const unsigned char *)s.p, s.n, NULL,
			   0);
}

uint64_t crypto_keyed_hash(struct str s, const unsigned char *key)
{
	unsigned char out[crypto_shorthash_BYTES];
	uint64_t hash = 0;

	crypto_shorthash(out, (const unsigned char *)s.p, s.n, key);
	for (size_t i = 0; i < sizeof(out); i++)
		hash |= (uint64_t)out[i] << (8 * i);
	return hash;
}

struct str crypto_pin_hash(struct str pin, struct arena *arena)
{
	char *out = arena_alloc(arena, crypto_pwhash_STRBYTES, 1);

	if (!out ||
	    crypto_pwhash_str(out, pin.p, pin.n, crypto_pwhash_OPSLIMIT_MIN, 1 << 20))
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
