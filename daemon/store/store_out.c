/* SPDX-License-Identifier: MIT */
/* Outbound messages from queue to end, and delivery reports. Contract in store.h. */
#include "store/inside.h"
#include "store/retain.h"

enum {
	PRIORITIES = 3,
	DAY_MS = 86400000,
	REPORT_WAIT_MS = 3 * DAY_MS,
	AWAIT_STEP = 5000
};

/* Whether a message in this state is not at its end. */
static bool is_open(struct str state)
{
	static const struct str open[] = { STR_INIT("queued"), STR_INIT("sending"),
					   STR_INIT("unknown") };

	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
		if (str_eq(state, open[i]))
			return true;
	return false;
}

int store_out_add(struct store *s, const struct message_out *m, int64_t *id,
		  struct err *err)
{
	struct db_value text;

	if (store_seal(s, SEALED_OUT_TEXT, m->text, &text, err))
		return -1;
	return store_run(s, STMT_OUT_ADD,
			 DB_ARGS(DB_T(m->provider), DB_I(m->person_id),
				 DB_ID(m->ticket_id), DB_ID(m->in_id), DB_T(m->key), text,
				 DB_I(m->ucs2), DB_I(m->segments), DB_I(m->priority),
				 DB_T(m->state), DB_I(is_open(m->state)),
				 DB_I(m->attempts), DB_I(m->due_ms), DB_I(m->expires_ms),
				 DB_I(m->created_ms)),
			 store_take_int, id, err);
}

static int out_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct message_out *m = store_list_add(l, err);

	if (!m)
		return -1;
	*m = (struct message_out){
		.id = c[0].i,
		.provider = arena_str(l->arena, c[1].s),
		.person_id = c[2].i,
		.ticket_id = c[3].i,
		.in_id = c[4].i,
		.key = arena_str(l->arena, c[6].s),
		.ucs2 = c[8].i != 0,
		.segments = (int)c[9].i,
		.priority = (int)c[10].i,
		.state = arena_str(l->arena, c[11].s),
		.attempts = (int)c[12].i,
		.due_ms = c[13].i,
		.expires_ms = c[14].i,
		.created_ms = c[15].i,
		.done_ms = c[16].i,
		.external_id = arena_str(l->arena, c[17].s),
		.reason = arena_str(l->arena, c[18].s),
		.report = arena_str(l->arena, c[19].s),
		.wiped = c[20].i != 0,
	};
	if (!m->report.p)
		return err_set(err, ERR_LIMIT, "no room for a reply");
	return store_unseal(l->store, SEALED_ADDRESS, m->person_id, &c[5], l->arena,
			    &m->to, err) ||
			       store_unseal(l->store, SEALED_OUT_TEXT, m->id, &c[7],
					    l->arena, &m->text, err)
		       ? -1
		       : 0;
}

/* The same, but what does not open is taken along without text: claim() ends it. */
static int due_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	size_t before = l->n;
	struct message_out *m;
	struct err why;

	if (out_row(l, c, &why) == 0)
		return 0;
	if (why.kind != ERR_CONFIG || l->n == before) {
		*err = why;
		return -1;
	}
	m = (struct message_out *)l->items + before;
	m->text = str_from(NULL, 0);
	m->reason = arena_str(l->arena, str_of(why.text));
	store_unreadable_note(l->store, &why);
	return 0;
}

int store_out_next(struct store *s, struct str provider, int64_t *due_ms, struct err *err)
{
	int64_t next = INT64_MAX;

	for (int priority = 0; priority < PRIORITIES; priority++) {
		int64_t due = INT64_MAX;

		if (store_run(s, STMT_OUT_NEXT, DB_ARGS(DB_T(provider), DB_I(priority)),
			      store_take_int, &due, err))
			return -1;
		next = due < next ? due : next;
	}
	*due_ms = next;
	return 0;
}

/* ---- delivery reports ---- */

struct waiting {
	char report[16], reason[200];
	bool found;
};

static void keep_text(char *room, size_t size, struct str s)
{
	size_t n = s.n < size ? s.n : size - 1;

	if (n)
		memcpy(room, s.p, n);
	room[n] = '\0';
}

static int waiting_row(void *arg, const struct db_value *columns, struct err *err)
{
	struct waiting *w = arg;

	(void)err;
	keep_text(w->report, sizeof(w->report), columns[0].s);
	keep_text(w->reason, sizeof(w->reason), columns[1].s);
	w->found = true;
	return 0;
}

