/* SPDX-License-Identifier: MIT */
/*
 * Log lines: put together in a buffer, masked and escaped on the way in, let out by one
 * write(2). Any thread; the settings are atomic and normally set once before threads
 * start. A line that cannot be built or written is lost: logging never stops the work.
 *
 * Numbers given as LOG_I are counts, identities and times, and stand as they are; a
 * phone number is text everywhere in the program, so every text is masked.
 */
#include "base/log.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"

enum {
	LINE_CEILING = 64 << 10,
	VALUE_BYTES = 2000, /* of one value; the rest is cut */
	MASKED_DIGITS = 8,  /* shorter runs are dates, ticket numbers, prices */
	SHOWN_FRONT = 4,
	SHOWN_BACK = 2,
};

static const struct {
	const char *name;
	char priority; /* sd-daemon(3) */
} levels[] = {
	[LOG_LEVEL_ERROR] = { "error", '3' },	[LOG_LEVEL_WARNING] = { "warning", '4' },
	[LOG_LEVEL_NOTICE] = { "notice", '5' }, [LOG_LEVEL_INFO] = { "info", '6' },
	[LOG_LEVEL_DEBUG] = { "debug", '7' },
};

static atomic_int chosen_format = LOG_FORMAT_PLAIN;
static atomic_int chosen_level = LOG_LEVEL_INFO;
static atomic_int chosen_fd = STDERR_FILENO;

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t log_mask(struct str s, char *out)
{
	for (size_t i = 0, end; i < s.n; i = end) {
		for (end = i; end < s.n && is_digit(s.p[end]); end++)
			out[end] = s.p[end];
		if (end - i >= MASKED_DIGITS)
			memset(out + i + SHOWN_FRONT, '*',
			       end - i - SHOWN_FRONT - SHOWN_BACK);
		if (end == i) {
			out[i] = s.p[i];
			end++;
		}
	}
	return s.n;
}

