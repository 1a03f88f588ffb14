/* SPDX-License-Identifier: MIT */
/*
 * Intake: from a digested message to a stored one, to a whole text, to a ticket.
 *
 *   stored under (provider, external id) → known already? nothing more
 *   part of a long text? wait for the others, until their time is over
 *   blocked, a service, an advertiser? kept, not answered
 *   command? conversation.c   otherwise the router says what it is
 *
 * A whole page is applied at once; when one message makes that fail, the page is applied
 * again message by message, and the one at fault is kept raw for a human.
 */
#include "flow/duty.h"

#include <stdio.h>

#include "base/log.h"
#include "base/utf8.h"

enum {
	TEXT_CEILING = 16384,	 /* bytes of one inbound text that are looked at */
	TWIN_WINDOW_MS = 120000, /* poll and push tell of the same text with other ids */
	REPEAT_MS = 600000,	 /* a call that got no answer has come again by then */
	PARTS_MOST = 255,
	/* 255 parts of 153 letters of two bytes: all that TS 23.040 can make */
	JOINED_CEILING = 80 << 10,
};

/* ---- from the wire to a row ---- */

static struct str digest_id(struct engine *e, int64_t digest)
{
	return arena_printf(e->item, "digest:%016llx", (unsigned long long)digest);
}

/* Where the provider gives no id: sender, text and time name the message. */
static void external_id(struct engine *e, const struct sms_in *m, struct message_in *row)
{
	struct digest digest;
	struct str all;

	row->external_id = m->external_id;
	if (m->external_id.n)
		return;
	all = arena_printf(e->item, "%.*s\n%.*s\n%lld\n%u/%u/%u", STR_ARG(m->sender),
			   STR_ARG(m->text), (long long)m->sent_ms, m->concat.ref,
			   m->concat.total, m->concat.part);
	digest = store_digest(e->store, all);
	row->external_id = digest_id(e, digest.now);
	if (digest.before)
		row->external_before = digest_id(e, digest.before);
}

static bool is_part(const struct sms_in *m)
{
	return m->concat.total > 1 && m->concat.total <= PARTS_MOST &&
	       m->concat.part >= 1 && m->concat.part <= m->concat.total;
}

/* The row of m; its text repaired, the original bytes beside it when that changed them.
 */
static int row_of(struct engine *e, size_t i, const struct sms_in *m, struct heard *h,
		  struct message_in *row, struct err *err)
{
	struct str text = str_slice(m->text, 0, TEXT_CEILING);
	struct digest digest;

	h->text = utf8_repair(text, e->item);
	if (text.n && !h->text.p)
		return err_set(err, ERR_LIMIT, "text of %zu bytes is too large",
			       m->text.n);
	digest = store_text_digest(e->store, h->text, e->item);
	h->digest = digest.now;
	*row = (struct message_in){
		.provider = e->config->providers[i].id,
		.recipient = m->recipient,
		.text = h->text,
		.raw = str_eq(h->text, m->text) ? STR("") : m->text,
		.digest = h->digest,
		.digest_before = digest.before,
		.sent_ms = m->sent_ms,
		.received_ms = e->wall_ms,
		.kind = m->bad.n     ? STR("bad")
			: is_part(m) ? STR("part")
				     : STR("new"),
		.part_no = is_part(m) ? (int)m->concat.part : 0,
		.note = m->bad,
	};
	external_id(e, m, row);
	return 0;
}

static bool blocked(const struct engine *e, struct str address)
{
	const struct str_list *block = &e->config->guards.block;

	for (size_t i = 0; i < block->n; i++)
		if (str_eq_nocase(block->items[i], address))
			return true;
	return false;
}

/* ---- understanding ---- */

/* A whole text of a stored message: decides, answers, and writes down what came of it. */
static int hear(struct engine *e, struct heard *h, struct err *err)
{
	h->kind = h->note = STR("");
	if (blocked(e, h->person.address)) {
		h->kind = STR("blocked");
		e->stats.providers[h->provider].in[IN_BLOCKED]++;
		e->stats.silences[SILENCE_BLOCKED]++;
	} else if (h->sender != SENDER_MOBILE) {
		h->kind = str_of(text_kind_name(KIND_ROBOT));
		h->note = str_of(sender_kind_name(h->sender));
		e->stats.kinds[KIND_ROBOT]++;
		e->stats.silences[SILENCE_SENDER]++;
	} else if (understand(e, h, err)) {
		return -1;
	}
	return store_in_settle(e->store, h->id, h->kind, h->ticket_id, h->note, err);
}

