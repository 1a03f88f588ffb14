/* SPDX-License-Identifier: MIT */
/*
 * Lives and acts for the tests of the life cycle: from words ("tanya answered citizen
 * before=diproses"), all combinations of what conditions look at, and the lines of the
 * specification that touch every row of the table.
 */
#ifndef TESTS_LIFECYCLE_CASE_H
#define TESTS_LIFECYCLE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/lifecycle.h"

enum { NOW = 1000000, LATER = 2000000, STATES = TICKET_STATE_COUNT };

static struct life parent;

static enum ticket_state state_of(struct str code)
{
	enum ticket_state state = TICKET_BARU;

	if (!ticket_state_read(code, &state))
		fail_msg("no state: %.*s", STR_ARG(code));
	return state;
}

static enum life_event event_of(struct str name)
{
	enum life_event event = LIFE_REMIND;

	if (!lifecycle_event_read(name, &event))
		fail_msg("no event: %.*s", STR_ARG(name));
	return event;
}

static enum life_actor actor_of(struct str name)
{
	for (int a = 0; a < LIFE_ACTOR_COUNT; a++)
		if (str_eq(name, str_of(lifecycle_actor_name((enum life_actor)a))))
			return (enum life_actor)a;
	fail_msg("no actor: %.*s", STR_ARG(name));
	return LIFE_STRANGER;
}

static int number_of(struct str s)
{
	int64_t n = 0;

	assert_true(str_to_int(s, &n));
	return (int)n;
}

static void fact(struct str word, struct life *life, struct life_act *act)
{
	struct str name;

	assert_true(str_split(&word, '=', &name));
	if (str_eq(name, STR("before")))
		life->before = state_of(word);
	else if (str_eq(name, STR("transfers")))
		life->transfers = number_of(word);
	else if (str_eq(name, STR("level")))
		life->level = (enum life_level)number_of(word);
	else if (str_eq(name, STR("sensitive")))
		life->sensitive = true;
	else if (str_eq(name, STR("followed")))
		life->followers = 2;
	else if (str_eq(name, STR("machine")))
		life->asked_by = LIFE_GATEWAY;
	else if (str_eq(name, STR("lapsed")))
		life->closed_by = LIFE_GATEWAY;
	else if (str_eq(name, STR("window")))
		life->window_ms = NOW;
	else if (str_eq(name, STR("rated")))
		life->rating = 4;
	else if (str_eq(name, STR("rating")))
		act->rating = number_of(word);
	else if (str_eq(name, STR("proved")))
		act->proved = true;
	else if (str_eq(name, STR("dated")))
		act->date_ms = LATER;
	else if (str_eq(name, STR("past")))
		act->date_ms = NOW;
	else if (str_eq(name, STR("word")))
		act->word = true;
	else if (str_eq(name, STR("parent")))
		act->parent = &parent;
	else
		fail_msg("no fact: %.*s", STR_ARG(name));
}

/* Where nothing is said: it was in work, the desk asked, all else is no or 0. */
static inline void read_case(const char *text, struct life *life, struct life_act *act)
{
	struct str rest = str_of(text), word;

	*life = lifecycle_new(TICKET_KIND_ORDINARY, false, false);
	life->before = TICKET_DIPROSES;
	life->asked_by = LIFE_DESK;
	*act = (struct life_act){ .at_ms = NOW };
	parent = *life;
	parent.state = TICKET_DITERUSKAN;
	assert_true(str_split(&rest, ' ', &word));
	life->state = state_of(word);
	assert_true(str_split(&rest, ' ', &word));
	act->event = event_of(word);
	assert_true(str_split(&rest, ' ', &word));
	act->who = actor_of(word);
	while (str_split(&rest, ' ', &word))
		fact(word, life, act);
}

/* The i-th combination of everything that a condition looks at. */
static inline void combine(unsigned i, struct life *life, struct life_act *act)
{
	static const enum ticket_state befores[] = { TICKET_BARU, TICKET_PERIKSA,
						     TICKET_DIPROSES, TICKET_LUAR };
	static const int ratings[] = { 0, 1, 4, 9 };

	life->before = befores[i & 3];
	act->rating = ratings[i >> 2 & 3];
	life->transfers = i >> 4 & 1 ? LIFE_TRANSFERS_MOST : 0;
	life->sensitive = i >> 5 & 1;
	life->followers = i >> 6 & 1;
	life->asked_by = i >> 7 & 1 ? LIFE_GATEWAY : LIFE_OFFICER;
	life->closed_by = i >> 7 & 1 ? LIFE_GATEWAY : LIFE_CITIZEN;
	life->rating = i >> 8 & 1 ? 3 : 0;
	life->window_ms = i >> 9 & 1 ? NOW : NOW - 1;
	act->proved = act->word = i >> 10 & 1;
	act->date_ms = i >> 11 & 1 ? NOW + 1 : NOW;
	parent = *life;
	parent.state = TICKET_DIPROSES;
	act->parent = i >> 12 & 1 ? &parent : NULL;
	act->at_ms = NOW;
}

