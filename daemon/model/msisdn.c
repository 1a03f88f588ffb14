/* SPDX-License-Identifier: MIT */
/*
 * Senders as one identity: decoration off, then the national prefix is replaced by the
 * country's code. Pure; results live in the caller's arena. Knows no operator's ranges.
 */
#include "model/msisdn.h"

#include "base/utf8.h"

enum {
	SHORT_DIGITS = 8,
	NATIONAL_DIGITS = 12,
	E164_DIGITS = 15,
	NAME_BYTES = 40,
	RAW_MOST = 60,
};

const char *sender_kind_name(enum sender_kind kind)
{
	static const char *const names[] = {
		[SENDER_MOBILE] = "mobile", [SENDER_SHORT] = "short",
		[SENDER_NAME] = "name",	    [SENDER_NONE] = "none",
		[SENDER_WEB] = "web",
	};

	return names[kind];
}

/*
 * The digits of a number with the usual decoration. False when something else is in it.
 */
static bool digits_of(struct str raw, struct arena *arena, struct str *digits, bool *plus)
{
	static const struct str decoration = STR_INIT(" -./()\t");
	char *p = raw.n <= RAW_MOST ? arena_alloc(arena, raw.n + 1, 1) : NULL;
	size_t n = 0;

	*plus = false;
	for (size_t i = 0; p && i < raw.n; i++) {
		char c = raw.p[i];

		if (c >= '0' && c <= '9')
			p[n++] = c;
		else if (c == '+' && n == 0 && !*plus)
			*plus = true;
		else if (str_find_char(decoration, c) == decoration.n)
			return false;
	}
	*digits = str_from(p, n);
	return p != NULL;
}

static enum sender_kind as_given(struct str raw, enum sender_kind kind,
				 struct arena *arena, struct str *address)
{
	size_t end = raw.n < NAME_BYTES ? raw.n : NAME_BYTES;

	while (end && end < raw.n && ((unsigned char)raw.p[end] & 0xc0) == 0x80)
		end--; /* not in the middle of a character */
	*address = arena_str(arena, str_slice(raw, 0, end));
	if (!address->p)
		*address = STR("");
	return kind;
}

/* Digits from the country code on; n 0 when they cannot be. */
static struct str international(struct str digits, bool plus, struct str country_code,
				struct arena *arena)
{
	if (plus)
		return digits;
	if (str_starts(digits, STR("00")))
		return str_slice(digits, 2, digits.n);
	if (digits.p[0] == '0')
		return ARENA_JOIN(arena, country_code, str_slice(digits, 1, digits.n));
	if (digits.p[0] == '8' && digits.n <= NATIONAL_DIGITS &&
	    !str_starts(digits, country_code))
		return ARENA_JOIN(arena, country_code, digits); /* 812… without its 0 */
	return digits;
}

enum sender_kind sender_normalise(struct str given, struct str country_code,
				  struct arena *arena, struct str *address)
{
	struct str raw = str_trim(utf8_clean(given, arena)), digits;
	bool plus;

	if (raw.n == 0)
		return as_given(raw, SENDER_NONE, arena, address);
	if (!digits_of(raw, arena, &digits, &plus))
		return as_given(raw, SENDER_NAME, arena, address);
	if (digits.n == 0)
		return as_given(raw, SENDER_NONE, arena, address);
	if (digits.n < SHORT_DIGITS)
		return as_given(digits, SENDER_SHORT, arena, address);
	digits = international(digits, plus, country_code, arena);
	if (digits.n > E164_DIGITS)
		return as_given(raw, SENDER_NAME, arena, address);
	/* No country's code begins with 0. */
	if (digits.n == 0 || digits.p[0] == '0')
		return as_given(raw, SENDER_NONE, arena, address);
	if (digits.n < SHORT_DIGITS)
		return as_given(raw, SENDER_SHORT, arena, address);
	*address = ARENA_JOIN(arena, STR("+"), digits);
	return address->p ? SENDER_MOBILE : as_given(raw, SENDER_NONE, arena, address);
}