/* ---- long texts ---- */

/* The parts in order; a gap shows where one is missing, or where it was too much. */
static struct str parts_join(struct engine *e, const struct part *parts, size_t n,
			     unsigned total, bool *incomplete)
{
	const struct str gap = STR(" [...] ");
	struct buf buf = BUF_INIT(JOINED_CEILING + gap.n);
	struct str s;
	size_t k = 0;

	*incomplete = false;
	for (unsigned no = 1; no <= total && buf.n < JOINED_CEILING; no++) {
		bool there = k < n && parts[k].part_no == (int)no;
		struct str part = there ? parts[k++].text : gap;
		struct str fits = str_slice(part, 0, JOINED_CEILING - buf.n);

		*incomplete |= !there || fits.n < part.n;
		buf_add(&buf, fits);
		if (fits.n < part.n)
			buf_add(&buf, gap);
	}
	*incomplete |= k < n;
	s = utf8_repair(str_trim(buf_str(&buf)),
			e->item); /* a letter may be cut in two */
	s = arena_str(e->item, s);
	buf_free(&buf);
	return s;
}

/* The whole text is a message of its own; its parts stay as they came (but for PINs).
 */
static int joined_add(struct engine *e, struct heard *h, int64_t group, struct err *err)
{
	const struct message_in row = {
		.provider = e->config->providers[h->provider].id,
		.external_id = arena_printf(e->item, "joined:%lld", (long long)group),
		.recipient = STR(""),
		.text = h->text,
		.digest = h->digest,
		.received_ms = e->wall_ms,
		.kind = STR("new"),
		.note = STR(""),
	};

	if (!row.text.p || !row.external_id.p)
		return err_set(err, ERR_LIMIT, "no room to join parts");
	h->earlier = h->person.last_in;
	return store_in_add(e->store, &row, &h->person, &h->id, err);
}

/* All parts are there, or no more are waited for: the text is heard as the last part's.
 */
static int parts_hear(struct engine *e, struct heard *h, int64_t group, unsigned total,
		      struct err *err)
{
	struct part *parts;
	size_t n;

	if (store_parts(e->store, group, e->item, &parts, &n, err) ||
	    store_part_close(e->store, group, err))
		return -1;
	if (n == 0)
		return 0;
	h->text = parts_join(e, parts, n, total, &h->incomplete);
	h->digest = store_text_digest(e->store, h->text, e->item).now;
	h->group = group;
	if (joined_add(e, h, group, err))
		return -1;
	return hear(e, h, err);
}

static int part_arrived(struct engine *e, struct heard *h, const struct sms_in *m,
			struct message_in *row, bool *known, struct err *err)
{
	const struct config_provider *c = &e->config->providers[h->provider];
	int64_t wait = c->parts_wait_ms;
	struct part_group group;
	bool whole = false;

	if (store_part_group(e->store, c->id, h->person.id, m->recipient, m->concat.ref,
			     m->concat.total, (int)m->concat.part, e->wall_ms - wait,
			     e->wall_ms, e->wall_ms + wait, &group, err))
		return -1;
	row->part_group = group.id;
	if (store_in_add(e->store, row, &h->person, &h->id, err))
		return -1;
	*known = h->id == 0;
	if (*known)
		return 0;
	e->stats.providers[h->provider].in[IN_PART]++;
	if (group.due_ms < e->plan.parts_due_ms)
		e->plan.parts_due_ms = group.due_ms;
	if (store_part_arrived(e->store, group.id, &whole, err))
		return -1;
	return whole ? parts_hear(e, h, group.id, m->concat.total, err) : 0;
}

