/* SPDX-License-Identifier: MIT */
/* Addresses, HTTP statuses as verdicts by a table. Pure; knows no department. */
#include "forward/common.h"

enum { WORDS_MOST = 200 };

/* ---- addresses ---- */

/* "127.0.0.1" and its kind, not "127.example.com". */
static bool is_loopback(struct str host)
{
	if (str_eq(host, STR("localhost")) || str_eq(host, STR("[::1]")))
		return true;
	if (!str_starts(host, STR("127.")))
		return false;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9'))
			return false;
	return true;
}

static struct str host_of(struct str rest)
{
	size_t end = 0, from = 0;

	while (end < rest.n && !strchr("/?#", rest.p[end]))
		end++;
	rest = str_slice(rest, 0, end);
	if (rest.n && rest.p[0] == '[')
		from = str_find_char(rest, ']');
	return str_slice(rest, 0,
			 from + str_find_char(str_slice(rest, from, rest.n), ':'));
}

bool forward_url_good(struct str url)
{
	bool sealed = str_starts(url, STR("https://"));
	struct str rest = str_slice(url, sealed ? 8 : 7, url.n), host = host_of(rest);

	for (size_t i = 0; i < url.n; i++)
		if (url.p[i] <= ' ' || url.p[i] == 0x7f)
			return false;
	if (host.n == 0 || str_find_char(rest, '@') < rest.n)
		return false;
	return sealed || (str_starts(url, STR("http://")) && is_loopback(host));
}

static bool one_line(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return true;
}

bool forward_headers_good(struct str_pairs headers, const char *const *ours)
{
	for (size_t i = 0; i < headers.n; i++) {
		struct str name = headers.items[i].name;

		if (name.n == 0 || !one_line(name) || !one_line(headers.items[i].value) ||
		    str_find_char(name, ':') < name.n)
			return false;
		for (size_t k = 0; ours[k]; k++)
			if (str_eq_nocase(name, str_of(ours[k])))
				return false;
	}
	return true;
}

/* ---- words ---- */

struct str forward_cut(struct str s, size_t most)
{
	if (s.n <= most)
		return s;
	while (most && ((unsigned char)s.p[most] & 0xc0) == 0x80)
		most--;
	return str_slice(s, 0, most);
}

/* ---- statuses ---- */

/*
 * The first row whose range holds the status decides. wide: it concerns all that goes
 * this way. doubt: a gateway's word, the server behind it may have it all the same.
 */
static const struct row {
	int from, to;
	enum forward_verdict verdict;
	bool wide, doubt;
	const char *words;
} rows[] = {
	{ 300, 399, FORWARD_LATER, true, false, "redirects us; check the address" },
	{ 401, 401, FORWARD_LATER, true, false, "refuses our credentials" },
	{ 403, 403, FORWARD_LATER, true, false, "refuses our credentials" },
	{ 404, 405, FORWARD_LATER, true, false, "knows no such address; check it" },
	{ 407, 407, FORWARD_LATER, true, false, "stands behind a proxy that refuses us" },
	{ 408, 408, FORWARD_LATER, false, false, "gave up waiting for our request" },
	{ 410, 410, FORWARD_DISABLE, true, false, "wants nothing more" },
	{ 425, 425, FORWARD_LATER, true, false, "is not ready" },
	{ 429, 429, FORWARD_LATER, true, false, "asks us to slow down" },
	{ 400, 499, FORWARD_REFUSED, false, false, "does not accept it" },
	{ 502, 502, FORWARD_LATER, true, true, "is unreachable behind its gateway" },
	{ 503, 503, FORWARD_LATER, true, false, "is not available" },
	{ 504, 504, FORWARD_LATER, false, true, "is unreachable behind its gateway" },
	{ 520, 527, FORWARD_LATER, true, true, "is unreachable behind its gateway" },
	{ 500, 599, FORWARD_LATER, false, false, "is in trouble" },
	{ 0, 0, FORWARD_LATER, false, true, "gives an odd status" },
};

void forward_status(const struct response *response, struct str words, bool idempotent,
		    const struct forward_ctx *ctx, struct forward_receipt *out)
{
	const struct row *row = rows;
	struct str reason;

	while (row->to && (response->status < row->from || response->status > row->to))
		row++;
	reason = arena_printf(ctx->arena, "HTTP %d: it %s%s%.*s", response->status,
			      row->words, words.n ? ": " : "",
			      STR_ARG(forward_cut(words, WORDS_MOST)));
	*out = (struct forward_receipt){
		.verdict = row->doubt && !idempotent ? FORWARD_UNKNOWN : row->verdict,
		.way_wide = row->wide,
		.reason = reason.p ? reason : STR("HTTP status"),
		.wait_ms = http_retry_after_ms(response, ctx->wall_ms),
	};
}
