/* SPDX-License-Identifier: MIT */
/* Names of what stands in the table of lifecycle.c, and the table shown: as Graphviz and
 * as text. Pure. */
#include "model/lifecycle_inside.h"

/* name: for the store and logs; words: on the edges, as those who do it know it. */
static const struct {
	const char *name, *words;
} events[LIFE_EVENT_COUNT] = {
	[LIFE_OPENED_ROUTED] = { "opened_routed", "satu rute jelas" },
	[LIFE_OPENED_UNCLEAR] = { "opened_unclear", "rute tidak jelas" },
	[LIFE_OPENED_SENSITIVE] = { "opened_sensitive", "sensitif" },
	[LIFE_OPENED_OUTSIDE] = { "opened_outside", "instansi luar" },
	[LIFE_ROUTE] = { "route", "disposisi" },
	[LIFE_RECALL] = { "recall", "ditarik kembali" },
	[LIFE_REJECT] = { "reject", "TOLAK" },
	[LIFE_REOPEN] = { "reopen", "dibuka lagi" },
	[LIFE_EXTEND] = { "extend", "perpanjangan diberi" },
	[LIFE_NO_EXTEND] = { "no_extend", "perpanjangan ditolak" },
	[LIFE_UNHIDE] = { "unhide", "rahasia dicabut" },
	[LIFE_ARCHIVE] = { "archive", "arsip" },
	[LIFE_ASK_PLACE] = { "ask_place", "tanya lokasi" },
	[LIFE_ASK_CHOICE] = { "ask_choice", "tanya pilihan" },
	[LIFE_ASK] = { "ask", "TANYA" },
	[LIFE_ANSWERED] = { "answered", "jawaban" },
	[LIFE_ADDED] = { "added", "BALAS" },
	[LIFE_ACCEPT] = { "accept", "TERIMA" },
	[LIFE_PROGRESS] = { "progress", "PROSES" },
	[LIFE_SCHEDULE] = { "schedule", "JADWAL" },
	[LIFE_DONE] = { "done", "SELESAI" },
	[LIFE_TRANSFER] = { "transfer", "ALIH" },
	[LIFE_OUTSIDE] = { "outside", "LUAR" },
	[LIFE_MERGE] = { "merge", "GABUNG" },
	[LIFE_REJECT_PROPOSED] = { "reject_proposed", "usul TOLAK" },
	[LIFE_EXTEND_ASKED] = { "extend_asked", "PERPANJANG" },
	[LIFE_HIDE] = { "hide", "RAHASIA" },
	[LIFE_CONFIRM] = { "confirm", "YA" },
	[LIFE_NOT_FIXED] = { "not_fixed", "BELUM" },
	[LIFE_RATE] = { "rate", "NILAI" },
	[LIFE_UNMERGE] = { "unmerge", "BEDA" },
	[LIFE_WITHDRAW] = { "withdraw", "CABUT" },
	[LIFE_APPEAL] = { "appeal", "BANDING" },
	[LIFE_REMIND] = { "remind", "diingatkan" },
	[LIFE_DEADLINE] = { "deadline", "batas lewat" },
	[LIFE_STATUTE] = { "statute", "60 hari" },
	[LIFE_ASK_EXPIRED] = { "ask_expired", "tidak dijawab" },
	[LIFE_CLOSE_SILENCE] = { "close_silence", "tidak ada kabar" },
};

static const struct {
	const char *name, *words, *colour;
} actors[LIFE_ACTOR_COUNT] = {
	[LIFE_CITIZEN] = { "citizen", "pelapor", "#1b7837" },
	[LIFE_OFFICER] = { "officer", "petugas dinas", "#2166ac" },
	[LIFE_DESK] = { "desk", "petugas pengaduan", "#762a83" },
	[LIFE_GATEWAY] = { "gateway", "sistem, jam", "#b35806" },
	[LIFE_STRANGER] = { "stranger", NULL, NULL },
	[LIFE_ACCUSED] = { "accused", NULL, NULL },
};

