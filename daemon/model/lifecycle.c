/* SPDX-License-Identifier: MIT */
/*
 * The table, and the one function that reads it. To change what a complaint may do,
 * change a row; the tests walk all of them. Showing the table is lifecycle_show.c. Pure.
 */
#include "model/lifecycle_inside.h"

/* Sets of actors. */
#define CITIZEN (1u << LIFE_CITIZEN)
#define OFFICER (1u << LIFE_OFFICER)
#define DESK	(1u << LIFE_DESK)
#define GATEWAY (1u << LIFE_GATEWAY)
#define OFFICE	(OFFICER | DESK)

/* Clocks. */
#define VERIFY	(1u << LIFE_CLOCK_VERIFY)
#define ANSWER	(1u << LIFE_CLOCK_ANSWER)
#define SETTLE	(1u << LIFE_CLOCK_SETTLE)
#define STATUTE (1u << LIFE_CLOCK_STATUTE)
#define REPLY	(1u << LIFE_CLOCK_REPLY)
#define CONFIRM (1u << LIFE_CLOCK_CONFIRM)
#define WATCH	(1u << LIFE_CLOCK_WATCH)

#define IF(condition) LIFE_IF_##condition
#define TO(state)     TICKET_##state
#define SAME	      LIFE_TO_SAME
#define BACK	      LIFE_TO_BEFORE
#define TOLD(whom)    LIFE_TOLD_##whom

/* Which clocks run in a state. None of them: the ticket is closed, or its parent's run.
 */
static const unsigned runs[TICKET_STATE_COUNT] = {
	[TICKET_BARU] = VERIFY | SETTLE | STATUTE,
	[TICKET_PERIKSA] = VERIFY | SETTLE | STATUTE,
	[TICKET_TANYA] = REPLY, /* the others stand still */
	[TICKET_DITERUSKAN] = ANSWER | SETTLE | STATUTE,
	[TICKET_DIPROSES] = SETTLE | STATUTE,
	[TICKET_DIJADWALKAN] = SETTLE, /* until the day promised: a decision was made */
	[TICKET_LUAR] = WATCH | STATUTE,
	[TICKET_SELESAI] = CONFIRM,
};

/*
 * from, event, who     what happens where, and who may do it
 * when                 conditions, all must hold; of several rows the first that fits
 * to                   SAME: stays; BACK: where it was before the question
 * reply                what its citizen is told (key of a text)
 * told                 who else is told
 * start                clocks that begin anew there; the others go on. SETTLE and STATUTE
 *                      began with the ticket: no transfer starts them again. A SETTLE
 *                      that does begin again is the short one of a reopened ticket
 * does                 what else
 */
