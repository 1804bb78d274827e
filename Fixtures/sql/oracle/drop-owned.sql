CREATE ROLE do_a; CREATE ROLE do_b;
CREATE TABLE kept (id int);
GRANT SELECT ON kept TO do_a, do_b;
CREATE TABLE owned (id int);
ALTER TABLE owned OWNER TO do_a;
CREATE POLICY p ON kept TO do_a, do_b USING (true);
CREATE POLICY q ON kept TO do_a USING (true);
DROP OWNED BY do_a;
DROP ROLE do_a;
