/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer: any bytes as a citizen's text. What is read must keep the promises of
 * command.h and ticketno.h, whatever came in.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "model/command.h"
#include "model/ticketno.h"

enum { WIDTH_LEAST = 3, WIDTHS = 7, CEILING = 4 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_number(struct str text, unsigned width)
{
	int64_t no = -1;
	bool wrong;
	size_t took = ticketno_read(text, width, &no, &wrong);

	assert(took <= text.n);
	if (took == 0)
		assert(no == -1 && !wrong);
	else if (wrong)
		assert(no == 0);
	else
		assert(ticketno_ok(no, width));
}

static void check_command(struct str text, unsigned width, struct arena *arena)
{
	struct command c = command_read(text, width, arena);

	assert(c.kind < COMMAND_COUNT && command_name(c.kind));
	assert(c.rating >= 0 && c.rating <= 5);
	assert(c.no == 0 || ticketno_ok(c.no, width));
	assert(!(c.no && c.wrong_no));
	if (c.kind == COMMAND_NONE)
		assert(!c.no && !c.wrong_no && !c.rating && !c.rest.n);
	if (c.rest.n) /* a view into the text */
		assert(c.rest.p >= text.p && c.rest.p + c.rest.n <= text.p + text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new("fuzz", CEILING);
	unsigned width;
	struct str text;

	if (!arena)
		abort();
	width = size ? WIDTH_LEAST + data[0] % WIDTHS : WIDTH_LEAST;
	text = utf8_repair(str_from((const char *)data + (size > 0), size - (size > 0)),
			   arena);
	if (text.p) {
		check_number(text, width);
		check_command(text, width, arena);
	}
	arena_free(arena);
	return 0;
}
