/* SPDX-License-Identifier: MIT */
/* The tables of states and kinds. Pure. */
#include "model/ticket.h"

static const struct {
	const char *code, *words;
	bool open;
} states[TICKET_STATE_COUNT] = {
	[TICKET_BARU] = { "baru", "diterima", true },
	[TICKET_PERIKSA] = { "periksa", "diperiksa petugas", true },
	[TICKET_TANYA] = { "tanya", "menunggu jawaban Anda", true },
	[TICKET_DITERUSKAN] = { "diteruskan", "diteruskan", true },
	[TICKET_DIPROSES] = { "diproses", "sedang ditangani", true },
	[TICKET_DIJADWALKAN] = { "dijadwalkan", "dijadwalkan", true },
	[TICKET_LUAR] = { "luar", "wewenang instansi luar", true },
	[TICKET_SELESAI] = { "selesai", "selesai menurut dinas", true },
	[TICKET_DITUTUP] = { "ditutup", "ditutup", false },
	[TICKET_DIGABUNG] = { "digabung", "digabung", false },
	[TICKET_DITOLAK] = { "ditolak", "tidak dapat diproses", false },
	[TICKET_DICABUT] = { "dicabut", "dicabut pelapor", false },
	[TICKET_ARSIP] = { "arsip", "diarsipkan", false },
};

const char *ticket_state_code(enum ticket_state state)
{
	return states[state].code;
}

const char *ticket_state_words(enum ticket_state state)
{
	return states[state].words;
}

bool ticket_state_open(enum ticket_state state)
{
	return states[state].open;
}

bool ticket_state_read(struct str code, enum ticket_state *out)
{
	for (int i = 0; i < TICKET_STATE_COUNT; i++)
		if (str_eq(code, str_of(states[i].code))) {
			*out = (enum ticket_state)i;
			return true;
		}
	return false;
}

static const struct {
	const char *code, *words;
} kinds[TICKET_KIND_COUNT] = {
	[TICKET_KIND_QUESTION] = { "pertanyaan", "permintaan informasi" },
	[TICKET_KIND_WISH] = { "aspirasi", "aspirasi" },
	[TICKET_KIND_ORDINARY] = { "pengaduan", "pengaduan biasa" },
	[TICKET_KIND_INQUIRY] = { "pengawasan", "pengaduan berkadar pengawasan" },
};

const char *ticket_kind_code(enum ticket_kind kind)
{
	return kinds[kind].code;
}

const char *ticket_kind_words(enum ticket_kind kind)
{
	return kinds[kind].words;
}

bool ticket_kind_read(struct str code, enum ticket_kind *out)
{
	for (int i = 0; i < TICKET_KIND_COUNT; i++)
		if (str_eq(code, str_of(kinds[i].code))) {
			*out = (enum ticket_kind)i;
			return true;
		}
	return false;
}
