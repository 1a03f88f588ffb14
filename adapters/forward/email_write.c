/* SPDX-License-Identifier: MIT */
/*
 * The words of a mail to a department: subject, text and HTML, written side by side,
 * field by field, so that both say the same. All that is said stands in the tables at the
 * head. The citizen's words are his own, to the letter; of a hidden ticket there are
 * none. Pure.
 */
#include "forward/email.h"

#include <stdlib.h>

enum {
	TEXT_MOST = 128 << 10,
	HTML_MOST = 512 << 10,
	SUMMARY_MOST = 48,  /* bytes, in a subject */
	PLACE_MOST = 80,    /* the same */
	WORDS_MOST = 600,   /* of one event */
	DIGEST_WORDS = 160, /* of a complaint, in the digest */
	DIGEST_ROWS = 200,  /* … and of them, the nearest */
	HISTORY_SHOWN = 30, /* the newest */
	LABEL_COLUMNS = 11,
};

/* ---- what is said ---- */

static const char marker[] = "-- balas di atas garis ini --";
static const char commands[] =
	" (baris pertama boleh: TERIMA, TANYA, JADWAL, SELESAI, ALIH)";

static const struct {
	const char *code, *words;
} kinds[] = {
	{ "pertanyaan", "permintaan informasi" },
	{ "aspirasi", "aspirasi" },
	{ "pengaduan", "pengaduan biasa" },
	{ "pengawasan", "pengaduan yang perlu diperiksa" },
};

/* lifecycle_event_name, as a department reads it. */
static const struct {
	const char *event, *words;
} events[] = {
	{ "opened_routed", "diterima dan diteruskan" },
	{ "opened_unclear", "diterima, dibaca meja pengaduan" },
	{ "opened_sensitive", "diterima" },
	{ "opened_outside", "diterima" },
	{ "route", "disposisi meja pengaduan" },
	{ "recall", "ditarik kembali oleh meja pengaduan" },
	{ "reject", "ditolak oleh meja pengaduan" },
	{ "reopen", "dibuka lagi" },
	{ "extend", "perpanjangan waktu diberikan" },
	{ "no_extend", "perpanjangan waktu tidak diberikan" },
	{ "unhide", "tidak lagi dirahasiakan" },
	{ "archive", "diarsipkan" },
	{ "ask_place", "pelapor ditanya lokasinya" },
	{ "ask_choice", "pelapor ditanya maksudnya" },
	{ "ask", "pertanyaan kepada pelapor" },
	{ "answered", "jawaban pelapor" },
	{ "added", "tambahan dari pelapor" },
	{ "accept", "diterima untuk ditangani" },
	{ "progress", "kabar kemajuan" },
	{ "schedule", "dijadwalkan" },
	{ "done", "dinyatakan selesai" },
	{ "transfer", "dialihkan" },
	{ "outside", "milik instansi luar" },
	{ "merge", "digabung dengan laporan lain" },
	{ "reject_proposed", "diusulkan ditolak" },
	{ "extend_asked", "perpanjangan waktu diminta" },
	{ "hide", "dirahasiakan mulai sekarang" },
	{ "confirm", "pelapor membenarkan: sudah selesai" },
	{ "not_fixed", "pelapor menyatakan BELUM selesai" },
	{ "rate", "penilaian pelapor" },
	{ "unmerge", "dipisahkan dari laporan lain" },
	{ "withdraw", "dicabut oleh pelapor" },
	{ "appeal", "pelapor keberatan" },
	{ "remind", "pengingat: batas waktu mendekat" },
	{ "deadline", "batas waktu TERLEWATI" },
	{ "statute", "mendekati 60 hari, batas undang-undang" },
	{ "ask_expired", "pelapor tidak menjawab" },
	{ "close_silence", "ditutup, pelapor tidak berkabar" },
};

