/* SPDX-License-Identifier: MIT */
/*
 * Lines are looked at from above; the first that a mail program wrote ends what a person
 * wrote. Programs write in the language that they are set to, wrap what they write, and
 * turn our dashes into others, so lines are compared folded and two in a row. Somebody
 * who writes below the quote in spite of the marker is still understood. Pure.
 */
#include "model/mail_answer.h"

#include "base/utf8.h"
#include "model/mask.h"
#include "model/ticketno.h"

enum {
	LINES_MOST = 4000,
	LINE_MOST = 400, /* more of a line says nothing about what it is */
	WRITTEN_MOST = 32 * 1024,
	UNDERSCORES = 10,
	OUTLOOK_LINES = 4,
	LEAD_WORDS = 8, /* a greeting has no more */
};

struct lines {
	struct str *items, *folded; /* folded: without quote marks and dashes */
	bool *quoted;
	size_t n;
};

/* ---- lines ---- */

/* Quote marks at the begin are taken off. */
static struct str unquoted(struct str line, bool *quoted)
{
	*quoted = false;
	while (line.n && (line.p[0] == '>' || line.p[0] == ' ' || line.p[0] == '\t' ||
			  line.p[0] == '|')) {
		*quoted |= line.p[0] == '>' || line.p[0] == '|';
		line = str_slice(line, 1, line.n);
	}
	return line;
}

static bool is_dash(int32_t point)
{
	return point == '-' || point == 0xad || point == 0x2212 ||
	       (point >= 0x2010 && point <= 0x2015);
}

/* For comparing: small letters, one blank between words, no dashes, stars. */
static struct str fold_line(struct str line, struct arena *arena)
{
	struct str folded = utf8_fold(str_slice(line, 0, LINE_MOST), arena);
	char *to = arena_alloc(arena, folded.n + 1, 1);
	size_t n = 0, at = 0;
	bool space = false;
	int32_t point;

	while (to && (point = utf8_next(folded, &at)) >= 0) {
		if (point <= ' ' || point == 0xa0) {
			space = n > 0;
			continue;
		}
		if (is_dash(point) || point == '*')
			continue;
		if (space)
			to[n++] = ' ';
		space = false;
		if (n + 4 < folded.n + 1)
			n += utf8_encode(point, to + n);
		else if (point < 0x80)
			to[n++] = (char)point;
	}
	return str_from(to, to ? n : 0);
}

static bool lines_cut(struct str text, struct arena *arena, struct lines *out)
{
	struct str rest = str_slice(text, 0, WRITTEN_MOST), line;

	out->items = ARENA_NEW(arena, struct str, LINES_MOST);
	out->folded = ARENA_NEW(arena, struct str, LINES_MOST);
	out->quoted = ARENA_NEW(arena, bool, LINES_MOST);
	out->n = 0;
	if (!out->items || !out->folded || !out->quoted)
		return false;
	while (out->n < LINES_MOST && str_split(&rest, '\n', &line)) {
		out->items[out->n] = line;
		out->folded[out->n] =
			fold_line(unquoted(line, &out->quoted[out->n]), arena);
		out->n++;
	}
	return true;
}

/* Line i and the next ones as one, folded. */
static struct str joined(const struct lines *l, size_t i, size_t n, struct arena *arena)
{
	struct str out = l->folded[i];

	for (size_t k = 1; k < n && i + k < l->n; k++)
		out = arena_printf(arena, "%.*s %.*s", STR_ARG(out),
				   STR_ARG(l->folded[i + k]));
	return out;
}

static bool begins(struct str s, const char *const *with, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts(s, str_of(with[i])))
			return true;
	return false;
}

static bool ends(struct str s, const char *const *with, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ends(s, str_of(with[i])))
			return true;
	return false;
}

static bool contains(struct str s, const char *what)
{
	return str_find(s, str_of(what)) < s.n;
}

#define BEGINS(s, table) begins((s), (table), sizeof(table) / sizeof(*(table)))
#define ENDS(s, table)	 ends((s), (table), sizeof(table) / sizeof(*(table)))

/* ---- what mail programs write ---- */

static bool is_marker(const struct lines *l, size_t i, struct arena *arena)
{
	return contains(l->folded[i], MAIL_MARKER) ||
	       (i + 1 < l->n && !contains(l->folded[i + 1], MAIL_MARKER) &&
		contains(joined(l, i, 2, arena), MAIL_MARKER));
}

