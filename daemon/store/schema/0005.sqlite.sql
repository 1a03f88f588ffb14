-- By which a delivery that goes is known to be nobody's reason any more.
CREATE INDEX delivery_instead ON delivery (instead_of) WHERE instead_of IS NOT NULL;
