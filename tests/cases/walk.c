/* SPDX-License-Identifier: MIT */
/*
 * A random walk: a story that nobody wrote, of citizens, officers of three departments,
 * the desk, the calendar, crashes, jumping clocks and a store that fails, one line after
 * the other; what must hold (truth.c) is looked at all the time. A walk that breaks it is
 * shortened line by line as long as it still does, and printed as a story that the player
 * takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"

enum { LINE_MOST = 200, LOOK_EVERY = 8, SETTLE_MS = 15000, DAY_MS = 86400000 };

/* ---- chance: the same seed, the same walk ---- */

static uint64_t chance_state;

static unsigned below(unsigned n)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (unsigned)(chance_state >> 33) % n;
}

/* ---- lines ---- */

/*
 * {c} a citizen, {n} a ticket number (mostly one that there is, now and then a slip),
 * {d} a department, {p} a PIN (mostly the right one), {t} a day to come or past.
 */
static const char *const citizens[] = {
	"jalan rusak di kp cibogo",
	"jembatan rusak di kp baru",
	"sampah numpuk di kp cibogo",
	"lampu jalan mati di kp cikupa",
	"sampah dan got mampet di kp cibogo",
	"got mampet sudah lama pak",
	"banjir sepinggang di kp citasuk tolong",
	"listrik padam di kp cibogo",
	"pungli parkir liar di pasar, oknum minta uang",
	"gmn nih pemerintah tidur aja",
	"terima kasih jalan sudah diperbaiki",
	"assalamualaikum",
	"RAHASIA sampah numpuk di belakang rumah pak lurah",
	"lokasinya dekat masjid",
	"kp cikupa rt 3 rw 1",
	"CEK",
	"CEK {n}",
	"BALAS {n} tambah parah",
	"BALAS tambah parah",
	"{n} belum ada petugas",
	"YA",
	"YA {n}",
	"sudah pak makasih",
	"belum pak masih bolong",
	"BELUM {n} masih rusak",
	"NILAI {n} 1",
	"NILAI {n} 5",
	"NILAI 4",
	"4",
	"2",
	"1",
	"BEDA {n}",
	"RAHASIA",
	"RAHASIA {n}",
	"CABUT {n}",
	"cabut",
	"tidak",
	"BANDING {n} tidak adil pak",
	"STOP",
	"STOP {n}",
	"MULAI",
	"MULAI {n}",
	"HAPUS {n}",
	"makasih",
	"bahasa jawa",
	"bantuan",
};

static const char *const officers[] = {
	"TERIMA {n}",
	"TERIMA {n} {t}",
	"PROSES {n} sedang kami kerjakan",
	"JADWAL {n} {t} menunggu alat berat",
	"TANYA {n} di RT berapa rumahnya",
	"SELESAI {n} sudah kami perbaiki semua",
	"SELESAI {n} sudah kami perbaiki semua",
	"ALIH {n} {d} bukan urusan kami",
	"LUAR {n} BBPJN jalan nasional bukan kabupaten {p}",
	"GABUNG {n} {n} {p}",
	"TOLAK {n} bukan pengaduan warga {p}",
	"PERPANJANG {n} 9 menunggu suku cadang",
	"RAHASIA {n} {p}",
	"DAFTAR",
	"terima",
	"selesai sudah diperbaiki semua",
	"{p}",
	"ya",
	"1",
	"selamat pagi semua",
	"lampu jalan mati di kp baru",
};

static const char *const acts[] = {
	"act 0 route {n} to={d} silakan",	"act 0 recall {n} salah alamat",
	"act 0 reject {n} bukan pengaduan",	"act 0 archive {n} iklan",
	"act 0 reopen {n} ternyata benar",	"act 0 extend {n} date={T} banjir",
	"act 0 no_extend {n} cukup waktu",	"act 0 ask {n} apa masalahnya",
	"act 0 merge {n} parent={n} sama",	"act 0 unmerge {n} beda",
	"act 0 outside {n} outside=PLN tiang",	"act 0 hide {n} rawan",
	"act 0 unhide {n} word=1 boleh",	"act 0 schedule {n} date={T} hujan",
	"act 0 done {n} sudah dicek ke lokasi",
};

