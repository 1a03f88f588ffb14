/* SPDX-License-Identifier: MIT */
/*
 * What a department wrote in a mail is done: a command of its first line, or a note of
 * progress that reaches the citizen. The act passes office_act like any other; what it
 * refuses is answered by a mail that says what to type. Attachments are kept beside it.
 */
#include "flow/flow.h"

#include "base/log.h"

enum { DAY_MS = 86400000, LIST_MOST = 50, NAMES_MOST = 300 };

/* ---- attachments ---- */

/* Their names and sizes stand in the ticket's history. */
static int attachments_note(struct engine *e, const struct mail_heard *h, struct err *err)
{
	const struct mime_mail *m = &h->mime;
	struct buf b = BUF_INIT(4096);
	struct event event = {
		.ticket_id = h->ticket.id,
		.at_ms = e->wall_ms,
		.kind = STR("lampiran"),
	};

	buf_printf(&b, "surat %lld:", (long long)h->id);
	for (size_t i = 0; i < m->n_attachments && b.n < NAMES_MOST; i++)
		buf_printf(&b, "%s %.*s (%zu KiB)", i ? "," : "",
			   STR_ARG(m->attachments[i].name.n ? m->attachments[i].name
							    : m->attachments[i].type),
			   (m->attachments[i].size + 1023) / 1024);
	event.note = b.failed ? STR("") : arena_str(h->arena, buf_str(&b));
	event.actor = arena_printf(h->arena, "petugas:%.*s:mail",
				   STR_ARG(e->config->departments[h->department].code));
	buf_free(&b);
	return store_event_add(e->store, &event, err);
}

/* Those that mime_read had room for with their bytes. */
static int attachments_keep(struct engine *e, const struct mail_heard *h, struct err *err)
{
	for (size_t i = 0; i < h->mime.n_attachments; i++) {
		const struct mime_attachment *a = &h->mime.attachments[i];
		const struct attachment_row row = {
			.name = a->name,
			.type = a->type,
			.size = (int64_t)a->size,
			.body = a->bytes,
		};

		if (store_attachment_add(e->store, h->id, &row, err))
			return -1;
	}
	return h->mime.n_attachments ? attachments_note(e, h, err) : 0;
}

/* ---- refusals ---- */

static struct str words_of(const struct engine *e, const struct office_result *r)
{
	static const enum reply_key keys[OFFICE_REFUSAL_COUNT] = {
		[OFFICE_OK] = REPLY_SURAT_STATUS, /* is none */
		[OFFICE_NOT_YOURS] = REPLY_SURAT_BUKAN_MILIK,
		[OFFICE_CHANGED] = REPLY_SURAT_BERUBAH,
		[OFFICE_NO_SUCH_ACT] = REPLY_SURAT_TANPA_PERINTAH,
		[OFFICE_NEEDS_WORDS] = REPLY_SURAT_TANPA_ISI,
		[OFFICE_NEEDS_DATE] = REPLY_SURAT_TANPA_TANGGAL,
		[OFFICE_DATE_OVER] = REPLY_SURAT_TANGGAL_LEWAT,
		[OFFICE_NEEDS_DEPARTMENT] = REPLY_SURAT_OPD,
		[OFFICE_IS_OUTSIDE] = REPLY_SURAT_OPD_LUAR,
		[OFFICE_IS_YOURS] = REPLY_SURAT_OPD_SENDIRI,
		[OFFICE_NEEDS_BODY] = REPLY_SURAT_TANPA_INSTANSI,
		[OFFICE_NEEDS_PARENT] = REPLY_SURAT_INDUK,
		[OFFICE_UNREACHABLE] = REPLY_SURAT_BERHENTI,
		[OFFICE_NOT_NOW] = REPLY_SURAT_STATUS,
	};
	bool proof = r->refusal == OFFICE_NOT_NOW && r->life == LIFE_NEEDS_PIN;

	return reply_words(e->config->texts,
			   proof ? REPLY_SURAT_LANGSUNG : keys[r->refusal]);
}

static int refuse(struct engine *e, struct mail_heard *h, struct str why, struct str how,
		  struct err *err)
{
	h->kind = MAIL_REFUSED;
	h->note = why;
	return mail_refuse(e, h, why, how, err);
}

/* ---- lists ---- */

