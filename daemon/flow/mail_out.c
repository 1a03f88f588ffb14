/* SPDX-License-Identifier: MIT */
/*
 * Mails of ours that explain something leave, a few at once. From nobody (the null path):
 * what cannot be delivered shall not come back. Their Message-IDs name the ticket, so
 * that an answer to one of them is known like an answer to any other.
 */
#include "flow/flow.h"

#include "base/log.h"
#include "base/mailid.h"
#include "base/mime_write.h"

enum {
	LANE = 0x4d000002, /* the carrier's; of no provider and no way */
	AT_ONCE = 2,
	ROOM = 1 << 20,
	ANSWER_BYTES = 16 << 10,
	CONNECT_MS = 20000,
	FIRST_MS = 60000,
	MOST_MS = 3600000,
	DAY_MS = 86400000,
};

static const struct str mark = STR_INIT("mail-out");

bool mail_out_is(const struct outgoing *out)
{
	return out->letter.kind == LETTER_INBOX && str_eq(out->provider, mark);
}

static int describe(const struct engine *e, const struct mail_out *m,
		    struct outgoing *out, struct err *err)
{
	const struct forward_mail *c = &e->config->mail;
	const struct mailid id = { m->ticket_no, MAIL_OUT_IDS + m->id,
				   m->created_ms / 1000 };
	struct exchange *x = &out->exchange;
	struct mime_out mail = {
		.from = c->from,
		.to = m->to,
		.subject = m->subject,
		.date_ms = e->wall_ms,
		.zone_s = e->config->zone_s,
		.auto_submitted = STR("auto-replied"),
		.text = m->text,
	};

	if (mailid_make(c->key, c->domain, &id, out->arena, &mail.message_id))
		return err_set(err, ERR_CONFIG, "mail.key and mail.domain are needed");
	if (m->in_reply_to.n) {
		mail.in_reply_to =
			arena_printf(out->arena, "<%.*s>", STR_ARG(m->in_reply_to));
		mail.references = (struct str_list){ &mail.in_reply_to, 1 };
	}
	if (mime_write(&mail, out->arena, &x->body, err))
		return -1;
	x->url = c->server;
	if (c->user.n) {
		x->user = c->user;
		x->password = c->password;
	}
	x->ceiling_bytes = ANSWER_BYTES;
	x->mail_plain = c->plain;
	x->mail_from = STR("");
	x->mail_to.items = ARENA_NEW(out->arena, struct str, 1);
	if (!x->mail_to.items)
		return err_set(err, ERR_LIMIT, "no room for a mail");
	x->mail_to.items[0] = m->to;
	x->mail_to.n = 1;
	return exchange_own(x, out->arena, err);
}

static int send(struct engine *e, const struct mail_out *m, struct err *err)
{
	struct outgoing *out = outgoing_new(ROOM);
	struct err why;

	if (!out)
		return err_set(err, ERR_LIMIT, "no memory for a mail");
	out->letter.kind = LETTER_INBOX;
	out->provider = mark;
	out->ref = (uint64_t)m->id;
	out->attempts = m->attempts;
	out->lane = LANE;
	out->lane_width = AT_ONCE;
	out->connect_ms = CONNECT_MS;
	out->total_ms = e->config->mail.timeout_ms;
	out->ca_file = arena_str(out->arena, e->config->mail.ca_file);
	if (m->to.n == 0)
		err_set(&why, ERR_NEVER, "its recipient was wiped");
	if (m->to.n == 0 || describe(e, m, out, &why)) {
		outgoing_free(out);
		return store_mail_out_end(e->store, m->id, "parked", str_of(why.text),
					  e->wall_ms, err);
	}
	e->mail.out_flying++;
	effect_post(e, out);
	return 0;
}

int mail_out_due(struct engine *e, struct err *err)
{
	struct mail_out *mails;
	size_t n;

	if (!e->config->mail.server.n || e->no_space || e->mail.out_flying >= AT_ONCE ||
	    e->wall_ms < e->mail.out_due_ms)
		return 0;
	if (e->mail.out_compare && e->mail.out_flying == 0) {
		if (store_mail_out_recover(e->store, err))
			return -1;
		e->mail.out_compare = false;
	}
	if (store_mail_out_claim(e->store, e->wall_ms, AT_ONCE - (int)e->mail.out_flying,
				 e->turn, &mails, &n, err) ||
	    effects_reserve(e, n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (send(e, &mails[i], err))
			return -1;
	return store_mail_out_next(e->store, &e->mail.out_due_ms, err);
}

/* That one, not our login or sender, which somebody will put right. */
static bool is_refused(const struct response *response)
{
	struct str step = pairs_get(response->headers, STR("smtp-step"));

	return response->status >= 500 && !str_eq(step, STR("login")) &&
	       !str_eq(step, STR("sender"));
}

int mail_out_ended(struct engine *e, struct outgoing *out, struct err *err)
{
	int status = out->transport == TRANSPORT_DONE ? out->response.status : 0;
	struct str reason = status ? out->response.body : out->trouble;
	int64_t due = e->wall_ms + backoff_ms((unsigned)out->attempts, FIRST_MS, MOST_MS,
					      engine_chance(e));
	/* A day of hours, about: then nobody waits for it any more. */
	bool over = out->attempts > DAY_MS / MOST_MS;
	const char *state = "queued";

	if (status >= 200 && status < 300)
		state = "done";
	else if ((status && is_refused(&out->response)) || over)
		state = "parked";
	if (store_mail_out_end(e->store, (int64_t)out->ref, state, reason, due, err))
		return -1;
	e->mail.out_flying -= e->mail.out_flying > 0;
	if (strcmp(state, "parked") == 0)
		log_event(LOG_LEVEL_WARNING, "mail_not_sent", LOG_I("mail", out->ref),
			  LOG_S("why", reason));
	return store_mail_out_next(e->store, &e->mail.out_due_ms, err);
}

/* Monotonic. */
int64_t mail_out_next_ms(const struct engine *e)
{
	if (!e->config->mail.server.n || e->mail.out_flying >= AT_ONCE || e->no_space ||
	    e->mail.out_due_ms == INT64_MAX)
		return INT64_MAX;
	return e->mail.out_due_ms + (e->mono_ms - e->wall_ms);
}
