/* SPDX-License-Identifier: MIT */
/*
 * kentongan route: how a text is understood, and why. Works without a daemon, from the
 * configuration alone; with none at hand, from the sample that the program carries
 * inside.
 */
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "config/config.h"
#include "ctl/ctl.h"

enum { SCRATCH = 4 << 20 };

static struct config *config_of(struct ctl *ctl)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };
	struct config *config;

	if (!ctl->file_given && access(ctl->file, R_OK) != 0) {
		fprintf(stderr,
			"kentongan: %s: %s; understood as in the sample inside the "
			"program\n",
			ctl->file, strerror(errno));
		config = config_load_sample(&faults);
	} else {
		config = config_load(ctl->file, true, &faults);
	}
	if (!config)
		fwrite(faults.text.p, 1, faults.text.n, stderr);
	buf_free(&faults.text);
	return config;
}

static void route_one(const struct config *config, struct str text, bool json,
		      struct arena *scratch)
{
	struct buf out = BUF_INIT(1 << 20);
	struct routing routing;
	struct json *root;

	arena_reset(scratch);
	router_route(config->router, utf8_repair(text, scratch), scratch, &routing);
	if (json) {
		root = router_json(config->router, &routing);
		json_dump(root, &out);
		json_free(root);
		buf_add_char(&out, '\n');
	} else {
		router_explain(config->router, &routing, &out);
	}
	fwrite(out.p, 1, out.n, stdout);
	buf_free(&out);
}

static void route_lines(const struct config *config, bool json, struct arena *scratch)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) >= 0) {
		struct str text = { line, (size_t)n };

		while (text.n &&
		       (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
			text.n--;
		route_one(config, text, json, scratch);
	}
	free(line);
	fflush(stdout);
}

int ctl_route(struct ctl *ctl)
{
	static const struct option longs[] = { { "json", 0, NULL, 'j' },
					       { NULL, 0, NULL, 0 } };
	struct arena *scratch = arena_new("route", SCRATCH);
	struct config *config;
	int c;

	optind = 0;
	while ((c = getopt_long(ctl->argc, ctl->argv, "j", longs, NULL)) != -1) {
		if (c == '?')
			return EX_USAGE;
		ctl->json = true;
	}
	config = config_of(ctl);
	if (!config || !scratch) {
		config_free(config);
		arena_free(scratch);
		return EX_CONFIG;
	}
	if (optind < ctl->argc)
		for (int i = optind; i < ctl->argc; i++)
			route_one(config, str_of(ctl->argv[i]), ctl->json, scratch);
	else
		route_lines(config, ctl->json, scratch);
	config_free(config);
	arena_free(scratch);
	return 0;
}
