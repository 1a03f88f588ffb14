/* SPDX-License-Identifier: MIT */
/*
 * GMime at work: the only file that reads mail. What the library gives is copied into the
 * caller's arena at once, so nothing of it is held on any path out. Bytes are counted
 * beforehand, since it has no ceilings of its own: each part begins with a line of "--",
 * each header is a line. Any thread, one at a time.
 */
#include "base/mime_read.h"

#include <gmime/gmime.h>

#include "base/html_text.h"
#include "base/utf8.h"

enum {
	LINES_MOST = 300000,
	MARKS_MOST = 2000, /* lines that may begin a part */
	HEAD_MOST = 256 * 1024,
	HEADER_MOST = 16 * 1024, /* of one header's value that we look at */
	DEPTH_MOST = 20,
	PARTS_MOST = 500,
	BLOCKS_MOST = 60, /* of a delivery report */
	NAME_MOST = 200,
	TEXT_MOST = 1 << 20,
};

struct reader {
	struct arena *arena;
	struct mime_mail *mail;
	struct err *err;
	unsigned parts;
	struct str html; /* the best HTML part, if no plain one has words */
};

/* ---- before the library ---- */

static int bounded(struct str raw, struct err *err)
{
	struct str rest = raw, line;
	size_t lines = 0, marks = 0;
	bool head = true;

	if (raw.n > MIME_BYTES_MOST)
		return err_set(err, ERR_LIMIT, "a mail of %zu bytes; %d are taken", raw.n,
			       MIME_BYTES_MOST);
	while (str_split(&rest, '\n', &line)) {
		head = head && str_trim(line).n > 0;
		if (head && (size_t)(line.p - raw.p) + line.n > HEAD_MOST)
			return err_set(err, ERR_LIMIT, "headers of more than %d bytes",
				       HEAD_MOST);
		marks += str_starts(line, STR("--"));
		lines++;
	}
	if (lines > LINES_MOST)
		return err_set(err, ERR_LIMIT, "a mail of more than %d lines",
			       LINES_MOST);
	if (marks > MARKS_MOST)
		return err_set(err, ERR_LIMIT, "a mail of more than %d parts",
			       MARKS_MOST);
	return 0;
}

/* ---- text ---- */

static struct str keep(struct reader *r, struct str s)
{
	struct str out = utf8_clean(s, r->arena);

	out = out.p ? arena_str(r->arena, out) : out;
	return out.p ? out : STR("");
}

static struct str lower(struct reader *r, struct str s)
{
	char *p = arena_alloc(r->arena, s.n + 1, 1);

	if (!p)
		return STR("");
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
	return str_from(p, s.n);
}

/* Bytes of a charset as UTF-8; p NULL: unknown, or they are not in it. */
static struct str convert(struct reader *r, struct str bytes, const char *charset)
{
	size_t room = bytes.n * 4 + 8, left = room, in_left = bytes.n;
	iconv_t how = g_mime_iconv_open("UTF-8", charset);
	char *to = how == (iconv_t)-1 ? NULL : arena_alloc(r->arena, room, 1);
	char *at = to, *from = g_memdup2(bytes.p, bytes.n);
	char *in = from;
	bool good = to && g_mime_iconv(how, &in, &in_left, &at, &left) != (size_t)-1 &&
		    g_mime_iconv(how, NULL, NULL, &at, &left) != (size_t)-1;

	g_free(from);
	if (how != (iconv_t)-1)
		g_mime_iconv_close(how);
	return good ? str_from(to, room - left) : str_from(NULL, 0);
}

/* Charsets whose bytes may look like UTF-8 and are not. */
static bool is_masked(struct str charset)
{
	static const char *const such[] = { "utf-16", "utf-32",	  "utf-7", "utf16",
					    "ucs-2",  "iso-2022", "hz-" };

	for (size_t i = 0; i < sizeof(such) / sizeof(*such); i++)
		if (str_eq_nocase(str_slice(charset, 0, strlen(such[i])),
				  str_of(such[i])))
			return true;
	return false;
}

