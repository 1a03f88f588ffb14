/* SPDX-License-Identifier: MIT */
/* HMAC-SHA256 is the well-known one, whichever library makes it, in any thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "base/crypto.h"

/* RFC 4231, clause 4. The key or the text is a byte that is repeated, where it is long.
 */
struct vector {
	struct str key, text, code;
};

static const char key_1[20] = "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
			      "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b";
static const char key_4[] = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d"
			    "\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19";
static char aa[131], dd[50], cd[50];

static void is_code(struct str key, const struct str *parts, size_t n, const char *want)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char mac[CRYPTO_MAC_BYTES];
	char hex[2 * CRYPTO_MAC_BYTES + 1] = { 0 };

	crypto_hmac(key, parts, n, mac);
	for (size_t i = 0; i < sizeof(mac); i++) {
		hex[2 * i] = digits[mac[i] >> 4];
		hex[2 * i + 1] = digits[mac[i] & 15];
	}
	assert_string_equal(hex, want);
}

static void the_standards_vectors(void **state)
{
	const struct vector vectors[] = {
		{ { key_1, sizeof(key_1) },
		  STR("Hi There"),
		  STR("b0344c61d8db38535ca8afceaf0bf12b"
		      "881dc200c9833da726e9376c2e32cff7") },
		{ STR("Jefe"), STR("what do ya want for nothing?"),
		  STR("5bdcc146bf60754e6a042426089575c7"
		      "5a003f089d2739839dec58b964ec3843") },
		{ { aa, 20 },
		  { dd, 50 },
		  STR("773ea91e36800e46854db8ebd09181a7"
		      "2959098b3ef8c122d9635514ced565fe") },
		{ { key_4, sizeof(key_4) - 1 },
		  { cd, 50 },
		  STR("82558a389a443c0ea4cc819899f2083a"
		      "85f0faa3e578f8077a2e3ff46729665b") },
		{ { aa, 131 },
		  STR("Test Using Larger Than Block-Size Key - Hash Key First"),
		  STR("60e431591ee0b67f0d8a26aacbf5b77f"
		      "8e0bc6213728c5140546040f0ee37f54") },
		{ { aa, 131 },
		  STR("This is a test using a larger than block-size key and a larger "
		      "than block-size data. The key needs to be hashed before being "
		      "used by the HMAC algorithm."),
		  STR("9b09ffa71b942fcb27635fbcd5b0e944"
		      "bfdc63644f0713938a7f51535c3a35e2") },
	};

	(void)state;
	memset(aa, 0xaa, sizeof(aa));
	memset(dd, 0xdd, sizeof(dd));
	memset(cd, 0xcd, sizeof(cd));
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		const struct vector *v = &vectors[i];

		is_code(v->key, &v->text, 1, v->code.p);
		for (size_t at = 0; at <= v->text.n; at++) {
			const struct str parts[] = { str_slice(v->text, 0, at),
						     str_slice(v->text, at, v->text.n) };

			is_code(v->key, parts, 2, v->code.p);
		}
	}
}

/* What one library refuses, the other makes. */
static void without_a_key_and_without_a_text(void **state)
{
	static const char code[] = "b613679a0814d9ec772f95d778c35fc5"
				   "ff1697c493715653c6c712144292c5ad";

	(void)state;
	is_code(str_from(NULL, 0), NULL, 0, code);
	is_code(STR(""), &(const struct str){ NULL, 0 }, 1, code);
}

/* Before crypto_start only libsodium is there. */
static void with_libcrypto(void **state)
{
	assert_int_equal(crypto_start(NULL), 0);
	assert_int_equal(crypto_start(NULL), 0);
	the_standards_vectors(state);
	without_a_key_and_without_a_text(state);
}

static void *thread_codes(void *arg)
{
	const unsigned char *want = arg;
	const struct str key = { (const char *)want, 1 };
	unsigned char mac[CRYPTO_MAC_BYTES];

	for (int i = 0; i < 2000; i++) {
		crypto_hmac_sha256(key, STR("the same in each thread"), mac);
		if (memcmp(mac, want + 1, sizeof(mac)) != 0)
			return arg;
	}
	return NULL;
}

/* Each with its own key, whose code was made before. */
static void in_several_threads(void **state)
{
	unsigned char want[4][1 + CRYPTO_MAC_BYTES];
	pthread_t threads[4];
	void *wrong;

	(void)state;
	for (unsigned char i = 0; i < 4; i++) {
		want[i][0] = i;
		crypto_hmac_sha256(str_from((char *)want[i], 1),
				   STR("the same in each thread"), want[i] + 1);
		assert_int_equal(pthread_create(&threads[i], NULL, thread_codes, want[i]),
				 0);
	}
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_standards_vectors),
		cmocka_unit_test(without_a_key_and_without_a_text),
		cmocka_unit_test(with_libcrypto),
		cmocka_unit_test(in_several_threads),
	};

	return cmocka_run_group_tests_name("hmac", tests, NULL, NULL);
}
