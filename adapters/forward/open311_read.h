/* SPDX-License-Identifier: MIT */
/*
 * What an Open311 server answers, in XML or JSON, as rows of the same fields: requests,
 * tokens, errors are all lists of flat things in GeoReport v2. Pure.
 */
#ifndef ADAPTERS_FORWARD_OPEN311_READ_H
#define ADAPTERS_FORWARD_OPEN311_READ_H

#include "forwarder.h"

enum { OPEN311_ROWS_MOST = 1000, OPEN311_ID_MOST = 100, OPEN311_WORDS_MOST = 2000 };

/* n 0: not there. Words are clean and cut; ids that no server can mean are left out. */
struct open311_row {
	struct str service_request_id, token, status, status_notes;
	struct str code, description; /* of an error */
};

/* ERR_NEVER: neither XML nor JSON, or no list. */
int open311_rows(struct str body, struct arena *arena, struct open311_row **out,
		 size_t *n, struct err *err) MUST_CHECK;
/* The first error's words, or what the body begins with; n 0: none. */
struct str open311_words(struct str body, struct arena *arena);

#endif
