-- Departments: what is delivered to them, what comes back, who may ask over HTTP.

-- One thing to tell a department by one of its ways. Holds no words: what is told is made
-- from the ticket and its history when it leaves.
CREATE TABLE delivery (
	id          INTEGER PRIMARY KEY,
	ticket_id   INTEGER REFERENCES ticket,   -- NULL: a test
	department  TEXT NOT NULL,               -- code
	way         TEXT NOT NULL,               -- ways.name of that department
	target      TEXT NOT NULL,               -- an address, of ways that have several; ''
	what        TEXT NOT NULL,               -- new news gone test
	event       TEXT NOT NULL,               -- lifecycle_event_name
	event_id    INTEGER NOT NULL,            -- the row of the history; 0: none
	state       TEXT NOT NULL,               -- queued sending done parked dropped
	open        INTEGER NOT NULL,            -- 1 while queued or sending
	head        INTEGER NOT NULL,            -- 1: the one open delivery of its ticket, way
	                                         -- and target that may leave; others wait for it
	urgent      INTEGER NOT NULL,
	attempts    INTEGER NOT NULL DEFAULT 0,
	due_at      INTEGER NOT NULL,
	since_at    INTEGER NOT NULL,            -- tried for so long: when it first might leave
	created_at  INTEGER NOT NULL,
	done_at     INTEGER NOT NULL DEFAULT 0,
	external_id TEXT NOT NULL DEFAULT '',    -- Message-ID, service_request_id
	reason      TEXT NOT NULL DEFAULT '',
	instead_of  INTEGER REFERENCES delivery, -- the parked one that this replaces
	ack_due_at  INTEGER NOT NULL DEFAULT 0   -- an officer is to say that he has it
) STRICT;
CREATE INDEX delivery_due ON delivery (department, way, urgent, due_at) WHERE head = 1;
CREATE INDEX delivery_open ON delivery (department, way, since_at) WHERE open = 1;
CREATE INDEX delivery_ticket ON delivery (ticket_id, department, way, target);
CREATE INDEX delivery_external ON delivery (external_id) WHERE external_id <> '';
CREATE INDEX delivery_parked ON delivery (department, id) WHERE state = 'parked';
CREATE INDEX delivery_ack ON delivery (ack_due_at) WHERE ack_due_at > 0;

-- A way that is stopped: by the operator, or because the other side said so (410).
CREATE TABLE way_stop (
	department TEXT NOT NULL,
	way        TEXT NOT NULL,
	at         INTEGER NOT NULL,
	reason     TEXT NOT NULL,
	PRIMARY KEY (department, way)
) STRICT, WITHOUT ROWID;

-- When the desk was last told of trouble with a way.
CREATE TABLE way_told (
	department TEXT NOT NULL,
	way        TEXT NOT NULL,
	at         INTEGER NOT NULL,
	PRIMARY KEY (department, way)
) STRICT, WITHOUT ROWID;

