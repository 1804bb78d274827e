import Testing
import Values

@testable import PostgresSchema

/// What the analysis says of audit functions without a server.
struct AuditAnalysisTests {
  private func words(_ truths: [Trigger.Event: Truth]) -> [String] {
    Trigger.Event.allCases.compactMap { event in truths[event].map { "\(event.rawValue) \($0.word)" } }
  }

  @Test func aFunctionWithoutADefect() throws {
    let auditing = try #require(try AnalysisFixture(file: "audit/sound").auditing)
    #expect(auditing.events == [.insert, .update, .delete, .truncate])
    #expect(words(auditing.records) == ["insert yes", "update yes", "delete yes", "truncate yes"])
    #expect(auditing.keepsOld[.update] == .yes && auditing.keepsOld[.delete] == .yes)
    #expect(auditing.unsafeComparisons.isEmpty && auditing.swallowingHandlers.isEmpty && auditing.doubt == nil)
    #expect(auditing.columns.filter(\.namesRole).count == 1)
  }

  @Test func eachDefect() throws {
    #expect(try AnalysisFixture(file: "audit/old-values-lost").auditing?.keepsOld[.update] == .no)
    #expect(try AnalysisFixture(file: "audit/old-values-lost").auditing?.keepsOld[.delete] == .yes)
    let diff = try AnalysisFixture(file: "audit/null-unsafe")
    #expect(diff.auditing?.unsafeComparisons.map(\.text) == ["to_jsonb(NEW) ->> key <> to_jsonb(OLD) ->> key"])
    #expect(diff.auditing?.unsafeComparisons.map { diff.text($0.span) } == diff.auditing?.unsafeComparisons.map(\.text))
    #expect(try AnalysisFixture(file: "audit/no-actor").auditing?.columns.contains { $0.namesRole } == false)
    #expect(try AnalysisFixture(file: "audit/definer-actor").auditing?.columns.contains { $0.namesRole } == false)
    #expect(try AnalysisFixture(file: "audit/truncate-unseen").auditing?.events.contains(.truncate) == false)
    #expect(
      try AnalysisFixture(file: "audit/deletes-forgotten").auditing.map { words($0.records) }
        == ["insert yes", "update yes", "delete no"])
    let handler = try AnalysisFixture(file: "audit/errors-swallowed")
    #expect(handler.auditing?.swallowingHandlers.map { handler.text($0.span) } == ["WHEN OTHERS"])
  }

  /// Bodies on the audited table `t (id integer PRIMARY KEY, name text)`, with all three row triggers.
  private func auditing(_ body: String, before: String = "", declare: String = "") -> AuditFunction? {
    AnalysisFixture(
      """
      CREATE TABLE t (id integer PRIMARY KEY, name text);
      CREATE TABLE log (op text, who text, old_row jsonb, new_row jsonb);
      \(before)
      CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ \(declare) BEGIN \(body) RETURN NULL; END $$;
      CREATE TRIGGER a AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION audit();
      """
    ).auditing
  }

  @Test func branches() {
    let all = ["insert yes", "update yes", "delete yes"]
    let row = "INSERT INTO log (op, old_row) VALUES (TG_OP, to_jsonb(OLD));"
    #expect(auditing("IF TG_OP = 'INSERT' THEN \(row) ELSE \(row) END IF;").map { words($0.records) } == all)
    #expect(
      auditing("IF (TG_OP = 'INSERT') THEN \(row) END IF;").map { words($0.records) }
        == ["insert yes", "update no", "delete no"])
    #expect(auditing("IF OLD IS NOT NULL THEN \(row) END IF;").map { words($0.records) }?.first == "insert no")
    #expect(
      auditing("IF NEW.name = 'x' THEN \(row) END IF;").map { words($0.records) }
        == ["insert no", "update no", "delete no"])
    #expect(auditing("IF TG_WHEN <> 'AFTER' THEN RAISE EXCEPTION 'x'; END IF; \(row)").map { words($0.records) } == all)
    #expect(auditing("IF NEW.name IS DISTINCT FROM OLD.name THEN \(row) END IF;")?.records[.update] == .yes)
    #expect(
      auditing("WHILE random() < 0.5 LOOP \(row) END LOOP;").map { words($0.records) }
        == ["insert no", "update no", "delete no"])
    #expect(
      auditing("EXECUTE 'INSERT INTO log (op, old_row) VALUES ($1, $2)' USING TG_OP, to_jsonb(OLD);")
        .map { words($0.records) + words($0.keepsOld) } == all + ["insert no", "update yes", "delete yes"])
    #expect(
      auditing("EXECUTE 'INSERT INTO ' || TG_TABLE_NAME || '_log SELECT $1.*' USING OLD;")
        .map { words($0.records) } == ["insert unknown", "update unknown", "delete unknown"])
  }

  @Test func rowsThroughVariablesAndHelpers() {
    let variable = auditing(
      "r := to_jsonb(OLD); INSERT INTO log (op, old_row) VALUES (TG_OP, r - 'secret');", declare: "DECLARE r jsonb;")
    #expect(variable?.keepsOld[.update] == .yes)
    let helper = auditing(
      "PERFORM write_log(TG_OP, to_jsonb(OLD));",
      before: """
        CREATE FUNCTION write_log(op text, o jsonb) RETURNS void LANGUAGE sql AS
          'INSERT INTO log (op, old_row) VALUES (op, o)';
        """)
    #expect(helper?.records[.update] == .yes || helper?.doubt == nil)
    let loop = auditing(
      """
      FOR r IN SELECT * FROM jsonb_each(to_jsonb(OLD)) LOOP
        INSERT INTO log (op, old_row) VALUES (TG_OP, r.value);
      END LOOP;
      """, declare: "DECLARE r record;")
    #expect(loop?.records[.update] == .yes)
    #expect(loop?.keepsOld[.update] == .yes)
    #expect(
      auditing("INSERT INTO log SELECT TG_OP, current_user, OLD.*;")?.columns.map(\.namesRole)
        == [false, true, false, false])
  }

  @Test func whatFunctionsAndViewsBypass() {
    let fixture = AnalysisFixture(
      """
      CREATE ROLE keeper NOLOGIN;
      CREATE TABLE t (id integer PRIMARY KEY);
      CREATE TABLE forced (id integer PRIMARY KEY);
      CREATE TABLE kept (id integer PRIMARY KEY);
      ALTER TABLE kept OWNER TO keeper;
      ALTER TABLE t ENABLE ROW LEVEL SECURITY;
      ALTER TABLE kept ENABLE ROW LEVEL SECURITY;
      ALTER TABLE forced ENABLE ROW LEVEL SECURITY;
      ALTER TABLE forced FORCE ROW LEVEL SECURITY;
      CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        DELETE FROM t; UPDATE forced SET id = 1; PERFORM 1 FROM kept;
      END $$;
      CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t';
      CREATE VIEW direct AS SELECT * FROM t;
      CREATE VIEW indirect AS SELECT * FROM direct;
      CREATE VIEW asking WITH (security_invoker) AS SELECT * FROM t;
      CREATE MATERIALIZED VIEW held AS SELECT * FROM t JOIN forced USING (id);
      """)
    func names(_ bypassed: [SchemaAnalysis.Bypass]) -> [String] {
      bypassed.map { fixture.catalogue.tables[$0.table].name.name }
    }
    #expect(names(fixture.analysis.tablesBypassed(byFunction: 0)) == ["t"])
    #expect(names(fixture.analysis.tablesBypassed(byFunction: 1)) == [])
    #expect(
      fixture.catalogue.views.indices.map { names(fixture.analysis.tablesBypassed(byView: $0)) }
        == [["t"], ["t"], [], ["t"]])
  }

  /// libpg_query takes no assignment to an element of a record's array: what is named there is read perhaps.
  @Test func aBodyThatCannotBeParsedReadsPerhaps() throws {
    let fixture = AnalysisFixture(
      """
      CREATE TABLE secret (id int, tenant text);
      ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
      CREATE TABLE other (id int);
      ALTER TABLE other ENABLE ROW LEVEL SECURITY;
      CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
      DECLARE r record;
      BEGIN
        SELECT array_agg(id) AS ids INTO r FROM secret;
        r.ids[1] := 0;
      END $$;
      """)
    let bypassed = fixture.analysis.tablesBypassed(byFunction: 0)
    #expect(bypassed.map { fixture.catalogue.tables[$0.table].name.name } == ["secret"])
    #expect(bypassed.allSatisfy { $0.doubt != nil })
  }
}
