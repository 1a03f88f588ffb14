/* SPDX-License-Identifier: MIT */
/* Sets of states as bits, for lifecycle.c and lifecycle_show.c only. */
#ifndef MODEL_LIFECYCLE_INSIDE_H
#define MODEL_LIFECYCLE_INSIDE_H

#include "model/lifecycle.h"

#define IN(state) (1u << TICKET_##state)
#define DESKS	  (IN(BARU) | IN(PERIKSA))
#define OFFICES	  (IN(DITERUSKAN) | IN(DIPROSES) | IN(DIJADWALKAN))
#define WORK	  (DESKS | OFFICES | IN(LUAR))
#define OPEN	  (WORK | IN(TANYA) | IN(SELESAI))
#define CLOSED	  (IN(DITUTUP) | IN(DITOLAK) | IN(DICABUT) | IN(ARSIP))
#define ALL	  (OPEN | CLOSED | IN(DIGABUNG))

#endif
