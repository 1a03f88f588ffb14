/* SPDX-License-Identifier: MIT */
/* What comes over HTTP: forms and JSON of any bytes; what was read can be written and
 * read again. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/http.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void forms(struct str body, struct arena *arena)
{
	struct str_pairs form, again;
	struct err err;

	if (form_parse(body, 64, arena, &form, &err))
		return;
	assert(form_parse(form_encode(form, arena), 64, arena, &again, &err) == 0);
	assert(again.n == form.n);
	for (size_t i = 0; i < form.n; i++)
		assert(str_eq(form.items[i].name, again.items[i].name) &&
		       str_eq(form.items[i].value, again.items[i].value));
}

static void documents(struct str body)
{
	struct buf out = BUF_INIT(8 << 20);
	struct err err;
	struct json *root = json_parse(body, &err), *again;

	if (!root)
		return;
	json_dump(root, &out);
	again = json_parse(buf_str(&out), &err);
	assert(again);
	json_free(root);
	json_free(again);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new("fuzz", 4 << 20);
	struct str body = { (const char *)data, size };

	assert(arena);
	forms(body, arena);
	documents(body);
	arena_free(arena);
	return 0;
}
