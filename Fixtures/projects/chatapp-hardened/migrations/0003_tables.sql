-- ユーザー。メールアドレスはアプリケーションが暗号化し、検索用のハッシュを別に持つ
CREATE TABLE chat.users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  cognito_id varchar(255) NOT NULL UNIQUE,
  username varchar(50) NOT NULL UNIQUE,
  email_encrypted bytea NOT NULL,
  email_hash bytea NOT NULL UNIQUE,
  display_name varchar(100),
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created_by varchar(255) NOT NULL DEFAULT CURRENT_USER,
  last_modified_by varchar(255) NOT NULL DEFAULT CURRENT_USER,
  security_classification chat.classification NOT NULL DEFAULT 'confidential',
  data_retention_days integer NOT NULL DEFAULT 2555 CHECK (data_retention_days BETWEEN 1 AND 3653)
);
COMMENT ON TABLE chat.users IS '@blea classification=confidential retention=2555d retention_job="account closure batch"';
COMMENT ON COLUMN chat.users.email_encrypted IS '@blea pii=email';
COMMENT ON COLUMN chat.users.email_hash IS '@blea pii=email';
COMMENT ON COLUMN chat.users.username IS '@blea pii=account accepted="shown to the members of a room"';
COMMENT ON COLUMN chat.users.display_name IS '@blea pii=account accepted="shown to the members of a room"';

-- チャットルーム
CREATE TABLE chat.rooms (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name varchar(100) NOT NULL,
  owner_id uuid NOT NULL REFERENCES chat.users (id),
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created_by varchar(255) NOT NULL DEFAULT CURRENT_USER,
  last_modified_by varchar(255) NOT NULL DEFAULT CURRENT_USER,
  security_classification chat.classification NOT NULL DEFAULT 'internal',
  data_retention_days integer NOT NULL DEFAULT 2555 CHECK (data_retention_days BETWEEN 1 AND 3653),
  UNIQUE (id, owner_id)
);
CREATE INDEX rooms_owner_id_idx ON chat.rooms (owner_id);
COMMENT ON TABLE chat.rooms IS '@blea classification=internal retention=2555d retention_job="account closure batch"';

-- ルームの参加者
CREATE TABLE chat.room_members (
  room_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES chat.users (id),
  -- ルームの所有者だけが参加者を加える（ポリシーが互いのテーブルを見ずに済むように、ここにも持つ）
  room_owner_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created_by varchar(255) NOT NULL DEFAULT CURRENT_USER,
  last_modified_by varchar(255) NOT NULL DEFAULT CURRENT_USER,
  security_classification chat.classification NOT NULL DEFAULT 'internal',
  data_retention_days integer NOT NULL DEFAULT 2555 CHECK (data_retention_days BETWEEN 1 AND 3653),
  PRIMARY KEY (room_id, user_id),
  FOREIGN KEY (room_id, room_owner_id) REFERENCES chat.rooms (id, owner_id)
);
CREATE INDEX room_members_user_id_idx ON chat.room_members (user_id);
CREATE INDEX room_members_room_id_room_owner_id_idx ON chat.room_members (room_id, room_owner_id);
COMMENT ON TABLE chat.room_members IS '@blea classification=internal retention=2555d retention_job="account closure batch"';

-- メッセージ
CREATE TABLE chat.messages (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  room_id uuid NOT NULL REFERENCES chat.rooms (id),
  user_id uuid NOT NULL REFERENCES chat.users (id),
  -- 返信先が先に保持期間を過ぎても、削除を妨げない
  reply_to_id uuid REFERENCES chat.messages (id) ON DELETE SET NULL,
  content_encrypted bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created_by varchar(255) NOT NULL DEFAULT CURRENT_USER,
  last_modified_by varchar(255) NOT NULL DEFAULT CURRENT_USER,
  security_classification chat.classification NOT NULL DEFAULT 'confidential',
  data_retention_days integer NOT NULL DEFAULT 2555 CHECK (data_retention_days BETWEEN 1 AND 3653)
);
CREATE INDEX messages_room_id_idx ON chat.messages (room_id);
CREATE INDEX messages_user_id_idx ON chat.messages (user_id);
CREATE INDEX messages_reply_to_id_idx ON chat.messages (reply_to_id);
COMMENT ON TABLE chat.messages IS '@blea classification=confidential retention=2555d';

ALTER TABLE chat.users OWNER TO chatapp_owner;
ALTER TABLE chat.rooms OWNER TO chatapp_owner;
ALTER TABLE chat.room_members OWNER TO chatapp_owner;
ALTER TABLE chat.messages OWNER TO chatapp_owner;
