/* SPDX-License-Identifier: MIT */
/*
 * POST /requests: a complaint from a web form, FixMyStreet or another city's system. Who
 * files is known by a key; of the citizen nothing is kept but what he wrote: names, mail
 * addresses and telephones that a client sends along are not read.
 */
#include "console/open311.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "store/token.h"

enum { LETTERS_MOST = 4000, PLACE_MOST = 500, URL_MOST = 500 };

/* ---- the key ---- */

/* For counting; CALL_HEARD: it is good. */
static enum call_refusal key_trouble(struct str key, bool found,
				     const struct token *token, int64_t now_ms)
{
	if (key.n == 0)
		return CALL_NO_TOKEN;
	if (token_form(key) == TOKEN_MISTYPED)
		return CALL_MISTYPED;
	if (!found)
		return CALL_UNKNOWN;
	switch (token_state(token, now_ms)) {
	case TOKEN_REVOKED:
		return CALL_REVOKED;
	case TOKEN_EXPIRED:
		return CALL_EXPIRED;
	case TOKEN_GOOD:
		break;
	}
	return CALL_HEARD;
}

/* False: answered. */
static bool key_good(struct geo *g, struct token *token)
{
	struct store *store = engine_store(g->engine);
	struct str key = geo_asked(g, "api_key");
	int64_t now = clock_wall_ms();
	struct call_rate rate;
	struct err err;
	bool found = false;

	if (token_form(key) == TOKEN_WELL &&
	    store_token_find(store, key, g->arena, token, &found, &err)) {
		geo_failed(g, &err);
		return false;
	}
	g->in->refusal = (int)key_trouble(key, found, token, now);
	if (g->in->refusal != CALL_HEARD) {
		geo_error(g, 403,
			  key.n ? "api_key is not valid" : "api_key was not provided");
		return false;
	}
	if (!(token->scopes & TOKEN_FILE)) {
		g->in->refusal = CALL_SCOPE;
		geo_error(g, 403, "api_key is not for filing: it lacks the scope file");
		return false;
	}
	if (!engine_call_take(g->engine, token->id, &rate)) {
		g->later_s = rate.next_ms / 1000 + 1;
		g->in->refusal = CALL_TOO_MANY;
		geo_error(g, 429, "at most %lld requests in %lld seconds",
			  (long long)rate.limit, (long long)rate.window_s);
		return false;
	}
	if (store_token_used(store, token, now, &err)) {
		geo_failed(g, &err);
		return false;
	}
	return true;
}

/* ---- what is filed ---- */

static size_t letters(struct str s)
{
	size_t at = 0, n = 0;

	while (utf8_next(s, &at) >= 0)
		n++;
	return n;
}

static struct str cleaned(const struct geo *g, const char *name)
{
	struct str s = utf8_clean(geo_asked(g, name), g->arena);

	return s.p ? str_trim(s) : STR("");
}

static bool degrees(struct str s, double most)
{
	char text[24] = { 0 }, *end;
	double value;

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("0123456789.-+", s.p[i]))
			return false;
	memcpy(text, s.p, s.n);
	value = strtod(text, &end);
	return *end == '\0' && value >= -most && value <= most;
}

static struct str one_line(const struct geo *g, struct str s, size_t most)
{
	char *p = arena_alloc(g->arena, s.n + 1, 1);
	size_t n = s.n < most ? s.n : most;

	while (n && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	for (size_t i = 0; p && i < n; i++)
		p[i] = s.p[i] == '\n' || s.p[i] == '\t' ? ' ' : s.p[i];
	return p ? str_from(p, n) : STR("");
}

/* The words, and behind them lines for where it is: that is how everybody who works on it
 * reads them, and how the place is found. */
static bool read_text(struct geo *g, struct str *out)
{
	struct str words = cleaned(g, "description"), lat = geo_asked(g, "lat"),
		   lon = geo_asked(g, "long"), media = geo_asked(g, "media_url"),
		   address = one_line(g, cleaned(g, "address_string"), PLACE_MOST),
		   place = one_line(g, cleaned(g, "address_id"), PLACE_MOST);
	struct buf b = BUF_INIT(64 << 10);

	if (words.n == 0)
		return geo_error(g, 400, "description was not provided"), false;
	if (letters(words) > LETTERS_MOST)
		return geo_error(g, 400, "description: at most %d letters", LETTERS_MOST),
		       false;
	if ((lat.n || lon.n) && (!degrees(lat, 90) || !degrees(lon, 180)))
		return geo_error(g, 400, "lat, long: both, as decimal degrees"), false;
	if (lat.n == 0 && address.n == 0 && place.n == 0)
		return geo_error(g, 400,
				 "where is it? lat and long, address_string or "
				 "address_id"),
		       false;
	buf_add(&b, words);
	if (address.n)
		buf_printf(&b, "\nLokasi: %.*s", STR_ARG(address));
	if (place.n)
		buf_printf(&b, "\nTempat: %.*s", STR_ARG(place));
	if (str_starts(media, STR("https://")) && media.n <= URL_MOST)
		buf_printf(&b, "\nFoto: %.*s",
			   STR_ARG(one_line(g, cleaned(g, "media_url"), URL_MOST)));
	if (lat.n)
		buf_printf(&b, "\nKoordinat %.*s, %.*s", STR_ARG(lat), STR_ARG(lon));
	*out = b.failed ? STR("") : arena_str(g->arena, buf_str(&b));
	buf_free(&b);
	return out->n ? true : (geo_error(g, 503, "no memory for a complaint"), false);
}

/* False: answered. */
static bool read_service(struct geo *g, const struct token *token, int *department)
{
	struct str code = geo_asked(g, "service_code");

	if (code.n == 0)
		return geo_error(g, 400, "service_code was not provided"), false;
	*department = geo_service_of(g, code);
	if (*department == -2)
		return geo_error(g, 400,
				 "service_code was not found; GET services lists them"),
		       false;
	if (token->department.n && !str_eq(token->department, code))
		return geo_error(g, 403, "this api_key files to %.*s only",
				 STR_ARG(token->department)),
		       false;
	return true;
}

bool geo_file(struct geo *g)
{
	struct web_filing filing = { .again_ms = g->config->open311.again_ms };
	struct geo_writer *w;
	struct ticket ticket;
	struct token token;
	struct err err;
	bool again;

	if (!key_good(g, &token) || !read_service(g, &token, &filing.department) ||
	    !read_text(g, &filing.text))
		return true;
	filing.token_id = token.id;
	filing.by = token.name;
	if (engine_web_file(g->engine, &filing, g->arena, &ticket, &again, &err))
		return geo_failed(g, &err);
	log_event(LOG_LEVEL_INFO, "open311_filed", LOG_I("no", ticket.no),
		  LOG_S("by", token.name), LOG_I("again", again));
	w = geo_begin(g, "service_requests", false);
	geo_item(w, "request");
	geo_put(w, "service_request_id",
		arena_printf(g->arena, "%lld", (long long)ticket.no));
	geo_put(w, "service_notice",
		ticket.answer_due_ms
			? arena_printf(g->arena, "Jawaban paling lambat %.*s.",
				       STR_ARG(calendar_show_date(g->config->calendar,
								  ticket.answer_due_ms,
								  g->arena)))
			: STR(""));
	geo_put(w, "account_id", STR(""));
	geo_close(w);
	return geo_end(w, g, 200);
}
