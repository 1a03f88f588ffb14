/* SPDX-License-Identifier: MIT */
/*
 * For how long the largest mails hold up everybody else: 10 MiB of each kind that a mail
 * program sends, or somebody may make, handed to an engine with a sealed store. Its
 * processor time, since the machine does other things, too.
 *
 *   mail_block [MOST_MS]     ends with 1 when one turn of the engine took longer
 *
 * Columns: taken apart (mime_read alone); the turn that stores it; the longest turn
 * after that, in which it is understood.
 */
#include <time.h>

#include "../unit/api_desk.h"
#include "base/log.h"
#include "base/mime_read.h"

#define SENDER "a@dinas.example"

enum { KEEP_BYTES = 2 << 20, TURNS = 4, TIMES = 7 };

static const char head[] = "From: " SENDER "\r\nTo: aduan@dinas.example\r\n"
			   "Subject: Re: [26000011]\r\nMessage-ID: <1@x>\r\n"
			   "MIME-Version: 1.0\r\n";

static const char photo[] = "/9j/4AAQSkZJRgABAQAAAQABAAD/"
			    "4gIcSUNDX1BST0ZJTEUAAQEAAAIMbGNtcwIQAABtbnRyUkdC\r\n";
static const char words[] = "Lubang di jalan itu sudah kami tambal kemarin sore, terima "
			    "kasih.\r\n";
static const char few[] = "ya, besok lagi kami lihat ke sana.\r\n";
static const char coded[] =
	"Caf=C3=A9 di ujung jalan =E2=80=93 sudah=20dibongkar=2E pada=\r\n";
static const char tags[] =
	"<p class=\"x\">Lubang <b>itu</b> &amp; &eacute; sudah</p>\r\n";

static void fill(struct buf *b, const char *line, size_t most)
{
	struct str s = str_of(line);

	while (b->n + s.n + 100 < most)
		buf_add(b, s);
}

static void one_attachment(struct buf *b)
{
	buf_printf(b,
		   "%sContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n"
		   "Content-Type: text/plain\r\n\r\nTERIMA\r\n--b\r\nContent-Type: "
		   "image/jpeg; name=f.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n",
		   head);
	fill(b, photo, MIME_BYTES_MOST);
	buf_add(b, STR("\r\n--b--\r\n"));
}

static void many_attachments(struct buf *b)
{
	buf_printf(b, "%sContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n", head);
	for (int i = 1; i <= 40; i++) {
		buf_add(b, STR("--b\r\nContent-Type: image/jpeg; name=f.jpg\r\n"
			       "Content-Transfer-Encoding: base64\r\n\r\n"));
		fill(b, photo, (size_t)MIME_BYTES_MOST / 40 * (size_t)i);
	}
	buf_add(b, STR("\r\n--b--\r\n"));
}

static void many_parts(struct buf *b)
{
	buf_printf(b, "%sContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n", head);
	for (int i = 1; i <= 1900; i++) {
		buf_add(b, STR("--b\r\nContent-Type: text/plain\r\n\r\n"));
		fill(b, words, (size_t)MIME_BYTES_MOST / 1900 * (size_t)i);
	}
	buf_add(b, STR("\r\n--b--\r\n"));
}

static void text_of(struct buf *b, const char *type, const char *encoding,
		    const char *line)
{
	buf_printf(b, "%sContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n", head,
		   type, encoding);
	fill(b, line, MIME_BYTES_MOST);
}

static void plain(struct buf *b)
{
	text_of(b, "text/plain; charset=utf-8", "8bit", words);
}

static void short_lines(struct buf *b)
{
	text_of(b, "text/plain; charset=utf-8", "8bit", few);
}

static void quoted_printable(struct buf *b)
{
	text_of(b, "text/plain; charset=utf-8", "quoted-printable", coded);
}

static void text_base64(struct buf *b)
{
	text_of(b, "text/plain; charset=utf-8", "base64", photo);
}

static void html(struct buf *b)
{
	text_of(b, "text/html; charset=utf-8", "8bit", tags);
}

static void flowed_latin(struct buf *b)
{
	text_of(b, "text/plain; charset=iso-8859-1; format=flowed", "8bit",
		"Desa Citasuk \xe9 besok sore kami tambal kalau tidak hujan \r\n");
}