/* "Pada Sen, 4 Agt 2025 pukul 07.12 Pengaduan <aduan@…> menulis:", in so many lines.
 * whole: its begin must be there. */
static bool attributes(const struct lines *l, size_t i, size_t n, bool whole,
		       struct arena *arena)
{
	static const char *const first[] = { "on ", "pada ", "pd ", "tanggal ", "tgl ",
					     "am ", "le ",   "el ", "quoting ", "2" };
	static const char *const last[] = { "wrote:",	 "wrote :",   "menulis:",
					    "menulis :", "tulis:",    "writes:",
					    "schrieb:",	 "berkata:",  "mengirim:",
					    "ecrit :",	 "escribio:", "menuliskan:" };
	struct str s = joined(l, i, n, arena);

	if (s.n == 0)
		return false;
	if (ENDS(s, last))
		return BEGINS(s, first) || (!whole && n == 1 && contains(s, "@"));
	/* "2025-08-04 07.12 GMT+07.00 Pengaduan <aduan@…>:" */
	return str_ends(s, STR(":")) && contains(s, "<") && contains(s, "@") &&
	       s.p[0] >= '0' && s.p[0] <= '9';
}

/* It may be wrapped; then no line of it is empty, and none below is one by itself. */
static bool is_attribution(const struct lines *l, size_t i, struct arena *arena)
{
	for (size_t n = 1; n <= 3 && i + n <= l->n && l->folded[i + n - 1].n; n++) {
		bool below = false;

		for (size_t k = 1; k < n; k++)
			below |= attributes(l, i + k, n - k, true, arena);
		if (attributes(l, i, n, false, arena))
			return !below;
	}
	return false;
}

static bool is_rule(const struct lines *l, size_t i)
{
	static const char *const such[] = {
		"original message",	   "pesan asli",	   "pesan asal",
		"forwarded message",	   "pesan terusan",	   "pesan diteruskan",
		"pesan yang diteruskan",   "original appointment", "mulai pesan terusan",
		"begin forwarded message", "awal pesan terusan"
	};
	struct str raw = str_trim(l->items[i]), s = l->folded[i];
	size_t n = 0;

	while (n < raw.n && raw.p[n] == '_')
		n++;
	if (n >= UNDERSCORES && n == raw.n)
		return true;
	if (!BEGINS(s, such))
		return false;
	/* Dashes around it, or nothing else on the line. */
	return raw.n > s.n + 3 || ENDS(s, such) || str_ends(s, STR(":"));
}

/* "Dari: …" with "Dikirim: …", "Kepada: …" below: Outlook's. */
static bool is_head(const struct lines *l, size_t i)
{
	static const char *const first[] = { "from:", "dari:", "from :", "dari :",
					     "von:" };
	static const char *const next[] = {
		"sent:",     "date:",	 "to:",	    "subject:", "dikirim:",  "tanggal:",
		"kepada:",   "perihal:", "subjek:", "ke:",	"dikirim :", "kepada :",
		"terkirim:", "hal:",	 "cc:",	    "date :"
	};

	if (!BEGINS(l->folded[i], first))
		return false;
	for (size_t k = 1; k <= OUTLOOK_LINES && i + k < l->n; k++)
		if (BEGINS(l->folded[i + k], next))
			return true;
	return false;
}

static bool is_signature(const struct lines *l, size_t i)
{
	static const char *const such[] = {
		"sent from my ",
		"dikirim dari iphone",
		"dikirim dari ponsel",
		"dikirim dari outlook",
		"dikirim dari yahoo",
		"dikirim dari samsung",
		"dikirim dari perangkat",
		"dikirim menggunakan ",
		"dikirim dari android",
		"dikirim dari ipad",
		"dapatkan outlook untuk",
		"get outlook for ",
		"sent from yahoo",
		"sent from outlook",
		"sent from samsung",
		"dikirim dari xiaomi",
		"dikirim dari email untuk",
		"sent from mail for",
		"dikirim dari mail",
		"dikirim dari gmail",
		"dikirim dari hp",
	};
	struct str raw = l->items[i];

	if (raw.n && raw.p[raw.n - 1] == '\r')
		raw.n--;
	return str_eq(raw, STR("-- ")) || str_eq(raw, STR("--")) ||
	       BEGINS(l->folded[i], such);
}

