/* SPDX-License-Identifier: MIT */
/*
 * Mails of ours that explain something to whoever wrote: what could not be done and how
 * it is typed; that a mail was about nothing we know. Never to machines, lists or
 * addresses that nobody reads, and with a ceiling for each sender, so that two programs
 * cannot talk to each other. To those whom we do not know so many a day: senders can be
 * forged, and then it is others whom we write to. They are stored with what they answer
 * and leave by mail_out.c.
 */
#include "flow/flow.h"

#include "base/log.h"

enum { DAY_MS = 86400000, REFUSALS_MOST = 20, EXPLAINED_MOST = 100 };

static const struct str how_to = STR_INIT(
	"Balas langsung surat laporan dari kami, di atas garis. Baris pertama boleh "
	"berisi perintah:\n\n"
	"  TERIMA\n"
	"  PROSES apa yang sedang dikerjakan\n"
	"  JADWAL tanggal alasan\n"
	"  TANYA pertanyaan untuk warga\n"
	"  SELESAI apa yang sudah dikerjakan\n"
	"  ALIH kode OPD, alasan\n"
	"  LUAR instansi: alasan\n"
	"  TOLAK alasan\n"
	"  PERPANJANG jumlah hari, alasan\n\n"
	"Satu surat untuk satu perintah. "
	"Tanpa perintah, isi surat menjadi kabar kemajuan yang dikirim ke warga.\n");

/* May one more go to this sender? */
static int may_tell(struct engine *e, struct mail_heard *h, int64_t most, bool *out,
		    struct err *err)
{
	int64_t told = 0;

	*out = false;
	if (!e->config->mail.server.n || !mail_may_be_told(&h->mime))
		return 0;
	if (store_mail_from(e->store, h->mime.from, e->wall_ms - DAY_MS, MAILS_TOLD,
			    &told, err))
		return -1;
	*out = told < most;
	return 0;
}

static int put(struct engine *e, struct mail_heard *h, struct str text, struct err *err)
{
	struct str subject = h->mime.subject;
	const struct mail_out mail = {
		.mail_id = h->id,
		.to = h->mime.from,
		.subject = str_starts(subject, STR("Re: "))
				   ? subject
				   : arena_printf(h->arena, "Re: %.*s", STR_ARG(subject)),
		.text = text,
	};

	if (!text.p || !mail.subject.p)
		return err_set(err, ERR_LIMIT, "no room for a mail");
	if (store_mail_out_add(e->store, &mail, e->wall_ms, err))
		return -1;
	h->told = true;
	if (e->mail.out_due_ms > e->wall_ms)
		e->mail.out_due_ms = e->wall_ms;
	return 0;
}

/* Is this one of the day's? */
static int take_explanation(struct engine *e, bool *may, struct err *err)
{
	static const char name[] = "mails_explained";
	int64_t n;

	if (store_count_add(e->store, name, e->day, 0, &n, err))
		return -1;
	*may = n < EXPLAINED_MOST;
	if (!*may)
		return 0;
	if (store_count_add(e->store, name, e->day, 1, &n, err))
		return -1;
	if (n == EXPLAINED_MOST)
		log_event(LOG_LEVEL_WARNING, "mails_explained_ceiling", LOG_I("n", n),
			  LOG_Z("see", "kentongan mails --desk"));
	return 0;
}

int mail_explain(struct engine *e, struct mail_heard *h, struct err *err)
{
	bool may;

	if (h->before)
		return 0;
	if (may_tell(e, h, 1, &may, err) || (may && take_explanation(e, &may, err)))
		return -1;
	if (!may)
		return 0;
	return put(e, h,
		   arena_printf(h->arena,
				"Surat Anda sudah kami simpan, tetapi tidak dapat "
				"dikaitkan dengan satu laporan, atau alamat Anda tidak "
				"terdaftar untuk laporan itu. Petugas kami akan "
				"membacanya.\n\n%.*s\n-- \n%.*s\n",
				STR_ARG(how_to), STR_ARG(e->config->gateway.name)),
		   err);
}

int mail_refuse(struct engine *e, struct mail_heard *h, struct str why, struct str how,
		struct err *err)
{
	bool may;

	if (may_tell(e, h, REFUSALS_MOST, &may, err))
		return -1;
	if (!may)
		return 0;
	return put(e, h,
		   arena_printf(h->arena,
				"Surat Anda tentang laporan %lld belum dapat "
				"dilaksanakan: %.*s.\n\n%s%.*s%s%.*s\n-- \n%.*s\n",
				(long long)h->ticket.no, STR_ARG(why),
				how.n ? "Ketik: " : "", STR_ARG(how), how.n ? "\n\n" : "",
				STR_ARG(how_to), STR_ARG(e->config->gateway.name)),
		   err);
}

int mail_help(struct engine *e, struct mail_heard *h, struct str words, struct err *err)
{
	bool may;

	if (may_tell(e, h, REFUSALS_MOST, &may, err))
		return -1;
	if (!may)
		return 0;
	return put(e, h,
		   arena_printf(h->arena, "%.*s%s%.*s\n-- \n%.*s\n", STR_ARG(words),
				words.n ? "\n" : "", STR_ARG(how_to),
				STR_ARG(e->config->gateway.name)),
		   err);
}