/* How to answer: first lines of a reply. */
static const struct {
	const char *command, *words;
} answers[] = {
	{ "TERIMA", "diterima, akan ditangani" },
	{ "PROSES kabar", "kabar kemajuan; sama dengan tanpa perintah" },
	{ "JADWAL tanggal alasan", "kapan dikerjakan" },
	{ "TANYA pertanyaan", "kepada pelapor; waktu berhenti sampai dijawab" },
	{ "SELESAI apa yang dikerjakan", "pelapor diminta membenarkan" },
	{ "ALIH instansi alasan", "bukan tugas kami, tugas instansi lain" },
	{ "LUAR instansi alasan", "di luar kewenangan kabupaten" },
	{ "TOLAK alasan", "usul; meja pengaduan yang memutuskan" },
};

/* ---- both bodies at once ---- */

struct pen {
	const struct forward_ctx *ctx;
	struct buf text, html;
};

static const struct str html_head =
	STR_INIT("<!DOCTYPE html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">"
		 "<meta name=\"viewport\" content=\"width=device-width\"></head>\n"
		 "<body style=\"font-family:sans-serif;font-size:15px;line-height:1.4;"
		 "max-width:40em\">\n");
static const struct str html_foot = STR_INIT("</body></html>\n");

/* At most n bytes, ended between two characters. */
static struct str cut(struct str s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return str_slice(s, 0, n);
}

static void paragraph(struct pen *p, const char *style, const char *words)
{
	buf_printf(&p->text, "%s\n\n", words);
	buf_printf(&p->html, "<p style=\"%s\">", style);
	mime_add_html(&p->html, str_of(words));
	buf_add(&p->html, STR("</p>\n"));
}

static void table_begin(struct pen *p)
{
	buf_add(&p->html, STR("<table style=\"border-collapse:collapse\">\n"));
}

static void table_end(struct pen *p)
{
	buf_add(&p->html, STR("</table>\n"));
	buf_add_char(&p->text, '\n');
}

/* Each line of the value stands in the value's column: no line of it can be taken for a
 * field. */
static void field(struct pen *p, const char *label, struct str value)
{
	struct str rest = value, line;
	bool first = true;

	if (value.n == 0)
		return;
	buf_printf(&p->text, "%-*s", LABEL_COLUMNS, label);
	while (str_split(&rest, '\n', &line)) {
		if (!first)
			buf_printf(&p->text, "\n%*s", LABEL_COLUMNS, "");
		buf_add(&p->text, line);
		first = false;
	}
	buf_add_char(&p->text, '\n');
	buf_printf(&p->html,
		   "<tr><td style=\"padding:2px 12px 2px 0;vertical-align:top;"
		   "color:#555\">%s</td><td style=\"padding:2px 0;"
		   "vertical-align:top;white-space:pre-wrap\">",
		   label);
	mime_add_html(&p->html, value);
	buf_add(&p->html, STR("</td></tr>\n"));
}

/* ---- times ---- */

struct moment {
	struct when_date date;
	int hour, minute;
};

static struct moment moment_of(const struct forward_ctx *ctx, int64_t wall_ms)
{
	int64_t s = wall_ms / 1000 + ctx->zone_s, day = s / 86400;

	return (struct moment){ when_date_of(day), (int)(s % 86400 / 3600),
				(int)(s % 3600 / 60) };
}

/* "17/08/25" */
static struct str date_text(const struct forward_ctx *ctx, int64_t wall_ms)
{
	struct moment m = moment_of(ctx, wall_ms);

	return arena_printf(ctx->arena, "%02d/%02d/%02d", m.date.day, m.date.month,
			    m.date.year % 100);
}

/* "04/08/25 07.12 WIB" */
static struct str time_text(const struct forward_ctx *ctx, int64_t wall_ms)
{
	static const struct {
		int32_t zone_s;
		const char *name;
	} zones[] = { { 25200, " WIB" }, { 28800, " WITA" }, { 32400, " WIT" } };
	struct moment m = moment_of(ctx, wall_ms);
	const char *zone = "";

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		if (zones[i].zone_s == ctx->zone_s)
			zone = zones[i].name;
	return arena_printf(ctx->arena, "%02d/%02d/%02d %02d.%02d%s", m.date.day,
			    m.date.month, m.date.year % 100, m.hour, m.minute, zone);
}

/* ---- a ticket's fields ---- */

