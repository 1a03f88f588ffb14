/* SPDX-License-Identifier: MIT */
/*
 * The catalogue of statements. Data only.
 *
 * CITIZEN marks what a citizen's message can cause: an index look-up, whose cost is the
 * same with a million tickets as with ten. OTHER is for operators, starts and tidying.
 *
 * Written for cheap plans as well as for two dialects:
 * - "Not at their end" is the column `open`, not a list of states: SQLite builds a table
 *   in memory for each IN (…), and does not see that state = 'queued' implies a partial
 *   index over several states.
 * - RETURNING only where it is rare; "INSERT … RETURNING id" is free in our SQLite
 * driver.
 */
#include "store/stmt.h"

#include <stddef.h>

#define CITIZEN(id, sql) [STMT_##id] = { #id, sql, true }
#define OTHER(id, sql)	 [STMT_##id] = { #id, sql, false }

/* clang-format off */

#define PERSON_COLUMNS \
	"kind, stopped, hour, hour_replies, day, day_replies, last_in, last_in_at, " \
	"last_ticket"

/* As ticket_row() in store_ticket.c reads them. */
#define TICKET_COLUMNS \
	"t.id, t.no, t.person_id, t.message_id, t.state, t.department, t.urgent, " \
	"t.sensitive, t.secret, t.kecamatan, t.desa, t.score, t.opened_at, " \
	"t.changed_at, t.answer_due_at, t.before, m.text " \
	"FROM ticket t JOIN message_in m ON m.id = t.message_id "
#define TICKET_CLOSED "('ditutup', 'digabung', 'ditolak', 'dicabut', 'arsip')"

/* As out_row() in store_out.c reads them. */
#define OUT_COLUMNS \
	"o.id, o.provider, o.person_id, o.ticket_id, o.in_id, p.address, o.key, o.text, " \
	"o.ucs2, o.segments, o.priority, o.state, o.attempts, o.due_at, o.expires_at, " \
	"o.created_at, o.done_at, o.external_id, o.reason, o.report " \
	"FROM message_out o JOIN person p ON p.id = o.person_id "

/* As message_row() in store_list.c reads them. */
#define IN_LINE \
	"m.id, m.received_at, m.provider, m.external_id, p.address, m.kind, m.text, m.note, " \
	"p.id, "

/* Where a change of key goes on: the next row of a table. */
#define RESEAL(columns, table) \
	"SELECT id, " columns " FROM " table " WHERE id > $1 AND id <= $2 ORDER BY id LIMIT 1"
#define RESEAL_LAST(table) \
	"SELECT '" table "', 0, coalesce(max(id), 0) FROM " table

