/* SPDX-License-Identifier: MIT */
/*
 * The carrier's mail: SMTP and IMAP, from the described exchange to libcurl's options,
 * and from its result to the answer. In the mail carrier's thread, which is not the one
 * of HTTP: before libcurl lets a connection go it says goodbye to the server and waits
 * for an answer, and no text to a citizen shall wait for a mail server's manners.
 *
 * SMTP. A message was taken or not: as long as the server has not got the whole of it
 * (libcurl has not asked us for its last byte) it was certainly not; afterwards only the
 * server's reply tells, and without one the end is unknown. A reply with 4xx or 5xx is an
 * answer like any other.
 *
 * IMAP. libcurl reads the literal of a message only for the URL form ;UID=, and asks for
 * BODY[], which marks it as seen. So each exchange has two runs on one connection: the
 * first opens the folder, for reading only (EXAMINE) when a message is fetched, the
 * second asks. libcurl takes the folder for opened and leaves it as it is. The second run
 * is refused, before anything leaves, on any other connection.
 */
#include "io/httpc_inside.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/exchange.h"

enum {
	SOCKETS = 64,
	LINE_BYTES = 512 << 10, /* libcurl cuts a line of an answer that is longer */
};

/* ---- open sockets, so that ending need not wait for a server ---- */

struct sockets {
	pthread_mutex_t lock;
	int fd[SOCKETS];
	size_t n;
};

struct sockets *sockets_new(void)
{
	struct sockets *s = calloc(1, sizeof(*s));

	if (s && pthread_mutex_init(&s->lock, NULL)) {
		free(s);
		return NULL;
	}
	return s;
}

void sockets_free(struct sockets *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->lock);
	free(s);
}

void sockets_hang_up(struct sockets *s)
{
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++)
		shutdown(s->fd[i], SHUT_RD); /* a goodbye may still be said */
	pthread_mutex_unlock(&s->lock);
}

static int on_socket(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	struct sockets *s = arg;

	(void)purpose;
	pthread_mutex_lock(&s->lock);
	if (s->n < SOCKETS)
		s->fd[s->n++] = fd;
	pthread_mutex_unlock(&s->lock);
	return CURL_SOCKOPT_OK;
}

static int on_close(void *arg, curl_socket_t fd)
{
	struct sockets *s = arg;

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++)
		if (s->fd[i] == fd)
			s->fd[i--] = s->fd[--s->n];
	pthread_mutex_unlock(&s->lock);
	return close(fd);
}

/* ---- callbacks of libcurl, in the thread ---- */

static int on_sending(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct slot *slot = arg;

	(void)to, (void)from, (void)to_port;
	if (slot->run == 1)
		slot->port = from_port;
	slot->moved = slot->port != from_port;
	if (slot->moved || slot->sendings++ > 0)
		return CURL_PREREQFUNC_ABORT;
	return CURL_PREREQFUNC_OK;
}

/* The message, and how far the server has it. */
static size_t on_read(char *p, size_t size, size_t n, void *arg)
{
	struct slot *slot = arg;
	struct str rest =
		str_slice(slot->out->exchange.body, slot->given, slot->given + size * n);

	if (rest.n)
		memcpy(p, rest.p, rest.n);
	slot->given += rest.n;
	return rest.n;
}

/*
 * Keeps the last reply, of however many lines (RFC 5321 clause 4.2.1). What is answered
 * to the goodbye after a refusal is not what we want to know.
 */
static size_t on_reply(char *p, size_t size, size_t n, void *arg)
{
	struct slot *slot = arg;
	struct str line = str_from(p, size * n);

	if (slot->head_ended && slot->head.n && slot->head.p[0] >= '4' &&
	    (slot->sendings || str_starts(line, STR("221"))))
		return line.n;
	if (slot->head_ended)
		buf_clear(&slot->head);
	slot->head_ended = line.n < 4 || line.p[3] != '-';
	slot->replies += slot->head_ended && slot->sendings;
	buf_add(&slot->head, line);
	return line.n;
}

static bool take(struct slot *slot, struct str part)
{
	if (part.n > slot->ceiling - slot->body.n)
		slot->too_big = true;
	else
		buf_add(&slot->body, part);
	slot->too_big = slot->too_big || slot->body.failed;
	return !slot->too_big;
}

/* The number of "* OK [NAME 17]…" and such; 0: it is not that line. */
static int64_t number_after(struct str line, struct str start)
{
	int64_t n = 0;

	if (!str_eq_nocase(str_slice(line, 0, start.n), start))
		return 0;
	for (size_t i = start.n; i < line.n && line.p[i] >= '0' && line.p[i] <= '9'; i++)
		if (n < INT32_MAX * INT64_C(2))
			n = n * 10 + line.p[i] - '0';
	return n;
}

