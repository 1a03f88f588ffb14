/* SPDX-License-Identifier: MIT */
/*
 * The scripted mail server, and words of a story about it. Mails are files of
 * tests/fixtures/mail; in them the sender, the ticket's number and the signed Message-IDs
 * are replaced, and the Message-ID is made a new one.
 *
 *   inbox FILE FROM NO [loose] a mail waits in the mailbox; "-": from whom the file says;
 *                              NO 0: the file's; loose: it answers no mail of ours;
 *                              out: it answers the newest that explained something
 *   inbox_crowd N FILE [FROM]  N of them, loose; without FROM each from a stranger
 *   inbox_other FILE FROM NO   it waits in the folder of mail-other.conf's account
 *   mail_swap FILE             that configuration comes before the next fetch ends
 *   piped FILE FROM NO [loose] the local mail server hands it over
 *   inbox_again                the last one waits there once more
 *   piped_again                … comes once more, with another head
 *   renumber                   the folder numbers its mails anew
 *   mailbox_down N             the next N exchanges with it fail
 *   mailbox_keeps              the last one is listed and never given
 *   smtp HOW [N]               how the next N mails of ours end (1; "ever"): not-sent,
 *                              lost-before, lost-after, or what the server replies: 451;
 *                              554@login: before a recipient was named
 *   mailed ADDRESS WORDS       the oldest mail to it that was not looked at contains
 *                              these words; pieces with " | " between
 *   unmailed ADDRESS           there is none
 *   marked N                   so many mails of the folder are marked as seen
 *   mails N STATE/KIND         so many are stored like this
 */
#include "mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mailid.h"
#include "base/mime_read.h"
#include "play.h"
#include "store/inside.h"

#define FILE_ID "0123456789abcdef0123456789abcdef@serangkab.example"
#define FILE_NO "25004176"

enum { FILE_MOST = 65536 };

struct stage_mails *mails_new(void)
{
	struct stage_mails *m = calloc(1, sizeof(*m));

	if (m)
		m->validity = m->next_uid = 7;
	return m;
}

void mails_free(struct stage_mails *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n_in; i++)
		free(m->in[i].raw);
	for (size_t i = 0; i < m->n_sent; i++)
		free(m->sent[i].raw);
	free(m->last);
	free(m);
}

/* ---- IMAP ---- */

static bool is_there(const struct stage_mail *mail, const struct outgoing *out)
{
	return mail->other == str_eq(out->exchange.user, STR("lain"));
}

bool mail_is_fetch(const struct outgoing *out)
{
	return out->letter.kind == LETTER_INBOX && out->exchange.imap.n == 0 &&
	       str_starts(out->exchange.url, STR("imap"));
}

static void heads(const struct stage_mails *m, struct outgoing *out)
{
	struct str_pair *pairs = ARENA_NEW(out->arena, struct str_pair, 2);

	pairs[0] = (struct str_pair){ STR("uidvalidity"),
				      arena_printf(out->arena, "%u", m->validity) };
	pairs[1] = (struct str_pair){ STR("uidnext"),
				      arena_printf(out->arena, "%u", m->next_uid) };
	out->response.headers = (struct str_pairs){ pairs, 2 };
	out->response.status = 200;
	out->response.body = STR("");
	out->transport = TRANSPORT_DONE;
}

/* " SINCE 24-Nov-2025": those of that day, anywhere, or later. */
static bool since_read(const char *s, int64_t *ms)
{
	struct tm day = { 0 };

	*ms = 0;
	if (*s == '\0')
		return true;
	s = strptime(s, " SINCE %d-%b-%Y", &day);
	*ms = (int64_t)timegm(&day) * 1000;
	return s && *s == '\0';
}

static void play_search(const struct stage_mails *m, struct outgoing *out)
{
	unsigned from = 0, to = 0;
	struct buf b = BUF_INIT(65536);
	struct str command = arena_str(out->arena, out->exchange.imap);
	int64_t since_ms = 0;
	int end = 0;

	if (sscanf(command.p, "UID SEARCH UID %u:%u%n", &from, &to, &end) != 2 ||
	    !since_read(command.p + end, &since_ms))
		out->response.status = 400;
	buf_add(&b, STR("* SEARCH"));
	for (size_t i = m->n_in; i-- > 0;)
		if (m->in[i].uid >= from && m->in[i].uid <= to &&
		    m->in[i].at_ms >= since_ms && is_there(&m->in[i], out))
			buf_printf(&b, " %u", m->in[i].uid);
	buf_add(&b, STR("\r\n"));
	out->response.body = arena_str(out->arena, buf_str(&b));
	buf_free(&b);
}