static const struct {
	const char *name, *words;
} clocks[LIFE_CLOCK_COUNT] = {
	[LIFE_CLOCK_VERIFY] = { "verify", "verifikasi" },
	[LIFE_CLOCK_ANSWER] = { "answer", "jawaban dinas" },
	[LIFE_CLOCK_SETTLE] = { "settle", "penyelesaian" },
	[LIFE_CLOCK_STATUTE] = { "statute", "batas undang-undang" },
	[LIFE_CLOCK_REPLY] = { "reply", "jawaban pelapor" },
	[LIFE_CLOCK_CONFIRM] = { "confirm", "konfirmasi" },
	[LIFE_CLOCK_WATCH] = { "watch", "pemantauan" },
};

static const char *const levels[LIFE_LEVEL_COUNT] = {
	[LIFE_LEVEL_OFFICER] = "officer",
	[LIFE_LEVEL_HEAD] = "head",
	[LIFE_LEVEL_SEKDA] = "sekda",
	[LIFE_LEVEL_REGENT] = "regent",
};

static const char *const tolds[LIFE_TOLD_COUNT] = {
	[LIFE_TOLD_NOBODY] = "-",
	[LIFE_TOLD_OFFICE] = "office",
	[LIFE_TOLD_DESK] = "desk",
	[LIFE_TOLD_HEAD] = "head",
};

static const char *const conditions[] = {
	"new",	 "office",  "machine", "twice",	 "sensitive", "followed", "lapsed", "bad",
	"rated", "unrated", "window",  "proved", "dated",     "word",	  "parent",
};

static const char *const deeds[] = {
	"counts as transfer", "one level up", "to that level", "hides", "shows", "mutes",
	"on its parent",      "promises",
};

/*
 * Why not: name, and the key of what is said to a citizen and to an officer or the desk.
 */
static const struct {
	const char *name, *citizen, *officer;
} refusals[LIFE_REFUSAL_COUNT] = {
	[LIFE_OK] = { "ok", NULL, NULL },
	[LIFE_NOT_YOURS] = { "not_yours", "BUKAN_MILIK", "PET_BUKAN_MILIK" },
	[LIFE_WAIT_DESK] = { "wait_desk", "MASIH_JALAN", "PET_STATUS" },
	[LIFE_WAIT_CITIZEN] = { "wait_citizen", "MASIH_JALAN", "PET_STATUS" },
	[LIFE_CLOSED] = { "closed", "SUDAH_DITUTUP", "PET_STATUS" },
	[LIFE_REJECTED] = { "rejected", "SUDAH_DITOLAK", "PET_STATUS" },
	[LIFE_WITHDRAWN] = { "withdrawn", "SUDAH_DICABUT", "PET_STATUS" },
	[LIFE_ARCHIVED] = { "archived", "SUDAH_ARSIP", "PET_STATUS" },
	[LIFE_MERGED] = { "merged", "SUDAH_DIGABUNG", "PET_STATUS" },
	[LIFE_TOO_LATE] = { "too_late", "LEWAT_BUKA", "PET_STATUS" },
	[LIFE_NEEDS_PIN] = { "needs_pin", "MASIH_JALAN", "PET_PIN" },
	[LIFE_NEEDS_DATE] = { "needs_date", "MASIH_JALAN", "PET_FORMAT" },
	[LIFE_NEEDS_WORD] = { "needs_word", "MASIH_JALAN", "PET_STATUS" },
	[LIFE_NEEDS_RATING] = { "needs_rating", "NILAI_FORMAT", "PET_STATUS" },
	[LIFE_RATED] = { "rated", "NILAI_SUDAH", "PET_STATUS" },
	[LIFE_NO_PARENT] = { "no_parent", "MASIH_JALAN", "PET_FORMAT" },
	[LIFE_NOT_NOW] = { "not_now", "MASIH_JALAN", "PET_STATUS" },
	[LIFE_IS_THERE] = { "is_there", "MASIH_JALAN", "PET_STATUS" },
	[LIFE_NOT_SECRET] = { "not_secret", "MASIH_JALAN", "PET_STATUS" },
	[LIFE_UNREACHABLE] = { "unreachable", "MASIH_JALAN", "PET_STATUS" },
	[LIFE_NEEDS_REASON] = { "needs_reason", "MASIH_JALAN", "PET_FORMAT" },
};

