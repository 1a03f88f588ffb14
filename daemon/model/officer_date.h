/* SPDX-License-Identifier: MIT */
/*
 * Dates as officers text them: "12/8" "12-08-25" "2025-08-12" "12 agustus" "tgl 12"
 * "besok" "lusa" "senin" "senin depan" "3 hari lagi" "minggu depan" "akhir bulan"
 * "agustus 2026". What names a month only means its last day. Without a year it is this
 * year's, or next year's when that would lie more than half a year back. Pure.
 */
#ifndef MODEL_OFFICER_DATE_H
#define MODEL_OFFICER_DATE_H

#include "base/when.h"
#include "model/command_cut.h"

struct officer_date {
	struct when_date date;
	bool exists; /* false: "31/2" */
	size_t next; /* the word after it */
};

/* The date at word i. False when there is none. */
bool officer_date_at(const struct words *w, size_t i, struct when_date today,
		     struct officer_date *out);
/* A number of days at word i: "5 hari", "5hr", "5", "seminggu", "2 minggu". 0: none. */
int officer_days_at(const struct words *w, size_t i, size_t *next);

#endif
