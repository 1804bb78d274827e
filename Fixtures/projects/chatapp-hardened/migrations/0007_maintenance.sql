-- updated_atとlast_modified_byを保つ
CREATE FUNCTION chat.touch() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog
AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  NEW.last_modified_by := COALESCE(NULLIF(current_setting('app.current_user_id', true), ''), session_user);
  RETURN NEW;
END;
$$;
ALTER FUNCTION chat.touch() OWNER TO chatapp_owner;

CREATE TRIGGER users_touch BEFORE UPDATE ON chat.users FOR EACH ROW EXECUTE FUNCTION chat.touch();
CREATE TRIGGER rooms_touch BEFORE UPDATE ON chat.rooms FOR EACH ROW EXECUTE FUNCTION chat.touch();
CREATE TRIGGER room_members_touch BEFORE UPDATE ON chat.room_members FOR EACH ROW EXECUTE FUNCTION chat.touch();
CREATE TRIGGER messages_touch BEFORE UPDATE ON chat.messages FOR EACH ROW EXECUTE FUNCTION chat.touch();

-- 保持期間の過ぎたメッセージを消す
CREATE FUNCTION chat.purge_expired() RETURNS bigint
  LANGUAGE plpgsql
  SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  purged bigint;
BEGIN
  DELETE FROM chat.messages WHERE created_at < CURRENT_TIMESTAMP - make_interval(days => data_retention_days);
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN purged;
END;
$$;
ALTER FUNCTION chat.purge_expired() OWNER TO chatapp_retention;
REVOKE EXECUTE ON FUNCTION chat.purge_expired() FROM PUBLIC;
