import Documents
import Findings
import SourceText
import Testing

@testable import Rules

@Suite struct LocalizedTextTests {
  @Test(arguments: [
    ("記録されている\n  と誰もが", "記録されていると誰もが"), ("列名で\n  分かる。\n  BLEA は", "列名で分かる。BLEA は"),
    ("CDK\n  では", "CDK では"), ("を 5\n  日", "を 5 日"), ("CHECK\n  （または", "CHECK（または"), ("a\n  b", "a b"),
  ])
  func aFoldedLineLeavesNoSpaceInAJapaneseWord(written: String, read: String) throws {
    let source = SourceFile(id: FileID(0), path: "text.yaml", bytes: Array("en: x\nja: >\n  \(written)\n".utf8))
    let node = try #require(Document.read(source, as: .yaml).documents.first?.root)
    #expect(LocalizedText(reading: node) == LocalizedText(en: "x", ja: read))
  }

  @Test func oneScalarIsEnglish() throws {
    let source = SourceFile(id: FileID(0), path: "text.yaml", bytes: Array("'A title'\n".utf8))
    let node = try #require(Document.read(source, as: .yaml).documents.first?.root)
    #expect(LocalizedText(reading: node) == LocalizedText(en: "A title"))
  }
}