/* What the server says when the folder is opened, and what it says to a command. */
static size_t on_line(char *p, size_t size, size_t n, void *arg)
{
	struct slot *slot = arg;
	struct str line = str_from(p, size * n);
	int64_t validity = number_after(line, STR("* OK [UIDVALIDITY "));
	int64_t next = number_after(line, STR("* OK [UIDNEXT "));

	if (slot->run == 1) {
		slot->validity = validity ? validity : slot->validity;
		slot->uidnext = next ? next : slot->uidnext;
	} else if (slot->out->exchange.imap.n && !take(slot, line)) {
		return 0;
	}
	return line.n;
}

/* Of a fetched message; to a command libcurl hands over the lines a second time. */
static size_t on_message(char *p, size_t size, size_t n, void *arg)
{
	struct slot *slot = arg;
	struct str part = str_from(p, size * n);

	if (slot->run == 2 && !slot->out->exchange.imap.n && !take(slot, part))
		return 0;
	return part.n;
}

/* ---- from the described exchange to libcurl's options ---- */

static void mail_set_up(struct slot *slot, const struct httpc_settings *s)
{
	CURL *easy = slot->easy;

	(void)s;
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps,imap,imaps");
	curl_easy_setopt(easy, CURLOPT_SASL_IR, 1L);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_sending);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, slot);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, slot->sockets);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, slot->sockets);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_message);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);
}