/* clang-format off */
static const struct life_row rows[] = {
	/* ---- a new ticket ---- */
	{ IN(BARU), LIFE_OPENED_ROUTED, GATEWAY, IF(SENSITIVE), /* the inspectorate */
		TO(DITERUSKAN), "ACK_RAHASIA", TOLD(OFFICE), ANSWER, 0 },
	{ IN(BARU), LIFE_OPENED_ROUTED, GATEWAY, 0,
		TO(DITERUSKAN), "ACK_RUTE", TOLD(OFFICE), ANSWER, 0 },
	{ IN(BARU), LIFE_OPENED_UNCLEAR, GATEWAY, 0,
		TO(PERIKSA), "ACK_PERIKSA", TOLD(DESK), 0, 0 },
	{ IN(BARU), LIFE_OPENED_SENSITIVE, GATEWAY, 0,
		TO(PERIKSA), "ACK_RAHASIA", TOLD(DESK), 0, 0 },
	{ IN(BARU), LIFE_OPENED_OUTSIDE, GATEWAY, IF(SENSITIVE),
		TO(PERIKSA), "ACK_RAHASIA", TOLD(DESK), 0, 0 },
	{ IN(BARU), LIFE_OPENED_OUTSIDE, GATEWAY, 0,
		TO(LUAR), "LUAR", TOLD(OFFICE), WATCH, 0 },
	{ IN(BARU), LIFE_MERGE, GATEWAY, IF(PARENT),
		TO(DIGABUNG), "ACK_GABUNG", TOLD(OFFICE), 0, 0 },
	{ IN(BARU), LIFE_ARCHIVE, GATEWAY, 0,
		TO(ARSIP), NULL, TOLD(NOBODY), 0, 0 },

	/* ---- the central desk ---- */
	{ DESKS, LIFE_ROUTE, DESK, 0,
		TO(DITERUSKAN), "DITERUSKAN", TOLD(OFFICE), ANSWER, 0 },
	{ OFFICES | IN(TANYA), LIFE_ROUTE, DESK, 0,
		TO(DITERUSKAN), "PINDAH", TOLD(OFFICE), ANSWER, 0 },
	{ IN(LUAR), LIFE_ROUTE, DESK, 0,
		TO(DITERUSKAN), "PINDAH", TOLD(OFFICE), ANSWER | SETTLE, 0 },
	{ OFFICES | IN(TANYA) | IN(SELESAI), LIFE_RECALL, DESK, 0,
		TO(PERIKSA), "PINDAH", TOLD(HEAD), VERIFY, 0 },
	{ IN(LUAR), LIFE_RECALL, DESK, 0,
		TO(PERIKSA), "PINDAH", TOLD(DESK), VERIFY | SETTLE, 0 },
	{ DESKS, LIFE_REJECT, DESK, 0,
		TO(DITOLAK), "TOLAK", TOLD(NOBODY), 0, 0 },
	{ DESKS, LIFE_ARCHIVE, DESK, 0,
		TO(ARSIP), NULL, TOLD(NOBODY), 0, 0 },
	{ IN(ARSIP), LIFE_REOPEN, DESK, 0,
		TO(PERIKSA), "ACK_PERIKSA", TOLD(DESK), VERIFY | SETTLE, 0 },
	{ IN(DITUTUP) | IN(DITOLAK) | IN(DICABUT), LIFE_REOPEN, DESK, 0,
		TO(PERIKSA), "BUKA_LAGI", TOLD(HEAD), VERIFY | SETTLE, LIFE_REOPENS },
	{ OFFICES, LIFE_EXTEND, DESK, IF(DATED),
		SAME, "PERPANJANG", TOLD(OFFICE), SETTLE, LIFE_PROMISES },
	{ OFFICES, LIFE_NO_EXTEND, DESK, 0,
		SAME, NULL, TOLD(OFFICE), 0, 0 },

	/* ---- questions: the only thing that stops a clock ---- */
	{ DESKS | IN(DITERUSKAN), LIFE_ASK_PLACE, GATEWAY | DESK, 0,
		TO(TANYA), "TANYA_LOKASI", TOLD(NOBODY), REPLY, 0 },
	{ DESKS | IN(DITERUSKAN), LIFE_ASK_CHOICE, GATEWAY | DESK, 0,
		TO(TANYA), "TANYA_PILIH", TOLD(NOBODY), REPLY, 0 },
	{ WORK | IN(TANYA), LIFE_ASK, DESK, 0,
		TO(TANYA), "TANYA_OPD", TOLD(NOBODY), REPLY, 0 },
	{ OFFICES | IN(TANYA), LIFE_ASK, OFFICER, IF(OFFICE),
		TO(TANYA), "TANYA_OPD", TOLD(NOBODY), REPLY, 0 },
	/* what was new goes back to be opened: LIFE_OPENED_… tells the citizen */
	{ IN(TANYA), LIFE_ANSWERED, CITIZEN, IF(NEW),
		BACK, NULL, TOLD(NOBODY), 0, 0 },
	{ IN(TANYA), LIFE_ANSWERED, CITIZEN, 0,
		BACK, "TAMBAH_OK", TOLD(OFFICE), 0, 0 },
	{ IN(TANYA), LIFE_ADDED, CITIZEN, IF(NEW),
		BACK, NULL, TOLD(NOBODY), 0, 0 },
	{ IN(TANYA), LIFE_ADDED, CITIZEN, 0,
		BACK, "TAMBAH_OK", TOLD(OFFICE), 0, 0 },
	{ IN(DICABUT), LIFE_ANSWERED, CITIZEN, IF(LAPSED) | IF(WINDOW),
		BACK, "TAMBAH_OK", TOLD(OFFICE), VERIFY | ANSWER | SETTLE | WATCH, 0 },
	{ IN(DICABUT), LIFE_ADDED, CITIZEN, IF(LAPSED) | IF(WINDOW),
		BACK, "TAMBAH_OK", TOLD(OFFICE), VERIFY | ANSWER | SETTLE | WATCH, 0 },

	/* ---- officers, also while their question waits; the desk for them ---- */
	{ IN(DITERUSKAN) | IN(DIPROSES), LIFE_ACCEPT, OFFICE, IF(DATED),
		TO(DIPROSES), "PROSES", TOLD(NOBODY), 0, 0 },
	{ IN(DITERUSKAN) | IN(DIPROSES), LIFE_ACCEPT, OFFICE, 0,
		TO(DIPROSES), NULL, TOLD(NOBODY), 0, 0 },
	{ OFFICES | IN(TANYA), LIFE_PROGRESS, OFFICE, IF(OFFICE),
		TO(DIPROSES), "PROSES", TOLD(NOBODY), 0, 0 },
	{ OFFICES | IN(TANYA), LIFE_SCHEDULE, OFFICE, IF(OFFICE) | IF(DATED),
		TO(DIJADWALKAN), "JADWAL", TOLD(NOBODY), SETTLE, LIFE_PROMISES },
	{ OFFICES | IN(TANYA), LIFE_DONE, OFFICER, IF(OFFICE),
		TO(SELESAI), "SELESAI", TOLD(NOBODY), CONFIRM, 0 },
	{ WORK | IN(TANYA), LIFE_DONE, DESK, 0,
		TO(SELESAI), "SELESAI", TOLD(NOBODY), CONFIRM, 0 },
	{ OFFICES | IN(TANYA), LIFE_TRANSFER, OFFICER, IF(OFFICE) | IF(SENSITIVE),
		TO(PERIKSA), NULL, TOLD(DESK), VERIFY, 0 },
	{ OFFICES | IN(TANYA), LIFE_TRANSFER, OFFICER, IF(OFFICE) | IF(TWICE),
		TO(PERIKSA), "PINDAH", TOLD(DESK), VERIFY, 0 },
	{ OFFICES | IN(TANYA), LIFE_TRANSFER, OFFICER, IF(OFFICE),
		TO(DITERUSKAN), "PINDAH", TOLD(OFFICE), ANSWER, LIFE_TRANSFERS },
	{ OFFICES | IN(TANYA), LIFE_OUTSIDE, OFFICER,
		IF(OFFICE) | IF(PROVED) | IF(SENSITIVE),
		TO(PERIKSA), NULL, TOLD(DESK), VERIFY, 0 },
	{ OFFICES | IN(TANYA), LIFE_OUTSIDE, OFFICER, IF(OFFICE) | IF(PROVED),
		TO(LUAR), "LUAR", TOLD(OFFICE), WATCH, 0 },
	{ WORK | IN(TANYA), LIFE_OUTSIDE, DESK, 0,
		TO(LUAR), "LUAR", TOLD(OFFICE), WATCH, 0 },
	{ OFFICES | IN(TANYA), LIFE_MERGE, OFFICER, IF(OFFICE) | IF(PROVED) | IF(PARENT),
		TO(DIGABUNG), "GABUNG", TOLD(OFFICE), 0, 0 },
	{ WORK | IN(TANYA), LIFE_MERGE, DESK, IF(PARENT),
		TO(DIGABUNG), "GABUNG", TOLD(OFFICE), 0, 0 },
	{ OFFICES | IN(TANYA), LIFE_REJECT_PROPOSED, OFFICER, IF(OFFICE) | IF(PROVED),
		TO(PERIKSA), NULL, TOLD(DESK), VERIFY, 0 },
	{ OFFICES, LIFE_EXTEND_ASKED, OFFICER, 0,
		SAME, NULL, TOLD(DESK), 0, 0 },

	/* ---- secrecy: set by anyone, lifted by the desk with the citizen's word ---- */
	{ ALL, LIFE_HIDE, CITIZEN, 0,
		SAME, "RAHASIA_OK", TOLD(OFFICE), 0, LIFE_HIDES },
	{ ALL, LIFE_HIDE, DESK, 0,
		SAME, NULL, TOLD(OFFICE), 0, LIFE_HIDES },
	{ OFFICES | IN(TANYA) | IN(SELESAI), LIFE_HIDE, OFFICER, IF(OFFICE) | IF(PROVED),
		SAME, NULL, TOLD(DESK), 0, LIFE_HIDES },
	{ ALL, LIFE_UNHIDE, DESK, IF(WORD),
		SAME, NULL, TOLD(OFFICE), 0, LIFE_SHOWS },

	/* ---- the citizen ---- */
	{ WORK | IN(SELESAI), LIFE_ADDED, CITIZEN, 0,
		SAME, "TAMBAH_OK", TOLD(OFFICE), 0, 0 },
	{ WORK | IN(SELESAI), LIFE_ANSWERED, CITIZEN, 0,
		SAME, "TAMBAH_OK", TOLD(OFFICE), 0, 0 },
	{ IN(SELESAI), LIFE_CONFIRM, CITIZEN, 0,
		TO(DITUTUP), "NILAI", TOLD(OFFICE), 0, 0 },
	{ IN(SELESAI), LIFE_NOT_FIXED, CITIZEN, IF(OFFICE),
		TO(DIPROSES), "BUKA_LAGI", TOLD(HEAD), SETTLE, LIFE_REOPENS },
	{ IN(SELESAI), LIFE_NOT_FIXED, CITIZEN, 0,
		TO(PERIKSA), "BUKA_LAGI", TOLD(HEAD), VERIFY | SETTLE, LIFE_REOPENS },
	{ IN(DITUTUP), LIFE_NOT_FIXED, CITIZEN, IF(WINDOW) | IF(OFFICE),
		TO(DIPROSES), "BUKA_LAGI", TOLD(HEAD), SETTLE, LIFE_REOPENS },
	{ IN(DITUTUP), LIFE_NOT_FIXED, CITIZEN, IF(WINDOW),
		TO(PERIKSA), "BUKA_LAGI", TOLD(HEAD), VERIFY | SETTLE, LIFE_REOPENS },
	{ WORK, LIFE_NOT_FIXED, CITIZEN, 0,
		SAME, "MASIH_JALAN", TOLD(OFFICE), 0, 0 },
	{ IN(TANYA), LIFE_NOT_FIXED, CITIZEN, 0,
		BACK, "TAMBAH_OK", TOLD(OFFICE), 0, 0 },
	{ IN(SELESAI), LIFE_RATE, CITIZEN, IF(RATED) | IF(BAD) | IF(OFFICE),
		TO(DIPROSES), "NILAI_BUKA", TOLD(HEAD), SETTLE, LIFE_REOPENS },
	{ IN(SELESAI), LIFE_RATE, CITIZEN, IF(RATED) | IF(BAD),
		TO(PERIKSA), "NILAI_BUKA", TOLD(HEAD), VERIFY | SETTLE, LIFE_REOPENS },
	{ IN(SELESAI), LIFE_RATE, CITIZEN, IF(RATED),
		TO(DITUTUP), "NILAI_OK", TOLD(OFFICE), 0, 0 },
	{ IN(DITUTUP), LIFE_RATE, CITIZEN,
		IF(RATED) | IF(UNRATED) | IF(BAD) | IF(WINDOW) | IF(OFFICE),
		TO(DIPROSES), "NILAI_BUKA", TOLD(HEAD), SETTLE, LIFE_REOPENS },
	{ IN(DITUTUP), LIFE_RATE, CITIZEN, IF(RATED) | IF(UNRATED) | IF(BAD) | IF(WINDOW),
		TO(PERIKSA), "NILAI_BUKA", TOLD(HEAD), VERIFY | SETTLE, LIFE_REOPENS },
	{ IN(DITUTUP), LIFE_RATE, CITIZEN, IF(RATED) | IF(UNRATED),
		SAME, "NILAI_OK", TOLD(OFFICE), 0, 0 },
	{ IN(DITUTUP), LIFE_CONFIRM, CITIZEN, IF(UNRATED),
		SAME, "NILAI", TOLD(NOBODY), 0, 0 },
	{ OPEN, LIFE_WITHDRAW, CITIZEN, IF(FOLLOWED),
		SAME, "CABUT_OK", TOLD(NOBODY), 0, LIFE_MUTES },
	{ OPEN | IN(DIGABUNG), LIFE_WITHDRAW, CITIZEN, 0,
		TO(DICABUT), "CABUT_OK", TOLD(OFFICE), 0, 0 },
	{ IN(DITOLAK) | IN(DITUTUP), LIFE_APPEAL, CITIZEN, IF(WINDOW),
		TO(PERIKSA), "BANDING_OK", TOLD(HEAD), VERIFY | SETTLE, LIFE_REOPENS },
	{ IN(SELESAI), LIFE_APPEAL, CITIZEN, 0,
		TO(PERIKSA), "BANDING_OK", TOLD(HEAD), VERIFY | SETTLE, LIFE_REOPENS },

	/* ---- merged: its sender hears and says all; the parent is what moves ---- */
	{ IN(DIGABUNG), LIFE_UNMERGE, CITIZEN, 0,
		TO(PERIKSA), "BEDA_OK", TOLD(DESK), VERIFY | SETTLE, 0 },
	{ IN(DIGABUNG), LIFE_UNMERGE, DESK, 0,
		TO(PERIKSA), "BEDA_OK", TOLD(DESK), VERIFY | SETTLE, 0 },
	{ IN(DIGABUNG), LIFE_ADDED, CITIZEN, 0,
		SAME, NULL, TOLD(NOBODY), 0, LIFE_ON_PARENT },
	{ IN(DIGABUNG), LIFE_ANSWERED, CITIZEN, 0,
		SAME, NULL, TOLD(NOBODY), 0, LIFE_ON_PARENT },
	{ IN(DIGABUNG), LIFE_CONFIRM, CITIZEN, 0,
		SAME, NULL, TOLD(NOBODY), 0, LIFE_ON_PARENT },
	{ IN(DIGABUNG), LIFE_NOT_FIXED, CITIZEN, 0,
		SAME, NULL, TOLD(NOBODY), 0, LIFE_ON_PARENT },
	{ IN(DIGABUNG), LIFE_RATE, CITIZEN, IF(RATED),
		SAME, NULL, TOLD(NOBODY), 0, LIFE_ON_PARENT },

	/* ---- the clock: it ends only what waits for the citizen ---- */
	{ WORK, LIFE_REMIND, GATEWAY, 0,
		SAME, NULL, TOLD(OFFICE), 0, 0 },
	{ IN(TANYA), LIFE_REMIND, GATEWAY, 0,
		SAME, "TANYA_INGAT", TOLD(NOBODY), 0, 0 },
	{ IN(BARU), LIFE_DEADLINE, GATEWAY, 0,
		TO(PERIKSA), "NAIK", TOLD(HEAD), 0, LIFE_RAISES },
	{ IN(PERIKSA) | IN(DITERUSKAN) | IN(DIPROSES), LIFE_DEADLINE, GATEWAY, 0,
		SAME, "NAIK", TOLD(HEAD), 0, LIFE_RAISES },
	{ IN(DIJADWALKAN), LIFE_DEADLINE, GATEWAY, 0,
		TO(DIPROSES), "NAIK", TOLD(HEAD), 0, LIFE_RAISES },
	{ DESKS | IN(DITERUSKAN) | IN(DIPROSES), LIFE_STATUTE, GATEWAY, 0,
		SAME, "OMBUDSMAN", TOLD(HEAD), 0, LIFE_RAISES },
	{ IN(LUAR), LIFE_STATUTE, GATEWAY, 0,
		TO(PERIKSA), "OMBUDSMAN", TOLD(HEAD), VERIFY | SETTLE, LIFE_RAISES },
	{ IN(TANYA), LIFE_ASK_EXPIRED, GATEWAY, IF(MACHINE) | IF(OFFICE),
		BACK, NULL, TOLD(OFFICE), 0, 0 },
	{ IN(TANYA), LIFE_ASK_EXPIRED, GATEWAY, IF(MACHINE),
		TO(PERIKSA), NULL, TOLD(DESK), VERIFY, 0 },
	{ IN(TANYA), LIFE_ASK_EXPIRED, GATEWAY, IF(FOLLOWED) | IF(OFFICE),
		BACK, NULL, TOLD(OFFICE), 0, 0 },
	{ IN(TANYA), LIFE_ASK_EXPIRED, GATEWAY, IF(FOLLOWED),
		TO(PERIKSA), NULL, TOLD(DESK), VERIFY, 0 },
	{ IN(TANYA), LIFE_ASK_EXPIRED, GATEWAY, 0,
		TO(DICABUT), "DICABUT_DIAM", TOLD(OFFICE), 0, 0 },
	{ IN(SELESAI), LIFE_CLOSE_SILENCE, GATEWAY, 0,
		TO(DITUTUP), "TUTUP", TOLD(NOBODY), 0, 0 },
};
/* clang-format on */

