/* SPDX-License-Identifier: MIT */
/*
 * GMime at work: the only file that reads mail. What the library gives is copied into the
 * caller's arena at once, so nothing of it is held on any path out. Bytes are counted
 * beforehand, since it has no ceilings of its own: each part begins with a line of "--",
 * each header is a line. And it is asked for no more than is wanted: of a text its
 * beginning, of attachments those that there is room for. Any thread, one at a time.
 */
#include "base/mime_read.h"

#include <gmime/gmime.h>

#include "base/html_text.h"
#include "base/mime_text.h"
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
	TEXT_MOST = 256 * 1024,
};

struct reader {
	struct arena *arena;
	struct mime_mail *mail;
	struct err *err;
	unsigned parts;
	size_t room;	 /* for attachments */
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

/*
 * What is valid UTF-8 is that, whatever it claims: by chance no other charset's text is.
 * Else it is what it claims; else Windows-1252, as whoever claims wrongly mostly means.
 */
static struct str words_of(struct reader *r, struct str bytes, const char *charset)
{
	struct str name = str_of(charset), out = str_from(NULL, 0);
	bool utf8 = name.n == 0 || str_eq_nocase(name, STR("utf-8")) ||
		    str_eq_nocase(name, STR("us-ascii"));

	bytes = mime_text_begin(bytes, TEXT_MOST);
	if (!mime_is_masked(name) && utf8_valid(bytes))
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

/* What so many bytes are at most when they are encoded, with line ends. */
static gint64 encoded_most(GMimeContentEncoding encoding, size_t bytes)
{
	return (gint64)(encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ? bytes * 4
			: encoding == GMIME_CONTENT_ENCODING_BASE64 ||
					encoding == GMIME_CONTENT_ENCODING_UUENCODE
				? bytes / 2 * 3 + 100
				: bytes);
}

/* What an encoded part is at least when it is decoded: base64 in lines of 76. */
static size_t decoded_least(GMimeContentEncoding encoding, gint64 length)
{
	size_t n = length < 0 ? 0 : (size_t)length;

	return encoding == GMIME_CONTENT_ENCODING_BASE64	    ? n / 78 * 57
	       : encoding == GMIME_CONTENT_ENCODING_UUENCODE	    ? n / 63 * 45
	       : encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ? n / 4
								    : n;
}

static struct str streamed(struct reader *r, GMimeStream *mem)
{
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));

	return arena_str(r->arena, str_from((char *)bytes->data, bytes->len));
}

/* The content, decoded: its beginning, of `most` bytes or somewhat more. */
static struct str content(struct reader *r, GMimeObject *o, size_t most)
{
	GMimeDataWrapper *data = g_mime_part_get_content(GMIME_PART(o)), *part;
	GMimeStream *all = data ? g_mime_data_wrapper_get_stream(data) : NULL, *begin,
		    *to;
	GMimeContentEncoding encoding;
	struct str out = STR("");
	gint64 length, wanted;

	if (!all)
		return out;
	encoding = g_mime_data_wrapper_get_encoding(data);
	length = g_mime_stream_length(all);
	wanted = encoded_most(encoding, most);
	begin = g_mime_stream_substream(all, all->bound_start,
					all->bound_start +
						(length < wanted ? length : wanted));
	part = g_mime_data_wrapper_new_with_stream(begin, encoding);
	to = g_mime_stream_mem_new();
	if (g_mime_data_wrapper_write_to_stream(part, to) >= 0)
		out = streamed(r, to);
	g_object_unref(to);
	g_object_unref(part);
	g_object_unref(begin);
	return out;
}

/* At least so many bytes come of decoding it. */
static size_t content_least(GMimeObject *o)
{
	GMimeDataWrapper *data = g_mime_part_get_content(GMIME_PART(o));
	GMimeStream *all = data ? g_mime_data_wrapper_get_stream(data) : NULL;

	return all ? decoded_least(g_mime_data_wrapper_get_encoding(data),
				   g_mime_stream_length(all))
		   : 0;
}

