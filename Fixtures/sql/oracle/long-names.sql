CREATE TABLE a_table_with_a_rather_long_name_that_needs_shortening_for_keys (id serial PRIMARY KEY, a_column_with_a_rather_long_name_that_needs_shortening int UNIQUE CHECK (a_column_with_a_rather_long_name_that_needs_shortening > 0));
CREATE INDEX ON a_table_with_a_rather_long_name_that_needs_shortening_for_keys (a_column_with_a_rather_long_name_that_needs_shortening, id);
CREATE TABLE "a name that is much longer than the sixty-three bytes PostgreSQL keeps of it" (id int);
CREATE POLICY "a policy whose name is much longer than the sixty-three bytes PostgreSQL keeps" ON a_table_with_a_rather_long_name_that_needs_shortening_for_keys USING (true);
CREATE TABLE überlange_tabellennamen_mit_umlauten_werden_zwischen_zeichen_gekürzt_ü (id int UNIQUE);