const struct life_row *lifecycle_rows(size_t *n)
{
	*n = sizeof(rows) / sizeof(*rows);
	return rows;
}

unsigned lifecycle_clocks(enum ticket_state state)
{
	return runs[state];
}

struct life lifecycle_new(enum ticket_kind kind, bool sensitive, bool secret)
{
	return (struct life){
		.state = TICKET_BARU,
		.before = TICKET_BARU,
		.kind = kind,
		.sensitive = sensitive,
		.secret = secret,
	};
}

/* ---- what holds ---- */

static unsigned bit(enum life_when condition, bool holds)
{
	return holds ? (unsigned)condition : 0;
}

static bool has(unsigned states, enum ticket_state state)
{
	return states >> state & 1;
}

bool lifecycle_may_follow(const struct life *child, const struct life *parent)
{
	return parent != child && has(OPEN, parent->state) &&
	       parent->sensitive == child->sensitive;
}

static unsigned facts(const struct life *now, const struct life_act *act)
{
	return bit(LIFE_IF_NEW, now->before == TICKET_BARU) |
	       bit(LIFE_IF_OFFICE,
		   has(OFFICES, has(WORK, now->state) ? now->state : now->before)) |
	       bit(LIFE_IF_MACHINE, now->asked_by == LIFE_GATEWAY) |
	       bit(LIFE_IF_TWICE, now->transfers >= LIFE_TRANSFERS_MOST) |
	       bit(LIFE_IF_SENSITIVE, now->sensitive) |
	       bit(LIFE_IF_FOLLOWED, now->followers > 0) |
	       bit(LIFE_IF_LAPSED, now->closed_by == LIFE_GATEWAY) |
	       bit(LIFE_IF_BAD, act->rating >= 1 && act->rating <= 2) |
	       bit(LIFE_IF_RATED, act->rating >= 1 && act->rating <= 5) |
	       bit(LIFE_IF_UNRATED, now->rating == 0) |
	       bit(LIFE_IF_WINDOW, act->at_ms <= now->window_ms) |
	       bit(LIFE_IF_PROVED, act->proved) |
	       bit(LIFE_IF_DATED, act->date_ms > act->at_ms) |
	       bit(LIFE_IF_WORD, act->word) |
	       bit(LIFE_IF_PARENT, act->parent && lifecycle_may_follow(now, act->parent));
}

