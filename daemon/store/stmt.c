/* SPDX-License-Identifier: MIT */
/*
 * The catalogue of statements. Data only.
 *
 * CITIZEN marks what a citizen's message can cause: an index look-up, whose cost is the
 * same with a million tickets as with ten; so is DESK, what the desk looks at all day.
 * OTHER is for operators, starts and tidying.
 *
 * Written for cheap plans as well as for two dialects:
 * - "Not at their end" is the column `open`, not a list of states: SQLite builds a table
 *   in memory for each IN (…), and does not see that state = 'queued' implies a partial
 *   index over several states.
 * - A row that is joined unless it is another's own is asked for by nullif(): with "AND
 *   c.id <> …" beside it SQLite reads it first.
 * - RETURNING only where it is rare; "INSERT … RETURNING id" and "UPDATE … RETURNING 1"
 *   are free in our SQLite driver.
 */
#include "store/stmt.h"

#include <stddef.h>

#define CITIZEN(id, sql) [STMT_##id] = { #id, sql, true }
#define DESK(id, sql)	 [STMT_##id] = { #id, sql, true }
#define OTHER(id, sql)	 [STMT_##id] = { #id, sql, false }

/* clang-format off */

#define PERSON_COLUMNS \
	"kind, stopped, hour, hour_replies, day, day_replies, last_in, last_in_at, " \
	"last_ticket, asked, language, chosen, hour_orders"

/* As ticket_row() in store_ticket.c reads them. */
#define TICKET_COLUMNS \
	"t.id, t.no, t.person_id, t.message_id, t.department, t.urgent, t.muted, " \
	"t.kecamatan, t.desa, t.score, t.opened_at, t.changed_at, t.answer_due_at, " \
	"t.clocks, t.due_at, t.first_at, t.done_at, t.rating, t.accused, t.parent_id, " \
	"t.incident_id, t.erase, t.before, t.state, t.was, t.kind, t.transfers, t.reopens, " \
	"t.level, t.done_level, t.asked_by, t.closed_by, t.closed_at, t.sensitive, " \
	"t.secret, m.text, m.provider, m.wiped " \
	"FROM ticket t JOIN message_in m ON m.id = t.message_id "
/* As token_row() in store_token.c reads them. */
#define TOKEN_COLUMNS \
	"id, name, department, scopes, created_at, created_by, expires_at, revoked_at, " \
	"used_at FROM token "
#define API_COLUMNS \
	"id, changed_at, state, kind, urgent, sensitive, kecamatan, desa, department, " \
	"accused, closed_at, secret FROM ticket "
/* As ticket_row() in store_api.c reads them. */
#define API_TICKETS \
	"t.id AS id, t.changed_at AS changed_at, t.no, t.state, t.kind, t.department, " \
	"t.accused, t.kecamatan, t.desa, t.urgent, t.sensitive, t.secret, t.level, " \
	"t.opened_at, t.answer_due_at, t.first_at, t.done_at, t.closed_at, t.transfers, " \
	"t.reopens, t.rating, t.message_id, m.text, m.wiped " \
	"FROM ticket t JOIN message_in m ON m.id = t.message_id "
#define TICKET_CLOSED "('ditutup', 'digabung', 'ditolak', 'dicabut', 'arsip')"

/* As out_row() in store_out.c reads them. */
#define OUT_COLUMNS \
	"o.id, o.provider, o.person_id, o.ticket_id, o.in_id, p.address, o.key, o.text, " \
	"o.ucs2, o.segments, o.priority, o.state, o.attempts, o.due_at, o.expires_at, " \
	"o.created_at, o.done_at, o.external_id, o.reason, o.report, o.wiped " \
	"FROM message_out o JOIN person p ON p.id = o.person_id "

/* As delivery_row() in store_delivery.c reads them. */
#define DELIVERY_COLUMNS \
	"id, ticket_id, department, way, target, what, event, event_id, state, urgent, " \
	"attempts, due_at, since_at, created_at, done_at, external_id, reason, " \
	"instead_of, ack_due_at FROM delivery "

/* As mail_row() in store_mail.c reads them. */
#define MAIL_COLUMNS \
	"m.id, m.message_id, m.source, m.uid, m.sender, m.received_at, m.state, m.kind, " \
	"coalesce(t.no, 0), m.note, m.wiped"
#define MAIL_TABLES "FROM mail_in m LEFT JOIN ticket t ON t.id = m.ticket_id "

/* As message_row() in store_list.c reads them. */
#define IN_LINE \
	"m.id, m.received_at, m.provider, m.external_id, m.kind, m.text, m.note, " \
	"m.person_id, "

/* The class of a ticket's words: inquiries are kept by a rule of their own. */
#define INQUIRY "(t.kind = 'pengawasan' OR t.sensitive = 1)"
/* When a ticket and the one that it was merged into (h) were closed; 0: one is not. */
#define WHOLE_OVER \
	"CASE WHEN t.id IS NULL OR t.closed_at = 0 OR h.closed_at = 0 THEN 0 " \
	"WHEN h.closed_at > t.closed_at THEN h.closed_at ELSE t.closed_at END"
#define TICKET_OVER "coalesce(t.closed_at, 0), coalesce(" INQUIRY ", 0) "

