/* SPDX-License-Identifier: MIT */
/*
 * What is said to citizens: wordings by key and language with {placeholders}. A key has
 * one wording or several, the fullest first; composing takes the first that fits one
 * segment with its values, else the shortest whole. A value of kind FREE (words of
 * people) is cut at a word's end to make the shortest fit; a number, a date or a name
 * never is.
 */
#ifndef MODEL_REPLY_TEXT_H
#define MODEL_REPLY_TEXT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/keys.h"
#include "base/str.h"
#include "model/gsm7.h"

/* The keys of domain section 6 that the program says. */
enum reply_key {
	REPLY_ACK_RUTE,
	REPLY_ACK_PERIKSA,
	REPLY_ACK_JAM,
	REPLY_ACK_RAHASIA,
	REPLY_ACK_DARURAT,
	REPLY_TAMBAH_OK,
	REPLY_STATUS,
	REPLY_DAFTAR,
	REPLY_DAFTAR_KOSONG,
	REPLY_BUKAN_MILIK,
	REPLY_NOMOR_SALAH,
	REPLY_BANTUAN,
	REPLY_STOP_OK,
	REPLY_STOP_SATU,
	REPLY_MULAI_OK,
	REPLY_MULAI_SATU,
	REPLY_BATAS,
	REPLY_TERIMAKASIH,
	REPLY_SALAM,
	REPLY_KOSONG,
	REPLY_COUNT
};

enum reply_value {
	VALUE_NO,
	VALUE_OPD,
	VALUE_TGL,
	VALUE_TGL2,
	VALUE_STATUS,
	VALUE_TEKS,
	VALUE_TELP,
	VALUE_N,
	VALUE_COUNT
};

const char *reply_key_name(enum reply_key key);	      /* "ACK_RUTE" */
const char *reply_value_name(enum reply_value value); /* "no" */

struct reply_texts; /* one language */

struct reply_lint {
	struct str longest_opd; /* longest department code or short name */
	unsigned no_digits;	/* digits of a ticket number */
};

/*
 * Checks and builds one language from its texts. Problems go one by one to `complain`
 * (line of the text, sentence): unknown key, missing key, unknown placeholder, missing
 * {no}, unbalanced brace, a character outside the 7-bit alphabet, the shortest wording
 * over one segment with the longest values. Returns NULL when there was any (all are
 * reported first).
 */
struct reply_texts *reply_texts_build(const struct key_texts *texts,
				      const struct reply_lint *lint,
				      void (*complain)(void *arg, unsigned line,
						       const char *sentence),
				      void *arg, struct arena *arena);
/* values[v].p == NULL: that value is not there (its use is a bug of ours: shown as "-").
 */
struct str reply_compose(const struct reply_texts *texts, enum reply_key key,
			 const struct str values[VALUE_COUNT], struct arena *arena,
			 struct sms_size *size);

#endif
