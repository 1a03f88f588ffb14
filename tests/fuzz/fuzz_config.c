/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer: the walk over a configuration. The input chooses, key by key along the real
 * tables, what stands there: nothing, the default, or a value of any type made of the
 * input's bytes; names are now and then mistyped. What is written is well formed, since
 * libconfig 1.5 is known to write out of bounds on odd grammar and only files of their
 * owner are ever read. Every refusal must name at least one fault, one a line with file
 * and line.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/compose.h"
#include "config/config.h"
#include "config/config_keys.h"

enum { CEILING = 1 << 20, DEPTH_MOST = 5, WORD_MOST = 24, ITEMS_MOST = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *p;
	size_t n;
	struct buf out;
};

static unsigned take(struct input *in)
{
	if (in->n == 0)
		return 0;
	in->n--;
	return *in->p++;
}

static void put(struct input *in, const char *z)
{
	buf_add(&in->out, str_of(z));
}

/* Bytes of the input in quotes. A zero ends a string for libconfig: it is left out. */
static void put_string(struct input *in)
{
	char word[WORD_MOST];
	size_t n = take(in) % WORD_MOST, kept = 0;

	for (size_t i = 0; i < n; i++) {
		char c = (char)take(in);

		if (c)
			word[kept++] = c;
	}
	compose_quoted(&in->out, str_from(word, kept));
}

static void put_strings(struct input *in, const char *open, const char *close)
{
	unsigned n = take(in) % ITEMS_MOST;

	put(in, open);
	for (unsigned i = 0; i < n; i++) {
		put(in, i ? ", " : "");
		put_string(in);
	}
	put(in, close);
}

static void put_any(struct input *in)
{
	static const char *const values[] = {
		"0",
		"-1",
		"5",
		"2147483647",
		"99999999999",
		"9999999999L",
		"1.5",
		"1e300",
		"true",
		"false",
		"\"2s\"",
		"\"env:HOME\"",
		"{ }",
		"( { } )",
		"( { }, 1 )",
		"[ ]",
		"( )",
		"\"127.0.0.1:1\"",
		"{ a = \"b\"; }",
		"\"{no}\"",
		"\"http://a.test/{to}\"",
		"\"+07:00\"",
	};
	unsigned choice = take(in);

	if (choice < 100)
		put_string(in);
	else if (choice < 140)
		put_strings(in, "[ ", " ]");
	else if (choice < 150)
		put_strings(in, "( ", " )");
	else
		put(in, values[choice % (sizeof(values) / sizeof(*values))]);
}

static void put_keys(struct input *in, const struct key *keys, unsigned depth);

static void put_good(struct input *in, const struct key *k, unsigned depth)
{
	bool inner = k->sub && depth < DEPTH_MOST;

	if (k->type == KEY_GROUP && inner) {
		put(in, "{ ");
		put_keys(in, k->sub, depth + 1);
		put(in, "}");
	} else if (k->type == KEY_LIST && inner) {
		put(in, "( { ");
		put_keys(in, k->sub, depth + 1);
		put(in, "} )");
	} else if (k->type == KEY_STR_LIST) {
		put_strings(in, "[ ", " ]");
	} else if (k->type == KEY_INT || k->type == KEY_REAL || k->type == KEY_BOOL) {
		put(in, k->def ? k->def : "1");
	} else if (k->def && k->def[0] && k->type != KEY_TEXTS && k->type != KEY_MAP) {
		compose_quoted(&in->out, str_of(k->def));
	} else if (k->type == KEY_TEXTS || k->type == KEY_MAP) {
		put(in, "{ urgent = ");
		put_any(in);
		put(in, "; ACK_RUTE = ");
		put_any(in);
		put(in, "; }");
	} else {
		put_string(in);
	}
}

static void put_keys(struct input *in, const struct key *keys, unsigned depth)
{
	for (; keys->name; keys++) {
		unsigned choice = take(in);

		if (choice < 64)
			continue;
		put(in, keys->name);
		put(in, choice == 255 ? "x = " : " = ");
		if (choice < 180)
			put_good(in, keys, depth);
		else
			put_any(in);
		put(in, ";\n");
	}
}

static void put_providers(struct input *in)
{
	size_t kinds = 0;

	while (sms_adapters[kinds])
		kinds++;
	put(in, "providers = (");
	for (unsigned i = 0, n = take(in) % 3; i < n; i++) {
		const struct sms_adapter *a = sms_adapters[take(in) % kinds];

		put(in, i ? ",\n{ " : "\n{ ");
		put_keys(in, a->info.keys, 1);
		for (const struct key *k = config_provider_keys; k->name; k++) {
			const struct key one[] = { *k, { 0 } };

			if (!str_eq(str_of(k->name), STR("adapter")))
				put_keys(in, one, 1);
		}
		buf_printf(&in->out, "adapter = \"%s\"; }", a->info.name);
	}
	put(in, ");\n");
}

static void put_departments(struct input *in)
{
	put(in, "departments = (");
	for (unsigned i = 0, n = take(in) % 3; i < n; i++) {
		put(in, i ? ",\n{ " : "\n{ ");
		put_keys(in, config_department_keys, 1);
		put(in, "}");
	}
	put(in, ");\ntexts_id = ");
	put_any(in);
	put(in, ";\n");
}

/* Each line "FILE:LINE: sentence"; as many as were counted. */
static void check_faults(const struct config_faults *faults, const char *path)
{
	struct str rest = buf_str(&faults->text), line, number;
	size_t n = 0;

	while (rest.n && str_split(&rest, '\n', &line)) {
		int64_t at;

		n++;
		assert(str_starts(line, str_of(path)));
		line = str_slice(line, strlen(path) + 1, line.n);
		assert(str_split(&line, ':', &number) && str_to_int(number, &at) &&
		       at > 0);
		assert(line.n > 1);
	}
	assert(n == faults->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size, BUF_INIT(CEILING) };
	struct config_faults faults = { .text = BUF_INIT(CEILING) };
	int fd = memfd_create("config", MFD_CLOEXEC);
	struct config *config;
	char path[64];

	put_keys(&in, config_root_keys, 0);
	put_providers(&in);
	put_departments(&in);
	if (fd < 0 || in.out.failed || write(fd, in.out.p, in.out.n) != (ssize_t)in.out.n)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	config = config_load(path, size % 2, &faults);
	assert((config != NULL) == (faults.n == 0));
	check_faults(&faults, path);
	config_free(config);
	buf_free(&faults.text);
	buf_free(&in.out);
	close(fd);
	return 0;
}
