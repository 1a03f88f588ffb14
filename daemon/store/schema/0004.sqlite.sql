-- What a department has, in order of change, in two halves: a ticket is written into one of
-- them, and its page there is one that others of that moment share. The state stands in
-- them so that counts and queues are read from them alone.
DROP INDEX ticket_queue;
DROP INDEX ticket_changed_of;
DROP INDEX ticket_open_of;
CREATE INDEX ticket_open_of ON ticket (department, changed_at, id, state, closed_at)
	WHERE closed_at = 0;
CREATE INDEX ticket_closed_of ON ticket (department, changed_at, id, state, closed_at)
	WHERE closed_at > 0;
