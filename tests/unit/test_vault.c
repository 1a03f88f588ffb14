/* SPDX-License-Identifier: MIT */
/* Sealing: what goes in comes out, and nothing else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/vault.h"

#define KEY_HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY_TWO "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8="

enum { LONG = 16384 };

static struct err err;
static char room[LONG + VAULT_OVERHEAD + 1], opened[LONG + VAULT_OVERHEAD + 1];

static struct vault *vault(const char *key, unsigned number, const char *old_key,
			   unsigned old_number)
{
	struct vault *v;

	if (vault_new(str_of(key), str_of(old_key), &v, &err))
		fail_msg("%s", err.text);
	vault_number(v, VAULT_NOW, number);
	if (old_key)
		vault_number(v, VAULT_BEFORE, old_number);
	return v;
}

static void round_trip(struct vault *v, struct str plain)
{
	struct str sealed = vault_seal(v, "t.c", plain, room), back = STR("untouched");

	assert_int_equal(vault_open(v, "t.c", sealed, opened, &back), VAULT_GOOD);
	assert_true(str_eq(back, plain));
}

static void what_is_sealed_opens(void **state)
{
	struct vault *v = vault(KEY_HEX, 1, NULL, 0);
	char *text = malloc(LONG);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < LONG; i++)
		text[i] = (char)(i * 7);
	round_trip(v, STR(""));
	round_trip(v, STR("+6281234567890"));
	for (size_t n = 0; n < 300; n++)
		round_trip(v, str_from(text, n));
	round_trip(v, str_from(text, LONG));
	assert_int_equal(vault_seal(v, "t.c", str_from(text, LONG), room).n,
			 LONG + VAULT_OVERHEAD);
	free(text);
	vault_free(v);
	vault_free(NULL);
}

/* What the value is made of is fixed: stores hold it. */
static void the_format_is_what_it_was(void **state)
{
	struct vault *v = vault(KEY_HEX, 7, NULL, 0);
	struct str plain, sealed = vault_seal(v, "person.address", STR("+62812"), room);
	static const char was[] = "c107" /* sealed by key 7 under this master key */
				  "000102030405060708090a0b0c0d0e0f"
				  "0100000000000000";
	unsigned char by_hand[VAULT_OVERHEAD + 6], master[CRYPTO_KEY_BYTES],
		key[CRYPTO_KEY_BYTES];

	(void)state;
	assert_int_equal((unsigned char)sealed.p[0], 0xc1);
	assert_int_equal(sealed.p[1], 7);
	assert_int_equal(sealed.n, 6 + 42);
	/* By the words of vault.h, with the whole nonce as XChaCha20 has it. */
	for (size_t i = 0; i < 26; i++)
		assert_int_equal(sscanf(was + 2 * i, "%2hhx", &by_hand[i]), 1);
	assert_true(crypto_key_read(STR(KEY_B64), master));
	crypto_subkey(master, "ktg-stor", 1, key);
	crypto_half(key, by_hand + 2, master);
	crypto_seal(STR("+62812"), STR("\xc1\x07person.address"), by_hand + 2, master,
		    by_hand + 26);
	assert_int_equal(vault_open(v, "person.address",
				    str_from((char *)by_hand, sizeof(by_hand)), opened,
				    &plain),
			 VAULT_GOOD);
	assert_true(str_eq(plain, STR("+62812")));
	vault_free(v);
}

static void no_two_are_alike(void **state)
{
	struct vault *v = vault(KEY_HEX, 1, NULL, 0), *w = vault(KEY_HEX, 1, NULL, 0);
	char first[100], second[100], other[100];
	struct str a = vault_seal(v, "t.c", STR("abc"), first);
	struct str b = vault_seal(v, "t.c", STR("abc"), second);
	struct str c = vault_seal(w, "t.c", STR("abc"), other);

	(void)state;
	assert_false(str_eq(a, b));
	assert_false(str_eq(str_slice(a, 2, 18), str_slice(c, 2, 18)));
	assert_true(str_eq(str_slice(a, 2, 18), str_slice(b, 2, 18)));
	assert_false(str_eq(str_slice(a, 18, 26), str_slice(b, 18, 26)));
	vault_free(v);
	vault_free(w);
}

