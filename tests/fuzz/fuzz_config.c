/* SPDX-License-Identifier: MIT */
/*
 * The walk over a configuration. Input becomes settings of a well-formed file (libconfig
 * itself is not made for strangers' bytes): whatever words and values stand there, every
 * fault has a place and nothing crashes.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "gateway",	    "store",	"listen",     "providers",
				     "departments", "guards",	"name",	      "path",
				     "code",	    "keywords", "poll_every", "words",
				     "texts",	    "id",	"adapter",    "foo" };
static const char *const values[] = {
	"1",	"\"2s\"", "true", "[ \"a\", \"b\" ]",	    "{ a = 1; }",
	"\"\"", "-5",	  "1.5",  "( { code = \"AB\"; } )", "\"x y\"",
	"( )",	"[ ]"
};

static void write_settings(FILE *f, const uint8_t *data, size_t size)
{
	int depth = 0;

	for (size_t i = 0; i + 1 < size && i < 200; i += 2) {
		/* A known name, or one that nobody knows. */
		if (data[i] & 0x80)
			fprintf(f, "%s = ", names[data[i] % 16]);
		else
			fprintf(f, "n%zu_%s = ", i, names[data[i] % 16]);
		if (data[i + 1] > 200 && depth < 8) {
			fputs("{ ", f);
			depth++;
		} else {
			fprintf(f, "%s;\n", values[data[i + 1] % 12]);
		}
	}
	while (depth--)
		fputs("};\n", f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	int fd = memfd_create("config", 0);
	FILE *f = fdopen(fd, "w");
	char path[64];
	struct config *config;

	assert(f);
	write_settings(f, data, size);
	fflush(f);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	config = config_load(path, true, &faults);
	assert(config || faults.n > 0);
	assert(faults.n == 0 || faults.text.n > 0);
	config_free(config);
	buf_free(&faults.text);
	fclose(f);
	return 0;
}
