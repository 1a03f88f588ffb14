/* SPDX-License-Identifier: MIT */
/*
 * An address or network that nobody can match would lock the provider out without a word,
 * and one that is read otherwise than it is meant would let strangers in: both are found
 * here, before anybody calls. Pure.
 */
#include "config/network.h"

#include <arpa/inet.h>

struct network {
	int family;
	unsigned width; /* bits of an address */
	unsigned char address[16];
	int64_t bits; /* that count */
};

/* inet_pton wants a C string and knows no bound of its own. */
static bool read_address(struct str s, struct network *n)
{
	char text[INET6_ADDRSTRLEN];

	n->family = str_find_char(s, ':') < s.n ? AF_INET6 : AF_INET;
	n->width = n->family == AF_INET6 ? 128 : 32;
	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return strlen(text) == s.n && inet_pton(n->family, text, n->address) == 1;
}

static bool read_bits(struct str s, struct network *n)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return str_to_int(s, &n->bits) && n->bits <= n->width;
}

/* Clears what the bits leave out; false: there was nothing. */
static bool clear_rest(struct network *n)
{
	bool any = false;

	for (unsigned k = (unsigned)n->bits; k < n->width; k++) {
		unsigned char bit = (unsigned char)(0x80 >> (k % 8));

		any = any || (n->address[k / 8] & bit);
		n->address[k / 8] &= (unsigned char)~bit;
	}
	return any;
}

int network_check(struct str network, struct err *err)
{
	size_t slash = str_find_char(network, '/');
	struct str shown = str_slice(network, 0, 60);
	struct network n;
	char base[INET6_ADDRSTRLEN];

	if (!read_address(str_slice(network, 0, slash), &n))
		return err_set(err, ERR_CONFIG,
			       "'%.*s' is no address or network; write \"192.0.2.7\", "
			       "\"192.0.2.0/24\", \"2001:db8::1\" or \"2001:db8::/32\" "
			       "(names are not looked up)",
			       STR_ARG(shown));
	if (slash == network.n)
		return 0;
	if (!read_bits(str_slice(network, slash + 1, network.n), &n))
		return err_set(err, ERR_CONFIG,
			       "'%.*s': behind the slash stands a number from 0 to %u",
			       STR_ARG(shown), n.width);
	if (clear_rest(&n) && inet_ntop(n.family, n.address, base, sizeof(base)))
		return err_set(err, ERR_CONFIG,
			       "'%.*s' names one address and a network; write \"%.*s\" "
			       "or \"%s/%lld\"",
			       STR_ARG(shown), STR_ARG(str_slice(shown, 0, slash)), base,
			       (long long)n.bits);
	return 0;
}
