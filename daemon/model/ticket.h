/* SPDX-License-Identifier: MIT */
/* The states of a complaint (domain section 4.1), by code and as citizens read them. */
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

#endif
