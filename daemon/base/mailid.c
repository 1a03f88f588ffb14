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

/* "ktg.25004176.17.1764000000", as long as the domain leaves room. False: too long. */
static bool head_of(const struct mailid *id, char text[SIGNED_BYTES])
{
	int n = snprintf(text, SIGNED_BYTES, "%s.%" PRId64 ".%" PRId64, prefix, id->no,
			 id->delivery_id);

	if (n >= 0 && n < SIGNED_BYTES && id->made_s >= 0)
		n += snprintf(text + n, SIGNED_BYTES - (size_t)n, ".%" PRId64,
			      id->made_s);
	return n >= 0 && n < SIGNED_BYTES;
}

/* The MAC in hex, for what stands in front of it and the domain. False: too long. */
static bool mac_of(struct str key, struct str domain, const char *head,
		   char hex[MAC_BYTES * 2])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char mac[CRYPTO_HMAC_BYTES];
	char text[SIGNED_BYTES];
	int n = snprintf(text, sizeof(text), "message-id\n%s@%.*s", head,
			 STR_ARG(domain));

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

int mailid_make(struct str key, struct str domain, const struct mailid *id,
		struct arena *arena, struct str *out)
{
	char head[SIGNED_BYTES], hex[MAC_BYTES * 2];
	struct str text;

	if (domain.n == 0 || !head_of(id, head) || !mac_of(key, domain, head, hex))
		return -1;
	text = arena_printf(arena, "<%s.%.*s@%.*s>", head, (int)sizeof(hex), hex,
			    STR_ARG(domain));
	if (!text.p)
		return -1;
	*out = text;
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

/* What stands in front of the domain, but for the MAC. */
static bool read_head(struct str head, struct mailid *id)
{
	struct str part;
	int64_t *numbers[] = { &id->no, &id->delivery_id, &id->made_s };
	size_t n = 0;

	if (!str_split(&head, '.', &part) || !str_eq(part, str_of(prefix)))
		return false;
	for (; str_split(&head, '.', &part); n++)
		if (n == 3 || !read_number(part, numbers[n]))
			return false;
	return n >= 2;
}

bool mailid_read(struct str key, struct str domain, struct str text, struct mailid *out)
{
	struct mailid id = { .made_s = -1 };
	char head[SIGNED_BYTES], hex[MAC_BYTES * 2];
	struct str local;
	size_t at;

	text = str_trim(text);
	if (text.n > 1 && text.p[0] == '<' && text.p[text.n - 1] == '>')
		text = str_slice(text, 1, text.n - 1);
	at = str_find_char(text, '@');
	local = str_slice(text, 0, at);
	if (at == text.n || !str_eq_nocase(str_slice(text, at + 1, text.n), domain) ||
	    local.n <= sizeof(hex))
		return false;
	at = local.n - sizeof(hex);
	if (local.p[at - 1] != '.' || !read_head(str_slice(local, 0, at - 1), &id) ||
	    !head_of(&id, head) || !mac_of(key, domain, head, hex) ||
	    !crypto_equal(str_slice(local, at, local.n), str_from(hex, sizeof(hex))))
		return false;
	*out = id;
	return true;
}

bool mailid_fits(const struct mailid *id, int64_t made_ms)
{
	return id->made_s < 0 || id->made_s == made_ms / 1000;
}
