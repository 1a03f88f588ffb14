-- By which a delivery that goes is known to be nobody's reason any more.
CREATE INDEX delivery_instead ON delivery (instead_of) WHERE instead_of IS NOT NULL;
-- Tokens are asked about first: whether there are any must not cost with what is watched.
DROP INDEX watch_due;
CREATE INDEX watch_due ON watch (department, way, token, due_at);
