/* SPDX-License-Identifier: MIT */
/*
 * Mails from departments. A mail is stored as it came and committed; in the next turn it
 * is understood, so whatever it does to us there, nothing of it is lost. Then by rule, in
 * this order:
 *
 *   the same Message-ID again       nothing
 *   our own, come back              nothing (a loop)
 *   a report of delivery            mail_bounce.c
 *   written by a machine            nothing, and nothing is said to it
 *   too many from one sender        the desk; forged ones do not count against an answer
 * to a mail of ours answers a mail of ours          that ticket, if the sender is its
 * department's: this is proved, as a PIN proves an officer's text, when our mail went to
 * that department a number in the subject         that ticket, under the same condition
 *   anything else                   the desk, and one mail that explains
 */
#include "flow/flow.h"

#include "base/log.h"
#include "base/mailid.h"

enum {
	BATCH = 20,
	BATCH_BYTES = 256 << 10, /* of a turn: large ones take time, texts wait */
	ARENA_BYTES = MIME_ARENA_BYTES + 4 * MIME_BYTES_MOST,
	HOUR_MS = 3600000,
	HOUR_MOST = 60, /* mails of one sender */
	ID_MOST = 300,
	PARENTS_MOST = 8,
};

static const struct {
	const char *name, *state;
} kinds[MAIL_KINDS] = {
	[MAIL_ANSWER] = { "answer", "done" },
	[MAIL_HELP] = { "help", "done" },
	[MAIL_REFUSED] = { "refused", "desk" },
	[MAIL_LOST] = { "lost", "desk" },
	[MAIL_STRANGER] = { "stranger", "desk" },
	[MAIL_FLOOD] = { "flood", "desk" },
	[MAIL_UNREADABLE] = { "unreadable", "desk" },
	[MAIL_AUTOMATIC] = { "automatic", "ignored" },
	[MAIL_BOUNCED] = { "bounced", "done" },
	[MAIL_DELAYED] = { "delayed", "ignored" },
	[MAIL_LOOP] = { "loop", "ignored" },
	[MAIL_DUPLICATE] = { "duplicate", "ignored" },
};

const char *mail_kind_name(enum mail_kind kind)
{
	return kinds[kind].name;
}

int mail_take(struct engine *e, struct str raw, struct str source, int64_t uid,
	      int64_t *id, struct err *err)
{
	if (store_mail_add(e->store, raw, source, uid, e->wall_ms, id, err))
		return -1;
	if (*id && !e->mail.fresh)
		e->mail.fresh = *id;
	return 0;
}

int engine_mail_take(struct engine *e, struct str raw, int64_t *id, struct err *err)
{
	return mail_take(e, raw, STR("pipe"), 0, id, err);
}

bool mail_is_ours(const struct engine *e, struct str text, struct mailid *id)
{
	const struct forward_mail *m = &e->config->mail;

	return m->key.n && m->domain.n && mailid_read(m->key, m->domain, text, id);
}

/* ---- who may answer for whom ---- */

static bool listed(struct str_list addresses, struct str address)
{
	for (size_t i = 0; i < addresses.n; i++)
		if (str_eq_nocase(str_trim(addresses.items[i]), address))
			return true;
	return false;
}

static bool answers_for(const struct config_department *d, struct str address)
{
	if (listed(d->answer_from, address))
		return true;
	for (size_t i = 0; i < d->n_ways; i++)
		if (listed(d->ways[i].to, address))
			return true;
	return false;
}

/* The department that has the ticket, if the address is its; else any that it is of; −1.
 */
static int department_of(const struct engine *e, struct str address, struct str first)
{
	int found = -1;

	for (size_t i = 0; address.n && i < e->config->n_departments; i++) {
		const struct config_department *d = &e->config->departments[i];

		if (!answers_for(d, address))
			continue;
		if (str_eq(d->code, first))
			return (int)i;
		found = found < 0 ? (int)i : found;
	}
	return found;
}

/* ---- which ticket ---- */

/* A reply to one that was merged belongs to the one that goes on. *found false: there is
 * none of that number. */
static int ticket_find(struct engine *e, int64_t no, struct ticket *t, bool *found,
		       struct err *err)
{
	struct err why;

	*found = false;
	if (store_ticket_by_no(e->store, no, e->item, t, &why)) {
		if (why.kind == ERR_NEVER)
			return 0;
		*err = why;
		return -1;
	}
	*found = true;
	for (int i = 0;
	     i < PARENTS_MOST && t->life.state == TICKET_DIGABUNG && t->parent_id; i++)
		if (store_ticket_get(e->store, t->parent_id, e->item, t, err))
			return -1;
	return 0;
}

