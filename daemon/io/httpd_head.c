/* SPDX-License-Identifier: MIT */
/*
 * A request's line and headers: what of them is refused, and with which answer. Looks at
 * what libmicrohttpd has cut, and at what it lets pass (repeated lengths, a naked NUL).
 * The listener's thread; owns nothing.
 */
#include "io/httpd_inside.h"

static const struct {
	const char *name;
	enum http_method method;
	bool refused;
} methods[] = {
	{ "GET", HTTP_GET, false },	  { "POST", HTTP_POST, false },
	{ "PUT", HTTP_PUT, false },	  { "PATCH", HTTP_PATCH, false },
	{ "DELETE", HTTP_DELETE, false }, { "HEAD", HTTP_GET, true },
	{ "OPTIONS", HTTP_GET, true },	  { "TRACE", HTTP_GET, true },
	{ "CONNECT", HTTP_GET, true },
};

int head_method(const char *name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return (int)i;
	return -1;
}

enum http_method head_method_at(int index)
{
	return methods[index].method;
}

/* RFC 9110 clause 5.1: "Content-Length :" is no name, yet some proxies read one in it. */
static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c <= ' ' || c > '~' || strchr("\"(),/:;<=>?@[\\]{}", c))
			return false;
	}
	return name.n > 0;
}

void head_see(struct framing *f, struct str name, struct str value)
{
	f->odd = f->odd || !is_name(name);
	if (str_eq_nocase(name, STR("content-length"))) {
		f->lengths++;
		if (!str_to_int(value, &f->length) || f->length < 0)
			f->odd = true;
	} else if (str_eq_nocase(name, STR("transfer-encoding"))) {
		f->codings++;
		f->odd = f->odd || !str_eq_nocase(value, STR("chunked"));
	}
}

/*
 * libmicrohttpd ends the target at a naked NUL and finds the version behind the last
 * space. One byte, the space, is all that may lie between them.
 */
bool head_has_naked_nul(const struct conn *c, const char *version)
{
	uintptr_t gap = (uintptr_t)version - c->target_end;

	return gap > 1 && gap < CONNECTION_BYTES;
}

bool head_is_healthz(const struct httpd *d, const char *url, const char *method)
{
	return d->listener.health && strcmp(url, "/healthz") == 0 &&
	       (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0);
}

enum fixed head_fault(const struct httpd *d, const struct conn *c, const char *url,
		      int method, const struct framing *f)
{
	if (!c || atomic_load(&d->closing))
		return REFUSE_CLOSING;
	if (method < 0)
		return REFUSE_UNKNOWN_METHOD;
	if (methods[method].refused &&
	    !(d->listener.head && strcmp(methods[method].name, "HEAD") == 0))
		return REFUSE_METHOD;
	if (url[0] != '/' || c->nul || f->odd || f->codings > 1 ||
	    f->lengths + f->codings > 1)
		return REFUSE_MALFORMED;
	if (f->length > 0 && (uint64_t)f->length > d->listener.body_ceiling_bytes)
		return REFUSE_LARGE;
	return FIXED_N;
}
