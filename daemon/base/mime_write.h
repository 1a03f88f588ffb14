/* SPDX-License-Identifier: MIT */
/*
 * A mail that we write (RFC 5322, MIME), by GMime: encodings, encoded words, folding and
 * boundaries are the library's. What people wrote may stand in any field: controls, line
 * breaks and characters that turn the direction of writing never reach a header, and
 * never the text as anything but text.
 */
#ifndef BASE_MIME_WRITE_H
#define BASE_MIME_WRITE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* UTF-8; n 0: left out, where that is possible. */
struct mime_out {
	struct str from; /* "Pengaduan <aduan@example.go.id>" */
	struct str to;	 /* one address */
	struct str subject;
	int64_t date_ms;
	int32_t zone_s;
	struct str message_id, in_reply_to; /* with < > */
	struct str_list references;	    /* the same, the first of the thread first */
	struct str auto_submitted; /* "auto-generated", "auto-replied" (RFC 3834) */
	struct str list_id;	   /* "Words <name.domain>" (RFC 2919) */
	struct str text;	   /* lines end in \n */
	struct str html; /* n 0: text alone; else multipart/alternative, this last */
};

/*
 * The whole mail, its lines ended by CR LF and at most 998 long, of 7-bit characters,
 * into arena. −1: ERR_NEVER, an address is none; ERR_LIMIT, no room.
 */
int mime_write(const struct mime_out *mail, struct arena *arena, struct str *out,
	       struct err *err) MUST_CHECK;
/* "aduan@example.go.id" of "Pengaduan <aduan@example.go.id>"; n 0: there is none. */
struct str mime_address(struct str mailbox);

/* For HTML: & < > and quotes as what they are. */
void mime_add_html(struct buf *out, struct str s);

#endif
