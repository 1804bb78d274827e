import SourceText
import Values

/// The database's objects after all statements of a project have been replayed. Objects stand in the order of their
/// creation; positions in these arrays are how they refer to each other.
package struct Catalogue: Sendable {
  package var schemas: [Schema] = []
  package var tables: [Table] = []
  package var views: [View] = []
  package var functions: [Function] = []
  package var roles: [Role] = []
  package var sequences: [DatabaseSequence] = []
  package var types: [UserType] = []
  package var extensions: [Extension] = []
  package var eventTriggers: [EventTrigger] = []
  package var defaultPrivileges: [DefaultPrivilege] = []
  /// Statements that could not be parsed.
  package var unparsedStatements: [UnparsedStatement] = []
  /// Dynamic SQL that could not be evaluated.
  package var dynamicSQL: [DynamicSQL] = []
  /// Why there may be more tables than ``tables``; nil when all are known.
  package var moreTables: Unknown?
  package var moreRoles: Unknown?
  package var moreFunctions: Unknown?

  package init() {}

  package func table(_ schema: String, _ name: String) -> Table? {
    tables.first { $0.name.name == name && $0.name.schema == schema }
  }

  package func role(named name: String) -> Role? { roles.first { $0.name == name } }

  package func hasExtension(_ name: String) -> Bool { extensions.contains { $0.name == name } }
}

/// A schema (namespace).
package struct Schema: Hashable, Sendable {
  package var name: String
  package let origin: Origin
  package var owner: Fact<String?>
  package var grants: [Grant] = []
  package var comment: Fact<String>?
  package var isAssumed = false
  /// `public`: it exists before any statement.
  package var isPredefined = false
}

/// A view or materialized view.
package struct View: Hashable, Sendable {
  package var name: QualifiedName
  package let isMaterialized: Bool
  package let origin: Origin
  package let statement: Span
  /// `security_invoker` as set; absent means the view reads with its owner's rights.
  package var isSecurityInvoker: Fact<Bool>
  package var isSecurityBarrier = false
  package var query: SQLExpression?
  /// The relations its query reads.
  package var relations: [Mention] = []
  /// Positions in ``Catalogue/tables`` of those that are tables.
  package var tables: [Int] = []
  package var owner: Fact<String?>
  package var grants: [Grant] = []
  package var comment: Fact<String>?
  package var triggers: [Trigger] = []
}

/// A sequence of its own (not one behind a serial or identity column).
package struct DatabaseSequence: Hashable, Sendable {
  package var name: QualifiedName
  package let origin: Origin
  package var owner: Fact<String?>
  package var grants: [Grant] = []
}

/// An enum, domain, composite or range type.
package struct UserType: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable { case enumeration, domain, composite, range, base }

  package var name: QualifiedName
  package let kind: Kind
  package let origin: Origin
  /// An enum's labels.
  package var labels: [String] = []
  /// A domain's underlying type, as PostgreSQL prints it.
  package var baseType: String?
  /// A domain's checks.
  package var checks: [SQLExpression] = []
}

/// An extension that CREATE EXTENSION installs.
package struct Extension: Hashable, Sendable {
  package let name: String
  package let origin: Origin
  package var schema: String?
  package var version: String?
}

/// An event trigger.
package struct EventTrigger: Hashable, Sendable {
  package var name: String
  package let event: String
  package let functionName: String
  package let origin: Origin
  package var enabled: Fact<Trigger.Enablement>
}

/// One privilege of ALTER DEFAULT PRIVILEGES.
package struct DefaultPrivilege: Hashable, Sendable {
  /// Whose new objects; nil: the role that ran the statement.
  package let role: String?
  /// nil: in every schema.
  package let schema: String?
  /// `tables`, `sequences`, `functions`, `types` or `schemas`.
  package let objects: String
  /// nil: PUBLIC.
  package let grantee: String?
  package let privilege: String
  package let isGrant: Bool
  package let origin: Origin
}

/// A statement that could not be parsed, so that what it would have done is not known.
package struct UnparsedStatement: Hashable, Sendable {
  package let span: Span
  /// Where the grammar gave up.
  package let error: Span
  /// PostgreSQL's message.
  package let message: String
  /// The names that follow TABLE, ON, POLICY and the like, as written.
  package let mentions: [String]
}

/// SQL that a statement builds and runs, and that could not be evaluated.
package struct DynamicSQL: Hashable, Sendable {
  package let origin: Origin
  /// The expression or loop as written, shortened.
  package let text: String
  /// What it could change of the tables that existed then.
  package let aspects: [Aspect]
  /// True when it could create tables.
  package let mayCreateTables: Bool
}
