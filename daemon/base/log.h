/* SPDX-License-Identifier: MIT */
/*
 * One line an event on stderr: `event key=value key="value with spaces"`. Under systemd
 * with sd-daemon(3) priority prefixes and no time; on a terminal with the time; as JSON
 * by option. Masking happens here, so that no caller can forget it: in every value, runs
 * of eight and more digits keep only their first four and last two, control and bidi
 * characters are escaped, and LOG_TEXT (a citizen's words) shows its length and nothing
 * else. Any thread; each line is one write(2).
 *
 * Only flow, console and main log at info and above. An error line means that a human
 * must act.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

enum log_format {
	LOG_FORMAT_AUTO,
	LOG_FORMAT_PLAIN,
	LOG_FORMAT_JOURNAL,
	LOG_FORMAT_JSON
};

enum log_field_type { LOG_FIELD_STR, LOG_FIELD_INT, LOG_FIELD_TEXT };

struct log_field {
	const char *key;
	enum log_field_type type;
	struct str s;
	int64_t i;
};

#define LOG_S(key, value) ((struct log_field){ (key), LOG_FIELD_STR, (value), 0 })
#define LOG_Z(key, value) ((struct log_field){ (key), LOG_FIELD_STR, str_of(value), 0 })
#define LOG_I(key, value) \
	((struct log_field){ (key), LOG_FIELD_INT, { NULL, 0 }, (int64_t)(value) })
#define LOG_TEXT(key, value) ((struct log_field){ (key), LOG_FIELD_TEXT, (value), 0 })

/* LOG_FORMAT_AUTO: journal when JOURNAL_STREAM names our stderr, else plain. */
void log_setup(enum log_format format, enum log_level threshold);
/* Where lines go; -1 silences. Default 2. For tests. */
void log_to_fd(int fd);
bool log_wanted(enum log_level level);
void log_fields(enum log_level level, const char *event, const struct log_field *fields,
		size_t n);
/* log_event(LOG_LEVEL_INFO, "ticket_opened", LOG_I("no", no), LOG_S("department", code))
 */
#define log_event(level, event, ...)                                            \
	log_fields((level), (event), (const struct log_field[]){ __VA_ARGS__ }, \
		   sizeof((const struct log_field[]){ __VA_ARGS__ }) /          \
			   sizeof(struct log_field))
/* "0812****34": the rule above, for whoever shows a number. out holds s.n bytes. */
size_t log_mask(struct str s, char *out);

#endif
