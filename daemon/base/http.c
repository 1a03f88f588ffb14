/* SPDX-License-Identifier: MIT */
/*
 * What is common to HTTP seen from both sides: names of methods, look-up in headers and
 * forms, form encoding, Retry-After. Pure; owns nothing, results live in the caller's
 * arena. Knows nothing of sockets.
 */
#include "base/http.h"

#include <time.h>

const char *http_method_name(enum http_method method)
{
	static const char *const names[] = {
		[HTTP_GET] = "GET",	[HTTP_POST] = "POST",	  [HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
	};

	return names[method];
}

struct str pairs_get(struct str_pairs pairs, struct str name)
{
	for (size_t i = 0; i < pairs.n; i++)
		if (str_eq(pairs.items[i].name, name))
			return pairs.items[i].value;
	return str_from(NULL, 0);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One byte from s at *i, which advances over what was read. plus: '+' is a space. */
static char decode_one(struct str s, size_t *i, bool plus)
{
	char c = s.p[(*i)++];
	int high, low;

	if (c == '+' && plus)
		return ' ';
	if (c != '%' || s.n - *i < 2)
		return c;
	high = hex_value(s.p[*i]);
	low = hex_value(s.p[*i + 1]);
	if (high < 0 || low < 0)
		return c;
	*i += 2;
	return (char)(high * 16 + low);
}

static struct str decode(struct str s, bool plus, struct arena *arena)
{
	char *p = arena_alloc(arena, s.n + 1, 1);
	size_t n = 0;

	if (!p)
		return str_from(NULL, 0);
	for (size_t i = 0; i < s.n;)
		p[n++] = decode_one(s, &i, plus);
	return str_from(p, n);
}

struct str url_decode(struct str s, struct arena *arena)
{
	return decode(s, false, arena);
}

/* Pairs that the body holds; empty ones between two & do not count. */
static size_t count_pairs(struct str body)
{
	struct str part;
	size_t n = 0;

	while (str_split(&body, '&', &part))
		n += part.n > 0;
	return n;
}

int form_parse(struct str body, size_t most, struct arena *arena, struct str_pairs *out,
	       struct err *err)
{
	struct str_pairs pairs = { NULL, 0 };
	size_t n = count_pairs(body);
	struct str part;

	if (n > most)
		return err_set(err, ERR_LIMIT, "%zu form fields, at most %zu", n, most);
	pairs.items = ARENA_NEW(arena, struct str_pair, n);
	if (!pairs.items)
		return err_set(err, ERR_LIMIT, "no room for %zu form fields", n);
	while (str_split(&body, '&', &part)) {
		size_t at = str_find_char(part, '=');
		struct str_pair *pair = &pairs.items[pairs.n];

		if (part.n == 0)
			continue;
		pair->name = decode(str_slice(part, 0, at), true, arena);
		pair->value = decode(str_slice(part, at + 1, part.n), true, arena);
		if (!pair->name.p || !pair->value.p)
			return err_set(err, ERR_LIMIT, "no room for a form field");
		pairs.n++;
	}
	*out = pairs;
	return 0;
}

static bool is_form_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '*' || c == '-' || c == '.' || c == '_';
}

static char *encode(char *out, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (is_form_plain((char)c)) {
			*out++ = (char)c;
		} else if (c == ' ') {
			*out++ = '+';
		} else {
			*out++ = '%';
			*out++ = hex[c >> 4];
			*out++ = hex[c & 15];
		}
	}
	return out;
}

struct str form_encode(struct str_pairs pairs, struct arena *arena)
{
	size_t room = 1;
	char *p, *end;

	for (size_t i = 0; i < pairs.n; i++)
		room += 3 * (pairs.items[i].name.n + pairs.items[i].value.n) + 2;
	p = end = arena_alloc(arena, room, 1);
	if (!p)
		return str_from(NULL, 0);
	for (size_t i = 0; i < pairs.n; i++) {
		if (i)
			*end++ = '&';
		end = encode(end, pairs.items[i].name);
		*end++ = '=';
		end = encode(end, pairs.items[i].value);
	}
	return str_from(p, (size_t)(end - p));
}

/* HTTP-date (RFC 9110 clause 5.6.7) as Unix time; -1: none. */
static int64_t http_date_s(struct str s)
{
	static const char *const formats[] = {
		"%a, %d %b %Y %H:%M:%S GMT", /* IMF-fixdate */
		"%A, %d-%b-%y %H:%M:%S GMT", /* RFC 850 */
		"%a %b %d %H:%M:%S %Y",	     /* asctime */
	};
	char text[64];

	if (s.n >= sizeof(text))
		return -1;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, formats[i], &tm);

		if (end && *end == '\0')
			return (int64_t)timegm(&tm);
	}
	return -1;
}

int64_t http_retry_after_ms(const struct response *response, int64_t wall_ms)
{
	struct str value = str_trim(pairs_get(response->headers, STR("retry-after")));
	int64_t s, at;

	if (value.n == 0)
		return 0;
	if (str_to_int(value, &s))
		return s > 0 && s <= INT64_MAX / 1000 ? s * 1000 : 0;
	at = http_date_s(value);
	return at > 0 && at * 1000 > wall_ms ? at * 1000 - wall_ms : 0;
}

static bool own(struct str *s, struct arena *arena)
{
	if (!s->p)
		return true;
	*s = arena_str(arena, *s);
	return s->p != NULL;
}

int exchange_own(struct exchange *x, struct arena *arena, struct err *err)
{
	struct str_pair *headers = ARENA_NEW(arena, struct str_pair, x->headers.n + 1);
	bool good = headers && own(&x->url, arena) && own(&x->body, arena) &&
		    own(&x->user, arena) && own(&x->password, arena) &&
		    own(&x->unix_path, arena) && own(&x->mail_from, arena) &&
		    own(&x->imap, arena);
	struct str *to = ARENA_NEW(arena, struct str, x->mail_to.n + 1);

	for (size_t i = 0; good && i < x->headers.n; i++) {
		headers[i] = x->headers.items[i];
		good = own(&headers[i].name, arena) && own(&headers[i].value, arena);
	}
	for (size_t i = 0; good && to && i < x->mail_to.n; i++) {
		to[i] = x->mail_to.items[i];
		good = own(&to[i], arena);
	}
	if (!good || !to)
		return err_set(err, ERR_LIMIT, "no room for a request");
	x->mail_to.items = to;
	x->headers.items = headers;
	return 0;
}
