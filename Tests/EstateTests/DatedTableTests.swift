import CEL
import Documents
import SourceText
import Testing

@testable import Estate

@Suite struct DatedTableTests {
  private static let good = """
    table: aws::Thing
    as-of: 2026-08-22
    trusted-until: 2027-08-31
    columns: { name: string, number: int, ends: { type: date, optional: true } }
    rows:
      - [one, 1, 2026-01-31]
      - [two, 2, ~]
    """

  private static func read(_ text: String) -> (model: Model, diagnostics: [Diagnostic]) {
    let source = SourceFile(id: FileID(0), path: "things.yaml", bytes: Array(text.utf8))
    return Model.read(Document.read(source, as: .yaml).documents)
  }

  @Test func aTableMakesATypeAndItsRows() throws {
    let (model, diagnostics) = Self.read(Self.good)
    #expect(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
    let table = try #require(model.tables["aws::Thing"])
    #expect(table.rows.count == 2)
    #expect(table.value("number", ofRow: 1) == .int(2))
    #expect(table.value("ends", ofRow: 0) == .string("2026-01-31"))
    #expect(table.value("ends", ofRow: 1) == nil)
    #expect(table.value("asOf", ofRow: 0) == .string("2026-08-22"))
    #expect(table.value("trustedUntil", ofRow: 0) == .string("2027-08-31"))
    #expect(table.value("name", ofRow: 9) == nil)
    let type = try #require(model.types["aws::Thing"])
    #expect(type.members["ends"]?.isOptional == true && type.members["name"]?.isOptional == false)
  }

  @Test(arguments: [
    ("as-of: 2026-08-22", "as-of: August"), ("trusted-until: 2027-08-31", ""), ("int,", "list<int>,"),
    ("[one, 1, 2026-01-31]", "[one, 1]"), ("[one, 1, 2026-01-31]", "[one, eins, 2026-01-31]"),
    ("[one, 1, 2026-01-31]", "[one, ~, 2026-01-31]"), ("[one, 1, 2026-01-31]", "[one, 1, soon]"),
    ("table: aws::Thing", "table: aws::Thing\nsorces: []"),
  ])
  func aMistakeIsSaid(_ part: String, _ mistake: String) throws {
    let text = Self.good.split(separator: part, maxSplits: 1, omittingEmptySubsequences: false)
      .joined(separator: mistake)
    #expect(!Self.read(text).diagnostics.isEmpty)
  }
}
