/* SPDX-License-Identifier: MIT */
/* Names in the lines of a story: @ani is a phone, {a} a ticket number that `number`
 * named.
 */
#include <stdio.h>
#include <string.h>

#include "play.h"

/* People of the stories; officers as in conf/kentongan.conf. */
static const struct {
	const char *name, *phone;
} people[] = {
	{ "@ani", "+6281298765401" },	      { "@budi", "+6281298765402" },
	{ "@cici", "+6281298765403" },	      { "@dedi", "+6281298765404" },
	{ "@pupr", "+6281137465001" },	      { "@kadispupr", "+6281137465002" },
	{ "@dlh", "+6281137465003" },	      { "@kadisdlh", "+6281137465004" },
	{ "@inspektorat", "+6281137465005" }, { "@dishub", "+6281137465006" },
	{ "@meja", "+6281137465010" },	      { "@sekda", "+6281137465020" },
	{ "@bupati", "+6281137465030" },
};

struct line {
	char text[LINE];
	size_t n;
};

static void add(struct line *to, const char *text, size_t n)
{
	if (to->n + n < sizeof(to->text)) {
		memcpy(to->text + to->n, text, n);
		to->n += n;
	}
	to->text[to->n] = '\0';
}

/* @name: its length, 0: nobody's. */
static size_t add_person(struct line *to, const char *at)
{
	for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++) {
		size_t n = strlen(people[i].name);

		if (strncmp(at, people[i].name, n) == 0 &&
		    (at[n] == ' ' || at[n] == '\0')) {
			add(to, people[i].phone, strlen(people[i].phone));
			return n;
		}
	}
	return 0;
}

static size_t add_number(const struct run *r, struct line *to, const char *at)
{
	for (size_t i = 0; i < r->n_names; i++) {
		size_t n = strlen(r->names[i].name);
		char no[24];

		if (strncmp(at + 1, r->names[i].name, n) == 0 && at[n + 1] == '}') {
			snprintf(no, sizeof(no), "%lld", r->names[i].no);
			add(to, no, strlen(no));
			return n + 2;
		}
	}
	return 0;
}

void line_fill(const struct run *r, const char *line, char out[LINE])
{
	static struct line filled;

	filled.n = 0;
	for (const char *at = line; *at;) {
		size_t n = 0;

		if (*at == '@' && (at == line || at[-1] == ' '))
			n = add_person(&filled, at);
		else if (*at == '{')
			n = add_number(r, &filled, at);
		if (n == 0) {
			add(&filled, at, 1);
			n = 1;
		}
		at += n;
	}
	memcpy(out, filled.text, LINE);
}
