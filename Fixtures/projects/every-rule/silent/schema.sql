-- Meant to be run again and again, which the policy doesn't survive.
CREATE TABLE IF NOT EXISTS books (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE POLICY own ON books USING (id::text = current_user);
ALTER TABLE books ENABLE ROW LEVEL SECURTY;
