/* SPDX-License-Identifier: MIT */
/* Sealing and keyed hashes. Contract in vault.h. Knows of crypto.h only. */
#include "base/vault.h"

#include <assert.h>
#include <stdlib.h>

enum {
	SEALED = 0xc1,
	PLAIN = 0xc0,
	NONCE_AT = 2,
	BOX_AT = NONCE_AT + CRYPTO_NONCE_BYTES,
	COLUMN_MOST = 62,
};

/* Which of a master key's keys; never renumber. */
enum use { USE_SEAL = 1, USE_LOOK, USE_DIGEST, USE_TOKEN };

static const char context[8] = { 'k', 't', 'g', '-', 's', 't', 'o', 'r' };

/* A master key at work. Its hash keys are zeros where there is none. */
struct keys {
	bool here; /* values of its number may be met */
	bool keyed;
	unsigned number;
	unsigned char seal[CRYPTO_KEY_BYTES], look[CRYPTO_KEY_BYTES],
		digest[CRYPTO_KEY_BYTES], token[CRYPTO_KEY_BYTES];
};

struct vault {
	struct keys keys[2]; /* by enum vault_which */
	unsigned char random[CRYPTO_RANDOM_BYTES], half[CRYPTO_KEY_BYTES];
	uint64_t counter;
};

int vault_key_check(struct str key, struct err *err)
{
	unsigned char bytes[CRYPTO_KEY_BYTES];
	bool good = crypto_key_read(key, bytes);

	crypto_wipe(bytes, sizeof(bytes));
	return good ? 0
		    : err_set(err, ERR_CONFIG,
			      "32 random bytes are wanted, as 64 hex digits or base64; "
			      "what is there is neither");
}

static int keys_make(struct keys *k, struct str text, struct err *err)
{
	unsigned char master[CRYPTO_KEY_BYTES];

	if (text.n == 0)
		return 0;
	if (!crypto_key_read(text, master)) {
		crypto_wipe(master, sizeof(master));
		return vault_key_check(text, err);
	}
	k->here = k->keyed = true;
	crypto_subkey(master, context, USE_SEAL, k->seal);
	crypto_subkey(master, context, USE_LOOK, k->look);
	crypto_subkey(master, context, USE_DIGEST, k->digest);
	crypto_subkey(master, context, USE_TOKEN, k->token);
	crypto_wipe(master, sizeof(master));
	return 0;
}

int vault_new(struct str key, struct str old_key, struct vault **out, struct err *err)
{
	struct vault *v = calloc(1, sizeof(*v));

	if (!v)
		return err_set(err, ERR_LATER, "no memory for keys");
	v->keys[VAULT_NOW].here = true;
	crypto_random(v->random, sizeof(v->random));
	if (keys_make(&v->keys[VAULT_NOW], key, err) ||
	    keys_make(&v->keys[VAULT_BEFORE], old_key, err)) {
		vault_free(v);
		return -1;
	}
	crypto_half(v->keys[VAULT_NOW].seal, v->random, v->half);
	*out = v;
	return 0;
}

void vault_free(struct vault *v)
{
	if (v)
		crypto_wipe(v, sizeof(*v));
	free(v);
}

bool vault_has_key(const struct vault *v, enum vault_which which)
{
	return v->keys[which].keyed;
}

void vault_number(struct vault *v, enum vault_which which, unsigned number)
{
	struct keys *k = &v->keys[which];

	assert(number <= VAULT_NUMBERS && k->keyed == (number != 0));
	k->here = true;
	k->number = number;
}

bool vault_has_before(const struct vault *v)
{
	return v->keys[VAULT_BEFORE].here;
}

/* ---- sealing ---- */

/* What is proved beside the value: what stands before it, and its column. */
struct beside {
	char bytes[NONCE_AT + COLUMN_MOST];
	size_t n;
};

static struct str beside(struct beside *b, const char *head, const char *column)
{
	size_t n = strlen(column);

	assert(n <= COLUMN_MOST);
	memcpy(b->bytes, head, NONCE_AT);
	memcpy(b->bytes + NONCE_AT, column, n);
	return str_from(b->bytes, NONCE_AT + n);
}

