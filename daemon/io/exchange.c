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
		if ((unsigned char)s.p[i] <= '\r' &&
		    (s.p[i] == '\r' || s.p[i] == '\n' || s.p[i] == '\0'))
			return true;
	return false;
}

/* Neither control character nor space, and ASCII. */
static bool is_plain(char c)
{
	return (unsigned char)c > ' ' && (unsigned char)c < 0x7F;
}

/* What names of headers are made of, nearly all. */
static bool is_usual(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

/* A token of RFC 9110 clause 5.6.2, and none that libcurl writes by itself. */
static bool is_header_name(struct str name)
{
	static const struct str ours[] = { STR_INIT("content-length"),
					   STR_INIT("transfer-encoding"),
					   STR_INIT("expect") };

	for (size_t i = 0; i < name.n; i++)
		if (!is_usual(name.p[i]) &&
		    (!is_plain(name.p[i]) || strchr("\"(),/:;<=>?@[\\]{}", name.p[i])))
			return false;
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (str_eq_nocase(name, ours[i]))
			return false;
	return name.n > 0;
}

static bool has_scheme(struct str url, struct str scheme)
{
	return str_eq_nocase(str_slice(url, 0, scheme.n), scheme);
}

bool exchange_is_smtp(const struct exchange *x)
{
	return has_scheme(x->url, STR("smtp://")) || has_scheme(x->url, STR("smtps://"));
}

static bool is_imap(const struct exchange *x)
{
	return has_scheme(x->url, STR("imap://")) || has_scheme(x->url, STR("imaps://"));
}

bool exchange_is_mail(const struct exchange *x)
{
	return exchange_is_smtp(x) || is_imap(x);
}

static bool is_plain_all(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_plain(s.p[i]))
			return false;
	return true;
}

/* What may stand between < and > in an envelope. */
static bool is_address(struct str s)
{
	size_t at = str_find_char(s, '@');

	return s.n <= 320 && is_plain_all(s) && at > 0 && at + 1 < s.n &&
	       str_find_char(s, '<') == s.n && str_find_char(s, '>') == s.n;
}

static const char *smtp_fault(const struct exchange *x)
{
	if (x->mail_from.n && !is_address(x->mail_from))
		return "the sender's address is impossible";
	if (x->mail_to.n == 0 || x->body.n == 0)
		return "a mail needs a recipient and a text";
	for (size_t i = 0; i < x->mail_to.n; i++)
		if (!is_address(x->mail_to.items[i]))
			return "a recipient's address is impossible";
	return NULL;
}

static struct str folder_part(struct str url)
{
	struct str rest = str_slice(url, str_find(url, STR("://")) + 3, url.n);

	rest = str_slice(rest, str_find_char(rest, '/') + 1, rest.n);
	rest = str_slice(rest, 0, str_find_char(rest, ';'));
	return str_ends(rest, STR("/")) ? str_slice(rest, 0, rest.n - 1) : rest;
}

static const char *imap_fault(const struct exchange *x)
{
	bool fetches = str_find(x->url, STR("/;UID=")) < x->url.n;

	if (folder_part(x->url).n == 0)
		return "the URL names no folder of the mailbox";
	if (has_control(x->imap) || (x->imap.n > 0) == fetches)
		return "a mailbox is asked by a command or by ;UID= in the URL";
	for (size_t i = 0; i + 2 < x->url.n; i++)
		if (x->url.p[i] == '%' && x->url.p[i + 1] < '2')
			return "the URL has a control character";
	return NULL;
}

struct str exchange_folder(const struct exchange *x, struct arena *arena)
{
	return url_decode(folder_part(x->url), arena);
}

const char *exchange_fault(const struct exchange *x)
{
	bool mail = exchange_is_mail(x);

	if (!is_plain_all(x->url) || (!mail && !has_scheme(x->url, STR("http://")) &&
				      !has_scheme(x->url, STR("https://"))))
		return "the URL is not an absolute http or https one";
	for (size_t i = 0; i < x->headers.n; i++)
		if (!is_header_name(x->headers.items[i].name) ||
		    has_control(x->headers.items[i].value))
			return "a header has an impossible name or a line break";
	if (x->user.p && (has_control(x->user) || has_control(x->password) ||
			  (!mail && str_find_char(x->user, ':') < x->user.n)))
		return "the user name or password has an impossible character";
	if (x->unix_path.p && (x->unix_path.n == 0 || has_control(x->unix_path)))
		return "the path of the Unix socket is impossible";
	if (mail)
		return is_imap(x) ? imap_fault(x) : smtp_fault(x);
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
