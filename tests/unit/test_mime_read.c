/* SPDX-License-Identifier: MIT */
/*
 * Mails taken apart: what is read of real ones, reports of delivery, attachments, and
 * what is larger, deeper or odder than anybody sends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/html_text.h"
#include "base/utf8.h"
#include "mail_files.h"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 4 * MIME_ARENA_BYTES);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct mime_mail read_file(const char *name)
{
	struct mime_mail mail;
	struct err err;

	arena_reset(arena);
	if (mime_read(mail_file(name, arena), MIME_BYTES_MOST, arena, &mail, &err))
		fail_msg("%s: %s", name, err.text);
	return mail;
}

static void assert_str(struct str is, const char *should)
{
	if (!str_eq(is, str_of(should)))
		fail_msg("\"%.*s\", not \"%s\"", STR_ARG(is), should);
}

static void heads(void **state)
{
	static const char thread[] =
		"ktg.25004176.17.0123456789abcdef0123456789abcdef@serangkab.example";
	struct mime_mail m = read_file("subject-encoded");

	(void)state;
	assert_str(m.message_id, "cs5@serangkab.example");
	assert_str(m.from, "pupr@serangkab.example");
	assert_str(m.subject, "Bls: [SRG-25004176] PUPR: jalan – rusak");
	assert_int_equal(m.references.n, 3);
	assert_str(m.references.items[0], thread);
	assert_str(m.references.items[1], thread);
	assert_str(m.references.items[2],
		   "ktg.25004176.3.0123456789abcdef0123456789abcdef@serangkab.example");
	assert_false(m.null_path || m.report || m.list || m.suppress || m.html);

	m = read_file("vacation");
	assert_str(m.auto_submitted, "auto-replied");
	m = read_file("vacation-outlook");
	assert_str(m.precedence, "bulk");
	assert_true(m.suppress);
	assert_true(read_file("null-path").null_path);
	assert_true(read_file("html-only").html);
	assert_true(read_file("charset-missing").other_bytes);
	assert_false(read_file("charset-wrong").other_bytes);
}

static void reports(void **state)
{
	struct mime_mail m = read_file("dsn-failed");

	(void)state;
	assert_true(m.report && m.null_path);
	assert_int_equal(m.n_reports, 1);
	assert_str(m.reports[0].to, "pupr@serangkab.example");
	assert_str(m.reports[0].action, "failed");
	assert_str(m.reports[0].status, "5.1.1");
	assert_true(str_starts(m.reports[0].diagnostic, STR("550 5.1.1 <pupr@")));
	assert_str(m.reported_id,
		   "ktg.25004176.17.0123456789abcdef0123456789abcdef@serangkab.example");
	m = read_file("dsn-delayed");
	assert_str(m.reports[0].status, "4.4.1");
	assert_str(m.reported_id,
		   "ktg.25004176.17.0123456789abcdef0123456789abcdef@serangkab.example");
}

static void attachments(void **state)
{
	struct mime_mail m = read_file("attachment");

	(void)state;
	assert_int_equal(m.n_attachments, 2);
	assert_str(m.attachments[0].name, "foto jalan.jpg");
	assert_str(m.attachments[0].type, "image/jpeg");
	assert_int_equal(m.attachments[0].bytes.n, 24);
	assert_memory_equal(m.attachments[0].bytes.p, "\xff\xd8\xff\xe0", 4);
	assert_str(m.attachments[1].name, "catatan – tim.txt");
	assert_true(str_starts(m.attachments[1].bytes, STR("isi catatan")));
}

/* What has no room is listed only; what comes later may have room. */
static void attachments_have_room_or_not(void **state)
{
	struct str raw = mail_file("attachment", arena);
	struct mime_mail m;
	struct err err;

	(void)state;
	assert_int_equal(mime_read(raw, 24, arena, &m, &err), 0);
	assert_int_equal(m.n_attachments, 2);
	assert_int_equal(m.attachments[0].bytes.n, 24);
	assert_null(m.attachments[1].bytes.p);
	assert_true(m.attachments[1].size > 0);
	assert_int_equal(mime_read(raw, 23, arena, &m, &err), 0);
	assert_null(m.attachments[0].bytes.p);
	assert_str(m.attachments[0].name, "foto jalan.jpg");
	assert_int_equal(m.attachments[0].size, 24);
	assert_non_null(m.attachments[1].bytes.p);
	assert_int_equal(m.attachments[1].size, m.attachments[1].bytes.n);
}