static const char *const times[] = {
	"wait 10s", "wait 10s", "wait 3m", "wait 30m", "wait 3h",  "wait 1d",
	"wait 2d",  "wait 4d",	"wait 9d", "wait 16d", "wait 31d",
};

static const char *const troubles[] = {
	"restart",	    "crash",
	"die {k}",	    "die {k}",
	"break {k}",	    "fault send 500 2",
	"fault poll 500 2", "fault send refused 1",
	"jump 1d",	    "jump -1d",
	"jump 45d",	    "jump -20d",
};

static const char *const citizen_names[] = { "@ani", "@budi", "@cici", "@dedi" };
static const char *const officer_names[] = { "@pupr", "@pupr",	"@dlh",	       "@dishub",
					     "@meja", "@sekda", "@inspektorat" };
static const char *const officer_pins[] = { "1234", "1234", "5678", "1111",
					    "4321", "1111", "2468" };
static const char *const departments[] = { "PUPR", "DLH", "DISHUB", "INSPEKTORAT",
					   "PLN" };

#define ONE_OF(list) (list)[below(sizeof(list) / sizeof(*(list)))]

static int64_t number(struct stage *s)
{
	struct arena *arena = arena_new("walk", 64 << 20);
	struct ticket *list;
	size_t n = stage_tickets(s, &list, arena);
	int64_t no = n ? list[below((unsigned)n)].no : 26000010;

	if (below(20) == 0)
		no += below(2) ? 1 : 100000; /* a slip, or another year's */
	arena_free(arena);
	return no;
}

static void day(struct stage *s, const char *form, char *out, size_t size)
{
	const struct calendar *cal = engine_config(s->engine)->calendar;
	struct when_date d = calendar_date_of(
		cal, stage_wall_ms() + ((int64_t)below(25) - 3) * DAY_MS);

	if (form[1] == 'T')
		snprintf(out, size, "%04d-%02d-%02d", d.year, d.month, d.day);
	else
		snprintf(out, size, "%02d/%02d/%02d", d.day, d.month, d.year % 100);
}

static void value(struct stage *s, const char *at, const char *pin, char *out,
		  size_t size)
{
	switch (at[1]) {
	case 'n':
		snprintf(out, size, "%lld", (long long)number(s));
		break;
	case 'd':
		snprintf(out, size, "%s", ONE_OF(departments));
		break;
	case 'p':
		snprintf(out, size, "%s", below(6) ? pin : "9999");
		break;
	case 'k':
		snprintf(out, size, "%u", 1 + below(60));
		break;
	default:
		day(s, at, out, size);
	}
}

/* The template with its values. */
static void compose(struct stage *s, const char *template, const char *pin, char *out)
{
	size_t n = strlen(out);

	for (const char *at = template; *at && n + 30 < LINE_MOST; at++) {
		if (at[0] == '{' && at[1] && at[2] == '}') {
			value(s, at, pin, out + n, LINE_MOST - n);
			n += strlen(out + n);
			at += 2;
		} else {
			out[n++] = *at;
			out[n] = '\0';
		}
	}
}

static void line_make(struct stage *s, char *out)
{
	unsigned dice = below(100);
	size_t who = below(sizeof(officer_names) / sizeof(*officer_names));

	out[0] = '\0';
	if (dice < 40) {
		snprintf(out, LINE_MOST, "text %s ", ONE_OF(citizen_names));
		compose(s, ONE_OF(citizens), "", out);
	} else if (dice < 72) {
		snprintf(out, LINE_MOST, "text %s ", officer_names[who]);
		compose(s, ONE_OF(officers), officer_pins[who], out);
	} else if (dice < 80) {
		compose(s, ONE_OF(acts), "", out);
	} else if (dice < 96) {
		compose(s, ONE_OF(times), "", out);
	} else {
		compose(s, ONE_OF(troubles), "", out);
	}
}

/* ---- walks ---- */

