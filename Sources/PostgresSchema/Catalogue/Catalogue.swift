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
  package var publications: [Publication] = []
  /// SQL that the database runs by itself, in the order in which it was scheduled.
  package var jobs: [ScheduledJob] = []
  /// `ALTER DATABASE … SET`, as `name=value`.
  package var databaseSettings: [String] = []
  /// Statements that could not be parsed.
  package var unparsedStatements: [UnparsedStatement] = []
  /// The SQL itself, in the order in which it was replayed.
  package var sources: [SQLSource] = []
  /// Dynamic SQL that could not be evaluated.
  package var dynamicSQL: [DynamicSQL] = []
  /// What stands for placeholders, so that names with one in them can be shown as they are written.
  package var placeholderNames = PlaceholderNames()
  /// Why there may be more tables than ``tables``; nil when all are known.
  package var moreTables: Unknown?
  /// Why there may be more objects of any other kind.
  package var moreObjects: Unknown?

  /// What has been read of the bodies of functions.
  let bodies = BodyReader()

  package init() {}

  package func table(_ schema: String, _ name: String) -> Table? {
    tables.first { $0.name.name == name && $0.name.schema == schema }
  }

  package func role(named name: String) -> Role? { roles.first { $0.name == name } }

  package func hasExtension(_ name: String) -> Bool { extensions.contains { $0.name == name } }
}
