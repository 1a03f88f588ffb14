/* SPDX-License-Identifier: MIT */
/*
 * The mailbox that answers arrive in, over IMAP, one exchange at a time: a search above
 * the last UID that was taken, the finds one by one, then the marks. A mail is committed,
 * with how far we are, before it is marked as seen; what was committed and not marked is
 * marked later, also after a crash. When the folder numbers its mails anew
 * (UIDVALIDITY), all are read again, and known ones are known by their bytes or their
 * Message-ID. Mails that lay there when a folder was first seen, or numbered anew, are
 * taken as "before": nobody expects to hear of them. Mails older than what is known of
 * them (retention.delivery) are not asked for.
 */
#include "flow/flow.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "store/retain.h"

enum {
	RANGE = 1000, /* of one search: its answer is one line */
	MARKS_MOST = 50,
	ROOM = 2 * MIME_BYTES_MOST + (1 << 20),
	BACKOFF_MOST_MS = 600000,
	LANE = 0x4d000001, /* the carrier's; of no provider and no way */
	CONNECT_MS = 20000,
	FIRST_NAME = 32,
	SINCE_LATER_MS = 2 * 86400000,
	STUCK_MOST = 5,		 /* the server has it, but does not give it */
	UID_LARGEST = INT32_MAX, /* RFC 9051 allows twice as many; nobody gets there */
};

/* Another account or folder is another mailbox. */
static struct str mailbox_name(const struct engine *e, struct arena *arena)
{
	const struct forward_mail *m = &e->config->mail;

	return arena_printf(arena, "%.*s@%.*s", STR_ARG(m->inbox_user),
			    STR_ARG(m->inbox));
}

/* A reload may name another one: what was found in the former is nothing here. */
static void mailbox_look(struct engine *e, struct arena *arena)
{
	struct mail_work *m = &e->mail;
	uint64_t is = str_hash(mailbox_name(e, arena));

	if (is == m->mailbox)
		return;
	m->mailbox = is;
	m->n_uids = m->next_uid = 0;
	m->validity = m->uidnext = m->stuck_uid = 0;
}

/* ---- asking ---- */

static struct outgoing *inbox_outgoing(const struct engine *e)
{
	const struct forward_mail *m = &e->config->mail;
	struct outgoing *out = outgoing_new(ROOM);

	if (!out)
		return NULL;
	out->letter.kind = LETTER_INBOX;
	out->lane = LANE;
	out->lane_width = 1;
	out->connect_ms = CONNECT_MS;
	out->total_ms = m->timeout_ms;
	out->ca_file = arena_str(out->arena, m->ca_file);
	out->exchange.url = m->inbox;
	if (m->inbox_user.n) {
		out->exchange.user = m->inbox_user;
		out->exchange.password = m->inbox_password;
	}
	out->exchange.mail_plain = m->inbox_plain;
	out->exchange.ceiling_bytes = MIME_BYTES_MOST;
	return out;
}

/* " SINCE 24-Nov-2025": by the housekeeping's clock, which no wrong clock takes years
 * ahead, and a day later than what may be forgotten. Server and we may be a day apart. */
static int since(struct engine *e, struct arena *arena, struct str *out, struct err *err)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t period_ms = e->config->retention.delivery_ms, clock_ms;
	struct when_date day;
	bool under_way;

	*out = STR("");
	if (store_retain_clock(e->store, &clock_ms, &under_way, err))
		return -1;
	if (!period_ms || clock_ms < period_ms)
		return 0;
	day = calendar_date_of(e->config->calendar,
			       clock_ms - period_ms + SINCE_LATER_MS);
	*out = arena_printf(arena, " SINCE %d-%s-%d", day.day, months[day.month - 1],
			    day.year);
	return out->p ? 0 : err_set(err, ERR_LIMIT, "no room for a search");
}

/* A search from that UID on. */
static int describe_search(struct engine *e, struct outgoing *out, int64_t from,
			   struct err *err)
{
	struct str newer;

	if (since(e, out->arena, &newer, err))
		return -1;
	out->ref = (uint64_t)from;
	out->exchange.imap =
		e->mail.uidnext < 0
			? arena_printf(out->arena, "UID SEARCH UID %lld:*%.*s",
				       (long long)from, STR_ARG(newer))
			: arena_printf(out->arena, "UID SEARCH UID %lld:%lld%.*s",
				       (long long)from, (long long)from + RANGE - 1,
				       STR_ARG(newer));
	return 0;
}

