/* SPDX-License-Identifier: MIT */
/* The form of tokens and the names of their scopes. Contract in token.h. */
#include "model/token.h"

enum { PREFIX = 4, BODY = 43, CHECK = 4 };

static const char prefix[] = "ktg_";
static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void check_write(struct str body, char *out)
{
	uint64_t hash = str_hash(body);

	for (size_t i = 0; i < CHECK; i++, hash >>= 6)
		out[i] = digits[hash & 63];
}

struct str token_write(const unsigned char *random, struct arena *arena)
{
	char *p = arena_alloc(arena, TOKEN_LENGTH + 1, 1);
	uint32_t bits = 0;
	unsigned have = 0;
	size_t at = PREFIX;

	if (!p)
		return str_from(NULL, 0);
	memcpy(p, prefix, PREFIX);
	for (size_t i = 0; i < TOKEN_RANDOM_BYTES; i++) {
		bits = bits << 8 | random[i];
		for (have += 8; have >= 6; have -= 6)
			p[at++] = digits[bits >> (have - 6) & 63];
	}
	p[at++] = digits[bits << (6 - have) & 63];
	check_write(str_from(p + PREFIX, BODY), p + at);
	return str_from(p, TOKEN_LENGTH);
}

enum token_form token_form(struct str token)
{
	char check[CHECK];

	if (!str_starts(token, str_of(prefix)))
		return TOKEN_NONE;
	if (token.n != TOKEN_LENGTH)
		return TOKEN_MISTYPED;
	check_write(str_slice(token, PREFIX, PREFIX + BODY), check);
	return str_eq(str_slice(token, PREFIX + BODY, token.n), str_from(check, CHECK))
		       ? TOKEN_WELL
		       : TOKEN_MISTYPED;
}

/* ---- scopes ---- */

static const struct {
	enum token_scope scope;
	struct str name;
} scopes_known[] = {
	{ TOKEN_READ, STR_INIT("read") },	  { TOKEN_ANSWER, STR_INIT("answer") },
	{ TOKEN_TRANSFER, STR_INIT("transfer") }, { TOKEN_FILE, STR_INIT("file") },
	{ TOKEN_SECRET, STR_INIT("secret") },	  { TOKEN_DESK, STR_INIT("desk") },
};

enum { SCOPES = sizeof(scopes_known) / sizeof(*scopes_known) };

static unsigned scope_of(struct str word)
{
	for (size_t i = 0; i < SCOPES; i++)
		if (str_eq(scopes_known[i].name, word))
			return (unsigned)scopes_known[i].scope;
	return 0;
}

static bool is_between(char c)
{
	return c == ' ' || c == ',';
}

bool token_scopes_read(struct str words, unsigned *scopes, struct str *odd)
{
	size_t at = 0, end;

	*scopes = 0;
	while (at < words.n) {
		unsigned scope;

		for (; at < words.n && is_between(words.p[at]); at++)
			;
		for (end = at; end < words.n && !is_between(words.p[end]); end++)
			;
		if (end == at)
			break;
		*odd = str_slice(words, at, end);
		scope = scope_of(*odd);
		if (!scope)
			return false;
		*scopes |= scope;
		at = end;
	}
	return true;
}

struct str token_scopes_write(unsigned scopes, struct arena *arena)
{
	struct str out = STR("");

	for (size_t i = 0; i < SCOPES; i++)
		if (scopes & (unsigned)scopes_known[i].scope)
			out = arena_printf(arena, "%.*s%s%.*s", STR_ARG(out),
					   out.n ? " " : "",
					   STR_ARG(scopes_known[i].name));
	return out;
}

const char *token_scopes_all(void)
{
	return "read, answer, transfer, file, secret, desk";
}