static const char *event_words(struct str event)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (str_eq(event, str_of(events[i].event)))
			return events[i].words;
	return "perubahan";
}

/* What stands with them is the clock's name, for programs. */
static bool is_of_clock(struct str event)
{
	static const char *const clocks[] = { "remind", "deadline", "statute",
					      "ask_expired", "close_silence" };

	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++)
		if (str_eq(event, str_of(clocks[i])))
			return true;
	return false;
}

static struct str kind_words(struct str code)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_eq(code, str_of(kinds[i].code)))
			return str_of(kinds[i].words);
	return code;
}

/* "kp Cibogo, ds Citasuk kec Padarincang" */
static struct str place_text(const struct forward *f, struct arena *arena)
{
	const struct {
		const char *before;
		struct str what;
	} parts[] = { { "", f->place }, { "ds ", f->desa }, { "kec ", f->kecamatan } };
	struct buf b = BUF_INIT(2000);
	struct str s;

	for (size_t i = 0; i < 3; i++)
		if (parts[i].what.n)
			buf_printf(&b, "%s%s%.*s", b.n ? " " : "", parts[i].before,
				   STR_ARG(cut(parts[i].what, 300)));
	s = arena_str(arena, buf_str(&b));
	buf_free(&b);
	return s.p ? s : STR("");
}

static struct str limits_text(const struct forward_ctx *ctx, const struct forward *f)
{
	struct str answer = f->answer_due_ms ? date_text(ctx, f->answer_due_ms) : STR("");
	struct str settle = f->settle_due_ms ? date_text(ctx, f->settle_due_ms) : STR("");

	return arena_printf(ctx->arena, "%s%.*s%s%s%.*s", answer.n ? "jawaban " : "",
			    STR_ARG(answer), answer.n && settle.n ? ", " : "",
			    settle.n ? "selesai " : "", STR_ARG(settle));
}

static struct str reporters_text(const struct forward_ctx *ctx, const struct forward *f)
{
	if (f->reporters < 2)
		return STR("warga (dirahasiakan)");
	return arena_printf(ctx->arena,
			    "warga (dirahasiakan), %u pelapor untuk soal yang sama",
			    f->reporters);
}

static struct str before_text(const struct forward_ctx *ctx, const struct forward *f)
{
	if (f->transfers == 0 && f->reopens == 0)
		return STR("");
	return arena_printf(ctx->arena, "%d kali dialihkan, %d kali dibuka lagi",
			    f->transfers, f->reopens);
}

/* "petugas:PUPR" → " oleh petugas PUPR"; of the gateway nothing. */
static struct str actor_text(const struct forward_ctx *ctx, struct str actor)
{
	if (str_starts(actor, STR("petugas:")))
		return arena_printf(ctx->arena, " (petugas %.*s)",
				    STR_ARG(str_slice(actor, 8, actor.n)));
	return str_eq(actor, STR("meja")) ? STR(" (meja pengaduan)") : STR("");
}

static struct str history_text(const struct forward_ctx *ctx, const struct forward *f)
{
	size_t from = f->n_history > HISTORY_SHOWN ? f->n_history - HISTORY_SHOWN : 0;
	struct buf b = BUF_INIT(64 << 10);
	struct str s;

	if (from)
		buf_printf(&b, "(%zu yang lebih lama tidak ditulis)\n", from);
	for (size_t i = from; i < f->n_history; i++) {
		const struct forward_event *h = &f->history[i];
		struct moment m = moment_of(ctx, h->at_ms);
		struct str words = is_of_clock(h->kind) ? STR("") : h->words;

		buf_printf(&b, "%s%02d/%02d %02d.%02d %s%.*s%s%.*s", i > from ? "\n" : "",
			   m.date.day, m.date.month, m.hour, m.minute,
			   event_words(h->kind), STR_ARG(actor_text(ctx, h->actor)),
			   words.n ? ": " : "", STR_ARG(cut(words, WORDS_MOST)));
	}
	s = arena_str(ctx->arena, buf_str(&b));
	buf_free(&b);
	return s.p ? s : STR("");
}

static struct str number_text(const struct forward_ctx *ctx, const struct forward *f)
{
	return arena_printf(ctx->arena, "%lld", (long long)f->no);
}