static int parts_give_up(struct engine *e, void *group, struct err *err)
{
	const struct part_group *g = group;
	struct heard h = { .sender = SENDER_MOBILE };

	arena_reset(e->item);
	for (size_t i = 0; i < e->config->n_providers; i++)
		if (str_eq(e->config->providers[i].id, g->provider))
			h.provider = i;
	if (store_person_get(e->store, g->person_id, e->item, &h.person, err))
		return -1;
	h.sender = (enum sender_kind)h.person.kind;
	if (parts_hear(e, &h, g->id, g->total, err))
		return -1;
	return store_person_save(e->store, &h.person, err);
}

int intake_parts_due(struct engine *e, unsigned *works, struct err *err)
{
	struct part_group *groups;
	size_t n;

	if (store_parts_due(e->store, e->wall_ms, 100, e->turn, &groups, &n, err))
		return -1;
	for (size_t k = 0; k < n; k++) {
		bool failed;

		if (work_spare(e, parts_give_up, &groups[k], "parts_failed", &failed,
			       err))
			return -1;
		if (failed && store_part_close(e->store, groups[k].id, err))
			return -1;
		++*works;
	}
	return 0;
}

/* ---- pages ---- */

/*
 * Nothing but its words tells a message without id and time from the next: within some
 * minutes it is the same, told again; later it is another, for a citizen may say CEK
 * twice. But what a provider lists again and again stays the same for ever.
 */
static int nameless_look(struct engine *e, const struct heard *h, const struct sms_in *m,
			 struct message_in *row, bool told_once, bool *again,
			 struct err *err)
{
	*again = false;
	if (m->external_id.n || m->sent_ms || !told_once)
		return 0;
	if (store_in_repeated(e->store, h->person.last_in, row, e->wall_ms - REPEAT_MS,
			      again, err))
		return -1;
	row->external_id = arena_printf(e->item, "%.*s:%lld", STR_ARG(row->external_id),
					(long long)e->wall_ms);
	row->external_before = STR("");
	return row->external_id.p
		       ? 0
		       : err_set(err, ERR_LIMIT, "no room for the name of a message");
}

static bool may_have_twin(const struct engine *e, size_t i, const struct sms_in *m)
{
	unsigned both = SMS_PUSH | SMS_FETCH;

	return !m->bad.n && (e->config->providers[i].caps & both) == both;
}

static int message_take(struct engine *e, size_t i, const struct sms_in *m,
			bool told_once, enum intake_result *result, struct err *err)
{
	struct heard h = { .provider = i };
	struct message_in row = { 0 };
	struct str address;
	bool known = false, twin = false, again;

	arena_reset(e->item);
	h.sender = sender_normalise(m->sender, e->config->gateway.country_code, e->item,
				    &address);
	if (store_person(e->store, address, (int)h.sender, e->wall_ms, &h.person, err) ||
	    row_of(e, i, m, &h, &row, err) ||
	    nameless_look(e, &h, m, &row, told_once, &again, err))
		return -1;
	h.earlier = h.person.last_in;
	*result = m->bad.n ? INTAKE_BAD : INTAKE_FRESH;
	if (!again && may_have_twin(e, i, m) &&
	    store_in_twin(e->store, h.person.last_in, &row, TWIN_WINDOW_MS, &twin, err))
		return -1;
	if (again || twin) {
		*result = INTAKE_KNOWN;
		return 0;
	}
	if (is_part(m) && !m->bad.n) {
		if (part_arrived(e, &h, m, &row, &known, err))
			return -1;
	} else if (store_in_add(e->store, &row, &h.person, &h.id, err)) {
		return -1;
	} else if (h.id == 0) {
		known = true;
	} else if (!m->bad.n && hear(e, &h, err)) {
		return -1;
	}
	if (known) {
		*result = INTAKE_KNOWN;
		return 0;
	}
	return store_person_save(e->store, &h.person, err);
}

static void result_count(struct engine *e, size_t i, enum intake_result result,
			 unsigned *fresh)
{
	static const enum in_outcome outcomes[] = {
		[INTAKE_FRESH] = IN_FRESH,
		[INTAKE_KNOWN] = IN_DUPLICATE,
		[INTAKE_BAD] = IN_BAD,
	};

	e->stats.providers[i].in[outcomes[result]]++;
	*fresh += result == INTAKE_FRESH;
}

