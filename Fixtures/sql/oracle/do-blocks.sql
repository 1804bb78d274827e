DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'db_made') THEN CREATE ROLE db_made NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'db_made') THEN CREATE ROLE db_other; END IF;
  CREATE TABLE made (id int);
  BEGIN
    CREATE TYPE kind AS ENUM ('a');
  EXCEPTION WHEN duplicate_object THEN NULL;
  END;
END $$;
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'made' AND column_name = 'id') THEN
    ALTER TABLE made ADD COLUMN more text;
  ELSE
    ALTER TABLE made ADD COLUMN less text;
  END IF;
END $$;
