import Foundation
import Testing

/// What Fixtures/projects/chatapp-hardened promises of its schema, asked of a PostgreSQL 15 server.
@Suite(.enabled(if: ThrowAwayServer.isInstalled, "postgresql-15 is not installed"))
struct HardenedSchemaTests {
  private static let ann = "00000000-0000-0000-0000-00000000000a"
  private static let bob = "00000000-0000-0000-0000-00000000000b"
  private static let annsRoom = "00000000-0000-0000-0000-0000000000a1"
  private static let bobsRoom = "00000000-0000-0000-0000-0000000000b1"

  /// Two users, each with a room and a message of their own.
  private static let rows = """
    INSERT INTO chat.users (id, cognito_id, username, email_encrypted, email_hash, display_name) VALUES
      ('\(ann)', 'a', 'ann', '\\x01', '\\x01', 'Ann'), ('\(bob)', 'b', 'bob', '\\x02', '\\x02', NULL);
    INSERT INTO chat.rooms (id, name, owner_id) VALUES
      ('\(annsRoom)', 'a', '\(ann)'), ('\(bobsRoom)', 'b', '\(bob)');
    INSERT INTO chat.room_members (room_id, user_id, room_owner_id) VALUES
      ('\(annsRoom)', '\(ann)', '\(ann)'), ('\(bobsRoom)', '\(bob)', '\(bob)');
    INSERT INTO chat.messages (room_id, user_id, content_encrypted) VALUES
      ('\(annsRoom)', '\(ann)', '\\x0a'), ('\(bobsRoom)', '\(bob)', '\\x0b');
    """

  private static let tables = ["users", "rooms", "room_members", "messages"]

  // MARK: Isolation