static bool is_end(const struct lines *l, size_t i, struct arena *arena)
{
	return l->quoted[i] || is_marker(l, i, arena) || is_rule(l, i) || is_head(l, i) ||
	       is_signature(l, i) || is_attribution(l, i, arena);
}

/* ---- what a person wrote ---- */

/* From line `from` up to what a program wrote; n 0: nothing. *end: where that is. */
static struct str written_from(const struct lines *l, size_t from, size_t *end,
			       struct arena *arena)
{
	size_t i = from;
	struct buf b = BUF_INIT(WRITTEN_MOST + LINES_MOST);
	struct str out;

	for (; i < l->n && !is_end(l, i, arena); i++) {
		buf_add(&b, l->items[i]);
		buf_add_char(&b, '\n');
	}
	*end = i;
	out = arena_str(arena, str_trim(buf_str(&b)));
	buf_free(&b);
	return out.p ? out : STR("");
}

/* Whoever answers below: behind the last quoted line. */
static struct str written_below(const struct lines *l, size_t from, struct arena *arena)
{
	size_t last = l->n, end;

	for (size_t i = from; i < l->n; i++)
		if (l->quoted[i])
			last = i;
	return last < l->n ? written_from(l, last + 1, &end, arena) : STR("");
}

/* ---- in one line ---- */

/* "Pak lampu sudah kami ganti", "Halo, masih menunggu material": it goes on. */
static bool says_more(struct str folded, struct arena *arena)
{
	static const char *const such[] = { " sudah ", " sdh ",	  " udah ",  " telah ",
					    " akan ",  " belum ", " blm ",   " sedang ",
					    " kami ",  " tidak ", " masih ", " menunggu ",
					    " mohon " };
	struct str s = arena_printf(arena, "%.*s ", STR_ARG(folded));
	size_t comma = str_find_char(folded, ','), blanks = 0;

	for (size_t i = 0; i < sizeof(such) / sizeof(*such); i++)
		if (contains(s, such[i]))
			return true;
	/* Not "Selamat pagi, Bapak/Ibu", "Kepada Yth. Admin, di tempat". */
	s = str_trim(str_slice(folded, comma + 1, folded.n));
	for (size_t i = 0; i < s.n; i++)
		blanks += s.p[i] == ' ';
	return blanks >= 2;
}

static bool is_greeting(struct str folded, struct arena *arena)
{
	static const char *const such[] = { "yth",
					    "kepada yth",
					    "dear ",
					    "selamat pagi",
					    "selamat siang",
					    "selamat sore",
					    "selamat malam",
					    "assalam",
					    "ass.",
					    "salam sejahtera",
					    "dengan hormat",
					    "hormat kami,",
					    "halo",
					    "hallo",
					    "bapak/ibu",
					    "pak ",
					    "bu ",
					    "ytk",
					    "menindaklanjuti email" };
	size_t words = 1;

	for (size_t i = 0; i < folded.n; i++)
		words += folded.p[i] == ' ';
	return words <= LEAD_WORDS && BEGINS(folded, such) && folded.n &&
	       !contains(folded, "?") && !says_more(folded, arena);
}

/* Where the courtesies at the end begin. */
static bool is_farewell(struct str folded)
{
	static const char *const such[] = {
		"salam,",
		"salam.",
		"salam hormat",
		"hormat kami",
		"hormat saya",
		"wassalam",
		"demikian ",
		"atas perhatian",
		"terima kasih.",
		"terima kasih,",
		"terimakasih.",
		"terimakasih,",
		"regards",
		"best regards",
		"kind regards",
		"thanks",
		"thank you",
		"ttd",
		"atas kerja sama",
		"atas kerjasama",
		"tertanda",
		"a.n. kepala",
		"an. kepala",
		"trims",
		"atas perhatiannya",
	};

	return str_eq(folded, STR("salam")) || str_eq(folded, STR("terima kasih")) ||
	       str_eq(folded, STR("terimakasih")) || BEGINS(folded, such);
}

/* Lines in a row with one blank between; leads and farewells left out. */
static struct str in_a_row(struct str written, bool greeting_goes, struct arena *arena)
{
	struct buf b = BUF_INIT(WRITTEN_MOST + 1);
	struct str rest = written, line, out;
	bool any = false;

