-- By which row of the history a department lost a ticket that the API showed it. What it is told
-- of it from then on is that it is gone.
CREATE TABLE ticket_left (
	event_id   INTEGER PRIMARY KEY,
	ticket_id  INTEGER NOT NULL REFERENCES ticket,
	department TEXT NOT NULL,                -- code
	at         INTEGER NOT NULL              -- ticket.changed_at of that moment
) STRICT;
CREATE INDEX ticket_left_ticket ON ticket_left (ticket_id, department);
CREATE INDEX ticket_left_of ON ticket_left (department, at, ticket_id);