  @Test func nobodyWithoutASettingSeesARow() throws {
    let server = try hardened()
    for table in Self.tables {
      let question = "SELECT count(*) FROM chat.\(table)"
      #expect(try server.query(app(as: nil) + question) == "0", "\(table), never set")
      // SET LOCAL leaves an empty text behind, on a connection of a pool for the next user.
      #expect(try server.query(app(as: "") + question) == "0", "\(table), empty")
    }
    #expect(
      refusal(app(as: nil) + newMessage(in: Self.annsRoom, by: Self.ann), server).contains("row-level security"))
  }

  @Test func aMemberSeesItsOwnRowsOnly() throws {
    let server = try hardened()
    for (user, room) in [(Self.ann, Self.annsRoom), (Self.bob, Self.bobsRoom)] {
      #expect(try server.query(app(as: user) + "SELECT id FROM chat.users") == user)
      #expect(try server.query(app(as: user) + "SELECT id FROM chat.rooms") == room)
      #expect(try server.query(app(as: user) + "SELECT room_id FROM chat.room_members") == room)
      #expect(try server.query(app(as: user) + "SELECT room_id FROM chat.messages") == room)
    }
    // What is not seen is not changed either, though nothing is refused.
    let change =
      "WITH c AS (DELETE FROM chat.messages WHERE user_id = '\(Self.bob)' RETURNING 1) SELECT count(*) FROM c"
    #expect(try server.query(app(as: Self.ann) + change) == "0")
    // The owner of the tables is no exception.
    #expect(try server.query("SET ROLE chatapp_owner; SELECT count(*) FROM chat.messages") == "0")
  }

  @Test func insertsAcrossAreRefused() throws {
    let server = try hardened()
    let session = app(as: Self.ann)
    for statement in [
      newMessage(in: Self.bobsRoom, by: Self.ann), newMessage(in: Self.annsRoom, by: Self.bob),
      "INSERT INTO chat.rooms (name, owner_id) VALUES ('x', '\(Self.bob)')",
      member(Self.ann, of: Self.bobsRoom, ownedBy: Self.bob),
    ] {
      #expect(refusal(session + statement, server).contains("row-level security"), "\(statement)")
    }
    // Saying that another's room is one's own does not help: the key of the room says whose it is.
    let claim = member(Self.ann, of: Self.bobsRoom, ownedBy: Self.ann)
    #expect(refusal(session + claim, server).contains("foreign key"))
    for column in ["security_classification = 'public'", "data_retention_days = 1", "id = '\(Self.bob)'"] {
      #expect(refusal(session + "UPDATE chat.users SET \(column)", server).contains("permission denied"), "\(column)")
    }
    // The owner of a room lets another in, who then reads it.
    _ = try server.query(session + member(Self.bob, of: Self.annsRoom, ownedBy: Self.ann))
    #expect(try server.query(app(as: Self.bob) + "SELECT count(*) FROM chat.messages") == "2")
    _ = try server.query(session + newMessage(in: Self.annsRoom, by: Self.ann))
  }

  // MARK: Audit

  @Test func everyChangeLeavesItsRecord() throws {
    let server = try hardened()
    _ = try server.query(
      app(as: Self.bob) + "SET app.request_id = 'r-1'; UPDATE chat.users SET display_name = 'Bob'")
    let update = try server.query(
      """
      SELECT actor, db_user, request_id, old_values->>'display_name' IS NULL, new_values->>'display_name',
        'display_name' = ANY (changed_fields), 'username' = ANY (changed_fields)
      FROM audit.audit_logs WHERE operation = 'UPDATE'
      """)
    #expect(update == "\(Self.bob)|chatapp_app|r-1|t|Bob|t|f", "a NULL that gets a value is a change")
    _ = try server.query(app(as: Self.bob) + "UPDATE chat.users SET display_name = NULL")
    let back = """
      SELECT 'display_name' = ANY (changed_fields), old_values->>'display_name'
      FROM audit.audit_logs WHERE operation = 'UPDATE' ORDER BY id DESC LIMIT 1
      """
    #expect(try server.query(back) == "t|Bob", "a value that becomes NULL is one too")
    _ = try server.query(app(as: Self.ann) + "DELETE FROM chat.messages WHERE user_id = '\(Self.ann)'")
    let deletion = try server.query(
      """
      SELECT table_name, actor, old_values->>'user_id', new_values IS NULL FROM audit.audit_logs
      WHERE operation = 'DELETE'
      """)
    #expect(deletion == "messages|\(Self.ann)|\(Self.ann)|t")
    for table in Self.tables {
      let insertion = """
        SELECT count(*), bool_and(old_values IS NULL), bool_and(new_values IS NOT NULL) FROM audit.audit_logs
        WHERE operation = 'INSERT' AND table_name = '\(table)' AND actor = '(none)' AND db_user = 'postgres'
        """
      #expect(try server.query(insertion) == "2|t|t", "\(table)")
    }
    _ = try server.query("SET ROLE chatapp_owner; TRUNCATE chat.users CASCADE")
    let emptied = """
      SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM audit.audit_logs WHERE operation = 'TRUNCATE'
      """
    #expect(try server.query(emptied) == "messages room_members rooms users")
  }

  @Test func theLogIsAppendOnly() throws {
    let server = try hardened()
    let count = "SELECT count(*) FROM audit.audit_logs"
    let before = try server.query(count)
    let changes = [
      "UPDATE audit.audit_logs SET actor = 'x'", "DELETE FROM audit.audit_logs", "TRUNCATE audit.audit_logs",
    ]
    for role in ["audit_owner", "chatapp_owner", "chatapp_app", "auditors"] {
      for change in changes {
        #expect(refusal("SET ROLE \(role); \(change)", server).contains("permission denied"), "\(role): \(change)")
      }
    }
    // Even who passes over privileges and policies meets the triggers.
    for change in changes { #expect(refusal(change, server).contains("append-only"), "\(change)") }
    // An owner can grant itself what was revoked: then it finds no row by the policies, and TRUNCATE its trigger.
    _ = try server.query("SET ROLE audit_owner; GRANT ALL ON audit.audit_logs TO audit_owner")
    for change in changes.dropLast() { _ = try server.query("SET ROLE audit_owner; \(change)") }
    #expect(refusal("SET ROLE audit_owner; TRUNCATE audit.audit_logs", server).contains("append-only"))
    #expect(try server.query(count) == before)
    #expect(try server.query("SELECT count(*) FROM audit.audit_logs WHERE actor = 'x'") == "0")
    // The application neither reads nor writes it, auditors read it.
    for statement in [count, "INSERT INTO audit.audit_logs (table_schema) VALUES ('chat')"] {
      #expect(refusal(app(as: Self.ann) + statement, server).contains("permission denied"), "\(statement)")
    }
    #expect(try server.query("SET ROLE auditors; \(count)") == before)
  }

  // MARK: Retention

  @Test func onlyWhatHasExpiredIsPurged() throws {
    let server = try hardened()
    // The second is answered by one that stays: that must not keep it.
    _ = try server.query(
      """
      DELETE FROM chat.messages;
      INSERT INTO chat.messages (id, room_id, user_id, content_encrypted, data_retention_days, created_at, reply_to_id)
      SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, '\(Self.annsRoom)', '\(Self.ann)', '\\x00', days,
        CURRENT_TIMESTAMP - age, reply::uuid
      FROM (VALUES
        (1, 30, interval '31 days', NULL), (2, 1, interval '2 days', NULL), (3, 30, interval '29 days',
        '00000000-0000-0000-0000-000000000002'), (4, 2555, interval '31 days', NULL)) v (n, days, age, reply)
      """)
    let others =
      "SELECT (SELECT count(*) FROM chat.users), (SELECT count(*) FROM chat.rooms), "
      + "(SELECT count(*) FROM chat.room_members)"
    let before = try server.query(others)
    #expect(refusal(app(as: Self.ann) + "SELECT chat.purge_expired()", server).contains("permission denied"))
    #expect(try server.query("SET SESSION AUTHORIZATION chatapp_retention; SELECT chat.purge_expired()") == "2")
    let left = "SELECT string_agg(right(id::text, 1), ' ' ORDER BY id), count(reply_to_id) FROM chat.messages"
    #expect(try server.query(left) == "3 4|0")
    #expect(try server.query("SET SESSION AUTHORIZATION chatapp_retention; SELECT chat.purge_expired()") == "0")
    #expect(try server.query(others) == before, "the other tables are emptied by a batch of the application")
    let recorded = """
      SELECT count(*) FROM audit.audit_logs WHERE operation = 'DELETE' AND db_user = 'chatapp_retention'
      """
    #expect(try server.query(recorded) == "2")
    // By hand, too, the role deletes nothing that has not expired.
    let byHand = """
      SET ROLE chatapp_retention;
      WITH d AS (DELETE FROM chat.messages RETURNING 1) SELECT count(*) FROM d
      """
    #expect(try server.query(byHand) == "0")
  }

  // MARK: Masking

  @Test func supportSeesMaskedValuesOnly() throws {
    let server = try hardened()
    _ = try server.query(
      """
      INSERT INTO chat.users (cognito_id, username, email_encrypted, email_hash, security_classification)
      VALUES ('c', 'cy', '\\x03', '\\x03', 'restricted')
      """)
    let masked = "SET ROLE support_staff; SELECT username, display_name FROM chat.users_masked ORDER BY id"
    #expect(try server.query(masked) == "a***|A***\nb***|", "and nothing of who is restricted")
    let columns = """
      SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = 'chat.users_masked'::regclass AND attnum > 0
      """
    #expect(try server.query(columns) == "id username display_name created_at")
    for column in ["username", "display_name", "email_encrypted", "email_hash", "cognito_id", "id"] {
      #expect(
        refusal("SET ROLE support_staff; SELECT \(column) FROM chat.users", server).contains("permission denied"),
        "\(column)")
    }
    // Not even the view's owner reads the addresses, and nobody changes anything through the view.
    #expect(
      refusal("SET ROLE chatapp_masking; SELECT email_encrypted FROM chat.users", server)
        .contains("permission denied"))
    let change = "SET ROLE support_staff; DELETE FROM chat.users_masked"
    #expect(refusal(change, server).contains("permission denied"))
    let unseen = app(as: Self.ann) + "SELECT username FROM chat.users_masked"
    #expect(refusal(unseen, server).contains("permission denied"))
  }

  // MARK: The server

  /// A server with the schema and the rows of ``rows``.
  private func hardened() throws -> ThrowAwayServer {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appending(path: "Fixtures/projects/chatapp-hardened/migrations")
    // 0008 is left out: rds_iam, rds_pgaudit, pgaudit and pg_cron are Aurora's. Nothing that is asked here needs them:
    // the application connects by SET SESSION AUTHORIZATION, and the purge is called instead of scheduled.
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
      .filter { $0.hasSuffix(".sql") && $0 != "0008_aurora.sql" }
    try #require(files.count >= 8)
    let server = try ThrowAwayServer()
    for file in files {
      _ = try server.query(String(contentsOf: folder.appending(path: file), encoding: .utf8))
    }
    _ = try server.query(Self.rows)
    return server
  }

  /// A session of the application for a user; nil for one that has not said whose it is.
  private func app(as user: String?) -> String {
    "SET SESSION AUTHORIZATION chatapp_app; " + (user.map { "SET app.current_user_id = '\($0)'; " } ?? "")
  }

  private func newMessage(in room: String, by user: String) -> String {
    "INSERT INTO chat.messages (room_id, user_id, content_encrypted) VALUES ('\(room)', '\(user)', '\\x00')"
  }

  private func member(_ user: String, of room: String, ownedBy owner: String) -> String {
    "INSERT INTO chat.room_members (room_id, user_id, room_owner_id) VALUES ('\(room)', '\(user)', '\(owner)')"
  }

  /// What the server says against a statement; nothing when it does it.
  private func refusal(_ sql: String, _ server: ThrowAwayServer) -> String {
    do {
      _ = try server.query(sql)
      return ""
    } catch {
      return "\(error)"
    }
  }
}