/*
 * What is valid UTF-8 is that, whatever it claims: by chance no other charset's text is.
 * Else it is what it claims; else Windows-1252, as whoever claims wrongly mostly means.
 */
static struct str words_of(struct reader *r, struct str bytes, const char *charset)
{
	struct str name = str_of(charset), out = str_from(NULL, 0);
	bool utf8 = name.n == 0 || str_eq_nocase(name, STR("utf-8")) ||
		    str_eq_nocase(name, STR("us-ascii"));

	bytes = str_slice(bytes, 0, TEXT_MOST);
	if (!is_masked(name) && utf8_valid(bytes))
		return bytes;
	/* What calls itself Latin 1 is its superset, as all mail programs know. */
	if (str_eq_nocase(name, STR("iso-8859-1")) || str_eq_nocase(name, STR("latin1")))
		out = convert(r, bytes, "WINDOWS-1252");
	else if (!utf8)
		out = convert(r, bytes, charset);
	r->mail->other_bytes |= !out.p;
	if (!out.p)
		out = convert(r, bytes, "WINDOWS-1252");
	return out.p ? out : utf8_repair(bytes, r->arena);
}

/* ---- headers ---- */

static GMimeHeader *header_of(GMimeObject *o, const char *name)
{
	return g_mime_header_list_get_header(g_mime_object_get_header_list(o), name);
}

/* Its bytes, unfolded but not decoded; n 0: there is none, or it is too long to be one.
 */
static struct str header(GMimeObject *o, const char *name)
{
	GMimeHeader *h = header_of(o, name);
	struct str raw = str_of(h ? g_mime_header_get_raw_value(h) : NULL);

	return raw.n > HEADER_MOST ? STR("") : str_trim(raw);
}

static bool has(GMimeObject *o, const char *name)
{
	return header_of(o, name) != NULL;
}

/* "auto-replied" of "Auto-Replied; vacation (really)". */
static struct str first_word(struct reader *r, struct str value)
{
	size_t n = 0;

	while (n < value.n && value.p[n] != ';' && value.p[n] != ' ' &&
	       value.p[n] != '(' && value.p[n] != '\r' && value.p[n] != '\n')
		n++;
	return keep(r, lower(r, str_slice(value, 0, n)));
}

/* Identifiers of a header, added from the last back or as they stand. */
static void references_add(struct reader *r, struct str value, bool back)
{
	struct str_list *list = &r->mail->references;
	struct str z = arena_str(r->arena, value);
	GMimeReferences *all = z.n ? g_mime_references_parse(NULL, z.p) : NULL;
	int n = all ? g_mime_references_length(all) : 0;

	for (int i = 0; i < n && list->n < MIME_REFERENCES_MOST; i++)
		list->items[list->n++] = keep(r, str_of(g_mime_references_get_message_id(
							 all, back ? n - 1 - i : i)));
	if (all)
		g_mime_references_free(all);
}

static struct str message_id(struct reader *r, struct str value)
{
	struct str z = arena_str(r->arena, value), out;
	char *id = z.n ? g_mime_utils_decode_message_id(z.p) : NULL;

	out = id ? keep(r, str_of(id)) : STR("");
	g_free(id);
	return out;
}

/* The first address of the header. */
static struct str address(struct reader *r, struct str value)
{
	struct str z = arena_str(r->arena, value), out = STR("");
	InternetAddressList *list = z.n ? internet_address_list_parse(NULL, z.p) : NULL;
	InternetAddress *first = list && internet_address_list_length(list) > 0
					 ? internet_address_list_get_address(list, 0)
					 : NULL;

	if (first && INTERNET_ADDRESS_IS_MAILBOX(first))
		out = lower(r, keep(r, str_of(internet_address_mailbox_get_addr(
					       INTERNET_ADDRESS_MAILBOX(first)))));
	if (list)
		g_object_unref(list);
	return out;
}

