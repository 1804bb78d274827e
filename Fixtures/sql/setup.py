"""Sets the database up. CREATE TABLE in prose is not SQL."""
import os

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    id serial PRIMARY KEY,
    name varchar(80) NOT NULL,  -- \u540d\u524d
    note text DEFAULT 'it''s'
);
"""

STATEMENTS = [
    "ALTER TABLE people "
    "ENABLE ROW LEVEL SECURITY",
    r'CREATE POLICY own ON people USING (name = current_user)',
]


def policies(role):
    return f"GRANT SELECT ON people TO {role}"


def handler(event, context):
    cursor.execute(SCHEMA)
    for statement in STATEMENTS:
        cursor.execute(statement)
    cursor.execute(policies(os.environ["ROLE"]))
    cursor.execute("SELECT count(*) FROM people WHERE name = %s", ("x",))
    cursor.execute('COMMENT ON TABLE people IS \'@blea pii=name\'')
