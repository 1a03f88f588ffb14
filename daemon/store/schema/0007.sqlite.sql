-- What a mail was, apart from what becomes of it: a row is written as a whole whenever any of it
-- changes, and this may be ten megabytes. Sealed as "mail_in.raw".
CREATE TABLE mail_raw (
	mail_id INTEGER PRIMARY KEY REFERENCES mail_in,
	raw     BLOB NOT NULL
) STRICT;
INSERT INTO mail_raw (mail_id, raw) SELECT id, raw FROM mail_in;
ALTER TABLE mail_in DROP COLUMN raw;
-- A change of key that is under way.
INSERT INTO reseal (name, done, last) SELECT 'mail_raw', done, last FROM reseal
	WHERE name = 'mail_in';