static struct str decoded(struct reader *r, struct str value)
{
	struct str z = arena_str(r->arena, value), out;
	char *text = z.n ? g_mime_utils_header_decode_text(NULL, z.p) : NULL;

	out = text ? keep(r, words_of(r, str_of(text), NULL)) : STR("");
	g_free(text);
	return out;
}

static int headers_read(struct reader *r, GMimeObject *o)
{
	struct mime_mail *m = r->mail;

	m->references.items = ARENA_NEW(r->arena, struct str, MIME_REFERENCES_MOST);
	if (!m->references.items)
		return err_set(r->err, ERR_LIMIT, "no room for a mail's headers");
	m->message_id = message_id(r, header(o, "Message-ID"));
	references_add(r, header(o, "In-Reply-To"), false);
	references_add(r, header(o, "References"), true);
	m->from = address(r, header(o, "From"));
	m->null_path = str_eq(header(o, "Return-Path"), STR("<>"));
	m->subject = decoded(r, header(o, "Subject"));
	m->auto_submitted = first_word(r, header(o, "Auto-Submitted"));
	m->precedence = first_word(r, header(o, "Precedence"));
	m->suppress = has(o, "X-Auto-Response-Suppress");
	m->vacation = has(o, "X-Autoreply") || has(o, "X-Autorespond") ||
		      has(o, "X-Vacation") || has(o, "X-FC-MachineGenerated");
	m->list = has(o, "List-Id") || has(o, "List-Unsubscribe") || has(o, "List-Post");
	return 0;
}

/* ---- parts ---- */

/* The content, decoded. */
static struct str content(struct reader *r, GMimeObject *o)
{
	GMimeDataWrapper *data = g_mime_part_get_content(GMIME_PART(o));
	GMimeStream *to = data ? g_mime_stream_mem_new() : NULL;
	struct str out = STR("");

	if (!to)
		return out;
	if (g_mime_data_wrapper_write_to_stream(data, to) >= 0) {
		GByteArray *bytes =
			g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(to));

		out = arena_str(r->arena, str_from((char *)bytes->data, bytes->len));
	}
	g_object_unref(to);
	return out;
}

/* The whole part as it stands, of mails within mails. */
static struct str whole(struct reader *r, GMimeObject *o)
{
	GMimeStream *to = g_mime_stream_mem_new();
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(to));
	struct str out = STR("");

	if (g_mime_object_write_to_stream(o, NULL, to) >= 0)
		out = arena_str(r->arena, str_from((char *)bytes->data, bytes->len));
	g_object_unref(to);
	return out;
}

static bool is_type(GMimeObject *o, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(g_mime_object_get_content_type(o), type,
					   subtype);
}

static void attach(struct reader *r, GMimeObject *o, struct str bytes)
{
	struct mime_mail *m = r->mail;
	const char *name =
		GMIME_IS_PART(o) ? g_mime_part_get_filename(GMIME_PART(o)) : NULL;
	char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(o));

	if (m->n_attachments == MIME_ATTACHMENTS_MOST)
		m->more_attachments = true;
	else
		m->attachments[m->n_attachments++] = (struct mime_attachment){
			.name = str_slice(keep(r, str_of(name)), 0, NAME_MOST),
			.type = str_slice(lower(r, keep(r, str_of(type))), 0, NAME_MOST),
			.bytes = bytes,
		};
	g_free(type);
}

/* RFC 3676: a line that ends in a blank goes on; quoted ones stay as they are. */
static struct str unflow(struct reader *r, struct str text, bool delsp)
{
	char *to = arena_alloc(r->arena, text.n + 1, 1);
	struct str rest = text, line;
	size_t n = 0;

