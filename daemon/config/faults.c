/* SPDX-License-Identifier: MIT */
/*
 * Faults are found in the order of the checks; here they are put into the order of the
 * files, since people mend a file from its top to its end. Any thread.
 */
#include "config/faults.h"

#include <stdlib.h>

void faults_add(struct buf *text, const char *file, unsigned line, const char *sentence)
{
	buf_printf(text, "%s:%u: ", file, line);
	for (const char *c = sentence; *c; c++) {
		bool control = (unsigned char)*c < ' ' || *c == 0x7f;

		buf_add_char(text, control ? '?' : *c);
	}
	buf_add_char(text, '\n');
}

/* ---- their order ---- */

struct fault {
	struct str text, file;
	size_t rank; /* of the file */
	int64_t line;
	size_t at; /* as it came, for a stable order */
};

static int by_place(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->at < y->at ? -1 : 1;
}

/* The file ends where ":DIGITS:" begins; file names may have colons too. */
static void read_place(struct fault *f)
{
	for (size_t i = 0; i < f->text.n; i++) {
		struct str rest = str_slice(f->text, i + 1, f->text.n);
		size_t digits = str_find_char(rest, ':');

		if (f->text.p[i] == ':' && digits < rest.n &&
		    str_to_int(str_slice(rest, 0, digits), &f->line)) {
			f->file = str_slice(f->text, 0, i);
			return;
		}
	}
}

static void rank(struct fault *faults, size_t i, struct str main_file)
{
	if (str_eq(faults[i].file, main_file))
		return; /* 0 */
	faults[i].rank = i + 1;
	for (size_t k = 0; k < i; k++)
		if (str_eq(faults[k].file, faults[i].file)) {
			faults[i].rank = faults[k].rank;
			return;
		}
}

static size_t count(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

void faults_sort(struct buf *text, const char *main_file)
{
	struct fault *faults = calloc(count(buf_str(text)), sizeof(*faults));
	struct str rest = buf_str(text), line;
	struct buf sorted = BUF_INIT(text->ceiling);
	size_t n = 0;

	while (faults && rest.n && str_split(&rest, '\n', &line)) {
		faults[n] = (struct fault){ .text = line, .at = n };
		read_place(&faults[n]);
		rank(faults, n, str_of(main_file));
		n++;
	}
	if (faults)
		qsort(faults, n, sizeof(*faults), by_place);
	for (size_t i = 0; i < n; i++) {
		buf_add(&sorted, faults[i].text);
		buf_add_char(&sorted, '\n');
	}
	if (!faults || sorted.failed) {
		buf_free(&sorted);
	} else {
		buf_free(text);
		*text = sorted;
	}
	free(faults);
}
