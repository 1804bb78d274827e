CREATE SCHEMA "My Schema";
CREATE TABLE "My Schema"."User" ("userId" int PRIMARY KEY, "order" text UNIQUE, "group" int);
CREATE TABLE "select" (a int REFERENCES "My Schema"."User");
CREATE TYPE "My Schema"."Role" AS ENUM ('A', 'b');
ALTER TABLE "My Schema"."User" ADD COLUMN "role" "My Schema"."Role" NOT NULL;
CREATE INDEX ON "My Schema"."User" ("group");
CREATE FUNCTION "doIt"("argOne" "My Schema"."Role") RETURNS "My Schema"."Role" LANGUAGE sql AS 'SELECT $1';
CREATE VIEW "V" AS SELECT "userId" FROM "My Schema"."User";
COMMENT ON COLUMN "My Schema"."User"."userId" IS 'it''s quoted';
