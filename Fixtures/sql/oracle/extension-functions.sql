-- A trigger's function that an extension brings along is no function of the project's own.
CREATE SCHEMA tools;
CREATE EXTENSION moddatetime SCHEMA tools;
CREATE TABLE notes (id int, changed_at timestamptz);
CREATE TRIGGER touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION tools.moddatetime('changed_at');
CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1';