/* What Open311 may show, and in which of its two states. As store_web_closed. */
#define WEB_SHOWN "t.secret = 0 AND t.kind <> 'pengawasan' AND t.sensitive = 0 "
#define WEB_STATUS(n) \
	"AND (" n " = 0 OR (t.state = 'selesai' OR t.state IN " TICKET_CLOSED ") = " \
	"(" n " = 2)) "

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
		" UNION ALL " RESEAL_LAST("event")
		" UNION ALL SELECT 'alike', 0, coalesce(max(ticket_id), 0) FROM alike"
		" UNION ALL " RESEAL_LAST("raw")
		" UNION ALL " RESEAL_LAST("mail_in")
		" UNION ALL SELECT 'mail_raw', 0, coalesce(max(mail_id), 0) FROM mail_raw"
		" UNION ALL " RESEAL_LAST("attachment")
		" UNION ALL " RESEAL_LAST("mail_out")
		" UNION ALL " RESEAL_LAST("idempotency")),
	OTHER(RESEAL_GET,
		"SELECT name, done, last FROM reseal ORDER BY name"),
	OTHER(RESEAL_SET,
		"UPDATE reseal SET done = $1 WHERE name = $2"),
	OTHER(RESEAL_END,
		"DELETE FROM reseal"),
	OTHER(RESEAL_PERSON,
		RESEAL("address, look", "person")),
	OTHER(RESEAL_PERSON_SET,
		"UPDATE person SET address = $1, look = $2 WHERE id = $3"),
	OTHER(RESEAL_IN,
		RESEAL("text, raw, note", "message_in")),
	OTHER(RESEAL_IN_SET,
		"UPDATE message_in SET text = $1, raw = $2, note = $3, digest = $4 "
		"WHERE id = $5"),
	OTHER(RESEAL_OUT,
		RESEAL("text", "message_out")),
	OTHER(RESEAL_OUT_SET,
		"UPDATE message_out SET text = $1 WHERE id = $2"),
	OTHER(RESEAL_EVENT,
		RESEAL("note", "event")),
	OTHER(RESEAL_EVENT_SET,
		"UPDATE event SET note = $1 WHERE id = $2"),
	OTHER(RESEAL_ALIKE,
		"SELECT ticket_id, words FROM alike WHERE ticket_id > $1 "
		"AND ticket_id <= $2 ORDER BY ticket_id LIMIT 1"),
	OTHER(RESEAL_ALIKE_SET,
		"UPDATE alike SET words = $1 WHERE ticket_id = $2"),
	OTHER(RESEAL_RAW,
		RESEAL("body", "raw")),
	/* No digest: the same body may have come again under the new key, and be there. */
	OTHER(RESEAL_RAW_SET,
		"UPDATE raw SET body = $1, digest = NULL WHERE id = $2"),

	/* ---- persons and counters ---- */

	CITIZEN(PERSON_FIND,
		"SELECT id, " PERSON_COLUMNS ", address FROM person_look "
		"JOIN person ON id = person_id WHERE person_look.look = $1"),
	CITIZEN(PERSON_CHECK,
		"SELECT id, " PERSON_COLUMNS ", address FROM person WHERE id = $1"),
	CITIZEN(PERSON_ADD,
		"INSERT INTO person (address, look, kind, created_at) "
		"VALUES ($1, $2, $3, $4) RETURNING id"),
	CITIZEN(LOOK_ADD,
		"INSERT INTO person_look (look, person_id) SELECT look, id FROM person "
		"WHERE id = $1 AND look <> 0 ON CONFLICT DO NOTHING"),
	CITIZEN(LOOK_REMOVE,
		"DELETE FROM person_look WHERE look = (SELECT look FROM person WHERE id = $1) "
		"AND person_id = $1"),
	OTHER(LOOK_MARK,
		"SELECT n FROM counter WHERE name = 'look' AND day = 0"),
	OTHER(LOOK_MARK_SET,
		"INSERT INTO counter (name, day, n) VALUES ('look', 0, $1) "
		"ON CONFLICT (name, day) DO UPDATE SET n = excluded.n"),
	OTHER(LOOK_TAIL,
		"SELECT id, look FROM person WHERE id > $1 ORDER BY id LIMIT $2"),
	CITIZEN(PERSON_GET,
		"SELECT address, " PERSON_COLUMNS " FROM person WHERE id = $1"),
	CITIZEN(PERSON_SAVE,
		"UPDATE person SET stopped = $1, hour = $2, hour_replies = $3, day = $4, "
		"day_replies = $5, last_in = $6, last_in_at = $7, last_ticket = $8, "
		"asked = $9, language = $10, chosen = $11, hour_orders = $12 "
		"WHERE id = $13"),
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

	CITIZEN(IN_REWRITE,
		"UPDATE message_in SET text = $1, raw = NULL, digest = 0 WHERE id = $2"),

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
		"INSERT INTO ticket (no, person_id, message_id, state, department, kind, "
		"urgent, sensitive, secret, kecamatan, desa, score, opened_at, changed_at, "
		"answer_due_at, clocks, due_at, was, accused, incident_id, before, "
		"parent_id) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
		"$16, $17, $18, $19, $20, $21, $22) RETURNING id"),
	CITIZEN(TICKET_STEP,
		"SELECT " TICKET_COLUMNS "WHERE t.id = $1"),
	CITIZEN(TICKET_BY_NO,
		"SELECT " TICKET_COLUMNS "WHERE t.no = $1"),
	CITIZEN(TICKET_SAVE,
		"UPDATE ticket SET state = $1, department = $2, kind = $3, urgent = $4, "
		"sensitive = $5, secret = $6, muted = $7, kecamatan = $8, desa = $9, "
		"changed_at = $10, answer_due_at = $11, clocks = $12, due_at = $13, "
		"was = $14, transfers = $15, reopens = $16, level = $17, done_level = $18, "
		"asked_by = $19, closed_by = $20, closed_at = $21, first_at = $22, "
		"done_at = $23, rating = $24, accused = $25, parent_id = $26, "
		"incident_id = $27, erase = $28 WHERE id = $29"),
	CITIZEN(TICKETS_DUE,
		"SELECT " TICKET_COLUMNS "WHERE t.due_at > 0 AND t.due_at <= $1 "
		"ORDER BY t.due_at, t.id LIMIT $2"),
	CITIZEN(DUE_IDS,
		"SELECT id FROM ticket WHERE due_at > 0 AND due_at <= $1 "
		"ORDER BY due_at, id LIMIT $2"),
	CITIZEN(TICKET_PUT_OFF,
		"UPDATE ticket SET due_at = $1 WHERE id = $2"),
	CITIZEN(TICKET_DUE_NEXT,
		"SELECT due_at FROM ticket WHERE due_at > 0 ORDER BY due_at LIMIT 1"),
	CITIZEN(TICKET_CHANGED_LAST,
		"SELECT changed_at FROM ticket WHERE changed_at > 0 "
		"ORDER BY changed_at DESC LIMIT 1"),
	CITIZEN(TICKET_FOLLOWERS,
		"SELECT " TICKET_COLUMNS "WHERE t.parent_id = $1 AND t.id > $2 "
		"ORDER BY t.id LIMIT $3"),
	CITIZEN(TICKETS_NEAR,
		"SELECT " TICKET_COLUMNS "WHERE t.kecamatan = $1 AND t.desa = $2 "
		"AND t.desa <> '' AND t.department = $3 AND t.id < $4 "
		"ORDER BY t.id DESC LIMIT $5"),
	CITIZEN(TICKET_QUEUE,
		"SELECT " TICKET_COLUMNS "WHERE t.id IN (SELECT id FROM ticket "
		"WHERE department = $1 AND closed_at = 0 AND state = $2 "
		"ORDER BY changed_at, id LIMIT $3) "
		"ORDER BY t.id"),
	CITIZEN(TICKETS_OF_INCIDENT,
		"SELECT " TICKET_COLUMNS "WHERE t.incident_id = $1 AND t.id > $2 "
		"ORDER BY t.id LIMIT $3"),
	/* Each person's newest one there. */
	OTHER(TICKETS_TO_TELL,
		"SELECT " TICKET_COLUMNS "WHERE t.id IN (SELECT max(id) FROM ticket "
		"WHERE incident_id = $1 GROUP BY person_id) AND t.id > $2 "
		"ORDER BY t.id LIMIT $3"),
	CITIZEN(EVENT_ADD,
		"INSERT INTO event (ticket_id, at, kind, actor, message_id, note) "
		"VALUES ($1, $2, $3, $4, $5, $6)"),
	CITIZEN(EVENTS,
		"SELECT e.id, e.ticket_id, e.at, e.kind, e.actor, e.message_id, e.note, "
		"m.text, c.secret = 1 OR c.sensitive = 1 FROM event e "
		"LEFT JOIN message_in m ON m.id = e.message_id "
		"LEFT JOIN ticket c ON c.id = nullif(m.ticket_id, e.ticket_id) "
		"WHERE e.ticket_id = $1 ORDER BY e.id"),

	/* ---- conversation ---- */

	CITIZEN(ASKED_SET,
		"INSERT INTO asked (person_id, asked, no, choices, command, message_id, asked_at, "
		"expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
		"ON CONFLICT (person_id) DO UPDATE SET asked = excluded.asked, "
		"no = excluded.no, choices = excluded.choices, command = excluded.command, "
		"message_id = excluded.message_id, asked_at = excluded.asked_at, "
		"expires_at = excluded.expires_at"),
	CITIZEN(ASKED_GET,
		"SELECT a.asked, a.no, a.choices, a.command, a.message_id, a.asked_at, "
		"a.expires_at, m.text FROM asked a "
		"LEFT JOIN message_in m ON m.id = a.message_id WHERE a.person_id = $1"),
	CITIZEN(ASKED_REMOVE,
		"DELETE FROM asked WHERE person_id = $1"),
	CITIZEN(PIN_FAULT_GET,
		"SELECT n, locked_until FROM pin_fault WHERE person_id = $1"),
	CITIZEN(PIN_FAULT_SET,
		"INSERT INTO pin_fault (person_id, n, locked_until) VALUES ($1, $2, $3) "
		"ON CONFLICT (person_id) DO UPDATE SET n = excluded.n, "
		"locked_until = excluded.locked_until"),
	CITIZEN(PIN_FAULT_REMOVE,
		"DELETE FROM pin_fault WHERE person_id = $1"),
	OTHER(AUDIT_ADD,
		"INSERT INTO audit (at, who, what, about, reason) VALUES ($1, $2, $3, $4, $5)"),
	OTHER(AUDIT_LIST,
		"SELECT id, at, who, what, about, reason FROM audit "
		"ORDER BY id DESC LIMIT $1"),
	OTHER(AUDIT_ABOUT,
		"SELECT id, at, who, what, about, reason FROM audit WHERE about = $1 "
		"ORDER BY id"),
	OTHER(INCIDENT_ADD,
		"INSERT INTO incident (name, department, kecamatan, desa, started_at) "
		"VALUES ($1, $2, $3, $4, $5) RETURNING id"),
	OTHER(INCIDENT_END,
		"UPDATE incident SET ended_at = $1 WHERE id = $2 AND ended_at = 0"),
	OTHER(INCIDENTS,
		"SELECT id, name, department, kecamatan, desa, started_at, ended_at "
		"FROM incident WHERE ended_at = 0 OR $1 = 0 ORDER BY id DESC LIMIT 200"),
	OTHER(INCIDENT_GET,
		"SELECT id, name, department, kecamatan, desa, started_at, ended_at "
		"FROM incident WHERE id = $1"),
	OTHER(ALIKE_SET,
		"INSERT INTO alike (ticket_id, head_id, score, words, state) "
		"VALUES ($1, $2, $3, $4, $5) ON CONFLICT (ticket_id) DO UPDATE "
		"SET head_id = excluded.head_id, score = excluded.score, "
		"words = excluded.words, state = excluded.state, wiped = 0"),
	CITIZEN(ALIKE_GET,
		"SELECT head_id, score, words, state FROM alike WHERE ticket_id = $1"),
	CITIZEN(ALIKE_COUNT,
		"SELECT count(*) FROM alike WHERE head_id = $1 AND state <> 'refused'"),
	OTHER(ALIKE_LIST,
		"SELECT t.no, h.no, (SELECT count(*) + 1 FROM alike o "
		"WHERE o.head_id = a.head_id AND o.state <> 'refused'), a.score, a.words, a.ticket_id "
		"FROM alike a JOIN ticket t ON t.id = a.ticket_id "
		"JOIN ticket h ON h.id = a.head_id "
		"WHERE a.state = 'proposed' AND t.parent_id IS NULL "
		"ORDER BY a.ticket_id DESC LIMIT $1"),
	OTHER(TICKET_IDS,
		"SELECT id FROM ticket WHERE id > $1 ORDER BY id LIMIT $2"),

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
	CITIZEN(OUT_AGAIN,
		"UPDATE message_out SET state = 'queued', attempts = attempts - $1, "
		"reason = $2, due_at = $3 WHERE id = $4"),
	OTHER(OUT_RESEND,
		"UPDATE message_out SET state = 'queued', due_at = $1, expires_at = $2, "
		"attempts = 0, reason = '' WHERE id = $3 AND state = 'unknown' RETURNING id"),
	OTHER(OUT_DROP,
		"UPDATE message_out SET state = 'refused', open = 0, done_at = $1, "
		"reason = 'unknown; dropped by an operator' "
		"WHERE id = $2 AND state = 'unknown' RETURNING id"),
	OTHER(OUT_EXPIRE,
		"UPDATE message_out SET state = 'expired', open = 0, done_at = $1 "
		"WHERE id IN (SELECT id FROM message_out WHERE open = 1 "
		"AND state = 'queued' AND expires_at <= $1 LIMIT $2) RETURNING id"),
	OTHER(OUT_RECOVER,
		"UPDATE message_out SET state = 'queued', due_at = $1, "
		"reason = 'unknown: stopped while sending' WHERE provider = $2 "
		"AND state = 'sending' AND open = 1 AND attempts < $3 "
		"AND ($4 = 1 OR substr(reason, 1, 9) <> 'unknown: ') RETURNING id"),
	OTHER(OUT_SENDERS,
		"SELECT DISTINCT provider FROM message_out WHERE open = 1 "
		"AND state = 'sending'"),
	OTHER(OUT_HOLD,
		"UPDATE message_out SET state = 'unknown', done_at = $1, "
		"reason = 'unknown: stopped while sending' WHERE provider = $2 "
		"AND state = 'sending' AND open = 1 RETURNING id"),

	OTHER(OUT_MOVE,
		"UPDATE message_out SET due_at = due_at + $1, expires_at = expires_at + $1 "
		"WHERE open = 1"),
	OTHER(PARTS_MOVE,
		"UPDATE part_group SET opened_at = opened_at + $1, due_at = due_at + $1 "
		"WHERE open = 1"),

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

	/* ---- what is wiped: retain.h ---- */

	/* As retain_row() in store_retain.c reads them. */
	OTHER(RETAIN_IN,
		"SELECT m.id, m.wiped, m.received_at, coalesce(t.id, 0), "
		"coalesce(p.look, 1), " TICKET_OVER
		"FROM message_in m LEFT JOIN ticket t ON t.id = m.ticket_id "
		"LEFT JOIN person p ON p.id = m.person_id "
		"WHERE m.id > $1 ORDER BY m.id LIMIT $2"),
	OTHER(RETAIN_OUT,
		"SELECT o.id, o.wiped, o.created_at, coalesce(t.id, 0), p.look, " TICKET_OVER
		"FROM message_out o JOIN person p ON p.id = o.person_id "
		"LEFT JOIN ticket t ON t.id = o.ticket_id "
		"WHERE o.id > $1 ORDER BY o.id LIMIT $2"),
	OTHER(RETAIN_EVENT,
		"SELECT e.id, e.wiped, e.at, t.id, 1, " TICKET_OVER
		"FROM event e JOIN ticket t ON t.id = e.ticket_id "
		"WHERE e.id > $1 ORDER BY e.id LIMIT $2"),
	/* The words are those of both tickets. */
	OTHER(RETAIN_ALIKE,
		"SELECT a.ticket_id, a.wiped, 0, t.id, 1, "
		"CASE WHEN h.closed_at > 0 AND (t.closed_at = 0 OR h.closed_at < t.closed_at) "
		"THEN h.closed_at ELSE t.closed_at END, " INQUIRY
		" FROM alike a JOIN ticket t ON t.id = a.ticket_id "
		"JOIN ticket h ON h.id = a.head_id "
		"WHERE a.ticket_id > $1 ORDER BY a.ticket_id LIMIT $2"),
	OTHER(RETAIN_PERSON,
		"SELECT p.id, p.look, CASE WHEN p.last_in_at > p.created_at "
		"THEN p.last_in_at ELSE p.created_at END, p.last_ticket, "
		"coalesce(a.expires_at, 0), coalesce(f.locked_until, 0) FROM person p "
		"LEFT JOIN asked a ON a.person_id = p.id "
		"LEFT JOIN pin_fault f ON f.person_id = p.id "
		"WHERE p.id > $1 ORDER BY p.id LIMIT $2"),
	/* Marked as those of citizens: in small steps beside them, and there are many rows.
	 * What a delivery is needed for yet: to be sent, to be decided, to be answered, to be
	 * asked about; and the newest keeps its number from being given again. */
	CITIZEN(RETAIN_DELIVERY,
		"SELECT d.id, d.open = 1 OR d.state = 'parked' OR d.ack_due_at <> 0 "
		"OR d.id = (SELECT max(id) FROM delivery) OR EXISTS (SELECT 1 FROM watch w "
		"WHERE w.delivery_id = d.id AND w.due_at > 0), d.created_at, "
		"coalesce(t.id, 0), 1, " WHOLE_OVER ", 0 FROM delivery d "
		"LEFT JOIN ticket t ON t.id = d.ticket_id "
		"LEFT JOIN ticket h ON h.id = t.parent_id "
		"WHERE d.id > $1 ORDER BY d.id LIMIT $2"),
	/* The same of a mail, whose words have gone before. */
	CITIZEN(RETAIN_MAIL_ROW,
		"SELECT m.id, m.wiped = 0 OR m.state = 'pending' OR m.state = 'desk' "
		"OR m.uid > 0 OR m.id = (SELECT max(id) FROM mail_in) "
		"OR EXISTS (SELECT 1 FROM mail_out o WHERE o.mail_id = m.id "
		"AND o.state <> 'done' AND o.state <> 'parked'), m.received_at, "
		"coalesce(t.id, 0), 1, " WHOLE_OVER ", 0 FROM mail_in m "
		"LEFT JOIN ticket t ON t.id = m.ticket_id "
		"LEFT JOIN ticket h ON h.id = t.parent_id "
		"WHERE m.id > $1 ORDER BY m.id LIMIT $2"),
	CITIZEN(RETAIN_LEFT,
		"SELECT l.event_id, 0, l.at, t.id, 1, " WHOLE_OVER ", 0 FROM ticket_left l "
		"JOIN ticket t ON t.id = l.ticket_id LEFT JOIN ticket h ON h.id = t.parent_id "
		"WHERE l.event_id > $1 ORDER BY l.event_id LIMIT $2"),
	CITIZEN(REMOVE_LEFT,
		"DELETE FROM ticket_left WHERE event_id = $1"),
	CITIZEN(REMOVE_DELIVERY,
		"DELETE FROM delivery WHERE id = $1"),
	CITIZEN(REMOVE_DUTY_CALLS,
		"DELETE FROM duty_call WHERE delivery_id = $1"),
	CITIZEN(REMOVE_WATCH,
		"DELETE FROM watch WHERE delivery_id = $1"),
	/* Also what SQLite looks for by itself when a delivery goes: by the same index. */
	CITIZEN(REMOVE_INSTEAD,
		"UPDATE delivery SET instead_of = NULL WHERE instead_of = $1"),
	CITIZEN(REMOVE_MAIL,
		"DELETE FROM mail_in WHERE id = $1"),
	CITIZEN(REMOVE_MAIL_RAW,
		"DELETE FROM mail_raw WHERE mail_id = $1"),
	CITIZEN(REMOVE_ATTACHMENTS,
		"DELETE FROM attachment WHERE mail_id = $1"),
	CITIZEN(REMOVE_MAIL_OUT,
		"DELETE FROM mail_out WHERE mail_id = $1"),
	OTHER(PERSON_WAITED,
		"SELECT 1 FROM message_out WHERE open = 1 AND state <> 'unknown' "
		"AND person_id = $1 LIMIT 1"),
	CITIZEN(WIPE_IN,
		"UPDATE message_in SET text = $1, raw = NULL, digest = 0, note = NULL, "
		"wiped = 1 WHERE id = $2 AND wiped = 0"),
	CITIZEN(WIPE_OUT,
		"UPDATE message_out SET text = $1, wiped = 1 WHERE id = $2 AND wiped = 0"),
	CITIZEN(WIPE_EVENT,
		"UPDATE event SET note = $1, wiped = 1 WHERE id = $2 AND wiped = 0"),
	CITIZEN(WIPE_ALIKE,
		"UPDATE alike SET words = $1, wiped = 1 WHERE ticket_id = $2 AND wiped = 0"),
	CITIZEN(WIPE_ALIKE_HEAD,
		"UPDATE alike SET words = $1, wiped = 1 WHERE head_id = $2 AND wiped = 0"),
	CITIZEN(WIPE_EVENTS_OF,
		"UPDATE event SET note = $1, wiped = 1 WHERE ticket_id = $2 AND wiped = 0"),
	CITIZEN(WIPE_EVENTS_BY,
		"UPDATE event SET note = $1, wiped = 1 WHERE ticket_id = $2 "
		"AND message_id = $3 AND wiped = 0"),
	CITIZEN(WIPE_OUTS_OF,
		"UPDATE message_out SET text = $1, wiped = 1 WHERE ticket_id = $2 "
		"AND wiped = 0"),
	/* Whoever wrote them, officers too. */
	CITIZEN(WIPE_IN_OF,
		"UPDATE message_in SET text = $1, raw = NULL, digest = 0, note = NULL, "
		"wiped = 1 WHERE id IN (SELECT message_id FROM event WHERE ticket_id = $2 "
		"AND message_id IS NOT NULL) AND ticket_id = $2 AND wiped = 0"),
	CITIZEN(PERSON_FORGET,
		"UPDATE person SET address = $1, look = 0, asked = 0 WHERE id = $2 "
		"AND look <> 0"),
	CITIZEN(PERSON_UNASK,
		"UPDATE person SET asked = 0 WHERE id = $1"),
	CITIZEN(PERSON_CHAINS,
		"SELECT last_in, last_ticket, created_at FROM person WHERE id = $1"),
	/* One step along a person's chains. */
	CITIZEN(IN_CHAIN,
		"SELECT m.id, m.before, coalesce(m.ticket_id, 0), coalesce(t.person_id, 0), "
		"coalesce(" INQUIRY ", 0), m.wiped, (SELECT count(*) FROM event e "
		"WHERE e.ticket_id = m.ticket_id AND e.message_id = m.id "
		"AND e.actor <> 'warga') FROM message_in m "
		"LEFT JOIN ticket t ON t.id = m.ticket_id WHERE m.id = $1"),
	CITIZEN(TICKET_CHAIN,
		"SELECT t.id, t.before, t.no, t.state, coalesce(h.state, ''), t.closed_at, "
		INQUIRY ", t.department FROM ticket t "
		"LEFT JOIN ticket h ON h.id = t.parent_id WHERE t.id = $1"),
	CITIZEN(ERASE_NEXT,
		"SELECT t.id, t.person_id, coalesce(t.parent_id, 0), " INQUIRY
		" FROM ticket t WHERE t.erase = 1 AND t.closed_at > 0 AND t.closed_at <= $1 "
		"AND NOT EXISTS (SELECT 1 FROM event e WHERE e.ticket_id = t.id "
		"AND e.kind = 'hapus_diminta' AND e.at > $1) ORDER BY t.closed_at LIMIT 1"),
	CITIZEN(ERASE_GET,
		"SELECT t.id, t.person_id, coalesce(t.parent_id, 0), " INQUIRY
		" FROM ticket t WHERE t.id = $1 AND t.erase = 1 AND t.closed_at > 0"),
	CITIZEN(ERASE_DONE,
		"UPDATE ticket SET erase = 0 WHERE id = $1"),
	/* An operator's look at one person, and his act. */
	OTHER(IN_WHOLE,
		"SELECT m.id, m.before, m.provider, m.external_id, m.recipient, m.text, "
		"m.raw, m.sent_at, m.received_at, m.kind, coalesce(m.part_group, 0), "
		"m.part_no, coalesce(t.no, 0), m.note FROM message_in m "
		"LEFT JOIN ticket t ON t.id = m.ticket_id WHERE m.id = $1"),
	OTHER(OUT_LOOSE,
		"SELECT " OUT_COLUMNS "WHERE o.person_id = $1 AND o.ticket_id IS NULL "
		"ORDER BY o.id"),
	OTHER(WIPE_OUT_LOOSE,
		"UPDATE message_out SET text = $1, wiped = 1 WHERE person_id = $2 "
		"AND ticket_id IS NULL AND wiped = 0"),

	/* ---- for operators ---- */

	OTHER(TICKET_LAST_ID,
		"SELECT id, opened_at FROM ticket ORDER BY id DESC LIMIT 1"),
	OTHER(TICKET_FROM,
		"SELECT id, opened_at FROM ticket WHERE id >= $1 ORDER BY id LIMIT 1"),
	OTHER(REPORT_ROWS,
		"SELECT t.id, t.department, t.state, t.kind, t.opened_at, t.first_at, "
		"t.done_at, t.closed_at, t.clocks, t.reopens, t.rating, m.text, m.id, "
		"EXISTS (SELECT 1 FROM event e WHERE e.ticket_id = t.id "
		"AND e.kind = 'opened_unclear') "
		"FROM ticket t JOIN message_in m ON m.id = t.message_id "
		"WHERE t.id >= $1 ORDER BY t.id LIMIT $2"),
	OTHER(LIST_TICKETS,
		"SELECT " TICKET_COLUMNS "WHERE ($1 = '' OR t.department = $1) "
		"AND ($2 = '' OR t.state = $2) AND t.opened_at >= $3 "
		"AND ($4 = 0 OR t.state NOT IN " TICKET_CLOSED ") "
		"ORDER BY t.id DESC LIMIT $5"),
	OTHER(LIST_ALL,
		"SELECT " IN_LINE "t.no FROM message_in m "
		"LEFT JOIN ticket t ON t.id = m.ticket_id ORDER BY m.id DESC LIMIT $1"),
	OTHER(LIST_BAD,
		"SELECT " IN_LINE "0 FROM message_in m "
		"WHERE m.kind = 'bad' ORDER BY m.id DESC LIMIT $1"),
	OTHER(LIST_RAW,
		"SELECT id, received_at, provider, source, 'raw', body, why, 0, 0 "
		"FROM raw WHERE state = 'bad' "
		"ORDER BY received_at DESC LIMIT $1"),
	OTHER(LIST_UNROUTED,
		"SELECT " IN_LINE "t.no FROM ticket t JOIN message_in m ON m.id = t.message_id "
		"WHERE t.state = 'periksa' ORDER BY m.id DESC LIMIT $1"),
	OTHER(LIST_UNKNOWN,
		"SELECT o.id, o.created_at, o.provider, o.external_id, o.state, o.text, "
		"o.reason, o.person_id, t.no FROM message_out o "
		"LEFT JOIN ticket t ON t.id = o.ticket_id "
		"WHERE o.open = 1 AND o.state = 'unknown' ORDER BY o.id DESC LIMIT $1"),
	OTHER(LIST_OUT,
		"SELECT " OUT_COLUMNS "WHERE o.ticket_id = $1 ORDER BY o.id"),
	/* By department, along an index that has all of it. */
	OTHER(COUNT_OPEN,
		"SELECT department, state FROM ticket WHERE closed_at = 0 "
		"ORDER BY department"),
	OTHER(COUNT_CLOSED,
		"SELECT department, state FROM ticket WHERE closed_at > 0 "
		"ORDER BY department"),
	OTHER(COUNT_OUT,
		/* What waits for the morning waits from then on. A due time of a later
		 * attempt is no such one. */
		"SELECT provider, state, count(*), min(CASE WHEN due_at > created_at AND "
		"(attempts = 0 OR (attempts = 1 AND state = 'sending')) THEN due_at "
		"ELSE created_at END) FROM message_out "
		"WHERE open = 1 GROUP BY provider, state"),

	/* ---- the API ---- */

	OTHER(TOKEN_ADD,
		"INSERT INTO token (hash, name, department, scopes, created_at, created_by, "
		"expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"),
	CITIZEN(TOKEN_FIND,
		"SELECT " TOKEN_COLUMNS "WHERE hash = $1"),
	CITIZEN(TOKEN_USED,
		"UPDATE token SET used_at = $1 WHERE id = $2"),
	OTHER(TOKEN_REVOKE,
		"UPDATE token SET revoked_at = $1 WHERE id = $2 AND revoked_at = 0 "
		"RETURNING id"),
	OTHER(TOKENS,
		"SELECT " TOKEN_COLUMNS "ORDER BY id DESC LIMIT 500"),

	/* ---- Open311 ---- */

	CITIZEN(WEB_ADD,
		"INSERT INTO web_request (ticket_id, token_id, digest, at) "
		"VALUES ($1, $2, $3, $4)"),
	CITIZEN(WEB_AGAIN,
		"SELECT ticket_id FROM web_request WHERE digest = $1 AND at >= $2 "
		"ORDER BY at DESC LIMIT 1"),
	CITIZEN(WEB_MOVE,
		"UPDATE web_request SET at = at + $1 WHERE at >= $2"),
	CITIZEN(WEB_IS,
		"SELECT 1 FROM web_request WHERE ticket_id = $1"),
	OTHER(WEB_FILED,
		"SELECT t.id FROM (SELECT ticket_id FROM web_request WHERE at >= $1 "
		"AND at <= $2 ORDER BY at DESC LIMIT $3) w JOIN ticket t ON t.id = w.ticket_id "
		"WHERE ($4 = '' OR t.department = $4) AND " WEB_SHOWN WEB_STATUS("$5")
		"ORDER BY t.id DESC LIMIT $6"),
	OTHER(WEB_ALL,
		"SELECT t.id FROM ticket t WHERE t.id >= $1 AND t.id < $2 "
		"AND ($3 = '' OR t.department = $3) AND " WEB_SHOWN WEB_STATUS("$4")
		"ORDER BY t.id DESC LIMIT $5"),
	CITIZEN(WATCH_ADD,
		"INSERT INTO watch (delivery_id, department, way, external_id, token, due_at) "
		"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (delivery_id) DO UPDATE "
		"SET external_id = $4, token = $5, due_at = $6"),
	CITIZEN(WATCHES_DUE,
		"SELECT w.delivery_id, w.external_id, w.closed, w.digest, t.no FROM watch w "
		"JOIN delivery d ON d.id = w.delivery_id JOIN ticket t ON t.id = d.ticket_id "
		"WHERE w.department = $1 AND w.way = $2 AND w.token = $3 AND w.due_at > 0 "
		"AND w.due_at <= $4 ORDER BY w.due_at LIMIT $5"),
	CITIZEN(WATCH_NEXT,
		"SELECT due_at FROM watch WHERE department = $1 AND way = $2 "
		"AND token = $3 AND due_at > 0 ORDER BY due_at LIMIT 1"),
	CITIZEN(WATCH_SEEN,
		"UPDATE watch SET closed = $1, digest = $2, due_at = $3 "
		"WHERE delivery_id = $4"),
	OTHER(WATCH_MOVE,
		"UPDATE watch SET due_at = due_at + $1 WHERE due_at > 0"),
	CITIZEN(WATCH_MOVED,
		"UPDATE watch SET external_id = $1, token = 0, due_at = $2 "
		"WHERE delivery_id = $3"),

	/* ---- deliveries to departments ---- */

	CITIZEN(DELIVERY_ADD,
		"INSERT INTO delivery (ticket_id, department, way, target, what, event, "
		"event_id, state, open, urgent, due_at, since_at, created_at, done_at, "
		"reason, instead_of, ack_due_at, head) VALUES ($1, $2, $3, $4, $5, $6, $7, "
		"$8, $9, $10, $11, $12, $13, $14, $15, $16, $17, CASE WHEN $9 = 0 OR "
		"EXISTS (SELECT 1 FROM delivery WHERE ticket_id = $1 AND department = $2 "
		"AND way = $3 AND target = $4 AND open = 1) THEN 0 ELSE 1 END) "
		"RETURNING id"),
	CITIZEN(DELIVERY_DUE,
		"SELECT " DELIVERY_COLUMNS "WHERE department = $1 AND way = $2 "
		"AND urgent = $3 AND head = 1 AND state = 'queued' AND due_at <= $4 "
		"ORDER BY due_at, id LIMIT $5"),
	/* Those that DELIVERY_DUE gave, from its first to its last. */
	CITIZEN(DELIVERY_CLAIM,
		"UPDATE delivery SET state = 'sending', attempts = attempts + 1 "
		"WHERE department = $1 AND way = $2 AND urgent = $3 AND head = 1 "
		"AND state = 'queued' AND due_at >= $4 AND due_at <= $5 "
		"AND (due_at < $5 OR id <= $6) RETURNING 1"),
	CITIZEN(DELIVERY_NEXT,
		"SELECT due_at FROM delivery WHERE department = $1 AND way = $2 "
		"AND urgent = $3 AND head = 1 AND state = 'queued' ORDER BY due_at LIMIT 1"),
	CITIZEN(DELIVERY_KEY,
		"SELECT ticket_id, department, way, target, head FROM delivery "
		"WHERE id = $1"),
	CITIZEN(DELIVERY_END,
		"UPDATE delivery SET state = $1, open = 0, head = 0, external_id = $2, "
		"reason = $3, done_at = $4 WHERE id = $5"),
	CITIZEN(DELIVERY_DONE,
		"UPDATE delivery SET state = 'done', open = 0, head = 0, external_id = $1, "
		"reason = '', done_at = $2 WHERE id = $3 AND state = 'sending' RETURNING 1"),
	CITIZEN(DELIVERY_PROMOTE,
		"UPDATE delivery SET head = 1 WHERE id = (SELECT id FROM delivery "
		"WHERE ticket_id = $1 AND department = $2 AND way = $3 AND target = $4 "
		"AND open = 1 ORDER BY id LIMIT 1)"),
	CITIZEN(DELIVERY_AGAIN,
		"UPDATE delivery SET state = 'queued', attempts = attempts - $1, "
		"reason = $2, due_at = $3 WHERE id = $4"),
	OTHER(DELIVERY_RETRY,
		"UPDATE delivery SET state = 'queued', open = 1, attempts = 0, due_at = $1, "
		"since_at = $1, done_at = 0, head = CASE WHEN EXISTS (SELECT 1 "
		"FROM delivery o WHERE o.ticket_id = delivery.ticket_id "
		"AND o.department = delivery.department AND o.way = delivery.way "
		"AND o.target = delivery.target AND o.open = 1) THEN 0 ELSE 1 END "
		"WHERE id = $2 AND state = 'parked' RETURNING id"),
	CITIZEN(DELIVERY_GET,
		"SELECT " DELIVERY_COLUMNS "WHERE id = $1"),
	CITIZEN(DELIVERY_EXTERNAL,
		"SELECT " DELIVERY_COLUMNS "WHERE external_id = $1 AND external_id <> '' "
		"ORDER BY id DESC LIMIT 1"),
	CITIZEN(DELIVERY_FIRST,
		"SELECT external_id FROM delivery WHERE ticket_id = $1 AND department = $2 "
		"AND way = $3 AND target = $4 AND external_id <> '' ORDER BY id LIMIT 1"),
	CITIZEN(DELIVERY_LAST,
		"SELECT external_id FROM delivery WHERE ticket_id = $1 AND department = $2 "
		"AND way = $3 AND target = $4 AND external_id <> '' "
		"ORDER BY id DESC LIMIT 1"),
	CITIZEN(DELIVERY_KNOWN,
		"SELECT id FROM delivery WHERE ticket_id = $1 AND department = $2 "
		"AND way = $3 AND target = $4 AND id < $5 AND (attempts > 1 "
		"OR (attempts = 1 AND state <> 'dropped')) LIMIT 1"),
	CITIZEN(DELIVERY_SIBLINGS,
		"SELECT " DELIVERY_COLUMNS "WHERE ticket_id = $1 AND department = $2 "
		"AND event_id = $3 AND what = $4"),
	OTHER(DELIVERY_SENDING,
		"SELECT " DELIVERY_COLUMNS "WHERE department = $1 AND way = $2 "
		"AND head = 1 AND state = 'sending' AND since_at <= $3 LIMIT $4"),
	CITIZEN(DELIVERY_OPEN,
		"SELECT " DELIVERY_COLUMNS "WHERE department = $1 AND way = $2 "
		"AND open = 1 AND since_at <= $3 ORDER BY since_at LIMIT $4"),
	CITIZEN(DELIVERY_OLD,
		"SELECT " DELIVERY_COLUMNS "WHERE department = $1 AND way = $2 "
		"AND open = 1 AND since_at <= $3 AND state = 'queued' "
		"ORDER BY since_at LIMIT $4"),
	CITIZEN(DELIVERY_PARKED,
		"SELECT " DELIVERY_COLUMNS "WHERE department = $1 AND id > $2 "
		"AND state = 'parked' ORDER BY id LIMIT $3"),
	OTHER(DELIVERY_COUNTS,
		"SELECT department, way, count(*), 0 FROM delivery WHERE open = 1 "
		"GROUP BY department, way UNION ALL SELECT department, way, 0, count(*) "
		"FROM delivery WHERE state = 'parked' GROUP BY department, way"),
	CITIZEN(DELIVERY_OLDEST,
		"SELECT since_at, created_at FROM delivery WHERE department = $1 "
		"AND way = $2 AND open = 1 ORDER BY since_at LIMIT 1"),
	OTHER(DELIVERY_HURRY,
		"UPDATE delivery SET due_at = $1 WHERE department = $2 AND way = $3 "
		"AND head = 1 AND state = 'queued' AND due_at > $1"),
	OTHER(DELIVERY_MOVE,
		"UPDATE delivery SET due_at = due_at + $1, since_at = since_at + $1 "
		"WHERE open = 1"),
	CITIZEN(WAY_STOP,
		"INSERT INTO way_stop (department, way, reason, at) VALUES ($1, $2, $3, $4) "
		"ON CONFLICT (department, way) DO UPDATE SET at = excluded.at, "
		"reason = excluded.reason"),
	OTHER(WAY_LIFT,
		"DELETE FROM way_stop WHERE department = $1 AND way = $2"),
	CITIZEN(WAY_STOPPED,
		"SELECT reason FROM way_stop WHERE department = $1 AND way = $2"),
	CITIZEN(WAY_TOLD,
		"SELECT at FROM way_told WHERE department = $1 AND way = $2"),
	CITIZEN(WAY_TELL,
		"INSERT INTO way_told (department, way, at) VALUES ($1, $2, $3) "
		"ON CONFLICT (department, way) DO UPDATE SET at = excluded.at"),
	CITIZEN(EVENT_LAST,
		"SELECT id FROM event WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1"),
	CITIZEN(FOLLOWERS_COUNT,
		"SELECT count(*) FROM ticket WHERE parent_id = $1"),

	/* ---- mails from departments ---- */

	CITIZEN(MAIL_KNOWN,
		"SELECT id FROM mail_in WHERE digest = $1 UNION ALL "
		"SELECT id FROM mail_in WHERE digest = $2 LIMIT 1"),
	CITIZEN(MAIL_ADD,
		"INSERT INTO mail_in (digest, source, uid, sender, received_at, state) "
		"VALUES ($1, $2, $3, $4, $5, 'pending') RETURNING id"),
	CITIZEN(MAIL_RAW_ADD,
		"INSERT INTO mail_raw (mail_id, raw) VALUES ($1, $2)"),
	CITIZEN(MAIL_MARK,
		"UPDATE mail_in SET uid = $1 WHERE id = $2"),
	CITIZEN(MAIL_PENDING,
		"SELECT id FROM mail_in WHERE state = 'pending' AND id > $1 "
		"ORDER BY id LIMIT $2"),
	CITIZEN(MAIL_GET,
		"SELECT " MAIL_COLUMNS ", r.raw " MAIL_TABLES
		"LEFT JOIN mail_raw r ON r.mail_id = m.id WHERE m.id = $1"),
	CITIZEN(MAIL_BY_ID,
		"SELECT id FROM mail_in WHERE message_id = $1 AND message_id <> ''"),
	CITIZEN(MAIL_NAME,
		"UPDATE mail_in SET message_id = $1, sender = $2, look = $3 WHERE id = $4"),
	CITIZEN(MAIL_SETTLE,
		"UPDATE mail_in SET state = $1, kind = $2, ticket_id = $3, note = $4, "
		"told = $5 WHERE id = $6"),
	CITIZEN(MAIL_UNSEEN,
		"SELECT uid FROM mail_in WHERE uid > 0 ORDER BY uid LIMIT $1"),
	CITIZEN(MAIL_SEEN,
		"UPDATE mail_in SET uid = 0 WHERE uid = $1 AND uid > 0"),
	OTHER(MAIL_SEEN_ALL,
		"UPDATE mail_in SET uid = 0 WHERE uid > 0"),
	CITIZEN(MAIL_FROM,
		"SELECT count(*) FROM mail_in WHERE look = $1 AND received_at >= $2"),
	CITIZEN(MAIL_ANSWERED,
		"SELECT count(*) FROM mail_in WHERE look = $1 AND received_at >= $2 "
		"AND kind = 'answer'"),
	CITIZEN(MAIL_TOLD,
		"SELECT count(*) FROM mail_in WHERE look = $1 AND received_at >= $2 "
		"AND told = 1"),
	OTHER(MAIL_LIST,
		"SELECT " MAIL_COLUMNS ", NULL " MAIL_TABLES
		"WHERE m.id < $1 ORDER BY m.id DESC LIMIT $2"),
	/* The second says that the index holds them. */
	DESK(MAIL_LIST_DESK,
		"SELECT " MAIL_COLUMNS ", NULL " MAIL_TABLES
		"WHERE m.state = 'desk' AND m.state IN ('pending', 'desk') AND m.id < $1 "
		"ORDER BY m.id DESC LIMIT $2"),
	OTHER(MAIL_COUNT_DESK,
		"SELECT count(*) FROM mail_in WHERE state = 'desk'"),
	CITIZEN(MAILS_OF,
		"SELECT " MAIL_COLUMNS ", NULL " MAIL_TABLES
		"WHERE m.ticket_id = $1 ORDER BY m.id LIMIT 200"),
	CITIZEN(MAILBOX_GET,
		"SELECT validity, uid FROM mailbox WHERE name = $1"),
	CITIZEN(MAILBOX_SET,
		"INSERT INTO mailbox (name, validity, uid, at) VALUES ($1, $2, $3, $4) "
		"ON CONFLICT (name) DO UPDATE SET validity = excluded.validity, "
		"uid = excluded.uid, at = excluded.at"),
	CITIZEN(ATTACHMENT_ADD,
		"INSERT INTO attachment (mail_id, name, type, size, body) "
		"VALUES ($1, $2, $3, $4, $5)"),
	CITIZEN(ATTACHMENTS,
		"SELECT id, name, type, size, body IS NOT NULL, NULL FROM attachment "
		"WHERE mail_id = $1 ORDER BY id"),
	CITIZEN(ATTACHMENT_GET,
		"SELECT id, name, type, size, body IS NOT NULL, body FROM attachment "
		"WHERE mail_id = $1 AND id = $2"),
	CITIZEN(MAIL_OUT_ADD,
		"INSERT INTO mail_out (mail_id, recipient, subject, text, state, due_at, "
		"created_at) VALUES ($1, $2, $3, $4, 'queued', $5, $5)"),
	CITIZEN(MAIL_OUT_DUE,
		"SELECT o.id, o.mail_id, o.recipient, o.subject, o.text, o.attempts, "
		"o.created_at, m.message_id, coalesce(t.no, 0) FROM mail_out o "
		"JOIN mail_in m ON m.id = o.mail_id "
		"LEFT JOIN ticket t ON t.id = m.ticket_id WHERE o.state = 'queued' "
		"AND o.due_at <= $1 ORDER BY o.due_at LIMIT $2"),
	CITIZEN(MAIL_OUT_TO,
		"SELECT m.id, m.sender, o.created_at FROM mail_out o "
		"JOIN mail_in m ON m.id = o.mail_id WHERE o.id = $1"),
	CITIZEN(MAIL_OUT_CLAIM,
		"UPDATE mail_out SET state = 'sending', attempts = attempts + 1 "
		"WHERE id = $1"),
	CITIZEN(MAIL_OUT_END,
		"UPDATE mail_out SET state = $1, reason = $2, due_at = $3 WHERE id = $4"),
	CITIZEN(MAIL_OUT_FORGET,
		"UPDATE mail_out SET recipient = $1, subject = $2, text = $3 WHERE id = $4"),
	CITIZEN(MAIL_OUT_NEXT,
		"SELECT due_at FROM mail_out WHERE state = 'queued' AND due_at > 0 "
		"ORDER BY due_at LIMIT 1"),
	OTHER(MAIL_OUT_MOVE,
		"UPDATE mail_out SET due_at = due_at + $1 WHERE state = 'queued'"),
	OTHER(MAIL_OUT_RECOVER,
		"UPDATE mail_out SET state = 'queued' WHERE state = 'sending'"),
	OTHER(RETAIN_MAIL,
		"SELECT m.id, m.wiped, m.received_at, coalesce(t.id, 0), 1, " TICKET_OVER
		"FROM mail_in m LEFT JOIN ticket t ON t.id = m.ticket_id "
		"WHERE m.id > $1 ORDER BY m.id LIMIT $2"),
	CITIZEN(WIPE_MAIL,
		"UPDATE mail_in SET sender = $1, look = 0, note = NULL, "
		"wiped = 1 WHERE id = $2 AND wiped = 0"),
	CITIZEN(WIPE_MAIL_OF,
		"UPDATE mail_in SET sender = $1, look = 0, note = NULL, "
		"wiped = 1 WHERE ticket_id = $2 AND wiped = 0"),
	CITIZEN(WIPE_MAIL_RAW,
		"UPDATE mail_raw SET raw = $1 WHERE mail_id = $2"),
	CITIZEN(WIPE_MAIL_RAW_OF,
		"UPDATE mail_raw SET raw = $1 WHERE mail_id IN "
		"(SELECT id FROM mail_in WHERE ticket_id = $2)"),
	CITIZEN(WIPE_ATTACHMENTS,
		"UPDATE attachment SET name = $1, body = NULL WHERE mail_id = $2"),
	CITIZEN(WIPE_ATTACHMENTS_OF,
		"UPDATE attachment SET name = $1, body = NULL WHERE mail_id IN "
		"(SELECT id FROM mail_in WHERE ticket_id = $2)"),
	CITIZEN(WIPE_MAIL_OUT,
		"UPDATE mail_out SET recipient = $1, subject = $2, text = $3 "
		"WHERE mail_id = $4"),
	CITIZEN(WIPE_MAIL_OUT_OF,
		"UPDATE mail_out SET recipient = $1, subject = $2, text = $3 "
		"WHERE mail_id IN (SELECT id FROM mail_in WHERE ticket_id = $4)"),
	OTHER(RESEAL_MAIL,
		RESEAL("sender, note", "mail_in")),
	OTHER(RESEAL_MAIL_SET,
		"UPDATE mail_in SET sender = $1, note = $2 WHERE id = $3"),
	OTHER(RESEAL_MAIL_RAW,
		"SELECT mail_id, raw FROM mail_raw WHERE mail_id > $1 AND mail_id <= $2 "
		"ORDER BY mail_id LIMIT 1"),
	OTHER(RESEAL_MAIL_RAW_SET,
		"UPDATE mail_raw SET raw = $1 WHERE mail_id = $2"),
	OTHER(RESEAL_ATTACHMENT,
		RESEAL("name, body", "attachment")),
	OTHER(RESEAL_ATTACHMENT_SET,
		"UPDATE attachment SET name = $1, body = $2 WHERE id = $3"),
	OTHER(RESEAL_MAIL_OUT,
		RESEAL("recipient, subject, text", "mail_out")),
	OTHER(RESEAL_MAIL_OUT_SET,
		"UPDATE mail_out SET recipient = $1, subject = $2, text = $3 WHERE id = $4"),

	/* ---- the API ---- */

	/* As scan_row() in store_api.c reads them. */
	CITIZEN(API_ALL,
		"SELECT " API_COLUMNS "WHERE (changed_at, id) > ($1, $2) "
		"ORDER BY changed_at, id LIMIT $3"),
	CITIZEN(API_OF,
		"SELECT " API_COLUMNS "WHERE department = $1 AND closed_at = 0 "
		"AND (changed_at, id) > ($2, $3) "
		"UNION ALL SELECT " API_COLUMNS "WHERE department = $1 AND closed_at > 0 "
		"AND (changed_at, id) > ($2, $3) ORDER BY changed_at, id LIMIT $4"),
	CITIZEN(API_OPEN_OF,
		"SELECT " API_COLUMNS "WHERE department = $1 AND closed_at = 0 "
		"AND (changed_at, id) > ($2, $3) ORDER BY changed_at, id LIMIT $4"),
	/* What the API shows of a ticket, and no more: state and department of a
	 * department's stand in the index. */
	CITIZEN(API_TICKETS_ALL,
		"SELECT " API_TICKETS "WHERE (t.changed_at, t.id) > ($1, $2) "
		"ORDER BY t.changed_at, t.id LIMIT $3"),
	CITIZEN(API_TICKETS_OF,
		"SELECT " API_TICKETS "WHERE t.department = $1 AND t.closed_at = 0 "
		"AND (t.changed_at, t.id) > ($2, $3) "
		"UNION ALL SELECT " API_TICKETS "WHERE t.department = $1 AND t.closed_at > 0 "
		"AND (t.changed_at, t.id) > ($2, $3) ORDER BY changed_at, id LIMIT $4"),
	CITIZEN(API_TICKETS_OPEN_OF,
		"SELECT " API_TICKETS "WHERE t.department = $1 AND t.closed_at = 0 "
		"AND (t.changed_at, t.id) > ($2, $3) ORDER BY t.changed_at, t.id LIMIT $4"),
	CITIZEN(API_EVENTS,
		"SELECT e.id, e.at, e.kind, e.actor, t.no, t.state, t.department, t.accused, "
		"t.sensitive, t.changed_at, t.id, l.department FROM event e "
		"JOIN ticket t ON t.id = e.ticket_id "
		"LEFT JOIN ticket_left l ON l.event_id = e.id "
		"WHERE e.id > $1 ORDER BY e.id LIMIT $2"),
	CITIZEN(LEFT_ADD,
		"INSERT INTO ticket_left (event_id, ticket_id, department, at) "
		"VALUES ($1, $2, $3, $4)"),
	CITIZEN(LEFT_IS,
		"SELECT 1 FROM ticket_left WHERE ticket_id = $1 AND department = $2 LIMIT 1"),
	CITIZEN(LEFT_OF,
		"SELECT l.ticket_id, l.at, t.no, t.department, t.accused, t.sensitive "
		"FROM ticket_left l JOIN ticket t ON t.id = l.ticket_id "
		"WHERE l.department = $1 AND (l.at, l.ticket_id) > ($2, $3) "
		"ORDER BY l.at, l.ticket_id LIMIT $4"),
	CITIZEN(API_EVENT_LAST,
		"SELECT id FROM event WHERE id > 0 ORDER BY id DESC LIMIT 1"),
	CITIZEN(API_HISTORY,
		"SELECT e.id, e.ticket_id, e.at, e.kind, e.actor, e.message_id, e.note, "
		"m.text, c.secret = 1 OR c.sensitive = 1 FROM event e "
		"LEFT JOIN message_in m ON m.id = e.message_id "
		"LEFT JOIN ticket c ON c.id = m.ticket_id AND c.id <> e.ticket_id "
		"WHERE e.ticket_id = $1 ORDER BY e.id DESC LIMIT $2"),
	CITIZEN(API_FOLLOWERS,
		"SELECT id FROM ticket WHERE parent_id = $1 LIMIT $2"),
	CITIZEN(KEPT_GET,
		"SELECT id, digest, status, etag, body FROM idempotency "
		"WHERE token_id = $1 AND key = $2"),
	CITIZEN(KEPT_ADD,
		"INSERT INTO idempotency (token_id, key, digest, status, etag, at, body) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7)"),
	OTHER(KEPT_TRIM,
		"DELETE FROM idempotency WHERE id IN "
		"(SELECT id FROM idempotency WHERE at < $1 ORDER BY at LIMIT 500)"),
	OTHER(KEPT_MOVE,
		"UPDATE idempotency SET at = at + $1"),
	OTHER(RESEAL_KEPT,
		RESEAL("body", "idempotency")),
	OTHER(RESEAL_KEPT_SET,
		"UPDATE idempotency SET body = $1 WHERE id = $2"),
	/* ---- the central desk's list: store_desk.c ---- */

	DESK(DESK_TICKETS,
		"SELECT id FROM ticket WHERE state = 'periksa' "
		"ORDER BY urgent DESC, due_at, id LIMIT $1"),
	/* Asked for and neither granted nor refused, of the newest. */
	DESK(DESK_WISHES,
		"SELECT t.id FROM ticket t WHERE t.id IN (SELECT e.ticket_id FROM event e "
		"WHERE e.kind = 'extend_asked' AND NOT EXISTS (SELECT 1 FROM event d "
		"WHERE d.ticket_id = e.ticket_id AND d.id > e.id "
		"AND d.kind IN ('extend', 'no_extend', 'extend_asked')) "
		"ORDER BY e.id DESC LIMIT 500) "
		"AND t.state IN ('diteruskan', 'diproses', 'dijadwalkan') LIMIT $1"),
	/* By which a ticket came to the desk: the last of them. */
	DESK(DESK_EVENT,
		"SELECT id, at, kind, actor, note FROM event WHERE ticket_id = $1 "
		"AND kind IN ('opened_unclear', 'opened_sensitive', 'opened_outside', "
		"'transfer', 'outside', 'reject_proposed', 'extend_asked', 'recall', "
		"'reopen', 'rate', 'not_fixed', 'appeal', 'unmerge', 'ask_expired') "
		"ORDER BY id DESC LIMIT 1"),
	DESK(DESK_GROUPS,
		"SELECT a.ticket_id, t.no, h.no, a.score, a.words, t.opened_at, t.urgent, "
		"(SELECT count(*) + 1 FROM alike o WHERE o.head_id = a.head_id "
		"AND o.state <> 'refused') FROM alike a JOIN ticket t ON t.id = a.ticket_id "
		"JOIN ticket h ON h.id = a.head_id WHERE a.ticket_id IN (SELECT n.ticket_id "
		"FROM alike n WHERE n.state = 'proposed' ORDER BY n.ticket_id DESC LIMIT 500) "
		"AND t.state NOT IN " TICKET_CLOSED " AND h.state NOT IN " TICKET_CLOSED
		" LIMIT $1"),
	DESK(DESK_PARKED,
		"SELECT d.id, d.created_at, d.department, d.way, d.reason, t.no, d.urgent "
		"FROM delivery d JOIN ticket t ON t.id = d.ticket_id "
		"WHERE d.state = 'parked' ORDER BY d.id DESC LIMIT $1"),
	DESK(DESK_MAIL_DONE,
		"UPDATE mail_in SET state = 'done' WHERE id = $1 AND state = 'desk' "
		"RETURNING id"),
	DESK(DESK_BAD,
		"SELECT id, received_at, provider, kind, '', 0, 0 FROM message_in "
		"WHERE kind = 'bad' AND id > $1 ORDER BY id DESC LIMIT $2"),
	DESK(DESK_RAW,
		"SELECT id, received_at, provider, source, why, 0, 0 FROM raw "
		"WHERE state = 'bad' AND id > $1 ORDER BY id DESC LIMIT $2"),
	DESK(DESK_UNKNOWN,
		"SELECT o.id, o.created_at, o.provider, o.key, o.reason, coalesce(t.no, 0), "
		"o.priority = 0 FROM message_out o LEFT JOIN ticket t ON t.id = o.ticket_id "
		"WHERE o.state = 'unknown' ORDER BY o.id DESC LIMIT $1"),
	DESK(DESK_LAST_BAD,
		"SELECT id FROM message_in WHERE kind = 'bad' AND id > $1 "
		"ORDER BY id DESC LIMIT 1"),
	DESK(DESK_LAST_RAW,
		"SELECT id FROM raw WHERE state = 'bad' AND id > $1 ORDER BY id DESC LIMIT 1"),
	DESK(COUNT_LOOK,
		"SELECT n FROM counter WHERE name = $1 AND day = $2"),
	DESK(TEACH_ROWS,
		"SELECT t.id, t.no, t.opened_at, t.department, t.state, "
		"t.secret = 1 OR t.sensitive = 1, m.text, m.id FROM ticket t "
		"JOIN message_in m ON m.id = t.message_id "
		"WHERE t.id >= $1 ORDER BY t.id LIMIT $2"),

	/* ---- officers on duty: store_duty.c ---- */

	CITIZEN(DUTY_CALL,
		"INSERT INTO duty_call (delivery_id, ticket_id, person_id, at, open) "
		"VALUES ($1, $2, $3, $4, $5)"),
	CITIZEN(DUTY_CALLS,
		"SELECT person_id FROM duty_call WHERE delivery_id = $1"),
	CITIZEN(DUTY_CALLED,
		"SELECT 1 FROM duty_call WHERE ticket_id = $1 AND person_id = $2 LIMIT 1"),
	CITIZEN(DUTY_WAITING,
		"SELECT ticket_id FROM duty_call WHERE person_id = $1 AND open = 1 "
		"ORDER BY id LIMIT $2"),
	CITIZEN(DUTY_UNHEARD,
		"SELECT c.delivery_id FROM message_out o JOIN ticket t ON t.id = o.ticket_id "
		"JOIN duty_call c ON c.ticket_id = o.ticket_id AND c.person_id = o.person_id "
		"WHERE o.id = $1 AND t.state = 'diteruskan' AND NOT EXISTS (SELECT 1 "
		"FROM duty_call k JOIN message_out m ON m.ticket_id = k.ticket_id "
		"AND m.person_id = k.person_id WHERE k.ticket_id = o.ticket_id "
		"AND k.delivery_id = c.delivery_id AND m.state NOT IN ('refused', 'expired') "
		"AND m.report <> 'failed') "
		"ORDER BY c.id DESC LIMIT 1"),
	CITIZEN(DUTY_CLOSE,
		"UPDATE duty_call SET open = 0 WHERE ticket_id = $1 AND open = 1"),
	CITIZEN(DUTY_ANSWERED,
		"UPDATE delivery SET ack_due_at = 0 WHERE ticket_id = $1 "
		"AND ack_due_at <> 0"),
	CITIZEN(DUTY_ACK,
		"UPDATE delivery SET ack_due_at = $1 WHERE id = $2"),
	CITIZEN(DUTY_DUE,
		"SELECT id FROM delivery WHERE ack_due_at > 0 AND ack_due_at <= $1 "
		"ORDER BY ack_due_at LIMIT $2"),
	CITIZEN(DUTY_NEXT,
		"SELECT ack_due_at FROM delivery WHERE ack_due_at > 0 "
		"ORDER BY ack_due_at LIMIT 1"),
	OTHER(DUTY_MOVE,
		"UPDATE delivery SET ack_due_at = ack_due_at + $1 WHERE ack_due_at > 0"),
	DESK(DESK_UNANSWERED,
		"SELECT d.id, d.created_at, d.department, d.way, '', t.no, d.urgent "
		"FROM delivery d JOIN ticket t ON t.id = d.ticket_id "
		"WHERE d.ack_due_at = -1 ORDER BY d.id DESC LIMIT $1"),
};
