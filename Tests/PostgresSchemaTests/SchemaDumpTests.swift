import Testing

@testable import PostgresSchema

struct SchemaDumpTests {
  private func order(_ files: [(String, String)]) -> (run: [String], order: MigrationOrder) {
    let order = MigrationOrder.order(files.map { (path: $0.0, bytes: Array($0.1.utf8)) })
    return (order.entries.map { files[$0.file].0 }, order)
  }

  private let dump = "-- PostgreSQL database dump\nCREATE TABLE public.a (id int); CREATE TABLE public.b (id int);"

  @Test func theDumpIsRunInsteadOfItsMigrations() {
    let (run, order) = order([
      ("db/full.sql", dump), ("db/migrations/1_a.sql", "CREATE TABLE a (id int);"),
      ("db/migrations/2_b.sql", "CREATE TABLE IF NOT EXISTS b (id int); CREATE TABLE c (id int);"),
      ("db/migrations/3_c.sql", "DROP TABLE c;"), ("other/x.sql", "CREATE TABLE x (id int);"),
    ])
    #expect(run == ["db/full.sql", "other/x.sql"])
    #expect((order.dumpNote != nil))
    #expect(order.skipped.map(\.reason).allSatisfy { $0 == "makes what the dump 'db/full.sql' has" })
    #expect(order.explanation.contains("the dump is run instead of them"))
  }

  @Test func anOldDumpIsLeftOut() {
    let (run, order) = order([
      ("db/schema.sql", dump), ("db/migrations/1.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);"),
      ("db/migrations/2.sql", "CREATE TABLE c (id int);"),
    ])
    #expect(run == ["db/migrations/1.sql", "db/migrations/2.sql"])
    #expect((order.dumpNote != nil) && order.explanation.contains("the migrations are run"))
  }

  @Test(
    arguments: [
      [("schema.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);"), ("seed.sql", "INSERT INTO a VALUES (1);")],
      [("schema.sql", "CREATE TABLE a (id int);"), ("extra.sql", "CREATE TABLE a (id int);")],
      [("1_a.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);"), ("2_a.sql", "CREATE TABLE a (id int);")],
    ] as [[(String, String)]])
  func filesThatAreNoDumpStay(_ files: [(String, String)]) {
    let (run, order) = order(files)
    #expect(run.count == files.count && !(order.dumpNote != nil))
  }
}
