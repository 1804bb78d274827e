CREATE TABLE parent (id int PRIMARY KEY, code text UNIQUE, a int, b int, UNIQUE (a, b));
CREATE TABLE t (
  id int PRIMARY KEY,
  b text UNIQUE,
  c int REFERENCES parent,
  d int CHECK (d > 0),
  e int, f int,
  CHECK (e < f),
  CHECK (e > 0),
  CHECK (1 = 1),
  UNIQUE (e, f),
  FOREIGN KEY (e, f) REFERENCES parent (a, b),
  g text REFERENCES parent (code) ON DELETE CASCADE DEFERRABLE,
  EXCLUDE USING btree (e WITH =)
);
ALTER TABLE t ADD CHECK (d < 100);
ALTER TABLE t ADD UNIQUE (b);
ALTER TABLE t ADD CONSTRAINT named FOREIGN KEY (d) REFERENCES parent (id) NOT VALID;
ALTER TABLE t DROP CONSTRAINT t_b_key;
ALTER TABLE t RENAME CONSTRAINT t_d_check TO d_positive;
ALTER TABLE t VALIDATE CONSTRAINT named;
ALTER TABLE t ADD CONSTRAINT unvalidated CHECK (f > 0) NOT VALID;