/* JOURNAL_STREAM is "DEVICE:INODE" of the stderr that the service manager gave us. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;
	char *end;

	if (!stream || fstat(STDERR_FILENO, &st))
		return false;
	device = strtoull(stream, &end, 10);
	if (*end != ':')
		return false;
	inode = strtoull(end + 1, &end, 10);
	return *end == '\0' && device == st.st_dev && inode == st.st_ino;
}

void log_setup(enum log_format format, enum log_level threshold)
{
	if (format == LOG_FORMAT_AUTO)
		format = stderr_is_journal() ? LOG_FORMAT_JOURNAL : LOG_FORMAT_PLAIN;
	atomic_store(&chosen_format, (int)format);
	atomic_store(&chosen_level, (int)threshold);
}

void log_to_fd(int fd)
{
	atomic_store(&chosen_fd, fd);
}

bool log_wanted(enum log_level level)
{
	return (int)level <= atomic_load(&chosen_level) && atomic_load(&chosen_fd) >= 0;
}

/* Characters that could move, hide or reorder what a terminal or a reader shows. */
static bool is_unsafe(int32_t c)
{
	return c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C ||
	       (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

/*
 * The inside of a quoted string, by rules that JSON and the plain form share, so that a
 * value can be read back by the same eyes: \n, \t, \" and \\, \uXXXX for what is unsafe.
 */
static void add_escaped(struct buf *b, struct str s)
{
	for (size_t at = 0; at < s.n;) {
		int32_t c = utf8_next(s, &at);

		if (c == '\n')
			buf_add(b, STR("\\n"));
		else if (c == '\t')
			buf_add(b, STR("\\t"));
		else if (is_unsafe(c))
			buf_printf(b, "\\u%04x", (unsigned)c);
		else if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", (char)c);
		else
			utf8_add(b, c);
	}
}

static bool needs_quotes(struct str s)
{
	if (s.n == 0)
		return true;
	for (size_t at = 0; at < s.n;) {
		int32_t c = utf8_next(s, &at);

		if (c == ' ' || c == '"' || c == '=' || c == '\\' || is_unsafe(c))
			return true;
	}
	return false;
}

static void add_text(struct buf *b, struct str s, bool quoted)
{
	if (quoted)
		buf_add_char(b, '"');
	add_escaped(b, s);
	if (quoted)
		buf_add_char(b, '"');
}

/* At most VALUE_BYTES of s, not cut inside a character or a run of digits. */
static struct str shorten(struct str s)
{
	size_t n = VALUE_BYTES;

	if (s.n <= n)
		return s;
	while (n && (((unsigned char)s.p[n] & 0xC0) == 0x80 || is_digit(s.p[n])))
		n--;
	return str_from(s.p, n);
}

static void add_masked(struct buf *b, struct str s, bool json)
{
	char masked[VALUE_BYTES];
	struct str shown = shorten(s);

	shown = str_from(masked, log_mask(shown, masked));
	add_text(b, shown, json || needs_quotes(shown));
}

static void add_value(struct buf *b, const struct log_field *f, bool json)
{
	switch (f->type) {
	case LOG_FIELD_INT:
		buf_printf(b, "%lld", (long long)f->i);
		break;
	case LOG_FIELD_TEXT:
		buf_printf(b, json ? "\"(%zu bytes)\"" : "(%zu_bytes)", f->s.n);
		break;
	case LOG_FIELD_STR:
		add_masked(b, f->s, json);
		break;
	}
}

/* "2026-11-24T10:00:00.123Z" */
static void add_time(struct buf *b)
{
	int64_t now = clock_wall_ms();
	time_t s = (time_t)(now / 1000);
	struct tm tm = { 0 };

	gmtime_r(&s, &tm);
	buf_printf(b, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
		   tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		   (int)(now % 1000));
}

static void add_json_line(struct buf *b, enum log_level level, const char *event,
			  const struct log_field *fields, size_t n)
{
	buf_add(b, STR("{\"time\":\""));
	add_time(b);
	buf_printf(b, "\",\"level\":\"%s\",\"event\":", levels[level].name);
	add_text(b, str_of(event), true);
	for (size_t i = 0; i < n; i++) {
		buf_add_char(b, ',');
		add_text(b, str_of(fields[i].key), true);
		buf_add_char(b, ':');
		add_value(b, &fields[i], true);
	}
	buf_add(b, STR("}\n"));
}

static void add_plain_line(struct buf *b, enum log_level level, const char *event,
			   const struct log_field *fields, size_t n)
{
	if (atomic_load(&chosen_format) == LOG_FORMAT_JOURNAL) {
		buf_printf(b, "<%c>", levels[level].priority);
	} else {
		add_time(b);
		buf_printf(b, " %s ", levels[level].name);
	}
	buf_add(b, str_of(event));
	for (size_t i = 0; i < n; i++) {
		buf_printf(b, " %s=", fields[i].key);
		add_value(b, &fields[i], false);
	}
	buf_add_char(b, '\n');
}

static void put_out(struct str line)
{
	ssize_t n;

	do
		n = write(atomic_load(&chosen_fd), line.p, line.n);
	while (n < 0 && errno == EINTR);
}

void log_fields(enum log_level level, const char *event, const struct log_field *fields,
		size_t n)
{
	bool json = atomic_load(&chosen_format) == LOG_FORMAT_JSON;
	struct buf b = BUF_INIT(LINE_CEILING);

	if (!log_wanted(level))
		return;
	(json ? add_json_line : add_plain_line)(&b, level, event, fields, n);
	if (b.failed) {
		/* Too long: the event alone is better than half a line. */
		buf_clear(&b);
		(json ? add_json_line : add_plain_line)(&b, level, event, NULL, 0);
	}
	if (!b.failed)
		put_out(buf_str(&b));
	buf_free(&b);
}