enum { COMBINATIONS = 1 << 13 };

/* What a step did, given => state, reply, who else is told, clocks begun. */
/* clang-format off */
static const struct {
	const char *given, *then;
} steps[] = {
	/* a new ticket */
	{ "baru opened_routed gateway", "diteruskan ACK_RUTE office +answer" },
	{ "baru opened_routed gateway sensitive", "diteruskan ACK_RAHASIA office +answer" },
	{ "baru opened_unclear gateway", "periksa ACK_PERIKSA desk" },
	{ "baru opened_sensitive gateway sensitive", "periksa ACK_RAHASIA desk" },
	{ "baru opened_outside gateway", "luar LUAR office +watch" },
	{ "baru opened_outside gateway sensitive", "periksa ACK_RAHASIA desk" },
	{ "baru merge gateway parent", "digabung ACK_GABUNG office" },
	{ "baru archive gateway", "arsip - -" },
	/* the desk */
	{ "periksa route desk", "diteruskan DITERUSKAN office +answer" },
	{ "diproses route desk", "diteruskan PINDAH office +answer" },
	{ "tanya route desk", "diteruskan PINDAH office +answer" },
	{ "luar route desk", "diteruskan PINDAH office +answer +settle" },
	{ "dijadwalkan recall desk", "periksa PINDAH head +verify" },
	{ "selesai recall desk", "periksa PINDAH head +verify" },
	{ "luar recall desk", "periksa PINDAH desk +verify +settle" },
	{ "periksa reject desk", "ditolak TOLAK -" },
	{ "periksa archive desk", "arsip - -" },
	{ "arsip reopen desk", "periksa ACK_PERIKSA desk +verify +settle" },
	{ "ditolak reopen desk", "periksa BUKA_LAGI head +verify +settle" },
	{ "ditutup reopen desk", "periksa BUKA_LAGI head +verify +settle" },
	{ "diproses extend desk dated", "diproses PERPANJANG office +settle" },
	{ "diproses no_extend desk", "diproses - office" },
	/* questions */
	{ "baru ask_place gateway", "tanya TANYA_LOKASI - +reply" },
	{ "diteruskan ask_place gateway", "tanya TANYA_LOKASI - +reply" },
	{ "periksa ask_choice desk", "tanya TANYA_PILIH - +reply" },
	{ "periksa ask desk", "tanya TANYA_OPD - +reply" },
	{ "luar ask desk", "tanya TANYA_OPD - +reply" },
	{ "dijadwalkan ask officer", "tanya TANYA_OPD - +reply" },
	{ "tanya ask officer", "tanya TANYA_OPD - +reply" },
	{ "tanya ask desk before=periksa", "tanya TANYA_OPD - +reply" },
	{ "tanya answered citizen before=baru", "baru - -" },
	{ "tanya answered citizen before=diteruskan", "diteruskan TAMBAH_OK office" },
	{ "tanya answered citizen before=periksa", "periksa TAMBAH_OK office" },
	{ "tanya added citizen before=baru", "baru - -" },
	{ "tanya added citizen before=dijadwalkan", "dijadwalkan TAMBAH_OK office" },
	{ "dicabut answered citizen lapsed window", "diproses TAMBAH_OK office +settle" },
	{ "dicabut added citizen lapsed window before=diteruskan",
	  "diteruskan TAMBAH_OK office +answer +settle" },
	{ "dicabut added citizen lapsed window before=luar",
	  "luar TAMBAH_OK office +watch" },
	/* officers */
	{ "diteruskan accept officer", "diproses - -" },
	{ "diteruskan accept officer dated", "diproses PROSES -" },
	{ "diteruskan progress officer", "diproses PROSES -" },
	{ "dijadwalkan progress desk", "diproses PROSES -" },
	{ "tanya progress officer", "diproses PROSES -" },
	{ "diproses schedule officer dated", "dijadwalkan JADWAL - +settle" },
	{ "dijadwalkan schedule officer dated", "dijadwalkan JADWAL - +settle" },
	{ "tanya schedule officer dated", "dijadwalkan JADWAL - +settle" },
	{ "diteruskan done officer", "selesai SELESAI - +confirm" },
	{ "tanya done officer", "selesai SELESAI - +confirm" },
	{ "periksa done desk", "selesai SELESAI - +confirm" },
	{ "luar done desk", "selesai SELESAI - +confirm" },
	{ "diteruskan transfer officer", "diteruskan PINDAH office +answer" },
	{ "diproses transfer officer transfers=1", "diteruskan PINDAH office +answer" },
	{ "diproses transfer officer transfers=2", "periksa PINDAH desk +verify" },
	{ "diproses transfer officer sensitive", "periksa - desk +verify" },
	{ "tanya transfer officer", "diteruskan PINDAH office +answer" },
	{ "tanya transfer officer transfers=2", "periksa PINDAH desk +verify" },
	{ "tanya transfer officer sensitive", "periksa - desk +verify" },
	{ "diproses outside officer proved", "luar LUAR office +watch" },
	{ "diproses outside officer proved sensitive", "periksa - desk +verify" },
	{ "periksa outside desk", "luar LUAR office +watch" },
	{ "tanya outside officer proved", "luar LUAR office +watch" },
	{ "diteruskan merge officer proved parent", "digabung GABUNG office" },
	{ "tanya merge officer proved parent", "digabung GABUNG office" },
	{ "periksa merge desk parent", "digabung GABUNG office" },
	{ "diteruskan reject_proposed officer proved", "periksa - desk +verify" },
	{ "tanya reject_proposed officer proved", "periksa - desk +verify" },
	{ "diproses extend_asked officer", "diproses - desk" },
	/* secrecy */
	{ "diproses hide citizen", "diproses RAHASIA_OK office" },
	{ "ditutup hide citizen", "ditutup RAHASIA_OK office" },
	{ "diproses hide officer proved", "diproses - desk" },
	{ "periksa hide desk", "periksa - office" },
	{ "diproses unhide desk word", "diproses - office" },
	/* the citizen */
	{ "diproses added citizen", "diproses TAMBAH_OK office" },
	{ "selesai added citizen", "selesai TAMBAH_OK office" },
	{ "diproses answered citizen", "diproses TAMBAH_OK office" },
	{ "selesai confirm citizen", "ditutup NILAI office" },
	{ "selesai not_fixed citizen", "diproses BUKA_LAGI head +settle" },
	{ "selesai not_fixed citizen before=luar",
	  "periksa BUKA_LAGI head +verify +settle" },
	{ "ditutup not_fixed citizen window", "diproses BUKA_LAGI head +settle" },
	{ "ditutup not_fixed citizen window before=periksa",
	  "periksa BUKA_LAGI head +verify +settle" },
	{ "diproses not_fixed citizen", "diproses MASIH_JALAN office" },
	{ "tanya not_fixed citizen", "diproses TAMBAH_OK office" },
	{ "selesai rate citizen rating=1", "diproses NILAI_BUKA head +settle" },
	{ "selesai rate citizen rating=2 before=luar",
	  "periksa NILAI_BUKA head +verify +settle" },
	{ "selesai rate citizen rating=3", "ditutup NILAI_OK office" },
	{ "ditutup rate citizen rating=2 window", "diproses NILAI_BUKA head +settle" },
	{ "ditutup rate citizen rating=1 window before=periksa",
	  "periksa NILAI_BUKA head +verify +settle" },
	{ "ditutup rate citizen rating=1", "ditutup NILAI_OK office" },
	{ "ditutup rate citizen rating=5 window", "ditutup NILAI_OK office" },
	{ "ditutup confirm citizen", "ditutup NILAI -" },
	{ "tanya withdraw citizen", "dicabut CABUT_OK office" },
	{ "digabung withdraw citizen", "dicabut CABUT_OK office" },
	{ "diproses withdraw citizen followed", "diproses CABUT_OK -" },
	{ "ditolak appeal citizen window", "periksa BANDING_OK head +verify +settle" },
	{ "ditutup appeal citizen window", "periksa BANDING_OK head +verify +settle" },
	{ "selesai appeal citizen", "periksa BANDING_OK head +verify +settle" },
	/* merged */
	{ "digabung unmerge citizen", "periksa BEDA_OK desk +verify +settle" },
	{ "digabung unmerge desk", "periksa BEDA_OK desk +verify +settle" },
	{ "digabung added citizen", "digabung - -" },
	{ "digabung answered citizen", "digabung - -" },
	{ "digabung confirm citizen", "digabung - -" },
	{ "digabung not_fixed citizen", "digabung - -" },
	{ "digabung rate citizen rating=1", "digabung - -" },
	/* the clock */
	{ "luar remind gateway", "luar - office" },
	{ "tanya remind gateway", "tanya TANYA_INGAT -" },
	{ "baru deadline gateway", "periksa NAIK head" },
	{ "diteruskan deadline gateway", "diteruskan NAIK head" },
	{ "dijadwalkan deadline gateway", "diproses NAIK head" },
	{ "diproses statute gateway", "diproses OMBUDSMAN head" },
	{ "luar statute gateway", "periksa OMBUDSMAN head +verify +settle" },
	{ "tanya ask_expired gateway machine", "diproses - office" },
	{ "tanya ask_expired gateway machine before=baru", "periksa - desk +verify" },
	{ "tanya ask_expired gateway followed", "diproses - office" },
	{ "tanya ask_expired gateway followed before=periksa", "periksa - desk +verify" },
	{ "tanya ask_expired gateway", "dicabut DICABUT_DIAM office" },
	{ "selesai close_silence gateway", "ditutup TUTUP -" },
};
/* clang-format on */

#endif
