-- Constraints renamed by loops over pg_constraint: columns by number, names taken apart by regular expressions, fields
-- of a record assigned to, and names that are taken already.
CREATE TABLE harbour (id int PRIMARY KEY, code text, town text, UNIQUE (town, code));
CREATE TABLE ship (
  id int PRIMARY KEY,
  home int REFERENCES harbour (id),
  next int,
  name text,
  CONSTRAINT ship_goes_to FOREIGN KEY (next) REFERENCES harbour (id),
  CONSTRAINT ship_name_only UNIQUE (name),
  CONSTRAINT ship_home_with_name UNIQUE (home, name)
);
CREATE TABLE berth (harbour int CONSTRAINT berth_somewhere REFERENCES harbour, ship int, deck int);
ALTER TABLE berth ADD CONSTRAINT harbour_ship_fkey CHECK (ship > 0);
ALTER TABLE berth ADD CONSTRAINT berth_takes FOREIGN KEY (ship) REFERENCES ship (id);
ALTER TABLE berth DROP COLUMN deck;

DO $$
DECLARE
  found record;
  position int;
BEGIN
  FOR found IN
    SELECT c.conname AS was, t.relname AS owner, c.conrelid AS relation, c.conkey AS keys,
      regexp_replace(regexp_replace(c.conname, '^' || t.relname || '_', ''), '_?(uq|key|only)$', '') AS rest,
      t.relname || '_' || (
        SELECT string_agg(attname, '_' ORDER BY attname DESC)
        FROM (SELECT a.attname FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) ORDER BY a.attname) AS attname
      ) || '_uq' AS new
    FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON c.conrelid = t.oid
    WHERE c.contype = 'u' AND t.relname NOT LIKE 'pg_%'
    ORDER BY t.relname, c.conname
  LOOP
    FOREACH position IN ARRAY found.keys LOOP
      found.rest := regexp_replace(
        found.rest,
        concat((SELECT a.attname FROM pg_attribute a WHERE a.attnum = position AND a.attrelid = found.relation), '_?'),
        '');
    END LOOP;
    IF length(found.rest) > 0 THEN
      EXECUTE format('COMMENT ON CONSTRAINT %I ON %I IS %L', found.was, found.owner, found.rest);
    END IF;
    EXECUTE format('ALTER TABLE %I RENAME CONSTRAINT %I TO %I', found.owner, found.was, found.new);
  END LOOP;
END
$$;

DO $$
DECLARE
  found record;
  last int;
BEGIN
  FOR found IN
    SELECT c.conname AS was, c.conrelid AS relation, c.conkey AS keys, a.relname AS target, o.relname AS owner,
      a.relname || '_' AS new
    FROM pg_constraint c
    JOIN pg_class a ON c.confrelid = a.oid
    JOIN pg_class o ON c.conrelid = o.oid
    WHERE c.contype = 'f' AND (c.conname !~ ('^' || a.relname || '_') OR c.conname !~ 'fkey[0-9]?$')
    ORDER BY a.relname, c.conname
  LOOP
    last = (SELECT max(n) FROM unnest(found.keys) AS n);
    found.new = found.new || (SELECT attname FROM pg_attribute WHERE attrelid = found.relation AND attnum = last)
      || '_fkey';
    BEGIN
      EXECUTE format('ALTER TABLE IF EXISTS %I RENAME CONSTRAINT %I TO %I', found.owner, found.was, found.new);
    EXCEPTION WHEN others THEN
    END;
  END LOOP;
END
$$;

-- A loop over a function of the project that returns names; what is to be found is told by the names' ends.
CREATE TABLE ship_archive (id int, archived timestamptz);
CREATE TABLE harbour_archive (id int, archived timestamptz);
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.berth_archive (id int, archived timestamptz);
CREATE FUNCTION archives() RETURNS SETOF name LANGUAGE sql AS $$
  SELECT c.relname FROM pg_catalog.pg_class c
  WHERE c.relkind IN ('r') AND c.relname OPERATOR(pg_catalog.~) '^(.+_archive)$' COLLATE pg_catalog.default
    AND pg_catalog.pg_table_is_visible(c.oid);
$$;
CREATE FUNCTION archive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO %I VALUES ($1, now())', tg_argv[0]) USING old.id;
  RETURN old;
END
$$;
DO $$
DECLARE
  kept text;
  source text;
BEGIN
  FOR kept IN SELECT archives() LOOP
    source := split_part(kept, '_archive', 1);
    EXECUTE format(
      'CREATE TRIGGER archives AFTER DELETE ON %I FOR EACH ROW EXECUTE FUNCTION archive(''%I'')', source, kept);
    EXECUTE format('CREATE INDEX %I_archived_idx ON %I (archived)', kept, kept);
  END LOOP;
END
$$;

-- What a query over a view gives may be the type that a function returns.
CREATE VIEW fleet AS SELECT id, name FROM ship;
CREATE FUNCTION whole_fleet() RETURNS SETOF fleet LANGUAGE sql STABLE AS 'SELECT * FROM fleet';
