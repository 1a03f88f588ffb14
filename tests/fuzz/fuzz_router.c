/* SPDX-License-Identifier: MIT */
/* Understanding of any bytes as a text: never a crash, always the same answer, sane
 * ranges. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"
#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config *config;
	static struct arena *arena;
	struct routing a, b;
	struct str text;

	if (!config) {
		struct config_faults faults = { .text = BUF_INIT(1 << 20) };

		config = config_load("conf/kentongan.conf", true, &faults);
		arena = arena_new("fuzz", 8 << 20);
		assert(config && arena);
	}
	arena_reset(arena);
	text = utf8_repair(str_from((const char *)data, size), arena);
	router_route(config->router, text, arena, &a);
	router_route(config->router, text, arena, &b);
	assert(a.kind == b.kind && a.department == b.department &&
	       a.n_reasons == b.n_reasons);
	assert(a.department < (int)config->n_departments && a.score >= 0 &&
	       a.score <= 1.000001);
	assert((a.kind == KIND_COMPLAINT) == (a.department >= 0));
	return 0;
}
