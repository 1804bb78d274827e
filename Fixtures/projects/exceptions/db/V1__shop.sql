CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);

-- blealint: allow(rls-enabled, col-audit-columns) prices are public, until 2027-01-31
CREATE TABLE prices (
  sku text PRIMARY KEY,
  amount numeric NOT NULL
);

CREATE TABLE orders ( -- blealint: allow(rls-enabled) one tenant only
  id bigint PRIMARY KEY
);

-- blealint: allow(rls-enabled) stands apart, so it is about nothing

CREATE TABLE invoices (id bigint PRIMARY KEY); -- blealint: allow(rls-enabled) one tenant only, until 2026-11-22
CREATE TABLE payments (id bigint PRIMARY KEY); -- blealint: allow(rls-enabled) one tenant only, until 2026-11-21