struct walk {
	const char *config, *folder;
	struct story story; /* the lines walked */
	char why[600];
	struct seen {
		int64_t events, tickets;
		uint64_t digest; /* of the first `events` */
	} seen;
};

static const char *truth_of(struct run *r, struct walk *w)
{
	struct arena *arena = arena_new("truth", 64 << 20);
	const char *broken;

	stage_wait(r->stage, SETTLE_MS);
	broken = r->stage->failure ? r->stage->failure : truth_broken(r->stage, arena);
	if (!broken)
		broken = truth_shrunk(r->stage, &w->seen.events, &w->seen.tickets,
				      &w->seen.digest, arena);
	if (broken)
		snprintf(w->why, sizeof(w->why), "%s", broken);
	arena_free(arena);
	return broken ? w->why : NULL;
}

static bool look(struct run *r, struct walk *w, int line)
{
	return truth_of(r, w) == NULL ||
	       (snprintf(r->why, sizeof(r->why), "after line %d", line + 1), false);
}

/* Walks `most` lines, made when the story has none; false: something is broken. */
static bool walk(struct walk *w, int most, bool make)
{
	static struct stage stage;
	struct run r = { .story = &w->story };
	bool good = true;

	w->why[0] = '\0';
	memset(&w->seen, 0, sizeof(w->seen));
	store_fresh(w->folder);
	stage_first_key(&stage);
	stage_clock(1795482000000, 1000000);
	if (stage_open(&stage, w->folder, w->config)) {
		snprintf(w->why, sizeof(w->why), "the gateway does not start");
		stage_close(&stage);
		return false;
	}
	r.stage = &stage;
	for (r.line = 0; good && r.line < most; r.line++) {
		char line[LINE_MOST];

		if (make) {
			line_make(&stage, line);
			w->story.lines[w->story.n++] = strdup(line);
		}
		if (r.line >= w->story.n)
			break;
		line_run(&r, w->story.lines[r.line]);
		stage_settle(&stage);
		if (r.line % LOOK_EVERY == LOOK_EVERY - 1 || r.line + 1 == most ||
		    stage.n_sms + 200 > STAGE_SMS || stage.failure)
			good = look(&r, w, r.line);
		if (stage.n_sms + 200 > STAGE_SMS)
			break;
	}
	stage_close(&stage);
	return good;
}

static void cut(struct story *story, int from, int n, struct story *out)
{
	out->n = 0;
	for (int i = 0; i < story->n; i++)
		if (i < from || i >= from + n)
			out->lines[out->n++] = story->lines[i];
}

/* Fewer and fewer lines that still break it, for a while. */
static void shorten(struct walk *w)
{
	struct walk less = { .config = w->config, .folder = w->folder };
	int tries = 0;

	for (int size = w->story.n / 2; size > 0; size /= 2)
		for (int at = 0; at + size <= w->story.n && tries < 300;) {
			cut(&w->story, at, size, &less.story);
			tries++;
			if (less.story.n && !walk(&less, less.story.n, false)) {
				w->story.n = less.story.n;
				memcpy(w->story.lines, less.story.lines,
				       sizeof(w->story.lines));
				snprintf(w->why, sizeof(w->why), "%s", less.why);
			} else {
				at += size;
			}
		}
}

unsigned walks(const char *config, const char *folder, unsigned first, unsigned n,
	       int lines)
{
	static struct walk w;
	unsigned failed = 0;

	for (unsigned seed = first; seed < first + n; seed++) {
		w = (struct walk){ .config = config, .folder = folder };
		w.story.file = "walk";
		chance_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
		for (int i = 0; i < 10; i++)
			below(2);
		if (walk(&w, lines, true)) {
			printf("ok   walk, seed %u, %d lines\n", seed, w.story.n);
			continue;
		}
		failed++;
		printf("FAIL walk, seed %u: %s\n", seed, w.why);
		shorten(&w);
		printf("     shortened to %d lines: %s\n", w.story.n, w.why);
		for (int i = 0; i < w.story.n; i++)
			printf("     %s\n", w.story.lines[i]);
	}
	return failed;
}
