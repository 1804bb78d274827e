import SourceText

@testable import PostgresSchema

/// A catalogue replayed from SQL text, with what the tests ask of it.
struct CatalogueFixture {
  let file: SourceFile
  let catalogue: Catalogue
  let diagnostics: [Diagnostic]

  init(_ sql: String, options: ReplayOptions = ReplayOptions()) {
    self.init(Array(sql.utf8), options: options)
  }

  init(_ bytes: [UInt8], options: ReplayOptions = ReplayOptions()) {
    file = SourceFile(id: FileID(0), path: "schema.sql", bytes: bytes)
    (catalogue, diagnostics) = Catalogue.replay([SQLSource(file)], options: options)
  }

  func table(_ name: String) -> Table? { catalogue.tables.first { $0.name.description == name } }

  func text(_ span: Span?) -> String? { span.map { file.text($0) } }

  var tableNames: [String] { catalogue.tables.map(\.name.description) }
}
