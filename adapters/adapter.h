/* SPDX-License-Identifier: MIT */
/*
 * The contract of an SMS provider's adapter. An adapter is pure: it turns (settings,
 * message) into a described exchange and a response into a verdict. It never sees a
 * socket, a thread, a clock, the store or a transport error; it allocates only from
 * ctx->arena; it trusts no byte. Transport, TLS, time-outs, retries, pacing,
 * deduplication, storage, masking and logging are done by the frame, once for all
 * adapters.
 *
 * All functions return 0, or −1 with *err filled and outputs untouched:
 *   ERR_LATER   the provider is in trouble; back off and ask again
 *   ERR_CONFIG  it refuses our credentials or settings; back off long, tell the operator
 *   ERR_NEVER   this answer or request makes no sense; it is kept raw for a human
 */
#ifndef ADAPTERS_ADAPTER_H
#define ADAPTERS_ADAPTER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/http.h"
#include "base/json.h"
#include "base/keys.h"
#include "base/str.h"
#include "base/when.h"

enum sms_caps {
	SMS_FETCH = 1 << 0,	   /* fetch, fetched are there */
	SMS_PUSH = 1 << 1,	   /* pushed is there and takes inbound messages */
	SMS_SEND = 1 << 2,	   /* send, sent are there */
	SMS_REPORT = 1 << 3,	   /* pushed takes delivery reports */
	SMS_SETTLE = 1 << 4,	   /* settle is there */
	SMS_READ_ONCE = 1 << 5,	   /* an answer to fetch is never given again */
	SMS_NEWEST_FIRST = 1 << 6, /* pages overlap: known messages are normal */
	SMS_IDEMPOTENT =
		1 << 7, /* sending again with the same sms_out.id makes no second SMS */
	SMS_AHEAD =
		1 << 8, /* asking changes nothing there, and ctx->state alone says what
			   is next: so it may be asked before the last page is stored */
};

struct sms_ctx {
	const void *settings; /* the struct that info.keys fill */
	struct arena *arena;
	struct str provider; /* id from the config, for wording only */
	struct str number;   /* our number or sender id; p NULL when not set */
	struct str state; /* what this adapter last left in sms_page.state; "" at first */
	int64_t wall_ms;  /* time of this call, for date windows and time stamps */
	int32_t zone_s;	  /* the gateway's offset from UTC in seconds */
};

/* One message from a citizen (MO). */
struct sms_in {
	struct str external_id; /* the provider's id, prefixed by its namespace ("poll:");
				   n 0: none */
	struct str sender, recipient, text; /* as given; text is bytes, not yet checked */
	int64_t sent_ms; /* provider's or SMSC's time, Unix ms; 0 unknown */
	struct {
		uint32_t ref; /* concatenation reference (TS 23.040 clause 9.2.3.24.1) */
		unsigned total,
			part; /* part counts from 1; total 0 or 1: a single message */
	} concat;
	struct str bad; /* n > 0: this element could not be understood, and why; text =
			   its raw form */
};

enum sms_delivery { SMS_DELIVERY_PENDING, SMS_DELIVERY_DONE, SMS_DELIVERY_FAILED };

/* A delivery report (DLR). */
struct sms_report {
	struct str external_id; /* as in sms_receipt */
	enum sms_delivery delivery;
	struct str reason;
};

struct sms_page {
	struct sms_in *items; /* oldest first where the order is known */
	size_t n;
	struct sms_report *reports;
	size_t n_reports;
	struct str state; /* fetched: to be stored with the page; p NULL: unchanged */
	bool more;	  /* fetched: ask again at once */
};

/* One message to a citizen (MT). */
struct sms_out {
	struct str id; /* ours, the same at every attempt, at most 36 of [a-z0-9-] */
	struct str to; /* E.164 with '+' */
	struct str text;
	bool ucs2; /* not representable in the GSM 7-bit alphabet */
	unsigned segments;
};

enum sms_verdict {
	SMS_ACCEPTED, /* the provider has it */
	SMS_REFUSED,  /* for good; reason says why */
	SMS_LATER,    /* not taken, the same may succeed later */
	SMS_UNKNOWN,  /* it may or may not have been taken */
};

struct sms_receipt {
	enum sms_verdict verdict;
	struct str external_id; /* accepted only, as delivery reports will name it; n 0:
				   none */
	struct str reason;
	bool provider_wide; /* LATER, REFUSED: concerns all sends (credit, key, rate), not
			       this one */
};

struct adapter_info {
	const char *name;	/* as written in providers.adapter */
	const char *about;	/* one sentence */
	const struct key *keys; /* its settings; NULL-name-ended */
	size_t settings_size;	/* sizeof the struct that keys fill */
	/* MAY be NULL. What key tables cannot say: combinations, templates. May add to
	 * settings. */
	int (*check)(void *settings, struct arena *arena, struct err *err);
};

struct sms_adapter {
	struct adapter_info info;
	unsigned caps; /* enum sms_caps; for adapters where config decides, the most it
			  can do */
	/* MAY be NULL: then caps holds. What it can do with these settings, a subset of
	 * caps. */
	unsigned (*caps_of)(const void *settings);

	/* FETCH. Describes the request for messages after ctx->state. */
	int (*fetch)(const struct sms_ctx *ctx, struct exchange *out, struct err *err);
	/* FETCH. Digests any response, whatever its status; 304 is an empty page. */
	int (*fetched)(const struct sms_ctx *ctx, const struct response *response,
		       struct sms_page *out, struct err *err);
	/* SETTLE. Called after the commit; acknowledges or deletes one message. */
	int (*settle)(const struct sms_ctx *ctx, const struct sms_in *message,
		      struct exchange *out, struct err *err);
	/*
	 * PUSH, REPORT. `what` is the last path segment of the callback URL ("in",
	 * "report"). Checks the provider's own authentication, if it has any, digests the
	 * request and says what to answer once the page is committed. On failure the
	 * frame answers 400 (ERR_NEVER), 403 (ERR_CONFIG) or 503 (ERR_LATER).
	 */
	int (*pushed)(const struct sms_ctx *ctx, struct str what,
		      const struct request *request, struct sms_page *out,
		      struct answer *answer, struct err *err);
	/* SEND. */
	int (*send)(const struct sms_ctx *ctx, const struct sms_out *message,
		    struct exchange *out, struct err *err);
	/* SEND. Judges any response, whatever its status. */
	int (*sent)(const struct sms_ctx *ctx, const struct response *response,
		    struct sms_receipt *out, struct err *err);
};

/* registry.c: NULL-ended; and by name, NULL when unknown. */
extern const struct sms_adapter *const sms_adapters[];
const struct sms_adapter *sms_adapter_find(struct str name);
/* Aborts when an adapter's capability bits and functions disagree. Called once at start.
 */
void sms_adapters_assert(void);

#endif
