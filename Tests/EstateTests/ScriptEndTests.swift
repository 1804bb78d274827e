import PostgresSchema
import SourceText
import Testing

@testable import Estate

@Suite struct ScriptEndTests {
  private static func end(of text: String) -> (offset: Int, lead: String) {
    let end = ScriptEnd(of: MappedText(SourceFile(id: FileID(0), path: "schema.sql", bytes: Array(text.utf8))))
    return (end.span.lower, end.lead)
  }

  @Test(arguments: [
    ("", ""), ("SELECT 1;\n", ""), ("SELECT 1;", "\n"), ("SELECT 1\n", ";\n"), ("SELECT 1", "\n;\n"),
    // The semicolon in the comment ends nothing.
    ("SELECT 1 -- one; two\n", ";\n"), ("SELECT 1 ; -- done\n", ""), ("-- nothing\n", ""),
  ])
  func aStatementThatIsAddedStandsByItself(text: String, lead: String) {
    #expect(Self.end(of: text) == (text.utf8.count, lead))
  }

  @Test func aPartEndsBeforeWhatTakesItBack() {
    let text = "SELECT 1;\n-- down\nSELECT 2;\n"
    let file = SourceFile(id: FileID(0), path: "1.sql", bytes: Array(text.utf8))
    let end = ScriptEnd(of: MappedText(file, 0..<10))
    #expect(end.span == Span(FileID(0), 10..<10) && end.lead.isEmpty)
  }
}
