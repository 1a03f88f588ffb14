/* SPDX-License-Identifier: MIT */
/*
 * Templates: found by a scan, placeholders by a table, times written by patterns. Any
 * thread; owns nothing. Knows nothing of requests beyond which placeholder they may use.
 */
#include "sms/generic_template.h"

enum { DAY_MS = 86400000, EVERYWHERE = 7 };

enum value_kind { VALUE_TEXT, VALUE_PHONE, VALUE_TIME, VALUE_STATE };

#define VALUE(field) offsetof(struct template_values, field)

/*
 *   kind      TEXT takes no format; PHONE "digits" or "local"; TIME a time format
 *   requests  where it may stand
 *   offset    of the struct str, or for TIME of the int64_t
 *   days      TIME: added
 *   format    TIME: when none is written
 */
static const struct placeholder {
	struct str name;
	enum value_kind kind;
	unsigned requests;
	size_t offset;
	int days;
	const char *format;
} placeholders[] = {
	{ STR_INIT("state"), VALUE_STATE, TEMPLATE_IN_POLL, VALUE(state), 0, "unix" },
	{ STR_INIT("page"), VALUE_TEXT, TEMPLATE_IN_POLL, VALUE(page), 0, NULL },
	{ STR_INIT("size"), VALUE_TEXT, TEMPLATE_IN_POLL, VALUE(size), 0, NULL },
	{ STR_INIT("since"), VALUE_TIME, TEMPLATE_IN_POLL, VALUE(since_ms), 0, "unix" },
	{ STR_INIT("id"), VALUE_TEXT, TEMPLATE_IN_SEND | TEMPLATE_IN_SETTLE, VALUE(id), 0,
	  NULL },
	{ STR_INIT("to"), VALUE_PHONE, TEMPLATE_IN_SEND, VALUE(to), 0, NULL },
	{ STR_INIT("text"), VALUE_TEXT, TEMPLATE_IN_SEND, VALUE(text), 0, NULL },
	{ STR_INIT("ucs2"), VALUE_TEXT, TEMPLATE_IN_SEND, VALUE(ucs2), 0, NULL },
	{ STR_INIT("sender"), VALUE_PHONE, TEMPLATE_IN_SETTLE, VALUE(sender), 0, NULL },
	{ STR_INIT("number"), VALUE_PHONE, EVERYWHERE, VALUE(number), 0, NULL },
	{ STR_INIT("user"), VALUE_TEXT, EVERYWHERE, VALUE(user), 0, NULL },
	{ STR_INIT("secret"), VALUE_TEXT, EVERYWHERE, VALUE(secret), 0, NULL },
	{ STR_INIT("now"), VALUE_TIME, EVERYWHERE, VALUE(wall_ms), 0, "unix" },
	{ STR_INIT("today"), VALUE_TIME, EVERYWHERE, VALUE(wall_ms), 0, "yyyy-mm-dd" },
	{ STR_INIT("yesterday"), VALUE_TIME, EVERYWHERE, VALUE(wall_ms), -1,
	  "yyyy-mm-dd" },
	{ STR_INIT("tomorrow"), VALUE_TIME, EVERYWHERE, VALUE(wall_ms), 1, "yyyy-mm-dd" },
};

enum { PLACEHOLDERS = sizeof(placeholders) / sizeof(*placeholders) };

/* ---- finding ---- */

