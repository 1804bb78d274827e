import Foundation
import SourceText
import Testing

@testable import PostgresSchema

/// No input crashes or hangs the readers: all SQL there is in the project is damaged in many ways, the same ones every
/// time. A child process reads it, so that a crash is told with the number that brings it about.
///
/// BLEALINT_MUTATIONS says how many damages to try; the 20,000 of every run take half a minute of a core that is free.
@Suite(.serialized) struct MutationTests {
  private static let wanted =
    ProcessInfo.processInfo.environment["BLEALINT_MUTATIONS"].flatMap { Int($0) } ?? 20_000
  /// Damages that one child tries.
  private static let batch = 400

  @Test(arguments: 0..<(wanted + batch - 1) / batch) func damagedSQL(_ part: Int) async {
    let note = FileManager.default.temporaryDirectory.appendingPathComponent("blealint-mutation-\(UUID().uuidString)")
    let path = note.path
    let first = part * Self.batch
    let count = min(Self.batch, Self.wanted - first)
    let result = await #expect(processExitsWith: .success) {
      [path = path as String, first = first as Int, count = count as Int] in
      for number in first..<first + count {
        try Data("\(number)".utf8).write(to: URL(fileURLWithPath: path))
        try MutationTests.read(Mutation(number))
      }
    }
    let last = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? "none"
    #expect(result != nil, "mutation \(last): Mutation(\(last)).bytes of \(Mutation(Int(last) ?? 0).name)")
    try? FileManager.default.removeItem(at: note)
  }

  private struct Misplaced: Error {
    let number: Int
  }

  /// Reads a damaged text in every way; places outside it are as bad as a crash.
  private static func read(_ mutation: Mutation) throws {
    let file = SourceFile(id: FileID(0), path: "x", bytes: mutation.bytes)
    var places: [Int] = []
    let code = MappedText(file)
    for sources in [[SQLSource(file)], EmbeddedSQL.find(inPython: code), EmbeddedSQL.find(inJavaScript: code)] {
      let (catalogue, diagnostics) = Catalogue.replay(sources)
      places += catalogue.tables.map(\.origin.span.upper) + diagnostics.compactMap { $0.span?.upper }
      let analysis = SchemaAnalysis(catalogue)
      places += analysis.clauses.map(\.expression.span.upper)
      for index in catalogue.functions.indices {
        _ = analysis.auditing(of: index)
        _ = analysis.tablesBypassed(byFunction: index)
      }
      for index in catalogue.views.indices { _ = analysis.tablesBypassed(byView: index) }
      _ = catalogue.document(role: "postgres", serverVersion: 15).json
    }
    if places.contains(where: { $0 > mutation.bytes.count }) { throw Misplaced(number: mutation.number) }
  }

  /// Statements that are too deep for a parser, each with the words that say so; bodies too, and not on this thread's
  /// stack alone.
  @Test(
    arguments: [
      "CREATE VIEW v AS SELECT " + chain("1", "+", 60_000),
      "CREATE POLICY p ON t USING (" + chain("a", " OR ", 50_000) + ")",
      "CREATE VIEW v AS " + chain("SELECT 1", " UNION ALL ", 20_000),
      "CREATE VIEW v AS SELECT " + many("(", 20_000) + "1" + many(")", 20_000),
      "CREATE VIEW v AS " + many("SELECT (", 5_000) + "1" + many(")", 5_000),
      "CREATE VIEW v AS SELECT " + many("NOT ", 50_000) + "true",
      "CREATE VIEW v AS SELECT a" + many("[1]", 40_000),
      "CREATE VIEW v AS SELECT a" + many("::int", 40_000),
      "CREATE TABLE t (a text DEFAULT '" + many("x", 10_000_000) + "')",
      "CREATE VIEW v AS SELECT " + many("CASE WHEN a THEN ", 5_000),
      "COMMENT ON TABLE t IS " + many("'a'\n", 100_000),
    ].map(LongText.init))
  func deepStatement(_ sql: LongText) {
    let (_, diagnostics) = replay("CREATE TABLE t (a boolean);" + sql.text + ";CREATE TABLE u ()")
    let found = diagnostics.first { $0.id == "sql-too-long" }
    #expect(found?.span?.lower == 27)
    #expect(found?.cure?.isEmpty == false)
  }

  @Test(
    arguments: [
      "DO $$" + many(" BEGIN ", 30_000) + many(" END; ", 30_000) + "$$",
      "DO $$ BEGIN EXECUTE " + many("(", 90_000) + "; END $$",
      "DO $$ BEGIN x := " + chain("a", " OR ", 50_000) + "; END $$",
      "DO $$ BEGIN IF " + chain("a", "||", 20_000) + " THEN NULL; END IF; END $$",
      "DO $$ BEGIN CREATE VIEW v AS " + many("SELECT (", 5_000) + "; END $$",
      "DO $$ BEGIN" + many(" IF a THEN b; ELSE", 20_000) + " END $$",
      auditing("INSERT INTO audit_log SELECT " + chain("OLD.a", "||", 20_000)),
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT " + many("(", 20_000) + "'",
      many("CREATE TABLE t (", 20_000), many("$a", 50_000),
      many("/*", 100_000), many("CREATE\n", 50_000),
    ].map(LongText.init))
  func deepBody(_ sql: LongText) {
    let (catalogue, _) = replay("CREATE TABLE t (a text);" + sql.text)
    let analysis = SchemaAnalysis(catalogue)
    _ = analysis.clauses
    for index in catalogue.functions.indices {
      _ = analysis.auditing(of: index)
      _ = analysis.tablesBypassed(byFunction: index)
    }
  }

  /// The most that the limits let through fits a small stack.
  @Test(
    arguments: [
      chain("1", "+", 1_400),
      many("(SELECT ", 390) + "1" + many(")", 390),
      many("NOT ", 1_400) + "true",
      many("CASE WHEN true THEN ", 350) + "1" + many(" END", 350),
    ].map(LongText.init))
  func deepestThatIsRead(_ expression: LongText) async {
    let expression = expression.text
    let text =
      "CREATE VIEW v AS SELECT \(expression); CREATE TABLE t (a int); CREATE POLICY p ON t USING (\(expression) = 1);"
      + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := \(expression); RETURN NEW; END $$;"
      + "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"
    await withCheckedContinuation { continuation in
      let thread = Thread {
        let (catalogue, diagnostics) = replay(text)
        #expect(diagnostics.isEmpty)
        let analysis = SchemaAnalysis(catalogue)
        #expect(!analysis.clauses.isEmpty)
        for index in catalogue.functions.indices { _ = analysis.auditing(of: index) }
        continuation.resume()
      }
      // A debug build takes several times what is released takes, 512 kB.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }
}

/// A text that a test's report gives the beginning of: whole, it would bury the rest.
struct LongText: CustomTestStringConvertible {
  let text: String
  var testDescription: String { String(text.prefix(48)) + "…" }
}

private func auditing(_ statement: String) -> String {
  "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(statement); RETURN NEW; END $$; "
    + "CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()"
}

private func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

private func chain(_ term: String, _ link: String, _ count: Int) -> String {
  Array(repeating: term, count: count).joined(separator: link)
}

private func replay(_ sql: String) -> (Catalogue, [Diagnostic]) {
  Catalogue.replay([SQLSource(SourceFile(id: FileID(0), path: "x", bytes: Array(sql.utf8)))])
}
