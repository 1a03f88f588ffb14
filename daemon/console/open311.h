/* SPDX-License-Identifier: MIT */
/*
 * What the files of the Open311 server share: a call being answered, and a writer that
 * says the same in XML or JSON. GeoReport v2: wiki.open311.org/GeoReport_v2.
 */
#ifndef CONSOLE_OPEN311_H
#define CONSOLE_OPEN311_H

#include "console/desk.h"
#include "store/open311.h"

enum { GEO_LIST_MOST = 1000, GEO_DAYS_MOST = 90 };
#define GEO_DAY_MS INT64_C(86400000)

enum geo_format { GEO_XML, GEO_JSON };

struct geo {
	struct engine *engine;
	struct incoming *in;
	struct answer *answer;
	struct arena *arena; /* of this call; the answer's body lives in in->arena */
	const struct config *config;
	enum geo_format format;
	struct str what, id;   /* "requests", "25004176" or n 0 */
	struct str_pairs form; /* of a POST */
	int64_t later_s;  /* the answer says: come again in so many seconds; 0: not */
	struct str allow; /* … which methods there are; n 0: not */
};

/* A field of the query or, in a POST, of the form; trimmed, n 0: not given. */
struct str geo_asked(const struct geo *geo, const char *name);
/* The list of errors that the standard wants. Always true, as answers are. */
bool geo_error(struct geo *geo, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* What went wrong here is in our log and not for everybody. Always true. */
bool geo_failed(struct geo *geo, const struct err *err);

/* ---- open311_write.c ---- */

struct geo_writer;

/* A list, whose root XML gives a name; or one thing, when `one`. NULL: no memory, the
 * others accept it and geo_end says so. */
struct geo_writer *geo_begin(struct geo *geo, const char *root, bool one);
/* A thing of the list, or of the one that stands open; a list within a thing. */
void geo_item(struct geo_writer *w, const char *name);
void geo_list(struct geo_writer *w, const char *name);
void geo_close(struct geo_writer *w);
/* n 0: empty in XML, null in JSON. */
void geo_put(struct geo_writer *w, const char *name, struct str value);
void geo_put_bool(struct geo_writer *w, const char *name, bool value);
/* A string of a list within a thing. */
void geo_add(struct geo_writer *w, const char *name, struct str value);
bool geo_end(struct geo_writer *w, struct geo *geo, int status);

/* ---- open311_show.c, open311_file.c: each answers ---- */

bool geo_services(struct geo *geo);
bool geo_service(struct geo *geo);
bool geo_discovery(struct geo *geo);
bool geo_requests(struct geo *geo);
bool geo_request(struct geo *geo);
bool geo_token(struct geo *geo);
bool geo_file(struct geo *geo);

/* Index of a department that complaints may be filed to; −1: by its words; −2: none. */
int geo_service_of(const struct geo *geo, struct str code);

#endif
