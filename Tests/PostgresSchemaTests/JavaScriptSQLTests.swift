import SourceText
import Testing

@testable import PostgresSchema

struct JavaScriptSQLTests {
  private func find(_ code: String) -> (SourceFile, [SQLSource]) {
    let file = SourceFile(id: FileID(0), path: "index.ts", bytes: Array(code.utf8))
    return (file, EmbeddedSQL.find(inJavaScript: MappedText(file)))
  }

  @Test func orderIsThatOfTheCalls() {
    let (_, sources) = find(
      """
      import { Client } from 'pg';
      const FIRST: string = `CREATE TABLE a (id int)`;
      const never = "CREATE TABLE c (id int)";
      function second() { return 'CREATE TABLE b (' + 'id int)'; }
      export const handler = async () => {
        await client.query(second());
        await client.query(FIRST);
        await sql`ALTER TABLE a ENABLE ROW LEVEL SECURITY`;
        console.log('Create table failed');
        if (/create table/.test(x)) return a / b;
      };
      """)
    #expect(Set(sources.map(\.name)) == ["second", "FIRST", "never", "handler"])
    let texts = sources.map { String(decoding: $0.text.bytes, as: UTF8.self) }
    let b = texts.firstIndex { $0.contains("TABLE b") }
    let a = texts.firstIndex { $0.contains("TABLE a (") }
    #expect(b != nil && a != nil && (b ?? 0) < (a ?? 0))
  }

  @Test(
    arguments: [
      #"q('CREATE TABLE «caf\u00e9» (id int)')"#, #"q("CREATE TABLE «t\x31» (id int)")"#,
      #"q('CREATE TABLE ' + "a." + '«t» (id int)')"#, "q(`\n  CREATE TABLE «t» (\n id int)`)",
      #"q(`CREATE TABLE «t\u{31}» (id int)`)"#, "q(sql`CREATE TABLE «t» (id int)`)",
    ])
  func placesAreThoseInTheFile(_ marked: String) throws {
    let code = marked.filter { $0 != "«" && $0 != "»" }
    let expected = try #require(marked.split(separator: "«").last?.split(separator: "»").first)
    let (file, sources) = find(code)
    let (catalogue, _) = Catalogue.replay(sources)
    let span = try #require(catalogue.tables.first?.origin.span)
    #expect(file.text(span).hasSuffix(expected))
  }

  @Test func holesMakeUncertain() {
    let (_, sources) = find("await c.query(`CREATE TABLE t (id int); ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`)")
    let (catalogue, _) = Catalogue.replay(sources)
    #expect(catalogue.tables.map(\.name.name) == ["t"])
    #expect(catalogue.dynamicSQL.count == 1)
  }

  @Test(
    arguments: [
      "`", "`${", "`${`${`", "'a\n'CREATE TABLE t (id int)'", "/[/", "a = b / c; `x`", "q('\\", "/*", "`${'}'}`", "(((",
      "const x: = ", "for (const a of", "x => ", "function", "'a' + ", "`a` + f(",
    ])
  func anythingHasTokens(_ code: String) { _ = find(code) }

  @Test func manyHolesWithinHolesEnd() {
    let (_, sources) = find(String(repeating: "`${", count: 5_000) + String(repeating: "'a' + ", count: 5_000))
    #expect(sources.isEmpty)
  }

  /// Shapes that were followed again and again, each some hundred kilobytes or, for names made of names, far less.
  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      "names made of names", "sums", "chained assignments", "nested calls", "functions in functions",
      "functions without bodies", "sums in calls",
    ])
  func hostileShapesEnd(_ shape: String) {
    let table = "'CREATE TABLE t (id int)'"
    let code =
      switch shape {
      case "names made of names":
        (0..<300).map { level in
          "const n\(level) = '' \(String(repeating: "+ n\(level + 1) ", count: 100));\n"
        }.joined() + "const n300 = \(table); client.query(n0)"
      case "sums": String(repeating: "'a' + ", count: 40_000) + "f(\(table))"
      case "chained assignments":
        (0..<40_000).map { "a\($0) = " }.joined() + "\(table); client.query(a0)"
      case "nested calls": String(repeating: "query(", count: 40_000) + table
      case "functions in functions":
        (0..<20_000).map { "function f\($0)() { query(f\($0 + 1)()); " }.joined() + table + "; query(f0())"
      case "functions without bodies": (0..<40_000).map { "function f\($0) " }.joined() + table
      default: String(repeating: "'a' + f(", count: 20_000) + table
      }
    let (_, sources) = find(code)
    #expect(sources.count == 1)
  }

  @Test func callsAreFollowedThroughAnyNumberOfNames() {
    let names = (0..<20).map { "const n\($0) = n\($0 + 1);\n" }.joined()
    let (_, sources) = find(
      "const b = 'CREATE TABLE b (id int)';\nclient.query(n0); client.query(b);\n\(names)"
        + "const n20 = 'CREATE TABLE a (id int)';")
    #expect(sources.map(\.name) == ["n20", "b"])
  }
}
