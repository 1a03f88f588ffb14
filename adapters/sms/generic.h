/* SPDX-License-Identifier: MIT */
/*
 * What the files of the generic adapter share: its settings (filled by the key tables of
 * generic_keys.c), its cursor (generic_state.c), and the digestion of what comes in
 * (generic_digest.c). Not for anybody else.
 */
#ifndef ADAPTERS_SMS_GENERIC_H
#define ADAPTERS_SMS_GENERIC_H

#include "adapter.h"
#include "sms/generic_template.h"

enum generic_auth_kind {
	AUTH_INHERIT, /* as the provider's own `auth` says */
	AUTH_NONE,
	AUTH_BASIC,
	AUTH_BEARER,
	AUTH_HEADER,
	AUTH_QUERY,
	AUTH_FORM,
};

struct generic_auth {
	int kind;
	struct str user, user_secret, secret, name, user_name;
};

enum { METHOD_AUTO, METHOD_FIRST }; /* then the methods of base/http.h in their order */

/* A request that we make. */
struct generic_ask {
	struct str url, json, body;
	int method;
	struct str_pairs headers, query, form;
	struct generic_auth auth;
};

enum generic_time { TIME_ISO, TIME_LOCAL, TIME_UTC, TIME_UNIX, TIME_UNIX_MS };

/* Where in a message its parts stand: JSON paths, or names of form fields. */
struct generic_fields {
	struct str list, id, sender, recipient, text, time, part_ref, part_total, part_no;
	struct str id_prefix;
	int time_format;
};

enum generic_cursor {
	CURSOR_AUTO, /* HIGHEST where {state} is used, else NONE; resolved by check */
	CURSOR_NONE,
	CURSOR_HIGHEST,
	CURSOR_LAST,
	CURSOR_TIME,
	CURSOR_PATH,
};

enum generic_order { OLDEST_FIRST, NEWEST_FIRST };

struct generic_poll {
	struct generic_ask ask;
	struct generic_fields fields;
	struct str empty, code, error, cursor_path, next, more, first;
	struct str_list empty_values, code_config, code_later;
	int cursor, order;
	int64_t page_size, page_most, overlap_ms, window_ms;
};

struct generic_send {
	struct generic_ask ask;
	struct str code, error, sent_id;
	struct str_list ok_status, ok_body, code_ok, code_refused, code_later, code_wide;
};

struct generic_settle {
	struct generic_ask ask;
};

enum generic_format { FORMAT_FORM, FORMAT_JSON, FORMAT_QUERY };
enum generic_secret_in { SECRET_IN_FIELD, SECRET_IN_HEADER };

/* A request that the provider makes: how it is written, who may, what it hears. */
struct generic_call {
	int format, secret_in;
	struct str secret, secret_name, only, answer, answer_type;
	struct str_list only_values;
	int64_t answer_status;
};

struct generic_push {
	struct generic_call call;
	struct generic_fields fields;
};

struct generic_report {
	struct generic_call call;
	struct str list, id, status, reason;
	struct str_list done, failed;
};

struct generic {
	struct str api_base, country_code;
	struct generic_auth auth;
	bool idempotent, read_once;
	struct str_list taken_status;
	struct generic_poll poll;
	struct generic_send send;
	struct generic_settle settle;
	struct generic_push push;
	struct generic_report report;
};

/*
 * What a poll's state text holds. Written as a form, so that it may carry any value and
 * is still read by people: "at=55121", "at=1768440605000&page=abc&next=1768440700000".
 */
struct generic_state {
	struct str at;	 /* the cursor: what {state} shows */
	struct str page; /* mark of the page to ask for next; n 0: the first */
	struct str next; /* cursor to move to when all pages were seen */
	int64_t size; /* page size that full pages have made us ask for; 0: the usual */
};

extern const struct key generic_keys[];
int generic_check(void *settings, struct arena *arena, struct err *err);

int generic_state_read(struct str text, struct arena *arena, struct generic_state *out,
		       struct err *err) MUST_CHECK;
struct str generic_state_write(const struct generic_state *state, struct arena *arena);
/* Moves the state by a page that was read: sets page->state and page->more; may add one
 * element, for which there must be room. */
int generic_move(const struct sms_ctx *ctx, const struct json *root,
		 const struct generic_state *was, struct sms_page *page,
		 struct err *err) MUST_CHECK;
int generic_page(const struct sms_ctx *ctx, const struct response *response,
		 struct sms_page *out, struct err *err) MUST_CHECK;
int generic_call(const struct sms_ctx *ctx, bool report, const struct request *request,
		 struct sms_page *out, struct answer *answer, struct err *err) MUST_CHECK;
void generic_judge(const struct sms_ctx *ctx, const struct response *response,
		   struct sms_receipt *out);

#endif