const struct stmt_text stmt_texts[STMT_COUNT] = {
	OTHER(BEGIN, "BEGIN"),
	OTHER(COMMIT, "COMMIT"),
	OTHER(ROLLBACK, "ROLLBACK"),
	OTHER(MARK, "SAVEPOINT item"),
	OTHER(RELEASE, "RELEASE SAVEPOINT item"),
	OTHER(FORGET, "ROLLBACK TO SAVEPOINT item"),

	/* ---- keys ---- */

	OTHER(KEYS,
		"SELECT id, proof FROM seal_key ORDER BY newest, id"),
	OTHER(KEYS_AGE,
		"UPDATE seal_key SET newest = 0"),
	OTHER(KEY_ADD,
		"INSERT INTO seal_key (id, newest, proof) VALUES ($1, 1, $2)"),
	OTHER(KEYS_DROP,
		"DELETE FROM seal_key WHERE newest = 0"),
	OTHER(RESEAL_BEGIN,
		"INSERT INTO reseal (name, done, last) " RESEAL_LAST("person")
		" UNION ALL " RESEAL_LAST("message_in")
		" UNION ALL " RESEAL_LAST("message_out")
		" UNION ALL " RESEAL_LAST("raw")),
	OTHER(RESEAL_GET,
		"SELECT name, done, last FROM reseal ORDER BY name"),
	OTHER(RESEAL_SET,
		"UPDATE reseal SET done = $1 WHERE name = $2"),
	OTHER(RESEAL_END,
		"DELETE FROM reseal"),
	OTHER(RESEAL_PERSON,
		RESEAL("address", "person")),
	OTHER(RESEAL_PERSON_SET,
		"UPDATE person SET address = $1, look = $2 WHERE id = $3"),
	OTHER(RESEAL_IN,
		RESEAL("text, raw", "message_in")),
	OTHER(RESEAL_IN_SET,
		"UPDATE message_in SET text = $1, raw = $2, digest = $3 WHERE id = $4"),
	OTHER(RESEAL_OUT,
		RESEAL("text", "message_out")),
	OTHER(RESEAL_OUT_SET,
		"UPDATE message_out SET text = $1 WHERE id = $2"),
	OTHER(RESEAL_RAW,
		RESEAL("body", "raw")),
	/* No digest: the same body may have come again under the new key, and be there. */
	OTHER(RESEAL_RAW_SET,
		"UPDATE raw SET body = $1, digest = NULL WHERE id = $2"),

	/* ---- persons and counters ---- */

	CITIZEN(PERSON_FIND,
		"SELECT id, " PERSON_COLUMNS ", address FROM person WHERE look = $1"),
	CITIZEN(PERSON_ADD,
		"INSERT INTO person (address, look, kind, created_at) "
		"VALUES ($1, $2, $3, $4) RETURNING id"),
	CITIZEN(PERSON_GET,
		"SELECT address, " PERSON_COLUMNS " FROM person WHERE id = $1"),
	CITIZEN(PERSON_SAVE,
		"UPDATE person SET stopped = $1, hour = $2, hour_replies = $3, day = $4, "
		"day_replies = $5, last_in = $6, last_in_at = $7, last_ticket = $8 "
		"WHERE id = $9"),
	CITIZEN(COUNT_TAKE,
		"INSERT INTO counter (name, day, n) VALUES ($1, $2, 0) "
		"ON CONFLICT (name, day) DO UPDATE SET n = counter.n RETURNING n"),
	CITIZEN(COUNT_SET,
		"UPDATE counter SET n = $1 WHERE name = $2 AND day = $3"),

	/* ---- inbound messages ---- */

	CITIZEN(IN_ADD,
		"INSERT INTO message_in (provider, external_id, person_id, recipient, "
		"text, raw, digest, sent_at, received_at, kind, part_group, part_no, "
		"ticket_id, note, before, before_at) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
		"$15, $16) "
		"ON CONFLICT (provider, external_id) DO NOTHING RETURNING id"),
	CITIZEN(IN_RENAME,
		"UPDATE message_in SET external_id = $1 WHERE provider = $2 "
		"AND external_id = $3"),
	CITIZEN(IN_STEP,
		"SELECT before, before_at, digest, sent_at, provider, external_id "
		"FROM message_in WHERE id = $1"),
	CITIZEN(IN_SETTLE,
		"UPDATE message_in SET kind = $1, ticket_id = $2, note = $3 WHERE id = $4"),

	/* ---- parts of long texts ---- */

	CITIZEN(PART_FIND,
		"SELECT g.id, g.opened_at, g.due_at, g.have FROM part_group g "
		"WHERE g.person_id = $1 AND g.ref = $2 AND g.open = 1 "
		"AND g.provider = $3 AND g.recipient = $4 AND g.total = $5 "
		"AND g.opened_at >= $6 AND NOT EXISTS (SELECT 1 FROM message_in m "
		"WHERE m.part_group = g.id AND m.part_no = $7) "
		"ORDER BY g.id LIMIT 1"),
	CITIZEN(PART_ADD,
		"INSERT INTO part_group (provider, person_id, recipient, ref, total, "
		"opened_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"),
	CITIZEN(PART_ARRIVED,
		"UPDATE part_group SET have = have + 1 WHERE id = $1 "
		"RETURNING have, total"),
	CITIZEN(PART_CLOSE,
		"UPDATE part_group SET open = 0 WHERE id = $1"),
	CITIZEN(PARTS,
		"SELECT id, part_no, text FROM message_in WHERE part_group = $1 "
		"ORDER BY part_no"),
	CITIZEN(PARTS_DUE,
		"SELECT id, provider, person_id, recipient, ref, total, have, opened_at, "
		"due_at FROM part_group WHERE open = 1 AND due_at <= $1 "
		"ORDER BY due_at, id LIMIT $2"),
	CITIZEN(PARTS_NEXT,
		"SELECT due_at FROM part_group WHERE open = 1 AND due_at >= 0 "
		"ORDER BY due_at LIMIT 1"),

	/* ---- tickets and their history ---- */

	CITIZEN(TICKET_ADD,
		"INSERT INTO ticket (no, person_id, message_id, state, department, urgent, "
		"sensitive, secret, kecamatan, desa, score, opened_at, changed_at, "
		"answer_due_at, before) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
		"$11, $12, $13, $14, $15) RETURNING id"),
	CITIZEN(TICKET_STEP,
		"SELECT " TICKET_COLUMNS "WHERE t.id = $1"),
	CITIZEN(TICKET_BY_NO,
		"SELECT " TICKET_COLUMNS "WHERE t.no = $1"),
	CITIZEN(TICKET_TOUCH,
		"UPDATE ticket SET changed_at = $1 WHERE id = $2"),
	CITIZEN(TICKET_MUTE,
		"UPDATE ticket SET muted = $1 WHERE id = $2"),
	CITIZEN(EVENT_ADD,
		"INSERT INTO event (ticket_id, at, kind, actor, message_id, note) "
		"VALUES ($1, $2, $3, $4, $5, $6)"),
	CITIZEN(EVENTS,
		"SELECT e.id, e.ticket_id, e.at, e.kind, e.actor, e.message_id, e.note, "
		"m.text FROM event e LEFT JOIN message_in m ON m.id = e.message_id "
		"WHERE e.ticket_id = $1 ORDER BY e.id"),

	/* ---- outbound messages ---- */

	CITIZEN(OUT_ADD,
		"INSERT INTO message_out (provider, person_id, ticket_id, in_id, key, text, "
		"ucs2, segments, priority, state, open, attempts, due_at, expires_at, "
		"created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
		"$13, $14, $15) RETURNING id"),
	CITIZEN(OUT_DUE,
		"SELECT " OUT_COLUMNS "WHERE o.provider = $1 AND o.state = 'queued' "
		"AND o.open = 1 AND o.priority = $2 AND o.due_at <= $3 "
		"ORDER BY o.due_at, o.id LIMIT $4"),
	CITIZEN(OUT_CLAIM,
		"UPDATE message_out SET state = 'sending', attempts = attempts + 1 "
		"WHERE id = $1"),
	CITIZEN(OUT_NEXT,
		"SELECT due_at FROM message_out WHERE provider = $1 AND state = 'queued' "
		"AND open = 1 AND priority = $2 ORDER BY due_at LIMIT 1"),
	CITIZEN(OUT_SETTLE,
		"UPDATE message_out SET state = $1, open = $2, awaits = $3, external_id = $4, "
		"reason = $5, due_at = $6, done_at = $7 WHERE id = $8"),
	OTHER(OUT_EXPIRE,
		"UPDATE message_out SET state = 'expired', open = 0, done_at = $1 "
		"WHERE id IN (SELECT id FROM message_out WHERE open = 1 "
		"AND state = 'queued' AND expires_at <= $1 LIMIT $2) RETURNING id"),
	OTHER(OUT_RECOVER,
		"UPDATE message_out SET state = 'queued', due_at = $1, "
		"reason = 'unknown: stopped while sending' WHERE provider = $2 "
		"AND state = 'sending' AND open = 1 AND attempts < $3 RETURNING id"),
	OTHER(OUT_HOLD,
		"UPDATE message_out SET state = 'unknown', done_at = $1, "
		"reason = 'unknown: stopped while sending' WHERE provider = $2 "
		"AND state = 'sending' AND open = 1 RETURNING id"),

	/* ---- delivery reports ---- */

	CITIZEN(OUT_FIND,
		"SELECT id FROM message_out WHERE external_id = $1 AND provider = $2 "
		"AND awaits = 1 ORDER BY id DESC LIMIT 1"),
	CITIZEN(OUT_REPORTED,
		"UPDATE message_out SET report = $1, awaits = $2, "
		"reason = CASE WHEN $3 <> '' THEN $3 ELSE reason END WHERE id = $4"),
	OTHER(OUT_OLDER,
		"SELECT created_at FROM message_out WHERE id >= $1 ORDER BY id LIMIT 1"),
	OTHER(OUT_UNAWAIT,
		"UPDATE message_out SET awaits = 0 WHERE id > $1 AND id <= $2 "
		"AND awaits = 1"),
	CITIZEN(REPORT_KEEP,
		"INSERT INTO report_waiting (external_id, provider, report, reason, at) "
		"VALUES ($1, $2, $3, $4, $5) ON CONFLICT (external_id, provider) "
		"DO UPDATE SET report = CASE WHEN excluded.report = 'pending' "
		"THEN report_waiting.report ELSE excluded.report END, "
		"reason = excluded.reason, at = excluded.at"),
	CITIZEN(REPORT_TAKE,
		"DELETE FROM report_waiting WHERE external_id = $1 AND provider = "
		"(SELECT provider FROM message_out WHERE id = $2) RETURNING report, reason"),
	OTHER(REPORT_COUNT,
		"SELECT count(*) FROM report_waiting"),
	OTHER(REPORT_TRIM,
		"DELETE FROM report_waiting WHERE at < $1"),

	/* ---- what providers said ---- */

	CITIZEN(CURSOR_GET,
		"SELECT state FROM poll_cursor WHERE provider = $1"),
	CITIZEN(CURSOR_SET,
		"INSERT INTO poll_cursor (provider, state, at) VALUES ($1, $2, $3) "
		"ON CONFLICT (provider) DO UPDATE SET state = excluded.state, "
		"at = excluded.at"),
	CITIZEN(RAW_ADD,
		"INSERT INTO raw (provider, source, status, body, digest, state, why, "
		"received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
		"ON CONFLICT (provider, source, state, digest) DO UPDATE SET "
		"times = raw.times + 1, received_at = excluded.received_at RETURNING id"),
	CITIZEN(RAW_SETTLE,
		"UPDATE raw SET state = $1, why = $2 WHERE id = $3"),
	CITIZEN(RAW_PENDING,
		"SELECT id, source, status, body, received_at, times FROM raw "
		"WHERE provider = $1 AND state = 'pending' ORDER BY id LIMIT 16"),
	OTHER(RAW_TRIM_OLD,
		"DELETE FROM raw WHERE id IN (SELECT id FROM raw WHERE state = 'done' "
		"OR (state = 'bad' AND received_at < $1) LIMIT 200)"),
	OTHER(RAW_TRIM_MANY,
		"DELETE FROM raw WHERE id IN (SELECT id FROM raw WHERE state = 'bad' "
		"ORDER BY id DESC LIMIT 200 OFFSET $1)"),
	OTHER(PAUSE_ADD,
		"INSERT INTO pause (provider) VALUES ($1) ON CONFLICT (provider) DO NOTHING"),
	OTHER(PAUSE_REMOVE,
		"DELETE FROM pause WHERE provider = $1"),
	OTHER(PAUSE_GET,
		"SELECT 1 FROM pause WHERE provider = $1"),

	/* ---- for operators ---- */

	OTHER(LIST_TICKETS,
		"SELECT " TICKET_COLUMNS "WHERE ($1 = '' OR t.department = $1) "
		"AND ($2 = '' OR t.state = $2) AND t.opened_at >= $3 "
		"AND ($4 = 0 OR t.state NOT IN " TICKET_CLOSED ") "
		"ORDER BY t.id DESC LIMIT $5"),
	OTHER(LIST_ALL,
		"SELECT " IN_LINE "t.no FROM message_in m "
		"LEFT JOIN person p ON p.id = m.person_id "
		"LEFT JOIN ticket t ON t.id = m.ticket_id ORDER BY m.id DESC LIMIT $1"),
	OTHER(LIST_BAD,
		"SELECT " IN_LINE "0 FROM message_in m "
		"LEFT JOIN person p ON p.id = m.person_id "
		"WHERE m.kind = 'bad' ORDER BY m.id DESC LIMIT $1"),
	OTHER(LIST_RAW,
		"SELECT id, received_at, provider, source, NULL, 'raw', body, why, 0, 0 "
		"FROM raw WHERE state = 'bad' "
		"ORDER BY received_at DESC LIMIT $1"),
	OTHER(LIST_UNROUTED,
		"SELECT " IN_LINE "t.no FROM ticket t JOIN message_in m ON m.id = t.message_id "
		"LEFT JOIN person p ON p.id = m.person_id "
		"WHERE t.state = 'periksa' ORDER BY m.id DESC LIMIT $1"),
	OTHER(LIST_UNKNOWN,
		"SELECT o.id, o.created_at, o.provider, o.external_id, p.address, o.state, "
		"o.text, o.reason, p.id, t.no FROM message_out o "
		"JOIN person p ON p.id = o.person_id LEFT JOIN ticket t ON t.id = o.ticket_id "
		"WHERE o.open = 1 AND o.state = 'unknown' ORDER BY o.id DESC LIMIT $1"),
	OTHER(LIST_OUT,
		"SELECT " OUT_COLUMNS "WHERE o.ticket_id = $1 ORDER BY o.id"),
	OTHER(COUNT_TICKETS,
		"SELECT c.department, c.state, c.n, t.opened_at FROM (SELECT department, "
		"state, count(*) AS n, min(id) AS eldest FROM ticket "
		"GROUP BY department, state) AS c JOIN ticket t ON t.id = c.eldest"),
	OTHER(COUNT_OUT,
		"SELECT provider, state, count(*), min(created_at) FROM message_out "
		"WHERE open = 1 GROUP BY provider, state"),
};