static bool row_is_about(const struct life_row *row, const struct life *now,
			 const struct life_act *act)
{
	return row->event == act->event && has(row->from, now->state) &&
	       row->who >> act->who & 1;
}

/* ---- what comes of it ---- */

static enum ticket_state target(const struct life_row *row, const struct life *now)
{
	if (row->to == LIFE_TO_SAME)
		return now->state;
	return row->to == LIFE_TO_BEFORE ? now->before : (enum ticket_state)row->to;
}

static enum life_level higher(enum life_level a, enum life_level b)
{
	return a > b ? a : b;
}

/* One level higher than whoever closed it; there is nobody above the regent. */
static void reopen(struct life *life)
{
	enum life_level closer = higher(life->level, life->done_level);

	life->reopens++;
	life->level = closer < LIFE_LEVEL_REGENT ? closer + 1 : LIFE_LEVEL_REGENT;
}

static bool asks(enum life_event event)
{
	return event == LIFE_ASK || event == LIFE_ASK_PLACE || event == LIFE_ASK_CHOICE;
}

static struct life grown(const struct life *now, const struct life_act *act,
			 const struct life_row *row)
{
	struct life life = *now;

	life.state = target(row, now);
	/* What leads aside remembers where from; through a question the place before it.
	 */
	if (life.state != now->state && has(WORK, now->state) &&
	    has(IN(TANYA) | IN(SELESAI) | IN(DIGABUNG), life.state))
		life.before = now->state;
	if (asks(act->event))
		life.asked_by = act->who;
	if (act->event == LIFE_DONE) {
		life.done_level = act->level;
		life.rating = 0;
	}
	if (act->event == LIFE_RATE && !(row->does & LIFE_ON_PARENT))
		life.rating = act->rating;
	if (row->does & LIFE_TRANSFERS)
		life.transfers++;
	if (row->does & LIFE_REOPENS)
		reopen(&life);
	if (row->does & LIFE_RAISES)
		life.level = higher(now->level, act->level);
	if (row->does & (LIFE_HIDES | LIFE_SHOWS))
		life.secret = row->does & LIFE_HIDES;
	if (has(OPEN, life.state)) {
		life.closed_ms = 0;
	} else if (life.state != now->state) {
		life.closed_ms = act->at_ms;
		life.closed_by = act->who;
	}
	return life;
}