static void describe_fetch(struct outgoing *out, int64_t uid)
{
	struct str url = out->exchange.url;

	while (url.n && url.p[url.n - 1] == '/')
		url.n--;
	out->ref = (uint64_t)uid;
	out->exchange.url =
		arena_printf(out->arena, "%.*s/;UID=%lld", STR_ARG(url), (long long)uid);
}

/* *any: there are some to be marked. */
static int describe_marks(struct engine *e, struct outgoing *out, bool *any,
			  struct err *err)
{
	struct buf b = BUF_INIT(2048);
	int64_t *uids;
	size_t n;

	if (store_mail_unseen(e->store, MARKS_MOST, out->arena, &uids, &n, err))
		return -1;
	*any = n > 0;
	buf_add(&b, STR("UID STORE "));
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%lld", i ? "," : "", (long long)uids[i]);
	buf_add(&b, STR(" +FLAGS.SILENT (\\Seen)"));
	out->exchange.imap = arena_str(out->arena, buf_str(&b));
	buf_free(&b);
	return 0;
}

static int describe(struct engine *e, struct outgoing *out, struct err *err)
{
	struct mail_work *m = &e->mail;
	struct mailbox_row row;

	mailbox_look(e, out->arena);
	if (m->next_uid < m->n_uids) {
		m->step = INBOX_FETCH;
		describe_fetch(out, m->uids[m->next_uid]);
		return 0;
	}
	if (m->marks && m->validity) {
		if (describe_marks(e, out, &m->marks, err))
			return -1;
		m->step = INBOX_MARK;
		if (m->marks)
			return 0;
	}
	if (store_mailbox_get(e->store, mailbox_name(e, out->arena), &row, err))
		return -1;
	m->step = INBOX_SEARCH;
	return describe_search(e, out, row.uid + 1, err);
}

int inbox_due(struct engine *e, struct err *err)
{
	struct mail_work *m = &e->mail;
	struct outgoing *out;

	if (!e->config->mail.inbox.n || m->asking || e->no_space ||
	    e->mono_ms < m->ask_at_ms)
		return 0;
	out = inbox_outgoing(e);
	if (!out)
		return err_set(err, ERR_LIMIT, "no memory to ask the mailbox");
	if (effects_reserve(e, 1, err) || describe(e, out, err) ||
	    exchange_own(&out->exchange, out->arena, err)) {
		outgoing_free(out);
		return -1;
	}
	m->asking = true;
	effect_post(e, out);
	return 0;
}

/* ---- what the server says ---- */

static void fail_wait(struct engine *e, const char *why)
{
	struct mail_work *m = &e->mail;
	int64_t wait = backoff_ms(++m->failures, e->config->mail.inbox_every_ms,
				  BACKOFF_MOST_MS, engine_chance(e));

	m->ask_at_ms = e->mono_ms + wait;
	m->n_uids = m->next_uid = 0;
	snprintf(e->inbox_trouble, sizeof(e->inbox_trouble), "%s", why);
	if ((m->failures & (m->failures - 1)) == 0)
		log_event(LOG_LEVEL_WARNING, "inbox_failed",
			  LOG_I("in_a_row", m->failures), LOG_I("again_in_ms", wait),
			  LOG_Z("why", why));
}

static void failed(struct engine *e, const struct outgoing *out, const char *why)
{
	struct mail_work *m = &e->mail;
	bool again = m->step == INBOX_FETCH && m->stuck_uid == (int64_t)out->ref;

	if (m->step == INBOX_FETCH) {
		m->stuck = again ? m->stuck + 1 : 1;
		m->stuck_uid = (int64_t)out->ref;
	}
	fail_wait(e, why);
}

static void well(struct engine *e)
{
	if (e->mail.failures)
		log_event(LOG_LEVEL_NOTICE, "inbox_back",
			  LOG_I("after_failures", e->mail.failures));
	e->mail.failures = 0;
	e->mail.good_ms = e->wall_ms;
	e->inbox_trouble[0] = '\0';
}

