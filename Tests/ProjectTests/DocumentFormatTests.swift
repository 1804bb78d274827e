import Documents
import SourceText
import Testing

@testable import Project

@Suite struct DocumentFormatTests {
  @Test(arguments: [
    ("a.json", "{}", DocumentFormat.json), ("a.yaml", "{}", .yaml), ("a.template", "{\"Resources\": {}}", .json),
    ("a.template", "\u{FEFF}\n  {}", .json), ("a.template", "# words\n---\nResources:\n", .yaml),
    ("a.template", "", .yaml),
  ])
  func comesFromTheContentWhereTheEndingSaysNothing(path: String, text: String, format: DocumentFormat) {
    #expect(DocumentFormat(of: SourceFile(id: FileID(0), path: path, bytes: Array(text.utf8))) == format)
  }
}