static struct str to_text(const struct forward_ctx *ctx, const struct forward *f)
{
	if (str_eq(f->department, f->department_name) || f->department_name.n == 0)
		return f->department;
	return arena_printf(ctx->arena, "%.*s (%.*s)", STR_ARG(f->department),
			    STR_ARG(f->department_name));
}

static void ticket_fields(struct pen *p, const struct forward *f)
{
	const struct forward_ctx *ctx = p->ctx;
	struct str place = place_text(f, ctx->arena), received;

	received = arena_printf(ctx->arena, "%.*s lewat %s",
				STR_ARG(time_text(ctx, f->opened_ms)),
				str_eq(f->channel, STR("sms")) ? "SMS" : "web");
	table_begin(p);
	field(p, "Nomor", number_text(ctx, f));
	field(p, "Diterima", received);
	field(p, "Kepada", to_text(ctx, f));
	if (!f->hidden)
		field(p, "Jenis", kind_words(f->kind));
	field(p, "Mendesak", f->urgent ? STR("YA") : STR("tidak"));
	field(p, "Batas", limits_text(ctx, f));
	field(p, "Status", f->state);
	if (!f->hidden) {
		if (place.n)
			place = arena_printf(ctx->arena, "%.*s (%s)", STR_ARG(place),
					     f->place_asked ? "ditanyakan" : "dari teks");
		field(p, "Lokasi", place.n ? place : STR("tidak disebut"));
		field(p, "Pelapor", reporters_text(ctx, f));
		field(p, "Sebelumnya", before_text(ctx, f));
		field(p, "Isi asli", f->text);
		field(p, "Riwayat", history_text(ctx, f));
	}
	table_end(p);
}

/* ---- the kinds of mail ---- */

static const char grey[] = "color:#777", plain[] = "margin:12px 0";

static void how_to_answer(struct pen *p)
{
	paragraph(p, plain,
		  "Cara menjawab: balas surat ini, di atas garis. Baris pertama boleh "
		  "salah satu perintah di bawah, nomor tidak perlu ditulis; tanpa "
		  "perintah, balasan menjadi kabar kemajuan. Balasan diteruskan kepada "
		  "pelapor sebagai SMS yang dipendekkan.");
	table_begin(p);
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		buf_printf(&p->text, "  %s: %s\n", answers[i].command, answers[i].words);
		buf_printf(&p->html,
			   "<tr><td style=\"padding:1px 12px 1px 0;vertical-align:top\">"
			   "<b>%s</b></td><td>%s</td></tr>\n",
			   answers[i].command, answers[i].words);
	}
	table_end(p);
}

static void hidden_words(struct pen *p, const struct forward *f)
{
	struct str s = arena_printf(
		p->ctx->arena,
		"Isi laporan ini tidak dikirim lewat surat. Isinya dapat dibaca di meja "
		"pengaduan %.*s dengan menyebut nomor %lld. Jangan teruskan surat ini. "
		"Balasan untuk pelapor tetap dapat ditulis di sini.",
		STR_ARG(p->ctx->gateway), (long long)f->no);

	paragraph(p, plain, s.p ? s.p : "");
}

static void write_new(struct pen *p, const struct forward *f)
{
	if (f->hidden)
		hidden_words(p, f);
	ticket_fields(p, f);
	if (!f->hidden)
		paragraph(
			p, plain,
			"Yang diminta: jawaban, pekerjaan, atau keterangan bahwa ini di "
			"luar kewenangan.");
	how_to_answer(p);
}

static void write_news(struct pen *p, const struct forward *f)
{
	const struct forward_ctx *ctx = p->ctx;

	table_begin(p);
	field(p, "Nomor", number_text(ctx, f));
	field(p, "Kabar", str_of(event_words(f->event)));
	if (!f->hidden && !is_of_clock(f->event))
		field(p, "Isi", cut(f->words, WORDS_MOST * 4));
	field(p, "Status", f->state);
	field(p, "Batas", limits_text(ctx, f));
	table_end(p);
}

