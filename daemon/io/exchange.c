/* SPDX-License-Identifier: MIT */
/*
 * The two ends of an exchange that need no socket: is what was described possible, and
 * what do the header lines of the answer say. Any thread; owns nothing; knows nothing of
 * libcurl.
 */
#include "io/exchange.h"

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\r' || s.p[i] == '\n' || s.p[i] == '\0')
			return true;
	return false;
}

/* Neither control character nor space, and ASCII. */
static bool is_plain(char c)
{
	return (unsigned char)c > ' ' && (unsigned char)c < 0x7F;
}

/* A token of RFC 9110 clause 5.6.2, and none that libcurl writes by itself. */
static bool is_header_name(struct str name)
{
	static const struct str ours[] = { STR_INIT("content-length"),
					   STR_INIT("transfer-encoding"),
					   STR_INIT("expect") };

	for (size_t i = 0; i < name.n; i++)
		if (!is_plain(name.p[i]) || strchr("\"(),/:;<=>?@[\\]{}", name.p[i]))
			return false;
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (str_eq_nocase(name, ours[i]))
			return false;
	return name.n > 0;
}

static bool is_url(struct str url)
{
	if (!str_eq_nocase(str_slice(url, 0, 7), STR("http://")) &&
	    !str_eq_nocase(str_slice(url, 0, 8), STR("https://")))
		return false;
	for (size_t i = 0; i < url.n; i++)
		if (!is_plain(url.p[i]))
			return false;
	return true;
}

const char *exchange_fault(const struct exchange *x)
{
	if (!is_url(x->url))
		return "the URL is not an absolute http or https one";
	for (size_t i = 0; i < x->headers.n; i++)
		if (!is_header_name(x->headers.items[i].name) ||
		    has_control(x->headers.items[i].value))
			return "a header has an impossible name or a line break";
	if (x->user.p && (has_control(x->user) || has_control(x->password) ||
			  str_find_char(x->user, ':') < x->user.n))
		return "the user name or password has an impossible character";
	if (x->unix_path.p && (x->unix_path.n == 0 || has_control(x->unix_path)))
		return "the path of the Unix socket is impossible";
	return NULL;
}

static void lower_copy(char *to, struct str from)
{
	for (size_t i = 0; i < from.n; i++)
		to[i] = from.p[i] >= 'A' && from.p[i] <= 'Z' ? (char)(from.p[i] + 32)
							     : from.p[i];
}

int headers_read(struct str lines, struct arena *arena, struct str_pairs *out)
{
	struct str_pairs pairs = { NULL, 0 };
	struct str rest = arena_str(arena, lines), line;
	char *base = arena_alloc(arena, lines.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < lines.n; i++)
		n += lines.p[i] == '\n';
	pairs.items = ARENA_NEW(arena, struct str_pair, n + 1);
	if (!rest.p || !base || !pairs.items)
		return -1;
	while (str_split(&rest, '\n', &line)) {
		size_t colon = str_find_char(line, ':');

		if (colon == 0 || colon == line.n || pairs.n > n)
			continue;
		lower_copy(base, str_slice(line, 0, colon));
		pairs.items[pairs.n].name = str_from(base, colon);
		pairs.items[pairs.n++].value =
			str_trim(str_slice(line, colon + 1, line.n));
		base += colon;
	}
	*out = pairs;
	return 0;
}
