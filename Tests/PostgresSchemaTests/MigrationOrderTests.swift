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

  @Test func whatUndoesIsLeftOut() {
    #expect(order(["1_a.up.sql", "1_a.down.sql", "2_b/down.sql", "U1__a.sql"]) == ["1_a.up.sql"])
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
