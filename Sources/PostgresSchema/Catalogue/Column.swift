import SourceText
import Values

/// A column of a table.
package struct Column: Hashable, Sendable {
  package var name: String
  /// As PostgreSQL prints it (`format_type`): `character varying(255)`, `timestamp with time zone`, `integer[]`.
  package var type: String
  /// The whole definition.
  package var origin: Origin
  package var nameSpan: Span
  package var typeSpan: Span?
  package var isNotNull: Fact<Bool>
  package var defaultExpression: SQLExpression?
  /// The expression of GENERATED ALWAYS AS (…) STORED.
  package var generationExpression: SQLExpression?
  package var identity: Identity?
  package var comment: Fact<String>?
  package var annotations: [Annotation] = []
  package var securityLabels: [SecurityLabel] = []
  /// It comes from a parent or a partitioned table.
  package var isInherited = false

  package enum Identity: String, Hashable, Sendable { case always, byDefault }

  package func annotation(_ key: String) -> Annotation? { annotations.first { $0.key == key } }
}
