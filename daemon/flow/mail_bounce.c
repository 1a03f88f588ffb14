/* SPDX-License-Identifier: MIT */
/*
 * Reports of delivery (RFC 3464). What a mail server first took and then could not
 * deliver comes back with the head of our mail, whose signed Message-ID names the
 * delivery: 5.x.x parks it, so the desk hears of it and the next way takes it; 4.x.x will
 * be tried by that server on and is only noted. An address that bounces again and again,
 * with no answer from it between, stops its way.
 */
#include "flow/flow.h"

#include <stdio.h>

#include "base/log.h"

enum { BOUNCES_MOST = 3, COUNT_NAME = 40 };

/* Its count's name; not the address itself, which has no place there. */
static void count_name(const struct engine *e, struct str address, char name[COUNT_NAME])
{
	snprintf(name, COUNT_NAME, "bounces:%016llx",
		 (unsigned long long)store_digest(e->store, address).now);
}

int mail_well(struct engine *e, struct str address, struct err *err)
{
	char name[COUNT_NAME];
	int64_t is;

	count_name(e, address, name);
	return store_count_add(e->store, name, 0, 0, &is, err) ||
			       (is && store_count_add(e->store, name, 0, -is, &is, err))
		       ? -1
		       : 0;
}

/* The worst that is said of a recipient; NULL: nothing. */
static const struct mime_report *worst(const struct mime_mail *m)
{
	const struct mime_report *found = NULL;

	for (size_t i = 0; i < m->n_reports; i++)
		if (!found || (str_starts(m->reports[i].status, STR("5")) &&
			       !str_starts(found->status, STR("5"))))
			found = &m->reports[i];
	return found;
}

static bool failed_for_good(const struct mime_report *r)
{
	return r && (str_starts(r->status, STR("5")) ||
		     (r->status.n == 0 && str_eq(r->action, STR("failed"))));
}

/* After so many in a row nothing more is put into the way. */
static int count(struct engine *e, struct way *w, const struct delivery *d,
		 struct str reason, struct err *err)
{
	char name[COUNT_NAME];
	int64_t is;

	count_name(e, d->target, name);
	if (store_count_add(e->store, name, 0, 1, &is, err))
		return -1;
	if (is < BOUNCES_MOST || w->stopped)
		return 0;
	w->stopped = true;
	log_event(LOG_LEVEL_ERROR, "way_stopped", LOG_Z("way", w->mark),
		  LOG_I("waiting", w->open), LOG_I("bounces", is), LOG_S("why", reason));
	return store_way_stop(e->store, d->department, d->way, reason, e->wall_ms, err);
}

static int park(struct engine *e, struct mail_heard *h, const struct delivery *d,
		const struct mime_report *r, struct err *err)
{
	struct way *w = way_find(e, d->department, d->way);
	struct str reason = arena_printf(h->arena, "bounced: %.*s %.*s",
					 STR_ARG(r->status), STR_ARG(r->diagnostic));

	h->kind = MAIL_BOUNCED;
	h->note = arena_printf(h->arena, "delivery %lld %.*s", (long long)d->id,
			       STR_ARG(reason));
	h->ticket_id = d->ticket_id;
	if (!str_eq(d->state, STR("done")) && !str_eq(d->state, STR("sending")))
		return 0; /* it ended otherwise */
	if (w && count(e, w, d, reason, err))
		return -1;
	if (w && str_eq(d->state, STR("done")))
		w->open++; /* it was counted out when it was taken */
	return forward_park(e, w, d, PARK_REFUSED, reason, err);
}

int mail_bounce(struct engine *e, struct mail_heard *h, struct err *err)
{
	const struct mime_report *r = worst(&h->mime);
	struct mailid id;
	struct delivery d;
	struct err why;

	h->kind = MAIL_DELAYED;
	h->note = r ? arena_printf(h->arena, "%.*s %.*s %.*s", STR_ARG(r->action),
				   STR_ARG(r->status), STR_ARG(r->diagnostic))
		    : STR("");
	if (!mail_is_ours(e, h->mime.reported_id, &id) || !id.delivery_id) {
		h->kind = MAIL_AUTOMATIC;
		return 0;
	}
	if (store_delivery_get(e->store, id.delivery_id, h->arena, &d, &why)) {
		if (why.kind == ERR_NEVER)
			return 0;
		*err = why;
		return -1;
	}
	if (!mailid_fits(&id, d.created_ms))
		return 0;
	h->ticket_id = d.ticket_id;
	return failed_for_good(r) ? park(e, h, &d, r, err) : 0;
}