const char *lifecycle_event_name(enum life_event event)
{
	return events[event].name;
}

bool lifecycle_event_read(struct str name, enum life_event *out)
{
	for (int i = 0; i < LIFE_EVENT_COUNT; i++)
		if (str_eq(name, str_of(events[i].name))) {
			*out = (enum life_event)i;
			return true;
		}
	return false;
}

const char *lifecycle_actor_name(enum life_actor who)
{
	return actors[who].name;
}

const char *lifecycle_clock_name(enum life_clock clock)
{
	return clocks[clock].name;
}

const char *lifecycle_level_name(enum life_level level)
{
	return levels[level];
}

const char *lifecycle_told_name(enum life_told told)
{
	return tolds[told];
}

const char *lifecycle_refusal_name(enum life_refusal refusal)
{
	return refusals[refusal].name;
}

const char *lifecycle_refusal_key(enum life_refusal refusal, enum life_event event,
				  enum life_actor who)
{
	/* What a citizen hears who says it too early, or where there is nothing to undo.
	 */
	static const struct {
		enum life_event event;
		const char *key;
	} early[] = {
		{ LIFE_CONFIRM, "BELUM_SELESAI" },
		{ LIFE_RATE, "NILAI_BELUM" },
		{ LIFE_UNMERGE, "BEDA_TIDAK" },
	};
	bool citizen = who == LIFE_CITIZEN || who == LIFE_STRANGER;

	for (size_t i = 0; i < sizeof(early) / sizeof(*early); i++)
		if (citizen && refusal == LIFE_NOT_NOW && event == early[i].event)
			return early[i].key;
	return citizen ? refusals[refusal].citizen : refusals[refusal].officer;
}

/* ---- Graphviz ---- */

/* The colour of an edge is that of the first who may. */
static const char *colour(unsigned who)
{
	enum life_actor first = LIFE_CITIZEN;

	while (!(who >> first & 1))
		first++;
	return actors[first].colour;
}

static void node(struct buf *out, enum ticket_state state)
{
	unsigned runs = lifecycle_clocks(state);
	bool any = false;

	buf_printf(out, "\t%s [label=<<b>%s</b><br/>%s", ticket_state_code(state),
		   ticket_state_code(state), ticket_state_words(state));
	for (int c = 0; c < LIFE_CLOCK_COUNT; c++) {
		if (!(runs >> c & 1))
			continue;
		buf_printf(out, "%s%s", any ? ", " : "<br/><font point-size=\"9\">",
			   clocks[c].words);
		any = true;
	}
	buf_printf(out, "%s>, style=\"filled%s\", fillcolor=\"%s\"];\n",
		   any ? "</font>" : "", ticket_state_open(state) ? "" : ",rounded",
		   ticket_state_open(state) ? "#fff7e0" : "#e0e0e0");
}

/* What belongs to an edge's word: only then does it lead there. */
static const char *only(unsigned when)
{
	static const char secret[] = " (sensitif)", third[] = " (ketiga kali)";
	static const char bad[] = " 1-2", always[] = "";

	if (when & LIFE_IF_SENSITIVE)
		return secret;
	if (when & LIFE_IF_TWICE)
		return third;
	return when & LIFE_IF_BAD ? bad : always;
}

/* Where edges come from: states, and two nodes that stand for many of them. */
enum { FROM_OPEN = TICKET_STATE_COUNT, FROM_WORK, FROM_COUNT };

static const char *from_name(int from)
{
	if (from == FROM_OPEN)
		return "terbuka";
	return from == FROM_WORK ? "berjalan"
				 : ticket_state_code((enum ticket_state)from);
}

static unsigned sources(unsigned states)
{
	if ((states & OPEN) == OPEN)
		return (states & ~OPEN) | 1u << FROM_OPEN;
	if ((states & WORK) == WORK)
		return (states & ~WORK) | 1u << FROM_WORK;
	return states;
}

