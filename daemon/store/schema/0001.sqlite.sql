-- Times are Unix milliseconds, truth is 0/1, ids are 64-bit. Steps are never edited once
-- released: a change is the next number.

-- What names people and what they wrote is sealed (BLOB, base/vault.h) and found by keyed
-- hashes; the comments say where. With no key in the configuration it stands as it is.

-- The keys that values are sealed with: one, and while the store goes over to another two.
-- Number 0 is the absence of a key.
CREATE TABLE seal_key (
	id     INTEGER PRIMARY KEY,              -- the number that its values carry
	newest INTEGER NOT NULL,
	proof  BLOB NOT NULL                     -- a value of it: shows whether a key is this one
) STRICT;

-- How far that has come: rows up to `done` are over, those behind `last` were born so.
CREATE TABLE reseal (
	name TEXT PRIMARY KEY,                   -- of the table
	done INTEGER NOT NULL,
	last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whoever texts. Everything else names a person by id only, so that hiding numbers concerns
-- this table alone.
--
-- A person's messages and tickets are chains from the newest back (last_in, message_in.before;
-- last_ticket, ticket.before). An index by person would cost a page of its own, somewhere
-- in a big file, for every text; the person's row is changed by every text anyway.
CREATE TABLE person (
	id           INTEGER PRIMARY KEY,
	address      BLOB NOT NULL,              -- sealed: "+62812…", or a service's name as given;
	                                         -- "" when the number was wiped
	look         INTEGER NOT NULL,           -- keyed hash of it; others may have the same; 0:
	                                         -- wiped, is never found again
	kind         INTEGER NOT NULL,           -- enum sender_kind
	stopped      INTEGER NOT NULL DEFAULT 0, -- STOP: wants no news
	hour         INTEGER NOT NULL DEFAULT 0, -- hour number of hour_replies
	hour_replies INTEGER NOT NULL DEFAULT 0,
	hour_orders  INTEGER NOT NULL DEFAULT 0, -- an officer: answers to commands in that hour
	day          INTEGER NOT NULL DEFAULT 0, -- local day number of day_replies
	day_replies  INTEGER NOT NULL DEFAULT 0,
	last_in      INTEGER NOT NULL DEFAULT 0, -- the newest message; 0: none
	last_in_at   INTEGER NOT NULL DEFAULT 0, -- when that came
	last_ticket  INTEGER NOT NULL DEFAULT 0, -- the newest ticket; 0: none
	asked        INTEGER NOT NULL DEFAULT 0, -- a row in `asked` waits for an answer
	language     INTEGER NOT NULL DEFAULT 0, -- enum command_language; 0: not known yet
	chosen       INTEGER NOT NULL DEFAULT 0, -- … by BAHASA, not by the texts
	created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX person_look ON person (look);

-- What we asked somebody last (model/context.h), and what waits for the answer.
CREATE TABLE asked (
	person_id  INTEGER PRIMARY KEY REFERENCES person,
	asked      TEXT NOT NULL,                -- asked_name
	no         INTEGER NOT NULL,             -- the ticket it is about; 0: none
	choices    TEXT NOT NULL,                -- codes or ticket numbers, in their order
	command    TEXT NOT NULL,                -- what is done when it is answered
	message_id INTEGER NOT NULL,             -- … and the text that asked for it; 0: none
	asked_at   INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT;

-- Wrong PINs of officers; right ones remove the row.
CREATE TABLE pin_fault (
	person_id    INTEGER PRIMARY KEY REFERENCES person,
	n            INTEGER NOT NULL,
	locked_until INTEGER NOT NULL            -- 0: not yet
) STRICT;

-- Who looked at, or changed, what concerns a person; appended to, never changed.
CREATE TABLE audit (
	id    INTEGER PRIMARY KEY,
	at    INTEGER NOT NULL,
	who   TEXT NOT NULL,                     -- operator:NAME, uid:N, gateway
	what  TEXT NOT NULL,                     -- find, export, erase, … refused, pin_wrong, …
	about TEXT NOT NULL,                     -- a token or a ticket, never a number
	reason TEXT NOT NULL                     -- what he gave, numbers in it masked
) STRICT;
CREATE INDEX audit_about ON audit (about);

-- Events that an operator declared: a flood, a power cut.
CREATE TABLE incident (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	department TEXT NOT NULL,                -- '': any
	kecamatan  TEXT NOT NULL,                -- '': any
	desa       TEXT NOT NULL,                -- '': any
	started_at INTEGER NOT NULL,
	ended_at   INTEGER NOT NULL DEFAULT 0    -- 0: goes on
) STRICT;

-- Numbers that count up: tickets of a year, replies of a day.
CREATE TABLE counter (
	name TEXT NOT NULL,    -- ticket, replies; awaited: the last reply whose wait is over;
	                       -- retain: see store_retain.c
	day  INTEGER NOT NULL, -- the year for tickets, the local day number for replies
	n    INTEGER NOT NULL,
	PRIMARY KEY (name, day)
) STRICT, WITHOUT ROWID;

-- A complaint. Its words are those of message_id.
CREATE TABLE ticket (
	id            INTEGER PRIMARY KEY,
	no            INTEGER NOT NULL UNIQUE,   -- what the citizen is told
	person_id     INTEGER NOT NULL REFERENCES person,
	before        INTEGER NOT NULL,          -- the person's ticket before it; 0: none
	message_id    INTEGER NOT NULL,          -- the message that opened it
	state         TEXT NOT NULL,             -- ticket_state_code
	department    TEXT NOT NULL,             -- code, the rest queue's for the rest
	kind          TEXT NOT NULL,             -- ticket_kind_code
	urgent        INTEGER NOT NULL,
	sensitive     INTEGER NOT NULL,          -- its topic goes past the accused
	secret        INTEGER NOT NULL,          -- the sender asked for it
	muted         INTEGER NOT NULL DEFAULT 0, -- its sender wants no news of it
	kecamatan     TEXT NOT NULL,             -- where, as far as the text says
	desa          TEXT NOT NULL,
	score         REAL NOT NULL,             -- how sure the router was
	opened_at     INTEGER NOT NULL,
	changed_at    INTEGER NOT NULL,
	answer_due_at INTEGER NOT NULL,          -- the date that the citizen was told
	clocks        TEXT NOT NULL,             -- clocks_write
	due_at        INTEGER NOT NULL,          -- the next due thing; 0: none
	was           TEXT NOT NULL,             -- struct life: the state before
	transfers     INTEGER NOT NULL DEFAULT 0,
	reopens       INTEGER NOT NULL DEFAULT 0,
	level         INTEGER NOT NULL DEFAULT 0,
	done_level    INTEGER NOT NULL DEFAULT 0,
	asked_by      INTEGER NOT NULL DEFAULT 0,
	closed_by     INTEGER NOT NULL DEFAULT 0,
	closed_at     INTEGER NOT NULL DEFAULT 0,
	first_at      INTEGER NOT NULL DEFAULT 0, -- the office's first answer
	done_at       INTEGER NOT NULL DEFAULT 0, -- its last claim that it is done
	rating        INTEGER NOT NULL DEFAULT 0, -- 1 to 5
	accused       TEXT NOT NULL DEFAULT '',  -- the office complained about
	erase         INTEGER NOT NULL DEFAULT 0, -- its sender wants his data erased
	parent_id     INTEGER REFERENCES ticket, -- merged into
	incident_id   INTEGER REFERENCES incident
) STRICT;
CREATE INDEX ticket_queue ON ticket (department, state, id);
CREATE INDEX ticket_due ON ticket (due_at) WHERE due_at > 0;
CREATE INDEX ticket_parent ON ticket (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX ticket_incident ON ticket (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX ticket_erase ON ticket (closed_at) WHERE erase = 1;
CREATE INDEX ticket_place ON ticket (kecamatan, desa, department, id) WHERE desa <> '';

-- Tickets of several people that seem to be about the same matter, for the desk to decide.
CREATE TABLE alike (
	ticket_id INTEGER PRIMARY KEY REFERENCES ticket,
	head_id   INTEGER NOT NULL REFERENCES ticket, -- the oldest of them
	score     REAL NOT NULL,
	words     BLOB NOT NULL,                 -- sealed: what they share
	wiped     INTEGER NOT NULL DEFAULT 0,    -- its words are gone; see retain.h
	state     TEXT NOT NULL                  -- proposed merged refused
) STRICT;
CREATE INDEX alike_head ON alike (head_id);

-- What a ticket went through; appended to, never changed, but that its words are wiped one day.
CREATE TABLE event (
	id         INTEGER PRIMARY KEY,
	ticket_id  INTEGER NOT NULL REFERENCES ticket,
	at         INTEGER NOT NULL,
	kind       TEXT NOT NULL,                -- a state's code, tambahan, balasan, …
	actor      TEXT NOT NULL,                -- warga, gateway, operator:NAME
	message_id INTEGER,                      -- the inbound message that caused it
	wiped      INTEGER NOT NULL DEFAULT 0,   -- its words are gone; see retain.h
	note       BLOB NOT NULL                 -- sealed
) STRICT;
CREATE INDEX event_ticket ON event (ticket_id);

-- Parts of long texts that wait for each other.
CREATE TABLE part_group (
	id        INTEGER PRIMARY KEY,
	provider  TEXT NOT NULL,
	person_id INTEGER NOT NULL REFERENCES person,
	recipient TEXT NOT NULL,
	ref       INTEGER NOT NULL,              -- the handset's reference number
	total     INTEGER NOT NULL,              -- parts that there should be
	have      INTEGER NOT NULL DEFAULT 0,    -- parts that are there
	open      INTEGER NOT NULL DEFAULT 1,    -- still waiting
	opened_at INTEGER NOT NULL,
	due_at    INTEGER NOT NULL               -- when it is taken as it is
) STRICT;
CREATE INDEX part_group_person ON part_group (person_id, ref) WHERE open = 1;
CREATE INDEX part_group_due ON part_group (due_at) WHERE open = 1;

-- Inbound messages (MO), each once.
CREATE TABLE message_in (
	id          INTEGER PRIMARY KEY,
	provider    TEXT NOT NULL,
	external_id TEXT NOT NULL,               -- the provider's id, or a keyed digest
	person_id   INTEGER REFERENCES person,   -- NULL: no sender was given
	before      INTEGER,                     -- the person's message before it; 0: none
	before_at   INTEGER,                     -- when that came
	recipient   TEXT NOT NULL,               -- our number
	text        BLOB NOT NULL,               -- sealed: valid UTF-8
	raw         BLOB,                        -- sealed: as received, where text is not
	digest      INTEGER NOT NULL,            -- keyed, of the folded text
	sent_at     INTEGER NOT NULL,            -- the provider's time; 0: unknown
	received_at INTEGER NOT NULL,
	kind        TEXT NOT NULL,               -- text_kind_name, part, bad, blocked
	part_group  INTEGER REFERENCES part_group,
	part_no     INTEGER NOT NULL,
	ticket_id   INTEGER,                    -- no REFERENCES: see IN_SETTLE in stmt.c
	note        BLOB,                       -- sealed; NULL: nothing to note
	wiped       INTEGER NOT NULL DEFAULT 0   -- its words are gone; see retain.h
) STRICT;
CREATE UNIQUE INDEX message_in_external ON message_in (provider, external_id);
CREATE INDEX message_in_parts ON message_in (part_group, part_no) WHERE part_group IS NOT NULL;
CREATE INDEX message_in_bad ON message_in (id) WHERE kind = 'bad';

-- Outbound messages (MT).
CREATE TABLE message_out (
	id          INTEGER PRIMARY KEY,
	provider    TEXT NOT NULL,
	person_id   INTEGER NOT NULL REFERENCES person,
	ticket_id   INTEGER REFERENCES ticket,
	in_id       INTEGER REFERENCES message_in,
	key         TEXT NOT NULL,               -- which wording
	text        BLOB NOT NULL,               -- sealed
	ucs2        INTEGER NOT NULL,
	segments    INTEGER NOT NULL,
	priority    INTEGER NOT NULL,            -- 0 urgent, 1 receipts, 2 the rest
	state       TEXT NOT NULL,               -- queued sending accepted refused unknown expired
	open        INTEGER NOT NULL,            -- 1 while queued, sending or unknown
	attempts    INTEGER NOT NULL,
	due_at      INTEGER NOT NULL,
	expires_at  INTEGER NOT NULL,
	created_at  INTEGER NOT NULL,
	done_at     INTEGER NOT NULL DEFAULT 0,
	external_id TEXT,                        -- as delivery reports name it
	awaits      INTEGER NOT NULL DEFAULT 0,  -- a delivery report may still come
	reason      TEXT NOT NULL DEFAULT '',
	report      TEXT NOT NULL DEFAULT '',    -- pending delivered failed
	wiped       INTEGER NOT NULL DEFAULT 0   -- its words are gone; see retain.h
) STRICT;
CREATE INDEX message_out_open ON message_out (provider, state, priority, due_at)
	WHERE open = 1;
CREATE INDEX message_out_external ON message_out (external_id) WHERE awaits = 1;
CREATE INDEX message_out_ticket ON message_out (ticket_id) WHERE ticket_id IS NOT NULL;

-- Delivery reports that came before the end of the send was written down.
CREATE TABLE report_waiting (
	external_id TEXT NOT NULL,
	provider    TEXT NOT NULL,
	report      TEXT NOT NULL,
	reason      TEXT NOT NULL,
	at          INTEGER NOT NULL,
	PRIMARY KEY (external_id, provider)
) STRICT, WITHOUT ROWID;

-- How far a provider's inbox has been read.
CREATE TABLE poll_cursor (
	provider TEXT PRIMARY KEY,
	state    TEXT NOT NULL,                  -- the adapter's own words
	at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What providers said and could not (yet) be understood. The body comes last: what is
-- behind a long value is slow to reach.
CREATE TABLE raw (
	id          INTEGER PRIMARY KEY,
	provider    TEXT NOT NULL,
	source      TEXT NOT NULL,               -- poll, in, report, message
	status      INTEGER NOT NULL,            -- of HTTP
	digest      INTEGER,                     -- keyed, of the body: the same again only
	                                         -- counts; NULL: each may be the only copy
	state       TEXT NOT NULL,               -- pending bad done
	why         TEXT NOT NULL,
	received_at INTEGER NOT NULL,
	times       INTEGER NOT NULL DEFAULT 1,
	body        BLOB NOT NULL                -- sealed
) STRICT;
CREATE UNIQUE INDEX raw_same ON raw (provider, source, state, digest);
CREATE INDEX raw_pending ON raw (provider, id) WHERE state = 'pending';

-- Providers stopped by the operator.
CREATE TABLE pause (
	provider TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