static struct str leave(struct str plain, char *room)
{
	unsigned char first = plain.n ? (unsigned char)plain.p[0] : 0;

	if (first != SEALED && first != PLAIN)
		return plain;
	room[0] = (char)PLAIN;
	memcpy(room + 1, plain.p, plain.n);
	return str_from(room, plain.n + 1);
}

struct str vault_seal(struct vault *v, const char *column, struct str plain, char *room)
{
	const struct keys *k = &v->keys[VAULT_NOW];
	unsigned char *bytes = (unsigned char *)room, *nonce = bytes + NONCE_AT;
	uint64_t counter = v->counter;
	struct beside b;

	if (!k->keyed)
		return leave(plain, room);
	assert(v->counter != UINT64_MAX);
	v->counter++;
	bytes[0] = SEALED;
	bytes[1] = (unsigned char)k->number;
	memcpy(nonce, v->random, CRYPTO_RANDOM_BYTES);
	for (size_t i = CRYPTO_RANDOM_BYTES; i < CRYPTO_NONCE_BYTES; i++, counter >>= 8)
		nonce[i] = (unsigned char)counter;
	crypto_seal(plain, beside(&b, room, column), nonce, v->half, bytes + BOX_AT);
	return str_from(room, plain.n + VAULT_OVERHEAD);
}

unsigned vault_number_of(struct str value)
{
	if (value.n < 2 || (unsigned char)value.p[0] != SEALED)
		return 0;
	return (unsigned char)value.p[1];
}

bool vault_is_now(const struct vault *v, struct str value)
{
	return vault_number_of(value) == v->keys[VAULT_NOW].number;
}

static bool opens(const struct keys *k, const char *column, struct str value, char *room)
{
	struct beside b;

	return k->keyed && value.n >= VAULT_OVERHEAD &&
	       (unsigned char)value.p[0] == SEALED &&
	       crypto_open(str_slice(value, BOX_AT, value.n), beside(&b, value.p, column),
			   (const unsigned char *)value.p + NONCE_AT, k->seal,
			   (unsigned char *)room);
}

/* The keys of that number; NULL: not here. */
static const struct keys *keys_of(const struct vault *v, unsigned number)
{
	for (int i = 0; i < 2; i++)
		if (v->keys[i].here && v->keys[i].number == number)
			return &v->keys[i];
	return NULL;
}

enum vault_opened vault_open(const struct vault *v, const char *column, struct str value,
			     char *room, struct str *plain)
{
	unsigned char first = value.n ? (unsigned char)value.p[0] : 0;
	const struct keys *k = keys_of(v, vault_number_of(value));

	if (first != SEALED) {
		if (!k || k->keyed)
			return VAULT_BARE;
		*plain = str_slice(value, first == PLAIN, value.n);
		return VAULT_GOOD;
	}
	if (!k || !k->keyed)
		return value.n < VAULT_OVERHEAD ? VAULT_BROKEN : VAULT_NO_KEY;
	if (!opens(k, column, value, room))
		return VAULT_BROKEN;
	*plain = str_from(room, value.n - VAULT_OVERHEAD);
	return VAULT_GOOD;
}

bool vault_proves(const struct vault *v, enum vault_which which, const char *column,
		  struct str value)
{
	char room[128];

	return value.n <= sizeof(room) && opens(&v->keys[which], column, value, room);
}

/* ---- keyed hashes ---- */

int64_t vault_look(const struct vault *v, enum vault_which which, struct str value)
{
	return (int64_t)crypto_keyed_hash(value, v->keys[which].look);
}

int64_t vault_digest(const struct vault *v, enum vault_which which, struct str value)
{
	return (int64_t)crypto_keyed_hash(value, v->keys[which].digest);
}

uint64_t vault_token(const struct vault *v, int64_t person_id)
{
	char bytes[sizeof(person_id)];

	memcpy(bytes, &person_id, sizeof(bytes));
	return crypto_keyed_hash(str_from(bytes, sizeof(bytes)),
				 v->keys[VAULT_NOW].token);
}
