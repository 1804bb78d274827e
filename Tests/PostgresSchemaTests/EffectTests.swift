import Documents
import Foundation
import SourceText
import Testing

@testable import PostgresSchema

/// What functions of extensions do, declared in Rules/effects.
struct EffectTests {
  private static let shipped: [DeclaredEffect] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Rules/effects")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().flatMap { name -> [DeclaredEffect] in
      guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)) else { return [] }
      let source = SourceFile(id: FileID(0), path: name, bytes: [UInt8](data))
      return Document.read(source, as: .yaml).documents.first?.root.map { DeclaredEffect.read($0).0 } ?? []
    }
  }()

  private func replay(_ sql: String) -> CatalogueFixture {
    var options = ReplayOptions()
    options.effects = Self.shipped
    return CatalogueFixture(sql, options: options)
  }

  private func read(_ yaml: String) -> ([DeclaredEffect], [Diagnostic]) {
    let source = SourceFile(id: FileID(0), path: "effects.yaml", bytes: Array(yaml.utf8))
    return Document.read(source, as: .yaml).documents.first?.root.map { DeclaredEffect.read($0) } ?? ([], [])
  }

  @Test func shippedEffectsAreRight() throws {
    #expect(Self.shipped.count >= 12)
    for effect in Self.shipped where !effect.sql.isEmpty {
      // Every template is SQL once its holes are filled.
      var values: [String: MappedText] = [:]
      for parameter in effect.parameters {
        var text = MappedText(file: FileID(0))
        text.append("app.\"Things\"".utf8, for: 0..<1)
        values[parameter.name] = text
      }
      let sql = try #require(EffectTemplate(effect.sql).filled(values, for: Span(FileID(0), 0..<1)))
      for statement in StatementSplitter.split(sql) where !effect.sql.contains("{time_column_name}") {
        if case .failure(let failure) = SyntaxTree.parse(sql.bytes[statement.range]) {
          // Columns are bare names.
          #expect(effect.sql.contains("_column_name}"), "\(effect.name): \(failure.message)")
        }
      }
    }
  }

  @Test func trackingAttachesTriggersAtTheCall() {
    let fixture = replay(
      """
      CREATE TABLE "Things" (id int PRIMARY KEY);
      SELECT audit.enable_tracking('"Things"'::regclass);
      """)
    let table = fixture.table("public.Things")
    #expect(table?.triggers.map(\.name) == ["audit_i_u_d", "audit_t"])
    #expect(table?.triggers.first?.events == [.insert, .update, .delete])
    #expect(fixture.catalogue.functions.allSatisfy { $0.isAuditFunction == .yes || $0.name.name == "truncate_trigger" })
    #expect(fixture.text(table?.triggers.first?.origin.span)?.contains("audit.enable_tracking") == true)
    let off = replay("CREATE TABLE t (id int); SELECT audit.enable_tracking('t'); SELECT audit.disable_tracking('t')")
    #expect(off.table("public.t")?.triggers.isEmpty == true)
  }

  @Test func loopsCallEffectsWithTheirVariables() {
    let fixture = replay(
      """
      CREATE TABLE a (id int); CREATE TABLE b (id int);
      DO $$ DECLARE t text; BEGIN
        FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP PERFORM audit.enable_tracking(t::regclass); END LOOP;
      END $$;
      """)
    #expect(fixture.catalogue.tables.map(\.triggers.count) == [2, 2])
  }

  @Test func conditionsChooseAmongEffects() {
    let fixture = replay(
      """
      CREATE TABLE a (id int); CREATE TABLE b (id int);
      SELECT audit.audit_table('a'); SELECT audit.audit_table('b', false);
      """)
    #expect(fixture.table("public.a")?.triggers.map(\.name) == ["audit_trigger_row", "audit_trigger_stm"])
    #expect(fixture.table("public.b")?.triggers.map(\.name) == ["audit_trigger_stm"])
    #expect(fixture.table("public.b")?.triggers.first?.events.count == 4)
  }

  @Test func periodsKeepAHistory() {
    let fixture = replay(
      """
      CREATE TABLE app.t (id int PRIMARY KEY);
      SELECT periods.add_system_time_period('app.t', 'valid_from', end_column_name => 'valid_to');
      SELECT periods.add_system_versioning('app.t');
      """)
    #expect(fixture.table("app.t")?.columns.map(\.name) == ["id", "valid_from", "valid_to"])
    #expect(fixture.table("app.t_history")?.columns.map(\.name) == ["id", "valid_from", "valid_to"])
    #expect(fixture.table("app.t")?.triggers.count == 3)
    #expect(fixture.catalogue.views.map(\.name.description) == ["app.t_with_history"])
  }

  @Test func partitionsAreManaged() {
    let fixture = replay(
      """
      CREATE TABLE events (id bigint, created_at timestamptz NOT NULL) PARTITION BY RANGE (created_at);
      SELECT partman.create_parent(p_parent_table := 'public.events', p_control := 'created_at',
        p_type := 'native', p_interval := '1 month');
      UPDATE partman.part_config SET retention = '7 years', retention_keep_table = false
        WHERE parent_table = 'public.events';
      CREATE TABLE readings (at timestamptz, v int);
      SELECT create_hypertable('readings', 'at', chunk_time_interval => INTERVAL '1 day');
      SELECT add_retention_policy('readings', INTERVAL '90 days');
      """)
    let events = fixture.table("public.events")?.managedPartitioning
    #expect(events?.manager == "pg_partman" && events?.column == "created_at" && events?.interval == "1 month")
    #expect(events?.retention?.value == "7 years" && events?.keepsExpired == false)
    #expect(fixture.text(events?.retention?.origin.span) == "'7 years'")
    #expect(fixture.table("public.events_default")?.isPartition == true)
    let readings = fixture.table("public.readings")
    #expect(readings?.managedPartitioning?.manager == "timescaledb")
    #expect(readings?.managedPartitioning?.retention.flatMap { IntervalText.days($0.value) } == 90)
    #expect(readings?.column(named: "at")?.isNotNull.value == true)
  }

  @Test func jobsTellWhatTheyDo() throws {
    let fixture = replay(
      """
      CREATE TABLE logs (id int, created_at timestamptz, kept boolean);
      CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql AS $$
      BEGIN DELETE FROM logs WHERE created_at < now() - interval '7 years' AND NOT kept; END $$;
      SELECT cron.schedule('purge', '0 3 * * *', $job$SELECT purge()$job$);
      SELECT cron.schedule('@daily', 'TRUNCATE logs, public.other');
      SELECT cron.schedule('gone', '* * * * *', 'SELECT 1'); SELECT cron.unschedule('gone');
      SELECT cron.schedule('purge', '0 4 * * *', $job$SELECT purge()$job$);
      """)
    #expect(fixture.catalogue.jobs.map(\.name) == [nil, "purge"])
    let purge = try #require(fixture.catalogue.jobs.last)
    #expect(purge.schedule == "0 4 * * *")
    #expect(purge.statements.map(\.kind) == ["SELECT", "DELETE"])
    #expect(purge.statements[0].calls == ["public.purge"])
    #expect(purge.statements[1].tables == ["public.logs"])
    #expect(purge.statements[1].columns == ["created_at", "kept"])
    #expect(purge.statements[1].ageDays == 7 * 365)
    #expect(fixture.text(purge.statements[1].span)?.hasPrefix("DELETE FROM logs") == true)
    #expect(fixture.catalogue.jobs.first?.statements.first?.tables == ["public.logs", "public.other"])
  }

  @Test func aTableThatCannotBeToldMakesAllUncertain() {
    let fixture = replay("CREATE TABLE t (id int); SELECT audit.enable_tracking(chosen()::regclass);")
    #expect(fixture.catalogue.dynamicSQL.count == 1)
    #expect(fixture.table("public.t")?.uncertainty[.triggers] != nil)
  }

  @Test func declarationsOfAConfigurationAreRead() throws {
    let (effects, diagnostics) = read(
      """
      effects:
        - function: app.protect
          parameters: [target, "?strict=yes"]
          when: { strict: ["yes"] }
          sql: ALTER TABLE {target} ENABLE ROW LEVEL SECURITY
      """)
    #expect(diagnostics.isEmpty)
    var options = ReplayOptions()
    options.effects = effects
    let fixture = CatalogueFixture(
      "CREATE TABLE a (id int); CREATE TABLE b (id int); SELECT app.protect('a'); SELECT app.protect('b', 'no');",
      options: options)
    #expect(fixture.table("public.a")?.rowSecurity.value == true)
    #expect(fixture.table("public.b")?.rowSecurity.value == false)
  }

  @Test(
    arguments: [
      ("- sql: SELECT 1", "An effect names its 'function'."),
      ("- { function: f, parameter: [a] }", "An effect has no 'parameter'."),
      ("- { function: f, sql: 'DROP TABLE {t}' }", "The effect of 'f' has no parameter 't'."),
      ("- { function: f, parameters: [a], when: { b: x } }", "The effect of 'f' has no parameter 'b'."),
      ("- { function: f, parameters: [a], job: { command: b } }", "The effect of 'f' has no parameter 'b'."),
    ])
  func mistakesAreTold(_ yaml: String, _ message: String) {
    let (effects, diagnostics) = read(yaml)
    #expect(effects.isEmpty)
    #expect(diagnostics.map(\.message) == [message])
  }

  @Test(
    arguments: [
      ("7 years", 2555), ("1 year 6 mons", 545), ("90d", 90), ("36 hours", 1), ("2 weeks", 14), ("soon", nil),
      ("7", nil), ("", nil),
    ] as [(String, Int?)])
  func lengthsOfTimeAreRead(_ text: String, _ days: Int?) { #expect(IntervalText.days(text) == days) }
}

struct SecurityLabelTests {
  @Test func labelsStandByTheirProvider() {
    let fixture = CatalogueFixture(
      """
      CREATE TABLE people (id int, email text);
      SECURITY LABEL FOR anon ON COLUMN people.email IS 'MASKED WITH FUNCTION anon.fake_email()';
      SECURITY LABEL FOR pgsodium ON COLUMN public.people.email IS 'ENCRYPT WITH KEY ID 1';
      SECURITY LABEL FOR anon ON TABLE people IS 'secret';
      SECURITY LABEL FOR pgsodium ON COLUMN people.email IS NULL;
      """)
    let table = fixture.table("public.people")
    let labels = table?.column(named: "email")?.securityLabels
    #expect(labels?.map(\.provider) == ["anon"])
    #expect(labels?.first?.label.value == "MASKED WITH FUNCTION anon.fake_email()")
    #expect(fixture.text(labels?.first?.label.origin.span)?.hasPrefix("SECURITY LABEL FOR anon ON COLUMN") == true)
    #expect(table?.securityLabels.map(\.label.value) == ["secret"])
  }
}
