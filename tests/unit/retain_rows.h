/* SPDX-License-Identifier: MIT */
/* What the tests of wiping share: a person with a ticket and all that belongs to it, and
 * how it is seen whether it is gone. */
#ifndef RETAIN_ROWS_H
#define RETAIN_ROWS_H

#include "store_rows.h"

#include "store/retain.h"

enum { FOREVER_STEPS = 10000 };

#define SECRET_WORDS "zebrarumahnomorlimapuluh"
#define OFFICE_WORDS "okapisudahdiperbaikipetugas"
#define RAW_WORDS    "yakmentahsekali"
#define NUMBER	     "+6281234598765"

static inline int64_t days(int64_t n)
{
	return n * DAY;
}

/* ---- a person with a ticket, and all that belongs to it ---- */

struct matter {
	int64_t who, opening, more, ticket, loose;
};

static inline int64_t text_of(int64_t who, const char *external, const char *text,
			      int64_t ticket, int64_t at_ms)
{
	struct message_in m = text_from(external);

	m.text = str_of(text);
	m.raw = STR(RAW_WORDS);
	m.received_ms = at_ms;
	m.ticket_id = ticket;
	m.note = STR("phrase \"" SECRET_WORDS "\"");
	return in_add(who, &m);
}

static inline int64_t told(int64_t who, int64_t ticket, const char *text)
{
	struct message_out m = reply_to(who, 1, now);
	int64_t id;

	m.ticket_id = ticket;
	m.text = str_of(text);
	OK(store_out_add(store, &m, &id, &err));
	OK(store_out_settle(store, id, "accepted", STR(""), STR(""), now, now, &err));
	return id;
}

static inline void event_of(int64_t ticket, const char *kind, const char *actor,
			    int64_t message, const char *note, int64_t at_ms)
{
	const struct event e = { .ticket_id = ticket,
				 .at_ms = at_ms,
				 .kind = str_of(kind),
				 .actor = str_of(actor),
				 .message_id = message,
				 .note = str_of(note) };

	OK(store_event_add(store, &e, &err));
}

static inline void ticket_set(int64_t id, const char *set)
{
	char sql[300];

	snprintf(sql, sizeof(sql), "UPDATE ticket SET %s WHERE id = %lld", set,
		 (long long)id);
	OK(store->driver->script(store->db, sql, &err));
}

static inline void ticket_close(int64_t id, int64_t at_ms)
{
	ticket_set(id, arena_printf(arena, "state = 'ditutup', closed_at = %lld",
				    (long long)at_ms)
			       .p);
}

static inline struct matter matter_of(const char *number, int64_t no)
{
	int64_t officer = person("+6281100000001");
	struct matter m = { .who = person(number) };
	const char *id = arena_printf(arena, "%lld", (long long)no).p;
	struct alike alike = { .score = 1,
			       .words = STR(SECRET_WORDS),
			       .state = STR("proposed") };
	int64_t said;

	m.opening =
		text_of(m.who, arena_printf(arena, "a:%s", id).p, SECRET_WORDS, 0, now);
	m.ticket = ticket_of(m.who, m.opening, no, "diproses");
	OK(store_in_settle(store, m.opening, STR("complaint"), m.ticket,
			   STR("phrase \"" SECRET_WORDS "\""), &err));
	m.more = text_of(m.who, arena_printf(arena, "b:%s", id).p, SECRET_WORDS "-2",
			 m.ticket, now);
	said = text_of(officer, arena_printf(arena, "c:%s", id).p, OFFICE_WORDS, m.ticket,
		       now);
	m.loose =
		text_of(m.who, arena_printf(arena, "d:%s", id).p, "terima kasih", 0, now);
	event_of(m.ticket, "opened_routed", "warga", m.opening, SECRET_WORDS, now);
	event_of(m.ticket, "added", "warga", m.more, SECRET_WORDS "-2", now);
	event_of(m.ticket, "progress", "petugas:PUPR", said, OFFICE_WORDS, now);
	told(m.who, m.ticket, "Laporan: " SECRET_WORDS);
	told(officer, m.ticket, "Baru: " SECRET_WORDS);
	told(m.who, 0, "Ketik CEK");
	alike.ticket_id = alike.head_id = m.ticket;
	OK(store_alike_set(store, &alike, &err));
	return m;
}

static inline void matters_many(void)
{
	for (int64_t i = 0; i < 7; i++) {
		const char *number = arena_printf(arena, "+62812000001%02d", (int)i).p;

		ticket_close(matter_of(number, 100 + i).ticket, now + i);
	}
}

/* ---- looking ---- */

static inline struct retention kept_for(int64_t at_ms, int64_t number, int64_t text,
					int64_t inquiry, int64_t spam)
{
	const int64_t periods[RETAIN_CLASSES] = { number, text, inquiry, spam };
	struct retention r = { .now_ms = at_ms };

	for (int k = 0; k < RETAIN_CLASSES; k++)
		r.before_ms[k] = periods[k] ? at_ms - days(periods[k]) : INT64_MIN;
	return r;
}

/* A pass in steps of so many rows, each in a transaction of its own. */
static inline struct retained pass(const struct retention *r, int look)
{
	struct retained done = { 0 };
	bool over = false;

	for (int i = 0; i < FOREVER_STEPS && !over; i++) {
		OK(store_begin(store, &err));
		OK(store_retain_step(store, r, look, look, &done, &over, &err));
		OK(store_commit(store, &err));
	}
	assert_true(over);
	return done;
}

static inline bool in_file(const char *file, const char *words)
{
	FILE *f = fopen(file, "r");
	bool found = false;
	char *bytes;
	long n;

	if (!f)
		return false;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	bytes = malloc((size_t)n + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)n, f), n);
	fclose(f);
	found = memmem(bytes, (size_t)n, words, strlen(words)) != NULL;
	free(bytes);
	return found;
}

/* In the database or anything beside it. */
static inline bool in_files(const char *words)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char name[200];
	bool found = false;

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		found |= in_file(name, words);
	}
	return found;
}

static inline void scrub(void)
{
	bool done = false;

	OK(store_scrub(store, &done, &err));
	assert_true(done);
}

static inline bool known(const char *number)
{
	struct person p;
	bool found;

	OK(store_person_find(store, str_of(number), &p, &found, &err));
	return found;
}

static inline struct str text_at(int64_t message)
{
	struct person_text *texts;
	int64_t who = ask(arena_printf(arena,
				       "SELECT person_id FROM message_in WHERE id = %lld",
				       (long long)message)
				  .p);
	size_t n;

	OK(store_person_texts(store, who, arena, &texts, &n, &err));
	for (size_t i = 0; i < n; i++)
		if (texts[i].message.id == message)
			return texts[i].message.text;
	fail_msg("no message %lld", (long long)message);
	return STR("");
}

static inline int64_t wiped_words(void)
{
	return ask("SELECT (SELECT count(*) FROM message_in WHERE wiped = 1) + "
		   "(SELECT count(*) FROM message_out WHERE wiped = 1) + "
		   "(SELECT count(*) FROM event WHERE wiped = 1)");
}

#endif