static int load_smtp(struct slot *slot)
{
	struct outgoing *out = slot->out;
	const struct exchange *x = &out->exchange;
	struct str from = arena_str(out->arena, x->mail_from);
	struct curl_slist *to = ARENA_NEW(out->arena, struct curl_slist, x->mail_to.n);

	if (!from.p || !to)
		return -1;
	for (size_t i = 0; i < x->mail_to.n; i++) {
		struct str address = arena_str(out->arena, x->mail_to.items[i]);

		if (!address.p)
			return -1;
		to[i].data = (char *)(uintptr_t)address.p; /* libcurl only reads it */
		to[i].next = i + 1 < x->mail_to.n ? &to[i + 1] : NULL;
	}
	curl_easy_setopt(slot->easy, CURLOPT_MAIL_FROM, from.p);
	curl_easy_setopt(slot->easy, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(slot->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(slot->easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(slot->easy, CURLOPT_READDATA, slot);
	curl_easy_setopt(slot->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)x->body.n);
	curl_easy_setopt(slot->easy, CURLOPT_HEADERFUNCTION, on_reply);
	return 0;
}

/* The folder's name, decoded, as a quoted string (RFC 9051 clause 4.3). */
static struct str folder_of(struct outgoing *out)
{
	struct buf b = BUF_INIT(4096);
	struct str folder = exchange_folder(&out->exchange, out->arena), copy;

	buf_add_char(&b, '"');
	for (size_t i = 0; i < folder.n; i++) {
		if (folder.p[i] == '"' || folder.p[i] == '\\')
			buf_add_char(&b, '\\');
		buf_add_char(&b, folder.p[i]);
	}
	buf_add_char(&b, '"');
	copy = arena_str(out->arena, b.failed ? str_from(NULL, 0) : buf_str(&b));
	buf_free(&b);
	return folder.p ? copy : folder;
}

/* libcurl takes %XX out of a command, so that a % must be written so. */
static struct str escaped(struct outgoing *out, struct str command)
{
	struct buf b = BUF_INIT(1 << 20);
	struct str copy;

	for (size_t i = 0; i < command.n; i++)
		if (command.p[i] == '%')
			buf_add(&b, STR("%25"));
		else
			buf_add_char(&b, command.p[i]);
	copy = b.failed ? str_from(NULL, 0) : arena_str(out->arena, buf_str(&b));
	buf_free(&b);
	return copy;
}

/* What is asked in this run. */
static int load_imap(struct slot *slot)
{
	struct outgoing *out = slot->out;
	struct str folder, command = { NULL, 0 };

	if (slot->run == 1) {
		folder = folder_of(out);
		command = arena_printf(out->arena, "%s %.*s",
				       out->exchange.imap.n ? "SELECT" : "EXAMINE",
				       STR_ARG(folder));
		if (!folder.p || !command.p)
			return -1;
	} else if (out->exchange.imap.n) {
		command = out->exchange.imap;
	}
	if (command.n) {
		command = escaped(out, command);
		if (!command.p)
			return -1;
	}
	curl_easy_setopt(slot->easy, CURLOPT_CUSTOMREQUEST, command.p);
	curl_easy_setopt(slot->easy, CURLOPT_BUFFERSIZE, (long)LINE_BYTES);
	curl_easy_setopt(slot->easy, CURLOPT_HEADERFUNCTION, on_line);
	return 0;
}

static int mail_load(struct slot *slot, const struct httpc_settings *s)
{
	const struct exchange *x = &slot->out->exchange;
	struct str url = arena_str(slot->out->arena, x->url);

	slot_reset(slot, s, &protocol_mail);
	slot->run = 1;
	slot->given = 0;
	slot->replies = 0;
	slot->moved = false;
	slot->validity = slot->uidnext = 0;
	if (!url.p || slot_set_name(slot) || slot_set_ca(slot, s))
		return -1;
	curl_easy_setopt(slot->easy, CURLOPT_URL, url.p);
	curl_easy_setopt(slot->easy, CURLOPT_USE_SSL,
			 (long)(x->mail_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	slot_set_times(slot, s);
	return exchange_is_smtp(x) ? load_smtp(slot) : load_imap(slot);
}

/* ---- from libcurl's result to the answer ---- */

/* Nothing was answered that could be judged. */
static void no_answer(struct slot *slot, CURLcode code, enum transport transport)
{
	static const struct {
		CURLcode code;
		const char *words;
	} table[] = {
		{ CURLE_USE_SSL_FAILED,
		  "the server offers no STARTTLS, so nothing was sent" },
		{ CURLE_LOGIN_DENIED, "the server offers no login that we know" },
		{ CURLE_WEIRD_SERVER_REPLY, "the server says what no mail server says" },
	};
	struct outgoing *out = slot->out;

	out->response = (struct response){ 0 };
	out->transport = slot->too_big ? TRANSPORT_TOO_BIG : transport;
	out->trouble = slot_trouble(slot, code);
	for (size_t i = 0; !slot->too_big && i < sizeof(table) / sizeof(*table); i++)
		if (code == table[i].code)
			out->trouble = str_of(table[i].words);
	if (slot->moved)
		out->trouble = STR("the connection to the mailbox was replaced");
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		out->transport = TRANSPORT_BAD;
}

static void answer(struct slot *slot, int status, struct str body)
{
	struct outgoing *out = slot->out;

	out->transport = TRANSPORT_DONE;
	out->response.status = status;
	out->response.body = arena_str(out->arena, body);
	if (!out->response.body.p) {
		slot->too_big = true;
		no_answer(slot, CURLE_OK, TRANSPORT_TOO_BIG);
	}
}

/* The connection broke: the code that libcurl last saw answers nothing. */
static bool is_break(CURLcode code)
{
	return code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR ||
	       code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING ||
	       code == CURLE_ABORTED_BY_CALLBACK;
}

/* At which step of the session the last reply came. */
static struct str step_of(const struct slot *slot)
{
	if (slot->sendings == 0)
		return STR("login");
	return slot->replies <= 1 ? STR("sender") : STR("message");
}

static void end_smtp(struct slot *slot, CURLcode code)
{
	struct str_pair *step = ARENA_NEW(slot->out->arena, struct str_pair, 1);
	bool all = slot->given >= slot->out->exchange.body.n;
	long status = 0;

	if (step) {
		*step = (struct str_pair){ STR("smtp-step"), step_of(slot) };
		slot->out->response.headers = (struct str_pairs){ step, 1 };
	}
	/* libcurl names a refused recipient a SEND_ERROR, so codes count from MAIL on. */
	curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_OK ||
	    (status >= 400 && (slot->sendings == 1 || !is_break(code))))
		answer(slot, (int)status, buf_str(&slot->head));
	else
		no_answer(slot, code,
			  slot->sendings && all ? TRANSPORT_UNKNOWN : TRANSPORT_NOT_SENT);
}

/* 0: the connection broke, or there never was one. */
static int imap_status(const struct slot *slot, CURLcode code)
{
	switch ((int)code) {
	case CURLE_OK:
		return 200;
	case CURLE_LOGIN_DENIED: /* also what libcurl calls a folder that is not there */
		return slot->sendings ? 400 : 401;
	case CURLE_QUOTE_ERROR:
		return 400;
	case CURLE_REMOTE_FILE_NOT_FOUND:
		return 404;
	default:
		return 0;
	}
}

static void end_imap(struct slot *slot, CURLcode code)
{
	struct outgoing *out = slot->out;
	struct str_pair *pairs = ARENA_NEW(out->arena, struct str_pair, 2);
	int status = imap_status(slot, code);

	if (!status || !pairs) {
		no_answer(slot, code,
			  slot->sendings ? TRANSPORT_UNKNOWN : TRANSPORT_NOT_SENT);
		return;
	}
	pairs[0] = (struct str_pair){ STR("uidvalidity"),
				      arena_printf(out->arena, "%lld",
						   (long long)slot->validity) };
	pairs[1] = (struct str_pair){
		STR("uidnext"), arena_printf(out->arena, "%lld", (long long)slot->uidnext)
	};
	out->response.headers = (struct str_pairs){ pairs, 2 };
	answer(slot, status, buf_str(&slot->body));
}

static bool mail_end(struct slot *slot, CURLcode code)
{
	if (exchange_is_smtp(&slot->out->exchange)) {
		end_smtp(slot, code);
		return false;
	}
	if (slot->run == 1 && code == CURLE_OK) {
		slot->run = 2;
		slot->sendings = 0;
		return load_imap(slot) == 0;
	}
	end_imap(slot, code);
	return false;
}

const struct protocol protocol_mail = {
	.thread = "mailc",
	.set_up = mail_set_up,
	.load = mail_load,
	.end = mail_end,
};
