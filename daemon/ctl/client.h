/* SPDX-License-Identifier: MIT */
/* One question over HTTP, waited for: to the daemon's control socket, or to the
 * simulator. */
#ifndef CTL_CLIENT_H
#define CTL_CLIENT_H

#include "base/err.h"
#include "base/http.h"
#include "base/json.h"

/*
 * Runs the exchange and waits. response's views live in arena. ERR_LATER: nobody answers.
 */
int client_run(const struct exchange *exchange, int64_t total_ms, struct arena *arena,
	       struct response *response, struct err *err) MUST_CHECK;

/*
 * Asks the daemon: method, "/v1/…", query. The answer's JSON (json_free), or NULL with
 * the daemon's own words, whole, in *problem. *status is HTTP's, 0 where nobody answered.
 */
struct json *client_ask(struct str socket, enum http_method method, const char *path,
			struct str_pairs query, struct arena *arena, int *status,
			struct str *problem);

#endif
