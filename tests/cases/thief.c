/* SPDX-License-Identifier: MIT */
/* Looking for secrets in the store's files. See thief.h. */
#include "thief.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECRET_MOST = 200, FORM_MOST = SECRET_MOST * 4 };

struct form {
	const char *name;
	char bytes[FORM_MOST];
	size_t n;
};

static void form_plain(const char *s, size_t n, struct form *f)
{
	memcpy(f->bytes, s, n);
	f->n = n;
}

static void form_reversed(const char *s, size_t n, struct form *f)
{
	for (size_t i = 0; i < n; i++)
		f->bytes[i] = s[n - 1 - i];
	f->n = n;
}

static void form_utf16le(const char *s, size_t n, struct form *f)
{
	for (size_t i = 0; i < n; i++) {
		f->bytes[2 * i] = s[i];
		f->bytes[2 * i + 1] = '\0';
	}
	f->n = 2 * n;
}

static void hex(const char *s, size_t n, struct form *f, const char *digits)
{
	for (size_t i = 0; i < n; i++) {
		f->bytes[2 * i] = digits[(unsigned char)s[i] >> 4];
		f->bytes[2 * i + 1] = digits[(unsigned char)s[i] & 15];
	}
	f->n = 2 * n;
}

static void form_hex(const char *s, size_t n, struct form *f)
{
	hex(s, n, f, "0123456789abcdef");
}

static void form_capital_hex(const char *s, size_t n, struct form *f)
{
	hex(s, n, f, "0123456789ABCDEF");
}

/* So many that they do not stand in noise by chance. */
static bool is_digits(const char *s, size_t n)
{
	return n >= 10 && strspn(s, "0123456789") >= n;
}

static void packed(const char *s, size_t n, struct form *f, bool swapped)
{
	for (size_t i = 0; is_digits(s, n) && i + 1 < n; i += 2) {
		int a = s[i] - '0', b = s[i + 1] - '0';

		f->bytes[f->n++] = (char)(swapped ? b << 4 | a : a << 4 | b);
	}
}

static void form_packed(const char *s, size_t n, struct form *f)
{
	packed(s, n, f, false);
}

/* As in a GSM 7 bit header, 3GPP TS 23.040 §9.1.2.3. */
static void form_semi_octets(const char *s, size_t n, struct form *f)
{
	packed(s, n, f, true);
}

/* As a database keeps a large integer. */
static void form_number(const char *s, size_t n, struct form *f)
{
	uint64_t number = strtoull(s, NULL, 10);
	char bytes[8];
	size_t from = 0;

	if (!is_digits(s, n) || n > 18)
		return;
	for (int i = 7; i >= 0; i--, number >>= 8)
		bytes[i] = (char)(number & 255);
	while (from < 2 && bytes[from] == '\0')
		from++;
	memcpy(f->bytes, bytes + from, 8 - from);
	f->n = 8 - from;
}

static const struct {
	const char *name;
	void (*make)(const char *, size_t, struct form *);
} forms[] = {
	{ "plain", form_plain },
	{ "reversed", form_reversed },
	{ "in UTF-16", form_utf16le },
	{ "in hex", form_hex },
	{ "in HEX", form_capital_hex },
	{ "two digits a byte", form_packed },
	{ "as semi-octets", form_semi_octets },
	{ "as a number", form_number },
};

static char *file_read(const char *path, size_t *n)
{
	FILE *f = fopen(path, "re");
	char *bytes = NULL;
	long size;

	*n = 0;
	if (!f)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 &&
	    fseek(f, 0, SEEK_SET) == 0 && (bytes = malloc((size_t)size + 1)))
		*n = fread(bytes, 1, (size_t)size, f);
	fclose(f);
	return bytes;
}

static bool in_file(const char *path, const char *secret, size_t n, char *where,
		    size_t size)
{
	size_t length;
	char *bytes = file_read(path, &length);
	bool found = false;

	for (size_t i = 0; bytes && !found && i < sizeof(forms) / sizeof(*forms); i++) {
		struct form f = { .name = forms[i].name };

		forms[i].make(secret, n, &f);
		found = f.n && memmem(bytes, length, f.bytes, f.n);
		if (found)
			snprintf(where, size, "%s stands %s in %s", secret, f.name,
				 strrchr(path, '/') + 1);
	}
	free(bytes);
	return found;
}

static bool finds(const char *store_path, const char *secret, char *where, size_t size)
{
	static const char *const ends[] = { "", "-wal", ".copy" };
	size_t n = strlen(secret);
	bool found = false;
	char path[400];
	struct err err;

	if (n > SECRET_MOST || n == 0) {
		snprintf(where, size, "'%s' is no secret", secret);
		return true;
	}
	snprintf(path, sizeof(path), "%s.copy", store_path);
	unlink(path);
	if (store_backup(str_of(store_path), str_of(path), &err)) {
		snprintf(where, size, "no backup: %.300s", err.text);
		return true;
	}
	for (size_t i = 0; !found && i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(path, sizeof(path), "%s%s", store_path, ends[i]);
		found = in_file(path, secret, n, where, size);
	}
	snprintf(path, sizeof(path), "%s.copy", store_path);
	unlink(path);
	return found;
}

static bool finds_phones(const struct stage *s, char *where, size_t size)
{
	for (size_t i = 0; i < s->n_inbox; i++) {
		const char *from = s->inbox[i].from + (s->inbox[i].from[0] == '+');

		if (strspn(from, "0123456789") > 6 &&
		    finds(s->store_path, from, where, size))
			return true;
	}
	return false;
}

bool thief_visits(const struct stage *s, char *words, char *where, size_t size)
{
	if (finds_phones(s, where, size))
		return true;
	while (*words) {
		size_t n = strcspn(words, " ");
		bool last = words[n] == '\0';

		words[n] = '\0';
		if (n && finds(s->store_path, words, where, size))
			return true;
		words += n + !last;
	}
	return false;
}
