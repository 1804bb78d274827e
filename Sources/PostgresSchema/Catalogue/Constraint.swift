import SourceText
import Values

/// A constraint of a table, under its own name or the one PostgreSQL gives it.
package struct Constraint: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case primaryKey, unique, foreignKey, check, exclusion
  }

  package var name: String
  package let kind: Kind
  /// The columns it names, in order; for a check, those its expression reads.
  package var columns: [String]
  package var expression: SQLExpression?
  package var reference: Reference?
  package var isDeferrable = false
  /// False after NOT VALID, until VALIDATE CONSTRAINT.
  package var isValidated = true
  package let origin: Origin
  package var isInherited = false
  /// The statement names it; else PostgreSQL does.
  package var isNamed = false
  /// The index method of an exclusion constraint.
  package var method: String?

  /// What a foreign key points to.
  package struct Reference: Hashable, Sendable {
    /// The position in ``Catalogue/tables``; nil when the table has gone.
    package var table: Int?
    package var tableName: QualifiedName
    /// As written; the primary key's columns where the statement names none.
    package var columns: [String]
    package var onDelete: Action
    package var onUpdate: Action
    package var span: Span
  }

  package enum Action: String, Hashable, Sendable {
    case noAction, restrict, cascade, setNull, setDefault
  }
}
