/* SPDX-License-Identifier: MIT */
/* The catalogue of statements. Data only. */
#include "store/stmt.h"

#include <stddef.h>

#define CITIZEN true

/* Columns of a ticket, as ticket_row() in store_ticket.c reads them. */
#define TICKET_COLUMNS                                                             \
	"t.id, t.no, t.person_id, t.message_id, t.state, t.department, t.urgent, " \
	"t.sensitive, t.secret, t.kecamatan, t.desa, t.score, t.opened_at, "       \
	"t.changed_at, "                                                           \
	"t.answer_due_at, m.text FROM ticket t JOIN message_in m ON m.id = "       \
	"t.message_id "

#define OUT_COLUMNS                                                                     \
	"o.id, o.provider, o.person_id, o.ticket_id, o.in_id, p.address, o.key, "       \
	"o.text, "                                                                      \
	"o.ucs2, o.segments, o.priority, o.state, o.attempts, o.due_at, o.expires_at, " \
	"o.created_at, o.done_at, o.external_id, o.reason, o.report "                   \
	"FROM message_out o JOIN person p ON p.id = o.person_id "

const struct stmt_text stmt_texts[STMT_COUNT] = {
	[STMT_BEGIN] = { "begin", "BEGIN", false },
	[STMT_COMMIT] = { "commit", "COMMIT", false },
	[STMT_ROLLBACK] = { "rollback", "ROLLBACK", false },
	[STMT_MARK] = { "mark", "SAVEPOINT item", false },
	[STMT_RELEASE] = { "release", "RELEASE SAVEPOINT item", false },
	[STMT_FORGET] = { "forget", "ROLLBACK TO SAVEPOINT item", false },

	[STMT_PERSON_FIND] = { "person_find",
			       "SELECT id, kind, stopped, hour, hour_replies, day, "
			       "day_replies "
			       "FROM person WHERE address = $1",
			       CITIZEN },
	[STMT_PERSON_ADD] = { "person_add",
			      "INSERT INTO person (address, kind, created_at) "
			      "VALUES ($1, $2, $3) RETURNING id",
			      CITIZEN },
	[STMT_PERSON_GET] = { "person_get",
			      "SELECT address, kind, stopped, hour, hour_replies, day, "
			      "day_replies "
			      "FROM person WHERE id = $1",
			      CITIZEN },
	[STMT_PERSON_SAVE] = { "person_save",
			       "UPDATE person SET stopped = $1, hour = $2, hour_replies "
			       "= $3, "
			       "day = $4, day_replies = $5 WHERE id = $6",
			       CITIZEN },
	[STMT_COUNT_MORE] = { "count_more",
			      "UPDATE counter SET n = n + $1 WHERE name = $2 AND day = $3",
			      CITIZEN },
	[STMT_COUNT_GET] = { "count_get",
			     "SELECT n FROM counter WHERE name = $1 AND day = $2", CITIZEN },
	[STMT_COUNT_ADD] = { "count_add",
			     "INSERT INTO counter (name, day, n) VALUES ($1, $2, $3) "
			     "ON CONFLICT (name, day) DO UPDATE SET n = counter.n + excluded.n",
			     CITIZEN },

	[STMT_IN_ADD] = { "in_add",
			  "INSERT INTO message_in (provider, external_id, person_id, "
			  "recipient, "
			  "text, raw, digest, sent_at, received_at, kind, part_group, "
			  "part_no, note) "
			  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
			  "$13) "
			  "ON CONFLICT (provider, external_id) DO NOTHING RETURNING id",
			  CITIZEN },
	[STMT_IN_SETTLE] = { "in_settle",
			     "UPDATE message_in SET kind = $1, ticket_id = $2, note = $3 "
			     "WHERE id = $4",
			     CITIZEN },
	[STMT_IN_SAME] = { "in_same",
			   "SELECT count(*) FROM (SELECT 1 FROM message_in WHERE "
			   "person_id = $1 "
			   "AND digest = $2 AND received_at > $3 LIMIT $4) AS same",
			   CITIZEN },
	[STMT_IN_TWIN] = { "in_twin",
			   "SELECT external_id FROM message_in WHERE person_id = $1 "
			   "AND digest = $2 AND received_at > $3 AND provider = $4 "
			   "AND sent_at >= $5 AND sent_at <= $6 LIMIT 8",
			   CITIZEN },

	[STMT_PART_FIND] = { "part_find",
			     "SELECT g.id, g.opened_at, g.due_at, g.have FROM part_group "
			     "g "
			     "WHERE g.person_id = $1 AND g.ref = $2 AND g.open = 1 "
			     "AND g.provider = $3 AND g.recipient = $4 AND g.total = $5 "
			     "AND g.opened_at > $6 AND NOT EXISTS (SELECT 1 FROM "
			     "message_in m "
			     "WHERE m.part_group = g.id AND m.part_no = $7) LIMIT 1",
			     CITIZEN },
	[STMT_PART_ADD] = { "part_add",
			    "INSERT INTO part_group (provider, person_id, recipient, "
			    "ref, total, "
			    "opened_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7) "
			    "RETURNING id",
			    CITIZEN },
	[STMT_PART_ARRIVED] = { "part_arrived",
				"UPDATE part_group SET have = have + 1 WHERE id = $1 "
				"RETURNING have, total",
				CITIZEN },
	[STMT_PART_CLOSE] = { "part_close",
			      "UPDATE part_group SET open = 0 WHERE id = $1", CITIZEN },
	[STMT_PARTS] = { "parts",
			 "SELECT id, part_no, text FROM message_in WHERE part_group = $1 "
			 "ORDER BY part_no",
			 CITIZEN },
	[STMT_PARTS_DUE] = { "parts_due",
			     "SELECT id, provider, person_id, recipient, ref, total, "
			     "have, "
			     "opened_at, due_at FROM part_group WHERE open = 1 AND "
			     "due_at <= $1 "
			     "ORDER BY due_at LIMIT $2",
			     CITIZEN },
	[STMT_PARTS_NEXT] = { "parts_next",
			      "SELECT due_at FROM part_group WHERE open = 1 ORDER BY "
			      "due_at LIMIT 1",
			      CITIZEN },

	[STMT_TICKET_ADD] = { "ticket_add",
			      "INSERT INTO ticket (no, person_id, message_id, state, "
			      "department, "
			      "urgent, sensitive, secret, kecamatan, desa, score, "
			      "opened_at, "
			      "changed_at, answer_due_at) VALUES ($1, $2, $3, $4, $5, "
			      "$6, $7, $8, "
			      "$9, $10, $11, $12, $13, $14) RETURNING id",
			      CITIZEN },
	[STMT_TICKET_BY_NO] = { "ticket_by_no",
				"SELECT " TICKET_COLUMNS "WHERE t.no = $1", CITIZEN },
	[STMT_TICKETS_OF] = { "tickets_of",
			      "SELECT " TICKET_COLUMNS
			      "WHERE t.person_id = $1 AND ($2 = 0 OR "
			      "t.state NOT IN ('ditutup', 'ditolak', 'dicabut', 'arsip', "
			      "'digabung')) ORDER BY t.id DESC LIMIT $3",
			      CITIZEN },
	[STMT_TICKET_TOUCH] = { "ticket_touch",
				"UPDATE ticket SET changed_at = $1 WHERE id = $2",
				CITIZEN },
	[STMT_TICKET_MUTE] = { "ticket_mute",
			       "UPDATE ticket SET muted = $1 WHERE id = $2", CITIZEN },
	[STMT_EVENT_ADD] = { "event_add",
			     "INSERT INTO event (ticket_id, at, kind, actor, message_id, "
			     "note) "
			     "VALUES ($1, $2, $3, $4, $5, $6)",
			     CITIZEN },
	[STMT_EVENTS] = { "events",
			  "SELECT e.id, e.ticket_id, e.at, e.kind, e.actor, "
			  "e.message_id, e.note, "
			  "m.text FROM event e LEFT JOIN message_in m ON m.id = "
			  "e.message_id "
			  "WHERE e.ticket_id = $1 ORDER BY e.id",
			  CITIZEN },

	[STMT_OUT_ADD] = { "out_add",
			   "INSERT INTO message_out (provider, person_id, ticket_id, "
			   "in_id, key, "
			   "text, ucs2, segments, priority, state, attempts, due_at, "
			   "expires_at, "
			   "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
			   "$11, $12, "
			   "$13, $14) RETURNING id",
			   CITIZEN },
	[STMT_OUT_DUE] = { "out_due",
			   "SELECT " OUT_COLUMNS "WHERE o.provider = $1 AND o.state = "
						 "'queued' AND o.priority = $2 "
			   "AND o.due_at <= $3 ORDER BY o.due_at LIMIT $4",
			   CITIZEN },
	[STMT_OUT_CLAIM] = { "out_claim",
			     "UPDATE message_out SET state = 'sending', attempts = "
			     "attempts + 1 "
			     "WHERE id = $1",
			     CITIZEN },
	[STMT_OUT_NEXT] = { "out_next",
			    "SELECT due_at FROM message_out WHERE provider = $1 AND "
			    "state = 'queued' AND priority = $2 ORDER BY due_at LIMIT 1",
			    CITIZEN },
	[STMT_OUT_SETTLE] = { "out_settle",
			      "UPDATE message_out SET state = $1, external_id = $2, "
			      "reason = $3, "
			      "due_at = $4, done_at = $5 WHERE id = $6",
			      CITIZEN },
	[STMT_OUT_EXPIRE] = { "out_expire",
			      "UPDATE message_out SET state = 'expired', done_at = $1 "
			      "WHERE id IN "
			      "(SELECT id FROM message_out WHERE state = 'queued' "
			      "AND expires_at <= $1 LIMIT $2) RETURNING id",
			      false },
	[STMT_OUT_RECOVER] = { "out_recover",
			       "UPDATE message_out SET state = 'queued', due_at = $1, "
			       "reason = 'unknown: stopped while sending' WHERE provider "
			       "= $2 "
			       "AND state = 'sending' AND attempts < $3 RETURNING id",
			       false },
	[STMT_OUT_HOLD] = { "out_hold",
			    "UPDATE message_out SET state = 'unknown', done_at = $1, "
			    "reason = 'unknown: stopped while sending' WHERE provider = "
			    "$2 "
			    "AND state = 'sending' RETURNING id",
			    false },
	[STMT_OUT_REPORT] = { "out_report",
			      "UPDATE message_out SET report = CASE WHEN $1 = 'pending' "
			      "AND "
			      "report <> '' THEN report ELSE $1 END "
			      "WHERE external_id = $2 AND provider = $3 RETURNING id",
			      CITIZEN },
	[STMT_REPORT_KEEP] = { "report_keep",
			       "INSERT INTO report_waiting (external_id, provider, "
			       "report, at) "
			       "VALUES ($1, $2, $3, $4) ON CONFLICT (external_id, "
			       "provider) "
			       "DO UPDATE SET report = excluded.report, at = excluded.at",
			       CITIZEN },
	[STMT_REPORT_TAKE] = { "report_take",
			       "DELETE FROM report_waiting WHERE external_id = $1 AND "
			       "provider = "
			       "(SELECT provider FROM message_out WHERE id = $2) "
			       "RETURNING report",
			       CITIZEN },
	[STMT_OUT_REPORTED] = { "out_reported",
				"UPDATE message_out SET report = $1 WHERE id = $2",
				CITIZEN },
	[STMT_REPORT_COUNT] = { "report_count", "SELECT count(*) FROM report_waiting",
				false },
	[STMT_REPORT_TRIM] = { "report_trim", "DELETE FROM report_waiting WHERE at < $1",
			       false },

	[STMT_CURSOR_GET] = { "cursor_get",
			      "SELECT state FROM poll_cursor WHERE provider = $1",
			      CITIZEN },
	[STMT_CURSOR_SET] = { "cursor_set",
			      "INSERT INTO poll_cursor (provider, state, at) VALUES ($1, "
			      "$2, $3) "
			      "ON CONFLICT (provider) DO UPDATE SET state = "
			      "excluded.state, "
			      "at = excluded.at",
			      CITIZEN },
	[STMT_RAW_ADD] = { "raw_add",
			   "INSERT INTO raw (provider, source, status, body, digest, "
			   "state, why, "
			   "received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
			   "ON CONFLICT (provider, source, digest) DO UPDATE SET "
			   "times = raw.times + 1, received_at = excluded.received_at "
			   "RETURNING id",
			   CITIZEN },
	[STMT_RAW_SETTLE] = { "raw_settle",
			      "UPDATE raw SET state = $1, why = $2 WHERE id = $3",
			      CITIZEN },
	[STMT_RAW_PENDING] = { "raw_pending",
			       "SELECT id, source, status, body, received_at FROM raw "
			       "WHERE provider = $1 AND state = 'pending' ORDER BY id "
			       "LIMIT 16",
			       CITIZEN },
	[STMT_RAW_TRIM_OLD] = { "raw_trim_old",
				"DELETE FROM raw WHERE id IN (SELECT id FROM raw WHERE "
				"(state = 'done' OR (state = 'bad' AND received_at < "
				"$1)) LIMIT 200)",
				false },
	[STMT_RAW_TRIM_MANY] = { "raw_trim_many",
				 "DELETE FROM raw WHERE id IN (SELECT id FROM raw WHERE "
				 "state = 'bad' ORDER BY id DESC LIMIT 200 OFFSET $1)",
				 false },
	[STMT_PAUSE_ADD] = { "pause_add",
			     "INSERT INTO pause (provider) VALUES ($1) "
			     "ON CONFLICT (provider) DO NOTHING",
			     false },
	[STMT_PAUSE_REMOVE] = { "pause_remove", "DELETE FROM pause WHERE provider = $1",
				false },
	[STMT_PAUSE_GET] = { "pause_get", "SELECT 1 FROM pause WHERE provider = $1",
			     false },

	[STMT_LIST_TICKETS] = { "list_tickets",
				"SELECT " TICKET_COLUMNS
				"WHERE ($1 = '' OR t.department = $1) "
				"AND ($2 = '' OR t.state = $2) AND t.opened_at >= $3 AND "
				"($4 = 0 OR "
				"t.state NOT IN ('ditutup', 'ditolak', 'dicabut', "
				"'arsip', "
				"'digabung')) ORDER BY t.id DESC LIMIT $5",
				false },
	[STMT_LIST_ALL] = { "list_all",
			    "SELECT m.id, m.received_at, m.provider, m.external_id, "
			    "p.address, "
			    "m.kind, m.text, m.note, t.no FROM message_in m "
			    "JOIN person p ON p.id = m.person_id "
			    "LEFT JOIN ticket t ON t.id = m.ticket_id ORDER BY m.id DESC "
			    "LIMIT $1",
			    false },
	[STMT_LIST_UNPARSED] = { "list_unparsed",
				 "SELECT m.id, m.received_at, m.provider, m.external_id, "
				 "p.address, "
				 "m.kind, m.text, m.note, 0 FROM message_in m "
				 "JOIN person p ON p.id = m.person_id WHERE m.kind = "
				 "'bad' "
				 "UNION ALL SELECT r.id, r.received_at, r.provider, "
				 "r.source, '', "
				 "'raw', substr(r.body, 1, 2000), r.why, 0 FROM raw r "
				 "WHERE r.state = 'bad' ORDER BY 2 DESC LIMIT $1",
				 false },
	[STMT_LIST_UNROUTED] = { "list_unrouted",
				 "SELECT m.id, m.received_at, m.provider, m.external_id, "
				 "p.address, "
				 "m.kind, m.text, m.note, t.no FROM ticket t "
				 "JOIN message_in m ON m.id = t.message_id "
				 "JOIN person p ON p.id = m.person_id WHERE t.state = "
				 "'periksa' "
				 "ORDER BY m.id DESC LIMIT $1",
				 false },
	[STMT_LIST_UNKNOWN] = { "list_unknown",
				"SELECT o.id, o.created_at, o.provider, o.external_id, "
				"p.address, "
				"o.state, o.text, o.reason, t.no FROM message_out o "
				"JOIN person p ON p.id = o.person_id "
				"LEFT JOIN ticket t ON t.id = o.ticket_id "
				"WHERE o.state = 'unknown' ORDER BY o.id DESC LIMIT $1",
				false },
	[STMT_LIST_OUT] = { "list_out",
			    "SELECT " OUT_COLUMNS "WHERE o.ticket_id = $1 ORDER BY o.id",
			    false },
	[STMT_COUNT_TICKETS] = { "count_tickets",
				 "SELECT department, state, count(*) FROM ticket "
				 "GROUP BY department, state",
				 false },
	[STMT_COUNT_OUT] = { "count_out",
			     "SELECT provider, state, count(*), min(created_at) FROM "
			     "message_out "
			     "WHERE state IN ('queued', 'sending', 'unknown') "
			     "GROUP BY provider, state",
			     false },
};