/* "pending" says nothing new, and more will come. */
static int report_apply(struct store *s, int64_t id, struct str report, struct str reason,
			struct err *err)
{
	bool pending = str_eq(report, STR("pending"));

	return store_run(s, STMT_OUT_REPORTED,
			 DB_ARGS(DB_T(report), DB_I(pending),
				 DB_T(store_masked(s, reason)), DB_I(id)),
			 NULL, NULL, err);
}

/* A report that came before the end of its send was known. */
static int report_take(struct store *s, int64_t id, struct str external_id,
		       struct err *err)
{
	struct waiting w = { .found = false };

	if (store_run(s, STMT_REPORT_TAKE, DB_ARGS(DB_T(external_id), DB_I(id)),
		      waiting_row, &w, err))
		return -1;
	return w.found ? report_apply(s, id, str_of(w.report), str_of(w.reason), err) : 0;
}

int store_out_settle(struct store *s, int64_t id, const char *state,
		     struct str external_id, struct str reason, int64_t due_ms,
		     int64_t now_ms, struct err *err)
{
	struct str to = str_of(state);
	bool queued = str_eq(to, STR("queued"));

	if (store_run(s, STMT_OUT_SETTLE,
		      DB_ARGS(DB_T(to), DB_I(is_open(to)), DB_I(external_id.n != 0),
			      DB_MAYBE(external_id), DB_T(store_masked(s, reason)),
			      DB_I(due_ms), DB_I(queued ? 0 : now_ms), DB_I(id)),
		      NULL, NULL, err))
		return -1;
	return external_id.n && s->reports > 0 ? report_take(s, id, external_id, err) : 0;
}

int store_out_again(struct store *s, int64_t id, struct str reason, int64_t due_ms,
		    bool counts, struct err *err)
{
	return store_run(s, STMT_OUT_AGAIN,
			 DB_ARGS(DB_I(!counts), DB_T(store_masked(s, reason)),
				 DB_I(due_ms), DB_I(id)),
			 NULL, NULL, err);
}

/* Marks what a select has found as sending; what is out of date ends here, and what did
 * not open, or was wiped meanwhile, words or number, is refused for good, so that it
 * does not stand in the others' way. */
static int claim(struct store *s, struct message_out *m, int64_t now_ms, struct err *err)
{
	bool wiped = m->wiped || m->to.n == 0;
	const char *end = !m->text.p || wiped	    ? "refused"
			  : m->expires_ms <= now_ms ? "expired"
						    : NULL;

	if (end) {
		m->state = str_of(end);
		return store_out_settle(
			s, m->id, end, STR(""),
			m->text.p && wiped ? STR("wiped before it was sent") : m->reason,
			0, now_ms, err);
	}
	m->attempts++;
	m->state = STR("sending");
	return store_run(s, STMT_OUT_CLAIM, DB_ARGS(DB_I(m->id)), NULL, NULL, err);
}

int store_out_claim(struct store *s, struct str provider, int64_t now_ms, int limit,
		    struct arena *arena, struct message_out **out, size_t *n,
		    struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct message_out) };

	for (int priority = 0; priority < PRIORITIES && l.n < (size_t)limit; priority++)
		if (store_run(s, STMT_OUT_DUE,
			      DB_ARGS(DB_T(provider), DB_I(priority), DB_I(now_ms),
				      DB_I(limit - (int)l.n)),
			      due_row, &l, err))
			return -1;
	*out = l.items;
	*n = l.n;
	for (size_t i = 0; i < l.n; i++)
		if (claim(s, &(*out)[i], now_ms, err))
			return -1;
	return 0;
}

int store_out_report(struct store *s, struct str provider, struct str external_id,
		     struct str report, struct str reason, int64_t now_ms,
		     int64_t *message, struct err *err)
{
	int64_t id = 0;

	if (store_run(s, STMT_OUT_FIND, DB_ARGS(DB_T(external_id), DB_T(provider)),
		      store_take_int, &id, err))
		return -1;
	if (id) {
		if (report_apply(s, id, report, reason, err))
			return -1;
		*message = id;
		return 0;
	}
	if (store_run(s, STMT_REPORT_KEEP,
		      DB_ARGS(DB_T(external_id), DB_T(provider), DB_T(report),
			      DB_T(store_masked(s, reason)), DB_I(now_ms)),
		      NULL, NULL, err))
		return -1;
	s->reports++;
	*message = 0;
	return 0;
}

/* ---- ends that nobody reported ---- */

