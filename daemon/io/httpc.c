/* SPDX-License-Identifier: MIT */
/*
 * The carrier: one thread around curl_multi. It owns the slots, the lanes and, while they
 * are under way, the exchanges. It knows nothing of providers and never tries anything
 * twice. Only the files httpc*.c know of libcurl.
 */
#include "io/httpc.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "io/exchange.h"
#include "io/httpc_inside.h"

enum { IDLE_MS = 10000 };

struct lane {
	uint32_t id;
	size_t running, width;
	struct letter *first, **tail; /* waiting */
};

struct httpc {
	const struct protocol *protocol;
	struct httpc *mail;	 /* the carrier of mail; NULL: none */
	struct sockets *sockets; /* of mail */
	pthread_t thread;
	CURLM *multi;
	struct mailbox *inbox, *results;
	struct httpc_settings settings;
	struct arena *arena; /* of the settings */
	atomic_bool draining, stopping;
	/* The thread's own. */
	struct slot *free, *running;
	struct lane **lanes;
	size_t n_lanes;
	struct letter *done, **done_tail; /* to be posted at the end of the turn */
	bool started;			  /* something new since the last perform */
};

const char *transport_name(enum transport transport)
{
	static const char *const names[] = {
		[TRANSPORT_DONE] = "done",	 [TRANSPORT_NOT_SENT] = "not sent",
		[TRANSPORT_UNKNOWN] = "unknown", [TRANSPORT_TOO_BIG] = "too big",
		[TRANSPORT_BAD] = "bad",
	};

	return names[transport];
}

struct outgoing *outgoing_new(size_t ceiling_bytes)
{
	struct arena *arena = arena_new("outgoing", ceiling_bytes);
	struct outgoing *out = arena ? ARENA_NEW(arena, struct outgoing, 1) : NULL;

	if (!out) {
		arena_free(arena);
		return NULL;
	}
	out->arena = arena;
	return out;
}

void outgoing_free(struct outgoing *out)
{
	if (out)
		arena_free(out->arena);
}

/* ---- slots ---- */

static void list_in(struct slot **list, struct slot *slot)
{
	slot->next = *list;
	slot->back = list;
	if (slot->next)
		slot->next->back = &slot->next;
	*list = slot;
}

static void list_out(struct slot *slot)
{
	*slot->back = slot->next;
	if (slot->next)
		slot->next->back = slot->back;
}

static void give_back(struct httpc *h, struct outgoing *out)
{
	out->ended_mono_us = clock_mono_us();
	out->letter.next = NULL;
	*h->done_tail = &out->letter;
	h->done_tail = &out->letter.next;
}

static void refuse(struct httpc *h, struct outgoing *out, enum transport transport,
		   const char *why)
{
	out->transport = transport;
	out->trouble = str_of(why);
	give_back(h, out);
}

/* ---- lanes ---- */

/* Index of the lane, made when it is new; -1 without memory. */
static int lane_of(struct httpc *h, uint32_t id, size_t *index)
{
	struct lane **grown, *lane;

	for (size_t i = 0; i < h->n_lanes; i++) {
		if (h->lanes[i]->id == id) {
			*index = i;
			return 0;
		}
	}
	lane = calloc(1, sizeof(*lane));
	grown = lane ? realloc(h->lanes, (h->n_lanes + 1) * sizeof(*grown)) : NULL;
	if (!grown) {
		free(lane);
		return -1;
	}
	lane->id = id;
	lane->tail = &lane->first;
	h->lanes = grown;
	h->lanes[h->n_lanes] = lane;
	*index = h->n_lanes++;
	return 0;
}

static struct outgoing *lane_take(struct lane *lane)
{
	struct letter *first = lane->first;

	if (first && !(lane->first = first->next))
		lane->tail = &lane->first;
	return (struct outgoing *)first;
}

/* A free slot that is ready to run it; NULL without memory. */
static struct slot *slot_for(struct httpc *h, struct outgoing *out)
{
	struct slot *slot = h->free;

	if (!slot) {
		slot = slot_new(&h->settings, h->protocol);
		if (!slot)
			return NULL;
		slot->sockets = h->sockets;
		list_in(&h->free, slot);
	}
	slot_begin(slot, out, &h->settings);
	return h->protocol->load(slot, &h->settings) ? NULL : slot;
}

