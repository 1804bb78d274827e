CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE item_history (LIKE item, changed_at timestamptz NOT NULL DEFAULT now(), op char(1) NOT NULL);
CREATE FUNCTION item_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO item_history VALUES (NEW.*, now(), 'I'); RETURN NEW; END $$;
CREATE FUNCTION item_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO item_history VALUES (OLD.*, now(), 'U'); RETURN NEW; END $$;
CREATE TRIGGER h_insert AFTER INSERT ON item FOR EACH ROW EXECUTE FUNCTION item_insert();
CREATE TRIGGER h_update AFTER UPDATE ON item FOR EACH ROW EXECUTE FUNCTION item_update();
CREATE TRIGGER h_delete AFTER DELETE ON item FOR EACH ROW EXECUTE FUNCTION item_update();
