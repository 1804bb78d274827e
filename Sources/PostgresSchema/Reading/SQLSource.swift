import SourceText

/// SQL to be replayed: one file, or one literal found in other code. Sources are given in the order in which they
/// would be executed.
package struct SQLSource: Sendable {
  package let text: MappedText
  /// How reports name it: the file's path, or the function that holds the literal (`create_tables_sql`).
  package let name: String
  /// True when the same connection executes it as the source before: role, search path and open transaction go on.
  package let continuesSession: Bool
  /// Placeholders stand where the host language inserts values: what the SQL says there is not known.
  package let holes: [Range<Int>]
  /// Its name has a version by which a migration tool runs it once and never again.
  package var isVersioned = false
  /// Among which files its place is a guess, for only its name gives it; nil where the order is known.
  package var orderGuess: Int?

  package init(_ text: MappedText, name: String, continuesSession: Bool = false, holes: [Range<Int>] = []) {
    self.text = text
    self.name = name
    self.continuesSession = continuesSession
    self.holes = holes
  }

  /// A whole file.
  package init(_ file: SourceFile) {
    self.init(MappedText(file), name: file.path)
  }
}