-- How far a mailbox has been read.
CREATE TABLE mailbox (
	name     TEXT PRIMARY KEY,
	validity INTEGER NOT NULL,               -- UIDVALIDITY
	uid      INTEGER NOT NULL,               -- the last one that was taken
	at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Mails from departments, each once, whatever becomes of them.
CREATE TABLE mail_in (
	id          INTEGER PRIMARY KEY,
	digest      INTEGER NOT NULL,            -- keyed, of all its bytes
	message_id  TEXT NOT NULL DEFAULT '',    -- '': not looked at yet, or it has none
	source      TEXT NOT NULL,               -- inbox, pipe
	uid         INTEGER NOT NULL DEFAULT 0,  -- inbox: to be marked as seen; 0: is
	sender      BLOB NOT NULL,               -- sealed
	look        INTEGER NOT NULL DEFAULT 0,  -- keyed, of the sender; 0: none, or wiped
	received_at INTEGER NOT NULL,
	state       TEXT NOT NULL,               -- pending done desk ignored
	kind        TEXT NOT NULL DEFAULT '',    -- answer automatic bounce loop lost …
	ticket_id   INTEGER REFERENCES ticket,
	note        BLOB,                        -- sealed: why
	told        INTEGER NOT NULL DEFAULT 0,  -- 1: its sender got a mail of ours for it
	raw         BLOB NOT NULL,               -- sealed
	wiped       INTEGER NOT NULL DEFAULT 0   -- its words are gone; see retain.h
) STRICT;
CREATE INDEX mail_in_digest ON mail_in (digest);
CREATE UNIQUE INDEX mail_in_message ON mail_in (message_id) WHERE message_id <> '';
CREATE INDEX mail_in_pending ON mail_in (id) WHERE state = 'pending';
CREATE INDEX mail_in_desk ON mail_in (id) WHERE state = 'desk';
CREATE INDEX mail_in_look ON mail_in (look, received_at);
CREATE INDEX mail_in_ticket ON mail_in (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX mail_in_uid ON mail_in (uid) WHERE uid > 0;

-- What was attached to them, up to a ceiling.
CREATE TABLE attachment (
	id      INTEGER PRIMARY KEY,
	mail_id INTEGER NOT NULL REFERENCES mail_in,
	name    BLOB NOT NULL,                   -- sealed
	type    TEXT NOT NULL,
	size    INTEGER NOT NULL,
	body    BLOB                             -- sealed; NULL: too large, or wiped
) STRICT;
CREATE INDEX attachment_mail ON attachment (mail_id);

-- What we answer to them that is about no delivery.
CREATE TABLE mail_out (
	id         INTEGER PRIMARY KEY,
	mail_id    INTEGER NOT NULL REFERENCES mail_in,
	recipient  BLOB NOT NULL,                -- sealed
	subject    BLOB NOT NULL,                -- sealed
	text       BLOB NOT NULL,                -- sealed
	state      TEXT NOT NULL,                -- queued sending done parked
	attempts   INTEGER NOT NULL DEFAULT 0,
	due_at     INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	reason     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX mail_out_due ON mail_out (due_at) WHERE state = 'queued';
CREATE INDEX mail_out_sending ON mail_out (id) WHERE state = 'sending';
CREATE INDEX mail_out_mail ON mail_out (mail_id);

-- Who may use the API. The token itself is shown once and not kept.
CREATE TABLE token (
	id         INTEGER PRIMARY KEY,
	hash       BLOB NOT NULL UNIQUE,         -- of a random token: no salt is needed
	name       TEXT NOT NULL,                -- for people
	department TEXT NOT NULL,                -- code; '': all (the desk's, integrators')
	scopes     TEXT NOT NULL,                -- "read answer …"
	created_at INTEGER NOT NULL,
	created_by TEXT NOT NULL,
	expires_at INTEGER NOT NULL DEFAULT 0,   -- 0: never
	revoked_at INTEGER NOT NULL DEFAULT 0,
	used_at    INTEGER NOT NULL DEFAULT 0    -- to the hour
) STRICT;

-- What was answered to a request with an Idempotency-Key. Kept for a day.
CREATE TABLE idempotency (
	id       INTEGER PRIMARY KEY,
	token_id INTEGER NOT NULL REFERENCES token,
	key      TEXT NOT NULL,
	digest   BLOB NOT NULL,                  -- of method, path, conditions and body
	status   INTEGER NOT NULL,
	etag     TEXT NOT NULL,
	at       INTEGER NOT NULL,
	body     BLOB NOT NULL                   -- sealed
) STRICT;
CREATE UNIQUE INDEX idempotency_key ON idempotency (token_id, key);
CREATE INDEX idempotency_at ON idempotency (at);

-- Complaints that were filed over Open311, and by whom.
CREATE TABLE web_request (
	ticket_id INTEGER PRIMARY KEY REFERENCES ticket,
	token_id  INTEGER NOT NULL REFERENCES token,
	digest    INTEGER NOT NULL,              -- keyed, of all that was filed: it may come again
	at        INTEGER NOT NULL
) STRICT;
CREATE INDEX web_request_digest ON web_request (digest, at);
CREATE INDEX web_request_at ON web_request (at);

-- Requests of ours in departments' own systems, and how they stood there.
CREATE TABLE watch (
	delivery_id INTEGER PRIMARY KEY REFERENCES delivery,
	department  TEXT NOT NULL,               -- code
	way         TEXT NOT NULL,
	external_id TEXT NOT NULL,
	token       INTEGER NOT NULL,            -- external_id is one, the request's is not known
	closed      INTEGER NOT NULL DEFAULT 0,
	digest      INTEGER NOT NULL DEFAULT 0,  -- keyed, of what was said with it; 0: nothing
	due_at      INTEGER NOT NULL             -- 0: not asked about any more
) STRICT;
CREATE INDEX watch_due ON watch (department, way, due_at);
-- Lists of the API go along these, whatever is asked for: what has changed, in that order.
CREATE INDEX ticket_changed ON ticket (changed_at, id);
CREATE INDEX ticket_changed_of ON ticket (department, changed_at, id);
CREATE INDEX ticket_open_of ON ticket (department, changed_at, id) WHERE closed_at = 0;

-- Whom of its officers a department's SMS went to, one row each. delivery.ack_due_at says
-- until when one of them is to answer; -1: nobody did, the desk has it.
CREATE TABLE duty_call (
	id          INTEGER PRIMARY KEY,
	delivery_id INTEGER NOT NULL REFERENCES delivery,
	ticket_id   INTEGER NOT NULL REFERENCES ticket,
	person_id   INTEGER NOT NULL REFERENCES person,
	at          INTEGER NOT NULL,
	open        INTEGER NOT NULL             -- 1: an answer is waited for
) STRICT;
CREATE INDEX duty_call_delivery ON duty_call (delivery_id);
CREATE INDEX duty_call_ticket ON duty_call (ticket_id, person_id);
CREATE INDEX duty_call_person ON duty_call (person_id, id) WHERE open = 1;
CREATE INDEX delivery_unanswered ON delivery (ack_due_at, id) WHERE ack_due_at = -1;

-- What waits for the central desk; each index holds that alone. Their first column is one
-- value: so that they are searched, not scanned.
CREATE INDEX ticket_desk ON ticket (state, urgent DESC, due_at, id) WHERE state = 'periksa';
CREATE INDEX event_extend ON event (kind, id) WHERE kind = 'extend_asked';
CREATE INDEX alike_proposed ON alike (state, ticket_id) WHERE state = 'proposed';
CREATE INDEX message_out_unknown ON message_out (state, id) WHERE state = 'unknown';
CREATE INDEX raw_bad ON raw (state, id) WHERE state = 'bad';
CREATE INDEX delivery_desk ON delivery (state, id) WHERE state = 'parked';
