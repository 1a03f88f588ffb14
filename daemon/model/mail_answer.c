/* SPDX-License-Identifier: MIT */
/*
 * What a person's words in a mail mean: greetings and courtesies go, a command is told
 * from a sentence that begins like one, the rest is put in one line to be told. And who
 * wrote a mail, by its head. Pure.
 */
#include "model/mail_answer.h"
#include "model/mail_inside.h"

#include "base/utf8.h"
#include "model/mask.h"
#include "model/ticketno.h"

enum { LEAD_WORDS = 8 /* a greeting has no more */ };

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
		if (mail_contains(s, such[i]))
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
	       !mail_contains(folded, "?") && !says_more(folded, arena);
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
	struct buf b = BUF_INIT(MAIL_WRITTEN_MOST + 1);
	struct str rest = written, line, out;
	bool any = false;

	while (str_split(&rest, '\n', &line)) {
		struct str folded = mail_line_fold(line, arena), word;

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
		if (mail_contains(rest, over[i]))
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

	while (str_trim(line).n == 0 || is_greeting(mail_line_fold(line, arena), arena))
		if (!str_split(&rest, '\n', &line))
			return false;
	rest = mail_line_fold(line, arena);
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
		struct str folded = mail_line_fold(line, arena);

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
	struct str row;

	*out = (struct mail_answer){
		.written = mail_written(text, arena),
		.command.department = -1,
	};
	row = in_a_row(out->written, true, arena);
	if (row.n == 0 || is_farewell(mail_line_fold(row, arena)))
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
	       !mail_begins(m->from, nobody, sizeof(nobody) / sizeof(*nobody));
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
