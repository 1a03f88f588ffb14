/* SPDX-License-Identifier: MIT */
/* Signed Message-IDs, made and read. Any thread; owns nothing; knows nothing of mail. */
#include "base/mailid.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/crypto.h"

enum {
	MAC_BYTES = 16,	    /* of 32: 128 bits are enough against guessing */
	SIGNED_BYTES = 400, /* a domain has at most 253 */
	DIGITS = 18,	    /* of a number that fits surely */
};

static const char prefix[] = "ktg";

/* The MAC in hex, for what stands in front of it and the domain. False: too long. */
static bool mac_of(struct str key, struct str domain, int64_t no, int64_t delivery_id,
		   char hex[MAC_BYTES * 2])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char mac[CRYPTO_HMAC_BYTES];
	char text[SIGNED_BYTES];
	int n = snprintf(text, sizeof(text),
			 "message-id\n%s.%" PRId64 ".%" PRId64 "@%.*s", prefix, no,
			 delivery_id, STR_ARG(domain));

	if (n < 0 || (size_t)n >= sizeof(text))
		return false;
	/* Domains are the same in capitals. */
	for (int i = 0; i < n; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] + 32);
	crypto_hmac_sha256(key, str_from(text, (size_t)n), mac);
	for (size_t i = 0; i < MAC_BYTES; i++) {
		hex[2 * i] = digits[mac[i] >> 4];
		hex[2 * i + 1] = digits[mac[i] & 15];
	}
	return true;
}

int mailid_make(struct str key, struct str domain, int64_t no, int64_t delivery_id,
		struct arena *arena, struct str *out)
{
	char hex[MAC_BYTES * 2];
	struct str id;

	if (domain.n == 0 || !mac_of(key, domain, no, delivery_id, hex))
		return -1;
	id = arena_printf(arena, "<%s.%" PRId64 ".%" PRId64 ".%.*s@%.*s>", prefix, no,
			  delivery_id, (int)sizeof(hex), hex, STR_ARG(domain));
	if (!id.p)
		return -1;
	*out = id;
	return 0;
}

/* Only as we write them: digits, no sign, no zero in front. */
static bool read_number(struct str s, int64_t *n)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	if (s.n == 0 || s.n > DIGITS || (s.n > 1 && s.p[0] == '0'))
		return false;
	return str_to_int(s, n);
}

bool mailid_read(struct str key, struct str domain, struct str id, int64_t *no,
		 int64_t *delivery_id)
{
	struct str part[3], rest; /* rest is the MAC at last */
	int64_t n, delivery;
	char hex[MAC_BYTES * 2];
	size_t at;

	id = str_trim(id);
	if (id.n > 1 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = str_slice(id, 1, id.n - 1);
	at = str_find_char(id, '@');
	rest = str_slice(id, 0, at);
	if (at == id.n || !str_eq_nocase(str_slice(id, at + 1, id.n), domain))
		return false;
	for (size_t i = 0; i < 3; i++)
		if (!str_split(&rest, '.', &part[i]))
			return false;
	if (!str_eq(part[0], STR("ktg")) || !read_number(part[1], &n) ||
	    !read_number(part[2], &delivery) || !mac_of(key, domain, n, delivery, hex) ||
	    !crypto_equal(rest, str_from(hex, sizeof(hex))))
		return false;
	*no = n;
	*delivery_id = delivery;
	return true;
}