static void play_mark(struct stage_mails *m, struct outgoing *out)
{
	struct str rest = str_slice(out->exchange.imap, strlen("UID STORE "), SIZE_MAX);
	struct str list, uid;

	str_split(&rest, ' ', &list);
	if (!str_eq(rest, STR("+FLAGS.SILENT (\\Seen)")))
		out->response.status = 400;
	while (str_split(&list, ',', &uid)) {
		int64_t n = 0;

		if (!str_to_int(uid, &n))
			out->response.status = 400;
		for (size_t i = 0; i < m->n_in; i++)
			m->in[i].seen |= m->in[i].uid == n && is_there(&m->in[i], out);
	}
}

static void play_fetch(const struct stage_mails *m, struct outgoing *out)
{
	size_t at = str_find(out->exchange.url, STR("/;UID="));
	int64_t uid = 0;

	out->response.status = 404;
	if (!str_to_int(str_slice(out->exchange.url, at + 6, SIZE_MAX), &uid))
		return;
	if (uid == m->keeps) {
		out->response.status = 400;
		return;
	}
	for (size_t i = 0; i < m->n_in; i++)
		if (m->in[i].uid == uid && is_there(&m->in[i], out)) {
			out->response.status = 200;
			out->response.body =
				arena_str(out->arena, str_from(m->in[i].raw, m->in[i].n));
		}
}

static void play_imap(struct stage_mails *m, struct outgoing *out)
{
	if (m->down) {
		m->down--;
		out->transport = TRANSPORT_NOT_SENT;
		out->trouble = STR("played trouble");
		return;
	}
	heads(m, out);
	if (out->exchange.imap.n == 0)
		play_fetch(m, out);
	else if (str_starts(out->exchange.imap, STR("UID SEARCH")))
		play_search(m, out);
	else
		play_mark(m, out);
}

/* ---- SMTP ---- */

static struct mime_mail opened(const struct stage_mail *sent, struct arena *arena)
{
	struct mime_mail mail = { .n_reports = 0 };
	struct err err;

	if (mime_read(str_from(sent->raw, sent->n), 0, arena, &mail, &err))
		mail.text = STR("(unreadable)");
	return mail;
}

/* False: it was taken all the same. */
static bool smtp_fails(struct stage_mails *m, struct outgoing *out)
{
	static struct str_pair early[] = { { STR_INIT("smtp-step"), STR_INIT("login") } };

	if (m->smtp_left == 0)
		return false;
	m->smtp_left -= m->smtp_left > 0;
	out->trouble = STR("played trouble");
	out->transport = strcmp(m->smtp, "not-sent") == 0   ? TRANSPORT_NOT_SENT
			 : strncmp(m->smtp, "lost", 4) == 0 ? TRANSPORT_UNKNOWN
							    : TRANSPORT_DONE;
	out->response.status = (int)strtol(m->smtp, NULL, 10);
	out->response.body = arena_printf(out->arena, "%s played", m->smtp);
	if (strchr(m->smtp, '@'))
		out->response.headers = (struct str_pairs){ early, 1 };
	return strcmp(m->smtp, "lost-after") != 0;
}

/* Two of one Message-ID are one. */
static void play_smtp(struct stage_mails *m, struct outgoing *out)
{
	struct stage_mail *sent = &m->sent[m->n_sent];
	struct arena *arena = arena_new("sent", MIME_ARENA_BYTES);

	out->transport = TRANSPORT_DONE;
	out->response.status = 250;
	out->response.body = STR("250 2.0.0 taken");
	if (smtp_fails(m, out)) {
		arena_free(arena);
		return;
	}
	if (m->n_sent == STAGE_SENT || out->exchange.mail_to.n != 1) {
		out->response.status = 550;
		arena_free(arena);
		return;
	}
	sent->n = out->exchange.body.n;
	sent->raw = malloc(sent->n + 1);
	memcpy(sent->raw, out->exchange.body.p, sent->n);
	snprintf(sent->to, sizeof(sent->to), "%.*s",
		 STR_ARG(out->exchange.mail_to.items[0]));
	snprintf(sent->id, sizeof(sent->id), "%.*s",
		 STR_ARG(opened(sent, arena).message_id));
	arena_free(arena);
	for (size_t i = 0; i < m->n_sent; i++)
		if (strcmp(m->sent[i].id, sent->id) == 0) {
			free(sent->raw);
			memset(sent, 0, sizeof(*sent));
			return;
		}
	m->n_sent++;
}