/* The whole part as it stands, of mails within mails. */
static struct str whole(struct reader *r, GMimeObject *o)
{
	GMimeStream *to = g_mime_stream_mem_new();
	struct str out = STR("");

	if (g_mime_object_write_to_stream(o, NULL, to) >= 0)
		out = streamed(r, to);
	g_object_unref(to);
	return out;
}

/* How large that is. */
static size_t whole_size(GMimeObject *o)
{
	GMimeStream *nowhere = g_mime_stream_null_new();
	gint64 n = g_mime_object_write_to_stream(o, NULL, nowhere);

	g_object_unref(nowhere);
	return n < 0 ? 0 : (size_t)n;
}

static bool is_type(GMimeObject *o, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(g_mime_object_get_content_type(o), type,
					   subtype);
}

/* What an attachment holds, if there is room for it: *size says how much that is. */
static struct str attached(struct reader *r, GMimeObject *o, size_t *size)
{
	bool part = GMIME_IS_PART(o);
	struct str bytes = { NULL, 0 };

	*size = part ? content_least(o) : whole_size(o);
	if (*size > r->room)
		return bytes;
	bytes = part ? content(r, o, MIME_BYTES_MOST) : whole(r, o);
	*size = bytes.n;
	if (bytes.n > r->room)
		return str_from(NULL, 0);
	r->room -= bytes.n;
	return bytes;
}

static void attach(struct reader *r, GMimeObject *o)
{
	struct mime_mail *m = r->mail;
	const char *name =
		GMIME_IS_PART(o) ? g_mime_part_get_filename(GMIME_PART(o)) : NULL;
	char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(o));
	struct mime_attachment *a = &m->attachments[m->n_attachments];

	if (m->n_attachments == MIME_ATTACHMENTS_MOST) {
		m->more_attachments = true;
	} else {
		a->name = str_slice(keep(r, str_of(name)), 0, NAME_MOST);
		a->type = str_slice(lower(r, keep(r, str_of(type))), 0, NAME_MOST);
		a->bytes = attached(r, o, &a->size);
		m->n_attachments++;
	}
	g_free(type);
}

static void text_part(struct reader *r, GMimeObject *o, bool html)
{
	GMimeContentType *type = g_mime_object_get_content_type(o);
	struct str bytes, text;

	if (html ? r->html.n > 0 : r->mail->text.n > 0)
		return;
	bytes = content(r, o, TEXT_MOST + 4);
	text = words_of(r, bytes, g_mime_content_type_get_parameter(type, "charset"));
	if (html) {
		r->html = text;
		return;
	}
	if (str_eq_nocase(str_of(g_mime_content_type_get_parameter(type, "format")),
			  STR("flowed")))
		text = mime_unflow(text,
				   str_eq_nocase(str_of(g_mime_content_type_get_parameter(
							 type, "delsp")),
						 STR("yes")),
				   r->arena);
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
		report_read(r, GMIME_IS_PART(o) ? content(r, o, HEAD_MOST) : whole(r, o));
		return true;
	}
	if (is_type(o, "text", "rfc822-headers")) {
		returned_read(r, content(r, o, HEAD_MOST));
		return true;
	}
	return false;
}

/* A mail within the mail. */
static void message_part(struct reader *r, GMimeObject *o)
{
	GMimeMessage *within = g_mime_message_part_get_message(GMIME_MESSAGE_PART(o));

	if (!r->mail->report) {
		attach(r, o);
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
		attach(r, o);
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

int mime_read(struct str raw, size_t keep_bytes, struct arena *arena,
	      struct mime_mail *out, struct err *err)
{
	struct mime_mail mail = { .n_reports = 0 };
	struct reader r = {
		.arena = arena, .mail = &mail, .err = err, .room = keep_bytes
	};
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