static void write_gone(struct pen *p, const struct forward *f)
{
	const struct forward_ctx *ctx = p->ctx;

	table_begin(p);
	field(p, "Nomor", number_text(ctx, f));
	field(p, "Kabar", str_of(event_words(f->event)));
	table_end(p);
	paragraph(p, plain,
		  "Laporan ini tidak lagi pada instansi Anda. Tidak ada yang perlu "
		  "dikerjakan; balasan atas surat ini dibaca meja pengaduan.");
}

static void write_test(struct pen *p, const struct forward *f)
{
	table_begin(p);
	field(p, "Kepada", to_text(p->ctx, f));
	field(p, "Dari", p->ctx->gateway);
	field(p, "Waktu", time_text(p->ctx, p->ctx->wall_ms));
	table_end(p);
	paragraph(p, plain,
		  "Ini surat percobaan. Kalau Anda membacanya, pengaduan warga untuk "
		  "instansi Anda akan sampai di alamat ini.");
}

/* "07/08/25 TERLAMBAT" */
static struct str row_limit(const struct forward_ctx *ctx, const struct forward_row *r)
{
	if (!r->due_ms)
		return STR("-");
	return arena_printf(ctx->arena, "%s %.*s%s", r->answer ? "jawab" : "selesai",
			    STR_ARG(date_text(ctx, r->due_ms)),
			    r->late ? " TERLAMBAT" : "");
}

static struct str row_matter(const struct forward_ctx *ctx, const struct forward_row *r)
{
	const struct forward where = { .desa = r->desa, .kecamatan = r->kecamatan };
	struct str place = place_text(&where, ctx->arena);

	if (r->hidden)
		return STR("laporan; isinya di meja pengaduan");
	return arena_printf(ctx->arena, "%s%.*s%s%.*s", r->urgent ? "MENDESAK " : "",
			    STR_ARG(cut(r->text, DIGEST_WORDS)), place.n ? ", " : "",
			    STR_ARG(place));
}

static void write_digest(struct pen *p, const struct forward *f)
{
	const struct forward_ctx *ctx = p->ctx;
	size_t n = f->n_rows < DIGEST_ROWS ? f->n_rows : DIGEST_ROWS;
	struct str left;

	table_begin(p);
	for (size_t i = 0; i < n; i++) {
		const struct forward_row *r = &f->rows[i];
		struct str limit = row_limit(ctx, r), matter = row_matter(ctx, r), label;

		label = arena_printf(ctx->arena, "%lld ", (long long)r->no);
		matter = arena_printf(ctx->arena, "%.*s (%.*s)\n%.*s", STR_ARG(limit),
				      STR_ARG(r->state), STR_ARG(matter));
		field(p, label.p ? label.p : "", matter);
	}
	table_end(p);
	left = f->n_rows > n && !f->more_rows
		       ? arena_printf(ctx->arena, "Masih ada %zu lagi", f->n_rows - n)
		       : STR("Masih ada lagi");
	left = arena_printf(ctx->arena, "%.*s; tanyakan kepada meja pengaduan.",
			    STR_ARG(left));
	if (f->n_rows > n || f->more_rows)
		paragraph(p, plain, left.p ? left.p : "Masih ada lagi.");
	paragraph(p, plain,
		  "Setiap laporan dijawab dengan membalas suratnya sendiri, bukan surat "
		  "ini.");
}

/* ---- subjects ---- */

/* The first words in quotes of the router's reasons, else their beginning. */
static struct str summary_text(const struct forward *f)
{
	struct str s = f->summary;
	size_t open = str_find_char(s, '"'), close;
	struct str inside = str_slice(s, open + 1, s.n);

	close = str_find_char(inside, '"');
	if (open < s.n && close < inside.n && close > 0)
		s = str_slice(inside, 0, close);
	return s.n ? cut(s, SUMMARY_MOST) : STR("laporan warga");
}

static struct str due_text(const struct forward_ctx *ctx, const struct forward *f)
{
	if (f->answer_due_ms)
		return arena_printf(ctx->arena, " - jawab s.d. %.*s",
				    STR_ARG(date_text(ctx, f->answer_due_ms)));
	if (f->settle_due_ms)
		return arena_printf(ctx->arena, " - selesai s.d. %.*s",
				    STR_ARG(date_text(ctx, f->settle_due_ms)));
	return STR("");
}

