import SourceText
import Values

/// An index, its own or a constraint's.
package struct Index: Hashable, Sendable {
  package var name: String
  /// Columns in order; an expression as its text.
  package var columns: [String]
  /// Columns only carried along (INCLUDE).
  package var includes: [String] = []
  package var method: String
  package var isUnique: Bool
  /// It has a WHERE clause.
  package var isPartial: Bool
  package var origin: Origin
}