static int reports_trim(struct store *s, int64_t now_ms, struct err *err)
{
	if (s->reports == 0)
		return 0;
	if (store_run(s, STMT_REPORT_TRIM, DB_ARGS(DB_I(now_ms - DAY_MS)), NULL, NULL,
		      err))
		return -1;
	return store_run(s, STMT_REPORT_COUNT, NULL, 0, store_take_int, &s->reports, err);
}

/*
 * Reports that have not come in three days will not: their messages leave the index, so
 * that it stays as small as a few days' traffic. The counter "awaited" is the last
 * message done with.
 */
static int awaits_trim(struct store *s, int64_t now_ms, struct err *err)
{
	int64_t from, made_ms = INT64_MAX, done;

	if (store_count_add(s, "awaited", 0, 0, &from, err) ||
	    store_run(s, STMT_OUT_OLDER, DB_ARGS(DB_I(from + AWAIT_STEP)), store_take_int,
		      &made_ms, err))
		return -1;
	if (made_ms > now_ms - REPORT_WAIT_MS)
		return 0;
	if (store_run(s, STMT_OUT_UNAWAIT, DB_ARGS(DB_I(from), DB_I(from + AWAIT_STEP)),
		      NULL, NULL, err))
		return -1;
	return store_count_add(s, "awaited", 0, AWAIT_STEP, &done, err);
}

int store_out_expire(struct store *s, int64_t now_ms, int limit, struct arena *arena,
		     int64_t **ids, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(int64_t) };

	if (store_run(s, STMT_OUT_EXPIRE, DB_ARGS(DB_I(now_ms), DB_I(limit)),
		      store_take_id, &l, err) ||
	    reports_trim(s, now_ms, err) || awaits_trim(s, now_ms, err))
		return -1;
	*ids = l.items;
	*n = l.n;
	return 0;
}

int store_out_decide(struct store *s, int64_t id, bool resend, int64_t now_ms,
		     int64_t expires_ms, bool *found, struct err *err)
{
	int64_t rows = 0;
	int rc = resend ? store_run(s, STMT_OUT_RESEND,
				    DB_ARGS(DB_I(now_ms), DB_I(expires_ms), DB_I(id)),
				    store_count_row, &rows, err)
			: store_run(s, STMT_OUT_DROP, DB_ARGS(DB_I(now_ms), DB_I(id)),
				    store_count_row, &rows, err);

	*found = rows > 0;
	return rc;
}

int store_out_recover(struct store *s, struct str provider, enum out_doubt doubt,
		      int most_attempts, int64_t now_ms, int *n, struct err *err)
{
	int64_t rows = 0;

	if (doubt != OUT_HOLD &&
	    store_run(s, STMT_OUT_RECOVER,
		      DB_ARGS(DB_I(now_ms), DB_T(provider), DB_I(most_attempts),
			      DB_I(doubt == OUT_SAME_ID)),
		      store_count_row, &rows, err))
		return -1;
	if (store_run(s, STMT_OUT_HOLD, DB_ARGS(DB_I(now_ms), DB_T(provider)),
		      store_count_row, &rows, err))
		return -1;
	*n = (int)rows;
	return 0;
}

int store_waiting_move(struct store *s, int64_t by_ms, struct err *err)
{
	return store_run(s, STMT_OUT_MOVE, DB_ARGS(DB_I(by_ms)), NULL, NULL, err) ||
			       store_run(s, STMT_PARTS_MOVE, DB_ARGS(DB_I(by_ms)), NULL,
					 NULL, err)
		       ? -1
		       : 0;
}

static int sender_row(void *arg, const struct db_value *c, struct err *err)
{
	struct store_list *l = arg;
	struct str *provider = store_list_add(l, err);

	if (!provider)
		return -1;
	*provider = arena_str(l->arena, c[0].s);
	return provider->p ? 0 : err_set(err, ERR_LIMIT, "no room for a name");
}

int store_out_senders(struct store *s, struct arena *arena, struct str **out, size_t *n,
		      struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct str) };

	if (store_run(s, STMT_OUT_SENDERS, NULL, 0, sender_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_list_out(struct store *s, int64_t ticket_id, struct arena *arena,
		   struct message_out **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct message_out) };

	if (store_run(s, STMT_LIST_OUT, DB_ARGS(DB_I(ticket_id)), out_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_person_told(struct store *s, int64_t person_id, struct arena *arena,
		      struct message_out **out, size_t *n, struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(struct message_out) };

	if (store_run(s, STMT_OUT_LOOSE, DB_ARGS(DB_I(person_id)), out_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}
