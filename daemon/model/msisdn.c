/* SPDX-License-Identifier: MIT */
/* Senders as one identity. Pure. */
#include "model/msisdn.h"

enum { SHORT_DIGITS = 8, E164_DIGITS = 15, NAME_BYTES = 40, RAW_MOST = 60 };

const char *sender_kind_name(enum sender_kind kind)
{
	static const char *const names[] = {
		[SENDER_MOBILE] = "mobile",
		[SENDER_SHORT] = "short",
		[SENDER_NAME] = "name",
		[SENDER_NONE] = "none",
	};

	return names[kind];
}

/* The digits of a number with the usual decoration, or n 0 when something else is in it.
 */
static struct str digits_of(struct str raw, struct arena *arena)
{
	char *p = arena_alloc(arena, raw.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; p && i < raw.n; i++) {
		char c = raw.p[i];

		if (c >= '0' && c <= '9')
			p[n++] = c;
		else if (c != ' ' && c != '-' && c != '.' && c != '(' && c != ')' &&
			 !(c == '+' && i == 0))
			return str_from(NULL, 0);
	}
	return str_from(p, p ? n : 0);
}

static enum sender_kind as_given(struct str raw, enum sender_kind kind,
				 struct arena *arena, struct str *address)
{
	*address = arena_str(arena, str_slice(raw, 0, NAME_BYTES));
	if (!address->p)
		*address = STR("");
	return kind;
}

enum sender_kind sender_normalise(struct str given, struct str country_code,
				  struct arena *arena, struct str *address)
{
	struct str raw = str_trim(given), digits, rest;
	bool plus = raw.n && raw.p[0] == '+';

	if (raw.n == 0)
		return as_given(raw, SENDER_NONE, arena, address);
	digits = raw.n <= RAW_MOST ? digits_of(raw, arena) : str_from(NULL, 0);
	if (digits.n == 0)
		return as_given(raw, SENDER_NAME, arena, address);
	if (digits.n < SHORT_DIGITS)
		return as_given(digits, SENDER_SHORT, arena, address);
	rest = digits;
	if (!plus && str_starts(digits, STR("00")))
		rest = str_slice(digits, 2, digits.n);
	else if (!plus && digits.p[0] == '0')
		digits = rest = arena_printf(arena, "%.*s%.*s", STR_ARG(country_code),
					     STR_ARG(str_slice(digits, 1, digits.n)));
	else if (!plus && digits.p[0] == '8' && digits.n <= 12 &&
		 !str_starts(digits, country_code))
		digits = rest = arena_printf(arena, "%.*s%.*s", STR_ARG(country_code),
					     STR_ARG(digits)); /* 812… without its 0 */
	if (rest.n == 0 || rest.n > E164_DIGITS)
		return as_given(raw, SENDER_NAME, arena, address);
	*address = arena_printf(arena, "+%.*s", STR_ARG(rest));
	return address->p ? SENDER_MOBILE : as_given(raw, SENDER_NONE, arena, address);
}