static bool on_edge(const struct life_row *row, int from, int to, unsigned who)
{
	return sources(row->from) >> from & 1 && row->to == to && row->who == who;
}

/* Whether rows[i] says what one before it has said on the same edge. */
static bool said(const struct life_row *rows, size_t i, int from)
{
	for (size_t k = 0; k < i; k++)
		if (on_edge(&rows[k], from, rows[i].to, rows[i].who) &&
		    rows[k].event == rows[i].event &&
		    only(rows[k].when) == only(rows[i].when))
			return true;
	return false;
}

/* One edge for all that leads from here to there by the same hands; none: no edge. */
static void edge(struct buf *out, int from, int to, unsigned who)
{
	bool closed = 1u << from & (CLOSED | IN(DIGABUNG)), drawn = false;
	size_t n;
	const struct life_row *rows = lifecycle_rows(&n);

	for (size_t i = 0; i < n; i++) {
		if (!on_edge(&rows[i], from, to, who) || to == from ||
		    said(rows, i, from))
			continue;
		if (!drawn)
			buf_printf(out,
				   "\t%s -> %s [color=\"%s\", fontcolor=\"%s\"%s, "
				   "label=\"",
				   from_name(from),
				   to == LIFE_TO_BEFORE ? "asal" : from_name(to),
				   colour(who), colour(who),
				   closed ? ", style=dashed" : "");
		buf_printf(out, "%s%s%s", drawn ? "\\n" : "", events[rows[i].event].words,
			   only(rows[i].when));
		drawn = true;
	}
	if (drawn)
		buf_add(out, STR("\"];\n"));
}

static void legend(struct buf *out)
{
	buf_add(out, STR("\tsubgraph cluster_legend {\n"
			 "\t\tlabel=\"Siapa\"; fontsize=12; color=\"#bbbbbb\";\n"));
	for (int a = 0; a < LIFE_ACTOR_COUNT; a++)
		if (actors[a].colour)
			buf_printf(out,
				   "\t\t%s [shape=plaintext, label=\"%s\", "
				   "fontcolor=\"%s\"];\n",
				   actors[a].name, actors[a].words, actors[a].colour);
	buf_add(out, STR("\t}\n"));
}

void lifecycle_dot(struct buf *out)
{
	buf_add(out, STR("digraph kentongan {\n"
			 "\tlabel=\"Perjalanan sebuah laporan\"; labelloc=t;\n"
			 "\tgraph [fontname=\"sans-serif\", nodesep=0.4, ranksep=0.8];\n"
			 "\tnode [shape=box, fontname=\"sans-serif\", fontsize=11];\n"
			 "\tedge [fontname=\"sans-serif\", fontsize=9];\n"));
	for (int s = 0; s < TICKET_STATE_COUNT; s++)
		node(out, (enum ticket_state)s);
	buf_add(out, STR("\tnode [shape=ellipse];\n"
			 "\tasal [label=\"kembali ke\\ntempat asalnya\"];\n"
			 "\tterbuka [label=\"setiap laporan\\nyang terbuka\"];\n"
			 "\tberjalan [label=\"setiap laporan\\nsebelum selesai\"];\n"));
	for (int from = 0; from < FROM_COUNT; from++)
		for (int to = 0; to <= LIFE_TO_BEFORE; to++)
			for (unsigned who = 1;
			     to != LIFE_TO_SAME && who < 1u << LIFE_ACTOR_COUNT; who++)
				edge(out, from, to, who);
	legend(out);
	buf_add(out, STR("}\n"));
}

/* ---- text ---- */

enum { CELL = 160, GAP = 2 };

static void word(struct buf *cell, const char *s)
{
	buf_printf(cell, "%s%s", cell->n ? "," : "", s);
}

static const struct {
	unsigned states;
	const char *name;
} sets[] = {
	{ ALL, "ANY" },	      { OPEN, "OPEN" },	      { WORK, "WORK" },
	{ CLOSED, "CLOSED" }, { OFFICES, "OFFICES" }, { DESKS, "DESKS" },
};

