CREATE TABLE t (id int);
ALTER TABLE t SET (fillfactor = 50);
ALTER TABLE t RESET (fillfactor);
ALTER TABLE t SET (autovacuum_vacuum_scale_factor = 0.1);
CREATE TABLE no_columns ();
CREATE TABLE a (id int, UNIQUE (id), PRIMARY KEY (id));
CREATE TABLE typed_key (id text PRIMARY KEY, CONSTRAINT u UNIQUE (id));
