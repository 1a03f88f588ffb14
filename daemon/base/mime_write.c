/* SPDX-License-Identifier: MIT */
/*
 * Mails written by GMime; with mime_read.c the only file that knows of it. One thread at
 * a time, as GMime starts itself at the first call; owns nothing between calls.
 *
 * Every part is quoted-printable, or base64 when that is shorter: so no server on the way
 * has a reason to touch a line, and none is too long.
 */
#include "base/mime_write.h"

#include <gmime/gmime.h>
#include <stdlib.h>

#include "base/utf8.h"

enum {
	HEADER_MOST = 2000,	  /* bytes of a header's words */
	MAIL_MOST = 4 << 20,	  /* of the whole mail */
	BASE64_FROM_PERCENT = 20, /* of bytes that are no ASCII */
};

struct str mime_address(struct str mailbox)
{
	size_t open = str_find_char(mailbox, '<'), close = str_find_char(mailbox, '>');
	struct str address = open < close && close < mailbox.n
				     ? str_slice(mailbox, open + 1, close)
				     : str_trim(mailbox);
	size_t at = str_find_char(address, '@');

	return at > 0 && at + 1 < address.n ? address : str_from(NULL, 0);
}

/* One line of clean words, ended by NUL; NULL: no room. */
static const char *one_line(struct str s, struct arena *arena)
{
	struct str clean = utf8_clean(str_slice(s, 0, HEADER_MOST), arena), copy;
	char *p;

	if (!clean.p && s.n)
		return NULL;
	copy = arena_str(arena, clean);
	if (!copy.p)
		return NULL;
	p = (char *)(uintptr_t)copy.p;
	for (size_t i = 0; i < copy.n; i++)
		if (p[i] == '\n' || p[i] == '\t' || p[i] == '\r')
			p[i] = ' ';
	return p;
}

/* Printable ASCII without blanks, as addresses and identifiers are. */
static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f)
			return false;
	return s.n > 0 && s.n <= 900;
}

/* ---- headers ---- */

static int add_mailbox(GMimeMessage *m, GMimeAddressType type, struct str mailbox,
		       struct arena *arena)
{
	size_t open = str_find_char(mailbox, '<');
	struct str name = open < mailbox.n ? str_trim(str_slice(mailbox, 0, open))
					   : str_from("", 0);
	struct str address = mime_address(mailbox);
	const char *n, *a;

	if (name.n > 1 && name.p[0] == '"' && name.p[name.n - 1] == '"')
		name = str_slice(name, 1, name.n - 1);
	if (!is_token(address) || str_find_char(address, '>') < address.n)
		return -1;
	n = one_line(name, arena);
	a = arena_str(arena, address).p;
	if (!n || !a)
		return -1;
	g_mime_message_add_mailbox(m, type, *n ? n : NULL, a);
	return 0;
}

/* A header of our own words, in the order of the calls; n 0: left out. */
static bool header(GMimeMessage *m, const char *name, struct str value,
		   struct arena *arena)
{
	const char *v = value.n ? one_line(value, arena) : "";

	if (v && *v)
		g_mime_object_set_header(GMIME_OBJECT(m), name, v, "utf-8");
	return v != NULL;
}

/* "<a> <b>", what is none left out. */
static struct str ids(struct str_list list, struct arena *arena)
{
	struct buf b = BUF_INIT(8000);
	struct str all;

	for (size_t i = 0; i < list.n; i++)
		if (is_token(list.items[i]))
			buf_printf(&b, "%s%.*s", b.n ? " " : "", STR_ARG(list.items[i]));
	all = arena_str(arena, buf_str(&b));
	buf_free(&b);
	return all;
}

static void set_date(GMimeMessage *m, int64_t date_ms, int32_t zone_s)
{
	GTimeZone *zone = g_time_zone_new_offset(zone_s);
	GDateTime *utc = g_date_time_new_from_unix_utc(date_ms / 1000);
	GDateTime *local = utc ? g_date_time_to_timezone(utc, zone) : NULL;

	if (local) {
		g_mime_message_set_date(m, local);
		g_date_time_unref(local);
	}
	if (utc)
		g_date_time_unref(utc);
	g_time_zone_unref(zone);
}

static int set_headers(GMimeMessage *m, const struct mime_out *mail, struct arena *arena,
		       struct err *err)
{
	struct str_list before = { (struct str *)(uintptr_t)&mail->in_reply_to,
				   mail->in_reply_to.n ? 1 : 0 };
	const char *subject = one_line(mail->subject, arena);
	bool good = subject != NULL;

	if (add_mailbox(m, GMIME_ADDRESS_TYPE_FROM, mail->from, arena) ||
	    add_mailbox(m, GMIME_ADDRESS_TYPE_TO, mail->to, arena))
		return err_set(err, ERR_NEVER, "an address is none");
	set_date(m, mail->date_ms, mail->zone_s);
	if (subject)
		g_mime_message_set_subject(m, subject, "utf-8");
	if (is_token(mail->message_id))
		good = header(m, "Message-Id", mail->message_id, arena) && good;
	good = header(m, "In-Reply-To", ids(before, arena), arena) && good;
	good = header(m, "References", ids(mail->references, arena), arena) && good;
	good = header(m, "Auto-Submitted", mail->auto_submitted, arena) && good;
	good = header(m, "List-Id", mail->list_id, arena) && good;
	return good ? 0 : err_set(err, ERR_LIMIT, "no room for a mail's headers");
}

