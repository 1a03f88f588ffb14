/* SPDX-License-Identifier: MIT */
/*
 * Mails as they leave: seven bits, short lines, CR LF, and no header that we did not
 * write. What an independent parser reads out of them is tried in tests/e2e/mail-compose.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mime_write.h"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new("test", 64 << 20);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct mime_out usual(void)
{
	static struct str refs[2] = { STR_INIT("<a@b.example>"),
				      STR_INIT("<c@b.example>") };

	return (struct mime_out){
		.from = STR("Pengaduan Kab. Serang <aduan@serangkab.example>"),
		.to = STR("pupr@dinas.example"),
		.subject = STR("jalan rusak"),
		.date_ms = 1754266320000,
		.zone_s = 25200,
		.message_id = STR("<d@b.example>"),
		.in_reply_to = STR("<c@b.example>"),
		.references = { refs, 2 },
		.auto_submitted = STR("auto-generated"),
		.list_id = STR("Pengaduan <aduan.serangkab.example>"),
		.text = STR("satu\n.\nFrom saya\n"),
		.html = STR("<p>satu</p>\n"),
	};
}

/* What every mail of ours is, whatever it says. */
static struct str written(const struct mime_out *m)
{
	struct str out = { NULL, 0 };
	struct err err;
	size_t line = 0;

	assert_int_equal(mime_write(m, arena, &out, &err), 0);
	for (size_t i = 0; i < out.n; i++) {
		unsigned char c = (unsigned char)out.p[i];

		assert_true(c < 0x80 &&
			    (c >= ' ' || c == '\r' || c == '\n' || c == '\t'));
		if (c == '\n')
			assert_true(i > 0 && out.p[i - 1] == '\r');
		if (c == '\r')
			assert_true(i + 1 < out.n && out.p[i + 1] == '\n');
		line = c == '\n' ? 0 : line + 1;
		assert_true(line <= 998);
	}
	return out;
}

static struct str head_of(struct str mail)
{
	return str_slice(mail, 0, str_find(mail, STR("\r\n\r\n")) + 2);
}

static bool has(struct str s, const char *what)
{
	return str_find(s, str_of(what)) < s.n;
}

/* Lines of the head that begin a header. */
static size_t headers(struct str mail)
{
	struct str head = head_of(mail), line;
	size_t n = 0;

	while (str_split(&head, '\n', &line))
		n += line.n > 1 && line.p[0] != ' ' && line.p[0] != '\t';
	return n;
}

static void all_headers_are_there(void **state)
{
	struct mime_out m = usual();
	struct str mail = written(&m), head = head_of(mail);
	static const char *const want[] = {
		"From: \"Pengaduan Kab. Serang\" <aduan@serangkab.example>\r\n",
		"To: pupr@dinas.example\r\n",
		"Subject: jalan rusak\r\n",
		"Date: Mon, 04 Aug 2025 07:12:00 +0700\r\n",
		"Message-Id: <d@b.example>\r\n",
		"In-Reply-To: <c@b.example>\r\n",
		"References: <a@b.example>",
		"Auto-Submitted: auto-generated\r\n",
		"List-Id: Pengaduan <aduan.serangkab.example>\r\n",
		"MIME-Version: 1.0\r\n",
		"Content-Type: multipart/alternative;",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++)
		if (!has(head, want[i]))
			fail_msg("not there: %s in %.*s", want[i], STR_ARG(head));
	assert_int_equal(headers(mail), 11);
	assert_true(str_find(mail, STR("text/plain")) < str_find(mail, STR("text/html")));
}

static void what_is_not_there_is_left_out(void **state)
{
	struct mime_out m = usual();
	struct str mail;

	(void)state;
	m.in_reply_to = m.list_id = m.html = str_from(NULL, 0);
	m.references.n = 0;
	mail = written(&m);
	assert_false(has(mail, "In-Reply-To"));
	assert_false(has(mail, "References"));
	assert_false(has(mail, "List-Id"));
	assert_false(has(mail, "multipart"));
	assert_true(has(mail, "Content-Type: text/plain; charset=utf-8\r\n"));
}