/* The department's open tickets, in the order of its queue. */
static int list(struct engine *e, struct mail_heard *h, struct err *err)
{
	static const enum ticket_state states[] = { TICKET_DITERUSKAN, TICKET_DIPROSES,
						    TICKET_DIJADWALKAN };
	struct str code = e->config->departments[h->department].code;
	struct str values[VALUE_COUNT] = { [VALUE_OPD] = code };
	struct buf b = BUF_INIT(16384);

	for (size_t k = 0; k < sizeof(states) / sizeof(*states); k++) {
		struct ticket *t;
		size_t n;

		if (store_ticket_queue(e->store, code, states[k], LIST_MOST, h->arena, &t,
				       &n, err)) {
			buf_free(&b);
			return -1;
		}
		for (size_t i = 0; i < n; i++)
			buf_printf(&b, "%s  %lld  %.*s", b.n ? "\n" : "",
				   (long long)t[i].no,
				   STR_ARG(reply_words(e->config->texts,
						       reply_state_key(states[k]))));
	}
	values[VALUE_TEKS] = arena_str(h->arena, buf_str(&b));
	buf_free(&b);
	h->kind = MAIL_HELP;
	return mail_help(
		e, h,
		reply_letter(e->config->texts, REPLY_SURAT_DAFTAR, values, h->arena),
		err);
}

/* ---- doing it ---- */

static int64_t date_of(const struct engine *e, const struct officer_command *c)
{
	const struct calendar *cal = e->config->calendar;

	if (c->kind == OFFICER_PERPANJANG && c->days)
		return clocks_date(
			cal,
			calendar_date_of(cal, e->wall_ms + (int64_t)c->days * DAY_MS));
	return c->date.year ? clocks_date(cal, c->date) : 0;
}

static int act(struct engine *e, struct mail_heard *h, const struct mail_answer *said,
	       struct err *err)
{
	const struct officer_command *c = &said->command;
	bool other = c->no && c->no != h->ticket.no;
	struct office_act a = {
		.department = h->department,
		.by = STR("mail"),
		.no = other ? c->no : h->ticket.no,
		.event = c->kind == OFFICER_NONE ? LIFE_PROGRESS : officer_event(c->kind),
		.words = said->words,
		.outside = said->body,
		.date_ms = date_of(e, c),
		.parent_no = c->parent,
		.to = c->department,
		/* The thread speaks for its own ticket only. */
		.proved = h->proved && !other,
	};
	struct office_result r;

	if (office_act(e, &a, &r, err))
		return -1;
	if (r.refusal != OFFICE_OK)
		return refuse(e, h, words_of(e, &r),
			      c->kind == OFFICER_NONE
				      ? STR("")
				      : reply_words(e->config->texts,
						    reply_format_key(c->kind)),
			      err);
	if (mail_well(e, h->mime.from, err))
		return -1;
	h->kind = MAIL_ANSWER;
	h->note = str_of(c->kind == OFFICER_NONE ? "PROSES" : officer_name(c->kind));
	if (other)
		h->ticket_id = r.ticket.id;
	h->ticket = r.ticket;
	return attachments_keep(e, h, err);
}

/* What is wrong with the command, before anybody is asked. */
static int faulty(struct engine *e, struct mail_heard *h, const struct officer_command *c,
		  unsigned fault, struct err *err)
{
	return refuse(e, h, reply_words(e->config->texts, reply_fault_key(fault)),
		      reply_words(e->config->texts, reply_format_key(c->kind)), err);
}

int mail_answer_do(struct engine *e, struct mail_heard *h, struct err *err)
{
	const struct officer_rules rules = {
		.width = (unsigned)e->config->gateway.number_width,
		.today = calendar_date_of(e->config->calendar, e->wall_ms),
		.departments = e->config->department_codes,
		.outside = e->config->outside_names,
	};
	struct mail_answer said;
	unsigned fault;

	mail_answer_read(h->mime.text, &rules, h->ticket.no, h->arena, &said);
	if (said.command.kind == OFFICER_DAFTAR)
		return list(e, h, err);
	if (said.command.kind == OFFICER_BANTUAN) {
		h->kind = MAIL_HELP;
		return mail_help(e, h, STR(""), err);
	}
	if (said.written.n == 0)
		return refuse(e, h, reply_words(e->config->texts, REPLY_SURAT_KOSONG),
			      STR(""), err);
	if (said.several)
		return refuse(e, h, reply_words(e->config->texts, REPLY_SURAT_BANYAK),
			      STR(""), err);
	fault = officer_fault_first(said.command.faults,
				    OFFICER_NO_PIN | OFFICER_NO_NUMBER);
	if (said.command.kind != OFFICER_NONE && fault)
		return faulty(e, h, &said.command, fault, err);
	return act(e, h, &said, err);
}
