import SourceText
import Values

/// A function or procedure.
package struct Function: Hashable, Sendable {
  package var name: QualifiedName
  /// Types of the input arguments, as PostgreSQL prints them.
  package var argumentTypes: [String]
  package let argumentNames: [String]
  package let isProcedure: Bool
  package var isAggregate = false
  /// All parameters, those that only give values back among them.
  package var parameters: [Parameter] = []
  package var isStrict = false
  /// As PostgreSQL prints it; nil for procedures and OUT arguments.
  package let returnType: String?
  /// In lower case; "sql" for SQL-standard bodies.
  package var language: String
  package var isSecurityDefiner: Fact<Bool>
  /// `IMMUTABLE`, `STABLE` or `VOLATILE`.
  package var volatility: String
  package var isLeakProof: Bool
  /// `SET name = value` clauses, by lower-case name.
  package var settings: [String: String]
  package let body: SQLExpression?
  package let origin: Origin
  package let statement: Span
  package var owner: Fact<String?>
  package var grants: [Grant] = []
  /// Privileges the owner has taken from itself.
  package var ownerRevocations: [String] = []
  /// Privileges that were granted to the owner WITH GRANT OPTION. It may grant them anyway; a server lists it.
  package var ownerGrantOptions: [String] = []
  /// GRANT, REVOKE or default privileges have made a list of privileges of its own (`proacl` is not NULL).
  package var hasPrivilegeList = false
  package var comment: Fact<String>?
  /// No statement creates it: it is taken to exist because statements use it.
  package var isAssumed = false
  /// The function writes a row about the change it is triggered by.
  package var isAuditFunction: Truth = .no
  /// Where an audit function writes to.
  package var auditTables: [AuditTarget] = []
  package var uncertainty = Uncertainty()

  package var searchPath: String? { settings["search_path"] }
  package var isTriggerFunction: Bool { returnType == "trigger" }

  /// What identifies a function beside its schema: `f(integer, text)`.
  package var signature: String { "\(name)(\(argumentTypes.joined(separator: ", ")))" }

  /// A parameter as the statement declares it.
  package struct Parameter: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable {
      case `in` = "", out = "OUT ", inOut = "INOUT ", variadic = "VARIADIC ", table = "TABLE "
    }

    package let name: String
    package let type: String
    package let mode: Mode
    package let hasDefault: Bool
    /// The default as written.
    package var defaultExpression: SQLExpression?
  }

  /// A relation an audit function inserts into.
  package struct AuditTarget: Hashable, Sendable {
    /// As written in the body, schema and all.
    package let name: String
    package let span: Span
    /// The position in ``Catalogue/tables``; nil when nothing creates it or the name is computed.
    package var table: Int?
    /// Whether dynamic SQL computes the name: what is written then is the text that it is made from.
    package var isComputed = false
  }
}