	if (!to)
		return text;
	while (str_split(&rest, '\n', &line)) {
		bool soft;

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		soft = line.n > 1 && line.p[line.n - 1] == ' ' && line.p[0] != '>' &&
		       !str_eq(line, STR("-- "));
		if (soft && delsp)
			line.n--;
		if (line.n > 1 && line.p[0] == ' ')
			line = str_slice(line, 1, line.n);
		memcpy(to + n, line.p, line.n);
		n += line.n;
		if (!soft && n < text.n)
			to[n++] = '\n';
	}
	return str_from(to, n);
}

static void text_part(struct reader *r, GMimeObject *o, bool html)
{
	struct str bytes = content(r, o), text;
	GMimeContentType *type = g_mime_object_get_content_type(o);

	if (html ? r->html.n > 0 : r->mail->text.n > 0)
		return;
	text = words_of(r, bytes, g_mime_content_type_get_parameter(type, "charset"));
	if (html) {
		r->html = text;
		return;
	}
	if (str_eq_nocase(str_of(g_mime_content_type_get_parameter(type, "format")),
			  STR("flowed")))
		text = unflow(r, text,
			      str_eq_nocase(str_of(g_mime_content_type_get_parameter(
						    type, "delsp")),
					    STR("yes")));
	text = keep(r, text);
	if (str_trim(text).n)
		r->mail->text = text;
}

/* ---- reports of delivery ---- */