static void set_clocks(struct life_step *step, enum ticket_state from, unsigned start)
{
	unsigned before = runs[from], then = runs[step->after.state];
	bool asked = step->after.state == TICKET_TANYA;

	step->start = start & then;
	step->keep = before & then & ~start;
	step->resume = then & ~before & ~start;
	step->pause = asked ? before & ~then : 0;
	step->stop = asked ? 0 : before & ~then;
}

/* ---- why not ---- */

/* What a condition that does not hold is called; the others only choose among rows. */
static const struct {
	unsigned condition;
	enum life_refusal refusal;
} demands[] = {
	{ LIFE_IF_RATED, LIFE_NEEDS_RATING }, { LIFE_IF_UNRATED, LIFE_RATED },
	{ LIFE_IF_WINDOW, LIFE_TOO_LATE },    { LIFE_IF_PROVED, LIFE_NEEDS_PIN },
	{ LIFE_IF_DATED, LIFE_NEEDS_DATE },   { LIFE_IF_WORD, LIFE_NEEDS_WORD },
	{ LIFE_IF_PARENT, LIFE_NO_PARENT },
};

/* Of a row that is about it but whose conditions do not hold; LIFE_OK: no reason there.
 */
static enum life_refusal unmet(unsigned missing)
{
	for (size_t i = 0; i < sizeof(demands) / sizeof(*demands); i++)
		if (missing & demands[i].condition) {
			/* What only chooses among rows is missing as well. */
			for (size_t j = 0; j < sizeof(demands) / sizeof(*demands); j++)
				missing &= ~demands[j].condition;
			return missing ? LIFE_OK : demands[i].refusal;
		}
	return LIFE_OK;
}

