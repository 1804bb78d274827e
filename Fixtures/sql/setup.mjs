// Sets the database up. CREATE TABLE in a comment is not SQL.
import pg from 'pg';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS people (
    id serial PRIMARY KEY,
    name varchar(80) NOT NULL,  -- \u540d\u{524d}
    note text DEFAULT 'it''s'
  );
`;

const statements = [
  'ALTER TABLE people ' + 'ENABLE ROW LEVEL SECURITY',
  "CREATE POLICY own ON people USING (name = current_user)",
];

const grant = (role) => `GRANT SELECT ON people TO ${role}`;

function comment() {
  return 'COMMENT ON TABLE people IS \'@blea pii=name\'';
}

export const handler = async () => {
  const client = new pg.Client();
  await client.query(/create table/i.test(SCHEMA) ? SCHEMA : '');
  await client.query(comment());
  for (const statement of statements) {
    await client.query(statement);
  }
  await client.query(grant(process.env.ROLE));
  await client.query('SELECT count(*) FROM people WHERE name = $1', ['x']);
};