static void a_changed_byte_is_seen(void **state)
{
	struct vault *v = vault(KEY_HEX, 1, KEY_TWO, 2);
	struct str sealed = vault_seal(v, "t.c", STR("jalan rusak"), room), plain;
	char copy[200];

	(void)state;
	for (size_t i = 0; i < sealed.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			struct str changed = { copy, sealed.n };

			memcpy(copy, sealed.p, sealed.n);
			copy[i] = (char)(copy[i] ^ 1 << bit);
			assert_int_not_equal(
				vault_open(v, "t.c", changed, opened, &plain),
				VAULT_GOOD);
		}
	for (size_t n = 1; n < sealed.n; n++)
		assert_int_not_equal(
			vault_open(v, "t.c", str_slice(sealed, 0, n), opened, &plain),
			VAULT_GOOD);
	memcpy(copy, sealed.p, sealed.n);
	copy[sealed.n] = 'x';
	assert_int_equal(
		vault_open(v, "t.c", str_from(copy, sealed.n + 1), opened, &plain),
		VAULT_BROKEN);
	vault_free(v);
}

static void a_column_is_not_another(void **state)
{
	struct vault *v = vault(KEY_HEX, 1, NULL, 0);
	struct str sealed = vault_seal(v, "message_in.text", STR("x"), room), plain;

	(void)state;
	assert_int_equal(vault_open(v, "message_out.text", sealed, opened, &plain),
			 VAULT_BROKEN);
	assert_int_equal(vault_open(v, "message_in.tex", sealed, opened, &plain),
			 VAULT_BROKEN);
	assert_int_equal(vault_open(v, "message_in.text", sealed, opened, &plain),
			 VAULT_GOOD);
	vault_free(v);
}

static void another_key_opens_nothing(void **state)
{
	struct vault *v = vault(KEY_HEX, 1, NULL, 0), *w = vault(KEY_TWO, 1, NULL, 0);
	struct vault *x = vault(KEY_TWO, 2, NULL, 0), *bare = vault(NULL, 0, NULL, 0);
	struct str sealed = vault_seal(v, "t.c", STR("abc"), room), plain = STR("was");

	(void)state;
	assert_int_equal(vault_open(w, "t.c", sealed, opened, &plain), VAULT_BROKEN);
	assert_int_equal(vault_open(x, "t.c", sealed, opened, &plain), VAULT_NO_KEY);
	assert_int_equal(vault_open(bare, "t.c", sealed, opened, &plain), VAULT_NO_KEY);
	assert_true(str_eq(plain, STR("was")));
	assert_true(vault_proves(v, VAULT_NOW, "t.c", sealed));
	assert_false(vault_proves(w, VAULT_NOW, "t.c", sealed));
	assert_false(vault_proves(bare, VAULT_NOW, "t.c", sealed));
	vault_free(v);
	vault_free(w);
	vault_free(x);
	vault_free(bare);
}

static void the_key_before_still_opens(void **state)
{
	struct vault *v = vault(KEY_HEX, 1, NULL, 0);
	struct vault *w = vault(KEY_TWO, 2, KEY_HEX, 1),
		     *first = vault(KEY_HEX, 1, NULL, 0);
	struct str sealed = vault_seal(v, "t.c", STR("abc"), room), plain;

	(void)state;
	assert_int_equal(vault_number_of(sealed), 1);
	assert_int_equal(vault_open(w, "t.c", sealed, opened, &plain), VAULT_GOOD);
	assert_false(vault_is_now(w, sealed));
	assert_true(vault_is_now(v, sealed));
	assert_true(vault_has_before(w));
	assert_false(vault_has_before(v));
	assert_int_equal(vault_look(w, VAULT_BEFORE, STR("+62")),
			 vault_look(v, VAULT_NOW, STR("+62")));
	/* A store's first key: what was there stands as it is, until that is over. */
	assert_int_equal(vault_open(first, "t.c", STR("abc"), opened, &plain),
			 VAULT_BARE);
	vault_number(first, VAULT_BEFORE, 0);
	assert_int_equal(vault_open(first, "t.c", STR("abc"), opened, &plain),
			 VAULT_GOOD);
	assert_true(str_eq(plain, STR("abc")));
	vault_free(v);
	vault_free(w);
	vault_free(first);
}

