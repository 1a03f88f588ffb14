-- Persons are found by their keyed hash in a table of its own, into which the newest come
-- later and in its order: store/look.c. Up to which id they are there stands in counter
-- ('look', 0).
DROP INDEX person_look;
CREATE TABLE person_look (
	look      INTEGER NOT NULL,
	person_id INTEGER NOT NULL,              -- no REFERENCES: written with, or after, the person
	PRIMARY KEY (look, person_id)
) STRICT, WITHOUT ROWID;
INSERT INTO person_look (look, person_id)
	SELECT look, id FROM person WHERE look <> 0 ORDER BY look, id;
INSERT INTO counter (name, day, n) SELECT 'look', 0, coalesce(max(id), 0) FROM person;
