import PostgresSchema
import SourceText
import Values

/// What GRANT has given and no REVOKE has taken back: one entry for each object, grantee and statement.
struct PrivilegeTable: Sendable {
  enum ObjectKind: String, Sendable {
    case table, view, function, schema, sequence
  }

  struct Entry: Sendable {
    let kind: ObjectKind
    /// Its position in the catalogue's array of its kind.
    let object: Int
    let objectName: String
    let owner: String?
    /// nil: PUBLIC.
    let grantee: String?
    /// In upper case, in the order of the statement.
    var privileges: [String]
    /// The columns it is limited to; empty for the whole object.
    var columns: [String]
    var hasGrantOption: Bool
    let isImplicit: Bool
    let origin: Origin

    /// Whether it has every privilege that objects of its kind have.
    var isComplete: Bool {
      switch kind {
      case .table, .view: columns.isEmpty && privileges.count >= 7
      case .schema: privileges.count >= 2
      case .sequence: privileges.count >= 3
      case .function: false
      }
    }
  }

  /// Default privileges: one entry for each role, schema, kind of objects, grantee and statement.
  struct DefaultEntry: Sendable {
    let role: String?
    let schema: String?
    let objects: String
    let grantee: String?
    var privileges: [String]
    let isGrant: Bool
    let origin: Origin

    var isComplete: Bool { privileges.count >= (objects == "tables" ? 7 : objects == "sequences" ? 3 : 2) }
  }

  private(set) var entries: [Entry] = []
  private(set) var defaults: [DefaultEntry] = []
  private var ranges: [ObjectKind: [Range<Int>]] = [:]

  init(_ catalogue: Catalogue) {
    add(.table, catalogue.tables.map { ($0.name.description, $0.owner.value, $0.grants) })
    add(.view, catalogue.views.map { ($0.name.description, $0.owner.value, $0.grants) })
    add(.function, catalogue.functions.map { ($0.name.description, $0.owner.value, $0.grants) })
    add(.schema, catalogue.schemas.map { ($0.name, $0.owner.value, $0.grants) })
    add(.sequence, catalogue.sequences.map { ($0.name.description, $0.owner.value, $0.grants) })
    for entry in catalogue.defaultPrivileges {
      let same = defaults.lastIndex {
        $0.role == entry.role && $0.schema == entry.schema && $0.objects == entry.objects
          && $0.grantee == entry.grantee && $0.isGrant == entry.isGrant && $0.origin.span == entry.origin.span
      }
      if let same {
        defaults[same].privileges.append(entry.privilege)
      } else {
        defaults.append(
          DefaultEntry(
            role: entry.role, schema: entry.schema, objects: entry.objects, grantee: entry.grantee,
            privileges: [entry.privilege], isGrant: entry.isGrant, origin: entry.origin))
      }
    }
  }

  /// Positions in ``entries`` of the grants on an object.
  func grants(on kind: ObjectKind, _ object: Int) -> Range<Int> {
    guard let ranges = ranges[kind], ranges.indices.contains(object) else { return 0..<0 }
    return ranges[object]
  }

  private mutating func add(_ kind: ObjectKind, _ objects: [(name: String, owner: String?, grants: [Grant])]) {
    for (index, object) in objects.enumerated() {
      let start = entries.count
      for grant in object.grants {
        // A statement about several columns is one entry with all of them.
        let same = entries[start...].firstIndex {
          $0.grantee == grant.grantee && $0.origin.span == grant.origin.span && $0.isImplicit == grant.isImplicit
            && $0.columns.isEmpty == (grant.column == nil)
        }
        if let same {
          if !entries[same].privileges.contains(grant.privilege) { entries[same].privileges.append(grant.privilege) }
          if let column = grant.column, !entries[same].columns.contains(column) { entries[same].columns.append(column) }
          entries[same].hasGrantOption = entries[same].hasGrantOption || grant.hasGrantOption
        } else {
          entries.append(
            Entry(
              kind: kind, object: index, objectName: object.name, owner: object.owner, grantee: grant.grantee,
              privileges: [grant.privilege], columns: grant.column.map { [$0] } ?? [],
              hasGrantOption: grant.hasGrantOption, isImplicit: grant.isImplicit, origin: grant.origin))
        }
      }
      ranges[kind, default: []].append(start..<entries.count)
    }
  }
}