struct found {
	struct str name, format;
	size_t end; /* index behind the closing brace */
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* A placeholder whose brace stands at i. */
static bool found_at(struct str t, size_t i, struct found *out)
{
	size_t name = i + 1, at = name, format;

	if (t.p[i] != '{' || name >= t.n || t.p[name] < 'a' || t.p[name] > 'z')
		return false;
	while (at < t.n && is_name_char(t.p[at]))
		at++;
	out->name = str_slice(t, name, at);
	out->format = str_from(NULL, 0);
	if (at < t.n && t.p[at] == ':') {
		format = ++at;
		while (at < t.n && t.p[at] != '}' && t.p[at] != '{')
			at++;
		out->format = str_slice(t, format, at);
	}
	out->end = at + 1;
	return at < t.n && t.p[at] == '}';
}

static const struct placeholder *placeholder_of(struct str name)
{
	for (size_t i = 0; i < PLACEHOLDERS; i++)
		if (str_eq(placeholders[i].name, name))
			return &placeholders[i];
	return NULL;
}

bool template_uses(struct str t, struct str name)
{
	struct found found;

	for (size_t i = 0; i < t.n; i++)
		if (found_at(t, i, &found) && str_eq(found.name, name))
			return true;
	return false;
}

/* ---- times ---- */

enum time_part { PART_YEAR, PART_YEAR2, PART_MONTH, PART_DAY, PART_H, PART_M, PART_S };

static const struct {
	struct str word;
	enum time_part part;
} time_parts[] = {
	{ STR_INIT("yyyy"), PART_YEAR }, { STR_INIT("yy"), PART_YEAR2 },
	{ STR_INIT("mm"), PART_MONTH },	 { STR_INIT("dd"), PART_DAY },
	{ STR_INIT("HH"), PART_H },	 { STR_INIT("MM"), PART_M },
	{ STR_INIT("SS"), PART_S },
};

/* Index into time_parts of the word that s starts with; -1: none. */
static int time_part_at(struct str s)
{
	for (size_t i = 0; i < sizeof(time_parts) / sizeof(*time_parts); i++)
		if (str_starts(s, time_parts[i].word))
			return (int)i;
	return -1;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool time_format_good(struct str f)
{
	if (str_eq(f, STR("unix")) || str_eq(f, STR("unix_ms")) || str_eq(f, STR("iso")))
		return true;
	for (size_t i = 0; i < f.n;) {
		int part = time_part_at(str_slice(f, i, f.n));

		if (part < 0 && is_letter(f.p[i]) && f.p[i] != 'T')
			return false;
		i += part < 0 ? 1 : time_parts[part].word.n;
	}
	return f.n > 0;
}

static void add_pattern(struct str pattern, int64_t local_ms, struct buf *out)
{
	int64_t day = local_ms / DAY_MS - (local_ms % DAY_MS < 0);
	int s = (int)((local_ms - day * DAY_MS) / 1000);
	struct when_date date = when_date_of(day);
	const int values[] = {
		[PART_YEAR] = date.year,   [PART_YEAR2] = date.year % 100,
		[PART_MONTH] = date.month, [PART_DAY] = date.day,
		[PART_H] = s / 3600,	   [PART_M] = s / 60 % 60,
		[PART_S] = s % 60,
	};

	for (size_t i = 0; i < pattern.n;) {
		int part = time_part_at(str_slice(pattern, i, pattern.n));

		if (part < 0) {
			buf_add_char(out, pattern.p[i++]);
			continue;
		}
		buf_printf(out, "%0*d", (int)time_parts[part].word.n,
			   values[time_parts[part].part]);
		i += time_parts[part].word.n;
	}
}

static void add_time(struct str format, int64_t ms, int32_t zone_s, struct buf *out)
{
	int32_t zone_m = (zone_s < 0 ? -zone_s : zone_s) / 60;

	if (str_eq(format, STR("unix"))) {
		buf_printf(out, "%lld", (long long)(ms / 1000));
	} else if (str_eq(format, STR("unix_ms"))) {
		buf_printf(out, "%lld", (long long)ms);
	} else if (str_eq(format, STR("iso"))) {
		add_pattern(STR("yyyy-mm-ddTHH:MM:SS"), ms + zone_s * INT64_C(1000), out);
		buf_printf(out, "%c%02d:%02d", zone_s < 0 ? '-' : '+', zone_m / 60,
			   zone_m % 60);
	} else {
		add_pattern(format, ms + zone_s * INT64_C(1000), out);
	}
}

/* ---- encoding ---- */

/* A JSON string's content: what the JSON writer makes of it, without its quotes. */
static void add_json(struct str s, struct buf *out)
{
	struct buf quoted = BUF_INIT(out->ceiling);
	struct json *node = json_new_str(s);

	json_dump(node, &quoted);
	json_free(node);
	if (quoted.failed || quoted.n < 2)
		out->failed = true;
	else
		buf_add(out, str_from(quoted.p + 1, quoted.n - 2));
	buf_free(&quoted);
}

static void add_header(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x20 && s.p[i] != 0x7f)
			buf_add_char(out, s.p[i]);
}

static void add_encoded(struct str s, enum template_place place, struct buf *out)
{
	static void (*const encoders[])(struct str, struct buf *) = {
		[TEMPLATE_JSON] = add_json,
		[TEMPLATE_HEADER] = add_header,
	};

	if (place == TEMPLATE_PLAIN)
		buf_add(out, s);
	else if (place == TEMPLATE_URL)
		buf_add_url(out, s);
	else
		encoders[place](s, out);
}

/* ---- values ---- */

static bool phone_format_good(struct str f)
{
	return f.n == 0 || str_eq(f, STR("digits")) || str_eq(f, STR("local"));
}

/* "+6281…" as it is, "6281…" (digits), "081…" (local, within our country). */
static void add_phone(struct str phone, struct str format,
		      const struct template_values *v, struct buf *out)
{
	struct str digits = str_slice(phone, str_starts(phone, STR("+")), phone.n);

	if (format.n == 0) {
		buf_add(out, phone);
	} else if (str_eq(format, STR("local")) && digits.n < phone.n &&
		   v->country_code.n && str_starts(digits, v->country_code)) {
		buf_add_char(out, '0');
		buf_add(out, str_slice(digits, v->country_code.n, digits.n));
	} else {
		buf_add(out, digits);
	}
}

static void add_value(const struct placeholder *p, struct str format,
		      const struct template_values *v, struct buf *out)
{
	const void *field = (const char *)v + p->offset;
	const struct str *text = field;
	const int64_t *ms = field;

	if (format.n == 0)
		format = str_of(p->format);
	switch (p->kind) {
	case VALUE_TIME:
		add_time(format, *ms + p->days * (int64_t)DAY_MS, v->zone_s, out);
		break;
	case VALUE_PHONE:
		add_phone(*text, format, v, out);
		break;
	case VALUE_STATE:
		if (v->state_is_time) {
			add_time(format, v->state_ms, v->zone_s, out);
			break;
		}
		buf_add(out, *text);
		break;
	case VALUE_TEXT:
		buf_add(out, *text);
		break;
	}
}

void template_expand(struct str t, enum template_place place,
		     const struct template_values *values, struct buf *out)
{
	struct buf value = BUF_INIT(out->ceiling);
	const struct placeholder *p;
	struct found found;
	size_t from = 0;

	for (size_t i = 0; i < t.n; i++) {
		if (!found_at(t, i, &found) || !(p = placeholder_of(found.name)))
			continue;
		buf_add(out, str_slice(t, from, i));
		buf_clear(&value);
		add_value(p, found.format, values, &value);
		add_encoded(buf_str(&value), place, out);
		out->failed |= value.failed;
		from = found.end;
		i = found.end - 1;
	}
	buf_add(out, str_slice(t, from, t.n));
	buf_free(&value);
}

/* ---- checking ---- */

static int unknown(struct str name, enum template_request request, struct err *err)
{
	struct buf known = BUF_INIT(500);

	for (size_t i = 0; i < PLACEHOLDERS; i++)
		if (placeholders[i].requests & request)
			buf_printf(&known, " {%s}", placeholders[i].name.p);
	err_set(err, ERR_CONFIG, "there is no {%.*s} here; there are%s",
		STR_ARG(str_slice(name, 0, 40)), known.p ? known.p : "");
	buf_free(&known);
	return -1;
}

static int check_format(const struct placeholder *p, struct str format,
			bool state_is_time, struct err *err)
{
	bool time = p->kind == VALUE_TIME || (p->kind == VALUE_STATE && state_is_time);

	if (format.p == NULL)
		return 0;
	if (time && !time_format_good(format))
		return err_set(err, ERR_CONFIG,
			       "{%s:%.*s}: a time is \"unix\", \"unix_ms\", \"iso\" or a "
			       "pattern of yyyy yy mm dd HH MM SS",
			       p->name.p, STR_ARG(format));
	if (p->kind == VALUE_PHONE && !phone_format_good(format))
		return err_set(err, ERR_CONFIG,
			       "{%s:%.*s}: a number is \"digits\" or \"local\"",
			       p->name.p, STR_ARG(format));
	if (!time && p->kind != VALUE_PHONE)
		return err_set(err, ERR_CONFIG, "{%s} takes no format", p->name.p);
	return 0;
}

int template_check(struct str t, enum template_request request, bool state_is_time,
		   struct err *err)
{
	struct found found;

	for (size_t i = 0; i < t.n; i++) {
		const struct placeholder *p;

		if (!found_at(t, i, &found))
			continue;
		p = placeholder_of(found.name);
		if (!p || !(p->requests & request))
			return unknown(found.name, request, err);
		if (check_format(p, found.format, state_is_time, err))
			return -1;
		i = found.end - 1;
	}
	return 0;
}