bool mail_play(struct stage *s, struct outgoing *out)
{
	if (str_starts(out->exchange.url, STR("imap")))
		play_imap(s->mails, out);
	else if (str_starts(out->exchange.url, STR("smtp")))
		play_smtp(s->mails, out);
	else
		return false;
	return true;
}

/* ---- words ---- */

/* All of one replaced by the other, at most FILE_MOST bytes. */
static struct str replaced(struct str s, const char *what, struct str with,
			   struct arena *arena)
{
	struct buf b = BUF_INIT(FILE_MOST);
	struct str needle = str_of(what), out;

	while (s.n) {
		size_t at = str_find(s, needle);

		buf_add(&b, str_slice(s, 0, at));
		if (at < s.n)
			buf_add(&b, with);
		s = str_slice(s, at < s.n ? at + needle.n : at, s.n);
	}
	out = arena_str(arena, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct str file_read(struct run *r, const char *name, struct arena *arena)
{
	char path[300];
	char *p = arena_alloc(arena, FILE_MOST, 1);
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "tests/fixtures/mail/%s.eml", name);
	f = fopen(path, "rb");
	if (!f || !p) {
		fail(r, "cannot read %s", path);
		if (f)
			fclose(f);
		return STR("");
	}
	n = fread(p, 1, FILE_MOST, f);
	fclose(f);
	return str_from(p, n);
}

/* The newest mail that we sent about the ticket. */
static int64_t delivery_of(struct run *r, long long no)
{
	struct store *store = r->stage->store;
	char sql[300];
	struct err err;
	int64_t id = 0;

	snprintf(sql, sizeof(sql),
		 "SELECT coalesce(max(d.id), 0) FROM delivery d JOIN ticket t "
		 "ON t.id = d.ticket_id WHERE t.no = %lld AND d.external_id <> ''",
		 no);
	if (store->driver->number(store->db, sql, &id, &err))
		fail(r, "%s", err.text);
	return id ? id : 1;
}

static int64_t explanation(struct run *r)
{
	struct store *store = r->stage->store;
	struct err err;
	int64_t id = 0;

	if (store->driver->number(store->db, "SELECT coalesce(max(id), 0) FROM mail_out",
				  &id, &err))
		fail(r, "%s", err.text);
	return (INT64_C(1) << 40) + id;
}

/* When that mail was made; −1 for one that there is not. */
static int64_t made_s(struct run *r, int64_t of)
{
	struct store *store = r->stage->store;
	char sql[200];
	struct err err;
	int64_t at = -1, explained = of - (INT64_C(1) << 40);

	snprintf(sql, sizeof(sql),
		 "SELECT coalesce(max(created_at) / 1000, -1) FROM %s WHERE id = %lld",
		 explained > 0 ? "mail_out" : "delivery",
		 (long long)(explained > 0 ? explained : of));
	if (store->driver->number(store->db, sql, &at, &err))
		fail(r, "%s", err.text);
	return at;
}

/* Our id in the file, with its numbers. "restored": of a mail that had them before an old
 * backup was restored; "undated": as they were written once. */
static struct str with_ids(struct run *r, struct str raw, long long no, int64_t of,
			   const char *how, struct arena *arena)
{
	const struct forward_mail *c = &engine_config(r->stage->engine)->mail;
	struct mailid id = { no, of, made_s(r, of) };
	struct str text;

	if (strcmp(how, "restored") == 0)
		id.made_s -= 3600;
	else if (strcmp(how, "undated") == 0)
		id.made_s = -1;
	if (mailid_make(c->key, c->domain, &id, arena, &text)) {
		fail(r, "%s", "no Message-ID can be made");
		return raw;
	}
	text = str_slice(text, 1, text.n - 1);
	raw = replaced(raw, "ktg." FILE_NO ".17." FILE_ID, text, arena);
	return replaced(raw, "ktg." FILE_NO ".3." FILE_ID, text, arena);
}

static void make(struct run *r, char *rest, struct arena *arena)
{
	struct stage_mails *m = r->stage->mails;
	const char *file = word(&rest), *from = word(&rest);
	long long no = strtoll(word(&rest), NULL, 10);
	struct str raw = file_read(r, file, arena);

	raw = replaced(raw, "Message-ID: <",
		       arena_printf(arena, "Message-ID: <%u.", ++m->made), arena);
	/* … but not those that a report of delivery hands back. */
	raw = replaced(raw, arena_printf(arena, "<%u.ktg.", m->made).p, STR("<ktg."),
		       arena);
	if (strcmp(from, "-") != 0)
		raw = replaced(raw, "From: Sekretariat PUPR <pupr@serangkab.example>",
			       arena_printf(arena, "From: Kantor <%s>", from), arena);
	if (strcmp(rest, "loose") == 0) {
		raw = replaced(raw, "In-Reply-To:", STR("X-One:"), arena);
		raw = replaced(raw, "References:", STR("X-Two:"), arena);
	}
	if (no) {
		raw = with_ids(r, raw, no,
			       strcmp(rest, "out") == 0 ? explanation(r)
							: delivery_of(r, no),
			       rest, arena);
		raw = replaced(raw, FILE_NO, arena_printf(arena, "%lld", no), arena);
	}
	free(m->last);
	m->last = strndup(raw.p ? raw.p : "", raw.n);
}

static void put(struct run *r)
{
	struct stage_mails *m = r->stage->mails;
	struct stage_mail *mail = &m->in[m->n_in];

	if (m->n_in == STAGE_MAILS || !m->last) {
		fail(r, "%s", "no such mail, or no room for it");
		return;
	}
	m->n_in++;
	mail->raw = strdup(m->last);
	mail->n = strlen(m->last);
	mail->uid = m->next_uid++;
	mail->at_ms = stage_wall_ms();
}

/* A mail server tries until it is taken. */
static void hand_over(struct run *r, struct str raw)
{
	int got = 0;

	for (int i = 0; i < 20 && got != 200; i++) {
		got = stage_mail(r->stage, raw);
		if (got == 200)
			break;
		stage_wait(r->stage, 5000);
	}
	if (got != 200)
		fail(r, "the mail was not taken: %d %.100s", got, r->stage->last_body);
}

static void do_inbox(struct run *r, char *rest)
{
	struct arena *arena = arena_new("mail", 4 << 20);

	stage_settle(r->stage);
	make(r, rest, arena);
	put(r);
	arena_free(arena);
}

static void do_crowd(struct run *r, char *rest)
{
	long n = strtol(word(&rest), NULL, 10);
	const char *file = word(&rest);
	char line[300], from[100];

	stage_settle(r->stage);
	for (long i = 0; i < n; i++) {
		struct arena *arena = arena_new("mail", 4 << 20);

		snprintf(from, sizeof(from), "orang%ld@ramai.example", i);
		snprintf(line, sizeof(line), "%s %s 0 loose", file, *rest ? rest : from);
		make(r, line, arena);
		put(r);
		arena_free(arena);
	}
}

static void do_piped(struct run *r, char *rest)
{
	struct arena *arena = arena_new("mail", 4 << 20);

	stage_settle(r->stage);
	make(r, rest, arena);
	hand_over(r, str_of(r->stage->mails->last));
	arena_free(arena);
}

static void do_inbox_other(struct run *r, char *rest)
{
	struct stage_mails *m = r->stage->mails;

	do_inbox(r, rest);
	if (m->n_in)
		m->in[m->n_in - 1].other = true;
}

static void do_mail_swap(struct run *r, char *rest)
{
	static char file[400];
	const char *now = r->stage->config_file, *slash = strrchr(now, '/');

	stage_settle(r->stage);
	snprintf(file, sizeof(file), "%.*s%s", slash ? (int)(slash - now) + 1 : 0, now,
		 rest);
	r->stage->reload_with_page = file;
	r->stage->reload_with_mail = true;
}

static void do_inbox_again(struct run *r, char *rest)
{
	(void)rest;
	stage_settle(r->stage);
	put(r);
}

static void do_piped_again(struct run *r, char *rest)
{
	struct arena *arena = arena_new("mail", 4 << 20);

	(void)rest;
	stage_settle(r->stage);
	hand_over(r,
		  arena_printf(arena, "Received: from mx2\r\n%s", r->stage->mails->last));
	arena_free(arena);
}

static void do_renumber(struct run *r, char *rest)
{
	struct stage_mails *m = r->stage->mails;

	(void)rest;
	stage_settle(r->stage);
	m->validity++;
	m->next_uid = 1;
	for (size_t i = 0; i < m->n_in; i++)
		m->in[i].uid = m->next_uid++;
}

static void do_down(struct run *r, char *rest)
{
	r->stage->mails->down = (unsigned)strtoul(rest, NULL, 10);
}

static void do_smtp(struct run *r, char *rest)
{
	struct stage_mails *m = r->stage->mails;

	snprintf(m->smtp, sizeof(m->smtp), "%s", word(&rest));
	m->smtp_left = strcmp(rest, "ever") == 0 ? -1
		       : *rest			 ? (int)strtol(rest, NULL, 10)
						 : 1;
}

static void do_keeps(struct run *r, char *rest)
{
	struct stage_mails *m = r->stage->mails;

	(void)rest;
	stage_settle(r->stage);
	m->keeps = m->n_in ? m->in[m->n_in - 1].uid : 0;
}

static bool says(struct str text, char *words)
{
	struct str rest = str_of(words), piece;
	size_t at;

	do {
		at = str_find(rest, STR(" | "));
		piece = str_slice(rest, 0, at);
		rest = str_slice(rest, at + 3, rest.n);
		if (str_find(text, piece) == text.n)
			return false;
	} while (rest.n);
	return true;
}

static void do_mailed(struct run *r, char *rest)
{
	struct stage_mails *m = r->stage->mails;
	const char *to = word(&rest);
	struct arena *arena;

	stage_settle(r->stage);
	for (size_t i = 0; i < m->n_sent; i++) {
		struct mime_mail mail;
		struct str all;

		if (m->sent[i].looked || strcmp(m->sent[i].to, to) != 0)
			continue;
		m->sent[i].looked = true;
		arena = arena_new("sent", MIME_ARENA_BYTES);
		mail = opened(&m->sent[i], arena);
		all = arena_printf(arena, "%.*s\n%.*s", STR_ARG(mail.subject),
				   STR_ARG(mail.text));
		if (r->checking && !says(all, rest))
			fail(r, "the mail says: %.*s", STR_ARG(all));
		arena_free(arena);
		return;
	}
	if (r->checking)
		fail(r, "no mail came to %s", to);
}

static void do_unmailed(struct run *r, char *rest)
{
	struct stage_mails *m = r->stage->mails;

	stage_settle(r->stage);
	for (size_t i = 0; i < m->n_sent && r->checking; i++)
		if (!m->sent[i].looked && strcmp(m->sent[i].to, rest) == 0)
			fail(r, "a mail came: %s", m->sent[i].raw);
}

static void do_marked(struct run *r, char *rest)
{
	const struct stage_mails *m = r->stage->mails;
	size_t n = 0;

	stage_settle(r->stage);
	for (size_t i = 0; i < m->n_in; i++)
		n += m->in[i].seen;
	if (r->checking && n != strtoul(rest, NULL, 10))
		fail(r, "%zu are marked", n);
}

static void do_mails(struct run *r, char *rest)
{
	long long want = strtoll(word(&rest), NULL, 10);
	struct store *store;
	char sql[200];
	struct err err;
	int64_t n;

	stage_settle(r->stage); /* perhaps with a crash, and another store */
	store = r->stage->store;
	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM mail_in WHERE state || '/' || kind = '%.60s'",
		 rest);
	if (store->driver->number(store->db, sql, &n, &err))
		fail(r, "%s", err.text);
	else if (r->checking && n != want)
		fail(r, "it is %lld", (long long)n);
}

const struct story_word words_of_mail[] = {
	{ "inbox", do_inbox },
	{ "inbox_crowd", do_crowd },
	{ "inbox_other", do_inbox_other },
	{ "mail_swap", do_mail_swap },
	{ "piped", do_piped },
	{ "inbox_again", do_inbox_again },
	{ "piped_again", do_piped_again },
	{ "renumber", do_renumber },
	{ "mailbox_down", do_down },
	{ "mailbox_keeps", do_keeps },
	{ "smtp", do_smtp },
	{ "mailed", do_mailed },
	{ "unmailed", do_unmailed },
	{ "marked", do_marked },
	{ "mails", do_mails },
	{ NULL, NULL },
};
