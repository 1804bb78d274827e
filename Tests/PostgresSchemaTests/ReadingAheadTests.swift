import SourceText
import Testing

@testable import PostgresSchema

/// What is parsed ahead, on other threads and in batches, is replayed as if it were read one after the other.
struct ReadingAheadTests {
  private static func source(_ number: Int, _ sql: String) -> SQLSource {
    SQLSource(SourceFile(id: FileID(Int32(number)), path: "\(number).sql", bytes: Array(sql.utf8)))
  }

  /// More than one batch, with what is not parsed ahead in between.
  private static let files: [String] = (0..<400).map { number in
    let padding = String(repeating: "-- what stands here is long enough for several batches\n", count: 6)
    let table = "CREATE TABLE t\(number) (id int, parent int);\n"
    switch number % 5 {
    case 0: return padding + table
    case 1: return padding + table + "ALTER TABLE t\(number - 1) ADD COLUMN c\(number) text;\nCREATE TABEL x;\n"
    case 2: return padding + "BEGIN;\nDROP TABLE t\(number - 1);\nROLLBACK;\n" + table
    case 3:
      return padding + table + "INSERT INTO t\(number) VALUES (1, -1);\nALTER TABLE t\(number) RENAME TO r\(number);\n"
    default: return padding + "CREATE TABLE ${schema}.t\(number) (id int);\n" + table
    }
  }

  @Test func manyFiles() {
    let (catalogue, diagnostics) = Catalogue.replay(Self.files.enumerated().map { Self.source($0, $1) })
    let expected = (0..<400).flatMap { number in
      switch number % 5 {
      case 3: ["public.r\(number)"]
      case 4: ["__schema_.t\(number)", "public.t\(number)"]
      default: ["public.t\(number)"]
      }
    }
    #expect(catalogue.tables.map(\.name.description) == expected)
    #expect(catalogue.table("public", "t5")?.columns.map(\.name) == ["id", "parent", "c6"])
    let syntax = diagnostics.filter { $0.id == "sql-syntax" }
    #expect(syntax.map { $0.span?.file } == stride(from: 1, to: 400, by: 5).map { FileID(Int32($0)) })
  }

  @Test func oneFile() {
    let text = Self.files.filter { !$0.contains("${") }.joined(separator: "\n")
    let (whole, _) = Catalogue.replay([Self.source(0, text)])
    #expect(whole.tables.count == 320)
    // The same bytes give the same catalogue.
    let (again, _) = Catalogue.replay([Self.source(0, text)])
    #expect(again.tables == whole.tables)
    #expect(again.unparsedStatements == whole.unparsedStatements)
  }

  /// A body is read once; what it says is shown where each of the functions stands.
  @Test func sameBody() {
    func sql(_ name: String) -> String {
      """
      CREATE TABLE \(name)_log (op text, row jsonb);
      CREATE TABLE \(name) (id int);
      CREATE FUNCTION \(name)_audit() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO audit_log VALUES (TG_OP, to_jsonb(NEW)); RETURN NEW; END $$;
      CREATE TRIGGER audit AFTER INSERT ON \(name) FOR EACH ROW EXECUTE FUNCTION \(name)_audit();
      """
    }
    let (catalogue, _) = Catalogue.replay(["a", "b", "c"].enumerated().map { Self.source($0, sql($1)) })
    let targets = catalogue.functions.map { $0.auditTables.first }
    #expect(targets.map { $0?.name } == ["audit_log", "audit_log", "audit_log"])
    #expect(targets.map { $0?.span.file } == [FileID(0), FileID(1), FileID(2)])
  }

  @Test(arguments: [
    ("AND", true), ("or", true), ("ORDER", false), ("\"and\"", false), ("intersect", true),
    ("a_name_longer_than_it", false),
    ("é", false),
  ])
  func keywords(word: String, isAmong: Bool) {
    let keywords: KeywordSet = ["and", "or", "intersect"]
    let bytes = Array(word.utf8)
    #expect(SQLLexer.tokens(of: bytes).map { keywords.contains($0, in: bytes) } == [isAmong])
  }

  @Test(arguments: [("", true), ("ab", true), ("bc", true), ("abd", false), ("abcc", false), ("c", true)])
  func search(text: String, isThere: Bool) {
    let bytes = Array("xaabcx".utf8)
    #expect(bytes[1..<5].contains(text) == isThere)
  }
}
