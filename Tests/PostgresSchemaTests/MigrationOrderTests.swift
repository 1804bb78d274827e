import SourceText
import Testing

@testable import PostgresSchema

struct MigrationOrderTests {
  private func order(_ paths: [String], _ contents: [String: String] = [:]) -> [String] {
    let files = paths.map { (path: $0, bytes: Array((contents[$0] ?? "").utf8)) }
    return MigrationOrder.order(files).entries.map { paths[$0.file] }
  }

  @Test(arguments: [
    ["m/1_a.up.sql", "m/2_b.up.sql", "m/10_c.up.sql"],
    ["m/V1__a.sql", "m/V1_2__b.sql", "m/V1.10__c.sql", "m/V2__d.sql", "m/R__a.sql", "m/R__b.sql"],
    ["m/20151126095136_a/up.sql", "m/2017-03-18-1_b/up.sql", "m/20180101000000_c/up.sql"],
    ["p/20240101_a/migration.sql", "p/20240102_b/migration.sql"],
    ["a/schema.sql", "a/table2.sql", "a/table10.sql", "b/schema.sql"],
    ["supabase/migrations/20240101000000_a.sql", "supabase/migrations/20240201000000_b.sql"],
  ])
  func ordersByConvention(_ expected: [String]) {
    #expect(order(expected.reversed()) == expected)
  }

  @Test func sqitchFollowsItsPlan() {
    let plan =
      "%syntax-version=1.0.0\n\nusers 2020-01-01T00:00:00Z a <a@b>\n@v1\nposts [users] 2020\nusers [users@v1] 2021\n"
    let paths = [
      "deploy/posts.sql", "deploy/users.sql", "deploy/users@v1.sql", "revert/users.sql", "verify/users.sql",
      "sqitch.plan",
    ]
    #expect(order(paths, ["sqitch.plan": plan]) == ["deploy/users@v1.sql", "deploy/posts.sql", "deploy/users.sql"])
  }