static int64_t said(const struct outgoing *out, struct str name)
{
	int64_t n = 0;

	return str_to_int(pairs_get(out->response.headers, name), &n) ? n : 0;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Numbers of "* SEARCH 5 7" from that one on, in order; those that have room. *more:
 * there were others. */
static size_t finds(const struct outgoing *out, int64_t from, int64_t *uids, size_t most,
		    bool *more)
{
	int64_t *all = ARENA_NEW(out->arena, int64_t, RANGE + 1);
	struct str rest = out->response.body, line, word;
	size_t n = 0;

	while (all && str_split(&rest, '\n', &line)) {
		line = str_trim(line);
		if (!str_eq_nocase(str_slice(line, 0, 8), STR("* SEARCH")))
			continue;
		line = str_slice(line, 8, line.n);
		while (str_split(&line, ' ', &word) && n <= RANGE)
			if (str_to_int(str_trim(word), &all[n]) && all[n] >= from &&
			    all[n] <= UID_LARGEST)
				n++;
	}
	if (all && n)
		qsort(all, n, sizeof(*all), by_number);
	*more = n > most;
	n = n < most ? n : most;
	if (n)
		memcpy(uids, all, n * sizeof(*all));
	return n;
}

/* Where the first UID after the folder was first seen is kept. */
static void first_name(const struct engine *e, struct arena *arena, char name[FIRST_NAME])
{
	snprintf(name, FIRST_NAME, "inbox:%016llx",
		 (unsigned long long)str_hash(mailbox_name(e, arena)));
}

static int first_set(struct engine *e, const struct outgoing *out, int64_t uid,
		     struct err *err)
{
	char name[FIRST_NAME];
	int64_t is;

	first_name(e, out->arena, name);
	return store_count_add(e->store, name, 0, 0, &is, err) ||
			       store_count_add(e->store, name, 0, uid - is, &is, err)
		       ? -1
		       : 0;
}

static int source_of(struct engine *e, const struct outgoing *out, int64_t uid,
		     struct str *source, struct err *err)
{
	char name[FIRST_NAME];
	int64_t first;

	first_name(e, out->arena, name);
	if (store_count_add(e->store, name, 0, 0, &first, err))
		return -1;
	*source = uid < first ? STR(MAIL_BEFORE) : STR("inbox");
	return 0;
}

/* The folder numbers its mails anew, or is read for the first time. */
static int renumbered(struct engine *e, const struct outgoing *out, int64_t was,
		      int64_t validity, struct err *err)
{
	const struct mailbox_row row = { .validity = validity, .uid = 0 };

	if (store_mailbox_set(e->store, mailbox_name(e, out->arena), &row, e->wall_ms,
			      err) ||
	    first_set(e, out, said(out, STR("uidnext")), err) ||
	    store_mail_seen(e->store, 0, err))
		return -1;
	if (was)
		log_event(LOG_LEVEL_NOTICE, "inbox_renumbered", LOG_I("was", was),
			  LOG_I("is", validity));
	e->mail.validity = validity;
	e->mail.n_uids = e->mail.next_uid = 0;
	e->mail.stuck_uid = 0;
	e->mail.ask_at_ms = e->mono_ms;
	return 0;
}

static int searched(struct engine *e, struct outgoing *out, struct err *err)
{
	struct mail_work *m = &e->mail;
	int64_t from = (int64_t)out->ref, validity = said(out, STR("uidvalidity")), end;
	int64_t next = said(out, STR("uidnext"));
	struct mailbox_row row;
	bool more, star = m->uidnext < 0;
	size_t n;

	if (store_mailbox_get(e->store, mailbox_name(e, out->arena), &row, err))
		return -1;
	if (validity == 0)
		validity = row.validity ? row.validity : 1;
	if (row.validity != validity)
		return renumbered(e, out, row.validity, validity, err);
	n = finds(out, from, m->uids, INBOX_UIDS, &more);
	end = from + RANGE - 1;
	if (next == 0 || star)
		end = row.uid; /* who knows what is to come in this range */
	else if (end >= next)
		end = next - 1;
	if (n == 0 && end > row.uid) {
		row.uid = end;
		if (store_mailbox_set(e->store, mailbox_name(e, out->arena), &row,
				      e->wall_ms, err))
			return -1;
	}
	m->validity = validity;
	m->n_uids = n;
	m->next_uid = 0;
	m->uidnext = next ? next : -1;
	m->ask_at_ms = e->mono_ms;
	if (n == 0 && !(m->marks && !m->failures) && (next == 0 || end + 1 >= next))
		m->ask_at_ms += e->config->mail.inbox_every_ms;
	return 0;
}

/* One that cannot be had stays there, unseen, and the desk hears of it. */
static int set_aside(struct engine *e, int64_t uid, const char *what, struct err *err)
{
	struct str raw = arena_printf(e->item, "uid %lld of %lld: %s\n", (long long)uid,
				      (long long)e->mail.validity, what);
	struct str why =
		arena_printf(e->item, "%s: it waits unread in the mailbox, UID %lld",
			     what, (long long)uid);
	int64_t id;

	if (mail_take(e, raw, STR("inbox"), 0, &id, err))
		return -1;
	log_event(LOG_LEVEL_ERROR, "mail_set_aside", LOG_I("uid", uid),
		  LOG_Z("why", what));
	return id ? store_mail_settle(e->store, id, "desk",
				      mail_kind_name(MAIL_UNREADABLE), 0, why, false, err)
		  : 0;
}

/* Searches are answered well meanwhile, and it always fails. */
static bool is_stuck(const struct engine *e, const struct outgoing *out)
{
	return e->mail.stuck_uid == (int64_t)out->ref && e->mail.stuck >= STUCK_MOST &&
	       (out->transport != TRANSPORT_DONE || out->response.status != 200);
}

static int fetched(struct engine *e, struct outgoing *out, struct err *err)
{
	struct mail_work *m = &e->mail;
	struct mailbox_row row = { .validity = m->validity, .uid = (int64_t)out->ref };
	int64_t validity = said(out, STR("uidvalidity")), id;
	struct str source;

	if (source_of(e, out, row.uid, &source, err))
		return -1;
	if (out->transport == TRANSPORT_TOO_BIG) {
		if (set_aside(e, row.uid, "larger than 10 MiB", err))
			return -1;
	} else if (is_stuck(e, out)) {
		if (set_aside(e, row.uid, "the mail server does not give it", err))
			return -1;
	} else if (validity && validity != m->validity) {
		m->n_uids = m->next_uid = 0; /* the search sees to it */
		m->ask_at_ms = e->mono_ms;
		return 0;
	} else if (out->response.status == 200 &&
		   mail_take(e, out->response.body, source, row.uid, &id, err)) {
		return -1;
	}
	if (store_mailbox_set(e->store, mailbox_name(e, out->arena), &row, e->wall_ms,
			      err))
		return -1;
	m->marks = true;
	m->next_uid++;
	m->ask_at_ms = e->mono_ms;
	return 0;
}

static int marked(struct engine *e, struct outgoing *out, struct err *err)
{
	int64_t *uids;
	size_t n;

	e->mail.marks = false;
	e->mail.ask_at_ms = e->mono_ms;
	if (out->response.status != 200) {
		log_event(LOG_LEVEL_WARNING, "inbox_not_marked",
			  LOG_I("status", out->response.status));
		return 0;
	}
	/* The same as when it was asked: nothing was taken since. */
	if (store_mail_unseen(e->store, MARKS_MOST, out->arena, &uids, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (store_mail_seen(e->store, uids[i], err))
			return -1;
	e->mail.marks = n == MARKS_MOST;
	return 0;
}

int inbox_answered(struct engine *e, struct outgoing *out, struct err *err)
{
	struct mail_work *m = &e->mail;
	int status = out->response.status;
	bool big = m->step == INBOX_FETCH &&
		   (out->transport == TRANSPORT_TOO_BIG || is_stuck(e, out));
	bool good = out->transport == TRANSPORT_DONE &&
		    (status == 200 || m->step == INBOX_MARK ||
		     (status == 404 && m->step == INBOX_FETCH));

	m->asking = false;
	/* A reload took it away, or named another: what it says is of the former. */
	if (!e->config->mail.inbox.n ||
	    m->mailbox != str_hash(mailbox_name(e, out->arena))) {
		m->ask_at_ms = e->mono_ms;
		return 0;
	}
	if (!good && !big) {
		failed(e, out,
		       out->transport != TRANSPORT_DONE
			       ? (out->trouble.n ? out->trouble.p
						 : transport_name(out->transport))
		       : status == 401 ? "the login was refused"
				       : "the server refused: does the folder exist?");
		return 0;
	}
	well(e);
	if (m->step == INBOX_SEARCH)
		return searched(e, out, err);
	return m->step == INBOX_FETCH ? fetched(e, out, err) : marked(e, out, err);
}

/* Whoever has mended something need not wait for the pause to end. */
void inbox_reloaded(struct engine *e)
{
	e->mail.ask_at_ms = e->mono_ms;
}

/* The turn of its answer failed: it is asked again. */
void inbox_dropped(struct engine *e)
{
	e->mail.asking = false;
	e->mail.ask_at_ms = e->mono_ms + 1000;
}

/* Monotonic. */
int64_t inbox_next_ms(const struct engine *e)
{
	return e->config->mail.inbox.n && !e->mail.asking && !e->no_space
		       ? e->mail.ask_at_ms
		       : INT64_MAX;
}