	while (str_split(&rest, '\n', &line)) {
		struct str folded = fold_line(line, arena), word;

		line = str_trim(line);
		if (line.n == 0 || (greeting_goes && !any && is_greeting(folded, arena)))
			continue;
		if (any && is_farewell(folded))
			break;
		any = true;
		while (str_split(&line, ' ', &word)) {
			if (word.n == 0)
				continue;
			if (b.n)
				buf_add_char(&b, ' ');
			buf_add(&b, word);
		}
	}
	out = arena_str(arena, buf_str(&b));
	buf_free(&b);
	return out.p ? out : STR("");
}

/* Cut at a word's end, where there is one near by. */
static struct str within(struct str words, struct arena *arena)
{
	size_t end = MAIL_WORDS_MOST, space;

	if (words.n <= MAIL_WORDS_MOST)
		return words;
	while (end && ((unsigned char)words.p[end] & 0xc0) == 0x80)
		end--;
	for (space = end; space > end / 2 && words.p[space] != ' '; space--)
		;
	words = str_slice(words, 0, space > end / 2 ? space : end);
	return arena_printf(arena, "%.*s ...", STR_ARG(words));
}

static struct str told(struct str words, const struct officer_rules *rules,
		       struct arena *arena)
{
	struct str masked = mask_numbers(within(str_trim(words), arena),
					 rules->width + TICKETNO_BESIDE, arena);

	return masked.p ? masked : STR("");
}

/* ---- the command ---- */

/* "LUAR", "Luar:" */
static bool is_shouted(struct str text)
{
	size_t n = 0;

	while (n < text.n && text.p[n] >= 'A' && text.p[n] <= 'Z')
		n++;
	return n > 2 && (n == text.n || text.p[n] == ' ' || text.p[n] == ':' ||
			 text.p[n] == ',' || text.p[n] == '.');
}

/*
 * First as the officer's only ticket; what reads like a sentence then is no command. With
 * the thread's number in front more is one: taken when it is written in capitals, as our
 * mails say, or complete and of no sense otherwise.
 */
static struct officer_command command_of(struct str text,
					 const struct officer_rules *rules, int64_t no,
					 struct arena *arena)
{
	const unsigned mail = OFFICER_NO_PIN | OFFICER_NO_NUMBER;
	struct officer_command c = officer_read(text, rules, arena), known;

	if (c.kind != OFFICER_NONE || no == 0)
		return c;
	text = arena_printf(arena, "%lld %.*s", (long long)no, STR_ARG(text));
	known = officer_read(text, rules, arena);
	if (known.kind == OFFICER_NONE || known.slip)
		return c;
	if (is_shouted(str_slice(text, str_find_char(text, ' ') + 1, text.n)))
		return known;
	return (known.kind == OFFICER_LUAR || known.kind == OFFICER_GABUNG) &&
			       !(known.faults & ~mail)
		       ? known
		       : c;
}

/* What may follow a command's word in a sentence that is none. */
static bool goes_on(struct str rest, enum officer_kind kind)
{
	static const char *const to_come[] = {
		"akan ",	"besok",	"lusa",	       "nanti",
		"minggu depan", "pekan depan",	"bulan depan", "tahun depan",
		"dalam ",	"akhir ",	"awal ",       "sebelum ",
		"paling ",	"diperkirakan", "target",      "bila ",
		"jika ",	"kalau "
	};
	static const char *const over[] = { " lalu", " kemarin", " tadi" };
	static const char *const own[] = { "dulu", "ke ", "kepada ", "langsung" };
	static const char *const words[] = { "ukur", "belakang" };

	if (kind == OFFICER_TANYA)
		return BEGINS(rest, own);
	if (kind == OFFICER_TOLAK)
		return BEGINS(rest, words);
	for (size_t i = 0; i < sizeof(over) / sizeof(*over); i++)
		if (contains(rest, over[i]))
			return false;
	return kind == OFFICER_SELESAI && BEGINS(rest, to_come);
}

/*
 * "selesai minggu depan", "tanya dulu ke tim": people write to a mailbox as they write to
 * each other. A word that stands alone, or before a stop or colon, is a command.
 */
static bool is_sentence(struct str written, const struct officer_command *c,
			struct arena *arena)
{
	struct str rest = written, line = STR(""), word;