/* Of ten megabytes that nobody keeps next to nothing is copied. */
static void what_is_not_kept_costs_nothing(void **state)
{
	static const char line[] = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xt"
				   "bm9wcXJzdHV2d3h5ejAxMjM0\r\n"; /* 57 bytes */
	enum { LINES = 100000 };
	struct buf b = BUF_INIT(MIME_BYTES_MOST);
	struct mime_mail m;
	struct err err;

	(void)state;
	buf_add(&b, STR("From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
			"\nTERIMA\n--b\nContent-Type: image/jpeg; name=f.jpg\n"
			"Content-Transfer-Encoding: base64\n\n"));
	for (int i = 0; i < LINES; i++)
		buf_add(&b, str_of(line));
	buf_add(&b, STR("\n--b--\n"));
	arena_reset(arena);
	assert_int_equal(mime_read(buf_str(&b), 57 * LINES - 1, arena, &m, &err), 0);
	assert_true(arena_used(arena) < 100000);
	assert_null(m.attachments[0].bytes.p);
	assert_in_range(m.attachments[0].size, 56 * LINES, 58 * LINES);
	assert_true(str_starts(m.text, STR("TERIMA")));
	assert_int_equal(mime_read(buf_str(&b), 57 * LINES, arena, &m, &err), 0);
	assert_int_equal(m.attachments[0].bytes.n, 57 * LINES);
	buf_free(&b);
}

/* Of a long text the beginning is read, and not cut within a character: it would not be
 * UTF-8 then, and be taken for something else. */
static void a_long_text_is_cut_between_characters(void **state)
{
	static const char *const heads[] = { "", "x", "xy" };

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct buf b = BUF_INIT(MIME_BYTES_MOST);
		struct mime_mail m;
		struct err err;

		buf_printf(&b, "From: a@b\nContent-Type: text/plain; charset=utf-8\n\n%s",
			   heads[i]);
		for (int k = 0; k < 1000000; k++)
			buf_add(&b, STR("\xe2\x80\x93"));
		arena_reset(arena);
		assert_int_equal(mime_read(buf_str(&b), 0, arena, &m, &err), 0);
		assert_false(m.other_bytes);
		assert_in_range(m.text.n, 100000, 1000000);
		assert_true(str_ends(m.text, STR("\xe2\x80\x93\xe2\x80\x93")));
		buf_free(&b);
	}
}

/* Taken or refused, but within a second, and nothing else happens. */
static void survives(struct str raw, const char *what, int expected)
{
	int64_t began = clock_mono_ms();
	struct mime_mail mail;
	struct err err;
	int rc;

	rc = mime_read(raw, MIME_BYTES_MOST, arena, &mail, &err);
	if (rc != expected)
		fail_msg("%s: %d %s", what, rc, rc ? err.text : "");
	if (clock_mono_ms() - began > 5000)
		fail_msg("%s took %lld ms", what, (long long)(clock_mono_ms() - began));
}

static void repeat(struct buf *b, const char *words, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_add(b, str_of(words));
}

