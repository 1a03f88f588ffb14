/* SPDX-License-Identifier: MIT */
/*
 * What a stolen database must not tell: values are sealed before they are stored, and
 * found by keyed hashes. One master key, and the one before it while the store goes over
 * from that; every use has a key of its own, derived from them. Without a key the same
 * functions leave values as they are. Whoever keeps values (the store) gives each key its
 * number, 1 to 255, which sealed values carry; 0 is the absence of one.
 *
 * A sealed value: 0xC1, the key's number, the nonce (24), the box. The nonce is 16 random
 * bytes of this vault and a 64-bit counter, so no two are alike and none costs a system
 * call. The column's name is part of the proof: a value moved to another column does not
 * open. A value that is not sealed stands as it is, unless it begins with 0xC0 or 0xC1
 * (no UTF-8 does): then 0xC0 stands before it. So the two can never be mistaken.
 *
 * One thread at a time; not across a fork, for the child would count the same nonces.
 * Owns its keys, which are wiped at the end.
 */
#ifndef BASE_VAULT_H
#define BASE_VAULT_H

#include "base/crypto.h"

enum { VAULT_OVERHEAD = 2 + CRYPTO_NONCE_BYTES + CRYPTO_TAG_BYTES, VAULT_NUMBERS = 255 };

struct vault;

enum vault_which { VAULT_NOW, VAULT_BEFORE };

/* 0 when the text is a master key: 32 bytes as 64 hex digits or base64. */
int vault_key_check(struct str key, struct err *err) MUST_CHECK;
/* n 0: there is no such key. */
int vault_new(struct str key, struct str old_key, struct vault **out,
	      struct err *err) MUST_CHECK;
void vault_free(struct vault *vault); /* NULL is accepted */
bool vault_has_key(const struct vault *vault, enum vault_which which);
/* VAULT_BEFORE with number 0: values from before there was a key are still about. */
void vault_number(struct vault *vault, enum vault_which which, unsigned number);
/* There is a key before this one, or was none. */
bool vault_has_before(const struct vault *vault);

/* room: plain.n + VAULT_OVERHEAD bytes. The result is in room, or plain itself. */
struct str vault_seal(struct vault *vault, const char *column, struct str plain,
		      char *room);

enum vault_opened {
	VAULT_GOOD,
	VAULT_NO_KEY, /* its key is not here */
	VAULT_BARE,   /* it is not sealed, and should be */
	VAULT_BROKEN, /* changed, or of another column */
};

/* room: value.n bytes. *plain is in room, or in value itself; untouched when it is not
 * good. */
enum vault_opened vault_open(const struct vault *vault, const char *column,
			     struct str value, char *room, struct str *plain);
/* The number of the key that a value is sealed with; 0: it is not. */
unsigned vault_number_of(struct str value);
/* It is as vault_seal would leave it now, as far as its key goes. */
bool vault_is_now(const struct vault *vault, struct str value);
/* True when this key sealed the value, whatever number either of them has. */
bool vault_proves(const struct vault *vault, enum vault_which which, const char *column,
		  struct str value);

/* Keyed hashes (SipHash-2-4), each use with a key of its own; without a key anybody can
 * make them. look: to find a value by; digest: to see that something came again; token: a
 * person's name for those who may not know the number. */
int64_t vault_look(const struct vault *vault, enum vault_which which, struct str value);
int64_t vault_digest(const struct vault *vault, enum vault_which which, struct str value);
uint64_t vault_token(const struct vault *vault, int64_t person_id);

#endif