static void start(struct httpc *h, size_t lane, struct outgoing *out)
{
	const char *fault = exchange_fault(&out->exchange);
	struct slot *slot;

	out->started_mono_us = clock_mono_us();
	if (fault) {
		refuse(h, out, TRANSPORT_BAD, fault);
		return;
	}
	slot = slot_for(h, out);
	if (!slot) {
		refuse(h, out, TRANSPORT_NOT_SENT, "no memory for the exchange");
		return;
	}
	if (curl_multi_add_handle(h->multi, slot->easy)) {
		refuse(h, out, TRANSPORT_NOT_SENT, "the carrier cannot start it");
		return;
	}
	list_out(slot);
	list_in(&h->running, slot);
	slot->lane = lane;
	h->lanes[lane]->running++;
	h->started = true;
}

static void lane_go_on(struct httpc *h, size_t i)
{
	struct lane *lane = h->lanes[i];

	while (lane->first && lane->running < lane->width)
		start(h, i, lane_take(lane));
}

/* All that waits comes back unsent. */
static void lanes_clear(struct httpc *h, const char *why)
{
	struct outgoing *out;

	for (size_t i = 0; i < h->n_lanes; i++)
		while ((out = lane_take(h->lanes[i])) != NULL)
			refuse(h, out, TRANSPORT_NOT_SENT, why);
}

static void enqueue(struct httpc *h, struct outgoing *out)
{
	struct lane *lane;
	size_t i;

	if (lane_of(h, out->lane, &i)) {
		refuse(h, out, TRANSPORT_NOT_SENT, "no memory for the exchange");
		return;
	}
	lane = h->lanes[i];
	lane->width = out->lane_width ? out->lane_width : 1;
	out->letter.next = NULL;
	*lane->tail = &out->letter;
	lane->tail = &out->letter.next;
	lane_go_on(h, i);
}

/* ---- the thread ---- */

static void take_in(struct httpc *h)
{
	struct letter *next;

	for (struct letter *l = mailbox_take(h->inbox); l; l = next) {
		next = l->next;
		if (atomic_load(&h->draining))
			refuse(h, (struct outgoing *)l, TRANSPORT_NOT_SENT,
			       "cancelled before it started");
		else
			enqueue(h, (struct outgoing *)l);
	}
	if (atomic_load(&h->draining))
		lanes_clear(h, "cancelled before it started");
}

static void finish(struct httpc *h, struct slot *slot, CURLcode code)
{
	struct outgoing *out = slot->out;

	assert(out);
	curl_multi_remove_handle(h->multi, slot->easy);
	if (h->protocol->end(slot, code)) {
		if (!curl_multi_add_handle(h->multi, slot->easy)) {
			h->started = true;
			return;
		}
		h->protocol->end(slot, CURLE_OUT_OF_MEMORY);
	}
	list_out(slot);
	list_in(&h->free, slot);
	slot->out = NULL;
	h->lanes[slot->lane]->running--;
	give_back(h, out);
}

static void collect(struct httpc *h)
{
	struct slot *slot;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &slot);
		finish(h, slot, code);
		lane_go_on(h, slot->lane);
	}
}

static void post_done(struct httpc *h)
{
	struct letter *done = h->done;

	h->done = NULL;
	h->done_tail = &h->done;
	mailbox_post_all(h->results, done);
}

static void *run(void *arg)
{
	struct httpc *h = arg;
	int running;

	while (!atomic_load(&h->stopping)) {
		h->started = false;
		take_in(h);
		curl_multi_perform(h->multi, &running);
		collect(h);
		post_done(h);
		if (!h->started)
			curl_multi_poll(h->multi, NULL, 0, IDLE_MS, NULL);
	}
	atomic_store(&h->draining, true);
	take_in(h);
	while (h->running)
		finish(h, h->running, CURLE_ABORTED_BY_CALLBACK);
	post_done(h);
	return NULL;
}

static void ring(void *arg)
{
	curl_multi_wakeup(arg);
}