static void without_a_key_values_stay(void **state)
{
	static const struct str odd[] = { STR_INIT("\xc1\x01"), STR_INIT("\xc0"),
					  STR_INIT("\xc0\xc1 abc"), STR_INIT("\xc1") };
	struct vault *v = vault(NULL, 0, NULL, 0);
	struct str text = STR("jalan rusak");

	(void)state;
	assert_ptr_equal(vault_seal(v, "t.c", text, room).p, text.p);
	round_trip(v, STR(""));
	round_trip(v, text);
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		round_trip(v, odd[i]);
		assert_int_equal(vault_number_of(vault_seal(v, "t.c", odd[i], room)), 0);
	}
	vault_free(v);
}

static void hashes_are_keyed_and_apart(void **state)
{
	struct vault *v = vault(KEY_HEX, 1, NULL, 0), *w = vault(KEY_TWO, 1, NULL, 0);
	struct vault *same = vault(KEY_B64, 3, NULL, 0);
	struct str n = STR("+6281234567890");
	char id[8] = { 5 };

	(void)state;
	assert_int_equal(vault_look(v, VAULT_NOW, n), vault_look(same, VAULT_NOW, n));
	assert_int_not_equal(vault_look(v, VAULT_NOW, n), vault_look(w, VAULT_NOW, n));
	assert_int_not_equal(vault_look(v, VAULT_NOW, n), vault_digest(v, VAULT_NOW, n));
	assert_int_not_equal(vault_look(v, VAULT_NOW, n),
			     vault_look(v, VAULT_NOW, STR("+6281234567891")));
	assert_int_equal(vault_token(v, 5), vault_token(same, 5));
	assert_int_not_equal(vault_token(v, 5), vault_token(v, 6));
	assert_int_not_equal(vault_token(v, 5), vault_token(w, 5));
	assert_int_not_equal(vault_token(v, 5),
			     (uint64_t)vault_look(v, VAULT_NOW, str_from(id, 8)));
	/* SipHash-2-4's own test vector, 15 bytes: a2b4cb1a… is for its paper's key. */
	assert_true(crypto_keyed_hash(
			    STR("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d"
				"\x0e"),
			    (const unsigned char
				     *)"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"
				       "\x0b\x0c\x0d\x0e\x0f") ==
		    UINT64_C(0xa129ca6149be45e5));
	vault_free(v);
	vault_free(w);
	vault_free(same);
}

static void keys_are_checked(void **state)
{
	static const char *const good[] = {
		KEY_HEX,
		KEY_B64,
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
		"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
		"-_8CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
	};
	static const char *const bad[] = {
		"",
		"kunci",
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g",
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gIQ==",
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka GxwdHh8=",
	};
	struct vault *v;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_int_equal(vault_key_check(str_of(good[i]), &err), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(vault_key_check(str_of(bad[i]), &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_null(bad[i][0] ? strstr(err.text, bad[i]) : NULL);
	}
	assert_int_equal(vault_new(STR("kunci"), STR(""), &v, &err), -1);
	assert_int_equal(vault_new(STR(KEY_HEX), STR("kunci"), &v, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sealed_opens),
		cmocka_unit_test(the_format_is_what_it_was),
		cmocka_unit_test(no_two_are_alike),
		cmocka_unit_test(a_changed_byte_is_seen),
		cmocka_unit_test(a_column_is_not_another),
		cmocka_unit_test(another_key_opens_nothing),
		cmocka_unit_test(the_key_before_still_opens),
		cmocka_unit_test(without_a_key_values_stay),
		cmocka_unit_test(hashes_are_keyed_and_apart),
		cmocka_unit_test(keys_are_checked),
	};

	if (crypto_start(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