/* Whatever a citizen writes, in whatever field. */
static void nothing_becomes_a_header(void **state)
{
	static const char *const evil[] = {
		"a\r\nBcc: x@evil.example",
		"a\nBcc: x@evil.example\n\nisi",
		"a\rBcc: x@evil.example",
		"a\r\n\r\n<script>",
		"a\r\n .\r\nBcc: x",
		"a\x0b\x0c\x01\x7f"
		"Bcc: x",
		"\xe2\x80\xae"
		"gpj.txt\xe2\x81\xa6",
		"\xff\xfe\xc0\x80",
		"=?utf-8?q?a=0D=0ABcc:_x?=",
		"\xe2\x80\xa8"
		"Bcc: x\xc2\x85"
		"Bcc: y",
	};
	struct mime_out plain = usual();
	size_t want = headers(written(&plain));

	(void)state;
	for (size_t i = 0; i < sizeof(evil) / sizeof(*evil); i++) {
		struct mime_out m = usual();
		struct str mail;

		m.subject = m.list_id = m.auto_submitted = m.text = m.html =
			str_of(evil[i]);
		if (!strchr(evil[i], '<'))
			m.from = arena_printf(arena, "%s <aduan@serangkab.example>",
					      evil[i]);
		mail = written(&m);
		assert_int_equal(headers(mail), want);
		assert_false(has(head_of(mail), "\nBcc"));
	}
}

static void identifiers_and_addresses_are_what_they_are(void **state)
{
	static const char *const evil[] = { "",
					    "a",
					    "a@",
					    "@b",
					    "a b@c.example",
					    "a@b.example\r\nBcc: x@y.example",
					    "a@b.example>\nX: y" };
	struct str bad[] = { STR("<a b>"), STR("<a\r\nBcc: x>"), STR("<ok@b.example>") };
	struct str out = STR("untouched"), mail;
	struct mime_out m;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(evil) / sizeof(*evil); i++) {
		m = usual();
		m.to = str_of(evil[i]);
		assert_int_equal(mime_write(&m, arena, &out, &err), -1);
		assert_int_equal(err.kind, ERR_NEVER);
		assert_true(str_eq(out, STR("untouched")));
	}
	m = usual();
	m.references = (struct str_list){ bad, 3 };
	m.in_reply_to = bad[1];
	mail = written(&m);
	assert_true(has(mail, "References: <ok@b.example>\r\n"));
	assert_false(has(mail, "In-Reply-To"));
	assert_false(has(mail, "Bcc"));
}

static void long_and_foreign_words_are_encoded(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	struct mime_out m = usual();

	(void)state;
	for (int i = 0; i < 3000; i++)
		buf_add(&b, STR("\xe0\xa6\x86panjang"));
	m.subject = m.text = m.html = buf_str(&b);
	written(&m);
	buf_clear(&b);
	for (int i = 0; i < 20000; i++)
		buf_add(&b, STR("a"));
	m.subject = m.text = m.html = buf_str(&b);
	written(&m);
	buf_free(&b);
}

static void no_room_is_an_error(void **state)
{
	struct mime_out m = usual();
	struct str out = STR("untouched");
	struct err err;

	(void)state;
	for (size_t room = 100; room < 3000; room += 100) {
		struct arena *small = arena_new("small", room);

		if (mime_write(&m, small, &out, &err) == 0)
			out = STR("untouched");
		assert_true(str_eq(out, STR("untouched")));
		arena_free(small);
	}
}

static void html_is_escaped(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	mime_add_html(&b, STR("<a href=\"x\">&'"));
	assert_true(str_eq(buf_str(&b), STR("&lt;a href=&quot;x&quot;&gt;&amp;&#39;")));
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_headers_are_there),
		cmocka_unit_test(what_is_not_there_is_left_out),
		cmocka_unit_test(nothing_becomes_a_header),
		cmocka_unit_test(identifiers_and_addresses_are_what_they_are),
		cmocka_unit_test(long_and_foreign_words_are_encoded),
		cmocka_unit_test(no_room_is_an_error),
		cmocka_unit_test(html_is_escaped),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