static enum life_refusal closed_refusal(enum ticket_state state)
{
	if (state == TICKET_DIGABUNG)
		return LIFE_MERGED;
	if (state == TICKET_DITOLAK)
		return LIFE_REJECTED;
	if (state == TICKET_ARSIP)
		return LIFE_ARCHIVED;
	return state == TICKET_DICABUT ? LIFE_WITHDRAWN : LIFE_CLOSED;
}

static enum life_refusal why_not(const struct life *now, const struct life_act *act)
{
	bool ever = false, desk = false;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool mine = rows[i].who >> act->who & 1;

		ever |= rows[i].event == act->event && mine;
		desk |= rows[i].event == act->event && !mine && rows[i].who == DESK &&
			has(rows[i].from, now->state);
	}
	if (act->who == LIFE_STRANGER || act->who == LIFE_ACCUSED)
		return LIFE_NOT_YOURS;
	if (!has(OPEN, now->state))
		return closed_refusal(now->state);
	if (act->who == LIFE_OFFICER) {
		if (desk || has(DESKS, now->state) ||
		    (now->state == TICKET_TANYA && has(DESKS, now->before)))
			return LIFE_WAIT_DESK;
		if (now->state == TICKET_TANYA && ever)
			return LIFE_WAIT_CITIZEN;
	}
	return ever ? LIFE_NOT_NOW : LIFE_NOT_YOURS;
}

enum life_refusal lifecycle_step(const struct life *now, const struct life_act *act,
				 struct life_step *out)
{
	unsigned hold = facts(now, act);
	enum life_refusal refusal = LIFE_OK;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct life_row *row = &rows[i];

		if (!row_is_about(row, now, act))
			continue;
		if (row->when & ~hold) {
			refusal = unmet(row->when & ~hold);
			continue;
		}
		*out = (struct life_step){
			.row = row,
			.after = grown(now, act, row),
			.reply = row->reply,
			.told = row->told,
			.record = lifecycle_event_name(act->event),
			.date_ms = row->does & LIFE_PROMISES ? act->date_ms : 0,
			.does = row->does,
		};
		set_clocks(out, now->state, row->start);
		return LIFE_OK;
	}
	return refusal != LIFE_OK ? refusal : why_not(now, act);
}

bool lifecycle_visible(const struct life *life, enum life_actor who)
{
	bool hidden = life->sensitive || life->secret;
	bool desk = has(DESKS, life->state) ||
		    (life->state == TICKET_TANYA && has(DESKS, life->before));

	if (who == LIFE_STRANGER || who == LIFE_ACCUSED)
		return false;
	return who != LIFE_OFFICER || !hidden || !desk;
}
