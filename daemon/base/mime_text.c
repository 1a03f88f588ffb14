/* SPDX-License-Identifier: MIT */
/* Words of a mail as bytes, before they are read. Contract in mime_text.h. Pure. */
#include "base/mime_text.h"

bool mime_is_masked(struct str charset)
{
	static const char *const such[] = { "utf-16", "utf-32",	  "utf-7", "utf16",
					    "ucs-2",  "iso-2022", "hz-" };

	for (size_t i = 0; i < sizeof(such) / sizeof(*such); i++)
		if (str_eq_nocase(str_slice(charset, 0, strlen(such[i])),
				  str_of(such[i])))
			return true;
	return false;
}

struct str mime_text_begin(struct str bytes, size_t most)
{
	size_t n = most;

	if (bytes.n <= n)
		return bytes;
	while (n && ((unsigned char)bytes.p[n] & 0xc0) == 0x80)
		n--;
	return str_slice(bytes, 0, n);
}

struct str mime_unflow(struct str text, bool delsp, struct arena *arena)
{
	char *to = arena_alloc(arena, text.n + 1, 1);
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
