/* SPDX-License-Identifier: MIT */
/*
 * A slot of the carrier: a handle of libcurl with what holds for every exchange, and why
 * one failed. In the carrier's thread; owns the handle and its buffers.
 */
#include "io/httpc_inside.h"

#include <stdlib.h>

enum {
	CONNECTION_AGE_S = 60, /* an idle connection older than this is not trusted */
};

/* What all exchanges have in common, whatever their protocol. */
static void set_up(struct slot *slot, const struct httpc_settings *s)
{
	CURL *easy = slot->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* nothing from the environment */
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)CONNECTION_AGE_S);
	if (s->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca_file);
	/* Else a file of authorities that was replaced counts a day later. */
	curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, slot->why);
}

void slot_free(struct slot *slot)
{
	if (!slot)
		return;
	curl_easy_cleanup(slot->easy);
	buf_free(&slot->head);
	buf_free(&slot->body);
	free(slot);
}

void slot_reset(struct slot *slot, const struct httpc_settings *settings,
		const struct protocol *protocol)
{
	curl_easy_reset(slot->easy);
	slot->has_name = slot->has_custom = slot->has_unix = slot->has_ca = false;
	set_up(slot, settings);
	protocol->set_up(slot, settings);
}

struct slot *slot_new(const struct httpc_settings *settings,
		      const struct protocol *protocol)
{
	struct slot *slot = calloc(1, sizeof(*slot));

	if (!slot)
		return NULL;
	slot->head = (struct buf)BUF_INIT(HEAD_CEILING);
	slot->body = (struct buf)BUF_INIT(SIZE_MAX / 2);
	slot->easy = curl_easy_init();
	if (!slot->easy) {
		free(slot);
		return NULL;
	}
	set_up(slot, settings);
	protocol->set_up(slot, settings);
	return slot;
}

static void buf_recycle(struct buf *b)
{
	if (b->size > KEPT_BUFFER)
		buf_free(b);
	buf_clear(b);
}

void slot_begin(struct slot *slot, struct outgoing *out,
		const struct httpc_settings *settings)
{
	size_t ceiling = out->exchange.ceiling_bytes;

	slot->out = out;
	slot->ceiling = ceiling ? ceiling : settings->body_ceiling_bytes;
	slot->sendings = 0;
	slot->why[0] = '\0';
	slot->too_big = slot->in_body = slot->head_ended = false;
	buf_recycle(&slot->head);
	buf_recycle(&slot->body);
}

/* User and password; both NULL when the exchange has none and the last one had. */
int slot_set_name(struct slot *slot)
{
	struct outgoing *out = slot->out;
	const struct exchange *x = &out->exchange;
	struct str user = { NULL, 0 }, password = { NULL, 0 };

	if (!x->user.p && !slot->has_name)
		return 0;
	if (x->user.p) {
		user = arena_str(out->arena, x->user);
		password = arena_str(out->arena, x->password);
		if (!user.p || !password.p)
			return -1;
	}
	curl_easy_setopt(slot->easy, CURLOPT_USERNAME, user.p);
	curl_easy_setopt(slot->easy, CURLOPT_PASSWORD, password.p);
	slot->has_name = x->user.p != NULL;
	return 0;
}

/* The exchange's own authorities take the place of all others, file and folder. */
int slot_set_ca(struct slot *slot, const struct httpc_settings *s)
{
	struct outgoing *out = slot->out;
	struct str own = { NULL, 0 };
	char *file = NULL, *folder = NULL;

	if (!out->ca_file.n && !slot->has_ca)
		return 0;
	if (out->ca_file.n) {
		own = arena_str(out->arena, out->ca_file);
		if (!own.p)
			return -1;
	} else {
		curl_easy_getinfo(slot->easy, CURLINFO_CAINFO, &file);
		curl_easy_getinfo(slot->easy, CURLINFO_CAPATH, &folder);
	}
	curl_easy_setopt(slot->easy, CURLOPT_CAINFO,
			 own.p ? own.p : (s->ca_file ? s->ca_file : file));
	curl_easy_setopt(slot->easy, CURLOPT_CAPATH, folder);
	slot->has_ca = own.p != NULL;
	return 0;
}

static int64_t or_else(int64_t value, int64_t otherwise)
{
	return value > 0 ? value : otherwise;
}

void slot_set_times(struct slot *slot, const struct httpc_settings *s)
{
	const struct outgoing *out = slot->out;

	curl_easy_setopt(slot->easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)or_else(out->connect_ms, s->connect_ms));
	curl_easy_setopt(slot->easy, CURLOPT_TIMEOUT_MS,
			 (long)or_else(out->total_ms, s->total_ms));
}

/* ---- what went wrong ---- */

static bool is_of_tls(CURLcode code)
{
	return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CACERT_BADFILE ||
	       code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CIPHER;
}

/* Nothing was sent yet, so libcurl's words hold at most the host's name. */
static struct str trouble_of_tls(const struct slot *slot)
{
	static const struct {
		const char *theirs, *ours;
	} words[] = {
		{ "wrong version number", "the server speaks no TLS there" },
		{ "unsupported protocol", "the server offers only TLS older than 1.2" },
		{ "protocol version", "the server offers only TLS older than 1.2" },
	};
	struct str why = str_of(slot->why);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_find(why, str_of(words[i].theirs)) < why.n)
			return arena_printf(slot->out->arena, "TLS: %s (%.*s)",
					    words[i].ours, STR_ARG(why));
	return arena_printf(slot->out->arena, "TLS: %.*s", STR_ARG(why));
}

/* libcurl's general sentence for the code (without URL), with the system's for errno. */
struct str slot_trouble(struct slot *slot, CURLcode code)
{
	struct arena *arena = slot->out->arena;
	const char *what = curl_easy_strerror(code);
	long number = 0;

	if (slot->too_big)
		return STR("the answer is larger than its ceiling");
	if (slot->sendings > 1)
		return STR("the connection closed before an answer came");
	if (is_of_tls(code) && slot->why[0] && slot->sendings == 0)
		return trouble_of_tls(slot);
	curl_easy_getinfo(slot->easy, CURLINFO_OS_ERRNO, &number);
	if (number && code != CURLE_OPERATION_TIMEDOUT)
		return arena_printf(arena, "%s (%s)", what, strerrordesc_np((int)number));
	return str_of(what);
}
