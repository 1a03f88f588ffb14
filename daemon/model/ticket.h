/* SPDX-License-Identifier: MIT */
/*
 * The states of a complaint (domain section 4.1) and its kinds (section 3), by code and
 * as citizens read them. What leads from state to state is model/lifecycle.h.
 */
#ifndef MODEL_TICKET_H
#define MODEL_TICKET_H

#include "base/str.h"

enum ticket_state {
	TICKET_BARU,
	TICKET_PERIKSA,
	TICKET_TANYA,
	TICKET_DITERUSKAN,
	TICKET_DIPROSES,
	TICKET_DIJADWALKAN,
	TICKET_LUAR,
	TICKET_SELESAI,
	TICKET_DITUTUP,
	TICKET_DIGABUNG,
	TICKET_DITOLAK,
	TICKET_DICABUT,
	TICKET_ARSIP,
	TICKET_STATE_COUNT
};

const char *ticket_state_code(enum ticket_state state);
/* False when code names no state. */
bool ticket_state_read(struct str code, enum ticket_state *out);
/* As a citizen reads it, without the department: "diterima", "sedang ditangani". */
const char *ticket_state_words(enum ticket_state state);
bool ticket_state_open(enum ticket_state state);

/* What it is about; decides how long settling it may take. */
enum ticket_kind {
	TICKET_KIND_QUESTION, /* permintaan informasi */
	TICKET_KIND_WISH,     /* aspirasi */
	TICKET_KIND_ORDINARY, /* pengaduan tidak berkadar pengawasan: road, lamp */
	TICKET_KIND_INQUIRY,  /* pengaduan berkadar pengawasan: bribes, abuse */
	TICKET_KIND_COUNT
};

/* "pertanyaan" "aspirasi" "pengaduan" "pengawasan" */
const char *ticket_kind_code(enum ticket_kind kind);
/* False when code names no kind. */
bool ticket_kind_read(struct str code, enum ticket_kind *out);
/* "pengaduan biasa", for departments. */
const char *ticket_kind_words(enum ticket_kind kind);

#endif