/* The message could not be taken, by our own mistake or a ceiling: kept as it came. */
static int message_set_aside(struct engine *e, size_t i, const struct sms_in *m,
			     const struct err *why, struct err *err)
{
	const struct raw raw = {
		.provider = e->config->providers[i].id,
		.source = STR("message"),
		.body = m->text,
		.state = STR("bad"),
		.why = str_of(why->text),
		.received_ms = e->wall_ms,
	};
	int64_t id;

	log_event(LOG_LEVEL_ERROR, "message_set_aside", LOG_S("provider", raw.provider),
		  LOG_S("external_id", m->external_id), LOG_Z("why", why->text));
	return store_raw_add(e->store, &raw, &id, err);
}

static int page_fast(struct engine *e, size_t i, const struct sms_page *page,
		     bool told_once, unsigned *fresh, struct err *err)
{
	for (size_t k = 0; k < page->n; k++) {
		enum intake_result result;

		if (message_take(e, i, &page->items[k], told_once, &result, err))
			return -1;
		result_count(e, i, result, fresh);
	}
	return 0;
}

static int page_careful(struct engine *e, size_t i, const struct sms_page *page,
			bool told_once, unsigned *fresh, struct err *err)
{
	for (size_t k = 0; k < page->n; k++) {
		enum intake_result result = INTAKE_BAD;
		size_t effects = e->n_effects;
		struct err why;

		if (store_mark(e->store, err))
			return -1;
		if (message_take(e, i, &page->items[k], told_once, &result, &why) == 0) {
			if (store_release(e->store, err))
				return -1;
		} else if (why.kind == ERR_LATER) {
			*err = why;
			return -1;
		} else {
			effects_cut(e, effects);
			result = INTAKE_BAD;
			if (store_forget(e->store, err) ||
			    message_set_aside(e, i, &page->items[k], &why, err))
				return -1;
		}
		result_count(e, i, result, fresh);
	}
	return 0;
}

static int reports_take(struct engine *e, size_t i, const struct sms_page *page,
			struct err *err)
{
	static const struct {
		const char *text;
		enum report_outcome outcome;
	} names[] = {
		[SMS_DELIVERY_PENDING] = { "pending", REPORT_PENDING },
		[SMS_DELIVERY_DONE] = { "delivered", REPORT_DELIVERED },
		[SMS_DELIVERY_FAILED] = { "failed", REPORT_FAILED },
	};

	for (size_t k = 0; k < page->n_reports; k++) {
		const struct sms_report *r = &page->reports[k];
		int64_t message;

		if (store_out_report(e->store, e->config->providers[i].id, r->external_id,
				     str_of(names[r->delivery].text), r->reason,
				     e->wall_ms, &message, err))
			return -1;
		if (message && r->delivery == SMS_DELIVERY_FAILED &&
		    duty_unheard(e, message, err))
			return -1;
		e->stats.providers[i]
			.reports[message ? names[r->delivery].outcome : REPORT_STRAY]++;
	}
	return 0;
}

int intake_page(struct engine *e, size_t i, const struct sms_page *page,
		const char *source, unsigned *fresh, struct err *err)
{
	size_t effects = e->n_effects;
	struct stats *before = ARENA_NEW(e->turn, struct stats, 1);
	struct provider provider = e->providers[i];
	bool told_once = strcmp(source, "poll") != 0 ||
			 (e->config->providers[i].caps & SMS_READ_ONCE);

	if (!before)
		return err_set(err, ERR_LIMIT, "a page from %s is too large for one turn",
			       source);
	*before = e->stats;
	*fresh = 0;
	if (store_mark(e->store, err))
		return -1;
	if (page_fast(e, i, page, told_once, fresh, err) == 0) {
		if (store_release(e->store, err))
			return -1;
		return reports_take(e, i, page, err);
	}
	if (err->kind == ERR_LATER)
		return -1;
	effects_cut(e, effects);
	e->stats = *before;
	e->providers[i] = provider;
	*fresh = 0;
	if (store_forget(e->store, err) ||
	    page_careful(e, i, page, told_once, fresh, err))
		return -1;
	return reports_take(e, i, page, err);
}