static void release(struct httpc *h)
{
	for (struct slot *slot = h->free, *next; slot; slot = next) {
		next = slot->next;
		slot_free(slot);
	}
	for (size_t i = 0; i < h->n_lanes; i++)
		free(h->lanes[i]);
	free(h->lanes);
	mailbox_free(h->inbox);
	if (h->sockets)
		sockets_hang_up(h->sockets);
	curl_multi_cleanup(h->multi);
	sockets_free(h->sockets);
	arena_free(h->arena);
	free(h);
}

/* The caller's strings need not outlive the call. */
static int settings_copy(struct httpc *h, const struct httpc_settings *from)
{
	h->arena = arena_new("httpc", 16384);
	if (!h->arena)
		return -1;
	h->settings = *from;
	h->settings.user_agent = arena_str(h->arena, str_of(from->user_agent)).p;
	if (!from->ca_file)
		return h->settings.user_agent ? 0 : -1;
	h->settings.ca_file = arena_str(h->arena, str_of(from->ca_file)).p;
	return h->settings.user_agent && h->settings.ca_file ? 0 : -1;
}

static int thread_start(struct httpc *h)
{
	sigset_t all, was;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	failed = pthread_create(&h->thread, NULL, run, h);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	if (!failed)
		pthread_setname_np(h->thread, h->protocol->thread);
	return failed ? -1 : 0;
}

static void start_curl(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void carrier_stop(struct httpc *h)
{
	if (!h)
		return;
	atomic_store(&h->stopping, true);
	if (h->sockets)
		sockets_hang_up(h->sockets);
	curl_multi_wakeup(h->multi);
	pthread_join(h->thread, NULL);
	release(h);
}

/* One thread for one kind of exchange; NULL without memory. */
static struct httpc *carrier_start(const struct httpc_settings *settings,
				   struct mailbox *results,
				   const struct protocol *protocol)
{
	struct httpc *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->protocol = protocol;
	h->done_tail = &h->done;
	h->results = results;
	h->sockets = sockets_new();
	h->multi = curl_multi_init();
	h->inbox = h->multi && h->sockets ? mailbox_new(ring, h->multi) : NULL;
	if (!h->inbox || settings_copy(h, settings)) {
		release(h);
		return NULL;
	}
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)settings->connections);
	if (thread_start(h)) {
		release(h);
		return NULL;
	}
	return h;
}

int httpc_start(const struct httpc_settings *settings, struct mailbox *results,
		struct httpc **out, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct httpc *h;

	pthread_once(&once, start_curl);
	h = carrier_start(settings, results, &protocol_web);
	if (h && settings->mail)
		h->mail = carrier_start(settings, results, &protocol_mail);
	if (h && settings->mail && !h->mail) {
		carrier_stop(h);
		h = NULL;
	}
	if (!h)
		return err_set(err, ERR_LATER, "no memory for the carrier");
	*out = h;
	return 0;
}

static bool is_for_mail(const struct httpc *h, const struct letter *letter)
{
	return h->mail && exchange_is_mail(&((const struct outgoing *)letter)->exchange);
}

void httpc_post(struct httpc *httpc, struct outgoing *out)
{
	httpc = is_for_mail(httpc, &out->letter) ? httpc->mail : httpc;
	mailbox_post(httpc->inbox, &out->letter);
}

void httpc_post_all(struct httpc *httpc, struct letter *first)
{
	struct letter *web = NULL, **web_tail = &web, *mail = NULL, **mail_tail = &mail;

	for (struct letter *next; first; first = next) {
		struct letter ***tail =
			is_for_mail(httpc, first) ? &mail_tail : &web_tail;

		next = first->next;
		first->next = NULL;
		**tail = first;
		*tail = &first->next;
	}
	mailbox_post_all(httpc->inbox, web);
	if (httpc->mail)
		mailbox_post_all(httpc->mail->inbox, mail);
}

void httpc_drain(struct httpc *httpc)
{
	atomic_store(&httpc->draining, true);
	curl_multi_wakeup(httpc->multi);
	if (httpc->mail)
		httpc_drain(httpc->mail);
}

void httpc_stop(struct httpc *httpc)
{
	carrier_stop(httpc->mail);
	carrier_stop(httpc);
}
