-- An index keeps the names its columns had when it was made: names of copies are made of those.
CREATE TABLE readings (id int, sensor int, CONSTRAINT one_each UNIQUE (sensor));
CREATE INDEX ON readings (id, sensor);
ALTER TABLE readings RENAME COLUMN sensor TO probe;
CREATE TABLE copied (LIKE readings INCLUDING ALL);
CREATE TABLE twice (LIKE copied INCLUDING INDEXES);
CREATE TABLE logs (at date, kind int, UNIQUE (at, kind)) PARTITION BY RANGE (at);
CREATE INDEX ON logs (kind);
ALTER TABLE logs RENAME COLUMN kind TO sort;
CREATE TABLE logs_2026 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
