/* SPDX-License-Identifier: MIT */
/*
 * Mails of ours that explain something to whoever wrote: what could not be done and how
 * it is typed; that a mail was about nothing we know. Never to machines, lists or
 * addresses that nobody reads, and with a ceiling for each sender, so that two programs
 * cannot talk to each other. To those whom we do not know so many a day: senders can be
 * forged, and then it is others whom we write to. They are stored with what they answer
 * and leave by mail_out.c.
 */
#include "flow/flow.h"

#include "base/log.h"

enum { DAY_MS = 86400000, REFUSALS_MOST = 20, EXPLAINED_MOST = 100 };

/* May one more go to this sender? */
static int may_tell(struct engine *e, struct mail_heard *h, int64_t most, bool *out,
		    struct err *err)
{
	int64_t told = 0;

	*out = false;
	if (!e->config->mail.server.n || !mail_may_be_told(&h->mime))
		return 0;
	if (store_mail_from(e->store, h->mime.from, e->wall_ms - DAY_MS, MAILS_TOLD,
			    &told, err))
		return -1;
	*out = told < most;
	return 0;
}

/* Under the words: how to answer, and who we are. */
static struct str whole(const struct engine *e, struct mail_heard *h, struct str words)
{
	struct str none[VALUE_COUNT] = { { NULL, 0 } };
	struct str how = reply_letter(e->config->texts, REPLY_SURAT_CARA, none, h->arena);

	return !words.p || !how.p
		       ? str_from(NULL, 0)
		       : arena_printf(h->arena, "%.*s%s%.*s\n\n-- \n%.*s\n",
				      STR_ARG(words), words.n ? "\n\n" : "", STR_ARG(how),
				      STR_ARG(e->config->gateway.name));
}

static int put(struct engine *e, struct mail_heard *h, struct str words, struct err *err)
{
	struct str subject = h->mime.subject, text = whole(e, h, words);
	const struct mail_out mail = {
		.mail_id = h->id,
		.to = h->mime.from,
		.subject = str_starts(subject, STR("Re: "))
				   ? subject
				   : arena_printf(h->arena, "Re: %.*s", STR_ARG(subject)),
		.text = text,
	};

	if (!text.p || !mail.subject.p)
		return err_set(err, ERR_LIMIT, "no room for a mail");
	if (store_mail_out_add(e->store, &mail, e->wall_ms, err))
		return -1;
	h->told = true;
	if (e->mail.out_due_ms > e->wall_ms)
		e->mail.out_due_ms = e->wall_ms;
	return 0;
}

/* Is this one of the day's? */
static int take_explanation(struct engine *e, bool *may, struct err *err)
{
	static const char name[] = "mails_explained";
	int64_t n;

	if (store_count_add(e->store, name, e->day, 0, &n, err))
		return -1;
	*may = n < EXPLAINED_MOST;
	if (!*may)
		return 0;
	if (store_count_add(e->store, name, e->day, 1, &n, err))
		return -1;
	if (n == EXPLAINED_MOST)
		log_event(LOG_LEVEL_WARNING, "mails_explained_ceiling", LOG_I("n", n),
			  LOG_Z("see", "kentongan mails --desk"));
	return 0;
}

int mail_explain(struct engine *e, struct mail_heard *h, struct err *err)
{
	const struct str none[VALUE_COUNT] = { { NULL, 0 } };
	bool may;

	if (h->before)
		return 0;
	if (may_tell(e, h, 1, &may, err) || (may && take_explanation(e, &may, err)))
		return -1;
	if (!may)
		return 0;
	return put(e, h,
		   reply_letter(e->config->texts, REPLY_SURAT_SIMPAN, none, h->arena),
		   err);
}

int mail_refuse(struct engine *e, struct mail_heard *h, struct str why, struct str how,
		struct err *err)
{
	struct str values[VALUE_COUNT] = { [VALUE_ALASAN] = why, [VALUE_TEKS] = how };
	bool may;

	values[VALUE_NO] = arena_printf(h->arena, "%lld", (long long)h->ticket.no);
	if (may_tell(e, h, REFUSALS_MOST, &may, err))
		return -1;
	if (!may)
		return 0;
	return put(e, h,
		   reply_letter(e->config->texts, REPLY_SURAT_TOLAK, values, h->arena),
		   err);
}

int mail_help(struct engine *e, struct mail_heard *h, struct str words, struct err *err)
{
	bool may;

	if (may_tell(e, h, REFUSALS_MOST, &may, err))
		return -1;
	return may ? put(e, h, words, err) : 0;
}