/* The ticket of the mail that this one answers; 0: none of ours. */
static int64_t thread_of(const struct engine *e, const struct mime_mail *m)
{
	for (size_t i = 0; i < m->references.n; i++) {
		struct mailid id;

		if (mail_is_ours(e, m->references.items[i], &id) && id.no)
			return id.no;
	}
	return 0;
}

static int for_desk(struct engine *e, struct mail_heard *h, enum mail_kind kind,
		    const char *why, struct err *err)
{
	h->kind = kind;
	h->note = str_of(why);
	log_event(LOG_LEVEL_WARNING, "mail_for_desk", LOG_I("mail", h->id),
		  LOG_Z("kind", kinds[kind].name));
	return mail_explain(e, h, err);
}

/* Whether that mail of ours went to the department whose hand it is. */
static int went_there(struct engine *e, const struct mail_heard *h,
		      const struct mailid *id, bool *out, struct err *err)
{
	const struct config_department *d = &e->config->departments[h->department];
	struct delivery delivery;
	int64_t made_ms;
	struct str to;
	struct err why;

	*out = false;
	if (id->delivery_id > MAIL_OUT_IDS) {
		if (store_mail_out_to(e->store, id->delivery_id - MAIL_OUT_IDS, h->arena,
				      &to, &made_ms, err))
			return -1;
		*out = to.n && mailid_fits(id, made_ms) && answers_for(d, to);
		return 0;
	}
	if (store_delivery_get(e->store, id->delivery_id, h->arena, &delivery, &why)) {
		if (why.kind == ERR_NEVER)
			return 0;
		*err = why;
		return -1;
	}
	*out = mailid_fits(id, delivery.created_ms) &&
	       str_eq(delivery.department, d->code);
	return 0;
}

/*
 * A sender can be forged, and whoever had the ticket before knows ids of ours about it:
 * only an answer to what went to this department proves that it comes from there.
 */
static int prove(struct engine *e, struct mail_heard *h, int64_t no, struct err *err)
{
	const struct str_list *all = &h->mime.references;
	struct mailid id;

	for (size_t i = 0; i < all->n && !h->proved; i++)
		if (mail_is_ours(e, all->items[i], &id) && id.no == no &&
		    went_there(e, h, &id, &h->proved, err))
			return -1;
	return 0;
}

static int answer_hear(struct engine *e, struct mail_heard *h, struct err *err)
{
	int64_t no = thread_of(e, &h->mime);
	bool found = false, signed_thread = no != 0;

	if (!no)
		no = mail_subject_no(h->mime.subject,
				     (unsigned)e->config->gateway.number_width);
	if (no && ticket_find(e, no, &h->ticket, &found, err))
		return -1;
	h->department =
		department_of(e, h->mime.from, found ? h->ticket.department : STR(""));
	if (!found)
		return for_desk(e, h, MAIL_LOST,
				no ? "there is no ticket of that number"
				   : "it answers none of our mails, and its subject "
				     "names no ticket",
				err);
	if (h->department < 0)
		return for_desk(e, h, MAIL_STRANGER,
				signed_thread
					? "it answers a mail of ours, but its sender is "
					  "of no department: ways.to, answer_from"
					: "its sender is of no department: ways.to, "
					  "answer_from",
				err);
	if (!str_eq(e->config->departments[h->department].code, h->ticket.department)) {
		if (!signed_thread)
			return for_desk(e, h, MAIL_STRANGER,
					"the ticket is another department's", err);
		h->kind = MAIL_REFUSED;
		h->note = STR("the ticket is another department's now");
		return mail_refuse(e, h,
				   reply_words(e->config->texts, REPLY_SURAT_PINDAH),
				   STR(""), err);
	}
	if (signed_thread && prove(e, h, no, err))
		return -1;
	h->ticket_id = h->ticket.id;
	return mail_answer_do(e, h, err);
}

/* ---- by rule ---- */

static bool is_own(const struct engine *e, const struct mime_mail *m)
{
	struct str from = e->config->mail.from;
	size_t open = str_find_char(from, '<'), close = str_find_char(from, '>');
	struct mailid id;

	if (open < close && close < from.n)
		from = str_slice(from, open + 1, close);
	return mail_is_ours(e, m->message_id, &id) ||
	       (from.n && str_eq_nocase(str_trim(from), m->from));
}

