import SourceText
import Testing

@testable import PostgresSchema

struct EmbeddedSQLTests {
  private func find(_ python: String) -> (SourceFile, [SQLSource]) {
    let file = SourceFile(id: FileID(0), path: "index.py", bytes: Array(python.utf8))
    return (file, EmbeddedSQL.find(inPython: MappedText(file)))
  }

  @Test func orderIsThatOfTheCalls() {
    let (_, sources) = find(
      """
      def handler(event, context):
          '''Create tables and policies.'''
          with conn.cursor() as cursor:
              cursor.execute(second())
              cursor.execute(FIRST)
              cursor.execute("DROP TABLE a")

      FIRST = "CREATE TABLE a (id int)"

      def second():
          return '''
          CREATE TABLE b (id int);
          '''
      def never():
          return "CREATE TABLE c (id int)"
      print("Create table failed")
      """)
    #expect(sources.map(\.name) == ["second", "FIRST", "handler", "never"])
    #expect(sources.map(\.continuesSession) == [false, true, true, true])
  }

  /// Shapes that were followed again and again, each some hundred kilobytes or, for names made of names, far less.
  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      "names made of names", "many strings", "nested calls", "functions on one line", "loops on one line",
      "percent signs",
    ])
  func hostileShapesEnd(_ shape: String) {
    let table = "'CREATE TABLE t (id int)'"
    let code =
      switch shape {
      case "names made of names":
        (0..<300).map { level in
          "n\(level) = '' \(String(repeating: "+ n\(level + 1) ", count: 100))\n"
        }.joined() + "n300 = \(table)\ncursor.execute(n0)"
      case "many strings":
        (0..<1_000).map { "t\($0) = 'CREATE TABLE t\($0) (id int)'\ncursor.execute(t\($0))\n" }.joined()
      case "nested calls": String(repeating: "execute(", count: 40_000) + table
      case "functions on one line": (0..<40_000).map { "def f\($0) " }.joined() + table
      case "loops on one line": (0..<40_000).map { "for x\($0) in " }.joined() + table
      default: "x = '" + String(repeating: "%(", count: 100_000) + "' % y\nx = \(table)"
      }
    let (_, sources) = find(code)
    #expect(sources.count == (shape == "many strings" ? 1_000 : 1))
  }

  @Test(arguments: [
    #"x = 'CREATE TABLE «caf\u00e9» (id int)'"#,
    #"x = "CREATE TABLE «t\x31» (id int)""#,
    #"x = ("CREATE TABLE "  # why" \#n     'a.«t» (id int)')"#,
    #"x = r'CREATE TABLE «t» (p text DEFAULT $$\d$$)'"#,
    #"x = """CREATE TABLE "«T»" (id int)""""#,
  ])
  func placesOfNames(_ marked: String) {
    let marks = marked.components(separatedBy: ["«", "»"])
    let (file, sources) = find(marks.joined())
    #expect(sources.count == 1)
    let (catalogue, diagnostics) = Catalogue.replay(sources)
    #expect(diagnostics.isEmpty)
    let span = catalogue.tables.first?.origin.span
    let text = span.map { file.text($0) } ?? ""
    #expect(text.contains(marks[1]))
    #expect(
      span.map { $0.lower <= marks[0].utf8.count && $0.upper >= marks[0].utf8.count + marks[1].utf8.count } == true)
  }

  @Test func whatTheProgramFillsInIsNotKnown() {
    let (file, sources) = find(
      #"""
      cursor.execute("CREATE TABLE t (id int)")
      cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
      cursor.execute("ALTER TABLE %s FORCE ROW LEVEL SECURITY" % table)
      cursor.execute("GRANT SELECT ON t TO {}".format(role))
      """#)
    #expect(sources.map(\.holes.count) == [0, 1, 1, 1])
    let (catalogue, _) = Catalogue.replay(sources)
    #expect(catalogue.tables.map(\.name.name) == ["t"])
    #expect(
      catalogue.tables[0].rowSecurity.uncertainty?.reasons.first.map {
        file.text($0.span ?? catalogue.tables[0].statement)
      } == "{table}")
    #expect(catalogue.tables[0].uncertainty[.privileges] != nil)
    #expect(catalogue.tables[0].uncertainty[.triggers] == nil)
  }

  @Test func insideAnotherString() {
    // A template's JSON holds the code, the code holds the SQL: places lead through both.
    let json = #""x = '''\n-- \u30c6\nCREATE TABLE \"A\\u0042\" (id int)\n'''""#
    let file = SourceFile(id: FileID(0), path: "t.json", bytes: Array(json.utf8))
    var python = MappedText(file: file.id)
    let bytes = file.bytes
    var index = 1
    while index < bytes.count - 1 {
      if bytes[index] == UInt8(ascii: "\\") {
        if bytes[index + 1] == UInt8(ascii: "u") {
          python.append("テ".utf8, for: index..<index + 6)
          index += 6
        } else {
          python.append([bytes[index + 1] == UInt8(ascii: "n") ? 0x0A : bytes[index + 1]], for: index..<index + 2)
          index += 2
        }
      } else {
        python.copy([bytes[index]], at: index)
        index += 1
      }
    }
    let (catalogue, _) = Catalogue.replay(EmbeddedSQL.find(inPython: python))
    #expect(catalogue.tables.first?.name.name == "AB")
    #expect(catalogue.tables.first.map { file.text($0.origin.span) } == #"\"A\\u0042\""#)
  }
}

extension String {
  fileprivate func components(separatedBy separators: Set<Character>) -> [String] {
    split(omittingEmptySubsequences: false) { separators.contains($0) }.map(String.init)
  }
}

/// What one function executes, string by string, is one script, as a file is.
struct EmbeddedScriptTests {
  @Test func stringsOfOneFunctionAreOneScript() {
    let python = SourceFile(
      id: FileID(0), path: "index.py",
      bytes: Array(
        """
        def handler(event, context):
            cursor.execute("CREATE TABLE IF NOT EXISTS orders (id int, owner text)")
            cursor.execute("DROP POLICY IF EXISTS own ON orders")
            cursor.execute("CREATE POLICY own ON orders USING (owner = current_user)")
            cursor.execute("CREATE POLICY all_read ON orders FOR SELECT USING (true)")
        """.utf8))
    let other = SourceFile(
      id: FileID(1), path: "later.sql", bytes: Array("CREATE POLICY own ON orders USING (true);".utf8))
    let text = StatementText(EmbeddedSQL.find(inPython: MappedText(python)) + [SQLSource(other)])
    #expect(text.creations.map(\.source) == [0, 2, 3, 4])
    #expect(text.creations.map(\.script) == [0, 0, 0, 4])
    #expect(text.creations.map(\.isDroppedBefore) == [false, true, false, false])
  }
}