	while (str_trim(line).n == 0 || is_greeting(fold_line(line, arena), arena))
		if (!str_split(&rest, '\n', &line))
			return false;
	rest = fold_line(line, arena);
	do
		if (!str_split(&rest, ' ', &word))
			return false;
	while (word.n == 0 || (word.p[0] >= '0' && word.p[0] <= '9'));
	return utf8_is_letter((unsigned char)word.p[word.n - 1]) &&
	       goes_on(rest, c->kind);
}

/* Whether a line below the command is one, too: in capitals, as our mails say, perhaps
 * behind a number. */
static bool is_another(struct str line, const struct officer_rules *rules, int64_t no,
		       struct arena *arena)
{
	size_t digits = 0;

	line = str_trim(line);
	while (digits < line.n && line.p[digits] >= '0' && line.p[digits] <= '9')
		digits++;
	return is_shouted(str_trim(str_slice(line, digits, line.n))) &&
	       command_of(line, rules, no, arena).kind != OFFICER_NONE;
}

static bool has_another(struct str written, const struct officer_rules *rules, int64_t no,
			struct arena *arena)
{
	struct str rest = written, line;
	bool first = true;

	while (str_split(&rest, '\n', &line)) {
		struct str folded = fold_line(line, arena);

		if (folded.n == 0 || (first && is_greeting(folded, arena)))
			continue;
		if (!first && is_another(line, rules, no, arena))
			return true;
		first = false;
	}
	return false;
}

void mail_answer_read(struct str text, const struct officer_rules *rules, int64_t no,
		      struct arena *arena, struct mail_answer *out)
{
	struct lines l;
	struct str row;
	size_t end;

	*out = (struct mail_answer){ .command.department = -1 };
	if (!lines_cut(text, arena, &l))
		return;
	out->written = written_from(&l, 0, &end, arena);
	if (out->written.n == 0)
		out->written = written_below(&l, end, arena);
	row = in_a_row(out->written, true, arena);
	if (row.n == 0 || is_farewell(fold_line(row, arena)))
		row = in_a_row(out->written, false, arena);
	out->command = command_of(row, rules, no, arena);
	if (is_sentence(out->written, &out->command, arena))
		out->command = (struct officer_command){ .department = -1 };
	if (out->command.kind == OFFICER_NONE) {
		out->words = told(row, rules, arena);
		return;
	}
	out->several = has_another(out->written, rules, no, arena);
	out->words = told(officer_needs_pin(out->command.kind) ? out->command.text
							       : out->command.text_whole,
			  rules, arena);
	out->body = told(out->command.body, rules, arena);
}

/* ---- who wrote it ---- */

static bool among(struct str s, const char *const *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(s, str_of(all[i])))
			return true;
	return false;
}

enum mail_author mail_author(const struct mime_mail *m)
{
	static const char *const bulk[] = { "bulk", "junk", "auto_reply" };

	if (m->report && (m->n_reports || m->reported_id.n))
		return MAIL_BOUNCE;
	if (m->report || m->receipt || m->null_path || m->vacation ||
	    (m->auto_submitted.n && !str_eq(m->auto_submitted, STR("no"))) ||
	    among(m->precedence, bulk, sizeof(bulk) / sizeof(*bulk)) ||
	    str_starts(m->from, STR("mailer-daemon@")))
		return MAIL_MACHINE;
	return MAIL_HUMAN;
}

bool mail_may_be_told(const struct mime_mail *m)
{
	static const char *const nobody[] = { "mailer-daemon@", "postmaster@",
					      "noreply@",	"no-reply@",
					      "donotreply@",	"do-not-reply@",
					      "bounce",		"root@" };

	return m->from.n && mail_author(m) == MAIL_HUMAN && !m->suppress && !m->list &&
	       !str_eq(m->precedence, STR("list")) &&
	       !begins(m->from, nobody, sizeof(nobody) / sizeof(*nobody));
}

int64_t mail_subject_no(struct str subject, unsigned width)
{
	size_t i = 0;

	while (i < subject.n) {
		size_t begin = i;
		bool wrong = false;
		int64_t no = 0;

		while (i < subject.n && subject.p[i] >= '0' && subject.p[i] <= '9')
			i++;
		if (i - begin >= width + TICKETNO_BESIDE &&
		    ticketno_read(str_slice(subject, begin, i), width, &no, &wrong) &&
		    !wrong)
			return no;
		i += i == begin;
	}
	return 0;
}