static void one_line(struct buf *b)
{
	text_of(b, "text/plain", "7bit", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void mail_within(struct buf *b)
{
	buf_printf(
		b,
		"%sContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n"
		"Content-Type: message/rfc822\r\n\r\n%sContent-Type: text/plain\r\n\r\n",
		head, head);
	fill(b, words, MIME_BYTES_MOST);
	buf_add(b, STR("\r\n--b--\r\n"));
}

static void mails_within_mails(struct buf *b)
{
	buf_printf(b, "%s", head);
	for (int i = 0; i < 300; i++)
		buf_printf(b, "Content-Type: message/rfc822\r\n\r\n%s", head);
	buf_add(b, STR("Content-Type: text/plain\r\n\r\n"));
	fill(b, words, MIME_BYTES_MOST);
}

static void deep(struct buf *b)
{
	buf_printf(b, "%s", head);
	for (int i = 0; i < 900; i++)
		buf_printf(b,
			   "Content-Type: multipart/mixed; "
			   "boundary=\"b%d\"\r\n\r\n--b%d\r\n",
			   i, i);
	buf_add(b, STR("Content-Type: text/plain\r\n\r\n"));
	fill(b, words, MIME_BYTES_MOST);
}

static void many_headers(struct buf *b)
{
	buf_printf(b, "%s", head);
	while (b->n < 255 * 1024)
		buf_printf(b, "X-Header-%zu: =?utf-8?q?=C3=A9?= =?utf-8?q?=C3=A9?=\r\n",
			   b->n);
	buf_add(b, STR("\r\n"));
	fill(b, words, MIME_BYTES_MOST);
}

static void report(struct buf *b)
{
	buf_printf(b,
		   "%sContent-Type: multipart/report; report-type=delivery-status; "
		   "boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
		   "--b\r\nContent-Type: message/delivery-status\r\n\r\n",
		   head);
	fill(b,
	     "Action: failed\r\nStatus: 5.1.1\r\nFinal-Recipient: rfc822; "
	     "seseorang.di.bagian.umum@kecamatan.serangkab.example\r\nDiagnostic-Code: "
	     "smtp; 550 5.1.1 User unknown, no such mailbox here, sorry\r\n\r\n",
	     MIME_BYTES_MOST);
	buf_add(b, STR("\r\n--b--\r\n"));
}

static const struct {
	const char *name;
	void (*make)(struct buf *b);
} kinds[] = {
	{ "one attachment", one_attachment },
	{ "40 attachments", many_attachments },
	{ "1,900 parts", many_parts },
	{ "plain text", plain },
	{ "… in short lines", short_lines },
	{ "… in one line", one_line },
	{ "… quoted-printable", quoted_printable },
	{ "… base64", text_base64 },
	{ "… flowed, Latin 1", flowed_latin },
	{ "HTML", html },
	{ "a mail within", mail_within },
	{ "300 mails within each other", mails_within_mails },
	{ "900 parts within each other", deep },
	{ "256 KiB of headers", many_headers },
	{ "a report", report },
};

static double ms_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Of several times the best. */
struct took {
	double apart, stored, understood;
};

static double least(double a, double b)
{
	return b < a ? b : a;
}

static double apart(struct str raw)
{
	struct arena *arena = arena_new("mime", MIME_ARENA_BYTES);
	struct mime_mail mail;
	struct err err;
	double began = ms_now();

	if (!arena || mime_read(raw, KEEP_BYTES, arena, &mail, &err))
		printf("not taken apart: ");
	began = ms_now() - began;
	arena_free(arena);
	return began;
}

static struct api_desk desk;

static double turn(void)
{
	double began = ms_now();

	desk_now += 1000;
	engine_turn(desk.engine);
	return ms_now() - began;
}

static void hand_over(struct str raw)
{
	struct arena *arena = arena_new("incoming", 64 << 20);
	struct incoming *in = arena ? ARENA_NEW(arena, struct incoming, 1) : NULL;

	if (!in)
		abort();
	in->letter.kind = LETTER_CONTROL;
	in->arena = arena;
	in->request = (struct request){ .method = HTTP_POST,
					.path = STR("/v1/mail"),
					.body = raw,
					.peer_uid = geteuid() };
	mailbox_post(desk.mailbox, &in->letter);
}

static void engine_took(struct str raw, struct took *t)
{
	static struct str from[] = { STR_INIT(SENDER) };
	double understood = 0, one;
	int pupr;

	desk_open(&desk);
	pupr = config_department(desk.config, STR("PUPR"));
	desk.config->departments[pupr].answer_from = (struct str_list){ from, 1 };
	hand_over(raw);
	t->stored = least(t->stored, turn());
	if (desk.status != 200)
		printf("not taken (%d): ", desk.status);
	for (int i = 0; i < TURNS; i++) {
		one = turn();
		understood = one > understood ? one : understood;
	}
	t->understood = least(t->understood, understood);
	desk_close(&desk);
}

int main(int argc, char **argv)
{
	double most = argc > 1 ? strtod(argv[1], NULL) : 1e9, worst = 0;

	desk_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
	log_setup(LOG_FORMAT_PLAIN, LOG_LEVEL_ERROR);
	printf("%-28s %9s %9s %9s  ms\n", "10 MiB of", "apart", "stored", "done");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct buf b = BUF_INIT(MIME_BYTES_MOST);
		struct took t = { 1e9, 1e9, 1e9 };

		kinds[i].make(&b);
		for (int k = 0; k < TIMES; k++) {
			t.apart = least(t.apart, apart(buf_str(&b)));
			engine_took(buf_str(&b), &t);
		}
		printf("%-28s %9.1f %9.1f %9.1f\n", kinds[i].name, t.apart, t.stored,
		       t.understood);
		fflush(stdout);
		worst = t.stored > worst ? t.stored : worst;
		worst = t.understood > worst ? t.understood : worst;
		buf_free(&b);
	}
	printf("the longest turn: %.1f ms\n", worst);
	return worst > most;
}
