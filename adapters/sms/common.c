/* SPDX-License-Identifier: MIT */
/* HTTP statuses as verdicts, by a table; JSON; ids. Pure; knows no provider. */
#include "sms/common.h"

enum { WORDS_MOST = 200 };

/*
 * The first row whose range holds the status decides.
 *   fetch   kind of failure of a poll
 *   send    verdict on a send; wide: it concerns all sends of the provider
 *   words   for the operator
 *
 * A 500 comes from the application, which says that it failed. A 502 or 504 comes from a
 * gateway in front of it, which does not know whether the application took the message.
 */
static const struct row {
	int from, to;
	enum err_kind fetch;
	enum sms_verdict send;
	bool wide;
	const char *words;
} rows[] = {
	{ 300, 399, ERR_CONFIG, SMS_LATER, true, "redirects us; check the address" },
	{ 401, 401, ERR_CONFIG, SMS_LATER, true, "refuses our credentials" },
	{ 402, 402, ERR_CONFIG, SMS_LATER, true, "wants payment" },
	{ 403, 403, ERR_CONFIG, SMS_LATER, true, "refuses our credentials" },
	{ 404, 405, ERR_CONFIG, SMS_LATER, true,
	  "knows no such address; check the address" },
	{ 407, 407, ERR_CONFIG, SMS_LATER, true,
	  "stands behind a proxy that refuses us" },
	{ 408, 408, ERR_LATER, SMS_LATER, false, "gave up waiting for our request" },
	{ 410, 410, ERR_CONFIG, SMS_LATER, true,
	  "has given this address up; check the address" },
	{ 425, 425, ERR_LATER, SMS_LATER, true, "is not ready" },
	{ 429, 429, ERR_LATER, SMS_LATER, true, "asks us to slow down" },
	{ 400, 499, ERR_NEVER, SMS_REFUSED, false, "does not accept the request" },
	{ 502, 502, ERR_LATER, SMS_UNKNOWN, false, "is unreachable behind its gateway" },
	{ 503, 503, ERR_LATER, SMS_LATER, true, "is not available" },
	{ 504, 504, ERR_LATER, SMS_UNKNOWN, false, "is unreachable behind its gateway" },
	{ 520, 527, ERR_LATER, SMS_UNKNOWN, false, "is unreachable behind its gateway" },
	{ 500, 599, ERR_LATER, SMS_LATER, false, "is in trouble" },
	{ 0, 0, ERR_NEVER, SMS_UNKNOWN, false, "gives an odd status" },
};

static const struct row *row_of(int status)
{
	const struct row *row = rows;

	while (row->to && (status < row->from || status > row->to))
		row++;
	return row;
}

bool sms_status_good(int status)
{
	return status >= 200 && status <= 299;
}

int sms_status_fetched(int status, struct str words, struct err *err)
{
	const struct row *row = row_of(status);

	return err_set(err, row->fetch, "HTTP %d: the provider %s%s%.*s", status,
		       row->words, words.n ? ": " : "",
		       STR_ARG(str_slice(words, 0, WORDS_MOST)));
}

void sms_status_sent(int status, struct str words, struct arena *arena,
		     struct sms_receipt *out)
{
	const struct row *row = row_of(status);
	struct str reason = arena_printf(arena, "HTTP %d: the provider %s%s%.*s", status,
					 row->words, words.n ? ": " : "",
					 STR_ARG(str_slice(words, 0, WORDS_MOST)));

	*out = (struct sms_receipt){
		.verdict = row->send,
		.provider_wide = row->wide,
		.reason = reason.p ? reason : STR("HTTP status"),
	};
}

const struct json *sms_json(const struct response *response, struct json **own,
			    struct err *err)
{
	*own = response->json ? NULL : json_parse(response->body, err);
	return response->json ? response->json : *own;
}

struct str sms_id_join(struct arena *arena, struct str prefix, struct str id)
{
	char *p = arena_alloc(arena, prefix.n + id.n + 1, 1);

	if (!p)
		return str_from(NULL, 0);
	if (prefix.n)
		memcpy(p, prefix.p, prefix.n);
	if (id.n)
		memcpy(p + prefix.n, id.p, id.n);
	return str_from(p, prefix.n + id.n);
}