static GMimeMessage *parse(struct str bytes)
{
	GMimeStream *stream =
		g_mime_stream_mem_new_with_buffer(bytes.p ? bytes.p : "", bytes.n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *out = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_object_unref(stream);
	return out;
}

/* "a@b" of "rfc822; a@b", "smtp; 550 no" likewise. */
static struct str behind_type(struct reader *r, struct str value)
{
	size_t at = str_find_char(value, ';');
	struct str rest = at < value.n ? str_slice(value, at + 1, value.n) : value;
	struct str out = keep(r, str_trim(rest));

	for (size_t i = 0; i < out.n; i++)
		if (out.p[i] == '\n')
			return keep(r, str_trim(str_slice(out, 0, i)));
	return out;
}

static void report_block(struct reader *r, struct str block)
{
	struct mime_mail *m = r->mail;
	GMimeMessage *fields = parse(block);
	GMimeObject *o = fields ? GMIME_OBJECT(fields) : NULL;

	if (o && has(o, "Action") && m->n_reports < MIME_REPORTS_MOST) {
		struct str to = header(o, "Original-Recipient");

		if (!to.n)
			to = header(o, "Final-Recipient");
		m->reports[m->n_reports++] = (struct mime_report){
			.to = lower(r, behind_type(r, to)),
			.action = first_word(r, header(o, "Action")),
			.status = first_word(r, header(o, "Status")),
			.diagnostic = behind_type(r, header(o, "Diagnostic-Code")),
		};
	}
	if (fields)
		g_object_unref(fields);
}

/* Blocks of fields between empty lines. */
static void report_read(struct reader *r, struct str text)
{
	size_t begin = 0;

	for (unsigned n = 0; begin < text.n && n < BLOCKS_MOST; n++) {
		struct str rest = str_slice(text, begin, text.n), line, left = rest;
		size_t end = rest.n;

		while (str_split(&left, '\n', &line))
			if (str_trim(line).n == 0) {
				end = (size_t)(line.p - rest.p);
				break;
			}
		if (end)
			report_block(r, str_slice(rest, 0, end));
		begin += end;
		while (begin < text.n && (text.p[begin] == '\n' || text.p[begin] == '\r'))
			begin++;
	}
}

/* The head of what came back. */
static void returned_read(struct reader *r, struct str bytes)
{
	GMimeMessage *back = parse(str_slice(bytes, 0, HEAD_MOST));

	if (back && r->mail->reported_id.n == 0)
		r->mail->reported_id =
			message_id(r, header(GMIME_OBJECT(back), "Message-ID"));
	if (back)
		g_object_unref(back);
}

/* *taken: it was a part of a report. */
static bool report_part(struct reader *r, GMimeObject *o)
{
	if (!r->mail->report)
		return false;
	if (is_type(o, "message", "delivery-status") ||
	    is_type(o, "message", "global-delivery-status")) {
		report_read(r, GMIME_IS_PART(o) ? content(r, o) : whole(r, o));
		return true;
	}
	if (is_type(o, "text", "rfc822-headers")) {
		returned_read(r, content(r, o));
		return true;
	}
	return false;
}

/* A mail within the mail. */
static void message_part(struct reader *r, GMimeObject *o)
{
	GMimeMessage *within = g_mime_message_part_get_message(GMIME_MESSAGE_PART(o));

	if (!r->mail->report) {
		attach(r, o, whole(r, o));
		return;
	}
	if (within && r->mail->reported_id.n == 0)
		r->mail->reported_id =
			message_id(r, header(GMIME_OBJECT(within), "Message-ID"));
}

/* ---- the tree ---- */

static bool is_attachment(GMimeObject *o)
{
	GMimeContentDisposition *d = g_mime_object_get_content_disposition(o);

	return (d && str_eq_nocase(str_of(g_mime_content_disposition_get_disposition(d)),
				   STR("attachment"))) ||
	       (GMIME_IS_PART(o) && g_mime_part_get_filename(GMIME_PART(o)));
}

static void leaf(struct reader *r, GMimeObject *o)
{
	bool plain = is_type(o, "text", "plain"), html = is_type(o, "text", "html");

	if (GMIME_IS_MESSAGE_PART(o))
		message_part(r, o);
	else if (report_part(r, o) || !GMIME_IS_PART(o))
		return;
	else if ((plain || html) && !is_attachment(o))
		text_part(r, o, html);
	else
		attach(r, o, content(r, o));
}

static void walk(struct reader *r, GMimeObject *o, unsigned depth)
{
	GMimeMultipart *many;
	int n;

	if (!o || depth > DEPTH_MOST || ++r->parts > PARTS_MOST) {
		r->mail->more_attachments |= o != NULL;
		return;
	}
	if (!GMIME_IS_MULTIPART(o)) {
		leaf(r, o);
		return;
	}
	many = GMIME_MULTIPART(o);
	n = g_mime_multipart_get_count(many);
	if (depth == 0 && is_type(o, "multipart", "report")) {
		r->mail->report = str_eq_nocase(
			str_of(g_mime_content_type_get_parameter(
				g_mime_object_get_content_type(o), "report-type")),
			STR("delivery-status"));
		r->mail->receipt = !r->mail->report;
	}
	for (int i = 0; i < n; i++)
		walk(r, g_mime_multipart_get_part(many, i), depth + 1);
}

static int message_read(struct reader *r, GMimeMessage *message)
{
	struct mime_mail *m = r->mail;

	m->attachments =
		ARENA_NEW(r->arena, struct mime_attachment, MIME_ATTACHMENTS_MOST);
	m->reports = ARENA_NEW(r->arena, struct mime_report, MIME_REPORTS_MOST);
	if (!m->attachments || !m->reports)
		return err_set(r->err, ERR_LIMIT, "no room for a mail's parts");
	if (headers_read(r, GMIME_OBJECT(message)))
		return -1;
	walk(r, g_mime_message_get_mime_part(message), 0);
	if (m->text.n == 0 && r->html.n) {
		m->html = true;
		m->text = keep(r, html_text(utf8_repair(r->html, r->arena), r->arena));
	}
	return 0;
}

int mime_read(struct str raw, struct arena *arena, struct mime_mail *out, struct err *err)
{
	struct mime_mail mail = { .n_reports = 0 };
	struct reader r = { .arena = arena, .mail = &mail, .err = err };
	GMimeMessage *message;
	int rc;

	if (bounded(raw, err))
		return -1;
	g_mime_init();
	message = parse(raw);
	if (!message)
		return err_set(err, ERR_NEVER, "this is no mail: it has no headers");
	rc = message_read(&r, message);
	g_object_unref(message);
	if (rc == 0)
		*out = mail;
	return rc;
}