static void hostile(void **state)
{
	static const struct {
		const char *what, *head, *again;
		unsigned n;
		int expected;
	} rows[] = {
		{ "nothing", "", "", 0, -1 },
		{ "too large", "From: a@b\n\n", "0123456789abcdef\n", 700000, -1 },
		{ "many lines", "From: a@b\n\n", "a\n", 300001, -1 },
		{ "a long head", "From: a@b\n", "X-A: b\n", 50000, -1 },
		{ "a long subject", "Subject: ", "=?utf-8?Q?a?= ", 15000, 0 },
		{ "many addresses", "From: ", "\"a\" <a@b>, ", 20000, 0 },
		{ "references", "References: ", "<a@b> ", 40000, 0 },
		{ "parameters", "Content-Type: text/plain", "; a*1=b; a*2=c", 15000, 0 },
		{ "many parts", "Content-Type: multipart/mixed; boundary=a\n\n",
		  "--a\n\nx\n", 1999, 0 },
		{ "too many parts", "Content-Type: multipart/mixed; boundary=a\n\n",
		  "--a\n\nx\n", 2001, -1 },
		{ "deep", "Content-Type: multipart/mixed; boundary=a\n\n",
		  "--a\nContent-Type: multipart/mixed; boundary=a\n\n", 1900, 0 },
		{ "mails in mails", "Content-Type: message/rfc822\n\n",
		  "Content-Type: message/rfc822\n\n", 90000, 0 },
		{ "heads of parts", "Content-Type: multipart/mixed; boundary=a\n\n--a\n",
		  "X: y\n", 250000, 0 },
		{ "tags", "Content-Type: text/html\n\n", "<a href=\"", 100000, 0 },
		{ "open tags", "Content-Type: text/html\n\n", "<blockquote><p>x", 50000,
		  0 },
		{ "a report",
		  "Content-Type: multipart/report; report-type=delivery-status; "
		  "boundary=a\n\n--a\nContent-Type: message/delivery-status\n\n",
		  "Action: failed\n\n", 100000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf b = BUF_INIT(MIME_BYTES_MOST + (8 << 20));

		arena_reset(arena);
		buf_add(&b, str_of(rows[i].head));
		repeat(&b, rows[i].again, rows[i].n);
		survives(buf_str(&b), rows[i].what, rows[i].expected);
		buf_free(&b);
	}
}

static void deep_parts_each_their_own(void **state)
{
	struct buf b = BUF_INIT(MIME_BYTES_MOST);

	(void)state;
	arena_reset(arena);
	buf_add(&b, STR("Content-Type: multipart/mixed; boundary=b0\n\n"));
	for (unsigned i = 0; i < 1900; i++)
		buf_printf(&b, "--b%u\nContent-Type: multipart/mixed; boundary=b%u\n\n",
			   i, i + 1);
	repeat(&b, "text that is no boundary\n", 200000);
	survives(buf_str(&b), "each its own boundary", 0);
	buf_free(&b);
}

static void html(void **state)
{
	static const struct {
		const char *html, *text;
	} rows[] = {
		{ "a<br>b<div>c</div>d", "a\nb\nc\nd" },
		{ "<p>a</p><p>b</p>", "a\n\nb" },
		{ "a &lt;b&gt; &#8211; &#x2014; &nope; & c", "a <b> – — &nope; & c" },
		{ "<blockquote>a<blockquote>b</blockquote></blockquote>c",
		  "> a\n> > b\nc" },
		{ "x<script>if (a < b) \"</scrip\"</SCRIPT>y", "xy" },
		{ "x<!-- <p> -->y<!-- no end", "xy" },
		{ "<a href=\"x>y\">z</a> 1 < 2", "z 1 < 2" },
		{ "<td>a<td>b<tr>c", "a b\nc" },
		{ "<pre>a\nb</pre>c\nd", "a\nb\nc d" },
		{ "&#xd800;&#99999999999;", "&#xd800;&#99999999999;" },
	};

	(void)state;
	arena_reset(arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_str(html_text(str_of(rows[i].html), arena), rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads),
		cmocka_unit_test(reports),
		cmocka_unit_test(attachments),
		cmocka_unit_test(attachments_have_room_or_not),
		cmocka_unit_test(what_is_not_kept_costs_nothing),
		cmocka_unit_test(a_long_text_is_cut_between_characters),
		cmocka_unit_test(hostile),
		cmocka_unit_test(html),
		cmocka_unit_test(deep_parts_each_their_own),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
