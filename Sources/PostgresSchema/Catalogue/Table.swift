import SourceText
import Values

/// A table as it stands after the replay.
package struct Table: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case table, partitionedTable, foreignTable
  }

  /// `relpersistence`.
  package enum Persistence: String, Hashable, Sendable {
    case permanent, unlogged, temporary
  }

  package var name: QualifiedName
  package var kind: Kind
  package var persistence: Persistence = .permanent
  /// The table's name in the statement that creates it.
  package let origin: Origin
  /// The whole statement that creates it.
  package let statement: Span
  package var columns: [Column] = []
  package var constraints: [Constraint] = []
  package var indexes: [Index] = []
  package var policies: [Policy] = []
  package var triggers: [Trigger] = []
  /// `relrowsecurity`: whether ENABLE ROW LEVEL SECURITY is in force.
  package var rowSecurity: Fact<Bool>
  /// `relforcerowsecurity`: whether policies hold for the owner too.
  package var forceRowSecurity: Fact<Bool>
  /// nil: the role that runs the SQL, which is not named.
  package var owner: Fact<String?>
  package var comment: Fact<String>?
  package var annotations: [Annotation] = []
  package var securityLabels: [SecurityLabel] = []
  package var grants: [Grant] = []
  /// Privileges the owner has taken from itself.
  package var ownerRevocations: [String] = []
  /// Privileges that were granted to the owner WITH GRANT OPTION. It may grant them anyway; a server lists it.
  package var ownerGrantOptions: [String] = []
  /// GRANT, REVOKE or default privileges have made a list of privileges of its own (`relacl` is not NULL).
  package var hasPrivilegeList = false
  /// Positions in ``Catalogue/tables`` of the tables it inherits from, or the one it is a partition of.
  package var parents: [Int] = []
  package var isPartition = false
  /// The partition bound as written (`FOR VALUES …`, `DEFAULT`).
  package var partitionBound: SQLExpression?
  /// The partition key as written, for a partitioned table.
  package var partitionKey: SQLExpression?
  /// The table it was made from by CREATE TABLE AS or LIKE: a copy has neither policies nor triggers nor grants.
  package var copiedFrom: [Mention] = []
  /// Storage parameters (`WITH (…)`), by lower-case name.
  package var options: [String: String] = [:]
  /// The extension that makes and drops its partitions, as far as the SQL tells.
  package var managedPartitioning: ManagedPartitioning?
  /// The server of a foreign table.
  package var foreignServer: String?
  /// Names of CREATE RULE's rules on it.
  package var rewriteRules: [String] = []
  /// No statement creates it: it is taken to exist because statements use it.
  package var isAssumed = false
  /// Where statements used it before the one that creates it: a server would have stopped there.
  package var usedBeforeCreation: Origin?
  /// An audit trigger's function writes into it.
  package var isAuditTable = false
  package var uncertainty = Uncertainty()

  package init(_ name: QualifiedName, kind: Kind, origin: Origin, statement: Span, owner: String?) {
    self.name = name
    self.kind = kind
    self.origin = origin
    self.statement = statement
    rowSecurity = Fact(false, at: origin)
    forceRowSecurity = Fact(false, at: origin)
    self.owner = Fact(owner, at: origin)
  }

  package var isTemporary: Bool { persistence == .temporary }

  /// The table in which a migration tool keeps its books.
  package var isMigrationBookkeeping: Bool { Table.bookkeeping.contains(name.name.lowercased()) }

  /// The names under which migration tools keep their books, from the tools' sources.
  private static let bookkeeping: Set<String> = [
    "schema_migrations", "flyway_schema_history", "schema_version", "databasechangelog", "databasechangeloglock",
    "alembic_version", "_prisma_migrations", "django_migrations", "goose_db_version", "gorp_migrations",
    "ar_internal_metadata", "__diesel_schema_migrations", "_sqlx_migrations", "pgmigrations", "knex_migrations",
    "knex_migrations_lock", "__drizzle_migrations", "schema_migration", "typeorm_metadata", "migrations",
  ]

  package func column(named name: String) -> Column? { columns.first { $0.name == name } }
  package func policy(named name: String) -> Policy? { policies.first { $0.name == name } }
  package func trigger(named name: String) -> Trigger? { triggers.first { $0.name == name } }
  package func constraint(named name: String) -> Constraint? { constraints.first { $0.name == name } }

  package var primaryKey: Constraint? { constraints.first { $0.kind == .primaryKey } }

  /// What a value of the table's annotations says, the comment's before the line comments'.
  package func annotation(_ key: String) -> Annotation? { annotations.first { $0.key == key } }
}