/* ---- parts ---- */

/* Which of the two that any server carries as it is. */
static GMimeContentEncoding encoding_of(struct str s)
{
	size_t high = 0;

	for (size_t i = 0; i < s.n; i++)
		high += (unsigned char)s.p[i] >= 0x80;
	return high * 100 > s.n * BASE64_FROM_PERCENT
		       ? GMIME_CONTENT_ENCODING_BASE64
		       : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

/* As text goes over the wire: clean, and each line ended by CR LF. NULL: no room. */
static char *canonical(struct str s, struct arena *arena)
{
	struct str clean = s.n ? utf8_clean(s, arena) : STR("");
	size_t breaks = 0, n = 0;
	char *p;

	if (!clean.p)
		return NULL;
	for (size_t i = 0; i < clean.n; i++)
		breaks += clean.p[i] == '\n';
	p = arena_alloc(arena, clean.n + breaks + 1, 1);
	for (size_t i = 0; p && i < clean.n; i++) {
		if (clean.p[i] == '\n')
			p[n++] = '\r';
		p[n++] = clean.p[i];
	}
	return p;
}

/* UTF-8 whatever its letters are: what GMime would choose need not be what HTML says. */
static GMimeObject *part(const char *subtype, struct str text, struct arena *arena)
{
	char *words = canonical(text, arena);
	GMimeDataWrapper *content;
	GMimeStream *stream;
	GMimePart *p;

	if (!words)
		return NULL;
	p = g_mime_part_new_with_type("text", subtype);
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(p), "charset", "utf-8");
	stream = g_mime_stream_mem_new_with_buffer(words, strlen(words));
	content = g_mime_data_wrapper_new_with_stream(stream,
						      GMIME_CONTENT_ENCODING_DEFAULT);
	g_mime_part_set_content(p, content);
	g_mime_part_set_content_encoding(p, encoding_of(text));
	g_object_unref(content);
	g_object_unref(stream);
	return GMIME_OBJECT(p);
}

static int set_body(GMimeMessage *m, const struct mime_out *mail, struct arena *arena,
		    struct err *err)
{
	GMimeObject *text = part("plain", mail->text, arena);
	GMimeObject *html = mail->html.n ? part("html", mail->html, arena) : NULL;
	GMimeMultipart *both;

	if (!text || (mail->html.n && !html)) {
		if (text)
			g_object_unref(text);
		if (html)
			g_object_unref(html);
		return err_set(err, ERR_LIMIT, "no room for a mail's text");
	}
	if (!html) {
		g_mime_message_set_mime_part(m, text);
		g_object_unref(text);
		return 0;
	}
	both = g_mime_multipart_new_with_subtype("alternative");
	g_mime_multipart_add(both, text);
	g_mime_multipart_add(both, html);
	g_mime_message_set_mime_part(m, GMIME_OBJECT(both));
	g_object_unref(text);
	g_object_unref(html);
	g_object_unref(both);
	return 0;
}

/* ---- the whole ---- */

static int render(GMimeMessage *m, struct arena *arena, struct str *out, struct err *err)
{
	GMimeFormatOptions *format = g_mime_format_options_new();
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes;
	int failed = 0;

	g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
	g_mime_object_write_to_stream(GMIME_OBJECT(m), format, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	if (bytes->len <= MAIL_MOST)
		*out = arena_str(arena, str_from((const char *)bytes->data, bytes->len));
	if (bytes->len > MAIL_MOST || !out->p)
		failed = err_set(err, ERR_LIMIT, "no room for a mail");
	g_object_unref(stream);
	g_mime_format_options_free(format);
	return failed;
}

int mime_write(const struct mime_out *mail, struct arena *arena, struct str *out,
	       struct err *err)
{
	GMimeMessage *m;
	struct str whole = { NULL, 0 };
	int failed;

	g_mime_init(); /* does nothing the second time */
	m = g_mime_message_new(FALSE);
	failed = set_headers(m, mail, arena, err) || set_body(m, mail, arena, err) ||
		 render(m, arena, &whole, err);
	g_object_unref(m);
	if (failed)
		return -1;
	*out = whole;
	return 0;
}

void mime_add_html(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '&':
			buf_add(out, STR("&amp;"));
			break;
		case '<':
			buf_add(out, STR("&lt;"));
			break;
		case '>':
			buf_add(out, STR("&gt;"));
			break;
		case '"':
			buf_add(out, STR("&quot;"));
			break;
		case '\'':
			buf_add(out, STR("&#39;"));
			break;
		default:
			buf_add_char(out, s.p[i]);
		}
	}
}
