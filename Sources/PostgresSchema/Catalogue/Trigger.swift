import SourceText
import Values

/// A trigger of a table.
package struct Trigger: Hashable, Sendable {
  package enum Timing: String, Hashable, Sendable { case before, after, insteadOf }

  package enum Event: String, Hashable, CaseIterable, Sendable { case insert, update, delete, truncate }

  /// `tgenabled`.
  package enum Enablement: String, Hashable, Sendable {
    /// `O`: fires but on replicas.
    case origin = "O"
    case disabled = "D"
    case replica = "R"
    case always = "A"
  }

  package var name: String
  /// The trigger's name in CREATE TRIGGER.
  package let origin: Origin
  package let statement: Span
  package let timing: Timing
  package let events: [Event]
  package let isForEachRow: Bool
  /// The columns of UPDATE OF; empty for any.
  package var updateColumns: [String]
  package let when: SQLExpression?
  /// The WHEN clause only asks whether the row changes (`OLD.* IS DISTINCT FROM NEW.*`): nothing is lost by it.
  package let whenAsksOnlyForChange: Bool
  package var functionName: QualifiedName
  package let functionSpan: Span
  /// The position in ``Catalogue/functions``.
  package var function: Int?
  package let arguments: [String]
  package var enabled: Fact<Enablement>
  package let oldTable: String?
  package let newTable: String?
  package let isConstraint: Bool
  package var comment: Fact<String>?
  /// A constraint trigger that can wait for the end of the transaction.
  package var isDeferrable = false
  /// The partitioned table's trigger of which this is the partition's clone: its position in ``Catalogue/tables``.
  package var clonedFrom: Int?

  /// It fires in normal operation.
  package var fires: Bool { enabled.value == .origin || enabled.value == .always }
}