static int by_rule(struct engine *e, struct mail_heard *h, struct err *err)
{
	enum mail_author author = mail_author(&h->mime);
	int64_t lately = 0;

	if (is_own(e, &h->mime)) {
		h->kind = MAIL_LOOP;
		return 0;
	}
	if (author == MAIL_BOUNCE)
		return mail_bounce(e, h, err);
	if (author == MAIL_MACHINE) {
		h->kind = MAIL_AUTOMATIC;
		return 0;
	}
	if (h->mime.from.n &&
	    store_mail_from(e->store, h->mime.from, e->wall_ms - HOUR_MS,
			    thread_of(e, &h->mime) ? MAILS_DONE : MAILS_ALL, &lately,
			    err))
		return -1;
	if (lately > HOUR_MOST) {
		h->kind = MAIL_FLOOD;
		h->note = STR("more mails within an hour than a person writes");
		return 0;
	}
	return answer_hear(e, h, err);
}

/* What belongs to no ticket is not kept as long: such ids stay out of the index. */
static struct str id_of(const struct mime_mail *m)
{
	return m->message_id.n <= ID_MOST ? m->message_id : STR("");
}

static int settle(struct engine *e, struct mail_heard *h, struct err *err)
{
	e->stats.mails[h->kind]++;
	log_event(LOG_LEVEL_INFO, "mail", LOG_I("mail", h->id),
		  LOG_Z("kind", kinds[h->kind].name));
	return store_mail_settle(e->store, h->id, kinds[h->kind].state,
				 kinds[h->kind].name, h->ticket_id, h->note, h->told,
				 err);
}

static int mail_hear(struct engine *e, void *arg, struct err *err)
{
	struct mail_heard *h = arg;
	struct mail_row row;
	int64_t before;
	struct err why;

	arena_reset(e->item);
	if (store_mail_get(e->store, h->id, h->arena, &row, err))
		return -1;
	h->bytes = row.raw.n;
	h->before = str_eq(row.source, STR(MAIL_BEFORE));
	if (mime_read(row.raw, (size_t)e->config->mail.keep_attachments_kb * 1024,
		      h->arena, &h->mime, &why)) {
		h->kind = MAIL_UNREADABLE;
		h->note = arena_str(h->arena, str_of(why.text));
		return settle(e, h, err);
	}
	if (store_mail_name(e->store, h->id, id_of(&h->mime), h->mime.from, &before, err))
		return -1;
	if (before) {
		h->kind = MAIL_DUPLICATE;
		h->note = arena_printf(h->arena, "of mail %lld", (long long)before);
		return settle(e, h, err);
	}
	return by_rule(e, h, err) || settle(e, h, err) ? -1 : 0;
}

/* One by one, each under a mark of its own: what fails is the desk's. */
static int understand_one(struct engine *e, int64_t id, struct arena *arena,
			  size_t *bytes, struct err *err)
{
	struct mail_heard h = { .id = id, .arena = arena, .department = -1 };
	struct mail_work was = e->mail;
	bool failed;

	if (work_spare(e, mail_hear, &h, "mail_failed", &failed, err))
		return -1;
	*bytes += h.bytes;
	if (!failed)
		return 0;
	e->mail = was;
	e->stats.mails[MAIL_UNREADABLE]++;
	return store_mail_settle(e->store, id, "desk", kinds[MAIL_UNREADABLE].name, 0,
				 STR("it could not be taken; see the log"), false, err);
}

/* What was stored in this very turn is for the next: committed first. */
static int understand_some(struct engine *e, unsigned *works, struct err *err)
{
	struct arena *arena;
	int64_t *ids;
	size_t n, bytes = 0;
	int rc = 0;

	if (store_mail_pending(e->store, 0, BATCH, e->turn, &ids, &n, err))
		return -1;
	arena = n ? arena_new("mail", ARENA_BYTES) : NULL;
	if (n && !arena)
		return err_set(err, ERR_LATER, "no memory for a mail");
	e->mail.waiting = n == BATCH;
	for (size_t i = 0; i < n && rc == 0; i++) {
		if (e->mail.fresh && ids[i] >= e->mail.fresh)
			break;
		if (bytes > BATCH_BYTES) {
			e->mail.waiting = true;
			break;
		}
		arena_reset(arena);
		rc = understand_one(e, ids[i], arena, &bytes, err);
		++*works;
	}
	arena_free(arena);
	return rc;
}

int mails_understand(struct engine *e, unsigned *works, struct err *err)
{
	if (e->mail.waiting && !e->no_space && understand_some(e, works, err))
		return -1;
	e->mail.waiting = e->mail.waiting || e->mail.fresh;
	e->mail.fresh = 0;
	return 0;
}

int mail_start(struct engine *e, struct err *err)
{
	e->mail = (struct mail_work){
		.waiting = true,
		.marks = true,
		.ask_at_ms = e->mono_ms,
	};
	if (store_mail_out_recover(e->store, err) ||
	    store_mail_out_next(e->store, &e->mail.out_due_ms, err))
		return -1;
	e->mail_before = e->mail;
	return 0;
}
