/* SPDX-License-Identifier: MIT */
/*
 * A mail as it came (RFC 5322, MIME, RFC 3464) taken apart by GMime: who, in answer to
 * what, whether a machine wrote it, its words, what is attached, what a report of
 * delivery says. Nothing here decides anything. Bytes from outside: their size, lines,
 * parts and depth are bounded before the library sees them.
 */
#ifndef BASE_MIME_READ_H
#define BASE_MIME_READ_H

#include "base/arena.h"
#include "base/err.h"

enum {
	MIME_BYTES_MOST = 10 << 20,
	/* What taking one apart needs: its words and attachments decoded. */
	MIME_ARENA_BYTES = 3 * MIME_BYTES_MOST,
	MIME_ATTACHMENTS_MOST = 50,
	MIME_REPORTS_MOST = 50,
	MIME_REFERENCES_MOST = 50,
};

struct mime_attachment {
	struct str name;  /* as the sender calls it, for people only; n 0: none */
	struct str type;  /* "image/jpeg" */
	struct str bytes; /* decoded; p NULL: there was no room for it */
	size_t size;	  /* of it; about, when it was not decoded */
};

/* What became of one recipient (RFC 3464 clause 2.3). */
struct mime_report {
	struct str to;
	struct str action; /* "failed" "delayed" "delivered" "relayed" "expanded" */
	struct str status; /* "5.1.1" */
	struct str diagnostic;
};

/* Text is UTF-8 without controls. Identifiers stand without < >, addresses in lower case.
 * n 0: not there. */
struct mime_mail {
	struct str message_id;
	struct str_list references; /* In-Reply-To, then References from the last back */
	struct str from;	    /* the address */
	bool null_path;		    /* Return-Path: <> */
	struct str subject;
	struct str auto_submitted, precedence; /* in lower case, without parameters */
	bool suppress;			       /* X-Auto-Response-Suppress */
	bool vacation; /* headers of programs that answer for people away */
	bool receipt;  /* a report of anything else but delivery: that it was read */
	bool list;     /* List-Id, List-Unsubscribe … */

	struct str text;  /* the words; lines end in \n */
	bool html;	  /* … were HTML only */
	bool other_bytes; /* … were not in the charset that they claimed, or in none */
	struct mime_attachment *attachments;
	size_t n_attachments;
	bool more_attachments; /* than are named here */

	bool report; /* multipart/report of a delivery */
	struct mime_report *reports;
	size_t n_reports;
	struct str reported_id; /* Message-ID of what was to be delivered */
};

/*
 * keep_bytes: so much of attachments is decoded, all together; one that has no room is
 * listed only, and costs nothing. ERR_LIMIT: larger, longer or deeper than is taken; the
 * sentence says what. ERR_NEVER: no mail at all.
 */
int mime_read(struct str raw, size_t keep_bytes, struct arena *arena,
	      struct mime_mail *out, struct err *err) MUST_CHECK;

#endif
