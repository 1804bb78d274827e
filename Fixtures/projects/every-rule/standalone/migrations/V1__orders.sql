CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE POLICY own ON orders USING (id::text = current_user);
CREATE ROLE app_users NOLOGIN;
CREATE ROLE clerks NOLOGIN;
CREATE TABLE invoices (id bigint PRIMARY KEY, tenant text NOT NULL);
GRANT ALL PRIVILEGES ON orders TO app_users;
CREATE POLICY tenants ON invoices TO clerks USING (tenant = current_user);
