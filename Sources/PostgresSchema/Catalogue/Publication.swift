import Values

/// A publication for logical replication.
package struct Publication: Hashable, Sendable {
  package var name: String
  package let origin: Origin
  /// FOR ALL TABLES.
  package let isForAllTables: Bool
}