  /// A plan orders all folders below `deploy`, and each state of a change that was reworked more than once.
  @Test func sqitchPlansGoAcrossFolders() {
    let plan =
      "%project=x\nz/first 2020\na/second 2020\n@v1\nz/first [z/first@v1] 2021\n@v2\r\nb/third 2022\nz/first [z/first@v2]\n"
    let paths = [
      "db/deploy/a/second.sql", "db/deploy/b/third.sql", "db/deploy/b/unplanned.sql", "db/deploy/z/first.sql",
      "db/deploy/z/first@v1.sql", "db/deploy/z/first@v2.sql", "db/seed.sql", "db/sqitch.plan",
    ]
    #expect(
      order(paths, ["db/sqitch.plan": plan]) == [
        "db/seed.sql", "db/deploy/z/first@v1.sql", "db/deploy/a/second.sql", "db/deploy/z/first@v2.sql",
        "db/deploy/b/third.sql", "db/deploy/z/first.sql",
      ])
  }

  @Test func scriptsRunWherePsqlIncludesThem() {
    let contents = [
      "db/a_tables.sql": "CREATE TABLE a ();", "db/b_index.sql": "CREATE INDEX ON a;",
      "db/install.sql": "SET search_path = s;\n\\ir z_types.sql\n\\i 'db/a_tables.sql'\nSELECT 1;\n\\ir b_index.sql\n",
      "db/z_types.sql": "CREATE TYPE t;", "db/upgrade.sql": "\\ir install.sql\n\\ir missing.sql\n", "other.sql": "",
    ]
    let paths = contents.keys.sorted()
    let files = paths.map { (path: $0, bytes: Array((contents[$0] ?? "").utf8)) }
    let entries = MigrationOrder.order(files).entries
    #expect(
      entries.map { paths[$0.file] } == [
        "other.sql", "db/upgrade.sql", "db/install.sql", "db/z_types.sql", "db/a_tables.sql", "db/install.sql",
        "db/b_index.sql", "db/upgrade.sql",
      ])
    #expect(entries.map(\.continuesSession) == [false, false, true, true, true, true, true, true])
  }

  @Test func whatPreparesTheSessionRunsWhereverItIsAskedFor() {
    let contents = [
      "a.sql": "\\ir settings.sql\n\\ir once.sql\nCREATE TABLE a ();",
      "b.sql": "\\ir settings.sql\n\\ir once.sql\nCREATE TABLE b ();",
      "once.sql": "CREATE SCHEMA s;", "settings.sql": "-- For all.\nSET search_path = s;\nSELECT 1;",
    ]
    let files = contents.keys.sorted().enumerated().map { number, path in
      SourceFile(id: FileID(Int32(number)), path: path, bytes: Array((contents[path] ?? "").utf8))
    }
    let order = MigrationOrder.order(files.map { ($0.path, $0.bytes) })
    #expect(
      order.entries.map { files[$0.file].path } == [
        "a.sql", "settings.sql", "once.sql", "a.sql", "b.sql", "settings.sql", "b.sql",
      ])
    let (catalogue, diagnostics) = Catalogue.replay(order.entries.map { SQLSource(files[$0.file], $0) })
    #expect(diagnostics.isEmpty)
    #expect(catalogue.tables.map(\.name.quoted) == ["s.a", "s.b"])
  }

  /// What a script runs that is not there could do anything to what there is by then.
  @Test func missingScriptsAreTold() {
    let script = "CREATE TABLE a ();\n\\ir b.sql\n\\i lost/c.sql\nCREATE TABLE d ();\n\\i :lib\n"
    let contents = ["x.sql": script, "b.sql": "CREATE TABLE b ();\n", "b.down.sql": "\\ir nowhere.sql\n"]
    let files = contents.keys.sorted().enumerated().map { number, path in
      SourceFile(id: FileID(Int32(number)), path: path, bytes: Array((contents[path] ?? "").utf8))
    }
    let order = MigrationOrder.order(files.map { ($0.path, $0.bytes) })
    let (catalogue, diagnostics) = Catalogue.replay(order.entries.map { SQLSource(files[$0.file], $0) })
    #expect(diagnostics.map(\.id) == ["missing-script", "missing-script"])
    #expect(diagnostics.map { $0.message.contains("'lost/c.sql'") } == [true, false])
    #expect(diagnostics.map { $0.span?.lower } == [29, 62])
    #expect(diagnostics.allSatisfy { $0.cure != nil && $0.span?.file == files[2].id })
    let doubted = catalogue.tables.filter { table in
      table.uncertainty[.policies]?.reasons.contains { $0.text.contains("lost") } == true
    }
    #expect(doubted.map(\.name.name) == ["a", "b"])
    #expect(catalogue.moreTables != nil && catalogue.moreObjects != nil)
  }

  @Test func scriptsThatRunEachOtherRunOnce() {
    #expect(
      order(["a.sql", "b.sql"], ["a.sql": "\\ir b.sql\n", "b.sql": "\\i a.sql\nSELECT 1;"]) == [
        "a.sql", "b.sql", "b.sql",
      ])
    #expect(order(["a.sql", "b.sql"], ["a.sql": "SELECT 1;\n\\c other\nSELECT 2;\n"]) == ["a.sql", "a.sql", "b.sql"])
    // What is taken back is told from the whole script.
    #expect(order(["a.sql", "b.sql"], ["a.sql": "BEGIN;\n\\ir b.sql\nROLLBACK;\n"]) == ["a.sql", "b.sql"])
  }

  @Test func whatUndoesIsLeftOut() {
    #expect(order(["1_a.up.sql", "1_a.down.sql", "2_b/down.sql", "U1__a.sql"]) == ["1_a.up.sql"])
    #expect(order(["CreateTables.sql", "DropTables.sql", "drop_old.sql"]) == ["CreateTables.sql", "drop_old.sql"])
    #expect(order(["B2__base.sql", "V1__a.sql", "V2__b.sql", "V3__c.sql"]) == ["B2__base.sql", "V3__c.sql"])
  }

  @Test(arguments: [
    ("-- +goose Up\nA;\n-- +goose Down\nB;\n", "A;\n"),
    ("-- migrate:up transaction:false\nA;\n-- migrate:down\nB;", "A;\n"),
    ("-- Up Migration\nA;\n-- Down Migration\nB;", "A;\n"),
    ("A;\n-- up we go\nB;", "A;\n-- up we go\nB;"),
  ])
  func onlyTheUpPart(_ text: String, _ up: String) {
    let bytes = Array(text.utf8)
    #expect(UpParts.find(in: bytes).map { bytes.text($0) }.joined() == up)
  }
}
