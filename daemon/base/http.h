/* SPDX-License-Identifier: MIT */
/*
 * HTTP as plain data, and mail as far as the same carrier runs it; seen from both sides:
 * an exchange that we describe and somebody else runs, the response to it, a request that
 * came in and our answer. No sockets here. All views live in the arena of the object that
 * carries them.
 */
#ifndef BASE_HTTP_H
#define BASE_HTTP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct json;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE };

const char *http_method_name(enum http_method method);

/* What we want to ask of a server. */
struct exchange {
	enum http_method method;
	struct str url; /* absolute: http, https; for mail smtp, smtps, imap, imaps */
	struct str_pairs
		headers; /* names and values without CR LF (the carrier refuses them) */
	struct str body; /* p == NULL: no body */
	struct str user, password; /* Basic authentication when user.p is set */
	size_t ceiling_bytes; /* most we take of the answer; 0: the carrier's default */
	bool status_only; /* HTTP: the status is the answer. Of the body comes what was
			     there, up to the ceiling, and no more is waited for */
	bool reads_json;  /* HTTP: the carrier reads the answer, too, so that the
			     engine need not: response.json */
	struct str
		unix_path; /* p set: over this Unix socket, whatever host the URL names */

	/*
	 * Mail; user and password log in. Over smtp and imap TLS is begun with STARTTLS
	 * and demanded, unless mail_plain.
	 *
	 * SMTP (RFC 5321): the envelope, body is the message with CR LF; dots are
	 * doubled by the carrier. The URL's path, when there is one, is the name that we
	 * greet with. The response's status is the server's last reply code, 4xx and 5xx
	 * too, body its words. With several recipients the first refused one ends it.
	 * The header "smtp-step" says to what it was the reply: "login", all before MAIL;
	 * "sender", MAIL; "message", what came after.
	 *
	 * IMAP (RFC 9051): imap(s)://HOST:PORT/FOLDER and one command in `imap`, or
	 * imap(s)://HOST:PORT/FOLDER/;UID=7 and `imap` empty, which fetches a message.
	 * The carrier opens the folder anew before each, and for reading only before a
	 * fetch, so that fetching marks nothing as seen. Status 200 is OK (body: the
	 * server's lines, or the message as it is, byte for byte), 400 NO or BAD, 401 the
	 * login was refused, 404 there is no such message. The headers of the response
	 * are "uidvalidity" and "uidnext" (0: not said) as the folder had them when it
	 * was opened for this very exchange. A line that is longer than 500 kB is cut by
	 * libcurl: search in ranges, "UID SEARCH UID 5:1004".
	 */
	struct str mail_from;	 /* SMTP: sender, "" is the null path */
	struct str_list mail_to; /* SMTP: recipients */
	struct str imap;	 /* IMAP: "UID SEARCH UID 5:*" */
	bool mail_plain;
};

struct response {
	int status;		  /* 100–599 */
	struct str_pairs headers; /* names in lower case */
	struct str body;
	const struct json *json; /* the body as it was read; NULL: it was not asked for,
				    takes too much room, or is none */
};

/* Makes all views of the exchange live in arena. −1 at its ceiling. */
int exchange_own(struct exchange *exchange, struct arena *arena,
		 struct err *err) MUST_CHECK;

/* What somebody asks of us. */
struct request {
	enum http_method method;
	struct str path;	  /* decoded, without query, begins with '/' */
	struct str_pairs query;	  /* decoded */
	struct str_pairs headers; /* names in lower case */
	struct str body;	  /* raw bytes */
	struct str peer;	  /* numeric address; "unix" on a control socket */
	uint32_t peer_uid;	  /* control socket only */
};

struct answer {
	int status;
	struct str content_type; /* p == NULL: no body */
	struct str body;
	struct str_pairs headers; /* more headers */
};

/* Value of the first header (lower-case name) or query/form field of that name; p NULL:
 * none. */
struct str pairs_get(struct str_pairs pairs, struct str name);
/*
 * application/x-www-form-urlencoded (WHATWG URL clause 5.1) into pairs allocated from
 * arena. Invalid %-sequences are kept as they stand. At most `most` pairs, else
 * ERR_LIMIT.
 */
int form_parse(struct str body, size_t most, struct arena *arena, struct str_pairs *out,
	       struct err *err) MUST_CHECK;
/* Percent-decoded (RFC 3986 clause 2.1), of a path; p NULL at the arena's ceiling. */
struct str url_decode(struct str s, struct arena *arena);
/* "a=1&b=x+y" from pairs; p NULL at the arena's ceiling. */
struct str form_encode(struct str_pairs pairs, struct arena *arena);
/* Retry-After (RFC 9110 clause 10.2.3) in milliseconds from wall_ms, 0 when absent or
 * odd. */
int64_t http_retry_after_ms(const struct response *response, int64_t wall_ms);

#endif
