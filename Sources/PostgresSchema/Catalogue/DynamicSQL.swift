import Values

/// SQL that a statement builds and runs, and that could not be evaluated.
package struct DynamicSQL: Hashable, Sendable {
  package let origin: Origin
  /// The expression or loop as written, shortened.
  package let text: String
  /// The words its statement begins with, such as `alter function`, where it is only about objects that are no tables.
  package let words: [String]
  /// What it could change of the tables that existed then.
  package let aspects: [Aspect]
  /// True when it could create tables.
  package let mayCreateTables: Bool
}