/* "[SRG-25004176] PUPR: jalan rusak, ds Citasuk kec Padarincang"; of a hidden one only
 * that there is one. */
static struct str subject_text(const struct forward_ctx *ctx, const struct forward *f)
{
	struct forward where = *f;
	struct str place;

	where.place = STR("");
	place = cut(place_text(&where, ctx->arena), PLACE_MOST);
	if (f->hidden || f->what == FORWARD_GONE)
		return arena_printf(ctx->arena, "[%.*s-%lld] %.*s: laporan",
				    STR_ARG(ctx->mail->tag), (long long)f->no,
				    STR_ARG(f->department));
	return arena_printf(ctx->arena, "[%.*s-%lld] %.*s: %.*s%s%.*s",
			    STR_ARG(ctx->mail->tag), (long long)f->no,
			    STR_ARG(f->department), STR_ARG(summary_text(f)),
			    place.n ? ", " : "", STR_ARG(place));
}

static const struct {
	void (*write)(struct pen *p, const struct forward *f);
	const char *before, *after; /* the subject */
	bool due;		    /* … with its deadline */
} mails[] = {
	[FORWARD_NEW] = { write_new, "", "", true },
	[FORWARD_NEWS] = { write_news, "Re: ", "", false },
	[FORWARD_GONE] = { write_gone, "Re: ", " - tidak lagi pada Anda", false },
	[FORWARD_DIGEST] = { write_digest, "", "", false },
	[FORWARD_TEST] = { write_test, "", "", false },
};

static struct str subject_of(const struct forward_ctx *ctx, const struct forward *f,
			     enum forward_what as)
{
	size_t late = 0;

	for (size_t i = 0; i < f->n_rows; i++)
		late += f->rows[i].late;
	if (as == FORWARD_DIGEST)
		return arena_printf(
			ctx->arena,
			"[%.*s] %.*s: %zu laporan terbuka, %zu terlambat - %.*s",
			STR_ARG(ctx->mail->tag), STR_ARG(f->department), f->n_rows, late,
			STR_ARG(date_text(ctx, ctx->wall_ms)));
	if (as == FORWARD_TEST)
		return arena_printf(ctx->arena, "[%.*s] surat percobaan untuk %.*s",
				    STR_ARG(ctx->mail->tag), STR_ARG(f->department));
	return arena_printf(ctx->arena, "%s%s%.*s%s%.*s", mails[as].before,
			    as == FORWARD_NEW && f->urgent ? "MENDESAK " : "",
			    STR_ARG(subject_text(ctx, f)), mails[as].after,
			    STR_ARG(mails[as].due ? due_text(ctx, f) : STR("")));
}

/* Who never got the ticket gets all of it, whatever has happened. */
static enum forward_what form_of(const struct forward *f)
{
	return f->what == FORWARD_NEWS && f->thread.n == 0 ? FORWARD_NEW : f->what;
}

int email_write(const struct forward_ctx *ctx, const struct forward *f, bool html,
		struct mime_out *mail)
{
	struct pen p = { ctx, BUF_INIT(TEXT_MOST), BUF_INIT(HTML_MOST) };
	enum forward_what as = form_of(f);
	struct str line = arena_printf(ctx->arena, "%s%s", marker,
				       as == FORWARD_NEW ? commands : "");

	buf_add(&p.html, html_head);
	paragraph(&p, grey, line.p ? line.p : marker);
	mails[as].write(&p, f);
	buf_add(&p.html, html_foot);
	mail->subject = subject_of(ctx, f, as);
	mail->text = p.text.failed ? str_from(NULL, 0)
				   : arena_str(ctx->arena, buf_str(&p.text));
	if (html)
		mail->html = p.html.failed ? str_from(NULL, 0)
					   : arena_str(ctx->arena, buf_str(&p.html));
	buf_free(&p.text);
	buf_free(&p.html);
	return mail->subject.p && mail->text.p && (!html || mail->html.p) ? 0 : -1;
}