static void states_cell(unsigned states, struct buf *cell)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		if ((states & sets[i].states) == sets[i].states) {
			word(cell, sets[i].name);
			states &= ~sets[i].states;
		}
	for (int s = 0; s < TICKET_STATE_COUNT; s++)
		if (states >> s & 1)
			word(cell, ticket_state_code((enum ticket_state)s));
}

static void bits_cell(unsigned bits, const char *const *names, size_t n, struct buf *cell)
{
	for (size_t i = 0; i < n; i++)
		if (bits >> i & 1)
			word(cell, names[i]);
}

/* Its columns, from left to right. */
static void row_cell(const struct life_row *row, int column, struct buf *cell)
{
	switch (column) {
	case 0:
		states_cell(row->from, cell);
		break;
	case 1:
		word(cell, events[row->event].name);
		break;
	case 2:
		for (int a = 0; a < LIFE_ACTOR_COUNT; a++)
			if (row->who >> a & 1)
				word(cell, actors[a].name);
		break;
	case 3:
		bits_cell(row->when, conditions, sizeof(conditions) / sizeof(*conditions),
			  cell);
		break;
	case 4:
		word(cell, row->to == LIFE_TO_SAME ? "(stays)"
			   : row->to == LIFE_TO_BEFORE
				   ? "(back)"
				   : ticket_state_code((enum ticket_state)row->to));
		break;
	case 5:
		word(cell, row->reply ? row->reply : "-");
		break;
	case 6:
		word(cell, tolds[row->told]);
		break;
	case 7:
		for (int c = 0; c < LIFE_CLOCK_COUNT; c++)
			if (row->start >> c & 1)
				word(cell, clocks[c].name);
		break;
	default:
		bits_cell(row->does, deeds, sizeof(deeds) / sizeof(*deeds), cell);
	}
}

/* What the words in capitals stand for, and which clocks run where. */
static void states_text(struct buf *out)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
		buf_printf(out, "%-12s", sets[i].name);
		for (int s = 0; s < TICKET_STATE_COUNT; s++)
			if (sets[i].states >> s & 1)
				buf_printf(out, " %s",
					   ticket_state_code((enum ticket_state)s));
		buf_add_char(out, '\n');
	}
	for (int s = 0; s < TICKET_STATE_COUNT; s++) {
		unsigned runs = lifecycle_clocks((enum ticket_state)s);

		buf_printf(out, "%-12s %s;", ticket_state_code((enum ticket_state)s),
			   ticket_state_words((enum ticket_state)s));
		for (int c = 0; c < LIFE_CLOCK_COUNT; c++)
			if (runs >> c & 1)
				buf_printf(out, " %s", clocks[c].name);
		buf_add(out, runs ? STR("\n") : STR(" no clock\n"));
	}
}

void lifecycle_text(struct buf *out)
{
	static const char *const heads[] = { "STATE", "EVENT", "WHO",	 "WHEN", "TO",
					     "REPLY", "TOLD",  "STARTS", "DOES" };
	enum { COLUMNS = sizeof(heads) / sizeof(*heads) };
	size_t n, width[COLUMNS];
	const struct life_row *rows = lifecycle_rows(&n);
	struct buf cell = BUF_INIT(CELL);

	for (int c = 0; c < COLUMNS; c++) {
		width[c] = strlen(heads[c]);
		for (size_t i = 0; i < n; i++) {
			buf_clear(&cell);
			row_cell(&rows[i], c, &cell);
			width[c] = cell.n > width[c] ? cell.n : width[c];
		}
	}
	for (size_t i = 0; i <= n; i++) {
		for (int c = 0; c < COLUMNS; c++) {
			buf_clear(&cell);
			if (i == 0)
				word(&cell, heads[c]);
			else
				row_cell(&rows[i - 1], c, &cell);
			buf_add(out, buf_str(&cell));
			if (c + 1 < COLUMNS)
				buf_printf(out, "%*s", (int)(width[c] - cell.n + GAP),
					   "");
		}
		while (out->n && out->p[out->n - 1] == ' ')
			out->n--;
		buf_add_char(out, '\n');
	}
	buf_free(&cell);
	buf_add_char(out, '\n');
	states_text(out);
}
